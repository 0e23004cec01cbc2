//! Fields: what a document is made of.

use books::CostMethod;
use kernel::{Amount, Currency, Date, Id, Instant, Label, Price, Qty, Rate};

use crate::{ChoiceMeta, Entity, EntityMeta, Fault, Value};

/// What a field holds.
#[derive(Clone, Copy, Debug)]
pub enum FieldKind {
    /// The record's own id.
    Id,
    /// A short text of at most so many characters.
    Text,
    /// A text of several lines.
    LongText,
    /// An e-mail address.
    Email,
    /// A telephone number.
    Phone,
    /// A web address; only http and https.
    Url,
    /// A bar code.
    Barcode,
    /// A whole number.
    Int,
    /// Yes or no.
    Bool,
    /// Money in minor units of the currency named by [`FieldMeta::currency`].
    Amount,
    /// A quantity, ×10⁻⁶.
    Qty,
    /// A price of one unit, ×10⁻⁶.
    Price,
    /// A rate or factor, ×10⁻⁶; 13 % is 0.13.
    Rate,
    /// A business day.
    Date,
    /// A moment.
    Instant,
    /// One of a list of codes.
    Choice(&'static ChoiceMeta),
    /// A currency, by its ISO code.
    Currency,
    /// A country, by its two-letter ISO code; names and other codes are understood.
    Country,
    /// Anything, as JSON text.
    Json,
    /// Another record, by the name of its entity.
    Ref(&'static str),
    /// Any record at all; its entity stands in the field beside it, see [`crate::json::beside`]. Without such
    /// a field it is a line of some document.
    Doc,
    /// Lines the record owns; they live and die with it.
    Owned(fn() -> &'static EntityMeta),
}

impl FieldKind {
    /// The name in metadata and OpenAPI.
    pub fn name(self) -> &'static str {
        match self {
            FieldKind::Id => "id",
            FieldKind::Text => "text",
            FieldKind::LongText => "long_text",
            FieldKind::Email => "email",
            FieldKind::Phone => "phone",
            FieldKind::Url => "url",
            FieldKind::Barcode => "barcode",
            FieldKind::Int => "int",
            FieldKind::Bool => "bool",
            FieldKind::Amount => "amount",
            FieldKind::Qty => "qty",
            FieldKind::Price => "price",
            FieldKind::Rate => "rate",
            FieldKind::Date => "date",
            FieldKind::Instant => "instant",
            FieldKind::Choice(_) => "choice",
            FieldKind::Currency => "currency",
            FieldKind::Country => "country",
            FieldKind::Json => "json",
            FieldKind::Ref(_) => "ref",
            FieldKind::Doc => "doc",
            FieldKind::Owned(_) => "owned",
        }
    }

    /// True when the database stores a whole number, false for text.
    pub fn is_number(self) -> bool {
        match self {
            FieldKind::Id
            | FieldKind::Int
            | FieldKind::Bool
            | FieldKind::Amount
            | FieldKind::Qty
            | FieldKind::Price
            | FieldKind::Rate
            | FieldKind::Instant
            | FieldKind::Ref(_)
            | FieldKind::Doc => true,
            FieldKind::Text
            | FieldKind::LongText
            | FieldKind::Email
            | FieldKind::Phone
            | FieldKind::Url
            | FieldKind::Barcode
            | FieldKind::Date
            | FieldKind::Choice(_)
            | FieldKind::Currency
            | FieldKind::Country
            | FieldKind::Json
            | FieldKind::Owned(_) => false,
        }
    }

    /// True for fields that live in a column of the entity's own table.
    pub fn is_column(self) -> bool {
        !matches!(self, FieldKind::Owned(_) | FieldKind::Id)
    }
}

/// The description of one field.
#[derive(Clone, Copy, Debug)]
pub struct FieldMeta {
    /// Its name: column, JSON key, property.
    pub name: &'static str,
    /// What it holds.
    pub kind: FieldKind,
    /// What it is called on screens.
    pub label: Label,
    /// What it means; empty when the label says it all.
    pub help: Label,
    /// Must be filled (after `complete` has had its say).
    pub required: bool,
    /// Never set by a user, but by the engine or by actions.
    pub readonly: bool,
    /// Filled by `complete`, also while typing; what the user sends is ignored.
    pub computed: bool,
    /// Not shown unless asked for.
    pub hidden: bool,
    /// Found by the search.
    pub search: bool,
    /// Offered for grouping.
    pub group: bool,
    /// No two records of one company may share it.
    pub unique: bool,
    /// Has an index of its own (refs always have).
    pub index: bool,
    /// Longest text in characters.
    pub max: usize,
    /// For amounts: `currency`, `company.currency` or `parent.currency`.
    pub currency: &'static str,
    /// For refs: a filter (as JSON) that says which records may be named.
    pub only: &'static str,
    /// For refs: which are offered first, such as `customer=parent.party`: those whose customer
    /// is the party of this document. A help while choosing; what must be so is decided.
    pub along: &'static str,
    /// Value of a new record, as text; empty for none.
    pub default: &'static str,
    /// For owned lines: the fewest there may be.
    pub at_least: usize,
    /// For days: the field beside it whose day it does not come before; empty for none.
    pub not_before: &'static str,
    /// For amounts that are written without a sign: which records are less, such as `kind=credit_note`,
    /// so that a sum over all of them is what is left; empty for none.
    pub less: &'static str,
    /// For refs of lines that are filled when nothing is said of them: null said of a new line means none.
    pub may_be_none: bool,
    /// Only roles granted `field.<name>` may see it; empty for all.
    pub secret: bool,
}

impl FieldMeta {
    /// A field of which nothing but this is said.
    pub const fn plain(name: &'static str, kind: FieldKind, label: Label) -> FieldMeta {
        FieldMeta {
            name,
            kind,
            label,
            help: Label::new("", ""),
            required: false,
            readonly: false,
            computed: false,
            hidden: false,
            search: false,
            group: false,
            unique: false,
            index: false,
            max: 200,
            currency: "",
            only: "",
            along: "",
            default: "",
            at_least: 0,
            not_before: "",
            less: "",
            may_be_none: false,
            secret: false,
        }
    }
}

/// A Rust type a field can have.
pub trait FieldType: Sized {
    /// What it holds.
    const KIND: FieldKind;
    /// Whether it must be filled.
    const REQUIRED: bool = true;
    /// To a stored value.
    fn to_value(&self) -> Value;
    /// From a stored value. An empty value of a required type gives the type's zero,
    /// so that a half-typed record can be completed.
    fn from_value(value: &Value) -> Result<Self, Fault>;
}

fn wrong(value: &Value, kind: &str) -> Fault {
    Fault::new(format!("{value:?} is not a stored {kind}"))
}

macro_rules! number_field {
    ($type:ty, $kind:expr, $name:literal) => {
        impl FieldType for $type {
            const KIND: FieldKind = $kind;
            fn to_value(&self) -> Value {
                Value::Int(self.raw())
            }
            fn from_value(value: &Value) -> Result<Self, Fault> {
                match value {
                    Value::Int(raw) => Ok(<$type>::new(*raw)),
                    Value::Null => Ok(<$type>::new(0)),
                    Value::Text(_) => Err(wrong(value, $name)),
                }
            }
        }
    };
}

number_field!(Amount, FieldKind::Amount, "amount");
number_field!(Qty, FieldKind::Qty, "qty");
number_field!(Price, FieldKind::Price, "price");
number_field!(Rate, FieldKind::Rate, "rate");

impl FieldType for i64 {
    const KIND: FieldKind = FieldKind::Int;
    fn to_value(&self) -> Value {
        Value::Int(*self)
    }
    fn from_value(value: &Value) -> Result<Self, Fault> {
        match value {
            Value::Int(number) => Ok(*number),
            Value::Null => Ok(0),
            Value::Text(_) => Err(wrong(value, "int")),
        }
    }
}

impl FieldType for bool {
    const KIND: FieldKind = FieldKind::Bool;
    const REQUIRED: bool = false;
    fn to_value(&self) -> Value {
        Value::Int(*self as i64)
    }
    fn from_value(value: &Value) -> Result<Self, Fault> {
        Ok(value.int().unwrap_or(0) != 0)
    }
}

impl FieldType for String {
    const KIND: FieldKind = FieldKind::Text;
    fn to_value(&self) -> Value {
        if self.is_empty() { Value::Null } else { Value::Text(self.clone()) }
    }
    fn from_value(value: &Value) -> Result<Self, Fault> {
        Ok(value.text().unwrap_or("").to_owned())
    }
}

impl FieldType for Date {
    const KIND: FieldKind = FieldKind::Date;
    fn to_value(&self) -> Value {
        if *self == Date::MIN { Value::Null } else { Value::Text(self.to_string()) }
    }
    fn from_value(value: &Value) -> Result<Self, Fault> {
        match value {
            Value::Text(text) => Date::parse(text).ok_or_else(|| wrong(value, "date")),
            _ => Ok(Date::MIN),
        }
    }
}

impl FieldType for Instant {
    const KIND: FieldKind = FieldKind::Instant;
    fn to_value(&self) -> Value {
        Value::Int(self.micros())
    }
    fn from_value(value: &Value) -> Result<Self, Fault> {
        Ok(Instant::from_micros(value.int().unwrap_or(0)))
    }
}

/// ISO 4217's own code for "no currency": an empty field of a half-typed record.
pub const NO_CURRENCY: Currency = Currency::of(b"XXX");

impl FieldType for Currency {
    const KIND: FieldKind = FieldKind::Currency;
    fn to_value(&self) -> Value {
        if *self == NO_CURRENCY { Value::Null } else { Value::Text(self.code().to_owned()) }
    }
    fn from_value(value: &Value) -> Result<Self, Fault> {
        match value {
            Value::Text(code) => Currency::parse(code).ok_or_else(|| wrong(value, "currency")),
            _ => Ok(NO_CURRENCY),
        }
    }
}

impl<T: Entity> FieldType for Id<T> {
    const KIND: FieldKind = FieldKind::Ref(T::NAME);
    fn to_value(&self) -> Value {
        if self.raw() == 0 { Value::Null } else { Value::Int(self.raw()) }
    }
    fn from_value(value: &Value) -> Result<Self, Fault> {
        Ok(Id::new(value.int().unwrap_or(0)))
    }
}

/// The raw id of any record; which entity it is of stands beside it, see [`crate::json::beside`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DocId(pub i64);

impl FieldType for DocId {
    const KIND: FieldKind = FieldKind::Doc;
    fn to_value(&self) -> Value {
        if self.0 == 0 { Value::Null } else { Value::Int(self.0) }
    }
    fn from_value(value: &Value) -> Result<Self, Fault> {
        Ok(DocId(value.int().unwrap_or(0)))
    }
}

impl<T: FieldType> FieldType for Option<T> {
    const KIND: FieldKind = T::KIND;
    const REQUIRED: bool = false;
    fn to_value(&self) -> Value {
        self.as_ref().map_or(Value::Null, FieldType::to_value)
    }
    fn from_value(value: &Value) -> Result<Self, Fault> {
        match value {
            Value::Null => Ok(None),
            some => T::from_value(some).map(Some),
        }
    }
}

macro_rules! key_field {
    ($key:ty, $entity:literal) => {
        /// A key of the books names an entity without importing the room it lives in.
        impl FieldType for Id<$key> {
            const KIND: FieldKind = FieldKind::Ref($entity);
            fn to_value(&self) -> Value {
                if self.raw() == 0 { Value::Null } else { Value::Int(self.raw()) }
            }
            fn from_value(value: &Value) -> Result<Self, Fault> {
                Ok(Id::new(value.int().unwrap_or(0)))
            }
        }
    };
}

key_field!(books::AccountKey, "account");
key_field!(books::PartyKey, "party");
key_field!(books::ProductKey, "product");
key_field!(books::PlaceKey, "place");
key_field!(books::TaxKey, "tax");
key_field!(books::TaxPositionKey, "tax_position");
key_field!(books::ItemKey, "open_item");
key_field!(books::SalesOrderKey, "sales_order");
key_field!(books::SalesOrderLineKey, "sales_order_line");
key_field!(books::DeliveryKey, "delivery");
key_field!(books::InvoiceKey, "invoice");
key_field!(books::InvoiceLineKey, "invoice_line");
key_field!(books::DeliveryLineKey, "delivery_line");
key_field!(books::CompanyKey, "company");
key_field!(books::UserKey, "user");
key_field!(books::UnitKey, "unit");
key_field!(books::DimensionKey, "dimension");
key_field!(books::DimensionValueKey, "dimension_value");
key_field!(books::DimensionSetKey, "dimension_set");
key_field!(books::PriceListKey, "price_list");
key_field!(books::PaymentTermKey, "payment_term");
key_field!(books::AttachmentKey, "attachment");

static COST_METHODS: ChoiceMeta = ChoiceMeta {
    name: "cost_method",
    values: &[
        crate::ChoiceValue { code: "fifo", label: Label::new("First in, first out", "先进先出"), tone: "neutral" },
        crate::ChoiceValue { code: "average", label: Label::new("Moving average", "移动平均"), tone: "neutral" },
        crate::ChoiceValue { code: "standard", label: Label::new("Standard cost", "标准成本"), tone: "neutral" },
    ],
};

impl FieldType for CostMethod {
    const KIND: FieldKind = FieldKind::Choice(&COST_METHODS);
    fn to_value(&self) -> Value {
        let code = match self {
            CostMethod::Fifo => "fifo",
            CostMethod::Average => "average",
            CostMethod::Standard => "standard",
        };
        Value::Text(code.to_owned())
    }
    fn from_value(value: &Value) -> Result<Self, Fault> {
        match value.text() {
            Some("fifo") => Ok(CostMethod::Fifo),
            Some("average") | None => Ok(CostMethod::Average),
            Some("standard") => Ok(CostMethod::Standard),
            Some(_) => Err(wrong(value, "cost method")),
        }
    }
}
