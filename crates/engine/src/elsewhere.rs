//! What other servers on the same database wrote, told to those who listen here.
//!
//! Everything written is in the outbox. A server looks there for what it has not told yet and
//! did not write itself. On SQLite there is one server, which has nothing to look for.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use kernel::Instant;
use meta::{Fault, Record, Row};
use serde_json::Value as Json;
use store::Dialect;

use crate::facts::Tx;
use crate::{Engine, Event};

/// How often a server looks; how late others' changes are heard of at most.
const LOOK_EVERY: Duration = Duration::from_millis(500);
/// A row may be committed, or another server's clock be behind, by so much.
const LATE_MILLIS: i64 = 5_000;
/// How many rows are looked at once; of more, screens hear when they ask again.
const ROWS_MAX: usize = 5_000;

/// Rows of the outbox that were told here, with the moment they were recorded.
#[derive(Default)]
pub(crate) struct Elsewhere {
    listens: AtomicBool,
    told: Mutex<HashMap<i64, i64>>,
}

impl Elsewhere {
    /// Remembers what this server tells itself.
    pub fn own(&self, events: &[Event], now: Instant) {
        if self.listens.load(Ordering::Relaxed) {
            let mut told = self.told.lock().unwrap_or_else(PoisonError::into_inner);
            told.extend(events.iter().filter(|event| event.out != 0).map(|event| (event.out, now.micros())));
        }
    }

    /// Those of the rows that were not told yet; what is older than `since` is forgotten.
    fn news(&self, rows: Vec<Row>, since: i64) -> Vec<Row> {
        let mut told = self.told.lock().unwrap_or_else(PoisonError::into_inner);
        told.retain(|_, recorded_at| since <= *recorded_at);
        rows.into_iter().filter(|row| told.insert(row.int(0), row.int(1)).is_none()).collect()
    }
}

/// Whose a record was before a change gave it away.
fn owner_before(changes: &Json) -> Option<i64> {
    changes.get("owner")?.get(0)?.as_i64()
}

/// Puts a write of a record into the outbox. Gives its row there, and whose the record was before; 0 when
/// nobody gave it away.
pub(crate) fn put_out(tx: &Tx, record: &Record, kind: &str, changes: &Json) -> Result<(i64, i64), Fault> {
    let (out, was) = (tx.id()?, owner_before(changes));
    tx.push(
        "insert into outbox (id, recorded_at, company, entity, doc, version, kind, was_owner)
         values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
        vec![
            out.into(),
            tx.context.now.micros().into(),
            record.company().unwrap_or(0).into(),
            record.meta.name.into(),
            record.id.into(),
            record.version.into(),
            kind.into(),
            was.into(),
        ],
    );
    Ok((out, was.unwrap_or(0)))
}

impl Engine {
    /// Hears of what other servers write, until told to stop.
    pub fn hear_elsewhere(&self, stop: &AtomicBool) {
        if self.database.dialect() == Dialect::Sqlite {
            return;
        }
        self.elsewhere.listens.store(true, Ordering::Relaxed);
        // What was there before anybody could listen is nobody's news.
        let mut is_first = true;
        while !stop.load(Ordering::SeqCst) {
            match self.heard_elsewhere() {
                Ok(events) if !is_first => self.publish(events),
                Ok(_) => is_first = false,
                Err(fault) => tracing::warn!(%fault, "what other servers wrote is not heard"),
            }
            std::thread::sleep(LOOK_EVERY);
        }
    }

    fn heard_elsewhere(&self) -> Result<Vec<Event>, Fault> {
        // Longer than the rows are looked for, so that none is told twice.
        let (late, forgotten) = (self.now().plus_millis(-LATE_MILLIS), self.now().plus_millis(-4 * LATE_MILLIS));
        let rows = self.database.read(|conn| {
            Ok(conn.query(
                &format!(
                    "select id, recorded_at, entity, doc, version, company, kind, was_owner from outbox
                     where recorded_at >= ?1 order by recorded_at desc limit {ROWS_MAX}"
                ),
                &[late.micros().into()],
            )?)
        });
        let rows = rows.map_err(|trouble| Fault::new(trouble.to_string()))?;
        let news = self.elsewhere.news(rows, forgotten.micros());
        let event = |row: &Row| {
            let entity = self.registry.entity(row.text(2))?.name;
            // What is gone has version 0.
            let version = if row.text(6) == "removed" { 0 } else { row.int(4) };
            let was = row.maybe_int(7).unwrap_or(0);
            Some(Event { entity, id: row.int(3), version, company: row.int(5), out: 0, only: 0, was })
        };
        Ok(news.iter().rev().filter_map(event).collect())
    }
}
