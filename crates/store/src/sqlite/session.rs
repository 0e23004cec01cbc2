//! One connection of SQLite.

use std::cell::Cell;
use std::path::Path;

use meta::{Fault, Row, Value};
use rusqlite::config::DbConfig;
use rusqlite::types::{ToSqlOutput, ValueRef};
use rusqlite::{Connection, Error, ErrorCode, OpenFlags, ToSql, ffi};

use crate::schema::index_name;
use crate::{Conn, Dialect, Statement, in_lists, rows};

/// A connection and whether it wrote something.
pub(crate) struct Session {
    connection: Connection,
    wrote: Cell<bool>,
}

impl Session {
    /// The connection that writes.
    pub fn writer(file: &Path) -> Result<Session, Fault> {
        let session = Session::open(file, OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE)?;
        session.run(
            "pragma journal_mode = wal;
             pragma synchronous = full;
             pragma wal_autocheckpoint = 16000;
             pragma journal_size_limit = 67108864;
             pragma cache_size = -65536;",
        )?;
        Ok(session)
    }

    /// A connection that reads.
    pub fn reader(file: &Path) -> Result<Session, Fault> {
        let session = Session::open(file, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
        session.run("pragma query_only = on; pragma cache_size = -16384;")?;
        Ok(session)
    }

    /// Copies one state of a file into a new file.
    pub fn copy(file: &Path, to: &Path) -> Result<(), Fault> {
        let session = Session::open(file, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
        let to = to.to_str().ok_or_else(|| Fault::new("the name of the copy is no text"))?;
        session.execute("vacuum into ?1", &[Value::from(to)]).map(|_| ())
    }

    fn open(file: &Path, flags: OpenFlags) -> Result<Session, Fault> {
        let flags = flags | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = Connection::open_with_flags(file, flags).map_err(|error| fault(&error, "open"))?;
        connection.set_prepared_statement_cache_capacity(1024);
        let session = Session { connection, wrote: Cell::new(false) };
        session.run(
            "pragma busy_timeout = 10000;
             pragma foreign_keys = on;
             pragma mmap_size = 268435456;
             pragma temp_store = memory;",
        )?;
        // A plan does not depend on the values: else most statements would be planned anew each time.
        let stable = session.connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true);
        stable.map_err(|error| fault(&error, "configure"))?;
        // A mistyped name in double quotes is a mistake, not a text.
        for config in [DbConfig::SQLITE_DBCONFIG_DQS_DML, DbConfig::SQLITE_DBCONFIG_DQS_DDL] {
            session.connection.set_db_config(config, false).map_err(|error| fault(&error, "configure"))?;
        }
        Ok(session)
    }

    /// Several statements without values.
    pub fn run(&self, sql: &str) -> Result<(), Fault> {
        self.connection.execute_batch(sql).map_err(|error| fault(&error, sql))
    }

    /// A statement of the transaction itself, prepared once.
    pub fn step(&self, sql: &str) -> Result<(), Fault> {
        let run = || self.connection.prepare_cached(sql)?.execute([]);
        run().map(|_| ()).map_err(|error| fault(&error, sql))
    }

    /// True outside a transaction; SQLite leaves one by itself when the disk is full.
    pub fn is_outside(&self) -> bool {
        self.connection.is_autocommit()
    }

    /// Whether anything was written since the last time this was asked.
    pub fn take_wrote(&self) -> bool {
        self.wrote.take()
    }

    fn rows(&self, sql: &str, args: &[Value]) -> Result<Vec<Row>, Error> {
        if let Some((sql, args)) = in_lists::bound(sql, args) {
            return self.rows_of(&sql, &args);
        }
        self.rows_of(sql, args)
    }

    fn rows_of(&self, sql: &str, args: &[Value]) -> Result<Vec<Row>, Error> {
        let mut statement = self.connection.prepare_cached(sql)?;
        if !statement.readonly() {
            self.wrote.set(true);
        }
        let columns = statement.column_count();
        let mut rows = statement.query(rusqlite::params_from_iter(args.iter().map(Arg)))?;
        let mut found = Vec::new();
        while let Some(row) = rows.next()? {
            let values = (0..columns).map(|column| value(row.get_ref(column)?, column));
            found.push(Row(values.collect::<Result<_, Error>>()?));
        }
        Ok(found)
    }

    fn change(&self, sql: &str, args: &[Value]) -> Result<u64, Error> {
        if sql.starts_with("insert") {
            return self.change_of(sql, args);
        }
        match in_lists::bound(sql, args) {
            Some((sql, args)) => self.change_of(&sql, &args),
            None => self.change_of(sql, args),
        }
    }

    fn change_of(&self, sql: &str, args: &[Value]) -> Result<u64, Error> {
        let Some((one, columns)) = rows::one_row(sql, args.len()) else { return self.run_change(sql, args) };
        self.wrote.set(true);
        let mut statement = self.connection.prepare_cached(&one)?;
        let mut changed = 0;
        for row in args.chunks(columns) {
            changed += statement.execute(rusqlite::params_from_iter(row.iter().map(Arg)))? as u64;
        }
        Ok(changed)
    }

    fn run_change(&self, sql: &str, args: &[Value]) -> Result<u64, Error> {
        let mut statement = self.connection.prepare_cached(sql)?;
        self.wrote.set(true);
        Ok(statement.execute(rusqlite::params_from_iter(args.iter().map(Arg)))? as u64)
    }
}

impl Conn for Session {
    fn dialect(&self) -> Dialect {
        Dialect::Sqlite
    }

