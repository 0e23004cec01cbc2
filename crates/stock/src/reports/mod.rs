//! Reports over the book of goods.

mod layers;
mod stock_card;
mod stock_on_hand;
mod stock_valuation;

pub use stock_card::STOCK_CARD;
pub use stock_on_hand::STOCK_ON_HAND;
pub use stock_valuation::STOCK_VALUATION;

use kernel::{Date, Instant};
use meta::Opens;

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
