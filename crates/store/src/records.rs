//! A record with its lines: load, insert, update, delete.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use kernel::{Lang, id_text};
use meta::{EntityKind, EntityMeta, Fault, FieldKind, Record, Registry, Row, Value};

use crate::conn::quoted;
use crate::{Conn, Statement};

/// How many ids one query asks for.
const IDS_MAX: usize = 500;
/// How many values one statement carries; both databases allow more.
const ARGS_MAX: usize = 8_000;

/// When and by whom something is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stamp {
    /// Microseconds since 1970.
    pub at: i64,
    /// The raw user; 0 for the system itself.
    pub by: i64,
}

/// The statements of a change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Update {
    /// Must touch exactly one row; none means somebody else was faster.
    pub first: Statement,
    /// The lines.
    pub rest: Vec<Statement>,
}

/// Columns every record of an entity has beside its fields, after `id`.
fn system_columns(meta: &EntityMeta) -> &'static [&'static str] {
    if meta.parent.is_some() { &["parent", "position"] } else { &["version", "external_id"] }
}

/// Positions of the fields that have a column.
fn columns(meta: &'static EntityMeta) -> impl Iterator<Item = (usize, &'static str)> {
    let fields = meta.fields.iter().enumerate();
    fields.filter(|(_, field)| field.kind.is_column()).map(|(index, field)| (index, field.name))
}

/// The columns [`read`] expects, each after a prefix such as `t0.`.
pub(crate) fn selected(meta: &'static EntityMeta, prefix: &str) -> String {
    let names = system_columns(meta).iter().copied().chain(columns(meta).map(|(_, name)| name));
    std::iter::once("id").chain(names).map(|name| format!("{prefix}{}", quoted(name))).collect::<Vec<_>>().join(", ")
}

/// How many columns [`selected`] names.
pub(crate) fn width(meta: &'static EntityMeta) -> usize {
    1 + system_columns(meta).len() + columns(meta).count()
}

/// A record, without its lines, of a row of [`selected`] columns.
pub(crate) fn read(meta: &'static EntityMeta, row: &mut Row) -> Record {
    let mut record = Record::empty(meta);
    record.id = row.int(0);
    if meta.parent.is_none() {
        record.version = row.int(1);
        record.external_id = row.0[2].text().map(str::to_owned);
    }
    for ((index, _), at) in columns(meta).zip(1 + system_columns(meta).len()..) {
        record.put(index, std::mem::take(&mut row.0[at]));
    }
    record
}

/// `?3, ?4, ?5`
fn places(from: usize, count: usize) -> String {
    (from..from + count).map(|at| format!("?{at}")).collect::<Vec<_>>().join(", ")
}

/// Queries for many ids, in few shapes: the last id is repeated up to a power of two, so
/// that statements are prepared once and not once a count.
pub(crate) fn for_ids(
    conn: &dyn Conn,
    ids: &[i64],
    sql: impl Fn(&str) -> String,
    mut take: impl FnMut(Row),
) -> Result<(), Fault> {
    for some in ids.chunks(IDS_MAX) {
        let mut args: Vec<Value> = some.iter().map(|id| Value::Int(*id)).collect();
        if let Some(last) = args.last().cloned() {
            args.resize(args.len().next_power_of_two(), last);
        }
        conn.query(&sql(&places(1, args.len())), &args)?.into_iter().for_each(&mut take);
    }
    Ok(())
}

/// A record with its lines.
pub fn load(conn: &dyn Conn, meta: &'static EntityMeta, id: i64) -> Result<Option<Record>, Fault> {
    Ok(load_many(conn, meta, &[id])?.pop())
}

/// A record without its lines.
pub fn load_bare(conn: &dyn Conn, meta: &'static EntityMeta, id: i64) -> Result<Option<Record>, Fault> {
    let sql = format!("select {} from {} where id = ?1", selected(meta, ""), quoted(meta.name));
    Ok(conn.query(&sql, &[id.into()])?.first_mut().map(|row| read(meta, row)))
}

