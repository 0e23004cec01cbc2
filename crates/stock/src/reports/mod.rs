//! Reports over the book of goods.

mod stock_card;
mod stock_on_hand;
mod stock_valuation;

pub use stock_card::STOCK_CARD;
pub use stock_on_hand::STOCK_ON_HAND;
pub use stock_valuation::STOCK_VALUATION;

use kernel::Label;
use meta::{Column, FieldKind, FieldMeta};

/// A parameter of a report.
pub const fn param(name: &'static str, kind: FieldKind, label: Label) -> FieldMeta {
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
        default: "",
        at_least: 0,
        secret: false,
    }
}

/// A column of a report.
pub const fn column(name: &'static str, kind: FieldKind, label: Label) -> Column {
    Column { name, kind, label }
}
