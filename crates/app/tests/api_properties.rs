//! The description of the API is true: whatever is asked, the answer is one it describes.
//!
//! Every operation of `tests/snapshots/openapi.json` is asked many times, sensibly and not,
//! by seeded dice (`HEYI_SEED` for others). Never is it our fault (5xx); the status and the
//! kind of content are described; the body has the shape described; a refusal is a problem
//! in words. After all that the books still hold.

use std::collections::BTreeMap;

use crate::common::{World, merge, on_both, raw, text};
use crate::properties::Dice;
use crate::properties::schema::{resolved, wrong};
use crate::properties::values::{Pool, allowed, id, odd, spoilt};
use axum::Router;
use axum::body::Body;
use axum::http::Request;
use serde_json::{Value as Json, json};
use tower::ServiceExt;

/// How often every operation is asked.
const SQLITE_ROUNDS: usize = 6;
const POSTGRES_ROUNDS: usize = 2;
/// A stream without end.
const ENDLESS: &str = "/api/live";

fn seed() -> u64 {
    std::env::var("HEYI_SEED").ok().and_then(|text| text.parse().ok()).unwrap_or(20_260_316)
}

/// A company with a record of nearly everything.
fn furnished(world: &World) {
    let lamp = world.product("L1", "fifo", "30");
    world.receive(&world.day(-1), &lamp, "50", "10");
    let blue = world.customer("BLUE", "EUR");
    let (order, delivery, invoice) = world.sale(&blue, &lamp, "2");
    world.paid(&invoice, json!({}));
    let (.., open) = world.sale(&world.customer("RED", "USD"), &lamp, "1");
    world.order(&blue, &lamp, "3");
    world.made_of("sales_return", ("delivery", &delivery), None, json!({ "received_on": world.day(0) }));
    world.made_of("invoice", ("invoice", &open), None, json!({ "issued_on": world.day(0) }));
    world.made_of(
        "delivery",
        ("sales_order", &world.confirmed(&blue, &lamp, "2")),
        None,
        json!({ "shipped_on": world.day(0) }),
    );
    let quote = json!({
        "customer": world.get("sales_order", &order)["customer"]["id"], "quoted_on": world.day(0),
        "valid_until": world.day(9), "lines": [{ "product": lamp, "qty": "1" }],
    });
    world.desk.create("quotation", quote).unwrap();
    let lines = json!([{ "account": world.bank, "debit": "1.00" }, { "account": world.bank, "credit": "1.00" }]);
    let entry = json!({ "posted_on": world.day(0), "journal": "general", "lines": lines });
    world.desk.create("journal_entry", entry).unwrap();
    world.desk.create("price_list", json!({ "name": "Friends", "currency": "EUR" })).unwrap();
    world.user("extra", "auditor");
}

/// Ids of what is there, by prefix; without those who ask, so that they can go on asking.
fn pool(world: &World, me: i64) -> Pool {
    let mut pool = Pool::new();
    for meta in world.engine.registry().entities() {
        let mine = match meta.name {
            "user" => format!(" where id <> {me}"),
            "user_role" | "api_key" => format!(" where \"user\" <> {me}"),
            "role" => " where code <> 'administrator'".to_owned(),
            "company" => " where 1 = 0".to_owned(),
            _ => String::new(),
        };
        let sql = format!("select id from \"{}\"{mine} order by id desc limit 12", meta.name);
        let rows = world.engine.database().read(|conn| Ok(conn.query(&sql, &[])?)).unwrap();
        let ids = rows.iter().map(|row| kernel::id_text(meta.prefix, row.int(0)));
        pool.insert(meta.prefix.to_owned(), ids.collect());
    }
    pool
}

/// One operation of the description.
struct Operation<'a> {
    path: &'a str,
    method: &'a str,
    is: &'a Json,
    prefix: Option<String>,
}

