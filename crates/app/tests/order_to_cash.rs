//! From the first offer to the last payment, with every figure checked on the way.

use crate::common::{self, World, book, map, merge, no, no_in_row, on_both, raw, said, text};
use kernel::ProblemKind::{Invalid, NotNow};
use serde_json::{Value as Json, json};

#[test]
fn a_quotation_whose_order_was_cancelled_is_reopened_and_sold_again() {
    on_both(|world| {
        let product = world.product("LAMP", "average", "5.00");
        let body = json!({ "customer": world.customer("BLUE", "EUR"), "lines": [{ "product": product, "qty": "1" }] });
        let quotation = world.desk.create("quotation", body).unwrap();
        let accept = || text(&world.act("quotation", &quotation, "accept")["posted"]["created"][0]["id"]);
        let order = accept();
        world.act("sales_order", &order, "confirm");
        assert_eq!(world.refused("quotation", &quotation, "reopen"), no(NotNow, "has_order", "stage"));
        world.act("sales_order", &order, "cancel");
        world.act("quotation", &quotation, "reopen");
        assert_eq!(world.get("quotation", &quotation)["stage"], "draft", "no longer won");
        let again = accept();
        assert_ne!(order, again);
        assert_eq!(world.refused("quotation", &quotation, "reopen"), no(NotNow, "has_order", "stage"));
        world.verified("sold again");
    });
}

