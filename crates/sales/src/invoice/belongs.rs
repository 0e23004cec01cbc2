//! What the lines of an invoice or credit note belong to: lines of an order, of a delivery, of the invoice that
//! is given back. What the user did not say is found by the product; what belongs to nobody is refused. Pure.

use std::collections::BTreeMap;

use kernel::{Amount, Id, Price, Qty, Rate, Refusal, SCALE};

use super::not_invoiced::NotInvoiced;
use super::{Facts, Invoice, InvoiceKind, InvoiceLine};

/// Finds what each line belongs to.
pub(super) fn find(doc: &mut Invoice, facts: &Facts) -> Result<(), Refusal> {
    if let Some(named) = facts.named.iter().find(|named| named.legal != facts.header.credit.legal.raw()) {
        return Err(NotInvoiced::OtherCustomer { number: named.number.clone() }.into());
    }
    for line in doc.lines.iter_mut().filter(|line| line.order_line.is_none()) {
        let delivered = line.delivery_line.and_then(|id| facts.delivered.get(&id.raw()));
        line.order_line = delivered.and_then(|one| one.order_line).map(Id::new);
    }
    let problems = match (doc.kind, doc.credits, doc.sales_order) {
        (InvoiceKind::CreditNote, Some(_), _) => credited(doc, facts),
        (InvoiceKind::Invoice, _, Some(order)) => ordered(doc, order.raw(), facts),
        (_, _, _) => Vec::new(),
    };
    if problems.is_empty() { Ok(()) } else { Err(Refusal::merge(problems)) }
}

/// Whether a line may be of something that is measured in a unit: its own, or it has none yet.
fn is_same(line: &InvoiceLine, product: i64, unit: i64) -> bool {
    line.product.raw() == product && (line.unit.raw() == 0 || line.unit.raw() == unit)
}

/// What of the named order is open takes the lines of its goods; a service that was not ordered, such as
/// freight, may stand beside.
fn ordered(doc: &mut Invoice, order: i64, facts: &Facts) -> Vec<Refusal> {
    let mut asked: BTreeMap<i64, Qty> = BTreeMap::new();
    for line in &doc.lines {
        if let Some(id) = line.order_line {
            *asked.entry(id.raw()).or_default() += line.qty;
        }
    }
    let mut problems = Vec::new();
    for (row, line) in doc.lines.iter_mut().enumerate().filter(|(_, line)| line.order_line.is_none()) {
        let is_open = |(id, one): &(&i64, &crate::delivery::OrderLine)| {
            let asked = asked.get(id).copied().unwrap_or_default();
            one.order == order && is_same(line, one.product, one.unit) && asked < one.may_invoice()
        };
        let is_stocked = facts.lines.products.get(&line.product.raw()).is_some_and(|known| known.is_stocked);
        match facts.order_lines.iter().find(is_open) {
            Some((id, one)) => {
                *asked.entry(*id).or_default() += line.qty;
                line.order_line = Some(Id::new(*id));
                line.unit = Id::new(one.unit);
                agree(line, one.price, one.discount, one.tax);
            }
            None if is_stocked => {
                let (product, number) = (("product", line.product.raw()), number_of(order, facts));
                problems.push(Refusal::from(NotInvoiced::NotOnOrder { product, number }).row(row));
            }
            None => {}
        }
    }
    problems
}

fn number_of(order: i64, facts: &Facts) -> String {
    let of_line = facts.order_lines.values().find(|one| one.order == order).map(|one| one.number.clone());
    of_line.or_else(|| facts.named.first().map(|named| named.number.clone())).unwrap_or_default()
}

/// Where the user says no price and no tax, those of what the line belongs to stand.
fn agree(line: &mut InvoiceLine, price: Option<Price>, discount: Rate, tax: Option<i64>) {
    if line.price.is_none() {
        (line.price, line.discount) = (price, discount);
    }
    if line.filled_for != Some(line.product) {
        (line.tax, line.filled_for) = (line.tax.or(tax.map(Id::new)), Some(line.product));
    }
}

