//! Goods that are kept for an order: when it is confirmed, later by themselves, or by hand.

use crate::common::{self, on_both, said};
use serde_json::json;

#[test]
fn goods_are_reserved_some_days_before_they_are_wanted() {
    on_both(|world| {
        let lamp = world.product("L1", "average", "30");
        world.receive(&world.day(-9), &lamp, "5", "10");
        let customer = world.customer("BLUE", "EUR");
        let company = kernel::id_text("co", world.company);
        let rules = json!({ "reserve": "days_before", "reserve_days": 3 });
        world.change(&world.desk.actor, "company", &company, rules).unwrap();
        let order = |wanted_in: i32, qty: &str| {
            let lines = json!([{ "product": lamp, "qty": qty }]);
            let body = json!({ "customer": customer, "wanted_on": world.day(wanted_in), "lines": lines });
            let id = world.desk.create("sales_order", body).unwrap();
            world.act("sales_order", &id, "confirm");
            id
        };
        let reserved = || world.number("select coalesce(sum(reserved), 0) from stock_balance", &[]) / kernel::SCALE;
        let (far, near) = (order(10, "2"), order(2, "1"));
        assert_eq!(reserved(), 1, "only what is wanted soon");
        assert_eq!(app::due::reserve(&world.engine).unwrap(), 0);
        world.days_pass(7);
        assert_eq!(app::due::reserve(&world.engine).unwrap(), 1);
        assert_eq!(reserved(), 3);
        assert_eq!(app::due::reserve(&world.engine).unwrap(), 0, "done once");
        world.change(&world.desk.actor, "company", &company, json!({ "reserve": "by_hand" })).unwrap();
        let by_hand = order(0, "9");
        assert_eq!((app::due::reserve(&world.engine).unwrap(), reserved()), (0, 3));
        world.act("sales_order", &by_hand, "reserve");
        assert_eq!(reserved(), 5, "never more than is free");
        for id in [far, near, by_hand] {
            world.act("sales_order", &id, "cancel");
        }
        assert_eq!(reserved(), 0);
        world.verified("reserved later");
    });
}

#[test]
fn what_somebody_released_is_free_for_others_until_somebody_reserves_it_again() {
    on_both(|world| {
        let lamp = world.product("L1", "average", "30");
        world.receive(&world.day(-9), &lamp, "3", "10");
        let customer = world.customer("BLUE", "EUR");
        let company = kernel::id_text("co", world.company);
        let rules = json!({ "reserve": "days_before", "reserve_days": 3 });
        world.change(&world.desk.actor, "company", &company, rules).unwrap();
        let order = |qty: &str| {
            let lines = json!([{ "product": lamp, "qty": qty }]);
            let body = json!({ "customer": customer, "wanted_on": world.day(1), "lines": lines });
            let id = world.desk.create("sales_order", body).unwrap();
            world.act("sales_order", &id, "confirm");
            id
        };
        let kept = || {
            let sum = |what: &str| world.number(&format!("select coalesce(sum({what}), 0) from stock_balance"), &[]);
            (sum("reserved") / kernel::SCALE, sum("demand") / kernel::SCALE)
        };
        let (first, second) = (order("3"), order("2"));
        assert_eq!(kept(), (3, 2));
        let lamps = json!([{ "product": lamp, "qty": "1", "unit": world.piece }]);
        let counter = json!({ "customer": customer, "shipped_on": world.day(0), "place": world.place, "lines": lamps });
        let delivery = world.desk.create("delivery", counter).unwrap();
        assert_eq!(world.refused("delivery", &delivery, "ship").code, "more_reserved_than_free");

        let warehouse = world.actor("wanda", "warehouse");
        world.try_act(&warehouse, "sales_order", &first, "release", json!({})).unwrap();
        assert_eq!(kept(), (0, 5), "the order needs it still");
        assert_eq!(world.get("sales_order", &first)["reservation_released"], json!(true));
        let refused = world.try_act(&warehouse, "sales_order", &first, "release", json!({}));
        assert_eq!(said(refused).code, "nothing_reserved");
        world.verified("released");
        assert_eq!(app::due::reserve(&world.engine).unwrap(), 1, "only what nobody released");
        assert_eq!(kept(), (2, 3));
        world.act("delivery", &delivery, "ship");
        world.receive(&world.day(0), &lamp, "4", "10");
        assert_eq!(app::due::reserve(&world.engine).unwrap(), 0);
        world.try_act(&warehouse, "sales_order", &first, "reserve", json!({})).unwrap();
        assert_eq!((kept(), world.get("sales_order", &first)["reservation_released"].clone()), ((5, 0), json!(false)));
        world.act("sales_order", &first, "release");
        world.act("sales_order", &second, "cancel");
        world.act("sales_order", &first, "cancel");
        world.act("sales_order", &first, "reopen");
        world.act("sales_order", &first, "confirm");
        assert_eq!(kept(), (3, 0), "whoever confirms begins anew");
        world.verified("reserved again");
    });
}

