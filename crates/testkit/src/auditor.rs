//! The auditor: keeps books of its own from the rows that only grow, and compares.
//!
//! It shares no sum, no query and no rule with the engine. What it reads are plain rows;
//! what it adds up, it adds up here, in `i128`. After every step it follows the new rows and
//! compares what they touched; every so often it begins again from nothing, which also
//! proves that no old row was changed or removed.

use std::collections::{BTreeMap, BTreeSet};
use std::hash::{DefaultHasher, Hash, Hasher};

use engine::Engine;
use meta::{Row, Trouble, Value};
use store::Conn;

use crate::about::About;
use crate::replay::{Outcome, Step, What, walk};

/// What the auditor found wrong.
pub type Finding = String;

/// The tables whose rows are written once, and what of them is read.
const GROWING: [(&str, &str); 12] = [
    ("entry", "id, company, posted_on, doc_entity, doc_id, reverses, journal, recorded_at"),
    ("entry_line", "id, company, entry, account, posted_on, amount, currency, currency_amount, party, product"),
    ("dimension_line", About::COLUMNS),
    ("open_item", "id, company, account, party, entry_line, currency, amount, currency_amount, doc_entity, doc_id"),
    ("clearing", "id, company, item, entry_line, amount, currency_amount, cleared_on"),
    (
        "stock_move",
        "id, company, product, qty, from_place, to_place, moved_on, kind, doc_entity, doc_id, doc_line, reverses",
    ),
    ("stock_value", "id, company, product, stock_move, qty, value, kind, moved_on, entry"),
    ("promise", "id, company, product, place, kind, qty, doc_entity, doc_id, doc_line"),
    ("commitment", "id, company, party, kind, amount, doc_entity, doc_id, doc_line"),
    ("progress", "id, entity, line, field, amount, doc_entity, doc_id"),
    ("tax_entry", "id, company, tax, base, tax_amount, doc_entity, doc_id, posted_on"),
    ("audit", "id, company, entity, doc, kind, action, changes"),
];

type Key2 = (i64, i64);
type Key3 = (i64, i64, i64);

/// An open item as the auditor sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Item {
    pub company: i64,
    pub account: i64,
    pub party: i64,
    pub amount: i128,
    pub currency_amount: i128,
    pub open: i128,
    pub open_currency: i128,
    pub doc: (String, i64),
}

/// The auditor's own books.
#[derive(Clone, Default)]
pub(crate) struct Books {
    marks: BTreeMap<&'static str, i64>,
    rows: BTreeMap<&'static str, (u64, u64)>,
    entries: BTreeMap<i64, (i64, String)>,
    pub(crate) days: BTreeMap<(i64, i64, String, String), [i128; 4]>,
    pub(crate) accounts: BTreeMap<Key2, i128>,
    pub(crate) items: BTreeMap<i64, Item>,
    on_hand: BTreeMap<Key3, i128>,
    /// What every day brought to a product in a place and took from it, and the day it is.
    by_day: BTreeMap<Key3, BTreeMap<String, i128>>,
    today: String,
    promised: BTreeMap<(i64, i64, i64, String), i128>,
    pub(crate) promised_line: BTreeMap<i64, i128>,
    worth: BTreeMap<Key2, (i128, i128)>,
    move_worth: BTreeMap<i64, i128>,
    pub(crate) exposure: BTreeMap<(i64, i64, String), i128>,
    pub(crate) committed_doc: BTreeMap<(String, i64), BTreeMap<i64, i128>>,
    pub(crate) committed_line: BTreeMap<i64, i128>,
    pub(crate) ordered_line: BTreeMap<i64, i128>,
    pub(crate) progress: BTreeMap<(String, i64, String), i128>,
    pub(crate) taxes: BTreeMap<(String, i64), (i128, i128)>,
    pub(crate) stock_posted: BTreeMap<i64, i128>,
    pub(crate) removed: BTreeMap<(i64, String), i128>,
    flows: BTreeMap<Key2, Vec<Step>>,
    outs: BTreeMap<i64, i64>,
    reversed: BTreeSet<i64>,
    about: About,
}

