//! What settled a document, read off the books: payments, credit notes, advances, entries; and of
//! what settles others, such as a credit note, what it settled.
//!
//! ```text
//! clearing of my open item    by the entry of another document        settled by it
//! clearing of another's item  by an entry of mine                     it was settled by me
//! the opposite of an earlier  released, cancelled                     takes back what that had settled
//! ```

use std::collections::{BTreeMap, BTreeSet};

use kernel::{Amount, Currency};
use meta::{EntityKind, EntityMeta, Fault, FieldKind, Filter, ListQuery, Op, Record, Trouble};
use serde_json::{Value as Json, json};
use store::Conn;

use crate::write::outer;
use crate::{Actor, Engine};

/// The most documents that are named.
const NAMED_MAX: usize = 1_000;

/// A part of a document that another one settled.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Part {
    entity: String,
    doc: i64,
    /// The day it was settled on.
    on: String,
    /// Whether the other document did it when it was posted; else later, as an advance that is used.
    at_once: bool,
    /// How much, in the document's currency and counted as its total is.
    amount: Amount,
    /// What of it was given up.
    write_off: Amount,
    /// What of it was let off for paying early.
    discount: Amount,
}

impl Part {
    /// Whether both were settled by the same document.
    fn is_with(&self, other: &Part) -> bool {
        self.doc == other.doc && self.entity == other.entity
    }

    /// Takes as much as there is of an amount off it; what was no money cannot be told any more then.
    fn take_back(&mut self, amount: Amount) -> Amount {
        let part = amount.min(self.amount);
        if !part.is_zero() {
            (self.write_off, self.discount) = (Amount::ZERO, Amount::ZERO);
        }
        self.amount -= part;
        part
    }

    /// In which ways it was settled, and how much by each.
    fn ways(&self) -> Vec<(&'static str, Amount)> {
        let money = match (self.entity.as_str(), self.at_once) {
            ("payment", true) => "payment",
            ("payment", false) => "advance",
            _ => "document",
        };
        let rest = self.amount - self.write_off - self.discount;
        let ways = [(money, rest), ("discount", self.discount), ("write_off", self.write_off)];
        ways.into_iter().filter(|(_, amount)| !amount.is_zero()).collect()
    }
}

/// What still holds: an entry that takes back (a payment released, a document cancelled) takes off
/// what the same document had settled before it, the newest first.
fn in_force(parts: impl IntoIterator<Item = Part>) -> Vec<Part> {
    let mut kept: Vec<Part> = Vec::new();
    for mut part in parts {
        let mut back = if part.amount.is_negative() { -part.amount } else { Amount::ZERO };
        for earlier in kept.iter_mut().rev().filter(|earlier| earlier.is_with(&part)) {
            let taken = earlier.take_back(back);
            back -= taken;
        }
        if part.amount.is_negative() {
            part.amount = -back;
        }
        kept.push(part);
    }
    kept.retain(|part| !part.amount.is_zero());
    kept
}

/// The lines that say of what they settle how much is given up or let off, and their ref to it.
fn no_money(engine: &Engine, of: &EntityMeta) -> Option<(&'static str, &'static str, &'static str)> {
    let lines = engine.registry.entities().flat_map(|meta| meta.owned_fields_meta().map(move |(_, line)| (meta, line)));
    lines.filter(|(_, line)| ["write_off", "discount"].iter().all(|name| line.field(name).is_some())).find_map(
        |(meta, line)| {
            let field =
                line.fields.iter().find(|field| matches!(field.kind, FieldKind::Ref(name) if name == of.name))?;
            Some((meta.name, line.name, field.name))
        },
    )
}

/// All that settled the document ?2 of the entity ?1, or was settled by it, in the order it was posted.
fn sql(no_money: Option<(&str, &str, &str)>) -> String {
    // The sides of an item: what takes it off is counted as its document is.
    let amount = "sum(case when o.currency_amount < 0 then c.currency_amount else -c.currency_amount end)";
    let of_lines = |column: &str| match no_money {
        Some((entity, line, field)) => format!(
            "(select coalesce(sum(p.{column}), 0) from {line} p
              where e.doc_entity = '{entity}' and p.parent = e.doc_id and p.{field} = ?2)"
        ),
        None => "0".to_owned(),
    };
    let (write_off, discount) = (of_lines("write_off"), of_lines("discount"));
    format!(
        "select e.doc_entity, e.doc_id, e.id, e.posted_on,
           case when e.id = (select min(f.id) from entry f
             where f.doc_entity = e.doc_entity and f.doc_id = e.doc_id) then 1 else 0 end,
           {amount}, {write_off}, {discount}
         from open_item o
         join clearing c on c.item = o.id
         join entry_line l on l.id = c.entry_line
         join entry e on e.id = l.entry
         where o.doc_entity = ?1 and o.doc_id = ?2 and not (e.doc_entity = ?1 and e.doc_id = ?2)
         group by e.doc_entity, e.doc_id, e.id, e.posted_on
         union all
         select o.doc_entity, o.doc_id, e.id, e.posted_on, 1, {amount}, 0, 0
         from entry e
         join entry_line l on l.entry = e.id
         join clearing c on c.entry_line = l.id
         join open_item o on o.id = c.item
         where e.doc_entity = ?1 and e.doc_id = ?2 and not (o.doc_entity = ?1 and o.doc_id = ?2)
         group by o.doc_entity, o.doc_id, e.id, e.posted_on
         order by 3, 1, 2"
    )
}

