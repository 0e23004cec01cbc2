//! Attacks from outside, over HTTP, on both databases. Which case of `G-security` each one
//! follows is told in `docs/conformance.md`.

use std::io::Write;
use std::sync::{Mutex, OnceLock};
use std::time::{Duration, Instant};

use crate::common::rim::{PASSWORD, Rim};
use crate::common::{World, id_of, on_both, raw, text};
use meta::EntityKind;
use serde_json::{Value as Json, json};

fn description() -> Json {
    serde_json::from_str(include_str!("../../../tests/snapshots/openapi.json")).unwrap()
}

/// Whoever asks may have these.
const PUBLIC: &[(&str, &str)] = &[("post", "/api/session"), ("delete", "/api/session")];

fn sold(world: &World) -> (String, String, String) {
    let lamp = world.product("L1", "fifo", "30");
    world.receive(&world.day(-1), &lamp, "9", "10");
    world.sale(&world.customer("BLUE", "EUR"), &lamp, "2")
}

/// Every operation with an address of something that is there, where one is needed.
fn operations(world: &World) -> Vec<(String, String, String)> {
    let mut all = Vec::new();
    for (path, methods) in description()["paths"].as_object().unwrap() {
        let entity = path.trim_start_matches("/api/").split('/').next().unwrap_or("");
        let id = match world.engine.registry().entity(entity) {
            Some(meta) if meta.kind != EntityKind::Owned => {
                let newest = world.number(&format!("select coalesce(max(id), 1) from \"{entity}\""), &[]);
                kernel::id_text(meta.prefix, newest)
            }
            _ => "x_1".to_owned(),
        };
        for method in methods.as_object().unwrap().keys() {
            let uri = path.replace("{id}", &id).replace("{external}", "x1");
            all.push((method.clone(), path.clone(), uri));
        }
    }
    all
}

#[test]
fn every_route_wants_to_know_who_asks_and_a_reader_changes_nothing() {
    on_both(|world| {
        sold(world);
        let rim = Rim::of(world);
        let reader = rim.signed_in(world, "rita", "auditor");
        let operations = operations(world);
        let before = world.counts();
        for (method, path, uri) in &operations {
            let body = if method == "get" { "" } else { "{}" };
            let headers = [("content-type", "application/json"), ("x-heyi", "1")];
            let answer = rim.send(&method.to_uppercase(), uri, &headers, body);
            let public = PUBLIC.contains(&(method.as_str(), path.as_str()));
            assert_eq!(answer.status == 401, !public, "{method} {uri} answers {} to nobody", answer.status);
            for strange in ["heyi_0", "", "Bearer"] {
                let headers = [("authorization", format!("Bearer {strange}"))];
                let headers = headers.each_ref().map(|(name, value)| (*name, value.as_str()));
                let answer = rim.send(&method.to_uppercase(), uri, &headers, body);
                assert!(public || answer.status == 401, "{method} {uri} answers {} to {strange}", answer.status);
            }
        }
        assert_eq!(world.counts(), before, "nobody changed anything");
        let mut refused = 0;
        for (method, path, uri) in operations.iter().filter(|(method, ..)| method != "get") {
            // Their own session, how they are told and what they keep at hand are theirs.
            let own = [
                "/api/session",
                "/api/inbox",
                "/api/favourite/preview",
                "/api/dashboard/preview",
                "/api/notification_setting",
            ];
            if own.iter().any(|start| path.starts_with(start)) || path.ends_with("/follow") {
                continue;
            }
            let row = json!({ "rows": [{ "op": "create", "record": { "name": "x" } }], "version": 1 });
            let body = if path.ends_with("/batch") { row } else { json!({}) };
            let answer = rim.json(&reader, &method.to_uppercase(), uri, &body);
            let told = answer.json();
            let by_row = told["results"][0]["status"] == 403;
            assert!(by_row || (400..500).contains(&answer.status), "{method} {uri}: {} {told}", answer.status);
            refused += usize::from(by_row || answer.status == 403);
        }
        assert!(refused > 100, "{refused} are refused for want of the right");
        assert_eq!(world.counts(), before, "a reader changed nothing");
    });
}

