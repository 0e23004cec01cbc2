//! Signing in: passwords, sessions, keys of programs, and the patience with wrong guesses.
//!
//! A password is kept as an argon2id hash, a token and a key as a hash only: whoever reads
//! the database cannot sign in. Unknown logins cost as much time as known ones, so that
//! nobody learns who works here by the clock.

mod key;
mod others;
mod second;
#[cfg(test)]
mod tests;

use std::collections::HashMap;
use std::sync::atomic::Ordering;
use std::sync::{Mutex, OnceLock};

use argon2::Argon2;
use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use kernel::{Instant, Label, Lang, Refusal};
use meta::{Fault, Trouble, Value};
use serde_json::{Value as Json, json};
use sha2::{Digest, Sha256};
use store::{Column, Conn, Index, Kind, Table};

use crate::Engine;

const SECOND_MILLIS: i64 = 1_000;
const HOUR_MILLIS: i64 = 3_600 * SECOND_MILLIS;
/// A session that nobody uses ends after this.
const IDLE_MILLIS: i64 = 12 * HOUR_MILLIS;
/// Every session ends after this.
const LIFE_MILLIS: i64 = 7 * 24 * HOUR_MILLIS;
/// How often the last use of a session is written down: not at every request.
const TOUCH_MILLIS: i64 = 300 * SECOND_MILLIS;
/// Wrong passwords of one login before it has to wait.
const FREE_GUESSES: i64 = 5;
/// The first wait, doubled by every further wrong password.
const WAIT_SECONDS: i64 = 15;
/// The longest wait: an attacker must not lock a colleague out for the day.
const WAIT_SECONDS_MAX: i64 = 900;
/// Wrong passwords from one address before it has to wait.
const ADDRESS_GUESSES: i64 = 30;
/// How many addresses and unknown logins are remembered.
const REMEMBERED_MAX: usize = 10_000;
/// The shortest password.
const PASSWORD_MIN: usize = 8;
/// The longest password: hashing a novel would keep the machine busy.
const PASSWORD_MAX: usize = 200;

/// The tables of this room.
pub fn tables() -> Vec<Table> {
    let session = [
        ("token_hash", Kind::Text, true),
        ("user", Kind::Int, true),
        ("company", Kind::Int, false),
        ("lang", Kind::Text, false),
        ("created_at", Kind::Int, true),
        ("seen_at", Kind::Int, true),
        ("expires_at", Kind::Int, true),
        ("remote", Kind::Text, true),
    ];
    let credential = [
        ("user", Kind::Int, true),
        ("password_hash", Kind::Text, true),
        ("changed_at", Kind::Int, true),
        ("failed", Kind::Int, true),
        ("locked_until", Kind::Int, true),
    ];
    vec![
        table("session", &session, "token_hash", &["user", "expires_at"]),
        table("credential", &credential, "user", &[]),
    ]
    .into_iter()
    .chain(second::tables())
    .collect()
}

fn table(name: &str, columns: &[(&str, Kind, bool)], key: &str, indexes: &[&str]) -> Table {
    let column = |(name, kind, not_null): &(&str, Kind, bool)| Column {
        name: (*name).to_owned(),
        kind: *kind,
        not_null: *not_null,
        default: None,
    };
    let index = |column: &&str| Index {
        name: format!("{name}_by_{column}"),
        columns: vec![(*column).to_owned()],
        unique: false,
        partial: None,
    };
    Table {
        name: name.to_owned(),
        columns: columns.iter().map(column).collect(),
        primary_key: vec![key.to_owned()],
        indexes: indexes.iter().map(index).collect(),
        foreign_key: None,
    }
}

/// Someone who has just signed in.
#[derive(Clone, Debug)]
pub struct SignedIn {
    /// The secret of the session; only its hash is kept.
    pub token: String,
    /// The raw user.
    pub user: i64,
}

/// Why nobody was signed in.
#[derive(Debug)]
pub enum NotSignedIn {
    /// The login is not known or the password is wrong; which of them is not told.
    Wrong,
    /// The pair is right; a code of the second factor is needed, too.
    CodeNeeded,
    /// Too many wrong guesses; the next is heard after so many seconds.
    TooMany {
        /// Seconds to wait.
        retry_after_s: i64,
    },
    /// Anything else.
    Trouble(Trouble),
}

