//! Who is told what, in the transaction that causes it.

use kernel::{Date, Instant, mentions, without_mentions};
use meta::{Fault, FieldKind, Record, Trouble, Value};
use serde_json::Value as Json;
use store::{Conn, Stamp, Statement};

use crate::facts::Tx;
use crate::{Engine, Event};

/// How many people one change is told at most.
const TOLD_MAX: usize = 500;
/// How much of a text is told.
const TEXT_MAX: usize = 400;
/// When the digest is shown: eight in the morning, in minutes.
const DIGEST_AT: i64 = 8 * 60;
/// Minutes of a day.
const DAY: i64 = 24 * 60;
/// Microseconds of a minute.
const MINUTE: i64 = 60_000_000;

/// What somebody is to be told.
struct Notice<'a> {
    kind: &'static str,
    company: i64,
    about: Option<(&'a str, i64)>,
    by: i64,
    text: &'a str,
    /// Of a reminder: the activity, and the day it is due.
    due: Option<(i64, Date)>,
}

/// Tells whoever wants to know what was just written.
pub(crate) fn tell(tx: &Tx, record: &Record, kind: &str, changes: &Json) -> Result<(), Fault> {
    let can_tell = tx.engine.registry.entity("notification").is_some();
    if kind == "removed" {
        gone(tx, record);
        return if can_tell { forget_reminder(tx, record) } else { Ok(()) };
    }
    if !can_tell {
        return Ok(());
    }
    match record.meta.name {
        "note" => note(tx, record, kind),
        _ if record.meta.personal => Ok(()),
        _ => {
            given(tx, record, kind, changes)?;
            remind(tx, record, kind, changes)?;
            stage(tx, record, kind, changes)
        }
    }
}

/// What hung on a record that comes back hangs on it again.
pub(crate) fn back_again(tx: &Tx, record: &Record) {
    let name = record.meta.name;
    for meta in tx.engine.registry.entities().filter(|meta| meta.is_about() && store::can_carry(record.meta)) {
        tx.push(
            format!("update {} set about_entity = ?1 where about_entity = ?2 and about_doc = ?3", meta.name),
            vec![name.into(), format!("-{name}").into(), record.id.into()],
        );
    }
}

/// What hangs on a record that is gone is out of sight, until somebody takes that back.
fn gone(tx: &Tx, record: &Record) {
    if record.meta.name == "attachment" {
        super::files::let_go(tx, record);
    }
    for meta in tx.engine.registry.entities().filter(|meta| meta.is_about() && store::can_carry(record.meta)) {
        tx.push(
            format!(
                "update {} set about_entity = '-' || about_entity where about_entity = ?1 and about_doc = ?2",
                meta.name
            ),
            vec![record.meta.name.into(), record.id.into()],
        );
    }
}

/// Whom a note mentions and, if it is a message, who follows the record; its author follows it.
fn note(tx: &Tx, record: &Record, kind: &str) -> Result<(), Fault> {
    let Some(about) = pair(record) else { return Ok(()) };
    let body = record.get("body").text().unwrap_or("");
    let (author, text) = (tx.actor.user, without_mentions(body));
    let company = record.company().unwrap_or(0);
    if kind == "created" {
        follow(tx, about, author, company)?;
    }
    let mut told = vec![author];
    let notice = |kind| Notice { kind, company, about: Some(about), by: author, text: &text, due: None };
    for user in mentions(body) {
        // A note that was changed mentions anew only whom it was not told of.
        if told.contains(&user) || (kind != "created" && was_mentioned(tx, about, user, author, &text)?) {
            continue;
        }
        tell_one(tx, user, &notice("mention"))?;
        told.push(user);
    }
    if kind == "created" && record.get("kind").text() == Some("message") {
        for user in followers(tx, about)? {
            if !told.contains(&user) {
                tell_one(tx, user, &notice("note"))?;
            }
        }
    }
    Ok(())
}

/// Whether somebody was told already that they are mentioned about a record, by the same person.
fn was_mentioned(tx: &Tx, about: (&str, i64), user: i64, by: i64, _text: &str) -> Result<bool, Fault> {
    let sql = "select 1 from notification where owner = ?1 and about_entity = ?2 and about_doc = ?3
               and kind = 'mention' and by_user = ?4 and read_at is null";
    Ok(!tx.query(sql, &[user.into(), about.0.into(), about.1.into(), by.into()])?.is_empty())
}

