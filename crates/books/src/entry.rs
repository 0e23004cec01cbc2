//! Money: dated, balanced lines.

use kernel::{Amount, Currency, Date, Label, Refusal};

use crate::{AccountId, Dimensions, DocLine, ItemId, PartyId, ProductId};

/// What a line does to open items (receivables and payables).
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub enum Clearing {
    /// The line has nothing to do with open items.
    #[default]
    None,
    /// The line is owed from now on: it opens an item, due on its `due_on`.
    Opens,
    /// The line pays (a part of) an item opened earlier. The line's amounts are
    /// what is taken off it, in company currency and in the item's currency.
    Settles(ItemId),
}

/// One line of an entry. Debits are positive, credits negative.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EntryLine {
    /// Where it is posted.
    pub account: AccountId,
    /// In company currency, minor units; debit positive, credit negative.
    pub amount: Amount,
    /// The document's currency.
    pub currency: Currency,
    /// In the document's currency, minor units, same sign as `amount` or zero.
    pub currency_amount: Amount,
    /// Whom it concerns.
    pub party: Option<PartyId>,
    /// What it concerns.
    pub product: Option<ProductId>,
    /// When it is to be paid, for receivables and payables.
    pub due_on: Option<Date>,
    /// The line of the document it comes from.
    pub doc_line: Option<DocLine>,
    /// What it does to open items.
    pub clearing: Clearing,
    /// What else it is about, such as a cost centre.
    pub dimensions: Dimensions,
    /// A few words for the reader of the ledger.
    pub memo: String,
}

impl EntryLine {
    /// A line in the company's own currency with nothing but account and amount.
    pub fn plain(account: AccountId, amount: Amount, currency: Currency) -> Self {
        EntryLine {
            account,
            amount,
            currency,
            currency_amount: amount,
            party: None,
            product: None,
            due_on: None,
            doc_line: None,
            clearing: Clearing::None,
            dimensions: Dimensions::default(),
            memo: String::new(),
        }
    }
}

/// Dated, balanced lines. [`Entry::balanced`] is the only way to make one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    journal: &'static str,
    posted_on: Date,
    memo: String,
    lines: Vec<EntryLine>,
}

/// Why lines do not make an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotBalanced {
    /// Debits and credits differ by this much (debit minus credit), in company currency.
    Off(Amount),
    /// An entry needs two lines at least.
    TooFewLines,
}

impl From<NotBalanced> for Refusal {
    fn from(why: NotBalanced) -> Refusal {
        match why {
            NotBalanced::Off(_) => Refusal::new(
                "not_balanced",
                Label::new("Debits and credits differ. Make both sides equal.", "借贷不平，请使借贷相等。"),
            ),
            NotBalanced::TooFewLines => Refusal::new(
                "too_few_lines",
                Label::new(
                    "An entry needs at least two lines with an amount. Add the other side.",
                    "一张凭证至少需要两行有金额的分录。请补上对方科目。",
                ),
            ),
        }
    }
}

impl NotBalanced {
    /// The refusal that says by how much, for who typed the lines; the amounts are in `company` currency.
    pub fn told(self, company: Currency) -> Refusal {
        match self {
            NotBalanced::TooFewLines => self.into(),
            NotBalanced::Off(by) => Refusal::new(
                "not_balanced",
                Label::new(
                    "Debits and credits differ by {by}. Make both sides equal.",
                    "借贷不平，相差 {by}。请使借贷相等。",
                ),
            )
            .with("by", (by.abs(), company)),
        }
    }
}

impl Entry {
    /// Makes an entry of lines whose amounts sum to exactly zero in company currency.
    ///
    /// Lines with neither amount are left out. There is no tolerance.
    pub fn balanced(
        journal: &'static str,
        posted_on: Date,
        memo: impl Into<String>,
        lines: Vec<EntryLine>,
    ) -> Result<Entry, NotBalanced> {
        let lines: Vec<EntryLine> =
            lines.into_iter().filter(|line| !line.amount.is_zero() || !line.currency_amount.is_zero()).collect();
        let off: Amount = lines.iter().map(|line| line.amount).sum();
        if !off.is_zero() {
            return Err(NotBalanced::Off(off));
        }
        if lines.len() < 2 {
            return Err(NotBalanced::TooFewLines);
        }
        Ok(Entry { journal, posted_on, memo: memo.into(), lines })
    }

    /// The journal it belongs to: `sales`, `stock`, `bank`, `general`, `opening`.
    pub fn journal(&self) -> &'static str {
        self.journal
    }

    /// The business day.
    pub fn posted_on(&self) -> Date {
        self.posted_on
    }

    /// A few words for the reader of the journal.
    pub fn memo(&self) -> &str {
        &self.memo
    }

    /// Its lines, in order.
    pub fn lines(&self) -> &[EntryLine] {
        &self.lines
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use kernel::Id;
    use proptest::prelude::*;

    fn line(amount: i64) -> EntryLine {
        EntryLine::plain(Id::new(1), Amount::new(amount), Currency::CNY)
    }

    fn day() -> Date {
        Date::new(2026, 1, 31).unwrap()
    }

    #[test]
    fn a_cent_off_is_refused() {
        let entry = Entry::balanced("general", day(), "", vec![line(100), line(-99)]);
        assert_eq!(entry, Err(NotBalanced::Off(Amount::new(1))));
    }

    #[test]
    fn nothing_is_not_an_entry() {
        let entry = Entry::balanced("general", day(), "", vec![line(0)]);
        assert_eq!(entry, Err(NotBalanced::TooFewLines));
    }

    proptest! {
        #[test]
        fn whatever_is_accepted_sums_to_zero(amounts in proptest::collection::vec(-1_000_000i64..1_000_000, 0..8)) {
            let mut lines: Vec<EntryLine> = amounts.iter().map(|a| line(*a)).collect();
            lines.push(line(-amounts.iter().sum::<i64>()));
            if let Ok(entry) = Entry::balanced("general", day(), "", lines) {
                prop_assert_eq!(entry.lines().iter().map(|l| l.amount.raw()).sum::<i64>(), 0);
                prop_assert!(entry.lines().len() >= 2);
            }
        }
    }
}
