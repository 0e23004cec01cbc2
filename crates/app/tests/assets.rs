//! Assets from the day they are bought to the day they are gone, on both databases.

use crate::common::{World, merge, no, on_both, said, text};
use kernel::ProblemKind::{Conflict, Invalid, NotNow};
use serde_json::{Value as Json, json};

fn account(world: &World, used_for: &str) -> String {
    app::setup::account(&world.engine, world.company, used_for).unwrap()
}

fn category(world: &World, name: &str, more: Json) -> String {
    let mut body = json!({ "name": name, "convention": "by_month", "life_months": 12 });
    merge(&mut body, more);
    world.desk.create("asset_category", body).unwrap()
}

fn bought(world: &World, category: &str, name: &str, more: Json) -> String {
    let mut body = json!({ "name": name, "category": category, "cost": "1200.00",
        "acquired_on": "2026-01-10", "in_service_on": "2026-01-10" });
    merge(&mut body, more);
    let id = world.desk.create("asset", body).unwrap();
    let args = json!({ "posted_on": "2026-01-10", "against": account(world, "bank") });
    world.desk.act("asset", &id, "capitalise", args).unwrap();
    id
}

fn run_with(world: &World, body: Json) -> String {
    let id = world.desk.create("depreciation_run", body).unwrap();
    world.act("depreciation_run", &id, "post");
    id
}

fn run(world: &World, month: &str) -> String {
    run_with(world, json!({ "month": month }))
}

fn net(world: &World, asset: &str) -> String {
    text(&world.get("asset", asset)["net"])
}

/// The last row of a report: its totals.
fn totals(world: &World, report: &str, params: &[(&str, &str)]) -> Json {
    world.report(report, params)["rows"].as_array().unwrap().last().unwrap()["cells"].clone()
}

/// The closing balance of an account, debit positive.
fn balance(world: &World, used_for: &str, on: &str) -> String {
    let report = world.report("trial_balance", &[("from", "2026-01-01"), ("as_of", on)]);
    let id = account(world, used_for);
    let row = report["rows"].as_array().unwrap().iter().find(|row| row["cells"]["account"]["id"] == id).cloned();
    row.map_or("0.00".to_owned(), |row| text(&row["cells"]["closing"]))
}

/// The registers say what the ledger says.
fn agrees(world: &World, after: &str, on: &str) {
    let register = totals(world, "asset_register", &[("as_of", on)]);
    let from = on.min("2026-02-01");
    let moved = totals(world, "asset_movements", &[("from", from), ("as_of", on)]);
    let accumulated = balance(world, "accumulated_depreciation", on);
    for (told, ledger) in [
        (text(&register["cost"]), balance(world, "fixed_asset", on)),
        (text(&register["accumulated"]), accumulated.strip_prefix('-').unwrap_or(&accumulated).to_owned()),
        (text(&moved["closing_cost"]), text(&register["cost"])),
        (text(&moved["closing_accumulated"]), text(&register["accumulated"])),
        (text(&moved["net"]), text(&register["net"])),
    ] {
        assert_eq!(told, ledger, "on {}, after {after}", world.on);
    }
    world.verified(after);
}

