//! What journal entries and advances leave open is paid, set off and given up like an invoice.

use crate::common::{self, World, no_in_row, on_both, said, text};
use kernel::ProblemKind::{Conflict, Invalid};
use serde_json::{Value as Json, json};

/// The open items of a document, the oldest first.
fn items(world: &World, entity: &str, doc: &str) -> Vec<String> {
    let id = common::raw(&world.engine, entity, doc);
    let sql = "select id from open_item where doc_entity = ?1 and doc_id = ?2 order by id";
    let rows = world.engine.database().read(|conn| Ok(conn.query(sql, &[entity.into(), id.into()])?)).unwrap();
    rows.iter().map(|row| kernel::id_text("oi", row.int(0))).collect()
}

fn open(world: &World, item: &str) -> String {
    text(&world.get("open_item", item)["open_amount"])
}

/// What customers owe or will owe, invoiced, as credit sees it.
fn exposure(world: &World) -> i64 {
    world.number("select coalesce(sum(amount), 0) from exposure where kind = 'invoiced'", &[])
}

fn account(world: &World, used_for: &str) -> String {
    app::setup::account(&world.engine, world.company, used_for).unwrap()
}

/// A posted entry of lines `(used for, side, amount, more)`.
fn entry(world: &World, lines: &[(&str, &str, &str, Json)]) -> String {
    let lines = lines.iter().map(|(used_for, side, amount, more)| {
        let mut line = json!({ "account": account(world, used_for), *side: amount });
        common::merge(&mut line, more.clone());
        line
    });
    let body = json!({ "posted_on": world.day(-20), "journal": "opening", "lines": lines.collect::<Vec<_>>() });
    let id = world.desk.create("journal_entry", body).unwrap();
    world.act("journal_entry", &id, "post");
    id
}

fn pay(world: &World, direction: &str, party: &str, amount: &str, lines: Json) -> String {
    let body = json!({ "direction": direction, "party": party, "paid_on": world.day(0), "currency": "EUR",
        "amount": amount, "lines": lines });
    let id = world.desk.create("payment", body).unwrap();
    world.act("payment", &id, "post");
    id
}

#[test]
fn an_opening_balance_is_paid_in_parts_and_the_rest_given_up() {
    on_both(|world| {
        let (blue, red) = (world.customer("BLUE", "EUR"), world.customer("RED", "EUR"));
        let owed = entry(
            world,
            &[
                ("receivable", "debit", "1000.00", json!({ "party": blue })),
                ("opening", "credit", "1000.00", json!({})),
            ],
        );
        let item = items(world, "journal_entry", &owed).remove(0);
        assert_eq!(exposure(world), 100_000);
        world.verified("an opening balance");
        // A part of it by a payment that names nothing else.
        let paid = pay(world, "in", &blue, "400.00", json!([{ "item": item }]));
        assert_eq!((open(world, &item), exposure(world)), ("600.00".to_owned(), 60_000));
        world.verified("a part was paid");
        // Others' items, more than is open, both names at once or none.
        let refused = |party: &str, amount: &str, lines: Json| {
            let body = json!({ "direction": "in", "party": party, "paid_on": world.day(0), "currency": "EUR",
                "amount": amount, "lines": lines });
            said(world.create(&world.desk.actor, "payment", body))
        };
        let told = refused(&red, "10.00", json!([{ "item": item }]));
        assert_eq!(told, no_in_row(Invalid, "other_party", "lines.invoice", 0));
        let told = refused(&blue, "700.00", json!([{ "item": item, "amount": "700.00" }]));
        assert_eq!(told, no_in_row(Conflict, "more_than_open", "lines.invoice_amount", 0));
        let told = refused(&blue, "10.00", json!([{ "amount": "10.00" }]));
        assert_eq!(told, no_in_row(Invalid, "one_target", "lines.invoice", 0));
        let told = refused(&blue, "10.00", json!([{ "item": item }, { "item": item }]));
        assert_eq!(told, no_in_row(Invalid, "twice", "lines.invoice", 1));
        // An advance pays a part, and what is lost is given up by an entry: amount and side follow from the item.
        let advance = pay(world, "in", &blue, "150.00", json!([]));
        world.desk.act("payment", &advance, "allocate", json!({ "item": item })).unwrap();
        assert_eq!(
            (open(world, &item), text(&world.get("payment", &advance)["unallocated"])),
            ("450.00".into(), "0.00".into())
        );
        let lost = json!({ "posted_on": world.day(0), "lines": [
            { "settles": item }, { "account": account(world, "write_off"), "debit": "450.00" } ] });
        let lost = world.desk.create("journal_entry", lost).unwrap();
        let line = world.get("journal_entry", &lost)["lines"][0].clone();
        assert_eq!((text(&line["credit"]), text(&line["party"]["id"])), ("450.00".to_owned(), blue.clone()));
        world.act("journal_entry", &lost, "post");
        assert_eq!((open(world, &item), exposure(world)), ("0.00".to_owned(), 0));
        world.verified("the rest was given up");
        // All of it is taken back, in another order than it was done.
        world.act("payment", &paid, "release");
        assert_eq!((open(world, &item), exposure(world)), ("400.00".to_owned(), 40_000));
        world.act("payment", &paid, "cancel");
        world.act("journal_entry", &lost, "cancel");
        world.act("payment", &advance, "cancel");
        assert_eq!((open(world, &item), exposure(world)), ("1000.00".to_owned(), 100_000));
        world.act("journal_entry", &owed, "cancel");
        assert_eq!(exposure(world), 0);
        world.verified("all was taken back");
    });
}

