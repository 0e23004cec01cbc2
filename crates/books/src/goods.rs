//! Goods: quantities that go from one place to another, and their value.

use std::collections::BTreeMap;

use kernel::{Amount, Date, Price, Qty};

use crate::{AccountId, DocLine, PlaceId, ProductId};

/// How goods are valued.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum CostMethod {
    /// First in, first out: the oldest goods leave first, at what they cost.
    Fifo,
    /// Moving average: every receipt mixes into one average cost.
    Average,
    /// A fixed cost; differences go to a variance account.
    Standard,
}

/// What a move is for the value of our stock.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum MoveKind {
    /// Goods enter our stock at a known cost.
    In,
    /// Goods leave our stock at the cost the method says.
    Out,
    /// Goods change their place inside our stock; their value stays.
    Within,
}

/// A quantity of a product that goes *from* a place *to* a place.
///
/// Suppliers, customers, production and loss are places too, so that quantity
/// is conserved: the sum of all moves over all places is zero.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Move {
    /// What moves.
    pub product: ProductId,
    /// How much, in the product's own unit; always positive.
    pub qty: Qty,
    /// Where it leaves.
    pub from: PlaceId,
    /// Where it arrives.
    pub to: PlaceId,
    /// The business day.
    pub moved_on: Date,
    /// What it is for the value of our stock.
    pub kind: MoveKind,
    /// For [`MoveKind::In`]: what these goods cost, in company currency. For the
    /// other kinds the engine's valuation says it, and this stays `None`.
    pub value: Option<Amount>,
    /// For goods that come back: the line whose move took them out. They
    /// re-enter at the value they left with.
    pub returns: Option<DocLine>,
    /// The account that holds the value of this product's stock.
    pub stock_account: AccountId,
    /// The other side of the value: cost of sales, loss, opening balance.
    pub against: AccountId,
    /// Where the difference between cost and standard cost goes.
    pub variance_account: AccountId,
    /// How the product is valued.
    pub method: CostMethod,
    /// The standard cost of one unit, in company currency; zero for the other methods.
    pub standard: Price,
    /// The line of the document it comes from.
    pub doc_line: DocLine,
}

/// What the goods of a product that we hold are worth from now on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NewWorth {
    /// So much more, in company currency; less when negative. Not for standard cost.
    By(Amount),
    /// One unit is worth this much from now on. Only for standard cost.
    Standard(Price),
}

/// The goods of a product are worth more or less than the books say: nothing moves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Revaluation {
    /// Of what.
    pub product: ProductId,
    /// The business day: on or after the last move of the product.
    pub on: Date,
    /// What they are worth.
    pub worth: NewWorth,
    /// The account that holds the value of this product's stock.
    pub stock_account: AccountId,
    /// The account that bears the difference.
    pub against: AccountId,
    /// The line of the document it comes from.
    pub doc_line: DocLine,
}

/// What a promise is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum PromiseKind {
    /// Goods on hand that are kept for a line. Never more than what is free.
    Reserved,
    /// Goods a line needs and that are not reserved for it yet.
    Demand,
    /// Goods expected from a supplier or from production.
    Supply,
}

/// A signed quantity that is promised to, or by, a line of a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Promise {
    /// What is promised.
    pub product: ProductId,
    /// Where: a stock place.
    pub place: PlaceId,
    /// What kind of promise.
    pub kind: PromiseKind,
    /// Signed, in the product's own unit: positive promises, negative releases.
    pub qty: Qty,
    /// When it is due.
    pub due_on: Date,
    /// The line it serves.
    pub doc_line: DocLine,
}

/// Of what will be there when all days have passed, how much is not there on the leanest day before: what is still to
/// come, less what is to leave before it. `changes` are the moves of days to come, by day; what leaves is negative.
///
/// Only the rest can be promised today: goods of next week are not there tomorrow, and what leaves next week is gone.
pub fn still_to_come(changes: &BTreeMap<Date, Qty>) -> Qty {
    let mut after = Qty::ZERO;
    let sums = changes.values().rev().map(|change| {
        after += *change;
        after
    });
    sums.fold(Qty::ZERO, Qty::max)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_leanest_day_says_what_can_be_promised() {
        let to_come = |changes: &[(i32, i64)]| {
            let day = |after| Date::new(2026, 1, 1).unwrap().add_days(after);
            still_to_come(&changes.iter().map(|(after, qty)| (day(*after), Qty::whole(*qty))).collect())
        };
        assert_eq!(to_come(&[]), Qty::ZERO);
        assert_eq!(to_come(&[(7, 1000)]), Qty::whole(1000));
        assert_eq!(to_come(&[(7, -3)]), Qty::ZERO, "what leaves is not there for others even now");
        assert_eq!(to_come(&[(2, -3), (9, 6)]), Qty::whole(6), "the second day is the leanest");
        assert_eq!(to_come(&[(2, 6), (9, -4)]), Qty::whole(2));
    }
}