#[test]
fn an_asset_is_bought_depreciated_by_month_revised_impaired_and_sold() {
    on_both(|world| {
        let machines = category(world, "Machines", json!({}));
        let lathe = bought(world, &machines, "Lathe", json!({}));
        assert_eq!(
            (net(world, &lathe), balance(world, "fixed_asset", "2026-12-31")),
            ("1200.00".into(), "1200.00".into())
        );
        let january = run(world, "2026-01-05");
        assert_eq!(text(&world.get("depreciation_run", &january)["month"]), "2026-01-31");
        agrees(world, "January", "2026-01-31");
        run(world, "2026-02-01");
        assert_eq!(net(world, &lathe), "1000.00");
        // From March on it lasts twenty months more, and fifty are left at the end of it.
        let revise = json!({ "from": "2026-03-01", "life_months": 20, "residual": "0" });
        world.desk.act("asset", &lathe, "revise", revise).unwrap();
        run(world, "2026-03-01");
        assert_eq!(net(world, &lathe), "950.00");
        let known = world.engine.now().to_string();
        world.days_pass(1);
        // An impairment in April; nineteen months remain of it.
        let less = json!({ "posted_on": "2026-04-10", "net": "760.00" });
        world.desk.act("asset", &lathe, "revalue", less).unwrap();
        run(world, "2026-04-01");
        assert_eq!(
            (net(world, &lathe), balance(world, "disposal_loss", "2026-12-31")),
            ("720.00".into(), "190.00".into())
        );
        agrees(world, "an impairment", "2026-04-30");
        // A quarter is sold in May at a gain, the rest is scrapped in June.
        let sell = json!({ "posted_on": "2026-05-20", "proceeds": "300.00", "share": "0.25", "account": account(world, "bank") });
        world.desk.act("asset", &lathe, "dispose", sell).unwrap();
        assert_eq!(
            (net(world, &lathe), balance(world, "disposal_gain", "2026-12-31")),
            ("540.00".into(), "-120.00".into())
        );
        run(world, "2026-05-01");
        assert_eq!(net(world, &lathe), "510.00");
        world.desk.act("asset", &lathe, "dispose", json!({ "posted_on": "2026-06-15" })).unwrap();
        let gone = world.get("asset", &lathe);
        assert_eq!(
            (text(&gone["stage"]), text(&gone["net"]), text(&gone["disposed_on"])),
            ("disposed".into(), "0.00".into(), "2026-06-15".into())
        );
        agrees(world, "all is gone", "2026-06-30");
        assert_eq!(balance(world, "fixed_asset", "2026-06-30"), "0.00");
        // As of a day before, it is all still there.
        assert_eq!(text(&totals(world, "asset_register", &[("as_of", "2026-03-31")])["net"]), "950.00");
        // As it was known before the impairment, it is all there in June, too.
        let (then, june) = (("known_at", known.as_str()), ("as_of", "2026-06-30"));
        assert_eq!(text(&totals(world, "asset_register", &[june, then])["net"]), "950.00");
        let moved = totals(world, "asset_movements", &[("from", "2026-03-01"), june, then]);
        let cells =
            ["opening_cost", "disposals", "closing_cost", "opening_accumulated", "charged", "closing_accumulated"];
        assert_eq!(cells.map(|cell| text(&moved[cell])), ["1200.00", "0.00", "1200.00", "200.00", "50.00", "250.00"]);
        let moved = totals(world, "asset_movements", &[("from", "2026-05-01"), ("as_of", "2026-05-31")]);
        assert_eq!(cells.map(|cell| text(&moved[cell]))[..3], ["1200.00", "-300.00", "900.00"]);
    });
}

#[test]
fn a_month_is_run_once_and_taken_back_from_the_last_on() {
    on_both(|world| {
        let machines = category(world, "Machines", json!({}));
        let (one, other) = (
            bought(world, &machines, "One", json!({})),
            bought(world, &machines, "Other", json!({ "cost": "100.00" })),
        );
        let january = run(world, "2026-01-31");
        assert_eq!(text(&world.get("depreciation_run", &january)["total"]), "108.33");
        let again = said(world.create(&world.desk.actor, "depreciation_run", json!({ "month": "2026-01-20" })));
        assert_eq!(again, no(Conflict, "twice", "month"));
        // February and March are forgotten; April tells and charges them, or leaves them.
        let april = world.desk.create("depreciation_run", json!({ "month": "2026-04-30" })).unwrap();
        let line = world.get("depreciation_run", &april)["lines"][0].clone();
        assert_eq!((text(&line["amount"]), text(&line["of_before"])), ("300.00".into(), "200.00".into()));
        // Between preview and posting something happens: what was not seen is not posted.
        world.desk.act("asset", &other, "dispose", json!({ "posted_on": "2026-04-02" })).unwrap();
        assert_eq!(world.refused("depreciation_run", &april, "post"), no(Conflict, "changed", "lines"));
        let body = json!({ "version": world.get("depreciation_run", &april)["version"], "catch_up": false });
        world.change(&world.desk.actor, "depreciation_run", &april, body).unwrap();
        world.act("depreciation_run", &april, "post");
        assert_eq!(net(world, &one), "1000.00");
        let late = run(world, "2026-05-31");
        assert_eq!(net(world, &one), "700.00");
        assert_eq!(world.refused("depreciation_run", &january, "cancel").code, "later");
        assert_eq!(world.refused("asset", &one, "cancel"), no(NotNow, "charged", ""));
        world.act("depreciation_run", &late, "cancel");
        world.act("depreciation_run", &april, "cancel");
        assert_eq!(net(world, &one), "1100.00");
        run_with(world, json!({ "month": "2026-04-30" }));
        assert_eq!(net(world, &one), "800.00");
        agrees(world, "runs were taken back and run again", "2026-12-31");
    });
}

