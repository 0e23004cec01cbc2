//! A small shop for tests: mugs, plates and a service, in euro.

use std::collections::BTreeMap;

use books::CostMethod;
use finance::read::DatedRate;
use finance::tax_rules::{TaxKind, TaxRounding, TaxRule};
use kernel::{Amount, Currency, Date, Id, Price, Qty, Rate};
use product::UnitCategory;
use product::measure::Measures;
use product::unit_rules::UnitFactor;
use stock::costing::{Balance, Costing, Goods};

use crate::credit::{Credit, Policy};
use crate::header_rules::{CustomerFacts, HeaderFacts};
use crate::line_rules::{LineFacts, ProductFacts};
use crate::position_rules::Taxes;

/// The day of all tests.
pub fn day() -> Date {
    Date::new(2026, 11, 25).unwrap()
}

/// Mug #7 costs 6.00 and sells at 10.00 with 20 % tax, 5 are on hand and 1 of them is reserved;
/// plate #8 is out of stock; #9 is a service without tax; #10 is not sold any more.
/// Unit 1 is the piece, unit 12 the dozen, unit 3 the hour.
pub fn lines() -> LineFacts {
    let product = |name: &str, is_stocked, unit, tax: Option<i64>, cost| ProductFacts {
        name: name.to_owned(),
        is_stocked,
        is_sold: name != "old",
        unit: Id::new(unit),
        unit_name: "pc".to_owned(),
        sales_unit: None,
        // A box of this product holds 24, whatever a box holds elsewhere.
        units: vec![(Id::new(24), 24, 1)],
        categories: Vec::new(),
        sales_price: Some(Price::whole(10)),
        sales_tax: tax.map(Id::new),
        unit_cost: cost,
    };
    let six = Some(Price::whole(6));
    let vat = TaxRule {
        id: 20,
        kind: TaxKind::Percent,
        rate: Rate::parse("0.2").unwrap(),
        included: false,
        raises_base: false,
        base_affected: false,
    };
    let unit = |category, numerator| UnitFactor { category, numerator, denominator: 1, whole: false };
    let mugs = Balance { on_hand: Qty::whole(5), reserved: Qty::whole(1), ..Balance::default() };
    LineFacts {
        products: BTreeMap::from([
            (7, product("Mug", true, 1, Some(20), six)),
            (8, product("Plate", true, 1, Some(20), None)),
            (9, product("Advice", false, 3, None, None)),
            (10, product("old", true, 1, None, None)),
        ]),
        units: BTreeMap::from([
            (1, unit(UnitCategory::Count, 1)),
            (12, unit(UnitCategory::Count, 12)),
            (3, unit(UnitCategory::Time, 1)),
        ]),
        taxes: Taxes { rules: BTreeMap::from([(20, vec![vat])]), ..Taxes::default() },
        prices: Vec::new(),
        rates: BTreeMap::from([("USD".to_owned(), Rate::parse("0.8").unwrap())]),
        rounding: TaxRounding::PerLine,
        tax_less: None,
        company_currency: Currency::EUR,
        stock: BTreeMap::from([(7, mugs)]),
        expected: BTreeMap::new(),
        goods: costing().goods,
    }
}

/// What mugs and plates are measured in.
pub fn measures() -> Measures {
    let LineFacts { products, units, .. } = lines();
    let own = products.into_iter().map(|(id, known)| (id, (known.unit, known.units)));
    Measures { products: own.collect(), units }
}

/// Customer #3 Blue, part of legal entity #30, owes 100.00 and may owe 1,000.00.
pub fn header() -> HeaderFacts {
    HeaderFacts {
        customer: Some(CustomerFacts {
            id: Id::new(3),
            is_active: true,
            is_customer: true,
            legal: Id::new(30),
            currency: None,
            terms: Some(Id::new(5)),
            price_list: None,
            tax_position: None,
            credit_limit: Some(Amount::new(100_000)),
        }),
        credit: Credit {
            policy: Policy::Block,
            legal: Id::new(30),
            limit: Some(Amount::new(100_000)),
            exposure: Amount::new(10_000),
            currency: Currency::EUR,
            may_override: false,
            may_know: true,
        },
        company_currency: Currency::EUR,
        dated: Some(DatedRate::of(Rate::ONE)),
        user: Some(Id::new(1)),
        today: day(),
        home_place: Some(Id::new(1)),
        terms_too_long: false,
    }
}

/// How goods #7 and #8 are valued, with accounts and places.
pub fn costing() -> Costing {
    let goods = |is_stocked| Goods {
        is_stocked,
        method: CostMethod::Fifo,
        standard: None,
        unit_cost: None,
        stock_account: None,
        cost_account: None,
    };
    let accounts = [("stock", 1400), ("cost_of_sales", 5000)];
    let places = [("stock", 1), ("customer", 2)];
    Costing {
        goods: BTreeMap::from([(7, goods(true)), (8, goods(true)), (9, goods(false))]),
        accounts: accounts.into_iter().map(|(name, id)| (name.to_owned(), Id::new(id))).collect(),
        places: places.into_iter().map(|(name, id)| (name.to_owned(), Id::new(id))).collect(),
    }
}

/// What effects post, one line each, as the business reads it.
pub fn told(effects: &meta::Effects) -> Vec<String> {
    let euro = |amount: Amount| amount.text(Currency::EUR);
    let mut told = Vec::new();
    let posting = &effects.posting;
    told.extend(effects.undo.then(|| "undo".to_owned()));
    told.extend(posting.moves.iter().map(|m| {
        let returns = m.returns.map_or(String::new(), |line| format!(" as line {line} left"));
        let (product, from, to) = (m.product.raw(), m.from.raw(), m.to.raw());
        format!("move {} of #{product} from #{from} to #{to}{returns} against {}", m.qty.text(), m.against.raw())
    }));
    told.extend(posting.commitments.iter().map(|c| {
        format!("commit #{} {:?} {} for line {}", c.party.raw(), c.kind, euro(c.amount), c.doc_line.unwrap_or(0))
    }));
    told.extend(posting.promises.iter().map(|p| {
        let (product, place) = (p.product.raw(), p.place.raw());
        format!("promise {:?} {} of #{product} in #{place} for line {}", p.kind, p.qty.text(), p.doc_line)
    }));
    told.extend(
        posting
            .progress
            .iter()
            .map(|p| format!("progress {} of line {} by {}", p.field, p.line, Qty::new(p.by).text())),
    );
    told.extend(effects.create.iter().map(|new| format!("create {}", new.record.meta.name)));
    let said = |value: &meta::Value| match value {
        meta::Value::Null => "nothing".to_owned(),
        meta::Value::Int(number) => number.to_string(),
        meta::Value::Text(text) => text.clone(),
    };
    told.extend(effects.set.iter().map(|(field, value)| format!("set {field} to {}", said(value))));
    told
}

/// The lines of an expected text.
pub fn text(expected: &str) -> Vec<&str> {
    expected.lines().map(str::trim).filter(|line| !line.is_empty()).collect()
}
