//! Which days are worked: holidays and make-up days of a country, and what is counted by them.

use crate::common::rim::{Answer, Rim};
use crate::common::{self, World, id_of, no, on_both, said};
use kernel::{Date, ProblemKind, id_text};
use serde_json::{Value as Json, json};

/// Asks for the company of China.
fn in_china(world: &World, rim: &Rim, cookie: &str, method: &str, uri: &str, body: &Json) -> Answer {
    let company = id_text("co", world.other);
    let headers =
        [("cookie", cookie), ("x-heyi", "1"), ("content-type", "application/json"), ("x-company", company.as_str())];
    rim.send(method, uri, &headers, if body.is_null() { String::new() } else { body.to_string() })
}

fn special(world: &World, calendar: &str, first: &str, last: &str, kind: &str) -> Json {
    let body = json!({ "calendar": calendar, "first_on": first, "last_on": last, "kind": kind, "name": "Feast" });
    world.create(&world.desk.actor, "special_day", body).unwrap()
}

fn calendar(world: &World, more: Json) -> String {
    let mut body = json!({ "name": "Works" });
    common::merge(&mut body, more);
    id_of(&world.create(&world.desk.actor, "working_calendar", body).unwrap())
}

fn choose(world: &World, calendar: &Json) {
    let company = id_text("co", world.company);
    world.change(&world.desk.actor, "company", &company, json!({ "working_calendar": calendar })).unwrap();
}

#[test]
fn a_company_of_china_has_the_holidays_and_make_up_days_of_china() {
    on_both(|world| {
        let rim = Rim::of(world);
        // Anybody who signs in is told, whatever their role may see.
        let wanda = rim.signed_in(world, "wanda", "warehouse");
        let told = in_china(world, &rim, &wanda, "GET", "/api/working_days", &Json::Null).json();
        assert_eq!(told["calendar"], "中国 China");
        assert_eq!(told["week"], json!([true, true, true, true, true, false, false]));
        let days = told["days"].as_array().unwrap();
        assert_eq!(days.len(), 24);
        let spring = days.iter().find(|one| one["first_on"] == "2026-02-15").unwrap();
        assert_eq!(
            *spring,
            json!({ "first_on": "2026-02-15", "last_on": "2026-02-23", "kind": "rest", "label": { "en": "Spring Festival", "zh": "春节" } })
        );
        let made_up = days.iter().filter(|one| one["kind"] == "work").count();
        assert_eq!(made_up, 11);
        // A country without a calendar works Monday to Friday.
        let told = rim.get(&wanda, "/api/working_days").json();
        assert_eq!((&told["calendar"], &told["days"]), (&Json::Null, &json!([])));
        assert_eq!(told["week"], json!([true, true, true, true, true, false, false]));
        assert_eq!(rim.send("GET", "/api/working_days", &[], "").status, 401);
    });
}

#[test]
fn a_company_follows_the_calendar_it_chose_and_hears_of_changes_at_once() {
    on_both(|world| {
        let rim = Rim::of(world);
        let sam = rim.signed_in(world, "sam", "sales_rep");
        let week = || rim.get(&sam, "/api/working_days").json();
        let six_days = calendar(world, json!({ "saturday": true }));
        assert_eq!(week()["calendar"], Json::Null, "one of no country is only chosen");
        choose(world, &json!(six_days));
        assert_eq!(week()["week"], json!([true, true, true, true, true, true, false]));
        special(world, &six_days, "2026-12-24", "2026-12-26", "rest");
        assert_eq!(week()["days"][0]["last_on"], "2026-12-26");
        // What a company follows is not removed under its feet.
        let id = common::raw(&world.engine, "working_calendar", &six_days);
        assert!(world.engine.remove(&world.desk.actor, "working_calendar", id, Some(1), None).is_err());
        choose(world, &Json::Null);
        assert_eq!(week()["calendar"], Json::Null);
        // One calendar for a country: whoever comes second is told.
        let second = json!({ "name": "Second", "country": "cn" });
        let refused = said(world.create(&world.desk.actor, "working_calendar", second));
        assert_eq!((refused.kind, refused.field.as_str()), (ProblemKind::Conflict, "country"));
        let idle = json!({ "name": "Idle", "monday": false, "tuesday": false, "wednesday": false, "thursday": false, "friday": false });
        let refused = said(world.create(&world.desk.actor, "working_calendar", idle));
        assert_eq!(refused, no(ProblemKind::Invalid, "nothing_worked", "monday"));
    });
}

