//! The timeline of a record: what was done to it, and what was said about it.

use std::sync::Arc;

use kernel::{Instant, Label, Refusal, id_parse, id_text};
use meta::{EntityMeta, FieldKind, Row, Trouble, Value};
use serde_json::{Map, Value as Json, json};
use store::Conn;

use crate::write::outer;
use crate::{Actor, Engine};

/// How many items a timeline shows at most.
const ITEMS_MAX: usize = 200;
/// The longest note.
const NOTE_MAX: usize = 10_000;

/// What is shown of a timeline.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Only {
    All,
    Notes,
    Changes,
}

/// A part of a timeline.
#[derive(Clone, Copy)]
struct Page {
    only: Only,
    before: i64,
    limit: usize,
}

/// How cursors of timelines begin.
const CURSOR: &str = "tl";

impl Engine {
    /// What happened to a record, newest first: notes, files, activities done, and every change.
    ///
    /// `kind` narrows it to `note` or `changes`; `before` is the `next` of the page before.
    pub fn timeline(
        &self,
        actor: &Actor,
        entity: &str,
        id: i64,
        kind: &str,
        before: &str,
        limit: Option<usize>,
    ) -> Result<Json, Trouble> {
        let meta = self.entity(entity)?;
        let only = match kind {
            "" => Only::All,
            "note" => Only::Notes,
            "changes" => Only::Changes,
            _ => return Err(not_understood("kind").into()),
        };
        let before = match before {
            "" => i64::MAX,
            text => id_parse(CURSOR, text).ok_or_else(|| not_understood("before"))?,
        };
        let limit = limit.unwrap_or(ITEMS_MAX).clamp(1, ITEMS_MAX);
        self.database.read(|conn| {
            self.seen(conn, actor, meta, id)?;
            let page = Page { only, before, limit: limit + 1 };
            let mut items = self.audited(conn, actor, meta, id, page)?;
            if self.registry.entity("note").is_some() && only != Only::Changes {
                items.extend(self.said(conn, actor, meta, id, page)?);
            }
            items.sort_by_key(|(at, _)| std::cmp::Reverse(*at));
            let next = (items.len() > limit).then(|| id_text(CURSOR, items[limit - 1].0));
            let items: Vec<Json> = items.into_iter().take(limit).map(|(_, item)| item).collect();
            Ok(json!({ "items": items, "next": next }))
        })
    }

    fn audited(
        &self,
        conn: &dyn Conn,
        actor: &Actor,
        meta: &'static EntityMeta,
        id: i64,
        page: Page,
    ) -> Result<Vec<(i64, Json)>, Trouble> {
        let Page { only, before, limit } = page;
        let narrowed = match only {
            Only::All => "",
            Only::Notes => "and a.kind = 'note'",
            Only::Changes => "and a.kind <> 'note'",
        };
        let rows = conn.query(
            &format!(
                "select a.recorded_at, a.recorded_by, u.name, a.kind, a.action, a.changes, a.id
                 from audit a left join \"user\" u on u.id = a.recorded_by
                 where a.entity = ?1 and a.doc = ?2 and a.id < ?3 {narrowed} order by a.id desc limit {limit}"
            ),
            &[meta.name.into(), id.into(), before.into()],
        )?;
        Ok(rows.iter().map(|row| (row.int(6), self.timeline_item(actor, meta, row))).collect())
    }

    /// What was said about a record, the files it got, and the activities done.
    fn said(
        &self,
        conn: &dyn Conn,
        actor: &Actor,
        meta: &EntityMeta,
        id: i64,
        page: Page,
    ) -> Result<Vec<(i64, Json)>, Trouble> {
        let Page { before, limit, .. } = page;
        let args: [Value; 3] = [meta.name.into(), id.into(), before.into()];
        let about = format!("about_entity = ?1 and x.about_doc = ?2 and x.id < ?3 order by x.id desc limit {limit}");
        let mut items = Vec::new();
        let notes = conn.query(
            &format!(
                "select x.created_at, x.owner, u.name, x.id, x.body, x.kind, x.edited, x.version
                 from note x left join \"user\" u on u.id = x.owner where x.{about}"
            ),
            &args,
        )?;
        for row in &notes {
            let note = json!({
                "id": id_text("nt", row.int(3)), "version": row.int(7), "kind": row.text(5),
                "edited": row.maybe_int(6) == Some(1), "mine": row.maybe_int(1) == Some(actor.user),
            });
            items.push((row.int(3), item(row, "note", row.text(4), "note", note)));
        }
        let files = conn.query(
            &format!(
                "select x.created_at, x.owner, u.name, x.id, x.name, x.media_type, x.size
                 from attachment x left join \"user\" u on u.id = x.owner where x.{about}"
            ),
            &args,
        )?;
        for row in &files {
            let file = json!({ "id": id_text("af", row.int(3)), "media_type": row.text(5), "size": row.int(6) });
            items.push((row.int(3), item(row, "attachment", row.text(4), "attachment", file)));
        }
        let done = conn.query(
            &format!(
                "select a.recorded_at, a.recorded_by, u.name, a.id, x.summary, x.id, x.result
                 from audit a join activity x on x.id = a.doc left join \"user\" u on u.id = a.recorded_by
                 where a.entity = 'activity' and a.kind = 'action' and a.action = 'done'
                 and x.about_entity = ?1 and x.about_doc = ?2 and a.id < ?3 order by a.id desc limit {limit}"
            ),
            &args,
        )?;
        for row in &done {
            let activity = json!({ "id": id_text("av", row.int(5)), "result": row.0[6].text() });
            items.push((row.int(3), item(row, "activity", row.text(4), "activity", activity)));
        }
        Ok(items)
    }

