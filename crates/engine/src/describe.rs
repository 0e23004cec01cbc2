//! Metadata: what there is, as far as an actor may see it.

use kernel::{Label, id_text};
use meta::{ActionMeta, ChoiceMeta, EntityKind, EntityMeta, FieldKind, FieldMeta, MenuItem, Trouble};
use serde_json::{Map, Value as Json, json};

use crate::answer::{help, label};
use crate::{Actor, Engine};

impl Engine {
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
            let mut section = Json::Null;
            let menu = module.menu.iter().filter_map(|item| {
                let (kind, name) = match item {
                    MenuItem::Entity(name) => ("entity", name),
                    MenuItem::Report(name) => ("report", name),
                    MenuItem::Section(heading) => {
                        section = label(*heading);
                        return None;
                    }
                };
                let told = || match &section {
                    Json::Null => json!({ kind: name }),
                    section => json!({ kind: name, "section": section }),
                };
                actor.access.may(name, "see").then(told)
            });
            let menu: Vec<Json> = menu.collect();
            (!menu.is_empty()).then(
                || json!({ "name": module.name, "label": label(module.label), "icon": module.icon, "menu": menu }),
            )
        });
        Json::Array(modules.collect())
    }

    fn entity_json(&self, actor: &Actor, meta: &'static EntityMeta) -> Json {
        let may = |verb: &str| actor.access.may(meta.parent.map_or(meta.name, |(owner, _)| owner), verb);
        let fields = meta.fields.iter().filter(|field| self.visible(actor, meta, field));
        let writable = meta.kind != EntityKind::Ledger;
        let seen = |name: &&&str| {
            let field = meta.field(name.trim_start_matches('-').split('.').next().unwrap_or(name));
            field.is_none_or(|field| self.visible(actor, meta, field))
        };
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
            "list": meta.list.iter().filter(seen).collect::<Vec<_>>(), "default_sort": meta.sort.iter().filter(seen).collect::<Vec<_>>(), "makes": self.makes(actor, meta), "made_labels": self.made_labels(actor, meta),
            "sections": self.sections_json(actor, meta),
            "actions": (meta.actions)().iter().filter(|action| may(action.name)).map(|action| self.action_json(meta, action)).collect::<Vec<_>>(),
            "transitions": (meta.transitions)().iter().map(|step| json!([step.from, step.action, step.to])).collect::<Vec<_>>(),
            "fields": fields.map(|field| self.field_of(actor, meta, field)).collect::<Vec<_>>(),
        })
    }

    /// A field as an actor may use it: what their roles show only is read-only to them.
    fn field_of(&self, actor: &Actor, meta: &EntityMeta, field: &FieldMeta) -> Json {
        let mut told = self.field_json(meta.name, field);
        if ["add", "edit"].iter().all(|verb| !actor.access.writes(meta, field.name, verb)) {
            told["readonly"] = json!(true);
        }
        told
    }

    /// What can be made of a record of this entity.
    fn makes(&self, actor: &Actor, meta: &EntityMeta) -> Vec<&'static str> {
        let made = self.registry.entities().filter(|made| {
            actor.access.may(made.name, "add") && self.registry.behaviour(made.name).sources().contains(&meta.name)
        });
        made.map(|made| made.name).collect()
    }

    /// What of these is called by another name when it is made of such a record.
    fn made_labels(&self, actor: &Actor, meta: &EntityMeta) -> Json {
        let named = self.makes(actor, meta).into_iter().filter_map(|made| {
            let other = self.registry.behaviour(made).made_label(meta.name)?;
            Some((made.to_owned(), label(other)))
        });
        Json::Object(named.collect())
    }

    fn sections_json(&self, actor: &Actor, meta: &EntityMeta) -> Json {
        let mut sections: Vec<(Label, Vec<&str>)> = Vec::new();
        for field in meta.fields {
            if let Some(section) = meta.sections.iter().find(|section| section.first == field.name) {
                sections.push((section.label, Vec::new()));
            }
            if field.hidden || matches!(field.kind, FieldKind::Owned(_)) || !self.visible(actor, meta, field) {
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
        if let Some((field, of)) = field.along.split_once('=') {
            map["along"] = json!({ "field": field, "of": of });
        }
        if !field.not_before.is_empty() {
            map["not_before"] = json!(field.not_before);
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
                "today": self.today_of(actor).to_string(),
            }))
        })
    }
}

fn choice_json(choice: &ChoiceMeta) -> Json {
    let values = choice
        .values
        .iter()
        .map(|value| json!({ "code": value.code, "label": label(value.label), "tone": value.tone }));
    Json::Array(values.collect())
}