/// A request, and whether it has a field that is described nowhere.
struct Asked {
    method: String,
    uri: String,
    headers: Vec<(&'static str, String)>,
    body: Vec<u8>,
    is_strange: bool,
}

impl std::fmt::Display for Asked {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let body: String = String::from_utf8_lossy(&self.body).chars().take(600).collect();
        write!(f, "{} {} {:?} {body}", self.method, self.uri, self.headers)
    }
}

fn encoded(text: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte);
    text.bytes().map(|byte| if plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") }).collect()
}

/// Text for a parameter of the address.
fn parameter(dice: &mut Dice, root: &Json, of: &Operation, says: &Json, pool: &Pool) -> String {
    let fields = fields(root, of);
    let field = |dice: &mut Dice| match fields.is_empty() {
        true => "name".to_owned(),
        false => dice.pick(&fields).clone(),
    };
    let name = says["name"].as_str().unwrap();
    if dice.chance(12) {
        let odd = odd(dice);
        return odd.as_str().map_or_else(|| odd.to_string(), str::to_owned).chars().take(300).collect();
    }
    match name {
        "filter" => filter(dice, &fields, 0).to_string(),
        "sort" => format!("{}{}", ["", "-"][dice.below(2)], field(dice)),
        "fields" | "sum" | "min" | "max" => format!("{},{}", field(dice), field(dice)),
        "group" => format!("{}{}", field(dice), ["", ":month", ":year", ":week"][dice.below(4)]),
        "from" => {
            let sources = ["sales_order:so", "invoice:in", "delivery:dl", "quotation:qu", "party:pa"];
            let (entity, prefix) = dice.pick(&sources).split_once(':').unwrap();
            let meta = app::modules::registry().entity(entity).map_or(prefix, |meta| meta.prefix);
            format!("{entity}:{}", id(dice, pool, meta))
        }
        _ => {
            let value = allowed(dice, root, &says["schema"], pool);
            value.as_str().map_or_else(|| value.to_string(), str::to_owned)
        }
    }
}

/// The fields of the entity an operation is about.
fn fields(root: &Json, of: &Operation) -> Vec<String> {
    let entity = of.path.trim_start_matches("/api/").split('/').next().unwrap_or("");
    let name: String = entity.split('_').map(|word| word[..1].to_uppercase() + &word[1..]).collect();
    let schema = &root["components"]["schemas"][format!("{name}Row")];
    schema["properties"].as_object().into_iter().flatten().map(|(name, _)| name.clone()).collect()
}

fn filter(dice: &mut Dice, fields: &[String], depth: usize) -> Json {
    if depth < 3 && dice.chance(25) {
        let parts: Vec<Json> = (0..dice.below(3)).map(|_| filter(dice, fields, depth + 1)).collect();
        let word = *dice.pick(&["and", "or", "not"]);
        return Json::Array(std::iter::once(json!(word)).chain(parts).collect());
    }
    let operators = [
        "=",
        "!=",
        "<",
        "<=",
        ">",
        ">=",
        "in",
        "not_in",
        "contains",
        "starts",
        "between",
        "empty",
        "not_empty",
        "within",
        "is",
        "like",
    ];
    let field = if fields.is_empty() || dice.chance(5) { "nothing" } else { dice.pick(fields) };
    let field = if dice.chance(10) { format!("{field}.name") } else { field.to_owned() };
    let operator = *dice.pick(&operators);
    let value = match operator {
        "in" | "not_in" | "between" => json!([odd(dice), "2026-03-01"]),
        "within" => json!(["today", "last_7_days", "this_quarter", "never"][dice.below(4)]),
        "is" => json!(["me", "my_team", "you"][dice.below(3)]),
        _ if dice.chance(50) => json!(["1", "2026-03-16", "draft", "x", "true"][dice.below(5)]),
        _ => odd(dice),
    };
    json!([field, operator, value])
}

