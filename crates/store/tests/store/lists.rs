use kernel::{Currency, Date, id_text};
use meta::{Aggregate, Entity, Filter, Group, ListQuery, Part, Sort, Trouble, Value};
use serde_json::json;
use store::{Database, GroupRow, Page, Scope, groups, list};

use crate::world::{Order, OrderLine, Party, REGISTRY, line, number, on_both_with_tables, order, party, run, save};

fn all() -> ListQuery {
    ListQuery::default()
}

fn filtered(json: serde_json::Value) -> ListQuery {
    ListQuery { filter: Filter::parse(&json).unwrap(), ..all() }
}

fn with_scope<T>(test: impl Fn(&Scope) -> T) -> T {
    test(&Scope {
        about: store::About::Everything,
        companies: vec![1],
        user: 7,
        team: vec![7, 8],
        today: Date::parse("2026-11-25").unwrap(),
        currency: Currency::CNY,
        visible: &|_, field| field.name != "secret_note",
    })
}

fn page_of<T: Entity>(db: &Database, query: &ListQuery) -> Result<Page, Trouble> {
    with_scope(|scope| db.read(|conn| list(conn, &REGISTRY, T::meta(), query, &Filter::all(), scope)))
}

fn ids_of<T: Entity>(db: &Database, query: &ListQuery) -> Vec<i64> {
    page_of::<T>(db, query).unwrap().rows.iter().map(|row| row.id).collect()
}

fn groups_of(db: &Database, query: &ListQuery) -> Result<Vec<GroupRow>, Trouble> {
    with_scope(|scope| db.read(|conn| groups(conn, &REGISTRY, Order::meta(), query, &Filter::all(), scope)))
}

fn code(result: Result<impl std::fmt::Debug, Trouble>) -> &'static str {
    match result {
        Err(Trouble::Refused(refusal)) => refusal.problems[0].code,
        other => panic!("not refused: {other:?}"),
    }
}

fn sorted(field: &str, descending: bool) -> Vec<Sort> {
    vec![Sort { field: field.into(), descending }]
}

#[test]
fn pages_follow_each_other_without_gaps_whatever_is_empty() {
    on_both_with_tables(|db| {
        let orders = (1..=60).map(|id| {
            let mut one = order(id, 1, "2026-01-01", id % 3);
            if id % 4 != 0 {
                one.set("due_on", format!("2026-02-{:02}", id % 7 + 1).as_str());
            }
            if id % 2 == 0 {
                one.set("customer", 1000 + id % 5);
            }
            one
        });
        save(&db, orders.collect());
        save(&db, (0..5).map(|at| party(1000 + at, 1, ["B", "a", "A", "蓝", "b"][at as usize])).collect());
        for (sort, limit) in [
            (vec![], 7),
            (sorted("due_on", false), 7),
            (sorted("due_on", true), 1),
            (sorted("customer", false), 9),
            (sorted("customer", true), 4),
            (sorted("customer.name", true), 13),
            (sorted("created_at", false), 11),
            (sorted("ordered_on", false), 11),
            (sorted("id", true), 59),
            ([sorted("total", true), sorted("due_on", false), sorted("customer", true)].concat(), 5),
        ] {
            let mut query = ListQuery { sort, limit, count: true, ..all() };
            let whole = ids_of::<Order>(&db, &ListQuery { limit: 100, ..query.clone() });
            let mut paged = Vec::new();
            loop {
                let page = page_of::<Order>(&db, &query).unwrap();
                assert_eq!(page.count, Some(60));
                assert!(page.rows.len() <= limit);
                paged.extend(page.rows.iter().map(|row| row.id));
                query.cursor = page.next;
                if query.cursor.is_none() {
                    break;
                }
            }
            assert_eq!(paged, whole, "{:?}", query.sort);
            assert_eq!(paged.len(), 60);
        }
        // Empty is the smallest, in both databases.
        let first = ids_of::<Order>(&db, &ListQuery { sort: sorted("due_on", false), limit: 1, ..all() });
        assert_eq!(first, [4]);
    });
}

