//! What a payment posts.
//!
//! ```text
//! dr bank           the payment, at its own rate
//! dr write-off      what is given up
//! dr discount, tax  what is let off for paying early
//! cr receivable     what is paid, at the rate it was owed at
//! cr advance        what pays nothing yet
//! dr/cr exchange    the difference between the two rates
//! ```

use books::{AccountId, Clearing, Commitment, Entry, EntryLine, Posting, Progress, TaxLine};
use kernel::{Amount, Currency, Refusal, split};
use meta::Effects;

use super::complete::NotPaid;
use super::facts::Facts;
use super::{Direction, Payment, sign, signed};
use crate::read;
use crate::settlement::{Target, TargetFacts, changes};

/// Where what pays nothing yet waits: owed to whom we had it from, or by whom we paid.
pub(super) fn advance_account(doc: &Payment, facts: &Facts) -> Result<AccountId, Refusal> {
    facts.accounts.used_for(match doc.direction {
        Direction::In => "advance_received",
        Direction::Out => "advance_paid",
    })
}

/// Lines being collected for one entry.
pub(super) struct Lines<'a> {
    pub(super) lines: Vec<EntryLine>,
    progress: Vec<Progress>,
    commitments: Vec<Commitment>,
    taxes: Vec<TaxLine>,
    facts: &'a Facts,
    doc: &'a Payment,
}

impl<'a> Lines<'a> {
    pub(super) fn new(doc: &'a Payment, facts: &'a Facts) -> Lines<'a> {
        let (progress, commitments, taxes) = (Vec::new(), Vec::new(), Vec::new());
        Lines { lines: Vec::new(), progress, commitments, taxes, facts, doc }
    }

    fn add(&mut self, account: AccountId, amount: Amount) {
        if !amount.is_zero() {
            let line = EntryLine::plain(account, amount, self.facts.company_currency);
            self.lines.push(EntryLine { party: Some(self.doc.party), ..line });
        }
    }

    /// What is given up or let off, in company currency. Where it is worth nothing there, the
    /// line says so in its own currency: the entry comes to nothing in both.
    fn gives_up(&mut self, account: AccountId, base: Amount, own: (Amount, Currency)) {
        if base.is_zero() && !own.0.is_zero() {
            let line = EntryLine::plain(account, base, self.facts.company_currency);
            let party = Some(self.doc.party);
            self.lines.push(EntryLine { party, currency: own.1, currency_amount: own.0, ..line });
        }
        self.add(account, base);
    }

    /// The difference between the rates: a debit is a loss.
    pub(super) fn exchange(&mut self, amount: Amount) -> Result<(), Refusal> {
        if amount.is_zero() {
            return Ok(());
        }
        let which = if amount.is_negative() { "exchange_gain" } else { "exchange_loss" };
        let account = self.facts.accounts.used_for(which)?;
        self.add(account, amount);
        Ok(())
    }

    /// What is let off for paying early lowers the income and, where the terms say so, the taxes:
    /// each by its part, to the cent.
    fn let_off(&mut self, invoice: &TargetFacts, discount: Amount, base: Amount) -> Result<(), Refusal> {
        let Some(early) = invoice.early.as_ref().filter(|_| !discount.is_zero()) else { return Ok(()) };
        if base.is_zero() {
            let account = self.facts.accounts.used_for("early_discount")?;
            self.gives_up(account, base, (discount, invoice.currency));
            return Ok(());
        }
        let weights: Vec<i64> =
            std::iter::once(early.net).chain(early.taxes.iter().map(|tax| tax.amount)).map(Amount::raw).collect();
        let parts = split(base, &weights);
        self.add(self.facts.accounts.used_for("early_discount")?, parts[0]);
        for (tax, part) in early.taxes.iter().zip(&parts[1..]) {
            let account = match tax.account {
                Some(account) => account,
                None => self.facts.accounts.used_for("sales_tax")?,
            };
            self.add(account, *part);
            let lowered = tax.base.scale(discount.raw(), invoice.total.raw()).ok_or(NotPaid::NoAmount)?;
            self.taxes.push(TaxLine { tax: tax.tax, posted_on: self.doc.paid_on, base: -lowered, tax_amount: -*part });
        }
        Ok(())
    }

    /// Settles parts of open items. Gives what they are in company currency.
    pub(super) fn clear(&mut self, taken: &[(read::Open, Amount, Amount)]) -> Amount {
        let company = self.facts.company_currency;
        self.lines.extend(taken.iter().map(|(item, part, base)| EntryLine {
            currency: item.currency,
            currency_amount: -*part,
            party: item.party,
            clearing: Clearing::Settles(item.item),
            ..EntryLine::plain(item.account, -*base, company)
        }));
        taken.iter().map(|(_, _, base)| *base).sum()
    }

    /// Takes an amount off a target. Gives what that is in company currency.
    fn settle(&mut self, target: Target, facts: &TargetFacts, amount: Amount) -> Result<Amount, Refusal> {
        let open = (facts.open(), facts.currency);
        let taken = read::take(&facts.open, amount).ok_or(NotPaid::MoreThanOpen { invoice: target, open })?;
        let whole = self.clear(&taken);
        self.progress.extend(facts.paid(amount));
        self.commitments.extend(facts.freed(whole));
        Ok(whole)
    }
}

