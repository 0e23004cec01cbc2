//! Opens a database with the real clock.

use std::path::PathBuf;
use std::sync::Arc;

use engine::{Engine, Vault};
use kernel::Instant;
use meta::{Fault, Trouble};
use store::{Database, Target};

use crate::secret_key::KeyPlace;

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
    /// File with the key that secrets in the database are sealed with; beside the data unless said.
    #[arg(long, env = "HEYI_SECRET_KEY_FILE")]
    pub secret_key_file: Option<PathBuf>,
}

impl Place {
    fn folder(&self) -> PathBuf {
        self.data.clone().unwrap_or_else(|| PathBuf::from("data"))
    }

    /// Where the key of secrets is.
    pub fn key(&self) -> KeyPlace {
        KeyPlace::of(self.secret_key_file.as_deref(), &self.folder())
    }

    /// The database meant. The folder is made when it is missing.
    pub fn target(&self) -> Result<Target, Fault> {
        if let Some(url) = &self.database_url {
            return Ok(Target::Postgres { url: url.clone(), lanes: LANES });
        }
        let folder = self.folder();
        std::fs::create_dir_all(&folder)
            .map_err(|why| Fault::new(format!("cannot make the folder {}: {why}", folder.display())))?;
        Ok(Target::Sqlite(folder.join("heyi.db")))
    }

    /// Opens and migrates it.
    pub fn open(&self) -> Result<Arc<Engine>, Trouble> {
        open_with(&self.target()?, self.key().vault()?, Arc::new(now))
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

/// Opens and migrates a database, with a key and a clock of your own.
pub fn open_with(target: &Target, vault: Vault, clock: engine::Clock) -> Result<Arc<Engine>, Trouble> {
    let database = Database::open(target)?;
    crate::migrations::migrate(&database, &|_| {})?;
    let pages = Some(engine::Pages { home: crate::home::page, worked: crate::home::worked });
    let engine = Engine::open(crate::modules::registry(), database, vault, clock, offset_minutes(), pages);
    let told = engine.reseal()?;
    if told.lost > 0 {
        let keys = told.keys.join(", ");
        tracing::warn!(
            secrets = told.lost,
            keys,
            "Secrets in the database were sealed with keys that are not here. Add these to the file of the key; \
             or make the secrets of webhooks anew and take second factors away (heyi user LOGIN --drop-second-factor)."
        );
    }
    Ok(engine)
}
