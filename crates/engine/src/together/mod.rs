//! What people do together on any record: its timeline, who follows it, who is told of it.
//!
//! ```text
//! written (write.rs) → tell: follow, notification        same transaction
//! timeline: audit, notes, files and activities done      one order, by their ids
//! ```

mod files;
mod follow;
mod inbox;
mod notices;
mod pane;
mod recent;
mod timeline;

pub use files::{Content, FILE_MAX, Upload};
pub(crate) use notices::{back_again, job_is_over, tell};
