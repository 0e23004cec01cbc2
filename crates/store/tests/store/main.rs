//! The store on both databases.
//!
//! PostgreSQL is asked when `HEYI_TEST_PG` names one, such as
//! `postgres://postgres@127.0.0.1:5432/postgres`; every test makes a schema of its own.

mod lanes;
mod lists;
mod migrations;
mod records;
mod searches;
mod speed;
mod world;
