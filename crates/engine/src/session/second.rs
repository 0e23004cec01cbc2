//! The second factor: codes of an app that change every half minute (RFC 6238), and codes on
//! paper for the day the phone is lost. A code opens once.

use std::sync::Arc;

use hmac::{Hmac, KeyInit, Mac};
use kernel::{Instant, Label, Lang, ProblemKind, Refusal};
use meta::{Fault, Trouble, Value};
use sha1::Sha1;
use store::{Conn, Table};

use super::{END_SESSIONS, Kind, is_right, nobodys_hash, seconds_until, table, token_hash};
use crate::vault::{NotOpened, SECOND_FACTOR};
use crate::{Actor, Engine, Vault};

/// How long a code holds.
const STEP_SECONDS: i64 = 30;
/// How many steps a clock may be wrong, before and after.
const STEPS_WRONG: i64 = 1;
/// How long a secret is: as long as what the codes are made with.
const SECRET_BYTES: usize = 20;
/// How many codes on paper there are.
const PAPER_CODES: usize = 10;
const LETTERS: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/// The tables of this room.
pub(super) fn tables() -> Vec<Table> {
    let factor = [
        ("user", Kind::Int, true),
        ("secret", Kind::Text, true),
        ("confirmed_at", Kind::Int, true),
        ("last_step", Kind::Int, true),
    ];
    let paper = [("code_hash", Kind::Text, true), ("user", Kind::Int, true)];
    vec![table("second_factor", &factor, "user", &[]), table("recovery_code", &paper, "code_hash", &["user"])]
}

/// Secrets as people type them: base 32 of RFC 4648, without padding.
fn base32(bytes: &[u8]) -> String {
    let (mut text, mut bits, mut waiting) = (String::new(), 0_u32, 0);
    for byte in bytes {
        bits = bits << 8 | u32::from(*byte);
        waiting += 8;
        while waiting >= 5 {
            waiting -= 5;
            text.push(char::from(LETTERS[(bits >> waiting & 31) as usize]));
        }
    }
    if waiting > 0 {
        text.push(char::from(LETTERS[(bits << (5 - waiting) & 31) as usize]));
    }
    text
}

fn unbase32(text: &str) -> Vec<u8> {
    let (mut bytes, mut bits, mut waiting) = (Vec::new(), 0_u32, 0);
    for value in text.bytes().filter_map(|sign| LETTERS.iter().position(|letter| *letter == sign)) {
        bits = bits << 5 | value as u32;
        waiting += 5;
        if waiting >= 8 {
            waiting -= 8;
            bytes.push((bits >> waiting & 255) as u8);
        }
    }
    bytes
}

/// The code of a step, as so many digits (RFC 4226).
fn code(secret: &[u8], step: i64, digits: u32) -> Result<String, Fault> {
    let mut mac = Hmac::<Sha1>::new_from_slice(secret).map_err(|why| Fault::new(why.to_string()))?;
    mac.update(&step.to_be_bytes());
    let hash = mac.finalize().into_bytes();
    let at = usize::from(hash[19] & 15);
    let number = u32::from_be_bytes([hash[at] & 127, hash[at + 1], hash[at + 2], hash[at + 3]]);
    Ok(format!("{:0width$}", number % 10_u32.pow(digits), width = digits as usize))
}

fn step(now: Instant) -> i64 {
    now.micros().div_euclid(1_000_000 * STEP_SECONDS)
}

/// Which step a code is of; of the last that fits, so that it and those before are used up.
fn step_of(secret: &str, typed: &str, now: Instant) -> Result<Option<i64>, Fault> {
    let secret = unbase32(secret);
    for one in (step(now) - STEPS_WRONG..=step(now) + STEPS_WRONG).rev() {
        if code(&secret, one, 6)? == typed {
            return Ok(Some(one));
        }
    }
    Ok(None)
}

fn random<const N: usize>() -> Result<[u8; N], Fault> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(|why| Fault::new(format!("no random numbers: {why}")))?;
    Ok(bytes)
}

fn wrong(code: &'static str, field: &'static str, en: &'static str, zh: &'static str) -> Trouble {
    Refusal::new(code, Label::new(en, zh)).field(field).into()
}

fn wrong_code() -> Trouble {
    wrong(
        "wrong_code",
        "code",
        "This code is not right, or was used already. Type the one your app shows now.",
        "验证码不正确或已使用过，请输入应用当前显示的验证码。",
    )
}

