//! What is wrong is refused with its code and its field, and nothing is written.

use crate::common::rim::Rim;
use crate::common::{self, World, key, map, merge, no, no_in_row, on_both, raw, said, text};
use kernel::ProblemKind::{Conflict, Invalid, NotAllowed, NotFound, NotNow, TooMuch};
use meta::{Filter, ListQuery, Trouble};
use serde_json::{Value as Json, json};

/// Checks that nothing at all was written meanwhile.
fn unchanged(world: &World, what: &str, work: impl FnOnce()) {
    let before = world.counts();
    work();
    assert_eq!(world.counts(), before, "on {}: {what} wrote something", world.on);
}

/// A good invoice of a service, to be made bad in one place.
fn invoice(world: &World, customer: &str, product: &str) -> Json {
    json!({
        "kind": "invoice", "customer": customer, "issued_on": world.day(0),
        "lines": [{ "product": product, "qty": "1", "price": "10" }, { "product": product, "qty": "2", "price": "10" }],
    })
}

#[test]
fn a_wrong_field_is_named_and_nothing_is_written() {
    on_both(|world| {
        let customer = world.customer("BLUE", "EUR");
        let service = world.product_with("S1", "average", "10", json!({ "kind": "service" }));
        let create = |entity: &str, body: Json| said(world.create(&world.desk.actor, entity, body));
        let party = |more: Json| {
            let mut body = json!({ "code": "NEW", "name": "New", "is_customer": true });
            merge(&mut body, more);
            create("party", body)
        };
        unchanged(world, "a bad party", || {
            assert_eq!(party(json!({ "colour": "red" })), no(Invalid, "unknown_field", "colour"));
            assert_eq!(party(json!({ "name": 7 })), no(Invalid, "wrong_type", "name"));
            assert_eq!(party(json!({ "is_customer": "perhaps" })), no(Invalid, "wrong_type", "is_customer"));
            assert_eq!(party(json!({ "name": "x".repeat(100_000) })), no(Invalid, "too_long", "name"));
            assert_eq!(party(json!({ "name": "   " })), no(Invalid, "missing", "name"));
            assert_eq!(party(json!({ "name": null })), no(Invalid, "missing", "name"));
            assert_eq!(party(json!({ "currency": "euro" })), no(Invalid, "not_a_currency", "currency"));
            assert_eq!(party(json!({ "currency": "RMB" })), no(Invalid, "not_a_currency", "currency"));
            assert_eq!(party(json!({ "currency": "XXX" })), no(Invalid, "not_a_currency", "currency"));
            assert_eq!(party(json!({ "credit_limit": "1.234" })), no(Invalid, "too_many_decimals", "credit_limit"));
            assert_eq!(party(json!({ "credit_limit": "1e9" })).field, "credit_limit");
            assert_eq!(
                party(json!({ "credit_limit": "99999999999999999999" })),
                no(Invalid, "too_large", "credit_limit")
            );
            assert_eq!(party(json!({ "code": "BLUE" })).kind, Conflict);
            assert_eq!(party(json!({ "code": "BLUE" })).field, "code");
            assert_eq!(party(json!({ "active": false })).field, "active");
            assert_eq!(party(json!({ "created_by": "us_1" })).field, "created_by");
            let line = json!({ "addresses": [{ "kind": "general", "line": "x" }, { "kind": "moon", "line": "x" }] });
            assert_eq!(party(line), no_in_row(Invalid, "not_a_choice", "addresses.kind", 1));
        });
        unchanged(world, "a bad invoice", || {
            let with = |field: &str, value: Json| {
                let mut body = invoice(world, &customer, &service);
                body["lines"][1][field] = value;
                create("invoice", body)
            };
            assert_eq!(with("qty", json!("-1")), no_in_row(Invalid, "no_quantity", "lines.qty", 1));
            assert_eq!(with("qty", json!("0")).field, "lines.qty");
            assert_eq!(with("qty", json!("0.0000001")), no_in_row(Invalid, "too_many_decimals", "lines.qty", 1));
            assert_eq!(with("qty", json!([])).field, "lines.qty");
            assert_eq!(with("price", json!("a lot")).field, "lines.price");
            assert_eq!(with("discount", json!("1.5")).field, "lines.discount");
            assert_eq!(with("order_line", json!("so_1")).field, "lines.order_line");
            let head = |more: Json| {
                let mut body = invoice(world, &customer, &service);
                merge(&mut body, more);
                create("invoice", body)
            };
            assert_eq!(head(json!({ "issued_on": "2026-02-30" })), no(Invalid, "not_a_date", "issued_on"));
            assert_eq!(head(json!({ "issued_on": "0001-01-01" })), no(Invalid, "not_a_date", "issued_on"));
            for day in ["0002-01-01", "1899-12-31", "2200-01-01", "9999-12-31"] {
                assert_eq!(head(json!({ "issued_on": day })), no(Invalid, "day_far_out", "issued_on"), "{day}");
            }
            assert_eq!(head(json!({ "lines": [] })).field, "lines");
            assert_eq!(head(json!({ "lines": {} })).field, "lines");
            assert_eq!(head(json!({ "currency": "USD", "rate": "0", "rate_of": "USD" })).field, "rate");
            assert_eq!(head(json!({ "currency": "USD", "rate": "-1", "rate_of": "USD" })).field, "rate");
            assert_eq!(head(json!({ "currency": "CHF" })).field, "rate");
        });
        let goods = world.product("G1", "average", "10");
        unchanged(world, "a bad price", || {
            let mut body = invoice(world, &customer, &goods);
            body["lines"][1]["price"] = json!("-1");
            assert_eq!(create("invoice", body), no_in_row(Invalid, "price_below_zero", "lines.price", 1));
            let mut note = invoice(world, &customer, &goods);
            merge(&mut note, json!({ "kind": "credit_note", "ship_from": world.place }));
            note["lines"][1]["unit_cost"] = json!("-1");
            assert_eq!(create("invoice", note), no_in_row(Invalid, "cost_below_zero", "lines.unit_cost", 1));
        });
        unchanged(world, "a bad rate", || {
            let rate = |rate: &str| {
                create("currency_rate", json!({ "currency": "CHF", "valid_on": world.day(0), "rate": rate }))
            };
            assert_eq!(rate("0").field, "rate");
            assert_eq!(rate("-1").field, "rate");
        });
    });
}

