//! Figures that are told in several places agree on any day, and slips of the keys do not get past them.

use crate::common::{self, World, merge, no, on_both, said, text};
use kernel::ProblemKind::{Conflict, Invalid, TooMuch};
use meta::{Aggregate, Filter, Group, ListQuery};
use serde_json::{Value as Json, json};

/// What the books say of all accounts of a use at the end of a day, in cents.
fn books(world: &World, used_for: &str, on: &str) -> i64 {
    let sql = "select coalesce(sum(l.amount), 0) from entry_line l join account a on a.id = l.account
        where a.used_for = ?1 and l.posted_on <= ?2 and l.company = ?3";
    world.number(sql, &[used_for.into(), on.into(), world.company.into()])
}

fn cents(text: &str) -> i64 {
    text.replace('.', "").parse().unwrap()
}

/// The total of a report of what is owed.
fn owed(world: &World, report: &str, params: &[(&str, &str)]) -> i64 {
    let told = world.report(report, params);
    cents(told["rows"].as_array().unwrap().last().unwrap()["cells"]["total"].as_str().unwrap())
}

/// A figure of the home page, in cents.
fn figure(world: &World, name: &str) -> i64 {
    let home = world.engine.home(&world.desk.actor).unwrap();
    let found = home["figures"].as_array().unwrap().iter().find(|one| one["name"] == name);
    cents(found.unwrap_or_else(|| panic!("no {name}"))["value"].as_str().unwrap())
}

fn service(world: &World) -> String {
    world.product_with("S1", "average", "10", json!({ "kind": "service" }))
}

fn body(world: &World, day_field: &str, customer: &str, product: &str, more: Json) -> Json {
    let mut body = json!({
        "customer": customer, day_field: world.day(0), "lines": [{ "product": product, "qty": "2000", "price": "1" }],
    });
    merge(&mut body, more);
    body
}

#[test]
fn no_typed_rate_takes_a_document_below_the_credit_limit() {
    on_both(|world| {
        let blue = world.customer_with("BLUE", json!({ "currency": "USD", "credit_limit": "1000.00" }));
        let (service, lamp) = (service(world), world.product("L1", "average", "100"));
        let low = json!({ "currency": "USD", "rate": "0.000001" });
        let meant = json!({ "currency": "USD", "rate": "0.000001", "rate_meant": true });
        for (entity, day) in [
            ("quotation", "quoted_on"),
            ("sales_order", "ordered_on"),
            ("delivery", "shipped_on"),
            ("invoice", "issued_on"),
        ] {
            let product = if entity == "delivery" { &lamp } else { &service };
            let told = said(world.create(&world.desk.actor, entity, body(world, day, &blue, product, low.clone())));
            assert_eq!(told, no(Invalid, "far_rate", "rate_meant"), "{entity}");
            world.desk.create(entity, body(world, day, &blue, product, meant.clone())).unwrap();
        }
        let note = body(world, "issued_on", &blue, &service, json!({ "kind": "credit_note" }));
        let mut note = note;
        merge(&mut note, low.clone());
        assert_eq!(said(world.create(&world.desk.actor, "invoice", note)).code, "far_rate");
        // Even what is agreed counts for what it is worth on the day: 2,000 at 0.9 are more than 1,000.
        let agreed = world.desk.create("sales_order", body(world, "ordered_on", &blue, &service, meant)).unwrap();
        assert_eq!(world.refused("sales_order", &agreed, "confirm").code, "over_limit");
        // A confirmed order does not get such a rate afterwards, either.
        let few = json!({ "currency": "USD", "lines": [{ "product": service, "qty": "100", "price": "1" }] });
        let order = world.desk.create("sales_order", body(world, "ordered_on", &blue, &service, few)).unwrap();
        world.act("sales_order", &order, "confirm");
        let told = said(world.change(&world.desk.actor, "sales_order", &order, json!({ "rate": "0.000001" })));
        assert_eq!(told, no(Invalid, "far_rate", "rate_meant"));
        world.verified("agreed rates");
    });
}