#[test]
fn cursors_are_checked() {
    on_both_with_tables(|db| {
        save(&db, (1..=3).map(|id| order(id, 1, "2026-01-01", 1)).collect());
        let next = page_of::<Order>(&db, &ListQuery { limit: 1, ..all() }).unwrap().next.unwrap();
        let hex = |text: &str| text.bytes().map(|byte| format!("{byte:02x}")).collect::<String>();
        let other = ListQuery { cursor: Some(next), sort: sorted("total", false), ..all() };
        assert_eq!(code(page_of::<Order>(&db, &other)), "cursor_not_understood");
        for text in
            ["", "zz", "00", "5b", &hex("[\"order:-ordered_on,-id\",5,1]"), &hex("[]"), "é", &hex("[\"x\"]"), "+1"]
        {
            let query = ListQuery { cursor: Some(text.into()), ..all() };
            assert_eq!(code(page_of::<Order>(&db, &query)), "cursor_not_understood", "{text}");
        }
    });
}

#[test]
fn filters_say_what_they_mean() {
    on_both_with_tables(|db| {
        let mut rows = vec![
            party(1, 1, "100%_sure"),
            party(2, 1, "100 x sure"),
            party(3, 1, "back\\slash"),
            party(4, 1, "Müller GmbH"),
            party(5, 1, "archived"),
            party(6, 2, "another company"),
        ];
        rows[0].set("country", "CN").set("owner", 7_i64);
        rows[1].set("country", "DE").set("owner", 8_i64);
        rows[2].set("country", "");
        rows[4].set("active", false);
        save(&db, rows);
        let mut one = order(11, 1, "2026-11-25", 12_345);
        one.set("customer", 1_i64).set("due_on", "2026-12-01");
        one.set_owned("lines", vec![line(101, "bell", 2), line(102, "lamp", 1), line(103, "bell", 1)]);
        let mut two = order(12, 1, "2026-10-31", -500);
        two.set("customer", 2_i64).set("note", "x");
        two.set_owned("lines", vec![line(104, "bell", 1)]);
        save(&db, vec![one, two, order(13, 1, "2025-11-25", 0)]);
        let party_id = id_text("pa", 1);
        let check_parties = |json: serde_json::Value, wanted: &[i64]| {
            let mut ids = ids_of::<Party>(&db, &filtered(json.clone()));
            ids.sort();
            assert_eq!(ids, wanted, "{json}");
        };
        let check = |json: serde_json::Value, wanted: &[i64]| {
            let mut ids = ids_of::<Order>(&db, &filtered(json.clone()));
            ids.sort();
            assert_eq!(ids, wanted, "{json}");
        };
        check_parties(json!([]), &[1, 2, 3, 4]);
        check_parties(json!(["name", "contains", "100%_"]), &[1]);
        check_parties(json!(["name", "starts", "%"]), &[]);
        check_parties(json!(["name", "contains", "K\\S"]), &[3]);
        check_parties(json!(["name", "contains", "gmbh"]), &[4]);
        check_parties(json!(["active", "=", false]), &[5]);
        check_parties(json!(["active", "in", [true, false]]), &[1, 2, 3, 4, 5]);
        check_parties(json!(["country", "empty"]), &[3, 4]);
        check_parties(json!(["country", "not_empty"]), &[1, 2]);
        check_parties(json!(["country", "!=", "CN"]), &[2, 3, 4]);
        check_parties(json!(["not", ["country", "=", "CN"]]), &[2, 3, 4]);
        check_parties(json!(["not", ["not", ["country", "=", "CN"]]]), &[1]);
        check_parties(json!(["country", "in", ["CN", null]]), &[1, 4]);
        check_parties(json!(["country", "not_in", ["CN", "DE"]]), &[3, 4]);
        check_parties(json!(["country", "not_in", ["CN", null]]), &[2, 3]);
        check_parties(json!(["country", "in", []]), &[]);
        check_parties(json!(["country", "not_in", []]), &[1, 2, 3, 4]);
        check_parties(json!(["owner", "is", "me"]), &[1]);
        check_parties(json!(["owner", "is", "my_team"]), &[1, 2]);
        check_parties(json!(["id", "in", [party_id, id_text("pa", 6)]]), &[1]);
        check_parties(
            json!(["or", ["country", "=", "DE"], ["and", ["name", "contains", "sure"], ["owner", "is", "me"]]]),
            &[1, 2],
        );
        check(json!(["customer.country", "=", "CN"]), &[11]);
        check(json!(["customer.owner.name", "empty"]), &[11, 12, 13]);
        check(json!(["customer", "=", party_id]), &[11]);
        check(json!(["customer", "!=", party_id]), &[12, 13]);
        check(json!(["customer", "contains", "c2"]), &[12]);
        check(json!(["customer", "=", null]), &[13]);
        check(json!(["lines.product", "=", "bell"]), &[11, 12]);
        check(json!(["lines.product", "!=", "bell"]), &[13]);
        check(json!(["lines.product", "in", ["lamp", "seat"]]), &[11]);
        check(json!(["lines.product", "not_in", ["lamp", "seat"]]), &[12, 13]);
        check(json!(["lines.product", "contains", "EL"]), &[11, 12]);
        check(json!(["lines.product", "empty"]), &[13]);
        check(json!(["lines.product", "!=", null]), &[11, 12]);
        check(json!(["and", ["lines.product", "=", "bell"], ["not", ["lines.product", "=", "lamp"]]]), &[12]);
        check(
            json!(["and", ["customer.country", "=", "CN"], ["lines.product", "=", "bell"], ["total", ">", "1"]]),
            &[11],
        );
        for path in ["lines.price_in_gold", "lines.product.name", "lines"] {
            assert_eq!(code(page_of::<Order>(&db, &filtered(json!([path, "=", "bell"])))), "unknown_field", "{path}");
        }
        check(json!(["total", ">=", "123.45"]), &[11]);
        check(json!(["total", "between", ["-5", "0"]]), &[12, 13]);
        check(json!(["ordered_on", "within", "this_month"]), &[11]);
        check(json!(["ordered_on", "within", "last_month"]), &[12]);
        check(json!(["ordered_on", "between", ["2026-10-31", "2026-11-25"]]), &[11, 12]);
        check(json!(["ordered_on", "<", "2026-01-01"]), &[13]);
        check(json!(["created_at", "=", "1970-01-01"]), &[11, 12, 13]);
        check(json!(["created_at", ">", "1970-01-01"]), &[]);
        check(json!(["created_at", "within", "today"]), &[]);
        assert_eq!(ids_of::<Order>(&db, &ListQuery { search: "so 11".into(), ..all() }), [11]);
        assert_eq!(
            ids_of::<Order>(&db, &ListQuery { search: "100".into(), ..all() }),
            [11, 12],
            "by the customer's name"
        );
        assert_eq!(ids_of::<Order>(&db, &ListQuery { search: "--".into(), ..all() }), [0_i64; 0]);
    });
}

