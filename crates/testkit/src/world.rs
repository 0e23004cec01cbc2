//! Two companies whose people do whatever comes to their mind, from a seed.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use app::driver::{Driver, sendable};
use app::setup::{self, Plan};
use engine::{Actor, Engine, Key};
use kernel::{Currency, Date, Instant, id_parse, id_text};
use meta::{Row, Trouble, Value};
use serde_json::{Map, Value as Json, json};
use store::Target;

use crate::auditor::{Auditor, Finding};

/// Numbers that look random: SplitMix64.
#[derive(Clone, Debug)]
pub struct Dice(pub u64);

impl Dice {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// From 0 to below `end`.
    pub fn below(&mut self, end: u64) -> u64 {
        self.next() % end.max(1)
    }

    /// Yes, so many times in a hundred.
    pub fn chance(&mut self, percent: u64) -> bool {
        self.below(100) < percent
    }

    fn pick<'a, T>(&mut self, all: &'a [T]) -> &'a T {
        &all[self.below(all.len() as u64) as usize]
    }
}

/// One company and its people.
struct Firm {
    id: i64,
    currency: String,
    products: Vec<String>,
    services: Vec<String>,
    parties: Vec<(String, String)>,
    places: Vec<String>,
    bank: String,
    expense: String,
    receivable: String,
    taxes: Vec<String>,
    other_unit: Option<String>,
    people: Vec<Actor>,
}

/// What happened so far.
#[derive(Clone, Debug, Default)]
pub struct Tally {
    /// Writes that were accepted, by what they did.
    pub accepted: BTreeMap<String, u64>,
    /// Writes that were refused, by the code of the refusal.
    pub refused: BTreeMap<String, u64>,
    /// Writes that failed because the database was taken away under them.
    pub failed: u64,
}

impl Tally {
    /// How many were accepted, refused, failed.
    pub fn sums(&self) -> (u64, u64, u64) {
        (self.accepted.values().sum(), self.refused.values().sum(), self.failed)
    }
}

/// Two companies, a database, a clock and dice.
pub struct World {
    /// The machinery.
    pub engine: Arc<Engine>,
    /// Who looks after it.
    pub auditor: Auditor,
    /// What happened.
    pub tally: Tally,
    /// What was done last, newest at the end.
    pub story: Vec<String>,
    /// Whether the database may be taken away: then a fault is no finding.
    pub is_rough: bool,
    /// Whether each step is audited.
    pub is_watched: bool,
    target: Target,
    clock: Arc<AtomicI64>,
    dice: Dice,
    firms: Vec<Firm>,
    keys: u64,
    pace: i64,
    prints: u64,
    wrong: Option<Finding>,
}

/// The first moment of every world: 2026-01-05, eight in the morning.
const BEGIN: i64 = 1_767_600_000_000_000;
const DAY: i64 = 86_400_000_000;

fn open(target: &Target, clock: &Arc<AtomicI64>) -> Result<Arc<Engine>, Trouble> {
    let clock = clock.clone();
    app::open::open_with(target, Arc::new(move || Instant::from_micros(clock.fetch_add(1, Ordering::SeqCst))))
}

fn rows(engine: &Engine, sql: &str, args: &[Value]) -> Vec<Row> {
    engine.database().read(|conn| Ok(conn.query(sql, args)?)).unwrap_or_default()
}

fn object(json: Json) -> Map<String, Json> {
    match json {
        Json::Object(map) => map,
        _ => Map::new(),
    }
}

fn decimals(currency: &str) -> u32 {
    if currency == "JPY" { 0 } else { 2 }
}

/// Minor units as the API writes them.
fn money(minor: i64, currency: &str) -> String {
    let (sign, minor) = (if minor < 0 { "-" } else { "" }, minor.abs());
    match decimals(currency) {
        0 => format!("{sign}{minor}"),
        _ => format!("{sign}{}.{:02}", minor / 100, minor % 100),
    }
}

impl World {
    /// Makes both companies in an empty database.
    pub fn new(target: Target, seed: u64, steps: u64) -> Result<World, Trouble> {
        let clock = Arc::new(AtomicI64::new(BEGIN));
        let engine = open(&target, &clock)?;
        let known = rows(&engine, "select id from company limit 1", &[]);
        if known.is_empty() {
            found(&engine)?;
        }
        World::over(engine, target, clock, seed, steps)
    }

    /// Goes on in a database that has the companies, at a moment.
    pub fn resume(target: Target, seed: u64, steps: u64, at: i64) -> Result<World, Trouble> {
        let clock = Arc::new(AtomicI64::new(at));
        let engine = open(&target, &clock)?;
        World::over(engine, target, clock, seed, steps)
    }

    fn over(
        engine: Arc<Engine>,
        target: Target,
        clock: Arc<AtomicI64>,
        seed: u64,
        steps: u64,
    ) -> Result<World, Trouble> {
        let ids = rows(&engine, "select id from company order by id", &[]);
        let firms = ids.iter().map(|row| firm(&engine, row.int(0))).collect::<Result<Vec<_>, Trouble>>()?;
        let pace = (500 * DAY / steps.max(1) as i64).max(1);
        Ok(World {
            engine,
            auditor: Auditor::default(),
            tally: Tally::default(),
            story: Vec::new(),
            is_rough: false,
            is_watched: true,
            target,
            clock,
            dice: Dice(seed),
            firms,
            keys: seed << 20,
            pace,
            prints: 0,
            wrong: None,
        })
    }

