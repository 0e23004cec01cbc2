//! A database, whichever it is.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicU64};
use std::sync::mpsc::sync_channel;
use std::sync::{Arc, Condvar, Mutex, PoisonError, RwLock};
use std::thread::JoinHandle;

use meta::{Fault, Trouble};

use crate::ids::{self, Blocks};
use crate::job::{Queue, Ran, Work, lock};
use crate::postgres::{self, Exclusive, Lane, Sealer, attempt};
use crate::{Conn, Dialect, Hook, Target, schema, sqlite};

/// How many readers of SQLite are open from the beginning.
const READERS_MIN: usize = 4;
/// How many idle readers are kept.
const READERS_MAX: usize = 16;

thread_local! {
    /// True on the thread of a write lane: a write from there would wait for itself.
    static IS_LANE: std::cell::Cell<bool> = const { std::cell::Cell::new(false) };
}

/// A database that is open. Clones share it; the last one closes it.
#[derive(Clone)]
pub struct Database(Arc<Inner>);

struct Inner {
    queue: Arc<Queue>,
    hooks: Arc<RwLock<Vec<Hook>>>,
    blocks: Arc<Blocks>,
    /// Held by the one who reserves ids.
    reserving: Mutex<()>,
    threads: Mutex<Vec<JoinHandle<()>>>,
    side: Side,
}

enum Side {
    Sqlite {
        file: PathBuf,
        readers: Mutex<Vec<sqlite::Session>>,
    },
    Postgres {
        url: String,
        readers: Mutex<Vec<postgres::Session>>,
        ids: Box<Mutex<Option<postgres::Session>>>,
        sealer: Arc<Sealer>,
        sealing: Mutex<Option<JoinHandle<()>>>,
    },
}

impl Database {
    /// Opens a database, and makes it if it is a file that does not exist.
    pub fn open(target: &Target) -> Result<Database, Fault> {
        match target {
            Target::Sqlite(file) => Database::open_sqlite(file),
            Target::Postgres { url, lanes } => Database::open_postgres(url, (*lanes).max(1)),
        }
    }

    fn open_sqlite(file: &Path) -> Result<Database, Fault> {
        let queue = Arc::new(Queue::default());
        let hooks = Arc::new(RwLock::new(Vec::new()));
        let blocks = Arc::new(Blocks::default());
        let writer = sqlite::Writer {
            file: file.to_owned(),
            queue: queue.clone(),
            hooks: hooks.clone(),
            blocks: blocks.clone(),
        };
        let (ready, opened) = sync_channel(1);
        let thread = thread("writer", move || writer.run(&ready))?;
        opened.recv().map_err(|_| Fault::new("the writer ended before it began"))??;
        let readers = (0..READERS_MIN).map(|_| sqlite::Session::reader(file)).collect::<Result<_, _>>()?;
        let side = Side::Sqlite { file: file.to_owned(), readers: Mutex::new(readers) };
        Ok(Database(Arc::new(Inner {
            queue,
            hooks,
            blocks,
            reserving: Mutex::default(),
            threads: Mutex::new(vec![thread]),
            side,
        })))
    }

    fn open_postgres(url: &str, lanes: usize) -> Result<Database, Fault> {
        let queue = Arc::new(Queue::default());
        let hooks: Arc<RwLock<Vec<Hook>>> = Arc::default();
        let gate: Arc<Exclusive> = Arc::default();
        let commits: Arc<AtomicU64> = Arc::default();
        let first = postgres::Session::open(url, 0)?;
        prepare_base(url, first)?;
        let mut threads = Vec::new();
        for number in 0..lanes as i64 {
            let session = postgres::Session::open(url, number)?;
            let lane = Lane {
                url: url.to_owned(),
                number,
                queue: queue.clone(),
                gate: gate.clone(),
                commits: commits.clone(),
            };
            threads.push(thread("lane", move || lane.run(session))?);
        }
        let sealer = Arc::new(Sealer {
            url: url.to_owned(),
            lanes: lanes as i64,
            gate,
            commits,
            hooks: hooks.clone(),
            stop: AtomicBool::new(false),
            alarm: (Mutex::new(()), Condvar::new()),
            session: Mutex::new(None),
        });
        let own = sealer.clone();
        let sealing = Mutex::new(Some(thread("sealer", move || own.run())?));
        let side =
            Side::Postgres { url: url.to_owned(), readers: Mutex::default(), ids: Box::default(), sealer, sealing };
        Ok(Database(Arc::new(Inner {
            queue,
            hooks,
            blocks: Arc::default(),
            reserving: Mutex::default(),
            threads: Mutex::new(threads),
            side,
        })))
    }

