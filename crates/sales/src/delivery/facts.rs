//! What deciding about a delivery needs to know.

use std::collections::BTreeMap;

use books::{PartyId, TaxId, TaxPositionId};
use kernel::{Currency, Id, Price, Qty, Rate};
use meta::{Entity, Fault, Reader, Want};
use stock::costing::{self, Costing};

use super::order_line::{OrderLine, order_lines};
use super::{Action, Delivery, DeliveryLine, Stage};
use crate::header_rules::{Header, HeaderFacts, defaults};
use crate::line_rules::LineFacts;
use crate::position_rules::Positions;
use crate::read::{self, LineKeys, Open, OpenCommitment, units_of};

/// What deciding about a delivery needs to know.
pub struct Facts {
    /// Customer, credit, rate.
    pub header: HeaderFacts,
    /// Products, prices, taxes, stock.
    pub lines: LineFacts,
    /// The lines of orders that are fulfilled.
    pub order_lines: BTreeMap<i64, OrderLine>,
    /// What it said before it was changed: an order that was changed since speaks for itself.
    pub before: Before,
    /// Whether whoever asks may say at what price goods are sold: who makes offers or takes orders.
    pub sets_prices: bool,
    /// What those have promised and committed now.
    pub open: Open,
    /// What the delivery took from the promises of each line, when it is to be taken back.
    pub kept: BTreeMap<i64, Qty>,
    /// What the delivery committed itself, when it is to be taken back.
    pub own: Vec<OpenCommitment>,
    /// How goods are valued.
    pub costing: Costing,
    /// Names and addresses of both sides, where the document is about to leave the house.
    pub letterhead: Option<String>,
}

/// What a line is sold at.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Agreed {
    /// What is sold, and in which unit.
    pub sold: (i64, i64),
    /// Price of one.
    pub price: Option<Price>,
    /// What is taken off.
    pub discount: Rate,
    /// The tax.
    pub tax: Option<TaxId>,
}

impl Agreed {
    /// What a line says.
    pub fn of(line: &DeliveryLine) -> Agreed {
        let sold = (line.product.raw(), line.unit.raw());
        Agreed { sold, price: line.price, discount: line.discount, tax: line.tax }
    }
}

/// What a delivery said before it was changed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Before {
    /// Its customer, and in what and with which taxes they pay.
    pub header: Option<(PartyId, Paid)>,
    /// Its lines.
    pub lines: BTreeMap<i64, Agreed>,
}

/// In what and with which taxes a customer pays.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Paid {
    /// In what.
    pub currency: Currency,
    /// What one unit of it is worth in company currency.
    pub rate: Rate,
    /// Whether that was agreed.
    pub rate_meant: bool,
    /// Which taxes are charged.
    pub tax_position: Option<TaxPositionId>,
}

impl Paid {
    /// What a delivery says.
    pub fn of(doc: &Delivery) -> Paid {
        let (currency, rate, rate_meant) = (doc.currency, doc.rate, doc.rate_meant);
        Paid { currency, rate, rate_meant, tax_position: doc.tax_position }
    }
}

/// What a delivery said before: while typing, a saved one may say what it likes until it is saved.
fn before(doc: &Delivery, want: &Want<Action>) -> Result<Before, Fault> {
    let told = |doc: &Delivery| Before {
        header: Some((doc.customer, Paid::of(doc))),
        lines: doc.lines.iter().map(|line| (line.id.raw(), Agreed::of(line))).collect(),
    };
    Ok(match want {
        Want::Save(Some(old)) => told(&Delivery::from_record(old)?),
        Want::Typing if doc.id.raw() != 0 => told(doc),
        Want::Typing | Want::Save(None) | Want::Act(_) => Before::default(),
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
    if doc.stage == Stage::Draft {
        let ordered = ("sales_order", doc.sales_order.map_or(0, Id::raw));
        read::agreed_terms(&mut facts, &header(doc), &[(Delivery::NAME, doc.id.raw()), ordered], reader)?;
    }
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
        sets_prices: ["quotation", "sales_order"].iter().any(|offer| reader.may(offer, "add")),
        open: match (want, of_orders().next()) {
            // Saving a draft promises nothing and keeps nothing.
            (Want::Save(_), _) | (_, None) => Open::default(),
            (Want::Typing | Want::Act(_), Some(_)) => read::open_of_lines(of_orders(), reader)?,
        },
        kept: match (want, doc.stage) {
            (Want::Act(_), Stage::Done) => kept(doc.id.raw(), reader)?,
            (_, _) => BTreeMap::new(),
        },
        own: match (want, doc.stage) {
            (Want::Act(_), Stage::Done) => read::own_commitments("delivery", doc.id.raw(), reader)?,
            (_, _) => Vec::new(),
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
