//! Programs elsewhere are told what happened: in order, signed, again when it failed, and never inside the house.

use std::io::{Read, Write};
use std::net::TcpListener;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, channel};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::Duration;

use crate::common::rim::Rim;
use crate::common::{World, id_of, on_both, raw, text};
use hmac::{Hmac, KeyInit, Mac};
use serde_json::{Value as Json, json};

/// A program elsewhere: keeps what it is told, and answers with what it is to answer.
struct Elsewhere {
    port: u16,
    heard: Receiver<String>,
    answers: Arc<Mutex<Vec<&'static str>>>,
    over: Arc<AtomicBool>,
    serving: Option<JoinHandle<()>>,
}

impl Elsewhere {
    fn new() -> Elsewhere {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let (tell, heard) = channel();
        let (answers, over): (Arc<Mutex<Vec<&'static str>>>, Arc<AtomicBool>) = Default::default();
        let (next, end) = (answers.clone(), over.clone());
        let serving = std::thread::spawn(move || {
            for stream in listener.incoming() {
                if end.load(Ordering::SeqCst) {
                    return;
                }
                let mut stream = stream.unwrap();
                stream.set_read_timeout(Some(Duration::from_secs(5))).unwrap();
                let (mut request, mut some) = (String::new(), [0; 4096]);
                loop {
                    let count = stream.read(&mut some).unwrap_or(0);
                    request.push_str(&String::from_utf8_lossy(&some[..count]));
                    let length = request.lines().find_map(|line| line.strip_prefix("Content-Length: ")?.parse().ok());
                    let body = request.split_once("\r\n\r\n").map_or(0, |(_, body)| body.len());
                    if count == 0 || length.is_some_and(|length: usize| length <= body) {
                        break;
                    }
                }
                let mut answers = next.lock().unwrap();
                let answer = if answers.is_empty() { "204 No Content" } else { answers.remove(0) };
                // Before the answer: whoever has it may look at once.
                let _ = tell.send(request);
                let _ = stream.write_all(format!("HTTP/1.1 {answer}\r\nContent-Length: 0\r\n\r\n").as_bytes());
            }
        });
        Elsewhere { port, heard, answers, over, serving: Some(serving) }
    }

    fn answers(&self, with: &[&'static str]) {
        self.answers.lock().unwrap().extend(with);
    }

    /// What was heard since, each with its headers and body.
    fn heard(&self) -> Vec<(String, Json)> {
        let all = self.heard.try_iter().map(|request| {
            let (head, body) = request.split_once("\r\n\r\n").unwrap();
            (head.to_owned(), serde_json::from_str(body).unwrap_or_else(|_| panic!("{body}")))
        });
        all.collect()
    }
}

impl Drop for Elsewhere {
    fn drop(&mut self) {
        self.over.store(true, Ordering::SeqCst);
        let _ = std::net::TcpStream::connect(("127.0.0.1", self.port));
        let _ = self.serving.take().unwrap().join();
    }
}

/// A webhook to be told; its id and secret.
fn hook(world: &World, rim: &Rim, root: &str, port: u16, events: &str) -> (String, String) {
    let body = json!({ "name": "warehouse", "url": format!("http://localhost:{port}/heyi?x=1"), "events": events });
    let made = rim.json(root, "POST", "/api/webhook", &body);
    assert_eq!(made.status, 201, "{}", made.text());
    let id = id_of(&made.json());
    let secret = text(&rim.json(root, "POST", &format!("/api/webhook/{id}/issue"), &json!({})).json()["secret"]);
    assert!(!rim.get(root, &format!("/api/webhook/{id}")).text().contains(&secret), "it is shown once");
    let _ = world;
    (id, secret)
}

/// A program elsewhere that is told of parties, and who may set that up.
fn told_of_parties(world: &World) -> (Elsewhere, Rim, String, String) {
    let (elsewhere, rim) = (Elsewhere::new(), Rim::of(world));
    let root = rim.signed_in(world, "root", "administrator");
    let (id, _) = hook(world, &rim, &root, elsewhere.port, "party");
    (elsewhere, rim, root, id)
}

/// Lets a server tell until there is nothing to tell.
fn told(world: &World, inside: bool) -> usize {
    let mut rounds = 0;
    while api::hooks::tell_one(&world.engine, "w", inside, &AtomicBool::new(false)).unwrap() {
        rounds += 1;
        assert!(rounds < 50, "it never ends");
    }
    rounds
}

fn header<'a>(head: &'a str, name: &str) -> &'a str {
    head.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(": ")).unwrap_or("")
}

