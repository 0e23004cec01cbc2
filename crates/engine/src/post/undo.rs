//! The mirror: undoing a document is posting the opposite of what it posted, read back
//! from the books, never computed again.

use std::collections::BTreeMap;

use books::{
    Clearing, Commitment, CostMethod, Costing, Dimensions, DocRef, Entry, EntryLine, FlowKind, Move, MoveKind,
    Progress, Promise, TaxLine,
};
use kernel::{Amount, Currency, Date, Id, Label, Price, Qty, Refusal};
use meta::{Fault, FieldType, Record, Trouble, Value};

use super::goods::{self, Worth};
use super::{Doc, advance, dimensions, entries, locks, promises, taxes};
use crate::facts::Tx;

/// Mirrors all that a document has posted.
pub(crate) fn undo(tx: &Tx, record: &Record) -> Result<(), Trouble> {
    let number = record.meta.field("number").map_or("", |_| record.get("number").text().unwrap_or(""));
    let doc = Doc { name: DocRef { entity: record.meta.name, id: record.id }, number };
    let on = mirror_day(tx, doc)?;
    mirror_entries(tx, doc, on)?;
    let promised = mirror_credit(tx, doc)?;
    mirror_goods(tx, doc, on)?;
    mirror_worth(tx, doc, on)?;
    // What is reserved again may lie in another place than the goods that come back.
    promises::check_places(tx, promised)?;
    mirror_progress(tx, doc)?;
    mirror_taxes(tx, doc, on)
}

fn which(doc: Doc) -> [Value; 2] {
    [doc.name.entity.into(), doc.name.id.into()]
}

/// Today, or the day of what is mirrored if that lies ahead.
fn mirror_day(tx: &Tx, doc: Doc) -> Result<Date, Trouble> {
    let rows = tx.query("select max(posted_on) from entry where doc_entity = ?1 and doc_id = ?2", &which(doc))?;
    let last = rows.first().and_then(|row| row.date(0));
    Ok(last.map_or(tx.context.today, |last| last.max(tx.context.today)))
}

/// The last entry first: what an earlier one opened, a later one may have settled.
fn mirror_entries(tx: &Tx, doc: Doc, on: Date) -> Result<(), Trouble> {
    let rows = tx.query(
        "select e.id, e.journal, e.memo from entry e
         where e.doc_entity = ?1 and e.doc_id = ?2 and e.reverses is null and e.journal <> 'stock'
           and not exists (select 1 from entry r where r.reverses = e.id)
         order by e.id desc",
        &which(doc),
    )?;
    let mut is_mirrored = false;
    for row in rows {
        let (id, journal) = (row.int(0), journal_name(row.text(1))?);
        locks::check(tx, on, journal)?;
        let lines = tx.query(
            "select l.account, l.amount, l.currency, l.currency_amount, l.party, l.product, l.due_on, l.doc_line, l.memo,
                    o.id, c.item, l.id, l.dimensions
             from entry_line l
             left join open_item o on o.entry_line = l.id
             left join clearing c on c.entry_line = l.id
             where l.entry = ?1 order by l.line_no",
            &[id.into()],
        )?;
        let about = dimensions::of_entry(tx, id)?;
        let mirrored = lines.iter().map(|line| EntryLine {
            account: Id::new(line.int(0)),
            amount: -Amount::new(line.int(1)),
            currency: Currency::parse(line.text(2)).unwrap_or(tx.context.currency),
            currency_amount: -Amount::new(line.int(3)),
            party: line.maybe_int(4).map(Id::new),
            product: line.maybe_int(5).map(Id::new),
            due_on: line.date(6),
            doc_line: line.maybe_int(7),
            memo: line.text(8).to_owned(),
            // What it opened is closed again, and what it settled is open again.
            clearing: match (line.maybe_int(9), line.maybe_int(10)) {
                (Some(item), _) | (None, Some(item)) => Clearing::Settles(Id::new(item)),
                (None, None) => Clearing::None,
            },
            dimensions: Dimensions {
                set: line.maybe_int(12).map(Id::new),
                shares: about.get(&line.int(11)).cloned().unwrap_or_default(),
            },
        });
        let entry = Entry::balanced(journal, on, row.text(2), mirrored.collect())
            .map_err(|why| Fault::new(format!("the mirror of entry {id} is not balanced: {why:?}")))?;
        entries::insert(tx, doc, &entry, Some(id))?;
        is_mirrored = true;
    }
    if is_mirrored { entries::check_mirrored(tx, doc) } else { Ok(()) }
}

