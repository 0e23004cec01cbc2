//! What proves that nobody changed a document behind the program's back.
//!
//! Each audit row of a document carries a hash of all the document then said, and audit rows are sealed. So a document
//! that says something else than when it was last written is found, whatever field or line it is. Measures of lines
//! that other documents raise (how much is delivered, invoiced, paid) are left out: they are the sums of their
//! progress, a law of its own. The rows of the books that are not sealed one by one are tied to those that are.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use meta::{EntityKind, EntityMeta, Fault, FieldMeta, Law, Record, Value};
use store::Conn;

use crate::Engine;
use crate::seal::next_hash;
use crate::verify::{Broken, Verified};

pub(crate) const LAW: &str = "a document says what it said when it was last written";
const MOVES: &str = "goods that moved are those of a line of their document";

/// How many documents are proved at a time.
const AT_ONCE: usize = 500;

/// Rows of the books that are not sealed themselves say what the sealed ones say.
pub(crate) const LAWS: &[Law] = &[
    Law {
        name: "an open item says what its line of the books says",
        breaks: "select o.doc_entity, o.doc_id, o.id, null from open_item o
                 left join entry_line l on l.id = o.entry_line left join entry e on e.id = l.entry
                 where e.id is null or o.entry <> l.entry or o.company <> l.company or o.account <> l.account
                    or coalesce(o.party, 0) <> coalesce(l.party, 0) or o.posted_on <> l.posted_on
                    or o.recorded_at <> l.recorded_at or o.due_on <> coalesce(l.due_on, l.posted_on)
                    or o.currency <> l.currency or o.amount <> l.amount or o.currency_amount <> l.currency_amount
                    or o.doc_entity <> e.doc_entity or o.doc_id <> e.doc_id
                    or coalesce(o.number, '') <> coalesce(e.number, '')
                 order by o.id limit 1",
        counts: "select count(*) from open_item",
    },
    Law {
        name: "a clearing says what its line of the books says",
        breaks: "select coalesce(e.doc_entity, 'clearing'), coalesce(e.doc_id, c.id), c.id, c.amount - l.amount from clearing c
                 left join entry_line l on l.id = c.entry_line left join entry e on e.id = l.entry
                 left join open_item o on o.id = c.item
                 where e.id is null or c.company <> l.company or c.amount <> l.amount
                    or c.currency_amount <> l.currency_amount or c.cleared_on <> l.posted_on
                    or c.recorded_at <> l.recorded_at or o.id is null or o.account <> l.account
                    or o.company <> c.company or o.currency <> l.currency
                 order by c.id limit 1",
        counts: "select count(*) from clearing",
    },
    Law {
        name: "parts by dimension say what their line of the books says",
        breaks: "select d.doc_entity, d.doc_id, d.id, null from dimension_line d
                 left join entry_line l on l.id = d.entry_line left join entry e on e.id = l.entry
                 where e.id is null or d.recorded_at <> l.recorded_at or coalesce(d.party, 0) <> coalesce(l.party, 0)
                    or coalesce(d.product, 0) <> coalesce(l.product, 0)
                    or d.doc_entity <> e.doc_entity or d.doc_id <> e.doc_id
                 order by d.id limit 1",
        counts: "select count(*) from dimension_line",
    },
    // Goods that are worth more or less do not move: what is told of them names how it is counted.
    Law {
        name: "what goods are worth is told of their move and on its day",
        breaks: "select coalesce(m.doc_entity, 'stock_value'), coalesce(m.doc_id, v.id), v.id, null from stock_value v
                 left join stock_move m on m.id = v.stock_move
                 where (m.id is null and v.stock_move <> 0 and not exists (
                     select 1 from stock_flow f where f.id = v.stock_move and f.company = v.company and f.product = v.product))
                    or (m.id is null and v.kind = 'move') or (v.kind = 'move' and v.qty = 0) or (v.kind <> 'move' and v.qty <> 0)
                    or m.company <> v.company or m.product <> v.product
                    or (v.kind = 'move' and (m.moved_on <> v.moved_on or m.recorded_at <> v.recorded_at or m.qty <> abs(v.qty)))
                 order by v.id limit 1",
        counts: "select count(*) from stock_value",
    },
    Law {
        name: "what goods are worth is in the entry of its day",
        breaks: "select 'stock_value', v.id, v.entry, null from stock_value v left join entry e on e.id = v.entry
                 where v.entry <> 0 and (e.id is null or e.company <> v.company or e.posted_on <> v.moved_on
                    or e.recorded_at <> v.recorded_at or e.journal <> 'stock')
                 order by v.id limit 1",
        counts: "select count(*) from stock_value",
    },
    Law {
        name: "goods come in, go out or stay as their places say",
        breaks: "select m.doc_entity, m.doc_id, m.id, null from stock_move m
                 left join place f on f.id = m.from_place left join place t on t.id = m.to_place
                 where f.id is null or t.id is null or m.kind <> case
                   when f.kind not in ('stock', 'warehouse', 'transit') then 'in'
                   when t.kind not in ('stock', 'warehouse', 'transit') then 'out' else 'within' end
                 order by m.id limit 1",
        counts: "select count(*) from stock_move",
    },
    Law {
        name: "goods that move back are those that moved",
        breaks: "select m.doc_entity, m.doc_id, m.id, m.qty - r.qty from stock_move m left join stock_move r on r.id = m.reverses
                 where m.reverses is not null and (r.id is null or r.company <> m.company or r.product <> m.product
                    or r.qty <> m.qty or r.from_place <> m.to_place or r.to_place <> m.from_place
                    or r.doc_entity <> m.doc_entity or r.doc_id <> m.doc_id
                    or coalesce(r.doc_line, 0) <> coalesce(m.doc_line, 0))
                 order by m.id limit 1",
        counts: "select count(*) from stock_move where reverses is not null",
    },
];

