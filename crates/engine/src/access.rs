//! Who may do what: grants of roles, and the row rules that join every query.

use std::collections::{BTreeMap, HashMap};
use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex};

use kernel::{Currency, Label, Lang, Param, ProblemKind, Refusal};
use meta::{ALL, EntityMeta, FieldKind, FieldMeta, Filter, Op, Record, Row, Trouble, Value};
use serde_json::{Map, Value as Json};
use store::Conn;

use crate::facts::Tx;
use crate::{Actor, Engine, Zone};

pub(crate) const GRANTS: &str =
    "select subject, verbs, row_rule, hides, read_only from role_grant where parent = ?1 order by position";

/// One thing a role allows with an entity.
#[derive(Clone, Debug)]
pub(crate) struct Given {
    verbs: Vec<String>,
    rows: String,
    /// Fields that are kept back.
    hides: Vec<String>,
    /// Fields that are not written.
    read_only: Vec<String>,
}

impl Given {
    /// From the columns of [`GRANTS`].
    fn of(row: &meta::Row) -> Given {
        Given::new(row.text(1), row.text(2), row.text(3), row.text(4))
    }

    /// Verbs and fields are words separated by blanks.
    pub(crate) fn new(verbs: &str, rows: &str, hides: &str, read_only: &str) -> Given {
        let words = |text: &str| text.split_whitespace().map(str::to_owned).collect();
        Given { verbs: words(verbs), rows: rows.to_owned(), hides: words(hides), read_only: words(read_only) }
    }

    /// How far it reaches: further with each step.
    fn width(&self) -> u8 {
        match self.rows.as_str() {
            "all" => 2,
            "team" => 1,
            _ => 0,
        }
    }

    fn has(&self, verb: &str) -> bool {
        self.verbs.iter().any(|given| given == ALL || given == verb)
    }
}

/// What the roles of an actor allow, together.
#[derive(Clone, Debug, Default)]
pub struct Access {
    by_name: BTreeMap<String, Vec<Given>>,
    /// The system itself: everything.
    all: bool,
    /// Whether any field is kept back at all.
    hides: bool,
    /// Whether any field is shown only.
    read_only: bool,
}

impl Access {
    pub(crate) fn give(&mut self, row: &meta::Row) {
        self.give_on(row.text(0), Given::of(row));
    }

    pub(crate) fn give_on(&mut self, subject: &str, given: Given) {
        self.hides |= !given.hides.is_empty();
        self.read_only |= !given.read_only.is_empty();
        self.by_name.entry(subject.to_owned()).or_default().push(given);
    }

    /// Whether this is the system itself.
    pub(crate) fn has_all(&self) -> bool {
        self.all
    }

    /// Whether all that others allow is allowed here, too: each verb, on no fewer rows and with no
    /// more fields kept back or shown only.
    pub(crate) fn covers(&self, others: &Access) -> bool {
        let covers = |on: &str, verb: &str, given: &Given| {
            self.given(on).any(|own| {
                own.has(verb)
                    && given.width() <= own.width()
                    && own.hides.iter().all(|field| given.hides.contains(field))
                    && own.read_only.iter().all(|field| given.read_only.contains(field))
            })
        };
        let mut wanted = others.by_name.iter().flat_map(|(on, given)| given.iter().map(move |one| (on, one)));
        self.all || !others.all && wanted.all(|(on, given)| given.verbs.iter().all(|verb| covers(on, verb, given)))
    }

    /// Whether a company that these rights are of is told whole: to who changes it or takes it away in a file.
    pub(crate) fn keeps(&self) -> bool {
        ["edit", "export"].iter().any(|verb| self.may("company", verb))
    }

    /// Everything: for the system itself.
    pub fn all() -> Access {
        Access { by_name: BTreeMap::new(), all: true, hides: false, read_only: false }
    }

    fn given(&self, on: &str) -> impl Iterator<Item = &Given> {
        let named = self.by_name.get(on).into_iter().flatten();
        named.chain(self.by_name.get(ALL).into_iter().flatten())
    }