#[test]
fn an_invoice_has_the_rate_of_its_day_unless_one_was_agreed() {
    on_both(|world| {
        let blue = world.customer("BLUE", "USD");
        let service = service(world);
        let order = |more: Json| {
            let id = world.desk.create("sales_order", body(world, "ordered_on", &blue, &service, more)).unwrap();
            world.act("sales_order", &id, "confirm");
            id
        };
        let (plain, agreed) = (order(json!({})), order(json!({ "rate": "0.5", "rate_meant": true })));
        world.days_pass(3);
        let rate = json!({ "currency": "USD", "valid_on": world.day(0), "rate": "0.95" });
        world.desk.create("currency_rate", rate).unwrap();
        let invoice = |order: &str| {
            let id = world.made_of("invoice", ("sales_order", order), Some("1000"), json!({}));
            world.act("invoice", &id, "post");
            id
        };
        let (first, second) = (invoice(&plain), invoice(&agreed));
        let rate = |id: &str| text(&world.get("invoice", id)["rate"]);
        assert_eq!((rate(&first), rate(&second)), ("0.95".to_owned(), "0.5".to_owned()));
        // The same when the lines are typed, not made.
        let typed = |order: &str| {
            let line = world.get("sales_order", order)["lines"][0]["id"].clone();
            let lines = json!([{ "product": service, "qty": "10", "price": "1", "order_line": line }]);
            let more = json!({ "sales_order": order, "lines": lines });
            world.desk.create("invoice", body(world, "issued_on", &blue, &service, more)).unwrap()
        };
        assert_eq!((rate(&typed(&plain)), rate(&typed(&agreed))), ("0.95".to_owned(), "0.5".to_owned()));
        // A credit note gives back at the rate of its invoice, whatever the day says.
        world.days_pass(3);
        let far = json!({ "currency": "USD", "valid_on": world.day(0), "rate": "1.9" });
        world.desk.create("currency_rate", far).unwrap();
        let note = world.made_of("invoice", ("invoice", &first), None, json!({}));
        assert_eq!(rate(&note), "0.95");
        world.act("invoice", &note, "post");
        world.verified("rates of invoices");
    });
}

#[test]
fn what_is_owed_is_the_control_account_on_every_day() {
    on_both(|world| {
        let (blue, red) = (world.customer("BLUE", "EUR"), world.customer("RED", "USD"));
        let service = service(world);
        // Days that come before, on and after each other in every way, past and to come; money comes today at the latest.
        let mut dice = 7_u64;
        let mut roll = |most: u64| {
            dice = dice.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            i32::try_from((dice >> 33) % most).unwrap()
        };
        for index in 0..8 {
            let customer = if index % 3 == 0 { &red } else { &blue };
            let more = json!({ "issued_on": world.day(roll(40) - 20) });
            let mut invoice = body(world, "issued_on", customer, &service, more);
            invoice["lines"][0]["qty"] = json!((roll(50) + 10).to_string());
            let invoice = world.desk.create("invoice", invoice).unwrap();
            world.act("invoice", &invoice, "post");
            if index != 5 {
                let paid = world.paid(&invoice, json!({ "paid_on": world.day((roll(40) - 20).min(0)) }));
                if index == 4 {
                    world.act("payment", &paid, "cancel");
                }
            }
        }
        let known = world.moment();
        for after in -25..25 {
            let on = world.day(after);
            let books = books(world, "receivable", &on);
            assert_eq!(owed(world, "aged_receivables", &[("as_of", &on)]), books, "on {on}");
            assert_eq!(owed(world, "aged_receivables", &[("as_of", &on), ("known_at", &known)]), books, "known, {on}");
        }
        let today = world.day(0);
        assert_eq!(owed(world, "aged_receivables", &[]), books(world, "receivable", &today));
        assert_eq!(figure(world, "receivable"), books(world, "receivable", &today));
        assert_eq!(figure(world, "cash"), books(world, "bank", &today) + books(world, "cash", &today));
        world.verified("days in every order");
    });
}

#[test]
fn what_moves_tomorrow_is_not_there_today() {
    on_both(|world| {
        let lamp = world.product("L1", "average", "100");
        world.receive(&world.day(0), &lamp, "4", "10");
        world.receive(&world.day(9), &lamp, "6", "10");
        let blue = world.customer("BLUE", "EUR");
        let order = world.confirmed(&blue, &lamp, "3");
        let delivery = world.made_of("delivery", ("sales_order", &order), None, json!({ "shipped_on": world.day(2) }));
        world.act("delivery", &delivery, "ship");
        assert_eq!(world.on_hand(&lamp, &[]), "4");
        assert_eq!(world.on_hand(&lamp, &[("as_of", &world.day(2))]), "1");
        assert_eq!(world.on_hand(&lamp, &[("as_of", &world.day(9))]), "7");
        let value = |params: &[(&str, &str)]| {
            let told = world.report("stock_valuation", params);
            cents(told["rows"].as_array().unwrap().last().unwrap()["cells"]["value"].as_str().unwrap())
        };
        let known = world.moment();
        for after in [-1, 0, 1, 2, 8, 9, 30] {
            let on = world.day(after);
            assert_eq!(value(&[("as_of", &on)]), books(world, "stock", &on), "on {on}");
            assert_eq!(value(&[("as_of", &on), ("known_at", &known)]), books(world, "stock", &on), "known, {on}");
        }
        assert_eq!(value(&[]), 4000);
        assert_eq!(figure(world, "stock_value"), 4000);
        let card = world.report("stock_card", &[("product", &lamp)]);
        assert_eq!(text(&card["rows"].as_array().unwrap().last().unwrap()["cells"]["qty_after"]), "4");
    });
}

