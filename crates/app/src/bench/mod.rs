//! Speed, beside the same work in plain SQL.
//!
//! A write is measured through the whole engine: rights, facts, decision, checks, books,
//! audit, search, seals. Beside it stands the time that the same rows take when they are
//! inserted into the same tables with the same indexes, in as many durable transactions, by
//! prepared statements and nothing else. Reads stand beside the SQL that gives the same figures.

mod history;
mod http;
mod plain;
mod reads;

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use engine::Engine;
use indicatif::ProgressBar;
use kernel::Currency;
use meta::Trouble;
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
/// Rows that are put in by hand get ids from here on, far beyond those the database will ever give.
const BEYOND: i64 = 1 << 62;

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

/// Seconds that work takes.
#[allow(clippy::disallowed_methods)]
fn seconds(work: impl FnOnce() -> Result<(), Trouble>) -> Result<f64, Trouble> {
    let start = std::time::Instant::now();
    work()?;
    Ok(start.elapsed().as_secs_f64())
}

/// Measures and prints; the bar shows how far each piece of work is.
///
/// Reads of the books are measured twice, the second time after `movements` more of them, unless that is none.
pub fn run(place: &Place, movements: u64, bar: &ProgressBar) -> Result<(), Trouble> {
    let target = match &place.database_url {
        Some(url) => store::Target::Postgres { url: store::postgres_schema(url, "heyi_bench")?, lanes: 4 },
        None => place.target()?,
    };
    // No secret of a bench is wanted ever again.
    let vault = engine::Vault::parse(&engine::Vault::new_key()?)?;
    let engine = open::open_with(&target, vault, Arc::new(open::now))?;
    bar.set_message("setting up");
    let world = world(&engine, bar)?;
    world.print(&format!("{:<56} {:>10} {:>10} {:>8}", "work", "ours", "plain SQL", "ratio"));
    let entries = write(&world, "journal entries", ENTRIES, entry)?;
    told(&world, "journal entry of 10 lines, 16 clients (/s)", &entries);
    let chains = write(&world, "chains", CHAINS, chain)?;
    told(&world, "order→delivery→invoice→payment, 5 lines (/s)", &chains);
    let over_http = over_http(&world, CHAINS)?;
    told(&world, "the same over HTTP, 11 requests each (/s)", &Measured { ours: over_http, ..chains });
    let read = reads::of_a_million(&world)
        .and_then(|()| reads::of_the_books(&world))
        .and_then(|()| history::grow(&world, movements))
        .and_then(|()| if movements == 0 { Ok(()) } else { reads::of_the_books(&world) });
    bar.finish_and_clear();
    read
}

struct Measured {
    ours: f64,
    plain: f64,
}

/// A line of the table for work that was done so often in a second.
fn told(world: &World, work: &str, measured: &Measured) {
    line(world, work, measured.ours, measured.plain, measured.ours / measured.plain);
}

fn line(world: &World, work: &str, ours: f64, plain: f64, ratio: f64) {
    world.print(&format!("{work:<56} {ours:>10.2} {plain:>10.2} {:>7.0}%", ratio * 100.0));
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
