//! Nobody grants more than they have, and nobody hears what is not theirs to know.

use crate::common::rim::{Answer, PASSWORD, Rim};
use crate::common::{self, World, on_both, raw};
use kernel::id_text;
use serde_json::{Value as Json, json};

/// Somebody who has roles in the companies that are named, signed in.
fn member(world: &World, rim: &Rim, login: &str, roles: &[(&str, Option<i64>)]) -> (String, String) {
    let user = world.desk.create("user", json!({ "login": login, "name": login, "language": "en" })).unwrap();
    for (role, company) in roles {
        let company = company.map(|company| id_text("co", company));
        world
            .desk
            .create("user_role", json!({ "user": user, "role": role_id(world, role), "only_company": company }))
            .unwrap();
    }
    world.engine.set_password(kernel::id_parse("us", &user).unwrap(), PASSWORD).unwrap();
    let answer = rim.try_in(login, PASSWORD);
    assert_eq!(answer.status, 200, "{}", answer.text());
    (user, answer.cookie())
}

fn role_id(world: &World, code: &str) -> String {
    id_text("ro", world.number("select id from role where code = ?1", &[code.into()]))
}

/// Its status and the code of its first problem.
fn code(answer: &Answer) -> (u16, String) {
    (answer.status, answer.json()["problems"][0]["code"].as_str().unwrap_or("").to_owned())
}

fn refused(answer: &Answer, with: &str) {
    assert_eq!(code(answer), (403, with.to_owned()), "{}", answer.text());
}

/// The record as somebody else reads it now, with a change.
fn with_version(world: &World, entity: &str, id: &str, mut body: Json) -> Json {
    body["version"] = world.get(entity, id)["version"].clone();
    body
}

