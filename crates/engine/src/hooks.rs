//! Telling programs elsewhere: what of the outbox each webhook has not been told yet, in order.
//!
//! An event is told at least once. It is tried again after ten seconds, twenty, forty …; those
//! after it wait. After [`TRIES_MAX`] it is laid aside as dead, to be told when somebody asks.

use std::sync::Arc;

use hmac::{Hmac, KeyInit, Mac};
use kernel::{Instant, Lang, id_text};
use meta::{ALL, Fault, Row, Trouble, Value};
use serde_json::{Value as Json, json};
use sha2::Sha256;
use store::Conn;

use crate::{Actor, Engine, gone, vault};

/// How often an event is tried before it is laid aside.
const TRIES_MAX: i64 = 8;
/// The first wait after a failure, doubled by every further one.
const WAIT_MILLIS: i64 = 10_000;
/// How long a worker has a webhook without a sign of life; longer than one delivery takes.
const CLAIM_MILLIS: i64 = 60_000;
/// An event may be committed so much later than it was recorded, beside others.
const LATE_MILLIS: i64 = 60_000;
/// How many events are looked up at once.
const BATCH: usize = 200;
/// How many deliveries are shown.
const SHOWN: usize = 100;

/// A webhook that a worker has, for a while.
#[derive(Clone, Debug)]
pub struct Hook {
    /// The raw webhook.
    pub id: i64,
    /// Where to.
    pub url: String,
    /// What it is signed with; nothing when the key it was sealed with is lost.
    pub secret: Option<String>,
    company: i64,
    events: Vec<String>,
    since: i64,
    worker: String,
}

/// One event to be told.
#[derive(Clone, Debug)]
pub struct Notice {
    /// Its raw number, the same in every try.
    pub event: i64,
    /// What is sent.
    pub body: String,
    recorded_at: i64,
    tries: i64,
}

/// What became of a try.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outcome {
    /// The status that was answered; 0 when nothing was.
    pub status: u16,
    /// Why it failed; never what was answered.
    pub error: Option<&'static str>,
}

/// The signature of a body at a moment, in seconds: `v1=` and HMAC-SHA256 of `seconds.body`.
pub fn signature(secret: &str, seconds: i64, body: &str) -> Result<String, Fault> {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).map_err(|why| Fault::new(why.to_string()))?;
    mac.update(format!("{seconds}.{body}").as_bytes());
    let hash = mac.finalize().into_bytes();
    Ok(format!("v1={}", hash.iter().map(|byte| format!("{byte:02x}")).collect::<String>()))
}

impl Engine {
    /// Gets a webhook that has not been told everything and that nobody else is telling.
    pub fn claim_hook(&self, worker: &str) -> Result<Option<Hook>, Trouble> {
        if self.registry.entity("webhook").is_none() {
            return Ok(None);
        }
        let now = self.now();
        let rows = self.database.read(|conn| {
            Ok(conn.query(
                "select w.id, w.url, s.secret, w.company, w.events, s.since
                 from webhook w join hook_state s on s.hook = w.id
                 where w.active = 1 and s.due_at <= ?1 and s.claimed_until <= ?1 order by s.due_at, w.id",
                &[now.micros().into()],
            )?)
        })?;
        for row in &rows {
            let hook = Hook {
                id: row.int(0),
                url: row.text(1).to_owned(),
                secret: self.vault.open(vault::HOOK, row.int(0), row.text(2)).ok(),
                company: row.int(3),
                events: row.text(4).split_whitespace().map(str::to_owned).collect(),
                since: row.int(5),
                worker: worker.to_owned(),
            };
            if self.notices(&hook)?.is_empty() {
                self.nothing_new(&hook, now)?;
                continue;
            }
            let args = [
                hook.id.into(),
                Value::from(worker),
                now.plus_millis(CLAIM_MILLIS).micros().into(),
                now.micros().into(),
            ];
            let claimed = self.database.write(move |conn: &dyn Conn| {
                Ok(conn.execute(
                    "update hook_state set claimed_by = ?2, claimed_until = ?3
                     where hook = ?1 and claimed_until <= ?4 and due_at <= ?4",
                    &args,
                )?)
            })?;
            if claimed == 1 {
                return Ok(Some(hook));
            }
        }
        Ok(None)
    }

