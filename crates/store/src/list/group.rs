//! Rows counted and summed by groups.

use std::collections::BTreeMap;

use kernel::{Date, Label, Param, ProblemKind, Refusal};
use meta::{Aggregate, EntityMeta, FieldKind, FieldMeta, Filter, Group, ListQuery, Part, Registry, Trouble, Value};

use super::Scope;
use super::build::Builder;
use super::path::{Found, unknown};
use crate::Conn;
use crate::conn::{Dialect, quoted};
use crate::search::Closeness;

/// The most groups of one answer.
const GROUPS_MAX: usize = 10_000;
/// The most things to group by, and figures to show.
const PARTS_MAX: usize = 12;

/// One group of a list.
#[derive(Clone, Debug)]
pub struct GroupRow {
    /// What kind each part of the key is.
    pub kinds: Vec<FieldKind>,
    /// What the rows have in common, in the order asked for.
    pub key: Vec<Value>,
    /// How many there are.
    pub count: i64,
    /// What kind each figure is.
    pub value_kinds: Vec<FieldKind>,
    /// The figures, in the order asked for.
    pub values: Vec<Value>,
}

fn unfit(code: &'static str, field: &FieldMeta) -> Refusal {
    Refusal::new(
        code,
        Label::new(
            "“{field}” cannot be grouped or summed in this way. Choose another field.",
            "“{field}”不能这样分组或汇总，请选择其他字段。",
        ),
    )
    .with("field", Param::Label(field.label))
    .field(field.name)
}

fn too_many() -> Refusal {
    Refusal::new(
        "too_many_groups",
        Label::new(
            "There are more than {most} groups. Narrow the filter or group by something coarser.",
            "分组超过 {most} 个，请缩小筛选范围或使用更粗的分组。",
        ),
    )
    .kind(ProblemKind::TooMuch)
    .with("most", GROUPS_MAX as i64)
}

/// Part of a key: what is selected, what it becomes.
struct KeyPart {
    sql: String,
    kind: FieldKind,
    /// What is still to be done with what the database gives.
    finish: Finish,
}

#[derive(Clone, Copy)]
enum Finish {
    AsIs,
    /// From a count of days.
    OfDays(Part),
}

/// The groups of the records that match a query and the rules of its user, in the order
/// of their keys. Without anything to group by: one row about all. Words are forgiven a slip as in [`super::list`].
pub fn groups(
    conn: &dyn Conn,
    registry: &Registry,
    meta: &'static EntityMeta,
    query: &ListQuery,
    rules: &Filter,
    scope: &Scope,
) -> Result<Vec<GroupRow>, Trouble> {
    let groups = groups_by(conn, registry, meta, query, rules, scope, Closeness::Exact)?;
    if groups.iter().any(|group| group.count > 0)
        || !super::search::is_mistyped(conn, registry, meta, query, &scope.companies)?
    {
        return Ok(groups);
    }
    groups_by(conn, registry, meta, query, rules, scope, Closeness::Near)
}

