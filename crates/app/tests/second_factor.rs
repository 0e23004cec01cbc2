//! A code of the phone beside the password: set up, needed, used once, lost and taken away.

use crate::common::rim::{PASSWORD, Rim};
use crate::common::{World, on_both, text};
use hmac::{Hmac, KeyInit, Mac};
use serde_json::{Value as Json, json};

/// What the app of a phone shows, made here by its own means: steps from now.
fn code(world: &World, secret: &str, steps: i64) -> String {
    let bits: String = secret
        .chars()
        .map(|letter| format!("{:05b}", "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".find(letter).unwrap()))
        .collect();
    let bytes: Vec<u8> = bits
        .as_bytes()
        .chunks_exact(8)
        .map(|byte| u8::from_str_radix(std::str::from_utf8(byte).unwrap(), 2).unwrap())
        .collect();
    let mut mac = Hmac::<sha1::Sha1>::new_from_slice(&bytes).unwrap();
    mac.update(&(world.engine.now().micros() / 30_000_000 + steps).to_be_bytes());
    let hash = mac.finalize().into_bytes();
    let at = usize::from(hash[19] & 15);
    let number = u32::from_be_bytes(hash[at..at + 4].try_into().unwrap()) & 0x7fff_ffff;
    format!("{:06}", number % 1_000_000)
}

const FACTOR: &str = "/api/session/second_factor";

/// Sets one up; gives the secret and the codes on paper.
fn set_up(world: &World, rim: &Rim, cookie: &str) -> (String, Vec<String>) {
    let begun = rim.json(cookie, "POST", FACTOR, &json!({ "password": PASSWORD }));
    assert_eq!(begun.status, 200, "{}", begun.text());
    let secret = text(&begun.json()["secret"]);
    assert!(text(&begun.json()["uri"]).contains(&format!("secret={secret}&issuer=Heyi")));
    let told = rim.json(cookie, "PUT", FACTOR, &json!({ "code": code(world, &secret, 0) }));
    assert_eq!(told.status, 200, "{}", told.text());
    let codes = told.json()["recovery_codes"].as_array().unwrap().iter().map(text).collect();
    (secret, codes)
}

fn sign_in(rim: &Rim, code: &str) -> (u16, Json) {
    let body = json!({ "login": "sam", "password": PASSWORD, "code": code }).to_string();
    let answer = rim.send("POST", "/api/session", &[("content-type", "application/json")], body);
    (answer.status, answer.json()["code"].clone())
}

#[test]
fn a_code_of_the_phone_is_needed_and_opens_once() {
    on_both(|world| {
        let rim = Rim::of(world);
        let sam = rim.signed_in(world, "sam", "sales_rep");
        assert_eq!(rim.get(&sam, "/api/session").json()["second_factor"], false);
        // Neither without the password nor with a code of something else.
        let wrong = rim.json(&sam, "POST", FACTOR, &json!({ "password": "wrong one" }));
        assert_eq!((wrong.status, &wrong.json()["problems"][0]["field"]), (422, &json!("password")));
        let early = rim.json(&sam, "PUT", FACTOR, &json!({ "code": "000000" }));
        assert_eq!((early.status, &early.json()["problems"][0]["code"]), (422, &json!("wrong_code")));
        let begun = rim.json(&sam, "POST", FACTOR, &json!({ "password": PASSWORD })).json();
        assert_eq!(rim.try_in("sam", PASSWORD).status, 200, "what is only begun is not asked for");
        let old = text(&begun["secret"]);
        let (secret, codes) = set_up(world, &rim, &sam);
        assert_ne!(old, secret);
        assert_eq!(codes.len(), 10);
        assert_eq!(rim.get(&sam, "/api/session").json()["second_factor"], true);
        assert_eq!(rim.json(&sam, "POST", FACTOR, &json!({ "password": PASSWORD })).status, 409, "it is on");

        let without = rim.try_in("sam", PASSWORD);
        assert_eq!((without.status, &without.json()["code"]), (401, &json!("second_factor")));
        assert_eq!(without.header("set-cookie"), "", "no session yet");
        assert_eq!(
            rim.try_in("sam", "wrong one").json()["code"],
            "not_signed_in",
            "it is not told before the password is right"
        );
        // The one that confirmed it is used up; so is each after its use, and those before it.
        assert_eq!(sign_in(&rim, &code(world, &secret, 0)).0, 401);
        assert_eq!(sign_in(&rim, &code(world, &secret, 1)).0, 200, "a clock may be half a minute wrong");
        assert_eq!(sign_in(&rim, &code(world, &secret, 1)).0, 401, "seen over the shoulder, it opens nothing");
        assert_eq!(sign_in(&rim, &code(world, &old, 1)).0, 401);
        world.days_pass(1);
        assert_eq!(sign_in(&rim, &code(world, &secret, 3)).0, 401, "too far ahead");
        assert_eq!(sign_in(&rim, &format!(" {} ", code(world, &secret, 0))).0, 200);
        // Paper opens once, however it is typed.
        assert_eq!(sign_in(&rim, &codes[3].to_lowercase().replace('-', " ")).0, 200);
        assert_eq!(sign_in(&rim, &codes[3]).0, 401);
        // Nothing of it can be read from the database.
        let kept =
            world.engine.database().read(|conn| Ok(conn.query("select secret from second_factor", &[])?)).unwrap();
        assert!(kept[0].text(0).starts_with("sealed:v1:") && !kept[0].text(0).contains(&secret));
        let kept =
            world.engine.database().read(|conn| Ok(conn.query("select code_hash from recovery_code", &[])?)).unwrap();
        assert_eq!(kept.len(), 9);
        assert!(codes.iter().all(|one| kept.iter().all(|row| row.text(0) != one)));
        let timeline = world.number("select count(*) from audit where entity = 'user' and kind = 'note'", &[]);
        assert_eq!(timeline, 1, "it is written down that it was set up");
    });
}

