//! What deciding about an invoice needs to know.

use std::collections::BTreeMap;

use books::AccountId;
use finance::cash_rounding::{Roundings, roundings};
use finance::payment_term;
use finance::read::{Accounts, DatedRate, Open as OpenItem};
use finance::tax_rules::LetOff;
use finance::term_rules::Part;
use kernel::{Amount, Currency, Date, Id, Price, Qty, Rate};
use meta::{Choice, Fault, Reader, Want};
use party::legal_entity;
use stock::costing::{self, Costing, id_list};

use super::{Action, Invoice, Stage};
use crate::committed::Far;
use crate::delivery::OrderLine;
use crate::discount_rules::{Beyond, Left};
use crate::header_rules::{Header, HeaderFacts, defaults};
use crate::line_rules::LineFacts;
use crate::position_rules::Positions;
use crate::read::{self, LineKeys, Open, OpenCommitment, units_of};
use crate::sales_return;

/// A line of an invoice that is credited.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Credited {
    /// How much was invoiced.
    pub qty: Qty,
    /// How much of it is credited already.
    pub credited_qty: Qty,
    /// The product.
    pub product: i64,
    /// Its unit.
    pub unit: i64,
    /// The price of one.
    pub price: Option<Price>,
    /// What was taken off that.
    pub discount: Rate,
    /// Its tax.
    pub tax: Option<i64>,
    /// The line of the order it invoiced.
    pub order_line: Option<i64>,
    /// The line of the delivery it invoiced.
    pub delivery_line: Option<i64>,
    /// Whether its goods left with the invoice.
    pub shipped: bool,
    /// What it bears of the invoice's discount.
    pub discount_share: Amount,
    /// How much of that is credited already.
    pub credited_discount: Amount,
}

impl Credited {
    /// What is still to be credited, and what that bears of the discount.
    pub fn left(&self) -> Left {
        let discount = self.discount_share - self.credited_discount;
        Left { qty: (self.qty - self.credited_qty).max(Qty::ZERO), discount, beyond: Beyond::default() }
    }
}

/// A line of a return that a credit note is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Returned {
    /// How much came back.
    pub qty: Qty,
    /// How much of it is credited already.
    pub credited_qty: Qty,
    /// The product.
    pub product: i64,
}

/// The return a credit note is made of.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CameBack {
    /// Its number, when the goods are not back, or not any more.
    pub not_received: Option<String>,
    /// Its lines.
    pub lines: BTreeMap<i64, Returned>,
}

/// A document the invoice names: an order, a delivery, an invoice, a return.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Named {
    /// Its number.
    pub number: String,
    /// The legal entity of its customer.
    pub legal: i64,
}

/// A line of a delivery that is invoiced.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Delivered {
    /// The number of the delivery.
    pub number: String,
    /// The legal entity of its customer.
    pub legal: i64,
    /// The product.
    pub product: i64,
    /// The line of the order it fulfilled.
    pub order_line: Option<i64>,
    /// How far it is, where it fulfilled none.
    pub far: Far,
}

/// What was given back of an invoice before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct GivenBack {
    /// The day of the invoice.
    pub issued_on: Date,
    /// The currency of the invoice.
    pub currency: Currency,
    /// What it comes to, before tax.
    pub net: Amount,
    /// How much of that was given back.
    pub back: Amount,
    /// By how many credit notes.
    pub notes: i64,
    /// What those come to, taxes and roundings included.
    pub back_total: Amount,
}

/// What deciding about an invoice needs to know.
pub struct Facts {
    /// The documents it names.
    pub named: Vec<Named>,
    /// The lines of deliveries that are invoiced.
    pub delivered: BTreeMap<i64, Delivered>,
    /// What was given back before of the invoice a credit note gives back.
    pub given_back: Option<GivenBack>,
    /// Customer, credit, rate.
    pub header: HeaderFacts,
    /// Products, prices, taxes.
    pub lines: LineFacts,
    /// The lines of orders that are invoiced.
    pub order_lines: BTreeMap<i64, OrderLine>,
    /// What those have committed now.
    pub open: Open,
    /// What the invoice committed of that itself, when it is to be taken back.
    pub own: Vec<OpenCommitment>,
    /// How goods are valued.
    pub costing: Costing,
    /// Accounts by use.
    pub accounts: Accounts,
    /// The income account of each product, where its category names one.
    pub sales_accounts: BTreeMap<i64, AccountId>,
    /// The account of each tax, where it names one.
    pub tax_accounts: BTreeMap<i64, AccountId>,
    /// How its total is rounded to coins.
    pub roundings: Roundings,
    /// When it is due.
    pub terms: Vec<Part>,
    /// What is open of the invoice a credit note gives back.
    pub credited_open: Vec<OpenItem>,
    /// Its number, when it is not in the books, or not any more.
    pub not_credited: Option<String>,
    /// Its total.
    pub credited_total: Amount,
    /// Its lines.
    pub credited: BTreeMap<i64, Credited>,
    /// The return a credit note is made of.
    pub came_back: CameBack,
    /// Whether something has been paid or credited of this document.
    pub is_settled: bool,
    /// Names and addresses of both sides, where the document is about to leave the house.
    pub letterhead: Option<String>,
}

