//! SQLite: one writer that commits whatever waits together, and readers on snapshots.

mod session;
mod writer;

pub(crate) use session::Session;
pub(crate) use writer::{Writer, block_on_writer, id_on_writer};