/// Somebody else became responsible.
fn given(tx: &Tx, record: &Record, kind: &str, changes: &Json) -> Result<(), Fault> {
    for name in ["assigned_to", "owner"] {
        let Some(field) = record.meta.field(name) else { continue };
        // Who makes something for another says so by assigning it; owners of follow-up documents are as before.
        let is_new = kind == "created" && name == "assigned_to";
        if !matches!(field.kind, FieldKind::Ref("user")) || !(is_new || changes.get(name).is_some()) {
            continue;
        }
        let Some(user) = record.get(name).int().filter(|user| *user != 0) else { continue };
        let company = record.company().unwrap_or(tx.actor.company);
        let about = if record.meta.is_about() { pair(record) } else { Some((record.meta.name, record.id)) };
        if let Some(about) = about {
            follow(tx, about, user, company)?;
        }
        if user != tx.actor.user {
            let label = record.label();
            let by = tx.actor.user;
            tell_one(tx, user, &Notice { kind: "assignment", company, about, by, text: &label, due: None })?;
        }
    }
    Ok(())
}

/// What is followed went on to another stage.
fn stage(tx: &Tx, record: &Record, kind: &str, changes: &Json) -> Result<(), Fault> {
    let Some(name) = record.meta.stage_field.filter(|_| kind == "action" && !record.meta.is_about()) else {
        return Ok(());
    };
    if changes.get(name).is_none() {
        return Ok(());
    }
    let (about, company) = ((record.meta.name, record.id), record.company().unwrap_or(tx.actor.company));
    let text = record.stage().unwrap_or("");
    for user in followers(tx, about)? {
        if user != tx.actor.user {
            let by = tx.actor.user;
            tell_one(tx, user, &Notice { kind: "stage", company, about: Some(about), by, text, due: None })?;
        }
    }
    Ok(())
}

/// Who is to do something on a day is reminded in the morning of that day, at once when the morning is over:
/// the notice is written now and shown then, and written anew whenever the day, the person or the state changes.
fn remind(tx: &Tx, record: &Record, kind: &str, changes: &Json) -> Result<(), Fault> {
    // Whatever else changes, whoever has read the reminder is not reminded again.
    let is_moved = ["due_on", "assigned_to", "stage"].iter().any(|name| changes.get(name).is_some());
    if record.meta.name != "activity" || !(is_moved || kind == "created") {
        return Ok(());
    }
    if kind != "created" {
        forget_reminder(tx, record)?;
    }
    let due = record.get("due_on").text().and_then(Date::parse);
    let (Some(user), Some(due)) = (record.get("assigned_to").int(), due) else { return Ok(()) };
    // What was due before today stands in the list of what is due already.
    if record.stage() != Some("planned") || due < tx.context.today {
        return Ok(());
    }
    let (company, text) = (record.company().unwrap_or(tx.actor.company), record.label());
    let due = Some((record.id, due));
    tell_one(tx, user, &Notice { kind: "due", company, about: pair(record), by: 0, text: &text, due })
}

/// A reminder nobody has read yet goes; whoever was shown it hears so.
fn forget_reminder(tx: &Tx, record: &Record) -> Result<(), Fault> {
    if record.meta.name != "activity" {
        return Ok(());
    }
    tx.flush()?;
    let sql = "select id, company, owner, shown_at from notification where reminds_of = ?1 and read_at is null";
    for row in tx.query(sql, &[record.id.into()])? {
        tx.push("delete from notification where id = ?1", vec![row.int(0).into()]);
        if row.int(3) <= tx.context.now.micros() {
            tx.events.borrow_mut().push(event(row.int(0), row.int(1), row.int(2)));
        }
    }
    Ok(())
}

/// What a record hangs on.
fn pair(record: &Record) -> Option<(&str, i64)> {
    Some((record.get("about_entity").text()?, record.get("about_doc").int()?))
}

fn followers(tx: &Tx, about: (&str, i64)) -> Result<Vec<i64>, Fault> {
    let sql =
        format!("select owner from follow where about_entity = ?1 and about_doc = ?2 order by id limit {TOLD_MAX}");
    let rows = tx.query(&sql, &[about.0.into(), about.1.into()])?;
    Ok(rows.iter().map(|row| row.int(0)).collect())
}

/// Has somebody follow a record because a colleague wants it, and tells them so; nothing when they do.
pub(super) fn has_follow(tx: &Tx, record: &Record, user: i64, company: i64) -> Result<(), Fault> {
    let about = (record.meta.name, record.id);
    let known = "select 1 from follow where about_entity = ?1 and about_doc = ?2 and owner = ?3";
    if !tx.query(known, &[about.0.into(), about.1.into(), user.into()])?.is_empty() {
        return Ok(());
    }
    follow(tx, about, user, company)?;
    let (label, by) = (record.label(), tx.actor.user);
    tell_one(tx, user, &Notice { kind: "follow", company, about: Some(about), by, text: &label, due: None })
}