#[test]
fn a_sale_is_offered_ordered_delivered_in_halves_invoiced_paid_and_partly_given_back() {
    on_both(|world| {
        let lamp = world.product("L1", "fifo", "30");
        world.receive(&world.day(-10), &lamp, "4", "10");
        world.receive(&world.day(-5), &lamp, "8", "12");
        world.verified("the receipts");
        assert_eq!(world.balances(), book(&[("1400", "136.00"), ("2050", "-136.00")]));
        let customer = world.customer("BLUE", "USD");

        let quote = json!({
            "customer": customer, "quoted_on": world.day(0), "valid_until": world.day(30),
            "lines": [{ "product": lamp, "qty": "10", "price": "30" }],
        });
        let quotation = world.desk.create("quotation", quote).unwrap();
        let shown = world.get("quotation", &quotation);
        assert_eq!(
            (&shown["net"], &shown["tax_amount"], &shown["total"]),
            (&json!("300.00"), &json!("60.00"), &json!("360.00"))
        );
        assert_eq!((&shown["currency"], &shown["rate"]), (&json!("USD"), &json!("0.9")));
        let accepted = world.act("quotation", &quotation, "accept");
        let order = text(&accepted["posted"]["created"][0]["id"]);
        world.act("sales_order", &order, "confirm");
        world.verified("the order");
        assert_eq!(world.balances().len(), 2, "an order moves no money");
        let report = world.report("stock_on_hand", &[]);
        let cells = &report["rows"][0]["cells"];
        assert_eq!((&cells["on_hand"], &cells["reserved"], &cells["free"]), (&json!("12"), &json!("10"), &json!("2")));

        // Half of it leaves: 4 at 10 and 1 at 12.
        let first = world.shipped(&order, Some("5"));
        world.verified("the first delivery");
        assert_eq!(world.on_hand(&lamp, &[]), "7");
        assert_eq!(world.balances(), book(&[("1400", "84.00"), ("2050", "-136.00"), ("5000", "52.00")]));
        assert_eq!(world.get("sales_order", &order)["delivery_state"], "partial");

        let invoice = world.invoiced(&order, json!({}));
        world.verified("the first invoice");
        let shown = world.get("invoice", &invoice);
        assert_eq!(
            (&shown["total"], &shown["total_base"], &shown["open_amount"]),
            (&json!("180.00"), &json!("162.00"), &json!("180.00"))
        );
        // The margin goes by what a piece costs now: 12 of what is left.
        assert_eq!(shown["margin"], "75.00");
        assert_eq!(
            world.balances(),
            book(&[
                ("1200", "162.00"),
                ("1400", "84.00"),
                ("2050", "-136.00"),
                ("2200", "-27.00"),
                ("4000", "-135.00"),
                ("5000", "52.00")
            ])
        );
        assert_eq!(world.owed(&[]), "162.00");

        // Half of the invoice is paid in EUR: 81.90 for 90 USD that stand at 81.00.
        world.days_pass(3);
        let paid = json!({
            "currency": "EUR", "amount": "81.90",
            "lines": [{ "invoice": invoice, "amount": "81.90", "invoice_amount": "90.00" }],
        });
        let payment = world.paid(&invoice, paid);
        world.verified("the first payment");
        let shown = world.get("invoice", &invoice);
        assert_eq!((&shown["open_amount"], &shown["payment_state"]), (&json!("90.00"), &json!("partial")));
        let now = world.balances();
        assert_eq!((now["1020"].as_str(), now["1200"].as_str()), ("81.90", "81.00"));
        assert_eq!(exchange(world), "-0.90");
        assert_eq!(world.owed(&[]), "81.00");

        // The rest leaves at 12 each and is invoiced.
        let second = world.shipped(&order, None);
        let rest = world.invoiced(&order, json!({}));
        world.verified("the rest");
        let shown = world.get("sales_order", &order);
        assert_eq!(
            (&shown["delivery_state"], &shown["invoice_state"], &shown["payment_state"]),
            (&json!("full"), &json!("full"), &json!("partial"))
        );
        assert_eq!(world.on_hand(&lamp, &[]), "2");
        let now = world.balances();
        assert_eq!((now["1400"].as_str(), now["5000"].as_str(), now["1200"].as_str()), ("24.00", "112.00", "243.00"));

        // One piece comes back at what it left with, and is credited.
        let back =
            world.made_of("sales_return", ("delivery", &second), Some("1"), json!({ "received_on": world.day(0) }));
        world.act("sales_return", &back, "receive");
        world.verified("the return");
        assert_eq!(world.on_hand(&lamp, &[]), "3");
        let note = world.made_of("invoice", ("invoice", &rest), Some("1"), json!({ "issued_on": world.day(0) }));
        world.act("invoice", &note, "post");
        world.verified("the credit note");
        assert_eq!(
            world.balances(),
            book(&[
                ("1020", "81.90"),
                ("1200", "210.60"),
                ("1400", "36.00"),
                ("2050", "-136.00"),
                ("2200", "-48.60"),
                ("4000", "-243.00"),
                ("5000", "100.00"),
                ("7010", "-0.90"),
            ])
        );
        assert_eq!(world.owed(&[]), "210.60");
        balanced(world);
        whole_chain(world, &quotation, &[&order, &first, &second, &invoice, &payment, &rest, &back, &note]);
        let books = world
            .desk
            .engine
            .books_of(&world.desk.actor, "payment", common::raw(&world.engine, "payment", &payment))
            .unwrap();
        let entry = &books["entries"][0];
        assert_eq!((&entry["posted_on"], entry["lines"].as_array().unwrap().len()), (&json!(world.day(0)), 3));
        let books = world
            .desk
            .engine
            .books_of(&world.desk.actor, "delivery", common::raw(&world.engine, "delivery", &first))
            .unwrap();
        assert_eq!((&books["moves"][0]["qty"], &books["moves"][0]["value"]), (&json!("5"), &json!("-52.00")));
        let read = |entity: &str, id: &Json| {
            let id = common::raw(&world.engine, entity, id.as_str().unwrap());
            world.engine.books_of(&world.desk.actor, entity, id).unwrap()
        };
        // And back from the books: an entry and a move know each other and the document they came from.
        let of_entry = read("entry", &books["entries"][0]["id"]);
        assert_eq!(of_entry["entries"], books["entries"]);
        assert_eq!(of_entry["moves"], books["moves"]);
        assert_eq!((&of_entry["document"]["entity"], &of_entry["document"]["id"]), (&json!("delivery"), &json!(first)));
        let of_move = read("stock_move", &books["moves"][0]["id"]);
        assert_eq!(of_move["moves"], json!([books["moves"][0]]));
        assert_eq!((&of_move["entries"], &of_move["document"]), (&books["entries"], &of_entry["document"]));
        assert_eq!(books["document"], Json::Null, "a document came from itself");
    });
}

/// What was won and lost by exchange.
fn exchange(world: &World) -> String {
    let gain = app::setup::account(&world.engine, world.company, "exchange_gain").unwrap();
    let code = text(&world.get("account", &gain)["code"]);
    world.balances().get(&code).cloned().unwrap_or_default()
}

