//! The threads of a server that do long work, tell webhooks, hear of other servers, do what is due and furnish
//! companies that are new or of an earlier version.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::Duration;

use engine::Engine;
use meta::Fault;
use tokio::sync::broadcast::error::TryRecvError;

/// Threads that work until they are told to stop.
pub struct Worker {
    engine: Arc<Engine>,
    stop: Arc<AtomicBool>,
    threads: Vec<JoinHandle<()>>,
}

impl Worker {
    /// Begins to work. `may_inside` lets names of webhooks lead inside the house.
    pub fn start(engine: &Arc<Engine>, may_inside: bool) -> Result<Worker, Fault> {
        let (engine, stop) = (engine.clone(), Arc::new(AtomicBool::new(false)));
        let spawn = |name: &str, work: Box<dyn FnOnce() + Send>| {
            let thread = std::thread::Builder::new().name(name.to_owned()).spawn(work);
            thread.map_err(|why| Fault::new(format!("no thread: {why}")))
        };
        let (own, told) = (engine.clone(), stop.clone());
        let jobs = spawn("jobs", Box::new(move || own.work(&told)))?;
        let (own, told) = (engine.clone(), stop.clone());
        let hooks = spawn("webhooks", Box::new(move || api::hooks::tell(&own, may_inside, &told)))?;
        let (own, told) = (engine.clone(), stop.clone());
        let elsewhere = spawn("elsewhere", Box::new(move || own.hear_elsewhere(&told)))?;
        let (own, told) = (engine.clone(), stop.clone());
        let due = spawn("due", Box::new(move || crate::due::watch(&own, &told)))?;
        let (own, told) = (engine.clone(), stop.clone());
        let companies = spawn("companies", Box::new(move || furnish(&own, &told)))?;
        Ok(Worker { engine, stop, threads: vec![jobs, hooks, elsewhere, due, companies] })
    }

    /// Ends the step under way, gives the job back and stops.
    pub fn stop(self) {
        self.stop.store(true, Ordering::SeqCst);
        self.engine.wake_workers();
        for thread in self.threads {
            if thread.join().is_err() {
                tracing::error!("a worker panicked");
            }
        }
    }
}

/// How often it is looked whether a company is new, or this is to stop.
const BREATH: Duration = Duration::from_millis(200);
/// How many breaths it waits after a failure.
const RETRY_BREATHS: u32 = 50;

/// Gives every new company its chart of accounts, taxes, terms, units and places, as soon as it is there.
fn furnish(engine: &Arc<Engine>, stop: &AtomicBool) {
    let mut events = engine.subscribe();
    let (mut is_due, mut waits, mut caught_up) = (true, 0, false);
    while !stop.load(Ordering::SeqCst) {
        if is_due && waits == 0 {
            if !caught_up {
                match crate::seeds::catch_up(engine) {
                    Ok(given) => {
                        caught_up = true;
                        tracing::info!(?given, "what is new in this version is given");
                    }
                    Err(trouble) => {
                        tracing::warn!(%trouble, "what is new in this version is not given yet");
                        waits = RETRY_BREATHS;
                        continue;
                    }
                }
            }
            match crate::setup::furnish_all(engine) {
                Ok(_) => is_due = false,
                Err(trouble) => {
                    // Another server may be at the same company: what it made is found the next time.
                    tracing::warn!(%trouble, "a new company is not furnished yet");
                    waits = RETRY_BREATHS;
                }
            }
        }
        waits = waits.saturating_sub(1);
        std::thread::sleep(BREATH);
        loop {
            match events.try_recv() {
                Ok(event) => is_due |= event.entity == "company",
                Err(TryRecvError::Lagged(_)) => is_due = true,
                Err(TryRecvError::Empty | TryRecvError::Closed) => break,
            }
        }
    }
}