#[test]
fn codes_cannot_be_guessed() {
    on_both(|world| {
        let rim = Rim::of(world);
        let sam = rim.signed_in(world, "sam", "sales_rep");
        let (secret, _) = set_up(world, &rim, &sam);
        world.days_pass(1);
        let outcomes: Vec<u16> = (0..12).map(|guess| sign_in(&rim, &format!("{guess:06}")).0).collect();
        assert!(outcomes.iter().filter(|status| **status == 401).count() <= 6, "{outcomes:?}");
        assert_eq!(outcomes.last(), Some(&429));
        assert_eq!(sign_in(&rim, &code(world, &secret, 0)).0, 429, "even the right one waits");
        // Asking for the password without a code does not forgive the guesses.
        world.days_pass(1);
        assert_eq!(rim.try_in("sam", PASSWORD).status, 401);
        assert_eq!(sign_in(&rim, "000000").0, 401);
        assert_eq!(sign_in(&rim, &code(world, &secret, 0)).0, 429, "one wrong guess after many waits at once");
        // Whoever found an open screen cannot guess the password either.
        world.days_pass(1);
        assert_eq!(sign_in(&rim, &code(world, &secret, 0)).0, 200);
        world.engine.set_password(world.user("sue", "sales_rep"), PASSWORD).unwrap();
        let sue = rim.try_in("sue", PASSWORD).cookie();
        let guess = json!({ "old": "wrong one", "new": "another fine lamp" });
        let outcomes: Vec<u16> =
            (0..8).map(|_| rim.json(&sue, "PUT", "/api/session/password", &guess).status).collect();
        assert_eq!((outcomes[0], outcomes[7]), (422, 409), "{outcomes:?}");
    });
}

#[test]
fn it_is_taken_away_with_password_and_code_or_by_an_administrator() {
    on_both(|world| {
        let rim = Rim::of(world);
        let sam = rim.signed_in(world, "sam", "sales_rep");
        let root = rim.signed_in(world, "root", "administrator");
        let (secret, codes) = set_up(world, &rim, &sam);
        world.days_pass(0);
        for body in [
            json!({ "password": "wrong one", "code": codes[0] }),
            json!({ "password": PASSWORD, "code": "000000" }),
            json!({ "password": PASSWORD }),
        ] {
            let answer = rim.json(&sam, "DELETE", FACTOR, &body);
            assert!(matches!(answer.status, 400 | 422), "{body}: {}", answer.status);
        }
        let body = json!({ "password": PASSWORD, "code": codes[0] });
        assert_eq!(rim.json(&sam, "DELETE", FACTOR, &body).status, 204);
        assert_eq!(rim.get(&sam, "/api/session").status, 401, "all sessions ended");
        assert_eq!(rim.try_in("sam", PASSWORD).status, 200);
        assert_eq!(sign_in(&rim, &code(world, &secret, 0)).0, 200, "a code that nobody asks for does no harm");
        // Phone and paper lost.
        let sam = rim.try_in("sam", PASSWORD).cookie();
        set_up(world, &rim, &sam);
        let [me, him] = ["root", "sam"].map(|login| kernel::id_text("us", world.user(login, "sales_rep")));
        let reset = |who: &str, whom: &str| {
            rim.json(who, "DELETE", &format!("/api/user/{whom}/second_factor"), &Json::Null).status
        };
        assert_eq!((reset(&sam, &him), reset(&root, &me), reset(&root, "us_zzzz")), (403, 403, 404));
        assert_eq!(reset(&root, &him), 204);
        assert_eq!(rim.get(&sam, "/api/session").status, 401);
        assert_eq!(rim.try_in("sam", PASSWORD).status, 200);
        // The key of a program has no hand in it.
        let key = json!({ "name": "k", "user": me, "active": true });
        let key = text(&rim.json(&root, "POST", "/api/api_key", &key).json()["record"]["id"]);
        let key = text(&rim.json(&root, "POST", &format!("/api/api_key/{key}/issue"), &json!({})).json()["key"]);
        let bearer = format!("Bearer {key}");
        let headers = [("authorization", bearer.as_str()), ("content-type", "application/json")];
        assert_eq!(rim.send("POST", FACTOR, &headers, json!({ "password": PASSWORD }).to_string()).status, 403);
        world.verified("second factors");
    });
}

