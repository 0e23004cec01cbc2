//! Fixed assets: what is charged of them in the published cases.

use serde_json::{Value as Json, json};

use super::{case, merge, on_both, same, text, turnover};
use crate::common::{World, raw};

/// A category whose assets are charged from the month they are used on, unless said otherwise.
fn category(world: &World, name: &str, more: Json) -> String {
    let mut body = json!({ "name": name, "convention": "by_month", "life_months": 36 });
    merge(&mut body, more);
    world.desk.create("asset_category", body).unwrap()
}

fn bank(world: &World) -> Json {
    json!(app::setup::account(&world.engine, world.company, "bank").unwrap())
}

/// An asset in the books: bought, or taken over where something was depreciated before.
fn asset(world: &World, category: &str, body: Json) -> String {
    let mut all = json!({ "name": category, "category": category });
    merge(&mut all, body);
    let on = all["in_service_on"].clone();
    let is_old = all.get("already_depreciated").is_some();
    let id = world.desk.create("asset", all).unwrap();
    match is_old {
        true => world.desk.act("asset", &id, "take_over", json!({})).unwrap(),
        false => {
            world.desk.act("asset", &id, "capitalise", json!({ "posted_on": on, "against": bank(world) })).unwrap()
        }
    };
    id
}

fn run(world: &World, month: &str) -> String {
    let id = world.desk.create("depreciation_run", json!({ "month": month })).unwrap();
    world.act("depreciation_run", &id, "post");
    id
}

/// Accumulated depreciation and net value of an asset.
fn worth(world: &World, asset: &str) -> (String, String) {
    let record = world.get("asset", asset);
    (text(&record["accumulated"]), text(&record["net"]))
}

#[test]
fn straight_line_declining_and_written_down_value_by_full_years() {
    let (Some(straight), Some(declining), Some(written)) = (case("A-018"), case("A-022"), case("A-023")) else {
        return;
    };
    on_both(|world| {
        // The cases are of 2030 to 2032, and nothing is posted more than a year ahead.
        world.days_pass(2_500);
        let bought = |category: &str, case: &Json| {
            let (cost, from) = (&case["input"]["cost"], &case["input"]["available_from"]);
            let books = json!([{ "residual": case["input"]["residual"] }]);
            asset(world, category, json!({ "cost": cost, "acquired_on": from, "in_service_on": from, "books": books }))
        };
        let of = |method: &str, more: Json| {
            let mut body = json!({ "method": method });
            merge(&mut body, more);
            category(world, method, body)
        };
        let declines = of("declining", json!({ "rate": "0.66667" }));
        let assets = [
            (bought(&of("straight_line", json!({})), &straight), &straight["expected"]["schedule"]),
            (bought(&declines, &declining), &declining["expected"]["schedule"]),
            (bought(&of("written_down", json!({})), &written), &written["expected"]["schedule"]),
        ];
        let old = asset(
            world,
            &declines,
            json!({ "cost": "100000", "already_depreciated": "50000",
            "acquired_on": "2030-01-01", "in_service_on": "2030-01-01", "taken_over_on": "2031-01-01",
            "books": [{ "residual": "10000", "life_months": 24 }] }),
        );
        for year in 0..3 {
            let day = straight["expected"]["schedule"][year][0].as_str().unwrap().to_owned();
            run(world, &day);
            for (asset, schedule) in &assets {
                same(&day, &worth(world, asset).0, &schedule[year][2]);
            }
            if 0 < year {
                same(&day, &worth(world, &old).0, &declining["expected"]["existing_asset"][year - 1][2]);
            }
        }
        world.verified("three years of depreciation");
    });
}

