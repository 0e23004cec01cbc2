//! Exact conversion between units of one category.

use kernel::{Price, Qty, Rounding, div_round};

/// A unit as an exact factor to the base unit of its category.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UnitFactor {
    /// Only units of one category convert.
    pub category: i64,
    /// One unit is `numerator / denominator` base units.
    pub numerator: i64,
    /// See `numerator`.
    pub denominator: i64,
}

impl UnitFactor {
    /// The base unit itself.
    pub const ONE: UnitFactor = UnitFactor { category: 0, numerator: 1, denominator: 1 };

    /// How many of `to` one of `self` is, as a fraction.
    fn ratio(&self, to: &UnitFactor) -> Option<(i128, i128)> {
        let number = i128::from(self.numerator) * i128::from(to.denominator);
        let divisor = i128::from(self.denominator) * i128::from(to.numerator);
        (self.category == to.category && 0 < number && 0 < divisor).then_some((number, divisor))
    }
}

/// A quantity of `from` as a quantity of `to`, rounded half up to a millionth. `None` when the
/// units do not convert, or the result does not fit.
pub fn qty_in(qty: Qty, from: &UnitFactor, to: &UnitFactor) -> Option<Qty> {
    if from == to {
        return Some(qty);
    }
    let (number, divisor) = from.ratio(to)?;
    let exact = i128::from(qty.raw()).checked_mul(number)?;
    i64::try_from(div_round(exact, divisor, Rounding::HalfUp)).ok().map(Qty::new)
}

/// The price of one `to` when one `from` costs this: what is larger costs more.
pub fn price_in(price: Price, from: &UnitFactor, to: &UnitFactor) -> Option<Price> {
    if from == to {
        return Some(price);
    }
    let (number, divisor) = to.ratio(from)?;
    let exact = i128::from(price.raw()).checked_mul(number)?;
    i64::try_from(div_round(exact, divisor, Rounding::HalfUp)).ok().map(Price::new)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const PIECE: UnitFactor = UnitFactor { category: 1, numerator: 1, denominator: 1 };
    const DOZEN: UnitFactor = UnitFactor { category: 1, numerator: 12, denominator: 1 };
    const GRAM: UnitFactor = UnitFactor { category: 2, numerator: 1, denominator: 1000 };

    #[test]
    fn a_dozen_is_twelve_and_costs_twelve_times() {
        assert_eq!(qty_in(Qty::whole(2), &DOZEN, &PIECE), Some(Qty::whole(24)));
        assert_eq!(qty_in(Qty::whole(6), &PIECE, &DOZEN), Qty::parse("0.5").ok());
        assert_eq!(price_in(Price::whole(10), &PIECE, &DOZEN), Some(Price::whole(120)));
        assert_eq!(price_in(Price::whole(120), &DOZEN, &PIECE), Some(Price::whole(10)));
    }

    #[test]
    fn grams_are_no_pieces() {
        assert_eq!(qty_in(Qty::whole(1), &GRAM, &PIECE), None);
        assert_eq!(price_in(Price::whole(1), &GRAM, &PIECE), None);
    }

    proptest! {
        #[test]
        fn to_a_smaller_unit_and_back_is_the_same(raw in -1_000_000_000_000i64..1_000_000_000_000) {
            let there = qty_in(Qty::new(raw), &DOZEN, &PIECE).unwrap();
            prop_assert_eq!(qty_in(there, &PIECE, &DOZEN), Some(Qty::new(raw)));
        }
    }
}