fn groups_by(
    conn: &dyn Conn,
    registry: &Registry,
    meta: &'static EntityMeta,
    query: &ListQuery,
    rules: &Filter,
    scope: &Scope,
    closeness: Closeness,
) -> Result<Vec<GroupRow>, Trouble> {
    let mut build = Builder::new(conn.dialect(), registry, meta, scope);
    build.closeness = closeness;
    build.add_conditions(query, rules)?;
    // Different values of two days of a month cannot be told from their numbers: then the database makes the months.
    let whole = query.aggregates.iter().any(|one| matches!(one, Aggregate::Unique(_)));
    let keys = query.group.iter().take(PARTS_MAX);
    let keys = keys.map(|group| key(&mut build, group, whole)).collect::<Result<Vec<_>, _>>()?;
    let figures =
        query.aggregates.iter().take(PARTS_MAX).map(|one| figure(&mut build, one)).collect::<Result<Vec<_>, _>>()?;
    let columns: Vec<String> = keys
        .iter()
        .map(|key| key.sql.clone())
        .chain(["count(*)".to_owned()])
        .chain(figures.iter().map(|(sql, _)| sql.clone()))
        .collect();
    let numbers: Vec<String> = (1..=keys.len()).map(|at| at.to_string()).collect();
    let by = match numbers.is_empty() {
        true => String::new(),
        false => format!("\ngroup by {}", numbers.join(", ")),
    };
    let sql = format!(
        "select {}\nfrom {} t0{}\nwhere {}{by}\nlimit {}",
        columns.join(", "),
        quoted(meta.name),
        build.joins(),
        build.condition(),
        GROUPS_MAX + 1
    );
    let rows = conn.query(&sql, &build.args)?;
    if rows.len() > GROUPS_MAX {
        return Err(too_many().into());
    }
    // Sorted here, and days of a month brought together: alike for both databases.
    let mut groups: BTreeMap<Vec<Value>, (i64, Vec<Value>)> = BTreeMap::new();
    for mut row in rows {
        let mut values = row.0.split_off(keys.len());
        let count = values.remove(0).int().unwrap_or(0);
        let key: Vec<Value> = row.0.into_iter().zip(&keys).map(|(value, key)| finish(value, key.finish)).collect();
        match groups.get_mut(&key) {
            None => {
                groups.insert(key, (count, values));
            }
            Some((total, kept)) => {
                *total += count;
                for ((kept, value), aggregate) in kept.iter_mut().zip(values).zip(&query.aggregates) {
                    join(kept, value, aggregate)?;
                }
            }
        }
    }
    let row = |(key, (count, values))| GroupRow {
        kinds: keys.iter().map(|key| key.kind).collect(),
        key,
        count,
        value_kinds: figures.iter().map(|(_, kind)| *kind).collect(),
        values,
    };
    Ok(groups.into_iter().map(row).collect())
}

/// `whole`: the database gives each group once, for nothing may be brought together afterwards.
fn key(build: &mut Builder, group: &Group, whole: bool) -> Result<KeyPart, Refusal> {
    let Found { column, field, .. } = build.visible(&group.field)?;
    let as_is = |sql: String| KeyPart { sql, kind: field.kind, finish: Finish::AsIs };
    match (field.kind, group.part) {
        (FieldKind::Owned(_) | FieldKind::Json | FieldKind::Doc, _) => Err(unknown(build.meta, &group.field)),
        (FieldKind::Bool, None) => Ok(as_is(format!("coalesce({column}, 0)"))),
        (FieldKind::Instant, Some(part)) if whole && part != Part::Day => {
            let day = day_of(&column, build.dialect);
            Ok(KeyPart { sql: part_of(&day, part, build.dialect), kind: kind_of(part), finish: Finish::AsIs })
        }
        (FieldKind::Instant, part) => Ok(KeyPart {
            sql: format!("{column} / 86400000000"),
            kind: kind_of(part.unwrap_or(Part::Day)),
            finish: Finish::OfDays(part.unwrap_or(Part::Day)),
        }),
        (_, None) | (FieldKind::Date, Some(Part::Day)) => Ok(as_is(column)),
        (FieldKind::Date, Some(part)) => {
            Ok(KeyPart { sql: part_of(&column, part, build.dialect), kind: kind_of(part), finish: Finish::AsIs })
        }
        _ => Err(unfit("not_a_day", &field)),
    }
}

/// The day of an instant, in UTC, written as text.
fn day_of(column: &str, dialect: Dialect) -> String {
    match dialect {
        Dialect::Sqlite => format!("date({column} / 1000000, 'unixepoch')"),
        Dialect::Postgres => {
            format!("to_char(to_timestamp({column} / 1000000) at time zone 'UTC', 'YYYY-MM-DD')")
        }
    }
}

