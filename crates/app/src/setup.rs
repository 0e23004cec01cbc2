//! Setting up: a company with its chart of accounts, taxes, terms, units, numbers and places; users
//! and roles. All of it goes through the same doors a user has.

use std::collections::BTreeMap;
use std::sync::Arc;

use engine::Engine;
use kernel::{Currency, id_text};
use meta::{Fault, Trouble, Value};
use serde_json::{Value as Json, json};

use crate::driver::Driver;

/// How credit notes of a new company are numbered.
const CREDIT_NOTES: &str = "CN-{year}-{seq:05}";

/// What is to be set up.
pub struct Plan<'a> {
    /// Its name.
    pub name: &'a str,
    /// Its currency.
    pub currency: Currency,
    /// Its chart of accounts: `small_business_cn` or `ifrs_generic`.
    pub chart: &'a str,
    /// Two letters.
    pub country: &'a str,
    /// By whose clocks its day begins, such as `Asia/Shanghai`; empty for those of its country.
    pub time_zone: &'a str,
    /// Letterhead.
    pub address: &'a str,
    /// Letterhead.
    pub phone: &'a str,
    /// Letterhead.
    pub email: &'a str,
    /// Letterhead.
    pub tax_number: &'a str,
    /// Letterhead.
    pub bank_details: &'a str,
}

impl Default for Plan<'_> {
    fn default() -> Self {
        Plan {
            name: "",
            currency: Currency::CNY,
            chart: "small_business_cn",
            country: "CN",
            time_zone: "",
            address: "",
            phone: "",
            email: "",
            tax_number: "",
            bank_details: "",
        }
    }
}

/// Makes a company and all it needs to sell. Gives its raw id.
pub fn company(engine: &Arc<Engine>, plan: &Plan) -> Result<i64, Trouble> {
    if localize::chart(plan.chart).is_none() {
        return Err(Fault::new(format!("there is no chart of accounts {}", plan.chart)).into());
    }
    let nobody = Driver::system(engine, 0)?;
    let body = json!({
        "name": plan.name, "currency": plan.currency.code(), "country": plan.country, "chart": plan.chart,
        "address": plan.address, "phone": plan.phone, "email": plan.email, "tax_number": plan.tax_number,
        "bank_details": plan.bank_details,
        "time_zone": Some(plan.time_zone).filter(|zone| !zone.is_empty()),
    });
    let id = nobody.create("company", body)?;
    let company = raw(engine, "company", &id)?;
    roles(engine)?;
    furnish(engine, company)?;
    Ok(company)
}

/// Companies that were made elsewhere, in the browser or by the API, and have not all they need yet.
/// Places come last, so a company with them has everything.
pub fn furnish_all(engine: &Arc<Engine>) -> Result<usize, Trouble> {
    let bare =
        "select c.id from company c where not exists (select 1 from place p where p.company = c.id) order by c.id";
    let bare = rows(engine, bare, &[])?;
    for row in &bare {
        furnish(engine, row.int(0))?;
    }
    Ok(bare.len())
}

/// Units, taxes, terms and places of companies that were made before papers had names in two languages: those that still have
/// the name they were made with, and none for papers, get both. How many did.
pub fn name_for_papers(engine: &Arc<Engine>) -> Result<usize, Trouble> {
    let mut named = 0;
    for (entity, code) in [("unit", "''"), ("tax", "x.code"), ("payment_term", "''"), ("place", "x.code")] {
        let bare = format!(
            "select x.id, x.company, x.name, {code}, c.country from {entity} x join company c on c.id = x.company
             where coalesce(x.name_en, '') = '' and coalesce(x.name_zh, '') = '' order by x.id"
        );
        let prefix = engine.entity(entity)?.prefix;
        for row in rows(engine, &bare, &[])? {
            let (name, code, country) = (row.text(2), row.text(3), row.text(4));
            let is_it = |(en, zh): &(String, String)| name == en || name == format!("{zh} {en}");
            let of_label = |label: kernel::Label| (label.en.to_owned(), label.zh.to_owned());
            let found = match entity {
                "unit" => localize::units().iter().map(|unit| of_label(unit.name)).find(is_it),
                "tax" => {
                    let taxes = localize::taxes(country).into_iter().chain(localize::former_taxes());
                    taxes.filter(|tax| tax.code == code).map(|tax| (tax.en, tax.zh)).find(is_it)
                }
                "place" => {
                    let places = localize::places().iter().filter(|place| place.code == code);
                    places.map(|place| of_label(place.name)).find(is_it)
                }
                _ => localize::payment_terms().iter().map(|term| of_label(term.name)).find(is_it),
            };
            let Some((en, zh)) = found else { continue };
            let desk = Driver::system(engine, row.int(1))?;
            desk.change(entity, &id_text(prefix, row.int(0)), json!({ "name_en": en, "name_zh": zh }))?;
            named += 1;
        }
    }
    Ok(named)
}