pub(super) fn post(doc: &Payment, facts: &Facts) -> Result<Effects, Refusal> {
    let sign = sign(doc.direction);
    let base = super::base(doc, facts).ok_or(NotPaid::NoAmount)?;
    let mut weights: Vec<i64> = doc.lines.iter().map(|line| line.amount.unwrap_or_default().raw()).collect();
    weights.push(doc.unallocated.raw());
    // The payment's value is shared over what it pays; the shares sum to it exactly.
    let shares = match doc.amount.is_zero() {
        true => vec![Amount::ZERO; weights.len()],
        false => split(base, &weights),
    };
    let mut lines = Lines::new(doc, facts);
    lines.lines.push(EntryLine {
        currency: doc.currency,
        currency_amount: signed(doc.amount, sign),
        party: Some(doc.party),
        ..EntryLine::plain(doc.account, signed(base, sign), facts.company_currency)
    });
    let mut done = Vec::new();
    for (line, share) in doc.lines.iter().zip(&shares) {
        let (target, invoice) = known(line.target(), doc, facts)?;
        let settled = signed(line.invoice_amount.unwrap_or_default() + line.write_off + line.discount, sign);
        let whole = lines.settle(target, invoice, settled)?;
        let given_up = match line.write_off.is_zero() {
            true => Amount::ZERO,
            false => whole.scale(signed(line.write_off, sign).raw(), settled.raw()).ok_or(NotPaid::NoAmount)?,
        };
        if !line.write_off.is_zero() {
            let own = (signed(line.write_off, sign), invoice.currency);
            lines.gives_up(facts.accounts.used_for("write_off")?, given_up, own);
        }
        let let_off = match line.discount.is_zero() {
            true => Amount::ZERO,
            false => whole.scale(signed(line.discount, sign).raw(), settled.raw()).ok_or(NotPaid::NoAmount)?,
        };
        lines.let_off(invoice, line.discount, let_off)?;
        lines.exchange(whole - given_up - let_off - signed(*share, sign))?;
        done.push((invoice, settled));
    }
    let rest = signed(*shares.last().unwrap_or(&Amount::ZERO), sign);
    if !doc.unallocated.is_zero() {
        lines.lines.push(EntryLine {
            currency: doc.currency,
            currency_amount: -signed(doc.unallocated, sign),
            party: Some(doc.party),
            due_on: Some(doc.paid_on),
            clearing: Clearing::Opens,
            ..EntryLine::plain(advance_account(doc, facts)?, -rest, facts.company_currency)
        });
    }
    // What is given up without money, such as a bad debt, is no business of the bank's.
    let journal = if doc.amount.is_zero() { "general" } else { "bank" };
    let entry = Entry::balanced(journal, doc.paid_on, doc.bank_reference.clone().unwrap_or_default(), lines.lines)?;
    let posting = Posting {
        entries: vec![entry],
        commitments: lines.commitments,
        progress: lines.progress,
        taxes: lines.taxes,
        ..Posting::default()
    };
    Ok(Effects { posting, change: changes(done.into_iter()), ..Effects::none() })
}

/// What is known of what a line or an action names.
fn known<'a>(named: Option<Target>, doc: &Payment, facts: &'a Facts) -> Result<(Target, &'a TargetFacts), Refusal> {
    let target = named.ok_or(NotPaid::OneTarget)?;
    let open = (Amount::ZERO, doc.currency);
    let found = facts.targets.get(&target).ok_or(NotPaid::MoreThanOpen { invoice: target, open })?;
    Ok((target, found))
}

/// Uses an advance: nothing moves in the bank, the advance and what it pays clear each other.
pub(super) fn allocate(
    doc: &Payment,
    named: Option<Target>,
    amount: Option<Amount>,
    facts: &Facts,
) -> Result<Effects, Refusal> {
    let (named, target) = known(named, doc, facts)?;
    if target.party != doc.party {
        return Err(NotPaid::OtherParty { invoice: named }.into());
    }
    if target.currency != doc.currency {
        let (paid, currency) = (doc.currency.code().to_owned(), target.currency.code().to_owned());
        return Err(match named {
            Target::Invoice(_) => NotPaid::NotInItsCurrency { paid, currency }.into(),
            Target::Item(_) => NotPaid::ItemNotInItsCurrency { paid, currency }.into(),
        });
    }
    let sign = sign(doc.direction);
    let left = doc.unallocated;
    let open = signed(target.open(), sign);
    let amount = amount.unwrap_or(left.min(open));
    if amount <= Amount::ZERO && Amount::ZERO < open {
        return Err(NotPaid::UsesNothing.into());
    }
    if amount <= Amount::ZERO || open < amount {
        return Err(NotPaid::MoreThanOpen { invoice: named, open: (open, target.currency) }.into());
    }
    if left < amount {
        return Err(NotPaid::MoreThanPaid { over: (amount - left, doc.currency) }.into());
    }
    let mut lines = Lines::new(doc, facts);
    let taken = read::take(&facts.advance, -signed(amount, sign)).ok_or(NotPaid::NothingLeft)?;
    let used = lines.clear(&taken);
    let whole = lines.settle(named, target, signed(amount, sign))?;
    lines.exchange(whole + used)?;
    // The day it is used, not the day it was paid: that may lie before the invoice, or in closed books.
    let on = facts.today.max(doc.paid_on).max(target.issued_on);
    let entry = Entry::balanced("bank", on, "", lines.lines)?;
    let posting = Posting {
        entries: vec![entry],
        commitments: lines.commitments,
        progress: lines.progress,
        taxes: lines.taxes,
        ..Posting::default()
    };
    let change = changes(std::iter::once((target, signed(amount, sign))));
    let set = vec![("unallocated", (left - amount).raw().into())];
    Ok(Effects { posting, change, set, ..Effects::none() })
}
