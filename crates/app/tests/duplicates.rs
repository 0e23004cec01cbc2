//! Files to load: which fields their columns are, and what stands twice in them or is there already. The rehearsal
//! counts what the run then does.

use std::sync::atomic::AtomicBool;

use crate::common::rim::Rim;
use crate::common::{World, on_both, raw};
use engine::Actor;
use serde_json::{Value as Json, json};

fn rows(lines: &[&str]) -> Vec<(usize, Vec<String>)> {
    let cells = |text: &&str| text.split(',').map(str::to_owned).collect();
    lines.iter().map(cells).enumerate().map(|(at, cells)| (at + 2, cells)).collect()
}

/// Loads rows by columns, rehearsed first: what both told.
fn both_ways(world: &World, boss: &Actor, columns: &str, lines: &[&str]) -> [Json; 2] {
    let columns: Vec<String> = columns.split(',').map(str::to_owned).collect();
    [true, false].map(|dry| {
        let job = world.engine.start_planned_import(boss, "party", &columns, rows(lines), dry, None).unwrap();
        while world.engine.work_once("w", &AtomicBool::new(false)).unwrap() {}
        world.engine.job_result(boss, raw(&world.engine, "job", job["id"].as_str().unwrap()), -1).unwrap()
    })
}

fn counts(told: &Json) -> [i64; 3] {
    ["created", "changed", "refused"].map(|name| told[name].as_i64().unwrap())
}

/// The line of each row that is told as a duplicate, with the field and what is said.
fn alike(told: &Json) -> Vec<(i64, String, String)> {
    let problem = |row: &Json, name: &str| row["problems"][0][name].as_str().unwrap_or("").to_owned();
    let rows = told["alike"].as_array().unwrap().iter();
    rows.map(|row| (row["line"].as_i64().unwrap(), problem(row, "field"), problem(row, "message"))).collect()
}

#[test]
fn a_rehearsal_counts_what_the_run_does_and_tells_what_stands_twice() {
    on_both(|world| {
        let boss = world.actor("boss", "administrator");
        world.desk.create("party", json!({ "code": "OLD1", "name": "Blue Cycles", "is_customer": true })).unwrap();
        let lines = [
            "ZZ01,First,true,DE811907980",
            "ZZ02,Second,true,DE811907980",
            "ZZ02,Second again,,",
            "ZZ03,Blue Cycles,true,",
            "OLD1,Blue Cycles,true,",
        ];
        let [tried, done] = both_ways(world, &boss, "=code,name,is_customer,tax_number", &lines);
        assert_eq!(counts(&tried), [3, 2, 0], "{tried}");
        assert_eq!(counts(&done), counts(&tried), "{done}");
        let told = alike(&tried);
        let places: Vec<(i64, &str)> = told.iter().map(|(line, field, _)| (*line, field.as_str())).collect();
        assert_eq!(places, [(3, "tax_number"), (4, "code"), (5, "name")], "{told:?}");
        assert!(told[0].2.contains("Line 2") && told[1].2.contains("Line 3"), "{told:?}");
        assert!(told[2].2.contains("Blue Cycles"), "{told:?}");
        assert_eq!((&tried["duplicates"], &done["duplicates"]), (&json!(3), &json!(0)), "told before, not after");

        // Passed over instead; of a row that is refused, the next is the first.
        let lines = ["YY01,One,perhaps", "YY01,One,true", "YY02,Two,true", "YY02,Two,true", "YY03,Three,true"];
        let [tried, done] = both_ways(world, &boss, "!code,name,is_customer", &lines);
        assert_eq!(counts(&tried), [3, 0, 1], "{tried}");
        assert_eq!(counts(&done), counts(&tried), "{done}");

        // No column tells records apart: what no two may share is refused, and by the rehearsal too.
        let lines = ["XX01,Red,true", "XX01,Green,true", "XX02,Black,true"];
        let [tried, done] = both_ways(world, &boss, "code,name,is_customer", &lines);
        assert_eq!(counts(&tried), [2, 0, 1], "{tried}");
        assert_eq!(counts(&done), counts(&tried), "{done}");
        assert_eq!(tried["failed"][0]["problems"][0]["field"], "code", "{tried}");

        // A file sent by itself is answered alike.
        let file =
            ["external_id,code,name,is_customer", "a,WW01,Lone,true", "a,WW01,Pair,true", "b,WW02,Blue Cycles,true"];
        let file: Vec<Vec<String>> = rows(&file).into_iter().map(|(_, cells)| cells).collect();
        let [tried, done] = [true, false].map(|dry| world.engine.import(&boss, "party", &file, dry, &|| ()).unwrap());
        for told in [&tried, &done] {
            assert_eq!(
                (&told["created"], &told["changed"], &told["failed"]),
                (&json!(2), &json!(1), &json!([])),
                "{told}"
            );
        }
        assert_eq!((&tried["duplicates"], alike(&tried)[0].0), (&json!(2), 3), "{tried}");
        world.verified("duplicates");
    });
}

#[test]
fn columns_are_found_by_words_of_trade_and_by_what_their_values_can_be() {
    on_both(|world| {
        let rim = Rim::of(world);
        let root = rim.signed_in(world, "root", "administrator");
        let headers = [("cookie", root.as_str()), ("x-heyi", "1"), ("content-type", "text/csv")];
        let look = |entity: &str, file: &str| {
            let told = rim.send("POST", &format!("/api/{entity}/import/look"), &headers, file.to_owned());
            assert_eq!(told.status, 200, "{}", told.text());
            told.json()
        };
        let fields = |look: &Json| -> Vec<String> {
            let columns = look["columns"].as_array().unwrap();
            columns.iter().map(|column| column["field"].as_str().unwrap_or("-").to_owned()).collect()
        };
        // Words of trade, and what the values can be: a column of days is no rate, and no text is a number.
        let orders =
            look("sales_order", "Order no.,Date,Customer,Product,Quantity,Unit price\nA-1,03/11/2026,K1,L1,2,9.50\n");
        assert_eq!(
            fields(&orders),
            ["external_id", "ordered_on", "customer", "lines.product", "lines.qty", "lines.price"],
            "{orders}"
        );
        assert_eq!(
            fields(&look("sales_order", "订单号,日期,客户名称,商品名称\nA-1,2026年11月3日,K1,L1\n")),
            ["external_id", "ordered_on", "customer", "lines.product"]
        );
        let words = "编码,手机号,纳税人识别号,业务员,收货地址\nK1,139 1,9133,王,一路\n";
        assert_eq!(fields(&look("party", words)), ["code", "phone", "tax_number", "owner", "addresses.line"]);
        assert_eq!(fields(&look("party", "Code,Name,Mobile\nK1,A,139 1\n"))[2], "phone");
        for (value, wanted) in [("0.9", "rate"), ("03/11/2026", "-"), ("soon", "-")] {
            let told = look("sales_order", &format!("Customer,Exch. rate\nK1,{value}\n"));
            assert_eq!(fields(&told)[1], wanted, "{value}");
        }
        // What is no table is refused, though each of its signs may stand in one.
        let pdf = rim.send("POST", "/api/party/import/look", &headers, "%PDF-1.4\n1 0 obj\n<< >>\nendobj\n".to_owned());
        assert_eq!(pdf.status, 400, "{}", pdf.text());
    });
}
