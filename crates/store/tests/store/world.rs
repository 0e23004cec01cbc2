//! A small world of entities, with names that are words of SQL on purpose.

use std::path::PathBuf;
use std::sync::LazyLock;
use std::sync::atomic::{AtomicUsize, Ordering};

use kernel::{Amount, Currency, Date, Id, Label, Qty};
use meta::{Entity, Module, Plain, Record, Registry};
use store::{Conn, Database, Migration, Stamp, Step, Target};

/// A company.
#[derive(Entity)]
#[entity(label = "Company", zh = "公司", prefix = "co", kind = "setting", title = "name")]
pub struct Company {
    pub id: Id<Company>,
    #[field(zh = "名称")]
    pub name: String,
}

/// A user.
#[derive(Entity)]
#[entity(label = "User", zh = "用户", prefix = "us", kind = "setting", title = "name")]
pub struct User {
    pub id: Id<User>,
    #[field(zh = "名称")]
    pub name: String,
}

/// A customer.
#[derive(Entity)]
#[entity(label = "Party", zh = "往来单位", prefix = "pa", kind = "master", title = "code, name", sort = "name")]
pub struct Party {
    pub id: Id<Party>,
    pub company: Id<Company>,
    #[field(zh = "编码", unique, search, optional)]
    pub code: String,
    #[field(zh = "名称", search)]
    pub name: String,
    #[field(zh = "国家")]
    pub country: Option<String>,
    #[field(zh = "密级")]
    pub secret_note: Option<String>,
    #[field(zh = "负责人")]
    pub owner: Option<Id<User>>,
    #[field(zh = "启用")]
    pub active: bool,
}

/// An order.
#[derive(Entity)]
#[entity(label = "Order", zh = "订单", prefix = "or", title = "number", sort = "-ordered_on")]
pub struct Order {
    pub id: Id<Order>,
    pub company: Id<Company>,
    #[field(zh = "单号", search, readonly)]
    pub number: String,
    #[field(zh = "客户", search)]
    pub customer: Option<Id<Party>>,
    #[field(zh = "日期")]
    pub ordered_on: Date,
    #[field(zh = "截止")]
    pub due_on: Option<Date>,
    #[field(zh = "币种")]
    pub currency: Currency,
    #[field(zh = "合计", currency = "currency")]
    pub total: Amount,
    #[field(zh = "备注", long)]
    pub note: Option<String>,
    #[field(zh = "明细", owned)]
    pub lines: Vec<OrderLine>,
}

/// A line of an order.
#[derive(Entity)]
#[entity(label = "Order line", zh = "订单行", prefix = "ol", parent = "order.lines", title = "product")]
pub struct OrderLine {
    pub id: Id<OrderLine>,
    #[field(zh = "产品")]
    pub product: String,
    #[field(zh = "数量")]
    pub qty: Qty,
    #[field(zh = "内部备注")]
    pub secret_note: Option<String>,
}

pub static REGISTRY: LazyLock<Registry> = LazyLock::new(|| {
    Registry::new(vec![Module {
        name: "world",
        label: Label::new("World", "世界"),
        icon: "world",
        menu: &[],
        entities: vec![
            (Company::meta(), &Plain),
            (User::meta(), &Plain),
            (Party::meta(), &Plain),
            (Order::meta(), &Plain),
            (OrderLine::meta(), &Plain),
        ],
        reports: Vec::new(),
        roles: &[],
        grants: &[],
        laws: &[],
    }])
});

pub const STAMP: Stamp = Stamp { at: 1_000_000, by: 1 };

struct Folder(PathBuf);

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// Runs a test on empty databases of both sorts, with four lanes.
pub fn on_both(test: impl Fn(Database)) {
    static NUMBER: AtomicUsize = AtomicUsize::new(0);
    let own = format!("store_{}_{}", std::process::id(), NUMBER.fetch_add(1, Ordering::SeqCst));
    let folder = Folder(std::env::temp_dir().join(&own));
    std::fs::create_dir_all(&folder.0).unwrap();
    test(Database::open(&Target::Sqlite(folder.0.join("data.db"))).unwrap());
    match std::env::var("HEYI_TEST_PG") {
        Ok(server) => {
            let url = store::postgres_schema(&server, &own).unwrap();
            test(Database::open(&Target::Postgres { url, lanes: 4 }).unwrap());
            let server = Database::open(&Target::Postgres { url: server, lanes: 1 }).unwrap();
            run(&server, &format!("drop schema {own} cascade"));
        }
        Err(_) => println!("skipped by name: PostgreSQL"),
    }
}

/// The same, with the tables of the world.
pub fn on_both_with_tables(test: impl Fn(Database)) {
    on_both(|db| {
        let steps = store::diff(&[], &store::tables(&REGISTRY));
        store::migrate(&db, &[first(steps)], &|_| {}).unwrap();
        test(db);
    });
}

pub fn first(steps: Vec<Step>) -> Migration {
    Migration { number: 1, name: "first".into(), steps }
}

pub fn run(db: &Database, sql: &str) {
    let sql = sql.to_owned();
    db.write(move |conn| Ok(conn.execute(&sql, &[])?)).unwrap();
}

pub fn number(db: &Database, sql: &str) -> i64 {
    db.read(|conn| Ok(conn.query(sql, &[])?[0].int(0))).unwrap()
}

/// Saves records as they are, found by search.
pub fn save(db: &Database, records: Vec<Record>) {
    db.write(move |conn: &dyn Conn| {
        for record in &records {
            conn.batch(&store::insert(record.meta, record, &STAMP))?;
            conn.batch(&store::index(conn.dialect(), record))?;
        }
        Ok(())
    })
    .unwrap();
}

pub fn party(id: i64, company: i64, name: &str) -> Record {
    let mut record = Record::empty(Party::meta());
    record.id = id;
    record.set("company", company).set("code", format!("C{id}")).set("name", name).set("active", true);
    record
}

pub fn order(id: i64, company: i64, day: &str, total: i64) -> Record {
    let mut record = Record::empty(Order::meta());
    record.id = id;
    record.set("company", company).set("number", format!("SO-2026-{id:05}")).set("ordered_on", day);
    record.set("currency", "CNY").set("total", total);
    record
}

pub fn line(id: i64, product: &str, qty: i64) -> Record {
    let mut record = Record::empty(OrderLine::meta());
    record.id = id;
    record.set("product", product).set("qty", qty);
    record
}
