//! One thing done to many records, files read by a plan, and the way back of both.

use std::sync::atomic::AtomicBool;

use crate::common::rim::{Answer, Rim};
use crate::common::{World, on_both};
use kernel::id_text;
use serde_json::{Value as Json, json};

fn code(answer: &Answer) -> (u16, String) {
    let code = answer.json()["problems"][0]["code"].as_str().unwrap_or("").to_owned();
    (answer.status, code)
}

/// An administrator at the rim, and the workers of the server.
struct Desk<'a> {
    world: &'a World,
    rim: Rim,
    boss: String,
}

impl<'a> Desk<'a> {
    fn of(world: &'a World) -> Desk<'a> {
        let rim = Rim::of(world);
        let boss = rim.signed_in(world, "boss", "administrator");
        Desk { world, rim, boss }
    }

    fn post(&self, path: &str, body: Json) -> Answer {
        self.rim.json(&self.boss, "POST", path, &body)
    }

    fn parties(&self, count: usize) -> Vec<String> {
        let party = |number: usize| {
            let body = json!({ "code": format!("M{number:03}"), "name": format!("Many {number}"), "is_customer": true, "note": "old" });
            let made = self.post("/api/party", body);
            assert_eq!(made.status, 201, "{}", made.text());
            made.json()["record"]["id"].as_str().unwrap().to_owned()
        };
        (0..count).map(party).collect()
    }

    fn work(&self) {
        while self.world.engine.work_once("w", &AtomicBool::new(false)).unwrap() {}
    }

    /// Lets a job that was just begun be done, and tells what became of it.
    fn done(&self, begun: &Answer) -> Json {
        assert_eq!(begun.status, 202, "{}", begun.text());
        self.work();
        let id = begun.json()["job"]["id"].as_str().unwrap().to_owned();
        let told = self.rim.get(&self.boss, &format!("/api/job/{id}/result"));
        assert_eq!(told.status, 200, "{}", told.text());
        told.json()
    }

    fn undone(&self, job: &Json) -> Json {
        let begun = self.post(&format!("/api/job/{}/undo", job["id"].as_str().unwrap()), json!({}));
        self.done(&begun)
    }

    fn get(&self, entity: &str, id: &str) -> Json {
        let answer = self.rim.get(&self.boss, &format!("/api/{entity}/{id}"));
        answer.json()["record"].clone()
    }

    /// Sends a file with a plan.
    fn load(&self, dry: bool, plan: Json, file: &str) -> Answer {
        self.load_of("party", dry, plan, file)
    }

    fn load_of(&self, entity: &str, dry: bool, plan: Json, file: &str) -> Answer {
        let body = format!(
            "--X\r\nContent-Disposition: form-data; name=\"plan\"\r\n\r\n{plan}\r\n\
             --X\r\nContent-Disposition: form-data; name=\"file\"; filename=\"f.csv\"\r\n\r\n{file}\r\n--X--\r\n"
        );
        let headers =
            [("cookie", self.boss.as_str()), ("x-heyi", "1"), ("content-type", "multipart/form-data; boundary=X")];
        self.rim.send("POST", &format!("/api/{entity}/import?as=job&dry={dry}"), &headers, body)
    }
}

fn counts(job: &Json) -> [i64; 3] {
    ["created", "changed", "refused"].map(|name| job[name].as_i64().unwrap())
}

#[test]
fn a_mistyped_word_finds_what_is_like_it_and_changes_it_only_where_that_is_said() {
    on_both(|world| {
        let desk = Desk::of(world);
        desk.parties(1);
        let read = |path: &str| desk.rim.get(&desk.boss, path).json();
        assert_eq!(read("/api/party?search=mnay&exact=false")["near"], true);
        assert_eq!(read("/api/party?search=mnay&group=is_customer")["groups"][0]["count"], 1);
        assert_eq!(read("/api/party?search=mnay&exact=true")["rows"], json!([]));
        let ask = |near: Json| {
            desk.post("/api/party/mass", json!({ "op": "delete", "filter": null, "search": "mnay", "near": near }))
        };
        assert_eq!([ask(json!("yes")).status, ask(json!(false)).status], [400, 422]);
        assert_eq!(desk.done(&ask(json!(true)))["changed"], 1);
    });
}

#[test]
fn many_are_changed_looked_at_first_and_changed_back() {
    on_both(|world| {
        let desk = Desk::of(world);
        let ids = desk.parties(60);
        let filter = json!(["code", "starts", "M"]);
        let ask = |preview: bool| json!({ "op": "change", "filter": filter, "record": { "note": "new" }, "preview": preview });
        let look = desk.post("/api/party/mass", ask(true));
        assert_eq!(look.json(), json!({ "count": 60, "tried": 60, "accepted": 60, "refused": [] }), "{}", look.text());
        assert_eq!(desk.get("party", &ids[7])["note"], "old", "looking changes nothing");
        let bad = desk.post(
            "/api/party/mass",
            json!({ "op": "change", "ids": &ids[..2], "record": { "email": "no" }, "preview": true }),
        );
        assert_eq!(
            (&bad.json()["accepted"], &bad.json()["refused"][0]["label"]),
            (&json!(0), &json!("Many 0")),
            "{}",
            bad.text()
        );

        let job = desk.done(&desk.post("/api/party/mass", ask(false)));
        assert_eq!(counts(&job), [0, 60, 0]);
        assert_eq!((&desk.get("party", &ids[59])["note"], &job["undo"]), (&json!("new"), &json!(true)));
        // Somebody goes on with one of them before it is undone; of another something else is changed.
        let theirs = desk.get("party", &ids[3]);
        let patch = |id: &str, version: &Json, more: (&str, &str)| {
            let answer = desk.rim.json(
                &desk.boss,
                "PATCH",
                &format!("/api/party/{id}"),
                &json!({ "version": version, more.0: more.1 }),
            );
            assert_eq!(answer.status, 200, "{}", answer.text());
        };
        patch(&ids[3], &theirs["version"], ("note", "theirs"));
        patch(&ids[4], &desk.get("party", &ids[4])["version"], ("phone", "123"));
        let back = desk.undone(&job);
        assert_eq!((counts(&back), &back["kind"]), ([0, 59, 1], &json!("undo")), "{back}");
        let refused = &back["failed"][0];
        assert_eq!(
            [&refused["problems"][0]["code"], &refused["label"], &refused["id"]],
            [&json!("changed_since"), &json!("Many 3"), &json!(ids[3])]
        );
        assert_eq!(desk.get("party", &ids[3])["note"], "theirs");
        let other = desk.get("party", &ids[4]);
        assert_eq!((&other["note"], &other["phone"]), (&json!("old"), &json!("123")));
        let again = desk.post(&format!("/api/job/{}/undo", job["id"].as_str().unwrap()), json!({}));
        assert_eq!(code(&again), (409, "nothing_to_undo".into()));
        let undo_of_undo = desk.post(&format!("/api/job/{}/undo", back["id"].as_str().unwrap()), json!({}));
        assert_eq!(code(&undo_of_undo), (409, "nothing_to_undo".into()));
        world.verified("mass change");
    });
}

#[test]
fn what_was_archived_is_in_use_again_when_that_is_undone() {
    on_both(|world| {
        let desk = Desk::of(world);
        let ids = desk.parties(3);
        let job = desk.done(&desk.post("/api/party/mass", json!({ "op": "archive", "ids": ids })));
        assert_eq!((counts(&job), &desk.get("party", &ids[0])["active"]), ([0, 3, 0], &json!(false)), "{job}");
        let back = desk.undone(&job);
        assert_eq!((counts(&back), &desk.get("party", &ids[0])["active"]), ([0, 3, 0], &json!(true)), "{back}");
    });
}

#[test]
fn what_was_deleted_comes_back_as_it_was() {
    on_both(|world| {
        let desk = Desk::of(world);
        let (customer, lamp) = (world.customer("BLUE", "EUR"), world.product("L1", "fifo", "30"));
        let orders: Vec<String> = (1..4).map(|qty| world.order(&customer, &lamp, &qty.to_string())).collect();
        let before: Vec<Json> = orders.iter().map(|id| desk.get("sales_order", id)).collect();
        let confirmed = world.confirmed(&customer, &lamp, "1");
        let all: Vec<&String> = orders.iter().chain([&confirmed]).collect();
        let job = desk.done(&desk.post("/api/sales_order/mass", json!({ "op": "delete", "ids": all })));
        assert_eq!((counts(&job), &job["failed"][0]["id"]), ([0, 3, 1], &json!(confirmed)), "{job}");
        assert_eq!(desk.rim.get(&desk.boss, &format!("/api/sales_order/{}", orders[0])).status, 404);
        let bin = desk.rim.get(&desk.boss, "/api/sales_order/bin").json();
        assert_eq!(bin["items"].as_array().unwrap().len(), 3, "{bin}");
        assert_eq!((&bin["items"][0]["label"], &bin["items"][0]["removed_by"]), (&before[2]["number"], &json!("boss")));

        // One by hand, the others by undoing the job; the lines have their own ids again.
        let path = format!("/api/sales_order/{}/restore", orders[1]);
        let stranger = desk.rim.signed_in(world, "ann", "warehouse");
        assert_eq!(desk.rim.json(&stranger, "POST", &path, &json!({})).status, 403);
        assert_eq!(desk.rim.get(&stranger, "/api/sales_order/bin").status, 403);
        let back = desk.post(&path, json!({}));
        assert_eq!(back.status, 200, "{}", back.text());
        assert_eq!(desk.post(&path, json!({})).status, 404, "it is there already");
        let undone = desk.undone(&job);
        assert_eq!((counts(&undone), &undone["failed"][0]["id"]), ([0, 2, 1], &json!(orders[1])));
        for (id, was) in orders.iter().zip(&before) {
            let mut is = desk.get("sales_order", id);
            assert_eq!(is["version"], json!(was["version"].as_i64().unwrap() + 1));
            is["version"] = was["version"].clone();
            assert_eq!(&is, was);
        }
        // What was said about one comes back with it, as often as it goes and comes.
        let note =
            desk.post(&format!("/api/sales_order/{}/note", orders[0]), json!({ "text": "keep me", "kind": "message" }));
        assert_eq!(note.status, 201, "{}", note.text());
        for _ in 0..2 {
            let path = format!("/api/sales_order/{}", orders[0]);
            assert_eq!(desk.rim.json(&desk.boss, "DELETE", &path, &json!({})).status, 204);
            let said = desk.rim.get(&desk.boss, "/api/note?search=keep").json();
            assert_eq!(said["rows"], json!([]), "out of sight");
            assert_eq!(desk.post(&format!("{path}/restore"), json!({})).status, 200);
            let told = desk.rim.get(&desk.boss, &format!("{path}/together")).json();
            assert_eq!((&told["notes"], &told["following"]), (&json!(1), &json!(true)), "{told}");
        }
        // What it names is gone by now: it is said, and nothing is written.
        let friend = desk.parties(1).remove(0);
        let order = world.order(&friend, &lamp, "1");
        for (entity, id) in [("sales_order", &order), ("party", &friend)] {
            let gone = desk.rim.json(&desk.boss, "DELETE", &format!("/api/{entity}/{id}"), &json!({}));
            assert_eq!(gone.status, 204, "{}", gone.text());
        }
        let orphan = desk.post(&format!("/api/sales_order/{order}/restore"), json!({}));
        assert_eq!(
            (code(&orphan).0, &orphan.json()["problems"][0]["field"]),
            (422, &json!("customer")),
            "{}",
            orphan.text()
        );
        assert_eq!(desk.post(&format!("/api/party/{friend}/restore"), json!({})).status, 200);
        assert_eq!(desk.post(&format!("/api/sales_order/{order}/restore"), json!({})).status, 200);
        // A month later it is gone for good.
        desk.rim.json(&desk.boss, "DELETE", &format!("/api/sales_order/{order}"), &json!({}));
        world.days_pass(31);
        let desk = Desk::of(world);
        let extra = world.customer("EXTRA", "EUR");
        desk.rim.json(&desk.boss, "DELETE", &format!("/api/party/{extra}"), &json!({}));
        assert_eq!(desk.post(&format!("/api/sales_order/{order}/restore"), json!({})).status, 404);
        world.verified("bin");
    });
}

#[test]
fn actions_on_many_are_undone_where_a_way_leads_back() {
    on_both(|world| {
        let desk = Desk::of(world);
        let (customer, lamp) = (world.customer("BLUE", "EUR"), world.product("L1", "fifo", "30"));
        let orders: Vec<String> = (0..3).map(|_| world.order(&customer, &lamp, "1")).collect();
        let job = desk.done(&desk.post("/api/sales_order/mass", json!({ "op": "confirm", "ids": orders })));
        assert_eq!(counts(&job), [0, 3, 0], "{job}");
        let undone = desk.undone(&job);
        let back = desk.get("sales_order", &orders[0])["stage"].as_str().unwrap().to_owned();
        // Whether an order can be reopened is a matter of its life cycle; the answer tells either way.
        let life = desk.rim.get(&desk.boss, "/api/meta").json()["entities"]["sales_order"]["transitions"].clone();
        let leads_back = life.as_array().unwrap().iter().any(|step| step[0] == "confirmed" && step[2] == "draft");
        match leads_back {
            true => assert_eq!((counts(&undone), back.as_str()), ([0, 3, 0], "draft")),
            false => assert_eq!(
                (&undone["failed"][0]["problems"][0]["code"], back.as_str()),
                (&json!("no_way_back"), "confirmed")
            ),
        }
        world.verified("mass action");
    });
}

#[test]
fn a_file_is_looked_at_planned_rehearsed_loaded_and_reverted() {
    on_both(|world| {
        let desk = Desk::of(world);
        world.customer_with("KNOWN", json!({ "name": "Known" }));
        let file = "Customers of 2025;;;\r\nKundennr;Name;Is a customer;Credit limit;Since\r\n\
                    A1;Alpha;yes;1.234,50;3.4.2025\r\n\r\nB2;Beta;jawohl;99,00;31.12.2024\r\nKNOWN;Newly known;yes;5,00;1.1.2025\r\n\
                    C3;Gamma;yes;a lot;1.1.2025\r\n";
        let headers = [("cookie", desk.boss.as_str()), ("x-heyi", "1"), ("content-type", "text/csv")];
        let look = desk.rim.send("POST", "/api/party/import/look?head=2", &headers, file);
        assert_eq!(look.status, 200, "{}", look.text());
        let look = look.json();
        assert_eq!(
            (&look["rows"], &look["sample"][1]["line"]),
            (&json!(4), &json!(5)),
            "blank lines count as lines: {look}"
        );
        assert_eq!(
            (&look["columns"][1]["field"], &look["columns"][2]["field"]),
            (&json!("name"), &json!("is_customer"))
        );
        assert_eq!(
            (&look["columns"][3]["field"], &look["columns"][3]["decimal"]),
            (&json!("credit_limit"), &json!(null))
        );
        assert_eq!((&look["columns"][4]["days"], &look["columns"][4]["days_sure"]), (&json!("dmy"), &json!(true)));
        let plan = |cells: Json| {
            json!({
                "head": 2, "cells": cells, "same": { "note": "of the file" },
                "columns": [
                    { "field": "code", "known": "change" }, { "field": "name" },
                    { "field": "is_customer", "values": { "jawohl": "true" } }, { "field": "credit_limit", "decimal": "," }, null,
                ],
            })
        };
        let dry = desk.done(&desk.load(true, plan(json!({})), file));
        assert_eq!(counts(&dry), [2, 1, 1], "{dry}");
        let wrong = &dry["failed"][0];
        assert_eq!((&wrong["line"], &wrong["problems"][0]["field"]), (&json!(7), &json!("credit_limit")));
        assert_eq!(wrong["cells"], json!(["C3", "Gamma", "yes", "a lot", "of the file"]));
        assert_eq!(world.number("select count(*) from party where code = 'A1'", &[]), 0, "a rehearsal");
        let nothing = desk.post(&format!("/api/job/{}/undo", dry["id"].as_str().unwrap()), json!({}));
        assert_eq!(code(&nothing), (409, "nothing_to_undo".into()));

        let job = desk.done(&desk.load(false, plan(json!({ "7": { "3": "7,00" } })), file));
        assert_eq!(counts(&job), [3, 1, 0], "{job}");
        let limit = |code: &str| {
            let list = desk.rim.get(&desk.boss, &format!("/api/party?search={code}&fields=code,credit_limit")).json();
            list["rows"][0]["credit_limit"].clone()
        };
        assert_eq!([limit("A1"), limit("C3")], [json!("1234.50"), json!("7.00")]);
        assert_eq!(
            world.number(
                "select count(*) from party where code = 'B2' and is_customer = 1 and note = 'of the file'",
                &[]
            ),
            1
        );
        let undone = desk.undone(&job);
        assert_eq!(
            (counts(&undone), world.number("select count(*) from party where code in ('A1', 'B2', 'C3')", &[])),
            ([0, 4, 0], 0),
            "{undone}"
        );
        assert_eq!(world.number("select count(*) from party where code = 'KNOWN' and name = 'Known'", &[]), 1);

        // Known rows can be left as they are.
        let mut skip = plan(json!({}));
        skip["columns"][0]["known"] = json!("skip");
        let job = desk.done(&desk.load(false, skip, file));
        assert_eq!((counts(&job), &job["done"]), ([2, 0, 1], &json!(4)));
        for (column, field) in [
            (json!({ "field": "nowhere" }), "columns"),
            (json!({ "field": "name" }), "columns"),
            (json!({ "field": "credit_limit", "known": "change" }), "credit_limit"),
        ] {
            let mut wrong = plan(json!({}));
            wrong["columns"][0] = column;
            wrong["columns"][3] = json!(null);
            let answer = desk.load(false, wrong, file);
            assert_eq!(
                (answer.status, &answer.json()["problems"][0]["field"]),
                (422, &json!(field)),
                "{}",
                answer.text()
            );
        }
        for plan in [json!({}), json!({ "columns": "all" }), json!({ "columns": [], "more": 1 }), json!([])] {
            assert_eq!(desk.load(false, plan, file).status, 400);
        }
        world.verified("planned import");
    });
}

#[test]
fn mass_work_of_strangers_and_nonsense_is_refused() {
    on_both(|world| {
        let desk = Desk::of(world);
        let ids = desk.parties(2);
        let clerk = desk.rim.signed_in(world, "ann", "auditor");
        let ask = json!({ "op": "change", "ids": ids, "record": { "note": "mine" } });
        assert_eq!(desk.rim.json(&clerk, "POST", "/api/party/mass", &ask).status, 403);
        for body in [
            json!({}),
            json!({ "op": "change" }),
            json!({ "op": "change", "ids": [] }),
            json!({ "op": "change", "ids": ids, "filter": null }),
            json!({ "op": "change", "ids": [7] }),
            json!({ "op": "change", "filter": ["name"] }),
            json!({ "op": "change", "ids": ids, "record": [] }),
            json!({ "op": "change", "ids": ids, "record": {}, "more": 1 }),
        ] {
            assert_eq!(desk.post("/api/party/mass", body.clone()).status, 400, "{body}");
        }
        for (body, wanted) in [
            (json!({ "op": "explode", "ids": ids }), (422, "no_such_action")),
            (json!({ "op": "change", "ids": ["so_1"] }), (422, "invalid")),
            (json!({ "op": "change", "filter": ["code", "=", "nobody"] }), (422, "rows_of_a_job")),
        ] {
            assert_eq!(code(&desk.post("/api/party/mass", body)), (wanted.0, wanted.1.to_owned()));
        }
        // Changed between looking and doing: theirs stays.
        let begun = desk.post("/api/party/mass", ask);
        let answer = desk.rim.json(
            &desk.boss,
            "PATCH",
            &format!("/api/party/{}", ids[1]),
            &json!({ "version": 1, "note": "theirs" }),
        );
        assert_eq!(answer.status, 200);
        let job = desk.done(&begun);
        assert_eq!((counts(&job), &job["failed"][0]["status"]), ([0, 1, 1], &json!(412)), "{job}");
        assert_eq!(desk.get("party", &ids[1])["note"], "theirs");
        // Nobody undoes the work of another, and no company that of another.
        let path = format!("/api/job/{}/undo", job["id"].as_str().unwrap());
        let manager = desk.rim.signed_in(world, "eve", "manager");
        let theirs = desk.rim.json(&manager, "POST", &path, &json!({}));
        assert!(matches!(theirs.status, 403 | 404), "{}", theirs.text());
        let other = id_text("co", world.other);
        let headers = [
            ("cookie", desk.boss.as_str()),
            ("x-heyi", "1"),
            ("x-company", other.as_str()),
            ("content-type", "application/json"),
        ];
        let elsewhere = desk.rim.send("POST", &path, &headers, "{}");
        assert_eq!(code(&elsewhere), (422, "other_company".into()), "{}", elsewhere.text());
        world.verified("refused mass");
    });
}

#[test]
fn orders_come_with_their_lines_a_row_each() {
    on_both(|world| {
        let desk = Desk::of(world);
        let today = world.day(0);
        for code in ["LAMP", "CORD"] {
            world.product(code, "average", "10");
        }
        world.customer("BLUE", "EUR");
        // As Odoo writes them: what is said of an order stands in its first row. As others do: in every row.
        let file = format!(
            "Order;Customer;Ordered on;Product;Qty;Price\n\
             A-1;BLUE;{today};LAMP;2;10,50\n;;;CORD;1;3,00\n\
             A-2;BLUE;{today};LAMP;1;9,00\nA-2;BLUE;{today};ROPE;4;2,00\nA-2;BLUE;{today};CORD;1;3,00\n\
             A-3;BLUE;{today};CORD;5;3,00\n"
        );
        let headers = [("cookie", desk.boss.as_str()), ("x-heyi", "1"), ("content-type", "text/csv")];
        let look = desk.rim.send("POST", "/api/sales_order/import/look", &headers, file.clone()).json();
        let fields: Vec<&Json> = look["columns"].as_array().unwrap().iter().map(|column| &column["field"]).collect();
        assert_eq!(
            fields[1..],
            [
                &json!("customer"),
                &json!("ordered_on"),
                &json!("lines.product"),
                &json!("lines.qty"),
                &json!("lines.price")
            ]
        );
        let plan = |cells: Json, skip: Json| {
            json!({
                "cells": cells, "skip": skip, "same": { "wanted_on": world.day(9) },
                "columns": [
                    { "field": "external_id", "known": "skip" }, { "field": "customer" }, { "field": "ordered_on" },
                    { "field": "lines.product" }, { "field": "lines.qty" }, { "field": "lines.price", "decimal": "," },
                ],
            })
        };
        let dry = desk.done(&desk.load_of("sales_order", true, plan(json!({}), json!([])), &file));
        assert_eq!(counts(&dry), [2, 0, 1], "{dry}");
        let wrong = &dry["failed"][0];
        assert_eq!((&wrong["line"], &wrong["cells"][3]), (&json!(5), &json!("ROPE")), "the row of the line: {wrong}");
        assert_eq!(
            (&wrong["problems"][0]["field"], &wrong["problems"][0]["row"]),
            (&json!("lines.product"), &json!(1))
        );
        let also: Vec<&Json> = wrong["also"].as_array().unwrap().iter().map(|row| &row["line"]).collect();
        assert_eq!(also, [&json!(4), &json!(6)], "the rest of that order");
        // The first order is left out with its second row; in the other the wrong cell is mended.
        let mended = plan(json!({ "5": { "3": "CORD" } }), json!([2]));
        let job = desk.done(&desk.load_of("sales_order", false, mended, &file));
        assert_eq!(counts(&job), [2, 0, 0], "{job}");
        let lines = |external: &str| {
            let sql = "select count(l.id) from sales_order o join sales_order_line l on l.parent = o.id where o.external_id = ?1";
            world.number(sql, &[external.into()])
        };
        assert_eq!(["A-1", "A-2", "A-3"].map(lines), [0, 3, 1]);
        // Once more, all of it: what is there already stays as it is.
        let job =
            desk.done(&desk.load_of("sales_order", false, plan(json!({ "5": { "3": "CORD" } }), json!([])), &file));
        assert_eq!((counts(&job), lines("A-1"), lines("A-2")), ([1, 0, 0], 2, 3), "{job}");
        let undone = desk.undone(&job);
        assert_eq!((counts(&undone)[2], lines("A-1"), lines("A-2")), (0, 0, 3), "{undone}");
        let nowhere = json!({ "columns": [{ "field": "external_id" }, { "field": "lines.colour" }] });
        let answer = desk.load_of("sales_order", false, nowhere, &file);
        assert_eq!(
            (answer.status, &answer.json()["problems"][0]["field"]),
            (422, &json!("columns")),
            "{}",
            answer.text()
        );
        // By the names at the head of the columns, without a plan.
        let named = format!(
            "external_id,customer,ordered_on,wanted_on,Lines / Product,明细.qty\nB-1,BLUE,{today},{today},LAMP,1\n,,,,CORD,2\n"
        );
        let plain = desk.rim.send("POST", "/api/sales_order/import", &headers, named);
        assert_eq!((plain.status, lines("B-1")), (200, 2), "{}", plain.text());
        world.verified("orders with lines");
    });
}

/// What is wrong with a refused record: line of the file and field, in that order.
fn faults(row: &Json) -> Vec<(u64, String)> {
    let problems = row["problems"].as_array().unwrap();
    let fault = |one: &Json| (one["line"].as_u64().unwrap(), one["field"].as_str().unwrap_or("").to_owned());
    let mut all: Vec<(u64, String)> = problems.iter().map(fault).collect();
    all.sort();
    all
}

fn at(line: u64, fields: &[&str]) -> Vec<(u64, String)> {
    fields.iter().map(|field| (line, (*field).to_owned())).collect()
}

#[test]
fn all_that_is_wrong_with_a_row_is_told_at_once() {
    on_both(|world| {
        let desk = Desk::of(world);
        let file = "Code;Name;Customer;Email;Credit limit;Country;Belongs to\n\
                    ;;yes;no mail;a lot;Germny;NOBODY\n\
                    G1;Good;yes;good@example.com;5;中国;\n\
                    G2;Of no kind;;bad mail;;;\n\
                    G1;Twice;yes;;-1;;NOBODY\n";
        let fields = ["code", "name", "is_customer", "email", "credit_limit", "country", "parent"];
        let plan = json!({ "columns": fields.map(|field| json!({ "field": field })) });
        let first = at(2, &["code", "country", "credit_limit", "email", "name", "parent"]);
        for dry in [true, false] {
            let told = desk.done(&desk.load(dry, plan.clone(), file));
            assert_eq!(counts(&told), [1, 0, 3], "{told}");
            assert_eq!(faults(&told["failed"][0]), first, "{told}");
            assert_eq!(faults(&told["failed"][1]), at(4, &["email", "is_customer"]), "{told}");
            // The row before was taken back in the rehearsal, so its code is free there.
            let twice = at(5, if dry { &["credit_limit", "parent"] } else { &["code", "credit_limit", "parent"] });
            assert_eq!(faults(&told["failed"][2]), twice, "{told}");
        }
        let headers = [("cookie", desk.boss.as_str()), ("x-heyi", "1"), ("content-type", "text/csv")];
        let plain = desk.rim.send("POST", "/api/party/import?dry=true", &headers, file).json();
        assert_eq!(faults(&plain["failed"][0]), first, "without a plan: {plain}");
        world.verified("all faults");
    });
}

#[test]
fn all_refused_lines_of_a_document_are_told() {
    on_both(|world| {
        let desk = Desk::of(world);
        world.product("LAMP", "average", "10");
        let file = "Order;Customer;Product;Qty\nA-1;NOBODY;LAMP;1\n;;ROPE;many\n;;;4\n;;LAMP;2\n";
        let fields = ["external_id", "customer", "lines.product", "lines.qty"];
        let plan = json!({ "columns": fields.map(|field| json!({ "field": field })) });
        let told = desk.done(&desk.load_of("sales_order", true, plan, file));
        assert_eq!(counts(&told), [0, 0, 1], "{told}");
        let mut wanted = at(2, &["customer"]);
        wanted.extend(at(3, &["lines.product", "lines.qty"]));
        wanted.extend(at(4, &["lines.product"]));
        assert_eq!(faults(&told["failed"][0]), wanted, "what could not be found out is not asked for: {told}");
        assert_eq!(told["failed"][0]["also"].as_array().unwrap().len(), 3);
    });
}

#[test]
fn a_country_is_what_people_call_it() {
    on_both(|world| {
        let desk = Desk::of(world);
        let names = ["中国", "China", "CN", "CHN", "cn", "United Kingdom", "UK", "英国", "Hong Kong", "Germny", "X"];
        let rows: Vec<String> =
            names.iter().enumerate().map(|(at, name)| format!("C{at:02};{name};{name};yes")).collect();
        let fields = ["code", "name", "country", "is_customer"];
        let plan = json!({ "columns": fields.map(|field| json!({ "field": field })) });
        let job = desk.done(&desk.load(false, plan, &format!("Code;Name;Country;Customer\n{}\n", rows.join("\n"))));
        assert_eq!(counts(&job), [9, 0, 2], "{job}");
        let list =
            desk.rim.get(&desk.boss, "/api/party?filter=[%22code%22,%22starts%22,%22C%22]&sort=code&fields=country");
        let list = list.json();
        let codes: Vec<&str> =
            list["rows"].as_array().unwrap().iter().map(|row| row["country"].as_str().unwrap()).collect();
        assert_eq!(codes, ["CN", "CN", "CN", "CN", "CN", "GB", "GB", "GB", "HK"]);
        let why = |row: usize| job["failed"][row]["problems"][0]["message"].as_str().unwrap().to_owned();
        assert!(why(0).contains("Germny") && why(0).contains("DE Germany 德国"), "{}", why(0));
        assert!(why(1).contains("“X”") && !why(1).contains("Did you mean"), "{}", why(1));
        // Filters and forms understand the same; what leaves in files is the name.
        let british = desk.rim.get(&desk.boss, "/api/party?filter=[%22country%22,%22=%22,%22GB%22]&count=true").json();
        assert_eq!(british["count"], 3);
        let made = desk
            .post("/api/party", json!({ "code": "F", "name": "Form", "is_customer": true, "country": "Deutschland" }));
        assert_eq!(made.json()["record"]["country"], "DE", "{}", made.text());
        let wrong = desk
            .post("/api/party", json!({ "code": "W", "name": "Wrong", "is_customer": true, "country": "Atlantis" }));
        assert_eq!(
            (code(&wrong), &wrong.json()["problems"][0]["field"]),
            ((422, "not_a_country".into()), &json!("country"))
        );
        let file =
            desk.rim.get(&desk.boss, "/api/party?format=csv&fields=code,country&filter=[%22code%22,%22=%22,%22F%22]");
        assert!(file.text().contains("Germany"), "{}", file.text());
        world.verified("countries");
    });
}

#[test]
fn the_heading_and_the_number_of_a_file_from_elsewhere_are_found() {
    on_both(|world| {
        let desk = Desk::of(world);
        let look = |entity: &str, query: &str, file: &str| {
            let headers = [("cookie", desk.boss.as_str()), ("x-heyi", "1"), ("content-type", "text/csv")];
            let told = desk.rim.send("POST", &format!("/api/{entity}/import/look{query}"), &headers, file.to_owned());
            assert_eq!(told.status, 200, "{}", told.text());
            told.json()
        };
        let fields = |look: &Json| -> Vec<String> {
            let columns = look["columns"].as_array().unwrap();
            columns.iter().map(|column| column["field"].as_str().unwrap_or("-").to_owned()).collect()
        };
        let ugly = "深圳某某贸易有限公司,,,\n\n导出日期：2026-11-01,制表：李,,\n客户编号,名称,电话,客户\nK1,甲,0571 1,是\nK2,乙,0571 2,是\n";
        let told = look("party", "", ugly);
        assert_eq!((&told["head"], &told["rows"]), (&json!(4), &json!(2)), "{told}");
        assert_eq!(fields(&told), ["code", "name", "phone", "is_customer"]);
        assert_eq!(told["top"][1], json!({ "line": 3, "cells": ["导出日期：2026-11-01", "制表：李"] }));
        assert_eq!(look("party", "?head=3", ugly)["head"], 3, "another may be chosen");
        assert_eq!(look("party", "", "Acme Co., Ltd.\nNo.;Name;Customer\nK1;A;yes\n")["head"], 2);
        // Nothing is known of the names: the first row as wide as the others.
        let foreign = look("party", "", "Kundenliste;;\nNr;Firma;Ort\nK1;Acme;Berlin\nK2;Blue;Bonn\n");
        assert_eq!(foreign["head"], 2, "{foreign}");
        assert_eq!(look("party", "", "编码,名称\nA,客户\n")["head"], 1);

        // A number of another system is the code; of what has none to fill in, what it is known by elsewhere.
        for (head, wanted) in [("编号", "code"), ("No.", "code"), ("Customer no.", "code"), ("供应商编码", "code")]
        {
            assert_eq!(fields(&look("party", "", &format!("{head},名称\nK1,甲\n")))[0], wanted, "{head}");
        }
        assert_eq!(
            fields(&look("sales_order", "", "编号,客户编号,产品编号\nA-1,K1,L1\n")),
            ["external_id", "customer", "lines.product"]
        );
        assert_eq!(fields(&look("party", "", "ID,Name\n17,A\n"))[0], "external_id");
        let id = world.customer("OURS", "EUR");
        assert_eq!(fields(&look("party", "", &format!("编号,名称\n{id},甲\n")))[0], "id", "an id of ours");

        // So the second file changes what the first made.
        let plan = json!({ "head": 4, "columns": [{ "field": "code", "known": "change" }, { "field": "name" }, { "field": "phone" }, { "field": "is_customer" }] });
        let loaded: Vec<[i64; 3]> = (0..2).map(|_| counts(&desk.done(&desk.load(false, plan.clone(), ugly)))).collect();
        assert_eq!(loaded, [[2, 0, 0], [0, 2, 0]]);
        world.verified("files from elsewhere");
    });
}

#[test]
fn a_cell_without_a_heading_is_refused_with_its_row() {
    on_both(|world| {
        let desk = Desk::of(world);
        let file = "code,name,is_customer\nA,Alpha,yes,,\nB,Beta, Ltd,yes\n";
        let headers = [("cookie", desk.boss.as_str()), ("x-heyi", "1"), ("content-type", "text/csv")];
        let plain = desk.rim.send("POST", "/api/party/import", &headers, file).json();
        let (code, line) = (&plain["failed"][0]["problems"][0]["code"], &plain["failed"][0]["line"]);
        assert_eq!((code, line, &plain["created"]), (&json!("surplus_cell"), &json!(3), &json!(1)), "{plain}");
        assert!(
            plain["failed"][0]["problems"][0]["message"].as_str().unwrap().contains("“yes” in column 4"),
            "{plain}"
        );
        let columns = ["code", "name", "is_customer"].map(|field| json!({ "field": field }));
        let told = desk.done(&desk.load(true, json!({ "columns": columns }), "c,n,k\nC,Gamma,yes,\nD,Delta,yes,9\n"));
        assert_eq!((counts(&told), &told["failed"][0]["line"]), ([1, 0, 1], &json!(3)), "{told}");
        // A code that is taken is told once.
        let again = desk.post("/api/party", json!({ "code": "A", "name": "Other", "is_customer": true }));
        let problems = again.json()["problems"].as_array().unwrap().clone();
        assert_eq!((again.status, problems.len(), &problems[0]["code"]), (409, 1, &json!("taken")), "{}", again.text());
    });
}

#[test]
fn a_parameter_that_is_misspelt_does_nothing_else_instead() {
    on_both(|world| {
        let desk = Desk::of(world);
        let file = "code,name,is_customer\nA,Alpha,yes\n";
        let headers = [("cookie", desk.boss.as_str()), ("x-heyi", "1"), ("content-type", "text/csv")];
        for query in ["dry=TRUE", "dyr=true", "dry=", "dry=true&x=1", "as=jobs", "as="] {
            let answer = desk.rim.send("POST", &format!("/api/party/import?{query}"), &headers, file);
            assert_eq!((answer.status, &answer.json()["code"]), (400, &json!("not_understood")), "{query}");
        }
        let named = desk.rim.send("POST", "/api/party/import?dyr=true", &headers, file).json();
        assert!(named["detail"].as_str().unwrap().contains("“dyr”"), "{named}");
        assert_eq!(world.number("select count(*) from party where code = 'A'", &[]), 0);
        let body = json!({ "code": "B", "name": "Beta", "is_customer": true });
        assert_eq!(desk.post("/api/party?dry=true", body.clone()).status, 400);
        assert_eq!(world.number("select count(*) from party where code = 'B'", &[]), 0);
        let made = desk.post("/api/party", body).json()["record"]["id"].as_str().unwrap().to_owned();
        for path in [
            format!("/api/party/{made}?fields=name"),
            "/api/party/new?frm=sales_order:so_1".to_owned(),
            "/api/search?query=beta".to_owned(),
            "/api/party?count=TRUE".to_owned(),
            format!("/api/party/{made}/timeline?limits=5"),
        ] {
            assert_eq!(desk.rim.get(&desk.boss, &path).status, 400, "{path}");
        }
        for path in [format!("/api/party/{made}"), "/api/party/new".to_owned(), "/api/search?q=beta&limit=5".to_owned()]
        {
            assert_eq!(desk.rim.get(&desk.boss, &path).status, 200, "{path}");
        }
    });
}