/// Has somebody follow a record; nothing when they do.
pub(super) fn follow(tx: &Tx, about: (&str, i64), user: i64, company: i64) -> Result<(), Fault> {
    let meta = tx.engine.registry.entity("follow");
    let Some(meta) = meta.filter(|_| user != 0) else { return Ok(()) };
    let mut record = Record::empty(meta);
    record.id = tx.id()?;
    for (name, value) in [
        ("company", Value::Int(company)),
        ("about_entity", about.0.into()),
        ("about_doc", about.1.into()),
        ("owner", user.into()),
    ] {
        record.set(name, value);
    }
    let stamp = Stamp { at: tx.context.now.micros(), by: tx.actor.user };
    let made = store::insert(meta, &record, &stamp);
    let or_not = |one: Statement| Statement { sql: format!("{} on conflict do nothing", one.sql), ..one };
    tx.push_all(made.into_iter().map(or_not).collect());
    Ok(())
}

/// Tells one person, if they want to be told and may see what it is about.
fn tell_one(tx: &Tx, user: i64, notice: &Notice) -> Result<(), Fault> {
    tx.flush()?;
    if let Some((id, statements)) = told(tx.engine, tx.conn, user, notice)? {
        tx.push_all(statements);
        tx.events.borrow_mut().push(event(id, notice.company, user));
    }
    Ok(())
}

fn event(id: i64, company: i64, user: i64) -> Event {
    Event { entity: "notification", id, version: 1, company, out: 0, only: user, was: 0 }
}

/// Tells who asked for a job that it is over.
pub(crate) fn job_is_over(
    engine: &Engine,
    conn: &dyn Conn,
    job: i64,
    user: i64,
    company: i64,
) -> Result<Option<Event>, Fault> {
    if user == 0 || engine.registry.entity("notification").is_none() {
        return Ok(None);
    }
    let rows = conn.query("select entity, done, total, failed from job where id = ?1", &[job.into()])?;
    let Some(row) = rows.first() else { return Ok(None) };
    let text = format!("{} {}/{}", row.text(0), row.int(1) - row.int(3), row.int(2));
    let notice = Notice { kind: "job", company, about: Some(("job", job)), by: 0, text: &text, due: None };
    let Some((id, statements)) = told(engine, conn, user, &notice)? else { return Ok(None) };
    conn.batch(&statements)?;
    Ok(Some(event(id, company, user)))
}

/// How somebody wants to be told, and between which minutes of the day they want quiet.
struct Wish {
    delivery: String,
    quiet: Option<(i64, i64)>,
}

impl Wish {
    /// As soon as it is there, but for those who never want it.
    fn at_once(self) -> Wish {
        if self.delivery == "never" { self } else { Wish { delivery: "now".to_owned(), ..self } }
    }
}

/// Eight in the morning of a business day.
fn morning(day: Date, offset: i32) -> Instant {
    Instant::from_micros((i64::from(day.days()) * DAY + DIGEST_AT - i64::from(offset)) * MINUTE)
}

fn wish(conn: &dyn Conn, user: i64, kind: &str) -> Result<Wish, Fault> {
    let column = match kind {
        // Given to one, like work is.
        "follow" => "assignment",
        "mention" | "assignment" | "note" | "stage" | "job" | "due" => kind,
        other => return Err(Fault::new(format!("there are no notices of the kind {other}"))),
    };
    let sql = format!("select \"{column}\", quiet_from, quiet_to from notification_setting where owner = ?1");
    let rows = conn.query(&sql, &[user.into()])?;
    let usual = if kind == "stage" { "digest" } else { "now" };
    let Some(row) = rows.first() else { return Ok(Wish { delivery: usual.to_owned(), quiet: None }) };
    let quiet = minutes(row.0[1].text()).zip(minutes(row.0[2].text()));
    Ok(Wish { delivery: row.0[0].text().unwrap_or(usual).to_owned(), quiet })
}

fn minutes(text: Option<&str>) -> Option<i64> {
    let (hours, minutes) = text?.split_once(':')?;
    Some(hours.parse::<i64>().ok()? * 60 + minutes.parse::<i64>().ok()?)
}

/// When a notice is shown; `None` for never. `offset` is how far the business day is ahead of UTC.
fn shown_at(now: Instant, offset: i32, wish: &Wish) -> Option<Instant> {
    let minute = (now.micros().div_euclid(MINUTE) + i64::from(offset)).rem_euclid(DAY);
    // To a minute of the day, today or tomorrow; it then is that minute exactly.
    let until = |end: i64| {
        let wait = (end - minute).rem_euclid(DAY);
        let wait = if wait == 0 { DAY } else { wait };
        Instant::from_micros((now.micros().div_euclid(MINUTE) + wait) * MINUTE)
    };
    match (wish.delivery.as_str(), wish.quiet) {
        ("never", _) => None,
        ("digest", _) => Some(until(DIGEST_AT)),
        (_, Some((from, to))) => {
            let is_quiet = if from <= to { from <= minute && minute < to } else { from <= minute || minute < to };
            Some(if is_quiet { until(to) } else { now })
        }
        _ => Some(now),
    }
}

