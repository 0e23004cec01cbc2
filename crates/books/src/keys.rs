//! Names of things the books speak of without knowing them.

use kernel::Id;

/// Marker: a ledger account.
pub enum AccountKey {}
/// Marker: a customer, supplier or person.
pub enum PartyKey {}
/// Marker: a product.
pub enum ProductKey {}
/// Marker: a place goods can be in.
pub enum PlaceKey {}
/// Marker: an open item of receivables or payables.
pub enum ItemKey {}
/// Marker: a tax.
pub enum TaxKey {}
/// Marker: a tax position.
pub enum TaxPositionKey {}

/// Marker: a dimension.
pub enum DimensionKey {}
/// Marker: a value of a dimension.
pub enum DimensionValueKey {}
/// Marker: a set of dimensions.
pub enum DimensionSetKey {}

/// Marker: a sales order.
pub enum SalesOrderKey {}
/// Marker: a line of a sales order.
pub enum SalesOrderLineKey {}
/// Marker: a delivery.
pub enum DeliveryKey {}
/// Marker: a line of a delivery.
pub enum DeliveryLineKey {}

/// Marker: a company.
pub enum CompanyKey {}
/// Marker: a user.
pub enum UserKey {}
/// Marker: a unit of measure.
pub enum UnitKey {}
/// Marker: a price list.
pub enum PriceListKey {}
/// Marker: payment terms.
pub enum PaymentTermKey {}

/// Marker: a file that hangs on a record.
pub enum AttachmentKey {}
/// Marker: an invoice.
pub enum InvoiceKey {}
/// Marker: a line of an invoice.
pub enum InvoiceLineKey {}

/// A ledger account.
pub type AccountId = Id<AccountKey>;
/// A customer, supplier or person.
pub type PartyId = Id<PartyKey>;
/// A product.
pub type ProductId = Id<ProductKey>;
/// A place goods can be in.
pub type PlaceId = Id<PlaceKey>;
/// An open item of receivables or payables.
pub type ItemId = Id<ItemKey>;
/// A tax.
pub type TaxId = Id<TaxKey>;
/// A tax position: which taxes stand in for others.
pub type TaxPositionId = Id<TaxPositionKey>;
/// A dimension: an axis such as cost centres.
pub type DimensionId = Id<DimensionKey>;
/// A value of a dimension, such as the workshop.
pub type DimensionValueId = Id<DimensionValueKey>;
/// A set of dimensions: what a line is about.
pub type DimensionSetId = Id<DimensionSetKey>;

/// A company.
pub type CompanyId = Id<CompanyKey>;
/// A user.
pub type UserId = Id<UserKey>;
/// A unit of measure.
pub type UnitId = Id<UnitKey>;
/// A price list.
pub type PriceListId = Id<PriceListKey>;
/// Payment terms.
pub type PaymentTermId = Id<PaymentTermKey>;

/// A sales order.
pub type SalesOrderId = Id<SalesOrderKey>;
/// A line of a sales order.
pub type SalesOrderLineId = Id<SalesOrderLineKey>;
/// A delivery.
pub type DeliveryId = Id<DeliveryKey>;
/// A line of a delivery.
pub type DeliveryLineId = Id<DeliveryLineKey>;

/// A file that hangs on a record.
pub type AttachmentId = Id<AttachmentKey>;
/// An invoice.
pub type InvoiceId = Id<InvoiceKey>;
/// A line of an invoice.
pub type InvoiceLineId = Id<InvoiceLineKey>;

/// A document, by the name of its entity and its number in the database.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct DocRef {
    /// Name of the entity, such as `sales_order`.
    pub entity: &'static str,
    /// The raw id; 0 while the document is not saved yet.
    pub id: i64,
}

/// The raw id of an owned line, such as a line of a sales order.
pub type DocLine = i64;