    /// Another user of the same database, with dice of their own.
    pub fn beside(&self, seed: u64) -> Result<World, Trouble> {
        let (engine, target, clock) = (self.engine.clone(), self.target.clone(), self.clock.clone());
        let world = World::over(engine, target, clock, seed, 1_000_000)?;
        Ok(World { is_watched: false, pace: self.pace, ..world })
    }

    /// The moment.
    pub fn now(&self) -> i64 {
        self.clock.load(Ordering::SeqCst)
    }

    /// One number of the database.
    pub fn number(&self, sql: &str) -> i64 {
        rows(&self.engine, sql, &[]).first().map_or(0, |row| row.int(0))
    }

    /// Closes the database.
    pub fn close(self) -> (Target, i64, Tally, Dice) {
        let at = self.now();
        (self.target, at, self.tally, self.dice)
    }

    /// One thing somebody does. An error is what is wrong with the program.
    pub fn step(&mut self) -> Result<(), Finding> {
        let wait = self.dice.below(2 * self.pace as u64) as i64;
        self.clock.fetch_add(wait, Ordering::SeqCst);
        let at = self.dice.below(self.firms.len() as u64) as usize;
        // A refusal ends what somebody was about to do; what was done stays.
        let _ = self.something(at);
        if let Some(wrong) = self.wrong.take() {
            return Err(wrong);
        }
        if self.is_watched {
            self.auditor.step(&self.engine)?;
        }
        Ok(())
    }

    // --- doors -----------------------------------------------------------------------

    fn tell(&mut self, line: String) {
        self.story.push(line);
        if self.story.len() > 400 {
            self.story.drain(..200);
        }
    }

    fn actor(&mut self, at: usize) -> Actor {
        let people = self.firms[at].people.len() as u64;
        let who = if self.dice.chance(88) { 0 } else { self.dice.below(people) };
        self.firms[at].people[who as usize].clone()
    }

    /// What every table has at its end: a refusal must leave it as it is.
    fn print(&mut self) -> Vec<(String, i64, i64)> {
        if self.is_rough || !self.is_watched {
            return Vec::new();
        }
        self.prints += 1;
        let is_whole = self.prints.is_multiple_of(40);
        let quiet = ["unsealed", "seal"];
        let mut parts = Vec::new();
        for meta in self.engine.registry().entities() {
            let sums = match meta.kind {
                _ if !is_whole => "0",
                meta::EntityKind::Owned | meta::EntityKind::Ledger => "count(*)",
                _ => "coalesce(sum(version), 0) + count(*)",
            };
            parts.push(format!("select '{0}', coalesce(max(id), 0), cast({sums} as bigint) from \"{0}\"", meta.name));
        }
        for table in engine::tables().iter().filter(|table| !quiet.contains(&table.name.as_str())) {
            let has_id = table.columns.iter().any(|column| column.name == "id");
            let last = if has_id { "cast(coalesce(max(id), 0) as bigint)" } else { "0" };
            let sums = if is_whole { "count(*)" } else { "0" };
            if (has_id && table.columns.iter().any(|column| column.name == "recorded_at")) || is_whole && !has_id {
                parts.push(format!("select '{0}', {last}, {sums} from {0}", table.name));
            }
        }
        let found = rows(&self.engine, &parts.join(" union all "), &[]);
        if found.is_empty() {
            self.wrong = Some("the tables cannot be read".into());
        }
        found.iter().map(|row| (row.text(0).to_owned(), row.int(1), row.int(2))).collect()
    }

    fn judge(
        &mut self,
        what: String,
        before: &[(String, i64, i64)],
        answer: Result<Json, Trouble>,
    ) -> Result<Json, ()> {
        match answer {
            Ok(json) => {
                let name = what.split(' ').take(2).collect::<Vec<_>>().join(" ");
                *self.tally.accepted.entry(name).or_default() += 1;
                self.tell(format!("ok {what}"));
                Ok(json)
            }
            Err(Trouble::Fault(_)) if self.is_rough => {
                self.tally.failed += 1;
                Err(())
            }
            Err(Trouble::Fault(fault)) => {
                self.wrong = Some(format!("fault: {fault}\n  in {what}"));
                Err(())
            }
            Err(trouble) => {
                let code = match &trouble {
                    Trouble::Refused(refusal) => refusal.problems.first().map_or("refused", |problem| problem.code),
                    _ => "stale",
                };
                *self.tally.refused.entry(code.to_owned()).or_default() += 1;
                self.tell(format!("no {what}: {trouble}"));
                self.unwritten(&what, before);
                Err(())
            }
        }
    }

    fn unwritten(&mut self, what: &str, before: &[(String, i64, i64)]) {
        if before.is_empty() {
            return;
        }
        if before.iter().all(|(.., sum)| *sum == 0) {
            self.prints = self.prints.max(1) / 40 * 40;
        } else {
            self.prints = self.prints / 40 * 40 + 39;
        }
        let after = self.print();
        for (was, is) in before.iter().zip(&after) {
            if was != is {
                self.wrong = Some(format!("a refusal wrote something: {was:?} became {is:?}\n  in {what}"));
            }
        }
    }

    fn raw(&self, entity: &str, id: &str) -> i64 {
        let meta = self.engine.entity(entity).ok();
        meta.and_then(|meta| id_parse(meta.prefix, id)).unwrap_or(0)
    }