fn told(engine: &Engine, conn: &dyn Conn, user: i64, notice: &Notice) -> Result<Option<(i64, Vec<Statement>)>, Fault> {
    let Some(meta) = engine.registry.entity("notification") else { return Ok(None) };
    let company = if notice.company == 0 { None } else { Some(notice.company) };
    // Nobody is told of what they may not see.
    let actor = match company {
        Some(company) => match engine.actor_on(conn, user, company) {
            Ok(actor) => actor,
            Err(Trouble::Fault(fault)) => return Err(fault),
            Err(_) => return Ok(None),
        },
        None => return Ok(None),
    };
    if let Some((entity, id)) = notice.about {
        match engine.about(conn, &actor, entity, id) {
            Ok(Some(_)) => {}
            Err(Trouble::Fault(fault)) => return Err(fault),
            _ => return Ok(None),
        }
    }
    let now = engine.now();
    let wish = wish(conn, user, notice.kind)?;
    // A reminder comes with the digest of its day, if at all.
    let (from, wish) = match notice.due {
        Some((_, day)) => (morning(day, engine.minutes_ahead(&actor, now)).max(now), wish.at_once()),
        None => (now, wish),
    };
    let Some(shown_at) = shown_at(from, engine.minutes_ahead(&actor, from), &wish) else {
        return Ok(None);
    };
    let mut record = Record::empty(meta);
    record.id = engine.database.next_id()?;
    let text: String = notice.text.chars().take(TEXT_MAX).collect();
    for (name, value) in [
        ("company", Value::Int(notice.company)),
        ("owner", user.into()),
        ("kind", notice.kind.into()),
        ("about_entity", notice.about.map_or(Value::Null, |(entity, _)| entity.into())),
        ("about_doc", notice.about.map_or(Value::Null, |(_, id)| id.into())),
        ("by_user", if notice.by == 0 { Value::Null } else { notice.by.into() }),
        ("text", text.into()),
        ("shown_at", shown_at.micros().into()),
        ("reminds_of", notice.due.map_or(Value::Null, |(activity, _)| activity.into())),
    ] {
        record.set(name, value);
    }
    let stamp = Stamp { at: now.micros(), by: notice.by };
    Ok(Some((record.id, store::insert(meta, &record, &stamp))))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Instant {
        Instant::parse(text).unwrap()
    }

    fn shown(now: &str, delivery: &str, quiet: Option<(i64, i64)>) -> Option<String> {
        shown_at(at(now), 480, &Wish { delivery: delivery.to_owned(), quiet }).map(|at| at.to_string())
    }

    #[test]
    fn what_comes_at_night_waits_for_the_morning() {
        let night = Some((22 * 60, 7 * 60));
        // 23:30 in China, and 06:59, and 07:00.
        assert_eq!(shown("2026-11-25T15:30:00Z", "now", night).unwrap(), "2026-11-25T23:00:00Z");
        assert_eq!(shown("2026-11-25T22:59:30Z", "now", night).unwrap(), "2026-11-25T23:00:00Z");
        assert_eq!(shown("2026-11-25T23:00:00Z", "now", night).unwrap(), "2026-11-25T23:00:00Z");
        assert_eq!(shown("2026-11-25T04:00:00Z", "now", night).unwrap(), "2026-11-25T04:00:00Z");
        let noon = Some((12 * 60, 13 * 60));
        assert_eq!(shown("2026-11-25T04:30:00Z", "now", noon).unwrap(), "2026-11-25T05:00:00Z");
    }

    #[test]
    fn a_reminder_comes_in_the_morning_of_its_day() {
        let day = Date::parse("2026-11-27").unwrap();
        assert_eq!(morning(day, 480).to_string(), "2026-11-27T00:00:00Z");
        assert_eq!(morning(day, 0).to_string(), "2026-11-27T08:00:00Z");
        // Quiet until nine, then at nine.
        let wish = Wish { delivery: "digest".to_owned(), quiet: Some((22 * 60, 9 * 60)) }.at_once();
        assert_eq!(shown_at(morning(day, 480), 480, &wish).unwrap().to_string(), "2026-11-27T01:00:00Z");
    }

    #[test]
    fn a_digest_comes_at_eight_and_never_is_never() {
        assert_eq!(shown("2026-11-25T01:00:00Z", "digest", None).unwrap(), "2026-11-26T00:00:00Z");
        assert_eq!(shown("2026-11-24T23:59:59Z", "digest", None).unwrap(), "2026-11-25T00:00:00Z");
        assert_eq!(shown("2026-11-25T01:00:00Z", "never", None), None);
    }
}
