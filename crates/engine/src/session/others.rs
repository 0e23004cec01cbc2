//! What an administrator does for others: gives them a password when they have none or forgot it.

use std::sync::Arc;

use kernel::{Label, Lang, ProblemKind, Refusal};
use meta::{Trouble, Value};
use store::Conn;

use super::{END_SESSIONS, KEEP_PASSWORD, check_password, hash_password};
use crate::{Actor, Engine, gone};

/// Who may give others a password and make keys for them.
pub(super) const ADMINISTRATOR: &str = "administrator";

/// An administrator of one company only must not become someone of another.
const ADMINISTERS_ALL: &str = "
    select count(*) from user_role a join role r on r.id = a.role
    where a.\"user\" = ?1 and r.code = ?2 and a.only_company is null";

/// Who gives rights in a company, who has been there longest first.
const ADMINISTER: &str = "
    select u.name from \"user\" u
    where u.active = 1 and exists (
      select 1 from user_role a join role r on r.id = a.role
      where a.\"user\" = u.id and r.code = ?1 and coalesce(a.only_company, ?2) = ?2)
    order by u.id limit ?3";
/// So many are enough to ask.
const ADMINISTRATORS_TOLD: i64 = 3;

impl Engine {
    /// The names of those who can give somebody a right they lack.
    pub fn administrators(&self, actor: &Actor) -> Result<Vec<String>, Trouble> {
        let args = [ADMINISTRATOR.into(), actor.company.into(), ADMINISTRATORS_TOLD.into()];
        let rows = self.database.read(|conn: &dyn Conn| Ok::<_, Trouble>(conn.query(ADMINISTER, &args)?))?;
        Ok(rows.iter().map(|row| row.text(0).to_owned()).collect())
    }

    /// Whether somebody may give another user what they lost.
    pub(super) fn may_help(&self, actor: &Actor, user: i64) -> Result<(), Trouble> {
        let meta = self.entity("user")?;
        self.permit(actor, meta, "edit")?;
        let administers = actor.roles.iter().any(|role| role == ADMINISTRATOR);
        let who = [Value::Int(actor.user), ADMINISTRATOR.into()];
        let (all, known) = self.database.read(|conn: &dyn Conn| {
            let all = crate::number(conn, ADMINISTERS_ALL, &who)?;
            let known = crate::number(conn, "select count(*) from \"user\" where id = ?1", &[Value::Int(user)])?;
            Ok::<_, Trouble>((all, known))
        })?;
        if !administers || all.is_none_or(|count| count == 0) {
            return Err(refused(
                "password_of_another",
                "Only an administrator of all companies can give others a password or take their second factor away. Ask one.",
                "只有管理全部公司的管理员可以为他人设置密码或停用其两步验证，请联系管理员。",
            ));
        }
        if known.is_none_or(|count| count == 0) {
            return Err(gone(meta));
        }
        if user == actor.user {
            return Err(refused(
                "own_password",
                "This is about yourself. Change it under your name, where the present password is asked for.",
                "这是您本人的账号。请在您的姓名菜单中修改，届时需输入当前密码。",
            ));
        }
        Ok(())
    }

    /// Gives another user a password and ends all their sessions. Written in their timeline, without the password.
    pub fn give_password(self: &Arc<Self>, actor: &Actor, user: i64, password: &str) -> Result<(), Trouble> {
        let meta = self.entity("user")?;
        self.may_help(actor, user)?;
        check_password(password)?;
        let hash = hash_password(password)?;
        let text = match actor.lang {
            Lang::En => "An administrator gave a new password; all sessions ended.",
            Lang::Zh => "管理员设置了新密码，所有会话已结束。",
        };
        self.transact(actor, move |tx| {
            let changed_at = Value::Int(tx.context.now.micros());
            tx.push(KEEP_PASSWORD, vec![Value::Int(user), hash.as_str().into(), changed_at]);
            tx.push(END_SESSIONS, vec![Value::Int(user)]);
            Ok(tx.note(meta, user, text)?)
        })
    }
}

fn refused(code: &'static str, en: &'static str, zh: &'static str) -> Trouble {
    Refusal::new(code, Label::new(en, zh)).kind(ProblemKind::NotAllowed).into()
}