/// All that was said: field, line and code.
fn told<T: std::fmt::Debug>(answer: Result<T, Trouble>) -> Vec<String> {
    let Err(Trouble::Refused(why)) = answer else { panic!("not refused: {answer:?}") };
    let one = |problem: &kernel::Problem| {
        let row = problem.row.map(|row| format!(" {row}")).unwrap_or_default();
        format!("{}{row} {}", problem.field.as_deref().unwrap_or_default(), problem.code)
    };
    why.problems.iter().map(one).collect()
}

#[test]
fn what_belongs_to_others_or_is_something_else_cannot_be_named() {
    on_both(|world| {
        let customer = world.customer("BLUE", "EUR");
        let service = world.product_with("S1", "average", "10", json!({ "kind": "service" }));
        let there = world.elsewhere();
        let unit = app::setup::first(&world.engine, world.other, "unit").unwrap();
        let category = there.create("product_category", json!({ "name": "Other", "cost_method": "average" })).unwrap();
        let foreign = json!({ "code": "X", "name": "Foreign", "kind": "service", "category": category, "unit": unit, "sales_price": "1" });
        let foreign = there.create("product", foreign).unwrap();
        let stranger = there.create("party", json!({ "code": "X", "name": "Stranger", "is_customer": true })).unwrap();
        unchanged(world, "a foreign record", || {
            let create = |body: Json| said(world.create(&world.desk.actor, "invoice", body));
            // What is wrong is told once, where it was sent, and nothing that was read over from it.
            for entity in ["quotation", "sales_order", "invoice"] {
                let told = |body: &Json| told(world.create(&world.desk.actor, entity, body.clone()));
                let mut body = invoice(world, &customer, &service);
                if entity != "invoice" {
                    body = json!({ "customer": customer, "lines": body["lines"] });
                }
                body["lines"][1]["product"] = json!(foreign);
                assert_eq!(told(&body), ["lines.product 1 no_such_record"], "{entity}");
                body["customer"] = json!(stranger);
                assert_eq!(told(&body), ["customer no_such_record", "lines.product 1 no_such_record"], "{entity}");
            }
            let mut body = invoice(world, &customer, &service);
            body["lines"][1]["product"] = json!(customer);
            assert_eq!(create(body), no_in_row(Invalid, "not_an_id", "lines.product", 1));
            let mut body = invoice(world, &customer, &service);
            body["lines"][1]["product"] = json!("pr_zzzzzz");
            assert_eq!(create(body).field, "lines.product");
            assert_eq!(create(invoice(world, &stranger, &service)).field, "customer");
            assert_eq!(create(invoice(world, &service, &service)), no(Invalid, "not_an_id", "customer"));
        });
        // While typing, nothing of another company's is read over either.
        let mut body = invoice(world, &stranger, &service);
        body["lines"][1]["product"] = json!(foreign);
        let typed = world.engine.preview(&world.desk.actor, "invoice", &map(body)).unwrap();
        let fields: Vec<&str> =
            typed["problems"].as_array().unwrap().iter().filter_map(|one| one["field"].as_str()).collect();
        assert!(fields.contains(&"customer") && fields.contains(&"lines.product"), "{typed}");
        assert!(!typed.to_string().contains("Foreign") && !typed.to_string().contains("Stranger"), "{typed}");
    });
}

