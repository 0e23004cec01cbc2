//! Nobody grants more than they have.
//!
//! ```text
//! user_role    a role given to somebody: covered where it reaches, or refused
//! role         what a role allows, everywhere: covered everywhere
//! user         archived, renamed, restored: whoever they are, their rights are covered
//! api_key      works with the rights of its user: those are covered
//! company      changed with the rights one has in that very company; made with rights in all
//! ```
//!
//! Somebody's rights *cover* others where each verb of theirs is allowed to oneself too: on the
//! same entity, on no fewer rows, with no more fields kept back or shown only, in every company it reaches.

use std::collections::BTreeSet;
use std::sync::Arc;

use kernel::{Label, ProblemKind, Refusal};
use meta::{EntityMeta, Filter, Op, Operand, Record, Trouble, Value};
use serde_json::Value as Json;
use store::Conn;

use crate::access::{Access, GRANTS, Given};
use crate::facts::Tx;
use crate::{Actor, Engine};

/// A role somebody has, and the only company it counts in; none for all.
type Has = (i64, Option<i64>);

const ROLES_OF: &str = "select role, only_company from user_role where \"user\" = ?1 order by id";

/// The right to close the books of a company for good, which nobody can take back.
const CLOSE_FOR_GOOD: &str = "field.hard_locked_until";

fn roles_of(conn: &dyn Conn, user: i64) -> Result<Vec<Has>, Trouble> {
    let rows = conn.query(ROLES_OF, &[user.into()])?;
    Ok(rows.iter().map(|row| (row.int(0), row.maybe_int(1))).collect())
}

/// What roles allow together.
fn access_of(conn: &dyn Conn, roles: impl IntoIterator<Item = i64>) -> Result<Access, Trouble> {
    let mut access = Access::default();
    for role in BTreeSet::from_iter(roles) {
        for grant in conn.query(GRANTS, &[role.into()])? {
            access.give(&grant);
        }
    }
    Ok(access)
}

/// What a role that is being saved allows.
fn access_in(role: &Record) -> Access {
    let mut access = Access::default();
    for (index, _) in role.owned_fields() {
        for line in role.owned_at(index) {
            let word = |name: &str| line.get(name).text().unwrap_or("").to_owned();
            let given = Given::new(&word("verbs"), &word("row_rule"), &word("hides"), &word("read_only"));
            access.give_on(&word("subject"), given);
        }
    }
    access
}

/// The roles an actor acts by: a key that is narrowed to one role has that one alone.
fn own(conn: &dyn Conn, actor: &Actor) -> Result<Vec<Has>, Trouble> {
    let rows = roles_of(conn, actor.user)?;
    let Some(role) = actor.only_role else { return Ok(rows) };
    let boss = crate::number(conn, "select id from role where code = 'administrator'", &[])?;
    let counts = |has: &Has| has.0 == role || Some(has.0) == boss;
    Ok(rows.into_iter().filter(counts).map(|(_, only)| (role, only)).collect())
}

/// Whether roles cover what an access allows, in one company or in all.
fn covered(conn: &dyn Conn, mine: &[Has], wanted: &Access, only: Option<i64>) -> Result<bool, Trouble> {
    let there: Vec<i64> =
        mine.iter().filter(|(_, at)| at.is_none() || only.is_some() && *at == only).map(|(role, _)| *role).collect();
    Ok(!there.is_empty() && access_of(conn, there)?.covers(wanted))
}

fn all_covered(conn: &dyn Conn, mine: &[Has], wanted: &[Has]) -> Result<bool, Trouble> {
    for (role, only) in wanted {
        if !covered(conn, mine, &access_of(conn, [*role])?, *only)? {
            return Ok(false);
        }
    }
    Ok(true)
}

fn beyond(field: &str) -> Trouble {
    let why = Refusal::new(
        "beyond_your_rights",
        Label::new(
            "This reaches beyond your own rights. Keep to your own companies and to what you may do yourself, or ask an administrator of all companies.",
            "超出您自己的权限范围。请限于您所属的公司和您自己拥有的权限，或联系管理全部公司的管理员。",
        ),
    )
    .kind(ProblemKind::NotAllowed);
    if field.is_empty() { why.into() } else { why.field(field).into() }
}

/// Whether an actor may write a record that gives or is somebody's rights; others always.
pub(crate) fn may_hand_on(tx: &Tx, record: &Record) -> Result<(), Trouble> {
    // What waits to be sent is sent only where there is something to look up: other records are written as fast as ever.
    let is_of_rights = matches!(record.meta.name, "user_role" | "role" | "user" | "api_key");
    if !is_of_rights || tx.actor.access.has_all() {
        return Ok(());
    }
    tx.flush()?;
    let (conn, int) = (tx.conn, |name: &str| record.get(name).int());
    let fine = match record.meta.name {
        "user_role" => {
            let wanted = access_of(conn, int("role"))?;
            let mine = own(conn, tx.actor)?;
            return match covered(conn, &mine, &wanted, int("only_company"))? {
                true => Ok(()),
                false if covered(conn, &mine, &wanted, Some(tx.actor.company))? => Err(beyond("only_company")),
                false => Err(beyond("role")),
            };
        }
        "role" => covered(conn, &own(conn, tx.actor)?, &access_in(record), None)?,
        "user" if record.id == tx.actor.user => true,
        "user" => all_covered(conn, &own(conn, tx.actor)?, &roles_of(conn, record.id)?)?,
        "api_key" => {
            let mut rights = roles_of(conn, int("user").unwrap_or(0))?;
            if let Some(role) = int("role") {
                rights.iter_mut().for_each(|has| has.0 = role);
            }
            all_covered(conn, &own(conn, tx.actor)?, &rights)?
        }
        _ => true,
    };
    if fine { Ok(()) } else { Err(beyond("")) }
}

