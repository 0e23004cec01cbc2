use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use kernel::{Instant, Lang};
use meta::{Registry, Value};
use store::{Conn, Database, Target, create_sql};

use super::*;
use crate::Vault;

struct Place {
    engine: Arc<Engine>,
    clock: Arc<AtomicI64>,
    file: PathBuf,
}

impl Place {
    /// A database with two users: sam (1) and wanda (2), who is archived.
    fn new(name: &str) -> Place {
        let file = std::env::temp_dir().join(format!("heyi-session-{name}-{}.db", std::process::id()));
        remove(&file);
        let database = Database::open(&Target::Sqlite(file.clone())).expect("a new file");
        database
            .write(|conn: &dyn Conn| {
                for table in crate::tables() {
                    for sql in create_sql(&table, conn.dialect()) {
                        conn.execute(&sql, &[])?;
                    }
                }
                conn.execute("create table \"user\" (id bigint primary key, login text, active bigint)", &[])?;
                conn.execute("insert into \"user\" (id, login, active) values (1, 'Sam', 1), (2, 'wanda', 0)", &[])?;
                conn.execute(
                    "create table api_key (id bigint primary key, \"user\" bigint, role bigint, key_hash text,
                     last_used_at bigint, active bigint)",
                    &[],
                )?;
                let hash = Value::from(token_hash("heyi_secret"));
                conn.execute(
                    "insert into api_key (id, \"user\", role, key_hash, active) values (5, 1, 9, ?1, 1)",
                    &[hash],
                )?;
                Ok(())
            })
            .expect("tables");
        let clock = Arc::new(AtomicI64::new(1_800_000_000_000_000));
        let hands = clock.clone();
        let tell = Arc::new(move || Instant::from_micros(hands.load(Ordering::SeqCst)));
        let engine =
            Engine::open(Registry::new(Vec::new()), database, Vault::parse(&"5".repeat(64)).unwrap(), tell, 0, None);
        engine.set_password(1, "correct horse").expect("a good password");
        engine.set_password(2, "battery staple").expect("a good password");
        Place { engine, clock, file }
    }

    fn wait(&self, seconds: i64) {
        self.clock.fetch_add(seconds * 1_000_000, Ordering::SeqCst);
    }

    fn run(&self, sql: &'static str) {
        let run = move |conn: &dyn Conn| Ok(conn.execute(sql, &[])?);
        self.engine.database().write(run).expect("valid sql");
    }

    /// `in`, `wrong` or `wait N`.
    fn try_in(&self, throttle: &Throttle, login: &str, password: &str) -> String {
        match self.engine.sign_in(throttle, login, password, "10.0.0.1") {
            Ok(_) => "in".to_owned(),
            Err(NotSignedIn::Wrong) => "wrong".to_owned(),
            Err(NotSignedIn::CodeNeeded) => "code".to_owned(),
            Err(NotSignedIn::TooMany { retry_after_s }) => format!("wait {retry_after_s}"),
            Err(NotSignedIn::Trouble(trouble)) => panic!("{trouble}"),
        }
    }

    fn token(&self) -> String {
        let signed_in = self.engine.sign_in(&Throttle::default(), "sam", "correct horse", "10.0.0.1");
        signed_in.expect("the right password").token
    }
}

fn remove(file: &std::path::Path) {
    for ending in ["", "-wal", "-shm"] {
        let _ = std::fs::remove_file(format!("{}{ending}", file.display()));
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        remove(&self.file);
    }
}

#[test]
fn only_the_right_pair_of_an_active_user_signs_in() {
    let place = Place::new("pair");
    let throttle = Throttle::default();
    for (login, password, outcome) in [
        ("sam", "correct horse", "in"),
        (" SAM ", "correct horse", "in"),
        ("sam", "Correct horse", "wrong"),
        ("sam", "", "wrong"),
        ("wanda", "battery staple", "wrong"),
        ("nobody", "correct horse", "wrong"),
        ("' or 1=1 --", "x", "wrong"),
    ] {
        assert_eq!(place.try_in(&throttle, login, password), outcome, "{login}");
    }
}

#[test]
fn neither_passwords_nor_tokens_can_be_read_from_the_database() {
    let place = Place::new("hashed");
    let token = place.token();
    let rows = place
        .engine
        .database()
        .read(|conn: &dyn Conn| {
            let mut rows = conn.query("select password_hash from credential", &[])?;
            rows.extend(conn.query("select token_hash from session", &[])?);
            Ok(rows)
        })
        .unwrap();
    assert!(rows.iter().all(|row| !row.text(0).contains("horse") && row.text(0) != token));
    assert!(rows[0].text(0).starts_with("$argon2id$"));
}

