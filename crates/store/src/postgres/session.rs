//! One connection of PostgreSQL under a blocking face.

use std::cell::{Cell as Flag, RefCell};
use std::collections::HashMap;
use std::time::Duration;

use futures_util::future::{join, join_all};
use meta::{Fault, Row, Value};
use tokio::runtime::Runtime;
use tokio_postgres::types::ToSql;
use tokio_postgres::{Client, Error, NoTls, Statement as Prepared};

use super::types::{Arg, Cell};
use crate::{Conn, Dialect, Statement};

/// How many statements are kept prepared.
const PREPARED_MAX: usize = 2_000;
/// How many statements are under way at once; `join_all` polls so many in their order.
const PIPELINE_MAX: usize = 30;

/// A statement whose answer nobody waits for: it leaves with the next that somebody does
/// wait for, in one round trip. What fails in it fails that one.
enum Later {
    /// Without values, such as the beginning of a transaction.
    Plain(&'static str),
    /// Prepared, with its values.
    Bound(Statement),
}

/// The beginning of a transaction to write.
const BEGIN: &str = "begin isolation level serializable";
/// The savepoint of one write among several in a transaction.
const SAVEPOINT: &str = "savepoint job";

/// How a transaction begins.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Begin {
    /// To write.
    Serializable,
    /// To read one state of everything.
    Snapshot,
}

/// A connection; it must be used outside of asynchronous code.
pub(crate) struct Session {
    /// Taken when the session is dropped.
    runtime: Option<Runtime>,
    client: Client,
    lane: i64,
    prepared: RefCell<HashMap<String, Prepared>>,
    /// The first fault of the transaction. PostgreSQL answers a commit after one with a
    /// rollback and calls that success, so we must remember.
    failed: RefCell<Option<Fault>>,
    wrote: Flag<bool>,
    later: RefCell<Vec<Later>>,
}

impl Session {
    /// Connects.
    pub fn open(url: &str, lane: i64) -> Result<Session, Fault> {
        let broken = |error: &dyn std::fmt::Display| Fault::new(format!("PostgreSQL cannot be reached: {error}"));
        let runtime =
            tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(|error| broken(&error))?;
        let mut config: tokio_postgres::Config = url.parse().map_err(|error| broken(&error))?;
        if config.get_connect_timeout().is_none() {
            config.connect_timeout(Duration::from_secs(10));
        }
        let client = runtime.block_on(async {
            let (client, connection) = config.connect(NoTls).await?;
            tokio::spawn(async move {
                if let Err(error) = connection.await {
                    tracing::warn!(%error, "a connection to PostgreSQL ended");
                }
            });
            client
                .batch_execute(
                    "set client_min_messages = warning;
                     set standard_conforming_strings = on;
                     set idle_in_transaction_session_timeout = '120s'",
                )
                .await?;
            Ok::<Client, Error>(client)
        });
        Ok(Session {
            client: client.map_err(|error| broken(&error))?,
            runtime: Some(runtime),
            lane,
            prepared: RefCell::default(),
            failed: RefCell::default(),
            wrote: Flag::new(false),
            later: RefCell::default(),
        })
    }

    /// Waits for the database.
    fn wait<T>(&self, answer: impl Future<Output = T>) -> T {
        self.runtime.as_ref().expect("there until dropped").block_on(answer)
    }

    /// True when a new connection is needed.
    pub fn is_closed(&self) -> bool {
        self.client.is_closed()
    }

    /// Whether anything was written since the last time this was asked.
    pub fn take_wrote(&self) -> bool {
        self.wrote.take()
    }

    /// Several statements without values, outside of our transactions' bookkeeping.
    pub fn run(&self, sql: &str) -> Result<(), Fault> {
        self.wait(self.client.batch_execute(sql)).map_err(|error| fault(&error, sql))
    }

    /// Begins a transaction; one to write begins with its first query.
    pub fn begin(&self, how: Begin) -> Result<(), Fault> {
        self.failed.take();
        self.wrote.set(false);
        self.later.take();
        match how {
            Begin::Serializable => {
                self.put_off(Later::Plain(BEGIN));
                Ok(())
            }
            Begin::Snapshot => self.run("begin isolation level repeatable read read only"),
        }
    }

    /// Begins one write among several.
    pub fn begin_job(&self) {
        self.put_off(Later::Plain(SAVEPOINT));
    }

    /// Keeps what the write did since [`Session::begin_job`].
    pub fn keep_job(&self) {
        self.put_off(Later::Plain("release savepoint job"));
    }

    /// Undoes what the write did since [`Session::begin_job`].
    pub fn undo_job(&self) {
        let mut later = self.later.borrow_mut();
        match later.iter().rposition(|one| matches!(one, Later::Plain(SAVEPOINT))) {
            // Nothing of it was sent yet.
            Some(at) => later.truncate(at),
            None => {
                later.clear();
                later.push(Later::Plain("rollback to savepoint job"));
                later.push(Later::Plain("release savepoint job"));
            }
        }
    }

