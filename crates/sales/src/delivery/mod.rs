//! Deliveries: goods go to the customer, all of an order or a part, or without an order at all.

mod decide;
mod entity;
mod facts;
mod prefill;
#[cfg(test)]
mod tests;

pub use decide::NotShipped;
pub use entity::{Action, Delivery, DeliveryLine, Stage};
pub(crate) use facts::order_lines;
pub use facts::{Facts, OrderLine};
