//! Speed, beside the same work in plain SQL.
//!
//! A write is measured through the whole engine: rights, facts, decision, checks, books,
//! audit, search, seals. Beside it stands the time that the same rows take when they are
//! inserted into the same tables with the same indexes, in as many durable transactions, by
//! prepared statements and nothing else. Reads stand beside the SQL that gives the same figures.

mod http;
mod plain;

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use engine::Engine;
use indicatif::ProgressBar;
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
/// How many whole chains are worked, after [`WARM_UP`] of them that are not counted.
const CHAINS: usize = 960;
/// Which part of the work is done before the clock starts: connections are opened and
/// statements prepared in it.
const WARM_UP: usize = 8;
/// How many parties the list is taken from.
const PARTIES: usize = 1_000_000;
/// How often a read is repeated.
const READS: usize = 100;

struct World {
    engine: Arc<Engine>,
    company: i64,
    customer: String,
    products: Vec<String>,
    bank: String,
    equity: String,
    bar: ProgressBar,
}

impl World {
    /// Shows a new piece of work and how much of it there is.
    fn begin(&self, work: &str, times: usize) {
        self.bar.reset();
        self.bar.set_length(times as u64);
        self.bar.set_message(work.to_owned());
    }

    /// A line of the table, above the bar.
    fn print(&self, line: &str) {
        self.bar.suspend(|| println!("{line}"));
    }
}

/// The time within which 95 of 100 were done, in milliseconds.
fn most(mut times: Vec<f64>) -> f64 {
    times.sort_by(f64::total_cmp);
    times[times.len() * 95 / 100] * 1000.0
}

/// Seconds that work takes.
#[allow(clippy::disallowed_methods)]
fn seconds(work: impl FnOnce() -> Result<(), Trouble>) -> Result<f64, Trouble> {
    let start = std::time::Instant::now();
    work()?;
    Ok(start.elapsed().as_secs_f64())
}

/// Measures and prints; the bar shows how far each piece of work is.
pub fn run(place: &Place, bar: &ProgressBar) -> Result<(), Trouble> {
    let target = match &place.database_url {
        Some(url) => store::Target::Postgres { url: store::postgres_schema(url, "heyi_bench")?, lanes: 4 },
        None => place.target()?,
    };
    let engine = open::open(&target)?;
    bar.set_message("setting up");
    let world = world(&engine, bar)?;
    world.print(&format!("{:<44} {:>12} {:>12} {:>8}", "work", "ours", "plain SQL", "ratio"));
    let entries = write(&world, "journal entries", ENTRIES, entry)?;
    told(&world, "journal entry of 10 lines, 16 clients (/s)", &entries);
    let chains = write(&world, "chains", CHAINS, chain)?;
    told(&world, "order→delivery→invoice→payment, 5 lines (/s)", &chains);
    let over_http = over_http(&world, CHAINS)?;
    told(&world, "the same over HTTP, 11 requests each (/s)", &Measured { ours: over_http, ..chains });
    let read = reads(&world);
    bar.finish_and_clear();
    read
}

struct Measured {
    ours: f64,
    plain: f64,
}

fn told(world: &World, work: &str, measured: &Measured) {
    let ratio = measured.ours / measured.plain;
    world.print(&format!("{work:<44} {:>12.1} {:>12.1} {:>7.0}%", measured.ours, measured.plain, ratio * 100.0));
}

fn world(engine: &Arc<Engine>, bar: &ProgressBar) -> Result<World, Trouble> {
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
    let customer = desk.create(
        "party",
        json!({ "code": "C1", "name": "Customer", "is_customer": true, "credit_limit": "900000000" }),
    )?;
    let bank = setup::account(engine, company, "bank")?;
    let equity = setup::account(engine, company, "opening")?;
    Ok(World { engine: engine.clone(), company, customer, products, bank, equity, bar: bar.clone() })
}