/// Records with their lines, in the order of the ids; those that do not exist are left out.
///
/// One query for the records and one for each owned table, however many records.
pub fn load_many(conn: &dyn Conn, meta: &'static EntityMeta, ids: &[i64]) -> Result<Vec<Record>, Fault> {
    let mut found: HashMap<i64, Record> = HashMap::with_capacity(ids.len());
    let sql = |ids: &str| format!("select {} from {} where id in ({ids})", selected(meta, ""), quoted(meta.name));
    for_ids(conn, ids, sql, |mut row| {
        let record = read(meta, &mut row);
        found.insert(record.id, record);
    })?;
    let mut records: Vec<Record> = ids.iter().filter_map(|id| found.remove(id)).collect();
    load_lines(conn, meta, &mut records, &|_| true)?;
    Ok(records)
}

/// Loads the lines of records that were read without them.
pub(crate) fn load_lines(
    conn: &dyn Conn,
    meta: &'static EntityMeta,
    records: &mut [Record],
    wanted: &dyn Fn(&str) -> bool,
) -> Result<(), Fault> {
    for (index, line) in Record::empty(meta).owned_fields() {
        if records.is_empty() || !wanted(meta.fields[index].name) {
            continue;
        }
        let ids: Vec<i64> = records.iter().map(|record| record.id).collect();
        let mut owners: Vec<i64> = Vec::new();
        let mut lines: Vec<Record> = Vec::new();
        let sql = |ids: &str| {
            format!(
                "select {} from {} where parent in ({ids}) order by parent, position, id",
                selected(line, ""),
                quoted(line.name)
            )
        };
        for_ids(conn, &ids, sql, |mut row| {
            owners.push(row.int(1));
            lines.push(read(line, &mut row));
        })?;
        load_lines(conn, line, &mut lines, &|_| true)?;
        let places: HashMap<i64, usize> = records.iter().enumerate().map(|(at, record)| (record.id, at)).collect();
        for (owner, line) in owners.into_iter().zip(lines) {
            if let Some(at) = places.get(&owner) {
                records[*at].owned_at_mut(index).push(line);
            }
        }
    }
    Ok(())
}

/// The statements that insert a record with its lines; all ids are given already.
pub fn insert(meta: &'static EntityMeta, record: &Record, stamp: &Stamp) -> Vec<Statement> {
    let own: Vec<(usize, &str)> = columns(meta).collect();
    let stamps = ["created_at", "created_by", "changed_at", "changed_by"];
    let names = ["id", "version", "external_id"].into_iter().chain(stamps).chain(own.iter().map(|(_, name)| *name));
    let names: Vec<String> = names.map(quoted).collect();
    let (at, by) = (Value::Int(stamp.at), Value::Int(stamp.by));
    let head = [
        Value::Int(record.id),
        Value::Int(record.version.max(1)),
        Value::from(record.external_id.clone()),
        at.clone(),
        by.clone(),
        at,
        by,
    ];
    let args: Vec<Value> = head.into_iter().chain(own.iter().map(|(index, _)| record.at(*index).clone())).collect();
    let sql = format!("insert into {} ({}) values ({})", quoted(meta.name), names.join(", "), places(1, args.len()));
    let mut statements = vec![Statement { sql, args }];
    insert_owned(&[record], meta, &mut statements);
    statements
}

/// Inserts the lines of new records.
fn insert_owned(records: &[&Record], meta: &'static EntityMeta, statements: &mut Vec<Statement>) {
    for (index, line) in Record::empty(meta).owned_fields() {
        let lines = records.iter().flat_map(|record| {
            record.owned_at(index).iter().enumerate().map(|(position, line)| (record.id, position, line))
        });
        insert_lines(line, &lines.collect::<Vec<_>>(), statements);
    }
}

