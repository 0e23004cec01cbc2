//! PostgreSQL: several lanes, each a thread with its own connection and serializable
//! transactions that are run again when another lane was faster.

mod figures;
mod lane;
mod session;
mod types;

pub(crate) use lane::{Exclusive, Lane, Sealer, attempt};
pub(crate) use session::{Begin, Session};
