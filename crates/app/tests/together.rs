//! Working together on a record: who sees what hangs on it, who is told, and what strangers try.

use crate::common::on_both;
use crate::common::people::{People, refused};
use serde_json::{Value as Json, json};

#[test]
fn what_hangs_on_a_record_is_seen_by_who_sees_the_record() {
    on_both(|world| {
        let all = People::of(world);
        let note = all.noted(&all.ann, "Likes blue. 喜欢蓝色", "log");
        let note_id = note["id"].as_str().unwrap();
        assert_eq!(note["about_doc"], json!({ "id": all.offer, "label": all.label, "entity": "quotation" }));
        assert_eq!((&note["about_entity"], &note["edited"]), (&json!("quotation"), &json!(false)));
        let kind = all.get(&all.ann, r#"/api/activity_type?filter=["code","=","call"]"#).json();
        let kind = kind["rows"][0]["id"].clone();
        let activity = json!({ "activity_type": kind, "about_doc": all.offer });
        let activity = all.post(&all.ann, "/api/activity", activity);
        assert_eq!(activity.status, 201, "{}", activity.text());
        let activity = activity.json()["record"]["id"].as_str().unwrap().to_owned();

        let by_about = format!(r#"filter=["about_doc","=","{}"]"#, all.offer);
        for (entity, id) in [("note", note_id), ("activity", activity.as_str())] {
            assert_eq!(all.count(&all.ann, entity), 1, "{entity}");
            assert_eq!(all.count(&all.boss, entity), 1, "{entity}");
            // By every way there is, the other seller finds nothing.
            assert_eq!(all.count(&all.bob, entity), 0, "{entity}");
            let list = all.get(&all.bob, &format!("/api/{entity}?{by_about}")).json();
            assert_eq!(list["rows"], json!([]));
            let groups = all.get(&all.bob, &format!("/api/{entity}?group=about_entity")).json();
            assert_eq!(groups["groups"], json!([]));
            assert_eq!(all.get(&all.bob, &format!("/api/{entity}/{id}")).status, 404);
            for rest in ["timeline", "together", "follow", "links", "books"] {
                assert_eq!(all.get(&all.bob, &format!("/api/{entity}/{id}/{rest}")).status, 404, "{rest}");
            }
            let change = all.rim.json(&all.bob, "PATCH", &format!("/api/{entity}/{id}"), &json!({ "version": 1 }));
            assert_eq!(change.status, 404);
            let gone = all.rim.json(&all.bob, "DELETE", &format!("/api/{entity}/{id}"), &json!({ "version": 1 }));
            assert_eq!(gone.status, 404);
        }
        let csv = all.get(&all.bob, "/api/note?format=csv");
        assert_eq!((csv.status, csv.text().contains("blue")), (200, false));
        let csv = all.get(&all.ann, "/api/note?format=csv").text();
        assert!(csv.contains("Likes blue"), "{csv}");
        let found = |who: &str| all.get(who, "/api/search?q=blue").text().contains(note_id);
        assert_eq!((found(&all.ann), found(&all.bob)), (true, false));
        for rest in ["timeline", "together", "follow"] {
            assert_eq!(all.get(&all.bob, &format!("/api/quotation/{}/{rest}", all.offer)).status, 404);
        }

        // Nor can he write on it, through any door.
        let path = format!("/api/quotation/{}/note", all.offer);
        assert_eq!(all.post(&all.bob, &path, json!({ "text": "mine" })).status, 404);
        let direct = json!({ "about_doc": all.offer, "body": "mine" });
        refused(&all.post(&all.bob, "/api/note", direct), 422, "no_such_record");
        let batch =
            json!({ "rows": [{ "op": "create", "record": { "about_doc": all.offer, "body": "x" } }], "atomic": false });
        assert_eq!(all.post(&all.bob, "/api/note/batch", batch).json()["results"][0]["status"], 422);
        assert_eq!(
            all.rim.json(&all.bob, "PUT", &format!("/api/quotation/{}/follow", all.offer), &json!({})).status,
            404
        );
        // What hangs on a record stays there, and hangs on nothing that hangs itself.
        let other = world.customer("RED", "EUR");
        let moved = json!({ "version": 1, "about_doc": other });
        refused(&all.rim.json(&all.ann, "PATCH", &format!("/api/activity/{activity}"), &moved), 422, "about_stays");
        refused(&all.post(&all.ann, "/api/note", json!({ "about_doc": note_id, "body": "x" })), 422, "no_such_record");
        refused(
            &all.post(&all.ann, "/api/note", json!({ "about_doc": "pa_zzzz9", "body": "x" })),
            422,
            "no_such_record",
        );
        refused(&all.post(&all.ann, "/api/note", json!({ "about_doc": "xx_1", "body": "x" })), 422, "not_an_id");
        let lie = json!({ "about_entity": "invoice", "about_doc": all.offer, "body": "x" });
        let lie = all.post(&all.ann, "/api/note", lie).json();
        assert_eq!(lie["record"]["about_entity"], "quotation", "what it is about is read off the id");

        // A note of another company's record.
        let theirs = world
            .elsewhere()
            .create("party", json!({ "code": "X", "name": "X", "currency": "CNY", "is_customer": true }));
        let theirs = json!({ "about_doc": theirs.unwrap(), "body": "x" });
        refused(&all.post(&all.boss, "/api/note", theirs), 422, "no_such_record");
    });
}

#[test]
fn notes_are_of_their_authors_and_stand_in_the_timeline() {
    on_both(|world| {
        let all = People::of(world);
        let given = all.world.change(
            &world.actor("root", "administrator"),
            "quotation",
            &all.offer,
            json!({ "owner": all.id("bob") }),
        );
        given.unwrap();
        // Now it is Bob's; Ann sees it no longer, the boss sees both.
        assert_eq!(
            all.post(&all.ann, &format!("/api/quotation/{}/note", all.offer), json!({ "text": "x" })).status,
            404
        );
        let note = all.noted(&all.bob, "First", "log");
        let path = format!("/api/note/{}", note["id"].as_str().unwrap());
        refused(&all.rim.json(&all.boss, "PATCH", &path, &json!({ "version": 1, "body": "Other" })), 403, "not_yours");
        let changed = all.rim.json(&all.bob, "PATCH", &path, &json!({ "version": 1, "body": "Second" }));
        assert_eq!((changed.status, &changed.json()["record"]["edited"]), (200, &json!(true)));
        assert_eq!(all.rim.json(&all.bob, "PATCH", &path, &json!({ "version": 1, "body": "Third" })).status, 412);
        for number in 0..5 {
            all.noted(&all.boss, &format!("Note {number}"), "log");
        }
        let line = format!("/api/quotation/{}/timeline", all.offer);
        let whole = all.get(&all.bob, &line).json();
        let texts: Vec<&str> =
            whole["items"].as_array().unwrap().iter().filter_map(|item| item["text"].as_str()).collect();
        assert_eq!(texts, ["Note 4", "Note 3", "Note 2", "Note 1", "Note 0", "Second"]);
        assert_eq!(whole["items"][5]["note"]["mine"], true);
        assert_eq!(whole["items"][5]["note"]["edited"], true);
        let kinds = whole["items"].as_array().unwrap().iter().map(|item| item["kind"].as_str().unwrap());
        assert_eq!(kinds.collect::<Vec<_>>()[5..], ["note", "changed", "created"]);
        // Page by page it is the same, each item once.
        let (mut paged, mut next) = (Vec::new(), String::new());
        loop {
            let page = all.get(&all.bob, &format!("{line}?limit=3&before={next}")).json();
            paged.extend(page["items"].as_array().unwrap().clone());
            match page["next"].as_str() {
                Some(cursor) => cursor.clone_into(&mut next),
                None => break,
            }
        }
        assert_eq!(Json::Array(paged), whole["items"]);
        let only = all.get(&all.bob, &format!("{line}?kind=changes")).json();
        assert_eq!(only["items"].as_array().unwrap().len(), 2);
        assert_eq!(all.get(&all.bob, &format!("{line}?kind=secrets")).status, 400);
        assert_eq!(all.get(&all.bob, &format!("{line}?before=;drop")).status, 400);
        let long = "字".repeat(10_001);
        for wrong in [json!({ "text": "" }), json!({ "text": long }), json!({ "text": "x", "kind": "shout" })] {
            assert_eq!(all.post(&all.bob, &format!("/api/quotation/{}/note", all.offer), wrong).status, 422);
        }
        let script = all.noted(&all.bob, "<script>alert(1)</script> ‏עברית 😀", "log");
        assert_eq!(script["body"], "<script>alert(1)</script> ‏עברית 😀", "kept as it is, drawn as text");
    });
}

#[test]
fn who_is_mentioned_follows_or_is_given_something_is_told_once() {
    on_both(|world| {
        let mut all = People::of(world);
        let (boss, bob) = (all.id("boss"), all.id("bob"));
        all.noted(&all.ann, &format!("@[Boss]({boss}) please look, and @[Bob]({bob})"), "log");
        assert_eq!(all.told(&all.boss), ["mention ann mentioned you: @Boss please look, and @Bob"]);
        assert_eq!(all.told(&all.bob), Vec::<String>::new(), "he may not see the offer");
        assert_eq!(all.told(&all.ann), Vec::<String>::new());
        let path = format!("/api/quotation/{}", all.offer);
        let nobody = all.post(&all.ann, &format!("{path}/note"), json!({ "text": "@[x](us_zzz9)" }));
        refused(&nobody, 422, "no_such_user");

        let followed = all.rim.json(&all.boss, "PUT", &format!("{path}/follow"), &json!({})).json();
        assert_eq!(followed["followers"].as_array().unwrap().len(), 2, "the author follows, too: {followed}");
        let again = all.rim.json(&all.boss, "PUT", &format!("{path}/follow"), &json!({})).json();
        assert_eq!(again, followed);
        all.noted(&all.ann, "For all", "message");
        all.noted(&all.ann, "For the file", "log");
        assert_eq!(all.told(&all.boss)[..1], ["note ann: For all"]);
        assert_eq!(all.get(&all.boss, "/api/inbox/unread").json(), json!({ "unread": 2 }));
        let first = all.get(&all.boss, "/api/inbox?limit=1").json();
        assert_eq!(first["items"][0]["about"], json!({ "entity": "quotation", "id": all.offer, "label": all.label }));
        let next = first["next"].as_str().unwrap();
        let second = all.get(&all.boss, &format!("/api/inbox?limit=1&before={next}")).json();
        assert_eq!((&second["items"][0]["kind"], &second["next"]), (&json!("mention"), &json!(null)));
        // Nobody reads for another.
        let id = first["items"][0]["id"].clone();
        all.post(&all.bob, "/api/inbox/read", json!({ "ids": [id] }));
        assert_eq!(all.get(&all.boss, "/api/inbox/unread").json(), json!({ "unread": 2 }));
        assert_eq!(all.post(&all.boss, "/api/inbox/read", json!({ "ids": [id] })).json(), json!({ "unread": 1 }));
        assert_eq!(all.post(&all.boss, "/api/inbox/read", json!({ "all": true })).json(), json!({ "unread": 0 }));
        let root = all.rim.signed_in(world, "root", "administrator");
        assert_eq!(all.count(&root, "notification"), 0, "not even an administrator reads those of others");

        // Given to Bob, who follows it from then on; Chinese for who reads Chinese.
        let given =
            world.change(&world.actor("root", "administrator"), "quotation", &all.offer, json!({ "owner": bob }));
        given.unwrap();
        assert_eq!(all.told(&all.bob), [format!("assignment root gave you: {}", all.label)]);
        let zh = all.rim.send("GET", "/api/inbox", &[("cookie", &all.bob), ("accept-language", "zh")], "").json();
        assert_eq!(zh["items"][0]["text"], format!("root 分派给您：{}", all.label));
        assert_eq!(all.told(&all.ann), Vec::<String>::new());

        // By wish: never, or when the quiet hours end.
        let never = json!({ "note": "never", "mention": "now", "quiet_from": "10:00", "quiet_to": "11:00" });
        let set = all.rim.json(&all.boss, "PUT", "/api/inbox/settings", &never);
        assert_eq!((set.status, &set.json()["note"], &set.json()["stage"]), (200, &json!("never"), &json!("digest")));
        let wrong = all.rim.json(&all.boss, "PUT", "/api/inbox/settings", &json!({ "quiet_from": "25:00" }));
        refused(&wrong, 422, "not_times");
        all.noted(&all.bob, "For all again", "message");
        all.noted(&all.bob, &format!("@[Boss]({boss}) later"), "log");
        assert_eq!(all.get(&all.boss, "/api/inbox/unread").json(), json!({ "unread": 0 }));
        world.days_pass(1);
        all.boss = all.rim.signed_in(world, "boss", "manager");
        assert_eq!(all.told(&all.boss)[0], "mention bob mentioned you: @Boss later");
        assert_eq!(all.get(&all.boss, "/api/inbox/unread").json(), json!({ "unread": 1 }));
    });
}

#[test]
fn who_follows_a_document_hears_of_its_stages() {
    on_both(|world| {
        let mut all = People::of(world);
        let product = world.product("L1", "average", "5.00");
        world.receive(&world.day(0), &product, "10", "2.00");
        let order = world.order(&world.customer("RED", "EUR"), &product, "1");
        all.rim.json(&all.boss, "PUT", &format!("/api/sales_order/{order}/follow"), &json!({}));
        world.act("sales_order", &order, "confirm");
        assert_eq!(all.told(&all.boss), Vec::<String>::new(), "stages come with the digest of the morning");
        world.days_pass(1);
        all.boss = all.rim.signed_in(world, "boss", "manager");
        let told = all.told(&all.boss);
        assert!(told.len() == 1 && told[0].ends_with("is now: Confirmed"), "{told:?}");
        all.rim.json(&all.boss, "DELETE", &format!("/api/sales_order/{order}/follow"), &json!({}));
        world.act("sales_order", &order, "cancel");
        world.days_pass(1);
        all.boss = all.rim.signed_in(world, "boss", "manager");
        assert_eq!(all.told(&all.boss).len(), 1);
        world.verified("following");
    });
}

#[test]
fn who_is_to_do_something_is_reminded_on_its_day() {
    on_both(|world| {
        let mut all = People::of(world);
        let kinds = all.get(&all.boss, r#"/api/activity_type?filter=["code","=","call"]"#).json();
        let kind = kinds["rows"][0]["id"].clone();
        let made = |all: &People, summary: &str, days: i32| {
            let body = json!({ "activity_type": kind, "about_doc": all.offer, "summary": summary,
                               "due_on": world.day(days), "assigned_to": all.id("ann") });
            let made = all.post(&all.ann, "/api/activity", body);
            assert_eq!(made.status, 201, "{}", made.text());
            format!("/api/activity/{}", made.json()["record"]["id"].as_str().unwrap())
        };
        let due = |all: &People| -> Vec<String> {
            all.told(&all.ann).into_iter().filter(|told| told.starts_with("due ")).collect()
        };
        let start = world.engine.today();
        let due_on = |days: i32, summary: &str| {
            let day = start.add_days(days);
            let month = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
            format!("due Due {} {}: {summary}", day.day(), month[day.month() as usize - 1])
        };
        let next_day = |all: &mut People| {
            world.days_pass(1);
            all.ann = all.rim.signed_in(world, "ann", "sales_rep");
        };
        let [ring, moved, done, gone] =
            [("Ring", 2), ("Ask", 1), ("Send", 2), ("Drop", 2)].map(|(s, d)| made(&all, s, d));
        let now = made(&all, "Now", 0);
        assert_eq!(due(&all), [due_on(0, "Now")], "what is planned for today reminds today");
        assert_eq!(all.rim.json(&all.ann, "PATCH", &now, &json!({ "version": 1, "note": "x" })).status, 200);
        assert_eq!(all.post(&all.ann, &format!("{now}/done"), json!({ "version": 2 })).status, 200);
        assert_eq!(due(&all), [""; 0], "what is done reminds no more");
        assert_eq!(all.get(&all.ann, "/api/inbox/unread").json(), json!({ "unread": 0 }));
        let later = json!({ "version": 1, "due_on": world.day(3) });
        assert_eq!(all.rim.json(&all.ann, "PATCH", &moved, &later).status, 200);
        assert_eq!(all.post(&all.ann, &format!("{done}/done"), json!({ "version": 1 })).status, 200);
        assert_eq!(all.rim.json(&all.ann, "DELETE", &gone, &json!({ "version": 1 })).status, 204);
        next_day(&mut all);
        assert_eq!(due(&all), [""; 0], "moved away");
        next_day(&mut all);
        assert_eq!(due(&all), [due_on(2, "Ring")]);
        // Whoever does not want to know is not told.
        let never = json!({ "due": "never" });
        assert_eq!(all.rim.json(&all.ann, "PUT", "/api/inbox/settings", &never).status, 200);
        let other = made(&all, "Quiet", 1);
        assert_eq!(all.rim.json(&all.ann, "PATCH", &other, &json!({ "version": 1, "note": "x" })).status, 200);
        next_day(&mut all);
        assert_eq!(due(&all), [due_on(3, "Ask"), due_on(2, "Ring")], "each by its day, also when it is read later");
        let seen = all.get(&all.ann, "/api/inbox/unread").json()["unread"].clone();
        assert_eq!(all.post(&all.ann, &format!("{moved}/cancel"), json!({})).status, 200);
        assert_eq!(due(&all), [due_on(2, "Ring")], "what was shown goes with what is cancelled");
        let left = all.get(&all.ann, "/api/inbox/unread").json()["unread"].clone();
        assert_eq!(left.as_i64().map(|left| left + 1), seen.as_i64());
        // What was read stays read: another word in the activity does not remind again.
        assert_eq!(all.post(&all.ann, "/api/inbox/read", json!({ "all": true })).status, 200);
        assert_eq!(all.rim.json(&all.ann, "PATCH", &ring, &json!({ "version": 1, "note": "x" })).status, 200);
        assert_eq!(all.get(&all.ann, "/api/inbox/unread").json(), json!({ "unread": 0 }));
        let listed = all.get(&all.ann, "/api/notification").json();
        assert!(listed["rows"].as_array().is_some_and(|rows| !rows.is_empty()), "{listed}");
    });
}

#[test]
fn activities_stand_to_today_and_lead_to_the_next() {
    on_both(|world| {
        let all = People::of(world);
        let kinds = all.get(&all.boss, "/api/activity_type?sort=code").json();
        let kind = |code: &str| {
            kinds["rows"].as_array().unwrap().iter().find(|row| row["code"] == code).unwrap()["id"]
                .as_str()
                .unwrap()
                .to_owned()
        };
        let mut ids = Vec::new();
        for (days, code) in [(-1, "call"), (0, "mail"), (3, "visit")] {
            let body = json!({ "activity_type": kind(code), "about_doc": all.offer, "due_on": world.day(days) });
            let made = all.post(&all.ann, "/api/activity", body).json();
            assert_eq!(made["record"]["assigned_to"]["id"], all.id("ann"));
            ids.push(made["record"]["id"].as_str().unwrap().to_owned());
        }
        let list = |rest: &str| all.get(&all.ann, &format!("/api/activity?{rest}")).json();
        let rows = list("fields=summary,due_state&sort=due_on");
        let states: Vec<&str> =
            rows["rows"].as_array().unwrap().iter().map(|row| row["due_state"].as_str().unwrap()).collect();
        assert_eq!(states, ["overdue", "today", "planned"]);
        let some = list(r#"filter=["due_state","in",["overdue","today"]]&count=true"#);
        assert_eq!(some["count"], 2);
        let groups = list("group=due_state");
        let groups: Vec<String> = groups["groups"]
            .as_array()
            .unwrap()
            .iter()
            .map(|one| format!("{} {}", one["key"][0].as_str().unwrap(), one["count"]))
            .collect();
        assert_eq!(groups, ["overdue 1", "planned 1", "today 1"]);
        let pane = all.get(&all.ann, &format!("/api/quotation/{}/together", all.offer)).json();
        assert_eq!(pane["activities"], json!({ "overdue": 1, "today": 1, "planned": 1 }));

        let body = json!({ "customer": world.customer("RED", "EUR"), "lines": [{ "product": world.product("L1", "average", "5.00"), "qty": "1" }] });
        let red = world.desk.create("quotation", body).unwrap();
        let asked = json!({ "entity": "quotation", "ids": [all.offer, red] });
        let next = all.post(&all.boss, "/api/activity/next", asked.clone()).json();
        assert_eq!((&next["next"][&all.offer]["id"], &next["next"][&red]), (&json!(ids[0]), &Json::Null));
        assert_eq!(next["next"][&all.offer]["due_state"], "overdue");
        let blind = all.post(&all.bob, "/api/activity/next", asked).json();
        assert_eq!(blind["next"][&all.offer], Json::Null);
        let wrong = json!({ "entity": "quotation", "ids": ["so_1"] });
        assert_eq!(all.post(&all.boss, "/api/activity/next", wrong).status, 422);

        // Done: a visit suggests a call.
        let done = all.post(
            &all.ann,
            &format!("/api/activity/{}/done", ids[2]),
            json!({ "version": 1, "result": "Wants blue" }),
        );
        assert_eq!((done.status, &done.json()["record"]["stage"]), (200, &json!("done")), "{}", done.text());
        assert_eq!(done.json()["record"]["done_by"]["id"], all.id("ann"));
        let offered =
            all.get(&all.ann, &format!("/api/activity/new?from=activity:{}", ids[2])).json()["record"].clone();
        assert_eq!(offered["activity_type"]["id"], kind("call"));
        assert_eq!((&offered["due_on"], &offered["about_doc"]["id"]), (&json!(world.day(3)), &json!(all.offer)));
        let mut sent = offered.as_object().unwrap().clone();
        sent.retain(|name, _| ["activity_type", "summary", "due_on", "about_doc"].contains(&name.as_str()));
        assert_eq!(all.post(&all.ann, "/api/activity", Json::Object(sent)).status, 201, "as it was offered");
        let nothing = all.get(&all.ann, &format!("/api/activity/new?from=activity:{}", ids[0]));
        refused(&nothing, 409, "nothing_to_make");
        refused(&all.post(&all.ann, &format!("/api/activity/{}/done", ids[2]), json!({})), 409, "not_in_this_state");
        let late = all.rim.json(
            &all.ann,
            "PATCH",
            &format!("/api/activity/{}", ids[2]),
            &json!({ "version": 2, "summary": "x" }),
        );
        refused(&late, 409, "is_over");

        // A type that triggers: the next is there at once.
        let trigger = json!({ "version": 1, "chain": "trigger", "next_type": kind("todo"), "next_days": 5 });
        assert_eq!(
            all.rim.json(&all.boss, "PATCH", &format!("/api/activity_type/{}", kind("mail")), &trigger).status,
            200
        );
        let done = all.post(&all.ann, &format!("/api/activity/{}/done", ids[1]), json!({ "version": 1 })).json();
        let made = &done["posted"]["created"][0];
        assert_eq!(made["entity"], "activity");
        let made = all.get(&all.ann, &format!("/api/activity/{}", made["id"].as_str().unwrap())).json();
        assert_eq!(
            (&made["record"]["due_on"], &made["record"]["activity_type"]["id"]),
            (&json!(world.day(5)), &json!(kind("todo")))
        );
        let line = all.get(&all.ann, &format!("/api/quotation/{}/timeline?kind=note", all.offer)).json();
        assert_eq!(line["items"][1]["activity"]["result"], "Wants blue", "{line}");

        // One's own, about nothing: a colleague's business only when it is given to them.
        let own =
            all.post(&all.ann, "/api/activity", json!({ "activity_type": kind("todo"), "summary": "Dentist" })).json();
        let path = format!("/api/activity/{}", own["record"]["id"].as_str().unwrap());
        assert_eq!((all.get(&all.boss, &path).status, all.get(&all.ann, &path).status), (404, 200));
        all.rim.json(&all.ann, "PATCH", &path, &json!({ "version": 1, "assigned_to": all.id("boss") }));
        assert_eq!(all.get(&all.boss, &path).status, 200);

        // A plan: several at once, each with its day and its person.
        let steps = json!([
            { "activity_type": kind("call"), "offset_days": 1 },
            { "activity_type": kind("visit"), "offset_days": 7, "responsible": "owner", "summary": "See them" },
        ]);
        let plan = json!({ "name": "New customer", "for_entity": "quotation", "steps": steps });
        let plan = all.post(&all.boss, "/api/activity_plan", plan).json()["record"]["id"].as_str().unwrap().to_owned();
        let launch = |who: &str, about: Json| all.post(who, &format!("/api/activity_plan/{plan}/launch"), about);
        let about = json!({ "about_entity": "quotation", "about_doc": all.offer });
        let made = launch(&all.boss, about.clone()).json();
        let made = made["posted"]["created"].as_array().unwrap().clone();
        assert_eq!(made.len(), 2);
        let visit = all.get(&all.boss, &format!("/api/activity/{}", made[1]["id"].as_str().unwrap())).json();
        assert_eq!(
            (&visit["record"]["assigned_to"]["id"], &visit["record"]["due_on"]),
            (&json!(all.id("ann")), &json!(world.day(7)))
        );
        refused(&launch(&all.bob, about), 422, "no_such_record");
        let not_for = json!({ "about_entity": "user; drop table party", "about_doc": all.offer });
        refused(&launch(&all.boss, not_for), 422, "not_for_this");
    });
}

const BORDER: &str = "----heyi";

fn form(name: &str, bytes: &[u8], more: &str) -> Vec<u8> {
    let head = format!(
        "--{BORDER}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\nContent-Type: image/png\r\n\r\n"
    );
    [head.as_bytes(), bytes, format!("\r\n{more}--{BORDER}--\r\n").as_bytes()].concat()
}

#[test]
fn files_are_what_is_in_them_and_run_nowhere() {
    on_both(|world| {
        let all = People::of(world);
        let path = format!("/api/quotation/{}/attachment", all.offer);
        let kind = format!("multipart/form-data; boundary={BORDER}");
        let send = |who: &str, body: Vec<u8>, key: &str| {
            let mut headers = vec![("cookie", who), ("x-heyi", "1"), ("content-type", kind.as_str())];
            if !key.is_empty() {
                headers.push(("idempotency-key", key));
            }
            all.rim.send("POST", &path, &headers, body)
        };
        let mut picture = b"\x89PNG\r\n\x1a\n".to_vec();
        picture.extend((0..500_000u32).map(|number| (number % 251) as u8));
        let made = send(&all.ann, form("../../photo.png", &picture, ""), "k1");
        assert_eq!(made.status, 201, "{}", made.text());
        let record = made.json()["record"].clone();
        assert_eq!((&record["name"], &record["media_type"]), (&json!("photo.png"), &json!("image/png")));
        assert_eq!(record["size"], picture.len());
        let again = send(&all.ann, form("../../photo.png", &picture, ""), "k1").json();
        assert_eq!(again["record"]["id"], record["id"], "the same key, the same file");
        refused(&send(&all.ann, form("photo.png", b"other", ""), "k1"), 409, "key_used");
        let id = record["id"].as_str().unwrap();
        let content = format!("/api/attachment/{id}/content");
        let got = all.get(&all.boss, &content);
        assert!(got.bytes == picture, "every byte is as it was");
        assert!(got.header("content-disposition").starts_with("attachment; filename=\"photo.png\""));
        let shown = all.get(&all.boss, &format!("{content}?inline=true"));
        assert!(shown.header("content-disposition").starts_with("inline"));
        assert_eq!(shown.header("x-content-type-options"), "nosniff");
        assert!(shown.header("content-security-policy").starts_with("sandbox"));
        let known = all.rim.send("GET", &content, &[("cookie", &all.boss), ("if-none-match", got.header("etag"))], "");
        assert_eq!((known.status, known.bytes.len()), (304, 0));
        assert_eq!(all.get(&all.bob, &content).status, 404);
        assert_eq!(send(&all.bob, form("a.txt", b"x", ""), "").status, 404);

        // A page or a drawing with a script, called a picture: text, and never shown.
        for evil in ["<html><script>alert(1)</script>", "<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>"] {
            let made = send(&all.ann, form("a.png", evil.as_bytes(), ""), "").json();
            let id = made["record"]["id"].as_str().unwrap();
            assert_eq!(made["record"]["media_type"], "text/plain");
            let got = all.get(&all.ann, &format!("/api/attachment/{id}/content?inline=true"));
            assert!(got.header("content-disposition").starts_with("attachment"), "{evil}");
            assert_eq!(got.header("content-type"), "text/plain");
        }
        refused(&send(&all.ann, form("a.txt", b"", ""), ""), 422, "empty_file");
        refused(&send(&all.ann, form("a.bin", &vec![7; engine::FILE_MAX + 1], ""), ""), 413, "too_large");
        assert_eq!(send(&all.ann, vec![7; engine::FILE_MAX + 100_000], "").status, 413);
        assert_eq!(send(&all.ann, b"hello".to_vec(), "").status, 400);
        // A file cannot be made up out of the hash of another.
        let stolen =
            json!({ "about_doc": all.offer, "sha256": "0".repeat(64), "name": "x", "size": 1, "media_type": "x" });
        assert_eq!(all.post(&all.ann, "/api/attachment", stolen).status, 422);

        // The same content is kept once, and goes with its last file.
        let chunks = || world.number("select count(*) from content_chunk", &[]);
        let before = chunks();
        let twin = send(&all.boss, form("twin.png", &picture, ""), "").json();
        assert_eq!(chunks(), before);
        let remove = |who: &str, id: &str| {
            all.rim.json(who, "DELETE", &format!("/api/attachment/{id}"), &json!({ "version": 1 }))
        };
        refused(&remove(&all.boss, id), 403, "not_yours");
        assert_eq!(remove(&all.ann, id).status, 204);
        assert_eq!(chunks(), before);
        let twin = twin["record"]["id"].as_str().unwrap();
        assert!(all.get(&all.ann, &format!("/api/attachment/{twin}/content")).bytes == picture);
        assert_eq!(remove(&all.boss, twin).status, 204);
        assert_eq!(chunks(), before - 3, "half a megabyte in three parts");
        let note = all.noted(&all.ann, "With a file", "log");
        let note = format!(
            "--{BORDER}\r\nContent-Disposition: form-data; name=\"note\"\r\n\r\n{}\r\n",
            note["id"].as_str().unwrap()
        );
        let with = send(&all.ann, form("a.txt", b"hello", &note), "").json();
        assert_eq!(with["record"]["note"]["label"], "With a file");
        let pane = all.get(&all.ann, &format!("/api/quotation/{}/together", all.offer)).json();
        assert_eq!((&pane["attachments"], &pane["notes"]), (&json!(3), &json!(1)));
    });
}

#[test]
fn favourites_recent_records_and_dashboards_are_ones_own() {
    on_both(|world| {
        let all = People::of(world);
        let made = all.post(&all.ann, "/api/favourite", json!({ "name": "Blue", "about_doc": all.offer }));
        assert_eq!(made.status, 201, "{}", made.text());
        let path = format!("/api/favourite/{}", made.json()["record"]["id"].as_str().unwrap());
        let root = all.rim.signed_in(world, "root", "administrator");
        for stranger in [&all.boss, &root] {
            assert_eq!(all.get(stranger, &path).status, 404);
            assert_eq!(all.count(stranger, "favourite"), 0);
        }
        let pane = all.get(&all.ann, &format!("/api/quotation/{}/together", all.offer)).json();
        assert_eq!(pane["favourite"]["version"], 1);
        for way in ["//evil.example", "https://evil.example", "javascript:alert(1)"] {
            let wrong = json!({ "name": "x", "query": way });
            refused(&all.post(&all.ann, "/api/favourite", wrong), 422, "leads_nowhere");
        }
        // Whose it is cannot be said.
        let for_other = json!({ "name": "x", "query": "/", "owner": all.id("boss") });
        assert_eq!(all.post(&all.ann, "/api/favourite", for_other).status, 422);

        let look = |who: &str, id: &str| {
            let entity = if id.starts_with("pa") { "party" } else { "quotation" };
            all.post(who, "/api/recent", json!({ "entity": entity, "id": id })).status
        };
        let red = world.customer("RED", "EUR");
        assert_eq!((look(&all.boss, &all.offer), look(&all.boss, &red), look(&all.bob, &all.offer)), (204, 204, 404));
        world.moment();
        assert_eq!(look(&all.boss, &all.offer), 204);
        let recent = all.get(&all.boss, "/api/recent").json();
        let ids: Vec<&str> =
            recent["items"].as_array().unwrap().iter().map(|item| item["id"].as_str().unwrap()).collect();
        assert_eq!(ids, [all.offer.as_str(), red.as_str()]);
        assert_eq!(all.get(&all.ann, "/api/recent").json(), json!({ "items": [] }));

        let layout = json!({ "cards": [{ "id": "a", "x": 0, "y": 0, "w": 6, "h": 3, "kind": "figure", "entity": "party", "sum": null }] });
        // Every role has one that everybody may look at.
        let of_roles = all.count(&all.boss, "dashboard");
        assert_eq!(of_roles, 7);
        let own = all.post(&all.ann, "/api/dashboard", json!({ "name": "Mine", "layout": layout }));
        assert_eq!((own.status, &own.json()["record"]["layout"]), (201, &layout), "{}", own.text());
        let path = format!("/api/dashboard/{}", own.json()["record"]["id"].as_str().unwrap());
        assert_eq!(all.get(&all.boss, &path).status, 404);
        assert_eq!(all.rim.json(&all.ann, "PATCH", &path, &json!({ "version": 1, "shared": true })).status, 200);
        assert_eq!((all.get(&all.boss, &path).status, all.count(&all.boss, "dashboard")), (200, of_roles + 1));
        refused(&all.rim.json(&all.boss, "PATCH", &path, &json!({ "version": 2, "name": "Ours" })), 403, "not_yours");
        // What is shared is what roles see first: who may change the roles changes it, too, and what is not shared is nobody else's.
        let name = json!({ "version": 2, "name": "Ours" });
        assert_eq!(all.rim.json(&root, "PATCH", &path, &name).status, 200);
        assert_eq!(all.rim.json(&all.ann, "PATCH", &path, &json!({ "version": 3, "shared": false })).status, 200);
        assert_eq!(all.rim.json(&root, "PATCH", &path, &json!({ "version": 4, "name": "Mine" })).status, 404);
        let wrong = json!({ "name": "x", "layout": { "cards": [{ "id": "a", "x": 9, "y": 0, "w": 6, "h": 3, "kind": "home", "name": "a" }] } });
        refused(&all.post(&all.ann, "/api/dashboard", wrong), 422, "outside_the_grid");

        // What a whole role sees first is not everybody's to say, and the role has to be there.
        let for_role = |who: &str, role: &str| {
            all.post(who, "/api/dashboard", json!({ "name": "Theirs", "layout": layout, "for_role": role }))
        };
        refused(&for_role(&all.ann, "administrator"), 403, "not_for_roles");
        refused(&for_role(&root, "astronaut"), 422, "no_such_role");
        let theirs = for_role(&root, "administrator");
        assert_eq!((theirs.status, &theirs.json()["record"]["shared"]), (201, &json!(true)), "{}", theirs.text());
        let own = json!({ "version": 4, "for_role": "administrator" });
        refused(&all.rim.json(&all.ann, "PATCH", &path, &own), 403, "not_for_roles");
    });
}
