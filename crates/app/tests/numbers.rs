//! How documents are numbered: by month, by day, by company, or on and on.

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
