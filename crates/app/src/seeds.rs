//! What companies and roles of an earlier version lack of what new ones begin with.
//!
//! A start compares the seeds of this program with those the database was given last: if they are the same, one
//! question is all it costs. If not, what is new is given, and what people made, changed or removed stays as it is:
//!
//! - roles that are new are made; a role nobody changed gets the grants it has today; one that somebody changed gets grants on what is new only;
//! - tax positions come to companies that never had any;
//! - a place that was made before warehouses had places below them stands in its warehouse, unless somebody changed it;
//! - lines of orders commit what they should of credit;
//! - units, taxes, terms, places and dashboards get their names in both languages.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use engine::Engine;
use kernel::id_text;
use meta::{Grant, Module, Trouble, Value};
use serde_json::{Value as Json, json};
use sha2::{Digest, Sha256};
use store::Conn;

use crate::driver::Driver;
use crate::setup::{self, rows};

/// What was given, as records that were made or changed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Given {
    /// Roles that were made, or got grants.
    pub roles: usize,
    /// Tax positions.
    pub tax_positions: usize,
    /// Places that stand in their warehouse now.
    pub places: usize,
    /// Records that got names in both languages.
    pub names: usize,
    /// Lines of orders and deliveries that commit what they should of credit now.
    pub commitments: usize,
}

/// Gives what is missing, once for every version of the seeds; nothing where the database has them already.
pub fn catch_up(engine: &Arc<Engine>) -> Result<Option<Given>, Trouble> {
    let modules = crate::modules::modules();
    let now = digest(&modules);
    let known = rows(engine, "select digest, subjects from seeds where id = 1", &[])?;
    if known.first().is_some_and(|row| row.text(0) == now) {
        return Ok(None);
    }
    let before: Option<BTreeSet<&str>> = known.first().map(|row| row.text(1).split_whitespace().collect());
    let roles = new_roles(engine, &modules, before.as_ref())? + grants(engine, &modules, before.as_ref())?;
    let mut given = Given { roles, ..Given::default() };
    for row in rows(engine, "select id, country from company order by id", &[])? {
        given.tax_positions += tax_positions(engine, row.int(0), row.text(1))?;
        given.places += warehouses(engine, row.int(0), row.text(1))?;
    }
    given.names = setup::name_for_papers(engine)? + crate::role_home::name(engine)?;
    given.commitments = crate::recount::commitments(engine)?;
    remember(engine, now, subjects(&modules).join(" "))?;
    Ok(Some(given))
}

/// Says which seeds the database has.
fn remember(engine: &Engine, digest: String, subjects: String) -> Result<(), Trouble> {
    engine.database().write(move |conn: &dyn Conn| {
        let sql = "insert into seeds (id, digest, subjects) values (1, ?1, ?2)
            on conflict (id) do update set digest = ?1, subjects = ?2";
        conn.execute(sql, &[digest.as_str().into(), subjects.as_str().into()])?;
        Ok(())
    })
}

