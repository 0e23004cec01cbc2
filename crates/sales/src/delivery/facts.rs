//! What deciding about a delivery needs to know.

use std::collections::BTreeMap;

use kernel::{Amount, Id, Qty};
use meta::{Fault, Reader, Want};
use stock::costing::{self, Costing, id_list};

use super::{Action, Delivery, Stage};
use crate::discount_rules::Left;
use crate::header_rules::{Header, HeaderFacts, defaults};
use crate::line_rules::LineFacts;
use crate::read::{self, LineKeys, Open, units_of};

/// A line of an order, as far as delivering it needs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OrderLine {
    /// The order.
    pub order: i64,
    /// Its number.
    pub number: String,
    /// Whether the order is confirmed and open.
    pub is_open: bool,
    /// Whether a manager let it go beyond the credit limit.
    pub is_approved: bool,
    /// What is ordered.
    pub product: i64,
    /// In which unit.
    pub unit: i64,
    /// How much.
    pub qty: Qty,
    /// How much of it is delivered.
    pub delivered_qty: Qty,
    /// How much of it is invoiced.
    pub invoiced_qty: Qty,
    /// How much of it came back.
    pub returned_qty: Qty,
    /// What all of it comes to, in company currency.
    pub total_base: Amount,
    /// What all of it bears of the order's discount.
    pub discount_share: Amount,
    /// How much of that is invoiced.
    pub invoiced_discount: Amount,
}

impl OrderLine {
    /// What is still to be delivered, in its unit.
    pub fn left(&self) -> Qty {
        (self.qty - self.delivered_qty).max(Qty::ZERO)
    }

    /// What is still to be delivered, and what that bears of the order's discount.
    pub fn to_deliver(&self) -> Left {
        let mut left = Left { qty: self.qty, discount: self.discount_share };
        left.take(self.delivered_qty);
        left
    }

    /// What is still to be invoiced, and what that bears of the order's discount.
    pub fn to_invoice(&self) -> Left {
        let discount = self.discount_share - self.invoiced_discount;
        Left { qty: (self.qty - self.invoiced_qty).max(Qty::ZERO), discount }
    }
}

/// What deciding about a delivery needs to know.
pub struct Facts {
    /// Customer, credit, rate.
    pub header: HeaderFacts,
    /// Products, prices, taxes, stock.
    pub lines: LineFacts,
    /// The lines of orders that are fulfilled.
    pub order_lines: BTreeMap<i64, OrderLine>,
    /// What those have promised and committed now.
    pub open: Open,
    /// How goods are valued.
    pub costing: Costing,
    /// Names and addresses of both sides, where the document is about to leave the house.
    pub letterhead: Option<String>,
}

pub(super) fn header(doc: &Delivery) -> Header {
    Header {
        customer: doc.customer,
        filled_for: doc.filled_for,
        currency: doc.currency,
        rate_of: doc.rate_of,
        rate: doc.rate,
        rate_meant: doc.rate_meant,
        terms: doc.terms,
        price_list: None,
        owner: doc.owner,
    }
}

pub(super) fn read(doc: &Delivery, want: &Want<Action>, reader: &dyn Reader) -> Result<Facts, Fault> {
    let on = read::day(doc.shipped_on, reader);
    let facts = read::header(&header(doc), on, reader)?;
    let settled = defaults(header(doc), facts.customer.as_ref(), facts.company_currency);
    let keys = LineKeys {
        products: doc.lines.iter().map(|line| line.product.raw()).collect(),
        units: doc.lines.iter().flat_map(|line| units_of(line.unit, line.priced_unit)).collect(),
    };
    let place = match doc.place.raw() {
        0 => facts.home_place.unwrap_or(Id::new(0)),
        _ => doc.place,
    };
    let of_orders = || doc.lines.iter().filter_map(|line| line.order_line).map(|line| line.raw());
    let lines = read::lines(&keys, &settled, place, on, reader)?;
    let costing = costing::with_goods(lines.goods.clone(), reader)?;
    Ok(Facts {
        header: facts,
        lines,
        order_lines: order_lines(of_orders(), reader)?,
        open: match (want, of_orders().next()) {
            // Saving a draft promises nothing and keeps nothing.
            (Want::Save(_), _) | (_, None) => Open::default(),
            (Want::Typing | Want::Act(_), Some(_)) => read::open_of_lines(of_orders(), reader)?,
        },
        costing,
        letterhead: read::letterhead(doc.stage == Stage::Draft, want, doc.customer, reader)?,
    })
}

pub(crate) fn order_lines(
    ids: impl Iterator<Item = i64>,
    reader: &dyn Reader,
) -> Result<BTreeMap<i64, OrderLine>, Fault> {
    let ids = id_list(ids);
    if ids == "0" {
        return Ok(BTreeMap::new());
    }
    let sql = format!(
        "select l.id, o.id, o.number, o.stage, o.credit_approved_by, l.product, l.unit, l.qty, l.delivered_qty,
           l.invoiced_qty, l.returned_qty, l.total_base, l.discount_share, l.invoiced_discount
         from sales_order_line l
         join sales_order o on o.id = l.parent
         where o.company = ?1 and l.id in ({ids})"
    );
    let rows = reader.rows(&sql, &[reader.context().company.into()])?;
    let line = |row: &meta::Row| OrderLine {
        order: row.int(1),
        number: row.text(2).to_owned(),
        is_open: row.text(3) == "confirmed",
        is_approved: row.maybe_int(4).is_some(),
        product: row.int(5),
        unit: row.int(6),
        qty: Qty::new(row.int(7)),
        delivered_qty: Qty::new(row.int(8)),
        invoiced_qty: Qty::new(row.int(9)),
        returned_qty: Qty::new(row.int(10)),
        total_base: Amount::new(row.int(11)),
        discount_share: Amount::new(row.int(12)),
        invoiced_discount: Amount::new(row.int(13)),
    };
    Ok(rows.iter().map(|row| (row.int(0), line(row))).collect())
}