impl Asked {
    fn of(dice: &mut Dice, world: &World, root: &Json, of: &Operation, pool: &Pool, key: &str) -> Asked {
        let mut headers = vec![("authorization", format!("Bearer {key}"))];
        let (mut path, mut query) = (of.path.to_owned(), Vec::new());
        let mut chosen = None;
        // Some two or three of what may be asked, however much that is: all of it at once is never sensible.
        let says = of.is["parameters"].as_array().into_iter().flatten();
        let asked = says.filter(|says| resolved(root, says)["in"] == "query").count();
        let often = 25.min(200 / asked.max(1));
        for says in of.is["parameters"].as_array().into_iter().flatten() {
            let says = resolved(root, says);
            let name = says["name"].as_str().unwrap();
            match says["in"].as_str().unwrap() {
                "path" if name == "id" => {
                    let one = id(dice, pool, of.prefix.as_deref().unwrap_or("xx"));
                    path = path.replace("{id}", &encoded(if one.is_empty() { "-" } else { &one }));
                    chosen = Some(one);
                }
                "path" => path = path.replace("{external}", &encoded(["x1", "x2", "你好", "a/b", "\0"][dice.below(5)])),
                "query" if says["required"] == true && dice.chance(90) || dice.chance(often) => {
                    let value = parameter(dice, root, of, says, pool);
                    query.push(format!("{name}={}", encoded(&value)));
                }
                "header" => match name {
                    "Idempotency-Key" if dice.chance(15) => {
                        headers.push(("idempotency-key", format!("k{}", dice.below(20))))
                    }
                    "X-Company" if dice.chance(5) => {
                        headers.push(("x-company", ["co_1", "x", "co_zz"][dice.below(3)].to_owned()))
                    }
                    "If-Match" if dice.chance(5) => {
                        headers.push(("if-match", ["1", "\"2\"", "x", "*"][dice.below(4)].to_owned()))
                    }
                    "Accept-Language" if dice.chance(40) => headers.push(("accept-language", "zh".to_owned())),
                    _ => {}
                },
                _ => {}
            }
        }
        let content = &of.is["requestBody"]["content"];
        let (mut body, mut is_strange) = (Vec::new(), false);
        if let Some(json) = content.get("application/json") {
            headers.push(("content-type", "application/json".to_owned()));
            let mut value = allowed(dice, root, &json["schema"], pool);
            if let (Some(one), true) = (&chosen, dice.chance(80)) {
                value["version"] = json!(version(world, of, one));
            }
            match dice.below(100) {
                0..=44 => {}
                45..=84 => spoilt(dice, &mut value),
                85..=91 if value.is_object() => {
                    value["described_nowhere"] = odd(dice);
                    let described = !of.is["operationId"].as_str().unwrap().starts_with("preview_");
                    is_strange = described && of.path != "/api/session" && !of.path.contains("/session/");
                }
                _ => value = odd(dice),
            }
            body = match dice.below(100) {
                0..=2 => b"{\"a\":".to_vec(),
                3 => vec![0xff, 0xfe, 0x00],
                _ => value.to_string().into_bytes(),
            };
            is_strange &=
                serde_json::from_slice::<Json>(&body).is_ok_and(|sent| sent.get("described_nowhere").is_some());
        } else if content.get("text/csv").is_some() {
            headers.push(("content-type", "text/csv".to_owned()));
            let names = fields(root, of);
            let mut head: Vec<String> =
                (0..3).filter(|_| !names.is_empty()).map(|_| dice.pick(&names).clone()).collect();
            head.push("name".to_owned());
            let mut lines = vec![head.join(",")];
            for _ in 0..dice.below(4) {
                let cells = head.iter().map(|_| {
                    let odd = odd(dice);
                    let text = odd.as_str().map_or_else(|| odd.to_string(), str::to_owned);
                    format!("\"{}\"", text.replace('"', "\"\"").chars().take(300).collect::<String>())
                });
                lines.push(cells.collect::<Vec<_>>().join(","));
            }
            body = lines.join("\n").into_bytes();
        }
        let sign = if query.is_empty() { "" } else { "?" };
        let uri = format!("{path}{sign}{}", query.join("&"));
        Asked { method: of.method.to_uppercase(), uri, headers, body, is_strange }
    }
}

