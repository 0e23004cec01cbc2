//! The contract of `docs/api.md`, over HTTP, against a small shop.

mod shop;

use serde_json::json;
use shop::{Browser, Shop, order};

#[tokio::test]
async fn signing_in_sets_a_cookie_scripts_cannot_read_and_signing_out_ends_it() {
    let shop = Shop::open("session", false);
    let mut browser = Browser::new(&shop);
    assert_eq!(browser.get("/api/session").await.outcome(), "401 not_signed_in");
    assert_eq!(browser.sign_in("ada", "wrong").await.outcome(), "401 not_signed_in");
    let answer = browser.sign_in("ada", "mugs are fine").await;
    let cookie = answer.header("set-cookie");
    for part in ["heyi_session=", "HttpOnly", "SameSite=Lax", "Path=/"] {
        assert!(cookie.contains(part), "{cookie}");
    }
    assert!(!cookie.contains("Secure"), "not over plain http");
    let session = browser.get("/api/session").await.json();
    assert_eq!(session["user"]["login"], "ada");
    assert_eq!(session["company"]["currency"], "CNY");
    assert_eq!(session["demo"], false);
    let secure = Browser::new(&shop).with("x-forwarded-proto", "https");
    let body = json!({ "login": "ada", "password": "mugs are fine" }).to_string();
    let answer = secure.send("POST", "/api/session", &body).await;
    assert!(answer.header("set-cookie").contains("; Secure"));
    assert_eq!(browser.send("DELETE", "/api/session", "").await.status, 204);
    assert_eq!(browser.get("/api/session").await.outcome(), "401 not_signed_in");
}

#[tokio::test]
async fn wrong_guesses_have_to_wait_and_are_told_how_long() {
    let shop = Shop::open("guess", false);
    let mut browser = Browser::new(&shop);
    for _ in 0..5 {
        assert_eq!(browser.sign_in("ada", "wrong").await.outcome(), "401 not_signed_in");
    }
    let answer = browser.sign_in("ada", "mugs are fine").await;
    assert_eq!(answer.outcome(), "429 too_many");
    assert_eq!(answer.header("retry-after"), "15");
}

#[tokio::test]
async fn a_demo_says_who_may_try_it() {
    let shop = Shop::open("demo", true);
    // Only who has the password that is told.
    shop.engine.set_password(2, "heyi-demo").unwrap();
    let users = Browser::new(&shop).get("/api/session").await.json()["demo_users"].clone();
    assert_eq!(
        users,
        json!([{ "login": "bo", "name": "Bo", "role": { "en": "Reader", "zh": "读者" }, "password": "heyi-demo" }])
    );
    let quiet = Shop::open("no-demo", false);
    assert!(Browser::new(&quiet).get("/api/session").await.json().get("demo_users").is_none());
}

#[tokio::test]
async fn a_foreign_site_can_write_nothing() {
    let shop = Shop::open("foreign", false);
    let mut browser = Browser::signed_in(&shop, "ada").await;
    browser.headers.clear();
    assert_eq!(browser.send("POST", "/api/mug_order", &order("Blue", 1)).await.outcome(), "403 not_permitted");
    assert_eq!(browser.send("DELETE", "/api/session", "").await.outcome(), "403 not_permitted");
    assert_eq!(browser.get("/api/mug_order").await.status, 200, "reading is fine");
}