/// What the new rows concern.
#[derive(Default)]
struct Touched {
    days: BTreeSet<(i64, i64, String, String)>,
    items: BTreeSet<i64>,
    about: BTreeSet<i64>,
    places: BTreeSet<Key3>,
    products: BTreeSet<Key2>,
    parties: BTreeSet<(i64, i64, String)>,
    lines: BTreeSet<(String, i64, String)>,
    found: Vec<Finding>,
}

/// Looks after one database.
#[derive(Default)]
pub struct Auditor {
    books: Books,
    seen: u64,
}

pub(crate) fn text(row: &Row, at: usize) -> String {
    match &row.0[at] {
        Value::Text(text) => text.clone(),
        _ => String::new(),
    }
}

pub(crate) fn big(row: &Row, at: usize) -> i128 {
    i128::from(row.maybe_int(at).unwrap_or(0))
}

impl Auditor {
    /// Follows what was written since, and compares what it touched. Gives how many rows were new.
    pub fn step(&mut self, engine: &Engine) -> Result<u64, Finding> {
        self.seen += 1;
        let replay_all = self.seen.is_multiple_of(25);
        let books = &mut self.books;
        books.today = engine.today().to_string();
        let (new, found) = read(engine, |conn| {
            let (new, touched) = books.follow(conn)?;
            let found = books.compare(conn, touched, replay_all)?;
            Ok((new, found))
        })?;
        let mut found = found;
        if replay_all {
            crate::documents::free_goods(engine, books, &mut found)?;
        }
        if found.is_empty() { Ok(new) } else { Err(found.join("\n")) }
    }

    /// Begins again from nothing and compares everything.
    pub fn whole(&mut self, engine: &Engine) -> Result<(), Finding> {
        let known = &self.books;
        let (fresh, mut found) = read(engine, |conn| {
            let mut fresh = Books { today: engine.today().to_string(), ..Books::default() };
            let (_, touched) = fresh.follow(conn)?;
            let mut found = fresh.compare(conn, touched, true)?;
            if self.seen > 0 {
                known.same_rows(&fresh, &mut found);
            }
            fresh.kept_rows(conn, &mut found)?;
            crate::documents::check(conn, &fresh, &mut found)?;
            Ok((fresh, found))
        })?;
        crate::documents::trial_balances(engine, &fresh, &mut found)?;
        crate::documents::free_goods(engine, &fresh, &mut found)?;
        let verified = engine.verify(&|_| {}).map_err(|why| format!("verify failed: {why}"))?;
        found.extend(verified.broken.iter().map(|broken| format!("verify: {}: {}", broken.law, broken.what)));
        self.books = fresh;
        self.seen += 1;
        if found.is_empty() { Ok(()) } else { Err(found.join("\n")) }
    }

    /// Forgets what it knows, so that the next look begins from nothing: after a crash, when
    /// what the dying process committed is not known.
    pub fn forget(&mut self) {
        *self = Auditor::default();
    }
}

/// Reads on a snapshot.
pub(crate) fn read<T>(engine: &Engine, job: impl FnOnce(&dyn Conn) -> Result<T, Trouble>) -> Result<T, Finding> {
    engine.database().read(job).map_err(|why| format!("the auditor cannot read: {why}"))
}

impl Books {
    fn follow(&mut self, conn: &dyn Conn) -> Result<(u64, Touched), Trouble> {
        let mut touched = Touched::default();
        let mut new = 0;
        for (table, columns) in GROWING {
            let mark = self.marks.get(table).copied().unwrap_or(0);
            let sql = format!("select {columns} from {table} where id > ?1 order by id");
            let rows = conn.query(&sql, &[mark.into()])?;
            for row in &rows {
                let mut hasher = DefaultHasher::new();
                format!("{:?}", row.0).hash(&mut hasher);
                let sum = self.rows.entry(table).or_default();
                *sum = (sum.0 + 1, sum.1.wrapping_add(hasher.finish()));
                self.take(table, row, conn, &mut touched)?;
            }
            new += rows.len() as u64;
            if let Some(last) = rows.last() {
                self.marks.insert(table, last.int(0));
            }
            if table == "entry_line" {
                balanced(&rows, &self.entries, &mut touched.found);
            }
        }
        Ok((new, touched))
    }