#[test]
fn an_administrator_of_one_company_hands_on_rights_in_that_company_alone() {
    on_both(|world| {
        let rim = Rim::of(world);
        let (here, there) = (Some(world.company), Some(world.other));
        let (me, own) = member(world, &rim, "own", &[("administrator", here)]);
        let (root, boss) = member(world, &rim, "root", &[("administrator", None)]);
        let (clerk, _) = member(world, &rim, "clerk", &[("accountant", here)]);
        let (wide, _) = member(world, &rim, "wide", &[("accountant", None)]);
        let [administrator, seller] = ["administrator", "sales_rep"].map(|role| role_id(world, role));
        let company = |id: i64| id_text("co", id);
        let given = id_text(
            "ur",
            world
                .number("select id from user_role where \"user\" = ?1", &[kernel::id_parse("us", &me).unwrap().into()]),
        );
        let key_of_root = world.desk.create("api_key", json!({ "name": "Of root", "user": root })).unwrap();
        let beyond = "beyond_your_rights";
        let before = world.counts();
        let send = |method: &str, uri: &str, body: Json| rim.json(&own, method, uri, &body);
        // More for oneself, in each way there is.
        refused(&send("POST", "/api/user_role", json!({ "user": me, "role": administrator })), beyond);
        let mine = with_version(world, "user_role", &given, json!({ "only_company": null }));
        refused(&send("PATCH", &format!("/api/user_role/{given}"), mine), beyond);
        let batch = json!({ "rows": [{ "op": "create", "record": { "user": me, "role": administrator } }] });
        assert_ne!(send("POST", "/api/user_role/batch", batch).status, 200);
        // More for others, and less for those who have more.
        refused(&send("POST", "/api/user_role", json!({ "user": clerk, "role": seller })), beyond);
        let roots = id_text(
            "ur",
            world.number(
                "select id from user_role where \"user\" = ?1",
                &[kernel::id_parse("us", &root).unwrap().into()],
            ),
        );
        refused(&send("DELETE", &format!("/api/user_role/{roots}"), Json::Null), beyond);
        for user in [&root, &wide] {
            let body = with_version(world, "user", user, json!({ "name": "Mallory", "email": "m@example.com" }));
            refused(&send("PATCH", &format!("/api/user/{user}"), body), beyond);
            refused(&send("POST", &format!("/api/user/{user}/archive"), json!({})), beyond);
            refused(&send("POST", "/api/api_key", json!({ "name": "Theirs", "user": user })), beyond);
            refused(
                &send("PUT", &format!("/api/user/{user}/password"), json!({ "new": "another fine lamp" })),
                "password_of_another",
            );
            refused(&send("DELETE", &format!("/api/user/{user}/second_factor"), Json::Null), "password_of_another");
        }
        refused(&send("POST", &format!("/api/api_key/{key_of_root}/issue"), json!({})), beyond);
        // What counts everywhere.
        let grants = json!([{ "subject": "party", "verbs": "see", "row_rule": "all" }]);
        refused(&send("POST", "/api/role", json!({ "code": "mine", "name": "Mine", "grants": grants })), beyond);
        let body = with_version(world, "role", &seller, json!({ "note": "mine now" }));
        refused(&send("PATCH", &format!("/api/role/{seller}"), body), beyond);
        let new = json!({ "name": "Mine Ltd.", "currency": "EUR", "country": "DE", "chart": "ifrs_generic" });
        refused(&send("POST", "/api/company", new), beyond);
        assert_eq!(world.counts(), before, "what is refused writes nothing");
        // What is one's own business goes on as ever.
        let bound = json!({ "user": clerk, "role": seller, "only_company": company(world.company) });
        assert_eq!(send("POST", "/api/user_role", bound).status, 201);
        let body = with_version(world, "user", &clerk, json!({ "email": "clerk@example.com" }));
        assert_eq!(send("PATCH", &format!("/api/user/{clerk}"), body).status, 200);
        assert_eq!(send("POST", "/api/user", json!({ "login": "new", "name": "New", "language": "en" })).status, 201);
        assert_eq!(send("POST", "/api/api_key", json!({ "name": "Mine", "user": me })).status, 201);
        assert_eq!(send("POST", &format!("/api/user/{clerk}/archive"), json!({})).status, 200);
        // Who administers all companies does all of it.
        let all = |method: &str, uri: &str, body: Json| rim.json(&boss, method, uri, &body).status;
        assert_eq!(all("POST", "/api/user_role", json!({ "user": wide, "role": administrator })), 201);
        let grants = json!([{ "subject": "party", "verbs": "see", "row_rule": "all" }]);
        assert_eq!(all("POST", "/api/role", json!({ "code": "other", "name": "Other", "grants": grants })), 201);
        // Rights of two companies are not put together.
        let (both, cookie) = member(world, &rim, "both", &[("administrator", here), ("sales_rep", there)]);
        let ask = json!({ "user": both, "role": administrator, "only_company": company(world.other) });
        refused(&rim.json(&cookie, "POST", "/api/user_role", &ask), beyond);
    });
}

#[test]
fn the_last_who_administers_everything_stays() {
    on_both(|world| {
        let rim = Rim::of(world);
        let (root, boss) = member(world, &rim, "root", &[("administrator", None)]);
        let (second, _) = member(world, &rim, "second", &[("administrator", None)]);
        let of = |user: &str| {
            let user = kernel::id_parse("us", user).unwrap();
            id_text("ur", world.number("select id from user_role where \"user\" = ?1", &[user.into()]))
        };
        let send = |method: &str, uri: &str, body: Json| rim.json(&boss, method, uri, &body);
        // Whoever else may administer this world stands aside.
        let others = "select coalesce(min(id), 0) from user_role where \"user\" not in (?1, ?2)";
        let two = [&root, &second].map(|user| kernel::id_parse("us", user).unwrap().into());
        while let other @ 1.. = world.number(others, &two) {
            assert_eq!(send("DELETE", &format!("/api/user_role/{}", id_text("ur", other)), json!({})).status, 204);
        }
        let narrowed = |user: &str| {
            let role = of(user);
            let body = with_version(world, "user_role", &role, json!({ "only_company": id_text("co", world.company) }));
            send("PATCH", &format!("/api/user_role/{role}"), body)
        };
        assert_eq!(narrowed(&second).status, 200);
        let last = "last_administrator";
        let before = world.counts();
        assert_eq!(code(&narrowed(&root)), (409, last.to_owned()), "narrowed to one company");
        let other = json!({ "user": second });
        let given = with_version(world, "user_role", &of(&root), other);
        let accountant = with_version(world, "user_role", &of(&root), json!({ "role": role_id(world, "accountant") }));
        assert_eq!(code(&send("PATCH", &format!("/api/user_role/{}", of(&root)), accountant)), (409, last.to_owned()));
        assert_eq!(code(&send("DELETE", &format!("/api/user_role/{}", of(&root)), json!({}))), (409, last.to_owned()));
        assert_eq!(world.counts(), before, "nothing was written");
        // Somebody else is given it: that is one who administers still.
        assert_eq!(send("PATCH", &format!("/api/user_role/{}", of(&root)), given).status, 200);
    });
}

