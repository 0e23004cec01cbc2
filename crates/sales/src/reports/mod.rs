//! Reports over what was sold and what is still to be done.

mod known;
mod order_book;
mod sales_axis;
mod sales_by;

pub use order_book::ORDER_BOOK;
pub use sales_by::SALES_BY;