/// The part of a day written as text; a week is named by its Monday.
fn part_of(column: &str, part: Part, dialect: Dialect) -> String {
    match (part, dialect) {
        (Part::Day, _) => column.to_owned(),
        (Part::Week, Dialect::Sqlite) => format!("date({column}, '-6 days', 'weekday 1')"),
        (Part::Week, Dialect::Postgres) => format!("to_char(date_trunc('week', {column}::date), 'YYYY-MM-DD')"),
        (Part::Month, _) => format!("substr({column}, 1, 7)"),
        (Part::Quarter, _) => {
            format!("substr({column}, 1, 5) || 'Q' || ((cast(substr({column}, 6, 2) as integer) + 2) / 3)")
        }
        (Part::Year, _) => format!("substr({column}, 1, 4)"),
    }
}

fn kind_of(part: Part) -> FieldKind {
    if matches!(part, Part::Day | Part::Week) { FieldKind::Date } else { FieldKind::Text }
}

fn finish(value: Value, how: Finish) -> Value {
    let (day, part) = match (how, &value) {
        (Finish::OfDays(part), Value::Int(days)) => (i32::try_from(*days).ok().and_then(Date::from_days), part),
        _ => return value,
    };
    let Some(day) = day else { return value };
    Value::Text(match part {
        Part::Day => day.to_string(),
        Part::Week => day.add_days(1 - day.weekday() as i32).to_string(),
        Part::Month => day.to_string()[..7].to_owned(),
        Part::Quarter => format!("{}-Q{}", &day.to_string()[..4], day.month().div_ceil(3)),
        Part::Year => day.to_string()[..4].to_owned(),
    })
}

fn figure(build: &mut Builder, aggregate: &Aggregate) -> Result<(String, FieldKind), Refusal> {
    let path = aggregate.field();
    let Found { column, field, .. } = build.visible(path)?;
    use FieldKind::*;
    match (aggregate, field.kind) {
        (_, Owned(_) | Json) => Err(unknown(build.meta, path)),
        (Aggregate::Filled(_), Text | LongText | Email | Phone | Url | Barcode) => {
            Ok((format!("count(nullif({column}, ''))"), Int))
        }
        (Aggregate::Filled(_), _) => Ok((format!("count({column})"), Int)),
        (Aggregate::Unique(_), _) => Ok((format!("count(distinct {column})"), Int)),
        (Aggregate::Sum(_), Bool) => Ok((format!("coalesce(sum({column}), 0)"), Int)),
        (Aggregate::Sum(_), Int | Amount | Qty | Price | Rate) => {
            let column = match field.less.split_once('=') {
                None => column,
                Some((name, choice)) => {
                    let sibling =
                        path.rsplit_once('.').map_or(name.to_owned(), |(before, _)| format!("{before}.{name}"));
                    let kind = build.trusted(&sibling)?.column;
                    format!("case when {kind} = '{choice}' then -{column} else {column} end")
                }
            };
            Ok((format!("coalesce(sum({column}), 0)"), field.kind))
        }
        (Aggregate::Sum(_), _) | (_, Ref(_) | Doc | Id) => Err(unfit("not_a_quantity", &field)),
        (Aggregate::Min(_), kind) => Ok((format!("min({column})"), kind)),
        (Aggregate::Max(_), kind) => Ok((format!("max({column})"), kind)),
    }
}

fn join(kept: &mut Value, more: Value, aggregate: &Aggregate) -> Result<(), Trouble> {
    *kept = match (aggregate, std::mem::take(kept), more) {
        (Aggregate::Sum(_) | Aggregate::Filled(_), Value::Int(a), Value::Int(b)) => {
            Value::Int(a.checked_add(b).ok_or_else(|| meta::Fault::new("a sum over groups is too large"))?)
        }
        (_, Value::Null, more) => more,
        (_, kept, Value::Null) => kept,
        (Aggregate::Min(_), kept, more) => kept.min(more),
        (_, kept, more) => kept.max(more),
    };
    Ok(())
}
