//! The program `heyi`: the list of modules, set-up, demo, commands.

pub mod bench;
pub mod demo;
pub mod driver;
pub mod due;
pub mod fills;
pub mod home;
pub mod log;
pub mod migrations;
pub mod modules;
pub mod online_retail;
pub mod open;
pub mod recount;
pub mod regen;
pub mod role_home;
pub mod scenario;
pub mod secret_key;
pub mod seeds;
pub mod setup;
pub mod worker;