    /// Commits, if nothing failed since the beginning.
    pub fn commit(&self) -> Result<(), Fault> {
        if self.failed.borrow().is_none() {
            self.put_off(Later::Plain("commit"));
            // Its failure is remembered as the first of the transaction.
            let _ = self.catch_up();
        }
        match self.failed.take() {
            None => Ok(()),
            Some(fault) => {
                self.roll_back();
                Err(fault)
            }
        }
    }

    /// Rolls back; a connection that cannot even do that is closed and will be replaced.
    pub fn roll_back(&self) {
        self.failed.take();
        if matches!(self.later.take().first(), Some(Later::Plain(BEGIN))) {
            return;
        }
        if let Err(fault) = self.run("rollback")
            && !self.is_closed()
        {
            tracing::warn!(%fault, "a transaction was not rolled back");
        }
    }

    fn put_off(&self, one: Later) {
        self.later.borrow_mut().push(one);
    }

    /// Sends what was put off and waits for it.
    fn catch_up(&self) -> Result<(), Fault> {
        self.with_rest(async { Ok(()) }, "")
    }

    /// Sends what was put off together with a last one. They leave in order because they are
    /// polled in order; and the first that failed is the cause of what failed after it.
    fn with_rest<T>(&self, last: impl Future<Output = Result<T, Error>>, sql: &str) -> Result<T, Fault> {
        let mut rest = self.later.take();
        while rest.len() > PIPELINE_MAX {
            let after = rest.split_off(PIPELINE_MAX);
            let results = self.wait(join_all(rest.iter().map(|one| self.send(one))));
            self.heard(results, &rest)?;
            rest = after;
        }
        let (results, answer) = self.wait(join(join_all(rest.iter().map(|one| self.send(one))), last));
        self.heard(results, &rest)?;
        self.noted(answer, sql)
    }

    async fn send(&self, one: &Later) -> Result<(), Error> {
        match one {
            Later::Plain(sql) => self.client.batch_execute(sql).await,
            Later::Bound(one) => self.change(&one.sql, &one.args).await.map(|_| ()),
        }
    }

    fn heard(&self, results: Vec<Result<(), Error>>, sent: &[Later]) -> Result<(), Fault> {
        results.into_iter().zip(sent).try_for_each(|(result, one)| match one {
            Later::Plain(sql) => self.noted(result, sql),
            Later::Bound(one) => self.noted(result, &one.sql),
        })
    }

    /// The first fault of the transaction, to be told instead of what followed from it.
    pub fn failure(&self) -> Option<Fault> {
        self.failed.borrow().as_ref().map(copy)
    }

    async fn prepare(&self, sql: &str) -> Result<Prepared, Error> {
        if let Some(known) = self.prepared.borrow().get(sql) {
            return Ok(known.clone());
        }
        let fresh = self.client.prepare(&numbered(sql)).await?;
        let mut prepared = self.prepared.borrow_mut();
        if prepared.len() >= PREPARED_MAX {
            prepared.clear();
        }
        prepared.insert(sql.to_owned(), fresh.clone());
        Ok(fresh)
    }

    async fn rows(&self, sql: &str, args: &[Value]) -> Result<Vec<Row>, Error> {
        let prepared = self.prepare(sql).await?;
        let args: Vec<Arg> = args.iter().map(Arg).collect();
        let rows = self.client.query(&prepared, &borrowed(&args)).await?;
        let row = |row: &tokio_postgres::Row| {
            let values = (0..row.len()).map(|column| Ok(row.try_get::<_, Cell>(column)?.0));
            values.collect::<Result<_, Error>>().map(Row)
        };
        rows.iter().map(row).collect()
    }

    async fn change(&self, sql: &str, args: &[Value]) -> Result<u64, Error> {
        let prepared = self.prepare(sql).await?;
        let args: Vec<Arg> = args.iter().map(Arg).collect();
        self.client.execute(&prepared, &borrowed(&args)).await
    }

    fn noted<T>(&self, result: Result<T, Error>, sql: &str) -> Result<T, Fault> {
        result.map_err(|error| {
            let fault = fault(&error, sql);
            self.prepared.borrow_mut().remove(sql);
            self.failed.borrow_mut().get_or_insert_with(|| copy(&fault));
            fault
        })
    }

    fn check_args(&self, sql: &str, args: &[Value]) -> Result<(), Fault> {
        // The driver panics when the count is wrong; a fault names the statement.
        let prepared = self.prepared.borrow();
        match prepared.get(sql) {
            Some(known) if known.params().len() != args.len() => {
                let (wanted, given) = (known.params().len(), args.len());
                Err(Fault::new(format!("{given} values for {wanted} parameters: {sql}")))
            }
            _ => Ok(()),
        }
    }

