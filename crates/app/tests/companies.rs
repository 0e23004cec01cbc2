//! Companies made in the browser or by the API have what a company needs.

use std::sync::Arc;
use std::time::{Duration, Instant};

use engine::Engine;
use indicatif::ProgressBar;
use meta::Value;

use crate::common::rim::Rim;
use crate::common::{self, World, on_both};
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
        let is_whole = || {
            for entity in ["account", "payment_term", "unit", "place"] {
                assert_eq!(count(world, entity, company), count(world, entity, world.company), "{entity}");
            }
            assert_eq!(count(world, "tax", company), 1, "no rates of another country");
        };
        is_whole();
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
        is_whole();
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

#[test]
fn what_an_earlier_version_made_gets_its_names_for_papers() {
    on_both(|world| {
        let company = world.company;
        let names = |entity: &str| -> Vec<[String; 3]> {
            let sql = format!("select name, name_en, name_zh from {entity} where company = ?1 order by id");
            let rows = world.engine.database().read(|conn| Ok(conn.query(&sql, &[company.into()])?)).unwrap();
            rows.iter().map(|row| [0, 1, 2].map(|at| row.text(at).to_owned())).collect()
        };
        let mut kept: Vec<_> = ["unit", "tax", "payment_term", "place"].map(names).into();
        let write = |sql: &'static str| {
            world.engine.database().write(move |conn| Ok(conn.execute(sql, &[]).map(|_| ())?)).unwrap();
        };
        write("update unit set name_en = '', name_zh = ''");
        write("update tax set name_en = '', name_zh = ''");
        write("update payment_term set name_en = '', name_zh = ''");
        write("update place set name_en = '', name_zh = ''");
        // One was given another name, one has a name for papers: both are left alone.
        write("update unit set name = 'kilo' where name = 'kg'");
        write("update tax set name_en = 'German VAT' where code = 'VAT7'");
        assert!(20 < app::setup::name_for_papers(&world.engine).unwrap());
        for name in kept[0].iter_mut().filter(|name| name[0] == "kg") {
            *name = ["kilo".to_owned(), String::new(), String::new()];
        }
        for name in &mut kept[1] {
            match name[0].as_str() {
                "VAT 7%" => *name = ["VAT 7%".to_owned(), "German VAT".to_owned(), String::new()],
                // Made by the tests without names for papers, as an earlier version made it.
                "Sales tax 20%" => *name = ["Sales tax 20%", "Sales tax 20%", "销售税 20%"].map(str::to_owned),
                _ => {}
            }
        }
        assert_eq!(kept, ["unit", "tax", "payment_term", "place"].map(names));
        assert_eq!(app::setup::name_for_papers(&world.engine).unwrap(), 0, "once is enough");
        world.verified("names for papers");
    });
}

#[test]
fn the_dashboard_of_a_role_has_a_name_in_each_language_unless_the_company_gave_it_another() {
    on_both(|world| {
        app::setup::roles(&world.engine).unwrap();
        let names = || -> Vec<[String; 2]> {
            let sql = "select name, coalesce(name_zh, '') from dashboard where for_role <> '' order by id";
            let rows = world.engine.database().read(|conn| Ok(conn.query(sql, &[])?)).unwrap();
            rows.iter().map(|row| [0, 1].map(|at| row.text(at).to_owned())).collect()
        };
        let write = |sql: &'static str| {
            world.engine.database().write(move |conn| Ok(conn.execute(sql, &[]).map(|_| ())?)).unwrap();
        };
        let made = names();
        assert!(made.contains(&["Auditor", "审计员"].map(str::to_owned)), "{made:?}");
        write("update dashboard set name = name_zh || ' ' || name, name_zh = '' where for_role <> ''");
        write("update dashboard set name = 'Money', name_zh = '' where for_role = 'accountant'");
        assert_eq!(app::role_home::name(&world.engine).unwrap(), names().len() - 1);
        let named = names();
        assert!(named.contains(&["Auditor", "审计员"].map(str::to_owned)), "{named:?}");
        assert!(named.contains(&["Money", ""].map(str::to_owned)), "{named:?}");
        assert_eq!(app::role_home::name(&world.engine).unwrap(), 0, "once is enough");
        world.verified("names of dashboards");
    });
}

/// The first number of the first row of an answer.
fn number(engine: &Arc<Engine>, sql: &str, args: &[Value]) -> i64 {
    engine.database().read(|conn| Ok(conn.query(sql, args)?[0].maybe_int(0).unwrap_or_default())).unwrap()
}