/// Gives a company its chart of accounts, taxes, terms, units, numbers and places. What is there already is left as
/// it is, so that what was interrupted can be done again.
fn furnish(engine: &Arc<Engine>, company: i64) -> Result<(), Trouble> {
    let known = rows(engine, "select chart, country from company where id = ?1", &[company.into()])?;
    let known = known.first().ok_or_else(|| Fault::new("the company is gone"))?;
    let chart = localize::chart(known.text(0))
        .ok_or_else(|| Fault::new(format!("there is no chart of accounts {}", known.text(0))))?;
    let desk = Driver::system(engine, company)?;
    let country = known.text(1);
    accounts(&desk, chart, country)?;
    let taxes = taxes(&desk, country)?;
    tax_positions(&desk, country, &taxes)?;
    for term in localize::payment_terms() {
        let lines: Vec<Json> = term
            .lines
            .iter()
            .map(|line| {
                json!({
                    "share_rate": line.share_rate.to_string(), "months": line.months, "days": line.days,
                    "end_of_month": line.end_of_month, "days_after": line.days_after,
                })
            })
            .collect();
        once(&desk, "payment_term", "name", printed(json!({ "lines": lines }), (term.name.en, term.name.zh), country))?;
    }
    numbers(&desk)?;
    activity_types(engine)?;
    working_days(engine, country)?;
    for unit in localize::units() {
        let body = json!({
            "category": unit.category, "numerator": unit.numerator, "denominator": unit.denominator, "whole": unit.whole,
        });
        once(&desk, "unit", "name", printed(body, (unit.name.en, unit.name.zh), country))?;
    }
    let mut places: BTreeMap<&str, String> = BTreeMap::new();
    for place in localize::places() {
        let made = self::place(&desk, place, country, places.get(place.warehouse))?;
        places.insert(place.code, made);
    }
    Ok(())
}

/// Credit notes are numbered by themselves: invoices then follow each other without a gap, as those who check them expect.
/// A company that numbers its invoices in its own way already keeps that.
fn numbers(desk: &Driver) -> Result<(), Trouble> {
    let sql = "select 1 from number_series where company = ?1 and entity = 'invoice'";
    if rows(&desk.engine, sql, &[desk.actor.company.into()])?.is_empty() {
        let series = json!({ "entity": "invoice", "kind": "credit_note", "pattern": CREDIT_NOTES });
        desk.create("number_series", series)?;
    }
    Ok(())
}

/// The place of that code, in its warehouse; makes it if it is not there.
pub(crate) fn place(
    desk: &Driver,
    seed: &localize::PlaceSeed,
    country: &str,
    warehouse: Option<&String>,
) -> Result<String, Trouble> {
    let body = json!({ "code": seed.code, "kind": seed.kind });
    let mut body = printed(body, (seed.name.en, seed.name.zh), country);
    if let Some(warehouse) = warehouse {
        (body["warehouse"], body["parent"]) = (json!(warehouse), json!(warehouse));
    }
    once(desk, "place", "code", body)
}