/// The secret of a user's app, out of its seal.
fn opened(vault: &Vault, user: i64, sealed: &str) -> Result<String, Trouble> {
    vault.open(SECOND_FACTOR, user, sealed).map_err(|why| {
        match why {
            NotOpened::NoKey(key) => tracing::error!(user, key, "The key of a second factor is not here."),
            NotOpened::Altered => tracing::error!(user, "A second factor was changed in the database."),
        }
        Refusal::new(
            "second_factor_unreadable",
            Label::new(
                "Codes of the app cannot be checked: the server does not have the key they were set up with any more. \
                 Use a recovery code, or ask an administrator to take your second factor away.",
                "无法核对验证码：服务器已没有启用两步验证时所用的密钥。请使用恢复码，或请管理员停用您的两步验证。",
            ),
        )
        .kind(ProblemKind::NotNow)
        .field("code")
        .into()
    })
}

/// What somebody typed, without the blanks and dashes codes are shown with.
fn plain(typed: &str) -> String {
    typed.chars().filter(|sign| sign.is_ascii_alphanumeric()).take(40).collect::<String>().to_uppercase()
}

impl Engine {
    /// Whether a user signs in with a second factor.
    pub fn has_second_factor(&self, user: i64) -> Result<bool, Trouble> {
        let sql = "select count(*) from second_factor where \"user\" = ?1 and confirmed_at > 0";
        let count = self.database.read(|conn| Ok(crate::number(conn, sql, &[Value::Int(user)])?))?;
        Ok(count.is_some_and(|count| count > 0))
    }

    /// Uses up a code of the app or of the paper; false when it is none.
    pub(super) fn opens(&self, user: i64, typed: &str) -> Result<bool, Trouble> {
        let (typed, now, vault) = (plain(typed), self.now(), self.vault.clone());
        self.database.write(move |conn: &dyn Conn| {
            let rows = conn.query(
                "select secret, last_step from second_factor where \"user\" = ?1 and confirmed_at > 0",
                &[user.into()],
            )?;
            let Some(row) = rows.first() else { return Ok(false) };
            // Paper first: it opens when the key of the app's secret is lost, too.
            let used = [user.into(), token_hash(&typed).as_str().into()];
            if conn.execute("delete from recovery_code where \"user\" = ?1 and code_hash = ?2", &used)? == 1 {
                return Ok(true);
            }
            let Some(step) = step_of(&opened(&vault, user, row.text(0))?, &typed, now)? else { return Ok(false) };
            let sql = "update second_factor set last_step = ?2 where \"user\" = ?1 and last_step < ?2";
            Ok(conn.execute(sql, &[user.into(), step.into()])? == 1)
        })
    }

    /// Checks somebody's own password, as patiently as when they sign in.
    pub(super) fn own_password(&self, user: i64, password: &str, field: &'static str) -> Result<(), Trouble> {
        let now = self.now();
        let kept = self.database.read(|conn: &dyn Conn| -> Result<_, Trouble> {
            let sql = "select password_hash, locked_until from credential where \"user\" = ?1";
            let rows = conn.query(sql, &[Value::Int(user)])?;
            Ok(rows.first().map(|row| (row.text(0).to_owned(), Instant::from_micros(row.int(1)))))
        })?;
        if let Some((_, until)) = kept.as_ref().filter(|(_, until)| now < *until) {
            return Err(Refusal::new(
                "too_many_guesses",
                Label::new(
                    "Too many wrong guesses. Try again in {seconds} seconds.",
                    "错误次数过多，请在 {seconds} 秒后重试。",
                ),
            )
            .with("seconds", seconds_until(*until, now))
            .kind(ProblemKind::NotNow)
            .field(field)
            .into());
        }
        let hash = kept.as_ref().map_or_else(|| nobodys_hash(), |(hash, _)| hash.as_str());
        if is_right(password, hash) {
            return Ok(());
        }
        self.count_wrong(user, now)?;
        Err(wrong(
            "wrong_password",
            field,
            "The present password is not right. Type it again.",
            "当前密码不正确，请重新输入。",
        ))
    }

