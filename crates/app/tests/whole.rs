//! The tests of the whole program, in one program: one set-up company is copied for all of them, and they run side by side.
//!
//! One file alone: `cargo test -p app --test whole order_to_cash::`.

mod accounts;
mod api_properties;
mod assets;
mod attacks;
mod bad_input;
mod bank_statements;
mod belonging;
mod cash_rounding;
mod categories;
mod colleagues;
mod common;
mod companies;
mod company_currency;
mod conformance;
mod decimals;
mod described;
mod dimensions;
mod discounts;
mod field_rights;
mod figures;
mod files_with_lines;
mod history;
mod jobs;
mod letterheads;
mod mass;
mod money_back;
mod numbers;
mod online_retail;
mod open_items;
mod order_to_cash;
mod over_delivery;
mod own_rights;
mod own_units;
mod properties;
mod races;
mod reservations;
mod scenarios;
mod second_factor;
mod security;
mod settled;
mod tax_positions;
mod together;
mod webhooks;
mod working_days;
