//! What the description of a record demands: required fields, references, uniqueness.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use kernel::{Date, Label, Param, ProblemKind, Refusal};
use meta::{
    EntityKind, EntityMeta, Fault, FieldKind, FieldMeta, Filter, Op, Operand, Record, Row, Trouble, Value, json,
};
use serde_json::Value as Json;

use crate::facts::Tx;
use crate::{Actor, Engine};

pub(crate) fn missing(field: &FieldMeta) -> Refusal {
    Refusal::new("missing", Label::new("“{field}” is missing. Fill it in.", "请填写“{field}”。"))
        .with("field", Param::Label(field.label))
        .field(field.name)
}

/// Checks what the description of a record demands: required fields, references, uniqueness.
pub(crate) fn check(tx: &Tx, record: &Record, old: Option<&Record>) -> Result<(), Trouble> {
    crate::reach::may_hand_on(tx, record)?;
    crate::reach::may_keep_company(tx, record, old)?;
    read_referred(tx, record)?;
    let is_document = record.meta.kind == EntityKind::Document;
    let mut problems = check_fields(tx, record, old, is_document)?;
    problems.extend(days_in_order(record, old));
    problems.extend(check_together(tx, record, old)?);
    problems.extend(check_about(tx, record, old)?);
    for (index, _) in record.owned_fields() {
        let field = &record.meta.fields[index];
        let lines = record.owned_at(index);
        if lines.len() < field.at_least {
            problems.push(
                Refusal::new(
                    "too_few_lines",
                    Label::new("“{field}” needs at least {count} line(s).", "“{field}”至少需要 {count} 行。"),
                )
                .with("field", Param::Label(field.label))
                .with("count", field.at_least as i64)
                .field(field.name),
            );
        }
        for (row, line) in lines.iter().enumerate() {
            let before = old.and_then(|old| old.owned_at(index).iter().find(|other| other.id == line.id));
            for problem in check_fields(tx, line, before, is_document)? {
                problems.push(json::within(problem, field.name, row));
            }
        }
    }
    if problems.is_empty() { Ok(()) } else { Err(Refusal::merge(problems).into()) }
}

/// The days a document may name: what lies beyond is a slip of the keys, and would open a year
/// in the books that nobody ever closes.
const DAYS: [&str; 2] = ["1900-01-01", "2199-12-31"];

fn far(field: &FieldMeta) -> Refusal {
    Refusal::new(
        "day_far_out",
        Label::new(
            "“{field}” must be a day from {first} to {last}. Correct the year.",
            "“{field}”须在 {first} 至 {last} 之间，请更正年份。",
        ),
    )
    .with("field", Param::Label(field.label))
    .with("first", DAYS[0])
    .with("last", DAYS[1])
    .field(field.name)
}

/// A day that stands before another one of the same record, which it may not; `later` is its field.
pub(crate) fn too_early(fields: &[FieldMeta], later: &FieldMeta, value: impl Fn(&str) -> Value) -> Option<Refusal> {
    let earlier = fields.iter().find(|field| field.name == later.not_before)?;
    // Days are ISO text, so they compare as they follow each other.
    let (Value::Text(day), Value::Text(first)) = (value(later.name), value(earlier.name)) else { return None };
    if first <= day {
        return None;
    }
    let day_of = |text: &str| Date::parse(text).map_or(Param::Text(text.to_owned()), Param::Date);
    Some(
        Refusal::new(
            "too_early",
            Label::new(
                "“{field}” {day} is before “{other}” {first}. Choose {first} or a later day, or correct “{other}”.",
                "“{field}”{day} 早于“{other}”{first}，请选择 {first} 或之后的日期，或更正“{other}”。",
            ),
        )
        .with("field", Param::Label(later.label))
        .with("day", day_of(&day))
        .with("other", Param::Label(earlier.label))
        .with("first", day_of(&first))
        .field(later.name),
    )
}