/// Journals are names of ours; the books hold them as text.
fn journal_name(name: &str) -> Result<&'static str, Fault> {
    ["sales", "purchase", "bank", "general", "opening", "stock"]
        .into_iter()
        .find(|known| *known == name)
        .ok_or_else(|| Fault::new(format!("there is no journal {name}")))
}

/// Gives the products and places in which something is promised again.
fn mirror_credit(tx: &Tx, doc: Doc) -> Result<Vec<(i64, i64)>, Trouble> {
    let rows = tx.query(
        "select party, kind, doc_line, sum(amount) from commitment where doc_entity = ?1 and doc_id = ?2
         group by party, kind, doc_line having sum(amount) <> 0 order by party, kind, doc_line",
        &which(doc),
    )?;
    let commitments = rows.iter().map(|row| Commitment {
        party: Id::new(row.int(0)),
        kind: promises::commitment_kind(row.text(1)),
        amount: -Amount::new(row.int(3)),
        doc_line: row.maybe_int(2),
    });
    promises::commit(tx, doc, &commitments.collect::<Vec<_>>())?;
    let rows = tx.query(
        "select product, place, kind, due_on, doc_line, sum(qty) from promise where doc_entity = ?1 and doc_id = ?2
         group by product, place, kind, due_on, doc_line having sum(qty) <> 0 order by product, place, kind, doc_line",
        &which(doc),
    )?;
    let undone = rows.iter().map(|row| Promise {
        product: Id::new(row.int(0)),
        place: Id::new(row.int(1)),
        kind: promises::promise_kind(row.text(2)),
        due_on: row.date(3).unwrap_or(tx.context.today),
        doc_line: row.int(4),
        qty: -Qty::new(row.int(5)),
    });
    let undone: Vec<Promise> = undone.collect();
    promises::promise(tx, doc, &undone)?;
    Ok(undone.iter().map(|one| (one.product.raw(), one.place.raw())).collect())
}

fn mirror_progress(tx: &Tx, doc: Doc) -> Result<(), Trouble> {
    let rows = tx.query(
        "select entity, line, field, sum(amount) from progress where doc_entity = ?1 and doc_id = ?2
         group by entity, line, field having sum(amount) <> 0 order by entity, line, field",
        &which(doc),
    )?;
    let mut steps = Vec::new();
    for row in &rows {
        let meta = tx.engine.entity(row.text(0))?;
        let field = meta
            .fields
            .iter()
            .find_map(|field| match field.kind {
                meta::FieldKind::Owned(line) => line().field(row.text(2)),
                _ => None,
            })
            .ok_or_else(|| Fault::new(format!("no line of {} has {}", meta.name, row.text(2))))?;
        steps.push(Progress { entity: meta.name, line: row.int(1), field: field.name, by: -row.int(3) });
    }
    advance(tx, doc, &steps)
}

fn mirror_taxes(tx: &Tx, doc: Doc, on: Date) -> Result<(), Trouble> {
    let rows = tx.query(
        "select tax, sum(base), sum(tax_amount) from tax_entry where doc_entity = ?1 and doc_id = ?2
         group by tax having sum(base) <> 0 or sum(tax_amount) <> 0 order by tax",
        &which(doc),
    )?;
    let lines = rows.iter().map(|row| TaxLine {
        tax: Id::new(row.int(0)),
        posted_on: on,
        base: -Amount::new(row.int(1)),
        tax_amount: -Amount::new(row.int(2)),
    });
    taxes(tx, doc, &lines.collect::<Vec<_>>())
}