    fn take(&mut self, table: &str, row: &Row, conn: &dyn Conn, touched: &mut Touched) -> Result<(), Trouble> {
        match table {
            "entry" => {
                self.entries.insert(row.int(0), (row.int(1), text(row, 2)));
            }
            "entry_line" => self.line(row, touched),
            "dimension_line" => drop(touched.about.insert(self.about.take(row))),
            "open_item" => self.item(row, touched),
            "clearing" => self.clear(row, touched),
            "stock_move" => self.moved(row, conn, touched)?,
            "stock_value" => {
                let key = (row.int(1), row.int(2));
                let worth = self.worth.entry(key).or_default();
                *worth = (worth.0 + big(row, 4), worth.1 + big(row, 5));
                *self.move_worth.entry(row.int(3)).or_default() += big(row, 5);
                *self.stock_posted.entry(row.int(1)).or_default() += big(row, 5);
                if text(row, 6) == "revaluation" {
                    self.revalued(row.int(3), key, conn)?;
                }
                touched.products.insert(key);
            }
            "promise" => {
                let key = (row.int(1), row.int(2), row.int(3));
                *self.promised.entry((key.0, key.1, key.2, text(row, 4))).or_default() += big(row, 5);
                *self.promised_line.entry(row.int(8)).or_default() += big(row, 5);
                touched.places.insert(key);
            }
            "commitment" => {
                let key = (row.int(1), row.int(2), text(row, 3));
                *self.exposure.entry(key.clone()).or_default() += big(row, 4);
                let line = row.maybe_int(7).unwrap_or(0);
                let of_doc = self.committed_doc.entry((text(row, 5), row.int(6))).or_default();
                *of_doc.entry(line).or_default() += big(row, 4);
                if let Some(line) = row.maybe_int(7).filter(|_| text(row, 3) != "invoiced") {
                    *self.committed_line.entry(line).or_default() += big(row, 4);
                }
                if key.2 == "ordered" {
                    *self.ordered_line.entry(row.maybe_int(7).unwrap_or(0)).or_default() += big(row, 4);
                }
                touched.parties.insert(key);
            }
            "progress" => {
                let key = (text(row, 1), row.int(2), text(row, 3));
                *self.progress.entry(key.clone()).or_default() += big(row, 4);
                touched.lines.insert(key);
            }
            "tax_entry" => {
                let sum = self.taxes.entry((text(row, 5), row.int(6))).or_default();
                *sum = (sum.0 + big(row, 3), sum.1 + big(row, 4));
            }
            _ => {
                if text(row, 4) == "removed" {
                    *self.removed.entry((row.int(1), text(row, 2))).or_default() += 1;
                }
            }
        }
        Ok(())
    }

    fn line(&mut self, row: &Row, touched: &mut Touched) {
        let (company, account, day) = (row.int(1), row.int(3), text(row, 4));
        let (amount, other) = (big(row, 5), big(row, 7));
        let key = (company, account, text(row, 6), day.clone());
        let sums = self.days.entry(key.clone()).or_default();
        sums[usize::from(amount < 0)] += amount.abs();
        sums[2 + usize::from(other < 0)] += other.abs();
        *self.accounts.entry((company, account)).or_default() += amount;
        match self.entries.get(&row.int(2)) {
            Some((of, on)) if *of == company && *on == day => {}
            _ => touched.found.push(format!("line {} has another day or company than its entry", row.int(0))),
        }
        touched.days.insert(key);
    }

    fn item(&mut self, row: &Row, touched: &mut Touched) {
        let item = Item {
            company: row.int(1),
            account: row.int(2),
            party: row.maybe_int(3).unwrap_or(0),
            amount: big(row, 6),
            currency_amount: big(row, 7),
            open: big(row, 6),
            open_currency: big(row, 7),
            doc: (text(row, 8), row.int(9)),
        };
        self.items.insert(row.int(0), item);
        touched.items.insert(row.int(0));
    }