#[test]
fn an_issue_tells_from_which_receipts_it_took() {
    on_both(|world| {
        let (lamp, pool) = (world.product("L1", "fifo", "30"), world.product("P1", "average", "30"));
        world.receive(&world.day(-10), &lamp, "3", "12");
        let second = world.receive(&world.day(-5), &lamp, "8", "12.5");
        world.receive(&world.day(-5), &pool, "8", "12.5");
        let blue = world.customer("BLUE", "EUR");
        let (_, delivery, _) = world.sale(&blue, &lamp, "5");
        world.sale(&blue, &pool, "5");
        let took = |product: &str, params: &[(&str, &str)]| {
            let mut all = vec![("product", product)];
            all.extend(params);
            let card = world.report("stock_card", &all);
            let rows = card["rows"].as_array().unwrap().iter().filter(|row| row["level"] == 1);
            let cells = ["moved_on", "qty", "unit_cost", "value"];
            let rows = rows.map(|row| cells.map(|cell| text(&row["cells"][cell])).join(" "));
            (rows.collect::<Vec<String>>(), card)
        };
        let (first_day, second_day) = (world.day(-10), world.day(-5));
        let (rows, card) = took(&lamp, &[]);
        assert_eq!(rows, [format!("{first_day} -3 12 -36.00"), format!("{second_day} -2 12.5 -25.00")]);
        let at = card["rows"].as_array().unwrap().iter().rposition(|row| row["level"] == 1).unwrap();
        let row = &card["rows"][at];
        assert_eq!((&row["open"]["entity"], &row["open"]["id"]), (&json!("stock_adjustment"), &json!(second)));
        assert_eq!(row["cells"]["what"]["id"], json!(second), "named by its number");
        assert_eq!(card["rows"][at - 2]["open"]["id"], json!(delivery));
        assert_eq!(took(&pool, &[]).0.len(), 0);
        let (known, at_first) = (world.moment(), rows.clone());
        // What is written down later for an earlier day was there to be taken.
        let back_dated = world.receive(&world.day(-20), &lamp, "1", "10");
        let (rows, card) = took(&lamp, &[]);
        let early = world.day(-20);
        let expected = [
            format!("{early} -1 10 -10.00"),
            format!("{first_day} -3 12 -36.00"),
            format!("{second_day} -1 12.5 -12.50"),
        ];
        assert_eq!(rows, expected);
        assert_eq!(card["notes"].as_array().unwrap().len(), 1, "{card}");
        // Whatever day the card begins with, and as it was known before that and before it was taken back.
        let today = world.day(0);
        assert_eq!(took(&lamp, &[("from", &today)]).0, rows);
        let then =
            |at: &str| [took(&lamp, &[("known_at", at)]).0, took(&lamp, &[("known_at", at), ("from", &today)]).0];
        assert_eq!(then(&known), [at_first.clone(), at_first.clone()]);
        let back = world.moment();
        world.act("stock_adjustment", &back_dated, "cancel");
        assert_eq!(took(&lamp, &[("from", &today)]).0[..2], at_first[..]);
        assert_eq!((then(&back), then(&known)), ([rows.clone(), rows], [at_first.clone(), at_first]));
        world.verified("layers that were taken");
    });
}

#[test]
fn goods_in_stock_keep_their_account_and_what_has_moved_its_method() {
    on_both(|world| {
        let lamp = world.product("L1", "average", "100");
        let account = json!({ "code": "1801", "name": "Lamps", "kind": "asset", "used_for": "none" });
        let account = world.desk.create("account", account).unwrap();
        let category = |name: &str, more: Json| {
            let mut body = json!({ "name": name, "cost_method": "average" });
            merge(&mut body, more);
            world.desk.create("product_category", body).unwrap()
        };
        let (same, elsewhere) =
            (category("Same", json!({})), category("Elsewhere", json!({ "stock_account": account })));
        let fifo = category("Fifo", json!({ "cost_method": "fifo" }));
        let change = |to: &str| world.change(&world.desk.actor, "product", &lamp, json!({ "category": to }));
        change(&fifo).unwrap();
        change(&same).unwrap();
        let receipt = world.receive(&world.day(0), &lamp, "10", "10");
        assert_eq!(said(change(&elsewhere)), no(Conflict, "stock_in_account", "category"));
        assert_eq!(said(change(&fifo)), no(Conflict, "method_stays", "category"));
        let told = said(world.change(&world.desk.actor, "product_category", &same, json!({ "cost_method": "fifo" })));
        assert_eq!(told, no(Conflict, "method_stays", "cost_method"));
        world.act("stock_adjustment", &receipt, "cancel");
        assert_eq!(said(change(&fifo)).code, "method_stays", "its history is valued by it");
        change(&elsewhere).unwrap();
        world.receive(&world.day(0), &lamp, "10", "10");
        assert_eq!((world.balances()["1801"].as_str(), said(change(&same)).code), ("100.00", "stock_in_account"));
        world.verified("a product that was moved");
    });
}

