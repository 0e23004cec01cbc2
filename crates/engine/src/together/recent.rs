//! Records somebody looked at lately.

use kernel::Instant;
use meta::Trouble;
use serde_json::{Value as Json, json};

use crate::write::outer;
use crate::{Actor, Engine};

/// How many are kept of each user.
const KEPT: usize = 100;

impl Engine {
    /// Remembers that somebody looked at a record.
    pub fn looked_at(&self, actor: &Actor, entity: &str, id: i64) -> Result<(), Trouble> {
        let meta = self.entity(entity)?;
        self.database.read(|conn| self.seen(conn, actor, meta, id).map(|_| ()))?;
        let (user, now) = (actor.user, self.now().micros());
        self.database.write(move |conn| {
            conn.execute(
                "insert into recent (owner, entity, doc, at) values (?1, ?2, ?3, ?4)
                 on conflict (owner, entity, doc) do update set at = excluded.at",
                &[user.into(), meta.name.into(), id.into(), now.into()],
            )?;
            let oldest = format!("select at from recent where owner = ?1 order by at desc limit 1 offset {KEPT}");
            if let Some(row) = conn.query(&oldest, &[user.into()])?.first() {
                conn.execute("delete from recent where owner = ?1 and at <= ?2", &[user.into(), row.int(0).into()])?;
            }
            Ok(())
        })
    }

    /// What somebody looked at lately and may still see, newest first.
    pub fn recent(&self, actor: &Actor, limit: usize) -> Result<Json, Trouble> {
        self.database.read(|conn| {
            let sql = format!("select entity, doc, at from recent where owner = ?1 order by at desc limit {KEPT}");
            let mut items = Vec::new();
            for row in conn.query(&sql, &[actor.user.into()])? {
                let Some(meta) = self.registry.entity(row.text(0)).filter(|meta| actor.access.may(meta.name, "see"))
                else {
                    continue;
                };
                let record = store::load_bare(conn, meta, row.int(1))?;
                let Some(record) = record else { continue };
                // What belongs to another company than the one looked at waits for that one.
                let ours = record.company().is_none_or(|company| company == actor.company);
                if !ours || !self.reaches_on(conn, actor, &record, "see")? {
                    continue;
                }
                items.push(json!({
                    "entity": meta.name, "id": outer(meta, record.id), "label": record.label(),
                    "at": Instant::from_micros(row.int(2)).to_string(),
                }));
                if items.len() == limit {
                    break;
                }
            }
            Ok(json!({ "items": items }))
        })
    }
}