    fn clear(&mut self, row: &Row, touched: &mut Touched) {
        let id = row.int(2);
        match self.items.get_mut(&id) {
            Some(item) => {
                item.open += big(row, 4);
                item.open_currency += big(row, 5);
            }
            None => touched.found.push(format!("clearing {} settles item {id}, which is not there", row.int(0))),
        }
        touched.items.insert(id);
    }

    fn moved(&mut self, row: &Row, conn: &dyn Conn, touched: &mut Touched) -> Result<(), Trouble> {
        let (id, company, product) = (row.int(0), row.int(1), row.int(2));
        let (qty, from, to) = (big(row, 3), row.int(4), row.int(5));
        if qty <= 0 || from == to {
            touched.found.push(format!("move {id} moves {qty} from {from} to {to}"));
        }
        *self.on_hand.entry((company, product, from)).or_default() -= qty;
        *self.on_hand.entry((company, product, to)).or_default() += qty;
        for (place, change) in [(from, -qty), (to, qty)] {
            *self.by_day.entry((company, product, place)).or_default().entry(text(row, 6)).or_default() += change;
        }
        touched.places.extend([(company, product, from), (company, product, to)]);
        touched.products.insert((company, product));
        if let Some(mirrored) = row.maybe_int(11) {
            self.reversed.insert(mirrored);
            self.outs.retain(|_, out| *out != mirrored);
            if let Some(flows) = self.flows.get_mut(&(company, product)) {
                flows.retain(|step| step.id != mirrored);
            }
            return Ok(());
        }
        let line = row.maybe_int(10).unwrap_or(0);
        let what = match text(row, 7).as_str() {
            "within" => return Ok(()),
            "out" => {
                self.outs.insert(line, id);
                What::Leave
            }
            _ => self.arrival(&text(row, 8), id, line, conn)?,
        };
        self.insert((company, product), Step { id, on: text(row, 6), what, qty });
        Ok(())
    }

    /// What arriving goods cost: their document says it, or they come back.
    fn arrival(&self, doc: &str, id: i64, line: i64, conn: &dyn Conn) -> Result<What, Trouble> {
        let one = |sql: &str, id: i64| -> Result<Option<i64>, Trouble> {
            Ok(conn.query(sql, &[id.into()])?.first().and_then(|row| row.maybe_int(0)))
        };
        let of = match doc {
            "stock_adjustment" => {
                let value = one("select value from stock_adjustment_line where id = ?1", line)?;
                return Ok(What::Arrive(i128::from(value.unwrap_or(0))));
            }
            "sales_return" => one("select delivery_line from sales_return_line where id = ?1", line)?,
            _ => one("select credited_line from invoice_line where id = ?1", line)?,
        };
        match of.and_then(|line| self.outs.get(&line)) {
            Some(out) => Ok(What::Return(*out)),
            // Goods given back without the invoice they left with: the cost of the day is an input.
            None => Ok(What::Arrive(i128::from(one("select cost from stock_flow where id = ?1", id)?.unwrap_or(0)))),
        }
    }

    /// A new standard, or goods that are worth more; told a second time, it is taken back.
    fn revalued(&mut self, id: i64, key: Key2, conn: &dyn Conn) -> Result<(), Trouble> {
        let flows = self.flows.entry(key).or_default();
        if flows.iter().any(|step| step.id == id) {
            flows.retain(|step| step.id != id);
            return Ok(());
        }
        let rows = conn.query("select cost, moved_on, kind from stock_flow where id = ?1", &[id.into()])?;
        if let Some(row) = rows.first() {
            let what = match text(row, 2).as_str() {
                "standard" => What::Standard(big(row, 0)),
                _ => What::Worth(big(row, 0)),
            };
            self.insert(key, Step { id, on: text(row, 1), what, qty: 0 });
        }
        Ok(())
    }

    fn insert(&mut self, key: Key2, step: Step) {
        let flows = self.flows.entry(key).or_default();
        let at = flows.partition_point(|old| (&old.on, old.id) < (&step.on, step.id));
        flows.insert(at, step);
    }