    fn key(&mut self, what: &str) -> Option<Key> {
        self.keys += 1;
        let mut body_hash = [0; 32];
        what.bytes().enumerate().for_each(|(at, byte)| body_hash[at % 32] ^= byte.rotate_left(at as u32 % 7));
        self.dice.chance(20).then(|| Key { key: format!("sim-{}", self.keys), body_hash })
    }

    fn create(&mut self, at: usize, entity: &str, body: Json) -> Result<String, ()> {
        let (actor, body) = (self.actor(at), object(body));
        let what = format!("create {entity} {}", Json::Object(body.clone()));
        let key = self.key(&what);
        let before = self.print();
        let answer = self.engine.create(&actor, entity, &body, key.as_ref());
        let json = self.judge(what, &before, answer)?;
        let id = json["record"]["id"].as_str().unwrap_or("").to_owned();
        if key.is_some() && self.is_watched {
            // The same request once more: the same answer, and nothing is written.
            let before = self.print();
            match self.engine.create(&actor, entity, &body, key.as_ref()) {
                Ok(again) if again["record"]["id"] == json["record"]["id"] => self.unwritten("a repeated key", &before),
                other => self.wrong = Some(format!("a repeated key gave {other:?} after {id}")),
            }
        }
        Ok(id)
    }

    fn act(&mut self, at: usize, entity: &str, id: &str, action: &str, args: Json) -> Result<Json, ()> {
        let (actor, args, raw) = (self.actor(at), object(args), self.raw(entity, id));
        let what = format!("{entity} {action} {id} {}", Json::Object(args.clone()));
        let key = self.key(&what);
        let version = match self.dice.below(30) {
            0 => Some(0),
            1..6 => {
                let sql = format!("select version from {entity} where id = ?1");
                rows(&self.engine, &sql, &[raw.into()]).first().map(|row| row.int(0))
            }
            _ => None,
        };
        let before = self.print();
        let answer = self.engine.act(&actor, entity, raw, action, version, &args, key.as_ref());
        if version == Some(0) && answer.is_ok() {
            self.wrong = Some(format!("a stale write was accepted: {what}"));
        }
        let json = self.judge(what, &before, answer)?;
        if key.is_some() && self.is_watched {
            let before = self.print();
            match self.engine.act(&actor, entity, raw, action, version, &args, key.as_ref()) {
                Ok(_) => self.unwritten("a repeated key", &before),
                Err(why) => self.wrong = Some(format!("a repeated key was refused: {why}")),
            }
        }
        Ok(json)
    }

    fn change(&mut self, at: usize, entity: &str, id: i64, body: Json) -> Result<(), ()> {
        let (actor, body) = (self.actor(at), object(body));
        let sql = format!("select version from \"{entity}\" where id = ?1");
        let version = rows(&self.engine, &sql, &[id.into()]).first().map_or(0, |row| row.int(0));
        let version = if self.dice.chance(5) { version - 1 } else { version };
        let what = format!("change {entity} {id} {}", Json::Object(body.clone()));
        let before = self.print();
        let answer = self.engine.change(&actor, entity, id, version, &body, None);
        self.judge(what, &before, answer).map(|_| ())
    }

    fn prefilled(&mut self, at: usize, entity: &str, from: &str, id: i64) -> Result<Map<String, Json>, ()> {
        let actor = self.firms[at].people[0].clone();
        let answer = self.engine.new_from(&actor, entity, Some((from, id)));
        let json = self.judge(format!("prefill {entity} from {from} {id}"), &[], answer)?;
        let meta = self.engine.entity(entity).map_err(|_| ())?;
        let mut body = sendable(meta, &json["record"]);
        // The day's own rate, now and then.
        if self.dice.chance(50) {
            body.remove("rate");
        }
        Ok(body)
    }

    /// A recent document in one of these stages.
    fn find(&mut self, at: usize, entity: &str, stages: &str) -> Result<i64, ()> {
        let sql = format!(
            "select id from {entity} where company = ?1 and stage in ({stages}) order by id desc limit {}",
            if self.dice.chance(80) { 12 } else { 200 }
        );
        let found = rows(&self.engine, &sql, &[self.firms[at].id.into()]);
        if found.is_empty() { Err(()) } else { Ok(self.dice.pick(&found).int(0)) }
    }

    fn outer(&self, entity: &str, id: i64) -> String {
        self.engine.entity(entity).map_or(String::new(), |meta| id_text(meta.prefix, id))
    }

    fn day(&mut self) -> String {
        let today = self.engine.today();
        let on = match self.dice.below(100) {
            0..65 => today,
            65..85 => today.add_days(-(self.dice.below(12) as i32)),
            85..97 => today.add_days(-(self.dice.below(90) as i32)),
            _ => today.add_days(self.dice.below(6) as i32),
        };
        on.to_string()
    }

    fn qty(&mut self, most: u64) -> String {
        match self.dice.below(100) {
            0..75 => format!("{}", 1 + self.dice.below(most)),
            75..96 => format!("{}.{}", self.dice.below(most), 1 + self.dice.below(999)),
            96..98 => "0".into(),
            98 => format!("-{}", 1 + self.dice.below(5)),
            _ => format!("{}", 100_000 + self.dice.below(900_000)),
        }
    }

    // --- what people do ----------------------------------------------------------------

