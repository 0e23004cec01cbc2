//! Following a record.

use std::sync::Arc;

use kernel::{Label, Refusal, id_text};
use meta::Trouble;
use serde_json::{Value as Json, json};

use super::notices;
use crate::{Actor, Engine, gone};

/// How many followers are named.
const NAMED_MAX: usize = 200;

impl Engine {
    /// Who follows a record, and whether the asker does.
    pub fn followers(&self, actor: &Actor, entity: &str, id: i64) -> Result<Json, Trouble> {
        let meta = self.entity(entity)?;
        self.database.read(|conn| {
            self.seen(conn, actor, meta, id)?;
            let sql = format!(
                "select f.owner, u.name from follow f join \"user\" u on u.id = f.owner
                 where f.about_entity = ?1 and f.about_doc = ?2 order by f.id limit {NAMED_MAX}"
            );
            let rows = conn.query(&sql, &[meta.name.into(), id.into()])?;
            let own = "select 1 from follow where about_entity = ?1 and about_doc = ?2 and owner = ?3";
            let own = conn.query(own, &[meta.name.into(), id.into(), actor.user.into()])?;
            let named = rows.iter().map(|row| json!({ "id": id_text("us", row.int(0)), "label": row.text(1) }));
            Ok(json!({ "following": !own.is_empty(), "followers": named.collect::<Vec<_>>() }))
        })
    }

    /// Follows a record, or follows it no longer.
    pub fn follow(self: &Arc<Self>, actor: &Actor, entity: &str, id: i64, begins: bool) -> Result<Json, Trouble> {
        let meta = self.entity(entity)?;
        if !store::can_carry(meta) {
            return Err(gone(meta));
        }
        self.transact(actor, move |tx| {
            let record = tx.engine.seen(tx.conn, tx.actor, meta, id)?;
            if begins {
                let company = record.company().unwrap_or(tx.actor.company);
                notices::follow(tx, (meta.name, id), tx.actor.user, company)?;
            } else {
                tx.push(
                    "delete from follow where about_entity = ?1 and about_doc = ?2 and owner = ?3",
                    vec![meta.name.into(), id.into(), tx.actor.user.into()],
                );
            }
            Ok(())
        })?;
        self.followers(actor, entity, id)
    }

    /// Has a colleague follow a record, who is told so. Only of what both may see.
    pub fn add_follower(self: &Arc<Self>, actor: &Actor, entity: &str, id: i64, user: i64) -> Result<Json, Trouble> {
        let meta = self.entity(entity)?;
        if !store::can_carry(meta) {
            return Err(gone(meta));
        }
        if user == actor.user {
            return self.follow(actor, entity, id, true);
        }
        self.transact(actor, move |tx| {
            let record = tx.engine.seen(tx.conn, tx.actor, meta, id)?;
            let company = record.company().unwrap_or(tx.actor.company);
            let theirs = match tx.engine.actor_on(tx.conn, user, company) {
                Ok(colleague) => tx.engine.about(tx.conn, &colleague, meta.name, id)?,
                // Somebody who is not there, archived, or of another company.
                Err(Trouble::Refused(_)) => None,
                Err(other) => return Err(other),
            };
            if theirs.is_none() {
                return Err(Refusal::new(
                    "may_not_see",
                    Label::new(
                        "This colleague may not see the record and would be told nothing of it. \
                         Choose somebody else, or ask an administrator for the right.",
                        "该同事无权查看此记录，不会收到任何通知。请选择其他人，或请管理员授权。",
                    ),
                )
                .field("user")
                .into());
            }
            Ok(notices::has_follow(tx, &record, user, company)?)
        })?;
        self.followers(actor, entity, id)
    }
}
