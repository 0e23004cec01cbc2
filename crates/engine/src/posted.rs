//! What stands in the two books for a document; and for a line of the books, the document it came from.

use std::collections::{BTreeMap, BTreeSet};

use kernel::{Amount, Currency, Qty, id_text};
use meta::{EntityMeta, Fault, Record, Row, Trouble, Value};
use serde_json::{Value as Json, json};
use store::Conn;

use crate::write::outer;
use crate::{Actor, Engine};

/// Which entries `e` and moves `m` are told of a record: conditions with the record's id as ?1; of a document
/// its entity as ?2.
fn asked(entity: &str) -> (&'static str, &'static str) {
    match entity {
        "entry" => ("e.id = ?1", "m.id in (select stock_move from stock_value where entry = ?1)"),
        "entry_line" => (
            "e.id = (select entry from entry_line where id = ?1)",
            "m.id in (select v.stock_move from stock_value v join entry_line l on l.entry = v.entry where l.id = ?1)",
        ),
        "stock_move" => ("e.id in (select entry from stock_value where stock_move = ?1)", "m.id = ?1"),
        "stock_value" => (
            "e.id = (select entry from stock_value where id = ?1)",
            "m.id = (select stock_move from stock_value where id = ?1)",
        ),
        _ => (BY_DOCUMENT, "m.doc_id = ?1 and m.doc_entity = ?2"),
    }
}

const BY_DOCUMENT: &str = "e.doc_id = ?1 and e.doc_entity = ?2";

fn lines(conn: &dyn Conn, condition: &str, args: &[Value]) -> Result<Vec<Row>, Fault> {
    conn.query(
        &format!(
            "select e.id, e.number, e.posted_on, e.journal, l.account, l.amount, l.currency, l.currency_amount, l.party,
                    l.product, l.due_on, l.memo
             from entry e join entry_line l on l.entry = e.id
             where {condition} order by e.id, l.line_no"
        ),
        args,
    )
}

fn moves(conn: &dyn Conn, condition: &str, args: &[Value]) -> Result<Vec<Row>, Fault> {
    conn.query(
        &format!(
            "select m.product, m.qty, m.from_place, m.to_place, m.moved_on, coalesce(sum(v.value), 0), m.id
             from stock_move m left join stock_value v on v.stock_move = m.id
             where {condition}
             group by m.id, m.product, m.qty, m.from_place, m.to_place, m.moved_on order by m.id"
        ),
        args,
    )
}

impl Engine {
    /// What a document posted, as far as an actor may see the books: entries with the right to see entries,
    /// what moves are worth with that to see what stock is worth. Of a line of the books what stands with
    /// it, and the document it came from.
    pub fn books_of(&self, actor: &Actor, entity: &str, id: i64) -> Result<Json, Trouble> {
        self.database.read(|conn| self.books_on(conn, actor, entity, id))
    }

