//! Fractions, so that a tax is rounded once and from its exact value.
//!
//! A tax contained in a price is a division, which rarely ends: with decimals the exact
//! half, where the rounding turns, would sometimes be missed by a hair.

use kernel::{Rounding, div_round};

/// An exact number. Operations are `None` when the result does not fit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Ratio {
    number: i128,
    /// Positive, and without a common factor with `number`.
    divisor: i128,
}

impl Ratio {
    pub(super) const ZERO: Ratio = Ratio::whole(0);
    pub(super) const ONE: Ratio = Ratio::whole(1);

    pub(super) const fn whole(number: i128) -> Ratio {
        let divisor = 1;
        Ratio { number, divisor }
    }

    /// `None` when the divisor is zero, too.
    pub(super) fn new(number: i128, divisor: i128) -> Option<Ratio> {
        if divisor == 0 {
            return None;
        }
        let (number, divisor) = match divisor < 0 {
            true => (number.checked_neg()?, divisor.checked_neg()?),
            false => (number, divisor),
        };
        let common = common_factor(number, divisor);
        Some(Ratio { number: number / common, divisor: divisor / common })
    }

    pub(super) fn is_positive(self) -> bool {
        0 < self.number
    }

    pub(super) fn plus(self, other: Ratio) -> Option<Ratio> {
        let common = common_factor(self.divisor, other.divisor);
        let left = self.number.checked_mul(other.divisor / common)?;
        let right = other.number.checked_mul(self.divisor / common)?;
        let divisor = (self.divisor / common).checked_mul(other.divisor)?;
        Ratio::new(left.checked_add(right)?, divisor)
    }

    pub(super) fn minus(self, other: Ratio) -> Option<Ratio> {
        let number = other.number.checked_neg()?;
        self.plus(Ratio { number, ..other })
    }

    pub(super) fn times(self, other: Ratio) -> Option<Ratio> {
        // Crosswise first: what cancels must not overflow before it does.
        let left = Ratio::new(self.number, other.divisor)?;
        let right = Ratio::new(other.number, self.divisor)?;
        Some(Ratio {
            number: left.number.checked_mul(right.number)?,
            divisor: left.divisor.checked_mul(right.divisor)?,
        })
    }

    /// `None` when `other` is zero, too.
    pub(super) fn over(self, other: Ratio) -> Option<Ratio> {
        self.times(Ratio::new(other.divisor, other.number)?)
    }

    /// To the nearest; exactly half goes away from zero.
    pub(super) fn half_up(self) -> i128 {
        div_round(self.number, self.divisor, Rounding::HalfUp)
    }

    /// To the nearest; exactly half goes towards zero.
    pub(super) fn half_down(self) -> i128 {
        // In lowest terms a half is something over two.
        let mode = match self.divisor {
            2 => Rounding::Down,
            _ => Rounding::HalfUp,
        };
        div_round(self.number, self.divisor, mode)
    }
}

/// The greatest common factor; `divisor` is positive, so there is one and it fits.
fn common_factor(number: i128, divisor: i128) -> i128 {
    let (mut a, mut b) = (divisor.unsigned_abs(), number.unsigned_abs());
    while b != 0 {
        (a, b) = (b, a % b);
    }
    a as i128
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn ratio(number: i128, divisor: i128) -> Ratio {
        Ratio::new(number, divisor).unwrap()
    }

    #[test]
    fn a_half_is_found_although_its_parts_never_end() {
        let half = ratio(1, 6).plus(ratio(1, 3)).unwrap();
        assert_eq!(half, ratio(-5, -10));
        for (number, up, down) in [(1, 1, 0), (-1, -1, 0), (3, 2, 1), (-3, -2, -1)] {
            assert_eq!(ratio(number, 2).half_up(), up, "{number}");
            assert_eq!(ratio(number, 2).half_down(), down, "{number}");
        }
        for (number, rounded) in [(1, 0), (2, 1), (-1, 0), (-2, -1), (-3, -1)] {
            assert_eq!(ratio(number, 3).half_up(), rounded, "{number}");
            assert_eq!(ratio(number, 3).half_down(), rounded, "{number}");
        }
    }

    #[test]
    fn what_does_not_fit_is_nothing() {
        let huge = Ratio::whole(i128::MAX);
        assert_eq!(huge.plus(Ratio::ONE), None);
        assert_eq!(huge.times(Ratio::whole(2)), None);
        assert_eq!(huge.over(Ratio::ZERO), None);
        assert_eq!(Ratio::new(1, i128::MIN), None);
        assert_eq!(huge.over(huge), Some(Ratio::ONE));
        assert_eq!(Ratio::ZERO.minus(Ratio::whole(i128::MIN)), None);
    }

    proptest! {
        #[test]
        fn subtracting_undoes_adding_and_dividing_undoes_multiplying(
            a in -1_000_000i128..1_000_000, b in 1i128..1_000_000,
            c in -1_000_000i128..1_000_000, d in 1i128..1_000_000,
        ) {
            let (x, y) = (ratio(a, b), ratio(c, d));
            prop_assert_eq!(x.plus(y).unwrap().minus(y), Some(x));
            prop_assume!(c != 0);
            prop_assert_eq!(x.times(y).unwrap().over(y), Some(x));
        }
    }
}
