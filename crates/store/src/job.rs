//! Work waiting for a write lane.

use std::collections::{HashSet, VecDeque};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::SyncSender;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use meta::{Fault, Trouble};

use crate::Conn;

/// How many writes may wait; more are sent away at once rather than answered too late.
const WAITING_MAX: usize = 20_000;

/// How one run of a job ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ran {
    /// It wants to be committed.
    Well,
    /// It must be rolled back.
    Badly,
    /// It must be rolled back and may be run again at once.
    Again,
}

/// A write, whatever its result is.
pub(crate) trait Job: Send {
    /// Runs it and keeps the result; a panic becomes a fault.
    fn run(&mut self, conn: &dyn Conn) -> Ran;
    /// Hands the result over, or why the commit failed.
    fn finish(self: Box<Self>, failed: Option<Fault>);
}

/// A closure, its result and who waits for it.
pub(crate) struct Work<T, F> {
    pub job: F,
    pub result: Option<Result<T, Trouble>>,
    pub reply: SyncSender<Result<T, Trouble>>,
}

impl<T, F> Job for Work<T, F>
where
    T: Send,
    F: FnMut(&dyn Conn) -> Result<T, Trouble> + Send,
{
    fn run(&mut self, conn: &dyn Conn) -> Ran {
        let result = catch_unwind(AssertUnwindSafe(|| (self.job)(conn)))
            .unwrap_or_else(|panic| Err(Fault::new(format!("a write panicked: {}", panic_text(&*panic))).into()));
        let ran = match &result {
            Ok(_) => Ran::Well,
            Err(Trouble::Fault(fault)) if fault.retry => Ran::Again,
            Err(_) => Ran::Badly,
        };
        self.result = Some(result);
        ran
    }

    fn finish(self: Box<Self>, failed: Option<Fault>) {
        let Work { job, result, reply } = *self;
        // Before the answer: whoever waits for it may expect to hold the last clone of what
        // the job held, such as the database itself.
        drop(job);
        let result = match (result, failed) {
            (Some(Err(trouble)), _) => Err(trouble),
            (_, Some(fault)) => Err(fault.into()),
            (Some(Ok(value)), None) => Ok(value),
            (None, None) => Err(Fault::new("a write was never run").into()),
        };
        // Whoever waited may have given up; that is no fault.
        let _ = reply.send(result);
    }
}

fn panic_text(panic: &(dyn std::any::Any + Send)) -> String {
    let text = panic.downcast_ref::<String>().map(String::as_str).or(panic.downcast_ref::<&str>().copied());
    text.unwrap_or("without words").to_owned()
}

/// Locks, also after somebody panicked while holding the lock: what we keep under locks is
/// whole between any two statements.
pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Who a write is for: two that are for the same, such as one company, would only get into
/// each other's way, so one lane does both.
pub(crate) type For = Option<i64>;

#[derive(Default)]
struct Waiting {
    jobs: VecDeque<(For, Box<dyn Job>)>,
    /// For whom lanes are at work.
    busy: HashSet<i64>,
    is_closed: bool,
}

/// Jobs waiting for lanes.
#[derive(Default)]
pub(crate) struct Queue {
    waiting: Mutex<Waiting>,
    arrived: Condvar,
}

/// What a lane got.
pub(crate) enum Taken {
    /// Something to do.
    Jobs(Vec<Box<dyn Job>>),
    /// Nothing for a while.
    Idle,
    /// Nothing ever again.
    Closed,
}

impl Queue {
    /// Puts a job in the queue.
    pub fn put(&self, whom: For, job: Box<dyn Job>) -> Result<(), Fault> {
        let mut waiting = lock(&self.waiting);
        if waiting.is_closed {
            return Err(Fault::new("the database is closed"));
        }
        if waiting.jobs.len() >= WAITING_MAX {
            return Err(Fault::new("too many writes are waiting"));
        }
        waiting.jobs.push_back((whom, job));
        drop(waiting);
        self.arrived.notify_one();
        Ok(())
    }

    /// Takes at most so many jobs, waiting a while for the first.
    pub fn take(&self, most: usize, patience: Duration) -> Taken {
        let mut waiting = lock(&self.waiting);
        loop {
            if !waiting.jobs.is_empty() {
                let count = waiting.jobs.len().min(most);
                return Taken::Jobs(waiting.jobs.drain(..count).map(|(_, job)| job).collect());
            }
            if waiting.is_closed {
                return Taken::Closed;
            }
            let (again, timeout) = self.arrived.wait_timeout(waiting, patience).unwrap_or_else(PoisonError::into_inner);
            waiting = again;
            if timeout.timed_out() && waiting.jobs.is_empty() && !waiting.is_closed {
                return Taken::Idle;
            }
        }
    }

    /// Takes the first job no other lane is at work for, and others for the same, at most so
    /// many. Whoever takes them says with [`Queue::done`] when they are done.
    pub fn take_some(&self, most: usize, patience: Duration) -> (For, Taken) {
        let mut waiting = lock(&self.waiting);
        loop {
            let Waiting { jobs, busy, .. } = &mut *waiting;
            let is_free = |whom: &For| whom.is_none_or(|whom| !busy.contains(&whom));
            if let Some(whom) = jobs.iter().map(|(whom, _)| *whom).find(is_free) {
                let (mut taken, mut left) = (Vec::new(), VecDeque::with_capacity(jobs.len()));
                for (of, job) in jobs.drain(..) {
                    // Those for nobody in particular may be done side by side.
                    if of == whom && taken.len() < if whom.is_some() { most } else { 1 } {
                        taken.push(job);
                    } else {
                        left.push_back((of, job));
                    }
                }
                *jobs = left;
                busy.extend(whom);
                return (whom, Taken::Jobs(taken));
            }
            if waiting.is_closed && waiting.jobs.is_empty() {
                return (None, Taken::Closed);
            }
            let (again, timeout) = self.arrived.wait_timeout(waiting, patience).unwrap_or_else(PoisonError::into_inner);
            waiting = again;
            if timeout.timed_out() && waiting.jobs.is_empty() && !waiting.is_closed {
                return (None, Taken::Idle);
            }
        }
    }

    /// Jobs for these are done; others for them may be taken.
    pub fn done(&self, whom: For) {
        if let Some(whom) = whom {
            lock(&self.waiting).busy.remove(&whom);
            self.arrived.notify_all();
        }
    }

    /// Takes at most so many jobs of those that wait now.
    pub fn take_waiting(&self, most: usize) -> Vec<Box<dyn Job>> {
        let mut waiting = lock(&self.waiting);
        let count = waiting.jobs.len().min(most);
        waiting.jobs.drain(..count).map(|(_, job)| job).collect()
    }

    /// Lets the lanes finish what waits and end.
    pub fn close(&self) {
        lock(&self.waiting).is_closed = true;
        self.arrived.notify_all();
    }
}
