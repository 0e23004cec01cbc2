//! The retail file: thirteen months of a real retailer as posted documents.
//!
//! ```text
//! sale          invoice with which the goods leave (no order, no delivery)
//! C…            credit note with which the goods come back, at present cost
//! price 0       goods given free on an invoice that has a price; else written off or found
//! A…            bad debt: a journal entry
//! before it     opening stock, as much as is needed so that nothing ever goes negative
//! ```
//!
//! *Rounding.* A line is quantity × price, rounded half up to the penny; a document is the
//! sum of its lines. Only the lines with a price of three decimals are touched by it.
//!
//! *Restart.* A document and its posting are one transaction, and carry the number of the
//! file as external id: what is there is not made again.

mod file;

use std::collections::{BTreeMap, HashMap, HashSet};
use std::path::Path;
use std::sync::Arc;

use engine::Engine;
use indicatif::ProgressBar;
use kernel::{Currency, Qty};
use meta::{Fault, Trouble};
use serde_json::{Map, Value as Json, json};

use crate::driver::Driver;
use crate::setup::{self, Plan};

pub use file::{Contents, Doc, Kind, parse, read};

/// The company that is made.
pub const COMPANY: &str = "Online Retail";
/// The customer of lines that name none.
const UNKNOWN: &str = "WALK-IN";
/// About how many lines go into one transaction.
const LINES_AT_ONCE: usize = 400;
/// How many products one opening document holds.
const OPENING_LINES: usize = 500;
/// What goods cost, as a part of the median price: an assumption, said in the manual.
const COST_PERCENT: i64 = 55;
/// What goods cost whose price nobody knows.
const LEAST: &str = "0.01";

/// Loads a file. Gives what was loaded, as text.
pub fn import(engine: &Arc<Engine>, file: &Path, bar: &ProgressBar) -> Result<String, Trouble> {
    bar.set_message("reading the file");
    let contents = read(file)?;
    load(engine, &contents, bar, usize::MAX)
}

/// Loads documents, at most so many (for tests that stop in the middle).
pub fn load(engine: &Arc<Engine>, contents: &Contents, bar: &ProgressBar, most: usize) -> Result<String, Trouble> {
    let world = World::open(engine, contents, bar)?;
    let known = known(&world)?;
    bar.set_length(contents.docs.iter().map(|doc| doc.lines.len() as u64).sum());
    bar.set_message("posting documents");
    let (mut waiting, mut lines, mut posted) = (Vec::new(), 0, 0);
    for doc in &contents.docs {
        let external = external(&doc.number);
        if known.contains(&external) {
            bar.inc(doc.lines.len() as u64);
            continue;
        }
        if posted == most {
            break;
        }
        posted += 1;
        lines += doc.lines.len();
        waiting.push(world.document(doc, &external)?);
        if LINES_AT_ONCE <= lines {
            world.post(std::mem::take(&mut waiting))?;
            bar.inc(lines as u64);
            lines = 0;
        }
    }
    world.post(waiting)?;
    bar.finish_and_clear();
    told(&world)
}

fn external(number: &str) -> String {
    format!("online-retail:{number}")
}

/// What the documents refer to.
struct World {
    desk: Driver,
    company: i64,
    products: HashMap<String, String>,
    customers: HashMap<String, String>,
    place: String,
    receivable: String,
    bad_debt: String,
    costs: BTreeMap<String, String>,
}

type Posting = (&'static str, Map<String, Json>, &'static str);

fn object(json: Json) -> Map<String, Json> {
    match json {
        Json::Object(map) => map,
        _ => Map::new(),
    }
}

impl World {
    fn open(engine: &Arc<Engine>, contents: &Contents, bar: &ProgressBar) -> Result<World, Trouble> {
        let found = rows(engine, "select id from company where name = ?1", &[COMPANY.into()])?;
        let company = match found.first() {
            Some(row) => row.int(0),
            None => {
                let chart = "ifrs_generic";
                let plan = Plan { name: COMPANY, currency: Currency::GBP, chart, country: "GB", ..Plan::default() };
                setup::company(engine, &plan)?
            }
        };
        let desk = Driver::system(engine, company)?;
        bar.set_message("customers and products");
        bar.set_length((contents.products.len() + contents.customers.len()) as u64);
        let costs = costs(contents);
        let unit = setup::first(engine, company, "unit")?.ok_or_else(|| Fault::new("there is no unit"))?;
        let products = masters(&desk, "product", contents.products.keys(), bar, |code| {
            let name = &contents.products[code];
            let mut body = json!({
                "code": code, "name": if name.is_empty() { code } else { name }, "unit": unit,
                "kind": if file::is_stocked(code) { "stocked" } else { "service" },
            });
            if file::is_stocked(code) {
                body["standard_cost"] = json!(costs.get(code).map_or(LEAST, String::as_str));
            }
            body
        })?;
        let unknown = UNKNOWN.to_owned();
        let customers = contents.customers.keys().chain(std::iter::once(&unknown));
        let customers = masters(&desk, "party", customers, bar, |code| {
            let country = contents.customers.get(code).map_or("", String::as_str);
            json!({ "code": code, "name": format!("Customer {code}"), "is_customer": true, "tags": country })
        })?;
        let world = World {
            place: setup::stock_place(engine, company)?,
            receivable: setup::account(engine, company, "receivable")?,
            bad_debt: setup::account(engine, company, "write_off")?,
            desk,
            company,
            products,
            customers,
            costs,
        };
        world.opening(contents)?;
        Ok(world)
    }

