//! Taking back: what was deleted lies in a bin for a while, and what a job did can be undone.
//!
//! A deleted record was a draft or a master nobody used: nothing hangs on it, so it comes back as it
//! was, under its own id. A job keeps what each of its rows did; undoing it is a job again, row by
//! row from the last to the first. A field that somebody changed since is theirs: that row is
//! refused and told.

use std::sync::Arc;

use kernel::{Instant, Label, Param, ProblemKind, Refusal};
use meta::{EntityKind, EntityMeta, FieldKind, Record, Trouble, Value};
use serde_json::{Map, Value as Json, json};

use crate::check::check;
use crate::facts::Tx;
use crate::given::written_by_us;
use crate::write::{Ask, change_to, mine, outer, plain, same_company, stamp, still_open, written};
use crate::{Actor, Engine, Key, gone};

/// How long what was deleted can be restored.
const BIN_DAYS: i64 = 30;
/// How many of the bin one answer tells.
const BIN_TOLD_MAX: usize = 200;
const DAY_MICROS: i64 = 86_400_000_000;

// ---- what a write did ----------------------------------------------------------------

/// What one write did to its own record.
pub(crate) struct Did {
    pub entity: &'static str,
    pub id: i64,
    pub version: i64,
    pub kind: String,
    pub action: String,
    pub changes: Json,
}

/// Sees the first change of each write, while somebody wants to know.
#[derive(Default)]
pub(crate) struct Watch {
    wanted: bool,
    seen: Option<Did>,
}

impl Watch {
    /// From now on, for one write.
    pub fn begin(&mut self) {
        *self = Watch { wanted: true, seen: None };
    }

    /// What the write did; nothing where it changed nothing.
    pub fn end(&mut self) -> Option<Did> {
        self.wanted = false;
        self.seen.take()
    }

    pub fn see(&mut self, record: &Record, kind: &str, action: &str, changes: &Json) {
        if self.wanted && self.seen.is_none() {
            self.seen = Some(Did {
                entity: record.meta.name,
                id: record.id,
                version: record.version,
                kind: kind.to_owned(),
                action: action.to_owned(),
                changes: changes.clone(),
            });
        }
    }
}

// ---- the bin -------------------------------------------------------------------------

/// A record with its lines as text, by the names of its fields.
fn frozen(record: &Record) -> Json {
    let mut fields = Map::new();
    for (index, field) in record.meta.fields.iter().enumerate() {
        let value = match field.kind {
            FieldKind::Owned(_) => Json::Array(record.owned_at(index).iter().map(frozen).collect()),
            _ => plain(record.at(index)),
        };
        fields.insert(field.name.to_owned(), value);
    }
    json!({ "id": record.id, "version": record.version, "external_id": record.external_id, "fields": fields })
}

fn value_of(json: &Json) -> Value {
    match json {
        Json::Number(number) => number.as_i64().map_or(Value::Null, Value::Int),
        Json::String(text) => Value::Text(text.clone()),
        _ => Value::Null,
    }
}

/// The record again; fields that came since are empty.
fn thawed(meta: &'static EntityMeta, json: &Json) -> Record {
    let mut record = Record::empty(meta);
    record.id = json["id"].as_i64().unwrap_or(0);
    record.version = json["version"].as_i64().unwrap_or(1);
    record.external_id = json["external_id"].as_str().map(str::to_owned);
    for (index, field) in meta.fields.iter().enumerate() {
        match field.kind {
            FieldKind::Owned(line) => {
                let lines = json["fields"][field.name].as_array().into_iter().flatten();
                *record.owned_at_mut(index) = lines.map(|kept| thawed(line(), kept)).collect();
            }
            _ => record.put(index, value_of(&json["fields"][field.name])),
        }
    }
    record
}

/// Keeps a record that is about to be deleted, and forgets what was kept long enough.
///
/// The content of a file goes with its record: without it nothing could come back.
pub(crate) fn into_bin(tx: &Tx, record: &Record) {
    if record.meta.name == "attachment" {
        return;
    }
    let now = tx.context.now.micros();
    tx.push("delete from bin where removed_at < ?1", vec![(now - BIN_DAYS * DAY_MICROS).into()]);
    tx.push(
        "insert into bin (entity, doc, company, removed_at, removed_by, label, record) values (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        vec![
            record.meta.name.into(),
            record.id.into(),
            record.company().unwrap_or(0).into(),
            now.into(),
            tx.actor.user.into(),
            record.label().into(),
            frozen(record).to_string().into(),
        ],
    );
}

/// A record as it lies in the bin.
pub(crate) fn binned(conn: &dyn store::Conn, meta: &'static EntityMeta, id: i64) -> Result<Option<Record>, Trouble> {
    let kept = conn.query("select record from bin where entity = ?1 and doc = ?2", &[meta.name.into(), id.into()])?;
    Ok(kept.first().map(|row| thawed(meta, &serde_json::from_str(row.text(0)).unwrap_or_default())))
}

/// A record comes back as it was, under its own id, if all it names is still there.
pub(crate) fn restore(tx: &Tx, meta: &'static EntityMeta, id: i64) -> Result<i64, Trouble> {
    tx.engine.permit(tx.actor, meta, "add")?;
    tx.flush()?;
    let mut record = binned(tx.conn, meta, id)?.ok_or_else(|| gone(meta))?;
    if !tx.engine.reaches_on(tx.conn, tx.actor, &record, "remove")? {
        return Err(gone(meta));
    }
    same_company(tx, &record)?;
    check(tx, &record, None)?;
    // Whoever still has it on the screen sees that it is not the one they knew.
    record.version += 1;
    tx.push("delete from bin where entity = ?1 and doc = ?2", vec![meta.name.into(), id.into()]);
    tx.push_all(store::insert(meta, &record, &stamp(tx)));
    crate::together::back_again(tx, &record);
    written(tx, &record, "created", "", &Json::Null)?;
    Ok(id)
}

