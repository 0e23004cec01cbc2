//! The one writer: takes whatever jobs wait, runs each in a savepoint, commits them together.
//!
//! ```text
//! begin immediate   job  job  job(bad: rolled back alone)  job   hooks   commit   answers
//! ```
//!
//! One flush to the disk serves them all, and nobody is answered before it.

use std::cell::{Cell, RefCell};
use std::path::PathBuf;
use std::rc::Rc;
use std::sync::mpsc::SyncSender;
use std::sync::{Arc, RwLock};
use std::time::{Duration, Instant};

use meta::Fault;

use super::Session;
use crate::Conn;
use crate::ids::{self, Blocks};
use crate::job::{Job, Queue, Ran, Taken};
use crate::{Hook, schema};

/// How many jobs are committed together at most.
const GROUP_MAX: usize = 128;
/// How long a group stays open for those who come late.
const GROUP_TIME: Duration = Duration::from_millis(8);
/// How often a job is run again when it asks for it; nobody else writes, so once would do.
const TRIES_MAX: usize = 3;
/// After how long without work the log is folded into the file.
const IDLE: Duration = Duration::from_secs(2);

/// What the writer shares with the database.
pub(crate) struct Writer {
    pub file: PathBuf,
    pub queue: Arc<Queue>,
    pub hooks: Arc<RwLock<Vec<Hook>>>,
    pub blocks: Arc<Blocks>,
}

/// The writer's own side while it runs: reachable from code that runs inside a job.
struct Own {
    session: Session,
    blocks: Arc<Blocks>,
    /// Ids reserved in the group's transaction, not yet anybody else's.
    spare: Cell<(i64, i64)>,
    /// What the database must know as reserved when the group is committed.
    reserved: Cell<i64>,
}

thread_local! {
    static OWN: RefCell<Option<Rc<Own>>> = const { RefCell::new(None) };
}

/// The next id when called on the writer's own thread, where waiting for the writer would
/// be waiting for oneself; `None` on any other thread.
pub(crate) fn id_on_writer(blocks: &Arc<Blocks>) -> Option<Result<i64, Fault>> {
    let own = OWN.with_borrow(|own| own.clone()).filter(|own| Arc::ptr_eq(&own.blocks, blocks))?;
    Some(own.next_id())
}

/// A block of ids, for a job whose caller is another thread.
pub(crate) fn block_on_writer() -> Result<(i64, i64), Fault> {
    let own = OWN.with_borrow(|own| own.clone()).ok_or_else(|| Fault::new("not on the writer's thread"))?;
    own.block()
}

impl Own {
    fn next_id(&self) -> Result<i64, Fault> {
        if let Some(id) = self.blocks.take() {
            return Ok(id);
        }
        let (next, end) = match self.spare.get() {
            (next, end) if next < end => (next, end),
            _ => self.block()?,
        };
        self.spare.set((next + 1, end));
        Ok(next)
    }

    fn block(&self) -> Result<(i64, i64), Fault> {
        let (next, end) = ids::reserve(&self.session)?;
        // The savepoint of a job that fails takes this row back; ids of later jobs must
        // start after all that were given, so it is raised again at the end of the group.
        let next = next.max(self.reserved.get());
        let end = end.max(next + ids::BLOCK);
        self.reserved.set(end);
        Ok((next, end))
    }

    /// Makes the reservation part of what is committed, whichever jobs failed.
    fn keep_reserved(&self) -> Result<(), Fault> {
        match self.reserved.get() {
            0 => Ok(()),
            end => ids::raise(&self.session, end),
        }
    }
}

