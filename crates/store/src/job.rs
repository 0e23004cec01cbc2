//! Work waiting for a write lane.

use std::collections::VecDeque;
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

/// Jobs waiting for lanes.
#[derive(Default)]
pub(crate) struct Queue {
    waiting: Mutex<(VecDeque<Box<dyn Job>>, bool)>,
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
    pub fn put(&self, job: Box<dyn Job>) -> Result<(), Fault> {
        let mut waiting = lock(&self.waiting);
        if waiting.1 {
            return Err(Fault::new("the database is closed"));
        }
        if waiting.0.len() >= WAITING_MAX {
            return Err(Fault::new("too many writes are waiting"));
        }
        waiting.0.push_back(job);
        drop(waiting);
        self.arrived.notify_one();
        Ok(())
    }

    /// Takes at most so many jobs, waiting a while for the first.
    pub fn take(&self, most: usize, patience: Duration) -> Taken {
        let mut waiting = lock(&self.waiting);
        loop {
            if !waiting.0.is_empty() {
                let count = waiting.0.len().min(most);
                return Taken::Jobs(waiting.0.drain(..count).collect());
            }
            if waiting.1 {
                return Taken::Closed;
            }
            let (again, timeout) = self.arrived.wait_timeout(waiting, patience).unwrap_or_else(PoisonError::into_inner);
            waiting = again;
            if timeout.timed_out() && waiting.0.is_empty() && !waiting.1 {
                return Taken::Idle;
            }
        }
    }

    /// Takes at most so many jobs of those that wait now.
    pub fn take_waiting(&self, most: usize) -> Vec<Box<dyn Job>> {
        let mut waiting = lock(&self.waiting);
        let count = waiting.0.len().min(most);
        waiting.0.drain(..count).collect()
    }

    /// Lets the lanes finish what waits and end.
    pub fn close(&self) {
        lock(&self.waiting).1 = true;
        self.arrived.notify_all();
    }
}