#[test]
fn what_is_due_in_working_days_leaves_out_holidays_and_counts_make_up_days() {
    on_both(|world| {
        let today = Date::parse(&world.day(0)).unwrap();
        let works = calendar(world, json!({ "saturday": true, "sunday": true }));
        choose(world, &json!(works));
        special(world, &works, &world.day(1), &world.day(3), "rest");
        let kind = |code: &str, in_working_days: bool, days: i64| {
            let body = json!({ "name": code, "code": code, "default_days": days, "in_working_days": in_working_days });
            id_of(&world.create(&world.desk.actor, "activity_type", body).unwrap())
        };
        let due = |kind: &str| {
            let made = world.create(&world.desk.actor, "activity", json!({ "activity_type": kind })).unwrap();
            made["record"]["due_on"].as_str().unwrap().to_owned()
        };
        assert_eq!(due(&kind("plain", false, 2)), today.add_days(2).to_string());
        let worked = kind("worked", true, 2);
        assert_eq!(due(&worked), today.add_days(5).to_string());
        // The holiday is moved, and what is planned from now on goes with it.
        let made = world.create(
            &world.desk.actor,
            "special_day",
            json!({ "calendar": works, "first_on": world.day(4), "kind": "rest", "name": "Bridge" }),
        );
        let bridge = id_of(&made.unwrap());
        assert_eq!(due(&worked), today.add_days(6).to_string());
        world.change(&world.desk.actor, "special_day", &bridge, json!({ "kind": "work" })).unwrap();
        assert_eq!(due(&worked), today.add_days(5).to_string());

        // A plan counts the same way.
        let steps = json!([{ "activity_type": worked, "summary": "Call", "offset_days": 1 }]);
        let plan = json!({ "name": "After a sale", "in_working_days": true, "steps": steps });
        let plan = id_of(&world.create(&world.desk.actor, "activity_plan", plan).unwrap());
        let customer = world.customer("C1", "EUR");
        let about = json!({ "about_entity": "party", "about_doc": customer });
        world.try_act(&world.desk.actor, "activity_plan", &plan, "launch", about).unwrap();
        let sql = "select count(*) from activity where summary = 'Call' and due_on = ?1";
        assert_eq!(world.number(sql, &[today.add_days(4).into()]), 1);
        world.verified("working days");
    });
}

#[test]
fn a_year_of_days_is_a_file_and_is_taken_once() {
    on_both(|world| {
        let rim = Rim::of(world);
        let boss = rim.signed_in(world, "boss", "manager");
        let sam = rim.signed_in(world, "sam", "sales_rep");
        let file = "工作日历,开始日期,结束日期,类型,名称,中文名称\n\
                    中国 China,2027-01-01,2027-01-03,休,New Year,元旦\n\
                    中国 China,2027-02-06,,班,Make-up day,春节调休\n\
                    中国 China,2026-10-07,2026-10-08,休,National Day,国庆节\n\
                    中国 China,2027-05-03,2027-05-01,休,Labour Day,劳动节\n";
        let send = |cookie: &str| {
            let headers = [("cookie", cookie), ("x-heyi", "1"), ("content-type", "text/csv")];
            rim.send("POST", "/api/special_day/import", &headers, file)
        };
        assert_eq!(send(&sam).status, 403);
        let told = send(&boss).json();
        assert_eq!((&told["created"], &told["rows"]), (&json!(2), &json!(4)), "{told}");
        let why: Vec<&str> =
            told["failed"].as_array().unwrap().iter().map(|one| one["problems"][0]["code"].as_str().unwrap()).collect();
        assert_eq!(why, ["said_already", "too_early"]);
        let days = in_china(world, &rim, &sam, "GET", "/api/working_days", &Json::Null).json()["days"].clone();
        let last = days.as_array().unwrap().last().unwrap();
        assert_eq!(
            (&last["first_on"], &last["last_on"], &last["kind"]),
            (&json!("2027-02-06"), &json!("2027-02-06"), &json!("work"))
        );
        // The same file once more makes nothing twice.
        assert_eq!(send(&boss).json()["created"], 0);
        let csv = rim.get(&boss, "/api/special_day?format=csv").text();
        assert_eq!(csv.lines().count(), 27, "{csv}");
    });
}