    fn something(&mut self, at: usize) -> Result<(), ()> {
        match self.dice.below(200) {
            0..16 => self.adjust(at),
            16..20 => self.transfer(at),
            20..30 => self.quote(at),
            30..37 => self.quoted(at),
            37..55 => self.order(at),
            55..63 => self.ordered(at),
            63..66 => self.reorder(at),
            66..88 => self.deliver(at),
            88..91 => self.deliver_freely(at),
            91..95 => self.undo(at, "delivery", "'done','draft'"),
            95..113 => self.invoice(at),
            113..123 => self.sell_over_the_counter(at),
            123..127 => self.undo(at, "invoice", "'posted'"),
            127..136 => self.credit(at),
            136..154 => self.pay(at),
            154..158 => self.pay_ahead(at),
            158..166 => self.allocate(at),
            166..170 => self.undo(at, "payment", "'posted'"),
            170..178 => self.give_back(at),
            178..180 => self.undo(at, "sales_return", "'done','draft'"),
            180..184 => self.undo(at, "stock_adjustment", "'posted'"),
            184..185 => self.undo(at, "stock_transfer", "'posted'"),
            185..189 => self.journal(at),
            189..190 => self.undo(at, "journal_entry", "'posted'"),
            190..192 => self.close_period(at),
            192..194 => self.new_standard(at),
            194..196 => self.new_rate(at),
            196..198 => self.remove(at),
            _ => self.again(at),
        }
    }

    fn undo(&mut self, at: usize, entity: &str, stages: &str) -> Result<(), ()> {
        let id = self.find(at, entity, stages)?;
        let id = self.outer(entity, id);
        self.act(at, entity, &id, "cancel", json!({})).map(|_| ())
    }

    fn adjust(&mut self, at: usize) -> Result<(), ()> {
        let kind = *self.dice.pick(&["receipt", "receipt", "receipt", "receipt", "count", "loss", "found"]);
        let mut lines = Vec::new();
        for _ in 0..1 + self.dice.below(4) {
            let product = self.dice.pick(&self.firms[at].products).clone();
            let qty = if kind == "loss" { self.qty(6) } else { self.qty(60) };
            let mut line = json!({ "product": product });
            match kind {
                "count" => line["counted_qty"] = json!(format!("{}", self.dice.below(80))),
                _ => line["qty"] = json!(qty),
            }
            if kind != "loss" && self.dice.chance(85) {
                line["unit_cost"] = json!(format!("{}.{:04}", self.dice.below(90), self.dice.below(10_000)));
            }
            lines.push(line);
        }
        let place = self.dice.pick(&self.firms[at].places).clone();
        let body = json!({ "kind": kind, "place": place, "moved_on": self.day(), "lines": lines });
        let id = self.create(at, "stock_adjustment", body)?;
        self.act(at, "stock_adjustment", &id, "post", json!({})).map(|_| ())
    }

    fn transfer(&mut self, at: usize) -> Result<(), ()> {
        let (from, to) =
            (self.dice.pick(&self.firms[at].places).clone(), self.dice.pick(&self.firms[at].places).clone());
        let product = self.dice.pick(&self.firms[at].products).clone();
        let lines = json!([{ "product": product, "qty": self.qty(12) }]);
        let body = json!({ "from_place": from, "to_place": to, "moved_on": self.day(), "lines": lines });
        let id = self.create(at, "stock_transfer", body)?;
        self.act(at, "stock_transfer", &id, "post", json!({})).map(|_| ())
    }

    fn sales_lines(&mut self, at: usize) -> Vec<Json> {
        let mut lines = Vec::new();
        for _ in 0..1 + self.dice.below(3) {
            let is_service = self.dice.chance(15);
            let firm = &self.firms[at];
            let product = self.dice.pick(if is_service { &firm.services } else { &firm.products }).clone();
            let mut line = json!({ "product": product, "qty": self.qty(9) });
            if self.dice.chance(70) {
                line["price"] = json!(format!("{}.{:02}", self.dice.below(300), self.dice.below(100)));
            }
            if self.dice.chance(25) {
                line["discount"] = json!(format!("0.{:02}", self.dice.below(60)));
            }
            if self.dice.chance(50) {
                line["tax"] = match self.dice.chance(70) {
                    true => json!(self.dice.pick(&self.firms[at].taxes)),
                    false => Json::Null,
                };
            }
            if let (Some(unit), true) = (self.firms[at].other_unit.clone(), self.dice.chance(12) && !is_service) {
                line["unit"] = json!(unit);
            }
            lines.push(line);
        }
        lines
    }

    fn sale(&mut self, at: usize, day: &str) -> Json {
        let (party, currency) = self.dice.pick(&self.firms[at].parties).clone();
        let mut body = json!({ "customer": party, "lines": self.sales_lines(at) });
        body[day] = json!(self.day());
        if self.dice.chance(20) {
            body["currency"] = json!(*self.dice.pick(&["EUR", "USD", "CNY", "JPY"]));
        } else if self.dice.chance(50) {
            body["currency"] = json!(currency);
        }
        body
    }

    fn quote(&mut self, at: usize) -> Result<(), ()> {
        let mut body = self.sale(at, "quoted_on");
        body["valid_until"] = json!(self.engine.today().add_days(30).to_string());
        let id = self.create(at, "quotation", body)?;
        self.act(at, "quotation", &id, "send", json!({})).map(|_| ())
    }

    fn quoted(&mut self, at: usize) -> Result<(), ()> {
        let id = self.find(at, "quotation", "'draft','sent','lost','cancelled','accepted'")?;
        let id = self.outer("quotation", id);
        let action = *self.dice.pick(&["accept", "accept", "accept", "accept", "lose", "cancel", "reopen", "send"]);
        let args = if action == "lose" { json!({ "reason": "price" }) } else { json!({}) };
        let done = self.act(at, "quotation", &id, action, args)?;
        if let (Some(order), true) = (done["posted"]["created"][0]["id"].as_str(), self.dice.chance(80)) {
            self.act(at, "sales_order", order, "confirm", json!({}))?;
        }
        Ok(())
    }

