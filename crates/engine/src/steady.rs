//! What rarely changes, remembered: settings, accounts, places, taxes.
//!
//! A row of the database names the version of all of them together. A transaction reads it
//! once; while it names the version that is remembered, so do the rows. Who changes a steady
//! record changes the version in the same transaction. Versions are drawn by lot and never
//! come again, not even when a change is rolled back.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use meta::{Fault, Registry, Row, Value};
use store::{Conn, Statement};

/// How many answers are remembered at most; then all are forgotten.
const ANSWERS_MAX: usize = 4096;

#[derive(Default)]
struct Known {
    version: i64,
    answers: HashMap<String, HashMap<Vec<Value>, Arc<Vec<Row>>>>,
    count: usize,
}

/// The memory of one machinery.
#[derive(Default)]
pub(crate) struct Steady(Mutex<Known>);

/// The version a snapshot sees.
pub(crate) fn version(conn: &dyn Conn) -> Result<i64, Fault> {
    Ok(crate::number(conn, "select version from steady_version where id = 1", &[])?.unwrap_or(0))
}

/// Tells every other transaction that something steady is no longer what it was.
pub(crate) fn changed() -> Result<Statement, Fault> {
    let mut bytes = [0; 8];
    getrandom::fill(&mut bytes).map_err(|why| Fault::new(format!("no random numbers: {why}")))?;
    let version = i64::from_le_bytes(bytes) >> 1;
    let sql = "insert into steady_version (id, version) values (1, ?1)
        on conflict (id) do update set version = excluded.version";
    Ok(Statement { sql: sql.to_owned(), args: vec![version.into()] })
}

impl Steady {
    /// The answer at a version: remembered, or read now and remembered.
    pub fn rows(
        &self,
        version: i64,
        sql: &str,
        args: &[Value],
        read: impl FnOnce() -> Result<Vec<Row>, Fault>,
    ) -> Result<Arc<Vec<Row>>, Fault> {
        if let Some(known) = self.known(version, sql, args) {
            return Ok(known);
        }
        let rows = Arc::new(read()?);
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if known.version != version || ANSWERS_MAX <= known.count {
            *known = Known { version, ..Known::default() };
        }
        known.count += 1;
        known.answers.entry(sql.to_owned()).or_default().insert(args.to_vec(), rows.clone());
        Ok(rows)
    }

    fn known(&self, version: i64, sql: &str, args: &[Value]) -> Option<Arc<Vec<Row>>> {
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        known.answers.get(sql).filter(|_| known.version == version)?.get(args).cloned()
    }
}

/// Panics when a query asks for what is not steady, in builds for development: it would be
/// answered with what was true once.
pub(crate) fn check(registry: &Registry, sql: &str) {
    if !cfg!(debug_assertions) {
        return;
    }
    let words: Vec<&str> = sql.split_whitespace().map(|word| word.trim_matches(['"', '(', ')', ','])).collect();
    for pair in words.windows(2).filter(|pair| matches!(pair[0], "from" | "join")) {
        let Some(meta) = registry.entity(pair[1]) else { continue };
        let owner = meta.parent.and_then(|(owner, _)| registry.entity(owner));
        assert!(owner.unwrap_or(meta).steady, "{} is not steady: {sql}", meta.name);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_remembered_until_the_version_changes() {
        let steady = Steady::default();
        let ask = |version: i64, now: i64| {
            let rows = steady.rows(version, "select 1", &[Value::Int(7)], || Ok(vec![Row(vec![Value::Int(now)])]));
            rows.expect("it is read").first().map(|row| row.int(0))
        };
        assert_eq!(ask(5, 1), Some(1));
        assert_eq!(ask(5, 2), Some(1));
        assert_eq!(ask(6, 3), Some(3));
        assert_eq!(ask(5, 4), Some(4));
    }

    #[test]
    fn no_version_is_like_another() {
        assert_ne!(changed().expect("random").args, changed().expect("random").args);
    }
}
