//! Opens a database with the real clock.

use std::path::PathBuf;
use std::sync::Arc;

use engine::Engine;
use kernel::Instant;
use meta::{Fault, Trouble};
use store::{Database, Target};

/// How many write lanes a PostgreSQL database gets.
const LANES: usize = 4;

/// Where the data is.
#[derive(Clone, Debug, Default, clap::Args)]
pub struct Place {
    /// Folder of an SQLite database.
    #[arg(long, env = "HEYI_DATA")]
    pub data: Option<PathBuf>,
    /// Address of a PostgreSQL database: postgres://user@host/name
    #[arg(long, env = "HEYI_DATABASE_URL")]
    pub database_url: Option<String>,
}

impl Place {
    /// The database meant. The folder is made when it is missing.
    pub fn target(&self) -> Result<Target, Fault> {
        if let Some(url) = &self.database_url {
            return Ok(Target::Postgres { url: url.clone(), lanes: LANES });
        }
        let folder = self.data.clone().unwrap_or_else(|| PathBuf::from("data"));
        std::fs::create_dir_all(&folder)
            .map_err(|why| Fault::new(format!("cannot make the folder {}: {why}", folder.display())))?;
        Ok(Target::Sqlite(folder.join("heyi.db")))
    }

    /// Opens and migrates it.
    pub fn open(&self) -> Result<Arc<Engine>, Trouble> {
        open(&self.target()?)
    }
}

/// The moment, read off the real clock. The only place that does.
#[allow(clippy::disallowed_methods)]
pub fn now() -> Instant {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
    Instant::from_micros(since.as_micros() as i64)
}

/// Minutes the business day is ahead of UTC: `HEYI_UTC_OFFSET_MINUTES`, 0 unless set.
fn offset_minutes() -> i32 {
    std::env::var("HEYI_UTC_OFFSET_MINUTES").ok().and_then(|text| text.parse().ok()).unwrap_or(0)
}

/// Opens and migrates a database, with the real clock.
pub fn open(target: &Target) -> Result<Arc<Engine>, Trouble> {
    open_with(target, Arc::new(now))
}

/// Opens and migrates a database, with a clock of your own.
pub fn open_with(target: &Target, clock: engine::Clock) -> Result<Arc<Engine>, Trouble> {
    let database = Database::open(target)?;
    crate::migrations::migrate(&database, &|_| {})?;
    Ok(Engine::open(crate::modules::registry(), database, clock, offset_minutes(), Some(crate::home::page)))
}