#[test]
fn a_stale_version_a_used_key_and_a_wrong_stage_change_nothing() {
    on_both(|world| {
        let customer = world.customer("BLUE", "EUR");
        let service = world.product_with("S1", "average", "10", json!({ "kind": "service" }));
        let made = world.create(&world.desk.actor, "invoice", invoice(world, &customer, &service)).unwrap();
        let (id, number) = (common::id_of(&made), raw(&world.engine, "invoice", &common::id_of(&made)));
        let act = |action: &str, version| {
            world.engine.act(&world.desk.actor, "invoice", number, action, version, &map(json!({})), None)
        };
        world.change(&world.desk.actor, "invoice", &id, json!({ "note": "second version" })).unwrap();
        let body = map(json!({ "code": "KEY", "name": "Key", "is_customer": true }));
        world.engine.create(&world.desk.actor, "party", &body, Some(&key("k", 1))).unwrap();
        unchanged(world, "what comes too late", || {
            let stale =
                world.engine.change(&world.desk.actor, "invoice", number, 1, &map(json!({ "note": "x" })), None);
            assert!(matches!(stale, Err(Trouble::Stale { current: 2, .. })), "{stale:?}");
            assert!(matches!(act("post", Some(1)), Err(Trouble::Stale { current: 2, .. })));
            let removed = world.engine.remove(&world.desk.actor, "invoice", number, Some(1), None);
            assert!(matches!(removed, Err(Trouble::Stale { current: 2, .. })));
            let again = world.engine.create(&world.desk.actor, "party", &body, Some(&key("k", 2)));
            assert_eq!(said(again), no(Conflict, "key_used", ""));
            world.engine.create(&world.desk.actor, "party", &body, Some(&key("k", 1))).unwrap();
            assert_eq!(said(act("cancel", None)).kind, NotNow);
            assert_eq!(said(act("explode", None)).kind, NotFound);
            let unknown =
                world.engine.act(&world.desk.actor, "invoice", number, "post", None, &map(json!({ "x": 1 })), None);
            assert_eq!(said(unknown).field, "x");
            assert_eq!(said(world.engine.get(&world.desk.actor, "invoice", 999_999_999)).kind, NotFound);
        });
        act("post", Some(2)).unwrap();
        unchanged(world, "a change of what is posted", || {
            assert_eq!(said(world.change(&world.desk.actor, "invoice", &id, json!({ "note": "x" }))).kind, NotNow);
            assert_eq!(said(world.engine.remove(&world.desk.actor, "invoice", number, None, None)).kind, NotNow);
            assert_eq!(said(act("post", None)).kind, NotNow);
            let entry = world.create(&world.desk.actor, "entry", json!({}));
            assert_eq!(said(entry).kind, NotAllowed);
        });
        world.verified("all that was refused");
    });
}

