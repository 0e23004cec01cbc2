//! One transaction: reads on its snapshot, writes queued and handed over together.

use std::cell::{Cell, OnceCell, RefCell};
use std::collections::HashMap;
use std::sync::Arc;

use kernel::Id;
use meta::{Context, EntityMeta, Fault, Reader, Record, Row, Value};
use store::{Conn, Statement};

use crate::back::Watch;
use crate::{Actor, Engine, Event, steady};

/// Rows of referred records, by query and id.
type Referred = HashMap<(String, i64), Arc<Vec<Row>>>;

/// A transaction being written.
pub(crate) struct Tx<'a> {
    pub engine: &'a Engine,
    pub actor: &'a Actor,
    pub conn: &'a dyn Conn,
    pub context: Context,
    queued: RefCell<Vec<Statement>>,
    pub events: RefCell<Vec<Event>>,
    /// Entries posted so far, by their raw ids.
    pub entries: RefCell<Vec<i64>>,
    /// Moves posted so far, by their raw ids.
    pub moves: RefCell<Vec<i64>>,
    /// Documents made so far.
    pub created: RefCell<Vec<(&'static str, i64)>>,
    /// How deep follow-up documents are nested.
    pub depth: Cell<usize>,
    /// The version of what is steady, once asked for.
    steady: OnceCell<i64>,
    /// Whether this transaction itself changed something steady: nothing is remembered then.
    pub steady_changed: Cell<bool>,
    /// Rows of referred records, by query and id: a document of many lines asks once.
    pub referred: RefCell<Referred>,
    /// What the present write does to its own record, where that is kept to be undone.
    pub did: RefCell<Watch>,
}

impl<'a> Tx<'a> {
    pub fn new(engine: &'a Engine, actor: &'a Actor, conn: &'a dyn Conn) -> Tx<'a> {
        Tx {
            engine,
            actor,
            conn,
            context: engine.context(actor),
            queued: RefCell::default(),
            events: RefCell::default(),
            entries: RefCell::default(),
            moves: RefCell::default(),
            created: RefCell::default(),
            depth: Cell::new(0),
            steady: OnceCell::new(),
            steady_changed: Cell::new(false),
            referred: RefCell::default(),
            did: RefCell::default(),
        }
    }

    /// Queues a statement; it runs before the next read, at the latest at the end.
    pub fn push(&self, sql: impl Into<String>, args: Vec<Value>) {
        self.queued.borrow_mut().push(Statement { sql: sql.into(), args });
    }

    /// Queues statements.
    pub fn push_all(&self, statements: Vec<Statement>) {
        self.queued.borrow_mut().extend(statements);
    }

    /// Queues a note in the timeline of a record; it is sealed like every line of the audit.
    pub(crate) fn note(&self, meta: &EntityMeta, doc: i64, text: &str) -> Result<(), Fault> {
        let (id, company) = (self.id()?, self.actor.company);
        self.push(
            "insert into audit (id, recorded_at, recorded_by, company, entity, doc, kind, action, changes)
             values (?1, ?2, ?3, ?4, ?5, ?6, 'note', '', ?7)",
            vec![
                id.into(),
                self.context.now.micros().into(),
                self.actor.user.into(),
                company.into(),
                meta.name.into(),
                doc.into(),
                text.into(),
            ],
        );
        self.push(
            "insert into unsealed (id, chain) values (?1, ?2)",
            vec![id.into(), format!("audit:{company}").into()],
        );
        Ok(())
    }

    /// Runs what is queued.
    pub fn flush(&self) -> Result<(), Fault> {
        let waiting = std::mem::take(&mut *self.queued.borrow_mut());
        if waiting.is_empty() { Ok(()) } else { self.conn.batch(&waiting) }
    }

    /// Reads, after what was queued.
    pub fn query(&self, sql: &str, args: &[Value]) -> Result<Vec<Row>, Fault> {
        self.flush()?;
        self.conn.query(sql, args)
    }

    /// Reads a referred record, or remembers it, while one record is checked.
    pub fn query_referred(&self, of: &EntityMeta, sql: &str, args: &[Value]) -> Result<Arc<Vec<Row>>, Fault> {
        if of.steady {
            return self.steady_rows(sql, args);
        }
        let [Value::Int(id)] = args else { return self.query(sql, args).map(Arc::new) };
        let key = (sql.to_owned(), *id);
        if let Some(known) = self.referred.borrow().get(&key) {
            return Ok(known.clone());
        }
        let rows = Arc::new(self.query(sql, args)?);
        self.referred.borrow_mut().insert(key, rows.clone());
        Ok(rows)
    }

    /// A new id.
    pub fn id(&self) -> Result<i64, Fault> {
        self.engine.database.next_id()
    }

    /// A record with its lines.
    pub fn load(&self, meta: &'static EntityMeta, id: i64) -> Result<Option<Record>, Fault> {
        self.flush()?;
        store::load(self.conn, meta, id)
    }

    /// Tells others, after commit; `was` is whose it was before.
    pub fn tell(&self, record: &Record, version: i64, out: i64, was: i64) {
        let company = record.company().unwrap_or(0);
        // What is somebody's own is news to nobody else.
        let only = if record.meta.personal { record.get("owner").int().unwrap_or(0) } else { 0 };
        let (entity, id) = (record.meta.name, record.id);
        self.events.borrow_mut().push(Event { entity, id, version, company, out, only, was });
    }
}

impl Reader for Tx<'_> {
    fn record(&self, meta: &'static EntityMeta, id: i64) -> Result<Option<Record>, Fault> {
        self.load(meta, id)
    }