#[test]
fn a_unit_that_documents_speak_of_stays_what_it_is() {
    on_both(|world| {
        let lamp = world.product("L1", "average", "100");
        world.receive(&world.day(0), &lamp, "100", "10");
        let unit = json!({ "name": "carton", "category": "count", "numerator": 12, "denominator": 1 });
        let unit = world.desk.create("unit", unit).unwrap();
        let change = |to: i64| world.change(&world.desk.actor, "unit", &unit, json!({ "numerator": to }));
        change(10).unwrap();
        change(12).unwrap();
        let lines = json!([{ "product": lamp, "qty": "2", "unit": unit }]);
        let order = json!({ "customer": world.customer("BLUE", "EUR"), "ordered_on": world.day(0), "lines": lines });
        let order = world.desk.create("sales_order", order).unwrap();
        world.act("sales_order", &order, "confirm");
        world.shipped(&order, Some("1"));
        assert_eq!(said(change(10)), no(Conflict, "in_use", "numerator"));
        world.change(&world.desk.actor, "unit", &unit, json!({ "name": "box" })).unwrap();
        world.shipped(&order, None);
        assert_eq!(world.on_hand(&lamp, &[]), "76");
    });
}

#[test]
fn a_bad_debt_is_given_up_without_money() {
    on_both(|world| {
        let blue = world.customer("BLUE", "USD");
        let service = service(world);
        let more = json!({ "lines": [{ "product": service, "qty": "10", "price": "10" }] });
        let invoice = world.desk.create("invoice", body(world, "issued_on", &blue, &service, more)).unwrap();
        world.act("invoice", &invoice, "post");
        let open = text(&world.get("invoice", &invoice)["open_amount"]);
        let given_up = |lines: Json| json!({ "direction": "in", "party": blue, "paid_on": world.day(0), "currency": "USD", "amount": "0", "lines": lines });
        let nothing = said(world.create(&world.desk.actor, "payment", given_up(json!([{ "invoice": invoice }]))));
        assert_eq!(nothing, no(Invalid, "no_amount", "amount"));
        let lost = json!([{ "invoice": invoice, "write_off": open }]);
        let lost = world.desk.create("payment", given_up(lost)).unwrap();
        world.act("payment", &lost, "post");
        let shown = world.get("invoice", &invoice);
        assert_eq!((text(&shown["open_amount"]), text(&shown["payment_state"])), ("0.00".into(), "full".to_owned()));
        let owed = books(world, "write_off", &world.day(0));
        assert_eq!((books(world, "receivable", &world.day(0)), books(world, "bank", &world.day(0))), (0, 0));
        assert_eq!(owed, cents(&open) * 9 / 10);
        world.verified("a bad debt");
        world.act("payment", &lost, "release");
        assert_eq!(text(&world.get("invoice", &invoice)["open_amount"]), open);
        world.verified("it is owed again");
        world.act("payment", &lost, "cancel");
        world.verified("and nothing was given up");
    });
}

#[test]
fn nothing_is_posted_more_than_a_year_ahead() {
    on_both(|world| {
        let blue = world.customer("BLUE", "EUR");
        let service = service(world);
        let invoice = |after: i32| {
            let more = json!({ "issued_on": world.day(after) });
            world.desk.create("invoice", body(world, "issued_on", &blue, &service, more)).unwrap()
        };
        assert_eq!(world.refused("invoice", &invoice(367), "post").code, "day_far_ahead");
        let ahead = invoice(366);
        world.act("invoice", &ahead, "post");
        // What is used of a payment is something.
        let advance =
            json!({ "direction": "in", "party": blue, "paid_on": world.day(0), "currency": "EUR", "amount": "5" });
        let advance = world.desk.create("payment", advance).unwrap();
        world.act("payment", &advance, "post");
        for amount in ["0", "-1"] {
            let body = json!({ "invoice": ahead, "amount": amount });
            let told = said(world.try_act(&world.desk.actor, "payment", &advance, "allocate", body));
            assert_eq!(told, no(Invalid, "uses_nothing", "amount"));
        }
        let body = json!({ "invoice": ahead, "amount": "9" });
        assert_ne!(said(world.try_act(&world.desk.actor, "payment", &advance, "allocate", body)).kind, TooMuch);
    });
}

