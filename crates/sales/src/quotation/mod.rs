//! Quotations: what we offer a customer, until when. They post nothing; accepting one makes an order.

mod decide;
mod entity;
#[cfg(test)]
mod tests;

pub use decide::{Facts, NotAccepted};
pub use entity::{Action, Quotation, QuotationLine, Stage};