/// Inserts lines, each with its owner and position, many in one statement.
fn insert_lines(meta: &'static EntityMeta, lines: &[(i64, usize, &Record)], statements: &mut Vec<Statement>) {
    let own: Vec<(usize, &str)> = columns(meta).collect();
    let names: Vec<String> =
        ["id", "parent", "position"].into_iter().chain(own.iter().map(|(_, name)| *name)).map(quoted).collect();
    for some in lines.chunks((ARGS_MAX / names.len()).max(1)) {
        let mut args = Vec::with_capacity(some.len() * names.len());
        let mut rows = Vec::with_capacity(some.len());
        for (owner, position, line) in some {
            rows.push(format!("({})", places(args.len() + 1, names.len())));
            args.extend([Value::Int(line.id), Value::Int(*owner), Value::Int(*position as i64)]);
            args.extend(own.iter().map(|(index, _)| line.at(*index).clone()));
        }
        let sql = format!("insert into {} ({}) values {}", quoted(meta.name), names.join(", "), rows.join(", "));
        statements.push(Statement { sql, args });
    }
    let records: Vec<&Record> = lines.iter().map(|(_, _, line)| *line).collect();
    insert_owned(&records, meta, statements);
}

/// The statements that change a record from what it was; its version is raised even when
/// only lines changed.
pub fn update(old: &Record, new: &Record, stamp: &Stamp) -> Update {
    let meta = old.meta;
    let mut args = vec![Value::Int(stamp.at), Value::Int(stamp.by)];
    let mut sets = vec!["version = version + 1".to_owned(), "changed_at = ?1".to_owned(), "changed_by = ?2".to_owned()];
    let mut set = |name: &str, value: Value| {
        args.push(value);
        sets.push(format!("{} = ?{}", quoted(name), args.len()));
    };
    if old.external_id != new.external_id {
        set("external_id", Value::from(new.external_id.clone()));
    }
    for (index, name) in columns(meta).filter(|(index, _)| old.at(*index) != new.at(*index)) {
        set(name, new.at(index).clone());
    }
    args.extend([Value::Int(old.id), Value::Int(old.version)]);
    let sql = format!(
        "update {} set {} where id = ?{} and version = ?{}",
        quoted(meta.name),
        sets.join(", "),
        args.len() - 1,
        args.len()
    );
    let mut rest = Vec::new();
    update_owned(old, new, &mut rest);
    Update { first: Statement { sql, args }, rest }
}

fn update_owned(old: &Record, new: &Record, statements: &mut Vec<Statement>) {
    for (index, line) in old.owned_fields() {
        let (before, after) = (old.owned_at(index), new.owned_at(index));
        let known: HashMap<i64, (usize, &Record)> =
            before.iter().enumerate().map(|(at, line)| (line.id, (at, line))).collect();
        let kept: BTreeSet<i64> = after.iter().map(|line| line.id).collect();
        let gone: Vec<i64> = before.iter().map(|line| line.id).filter(|id| !kept.contains(id)).collect();
        for some in gone.chunks(IDS_MAX) {
            let sql =
                format!("delete from {} where parent = ?1 and id in ({})", quoted(line.name), places(2, some.len()));
            let args = std::iter::once(old.id).chain(some.iter().copied()).map(Value::Int).collect();
            statements.push(Statement { sql, args });
        }
        let mut fresh = Vec::new();
        for (position, after) in after.iter().enumerate() {
            match known.get(&after.id) {
                None => fresh.push((new.id, position, after)),
                Some((was, before)) => {
                    statements.extend(update_line(new.id, before, after, *was, position));
                    update_owned(before, after, statements);
                }
            }
        }
        insert_lines(line, &fresh, statements);
    }
}

