//! The threads of a server that do long work, tell webhooks, hear of other servers and do what is due.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;

use engine::Engine;
use meta::Fault;

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
        Ok(Worker { engine, stop, threads: vec![jobs, hooks, elsewhere, due] })
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
