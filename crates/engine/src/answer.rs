//! Answers: records, lists, metadata, reports and problems as the JSON of `docs/api.md`.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use kernel::{Currency, Label, Lang, Param, Problem, ProblemKind, Refusal, id_text};
use meta::json::{Currencies, Writer};
use meta::{EntityKind, EntityMeta, FieldKind, FieldMeta, Hint, ListQuery, Reader, Record, Tone, Trouble, Value};
use serde_json::{Map, Value as Json, json};
use store::{Conn, Scope};

use crate::facts::Snapshot;
use crate::write::{Ask, Posted, not_removable, outer};
use crate::{Actor, Engine, Key, gone};

/// What is thought of a record while it is typed.
pub(crate) struct Typed {
    record: Record,
    pub hints: Vec<Hint>,
    wrong: Vec<Refusal>,
}

/// What a report is called, in both languages.
pub type ReportTitle = Label;

pub(crate) fn label(label: Label) -> Json {
    json!({ "en": label.en, "zh": label.zh })
}

pub(crate) fn help(text: Label) -> Json {
    if text.en.is_empty() { Json::Null } else { label(text) }
}

/// The problems of a refusal, in the user's language, with the names of what they speak of.
pub(crate) fn problems(engine: &Engine, refusal: &Refusal, lang: Lang) -> Json {
    let mut wanted: BTreeMap<&str, BTreeSet<i64>> = BTreeMap::new();
    for problem in &refusal.problems {
        for (_, param) in &problem.params {
            if let Param::Ref { entity, id } = param {
                wanted.entry(*entity).or_default().insert(*id);
            }
        }
    }
    let labels = match wanted.is_empty() {
        true => HashMap::new(),
        false => {
            engine.database.read(|conn| Ok(store::labels(conn, &engine.registry, &wanted, lang)?)).unwrap_or_default()
        }
    };
    let names = |entity: &'static str, id: i64| labels.get(&(entity.to_owned(), id)).cloned();
    let one = |problem: &Problem| {
        json!({
            "code": problem.code,
            "field": problem.field,
            "row": problem.row,
            "message": problem.render(lang, &names),
        })
    };
    Json::Array(refusal.problems.iter().map(one).collect())
}

fn tone(tone: Tone) -> &'static str {
    match tone {
        Tone::Info => "info",
        Tone::Good => "good",
        Tone::Warn => "warn",
    }
}

impl Engine {
    // ---- records ------------------------------------------------------------------

    /// A record with what may be done with it.
    pub fn get(&self, actor: &Actor, entity: &str, id: i64) -> Result<Json, Trouble> {
        let meta = self.entity(entity)?;
        self.permit(actor, meta, "see")?;
        self.database.read(|conn| {
            let record = store::load(conn, meta, id)?.ok_or_else(|| gone(meta))?;
            if !self.reaches_on(conn, actor, &record, "see")? {
                return Err(gone(meta));
            }
            self.shown(conn, actor, &record)
        })
    }

    fn shown(&self, conn: &dyn Conn, actor: &Actor, record: &Record) -> Result<Json, Trouble> {
        let meta = record.meta;
        let behaviour = self.registry.behaviour(meta.name);
        let mut actions = Vec::new();
        for action in (meta.actions)() {
            if !actor.access.may(meta.name, action.name) {
                continue;
            }
            let why = behaviour.ready(record, action.name)?;
            let because = why.map(|refusal| first_message(self, &refusal, actor.lang));
            actions.push(match because {
                None => json!({ "name": action.name, "allowed": true }),
                Some(because) => json!({ "name": action.name, "allowed": false, "because": because }),
            });
        }
        let open = meta.kind != EntityKind::Document
            || record.stage().is_none_or(|stage| behaviour.open_stages().contains(&stage));
        let editable = meta.kind != EntityKind::Ledger && open && self.reaches(actor, record, "edit");
        let mut because = Map::new();
        let kept = not_removable(record);
        let removable = kept.is_none() && self.reaches(actor, record, "remove");
        if let Some(why) = kept {
            because.insert("remove".into(), Json::String(first_message(self, &why, actor.lang)));
        }
        Ok(json!({
            "record": self.record_json(conn, actor, record)?,
            "can": { "edit": editable, "remove": removable, "because": because },
            "actions": actions,
        }))
    }

