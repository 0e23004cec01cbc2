//! Facts: the only place of this room that reads.
//!
//! Reads of other rooms: `party`, `product`, `product_category`, `unit`, `price_list`,
//! `tax`, `tax_position`, `company`, `currency_rate`, `user_role`, `role`, and what the engine keeps:
//! `exposure`, `stock_balance`, `product_value`, `promise`, `commitment`.

use std::collections::BTreeMap;

use books::{CommitmentKind, PartyId, PaymentTermId, PlaceId, ProductId, PromiseKind, TaxPositionId, UnitId};
use finance::payment_term;
use finance::read::{dated_rate, rate};
use finance::tax_position::{self, Buyer};
use finance::tax_rules::{LetOff, TaxKind, TaxRounding, TaxRule};
use finance::term_rules::{Instalment, is_longer};
use kernel::{Amount, Currency, Date, Id, Price, Qty, Rate};
use meta::{Fault, NO_CURRENCY, Reader, Row, Value, Want};
use party::{legal_entity, letterhead as letter};
use product::measure::{further_units, units};
use product::price_rules::PriceLine;
use stock::costing::{self, Goods, id_list};

use crate::credit::{Credit, Policy};
use crate::header_rules::{CustomerFacts, Header, HeaderFacts, defaults};
use crate::line_rules::{LineFacts, ProductFacts};
use crate::position_rules::Taxes;
use crate::price_rules::PriceList;
use crate::sales_order::Reserving;

/// How many parents of a price list are asked.
const CHAIN_MAX: usize = 5;

/// What lines say already, as far as reading needs it.
#[derive(Clone, Debug, Default)]
pub struct LineKeys {
    /// Their products.
    pub products: Vec<i64>,
    /// Their units.
    pub units: Vec<i64>,
}

/// The unit of a line, and the one its price was for.
pub fn units_of(unit: UnitId, priced: Option<UnitId>) -> impl Iterator<Item = i64> {
    [unit.raw()].into_iter().chain(priced.map(Id::raw))
}

/// The day a document counts for: its own, or today.
pub fn day(on: Date, reader: &dyn Reader) -> Date {
    if on == Date::MIN { reader.context().today } else { on }
}

/// What completing a header needs to know.
pub fn header(header: &Header, on: Date, reader: &dyn Reader) -> Result<HeaderFacts, Fault> {
    let context = reader.context();
    let customer = customer(header.customer, reader)?;
    let settled = defaults(*header, customer.as_ref(), context.currency);
    let known = dated_rate(settled.currency, on, reader)?;
    Ok(HeaderFacts {
        customer,
        credit: credit(customer.as_ref(), reader)?,
        company_currency: context.currency,
        dated: known,
        user: (context.user != 0).then(|| Id::new(context.user)),
        today: context.today,
        home_place: costing::home_place(reader)?,
        terms_too_long: false,
    })
}

/// The currency of a document, said or not.
pub fn currency(header: &Header, reader: &dyn Reader) -> Result<Currency, Fault> {
    let is_said = header.currency != NO_CURRENCY && header.filled_for.is_none_or(|known| known == header.customer);
    if is_said {
        return Ok(header.currency);
    }
    let customer = customer(header.customer, reader)?;
    Ok(defaults(*header, customer.as_ref(), reader.context().currency).currency)
}

/// Looks whether a document says longer terms than the customer has, it had itself, or the one it fulfils has. Who
/// may change the terms of customers may agree on any.
pub fn agreed_terms(
    facts: &mut HeaderFacts,
    header: &Header,
    documents: &[(&str, i64)],
    reader: &dyn Reader,
) -> Result<(), Fault> {
    let Some(customer) = facts.customer else { return Ok(()) };
    let asked = defaults(*header, Some(&customer), facts.company_currency).terms;
    if asked == customer.terms || asked.is_none() || reader.writes("party", "terms") {
        return Ok(());
    }
    let parts = |terms: Option<PaymentTermId>| -> Result<Vec<Instalment>, Fault> {
        let parts = payment_term::parts(terms.map_or(0, Id::raw), reader)?;
        Ok(parts.into_iter().map(|part| part.instalment).collect())
    };
    let wanted = parts(asked)?;
    let mut agreed = vec![customer.terms];
    for (entity, id) in documents.iter().filter(|(_, id)| *id != 0) {
        let sql = format!("select terms from {entity} where id = ?1 and company = ?2 and customer = ?3");
        let args = [(*id).into(), reader.context().company.into(), customer.id.raw().into()];
        agreed.extend(reader.rows(&sql, &args)?.first().map(|row| row.maybe_int(0).map(Id::new)));
    }
    for terms in agreed {
        if asked == terms || !is_longer(&wanted, &parts(terms)?, facts.today) {
            return Ok(());
        }
    }
    facts.terms_too_long = true;
    Ok(())
}

