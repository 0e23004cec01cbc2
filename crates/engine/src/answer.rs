//! Answers: records, lists, metadata, reports and problems as the JSON of `docs/api.md`.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use kernel::{Amount, Currency, Label, Lang, Param, Problem, ProblemKind, Refusal, id_text};
use meta::json::{Currencies, Writer};
use meta::{
    ActionMeta, Cell, ChoiceMeta, EntityKind, EntityMeta, FieldKind, FieldMeta, ListQuery, MenuItem, Opens, Record,
    ReportMeta, RowStyle, Table, Tone, Trouble, Value,
};
use serde_json::{Map, Value as Json, json};
use store::{Conn, Scope};

use crate::facts::Snapshot;
use crate::write::{Ask, Posted, not_removable, outer};
use crate::{Actor, Engine, Key, gone};

/// What a report is called, in both languages.
pub type ReportTitle = Label;

fn label(label: Label) -> Json {
    json!({ "en": label.en, "zh": label.zh })
}

fn help(text: Label) -> Json {
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
        false => engine.database.read(|conn| Ok(store::labels(conn, &engine.registry, &wanted)?)).unwrap_or_default(),
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
            if !self.reaches(actor, &record, "see") {
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
        let kept = not_removable(self, record);
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
        let labels = self.labels_of(conn, std::slice::from_ref(record))?;
        let names = |entity: &str, id: i64| labels.get(&(entity.to_owned(), id)).cloned();
        let visible = |field: &FieldMeta| self.visible(actor, record.meta, field);
        let currency = self.currency_of_company(conn, record.company(), actor)?;
        let writer = Writer {
            registry: &self.registry,
            currencies: Currencies { company: currency, parent: currency },
            labels: &names,
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
        !field.secret || actor.access.may(meta.name, &format!("field.{}", field.name))
    }

    pub(crate) fn labels_of(&self, conn: &dyn Conn, records: &[Record]) -> Result<HashMap<(String, i64), String>, Trouble> {
        let mut wanted: BTreeMap<&str, BTreeSet<i64>> = BTreeMap::new();
        for record in records {
            wanted_refs(record, &mut wanted);
        }
        Ok(store::labels(conn, &self.registry, &wanted)?)
    }

    /// Creates a record.
    pub fn create(self: &Arc<Self>, actor: &Actor, entity: &str, body: &Map<String, Json>, key: Option<&Key>) -> Result<Json, Trouble> {
        let meta = self.entity(entity)?;
        let posted = self.write(actor, Ask::Create { meta, body: body.clone(), trusted: false }, key)?;
        self.after(actor, meta, posted)
    }

    /// Creates a record whose read-only fields may be set: for imports of our own and for set-up.
    pub fn create_trusted(self: &Arc<Self>, actor: &Actor, entity: &str, body: &Map<String, Json>) -> Result<i64, Trouble> {
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
    pub fn remove(self: &Arc<Self>, actor: &Actor, entity: &str, id: i64, version: Option<i64>, key: Option<&Key>) -> Result<Json, Trouble> {
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

    fn after(&self, actor: &Actor, meta: &'static EntityMeta, posted: Posted) -> Result<Json, Trouble> {
        let mut answer = self.get(actor, meta.name, posted.id)?;
        let created = posted.created.iter().filter_map(|(entity, id)| {
            let meta = self.registry.entity(entity)?;
            let label = self.database.read(|conn| Ok(store::load(conn, meta, *id)?.map(|record| record.label()))).ok()?;
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
            let mut record = match known {
                Some(id) => {
                    let record = store::load(conn, meta, id)?.filter(|record| self.reaches(actor, record, "see"));
                    record.ok_or_else(|| gone(meta))?
                }
                None => crate::write::fresh(meta, actor, self.today()),
            };
            // While typing, what the server fills is sent back with the rest; it is not a fault.
            body.retain(|name, _| meta.field(name).is_none_or(|field| !field.readonly));
            strip_lines(meta, &mut body);
            let currencies = Currencies { company: actor.currency, parent: actor.currency };
            let mut wrong = Vec::new();
            if let Err(refusal) = meta::json::read(&body, &mut record, currencies, &self.registry, true) {
                wrong.push(refusal);
            }
            let reader = Snapshot { conn, context: self.context(actor) };
            let (hints, refusal) = self.registry.behaviour(meta.name).complete(&mut record, &reader)?;
            wrong.extend(refusal);
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

    /// A new, unsaved record: blank, or prefilled from another document.
    pub fn new_from(&self, actor: &Actor, entity: &str, from: Option<(&str, i64)>) -> Result<Json, Trouble> {
        let meta = self.entity(entity)?;
        self.permit(actor, meta, "add")?;
        self.database.read(|conn| {
            let mut record = crate::write::fresh(meta, actor, self.today());
            let reader = Snapshot { conn, context: self.context(actor) };
            if let Some((source, id)) = from {
                let source = self.entity(source)?;
                self.permit(actor, source, "see")?;
                let from = store::load(conn, source, id)?.filter(|from| self.reaches(actor, from, "see"));
                let from = from.ok_or_else(|| gone(source))?;
                let made = self.registry.behaviour(meta.name).prefill(&from, &reader)?;
                let Some(made) = made else {
                    return Err(Refusal::new(
                        "nothing_to_make",
                        Label::new(
                            "There is nothing left to make a {what} of.",
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
            Ok(json!({ "record": self.record_json(conn, actor, &record)? }))
        })
    }

    // ---- lists --------------------------------------------------------------------

    fn scope<'a>(&'a self, actor: &'a Actor, visible: &'a dyn Fn(&EntityMeta, &FieldMeta) -> bool) -> Scope<'a> {
        Scope {
            companies: vec![actor.company],
            user: actor.user,
            team: actor.team.clone(),
            today: self.today(),
            currency: actor.currency,
            visible,
        }
    }

    /// A list or, when it asks for groups, its groups.
    pub fn list(&self, actor: &Actor, entity: &str, query: &ListQuery) -> Result<Json, Trouble> {
        let meta = self.entity(entity)?;
        self.permit(actor, meta, "see")?;
        let rules = actor.access.rows(meta, "see");
        let visible = |entity: &EntityMeta, field: &FieldMeta| {
            actor.access.may(entity.name, "see") && self.visible(actor, entity, field)
        };
        let scope = self.scope(actor, &visible);
        self.database.read(|conn| {
            if !query.group.is_empty() {
                return self.groups(conn, actor, meta, query, &rules, &scope);
            }
            let page = store::list(conn, &self.registry, meta, query, &rules, &scope)?;
            let labels = self.labels_of(conn, &page.rows)?;
            let names = |entity: &str, id: i64| labels.get(&(entity.to_owned(), id)).cloned();
            let see = |field: &FieldMeta| {
                !matches!(field.kind, FieldKind::Owned(_))
                    && self.visible(actor, meta, field)
                    && (query.fields.is_empty() || query.fields.iter().any(|name| name == field.name) || field.name == "currency")
            };
            let writer = Writer {
                registry: &self.registry,
                currencies: Currencies { company: actor.currency, parent: actor.currency },
                labels: &names,
                visible: &see,
            };
            let mut further = BTreeMap::<&str, BTreeSet<i64>>::new();
            for values in &page.extra_values {
                for (column, value) in page.extra.iter().zip(values) {
                    if let (FieldKind::Ref(entity), Value::Int(id)) = (column.field.kind, value) {
                        further.entry(entity).or_default().insert(*id);
                    }
                }
            }
            let further = store::labels(conn, &self.registry, &further)?;
            let far = |entity: &str, id: i64| further.get(&(entity.to_owned(), id)).cloned();
            let extra = Writer { labels: &far, ..writer };
            let rows = page.rows.iter().enumerate().map(|(row, record)| {
                let mut shown = writer.record(record);
                let values = page.extra_values.get(row).into_iter().flatten();
                for (column, value) in page.extra.iter().zip(values) {
                    shown[column.path.as_str()] = extra.value(column.field.kind, value, actor.currency);
                }
                shown
            });
            Ok(json!({ "rows": rows.collect::<Vec<_>>(), "next": page.next, "count": page.count }))
        })
    }

    fn groups(
        &self,
        conn: &dyn Conn,
        actor: &Actor,
        meta: &'static EntityMeta,
        query: &ListQuery,
        rules: &meta::Filter,
        scope: &Scope,
    ) -> Result<Json, Trouble> {
        let groups = store::groups(conn, &self.registry, meta, query, rules, scope)?;
        let mut wanted: BTreeMap<&str, BTreeSet<i64>> = BTreeMap::new();
        for group in &groups {
            for (kind, value) in group.kinds.iter().zip(&group.key) {
                if let (FieldKind::Ref(entity), Value::Int(id)) = (kind, value) {
                    wanted.entry(entity).or_default().insert(*id);
                }
            }
        }
        let labels = store::labels(conn, &self.registry, &wanted)?;
        let names = |entity: &str, id: i64| labels.get(&(entity.to_owned(), id)).cloned();
        let writer = Writer {
            registry: &self.registry,
            currencies: Currencies { company: actor.currency, parent: actor.currency },
            labels: &names,
            visible: &|_| true,
        };
        let answer = groups.iter().map(|group| {
            let key = group.kinds.iter().zip(&group.key).map(|(kind, value)| writer.value(*kind, value, actor.currency));
            let mut figures: BTreeMap<&str, Map<String, Json>> = BTreeMap::new();
            for ((aggregate, kind), value) in query.aggregates.iter().zip(&group.value_kinds).zip(&group.values) {
                let (name, field) = match aggregate {
                    meta::Aggregate::Sum(field) => ("sum", field),
                    meta::Aggregate::Min(field) => ("min", field),
                    meta::Aggregate::Max(field) => ("max", field),
                };
                figures.entry(name).or_default().insert(field.clone(), writer.value(*kind, value, actor.currency));
            }
            let mut one = json!({ "key": key.collect::<Vec<_>>(), "count": group.count });
            for (name, values) in figures {
                one[name] = Json::Object(values);
            }
            one
        });
        Ok(json!({ "groups": answer.collect::<Vec<_>>() }))
    }

    /// All rows of a list as a table, for files. The right to export is needed.
    pub fn table(&self, actor: &Actor, entity: &str, query: &ListQuery) -> Result<Table, Trouble> {
        let meta = self.entity(entity)?;
        self.permit(actor, meta, "see")?;
        self.permit(actor, meta, "export")?;
        let rules = actor.access.rows(meta, "export");
        let visible = |entity: &EntityMeta, field: &FieldMeta| {
            actor.access.may(entity.name, "see") && self.visible(actor, entity, field)
        };
        let scope = self.scope(actor, &visible);
        let shown: Vec<(usize, &FieldMeta)> = meta
            .fields
            .iter()
            .enumerate()
            .filter(|(_, field)| !field.hidden && field.kind.is_column() && self.visible(actor, meta, field))
            .filter(|(_, field)| query.fields.is_empty() || query.fields.iter().any(|name| name == field.name))
            .collect();
        let mut columns = vec![meta::Column { name: "id", label: Label::new("Id", "编号"), kind: FieldKind::Text }];
        columns.extend(shown.iter().map(|(_, field)| meta::Column { name: field.name, label: field.label, kind: field.kind }));
        let mut table = Table::new(columns);
        self.database.read(|conn| {
            let mut page_query = ListQuery { limit: 1000, count: false, group: Vec::new(), ..query.clone() };
            loop {
                let page = store::list(conn, &self.registry, meta, &page_query, &rules, &scope)?;
                let labels = self.labels_of(conn, &page.rows)?;
                for record in &page.rows {
                    let mut cells = vec![Cell::from(outer(meta, record.id))];
                    for (index, field) in &shown {
                        cells.push(cell(field, record, *index, actor.currency, &labels));
                    }
                    table.push(cells)?;
                }
                match page.next {
                    Some(next) => page_query.cursor = Some(next),
                    None => return Ok(()),
                }
            }
        })?;
        Ok(table)
    }

    // ---- metadata -----------------------------------------------------------------

    /// What there is, as far as an actor may see it.
    pub fn meta_json(&self, actor: &Actor) -> Json {
        let mut entities = Map::new();
        let mut choices = Map::new();
        for meta in self.registry.entities() {
            let owner = meta.parent.map_or(meta.name, |(owner, _)| owner);
            if !actor.access.may(owner, "see") {
                continue;
            }
            entities.insert(meta.name.into(), self.entity_json(actor, meta));
            for field in meta.fields {
                if let FieldKind::Choice(choice) = field.kind {
                    choices.insert(format!("{}.{}", meta.name, field.name), choice_json(choice));
                }
            }
            for action in (meta.actions)() {
                for arg in action.args {
                    if let FieldKind::Choice(choice) = arg.kind {
                        choices.insert(format!("{}.{}", meta.name, arg.name), choice_json(choice));
                    }
                }
            }
        }
        let mut reports = Map::new();
        for report in self.registry.reports().filter(|report| actor.access.may(report.name, "see")) {
            for param in report.params {
                if let FieldKind::Choice(choice) = param.kind {
                    choices.insert(format!("{}.{}", report.name, param.name), choice_json(choice));
                }
            }
            let params: Vec<Json> = report.params.iter().map(|param| self.field_json(report.name, param)).collect();
            let module = self.registry.module_of(report.name).map_or("", |module| module.name);
            reports.insert(
                report.name.into(),
                json!({ "name": report.name, "module": module, "label": label(report.label), "help": help(report.help), "params": params }),
            );
        }
        json!({ "entities": entities, "choices": choices, "reports": reports, "modules": self.modules_json(actor) })
    }

    fn modules_json(&self, actor: &Actor) -> Json {
        let modules = self.registry.modules().iter().filter_map(|module| {
            let menu = module.menu.iter().filter_map(|item| match item {
                MenuItem::Entity(name) => actor.access.may(name, "see").then(|| json!({ "entity": name })),
                MenuItem::Report(name) => actor.access.may(name, "see").then(|| json!({ "report": name })),
            });
            let menu: Vec<Json> = menu.collect();
            (!menu.is_empty())
                .then(|| json!({ "name": module.name, "label": label(module.label), "icon": module.icon, "menu": menu }))
        });
        Json::Array(modules.collect())
    }

    fn entity_json(&self, actor: &Actor, meta: &'static EntityMeta) -> Json {
        let may = |verb: &str| actor.access.may(meta.parent.map_or(meta.name, |(owner, _)| owner), verb);
        let fields = meta.fields.iter().filter(|field| self.visible(actor, meta, field));
        let writable = meta.kind != EntityKind::Ledger;
        json!({
            "name": meta.name, "prefix": meta.prefix, "kind": meta.kind.name(),
            "module": self.registry.module_of(meta.name).map_or("", |module| module.name),
            "label": label(meta.label), "plural": label(meta.plural), "help": help(meta.help),
            "title": meta.title,
            "parent": meta.parent.map(|(entity, field)| json!({ "entity": entity, "field": field })),
            "can": {
                "see": may("see"), "add": writable && may("add"), "edit": writable && may("edit"),
                "remove": writable && may("remove"), "import": writable && may("import"), "export": may("export"),
            },
            "stage_field": meta.stage_field,
            "list": meta.list, "default_sort": meta.sort, "makes": self.makes(actor, meta),
            "sections": self.sections_json(meta),
            "actions": (meta.actions)().iter().filter(|action| may(action.name)).map(|action| self.action_json(meta, action)).collect::<Vec<_>>(),
            "transitions": (meta.transitions)().iter().map(|step| json!([step.from, step.action, step.to])).collect::<Vec<_>>(),
            "fields": fields.map(|field| self.field_json(meta.name, field)).collect::<Vec<_>>(),
        })
    }

    /// What can be made of a record of this entity.
    fn makes(&self, actor: &Actor, meta: &EntityMeta) -> Vec<&'static str> {
        let made = self.registry.entities().filter(|made| {
            actor.access.may(made.name, "add") && self.registry.behaviour(made.name).sources().contains(&meta.name)
        });
        made.map(|made| made.name).collect()
    }

    fn sections_json(&self, meta: &EntityMeta) -> Json {
        let mut sections: Vec<(Label, Vec<&str>)> = Vec::new();
        for field in meta.fields {
            if let Some(section) = meta.sections.iter().find(|section| section.first == field.name) {
                sections.push((section.label, Vec::new()));
            }
            if field.hidden || matches!(field.kind, FieldKind::Owned(_)) {
                continue;
            }
            if sections.is_empty() {
                sections.push((Label::new("General", "基本信息"), Vec::new()));
            }
            sections.last_mut().expect("not empty").1.push(field.name);
        }
        let sections = sections.into_iter().filter(|(_, fields)| !fields.is_empty());
        Json::Array(sections.map(|(text, fields)| json!({ "label": label(text), "fields": fields })).collect())
    }

    fn action_json(&self, meta: &EntityMeta, action: &ActionMeta) -> Json {
        json!({
            "name": action.name, "label": label(action.label), "help": help(action.help),
            "args": action.args.iter().map(|arg| self.field_json(meta.name, arg)).collect::<Vec<_>>(),
            "danger": action.danger, "primary": action.primary, "many": action.many,
        })
    }

    /// The description of a field or parameter of `of`.
    pub fn field_json(&self, of: &str, field: &FieldMeta) -> Json {
        let mut map = json!({
            "name": field.name, "kind": field.kind.name(), "label": label(field.label), "help": help(field.help),
            "required": field.required, "readonly": field.readonly, "computed": field.computed, "hidden": field.hidden,
            "search": field.search, "group": field.group,
        });
        match field.kind {
            FieldKind::Ref(entity) => map["entity"] = json!(entity),
            FieldKind::Owned(line) => map["entity"] = json!(line().name),
            FieldKind::Choice(_) => map["choice"] = json!(format!("{of}.{}", field.name)),
            FieldKind::Amount => {
                map["currency"] = json!(if field.currency.is_empty() { "company.currency" } else { field.currency });
            }
            FieldKind::Text | FieldKind::LongText => map["max"] = json!(field.max),
            _ => {}
        }
        if !field.default.is_empty() {
            map["default"] = json!(field.default);
        }
        map["only"] = serde_json::from_str(field.only).unwrap_or(Json::Null);
        map
    }

    /// Who is signed in, and for which company.
    pub fn session_json(&self, actor: &Actor) -> Result<Json, Trouble> {
        self.database.read(|conn| {
            let me = conn.query("select name, login, language from \"user\" where id = ?1", &[actor.user.into()])?;
            let rows = conn.query("select id, name, currency from company order by id", &[])?;
            let companies = rows.iter().filter(|row| actor.companies.contains(&row.int(0))).map(|row| {
                json!({ "id": id_text("co", row.int(0)), "label": row.text(1), "currency": row.text(2) })
            });
            let companies: Vec<Json> = companies.collect();
            let here = id_text("co", actor.company.max(1));
            let company = companies.iter().find(|one| one["id"] == here.as_str()).cloned().unwrap_or(Json::Null);
            let user = me.first().map(|row| {
                json!({ "id": id_text("us", actor.user.max(1)), "name": row.text(0), "login": row.text(1), "language": row.text(2) })
            });
            Ok(json!({
                "user": user, "company": company, "companies": companies, "roles": actor.roles,
                "today": self.today().to_string(),
            }))
        })
    }

    // ---- reports ------------------------------------------------------------------

    /// Makes a report from its parameters as they stand in a URL.
    pub fn report(&self, actor: &Actor, name: &str, params: &BTreeMap<String, String>) -> Result<(ReportTitle, Table), Trouble> {
        let report = self.registry.report(name).ok_or_else(|| {
            crate::not_found(Label::new("There is no such report.", "没有该报表。"))
        })?;
        self.permit_report(actor, report)?;
        let values = self.report_values(actor, report, params)?;
        self.database.read(|conn| {
            let reader = Snapshot { conn, context: self.context(actor) };
            let mut table = (report.run)(&values, &reader)?;
            self.name_cells(conn, &mut table)?;
            Ok((report.label, table))
        })
    }

    fn report_values(&self, actor: &Actor, report: &ReportMeta, params: &BTreeMap<String, String>) -> Result<Vec<Value>, Trouble> {
        let mut problems = Vec::new();
        for name in params.keys() {
            if !report.params.iter().any(|param| param.name == name) {
                problems.push(
                    Refusal::new(
                        "unknown_field",
                        Label::new("This report does not ask for “{name}”. Remove it.", "该报表没有参数“{name}”，请删除。"),
                    )
                    .with("name", name.chars().take(60).collect::<String>())
                    .field(name.as_str()),
                );
            }
        }
        let mut values = Vec::new();
        for param in report.params {
            let text = params.get(param.name).map_or("", String::as_str);
            let json = Json::String(text.to_owned());
            match meta::json::read_value(param, &json, actor.currency, &self.registry) {
                Ok(Value::Null) => values.push(match (param.kind, param.default) {
                    (FieldKind::Date, "today") => self.today().into(),
                    (FieldKind::Date, "month_start") => self.today().start_of_month().into(),
                    (FieldKind::Date, "year_start") => {
                        kernel::Date::new(self.today().year(), 1, 1).expect("January 1st exists").into()
                    }
                    (_, "") if param.required => {
                        problems.push(
                            Refusal::new("missing", Label::new("“{field}” is missing. Fill it in.", "请填写“{field}”。"))
                                .with("field", Param::Label(param.label))
                                .field(param.name),
                        );
                        Value::Null
                    }
                    (_, "") => Value::Null,
                    (_, default) => Value::from(default),
                }),
                Ok(value) => values.push(value),
                Err(refusal) => problems.push(refusal),
            }
        }
        if problems.is_empty() { Ok(values) } else { Err(Refusal::merge(problems).into()) }
    }

    fn name_cells(&self, conn: &dyn Conn, table: &mut Table) -> Result<(), Trouble> {
        let mut wanted: BTreeMap<&str, BTreeSet<i64>> = BTreeMap::new();
        let kinds: Vec<FieldKind> = table.columns.iter().map(|column| column.kind).collect();
        for row in &mut table.rows {
            for (cell, kind) in row.cells.iter_mut().zip(&kinds) {
                if let (Cell::Value(Value::Int(id)), FieldKind::Ref(entity)) = (&*cell, kind) {
                    *cell = Cell::Ref { entity, id: *id, label: String::new() };
                }
                if let Cell::Ref { entity, id, label } = cell {
                    if label.is_empty() {
                        wanted.entry(*entity).or_default().insert(*id);
                    }
                }
            }
        }
        if wanted.is_empty() {
            return Ok(());
        }
        let labels = store::labels(conn, &self.registry, &wanted)?;
        for row in &mut table.rows {
            for cell in &mut row.cells {
                if let Cell::Ref { entity, id, label } = cell {
                    if label.is_empty() {
                        *label = labels.get(&((*entity).to_owned(), *id)).cloned().unwrap_or_default();
                    }
                }
            }
        }
        Ok(())
    }

    /// A report as JSON, in one language.
    pub fn table_json(&self, actor: &Actor, title: Label, table: &Table) -> Json {
        let lang = actor.lang;
        let none = |_: &str, _: i64| None;
        let writer = Writer {
            registry: &self.registry,
            currencies: Currencies { company: actor.currency, parent: actor.currency },
            labels: &none,
            visible: &|_| true,
        };
        let columns = table.columns.iter().map(|column| {
            json!({ "name": column.name, "label": column.label.get(lang), "kind": column.kind.name() })
        });
        let rows = table.rows.iter().map(|row| {
            let mut cells = Map::new();
            for (column, cell) in table.columns.iter().zip(&row.cells) {
                let value = match cell {
                    Cell::Empty => Json::Null,
                    Cell::Value(value) => writer.value(column.kind, value, actor.currency),
                    Cell::Money(money) => json!(money_text(money.amount, money.currency)),
                    Cell::Label(label) => json!(label.get(lang)),
                    Cell::Ref { entity, id, label } => {
                        let prefix = self.registry.entity(entity).map_or("x", |meta| meta.prefix);
                        let id = if *id > 0 { id_text(prefix, *id) } else { String::new() };
                        json!({ "entity": entity, "id": id, "label": label })
                    }
                };
                cells.insert(column.name.into(), value);
            }
            let style = match row.style {
                RowStyle::Plain => "plain",
                RowStyle::Head => "head",
                RowStyle::Total => "total",
            };
            json!({ "cells": cells, "level": row.level, "style": style, "open": self.opens_json(row.opens.as_ref()) })
        });
        json!({
            "title": title.get(lang),
            "columns": columns.collect::<Vec<_>>(),
            "rows": rows.collect::<Vec<_>>(),
            "notes": table.notes.iter().map(|note| note.get(lang)).collect::<Vec<_>>(),
        })
    }

    pub(crate) fn opens_json(&self, opens: Option<&Opens>) -> Json {
        match opens {
            None => Json::Null,
            Some(Opens::Report(name, params)) => {
                let params: Map<String, Json> = params.iter().map(|(k, v)| ((*k).to_owned(), json!(v))).collect();
                json!({ "report": name, "params": params })
            }
            Some(Opens::Record(entity, id)) => match self.registry.entity(entity) {
                Some(meta) if *id > 0 => json!({ "entity": entity, "id": id_text(meta.prefix, *id) }),
                _ => Json::Null,
            },
            Some(Opens::List(entity, filter)) => {
                json!({ "entity": entity, "filter": serde_json::from_str::<Json>(filter).unwrap_or(Json::Null) })
            }
        }
    }
}

fn money_text(amount: Amount, currency: Currency) -> String {
    format!("{} {}", amount.text(currency), currency.code())
}

fn first_message(engine: &Engine, refusal: &Refusal, lang: Lang) -> String {
    problems(engine, refusal, lang)[0]["message"].as_str().unwrap_or("").to_owned()
}

fn wanted_refs(record: &Record, wanted: &mut BTreeMap<&str, BTreeSet<i64>>) {
    for (index, field) in record.meta.fields.iter().enumerate() {
        match (field.kind, record.at(index)) {
            (FieldKind::Ref(entity), Value::Int(id)) => {
                wanted.entry(entity).or_default().insert(*id);
            }
            (FieldKind::Owned(_), _) => record.owned_at(index).iter().for_each(|line| wanted_refs(line, wanted)),
            _ => {}
        }
    }
}

fn cell(
    field: &FieldMeta,
    record: &Record,
    index: usize,
    company: Currency,
    labels: &HashMap<(String, i64), String>,
) -> Cell {
    match (field.kind, record.at(index)) {
        (_, Value::Null) => Cell::Empty,
        (FieldKind::Ref(entity), Value::Int(id)) => {
            let label = labels.get(&(entity.to_owned(), *id)).cloned().unwrap_or_default();
            Cell::Ref { entity, id: *id, label }
        }
        (FieldKind::Amount, Value::Int(raw)) => {
            let currencies = Currencies { company, parent: company };
            let currency = meta::json::currency_of(field, record, currencies);
            if currency == company {
                Cell::Value(Value::Int(*raw))
            } else {
                Cell::Money(kernel::Money::new(Amount::new(*raw), currency))
            }
        }
        (FieldKind::Choice(choice), Value::Text(code)) => {
            choice.value(code).map_or(Cell::Value(Value::from(code.as_str())), |value| Cell::Label(value.label))
        }
        (_, value) => Cell::Value(value.clone()),
    }
}

fn choice_json(choice: &ChoiceMeta) -> Json {
    let values = choice.values.iter().map(|value| json!({ "code": value.code, "label": label(value.label), "tone": value.tone }));
    Json::Array(values.collect())
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