pub(super) fn header(doc: &Invoice) -> Header {
    Header {
        customer: doc.customer,
        filled_for: doc.filled_for,
        currency: doc.currency,
        rate_of: doc.rate_of,
        rate: doc.rate,
        rate_meant: doc.rate_meant,
        terms: doc.terms,
        price_list: doc.price_list,
        positions: Positions { now: doc.tax_position, before: doc.taxed_for },
        owner: doc.owner,
    }
}

pub(super) fn read(doc: &Invoice, want: &Want<Action>, reader: &dyn Reader) -> Result<Facts, Fault> {
    let on = read::day(doc.issued_on, reader);
    let mut facts = read::header(&header(doc), on, reader)?;
    let names = [
        doc.credits.map(|id| ("invoice", id.raw())),
        doc.sales_order.map(|id| ("sales_order", id.raw())),
        doc.delivery.map(|id| ("delivery", id.raw())),
    ];
    if let Some(from) = names.into_iter().flatten().next() {
        read::agreed_position(&mut facts, &header(doc), from, reader)?;
    }
    let settled = defaults(header(doc), facts.customer.as_ref(), facts.company_currency);
    if let Some(agreed) = agreed_rate(doc, settled.currency, &facts, reader)? {
        facts.dated = Some(DatedRate::of(agreed));
    }
    let keys = LineKeys {
        products: doc.lines.iter().map(|line| line.product.raw()).collect(),
        units: doc.lines.iter().flat_map(|line| units_of(line.unit, line.priced_unit)).collect(),
    };
    let place = doc.ship_from.or(facts.home_place).unwrap_or(Id::new(0));
    let credited = credited(doc.credits.map_or(0, Id::raw), reader)?;
    let delivered = delivered(doc, reader)?;
    let said = doc.lines.iter().filter_map(|line| line.order_line).map(Id::raw);
    let of_others = delivered.values().filter_map(|one| one.order_line);
    let ids: Vec<i64> = said.chain(of_others).chain(credited.values().filter_map(|one| one.order_line)).collect();
    let of_orders = || ids.iter().copied();
    let mut committed = ids.clone();
    committed.extend(delivered.iter().filter(|(_, one)| one.order_line.is_none()).map(|(id, _)| *id));
    // Lines that say no order line are looked for in the order.
    let is_found = doc.stage == Stage::Draft && doc.lines.iter().any(|line| line.order_line.is_none());
    let of_order = doc.sales_order.filter(|_| is_found).map_or(0, Id::raw);
    let credits = doc.credits.map_or(0, |id| id.raw());
    let credited_total = match credits {
        0 => Vec::new(),
        id => reader.rows("select total, stage, number, net from invoice where id = ?1", &[id.into()])?,
    };
    let paid = match doc.stage {
        Stage::Posted => reader.rows(
            "select 1 from open_item where doc_entity = 'invoice' and doc_id = ?1 and open_currency_amount <> currency_amount limit 1",
            &[doc.id.raw().into()],
        )?,
        Stage::Draft | Stage::Cancelled => Vec::new(),
    };
    let mut lines = read::lines(&keys, &settled, place, on, reader)?;
    // Of what was not taxed, a credit note gives back its part.
    if let (Some(LetOff::Amount { net, .. }), Some(row)) = (&mut lines.tax_less, credited_total.first()) {
        *net = Some(Amount::new(row.int(3)));
    }
    Ok(Facts {
        costing: costing::with_goods(lines.goods.clone(), reader)?,
        sales_accounts: sales_accounts(&lines, reader)?,
        lines,
        order_lines: crate::delivery::order_lines(of_orders(), of_order, reader)?,
        named: named(doc, reader)?,
        delivered,
        given_back: given_back(credits, reader)?,
        open: match (want, committed.is_empty()) {
            (Want::Act(_), false) => read::open_of_lines(committed.into_iter(), reader)?,
            (_, _) => Open::default(),
        },
        own: match (want, doc.stage) {
            (Want::Act(_), Stage::Posted) => read::own_commitments("invoice", doc.id.raw(), reader)?,
            (_, _) => Vec::new(),
        },
        accounts: finance::read::accounts(reader)?,
        tax_accounts: tax_accounts(reader)?,
        roundings: roundings(doc.cash_rounding.map(Id::raw), settled.terms.map(Id::raw), reader)?,
        terms: payment_term::parts(settled.terms.map_or(0, |terms| terms.raw()), reader)?,
        credited_open: match credits {
            0 => Vec::new(),
            id => finance::read::open_of("invoice", id, reader)?,
        },
        not_credited: credited_total
            .first()
            .filter(|row| row.text(1) != Stage::Posted.code())
            .map(|row| row.text(2).to_owned()),
        credited_total: Amount::new(credited_total.first().map_or(0, |row| row.int(0))),
        credited,
        came_back: came_back(doc, reader)?,
        is_settled: !paid.is_empty(),
        letterhead: read::letterhead(doc.stage == Stage::Draft, want, (doc.customer, doc.tax_position), reader)?,
        header: facts,
    })
}

