//! Entities as schemas: as they are read, and as they are written.

use kernel::{Label, id_text};
use meta::{ActionMeta, ChoiceMeta, EntityKind, EntityMeta, FieldKind, FieldMeta, Registry};
use serde_json::{Map, Value as Json, json};

use super::{both, pascal, schema};

fn about(field: &FieldMeta) -> String {
    both(if field.help.en.is_empty() { field.label } else { field.help })
}

fn prefix(registry: &Registry, entity: &str) -> &'static str {
    registry.entity(entity).map_or("x", |meta| meta.prefix)
}

fn id(registry: &Registry, entity: &str) -> Json {
    let prefix = prefix(registry, entity);
    json!({ "type": "string", "pattern": format!("^{prefix}_[0-9a-z]{{1,13}}$"), "examples": [id_text(prefix, 1234)] })
}

/// Said of every record that is read.
const HIDDEN: &str = "Fields the roles of the reader hide are left out.\n角色不可见的字段不返回。";

const DECIMAL: &str = "^-?[0-9]+(\\.[0-9]{1,6})?$";

/// The schema of a value, as it is read or written, not yet nullable.
fn value(registry: &Registry, of: &str, field: &FieldMeta, write: bool) -> Json {
    match field.kind {
        FieldKind::Id => id(registry, of),
        FieldKind::Text | FieldKind::LongText | FieldKind::Barcode | FieldKind::Phone => {
            json!({ "type": "string", "maxLength": field.max })
        }
        FieldKind::Email => json!({ "type": "string", "format": "email", "maxLength": field.max }),
        FieldKind::Url => json!({ "type": "string", "format": "uri", "maxLength": field.max }),
        FieldKind::Int => json!({ "type": "integer", "format": "int64" }),
        FieldKind::Bool => json!({ "type": "boolean" }),
        FieldKind::Amount | FieldKind::Qty | FieldKind::Price | FieldKind::Rate => {
            json!({ "type": "string", "format": "decimal", "pattern": DECIMAL })
        }
        FieldKind::Date => json!({ "type": "string", "format": "date" }),
        FieldKind::Instant => json!({ "type": "string", "format": "date-time" }),
        FieldKind::Choice(_) => schema(&choice_name(of, field)),
        FieldKind::Currency => schema("CurrencyCode"),
        FieldKind::Country => schema("CountryCode"),
        FieldKind::Json => json!({}),
        FieldKind::Ref(entity) if write => id(registry, entity),
        FieldKind::Doc if write => json!({ "type": "string", "pattern": "^[a-z]{2}_[0-9a-z]+$" }),
        FieldKind::Ref(_) | FieldKind::Doc => schema("Ref"),
        FieldKind::Owned(line) => {
            let name = pascal(line().name);
            let items = schema(&if write { format!("{name}Write") } else { name });
            json!({ "type": "array", "items": items, "minItems": if write { field.at_least } else { 0 } })
        }
    }
}

/// The same, or null.
fn or_null(mut schema: Json) -> Json {
    if let Some(kind) = schema["type"].as_str() {
        schema["type"] = json!([kind, "null"]);
        return schema;
    }
    match schema.as_object() {
        Some(parts) if parts.is_empty() => schema,
        _ => json!({ "oneOf": [schema, { "type": "null" }] }),
    }
}

fn choice_name(of: &str, field: &FieldMeta) -> String {
    format!("{}{}", pascal(of), pascal(field.name))
}

fn choice(choice: &ChoiceMeta, label: Label) -> Json {
    let codes: Vec<&str> = choice.values.iter().map(|value| value.code).collect();
    let lines = choice.values.iter().map(|value| format!("`{}` {} {}", value.code, value.label.en, value.label.zh));
    let text = format!("{}\n{}", both(label), lines.collect::<Vec<_>>().join("\n"));
    json!({ "type": "string", "enum": codes, "description": text })
}

fn described(mut schema: Json, field: &FieldMeta) -> Json {
    schema["description"] = json!(about(field));
    if field.kind.name() == "amount" {
        schema["x-currency"] = json!(if field.currency.is_empty() { "company.currency" } else { field.currency });
    }
    if let FieldKind::Ref(entity) = field.kind {
        schema["x-entity"] = json!(entity);
    }
    schema
}

fn is_always_there(field: &FieldMeta) -> bool {
    field.name == "id" || field.required || matches!(field.kind, FieldKind::Bool)
}

/// Whether a client may send a field.
fn is_sent(field: &FieldMeta) -> bool {
    !field.readonly && !field.computed && field.name != "id"
}

/// The fields a new record must be sent with: those nothing fills by itself.
pub(super) fn required(meta: &EntityMeta) -> Vec<&'static str> {
    let must = |field: &&FieldMeta| {
        let filled = matches!(field.name, "company" | "owner") || meta.stage_field == Some(field.name);
        let owned = matches!(field.kind, FieldKind::Owned(_)) && 0 < field.at_least;
        is_sent(field) && field.default.is_empty() && !filled && (field.required || owned)
    };
    meta.fields.iter().filter(must).map(|field| field.name).collect()
}

/// The schema of a field that is sent alone: an argument or a parameter.
pub(super) fn sent(registry: &Registry, of: &str, field: &FieldMeta) -> Json {
    match field.kind {
        FieldKind::Choice(list) => choice(list, field.label),
        _ => value(registry, of, field, true),
    }
}

