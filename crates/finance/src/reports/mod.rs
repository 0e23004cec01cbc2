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

use kernel::{Date, Label};
use meta::{Column, FieldKind, FieldMeta, ReportMeta, Value};

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

/// A parameter of a report.
const fn param(name: &'static str, kind: FieldKind, label: Label, default: &'static str) -> FieldMeta {
    FieldMeta {
        name,
        kind,
        label,
        help: Label::new("", ""),
        required: false,
        readonly: false,
        computed: false,
        hidden: false,
        search: false,
        group: false,
        unique: false,
        index: false,
        max: 200,
        currency: "",
        only: "",
        along: "",
        default,
        at_least: 0,
        secret: false,
    }
}

const AS_OF: FieldMeta = param("as_of", FieldKind::Date, Label::new("As of", "截至日期"), "today");
const FROM: FieldMeta = param("from", FieldKind::Date, Label::new("From", "起始日期"), "year_start");
const KNOWN_AT: FieldMeta = param("known_at", FieldKind::Instant, Label::new("As known at", "按当时所知"), "");

/// A column of a report.
const fn column(name: &'static str, kind: FieldKind, label: Label) -> Column {
    Column { name, kind, label }
}

fn day(value: &Value) -> Date {
    value.text().and_then(Date::parse).unwrap_or(Date::MAX)
}