    /// How far what hangs on records is seen: as far as the records are.
    pub(crate) fn about(&self) -> store::About<'_> {
        if self.all { store::About::Everything } else { store::About::Seen(self) }
    }

    /// Whether a verb or action is allowed on an entity or report, on some rows at least.
    pub fn may(&self, on: &str, verb: &str) -> bool {
        self.all || self.given(on).any(|given| given.has(verb))
    }

    /// Whether some records of an entity are seen; lines are seen by who sees what they stand in.
    pub(crate) fn may_see(&self, meta: &EntityMeta) -> bool {
        self.may(meta.parent.map_or(meta.name, |(owner, _)| owner), "see")
    }

    /// Whether a field is shown: by one of the roles that show the record. A field of a line is
    /// named by the list it stands in: `lines.margin`.
    pub(crate) fn shows(&self, meta: &EntityMeta, field: &str) -> bool {
        if self.all || !self.hides {
            return true;
        }
        let (on, name) = granted_as(meta, field);
        let mut seeing = self.given(on).filter(|given| given.has("see")).peekable();
        seeing.peek().is_none() || seeing.any(|given| !given.hides.contains(&name))
    }

    /// Whether a field is written: by one of the roles that add or edit (`verb`) the record.
    pub(crate) fn writes(&self, meta: &EntityMeta, field: &str, verb: &str) -> bool {
        if self.all || !self.read_only {
            return true;
        }
        let (on, name) = granted_as(meta, field);
        let mut writing = self.given(on).filter(|given| given.has(verb)).peekable();
        writing.peek().is_none() || writing.any(|given| !given.read_only.contains(&name))
    }

    /// Whether a field of a record that is there already is changed by one of the roles.
    pub(crate) fn changes(&self, meta: &EntityMeta, field: &str) -> bool {
        let (on, _) = granted_as(meta, field);
        self.may(on, "edit") && self.writes(meta, field, "edit")
    }

    /// Whether a verb reaches one's own rows only, and what others share: so it is with personal entities, and
    /// with seeing what can be shared and is not, but for who may change all of it.
    fn is_private(&self, meta: &EntityMeta, verb: &str) -> bool {
        let changes_all = || self.given(meta.name).any(|given| given.has("edit") && given.rows == "all");
        let is_shared_or_own = || meta.field("shared").is_some() && matches!(verb, "see" | "export") && !changes_all();
        !self.all && (meta.personal || is_shared_or_own())
    }

    /// Whether a verb reaches what others share: to look at it, everybody; to change it, who may change the roles,
    /// for what is shared is what roles see first, and that of a colleague who left must not stay for ever.
    fn reaches_shared(&self, meta: &EntityMeta, verb: &str) -> bool {
        meta.field("shared").is_some() && (matches!(verb, "see" | "export") || self.may("role", "edit"))
    }

    /// Which rows a verb reaches: a filter to be joined to every query.
    pub fn rows(&self, meta: &EntityMeta, verb: &str) -> Filter {
        if self.is_private(meta, verb) {
            let mut some = vec![Filter::is("owner", Op::Is, "me")];
            if self.reaches_shared(meta, verb) {
                some.push(Filter::is("shared", Op::Eq, true));
            }
            return Filter::Or(some);
        }
        let everything = self.all
            || meta.field("owner").is_none()
            || self.given(meta.name).any(|given| given.has(verb) && given.rows == "all");
        if everything {
            return Filter::all();
        }
        let mut some: Vec<Filter> = Vec::new();
        for given in self.given(meta.name).filter(|given| given.has(verb)) {
            let whom = if given.rows == "team" { "my_team" } else { "me" };
            some.push(Filter::is("owner", Op::Is, whom));
        }
        Filter::Or(some)
    }
}

impl store::Seen for Access {
    fn rules(&self, meta: &EntityMeta) -> Option<Filter> {
        self.may(meta.name, "see").then(|| self.rows(meta, "see"))
    }
}

/// Remembers what roles allow until a user, role or company changes.
#[derive(Default)]
pub(crate) struct Cache {
    known: Mutex<HashMap<(i64, i64), (u64, Actor)>>,
}

/// Currency and clocks of a company, out of rows of id, currency and time zone.
fn of_company(rows: &[Row], company: i64) -> (Currency, Zone) {
    let row = rows.iter().find(|row| row.int(0) == company);
    let currency = row.and_then(|row| Currency::parse(row.text(1))).unwrap_or(meta::NO_CURRENCY);
    (currency, Zone::named(row.and_then(|row| row.0[2].text()).unwrap_or_default()))
}

/// Where a grant names a field: the entity it is granted on, and the name there.
fn granted_as(meta: &EntityMeta, field: &str) -> (&'static str, String) {
    match meta.parent {
        Some((owner, lines)) => (owner, format!("{lines}.{field}")),
        None => (meta.name, field.to_owned()),
    }
}

