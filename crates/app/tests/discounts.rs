//! A discount on a whole document, from the offer to the credit note.

use crate::common::{self, World, no, on_both, said, text};
use kernel::ProblemKind::{Invalid, NotNow, TooMuch};
use serde_json::{Value as Json, json};

fn cents(json: &Json) -> i64 {
    kernel::parse_decimal(json.as_str().unwrap(), 2).unwrap()
}

/// An order of three things, 10 % and 7.77 less.
fn ordered(world: &World, customer: &str) -> String {
    let lines: Vec<Json> = [("A", "7", "3.33"), ("B", "3", "19.99"), ("C", "11", "0.07")]
        .into_iter()
        .map(|(code, qty, price)| {
            let product = world.product_with(code, "average", "10", json!({ "unit": world.unit("kg") }));
            world.receive(&world.day(-3), &product, "20", "1");
            json!({ "product": product, "qty": qty, "price": price })
        })
        .collect();
    let body = json!({
        "customer": customer, "quoted_on": world.day(0), "valid_until": world.day(30), "lines": lines,
        "discount_rate": "0.1", "discount_amount": "7.77",
    });
    let quotation = world.desk.create("quotation", body).unwrap();
    let accepted = world.act("quotation", &quotation, "accept");
    let order = text(&accepted["posted"]["created"][0]["id"]);
    world.act("sales_order", &order, "confirm");
    order
}

#[test]
fn the_parts_of_an_order_bear_together_what_was_agreed_and_give_it_back() {
    on_both(|world| {
        let customer = world.customer("BLUE", "EUR");
        let order = ordered(world, &customer);
        let agreed = world.get("sales_order", &order);
        // 23.31 + 59.97 + 0.77 = 84.05: a tenth is 8.41, and 7.77.
        assert_eq!((&agreed["discount_total"], &agreed["net"]), (&json!("16.18"), &json!("67.87")));
        let shares = agreed["lines"].as_array().unwrap().iter().map(|line| cents(&line["discount_share"]));
        assert_eq!(shares.sum::<i64>(), 1618);
        let mut invoices = Vec::new();
        for part in ["1", "1.5", ""] {
            let mut body = Json::Object(world.desk.prefilled("delivery", ("sales_order", &order)).unwrap());
            body["shipped_on"] = json!(world.day(0));
            for line in body["lines"].as_array_mut().unwrap().iter_mut().filter(|_| !part.is_empty()) {
                line["qty"] = json!(part);
            }
            let delivery = world.desk.create("delivery", body).unwrap();
            world.act("delivery", &delivery, "ship");
            invoices.push(world.invoiced(&order, json!({})));
            world.verified("an invoice of a part");
        }
        let sum = |field: &str, of: &[String]| of.iter().map(|id| cents(&world.get("invoice", id)[field])).sum::<i64>();
        assert_eq!(sum("discount_total", &invoices), 1618);
        // The quantities are thirds of cents apart, the discount is not.
        assert!((sum("net", &invoices) - 6787).abs() <= 3);
        let exposure = world.number("select sum(amount) from exposure", &[]);
        assert_eq!(exposure, sum("total", &invoices), "nothing stays committed");
        assert_eq!(world.get("sales_order", &order)["invoice_state"], "full");

        // The last is given back in two parts, the others whole.
        let mut notes = Vec::new();
        for (at, parts) in [(0, 1), (1, 1), (2, 2)] {
            for part in 0..parts {
                let mut body = Json::Object(world.desk.prefilled("invoice", ("invoice", &invoices[at])).unwrap());
                body["issued_on"] = json!(world.day(0));
                if part + 1 < parts {
                    body["lines"][0]["qty"] = json!("1.3");
                }
                let note = world.desk.create("invoice", body).unwrap();
                world.act("invoice", &note, "post");
                notes.push(note);
            }
        }
        assert_eq!(sum("discount_total", &notes), 1618, "what was let off is given back as well");
        world.verified("the credit notes");
        let used = world.number("select sum(invoiced_discount) from sales_order_line", &[]);
        assert_eq!(used, 0, "the order can be invoiced again");
    });
}

#[test]
fn an_order_that_is_changed_on_the_way_is_invoiced_to_what_is_agreed_last() {
    on_both(|world| {
        let customer = world.customer("BLUE", "EUR");
        let service = world.product_with("S", "average", "10", json!({ "kind": "service" }));
        let body = json!({
            "customer": customer, "ordered_on": world.day(0), "discount_amount": "10",
            "lines": [{ "product": service, "qty": "3", "price": "33.33" }],
        });
        let order = world.desk.create("sales_order", body).unwrap();
        world.act("sales_order", &order, "confirm");
        let part = |qty| {
            let id = world.made_of("invoice", ("sales_order", &order), qty, json!({ "issued_on": world.day(0) }));
            (world.get("invoice", &id)["discount_total"].clone(), id)
        };
        let (discount, first) = part(Some("1"));
        assert_eq!(discount, "3.33");
        let (discount, second) = part(Some("1"));
        assert_eq!(discount, "3.33");
        world.act("invoice", &first, "post");
        // Saved when the first was not posted: a cent of what is left is another now.
        let stale = said(world.desk.engine.act(
            &world.desk.actor,
            "invoice",
            common::raw(&world.engine, "invoice", &second),
            "post",
            None,
            &common::map(json!({})),
            None,
        ));
        assert_eq!(stale, common::no_in_row(NotNow, "other_discount", "lines.discount_share", 0));
        world.desk.change("invoice", &second, json!({ "note": "again" })).unwrap();
        world.act("invoice", &second, "post");
        world.desk.change("sales_order", &order, json!({ "discount_amount": "20" })).unwrap();
        let (discount, third) = part(None);
        assert_eq!(discount, "13.33");
        world.act("invoice", &third, "post");
        world.verified("the last invoice");
    });
}

#[test]
fn what_cannot_be_taken_off_is_told_with_what_helps() {
    on_both(|world| {
        let customer = world.customer("BLUE", "EUR");
        let service = world.product_with("S", "average", "10", json!({ "kind": "service" }));
        let sale = |more: Json| {
            let mut body = json!({
                "customer": customer, "ordered_on": world.day(0), "lines": [{ "product": service, "qty": "1", "price": "50" }],
            });
            common::merge(&mut body, more);
            said(world.create(&world.desk.actor, "sales_order", body))
        };
        assert_eq!(sale(json!({ "discount_rate": "1.1" })), no(Invalid, "strange_rate", "discount_rate"));
        assert_eq!(sale(json!({ "discount_amount": "-1" })), no(Invalid, "below_zero", "discount_amount"));
        assert_eq!(sale(json!({ "discount_amount": "50.01" })), no(TooMuch, "more_than_lines", "discount_amount"));
        let body = json!({
            "customer": customer, "ordered_on": world.day(0), "lines": [{ "product": service, "qty": "1", "price": "50" }],
        });
        let order = world.desk.create("sales_order", body).unwrap();
        world.act("sales_order", &order, "confirm");
        let mut invoice = Json::Object(world.desk.prefilled("invoice", ("sales_order", &order)).unwrap());
        invoice["discount_rate"] = json!("0.1");
        let told = said(world.create(&world.desk.actor, "invoice", invoice));
        assert_eq!(told, no(Invalid, "nobody_bears", "discount_amount"));
    });
}
