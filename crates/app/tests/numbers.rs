//! How documents are numbered: by month, by day, by company, or on and on; and reports that are asked for by a code.

use crate::common::{self, World, on_both, said};
use serde_json::{Value as Json, json};

fn series(world: &World, entity: &str, pattern: &str) -> Result<String, &'static str> {
    let answer = world.create(&world.desk.actor, "number_series", json!({ "entity": entity, "pattern": pattern }));
    match answer {
        Ok(saved) => Ok(common::id_of(&saved)),
        refused => Err(said(refused).code),
    }
}

fn number(world: &World, entity: &str, id: &str) -> String {
    world.get(entity, id)["number"].as_str().unwrap().to_owned()
}

/// As a company was before new ones began with a series for their credit notes.
fn without_series(world: &World) {
    let sql = "select id, version from number_series where company = ?1";
    let rows = world.engine.database().read(|conn| Ok(conn.query(sql, &[world.company.into()])?)).unwrap();
    for row in rows {
        world.engine.remove(&world.desk.actor, "number_series", row.int(0), Some(row.int(1)), None).unwrap();
    }
}

/// Posts an entry and tells its number.
fn entry(world: &World, day: i32) -> String {
    let account = json!({ "code": "6901", "name": "Odds", "kind": "expense", "used_for": "none" });
    let sql = "select id from account where code = '6901'";
    let found = world.engine.database().read(|conn| Ok(conn.query(sql, &[])?)).unwrap();
    let account = match found.first() {
        Some(row) => kernel::id_text("ac", row.int(0)),
        None => world.desk.create("account", account).unwrap(),
    };
    let lines = json!([{ "account": account, "debit": "9" }, { "account": world.bank, "credit": "9" }]);
    let id = world.desk.create("journal_entry", json!({ "posted_on": world.day(day), "lines": lines })).unwrap();
    world.act("journal_entry", &id, "post");
    number(world, "journal_entry", &id)
}

#[test]
fn numbers_begin_again_with_the_smallest_period_of_their_pattern_and_none_is_missing() {
    on_both(|world| {
        let customer = world.customer("BLUE", "EUR");
        let service = world.product_with("S1", "average", "10", json!({ "kind": "service" }));
        let company = kernel::id_text("co", world.company);
        let set = |body: Json| world.change(&world.desk.actor, "company", &company, body);
        let invoice = |day: i32| {
            let lines = json!([{ "product": service, "qty": "1", "price": "10" }]);
            let body = json!({ "kind": "invoice", "customer": customer, "issued_on": world.day(day), "lines": lines });
            let id = world.desk.create("invoice", body).unwrap();
            world.act("invoice", &id, "post");
            number(world, "invoice", &id)
        };

        // By month, with the code of the company; called as people call it.
        let monthly = "{company}{year2}{month}{seq:03}";
        assert_eq!(series(world, "Invoice", monthly), Err("no_code"));
        set(json!({ "code": "HZ" })).unwrap();
        let kept = series(world, "Invoice", monthly).unwrap();
        assert_eq!(world.get("number_series", &kept)["entity"], "invoice");
        assert_eq!([-1, 0, -20, 0].map(invoice), ["HZ2603001", "HZ2603002", "HZ2602001", "HZ2603003"]);
        assert_eq!(said(set(json!({ "code": "" }))).code, "code_in_numbers");
        let told = world.report("number_check", &[])["rows"].clone();
        let told = told.as_array().unwrap().iter().map(|row| {
            let cells = &row["cells"];
            ["series", "number", "what"].map(|name| cells[name].as_str().unwrap_or("").to_owned()).join(" | ")
        });
        let fine = "All are there, in the order of days";
        assert_eq!(told.collect::<Vec<_>>(), [format!("HZ2602# | 1 | {fine}"), format!("HZ2603# | 3 | {fine}")]);

        // By day.
        series(world, "销售订单", "{year}{month}{day}-{seq:02}").unwrap();
        let order = || {
            let body = json!({ "customer": customer, "lines": [{ "product": service, "qty": "1" }] });
            number(world, "sales_order", &world.desk.create("sales_order", body).unwrap())
        };
        assert_eq!([order(), order()], ["20260316-01", "20260316-02"]);
        world.days_pass(1);
        assert_eq!(order(), "20260317-01");

        // On and on, and then by year: what was given is not given again.
        let kept = series(world, "journal_entry", "26{seq:03}").unwrap();
        assert_eq!([-100, 0].map(|day| entry(world, day)), ["26001", "26002"]);
        let by_year = json!({ "pattern": "{year2}{seq:03}" });
        world.change(&world.desk.actor, "number_series", &kept, by_year).unwrap();
        assert_eq!([0, -100, 0].map(|day| entry(world, day)), ["26003", "25001", "26004"]);
        world.verified("numbers by period");
    });
}

