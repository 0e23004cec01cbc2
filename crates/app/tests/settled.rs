//! What people see of how a document was settled, and credit notes of what came back.

use crate::common::{self, World, no_in_row, on_both, raw, said, text};
use engine::Actor;
use kernel::ProblemKind::{self, NotFound, NotNow, TooMuch};
use serde_json::{Value as Json, json};

/// What is told of an invoice: how, how much, and by which document where it is told.
fn settled(world: &World, actor: &Actor, invoice: &str) -> Vec<(String, String, String)> {
    let told = world.engine.settled(actor, "invoice", raw(&world.engine, "invoice", invoice)).unwrap();
    let one =
        |row: &Json| (text(&row["how"]), text(&row["amount"]), row["document"]["id"].as_str().unwrap_or("").to_owned());
    told["settled"].as_array().unwrap().iter().map(one).collect()
}

fn rows(rows: &[(&str, &str, &str)]) -> Vec<(String, String, String)> {
    rows.iter().map(|(how, amount, by)| ((*how).to_owned(), (*amount).to_owned(), (*by).to_owned())).collect()
}

/// An order of somebody's, through to its posted invoice: (order, delivery, invoice).
fn sold_by(world: &World, owner: i64, customer: &str, product: &str, qty: &str) -> (String, String, String) {
    let order = json!({
        "customer": customer, "ordered_on": world.day(0), "wanted_on": world.day(7), "owner": kernel::id_text("us", owner),
        "lines": [{ "product": product, "qty": qty }],
    });
    let order = world.desk.create("sales_order", order).unwrap();
    world.act("sales_order", &order, "confirm");
    let delivery = world.shipped(&order, None);
    let invoice = world.invoiced(&order, json!({}));
    (order, delivery, invoice)
}

#[test]
fn an_invoice_tells_what_settled_it_and_names_what_the_reader_may_see() {
    on_both(|world| {
        let lamp = world.product("L1", "average", "100");
        world.receive(&world.day(-5), &lamp, "10", "40");
        let blue = world.customer("BLUE", "EUR");
        let rep = world.actor("rep", "sales_rep");
        let (order, _, invoice) = sold_by(world, rep.user, &blue, &lamp, "2");
        let all = &world.desk.actor;
        assert_eq!(settled(world, all, &invoice), []);

        // 240: one of two lamps is credited, 50 paid and 10 given up, 40 of an advance used.
        let note = world.made_of("invoice", ("invoice", &invoice), Some("1"), json!({}));
        world.act("invoice", &note, "post");
        let line = json!([{ "invoice": invoice, "amount": "50.00", "invoice_amount": "50.00", "write_off": "10.00" }]);
        let paid = world.paid(&invoice, json!({ "amount": "50.00", "lines": line }));
        let ahead = json!({ "direction": "in", "party": blue, "paid_on": world.day(0), "currency": "EUR",
            "amount": "70.00", "lines": [] });
        let ahead = world.desk.create("payment", ahead).unwrap();
        world.act("payment", &ahead, "post");
        world.desk.act("payment", &ahead, "allocate", json!({ "invoice": invoice, "amount": "40.00" })).unwrap();
        let told = rows(&[
            ("document", "120.00", &note),
            ("payment", "50.00", &paid),
            ("write_off", "10.00", &paid),
            ("advance", "40.00", &ahead),
        ]);
        assert_eq!(settled(world, all, &invoice), told);
        assert_eq!(text(&world.get("invoice", &invoice)["open_amount"]), "20.00");
        assert_eq!(settled(world, all, &note), rows(&[("document", "120.00", &invoice)]));
        // The lines of the order bear what is paid, to the cent.
        assert_eq!(text(&world.get("sales_order", &order)["lines"][0]["paid_amount"]), "100.00");
        let told = world.engine.settled(all, "invoice", raw(&world.engine, "invoice", &invoice)).unwrap();
        assert_eq!((text(&told["currency"]), text(&told["settled"][0]["on"])), ("EUR".to_owned(), world.day(0)));

        // Who sells sees the own invoice and its credit note, and of payments how much they were.
        let seen = rows(&[
            ("document", "120.00", &note),
            ("payment", "50.00", ""),
            ("write_off", "10.00", ""),
            ("advance", "40.00", ""),
        ]);
        assert_eq!(settled(world, &rep, &invoice), seen);
        // Nothing is told of an invoice that is not theirs.
        let other = world.actor("other", "sales_rep");
        let asked = world.engine.settled(&other, "invoice", raw(&world.engine, "invoice", &invoice));
        assert_eq!(said(asked).kind, NotFound);

        // What is taken off again, or cancelled, settles nothing.
        world.act("payment", &paid, "release");
        let told = rows(&[("document", "120.00", &note), ("advance", "40.00", &ahead)]);
        assert_eq!(settled(world, all, &invoice), told);
        world.desk.act("payment", &paid, "allocate", json!({ "invoice": invoice, "amount": "30.00" })).unwrap();
        world.act("payment", &ahead, "cancel");
        world.act("invoice", &note, "cancel");
        assert_eq!(settled(world, all, &invoice), rows(&[("advance", "30.00", &paid)]));
        assert_eq!(text(&world.get("invoice", &invoice)["open_amount"]), "210.00");
        world.verified("what was settled");
    });
}

