//! The numbered list of migrations: data, one list for both databases.

use meta::{Fault, Trouble};
use store::{Database, Migration, Table};

/// Every migration that was released, as JSON, in order. `cargo xtask regen` adds to it.
const RELEASED: &[&str] = &[include_str!("../migrations/0001.json")];

/// The list.
pub fn list() -> Result<Vec<Migration>, Fault> {
    RELEASED.iter().map(|text| Migration::from_text(text)).collect()
}

/// All tables as the descriptions want them today.
pub fn tables() -> Vec<Table> {
    let registry = crate::modules::registry();
    store::tables(&registry).into_iter().chain(engine::tables()).collect()
}

/// Brings a database up to date.
pub fn migrate(database: &Database, progress: &dyn Fn(&str)) -> Result<(), Trouble> {
    store::migrate(database, &list()?, progress).map(|_| ())
}
