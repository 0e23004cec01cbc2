//! What is kept for a while only: events that were told, and answers to requests that may come again.

use meta::{Trouble, Value};

use crate::Engine;

/// How long events and what became of telling them are kept. A webhook that was unreachable for longer misses
/// what happened before.
const EVENT_DAYS: i64 = 30;
/// How long a request may be repeated with its idempotency key and gets the same answer.
const KEY_DAYS: i64 = 7;
/// How many rows one transaction takes away: nobody waits long for it.
const BATCH: usize = 500;
/// Microseconds of a day.
const DAY: i64 = 86_400_000_000;

impl Engine {
    /// Takes away what was kept long enough, one batch of each. Whether there may be more.
    pub fn purge(&self) -> Result<bool, Trouble> {
        let days_ago = |days: i64| Value::Int(self.now().micros() - days * DAY);
        let (events, keys) = (days_ago(EVENT_DAYS), days_ago(KEY_DAYS));
        self.database.write(move |conn| {
            // What is still to be tried stays, however old.
            let old = format!(
                "select o.id from outbox o where o.recorded_at < ?1 and not exists (
                   select 1 from hook_state h join hook_delivery d on d.hook = h.hook and d.event = o.id
                   where d.state = 'waiting')
                 order by o.recorded_at, o.id limit {BATCH}"
            );
            let old: Vec<String> =
                conn.query(&old, std::slice::from_ref(&events))?.iter().map(|row| row.int(0).to_string()).collect();
            if !old.is_empty() {
                let ids = old.join(", ");
                let told = format!(
                    "delete from hook_delivery where hook in (select hook from hook_state) and event in ({ids})"
                );
                conn.execute(&told, &[])?;
                conn.execute(&format!("delete from outbox where id in ({ids})"), &[])?;
            }
            let asked = conn.query(
                &format!(
                    "select actor, key from idempotency where recorded_at < ?1 order by recorded_at limit {BATCH}"
                ),
                std::slice::from_ref(&keys),
            )?;
            for row in &asked {
                conn.execute(
                    "delete from idempotency where actor = ?1 and key = ?2",
                    &[row.int(0).into(), row.text(1).into()],
                )?;
            }
            Ok(old.len() == BATCH || asked.len() == BATCH)
        })
    }
}