    fn timeline_item(&self, actor: &Actor, meta: &EntityMeta, row: &Row) -> Json {
        let mut told = json!({ "at": at(row), "by": by(row), "kind": row.text(3) });
        if row.text(3) == "note" {
            told["text"] = json!(row.text(5));
            return told;
        }
        if !row.text(4).is_empty() {
            told["text"] = json!(row.text(4));
        }
        let none = |_: &str, _: i64| None;
        let writer = meta::json::Writer {
            registry: &self.registry,
            currencies: meta::json::Currencies { company: actor.currency, parent: actor.currency },
            labels: &none,
            docs: &|_| None,
            visible: &|_, _| true,
        };
        let changes: Json = serde_json::from_str(row.text(5)).unwrap_or_default();
        let changes = changes.as_object().into_iter().flatten().filter_map(|(name, pair)| {
            let field = meta.field(name)?;
            if !self.visible(actor, meta, field) || field.hidden {
                return None;
            }
            let value = |json: &Json| match json {
                Json::Number(number) => Value::Int(number.as_i64().unwrap_or(0)),
                Json::String(text) => Value::Text(text.clone()),
                _ => Value::Null,
            };
            let kind = if matches!(field.kind, FieldKind::Owned(_)) { FieldKind::Int } else { field.kind };
            let show = |json: &Json| writer.value(kind, &value(json), actor.currency);
            Some(json!({ "field": name, "old": show(&pair[0]), "new": show(&pair[1]) }))
        });
        let changes: Vec<Json> = changes.collect();
        if !changes.is_empty() {
            told["changes"] = Json::Array(changes);
        }
        told
    }

    /// Writes a note about a record, `log` or `message`.
    pub fn note(
        self: &Arc<Self>,
        actor: &Actor,
        entity: &str,
        id: i64,
        text: &str,
        kind: &str,
        key: Option<&crate::Key>,
    ) -> Result<Json, Trouble> {
        let meta = self.entity(entity)?;
        let text = text.trim().to_owned();
        if text.is_empty() || text.chars().count() > NOTE_MAX || text.contains('\0') {
            return Err(Refusal::new(
                "invalid",
                Label::new("A note has 1 to 10,000 characters of text.", "备注须为 1 至 10000 个文字。"),
            )
            .field("text")
            .into());
        }
        self.database.read(|conn| self.seen(conn, actor, meta, id).map(|_| ()))?;
        let kept = self.registry.entity("note").is_some() && store::can_carry(meta);
        if kept && actor.access.may("note", "add") {
            let mut body = Map::new();
            body.insert("about_doc".into(), json!(outer(meta, id)));
            body.insert("body".into(), json!(text));
            body.insert("kind".into(), json!(if kind.is_empty() { "log" } else { kind }));
            return self.create(actor, "note", &body, key);
        }
        if self.registry.entity("note").is_some() {
            // What nothing hangs on has no notes; who may write none writes none.
            self.permit(actor, self.entity("note")?, "add")?;
            return Err(not_understood("id").into());
        }
        self.transact(actor, move |tx| Ok(tx.note(meta, id, &text)?))?;
        self.timeline(actor, entity, id, "", "", None)
    }
}

fn not_understood(name: &'static str) -> Refusal {
    Refusal::new(
        "filter_not_understood",
        Label::new(
            "The parameter “{name}” is not understood. See /api/docs for what a timeline can be asked.",
            "无法识别参数“{name}”，可用参数见 /api/docs。",
        ),
    )
    .with("name", name)
    .field(name)
}

fn at(row: &Row) -> String {
    Instant::from_micros(row.int(0)).to_string()
}

fn by(row: &Row) -> Json {
    match row.maybe_int(1).unwrap_or(0) {
        0 => Json::Null,
        user => json!({ "id": id_text("us", user), "label": row.text(2) }),
    }
}

fn item(row: &Row, kind: &str, text: &str, name: &str, what: Json) -> Json {
    let mut told = json!({ "at": at(row), "by": by(row), "kind": kind, "text": text });
    told[name] = what;
    told
}
