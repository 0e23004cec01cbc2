//! What a line of an order, or of a delivery without one, has committed of a customer's credit. It follows from how far
//! the line is, whatever came before: so what a credit note gives back in money is owed again as delivered. Pure.
//!
//! ```text
//! ordered     neither delivered nor invoiced, while the order is open
//! delivered   delivered and kept, not invoiced
//! ```

use std::collections::BTreeMap;

use books::{Commitment, CommitmentKind, PartyId};
use kernel::{Amount, Id, Qty};

pub use crate::read::OpenCommitment;

/// How far a line is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Far {
    /// What was ordered.
    pub qty: Qty,
    /// What all of that is worth to credit, in company currency.
    pub worth: Amount,
    /// Whether the order is confirmed, and not closed.
    pub is_open: bool,
    /// How much is delivered.
    pub delivered: Qty,
    /// How much of that came back.
    pub returned: Qty,
    /// How much is invoiced and not credited.
    pub invoiced: Qty,
}

impl Far {
    /// A line that is no more.
    pub const NOTHING: Far = Far {
        qty: Qty::ZERO,
        worth: Amount::ZERO,
        is_open: false,
        delivered: Qty::ZERO,
        returned: Qty::ZERO,
        invoiced: Qty::ZERO,
    };

    /// What it has committed, by kind. Both together are rounded once.
    pub fn committed(&self) -> [(CommitmentKind, Amount); 2] {
        let delivered = (self.delivered - self.returned - self.invoiced).max(Qty::ZERO);
        let ordered = match self.is_open {
            true => (self.qty - self.delivered.max(self.invoiced)).max(Qty::ZERO),
            false => Qty::ZERO,
        };
        let part = |qty: Qty| match qty.is_zero() {
            true => Amount::ZERO,
            false => self.worth.scale(qty.raw(), self.qty.raw()).unwrap_or(self.worth),
        };
        let first = part(ordered);
        let second = part(ordered + delivered) - first;
        [(CommitmentKind::Ordered, first), (CommitmentKind::Delivered, second)]
    }
}

/// What is posted so that lines have committed what they should: `open` is what they and others have now.
pub fn towards(
    aims: &BTreeMap<i64, Far>,
    legal: PartyId,
    open: impl IntoIterator<Item = OpenCommitment>,
) -> Vec<Commitment> {
    let rank = |kind| u8::from(kind == CommitmentKind::Delivered);
    let mut due: BTreeMap<(i64, u8, i64), Amount> = BTreeMap::new();
    for one in open.into_iter().filter(|one| aims.contains_key(&one.line)) {
        *due.entry((one.line, rank(one.kind), one.party.raw())).or_default() -= one.amount;
    }
    for (line, far) in aims {
        for (kind, amount) in far.committed() {
            *due.entry((*line, rank(kind), legal.raw())).or_default() += amount;
        }
    }
    let posted = due.into_iter().filter(|(_, amount)| !amount.is_zero());
    let one = |((line, rank, party), amount)| Commitment {
        party: Id::new(party),
        kind: if rank == 0 { CommitmentKind::Ordered } else { CommitmentKind::Delivered },
        amount,
        doc_line: Some(line),
    };
    posted.map(one).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Nine ordered for 9.00: delivered, returned, invoiced; what is then committed as ordered and as delivered.
    fn check((delivered, returned, invoiced): (i64, i64, i64), is_open: bool, expected: (i64, i64)) {
        let far = Far {
            qty: Qty::whole(9),
            worth: Amount::new(900),
            is_open,
            delivered: Qty::whole(delivered),
            returned: Qty::whole(returned),
            invoiced: Qty::whole(invoiced),
        };
        let [(_, first), (_, second)] = far.committed();
        assert_eq!((first.raw(), second.raw()), expected);
    }

    #[test]
    fn what_is_neither_invoiced_nor_back_is_committed() {
        check((0, 0, 0), true, (900, 0));
        check((6, 0, 1), true, (300, 500));
        check((6, 0, 8), true, (100, 0));
        check((9, 2, 9), true, (0, 0));
        check((2, 2, 0), false, (0, 0));
        check((11, 0, 10), true, (0, 100));
    }

    proptest! {
        #[test]
        fn together_they_are_what_is_not_invoiced(delivered in 0i64..12, invoiced in 0i64..12, worth in 0i64..100_000) {
            let far = Far {
                qty: Qty::whole(9), worth: Amount::new(worth), is_open: true, delivered: Qty::whole(delivered),
                returned: Qty::ZERO, invoiced: Qty::whole(invoiced),
            };
            let sum: Amount = far.committed().iter().map(|(_, amount)| *amount).sum();
            let left = (delivered.max(9) - invoiced).max(0);
            prop_assert_eq!(sum, Amount::new(worth).scale(left, 9).unwrap());
        }
    }
}
