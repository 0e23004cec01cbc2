//! All that one action posts, and its mirror.

use kernel::{Amount, Date};

use crate::{DocLine, Entry, Move, PartyId, Promise, Revaluation, TaxId};

/// Why a customer will owe us.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum CommitmentKind {
    /// Ordered, not delivered.
    Ordered,
    /// Delivered, not invoiced.
    Delivered,
    /// Invoiced (negative: paid).
    Invoiced,
}

/// A signed amount in company currency by which a customer's exposure grows or shrinks.
///
/// Credit exposure is the sum of these, never a query with exceptions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Commitment {
    /// Who owes.
    pub party: PartyId,
    /// Why.
    pub kind: CommitmentKind,
    /// Signed, company currency.
    pub amount: Amount,
    /// The line of the document it comes from, if any.
    pub doc_line: Option<DocLine>,
}

/// Says that a line of another document is fulfilled further.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Progress {
    /// The entity of the document that owns the line, such as `sales_order`.
    pub entity: &'static str,
    /// The owned line.
    pub line: DocLine,
    /// The field of the line that is raised, such as `delivered_qty`.
    pub field: &'static str,
    /// By how much, in the field's own scale; negative lowers.
    pub by: i64,
}

/// Tax that was charged: the base and the amount, for the tax report.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TaxLine {
    /// Which tax.
    pub tax: TaxId,
    /// The business day.
    pub posted_on: Date,
    /// Taxed amount in company currency; negative on a credit note.
    pub base: Amount,
    /// Tax in company currency; negative on a credit note.
    pub tax_amount: Amount,
}

/// All that one action posts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Posting {
    /// Money.
    pub entries: Vec<Entry>,
    /// Goods.
    pub moves: Vec<Move>,
    /// Goods that are worth more or less.
    pub revaluations: Vec<Revaluation>,
    /// Credit.
    pub commitments: Vec<Commitment>,
    /// Reservations, demand and supply.
    pub promises: Vec<Promise>,
    /// Lines of other documents that are fulfilled further.
    pub progress: Vec<Progress>,
    /// Tax charged.
    pub taxes: Vec<TaxLine>,
}

impl Posting {
    /// True when nothing is posted.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
            && self.moves.is_empty()
            && self.revaluations.is_empty()
            && self.commitments.is_empty()
            && self.promises.is_empty()
            && self.progress.is_empty()
            && self.taxes.is_empty()
    }
}
