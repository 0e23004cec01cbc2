//! Lanes: threads that take the writes of one company at a time and see them through.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Condvar, Mutex, PoisonError, RwLock};
use std::time::Duration;

use meta::Fault;

use super::figures;
use super::{Begin, Session};
use crate::Hook;
use crate::job::{Job, Queue, Ran, Taken, lock};

/// How often a write is run at most.
const TRIES_MAX: u32 = 20;
/// How many writes are committed together at most.
const GROUP_MAX: usize = 32;
/// After so many failures a write runs alone in this process.
const PATIENCE: u32 = 5;
/// How long lanes wait for work before they look around.
const IDLE: Duration = Duration::from_secs(5);
/// How often hooks run after commits.
const SEAL_EVERY: Duration = Duration::from_millis(200);
/// In which of these rounds there is a look at what the planner knows.
const FIGURES_EVERY: u64 = 15;

/// Lets one write through alone: others hold it shared.
pub(crate) type Exclusive = RwLock<()>;

/// A write lane.
pub(crate) struct Lane {
    pub url: String,
    pub number: i64,
    pub queue: Arc<Queue>,
    pub gate: Arc<Exclusive>,
    pub commits: Arc<AtomicU64>,
}

impl Lane {
    /// Runs until the queue is closed.
    pub fn run(self, session: Session) {
        let mut session = Some(session);
        loop {
            match self.queue.take_some(GROUP_MAX, IDLE) {
                (whom, Taken::Jobs(jobs)) => {
                    let jobs = self.write_together(&mut session, jobs);
                    jobs.into_iter().for_each(|job| self.write(&mut session, job));
                    self.queue.done(whom);
                }
                (_, Taken::Idle) => {}
                (_, Taken::Closed) => return,
            }
        }
    }

    /// Writes several jobs in one transaction, each in a savepoint, so that one commit serves
    /// them all. When anything comes in between, all of them are given back to be written
    /// one by one.
    fn write_together(&self, session: &mut Option<Session>, mut jobs: Vec<Box<dyn Job>>) -> Vec<Box<dyn Job>> {
        if jobs.len() < 2 {
            return jobs;
        }
        let shared = self.gate.read().unwrap_or_else(PoisonError::into_inner);
        let Ok(session) = open(&self.url, self.number, session) else { return jobs };
        if session.begin(Begin::Serializable).is_err() {
            return jobs;
        }
        for job in &mut jobs {
            session.begin_job();
            let again = match job.run(session) {
                Ran::Well => {
                    session.keep_job();
                    false
                }
                Ran::Badly => {
                    session.undo_job();
                    false
                }
                Ran::Again => true,
            };
            if again || session.failure().is_some() {
                session.roll_back();
                return jobs;
            }
        }
        let has_written = session.take_wrote();
        match session.commit() {
            Ok(()) => {
                drop(shared);
                if has_written {
                    self.commits.fetch_add(1, Ordering::SeqCst);
                }
                jobs.into_iter().for_each(|job| job.finish(None));
                Vec::new()
            }
            Err(_) if session.is_closed() => {
                let why = "the connection was lost while committing: it may or may not be done";
                jobs.into_iter().for_each(|job| job.finish(Some(Fault::new(why))));
                Vec::new()
            }
            Err(_) => {
                session.roll_back();
                jobs
            }
        }
    }

    fn write(&self, session: &mut Option<Session>, mut job: Box<dyn Job>) {
        let mut run = |session: &Session| job.run(session);
        let failed = attempt(&self.url, self.number, &self.gate, session, &mut run);
        if failed.is_none() && session.as_ref().is_some_and(Session::take_wrote) {
            self.commits.fetch_add(1, Ordering::SeqCst);
        }
        job.finish(failed);
    }
}

