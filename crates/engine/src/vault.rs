//! Secrets at rest: what has to be read again, such as what the codes of an app are made
//! from, is kept sealed under a key that is not in the database.
//!
//! ```text
//! sealed:v1:<name of the key>:<base64 of nonce and XChaCha20-Poly1305 of the secret>
//! ```
//!
//! The seal holds for one field of one record: moved to another, it does not open.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD as BASE64;
use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{Key as Bytes, XChaCha20Poly1305, XNonce};
use meta::{Fault, Trouble, Value};
use sha2::{Digest, Sha256};
use store::Conn;

use crate::Engine;

const MARK: &str = "sealed:v1:";
const KEY_BYTES: usize = 32;
const NONCE_BYTES: usize = 24;

/// Where secrets are kept: the table, and the column that tells whose each is.
const KEPT: [Kept; 2] = [SECOND_FACTOR, HOOK];
pub(crate) const SECOND_FACTOR: Kept = Kept { table: "second_factor", of: "user" };
pub(crate) const HOOK: Kept = Kept { table: "hook_state", of: "hook" };

/// A column `secret`.
#[derive(Clone, Copy)]
pub(crate) struct Kept {
    table: &'static str,
    of: &'static str,
}

impl Kept {
    /// What a seal is bound to.
    fn spot(self, of: i64) -> String {
        format!("{}/{of}/secret", self.table)
    }
}

/// The keys that secrets are sealed with: the first seals, all of them open.
#[derive(Clone)]
pub struct Vault {
    keys: Vec<Key>,
}

#[derive(Clone)]
struct Key {
    /// Tells keys apart and nothing of what they are.
    name: String,
    cipher: XChaCha20Poly1305,
}

/// Why a secret cannot be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum NotOpened {
    /// It was sealed with a key that is not here.
    NoKey(String),
    /// It was changed, or belongs elsewhere.
    Altered,
}

/// What was done with the secrets of a database when it was opened.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Resealed {
    /// How many were sealed with the first key now.
    pub sealed: usize,
    /// How many cannot be read.
    pub lost: usize,
    /// What the keys are called that these were sealed with.
    pub keys: Vec<String>,
}

impl Vault {
    /// The keys of a text: each 64 hexadecimal digits, on a line of its own or between commas; what follows # is not read.
    pub fn parse(text: &str) -> Result<Vault, Fault> {
        let lines = text.lines().map(|line| line.split('#').next().unwrap_or(""));
        let words = lines.flat_map(|line| line.split([' ', '\t', ',', ';'])).filter(|word| !word.is_empty());
        let keys = words.map(key).collect::<Option<Vec<Key>>>().filter(|keys| !keys.is_empty());
        keys.map(|keys| Vault { keys }).ok_or_else(|| {
            Fault::new("the key of secrets is not understood; it is 64 hexadecimal digits, as `openssl rand -hex 32` makes them")
        })
    }

    /// A new key, as text.
    pub fn new_key() -> Result<String, Fault> {
        crate::session::new_token()
    }

    /// What the key that seals is called.
    pub fn name(&self) -> &str {
        &self.keys[0].name
    }

    pub(crate) fn seal(&self, kept: Kept, of: i64, secret: &str) -> Result<String, Fault> {
        let (key, spot) = (&self.keys[0], kept.spot(of));
        let mut nonce = [0; NONCE_BYTES];
        getrandom::fill(&mut nonce).map_err(|why| Fault::new(format!("no random numbers: {why}")))?;
        let payload = Payload { msg: secret.as_bytes(), aad: spot.as_bytes() };
        let sealed = key.cipher.encrypt(&XNonce::from(nonce), payload);
        let sealed = sealed.map_err(|_| Fault::new("a secret could not be sealed"))?;
        Ok(format!("{MARK}{}:{}", key.name, BASE64.encode([&nonce[..], &sealed].concat())))
    }

    pub(crate) fn open(&self, kept: Kept, of: i64, sealed: &str) -> Result<String, NotOpened> {
        let (name, text) = sealed.strip_prefix(MARK).and_then(|rest| rest.split_once(':')).ok_or(NotOpened::Altered)?;
        let key = self.keys.iter().find(|key| key.name == name).ok_or_else(|| NotOpened::NoKey(name.to_owned()))?;
        let bytes = BASE64.decode(text).map_err(|_| NotOpened::Altered)?;
        let (nonce, sealed) = bytes.split_first_chunk::<NONCE_BYTES>().ok_or(NotOpened::Altered)?;
        let spot = kept.spot(of);
        let payload = Payload { msg: sealed, aad: spot.as_bytes() };
        let secret = key.cipher.decrypt(&XNonce::from(*nonce), payload).map_err(|_| NotOpened::Altered)?;
        String::from_utf8(secret).map_err(|_| NotOpened::Altered)
    }
}