impl Writer {
    /// Runs until the queue is closed; says when the database is ready.
    pub fn run(self, ready: &SyncSender<Result<(), Fault>>) {
        let session = match self.open() {
            Ok(session) => session,
            Err(fault) => {
                let _ = ready.send(Err(fault));
                return;
            }
        };
        let own =
            Rc::new(Own { session, blocks: self.blocks.clone(), spare: Cell::default(), reserved: Cell::default() });
        OWN.set(Some(own.clone()));
        let _ = ready.send(Ok(()));
        let mut is_folded = true;
        loop {
            match self.queue.take(GROUP_MAX, IDLE) {
                Taken::Jobs(jobs) => {
                    self.group(&own, jobs);
                    is_folded = false;
                }
                Taken::Idle if is_folded => {}
                Taken::Idle => {
                    is_folded = true;
                    if let Err(fault) = own.session.query("pragma wal_checkpoint(passive)", &[]) {
                        tracing::warn!(%fault, "the log was not folded into the file");
                    }
                }
                Taken::Closed => break,
            }
        }
        OWN.set(None);
    }

    fn open(&self) -> Result<Session, Fault> {
        let session = Session::writer(&self.file)?;
        session.run("begin immediate")?;
        for sql in schema::base(crate::Dialect::Sqlite) {
            session.run(&sql)?;
        }
        session.run("commit")?;
        Ok(session)
    }

    fn group(&self, own: &Own, mut jobs: Vec<Box<dyn Job>>) {
        let failed = self.write(own, &mut jobs).err();
        let spare = own.spare.replace((0, 0));
        own.reserved.set(0);
        match &failed {
            None if spare.0 < spare.1 => own.blocks.put(spare),
            None => {}
            Some(fault) => {
                tracing::error!(%fault, jobs = jobs.len(), "a group of writes failed");
                if !own.session.is_outside()
                    && let Err(fault) = own.session.step("rollback")
                {
                    tracing::error!(%fault, "and could not be rolled back");
                }
            }
        }
        for job in jobs {
            job.finish(failed.as_ref().map(|fault| Fault::new(fault.what.clone())));
        }
    }

    fn write(&self, own: &Own, jobs: &mut Vec<Box<dyn Job>>) -> Result<(), Fault> {
        let session = &own.session;
        let start = Instant::now();
        session.step("begin immediate")?;
        session.take_wrote();
        let (mut wrote, mut done) = (false, 0);
        while done < jobs.len() {
            wrote |= self.run_jobs(session, &mut jobs[done..])?;
            done = jobs.len();
            // Who came meanwhile comes along: it costs them nothing and saves a commit.
            if start.elapsed() < GROUP_TIME {
                jobs.extend(self.queue.take_waiting(GROUP_MAX.saturating_sub(done)));
            }
        }
        if wrote {
            self.run_hooks(session)?;
        }
        own.keep_reserved()?;
        session.step("commit")
    }

    /// Runs jobs, each in a savepoint of its own; whether any wrote.
    fn run_jobs(&self, session: &Session, jobs: &mut [Box<dyn Job>]) -> Result<bool, Fault> {
        let mut wrote = false;
        for job in jobs {
            for left in (0..TRIES_MAX).rev() {
                session.step("savepoint job")?;
                let ran = job.run(session);
                if session.is_outside() {
                    return Err(Fault::new("SQLite gave up the transaction of a group"));
                }
                let has_written = session.take_wrote();
                if ran != Ran::Well {
                    session.step("rollback to job")?;
                }
                session.step("release job")?;
                wrote |= has_written && ran == Ran::Well;
                if ran != Ran::Again || left == 0 {
                    break;
                }
            }
        }
        Ok(wrote)
    }

    /// What a hook does is derived and can wait for the next group; the documents cannot.
    fn run_hooks(&self, session: &Session) -> Result<(), Fault> {
        let hooks = self.hooks.read().unwrap_or_else(std::sync::PoisonError::into_inner);
        for hook in hooks.iter() {
            session.step("savepoint hook")?;
            let ran = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| hook(session)))
                .unwrap_or_else(|_| Err(Fault::new("a hook panicked")));
            if session.is_outside() {
                return Err(Fault::new("SQLite gave up the transaction of a group"));
            }
            if let Err(fault) = ran {
                tracing::error!(%fault, "a hook at the end of a group failed");
                session.step("rollback to hook")?;
            }
            session.step("release hook")?;
        }
        Ok(())
    }
}