/// Documents whose lines have measures that other documents raise.
pub(crate) const MEASURED: &[&str] = &["asset", "sales_order", "delivery", "sales_return", "invoice"];

/// Whether a field of a line is a measure, which is the sum of its progress.
pub(crate) fn is_measure(of: &str, field: &FieldMeta) -> bool {
    field.readonly && field.kind.is_number() && field.kind.is_column() && MEASURED.contains(&of)
}

/// What the audit keeps of a document as it now is: its version and its hash. Nothing for masters.
pub(crate) fn told(record: &Record) -> Option<String> {
    let is_proved = matches!(record.meta.kind, EntityKind::Document | EntityKind::Ledger);
    is_proved.then(|| {
        let mut said = String::new();
        say(record, None, &mut said);
        format!("{}:{}", record.version, next_hash("", &said))
    })
}

/// All that a record says, or a line `of` a kind of document. What is empty is not told, so that a field that comes later changes nothing.
fn say(record: &Record, of: Option<&str>, said: &mut String) {
    let _ = writeln!(said, "{} {}", record.meta.name, record.id);
    if let Some(id) = &record.external_id {
        let _ = writeln!(said, "external_id={id:?}");
    }
    for (index, field) in record.meta.fields.iter().enumerate() {
        if field.kind.is_column() && !of.is_some_and(|of| is_measure(of, field)) {
            let _ = match record.at(index) {
                Value::Null => Ok(()),
                Value::Int(number) => writeln!(said, "{}={number}", field.name),
                Value::Text(text) => writeln!(said, "{}={text:?}", field.name),
            };
        }
    }
    for (index, _) in record.owned_fields() {
        for line in record.owned_at(index) {
            say(line, of.or(Some(record.meta.name)), said);
        }
    }
}

impl Engine {
    /// Compares every document with what its audit tells of it, and moves of goods with their lines.
    pub(crate) fn documents_law(&self, conn: &dyn Conn, verified: &mut Verified) -> Result<(), Fault> {
        let mut count = 0;
        for meta in self.registry.entities() {
            if matches!(meta.kind, EntityKind::Document | EntityKind::Ledger)
                && let Some(broken) = self.documents_of(conn, meta, &mut count)?
            {
                verified.broken.push(broken);
            }
        }
        verified.laws.push((LAW, count));
        self.moves_law(conn, verified)
    }