/// Names and addresses of both sides and what is said of the taxes, when an action is about to take a draft out of
/// the house.
pub fn letterhead<A>(
    is_draft: bool,
    want: &Want<A>,
    (customer, position): (PartyId, Option<TaxPositionId>),
    reader: &dyn Reader,
) -> Result<Option<String>, Fault> {
    match want {
        Want::Act(_) if is_draft => letter::with_note(customer, tax_position::note_of(position, reader)?, reader),
        Want::Act(_) | Want::Typing | Want::Save(_) => Ok(None),
    }
}

/// A document that fulfils another has its tax position, whatever the customer would have today.
pub fn agreed_position(
    facts: &mut HeaderFacts,
    header: &Header,
    (entity, id): (&str, i64),
    reader: &dyn Reader,
) -> Result<(), Fault> {
    let Some(customer) = facts.customer.as_mut().filter(|customer| header.filled_for != Some(customer.id)) else {
        return Ok(());
    };
    let sql = format!("select tax_position from {entity} where id = ?1 and company = ?2");
    let rows = reader.rows(&sql, &[id.into(), reader.context().company.into()])?;
    if let Some(row) = rows.first() {
        customer.tax_position = row.maybe_int(0).map(Id::new);
    }
    Ok(())
}

fn customer(party: PartyId, reader: &dyn Reader) -> Result<Option<CustomerFacts>, Fault> {
    if party.raw() == 0 {
        return Ok(None);
    }
    let columns = format!(
        "p.active, p.is_customer, p.id, p.currency, p.terms, p.price_list, p.credit_limit, p.tax_position,
           p.tax_number, p.country, {}",
        letter::country_of_goods("p")
    );
    let sql = legal_entity::above("?1", &columns);
    let rows = reader.rows(&sql, &[party.raw().into()])?;
    let (Some(own), Some(legal)) = (rows.first(), rows.last()) else { return Ok(None) };
    // What they do not say themselves, the nearest above them says.
    let nearest = |column: usize| rows.iter().find_map(|row| row.maybe_int(column));
    let countries = rows.iter().flat_map(|row| [row.text(10), row.text(9)]);
    let buyer = Buyer {
        typed: nearest(7).map(Id::new),
        country: countries.into_iter().find(|country| !country.is_empty()).unwrap_or(""),
        has_number: rows.iter().any(|row| !row.text(8).is_empty()),
    };
    Ok(Some(CustomerFacts {
        id: party,
        is_active: own.int(0) != 0,
        is_customer: own.int(1) != 0,
        legal: Id::new(legal.int(2)),
        currency: rows.iter().find_map(|row| Currency::parse(row.text(3))),
        terms: nearest(4).map(Id::new),
        price_list: nearest(5).map(Id::new),
        tax_position: tax_position::position_of(&buyer, reader)?,
        credit_limit: legal.maybe_int(6).map(Amount::new),
    }))
}

/// The company's rules for sales.
struct Rules {
    /// How credit is checked.
    credit: Policy,
    /// Where tax is rounded.
    rounding: TaxRounding,
    /// The prices for customers whose own price list does not say.
    price_list: Option<i64>,
}

fn rules(reader: &dyn Reader) -> Result<Rules, Fault> {
    let sql = "select credit_check, tax_rounding, price_list from company where id = ?1";
    let rows = reader.steady_rows(sql, &[reader.context().company.into()])?;
    let row = rows.first();
    let rounding = match row.map(|row| row.text(1)) {
        Some("per_document") => TaxRounding::PerDocument,
        _ => TaxRounding::PerLine,
    };
    let credit = Policy::of(row.map_or("", |row| row.text(0)));
    Ok(Rules { credit, rounding, price_list: row.and_then(|row| row.maybe_int(2)) })
}

