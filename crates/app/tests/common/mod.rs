//! A small company to work in, on SQLite and, when `HEYI_TEST_PG` names one, on PostgreSQL.
#![allow(dead_code, reason = "every test file uses a part of it")]

pub mod bank;
pub mod desk;
pub mod people;
pub mod rim;

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, Weak};

use app::driver::{Driver, sendable};
use app::setup::{self, Plan};
pub use desk::Desk;
use engine::{Actor, Engine, Key};
use kernel::{Currency, Date, Instant, ProblemKind};
use meta::Trouble;
use serde_json::{Map, Value as Json, json};
use store::Target;

/// The first day of every test.
pub const TODAY: &str = "2026-03-16";
/// How many write lanes a PostgreSQL database gets.
const LANES: usize = 3;
const DAY: i64 = 86_400_000_000;

static SERIAL: AtomicU64 = AtomicU64::new(0);

/// A company of its own database, and a clock that moves when told to.
pub struct World {
    /// The machinery.
    pub engine: Arc<Engine>,
    /// Which database it is.
    pub on: &'static str,
    /// The system at work for the company that keeps its books in EUR.
    pub desk: Desk,
    /// The company that keeps its books in EUR.
    pub company: i64,
    /// Another company, which keeps its books in CNY.
    pub other: i64,
    /// Where goods are.
    pub place: String,
    /// The piece.
    pub piece: String,
    /// 20 % on top.
    pub tax: String,
    /// The bank account.
    pub bank: String,
    clock: Arc<AtomicI64>,
    // After the engine: a database goes when nobody works with it.
    data: Data,
    _template: Arc<Template>,
}

/// Where a database is, which is gone when the test is.
enum Data {
    Folder(PathBuf),
    Postgres { url: String, name: String, own: String },
}

/// A set-up database that every test gets a copy of. It lives as long as a test of this
/// program needs it.
struct Template {
    data: Data,
    company: i64,
    other: i64,
}

static SQLITE: Mutex<Weak<Template>> = Mutex::new(Weak::new());
static POSTGRES: Mutex<Weak<Template>> = Mutex::new(Weak::new());

/// What a write was answered with, short enough to compare.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Said {
    /// The sort of problem.
    pub kind: ProblemKind,
    /// Its code.
    pub code: &'static str,
    /// The field it names.
    pub field: String,
    /// The row it names.
    pub row: Option<usize>,
}

/// Runs a test on SQLite and on PostgreSQL.
pub fn on_both(test: impl Fn(&World)) {
    on_both_as(|world| test(&world));
}

/// The same, where all that is made, done and asked goes through the public API.
pub fn on_both_over_http(test: impl Fn(&World)) {
    on_both_as(|world| {
        let rim = rim::Rim::of(&world);
        rim.signed_in(&world, "root", "administrator");
        let World { desk, .. } = world;
        test(&World { desk: desk.through(rim, "root"), ..world });
    });
}

fn on_both_as(test: impl Fn(World)) {
    test(World::open("SQLite", template(&SQLITE, Data::folder)));
    match std::env::var("HEYI_TEST_PG").ok().filter(|url| !url.is_empty()) {
        Some(url) => test(World::open("PostgreSQL", template(&POSTGRES, || Data::database(&url, None)))),
        None => eprintln!("skipped by name: PostgreSQL (HEYI_TEST_PG is not set)"),
    }
}

fn name() -> String {
    format!("heyi_test_{}_{}", std::process::id(), SERIAL.fetch_add(1, Ordering::SeqCst))
}

fn template(kept: &Mutex<Weak<Template>>, data: impl Fn() -> Data) -> Arc<Template> {
    let mut kept = kept.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    if let Some(template) = kept.upgrade() {
        return template;
    }
    let template = Arc::new(Template::make(data()));
    *kept = Arc::downgrade(&template);
    template
}

impl Data {
    fn folder() -> Data {
        let folder = std::env::temp_dir().join(name());
        std::fs::create_dir_all(&folder).unwrap();
        Data::Folder(folder)
    }

    fn database(url: &str, template: Option<&str>) -> Data {
        let name = name();
        store::postgres_drop_database(url, &name).unwrap();
        let sign = if url.contains('?') { '&' } else { '?' };
        // Tests do not outlive a power cut: they need not wait for the disk.
        let own = store::postgres_database(url, &name, template).unwrap();
        let own = format!("{own}{sign}options=-c%20synchronous_commit%3Doff");
        Data::Postgres { url: url.to_owned(), name, own }
    }