    fn lane(&self) -> i64 {
        0
    }

    fn query(&self, sql: &str, args: &[Value]) -> Result<Vec<Row>, Fault> {
        self.rows(sql, args).map_err(|error| fault(&error, sql))
    }

    fn execute(&self, sql: &str, args: &[Value]) -> Result<u64, Fault> {
        self.change(sql, args).map_err(|error| fault(&error, sql))
    }

    fn batch(&self, statements: &[Statement]) -> Result<(), Fault> {
        statements.iter().try_for_each(|one| self.execute(&one.sql, &one.args).map(|_| ()))
    }
}

struct Arg<'a>(&'a Value);

impl ToSql for Arg<'_> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(match self.0 {
            Value::Null => ValueRef::Null,
            Value::Int(number) => ValueRef::Integer(*number),
            Value::Text(text) => ValueRef::Text(text.as_bytes()),
        }))
    }
}

fn value(stored: ValueRef<'_>, column: usize) -> Result<Value, Error> {
    match stored {
        ValueRef::Null => Ok(Value::Null),
        ValueRef::Integer(number) => Ok(Value::Int(number)),
        ValueRef::Text(bytes) => match std::str::from_utf8(bytes) {
            Ok(text) => Ok(Value::Text(text.to_owned())),
            Err(error) => Err(Error::Utf8Error(column, error)),
        },
        ValueRef::Real(_) | ValueRef::Blob(_) => {
            Err(Error::InvalidColumnType(column, column.to_string(), stored.data_type()))
        }
    }
}

/// The fault of an error: what and where, but nothing a user typed.
fn fault(error: &Error, sql: &str) -> Fault {
    let Error::SqliteFailure(code, message) = error else {
        return Fault::new(format!("{error}: {sql}"));
    };
    let message = message.as_deref().unwrap_or("");
    match (code.code, code.extended_code) {
        (ErrorCode::ConstraintViolation, ffi::SQLITE_CONSTRAINT_UNIQUE | ffi::SQLITE_CONSTRAINT_PRIMARYKEY) => {
            let is_key = code.extended_code == ffi::SQLITE_CONSTRAINT_PRIMARYKEY;
            let mut fault = Fault::new(format!("{message}: {sql}"));
            fault.unique = Some(unique_name(message, is_key));
            fault
        }
        (ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked, _) => Fault::retry(format!("{code}: {sql}")),
        // The full-text index quotes the words it stumbled over.
        _ if message.starts_with("fts5") => Fault::new(format!("full-text query: {sql}")),
        _ => Fault::new(format!("{code} {message}: {sql}")),
    }
}

/// `UNIQUE constraint failed: party.company, party.code` is the index `party_by_company_code`.
fn unique_name(message: &str, is_key: bool) -> String {
    let columns = message.rsplit("failed: ").next().unwrap_or("");
    let pairs: Vec<(&str, &str)> = columns.split(", ").filter_map(|column| column.split_once('.')).collect();
    let Some((table, _)) = pairs.first() else { return columns.to_owned() };
    if is_key {
        return format!("{table}_pkey");
    }
    let names: Vec<&str> = pairs.iter().map(|(_, column)| *column).collect();
    index_name(table, &names)
}
