//! Lines that take something off an open item: a bad debt, a payment that another system told
//! of, two items of one party against each other.

use std::collections::BTreeMap;

use books::Progress;
use kernel::{Amount, Currency, Refusal};
use meta::Change;

use super::{Facts, JournalEntryLine, NotAnEntry};
use crate::journal_entry::JournalEntry;
use crate::read;
use crate::settlement::{self, Target};

impl JournalEntryLine {
    /// Debit positive: in company currency, the currency it is owed in, and in that currency.
    pub(super) fn amounts(&self, company: Currency) -> (Amount, Currency, Amount) {
        let amount = self.debit - self.credit;
        match self.currency.filter(|currency| *currency != company) {
            Some(currency) if amount.is_negative() => (amount, currency, -self.currency_amount),
            Some(currency) => (amount, currency, self.currency_amount),
            None => (amount, company, amount),
        }
    }
}

/// Account, party, currency and amount follow from the item, where they were not said.
pub(super) fn fill(line: &mut JournalEntryLine, facts: &Facts) {
    let Some((_, open)) = line.settles.and_then(|item| facts.items.get(&item.raw())) else { return };
    if line.account.raw() == 0 {
        line.account = open.account;
    }
    line.party = line.party.or(open.party);
    let is_foreign = open.currency != facts.currency;
    if is_foreign && line.currency.is_none() && line.currency_amount.is_zero() {
        line.currency = Some(open.currency);
    }
    let base = line.debit + line.credit;
    if is_foreign && line.currency_amount.is_zero() {
        let part = match base.is_zero() {
            true => Some(open.currency_amount.abs()),
            false => open.currency_amount.abs().scale(base.raw(), open.amount.abs().raw()),
        };
        line.currency_amount = part.unwrap_or_default();
    }
    if base.is_zero() {
        let part = if is_foreign { line.currency_amount } else { open.currency_amount.abs() };
        let sign = if open.currency_amount.is_negative() { -1 } else { 1 };
        let base = read::base_part(open, if sign < 0 { -part } else { part }).unwrap_or_default();
        *(if sign < 0 { &mut line.debit } else { &mut line.credit }) = base.abs();
    }
}

/// Refuses what does not fit the item.
pub(super) fn check(line: &JournalEntryLine, is_twice: bool, facts: &Facts) -> Result<(), Refusal> {
    let Some(id) = line.settles else { return Ok(()) };
    let item = ("open_item", id.raw());
    let Some((_, open)) = facts.items.get(&id.raw()).filter(|(_, open)| !open.currency_amount.is_zero()) else {
        return Err(NotAnEntry::NotOpen { item }.into());
    };
    if is_twice {
        return Err(NotAnEntry::Twice { item }.into());
    }
    let (amount, currency, part) = line.amounts(facts.currency);
    if line.account != open.account || line.party != open.party || currency != open.currency {
        let party = ("party", open.party.map_or(0, |party| party.raw()));
        return Err(NotAnEntry::OtherItem { item, account: ("account", open.account.raw()), party }.into());
    }
    if part.is_negative() == open.currency_amount.is_negative() || open.currency_amount.abs() < part.abs() {
        return Err(NotAnEntry::MoreThanOpen { item, open: (open.currency_amount, open.currency) }.into());
    }
    let kept = read::base_part(open, -part).unwrap_or_default();
    if kept != -amount {
        let (part, amount) = ((part.abs(), open.currency), (kept.abs(), facts.currency));
        return Err(NotAnEntry::NotItsRate { item, part, amount }.into());
    }
    Ok(())
}

/// What is settled of invoices and advances is said there too.
pub(super) fn effects(doc: &JournalEntry, facts: &Facts) -> (Vec<Change>, Vec<Progress>) {
    let mut settled: BTreeMap<Target, Amount> = BTreeMap::new();
    for line in &doc.lines {
        let Some((target, _)) = line.settles.and_then(|item| facts.items.get(&item.raw())) else { continue };
        let (_, _, part) = line.amounts(facts.currency);
        *settled.entry(*target).or_default() -= part;
    }
    let known = settled.iter().filter_map(|(target, amount)| Some((facts.targets.get(target)?, *amount)));
    (settlement::changes(known.clone()), known.flat_map(|(target, amount)| target.paid(amount)).collect())
}