fn update_line(owner: i64, old: &Record, new: &Record, was: usize, position: usize) -> Option<Statement> {
    let mut args = Vec::new();
    let mut sets = Vec::new();
    let mut set = |name: &str, value: Value| {
        args.push(value);
        sets.push(format!("{} = ?{}", quoted(name), args.len()));
    };
    if was != position {
        set("position", Value::Int(position as i64));
    }
    for (index, name) in columns(old.meta).filter(|(index, _)| old.at(*index) != new.at(*index)) {
        set(name, new.at(index).clone());
    }
    if sets.is_empty() {
        return None;
    }
    args.extend([Value::Int(old.id), Value::Int(owner)]);
    let sql = format!(
        "update {} set {} where id = ?{} and parent = ?{}",
        quoted(old.meta.name),
        sets.join(", "),
        args.len() - 1,
        args.len()
    );
    Some(Statement { sql, args })
}

/// The statements that delete a record; its lines go with it.
pub fn delete(record: &Record) -> Vec<Statement> {
    vec![Statement::new(format!("delete from {} where id = ?1", quoted(record.meta.name)), vec![Value::Int(record.id)])]
}

/// Of which entity each record is, of which only the id is known: an id is of one record only. `lines`:
/// whether lines are looked for, or records that stand alone. What is nowhere is left out.
pub fn docs(
    conn: &dyn Conn,
    registry: &Registry,
    ids: &BTreeSet<i64>,
    lines: bool,
) -> Result<HashMap<i64, &'static str>, Fault> {
    let ids: Vec<i64> = ids.iter().copied().filter(|id| *id > 0).collect();
    let metas: Vec<&EntityMeta> =
        registry.entities().filter(|meta| meta.parent.is_some() == lines && meta.kind != EntityKind::Ledger).collect();
    let names: Vec<&'static str> = metas.iter().map(|meta| meta.name).collect();
    let mut found = HashMap::new();
    let sql = |ids: &str| {
        let parts = names.iter().enumerate();
        let parts = parts.map(|(at, name)| format!("select {at}, id from {} where id in ({ids})", quoted(name)));
        parts.collect::<Vec<_>>().join(" union all ")
    };
    for_ids(conn, &ids, sql, |row| {
        if let Some(name) = usize::try_from(row.int(0)).ok().and_then(|at| names.get(at)) {
            found.insert(row.int(1), *name);
        }
    })?;
    Ok(found)
}

/// What records are called, by entity and id: one query an entity.
///
/// A record without a title yet is called by its id.
pub fn labels(
    conn: &dyn Conn,
    registry: &Registry,
    wanted: &BTreeMap<&str, BTreeSet<i64>>,
    lang: Lang,
) -> Result<HashMap<(String, i64), String>, Fault> {
    let mut labels = HashMap::new();
    for (entity, ids) in wanted {
        let Some(meta) = registry.entity(entity) else { continue };
        let title = meta.title.iter().filter(|name| {
            meta.field(name).is_some_and(|field| field.kind.is_column() && !matches!(field.kind, FieldKind::Ref(_)))
        });
        let called = |name: &&'static str| match meta.title_zh {
            Some(zh) if lang == Lang::Zh && meta.title.first() == Some(name) => {
                format!("coalesce(nullif({}, ''), {})", quoted(zh), quoted(name))
            }
            _ => quoted(name),
        };
        let names: Vec<String> = std::iter::once(quoted("id")).chain(title.map(called)).collect();
        let sql = |ids: &str| format!("select {} from {} where id in ({ids})", names.join(", "), quoted(meta.name));
        let ids: Vec<i64> = ids.iter().copied().filter(|id| *id > 0).collect();
        for_ids(conn, &ids, sql, |row| {
            let parts = row.0[1..].iter().filter_map(|value| match value {
                Value::Null => None,
                Value::Int(number) => Some(number.to_string()),
                Value::Text(text) => Some(text.clone()),
            });
            // Whose code is its name is not called twice.
            let mut parts: Vec<String> = parts.collect();
            parts.dedup();
            let label = parts.join(" ");
            let label = if label.is_empty() { id_text(meta.prefix, row.int(0)) } else { label };
            labels.insert(((*entity).to_owned(), row.int(0)), label);
        })?;
    }
    Ok(labels)
}