    fn target(&self) -> Target {
        match self {
            Data::Folder(folder) => Target::Sqlite(folder.join("heyi.db")),
            Data::Postgres { own, .. } => Target::Postgres { url: own.clone(), lanes: LANES },
        }
    }

    fn copy(&self) -> Data {
        match self {
            Data::Folder(folder) => {
                let copy = Data::folder();
                if let Data::Folder(to) = &copy {
                    std::fs::copy(folder.join("heyi.db"), to.join("heyi.db")).unwrap();
                }
                copy
            }
            Data::Postgres { url, name, .. } => Data::database(url, Some(name)),
        }
    }
}

impl Drop for Data {
    fn drop(&mut self) {
        // What cannot be removed is in a folder for passing things, or is named after the test.
        match self {
            Data::Folder(folder) => drop(std::fs::remove_dir_all(folder)),
            Data::Postgres { url, name, .. } => drop(store::postgres_drop_database(url, name)),
        }
    }
}

impl Template {
    fn make(data: Data) -> Template {
        let engine =
            app::open::open_with(&data.target(), vault("5"), clock(&Arc::new(AtomicI64::new(start())))).unwrap();
        let plan = |name, currency, chart, country| Plan { name, currency, chart, country, ..Plan::default() };
        let company = setup::company(&engine, &plan("Lamps GmbH", Currency::EUR, "ifrs_generic", "DE")).unwrap();
        let other = setup::company(&engine, &plan("灯具公司", Currency::CNY, "small_business_cn", "CN")).unwrap();
        let desk = Driver::system(&engine, company).unwrap();
        for (currency, rate) in [("USD", "0.9"), ("GBP", "1.2"), ("JPY", "0.006")] {
            let body = json!({ "currency": currency, "valid_on": "2026-01-01", "rate": rate });
            desk.create("currency_rate", body).unwrap();
        }
        // What is asked of these companies is reckoned with 20 %.
        let account = setup::account(&engine, company, "sales_tax").unwrap();
        let body =
            json!({ "code": "T20", "name": "Sales tax 20%", "kind": "percent", "rate": "0.2", "account": account });
        desk.create("tax", body).unwrap();
        engine.database().settle().unwrap();
        Template { data, company, other }
    }
}

/// Nine in the morning of the first day.
fn start() -> i64 {
    i64::from(Date::parse(TODAY).unwrap().days()) * DAY + 9 * DAY / 24
}

/// Keys of secrets, each of one digit.
pub fn vault(digits: &str) -> engine::Vault {
    let keys: Vec<String> = digits.chars().map(|digit| digit.to_string().repeat(64)).collect();
    engine::Vault::parse(&keys.join(",")).unwrap()
}

fn clock(time: &Arc<AtomicI64>) -> engine::Clock {
    let time = time.clone();
    Arc::new(move || Instant::from_micros(time.load(Ordering::SeqCst)))
}

impl World {
    fn open(on: &'static str, template: Arc<Template>) -> World {
        eprintln!("on {on}");
        let data = template.data.copy();
        let time = Arc::new(AtomicI64::new(start()));
        let engine = app::open::open_with(&data.target(), vault("5"), clock(&time)).unwrap();
        let (company, other) = (template.company, template.other);
        let desk = Desk::inside(Driver::system(&engine, company).unwrap());
        let find = |entity: &str, field: &str, text: &str| {
            setup::find(&engine, company, entity, field, text).unwrap().unwrap_or_else(|| panic!("no {entity} {text}"))
        };
        World {
            place: setup::stock_place(&engine, company).unwrap(),
            piece: find("unit", "name", "pcs"),
            tax: find("tax", "code", "T20"),
            bank: setup::account(&engine, company, "bank").unwrap(),
            desk,
            engine,
            on,
            company,
            other,
            clock: time,
            data,
            _template: template,
        }
    }

    /// A second server on the same PostgreSQL schema; on SQLite, where a file has one
    /// server, the same one.
    pub fn second(&self) -> Arc<Engine> {
        match self.data.target() {
            Target::Sqlite(_) => self.engine.clone(),
            target @ Target::Postgres { .. } => app::open::open_with(&target, vault("5"), clock(&self.clock)).unwrap(),
        }
    }

    /// The same database opened again with other keys of secrets.
    pub fn reopened(&self, keys: &str) -> Arc<Engine> {
        app::open::open_with(&self.data.target(), vault(keys), clock(&self.clock)).unwrap()
    }