#[test]
fn what_happens_is_told_once_in_order_and_signed() {
    on_both(|world| {
        let elsewhere = Elsewhere::new();
        let rim = Rim::of(world);
        let root = rim.signed_in(world, "root", "administrator");
        let (id, secret) = hook(world, &rim, &root, elsewhere.port, "party sales_order");
        let lamp = world.product("L1", "fifo", "30");
        let customer = world.customer("BLUE", "EUR");
        let order = world.order(&customer, &lamp, "1");
        world.act("sales_order", &order, "cancel");
        world.elsewhere().create("party", json!({ "code": "X", "name": "x", "is_customer": true })).unwrap();
        told(world, true);
        let heard = elsewhere.heard();
        let short: Vec<String> = heard
            .iter()
            .map(|(_, body)| format!("{} {} {} {}", body["kind"], body["entity"], body["id"], body["version"]))
            .collect();
        let expected = [
            format!("\"created\" \"party\" \"{customer}\" 1"),
            format!("\"created\" \"sales_order\" \"{order}\" 1"),
            format!("\"action\" \"sales_order\" \"{order}\" 2"),
        ];
        assert_eq!(short, expected, "what was asked for, of this company only");
        for (head, body) in &heard {
            assert!(head.starts_with("POST /heyi?x=1 HTTP/1.1\r\n"), "{head}");
            assert_eq!(header(head, "X-Heyi-Event"), body["event"].as_str().unwrap());
            let mut mac = Hmac::<sha2::Sha256>::new_from_slice(secret.as_bytes()).unwrap();
            mac.update(format!("{}.{body}", header(head, "X-Heyi-Timestamp")).as_bytes());
            let hash: String = mac.finalize().into_bytes().iter().map(|byte| format!("{byte:02x}")).collect();
            assert_eq!(header(head, "X-Heyi-Signature"), format!("v1={hash}"));
            assert!(!head.contains("cookie") && !head.contains(&secret));
        }
        // Nothing twice, and only what is new.
        world.days_pass(1);
        assert_eq!(told(world, true), 0);
        world.customer("RED", "EUR");
        told(world, true);
        assert_eq!(elsewhere.heard().len(), 1);
        let root = rim.signed_in(world, "root", "administrator");
        let log = rim.get(&root, &format!("/api/webhook/{id}/deliveries")).json();
        assert_eq!((log["deliveries"].as_array().unwrap().len(), &log["dead"]), (4, &json!(0)));
        // Who is out of use is told nothing, and told it later.
        world.change(&world.desk.actor, "webhook", &id, json!({ "active": false })).unwrap();
        world.customer("GREEN", "EUR");
        assert_eq!(told(world, true), 0);
        world.change(&world.desk.actor, "webhook", &id, json!({ "active": true })).unwrap();
        told(world, true);
        assert_eq!(elsewhere.heard().len(), 1);
        // Others have no say in it.
        let sam = rim.signed_in(world, "sam", "sales_rep");
        for (method, rest) in [("POST", "/issue"), ("GET", "/deliveries"), ("POST", "/retry"), ("GET", "")] {
            let answer = rim.json(&sam, method, &format!("/api/webhook/{id}{rest}"), &Json::Null);
            assert!(matches!(answer.status, 403 | 404), "{rest}: {}", answer.status);
        }
    });
}

