//! A product is traded in units of its own: a box of this product holds what this product says.

use crate::common::rim::Rim;
use crate::common::{self, World, on_both, text};
use serde_json::{Value as Json, json};

/// A unit that says nothing of what it holds: one piece.
fn boxes(world: &World) -> String {
    world.desk.create("unit", json!({ "name": "box", "category": "count" })).unwrap()
}

fn line(world: &World, entity: &str, id: &str) -> Json {
    world.get(entity, id)["lines"][0].clone()
}

#[test]
fn a_box_is_ordered_delivered_and_invoiced_to_the_piece() {
    on_both(|world| {
        let boxed = boxes(world);
        let more =
            json!({ "units": [{ "unit": boxed, "numerator": "12", "barcode": "96385074" }], "sales_unit": boxed });
        let lamp = world.product_with("LAMP", "average", "10", more);
        let bulb = world.product("BULB", "average", "3");
        world.receive(&world.day(0), &lamp, "60", "6");
        let customer = world.customer("BLUE", "EUR");
        let order = world.order(&customer, &lamp, "2.5");
        let first = line(world, "sales_order", &order);
        assert_eq!((text(&first["unit"]["id"]), text(&first["price"])), (boxed.clone(), "120".into()));
        assert_eq!((text(&first["product_qty"]), text(&first["net"])), ("30".into(), "300.00".into()));

        // A price follows its unit, and one that is typed with the unit is for that unit.
        let root = &world.desk.actor;
        let to = |unit: &str, qty: &str, price: Option<&str>| {
            let mut told = json!({ "id": first["id"], "unit": unit, "qty": qty });
            price.into_iter().for_each(|price| told["price"] = json!(price));
            world.change(root, "sales_order", &order, json!({ "lines": [told] })).unwrap();
            let line = line(world, "sales_order", &order);
            (text(&line["price"]), text(&line["product_qty"]))
        };
        assert_eq!(to(&world.piece, "3", None), ("10".into(), "3".into()));
        assert_eq!(to(&boxed, "2.5", Some("110")), ("110".into(), "30".into()));
        world.act("sales_order", &order, "confirm");
        let delivery = world.shipped(&order, Some("0.5"));
        assert_eq!(text(&line(world, "delivery", &delivery)["product_qty"]), "6");
        assert_eq!(world.on_hand(&lamp, &[]), "54");
        world.shipped(&order, None);
        assert_eq!(world.on_hand(&lamp, &[]), "30");
        let invoice = world.invoiced(&order, json!({}));
        assert_eq!(text(&world.get("invoice", &invoice)["net"]), "275.00");
        // Of a product that says nothing of it, the unit is what it says of itself: one piece.
        let lines = json!([{ "product": bulb, "qty": "2", "unit": boxed }]);
        let body =
            json!({ "customer": customer, "ordered_on": world.day(0), "wanted_on": world.day(7), "lines": lines });
        let other = world.desk.create("sales_order", body).unwrap();
        assert_eq!(text(&line(world, "sales_order", &other)["product_qty"]), "2");

        // What is promised or has moved keeps its number.
        let change = |units: Json| {
            let told = world.change(root, "product", &lamp, json!({ "units": units }));
            if told.is_ok() { "" } else { common::said(told).code }
        };
        assert_eq!(change(json!([{ "unit": boxed, "numerator": "10" }])), "unit_in_use");
        assert_eq!(change(json!([])), "unit_in_use");
        assert_eq!(
            change(json!([{ "unit": boxed, "numerator": "24", "denominator": "2", "barcode": "96385074" }])),
            ""
        );
        world.verified("boxes");
    });
}