    fn compare(&self, conn: &dyn Conn, touched: Touched, replay_all: bool) -> Result<Vec<Finding>, Trouble> {
        let mut found = touched.found;
        for key in &touched.days {
            self.day(conn, key, &mut found)?;
        }
        self.about.whole(conn, &touched.about, &mut found)?;
        for id in &touched.items {
            self.open(conn, *id, &mut found)?;
        }
        for key in &touched.places {
            self.place(conn, *key, &mut found)?;
        }
        for key in &touched.products {
            self.product(conn, *key, replay_all, &mut found)?;
        }
        for (company, party, kind) in &touched.parties {
            let rows = conn.query(
                "select amount from exposure where company = ?1 and party = ?2 and kind = ?3",
                &[(*company).into(), (*party).into(), kind.as_str().into()],
            )?;
            let (kept, own) =
                (rows.first().map_or(0, |row| big(row, 0)), self.exposure[&(*company, *party, kind.clone())]);
            if kept != own {
                found.push(format!("exposure of party {party} ({kind}) is {kept}, commitments come to {own}"));
            }
        }
        for key in &touched.lines {
            let (entity, line, field) = key;
            let sql = format!("select coalesce({field}, 0) from {entity}_line where id = ?1");
            let rows = conn.query(&sql, &[(*line).into()])?;
            // A line on which all was undone may have been removed since.
            if rows.first().map_or(0, |row| big(row, 0)) != self.progress[key] {
                found.push(format!("{field} of {entity} line {line} is not {}", self.progress[key]));
            }
        }
        Ok(found)
    }

    fn day(&self, conn: &dyn Conn, key: &(i64, i64, String, String), found: &mut Vec<Finding>) -> Result<(), Trouble> {
        let (company, account, currency, day) = key;
        let rows = conn.query(
            "select sum(debit), sum(credit), sum(currency_debit), sum(currency_credit) from balance
             where company = ?1 and account = ?2 and currency = ?3 and grain = 'd' and start = ?4",
            &[(*company).into(), (*account).into(), currency.as_str().into(), day.as_str().into()],
        )?;
        let kept = rows.first().map_or([0; 4], |row| [0, 1, 2, 3].map(|at| big(row, at)));
        if kept != self.days[key] {
            found.push(format!(
                "balance of account {account} on {day} in {currency}: {kept:?}, lines {:?}",
                self.days[key]
            ));
        }
        Ok(())
    }

    fn open(&self, conn: &dyn Conn, id: i64, found: &mut Vec<Finding>) -> Result<(), Trouble> {
        let Some(item) = self.items.get(&id) else { return Ok(()) };
        let rows = conn.query("select open_amount, open_currency_amount from open_item where id = ?1", &[id.into()])?;
        let kept = rows.first().map(|row| (big(row, 0), big(row, 1)));
        if kept != Some((item.open, item.open_currency)) {
            found.push(format!(
                "item {id}: {kept:?} is open, the clearings leave {:?}",
                (item.open, item.open_currency)
            ));
        }
        let beyond =
            |whole: i128, open: i128| open != 0 && (open.signum() != whole.signum() || whole.abs() < open.abs());
        if beyond(item.amount, item.open) || beyond(item.currency_amount, item.open_currency) {
            found.push(format!("item {id} is settled beyond what it was: {item:?}"));
        }
        if item.open_currency == 0 && item.open != 0 {
            found.push(format!("item {id} is settled in its currency and not in ours: {item:?}"));
        }
        Ok(())
    }

