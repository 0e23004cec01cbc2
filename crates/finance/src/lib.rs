//! Money owed and money moved: accounts, taxes, payment terms, payments, journals, statements.
//!
//! ```text
//! account             where entries are posted; `used_for` is how documents find theirs
//! dimension           what lines are about besides their accounts: axes, values, sets of them, rules
//! tax, payment_term   what is charged and when it is due; the rules are pure: tax_rules, term_rules
//! tax_position        which taxes are charged instead, by who buys and where it goes
//! cash_rounding       totals that coins can pay
//! payment             money in or out and what it clears
//! settlement          what can be settled: invoices, and items that entries and advances left open
//! journal_entry       what is written by hand, and opening balances
//! entry, entry_line, open_item, clearing, tax_entry    the book of money, written by the engine
//! ```
//!
//! Reads of other rooms: `invoice` (sales), `party`, `currency_rate`, `number_series`.

pub mod account;
pub mod cash_rounding;
pub mod dimension;
pub mod journal_entry;
mod laws;
pub mod ledger;
pub mod payment;
pub mod payment_term;
pub mod read;
mod reports;
pub mod settlement;
pub mod tax;
pub mod tax_position;
pub mod tax_rules;
pub mod term_rules;

pub use reports::owed_to_us;

use kernel::Label;
use meta::{Entity, Grant, MenuItem, Module, Plain, Typed};

use account::Account;
use cash_rounding::CashRounding;
use dimension::{Dimension, DimensionPart, DimensionRule, DimensionSet, DimensionValue};
use journal_entry::{JournalEntry, JournalEntryLine};
use ledger::{ClearingRow, DimensionLine, Entry, EntryLine, OpenItem, TaxEntry};
use payment::{Payment, PaymentLine};
use payment_term::{PaymentTerm, PaymentTermLine};
use tax::{Tax, TaxPart};
use tax_position::{TaxPosition, TaxPositionLine};

static ACCOUNT: Typed<Account> = Typed::new();
static DIMENSION: Typed<Dimension> = Typed::new();
static DIMENSION_VALUE: Typed<DimensionValue> = Typed::new();
static DIMENSION_SET: Typed<DimensionSet> = Typed::new();
static DIMENSION_RULE: Typed<DimensionRule> = Typed::new();
static TAX: Typed<Tax> = Typed::new();
static TAX_POSITION: Typed<TaxPosition> = Typed::new();
static PAYMENT_TERM: Typed<PaymentTerm> = Typed::new();
static CASH_ROUNDING: Typed<CashRounding> = Typed::new();
static PAYMENT: Typed<Payment> = Typed::new();
static JOURNAL_ENTRY: Typed<JournalEntry> = Typed::new();

const MASTER: &str = "see add edit remove import export";

static GRANTS: &[Grant] = &[
    Grant::new("accountant", "account", MASTER),
    Grant::new("accountant", "dimension", MASTER),
    Grant::new("accountant", "dimension_value", MASTER),
    Grant::new("accountant", "dimension_set", "see add export"),
    Grant::new("accountant", "dimension_rule", MASTER),
    Grant::new("accountant", "dimension_line", "see export"),
    Grant::new("accountant", "dimension_balances", "see export"),
    Grant::new("accountant", "tax", MASTER),
    Grant::new("accountant", "tax_position", MASTER),
    Grant::new("accountant", "payment_term", MASTER),
    Grant::new("accountant", "cash_rounding", MASTER),
    Grant::new("accountant", "payment", "see add edit remove import export post allocate release cancel"),
    Grant::new("accountant", "journal_entry", "see add edit remove import export post cancel"),
    Grant::new("accountant", "entry", "see export"),
    Grant::new("accountant", "entry_line", "see export"),
    Grant::new("accountant", "open_item", "see export"),
    Grant::new("accountant", "clearing", "see export"),
    Grant::new("accountant", "tax_entry", "see export"),
    Grant::new("accountant", "trial_balance", "see export"),
    Grant::new("accountant", "general_ledger", "see export"),
    Grant::new("accountant", "balance_sheet", "see export"),
    Grant::new("accountant", "income_statement", "see export"),
    Grant::new("accountant", "cash_book", "see export"),
    Grant::new("accountant", "aged_receivables", "see export"),
    Grant::new("accountant", "aged_payables", "see export"),
    Grant::new("accountant", "number_check", "see export"),
    Grant::new("sales_rep", "account", "see"),
    Grant::new("sales_rep", "tax", "see"),
    Grant::new("sales_rep", "tax_position", "see"),
    Grant::new("sales_rep", "payment_term", "see"),
    Grant::new("sales_rep", "cash_rounding", "see"),
    Grant::new("sales_rep", "aged_receivables", "see export"),
    Grant::new("sales_manager", "account", "see"),
    Grant::new("sales_manager", "tax", "see"),
    Grant::new("sales_manager", "tax_position", "see"),
    Grant::new("sales_manager", "payment_term", "see"),
    Grant::new("sales_manager", "cash_rounding", "see"),
    Grant::new("sales_manager", "payment", "see"),
    Grant::new("sales_manager", "open_item", "see export"),
    Grant::new("sales_manager", "aged_receivables", "see export"),
    Grant::new("warehouse", "account", "see"),
    Grant::new("warehouse", "tax", "see"),
    Grant::new("warehouse", "tax_position", "see"),
];

