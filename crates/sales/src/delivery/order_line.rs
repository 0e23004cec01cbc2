//! A line of an order, as far as delivering and invoicing it needs: what is left, and how far both may go beyond.

use std::collections::BTreeMap;

use kernel::{Amount, Currency, Price, Qty, Rate, SCALE};
use meta::{Fault, Reader};
use party::legal_entity;
use stock::costing::id_list;

use crate::committed::Far;
use crate::discount_rules::{Beyond, Left};
use crate::header_rules::{self, HeaderFacts};

/// A line of an order, as far as delivering it needs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OrderLine {
    /// The order.
    pub order: i64,
    /// Its number.
    pub number: String,
    /// The legal entity of its customer.
    pub legal: i64,
    /// The price of one.
    pub price: Option<Price>,
    /// What is taken off that.
    pub discount: Rate,
    /// The tax.
    pub tax: Option<i64>,
    /// Whether the order is confirmed and open.
    pub is_open: bool,
    /// Whether a manager let it go beyond the credit limit.
    pub is_approved: bool,
    /// What is ordered.
    pub product: i64,
    /// In which unit.
    pub unit: i64,
    /// Whether that is not divided.
    pub whole: bool,
    /// How much.
    pub qty: Qty,
    /// The same in the product's own unit.
    pub product_qty: Qty,
    /// How much of it is delivered.
    pub delivered_qty: Qty,
    /// How much of it is invoiced.
    pub invoiced_qty: Qty,
    /// How much of it came back.
    pub returned_qty: Qty,
    /// By what part a delivery may be more than what was ordered.
    pub over_delivery: Rate,
    /// By what part an invoice may be.
    pub over_invoicing: Rate,
    /// What all of it comes to, in the currency of the order.
    pub total: (Amount, Currency),
    /// The rate of the order.
    pub rate: Rate,
    /// What all of it comes to, in company currency.
    pub total_base: Amount,
    /// What all of it is worth to credit today.
    pub worth: Amount,
    /// What all of it bears of the order's discount.
    pub discount_share: Amount,
    /// What of that was agreed as a part, so that goods beyond the order bear as much.
    pub discount_part: Amount,
    /// How much of the discount is invoiced.
    pub invoiced_discount: Amount,
}

impl OrderLine {
    /// How far it is.
    pub(crate) fn far(&self) -> Far {
        Far {
            qty: self.qty,
            worth: self.worth,
            is_open: self.is_open,
            delivered: self.delivered_qty,
            returned: self.returned_qty,
            invoiced: self.invoiced_qty,
        }
    }

    /// What is still to be delivered, in its unit.
    pub fn left(&self) -> Qty {
        (self.qty - self.delivered_qty).max(Qty::ZERO)
    }

    /// What may still be delivered: what is left, and what the allowance adds.
    pub fn may_deliver(&self) -> Qty {
        (self.with_allowance(self.over_delivery) - self.delivered_qty).max(Qty::ZERO)
    }

    /// What the customer is to be billed for: what was ordered, or what was delivered beyond that and kept.
    pub fn billable(&self) -> Qty {
        self.qty.max(self.delivered_qty - self.returned_qty)
    }

    /// What may still be invoiced: what was ordered with the allowance, or all that was delivered and kept.
    pub fn may_invoice(&self) -> Qty {
        (self.billable().max(self.with_allowance(self.over_invoicing)) - self.invoiced_qty).max(Qty::ZERO)
    }

    /// Whether so much may be invoiced again that a credit note gave back: as above, also where goods came back since.
    pub fn takes_back(&self, qty: Qty) -> bool {
        let most = self.qty.max(self.delivered_qty).max(self.with_allowance(self.over_invoicing));
        self.invoiced_qty + qty <= most
    }

    /// What is still to be delivered, and what that bears of the order's discount.
    pub fn to_deliver(&self) -> Left {
        let mut left = Left { qty: self.qty, discount: self.discount_share, beyond: self.beyond() };
        left.take(self.delivered_qty.min(self.qty));
        left
    }

    /// What is still to be invoiced, and what that bears of the order's discount.
    pub fn to_invoice(&self) -> Left {
        let qty = (self.qty - self.invoiced_qty).max(Qty::ZERO);
        let discount = match qty.is_zero() {
            true => Amount::ZERO,
            false => self.discount_share - self.invoiced_discount,
        };
        Left { qty, discount, beyond: self.beyond() }
    }

    /// What was ordered and what an allowance adds to it, rounded down: an allowance is never exceeded.
    fn with_allowance(&self, allowance: Rate) -> Qty {
        let step = if self.whole { i128::from(SCALE) } else { 1 };
        let more = i128::from(self.qty.raw()) * i128::from(allowance.raw()) / i128::from(SCALE);
        Qty::new(self.qty.raw().saturating_add(i64::try_from(more - more % step).unwrap_or(i64::MAX)))
    }

    fn beyond(&self) -> Beyond {
        Beyond { qty: self.qty, discount: self.discount_part }
    }

    /// What the customer owes for goods beyond the order once so much is delivered, at the prices of the
    /// order, in company currency; what is invoiced is owed already.
    fn owed_beyond(&self, delivered: Qty, header: &HeaderFacts) -> Amount {
        let whole = header_rules::at_risk(self.total, self.total_base, self.rate, header);
        let beyond = delivered.max(self.invoiced_qty) - self.qty;
        match Qty::ZERO < beyond && Qty::ZERO < self.qty {
            true => whole.scale(beyond.raw(), self.qty.raw()).unwrap_or(whole),
            false => Amount::ZERO,
        }
    }