#[test]
fn pieces_are_not_sold_by_halves() {
    on_both(|world| {
        let lamp = world.product("LAMP", "average", "10");
        world.receive(&world.day(0), &lamp, "60", "6");
        let customer = world.customer("BLUE", "EUR");
        let refused = |entity: &str, day: &str, qty: &str| {
            let mut body = json!({ "customer": customer, "lines": [{ "product": lamp, "qty": "1" }, { "product": lamp, "qty": qty }] });
            body[day] = json!(world.day(0));
            if entity == "quotation" {
                body["valid_until"] = json!(world.day(9));
            }
            common::said(world.create(&world.desk.actor, entity, body))
        };
        let no = common::no_in_row(kernel::ProblemKind::Invalid, "not_whole", "lines.qty", 1);
        for (entity, day) in [
            ("quotation", "quoted_on"),
            ("sales_order", "ordered_on"),
            ("delivery", "shipped_on"),
            ("invoice", "issued_on"),
        ] {
            assert_eq!(refused(entity, day, "1.5"), no, "{entity}");
        }
        let order = world.confirmed(&customer, &lamp, "3");
        let delivery = world.shipped(&order, None);
        let mut back = Json::Object(world.desk.prefilled("sales_return", ("delivery", &delivery)).unwrap());
        back["lines"][0]["qty"] = json!("0.5");
        let told = common::said(world.create(&world.desk.actor, "sales_return", back));
        assert_eq!((told.code, told.row), ("not_whole", Some(0)));

        // Whoever sells halves says so of the unit.
        world.desk.change("unit", &world.piece, json!({ "whole": false })).unwrap();
        world.order(&customer, &lamp, "1.5");
        world.verified("whole pieces");
    });
}

#[test]
fn goods_arrive_are_counted_and_change_their_place_in_boxes() {
    on_both(|world| {
        let boxed = boxes(world);
        let more = json!({ "units": [{ "unit": boxed, "numerator": "12" }] });
        let lamp = world.product_with("LAMP", "average", "10", more);
        let adjusted = |kind: &str, line: Json| {
            let mut line = line;
            line["product"] = json!(lamp);
            let body = json!({ "kind": kind, "moved_on": world.day(0), "place": world.place, "lines": [line] });
            world.create(&world.desk.actor, "stock_adjustment", body)
        };
        let posted = |kind: &str, line: Json| {
            let id = common::id_of(&adjusted(kind, line).unwrap());
            world.act("stock_adjustment", &id, "post");
            self::line(world, "stock_adjustment", &id)
        };
        let receipt = posted("receipt", json!({ "qty": "5", "unit": boxed, "unit_cost": "72" }));
        assert_eq!((text(&receipt["product_qty"]), text(&receipt["value"])), ("60".into(), "360.00".into()));
        assert_eq!(world.on_hand(&lamp, &[]), "60");
        // Unless somebody says otherwise, a line is said in the product's own unit, and at its present cost.
        let found = posted("found", json!({ "qty": "1" }));
        assert_eq!((text(&found["unit"]["id"]), text(&found["unit_cost"])), (world.piece.clone(), "6".into()));
        let by_the_box = posted("found", json!({ "qty": "1", "unit": boxed }));
        assert_eq!((text(&by_the_box["unit_cost"]), text(&by_the_box["value"])), ("72".into(), "72.00".into()));
        // 73 pieces are six boxes and a bit; half a box too many is counted.
        let counted = posted("count", json!({ "counted_qty": "6.5", "unit": boxed }));
        assert_eq!((text(&counted["expected_qty"]), text(&counted["product_qty"])), ("6.083333".into(), "5".into()));
        assert_eq!(world.on_hand(&lamp, &[]), "78");
        posted("loss", json!({ "qty": "0.5", "unit": boxed }));
        assert_eq!(world.on_hand(&lamp, &[]), "72");
        let refused = common::said(adjusted("loss", json!({ "qty": "0.1", "unit": boxed })));
        assert_eq!((refused.code, refused.field.as_str(), refused.row), ("not_whole", "lines.qty", Some(0)));
        let strange = common::said(adjusted("loss", json!({ "qty": "1", "unit": world.unit("kg") })));
        assert_eq!((strange.code, strange.field.as_str()), ("other_unit", "lines.unit"));

        let second = world.desk.create("place", json!({ "code": "B2", "name": "second", "kind": "stock" })).unwrap();
        let lines = json!([{ "product": lamp, "qty": "2", "unit": boxed }, { "product": lamp, "qty": "3" }]);
        let body = json!({ "from_place": world.place, "to_place": second, "moved_on": world.day(0), "lines": lines });
        let transfer = world.desk.create("stock_transfer", body).unwrap();
        world.act("stock_transfer", &transfer, "post");
        let there = common::raw(&world.engine, "place", &second);
        let on_hand = world.number("select on_hand from stock_balance where place = ?1", &[there.into()]);
        assert_eq!(on_hand, 27_000_000);
        // What is said in boxes is said in these boxes: the unit stays what it is.
        let other = json!({ "numerator": "2" });
        assert_eq!(common::said(world.change(&world.desk.actor, "unit", &boxed, other)).code, "in_use");
        world.verified("boxes come and go");
    });
}