#[test]
fn days_come_in_their_order_however_they_are_written() {
    on_both(|world| {
        let (early, late) = (world.day(-1), world.day(3));
        let customer = world.customer("BLUE", "EUR");
        let service = world.product_with("S1", "average", "10", json!({ "kind": "service" }));
        let lines = json!([{ "product": service, "qty": "1" }]);
        let order = |wanted: &str| json!({ "customer": customer, "ordered_on": world.day(0), "wanted_on": wanted, "lines": lines });
        let priced = |from: &str, until: &str| {
            let line = |from: &str, until: &str, qty: &str| json!({ "product": service, "price": "9", "min_qty": qty, "valid_from": from, "valid_until": until });
            json!({ "name": "Spring", "currency": "EUR", "lines": [line(&early, &late, "0"), line(from, until, "5")] })
        };
        let backwards = |field: &str| no(Invalid, "too_early", field);
        unchanged(world, "days out of their order", || {
            let create = |entity: &str, body: Json| said(world.create(&world.desk.actor, entity, body));
            assert_eq!(create("sales_order", order(&early)), backwards("wanted_on"));
            let offer =
                json!({ "customer": customer, "quoted_on": world.day(0), "valid_until": early, "lines": lines });
            assert_eq!(create("quotation", offer), backwards("valid_until"));
            let price = create("price_list", priced(&late, &early));
            assert_eq!(price, no_in_row(Invalid, "too_early", "lines.valid_until", 1));
            // While typing, in a batch, and in a file.
            let typed = world.engine.preview(&world.desk.actor, "sales_order", &map(order(&early))).unwrap();
            let told = "“Wanted on” 2026-03-15 is before “Ordered on” 2026-03-16. Choose 2026-03-16 or a later day, \
                        or correct “Ordered on”.";
            assert_eq!(typed["problems"][0]["message"], told, "{typed}");
            let row = json!([{ "op": "create", "record": order(&early) }]);
            let answer = world.engine.batch(&world.desk.actor, "sales_order", &row, false, None).unwrap();
            assert_eq!(answer["results"][0]["problems"][0]["code"], "too_early", "{answer}");
            let row = |cells: &[&str]| cells.iter().map(|cell| (*cell).to_owned()).collect::<Vec<String>>();
            let file = [
                row(&["customer", "ordered_on", "wanted_on", "lines.product", "lines.qty"]),
                row(&["BLUE", &world.day(0), &early, "S1", "1"]),
            ];
            let answer = world.engine.import(&world.desk.actor, "sales_order", &file, false, &|| ()).unwrap();
            assert_eq!(answer["failed"][0]["problems"][0]["code"], "too_early", "{answer}");
        });
        // Whichever of the two is changed.
        let made = world.desk.create("sales_order", order(&world.day(0))).unwrap();
        let change = |body: Json| said(world.change(&world.desk.actor, "sales_order", &made, body));
        assert_eq!(change(json!({ "ordered_on": late })), backwards("wanted_on"));
        assert_eq!(change(json!({ "wanted_on": early })), backwards("wanted_on"));
        let moved = world.change(&world.desk.actor, "sales_order", &made, json!({ "ordered_on": early })).unwrap();
        assert_eq!(moved["record"]["wanted_on"], json!(world.day(0)));
        // An invoice is due by its terms, which are never due before it.
        let mut body = invoice(world, &customer, &service);
        merge(&mut body, json!({ "due_on": early }));
        let made = world.desk.create("invoice", body).unwrap();
        assert!(text(&world.get("invoice", &made)["due_on"]) >= world.day(0));
        let term = json!({ "name": "Yesterday", "lines": [{ "days": 0 }, { "days": -1 }] });
        let refused = said(world.create(&world.desk.actor, "payment_term", term));
        assert_eq!(refused, no_in_row(Invalid, "before_its_day", "lines.days", 1));
        // A report that ends before it begins, unless nobody chose the beginning.
        let (this, last) = (world.day(0), world.day(-500));
        let asked = |params: &[(&str, &str)]| {
            let params = params.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
            world.engine.report(&world.desk.actor, "trial_balance", &params)
        };
        assert_eq!(said(asked(&[("from", &this), ("as_of", &last)])), backwards("as_of"));
        assert!(asked(&[("as_of", &last)]).is_ok());
    });
}

#[test]
fn nothing_comes_back_before_it_went() {
    on_both(|world| {
        let customer = world.customer("BLUE", "EUR");
        let goods = world.product("G1", "average", "10");
        world.receive(&world.day(-9), &goods, "5", "3");
        let (_, delivery, invoice) = world.sale(&customer, &goods, "2");
        let made = |entity: &str, from: (&str, &str), day: Json| {
            let mut body = Json::Object(world.desk.prefilled(entity, from).unwrap());
            merge(&mut body, day);
            world.create(&world.desk.actor, entity, body)
        };
        unchanged(world, "what comes back before it went", || {
            let back = made("sales_return", ("delivery", &delivery), json!({ "received_on": world.day(-1) }));
            assert_eq!(said(back), no(Invalid, "before_delivery", "received_on"));
            let note = made("invoice", ("invoice", &invoice), json!({ "issued_on": world.day(-1) }));
            assert_eq!(said(note), no(Invalid, "before_invoice", "issued_on"));
        });
        made("sales_return", ("delivery", &delivery), json!({ "received_on": world.day(0) })).unwrap();
        made("invoice", ("invoice", &invoice), json!({ "issued_on": world.day(0) })).unwrap();
    });
}

#[test]
fn a_date_in_a_closed_period_is_refused_when_it_would_post() {
    on_both(|world| {
        let customer = world.customer("BLUE", "EUR");
        let service = world.product_with("S1", "average", "10", json!({ "kind": "service" }));
        let mut body = invoice(world, &customer, &service);
        merge(&mut body, json!({ "issued_on": world.day(-20) }));
        let id = world.desk.create("invoice", body).unwrap();
        let company = kernel::id_text("co", world.company);
        world.change(&world.desk.actor, "company", &company, json!({ "books_locked_until": world.day(-10) })).unwrap();
        unchanged(world, "a closed period", || {
            assert_eq!(world.refused("invoice", &id, "post"), no(Invalid, "period_closed", "issued_on"));
        });
        assert_eq!(world.get("invoice", &id)["number"], Json::Null, "and no number is used up");
    });
}