#[test]
fn what_is_let_off_and_what_is_paid_in_another_currency_is_told_in_the_invoices() {
    on_both(|world| {
        let lamp = world.product("L1", "average", "100");
        world.receive(&world.day(-5), &lamp, "10", "40");
        let terms = json!({ "name": "2 % in 10 days", "discount_rate": "0.02", "discount_days": 10, "discount_of": "net",
            "lines": [{ "share_rate": "1", "days": 30 }] });
        let terms = world.desk.create("payment_term", terms).unwrap();
        let red = world.customer_with("RED", json!({ "currency": "USD", "terms": terms }));
        let (.., invoice) = world.sale(&red, &lamp, "1");
        let total = text(&world.get("invoice", &invoice)["total"]);
        let paid = world.paid(&invoice, json!({}));
        let told = settled(world, &world.desk.actor, &invoice);
        let ways: Vec<&str> = told.iter().map(|(how, ..)| how.as_str()).collect();
        assert_eq!(ways, ["payment", "discount"]);
        assert!(told.iter().all(|(.., by)| *by == paid));
        let cents: i64 = told.iter().map(|(_, amount, _)| amount.replace('.', "").parse::<i64>().unwrap()).sum();
        assert_eq!(cents, total.replace('.', "").parse::<i64>().unwrap(), "all of it, in USD");
    });
}

/// Why nothing is made of a return.
fn nothing_left(world: &World, back: &str) -> ProblemKind {
    let id = raw(&world.engine, "sales_return", back);
    said(world.engine.new_from(&world.desk.actor, "invoice", Some(("sales_return", id)))).kind
}

#[test]
fn what_came_back_is_credited_at_the_prices_of_its_invoice_and_once() {
    on_both(|world| {
        let lamp = world.product("L1", "average", "100");
        world.receive(&world.day(-5), &lamp, "10", "40");
        let blue = world.customer("BLUE", "EUR");
        let (order, delivery, invoice) = world.sale(&blue, &lamp, "3");
        let back = world.made_of("sales_return", ("delivery", &delivery), Some("2"), json!({}));
        // Before the goods are back there is nothing to credit.
        assert_eq!(nothing_left(world, &back), NotNow);
        world.act("sales_return", &back, "receive");
        assert_eq!(world.on_hand(&lamp, &[]), "9");

        let note = world.made_of("invoice", ("sales_return", &back), Some("1"), json!({}));
        let shown = world.get("invoice", &note);
        assert_eq!((text(&shown["kind"]), text(&shown["credits"]["id"])), ("credit_note".to_owned(), invoice.clone()));
        assert_eq!((text(&shown["sales_return"]["id"]), text(&shown["total"])), (back.clone(), "120.00".to_owned()));
        world.act("invoice", &note, "post");
        assert_eq!(world.on_hand(&lamp, &[]), "9", "the goods were back already");
        assert_eq!(text(&world.get("sales_return", &back)["lines"][0]["credited_qty"]), "1");
        assert_eq!(text(&world.get("invoice", &invoice)["open_amount"]), "240.00");
        world.verified("one of two is credited");

        // The rest is one; no more of it, and the return stays while it is credited.
        let rest = world.made_of("invoice", ("sales_return", &back), Some("2"), json!({}));
        let refused = said(world.try_act(&world.desk.actor, "invoice", &rest, "post", json!({})));
        assert_eq!(refused, no_in_row(TooMuch, "more_than_returned", "lines.qty", 0));
        let line = world.get("invoice", &rest)["lines"][0].clone();
        let lines = json!([{ "id": line["id"], "qty": "1" }]);
        world.change(&world.desk.actor, "invoice", &rest, json!({ "lines": lines })).unwrap();
        world.act("invoice", &rest, "post");
        assert_eq!(nothing_left(world, &back), NotNow, "all of it is credited");
        assert_eq!(world.refused("sales_return", &back, "cancel").code, "credited");
        assert_eq!(text(&world.get("sales_order", &order)["invoice_state"]), "full");
        world.verified("both are credited");

        // In the picture they stand after the return, and say that they give back.
        let id = raw(&world.engine, "sales_return", &back);
        let links = world.engine.links(&world.desk.actor, "sales_return", id).unwrap();
        let total = |doc: &str| {
            let mut nodes = links["nodes"].as_array().unwrap().iter();
            nodes.find(|node| node["id"] == doc).map(|node| text(&node["total"]))
        };
        assert_eq!((total(&note), total(&invoice)), (Some("-120.00".to_owned()), Some("360.00".to_owned())));
        let edges = links["edges"].as_array().unwrap();
        assert!(edges.iter().any(|edge| edge["from"] == back.as_str() && edge["to"] == note.as_str()));

        world.act("invoice", &rest, "cancel");
        world.act("invoice", &note, "cancel");
        world.act("sales_return", &back, "cancel");
        assert_eq!(text(&world.get("invoice", &invoice)["open_amount"]), "360.00");
        world.verified("all was taken back");
    });
}