#[test]
fn only_accounting_posts_and_units_are_typed_in_the_run() {
    on_both(|world| {
        let cars = category(world, "Cars", json!({}));
        let books = json!([{ "book": "accounting", "method": "units", "total_units": "1000" },
            { "book": "tax", "method": "double_declining", "switch": "last_two_years", "life_months": 60 }]);
        let car = bought(world, &cars, "Car", json!({ "books": books }));
        let run = world.desk.create("depreciation_run", json!({ "month": "2026-01-31" })).unwrap();
        let preview = world.get("depreciation_run", &run);
        assert_eq!((text(&preview["lines"][0]["amount"]), text(&preview["total"])), ("0.00".into(), "0.00".into()));
        assert_eq!(world.refused("depreciation_run", &run, "post"), no(NotNow, "nothing_due", "month"));
        let line = json!({ "id": preview["lines"][0]["id"], "asset": car, "units": "150" });
        let body = json!({ "version": preview["version"], "lines": [line] });
        world.change(&world.desk.actor, "depreciation_run", &run, body).unwrap();
        world.act("depreciation_run", &run, "post");
        assert_eq!(net(world, &car), "1020.00");
        let entries = world.number("select count(*) from entry", &[]);
        run_with(world, json!({ "month": "2026-01-31", "book": "tax" }));
        assert_eq!(world.number("select count(*) from entry", &[]), entries);
        assert_eq!(
            text(&totals(world, "asset_register", &[("as_of", "2026-01-31"), ("book", "tax")])["net"]),
            "1160.00"
        );
        agrees(world, "two books", "2026-01-31");
    });
}

#[test]
fn a_supplier_is_owed_and_cancelling_takes_all_back() {
    on_both(|world| {
        let supplier = world.customer_with("RED", json!({ "currency": "EUR", "is_supplier": true }));
        let machines = category(world, "Machines", json!({}));
        let body = json!({ "name": "Press", "category": machines, "cost": "500.00", "acquired_on": "2026-01-10",
            "in_service_on": "2026-01-10", "supplier": supplier });
        let press = world.desk.create("asset", body).unwrap();
        world.desk.act("asset", &press, "capitalise", json!({ "posted_on": "2026-01-10" })).unwrap();
        assert_eq!(balance(world, "payable", "2026-12-31"), "-500.00");
        agrees(world, "bought on credit", "2026-12-31");
        // To another category and room, and all of it back.
        let other = category(world, "Presses", json!({}));
        world
            .desk
            .act(
                "asset",
                &press,
                "transfer",
                json!({ "posted_on": "2026-02-01", "category": other, "location": "Hall 2" }),
            )
            .unwrap();
        let moved = world.get("asset", &press);
        assert_eq!((text(&moved["location"]), text(&moved["category"]["id"])), ("Hall 2".into(), other));
        agrees(world, "it was moved", "2026-12-31");
        world.act("asset", &press, "cancel");
        assert_eq!(balance(world, "payable", "2026-12-31"), "0.00");
        agrees(world, "it never was", "2026-12-31");
    });
}

#[test]
fn what_makes_no_sense_is_refused_and_nothing_is_written() {
    on_both(|world| {
        let machines = category(world, "Machines", json!({}));
        let lathe = bought(world, &machines, "Lathe", json!({}));
        let before = world.counts();
        let act = |action: &str, args: Json| said(world.try_act(&world.desk.actor, "asset", &lathe, action, args));
        let on = "2026-02-01";
        assert_eq!(act("revise", json!({ "from": on, "life_months": 0 })), no(Invalid, "strange_life", "life_months"));
        assert_eq!(act("revalue", json!({ "posted_on": on, "net": "5000" })), no(NotNow, "no_surplus", "net"));
        assert_eq!(act("dispose", json!({ "posted_on": on, "share": "1.5" })), no(Invalid, "strange_share", "share"));
        assert_eq!(act("dispose", json!({ "posted_on": "2025-12-31" })), no(Invalid, "too_early", "posted_on"));
        let wrong = json!({ "posted_on": on, "account": account(world, "fixed_asset") });
        assert_eq!(act("dispose", wrong), no(Invalid, "wrong_account", "account"));
        assert_eq!(act("transfer", json!({ "posted_on": on })), no(Invalid, "nothing_moved", "location"));
        let dearer = json!({ "version": world.get("asset", &lathe)["version"], "cost": "1.00" });
        assert_eq!(said(world.change(&world.desk.actor, "asset", &lathe, dearer)), no(NotNow, "in_the_books", "cost"));
        let other = json!({ "version": world.get("asset_category", &machines)["version"], "asset_account": account(world, "bank") });
        assert_eq!(
            said(world.change(&world.desk.actor, "asset_category", &machines, other)),
            no(NotNow, "has_assets", "asset_account")
        );
        assert_eq!(world.counts(), before);
        // A closed month takes no charge.
        let company = world.get("company", &kernel::id_text("co", world.company));
        let lock = json!({ "version": company["version"], "books_locked_until": "2026-01-31" });
        world.change(&world.desk.actor, "company", &kernel::id_text("co", world.company), lock).unwrap();
        let run = world.desk.create("depreciation_run", json!({ "month": "2026-01-31" })).unwrap();
        assert_eq!(world.refused("depreciation_run", &run, "post").code, "period_closed");
    });
}