#[test]
fn verify_finds_documents_that_say_something_else_than_what_they_posted() {
    on_both(|world| {
        let blue = world.customer("BLUE", "EUR");
        let lamp = world.product("LAMP", "average", "10");
        world.receive(&world.day(-2), &lamp, "20", "4");
        let (order, delivery, invoice) = world.sale(&blue, &lamp, "5");
        let payment = world.paid(&invoice, json!({}));
        world.verified("a sale");
        let back = world.made_of("sales_return", ("delivery", &delivery), Some("1"), json!({}));
        world.act("sales_return", &back, "receive");
        world.verified("a return");
        let write = |sql: String| world.engine.database().write(move |conn| Ok(conn.execute(&sql, &[])?)).unwrap();
        let found = || -> Vec<&str> {
            let verified = world.engine.verify(&|_| {}).unwrap();
            verified.broken.iter().map(|broken| broken.law).collect()
        };
        let id = |entity: &str, id: &str| common::raw(&world.engine, entity, id);
        let cases = [
            ("invoice", "total", id("invoice", &invoice), "an invoice is what the customer came to owe by it"),
            ("invoice", "open_amount", id("invoice", &invoice), "what an invoice says is open is open in the books"),
            (
                "invoice",
                "tax_amount",
                id("invoice", &invoice),
                "an invoice in the company's currency says the tax that is declared",
            ),
            ("payment", "amount", id("payment", &payment), "a payment is what came to its account, or left it"),
        ];
        for (entity, field, id, law) in cases {
            write(format!("update {entity} set {field} = {field} + 1 where id = {id}"));
            assert!(found().contains(&law), "{entity}.{field} on {}", world.on);
            write(format!("update {entity} set {field} = {field} - 1 where id = {id}"));
        }
        for (entity, law) in [("delivery", "deliveries say what left"), ("sales_return", "returns say what came back")]
        {
            write(format!("update {entity}_line set product_qty = product_qty + 1"));
            assert!(found().contains(&law), "{}", world.on);
            write(format!("update {entity}_line set product_qty = product_qty - 1"));
        }
        for (field, done) in [("delivery", "delivered"), ("invoice", "invoiced"), ("payment", "paid")] {
            let set = |state: &str| write(format!("update sales_order set {field}_state = '{state}'"));
            set("partial");
            let law = format!("an order says how much of it is {done} as its lines do");
            assert!(found().contains(&law.as_str()), "{}", world.on);
            set("full");
        }
        write("update sales_order_line set product_qty = product_qty + 1".to_owned());
        assert!(found().contains(&"an order counts what is delivered in the product's own unit"), "{}", world.on);
        write("update sales_order_line set product_qty = product_qty - 1".to_owned());
        write("update tax_entry set tax_amount = tax_amount + 1".to_owned());
        assert!(found().contains(&"the tax of invoices is what is on the accounts of tax"));
        write("update tax_entry set tax_amount = tax_amount - 1".to_owned());
        assert_eq!(found(), [""; 0]);
        let states = ["delivery_state", "invoice_state", "payment_state"]
            .map(|name| text(&world.get("sales_order", &order)[name]));
        assert_eq!(states, ["full"; 3]);
    });
}