#[test]
fn a_return_of_two_deliveries_in_one_invoice_credits_what_came_back() {
    on_both(|world| {
        let lamp = world.product("L1", "average", "100");
        world.receive(&world.day(-5), &lamp, "10", "40");
        let blue = world.customer("BLUE", "EUR");
        // The second delivery is invoiced by itself; what comes back of it is on that invoice.
        let order = world.confirmed(&blue, &lamp, "4");
        let first = world.shipped(&order, Some("3"));
        let of_first = world.made_of("invoice", ("delivery", &first), None, json!({ "issued_on": world.day(0) }));
        world.act("invoice", &of_first, "post");
        let second = world.shipped(&order, None);
        let of_second = world.made_of("invoice", ("delivery", &second), None, json!({ "issued_on": world.day(0) }));
        world.act("invoice", &of_second, "post");
        let back = world.made_of("sales_return", ("delivery", &second), None, json!({}));
        world.act("sales_return", &back, "receive");
        let note = world.desk.prefilled("invoice", ("sales_return", &back)).unwrap();
        assert_eq!(text(&note["credits"]["id"]), of_second);
        assert_eq!(text(&note["lines"][0]["qty"]), "1");
    });
}

/// How many entries are told of a document, and what its goods are worth.
fn books(world: &World, actor: &Actor, entity: &str, id: &str) -> (usize, Vec<Json>) {
    let told = world.engine.books_of(actor, entity, raw(&world.engine, entity, id)).unwrap();
    let moves = told["moves"].as_array().unwrap().iter().map(|one| one["value"].clone()).collect();
    (told["entries"].as_array().unwrap().len(), moves)
}

#[test]
fn what_a_document_posted_is_told_to_those_who_see_the_books() {
    on_both(|world| {
        let lamp = world.product("L1", "average", "100");
        world.receive(&world.day(-5), &lamp, "10", "40");
        let blue = world.customer("BLUE", "EUR");
        let rep = world.actor("rep", "sales_rep");
        let (warehouse, clerk) = (world.actor("keeper", "warehouse"), world.actor("clerk", "accountant"));
        let (_, delivery, invoice) = sold_by(world, rep.user, &blue, &lamp, "2");
        assert_eq!(books(world, &clerk, "delivery", &delivery), (1, vec![json!("-80.00")]));
        // Goods that left are no secret to who sees the delivery; what they cost is.
        for actor in [&rep, &warehouse] {
            assert_eq!(books(world, actor, "delivery", &delivery), (0, vec![json!(null)]));
        }
        assert_eq!(books(world, &clerk, "invoice", &invoice).0, 1);
        assert_eq!(books(world, &rep, "invoice", &invoice), (0, vec![]));
        // The same of what an action would post.
        let order = world.confirmed(&blue, &lamp, "1");
        let next = world.made_of("delivery", ("sales_order", &order), None, json!({ "shipped_on": world.day(0) }));
        let id = raw(&world.engine, "delivery", &next);
        let would = |actor: &Actor| {
            let told = world.engine.would_post(actor, "delivery", id, "ship", &common::map(json!({}))).unwrap();
            (told["entries"].as_array().unwrap().len(), told["moves"][0]["value"].clone())
        };
        assert_eq!((would(&warehouse), would(&world.desk.actor)), ((0, json!(null)), (1, json!("-40.00"))));
    });
}