#[test]
fn nobody_raises_themselves() {
    on_both(|world| {
        let (.., invoice) = sold(world);
        let rim = Rim::of(world);
        let sam = rim.signed_in(world, "sam", "sales_rep");
        let user = kernel::id_text("us", world.user("sam", "sales_rep"));
        let administrator =
            kernel::id_text("ro", world.number("select id from role where code = 'administrator'", &[]));
        let before = world.counts();
        for (method, uri, body) in [
            ("PATCH", format!("/api/user/{user}"), json!({ "version": 1, "manager": user, "login": "root" })),
            ("POST", "/api/user_role".to_owned(), json!({ "user": user, "role": administrator })),
            ("PATCH", format!("/api/role/{administrator}"), json!({ "version": 1, "grants": [] })),
            ("PATCH", "/api/session".to_owned(), json!({ "role": "administrator", "user": "us_1", "is_active": true })),
            ("PATCH", "/api/session".to_owned(), json!({ "company": kernel::id_text("co", 999) })),
            ("POST", "/api/api_key".to_owned(), json!({ "name": "mine", "user": "us_1", "active": true })),
            ("PATCH", format!("/api/invoice/{invoice}"), json!({ "version": 2, "total": "0.01", "stage": "draft" })),
        ] {
            let answer = rim.json(&sam, method, &uri, &body);
            assert!((400..500).contains(&answer.status), "{method} {uri} {body}: {} {}", answer.status, answer.text());
        }
        assert_eq!(world.counts(), before);
        let me = rim.get(&sam, "/api/session").json();
        assert_eq!((&me["roles"], &me["user"]["login"]), (&json!(["sales_rep"]), &json!("sam")));
        assert_eq!(rim.get(&sam, "/api/user_role").status, 403);
    });
}

#[test]
fn ids_of_others_lead_nowhere() {
    on_both(|world| {
        let (order, ..) = sold(world);
        let rim = Rim::of(world);
        let sam = rim.signed_in(world, "sam", "sales_rep");
        let number = raw(&world.engine, "sales_order", &order);
        // Every id around one that is known: none is his, and none is told apart from one that is not there.
        for near in number - 20..number + 20 {
            let id = kernel::id_text("so", near);
            for rest in ["", "/timeline", "/links", "/books"] {
                let answer = rim.get(&sam, &format!("/api/sales_order/{id}{rest}"));
                assert_eq!(answer.status, 404, "{id}{rest}");
                let mut told = answer.json();
                told["request"] = Json::Null;
                let mut nothing = rim.get(&sam, &format!("/api/sales_order/so_zzzzz{rest}")).json();
                nothing["request"] = Json::Null;
                assert_eq!(told, nothing, "what is not his is as what is not there");
            }
        }
    });
}