/// The menu: daily work first, what is set once last.
const MENU: &[MenuItem] = &[
    MenuItem::Section(Label::new("Receivables and payables", "往来")),
    MenuItem::Entity("payment"),
    MenuItem::Entity("open_item"),
    MenuItem::Report("aged_receivables"),
    MenuItem::Report("aged_payables"),
    MenuItem::Section(Label::new("Bookkeeping", "账务")),
    MenuItem::Entity("journal_entry"),
    MenuItem::Entity("entry"),
    MenuItem::Report("general_ledger"),
    MenuItem::Report("cash_book"),
    MenuItem::Entity("tax_entry"),
    MenuItem::Report("number_check"),
    MenuItem::Section(Label::new("Statements", "报表")),
    MenuItem::Report("trial_balance"),
    MenuItem::Report("balance_sheet"),
    MenuItem::Report("income_statement"),
    MenuItem::Section(Label::new("Dimensions", "核算维度")),
    MenuItem::Report("dimension_balances"),
    MenuItem::Entity("dimension_line"),
    MenuItem::Entity("dimension"),
    MenuItem::Entity("dimension_value"),
    MenuItem::Entity("dimension_rule"),
    MenuItem::Section(Label::new("Settings", "设置")),
    MenuItem::Entity("account"),
    MenuItem::Entity("tax"),
    MenuItem::Entity("tax_position"),
    MenuItem::Entity("payment_term"),
    MenuItem::Entity("cash_rounding"),
];

/// What this room brings.
pub fn module() -> Module {
    Module {
        name: "finance",
        label: Label::new("Finance", "财务"),
        icon: "finance",
        menu: MENU,
        entities: vec![
            (Account::meta(), &ACCOUNT),
            (Dimension::meta(), &DIMENSION),
            (DimensionValue::meta(), &DIMENSION_VALUE),
            (DimensionSet::meta(), &DIMENSION_SET),
            (DimensionPart::meta(), &Plain),
            (DimensionRule::meta(), &DIMENSION_RULE),
            (Tax::meta(), &TAX),
            (TaxPart::meta(), &Plain),
            (TaxPosition::meta(), &TAX_POSITION),
            (TaxPositionLine::meta(), &Plain),
            (PaymentTerm::meta(), &PAYMENT_TERM),
            (PaymentTermLine::meta(), &Plain),
            (CashRounding::meta(), &CASH_ROUNDING),
            (Payment::meta(), &PAYMENT),
            (PaymentLine::meta(), &Plain),
            (JournalEntry::meta(), &JOURNAL_ENTRY),
            (JournalEntryLine::meta(), &Plain),
            (Entry::meta(), &Plain),
            (EntryLine::meta(), &Plain),
            (DimensionLine::meta(), &Plain),
            (OpenItem::meta(), &Plain),
            (ClearingRow::meta(), &Plain),
            (TaxEntry::meta(), &Plain),
        ],
        reports: reports::all(),
        roles: &[],
        grants: GRANTS,
        laws: laws::LAWS,
    }
}