/// The body of an action.
pub(super) fn args(registry: &Registry, meta: &EntityMeta, action: &ActionMeta) -> Json {
    let mut properties = Map::new();
    properties.insert("version".into(), json!({ "type": "integer", "description": "The version that was seen." }));
    for field in action.args {
        properties.insert(field.name.into(), described(sent(registry, meta.name, field), field));
    }
    let required: Vec<&str> =
        action.args.iter().filter(|arg| arg.required && arg.default.is_empty()).map(|arg| arg.name).collect();
    json!({ "type": "object", "properties": properties, "required": required })
}

/// Adds the schemas of an entity.
pub(super) fn entity(registry: &Registry, meta: &EntityMeta, schemas: &mut Map<String, Json>) {
    let name = pascal(meta.name);
    let is_owned = meta.kind == EntityKind::Owned;
    let help = if meta.help.en.is_empty() { meta.label } else { meta.help };
    let (mut read, mut write) = (Map::new(), Map::new());
    // A row of a list shows what was asked for, a draft what is known so far: nothing is sure to be there.
    let (mut row, mut draft) = (Map::new(), Map::new());
    let mut always = Vec::new();
    if is_owned {
        let text = "The line that is changed; left out for a new one.";
        let mut id = id(registry, meta.name);
        id["description"] = json!(text);
        write.insert("id".into(), id);
    } else {
        let version = json!({ "type": "integer", "description": "Raised by every write." });
        read.insert("version".into(), version.clone());
        write.insert("version".into(), version);
        let external = json!({ "type": ["string", "null"], "maxLength": 200, "description": "The id another system knows it by." });
        read.insert("external_id".into(), external.clone());
        write.insert("external_id".into(), external);
        always.push("version");
    }
    for field in meta.fields {
        if let FieldKind::Choice(list) = field.kind {
            schemas.insert(choice_name(meta.name, field), choice(list, field.label));
        }
        let is_there = is_always_there(field);
        let told = value(registry, meta.name, field, false);
        let is_list = matches!(field.kind, FieldKind::Owned(_));
        if is_list {
            let line = if let FieldKind::Owned(line) = field.kind { pascal(line().name) } else { String::new() };
            let lines = json!({ "type": "array", "items": schema(&format!("{line}Draft")) });
            draft.insert(field.name.into(), described(lines, field));
            row.insert(field.name.into(), described(told.clone(), field));
        } else {
            draft.insert(field.name.into(), described(or_null(told.clone()), field));
            let kept = if is_there { told.clone() } else { or_null(told.clone()) };
            row.insert(field.name.into(), described(kept, field));
        }
        read.insert(field.name.into(), described(if is_there || is_list { told } else { or_null(told) }, field));
        if is_there && !field.secret && !is_list && !meta.may_hide(field) {
            always.push(field.name);
        }
        if is_sent(field) {
            let told = value(registry, meta.name, field, true);
            let told = if field.required || is_list { told } else { or_null(told) };
            write.insert(field.name.into(), described(told, field));
        }
    }
    let title = format!("{}\n\n{HIDDEN}", both(help));
    if !is_owned {
        for name in ["version", "external_id"] {
            row.insert(name.into(), read[name].clone());
            draft.insert(name.into(), or_null(read[name].clone()));
        }
        let text = "A record in a list: the fields that were asked for, `customer.phone` by that name; lines only where `fields` names them.";
        schemas.insert(
            format!("{name}Row"),
            json!({ "type": "object", "description": text, "properties": row, "required": ["id", "version"] }),
        );
    }
    schemas.insert(
        name.clone(),
        json!({ "type": "object", "description": title, "properties": read, "required": always }),
    );
    if meta.kind == EntityKind::Ledger {
        shown(&name, schemas);
        return;
    }
    let written =
        json!({ "type": "object", "description": both(help), "properties": write, "additionalProperties": false });
    schemas.insert(format!("{name}Write"), written);
    let text = "A record not saved yet: whatever is known of it so far.";
    schemas.insert(format!("{name}Draft"), json!({ "type": "object", "description": text, "properties": draft }));
    if !is_owned {
        shown(&name, schemas);
        schemas.insert(
            format!("{name}Preview"),
            json!({
                "type": "object",
                "required": ["record", "hints", "problems"],
                "properties": {
                    "record": schema(&format!("{name}Draft")),
                    "hints": { "type": "array", "items": schema("Hint") },
                    "problems": { "type": "array", "items": schema("ProblemItem") },
                },
            }),
        );
    }
}

/// A record with what may be done, and a page of records.
fn shown(name: &str, schemas: &mut Map<String, Json>) {
    let extra = json!({ "type": "object", "required": ["record"], "properties": { "record": schema(name) } });
    schemas.insert(format!("{name}Shown"), json!({ "allOf": [schema("Shown"), extra] }));
    schemas.insert(
        format!("{name}Page"),
        json!({
            "type": "object",
            "required": ["rows", "next"],
            "properties": {
                "rows": { "type": "array", "items": schema(&format!("{name}Row")) },
                "next": { "type": ["string", "null"], "description": "The cursor of the next page." },
                "count": { "type": ["integer", "null"], "description": "Of all rows, when `count` asks for it." },
                "near": { "type": "boolean", "description": "True where nothing has the words of `search`, and these rows nearly do." },
            },
        }),
    );
}
