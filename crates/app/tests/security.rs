//! Who may do what, and that nothing gets around it.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use crate::common::{World, id_of, map, merge, on_both, raw, said, text};
use engine::Actor;
use kernel::ProblemKind::{Invalid, NotAllowed, NotFound};
use meta::{Aggregate, EntityKind, FieldKind, Filter, Group, ListQuery, Trouble};
use serde_json::{Value as Json, json};

/// A version nobody has: what is permitted is answered with “stale” and changes nothing.
const NO_VERSION: i64 = 999_999;

/// What the reviewed list of permissions says: role → subject → verbs.
fn permissions() -> BTreeMap<String, BTreeMap<String, BTreeSet<String>>> {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/snapshots/permissions.txt");
    let mut all: BTreeMap<String, BTreeMap<String, BTreeSet<String>>> = BTreeMap::new();
    for line in std::fs::read_to_string(file).unwrap().lines() {
        let line = line.split(" (").next().unwrap().split(" [").next().unwrap();
        let mut words = line.split_whitespace().map(str::to_owned);
        let (role, subject) = (words.next().unwrap(), words.next().unwrap());
        all.entry(role).or_default().entry(subject).or_default().extend(words);
    }
    all
}

fn is_permitted<T>(answer: &Result<T, Trouble>) -> bool {
    match answer {
        Err(Trouble::Refused(refusal)) => refusal.problems.iter().all(|problem| problem.code != "not_permitted"),
        Err(Trouble::Fault(fault)) => panic!("{fault:?}"),
        _ => true,
    }
}

/// A company with a record of nearly everything.
fn busy(world: &World) {
    let lamp = world.product("L1", "fifo", "30");
    world.receive(&world.day(-1), &lamp, "9", "10");
    let (order, delivery, invoice) = world.sale(&world.customer("BLUE", "EUR"), &lamp, "2");
    world.paid(&invoice, json!({}));
    world.made_of("sales_return", ("delivery", &delivery), None, json!({ "received_on": world.day(0) }));
    world.made_of("invoice", ("invoice", &invoice), None, json!({ "issued_on": world.day(0) }));
    let quote = json!({
        "customer": world.get("sales_order", &order)["customer"]["id"], "quoted_on": world.day(0),
        "valid_until": world.day(9), "lines": [{ "product": lamp, "qty": "1" }],
    });
    world.desk.create("quotation", quote).unwrap();
    let lines = json!([{ "account": world.bank, "debit": "1.00" }, { "account": world.bank, "credit": "1.00" }]);
    world
        .desk
        .create("journal_entry", json!({ "posted_on": world.day(0), "journal": "general", "lines": lines }))
        .unwrap();
    world.desk.create("price_list", json!({ "name": "Friends", "currency": "EUR" })).unwrap();
}

/// All records that have an owner become someone's.
fn all_owned_by(world: &World, user: i64) {
    let owned = world.engine.registry().entities().filter(|meta| meta.field("owner").is_some());
    let tables: Vec<&'static str> = owned.map(|meta| meta.name).collect();
    let write = move |conn: &dyn store::Conn| {
        for table in &tables {
            conn.execute(&format!("update \"{table}\" set owner = ?1"), &[user.into()])?;
        }
        Ok(())
    };
    world.engine.database().write(write).unwrap();
}

