//! The thread of a server that does long work.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;

use engine::Engine;
use meta::Fault;

/// A thread that does jobs until it is told to stop.
pub struct Worker {
    engine: Arc<Engine>,
    stop: Arc<AtomicBool>,
    thread: JoinHandle<()>,
}

impl Worker {
    /// Begins to work.
    pub fn start(engine: &Arc<Engine>) -> Result<Worker, Fault> {
        let (engine, stop) = (engine.clone(), Arc::new(AtomicBool::new(false)));
        let (own, told) = (engine.clone(), stop.clone());
        let thread = std::thread::Builder::new().name("jobs".to_owned()).spawn(move || own.work(&told));
        let thread = thread.map_err(|why| Fault::new(format!("no thread: {why}")))?;
        Ok(Worker { engine, stop, thread })
    }

    /// Ends the step under way, gives the job back and stops.
    pub fn stop(self) {
        self.stop.store(true, Ordering::SeqCst);
        self.engine.wake_workers();
        if self.thread.join().is_err() {
            tracing::error!("the worker panicked");
        }
    }
}
