//! What a report of the last month reads does not grow with the years before it, on either database.

use std::cell::RefCell;
use std::collections::BTreeMap;

use kernel::Date;
use meta::{Context, EntityMeta, Fault, Reader, Record, Row, Value};
use serde_json::json;
use store::{Conn, Dialect};

use crate::common::{World, on_both};

/// How many times the month is copied into the past.
const COPIES: i64 = 120;
/// How many days before the last one each copy is.
const DAYS: i64 = 30;
/// Ids of a copy are so much above those of the last one.
const ABOVE: i64 = 1_000_000_000;
/// How many rows any question of a report may read, of accounts and places as well; ten years have thousands.
const ROWS_MAX: i64 = 300;
/// Columns whose one value many rows share.
const SHARED: &[&str] = &["company", "account", "currency", "dimension", "kind", "party", "place", "product", "stage"];

/// What grows for ever, with the columns that name rows of its own kind.
const GROWS: &[(&str, &[&str])] = &[
    ("entry", &["id", "doc_id", "reverses"]),
    ("entry_line", &["id", "entry", "doc_line"]),
    ("open_item", &["id", "entry_line", "doc_id"]),
    ("clearing", &["id", "entry_line", "item"]),
    ("tax_entry", &["id", "doc_id"]),
    ("stock_move", &["id", "doc_id", "doc_line", "reverses"]),
    ("stock_value", &["id", "stock_move", "entry"]),
    ("stock_flow", &["id", "back_of", "doc_id", "doc_line"]),
    ("commitment", &["id", "doc_id", "doc_line"]),
    ("promise", &["id", "doc_id", "doc_line"]),
    ("progress", &["id", "doc_id", "line"]),
    ("sales_order", &["id"]),
    ("sales_order_line", &["id", "parent"]),
    ("delivery", &["id", "sales_order"]),
    ("delivery_line", &["id", "parent", "order_line"]),
    ("invoice", &["id", "sales_order"]),
    ("invoice_line", &["id", "parent", "order_line", "delivery_line"]),
    ("payment", &["id"]),
    ("payment_line", &["id", "parent", "invoice"]),
    ("asset_move", &["id", "doc_id"]),
    ("audit", &["id", "doc"]),
];

/// A reader that asks the database how it answers, and remembers.
struct Watched<'a> {
    conn: &'a dyn Conn,
    context: Context,
    told: RefCell<Vec<(String, Vec<String>)>>,
}

impl Reader for Watched<'_> {
    fn record(&self, meta: &'static EntityMeta, id: i64) -> Result<Option<Record>, Fault> {
        store::load(self.conn, meta, id)
    }

    fn rows(&self, sql: &str, args: &[Value]) -> Result<Vec<Row>, Fault> {
        let mut sql = sql.to_owned();
        while let Some((before, after)) = sql.split_once("{rows ") {
            sql = format!("{before}1 = 1{}", after.split_once('}').expect("closed").1);
        }
        let explain = match self.conn.dialect() {
            Dialect::Sqlite => "explain query plan",
            Dialect::Postgres => "explain (analyze, costs off, timing off, summary off)",
        };
        let plan = self.conn.query(&format!("{explain} {sql}"), args)?;
        let lines = plan.iter().map(|row| row.text(row.0.len() - 1).to_owned()).collect();
        self.told.borrow_mut().push((sql.clone(), lines));
        self.conn.query(&sql, args)
    }

    fn context(&self) -> &Context {
        &self.context
    }
}

/// A month of business: two products are received and sold, some of it is delivered, invoiced and paid; a machine is
/// bought.
fn month(world: &World) -> String {
    let (lamp, pool) = (world.product("L1", "fifo", "30"), world.product("P1", "average", "30"));
    let blue = world.customer("BLUE", "EUR");
    world.receive(&world.day(-9), &lamp, "40", "12");
    world.receive(&world.day(-8), &pool, "40", "12.5");
    for product in [&lamp, &pool, &lamp] {
        let (_, _, invoice) = world.sale(&blue, product, "5");
        world.paid(&invoice, json!({}));
    }
    let category = world.desk.create("asset_category", json!({ "name": "Machines", "life_months": 36 })).unwrap();
    let lathe = json!({ "name": "Lathe", "category": category, "cost": "3600.00", "acquired_on": world.day(-9) });
    let lathe = world.desk.create("asset", lathe).unwrap();
    let bank = app::setup::account(&world.engine, world.company, "bank").unwrap();
    let bought = json!({ "posted_on": world.day(-9), "against": bank });
    world.desk.act("asset", &lathe, "capitalise", bought).unwrap();
    lamp
}