impl From<Trouble> for NotSignedIn {
    fn from(trouble: Trouble) -> NotSignedIn {
        NotSignedIn::Trouble(trouble)
    }
}

/// Who a token or key stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Session {
    /// The raw user.
    pub user: i64,
    /// The company chosen, if one was.
    pub company: Option<i64>,
    /// The language chosen for this session, if one was.
    pub lang: Option<Lang>,
    /// The only role that counts, for a key that is narrowed to one.
    pub role: Option<i64>,
}

/// Remembers wrong guesses by address, and those at logins that do not exist.
#[derive(Default)]
pub struct Throttle {
    guesses: Mutex<HashMap<String, Guesses>>,
}

#[derive(Clone, Copy)]
struct Guesses {
    failed: i64,
    locked_until: Instant,
    last: Instant,
}

/// When the next guess is heard after so many wrong ones.
fn locked_until(failed: i64, free: i64, now: Instant) -> Instant {
    if failed < free {
        return Instant::MIN;
    }
    let doublings = u32::try_from(failed - free).unwrap_or(u32::MAX).min(10);
    let seconds = (WAIT_SECONDS << doublings).min(WAIT_SECONDS_MAX);
    now.plus_millis(seconds * SECOND_MILLIS)
}

fn seconds_until(until: Instant, now: Instant) -> i64 {
    (until.micros() - now.micros() + 999_999) / 1_000_000
}

impl Throttle {
    fn check(&self, who: &str, now: Instant) -> Result<(), NotSignedIn> {
        let guesses = self.guesses.lock().expect("not poisoned");
        match guesses.get(who) {
            Some(seen) if now < seen.locked_until => {
                Err(NotSignedIn::TooMany { retry_after_s: seconds_until(seen.locked_until, now) })
            }
            _ => Ok(()),
        }
    }

    fn failed(&self, who: &str, free: i64, now: Instant) {
        let mut guesses = self.guesses.lock().expect("not poisoned");
        let forgotten = now.plus_millis(-HOUR_MILLIS);
        if REMEMBERED_MAX <= guesses.len() {
            guesses.retain(|_, seen| forgotten < seen.last);
        }
        if REMEMBERED_MAX <= guesses.len() {
            // A flood from many addresses: those that wait stay, the rest starts anew.
            guesses.retain(|_, seen| now < seen.locked_until);
        }
        if REMEMBERED_MAX <= guesses.len() {
            return;
        }
        let seen =
            guesses.entry(who.to_owned()).or_insert(Guesses { failed: 0, locked_until: Instant::MIN, last: now });
        if seen.last < forgotten {
            seen.failed = 0;
        }
        seen.failed += 1;
        seen.last = now;
        seen.locked_until = locked_until(seen.failed, free, now);
    }

    fn forget(&self, who: &str) {
        self.guesses.lock().expect("not poisoned").remove(who);
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// What is kept of a token or key.
pub fn token_hash(token: &str) -> String {
    hex(&Sha256::digest(token.as_bytes()))
}

/// A secret of 256 random bits.
pub fn new_token() -> Result<String, Fault> {
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes).map_err(|why| Fault::new(format!("no random numbers: {why}")))?;
    Ok(hex(&bytes))
}

/// What is kept of a password: argon2id with a salt of its own.
pub fn hash_password(password: &str) -> Result<String, Fault> {
    let hash = Argon2::default().hash_password(password.as_bytes());
    hash.map(|hash| hash.to_string()).map_err(|why| Fault::new(format!("no password hash: {why}")))
}

fn is_right(password: &str, hash: &str) -> bool {
    PasswordHash::new(hash).is_ok_and(|hash| Argon2::default().verify_password(password.as_bytes(), &hash).is_ok())
}

/// The same, remembered: for the one password everybody is told.
fn opens(password: &str, hash: &str) -> bool {
    static KNOWN: Mutex<Option<HashMap<String, bool>>> = Mutex::new(None);
    let mut known = KNOWN.lock().expect("not poisoned");
    let known = known.get_or_insert_default();
    if REMEMBERED_MAX <= known.len() {
        known.clear();
    }
    *known.entry(token_hash(&format!("{password} {hash}"))).or_insert_with(|| is_right(password, hash))
}

/// A hash no password has, to spend the same time on logins that do not exist.
fn nobodys_hash() -> &'static str {
    static HASH: OnceLock<String> = OnceLock::new();
    HASH.get_or_init(|| {
        let secret = new_token().expect("the system has random numbers");
        hash_password(&secret).expect("argon2 hashes a short text")
    })
}