#[test]
fn a_series_that_would_not_work_is_refused_with_what_would() {
    on_both(|world| {
        assert_eq!(series(world, "invoice", "{month}-{seq}"), Err("no_year"));
        assert_eq!(series(world, "invoice", "{year}-{day}-{seq}"), Err("no_month"));
        assert_eq!(series(world, "party", "{seq}"), Err("not_numbered"), "parties have codes");
        let body = json!({ "entity": "sales_ordre", "pattern": "{seq}" });
        let refused = world.create(&world.desk.actor, "number_series", body).unwrap_err().to_string();
        assert!(refused.starts_with("“sales_ordre” has no numbers. Choose one of these: "), "{refused}");
        assert!(refused.contains("Sales order, "), "{refused}");
    });
}

/// An invoice or a credit note of a day, and its number.
fn billed(world: &World, kind: &str, customer: &str, service: &str, day: i32) -> String {
    let lines = json!([{ "product": service, "qty": "1", "price": "10" }]);
    let body = json!({ "kind": kind, "customer": customer, "issued_on": world.day(day), "lines": lines });
    let id = world.desk.create("invoice", body).unwrap();
    world.act("invoice", &id, "post");
    number(world, "invoice", &id)
}

/// What a report tells in some of its columns.
fn told(world: &World, report: &str, params: &[(&str, &str)], columns: &[&str]) -> Vec<String> {
    let told = world.report(report, params)["rows"].clone();
    let cells = |row: &Json| columns.iter().map(|name| row["cells"][name].as_str().unwrap_or("").to_owned()).collect();
    told.as_array().unwrap().iter().map(cells).map(|cells: Vec<String>| cells.join(" | ")).collect()
}

#[test]
fn credit_notes_of_a_new_company_are_numbered_apart_from_its_invoices() {
    on_both(|world| {
        let customer = world.customer("BLUE", "EUR");
        let service = world.product_with("S1", "average", "10", json!({ "kind": "service" }));
        let given = ["invoice", "credit_note", "invoice"].map(|kind| billed(world, kind, &customer, &service, 0));
        assert_eq!(given, ["INV-2026-00001", "CN-2026-00001", "INV-2026-00002"]);
        // The series is theirs: they change it or take it away, and starting again does not bring it back.
        without_series(world);
        app::setup::furnish_all(&world.engine).unwrap();
        assert_eq!(billed(world, "credit_note", &customer, &service, 0), "INV-2026-00003");
        // A company made elsewhere that numbers its invoices in its own way before it is furnished keeps that.
        let body = json!({ "name": "Own numbers", "currency": "EUR", "country": "DE", "chart": "ifrs_generic" });
        let made = world.desk.create("company", body).unwrap();
        let own = kernel::id_parse("co", &made).unwrap();
        let desk = world.desk.of(own);
        desk.create("number_series", json!({ "entity": "invoice", "pattern": "R{seq}" })).unwrap();
        app::setup::furnish_all(&world.engine).unwrap();
        let sql = "select count(*) from number_series where company = ?1";
        assert_eq!(world.number(sql, &[own.into()]), 1);
    });
}

#[test]
fn credit_notes_may_have_numbers_of_their_own_and_none_is_missing_or_given_twice() {
    on_both(|world| {
        without_series(world);
        let customer = world.customer("BLUE", "EUR");
        let service = world.product_with("S1", "average", "10", json!({ "kind": "service" }));
        let bill = |kind: &str, day: i32| billed(world, kind, &customer, &service, day);
        // Without a series of their own they are numbered among the invoices.
        assert_eq!(["invoice", "credit_note"].map(|kind| bill(kind, -40)), ["INV-2026-00001", "INV-2026-00002"]);
        let notes = json!({ "entity": "Invoice", "kind": "红字发票", "pattern": "CN-{year}{month}-{seq:03}" });
        let kept = common::id_of(&world.create(&world.desk.actor, "number_series", notes).unwrap());
        assert_eq!(world.get("number_series", &kept)["kind"], "credit_note");
        let given = ["credit_note", "invoice", "credit_note", "invoice"].map(|kind| bill(kind, 0));
        assert_eq!(given, ["CN-202603-001", "INV-2026-00003", "CN-202603-002", "INV-2026-00004"]);
        assert_eq!(bill("credit_note", -30), "CN-202602-001");

        // What is in force is told, and what comes next.
        let force = told(world, "numbers_in_force", &[], &["document", "kind", "pattern", "next", "from"]);
        let of = |what: &str| force.iter().filter(|line| line.starts_with(what)).cloned().collect::<Vec<_>>();
        let lines = [
            "Invoice |  | INV-{year}-{seq:05} | INV-2026-00005 | Usual form",
            "Invoice | Credit note | CN-{year}{month}-{seq:03} | CN-202603-003 | Number series",
        ];
        assert_eq!(of("Invoice"), lines);
        assert_eq!(of("Quotation"), ["Quotation |  | QT-{year}-{seq:05} | QT-2026-00001 | Usual form"]);

        // The check reads a period; a number of an earlier day is not missing in it.
        let fine = "All are there, in the order of days";
        let check = |from: &str| told(world, "number_check", &[("from", from)], &["series", "number", "what"]);
        let all = [
            format!("CN-202602-# | 1 | {fine}"),
            format!("CN-202603-# | 2 | {fine}"),
            format!("INV-2026-# | 4 | {fine}"),
        ];
        assert_eq!(check("2026-01-01"), all);
        let month = [format!("CN-202603-# | 2 | {fine}"), format!("INV-2026-# | 2 | {fine}")];
        assert_eq!(check("2026-03-01"), month);
        assert_eq!(bill("invoice", -35), "INV-2026-00005");
        assert_eq!(bill("invoice", 0), "INV-2026-00006");
        assert_eq!(check("2026-03-01")[1], format!("INV-2026-# | 3 | {fine}"), "00005 is of February");

        // When the series goes, they are numbered among the invoices again.
        let version = world.get("number_series", &kept)["version"].as_i64();
        let id = common::raw(&world.engine, "number_series", &kept);
        world.engine.remove(&world.desk.actor, "number_series", id, version, None).unwrap();
        assert_eq!(bill("credit_note", 0), "INV-2026-00007");
        world.verified("numbers by kind");
    });
}