    fn place(&self, conn: &dyn Conn, key: Key3, found: &mut Vec<Finding>) -> Result<(), Trouble> {
        let (company, product, place) = key;
        let rows = conn.query(
            "select on_hand, reserved, demand, supply from stock_balance where company = ?1 and product = ?2 and place = ?3",
            &[company.into(), product.into(), place.into()],
        )?;
        let kept = rows.first().map_or([0; 4], |row| [0, 1, 2, 3].map(|at| big(row, at)));
        let sum = |kind: &str| self.promised.get(&(company, product, place, kind.to_owned())).copied().unwrap_or(0);
        let on_hand = self.on_hand.get(&key).copied().unwrap_or(0);
        let own = [on_hand, sum("reserved"), sum("demand"), sum("supply")];
        if kept != own {
            found.push(format!("product {product} at place {place}: kept {kept:?}, rows {own:?}"));
        }
        let kinds = conn.query("select kind from place where id = ?1", &[place.into()])?;
        let is_ours = kinds.first().is_some_and(|row| matches!(row.text(0), "stock" | "warehouse" | "transit"));
        if is_ours && on_hand < 0 {
            found.push(format!("there is {on_hand} of product {product} at place {place}"));
        }
        if own[1] < 0 || own[2] < 0 || (is_ours && on_hand < own[1]) {
            found.push(format!("product {product} at place {place}: on hand, reserved, demand, supply are {own:?}"));
        }
        let lasting = self.lasting(key);
        if is_ours && lasting < own[1] {
            found.push(format!(
                "product {product} at place {place}: {} reserved, {lasting} there on the leanest day",
                own[1]
            ));
        }
        Ok(())
    }

    /// What of a product is in a place today and on every day to come: what it is on the leanest of these days.
    fn lasting(&self, key: Key3) -> i128 {
        let mut there = 0;
        let mut leanest = None;
        for (day, change) in self.by_day.get(&key).into_iter().flatten() {
            if self.today < *day {
                leanest = Some(leanest.map_or(there, |least: i128| least.min(there)));
            }
            there += change;
        }
        leanest.map_or(there, |least| least.min(there))
    }

    /// What of a product in a place nobody has reserved, and is there on every day from today on.
    pub(crate) fn free(&self, key: Key3) -> i128 {
        let (company, product, place) = key;
        self.lasting(key) - self.promised.get(&(company, product, place, "reserved".to_owned())).copied().unwrap_or(0)
    }

    /// Every product in every place there was a move of.
    pub(crate) fn kept_goods(&self) -> impl Iterator<Item = Key3> {
        self.by_day.keys().copied()
    }

    fn product(&self, conn: &dyn Conn, key: Key2, always: bool, found: &mut Vec<Finding>) -> Result<(), Trouble> {
        let (company, product) = key;
        let rows = conn.query(
            "select qty, value, method, standard from product_value where company = ?1 and product = ?2",
            &[company.into(), product.into()],
        )?;
        let Some(row) = rows.first() else { return Ok(()) };
        let kept = (big(row, 0), big(row, 1));
        let own = self.worth.get(&key).copied().unwrap_or_default();
        if kept != own {
            found.push(format!("product {product} is kept as {kept:?}, its value rows come to {own:?}"));
        }
        let none = Vec::new();
        let steps = self.flows.get(&key).unwrap_or(&none);
        if !always && steps.len() > 400 {
            return Ok(());
        }
        let first = conn.query(
            "select returned_value from stock_flow where company = ?1 and product = ?2 and kind = 'standard' order by moved_on, id limit 1",
            &[company.into(), product.into()],
        )?;
        let standard = first.first().map_or(big(row, 3), |row| big(row, 0));
        // Both companies count in hundredths; prices and quantities in millionths.
        match walk(row.text(2), standard, 10_i128.pow(10), steps) {
            Err(why) => found.push(format!("product {product}: {why}")),
            Ok(end) => self.same_value(conn, key, kept, &end, found)?,
        }
        Ok(())
    }

    fn same_value(
        &self,
        conn: &dyn Conn,
        (company, product): Key2,
        kept: (i128, i128),
        end: &Outcome,
        found: &mut Vec<Finding>,
    ) -> Result<(), Trouble> {
        let own = (end.piles.iter().map(|pile| pile.qty).sum(), end.piles.iter().map(|pile| pile.value).sum());
        if kept != own {
            found.push(format!("product {product} is kept as {kept:?}, its history comes to {own:?}"));
        }
        let rows = conn.query(
            "select flow, received_on, qty, value from stock_layer where company = ?1 and product = ?2 order by received_on, flow",
            &[company.into(), product.into()],
        )?;
        let layers: Vec<_> = rows.iter().map(|row| (row.int(0), text(row, 1), big(row, 2), big(row, 3))).collect();
        let piles: Vec<_> = end.piles.iter().map(|pile| (pile.of, pile.on.clone(), pile.qty, pile.value)).collect();
        if layers != piles {
            found.push(format!("product {product}: layers are {layers:?}, they should be {piles:?}"));
        }
        for (id, value) in &end.values {
            let posted = self.move_worth.get(id).copied().unwrap_or(0);
            if posted != *value {
                found.push(format!("move {id} of product {product} is posted at {posted}, it is worth {value}"));
            }
        }
        Ok(())
    }

