//! What the tax position of a document does to its lines: which tax is proposed, and what a price that contains
//! one becomes. Pure.

use std::collections::{BTreeMap, BTreeSet};

use books::{TaxId, TaxPositionId};
use finance::tax_position::Replaced;
use finance::tax_rules::{TaxRule, price_under};
use kernel::Price;

/// The tax position of a document.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Positions {
    /// The one it has.
    pub now: Option<TaxPositionId>,
    /// The one the taxes of its lines were proposed for: with another one, they are proposed anew.
    pub before: Option<TaxPositionId>,
}

impl Positions {
    /// The same, where what the lines say was agreed elsewhere and stays.
    pub fn settled(self) -> Positions {
        Positions { before: self.now, ..self }
    }
}

/// The taxes of the company, and what its positions charge instead of them.
#[derive(Clone, Debug, Default)]
pub struct Taxes {
    /// The rules of each tax, groups resolved.
    pub rules: BTreeMap<i64, Vec<TaxRule>>,
    /// What positions charge instead.
    pub replaced: Replaced,
    /// Those on what is bought: they are not charged on what is sold.
    pub bought: BTreeSet<i64>,
}

impl Taxes {
    /// The rules of a tax.
    pub fn rules(&self, tax: Option<TaxId>) -> &[TaxRule] {
        tax.and_then(|tax| self.rules.get(&tax.raw())).map_or(&[], Vec::as_slice)
    }

    /// What a position charges where a product bears a tax: another one, none, or the tax itself.
    pub fn proposed(&self, tax: Option<TaxId>, position: Option<TaxPositionId>) -> Option<TaxId> {
        let (id, position) = (tax?, position.map_or(0, |position| position.raw()));
        self.replaced.get(&(position, id.raw())).copied().unwrap_or(tax)
    }

    /// What a price that is told with one tax is under another, so that nobody pays a tax that is not charged.
    pub fn exchanged(&self, price: Price, before: Option<TaxId>, after: Option<TaxId>) -> Option<Price> {
        if before == after {
            return Some(price);
        }
        price_under(price, self.rules(before), self.rules(after))
    }
}

#[cfg(test)]
mod tests {
    use finance::tax_rules::TaxKind;
    use kernel::{Id, Rate};

    use super::*;

    fn taxes() -> Taxes {
        let rule = |id, rate: &str, included| TaxRule {
            id,
            kind: TaxKind::Percent,
            rate: Rate::parse(rate).unwrap(),
            included,
            raises_base: false,
            base_affected: true,
        };
        let rules = [(1, rule(1, "0.19", true)), (2, rule(2, "0", false)), (3, rule(3, "0.2", true))];
        Taxes {
            rules: rules.into_iter().map(|(id, rule)| (id, vec![rule])).collect(),
            replaced: BTreeMap::from([((7, 1), Some(Id::new(2))), ((8, 1), None)]),
            bought: BTreeSet::new(),
        }
    }

    #[test]
    fn a_position_replaces_the_taxes_it_names_and_no_others() {
        let proposed = |tax: Option<i64>, position: Option<i64>| {
            taxes().proposed(tax.map(Id::new), position.map(Id::new)).map(Id::raw)
        };
        assert_eq!(proposed(Some(1), None), Some(1));
        assert_eq!(proposed(Some(1), Some(7)), Some(2));
        assert_eq!(proposed(Some(1), Some(8)), None);
        assert_eq!(proposed(Some(3), Some(7)), Some(3));
        assert_eq!(proposed(None, Some(7)), None);
    }

    #[test]
    fn a_tax_that_is_not_charged_is_not_paid_in_the_price() {
        let exchanged = |price: &str, before: i64, after: i64| {
            let price = Price::parse(price).unwrap();
            taxes().exchanged(price, Some(Id::new(before)), Some(Id::new(after))).unwrap().text()
        };
        assert_eq!(exchanged("119", 1, 2), "100");
        assert_eq!(exchanged("119", 1, 3), "120");
        assert_eq!(exchanged("99.99", 1, 2), "84.02521");
        assert_eq!(exchanged("100", 2, 1), "119");
    }
}