#[test]
fn a_company_is_read_by_who_works_for_it_and_changed_by_who_keeps_it() {
    on_both(|world| {
        let rim = Rim::of(world);
        let (here, there) = (Some(world.company), Some(world.other));
        let [mine, theirs] = [world.company, world.other].map(|id| id_text("co", id));
        let body = json!({ "bank_details": "IBAN DE 1", "books_locked_until": "2026-01-31" });
        world.change(&world.desk.actor, "company", &mine, body).unwrap();
        let (_, clerk) = member(world, &rim, "clerk", &[("accountant", here)]);
        let (_, seller) = member(world, &rim, "seller", &[("sales_rep", here)]);
        let (_, keeper) = member(world, &rim, "keeper", &[("warehouse", here)]);
        let (_, both) = member(world, &rim, "both", &[("accountant", here), ("sales_rep", there)]);
        let (_, root) = member(world, &rim, "root", &[("administrator", None)]);
        let ids = |cookie: &str, uri: &str| -> Vec<String> {
            let list = rim.get(cookie, uri).json();
            list["rows"].as_array().unwrap().iter().map(|row| row["id"].as_str().unwrap().to_owned()).collect()
        };
        for cookie in [&clerk, &seller, &keeper] {
            assert_eq!(ids(cookie, "/api/company"), [&*mine]);
            assert_eq!(rim.get(cookie, &format!("/api/company/{theirs}")).status, 404);
        }
        assert_eq!(ids(&root, "/api/company").len(), 2);
        // What is closed is for those who keep the company; how it is paid stands on invoices, too.
        let told = |cookie: &str| rim.get(cookie, &format!("/api/company/{mine}")).json()["record"].clone();
        assert_eq!(
            (&told(&clerk)["bank_details"], &told(&clerk)["books_locked_until"]),
            (&json!("IBAN DE 1"), &json!("2026-01-31"))
        );
        assert!(told(&seller).get("books_locked_until").is_none() && told(&seller)["bank_details"] == "IBAN DE 1");
        assert!(told(&keeper).get("books_locked_until").is_none() && told(&keeper).get("bank_details").is_none());
        let list = rim.get(&seller, "/api/company").json();
        assert!(list["rows"][0].get("books_locked_until").is_none(), "{list}");
        assert_eq!(rim.get(&seller, "/api/company?sort=books_locked_until").status, 422);
        // One's own is changed, others' are not there, and one company's right is none in another.
        let patch = |cookie: &str, company: &str, body: Json| {
            rim.json(
                cookie,
                "PATCH",
                &format!("/api/company/{company}"),
                &with_version(world, "company", company, body),
            )
        };
        let before = world.counts();
        assert_eq!(patch(&clerk, &theirs, json!({ "bank_details": "Mallory" })).status, 404);
        refused(&patch(&both, &theirs, json!({ "bank_details": "Mallory" })), "beyond_your_rights");
        refused(&patch(&clerk, &mine, json!({ "hard_locked_until": "2026-01-31" })), "may_not_close_for_good");
        assert_eq!(world.counts(), before);
        assert_eq!(patch(&clerk, &mine, json!({ "bank_details": "IBAN DE 2" })).status, 200);
        assert_eq!(patch(&root, &theirs, json!({ "bank_details": "IBAN CN 2" })).status, 200);
        assert_eq!(patch(&root, &mine, json!({ "hard_locked_until": "2026-01-31" })).status, 200);
        // Who makes a company is shown it.
        let new = json!({ "name": "Third Ltd.", "currency": "EUR", "country": "DE", "chart": "ifrs_generic" });
        let made = rim.json(&root, "POST", "/api/company", &new);
        assert_eq!((made.status, made.json()["out_of_sight"].clone()), (201, Json::Null), "{}", made.text());
    });
}