#[test]
fn a_file_with_a_broken_row_loads_the_others_and_can_be_mended() {
    on_both(|world| {
        let row = |cells: &[&str]| cells.iter().map(|cell| (*cell).to_owned()).collect::<Vec<String>>();
        let mut rows = vec![row(&["external_id", "code", "Name", "客户", "credit_limit"])];
        for number in 0..10 {
            let (code, name) = (format!("C{number}"), format!("Customer {number}"));
            let limit = if number == 5 { "a lot" } else { "100" };
            rows.push(row(&[&format!("x{number}"), &code, &name, "是", limit]));
        }
        let parties = || world.number("select count(*) from party", &[]);
        unchanged(world, "a dry run", || {
            let answer = world.engine.import(&world.desk.actor, "party", &rows, true, &|| ()).unwrap();
            assert_eq!((&answer["created"], &answer["failed"][0]["row"]), (&json!(9), &json!(5)));
        });
        let answer = world.engine.import(&world.desk.actor, "party", &rows, false, &|| ()).unwrap();
        assert_eq!((&answer["rows"], &answer["created"], &answer["changed"]), (&json!(10), &json!(9), &json!(0)));
        let failed = &answer["failed"][0];
        assert_eq!(
            (&failed["row"], &failed["line"], &failed["problems"][0]["field"]),
            (&json!(5), &json!(7), &json!("credit_limit"))
        );
        assert_eq!(parties(), 9);
        // Mended, the whole file can be loaded again: what is there is not there twice.
        rows[6][4] = "200".to_owned();
        let answer = world.engine.import(&world.desk.actor, "party", &rows, false, &|| ()).unwrap();
        assert_eq!((&answer["created"], answer["failed"].as_array().unwrap().len()), (&json!(1), 0));
        assert_eq!(parties(), 10);
        unchanged(world, "an unknown column", || {
            let bad = vec![row(&["code", "colour"]), row(&["C99", "red"])];
            let answer = world.engine.import(&world.desk.actor, "party", &bad, false, &|| ());
            assert_eq!(said(answer), no(Invalid, "unknown_field", "colour"));
        });
        unchanged(world, "two columns of one field", || {
            let bad = vec![row(&["code", "Name", "名称"]), row(&["C99", "Red", "红"])];
            let answer = world.engine.import(&world.desk.actor, "party", &bad, false, &|| ());
            assert_eq!(said(answer), no(Invalid, "invalid", "name"));
        });
    });
}

#[test]
fn what_is_wrong_with_a_file_is_said_in_the_language_of_who_sent_it() {
    on_both(|world| {
        let rim = Rim::of(world);
        let root = rim.signed_in(world, "root", "administrator");
        let says = |lang: &str, file: &str, part: &str| {
            let headers =
                [("cookie", root.as_str()), ("x-heyi", "1"), ("content-type", "text/csv"), ("accept-language", lang)];
            for uri in ["/api/party/import?dry=true", "/api/party/import/look"] {
                let answer = rim.send("POST", uri, &headers, file.to_owned());
                assert_eq!(answer.status, 400, "{}", answer.text());
                let told = answer.json();
                assert!(told["detail"].as_str().unwrap().contains(part), "{uri} {told}");
            }
        };
        says("zh", "", "文件为空");
        says("en", "", "The file is empty");
        let unended = "名称,电话\n甲,1\n\"乙,2\n丙,3\n";
        says("zh", unended, "第 3 行有单元格以引号");
        says("en", unended, "In line 3 a cell begins with a quotation mark");
    });
}

#[test]
fn a_batch_is_all_or_nothing_when_it_is_atomic() {
    on_both(|world| {
        let rows = json!([
            { "op": "create", "record": { "code": "A", "name": "A", "is_customer": true } },
            { "op": "create", "record": { "code": "B", "name": "B", "colour": "red" } },
        ]);
        unchanged(world, "a batch with a bad row", || {
            let answer = said(world.engine.batch(&world.desk.actor, "party", &rows, true, None));
            assert_eq!((answer.code, answer.row), ("unknown_field", Some(1)));
        });
        let answer = world.engine.batch(&world.desk.actor, "party", &rows, false, None).unwrap();
        assert_eq!((&answer["results"][0]["status"], &answer["results"][1]["status"]), (&json!(201), &json!(422)));
        assert_eq!(world.number("select count(*) from party", &[]), 1);
    });
}

