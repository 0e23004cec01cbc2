//! Deliveries: goods go to the customer, all of an order or a part, or without an order at all.

mod decide;
mod entity;
mod facts;
mod listed;
mod order_line;
mod prefill;
#[cfg(test)]
mod tests;

pub use decide::NotShipped;
pub use entity::{Action, Delivery, DeliveryLine, Stage};
pub use facts::Facts;
pub use listed::NotOfSales;
pub use order_line::OrderLine;
pub(crate) use order_line::order_lines;
