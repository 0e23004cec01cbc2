//! SQLite: one writer that commits whatever waits together, and readers on snapshots.

pub(crate) mod plans;
mod session;
mod writer;

pub(crate) use session::Session;
pub(crate) use writer::{Writer, block_on_writer, id_on_writer};
