//! What an action would post, found out by doing it and taking it back: the same code, the same
//! facts, nothing kept.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, PoisonError};

use kernel::{Label, Refusal};
use meta::{Fault, Trouble, Value};
use serde_json::{Map, Value as Json, json};

use crate::facts::Tx;
use crate::write::{Ask, outer, perform};
use crate::{Actor, Engine};

impl Engine {
    /// Does it all and takes it back; an error if it cannot be done.
    pub(crate) fn rehearse(self: &Arc<Self>, actor: &Actor, asks: Vec<Ask>) -> Result<(), Trouble> {
        if asks.is_empty() { Ok(()) } else { self.taken_back(actor, asks, |_| Ok(())) }
    }

    /// Tells what an action would post: entries, moves, and by how much what was posted before
    /// would be worth more or less, because this is dated before it. Writes nothing; refused
    /// like the action itself.
    pub fn would_post(
        self: &Arc<Self>,
        actor: &Actor,
        entity: &str,
        id: i64,
        action: &str,
        body: &Map<String, Json>,
    ) -> Result<Json, Trouble> {
        let meta = self.entity(entity)?;
        let ask = Ask::Act { meta, id, action: action.to_owned(), version: None, body: body.clone() };
        let who = actor.clone();
        self.taken_back(actor, vec![ask], move |tx| {
            let mut answer = tx.engine.books_on(tx.conn, &who, meta.name, id)?;
            answer["differences"] = differences(tx, &who, meta.name, id)?;
            Ok(answer)
        })
    }

    /// Does it all, looks at it, and takes it back.
    fn taken_back<T: Send + 'static>(
        self: &Arc<Self>,
        actor: &Actor,
        asks: Vec<Ask>,
        look: impl Fn(&Tx) -> Result<T, Trouble> + Send + 'static,
    ) -> Result<T, Trouble> {
        let seen = Arc::new(Mutex::new(None));
        let kept = seen.clone();
        let outcome: Result<(), Trouble> = self.transact(actor, move |tx| {
            for ask in &asks {
                perform(tx, ask)?;
            }
            tx.flush()?;
            *kept.lock().unwrap_or_else(PoisonError::into_inner) = Some(look(tx)?);
            // Refused like anything that cannot be: the transaction is taken back.
            Err(Refusal::new(REHEARSED, Label::new("", "")).into())
        });
        let seen = seen.lock().unwrap_or_else(PoisonError::into_inner).take();
        match (outcome, seen) {
            (Err(Trouble::Refused(refusal)), Some(seen)) if refusal.problems[0].code == REHEARSED => Ok(seen),
            (Err(why), _) => Err(why),
            (Ok(()), _) => Err(Fault::new("a rehearsal was kept").into()),
        }
    }
}

const REHEARSED: &str = "rehearsed";

/// What else is worth more or less: by product, day and document of the move that is valued anew.
fn differences(tx: &Tx, actor: &Actor, entity: &str, id: i64) -> Result<Json, Trouble> {
    let rows = tx.query(
        "select v.product, m.moved_on, m.doc_entity, m.doc_id, sum(v.value)
         from entry e
         join stock_value v on v.entry = e.id
         left join stock_move m on m.id = v.stock_move
         where e.doc_entity = ?1 and e.doc_id = ?2 and v.kind = 'difference'
         group by v.product, m.moved_on, m.doc_entity, m.doc_id
         having sum(v.value) <> 0
         order by m.moved_on, v.product, m.doc_id",
        &[entity.into(), Value::Int(id)],
    )?;
    let mut wanted: BTreeMap<&str, BTreeSet<i64>> = BTreeMap::new();
    wanted.insert("product", rows.iter().map(|row| row.int(0)).collect());
    let labels = store::labels(tx.conn, &tx.engine.registry, &wanted, tx.actor.lang)?;
    let mut told = Vec::new();
    for row in &rows {
        let product = tx.engine.entity("product")?;
        let document = match (tx.engine.registry.entity(row.text(2)), row.maybe_int(3)) {
            (Some(meta), Some(id)) => tx
                .engine
                .if_seen(tx.conn, actor, meta, id)?
                .map(|record| json!({ "entity": meta.name, "id": outer(meta, id), "label": record.label() })),
            _ => None,
        };
        told.push(json!({
            "product": { "id": outer(product, row.int(0)), "label": labels.get(&("product".to_owned(), row.int(0))) },
            "moved_on": row.text(1), "document": document,
            "value": crate::posted::worth(actor, row.int(4)),
        }));
    }
    Ok(Json::Array(told))
}
