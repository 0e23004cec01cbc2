//! Works the program as a user would, from inside: for set-up, demo and imports.

use std::sync::Arc;

use engine::{Actor, Engine};
use kernel::id_parse;
use meta::{Fault, Trouble};
use serde_json::{Map, Value as Json};

/// A person at work, inside the program.
pub struct Driver {
    /// The machinery.
    pub engine: Arc<Engine>,
    /// Who works.
    pub actor: Actor,
}

fn object(json: Json) -> Map<String, Json> {
    match json {
        Json::Object(map) => map,
        _ => Map::new(),
    }
}

impl Driver {
    /// The system itself, for a company.
    pub fn system(engine: &Arc<Engine>, company: i64) -> Result<Driver, Trouble> {
        Ok(Driver { engine: engine.clone(), actor: engine.system(company)? })
    }

    /// Creates a record; gives its outer id.
    pub fn create(&self, entity: &str, body: Json) -> Result<String, Trouble> {
        let answer = self.engine.create(&self.actor, entity, &object(body), None);
        let answer = answer.map_err(|trouble| self.explain(entity, trouble))?;
        text(&answer["record"]["id"])
    }

    /// Takes an action.
    pub fn act(&self, entity: &str, id: &str, action: &str, args: Json) -> Result<Json, Trouble> {
        let raw = self.raw(entity, id)?;
        let answer = self.engine.act(&self.actor, entity, raw, action, None, &object(args), None);
        answer.map_err(|trouble| self.explain(&format!("{entity} {id} {action}"), trouble))
    }

    /// Changes fields of a record.
    pub fn change(&self, entity: &str, id: &str, body: Json) -> Result<(), Trouble> {
        let version = self.get(entity, id)?["version"].as_i64().unwrap_or(0);
        let answer = self.engine.change(&self.actor, entity, self.raw(entity, id)?, version, &object(body), None);
        answer.map(|_| ()).map_err(|trouble| self.explain(&format!("{entity} {id}"), trouble))
    }

    /// A prefilled record as a body that can be sent back.
    pub fn prefilled(&self, entity: &str, from: (&str, &str)) -> Result<Map<String, Json>, Trouble> {
        let raw = self.raw(from.0, from.1)?;
        let answer = self.engine.new_from(&self.actor, entity, Some((from.0, raw)));
        let answer = answer.map_err(|trouble| self.explain(&format!("{entity} from {}", from.1), trouble))?;
        let meta = self.engine.entity(entity)?;
        Ok(sendable(meta, &answer["record"]))
    }

    /// A record as the API shows it.
    pub fn get(&self, entity: &str, id: &str) -> Result<Json, Trouble> {
        Ok(self.engine.get(&self.actor, entity, self.raw(entity, id)?)?["record"].clone())
    }

    fn raw(&self, entity: &str, id: &str) -> Result<i64, Trouble> {
        let meta = self.engine.entity(entity)?;
        id_parse(meta.prefix, id).ok_or_else(|| Fault::new(format!("{id} is not an id of {entity}")).into())
    }

    /// What went wrong, with the words a user would read.
    fn explain(&self, what: &str, trouble: Trouble) -> Trouble {
        match trouble {
            Trouble::Refused(refusal) => {
                let told = self.engine.render(&refusal, kernel::Lang::En);
                let sentence = |one: &Json| match (one["field"].as_str(), one["message"].as_str().unwrap_or_default()) {
                    (Some(field), message) => format!("{field}: {message}"),
                    (None, message) => message.to_owned(),
                };
                let told: Vec<String> = told.as_array().into_iter().flatten().map(sentence).collect();
                Fault::new(format!("{what}: {}", told.join(" "))).into()
            }
            other => other,
        }
    }
}

fn text(json: &Json) -> Result<String, Trouble> {
    json.as_str().map(str::to_owned).ok_or_else(|| Fault::new("an answer without an id").into())
}

/// What of a shown record may be sent back: no read-only fields, no empty ones.
pub fn sendable(meta: &'static meta::EntityMeta, record: &Json) -> Map<String, Json> {
    let mut body = Map::new();
    for field in meta.fields {
        let Some(value) = record.get(field.name).filter(|value| !value.is_null()) else { continue };
        if field.readonly || field.computed {
            continue;
        }
        if let meta::FieldKind::Owned(line) = field.kind {
            let lines = value.as_array().into_iter().flatten();
            body.insert(field.name.into(), lines.map(|one| Json::Object(sendable(line(), one))).collect());
            continue;
        }
        body.insert(field.name.into(), value.clone());
    }
    body
}
