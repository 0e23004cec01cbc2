//! What `GET /api/meta` answers: the description of everything else, from which clients draw their screens.

use serde_json::{Map, Value as Json, json};

use super::common::{list, maybe, object, text};
use super::schema;

/// What a field may be.
pub(super) const KINDS: [&str; 22] = [
    "id",
    "ref",
    "text",
    "long_text",
    "email",
    "phone",
    "url",
    "barcode",
    "int",
    "bool",
    "amount",
    "qty",
    "price",
    "rate",
    "date",
    "instant",
    "choice",
    "currency",
    "country",
    "json",
    "doc",
    "owned",
];

/// The schemas of metadata.
pub(super) fn shapes() -> Map<String, Json> {
    let flag = || json!({ "type": "boolean" });
    let described = || maybe(schema("Text"));
    let by_name = |of: Json| json!({ "type": "object", "additionalProperties": of });
    let verbs = ["see", "add", "edit", "remove", "import", "export"];
    let may: Map<String, Json> = verbs.iter().map(|verb| ((*verb).to_owned(), flag())).collect();
    let section = object(json!({ "label": schema("Text"), "fields": list(text()) }), &["label", "fields"]);
    let parent = object(json!({ "entity": text(), "field": text() }), &["entity", "field"]);
    let step = json!({ "type": "array", "items": text(), "minItems": 3, "maxItems": 3, "description": "From stage, by action, to stage." });
    let shapes = json!({
        "Meta": object(
            json!({
                "entities": by_name(schema("MetaEntity")), "choices": by_name(list(schema("MetaChoice"))),
                "reports": by_name(schema("MetaReport")), "modules": list(schema("MetaModule")),
            }),
            &["entities", "choices", "reports", "modules"],
        ),
        "MetaField": object(
            json!({
                "name": text(), "kind": { "type": "string", "enum": KINDS }, "label": schema("Text"), "help": described(),
                "required": flag(), "readonly": flag(), "computed": flag(), "hidden": flag(), "search": flag(), "group": flag(),
                "entity": { "type": "string", "description": "Of a ref or of owned records." },
                "choice": { "type": "string", "description": "Where `choices` names the codes." },
                "currency": { "type": "string", "description": "Which field names the currency of an amount." },
                "max": { "type": "integer", "description": "The most characters." },
                "default": {}, "only": { "description": "Which records a ref may name, as a filter." },
                "not_before": { "type": "string", "description": "Which field beside it holds the first day this one may be." },
                "along": object(
                    json!({ "field": text(), "of": text() }),
                    &["field", "of"],
                ),
            }),
            &["name", "kind", "label", "required", "readonly", "computed", "hidden", "search", "group"],
        ),
        "MetaAction": object(
            json!({
                "name": text(), "label": schema("Text"), "help": described(), "args": list(schema("MetaField")),
                "danger": flag(), "primary": flag(), "many": flag(),
            }),
            &["name", "label", "args", "danger", "primary", "many"],
        ),
        "MetaEntity": object(
            json!({
                "name": text(), "prefix": text(), "module": text(),
                "kind": { "type": "string", "enum": ["master", "document", "owned", "ledger", "setting"] },
                "label": schema("Text"), "plural": schema("Text"), "help": described(), "title": list(text()),
                "parent": maybe(parent), "can": { "type": "object", "properties": may, "required": verbs },
                "stage_field": { "type": ["string", "null"] }, "list": list(text()), "default_sort": list(text()),
                "sections": list(section), "actions": list(schema("MetaAction")), "fields": list(schema("MetaField")),
                "transitions": list(step), "makes": list(text()), "made_labels": by_name(schema("Text")),
            }),
            &[
                "name", "prefix", "module", "kind", "label", "plural", "title", "can", "list", "default_sort", "sections",
                "actions", "fields", "transitions", "makes", "made_labels",
            ],
        ),
        "MetaChoice": object(
            json!({ "code": text(), "label": schema("Text"), "tone": { "type": "string", "enum": ["neutral", "info", "good", "warn", "bad"] } }),
            &["code", "label", "tone"],
        ),
        "MetaReport": object(
            json!({ "name": text(), "module": text(), "label": schema("Text"), "help": described(), "params": list(schema("MetaField")) }),
            &["name", "module", "label", "params"],
        ),
        "MetaModule": object(
            json!({
                "name": text(), "label": schema("Text"), "icon": text(),
                "menu": list(object(json!({ "entity": text(), "report": text(), "section": schema("Text") }), &[])),
            }),
            &["name", "label", "icon", "menu"],
        ),
    });
    match shapes {
        Json::Object(shapes) => shapes,
        _ => Map::new(),
    }
}