/// Both sides of the balance sheet are equal, and its profit is the income statement's.
fn balanced(world: &World) {
    let as_of = world.day(0);
    let sheet = world.report("balance_sheet", &[("as_of", &as_of)]);
    let amount = |report: &Json, name: &str| {
        let rows = report["rows"].as_array().unwrap();
        let row =
            rows.iter().find(|row| row["cells"]["account"] == name).unwrap_or_else(|| panic!("no {name} in {report}"));
        text(&row["cells"]["amount"])
    };
    assert_ne!(amount(&sheet, "Total assets"), "0.00");
    assert_eq!(amount(&sheet, "Total assets"), amount(&sheet, "Total liabilities and equity"));
    let check = sheet["rows"].as_array().unwrap().last().unwrap();
    assert_eq!((&check["cells"]["amount"], &check["cells"]["opening"]), (&json!("0.00"), &json!("0.00")));
    let income = world.report("income_statement", &[("as_of", &as_of)]);
    // Nothing else was earned, and the goods were taken over against the equity.
    let earned = kernel::parse_decimal(&amount(&income, "Profit for the period"), 2).unwrap();
    let opening = app::setup::account(&world.engine, world.company, "opening").unwrap();
    let opening = text(&world.get("account", &opening)["code"]);
    let brought = world.balances().get(&opening).map_or(0, |text| kernel::parse_decimal(text, 2).unwrap());
    assert_eq!(kernel::parse_decimal(&amount(&sheet, "Retained earnings"), 2).unwrap(), earned - brought);
    each_line_opens_to_its_accounts(world, &sheet);
    each_line_opens_to_its_accounts(world, &income);
}

/// What a line of a statement says is what the accounts say that it opens to.
fn each_line_opens_to_its_accounts(world: &World, statement: &Json) {
    let mut opened = 0;
    for row in statement["rows"].as_array().unwrap().iter().filter(|row| !row["open"].is_null()) {
        let open = &row["open"];
        let params: Vec<(&str, &str)> = open["params"]
            .as_object()
            .unwrap()
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str().unwrap()))
            .collect();
        let accounts = world.report(open["report"].as_str().unwrap(), &params);
        let last = accounts["rows"].as_array().unwrap().last().unwrap();
        let closing =
            if open["report"] == "trial_balance" { &last["cells"]["closing"] } else { &last["cells"]["balance"] };
        let (closing, said) = (text(closing), text(&row["cells"]["amount"]));
        assert_eq!(closing.trim_start_matches('-'), said.trim_start_matches('-'), "{row}");
        opened += 1;
    }
    assert!(opened > 0, "{statement}");
}

fn whole_chain(world: &World, from: &str, others: &[&String]) {
    let links =
        world.engine.links(&world.desk.actor, "quotation", common::raw(&world.engine, "quotation", from)).unwrap();
    let nodes: Vec<String> = links["nodes"].as_array().unwrap().iter().map(|node| text(&node["id"])).collect();
    for other in others {
        assert!(nodes.contains(other), "{other} is in the chain: {nodes:?}");
    }
    assert!(others.len() <= links["edges"].as_array().unwrap().len());
}

#[test]
fn every_step_can_be_taken_back_and_leaves_the_books_as_they_were() {
    on_both(|world| {
        let lamp = world.product("L1", "average", "30");
        world.receive(&world.day(-10), &lamp, "10", "10");
        let customer = world.customer("BLUE", "USD");
        let order = world.confirmed(&customer, &lamp, "6");
        let start = world.balances();
        let delivery = world.shipped(&order, Some("4"));
        let delivered = world.balances();
        let invoice = world.invoiced(&order, json!({}));
        let invoiced = world.balances();
        world.days_pass(1);
        world
            .desk
            .create("currency_rate", json!({ "currency": "USD", "valid_on": world.day(0), "rate": "0.95" }))
            .unwrap();
        let payment = world.paid(&invoice, json!({}));
        world.verified("the payment");
        assert_eq!(world.get("invoice", &invoice)["payment_state"], "full");

        assert_eq!(world.refused("sales_order", &order, "cancel").kind, NotNow);
        assert_eq!(world.refused("delivery", &delivery, "cancel"), no(NotNow, "invoiced", ""));
        assert_eq!(world.refused("invoice", &invoice, "cancel").kind, NotNow);
        world.act("payment", &payment, "cancel");
        world.verified("the payment was cancelled");
        assert_eq!(world.balances(), invoiced);
        let shown = world.get("invoice", &invoice);
        assert_eq!((&shown["open_amount"], &shown["payment_state"]), (&json!("160.00"), &json!("none")));

        world.act("invoice", &invoice, "cancel");
        world.verified("the invoice was cancelled");
        assert_eq!(world.balances(), delivered);
        assert_eq!(world.get("sales_order", &order)["invoice_state"], "none");
        world.act("delivery", &delivery, "cancel");
        world.verified("the delivery was cancelled");
        assert_eq!(world.balances(), start);
        assert_eq!(
            (world.on_hand(&lamp, &[]).as_str(), &world.get("sales_order", &order)["delivery_state"]),
            ("10", &json!("none"))
        );
        world.act("sales_order", &order, "cancel");
        world.verified("the order was cancelled");
        let report = world.report("stock_on_hand", &[]);
        assert_eq!(report["rows"][0]["cells"]["demand"], "0");
        assert_eq!(
            world.number("select count(*) from entry", &[]),
            7,
            "each step and its mirror stay: nothing is deleted"
        );
    });
}