#[test]
fn what_we_owe_and_what_we_paid_ahead_clear_each_other() {
    on_both(|world| {
        let red = world.customer_with("RED", json!({ "currency": "EUR", "is_supplier": true }));
        let owed = entry(
            world,
            &[("opening", "debit", "500.00", json!({})), ("payable", "credit", "500.00", json!({ "party": red }))],
        );
        let item = items(world, "journal_entry", &owed).remove(0);
        assert_eq!(exposure(world), 0, "what we owe is nobody's credit");
        // Paid ahead, it is an asset of its own; then it pays what is owed.
        let ahead = pay(world, "out", &red, "200.00", json!([]));
        assert_eq!(world.balances()["1310"], "200.00");
        world.desk.act("payment", &ahead, "allocate", json!({ "item": item })).unwrap();
        assert_eq!((world.balances().get("1310"), open(world, &item)), (None, "-300.00".to_owned()));
        pay(world, "out", &red, "300.00", json!([{ "item": item }]));
        assert_eq!(open(world, &item), "0.00");
        world.verified("a supplier was paid");
    });
}

#[test]
fn an_advance_is_paid_back_and_only_the_rest_can_be_used() {
    on_both(|world| {
        let lamp = world.product("L1", "average", "100");
        world.receive(&world.day(-5), &lamp, "10", "40");
        let blue = world.customer("BLUE", "EUR");
        let advance = pay(world, "in", &blue, "200.00", json!([]));
        let item = items(world, "payment", &advance).remove(0);
        let back = pay(world, "out", &blue, "50.00", json!([{ "item": item }]));
        assert_eq!(text(&world.get("payment", &advance)["unallocated"]), "150.00");
        world.verified("a part was paid back");
        let (.., invoice) = world.sale(&blue, &lamp, "1");
        world.desk.act("payment", &advance, "allocate", json!({ "invoice": invoice })).unwrap();
        assert_eq!(text(&world.get("payment", &advance)["unallocated"]), "30.00");
        world.act("payment", &advance, "release");
        assert_eq!(text(&world.get("payment", &advance)["unallocated"]), "150.00");
        assert_eq!(text(&world.get("invoice", &invoice)["payment_state"]), "none");
        world.verified("the rest was released");
        world.act("payment", &back, "cancel");
        assert_eq!(text(&world.get("payment", &advance)["unallocated"]), "200.00");
        world.verified("the refund was cancelled");
    });
}

