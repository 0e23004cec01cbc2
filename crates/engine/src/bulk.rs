//! Many at once, and what surrounds a record: batch, upsert, links, search.

use std::collections::BTreeSet;
use std::sync::Arc;

use kernel::{Amount, Currency, Label, Param, ProblemKind, Refusal, id_parse};
use meta::{EntityMeta, FieldKind, Record, Trouble, Value};
use serde_json::{Map, Value as Json, json};
use store::Conn;

use crate::write::{Ask, Posted, outer, perform, remember, replayed};
use crate::{Actor, Engine, Key, gone};

/// How many rows one batch may have.
pub const BATCH_MAX: usize = 5_000;

pub(crate) fn invalid(text: Label) -> Refusal {
    Refusal::new("invalid", text)
}

/// The status of a row that was written.
fn done(ask: &Ask) -> u16 {
    if matches!(ask, Ask::Create { .. }) { 201 } else { 200 }
}

fn status(kind: ProblemKind) -> u16 {
    match kind {
        ProblemKind::Invalid => 422,
        ProblemKind::NotAllowed => 403,
        ProblemKind::NotFound => 404,
        ProblemKind::NotNow | ProblemKind::Conflict => 409,
        ProblemKind::TooMuch => 413,
    }
}

impl Engine {
    // ---- many at once -------------------------------------------------------------

    /// Does many things to records of one entity; all or none when `atomic`.
    pub fn batch(
        self: &Arc<Self>,
        actor: &Actor,
        entity: &str,
        rows: &Json,
        atomic: bool,
        key: Option<&Key>,
    ) -> Result<Json, Trouble> {
        let meta = self.entity(entity)?;
        let Some(rows) = rows.as_array().filter(|rows| rows.len() <= BATCH_MAX) else {
            return Err(invalid(Label::new(
                "“rows” must be a list of at most 5,000 rows.",
                "“rows”必须是不超过 5000 行的列表。",
            ))
            .field("rows")
            .into());
        };
        if atomic {
            let mut ready = Vec::new();
            let mut wrong = Vec::new();
            for (row, told) in rows.iter().enumerate() {
                match self.ask(actor, meta, told) {
                    Ok(ask) => ready.push(ask),
                    Err(Trouble::Refused(refusal)) => wrong.push(meta::json::within(refusal, "rows", row)),
                    Err(other) => return Err(other),
                }
            }
            if !wrong.is_empty() {
                return Err(Refusal::merge(wrong).into());
            }
            let statuses: Vec<u16> = ready.iter().map(done).collect();
            let key = key.cloned();
            let written = self.transact(actor, move |tx| {
                if let Some(known) = replayed(tx, key.as_ref())? {
                    return Ok(known);
                }
                let mut written = Posted::default();
                for (row, ask) in ready.iter().enumerate() {
                    match perform(tx, ask) {
                        Ok(posted) => written.created.push((meta.name.to_owned(), posted.id)),
                        Err(Trouble::Refused(refusal)) => return Err(meta::json::within(refusal, "rows", row).into()),
                        Err(other) => return Err(other),
                    }
                }
                remember(tx, key.as_ref(), &written);
                Ok(written)
            })?;
            let results = written.created.iter().zip(statuses);
            let results = results.map(|((_, id), status)| json!({ "status": status, "id": outer(meta, *id) }));
            return Ok(json!({ "results": results.collect::<Vec<_>>() }));
        }
        let results = rows.iter().enumerate().map(|(row, told)| {
            // Looked up when the rows before are written: one may be of the same record.
            let ask = self.ask(actor, meta, told);
            let own = key.map(|key| Key { key: format!("{}#{row}", key.key), body_hash: key.body_hash });
            let written = ask.and_then(|ask| Ok((done(&ask), self.write(actor, ask, own.as_ref())?)));
            match written {
                Ok((status, posted)) => json!({ "status": status, "id": outer(meta, posted.id) }),
                Err(trouble) => self.row_trouble(actor, trouble),
            }
        });
        Ok(json!({ "results": results.collect::<Vec<_>>() }))
    }

    /// Creates many records and takes an action on each (none when it is empty), all in one
    /// transaction and by the same way as one: for imports. Gives their raw ids.
    pub fn post_many(
        self: &Arc<Self>,
        actor: &Actor,
        documents: Vec<(&'static str, Map<String, Json>, &'static str)>,
    ) -> Result<Vec<i64>, Trouble> {
        let mut ready = Vec::with_capacity(documents.len());
        for (entity, body, action) in documents {
            ready.push((self.entity(entity)?, body, action));
        }
        self.transact(actor, move |tx| {
            let mut ids = Vec::with_capacity(ready.len());
            for (meta, body, action) in &ready {
                let id = perform(tx, &Ask::Create { meta, body: body.clone(), trusted: false })?.id;
                if !action.is_empty() {
                    let (action, body) = ((*action).to_owned(), Map::new());
                    perform(tx, &Ask::Act { meta, id, action, version: None, body })?;
                }
                ids.push(id);
            }
            Ok(ids)
        })
    }

