//! In which currency an amount is read when nobody said it: the one the record will have.

use meta::json::{self, Currencies};
use meta::{EntityMeta, FieldKind, FieldMeta, Reader, Record, Registry, Trouble};
use serde_json::{Map, Value as Json};

use crate::facts::Tx;
use crate::write::currencies;

/// Reads what was sent into a record, amounts in the currency they will have.
pub(crate) fn take(tx: &Tx, body: &Map<String, Json>, record: &mut Record, trusted: bool) -> Result<(), Trouble> {
    let registry = &tx.engine.registry;
    let whole = said(registry, record, body, currencies(tx), tx)?;
    Ok(json::read(whole.as_ref().unwrap_or(body), record, currencies(tx), registry, trusted)?)
}

/// What was sent, with the currencies that were left out where amounts are to be read in them: a payment of a
/// customer in JPY is not read as one in CNY. Nothing where all is said. `record` is what it will be written over.
pub(crate) fn said(
    registry: &Registry,
    record: &Record,
    body: &Map<String, Json>,
    currencies: Currencies,
    reader: &dyn Reader,
) -> Result<Option<Map<String, Json>>, Trouble> {
    let meta = record.meta;
    if !is_open(meta, body, body) {
        return Ok(None);
    }
    // As far as it can be read without its amounts.
    let mut draft = record.clone();
    let _ = json::read(&without_amounts(meta, body), &mut draft, currencies, registry, true);
    registry.behaviour(meta.name).currencies(&mut draft, reader)?;
    let mut whole = body.clone();
    fill(&mut whole, &draft);
    for (index, _) in meta.owned_fields_meta() {
        let Some(Json::Array(lines)) = whole.get_mut(meta.fields[index].name) else { continue };
        // Lines that could not be read are refused anyway.
        let known = draft.owned_at(index);
        for (line, known) in lines.iter_mut().zip(known) {
            if let Json::Object(line) = line {
                fill(line, known);
            }
        }
    }
    Ok(Some(whole))
}

fn amounts(meta: &EntityMeta) -> impl Iterator<Item = &FieldMeta> {
    meta.fields.iter().filter(|field| matches!(field.kind, FieldKind::Amount) && !field.computed)
}

/// Whether an amount was sent without its currency.
fn is_open(meta: &EntityMeta, body: &Map<String, Json>, parent: &Map<String, Json>) -> bool {
    let is_given = |body: &Map<String, Json>, name: &str| body.get(name).is_some_and(|value| !value.is_null());
    let own = amounts(meta).filter(|field| is_given(body, field.name)).any(|field| match field.currency {
        "" | "company.currency" => false,
        "parent.currency" => !is_given(parent, "currency"),
        name => !is_given(body, name),
    });
    own || meta.owned_fields_meta().any(|(index, line)| {
        let lines = body.get(meta.fields[index].name).and_then(Json::as_array);
        lines.into_iter().flatten().filter_map(Json::as_object).any(|one| is_open(line, one, body))
    })
}

fn without_amounts(meta: &EntityMeta, body: &Map<String, Json>) -> Map<String, Json> {
    let mut left = body.clone();
    left.retain(|name, _| !amounts(meta).any(|field| field.name == name));
    for (index, line) in meta.owned_fields_meta() {
        let lines = left.get_mut(meta.fields[index].name).and_then(Json::as_array_mut);
        for one in lines.into_iter().flatten().filter_map(Json::as_object_mut) {
            *one = without_amounts(line, one);
        }
    }
    left
}

/// Says the currencies of a record that were not said.
fn fill(body: &mut Map<String, Json>, record: &Record) {
    let is_named = |field: &&FieldMeta| matches!(field.kind, FieldKind::Currency) && !field.readonly && !field.computed;
    for field in record.meta.fields.iter().filter(is_named) {
        let is_needed =
            amounts(record.meta).any(|amount| amount.currency == field.name && body.contains_key(amount.name));
        let is_parents = field.name == "currency" && record.meta.owned_fields_meta().next().is_some();
        let known = record.get(field.name).text().filter(|code| !code.is_empty());
        if let Some(code) = known.filter(|_| is_needed || is_parents)
            && body.get(field.name).is_none_or(Json::is_null)
        {
            body.insert(field.name.to_owned(), Json::String(code.to_owned()));
        }
    }
}