    fn record_json(&self, conn: &dyn Conn, actor: &Actor, record: &Record) -> Result<Json, Trouble> {
        let labels = self.labels_of(conn, std::slice::from_ref(record), actor.lang)?;
        let names = |entity: &str, id: i64| labels.name(entity, id);
        let keeps = record.meta.name != "company" || self.keeps(conn, actor, record.id)?;
        let visible = |meta: &EntityMeta, field: &FieldMeta| {
            self.visible(actor, meta, field) && self.is_told(actor, meta, field.name, keeps)
        };
        let currency = self.currency_of_company(conn, record.company(), actor)?;
        let writer = Writer {
            registry: &self.registry,
            currencies: Currencies { company: currency, parent: currency },
            labels: &names,
            docs: &|id| labels.doc(id),
            visible: &visible,
        };
        Ok(writer.record(record))
    }

    fn currency_of_company(&self, conn: &dyn Conn, company: Option<i64>, actor: &Actor) -> Result<Currency, Trouble> {
        match company {
            Some(other) if other != actor.company => {
                let rows = conn.query("select currency from company where id = ?1", &[other.into()])?;
                Ok(rows.first().and_then(|row| Currency::parse(row.text(0))).unwrap_or(actor.currency))
            }
            _ => Ok(actor.currency),
        }
    }

    pub(crate) fn visible(&self, actor: &Actor, meta: &EntityMeta, field: &FieldMeta) -> bool {
        (!field.secret || actor.access.may(meta.name, &format!("field.{}", field.name)))
            && actor.access.shows(meta, field.name)
            && self.is_told(actor, meta, field.name, actor.access.keeps())
    }

    pub(crate) fn labels_of(&self, conn: &dyn Conn, records: &[Record], lang: Lang) -> Result<Labels, Trouble> {
        let (mut wanted, mut lines) = (Wanted::new(), BTreeSet::new());
        for record in records {
            wanted_refs(record, &mut wanted, &mut lines);
        }
        self.labels(conn, wanted, &lines, true, lang)
    }

    /// What is called how; and of what each of `docs` is, lines or what stands alone.
    fn labels(
        &self,
        conn: &dyn Conn,
        mut wanted: Wanted,
        docs: &BTreeSet<i64>,
        lines: bool,
        lang: Lang,
    ) -> Result<Labels, Trouble> {
        let docs = match docs.is_empty() {
            true => HashMap::new(),
            false => store::docs(conn, &self.registry, docs, lines)?,
        };
        for (id, entity) in &docs {
            wanted.entry(entity).or_default().insert(*id);
        }
        Ok(Labels { names: store::labels(conn, &self.registry, &wanted, lang)?, docs })
    }

    /// Creates a record.
    pub fn create(
        self: &Arc<Self>,
        actor: &Actor,
        entity: &str,
        body: &Map<String, Json>,
        key: Option<&Key>,
    ) -> Result<Json, Trouble> {
        let meta = self.entity(entity)?;
        let posted = self.write(actor, Ask::Create { meta, body: body.clone(), trusted: false }, key)?;
        self.after(actor, meta, posted)
    }

    /// Creates a record whose read-only fields may be set: for imports of our own and for set-up.
    pub fn create_trusted(
        self: &Arc<Self>,
        actor: &Actor,
        entity: &str,
        body: &Map<String, Json>,
    ) -> Result<i64, Trouble> {
        let meta = self.entity(entity)?;
        Ok(self.write(actor, Ask::Create { meta, body: body.clone(), trusted: true }, None)?.id)
    }

    /// Changes the fields that are sent.
    pub fn change(
        self: &Arc<Self>,
        actor: &Actor,
        entity: &str,
        id: i64,
        version: i64,
        body: &Map<String, Json>,
        key: Option<&Key>,
    ) -> Result<Json, Trouble> {
        let meta = self.entity(entity)?;
        let posted = self.write(actor, Ask::Change { meta, id, version, body: body.clone() }, key)?;
        self.after(actor, meta, posted)
    }

    /// Deletes a draft, or a master nobody uses.
    pub fn remove(
        self: &Arc<Self>,
        actor: &Actor,
        entity: &str,
        id: i64,
        version: Option<i64>,
        key: Option<&Key>,
    ) -> Result<Json, Trouble> {
        let meta = self.entity(entity)?;
        self.write(actor, Ask::Remove { meta, id, version }, key)?;
        Ok(json!({}))
    }

    /// Takes an action.
    #[allow(clippy::too_many_arguments)]
    pub fn act(
        self: &Arc<Self>,
        actor: &Actor,
        entity: &str,
        id: i64,
        action: &str,
        version: Option<i64>,
        body: &Map<String, Json>,
        key: Option<&Key>,
    ) -> Result<Json, Trouble> {
        let meta = self.entity(entity)?;
        let ask = Ask::Act { meta, id, action: action.to_owned(), version, body: body.clone() };
        let posted = self.write(actor, ask, key)?;
        self.after(actor, meta, posted)
    }

