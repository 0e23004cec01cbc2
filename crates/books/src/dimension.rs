//! Dimensions: what a line is about besides its account, such as a cost centre and a project.

use kernel::{Amount, Rate, split};

use crate::{DimensionId, DimensionSetId, DimensionValueId};

/// A part of a line that belongs to a value of a dimension.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DimensionShare {
    /// The axis, such as cost centres.
    pub dimension: DimensionId,
    /// A point on it, such as the workshop.
    pub value: DimensionValueId,
    /// Which part of the line: 1 for all of it. Those of one axis sum to 1.
    pub share: Rate,
}

/// What a line is about.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Dimensions {
    /// The set its document names; none where a rule says what it is about.
    pub set: Option<DimensionSetId>,
    /// By axis and value, in the order of their ids: so the same shares are always split alike.
    pub shares: Vec<DimensionShare>,
}

impl Dimensions {
    /// The amount of a line by axis and value. On each axis the parts sum to the whole exactly:
    /// what rounding leaves over goes to the largest remainders ([`kernel::split`]).
    pub fn spread(&self, amount: Amount) -> Vec<(DimensionId, DimensionValueId, Amount)> {
        let mut parts = Vec::with_capacity(self.shares.len());
        for axis in self.shares.chunk_by(|one, next| one.dimension == next.dimension) {
            let weights: Vec<i64> = axis.iter().map(|part| part.share.raw()).collect();
            let amounts = split(amount, &weights);
            parts.extend(axis.iter().zip(amounts).map(|(part, amount)| (part.dimension, part.value, amount)));
        }
        parts
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use kernel::Id;
    use proptest::prelude::*;

    fn of(parts: &[(i64, i64, i64)]) -> Dimensions {
        let share = |&(dimension, value, share): &(i64, i64, i64)| DimensionShare {
            dimension: Id::new(dimension),
            value: Id::new(value),
            share: Rate::new(share),
        };
        Dimensions { set: None, shares: parts.iter().map(share).collect() }
    }

    #[test]
    fn a_cent_that_cannot_be_halved_goes_to_one_of_both() {
        let told = of(&[(1, 1, 500_000), (1, 2, 500_000), (2, 9, 1_000_000)]).spread(Amount::new(101));
        let amounts: Vec<(i64, i64, i64)> =
            told.iter().map(|(axis, value, amount)| (axis.raw(), value.raw(), amount.raw())).collect();
        assert_eq!(amounts, [(1, 1, 51), (1, 2, 50), (2, 9, 101)]);
    }

    proptest! {
        #[test]
        fn on_each_axis_the_parts_sum_to_the_whole(
            amount in -1_000_000_000i64..1_000_000_000,
            weights in proptest::collection::vec((1i64..4, 1i64..1_000_000), 1..8),
        ) {
            let mut parts: Vec<(i64, i64, i64)> =
                weights.iter().enumerate().map(|(at, (axis, weight))| (*axis, at as i64 + 1, *weight)).collect();
            parts.sort_unstable();
            let told = of(&parts).spread(Amount::new(amount));
            for axis in 1..4 {
                let here: Vec<i64> = told.iter().filter(|part| part.0.raw() == axis).map(|part| part.2.raw()).collect();
                prop_assert!(here.is_empty() || here.iter().sum::<i64>() == amount);
            }
            // The mirror of a line is spread as the mirror of its parts.
            let mirrored = of(&parts).spread(Amount::new(-amount));
            prop_assert!(told.iter().zip(&mirrored).all(|(one, other)| one.2 == -other.2));
        }
    }
}
