//! The hash chains: every entry, every tax entry and every audit row is sealed with the hash of the one
//! before it, one chain a company and journal. What is sealed cannot be changed, left
//! out or put in between without every later hash being wrong.
//!
//! Sealing happens when a group of documents is committed, not inside each of them, so
//! that postings of one company do not wait for each other.

use std::collections::{BTreeMap, BTreeSet};

use meta::{Fault, Row, Value};
use sha2::{Digest, Sha256};
use store::{Conn, Statement};

use crate::facts::places;

/// How many rows are sealed in one statement.
const BATCH_MAX: usize = 200;
/// Which content is sealed now. The first one left out an entry's number and when and of what line its lines are.
pub(crate) const VERSION: i64 = 2;

/// Seals what waits to be sealed, in the order of ids.
pub(crate) fn seal_waiting(conn: &dyn Conn) -> Result<(), Fault> {
    loop {
        let waiting = conn.query(&format!("select id, chain from unsealed order by id limit {BATCH_MAX}"), &[])?;
        if waiting.is_empty() {
            return Ok(());
        }
        seal(conn, &waiting)?;
        if waiting.len() < BATCH_MAX {
            return Ok(());
        }
    }
}

fn seal(conn: &dyn Conn, waiting: &[Row]) -> Result<(), Fault> {
    let mut heads: BTreeMap<String, (i64, String)> = BTreeMap::new();
    let ids: Vec<i64> = waiting.iter().map(|row| row.int(0)).collect();
    let contents = contents(conn, &ids, &ids.iter().copied().collect())?;
    let mut args = Vec::new();
    for row in waiting {
        let (id, chain) = (row.int(0), row.text(1).to_owned());
        if !heads.contains_key(&chain) {
            heads.insert(chain.clone(), head(conn, &chain)?);
        }
        let head = heads.get_mut(&chain).expect("just put there");
        let hash = next_hash(&head.1, contents.get(&id).map_or("", String::as_str));
        args.extend([
            Value::from(chain.as_str()),
            Value::Int(head.0 + 1),
            Value::Int(id),
            Value::from(head.1.as_str()),
            Value::from(hash.as_str()),
            Value::Int(0),
            Value::Int(VERSION),
        ]);
        *head = (head.0 + 1, hash);
    }
    let insert = format!(
        "insert into seal (chain, seq, row_id, previous, hash, sealed_at, version) values {}",
        places(waiting.len(), 7)
    );
    let which = ids.iter().map(i64::to_string).collect::<Vec<_>>().join(", ");
    conn.batch(&[
        Statement { sql: insert, args },
        Statement { sql: format!("delete from unsealed where id in ({which})"), args: Vec::new() },
    ])
}

fn head(conn: &dyn Conn, chain: &str) -> Result<(i64, String), Fault> {
    let rows =
        conn.query("select seq, hash from seal where chain = ?1 order by seq desc limit 1", &[Value::from(chain)])?;
    Ok(rows.first().map_or((0, String::new()), |row| (row.int(0), row.text(1).to_owned())))
}

/// The hash of a row after the one before it.
pub(crate) fn next_hash(previous: &str, content: &str) -> String {
    let mut hasher = Sha256::new();
    hasher.update(previous.as_bytes());
    hasher.update(b"\n");
    hasher.update(content.as_bytes());
    hasher.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}

/// What is sealed of each row: all that an auditor would want unchanged. Rows not among `wide` were sealed by the first
/// version, with fewer columns.
pub(crate) fn contents(conn: &dyn Conn, ids: &[i64], wide: &BTreeSet<i64>) -> Result<BTreeMap<i64, String>, Fault> {
    /// How many columns of an entry and of a line the first version sealed.
    const FIRST: (usize, usize) = (9, 10);
    let which = ids.iter().map(i64::to_string).collect::<Vec<_>>().join(", ");
    let mut contents: BTreeMap<i64, String> = BTreeMap::new();
    let told = |row: &Row, first: usize| plain(if wide.contains(&row.int(0)) { &row.0 } else { &row.0[..first] });
    let entries = conn.query(
        &format!(
            "select id, company, journal, posted_on, recorded_at, memo, doc_entity, doc_id, reverses, number
             from entry where id in ({which})"
        ),
        &[],
    )?;
    for row in &entries {
        contents.insert(row.int(0), told(row, FIRST.0));
    }
    let lines = conn.query(
        &format!(
            "select entry, line_no, account, amount, currency, currency_amount, party, product, due_on, memo, doc_line,
               dimensions
             from entry_line where entry in ({which}) order by entry, line_no"
        ),
        &[],
    )?;
    for row in &lines {
        let content = contents.entry(row.int(0)).or_default();
        content.push('\n');
        content.push_str(&told(row, FIRST.1));
    }
    let audits = conn.query(
        &format!(
            "select id, recorded_at, recorded_by, company, entity, doc, kind, action, changes, record_hash
             from audit where id in ({which})"
        ),
        &[],
    )?;
    for row in &audits {
        contents.insert(row.int(0), told(row, row.0.len() - 1));
    }
    let taxes = conn.query(
        &format!(
            "select id, company, tax, posted_on, recorded_at, base, tax_amount, doc_entity, doc_id
             from tax_entry where id in ({which})"
        ),
        &[],
    )?;
    for row in &taxes {
        contents.insert(row.int(0), plain(&row.0));
    }
    Ok(contents)
}

fn plain(values: &[Value]) -> String {
    let parts = values.iter().map(|value| match value {
        Value::Null => "-".to_owned(),
        Value::Int(number) => number.to_string(),
        Value::Text(text) => format!("{text:?}"),
    });
    parts.collect::<Vec<_>>().join("|")
}
