//! Where everything is kept: SQLite in one file, or PostgreSQL, behind one small face.
//!
//! ```text
//! Database   write: jobs wait for a lane, answers come after the commit
//!            read:  a snapshot, on the caller's thread
//! schema     tables from descriptions; migrations as data
//! records    a record with its lines: load, insert, update, delete
//! list       filters, sorting, paging, grouping
//! search     words, Chinese bigrams, pinyin
//! ```
//!
//! All of it blocks; asynchronous code calls it from a thread that may.

mod conn;
mod database;
mod ids;
mod in_lists;
mod job;
pub mod list;
pub mod migrate;
mod postgres;
pub mod records;
mod rows;
pub mod schema;
pub mod search;
mod sqlite;

pub use conn::{Conn, Dialect, Hook, Statement, Target};
pub use database::{Database, postgres_database, postgres_drop_database, postgres_schema};
pub use list::{About, GroupRow, Page, Scope, Seen, can_carry, groups, list, reached, unknown_field};
pub use migrate::{Migration, Step, diff, migrate};
pub use records::{Stamp, Update, delete, docs, insert, labels, load, load_bare, load_many, update};
pub use schema::{Column, ForeignKey, Index, Kind, Table, create_sql, index_name, tables};
pub use search::{Hit, find, index, tokens, unindex};
