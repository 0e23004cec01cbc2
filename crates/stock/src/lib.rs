//! Goods: where they are, how they get in and out without a sale, and what they are worth.
//!
//! Reads of other rooms: `product` and `product_category` (kind, cost method, accounts),
//! `company` (cost method), `account` (used for).
//!
//! ```text
//! place               where goods can be
//! stock_adjustment    counting, loss, finding, opening, plain receipt
//! stock_transfer      from place to place
//! stock_move, stock_value, promise    the book of goods, written by the engine
//! ```

pub mod costing;
pub mod ledger;
pub mod place;
pub mod reports;
pub mod stock_adjustment;
pub mod stock_transfer;

use kernel::Label;
use meta::{Entity, Grant, MenuItem, Module, Plain, Typed};

use ledger::{Promise, StockMove, StockValue};
use place::Place;
use stock_adjustment::{StockAdjustment, StockAdjustmentLine};
use stock_transfer::{StockTransfer, StockTransferLine};

const WRITE: &str = "see add edit remove import export post cancel";

static GRANTS: &[Grant] = &[
    Grant::new("warehouse", "place", "see add edit remove import export"),
    // What goods cost is not shown to who moves them: what comes in takes the present cost of the product.
    Grant::new("warehouse", "stock_adjustment", WRITE).hides("value lines.unit_cost lines.value lines.costed_at"),
    Grant::new("warehouse", "stock_transfer", WRITE),
    Grant::new("warehouse", "stock_move", "see export"),
    Grant::new("warehouse", "promise", "see export"),
    Grant::new("warehouse", "stock_on_hand", "see export"),
    Grant::new("warehouse", "stock_card", "see export"),
    Grant::new("accountant", "place", "see export"),
    Grant::new("accountant", "stock_adjustment", WRITE),
    Grant::new("accountant", "stock_transfer", "see export"),
    Grant::new("accountant", "stock_move", "see export"),
    Grant::new("accountant", "stock_value", "see export"),
    Grant::new("accountant", "promise", "see export"),
    Grant::new("accountant", "stock_on_hand", "see export"),
    Grant::new("accountant", "stock_valuation", "see export"),
    Grant::new("accountant", "stock_card", "see export"),
    Grant::new("sales_rep", "place", "see"),
    Grant::new("sales_rep", "stock_on_hand", "see"),
    Grant::new("sales_manager", "place", "see"),
    Grant::new("sales_manager", "promise", "see"),
    Grant::new("sales_manager", "stock_on_hand", "see export"),
    Grant::new("sales_manager", "stock_card", "see export"),
];

/// What this room brings.
pub fn module() -> Module {
    Module {
        name: "stock",
        label: Label::new("Stock", "库存"),
        icon: "stock",
        menu: &[
            MenuItem::Report("stock_on_hand"),
            MenuItem::Report("stock_card"),
            MenuItem::Report("stock_valuation"),
            MenuItem::Entity("stock_adjustment"),
            MenuItem::Entity("stock_transfer"),
            MenuItem::Entity("place"),
            MenuItem::Entity("stock_move"),
            MenuItem::Entity("stock_value"),
            MenuItem::Entity("promise"),
        ],
        entities: vec![
            (Place::meta(), const { &Typed::<Place>::new() }),
            (StockAdjustment::meta(), const { &Typed::<StockAdjustment>::new() }),
            (StockAdjustmentLine::meta(), &Plain),
            (StockTransfer::meta(), const { &Typed::<StockTransfer>::new() }),
            (StockTransferLine::meta(), &Plain),
            (StockMove::meta(), &Plain),
            (StockValue::meta(), &Plain),
            (Promise::meta(), &Plain),
        ],
        reports: vec![&reports::STOCK_ON_HAND, &reports::STOCK_CARD, &reports::STOCK_VALUATION],
        roles: &[],
        grants: GRANTS,
        laws: &[],
    }
}
