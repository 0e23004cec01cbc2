//! Credit notes that give back money only, and what stays owed, to be invoiced and to be credited after them.

use crate::common::{World, no, on_both, raw, said, text};
use kernel::ProblemKind::{Invalid, NotNow};
use serde_json::{Value as Json, json};

/// What the customers owe or will owe: as ordered, delivered, invoiced.
fn exposure(world: &World) -> [i64; 3] {
    ["ordered", "delivered", "invoiced"]
        .map(|kind| world.number("select sum(amount) from exposure where kind = ?1", &[kind.into()]))
}

/// What the order book says of all orders: to be delivered, to be invoiced.
fn book(world: &World) -> (String, String) {
    let report = world.report("order_book", &[]);
    let cells = &report["rows"].as_array().unwrap().last().unwrap()["cells"];
    (text(&cells["to_deliver"]), text(&cells["to_invoice"]))
}

/// A lamp that costs 113 with its tax, and enough of it.
fn lamp(world: &World) -> String {
    let tax = json!({ "code": "T13", "name": "Sales tax 13 %", "kind": "percent", "rate": "0.13" });
    let tax = world.desk.create("tax", tax).unwrap();
    let lamp = world.product_with("LAMP", "average", "100", json!({ "sales_tax": tax }));
    world.receive(&world.day(0), &lamp, "50", "60");
    lamp
}

fn note(world: &World, invoice: &str, qty: Option<&str>) -> String {
    let note = world.made_of("invoice", ("invoice", invoice), qty, json!({ "issued_on": world.day(0) }));
    world.act("invoice", &note, "post");
    note
}

fn invoiced(world: &World, order: &str, qty: &str) -> String {
    let body = json!({ "issued_on": world.day(0) });
    let invoice = world.made_of("invoice", ("sales_order", order), Some(qty), body);
    world.act("invoice", &invoice, "post");
    invoice
}

#[test]
fn money_given_back_for_goods_that_stay_is_still_at_risk() {
    on_both(|world| {
        let lamp = lamp(world);
        let company = kernel::id_text("co", world.company);
        world.desk.change("company", &company, json!({ "credit_check": "block" })).unwrap();
        let customer = world.customer_with("BLUE", json!({ "credit_limit": "400" }));
        let (first, _, invoice) = world.sale(&customer, &lamp, "3");
        assert_eq!(exposure(world), [0, 0, 33_900]);
        let back = note(world, &invoice, None);
        assert_eq!(exposure(world), [0, 33_900, 0], "the goods are with the customer");
        assert_eq!(book(world), ("0.00".into(), "339.00".into()));
        world.verified("the credit note");
        let second = world.order(&customer, &lamp, "3");
        assert_eq!(world.refused("sales_order", &second, "confirm").code, "over_limit");
        // Taken back, it is owed as it was; given back again, it is invoiced again.
        world.act("invoice", &back, "cancel");
        assert_eq!(exposure(world), [0, 0, 33_900]);
        note(world, &invoice, None);
        world.invoiced(&first, json!({}));
        assert_eq!((exposure(world), world.owed(&[])), ([0, 0, 33_900], "339.00".into()));
        world.verified("invoiced again");
    });
}

#[test]
fn the_order_book_tells_what_is_left_after_money_was_given_back() {
    on_both(|world| {
        let lamp = lamp(world);
        let order = world.confirmed(&world.customer("BLUE", "EUR"), &lamp, "9");
        world.shipped(&order, Some("6"));
        let invoice = invoiced(world, &order, "3");
        note(world, &invoice, Some("1"));
        note(world, &invoice, Some("1"));
        assert_eq!(exposure(world), [33_900, 56_500, 11_300]);
        assert_eq!(book(world), ("339.00".into(), "904.00".into()), "eight are not invoiced");
        // A delivery that never left is taken back without a trace.
        let draft = world.made_of("delivery", ("sales_order", &order), None, json!({ "shipped_on": world.day(0) }));
        world.act("delivery", &draft, "cancel");
        assert_eq!(exposure(world), [33_900, 56_500, 11_300]);
        invoiced(world, &order, "5");
        assert_eq!(exposure(world), [33_900, 0, 67_800]);
        assert_eq!(book(world), ("339.00".into(), "339.00".into()), "three are neither delivered nor invoiced");
        world.verified("six delivered and invoiced");
    });
}