    pub(crate) fn row_trouble(&self, actor: &Actor, trouble: Trouble) -> Json {
        match trouble {
            Trouble::Refused(refusal) => {
                let status = refusal.problems.first().map_or(422, |problem| status(problem.kind));
                json!({ "status": status, "problems": self.render(&refusal, actor.lang) })
            }
            Trouble::Stale { current, .. } => {
                let text = Label::new(
                    "Someone was faster. Look at the present state, then try again.",
                    "他人已先修改，请查看最新内容后重试。",
                );
                let problems = self.render(&Refusal::new("stale", text), actor.lang);
                json!({ "status": 412, "current": current, "problems": problems })
            }
            Trouble::Fault(fault) => {
                tracing::error!(fault = %fault.what, "a row of a batch failed");
                let text = Label::new(
                    "Something went wrong on our side with this row. Try it again later.",
                    "系统处理该行时出错，请稍后重试。",
                );
                json!({ "status": 500, "problems": self.render(&Refusal::new("internal", text), actor.lang) })
            }
        }
    }

    pub(crate) fn ask(&self, actor: &Actor, meta: &'static EntityMeta, row: &Json) -> Result<Ask, Trouble> {
        let empty = Map::new();
        let body = row["record"].as_object().unwrap_or(&empty).clone();
        let id = row["id"].as_str().and_then(|text| id_parse(meta.prefix, text));
        let version = row["version"].as_i64();
        let need_id = || id.ok_or_else(|| Trouble::from(no_id(meta)));
        match row["op"].as_str().unwrap_or("") {
            "create" => Ok(Ask::Create { meta, body, trusted: false }),
            "change" => {
                let version = version.ok_or_else(no_version)?;
                Ok(Ask::Change { meta, id: need_id()?, version, body })
            }
            "delete" => Ok(Ask::Remove { meta, id: need_id()?, version }),
            "upsert" => {
                let external = row["external_id"].as_str().unwrap_or("");
                self.upsert_ask(actor, meta, external, body)
            }
            action if meta.action(action).is_some() => {
                Ok(Ask::Act { meta, id: need_id()?, action: action.to_owned(), version, body })
            }
            _ => Err(invalid(Label::new(
                "“op” must be create, change, delete, upsert or the name of an action.",
                "“op”只能是 create、change、delete、upsert 或操作名称。",
            ))
            .field("op")
            .into()),
        }
    }

    pub(crate) fn upsert_ask(
        &self,
        actor: &Actor,
        meta: &'static EntityMeta,
        external: &str,
        mut body: Map<String, Json>,
    ) -> Result<Ask, Trouble> {
        if external.is_empty() || external.chars().count() > 200 || external.contains('\0') {
            return Err(invalid(Label::new(
                "The external id must have 1 to 200 characters.",
                "外部编号须为 1 至 200 个字符。",
            ))
            .field("external_id")
            .into());
        }
        let mut sql = format!("select id, version from \"{}\" where external_id = ?1", meta.name);
        let mut args = vec![Value::from(external)];
        if meta.has_company() {
            sql.push_str(" and company = ?2");
            args.push(actor.company.into());
        }
        let known = self.database.read(|conn| Ok(conn.query(&sql, &args)?))?;
        body.insert("external_id".into(), Json::String(external.to_owned()));
        Ok(match known.first() {
            Some(row) => Ask::Change { meta, id: row.int(0), version: row.int(1), body },
            None => Ask::Create { meta, body, trusted: false },
        })
    }

    /// Creates or changes a record by the id another system knows it by.
    pub fn upsert(
        self: &Arc<Self>,
        actor: &Actor,
        entity: &str,
        external: &str,
        body: &Map<String, Json>,
        key: Option<&Key>,
    ) -> Result<Json, Trouble> {
        let meta = self.entity(entity)?;
        let ask = self.upsert_ask(actor, meta, external, body.clone())?;
        let posted = self.write(actor, ask, key)?;
        self.told(actor, meta, posted.id)
    }

    // ---- what surrounds a record --------------------------------------------------

    /// Checks that an actor may see a record at all.
    pub(crate) fn seen(
        &self,
        conn: &dyn Conn,
        actor: &Actor,
        meta: &'static EntityMeta,
        id: i64,
    ) -> Result<meta::Record, Trouble> {
        self.permit(actor, meta, "see")?;
        let record = store::load(conn, meta, id)?.ok_or_else(|| gone(meta))?;
        if self.reaches_on(conn, actor, &record, "see")? { Ok(record) } else { Err(gone(meta)) }
    }

    /// A record, unless it does not exist for an actor.
    pub(crate) fn if_seen(
        &self,
        conn: &dyn Conn,
        actor: &Actor,
        meta: &'static EntityMeta,
        id: i64,
    ) -> Result<Option<meta::Record>, Trouble> {
        let Some(record) = store::load(conn, meta, id)? else { return Ok(None) };
        Ok(self.reaches_on(conn, actor, &record, "see")?.then_some(record))
    }

