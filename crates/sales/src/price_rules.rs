//! Which price a price list says.
//!
//! A list is asked first, then its parent, and so on. In one list the line for the product
//! wins over the line for its category, that over a line for everything; among those the
//! largest minimum quantity that is reached, then the latest that is valid.

use kernel::{Currency, Date, Price, Qty, Rate, Rounding, SCALE, div_round};

use finance::tax_rules::{TaxKind, TaxRule};

/// One line of a price list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PriceLine {
    /// Only for this product.
    pub product: Option<i64>,
    /// Only for this category.
    pub category: Option<i64>,
    /// Only from this quantity on, in the product's own unit.
    pub min_qty: Qty,
    /// The price of one of the product's own unit.
    pub price: Price,
    /// The first day, if any.
    pub valid_from: Option<Date>,
    /// The last day, included, if any.
    pub valid_until: Option<Date>,
}

/// A price list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PriceList {
    /// The currency of its prices.
    pub currency: Currency,
    /// Whether its prices contain tax.
    pub tax_included: bool,
    /// Its lines.
    pub lines: Vec<PriceLine>,
}

/// What is asked for.
#[derive(Clone, Copy, Debug)]
pub struct Wanted {
    /// Which product.
    pub product: i64,
    /// Of which category.
    pub category: Option<i64>,
    /// How much, in the product's own unit.
    pub qty: Qty,
    /// When.
    pub on: Date,
}

/// What a price list says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ListPrice {
    /// Of one of the product's own unit.
    pub price: Price,
    /// Its currency.
    pub currency: Currency,
    /// Whether it contains tax.
    pub tax_included: bool,
}

/// The price of the first list of the chain that has one.
pub fn list_price(chain: &[PriceList], wanted: &Wanted) -> Option<ListPrice> {
    chain.iter().find_map(|list| {
        let best = list
            .lines
            .iter()
            .filter(|line| applies(line, wanted))
            .max_by_key(|line| (line.product.is_some(), line.category.is_some(), line.min_qty, line.valid_from))?;
        Some(ListPrice { price: best.price, currency: list.currency, tax_included: list.tax_included })
    })
}

fn applies(line: &PriceLine, wanted: &Wanted) -> bool {
    line.product.is_none_or(|product| product == wanted.product)
        && line.category.is_none_or(|category| Some(category) == wanted.category)
        && line.min_qty <= wanted.qty
        && line.valid_from.is_none_or(|from| from <= wanted.on)
        && line.valid_until.is_none_or(|until| wanted.on <= until)
}

/// A price in another currency; both rates say what one unit is worth in company currency.
pub fn converted(price: Price, from: Rate, to: Rate) -> Option<Price> {
    if from == to {
        return Some(price);
    }
    let exact = i128::from(price.raw()) * i128::from(from.raw());
    match 0 < to.raw() {
        true => i64::try_from(div_round(exact, i128::from(to.raw()), Rounding::HalfUp)).ok().map(Price::new),
        false => None,
    }
}

/// A list's price as the line's taxes want it: with tax where they are included, without where not.
///
/// Only rates on the base are taken in and out; fixed amounts stay with the price.
pub fn with_or_without_tax(price: Price, tax_included: bool, taxes: &[TaxRule]) -> Option<Price> {
    let rates: i64 = taxes
        .iter()
        .filter(|tax| tax.kind == TaxKind::Percent && tax.included != tax_included)
        .map(|tax| tax.rate.raw())
        .sum();
    let (number, divisor) = match tax_included {
        true => (SCALE, SCALE + rates),
        false => (SCALE + rates, SCALE),
    };
    let exact = i128::from(price.raw()) * i128::from(number);
    match 0 < divisor {
        true => i64::try_from(div_round(exact, i128::from(divisor), Rounding::HalfUp)).ok().map(Price::new),
        false => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Lines such as `product 7 from 10: 9.50`, `category 2: 8`, `all: 12 until 2026-06-30`.
    fn list(text: &str) -> PriceList {
        let line = |text: &str| {
            let (head, tail) = text.split_once(':').unwrap();
            let head: Vec<&str> = head.split_whitespace().collect();
            let tail: Vec<&str> = tail.split_whitespace().collect();
            let after = |words: &[&str], key: &str| {
                words.iter().position(|word| *word == key).map(|at| words[at + 1].to_owned())
            };
            PriceLine {
                product: after(&head, "product").map(|id| id.parse().unwrap()),
                category: after(&head, "category").map(|id| id.parse().unwrap()),
                min_qty: after(&head, "from").map_or(Qty::ZERO, |qty| Qty::parse(&qty).unwrap()),
                price: Price::parse(tail[0]).unwrap(),
                valid_from: after(&tail, "since").and_then(|day| Date::parse(&day)),
                valid_until: after(&tail, "until").and_then(|day| Date::parse(&day)),
            }
        };
        PriceList { currency: Currency::EUR, tax_included: false, lines: text.split(';').map(line).collect() }
    }

    fn check(lists: &[&str], qty: i64, expected: Option<&str>) {
        let chain: Vec<PriceList> = lists.iter().map(|text| list(text)).collect();
        let on = Date::new(2026, 11, 25).unwrap();
        let wanted = Wanted { product: 7, category: Some(2), qty: Qty::whole(qty), on };
        let found = list_price(&chain, &wanted).map(|found| found.price.text());
        assert_eq!(found.as_deref(), expected);
    }

    #[test]
    fn the_product_wins_over_its_category_and_that_over_everything() {
        check(&["all: 12; category 2: 11; product 7: 10"], 1, Some("10"));
        check(&["all: 12; category 2: 11; product 8: 10"], 1, Some("11"));
        check(&["all: 12; category 3: 11"], 1, Some("12"));
    }

    #[test]
    fn more_costs_less() {
        let list = ["product 7: 10; product 7 from 10: 9; product 7 from 100: 8"];
        check(&list, 9, Some("10"));
        check(&list, 10, Some("9"));
        check(&list, 1000, Some("8"));
    }

    #[test]
    fn the_last_day_is_included() {
        check(&["product 7: 10; product 7: 9 since 2026-11-01 until 2026-11-25"], 1, Some("9"));
        check(&["product 7: 10; product 7: 9 since 2026-11-01 until 2026-11-24"], 1, Some("10"));
        check(&["product 7: 9 since 2026-11-26"], 1, None);
    }

    #[test]
    fn what_a_list_does_not_say_its_parent_does() {
        check(&["product 8: 1", "product 7: 3"], 1, Some("3"));
        check(&[], 1, None);
    }

    #[test]
    fn prices_change_currency_and_tax() {
        let rate = |text| Rate::parse(text).unwrap();
        assert_eq!(converted(Price::whole(78), Rate::ONE, rate("7.8")), Some(Price::whole(10)));
        assert_eq!(converted(Price::whole(10), rate("7.8"), Rate::ONE), Some(Price::whole(78)));
        assert_eq!(converted(Price::whole(1), Rate::ONE, Rate::ZERO), None);
        let tax = TaxRule {
            id: 1,
            kind: TaxKind::Percent,
            rate: rate("0.13"),
            included: false,
            raises_base: false,
            base_affected: false,
        };
        assert_eq!(with_or_without_tax(Price::whole(113), true, &[tax]), Some(Price::whole(100)));
        assert_eq!(with_or_without_tax(Price::whole(100), false, &[tax]), Some(Price::whole(100)));
        let included = TaxRule { included: true, ..tax };
        assert_eq!(with_or_without_tax(Price::whole(100), false, &[included]), Some(Price::whole(113)));
    }
}
