//! A save is completed, decided and checked; what is refused is told where it was sent.

use std::sync::Arc;

use kernel::{Problem, Refusal};
use meta::{Effects, EntityMeta, Record, Trouble, Value};

use crate::check::{check, forget_strangers};
use crate::facts::Tx;
use crate::write::give_line_ids;

/// Completes and decides a save. Why it was refused may be that it names a stranger: that
/// is said instead of what the stranger's data led to.
pub(crate) fn decide(tx: &Tx, record: &mut Record, old: Option<&Record>) -> Result<Effects, Trouble> {
    let sent = record.clone();
    let decided = save(tx, record, old);
    about_strangers(tx, sent, old, decided, |_| false)
}

/// The same, and checks it. A stranger is told where it was sent, and not again for each field that was read over
/// from it.
pub(crate) fn decide_and_check(tx: &Tx, record: &mut Record, old: Option<&Record>) -> Result<Effects, Trouble> {
    let sent = record.clone();
    let effects = match save(tx, record, old) {
        Ok(effects) => effects,
        refused => return about_strangers(tx, sent, old, refused, |_| false),
    };
    give_line_ids(tx, record)?;
    let checked = check(tx, record, old);
    about_strangers(tx, sent, old, checked, |problem| problem.code != "no_such_record")?;
    Ok(effects)
}

fn save(tx: &Tx, record: &mut Record, old: Option<&Record>) -> Result<Effects, Trouble> {
    tx.engine.registry.behaviour(record.meta.name).save(record, old, tx)
}

/// What is wrong with the strangers a refused record was sent with, and what else is kept of the refusal.
fn about_strangers<T>(
    tx: &Tx,
    mut sent: Record,
    old: Option<&Record>,
    outcome: Result<T, Trouble>,
    kept: impl Fn(&Problem) -> bool,
) -> Result<T, Trouble> {
    let Err(Trouble::Refused(mut why)) = outcome else { return outcome };
    let query = |_: &EntityMeta, sql: &str, args: &[Value]| tx.query(sql, args).map(Arc::new);
    let mut wrong = forget_strangers(tx.engine, tx.actor, &query, &mut sent, old)?;
    if !wrong.is_empty() {
        why.problems.retain(|problem| kept(problem));
        wrong.push(why);
        why = Refusal::merge(wrong);
    }
    Err(why.into())
}