#[test]
fn every_role_may_do_what_the_list_says_and_nothing_else() {
    on_both(|world| {
        busy(world);
        let engine = &world.engine;
        let mut wrong = Vec::new();
        let mut tried = 0;
        for (role, granted) in permissions() {
            let actor = world.actor(&role.replace('_', "."), &role);
            all_owned_by(world, actor.user);
            let may = |on: &str, verb: &str| {
                [on, "*"]
                    .iter()
                    .filter_map(|on| granted.get(*on))
                    .any(|verbs| verbs.contains(verb) || verbs.contains("*"))
            };
            let before = world.counts();
            for meta in engine.registry().entities().filter(|meta| meta.kind != EntityKind::Owned) {
                let name = meta.name;
                let mut check = |verb: &str, wanted: bool, is: bool| {
                    tried += 1;
                    if wanted != is {
                        wrong.push(format!("{role} {verb} {name}: {is}, but the list says {wanted}"));
                    }
                };
                let query = ListQuery { limit: 1, ..ListQuery::default() };
                let sees = may(name, "see");
                check("see", sees, is_permitted(&engine.list(&actor, name, &query)));
                check("export", sees && may(name, "export"), is_permitted(&engine.table(&actor, name, &query)));
                check(
                    "import",
                    may(name, "import"),
                    is_permitted(&engine.import(&actor, name, &[vec!["?".into()]], true, &|| ())),
                );
                let nothing = map(json!({ "no_such_field": 1 }));
                check("add", may(name, "add"), is_permitted(&engine.create(&actor, name, &nothing, None)));
                let Ok(page) = engine.list(&world.desk.actor, name, &query) else { continue };
                let Some(id) = page["rows"][0]["id"].as_str().map(|id| raw(engine, name, id)) else { continue };
                let got = engine.get(&actor, name, id);
                check("get", sees, got.is_ok());
                if !sees {
                    let answers = [
                        got,
                        engine.change(&actor, name, id, 1, &map(json!({})), None),
                        engine.remove(&actor, name, id, None, None),
                        engine.links(&actor, name, id),
                        engine.books_of(&actor, name, id),
                        engine.timeline(&actor, name, id, "", "", None),
                        engine.note(&actor, name, id, "hello", "", None),
                    ];
                    for answer in answers {
                        assert!(matches!(said(answer).kind, NotFound | NotAllowed), "{role} {name}");
                    }
                    continue;
                }
                let changed = engine.change(&actor, name, id, NO_VERSION, &nothing, None);
                check("edit", may(name, "edit"), is_permitted(&changed));
                let removed = engine.remove(&actor, name, id, Some(NO_VERSION), None);
                check("remove", may(name, "remove"), is_permitted(&removed));
                for action in (meta.actions)() {
                    let done = engine.act(&actor, name, id, action.name, Some(NO_VERSION), &nothing, None);
                    check(action.name, may(name, action.name), is_permitted(&done));
                }
            }
            for module in app::modules::modules() {
                for report in &module.reports {
                    let answer = engine.report(&actor, report.name, &BTreeMap::new());
                    if is_permitted(&answer) != may(report.name, "see") {
                        wrong.push(format!("{role} and the report {}", report.name));
                    }
                }
            }
            assert_eq!(world.counts(), before, "{role} wrote something");
        }
        assert!(wrong.is_empty(), "{wrong:#?}");
        assert!(tried > 1_000, "{tried}");
    });
}

/// A user who works for the EUR company alone.
fn only_here(world: &World, login: &str, role: &str) -> Actor {
    let user = world.desk.create("user", json!({ "login": login, "name": login, "language": "en" })).unwrap();
    let role = world.number("select id from role where code = ?1", &[role.into()]);
    let company = kernel::id_text("co", world.company);
    let body = json!({ "user": user, "role": kernel::id_text("ro", role), "only_company": company });
    world.desk.create("user_role", body).unwrap();
    world.engine.actor(raw(&world.engine, "user", &user), None, None).unwrap()
}