#[test]
fn the_order_book_tells_what_is_still_to_be_done_as_it_was_known() {
    on_both(|world| {
        let lamp = world.product("L1", "average", "30");
        world.receive(&world.day(0), &lamp, "10", "10");
        let customer = world.customer("BLUE", "EUR");
        let order = world.confirmed(&customer, &lamp, "5");
        let (wanted, later) = (world.day(7), world.day(30));
        let ordered = world.moment();
        world.days_pass(1);
        world.shipped(&order, Some("2"));
        let delivered = world.moment();
        // Day, what is still to be delivered and to be invoiced; the state of both.
        let book = |params: &[(&str, &str)]| {
            let report = world.report("order_book", params);
            let rows = report["rows"].as_array().unwrap();
            let cells = &rows[0]["cells"];
            let total = &rows.last().unwrap()["cells"];
            assert_eq!((&total["to_deliver"], &total["to_invoice"]), (&cells["to_deliver"], &cells["to_invoice"]));
            ["wanted_on", "to_deliver", "to_invoice", "delivery_state", "invoice_state"]
                .map(|name| text(&cells[name]))
                .join(" ")
        };
        let is = |wanted: &str, rest: &str| format!("{wanted} {rest}");
        assert_eq!(book(&[]), is(&wanted, "108.00 180.00 partial none"));
        assert_eq!(book(&[("known_at", &ordered)]), is(&wanted, "180.00 180.00 none none"));
        // Fewer are wanted, and later: what was known is as it was.
        let line = world.get("sales_order", &order)["lines"][0]["id"].clone();
        let less = json!({ "wanted_on": later, "lines": [{ "id": line, "qty": "3" }] });
        world.change(&world.desk.actor, "sales_order", &order, less).unwrap();
        let changed = world.moment();
        assert_eq!(book(&[]), is(&later, "36.00 108.00 partial none"));
        assert_eq!(book(&[("known_at", &ordered)]), is(&wanted, "180.00 180.00 none none"));
        assert_eq!(book(&[("known_at", &delivered)]), is(&wanted, "108.00 180.00 partial none"));
        assert_eq!(book(&[("known_at", &delivered), ("until", &wanted)]), is(&wanted, "108.00 180.00 partial none"));
        assert_eq!(world.report("order_book", &[("until", &wanted)])["rows"].as_array().unwrap().len(), 1, "no order");
        world.change(&world.desk.actor, "sales_order", &order, json!({ "wanted_on": world.day(40) })).unwrap();
        assert_eq!(book(&[("known_at", &delivered)]), is(&wanted, "108.00 180.00 partial none"));
        assert_eq!(book(&[("known_at", &changed)]), is(&later, "36.00 108.00 partial none"));
        // All of it is invoiced: one lamp is still to be delivered.
        let lines = json!([{ "product": lamp, "qty": "3", "order_line": line }]);
        let invoice = json!({ "kind": "invoice", "customer": customer, "issued_on": world.day(0), "lines": lines });
        let invoice = world.desk.create("invoice", invoice).unwrap();
        world.act("invoice", &invoice, "post");
        let invoiced = world.moment();
        assert_eq!(book(&[]), is(&world.day(40), "36.00 0.00 partial full"));
        world.days_pass(1);
        world.shipped(&order, None);
        assert_eq!(world.report("order_book", &[])["rows"].as_array().unwrap().len(), 1, "only the total is left");
        assert_eq!(book(&[("known_at", &invoiced)]), is(&world.day(39), "36.00 0.00 partial full"));
        assert_eq!(book(&[("known_at", &delivered)]), is(&wanted, "108.00 180.00 partial none"));
        world.verified("the order book");
    });
}

#[test]
fn goods_invoiced_ahead_are_told_at_the_price_that_was_known() {
    on_both(|world| {
        let lamp = world.product("L1", "average", "30");
        world.receive(&world.day(0), &lamp, "10", "10");
        let customer = world.customer("BLUE", "EUR");
        let order = world.confirmed(&customer, &lamp, "10");
        let line = world.get("sales_order", &order)["lines"][0]["id"].clone();
        let invoiced = |qty: &str| {
            let lines = json!([{ "product": lamp, "qty": qty, "order_line": line }]);
            let invoice = json!({ "kind": "invoice", "customer": customer, "issued_on": world.day(0), "lines": lines });
            let invoice = world.desk.create("invoice", invoice).unwrap();
            world.act("invoice", &invoice, "post");
            world.moment()
        };
        let changed = |change: Json| {
            let mut one = json!({ "id": line });
            merge(&mut one, change);
            world.change(&world.desk.actor, "sales_order", &order, json!({ "lines": [one] })).unwrap();
        };
        let book = |params: &[(&str, &str)]| {
            let cells = world.report("order_book", params)["rows"][0]["cells"].clone();
            ["to_deliver", "to_invoice"].map(|name| text(&cells[name])).join(" ")
        };
        let some = invoiced("7");
        assert_eq!(book(&[]), "360.00 108.00");
        changed(json!({ "qty": "12" }));
        let more = world.moment();
        changed(json!({ "price": "60" }));
        assert_eq!(book(&[]), "864.00 360.00");
        assert_eq!(book(&[("known_at", &more)]), "432.00 180.00");
        assert_eq!(book(&[("known_at", &some)]), "360.00 108.00");
        assert_eq!(book(&[("known_at", &world.moment())]), "864.00 360.00");
        world.verified("goods invoiced ahead");
    });
}