/// The lines of the invoice that is given back take the lines of its products; there is nothing else to give back.
fn credited(doc: &mut Invoice, facts: &Facts) -> Vec<Refusal> {
    let mut left: BTreeMap<i64, Qty> =
        facts.credited.iter().map(|(id, one)| (*id, one.qty - one.credited_qty)).collect();
    for line in &doc.lines {
        if let Some(left) = line.credited_line.and_then(|id| left.get_mut(&id.raw())) {
            *left -= line.qty;
        }
    }
    let mut problems = Vec::new();
    for (row, line) in doc.lines.iter_mut().enumerate() {
        if line.credited_line.is_none() {
            let fits = |id: &&i64| is_same(line, facts.credited[*id].product, facts.credited[*id].unit);
            let open = || left.iter().filter(|(_, left)| Qty::ZERO < **left).map(|(id, _)| id).filter(fits);
            let found = open().find(|id| line.qty <= left[*id]).or_else(|| open().next()).copied();
            if let Some(id) = found {
                line.credited_line = Some(Id::new(id));
                *left.entry(id).or_default() -= line.qty;
            }
        }
        let one = line.credited_line.and_then(|id| facts.credited.get(&id.raw()));
        let told = match one {
            None => Err(NotInvoiced::NotOnInvoice { product: ("product", line.product.raw()) }),
            Some(one) => {
                line.unit = if line.unit.raw() == 0 { Id::new(one.unit) } else { line.unit };
                line.order_line = line.order_line.or(one.order_line.map(Id::new));
                line.delivery_line = line.delivery_line.or(one.delivery_line.map(Id::new));
                agree(line, one.price, one.discount, one.tax);
                same_as_invoiced(line, one)
            }
        };
        problems.extend(told.err().map(|why| Refusal::from(why).row(row)));
    }
    problems
}

/// At most the price, and the tax, of the invoice are given back, for what it was of.
fn same_as_invoiced(line: &InvoiceLine, one: &super::facts::Credited) -> Result<(), NotInvoiced> {
    let product = ("product", line.product.raw());
    let is_of = |mine: Option<i64>, of: Option<i64>| of.is_none() || mine == of;
    let belongs = is_of(line.order_line.map(Id::raw), one.order_line)
        && is_of(line.delivery_line.map(Id::raw), one.delivery_line)
        && line.product.raw() == one.product;
    if !belongs || line.unit.raw() != one.unit {
        return Err(NotInvoiced::OtherDocument);
    }
    let paid = |price: Option<Price>, discount: Rate| {
        i128::from(price.unwrap_or(Price::ZERO).raw()) * i128::from(SCALE - discount.raw())
    };
    if paid(one.price, one.discount) < paid(line.price, line.discount) {
        let most = one.price.unwrap_or(Price::ZERO).text();
        return Err(NotInvoiced::AbovePrice { product, most });
    }
    match line.tax.map(Id::raw) == one.tax {
        true => Ok(()),
        false => Err(NotInvoiced::OtherTax { product }),
    }
}

/// The whole is not more than what is not yet given back, but for what rounding parts adds.
pub(super) fn within(doc: &Invoice, facts: &Facts) -> Result<(), Refusal> {
    let (Some(_), Some(given)) = (doc.credits, &facts.given_back) else { return Ok(()) };
    let rounded = i64::try_from(doc.lines.len()).unwrap_or(i64::MAX).saturating_mul(given.notes + 1);
    let left = (given.net - given.back).max(Amount::ZERO);
    match Amount::new(left.raw().saturating_add(rounded)) < doc.net {
        true => Err(NotInvoiced::MoreThanLeft { left: (left, given.currency), net: (doc.net, doc.currency) }.into()),
        false => Ok(()),
    }
}