/// What a server with such keys says to a sign-in.
fn sign_in_at(world: &World, keys: &str, code: &str) -> (u16, Json) {
    let rim = Rim::over(world.reopened(keys), api::Config::default());
    let body = json!({ "login": "sam", "password": PASSWORD, "code": code }).to_string();
    let answer = rim.send("POST", "/api/session", &[("content-type", "application/json")], body);
    (answer.status, answer.json()["problems"][0]["code"].clone())
}

#[test]
fn a_seal_holds_for_one_user_and_its_key() {
    on_both(|world| {
        let rim = Rim::of(world);
        let sam = rim.signed_in(world, "sam", "sales_rep");
        let sue = rim.signed_in(world, "sue", "sales_rep");
        let (secret, codes) = set_up(world, &rim, &sam);
        let (other, _) = set_up(world, &rim, &sue);
        let (sam_is, sue_is) = (world.user("sam", "sales_rep"), world.user("sue", "sales_rep"));
        let kept = |user: i64| {
            let sql = "select secret from second_factor where \"user\" = ?1";
            world.engine.database().read(|conn| Ok(conn.query(sql, &[user.into()])?[0].text(0).to_owned())).unwrap()
        };
        let keep = |user: i64, secret: &str| {
            let args = [user.into(), secret.into()];
            let sql = "update second_factor set secret = ?2 where \"user\" = ?1";
            world.engine.database().write(move |conn| Ok(conn.execute(sql, &args)?)).unwrap();
        };
        let unreadable = (409, json!("second_factor_unreadable"));
        let sealed = kept(sam_is);
        // Whoever writes to the database cannot give sam the phone of sue.
        keep(sam_is, &kept(sue_is));
        world.days_pass(1);
        assert_eq!(sign_in_at(world, "5", &code(world, &other, 0)), unreadable);
        keep(sam_is, &sealed);
        assert_eq!(sign_in_at(world, "5", &code(world, &secret, 0)).0, 200);
        // Without its key a secret opens nothing, and it is told what helps; paper does.
        world.days_pass(1);
        assert_eq!(sign_in_at(world, "6", &code(world, &secret, 0)), unreadable);
        assert_eq!(kept(sam_is), sealed, "it is left as it was: the key may come back");
        assert_eq!(sign_in_at(world, "6", &codes[2]).0, 200);
        // A new key above the old one seals anew; then the old one is not needed any more.
        assert_eq!(sign_in_at(world, "65", &code(world, &secret, 0)).0, 200);
        world.days_pass(1);
        assert_eq!(sign_in_at(world, "6", &code(world, &secret, 0)).0, 200);
        assert_eq!(sign_in_at(world, "5", &code(world, &secret, 0)), unreadable);
        // What an earlier version kept as it is, is sealed when the database is opened.
        keep(sam_is, &secret);
        world.days_pass(1);
        assert_eq!(world.reopened("5").reseal().unwrap().sealed, 0, "done by opening it");
        assert!(kept(sam_is).starts_with("sealed:v1:") && !kept(sam_is).contains(&secret));
        assert_eq!(sign_in_at(world, "5", &code(world, &secret, 0)).0, 200);
        // All lost: who runs the program takes it away.
        world.engine.forget_second_factor(&world.desk.actor, sam_is).unwrap();
        assert_eq!(rim.try_in("sam", PASSWORD).status, 200);
    });
}
