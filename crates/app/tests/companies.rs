//! Companies made in the browser or by the API have what a company needs.

mod common;

use std::time::{Duration, Instant};

use common::rim::Rim;
use common::{World, on_both};
use serde_json::json;

fn count(world: &World, entity: &str, company: i64) -> i64 {
    let sql = format!("select count(*) from {entity} where company = ?1");
    world.engine.database().read(|conn| Ok(conn.query(&sql, &[company.into()])?[0].int(0))).unwrap()
}

#[test]
fn a_company_made_by_the_api_can_sell_at_once() {
    on_both(|world| {
        let rim = Rim::of(world);
        let root = rim.signed_in(world, "root", "administrator");
        let body = json!({ "name": "Branch Inc.", "currency": "USD", "country": "US", "chart": "ifrs_generic" });
        let made = rim.json(&root, "POST", "/api/company", &body);
        assert_eq!(made.status, 201, "{}", made.text());
        let outer = made.json()["record"]["id"].as_str().unwrap().to_owned();
        let company = kernel::id_parse("co", &outer).unwrap();
        assert_eq!(count(world, "account", company), 0);

        // A server that runs notices it by itself.
        let worker = app::worker::Worker::start(&world.engine, false).unwrap();
        let begun = Instant::now();
        while count(world, "place", company) < count(world, "place", world.company) {
            assert!(begun.elapsed() < Duration::from_secs(30), "nobody furnished it");
            std::thread::sleep(Duration::from_millis(50));
        }
        worker.stop();
        for entity in ["account", "tax", "payment_term", "unit", "place"] {
            assert_eq!(count(world, entity, company), count(world, entity, world.company), "{entity}");
        }
        let headers = [
            ("cookie", root.as_str()),
            ("x-company", outer.as_str()),
            ("content-type", "application/json"),
            ("x-heyi", "1"),
        ];
        let account = |used_for: &str| app::setup::account(&world.engine, company, used_for).unwrap();
        let lines = json!([{ "account": account("bank"), "debit": "10.00" }, { "account": account("retained_earnings"), "credit": "10.00" }]);
        let entry = json!({ "posted_on": world.day(0), "lines": lines });
        let draft = rim.send("POST", "/api/journal_entry", &headers, entry.to_string());
        assert_eq!(draft.status, 201, "{}", draft.text());
        let post = format!("/api/journal_entry/{}/post", draft.json()["record"]["id"].as_str().unwrap());
        let posted = rim.send("POST", &post, &headers, r#"{"version":1}"#);
        assert_eq!(posted.status, 200, "{}", posted.text());

        // Once is enough; and what was interrupted is done to the end, without doubling anything.
        assert_eq!(app::setup::furnish_all(&world.engine).unwrap(), 0);
        world
            .engine
            .database()
            .write(move |conn| {
                conn.execute("delete from place where company = ?1", &[company.into()])?;
                conn.execute("delete from tax where company = ?1", &[company.into()])?;
                Ok(())
            })
            .unwrap();
        assert_eq!(app::setup::furnish_all(&world.engine).unwrap(), 1);
        for entity in ["account", "tax", "payment_term", "unit", "place"] {
            assert_eq!(count(world, entity, company), count(world, entity, world.company), "{entity}");
        }
        world.verified("a new company");
    });
}

#[test]
fn a_day_begins_by_the_clocks_of_each_company() {
    on_both(|world| {
        let rim = Rim::of(world);
        let root = rim.signed_in(world, "root", "administrator");
        let id = kernel::id_text("co", world.company);
        // Nine in the morning in London is eleven at night in Honolulu, of the day before.
        let refused = rim.json(&root, "PATCH", &format!("/api/company/{id}"), &json!({ "time_zone": "Hawaii" }));
        assert_eq!(refused.status, 422, "{}", refused.text());
        assert!(refused.text().contains("time_zone"), "{}", refused.text());
        let changed =
            rim.json(&root, "PATCH", &format!("/api/company/{id}"), &json!({ "time_zone": "Pacific/Honolulu" }));
        assert_eq!(changed.status, 200, "{}", changed.text());

        assert_eq!(rim.get(&root, "/api/me").json()["today"], "2026-03-15");
        let fresh = rim.json(&root, "POST", "/api/stock_adjustment/draft", &json!({ "record": {} }));
        assert_eq!(fresh.json()["record"]["moved_on"], "2026-03-15", "{}", fresh.text());
        let other = kernel::id_text("co", world.other);
        let headers = [("cookie", root.as_str()), ("x-heyi", "1"), ("x-company", other.as_str())];
        let told = rim.send("GET", "/api/me", &headers, "");
        assert_eq!(told.json()["today"], common::TODAY);
    });
}

#[test]
fn every_time_zone_to_choose_is_known() {
    on_both(|world| {
        let meta = world.engine.entity("company").unwrap();
        let meta::FieldKind::Choice(zones) = meta.field("time_zone").unwrap().kind else { panic!("not a choice") };
        assert!(zones.values.len() > 100);
        for zone in zones.values {
            assert!(engine::Zone::is_known(zone.code), "{}", zone.code);
        }
    });
}
