//! Random companies, watched by an auditor who trusts nobody.
//!
//! [`world`] trades, pays, returns, closes and cancels at random, from a seed, through the
//! engine's own doors. [`auditor`] reads the rows that only grow and adds them up by itself.

mod about;
pub mod auditor;
mod documents;
mod replay;
pub mod world;