fn mirror_goods(tx: &Tx, doc: Doc, on: Date) -> Result<(), Trouble> {
    let rows = tx.query(
        "select m.id, m.product, m.qty, m.from_place, m.to_place, m.kind, m.doc_line from stock_move m
         where m.doc_entity = ?1 and m.doc_id = ?2 and m.reverses is null
           and not exists (select 1 from stock_move r where r.reverses = m.id)
         order by m.id",
        &which(doc),
    )?;
    if rows.is_empty() {
        return Ok(());
    }
    locks::check(tx, on, "stock")?;
    let mut kept: BTreeMap<(i64, i64), [i64; 4]> = BTreeMap::new();
    let (mut worths, mut touched) = (Vec::new(), Vec::new());
    for row in &rows {
        let (id, product, qty) = (row.int(0), row.int(1), row.int(2));
        let mirror = Move {
            product: Id::new(product),
            qty: Qty::new(qty),
            from: Id::new(row.int(4)),
            to: Id::new(row.int(3)),
            moved_on: on,
            kind: match row.text(5) {
                "in" => MoveKind::Out,
                "out" => MoveKind::In,
                _ => MoveKind::Within,
            },
            value: None,
            returns: None,
            stock_account: Id::new(0),
            against: Id::new(0),
            variance_account: Id::new(0),
            method: CostMethod::Average,
            standard: Price::ZERO,
            doc_line: row.int(6),
        };
        let mirror_id = tx.id()?;
        goods::write_move(tx, doc, mirror_id, &mirror, Some(id));
        kept.entry((product, row.int(3))).or_default()[0] += qty;
        kept.entry((product, row.int(4))).or_default()[0] -= qty;
        touched.extend([(product, row.int(3)), (product, row.int(4))]);
        if mirror.kind != MoveKind::Within {
            annul(tx, id, mirror_id, product, on, &mut worths)?;
        }
    }
    promises::keep(tx, kept.into_iter().map(|((product, place), sums)| (product, place, sums)).collect());
    goods::post(tx, doc, worths, None)?;
    promises::check_places(tx, touched)
}

/// Goods are worth again what they would be without the revaluations of a document.
fn mirror_worth(tx: &Tx, doc: Doc, on: Date) -> Result<(), Trouble> {
    let rows = tx.query(
        "select id, product from stock_flow
         where doc_entity = ?1 and doc_id = ?2 and kind = 'revalue' and annulled = 0 order by id",
        &which(doc),
    )?;
    if rows.is_empty() {
        return Ok(());
    }
    locks::check(tx, on, "stock")?;
    let mut worths = Vec::new();
    for row in &rows {
        let at = worths.len();
        annul(tx, row.int(0), row.int(0), row.int(1), on, &mut worths)?;
        // The first is the step itself, what follows are differences of others.
        worths[at].kind = "revaluation";
    }
    goods::post(tx, doc, worths, None)
}

/// Takes a flow out of its product's history: its value goes back, and what came after it
/// is valued as if it had never been.
fn annul(tx: &Tx, id: i64, mirror_id: i64, product: i64, on: Date, worths: &mut Vec<Worth>) -> Result<(), Trouble> {
    let history = goods::history(tx, product)?;
    let Some(old) = history.iter().find(|kept| kept.flow.id == id) else {
        return Err(Fault::new(format!("move {id} has no value")).into());
    };
    if !old.returned.qty.is_zero() {
        return Err(Refusal::new(
            "has_been_returned",
            Label::new(
                "A part of {product} has come back already. Cancel the return first.",
                "{product} 已有退货。请先取消退货单。",
            ),
        )
        .with("product", ("product", product))
        .into());
    }
    tx.push("update stock_flow set annulled = 1 where id = ?1", vec![id.into()]);
    if let FlowKind::Back { of } = old.flow.kind {
        tx.push(
            "update stock_flow set returned_qty = returned_qty - ?1, returned_value = returned_value - ?2 where id = ?3",
            vec![old.flow.qty.raw().into(), (old.value + old.variance).raw().into(), of.into()],
        );
    }
    let signed = match old.flow.kind {
        FlowKind::Out => old.flow.qty,
        _ => -old.flow.qty,
    };
    goods::raise_value(tx, product, signed, -old.value, on);
    worths.push(Worth {
        product,
        stock_move: mirror_id,
        on,
        qty: signed,
        value: -old.value,
        variance: -old.variance,
        kind: "move",
        stock_account: old.stock_account,
        against: old.against,
        variance_account: old.variance_account,
    });
    let rows = tx.query(
        "select method, standard from product_value where company = ?1 and product = ?2",
        &[tx.context.company.into(), product.into()],
    )?;
    let Some(row) = rows.first() else { return Err(Fault::new("a product without a value").into()) };
    let costing = Costing {
        method: CostMethod::from_value(&row.0[0])?,
        standard: Price::new(row.int(1)),
        currency: tx.context.currency,
    };
    let rest: Vec<goods::Kept> = history.iter().filter(|kept| kept.flow.id != id).cloned().collect();
    goods::revalue(tx, &costing, product, &rest, None, worths)?;
    Ok(())
}