#[test]
fn the_demo_is_what_a_controller_would_sign() {
    let folder = std::env::temp_dir().join(format!("heyi_demo_{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let now = kernel::Instant::parse("2026-11-25T14:30:00Z").unwrap();
    let hands = app::demo::Hands::at(now);
    let target = store::Target::Sqlite(folder.join("heyi.db"));
    let engine = app::open::open_with(&target, common::vault("5"), hands.clock()).unwrap();
    app::demo::make(&engine, &hands, 1, &ProgressBar::hidden()).unwrap();

    let verified = engine.verify(&|_| {}).unwrap();
    assert!(verified.broken.is_empty(), "{:#?}", verified.broken);
    for (country, capital) in [("CN", "3001"), ("DE", "3010")] {
        let company = number(&engine, "select id from company where country = ?1", &[country.into()]);
        let of = |sql: &str| number(&engine, sql, &[company.into()]);

        // The owners' money is in the bank on the first day, and there is always some.
        let daily = "select sum(l.amount), l.posted_on from entry_line l join account a on a.id = l.account
            where l.company = ?1 and a.used_for = 'bank' group by l.posted_on order by l.posted_on";
        let daily = engine.database().read(|conn| Ok(conn.query(daily, &[company.into()])?)).unwrap();
        let paid_in = "select -sum(l.amount) from entry_line l join account a on a.id = l.account
            where l.company = ?1 and a.code = ?2 and l.posted_on = ?3";
        let first = daily[0].text(1);
        assert_eq!(number(&engine, paid_in, &[company.into(), capital.into(), first.into()]), daily[0].int(0));
        let mut bank = 0;
        for day in &daily {
            bank += day.int(0);
            assert!(0 <= bank, "{country}: {bank} in the bank on {}", day.text(1));
        }
        assert!(40 < daily.len());

        // It trades, with profit, and what is sold abroad bears no tax.
        let (sold, cost) = ("sales", "cost_of_sales");
        let sum = "select abs(sum(l.amount)) from entry_line l join account a on a.id = l.account
            where l.company = ?1 and a.used_for = ?2";
        let margin = 100
            - 100 * number(&engine, sum, &[company.into(), cost.into()])
                / number(&engine, sum, &[company.into(), sold.into()]);
        assert!((25..60).contains(&margin), "{country}: a margin of {margin} %");
        let abroad = "from invoice i join party p on p.id = i.customer where i.company = ?1 and i.stage = 'posted'
            and p.country <> (select country from company where id = i.company)";
        assert!(10 < of(&format!("select count(*) {abroad}")), "{country}");
        assert_eq!(of(&format!("select count(*) {abroad} and i.tax_amount <> 0")), 0, "{country}");
        for (what, least) in [
            ("invoice where kind = 'invoice' and stage = 'posted' and tax_amount <> 0", 10),
            ("invoice where kind = 'credit_note' and stage = 'posted'", 1),
            ("invoice where stage = 'posted' and open_amount > 0 and due_on < '2026-11-25'", 1),
            ("payment where stage = 'posted'", 20),
            ("sales_return where stage = 'done'", 1),
            ("sales_order where delivery_state = 'full'", 20),
            ("stock_balance where on_hand > 0", 8),
            ("activity where stage = 'planned' and due_on >= '2026-11-25'", 1),
            ("activity where stage = 'done' and about_entity = 'quotation'", 10),
        ] {
            let found =
                of(&format!("select count(*) from {}", what.replacen(" where ", " where company = ?1 and ", 1)));
            assert!(least <= found, "{country}: {found} of {what}");
        }
        for stage in ["draft", "sent", "accepted", "lost"] {
            let found = of(&format!("select count(*) from quotation where company = ?1 and stage = '{stage}'"));
            assert!(0 < found, "{country}: no quotation is {stage}");
        }
        let parts = "select count(*) from (select sales_order from delivery where company = ?1 and stage = 'done'
            group by sales_order having 1 < count(*)) in_parts";
        assert!(0 < of(parts), "{country}: an order is delivered in parts");

        // Everything was put in the books when it happened, and some of it a little later.
        let days = "select count(distinct created_at / 86400000000) from invoice where company = ?1";
        assert!(20 < of(days), "{country}: {} days", of(days));
        let late = "select count(*) from entry where company = ?1 and doc_entity <> 'depreciation_run'
            and posted_on < date(recorded_at / 1000000, 'unixepoch')";
        assert!(0 < of(late), "{country}: nothing came late");
        let ahead =
            "select count(*) from entry where company = ?1 and posted_on > date(recorded_at / 1000000, 'unixepoch')";
        assert_eq!(of(ahead), 0, "{country}: nothing is in the books before its day");
    }
    assert_eq!(
        number(&engine, "select count(*) from entry where recorded_at > ?1", &[engine.now().micros().into()]),
        0
    );
    drop(engine);
    std::fs::remove_dir_all(&folder).unwrap();
}

#[test]
fn six_weeks_of_the_demo_are_as_true_on_postgresql() {
    let Some(url) = std::env::var("HEYI_TEST_PG").ok().filter(|url| !url.is_empty()) else {
        eprintln!("skipped by name: PostgreSQL (HEYI_TEST_PG is not set)");
        return;
    };
    let name = format!("heyi_demo_{}", std::process::id());
    store::postgres_drop_database(&url, &name).unwrap();
    let own = store::postgres_database(&url, &name, None).unwrap();
    let hands = app::demo::Hands::at(kernel::Instant::parse("2026-11-25T14:30:00Z").unwrap());
    let target = store::Target::Postgres { url: own, lanes: 2 };
    let engine = app::open::open_with(&target, common::vault("5"), hands.clock()).unwrap();
    app::demo::make_days(&engine, &hands, 1, 45, &ProgressBar::hidden()).unwrap();

    engine.database().settle().unwrap();
    let verified = engine.verify(&|_| {}).unwrap();
    assert!(verified.broken.is_empty(), "{:#?}", verified.broken);
    for country in ["CN", "DE"] {
        let company = number(&engine, "select id from company where country = ?1", &[country.into()]);
        for (what, least) in [
            ("invoice where stage = 'posted'", 5),
            ("payment where stage = 'posted'", 2),
            ("delivery where stage = 'done'", 5),
            ("stock_balance where on_hand > 0", 8),
        ] {
            let counted = format!("select count(*) from {}", what.replacen(" where ", " where company = ?1 and ", 1));
            let found = number(&engine, &counted, &[company.into()]);
            assert!(least <= found, "{country}: {found} of {what}");
        }
    }
    drop(engine);
    store::postgres_drop_database(&url, &name).unwrap();
}

#[test]
fn what_is_new_in_a_version_comes_to_companies_of_an_earlier_one_and_touches_nothing_of_theirs() {
    on_both(|world| {
        app::setup::roles(&world.engine).unwrap();
        let (company, desk) = (world.company, &world.desk);
        let clerk = desk.create("user", json!({ "login": "ada", "name": "Ada", "language": "en" })).unwrap();
        let ada = kernel::id_parse("us", &clerk).unwrap();
        let role = |code: &str| world.number("select id from role where code = ?1", &[code.into()]);
        let administrator = kernel::id_text("ro", role("administrator"));
        desk.create("user_role", json!({ "user": clerk, "role": administrator })).unwrap();
        let ada = world.engine.actor(ada, Some(company), None).unwrap();
        let write = |sql: &'static str| {
            world.engine.database().write(move |conn| Ok(conn.execute(sql, &[]).map(|_| ())?)).unwrap();
        };
        let catch_up = || app::seeds::catch_up(&world.engine).unwrap();
        let grants = |code: &str, on: &str| {
            let sql = "select count(*) from role_grant where parent = ?1 and subject = ?2";
            world.number(sql, &[role(code).into(), on.into()])
        };
        let positions = || world.number("select count(*) from tax_position where company = ?1", &[company.into()]);
        let loose = || {
            let sql = "select count(*) from place where company = ?1 and code = 'STOCK' and parent is null";
            world.number(sql, &[company.into()])
        };
        catch_up();
        assert_eq!(catch_up(), None, "once is enough");
        // As an earlier version made it: no assets, no tax positions, no tree of places.
        let had = (grants("accountant", "asset"), positions(), grants("warehouse", "product"));
        assert!(had.0 == 1 && 0 < had.1 && had.2 == 1, "{had:?}");
        let rewind = || {
            write("delete from role_grant where subject = 'asset'");
            write("delete from tax_position_line");
            write("delete from tax_position");
            write("delete from audit where entity = 'tax_position'");
            write("update place set parent = null, warehouse = null where code = 'STOCK'");
            write("update role_grant set verbs = 'see' where subject = 'delivery'");
            write("update seeds set digest = '', subjects = replace(subjects, ' asset ', ' ')");
        };
        rewind();
        // Somebody took something away from one role, and says where the places stand.
        let sales = kernel::id_text("ro", role("sales_rep"));
        let kept = json!([{ "subject": "party", "verbs": "see", "row_rule": "all" }]);
        world.change(&ada, "role", &sales, json!({ "grants": kept })).unwrap();
        let given = catch_up().unwrap();
        assert!(0 < given.tax_positions && 0 < given.places && 1 < given.roles, "{given:?}");
        assert_eq!((grants("accountant", "asset"), positions(), loose()), (had.0, had.1, 0));
        let ships = "select count(*) from role_grant where subject = 'delivery' and verbs like '%ship%'";
        assert!(0 < world.number(ships, &[]), "who ships ships again");
        assert_eq!((grants("sales_rep", "party"), grants("sales_rep", "sales_order")), (1, 0));
        // What somebody changed or removed since stays so; what is new is given to a changed role as well.
        let accountant = kernel::id_text("ro", role("accountant"));
        let kept = json!([{ "subject": "party", "verbs": "see", "row_rule": "all" }]);
        world.change(&ada, "role", &accountant, json!({ "grants": kept })).unwrap();
        let stock = world.number("select id from place where code = 'STOCK' and company = ?1", &[company.into()]);
        let prefix = world.engine.registry().entity("place").unwrap().prefix;
        world.change(&ada, "place", &kernel::id_text(prefix, stock), json!({ "note": "in the yard" })).unwrap();
        write("delete from tax_position_line");
        write("delete from tax_position");
        write("update place set parent = null, warehouse = null where code = 'STOCK'");
        write("update seeds set digest = '', subjects = replace(subjects, ' asset ', ' ')");
        let given = catch_up().unwrap();
        assert_eq!((given.roles, given.tax_positions), (1, 0), "{given:?}");
        assert_eq!((grants("accountant", "asset"), grants("accountant", "invoice"), loose()), (1, 0, 1));
        assert_eq!(catch_up(), None);
    });
}
