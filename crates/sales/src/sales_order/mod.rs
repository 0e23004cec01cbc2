//! Sales orders: what a customer asked for, at what price, and how far we are with it.
//!
//! ```text
//! confirm   commits the customer's credit, reserves what is free, needs the rest
//! change    the difference of both
//! release   gives back what is reserved until somebody reserves again
//! deliver   delivery.rs takes from both, line by line
//! close     releases what is left of both
//! ```

mod align;
mod decide;
mod entity;
mod facts;
#[cfg(test)]
mod tests;

pub(crate) use align::part;
pub(crate) use decide::of_quotation;
pub use decide::{NotCancelled, NotChanged, NotReleased, NotReserved, NothingToHold};
pub use entity::{Action, Fulfilment, SalesOrder, SalesOrderLine, Stage};
pub use facts::{Facts, Reserving};