#[test]
fn what_may_not_be_seen_is_answered_like_what_does_not_exist() {
    on_both_with_tables(|db| {
        let mut one = party(1, 1, "Blue");
        one.set("secret_note", "gold");
        save(&db, vec![one]);
        let refused = |query: ListQuery| match page_of::<Party>(&db, &query) {
            Err(Trouble::Refused(refusal)) => {
                format!("{refusal:?}").replace("secret_note", "X").replace("no_such_field", "X")
            }
            other => panic!("{other:?}"),
        };
        for make in [
            |name: &str| filtered(json!([name, "=", "gold"])),
            |name: &str| filtered(json!(["not", ["or", [name, "empty"]]])),
            |name: &str| ListQuery { sort: sorted(name, false), ..all() },
            |name: &str| ListQuery { fields: vec![name.into()], ..all() },
        ] {
            assert_eq!(refused(make("secret_note")), refused(make("no_such_field")));
        }
        let hidden = filtered(json!(["lines.secret_note", "=", "gold"]));
        assert_eq!(code(page_of::<Order>(&db, &hidden)), "unknown_field");
        let through = filtered(json!(["customer.secret_note", "=", "gold"]));
        assert_eq!(code(page_of::<Order>(&db, &through)), "unknown_field");
        let grouped = ListQuery {
            group: vec![Group { field: "customer.secret_note".into(), part: None }],
            aggregates: vec![Aggregate::Max("customer.secret_note".into())],
            ..all()
        };
        assert_eq!(code(groups_of(&db, &grouped)), "unknown_field");
        let rules = Filter::parse(&json!(["secret_note", "=", "gold"])).unwrap();
        let found = with_scope(|scope| db.read(|conn| list(conn, &REGISTRY, Party::meta(), &all(), &rules, scope)));
        assert_eq!(found.unwrap().rows.len(), 1, "but a rule may look at it");
    });
}

