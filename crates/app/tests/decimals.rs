//! Amounts are the numbers that were typed, in the currency their record has: JPY has no decimals, KWD three.

use crate::common::{World, map, no, on_both, said};
use kernel::ProblemKind::Invalid;
use serde_json::{Value as Json, json};

fn rates(world: &World) {
    for (currency, rate) in [("JPY", "0.006"), ("KWD", "3")] {
        let rate = json!({ "currency": currency, "valid_on": world.day(0), "rate": rate });
        world.desk.create("currency_rate", rate).unwrap();
    }
}

fn payment(world: &World, party: &str, more: Json) -> Json {
    let mut body = json!({ "direction": "in", "party": party, "paid_on": world.day(0), "account": world.bank });
    crate::common::merge(&mut body, more);
    body
}

fn service(world: &World) -> String {
    world.product_with("S", "average", "100000", json!({ "kind": "service", "sales_tax": null }))
}

fn billed(world: &World, customer: &str, price: &str) -> String {
    let lines = json!([{ "product": service(world), "qty": "1", "price": price }]);
    let body = json!({ "customer": customer, "issued_on": world.day(0), "lines": lines });
    let invoice = world.desk.create("invoice", body).unwrap();
    world.act("invoice", &invoice, "post");
    invoice
}

#[test]
fn money_without_a_currency_is_in_the_one_it_will_have() {
    on_both(|world| {
        rates(world);
        for (currency, typed) in [("JPY", "5000"), ("KWD", "50.125")] {
            let party = world.customer(currency, currency);
            let body = payment(world, &party, json!({ "amount": typed }));
            let preview = world.engine.preview(&world.desk.actor, "payment", &map(body.clone())).unwrap();
            let shown = |record: &Json| (record["amount"].clone(), record["currency"].clone());
            assert_eq!(shown(&preview["record"]), (json!(typed), json!(currency)));
            let paid = world.desk.create("payment", body).unwrap();
            assert_eq!(shown(&world.get("payment", &paid)), (json!(typed), json!(currency)));
            world.act("payment", &paid, "post");
        }
        let party = world.customer("YEN", "JPY");
        let whole =
            said(world.create(&world.desk.actor, "payment", payment(world, &party, json!({ "amount": "10.5" }))));
        assert_eq!(whole, no(Invalid, "too_many_decimals", "amount"));
        world.verified("money without a currency");
    });
}

#[test]
fn what_a_line_pays_is_in_the_currency_of_its_invoice() {
    on_both(|world| {
        rates(world);
        let party = world.customer("JPY", "JPY");
        let invoice = billed(world, &party, "1130");
        let line = |pays: &str| json!({ "currency": "EUR", "amount": "6.78", "lines": [{ "invoice": invoice, "invoice_amount": pays }] });
        let paid = world.desk.create("payment", payment(world, &party, line("1130"))).unwrap();
        assert_eq!(world.get("payment", &paid)["lines"][0]["invoice_amount"], "1130");
        world.act("payment", &paid, "post");
        assert_eq!(world.get("invoice", &invoice)["open_amount"], "0");
        world.verified("an invoice in JPY, paid in EUR");
    });
}

#[test]
fn what_is_taken_off_is_in_the_currency_of_the_customer() {
    on_both(|world| {
        rates(world);
        let (party, product) = (world.customer("JPY", "JPY"), service(world));
        for (entity, day) in [("invoice", "issued_on"), ("sales_order", "ordered_on"), ("quotation", "quoted_on")] {
            let lines = json!([{ "product": product, "qty": "1", "price": "100000" }]);
            let body = json!({ "customer": party, day: world.day(0), "discount_amount": "100", "lines": lines });
            let made = world.desk.create(entity, body).unwrap();
            let record = world.get(entity, &made);
            assert_eq!((&record["discount_amount"], &record["net"]), (&json!("100"), &json!("99900")), "{entity}");
        }
    });
}

#[test]
fn another_currency_leaves_the_number_as_it_is() {
    on_both(|world| {
        rates(world);
        let party = world.customer("BLUE", "EUR");
        let draft =
            |amount: &str| world.desk.create("payment", payment(world, &party, json!({ "amount": amount }))).unwrap();
        let hundred = draft("100.00");
        world.desk.change("payment", &hundred, json!({ "currency": "JPY" })).unwrap();
        assert_eq!(world.get("payment", &hundred)["amount"], "100");
        world.desk.change("payment", &hundred, json!({ "currency": "KWD" })).unwrap();
        assert_eq!(world.get("payment", &hundred)["amount"], "100.000");
        let odd = draft("100.50");
        let refused = said(world.change(&world.desk.actor, "payment", &odd, json!({ "currency": "JPY" })));
        assert_eq!(refused, no(Invalid, "too_many_decimals", "amount"));
        assert_eq!(world.get("payment", &odd)["amount"], "100.50");
        let coin =
            world.desk.create("cash_rounding", json!({ "name": "coins", "coin": "5", "currency": "JPY" })).unwrap();
        world.desk.change("cash_rounding", &coin, json!({ "currency": "EUR" })).unwrap();
        assert_eq!(world.get("cash_rounding", &coin)["coin"], "5.00");
        // An invoice in our currency, paid in one of other decimals: what its lines use is told anew.
        let invoice = billed(world, &party, "113");
        let paying = json!({ "amount": "113", "lines": [{ "invoice": invoice }] });
        let paying = world.desk.create("payment", payment(world, &party, paying)).unwrap();
        world.desk.change("payment", &paying, json!({ "currency": "JPY" })).unwrap();
        let record = world.get("payment", &paying);
        assert_eq!(record["lines"][0]["invoice_amount"], "113.00");
        assert_eq!(record["amount"], "18833");
    });
}