    /// The same on a connection that is open already.
    pub(crate) fn books_on(&self, conn: &dyn Conn, actor: &Actor, entity: &str, id: i64) -> Result<Json, Trouble> {
        let meta = self.entity(entity)?;
        let record = self.seen(conn, actor, meta, id)?;
        let (of_entries, of_moves) = asked(entity);
        let args = [Value::Int(id), entity.into()];
        let args = if of_entries == BY_DOCUMENT { &args[..] } else { &args[..1] };
        let lines = match actor.access.may("entry", "see") {
            true => lines(conn, of_entries, args)?,
            false => Vec::new(),
        };
        let moves = moves(conn, of_moves, args)?;
        let mut wanted: BTreeMap<&str, BTreeSet<i64>> = BTreeMap::new();
        for line in &lines {
            wanted.entry("account").or_default().insert(line.int(4));
            wanted.entry("party").or_default().extend(line.maybe_int(8));
            wanted.entry("product").or_default().extend(line.maybe_int(9));
        }
        for row in &moves {
            wanted.entry("product").or_default().insert(row.int(0));
            wanted.entry("place").or_default().extend([row.int(2), row.int(3)]);
        }
        let labels = store::labels(conn, &self.registry, &wanted, actor.lang)?;
        let reference = |entity: &str, id: i64| {
            let meta = self.registry.entity(entity)?;
            Some(json!({ "id": outer(meta, id), "label": labels.get(&(entity.to_owned(), id)) }))
        };
        let mut entries: Vec<Json> = Vec::new();
        for line in &lines {
            let id = id_text("en", line.int(0));
            if entries.last().is_none_or(|last| last["id"] != id.as_str()) {
                entries.push(json!({
                    "id": id, "number": line.text(1), "posted_on": line.text(2), "journal": line.text(3), "lines": [],
                }));
            }
            let lines = entries.last_mut().and_then(|last| last["lines"].as_array_mut()).expect("just made");
            lines.push(told(actor, line, reference));
        }
        let moves = moves.iter().map(|row| {
            json!({
                "id": id_text("mv", row.int(6)),
                "product": reference("product", row.int(0)), "qty": Qty::new(row.int(1)).to_string(),
                "from": reference("place", row.int(2)), "to": reference("place", row.int(3)),
                "moved_on": row.text(4), "value": worth(actor, row.int(5)),
            })
        });
        let moves: Vec<Json> = moves.collect();
        Ok(json!({ "entries": entries, "moves": moves, "document": self.document_of(conn, actor, &record)? }))
    }

    /// The document a line of the books came from, when the reader may see it.
    fn document_of(&self, conn: &dyn Conn, actor: &Actor, record: &Record) -> Result<Option<Json>, Trouble> {
        let holder = |entity: &str, field: &str| -> Result<Option<Record>, Trouble> {
            match (self.registry.entity(entity), record.get(field).int()) {
                (Some(meta), Some(id)) => Ok(store::load(conn, meta, id)?),
                _ => Ok(None),
            }
        };
        // A part of an entry or of a move belongs to whatever posted the whole.
        let whole = match record.meta.name {
            "entry_line" => holder("entry", "entry")?,
            "stock_value" => holder("stock_move", "stock_move")?,
            _ => None,
        };
        let posted = whole.as_ref().unwrap_or(record);
        if posted.meta.field("doc_entity").is_none() {
            return Ok(None);
        }
        let of: Option<&EntityMeta> = posted.get("doc_entity").text().and_then(|name| self.registry.entity(name));
        let (Some(meta), Some(id)) = (of, posted.get("doc_id").int()) else { return Ok(None) };
        let document = self.if_seen(conn, actor, meta, id)?;
        Ok(document.map(|document| json!({ "entity": meta.name, "id": outer(meta, id), "label": document.label() })))
    }
}

/// What goods are worth, for those who may see it.
pub(crate) fn worth(actor: &Actor, value: i64) -> Option<String> {
    actor.access.may("stock_value", "see").then(|| Amount::new(value).text(actor.currency))
}

/// A line of an entry.
fn told(actor: &Actor, line: &Row, reference: impl Fn(&str, i64) -> Option<Json>) -> Json {
    let amount = Amount::new(line.int(5));
    let (debit, credit) = if amount.is_negative() { (Amount::ZERO, amount.abs()) } else { (amount, Amount::ZERO) };
    let mut one = json!({
        "account": reference("account", line.int(4)),
        "debit": debit.text(actor.currency), "credit": credit.text(actor.currency),
    });
    let currency = Currency::parse(line.text(6)).unwrap_or(actor.currency);
    if currency != actor.currency {
        one["currency"] = json!(currency.code());
        one["currency_amount"] = json!(Amount::new(line.int(7)).text(currency));
    }
    for (at, entity) in [(8, "party"), (9, "product")] {
        if let Some(id) = line.maybe_int(at) {
            one[entity] = json!(reference(entity, id));
        }
    }
    for (at, name) in [(10, "due_on"), (11, "memo")] {
        if !line.text(at).is_empty() {
            one[name] = json!(line.text(at));
        }
    }
    one
}