#[test]
fn money_of_several_currencies_is_never_one_sum() {
    on_both(|world| {
        let service = service(world);
        for (code, currency, prices) in [("BLUE", "EUR", &["10", "20"][..]), ("RED", "USD", &["5"])] {
            let customer = world.customer(code, currency);
            for price in prices {
                let lines = json!([{ "product": service, "qty": "1", "price": price }]);
                world.desk.create("sales_order", json!({ "customer": customer, "lines": lines })).unwrap();
            }
        }
        let list = |entity: &str, group: &[&str], sums: &[&str]| {
            let sums = sums.iter().map(|field| Aggregate::Sum((*field).to_owned()));
            let query = ListQuery {
                group: group.iter().map(|field| Group { field: (*field).to_owned(), part: None }).collect(),
                aggregates: sums.chain([Aggregate::Max("net".to_owned())]).collect(),
                ..ListQuery::default()
            };
            world.engine.list(&world.desk.actor, entity, &query).unwrap()["groups"].clone()
        };
        let orders = list("sales_order", &[], &["net", "total_base"]);
        let all = &orders[0];
        assert_eq!((&all["count"], &all["sum"]["net"], &all["max"]["net"]), (&json!(3), &Json::Null, &Json::Null));
        assert!(all["sum"]["total_base"].is_string(), "the company's own currency is one: {all}");
        let apart = json!([
            { "currency": "EUR", "sum": { "net": "30.00" }, "max": { "net": "20.00" } },
            { "currency": "USD", "sum": { "net": "5.00" }, "max": { "net": "5.00" } },
        ]);
        assert_eq!(all["by_currency"], apart);
        // Each customer has one currency; lines have that of their order.
        let customers = list("sales_order", &["customer"], &["net"]);
        let nets: Vec<&Json> = customers.as_array().unwrap().iter().map(|group| &group["sum"]["net"]).collect();
        assert_eq!(nets, [&json!("30.00"), &json!("5.00")]);
        assert_eq!(customers[1]["by_currency"][0]["currency"], "USD");
        let currencies = list("sales_order", &["currency"], &["net"]);
        assert_eq!((&currencies[0]["sum"]["net"], currencies[0].get("by_currency")), (&json!("30.00"), None));
        let lines = list("sales_order_line", &[], &["net"]);
        assert_eq!((&lines[0]["sum"]["net"], &lines[0]["by_currency"]), (&Json::Null, &apart));
    });
}

#[test]
fn what_is_given_back_is_taken_off_every_sum() {
    on_both(|world| {
        let service = service(world);
        let blue = world.customer("BLUE", "EUR");
        let invoice = |kind: &str, qty: &str| {
            let lines = json!([{ "product": service, "qty": qty, "price": "10" }]);
            let body = json!({ "kind": kind, "customer": blue, "issued_on": world.day(0), "lines": lines });
            let id = world.desk.create("invoice", body).unwrap();
            world.act("invoice", &id, "post");
            id
        };
        let sold = invoice("invoice", "5");
        let back = invoice("credit_note", "2");
        let total = |entity: &str, group: &str, field: &str| {
            let groups = group.split(',').filter(|name| !name.is_empty());
            let query = ListQuery {
                group: groups.map(|field| Group { field: field.to_owned(), part: None }).collect(),
                aggregates: vec![Aggregate::Sum(field.to_owned())],
                ..ListQuery::default()
            };
            let told = world.engine.list(&world.desk.actor, entity, &query).unwrap()["groups"].clone();
            let told = told.as_array().unwrap().iter().map(|group| text(&group["sum"][field]));
            told.collect::<Vec<_>>().join(" ")
        };
        // 60.00 less 24.00, with 20 % of tax; beside the sums in company currency, which have signs.
        assert_eq!(total("invoice", "", "total"), "36.00");
        assert_eq!(total("invoice", "customer", "total"), total("invoice", "customer", "total_base"));
        assert_eq!(total("invoice", "kind", "total"), "-24.00 60.00");
        assert_eq!((total("invoice", "", "net"), total("invoice", "", "tax_amount")), ("30.00".into(), "6.00".into()));
        let lines = (total("invoice_line", "", "qty"), total("invoice_line", "parent.customer", "net"));
        assert_eq!(lines, ("3".into(), "30.00".into()));
        world.paid(&sold, json!({}));
        world.paid(&back, json!({}));
        assert_eq!(total("payment", "", "amount"), "36.00");
        assert_eq!(total("payment", "direction", "amount"), "60.00 -24.00");
    });
}

