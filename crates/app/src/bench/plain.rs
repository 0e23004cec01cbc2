//! The same rows by hand: taken from the tables the engine wrote, put into copies of them.

use std::collections::BTreeMap;
use std::sync::Mutex;

use engine::Engine;
use meta::{Trouble, Value};
use store::{Statement, Table};

/// How many rows each table had.
pub type Mark = BTreeMap<String, i64>;

/// Rows of one table.
pub struct Rows {
    table: String,
    columns: usize,
    rows: Vec<Vec<Value>>,
}

fn written() -> Vec<Table> {
    // Kept sums are updated in place; they are counted as the rows they are.
    crate::migrations::tables().into_iter().filter(|table| table.primary_key == ["id"]).collect()
}

fn quoted(name: &str) -> String {
    format!("\"{name}\"")
}

/// The highest id of each table.
pub fn mark(engine: &Engine) -> Result<Mark, Trouble> {
    engine.database().read(|conn| {
        let mut mark = Mark::new();
        for table in written() {
            let rows = conn.query(&format!("select coalesce(max(id), 0) from {}", quoted(&table.name)), &[])?;
            mark.insert(table.name, rows[0].int(0));
        }
        Ok(mark)
    })
}

/// What was written since, table by table.
pub fn since(engine: &Engine, mark: &Mark) -> Result<Vec<Rows>, Trouble> {
    engine.database().read(|conn| {
        let mut all = Vec::new();
        for table in written() {
            let columns: Vec<String> = table.columns.iter().map(|column| quoted(&column.name)).collect();
            let after = mark.get(&table.name).copied().unwrap_or(0);
            let sql = format!("select {} from {} where id > ?1 order by id", columns.join(", "), quoted(&table.name));
            let rows: Vec<Vec<Value>> = conn.query(&sql, &[after.into()])?.into_iter().map(|row| row.0).collect();
            if !rows.is_empty() {
                all.push(Rows { table: table.name, columns: columns.len(), rows });
            }
        }
        Ok(all)
    })
}

/// Puts the rows into copies of the tables with the same indexes, in so many durable
/// transactions, from so many threads.
pub fn insert(
    engine: &Engine,
    rows: Vec<Rows>,
    transactions: usize,
    clients: usize,
    done: &(dyn Fn() + Sync),
) -> Result<(), Trouble> {
    copies(engine, &rows)?;
    let mut jobs: Vec<Vec<Statement>> = (0..transactions.max(1)).map(|_| Vec::new()).collect();
    for table in rows {
        let count = table.rows.len();
        let spread = jobs.len();
        let mut parts: BTreeMap<usize, Vec<Vec<Value>>> = BTreeMap::new();
        for (index, row) in table.rows.into_iter().enumerate() {
            parts.entry(index * spread / count).or_default().push(row);
        }
        for (job, part) in parts {
            jobs[job].push(statement(&table.table, table.columns, part));
        }
    }
    let jobs = Mutex::new(jobs);
    std::thread::scope(|scope| {
        let clients: Vec<_> = (0..clients)
            .map(|_| {
                scope.spawn(|| -> Result<(), Trouble> {
                    loop {
                        let Some(job) = jobs.lock().expect("not poisoned").pop() else { return Ok(()) };
                        engine.database().write(move |conn| Ok(conn.batch(&job)?))?;
                        done();
                    }
                })
            })
            .collect();
        clients.into_iter().try_for_each(|client| client.join().expect("a client does not panic"))
    })
}

fn statement(table: &str, columns: usize, rows: Vec<Vec<Value>>) -> Statement {
    let mut sql = format!("insert into {} values ", quoted(&format!("plain_{table}")));
    for row in 0..rows.len() {
        sql.push_str(if row == 0 { "(" } else { ", (" });
        let places: Vec<String> = (0..columns).map(|column| format!("?{}", row * columns + column + 1)).collect();
        sql.push_str(&places.join(", "));
        sql.push(')');
    }
    Statement { sql, args: rows.into_iter().flatten().collect() }
}

/// Empty copies of tables, indexes and all.
fn copies(engine: &Engine, rows: &[Rows]) -> Result<(), Trouble> {
    let dialect = engine.database().dialect();
    let mut statements = Vec::new();
    for table in written().into_iter().filter(|table| rows.iter().any(|one| one.table == table.name)) {
        let name = format!("plain_{}", table.name);
        statements.push(format!("drop table if exists {}", quoted(&name)));
        let indexes =
            table.indexes.into_iter().map(|index| store::Index { name: format!("plain_{}", index.name), ..index });
        let copy = Table { name, indexes: indexes.collect(), foreign_key: None, ..table };
        statements.extend(store::create_sql(&copy, dialect));
    }
    engine.database().write(move |conn| {
        for sql in &statements {
            conn.execute(sql, &[])?;
        }
        Ok(())
    })
}