#[test]
fn no_filter_reaches_the_database_as_text() {
    on_both_with_tables(|db| {
        save(&db, vec![party(1, 1, "Blue"), party(2, 2, "Green")]);
        let nasty =
            ["' or '1'='1", "\"; drop table party; --", "1) or (1=1", "x' union select 1 --", "?1", "$1", "\0", "\\'"];
        for text in nasty {
            for op in ["=", "contains", "starts", ">", "!="] {
                let ids = ids_of::<Party>(&db, &filtered(json!(["name", op, text])));
                assert!(ids.iter().all(|id| *id == 1), "{op} {text}");
            }
            for query in [
                filtered(json!([text, "=", "x"])),
                filtered(json!([format!("owner.{text}"), "=", "x"])),
                ListQuery { sort: sorted(text, false), ..all() },
                ListQuery { fields: vec![text.into()], ..all() },
            ] {
                assert_eq!(code(page_of::<Party>(&db, &query)), "unknown_field", "{text}");
            }
            page_of::<Party>(&db, &ListQuery { search: text.into(), ..all() }).unwrap();
        }
        for json in [
            json!(["owner", "=", "1 or 1=1"]),
            json!(["active", "=", "maybe"]),
            json!(["owner", "is", "everybody"]),
            json!(["name", "within", "today"]),
            json!(["owner", "within", "today"]),
            json!(["owner.owner.owner.owner.owner", "=", "x"]),
            json!(["name", "between", ["a"]]),
            json!(["id", "=", 1]),
        ] {
            assert!(matches!(page_of::<Party>(&db, &filtered(json.clone())), Err(Trouble::Refused(_))), "{json}");
        }
        assert_eq!(number(&db, "select count(*) from party"), 2);
    });
}

#[test]
fn a_list_forgives_a_slip_where_nothing_has_the_words() {
    on_both_with_tables(|db| {
        let mut hidden = party(3, 1, "Blue Whale Ltd");
        hidden.set("active", false);
        let names = vec![party(1, 1, "深圳蓝轮自行车有限公司"), party(2, 1, "Blue Wheel GmbH"), hidden];
        save(&db, names);
        save(&db, vec![party(9, 2, "Bleu Maison")]);
        let (mut blue, other) = (order(11, 1, "2026-01-01", 2), order(12, 1, "2026-01-01", 1));
        blue.set("customer", 2);
        save(&db, vec![blue, other]);
        let asked = |search: &str| ListQuery { search: search.into(), ..all() };
        for (words, wanted, near) in [
            ("blue wheel", vec![2], false),
            ("bleu wheel", vec![2], true),
            ("蓝论", vec![1], true),
            ("blxx wheel", vec![], false),
            // There is one of that name; a filter or its being archived leaves it out.
            ("whale", vec![], false),
        ] {
            let page = page_of::<Party>(&db, &asked(words)).unwrap();
            let ids: Vec<i64> = page.rows.iter().map(|row| row.id).collect();
            assert_eq!((ids, page.is_near), (wanted, near), "{words}");
        }
        let exact = ListQuery { exact: true, ..asked("bleu wheel") };
        assert_eq!(ids_of::<Party>(&db, &exact), [0_i64; 0], "as it is written");
        assert_eq!(ids_of::<Order>(&db, &asked("wheell")), [11], "by what the customer is nearly called");
        let page = page_of::<Party>(&db, &ListQuery { count: true, ..asked("wheell") }).unwrap();
        assert_eq!(page.count, Some(1));
    });
}

#[test]
fn lines_are_only_those_of_the_companys_documents() {
    on_both_with_tables(|db| {
        let (mut ours, mut theirs) = (order(1, 1, "2026-01-01", 1), order(2, 2, "2026-01-01", 1));
        ours.set_owned("lines", vec![line(11, "mug", 2_000_000), line(12, "cup", 1)]);
        theirs.set_owned("lines", vec![line(21, "mug", 3)]);
        save(&db, vec![ours, theirs]);
        let mugs = ListQuery { search: "MUG".into(), ..all() };
        assert_eq!(ids_of::<OrderLine>(&db, &mugs), [11]);
        assert_eq!(ids_of::<OrderLine>(&db, &filtered(json!(["parent.number", "contains", "00001"]))).len(), 2);
        let page = page_of::<Order>(
            &db,
            &ListQuery { fields: vec!["lines".into(), "customer.name".into(), "created_by".into()], ..all() },
        )
        .unwrap();
        assert_eq!(page.rows[0].owned("lines").len(), 2);
        assert_eq!(page.extra_values, [[Value::Null, Value::Int(1)]]);
        assert_eq!(
            page.extra.iter().map(|extra| extra.path.as_str()).collect::<Vec<_>>(),
            ["customer.name", "created_by"]
        );
        assert_eq!(page_of::<Order>(&db, &all()).unwrap().rows[0].owned("lines").len(), 0);
    });
}

