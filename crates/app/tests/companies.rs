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