#[test]
fn a_filter_names_real_fields_that_one_may_see() {
    on_both(|world| {
        let ask = |entity: &str, filter: Json| {
            let filter = Filter::parse(&filter)?;
            world.engine.list(&world.desk.actor, entity, &ListQuery { filter, limit: 10, ..ListQuery::default() })
        };
        for (entity, filter) in [
            ("party", json!(["colour", "=", "red"])),
            ("party", json!(["owner.colour", "=", "red"])),
            ("party", json!(["name.code", "=", "red"])),
            ("party", json!(["name", "~", "red"])),
            ("party", json!(["active", "=", "perhaps"])),
            ("party", json!(["credit_limit", ">", "a lot"])),
            ("party", json!("name")),
            ("party", json!(["and", 7])),
            ("party", json!(["name; drop table party", "=", "x"])),
        ] {
            assert_eq!(said(ask(entity, filter.clone())).kind, Invalid, "{filter}");
        }
        let deep = (0..120).fold(json!(["name", "=", "x"]), |inner, _| json!(["not", inner]));
        assert!(matches!(ask("party", deep), Err(Trouble::Refused(_))), "no filter is endless");
        let seller = world.actor("sam", "sales_rep");
        let ask = |filter: Json| {
            let filter = Filter::parse(&filter).unwrap();
            let query = ListQuery { filter, limit: 10, ..ListQuery::default() };
            world.engine.list(&seller, "party", &query)
        };
        let refused = said(ask(json!(["owner.password_hash", "starts", "a"])));
        assert_eq!(refused.kind, Invalid);
    });
}

#[test]
fn money_counts_when_it_is_there() {
    on_both(|world| {
        let blue = world.customer_with("BLUE", json!({ "credit_limit": "40" }));
        let service = world.product_with("S1", "average", "10", json!({ "kind": "service" }));
        let invoice = world.desk.create("invoice", invoice(world, &blue, &service)).unwrap();
        world.act("invoice", &invoice, "post");
        let body = json!({ "direction": "in", "party": blue, "paid_on": world.day(1), "account": world.bank,
            "amount": "36.00", "lines": [{ "invoice": invoice }] });
        let payment = world.desk.create("payment", body).unwrap();
        unchanged(world, "a payment of tomorrow", || {
            assert_eq!(world.refused("payment", &payment, "post"), no(NotNow, "not_yet", "paid_on"));
        });
        // Until then it lowers neither what is owed nor what credit is used.
        assert_eq!(world.owed(&[]), "36.00");
        let order = world.order(&blue, &service, "1");
        assert_eq!(world.refused("sales_order", &order, "confirm").kind, TooMuch);
        world.days_pass(1);
        world.act("payment", &payment, "post");
        world.act("sales_order", &order, "confirm");
        world.verified("money that came");
    });
}

#[test]
fn a_rate_far_from_that_of_the_day_must_be_meant() {
    on_both(|world| {
        let customer = world.customer("BLUE", "USD");
        let service = world.product_with("S1", "average", "10", json!({ "kind": "service" }));
        let mut body = invoice(world, &customer, &service);
        merge(&mut body, json!({ "currency": "USD" }));
        let invoice = world.desk.create("invoice", body).unwrap();
        world.act("invoice", &invoice, "post");
        let owed = world.get("invoice", &invoice);
        let rate = kernel::Rate::parse(owed["rate"].as_str().unwrap()).unwrap();
        let far = kernel::Rate::new(rate.raw() * 10).to_string();
        let pay = |more: Json| {
            let mut body = json!({
                "direction": "in", "party": customer, "paid_on": world.day(0), "account": world.bank, "currency": "USD",
                "amount": owed["total"], "lines": [{ "invoice": invoice }],
            });
            merge(&mut body, more);
            world.create(&world.desk.actor, "payment", body)
        };
        unchanged(world, "a far rate", || {
            assert_eq!(said(pay(json!({ "rate": far }))), no(Invalid, "far_rate", "rate_meant"));
            // Ten euros for all of the dollars: the rest would pass for a loss by exchange.
            let line = json!([{ "invoice": invoice, "amount": "10.00", "invoice_amount": owed["total"] }]);
            let euros = json!({ "currency": "EUR", "amount": "10.00", "lines": line });
            assert_eq!(said(pay(euros)), no_in_row(Invalid, "far_rate", "lines.invoice_amount", 0));
        });
        let near = kernel::Rate::new(rate.raw() * 11 / 10).to_string();
        assert!(pay(json!({ "rate": near })).is_ok());
        let meant = pay(json!({ "rate": far, "rate_meant": true })).unwrap();
        world.act("payment", meant["record"]["id"].as_str().unwrap(), "post");
        world.verified("a rate that was meant");
    });
}