    /// Begins to set up a second factor: the secret for the app. It counts when a code of it was shown.
    pub fn begin_second_factor(&self, user: i64, password: &str) -> Result<String, Trouble> {
        self.own_password(user, password, "password")?;
        if self.has_second_factor(user)? {
            return Err(Refusal::new(
                "second_factor_is_on",
                Label::new("A second factor is set up already. Take it away first.", "已启用两步验证，请先停用。"),
            )
            .kind(ProblemKind::NotNow)
            .into());
        }
        let secret = base32(&random::<SECRET_BYTES>()?);
        let args = [user.into(), self.vault.seal(SECOND_FACTOR, user, &secret)?.as_str().into()];
        self.database.write(move |conn: &dyn Conn| {
            conn.execute(
                "insert into second_factor (\"user\", secret, confirmed_at, last_step) values (?1, ?2, 0, 0)
                 on conflict (\"user\") do update set secret = excluded.secret where second_factor.confirmed_at = 0",
                &args,
            )?;
            Ok(())
        })?;
        Ok(secret)
    }

    /// Ends setting it up: a code shows that the app has the secret. Gives the codes for paper, shown this once.
    pub fn confirm_second_factor(self: &Arc<Self>, actor: &Actor, typed: &str) -> Result<Vec<String>, Trouble> {
        let (user, typed) = (actor.user, plain(typed));
        let mut codes = Vec::new();
        for _ in 0..PAPER_CODES {
            let letters = base32(&random::<10>()?);
            codes.push(format!("{}-{}-{}-{}", &letters[..4], &letters[4..8], &letters[8..12], &letters[12..]));
        }
        let hashes: Vec<String> = codes.iter().map(|code| token_hash(&plain(code))).collect();
        let (meta, vault) = (self.entity("user")?, self.vault.clone());
        let text = match actor.lang {
            Lang::En => "A second factor was set up.",
            Lang::Zh => "已启用两步验证。",
        };
        self.transact(actor, move |tx| {
            let rows =
                tx.query("select secret from second_factor where \"user\" = ?1 and confirmed_at = 0", &[user.into()])?;
            let step = match rows.first() {
                Some(row) => {
                    let secret = opened(&vault, user, row.text(0))?;
                    step_of(&secret, &typed, tx.context.now)?.ok_or_else(wrong_code)?
                }
                None => return Err(wrong_code()),
            };
            tx.push(
                "update second_factor set confirmed_at = ?2, last_step = ?3 where \"user\" = ?1",
                vec![user.into(), tx.context.now.micros().into(), step.into()],
            );
            tx.push("delete from recovery_code where \"user\" = ?1", vec![user.into()]);
            for hash in &hashes {
                let sql = "insert into recovery_code (code_hash, \"user\") values (?1, ?2)";
                tx.push(sql, vec![hash.as_str().into(), user.into()]);
            }
            Ok(tx.note(meta, user, text)?)
        })?;
        Ok(codes)
    }

    /// Takes one's own second factor away: the password and a code are needed. Ends all sessions.
    pub fn drop_second_factor(self: &Arc<Self>, actor: &Actor, password: &str, typed: &str) -> Result<(), Trouble> {
        self.own_password(actor.user, password, "password")?;
        if !self.opens(actor.user, typed)? {
            self.count_wrong(actor.user, self.now())?;
            return Err(wrong_code());
        }
        self.forget_second_factor(actor, actor.user)
    }

    /// Takes the second factor of somebody away who lost phone and paper: for administrators.
    pub fn reset_second_factor(self: &Arc<Self>, actor: &Actor, user: i64) -> Result<(), Trouble> {
        self.may_help(actor, user)?;
        self.forget_second_factor(actor, user)
    }

    /// Takes the second factor of somebody away without asking who asks: for who runs the program.
    pub fn forget_second_factor(self: &Arc<Self>, actor: &Actor, user: i64) -> Result<(), Trouble> {
        let meta = self.entity("user")?;
        let text = match actor.lang {
            Lang::En => "The second factor was taken away; all sessions ended.",
            Lang::Zh => "已停用两步验证，所有会话已结束。",
        };
        self.transact(actor, move |tx| {
            tx.push("delete from second_factor where \"user\" = ?1", vec![user.into()]);
            tx.push("delete from recovery_code where \"user\" = ?1", vec![user.into()]);
            tx.push(END_SESSIONS, vec![user.into()]);
            Ok(tx.note(meta, user, text)?)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_those_of_the_standard() {
        let secret = b"12345678901234567890";
        // RFC 4226, appendix D.
        for (step, expected) in ["755224", "287082", "359152", "969429", "338314", "254676"].iter().enumerate() {
            assert_eq!(code(secret, step as i64, 6).unwrap(), *expected);
        }
        // RFC 6238, appendix B, in seconds.
        for (second, expected) in [
            (59, "94287082"),
            (1_111_111_109, "07081804"),
            (1_111_111_111, "14050471"),
            (1_234_567_890, "89005924"),
            (2_000_000_000, "69279037"),
            (20_000_000_000, "65353130"),
        ] {
            let at = Instant::from_micros(second * 1_000_000);
            assert_eq!(code(secret, step(at), 8).unwrap(), expected, "{second}");
        }
    }

    #[test]
    fn secrets_are_typed_as_the_standard_says() {
        // RFC 4648, section 10.
        for (bytes, text) in
            [("f", "MY"), ("fo", "MZXQ"), ("foo", "MZXW6"), ("foob", "MZXW6YQ"), ("foobar", "MZXW6YTBOI")]
        {
            assert_eq!((base32(bytes.as_bytes()).as_str(), unbase32(text)), (text, bytes.as_bytes().to_vec()));
        }
    }
}