#[test]
fn a_closed_period_takes_no_document_and_gives_none_back() {
    on_both(|world| {
        let lamp = world.product("L1", "fifo", "30");
        world.receive(&world.day(-40), &lamp, "10", "10");
        let customer = world.customer("BLUE", "EUR");
        let (_, delivery, invoice) = world.sale(&customer, &lamp, "2");
        world.days_pass(5);
        let company = kernel::id_text("co", world.company);
        world.change(&world.desk.actor, "company", &company, json!({ "books_locked_until": world.day(-1) })).unwrap();
        let before = world.counts();
        let order = world.confirmed(&customer, &lamp, "1");
        let late = world.made_of("delivery", ("sales_order", &order), None, json!({ "shipped_on": world.day(-3) }));
        assert_eq!(world.refused("delivery", &late, "ship").field, "shipped_on");
        let entry = json!({
            "posted_on": world.day(-2), "journal": "general",
            "lines": [{ "account": world.bank, "debit": "1.00" }, { "account": world.bank, "credit": "1.00" }],
        });
        let entry = world.desk.create("journal_entry", entry).unwrap();
        let refused = world.refused("journal_entry", &entry, "post");
        assert_eq!((refused.code, refused.field.as_str()), ("period_closed", "posted_on"));
        assert_eq!(world.counts()["entry"], before["entry"]);
        // What is in the closed period is taken back on the day it is taken back.
        world.act("invoice", &invoice, "cancel");
        let mirrored = world.number("select count(*) from entry where posted_on = ?1", &[world.day(0).into()]);
        assert_eq!(mirrored, 1);
        world.act("delivery", &delivery, "cancel");
        world.verified("the cancellations");
    });
}

#[test]
fn a_receipt_that_comes_to_light_late_adds_differences_and_leaves_the_past_alone() {
    on_both(|world| {
        let lamp = world.product("L1", "fifo", "30");
        world.receive(&world.day(-5), &lamp, "10", "12");
        let customer = world.customer("BLUE", "EUR");
        let (_, _, invoice) = world.sale(&customer, &lamp, "6");
        let before = world.balances();
        assert_eq!(before["5000"], "72.00");
        let yesterday = world.day(0);
        let known = world.moment();
        let old_entries = entries(world);
        world.days_pass(1);
        // Four cheaper ones had come before: of the six, four cost 10 and two 12. That is told before it is done.
        let lines = json!([{ "product": lamp, "qty": "4", "unit_cost": "10" }]);
        let body = json!({ "kind": "receipt", "moved_on": world.day(-8), "place": world.place, "lines": lines });
        let late = world.desk.create("stock_adjustment", body).unwrap();
        let shown = world.get("stock_adjustment", &late);
        let id = raw(&world.engine, "stock_adjustment", &late);
        let would =
            |action: &str| world.engine.would_post(&world.desk.actor, "stock_adjustment", id, action, &map(json!({})));
        let told = would("post").unwrap();
        let difference = &told["differences"][0];
        assert_eq!((&difference["value"], &difference["document"]["entity"]), (&json!("8.00"), &json!("delivery")));
        assert_eq!(
            (told["moves"][0]["value"].as_str(), told["differences"].as_array().map(Vec::len)),
            (Some("40.00"), Some(1))
        );
        assert_eq!(world.get("stock_adjustment", &late), shown, "a rehearsal changes nothing");
        assert_eq!((world.balances(), entries(world)), (before.clone(), old_entries.clone()));
        world.verified("a rehearsal");
        world.act("stock_adjustment", &late, "post");
        assert_eq!(said(would("post")).kind, NotNow, "refused like the action");
        world.verified("the late receipt");
        let after = world.balances();
        assert_eq!((after["5000"].as_str(), after["1400"].as_str()), ("64.00", "96.00"));
        assert!(entries(world).starts_with(&old_entries), "earlier entries are untouched");
        // What was known yesterday can be printed again.
        let then = [("as_of", yesterday.as_str()), ("known_at", known.as_str())];
        assert_eq!(world.balances_at(&then), before);
        assert_eq!(world.on_hand(&lamp, &then), "4");
        assert_eq!(world.on_hand(&lamp, &[]), "8");
        world.paid(&invoice, json!({}));
        assert_eq!(world.owed(&[]), "0.00");
        assert_eq!(world.owed(&then), "216.00");
        assert_eq!(world.owed(&[("as_of", &yesterday)]), "216.00");
        world.verified("the payment");
    });
}