const ADMINISTRATORS: &str = "
    select count(*)
    from user_role a
    join role r on r.id = a.role and r.code = 'administrator'
    join \"user\" u on u.id = a.\"user\" and u.active = 1
    where a.only_company is null";

/// Whether somebody who may sign in still administers everything, after this grant of a role was changed or removed.
pub(crate) fn still_administered(tx: &Tx, old: &Record) -> Result<(), Trouble> {
    if old.meta.name != "user_role" || old.get("only_company").int().is_some() {
        return Ok(());
    }
    let boss = crate::number(tx.conn, "select id from role where code = 'administrator'", &[])?;
    if old.get("role").int() != boss {
        return Ok(());
    }
    match tx.query(ADMINISTRATORS, &[])?.first().map_or(0, |row| row.int(0)) {
        0 => Err(Refusal::new(
            "last_administrator",
            Label::new(
                "Nobody else could administer the system. Give another user the role of administrator in all companies first.",
                "此后将没有管理员。请先为其他用户分配适用于全部公司的管理员角色。",
            ),
        )
        .kind(ProblemKind::NotNow)
        .into()),
        _ => Ok(()),
    }
}

/// Whether an actor may save a company: a new one with rights in all, others with those in it.
pub(crate) fn may_keep_company(tx: &Tx, record: &Record, old: Option<&Record>) -> Result<(), Trouble> {
    if record.meta.name != "company" || tx.actor.access.has_all() {
        return Ok(());
    }
    tx.flush()?;
    let everywhere = own(tx.conn, tx.actor)?.into_iter().filter(|(_, only)| only.is_none()).map(|(role, _)| role);
    let there = match old {
        None => Arc::new(access_of(tx.conn, everywhere)?),
        Some(_) => tx.engine.access_there(tx.conn, tx.actor, record.id)?,
    };
    if !there.may("company", if old.is_none() { "add" } else { "edit" }) {
        return Err(beyond(""));
    }
    // Where companies are never closed for good, nobody does it.
    let closed = |record: &Record| {
        record.meta.field("hard_locked_until").map_or(Value::Null, |field| record.get(field.name).clone())
    };
    if closed(record) == old.map_or(Value::Null, closed) || there.may("company", CLOSE_FOR_GOOD) {
        return Ok(());
    }
    Err(Refusal::new(
        "may_not_close_for_good",
        Label::new(
            "Closing for good can never be taken back and needs a right of its own. Leave this day as it is, or ask an administrator.",
            "永久关账无法撤销，需要单独的权限。请保持该日期不变，或联系管理员。",
        ),
    )
    .kind(ProblemKind::NotAllowed)
    .field("hard_locked_until")
    .into())
}

/// What of a company only those are told who keep it: what is closed, and how it is paid; that
/// stands on every invoice, too.
fn is_inner(access: &Access, field: &str) -> bool {
    field.ends_with("_locked_until") || field == "bank_details" && !access.may("invoice", "see")
}

impl Engine {
    /// What an actor may do in one of their companies.
    pub(crate) fn access_there(&self, conn: &dyn Conn, actor: &Actor, company: i64) -> Result<Arc<Access>, Trouble> {
        if actor.access.has_all() || company == actor.company {
            return Ok(actor.access.clone());
        }
        let there = self.actor_on(conn, actor.user, company)?;
        Ok(match actor.only_role {
            Some(role) => self.narrowed_on(conn, &there, role)?.access,
            None => there.access,
        })
    }

    /// Whether an actor keeps a company: changes it, or takes all of it away in a file.
    pub(crate) fn keeps(&self, conn: &dyn Conn, actor: &Actor, company: i64) -> Result<bool, Trouble> {
        Ok(self.access_there(conn, actor, company)?.keeps())
    }

    /// Whether every company an actor works for is kept by them; a list of companies shows all of
    /// its fields only then.
    pub(crate) fn keeps_all(&self, conn: &dyn Conn, actor: &Actor) -> Result<bool, Trouble> {
        for company in &actor.companies {
            if !self.keeps(conn, actor, *company)? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Whether a field of companies is told to who does not keep them.
    pub(crate) fn is_told(&self, actor: &Actor, meta: &EntityMeta, field: &str, keeps: bool) -> bool {
        keeps || meta.name != "company" || !is_inner(&actor.access, field)
    }

    /// Which rows a verb reaches, as [`Access::rows`] has it; of companies, those one works for, and
    /// for anything but reading the one at hand, whose rights these are.
    pub(crate) fn rules(&self, actor: &Actor, meta: &EntityMeta, verb: &str) -> Filter {
        let rows = actor.access.rows(meta, verb);
        if meta.name != "company" || actor.access.has_all() {
            return rows;
        }
        let own = if verb == "see" { actor.companies.as_slice() } else { std::slice::from_ref(&actor.company) };
        let own = own.iter().map(|id| Json::from(kernel::id_text(meta.prefix, *id))).collect();
        Filter::And(vec![rows, Filter::Is { field: "id".to_owned(), op: Op::In, operand: Operand::Many(own) }])
    }
}
