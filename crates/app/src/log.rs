//! What is written to the log.

use tracing_subscriber::EnvFilter;

/// What is logged: as asked for (such as `debug`), but never the values of statements, which
/// hold names, hashes and amounts.
pub fn filter(asked: &str) -> EnvFilter {
    let filter = EnvFilter::try_new(asked).unwrap_or_else(|_| EnvFilter::new("info"));
    // The last word on a target counts.
    filter.add_directive("tokio_postgres=info".parse().expect("a directive"))
}