#[test]
fn what_is_invoiced_ahead_and_taken_back_in_another_order_commits_what_is_left() {
    on_both(|world| {
        let lamp = lamp(world);
        let order = world.confirmed(&world.customer("BLUE", "EUR"), &lamp, "9");
        world.shipped(&order, Some("6"));
        let line = &world.get("sales_order", &order)["lines"][0]["id"];
        let body = json!({ "kind": "invoice", "customer": world.get("sales_order", &order)["customer"]["id"],
            "sales_order": order, "issued_on": world.day(0), "lines": [{ "order_line": line, "product": lamp, "qty": "8" }] });
        let ahead = world.desk.create("invoice", body).unwrap();
        world.act("invoice", &ahead, "post");
        assert_eq!(exposure(world), [11_300, 0, 90_400]);
        let back = note(world, &ahead, Some("3"));
        assert_eq!(exposure(world), [33_900, 11_300, 56_500]);
        let rest = world.shipped(&order, None);
        assert_eq!(exposure(world), [0, 45_200, 56_500]);
        world.act("invoice", &back, "cancel");
        assert_eq!(exposure(world), [0, 11_300, 90_400]);
        let body = json!({ "received_on": world.day(0) });
        let came = world.made_of("sales_return", ("delivery", &rest), Some("2"), body);
        world.act("sales_return", &came, "receive");
        assert_eq!(exposure(world), [0, 0, 90_400], "what came back is not owed as delivered");
        world.verified("some came back");
        world.act("sales_return", &came, "cancel");
        assert_eq!(exposure(world), [0, 11_300, 90_400]);
        world.verified("and went out again");
    });
}

#[test]
fn goods_delivered_without_an_order_are_owed_once() {
    on_both(|world| {
        let lamp = lamp(world);
        let body = json!({ "customer": world.customer("BLUE", "EUR"), "shipped_on": world.day(0),
            "lines": [{ "product": lamp, "qty": "3" }] });
        let delivery = world.desk.create("delivery", body).unwrap();
        world.act("delivery", &delivery, "ship");
        assert_eq!(exposure(world), [0, 33_900, 0]);
        let body = json!({ "issued_on": world.day(0) });
        let invoice = world.made_of("invoice", ("delivery", &delivery), None, body);
        world.act("invoice", &invoice, "post");
        assert_eq!(exposure(world), [0, 0, 33_900]);
        note(world, &invoice, Some("1"));
        assert_eq!(exposure(world), [0, 11_300, 22_600]);
        world.verified("one is to be invoiced again");
    });
}

#[test]
fn an_order_of_which_all_came_back_waits_for_no_invoice() {
    on_both(|world| {
        let lamp = lamp(world);
        let order = world.confirmed(&world.customer("BLUE", "EUR"), &lamp, "2");
        let delivery = world.shipped(&order, None);
        let body = json!({ "received_on": world.day(0) });
        let came = world.made_of("sales_return", ("delivery", &delivery), None, body);
        world.act("sales_return", &came, "receive");
        assert_eq!(world.get("sales_order", &order)["invoice_state"], "nothing");
        assert_eq!(world.report("order_book", &[])["rows"].as_array().unwrap().len(), 1, "only the total");
        world.verified("all came back");
    });
}

#[test]
fn a_released_payment_is_cancelled_after_its_invoice_was_paid_otherwise() {
    on_both(|world| {
        let lamp = lamp(world);
        let (_, _, invoice) = world.sale(&world.customer("BLUE", "EUR"), &lamp, "1");
        let first = world.paid(&invoice, json!({}));
        world.act("payment", &first, "release");
        let second = world.paid(&invoice, json!({}));
        world.act("payment", &first, "cancel");
        assert_eq!(world.get("invoice", &invoice)["open_amount"], "0.00");
        assert_eq!((world.owed(&[]), world.balances()["1020"].as_str()), ("0.00".into(), "113.00"));
        world.verified("the first is cancelled");
        world.act("payment", &second, "cancel");
        assert_eq!(world.owed(&[]), "113.00");
        // An advance that pays, and is cancelled with what it paid.
        let third = world.paid(&invoice, json!({}));
        world.act("payment", &third, "release");
        world.desk.act("payment", &third, "allocate", json!({ "invoice": invoice })).unwrap();
        world.act("payment", &third, "cancel");
        assert_eq!(world.get("invoice", &invoice)["open_amount"], "113.00");
        world.verified("the third is cancelled");
    });
}

#[test]
fn an_advance_in_another_currency_says_what_it_can_pay() {
    on_both(|world| {
        let lamp = lamp(world);
        let (_, _, invoice) = world.sale(&world.customer("BLUE", "EUR"), &lamp, "1");
        let paid = world.paid(&invoice, json!({ "currency": "USD", "amount": "200", "lines": [] }));
        let told = world.try_act(&world.desk.actor, "payment", &paid, "allocate", json!({ "invoice": invoice }));
        assert_eq!(said(told), no(Invalid, "not_in_its_currency", "invoice"));
    });
}