#[test]
fn what_belongs_to_another_company_is_not_there() {
    on_both(|world| {
        let there = world.elsewhere();
        there.create("party", json!({ "code": "SECRET", "name": "Secret customer", "is_customer": true })).unwrap();
        there.create("product_category", json!({ "name": "Secret goods", "cost_method": "fifo" })).unwrap();
        let engine = &world.engine;
        let here = only_here(world, "eva", "administrator");
        assert_eq!(here.companies, [world.company]);
        assert_eq!(said(engine.actor(here.user, Some(world.other), None)).code, "no_company");
        let before = world.counts();
        let mut tried = 0;
        for meta in engine.registry().entities().filter(|meta| meta.kind != EntityKind::Owned && meta.has_company()) {
            let name = meta.name;
            let query = ListQuery { limit: 3, count: true, ..ListQuery::default() };
            let page = engine.list(&there.actor, name, &query).unwrap();
            for row in page["rows"].as_array().unwrap() {
                if row["company"].is_null() {
                    continue;
                }
                tried += 1;
                let id = raw(engine, name, row["id"].as_str().unwrap());
                let nothing = map(json!({}));
                assert_eq!(said(engine.get(&here, name, id)).kind, NotFound, "{name}");
                assert_eq!(said(engine.change(&here, name, id, 1, &nothing, None)).kind, NotFound);
                assert_eq!(said(engine.remove(&here, name, id, None, None)).kind, NotFound);
                assert_eq!(said(engine.links(&here, name, id)).kind, NotFound);
                assert_eq!(said(engine.books_of(&here, name, id)).kind, NotFound);
                assert_eq!(said(engine.timeline(&here, name, id, "", "", None)).kind, NotFound);
                assert_eq!(said(engine.note(&here, name, id, "hello", "", None)).kind, NotFound);
                for action in (meta.actions)() {
                    assert_eq!(said(engine.act(&here, name, id, action.name, None, &nothing, None)).kind, NotFound);
                }
                if engine.registry().entity("delivery").is_some() {
                    let made = engine.new_from(&here, "delivery", Some((name, id)));
                    assert_eq!(said(made).kind, NotFound);
                }
                let mine = engine.list(&here, name, &ListQuery { limit: 1_000, ..ListQuery::default() }).unwrap();
                assert!(!mine["rows"].as_array().unwrap().iter().any(|mine| mine["id"] == row["id"]), "{name}");
            }
        }
        assert!(tried > 10);
        assert!(engine.search(&here, "Secret", 10).unwrap()["hits"].as_array().unwrap().is_empty());
        assert!(!engine.search(&there.actor, "Secret", 10).unwrap()["hits"].as_array().unwrap().is_empty());
        assert_eq!(world.counts(), before);
        // Nor can something be put there.
        let body =
            json!({ "code": "P", "name": "P", "is_customer": true, "company": kernel::id_text("co", world.other) });
        assert_eq!(said(world.create(&here, "party", body.clone())).field, "company");
        assert_eq!(said(world.create(&world.desk.actor, "party", body)).field, "company", "one company at a time");
    });
}