/// The company's record of that code or name; makes it if it is not there.
fn once(desk: &Driver, entity: &str, by: &str, body: Json) -> Result<String, Trouble> {
    let is_shared = !desk.engine.entity(entity)?.has_company();
    let sql = match is_shared {
        true => format!("select id from {entity} where {by} = ?1 order by id limit 1"),
        false => format!("select id from {entity} where {by} = ?1 and company = ?2 order by id limit 1"),
    };
    let mut args = vec![Value::from(body[by].as_str().unwrap_or(""))];
    args.extend((!is_shared).then_some(Value::Int(desk.actor.company)));
    match outer(&desk.engine, entity, &rows(&desk.engine, &sql, &args)?) {
        Some(id) => Ok(id),
        None => desk.create(entity, body),
    }
}

/// A name both kinds of readers understand: one name serves one database of two languages.
fn both(label: kernel::Label) -> String {
    format!("{} {}", label.zh, label.en)
}

/// What a company of a country calls something: where Chinese is read, by both names, for one name serves
/// readers of two languages; elsewhere by the English one.
fn called((en, zh): (&str, &str), country: &str) -> String {
    match country {
        "CN" | "HK" | "MO" | "SG" | "TW" => format!("{zh} {en}"),
        _ => en.to_owned(),
    }
}

/// A body with such a name, and with what papers of either language say for it.
fn printed(mut body: Json, (en, zh): (&str, &str), country: &str) -> Json {
    (body["name"], body["name_en"], body["name_zh"]) = (json!(called((en, zh), country)), json!(en), json!(zh));
    body
}

fn accounts(desk: &Driver, chart: &[localize::AccountSeed], country: &str) -> Result<(), Trouble> {
    let mut made: BTreeMap<&'static str, String> = BTreeMap::new();
    for account in chart {
        let mut body = json!({
            "code": account.code, "name": called((account.name.en, account.name.zh), country), "kind": account.kind, "used_for": account.used_for,
            "is_group": account.is_group,
        });
        if let Some(parent) = made.get(account.parent) {
            body["parent"] = json!(parent);
        }
        made.insert(account.code, once(desk, "account", "code", body)?);
    }
    Ok(())
}

/// The taxes of a country; gives the id of each by its code.
fn taxes(desk: &Driver, country: &str) -> Result<BTreeMap<String, String>, Trouble> {
    let mut made = BTreeMap::new();
    for tax in localize::taxes(country) {
        let body = json!({
            "code": tax.code, "kind": "percent", "rate": tax.rate.to_string(), "included": tax.is_included,
        });
        let mut body = printed(body, (&tax.en, &tax.zh), country);
        // A tax on sales needs none: it goes to the account used for them.
        if tax.account != "sales_tax" {
            body["account"] = json!(account(&desk.engine, desk.actor.company, tax.account)?);
        }
        made.insert(tax.code.clone(), once(desk, "tax", "code", body)?);
    }
    Ok(made)
}

/// Which of these taxes stand in for others, by who buys and where it goes.
pub(crate) fn tax_positions(desk: &Driver, country: &str, taxes: &BTreeMap<String, String>) -> Result<(), Trouble> {
    for position in localize::tax_positions(country) {
        // A company that took a tax away has no use for what stands in for it.
        let line = |(from, to): &(String, String)| {
            let charges = if to.is_empty() { None } else { Some(taxes.get(to)?) };
            Some(json!({ "replaces": taxes.get(from)?, "charges": charges }))
        };
        let lines: Vec<Json> = position.lines.iter().filter_map(line).collect();
        // One that replaces nothing, because goods are taxed as at home, has none from the start.
        if lines.is_empty() && !position.lines.is_empty() {
            continue;
        }
        let body = json!({
            "name": called((position.name.en, position.name.zh), country),
            "automatic": position.is_automatic, "area": position.area, "tax_number": position.tax_number,
            "sequence": position.sequence, "note_en": position.note.en, "note_zh": position.note.zh, "lines": lines,
        });
        once(desk, "tax_position", "name", body)?;
    }
    Ok(())
}