    /// A unit every company begins with, by its name.
    pub fn unit(&self, name: &str) -> String {
        setup::find(&self.engine, self.company, "unit", "name", name).unwrap().unwrap_or_else(|| panic!("no {name}"))
    }

    /// Lets days pass.
    pub fn days_pass(&self, days: i64) {
        self.clock.fetch_add(days * DAY, Ordering::SeqCst);
    }

    /// Lets a second pass and tells the moment before.
    pub fn moment(&self) -> String {
        let now = self.engine.now();
        self.clock.fetch_add(1_000_000, Ordering::SeqCst);
        now.to_string()
    }

    /// Today, and days before or after.
    pub fn day(&self, after: i32) -> String {
        self.engine.today().add_days(after).to_string()
    }

    // ---- masters ------------------------------------------------------------------

    /// A customer who pays in a currency.
    pub fn customer(&self, code: &str, currency: &str) -> String {
        self.customer_with(code, json!({ "currency": currency }))
    }

    /// A customer with more to say.
    pub fn customer_with(&self, code: &str, more: Json) -> String {
        let mut body = json!({ "code": code, "name": format!("{code} Ltd"), "is_customer": true, "currency": "EUR" });
        merge(&mut body, more);
        self.desk.create("party", body).unwrap()
    }

    /// A product kept in stock, by cost method: `fifo`, `average` or `standard`.
    pub fn product(&self, code: &str, cost_method: &str, price: &str) -> String {
        self.product_with(code, cost_method, price, json!({}))
    }

    /// A product with more to say.
    pub fn product_with(&self, code: &str, cost_method: &str, price: &str, more: Json) -> String {
        let category = json!({ "name": format!("{cost_method} {code}"), "cost_method": cost_method });
        let category = self.desk.create("product_category", category).unwrap();
        let mut body = json!({
            "code": code, "name": format!("Lamp {code}"), "kind": "stocked", "category": category, "unit": self.piece,
            "sales_price": price, "sales_tax": self.tax,
        });
        merge(&mut body, more);
        self.desk.create("product", body).unwrap()
    }

    /// Goods received from a supplier. Gives the receipt.
    pub fn receive(&self, on: &str, product: &str, qty: &str, unit_cost: &str) -> String {
        let lines = json!([{ "product": product, "qty": qty, "unit_cost": unit_cost }]);
        let body = json!({ "kind": "receipt", "moved_on": on, "place": self.place, "lines": lines });
        let id = self.desk.create("stock_adjustment", body).unwrap();
        self.act("stock_adjustment", &id, "post");
        id
    }

    /// A user with one role in all companies. Gives their raw number.
    pub fn user(&self, login: &str, role: &str) -> i64 {
        let known = self.number("select count(*) from \"user\" where login = ?1", &[login.into()]);
        if known == 0 {
            let user = self.desk.create("user", json!({ "login": login, "name": login, "language": "en" })).unwrap();
            let role = self.number("select id from role where code = ?1", &[role.into()]);
            self.desk.create("user_role", json!({ "user": user, "role": kernel::id_text("ro", role) })).unwrap();
        }
        setup::raw_user(&self.engine, login).unwrap()
    }

    /// The user at work for the EUR company.
    pub fn actor(&self, login: &str, role: &str) -> Actor {
        let user = self.user(login, role);
        self.engine.actor(user, Some(self.company), None).unwrap()
    }

    /// The same as a driver.
    pub fn as_user(&self, login: &str, role: &str) -> Driver {
        Driver { engine: self.engine.clone(), actor: self.actor(login, role) }
    }

    /// The system at work for the CNY company.
    pub fn elsewhere(&self) -> Driver {
        Driver::system(&self.engine, self.other).unwrap()
    }

    // ---- documents ----------------------------------------------------------------

    /// An order of one product.
    pub fn order(&self, customer: &str, product: &str, qty: &str) -> String {
        let lines = json!([{ "product": product, "qty": qty }]);
        let body = json!({ "customer": customer, "ordered_on": self.day(0), "wanted_on": self.day(7), "lines": lines });
        self.desk.create("sales_order", body).unwrap()
    }

    /// An order, confirmed.
    pub fn confirmed(&self, customer: &str, product: &str, qty: &str) -> String {
        let order = self.order(customer, product, qty);
        self.act("sales_order", &order, "confirm");
        order
    }