fn entries(world: &World) -> Vec<String> {
    let sql =
        "select l.entry, l.line_no, l.account, l.amount, l.posted_on from entry_line l order by l.entry, l.line_no";
    let rows = world.engine.database().read(|conn| Ok(conn.query(sql, &[])?)).unwrap();
    rows.iter().map(|row| format!("{:?}", row.0)).collect()
}

#[test]
fn goods_cost_what_their_method_says() {
    on_both(|world| {
        let customer = world.customer("BLUE", "EUR");
        for (method, more, cost) in [
            ("fifo", json!({}), "20.00"),
            ("average", json!({}), "24.00"),
            ("standard", json!({ "standard_cost": "11" }), "22.00"),
        ] {
            let lamp = world.product_with(method, method, "30", more);
            world.receive(&world.day(-5), &lamp, "2", "10");
            world.receive(&world.day(-4), &lamp, "2", "14");
            let before = cost_of_sales(world);
            world.sale(&customer, &lamp, "2");
            let now = cost_of_sales(world);
            assert_eq!(cents(&now) - cents(&before), cents(cost), "{method}");
            world.verified(method);
        }
    });
}

fn cost_of_sales(world: &World) -> String {
    world.balances().get("5000").cloned().unwrap_or_else(|| "0.00".to_owned())
}

fn cents(text: &str) -> i64 {
    text.replace('.', "").parse().unwrap()
}

#[test]
fn what_a_payment_leaves_over_waits_for_the_next_invoice() {
    on_both(|world| {
        let lamp = world.product("L1", "average", "100");
        world.receive(&world.day(-5), &lamp, "10", "40");
        let customer = world.customer("BLUE", "EUR");
        let body = json!({ "direction": "in", "party": customer, "paid_on": world.day(0), "currency": "EUR", "amount": "200.00" });
        let advance = world.desk.create("payment", body).unwrap();
        world.act("payment", &advance, "post");
        world.verified("the advance");
        assert_eq!(world.balances()["2100"], "-200.00");
        let (.., invoice) = world.sale(&customer, &lamp, "1");
        world.desk.act("payment", &advance, "allocate", json!({ "invoice": invoice })).unwrap();
        world.verified("the allocation");
        let now = world.balances();
        assert_eq!((now["2100"].as_str(), now.get("1200")), ("-80.00", None));
        assert_eq!(world.get("invoice", &invoice)["payment_state"], "full");
        assert_eq!(world.get("payment", &advance)["unallocated"], "80.00");
        world.act("payment", &advance, "cancel");
        world.verified("the advance was cancelled");
        assert_eq!(world.get("invoice", &invoice)["open_amount"], "120.00");
        let mut rest = json!({});
        merge(
            &mut rest,
            json!({ "amount": "119.50", "lines": [{ "invoice": invoice, "amount": "119.50", "invoice_amount": "119.50", "write_off": "0.50" }] }),
        );
        world.paid(&invoice, rest);
        world.verified("the write-off");
        assert_eq!(world.get("invoice", &invoice)["payment_state"], "full");
        assert_eq!(world.owed(&[]), "0.00");
    });
}