    fn doc(&self, entity: &str, id: i64) -> Result<Option<Record>, Fault> {
        self.flush()?;
        self.engine.registry.entity(entity).map_or(Ok(None), |meta| store::load_bare(self.conn, meta, id))
    }

    fn reports(&self) -> Vec<&'static str> {
        self.engine.registry.reports().map(|report| report.name).collect()
    }

    fn entities(&self) -> Vec<&'static EntityMeta> {
        self.engine.registry.entities().collect()
    }

    fn rows(&self, sql: &str, args: &[Value]) -> Result<Vec<Row>, Fault> {
        self.query(sql, args)
    }

    fn steady_rows(&self, sql: &str, args: &[Value]) -> Result<Arc<Vec<Row>>, Fault> {
        if self.steady_changed.get() {
            return self.query(sql, args).map(Arc::new);
        }
        steady_rows(self.engine, self.conn, &self.steady, sql, args)
    }

    fn context(&self) -> &Context {
        &self.context
    }

    fn may(&self, entity: &str, verb: &str) -> bool {
        self.actor.access.may(entity, verb)
    }

    fn shows(&self, entity: &str, field: &str) -> bool {
        self.engine.registry.entity(entity).is_none_or(|meta| self.actor.access.shows(meta, field))
    }

    fn writes(&self, entity: &str, field: &str) -> bool {
        self.engine.registry.entity(entity).is_none_or(|meta| self.actor.access.changes(meta, field))
    }
}

/// Reads only: for previews and reports.
pub(crate) struct Snapshot<'a> {
    pub engine: &'a Engine,
    actor: &'a Actor,
    pub conn: &'a dyn Conn,
    pub context: Context,
    steady: OnceCell<i64>,
}

impl<'a> Snapshot<'a> {
    pub fn new(engine: &'a Engine, actor: &'a Actor, conn: &'a dyn Conn) -> Snapshot<'a> {
        Snapshot { engine, actor, conn, context: engine.context(actor), steady: OnceCell::new() }
    }
}

impl Reader for Snapshot<'_> {
    fn record(&self, meta: &'static EntityMeta, id: i64) -> Result<Option<Record>, Fault> {
        store::load(self.conn, meta, id)
    }

    fn doc(&self, entity: &str, id: i64) -> Result<Option<Record>, Fault> {
        self.engine.registry.entity(entity).map_or(Ok(None), |meta| store::load_bare(self.conn, meta, id))
    }

    fn reports(&self) -> Vec<&'static str> {
        self.engine.registry.reports().map(|report| report.name).collect()
    }

    fn entities(&self) -> Vec<&'static EntityMeta> {
        self.engine.registry.entities().collect()
    }

    fn rows(&self, sql: &str, args: &[Value]) -> Result<Vec<Row>, Fault> {
        self.conn.query(sql, args)
    }

    fn steady_rows(&self, sql: &str, args: &[Value]) -> Result<Arc<Vec<Row>>, Fault> {
        steady_rows(self.engine, self.conn, &self.steady, sql, args)
    }

    fn context(&self) -> &Context {
        &self.context
    }

    fn may(&self, entity: &str, verb: &str) -> bool {
        self.actor.access.may(entity, verb)
    }

    fn shows(&self, entity: &str, field: &str) -> bool {
        self.engine.registry.entity(entity).is_none_or(|meta| self.actor.access.shows(meta, field))
    }

    fn writes(&self, entity: &str, field: &str) -> bool {
        self.engine.registry.entity(entity).is_none_or(|meta| self.actor.access.changes(meta, field))
    }
}

/// Answers from memory, once the version that this transaction sees is known.
fn steady_rows(
    engine: &Engine,
    conn: &dyn Conn,
    seen: &OnceCell<i64>,
    sql: &str,
    args: &[Value],
) -> Result<Arc<Vec<Row>>, Fault> {
    steady::check(&engine.registry, sql);
    let version = match seen.get() {
        Some(version) => *version,
        None => {
            let version = steady::version(conn)?;
            *seen.get_or_init(|| version)
        }
    };
    engine.steady.rows(version, sql, args, || conn.query(sql, args))
}

/// `(?1, ?2), (?3, ?4)` for a multi-row insert.
pub(crate) fn places(rows: usize, columns: usize) -> String {
    let mut text = String::new();
    for row in 0..rows {
        text.push_str(if row == 0 { "(" } else { ", (" });
        for column in 0..columns {
            if column > 0 {
                text.push_str(", ");
            }
            text.push('?');
            text.push_str(&(row * columns + column + 1).to_string());
        }
        text.push(')');
    }
    text
}

/// An id as a value; none for 0.
pub(crate) fn maybe<T>(id: Option<Id<T>>) -> Value {
    id.map_or(Value::Null, |id| Value::Int(id.raw()))
}