    /// The first document of a kind that says something else. Those written before hashes were kept are not told of.
    fn documents_of(
        &self,
        conn: &dyn Conn,
        meta: &'static EntityMeta,
        count: &mut i64,
    ) -> Result<Option<Broken>, Fault> {
        let mut after = 0;
        loop {
            let rows = conn.query(
                &format!(
                    "select distinct doc from audit where entity = ?1 and doc > ?2 and record_hash is not null
                     order by doc limit {AT_ONCE}"
                ),
                &[meta.name.into(), after.into()],
            )?;
            let Some(last) = rows.last() else { return Ok(None) };
            let audited = conn.query(
                "select doc, record_hash, kind from audit
                 where entity = ?1 and doc > ?2 and doc <= ?3 and record_hash is not null",
                &[meta.name.into(), after.into(), last.int(0).into()],
            )?;
            after = last.int(0);
            let ids: Vec<i64> = rows.iter().map(|row| row.int(0)).collect();
            // The last version, and what was told of it: an action that changes nothing tells it once more.
            let mut known: BTreeMap<i64, (i64, BTreeSet<&str>)> = BTreeMap::new();
            let mut removed = BTreeSet::new();
            for row in &audited {
                let (version, _) = row.text(1).split_once(':').unwrap_or_default();
                let version: i64 = version.parse().unwrap_or(0);
                let last = known.entry(row.int(0)).or_default();
                if last.0 < version {
                    *last = (version, BTreeSet::new());
                }
                if last.0 == version {
                    last.1.insert(row.text(1));
                }
                if row.text(2) == "removed" {
                    removed.insert(row.int(0));
                }
            }
            let mut there = BTreeSet::new();
            for record in store::load_many(conn, meta, &ids)? {
                *count += 1;
                there.insert(record.id);
                if !known[&record.id].1.contains(told(&record).unwrap_or_default().as_str()) {
                    let row = meta::Row(vec![meta.name.into(), record.id.into(), Value::Null, Value::Null]);
                    return Ok(Some(Broken { law: LAW, what: self.say(conn, &row)? }));
                }
            }
            if let Some(id) = ids.iter().find(|id| !there.contains(id) && !removed.contains(id)) {
                let what = format!("{} {} is gone", meta.name, kernel::id_text(meta.prefix, *id));
                return Ok(Some(Broken { law: LAW, what }));
            }
        }
    }

    /// Moves name a line of their document, and its product.
    fn moves_law(&self, conn: &dyn Conn, verified: &mut Verified) -> Result<(), Fault> {
        let count = crate::number(conn, "select count(*) from stock_move", &[])?.unwrap_or(0);
        verified.laws.push((MOVES, count));
        for row in conn.query("select distinct doc_entity from stock_move order by doc_entity", &[])? {
            let entity = row.text(0);
            let meta = self.registry.entity(entity);
            let lines =
                meta.and_then(|meta| meta.owned_fields_meta().find(|(_, line)| line.field("product").is_some()));
            let Some((_, line)) = lines else {
                verified.broken.push(Broken { law: MOVES, what: format!("{entity} moves no goods") });
                continue;
            };
            let sql = format!(
                "select m.doc_entity, m.doc_id, m.id, null from stock_move m
                 left join {line} l on l.id = m.doc_line left join {entity} d on d.id = m.doc_id
                 where m.doc_entity = ?1 and (d.id is null or d.company <> m.company or l.id is null or l.parent <> m.doc_id
                   or l.product <> m.product)
                 order by m.id limit 1",
                line = line.name
            );
            if let Some(row) = conn.query(&sql, &[entity.into()])?.first() {
                verified.broken.push(Broken { law: MOVES, what: self.say(conn, row)? });
            }
        }
        Ok(())
    }
}