    /// A record that was just written. Who gave it away is told what it is called, and that it is out
    /// of their sight now: it was written, so it is not “not found”.
    pub(crate) fn told(&self, actor: &Actor, meta: &'static EntityMeta, id: i64) -> Result<Json, Trouble> {
        let fresh = match meta.name {
            // A company of today is not among those an actor of before works for.
            "company" if !actor.access.has_all() => Some(self.with_company(actor, id)?),
            _ => None,
        };
        let answer = self.get(fresh.as_ref().unwrap_or(actor), meta.name, id);
        let not_seen = match &answer {
            Err(Trouble::Refused(why)) => {
                let kind = |problem: &Problem| matches!(problem.kind, ProblemKind::NotFound | ProblemKind::NotAllowed);
                why.problems.iter().any(kind)
            }
            _ => false,
        };
        if !not_seen {
            return answer;
        }
        let record = self.database.read(|conn| Ok(store::load_bare(conn, meta, id)?))?.ok_or_else(|| gone(meta))?;
        Ok(json!({
            "record": { "id": outer(meta, id), "version": record.version },
            "label": record.label(),
            "can": { "edit": false, "remove": false, "because": {} },
            "actions": [],
            "out_of_sight": true,
        }))
    }

    fn after(&self, actor: &Actor, meta: &'static EntityMeta, posted: Posted) -> Result<Json, Trouble> {
        let mut answer = self.told(actor, meta, posted.id)?;
        let created = posted.created.iter().filter_map(|(entity, id)| {
            let meta = self.registry.entity(entity)?;
            let label =
                self.database.read(|conn| Ok(store::load(conn, meta, *id)?.map(|record| record.label()))).ok()?;
            Some(json!({ "entity": entity, "id": outer(meta, *id), "label": label }))
        });
        let ids = |prefix: &str, ids: &[i64]| ids.iter().map(|id| id_text(prefix, *id)).collect::<Vec<_>>();
        answer["posted"] = json!({
            "entries": ids("en", &posted.entries),
            "moves": ids("mv", &posted.moves),
            "created": created.collect::<Vec<_>>(),
        });
        Ok(answer)
    }

    /// Completes a record being typed; saves nothing.
    pub fn preview(&self, actor: &Actor, entity: &str, body: &Map<String, Json>) -> Result<Json, Trouble> {
        let meta = self.entity(entity)?;
        if !actor.access.may(meta.name, "edit") {
            self.permit(actor, meta, "add")?;
        }
        self.database.read(|conn| {
            let mut body = body.clone();
            let known = body.remove("id").as_ref().and_then(Json::as_str).and_then(|id| kernel::id_parse(meta.prefix, id));
            let old = match known {
                Some(id) => {
                    Some(self.seen(conn, actor, meta, id)?)
                }
                None => None,
            };
            let reader = Snapshot::new(self, actor, conn);
            let Typed { record, hints, wrong } = self.typed(&reader, actor, meta, old, body)?;
            let hints = hints.iter().map(|hint| {
                let about = problems(self, &hint.about, actor.lang);
                let about = &about[0];
                json!({ "row": about["row"], "field": about["field"], "tone": tone(hint.tone), "text": about["message"] })
            });
            let hints: Vec<Json> = hints.collect();
            let wrong = match wrong.is_empty() {
                true => json!([]),
                false => problems(self, &Refusal::merge(wrong), actor.lang),
            };
            Ok(json!({ "record": self.record_json(conn, actor, &record)?, "hints": hints, "problems": wrong }))
        })
    }

    /// A record as it is being typed, completed; of a new one there is none of before.
    pub(crate) fn typed(
        &self,
        reader: &Snapshot,
        actor: &Actor,
        meta: &'static EntityMeta,
        old: Option<Record>,
        mut body: Map<String, Json>,
    ) -> Result<Typed, Trouble> {
        let mut record = match &old {
            Some(old) => old.clone(),
            None => crate::write::fresh(meta, actor, self.today_of(actor)),
        };
        // While typing, what the server fills is sent back with the rest; it is not a fault.
        body.retain(|name, _| meta.field(name).is_none_or(|field| !field.readonly));
        strip_lines(meta, &mut body);
        let currencies = Currencies { company: actor.currency, parent: actor.currency };
        let mut wrong = Vec::new();
        let whole = crate::currency::said(&self.registry, &record, &body, currencies, reader)?.unwrap_or(body);
        if let Err(refusal) = meta::json::read(&whole, &mut record, currencies, &self.registry, true) {
            wrong.push(refusal);
        }
        let verb = if old.is_some() { "edit" } else { "add" };
        let before = old.clone().unwrap_or_else(|| crate::write::fresh(meta, actor, self.today_of(actor)));
        wrong.extend(crate::access::untouched(&actor.access, &before, &record, verb));
        let query = |of: &EntityMeta, sql: &str, args: &[Value]| match of.steady {
            true => reader.steady_rows(sql, args),
            false => reader.conn.query(sql, args).map(Arc::new),
        };
        wrong.extend(crate::check::forget_strangers(self, actor, &query, &mut record, old.as_ref())?);
        let (hints, refusal) = self.registry.behaviour(meta.name).complete(&mut record, reader)?;
        wrong.extend(refusal);
        wrong.extend(crate::check::days_in_order(&record, old.as_ref()));
        Ok(Typed { record, hints, wrong })
    }

