//! Returns: goods of a delivery come back, at the value they left with.

mod decide;
mod entity;
#[cfg(test)]
mod tests;

pub use decide::{DeliveredLine, Facts, NotReturned};
pub use entity::{Action, SalesReturn, SalesReturnLine, Stage};
