//! Closed periods: nothing is posted into them.
//!
//! Four locks are soft: books, sales, purchases and tax can be opened again, for everybody by
//! the company's settings, or for a while and somebody by an exception. One is hard.

use kernel::{Date, Label, Refusal};
use meta::{Fault, Reader, Row, Trouble};

use crate::facts::Tx;

/// What is posted with tax is asked for once more under this name, beside its journal.
pub(super) const TAX: &str = "tax";

/// The columns of a company that say until when it is closed.
const LOCKS: &str = "
    select books_locked_until, sales_locked_until, purchases_locked_until, tax_locked_until, hard_locked_until
    from company
    where id = ?1";

/// The soft locks of a journal: their names and the last closed days.
fn soft(row: &Row, journal: &str) -> Vec<(&'static str, Date)> {
    let own = match journal {
        "sales" => Some(("sales", 1)),
        "purchase" => Some(("purchases", 2)),
        TAX => Some(("tax", 3)),
        _ => None,
    };
    let named = std::iter::once(("books", 0)).chain(own);
    named.filter_map(|(name, column)| row.date(column).map(|until| (name, until))).collect()
}

fn locks(tx: &Tx) -> Result<Option<Row>, Fault> {
    Ok(tx.steady_rows(LOCKS, &[tx.context.company.into()])?.iter().next().cloned())
}

/// The last closed day of a journal, if any.
fn closed_until(row: &Row, journal: &str) -> Option<Date> {
    soft(row, journal).into_iter().map(|(_, until)| until).chain(row.date(4)).max()
}

/// Refuses a day in a closed period.
pub(super) fn check(tx: &Tx, on: Date, journal: &str) -> Result<(), Trouble> {
    let Some(row) = locks(tx)? else { return Ok(()) };
    match closed_until(&row, journal) {
        Some(until) if on <= until && !is_excepted(tx, &row, on, journal)? => Err(Refusal::new(
            "period_closed",
            Label::new(
                "{on} is in a closed period; the books are closed until {until}. Choose a later day, or ask the accountant to open the period.",
                "{on} 所在期间已结账（已关账至 {until}）。请选择之后的日期，或请会计反结账。",
            ),
        )
        .with("on", on)
        .with("until", until)
        .into()),
        _ => Ok(()),
    }
}

/// Whether every lock that closes a day is opened for this user at present.
fn is_excepted(tx: &Tx, row: &Row, on: Date, journal: &str) -> Result<bool, Fault> {
    if row.date(4).is_some_and(|hard| on <= hard) {
        return Ok(false);
    }
    let opened = tx.query(
        "select lock from lock_exception
         where company = ?1 and ends_at > ?2 and opens_from <= ?3 and (for_user is null or for_user = ?4)",
        &[tx.context.company.into(), tx.context.now.micros().into(), on.into(), tx.context.user.into()],
    )?;
    let is_open = |name: &str| opened.iter().any(|row| row.text(0) == name);
    Ok(soft(row, journal).into_iter().all(|(name, until)| until < on || is_open(name)))
}

/// The day itself, or the first open one after it: where a difference is posted.
pub(super) fn first_open(tx: &Tx, on: Date, journal: &str) -> Result<Date, Fault> {
    Ok(match locks(tx)?.and_then(|row| closed_until(&row, journal)) {
        Some(until) if on <= until => until.add_days(1),
        _ => on,
    })
}