    /// A document made of another, with changes; the first line's quantity when given.
    pub fn made_of(&self, entity: &str, from: (&str, &str), qty: Option<&str>, more: Json) -> String {
        let mut body = Json::Object(self.desk.prefilled(entity, from).unwrap());
        if let Some(qty) = qty {
            body["lines"][0]["qty"] = json!(qty);
        }
        merge(&mut body, more);
        self.desk.create(entity, body).unwrap()
    }

    /// A delivery of an order, shipped.
    pub fn shipped(&self, order: &str, qty: Option<&str>) -> String {
        let id = self.made_of("delivery", ("sales_order", order), qty, json!({ "shipped_on": self.day(0) }));
        self.act("delivery", &id, "ship");
        id
    }

    /// An invoice of an order, posted.
    pub fn invoiced(&self, order: &str, more: Json) -> String {
        let mut all = json!({ "issued_on": self.day(0) });
        merge(&mut all, more);
        let id = self.made_of("invoice", ("sales_order", order), None, all);
        self.act("invoice", &id, "post");
        id
    }

    /// A sale through to its posted invoice: (order, delivery, invoice).
    pub fn sale(&self, customer: &str, product: &str, qty: &str) -> (String, String, String) {
        let order = self.confirmed(customer, product, qty);
        let delivery = self.shipped(&order, None);
        let invoice = self.invoiced(&order, json!({}));
        (order, delivery, invoice)
    }

    /// A payment of an invoice, posted.
    pub fn paid(&self, invoice: &str, more: Json) -> String {
        let mut body = Json::Object(self.desk.prefilled("payment", ("invoice", invoice)).unwrap());
        body.as_object_mut().unwrap().remove("rate");
        merge(&mut body, json!({ "paid_on": self.day(0) }));
        merge(&mut body, more);
        let id = self.desk.create("payment", body).unwrap();
        self.act("payment", &id, "post");
        id
    }

    /// Takes an action that is expected to succeed.
    pub fn act(&self, entity: &str, id: &str, action: &str) -> Json {
        self.desk.act(entity, id, action, json!({})).unwrap_or_else(|trouble| panic!("{trouble:?}"))
    }

    // ---- what is refused ----------------------------------------------------------

    /// The answer to a creation.
    pub fn create(&self, actor: &Actor, entity: &str, body: Json) -> Result<Json, Trouble> {
        if actor.user == 0
            && let Some(answer) = self.desk.made(entity, &body)
        {
            return answer;
        }
        self.engine.create(actor, entity, &map(body), None)
    }

    /// The answer to a change.
    pub fn change(&self, actor: &Actor, entity: &str, id: &str, body: Json) -> Result<Json, Trouble> {
        let raw = raw(&self.engine, entity, id);
        let version = self
            .number(&format!("select coalesce(max(version), 0) from {} where id = ?1", quoted(entity)), &[raw.into()]);
        self.engine.change(actor, entity, raw, version, &map(body), None)
    }

    /// The answer to an action.
    pub fn try_act(&self, actor: &Actor, entity: &str, id: &str, action: &str, args: Json) -> Result<Json, Trouble> {
        self.engine.act(actor, entity, raw(&self.engine, entity, id), action, None, &map(args), None)
    }

    /// What was said to an action of the system's that has to be refused.
    pub fn refused(&self, entity: &str, id: &str, action: &str) -> Said {
        said(self.try_act(&self.desk.actor, entity, id, action, json!({})))
    }

    // ---- what is kept -------------------------------------------------------------

    /// A record as the API shows it.
    pub fn get(&self, entity: &str, id: &str) -> Json {
        self.desk.get(entity, id).unwrap()
    }

    /// One number of a query.
    pub fn number(&self, sql: &str, args: &[meta::Value]) -> i64 {
        let rows = self.engine.database().read(|conn| Ok(conn.query(sql, args)?)).unwrap();
        rows.first().map_or(0, |row| row.maybe_int(0).unwrap_or(0))
    }

    /// How many rows every table has.
    pub fn counts(&self) -> BTreeMap<String, i64> {
        // PostgreSQL seals a moment later.
        self.engine.database().settle().unwrap();
        let tables = app::migrations::tables();
        let count = |table: &store::Table| {
            (table.name.to_string(), self.number(&format!("select count(*) from {}", quoted(&table.name)), &[]))
        };
        tables.iter().map(count).collect()
    }

    /// Proves the books; says where the test stood when they are broken.
    pub fn verified(&self, after: &str) {
        let verified = self.engine.verify(&|_| {}).unwrap();
        assert!(verified.broken.is_empty(), "on {}, after {after}: {:#?}", self.on, verified.broken);
        assert!(verified.laws.len() > 10, "laws are checked");
    }