#[test]
fn a_seller_sees_only_their_own_documents_however_they_ask() {
    on_both(|world| {
        let lamp = world.product("L1", "fifo", "30");
        world.receive(&world.day(-1), &lamp, "50", "10");
        let customer = world.customer("BLUE", "EUR");
        let mut orders = Vec::new();
        for login in ["sam", "sue"] {
            let user = kernel::id_text("us", world.user(login, "sales_rep"));
            for _ in 0..2 {
                let (order, ..) = world.sale(&customer, &lamp, "1");
                let _ = order;
            }
            let body = json!({
                "customer": customer, "ordered_on": world.day(0), "wanted_on": world.day(1), "owner": user,
                "lines": [{ "product": lamp, "qty": "1" }],
            });
            let order = world.desk.create("sales_order", body).unwrap();
            world.act("sales_order", &order, "confirm");
            world.shipped(&order, None);
            world.invoiced(&order, json!({}));
            orders.push(order);
        }
        let engine = &world.engine;
        let sam = world.actor("sam", "sales_rep");
        let everyone = [&world.desk.actor, &sam];
        for entity in ["sales_order", "delivery", "invoice"] {
            let query = ListQuery { limit: 50, count: true, ..ListQuery::default() };
            let [all, own] = everyone.map(|actor| engine.list(actor, entity, &query).unwrap());
            assert_eq!((&all["count"], &own["count"]), (&json!(6), &json!(1)), "{entity}");
            assert_eq!(own["rows"].as_array().unwrap().len(), 1);
            let group = vec![Group { field: "customer".to_owned(), part: None }];
            let aggregates = vec![Aggregate::Sum("total_base".to_owned())];
            let query = ListQuery { group, aggregates, limit: 50, ..ListQuery::default() };
            let groups = engine.list(&sam, entity, &query).unwrap();
            assert_eq!(
                (&groups["groups"][0]["count"], &groups["groups"][0]["sum"]["total_base"]),
                (&json!(1), &json!("36.00"))
            );
            let table = engine.table(&sam, entity, &ListQuery::default()).unwrap();
            assert_eq!(table.rows.len(), 1);
            let filter =
                Filter::parse(&json!(["or", ["owner", "is", "me"], ["not", ["owner", "is", "me"]], ["id", "!=", "x"]]));
            if let Ok(filter) = filter {
                let answer =
                    engine.list(&sam, entity, &ListQuery { filter, limit: 50, count: true, ..ListQuery::default() });
                assert!(answer.is_err() || answer.unwrap()["count"] == 1);
            }
            let hits = engine.search(&sam, "2026", 50).unwrap();
            let hits = hits["hits"].as_array().unwrap().iter().filter(|hit| hit["entity"] == entity).count();
            assert!(hits <= 1, "{entity} is found {hits} times");
        }
        let theirs = raw(engine, "sales_order", &orders[1]);
        assert_eq!(said(engine.get(&sam, "sales_order", theirs)).kind, NotFound);
        assert_eq!(said(engine.links(&sam, "sales_order", theirs)).kind, NotFound);
        assert_eq!(said(world.try_act(&sam, "sales_order", &orders[1], "cancel", json!({}))).kind, NotFound);
        assert_eq!(said(engine.new_from(&sam, "delivery", Some(("sales_order", theirs)))).kind, NotFound);
        // The chain of one's own shows nobody else's; a shared customer leads nowhere further.
        let links = engine.links(&sam, "sales_order", raw(engine, "sales_order", &orders[0])).unwrap();
        assert_eq!(links["nodes"].as_array().unwrap().iter().filter(|node| node["entity"] == "sales_order").count(), 1);
        // A line cannot take from an order that one does not see.
        let line = world.get("sales_order", &orders[1])["lines"][0]["id"].clone();
        let body = json!({
            "customer": customer, "shipped_on": world.day(0), "place": world.place, "sales_order": orders[1],
            "lines": [{ "product": lamp, "qty": "1", "order_line": line }],
        });
        let refused = world.create(&sam, "delivery", body.clone());
        assert!(matches!(refused, Err(Trouble::Refused(_))), "{refused:?}");
        let typed = engine.preview(&sam, "delivery", &map(body)).unwrap();
        let line = &typed["record"]["lines"][0];
        assert_eq!((&typed["record"]["sales_order"], &line["order_line"]), (&Json::Null, &Json::Null), "{typed}");
    });
}

/// A figure or a text of the last row, the total.
fn total(report: &Json, column: &str) -> String {
    text(&report["rows"].as_array().unwrap().last().unwrap()["cells"][column])
}

