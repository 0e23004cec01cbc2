//! Closed periods: nothing is posted into them.

use kernel::{Date, Label, Refusal};
use meta::{Fault, Reader, Trouble};

use crate::facts::Tx;

/// The last closed day of a journal, if any.
pub(super) fn closed_until(tx: &Tx, journal: &str) -> Result<Option<Date>, Fault> {
    let rows = tx.steady_rows(
        "select books_locked_until, sales_locked_until, hard_locked_until from company where id = ?1",
        &[tx.context.company.into()],
    )?;
    let Some(row) = rows.first() else { return Ok(None) };
    let sales = if journal == "sales" { row.date(1) } else { None };
    Ok([row.date(0), sales, row.date(2)].into_iter().flatten().max())
}

/// Refuses a day in a closed period.
pub(super) fn check(tx: &Tx, on: Date, journal: &str) -> Result<(), Trouble> {
    match closed_until(tx, journal)? {
        Some(until) if on <= until => Err(Refusal::new(
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

/// The day itself, or the first open one after it: where a difference is posted.
pub(super) fn first_open(tx: &Tx, on: Date, journal: &str) -> Result<Date, Fault> {
    Ok(match closed_until(tx, journal)? {
        Some(until) if on <= until => until.add_days(1),
        _ => on,
    })
}