/// When the company reserves goods.
pub fn reserving(reader: &dyn Reader) -> Result<Reserving, Fault> {
    let sql = "select reserve, reserve_days from company where id = ?1";
    let rows = reader.steady_rows(sql, &[reader.context().company.into()])?;
    Ok(match rows.first().map(|row| (row.text(0), row.int(1))) {
        Some(("days_before", days)) => Reserving::DaysBefore(i32::try_from(days).unwrap_or(0)),
        Some(("by_hand", _)) => Reserving::ByHand,
        _ => Reserving::AtConfirm,
    })
}

/// The credit of a customer's legal entity.
fn credit(customer: Option<&CustomerFacts>, reader: &dyn Reader) -> Result<Credit, Fault> {
    let context = reader.context();
    let company = Value::Int(context.company);
    let policy = rules(reader)?.credit;
    let legal = customer.map_or(Id::new(0), |customer| customer.legal);
    let nothing = Credit {
        policy,
        legal,
        limit: None,
        exposure: Amount::ZERO,
        currency: context.currency,
        may_override: context.user == 0,
        may_know: reader.shows("party", "credit_limit"),
    };
    let limit = customer.and_then(|customer| customer.credit_limit);
    if policy == Policy::Off || limit.is_none() {
        return Ok(nothing);
    }
    let family = legal_entity::family("?2");
    let sql = format!("select sum(e.amount) from exposure e where e.company = ?1 and e.party in {family}");
    let rows = reader.rows(&sql, &[company.clone(), legal.raw().into()])?;
    let exposure = Amount::new(rows.first().map_or(0, |row| row.int(0)));
    let sql = "select count(*)
        from user_role u
        join role r on r.id = u.role
        where u.\"user\" = ?1 and r.code in ('manager', 'administrator') and (u.only_company is null or u.only_company = ?2)";
    let rows = reader.steady_rows(sql, &[context.user.into(), company])?;
    let may_override = context.user == 0 || rows.first().is_some_and(|row| 0 < row.int(0));
    Ok(Credit { limit, exposure, may_override, ..nothing })
}

/// What terms let off a net for paying early, where that is not taxed in any case.
fn tax_less(settled: &Header, reader: &dyn Reader) -> Result<Option<LetOff>, Fault> {
    let Some(terms) = settled.terms else { return Ok(None) };
    let sql = "select discount_rate, discount_amount, discount_currency from payment_term
        where id = ?1 and discount_of = 'mixed'";
    let rows = reader.steady_rows(sql, &[terms.raw().into()])?;
    let Some(row) = rows.first() else { return Ok(None) };
    let (rate, off) = (Rate::new(row.maybe_int(0).unwrap_or(0)), Amount::new(row.maybe_int(1).unwrap_or(0)));
    Ok(match Rate::ZERO < rate {
        true => Some(LetOff::Part(rate)),
        false if Amount::ZERO < off && row.text(2) == settled.currency.code() => {
            Some(LetOff::Amount { off, net: None })
        }
        false => None,
    })
}

/// What completing lines needs to know.
pub fn lines(
    keys: &LineKeys,
    settled: &Header,
    place: PlaceId,
    on: Date,
    reader: &dyn Reader,
) -> Result<LineFacts, Fault> {
    let price_list = settled.price_list;
    let context = reader.context();
    let Products { products, goods, units: sold_in } = products(keys, reader)?;
    let rules = rules(reader)?;
    let mut prices = price_lists(price_list.map(Id::raw), &keys.products, reader)?;
    if rules.price_list != price_list.map(Id::raw) {
        prices.extend(price_lists(rules.price_list, &keys.products, reader)?);
    }
    let mut rates = BTreeMap::new();
    for list in &prices {
        if let Some(rate) = rate(list.currency, on, reader)? {
            rates.insert(list.currency.code().to_owned(), rate);
        }
    }
    let stock = costing::balances(keys.products.iter().copied(), place, reader)?;
    let is_expected = stock.values().any(|balance| Qty::ZERO < balance.supply + balance.to_come);
    Ok(LineFacts {
        products,
        units: units(keys.units.iter().copied().chain(sold_in), reader)?,
        taxes: Taxes {
            rules: taxes(reader)?,
            replaced: tax_position::replaced(reader)?,
            bought: org::bought_taxes(reader)?,
        },
        prices,
        rates,
        rounding: rules.rounding,
        tax_less: tax_less(settled, reader)?,
        company_currency: context.currency,
        stock,
        expected: if is_expected { expected(&keys.products, place, reader)? } else { BTreeMap::new() },
        goods,
    })
}

