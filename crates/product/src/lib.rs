//! Products: what is sold and kept, in which unit, at which price.
//!
//! ```text
//! unit               exact factors ([`unit_rules`] converts, or refuses; [`measure`] by product)
//! product_category   how products are valued, posted and taxed
//! product            goods or a service
//! price_list         what is agreed with some customers ([`price_rules`] finds the price)
//! ```
#![allow(missing_docs, reason = "a field without a comment is explained by its label")]

pub mod barcode;
pub mod measure;
pub mod price_list;
pub mod price_rules;
pub mod product;
pub mod product_category;
pub mod unit;
pub mod unit_rules;

use kernel::Label;
use meta::{Entity, Grant, MenuItem, Module, Plain, Typed};
use org::KEEP;

pub use price_list::{PriceList, PriceListLine};
pub use product::{Product, ProductKind, ProductUnit};
pub use product_category::ProductCategory;
pub use unit::{Unit, UnitCategory};

const KEEP_PRODUCT: &str = "see add edit remove import export archive restore";

static GRANTS: &[Grant] = &[
    Grant::new("manager", "product", KEEP_PRODUCT),
    Grant::new("manager", "product_category", KEEP),
    Grant::new("manager", "unit", KEEP),
    Grant::new("manager", "price_list", KEEP),
    Grant::new("sales_rep", "product", "see"),
    Grant::new("sales_rep", "product_category", "see"),
    Grant::new("sales_rep", "unit", "see"),
    Grant::new("sales_rep", "price_list", "see"),
    Grant::new("sales_manager", "product", KEEP_PRODUCT),
    Grant::new("sales_manager", "product_category", "see"),
    Grant::new("sales_manager", "unit", "see"),
    Grant::new("sales_manager", "price_list", KEEP),
    // Who moves goods keeps what they are, not what they sell for; what they cost is not shown.
    Grant::new("warehouse", "product", "see add edit import export")
        .hides("standard_cost")
        .read_only("sales_price sales_tax"),
    Grant::new("warehouse", "product_category", "see"),
    Grant::new("warehouse", "unit", "see add edit"),
    Grant::new("accountant", "product", "see edit export"),
    Grant::new("accountant", "product_category", KEEP),
    Grant::new("accountant", "unit", "see"),
    Grant::new("accountant", "price_list", "see export"),
];

/// What this room brings.
pub fn module() -> Module {
    Module {
        name: "product",
        label: Label::new("Products", "产品"),
        icon: "product",
        menu: &[
            MenuItem::Entity("product"),
            MenuItem::Entity("price_list"),
            MenuItem::Entity("product_category"),
            MenuItem::Entity("unit"),
        ],
        entities: vec![
            (Product::meta(), const { &Typed::<Product>::new() }),
            (ProductUnit::meta(), &Plain),
            (ProductCategory::meta(), const { &Typed::<ProductCategory>::new() }),
            (Unit::meta(), const { &Typed::<Unit>::new() }),
            (PriceList::meta(), const { &Typed::<PriceList>::new() }),
            (PriceListLine::meta(), &Plain),
        ],
        reports: Vec::new(),
        roles: &[],
        grants: GRANTS,
        laws: &[],
    }
}
