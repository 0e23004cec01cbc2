//! Money at banks: what banks tell of it.
//!
//! ```text
//! formats    MT940, CAMT.053, OFX and tables (CSV) → BankFile, a value; pure, and wary of what comes in
//! ```
//!
//! Reads nothing of other rooms.

pub mod formats;