#[test]
fn goods_that_come_back_without_their_invoice_are_worth_what_is_said() {
    on_both(|world| {
        let customer = world.customer("BLUE", "EUR");
        let goods = world.product("G1", "average", "10");
        let note = |unit_cost: Json| {
            let line = json!({ "product": goods, "qty": "2", "price": "10", "unit_cost": unit_cost });
            let body = json!({
                "kind": "credit_note", "customer": customer, "issued_on": world.day(0), "ship_from": world.place,
                "lines": [line],
            });
            world.desk.create("invoice", body).unwrap()
        };
        let silent = note(Json::Null);
        assert_eq!(world.refused("invoice", &silent, "post"), no_in_row(Invalid, "cost_unknown", "lines.unit_cost", 0));
        let told = note(json!("3.5"));
        world.act("invoice", &told, "post");
        let id = raw(&world.engine, "product", &goods);
        assert_eq!(world.number("select value from product_value where product = ?1", &[id.into()]), 700);
        // Now there is a present cost.
        world.act("invoice", &silent, "post");
        assert_eq!(world.number("select value from product_value where product = ?1", &[id.into()]), 1_400);
        world.verified("goods came back");
    });
}

#[test]
fn a_closed_period_is_opened_for_somebody_for_a_while_and_never_what_is_closed_for_good() {
    on_both(|world| {
        let customer = world.customer("BLUE", "EUR");
        let service = world.product_with("S1", "average", "10", json!({ "kind": "service" }));
        let company = kernel::id_text("co", world.company);
        let close = |locks: Json| {
            let version = world.get("company", &company)["version"].clone();
            let mut body = json!({ "version": version });
            merge(&mut body, locks);
            world.change(&world.desk.actor, "company", &company, body).unwrap();
        };
        let (anna, ben) = (world.as_user("anna", "manager"), world.as_user("ben", "manager"));
        let draft = |day: i32| {
            let mut body = invoice(world, &customer, &service);
            merge(&mut body, json!({ "issued_on": world.day(day) }));
            world.desk.create("invoice", body).unwrap()
        };
        let post = |who: &app::driver::Driver, id: &str| world.try_act(&who.actor, "invoice", id, "post", json!({}));
        let closed = no(Invalid, "period_closed", "issued_on");
        let exception = |lock: &str, day: i32, who: &app::driver::Driver, ends_at: &str| {
            let body = json!({
                "lock": lock, "opens_from": world.day(day), "for_user": kernel::id_text("us", who.actor.user),
                "ends_at": ends_at, "reason": "A forgotten invoice",
            });
            world.create(&anna.actor, "lock_exception", body)
        };
        let tomorrow = format!("{}T00:00:00Z", world.day(1));
        close(json!({ "books_locked_until": world.day(-10), "tax_locked_until": world.day(-5) }));
        let (early, taxed) = (draft(-12), draft(-7));
        assert_eq!(said(post(&anna, &early)), closed);
        assert_eq!(said(post(&anna, &taxed)), closed, "its tax is declared");
        exception("books", -15, &anna, &tomorrow).unwrap();
        assert_eq!(said(post(&anna, &early)), closed, "the tax is still closed");
        let opened = exception("tax", -15, &anna, &tomorrow).unwrap();
        assert_eq!(said(post(&ben, &early)), closed, "it is opened for Anna");
        post(&anna, &early).unwrap();
        post(&anna, &taxed).unwrap();
        // Its day is the earliest; its end comes; it is ended early and never removed.
        assert_eq!(said(post(&anna, &draft(-16))), closed);
        let id = raw(&world.engine, "lock_exception", opened["record"]["id"].as_str().unwrap());
        assert_eq!(said(world.engine.remove(&anna.actor, "lock_exception", id, Some(1), None)).kind, NotAllowed);
        world.days_pass(2);
        let late = draft(-14);
        assert_eq!(said(post(&anna, &late)), closed);
        assert_eq!(said(exception("tax", -30, &anna, "2099-01-01T00:00:00Z")).code, "too_long");
        // What is closed for good stays closed.
        let tomorrow = format!("{}T00:00:00Z", world.day(1));
        exception("books", -30, &anna, &tomorrow).unwrap();
        exception("tax", -30, &anna, &tomorrow).unwrap();
        post(&anna, &late).unwrap();
        close(json!({ "hard_locked_until": world.day(-12) }));
        assert_eq!(said(post(&anna, &draft(-13))), closed);
        world.verified("exceptions");
    });
}

