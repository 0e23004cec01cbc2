//! Lists: filters, sorting, paging and grouping, for any entity.
//!
//! Names come from descriptions only, values are always bound. What a user may not see
//! can neither be filtered nor sorted by, and is answered like a field that does not exist.

mod about;
mod build;
mod cursor;
mod filter;
mod group;
mod path;
mod search;

use kernel::{Currency, Date};
use meta::{EntityMeta, FieldKind, FieldMeta, Filter, ListQuery, Record, Registry, Row, Sort, Trouble, Value};

use crate::conn::quoted;
use crate::search::Closeness;
use crate::{Conn, Dialect, records};
use build::Builder;
use path::Found;

pub use about::can_carry;
pub use group::{GroupRow, groups};
pub use path::unknown as unknown_field;

/// The most rows of one page.
pub const LIMIT_MAX: usize = 5_000;
/// The most fields to sort by.
const SORT_MAX: usize = 6;
/// The most fields to ask for.
const FIELDS_MAX: usize = 200;

/// Who knows which records of an entity are seen.
pub trait Seen {
    /// The rules of rows of an entity; `None` when nothing of it is seen.
    fn rules(&self, meta: &EntityMeta) -> Option<Filter>;
}

/// How far rows that hang on other records are seen.
#[derive(Clone, Copy)]
pub enum About<'a> {
    /// All of them.
    Everything,
    /// As far as the records they hang on are; those that hang on none by whom they are of.
    Seen(&'a dyn Seen),
}

/// Who asks for a list, and what they may see.
pub struct Scope<'a> {
    /// How far what hangs on records is seen.
    pub about: About<'a>,
    /// Companies whose records are listed.
    pub companies: Vec<i64>,
    /// The raw user: `me`.
    pub user: i64,
    /// The user and everyone below: `my_team`.
    pub team: Vec<i64>,
    /// The business day.
    pub today: Date,
    /// The currency amounts in filters are written in.
    pub currency: Currency,
    /// Whether a field of an entity may be seen.
    pub visible: &'a dyn Fn(&EntityMeta, &FieldMeta) -> bool,
}

/// A column that was asked for and is no field of the entity itself.
#[derive(Clone, Debug)]
pub struct Extra {
    /// As asked for: `customer.phone`, `created_at`.
    pub path: String,
    /// The field it leads to.
    pub field: FieldMeta,
    /// The entity of that field.
    pub meta: &'static EntityMeta,
}

/// A page of a list.
#[derive(Clone, Debug)]
pub struct Page {
    /// The records, without lines unless these were asked for.
    pub rows: Vec<Record>,
    /// Further columns.
    pub extra: Vec<Extra>,
    /// For each row, the values of the further columns.
    pub extra_values: Vec<Vec<Value>>,
    /// Where the next page begins, if there is one.
    pub next: Option<String>,
    /// How many rows match, if asked for.
    pub count: Option<i64>,
    /// Whether nothing has the words that were asked for, and these rows nearly do.
    pub is_near: bool,
}

/// One thing rows are sorted by.
struct Key {
    found: Found,
    descending: bool,
}

/// A page of the records that match a query and the rules of its user. Where no record has the
/// words that are looked for, those that nearly have them, unless the query wants it exact.
pub fn list(
    conn: &dyn Conn,
    registry: &Registry,
    meta: &'static EntityMeta,
    query: &ListQuery,
    rules: &Filter,
    scope: &Scope,
) -> Result<Page, Trouble> {
    let page = page(conn, registry, meta, query, rules, scope, Closeness::Exact)?;
    if !page.rows.is_empty() || !search::is_mistyped(conn, registry, meta, query, &scope.companies)? {
        return Ok(page);
    }
    self::page(conn, registry, meta, query, rules, scope, Closeness::Near)
}

fn page(
    conn: &dyn Conn,
    registry: &Registry,
    meta: &'static EntityMeta,
    query: &ListQuery,
    rules: &Filter,
    scope: &Scope,
    closeness: Closeness,
) -> Result<Page, Trouble> {
    let mut build = Builder::new(conn.dialect(), registry, meta, scope);
    build.closeness = closeness;
    build.add_conditions(query, rules)?;
    let count = match query.count {
        true => Some(count(conn, &build)?),
        false => None,
    };
    let keys = keys(&mut build, query)?;
    let signature = signature(meta, &keys);
    if let Some(text) = &query.cursor {
        let kinds: Vec<FieldKind> = keys.iter().map(|key| key.found.field.kind).collect();
        let values = cursor::read(text, &signature, &kinds)?;
        build.after(&keys, values);
    }
    let (extra, lines) = extra(&mut build, query)?;
    let limit = query.limit.clamp(1, LIMIT_MAX);
    let sorted = keys.iter().map(|key| key.found.column.clone());
    let columns: Vec<String> = std::iter::once(records::selected(meta, "t0."))
        .chain(extra.iter().map(|(_, column)| column.clone()))
        .chain(sorted)
        .collect();
    let sql = format!(
        "select {}\nfrom {} t0{}\nwhere {}\norder by {}\nlimit {}",
        columns.join(", "),
        quoted(meta.name),
        build.joins(),
        build.condition(),
        keys.iter().map(Key::order).collect::<Vec<_>>().join(", "),
        limit + 1
    );
    let mut found = conn.query(&sql, &build.args)?;
    let (first_extra, first_key) = (records::width(meta), records::width(meta) + extra.len());
    let next = (found.len() > limit).then(|| cursor::write(&signature, &found[limit - 1].0[first_key..]));
    found.truncate(limit);
    let extra_values = found.iter().map(|row| row.0[first_extra..first_key].to_vec()).collect();
    let mut rows: Vec<Record> = found.iter_mut().map(|row: &mut Row| records::read(meta, row)).collect();
    records::load_lines(conn, meta, &mut rows, &|name| lines.contains(&name))?;
    let extra = extra.into_iter().map(|(extra, _)| extra).collect();
    let is_near = closeness == Closeness::Near && !rows.is_empty();
    Ok(Page { rows, extra, extra_values, next, count, is_near })
}