/// What stands for the rate of the day: of a credit note the rate of the invoice it gives back,
/// of an invoice that of its order where it was agreed there, or where no rates are kept.
fn agreed_rate(
    doc: &Invoice,
    currency: Currency,
    header: &HeaderFacts,
    reader: &dyn Reader,
) -> Result<Option<Rate>, Fault> {
    let (sql, id) = match (doc.credits, doc.sales_order) {
        _ if currency == header.company_currency => return Ok(None),
        (Some(credited), _) => ("select rate, currency, 1 from invoice where id = ?1 and company = ?2", credited.raw()),
        (None, Some(order)) => {
            ("select rate, currency, rate_meant from sales_order where id = ?1 and company = ?2", order.raw())
        }
        (None, None) => return Ok(None),
    };
    let rows = reader.rows(sql, &[id.into(), reader.context().company.into()])?;
    let counts = |row: &&meta::Row| row.text(1) == currency.code() && (row.int(2) != 0 || header.dated.is_none());
    Ok(rows.first().filter(counts).map(|row| Rate::new(row.int(0))))
}

/// The income account of each product, where its category names one.
fn sales_accounts(lines: &LineFacts, reader: &dyn Reader) -> Result<BTreeMap<i64, AccountId>, Fault> {
    let mut accounts = BTreeMap::new();
    for (id, product) in &lines.products {
        let rules = costing::category_rules(product.categories.first().copied(), reader)?;
        accounts.extend(rules.sales_account.map(|account| (*id, account)));
    }
    Ok(accounts)
}

fn tax_accounts(reader: &dyn Reader) -> Result<BTreeMap<i64, AccountId>, Fault> {
    let sql = "select id, account from tax where company = ?1 and account is not null";
    let rows = reader.steady_rows(sql, &[reader.context().company.into()])?;
    Ok(rows.iter().map(|row| (row.int(0), Id::new(row.int(1)))).collect())
}

fn credited(invoice: i64, reader: &dyn Reader) -> Result<BTreeMap<i64, Credited>, Fault> {
    if invoice == 0 {
        return Ok(BTreeMap::new());
    }
    let rows = reader.rows(
        "select l.id, l.qty, l.credited_qty, l.product, case when i.ship_from is null then 0 else 1 end,
           l.discount_share, l.credited_discount, l.unit, l.price, l.discount, l.tax, l.order_line, l.delivery_line
         from invoice_line l join invoice i on i.id = l.parent where l.parent = ?1 and i.company = ?2",
        &[invoice.into(), reader.context().company.into()],
    )?;
    let line = |row: &meta::Row| Credited {
        qty: Qty::new(row.int(1)),
        credited_qty: Qty::new(row.int(2)),
        product: row.int(3),
        shipped: row.int(4) != 0,
        discount_share: Amount::new(row.int(5)),
        credited_discount: Amount::new(row.int(6)),
        unit: row.int(7),
        price: row.maybe_int(8).map(Price::new),
        discount: Rate::new(row.int(9)),
        tax: row.maybe_int(10),
        order_line: row.maybe_int(11),
        delivery_line: row.maybe_int(12),
    };
    Ok(rows.iter().map(|row| (row.int(0), line(row))).collect())
}