#[test]
fn a_limit_that_is_kept_back_is_in_no_refusal_and_a_telephone_can_be_kept_back() {
    on_both(|world| {
        let rim = Rim::of(world);
        let more = json!({ "currency": "EUR", "credit_limit": "888.88", "phone": "+49 30 123456" });
        let customer = world.customer_with("BLUE", more);
        let lamp = world.product("L1", "average", "100.00");
        let (_, seller) = member(world, &rim, "seller", &[("sales_rep", None)]);
        let role = role_id(world, "sales_rep");
        let body = json!({ "customer": customer, "lines": [{ "product": lamp, "qty": "20" }] });
        let confirm = || {
            let made = rim.json(&seller, "POST", "/api/sales_order", &body);
            assert_eq!(made.status, 201, "{}", made.text());
            let id = made.json()["record"]["id"].as_str().unwrap().to_owned();
            rim.json(&seller, "POST", &format!("/api/sales_order/{id}/confirm"), &json!({}))
        };
        let told = confirm();
        assert_eq!(code(&told).1, "over_limit");
        assert!(told.text().contains("888.88"), "{}", told.text());
        let mut grants = world.get("role", &role)["grants"].clone();
        for grant in grants.as_array_mut().unwrap().iter_mut().filter(|grant| grant["subject"] == "party") {
            grant["hides"] = json!("credit_limit phone");
        }
        world.change(&world.desk.actor, "role", &role, json!({ "grants": grants })).unwrap();
        let told = confirm();
        assert_eq!(code(&told).1, "over_limit_untold");
        assert!(
            !told.text().contains("888.88") && !told.text().contains("2400") && !told.text().contains("2,400"),
            "{}",
            told.text()
        );
        let hints = rim.json(&seller, "POST", "/api/sales_order/preview", &body).json()["hints"].to_string();
        assert!(hints.contains("above the credit limit") && !hints.contains("EUR"), "{hints}");
        // The telephone is shown nowhere and found by nobody who is not shown it.
        let party = rim.get(&seller, &format!("/api/party/{customer}")).json();
        assert!(party["record"].get("phone").is_none() && party["record"]["code"] == "BLUE", "{party}");
        let (_, boss) = member(world, &rim, "boss", &[("sales_manager", None)]);
        let found = |cookie: &str, words: &str| {
            let list = rim.get(cookie, &format!("/api/party?search={words}")).json();
            let hits = rim.get(cookie, &format!("/api/search?q={words}")).json();
            let hits = hits["hits"].as_array().unwrap().iter().filter(|hit| hit["entity"] == "party").count();
            (list["rows"].as_array().unwrap().len(), hits)
        };
        assert_eq!(found(&boss, "123456"), (1, 1));
        assert_eq!(found(&seller, "123456"), (0, 0));
        assert_eq!(found(&seller, "blue"), (1, 1));
    });
}