#[test]
fn what_fails_is_tried_again_later_and_given_up_at_last() {
    on_both(|world| {
        let (elsewhere, rim, _, id) = told_of_parties(world);
        let (blue, red) = (world.customer("BLUE", "EUR"), world.customer("RED", "EUR"));
        elsewhere.answers(&["500 Oops", "302 Found\r\nLocation: http://127.0.0.1:1/", "200 OK"]);
        let log = |rest: &str| {
            let told = world.engine.hook_deliveries(&world.desk.actor, raw(&world.engine, "webhook", &id)).unwrap();
            let one = told["deliveries"][0].clone();
            let of = |name: &str| one[name].as_str().map_or_else(|| one[name].to_string(), str::to_owned);
            rest.split(' ')
                .map(|name| if name == "dead" { told["dead"].to_string() } else { of(name) })
                .collect::<Vec<_>>()
                .join(" ")
        };
        told(world, true);
        assert_eq!(elsewhere.heard().len(), 1, "the second waits for the first");
        assert_eq!(log("id state tries status error"), format!("{blue} waiting 1 500 refused"));
        assert_eq!(told(world, true), 0, "not at once again");
        world.days_pass(1);
        told(world, true);
        assert_eq!(log("state tries status"), "waiting 2 302", "a redirect is followed nowhere");
        elsewhere.heard();
        world.days_pass(1);
        told(world, true);
        let heard: Vec<String> = elsewhere.heard().iter().map(|(_, body)| text(&body["id"])).collect();
        assert_eq!(heard, [blue, red], "then both, in order");
        // Who never answers well is given up, one by one, and told again when asked.
        let green = world.customer("GREEN", "EUR");
        elsewhere.answers(&["503 No"; 8]);
        for _ in 0..8 {
            told(world, true);
            world.days_pass(1);
        }
        assert_eq!(log("id state tries dead"), format!("{green} dead 8 1"));
        assert_eq!(told(world, true), 0);
        elsewhere.heard();
        let root = rim.signed_in(world, "root", "administrator");
        assert_eq!(rim.json(&root, "POST", &format!("/api/webhook/{id}/retry"), &json!({})).status, 200);
        told(world, true);
        assert_eq!(elsewhere.heard().len(), 1);
        assert_eq!(log("id state dead"), format!("{green} sent 0"));
    });
}

#[test]
fn a_dead_worker_is_followed_by_another_and_two_never_tell_the_same() {
    on_both(|world| {
        let (elsewhere, ..) = told_of_parties(world);
        world.customer("BLUE", "EUR");
        let second = world.second();
        let mut dead = world.engine.claim_hook("first").unwrap().expect("there is something to tell");
        assert!(second.claim_hook("second").unwrap().is_none(), "it is being told");
        world.days_pass(1);
        let stop = AtomicBool::new(false);
        assert!(api::hooks::tell_one(&second, "second", true, &stop).unwrap());
        assert_eq!(elsewhere.heard().len(), 1);
        // The first wakes up: what it says it did is not written down.
        world.customer("RED", "EUR");
        let notice = second.notices(&dead).unwrap().remove(0);
        let outcome = engine::Outcome { status: 200, error: None };
        assert!(!world.engine.noticed(&mut dead, &notice, &outcome).unwrap());
        assert_eq!(world.number("select count(*) from hook_delivery", &[]), 1);
        told(world, true);
        assert_eq!(elsewhere.heard().len(), 1, "so it is told by who has it");
    });
}

#[test]
fn nothing_inside_the_house_is_spoken_to() {
    on_both(|world| {
        let elsewhere = Elsewhere::new();
        let rim = Rim::of(world);
        let root = rim.signed_in(world, "root", "administrator");
        let port = elsewhere.port;
        for url in [
            format!("http://127.0.0.1:{port}"),
            format!("http://[::1]:{port}"),
            format!("http://0x7f000001:{port}"),
            "http://169.254.169.254/latest/meta-data".to_owned(),
            "http://10.0.0.1/".to_owned(),
            "file:///etc/passwd".to_owned(),
            "gopher://a.example".to_owned(),
            "https://a.example:25".to_owned(),
            "https://me@a.example".to_owned(),
        ] {
            let answer = rim.json(&root, "POST", "/api/webhook", &json!({ "name": "x", "url": url }));
            assert_eq!((answer.status, &answer.json()["problems"][0]["field"]), (422, &json!("url")), "{url}");
        }
        // A name that leads inside is found out when it is looked up.
        let (id, _) = hook(world, &rim, &root, port, "*");
        world.customer("BLUE", "EUR");
        told(world, false);
        assert!(elsewhere.heard().is_empty(), "nobody came");
        let log = rim.get(&root, &format!("/api/webhook/{id}/deliveries")).json();
        let one = &log["deliveries"][0];
        assert_eq!((&one["state"], &one["status"]), (&json!("waiting"), &json!(0)));
        assert_eq!(one["error"], "the name leads inside the house");
    });
}