/// What is known of a login.
struct Credential {
    user: i64,
    hash: String,
    failed: i64,
    locked_until: Instant,
}

fn credential(conn: &dyn Conn, login: &str) -> Result<Option<Credential>, Trouble> {
    let rows = conn.query(
        "select u.id, c.password_hash, c.failed, c.locked_until
         from \"user\" u join credential c on c.\"user\" = u.id
         where lower(u.login) = ?1 and u.active = 1",
        &[Value::from(login)],
    )?;
    Ok(rows.first().map(|row| Credential {
        user: row.int(0),
        hash: row.text(1).to_owned(),
        failed: row.int(2),
        locked_until: Instant::from_micros(row.int(3)),
    }))
}

const KEEP_PASSWORD: &str = "
    insert into credential (\"user\", password_hash, changed_at, failed, locked_until)
    values (?1, ?2, ?3, 0, 0)
    on conflict (\"user\") do update
    set password_hash = excluded.password_hash, changed_at = excluded.changed_at, failed = 0, locked_until = 0";
const COUNT_WRONG: &str = "update credential set failed = failed + 1 where \"user\" = ?1";
/// Of whom the wrong guesses at logins that do not exist are: of no user.
const NOBODY: i64 = 0;
const COUNT_NOBODY: &str = "
    insert into credential (\"user\", password_hash, changed_at, failed, locked_until) values (?1, '', ?2, 1, 0)
    on conflict (\"user\") do update set failed = credential.failed + 1";
const END_SESSIONS: &str = "delete from session where \"user\" = ?1";

fn check_password(password: &str) -> Result<(), Refusal> {
    let letters = password.chars().count();
    if letters < PASSWORD_MIN {
        return Err(Refusal::new(
            "password_too_short",
            Label::new(
                "The password is too short. Use at least {min} characters; a short sentence is easy to remember.",
                "密码太短，至少 {min} 个字符；用一句话作密码更容易记住。",
            ),
        )
        .with("min", PASSWORD_MIN as i64)
        .field("password"));
    }
    if PASSWORD_MAX < letters {
        return Err(Refusal::new(
            "password_too_long",
            Label::new("The password is too long. Use at most {max} characters.", "密码太长，最多 {max} 个字符。"),
        )
        .with("max", PASSWORD_MAX as i64)
        .field("password"));
    }
    Ok(())
}

impl Engine {
    /// Gives a user a password and ends all their sessions.
    pub fn set_password(&self, user: i64, password: &str) -> Result<(), Trouble> {
        check_password(password)?;
        let args = [Value::Int(user), Value::from(hash_password(password)?), Value::Int(self.now().micros())];
        self.database.write(move |conn: &dyn Conn| {
            conn.execute(KEEP_PASSWORD, &args)?;
            conn.execute(END_SESSIONS, &args[..1])?;
            Ok(())
        })
    }

    /// Changes one's own password; the old one must be known. Ends all sessions, this one too.
    pub fn change_password(&self, user: i64, old: &str, new: &str) -> Result<(), Trouble> {
        self.own_password(user, old, "old")?;
        self.set_password(user, new)
    }

    /// Signs someone in: a new session with a token of its own.
    pub fn sign_in(
        &self,
        throttle: &Throttle,
        login: &str,
        password: &str,
        remote: &str,
    ) -> Result<SignedIn, NotSignedIn> {
        self.sign_in_with(throttle, login, password, "", remote)
    }

    /// The same for those who have a second factor: with a code of it.
    pub fn sign_in_with(
        &self,
        throttle: &Throttle,
        login: &str,
        password: &str,
        code: &str,
        remote: &str,
    ) -> Result<SignedIn, NotSignedIn> {
        // No login has it, and PostgreSQL does not take it.
        let (login, now) = (login.trim().to_lowercase().replace('\0', "\u{fffd}"), self.now());
        let (from, unknown) = (format!("from {remote}"), format!("login {}", token_hash(&login)));
        throttle.check(&from, now)?;
        throttle.check(&unknown, now)?;
        let known = self.database.read(|conn: &dyn Conn| credential(conn, &login))?;
        if let Some(known) = known.as_ref().filter(|known| now < known.locked_until) {
            return Err(NotSignedIn::TooMany { retry_after_s: seconds_until(known.locked_until, now) });
        }
        // Nobody has a longer one; hashing it would only keep the machine busy.
        let password = if password.len() <= 4 * PASSWORD_MAX { password } else { "" };
        let hash = known.as_ref().map_or_else(|| nobodys_hash(), |known| known.hash.as_str());
        let mut right = is_right(password, hash);
        if let Some(known) = known.as_ref().filter(|_| right)
            && self.has_second_factor(known.user)?
        {
            if code.is_empty() {
                return Err(NotSignedIn::CodeNeeded);
            }
            // A wrong code counts as a wrong password does.
            right = self.opens(known.user, code)?;
        }
        match known {
            Some(known) if right => {
                throttle.forget(&from);
                let token = self.open_session(&known, remote, now)?;
                Ok(SignedIn { token, user: known.user })
            }
            Some(known) => {
                throttle.failed(&from, ADDRESS_GUESSES, now);
                self.count_wrong(known.user, now)?;
                Err(NotSignedIn::Wrong)
            }
            None => {
                throttle.failed(&from, ADDRESS_GUESSES, now);
                throttle.failed(&unknown, FREE_GUESSES, now);
                // As much work as for a known one, down to the disk: the clock tells nobody who works here.
                self.count_wrong(NOBODY, now)?;
                Err(NotSignedIn::Wrong)
            }
        }
    }

    fn open_session(&self, known: &Credential, remote: &str, now: Instant) -> Result<String, Trouble> {
        let token = new_token()?;
        let (at, idle) = (Value::Int(now.micros()), Value::Int(now.plus_millis(-IDLE_MILLIS).micros()));
        let ends = Value::Int(now.plus_millis(LIFE_MILLIS).micros());
        let remote = Value::from(remote.chars().take(60).collect::<String>());
        let (user, hash) = (Value::Int(known.user), Value::from(token_hash(&token)));
        let had_failed = known.failed != 0;
        self.database.write(move |conn: &dyn Conn| {
            let over = [at.clone(), idle.clone()];
            conn.execute("delete from session where expires_at <= ?1 or seen_at <= ?2", &over)?;
            conn.execute(
                "insert into session (token_hash, \"user\", created_at, seen_at, expires_at, remote)
                 values (?1, ?2, ?3, ?4, ?5, ?6)",
                &[hash.clone(), user.clone(), at.clone(), at.clone(), ends.clone(), remote.clone()],
            )?;
            if had_failed {
                let forgiven = "update credential set failed = 0, locked_until = 0 where \"user\" = ?1";
                conn.execute(forgiven, std::slice::from_ref(&user))?;
            }
            Ok(())
        })?;
        Ok(token)
    }

    fn count_wrong(&self, user: i64, now: Instant) -> Result<(), Trouble> {
        let (count, args) = match user {
            NOBODY => (COUNT_NOBODY, vec![Value::Int(user), Value::Int(now.micros())]),
            _ => (COUNT_WRONG, vec![Value::Int(user)]),
        };
        let user = Value::Int(user);
        self.database.write(move |conn: &dyn Conn| {
            // Counted on the row, so that guesses at the same time all count.
            let me = std::slice::from_ref(&user);
            conn.execute(count, &args)?;
            let rows = conn.query("select failed from credential where \"user\" = ?1", me)?;
            let failed = rows.first().map_or(0, |row| row.int(0));
            let until = locked_until(failed, FREE_GUESSES, now).micros().max(0);
            let args = [user.clone(), Value::Int(until)];
            conn.execute("update credential set locked_until = ?2 where \"user\" = ?1", &args)?;
            Ok(())
        })
    }

    /// Who a token stands for; nobody when it is unknown, too old or left alone for too long.
    pub fn session(&self, token: &str) -> Result<Option<Session>, Trouble> {
        let (hash, now) = (Value::from(token_hash(token)), self.now());
        let found = self.database.read(|conn: &dyn Conn| -> Result<Option<(Session, i64, i64)>, Trouble> {
            let rows = conn.query(
                "select s.\"user\", s.company, s.lang, s.seen_at, s.expires_at,
                        (select version from steady_version where id = 1)
                 from session s join \"user\" u on u.id = s.\"user\"
                 where s.token_hash = ?1 and u.active = 1",
                std::slice::from_ref(&hash),
            )?;
            Ok(rows.first().map(|row| {
                self.rights_are_of(row.int(5));
                let lang = Lang::parse(row.text(2));
                (Session { user: row.int(0), company: row.maybe_int(1), lang, role: None }, row.int(3), row.int(4))
            }))
        })?;
        let Some((session, seen_at, expires_at)) = found else { return Ok(None) };
        if expires_at <= now.micros() || seen_at <= now.plus_millis(-IDLE_MILLIS).micros() {
            self.sign_out(token)?;
            return Ok(None);
        }
        if seen_at <= now.plus_millis(-TOUCH_MILLIS).micros() {
            self.update_session(
                "update session set seen_at = ?2 where token_hash = ?1",
                token,
                Value::Int(now.micros()),
            )?;
        }
        Ok(Some(session))
    }

    fn update_session(&self, sql: &'static str, token: &str, value: Value) -> Result<(), Trouble> {
        let args = [Value::from(token_hash(token)), value];
        self.database.write(move |conn: &dyn Conn| {
            conn.execute(sql, &args)?;
            Ok(())
        })
    }

    /// Chooses the company or language of a session; what is not named stays.
    pub fn change_session(&self, token: &str, company: Option<i64>, lang: Option<Lang>) -> Result<(), Trouble> {
        if let Some(company) = company {
            let sql = "update session set company = ?2 where token_hash = ?1";
            self.update_session(sql, token, Value::Int(company))?;
        }
        if let Some(lang) = lang {
            let sql = "update session set lang = ?2 where token_hash = ?1";
            self.update_session(sql, token, Value::from(lang.code()))?;
        }
        Ok(())
    }

    /// Ends a session.
    pub fn sign_out(&self, token: &str) -> Result<(), Trouble> {
        self.end_sessions("delete from session where token_hash = ?1", Value::from(token_hash(token)))
    }

    /// Ends all sessions of a user.
    pub fn sign_out_everywhere(&self, user: i64) -> Result<(), Trouble> {
        self.end_sessions("delete from session where \"user\" = ?1", Value::Int(user))
    }

    fn end_sessions(&self, sql: &'static str, of: Value) -> Result<(), Trouble> {
        self.database.write(move |conn: &dyn Conn| {
            conn.execute(sql, std::slice::from_ref(&of))?;
            Ok(())
        })
    }

    /// What has to be made before anybody can work here: a `company`, and a `user` with a password.
    pub fn to_begin(&self) -> Result<Vec<&'static str>, Trouble> {
        if self.begun.load(Ordering::Relaxed) {
            return Ok(Vec::new());
        }
        let missing = self.database.read(|conn: &dyn Conn| {
            let lacks = |sql: &str| Ok::<_, Trouble>(conn.query(sql, &[])?.is_empty());
            let company = lacks("select 1 from company limit 1")?;
            let user =
                lacks("select 1 from \"user\" u join credential c on c.\"user\" = u.id where u.active = 1 limit 1")?;
            Ok::<_, Trouble>([("company", company), ("user", user)])
        })?;
        let missing: Vec<&str> = missing.into_iter().filter(|(_, lacks)| *lacks).map(|(what, _)| what).collect();
        self.begun.store(missing.is_empty(), Ordering::Relaxed);
        Ok(missing)
    }

    /// Who may sign in, with the password they have: the users the demo was made with, while that is
    /// their password. For a demo only.
    pub fn demo_users(&self, password: &str) -> Result<Json, Trouble> {
        self.database.read(|conn: &dyn Conn| {
            let rows = conn.query(
                "select u.login, u.name, r.name, r.name_zh, c.password_hash
                 from \"user\" u join credential c on c.\"user\" = u.id
                 join user_role g on g.\"user\" = u.id join role r on r.id = g.role
                 where u.active = 1 and u.created_by = 0 order by u.id, g.id",
                &[],
            )?;
            let mut users: Vec<Json> = Vec::new();
            for row in &rows {
                // The first role says enough.
                if users.last().is_some_and(|user| user["login"] == row.text(0)) || !opens(password, row.text(4)) {
                    continue;
                }
                let role =
                    json!({ "en": row.text(2), "zh": if row.text(3).is_empty() { row.text(2) } else { row.text(3) } });
                users.push(json!({ "login": row.text(0), "name": row.text(1), "role": role, "password": password }));
            }
            Ok(Json::Array(users))
        })
    }
}