#[test]
fn a_token_is_new_at_every_door_and_worth_nothing_afterwards() {
    on_both(|world| {
        let rim = Rim::of(world);
        let sam = world.user("sam", "sales_rep");
        world.user("root", "administrator");
        world.engine.set_password(sam, PASSWORD).unwrap();
        // A cookie somebody else has put there is not taken over.
        let planted = format!("heyi_session={}", "a".repeat(64));
        let body = json!({ "login": "sam", "password": PASSWORD });
        let answer = rim.json(&planted, "POST", "/api/session", &body);
        assert_eq!(answer.status, 200);
        let first = answer.cookie();
        assert_ne!(first, planted);
        assert_eq!(rim.get(&planted, "/api/session").status, 401);
        let set = answer.header("set-cookie");
        assert!(set.contains("HttpOnly") && set.contains("SameSite=Lax") && set.contains("Max-Age"), "{set}");
        let https = [("content-type", "application/json"), ("x-forwarded-proto", "https")];
        let secure = rim.send("POST", "/api/session", &https, body.to_string());
        assert!(secure.header("set-cookie").ends_with("; Secure"), "{}", secure.header("set-cookie"));
        // Signing in again with a session ends that one.
        let second = rim.json(&first, "POST", "/api/session", &body).cookie();
        assert_ne!(first, second);
        assert_eq!(rim.get(&first, "/api/session").status, 401, "the old one is over");
        assert_eq!(rim.get(&second, "/api/session").status, 200);
        // A role taken away is gone at once, not at the next sign-in.
        assert_eq!(rim.get(&second, "/api/sales_order").status, 200);
        let given = world.number("select id from user_role where \"user\" = ?1", &[sam.into()]);
        world.engine.remove(&world.desk.actor, "user_role", given, None, None).unwrap();
        assert_ne!(rim.get(&second, "/api/sales_order").status, 200);
        let role = world.number("select id from role where code = 'sales_rep'", &[]);
        let again = json!({ "user": kernel::id_text("us", sam), "role": kernel::id_text("ro", role) });
        world.desk.create("user_role", again).unwrap();
        assert_eq!(rim.get(&second, "/api/sales_order").status, 200);
        // Signing out, a new password and archiving end it.
        rim.json(&second, "DELETE", "/api/session", &Json::Null);
        assert_eq!(rim.get(&second, "/api/session").status, 401);
        let third = rim.try_in("sam", PASSWORD).cookie();
        let changed = json!({ "old": PASSWORD, "new": "another fine lamp" });
        assert_eq!(rim.json(&third, "PUT", "/api/session/password", &changed).status, 204);
        assert_eq!(rim.get(&third, "/api/session").status, 401);
        let fourth = rim.try_in("sam", "another fine lamp").cookie();
        assert_eq!(rim.get(&fourth, "/api/session").status, 200);
        world.act("user", &kernel::id_text("us", sam), "archive");
        assert_eq!(rim.get(&fourth, "/api/session").status, 401);
        // Left alone, and too old.
        let root = rim.signed_in(world, "root", "administrator");
        world.days_pass(1);
        assert_eq!(rim.get(&root, "/api/session").status, 401);
    });
}

#[test]
fn guessing_is_slowed_down_and_tells_nothing() {
    on_both(|world| {
        let rim = Rim::of(world);
        let sam = world.user("sam", "sales_rep");
        world.engine.set_password(sam, PASSWORD).unwrap();
        let strip = |mut told: Json| {
            told["request"] = Json::Null;
            told
        };
        let known = rim.try_in("sam", "wrong one");
        let unknown = rim.try_in("nobody at all", "wrong one");
        assert_eq!((known.status, unknown.status), (401, 401));
        assert_eq!(strip(known.json()), strip(unknown.json()), "the same words");
        // Those who know the password wait, too, once somebody has guessed too often; and are told how long.
        let statuses: Vec<u16> = (0..8).map(|_| rim.try_in("sam", "wrong one").status).collect();
        assert!(statuses.contains(&429), "{statuses:?}");
        let waiting = rim.try_in("sam", PASSWORD);
        let seconds: i64 = waiting.header("retry-after").parse().unwrap();
        assert!((1..=900).contains(&seconds), "{seconds}");
        let also = (0..8).map(|_| rim.try_in("nobody at all", "wrong one").status).last();
        assert_eq!(also, Some(429), "logins that do not exist wait alike");
        // Nobody is locked out for ever.
        world.days_pass(1);
        assert_eq!(rim.try_in("sam", PASSWORD).status, 200);
        // One password for many logins, from one address.
        let rim = Rim::of(world);
        let statuses: Vec<u16> = (0..60).map(|number| rim.try_in(&format!("user{number}"), PASSWORD).status).collect();
        assert_eq!((statuses[0], *statuses.last().unwrap()), (401, 429), "{statuses:?}");
        assert_eq!(rim.try_in("\u{0}", "\u{0}").status, 429);
        assert_eq!(Rim::of(world).try_in("\u{0}", "\u{0}").status, 401);
    });
}