/// Copies what grows into the past, under other ids.
fn grow(world: &World) {
    let tables = app::migrations::tables();
    world
        .engine
        .database()
        .write(move |conn| {
            for (name, ids) in GROWS {
                let table = tables.iter().find(|table| table.name == *name).expect("a table");
                let columns: Vec<&str> = table.columns.iter().map(|column| column.name.as_str()).collect();
                let quoted: Vec<String> = columns.iter().map(|name| format!("\"{name}\"")).collect();
                let rows = conn.query(&format!("select {} from \"{name}\"", quoted.join(", ")), &[])?;
                for copy in 1..=COPIES {
                    for some in rows.chunks(50) {
                        let args = some.iter().flat_map(|row| copied(&columns, ids, row, copy)).collect::<Vec<_>>();
                        let mut place = 0;
                        let rows: Vec<String> = some
                            .iter()
                            .map(|_| {
                                let places = columns.iter().map(|_| {
                                    place += 1;
                                    format!("?{place}")
                                });
                                format!("({})", places.collect::<Vec<_>>().join(", "))
                            })
                            .collect();
                        let sql = format!("insert into \"{name}\" ({}) values {}", quoted.join(", "), rows.join(", "));
                        conn.execute(&sql, &args)?;
                    }
                }
                if conn.dialect() == Dialect::Postgres {
                    conn.execute(&format!("analyze \"{name}\""), &[])?;
                }
            }
            Ok(())
        })
        .unwrap();
}

/// A row of a copy: later ids, earlier days, done and paid.
fn copied(columns: &[&str], ids: &[&str], row: &Row, copy: i64) -> Vec<Value> {
    let value = |(name, value): (&&str, &Value)| match (*name, value) {
        (name, Value::Int(id)) if ids.contains(&name) => Value::Int(id + copy * ABOVE),
        ("number" | "external_id", Value::Text(text)) => format!("{text}-{copy}").into(),
        ("recorded_at", Value::Int(at)) => Value::Int(at - copy * DAYS * 86_400_000_000),
        (_, Value::Text(text)) => match Date::parse(text) {
            Some(day) => day.add_days(i32::try_from(-copy * DAYS).expect("days")).into(),
            None => value.clone(),
        },
        (_, value) => value.clone(),
    };
    columns.iter().zip(&row.0).map(value).collect()
}

/// The rows a plan of PostgreSQL says it has read from tables and indexes.
fn rows_read(plan: &[String]) -> i64 {
    let number = |line: &str, after: &str| {
        let rest = line.split_once(after)?.1;
        rest.split(|sign: char| !sign.is_ascii_digit()).next()?.parse::<i64>().ok()
    };
    let (mut read, mut loops) = (0, 1);
    for line in plan {
        if let Some(rows) = number(line, "actual rows=") {
            loops = number(line, "loops=").unwrap_or(1);
            read += if line.contains("Scan") { rows * loops } else { 0 };
        } else if let Some(removed) = number(line, "Rows Removed by Filter: ") {
            read += removed * loops;
        }
    }
    read
}

/// Whether a line of a plan of SQLite reads more of what grows with every year: a table, or all rows of an index that
/// share what few columns say, or those up to a day.
fn reads_history(sql: &str, line: &str) -> bool {
    let grows = |table: &str| GROWS.iter().any(|(name, _)| *name == table);
    if let Some(alias) = line.strip_prefix("SCAN ").and_then(|rest| rest.split_whitespace().next()) {
        let words: Vec<&str> = sql.split_whitespace().collect();
        return grows(alias) || words.windows(2).any(|pair| grows(pair[0]) && pair[1] == alias);
    }
    let Some((table, _)) = line.split_once("INDEX ").and_then(|(_, index)| index.split_once("_by_")) else {
        return false;
    };
    let asked = line.rsplit_once('(').map_or("", |(_, asked)| asked.trim_end_matches(" LEFT-JOIN"));
    let narrows = |one: &str| match one.trim_end_matches(')').split_once(['=', '>', '<']) {
        Some((column, _)) if one.contains('=') => !SHARED.contains(&column),
        Some((column, _)) => one.contains('>') || !(column.ends_with("_on") || column.ends_with("_at")),
        None => false,
    };
    grows(table) && !asked.split(" AND ").any(narrows)
}

