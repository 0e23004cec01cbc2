//! The books as pure data: what a decision posts, and the laws it must obey.
//!
//! ```text
//! Entry       money   balanced lines, in company currency and in the document's
//! Move        goods   a quantity of a product from one place to another, with its value
//! Commitment  credit  what a customer owes or will owe us because of a document
//! Promise     goods   what is reserved for, or expected from, a document
//! Progress            how far a line of another document is fulfilled
//! ```
//!
//! Everything here only grows. A document is undone by the *mirror* of what it
//! posted, which the engine reads back from the books, never by computing the opposite again.

mod dimension;
mod entry;
mod goods;
mod keys;
mod posting;
mod valuation;

pub use dimension::{DimensionShare, Dimensions};
pub use entry::{Clearing, Entry, EntryLine, NotBalanced};
pub use goods::{CostMethod, Move, MoveKind, NewWorth, Promise, PromiseKind, Revaluation, still_to_come};
pub use keys::{
    AccountId, AccountKey, AttachmentId, AttachmentKey, CompanyId, CompanyKey, DeliveryId, DeliveryKey, DeliveryLineId,
    DeliveryLineKey, DimensionId, DimensionKey, DimensionSetId, DimensionSetKey, DimensionValueId, DimensionValueKey,
    DocLine, DocRef, InvoiceId, InvoiceKey, InvoiceLineId, InvoiceLineKey, ItemId, ItemKey, PartyId, PartyKey,
    PaymentTermId, PaymentTermKey, PlaceId, PlaceKey, PriceListId, PriceListKey, ProductId, ProductKey, SalesOrderId,
    SalesOrderKey, SalesOrderLineId, SalesOrderLineKey, TaxId, TaxKey, TaxPositionId, TaxPositionKey, UnitId, UnitKey,
    UserId, UserKey,
};
pub use posting::{Commitment, CommitmentKind, Posting, Progress, TaxLine};
pub use valuation::{Costing, Flow, FlowKind, Layer, Left, Shortage, Use, Valued, apply, differences, replay};
