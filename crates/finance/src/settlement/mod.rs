//! What can be settled — an invoice, or an item that a journal entry or an advance left open —
//! and what settling it changes elsewhere.
//!
//! ```text
//! invoice            open amount, state of payment, what its orders' lines are paid, credit
//! item of an entry   credit, where it is a receivable
//! advance            what its payment has left over
//! ```

mod facts;

use std::collections::BTreeMap;

use books::{AccountId, Commitment, CommitmentKind, DocRef, InvoiceId, ItemId, PartyId, Progress, TaxId};
use kernel::{Amount, Currency, Date, Param, Rate, split};
use meta::Change;

use crate::read::Open;

pub use facts::{item_of, settled_by, target};

/// What is to be settled.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Target {
    /// All that is open of an invoice.
    Invoice(i64),
    /// One open item of another document.
    Item(i64),
}

impl Target {
    /// The target a line names; none where it names nothing.
    pub fn of(invoice: Option<InvoiceId>, item: Option<ItemId>) -> Option<Target> {
        let invoice = invoice.filter(|id| id.raw() != 0).map(|id| Target::Invoice(id.raw()));
        invoice.or(item.filter(|id| id.raw() != 0).map(|id| Target::Item(id.raw())))
    }

    /// For messages: the entity and the id.
    pub fn named(self) -> (&'static str, i64) {
        match self {
            Target::Invoice(id) => ("invoice", id),
            Target::Item(id) => ("open_item", id),
        }
    }
}

impl From<Target> for Param {
    fn from(target: Target) -> Param {
        target.named().into()
    }
}

/// What is known of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TargetFacts {
    /// Its document.
    pub doc: DocRef,
    /// Whose it is.
    pub party: PartyId,
    /// The legal entity whose credit it uses.
    pub legal: PartyId,
    /// Whether customers owe it: only then it uses credit.
    pub is_receivable: bool,
    /// Its currency.
    pub currency: Currency,
    /// Its day.
    pub issued_on: Date,
    /// What is open of it, by when it is due.
    pub open: Vec<Open>,
    /// Its total, negative when we owe it.
    pub total: Amount,
    /// What one unit of its currency is worth on the day it is settled.
    pub rate: Option<Rate>,
    /// What the settling document has settled of it already, with the sign of what was open.
    pub settled: Amount,
    /// Its lines that invoice a line of an order: which, and what they come to.
    pub order_lines: Vec<(i64, Amount)>,
    /// What its other lines come to.
    pub other: Amount,
    /// What may be let off for paying early.
    pub early: Option<Early>,
    /// What its payment has left over beside it.
    pub beside: Amount,
}

/// By target.
pub type Targets = BTreeMap<Target, TargetFacts>;

/// What an invoice lets off when it is paid in time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Early {
    /// The last day of it.
    pub until: Date,
    /// How much at most, in the invoice's currency.
    pub most: Amount,
    /// The taxes that are lowered with it; none where the discount is of the net.
    pub taxes: Vec<EarlyTax>,
    /// What was invoiced without them, in company currency.
    pub net: Amount,
}

/// A tax of an invoice, in company currency.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EarlyTax {
    /// Which.
    pub tax: TaxId,
    /// Where it is posted; the usual account unless it has its own.
    pub account: Option<AccountId>,
    /// What it was taken of.
    pub base: Amount,
    /// How much it is.
    pub amount: Amount,
}

/// The state of an invoice when so much of it is open.
pub fn payment_state(total: Amount, open: Amount) -> &'static str {
    if open.is_zero() {
        "full"
    } else if open == total {
        "none"
    } else {
        "partial"
    }
}

impl TargetFacts {
    /// What is open of it, in its currency.
    pub fn open(&self) -> Amount {
        self.open.iter().map(|item| item.currency_amount).sum()
    }

    /// What the lines of orders are paid further when so much is settled: each has its share of
    /// what is settled of the invoice, to the cent, and all of it in the end.
    pub fn paid(&self, settled: Amount) -> Vec<Progress> {
        let mut weights: Vec<i64> = self.order_lines.iter().map(|(_, total)| total.raw()).collect();
        weights.push(self.other.raw());
        if self.order_lines.is_empty() || weights.iter().sum::<i64>() <= 0 {
            return Vec::new();
        }
        let before = self.total - self.open();
        let (now, then) = (split(before + settled, &weights), split(before, &weights));
        let steps = self.order_lines.iter().zip(now.iter().zip(&then)).map(|((line, _), (now, then))| Progress {
            entity: "sales_order",
            line: *line,
            field: "paid_amount",
            by: (*now - *then).raw(),
        });
        steps.filter(|step| step.by != 0).collect()
    }

    /// The credit that is free again when so much of it, in company currency, is settled.
    pub fn freed(&self, whole: Amount) -> Option<Commitment> {
        (self.is_receivable && !whole.is_zero()).then(|| owes(self.legal, -whole))
    }
}

/// What documents say when so much of targets is settled; less than nothing opens them again.
pub fn changes<'a>(settled: impl Iterator<Item = (&'a TargetFacts, Amount)>) -> Vec<Change> {
    let (mut changes, mut advances) = (Vec::new(), BTreeMap::new());
    for (target, amount) in settled {
        let open = target.open() - amount;
        let doc = target.doc;
        match doc.entity {
            "invoice" => changes.extend([
                Change { doc, field: "open_amount", value: open.raw().into() },
                Change { doc, field: "payment_state", value: payment_state(target.total, open).into() },
            ]),
            // A payment may have left over several items.
            "payment" => {
                *advances.entry(doc.id).or_insert(target.open().abs() + target.beside) +=
                    open.abs() - target.open().abs();
            }
            _ => {}
        }
    }
    changes.extend(advances.into_iter().map(|(id, left)| {
        let doc = DocRef { entity: "payment", id };
        Change { doc, field: "unallocated", value: left.raw().into() }
    }));
    changes
}

/// What documents say when all that one has settled of them is open again.
pub fn reopened(targets: &Targets) -> Vec<Change> {
    changes(targets.values().filter(|target| !target.settled.is_zero()).map(|target| (target, -target.settled)))
}

/// What a legal entity owes more, invoiced and not paid, in company currency.
pub fn owes(legal: PartyId, amount: Amount) -> Commitment {
    Commitment { party: legal, kind: CommitmentKind::Invoiced, amount, doc_line: None }
}