/// What is wrong with the order of the days of a record and of its lines, as far as they are new.
pub(crate) fn days_in_order(record: &Record, old: Option<&Record>) -> Vec<Refusal> {
    let is_as_before = |name: &str| old.is_some_and(|old| old.get(name) == record.get(name));
    let later = record.meta.fields.iter().filter(|field| !field.not_before.is_empty());
    let changed = later.filter(|field| !(is_as_before(field.name) && is_as_before(field.not_before)));
    let own = changed.filter_map(|field| too_early(record.meta.fields, field, |name| record.get(name).clone()));
    let mut problems: Vec<Refusal> = own.collect();
    for (index, _) in record.owned_fields() {
        for (row, line) in record.owned_at(index).iter().enumerate() {
            let before = old.and_then(|old| old.owned_at(index).iter().find(|other| other.id == line.id));
            let wrong = days_in_order(line, before).into_iter();
            problems.extend(wrong.map(|problem| json::within(problem, record.meta.fields[index].name, row)));
        }
    }
    problems
}

fn check_fields(tx: &Tx, record: &Record, old: Option<&Record>, is_document: bool) -> Result<Vec<Refusal>, Trouble> {
    let meta = record.meta;
    let mut problems = Vec::new();
    for (index, field) in meta.fields.iter().enumerate() {
        let value = record.at(index);
        let by_us = field.name == "number" || field.name == "id";
        if value.is_null() {
            if field.required && !by_us && field.kind.is_column() {
                problems.push(missing(field));
            }
            continue;
        }
        if old.is_some_and(|old| old.at(index) == value) {
            continue;
        }
        // Days are ISO text, so they compare as they follow each other.
        if let (true, FieldKind::Date, Value::Text(day)) = (is_document, field.kind, value)
            && !(DAYS[0]..=DAYS[1]).contains(&day.as_str())
        {
            problems.push(far(field));
        }
        if let (FieldKind::Ref(entity), Value::Int(id)) = (field.kind, value)
            && let Some(problem) =
                check_ref(tx.engine, tx.actor, &|of, sql, args| tx.query_referred(of, sql, args), field, entity, *id)?
        {
            problems.push(problem);
        }
        if field.unique && taken(tx, record, field, value)? {
            problems.push(
                Refusal::new(
                    "taken",
                    Label::new(
                        "Another {what} has this “{field}” already. Choose another.",
                        "“{field}”已被其他{what}使用，请更换。",
                    ),
                )
                .with("what", Param::Label(meta.label))
                .with("field", Param::Label(field.label))
                .kind(ProblemKind::Conflict)
                .field(field.name),
            );
        }
    }
    Ok(problems)
}

/// What hangs on a record names one that its writer may see, of the same company, and stays there.
fn check_about(tx: &Tx, record: &Record, old: Option<&Record>) -> Result<Option<Refusal>, Trouble> {
    let meta = record.meta;
    let (true, Some(field)) = (meta.is_about(), meta.field("about_doc")) else { return Ok(None) };
    let pair = |record: &Record| (record.get("about_entity").clone(), record.get("about_doc").clone());
    if let Some(old) = old {
        let moved = pair(old) != pair(record);
        return Ok(moved.then(|| {
            Refusal::new(
                "about_stays",
                Label::new(
                    "What it is about stays. Make a new one about the other record.",
                    "所关联的记录不能更改，请为另一记录新建。",
                ),
            )
            .field(field.name)
        }));
    }
    let (Value::Text(entity), Value::Int(id)) = pair(record) else {
        if pair(record).1.is_null() {
            return Ok(None);
        }
        return Ok(Some(no_such(field)));
    };
    tx.flush()?;
    let about = tx.engine.about(tx.conn, tx.actor, &entity, id)?;
    let ours = |about: &Record| {
        let (of, own) = (about.company(), record.meta.field("company").and_then(|_| record.company()));
        of.is_none() || own.is_none() || of == own
    };
    Ok(about.filter(ours).is_none().then(|| no_such(field)))
}

fn no_such(field: &FieldMeta) -> Refusal {
    Refusal::new(
        "no_such_record",
        Label::new(
            "There is no such record in this company, or it is not yours to see. Choose another.",
            "本公司没有该记录，或您无权查看，请另选。",
        ),
    )
    .field(field.name)
}

