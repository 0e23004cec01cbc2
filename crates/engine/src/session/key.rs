//! Keys of programs: made once, shown once, kept as a hash in `api_key`.

use std::sync::Arc;

use kernel::{Label, Lang, ProblemKind, Refusal};
use meta::{Trouble, Value};
use store::Conn;

use super::others::ADMINISTRATOR;
use super::{Session, TOUCH_MILLIS, new_token, token_hash};
use crate::{Actor, Engine, gone};

/// How keys begin, so that a leaked one is recognised.
const START: &str = "heyi_";

impl Engine {
    /// Who a key stands for; nobody when it is unknown or out of use, or its user is.
    pub fn key(&self, key: &str) -> Result<Option<Session>, Trouble> {
        if !key.starts_with(START) {
            return Ok(None);
        }
        let (hash, now) = (Value::from(token_hash(key)), self.now());
        let found = self.database.read(|conn: &dyn Conn| {
            let rows = conn.query(
                "select k.id, k.\"user\", k.role, k.last_used_at, (select version from steady_version where id = 1)
                 from api_key k join \"user\" u on u.id = k.\"user\"
                 where k.key_hash = ?1 and k.active = 1 and u.active = 1",
                std::slice::from_ref(&hash),
            )?;
            let session =
                |row: &meta::Row| Session { user: row.int(1), company: None, lang: None, role: row.maybe_int(2) };
            Ok(rows.first().map(|row| {
                self.rights_are_of(row.int(4));
                (session(row), row.int(0), row.int(3))
            }))
        })?;
        let Some((session, id, used_at)) = found else { return Ok(None) };
        if used_at <= now.plus_millis(-TOUCH_MILLIS).micros() {
            // Not a change of the record: nobody who edits it should find it stale.
            let args = [Value::Int(id), Value::Int(now.micros())];
            self.database.write(move |conn: &dyn Conn| {
                conn.execute("update api_key set last_used_at = ?2 where id = ?1", &args)?;
                Ok(())
            })?;
        }
        Ok(Some(session))
    }

    /// Makes the secret of a key record, in place of the one it had. It is shown this once.
    pub fn issue_key(self: &Arc<Self>, actor: &Actor, id: i64) -> Result<String, Trouble> {
        let meta = self.entity("api_key")?;
        self.permit(actor, meta, "edit")?;
        let of = "select \"user\" from api_key where id = ?1";
        let user =
            self.database.read(|conn: &dyn Conn| crate::number(conn, of, &[Value::Int(id)]).map_err(Trouble::from))?;
        let user = user.ok_or_else(|| gone(meta))?;
        if user != actor.user && !actor.roles.iter().any(|role| role == ADMINISTRATOR) {
            return Err(Refusal::new(
                "key_of_another",
                Label::new(
                    "This key works for someone else. Only they or an administrator can make it.",
                    "该密钥代表他人工作，只有本人或管理员可以生成。",
                ),
            )
            .kind(ProblemKind::NotAllowed)
            .into());
        }
        let key = format!("{START}{}", new_token()?);
        let hash = token_hash(&key);
        let text = match actor.lang {
            Lang::En => "A new key was made.",
            Lang::Zh => "已生成新密钥。",
        };
        self.transact(actor, move |tx| {
            let record = tx.load(meta, id)?.ok_or_else(|| gone(meta))?;
            crate::reach::may_hand_on(tx, &record)?;
            tx.push("update api_key set key_hash = ?2 where id = ?1", vec![Value::Int(id), hash.as_str().into()]);
            Ok(tx.note(meta, id, text)?)
        })?;
        Ok(key)
    }
}
