//! Where the key of secrets is: not in the database, so that who reads a copy of it has no secrets.

use std::io::Write;
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

use engine::Vault;
use meta::Fault;

const VARIABLE: &str = "HEYI_SECRET_KEY";
const ABOVE: &str =
    "# Heyi seals secrets in the database with this key. Keep a copy of it apart from those of the database.\n";

/// Where the key is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum KeyPlace {
    /// In the environment.
    Variable(String),
    /// In a file.
    File(PathBuf),
}

impl KeyPlace {
    /// The variable `HEYI_SECRET_KEY`, the file that was named, or the one beside the data: `data.key` beside `data`.
    pub fn of(file: Option<&Path>, data: &Path) -> KeyPlace {
        if let Some(text) = std::env::var(VARIABLE).ok().filter(|text| !text.trim().is_empty()) {
            return KeyPlace::Variable(text);
        }
        KeyPlace::File(file.map_or_else(|| beside(data), Path::to_path_buf))
    }

    /// Reads the key. A file that is not there is made, for its owner only.
    pub fn vault(&self) -> Result<Vault, Fault> {
        match self {
            KeyPlace::Variable(text) => Vault::parse(text).map_err(|why| Fault::new(format!("{VARIABLE}: {why}"))),
            KeyPlace::File(file) => {
                let fault = |why: String| Fault::new(format!("{}: {why}", file.display()));
                if !file.exists() {
                    make(file).map_err(|why| {
                        fault(format!("the key of secrets cannot be kept here: {why}. Name another place with HEYI_SECRET_KEY_FILE"))
                    })?;
                }
                if std::fs::metadata(file).is_ok_and(|about| about.permissions().mode() & 0o077 != 0) {
                    tracing::warn!(file = %file.display(), "Others can read the key of secrets; chmod 600 it.");
                }
                let text = std::fs::read_to_string(file).map_err(|why| fault(why.to_string()))?;
                Vault::parse(&text).map_err(|why| fault(why.to_string()))
            }
        }
    }

    /// Where it is and what it is called, for who asks; makes nothing.
    pub fn explained(&self) -> String {
        let (place, text) = match self {
            KeyPlace::Variable(text) => (format!("in {VARIABLE}"), Some(text.clone())),
            KeyPlace::File(file) => (file.display().to_string(), std::fs::read_to_string(file).ok()),
        };
        match text.map(|text| Vault::parse(&text)) {
            None => format!("{place} (made at the first start)"),
            Some(Err(_)) => format!("{place} (not understood)"),
            Some(Ok(vault)) => format!("{place} (key {})", vault.name()),
        }
    }
}

/// `data.key` for the folder `data`: who copies the folder does not copy the key.
fn beside(data: &Path) -> PathBuf {
    let whole = data.canonicalize().unwrap_or_else(|_| data.to_path_buf());
    let mut name = whole.file_name().unwrap_or_default().to_os_string();
    name.push(".key");
    whole.with_file_name(name)
}

/// Written whole or not at all, by whoever is first.
fn make(file: &Path) -> std::io::Result<()> {
    let key = Vault::new_key().map_err(std::io::Error::other)?;
    let part = file.with_extension(format!("part{}", std::process::id()));
    let written =
        std::fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(&part).and_then(|mut to| {
            to.write_all(format!("{ABOVE}{key}\n").as_bytes())?;
            to.sync_all()?;
            match std::fs::hard_link(&part, file) {
                Err(why) if why.kind() == std::io::ErrorKind::AlreadyExists => Ok(()),
                other => other,
            }
        });
    let _ = std::fs::remove_file(&part);
    written
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_key_is_made_once_for_its_owner_beside_the_data() {
        let folder = std::env::temp_dir().join(format!("heyi-key-{}", std::process::id()));
        let data = folder.join("data");
        std::fs::create_dir_all(&data).unwrap();
        let place = KeyPlace::File(beside(&data));
        assert!(place.explained().ends_with("data.key (made at the first start)"), "{}", place.explained());
        let name = place.vault().unwrap().name().to_owned();
        assert_eq!(place.vault().unwrap().name(), name, "the same the next time");
        assert!(place.explained().ends_with(&format!("data.key (key {name})")));
        let mode = std::fs::metadata(folder.join("data.key")).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
        assert_eq!(std::fs::read_dir(&folder).unwrap().count(), 2, "nothing else is left");

        std::fs::write(folder.join("data.key"), "no key").unwrap();
        assert!(place.vault().err().unwrap().to_string().contains("openssl rand -hex 32"));
        let nowhere = KeyPlace::File(folder.join("missing/data.key"));
        assert!(nowhere.vault().err().unwrap().to_string().contains("HEYI_SECRET_KEY_FILE"));
        std::fs::remove_dir_all(&folder).unwrap();
    }
}