/// Products, and the units they bring.
#[derive(Default)]
struct Products {
    products: BTreeMap<i64, ProductFacts>,
    goods: BTreeMap<i64, Goods>,
    units: Vec<i64>,
}

fn products(keys: &LineKeys, reader: &dyn Reader) -> Result<Products, Fault> {
    let (ids, context) = (&keys.products, reader.context());
    let sql = format!(
        "select p.id, p.name, p.kind, p.sold, p.active, p.unit, p.category, p.sales_price, p.sales_tax,
           p.standard_cost, v.qty, v.value, p.sales_unit, u.name
         from product p
         join unit u on u.id = p.unit
         left join product_value v on v.company = ?1 and v.product = p.id
         where p.id in ({})",
        id_list(ids.iter().copied())
    );
    let mut found = Products::default();
    let of_company = costing::company_method(reader)?;
    let rows = reader.rows(&sql, &[context.company.into()])?;
    // Most is sold in the product's own unit.
    let is_own = |unit: &i64| *unit == 0 || rows.iter().any(|row| row.int(5) == *unit);
    let in_others = !keys.units.iter().all(is_own) || rows.iter().any(|row| row.maybe_int(12).is_some());
    let mut further = if in_others { further_units(ids, reader)? } else { BTreeMap::new() };
    let above = categories(rows.iter().filter_map(|row| row.maybe_int(6)), reader)?;
    for row in rows {
        let rules = costing::category_rules(row.maybe_int(6), reader)?;
        let held = (Qty::new(row.int(10)), Amount::new(row.int(11)));
        let (is_stocked, standard) = (row.text(2) == "stocked", row.maybe_int(9).map(Price::new));
        let method = rules.method.unwrap_or(of_company);
        let goods = Goods::new(is_stocked, method, standard, held, context.currency, rules);
        let tax = row.maybe_int(8).or(rules.sales_tax);
        found.units.extend([Some(row.int(5)), row.maybe_int(12)].into_iter().flatten());
        let facts = ProductFacts {
            name: row.text(1).to_owned(),
            is_stocked,
            is_sold: row.int(3) != 0 && row.int(4) != 0,
            unit: Id::new(row.int(5)),
            unit_name: row.text(13).to_owned(),
            sales_unit: row.maybe_int(12).map(Id::new),
            units: further.remove(&row.int(0)).unwrap_or_default(),
            categories: row.maybe_int(6).and_then(|id| above.get(&id).cloned()).unwrap_or_default(),
            // Nothing is sold for nothing unless somebody types it.
            sales_price: row.maybe_int(7).filter(|price| *price != 0).map(Price::new),
            sales_tax: tax.map(Id::new),
            unit_cost: goods.unit_cost,
        };
        found.products.insert(row.int(0), facts);
        found.goods.insert(row.int(0), goods);
    }
    Ok(found)
}

/// Categories with those above them, nearest first.
fn categories(ids: impl Iterator<Item = i64>, reader: &dyn Reader) -> Result<BTreeMap<i64, Vec<i64>>, Fault> {
    let mut above: BTreeMap<i64, Vec<i64>> = BTreeMap::new();
    for start in ids {
        if above.contains_key(&start) {
            continue;
        }
        let (mut chain, mut next) = (Vec::new(), Some(start));
        while let Some(id) = next.filter(|_| chain.len() <= CHAIN_MAX) {
            let rows = reader.steady_rows("select parent from product_category where id = ?1", &[id.into()])?;
            let Some(row) = rows.first() else { break };
            chain.push(id);
            next = row.maybe_int(0);
        }
        above.insert(start, chain);
    }
    Ok(above)
}