#[test]
fn changes_are_heard_by_those_who_see_the_record() {
    on_both(|world| {
        let (ann, bob) = (world.actor("ann", "sales_rep"), world.actor("bob", "sales_rep"));
        let boss = world.actor("boss", "manager");
        let customer = world.customer("BLUE", "EUR");
        let lamp = world.product("L1", "average", "1.00");
        let mut heard = world.engine.subscribe();
        let body = json!({ "customer": customer, "lines": [{ "product": lamp, "qty": "1" }] });
        let made = world.create(&ann, "quotation", body).unwrap();
        let id = common::raw(&world.engine, "quotation", &common::id_of(&made));
        world.engine.note(&ann, "quotation", id, "A word between us", "", None).unwrap();
        world.engine.remove(&ann, "quotation", id, None, None).unwrap();
        let mut events = Vec::new();
        while let Ok(event) = heard.try_recv() {
            events.push(event);
        }
        let hears = |actor: &engine::Actor, entity: &str| {
            events
                .iter()
                .filter(|event| {
                    event.entity == entity && world.engine.hears(actor, event).unwrap() == engine::Heard::Change
                })
                .count()
        };
        assert_eq!((hears(&ann, "quotation"), hears(&boss, "quotation")), (2, 2), "made and deleted: {events:?}");
        assert_eq!(hears(&bob, "quotation"), 0);
        for entity in ["note", "timeline", "activity"] {
            assert_eq!(hears(&bob, entity), 0, "{entity}");
        }
    });
}

#[test]
fn a_wrong_password_costs_the_same_whoever_it_is_tried_for() {
    on_both(|world| {
        let rim = Rim::of(world);
        let sam = world.user("sam", "sales_rep");
        world.engine.set_password(sam, PASSWORD).unwrap();
        let failed = |user: i64| {
            world.number("select coalesce(max(failed), 0) from credential where \"user\" = ?1", &[user.into()])
        };
        for count in 1..=3 {
            let known = rim.try_in("sam", "wrong one");
            let unknown = rim.try_in("nobody at all", "wrong one");
            assert_eq!((known.status, unknown.status), (401, 401));
            assert_eq!((failed(sam), failed(0)), (count, count), "both are written down");
        }
        assert_eq!(rim.try_in("sam", PASSWORD).status, 200);
    });
}

#[test]
fn what_is_given_away_is_written_and_said_to_be_out_of_sight() {
    on_both(|world| {
        let rim = Rim::of(world);
        let (_, ann) = member(world, &rim, "ann", &[("sales_rep", None)]);
        let (bob, theirs) = member(world, &rim, "bob", &[("sales_rep", None)]);
        let customer = world.customer("BLUE", "EUR");
        let lamp = world.product("L1", "average", "1.00");
        let body = json!({ "customer": customer, "lines": [{ "product": lamp, "qty": "1" }] });
        let mut for_bob = body.clone();
        for_bob["owner"] = json!(bob);
        let made = rim.json(&ann, "POST", "/api/sales_order", &for_bob);
        assert_eq!((made.status, made.json()["out_of_sight"].clone()), (201, json!(true)), "{}", made.text());
        assert!(made.json()["record"].get("customer").is_none(), "no more than what it is called");
        let own = rim.json(&ann, "POST", "/api/sales_order", &body).json();
        assert_eq!(own["out_of_sight"], Json::Null);
        let id = own["record"]["id"].as_str().unwrap().to_owned();
        let given = rim.json(&ann, "PATCH", &format!("/api/sales_order/{id}"), &json!({ "version": 1, "owner": bob }));
        assert_eq!((given.status, given.json()["out_of_sight"].clone()), (200, json!(true)), "{}", given.text());
        assert_eq!(given.json()["record"]["version"], 2);
        assert_eq!(rim.get(&ann, &format!("/api/sales_order/{id}")).status, 404);
        assert_eq!(rim.get(&theirs, &format!("/api/sales_order/{id}")).status, 200);
        assert_eq!(rim.get(&theirs, "/api/sales_order").json()["rows"].as_array().unwrap().len(), 2);
    });
}