/// Makes the working calendar of a country with its holidays, unless it has one already or we know none.
fn working_days(engine: &Arc<Engine>, country: &str) -> Result<(), Trouble> {
    let Some(seed) = localize::calendar(country) else { return Ok(()) };
    if !rows(engine, "select 1 from working_calendar where country = ?1", &[country.into()])?.is_empty() {
        return Ok(());
    }
    let desk = Driver::system(engine, 0)?;
    let calendar = once(&desk, "working_calendar", "name", json!({ "name": both(seed.name), "country": country }))?;
    for days in seed.days {
        let body = json!({
            "calendar": calendar, "first_on": days.first, "last_on": days.last,
            "kind": if days.is_worked { "work" } else { "rest" }, "name": days.name.en, "name_zh": days.name.zh,
        });
        desk.create("special_day", body)?;
    }
    Ok(())
}

/// Makes the types of activities to begin with, unless they are there.
fn activity_types(engine: &Arc<Engine>) -> Result<(), Trouble> {
    let desk = Driver::system(engine, 0)?;
    let mut made: BTreeMap<&str, String> = BTreeMap::new();
    for seed in teamwork::seeds::TYPES {
        let mut body = json!({
            "code": seed.code, "name": both(seed.name), "icon": seed.code, "default_days": seed.default_days,
        });
        if let Some(next) = made.get(seed.next.0) {
            body["chain"] = json!("suggest");
            body["next_type"] = json!(next);
            body["next_days"] = json!(seed.next.1);
        }
        made.insert(seed.code, once(&desk, "activity_type", "code", body)?);
    }
    Ok(())
}

/// Makes the roles of all modules, each with the dashboard its people begin with, unless they are there.
pub fn roles(engine: &Arc<Engine>) -> Result<(), Trouble> {
    let modules = crate::modules::modules();
    for role in modules.iter().flat_map(|module| module.roles) {
        self::role(engine, &modules, role)?;
    }
    Ok(())
}

/// Makes a role of ours with its grants and its dashboard, unless it is there. Whether it was made.
pub(crate) fn role(engine: &Arc<Engine>, modules: &[meta::Module], role: &meta::Role) -> Result<bool, Trouble> {
    if !rows(engine, "select id from role where code = ?1", &[role.code.into()])?.is_empty() {
        return Ok(false);
    }
    let desk = Driver::system(engine, 0)?;
    let grants = modules.iter().flat_map(|module| module.grants).filter(|grant| grant.role == role.code);
    let grants: Vec<Json> = grants
        .map(|grant| {
            json!({
                "subject": grant.on, "verbs": grant.verbs, "row_rule": grant.rows.name(),
                "hides": grant.hides, "read_only": grant.read_only,
            })
        })
        .collect();
    let body = json!({ "code": role.code, "name": role.label.en, "name_zh": role.label.zh, "grants": grants });
    desk.create("role", body)?;
    if let Some(layout) = crate::role_home::layout(role.code) {
        let body = json!({
            "name": role.label.en, "name_zh": role.label.zh, "for_role": role.code, "shared": true, "layout": layout,
        });
        desk.create("dashboard", body)?;
    }
    Ok(true)
}

/// Makes a user with roles in all companies, or gives a known one more roles; sets the password.
pub fn user(
    engine: &Arc<Engine>,
    login: &str,
    name: &str,
    password: &str,
    roles: &[&str],
    language: &str,
) -> Result<i64, Trouble> {
    self::roles(engine)?;
    let desk = Driver::system(engine, 0)?;
    let known = rows(engine, "select id from \"user\" where login = ?1", &[login.into()])?;
    let id = match known.first() {
        Some(row) => id_text("us", row.int(0)),
        None => desk.create("user", json!({ "login": login, "name": name, "language": language }))?,
    };
    let user = raw(engine, "user", &id)?;
    for code in roles {
        let role = rows(engine, "select id from role where code = ?1", &[(*code).into()])?;
        let role = role.first().ok_or_else(|| Fault::new(format!("there is no role {code}")))?.int(0);
        let has =
            rows(engine, "select 1 from user_role where \"user\" = ?1 and role = ?2", &[user.into(), role.into()])?;
        if has.is_empty() {
            desk.create("user_role", json!({ "user": id, "role": id_text("ro", role) }))?;
        }
    }
    engine.set_password(user, password)?;
    Ok(user)
}