fn version(world: &World, of: &Operation, id: &str) -> i64 {
    let entity = of.path.trim_start_matches("/api/").split('/').next().unwrap_or("");
    match (world.engine.registry().entity(entity), id.split_once('_')) {
        (Some(meta), Some(_)) => match kernel::id_parse(meta.prefix, id) {
            Some(raw) => world.number(&format!("select version from \"{entity}\" where id = ?1"), &[raw.into()]),
            None => 1,
        },
        _ => 1,
    }
}

/// Asks, and says which record the answer tells and what is wrong with it.
async fn asked(router: &Router, root: &Json, of: &Operation<'_>, ask: &Asked) -> (u16, Option<String>, Vec<String>) {
    let mut request = Request::builder().method(ask.method.as_str()).uri(&ask.uri);
    for (name, value) in &ask.headers {
        request = request.header(*name, value);
    }
    let request = request.body(Body::from(ask.body.clone())).unwrap_or_else(|why| panic!("{why}: {ask}"));
    let answer = router.clone().oneshot(request).await.unwrap();
    let status = answer.status().as_u16();
    let header = answer.headers().get("content-type").map_or("", |value| value.to_str().unwrap_or("?"));
    let kind = header.split(';').next().unwrap_or("").to_owned();
    let told = resolved(root, &of.is["responses"][status.to_string()]);
    if status >= 500 {
        let body = axum::body::to_bytes(answer.into_body(), usize::MAX).await.unwrap_or_default();
        return (status, None, vec![format!("our fault: {}", String::from_utf8_lossy(&body))]);
    }
    if told.is_null() {
        return (status, None, vec![format!("{status} is not described")]);
    }
    // Who is told a version can rely on it, and is told of it.
    let (is_tagged, tag) = (told["headers"]["ETag"].is_object(), answer.headers().contains_key("etag"));
    if is_tagged != tag {
        return (status, None, vec![format!("ETag: described {is_tagged}, told {tag}")]);
    }
    let described = told["content"].as_object();
    if ask.uri.starts_with(ENDLESS) && status == 200 {
        let fine = described.is_some_and(|kinds| kinds.contains_key(&kind));
        return (status, None, if fine { Vec::new() } else { vec![format!("{kind:?} is not described")] });
    }
    let bytes = axum::body::to_bytes(answer.into_body(), usize::MAX).await.unwrap();
    let Some(kinds) = described else {
        return (status, None, if bytes.is_empty() { Vec::new() } else { vec!["no content is described".to_owned()] });
    };
    let Some(content) = kinds.get(&kind) else {
        return (status, None, vec![format!("{kind:?} is not described for {status}")]);
    };
    let (mut found, mut record) = (Vec::new(), None);
    if kind.ends_with("json") {
        match serde_json::from_slice::<Json>(&bytes) {
            Ok(value) => {
                record = value["record"]["id"].as_str().map(str::to_owned);
                found.extend(wrong(root, &content["schema"], &value));
                if status >= 400 {
                    if kind != "application/problem+json" || value["status"] != status {
                        found.push(format!("a refusal is a problem: {value}"));
                    }
                    if value["detail"].as_str().is_none_or(|text| text.trim().is_empty()) {
                        found.push(format!("a refusal says why: {value}"));
                    }
                }
            }
            Err(why) => found.push(why.to_string()),
        }
    }
    if ask.is_strange && status < 300 {
        found.push("a field that is described nowhere was taken".to_owned());
    }
    (status, record, found)
}