    fn order(&mut self, at: usize) -> Result<(), ()> {
        let mut body = self.sale(at, "ordered_on");
        if self.dice.chance(25) {
            body["place"] = json!(self.dice.pick(&self.firms[at].places));
        }
        let id = self.create(at, "sales_order", body)?;
        if self.dice.chance(85) {
            self.act(at, "sales_order", &id, "confirm", json!({}))?;
        }
        Ok(())
    }

    fn ordered(&mut self, at: usize) -> Result<(), ()> {
        let id = self.find(at, "sales_order", "'draft','confirmed','done','cancelled'")?;
        let id = self.outer("sales_order", id);
        let action =
            *self.dice.pick(&["confirm", "reserve", "reserve", "close", "reopen", "reopen", "cancel", "cancel"]);
        let args = match self.dice.chance(20) && matches!(action, "confirm" | "reopen") {
            true => json!({ "override_reason": "an old friend" }),
            false => json!({}),
        };
        self.act(at, "sales_order", &id, action, args).map(|_| ())
    }

    /// A confirmed order is changed: other quantities, another price, one line more or fewer.
    fn reorder(&mut self, at: usize) -> Result<(), ()> {
        let id = self.find(at, "sales_order", "'draft','confirmed'")?;
        let actor = self.firms[at].people[0].clone();
        let answer = self.engine.get(&actor, "sales_order", id);
        let json = self.judge(format!("get sales_order {id}"), &[], answer)?;
        let mut lines: Vec<Json> = json["record"]["lines"].as_array().into_iter().flatten().cloned().collect();
        let meta = self.engine.entity("sales_order_line").map_err(|_| ())?;
        lines = lines
            .iter()
            .map(|line| {
                let mut body = sendable(meta, line);
                body.insert("id".into(), line["id"].clone());
                Json::Object(body)
            })
            .collect();
        let which = self.dice.below(lines.len() as u64) as usize;
        match self.dice.below(4) {
            0 => lines.extend(self.sales_lines(at)),
            1 if lines.len() > 1 => drop(lines.remove(which)),
            2 => lines[which]["price"] = json!(format!("{}.5", self.dice.below(200))),
            _ => lines[which]["qty"] = json!(self.qty(12)),
        }
        self.change(at, "sales_order", id, json!({ "lines": lines }))
    }

    /// Fewer lines, or less of one.
    fn part(&mut self, body: &mut Map<String, Json>) {
        let Some(lines) = body.get_mut("lines").and_then(Json::as_array_mut) else { return };
        if lines.is_empty() || !self.dice.chance(50) {
            return;
        }
        let which = self.dice.below(lines.len() as u64) as usize;
        match self.dice.below(3) {
            0 if lines.len() > 1 => drop(lines.remove(which)),
            0 | 1 => lines[which]["qty"] = json!("1"),
            _ => {
                let whole: f64 = lines[which]["qty"].as_str().and_then(|text| text.parse().ok()).unwrap_or(1.0);
                let thousandths = (whole * self.dice.below(1100) as f64) as u64;
                lines[which]["qty"] = json!(format!("{}.{:03}", thousandths / 1000, thousandths % 1000));
            }
        }
    }

    fn deliver(&mut self, at: usize) -> Result<(), ()> {
        let order = match self.dice.chance(10) {
            true => self.find(at, "sales_order", "'draft','done'")?,
            false => self.find(at, "sales_order", "'confirmed'")?,
        };
        let mut body = self.prefilled(at, "delivery", "sales_order", order)?;
        body.insert("shipped_on".into(), json!(self.day()));
        if self.dice.chance(15) {
            body.insert("place".into(), json!(self.dice.pick(&self.firms[at].places)));
        }
        self.part(&mut body);
        let id = self.create(at, "delivery", Json::Object(body))?;
        self.act(at, "delivery", &id, "ship", json!({})).map(|_| ())
    }

    fn deliver_freely(&mut self, at: usize) -> Result<(), ()> {
        let body = self.sale(at, "shipped_on");
        let id = self.create(at, "delivery", body)?;
        self.act(at, "delivery", &id, "ship", json!({}))?;
        let id = self.raw("delivery", &id);
        let body = self.prefilled(at, "invoice", "delivery", id)?;
        let id = self.create(at, "invoice", Json::Object(body))?;
        self.act(at, "invoice", &id, "post", json!({})).map(|_| ())
    }

    fn invoice(&mut self, at: usize) -> Result<(), ()> {
        let mut body = match self.dice.chance(25) {
            true => {
                let delivery = self.find(at, "delivery", "'done'")?;
                self.prefilled(at, "invoice", "delivery", delivery)?
            }
            false => {
                let order = self.find(at, "sales_order", "'confirmed','done'")?;
                self.prefilled(at, "invoice", "sales_order", order)?
            }
        };
        body.insert("issued_on".into(), json!(self.day()));
        self.part(&mut body);
        let id = self.create(at, "invoice", Json::Object(body))?;
        self.act(at, "invoice", &id, "post", json!({})).map(|_| ())
    }