#[test]
fn what_was_told_long_ago_is_not_kept_and_not_told_again() {
    on_both(|world| {
        let (elsewhere, rim, root, _) = told_of_parties(world);
        world.customer("BLUE", "EUR");
        told(world, true);
        elsewhere.answers(&["503 No"]);
        world.customer("RED", "EUR");
        told(world, true);
        let headers = [
            ("cookie", root.as_str()),
            ("x-heyi", "1"),
            ("content-type", "application/json"),
            ("idempotency-key", "k1"),
        ];
        let sent =
            |rim: &Rim| rim.send("POST", "/api/party", &headers, r#"{"code":"Y","name":"y","is_customer":true}"#);
        let first = sent(&rim).json()["record"]["id"].clone();
        assert_eq!(sent(&rim).json()["record"]["id"], first, "the same request again");
        let kept = |table: &str| world.number(&format!("select count(*) from {table}"), &[]);
        assert_eq!((kept("hook_delivery"), kept("idempotency")), (2, 1));
        while world.engine.purge().unwrap() {}
        assert_eq!((kept("hook_delivery"), kept("idempotency")), (2, 1), "nothing is old yet");
        world.days_pass(31);
        while world.engine.purge().unwrap() {}
        // What waits to be tried again stays, with its event.
        assert_eq!((kept("hook_delivery"), kept("outbox"), kept("idempotency")), (1, 1, 0));
        elsewhere.heard();
        told(world, true);
        assert_eq!(elsewhere.heard().len(), 1);
        world.days_pass(31);
        world.customer("GREEN", "EUR");
        while world.engine.purge().unwrap() {}
        told(world, true);
        assert_eq!(elsewhere.heard().len(), 1, "only what is new");
        world.verified("after old events are gone");
    });
}

#[test]
fn the_secret_is_sealed_and_one_whose_key_is_lost_signs_nothing() {
    on_both(|world| {
        let (elsewhere, rim) = (Elsewhere::new(), Rim::of(world));
        let root = rim.signed_in(world, "root", "administrator");
        let (id, secret) = hook(world, &rim, &root, elsewhere.port, "party");
        let kept = || {
            world
                .engine
                .database()
                .read(|conn| Ok(conn.query("select secret from hook_state", &[])?[0].text(0).to_owned()))
        };
        assert!(kept().unwrap().starts_with("sealed:v1:") && !kept().unwrap().contains(&secret));
        let tell = |keys: &str| {
            let engine = world.reopened(keys);
            while api::hooks::tell_one(&engine, "w", true, &AtomicBool::new(false)).unwrap() {}
            elsewhere.heard().iter().map(|(head, _)| header(head, "X-Heyi-Signature").to_owned()).collect::<Vec<_>>()
        };
        world.customer("BLUE", "EUR");
        assert!(tell("6").is_empty(), "nothing is sent unsigned, or signed with something else");
        let log = rim.get(&root, &format!("/api/webhook/{id}/deliveries")).json();
        assert_eq!(log["deliveries"][0]["error"], "the server has lost the key of the secret: make a new secret");
        let headers = [("cookie", root.as_str()), ("accept-language", "zh")];
        let log = rim.send("GET", &format!("/api/webhook/{id}/deliveries"), &headers, "").json();
        assert_eq!(log["deliveries"][0]["error"], "服务器已没有该签名密钥的加密密钥，请重新生成签名密钥");
        // Kept by an earlier version: sealed at the next start, and signed with as before.
        let plain = [secret.as_str().into()];
        world
            .engine
            .database()
            .write(move |conn| Ok(conn.execute("update hook_state set secret = ?1", &plain)?))
            .unwrap();
        world.days_pass(1);
        let heard = tell("5");
        assert!(heard.len() == 1 && kept().unwrap().starts_with("sealed:v1:"), "{heard:?}");
        // A new secret is sealed with the key there is.
        world.customer("RED", "EUR");
        let root = rim.signed_in(world, "root", "administrator");
        let issued = rim.json(&root, "POST", &format!("/api/webhook/{id}/issue"), &json!({})).json();
        assert!(text(&issued["secret"]) != secret && tell("5").len() == 1);
    });
}

#[test]
fn what_is_told_has_nothing_of_the_record() {
    on_both(|world| {
        let (elsewhere, _, _, _) = told_of_parties(world);
        let customer = world.customer_with("BLUE", json!({ "credit_limit": "98765" }));
        world.change(&world.desk.actor, "party", &customer, json!({ "credit_limit": "56789" })).unwrap();
        told(world, true);
        let heard = elsewhere.heard();
        assert_eq!(heard.len(), 2);
        for (_, body) in &heard {
            // So no field has to be kept back: who wants to know asks as somebody who may see it.
            let keys: Vec<&String> = body.as_object().unwrap().keys().collect();
            assert_eq!(keys, ["event", "entity", "id", "version", "kind", "company", "at"], "{body}");
        }
    });
}
