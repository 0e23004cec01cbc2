//! Documents leave in files with a row for each line, and come back from them as they were.

use crate::common::rim::{Answer, Rim};
use crate::common::{World, on_both};
use serde_json::{Value as Json, json};

fn cells(file: &Answer) -> Vec<Vec<String>> {
    assert_eq!(file.status, 200, "{}", file.text());
    let sheet = file.text();
    let plain =
        csv::ReaderBuilder::new().has_headers(false).from_reader(sheet.trim_start_matches('\u{feff}').as_bytes());
    plain.into_records().map(|row| row.unwrap().iter().map(str::to_owned).collect()).collect()
}

fn load(rim: &Rim, who: &str, entity: &str, bytes: Vec<u8>) -> Json {
    let headers = [("cookie", who), ("x-heyi", "1"), ("content-type", "text/csv")];
    let answer = rim.send("POST", &format!("/api/{entity}/import"), &headers, bytes);
    assert_eq!(answer.status, 200, "{}", answer.text());
    answer.json()
}

/// What a document says, without what every write changes.
fn said(world: &World, entity: &str, id: &str) -> Json {
    let mut record = world.get(entity, id);
    record.as_object_mut().unwrap().remove("version");
    record
}

fn order(world: &World, customer: &str, reference: &str, lines: Json) -> String {
    let body = json!({
        "customer": customer, "customer_reference": reference, "ordered_on": world.day(0), "wanted_on": world.day(7),
        "discount_rate": "0.1", "lines": lines,
    });
    world.as_user("root", "administrator").create("sales_order", body).unwrap()
}

#[test]
fn orders_come_back_as_they_left() {
    on_both(|world| {
        let rim = Rim::of(world);
        let root = rim.signed_in(world, "root", "administrator");
        let customer = world.customer("BLUE", "USD");
        let rate = json!({ "currency": "USD", "valid_on": world.day(0), "rate": "0.9" });
        world.desk.create("currency_rate", rate).unwrap();
        let lamp = world.product("LA MP", "average", "10");
        let bulb = world.product_with("BULB", "average", "3", json!({ "unit": world.unit("kg") }));
        world.receive(&world.day(0), &lamp, "9", "6");
        let two = json!([
            { "product": lamp, "qty": "2", "price": "9.5", "description": "=1+1, \"quoted\"" },
            { "product": bulb, "qty": "3.5", "discount": "0.25" },
        ]);
        // Two that say the same of themselves are told apart by their ids.
        let twins = [order(world, &customer, "A", two.clone()), order(world, &customer, "A", two.clone())];
        let part =
            order(world, &customer, "B", json!([{ "product": lamp, "qty": "4" }, { "product": lamp, "qty": "1" }]));
        world.act("sales_order", &part, "confirm");
        world.shipped(&part, Some("1"));
        let all = [&twins[0], &twins[1], &part];
        let before: Vec<Json> = all.iter().map(|id| said(world, "sales_order", id)).collect();
        for lang in ["en", "zh"] {
            let told = rim.json(&root, "PATCH", "/api/session", &json!({ "language": lang }));
            assert_eq!(told.status, 200, "{}", told.text());
            let file = rim.get(&root, "/api/sales_order?format=csv&lines=true&sort=id");
            let rows = cells(&file);
            assert_eq!(rows.len(), 1 + 6, "{rows:?}");
            let wanted = if lang == "en" { "Lines / Product" } else { "明细 / 产品" };
            assert!(rows[0].contains(&wanted.to_owned()), "{:?}", rows[0]);
            let total = rows[0].iter().position(|head| head == "Total" || head == "合计").unwrap();
            assert_eq!((rows[2][0].as_str(), rows[2][total].as_str()), (twins[0].as_str(), ""), "a total stands once");
            let again = file.bytes.clone();
            let told = load(&rim, &root, "sales_order", file.bytes);
            assert_eq!(
                (&told["failed"], &told["created"], &told["changed"]),
                (&json!([]), &json!(0), &json!(3)),
                "{told}"
            );
            // What only the server fills is taken for nothing else.
            let headers = [("cookie", root.as_str()), ("x-heyi", "1"), ("content-type", "text/csv")];
            let look = rim.send("POST", "/api/sales_order/import/look", &headers, again).json();
            let field = |head: usize| look["columns"][head]["field"].clone();
            assert_eq!((field(0), field(1), field(total)), (json!("id"), Json::Null, Json::Null), "{look}");
            let id = rows[0].iter().position(|head| head == "Lines / Id" || head == "明细 / 编号").unwrap();
            assert_eq!(field(id), "lines.id");
            let book = rim.get(&root, "/api/sales_order?format=xlsx&lines=true&sort=id");
            let told = load(&rim, &root, "sales_order", book.bytes);
            assert_eq!((&told["failed"], &told["changed"]), (&json!([]), &json!(3)), "{told}");
            let after: Vec<Json> = all.iter().map(|id| said(world, "sales_order", id)).collect();
            assert_eq!(after, before, "{lang}");
        }
        // Elsewhere they are new: without the ids of the records, those of the lines say nothing.
        let rows = cells(
            &rim.get(&root, "/api/sales_order?format=csv&lines=true&sort=id&filter=[%22stage%22,%22=%22,%22draft%22]"),
        );
        let mut writer = csv::Writer::from_writer(Vec::new());
        rows.iter().enumerate().for_each(|(at, row)| {
            let reference = if at == 3 { "C" } else { "A" };
            let row = row[1..].iter().map(|cell| if at > 0 && cell == "A" { reference } else { cell.as_str() });
            writer.write_record(row).unwrap();
        });
        let told = load(&rim, &root, "sales_order", writer.into_inner().unwrap());
        assert_eq!((&told["failed"], &told["created"]), (&json!([]), &json!(2)), "{told}");
        let made = rim.get(&root, "/api/sales_order?filter=[%22customer_reference%22,%22=%22,%22C%22]").json();
        let made = said(world, "sales_order", made["rows"][0]["id"].as_str().unwrap());
        assert_eq!((&made["total"], &made["lines"][1]["qty"]), (&before[1]["total"], &json!("3.5")));
        world.verified("files with lines");
    });
}