#[test]
fn reports_and_the_home_page_tell_a_seller_of_their_own_and_a_manager_of_the_team() {
    on_both(|world| {
        let lamp = world.product("L1", "fifo", "30");
        world.receive(&world.day(-9), &lamp, "50", "10");
        let boss = world.actor("boss", "sales_manager");
        for (login, qty) in [("sam", "1"), ("sue", "2"), ("tim", "4")] {
            let user = kernel::id_text("us", world.user(login, "sales_rep"));
            if login != "tim" {
                let version = world.get("user", &user)["version"].clone();
                let body = json!({ "manager": kernel::id_text("us", boss.user), "version": version });
                world.change(&world.desk.actor, "user", &user, body).unwrap();
            }
            let customer = world.customer(login, "EUR");
            let body = |qty: &str| {
                json!({
                    "customer": customer, "ordered_on": world.day(0), "wanted_on": world.day(1), "owner": user,
                    "lines": [{ "product": lamp, "qty": qty }],
                })
            };
            let order = world.desk.create("sales_order", body(qty)).unwrap();
            world.act("sales_order", &order, "confirm");
            world.shipped(&order, None);
            world.invoiced(&order, json!({}));
            // One more that is not delivered yet.
            let open = world.desk.create("sales_order", body(qty)).unwrap();
            world.act("sales_order", &open, "confirm");
        }
        let engine = &world.engine;
        let report = |actor: &Actor, name: &str, more: &[(&str, &str)]| {
            let params = more.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
            let (title, table) = engine.report(actor, name, &params).unwrap();
            engine.table_json(actor, title, &table)
        };
        let (sam, boss) = (world.actor("sam", "sales_rep"), world.actor("boss", "sales_manager"));
        let yesterday_known = [("as_of", &*world.day(0)), ("known_at", &*world.moment())];
        let by = engine.registry().report("sales_by").unwrap().params[0].kind;
        let FieldKind::Choice(groups) = by else { panic!("{by:?}") };
        let readers = [
            (&sam, "30.00", "36.00", "1"),
            (&boss, "90.00", "108.00", "2"),
            (&world.desk.actor, "210.00", "252.00", "3"),
        ];
        for (actor, net, gross, orders) in readers {
            for group in groups.values.iter().map(|group| group.code) {
                for then in ["", "product", "month"] {
                    let asked = report(actor, "sales_by", &[("group", group), ("then", then)]);
                    assert_eq!(total(&asked, "net"), net, "by {group} and {then}");
                    // Every figure leads to the invoices it is made of.
                    for row in asked["rows"].as_array().unwrap().iter().filter(|row| row["open"].is_object()) {
                        let filter = Filter::parse(&row["open"]["filter"]).unwrap();
                        let query = ListQuery { filter, limit: 10, ..ListQuery::default() };
                        let found = engine.list(actor, "invoice", &query).unwrap();
                        let count = found["rows"].as_array().unwrap().len() as i64;
                        assert!(row["cells"]["invoices"].as_i64().is_none_or(|told| told == count), "{row}");
                    }
                }
            }
            for clocks in [&[][..], &yesterday_known] {
                assert_eq!(total(&report(actor, "order_book", clocks), "to_deliver"), gross);
                assert_eq!(total(&report(actor, "aged_receivables", clocks), "total"), gross);
            }
            let home = engine.home(actor).unwrap();
            let figure = |name: &str| {
                let figures = home["figures"].as_array().unwrap();
                let value = figures.iter().find(|figure| figure["name"] == name).map(|figure| figure["value"].clone());
                value.map(|value| value.as_str().map_or(value.to_string(), str::to_owned))
            };
            assert_eq!(figure("sales_this_month").as_deref(), Some(net));
            assert_eq!(figure("receivable").as_deref(), Some(gross));
            assert_eq!(figure("orders_open").as_deref(), Some(orders));
        }
        // Everybody's own figures stand first.
        for (login, role, first) in [
            ("keeper", "warehouse", "orders_open"),
            ("anna", "sales_rep", "sales_this_month"),
            ("clerk", "accountant", "invoices_overdue"),
        ] {
            let home = engine.home(&world.actor(login, role)).unwrap();
            assert_eq!(home["figures"][0]["name"], first, "{role}: {home}");
        }
        // Where a row leads, its reader may go.
        let open = report(&sam, "aged_receivables", &[])["rows"][0]["open"].clone();
        assert_eq!(open["entity"], "invoice");
        let filter = Filter::parse(&open["filter"]).unwrap();
        let list = engine.list(&sam, "invoice", &ListQuery { filter, ..ListQuery::default() }).unwrap();
        assert_eq!(list["rows"].as_array().unwrap().len(), 1);
    });
}