/// The rules of each tax; a group is the rules of its parts.
/// All taxes of the company: one answer to remember, whichever of them a document needs.
fn taxes(reader: &dyn Reader) -> Result<BTreeMap<i64, Vec<TaxRule>>, Fault> {
    let sql = "
        select g.id, g.kind, 0 as position, g.id, g.rate, g.included, g.raises_base, g.base_affected
        from tax g
        where g.company = ?1 and g.kind <> 'group'
        union all
        select p.parent, t.kind, p.position, t.id, t.rate, t.included, t.raises_base, t.base_affected
        from tax_part p
        join tax g on g.id = p.parent
        join tax t on t.id = p.tax
        where g.company = ?1
        order by 1, 3";
    let mut taxes: BTreeMap<i64, Vec<TaxRule>> = BTreeMap::new();
    for row in reader.steady_rows(sql, &[reader.context().company.into()])?.iter() {
        let kind = match row.text(1) {
            "fixed" => TaxKind::Fixed,
            "division" => TaxKind::Division,
            _ => TaxKind::Percent,
        };
        taxes.entry(row.int(0)).or_default().push(TaxRule {
            id: row.int(3),
            kind,
            rate: Rate::new(row.int(4)),
            included: row.int(5) != 0,
            raises_base: row.int(6) != 0,
            base_affected: row.int(7) != 0,
        });
    }
    Ok(taxes)
}

/// A price list and its parents, the nearest first.
fn price_lists(list: Option<i64>, products: &[i64], reader: &dyn Reader) -> Result<Vec<PriceList>, Fault> {
    let mut chain = Vec::new();
    let mut next = list;
    while let Some(id) = next.filter(|_| chain.len() < CHAIN_MAX) {
        let rows = reader.rows("select currency, tax_included, parent from price_list where id = ?1", &[id.into()])?;
        let Some(row) = rows.first() else { break };
        let sql = format!(
            "select product, category, min_qty, price, valid_from, valid_until
             from price_list_line
             where parent = ?1 and (product is null or product in ({}))",
            id_list(products.iter().copied())
        );
        let line = |row: &Row| PriceLine {
            product: row.maybe_int(0).map(Id::new),
            category: row.maybe_int(1),
            min_qty: Qty::new(row.int(2)),
            price: Price::new(row.int(3)),
            valid_from: row.date(4),
            valid_until: row.date(5),
        };
        chain.push(PriceList {
            currency: Currency::parse(row.text(0)).unwrap_or(reader.context().currency),
            tax_included: row.int(1) != 0,
            lines: reader.rows(&sql, &[id.into()])?.iter().map(line).collect(),
        });
        next = row.maybe_int(2);
    }
    Ok(chain)
}

/// Days on which goods are expected in a place, or are booked to arrive, by product, in order.
fn expected(products: &[i64], place: PlaceId, reader: &dyn Reader) -> Result<BTreeMap<i64, Vec<(Date, Qty)>>, Fault> {
    let sql = format!(
        "select k.product, k.due_on, sum(k.qty)
         from (
           select product, due_on, qty from promise
           where company = ?1 and place = ?2 and kind = 'supply' and product in ({products})
           union all
           select product, moved_on, qty from stock_move
           where company = ?1 and to_place = ?2 and moved_on > ?3 and product in ({products})
         ) k
         group by k.product, k.due_on
         having sum(k.qty) <> 0
         order by k.product, k.due_on",
        products = id_list(products.iter().copied())
    );
    let mut expected: BTreeMap<i64, Vec<(Date, Qty)>> = BTreeMap::new();
    let context = reader.context();
    for row in reader.rows(&sql, &[context.company.into(), place.raw().into(), context.today.into()])? {
        let day = row.date(1).unwrap_or(Date::MAX);
        expected.entry(row.int(0)).or_default().push((day, Qty::new(row.int(2))));
    }
    Ok(expected)
}

/// A quantity that is promised to a line of an order now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OpenPromise {
    /// The line of the order.
    pub line: i64,
    /// What.
    pub product: ProductId,
    /// Where.
    pub place: PlaceId,
    /// Reserved or needed.
    pub kind: PromiseKind,
    /// How much, in the product's own unit.
    pub qty: Qty,
}

