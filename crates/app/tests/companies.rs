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
        let uri = format!("/api/company/{id}");
        let version = rim.get(&root, &uri).json()["record"]["version"].clone();
        let to = |zone: &str| rim.json(&root, "PATCH", &uri, &json!({ "version": version, "time_zone": zone }));
        let refused = to("Hawaii");
        assert_eq!(refused.status, 422, "{}", refused.text());
        assert!(refused.text().contains("time_zone"), "{}", refused.text());
        assert!(refused.text().contains("such as: Pacific/Honolulu."), "what may be meant: {}", refused.text());
        let changed = to("Pacific/Honolulu");
        assert_eq!(changed.status, 200, "{}", changed.text());

        assert_eq!(rim.get(&root, "/api/session").json()["today"], "2026-03-15");
        let fresh = rim.json(&root, "POST", "/api/stock_adjustment/preview", &json!({ "record": {} }));
        assert_eq!(fresh.json()["record"]["moved_on"], "2026-03-15", "{}", fresh.text());
        let other = kernel::id_text("co", world.other);
        let headers = [("cookie", root.as_str()), ("x-heyi", "1"), ("x-company", other.as_str())];
        let told = rim.send("GET", "/api/session", &headers, "");
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

/// Runs the program; what it said and how it ended.
fn heyi(args: &[&str], data: &std::path::Path) -> (String, Option<i32>) {
    let told = std::process::Command::new(env!("CARGO_BIN_EXE_heyi"))
        .args(args)
        .arg("--data")
        .arg(data)
        .env("HEYI_LOG", "error")
        .output()
        .unwrap();
    (format!("{}{}", String::from_utf8_lossy(&told.stdout), String::from_utf8_lossy(&told.stderr)), told.status.code())
}

#[test]
fn commands_that_ask_make_nothing_and_say_what_there_is() {
    let folder = std::env::temp_dir().join(format!("heyi_commands_{}", std::process::id()));
    let data = folder.join("data");
    for args in [
        &["verify"][..],
        &["report", "trial_balance"],
        &["user", "admin", "--drop-second-factor"],
        &["user", "admin"],
        &["import", "party", "none.csv"],
    ] {
        let (told, code) = heyi(args, &data);
        assert!(told.contains("there is no database in the folder") && code == Some(1), "{args:?}: {told}");
    }
    assert!(!folder.exists());
    std::fs::create_dir_all(&folder).unwrap();
    let (told, code) = heyi(&["company", "Nowhere", "--country", "ZZ", "--chart", "ifrs_generic"], &data);
    assert!(told.contains("there is no country ZZ") && code == Some(1), "{told}");
    let (told, code) = heyi(&["company", "Werke", "--country", "Germany", "--chart", "ifrs_generic"], &data);
    assert_eq!(code, Some(0), "{told}");
    let (told, code) = heyi(&["report", "trail_balance"], &data);
    assert!(told.contains("trial_balance") && code == Some(1), "{told}");
    let (told, code) = heyi(&["report", "trial_balance", "--company", "Nope"], &data);
    assert!(told.contains("There are: Werke") && code == Some(1), "{told}");
    let (told, code) = heyi(&["verify"], &data);
    assert!(told.contains("All laws hold.") && code == Some(0), "{told}");
    let (told, code) = heyi(&["openapi"], &data);
    assert!(told.contains("\"3.1") && code == Some(0));
    let (told, _) = heyi(&["config", "explain"], &data);
    assert!(told.contains("(from the command line)"), "{told}");
    std::fs::remove_dir_all(&folder).unwrap();
}