fn refused(what: Label, meta: Option<&EntityMeta>, verb: &str) -> Trouble {
    let told = Refusal::new(
        "not_permitted",
        Label::new(
            "You may not use “{verb}” on {what}. Ask an administrator for the right.",
            "您没有对“{what}”执行“{verb}”的权限，请联系管理员。",
        ),
    );
    let word = meta::verb_label(meta, verb).map_or(Param::Text(verb.to_owned()), Param::Label);
    told.with("what", Param::Label(what)).with("verb", word).kind(ProblemKind::NotAllowed).into()
}

/// Fields that an actor sees and does not write are left as they were: `old` is the record as it was, or a
/// blank one. Gives what was sent otherwise.
pub(crate) fn untouched(access: &Access, old: &Record, new: &Record, verb: &str) -> Vec<Refusal> {
    if access.all || !access.read_only {
        return Vec::new();
    }
    let meta = new.meta;
    let mut problems = Vec::new();
    for (index, field) in meta.fields.iter().enumerate() {
        let is_kept = !access.writes(meta, field.name, verb);
        if let FieldKind::Owned(line) = field.kind {
            let before = old.owned_at(index);
            for (row, line_now) in new.owned_at(index).iter().enumerate() {
                let blank = || Record::empty(line());
                let known = before.iter().find(|one| line_now.id != 0 && one.id == line_now.id);
                let wrong = match known {
                    Some(one) => untouched(access, one, line_now, verb),
                    None => untouched(access, &blank(), line_now, verb),
                };
                problems.extend(wrong.into_iter().map(|problem| meta::json::within(problem, field.name, row)));
            }
            if is_kept && before.len() != new.owned_at(index).len() {
                problems.push(not_yours_to_change(meta, field));
            }
        } else if is_kept && !is_same(old.at(index), new.at(index)) {
            problems.push(not_yours_to_change(meta, field));
        }
    }
    problems
}

/// Whether a value was left as it was; what a blank record does not say is no or zero.
fn is_same(old: &Value, new: &Value) -> bool {
    old == new || matches!((old, new), (Value::Null, Value::Int(0)))
}

fn not_yours_to_change(meta: &EntityMeta, field: &FieldMeta) -> Refusal {
    let told = Refusal::new(
        "field_read_only",
        Label::new(
            "Your role sees “{field}” of {what} and does not change it. Leave it as it is, or ask who keeps it.",
            "您的角色只能查看{what}的“{field}”，不能修改。请保持不变，或联系负责维护的人员。",
        ),
    );
    let told = told.with("field", Param::Label(field.label)).with("what", Param::Label(meta.label));
    told.kind(ProblemKind::NotAllowed).field(field.name)
}

/// A field that is kept from the actor is answered like one that does not exist.
pub(crate) fn unseen(tx: &Tx, meta: &EntityMeta, body: &Map<String, Json>, within: &str) -> Result<(), Trouble> {
    for (name, value) in body {
        let Some(field) = meta.field(name) else { continue };
        if !tx.actor.access.shows(meta, name) {
            return Err(meta::json::unknown(meta, &format!("{within}{name}")).into());
        }
        if let (FieldKind::Owned(line), Json::Array(lines)) = (field.kind, value) {
            for (row, body) in lines.iter().filter_map(Json::as_object).enumerate() {
                unseen(tx, line(), body, &format!("{name}.")).map_err(|why| match why {
                    Trouble::Refused(refusal) => Trouble::Refused(refusal.row(row)),
                    other => other,
                })?;
            }
        }
    }
    Ok(())
}

impl Engine {
    /// The system itself, working for a company: everything is allowed.
    pub fn system(&self, company: i64) -> Result<Actor, Trouble> {
        self.database.read(|conn| self.system_on(conn, company))
    }

    pub(crate) fn system_on(&self, conn: &dyn Conn, company: i64) -> Result<Actor, Trouble> {
        let rows = conn.query("select id, currency, time_zone from company order by id", &[])?;
        let companies: Vec<i64> = rows.iter().map(|row| row.int(0)).collect();
        let (currency, zone) = of_company(&rows, company);
        Ok(Actor {
            user: 0,
            company,
            companies,
            lang: Lang::En,
            currency,
            zone,
            roles: vec!["administrator".to_owned()],
            access: Arc::new(Access::all()),
            team: Vec::new(),
            only_role: None,
        })
    }