    /// Remembers now and then that there was nothing, so that the past need not be looked through again.
    fn nothing_new(&self, hook: &Hook, now: Instant) -> Result<(), Trouble> {
        let since = now.plus_millis(-LATE_MILLIS).micros();
        if since - hook.since < 10 * LATE_MILLIS * 1_000 {
            return Ok(());
        }
        let args = [hook.id.into(), since.into()];
        self.database.write(move |conn: &dyn Conn| {
            conn.execute("update hook_state set since = ?2 where hook = ?1 and claimed_until = 0", &args)?;
            Ok(())
        })
    }

    /// What a webhook has not been told yet, in order: first what is to be tried again.
    pub fn notices(&self, hook: &Hook) -> Result<Vec<Notice>, Trouble> {
        self.database.read(|conn| {
            let again = conn.query(
                "select o.id, o.entity, o.doc, o.version, o.kind, o.recorded_at, d.tries
                 from hook_delivery d join outbox o on o.id = d.event
                 where d.hook = ?1 and d.state = 'waiting' order by o.recorded_at, o.id limit 1",
                &[hook.id.into()],
            )?;
            if !again.is_empty() {
                // One at a time: those after it wait.
                return Ok(again.iter().map(|row| self.notice(hook, row)).collect());
            }
            let mut args: Vec<Value> = vec![hook.id.into(), hook.since.into(), hook.company.into()];
            let mut only = String::new();
            if !hook.events.iter().any(|word| word == ALL) {
                args.extend(hook.events.iter().map(|word| Value::from(word.as_str())));
                let places: Vec<String> = (4..=args.len()).map(|number| format!("?{number}")).collect();
                only = format!("and o.entity in ({})", places.join(", "));
            }
            let sql = format!(
                "select o.id, o.entity, o.doc, o.version, o.kind, o.recorded_at, 0
                 from outbox o where o.recorded_at >= ?2 and o.company = ?3 {only}
                 and not exists (select 1 from hook_delivery d where d.hook = ?1 and d.event = o.id)
                 order by o.recorded_at, o.id limit {BATCH}"
            );
            Ok(conn.query(&sql, &args)?.iter().map(|row| self.notice(hook, row)).collect())
        })
    }

    fn notice(&self, hook: &Hook, row: &Row) -> Notice {
        let prefix = self.registry.entity(row.text(1)).map_or("x", |meta| meta.prefix);
        let body = json!({
            "event": row.int(0).to_string(), "entity": row.text(1), "id": id_text(prefix, row.int(2)),
            "version": row.int(3), "kind": row.text(4), "company": id_text("co", hook.company),
            "at": Instant::from_micros(row.int(5)).to_string(),
        });
        Notice { event: row.int(0), body: body.to_string(), recorded_at: row.int(5), tries: row.int(6) }
    }

    /// Writes down what became of a try; false when this worker is not to go on.
    pub fn noticed(&self, hook: &mut Hook, notice: &Notice, outcome: &Outcome) -> Result<bool, Trouble> {
        let now = self.now();
        let (fine, tries) = ((200..300).contains(&outcome.status), notice.tries + 1);
        let state = match (fine, TRIES_MAX <= tries) {
            (true, _) => "sent",
            (false, true) => "dead",
            (false, false) => "waiting",
        };
        let wait = WAIT_MILLIS << notice.tries.clamp(0, 20);
        let due = if state == "waiting" { now.plus_millis(wait).micros() } else { 0 };
        let until = if state == "waiting" { 0 } else { now.plus_millis(CLAIM_MILLIS).micros() };
        let since = hook.since.max(notice.recorded_at - LATE_MILLIS * 1_000);
        let own = [hook.id.into(), Value::from(hook.worker.as_str()), since.into(), due.into(), until.into()];
        let log: [Value; 7] = [
            hook.id.into(),
            notice.event.into(),
            state.into(),
            tries.into(),
            i64::from(outcome.status).into(),
            outcome.error.unwrap_or("").into(),
            now.micros().into(),
        ];
        let mine = self.database.write(move |conn: &dyn Conn| {
            let mine = conn.execute(
                "update hook_state set since = ?3, due_at = ?4, claimed_until = ?5 where hook = ?1 and claimed_by = ?2",
                &own,
            )?;
            if mine == 1 {
                conn.execute(
                    "insert into hook_delivery (hook, event, state, tries, status, error, sent_at)
                     values (?1, ?2, ?3, ?4, ?5, ?6, ?7)
                     on conflict (hook, event) do update set state = excluded.state, tries = excluded.tries,
                     status = excluded.status, error = excluded.error, sent_at = excluded.sent_at",
                    &log,
                )?;
            }
            Ok(mine == 1)
        })?;
        hook.since = since;
        Ok(mine && state != "waiting")
    }

