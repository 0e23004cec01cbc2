//! Taking a payment off what it paid, without taking the money back.
//!
//! ```text
//! dr receivable     what it had settled is open again
//! cr write-off      what was given up is not, nor what was let off with its tax
//! dr/cr exchange    the differences are taken back
//! cr advance        all of it is the party's again
//! ```

use books::{Clearing, Entry, EntryLine, Posting, Progress, TaxId, TaxLine};
use kernel::{Amount, Refusal};
use meta::Effects;

use super::complete::NotPaid;
use super::facts::{Facts, SettledLine};
use super::post::{Lines, advance_account};
use super::{Payment, sign, signed};
use crate::read;
use crate::settlement::{owes, reopened};

/// Releases all that a payment has settled.
pub(super) fn release(doc: &Payment, facts: &Facts) -> Result<Effects, Refusal> {
    if facts.settled.lines.is_empty() {
        return Err(NotPaid::NothingPaid.into());
    }
    let back = |line: &SettledLine| EntryLine {
        currency: line.currency,
        currency_amount: -line.currency_amount,
        party: line.party,
        clearing: line.item.map_or(Clearing::None, Clearing::Settles),
        ..EntryLine::plain(line.account, -line.amount, facts.company_currency)
    };
    let mut lines = Lines::new(doc, facts);
    lines.lines = facts.settled.lines.iter().map(back).collect();
    let base: Amount = lines.lines.iter().map(|line| line.amount).sum();
    let (freed, sign) = (facts.settled.amount, sign(doc.direction));
    if Amount::ZERO < freed {
        lines.lines.push(EntryLine {
            currency: doc.currency,
            currency_amount: -signed(freed, sign),
            party: Some(doc.party),
            due_on: Some(doc.paid_on),
            clearing: Clearing::Opens,
            ..EntryLine::plain(advance_account(doc, facts)?, -base, facts.company_currency)
        });
    } else {
        // It took more off than it paid, and left that over: what is left over shrinks again.
        let taken = read::take(&facts.advance, signed(freed, sign)).ok_or(NotPaid::UsedUp)?;
        let whole = lines.clear(&taken);
        lines.exchange(whole - base)?;
    }
    let on = facts.today.max(doc.paid_on);
    let entry = Entry::balanced("bank", on, "", lines.lines)?;
    let tax = |(tax, base, amount): &(TaxId, Amount, Amount)| TaxLine {
        tax: *tax,
        posted_on: on,
        base: -*base,
        tax_amount: -*amount,
    };
    let commitment = |(party, amount): &(books::PartyId, Amount)| owes(*party, -*amount);
    let progress = |(line, amount): &(i64, Amount)| Progress {
        entity: "sales_order",
        line: *line,
        field: "paid_amount",
        by: -amount.raw(),
    };
    let posting = Posting {
        entries: vec![entry],
        commitments: facts.settled.credit.iter().map(commitment).collect(),
        taxes: facts.settled.taxes.iter().map(tax).collect(),
        progress: facts.settled.order_lines.iter().map(progress).collect(),
        ..Posting::default()
    };
    let change = reopened(&facts.targets);
    let set = vec![("unallocated", (doc.unallocated + freed).raw().into())];
    Ok(Effects { posting, change, set, ..Effects::none() })
}