fn key(word: &str) -> Option<Key> {
    let digits = word.as_bytes().as_chunks::<2>().0;
    if word.len() != 2 * KEY_BYTES || !word.bytes().all(|sign| sign.is_ascii_hexdigit()) {
        return None;
    }
    let mut bytes = [0; KEY_BYTES];
    for (byte, pair) in bytes.iter_mut().zip(digits) {
        *byte = u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok()?;
    }
    let name = Sha256::new().chain_update(b"heyi: the name of a key").chain_update(bytes).finalize();
    let name = name[..4].iter().map(|byte| format!("{byte:02x}")).collect();
    Some(Key { name, cipher: XChaCha20Poly1305::new(&Bytes::from(bytes)) })
}

impl Engine {
    /// Seals what an earlier version kept as it is, and what an older key has sealed, with the first key.
    pub fn reseal(&self) -> Result<Resealed, Trouble> {
        let vault = self.vault.clone();
        self.database.write(move |conn: &dyn Conn| {
            let mut told = Resealed::default();
            let done = format!("{MARK}{}:%", vault.name());
            for kept in KEPT {
                let (table, of) = (kept.table, kept.of);
                let sql = format!("select \"{of}\", secret from {table} where secret not like ?1");
                for row in conn.query(&sql, &[Value::from(done.as_str())])? {
                    let opened = match row.text(1).starts_with(MARK) {
                        true => vault.open(kept, row.int(0), row.text(1)),
                        // Kept by a version that sealed nothing.
                        false => Ok(row.text(1).to_owned()),
                    };
                    let sealed = match opened {
                        Ok(secret) => vault.seal(kept, row.int(0), &secret)?,
                        Err(why) => {
                            told.lost += 1;
                            if let NotOpened::NoKey(name) = why
                                && !told.keys.contains(&name)
                            {
                                told.keys.push(name);
                            }
                            continue;
                        }
                    };
                    // Another server may have been faster.
                    let sql = format!("update {table} set secret = ?3 where \"{of}\" = ?1 and secret = ?2");
                    let args = [row.int(0).into(), row.text(1).into(), sealed.as_str().into()];
                    told.sealed += usize::try_from(conn.execute(&sql, &args)?).unwrap_or(0);
                }
            }
            Ok(told)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn vault(digits: &[&str]) -> Vault {
        let text: Vec<String> = digits.iter().map(|digit| digit.repeat(64)).collect();
        Vault::parse(&text.join("\n")).unwrap()
    }

    #[test]
    fn a_secret_opens_where_it_was_sealed_and_nowhere_else() {
        let vault = vault(&["a"]);
        let sealed = vault.seal(HOOK, 7, "whsec_1").unwrap();
        assert!(!sealed.contains("whsec") && sealed != vault.seal(HOOK, 7, "whsec_1").unwrap(), "{sealed}");
        assert_eq!(vault.open(HOOK, 7, &sealed), Ok("whsec_1".to_owned()));
        assert_eq!(vault.open(HOOK, 8, &sealed), Err(NotOpened::Altered));
        assert_eq!(vault.open(SECOND_FACTOR, 7, &sealed), Err(NotOpened::Altered));
        for wrong in ["", "whsec_1", "sealed:v1:", &sealed[..sealed.len() - 4], &format!("{sealed}AAAA")] {
            assert_eq!(vault.open(HOOK, 7, wrong), Err(NotOpened::Altered), "{wrong}");
        }
    }

    #[test]
    fn a_new_key_on_top_seals_and_older_ones_open() {
        let (old, new, both) = (vault(&["a"]), vault(&["b"]), vault(&["b", "a"]));
        let sealed = old.seal(HOOK, 7, "whsec_1").unwrap();
        assert_eq!(new.open(HOOK, 7, &sealed), Err(NotOpened::NoKey(old.name().to_owned())));
        assert_eq!(both.open(HOOK, 7, &sealed), Ok("whsec_1".to_owned()));
        assert_eq!(both.name(), new.name());
    }

    #[test]
    fn keys_are_written_as_sixty_four_digits() {
        let digits = "0123456789abcdefABCDEF".repeat(3);
        for (text, fine) in [
            (digits[..64].to_owned(), true),
            (format!("# of 2026\n{} # the first\n\n", &digits[..64]), true),
            (digits[..63].to_owned(), false),
            (digits[..65].to_owned(), false),
            (format!("{}g", &digits[..63]), false),
            ("密".repeat(64), false),
            ("# nothing".to_owned(), false),
        ] {
            assert_eq!(Vault::parse(&text).is_ok(), fine, "{text}");
        }
    }
}
