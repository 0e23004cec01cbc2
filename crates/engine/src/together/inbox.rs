//! What somebody was told, and how they want to be told.

use std::sync::Arc;

use kernel::{Date, Instant, Lang, id_parse, id_text};
use meta::{FieldKind, Row, Trouble, Value};
use serde_json::{Map, Value as Json, json};

use crate::write::outer;
use crate::{Actor, Engine, number};

/// How many notices one page has.
const PAGE_MAX: usize = 200;
/// What settings are told and taken.
const SETTINGS: [&str; 8] = ["mention", "assignment", "note", "stage", "job", "due", "quiet_from", "quiet_to"];

impl Engine {
    /// What somebody was told, newest first.
    pub fn inbox(&self, actor: &Actor, before: &str, limit: usize, unread: bool) -> Result<Json, Trouble> {
        let now = self.now().micros();
        // The moment and id of the last one, so that two of one moment are not mixed up.
        let last = before.split_once('-').and_then(|(at, id)| Some((at.parse::<i64>().ok()?, id_parse("nf", id)?)));
        let (at, last) = last.unwrap_or((i64::MAX, i64::MAX));
        let limit = limit.clamp(1, PAGE_MAX);
        let only = if unread { "and n.read_at is null" } else { "" };
        // A reminder tells the day its activity is due; of one that is gone, the day it was shown.
        let (due, of) = match self.registry.entity("activity") {
            Some(_) => ("a.due_on", "left join activity a on a.id = n.reminds_of"),
            None => ("null", ""),
        };
        self.database.read(|conn| {
            let sql = format!(
                "select n.id, n.shown_at, n.kind, n.by_user, u.name, n.about_entity, n.about_doc, n.text, n.read_at, {due}
                 from notification n left join \"user\" u on u.id = n.by_user {of}
                 where n.owner = ?1 and n.shown_at <= ?2 and (n.shown_at < ?3 or (n.shown_at = ?3 and n.id < ?4)) {only}
                 order by n.shown_at desc, n.id desc limit {}",
                limit + 1
            );
            let rows = conn.query(&sql, &[actor.user.into(), now.into(), at.into(), last.into()])?;
            let mut items = Vec::new();
            for row in rows.iter().take(limit) {
                let about = match (row.0[5].text(), row.maybe_int(6)) {
                    (Some(entity), Some(id)) => match self.about(conn, actor, entity, id)? {
                        Some(record) => Some(record),
                        // What one may no longer see is no longer told.
                        None => continue,
                    },
                    _ => None,
                };
                let at = Instant::from_micros(row.int(1));
                let day = at.date_at(self.minutes_ahead(actor, at));
                items.push(notice(row, about.as_ref(), day, actor.lang));
            }
            let next = (rows.len() > limit).then(|| {
                let row = &rows[limit - 1];
                format!("{}-{}", row.int(1), id_text("nf", row.int(0)))
            });
            Ok(json!({ "items": items, "unread": self.unread_on(conn, actor)?, "next": next }))
        })
    }

    fn unread_on(&self, conn: &dyn store::Conn, actor: &Actor) -> Result<i64, Trouble> {
        let sql = "select count(*) from notification where owner = ?1 and read_at is null and shown_at <= ?2";
        Ok(number(conn, sql, &[actor.user.into(), self.now().micros().into()])?.unwrap_or(0))
    }

    /// How many notices somebody has not read.
    pub fn unread(&self, actor: &Actor) -> Result<Json, Trouble> {
        self.database.read(|conn| Ok(json!({ "unread": self.unread_on(conn, actor)? })))
    }

    /// Notes that some notices, or all that are shown, were read.
    pub fn read_notices(&self, actor: &Actor, ids: Option<Vec<i64>>) -> Result<Json, Trouble> {
        let (user, now) = (actor.user, self.now().micros());
        self.database.write(move |conn| {
            let shown = "update notification set read_at = ?2, version = version + 1
                         where owner = ?1 and read_at is null and shown_at <= ?2";
            match &ids {
                None => {
                    conn.execute(shown, &[user.into(), now.into()])?;
                }
                Some(ids) => {
                    for id in ids {
                        conn.execute(&format!("{shown} and id = ?3"), &[user.into(), now.into(), (*id).into()])?;
                    }
                }
            }
            Ok(())
        })?;
        self.unread(actor)
    }