    /// A report as JSON.
    pub fn report(&self, name: &str, params: &[(&str, &str)]) -> Json {
        self.desk.report(name, params)
    }

    /// The trial balance: code of each account → what it has at the end, debit positive; what has nothing is left out.
    pub fn balances_at(&self, params: &[(&str, &str)]) -> BTreeMap<String, String> {
        let report = self.report("trial_balance", params);
        let rows = report["rows"].as_array().unwrap();
        let accounts = rows.iter().filter(|row| row["style"] == "plain");
        let found = accounts.map(|row| (code_of(&row["cells"]["account"]), text(&row["cells"]["closing"])));
        found.filter(|(_, closing)| closing != "0.00").collect()
    }

    /// The trial balance of today. Its total must be nothing.
    pub fn balances(&self) -> BTreeMap<String, String> {
        let report = self.report("trial_balance", &[("from", "2026-01-01"), ("as_of", &self.day(60))]);
        let total = report["rows"].as_array().unwrap().last().unwrap();
        assert_eq!(total["cells"]["closing"], "0.00");
        assert_eq!(total["cells"]["debit"], total["cells"]["credit"]);
        self.balances_at(&[("as_of", &self.day(60))])
    }

    /// What is on the shelf of a product, all places together.
    pub fn on_hand(&self, product: &str, params: &[(&str, &str)]) -> String {
        let report = self.report("stock_on_hand", params);
        let rows = report["rows"].as_array().unwrap();
        let row = rows.iter().find(|row| row["cells"]["product"]["id"] == product);
        row.map_or("0".to_owned(), |row| text(&row["cells"]["on_hand"]))
    }

    /// What all customers owe.
    pub fn owed(&self, params: &[(&str, &str)]) -> String {
        let report = self.report("aged_receivables", params);
        text(&report["rows"].as_array().unwrap().last().unwrap()["cells"]["total"])
    }
}

/// Puts the fields of one object over those of another.
pub fn merge(body: &mut Json, more: Json) {
    for (name, value) in map(more) {
        body[name.as_str()] = value;
    }
}

/// The object that JSON is.
pub fn map(json: Json) -> Map<String, Json> {
    match json {
        Json::Object(map) => map,
        other => panic!("not an object: {other}"),
    }
}

/// The raw number of an outer id.
pub fn raw(engine: &Engine, entity: &str, id: &str) -> i64 {
    kernel::id_parse(engine.entity(entity).unwrap().prefix, id).unwrap_or_else(|| panic!("{id} is no {entity}"))
}

/// The key of a request.
pub fn key(name: &str, body: u8) -> Key {
    Key { key: name.to_owned(), body_hash: [body; 32] }
}

/// The id an answer speaks of.
pub fn id_of(answer: &Json) -> String {
    text(&answer["record"]["id"])
}

/// Text of JSON.
pub fn text(json: &Json) -> String {
    json.as_str().unwrap_or_else(|| panic!("no text: {json}")).to_owned()
}

/// What a write was refused with.
pub fn said<T: std::fmt::Debug>(answer: Result<T, Trouble>) -> Said {
    match answer {
        Err(Trouble::Refused(refusal)) => {
            let problem = &refusal.problems[0];
            Said {
                kind: problem.kind,
                code: problem.code,
                field: problem.field.clone().unwrap_or_default(),
                row: problem.row,
            }
        }
        other => panic!("not refused: {other:?}"),
    }
}

/// A refusal to compare with: kind, code, field.
pub fn no(kind: ProblemKind, code: &'static str, field: &str) -> Said {
    Said { kind, code, field: field.to_owned(), row: None }
}

/// The same in a row.
pub fn no_in_row(kind: ProblemKind, code: &'static str, field: &str, row: usize) -> Said {
    Said { row: Some(row), ..no(kind, code, field) }
}

/// The code of an account by its label.
fn code_of(cell: &Json) -> String {
    cell["label"].as_str().unwrap_or("").split(' ').next().unwrap_or("").to_owned()
}

/// Balances to compare with.
pub fn book(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
    pairs.iter().map(|(code, amount)| ((*code).to_owned(), (*amount).to_owned())).collect()
}

/// A shown record as a body that can be sent back.
pub fn sent_back(world: &World, entity: &str, record: &Json) -> Map<String, Json> {
    sendable(world.engine.entity(entity).unwrap(), record)
}

fn quoted(name: &str) -> String {
    format!("\"{name}\"")
}