    /// Goods that must have been there before the first day.
    fn opening(&self, contents: &Contents) -> Result<(), Trouble> {
        let Some(first) = contents.docs.first() else { return Ok(()) };
        let known = known(self)?;
        let needed: Vec<(String, Qty)> = needed(contents).into_iter().collect();
        for (number, chunk) in needed.chunks(OPENING_LINES).enumerate() {
            let external = external(&format!("opening-{}", number + 1));
            if known.contains(&external) {
                continue;
            }
            let lines: Vec<Json> = chunk
                .iter()
                .map(|(code, qty)| {
                    let cost = self.costs.get(code).map_or(LEAST, String::as_str);
                    json!({ "product": self.products[code], "qty": qty.to_string(), "unit_cost": cost })
                })
                .collect();
            let on = first.on.add_days(-1).to_string();
            let body = json!({
                "external_id": external, "kind": "opening", "place": self.place, "moved_on": on, "lines": lines,
            });
            self.post(vec![("stock_adjustment", object(body), "post")])?;
        }
        Ok(())
    }

    fn document(&self, doc: &Doc, external: &str) -> Result<Posting, Trouble> {
        let on = doc.on.to_string();
        let product = |code: &str| -> Result<&String, Trouble> {
            self.products.get(code).ok_or_else(|| Fault::new(format!("product {code} is missing")).into())
        };
        let customer = if doc.customer.is_empty() { UNKNOWN } else { &doc.customer };
        let customer =
            self.customers.get(customer).ok_or_else(|| Fault::new(format!("customer {customer} is missing")))?;
        let mut lines = Vec::with_capacity(doc.lines.len());
        for line in &doc.lines {
            let mut one = json!({ "product": product(&line.code)?, "qty": line.qty.to_string() });
            match doc.kind {
                Kind::Sale | Kind::CreditNote => one["price"] = json!(line.price.to_string()),
                Kind::Found => one["unit_cost"] = json!(self.costs.get(&line.code).map_or(LEAST, String::as_str)),
                Kind::WrittenOff | Kind::BadDebt => {}
            }
            lines.push(one);
        }
        let invoice = |kind: &str, lines: Vec<Json>| {
            let body = json!({
                "external_id": external, "kind": kind, "customer": customer, "issued_on": on, "currency": "GBP",
                "ship_from": self.place, "lines": lines,
            });
            ("invoice", object(body), "post")
        };
        let adjustment = |kind: &str, lines: Vec<Json>| {
            let body = json!({
                "external_id": external, "kind": kind, "place": self.place, "moved_on": on, "lines": lines,
            });
            ("stock_adjustment", object(body), "post")
        };
        Ok(match doc.kind {
            Kind::Sale => invoice("invoice", lines),
            Kind::CreditNote => invoice("credit_note", lines),
            Kind::WrittenOff => adjustment("loss", lines),
            Kind::Found => adjustment("found", lines),
            Kind::BadDebt => ("journal_entry", object(self.bad_debt(doc, external, customer)?), "post"),
        })
    }

    /// Bad debt: what is not hoped for any more is an expense, and is owed no longer.
    fn bad_debt(&self, doc: &Doc, external: &str, customer: &str) -> Result<Json, Trouble> {
        let mut lines = Vec::new();
        for line in &doc.lines {
            let amount = line.price.times(line.qty, Currency::GBP).ok_or_else(|| Fault::new("too large"))?;
            let (owed, spent) = if amount.is_negative() { ("credit", "debit") } else { ("debit", "credit") };
            let amount = amount.abs().text(Currency::GBP);
            lines.push(json!({ "account": self.receivable, "party": customer, owed: amount }));
            lines.push(json!({ "account": self.bad_debt, spent: amount }));
        }
        let on = doc.on.to_string();
        let memo = format!("Bad debt {}", doc.number);
        Ok(json!({ "external_id": external, "posted_on": on, "journal": "general", "memo": memo, "lines": lines }))
    }

    fn post(&self, documents: Vec<Posting>) -> Result<(), Trouble> {
        if documents.is_empty() {
            return Ok(());
        }
        self.desk.engine.post_many(&self.desk.actor, documents).map(|_| ()).map_err(|trouble| match trouble {
            Trouble::Refused(refusal) => {
                Fault::new(self.desk.engine.render(&refusal, kernel::Lang::En).to_string()).into()
            }
            other => other,
        })
    }
}

