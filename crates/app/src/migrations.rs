//! The numbered list of migrations: data, one list for both databases.

use meta::{Fault, Trouble};
use store::{Database, Migration, Table};

/// Every migration, as JSON, in order.
const ALL: &[&str] = &[include_str!("../migrations/0001.json"), include_str!("../migrations/0002.json")];

/// The last migration that was handed out with a version: up to it nothing is changed any
/// more. `cargo xtask regen` makes the one after it anew; to hand out a version is to raise
/// this and to name the next file above.
pub const RELEASED: i64 = 1;

/// The list.
pub fn list() -> Result<Vec<Migration>, Fault> {
    ALL.iter().map(|text| Migration::from_text(text)).collect()
}

/// All tables as the descriptions want them today.
pub fn tables() -> Vec<Table> {
    let registry = crate::modules::registry();
    store::tables(&registry).into_iter().chain(engine::tables()).collect()
}

/// Brings a database up to date.
pub fn migrate(database: &Database, progress: &dyn Fn(&str)) -> Result<(), Trouble> {
    store::migrate(database, &list()?, progress)?;
    crate::fills::run(database)
}