#[test]
fn boxes_are_received_by_a_file() {
    on_both(|world| {
        let boxed = boxes(world);
        let more = json!({ "units": [{ "unit": boxed, "numerator": "12" }] });
        let lamp = world.product_with("LAMP", "average", "10", more);
        let rim = Rim::of(world);
        let root = rim.signed_in(world, "root", "administrator");
        let example = rim.get(&root, "/api/stock_adjustment?format=csv&example=true");
        let example = String::from_utf8(example.bytes).unwrap();
        let titles: Vec<&str> = example.lines().next().unwrap().split(',').collect();
        let at = titles.iter().position(|title| title.trim_matches('"') == "Lines / Unit");
        assert!(at.is_some(), "the example has the unit: {titles:?}");
        let file = format!(
            "Kind,Place,Moved on,Lines / Product,Lines / Unit,Lines / Qty,Lines / Unit cost\nreceipt,{},{},LAMP,box,2,60\n",
            world.place,
            world.day(0)
        );
        let headers = [("cookie", root.as_str()), ("x-heyi", "1"), ("content-type", "text/csv")];
        let told = rim.send("POST", "/api/stock_adjustment/import", &headers, file.into_bytes()).json();
        assert_eq!((&told["failed"], &told["created"]), (&json!([]), &json!(1)), "{told}");
        let made = rim.get(&root, "/api/stock_adjustment?sort=-number").json();
        let receipt = text(&made["rows"][0]["id"]);
        world.act("stock_adjustment", &receipt, "post");
        assert_eq!(world.on_hand(&lamp, &[]), "24");
        assert_eq!(text(&line(world, "stock_adjustment", &receipt)["value"]), "120.00");
    });
}

#[test]
fn a_box_is_found_by_its_bar_code_and_shares_it_with_none() {
    on_both(|world| {
        let boxed = boxes(world);
        let more = json!({ "units": [{ "unit": boxed, "numerator": "12", "barcode": "96385074" }] });
        let lamp = world.product_with("LAMP", "average", "10", more);
        let bulb = world.product("BULB", "average", "3");
        let rim = Rim::of(world);
        let who = rim.signed_in(world, "sam", "sales_rep");
        let found = rim.get(&who, "/api/product?search=96385074&fields=code").json();
        assert_eq!((found["rows"].as_array().unwrap().len(), &found["rows"][0]["id"]), (1, &json!(lamp)));
        let change = |body: Json| {
            let why = common::said(world.change(&world.desk.actor, "product", &bulb, body));
            (why.code, why.field)
        };
        assert_eq!(change(json!({ "barcode": "96385074" })), ("barcode_of_a_box", "barcode".to_owned()));
        let same = json!({ "units": [{ "unit": boxed, "numerator": "6", "barcode": "96385074" }] });
        assert_eq!(change(same), ("barcode_twice", "units.barcode".to_owned()));
        let none = json!({ "units": [{ "unit": boxed, "numerator": "0" }] });
        assert_eq!(change(none).0, "not_a_factor");
        // By a file, as they leave in one.
        let root = rim.signed_in(world, "root", "administrator");
        let file = rim.get(&root, "/api/product?format=csv&lines=true&sort=code");
        let headers = [("cookie", root.as_str()), ("x-heyi", "1"), ("content-type", "text/csv")];
        let told = rim.send("POST", "/api/product/import", &headers, file.bytes).json();
        assert_eq!((&told["failed"], &told["changed"]), (&json!([]), &json!(2)), "{told}");
        assert_eq!(world.get("product", &lamp)["units"][0]["numerator"], 12);
    });
}