fn parts(conn: &dyn Conn, sql: &str, record: &Record) -> Result<Vec<Part>, Fault> {
    let rows = conn.query(sql, &[record.meta.name.into(), record.id.into()])?;
    let part = |row: &meta::Row| {
        let at_once = row.int(4) != 0;
        // What lines say of it holds for what they did when they were posted.
        let said = |column: usize| if at_once { Amount::new(row.int(column)) } else { Amount::ZERO };
        Part {
            entity: row.text(0).to_owned(),
            doc: row.int(1),
            on: row.text(3).to_owned(),
            at_once,
            amount: Amount::new(row.int(5)),
            write_off: said(6),
            discount: said(7),
        }
    };
    Ok(in_force(rows.iter().map(part)))
}

impl Engine {
    /// What settled a document of an actor's, or was settled by it: how, when, by which document, and
    /// how much in its own currency. The other document is named where the actor may see it.
    pub fn settled(&self, actor: &Actor, entity: &str, id: i64) -> Result<Json, Trouble> {
        let meta = self.entity(entity)?;
        self.database.read(|conn| {
            let record = self.seen(conn, actor, meta, id)?;
            let parts = parts(conn, &sql(no_money(self, meta)), &record)?;
            let names = self.names_seen(conn, actor, &record, &parts)?;
            let currency = record.get("currency").text().and_then(Currency::parse).unwrap_or(actor.currency);
            let told = parts.iter().flat_map(|part| {
                let of = self.registry.entity(&part.entity);
                let document = of
                    .zip(names.get(&(part.entity.clone(), part.doc)))
                    .map(|(of, label)| json!({ "entity": of.name, "id": outer(of, part.doc), "label": label }));
                part.ways().into_iter().map(move |(how, amount)| {
                    json!({ "how": how, "on": part.on, "amount": amount.text(currency), "document": document })
                })
            });
            Ok(json!({ "currency": currency.code(), "settled": told.collect::<Vec<_>>() }))
        })
    }

    /// What those documents are called that an actor may see: one query an entity, with the rules of its rows.
    fn names_seen(
        &self,
        conn: &dyn Conn,
        actor: &Actor,
        of: &Record,
        parts: &[Part],
    ) -> Result<BTreeMap<(String, i64), String>, Trouble> {
        let mut wanted: BTreeMap<&str, BTreeSet<i64>> = BTreeMap::new();
        for part in parts {
            wanted.entry(&part.entity).or_default().insert(part.doc);
        }
        let visible = |meta: &EntityMeta, field: &meta::FieldMeta| self.visible(actor, meta, field);
        let mut scope = self.scope(actor, &visible);
        scope.companies = of.company().map_or(vec![actor.company], |company| vec![company]);
        let mut names = BTreeMap::new();
        for (entity, ids) in wanted {
            let Some(meta) = self.registry.entity(entity).filter(|meta| meta.kind == EntityKind::Document) else {
                continue;
            };
            if !actor.access.may(meta.name, "see") {
                continue;
            }
            let ids: Vec<Json> = ids.iter().take(NAMED_MAX).map(|id| outer(meta, *id).into()).collect();
            let operand = meta::Operand::Many(ids);
            let filter = Filter::Is { field: "id".to_owned(), op: Op::In, operand };
            let query = ListQuery { filter, limit: NAMED_MAX, ..ListQuery::default() };
            let page = store::list(conn, &self.registry, meta, &query, &self.rules(actor, meta, "see"), &scope)?;
            names.extend(page.rows.iter().map(|record| ((meta.name.to_owned(), record.id), record.label())));
        }
        Ok(names)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn part(doc: i64, amount: i64, write_off: i64) -> Part {
        let on = "2026-03-16".to_owned();
        let (amount, write_off) = (Amount::new(amount), Amount::new(write_off));
        Part { entity: "payment".to_owned(), doc, on, at_once: true, amount, write_off, discount: Amount::ZERO }
    }

    fn told(parts: Vec<Part>) -> Vec<(i64, &'static str, i64)> {
        let parts = in_force(parts);
        parts
            .iter()
            .flat_map(|part| part.ways().into_iter().map(|(how, amount)| (part.doc, how, amount.raw())))
            .collect()
    }

    #[test]
    fn what_was_released_or_cancelled_settles_nothing() {
        let parts = vec![part(1, 100, 0), part(2, 40, 0), part(1, -100, 0)];
        assert_eq!(told(parts), [(2, "payment", 40)]);
    }

    #[test]
    fn what_was_released_and_used_again_is_told_as_it_was_used_last() {
        let used = Part { at_once: false, ..part(1, 60, 0) };
        assert_eq!(told(vec![part(1, 105, 5), part(1, -105, 0), used]), [(1, "advance", 60)]);
    }

    #[test]
    fn what_was_given_up_is_no_money() {
        assert_eq!(told(vec![part(1, 105, 5)]), [(1, "payment", 100), (1, "write_off", 5)]);
        assert_eq!(told(vec![part(1, 5, 5)]), [(1, "write_off", 5)]);
    }

    #[test]
    fn the_sum_stays_even_where_more_is_taken_back_than_was_settled() {
        assert_eq!(told(vec![part(1, 100, 0), part(1, -120, 0)]), [(1, "payment", -20)]);
    }
}