/// Several fields that together may stand once only: a rate of a currency and day.
fn check_together(tx: &Tx, record: &Record, old: Option<&Record>) -> Result<Vec<Refusal>, Trouble> {
    let mut problems = Vec::new();
    for index in record.meta.indexes.iter().filter_map(|text| text.strip_prefix("unique:")) {
        let names: Vec<&str> = index.split(',').map(str::trim).collect();
        // What is unique in its company by itself is told as such.
        let own: Vec<&&str> = names.iter().filter(|name| **name != "company").collect();
        if own.len() == 1 && record.meta.field(own[0]).is_some_and(|field| field.unique) {
            continue;
        }
        let values: Vec<Value> = names.iter().map(|name| record.get(name).clone()).collect();
        let same = |old: &Record| names.iter().zip(&values).all(|(name, value)| old.get(name) == value);
        if values.iter().any(Value::is_null) || old.is_some_and(same) {
            continue;
        }
        let asked = names.iter().enumerate().map(|(at, name)| format!("\"{name}\" = ?{}", at + 2));
        let asked = asked.collect::<Vec<_>>().join(" and ");
        let sql = format!("select 1 from \"{}\" where id <> ?1 and {asked} limit 1", record.meta.name);
        let args: Vec<Value> = std::iter::once(record.id.into()).chain(values).collect();
        if tx.query(&sql, &args)?.is_empty() {
            continue;
        }
        let last = names.last().and_then(|name| record.meta.field(name));
        let (name, label) = last.map_or(("", record.meta.label), |field| (field.name, field.label));
        problems.push(
            Refusal::new(
                "taken_together",
                Label::new(
                    "Another “{what}” has this “{field}” already. Change that one, or choose another “{field}”.",
                    "已有相同“{field}”的{what}，请修改原有记录或更换“{field}”。",
                ),
            )
            .with("what", Param::Label(record.meta.label))
            .with("field", Param::Label(label))
            .kind(ProblemKind::Conflict)
            .field(name),
        );
    }
    Ok(problems)
}

fn taken(tx: &Tx, record: &Record, field: &FieldMeta, value: &Value) -> Result<bool, Trouble> {
    let mut sql = format!("select 1 from \"{}\" where \"{}\" = ?1 and id <> ?2", record.meta.name, field.name);
    let mut args = vec![value.clone(), record.id.into()];
    if let Some(company) = record.company() {
        sql.push_str(" and company = ?3");
        args.push(company.into());
    }
    Ok(!tx.query(&sql, &args)?.is_empty())
}

/// How the database is asked for rows of an entity.
type Query<'a> = dyn Fn(&EntityMeta, &str, &[Value]) -> Result<Arc<Vec<Row>>, Fault> + 'a;

/// Empties the references to what is not this company's, so that nothing is read over from
/// there. Gives what is wrong with them.
pub(crate) fn forget_strangers(
    engine: &Engine,
    actor: &Actor,
    query: &Query,
    record: &mut Record,
    old: Option<&Record>,
) -> Result<Vec<Refusal>, Trouble> {
    let mut problems = Vec::new();
    for (index, field) in record.meta.fields.iter().enumerate() {
        if let FieldKind::Owned(_) = field.kind {
            for (row, line) in record.owned_at_mut(index).iter_mut().enumerate() {
                let before = old.and_then(|old| old.owned_at(index).iter().find(|other| other.id == line.id));
                let wrong = forget_strangers(engine, actor, query, line, before)?;
                problems.extend(wrong.into_iter().map(|problem| json::within(problem, field.name, row)));
            }
        } else if let (FieldKind::Ref(entity), Value::Int(id)) = (field.kind, record.at(index))
            && *id != 0
            && old.is_none_or(|old| old.at(index) != record.at(index))
            && let Some(problem) = check_ref(engine, actor, query, field, entity, *id)?
            && problem.problems.iter().any(|problem| problem.code == "no_such_record")
        {
            problems.push(problem);
            record.put(index, Value::Null);
        }
    }
    Ok(problems)
}

/// Which columns of a referred record are looked at: where it belongs, whose it is, and what
/// the field's filter speaks of, with what that must hold.
fn ref_columns(target: &EntityMeta, field: &FieldMeta) -> (String, Vec<(String, Value)>) {
    let belongs = match target.parent {
        Some(_) => "parent",
        None if target.has_company() => "company",
        None => "null",
    };
    let owned = if target.field("owner").is_some() { "owner" } else { "null" };
    let mut columns = format!("{belongs}, {owned}");
    let mut wanted = Vec::new();
    equalities(&Filter::parse_text(field.only).unwrap_or(Filter::all()), &mut wanted);
    for (name, _) in &wanted {
        columns.push_str(&format!(", \"{name}\""));
    }
    (columns, wanted)
}

fn ref_query(target: &EntityMeta, columns: &str) -> String {
    format!("select {columns} from \"{}\" where id = ?1", target.name)
}

