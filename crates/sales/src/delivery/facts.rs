//! What deciding about a delivery needs to know.

use std::collections::BTreeMap;

use books::TaxId;
use kernel::{Id, Price, Qty, Rate};
use meta::{Entity, Fault, Reader, Want};
use stock::costing::{self, Costing};

use super::order_line::{OrderLine, order_lines};
use super::{Action, Delivery, DeliveryLine, Stage};
use crate::header_rules::{Header, HeaderFacts, defaults};
use crate::line_rules::LineFacts;
use crate::position_rules::Positions;
use crate::read::{self, LineKeys, Open, units_of};

/// What deciding about a delivery needs to know.
pub struct Facts {
    /// Customer, credit, rate.
    pub header: HeaderFacts,
    /// Products, prices, taxes, stock.
    pub lines: LineFacts,
    /// The lines of orders that are fulfilled.
    pub order_lines: BTreeMap<i64, OrderLine>,
    /// What each line said before it was changed, by line: an order that was changed since speaks for itself.
    pub before: BTreeMap<i64, Agreed>,
    /// What those have promised and committed now.
    pub open: Open,
    /// What the delivery took from the promises of each line, when it is to be taken back.
    pub kept: BTreeMap<i64, Qty>,
    /// How goods are valued.
    pub costing: Costing,
    /// Names and addresses of both sides, where the document is about to leave the house.
    pub letterhead: Option<String>,
}

/// What a line is sold at.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Agreed {
    /// Price of one.
    pub price: Option<Price>,
    /// What is taken off.
    pub discount: Rate,
    /// The tax.
    pub tax: Option<TaxId>,
}

impl Agreed {
    fn of(line: &DeliveryLine) -> Agreed {
        Agreed { price: line.price, discount: line.discount, tax: line.tax }
    }
}

/// What the lines said before: while typing, a saved line may say what it likes until it is saved.
fn before(doc: &Delivery, want: &Want<Action>) -> Result<BTreeMap<i64, Agreed>, Fault> {
    let told = |lines: &[DeliveryLine]| lines.iter().map(|line| (line.id.raw(), Agreed::of(line))).collect();
    Ok(match want {
        Want::Save(Some(old)) => told(&Delivery::from_record(old)?.lines),
        Want::Typing if doc.id.raw() != 0 => told(&doc.lines),
        Want::Typing | Want::Save(None) | Want::Act(_) => BTreeMap::new(),
    })
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
        positions: Positions { now: doc.tax_position, before: doc.taxed_for },
        owner: doc.owner,
    }
}

pub(super) fn read(doc: &Delivery, want: &Want<Action>, reader: &dyn Reader) -> Result<Facts, Fault> {
    let on = read::day(doc.shipped_on, reader);
    let mut facts = read::header(&header(doc), on, reader)?;
    if let Some(order) = doc.sales_order {
        read::agreed_position(&mut facts, &header(doc), ("sales_order", order.raw()), reader)?;
    }
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
    // Lines that say no order line are looked for in the order.
    let is_found = doc.stage == Stage::Draft && doc.lines.iter().any(|line| line.order_line.is_none());
    let of_order = doc.sales_order.filter(|_| is_found).map_or(0, Id::raw);
    let lines = read::lines(&keys, &settled, place, on, reader)?;
    let costing = costing::with_goods(lines.goods.clone(), reader)?;
    Ok(Facts {
        header: facts,
        lines,
        order_lines: order_lines(of_orders(), of_order, reader)?,
        before: before(doc, want)?,
        open: match (want, of_orders().next()) {
            // Saving a draft promises nothing and keeps nothing.
            (Want::Save(_), _) | (_, None) => Open::default(),
            (Want::Typing | Want::Act(_), Some(_)) => read::open_of_lines(of_orders(), reader)?,
        },
        kept: match (want, doc.stage) {
            (Want::Act(_), Stage::Done) => kept(doc.id.raw(), reader)?,
            (_, _) => BTreeMap::new(),
        },
        costing,
        letterhead: read::letterhead(doc.stage == Stage::Draft, want, (doc.customer, doc.tax_position), reader)?,
    })
}

/// What a delivery took from the promises of each line of an order, in the product's own unit.
fn kept(delivery: i64, reader: &dyn Reader) -> Result<BTreeMap<i64, Qty>, Fault> {
    let sql = "select doc_line, sum(qty) from promise
        where company = ?1 and doc_entity = 'delivery' and doc_id = ?2 and kind in ('reserved', 'demand')
        group by doc_line";
    let rows = reader.rows(sql, &[reader.context().company.into(), delivery.into()])?;
    Ok(rows.iter().map(|row| (row.int(0), -Qty::new(row.int(1)))).collect())
}
