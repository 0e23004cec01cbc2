//! What a document says of both sides is what was so when it left the house.

use crate::common::{self, World, on_both, text};
use serde_json::{Value as Json, json};

fn letterhead(world: &World, entity: &str, id: &str) -> Json {
    world.get(entity, id)["letterhead"].clone()
}

#[test]
fn a_letterhead_tells_the_region_the_city_and_the_district_of_both_sides() {
    on_both(|world| {
        let company = kernel::id_text("co", world.company);
        let seat = json!({ "region": "广东省", "city": "深圳市", "district": "南山区", "address": "科技园路1号" });
        world.change(&world.desk.actor, "company", &company, seat).unwrap();
        let address = json!({ "kind": "general", "region": "北京市", "city": "北京市", "district": "朝阳区", "line": "建国路1号" });
        let customer = world.customer_with("BJ", json!({ "country": "CN", "addresses": [address] }));
        let product = world.product("LAMP", "average", "10");
        let order = world.order(&customer, &product, "1");
        world.act("sales_order", &order, "confirm");
        let told = letterhead(world, "sales_order", &order);
        let part = |of: &Json, name: &str| text(&of[name]);
        let us = ["region", "city", "district", "address"].map(|name| part(&told["company"], name));
        assert_eq!(us, ["广东省", "深圳市", "南山区", "科技园路1号"]);
        let them = ["region", "city", "district", "line"].map(|name| part(&told["party"]["addresses"][0], name));
        assert_eq!(them, ["北京市", "北京市", "朝阳区", "建国路1号"]);
    });
}

fn street(letterhead: &Json, kind: &str) -> String {
    let addresses = letterhead["party"]["addresses"].as_array().cloned().unwrap_or_default();
    addresses.iter().find(|one| one["kind"] == kind).map_or_else(String::new, |one| text(&one["line"]))
}

#[test]
fn documents_keep_the_addresses_they_left_with() {
    on_both(|world| {
        let head = world.customer_with(
            "HEAD",
            json!({ "name": "Blue Wheel GmbH", "country": "DE", "tax_number": "DE123456788", "addresses": [
                { "kind": "general", "line": "Head street 1", "city": "Berlin" },
                { "kind": "invoice", "line": "Bills 2", "city": "Berlin", "postcode": "10115" },
                { "kind": "delivery", "line": "Head gate 3" },
            ] }),
        );
        let shop = world.customer_with(
            "SHOP",
            json!({ "name": "Blue Wheel Hamburg", "parent": head, "phone": "+49 40 1", "addresses": [
                { "kind": "general", "line": "Harbour 9", "city": "Hamburg", "country": "DE" },
            ] }),
        );
        let product = world.product("LAMP", "average", "10");
        world.receive(&world.day(0), &product, "9", "6");
        let order = world.order(&shop, &product, "2");
        assert_eq!(letterhead(world, "sales_order", &order), Json::Null, "a draft has not left the house");
        world.act("sales_order", &order, "confirm");
        let delivery = world.shipped(&order, None);
        let invoice = world.invoiced(&order, json!({}));
        let payment = world.paid(&invoice, json!({}));
        let before = letterhead(world, "invoice", &invoice);
        // A branch without addresses of the kind: the bill goes to the head office, the goods to the branch.
        assert_eq!(
            (street(&before, "invoice").as_str(), street(&before, "delivery").as_str()),
            ("Bills 2", "Harbour 9")
        );
        assert_eq!(
            (text(&before["party"]["name"]), text(&before["legal"]["name"])),
            ("Blue Wheel Hamburg".into(), "Blue Wheel GmbH".into())
        );
        assert_eq!(text(&before["party"]["tax_number"]), "DE123456788");
        assert!(!text(&before["company"]["name"]).is_empty());

        // Everybody moves, and is called otherwise.
        let root = &world.desk.actor;
        let moved = json!({ "name": "Red Wheel AG", "addresses": [{ "kind": "general", "line": "Elsewhere 7" }] });
        world.change(root, "party", &head, moved).unwrap();
        world.change(root, "party", &shop, json!({ "name": "Red Wheel Bremen", "addresses": [] })).unwrap();
        let company = text(&world.get("invoice", &invoice)["company"]["id"]);
        world.change(root, "company", &company, json!({ "name": "Renamed", "address": "New house 1" })).unwrap();
        for (entity, id) in
            [("sales_order", &order), ("delivery", &delivery), ("invoice", &invoice), ("payment", &payment)]
        {
            assert_eq!(letterhead(world, entity, id), before, "{entity}");
        }
        // What leaves now says what is so now; a new draft of the old order as well.
        let (_, later, _) = world.sale(&shop, &product, "1");
        let after = letterhead(world, "delivery", &later);
        assert_eq!(
            (text(&after["party"]["name"]), text(&after["company"]["address"])),
            ("Red Wheel Bremen".into(), "New house 1".into())
        );
        assert_eq!(street(&after, "delivery"), "Elsewhere 7");
        // Cancelling shows what was cancelled, and nobody writes it by hand.
        world.act("payment", &payment, "cancel");
        world.act("invoice", &invoice, "cancel");
        assert_eq!(letterhead(world, "invoice", &invoice), before);
        let forged = json!({ "letterhead": { "party": { "name": "Forged" } } });
        let why = common::said(world.change(root, "sales_order", &order, forged));
        assert_eq!((why.code, why.field.as_str()), ("readonly_field", "letterhead"));
        world.verified("moving house");
    });
}

#[test]
fn an_offer_keeps_what_it_was_sent_with_until_it_is_a_draft_again() {
    on_both(|world| {
        let customer = world.customer_with("BLUE", json!({ "name": "Blue" }));
        let product = world.product("LAMP", "average", "10");
        let body = json!({ "customer": customer, "lines": [{ "product": product, "qty": "1" }] });
        let offer = world.desk.create("quotation", body).unwrap();
        world.act("quotation", &offer, "send");
        world.change(&world.desk.actor, "party", &customer, json!({ "name": "Green" })).unwrap();
        assert_eq!(text(&letterhead(world, "quotation", &offer)["party"]["name"]), "Blue");
        world.try_act(&world.desk.actor, "quotation", &offer, "lose", json!({ "reason": "price" })).unwrap();
        world.act("quotation", &offer, "reopen");
        world.act("quotation", &offer, "send");
        assert_eq!(text(&letterhead(world, "quotation", &offer)["party"]["name"]), "Green");
    });
}