#[test]
fn what_was_archived_and_what_was_deleted_are_restored_at_one_address() {
    on_both(|world| {
        let rim = Rim::of(world);
        let root = rim.signed_in(world, "root", "administrator");
        let post = |uri: String, body: Json| rim.json(&root, "POST", &uri, &body);
        let party = world.customer("BLUE", "EUR");
        let product = world.product("L1", "average", "1.00");
        let user = world.desk.create("user", json!({ "login": "old", "name": "Old", "language": "en" })).unwrap();
        for (entity, id) in [("party", &party), ("product", &product), ("user", &user)] {
            let archived = post(format!("/api/{entity}/{id}/archive"), json!({}));
            assert_eq!((archived.status, archived.json()["record"]["active"].clone()), (200, json!(false)));
            let version = archived.json()["record"]["version"].clone();
            let stale = post(format!("/api/{entity}/{id}/restore"), json!({ "version": 99 }));
            assert_eq!(stale.status, 412, "{}", stale.text());
            let back = post(format!("/api/{entity}/{id}/restore"), json!({ "version": version }));
            assert_eq!((back.status, back.json()["record"]["active"].clone()), (200, json!(true)), "{}", back.text());
        }
        assert_eq!(rim.json(&root, "DELETE", &format!("/api/party/{party}"), &Json::Null).status, 204);
        let back = post(format!("/api/party/{party}/restore"), json!({}));
        assert_eq!((back.status, back.json()["record"]["code"].clone()), (200, json!("BLUE")), "{}", back.text());
    });
}

#[test]
fn a_request_is_the_same_one_in_the_same_company_only() {
    on_both(|world| {
        let rim = Rim::of(world);
        let root = rim.signed_in(world, "root", "administrator");
        let send = |company: i64, code: &str| {
            let company = id_text("co", company);
            let headers = [
                ("cookie", &*root),
                ("x-heyi", "1"),
                ("content-type", "application/json"),
                ("x-company", &*company),
                ("idempotency-key", "k1"),
            ];
            rim.send(
                "POST",
                "/api/party",
                &headers,
                json!({ "code": code, "name": "Blue", "is_customer": true }).to_string(),
            )
        };
        let (first, there, again) =
            (send(world.company, "BLUE"), send(world.other, "BLUE"), send(world.company, "BLUE"));
        assert_eq!((first.status, there.status, again.status), (201, 201, 201), "{}", there.text());
        let of = |answer: &Answer, name: &str| answer.json()["record"][name].clone();
        assert_eq!(of(&first, "id"), of(&again, "id"));
        assert_ne!(of(&first, "id"), of(&there, "id"));
        assert_eq!(of(&there, "company")["id"], json!(id_text("co", world.other)));
        assert_eq!(send(world.company, "RED").status, 409, "the same key for something else");
        // Who says twice which version they changed says it once and for all.
        let uri = format!("/api/party/{}", of(&first, "id").as_str().unwrap());
        let change = |tag: &str| {
            let headers =
                [("cookie", &*root), ("x-heyi", "1"), ("content-type", "application/json"), ("if-match", tag)];
            rim.send("PATCH", &uri, &headers, json!({ "version": 1, "note": "x" }).to_string()).status
        };
        assert_eq!((change("\"7\""), change("\"1\"")), (400, 200));
    });
}

#[test]
fn the_demo_offers_its_own_users_alone() {
    on_both(|world| {
        let config = api::Config { demo: true, demo_password: PASSWORD.to_owned(), ..api::Config::default() };
        let rim = Rim::with(world, config);
        let root = rim.signed_in(world, "root", "administrator");
        rim.signed_in(world, "moved", "sales_rep");
        let made =
            rim.json(&root, "POST", "/api/user", &json!({ "login": "later", "name": "Later", "language": "en" }));
        let later = made.json()["record"]["id"].as_str().unwrap().to_owned();
        let given = json!({ "user": later, "role": role_id(world, "sales_rep") });
        assert_eq!(rim.json(&root, "POST", "/api/user_role", &given).status, 201);
        let new = json!({ "new": "something else" });
        assert_eq!(rim.json(&root, "PUT", &format!("/api/user/{later}/password"), &new).status, 204);
        let offered = || -> Vec<String> {
            let told = rim.get("", "/api/session").json();
            told["demo_users"]
                .as_array()
                .unwrap()
                .iter()
                .map(|user| user["login"].as_str().unwrap().to_owned())
                .collect()
        };
        assert_eq!(offered(), ["root", "moved"]);
        let moved = world.user("moved", "sales_rep");
        world.engine.set_password(moved, "another fine lamp").unwrap();
        assert_eq!(offered(), ["root"], "whose password is another now cannot be offered");
    });
}