    fn sell_over_the_counter(&mut self, at: usize) -> Result<(), ()> {
        let mut body = self.sale(at, "issued_on");
        if self.dice.chance(75) {
            body["ship_from"] = json!(self.dice.pick(&self.firms[at].places));
        }
        if self.dice.chance(8) {
            body["kind"] = json!("credit_note");
        }
        let id = self.create(at, "invoice", body)?;
        self.act(at, "invoice", &id, "post", json!({})).map(|_| ())
    }

    fn credit(&mut self, at: usize) -> Result<(), ()> {
        let invoice = self.find(at, "invoice", "'posted'")?;
        let mut body = self.prefilled(at, "invoice", "invoice", invoice)?;
        body.insert("issued_on".into(), json!(self.day()));
        self.part(&mut body);
        let id = self.create(at, "invoice", Json::Object(body))?;
        self.act(at, "invoice", &id, "post", json!({})).map(|_| ())
    }

    /// Open invoices: id, customer, currency, open amount.
    fn open_invoices(&mut self, at: usize) -> Result<Vec<(i64, i64, String, i64)>, ()> {
        let sql = "select id, customer, currency, open_amount from invoice
            where company = ?1 and stage = 'posted' and open_amount <> 0 order by id desc limit 60";
        let found = rows(&self.engine, sql, &[self.firms[at].id.into()]);
        let first = self.dice.below(found.len().max(1) as u64) as usize;
        let Some(chosen) = found.get(first) else { return Err(()) };
        let customer = chosen.int(1);
        let others = found.iter().enumerate().filter(|(at, row)| *at != first && row.int(1) == customer);
        let all = std::iter::once(chosen).chain(others.map(|(_, row)| row));
        Ok(all.map(|row| (row.int(0), row.int(1), row.text(2).to_owned(), row.int(3))).collect())
    }

    fn pay(&mut self, at: usize) -> Result<(), ()> {
        let invoices = self.open_invoices(at)?;
        let (first, customer, currency, open) = invoices[0].clone();
        let firm = &self.firms[at];
        let (bank, own) = (firm.bank.clone(), firm.currency.clone());
        let direction = if open < 0 { "out" } else { "in" };
        let party = self.outer("party", customer);
        let named = |world: &World, id: i64| world.outer("invoice", id);
        let on = self.day();
        let body = match self.dice.below(10) {
            0..3 => {
                let mut body = self.prefilled(at, "payment", "invoice", first)?;
                body.insert("paid_on".into(), json!(on));
                body.remove("rate");
                Json::Object(body)
            }
            3 | 4 => {
                let part = 1 + self.dice.below(open.unsigned_abs()) as i64;
                json!({ "direction": direction, "party": party, "paid_on": on, "account": bank, "currency": currency,
                    "amount": money(part, &currency), "lines": [{ "invoice": named(self, first) }] })
            }
            5 => {
                let off = 1 + self.dice.below((open.unsigned_abs() / 20).max(1)) as i64;
                let sign = open.signum();
                let paid = open.abs() - off;
                json!({ "direction": direction, "party": party, "paid_on": on, "account": bank, "currency": currency,
                    "amount": money(paid, &currency), "lines": [{ "invoice": named(self, first),
                    "amount": money(paid, &currency), "invoice_amount": money(paid, &currency),
                    "write_off": money(off * if self.dice.chance(90) { 1 } else { sign }, &currency) }] })
            }
            6 | 7 => {
                let most = 1 + self.dice.below(4) as usize;
                let lines: Vec<Json> =
                    invoices.iter().take(most).map(|(id, ..)| json!({ "invoice": named(self, *id) })).collect();
                let same: i64 = invoices.iter().take(most).filter(|one| one.2 == currency).map(|one| one.3.abs()).sum();
                let amount = same + self.dice.below(20_000) as i64 - 5000;
                json!({ "direction": direction, "party": party, "paid_on": on, "account": bank, "currency": currency,
                    "amount": money(amount, &currency), "lines": lines })
            }
            8 => {
                let amount = 1 + self.dice.below(500_000) as i64;
                json!({ "direction": direction, "party": party, "paid_on": on, "account": bank, "currency": own,
                    "amount": money(amount, &own), "lines": [{ "invoice": named(self, first) }] })
            }
            _ => {
                let other = *self.dice.pick(&["EUR", "USD", "CNY", "JPY"]);
                let amount = 1 + self.dice.below(300_000) as i64;
                json!({ "direction": direction, "party": party, "paid_on": on, "account": bank, "currency": other,
                    "amount": money(amount, other), "lines": [{ "invoice": named(self, first) }] })
            }
        };
        let id = self.create(at, "payment", body)?;
        self.act(at, "payment", &id, "post", json!({})).map(|_| ())
    }

    fn pay_ahead(&mut self, at: usize) -> Result<(), ()> {
        let (party, currency) = self.dice.pick(&self.firms[at].parties).clone();
        let amount = 1 + self.dice.below(200_000) as i64;
        let direction = if self.dice.chance(90) { "in" } else { "out" };
        let body = json!({ "direction": direction, "party": party, "paid_on": self.day(),
            "account": self.firms[at].bank, "currency": currency, "amount": money(amount, &currency) });
        let id = self.create(at, "payment", body)?;
        self.act(at, "payment", &id, "post", json!({})).map(|_| ())
    }

