//! What a price list means for a document of another currency, with or without tax.
//!
//! Which line of a list applies is `product`'s rule.

use books::ProductId;
use kernel::{Currency, Date, Price, Qty, Rate, Rounding, SCALE, div_round};

use finance::tax_rules::{TaxKind, TaxRule};
use product::price_rules::{PriceLine, price_of};

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
pub struct Wanted<'a> {
    /// Which product.
    pub product: ProductId,
    /// Of which categories, nearest first.
    pub categories: &'a [i64],
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
        let price = price_of(&list.lines, wanted.product, wanted.categories, wanted.qty, wanted.on)?;
        Some(ListPrice { price, currency: list.currency, tax_included: list.tax_included })
    })
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

    #[test]
    fn the_first_list_that_has_a_price_says_its_currency_too() {
        let line = |product: i64, price| PriceLine {
            product: Some(kernel::Id::new(product)),
            category: None,
            min_qty: Qty::ZERO,
            price: Price::whole(price),
            valid_from: None,
            valid_until: None,
        };
        let list = |currency, tax_included, lines| PriceList { currency, tax_included, lines };
        let chain =
            [list(Currency::EUR, false, vec![line(8, 1)]), list(Currency::USD, true, vec![line(7, 3), line(8, 2)])];
        let on = Date::new(2026, 11, 25).unwrap();
        let found = |product| {
            let wanted = Wanted { product: kernel::Id::new(product), categories: &[], qty: Qty::whole(1), on };
            list_price(&chain, &wanted).map(|found| (found.price.text(), found.currency, found.tax_included))
        };
        assert_eq!(found(8), Some(("1".to_owned(), Currency::EUR, false)));
        assert_eq!(found(7), Some(("3".to_owned(), Currency::USD, true)));
        assert_eq!(found(9), None);
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