#[test]
fn who_loses_sight_of_a_record_hears_that_it_is_gone_and_nothing_after_it() {
    on_both(|world| {
        let blue = world.customer("BLUE", "EUR");
        let lamp = world.product("L1", "average", "100");
        let [first, second, third] = ["rep1", "rep2", "rep3"].map(|login| world.actor(login, "sales_rep"));
        let desk = world.actor("clerk", "accountant");
        let owner = |actor: &engine::Actor| kernel::id_text("us", actor.user);
        let body = json!({ "customer": blue, "owner": owner(&first), "lines": [{ "product": lamp, "qty": "1" }] });
        let quotation = world.desk.create("quotation", body).unwrap();
        let id = raw(&world.engine, "quotation", &quotation);
        let mut events = world.engine.subscribe();
        let mut heard = |more: Json| {
            world.change(&world.desk.actor, "quotation", &quotation, more).unwrap();
            let mut news = std::iter::from_fn(|| events.try_recv().ok());
            let event = news.find(|event| event.entity == "quotation" && event.id == id).unwrap();
            [&first, &second, &third, &desk].map(|actor| world.engine.hears(actor, &event).unwrap())
        };
        use engine::Heard::{Change, Nothing, OutOfSight};
        assert_eq!(heard(json!({ "note": "theirs" })), [Change, Nothing, Nothing, Change]);
        assert_eq!(heard(json!({ "owner": owner(&second) })), [OutOfSight, Change, Nothing, Change]);
        assert_eq!(heard(json!({ "note": "another's" })), [Nothing, Change, Nothing, Change]);
        assert_eq!(heard(json!({ "owner": null })), [Nothing, OutOfSight, Nothing, Change]);
        let rows = "select count(*) from outbox where entity = 'quotation' and doc = ?1 and was_owner is not null";
        assert_eq!(world.number(rows, &[id.into()]), 2, "other servers tell it, too");
    });
}

#[test]
fn a_role_is_given_once_and_called_in_the_language_of_the_reader() {
    on_both(|world| {
        let rim = Rim::of(world);
        let (_, root) = member(world, &rim, "root", &[("administrator", None)]);
        let (clerk, _) = member(world, &rim, "clerk", &[("sales_rep", None)]);
        let here = id_text("co", world.company);
        let give = |only: Json| {
            let body = json!({ "user": clerk, "role": role_id(world, "sales_rep"), "only_company": only });
            rim.json(&root, "POST", "/api/user_role", &body)
        };
        let again = give(Json::Null);
        assert_eq!(code(&again), (409, "already".to_owned()), "{}", again.text());
        assert!(again.text().contains("clerk has the role Salesperson"), "{}", again.text());
        let given = give(json!(here));
        assert_eq!(given.status, 201, "{}", given.text());
        assert_eq!(code(&give(json!(here))), (409, "already".to_owned()));
        let id = given.json()["record"]["id"].as_str().unwrap().to_owned();
        let wide = with_version(world, "user_role", &id, json!({ "only_company": null }));
        assert_eq!(code(&rim.json(&root, "PATCH", &format!("/api/user_role/{id}"), &wide)).1, "already");
        let called = |lang: kernel::Lang| {
            let id = kernel::id_parse("ur", &id).unwrap();
            let actor = engine::Actor { lang, ..world.desk.actor.clone() };
            world.engine.get(&actor, "user_role", id).unwrap()["record"]["role"]["label"].clone()
        };
        assert_eq!((called(kernel::Lang::En), called(kernel::Lang::Zh)), (json!("Salesperson"), json!("销售员")));
        // A slip in the name of a parameter is a request that is not understood.
        let slip = rim.get(&root, "/api/report/trial_balance?asof=2026-01-01");
        assert_eq!(code(&slip), (400, "unknown_parameter".to_owned()), "{}", slip.text());
    });
}