#[test]
fn a_series_of_a_kind_is_refused_where_there_is_none_or_another_gives_the_same_numbers() {
    on_both(|world| {
        without_series(world);
        let refused = |entity: &str, kind: &str, pattern: &str| {
            let body = json!({ "entity": entity, "kind": kind, "pattern": pattern });
            match world.create(&world.desk.actor, "number_series", body) {
                Ok(_) => "saved",
                refused => said(refused).code,
            }
        };
        assert_eq!(refused("invoice", "credit note", "INV-{year}-{seq}"), "same_numbers", "as the usual form");
        assert_eq!(refused("invoice", "receipt", "RC{seq}"), "unknown_kind");
        assert_eq!(refused("sales_order", "credit_note", "SO{seq}"), "no_kinds");
        assert_eq!(refused("invoice", "Credit note", "CN{seq}"), "saved");
        assert_eq!(refused("invoice", "credit_note", "CX{seq}"), "another_series");
        assert_eq!(refused("invoice", "", "CN{seq:03}"), "same_numbers");
        assert_eq!(refused("invoice", "", "IV{seq:03}"), "saved");
        assert_eq!(refused("invoice", "", "IW{seq:03}"), "another_series");
        assert_eq!(refused("payment", "out", "OUT{seq}"), "saved");
        assert_eq!(refused("payment", "收款", "IN{seq}"), "saved");
        let body = json!({ "entity": "invoice", "kind": "receipt", "pattern": "RC{seq}" });
        let why = world.create(&world.desk.actor, "number_series", body).unwrap_err().to_string();
        assert!(why.contains("“receipt” is no kind of Invoice"), "{why}");
        assert!(why.contains("Invoice, Credit note"), "{why}");
    });
}

#[test]
fn a_report_is_asked_for_the_code_of_an_account_or_the_number_of_a_document() {
    on_both(|world| {
        let lamp = world.product("L1", "fifo", "30");
        world.receive(&world.day(-9), &lamp, "4", "10");
        let account = json!({ "code": "6901", "name": "Odds", "kind": "expense", "used_for": "none" });
        let id = world.desk.create("account", account).unwrap();
        let by_id = world.report("general_ledger", &[("account", id.as_str())]);
        assert_eq!(world.report("general_ledger", &[("account", "6901")]), by_id);
        assert_eq!(world.report("general_ledger", &[("account", "Odds")]), by_id, "by its name");
        let card = world.report("stock_card", &[("product", "L1")]);
        assert_eq!(card, world.report("stock_card", &[("product", lamp.as_str())]));
        assert!(!card["rows"].as_array().unwrap().is_empty());

        let refused = |report: &str, name: &str, text: &str| {
            let params = std::collections::BTreeMap::from([(name.to_owned(), text.to_owned())]);
            match world.engine.report(&world.desk.actor, report, &params) {
                Err(meta::Trouble::Refused(why)) => {
                    let problem = &why.problems[0];
                    (problem.code, problem.field.clone().unwrap_or_default(), why.to_string())
                }
                other => panic!("{other:?}"),
            }
        };
        let (code, field, why) = refused("general_ledger", "account", "6999");
        assert_eq!((code, field.as_str()), ("no_such_record", "account"));
        assert!(why.starts_with("For “Account” there is no Account “6999”"), "{why}");
        assert_eq!(refused("stock_card", "product", "nothing").0, "no_such_record");
        assert_eq!(refused("general_ledger", "account", "ac_zzzzzz").0, "no_such_record");
    });
}