fn rows(engine: &Engine, sql: &str, args: &[meta::Value]) -> Result<Vec<meta::Row>, Trouble> {
    engine.database().read(|conn| Ok(conn.query(sql, args)?))
}

/// Makes the masters that are missing. Gives their ids by code.
fn masters<'a>(
    desk: &Driver,
    entity: &'static str,
    codes: impl Iterator<Item = &'a String>,
    bar: &ProgressBar,
    body: impl Fn(&String) -> Json,
) -> Result<HashMap<String, String>, Trouble> {
    let prefix = desk.engine.entity(entity)?.prefix;
    let read = || -> Result<HashMap<String, String>, Trouble> {
        let sql = format!("select code, id from {entity} where company = ?1");
        let rows = rows(&desk.engine, &sql, &[desk.actor.company.into()])?;
        Ok(rows.iter().map(|row| (row.text(0).to_owned(), kernel::id_text(prefix, row.int(1)))).collect())
    };
    let known = read()?;
    let missing: Vec<&String> = codes.filter(|code| !known.contains_key(*code)).collect();
    for chunk in missing.chunks(LINES_AT_ONCE) {
        let made = chunk.iter().map(|code| (entity, object(body(code)), "")).collect();
        desk.engine.post_many(&desk.actor, made)?;
        bar.inc(chunk.len() as u64);
    }
    read()
}

/// The external ids of documents that are there.
fn known(world: &World) -> Result<HashSet<String>, Trouble> {
    let mut known = HashSet::new();
    for entity in ["invoice", "stock_adjustment", "journal_entry"] {
        let sql = format!("select external_id from {entity} where company = ?1 and external_id is not null");
        let found = rows(&world.desk.engine, &sql, &[world.company.into()])?;
        known.extend(found.iter().map(|row| row.text(0).to_owned()));
    }
    Ok(known)
}

/// What one piece of every product costs: a part of its median price.
fn costs(contents: &Contents) -> BTreeMap<String, String> {
    let mut prices: BTreeMap<&str, Vec<i64>> = BTreeMap::new();
    for line in contents.docs.iter().filter(|doc| doc.kind == Kind::Sale).flat_map(|doc| &doc.lines) {
        if !line.price.is_zero() {
            prices.entry(&line.code).or_default().push(line.price.raw());
        }
    }
    let cost = |mut prices: Vec<i64>| {
        prices.sort_unstable();
        let pennies = prices[prices.len() / 2] * COST_PERCENT / 100 / 10_000;
        format!("{}.{:02}", pennies.max(1) / 100, pennies.max(1) % 100)
    };
    prices.into_iter().map(|(code, prices)| (code.to_owned(), cost(prices))).collect()
}

/// How much of every product must be there before the first document, so that none is ever short.
fn needed(contents: &Contents) -> BTreeMap<String, Qty> {
    let mut now: BTreeMap<&str, (i64, i64)> = BTreeMap::new();
    for doc in &contents.docs {
        let sign = match doc.kind {
            Kind::Sale | Kind::WrittenOff => -1,
            Kind::CreditNote | Kind::Found => 1,
            Kind::BadDebt => continue,
        };
        for line in doc.lines.iter().filter(|line| file::is_stocked(&line.code)) {
            let (held, lowest) = now.entry(&line.code).or_default();
            *held += sign * line.qty.raw();
            *lowest = (*lowest).min(*held);
        }
    }
    let short = now.into_iter().filter(|(_, (_, lowest))| *lowest < 0);
    short.map(|(code, (_, lowest))| (code.to_owned(), Qty::new(-lowest))).collect()
}

/// What is in the books now, by kind and month.
fn told(world: &World) -> Result<String, Trouble> {
    let engine = &world.desk.engine;
    let money = |raw: i64| kernel::Amount::new(raw).text(Currency::GBP);
    let company = [world.company.into()];
    let sql = "select i.kind, count(*), sum(i.total) from invoice i where i.company = ?1 and i.stage = 'posted'
        group by i.kind order by i.kind desc";
    let mut text = String::from("documents            count         amount\n");
    for row in rows(engine, sql, &company)? {
        text.push_str(&format!("{:<18} {:>7} {:>14}\n", row.text(0), row.int(1), money(row.int(2))));
    }
    let sql = "select count(*) from invoice_line l join invoice i on i.id = l.parent
        where i.company = ?1 and i.kind = 'invoice' and l.price > 0";
    text.push_str(&format!("lines of sales with a price: {}\n", rows(engine, sql, &company)?[0].int(0)));
    let sql = "select substr(issued_on, 1, 7), sum(total) from invoice
        where company = ?1 and stage = 'posted' and kind = 'invoice' group by substr(issued_on, 1, 7) order by 1";
    for row in rows(engine, sql, &company)? {
        text.push_str(&format!("sales {} {:>15}\n", row.text(0), money(row.int(1))));
    }
    Ok(text)
}
