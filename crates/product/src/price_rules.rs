//! Which price of a price list applies.
//!
//! ```text
//! the party's list → its parent → … → the price of the product
//! in a list: a line for the product, else one for its category or a category above
//! of these:  the largest minimum quantity reached, then the latest start
//! ```

use books::ProductId;
use kernel::{Date, Price, Qty};

/// One line of a price list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PriceLine {
    /// For this product …
    pub product: Option<ProductId>,
    /// … or for all of this category.
    pub category: Option<i64>,
    /// From this quantity on.
    pub min_qty: Qty,
    /// Of one unit.
    pub price: Price,
    /// From this day on.
    pub valid_from: Option<Date>,
    /// Until this day, which counts.
    pub valid_until: Option<Date>,
}

impl PriceLine {
    fn applies(&self, qty: Qty, on: Date) -> bool {
        // What is given back has the price of what was bought.
        self.min_qty <= qty.abs()
            && self.valid_from.is_none_or(|from| from <= on)
            && self.valid_until.is_none_or(|until| on <= until)
    }
}

/// The price in one list, for a product and its categories, nearest first.
pub fn price_of(lines: &[PriceLine], product: ProductId, categories: &[i64], qty: Qty, on: Date) -> Option<Price> {
    let best = |suits: &dyn Fn(&PriceLine) -> bool| {
        let suitable = lines.iter().filter(|line| suits(line) && line.applies(qty, on));
        suitable.max_by_key(|line| (line.min_qty, line.valid_from)).map(|line| line.price)
    };
    let of_category = |category: &i64| best(&|line| line.product.is_none() && line.category == Some(*category));
    best(&|line| line.product == Some(product)).or_else(|| categories.iter().find_map(of_category))
}

/// The price in the first list of a chain that has one; `None` when the product's own applies.
pub fn price_in_chain(
    lists: &[Vec<PriceLine>],
    product: ProductId,
    categories: &[i64],
    qty: Qty,
    on: Date,
) -> Option<Price> {
    lists.iter().find_map(|lines| price_of(lines, product, categories, qty, on))
}

#[cfg(test)]
mod tests {
    use super::*;
    use kernel::Id;

    const MUG: i64 = 7;
    const CUPS: i64 = 20;
    const TABLEWARE: i64 = 21;

    /// `p7 10+ 9.50 2026-01-01..2026-06-30` is the price of product 7 from 10 pieces on; `c20` a category.
    fn list(text: &str) -> Vec<PriceLine> {
        let line = |line: &str| {
            let words: Vec<&str> = line.split_whitespace().collect();
            let id: i64 = words[0][1..].parse().unwrap();
            let (from, until) = words.get(3).map_or(("", ""), |range| range.split_once("..").unwrap());
            PriceLine {
                product: words[0].starts_with('p').then(|| Id::new(id)),
                category: words[0].starts_with('c').then_some(id),
                min_qty: Qty::parse(words[1].trim_end_matches('+')).unwrap(),
                price: Price::parse(words[2]).unwrap(),
                valid_from: Date::parse(from),
                valid_until: Date::parse(until),
            }
        };
        text.split(';').map(str::trim).filter(|text| !text.is_empty()).map(line).collect()
    }

    fn price(lists: &[&str], qty: &str, on: &str) -> String {
        let lists: Vec<Vec<PriceLine>> = lists.iter().map(|text| list(text)).collect();
        let (qty, on) = (Qty::parse(qty).unwrap(), Date::parse(on).unwrap());
        let found = price_in_chain(&lists, Id::new(MUG), &[CUPS, TABLEWARE], qty, on);
        found.map_or("own".to_owned(), Price::text)
    }

    const DAY: &str = "2026-06-30";

    #[test]
    fn more_is_cheaper_from_the_minimum_on() {
        let lines = "p7 0+ 10; p7 10+ 9; p7 100+ 8";
        assert_eq!(price(&[lines], "1", DAY), "10");
        assert_eq!(price(&[lines], "9.999999", DAY), "10");
        assert_eq!(price(&[lines], "10", DAY), "9");
        assert_eq!(price(&[lines], "1000", DAY), "8");
        assert_eq!(price(&[lines], "-10", DAY), "9");
    }

    #[test]
    fn the_last_day_counts() {
        let lines = "p7 0+ 10; p7 0+ 7 2026-06-01..2026-06-30";
        assert_eq!(price(&[lines], "1", "2026-05-31"), "10");
        assert_eq!(price(&[lines], "1", "2026-06-01"), "7");
        assert_eq!(price(&[lines], "1", "2026-06-30"), "7");
        assert_eq!(price(&[lines], "1", "2026-07-01"), "10");
    }

    #[test]
    fn the_product_comes_before_its_category_and_that_before_the_one_above() {
        assert_eq!(price(&["c20 100+ 5; p7 0+ 10"], "100", DAY), "10");
        assert_eq!(price(&["c21 0+ 4; c20 0+ 5"], "1", DAY), "5");
        assert_eq!(price(&["c21 0+ 4; c20 10+ 5"], "1", DAY), "4");
        assert_eq!(price(&["p8 0+ 4; c99 0+ 5"], "1", DAY), "own");
    }

    #[test]
    fn what_a_list_does_not_know_its_parent_may() {
        assert_eq!(price(&["p7 10+ 9", "p7 0+ 10"], "1", DAY), "10");
        assert_eq!(price(&["p7 10+ 9", "p7 0+ 10"], "10", DAY), "9");
        assert_eq!(price(&["", "c20 0+ 8"], "1", DAY), "8");
        assert_eq!(price(&[], "1", DAY), "own");
    }
}