    /// A user, working for one of their companies (the first, unless said).
    pub fn actor(&self, user: i64, company: Option<i64>, lang: Option<Lang>) -> Result<Actor, Trouble> {
        let generation = self.generation.load(Ordering::SeqCst);
        let key = (user, company.unwrap_or(0));
        let known = self.cache.known.lock().expect("not poisoned").get(&key).cloned();
        let mut actor = match known {
            Some((at, actor)) if at == generation => actor,
            _ => {
                let actor = self.database.read(|conn| self.load_actor(conn, user, company))?;
                self.cache.known.lock().expect("not poisoned").insert(key, (generation, actor.clone()));
                actor
            }
        };
        if let Some(lang) = lang {
            actor.lang = lang;
        }
        Ok(actor)
    }

    /// The same actor, who may work for a company that was made since.
    pub(crate) fn with_company(&self, actor: &Actor, company: i64) -> Result<Actor, Trouble> {
        let mut companies = actor.companies.clone();
        if !companies.contains(&company)
            && self
                .database
                .read(|conn| self.load_actor(conn, actor.user, Some(actor.company)))?
                .companies
                .contains(&company)
        {
            companies.push(company);
        }
        Ok(Actor { companies, ..actor.clone() })
    }

    /// The same on a connection that is open already.
    pub(crate) fn actor_on(&self, conn: &dyn Conn, user: i64, company: i64) -> Result<Actor, Trouble> {
        let generation = self.generation.load(Ordering::SeqCst);
        let known = self.cache.known.lock().expect("not poisoned").get(&(user, company)).cloned();
        match known {
            Some((at, actor)) if at == generation => Ok(actor),
            _ => self.load_actor(conn, user, Some(company)),
        }
    }

    fn load_actor(&self, conn: &dyn Conn, user: i64, company: Option<i64>) -> Result<Actor, Trouble> {
        let nobody = || -> Trouble {
            Refusal::new(
                "no_company",
                Label::new("You do not work for this company. Ask an administrator.", "您不属于该公司，请联系管理员。"),
            )
            .kind(ProblemKind::NotAllowed)
            .into()
        };
        let me = conn.query("select language, active from \"user\" where id = ?1", &[Value::Int(user)])?;
        let Some(me) = me.first().filter(|row| row.int(1) == 1) else { return Err(nobody()) };
        let given = conn
            .query("select role, only_company from user_role where \"user\" = ?1 order by id", &[Value::Int(user)])?;
        let all = conn.query("select id, currency, time_zone from company order by id", &[])?;
        let reaches = |company: i64| given.iter().any(|row| row.maybe_int(1).is_none_or(|only| only == company));
        let companies: Vec<i64> = all.iter().map(|row| row.int(0)).filter(|id| reaches(*id)).collect();
        let company = match company {
            Some(asked) if companies.contains(&asked) => asked,
            Some(_) => return Err(nobody()),
            None => *companies.first().ok_or_else(nobody)?,
        };
        let (currency, zone) = of_company(&all, company);
        let (mut roles, mut access) = (Vec::new(), Access::default());
        for row in given.iter().filter(|row| row.maybe_int(1).is_none_or(|only| only == company)) {
            let role = conn.query("select code from role where id = ?1", &[Value::Int(row.int(0))])?;
            roles.extend(role.first().map(|row| row.text(0).to_owned()));
            let grants = conn.query(GRANTS, &[Value::Int(row.int(0))])?;
            for grant in grants {
                access.give(&grant);
            }
        }
        Ok(Actor {
            user,
            company,
            companies,
            lang: Lang::parse(me.text(0)).unwrap_or_default(),
            currency,
            zone,
            roles,
            access: Arc::new(access),
            team: team(conn, user)?,
            only_role: None,
        })
    }

    /// The same actor with the rights of one of their roles only, for keys of programs.
    pub fn narrowed(&self, actor: &Actor, role: i64) -> Result<Actor, Trouble> {
        self.database.read(|conn| self.narrowed_on(conn, actor, role))
    }

    /// The same on a connection that is open already.
    pub(crate) fn narrowed_on(&self, conn: &dyn Conn, actor: &Actor, role: i64) -> Result<Actor, Trouble> {
        let code = conn.query("select code from role where id = ?1", &[Value::Int(role)])?;
        let code = code.first().map_or("", |row| row.text(0)).to_owned();
        let mut access = Access::default();
        // A role taken away from the user is taken away from the key; for an administrator,
        // who may do everything, any role is a narrower one.
        let has = actor.roles.iter().any(|role| *role == code || role == "administrator");
        let roles = if has && !code.is_empty() { vec![code] } else { Vec::new() };
        let grants = match roles.is_empty() {
            true => Vec::new(),
            false => conn.query(GRANTS, &[Value::Int(role)])?,
        };
        for grant in grants {
            access.give(&grant);
        }
        Ok(Actor { roles, access: Arc::new(access), only_role: Some(role), ..actor.clone() })
    }