/// What the seeds say, in short: another word when any of them changes, so that nobody has to count versions.
fn digest(modules: &[Module]) -> String {
    let mut text = format!("{:?}{:?}{}", localize::places(), localize::payment_terms(), crate::recount::VERSION);
    text.push_str(&format!("{:?}", localize::units()));
    for country in kernel::COUNTRIES.lines().filter_map(|line| line.get(..2)) {
        text.push_str(&format!("{:?}{:?}", localize::taxes(country), localize::tax_positions(country)));
    }
    for module in modules {
        text.push_str(&format!("{:?}{:?}", module.roles, module.grants));
    }
    Sha256::digest(text).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Everything a role can be granted something on, and the roles themselves.
fn subjects(modules: &[Module]) -> Vec<String> {
    let of_module = |module: &Module| {
        let entities = module.entities.iter().map(|(meta, _)| meta.name.to_owned());
        let reports = module.reports.iter().map(|report| report.name.to_owned());
        let roles = module.roles.iter().map(|role| of_role(role.code));
        entities.chain(reports).chain(roles).collect::<Vec<_>>()
    };
    modules.iter().flat_map(of_module).collect()
}

fn of_role(code: &str) -> String {
    format!("role:{code}")
}

/// Makes roles that are new in this version; one that somebody removed stays away.
fn new_roles(engine: &Arc<Engine>, modules: &[Module], before: Option<&BTreeSet<&str>>) -> Result<usize, Trouble> {
    if rows(engine, "select 1 from role limit 1", &[])?.is_empty() {
        return Ok(0);
    }
    let some_removed =
        !rows(engine, "select 1 from audit where entity = 'role' and kind = 'removed' limit 1", &[])?.is_empty();
    let is_new = |code: &str| match before {
        Some(before) => !before.contains(of_role(code).as_str()),
        None => !some_removed,
    };
    let mut made = 0;
    for role in modules.iter().flat_map(|module| module.roles).filter(|role| is_new(role.code)) {
        made += usize::from(setup::role(engine, modules, role)?);
    }
    Ok(made)
}

/// Whether somebody changed a record; what the program does itself is nobody's change.
fn is_changed(engine: &Engine, entity: &str, id: i64) -> Result<bool, Trouble> {
    let sql = "select 1 from audit where entity = ?1 and doc = ?2 and recorded_by <> 0 limit 1";
    Ok(!rows(engine, sql, &[entity.into(), id.into()])?.is_empty())
}

/// Gives the roles there are what they lack; `before` is what could be granted when this was done last.
fn grants(engine: &Arc<Engine>, modules: &[Module], before: Option<&BTreeSet<&str>>) -> Result<usize, Trouble> {
    let desk = Driver::system(engine, 0)?;
    let mut given = 0;
    for role in modules.iter().flat_map(|module| module.roles) {
        let Some(row) = rows(engine, "select id from role where code = ?1", &[role.code.into()])?.into_iter().next()
        else {
            continue;
        };
        let seeds = modules.iter().flat_map(|module| module.grants).filter(|grant| grant.role == role.code);
        let sql = "select subject, verbs, row_rule, coalesce(hides, ''), coalesce(read_only, '')
            from role_grant where parent = ?1 order by position";
        let has: Vec<[String; 5]> = rows(engine, sql, &[row.int(0).into()])?
            .iter()
            .map(|row| [0, 1, 2, 3, 4].map(|at| row.text(at).to_owned()))
            .collect();
        let wanted: Vec<[String; 5]> = match is_changed(engine, "role", row.int(0))? {
            false => seeds.map(told).collect(),
            true => {
                let is_new = |grant: &&Grant| {
                    let is_known = before.is_none_or(|before| before.contains(grant.on));
                    !is_known && !has.iter().any(|one| one[0] == grant.on)
                };
                has.iter().cloned().chain(seeds.filter(is_new).map(told)).collect()
            }
        };
        let is_same = |one: &[[String; 5]], other: &[[String; 5]]| {
            one.iter().collect::<BTreeSet<_>>() == other.iter().collect::<BTreeSet<_>>()
        };
        if is_same(&wanted, &has) {
            continue;
        }
        let lines: Vec<Json> = wanted.iter().map(line).collect();
        desk.change("role", &id_text("ro", row.int(0)), json!({ "grants": lines }))?;
        given += 1;
    }
    Ok(given)
}

fn told(grant: &Grant) -> [String; 5] {
    [grant.on, grant.verbs, grant.rows.name(), grant.hides, grant.read_only].map(str::to_owned)
}

fn line([subject, verbs, row_rule, hides, read_only]: &[String; 5]) -> Json {
    json!({ "subject": subject, "verbs": verbs, "row_rule": row_rule, "hides": hides, "read_only": read_only })
}

/// Tax positions for a company that never had one: one that was removed does not come back.
fn tax_positions(engine: &Arc<Engine>, company: i64, country: &str) -> Result<usize, Trouble> {
    let count = |sql: &str| Ok::<i64, Trouble>(rows(engine, sql, &[company.into()])?[0].int(0));
    let had = count("select count(*) from audit where entity = 'tax_position' and company = ?1")?;
    if had != 0 || count("select count(*) from tax_position where company = ?1")? != 0 {
        return Ok(0);
    }
    let prefix = engine.entity("tax")?.prefix;
    let taxes = rows(engine, "select code, id from tax where company = ?1 order by id desc", &[company.into()])?;
    let taxes: BTreeMap<String, String> =
        taxes.iter().map(|row| (row.text(0).to_owned(), id_text(prefix, row.int(1)))).collect();
    setup::tax_positions(&Driver::system(engine, company)?, country, &taxes)?;
    Ok(count("select count(*) from tax_position where company = ?1")? as usize)
}

/// Places that are part of nothing though new ones are part of their warehouse are put into it.
fn warehouses(engine: &Arc<Engine>, company: i64, country: &str) -> Result<usize, Trouble> {
    let desk = Driver::system(engine, company)?;
    let prefix = engine.entity("place")?.prefix;
    let mut put = 0;
    for seed in localize::places().iter().filter(|seed| !seed.warehouse.is_empty()) {
        let sql = "select id, warehouse from place where company = ?1 and code = ?2 and kind = ?3 and parent is null";
        let args = [Value::Int(company), seed.code.into(), seed.kind.into()];
        let Some(row) = rows(engine, sql, &args)?.into_iter().next() else { continue };
        let above = localize::places().iter().find(|place| place.code == seed.warehouse);
        let Some(above) = above.filter(|_| row.maybe_int(1).is_none()) else { continue };
        if is_changed(engine, "place", row.int(0))? {
            continue;
        }
        let warehouse = setup::place(&desk, above, country, None)?;
        let body = json!({ "warehouse": warehouse, "parent": warehouse });
        desk.change("place", &id_text(prefix, row.int(0)), body)?;
        put += 1;
    }
    Ok(put)
}