#[test]
fn what_the_system_fills_cannot_be_sent_along() {
    on_both(|world| {
        busy(world);
        let engine = &world.engine;
        let before = world.counts();
        let mut tried = 0;
        for meta in
            engine.registry().entities().filter(|meta| matches!(meta.kind, EntityKind::Document | EntityKind::Master))
        {
            for field in meta.fields.iter().filter(|field| field.readonly && field.name != "id") {
                let value = match field.kind {
                    FieldKind::Choice(choice) => json!(choice.values.last().unwrap().code),
                    FieldKind::Bool => json!(false),
                    // Not the first: what stands there may be sent back.
                    FieldKind::Ref(entity) => json!(kernel::id_text(engine.entity(entity).unwrap().prefix, 999)),
                    kind if kind.is_number() => json!("1"),
                    _ => json!("2026-01-01"),
                };
                let body = json!({ field.name: value });
                let refused = engine.create(&world.desk.actor, meta.name, &map(body), None);
                let Err(Trouble::Refused(refusal)) = refused else { panic!("{} {}", meta.name, field.name) };
                let told = refusal.problems.iter().any(|one| one.field.as_deref() == Some(field.name));
                assert!(told, "{} {}: {refusal:?}", meta.name, field.name);
                tried += 1;
            }
        }
        assert!(tried > 20, "{tried}");
        for field in ["created_by", "created_at", "changed_by", "parent_id", "__proto__", "position"] {
            let answer = world.create(&world.desk.actor, "party", json!({ "code": "P", "name": "P", field: 1 }));
            assert_eq!(said(answer).field, field);
        }
        assert_eq!(world.counts(), before);
        // What is computed is computed, whatever is sent.
        let mut body = Json::Object(world.desk.prefilled("invoice", ("invoice", &any(world, "invoice"))).unwrap());
        merge(&mut body, json!({ "total": "0.01", "net": "0.01", "issued_on": world.day(0) }));
        let made = world.create(&world.desk.actor, "invoice", body).unwrap();
        assert_eq!(made["record"]["total"], "72.00");
        assert_eq!(made["record"]["stage"], "draft");
        let _ = id_of(&made);
    });
}

/// The first posted record of an entity.
fn any(world: &World, entity: &str) -> String {
    let filter = Filter::parse(&json!(["and", ["stage", "=", "posted"], ["kind", "=", "invoice"]])).unwrap();
    let page =
        world.engine.list(&world.desk.actor, entity, &ListQuery { filter, limit: 1, ..ListQuery::default() }).unwrap();
    text(&page["rows"][0]["id"])
}