    /// The chain of documents a record stands in.
    pub fn links(&self, actor: &Actor, entity: &str, id: i64) -> Result<Json, Trouble> {
        let meta = self.entity(entity)?;
        self.database.read(|conn| {
            self.seen(conn, actor, meta, id)?;
            let (nodes, edges) = crate::chain::connected(conn, (entity.to_owned(), id))?;
            let mut shown = BTreeSet::new();
            let mut told = Vec::new();
            for (name, id) in &nodes {
                let Some(meta) = self.registry.entity(name).filter(|meta| actor.access.may(meta.name, "see")) else {
                    continue;
                };
                let Some(record) = self.if_seen(conn, actor, meta, *id)? else { continue };
                shown.insert((name.clone(), *id));
                told.push(self.node(&record, actor));
            }
            let name = |node: &(String, i64)| self.registry.entity(&node.0).map(|meta| outer(meta, node.1));
            let edges = edges.iter().filter(|(from, to)| shown.contains(from) && shown.contains(to));
            let edges = edges.map(|(from, to)| json!({ "from": name(from), "to": name(to), "kind": to.0 }));
            Ok(json!({ "nodes": told, "edges": edges.collect::<Vec<_>>() }))
        })
    }

    fn node(&self, record: &meta::Record, actor: &Actor) -> Json {
        let meta = record.meta;
        let on = meta
            .fields
            .iter()
            .find(|field| matches!(field.kind, FieldKind::Date))
            .map(|field| record.get(field.name).clone());
        let mut node = json!({
            "entity": meta.name, "id": outer(meta, record.id), "label": record.label(), "stage": record.stage(),
            "on": on.as_ref().and_then(Value::text),
        });
        let amount = meta.field("total").or_else(|| meta.field("amount"));
        if let (Some(field), Some(currency)) = (amount, meta.field("currency")) {
            let currency = record.get(currency.name).text().and_then(Currency::parse).unwrap_or(actor.currency);
            let amount = |name: &str| Amount::new(record.get(name).int().unwrap_or(0));
            // What is given back, such as by a credit note, says so in company currency.
            let is_back = meta.field("total_base").is_some() && amount("total_base").is_negative();
            let total = amount(field.name);
            node["total"] = json!(if is_back { -total.abs() } else { total }.text(currency));
            node["currency"] = json!(currency.code());
        }
        node
    }

    /// Finds records by words.
    pub fn search(&self, actor: &Actor, words: &str, limit: usize) -> Result<Json, Trouble> {
        let entities: Vec<&'static str> = self
            .registry
            .entities()
            .filter(|meta| meta.fields.iter().any(|field| field.search) && actor.access.may(meta.name, "see"))
            .map(|meta| meta.name)
            .collect();
        let limit = limit.clamp(1, 50);
        self.database.read(|conn| {
            let hits = store::find(conn, &[actor.company], &entities, words, limit * 3)?;
            let mut told = Vec::new();
            for hit in hits {
                let Some(meta) = self.registry.entity(&hit.entity) else { continue };
                // Row rules hold for what is found, too.
                let Some(record) = self.if_seen(conn, actor, meta, hit.id)? else { continue };
                if !self.is_shown_by(actor, &record, words) {
                    continue;
                }
                let text = meta.label.get(actor.lang);
                told.push(
                    json!({ "entity": meta.name, "id": outer(meta, hit.id), "label": record.label(), "text": text }),
                );
                if told.len() == limit {
                    break;
                }
            }
            Ok(json!({ "hits": told }))
        })
    }
}

impl Engine {
    /// Whether what was found by words may be told: the index was made of all fields, and who is not
    /// shown some of them finds only where each word stands in one they are shown.
    fn is_shown_by(&self, actor: &Actor, record: &Record, words: &str) -> bool {
        let (meta, asked) = (record.meta, words.to_lowercase());
        let searched = || meta.fields.iter().filter(|field| field.search || meta.title.contains(&field.name));
        if searched().all(|field| self.visible(actor, meta, field)) {
            return true;
        }
        let shown = searched().filter(|field| self.visible(actor, meta, field));
        let shown: Vec<String> =
            shown.filter_map(|field| record.get(field.name).text().map(str::to_lowercase)).collect();
        asked.split_whitespace().all(|word| shown.iter().any(|text| text.contains(word)))
    }
}

fn no_id(meta: &EntityMeta) -> Refusal {
    invalid(Label::new("“id” must be the id of a {what}.", "“id”必须是{what}的编号。"))
        .with("what", Param::Label(meta.label))
        .field("id")
}

fn no_version() -> Trouble {
    invalid(Label::new(
        "“version” must be the version you read, so that nobody's change is lost.",
        "请提供读取时的“version”，以免覆盖他人的修改。",
    ))
    .field("version")
    .into()
}