#[test]
fn what_is_in_a_zone_is_told_in_the_order_one_walks() {
    on_both(|world| {
        let (lamp, bell) = (world.product("L1", "fifo", "30"), world.product("A1", "average", "5"));
        let place = |code: &str, more: serde_json::Value| {
            let mut body = json!({ "code": code, "name": code, "kind": "stock" });
            common::merge(&mut body, more);
            world.desk.create("place", body).unwrap()
        };
        let zone = place("ZONE", json!({ "parent": world.place }));
        let far = place("BIN-A", json!({ "parent": zone, "aisle": "2", "rack": "07", "level": "1", "pick_order": 20 }));
        let near =
            place("BIN-B", json!({ "parent": zone, "aisle": "1", "rack": "01", "level": "3", "pick_order": 10 }));
        let loose = place("BIN-0", json!({ "parent": zone }));
        for (place, product) in [(&far, &lamp), (&loose, &bell), (&near, &lamp), (&far, &bell)] {
            let body = json!({ "moved_on": world.day(-1), "kind": "receipt", "place": place,
                "lines": [{ "product": product, "qty": "2", "unit_cost": "10" }] });
            let id = world.desk.create("stock_adjustment", body).unwrap();
            world.act("stock_adjustment", &id, "post");
        }
        let told = |params: &[(&str, &str)]| {
            let rows = world.report("stock_on_hand", params)["rows"].clone();
            let rows = rows.as_array().unwrap().iter().filter(|row| row["cells"]["product"]["id"].is_string());
            let label = |row: &serde_json::Value, cell: &str| common::text(&row["cells"][cell]["id"]);
            rows.map(|row| (label(row, "place"), label(row, "product"))).collect::<Vec<_>>()
        };
        let pair = |place: &String, product: &String| (place.clone(), product.clone());
        let walk = [pair(&near, &lamp), pair(&far, &bell), pair(&far, &lamp), pair(&loose, &bell)];
        // From the zone, from the place it is a part of and from the warehouse of that: all of the tree below.
        let warehouse = common::text(&world.get("place", &world.place)["warehouse"]["id"]);
        for from in [&zone, &world.place, &warehouse] {
            assert_eq!(told(&[("place", from)]), walk, "from {from}");
            assert_eq!(told(&[("place", from), ("known_at", &world.moment())]), walk, "as known, from {from}");
        }
        let by_product = [pair(&far, &bell), pair(&loose, &bell), pair(&near, &lamp), pair(&far, &lamp)];
        assert_eq!(told(&[]), by_product);
    });
}

#[test]
fn goods_of_a_day_to_come_are_not_free_today() {
    on_both(|world| {
        let lamp = world.product("L1", "average", "30");
        world.receive(&world.day(-9), &lamp, "220", "10");
        world.receive(&world.day(7), &lamp, "1000", "10");
        let customer = world.customer("BLUE", "EUR");
        let stock = || {
            let told = world.report("stock_on_hand", &[]);
            let cells = &told["rows"][0]["cells"];
            ["on_hand", "reserved", "free", "demand"].map(|name| common::text(&cells[name])).join(" ")
        };
        assert_eq!(stock(), "220 0 220 0");
        let order = world.confirmed(&customer, &lamp, "304");
        assert_eq!(stock(), "220 220 0 84");
        // What is reserved is not given to others, and can be shipped.
        let lines = json!([{ "product": lamp, "qty": "200" }]);
        let direct = json!({ "customer": customer, "shipped_on": world.day(0), "lines": lines });
        let direct = world.desk.create("delivery", direct).unwrap();
        assert_eq!(world.refused("delivery", &direct, "ship").code, "more_reserved_than_free");
        world.shipped(&order, Some("220"));
        assert_eq!(stock(), "0 0 0 84");
        world.verified("goods of next week");
        // When the day has come they are there.
        world.days_pass(7);
        world.act("sales_order", &order, "reserve");
        assert_eq!(stock(), "1000 84 916 0");
        // What leaves on a day to come is gone for others today.
        let later =
            json!({ "customer": customer, "shipped_on": world.day(60), "lines": [{ "product": lamp, "qty": "900" }] });
        let later = world.desk.create("delivery", later).unwrap();
        world.act("delivery", &later, "ship");
        assert_eq!(stock(), "1000 84 16 0");
        world.confirmed(&customer, &lamp, "20");
        assert_eq!(stock(), "1000 100 0 4");
        let before = world.report("stock_on_hand", &[("as_of", &world.day(-1))]);
        assert_eq!(before["notes"].as_array().unwrap().len(), 1, "why nothing is told of what is free");
        world.verified("goods of later days");
    });
}

#[test]
fn a_count_expects_what_is_there_on_its_day_and_not_what_comes_later() {
    on_both(|world| {
        let lamp = world.product("L1", "average", "30");
        world.receive(&world.day(-9), &lamp, "220", "10");
        world.receive(&world.day(7), &lamp, "1000", "10");
        let count = |after: i32, counted: &str| {
            let lines = json!([{ "product": lamp, "counted_qty": counted }]);
            let body = json!({ "kind": "count", "moved_on": world.day(after), "place": world.place, "lines": lines });
            let id = world.desk.create("stock_adjustment", body).unwrap();
            let line = world.get("stock_adjustment", &id)["lines"][0].clone();
            (id, ["expected_qty", "qty"].map(|name| common::text(&line[name])))
        };
        let told = |expected: &str, qty: &str| [expected, qty].map(str::to_owned);
        for (after, expected) in [(-10, "0"), (-9, "220"), (0, "220"), (6, "220"), (7, "1220"), (30, "1220")] {
            assert_eq!(count(after, expected).1, told(expected, "0"), "after {after} days");
        }
        // Nothing is lost but the lamp that is not there: what is on its way still comes.
        let (id, line) = count(0, "219");
        assert_eq!(line, told("220", "-1"));
        world.act("stock_adjustment", &id, "post");
        assert_eq!(count(0, "219").1, told("219", "0"));
        assert_eq!(count(7, "1219").1, told("1219", "0"));
        world.verified("a count before goods come");
    });
}