#[test]
fn two_advances_are_put_together_and_taken_apart_again() {
    on_both(|world| {
        let blue = world.customer("BLUE", "EUR");
        let first = pay(world, "in", &blue, "100.00", json!([]));
        let item = items(world, "payment", &first).remove(0);
        // The second takes over what the first left: nothing of the first is left.
        let second = pay(world, "in", &blue, "50.00", json!([{ "item": item }]));
        let left = |payment: &str| text(&world.get("payment", payment)["unallocated"]);
        assert_eq!((left(&first), left(&second)), ("0.00".to_owned(), "150.00".to_owned()));
        world.verified("put together");
        let both = items(world, "payment", &second).remove(0);
        let back = pay(world, "out", &blue, "120.00", json!([{ "item": both }]));
        assert_eq!(world.refused("payment", &second, "release").code, "used_up");
        world.act("payment", &back, "cancel");
        world.act("payment", &second, "release");
        assert_eq!((left(&first), left(&second)), ("100.00".to_owned(), "50.00".to_owned()));
        world.verified("taken apart");
    });
}

#[test]
fn an_entry_pays_an_invoice_and_says_so_on_it_and_its_order() {
    on_both(|world| {
        let lamp = world.product("L1", "average", "100");
        world.receive(&world.day(-5), &lamp, "10", "40");
        let customer = world.customer("BLUE", "USD");
        let (order, _, invoice) = world.sale(&customer, &lamp, "1");
        let before = exposure(world);
        assert!(0 < before);
        let item = items(world, "invoice", &invoice).remove(0);
        let kept = world.get("open_item", &item);
        let entry = |more: Json| {
            let mut line = json!({ "settles": item });
            common::merge(&mut line, more);
            let other = json!({ "account": account(world, "write_off"), "debit": kept["open_amount"] });
            json!({ "posted_on": world.day(0), "lines": [line, other] })
        };
        // In its own currency it is worth what the books say, no other amount.
        let wrong =
            entry(json!({ "currency": "USD", "currency_amount": kept["open_currency_amount"], "credit": "1.00" }));
        let told = said(world.create(&world.desk.actor, "journal_entry", wrong));
        assert_eq!(told, no_in_row(Invalid, "not_its_rate", "lines.debit", 0));
        let wrong = entry(json!({ "debit": "1.00", "currency": "USD", "currency_amount": "1.00" }));
        let told = said(world.create(&world.desk.actor, "journal_entry", wrong));
        assert_eq!(told, no_in_row(Conflict, "more_than_open", "lines.settles", 0));
        let wrong = entry(json!({ "account": account(world, "payable") }));
        let told = said(world.create(&world.desk.actor, "journal_entry", wrong));
        assert_eq!(told, no_in_row(Invalid, "other_item", "lines.settles", 0));
        let lost = world.desk.create("journal_entry", entry(json!({}))).unwrap();
        world.act("journal_entry", &lost, "post");
        assert_eq!(text(&world.get("invoice", &invoice)["payment_state"]), "full");
        assert_eq!(text(&world.get("sales_order", &order)["payment_state"]), "full");
        assert_eq!(exposure(world), 0);
        world.verified("an entry settled an invoice");
        world.act("journal_entry", &lost, "cancel");
        assert_eq!(text(&world.get("invoice", &invoice)["payment_state"]), "none");
        assert_eq!(text(&world.get("sales_order", &order)["payment_state"]), "none");
        assert_eq!(exposure(world), before);
        world.verified("and gave it back");
    });
}

#[test]
fn credit_is_that_of_the_legal_entity_however_deep_its_branches_are() {
    on_both(|world| {
        let head = world.customer_with("HEAD", json!({ "currency": "EUR", "credit_limit": "1000.00" }));
        let region = world.customer_with("REGION", json!({ "parent": head }));
        let shop = world.customer_with("SHOP", json!({ "parent": region }));
        let owed = |party: &str| {
            let lines = [
                ("receivable", "debit", "400.00", json!({ "party": party })),
                ("opening", "credit", "400.00", json!({})),
            ];
            entry(world, &lines)
        };
        owed(&shop);
        owed(&region);
        let head_id = common::raw(&world.engine, "party", &head);
        let sql = "select coalesce(sum(amount), 0) from exposure where party = ?1";
        assert_eq!(world.number(sql, &[head_id.into()]), 80_000);
        // The shop's order is held against what the whole entity owes.
        let lamp = world.product("L1", "average", "100");
        world.receive(&world.day(-5), &lamp, "10", "40");
        let within = world.order(&shop, &lamp, "1");
        world.act("sales_order", &within, "confirm");
        let beyond = world.order(&shop, &lamp, "2");
        assert_eq!(world.refused("sales_order", &beyond, "confirm").code, "over_limit");
    });
}