#[test]
fn reports_of_a_day_and_of_what_was_known_can_be_printed_again() {
    on_both(|world| {
        let lamp = world.product("L1", "average", "30");
        world.receive(&world.day(0), &lamp, "10", "10");
        let customer = world.customer("BLUE", "EUR");
        let order = world.confirmed(&customer, &lamp, "5");
        let ordered = world.moment();
        let first_day = world.day(0);
        world.days_pass(3);
        let first = world.shipped(&order, Some("2"));
        let delivered = world.moment();
        let invoice = world.made_of("invoice", ("delivery", &first), None, json!({ "issued_on": world.day(0) }));
        world.act("invoice", &invoice, "post");
        let invoiced = (world.moment(), world.day(0));
        world.days_pass(3);
        world.act("invoice", &invoice, "cancel");
        let total = |name: &str, column: &str, params: &[(&str, &str)]| {
            let report = world.report(name, params);
            let rows = report["rows"].as_array().unwrap().clone();
            text(&rows.last().unwrap()["cells"][column])
        };
        let book = |params: &[(&str, &str)]| {
            let report = world.report("order_book", params);
            let cells = report["rows"][0]["cells"].clone();
            ["delivery_state", "invoice_state", "reserved", "missing"].map(|name| text(&cells[name])).join(" ")
        };
        assert_eq!(book(&[("known_at", &ordered)]), "none none 5 0");
        assert_eq!(book(&[("as_of", &first_day)]), "none none 5 0");
        assert_eq!(book(&[("known_at", &delivered)]), "partial none 3 0");
        assert_eq!(book(&[("known_at", &invoiced.0)]), "partial partial 3 0");
        assert_eq!(book(&[]), "partial none 3 0");
        let sold = |params: &[(&str, &str)]| total("sales_by", "net", params);
        assert_eq!(sold(&[]), "0.00", "the mirror takes it back");
        assert_eq!(sold(&[("as_of", &invoiced.1)]), "60.00");
        assert_eq!(sold(&[("known_at", &invoiced.0)]), "60.00");
        assert_eq!(sold(&[("known_at", &delivered)]), "0.00");
        let card = |params: &[(&str, &str)]| {
            let mut all = vec![("product", lamp.as_str())];
            all.extend(params);
            total("stock_card", "qty_after", &all)
        };
        assert_eq!((card(&[]), card(&[("known_at", &ordered)])), ("8".to_owned(), "10".to_owned()));
        assert_eq!(card(&[("as_of", &first_day)]), "10");
        // A figure of then leads to the moves of then.
        let stock = world.report("stock_valuation", &[("known_at", &ordered)]);
        assert_eq!(stock["rows"][0]["open"]["params"]["known_at"], json!(ordered));
    });
}

#[test]
fn a_payment_taken_off_what_it_paid_is_an_advance_and_pays_something_else() {
    on_both(|world| {
        let lamp = world.product("L1", "average", "30");
        world.receive(&world.day(-9), &lamp, "20", "10");
        let customer = world.customer("BLUE", "USD");
        let (order, _, first) = world.sale(&customer, &lamp, "2");
        let (_, _, second) = world.sale(&customer, &lamp, "1");
        let whole = world.get("invoice", &first)["total"].clone();
        let before = world.balances();
        // Paid at another rate, with one dollar given up: all of it is taken back.
        let rate = kernel::Rate::parse(world.get("invoice", &first)["rate"].as_str().unwrap()).unwrap();
        let other = kernel::Rate::new(rate.raw() * 11 / 10).to_string();
        let amount = kernel::parse_decimal(whole.as_str().unwrap(), 2).unwrap() - 100;
        let amount = kernel::format_decimal(amount, 2, false);
        let line = json!({ "invoice": first, "amount": amount, "invoice_amount": amount, "write_off": "1.00" });
        let payment = world.paid(&first, json!({ "amount": amount, "rate": other, "lines": [line] }));
        assert_eq!(world.get("invoice", &first)["payment_state"], "full");
        assert_ne!(exchange(world), "");
        world.act("payment", &payment, "release");
        let invoice = world.get("invoice", &first);
        assert_eq!((&invoice["open_amount"], &invoice["payment_state"]), (&whole, &json!("none")));
        assert_eq!(world.get("payment", &payment)["unallocated"], json!(amount));
        assert_eq!(world.get("sales_order", &order)["payment_state"], "none");
        let after = world.balances();
        for used_for in ["receivable", "exchange_gain", "exchange_loss", "write_off"] {
            let id = app::setup::account(&world.engine, world.company, used_for).unwrap();
            let code = text(&world.get("account", &id)["code"]);
            assert_eq!(after.get(&code), before.get(&code), "{used_for}");
        }
        world.verified("a release");
        assert_eq!(world.refused("payment", &payment, "release"), no(NotNow, "nothing_paid", ""));
        world.desk.act("payment", &payment, "allocate", json!({ "invoice": second })).unwrap();
        assert_eq!(world.get("invoice", &second)["payment_state"], "full");
        world.verified("another invoice");
        world.act("payment", &payment, "cancel");
        assert_eq!(world.get("invoice", &second)["payment_state"], "none");
        assert_eq!(world.balances(), before);
        world.verified("a cancelled release");
        balanced(world);
    });
}