#[test]
fn a_delivery_or_return_is_made_only_where_something_is_left_of_it() {
    on_both(|world| {
        let lamp = lamp(world);
        let customer = world.customer("BLUE", "EUR");
        let service = world.product_with("S", "average", "10", json!({ "kind": "service" }));
        let made = |entity: &str, (source, id): (&str, &str)| {
            let from = (source, raw(&world.engine, source, id));
            said(world.engine.new_from(&world.desk.actor, entity, Some(from)))
        };
        let nothing = |order: &str| {
            assert_eq!(made("delivery", ("sales_order", order)), no(NotNow, "nothing_to_make", ""), "{order}");
        };
        let order = world.order(&customer, &lamp, "1");
        nothing(&order);
        nothing(&world.confirmed(&customer, &service, "1"));
        world.act("sales_order", &order, "confirm");
        let draft = world.made_of("delivery", ("sales_order", &order), None, json!({ "shipped_on": world.day(0) }));
        assert_eq!(made("sales_return", ("delivery", &draft)), no(NotNow, "not_shipped", "delivery"));
        world.act("delivery", &draft, "ship");
        nothing(&order);
        let came = world.made_of("sales_return", ("delivery", &draft), None, json!({ "received_on": world.day(0) }));
        world.act("sales_return", &came, "receive");
        assert_eq!(made("sales_return", ("delivery", &draft)), no(NotNow, "nothing_to_make", ""));
    });
}

#[test]
fn the_last_credit_note_of_coins_leaves_nothing_open() {
    on_both(|world| {
        let body = json!({ "name": "coins", "coin": "0.05", "method": "half_up", "strategy": "extra_line" });
        let coins = world.desk.create("cash_rounding", body).unwrap();
        let lamp = lamp(world);
        let line: Json = json!([{ "product": lamp, "qty": "3", "price": "3.33" }]);
        let body = json!({ "kind": "invoice", "customer": world.customer("BLUE", "EUR"), "issued_on": world.day(0),
            "cash_rounding": coins, "lines": line });
        let invoice = world.desk.create("invoice", body).unwrap();
        world.act("invoice", &invoice, "post");
        assert_eq!(world.get("invoice", &invoice)["total"], "11.30");
        for (total, open) in [("3.75", "7.55"), ("3.75", "3.80"), ("3.80", "0.00")] {
            let back = note(world, &invoice, Some("1"));
            assert_eq!(
                (&world.get("invoice", &back)["total"], &world.get("invoice", &invoice)["open_amount"]),
                (&json!(total), &json!(open))
            );
        }
        assert_eq!(world.owed(&[]), "0.00");
        world.verified("all is given back");
    });
}

#[test]
fn what_an_earlier_version_gave_back_with_the_money_is_committed_once_more() {
    on_both(|world| {
        let lamp = lamp(world);
        app::seeds::catch_up(&world.engine).unwrap();
        let customer = world.customer("BLUE", "EUR");
        let (order, _, invoice) = world.sale(&customer, &lamp, "3");
        let back = note(world, &invoice, Some("2"));
        let body =
            json!({ "customer": customer, "shipped_on": world.day(0), "lines": [{ "product": lamp, "qty": "1" }] });
        let delivery = world.desk.create("delivery", body).unwrap();
        world.act("delivery", &delivery, "ship");
        let body = json!({ "issued_on": world.day(0) });
        let alone = world.made_of("invoice", ("delivery", &delivery), None, body);
        world.act("invoice", &alone, "post");
        let right = exposure(world);
        assert_eq!(right, [0, 22_600, 22_600]);
        // Invoices and credit notes took nothing from, and gave nothing back to, what was delivered.
        let ids = [("invoice", &back), ("invoice", &alone)].map(|(entity, id)| raw(&world.engine, entity, id));
        let forget = move |conn: &dyn store::Conn| {
            let lines = format!("doc_entity = 'invoice' and kind = 'delivered' and doc_id in ({}, {})", ids[0], ids[1]);
            let sum = format!("(select sum(amount) from commitment where {lines})");
            conn.execute(&format!("update exposure set amount = amount - {sum} where kind = 'delivered'"), &[])?;
            conn.execute(&format!("delete from commitment where {lines}"), &[])?;
            conn.execute("update seeds set digest = ''", &[])?;
            Ok(())
        };
        world.engine.database().write(forget).unwrap();
        assert_eq!(exposure(world), [0, 11_300, 22_600], "as it was");
        assert!(!world.engine.verify(&|_| {}).unwrap().broken.is_empty(), "the law sees it");
        assert_eq!(app::seeds::catch_up(&world.engine).unwrap().unwrap().commitments, 2);
        assert_eq!(exposure(world), right);
        world.verified("counted once more");
        world.invoiced(&order, json!({}));
        assert_eq!(exposure(world), [0, 0, 45_200]);
        world.verified("and invoiced again");
    });
}