/// The condition that a row, whose id is in `column`, is one the rules reach. The values it
/// binds are added to `args`, after those that are there.
pub fn reached(
    dialect: Dialect,
    registry: &Registry,
    meta: &'static EntityMeta,
    rules: &Filter,
    scope: &Scope,
    column: &str,
    args: &mut Vec<Value>,
) -> Result<String, Trouble> {
    if build::is_everything(rules) {
        return Ok("1 = 1".to_owned());
    }
    let mut build = Builder::new(dialect, registry, meta, scope);
    build.args = std::mem::take(args);
    // The company is the report's own business: it speaks of one.
    let condition = build.filter(rules, true)?;
    *args = std::mem::take(&mut build.args);
    let (table, joins) = (quoted(meta.name), build.joins());
    Ok(format!("{column} in (select t0.id from {table} t0{joins} where {condition})"))
}

fn count(conn: &dyn Conn, build: &Builder) -> Result<i64, Trouble> {
    let sql =
        format!("select count(*)\nfrom {} t0{}\nwhere {}", quoted(build.meta.name), build.joins(), build.condition());
    Ok(conn.query(&sql, &build.args)?.first().map_or(0, |row| row.int(0)))
}

impl Key {
    fn order(&self) -> String {
        let column = &self.found.column;
        // The smallest first is how SQLite sees empty values; PostgreSQL must be told.
        match (self.descending, self.found.is_strict) {
            (false, true) => column.clone(),
            (true, true) => format!("{column} desc"),
            (false, false) => format!("{column} asc nulls first"),
            (true, false) => format!("{column} desc nulls last"),
        }
    }
}

/// What rows are sorted by; the id is always last, so that every order is complete.
fn keys(build: &mut Builder, query: &ListQuery) -> Result<Vec<Key>, Trouble> {
    let usual = build
        .meta
        .sort
        .iter()
        .map(|name| Sort { field: name.trim_start_matches('-').to_owned(), descending: name.starts_with('-') });
    let (sorts, is_usual) = match query.sort.is_empty() {
        true => (usual.collect(), true),
        false => (query.sort.clone(), false),
    };
    let mut keys: Vec<Key> = Vec::new();
    for sort in sorts.iter().take(SORT_MAX) {
        let found = match is_usual {
            true => build.trusted(&sort.field)?,
            false => build.visible(&sort.field)?,
        };
        let found = build.named(found)?;
        if !found.field.kind.is_column() && !matches!(found.field.kind, FieldKind::Id) {
            return Err(path::unknown(build.meta, &sort.field).into());
        }
        if keys.iter().all(|key| key.found.column != found.column) {
            keys.push(Key { found, descending: sort.descending });
        }
    }
    // The id turns with the field before it, so that one index gives both directions.
    let descending = keys.last().is_none_or(|key| key.descending);
    let id = build.trusted("id")?;
    match keys.iter().position(|key| key.found.column == id.column) {
        Some(at) => keys.truncate(at + 1),
        None => keys.push(Key { found: id, descending }),
    }
    Ok(keys)
}

/// A cursor is only good for the order it was made in.
fn signature(meta: &EntityMeta, keys: &[Key]) -> String {
    let parts = keys.iter().map(|key| format!("{}{}", if key.descending { "-" } else { "" }, key.found.path));
    format!("{}:{}", meta.name, parts.collect::<Vec<_>>().join(","))
}

type Extras = (Vec<(Extra, String)>, Vec<&'static str>);

/// Columns and lines that were asked for by name.
fn extra(build: &mut Builder, query: &ListQuery) -> Result<Extras, Trouble> {
    let (mut extra, mut lines) = (Vec::new(), Vec::new());
    for name in query.fields.iter().take(FIELDS_MAX) {
        if matches!(name.as_str(), "id" | "version" | "external_id") {
            continue;
        }
        let found = build.visible(name)?;
        match (found.field.kind, build.meta.field(name)) {
            (FieldKind::Owned(_), Some(field)) => lines.push(field.name),
            (FieldKind::Owned(_), None) => return Err(path::unknown(build.meta, name).into()),
            (_, Some(_)) => {}
            (_, None) => {
                extra.push((Extra { path: name.clone(), field: found.field, meta: found.meta }, found.column));
            }
        }
    }
    Ok((extra, lines))
}