/// Runs something in serializable transactions until it is committed, is refused or has
/// been tried often enough. Says why it was not committed, unless it refused itself.
pub(crate) fn attempt(
    url: &str,
    lane: i64,
    gate: &Exclusive,
    kept: &mut Option<Session>,
    run: &mut dyn FnMut(&Session) -> Ran,
) -> Option<Fault> {
    let mut last = Fault::new("never tried");
    for tries in 0..TRIES_MAX {
        if tries > 0 {
            pause(tries);
        }
        let (_shared, _alone) = match tries < PATIENCE {
            true => (Some(gate.read().unwrap_or_else(PoisonError::into_inner)), None),
            false => (None, Some(gate.write().unwrap_or_else(PoisonError::into_inner))),
        };
        let session = match open(url, lane, kept) {
            Ok(session) => session,
            Err(fault) => {
                last = fault;
                continue;
            }
        };
        if let Err(fault) = session.begin(Begin::Serializable) {
            if !session.is_closed() && !fault.retry {
                return Some(fault);
            }
            last = fault;
            continue;
        }
        let ran = run(session);
        let failure = session.failure();
        match (ran, failure) {
            (Ran::Well, None) => match session.commit() {
                Ok(()) => return None,
                Err(_) if session.is_closed() => {
                    return Some(Fault::new("the connection was lost while committing: it may or may not be done"));
                }
                Err(fault) if fault.retry => {
                    session.roll_back();
                    last = fault;
                }
                Err(fault) => {
                    session.roll_back();
                    return Some(fault);
                }
            },
            (_, Some(fault)) if fault.retry || session.is_closed() => {
                session.roll_back();
                last = fault;
            }
            (Ran::Again, failure) => {
                session.roll_back();
                last = failure.unwrap_or_else(|| Fault::retry("a write asked to be run again"));
            }
            (Ran::Badly | Ran::Well, failure) => {
                session.roll_back();
                return Some(failure.unwrap_or_else(|| Fault::new("rolled back")));
            }
        }
    }
    last.retry = false;
    Some(last)
}

fn open<'a>(url: &str, lane: i64, kept: &'a mut Option<Session>) -> Result<&'a Session, Fault> {
    if kept.as_ref().is_none_or(Session::is_closed) {
        *kept = None;
        *kept = Some(Session::open(url, lane)?);
    }
    kept.as_ref().ok_or_else(|| Fault::new("no connection"))
}

/// Waits a little longer each time, and not in step with the others.
fn pause(tries: u32) {
    static STEP: AtomicU64 = AtomicU64::new(0);
    let step = STEP.fetch_add(0x9E37_79B9_7F4A_7C15, Ordering::Relaxed);
    let most = 1_000_u64 << tries.min(7);
    std::thread::sleep(Duration::from_micros(most / 2 + (step >> 33) % most));
}

/// Runs the hooks after commits, in transactions of their own.
pub(crate) struct Sealer {
    pub url: String,
    pub lanes: i64,
    pub gate: Arc<Exclusive>,
    pub commits: Arc<AtomicU64>,
    pub hooks: Arc<RwLock<Vec<Hook>>>,
    pub stop: AtomicBool,
    pub alarm: (Mutex<()>, Condvar),
    pub session: Mutex<Option<Session>>,
}

impl Sealer {
    /// Runs until it is stopped, and then once more if there is anything to do.
    pub fn run(&self) {
        // What an earlier run of the program left is sealed too, so the first look is due.
        let mut seen = u64::MAX;
        let mut looked = 0;
        for round in 0_u64.. {
            let is_last = self.stop.load(Ordering::SeqCst);
            let now = self.commits.load(Ordering::SeqCst);
            let is_hooked = !self.hooks.read().unwrap_or_else(PoisonError::into_inner).is_empty();
            if now != seen && is_hooked {
                match self.seal() {
                    Ok(()) => seen = now,
                    Err(fault) => tracing::error!(%fault, "hooks after commits failed"),
                }
            }
            if is_last {
                return;
            }
            if round % FIGURES_EVERY == 0 && now != looked {
                looked = now;
                if let Err(fault) = self.transact(&figures::renew) {
                    tracing::warn!(%fault, "no new figures for the planner");
                }
            }
            let waiting = lock(&self.alarm.0);
            if !self.stop.load(Ordering::SeqCst) {
                drop(self.alarm.1.wait_timeout(waiting, SEAL_EVERY).unwrap_or_else(PoisonError::into_inner));
            }
        }
    }

    /// Runs the hooks once, now.
    pub fn seal(&self) -> Result<(), Fault> {
        let hooks = self.hooks.read().unwrap_or_else(PoisonError::into_inner);
        hooks.iter().try_for_each(|hook| self.transact(&|session| hook(session)))
    }

    /// Does something in a transaction of its own.
    fn transact(&self, work: &dyn Fn(&Session) -> Result<(), Fault>) -> Result<(), Fault> {
        let mut own = None;
        let mut run = |session: &Session| {
            let ran = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| work(session)))
                .unwrap_or_else(|_| Err(Fault::new("a hook panicked")));
            match ran {
                Ok(()) => Ran::Well,
                Err(fault) => {
                    let again = fault.retry;
                    own = Some(fault);
                    if again { Ran::Again } else { Ran::Badly }
                }
            }
        };
        match attempt(&self.url, self.lanes, &self.gate, &mut lock(&self.session), &mut run) {
            Some(fault) => Err(own.unwrap_or(fault)),
            None => Ok(()),
        }
    }

    /// Ends the thread.
    pub fn end(&self) {
        self.stop.store(true, Ordering::SeqCst);
        let _waiting = lock(&self.alarm.0);
        self.alarm.1.notify_all();
    }
}
