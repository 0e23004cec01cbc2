//! An invoice of what is delivered or ordered and not invoiced; a credit note of an invoice, or of a return.

use kernel::{Date, Id, Qty};
use meta::{Choice, Entity, Reader, Record, Trouble};

use super::{Invoice, InvoiceKind, InvoiceLine, Stage};
use crate::delivery::{self, Delivery};
use crate::sales_order::{self, SalesOrder};
use crate::sales_return::{self, SalesReturn, SalesReturnLine};

fn blank() -> Result<Invoice, Trouble> {
    let mut record = Record::empty(Invoice::meta());
    record.set("stage", Stage::Draft.code()).set("kind", InvoiceKind::Invoice.code());
    Ok(Invoice::from_record(&record)?)
}

fn blank_line() -> Result<InvoiceLine, Trouble> {
    Ok(InvoiceLine::from_record(&Record::empty(InvoiceLine::meta()))?)
}

pub(super) fn of(from: &Record, reader: &dyn Reader) -> Result<Option<Invoice>, Trouble> {
    let made = match from.meta.name {
        "sales_order" => of_order(&SalesOrder::from_record(from)?)?,
        "delivery" => of_delivery(&Delivery::from_record(from)?, reader)?,
        "invoice" => of_invoice(&Invoice::from_record(from)?)?,
        "sales_return" => of_return(&SalesReturn::from_record(from)?, reader)?,
        _ => return Ok(None),
    };
    Ok(Some(made).filter(|made| !made.lines.is_empty()))
}

/// Stocked products as far as they are delivered; services as ordered.
fn of_order(order: &SalesOrder) -> Result<Invoice, Trouble> {
    let mut invoice = blank()?;
    if !matches!(order.stage, sales_order::Stage::Confirmed | sales_order::Stage::Done) {
        return Ok(invoice);
    }
    invoice.customer = order.customer;
    invoice.sales_order = Some(Id::new(order.id.raw()));
    invoice.issued_on = Date::MIN;
    (invoice.currency, invoice.terms) = (order.currency, order.terms);
    // The rate is that of the day of the invoice, or the agreed one: completing it says which.
    invoice.rate_meant = order.rate_meant;
    (invoice.owner, invoice.price_list) = (order.owner, order.price_list);
    (invoice.tax_position, invoice.taxed_for) = (order.tax_position, order.taxed_for);
    (invoice.filled_for, invoice.rate_of) = (order.filled_for, order.rate_of);
    for ordered in &order.lines {
        let ready = if ordered.stocked { ordered.delivered_qty - ordered.returned_qty } else { ordered.qty };
        let left = ready - ordered.invoiced_qty;
        if left <= Qty::ZERO {
            continue;
        }
        let mut line = blank_line()?;
        line.order_line = Some(Id::new(ordered.id.raw()));
        line.product = ordered.product;
        line.description.clone_from(&ordered.description);
        (line.qty, line.unit, line.price) = (left, ordered.unit, ordered.price);
        (line.discount, line.tax, line.filled_for) = (ordered.discount, ordered.tax, ordered.filled_for);
        invoice.lines.push(line);
    }
    Ok(invoice)
}

/// At the prices of the order, where there is one.
fn of_delivery(delivery: &Delivery, reader: &dyn Reader) -> Result<Invoice, Trouble> {
    let mut invoice = blank()?;
    if delivery.stage != delivery::Stage::Done {
        return Ok(invoice);
    }
    invoice.customer = delivery.customer;
    invoice.sales_order = delivery.sales_order;
    invoice.delivery = Some(Id::new(delivery.id.raw()));
    invoice.issued_on = Date::MIN;
    (invoice.currency, invoice.terms) = (delivery.currency, delivery.terms);
    invoice.rate_meant = delivery.rate_meant;
    if delivery.rate_meant {
        invoice.rate = delivery.rate;
    }
    (invoice.tax_position, invoice.taxed_for) = (delivery.tax_position, delivery.taxed_for);
    (invoice.owner, invoice.filled_for, invoice.rate_of) = (delivery.owner, delivery.filled_for, delivery.rate_of);
    let ids = delivery.lines.iter().filter_map(|line| line.order_line).map(Id::raw);
    let ordered = delivery::order_lines(ids, 0, reader)?;
    for shipped in &delivery.lines {
        let left = shipped.qty - shipped.returned_qty - shipped.invoiced_qty;
        if left <= Qty::ZERO {
            continue;
        }
        let mut line = blank_line()?;
        line.order_line = shipped.order_line;
        line.delivery_line = Some(Id::new(shipped.id.raw()));
        line.product = shipped.product;
        line.description.clone_from(&shipped.description);
        (line.qty, line.unit, line.price) = (left, shipped.unit, shipped.price);
        (line.discount, line.tax, line.filled_for) = (shipped.discount, shipped.tax, shipped.filled_for);
        let agreed = shipped.order_line.and_then(|id| ordered.get(&id.raw()));
        if let Some(agreed) = agreed.filter(|agreed| agreed.total.1 == delivery.currency) {
            (line.price, line.discount, line.tax) = (agreed.price, agreed.discount, agreed.tax.map(Id::new));
        }
        invoice.lines.push(line);
    }
    Ok(invoice)
}

