//! What deciding about an order needs to know.

use finance::read::DatedRate;
use kernel::Date;
use meta::{Entity, Fault, Reader, Want};

use super::{Action, SalesOrder, Stage};
use crate::header_rules::{Header, HeaderFacts};
use crate::line_rules::LineFacts;
use crate::position_rules::Positions;
use crate::read::{self, LineKeys, Open, units_of};

/// What deciding about an order needs to know.
pub struct Facts {
    /// Customer, credit, rate.
    pub header: HeaderFacts,
    /// Products, prices, taxes, stock.
    pub lines: LineFacts,
    /// What the order has promised and committed now.
    pub open: Open,
    /// When the company reserves goods.
    pub reserving: Reserving,
    /// Names and addresses of both sides, where the document is about to leave the house.
    pub letterhead: Option<String>,
}

/// When a company reserves goods for its orders.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reserving {
    /// As soon as an order is confirmed.
    AtConfirm,
    /// So many days before the goods are wanted.
    DaysBefore(i32),
    /// When somebody says so.
    ByHand,
}

impl Reserving {
    /// Whether goods wanted on a day are reserved today without anybody asking.
    pub fn reserves(self, wanted_on: Date, today: Date) -> bool {
        match self {
            Reserving::AtConfirm => true,
            Reserving::DaysBefore(days) => wanted_on <= today.add_days(days),
            Reserving::ByHand => false,
        }
    }
}

pub(super) fn header(order: &SalesOrder) -> Header {
    Header {
        customer: order.customer,
        filled_for: order.filled_for,
        currency: order.currency,
        rate_of: order.rate_of,
        rate: order.rate,
        rate_meant: order.rate_meant,
        terms: order.terms,
        price_list: order.price_list,
        positions: Positions { now: order.tax_position, before: order.taxed_for },
        owner: order.owner,
    }
}

pub(super) fn read(order: &SalesOrder, want: &Want<Action>, reader: &dyn Reader) -> Result<Facts, Fault> {
    let on = read::day(order.ordered_on, reader);
    let mut facts = read::header(&header(order), on, reader)?;
    if facts.dated.is_none()
        && let Some(quotation) = order.quotation
    {
        // Where no rates are kept, the one that was offered is all there is.
        let sql = "select rate from quotation where id = ?1 and company = ?2 and currency = ?3";
        let args = [quotation.raw().into(), reader.context().company.into(), order.currency.code().into()];
        facts.dated = reader.rows(sql, &args)?.first().map(|row| DatedRate::of(kernel::Rate::new(row.int(0))));
    }
    // What an order says while it is open is invoiced.
    if matches!(order.stage, Stage::Draft | Stage::Confirmed) {
        let quoted = ("quotation", order.quotation.map_or(0, |id| id.raw()));
        read::agreed_terms(&mut facts, &header(order), &[(SalesOrder::NAME, order.id.raw()), quoted], reader)?;
    }
    let settled = crate::header_rules::defaults(header(order), facts.customer.as_ref(), facts.company_currency);
    let keys = LineKeys {
        products: order.lines.iter().map(|line| line.product.raw()).collect(),
        units: order.lines.iter().flat_map(|line| units_of(line.unit, line.priced_unit)).collect(),
    };
    let place = match order.place.raw() {
        0 => facts.home_place.unwrap_or(order.place),
        _ => order.place,
    };
    let lines = read::lines(&keys, &settled, place, on, reader)?;
    let open = match order.stage {
        // A draft promises nothing.
        Stage::Draft => Open::default(),
        Stage::Confirmed | Stage::Done | Stage::Cancelled => read::open_of_order(order.id.raw(), reader)?,
    };
    let letterhead = read::letterhead(order.stage == Stage::Draft, want, (order.customer, order.tax_position), reader)?;
    Ok(Facts { header: facts, lines, open, reserving: read::reserving(reader)?, letterhead })
}