#[test]
fn whoever_pays_early_is_let_off_a_part_and_its_tax_where_the_terms_say_so() {
    on_both(|world| {
        let lamp = world.product("L1", "average", "100");
        world.receive(&world.day(-9), &lamp, "20", "10");
        let code = |used_for: &str| {
            let id = app::setup::account(&world.engine, world.company, used_for).unwrap();
            text(&world.get("account", &id)["code"])
        };
        let (discounts, tax) = (code("early_discount"), code("sales_tax"));
        // 100.00 and 20 % tax; two in a hundred of the total, or of the net, where the tax may be
        // that of what is left in any case.
        for (of, total, let_off, income, lowered) in [
            ("total", 12_000, "2.40", "2.00", "0.40"),
            ("net", 12_000, "2.00", "2.00", "0.00"),
            ("mixed", 11_960, "2.00", "2.00", "0.00"),
        ] {
            let term = json!({
                "name": format!("2 % in 10 days, of the {of}"), "discount_rate": "0.02", "discount_days": 10, "discount_of": of,
                "lines": [{ "share_rate": "1", "days": 30 }],
            });
            let term = world.desk.create("payment_term", term).unwrap();
            let customer = world.customer_with(of, json!({ "currency": "EUR", "terms": term }));
            let (.., invoice) = world.sale(&customer, &lamp, "1");
            let (.., late) = world.sale(&customer, &lamp, "1");
            let before = world.balances();
            let amount = |balances: &std::collections::BTreeMap<String, String>, code: &str| {
                balances.get(code).map_or(0, |text| kernel::parse_decimal(text, 2).unwrap())
            };
            // Too much is not let off, nor when a part stays open.
            let line =
                json!({ "invoice": invoice, "amount": "117.00", "invoice_amount": "117.00", "discount": "3.00" });
            let body = json!({
                "direction": "in", "party": customer, "paid_on": world.day(0), "account": world.bank, "currency": "EUR",
                "amount": "117.00", "lines": [line],
            });
            let refused = world.create(&world.desk.actor, "payment", body);
            assert_eq!(said(refused), no_in_row(Invalid, "not_early", "lines.discount", 0));
            world.days_pass(10);
            let payment = world.paid(&invoice, json!({}));
            let paid = world.get("payment", &payment);
            assert_eq!(paid["lines"][0]["discount"], json!(let_off), "offered by itself");
            let whole = kernel::parse_decimal(text(&paid["amount"]).as_str(), 2).unwrap();
            assert_eq!(whole + kernel::parse_decimal(let_off, 2).unwrap(), total);
            assert_eq!(world.get("invoice", &invoice)["payment_state"], "full");
            let after = world.balances();
            let change = |code: &str| kernel::format_decimal(amount(&after, code) - amount(&before, code), 2, false);
            assert_eq!((change(&discounts).as_str(), change(&tax).as_str()), (income, lowered), "of the {of}");
            world.verified("an early payment");
            world.act("payment", &payment, "release");
            assert_eq!(amount(&world.balances(), &tax), amount(&before, &tax), "the tax is owed again");
            world.verified("a released early payment");
            // A day later there is nothing to be let off.
            world.days_pass(1);
            let full = world.paid(&late, json!({}));
            assert_eq!(world.get("payment", &full)["amount"], json!(kernel::format_decimal(total, 2, false)));
            // What is given back takes with it the tax that was charged.
            let note = world.made_of("invoice", ("invoice", &late), None, json!({ "issued_on": world.day(0) }));
            let owed = amount(&world.balances(), &tax);
            world.act("invoice", &note, "post");
            let charged = kernel::parse_decimal(&text(&world.get("invoice", &late)["tax_amount"]), 2).unwrap();
            assert_eq!(amount(&world.balances(), &tax) - owed, charged, "of the {of}");
            world.verified("a credit note after that");
        }
    });
}

#[test]
fn an_invoice_that_was_credited_is_not_cancelled_even_when_all_of_it_is_open() {
    on_both(|world| {
        let lamp = world.product("L1", "average", "30");
        world.receive(&world.day(-9), &lamp, "20", "10");
        let (.., invoice) = world.sale(&world.customer("BLUE", "EUR"), &lamp, "2");
        let payment = world.paid(&invoice, json!({}));
        let note = world.made_of("invoice", ("invoice", &invoice), None, json!({ "issued_on": world.day(0) }));
        world.act("invoice", &note, "post");
        world.act("payment", &payment, "release");
        assert_eq!(world.get("invoice", &invoice)["open_amount"], world.get("invoice", &invoice)["total"]);
        assert_eq!(world.refused("invoice", &invoice, "cancel").code, "settled");
        world.verified("a credited invoice");
    });
}