/// A credit note of an invoice, without lines.
fn note_of(invoice: &Invoice) -> Result<Invoice, Trouble> {
    let mut note = blank()?;
    note.kind = InvoiceKind::CreditNote;
    note.customer = invoice.customer;
    note.sales_order = invoice.sales_order;
    note.credits = Some(Id::new(invoice.id.raw()));
    note.issued_on = Date::MIN;
    (note.currency, note.rate, note.terms) = (invoice.currency, invoice.rate, invoice.terms);
    (note.owner, note.price_list, note.ship_from) = (invoice.owner, invoice.price_list, invoice.ship_from);
    (note.tax_position, note.taxed_for) = (invoice.tax_position, invoice.taxed_for);
    (note.filled_for, note.rate_of) = (invoice.filled_for, invoice.rate_of);
    // Whoever is given back all gets back what was paid, to the coin.
    (note.cash_rounding, note.rounded_for) = (invoice.cash_rounding, invoice.terms);
    Ok(note)
}

/// A line that gives back so much of a line of an invoice, at its price.
fn back(invoiced: &InvoiceLine, qty: Qty) -> Result<InvoiceLine, Trouble> {
    let mut line = blank_line()?;
    line.credited_line = Some(Id::new(invoiced.id.raw()));
    (line.order_line, line.delivery_line) = (invoiced.order_line, invoiced.delivery_line);
    line.product = invoiced.product;
    line.description.clone_from(&invoiced.description);
    (line.qty, line.unit, line.price) = (qty, invoiced.unit, invoiced.price);
    (line.discount, line.tax, line.filled_for) = (invoiced.discount, invoiced.tax, invoiced.filled_for);
    Ok(line)
}

fn is_in_force(invoice: &Invoice) -> bool {
    invoice.stage == Stage::Posted && invoice.kind == InvoiceKind::Invoice
}

/// A credit note of all that is not credited yet; the user takes out what stays.
fn of_invoice(invoice: &Invoice) -> Result<Invoice, Trouble> {
    if !is_in_force(invoice) {
        return blank();
    }
    let mut note = note_of(invoice)?;
    for invoiced in &invoice.lines {
        let left = invoiced.qty - invoiced.credited_qty;
        if Qty::ZERO < left {
            note.lines.push(back(invoiced, left)?);
        }
    }
    Ok(note)
}

/// A credit note of what came back and was invoiced, at the prices of its invoice. Where several
/// invoices have it, of the first that has some left: the next credit note is of the next.
fn of_return(came_back: &SalesReturn, reader: &dyn Reader) -> Result<Invoice, Trouble> {
    if came_back.stage != sales_return::Stage::Done {
        return blank();
    }
    for row in reader.rows(INVOICES_OF_RETURN, &[came_back.id.raw().into(), reader.context().company.into()])? {
        let Some(invoice) = meta::load(reader, Id::<Invoice>::new(row.int(0)))?.filter(is_in_force) else { continue };
        let mut note = note_of(&invoice)?;
        note.sales_return = Some(Id::new(came_back.id.raw()));
        // The goods are back already.
        note.ship_from = None;
        note.lines = credited(came_back, &invoice)?;
        if !note.lines.is_empty() {
            return Ok(note);
        }
    }
    blank()
}

/// The invoices of what a return brought back, the oldest first.
const INVOICES_OF_RETURN: &str = "
    select distinct i.id from sales_return_line n
    join invoice_line l on l.delivery_line = n.delivery_line or l.order_line = n.order_line
    join invoice i on i.id = l.parent
    where n.parent = ?1 and i.company = ?2 and i.stage = 'posted' and i.kind = 'invoice'
    order by i.id";

/// Whether a line of an invoice is of the goods of a line of a return: of their delivery, or,
/// where the order was invoiced, of their order.
fn is_of(invoiced: &InvoiceLine, returned: &SalesReturnLine) -> bool {
    let same = match (invoiced.delivery_line, invoiced.order_line) {
        (Some(delivery), _) => delivery == returned.delivery_line,
        (None, Some(order)) => returned.order_line == Some(order),
        (None, None) => false,
    };
    same && invoiced.product == returned.product && invoiced.unit == returned.unit
}

/// The lines that give back of an invoice what came back and is not credited yet.
fn credited(came_back: &SalesReturn, invoice: &Invoice) -> Result<Vec<InvoiceLine>, Trouble> {
    let mut rest: Vec<Qty> = invoice.lines.iter().map(|line| line.qty - line.credited_qty).collect();
    let mut lines = Vec::new();
    for returned in &came_back.lines {
        let mut left = returned.qty - returned.credited_qty;
        for (invoiced, rest) in invoice.lines.iter().zip(&mut rest).filter(|(line, _)| is_of(line, returned)) {
            let part = left.min(*rest);
            if part <= Qty::ZERO {
                continue;
            }
            (left, *rest) = (left - part, *rest - part);
            lines.push(InvoiceLine { return_line: Some(Id::new(returned.id.raw())), ..back(invoiced, part)? });
        }
    }
    Ok(lines)
}