#[test]
fn every_example_is_understood_by_the_import() {
    on_both(|world| {
        let rim = Rim::of(world);
        let root = rim.signed_in(world, "root", "administrator");
        let customer = world.customer("BLUE", "EUR");
        let lamp = world.product("LAMP", "average", "10");
        world.receive(&world.day(0), &lamp, "9", "6");
        world.sale(&customer, &lamp, "2");
        order(world, &customer, "A", json!([{ "product": lamp, "qty": "2" }, { "product": lamp, "qty": "1" }]));
        let mut seen = 0;
        for meta in world.engine.registry().entities() {
            let can = world.engine.importable(&world.desk.actor, meta.name).is_ok();
            if !can || meta.kind == meta::EntityKind::Ledger || meta.parent.is_some() {
                continue;
            }
            let file = rim.get(&root, &format!("/api/{}?format=csv&example=true", meta.name));
            if file.status == 403 {
                continue;
            }
            let heads = cells(&file)[0].clone();
            if heads.iter().all(String::is_empty) {
                continue; // Files that hang on records are not loaded by a table.
            }
            assert!(
                !heads.iter().any(|head| head.ends_with("Id")),
                "{}: an example makes something new: {heads:?}",
                meta.name
            );
            let headers = [("cookie", root.as_str()), ("x-heyi", "1"), ("content-type", "text/csv")];
            let answer = rim.send("POST", &format!("/api/{}/import?dry=true", meta.name), &headers, file.bytes);
            assert_eq!(answer.status, 200, "{}: {}", meta.name, answer.text());
            seen += 1;
            if meta.name == "sales_order" {
                let told = answer.json();
                assert_eq!(
                    (&told["failed"], &told["created"], &told["rows"]),
                    (&json!([]), &json!(1), &json!(2)),
                    "{told}"
                );
            }
        }
        assert!(15 < seen, "{seen}");
    });
}

