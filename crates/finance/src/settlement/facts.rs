//! What is read of what is to be settled.

use books::{DocRef, ItemId};
use kernel::{Amount, Currency, Date, Id, Rate};
use meta::{Choice, Fault, Reader};
use party::legal_entity;

use super::{Early, EarlyTax, Target, TargetFacts};
use crate::payment_term::DiscountOf;
use crate::read::{self, Open};
use crate::term_rules::{DiscountTax, EarlyDiscount, Reduction};

/// What is known of a target that `by` settles on a day; none if it is not this company's, or
/// not in the books.
pub fn target(target: Target, by: DocRef, on: Date, reader: &dyn Reader) -> Result<Option<TargetFacts>, Fault> {
    match target {
        Target::Invoice(id) => invoice(id, by, on, reader),
        Target::Item(id) => item(id, by, on, reader),
    }
}

/// What an open item belongs to, and what is open of it: its own invoice is settled as an invoice.
pub fn item_of(item: ItemId, reader: &dyn Reader) -> Result<Option<(Target, Open)>, Fault> {
    let rows = reader.rows(
        "select doc_entity, doc_id from open_item where id = ?1 and company = ?2",
        &[item.raw().into(), reader.context().company.into()],
    )?;
    let Some(row) = rows.first() else { return Ok(None) };
    let target = match row.text(0) {
        "invoice" => Target::Invoice(row.int(1)),
        _ => Target::Item(item.raw()),
    };
    Ok(read::open_item(item, reader)?.map(|open| (target, open)))
}

/// What a document has settled and not taken back.
pub fn settled_by(by: DocRef, reader: &dyn Reader) -> Result<Vec<Target>, Fault> {
    let rows = reader.rows(
        "select o.doc_entity, o.doc_id, o.id from clearing c
         join entry_line l on l.id = c.entry_line
         join entry e on e.id = l.entry
         join open_item o on o.id = c.item
         where e.doc_entity = ?1 and e.doc_id = ?2 and not (o.doc_entity = ?1 and o.doc_id = ?2)
         group by o.doc_entity, o.doc_id, o.id
         order by o.doc_entity, o.doc_id, o.id",
        &[by.entity.into(), by.id.into()],
    )?;
    let mut targets: Vec<Target> = rows
        .iter()
        .map(|row| match row.text(0) {
            "invoice" => Target::Invoice(row.int(1)),
            _ => Target::Item(row.int(2)),
        })
        .collect();
    targets.dedup();
    Ok(targets)
}

fn item(id: i64, by: DocRef, on: Date, reader: &dyn Reader) -> Result<Option<TargetFacts>, Fault> {
    let rows = reader.rows(
        &format!(
            "select o.doc_entity, o.doc_id, o.party, o.currency, o.posted_on, o.currency_amount, a.used_for, {}
             from open_item o
             join account a on a.id = o.account
             where o.id = ?1 and o.company = ?2",
            legal_entity::of("o.party")
        ),
        &[id.into(), reader.context().company.into()],
    )?;
    let Some(row) = rows.first() else { return Ok(None) };
    // An invoice is named as such: its other parts, its order and its discount belong to it.
    let Some(entity) = ["journal_entry", "payment"].into_iter().find(|known| *known == row.text(0)) else {
        return Ok(None);
    };
    let doc = DocRef { entity, id: row.int(1) };
    let Some(open) = read::open_item(Id::new(id), reader)?.filter(|_| doc != by) else { return Ok(None) };
    let settled = reader.rows(
        "select coalesce(sum(c.currency_amount), 0) from clearing c
         join entry_line l on l.id = c.entry_line
         join entry e on e.id = l.entry
         where c.item = ?1 and e.doc_entity = ?2 and e.doc_id = ?3",
        &[id.into(), by.entity.into(), by.id.into()],
    )?;
    let total = Amount::new(row.int(5));
    let beside = match entity {
        "payment" => read::open_of("payment", doc.id, reader)?,
        _ => Vec::new(),
    };
    Ok(Some(TargetFacts {
        doc,
        party: Id::new(row.int(2)),
        legal: Id::new(row.int(7)),
        is_receivable: row.text(6) == "receivable",
        currency: open.currency,
        issued_on: row.date(4).unwrap_or(on),
        open: vec![open],
        total,
        rate: read::rate(open.currency, on, reader)?,
        settled: -Amount::new(settled.first().map_or(0, |row| row.int(0))),
        order_lines: Vec::new(),
        other: total,
        early: None,
        beside: beside.iter().filter(|one| one.item != open.item).map(|one| one.currency_amount.abs()).sum(),
    }))
}