    fn ready(&self, sql: &str, args: &[Value]) -> Result<(), Fault> {
        if !self.prepared.borrow().contains_key(sql) {
            // It may be about a table that is only made by what was put off.
            self.catch_up()?;
            let prepared = self.wait(self.prepare(sql));
            self.noted(prepared, sql)?;
        }
        self.check_args(sql, args)
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        // Waiting for the runtime's end is forbidden on threads of asynchronous code,
        // where the last owner of a database may well be dropped.
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}

impl Conn for Session {
    fn dialect(&self) -> Dialect {
        Dialect::Postgres
    }

    fn lane(&self) -> i64 {
        self.lane
    }

    fn query(&self, sql: &str, args: &[Value]) -> Result<Vec<Row>, Fault> {
        if let Some((sql, args)) = crate::in_lists::bound(sql, args) {
            return self.query(&sql, &args);
        }
        let start = sql.trim_start().get(..6).unwrap_or("");
        if !start.eq_ignore_ascii_case("select") {
            self.wrote.set(true);
        }
        self.ready(sql, args)?;
        self.with_rest(self.rows(sql, args), sql)
    }

    fn execute(&self, sql: &str, args: &[Value]) -> Result<u64, Fault> {
        if let Some((sql, args)) = crate::in_lists::bound(sql, args) {
            return self.execute(&sql, &args);
        }
        self.wrote.set(true);
        self.ready(sql, args)?;
        self.with_rest(self.change(sql, args), sql)
    }

    fn batch(&self, statements: &[Statement]) -> Result<(), Fault> {
        self.wrote.set(true);
        for one in statements {
            self.ready(&one.sql, &one.args)?;
            self.put_off(Later::Bound(one.clone()));
        }
        Ok(())
    }
}

fn borrowed<'a>(args: &'a [Arg<'a>]) -> Vec<&'a (dyn ToSql + Sync)> {
    args.iter().map(|arg| arg as &(dyn ToSql + Sync)).collect()
}

fn copy(fault: &Fault) -> Fault {
    Fault { what: fault.what.clone(), retry: fault.retry, unique: fault.unique.clone() }
}

/// The fault of an error: what and where, but nothing a user typed. PostgreSQL's detail
/// lines quote values, and so do the messages of data exceptions.
fn fault(error: &Error, sql: &str) -> Fault {
    let Some(told) = error.as_db_error() else {
        let what = format!("{error}: {sql}");
        return if error.is_closed() { Fault::retry(what) } else { Fault::new(what) };
    };
    let code = told.code().code();
    match code {
        // Lost a race, was the victim of a deadlock, or the schema has just been changed.
        "40001" | "40P01" | "0A000" | "26000" | "57P01" => Fault::retry(format!("PostgreSQL {code}: {sql}")),
        "23505" => {
            let index = told.constraint().unwrap_or("").to_owned();
            let mut fault = Fault::new(format!("PostgreSQL {code} {index}: {sql}"));
            fault.unique = Some(index);
            fault
        }
        _ if matches!(&code[..2], "42" | "53" | "54" | "55" | "25" | "08") => {
            Fault::new(format!("PostgreSQL {code} {}: {sql}", told.message()))
        }
        _ => Fault::new(format!("PostgreSQL {code} {}: {sql}", told.constraint().unwrap_or(""))),
    }
}

/// `?1` becomes `$1`, but not within quotes and comments.
fn numbered(sql: &str) -> String {
    let mut text = String::with_capacity(sql.len());
    let mut letters = sql.chars().peekable();
    let mut quote = None;
    while let Some(letter) = letters.next() {
        let next = letters.peek().copied();
        match (quote, letter) {
            (Some(end), _) if letter == end => {
                quote = None;
                text.push(letter);
            }
            (Some(_), _) => text.push(letter),
            (None, '\'' | '"') => {
                quote = Some(letter);
                text.push(letter);
            }
            (None, '-') if next == Some('-') => {
                quote = Some('\n');
                text.push(letter);
            }
            (None, '?') if next.is_some_and(|next| next.is_ascii_digit()) => text.push('$'),
            (None, _) => text.push(letter),
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::numbered;

    #[test]
    fn parameters_are_numbered_but_texts_are_left_alone() {
        assert_eq!(numbered("a = ?1 and b = ?12"), "a = $1 and b = $12");
        assert_eq!(numbered("'?1' \"?2\" ?3 'it''s ?4' ?5"), "'?1' \"?2\" $3 'it''s ?4' $5");
        assert_eq!(numbered("select ?1 -- why ?2 isn't\n, ?3"), "select $1 -- why ?2 isn't\n, $3");
        assert_eq!(numbered("data ? 'key'"), "data ? 'key'");
    }
}