/// Says whose manager somebody has.
pub fn managed_by(engine: &Arc<Engine>, login: &str, manager: &str) -> Result<(), Trouble> {
    let desk = Driver::system(engine, 0)?;
    let manager = user_id(engine, manager)?;
    let found = rows(engine, "select id, version from \"user\" where login = ?1", &[login.into()])?;
    let row = found.first().ok_or_else(|| Fault::new(format!("there is no user {login}")))?;
    let body = json!({ "manager": manager });
    engine.change(&desk.actor, "user", row.int(0), row.int(1), body.as_object().expect("an object"), None)?;
    Ok(())
}

fn raw(engine: &Engine, entity: &str, id: &str) -> Result<i64, Trouble> {
    let meta = engine.entity(entity)?;
    kernel::id_parse(meta.prefix, id).ok_or_else(|| Fault::new(format!("{id} is not an id of {entity}")).into())
}

pub(crate) fn rows(engine: &Engine, sql: &str, args: &[Value]) -> Result<Vec<meta::Row>, Trouble> {
    engine.database().read(|conn| Ok(conn.query(sql, args)?))
}

fn outer(engine: &Engine, entity: &str, found: &[meta::Row]) -> Option<String> {
    let prefix = engine.registry().entity(entity)?.prefix;
    found.first().map(|row| id_text(prefix, row.int(0)))
}

/// The first record whose field holds a text.
pub fn find(engine: &Engine, company: i64, entity: &str, field: &str, text: &str) -> Result<Option<String>, Trouble> {
    let sql = format!("select id from {entity} where company = ?1 and {field} like ?2 order by id limit 1");
    let found = rows(engine, &sql, &[company.into(), format!("%{text}%").into()])?;
    Ok(outer(engine, entity, &found))
}

/// The first record of an entity.
pub fn first(engine: &Engine, company: i64, entity: &str) -> Result<Option<String>, Trouble> {
    let sql = format!("select id from {entity} where company = ?1 order by id limit 1");
    Ok(outer(engine, entity, &rows(engine, &sql, &[company.into()])?))
}

/// The account used for something.
pub fn account(engine: &Engine, company: i64, used_for: &str) -> Result<String, Trouble> {
    let sql = "select id from account where company = ?1 and used_for = ?2 and is_group = 0 order by id limit 1";
    let found = rows(engine, sql, &[company.into(), used_for.into()])?;
    outer(engine, "account", &found).ok_or_else(|| Fault::new(format!("no account is used for {used_for}")).into())
}

/// An account for what it costs to be in business.
pub fn expense_account(engine: &Engine, company: i64) -> Result<Option<String>, Trouble> {
    let sql = "select id from account where company = ?1 and kind = 'expense' and used_for = 'none' and is_group = 0
        order by case when name like '%管理%' then 0 else 1 end, id limit 1";
    Ok(outer(engine, "account", &rows(engine, sql, &[company.into()])?))
}

/// The usual tax on sales: the first one not included in prices.
pub fn default_tax(engine: &Engine, company: i64) -> Result<Option<String>, Trouble> {
    let sql = "select id from tax where company = ?1 and included = 0 and kind = 'percent' order by id limit 1";
    Ok(outer(engine, "tax", &rows(engine, sql, &[company.into()])?))
}

/// The first place goods are kept in.
pub fn stock_place(engine: &Engine, company: i64) -> Result<String, Trouble> {
    let sql = "select id from place where company = ?1 and kind = 'stock' order by id limit 1";
    let found = rows(engine, sql, &[company.into()])?;
    outer(engine, "place", &found).ok_or_else(|| Fault::new("there is no stock place").into())
}

/// A user's raw id.
pub fn raw_user(engine: &Engine, login: &str) -> Result<i64, Trouble> {
    let found = rows(engine, "select id from \"user\" where login = ?1", &[login.into()])?;
    found.first().map(|row| row.int(0)).ok_or_else(|| Fault::new(format!("there is no user {login}")).into())
}

/// A user's id.
pub fn user_id(engine: &Engine, login: &str) -> Result<String, Trouble> {
    Ok(id_text("us", raw_user(engine, login)?))
}
