//! Adjustments: counting, losses, findings, opening stock and plain receipts.
//!
//! ```text
//! count     counted − expected: more comes from loss, less goes to loss
//! loss      stock → loss       against stock losses
//! found     loss → stock       against stock gains
//! opening   loss → stock       against opening balances
//! receipt   supplier → stock   against goods received
//! ```

mod decide;
mod entity;
mod facts;
#[cfg(test)]
mod tests;

pub use decide::NotAdjusted;
pub use entity::{Action, Kind, Stage, StockAdjustment, StockAdjustmentLine};
pub use facts::Facts;
