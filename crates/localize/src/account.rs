//! Accounts as a chart lists them.

use kernel::Label;

/// One account of a chart.
#[derive(Clone, Copy, Debug)]
pub struct AccountSeed {
    /// Its number.
    pub code: &'static str,
    /// What it is called.
    pub name: Label,
    /// `asset`, `liability`, `equity`, `income` or `expense`.
    pub kind: &'static str,
    /// What the program posts there by itself; `none` for the others.
    pub used_for: &'static str,
    /// True when it only sums those below and nothing is posted on it.
    pub is_group: bool,
    /// The number of the account above; empty at the top.
    pub parent: &'static str,
}

/// The kinds of account.
pub const KINDS: &[&str] = &["asset", "liability", "equity", "income", "expense"];

/// What the program posts by itself: every chart has one account for each.
pub const USES: &[&str] = &[
    "receivable",
    "payable",
    "bank",
    "cash",
    "sales",
    "sales_tax",
    "purchase_tax",
    "cost_of_sales",
    "stock",
    "stock_input",
    "stock_loss",
    "stock_gain",
    "advance_received",
    "advance_paid",
    "exchange_gain",
    "exchange_loss",
    "write_off",
    "early_discount",
    "opening",
    "price_variance",
    "retained_earnings",
    "rounding",
    "deferred",
    "fixed_asset",
    "accumulated_depreciation",
    "depreciation",
    "asset_disposal",
    "disposal_gain",
    "disposal_loss",
];

/// An account at the top.
pub(crate) const fn top(code: &'static str, zh: &'static str, en: &'static str, kind: &'static str) -> AccountSeed {
    AccountSeed { code, name: Label::new(en, zh), kind, used_for: "none", is_group: false, parent: "" }
}

impl AccountSeed {
    /// It is used for this.
    pub(crate) const fn used_for(self, used_for: &'static str) -> AccountSeed {
        AccountSeed { used_for, ..self }
    }

    /// It only sums those below.
    pub(crate) const fn group(self) -> AccountSeed {
        AccountSeed { is_group: true, ..self }
    }

    /// It stands below another.
    pub(crate) const fn below(self, parent: &'static str) -> AccountSeed {
        AccountSeed { parent, ..self }
    }
}
