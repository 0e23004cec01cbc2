//! Two companies whose people do whatever comes to their mind, from a seed.

mod dice;
mod founding;
mod keeping;
mod paying;
mod selling;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use app::driver::sendable;
use engine::{Actor, Engine, Key};
use kernel::{Date, Instant, id_parse, id_text};
use meta::{Row, Trouble, Value};
use serde_json::{Map, Value as Json, json};
use store::Target;

use crate::auditor::{Auditor, Finding};

pub use dice::Dice;
use founding::{firm, found, rate};

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
    roundings: Vec<String>,
    other_unit: Option<String>,
    sets: Vec<String>,
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
    let vault = engine::Vault::parse(&"5".repeat(64))?;
    app::open::open_with(target, vault, Arc::new(move || Instant::from_micros(clock.fetch_add(1, Ordering::SeqCst))))
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
        // Who was killed may have come further on a fast machine: no clock goes back.
        let newest = rows(&engine, "select coalesce(max(recorded_at), 0) from audit", &[]);
        clock.fetch_max(newest.first().map_or(0, |row| row.int(0)), Ordering::SeqCst);
        World::over(engine, target, clock, seed, steps)
    }

    fn over(
        engine: Arc<Engine>,
        target: Target,
        clock: Arc<AtomicI64>,
        seed: u64,
        steps: u64,
    ) -> Result<World, Trouble> {
        let ids = engine.database().read(|conn| Ok(conn.query("select id from company order by id", &[])?))?;
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
            85..94 => today.add_days(-(self.dice.below(90) as i32)),
            // Goods of these days are on their way for a while.
            _ => today.add_days(self.dice.below(25) as i32),
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
        match self.dice.below(208) {
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
            158..164 => self.allocate(at),
            164..166 => self.release(at),
            166..170 => self.undo(at, "payment", "'posted'"),
            170..178 => self.give_back(at),
            178..180 => self.undo(at, "sales_return", "'done','draft'"),
            180..184 => self.undo(at, "stock_adjustment", "'posted'"),
            184..185 => self.undo(at, "stock_transfer", "'posted'"),
            185..189 => self.journal(at),
            189..190 => self.undo(at, "journal_entry", "'posted'"),
            190..192 => self.close_period(at),
            192 => self.new_standard(at),
            193 => self.revalue(at),
            194..196 => self.new_rate(at),
            196..198 => self.remove(at),
            198..202 => self.pay_item(at),
            202..205 => self.write_down(at),
            _ => self.again(at),
        }
    }

    fn undo(&mut self, at: usize, entity: &str, stages: &str) -> Result<(), ()> {
        let id = self.find(at, entity, stages)?;
        let id = self.outer(entity, id);
        self.act(at, entity, &id, "cancel", json!({})).map(|_| ())
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

/// The day of a moment, for what is printed.
pub fn day_of(micros: i64) -> Date {
    Instant::from_micros(micros).date_at(0)
}