#[test]
fn what_is_taken_over_half_used_is_scrapped() {
    let Some(case) = case("A-017") else { return };
    on_both(|world| {
        let (input, expected) = (&case["input"], &case["expected"]);
        let machines = category(world, "machines", json!({}));
        let taken = asset(
            world,
            &machines,
            json!({ "cost": input["cost"], "already_depreciated": input["already_depreciated"],
            "acquired_on": "2024-01-01", "in_service_on": "2024-01-01", "taken_over_on": "2025-01-01",
            "books": [{ "residual": input["residual"], "life_months": input["months"] }] }),
        );
        for month in 1..=3 {
            run(world, &format!("2025-{month:02}-01"));
            if month == 1 {
                same("the first month", &worth(world, &taken).0, &expected["month_1"]["accumulated"]);
                same("the first month", &worth(world, &taken).1, &expected["month_1"]["net"]);
            }
        }
        let plan = world.report("depreciation_plan", &[("asset", &taken)]);
        let at = |month: &str| {
            let rows = plan["rows"].as_array().unwrap();
            rows.iter().find(|row| row["cells"]["month"] == month).unwrap()["cells"].clone()
        };
        for (month, name) in [("2025-01", "month_1"), ("2025-12", "month_12"), ("2026-12", "month_24")] {
            let cells = at(month);
            same(name, &text(&cells["charge"]), &expected["monthly"]);
            same(name, &text(&cells["accumulated"]), &expected[name]["accumulated"]);
            same(name, &text(&cells["net"]), &expected[name]["net"]);
        }
        // The losses of the case stand on the expense account.
        world.desk.act("asset", &taken, "dispose", json!({ "posted_on": "2025-04-01" })).unwrap();
        let period = [("from", "2025-01-01"), ("as_of", "2025-12-31")];
        let turned = |used_for: &str| turnover(&world.desk, used_for, &period);
        let after = &expected["ledger_after"];
        same("depreciation", &turned("accumulated_depreciation").0, &after["depreciation"]["debit"]);
        same("depreciation", &turned("accumulated_depreciation").1, &after["depreciation"]["credit"]);
        same("asset", &turned("fixed_asset").1, &expected["scrap_entry"][2]["credit"]);
        same("loss", &turned("disposal_loss").0, &expected["scrap_entry"][1]["debit"]);
        let expense = super::micros(&turned("depreciation").0) + super::micros(&turned("disposal_loss").0);
        assert_eq!(expense, super::micros(after["expense_debit_total"].as_str().unwrap()));
        world.verified("an asset was scrapped");
    });
}

#[test]
fn in_china_depreciation_begins_the_month_after_and_ends_with_the_month_of_disposal() {
    let Some(case) = case("A-028") else { return };
    on_both(|world| {
        let (input, expected) = (&case["input"], &case["expected"]);
        let cars = category(world, "cars", json!({ "convention": "next_month", "life_months": input["months"] }));
        let added = &input["added"];
        let car = asset(world, &cars, json!({ "cost": input["cost"], "acquired_on": added, "in_service_on": added }));
        let too_early = world.desk.create("depreciation_run", json!({ "month": "2024-03-31" })).unwrap();
        assert_eq!(world.refused("depreciation_run", &too_early, "post").code, "nothing_due");
        for month in 4..=19 {
            run(world, &format!("{}-{:02}-01", 2024 + (month - 1) / 12, (month - 1) % 12 + 1));
        }
        world
            .desk
            .act("asset", &car, "dispose", json!({ "posted_on": input["disposed"], "proceeds": "86000" }))
            .unwrap();
        let id = raw(&world.engine, "asset", &car);
        let of = "from asset_move where asset = ?1 and kind = 'depreciation'";
        let number = |what: &str| world.number(&format!("select {what} {of}"), &[id.into()]);
        assert_eq!(number("count(*)"), expected["months_charged"].as_i64().unwrap());
        assert_eq!((number("min(accumulated)"), number("max(accumulated)")), (200_000, 200_000));
        assert_eq!(number("sum(accumulated)"), 3_400_000);
        // Sold for what it was worth: neither gain nor loss.
        let period = [("from", "2024-01-01"), ("as_of", "2025-12-31")];
        for account in ["disposal_gain", "disposal_loss"] {
            assert_eq!(turnover(&world.desk, account, &period).1, "0", "{account}");
        }
        same("proceeds", &turnover(&world.desk, "asset_disposal", &period).0, &expected["net_book_value_at_disposal"]);
        world.verified("a car was sold");
    });
}
