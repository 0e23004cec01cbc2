//! Reports over the book of goods.

mod stock_card;
mod stock_on_hand;
mod stock_valuation;

pub use stock_card::STOCK_CARD;
pub use stock_on_hand::STOCK_ON_HAND;
pub use stock_valuation::STOCK_VALUATION;

use kernel::{Date, Instant, Label};
use meta::{Column, FieldKind, FieldMeta, Opens};

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
        along: "",
        default: "",
        at_least: 0,
        secret: false,
    }
}

/// A column of a report.
pub const fn column(name: &'static str, kind: FieldKind, label: Label) -> Column {
    Column { name, kind, label }
}

/// What a product is called: by code and name, or once where they are the same.
fn called(code: &str, name: &str) -> String {
    if code == name { name.to_owned() } else { format!("{code} {name}").trim().to_owned() }
}

/// The way from a figure of a product to its moves, as of the same day and as known then.
fn card(product: i64, as_of: Date, known_at: Option<i64>) -> Opens {
    let mut params = vec![("product", kernel::id_text("pr", product)), ("as_of", as_of.to_string())];
    params.extend(known_at.map(|at| ("known_at", Instant::from_micros(at).to_string())));
    Opens::Report("stock_card", params)
}
