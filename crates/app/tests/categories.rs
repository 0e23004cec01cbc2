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

#[test]
fn what_is_bought_with_is_not_sold_with() {
    on_both(|world| {
        let sql = "select id from account where used_for = 'purchase_tax' and company = ?1";
        let input = kernel::id_text("ac", world.number(sql, &[world.company.into()]));
        let tax = |code: &str, more: Json| {
            let mut body = json!({ "code": code, "name": code, "kind": "percent", "rate": "0.1" });
            common::merge(&mut body, more);
            world.desk.create("tax", body).unwrap()
        };
        let (sold, bought) = (tax("S10", json!({})), tax("P10", json!({ "account": input })));
        let both = tax("B", json!({ "kind": "group", "rate": "0", "parts": [{ "tax": sold }, { "tax": bought }] }));
        let several =
            tax("S", json!({ "kind": "group", "rate": "0", "parts": [{ "tax": sold }, { "tax": world.tax }] }));
        let lamps = category(world, "Lamps", json!({ "sales_tax": sold }));
        let product = world.product_with("L1", "average", "10", json!({ "sales_tax": several }));
        let company = kernel::id_text("co", world.company);
        let no = || common::no(kernel::ProblemKind::Invalid, "purchase_tax", "sales_tax");
        for wrong in [&bought, &both] {
            let new = json!({ "name": "More lamps", "sales_tax": wrong });
            assert_eq!(common::said(world.create(&world.desk.actor, "product_category", new)), no());
            let unit = &world.piece;
            let new = json!({ "code": "L2", "name": "Lamp", "kind": "service", "unit": unit, "sales_tax": wrong });
            assert_eq!(common::said(world.create(&world.desk.actor, "product", new)), no());
            for (entity, id) in [("product_category", &lamps), ("product", &product), ("company", &company)] {
                let told = world.change(&world.desk.actor, entity, id, json!({ "sales_tax": wrong }));
                assert_eq!(common::said(told), no(), "{entity}");
            }
        }
        world.change(&world.desk.actor, "company", &company, json!({ "sales_tax": several })).unwrap();
        // Nor are they offered; a group is what its taxes are, also one of an earlier version.
        let offered = || {
            let only = world.engine.entity("product").unwrap().field("sales_tax").unwrap().only;
            let filter = meta::Filter::parse_text(only).unwrap();
            let query = meta::ListQuery { filter, limit: 200, ..meta::ListQuery::default() };
            let told = world.engine.list(&world.desk.actor, "tax", &query).unwrap();
            [&sold, &several, &bought, &both]
                .map(|tax| told["rows"].as_array().unwrap().iter().any(|row| row["id"] == **tax))
        };
        assert_eq!(offered(), [true, true, false, false]);
        let old = |conn: &dyn store::Conn| {
            conn.execute("update tax set on_purchases = null", &[])?;
            Ok(conn.execute("delete from seeds where id = 2", &[])?)
        };
        world.engine.database().write(old).unwrap();
        app::fills::run(world.engine.database()).unwrap();
        assert_eq!(offered(), [true, true, false, false]);
        // What had such a tax before stays until somebody chooses another.
        let id = kernel::id_parse("pr", &product).unwrap();
        let wrong = kernel::id_parse("tx", &bought).unwrap();
        let old = move |conn: &dyn store::Conn| {
            Ok(conn.execute("update product set sales_tax = ?2 where id = ?1", &[id.into(), wrong.into()])?)
        };
        world.engine.database().write(old).unwrap();
        world.change(&world.desk.actor, "product", &product, json!({ "name": "Old lamp" })).unwrap();
    });
}