    /// A new, unsaved record: blank, or prefilled from another document.
    pub fn new_from(&self, actor: &Actor, entity: &str, from: Option<(&str, i64)>) -> Result<Json, Trouble> {
        let meta = self.entity(entity)?;
        self.permit(actor, meta, "add")?;
        self.database.read(|conn| {
            let mut record = crate::write::fresh(meta, actor, self.today_of(actor));
            let reader = Snapshot::new(self, actor, conn);
            if let Some((source, id)) = from {
                let source = self.entity(source)?;
                self.permit(actor, source, "see")?;
                let from = self.seen(conn, actor, source, id)?;
                let made = self.registry.behaviour(meta.name).prefill(&from, &reader)?;
                let Some(made) = made else {
                    return Err(Refusal::new(
                        "nothing_to_make",
                        Label::new(
                            "There is nothing left that a new “{what}” could be made of.",
                            "没有可用于生成{what}的剩余内容。",
                        ),
                    )
                    .with("what", Param::Label(meta.label))
                    .kind(ProblemKind::NotNow)
                    .into());
                };
                let blank = record;
                record = made;
                for index in 0..meta.fields.len() {
                    if record.at(index).is_null() {
                        record.put(index, blank.at(index).clone());
                    }
                }
            }
            let _ = self.registry.behaviour(meta.name).complete(&mut record, &reader)?;
            let mut told = self.record_json(conn, actor, &record)?;
            leave_out_readonly(meta, &mut told);
            Ok(json!({ "record": told }))
        })
    }

    // ---- lists --------------------------------------------------------------------

    pub(crate) fn scope<'a>(
        &'a self,
        actor: &'a Actor,
        visible: &'a dyn Fn(&EntityMeta, &FieldMeta) -> bool,
    ) -> Scope<'a> {
        Scope {
            about: actor.access.about(),
            companies: vec![actor.company],
            user: actor.user,
            team: actor.team.clone(),
            today: self.today_of(actor),
            currency: actor.currency,
            visible,
        }
    }

    /// A list or, when it asks for groups, its groups.
    pub fn list(&self, actor: &Actor, entity: &str, query: &ListQuery) -> Result<Json, Trouble> {
        let meta = self.entity(entity)?;
        self.permit(actor, meta, "see")?;
        let rules = self.rules(actor, meta, "see");
        let keeps = meta.name != "company" || self.database.read(|conn| self.keeps_all(conn, actor))?;
        let visible = |entity: &EntityMeta, field: &FieldMeta| {
            actor.access.may_see(entity)
                && self.visible(actor, entity, field)
                && self.is_told(actor, entity, field.name, keeps)
        };
        let scope = self.scope(actor, &visible);
        self.database.read(|conn| {
            if !query.group.is_empty() || !query.aggregates.is_empty() {
                return self.groups(conn, actor, meta, query, &rules, &scope);
            }
            let page = store::list(conn, &self.registry, meta, query, &rules, &scope)?;
            let labels = self.labels_of(conn, &page.rows, actor.lang)?;
            let names = |entity: &str, id: i64| labels.name(entity, id);
            let named = |field: &FieldMeta| query.fields.iter().any(|name| name == field.name);
            // Lines come whole, and only where they are asked for.
            let asked = |of: &EntityMeta, field: &FieldMeta| match field.kind {
                FieldKind::Owned(_) => named(field),
                _ => of.name != meta.name || query.fields.is_empty() || named(field) || field.name == "currency",
            };
            let see = |of: &EntityMeta, field: &FieldMeta| {
                asked(of, field) && self.visible(actor, of, field) && self.is_told(actor, of, field.name, keeps)
            };
            let writer = Writer {
                registry: &self.registry,
                currencies: Currencies { company: actor.currency, parent: actor.currency },
                labels: &names,
                docs: &|id| labels.doc(id),
                visible: &see,
            };
            let (mut further, mut lines, mut docs) = (Wanted::new(), BTreeSet::new(), BTreeSet::new());
            for values in &page.extra_values {
                for (column, value) in page.extra.iter().zip(values) {
                    match (column.field.kind, value) {
                        (FieldKind::Ref(entity), Value::Int(id)) => {
                            further.entry(entity).or_default().insert(*id);
                        }
                        (FieldKind::Doc, Value::Int(id)) => {
                            let stands_beside = column.meta.field(&meta::json::beside(column.field.name)).is_some();
                            if stands_beside {
                                docs.insert(*id)
                            } else {
                                lines.insert(*id)
                            };
                        }
                        _ => {}
                    }
                }
            }
            let (further, lines) = (
                self.labels(conn, further, &docs, false, actor.lang)?,
                self.labels(conn, Wanted::new(), &lines, true, actor.lang)?,
            );
            let far = |entity: &str, id: i64| further.name(entity, id).or_else(|| lines.name(entity, id));
            let extra = Writer { labels: &far, docs: &|id| further.doc(id).or_else(|| lines.doc(id)), ..writer };
            let rows = page.rows.iter().enumerate().map(|(row, record)| {
                let mut shown = writer.record(record);
                let values = page.extra_values.get(row).into_iter().flatten();
                for (column, value) in page.extra.iter().zip(values) {
                    shown[column.path.as_str()] = extra.value(column.field.kind, value, actor.currency);
                }
                shown
            });
            let mut told = json!({ "rows": rows.collect::<Vec<_>>(), "next": page.next, "count": page.count });
            if page.is_near {
                told["near"] = json!(true);
            }
            Ok(told)
        })
    }
}

