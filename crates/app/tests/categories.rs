//! A category takes over from those above what it does not name itself.

use crate::common::rim::Rim;
use crate::common::{self, World, on_both, text};
use serde_json::{Value as Json, json};

fn account(world: &World, code: &str, kind: &str) -> String {
    let body = json!({ "code": code, "name": format!("Lamps {kind}"), "kind": kind, "used_for": "none" });
    world.desk.create("account", body).unwrap()
}

fn category(world: &World, name: &str, more: Json) -> String {
    let mut body = json!({ "name": name });
    body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    world.desk.create("product_category", body).unwrap()
}

#[test]
fn accounts_method_and_tax_come_from_the_nearest_that_names_them() {
    on_both(|world| {
        let tax = json!({ "code": "T7", "name": "7", "kind": "percent", "rate": "0.07", "included": false });
        let tax = world.desk.create("tax", tax).unwrap();
        let [income, desk_income, cost, stock] =
            [("4801", "income"), ("4802", "income"), ("5801", "expense"), ("1801", "asset")]
                .map(|(code, kind)| account(world, code, kind));
        let lamps = json!({
            "cost_method": "standard", "sales_account": income, "cost_account": cost, "stock_account": stock, "sales_tax": tax,
        });
        let lamps = category(world, "Lamps", lamps);
        let desk_lamps = category(world, "Desk lamps", json!({ "parent": lamps, "sales_account": desk_income }));
        let small = category(world, "Small desk lamps", json!({ "parent": desk_lamps, "cost_method": "fifo" }));
        let product = json!({
            "code": "L1", "name": "Small lamp", "kind": "stocked", "category": small, "unit": world.piece, "sales_price": "10",
        });
        let product = world.desk.create("product", product).unwrap();
        world.receive(&world.day(0), &product, "4", "6");
        let customer = world.customer("BLUE", "EUR");
        let (_, _, invoice) = world.sale(&customer, &product, "2");
        assert_eq!(text(&world.get("invoice", &invoice)["lines"][0]["tax"]["id"]), tax);
        let balances = world.balances();
        let of = |code: &str| balances.get(code).map_or("-", String::as_str);
        assert_eq!((of("4801"), of("4802"), of("5801"), of("1801")), ("-", "-20.00", "12.00", "12.00"));
        // What goods in stock hang on does not change above them, nor by putting them elsewhere.
        let change = |id: &str, body: Json| {
            let told = world.change(&world.desk.actor, "product_category", id, body);
            if told.is_ok() { String::new() } else { common::said(told).code.to_string() }
        };
        let other = account(world, "1802", "asset");
        assert_eq!(change(&lamps, json!({ "stock_account": other })), "stock_is_valued");
        assert_eq!(change(&desk_lamps, json!({ "parent": null })), "stock_is_valued");
        assert_eq!(change(&lamps, json!({ "cost_method": "average" })), "", "they have a method of their own");
        assert_eq!(change(&small, json!({ "stock_account": stock })), "");
        assert_eq!(change(&lamps, json!({ "stock_account": other })), "", "now they name it themselves");
        world.verified("categories over each other");
    });
}

#[test]
fn what_the_system_writes_can_only_be_read() {
    on_both(|world| {
        let rim = Rim::of(world);
        let root = rim.signed_in(world, "root", "administrator");
        let system = "written by the system only";
        for (method, path, why) in [
            ("POST", "/api/entry", system),
            ("PATCH", "/api/entry/je_1", system),
            ("DELETE", "/api/stock_move/sm_1", system),
            ("PUT", "/api/entry/by/x", system),
            ("PATCH", "/api/role_grant/rg_1", "written with the record they belong to"),
        ] {
            let answer = rim.json(&root, method, path, &json!({}));
            assert_eq!(
                (answer.status, answer.header("allow")),
                (405, "GET, HEAD"),
                "{method} {path}: {}",
                answer.text()
            );
            assert!(answer.text().contains(why), "{}", answer.text());
        }
        assert_eq!(rim.json("", "PATCH", "/api/entry/je_1", &json!({})).status, 401, "strangers learn nothing");
        assert_ne!(rim.json(&root, "PATCH", "/api/party/pa_1", &json!({})).status, 405);
    });
}