#[test]
fn whatever_is_asked_the_answer_is_one_that_is_described() {
    let root: Json = serde_json::from_str(include_str!("../../../tests/snapshots/openapi.json")).unwrap();
    on_both(|world| {
        furnished(world);
        let me = world.user("tester", "administrator");
        let body = json!({ "name": "tester", "user": kernel::id_text("us", me), "active": true });
        let key = world.desk.create("api_key", body).unwrap();
        let actor = world.engine.actor(me, Some(world.company), None).unwrap();
        let key = world.engine.issue_key(&actor, raw(&world.engine, "api_key", &key)).unwrap();
        let router = api::router(world.engine.clone(), api::Config::default());
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let rounds = if world.on == "SQLite" { SQLITE_ROUNDS } else { POSTGRES_ROUNDS };
        let mut dice = Dice::new(seed());
        let (mut statuses, mut bad): (BTreeMap<u16, usize>, BTreeMap<String, String>) = Default::default();
        let mut good: BTreeMap<&str, usize> = BTreeMap::new();
        let mut operations = 0;
        for round in 0..rounds {
            let pool = pool(world, me);
            for (path, methods) in root["paths"].as_object().unwrap() {
                for (method, is) in methods.as_object().unwrap() {
                    let entity = path.trim_start_matches("/api/").split('/').next().unwrap_or("");
                    let prefix = world.engine.registry().entity(entity).map(|meta| meta.prefix.to_owned());
                    let of = Operation { path, method, is, prefix };
                    let mut ask = Asked::of(&mut dice, world, &root, &of, &pool, &key);
                    let takes_key = |says: &Json| resolved(&root, says)["name"] == "Idempotency-Key";
                    let is_once = dice.chance(30) && is["parameters"].as_array().unwrap().iter().any(takes_key);
                    if is_once {
                        ask.headers.retain(|(name, _)| *name != "idempotency-key");
                        ask.headers.push(("idempotency-key", format!("once-{}", statuses.values().sum::<usize>())));
                    }
                    let (status, record, mut found) = runtime.block_on(asked(&router, &root, &of, &ask));
                    if is_once && status < 300 {
                        let (again, same, _) = runtime.block_on(asked(&router, &root, &of, &ask));
                        if again >= 300 || same != record {
                            found.push(format!(
                                "sent again with its key: {again} {same:?} instead of {status} {record:?}"
                            ));
                        }
                    }
                    *statuses.entry(status).or_default() += 1;
                    *good.entry(is["operationId"].as_str().unwrap()).or_default() += usize::from(status < 300);
                    operations += usize::from(round == 0);
                    for one in found {
                        // One of each sort is enough to mend it.
                        let sort: String = one.chars().filter(|sign| !sign.is_ascii_digit()).take(60).collect();
                        let verb = is["operationId"].as_str().unwrap().split('_').next().unwrap();
                        bad.entry(format!("{verb} {sort}")).or_insert_with(|| format!("{one}\n  {ask}"));
                    }
                }
            }
        }
        eprintln!("{operations} operations, answers by status: {statuses:?}");
        let all: Vec<&String> = bad.values().collect();
        assert!(
            bad.is_empty(),
            "on {}, seed {}: {} sorts:\n{}",
            world.on,
            seed(),
            bad.len(),
            all.iter().map(|one| one.as_str()).collect::<Vec<_>>().join("\n")
        );
        assert!(operations > 300, "{operations}");
        let [fine, refused] =
            [200..300_u16, 400..500].map(|range| statuses.range(range).map(|(_, many)| many).sum::<usize>());
        assert!(fine * 4 > refused && refused * 4 > fine, "both sorts are asked: {statuses:?}");
        if world.on == "SQLite" {
            let reads = || good.iter().filter(|(name, _)| name.starts_with("list_") || name.starts_with("get_"));
            let never: Vec<_> = reads().filter(|(_, many)| **many == 0).map(|(name, _)| name).collect();
            // The dice miss some, and as many more as there are entities.
            assert!(never.len() * 5 < reads().count(), "never answered well: {never:?}");
        }
        world.verified("a thousand strange requests");
    });
}

/// Somebody of a role of sellers, with a key.
fn seller(world: &World, login: &str) -> (String, String) {
    let user = world.user(login, "sales_rep");
    let name = kernel::id_text("us", user);
    let body = json!({ "name": login, "user": name, "active": true });
    let key = world.desk.create("api_key", body).unwrap();
    (name, world.engine.issue_key(&world.desk.actor, raw(&world.engine, "api_key", &key)).unwrap())
}

