//! The organisation: companies, users, roles and settings.
//!
//! ```text
//! company          one legal entity, its rules and closed periods
//! user             who signs in (passwords are the engine's)
//! role, user_role  what may be done, and by whom
//! lock_exception   a closed period opened for a while
//! currency_rate    what a foreign currency is worth
//! bought_taxes     which taxes are on purchases
//! number_series    how numbers are written
//! numbers_in_force  which patterns are in force, chosen or usual
//! working_calendar which days of the week are worked
//! special_day      holidays, and days worked to make up for them
//! saved_view       lists as users like them
//! api_key          keys of programs
//! job              long work in the background
//! webhook          programs that are told of what happens
//! ```
//!
//! [`keeping`], [`tree`], [`text`] and [`tax_number`] are small rules that other masters share.
#![allow(missing_docs, reason = "a field without a comment is explained by its label")]

mod bought_taxes;
pub mod company;
pub mod currency_rate;
pub mod job;
pub mod keeping;
pub mod lock_exception;
pub mod number_series;
mod numbers_in_force;
pub mod role;
pub mod saved_view;
pub mod tax_number;
pub mod text;
pub mod time_zone;
pub mod tree;
pub mod user;
pub mod webhook;
pub mod working_calendar;

use kernel::Label;
use meta::{ALL, Entity, Grant, MenuItem, Module, Plain, Rows, Typed};

pub use bought_taxes::{bought_taxes, sells_with_bought_tax};
pub use company::Company;
pub use currency_rate::CurrencyRate;
pub use job::{Job, JobKind, JobState};
pub use lock_exception::{Lock, LockException};
pub use number_series::NumberSeries;
pub use role::{Role, RoleGrant, UserRole};
pub use saved_view::{ApiKey, SavedView};
pub use time_zone::TimeZone;
pub use user::{Language, User};
pub use webhook::Webhook;
pub use working_calendar::{SpecialDay, WorkingCalendar};

/// For masters that are only kept.
#[derive(meta::Action, Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoAction {}

const fn role(code: &'static str, en: &'static str, zh: &'static str) -> meta::Role {
    meta::Role { code, label: Label::new(en, zh) }
}

static ROLES: &[meta::Role] = &[
    role("administrator", "Administrator", "管理员"),
    role("manager", "Manager", "经理"),
    role("sales_rep", "Salesperson", "销售员"),
    role("sales_manager", "Sales manager", "销售经理"),
    role("warehouse", "Warehouse keeper", "仓管员"),
    role("accountant", "Accountant", "会计"),
    role("auditor", "Auditor", "审计员"),
];

/// What those who look after a master may do with it.
pub const KEEP: &str = "see add edit remove import export";

static GRANTS: &[Grant] = &[
    Grant::new("administrator", ALL, ALL),
    Grant::new("auditor", ALL, "see export"),
    Grant::new("manager", ALL, "see export"),
    Grant::new("manager", "company", "edit"),
    Grant::new("manager", "currency_rate", KEEP),
    Grant::new("manager", "number_series", KEEP),
    Grant::new("manager", "working_calendar", KEEP),
    Grant::new("manager", "special_day", KEEP),
    // Nobody removes one: that a period was open is on the record.
    Grant::new("manager", "lock_exception", "add edit"),
    Grant::new("accountant", "lock_exception", "see"),
    Grant::new("accountant", "company", "see edit"),
    Grant::new("accountant", "currency_rate", KEEP),
    Grant::new("accountant", "number_series", "see"),
    Grant::new("accountant", "numbers_in_force", "see export"),
    Grant::new("sales_rep", "company", "see"),
    Grant::new("sales_manager", "company", "see"),
    Grant::new("warehouse", "company", "see"),
    Grant::new("sales_rep", "currency_rate", "see"),
    Grant::new("sales_manager", "currency_rate", "see"),
    // Everybody sees which days are worked.
    Grant::new("sales_rep", "working_calendar", "see"),
    Grant::new("sales_manager", "working_calendar", "see"),
    Grant::new("warehouse", "working_calendar", "see"),
    Grant::new("accountant", "working_calendar", "see"),
    Grant::new("sales_rep", "special_day", "see"),
    Grant::new("sales_manager", "special_day", "see"),
    Grant::new("warehouse", "special_day", "see"),
    Grant::new("accountant", "special_day", "see"),
    // Everybody sees who colleagues are: owners, managers and authors are users.
    Grant::new("sales_rep", "user", "see"),
    Grant::new("sales_manager", "user", "see"),
    Grant::new("warehouse", "user", "see"),
    Grant::new("accountant", "user", "see"),
    // Views are for sharing: everybody sees all of them and changes their own.
    Grant::new("sales_rep", "saved_view", "see"),
    Grant::new("sales_manager", "saved_view", "see"),
    Grant::new("warehouse", "saved_view", "see"),
    Grant::new("accountant", "saved_view", "see"),
    Grant::new("manager", "saved_view", "add edit remove").rows(Rows::Own),
    Grant::new("sales_rep", "saved_view", "add edit remove").rows(Rows::Own),
    Grant::new("sales_manager", "saved_view", "add edit remove").rows(Rows::Own),
    Grant::new("warehouse", "saved_view", "add edit remove").rows(Rows::Own),
    Grant::new("accountant", "saved_view", "add edit remove").rows(Rows::Own),
    // One's own long work; managers, auditors and administrators see everybody's.
    Grant::new("sales_rep", "job", "see").rows(Rows::Own),
    Grant::new("sales_manager", "job", "see").rows(Rows::Own),
    Grant::new("warehouse", "job", "see").rows(Rows::Own),
    Grant::new("accountant", "job", "see").rows(Rows::Own),
];

/// What this room brings.
pub fn module() -> Module {
    Module {
        name: "org",
        label: Label::new("Settings", "设置"),
        icon: "settings",
        menu: &[
            MenuItem::Entity("company"),
            MenuItem::Entity("user"),
            MenuItem::Entity("role"),
            MenuItem::Entity("user_role"),
            MenuItem::Entity("lock_exception"),
            MenuItem::Entity("currency_rate"),
            MenuItem::Entity("number_series"),
            MenuItem::Report("numbers_in_force"),
            MenuItem::Entity("working_calendar"),
            MenuItem::Entity("special_day"),
            MenuItem::Entity("api_key"),
            MenuItem::Entity("webhook"),
            MenuItem::Entity("job"),
        ],
        entities: vec![
            (Company::meta(), const { &Typed::<Company>::new() }),
            (User::meta(), const { &Typed::<User>::new() }),
            (Role::meta(), const { &Typed::<Role>::new() }),
            (RoleGrant::meta(), &Plain),
            (UserRole::meta(), const { &Typed::<UserRole>::new() }),
            (CurrencyRate::meta(), const { &Typed::<CurrencyRate>::new() }),
            (LockException::meta(), const { &Typed::<LockException>::new() }),
            (NumberSeries::meta(), const { &Typed::<NumberSeries>::new() }),
            (WorkingCalendar::meta(), const { &Typed::<WorkingCalendar>::new() }),
            (SpecialDay::meta(), const { &Typed::<SpecialDay>::new() }),
            (SavedView::meta(), const { &Typed::<SavedView>::new() }),
            (ApiKey::meta(), &Plain),
            (Job::meta(), &Plain),
            (Webhook::meta(), const { &Typed::<Webhook>::new() }),
        ],
        reports: vec![&numbers_in_force::NUMBERS_IN_FORCE],
        roles: ROLES,
        grants: GRANTS,
        laws: &[],
    }
}