    /// Which database it is.
    pub fn dialect(&self) -> Dialect {
        match self.0.side {
            Side::Sqlite { .. } => Dialect::Sqlite,
            Side::Postgres { .. } => Dialect::Postgres,
        }
    }

    /// Writes: blocks until what the job did is durable, or rolled back.
    ///
    /// The job may run again after losing a race, so all it decides it reads inside.
    pub fn write<T: Send + 'static>(
        &self,
        job: impl FnMut(&dyn Conn) -> Result<T, Trouble> + Send + 'static,
    ) -> Result<T, Trouble> {
        self.write_for(None, job)
    }

    /// The same for somebody, such as a company: writes for the same one do not race each
    /// other but are done in turn, and committed together where that saves time.
    pub fn write_for<T: Send + 'static>(
        &self,
        whom: Option<i64>,
        job: impl FnMut(&dyn Conn) -> Result<T, Trouble> + Send + 'static,
    ) -> Result<T, Trouble> {
        if IS_LANE.get() {
            return Err(Fault::new("a write inside a write would wait for itself").into());
        }
        let (reply, answer) = sync_channel(1);
        self.0.queue.put(whom, Box::new(Work { job, result: None, reply }))?;
        answer.recv().map_err(|_| Fault::new("the lane ended before it answered"))?
    }

    /// Reads one state of everything, on this thread.
    pub fn read<T>(&self, job: impl FnOnce(&dyn Conn) -> Result<T, Trouble>) -> Result<T, Trouble> {
        match &self.0.side {
            Side::Sqlite { file, readers } => {
                let kept = lock(readers).pop();
                let session = kept.map_or_else(|| sqlite::Session::reader(file), Ok)?;
                session.step("begin deferred")?;
                // Should the job panic, the session is closed with the unwinding.
                let result = job(&session);
                if session.step("rollback").is_ok() {
                    keep(readers, session);
                }
                result
            }
            Side::Postgres { url, readers, .. } => {
                let kept = lock(readers).pop().filter(|session| !session.is_closed());
                let mut session = kept.map_or_else(|| postgres::Session::open(url, 0), Ok)?;
                if session.begin(postgres::Begin::Snapshot).is_err() {
                    // The server may have been restarted since; once more with a new one.
                    session = postgres::Session::open(url, 0)?;
                    session.begin(postgres::Begin::Snapshot)?;
                }
                let result = job(&session);
                session.roll_back();
                if !session.is_closed() {
                    keep(readers, session);
                }
                result
            }
        }
    }

    /// Closes idle readers: those to come know what has become of the schema.
    pub(crate) fn forget_readers(&self) {
        if let Side::Sqlite { readers, .. } = &self.0.side {
            lock(readers).clear();
        }
    }

    /// A new id, of no other record of whatever entity, now or later.
    pub fn next_id(&self) -> Result<i64, Fault> {
        if let Some(id) = sqlite::id_on_writer(&self.0.blocks) {
            return id;
        }
        if let Some(id) = self.0.blocks.take() {
            return Ok(id);
        }
        let waiting = lock(&self.0.reserving);
        // Who waited finds what the one before reserved: ids rise with time in one program.
        if let Some(id) = self.0.blocks.take() {
            return Ok(id);
        }
        let (next, end) = self.reserve()?;
        self.0.blocks.put((next + 1, end));
        drop(waiting);
        Ok(next)
    }

    fn reserve(&self) -> Result<(i64, i64), Fault> {
        match &self.0.side {
            Side::Sqlite { .. } => self.write(|_| Ok(sqlite::block_on_writer()?)).map_err(|trouble| match trouble {
                Trouble::Fault(fault) => fault,
                other => Fault::new(other.to_string()),
            }),
            Side::Postgres { url, ids, .. } => {
                let mut session = lock(ids);
                let mut block = (0, 0);
                let mut fault = None;
                let mut run = |session: &postgres::Session| match ids::reserve(session) {
                    Ok(found) => {
                        block = found;
                        Ran::Well
                    }
                    Err(found) => {
                        fault = Some(found);
                        Ran::Badly
                    }
                };
                match attempt(url, 0, &Exclusive::default(), &mut session, &mut run) {
                    None => Ok(block),
                    Some(failed) => Err(fault.unwrap_or(failed)),
                }
            }
        }
    }

    /// Has something done after writes: on SQLite inside the transaction of a group, just
    /// before it is committed; on PostgreSQL soon after commits, in a transaction of its own.
    ///
    /// It must be able to do later what it failed to do now.
    pub fn at_group_end(&self, hook: Hook) {
        self.0.hooks.write().unwrap_or_else(PoisonError::into_inner).push(hook);
    }

    /// Copies a database of SQLite into a new file, while everybody works on.
    pub fn back_up(&self, to: &Path) -> Result<(), Fault> {
        let Side::Sqlite { file, .. } = &self.0.side else {
            return Err(Fault::new("PostgreSQL is backed up with its own tools, such as pg_dump"));
        };
        sqlite::Session::copy(file, to)
    }

    /// Does at once what would be done soon: the hooks of [`Database::at_group_end`].
    pub fn settle(&self) -> Result<(), Fault> {
        match &self.0.side {
            Side::Sqlite { .. } => Ok(()),
            Side::Postgres { sealer, .. } => sealer.seal(),
        }
    }
}

