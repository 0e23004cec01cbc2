//! One thing done to many records: looked at first, then done in the background.

use std::sync::Arc;

use kernel::{Label, Refusal, id_parse, id_text};
use meta::{EntityMeta, Filter, ListQuery, Trouble, Value};
use serde_json::{Map, Value as Json, json};

use crate::import::IMPORT_MAX;
use crate::{Actor, Engine, Key};

/// How many records are tried before they are all done.
const TRIED_MAX: usize = 200;
/// How many refusals of those tried are told.
const TOLD_MAX: usize = 50;
/// Rows of one page, while the ids of a list are gathered.
const PAGE: usize = 1_000;

/// What is to be done, and to which records.
#[derive(Clone, Debug)]
pub struct Mass {
    /// These; or, when empty, all the filter and the search leave.
    pub ids: Vec<String>,
    /// Which records, when no ids are given.
    pub filter: Filter,
    /// The same, by words.
    pub search: String,
    /// Whether records are meant, too, that nearly have the words, where none has them.
    pub near: bool,
    /// `change`, `delete`, or the name of an action.
    pub op: String,
    /// The fields of a change, or the arguments of an action.
    pub record: Map<String, Json>,
}

impl Engine {
    /// The records meant, as rows of a batch: each with the version it has now.
    fn mass_rows(&self, actor: &Actor, meta: &'static EntityMeta, mass: &Mass) -> Result<Vec<Json>, Trouble> {
        let verb = match mass.op.as_str() {
            "change" => "edit",
            "delete" => "remove",
            action => meta.action(action).map(|action| action.name).ok_or_else(no_such_op)?,
        };
        self.permit(actor, meta, "see")?;
        self.permit(actor, meta, verb)?;
        let row = |id: &str, version: i64| match mass.op.as_str() {
            "delete" => json!({ "op": "delete", "id": id, "version": version }),
            op => json!({ "op": op, "id": id, "version": version, "record": mass.record }),
        };
        let mut rows = Vec::new();
        if !mass.ids.is_empty() {
            let raw: Vec<i64> = mass.ids.iter().filter_map(|id| id_parse(meta.prefix, id)).collect();
            if raw.len() < mass.ids.len() || IMPORT_MAX < raw.len() {
                return Err(wrong_ids().into());
            }
            for some in raw.chunks(500) {
                let places = crate::facts::places(1, some.len());
                let sql = format!("select id, version from \"{}\" where id in {places}", meta.name);
                let args: Vec<Value> = some.iter().map(|id| Value::Int(*id)).collect();
                let known = self.database.read(|conn| Ok(conn.query(&sql, &args)?))?;
                let known: std::collections::HashMap<i64, i64> =
                    known.iter().map(|row| (row.int(0), row.int(1))).collect();
                // In the order they were chosen; what is gone is refused as such.
                rows.extend(some.iter().map(|id| row(&id_text(meta.prefix, *id), known.get(id).copied().unwrap_or(0))));
            }
            return Ok(rows);
        }
        let mut query = ListQuery {
            filter: mass.filter.clone(),
            search: mass.search.clone(),
            exact: !mass.near,
            limit: PAGE,
            fields: vec!["id".to_owned(), "version".to_owned()],
            ..ListQuery::default()
        };
        loop {
            let page = self.list(actor, meta.name, &query)?;
            for found in page["rows"].as_array().into_iter().flatten() {
                rows.push(row(found["id"].as_str().unwrap_or(""), found["version"].as_i64().unwrap_or(0)));
            }
            if IMPORT_MAX < rows.len() {
                return Err(too_many().into());
            }
            match page["next"].as_str() {
                Some(next) => query.cursor = Some(next.to_owned()),
                None => return Ok(rows),
            }
        }
    }

    /// What would come of it: the first records are tried and taken back.
    pub fn mass_preview(self: &Arc<Self>, actor: &Actor, entity: &str, mass: &Mass) -> Result<Json, Trouble> {
        let meta = self.entity(entity)?;
        let rows = self.mass_rows(actor, meta, mass)?;
        let (mut accepted, mut refused) = (0, Vec::new());
        let tried = rows.len().min(TRIED_MAX);
        for row in &rows[..tried] {
            let trouble = match self.ask(actor, meta, row).and_then(|ask| self.rehearse(actor, vec![ask])) {
                Ok(()) => {
                    accepted += 1;
                    continue;
                }
                Err(trouble) => trouble,
            };
            if refused.len() < TOLD_MAX {
                let mut told = self.row_trouble(actor, trouble);
                told["id"] = row["id"].clone();
                told["label"] = json!(self.label_of(actor, meta, row["id"].as_str().unwrap_or(""))?);
                refused.push(told);
            }
        }
        Ok(json!({ "count": rows.len(), "tried": tried, "accepted": accepted, "refused": refused }))
    }

    /// Does it in the background. Answers with the job.
    pub fn start_mass(
        self: &Arc<Self>,
        actor: &Actor,
        entity: &str,
        mass: &Mass,
        key: Option<&Key>,
    ) -> Result<Json, Trouble> {
        let meta = self.entity(entity)?;
        let rows = self.mass_rows(actor, meta, mass)?;
        if rows.is_empty() {
            return Err(nothing().into());
        }
        self.start_batch(actor, entity, &rows, key)
    }

    /// What a record is called, if an actor may see it.
    pub(crate) fn label_of(
        &self,
        actor: &Actor,
        meta: &'static EntityMeta,
        id: &str,
    ) -> Result<Option<String>, Trouble> {
        let Some(raw) = id_parse(meta.prefix, id) else { return Ok(None) };
        self.database.read(|conn| {
            let Some(record) = store::load_bare(conn, meta, raw)? else { return Ok(None) };
            Ok(self.reaches_on(conn, actor, &record, "see")?.then(|| record.label()))
        })
    }
}

fn no_such_op() -> Refusal {
    Refusal::new(
        "no_such_action",
        Label::new("“op” must be change, delete or the name of an action.", "“op”只能是 change、delete 或操作名称。"),
    )
    .field("op")
}

fn wrong_ids() -> Refusal {
    Refusal::new(
        "invalid",
        Label::new(
            "“ids” must be a list of ids of this entity, 200,000 at most.",
            "“ids”必须是该对象的编号列表，最多 20 万个。",
        ),
    )
    .field("ids")
}

fn too_many() -> Refusal {
    Refusal::new(
        "rows_of_a_job",
        Label::new("More than 200,000 records are meant. Narrow the filter.", "所选记录超过 20 万条，请缩小筛选范围。"),
    )
    .field("filter")
}

fn nothing() -> Refusal {
    Refusal::new(
        "rows_of_a_job",
        Label::new("No record is meant. Look at the filter.", "没有符合条件的记录，请检查筛选条件。"),
    )
    .field("filter")
}
