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

    /// Opens and migrates one that is there: who asks, proves or loads means a company, not an empty folder.
    pub fn open_existing(&self) -> Result<Arc<Engine>, Trouble> {
        if self.database_url.is_none() && !self.folder().join("heyi.db").is_file() {
            return Err(Fault::new(format!(
                "there is no database in the folder {}. Name its folder with --data (or its address with --database-url); \
                 `heyi demo` and `heyi company` make one",
                self.folder().display()
            ))
            .into());
        }
        self.open()
    }

    /// Opens and migrates it. The folder and the database are made when they are missing.
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

/// Minutes the clocks of companies without a time zone are ahead of UTC: `HEYI_UTC_OFFSET_MINUTES`, 0 unless set.
pub(crate) fn offset_minutes() -> Result<i32, Fault> {
    let Ok(text) = std::env::var("HEYI_UTC_OFFSET_MINUTES") else { return Ok(0) };
    text.trim().parse().ok().filter(|minutes| (-840..=840).contains(minutes)).ok_or_else(|| {
        Fault::new(format!(
            "HEYI_UTC_OFFSET_MINUTES is {text}; write minutes between -840 and 840, such as 480 for China"
        ))
    })
}

/// Opens and migrates a database, with a key and a clock of your own.
pub fn open_with(target: &Target, vault: Vault, clock: engine::Clock) -> Result<Arc<Engine>, Trouble> {
    let database = Database::open(target)?;
    crate::migrations::migrate(&database, &|_| {})?;
    let pages = Some(engine::Pages { home: crate::home::page, worked: crate::home::worked });
    let engine = Engine::open(crate::modules::registry(), database, vault, clock, offset_minutes()?, pages);
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
