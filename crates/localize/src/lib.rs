//! What a new company starts with, as data: accounts, statements, taxes, terms, units, places.
//!
//! ```text
//! chart("small_business_cn")       小企业会计准则          statements("small_business_cn")   会小企01表, 会小企02表
//! chart("ifrs_generic")            about eighty accounts   statements("ifrs_generic")
//! taxes("CN"), tax_positions("CN"), payment_terms(), units(), places()
//! ```
//!
//! Everything has an English and a Chinese name; who sets a company up chooses one.

mod account;
mod calendars;
mod ifrs_generic;
mod positions;
mod seeds;
mod small_business_cn;
mod statement;
mod taxes;
#[cfg(test)]
mod tests;

pub use account::{AccountSeed, KINDS, USES};
pub use calendars::{CalendarSeed, DaysSeed, calendar};
pub use positions::{TaxPositionSeed, tax_positions, tax_territory};
pub use seeds::{PaymentTermLineSeed, PaymentTermSeed, PlaceSeed, UnitSeed};
pub use statement::{Formula, KindLines, Standing, Statement, StatementLine};
pub use taxes::{TaxSeed, former_taxes, is_in_union, tax_advice, taxes};

/// The charts of accounts there are.
pub const CHARTS: &[&str] = &["small_business_cn", "ifrs_generic"];

/// The accounts of a chart; parents stand before their children.
pub fn chart(code: &str) -> Option<&'static [AccountSeed]> {
    match code {
        "small_business_cn" => Some(small_business_cn::ACCOUNTS),
        "ifrs_generic" => Some(ifrs_generic::ACCOUNTS),
        _ => None,
    }
}

/// The two statements of a chart.
#[derive(Clone, Copy, Debug)]
pub struct Statements {
    /// What a company owns and owes on a day.
    pub balance_sheet: Statement,
    /// The line of the balance sheet with all assets, and the one that must equal it.
    pub totals: (i32, i32),
    /// What it earned in a period.
    pub income_statement: Statement,
    /// The line of the income statement with the profit.
    pub profit: i32,
}

/// How the statements of a chart are laid out.
pub fn statements(code: &str) -> Option<Statements> {
    match code {
        "small_business_cn" => Some(Statements {
            balance_sheet: small_business_cn::BALANCE_SHEET,
            totals: (30, 53),
            income_statement: small_business_cn::INCOME_STATEMENT,
            profit: 32,
        }),
        "ifrs_generic" => Some(Statements {
            balance_sheet: ifrs_generic::BALANCE_SHEET,
            totals: (14, 32),
            income_statement: ifrs_generic::INCOME_STATEMENT,
            profit: 14,
        }),
        _ => None,
    }
}

/// Usual payment terms.
pub fn payment_terms() -> &'static [PaymentTermSeed] {
    seeds::PAYMENT_TERMS
}

/// Usual units of measure.
pub fn units() -> &'static [UnitSeed] {
    seeds::UNITS
}

/// The places of a company with one warehouse.
pub fn places() -> &'static [PlaceSeed] {
    seeds::PLACES
}