    pub(crate) fn permit(&self, actor: &Actor, meta: &EntityMeta, verb: &str) -> Result<(), Trouble> {
        if actor.access.may(meta.name, verb) {
            return Ok(());
        }
        Err(refused(meta.label, Some(meta), verb))
    }

    pub(crate) fn permit_report(&self, actor: &Actor, report: &meta::ReportMeta) -> Result<(), Trouble> {
        if actor.access.may(report.name, "see") {
            return Ok(());
        }
        Err(refused(report.label, None, "see"))
    }

    /// Whether a verb reaches this very row.
    pub(crate) fn reaches(&self, actor: &Actor, record: &meta::Record, verb: &str) -> bool {
        // A company that was made since is the system's, too.
        let of = match record.meta.name {
            "company" => Some(record.id).filter(|_| !actor.access.all),
            _ => record.company(),
        };
        if of.is_some_and(|company| !actor.companies.contains(&company)) {
            return false;
        }
        if !actor.access.may(record.meta.name, verb) {
            return false;
        }
        if actor.access.is_private(record.meta, verb) {
            let shared = actor.access.reaches_shared(record.meta, verb) && record.get("shared").int() == Some(1);
            return record.get("owner").int() == Some(actor.user) || shared;
        }
        self.reaches_owner(actor, record.meta, verb, || record.get("owner").int().unwrap_or(0))
    }

    /// The same for a record that may hang on another: it is reached as far as that one is seen.
    pub(crate) fn reaches_on(
        &self,
        conn: &dyn Conn,
        actor: &Actor,
        record: &meta::Record,
        verb: &str,
    ) -> Result<bool, Trouble> {
        if !self.reaches(actor, record, verb) {
            return Ok(false);
        }
        let meta = record.meta;
        if !meta.is_about() || meta.personal || actor.access.all {
            return Ok(true);
        }
        match (record.get("about_entity").text(), record.get("about_doc").int()) {
            (Some(entity), Some(id)) => Ok(self.about(conn, actor, entity, id)?.is_some()),
            _ => Ok(["owner", "assigned_to"]
                .iter()
                .any(|name| meta.field(name).is_some() && record.get(name).int() == Some(actor.user))),
        }
    }

    /// The record something hangs on, without its lines, if an actor may see it.
    pub(crate) fn about(
        &self,
        conn: &dyn Conn,
        actor: &Actor,
        entity: &str,
        id: i64,
    ) -> Result<Option<meta::Record>, Trouble> {
        let Some(meta) = self.registry.entity(entity).filter(|meta| store::can_carry(meta)) else { return Ok(None) };
        if !actor.access.may(meta.name, "see") {
            return Ok(None);
        }
        let record = store::load_bare(conn, meta, id)?;
        Ok(record.filter(|record| self.reaches(actor, record, "see")))
    }

    /// Whether the row rules of a verb reach what somebody owns.
    pub(crate) fn reaches_owner(
        &self,
        actor: &Actor,
        meta: &EntityMeta,
        verb: &str,
        owner: impl FnOnce() -> i64,
    ) -> bool {
        match actor.access.rows(meta, verb) {
            Filter::And(parts) if parts.is_empty() => true,
            Filter::Or(parts) => {
                let owner = owner();
                parts.iter().any(|part| match part {
                    Filter::Is { operand: meta::Operand::One(whom), .. } => match whom.as_str() {
                        Some("my_team") => owner == actor.user || actor.team.contains(&owner),
                        _ => owner == actor.user,
                    },
                    _ => false,
                })
            }
            _ => false,
        }
    }
}

/// How deep a tree of managers is followed.
const LEVELS_MAX: usize = 12;

/// The user and everyone below.
fn team(conn: &dyn Conn, user: i64) -> Result<Vec<i64>, Trouble> {
    let rows = conn.query("select id, manager from \"user\" where manager is not null", &[])?;
    let mut team = vec![user];
    for _ in 0..LEVELS_MAX {
        let below: Vec<i64> = rows
            .iter()
            .filter(|row| team.contains(&row.int(1)) && !team.contains(&row.int(0)))
            .map(|row| row.int(0))
            .collect();
        if below.is_empty() {
            break;
        }
        team.extend(below);
    }
    Ok(team)
}
