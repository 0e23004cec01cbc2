//! Selling.

mod commitment;
pub mod credit;
pub mod delivery;
pub mod header_rules;
pub mod line_rules;
pub mod price_rules;
pub mod quotation;
mod read;
pub mod sales_order;
pub mod sales_return;
#[cfg(test)]
mod testing;
pub mod unit_rules;