#[test]
fn a_row_of_aged_receivables_opens_what_adds_up_to_it_on_any_day() {
    on_both(|world| {
        let lamp = world.product("L1", "average", "100");
        world.receive(&world.day(-5), &lamp, "10", "40");
        let blue = world.customer("BLUE", "EUR");
        let (.., invoice) = world.sale(&blue, &lamp, "1");
        let before = world.day(0);
        world.days_pass(3);
        let line = json!([{ "invoice": invoice, "amount": "50.00", "invoice_amount": "50.00" }]);
        world.paid(&invoice, json!({ "amount": "50.00", "lines": line }));
        world.sale(&blue, &lamp, "2");
        let row = |params: &[(&str, &str)]| world.report("aged_receivables", params)["rows"][0].clone();
        let added = |row: &Json| -> i64 {
            let of = text(&row["open"]["entity"]);
            let amount = if of == "open_item" { "open_amount" } else { "amount" };
            let query = meta::ListQuery {
                filter: meta::Filter::parse(&row["open"]["filter"]).unwrap(),
                aggregates: vec![meta::Aggregate::Sum(amount.to_owned())],
                ..meta::ListQuery::default()
            };
            let told = world.engine.list(&world.desk.actor, &of, &query).unwrap();
            kernel::parse_decimal(&text(&told["groups"][0]["sum"][amount]), 2).unwrap()
        };
        let total = |row: &Json| kernel::parse_decimal(&text(&row["cells"]["total"]), 2).unwrap();
        let (now, then) = (row(&[("as_of", &world.day(0))]), row(&[("as_of", &before)]));
        assert_eq!((total(&now), total(&then)), (31_000, 12_000));
        assert_eq!((added(&now), added(&then)), (31_000, 12_000));
        assert_eq!(
            (text(&now["open"]["entity"]), text(&then["open"]["entity"])),
            ("open_item".into(), "entry_line".into())
        );
        let known = row(&[("as_of", &world.day(0)), ("known_at", &world.moment())]);
        assert_eq!((total(&known), added(&known)), (31_000, 31_000));
    });
}

#[test]
fn a_new_record_can_be_sent_back_as_it_was_given() {
    on_both(|world| {
        let lamp = world.product("L1", "average", "100");
        world.receive(&world.day(-5), &lamp, "10", "40");
        let blue = world.customer("BLUE", "EUR");
        let mut from = ("sales_order", world.confirmed(&blue, &lamp, "2"));
        for (entity, action) in [("delivery", "ship"), ("invoice", "post"), ("payment", "post")] {
            let id = raw(&world.engine, from.0, &from.1);
            let new = world.engine.new_from(&world.desk.actor, entity, Some((from.0, id))).unwrap();
            let made = world.create(&world.desk.actor, entity, new["record"].clone()).unwrap();
            from = (entity, common::id_of(&made));
            world.act(entity, &from.1, action);
        }
        assert_eq!(text(&world.get("payment", &from.1)["amount"]), "240.00");
        // A blank one says what it begins with, and nothing that only the system sets.
        let blank = world.engine.new_from(&world.desk.actor, "quotation", None).unwrap();
        let names: Vec<&String> = blank["record"].as_object().unwrap().keys().collect();
        assert!(
            !names.iter().any(|name| ["company", "number", "stage", "letterhead"].contains(&name.as_str())),
            "{names:?}"
        );
    });
}

#[test]
fn a_company_where_no_chinese_is_read_has_english_names_and_papers_have_both() {
    on_both(|world| {
        let names = |company: i64, entity: &str| -> Vec<String> {
            let sql = format!("select name from {entity} where company = ?1 order by id");
            let rows = world.engine.database().read(|conn| Ok(conn.query(&sql, &[company.into()])?)).unwrap();
            rows.iter().map(|row| row.text(0).to_owned()).collect()
        };
        for entity in ["account", "tax", "unit", "payment_term", "place"] {
            let (here, there) = (names(world.company, entity), names(world.other, entity));
            assert!(here.iter().all(|name| name.is_ascii() || name == "m²"), "{entity}: {here:?}");
            assert!(there.iter().all(|name| !name.is_ascii()), "{entity}: {there:?}");
        }
        let piece = world.get("unit", &world.piece);
        assert_eq!(
            (text(&piece["name"]), text(&piece["name_en"]), text(&piece["name_zh"])),
            ("pcs".into(), "pcs".into(), "件".into())
        );
    });
}