    fn allocate(&mut self, at: usize) -> Result<(), ()> {
        let sql = "select p.id, i.id, p.unallocated, p.currency from payment p
            join invoice i on i.customer = p.party and i.company = p.company and i.stage = 'posted'
            where p.company = ?1 and p.stage = 'posted' and p.unallocated > 0 and i.open_amount <> 0
            order by p.id desc, i.id desc limit 40";
        let found = rows(&self.engine, sql, &[self.firms[at].id.into()]);
        if found.is_empty() {
            return Err(());
        }
        let row = self.dice.pick(&found);
        let (payment, invoice, left, currency) = (row.int(0), row.int(1), row.int(2), row.text(3).to_owned());
        let mut args = json!({ "invoice": self.outer("invoice", invoice) });
        if self.dice.chance(40) {
            args["amount"] = json!(money(1 + self.dice.below(left as u64) as i64, &currency));
        }
        let id = self.outer("payment", payment);
        self.act(at, "payment", &id, "allocate", args).map(|_| ())
    }

    fn give_back(&mut self, at: usize) -> Result<(), ()> {
        let delivery = self.find(at, "delivery", "'done'")?;
        let mut body = self.prefilled(at, "sales_return", "delivery", delivery)?;
        body.insert("received_on".into(), json!(self.day()));
        self.part(&mut body);
        let id = self.create(at, "sales_return", Json::Object(body))?;
        self.act(at, "sales_return", &id, "receive", json!({})).map(|_| ())
    }

    fn journal(&mut self, at: usize) -> Result<(), ()> {
        let firm = &self.firms[at];
        let (bank, expense, receivable, own) =
            (firm.bank.clone(), firm.expense.clone(), firm.receivable.clone(), firm.currency.clone());
        let party = self.dice.pick(&self.firms[at].parties).0.clone();
        let amount = 1 + self.dice.below(90_000) as i64;
        let off = i64::from(self.dice.chance(8));
        let (debit, credit) = (money(amount, &own), money(amount + off, &own));
        let lines = match self.dice.below(3) {
            0 => {
                json!([{ "account": receivable, "party": party, "debit": debit }, { "account": expense, "credit": credit }])
            }
            1 => json!([{ "account": bank, "debit": debit }, { "account": expense, "credit": credit }]),
            _ => json!([{ "account": expense, "debit": debit }, { "account": bank, "credit": credit }]),
        };
        let body = json!({ "posted_on": self.day(), "journal": "general", "lines": lines });
        let id = self.create(at, "journal_entry", body)?;
        self.act(at, "journal_entry", &id, "post", json!({})).map(|_| ())
    }

    fn close_period(&mut self, at: usize) -> Result<(), ()> {
        let until = self.engine.today().add_days(-(15 + self.dice.below(60) as i32));
        let field = *self.dice.pick(&["books_locked_until", "sales_locked_until", "books_locked_until"]);
        let value = if self.dice.chance(30) { Json::Null } else { json!(until.to_string()) };
        let id = self.firms[at].id;
        self.change(at, "company", id, json!({ field: value }))
    }

    fn new_standard(&mut self, at: usize) -> Result<(), ()> {
        let product = self.dice.pick(&self.firms[at].products).clone();
        let id = self.raw("product", &product);
        let cost = format!("{}.{:03}", 1 + self.dice.below(60), self.dice.below(1000));
        self.change(at, "product", id, json!({ "standard_cost": cost }))
    }

    fn new_rate(&mut self, at: usize) -> Result<(), ()> {
        let currency = *self.dice.pick(&["EUR", "USD", "CNY", "JPY"]);
        let cents = rate(&self.firms[at].currency, currency) * (90 + self.dice.below(20)) / 100;
        let body = json!({ "currency": currency, "valid_on": self.day(), "rate": format!("{}.{:06}", cents / 1_000_000, cents % 1_000_000) });
        self.create(at, "currency_rate", body).map(|_| ())
    }

    fn remove(&mut self, at: usize) -> Result<(), ()> {
        let entity =
            *self.dice.pick(&["quotation", "sales_order", "delivery", "invoice", "payment", "stock_adjustment"]);
        let stages = if self.dice.chance(80) { "'draft'" } else { "'posted','done','confirmed','cancelled'" };
        let id = self.find(at, entity, stages)?;
        let actor = self.actor(at);
        let before = self.print();
        let answer = self.engine.remove(&actor, entity, id, None, None);
        self.judge(format!("remove {entity} {id}"), &before, answer).map(|_| ())
    }

    /// A draft that was left behind is taken up again.
    fn again(&mut self, at: usize) -> Result<(), ()> {
        let (entity, action) = *self.dice.pick(&[
            ("delivery", "ship"),
            ("invoice", "post"),
            ("payment", "post"),
            ("sales_return", "receive"),
            ("sales_order", "confirm"),
        ]);
        let id = self.find(at, entity, "'draft','cancelled'")?;
        let id = self.outer(entity, id);
        self.act(at, entity, &id, action, json!({})).map(|_| ())
    }
}

/// Millionths of company currency for one unit.
fn rate(own: &str, other: &str) -> u64 {
    let in_yuan = |currency: &str| match currency {
        "EUR" => 7_800_000_u64,
        "USD" => 7_100_000,
        "JPY" => 48_000,
        _ => 1_000_000,
    };
    in_yuan(other) * 1_000_000 / in_yuan(own)
}

