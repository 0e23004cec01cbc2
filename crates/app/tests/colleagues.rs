//! What colleagues do for each other: share views of lists, and have each other follow a record.

use crate::common::on_both;
use crate::common::people::{People, refused};
use crate::common::rim::Answer;
use serde_json::{Value as Json, json};

#[test]
fn a_list_opens_with_a_view_for_everybody_or_a_role() {
    on_both(|world| {
        let all = People::of(world);
        let root = all.rim.signed_in(world, "root", "administrator");
        let made = |who: &str, name: &str, more: Json| {
            let mut body = json!({ "entity": "quotation", "name": name, "query": {} });
            body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
            all.post(who, "/api/saved_view", body)
        };
        let id = |answer: &Answer| {
            assert_eq!(answer.status, 201, "{}", answer.text());
            answer.json()["record"]["id"].as_str().unwrap().to_owned()
        };
        let change = |who: &str, id: &str, change: Json| {
            let path = format!("/api/saved_view/{id}");
            let mut body = change;
            body["version"] = all.get(&root, &path).json()["record"]["version"].clone();
            all.rim.json(who, "PATCH", &path, &body)
        };
        // What is not shared is one's own, but for who may change all of them.
        let own = id(&made(&all.ann, "Mine", json!({ "is_default": true })));
        let path = format!("/api/saved_view/{own}");
        assert_eq!((all.get(&all.bob, &path).status, all.get(&all.boss, &path).status), (404, 404));
        let seen = [&all.ann, &all.bob, &all.boss, &root].map(|who| all.count(who, "saved_view"));
        assert_eq!(seen, [1, 0, 0, 1]);
        // What others open with is said by who may see the roles, for roles there are.
        refused(&change(&all.ann, &own, json!({ "for_role": "*" })), 403, "not_for_others");
        refused(&made(&all.bob, "x", json!({ "for_role": "sales_rep" })), 403, "not_for_others");
        refused(&change(&root, &own, json!({ "for_role": "astronaut" })), 422, "no_role");
        let offered = change(&root, &own, json!({ "for_role": "sales_rep" }));
        assert_eq!((offered.status, &offered.json()["record"]["shared"]), (200, &json!(true)), "{}", offered.text());
        assert_eq!(all.get(&all.bob, &path).json()["record"]["for_role"], "sales_rep");
        // Its owner goes on with it, and it stays shared as long as others open with it.
        let renamed = change(&all.ann, &own, json!({ "name": "Ours", "shared": false }));
        assert_eq!((renamed.status, &renamed.json()["record"]["shared"]), (200, &json!(true)));
        // One for each role, one for everybody, one for each owner; of another list another.
        let boss = id(&made(&all.boss, "Boss", json!({ "for_role": "*", "is_default": true })));
        let taken = change(&root, &boss, json!({ "for_role": "sales_rep" }));
        refused(&taken, 422, "opens_already");
        assert!(taken.text().contains("Ours"), "{}", taken.text());
        refused(&made(&root, "Root", json!({ "for_role": "*" })), 422, "opens_already");
        refused(&made(&all.ann, "Second", json!({ "is_default": true })), 422, "opens_first_already");
        id(&made(&root, "Orders", json!({ "entity": "sales_order", "for_role": "*", "is_default": true })));
        assert_eq!(change(&all.ann, &own, json!({ "for_role": null })).status, 403, "not hers to take away");
        assert_eq!(change(&root, &own, json!({ "for_role": null })).status, 200);
        assert_eq!(change(&root, &boss, json!({ "for_role": "sales_rep" })).status, 200);
    });
}

#[test]
fn a_colleague_is_made_to_follow_what_both_may_see() {
    on_both(|world| {
        let all = People::of(world);
        let path = format!("/api/quotation/{}/follow", all.offer);
        let add = |who: &str, whom: &str| all.post(who, &path, json!({ "user": whom }));
        let names = |answer: &Answer| -> Vec<String> {
            assert_eq!(answer.status, 200, "{}", answer.text());
            let followers = answer.json()["followers"].clone();
            followers.as_array().unwrap().iter().map(|one| one["id"].as_str().unwrap().to_owned()).collect()
        };
        let [ann, bob, boss] = ["ann", "bob", "boss"].map(|login| all.id(login));
        // Nobody is had to follow what they may not see, nor by somebody who may not; nothing of it is told.
        let cannot = add(&all.ann, &bob);
        refused(&cannot, 422, "may_not_see");
        assert_eq!(cannot.json()["problems"][0]["field"], "user");
        assert_eq!(add(&all.bob, &boss).status, 404);
        assert_eq!(add(&all.ann, "us_zzzz").status, 422);
        assert_eq!(all.post(&all.ann, &path, json!({ "user": 7 })).status, 400);
        assert_eq!((names(&all.get(&all.ann, &path)).len(), all.told(&all.bob)), (0, vec![]));
        // The boss sees it: follows, is told so once and what goes on from then on.
        assert_eq!(names(&add(&all.ann, &boss)), std::slice::from_ref(&boss));
        assert_eq!(names(&add(&all.ann, &boss)), std::slice::from_ref(&boss));
        assert_eq!(all.told(&all.boss), [format!("follow ann has you follow: {}", all.label)]);
        all.noted(&all.ann, "They like it", "message");
        assert_eq!(all.told(&all.boss).len(), 2);
        // And may stop that; oneself is had to follow without a word.
        assert_eq!(all.rim.json(&all.boss, "DELETE", &path, &Json::Null).status, 200);
        assert_eq!(names(&add(&all.ann, &ann)), [ann]);
        assert_eq!(all.told(&all.ann), Vec::<String>::new());
        // Who is archived works no more.
        world.act("user", &boss, "archive");
        refused(&add(&all.ann, &boss), 422, "may_not_see");
        world.verified("followers");
    });
}
