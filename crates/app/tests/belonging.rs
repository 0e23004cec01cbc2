//! A document fulfils what its own customer ordered, and gives back no more than was invoiced.

use crate::common::{Said, World, on_both, said, text};
use serde_json::{Value as Json, json};

/// Three lamps ordered by BLUE, and another customer.
fn begun(world: &World) -> (String, String, String, String) {
    let lamp = world.product("LAMP", "average", "10");
    world.receive(&world.day(0), &lamp, "60", "6");
    let (blue, red) = (world.customer("BLUE", "EUR"), world.customer("RED", "EUR"));
    let order = world.confirmed(&blue, &lamp, "3");
    (lamp, blue, red, order)
}

fn told(said: &Said) -> (&'static str, &str, Option<usize>) {
    (said.code, said.field.as_str(), said.row)
}

fn refused(world: &World, entity: &str, body: Json) -> Said {
    said(world.create(&world.desk.actor, entity, body))
}

#[test]
fn nobody_is_invoiced_or_sent_what_another_ordered() {
    on_both(|world| {
        let (lamp, blue, red, order) = begun(world);
        let line = text(&world.get("sales_order", &order)["lines"][0]["id"]);
        let lines = json!([{ "product": lamp, "qty": "3", "order_line": line }]);
        let of = |day: &str, customer: &str, order: Option<&str>, lines: &Json| {
            let mut body = json!({ "customer": customer, "sales_order": order, "lines": lines });
            body[day] = json!(world.day(0));
            body
        };
        for (entity, day) in [("invoice", "issued_on"), ("delivery", "shipped_on")] {
            let no = refused(world, entity, of(day, &red, Some(&order), &lines));
            assert_eq!((no.code, no.field.as_str()), ("other_customer", "customer"), "{entity}");
            let other = world.confirmed(&blue, &lamp, "1");
            let no = refused(world, entity, of(day, &blue, Some(&other), &lines));
            assert_eq!((no.kind, no.field.as_str()), (kernel::ProblemKind::Invalid, "lines.order_line"), "{entity}");
        }
        assert_eq!(refused(world, "invoice", of("issued_on", &red, None, &lines)).code, "other_customer");
        // A branch and its head office are one customer to the law.
        let branch = world.customer_with("BLUE2", json!({ "parent": blue }));
        world.desk.create("invoice", of("issued_on", &branch, Some(&order), &lines)).unwrap();

        let (_, _, invoice) = world.sale(&blue, &lamp, "2");
        let note = json!({ "kind": "credit_note", "customer": red, "credits": invoice, "issued_on": world.day(0),
            "lines": [{ "product": lamp, "qty": "1" }] });
        assert_eq!(told(&refused(world, "invoice", note)), ("other_customer", "customer", None));
        world.verified("nobody else's");
    });
}

#[test]
fn goods_of_a_named_order_are_found_in_it_and_leave_once() {
    on_both(|world| {
        let (lamp, blue, _, order) = begun(world);
        let lines = json!([{ "product": lamp, "qty": "3" }]);
        let delivery = |lines: &Json| json!({ "customer": blue, "sales_order": order, "shipped_on": world.day(0), "lines": lines });
        let shipped = world.desk.create("delivery", delivery(&lines)).unwrap();
        world.act("delivery", &shipped, "ship");
        assert_eq!(text(&world.get("sales_order", &order)["delivery_state"]), "full");
        assert_eq!(told(&refused(world, "delivery", delivery(&lines))), ("not_on_order", "lines.product", Some(0)));
        let freight = json!({ "code": "FREIGHT", "name": "Freight", "kind": "service", "unit": world.piece,
            "sales_price": "5", "sales_tax": world.tax });
        let freight = world.desk.create("product", freight).unwrap();
        let bulb = world.product("BULB", "average", "1");
        let invoice =
            |lines: Json| json!({ "customer": blue, "sales_order": order, "issued_on": world.day(0), "lines": lines });
        let both = json!([{ "product": lamp, "qty": "3" }, { "product": freight, "qty": "1" }]);
        let posted = world.desk.create("invoice", invoice(both)).unwrap();
        world.act("invoice", &posted, "post");
        assert_eq!(text(&world.get("sales_order", &order)["invoice_state"]), "full");
        assert_eq!(world.number("select sum(amount) from exposure where kind <> 'invoiced'", &[]), 0);
        for product in [&lamp, &bulb] {
            let strange = json!([{ "product": freight, "qty": "1" }, { "product": product, "qty": "1" }]);
            let no = refused(world, "invoice", invoice(strange));
            assert_eq!(told(&no), ("not_on_order", "lines.product", Some(1)));
        }
        world.verified("once");
    });
}

#[test]
fn a_credit_note_gives_back_what_its_invoice_was_and_not_more() {
    on_both(|world| {
        let (lamp, blue, _, _) = begun(world);
        let bulb = world.product("BULB", "average", "1");
        let (_, _, invoice) = world.sale(&blue, &lamp, "5");
        let note = |lines: Json| json!({ "kind": "credit_note", "customer": blue, "credits": invoice, "issued_on": world.day(0), "lines": lines });
        let line = text(&world.get("invoice", &invoice)["lines"][0]["id"]);
        let no = |lines: Json| refused(world, "invoice", note(lines));
        assert_eq!(told(&no(json!([{ "product": bulb, "qty": "1" }]))), ("not_on_invoice", "lines.product", Some(0)));
        let dear = json!([{ "product": lamp, "qty": "5", "price": "99999", "credited_line": line }]);
        assert_eq!(told(&no(dear)), ("above_price", "lines.price", Some(0)));
        let many = world.desk.create("invoice", note(json!([{ "product": lamp, "qty": "9999" }]))).unwrap();
        assert_eq!(told(&world.refused("invoice", &many, "post")), ("more_than_invoiced", "lines.qty", Some(0)));

        // Without a word of the line, its price or its tax, all three are those of the invoice.
        let some = world.desk.create("invoice", note(json!([{ "product": lamp, "qty": "2" }]))).unwrap();
        world.act("invoice", &some, "post");
        assert_eq!(text(&world.get("invoice", &some)["total"]), "24.00");
        assert_eq!(text(&world.get("invoice", &invoice)["lines"][0]["credited_qty"]), "2");
        // At less than it cost: that is an allowance on the goods that are credited by it.
        let cheap = world.desk.create("invoice", note(json!([{ "product": lamp, "qty": "3", "price": "4" }]))).unwrap();
        world.act("invoice", &cheap, "post");
        assert_eq!(told(&no(json!([{ "product": lamp, "qty": "1" }]))), ("not_on_invoice", "lines.product", Some(0)));
        // An allowance that is of no invoice stays possible.
        let free = json!({ "kind": "credit_note", "customer": blue, "issued_on": world.day(0),
            "lines": [{ "product": lamp, "qty": "1", "price": "3" }] });
        let free = world.desk.create("invoice", free).unwrap();
        world.act("invoice", &free, "post");
        world.verified("given back");
    });
}
