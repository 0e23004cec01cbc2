//! Selling.

pub mod credit;
pub mod header_rules;
pub mod line_rules;
pub mod price_rules;
pub mod quotation;
mod read;
pub mod sales_order;
#[cfg(test)]
mod testing;
pub mod unit_rules;