/// An amount a customer will owe because of a line of an order now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OpenCommitment {
    /// The line of the order, or of a delivery without one.
    pub line: i64,
    /// Who.
    pub party: PartyId,
    /// Ordered or delivered.
    pub kind: CommitmentKind,
    /// How much, in company currency.
    pub amount: Amount,
}

/// What lines of orders have promised and committed now.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Open {
    /// Goods.
    pub promises: Vec<OpenPromise>,
    /// Credit.
    pub commitments: Vec<OpenCommitment>,
}

impl Open {
    /// How much is reserved for a line, wherever.
    pub fn reserved(&self, line: i64) -> Qty {
        let mine = self.promises.iter().filter(|one| one.line == line && one.kind == PromiseKind::Reserved);
        mine.map(|one| one.qty).sum()
    }

    /// What is committed without what a document did.
    pub fn without(&self, own: &[OpenCommitment]) -> Vec<OpenCommitment> {
        let back = own.iter().map(|one| OpenCommitment { amount: -one.amount, ..*one });
        self.commitments.iter().copied().chain(back).collect()
    }

    /// How much a line has committed.
    pub fn committed(&self, line: i64, kind: CommitmentKind) -> Amount {
        let mine = self.commitments.iter().filter(|one| one.line == line && one.kind == kind);
        mine.map(|one| one.amount).sum()
    }
}

/// What a document has committed of what lines have, and would take back with its mirror.
pub fn own_commitments(entity: &str, doc: i64, reader: &dyn Reader) -> Result<Vec<OpenCommitment>, Fault> {
    let sql = "select doc_line, party, kind, sum(amount) from commitment
        where doc_entity = ?1 and doc_id = ?2 and kind in ('ordered', 'delivered')
        group by doc_line, party, kind having sum(amount) <> 0 order by doc_line, party";
    Ok(reader.rows(sql, &[entity.into(), doc.into()])?.iter().map(OpenCommitment::of_row).collect())
}

impl OpenCommitment {
    /// Of a row: the line, the party, the kind and the amount.
    pub fn of_row(row: &Row) -> OpenCommitment {
        OpenCommitment {
            line: row.int(0),
            party: Id::new(row.int(1)),
            kind: if row.text(2) == "ordered" { CommitmentKind::Ordered } else { CommitmentKind::Delivered },
            amount: Amount::new(row.int(3)),
        }
    }
}

/// What an order has promised and committed now, lines that were removed included.
pub fn open_of_order(order: i64, reader: &dyn Reader) -> Result<Open, Fault> {
    let which = |table: &str| {
        format!("select doc_line from {table} where company = ?1 and doc_entity = 'sales_order' and doc_id = {order}")
    };
    open(&which("promise"), &which("commitment"), reader)
}

/// What these lines have promised and committed now.
pub fn open_of_lines(lines: impl Iterator<Item = i64>, reader: &dyn Reader) -> Result<Open, Fault> {
    let ids = id_list(lines);
    open(&ids, &ids, reader)
}

fn open(promised: &str, committed: &str, reader: &dyn Reader) -> Result<Open, Fault> {
    let company = Value::Int(reader.context().company);
    let sql = format!(
        "select doc_line, product, place, kind, sum(qty)
         from promise
         where company = ?1 and kind in ('reserved', 'demand') and doc_line in ({promised})
         group by doc_line, product, place, kind
         having sum(qty) <> 0
         order by doc_line, kind desc, place"
    );
    let promise = |row: &Row| OpenPromise {
        line: row.int(0),
        product: Id::new(row.int(1)),
        place: Id::new(row.int(2)),
        kind: if row.text(3) == "reserved" { PromiseKind::Reserved } else { PromiseKind::Demand },
        qty: Qty::new(row.int(4)),
    };
    let promises = reader.rows(&sql, std::slice::from_ref(&company))?.iter().map(promise).collect();
    let sql = format!(
        "select doc_line, party, kind, sum(amount)
         from commitment
         where company = ?1 and kind in ('ordered', 'delivered') and doc_line in ({committed})
         group by doc_line, party, kind
         having sum(amount) <> 0
         order by doc_line, party"
    );
    let commitments = reader.rows(&sql, &[company])?.iter().map(OpenCommitment::of_row).collect();
    Ok(Open { promises, commitments })
}
