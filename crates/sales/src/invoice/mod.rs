//! Invoices and credit notes.
//!
//! ```text
//! post   dr receivable (an open item for each part that is due)   cr sales, cr tax
//!        credit: delivered, then ordered ▶ invoiced
//!        goods:  only when it says where they leave from (a sale without order or delivery)
//! credit note: the same with the sides swapped; it settles the invoice it credits
//! ```

mod belongs;
#[cfg(test)]
mod belongs_tests;
mod credit;
mod decide;
mod entity;
mod facts;
mod not_invoiced;
mod prefill;
#[cfg(test)]
mod tests;
mod total;
mod worth;

pub use entity::{Action, Invoice, InvoiceKind, InvoiceLine, PaymentState, Stage};
pub use facts::Facts;
pub use worth::shared;