#[test]
fn a_foreign_site_and_a_crooked_link_get_nowhere() {
    on_both(|world| {
        let rim = Rim::of(world);
        let sam = rim.signed_in(world, "sam", "sales_rep");
        let before = world.counts();
        // What a form or an image of another site can send.
        for (method, headers) in [
            ("POST", vec![("content-type", "application/x-www-form-urlencoded")]),
            ("POST", vec![("content-type", "text/plain"), ("origin", "https://evil.example")]),
            ("DELETE", vec![]),
        ] {
            let mut headers = headers;
            headers.push(("cookie", sam.as_str()));
            for uri in
                ["/api/party", "/api/sales_order/so_1", "/api/session", "/api/party/import", "/api/job/jb_1/cancel"]
            {
                let answer = rim.send(method, uri, &headers, "{\"name\":\"x\"}");
                assert!(matches!(answer.status, 403 | 405), "{method} {uri}: {}", answer.status);
            }
        }
        assert_eq!(world.counts(), before);
        let preflight = [("origin", "https://evil.example"), ("access-control-request-method", "POST")];
        assert_eq!(rim.send("OPTIONS", "/api/party", &preflight, "").header("access-control-allow-origin"), "");
        // No address leads away, and none to a file that is not of the client.
        for uri in [
            "//evil.example",
            "/%5Cevil.example",
            "/?next=https://evil.example",
            "/api/session?redirect=//evil.example",
            "/.env",
            "/.git/config",
            "/../Cargo.toml",
            "/%2e%2e/%2e%2e/etc/passwd",
            "/..%5c..%5cx",
            "/assets/../../heyi.db",
            "/heyi.db",
            "/metrics.txt",
            "/backup.sql",
            "/server-status.php",
        ] {
            let answer = rim.send("GET", uri, &[], "");
            assert_eq!(answer.header("location"), "", "{uri}");
            assert!(matches!(answer.status, 200 | 401 | 404), "{uri}: {}", answer.status);
            let body = answer.text();
            assert!(
                answer.status != 200 || body.trim_start().to_lowercase().starts_with("<!doctype html"),
                "{uri}: {body}"
            );
        }
        // There is nothing to manage the database by.
        for name in ["backup", "restore", "migrate", "demo", "debug", "metrics", "config", "user/../../x"] {
            for method in ["GET", "POST"] {
                let answer = rim.json(&sam, method, &format!("/api/{name}"), &json!({}));
                assert!(matches!(answer.status, 404 | 405), "{method} /api/{name}: {}", answer.status);
            }
        }
        // Nobody can sign in until somebody has given a password.
        assert_eq!(world.number("select count(*) from credential", &[]), 1, "only the one this test made");
    });
}