    /// How somebody wants to be told.
    pub fn notice_settings(&self, actor: &Actor) -> Result<Json, Trouble> {
        let known = self.own_settings(actor)?;
        let record = match known {
            Some((id, _)) => self.get(actor, "notification_setting", id)?["record"].clone(),
            None => self.new_from(actor, "notification_setting", None)?["record"].clone(),
        };
        Ok(SETTINGS.iter().map(|name| ((*name).to_owned(), record[*name].clone())).collect::<Map<_, _>>().into())
    }

    /// Says how one wants to be told.
    pub fn set_notice_settings(self: &Arc<Self>, actor: &Actor, body: &Map<String, Json>) -> Result<Json, Trouble> {
        match self.own_settings(actor)? {
            Some((id, version)) => self.change(actor, "notification_setting", id, version, body, None)?,
            None => self.create(actor, "notification_setting", body, None)?,
        };
        self.notice_settings(actor)
    }

    fn own_settings(&self, actor: &Actor) -> Result<Option<(i64, i64)>, Trouble> {
        self.database.read(|conn| {
            let sql = "select id, version from notification_setting where owner = ?1";
            let rows = conn.query(sql, &[Value::Int(actor.user)])?;
            Ok(rows.first().map(|row| (row.int(0), row.int(1))))
        })
    }
}

/// The months as English writes them beside a day.
const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/// A reminder by its day, so that it is still right when it is read later.
fn reminder(due: Date, text: &str, lang: Lang) -> String {
    let (month, day) = (due.month(), due.day());
    match lang {
        Lang::En => format!("Due {day} {}: {text}", MONTHS[month as usize - 1]),
        Lang::Zh => format!("{month}月{day}日到期：{text}"),
    }
}

/// One notice; `day` is the business day on which it is shown.
fn notice(row: &Row, about: Option<&meta::Record>, day: Date, lang: Lang) -> Json {
    let by = row.maybe_int(3).map(|user| json!({ "id": id_text("us", user), "label": row.text(4) }));
    let label = about.map(meta::Record::label).unwrap_or_default();
    let told =
        about.map(|record| json!({ "entity": record.meta.name, "id": outer(record.meta, record.id), "label": label }));
    let who = if by.is_some() { row.text(4) } else { "" };
    let text = row.0[7].text().unwrap_or("");
    let said = match row.text(2) {
        "due" => reminder(row.date(9).unwrap_or(day), text, lang),
        kind => words(kind, who, &label, text, about, lang),
    };
    json!({
        "id": id_text("nf", row.int(0)), "at": Instant::from_micros(row.int(1)).to_string(), "kind": row.text(2),
        "by": by, "about": told, "text": said,
        "read": row.maybe_int(8).is_some(),
    })
}

fn words(kind: &str, who: &str, label: &str, text: &str, about: Option<&meta::Record>, lang: Lang) -> String {
    let who = match (who, lang) {
        ("", Lang::En) => "Somebody",
        ("", Lang::Zh) => "有人",
        (name, _) => name,
    };
    let stage = || {
        let field = about.and_then(|record| record.meta.field(record.meta.stage_field?));
        match field.map(|field| field.kind) {
            Some(FieldKind::Choice(choice)) => choice.value(text).map_or(text, |value| value.label.get(lang)),
            _ => text,
        }
    };
    match (kind, lang) {
        ("mention", Lang::En) => format!("{who} mentioned you: {text}"),
        ("mention", Lang::Zh) => format!("{who} 提到了您：{text}"),
        ("assignment", Lang::En) => format!("{who} gave you: {text}"),
        ("assignment", Lang::Zh) => format!("{who} 分派给您：{text}"),
        ("follow", Lang::En) => format!("{who} has you follow: {text}"),
        ("follow", Lang::Zh) => format!("{who} 请您关注：{text}"),
        ("stage", Lang::En) => format!("{label} is now: {}", stage()),
        ("stage", Lang::Zh) => format!("{label} 已变为：{}", stage()),
        ("job", Lang::En) => format!("Your job is over: {text}"),
        ("job", Lang::Zh) => format!("您的后台任务已结束：{text}"),
        (_, Lang::En) => format!("{who}: {text}"),
        (_, Lang::Zh) => format!("{who}：{text}"),
    }
}