fn invoice(id: i64, by: DocRef, on: Date, reader: &dyn Reader) -> Result<Option<TargetFacts>, Fault> {
    let rows = reader.rows(
        &format!(
            "select i.customer, i.currency, i.kind, i.total, i.issued_on,
               i.net, i.tax_amount, i.total_base, t.discount_rate, t.discount_days, t.discount_of,
               t.discount_amount, t.discount_currency, coalesce(i.rounding_amount, 0), {}
             from invoice i
             left join payment_term t on t.id = i.terms
             where i.id = ?1 and i.company = ?2 and i.stage = 'posted'",
            legal_entity::of("i.customer")
        ),
        &[id.into(), reader.context().company.into()],
    )?;
    let Some(row) = rows.first() else { return Ok(None) };
    let currency = Currency::parse(row.text(1)).unwrap_or(reader.context().currency);
    let settled = reader.rows(
        "select coalesce(sum(c.currency_amount), 0) from clearing c
         join open_item o on o.id = c.item
         join entry_line l on l.id = c.entry_line
         join entry e on e.id = l.entry
         where o.doc_entity = 'invoice' and o.doc_id = ?1 and e.doc_entity = ?2 and e.doc_id = ?3",
        &[id.into(), by.entity.into(), by.id.into()],
    )?;
    let lines = reader.rows(
        "select order_line, sum(total) from invoice_line where parent = ?1 group by order_line order by order_line",
        &[id.into()],
    )?;
    let total = Amount::new(row.int(3));
    let early = match reduction(row).filter(|_| row.text(2) == "invoice") {
        Some(reduction) => Some(early(id, row, reduction, reader)?),
        None => None,
    };
    Ok(Some(TargetFacts {
        doc: DocRef { entity: "invoice", id },
        early,
        beside: Amount::ZERO,
        party: Id::new(row.int(0)),
        legal: Id::new(row.int(14)),
        is_receivable: true,
        currency,
        issued_on: row.date(4).unwrap_or(on),
        open: read::open_of("invoice", id, reader)?,
        total: if row.text(2) == "credit_note" { -total } else { total },
        rate: read::rate(currency, on, reader)?,
        settled: -Amount::new(settled.first().map_or(0, |row| row.int(0))),
        order_lines: lines.iter().filter_map(|row| Some((row.maybe_int(0)?, Amount::new(row.int(1))))).collect(),
        other: lines
            .iter()
            .filter(|row| row.maybe_int(0).is_none())
            .map(|row| Amount::new(row.int(1)))
            .chain([Amount::new(row.int(13))])
            .sum(),
    }))
}

/// What the terms of an invoice let off, from the columns of `invoice`: a part, or an amount in
/// its currency.
fn reduction(row: &meta::Row) -> Option<Reduction> {
    let rate = Rate::new(row.maybe_int(8).unwrap_or(0));
    let amount = Amount::new(row.maybe_int(11).unwrap_or(0));
    match Rate::ZERO < rate {
        true => Some(Reduction::Percent(rate)),
        false if Amount::ZERO < amount && row.text(12) == row.text(1) => Some(Reduction::Fixed(amount)),
        false => None,
    }
}

/// What an invoice lets off: by the rules of its terms, from the columns of `invoice`.
fn early(id: i64, row: &meta::Row, reduction: Reduction, reader: &dyn Reader) -> Result<Early, Fault> {
    let treatment = match DiscountOf::of(row.text(10)) {
        Some(DiscountOf::Net) => DiscountTax::Excluded,
        Some(DiscountOf::Mixed) => DiscountTax::Mixed,
        Some(DiscountOf::Total) | None => DiscountTax::Included,
    };
    let discount = EarlyDiscount { reduction, days: i32::try_from(row.int(9)).unwrap_or(0), treatment };
    let (mut net, tax) = (Amount::new(row.int(5)), Amount::new(row.int(6)));
    if treatment == DiscountTax::Included {
        // Of the total as it is to be paid, rounded to coins.
        net += Amount::new(row.int(13));
    }
    let taxes = match treatment {
        DiscountTax::Excluded | DiscountTax::Mixed => Vec::new(),
        DiscountTax::Included => reader.rows(
            "select e.tax, t.account, sum(e.base), sum(e.tax_amount) from tax_entry e join tax t on t.id = e.tax
             where e.doc_entity = 'invoice' and e.doc_id = ?1
             group by e.tax, t.account having sum(e.tax_amount) <> 0 order by e.tax",
            &[id.into()],
        )?,
    };
    let taxes: Vec<EarlyTax> = taxes
        .iter()
        .map(|tax| EarlyTax {
            tax: Id::new(tax.int(0)),
            account: tax.maybe_int(1).map(Id::new),
            base: Amount::new(tax.int(2)),
            amount: Amount::new(tax.int(3)),
        })
        .collect();
    Ok(Early {
        until: discount.until(row.date(4).unwrap_or(Date::MIN)),
        most: discount.early_payment(net, &[tax]).discount,
        net: Amount::new(row.int(7)) - taxes.iter().map(|tax| tax.amount).sum(),
        taxes,
    })
}