#[test]
fn what_is_stored_is_text_wherever_it_is_shown() {
    const NASTY: &[&str] = &[
        "\"><img src=x onerror=alert(1)>",
        "<svg/onload=alert(1)>",
        "{{7*7}} ${7*7} <%= 7*7 %>",
        "{{ self.__class__ }}",
        "{name} {0} %s",
        "=cmd|' /C calc'!A0",
        "+49 30 1234",
        "-5",
        "@SUM(A1)",
        "＝1+1",
        "＋1",
        "－1",
        "＠x",
        "'=already",
        "</script><script>alert(1)</script>",
        "javascript:alert(1)",
    ];
    on_both(|world| {
        let rim = Rim::of(world);
        let root = rim.signed_in(world, "root", "administrator");
        for (number, name) in NASTY.iter().enumerate() {
            let body = json!({ "code": format!("N{number:02}"), "name": name, "is_customer": true, "currency": "EUR" });
            let answer = rim.json(&root, "POST", "/api/party", &body);
            assert_eq!(answer.status, 201, "{}", answer.text());
            assert_eq!(answer.json()["record"]["name"], *name, "kept letter by letter");
            assert_eq!(answer.header("content-type"), "application/json");
            assert_eq!(answer.header("x-content-type-options"), "nosniff");
            let policy = answer.header("content-security-policy");
            let scripts = policy.split(';').find(|part| part.trim().starts_with("script-src"));
            assert!(
                policy.contains("default-src 'self'") && scripts.is_none_or(|part| !part.contains("unsafe")),
                "{policy}"
            );
        }
        // Links only where a browser goes, not what it would run.
        for url in [
            "javascript:alert(1)",
            "data:text/html,x",
            " javascript:alert(1)",
            "vbscript:x",
            "file:///etc/passwd",
            "JaVaScRiPt:x",
        ] {
            let body = json!({ "code": "W", "name": "W", "is_customer": true, "website": url });
            let answer = rim.json(&root, "POST", "/api/party", &body);
            assert_eq!((answer.status, &answer.json()["problems"][0]["field"]), (422, &json!("website")), "{url}");
        }
        // Spreadsheets run nothing, and what is loaded again is what was there.
        let file = rim.get(&root, "/api/party?format=csv&sort=code&limit=100");
        assert!(file.header("content-disposition").starts_with("attachment"), "never shown in the browser");
        let sheet = file.text();
        let mut reader = csv::ReaderBuilder::new().from_reader(sheet.trim_start_matches('\u{feff}').as_bytes());
        let cells: Vec<String> =
            reader.records().flat_map(|row| row.unwrap().iter().map(str::to_owned).collect::<Vec<_>>()).collect();
        for cell in &cells {
            let starts = cell.starts_with(['=', '+', '-', '@', '\t', '\r', '＝', '＋', '－', '＠']);
            assert!(!starts || cell.parse::<f64>().is_ok(), "{cell:?} would be a formula");
        }
        assert!(cells.contains(&"'=cmd|' /C calc'!A0".to_owned()) && cells.contains(&"'-5".to_owned()), "{cells:?}");
        let headers = [("cookie", root.as_str()), ("x-heyi", "1"), ("content-type", "text/csv")];
        let told = rim.send("POST", "/api/party/import", &headers, file.bytes.clone()).json();
        assert_eq!((&told["failed"], &told["created"]), (&json!([]), &json!(0)), "{told}");
        let rows = rim.get(&root, "/api/party?sort=code&fields=name&limit=100").json();
        let names: Vec<String> = rows["rows"].as_array().unwrap().iter().map(|row| text(&row["name"])).collect();
        assert_eq!(names, NASTY, "the same after a trip through a file");
        let book = rim.get(&root, "/api/party?format=xlsx&sort=code");
        let told = rim.send("POST", "/api/party/import?dry=true", &headers, book.bytes).json();
        assert_eq!((&told["failed"], &told["created"]), (&json!([]), &json!(0)), "{told}");
    });
}

/// A zip file of parts that are not packed.
fn zipped(parts: &[(&str, &[u8])]) -> Vec<u8> {
    let (mut file, mut directory) = (Vec::new(), Vec::new());
    for (name, bytes) in parts {
        let mut sum = flate2::Crc::new();
        sum.update(bytes);
        let at = file.len() as u32;
        let length = (bytes.len() as u32).to_le_bytes();
        let mut middle = vec![20, 0, 0, 0, 0, 0, 0, 0, 0, 0];
        middle.extend(sum.sum().to_le_bytes());
        middle.extend(length);
        middle.extend(length);
        middle.extend((name.len() as u16).to_le_bytes());
        file.extend(b"PK\x03\x04");
        file.extend(&middle);
        file.extend([0, 0]);
        file.extend(name.as_bytes());
        file.extend(*bytes);
        directory.extend(b"PK\x01\x02");
        directory.extend([20, 0]);
        directory.extend(&middle);
        directory.extend([0; 12]);
        directory.extend(at.to_le_bytes());
        directory.extend(name.as_bytes());
    }
    let (start, size, many) = (file.len() as u32, directory.len() as u32, parts.len() as u16);
    file.extend(directory);
    file.extend(b"PK\x05\x06\0\0\0\0");
    file.extend(many.to_le_bytes());
    file.extend(many.to_le_bytes());
    file.extend(size.to_le_bytes());
    file.extend(start.to_le_bytes());
    file.extend([0, 0]);
    file
}