fn keep<S>(readers: &Mutex<Vec<S>>, session: S) {
    let mut readers = lock(readers);
    if readers.len() < READERS_MAX {
        readers.push(session);
    }
}

fn thread(name: &str, run: impl FnOnce() + Send + 'static) -> Result<JoinHandle<()>, Fault> {
    let own = move || {
        IS_LANE.set(true);
        run();
    };
    let started = std::thread::Builder::new().name(format!("store-{name}")).spawn(own);
    started.map_err(|error| Fault::new(format!("no thread: {error}")))
}

/// Makes the tables that are there before any migration.
fn prepare_base(url: &str, session: postgres::Session) -> Result<(), Fault> {
    let mut kept = Some(session);
    let mut fault = None;
    let mut run = |session: &postgres::Session| {
        let made = schema::base(Dialect::Postgres).iter().try_for_each(|sql| session.execute(sql, &[]).map(|_| ()));
        match made {
            Ok(()) => Ran::Well,
            // Two programs that start together may both try to make the same table.
            Err(found) => {
                let again = found.unique.is_some() || found.what.contains("42P07");
                fault = Some(found);
                if again { Ran::Again } else { Ran::Badly }
            }
        }
    };
    match attempt(url, 0, &Exclusive::default(), &mut kept, &mut run) {
        None => Ok(()),
        Some(failed) => Err(fault.unwrap_or(failed)),
    }
}

/// The address of a schema of a PostgreSQL database, made if it does not exist: a tenant,
/// or the playground of a test.
pub fn postgres_schema(url: &str, schema: &str) -> Result<String, Fault> {
    let session = postgres::Session::open(url, 0)?;
    session.run(&format!("create schema if not exists {}", crate::conn::quoted(schema)))?;
    let sign = if url.contains('?') { '&' } else { '?' };
    Ok(format!("{url}{sign}options=-c%20search_path%3D{schema}"))
}

/// The address of a database of its own beside the one of an address, copied from a template
/// when one is named: a company to begin with, or the playground of a test. Nobody may be
/// connected to the template.
pub fn postgres_database(url: &str, name: &str, template: Option<&str>) -> Result<String, Fault> {
    let session = postgres::Session::open(url, 0)?;
    let of = template.map_or(String::new(), |template| format!(" template {}", crate::conn::quoted(template)));
    session.run(&format!("create database {}{of}", crate::conn::quoted(name)))?;
    let (address, options) = url.split_once('?').map_or((url, String::new()), |(url, rest)| (url, format!("?{rest}")));
    let server = address.rfind('/').filter(|at| *at > "postgres://".len()).unwrap_or(address.len());
    Ok(format!("{}/{name}{options}", &address[..server]))
}

/// Removes a database beside the one of an address, with all that is in it.
pub fn postgres_drop_database(url: &str, name: &str) -> Result<(), Fault> {
    let session = postgres::Session::open(url, 0)?;
    session.run(&format!("drop database if exists {} with (force)", crate::conn::quoted(name)))
}

impl Drop for Inner {
    fn drop(&mut self) {
        if let Side::Sqlite { readers, .. } = &self.side {
            // Before the writer: the last to close folds the log into the file, which
            // a reader could not.
            lock(readers).clear();
        }
        self.queue.close();
        let own = std::thread::current().id();
        let join = |thread: JoinHandle<()>| {
            // The last clone may be dropped by a job; a thread cannot wait for itself.
            if thread.thread().id() != own && thread.join().is_err() {
                tracing::error!("a lane panicked");
            }
        };
        lock(&self.threads).drain(..).for_each(join);
        if let Side::Postgres { sealer, sealing, .. } = &self.side {
            sealer.end();
            lock(sealing).take().into_iter().for_each(join);
        }
    }
}