#[test]
fn groups_count_and_sum() {
    on_both_with_tables(|db| {
        let days = ["2026-01-31", "2026-02-01", "2026-02-02", "2026-04-01", "2026-12-31", "2027-01-01"];
        let orders = days.iter().zip(1..).map(|(day, id)| {
            let mut one = order(id, 1, day, 100 * id);
            if id > 2 {
                one.set("customer", 40 + id % 2);
            }
            one
        });
        save(&db, orders.collect());
        save(&db, vec![order(99, 2, "2026-01-01", 1_000_000)]);
        let by = |field: &str, part: Option<Part>| {
            let query = ListQuery {
                group: vec![Group { field: field.into(), part }],
                aggregates: vec![Aggregate::Sum("total".into()), Aggregate::Max("ordered_on".into())],
                ..all()
            };
            let groups = groups_of(&db, &query).unwrap();
            let row = |group: &GroupRow| {
                let key = match &group.key[0] {
                    Value::Null => "-".to_owned(),
                    Value::Int(id) => id.to_string(),
                    Value::Text(text) => text.clone(),
                };
                format!("{key} {} {}", group.count, group.values[0].int().unwrap())
            };
            groups.iter().map(row).collect::<Vec<_>>()
        };
        assert_eq!(by("customer", None), ["- 2 300", "40 2 1000", "41 2 800"]);
        assert_eq!(by("ordered_on", Some(Part::Year)), ["2026 5 1500", "2027 1 600"]);
        assert_eq!(
            by("ordered_on", Some(Part::Quarter)),
            ["2026-Q1 3 600", "2026-Q2 1 400", "2026-Q4 1 500", "2027-Q1 1 600"]
        );
        assert_eq!(by("ordered_on", Some(Part::Month)).len(), 5);
        assert_eq!(
            by("ordered_on", Some(Part::Week)),
            ["2026-01-26 2 300", "2026-02-02 1 300", "2026-03-30 1 400", "2026-12-28 2 1100"]
        );
        assert_eq!(by("created_at", Some(Part::Month)), ["1970-01 6 2100"]);
        assert_eq!(by("customer.country", None), ["- 6 2100"]);
        let total = groups_of(&db, &ListQuery { aggregates: vec![Aggregate::Min("total".into())], ..all() }).unwrap();
        assert_eq!((total[0].count, &total[0].values), (6, &vec![Value::Int(100)]));
        let counted = |aggregate| {
            let query = ListQuery { aggregates: vec![aggregate], ..all() };
            groups_of(&db, &query).unwrap()[0].values[0].int().unwrap()
        };
        let rows = groups_of(&db, &all()).unwrap()[0].count;
        assert_eq!(counted(Aggregate::Filled("number".into())), rows);
        assert!(counted(Aggregate::Unique("customer".into())) < rows);
        let different = |field: &str, part, of: &str| {
            let group = vec![Group { field: field.into(), part: Some(part) }];
            groups_of(&db, &ListQuery { group, aggregates: vec![Aggregate::Unique(of.into())], ..all() })
        };
        let counts = |part, of| -> Vec<i64> {
            different("ordered_on", part, of).unwrap().iter().map(|group| group.values[0].int().unwrap()).collect()
        };
        assert_eq!(counts(Part::Week, "customer"), [0, 1, 1, 2]);
        assert_eq!(counts(Part::Week, "company"), [1, 1, 1, 1], "what is the same on two days of a week is one");
        assert_eq!(counts(Part::Quarter, "company"), [1, 1, 1, 1]);
        // Of instants, too: two days of a month may have the same.
        for (id, day) in [(5, 20), (6, 40), (4, 45)] {
            run(&db, &format!("update \"order\" set created_at = {day} * 86400000000 + 1 where id = {id}"));
        }
        let told = |part| -> Vec<String> {
            let groups = different("created_at", part, "customer").unwrap();
            let row = |group: &GroupRow| {
                format!("{} {} {}", group.key[0].text().unwrap(), group.count, group.values[0].int().unwrap())
            };
            groups.iter().map(row).collect()
        };
        assert_eq!(told(Part::Month), ["1970-01 4 1", "1970-02 2 1"]);
        assert_eq!(told(Part::Quarter), ["1970-Q1 6 2"]);
        assert_eq!(told(Part::Year), ["1970 6 2"]);
        assert_eq!(told(Part::Week), ["1969-12-29 3 1", "1970-01-19 1 1", "1970-02-09 2 1"]);
        assert_eq!(told(Part::Day), ["1970-01-01 3 1", "1970-01-21 1 1", "1970-02-10 1 1", "1970-02-15 1 1"]);
        let wrong = ListQuery { aggregates: vec![Aggregate::Sum("number".into())], ..all() };
        assert_eq!(code(groups_of(&db, &wrong)), "not_a_quantity");
    });
}