#[test]
fn where_a_series_wants_it_dates_rise_with_the_numbers() {
    on_both(|world| {
        let customer = world.customer("BLUE", "EUR");
        let service = world.product_with("S1", "average", "10", json!({ "kind": "service" }));
        let of = |day: i32| {
            let mut body = invoice(world, &customer, &service);
            merge(&mut body, json!({ "issued_on": world.day(day) }));
            world.desk.create("invoice", body).unwrap()
        };
        let post = |day: i32| world.desk.act("invoice", &of(day), "post", json!({})).unwrap();
        post(-1);
        // Unless it is asked for, any date is taken.
        post(-3);
        let series = json!({ "entity": "invoice", "pattern": "IV-{year}-{seq:05}", "in_order": true });
        world.desk.create("number_series", series).unwrap();
        let early = of(-2);
        unchanged(world, "a date before the last", || {
            let refused = world.refused("invoice", &early, "post");
            assert_eq!(refused, no(NotNow, "date_before_the_last", "issued_on"));
        });
        // The same day goes, and then only later ones.
        post(-1);
        post(0);
        assert_eq!(world.refused("invoice", &of(-1), "post").code, "date_before_the_last");
        world.verified("numbers by date");
    });
}

#[test]
fn what_the_books_refuse_marks_the_day_or_the_line() {
    on_both(|world| {
        let customer = world.customer("BLUE", "EUR");
        let (lamp, desk) = (world.product("L1", "fifo", "30"), world.product("D1", "average", "30"));
        world.receive(&world.day(-9), &lamp, "9", "10");
        world.receive(&world.day(0), &desk, "9", "10");
        let order = json!({
            "customer": customer, "ordered_on": world.day(-5), "wanted_on": world.day(0),
            "lines": [{ "product": lamp, "qty": "1", "price": "10" }, { "product": desk, "qty": "2", "price": "10" }],
        });
        let order = world.desk.create("sales_order", order).unwrap();
        world.act("sales_order", &order, "confirm");
        let on = |day: i32| {
            world.made_of("delivery", ("sales_order", &order), None, json!({ "shipped_on": world.day(day) }))
        };
        let (early, ahead) = (on(-3), on(400));
        unchanged(world, "what the books refuse", || {
            // The second line is short on that day; what lies far ahead is a matter of the day.
            let short = no_in_row(Conflict, "short_on_day", "lines.qty", 1);
            assert_eq!(world.refused("delivery", &early, "ship"), short);
            assert_eq!(world.refused("delivery", &ahead, "ship"), no(Invalid, "day_far_ahead", "shipped_on"));
        });
        let company = kernel::id_text("co", world.company);
        world.change(&world.desk.actor, "company", &company, json!({ "books_locked_until": world.day(-1) })).unwrap();
        let closed = no(Invalid, "period_closed", "shipped_on");
        assert_eq!(world.refused("delivery", &on(-2), "ship"), closed);
        world.verified("what the books refuse");
    });
}

#[test]
fn what_only_the_system_gives_is_refused_unless_it_is_what_stands_there() {
    on_both(|world| {
        let blue = world.customer("BLUE", "EUR");
        let red = world.customer("RED", "EUR");
        let service = world.product_with("S1", "average", "10", json!({ "kind": "service" }));
        let create = |entity: &str, more: Json| {
            let mut body = match entity {
                "invoice" => invoice(world, &blue, &service),
                _ => json!({ "code": "NEW", "name": "New", "is_customer": true }),
            };
            merge(&mut body, more);
            world.create(&world.desk.actor, entity, body)
        };
        unchanged(world, "an id of ours", || {
            assert_eq!(said(create("party", json!({ "id": blue }))), no(Invalid, "given_by_us", "id"));
            assert_eq!(said(create("party", json!({ "version": 3 }))), no(Invalid, "given_by_us", "version"));
            let change = |body: Json| said(world.change(&world.desk.actor, "party", &blue, body));
            assert_eq!(change(json!({ "id": red, "name": "Red" })), no(Conflict, "another_id", "id"));
            assert_eq!(said(create("invoice", json!({ "stage": "posted" }))).code, "readonly_field");
        });
        assert!(create("party", json!({ "id": null, "version": null })).is_ok());
        // What was read may be sent back as it is.
        let made = common::id_of(&create("invoice", json!({ "stage": "draft" })).unwrap());
        let mut read = world.get("invoice", &made);
        read["note"] = json!("as it was");
        world.change(&world.desk.actor, "invoice", &made, read).unwrap();
        assert_eq!(world.get("invoice", &made)["note"], "as it was");
    });
}
