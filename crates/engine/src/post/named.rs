//! Which field of a document a refusal of the books is about, so that the form can mark it.

use kernel::{Param, Problem};
use meta::{FieldKind, FieldMeta, Record, Trouble, Value};

/// What was asked for: the document, and what was said with the action.
pub(crate) struct Asked<'a> {
    pub record: &'a Record,
    pub args: &'a [FieldMeta],
    pub values: &'a [Value],
}

/// The books know days and goods, not forms: a problem of theirs with a day (`on`) is about the field that
/// holds this day, one with goods that are `missing` about the quantity of their line, any other with a
/// `product` about that line. What names its field already, or is about nothing here, stays as it is.
pub(crate) fn named(trouble: Trouble, asked: &Asked) -> Trouble {
    let Trouble::Refused(mut refusal) = trouble else { return trouble };
    for problem in refusal.problems.iter_mut().filter(|problem| problem.field.is_none()) {
        name(problem, asked);
    }
    Trouble::Refused(refusal)
}

fn name(problem: &mut Problem, asked: &Asked) {
    let param = |name: &str| problem.params.iter().find(|(known, _)| *known == name).map(|(_, param)| param);
    let is_short = param("missing").is_some();
    if let Some(Param::Ref { entity: "product", id }) = param("product")
        && (is_short || param("on").is_none())
        && let Some((row, field)) = line_of(asked.record, *id, is_short)
    {
        (problem.field, problem.row) = (Some(field), Some(row));
    } else if let Some(Param::Date(on)) = param("on") {
        problem.field = day(asked, &Value::from(*on)).map(str::to_owned);
    }
}

/// The field that holds a day: said with the action, else the first one a user fills.
fn day(asked: &Asked, on: &Value) -> Option<&'static str> {
    let is_day = |field: &FieldMeta| matches!(field.kind, FieldKind::Date);
    let said = asked.args.iter().zip(asked.values).find(|(field, value)| is_day(field) && *value == on);
    let fields = asked.record.meta.fields.iter().enumerate();
    let mut held = fields.filter(|(at, field)| is_day(field) && !field.readonly && asked.record.at(*at) == on);
    said.map(|(field, _)| field.name).or_else(|| held.next().map(|(_, field)| field.name))
}

/// The last line of a product: its place among the lines, and its quantity or else its product.
fn line_of(record: &Record, product: i64, qty: bool) -> Option<(usize, String)> {
    record.meta.owned_fields_meta().find_map(|(at, line)| {
        let of = line.fields.iter().position(|field| matches!(field.kind, FieldKind::Ref("product")))?;
        let typed = |field: &&FieldMeta| matches!(field.kind, FieldKind::Qty) && !field.readonly && !field.computed;
        let inner = line.fields.iter().find(typed).filter(|_| qty).map_or(line.fields[of].name, |field| field.name);
        let row = record.owned_at(at).iter().rposition(|one| *one.at(of) == Value::Int(product))?;
        Some((row, format!("{}.{inner}", record.meta.fields[at].name)))
    })
}
