//! Payments: money in or out, what it pays, and what is left over.
//!
//! ```text
//! post      bank against what is paid; the rest is an advance, received or paid
//! allocate  an advance pays an invoice
//! release   what was paid is open again, the money is an advance
//! cancel    all of it is mirrored
//! ```

mod complete;
mod entity;
mod facts;
mod post;
mod release;

use kernel::{Amount, Date, Label, Param, Refusal};
use meta::stages::not_now;
use meta::{Choice, Document, Effects, Hint, Reader, Record, Tone, Trouble, Want};

pub use complete::NotPaid;
pub use entity::{Action, Direction, Payment, PaymentLine, Stage};
pub use facts::Facts;

use crate::read;
use crate::settlement::{self, Target};

impl Document for Payment {
    type Facts = Facts;
    type Action = Action;

    fn facts(doc: &Self, want: &Want<Action>, reader: &dyn Reader) -> Result<Facts, Trouble> {
        facts::read(doc, want, reader)
    }

    fn currencies(doc: &mut Self, reader: &dyn Reader) -> Result<(), Trouble> {
        facts::currencies(doc, reader)
    }

    fn complete(doc: &mut Self, facts: &Facts) -> Result<(), Refusal> {
        complete::complete(doc, facts)?;
        doc.amount_base = base(doc, facts).ok_or(NotPaid::NoAmount)?;
        Ok(())
    }

    fn hints(doc: &Self, facts: &Facts) -> Vec<Hint> {
        if doc.stage != Stage::Draft {
            return Vec::new();
        }
        let old = read::old_rate_hint(doc.currency, doc.rate, facts.dated);
        old.into_iter().chain(below_zero(doc, facts)).collect()
    }

    fn ready(doc: &Self, action: &Action) -> Result<(), Refusal> {
        if doc.stage.after(action).is_none() {
            return Err(not_now(doc.stage, action));
        }
        match action {
            Action::Allocate { .. } if doc.unallocated.is_zero() => Err(NotPaid::NothingLeft.into()),
            Action::Release if doc.unallocated == doc.amount && !doc.amount.is_zero() => {
                Err(NotPaid::NothingPaid.into())
            }
            _ => Ok(()),
        }
    }

    fn decide(doc: &Self, action: &Action, facts: &Facts) -> Result<(&'static str, Effects), Refusal> {
        let next = doc.stage.after(action).ok_or_else(|| not_now(doc.stage, action))?;
        let mut effects = match action {
            // What is owed, and what credit is left, is told of today: money of a later day would be in it already.
            Action::Post if facts.today < doc.paid_on => return Err(NotPaid::NotYet { on: doc.paid_on }.into()),
            Action::Post => post::post(doc, facts)?,
            Action::Allocate { invoice: Some(_), item: Some(_), .. } => return Err(NotPaid::OneTarget.into()),
            Action::Allocate { invoice, item, amount } => {
                post::allocate(doc, Target::of(*invoice, *item), *amount, facts)?
            }
            Action::Release => release::release(doc, facts)?,
            Action::Cancel => {
                let change = settlement::reopened(&facts.targets);
                Effects { change, ..Effects::undo() }
            }
        };
        effects.set.extend(party::letterhead::set(facts.letterhead.clone()));
        Ok((next.code(), effects))
    }

    fn sources() -> &'static [&'static str] {
        &["invoice"]
    }

    fn prefill(from: &Record, reader: &dyn Reader) -> Result<Option<Self>, Trouble> {
        facts::prefill(from, reader)
    }
}

/// Says when a payment takes more out of an account than it holds: it may be a slip, or money that is on its way.
fn below_zero(doc: &Payment, facts: &Facts) -> Option<Hint> {
    let held = facts.held?;
    let (held, amount, currency) = match held.own {
        Some(own) => (own, doc.amount, doc.currency),
        None => (held.base, base(doc, facts)?, facts.company_currency),
    };
    let left = held.checked_sub(amount).filter(|left| left.is_negative())?;
    let text = Label::new(
        "The account holds {held} on {on}; this payment leaves it at {left}. Check the account, the amount and the day.",
        "该账户在 {on} 的余额为 {held}，付款后为 {left}。请核对账户、金额和日期。",
    );
    let about = Refusal::new("account_below_zero", text)
        .with("held", Param::Amount(held, currency))
        .with("left", Param::Amount(left, currency))
        .with("on", day_of(doc, facts.today));
    Some(Hint { tone: Tone::Warn, about: about.field("amount") })
}

/// The amount in company currency, at the payment's rate.
fn base(doc: &Payment, facts: &Facts) -> Option<Amount> {
    doc.amount.convert(doc.currency, facts.company_currency, doc.rate)
}

/// Its day; today while none is typed.
fn day_of(doc: &Payment, today: Date) -> Date {
    if doc.paid_on == Date::MIN { today } else { doc.paid_on }
}

fn sign(direction: Direction) -> i64 {
    match direction {
        Direction::In => 1,
        Direction::Out => -1,
    }
}

fn signed(amount: Amount, sign: i64) -> Amount {
    if sign < 0 { -amount } else { amount }
}

#[cfg(test)]
mod tests;