#[tokio::test]
async fn a_record_lives_from_draft_to_confirmed() {
    let shop = Shop::open("life", false);
    let browser = Browser::signed_in(&shop, "ada").await;
    let made = browser.send("POST", "/api/mug_order", &order("Blue Wheel", 2)).await;
    assert_eq!((made.status.as_u16(), made.header("etag")), (201, "\"1\""));
    let record = made.json()["record"].clone();
    assert_eq!(
        (&record["number"], &record["total"], &record["stage"]),
        (&json!("MO-001"), &json!("2.00"), &json!("draft"))
    );
    let path = format!("/api/mug_order/{}", record["id"].as_str().unwrap());

    assert_eq!(browser.send("PATCH", &path, r#"{"customer":"Red"}"#).await.outcome(), "422 invalid");
    let changed = browser.send("PATCH", &path, r#"{"version":1,"customer":"Red"}"#).await;
    assert_eq!((changed.status.as_u16(), changed.header("etag")), (200, "\"2\""));
    let stale = browser.send("PATCH", &path, r#"{"version":1,"customer":"Green"}"#).await;
    assert_eq!(stale.outcome(), "412 stale");
    assert_eq!(stale.json()["current"]["record"]["customer"], "Red");

    let matched = Browser::signed_in(&shop, "ada").await.with("if-match", "\"2\"");
    assert_eq!(matched.send("POST", &format!("{path}/confirm"), "").await.json()["record"]["stage"], "confirmed");
    assert_eq!(browser.send("POST", &format!("{path}/confirm"), "{}").await.outcome(), "409 not_now");
    let seen = browser.get(&path).await.json();
    assert_eq!(seen["can"]["edit"], false);
    for rest in ["timeline", "links"] {
        assert_eq!(browser.get(&format!("{path}/{rest}")).await.status, 200, "{rest}");
    }
    assert_eq!(browser.send("POST", &format!("{path}/note"), r#"{"text":"Call back"}"#).await.status, 201);
    assert!(browser.get(&format!("{path}/timeline")).await.text().contains("Call back"));
}

#[tokio::test]
async fn problems_are_told_in_the_users_language_with_their_place() {
    let shop = Shop::open("language", false);
    let browser = Browser::signed_in(&shop, "ada").await.with("accept-language", "zh-CN,en;q=0.5");
    let answer = browser.send("POST", "/api/mug_order", &order("Blue", -1)).await;
    assert_eq!(answer.outcome(), "422 invalid");
    let problem = answer.json();
    assert_eq!(problem["problems"][0]["message"], "数量不能为负，请更正。");
    assert_eq!(problem["problems"][0]["field"], "lines.qty");
    assert_eq!(problem["title"], "请先更正以下内容。");
    assert_eq!(problem["request"], answer.header("x-request-id"));
    assert_eq!(problem["type"], "/problems/invalid");
}

#[tokio::test]
async fn what_cannot_be_is_refused_with_its_own_status() {
    let shop = Shop::open("refused", false);
    let browser = Browser::signed_in(&shop, "ada").await;
    let id = browser.order("Blue", 1).await;
    let cases = [
        ("GET", "/api/teapot".to_owned(), "", "404 not_found"),
        ("GET", "/api/mug_order/mo_zzz".to_owned(), "", "404 not_found"),
        ("GET", "/api/mug_order/1%20or%201=1".to_owned(), "", "404 not_found"),
        ("GET", "/api/no/such/address/at/all".to_owned(), "", "404 not_found"),
        ("GET", "/api/report/teapot".to_owned(), "", "404 not_found"),
        ("PUT", "/api/mug_order".to_owned(), "{}", "405 method_not_allowed"),
        ("POST", "/api/mug_order".to_owned(), "{", "400 not_understood"),
        ("POST", "/api/mug_order".to_owned(), "[]", "400 not_understood"),
        ("POST", "/api/mug_order".to_owned(), r#"{"teapot":1}"#, "422 invalid"),
        ("GET", "/api/mug_order?filter=%5B".to_owned(), "", "400 not_understood"),
        ("GET", "/api/mug_order?limit=0".to_owned(), "", "400 not_understood"),
        ("GET", "/api/mug_order?page=2".to_owned(), "", "400 not_understood"),
        ("GET", "/api/mug_order?sort=a&sort=b".to_owned(), "", "400 not_understood"),
        ("POST", format!("/api/mug_order/{id}/teapot"), "{}", "404 not_found"),
        ("POST", format!("/api/mug_order/{id}/confirm"), r#"{"version":7}"#, "412 stale"),
        ("POST", "/api/mug_order/batch".to_owned(), "{}", "400 not_understood"),
    ];
    for (method, path, body, outcome) in cases {
        let answer = browser.send(method, &path, body).await;
        assert_eq!(answer.outcome(), outcome, "{method} {path} {}", answer.text());
    }
}

#[tokio::test]
async fn our_own_faults_tell_nothing_but_a_number() {
    let shop = Shop::open("fault", false);
    let browser = Browser::signed_in(&shop, "ada").await;
    let id = browser.order("Blue", 1).await;
    let answer = browser.send("POST", &format!("/api/mug_order/{id}/explode"), "{}").await;
    assert_eq!(answer.outcome(), "500 internal");
    assert!(!answer.text().contains("somebody asked for it"));
    assert!(!answer.header("x-request-id").is_empty());
    assert_eq!(browser.get(&format!("/api/mug_order/{id}")).await.status, 200, "the rest goes on");
}

#[tokio::test]
async fn the_same_key_does_the_same_thing_once() {
    let shop = Shop::open("key", false);
    let browser = Browser::signed_in(&shop, "ada").await.with("idempotency-key", "k1");
    let one = browser.send("POST", "/api/mug_order", &order("Blue", 1)).await.json();
    let two = browser.send("POST", "/api/mug_order", &order("Blue", 1)).await.json();
    assert_eq!(one["record"]["id"], two["record"]["id"]);
    assert_eq!(browser.send("POST", "/api/mug_order", &order("Blue", 2)).await.outcome(), "409 conflict");
    assert_eq!(browser.get("/api/mug_order?count=true").await.json()["count"], 1);
}

#[tokio::test]
async fn rights_are_those_of_the_role_and_the_company() {
    let shop = Shop::open("rights", false);
    let ada = Browser::signed_in(&shop, "ada").await;
    let id = ada.order("Blue", 1).await;
    let bo = Browser::signed_in(&shop, "bo").await;
    assert_eq!(bo.get(&format!("/api/mug_order/{id}")).await.status, 200);
    assert_eq!(bo.send("POST", "/api/mug_order", &order("Blue", 1)).await.outcome(), "403 not_permitted");
    assert_eq!(bo.get("/api/user").await.outcome(), "403 not_permitted");
    let cy = Browser::signed_in(&shop, "cy").await;
    assert_eq!(cy.get(&format!("/api/mug_order/{id}")).await.outcome(), "404 not_found", "another company's");
    let cy = cy.with("x-company", "co_1");
    assert_eq!(cy.get("/api/mug_order").await.outcome(), "403 not_permitted");
    let cy = cy.with("x-company", "teapot");
    assert_eq!(cy.get("/api/mug_order").await.outcome(), "400 not_understood");

    assert_eq!(bo.send("PATCH", "/api/session", r#"{"company":"co_2"}"#).await.outcome(), "403 not_permitted");
    assert_eq!(ada.send("PATCH", "/api/session", r#"{"company":"co_2"}"#).await.json()["company"]["label"], "Beta");
    assert_eq!(ada.get("/api/session").await.json()["company"]["label"], "Beta");
}

#[tokio::test]
async fn programs_come_with_keys_that_may_be_narrowed() {
    let shop = Shop::open("keys", false);
    let ada = Browser::signed_in(&shop, "ada").await;
    let mut outcomes = Vec::new();
    for record in ["ak_1", "ak_2"] {
        let made = ada.send("POST", &format!("/api/api_key/{record}/issue"), "").await.json();
        let key = format!("Bearer {}", made["key"].as_str().expect("a key"));
        let mut program = Browser::new(&shop).with("authorization", &key);
        program.headers.retain(|(name, _)| *name != "x-heyi");
        assert_eq!(program.get("/api/mug_order").await.status, 200);
        outcomes.push(program.send("POST", "/api/mug_order", &order("Blue", 1)).await.outcome());
    }
    assert_eq!(outcomes, ["403 not_permitted", "201"]);
    let stranger = Browser::new(&shop).with("authorization", "Bearer heyi_teapot");
    assert_eq!(stranger.get("/api/mug_order").await.outcome(), "401 not_signed_in");
    let bo = Browser::signed_in(&shop, "bo").await;
    assert_eq!(bo.send("POST", "/api/api_key/ak_2/issue", "").await.outcome(), "403 not_permitted");
}

#[tokio::test]
async fn lists_come_as_pages_groups_and_files() {
    let shop = Shop::open("lists", false);
    let browser = Browser::signed_in(&shop, "ada").await;
    for (customer, mugs) in [("=Blue", 1), ("Red", 2), ("=Blue", 3)] {
        browser.order(customer, mugs).await;
    }
    let page = browser.get("/api/mug_order?sort=number&limit=2&count=true").await.json();
    assert_eq!((page["rows"].as_array().unwrap().len(), &page["count"]), (2, &json!(3)));
    let next = page["next"].as_str().expect("there is more");
    let rest = browser.get(&format!("/api/mug_order?sort=number&limit=2&cursor={next}")).await.json();
    assert_eq!(rest["rows"][0]["number"], "MO-003");
    let groups = browser.get("/api/mug_order?group=customer&sum=total").await.json();
    assert_eq!(groups["groups"][0]["sum"]["total"], "4.00");

    let csv = browser.get("/api/mug_order?format=csv&sort=number").await;
    assert_eq!(csv.header("content-disposition"), "attachment; filename=\"mug_order.csv\"");
    assert!(csv.text().contains("'=Blue") && csv.text().starts_with('\u{feff}'), "{}", csv.text());
    for (limit, first, rows) in [("", "MO-001", 3), ("&limit=2", "MO-001", 2), ("&limit=1", "MO-001", 1)] {
        let told = browser.get(&format!("/api/mug_order?format=csv&sort=number{limit}")).await.text();
        assert!(told.lines().nth(1).unwrap().contains(first) && told.lines().count() == rows + 1, "{limit}: {told}");
    }
    let rest = browser.get(&format!("/api/mug_order?format=csv&sort=number&limit=2&cursor={next}")).await.text();
    assert!(rest.contains("MO-003") && rest.lines().count() == 2, "{rest}");
    let xlsx = browser.get("/api/mug_order?format=xlsx").await;
    assert!(xlsx.bytes.starts_with(b"PK"));
    let grouped = browser.get("/api/mug_order?group=customer&sum=total&format=csv").await.text();
    assert!(grouped.contains("'=Blue,2,4.00"), "{grouped}");
    assert_eq!(browser.get("/api/search?q=red").await.status, 200);
    assert_eq!(browser.get("/api/home").await.status, 200);
}

#[tokio::test]
async fn files_are_read_in_and_tell_what_became_of_each_row() {
    let shop = Shop::open("import", false);
    let browser = Browser::signed_in(&shop, "ada").await;
    let file = "name,currency\r\nGamma,CNY\r\n'=Delta,EUR\r\n''=Omega,EUR\r\n";
    let dry = browser.send("POST", "/api/company/import?dry=true", file).await.json();
    assert_eq!((&dry["rows"], &dry["created"]), (&json!(3), &json!(3)), "{dry}");
    assert_eq!(browser.get("/api/company?count=true").await.json()["count"], 2, "nothing was kept");
    browser.send("POST", "/api/company/import", file).await;
    let names = browser.get("/api/company?sort=id").await.json();
    let names: Vec<_> = names["rows"].as_array().unwrap()[2..].iter().map(|row| row["name"].clone()).collect();
    assert_eq!(names, ["Gamma", "=Delta", "'=Omega"]);
    assert_eq!(browser.send("POST", "/api/company/import", "").await.outcome(), "400 not_understood");
}

#[tokio::test]
async fn many_rows_and_other_systems_ids_are_written() {
    let shop = Shop::open("batch", false);
    let browser = Browser::signed_in(&shop, "ada").await;
    let rows = json!({ "atomic": false, "rows": [
        { "op": "create", "record": serde_json::from_str::<serde_json::Value>(&order("Blue", 1)).unwrap() },
        { "op": "create", "record": { "customer": "Red" } },
    ] });
    let results = browser.send("POST", "/api/mug_order/batch", &rows.to_string()).await.json();
    assert_eq!((&results["results"][0]["status"], &results["results"][1]["status"]), (&json!(201), &json!(422)));
    let one = browser.send("PUT", "/api/mug_order/by/shop-7", &order("Blue", 1)).await;
    let two = browser.send("PUT", "/api/mug_order/by/shop-7", r#"{"customer":"Green"}"#).await;
    assert_eq!((one.status.as_u16(), two.status.as_u16()), (201, 200), "{}", two.text());
    assert_eq!(one.json()["record"]["id"], two.json()["record"]["id"]);
    let seen = browser.send("POST", "/api/mug_order/preview", &order("Blue", 5)).await.json();
    assert_eq!((&seen["record"]["total"], &seen["problems"]), (&json!("5.00"), &json!([])));
    // What only the server fills is left out: what is given can be sent back.
    let mut blank = browser.get("/api/mug_order/new").await.json()["record"].clone();
    assert_eq!(blank["stage"], json!(null));
    let typed: serde_json::Value = serde_json::from_str(&order("Grey", 1)).unwrap();
    for (name, value) in typed.as_object().unwrap() {
        blank[name] = value.clone();
    }
    let sent = browser.send("POST", "/api/mug_order", &blank.to_string()).await;
    assert_eq!(sent.status.as_u16(), 201, "{}", sent.text());
}

#[tokio::test]
async fn too_much_is_too_much() {
    let shop = Shop::open("large", false);
    let browser = Browser::signed_in(&shop, "ada").await;
    let answer = browser.bytes("POST", "/api/mug_order", vec![b' '; 10 * 1024 * 1024 + 1]).await;
    assert_eq!(answer.outcome(), "413 too_large");
}

#[tokio::test]
async fn every_answer_carries_the_headers_that_protect() {
    let shop = Shop::open("headers", false);
    let browser = Browser::new(&shop);
    for path in ["/", "/api/session", "/api/docs", "/assets/none.js", "/sales_order/so_1"] {
        let answer = browser.get(path).await;
        assert!(answer.header("content-security-policy").contains("frame-ancestors 'none'"), "{path}");
        assert_eq!(answer.header("x-content-type-options"), "nosniff", "{path}");
    }
    assert_eq!(browser.get("/api/session").await.header("cache-control"), "no-store");
    assert_eq!(browser.get("/assets/none.js").await.status, 404);
    assert_eq!(browser.get("/../Cargo.toml").await.status, 404);
    assert_eq!(browser.get("/sales_order/so_1").await.status, 200, "the client finds its own way");
    assert_eq!(browser.send("POST", "/", "").await.outcome(), "405 method_not_allowed");
}

#[tokio::test]
async fn the_description_is_whole_and_names_everything_once() {
    let shop = Shop::open("openapi", false);
    let browser = Browser::new(&shop);
    let text = browser.get("/api/openapi.json").await.text();
    let api: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert_eq!(api["openapi"], "3.1.0");
    for target in text.split("\"$ref\":\"").skip(1).map(|rest| rest.split('"').next().unwrap()) {
        let pointer = target.trim_start_matches('#');
        assert!(api.pointer(pointer).is_some(), "{target} is nowhere");
    }
    let mut ids: Vec<&str> = Vec::new();
    for (path, methods) in api["paths"].as_object().unwrap() {
        for (method, operation) in methods.as_object().unwrap() {
            ids.push(operation["operationId"].as_str().unwrap());
            let parameters = operation["parameters"].as_array().unwrap();
            let names: Vec<_> = parameters
                .iter()
                .map(|one| {
                    let whole = one["$ref"].as_str().map_or(one, |target| api.pointer(&target[1..]).unwrap());
                    whole["name"].as_str().unwrap()
                })
                .collect();
            for part in path.split('/').filter(|part| part.starts_with('{')) {
                assert!(names.contains(&part.trim_matches(['{', '}'])), "{method} {path} does not say what {part} is");
            }
        }
    }
    let count = ids.len();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), count, "an operation's name is used twice");
    for id in ["list_mug_order", "create_mug_order", "confirm_mug_order", "batch_mug_order", "upsert_mug_order"] {
        assert!(ids.contains(&id), "{id}");
    }
    let order = &api["components"]["schemas"]["MugOrderWrite"]["properties"];
    assert!(order.get("customer").is_some() && order.get("total").is_none(), "what is computed is not written");
    let create = &api["paths"]["/api/mug_order"]["post"]["requestBody"]["content"]["application/json"]["schema"];
    assert_eq!(create["allOf"][1]["required"], json!(["customer", "lines"]));
    let page = browser.get("/api/docs").await;
    assert!(page.text().contains("confirm") && !page.text().contains("<script"));
    let packed = browser.with("accept-encoding", "gzip").get("/api/openapi.json").await;
    assert_eq!(packed.header("content-encoding"), "gzip");
    assert!(packed.bytes.len() * 5 < text.len());
}

#[tokio::test]
async fn changes_are_heard_live_by_those_who_may_and_closing_ends_the_stream() {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    let shop = Shop::open("live", false);
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let config = api::Config { listen: address, ..api::Config::default() };
    let serving = tokio::spawn(api::serve(shop.engine.clone(), config, listener, async {
        let _ = stopped.await;
    }));
    let mut listeners = Vec::new();
    for login in ["bo", "cy"] {
        let cookie = Browser::signed_in(&shop, login).await.cookie.unwrap();
        let mut stream = tokio::net::TcpStream::connect(address).await.unwrap();
        let request = format!("GET /api/live HTTP/1.1\r\nhost: x\r\ncookie: {cookie}\r\n\r\n");
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut heard = Vec::new();
        while !String::from_utf8_lossy(&heard).contains(": listening") {
            assert_ne!(stream.read_buf(&mut heard).await.unwrap(), 0);
        }
        listeners.push((stream, heard));
    }
    let id = Browser::signed_in(&shop, "ada").await.order("Blue", 1).await;
    let mut texts = Vec::new();
    tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    stop.send(()).unwrap();
    for (mut stream, mut heard) in listeners {
        stream.read_to_end(&mut heard).await.unwrap();
        texts.push(String::from_utf8_lossy(&heard).into_owned());
    }
    serving.await.unwrap().unwrap();
    let told =
        format!("event: change\ndata: {{\"entity\":\"mug_order\",\"id\":\"{id}\",\"version\":1,\"company\":\"co_1\"}}");
    assert!(texts[0].contains("text/event-stream") && texts[0].contains(&told), "{}", texts[0]);
    assert!(!texts[1].contains(&id), "another company hears nothing");
}