/// A workbook whose second row is a customer, after a beginning of our own.
fn workbook(doctype: &str, cell: &str, extra: &[(&str, &[u8])]) -> Vec<u8> {
    let types = r#"<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/></Types>"#;
    let top = r#"<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>"#;
    let rels = r#"<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>"#;
    let book = r#"<?xml version="1.0"?><workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="a" sheetId="1" r:id="rId1"/></sheets></workbook>"#;
    let row = |number: usize, text: &str| {
        let others = if number == 1 { ["code", "is_customer"] } else { ["C1", "true"] };
        let cells = ["A", "B", "C"].iter().zip([text, others[0], others[1]]);
        let cells = cells.map(|(at, text)| format!(r#"<c r="{at}{number}" t="inlineStr"><is><t>{text}</t></is></c>"#));
        format!(r#"<row r="{number}">{}</row>"#, cells.collect::<String>())
    };
    let sheet = format!(
        r#"<?xml version="1.0"?>{doctype}<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>{}{}</sheetData></worksheet>"#,
        row(1, "name"),
        row(2, cell)
    );
    let mut parts: Vec<(&str, &[u8])> = vec![
        ("[Content_Types].xml", types.as_bytes()),
        ("_rels/.rels", top.as_bytes()),
        ("xl/workbook.xml", book.as_bytes()),
        ("xl/_rels/workbook.xml.rels", rels.as_bytes()),
        ("xl/worksheets/sheet1.xml", sheet.as_bytes()),
    ];
    parts.extend(extra);
    zipped(&parts)
}

#[test]
fn a_file_that_is_loaded_reads_nothing_else_and_is_no_program() {
    on_both(|world| {
        let rim = Rim::of(world);
        let root = rim.signed_in(world, "root", "administrator");
        let headers = [("cookie", root.as_str()), ("x-heyi", "1"), ("content-type", "application/octet-stream")];
        let load = |bytes: Vec<u8>| {
            let begun = Instant::now();
            let answer = rim.send("POST", "/api/party/import?dry=true", &headers, bytes);
            assert!(begun.elapsed() < Duration::from_secs(2), "it takes {:?}", begun.elapsed());
            assert!(answer.status < 500, "{}", answer.text());
            answer
        };
        let fine = load(workbook("", "Blue", &[]));
        assert_eq!((fine.status, &fine.json()["created"]), (200, &json!(1)), "{}", fine.text());
        let laughs: String = (1..10)
            .map(|number| format!("<!ENTITY l{number} \"{}\">", format!("&l{};", number - 1).repeat(10)))
            .collect();
        for (doctype, cell) in [
            ("<!DOCTYPE x [<!ENTITY e SYSTEM \"file:///etc/passwd\">]>".to_owned(), "&e;"),
            ("<!DOCTYPE x SYSTEM \"http://127.0.0.1:1/x.dtd\">".to_owned(), "Blue"),
            (format!("<!DOCTYPE x [<!ENTITY l0 \"ha\">{laughs}]>"), "&l9;"),
        ] {
            let answer = load(workbook(&doctype, cell, &[]));
            assert!(!answer.text().contains("root:") && !answer.text().contains("haha"), "{}", answer.text());
            assert_eq!(answer.status, 400, "a document type is refused: {}", answer.text());
        }
        // Parts with names of other places are not unpacked to anywhere.
        let outside = std::env::temp_dir().join("heyi-outside");
        let name = format!("../../../../../../..{}", outside.display());
        load(workbook("", "Blue", &[(&name, b"x"), ("/etc/heyi-outside", b"x"), ("C:\\heyi-outside", b"x")]));
        assert!(!outside.exists() && !std::path::Path::new("/etc/heyi-outside").exists());
        // Pictures, programs and pages are not tables.
        for bytes in [
            &b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01"[..],
            b"MZ\x90\0\x03\0\0\0\x04\0\0\0\xff\xff",
            b"\x7fELF\x02\x01\x01\0\0\0\0\0",
            b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n\0",
            b"PK\x03\x04\x14\0\0\0",
            b"",
            b"\xff\xfe\0\xd8",
        ] {
            assert_eq!(load(bytes.to_vec()).status, 400, "{bytes:?}");
        }
        let page = load(b"<!doctype html><script>alert(1)</script>".to_vec());
        assert_eq!(page.status, 422, "it is read as a heading of unknown fields");
        assert_eq!(page.header("content-type"), "application/problem+json");
        assert_eq!(world.number("select count(*) from party", &[]), 0);
    });
}

// ---- what is written down ---------------------------------------------------------

static LOG: OnceLock<Mutex<Vec<u8>>> = OnceLock::new();

struct Kept;

impl Write for Kept {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        LOG.get_or_init(Mutex::default).lock().unwrap().extend(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[test]
fn no_secret_is_in_the_log_the_audit_or_an_answer() {
    // As the program writes it, told to write as much as it can.
    let log = tracing_subscriber::fmt().with_writer(|| Kept).with_ansi(false);
    let log = log.with_env_filter(app::log::filter("trace")).with_filter_reloading();
    let level = log.reload_handle();
    log.init();
    on_both(|world| {
        const SECRET: &str = "correct horse battery";
        let rim = Rim::of(world);
        let root = rim.signed_in(world, "root", "administrator");
        let user = world.user("secretive", "sales_rep");
        world.engine.set_password(user, SECRET).unwrap();
        let cookie = rim.try_in("secretive", SECRET).cookie();
        let token = cookie.split('=').nth(1).unwrap().to_owned();
        rim.try_in("secretive", "a wrong horse battery");
        let key =
            json!({ "name": "k", "user": kernel::id_text("us", world.user("root", "administrator")), "active": true });
        let key = id_of(&rim.json(&root, "POST", "/api/api_key", &key).json());
        let issued = text(&rim.json(&root, "POST", &format!("/api/api_key/{key}/issue"), &json!({})).json()["key"]);
        let shown = rim.get(&root, &format!("/api/api_key/{key}")).text();
        rim.json(&cookie, "POST", "/api/party", &json!({ "name": "x", "tax_number": "91310000MA1K35X7XX" }));
        rim.get(&cookie, "/api/party?search=91310000MA1K35X7XX");
        rim.json(&cookie, "PUT", "/api/session/password", &json!({ "old": SECRET, "new": "another horse battery" }));
        let hashes =
            world.engine.database().read(|conn| Ok(conn.query("select password_hash from credential", &[])?)).unwrap();
        let audit = world.engine.database().read(|conn| Ok(conn.query("select changes from audit", &[])?)).unwrap();
        let audit: String = audit.iter().map(|row| row.text(0).to_owned()).collect();
        let log = String::from_utf8_lossy(&LOG.get().expect("something was written").lock().unwrap()).into_owned();
        assert!(log.contains("/api/session") || log.contains("session"), "requests are in the log");
        for (what, place) in [("the log", &log), ("the audit", &audit), ("an answer", &shown)] {
            for secret in
                [SECRET, "wrong horse", "another horse", token.as_str(), issued.as_str(), "91310000MA1K35X7XX"]
            {
                assert!(!place.contains(secret), "{secret:?} is in {what}");
            }
            assert!(hashes.iter().all(|row| !place.contains(row.text(0))), "a hash is in {what}");
        }
    });
    // The other tests of this program need not be told of.
    level.reload(app::log::filter("off")).unwrap();
}
