//! Statements and books, each *as of* a day and *as known at* a moment.

mod aged;
mod balances;
mod dimension_balances;
mod general_ledger;
mod number_check;
mod statements;
#[cfg(test)]
mod tests;
mod trial_balance;

pub use aged::owed_to_us;

use meta::ReportMeta;
use meta::report::{AS_OF, FROM, KNOWN_AT, column, day, param};

/// All reports of this room.
pub fn all() -> Vec<&'static ReportMeta> {
    vec![
        &trial_balance::TRIAL_BALANCE,
        &general_ledger::GENERAL_LEDGER,
        &general_ledger::CASH_BOOK,
        &statements::BALANCE_SHEET,
        &statements::INCOME_STATEMENT,
        &aged::AGED_RECEIVABLES,
        &aged::AGED_PAYABLES,
        &dimension_balances::DIMENSION_BALANCES,
        &number_check::NUMBER_CHECK,
    ]
}