    /// Lets others have the webhook.
    pub fn release_hook(&self, hook: &Hook) -> Result<(), Trouble> {
        let own = [hook.id.into(), Value::from(hook.worker.as_str())];
        self.database.write(move |conn: &dyn Conn| {
            let sql = "update hook_state set claimed_until = 0, claimed_by = '' where hook = ?1 and claimed_by = ?2";
            conn.execute(sql, &own)?;
            Ok(())
        })
    }

    /// Makes the secret of a webhook, in place of the one it had. It is shown this once.
    pub fn issue_hook_secret(self: &Arc<Self>, actor: &Actor, id: i64) -> Result<String, Trouble> {
        let meta = self.entity("webhook")?;
        self.permit(actor, meta, "edit")?;
        self.get(actor, "webhook", id)?;
        let secret = format!("whsec_{}", crate::session::new_token()?);
        let kept = self.vault.seal(vault::HOOK, id, &secret)?;
        let text = match actor.lang {
            Lang::En => "A new secret was made.",
            Lang::Zh => "已生成新的签名密钥。",
        };
        self.transact(actor, move |tx| {
            // From when it was made on; a new secret changes nothing of what was told.
            tx.push(
                "insert into hook_state (hook, secret, since, due_at, claimed_by, claimed_until)
                 select id, ?2, created_at, 0, '', 0 from webhook where id = ?1
                 on conflict (hook) do update set secret = excluded.secret",
                vec![id.into(), kept.as_str().into()],
            );
            Ok(tx.note(meta, id, text)?)
        })?;
        Ok(secret)
    }

    /// The newest deliveries of a webhook, and how many are dead.
    pub fn hook_deliveries(&self, actor: &Actor, id: i64) -> Result<Json, Trouble> {
        self.get(actor, "webhook", id)?;
        self.database.read(|conn| {
            let sql = format!(
                "select d.event, o.entity, o.doc, d.state, d.tries, d.status, d.error, d.sent_at
                 from hook_delivery d join outbox o on o.id = d.event
                 where d.hook = ?1 order by d.sent_at desc, d.event desc limit {SHOWN}"
            );
            let rows = conn.query(&sql, &[id.into()])?;
            let told = rows.iter().map(|row| {
                let prefix = self.registry.entity(row.text(1)).map_or("x", |meta| meta.prefix);
                json!({
                    "event": row.int(0).to_string(), "entity": row.text(1), "id": id_text(prefix, row.int(2)),
                    "state": row.text(3), "tries": row.int(4), "status": row.int(5), "error": row.text(6),
                    "at": Instant::from_micros(row.int(7)).to_string(),
                })
            });
            let dead = "select count(*) from hook_delivery where hook = ?1 and state = 'dead'";
            let dead = crate::number(conn, dead, &[id.into()])?.unwrap_or(0);
            Ok(json!({ "deliveries": told.collect::<Vec<_>>(), "dead": dead }))
        })
    }

    /// Has the dead deliveries of a webhook tried again, from the first.
    pub fn retry_hook(&self, actor: &Actor, id: i64) -> Result<Json, Trouble> {
        let meta = self.entity("webhook")?;
        self.permit(actor, meta, "edit")?;
        if self.get(actor, "webhook", id)?["record"].is_null() {
            return Err(gone(meta));
        }
        self.database.write(move |conn: &dyn Conn| {
            let sql = "update hook_delivery set state = 'waiting', tries = 0 where hook = ?1 and state = 'dead'";
            conn.execute(sql, &[id.into()])?;
            conn.execute("update hook_state set due_at = 0 where hook = ?1", &[id.into()])?;
            Ok(())
        })?;
        self.hook_deliveries(actor, id)
    }
}

#[cfg(test)]
mod tests {
    use super::signature;

    #[test]
    fn a_signature_can_be_made_by_others() {
        // echo -n '1700000000.{"a":1}' | openssl dgst -sha256 -hmac whsec_test
        let made = signature("whsec_test", 1_700_000_000, "{\"a\":1}").unwrap();
        assert_eq!(made, "v1=38877139021993b830af32feea6e18a8da83eb2f6e49ee50bd9e4cf4ca4d3789");
        assert_ne!(made, signature("whsec_test", 1_700_000_001, "{\"a\":1}").unwrap());
    }
}
