//! Selling: what we offer, what is ordered, what is delivered and what comes back.
//!
//! ```text
//! quotation ─accept▶ sales_order ─ship▶ delivery ─post▶ invoice (finance: payment)
//!                       │                 └receive▶ sales_return, credit note
//!                       │ credit: ordered ▶ delivered ▶ invoiced
//!                       │ goods:  demand ▶ reserved ▶ shipped
//! ```
//!
//! Pure rules: [`line_rules`], [`discount_rules`], [`header_rules`], [`price_rules`], [`position_rules`], [`credit`]; price lists and units are `product`'s.
//! All reads of other rooms are in `read.rs`, which names them.
//!
//! The line of a commitment or promise is the line of the *order*, whichever document posts
//! it (the delivery's own line when there is no order), so that what is open is a sum.

mod commitment;
pub mod committed;
pub mod credit;
pub mod delivery;
pub mod discount_rules;
pub mod header_rules;
pub mod invoice;
mod laws;
pub mod line_rules;
pub mod position_rules;
pub mod price_rules;
pub mod quotation;
mod read;
mod reports;
pub mod sales_order;
pub mod sales_return;
#[cfg(test)]
mod testing;

use kernel::Label;
use meta::{Entity, Grant, MenuItem, Module, Plain, Rows, Typed};

pub use commitment::{Commitment, CommitmentKind};
use delivery::{Delivery, DeliveryLine};
use invoice::{Invoice, InvoiceLine};
use quotation::{Quotation, QuotationLine};
use sales_order::{SalesOrder, SalesOrderLine};
use sales_return::{SalesReturn, SalesReturnLine};

const QUOTE: &str = "see add edit remove import export send accept lose cancel reopen";
const ORDER: &str = "see add edit remove import export confirm reserve release close reopen cancel";
const SHIP: &str = "see add edit remove import export ship cancel";
const INVOICE: &str = "see add edit remove import export post cancel";
const RECEIVE: &str = "see add edit remove import export receive cancel";

static GRANTS: &[Grant] = &[
    Grant::new("sales_rep", "quotation", QUOTE).rows(Rows::Own),
    Grant::new("sales_rep", "sales_order", ORDER).rows(Rows::Own),
    Grant::new("sales_rep", "delivery", "see add export").rows(Rows::Own),
    Grant::new("sales_rep", "sales_return", "see add export").rows(Rows::Own),
    Grant::new("sales_rep", "sales_by", "see export"),
    Grant::new("sales_rep", "order_book", "see export"),
    Grant::new("sales_manager", "quotation", QUOTE).rows(Rows::Team),
    Grant::new("sales_manager", "sales_order", ORDER).rows(Rows::Team),
    Grant::new("sales_manager", "delivery", "see add edit export").rows(Rows::Team),
    Grant::new("sales_manager", "sales_return", "see add edit export").rows(Rows::Team),
    Grant::new("sales_manager", "commitment", "see export"),
    Grant::new("sales_manager", "sales_by", "see export"),
    Grant::new("sales_manager", "order_book", "see export"),
    Grant::new("manager", "quotation", QUOTE),
    Grant::new("manager", "sales_order", ORDER),
    Grant::new("manager", "delivery", SHIP),
    Grant::new("manager", "sales_return", RECEIVE),
    Grant::new("accountant", "invoice", INVOICE),
    Grant::new("manager", "invoice", INVOICE),
    Grant::new("sales_manager", "invoice", "see export").rows(Rows::Team),
    Grant::new("sales_rep", "invoice", "see export").rows(Rows::Own),
    Grant::new("warehouse", "sales_order", "see reserve release export").hides("margin lines.margin"),
    Grant::new("warehouse", "delivery", SHIP).hides("lines.margin"),
    Grant::new("warehouse", "sales_return", RECEIVE),
    Grant::new("warehouse", "order_book", "see export"),
    Grant::new("accountant", "quotation", "see export"),
    Grant::new("accountant", "sales_order", "see export"),
    Grant::new("accountant", "delivery", "see export"),
    Grant::new("accountant", "sales_return", "see export"),
    Grant::new("accountant", "commitment", "see export"),
    Grant::new("accountant", "sales_by", "see export"),
    Grant::new("accountant", "order_book", "see export"),
];

/// What this room brings.
pub fn module() -> Module {
    Module {
        name: "sales",
        label: Label::new("Sales", "销售"),
        icon: "sales",
        menu: &[
            MenuItem::Entity("quotation"),
            MenuItem::Entity("sales_order"),
            MenuItem::Entity("delivery"),
            MenuItem::Entity("invoice"),
            MenuItem::Entity("sales_return"),
            MenuItem::Report("order_book"),
            MenuItem::Report("sales_by"),
            MenuItem::Entity("commitment"),
        ],
        entities: vec![
            (Quotation::meta(), const { &Typed::<Quotation>::new() }),
            (QuotationLine::meta(), &Plain),
            (SalesOrder::meta(), const { &Typed::<SalesOrder>::new() }),
            (SalesOrderLine::meta(), &Plain),
            (Delivery::meta(), const { &Typed::<Delivery>::new() }),
            (DeliveryLine::meta(), &Plain),
            (Invoice::meta(), const { &Typed::<Invoice>::new() }),
            (InvoiceLine::meta(), &Plain),
            (SalesReturn::meta(), const { &Typed::<SalesReturn>::new() }),
            (SalesReturnLine::meta(), &Plain),
            (Commitment::meta(), &Plain),
        ],
        reports: vec![&reports::ORDER_BOOK, &reports::SALES_BY],
        roles: &[],
        grants: GRANTS,
        laws: laws::LAWS,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_a_user_sees_has_both_languages() {
        for module in [module(), stock::module()] {
            for (meta, _) in &module.entities {
                assert!(
                    !meta.label.zh.is_empty() && !meta.help.en.is_empty() && !meta.help.zh.is_empty(),
                    "{}",
                    meta.name
                );
                for field in meta.fields.iter().filter(|field| field.name != "id") {
                    assert!(!field.label.zh.is_empty(), "{}.{} has no Chinese label", meta.name, field.name);
                    assert_eq!(field.help.en.is_empty(), field.help.zh.is_empty(), "{}.{}", meta.name, field.name);
                }
                for action in (meta.actions)() {
                    let texts = [action.label.zh, action.help.en, action.help.zh];
                    assert!(texts.iter().all(|text| !text.is_empty()), "{}.{}", meta.name, action.name);
                }
                for name in meta.title.iter().chain(meta.list) {
                    meta.index(name);
                }
            }
        }
    }

    #[test]
    fn every_action_is_granted_to_someone() {
        for module in [module(), stock::module()] {
            for (meta, _) in &module.entities {
                for action in (meta.actions)() {
                    let gives =
                        |grant: &&Grant| grant.on == meta.name && grant.verbs.split(' ').any(|v| v == action.name);
                    assert!(module.grants.iter().any(|grant| gives(&grant)), "{}.{}", meta.name, action.name);
                }
            }
        }
    }
}
