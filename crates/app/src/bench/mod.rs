//! Speed, beside the same work in plain SQL.
//!
//! A write is measured through the whole engine: rights, facts, decision, checks, books,
//! audit, search, seals. Beside it stands the time that the same rows take when they are
//! inserted into the same tables with the same indexes, in as many durable transactions, by
//! prepared statements and nothing else. Reads stand beside the SQL that gives the same figures.

mod plain;

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use engine::Engine;
use kernel::Currency;
use meta::{ListQuery, Sort, Trouble};
use serde_json::{Value as Json, json};

use crate::driver::Driver;
use crate::open::{self, Place};
use crate::setup::{self, Plan};

/// How many threads work at a time.
const CLIENTS: usize = 16;
/// How many journal entries are posted.
const ENTRIES: usize = 600;
/// How many whole chains are worked.
const CHAINS: usize = 160;
/// How many parties the list is taken from.
const PARTIES: usize = 20_000;
/// How often a read is repeated.
const READS: usize = 30;

struct World {
    engine: Arc<Engine>,
    company: i64,
    customer: String,
    products: Vec<String>,
    bank: String,
    equity: String,
}

/// Seconds that work takes.
#[allow(clippy::disallowed_methods)]
fn seconds(work: impl FnOnce() -> Result<(), Trouble>) -> Result<f64, Trouble> {
    let start = std::time::Instant::now();
    work()?;
    Ok(start.elapsed().as_secs_f64())
}

/// Measures and prints.
pub fn run(place: &Place) -> Result<(), Trouble> {
    let target = match &place.database_url {
        Some(url) => store::Target::Postgres { url: store::postgres_schema(url, "heyi_bench")?, lanes: 4 },
        None => place.target()?,
    };
    let engine = open::open(&target)?;
    let world = world(&engine)?;
    println!("{:<44} {:>12} {:>12} {:>8}", "work", "ours", "plain SQL", "ratio");
    let entries = write(&world, ENTRIES, entry)?;
    told("journal entry of 10 lines, 16 clients (/s)", &entries);
    let chains = write(&world, CHAINS, chain)?;
    told("order→delivery→invoice→payment, 5 lines (/s)", &chains);
    reads(&world)?;
    Ok(())
}

struct Measured {
    ours: f64,
    plain: f64,
}

fn told(work: &str, measured: &Measured) {
    let ratio = measured.ours / measured.plain;
    println!("{work:<44} {:>12.1} {:>12.1} {:>7.0}%", measured.ours, measured.plain, ratio * 100.0);
}

fn world(engine: &Arc<Engine>) -> Result<World, Trouble> {
    let plan = Plan { name: "Bench", currency: Currency::EUR, chart: "ifrs_generic", country: "DE", ..Plan::default() };
    let company = setup::company(engine, &plan)?;
    let desk = Driver::system(engine, company)?;
    let unit = setup::first(engine, company, "unit")?;
    let mut products = Vec::new();
    for number in 0..50 {
        let body = json!({
            "code": format!("P{number:03}"), "name": format!("Product {number}"), "unit": unit, "sales_price": "20",
        });
        products.push(desk.create("product", body)?);
    }
    let place = setup::stock_place(engine, company)?;
    let lines: Vec<Json> =
        products.iter().map(|id| json!({ "product": id, "qty": "1000000", "unit_cost": "10" })).collect();
    let body = json!({ "kind": "opening", "place": place, "moved_on": engine.today().to_string(), "lines": lines });
    let opening = desk.create("stock_adjustment", body)?;
    desk.act("stock_adjustment", &opening, "post", json!({}))?;
    let customer = desk.create("party", json!({ "code": "C1", "name": "Customer", "is_customer": true }))?;
    let bank = setup::account(engine, company, "bank")?;
    let equity = setup::account(engine, company, "opening")?;
    Ok(World { engine: engine.clone(), company, customer, products, bank, equity })
}

/// Works many times on many threads, then writes the same rows with plain SQL.
fn write(
    world: &World,
    times: usize,
    work: fn(&World, &Driver, usize) -> Result<usize, Trouble>,
) -> Result<Measured, Trouble> {
    let before = plain::mark(&world.engine)?;
    let (next, commits) = (AtomicUsize::new(0), AtomicUsize::new(0));
    let ours = seconds(|| {
        std::thread::scope(|scope| {
            let clients: Vec<_> = (0..CLIENTS)
                .map(|_| {
                    scope.spawn(|| -> Result<(), Trouble> {
                        let desk = Driver::system(&world.engine, world.company)?;
                        loop {
                            let number = next.fetch_add(1, Ordering::Relaxed);
                            if times <= number {
                                return Ok(());
                            }
                            commits.fetch_add(work(world, &desk, number)?, Ordering::Relaxed);
                        }
                    })
                })
                .collect();
            clients.into_iter().try_for_each(|client| client.join().expect("a client does not panic"))
        })
    })?;
    let rows = plain::since(&world.engine, &before)?;
    let plain = seconds(|| plain::insert(&world.engine, rows, commits.load(Ordering::Relaxed), CLIENTS))?;
    Ok(Measured { ours: times as f64 / ours, plain: times as f64 / plain })
}