#[test]
fn rows_have_their_lines_when_asked_and_rows_of_the_books_name_their_document() {
    on_both(|world| {
        let lamp = world.product("L1", "average", "30");
        world.receive(&world.day(0), &lamp, "10", "10");
        let (order, delivery, invoice) = world.sale(&world.customer("BLUE", "EUR"), &lamp, "2");
        let list = |entity: &str, fields: &str, filter: Json| {
            let query = ListQuery {
                fields: fields.split(',').filter(|name| !name.is_empty()).map(str::to_owned).collect(),
                filter: Filter::parse(&filter).unwrap(),
                ..ListQuery::default()
            };
            world.engine.list(&world.desk.actor, entity, &query).unwrap()["rows"].clone()
        };
        let line = world.get("sales_order", &order)["lines"][0].clone();
        let rows = list("sales_order", "number,lines", json!(["id", "=", order]));
        assert_eq!(rows[0]["lines"], json!([line]), "whole, as the record has it");
        assert!(rows[0]["number"].is_string() && rows[0].get("customer").is_none());
        assert!(list("sales_order", "", json!(["id", "=", order]))[0].get("lines").is_none());
        let number = |entity: &str, id: &str| world.get(entity, id)["number"].clone();
        // The books name what wrote them, and can be asked by it.
        let entries = list("entry", "", json!(["doc_id", "=", invoice]));
        let of = json!({ "id": invoice, "label": number("invoice", &invoice), "entity": "invoice" });
        assert_eq!((entries.as_array().unwrap().len(), &entries[0]["doc_id"]), (1, &of));
        let moves = list("stock_move", "doc_id,doc_line", json!(["doc_entity", "=", "delivery"]));
        assert_eq!(moves[0]["doc_id"]["id"], json!(delivery));
        let sent = world.get("delivery", &delivery)["lines"][0]["id"].clone();
        assert_eq!((&moves[0]["doc_line"]["id"], &moves[0]["doc_line"]["entity"]), (&sent, &json!("delivery_line")));
        // What an order has promised is of its line, whatever document fulfilled it.
        let promises = list("promise", "doc_id,doc_line", json!(["doc_line", "=", line["id"]]));
        assert!(promises.as_array().unwrap().iter().all(|one| one["doc_line"]["id"] == line["id"]), "{promises}");
        assert!(promises.as_array().unwrap().iter().any(|one| one["doc_id"]["id"] == json!(delivery)), "{promises}");
        let parts = list("entry_line", "entry.doc_id", json!(["entry.doc_id", "=", invoice]));
        assert!(parts.as_array().unwrap().iter().all(|one| one["entry.doc_id"] == of), "{parts}");
    });
}

/// The hints of a document being typed: how each looks and what it says.
fn hints(world: &World, entity: &str, body: Json) -> Vec<String> {
    let typed = world.engine.preview(&world.desk.actor, entity, &common::map(body)).unwrap();
    let hints = typed["hints"].as_array().unwrap().iter();
    hints.map(|hint| format!("{} {}", text(&hint["tone"]), text(&hint["text"]))).collect()
}

#[test]
fn money_that_an_account_does_not_hold_and_a_rate_of_long_ago_are_told_while_typing() {
    on_both(|world| {
        let (blue, red) = (world.customer("BLUE", "EUR"), world.customer("RED", "USD"));
        let pay = |amount: &str, day: i32| {
            let (on, account) = (world.day(day), world.bank.clone());
            let body =
                json!({ "direction": "out", "party": blue, "paid_on": on, "account": account, "amount": amount });
            hints(world, "payment", body)
        };
        let cash = |day: i32, amount: &str| {
            let body = json!({
                "direction": "in", "party": blue, "paid_on": world.day(day), "account": world.bank, "amount": amount,
            });
            let id = world.desk.create("payment", body).unwrap();
            world.act("payment", &id, "post");
        };
        cash(-40, "100.00");
        cash(-1, "30.00");
        assert_eq!(pay("130.00", 0), Vec::<String>::new());
        let told = pay("130.01", 0);
        let on = world.day(0);
        let held = format!("warn The account holds 130.00 EUR on {on}; this payment leaves it at -0.01 EUR. ");
        assert_eq!(told.len(), 1, "{told:?}");
        assert!(told[0].starts_with(&held), "{told:?}");
        assert!(pay("130.00", -2)[0].contains("holds 100.00 EUR"), "what came in later does not count");
        // It stops nobody.
        let body = json!({
            "direction": "out", "party": blue, "paid_on": world.day(0), "account": world.bank, "amount": "500.00",
        });
        let id = world.desk.create("payment", body).unwrap();
        world.act("payment", &id, "post");

        let service = service(world);
        let rate = json!({ "currency": "USD", "valid_on": world.day(0), "rate": "0.9" });
        world.desk.create("currency_rate", rate).unwrap();
        let since = world.day(0);
        let typed = || hints(world, "invoice", body_of(world, &red, &service));
        world.days_pass(31);
        assert_eq!(typed(), Vec::<String>::new());
        world.days_pass(1);
        let told = typed();
        assert!(told[0].starts_with(&format!("info The rate of USD used is that of {since}.")), "{told:?}");
        let money = json!({
            "direction": "in", "party": red, "paid_on": world.day(0), "account": world.bank, "currency": "USD", "amount": "5",
        });
        assert!(hints(world, "payment", money)[0].contains(&since), "payments, too");
        world.verified("hints");
    });
}

/// An invoice of today, being typed.
fn body_of(world: &World, customer: &str, service: &str) -> Json {
    let lines = json!([{ "product": service, "qty": "1", "price": "10" }]);
    json!({ "kind": "invoice", "customer": customer, "issued_on": world.day(0), "lines": lines })
}