#[test]
fn numbers_that_go_back_in_time_are_told_and_none_is_missing() {
    on_both(|world| {
        let lamp = world.product("L1", "average", "30");
        world.receive(&world.day(-20), &lamp, "20", "10");
        let customer = world.customer("BLUE", "EUR");
        let (.., invoice) = world.sale(&customer, &lamp, "1");
        let rows = || world.report("number_check", &[])["rows"].as_array().unwrap().clone();
        let before = rows();
        assert_eq!((before.len(), &before[0]["cells"]["number"]), (1, &json!("1")), "{before:?}");
        assert_eq!(before[0]["cells"]["what"], "All are there, in the order of days");
        let body = json!({
            "kind": "invoice", "customer": customer, "issued_on": world.day(-5), "ship_from": world.place,
            "lines": [{ "product": lamp, "qty": "1" }],
        });
        let early = world.desk.create("invoice", body).unwrap();
        world.act("invoice", &early, "post");
        let told = rows();
        assert_eq!((told.len(), &told[1]["open"]["id"]), (2, &json!(early)), "{told:?}");
        assert_eq!(told[1]["cells"]["latest"], world.get("invoice", &invoice)["issued_on"]);
    });
}

#[test]
fn an_account_is_merged_into_another_of_its_kind_and_what_was_posted_stays() {
    on_both(|world| {
        let account = |code: &str, kind: &str, more: Json| {
            let mut body = json!({ "code": code, "name": format!("Account {code}"), "kind": kind, "used_for": "none" });
            merge(&mut body, more);
            world.desk.create("account", body).unwrap()
        };
        let (old, new) = (account("6901", "expense", json!({})), account("6902", "expense", json!({})));
        let income = account("4901", "income", json!({}));
        let entry = |day: i32, account: &str, debit: &str| {
            let lines = json!([{ "account": account, "debit": debit }, { "account": world.bank, "credit": debit }]);
            let id =
                world.desk.create("journal_entry", json!({ "posted_on": world.day(day), "lines": lines })).unwrap();
            world.act("journal_entry", &id, "post");
        };
        entry(-40, &old, "70.00");
        entry(-1, &old, "30.00");
        entry(-1, &new, "1.00");
        let foreign = json!([
            { "account": old, "debit": "9.00", "currency": "USD", "currency_amount": "10.00" },
            { "account": world.bank, "credit": "9.00" },
        ]);
        let id = world.desk.create("journal_entry", json!({ "posted_on": world.day(-1), "lines": foreign })).unwrap();
        world.act("journal_entry", &id, "post");
        let id = raw(&world.engine, "account", &old);
        let refused = |into: &str| {
            let body = map(json!({ "into": into, "posted_on": world.day(0) }));
            said(world.engine.act(&world.desk.actor, "account", id, "merge", None, &body, None)).code
        };
        assert_eq!((refused(&old), refused(&income), refused(&world.bank)), ("itself", "not_alike", "not_alike"));
        let tax = json!({ "code": "ODD", "name": "Odd", "kind": "percent", "rate": "0.1", "account": old });
        let tax = world.desk.create("tax", tax).unwrap();
        assert_eq!(refused(&new), "named");
        let tax = raw(&world.engine, "tax", &tax);
        world.engine.remove(&world.desk.actor, "tax", tax, None, None).unwrap();
        world.desk.act("account", &old, "merge", json!({ "into": new, "posted_on": world.day(0) })).unwrap();
        let balances = world.balances();
        let held = |code: &str| balances.get(code).map_or("0.00", String::as_str);
        assert_eq!((held("6901"), held("6902")), ("0.00", "110.00"));
        let merged = world.get("account", &old);
        assert_eq!((&merged["active"], &merged["merged_into"]["id"]), (&json!(false), &json!(new)));
        // Last month's books say what they said.
        let before = world.balances_at(&[("as_of", &world.day(-20))]);
        assert_eq!(before.get("6901").map(String::as_str), Some("70.00"));
        assert_eq!(refused(&new), "already");
        world.verified("merged accounts");
    });
}

#[test]
fn an_advance_in_the_currency_of_the_customer_is_worth_the_rate_of_its_day_without_a_word_of_either() {
    on_both(|world| {
        let customer = world.customer("BLUE", "USD");
        let body =
            |paid_on: String| json!({ "party": customer, "paid_on": paid_on, "account": world.bank, "amount": "100" });
        let payment = world.desk.create("payment", body(world.day(0))).unwrap();
        world.act("payment", &payment, "post");
        let shown = world.get("payment", &payment);
        assert_eq!((&shown["currency"], &shown["rate"]), (&json!("USD"), &json!("0.9")));
        world.verified("the advance");
        assert_eq!(world.balances().into_values().max(), Some("90.00".to_owned()));
        // Long before any rate was known there is none, not one.
        let early = world.create(&world.desk.actor, "payment", body(world.day(-4_000)));
        assert_eq!(said(early), no(Invalid, "no_rate", "rate"));
    });
}
