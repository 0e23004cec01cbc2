//! Money at banks: our accounts, and what banks tell of them.
//!
//! ```text
//! bank_account      one account at a bank, and the ledger account it is kept in; reads files of the bank
//! bank_statement    what the bank said of some days, line by line; it follows the one before
//! formats           MT940, CAMT.053, OFX and tables (CSV) → BankFile, a value; pure, and wary of what comes in
//! ```
//!
//! Reads of other rooms: `account` (finance), `attachment` and its content (teamwork).

pub mod bank_account;
pub mod bank_statement;
pub mod formats;
mod incoming;

use kernel::Label;
use meta::{Entity, Grant, MenuItem, Module, Plain, Typed};

use bank_account::BankAccount;
use bank_statement::{BankStatement, BankStatementLine};

static BANK_ACCOUNT: Typed<BankAccount> = Typed::new();
static BANK_STATEMENT: Typed<BankStatement> = Typed::new();

static GRANTS: &[Grant] = &[
    Grant::new("accountant", "bank_account", "see add edit remove import export read_statement"),
    Grant::new("accountant", "bank_statement", "see export discard"),
];

/// What this room brings.
pub fn module() -> Module {
    Module {
        name: "treasury",
        label: Label::new("Treasury", "资金"),
        icon: "bank",
        menu: &[MenuItem::Entity("bank_statement"), MenuItem::Entity("bank_account")],
        entities: vec![
            (BankAccount::meta(), &BANK_ACCOUNT),
            (BankStatement::meta(), &BANK_STATEMENT),
            (BankStatementLine::meta(), &Plain),
        ],
        reports: Vec::new(),
        roles: &[],
        grants: GRANTS,
        laws: &[],
    }
}