/// Works many times on many threads, then writes the same rows with plain SQL.
fn write(
    world: &World,
    what: &str,
    times: usize,
    work: fn(&World, &Driver, usize) -> Result<usize, Trouble>,
) -> Result<Measured, Trouble> {
    let commits = AtomicUsize::new(0);
    let by_all = |times: usize| {
        let next = AtomicUsize::new(0);
        commits.store(0, Ordering::Relaxed);
        std::thread::scope(|scope| {
            let client = || -> Result<(), Trouble> {
                let desk = Driver::system(&world.engine, world.company)?;
                loop {
                    let number = next.fetch_add(1, Ordering::Relaxed);
                    if times <= number {
                        return Ok(());
                    }
                    commits.fetch_add(work(world, &desk, number)?, Ordering::Relaxed);
                    world.bar.inc(1);
                }
            };
            let clients: Vec<_> = (0..CLIENTS).map(|_| scope.spawn(client)).collect();
            clients.into_iter().try_for_each(|client| client.join().expect("a client does not panic"))
        })
    };
    world.begin(what, times / WARM_UP + times);
    by_all(times / WARM_UP)?;
    let before = plain::mark(&world.engine)?;
    let ours = seconds(|| by_all(times))?;
    let rows = plain::since(&world.engine, &before)?;
    let transactions = commits.load(Ordering::Relaxed);
    world.begin("the same in plain SQL", transactions);
    let plain = seconds(|| plain::insert(&world.engine, rows, transactions, CLIENTS, &|| world.bar.inc(1)))?;
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

fn order(world: &World, number: usize) -> Json {
    let lines: Vec<Json> = (0..5)
        .map(|line| json!({ "product": world.products[(number * 5 + line) % world.products.len()], "qty": "2" }))
        .collect();
    let today = world.engine.today().to_string();
    json!({ "customer": world.customer, "ordered_on": today, "wanted_on": today, "lines": lines })
}

fn chain(world: &World, desk: &Driver, number: usize) -> Result<usize, Trouble> {
    let order = desk.create("sales_order", order(world, number))?;
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

/// Works chains over HTTP with all clients; how many a second.
fn over_http(world: &World, times: usize) -> Result<f64, Trouble> {
    let server = http::Server::start(&world.engine)?;
    let mut clients: Vec<http::Client> =
        (0..CLIENTS).map(|_| http::Client::signed_in(server.address)).collect::<Result<_, _>>()?;
    let mut by_all = |times: usize| {
        let next = AtomicUsize::new(0);
        let work = |client: &mut http::Client| -> Result<(), Trouble> {
            loop {
                let number = next.fetch_add(1, Ordering::Relaxed);
                if times <= number {
                    return Ok(());
                }
                client.chain(&world.engine, &order(world, number))?;
                world.bar.inc(1);
            }
        };
        std::thread::scope(|scope| {
            let work = &work;
            let clients: Vec<_> = clients.iter_mut().map(|client| scope.spawn(move || work(client))).collect();
            clients.into_iter().try_for_each(|client| client.join().expect("a client does not panic"))
        })
    };
    world.begin("chains over HTTP", times / WARM_UP + times);
    by_all(times / WARM_UP)?;
    let taken = seconds(|| by_all(times))?;
    Ok(times as f64 / taken)
}

/// Many parties beside the customer, as copies of it with names and countries of their own.
fn parties(world: &World) -> Result<(), Trouble> {
    let table = crate::migrations::tables().into_iter().find(|table| table.name == "party");
    let columns: Vec<String> = table.into_iter().flat_map(|table| table.columns).map(|column| column.name).collect();
    let values: Vec<&str> = columns
        .iter()
        .map(|column| match column.as_str() {
            // Far beyond the ids this database will ever give.
            "id" => "4611686018427387904 + n.i",
            "code" => "'B' || n.i",
            "name" => "'Party ' || (n.i * 7919 % 1000003)",
            "country" => "case when n.i % 3 = 0 then 'DE' else 'NL' end",
            "external_id" => "null",
            other => other,
        })
        .collect();
    let quoted: Vec<String> = columns.iter().map(|column| format!("\"{column}\"")).collect();
    let sql = format!(
        "insert into party ({}) with recursive n (i) as (select cast(1 as bigint) union all select i + 1 from n where i < {PARTIES})
         select {} from n, party where party.code = 'C1' and party.company = ?1",
        quoted.join(", "),
        values.join(", ")
    );
    let company = world.company;
    world.engine.database().write(move |conn| Ok(conn.execute(&sql, &[company.into()]).map(|_| ())?))?;
    world.engine.database().write(|conn| match conn.dialect() {
        store::Dialect::Postgres => Ok(conn.execute("analyze party", &[]).map(|_| ())?),
        store::Dialect::Sqlite => Ok(()),
    })
}

fn reads(world: &World) -> Result<(), Trouble> {
    let engine = &world.engine;
    world.begin("a million parties", 1);
    parties(world)?;
    world.begin("reads", 5 * 2 * READS);
    let actor = engine.system(world.company)?;
    let sorted = |name: &str| vec![Sort { field: name.to_owned(), descending: false }];
    let filter = meta::Filter::parse_text(r#"["and",["country","=","DE"],["is_customer","=",true]]"#)?;
    let query = ListQuery { filter, sort: sorted("name"), limit: 80, ..ListQuery::default() };
    let list =
        "select id, code, name from party where company = ?1 and country = 'DE' and is_customer = 1 and active = 1
        order by name, id limit 80";
    read("list page of 80 of 1,000,000, filtered (ms)", world, list, || {
        engine.list(&actor, "party", &query).map(|_| ())
    })?;
    let typed = order(world, 1);
    let typed = typed.as_object().expect("an object");
    let exposure = "select sum(amount) from exposure where company = ?1";
    read("order of 5 lines typed: price, tax, stock, credit (ms)", world, exposure, || {
        engine.preview(&actor, "sales_order", typed).map(|_| ())
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
        read(work, world, sql, || engine.report(&actor, name, &params).map(|_| ()))?;
    }
    Ok(())
}

fn read(work: &str, world: &World, sql: &str, mut ours: impl FnMut() -> Result<(), Trouble>) -> Result<(), Trouble> {
    ours()?;
    // The bar is drawn between two measures, never within one.
    let timed = |work: &mut dyn FnMut() -> Result<(), Trouble>| {
        let times = (0..READS).map(|_| {
            let taken = seconds(&mut *work);
            world.bar.inc(1);
            taken
        });
        times.collect::<Result<_, _>>().map(most)
    };
    let ours = timed(&mut ours)?;
    let plain = timed(&mut || {
        world.engine.database().read(|conn| Ok(conn.query(sql, &[world.company.into()]).map(|_| ())?))
    })?;
    world.print(&format!("{work:<44} {ours:>12.2} {plain:>12.2} {:>7.0}%", plain / ours * 100.0));
    Ok(())
}
