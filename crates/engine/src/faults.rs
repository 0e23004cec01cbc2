//! All that is wrong with a row of a file, told at once: who mends a file mends a row once.
//!
//! A write stops at the first stage that refuses: reading its fields, deciding, checking what must be
//! there. Where a row was refused the stages after that are gone through, too, with what could be read.
//! What follows only from a value that could not be read says nothing new and is not told.

use kernel::{Problem, ProblemKind, Refusal};
use meta::{EntityKind, EntityMeta, FieldKind, Record, Trouble};

use crate::check::{check, forget_strangers};
use crate::decide::decide;
use crate::facts::Tx;
use crate::write::{Ask, fresh};
use crate::{Actor, Engine};

/// What is wrong so far.
struct Faults(Vec<Problem>);

impl Faults {
    /// Adds what is wrong with fields of which nothing was said yet.
    fn note(&mut self, refusal: Refusal) {
        for problem in refusal.problems {
            let is_told = |known: &Problem| known.field == problem.field && known.row == problem.row;
            if problem.field.is_some() && !self.0.iter().any(is_told) {
                self.0.push(problem);
            }
        }
    }

    /// The same for what a stage came to.
    fn note_of<T>(&mut self, outcome: Result<T, Trouble>) -> Result<Option<T>, Trouble> {
        match outcome {
            Ok(value) => Ok(Some(value)),
            Err(Trouble::Refused(refusal)) => {
                self.note(refusal);
                Ok(None)
            }
            Err(other) => Err(other),
        }
    }
}

impl Engine {
    /// Why a row is refused, with whatever else is wrong with what it asks for.
    pub(crate) fn all_faults(&self, actor: &Actor, ask: &Ask, told: Refusal) -> Refusal {
        let can_be_mended = |problem: &Problem| matches!(problem.kind, ProblemKind::Invalid | ProblemKind::Conflict);
        if !told.problems.iter().all(can_be_mended) {
            return told;
        }
        let looked = self.database.read(|conn| further(&Tx::new(self, actor, conn), ask, told.clone()));
        looked.unwrap_or_else(|trouble| {
            tracing::error!(fault = %trouble, "what else is wrong with a row was not found out");
            told
        })
    }
}

fn further(tx: &Tx, ask: &Ask, told: Refusal) -> Result<Refusal, Trouble> {
    let (meta, body, old) = match ask {
        Ask::Create { meta, body, .. } => (*meta, body, None),
        Ask::Change { meta, id, body, .. } => match tx.load(meta, *id)? {
            Some(old) => (*meta, body, Some(old)),
            None => return Ok(told),
        },
        _ => return Ok(told),
    };
    let mut record = old.clone().unwrap_or_else(|| fresh(meta, tx.actor, tx.context.today));
    let mut faults = Faults(told.problems);
    let (registry, old) = (&tx.engine.registry, old.as_ref());
    faults.note_of(crate::currency::take(tx, body, &mut record, false))?;
    let query = |_: &EntityMeta, sql: &str, args: &[meta::Value]| tx.query(sql, args).map(std::sync::Arc::new);
    for stranger in forget_strangers(tx.engine, tx.actor, &query, &mut record, old)? {
        faults.note(stranger);
    }
    let mut decided = record.clone();
    let is_whole = faults.note_of(decide(tx, &mut decided, old))?.is_some();
    if is_whole {
        record = decided;
    } else {
        // As far as it can be completed.
        registry.behaviour(meta.name).complete(&mut record, tx)?;
    }
    if let Err(trouble) = check(tx, &record, old) {
        let Trouble::Refused(mut refusal) = trouble else { return Err(trouble) };
        refusal.problems.retain(|problem| is_whole || is_to_be_said(tx.engine, &record, problem));
        faults.note(refusal);
    }
    Ok(Refusal { problems: faults.0 })
}

/// Whether a file must say what is missing. Of a document that could not be completed most is found out as soon as
/// it can be: its currency, its place. Which other records it names and how much of them is for the file to say.
fn is_to_be_said(engine: &Engine, record: &Record, problem: &Problem) -> bool {
    if problem.code != "missing" || record.meta.kind != EntityKind::Document {
        return true;
    }
    let field = problem.field.as_deref().and_then(|path| record.meta.within(path));
    field.is_some_and(|(_, field)| match field.kind {
        FieldKind::Ref(target) => engine.registry.entity(target).is_some_and(|target| !target.steady),
        FieldKind::Qty | FieldKind::Amount => !field.computed,
        _ => false,
    })
}