fn entry(world: &World, desk: &Driver, number: usize) -> Result<usize, Trouble> {
    let mut lines = Vec::new();
    for line in 0..5 {
        let amount = format!("{}.{:02}", line + 1, number % 100);
        lines.push(json!({ "account": world.bank, "debit": amount }));
        lines.push(json!({ "account": world.equity, "credit": amount }));
    }
    let id = desk.create("journal_entry", json!({ "posted_on": world.engine.today().to_string(), "lines": lines }))?;
    desk.act("journal_entry", &id, "post", json!({}))?;
    Ok(2)
}

fn chain(world: &World, desk: &Driver, number: usize) -> Result<usize, Trouble> {
    let lines: Vec<Json> = (0..5)
        .map(|line| json!({ "product": world.products[(number * 5 + line) % world.products.len()], "qty": "2" }))
        .collect();
    let today = world.engine.today().to_string();
    let order = json!({ "customer": world.customer, "ordered_on": today, "wanted_on": today, "lines": lines });
    let order = desk.create("sales_order", order)?;
    desk.act("sales_order", &order, "confirm", json!({}))?;
    let mut from = ("sales_order", order);
    for (entity, action) in [("delivery", "ship"), ("invoice", "post"), ("payment", "post")] {
        let source = if entity == "payment" { from.clone() } else { ("sales_order", from.1.clone()) };
        let body = desk.prefilled(entity, (source.0, &source.1))?;
        let id = desk.create(entity, Json::Object(body))?;
        desk.act(entity, &id, action, json!({}))?;
        if entity == "invoice" {
            from = ("invoice", id);
        }
    }
    Ok(8)
}

fn reads(world: &World) -> Result<(), Trouble> {
    let engine = &world.engine;
    let actor = engine.system(world.company)?;
    let rows: Vec<Json> = (0..PARTIES)
        .map(|number| {
            let name = format!("Party {:05}", number * 7919 % PARTIES);
            json!({ "op": "create", "record": { "code": format!("B{number:05}"), "name": name, "is_customer": true, "country": if number % 3 == 0 { "DE" } else { "NL" } } })
        })
        .collect();
    for chunk in rows.chunks(1000) {
        engine.batch(&actor, "party", &Json::Array(chunk.to_vec()), true, None)?;
    }
    let sorted = |name: &str| vec![Sort { field: name.to_owned(), descending: false }];
    let filter = meta::Filter::parse_text(r#"["and",["country","=","DE"],["is_customer","=",true]]"#)?;
    let query = ListQuery { filter, sort: sorted("name"), limit: 80, ..ListQuery::default() };
    let company = world.company;
    let list =
        "select id, code, name from party where company = ?1 and country = 'DE' and is_customer = 1 and active = 1
        order by name, id limit 80";
    read("list page of 80 of 20,000, filtered (ms)", engine, list, company, || {
        engine.list(&actor, "party", &query).map(|_| ())
    })?;
    for (name, work, sql) in [
        (
            "trial_balance",
            "trial balance (ms)",
            "select account, sum(debit), sum(credit) from balance where company = ?1 and grain = 'm' group by account",
        ),
        (
            "balance_sheet",
            "balance sheet (ms)",
            "select account, sum(debit), sum(credit) from balance where company = ?1 and grain = 'm' group by account",
        ),
        (
            "stock_on_hand",
            "stock on hand (ms)",
            "select product, place, on_hand, reserved from stock_balance where company = ?1",
        ),
    ] {
        let params = std::collections::BTreeMap::new();
        read(work, engine, sql, company, || engine.report(&actor, name, &params).map(|_| ()))?;
    }
    Ok(())
}

fn read(
    work: &str,
    engine: &Engine,
    sql: &str,
    company: i64,
    mut ours: impl FnMut() -> Result<(), Trouble>,
) -> Result<(), Trouble> {
    ours()?;
    let ours = seconds(|| (0..READS).try_for_each(|_| ours()))? * 1000.0 / READS as f64;
    let plain = seconds(|| {
        (0..READS)
            .try_for_each(|_| engine.database().read(|conn| Ok(conn.query(sql, &[company.into()]).map(|_| ())?)))
    })?;
    let plain = plain * 1000.0 / READS as f64;
    println!("{work:<44} {ours:>12.2} {plain:>12.2} {:>7.0}%", plain / ours * 100.0);
    Ok(())
}