/// Reads the records that many lines refer to, one query for each entity.
fn read_referred(tx: &Tx, record: &Record) -> Result<(), Trouble> {
    // What was read for another record of this transaction may have changed since.
    tx.referred.borrow_mut().clear();
    let mut ids: BTreeMap<(&'static str, String), BTreeSet<i64>> = BTreeMap::new();
    for (index, line_meta) in record.meta.owned_fields_meta() {
        for field in line_meta.fields {
            let FieldKind::Ref(entity) = field.kind else { continue };
            let target = tx.engine.entity(entity)?;
            if target.steady {
                continue;
            }
            let found = record.owned_at(index).iter().filter_map(|line| line.get(field.name).int());
            ids.entry((target.name, ref_columns(target, field).0)).or_default().extend(found);
        }
    }
    for ((entity, columns), ids) in ids.into_iter().filter(|(_, ids)| 1 < ids.len()) {
        let target = tx.engine.entity(entity)?;
        let list = ids.iter().map(i64::to_string).collect::<Vec<_>>().join(", ");
        let rows = tx.query(&format!("select id, {columns} from \"{entity}\" where id in ({list})"), &[])?;
        let single = ref_query(target, &columns);
        let mut known = tx.referred.borrow_mut();
        for mut row in rows {
            let id = row.int(0);
            row.0.remove(0);
            known.insert((single.clone(), id), Arc::new(vec![row]));
        }
    }
    Ok(())
}

/// A reference must name a record of this company (or of none) that the actor's row rules
/// reach and that fits the field's filter. A line is where its document is.
fn check_ref(
    engine: &Engine,
    actor: &Actor,
    query: &Query,
    field: &FieldMeta,
    entity: &str,
    id: i64,
) -> Result<Option<Refusal>, Trouble> {
    let target = engine.entity(entity)?;
    if target.name == "company" {
        let known = actor.companies.contains(&id);
        return Ok((!known).then(|| unknown_ref(field, target)));
    }
    let (columns, wanted) = ref_columns(target, field);
    let rows = query(target, &ref_query(target, &columns), &[id.into()])?;
    let Some(row) = rows.first() else { return Ok(Some(unknown_ref(field, target))) };
    let is_ours = match target.parent {
        Some((parent, _)) => {
            let whole = FieldMeta { only: "", ..*field };
            check_ref(engine, actor, query, &whole, parent, row.int(0))?.is_none()
        }
        None => row.maybe_int(0).is_none_or(|company| company == actor.company),
    };
    // Who sees none at all is led to one by the documents they do see.
    let is_reached = !actor.access.may(target.name, "see")
        || engine.reaches_owner(actor, target, "see", || row.maybe_int(1).unwrap_or(0));
    if !is_ours || !is_reached {
        return Ok(Some(unknown_ref(field, target)));
    }
    for (index, (_, value)) in wanted.iter().enumerate() {
        if row.0[index + 2] != *value {
            return Ok(Some(
                Refusal::new(
                    "not_suitable",
                    Label::new(
                        "This {what} cannot be used for “{field}”. Choose one from the list.",
                        "该{what}不能用于“{field}”，请从列表中选择。",
                    ),
                )
                .with("what", Param::Label(target.label))
                .with("field", Param::Label(field.label))
                .field(field.name),
            ));
        }
    }
    Ok(None)
}

/// The plain equalities of a filter on refs.
fn equalities(filter: &Filter, found: &mut Vec<(String, Value)>) {
    match filter {
        Filter::And(parts) => parts.iter().for_each(|part| equalities(part, found)),
        Filter::Is { field, op: Op::Eq, operand: Operand::One(json) } => {
            let value = match json {
                Json::Bool(yes) => Value::from(*yes),
                Json::Number(number) => number.as_i64().map_or(Value::Null, Value::Int),
                Json::String(text) => Value::from(text.as_str()),
                _ => Value::Null,
            };
            found.push((field.clone(), value));
        }
        _ => {}
    }
}

fn unknown_ref(field: &FieldMeta, target: &EntityMeta) -> Refusal {
    Refusal::new(
        "no_such_record",
        Label::new(
            "There is no such {what} in this company for “{field}”. Choose one from the list.",
            "本公司没有“{field}”所指的{what}，请从列表中选择。",
        ),
    )
    .with("what", Param::Label(target.label))
    .with("field", Param::Label(field.label))
    .field(field.name)
}