#[test]
fn words_of_sql_are_words_and_signs_of_patterns_are_signs() {
    on_both(|world| {
        let names =
            ["100%_sure", "100 percent sure", "O'Hara; drop table party; --", "back\\slash", "\"quoted\"", "a*b(c"];
        for (index, name) in names.iter().enumerate() {
            world.customer_with(&format!("N{index}"), json!({ "name": name }));
        }
        let engine = &world.engine;
        let found = |query: ListQuery| -> Vec<String> {
            let page = engine.list(&world.desk.actor, "party", &ListQuery { limit: 50, ..query });
            let page = page.unwrap_or_else(|why| panic!("{why:?}"));
            page["rows"].as_array().unwrap().iter().map(|row| text(&row["name"])).collect()
        };
        let by = |op: &str, word: &str| {
            let filter = Filter::parse(&json!(["name", op, word])).unwrap();
            found(ListQuery { filter, ..ListQuery::default() })
        };
        assert_eq!(by("contains", "100%_"), ["100%_sure"]);
        assert_eq!(by("starts", "100%"), ["100%_sure"]);
        assert_eq!(by("contains", "%"), ["100%_sure"]);
        assert_eq!(by("contains", "_"), ["100%_sure"]);
        assert_eq!(by("contains", "\\"), ["back\\slash"]);
        assert_eq!(by("contains", "'"), ["O'Hara; drop table party; --"]);
        assert_eq!(by("=", "O'Hara; drop table party; --").len(), 1);
        for name in names {
            let words = found(ListQuery { search: name.to_owned(), ..ListQuery::default() });
            assert!(words.contains(&name.to_owned()), "{name} is found by its name: {words:?}");
        }
        for word in [
            "' or 1=1 --",
            "\"; drop table party; --",
            "%' or '1'='1",
            "\0",
            "NEAR(",
            "a AND",
            "*",
            "\"",
            "name:x",
            "((",
            "^",
            "-",
            "🚲",
            "' union select password_hash from credential --",
            "?1",
            "$1",
            "\\",
            "\u{202e}",
        ] {
            let query = ListQuery { search: word.to_owned(), ..ListQuery::default() };
            let answer = engine.list(&world.desk.actor, "party", &ListQuery { limit: 50, ..query });
            assert!(!matches!(answer, Err(Trouble::Fault(_))), "{word:?}: {answer:?}");
            assert!(!matches!(engine.search(&world.desk.actor, word, 10), Err(Trouble::Fault(_))), "{word:?}");
            let filter = Filter::parse(&json!(["name", "contains", word])).unwrap();
            let answer =
                engine.list(&world.desk.actor, "party", &ListQuery { filter, limit: 50, ..ListQuery::default() });
            assert!(!matches!(answer, Err(Trouble::Fault(_))), "{word:?}: {answer:?}");
            let body = map(json!({ "code": word, "name": word, "is_customer": true }));
            let made = engine.create(&world.desk.actor, "party", &body, None);
            assert!(!matches!(made, Err(Trouble::Fault(_))), "{word:?}: {made:?}");
        }
        for field in ["name; drop table party", "name\" = 'x' or \"name", "(select 1)", "*", "", "id) or (1=1"] {
            let sort = vec![meta::Sort { field: field.to_owned(), descending: false }];
            let answer = engine.list(&world.desk.actor, "party", &ListQuery { sort, limit: 5, ..ListQuery::default() });
            assert_eq!(said(answer).kind, Invalid, "{field}");
            let group = vec![Group { field: field.to_owned(), part: None }];
            let answer =
                engine.list(&world.desk.actor, "party", &ListQuery { group, limit: 5, ..ListQuery::default() });
            assert_eq!(said(answer).kind, Invalid, "{field}");
        }
        let cursor = ListQuery { cursor: Some("' or 1=1 --".to_owned()), limit: 5, ..ListQuery::default() };
        assert_eq!(said(engine.list(&world.desk.actor, "party", &cursor)).kind, Invalid);
        assert!(world.number("select count(*) from party", &[]) >= names.len() as i64, "the table is still there");
    });
}