#[test]
fn what_roles_hide_and_what_is_given_away_is_answered_as_described() {
    let root: Json = serde_json::from_str(include_str!("../../../tests/snapshots/openapi.json")).unwrap();
    on_both(|world| {
        let (mine, key) = seller(world, "ann");
        let (theirs, _) = seller(world, "bob");
        let role = world.number("select id from role where code = 'sales_rep'", &[]);
        let role = kernel::id_text("ro", role);
        // As many fields as the role can name, some that are always filled among them; what is typed below is not hidden.
        let typed = ["lines", "lines.product", "lines.qty"];
        let mut grants = world.get("role", &role)["grants"].clone();
        for grant in grants.as_array_mut().unwrap() {
            let Some(meta) = world.engine.registry().entity(grant["subject"].as_str().unwrap()) else { continue };
            let of_lines = meta.owned_fields_meta().flat_map(|(at, line)| {
                let hidden = line.fields.iter().filter(|field| line.may_hide(field));
                hidden.map(move |field| format!("{}.{}", meta.fields[at].name, field.name))
            });
            let mut hides = String::new();
            let own = meta.fields.iter().filter(|field| meta.may_hide(field)).map(|field| field.name.to_owned());
            for name in own.step_by(2).chain(of_lines.step_by(2)).filter(|name| !typed.contains(&name.as_str())) {
                if hides.len() + name.len() < 390 {
                    hides = format!("{hides} {name}");
                }
            }
            grant["hides"] = json!(hides.trim());
        }
        let (customer, lamp) = (world.customer("BLUE", "EUR"), world.product("L1", "average", "30"));
        let order =
            |owner: &str| json!({ "customer": customer, "owner": owner, "lines": [{ "product": lamp, "qty": "1" }] });
        let kept = world.desk.create("sales_order", order(&mine)).unwrap();
        world.change(&world.desk.actor, "role", &role, json!({ "grants": grants })).unwrap();
        let router = api::router(world.engine.clone(), api::Config::default());
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let ask = |method: &str, path: &str, uri: &str, body: Json| {
            let is = &root["paths"][path][method];
            let of = Operation { path, method, is, prefix: None };
            let ask = Asked {
                method: method.to_uppercase(),
                uri: uri.to_owned(),
                headers: vec![
                    ("authorization", format!("Bearer {key}")),
                    ("content-type", "application/json".to_owned()),
                ],
                body: if body.is_null() { Vec::new() } else { body.to_string().into_bytes() },
                is_strange: false,
            };
            let (status, _, found) = runtime.block_on(asked(&router, &root, &of, &ask));
            assert!(status < 300 && found.is_empty(), "on {}: {ask} {status} {found:?}", world.on);
        };
        for (entity, id) in [("sales_order", &kept), ("party", &customer), ("product", &lamp)] {
            ask("get", &format!("/api/{entity}/{{id}}"), &format!("/api/{entity}/{id}"), Json::Null);
            ask("get", &format!("/api/{entity}"), &format!("/api/{entity}?fields=id"), Json::Null);
            ask("get", &format!("/api/{entity}"), &format!("/api/{entity}"), Json::Null);
        }
        ask("post", "/api/sales_order", "/api/sales_order", order(&theirs));
        let version = world.get("sales_order", &kept)["version"].clone();
        let away = json!({ "owner": theirs, "version": version });
        ask("patch", "/api/sales_order/{id}", &format!("/api/sales_order/{kept}"), away);
    });
}

#[test]
fn the_same_seed_asks_the_same() {
    let rolls = |seed| (0..5).scan(Dice::new(seed), |dice, _| Some(dice.roll())).collect::<Vec<_>>();
    assert_eq!(rolls(1), rolls(1));
    assert_ne!(rolls(1), rolls(2));
    let mut body = json!({ "a": 1 });
    merge(&mut body, json!({ "b": "2" }));
    assert_eq!(text(&body["b"]), "2");
}