fn first_message(engine: &Engine, refusal: &Refusal, lang: Lang) -> String {
    problems(engine, refusal, lang)[0]["message"].as_str().unwrap_or("").to_owned()
}

type Wanted<'a> = BTreeMap<&'a str, BTreeSet<i64>>;

/// What the records that others name are called.
pub(crate) struct Labels {
    pub names: HashMap<(String, i64), String>,
    /// Of which entity those are of which only the id is known.
    docs: HashMap<i64, &'static str>,
}

impl Labels {
    fn name(&self, entity: &str, id: i64) -> Option<String> {
        self.names.get(&(entity.to_owned(), id)).cloned()
    }

    fn doc(&self, id: i64) -> Option<&'static str> {
        self.docs.get(&id).copied()
    }
}

/// What a record names, and the lines of which it has only the id.
fn wanted_refs<'a>(record: &'a Record, wanted: &mut Wanted<'a>, lines: &mut BTreeSet<i64>) {
    for (index, field) in record.meta.fields.iter().enumerate() {
        match (field.kind, record.at(index)) {
            (FieldKind::Ref(entity), Value::Int(id)) => {
                wanted.entry(entity).or_default().insert(*id);
            }
            (FieldKind::Owned(_), _) => record.owned_at(index).iter().for_each(|line| wanted_refs(line, wanted, lines)),
            (FieldKind::Doc, Value::Int(id)) => match meta::json::entity_beside(record, field) {
                Some(entity) => {
                    wanted.entry(entity).or_default().insert(*id);
                }
                None => {
                    lines.insert(*id);
                }
            },
            _ => {}
        }
    }
}

/// Leaves out of a new record what cannot be set: what is left can be sent back as it is.
fn leave_out_readonly(meta: &'static EntityMeta, record: &mut Json) {
    let Json::Object(parts) = record else { return };
    parts.retain(|name, _| meta.field(name).is_none_or(|field| !field.readonly || field.computed));
    for (index, line) in meta.owned_fields_meta() {
        let lines = parts.get_mut(meta.fields[index].name).and_then(Json::as_array_mut);
        lines.into_iter().flatten().for_each(|one| leave_out_readonly(line, one));
    }
}

/// Leaves out of typed lines what only the server fills.
fn strip_lines(meta: &'static EntityMeta, body: &mut Map<String, Json>) {
    for (index, line) in meta.owned_fields_meta() {
        let Some(Json::Array(rows)) = body.get_mut(meta.fields[index].name) else { continue };
        for row in rows {
            if let Json::Object(parts) = row {
                // An id of a line that is not saved yet means nothing.
                parts.retain(|name, _| line.field(name).is_none_or(|field| !field.computed));
            }
        }
    }
}