fn came_back(doc: &Invoice, reader: &dyn Reader) -> Result<CameBack, Fault> {
    let Some(id) = doc.sales_return else { return Ok(CameBack::default()) };
    let rows = reader.rows(
        "select n.id, n.qty, n.credited_qty, n.product, r.stage, r.number
         from sales_return_line n join sales_return r on r.id = n.parent
         where n.parent = ?1 and r.company = ?2",
        &[id.raw().into(), reader.context().company.into()],
    )?;
    let line = |row: &meta::Row| Returned {
        qty: Qty::new(row.int(1)),
        credited_qty: Qty::new(row.maybe_int(2).unwrap_or(0)),
        product: row.int(3),
    };
    let is_back = |row: &&meta::Row| row.text(4) == sales_return::Stage::Done.code();
    Ok(CameBack {
        not_received: rows.first().filter(|row| !is_back(row)).map(|row| row.text(5).to_owned()),
        lines: rows.iter().map(|row| (row.int(0), line(row))).collect(),
    })
}

/// The documents the invoice names, with whose they are.
fn named(doc: &Invoice, reader: &dyn Reader) -> Result<Vec<Named>, Fault> {
    if doc.stage != Stage::Draft {
        return Ok(Vec::new());
    }
    let all = [
        ("sales_order", doc.sales_order.map(Id::raw)),
        ("delivery", doc.delivery.map(Id::raw)),
        ("invoice", doc.credits.map(Id::raw)),
        ("sales_return", doc.sales_return.map(Id::raw)),
    ];
    let mut named = Vec::new();
    for (entity, id) in all.into_iter().filter_map(|(entity, id)| Some((entity, id?))) {
        let legal = legal_entity::of("t.customer");
        let sql = format!("select t.number, {legal} from {entity} t where t.id = ?1 and t.company = ?2");
        let rows = reader.rows(&sql, &[id.into(), reader.context().company.into()])?;
        named.extend(rows.iter().map(|row| Named { number: row.text(0).to_owned(), legal: row.int(1) }));
    }
    Ok(named)
}

/// The lines of deliveries that are invoiced, or were by the invoice that is given back.
fn delivered(doc: &Invoice, reader: &dyn Reader) -> Result<BTreeMap<i64, Delivered>, Fault> {
    let ids = id_list(doc.lines.iter().filter_map(|line| line.delivery_line).map(Id::raw));
    let credits = doc.credits.map_or(0, Id::raw);
    if ids == "0" && credits == 0 {
        return Ok(BTreeMap::new());
    }
    let legal = legal_entity::of("d.customer");
    let sql = format!(
        "select l.id, d.number, {legal}, l.product, l.order_line, l.qty, l.total_base, l.returned_qty, l.invoiced_qty
         from delivery_line l join delivery d on d.id = l.parent
         where d.company = ?1 and (l.id in ({ids})
           or l.id in (select delivery_line from invoice_line where parent = ?2 and delivery_line is not null))"
    );
    let line = |row: &meta::Row| Delivered {
        number: row.text(1).to_owned(),
        legal: row.int(2),
        product: row.int(3),
        order_line: row.maybe_int(4),
        far: Far {
            qty: Qty::new(row.int(5)),
            worth: Amount::new(row.int(6)),
            is_open: false,
            delivered: Qty::new(row.int(5)),
            returned: Qty::new(row.maybe_int(7).unwrap_or(0)),
            invoiced: Qty::new(row.maybe_int(8).unwrap_or(0)),
        },
    };
    let rows = reader.rows(&sql, &[reader.context().company.into(), credits.into()])?;
    Ok(rows.iter().map(|row| (row.int(0), line(row))).collect())
}

/// What an invoice comes to, and what posted credit notes gave back of it.
fn given_back(invoice: i64, reader: &dyn Reader) -> Result<Option<GivenBack>, Fault> {
    if invoice == 0 {
        return Ok(None);
    }
    let sql = "select i.currency, i.net,
          (select sum(n.net) from invoice n where n.credits = i.id and n.stage = 'posted'),
          (select count(*) from invoice n where n.credits = i.id and n.stage = 'posted'), i.issued_on,
          (select sum(n.total) from invoice n where n.credits = i.id and n.stage = 'posted')
        from invoice i where i.id = ?1 and i.company = ?2";
    let rows = reader.rows(sql, &[invoice.into(), reader.context().company.into()])?;
    let given = |row: &meta::Row| {
        let currency = Currency::parse(row.text(0)).unwrap_or(reader.context().currency);
        let (net, back) = (Amount::new(row.int(1)), Amount::new(row.maybe_int(2).unwrap_or(0)));
        GivenBack {
            issued_on: row.date(4).unwrap_or(Date::MIN),
            currency,
            net,
            back,
            notes: row.int(3),
            back_total: Amount::new(row.maybe_int(5).unwrap_or(0)),
        }
    };
    Ok(rows.first().map(given))
}