#[test]
fn what_an_export_calls_by_name_the_import_finds_again() {
    on_both(|world| {
        let rim = Rim::of(world);
        let root = rim.signed_in(world, "root", "administrator");
        let customer = world.customer("BLUE", "EUR");
        let lamp = world.product("LA MP", "average", "10");
        world.receive(&world.day(0), &lamp, "9", "6");
        let (_, _, invoice) = world.sale(&customer, &lamp, "2");
        world.paid(&invoice, json!({}));
        order(world, &customer, "A", json!([{ "product": lamp, "qty": "2" }, { "product": lamp, "qty": "1" }]));
        // Two that are called the same are written by their ids.
        let twins = ["GREY1", "GREY2"].map(|code| world.customer_with(code, json!({ "name": "Grey Ltd" })));
        let tax = kernel::id_text("tx", world.number("select min(id) from tax where code = 'T20'", &[]));
        let account = |used_for: &str| {
            let sql = "select id from account where used_for = ?1 and company = ?2";
            kernel::id_text("ac", world.number(sql, &[used_for.into(), world.company.into()]))
        };
        let bank = json!({ "name": "Everyday", "account_number": "DE89370400440532013000", "currency": "EUR", "ledger_account": account("bank") });
        world.desk.create("bank_account", bank).unwrap();
        let lines = json!([
            { "account": account("bank"), "debit": "5.00" }, { "account": account("payable"), "credit": "5.00", "party": twins[1] },
        ]);
        world.desk.create("journal_entry", json!({ "posted_on": world.day(0), "lines": lines })).unwrap();
        let draft = json!({ "party": twins[0], "direction": "out", "amount": "3.00", "account": account("cash") });
        world.desk.create("payment", draft).unwrap();
        let group = json!({ "code": "G", "name": "Both", "kind": "group", "parts": [{ "tax": tax }] });
        world.desk.create("tax", group).unwrap();
        let mut named = std::collections::BTreeMap::<&str, usize>::new();
        for meta in world.engine.registry().entities() {
            let can = world.engine.importable(&world.desk.actor, meta.name).is_ok();
            if !can || meta.kind == meta::EntityKind::Ledger || meta.parent.is_some() {
                continue;
            }
            for (lang, format) in [("en", "csv"), ("zh", "csv"), ("en", "xlsx"), ("zh", "xlsx")] {
                let told = rim.json(&root, "PATCH", "/api/session", &json!({ "language": lang }));
                assert_eq!(told.status, 200, "{}", told.text());
                let file = rim.get(&root, &format!("/api/{}?format={format}&lines=true&sort=id", meta.name));
                if file.status != 200 {
                    continue;
                }
                let headers = [("cookie", root.as_str()), ("x-heyi", "1"), ("content-type", "text/csv")];
                let answer = rim.send("POST", &format!("/api/{}/import?dry=true", meta.name), &headers, file.bytes);
                assert_eq!(answer.status, 200, "{} {lang} {format}: {}", meta.name, answer.text());
                // What is posted stays as it is; but everything it names was found.
                let answer = answer.json();
                let problems =
                    answer["failed"].as_array().unwrap().iter().flat_map(|row| row["problems"].as_array().unwrap());
                let lost: Vec<&Json> = problems.filter(|problem| problem["code"] != "not_open").collect();
                assert!(lost.is_empty(), "{} {lang} {format}: {lost:?}", meta.name);
                assert_eq!(answer["created"], 0, "{} {lang} {format}: {answer}", meta.name);
            }
            *named.entry(meta.name).or_default() += 1;
        }
        for entity in
            ["account", "tax", "payment", "journal_entry", "bank_account", "place", "product", "invoice", "party"]
        {
            assert!(named.contains_key(entity), "{entity}: {named:?}");
        }
        // A file without ids makes new records, of another account by number and name.
        let other = json!({ "code": "1190", "name": "银行存款 Savings", "kind": "asset", "used_for": "bank" });
        world.desk.create("account", other).unwrap();
        let rows = cells(&rim.get(&root, "/api/bank_account?format=csv"));
        let ledger = rows[0].iter().position(|head| head == "会计科目").unwrap_or_else(|| panic!("{:?}", rows[0]));
        let mut writer = csv::Writer::from_writer(Vec::new());
        for (at, row) in rows.iter().enumerate() {
            let mut row = row.clone();
            if at == 1 {
                row[ledger] = "1190 银行存款 Savings".into();
                let (name, number) = ("Savings", "DE02120300000000202051");
                row.iter_mut().filter(|cell| *cell == "Everyday").for_each(|cell| *cell = name.into());
                row.iter_mut().filter(|cell| cell.starts_with("DE89")).for_each(|cell| *cell = number.into());
            }
            writer.write_record(&row[1..]).unwrap();
        }
        let told = load(&rim, &root, "bank_account", writer.into_inner().unwrap());
        assert_eq!((&told["failed"], &told["created"]), (&json!([]), &json!(1)), "{told}");
    });
}

#[test]
fn a_file_with_lines_has_what_its_reader_may_export() {
    on_both(|world| {
        let rim = Rim::of(world);
        let customer = world.customer("BLUE", "EUR");
        let lamp = world.product("LAMP", "average", "10");
        let [sam, tom] = ["sam", "tom"].map(|login| {
            let driver = world.as_user(login, "sales_rep");
            let lines = json!([{ "product": lamp, "qty": "2" }, { "product": lamp, "qty": "1" }]);
            let body =
                json!({ "customer": customer, "ordered_on": world.day(0), "wanted_on": world.day(7), "lines": lines });
            driver.create("sales_order", body).unwrap()
        });
        let who = rim.signed_in(world, "sam", "sales_rep");
        let rows = cells(&rim.get(&who, "/api/sales_order?format=csv&lines=true"));
        assert!(rows[1..].iter().all(|row| row[0] == sam) && rows.len() == 3, "not {tom}: {rows:?}");
        let told = cells(&rim.get(&who, "/api/sales_order?format=csv&fields=number,customer"));
        assert_eq!(told[0].len(), 3, "the id and what was asked for: {told:?}");
        for name in ["nubmer", "customer.phone", "lines"] {
            let answer = rim.get(&who, &format!("/api/sales_order?format=csv&fields=number,{name}"));
            assert_eq!(
                (answer.status, &answer.json()["problems"][0]["code"]),
                (422, &json!("unknown_field")),
                "{name}"
            );
        }
        let who = rim.signed_in(world, "wendy", "warehouse");
        let example = rim.get(&who, "/api/sales_order?format=csv&example=true");
        assert_eq!(example.status, 403, "who may not load orders needs no example: {}", example.text());
    });
}
