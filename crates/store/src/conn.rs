//! What the rest of the house sees of a database: one connection inside a transaction.

use std::path::PathBuf;

use meta::{Fault, Row, Value};

/// Which database it is. Text that both understand needs no look at this.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Dialect {
    /// SQLite, in this process.
    Sqlite,
    /// PostgreSQL, or something that speaks its language.
    Postgres,
}

/// Where the data is.
#[derive(Clone, Debug)]
pub enum Target {
    /// A file of SQLite.
    Sqlite(PathBuf),
    /// A database of PostgreSQL.
    Postgres {
        /// `postgres://user:password@host:port/database`
        url: String,
        /// How many writes may be under way at once.
        lanes: usize,
    },
}

/// A statement and the values of its `?1`, `?2` ….
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Statement {
    /// The text.
    pub sql: String,
    /// The values.
    pub args: Vec<Value>,
}

impl Statement {
    /// A statement with its values.
    pub fn new(sql: impl Into<String>, args: Vec<Value>) -> Statement {
        Statement { sql: sql.into(), args }
    }
}

/// A connection inside a transaction that somebody else begins and ends.
pub trait Conn {
    /// Which database it is.
    fn dialect(&self) -> Dialect;
    /// The number of the write lane, from 0: rows that many documents touch are kept once
    /// a lane, so that lanes do not wait for each other.
    fn lane(&self) -> i64;
    /// Rows of a query.
    fn query(&self, sql: &str, args: &[Value]) -> Result<Vec<Row>, Fault>;
    /// How many rows a statement touched.
    fn execute(&self, sql: &str, args: &[Value]) -> Result<u64, Fault>;
    /// Statements in this order, handed over together.
    fn batch(&self, statements: &[Statement]) -> Result<(), Fault>;
}

/// Runs in the transaction of a group of writes.
pub type Hook = Box<dyn Fn(&dyn Conn) -> Result<(), Fault> + Send + Sync>;

/// Quotes a name of a table or column; names come from descriptions, never from users.
pub(crate) fn quoted(name: &str) -> String {
    assert!(
        !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_'),
        "{name:?} is no name"
    );
    format!("\"{name}\"")
}
