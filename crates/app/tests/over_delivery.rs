//! More may be delivered or invoiced than was ordered, as far as the product or the company allows.

use crate::common::{self, World, no, no_in_row, on_both, text};
use kernel::ProblemKind::{NotNow, TooMuch};
use serde_json::json;

fn allow(world: &World, over_delivery: &str, over_invoicing: &str) {
    let body = json!({ "over_delivery": over_delivery, "over_invoicing": over_invoicing });
    world.desk.change("company", &kernel::id_text("co", world.company), body).unwrap();
}

fn states(world: &World, order: &str) -> (String, String) {
    let order = world.get("sales_order", order);
    (text(&order["delivery_state"]), text(&order["invoice_state"]))
}

/// A draft of a delivery of one line, and what shipping it is answered with.
fn drafted(world: &World, order: &str, qty: &str) -> String {
    world.made_of("delivery", ("sales_order", order), Some(qty), json!({ "shipped_on": world.day(0) }))
}

fn promised(world: &World, product: &str) -> (i64, i64) {
    let product: meta::Value = common::raw(&world.engine, "product", product).into();
    let sum = |measure: &str| {
        world.number(
            &format!("select sum({measure}) from stock_balance where product = ?1"),
            std::slice::from_ref(&product),
        )
    };
    (sum("reserved"), sum("demand"))
}

fn exposure(world: &World, kind: &str) -> i64 {
    world.number("select sum(amount) from exposure where kind = ?1", &[kind.into()])
}

#[test]
fn goods_in_bulk_leave_and_are_billed_as_they_were_weighed() {
    on_both(|world| {
        let sand = world.product_with("SAND", "average", "10", json!({ "unit": world.unit("kg") }));
        world.receive(&world.day(0), &sand, "300", "6");
        let customer = world.customer("BLUE", "EUR");
        let order = world.confirmed(&customer, &sand, "100");

        // Nothing is allowed until somebody says so.
        let refused = no_in_row(TooMuch, "more_than_ordered", "lines.qty", 0);
        let draft = drafted(world, &order, "104");
        assert_eq!(world.refused("delivery", &draft, "ship"), refused);
        allow(world, "0.05", "0");
        let too_much = drafted(world, &order, "105.5");
        assert_eq!(world.refused("delivery", &too_much, "ship"), refused);
        world.act("delivery", &draft, "ship");
        assert_eq!(states(world, &order), ("full".into(), "none".into()));
        assert_eq!(promised(world, &sand), (0, 0));
        assert_eq!(exposure(world, "ordered"), 0);
        assert_eq!(exposure(world, "delivered"), 124_800, "104 at 10 with 20 % tax");

        // The order is still changed and saved like any other.
        world.desk.change("sales_order", &order, json!({ "note": "weighed" })).unwrap();
        assert_eq!(exposure(world, "ordered"), 0);

        // All that was delivered is billed, the surplus too; more is not.
        let body = json!({ "issued_on": world.day(0) });
        let invoice = world.made_of("invoice", ("sales_order", &order), Some("104.5"), body);
        assert_eq!(world.refused("invoice", &invoice, "post"), refused);
        let part = world.made_of("invoice", ("sales_order", &order), Some("100"), json!({ "issued_on": world.day(0) }));
        world.act("invoice", &part, "post");
        assert_eq!(states(world, &order), ("full".into(), "partial".into()));
        let rest = world.invoiced(&order, json!({}));
        assert_eq!(text(&world.get("invoice", &rest)["lines"][0]["qty"]), "4");
        assert_eq!(states(world, &order), ("full".into(), "full".into()));
        assert_eq!((exposure(world, "delivered"), exposure(world, "invoiced")), (0, 124_800));
        world.verified("billed as weighed");
    });
}

#[test]
fn a_product_says_otherwise_than_the_company() {
    on_both(|world| {
        allow(world, "0.5", "0.5");
        let lamp =
            world.product_with("LAMP", "average", "10", json!({ "over_delivery": "0", "over_invoicing": "0.1" }));
        world.receive(&world.day(0), &lamp, "50", "6");
        let customer = world.customer("BLUE", "EUR");
        let order = world.confirmed(&customer, &lamp, "10");
        let refused = no_in_row(TooMuch, "more_than_ordered", "lines.qty", 0);
        let draft = drafted(world, &order, "11");
        assert_eq!(world.refused("delivery", &draft, "ship"), refused);
        world.shipped(&order, None);
        let more = |qty: &str| {
            let body = json!({ "issued_on": world.day(0) });
            world.made_of("invoice", ("sales_order", &order), Some(qty), body)
        };
        let too_much = more("12");
        assert_eq!(world.refused("invoice", &too_much, "post"), refused);
        world.act("invoice", &more("11"), "post");
        assert_eq!(states(world, &order), ("full".into(), "full".into()));
        assert_eq!((exposure(world, "ordered"), exposure(world, "delivered")), (0, 0));
        world.verified("invoiced beyond the order");
    });
}

#[test]
fn a_surplus_asks_for_credit_leaves_reserved_goods_alone_and_is_taken_back_first() {
    on_both(|world| {
        allow(world, "0.5", "0");
        let lamp = world.product("LAMP", "average", "10");
        world.receive(&world.day(0), &lamp, "16", "6");
        let customer = world.customer_with("BLUE", json!({ "credit_limit": "130" }));
        let other = world.customer("RED", "EUR");
        let order = world.confirmed(&customer, &lamp, "10");
        world.confirmed(&other, &lamp, "5");

        // Five of the sixteen are kept for another order, so one is free.
        let draft = drafted(world, &order, "12");
        let boss = world.actor("boss", "manager");
        let reason = json!({ "override_reason": "an old friend" });
        let told = world.try_act(&boss, "delivery", &draft, "ship", reason);
        assert_eq!(common::said(told).code, "more_reserved_than_free");
        let draft = drafted(world, &order, "11");
        let rep = world.actor("rep", "warehouse");
        let told = common::said(world.try_act(&rep, "delivery", &draft, "ship", json!({})));
        assert!(told.code.starts_with("over_limit"), "the eleventh is beyond the limit: {told:?}");
        let first = world.shipped(&order, None);
        world.receive(&world.day(0), &lamp, "10", "6");
        let body = json!({ "customer": customer, "sales_order": order, "shipped_on": world.day(0), "lines": [{
            "order_line": world.get("sales_order", &order)["lines"][0]["id"], "product": lamp, "qty": "2" }] });
        let second = world.desk.create("delivery", body).unwrap();
        world.try_act(&boss, "delivery", &second, "ship", json!({ "override_reason": "an old friend" })).unwrap();
        assert_eq!(exposure(world, "delivered"), 14_400);

        // What was ordered comes back only after what went beyond it.
        assert_eq!(world.refused("delivery", &first, "cancel"), no(NotNow, "beyond_order", ""));
        world.act("delivery", &second, "cancel");
        world.act("delivery", &first, "cancel");
        assert_eq!(promised(world, &lamp), (15_000_000, 0));
        assert_eq!((exposure(world, "ordered"), exposure(world, "delivered")), (18_000, 0));
        world.verified("taken back");
    });
}