#[test]
fn what_reads_history_is_told_from_what_does_not() {
    let sql = "select 1 from entry_line l join account a on a.id = l.account";
    let index = |name: &str, asked: &str| reads_history(sql, &format!("SEARCH l USING INDEX {name} ({asked})"));
    assert!(reads_history(sql, "SCAN l") && !reads_history(sql, "SCAN a"));
    assert!(index("entry_line_by_company_account_posted_on", "company=? AND account=?"));
    assert!(index("entry_line_by_company_posted_on_id", "company=? AND posted_on<?"));
    assert!(!index("entry_line_by_company_account_posted_on", "company=? AND account=? AND posted_on>?"));
    assert!(!index("entry_line_by_entry_line_no", "entry=?"));
    assert!(!index("account_by_company_code", "company=?"));
    let plan = ["Nested Loop (actual rows=3 loops=1)", "->  Seq Scan on entry (actual rows=5 loops=2)"];
    let plan = [plan[0], plan[1], "Rows Removed by Filter: 20"].map(str::to_owned);
    assert_eq!(rows_read(&plan), 50);
}

/// PostgreSQL reads a small table as a whole and is right in it; here it is to do as with a large one.
fn as_if_large(conn: &dyn Conn, on: &str) -> Result<(), Fault> {
    if conn.dialect() == Dialect::Postgres {
        for way in ["enable_seqscan", "enable_hashjoin", "enable_mergejoin"] {
            conn.query("select set_config(?1, ?2, false)", &[way.into(), on.into()])?;
        }
    }
    Ok(())
}

#[test]
fn a_report_of_the_last_month_reads_no_history() {
    on_both(|world| {
        let lamp = month(world);
        world.days_pass(1);
        let known = world.engine.now().micros();
        world.days_pass(1);
        grow(world);
        let account = world
            .number("select id from account where company = ?1 and used_for = 'receivable'", &[world.company.into()]);
        let lamp = kernel::id_prefix(&lamp).and_then(|prefix| kernel::id_parse(prefix, &lamp)).unwrap();
        let today = world.engine.today();
        let mut seen = BTreeMap::new();
        world
            .engine
            .database()
            .read(|conn| {
                as_if_large(conn, "off")?;
                let context = Context {
                    company: world.company,
                    user: 0,
                    currency: kernel::Currency::EUR,
                    today,
                    now: world.engine.now(),
                    lang: kernel::Lang::En,
                };
                for report in world.engine.registry().reports() {
                    for (known_at, as_of) in [(None, today), (None, today.add_days(-1)), (Some(known), today)] {
                        let watched = Watched { conn, context, told: RefCell::default() };
                        let values: Vec<Value> = report
                            .params
                            .iter()
                            .map(|param| match param.name {
                                "from" => today.add_days(-20).into(),
                                "as_of" => as_of.into(),
                                "known_at" => known_at.map_or(Value::Null, Value::Int),
                                "product" => lamp.into(),
                                "account" => account.into(),
                                _ => Value::Null,
                            })
                            .collect();
                        let told = (report.run)(&values, &watched);
                        told.unwrap_or_else(|why| panic!("{}: {why:?}", report.name));
                        seen.insert((report.name, known_at.is_some(), as_of), watched.told.into_inner());
                    }
                }
                Ok(as_if_large(conn, "on")?)
            })
            .unwrap();
        let mut questions = 0;
        for ((report, known, as_of), told) in seen {
            for (sql, plan) in told {
                questions += 1;
                let whole = format!("{report} as of {as_of}, known: {known}\n{sql}\n{}", plan.join("\n"));
                match world.on {
                    "PostgreSQL" => assert!(rows_read(&plan) <= ROWS_MAX, "{} rows: {whole}", rows_read(&plan)),
                    _ => plan.iter().for_each(|line| assert!(!reads_history(&sql, line), "{line}: {whole}")),
                }
            }
        }
        assert!(50 < questions, "{questions} questions");
    });
}