#[test]
fn guessing_takes_longer_and_longer_even_for_the_right_password() {
    let place = Place::new("guess");
    let throttle = Throttle::default();
    for login in ["sam", "nobody"] {
        for _ in 0..5 {
            assert_eq!(place.try_in(&throttle, login, "guess"), "wrong");
        }
        assert_eq!(place.try_in(&throttle, login, "correct horse"), "wait 15", "{login}");
    }
    // Kept in the database: starting the program again forgives nothing.
    assert_eq!(place.try_in(&Throttle::default(), "sam", "correct horse"), "wait 15");
    place.wait(15);
    assert_eq!(place.try_in(&throttle, "sam", "guess"), "wrong");
    assert_eq!(place.try_in(&throttle, "sam", "correct horse"), "wait 30");
    place.wait(30);
    assert_eq!(place.try_in(&throttle, "sam", "correct horse"), "in");
    assert_eq!(place.try_in(&throttle, "sam", "guess"), "wrong");
    assert_eq!(place.try_in(&throttle, "sam", "correct horse"), "in");
}

#[test]
fn waiting_grows_but_never_beyond_a_quarter_of_an_hour() {
    let now = Instant::from_micros(0);
    let waits = [0, 4, 5, 6, 7, 20, i64::MAX].map(|failed| seconds_until(locked_until(failed, 5, now), now).max(0));
    assert_eq!(waits, [0, 0, 15, 30, 60, 900, 900]);
}

#[test]
fn one_address_cannot_try_many_logins() {
    let place = Place::new("address");
    let throttle = Throttle::default();
    for number in 0..30 {
        assert_eq!(place.try_in(&throttle, &format!("guess{number}"), "x"), "wrong");
    }
    assert_eq!(place.try_in(&throttle, "sam", "correct horse"), "wait 15");
    assert!(place.engine.sign_in(&throttle, "sam", "correct horse", "10.0.0.2").is_ok());
}

#[test]
fn a_session_ends_when_it_is_left_alone_or_too_old() {
    let place = Place::new("ends");
    let token = place.token();
    let session = place.engine.session(&token).unwrap().expect("open");
    assert_eq!(session, Session { user: 1, company: None, lang: None, role: None });
    place.wait(12 * 3600 - 1);
    assert!(place.engine.session(&token).unwrap().is_some(), "used in time");
    place.wait(12 * 3600 - 1);
    assert!(place.engine.session(&token).unwrap().is_some(), "use was noticed");
    place.wait(12 * 3600);
    assert!(place.engine.session(&token).unwrap().is_none(), "left alone");

    let token = place.token();
    for _ in 0..27 {
        place.wait(6 * 3600);
        assert!(place.engine.session(&token).unwrap().is_some());
    }
    place.wait(6 * 3600);
    assert!(place.engine.session(&token).unwrap().is_none(), "a week is the limit");
}

#[test]
fn a_session_keeps_its_company_and_language() {
    let place = Place::new("choice");
    let token = place.token();
    place.engine.change_session(&token, Some(7), None).unwrap();
    place.engine.change_session(&token, None, Some(Lang::Zh)).unwrap();
    let session = place.engine.session(&token).unwrap().unwrap();
    assert_eq!((session.company, session.lang), (Some(7), Some(Lang::Zh)));
}

#[test]
fn signing_out_a_new_password_and_archiving_end_sessions() {
    let place = Place::new("out");
    let (one, two) = (place.token(), place.token());
    assert_ne!(one, two, "every session has a token of its own");
    place.engine.sign_out(&one).unwrap();
    assert!(place.engine.session(&one).unwrap().is_none());
    assert!(place.engine.session(&two).unwrap().is_some());
    assert!(place.engine.change_password(1, "wrong", "a new password").is_err());
    place.engine.change_password(1, "correct horse", "a new password").unwrap();
    assert!(place.engine.session(&two).unwrap().is_none());
    let throttle = Throttle::default();
    assert_eq!(place.try_in(&throttle, "sam", "correct horse"), "wrong");
    let three = place.engine.sign_in(&throttle, "sam", "a new password", "").unwrap().token;
    place.run("update \"user\" set active = 0 where id = 1");
    assert!(place.engine.session(&three).unwrap().is_none());
}

#[test]
fn a_password_is_neither_short_nor_endless() {
    let place = Place::new("length");
    for (password, fine) in [("1234567", false), ("12345678", true), ("密码密码密码密码", true)] {
        assert_eq!(place.engine.set_password(1, password).is_ok(), fine, "{password}");
    }
    assert!(place.engine.set_password(1, &"x".repeat(201)).is_err());
    assert_eq!(place.try_in(&Throttle::default(), "sam", &"x".repeat(1_000_000)), "wrong");
}

#[test]
fn a_key_stands_for_its_user_while_both_are_active() {
    let place = Place::new("key");
    let session = place.engine.key("heyi_secret").unwrap().expect("known");
    assert_eq!((session.user, session.role), (1, Some(9)));
    for unknown in ["heyi_other", "secret", "", "heyi_"] {
        assert!(place.engine.key(unknown).unwrap().is_none(), "{unknown}");
    }
    place.run("update api_key set active = 0");
    assert!(place.engine.key("heyi_secret").unwrap().is_none());
    place.run("update api_key set active = 1");
    place.run("update \"user\" set active = 0 where id = 1");
    assert!(place.engine.key("heyi_secret").unwrap().is_none());
}