/// Sets up both companies.
fn found(engine: &Arc<Engine>) -> Result<(), Trouble> {
    let cny = Plan {
        name: "合一 One",
        currency: Currency::CNY,
        chart: "small_business_cn",
        country: "CN",
        ..Plan::default()
    };
    let eur =
        Plan { name: "Two GmbH", currency: Currency::EUR, chart: "ifrs_generic", country: "DE", ..Plan::default() };
    let ids = [setup::company(engine, &cny)?, setup::company(engine, &eur)?];
    for (login, role) in [("boss", "manager"), ("rep", "sales_rep"), ("store", "warehouse"), ("books", "accountant")] {
        setup::user(engine, login, login, "a long password", &[role], "en")?;
    }
    for (number, id) in ids.into_iter().enumerate() {
        masters(engine, id, number)?;
    }
    Ok(())
}

fn masters(engine: &Arc<Engine>, company: i64, number: usize) -> Result<(), Trouble> {
    let desk = Driver::system(engine, company)?;
    let own = if number == 0 { "CNY" } else { "EUR" };
    for other in ["CNY", "EUR", "USD", "JPY"].iter().filter(|other| **other != own) {
        let rate = rate(own, other);
        let rate = format!("{}.{:06}", rate / 1_000_000, rate % 1_000_000);
        desk.create("currency_rate", json!({ "currency": other, "valid_on": "2025-01-01", "rate": rate }))?;
    }
    let tax = setup::default_tax(engine, company)?;
    let unit = setup::find(engine, company, "unit", "name", "件")?.or(setup::first(engine, company, "unit")?);
    let mut categories = Vec::new();
    for method in ["fifo", "average", "standard"] {
        let body = json!({ "name": format!("{method} {number}"), "cost_method": method, "sales_tax": tax });
        categories.push(desk.create("product_category", body)?);
    }
    for index in 0..9 {
        let body = json!({
            "code": format!("P{number}{index}"), "name": format!("thing {index}"), "kind": "stocked", "category": categories[index % 3],
            "unit": unit, "sales_price": format!("{}.5", 20 + 13 * index), "sales_tax": tax,
            "standard_cost": format!("{}.123", 5 + 3 * index),
        });
        desk.create("product", body)?;
    }
    for index in 0..2 {
        let body = json!({ "code": format!("S{number}{index}"), "name": "work", "kind": "service", "category": categories[0],
            "unit": unit, "sales_price": "88", "sales_tax": tax });
        desk.create("product", body)?;
    }
    let terms: Vec<String> =
        rows(engine, "select id from payment_term where company = ?1 order by id", &[company.into()])
            .iter()
            .map(|row| id_text("pt", row.int(0)))
            .collect();
    let mut parent = None;
    for (index, currency) in ["CNY", "EUR", "USD", "JPY", "EUR", "CNY"].iter().enumerate() {
        let mut body = json!({ "code": format!("C{number}{index}"), "name": format!("customer {index}"), "is_customer": true,
            "currency": currency, "terms": terms.get(index % (terms.len() + 1)) });
        if index == 5 {
            body["parent"] = json!(parent);
        }
        if index == 1 {
            body["credit_limit"] = json!("90000");
        }
        let id = desk.create("party", body)?;
        parent = parent.or(Some(id));
    }
    let place = setup::stock_place(engine, company)?;
    desk.create("place", json!({ "code": format!("B{number}"), "name": "second", "kind": "stock" }))?;
    let products =
        rows(engine, "select id from product where company = ?1 and kind = 'stocked' order by id", &[company.into()]);
    let lines: Vec<Json> = products
        .iter()
        .enumerate()
        .map(|(index, row)| json!({ "product": id_text("pr", row.int(0)), "qty": "200", "unit_cost": format!("{}.37", 4 + index) }))
        .collect();
    let body = json!({ "kind": "opening", "place": place, "moved_on": "2025-12-31", "lines": lines });
    let id = desk.create("stock_adjustment", body)?;
    desk.act("stock_adjustment", &id, "post", json!({}))?;
    Ok(())
}

fn firm(engine: &Arc<Engine>, company: i64) -> Result<Firm, Trouble> {
    let ids = |prefix: &str, sql: &str| -> Vec<String> {
        rows(engine, sql, &[company.into()]).iter().map(|row| id_text(prefix, row.int(0))).collect()
    };
    let mut people = vec![engine.system(company)?];
    for row in rows(engine, "select id from \"user\" order by id", &[]) {
        people.push(engine.actor(row.int(0), Some(company), None)?);
    }
    let parties = rows(engine, "select id, currency from party where company = ?1 order by id", &[company.into()]);
    let units = ids(
        "un",
        "select u.id from unit u join unit b on b.category = u.category and b.company = u.company
         where u.company = ?1 and u.id <> b.id and b.id = (select min(unit) from product where company = ?1) order by u.id",
    );
    Ok(Firm {
        id: company,
        currency: people[0].currency.code().to_owned(),
        products: ids("pr", "select id from product where company = ?1 and kind = 'stocked' order by id"),
        services: ids("pr", "select id from product where company = ?1 and kind = 'service' order by id"),
        parties: parties.iter().map(|row| (id_text("pa", row.int(0)), row.text(1).to_owned())).collect(),
        places: ids("wp", "select id from place where company = ?1 and kind = 'stock' order by id"),
        bank: setup::account(engine, company, "bank")?,
        expense: setup::expense_account(engine, company)?.unwrap_or_default(),
        receivable: setup::account(engine, company, "receivable")?,
        taxes: ids("tx", "select id from tax where company = ?1 order by id"),
        other_unit: units.first().cloned(),
        people,
    })
}

/// The day of a moment, for what is printed.
pub fn day_of(micros: i64) -> Date {
    Instant::from_micros(micros).date_at(0)
}