/// Gives fields their earlier values, each only if it still is as it was left.
pub(crate) fn put_back(
    tx: &Tx,
    meta: &'static EntityMeta,
    id: i64,
    changes: &Map<String, Json>,
) -> Result<i64, Trouble> {
    let old = mine(tx, meta, id, "edit")?;
    same_company(tx, &old)?;
    if meta.kind == EntityKind::Ledger {
        return Err(written_by_us(meta));
    }
    still_open(tx, &old)?;
    let mut new = old.clone();
    let mut wrong = Vec::new();
    for (index, field) in meta.fields.iter().enumerate() {
        let Some([before, after]) = changes.get(field.name).and_then(Json::as_array).map(Vec::as_slice) else {
            continue;
        };
        // What follows from other fields follows again.
        if field.readonly || field.computed || matches!(field.kind, FieldKind::Owned(_)) {
            continue;
        }
        if plain(old.at(index)) == *after {
            new.put(index, value_of(before));
        } else {
            wrong.push(
                Refusal::new(
                    "changed_since",
                    Label::new(
                        "“{field}” was changed since. It stays as it is; look at it yourself.",
                        "“{field}”之后已被修改，保持现状，请自行核对。",
                    ),
                )
                .with("field", Param::Label(field.label))
                .kind(ProblemKind::Conflict)
                .field(field.name),
            );
        }
    }
    if !wrong.is_empty() {
        return Err(Refusal::merge(wrong).into());
    }
    change_to(tx, &old, new)?;
    Ok(id)
}

impl Engine {
    /// Whether a record lies in the bin: its entity may have an action of the name `restore` as well.
    pub fn is_in_bin(&self, entity: &str, id: i64) -> Result<bool, Trouble> {
        let meta = self.entity(entity)?;
        self.database.read(|conn| Ok(binned(conn, meta, id)?.is_some()))
    }

    /// Brings a deleted record back.
    pub fn restore(self: &Arc<Self>, actor: &Actor, entity: &str, id: i64, key: Option<&Key>) -> Result<Json, Trouble> {
        let meta = self.entity(entity)?;
        self.write(actor, Ask::Restore { meta, id }, key)?;
        self.told(actor, meta, id)
    }

    /// What was deleted lately and can be restored by the actor, newest first.
    pub fn bin(&self, actor: &Actor, entity: &str) -> Result<Json, Trouble> {
        let meta = self.entity(entity)?;
        self.permit(actor, meta, "remove")?;
        let company = if meta.has_company() { actor.company } else { 0 };
        self.database.read(|conn| {
            let rows = conn.query(
                "select b.doc, b.label, b.removed_at, u.name, b.record from bin b left join \"user\" u on u.id = b.removed_by
                 where b.entity = ?1 and b.company = ?2 order by b.removed_at desc limit 1000",
                &[meta.name.into(), company.into()],
            )?;
            let mut items = Vec::new();
            for row in rows {
                let record = thawed(meta, &serde_json::from_str(row.text(4)).unwrap_or_default());
                if !self.reaches_on(conn, actor, &record, "remove")? {
                    continue;
                }
                items.push(json!({
                    "id": outer(meta, row.int(0)), "label": row.text(1),
                    "removed_at": Instant::from_micros(row.int(2)).to_string(),
                    "removed_by": row.0[3].text(),
                }));
                if items.len() == BIN_TOLD_MAX {
                    break;
                }
            }
            Ok(json!({ "items": items }))
        })
    }
}

/// What undoes one row of a job.
pub(crate) fn undoing(meta: &'static EntityMeta, told: &Json) -> Result<Ask, Trouble> {
    let id = told["doc"].as_i64().unwrap_or(0);
    let version = told["version"].as_i64();
    let changes = told["changes"].as_object().cloned().unwrap_or_default();
    match told["kind"].as_str().unwrap_or("") {
        "created" => Ok(Ask::Remove { meta, id, version }),
        "changed" => Ok(Ask::PutBack { meta, id, changes }),
        "removed" => Ok(Ask::Restore { meta, id }),
        _ => {
            let stage = meta.stage_field.and_then(|field| changes.get(field)).and_then(Json::as_array);
            let back = match stage.map(Vec::as_slice) {
                Some([from, to]) => (meta.transitions)()
                    .into_iter()
                    .find(|step| Some(step.from) == to.as_str() && Some(step.to) == from.as_str())
                    .map(|step| step.action),
                _ => kept_again(meta, &changes),
            };
            let action = back.ok_or_else(|| {
                Refusal::new(
                    "no_way_back",
                    Label::new(
                        "No action leads back from here. Open the record and see what can be done.",
                        "没有可撤销的操作，请打开记录自行处理。",
                    ),
                )
                .kind(ProblemKind::NotNow)
            })?;
            Ok(Ask::Act { meta, id, action: action.to_owned(), version, body: Map::new() })
        }
    }
}

/// A master that was taken out of use is put to use again, and the other way round.
fn kept_again(meta: &EntityMeta, changes: &Map<String, Json>) -> Option<&'static str> {
    let [_, after] = changes.get("active").and_then(Json::as_array).map(Vec::as_slice)? else { return None };
    let back = if after.as_i64() == Some(0) { "restore" } else { "archive" };
    meta.action(back).map(|action| action.name)
}