    /// What the customer comes to owe for goods beyond the order, when so much more is delivered after so
    /// much of the same delivery.
    pub fn surplus(&self, before: Qty, qty: Qty, header: &HeaderFacts) -> Amount {
        let before = self.delivered_qty + before;
        self.owed_beyond(before + qty, header) - self.owed_beyond(before, header)
    }
}

/// The lines of orders with these ids, and all of an order; 0 for none.
pub(crate) fn order_lines(
    ids: impl Iterator<Item = i64>,
    order: i64,
    reader: &dyn Reader,
) -> Result<BTreeMap<i64, OrderLine>, Fault> {
    let ids = id_list(ids);
    if ids == "0" && order == 0 {
        return Ok(BTreeMap::new());
    }
    let legal = legal_entity::of("o.customer");
    // What a product says of its own allowances goes before what the company says.
    let sql = format!(
        "select l.id, o.id, o.number, o.stage, o.credit_approved_by, l.product, l.unit, l.qty, l.delivered_qty,
           l.invoiced_qty, l.returned_qty, l.total_base, l.discount_share, l.invoiced_discount, l.product_qty,
           coalesce(p.over_delivery, c.over_delivery, 0), coalesce(p.over_invoicing, c.over_invoicing, 0),
           l.total, o.currency, o.rate, o.discount_total, o.discount_amount, u.whole,
           {legal}, l.price, l.discount, l.tax
         from sales_order_line l
         join sales_order o on o.id = l.parent
         join company c on c.id = o.company
         join product p on p.id = l.product
         join unit u on u.id = l.unit
         where o.company = ?1 and (l.id in ({ids}) or l.parent = ?2)"
    );
    let rows = reader.rows(&sql, &[reader.context().company.into(), order.into()])?;
    let (own, today) = (reader.context().currency, reader.context().today);
    let mut lines: BTreeMap<i64, OrderLine> = rows.iter().map(|row| (row.int(0), order_line(row, own))).collect();
    let mut usual = BTreeMap::new();
    for line in lines.values_mut().filter(|line| line.total.1 != own) {
        let code = line.total.1.code();
        if !usual.contains_key(code) {
            usual.insert(code, finance::read::rate(line.total.1, today, reader)?);
        }
        line.worth = header_rules::worth(line.total, line.total_base, line.rate, usual[code], own);
    }
    Ok(lines)
}

fn order_line(row: &meta::Row, own: Currency) -> OrderLine {
    let (discount_share, discount_total, discount_amount) = (Amount::new(row.int(12)), row.int(20), row.int(21));
    OrderLine {
        order: row.int(1),
        number: row.text(2).to_owned(),
        is_open: row.text(3) == "confirmed",
        is_approved: row.maybe_int(4).is_some(),
        product: row.int(5),
        unit: row.int(6),
        whole: row.int(22) != 0,
        legal: row.int(23),
        price: row.maybe_int(24).map(Price::new),
        discount: Rate::new(row.int(25)),
        tax: row.maybe_int(26),
        qty: Qty::new(row.int(7)),
        delivered_qty: Qty::new(row.int(8)),
        invoiced_qty: Qty::new(row.int(9)),
        returned_qty: Qty::new(row.int(10)),
        total_base: Amount::new(row.int(11)),
        worth: Amount::new(row.int(11)),
        discount_share,
        invoiced_discount: Amount::new(row.int(13)),
        product_qty: Qty::new(row.int(14)),
        over_delivery: Rate::new(row.int(15)),
        over_invoicing: Rate::new(row.int(16)),
        total: (Amount::new(row.int(17)), Currency::parse(row.text(18)).unwrap_or(own)),
        rate: Rate::new(row.int(19)),
        discount_part: match discount_total {
            0 => Amount::ZERO,
            _ => discount_share.scale(discount_total - discount_amount, discount_total).unwrap_or(Amount::ZERO),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(qty: &str, whole: bool) -> OrderLine {
        OrderLine {
            order: 70,
            number: "S1".into(),
            legal: 30,
            price: None,
            discount: Rate::ZERO,
            tax: None,
            is_open: true,
            is_approved: false,
            product: 7,
            unit: 1,
            whole,
            qty: Qty::parse(qty).unwrap(),
            product_qty: Qty::parse(qty).unwrap(),
            delivered_qty: Qty::ZERO,
            invoiced_qty: Qty::ZERO,
            returned_qty: Qty::ZERO,
            over_delivery: Rate::ZERO,
            over_invoicing: Rate::ZERO,
            total: (Amount::ZERO, Currency::EUR),
            rate: Rate::ONE,
            total_base: Amount::ZERO,
            worth: Amount::ZERO,
            discount_share: Amount::ZERO,
            discount_part: Amount::ZERO,
            invoiced_discount: Amount::ZERO,
        }
    }

    #[test]
    fn an_allowance_is_never_exceeded_by_rounding() {
        let most = |qty: &str, rate: &str| line(qty, false).with_allowance(Rate::parse(rate).unwrap()).text();
        assert_eq!(most("10", "0"), "10");
        assert_eq!(most("10", "0.05"), "10.5");
        assert_eq!(most("0.000003", "0.5"), "0.000004");
        let pieces = |qty: &str, rate: &str| line(qty, true).with_allowance(Rate::parse(rate).unwrap()).text();
        assert_eq!(pieces("10", "0.19"), "11");
    }

    #[test]
    fn what_may_be_done_is_never_less_than_nothing() {
        let all = Qty::whole(13);
        let done = OrderLine { delivered_qty: all, invoiced_qty: all, returned_qty: all, ..line("10", true) };
        assert_eq!((done.left(), done.may_deliver(), done.may_invoice()), (Qty::ZERO, Qty::ZERO, Qty::ZERO));
        assert_eq!(done.billable(), Qty::whole(10));
    }
}