    /// No row that was seen before is gone or changed.
    fn same_rows(&self, fresh: &Books, found: &mut Vec<Finding>) {
        for (table, _) in GROWING {
            let (was, is) = (self.rows.get(table), fresh.rows.get(table));
            if was != is {
                found.push(format!("{table}: rows were {was:?}, are {is:?}: one was changed, removed or slipped in"));
            }
        }
    }

    /// Nothing is kept that no row explains.
    fn kept_rows(&self, conn: &dyn Conn, found: &mut Vec<Finding>) -> Result<(), Trouble> {
        for grain in ["d", "m"] {
            let rows = conn.query(
                "select company, account, currency, start, sum(debit), sum(credit), sum(currency_debit), sum(currency_credit)
                 from balance where grain = ?1 group by company, account, currency, start",
                &[grain.into()],
            )?;
            let mut own: BTreeMap<(i64, i64, String, String), [i128; 4]> = BTreeMap::new();
            for ((company, account, currency, day), sums) in &self.days {
                let start = if grain == "d" { day.clone() } else { format!("{}-01", &day[..7]) };
                let sum = own.entry((*company, *account, currency.clone(), start)).or_default();
                (0..4).for_each(|at| sum[at] += sums[at]);
            }
            for row in rows {
                let key = (row.int(0), row.int(1), text(&row, 2), text(&row, 3));
                let kept = [4, 5, 6, 7].map(|at| big(&row, at));
                if own.remove(&key).unwrap_or_default() != kept {
                    found.push(format!("balance {grain} of {key:?} is {kept:?}"));
                }
            }
            found.extend(own.keys().map(|key| format!("no balance {grain} of {key:?}")));
        }
        self.about.kept(conn, found)?;
        for row in conn.query("select company, product, place, on_hand from stock_balance", &[])? {
            let key = (row.int(0), row.int(1), row.int(2));
            if self.on_hand.get(&key).copied().unwrap_or(0) != big(&row, 3) {
                found.push(format!("stock of {key:?} is kept as {}", big(&row, 3)));
            }
        }
        for row in conn.query("select company, party, kind, amount from exposure", &[])? {
            let key = (row.int(0), row.int(1), text(&row, 2));
            if self.exposure.get(&key).copied().unwrap_or(0) != big(&row, 3) {
                found.push(format!("exposure of {key:?} is kept as {}", big(&row, 3)));
            }
        }
        let mut sums: BTreeMap<Key2, i128> = BTreeMap::new();
        for ((company, product, _), qty) in &self.on_hand {
            *sums.entry((*company, *product)).or_default() += qty;
        }
        found.extend(
            sums.iter().filter(|(_, qty)| **qty != 0).map(|(key, qty)| format!("{key:?}: {qty} came from nowhere")),
        );
        Ok(())
    }
}

/// Every entry of these lines comes to nothing, in our currency and in its own.
fn balanced(rows: &[Row], entries: &BTreeMap<i64, (i64, String)>, found: &mut Vec<Finding>) {
    let mut sums: BTreeMap<i64, (i128, BTreeMap<String, i128>)> = BTreeMap::new();
    for row in rows {
        let sum = sums.entry(row.int(2)).or_default();
        sum.0 += big(row, 5);
        *sum.1.entry(text(row, 6)).or_default() += big(row, 7);
    }
    for (entry, (sum, currencies)) in sums {
        if sum != 0 {
            found.push(format!("entry {entry} is off by {sum}"));
        }
        if let (1, Some((currency, sum))) = (currencies.len(), currencies.first_key_value())
            && *sum != 0
        {
            found.push(format!("entry {entry} is off by {sum} in {currency}"));
        }
        if !entries.contains_key(&entry) {
            found.push(format!("lines of entry {entry}, which is not there"));
        }
    }
}