#[test]
fn a_field_kept_from_a_role_is_in_no_answer_filter_file_or_change() {
    on_both(|world| {
        let lamp = world.product("L1", "average", "100");
        world.receive(&world.day(-5), &lamp, "10", "40");
        let customer = world.customer_with("BLUE", json!({ "currency": "EUR", "credit_limit": "5000.00" }));
        let order = world.confirmed(&customer, &lamp, "2");
        let seller = world.user("clerk", "accountant");
        let role = world.number("select id from role where code = 'accountant'", &[]);
        let role = kernel::id_text("ro", role);
        let grants = |hide: &[(&str, &str)]| {
            let mut body = world.get("role", &role)["grants"].clone();
            for grant in body.as_array_mut().unwrap() {
                let kept = hide.iter().find(|(on, _)| grant["subject"] == *on);
                grant["hides"] = json!(kept.map_or("", |(_, fields)| fields));
            }
            json!({ "grants": body })
        };
        let admin = &world.desk.actor;
        let see = || world.engine.actor(seller, None, None).unwrap();
        assert_eq!(
            text(
                &world.engine.get(&see(), "party", raw(&world.engine, "party", &customer)).unwrap()["record"]["credit_limit"]
            ),
            "5000.00"
        );
        // What cannot be kept back, or is not there, is told.
        for (on, fields, code) in [
            ("sales_order", "number", "no_field"),
            ("sales_order", "lines.nothing", "no_field"),
            ("party", "name", "no_field"),
        ] {
            assert_eq!(said(world.change(admin, "role", &role, grants(&[(on, fields)]))).code, code, "{fields}");
        }
        let wrong = |key: &str, value: &str| {
            let mut body = grants(&[]);
            body["grants"][0][key] = json!(value);
            said(world.change(admin, "role", &role, body)).code
        };
        assert_eq!((wrong("subject", "sales_ordr"), wrong("verbs", "see approve")), ("no_subject", "no_verb"));
        let earned = || {
            let told = world.engine.report(&see(), "sales_by", &BTreeMap::new()).unwrap();
            told.1.columns.iter().any(|column| column.name == "margin")
        };
        assert!(earned());
        world.change(admin, "role", &role, grants(&[("invoice", "lines.margin")])).unwrap();
        assert!(!earned(), "it is the sum of what the lines earn");
        let hidden = grants(&[
            ("sales_order", "margin lines.margin"),
            ("invoice", "margin lines.margin"),
            ("party", "credit_limit"),
        ]);
        world.change(admin, "role", &role, hidden).unwrap();
        let actor = see();
        assert!(!earned(), "no report tells what the records do not");
        let raw_of = |entity: &str, id: &str| raw(&world.engine, entity, id);
        // No form, no description, no list, no file.
        let shown = world.engine.get(&actor, "sales_order", raw_of("sales_order", &order)).unwrap();
        assert!(
            shown["record"].get("margin").is_none() && shown["record"]["lines"][0].get("margin").is_none(),
            "{shown}"
        );
        assert!(shown["record"]["lines"][0].get("price").is_some());
        let party = world.engine.get(&actor, "party", raw_of("party", &customer)).unwrap();
        assert!(party["record"].get("credit_limit").is_none());
        let described = world.engine.meta_json(&actor);
        for (entity, field) in [("sales_order", "margin"), ("sales_order_line", "margin"), ("party", "credit_limit")] {
            let told = described["entities"][entity].to_string();
            assert!(told.len() > 100 && !told.contains(&format!("\"{field}\"")), "{entity}: {told}");
        }
        let table = world.engine.table(&actor, "sales_order", &ListQuery::default()).unwrap();
        assert!(table.columns.iter().all(|column| column.name != "margin"));
        // Filters, sorting, groups and sums answer as if there were no such field.
        let code = |query: ListQuery| said(world.engine.list(&actor, "sales_order", &query)).code;
        let filter = |json: Json| ListQuery { filter: Filter::parse(&json).unwrap(), ..ListQuery::default() };
        let unknown = code(filter(json!(["no_such_field", ">", "0"])));
        for path in ["margin", "lines.margin", "customer.credit_limit"] {
            assert_eq!(code(filter(json!([path, ">", "0"]))), unknown, "{path}");
        }
        assert_eq!(
            code(ListQuery {
                sort: vec![meta::Sort { field: "margin".into(), descending: true }],
                ..ListQuery::default()
            }),
            unknown
        );
        let sums = ListQuery { aggregates: vec![Aggregate::Sum("margin".into())], ..ListQuery::default() };
        assert_eq!(code(sums), unknown);
        // It cannot be written, and what else is written leaves it as it was.
        let change = |body: Json| world.change(&actor, "party", &customer, body);
        assert_eq!(said(change(json!({ "credit_limit": "9999999.00" }))).code, "unknown_field");
        change(json!({ "phone": "+49 30 1" })).unwrap();
        assert_eq!(text(&world.get("party", &customer)["credit_limit"]), "5000.00");
        let trail = world.engine.timeline(&actor, "party", raw_of("party", &customer), "", "", None).unwrap();
        assert!(!trail.to_string().contains("credit_limit"), "{trail}");
        // Another role that shows it is enough.
        let other = world.number("select id from role where code = 'manager'", &[]);
        world
            .desk
            .create("user_role", json!({ "user": kernel::id_text("us", seller), "role": kernel::id_text("ro", other) }))
            .unwrap();
        assert_eq!(
            text(&world.engine.get(&see(), "party", raw_of("party", &customer)).unwrap()["record"]["credit_limit"]),
            "5000.00"
        );
    });
}
