//! Checks a value against a schema, as far as our description of the API uses schemas.
//! A word of a schema that is not known here is a failure, not a pass.

use regex_lite::Regex;
use serde_json::{Map, Value as Json};

/// The schema a reference leads to.
pub fn resolved<'a>(root: &'a Json, schema: &'a Json) -> &'a Json {
    match schema["$ref"].as_str() {
        Some(at) => {
            let found = root.pointer(at.trim_start_matches('#')).unwrap_or_else(|| panic!("{at} leads nowhere"));
            resolved(root, found)
        }
        None => schema,
    }
}

/// Words that only tell.
const TOLD: &[&str] = &["description", "default", "examples", "x-entity", "x-currency", "contentMediaType"];

/// What is wrong with a value, each with where.
pub fn wrong(root: &Json, schema: &Json, value: &Json) -> Vec<String> {
    let mut found = Vec::new();
    check(root, schema, value, "", &mut found);
    found
}

fn kind(value: &Json) -> &'static str {
    match value {
        Json::Null => "null",
        Json::Bool(_) => "boolean",
        Json::Number(number) if number.is_i64() || number.is_u64() => "integer",
        Json::Number(_) => "number",
        Json::String(_) => "string",
        Json::Array(_) => "array",
        Json::Object(_) => "object",
    }
}

fn fits(root: &Json, schema: &Json, value: &Json) -> bool {
    wrong(root, schema, value).is_empty()
}

fn check(root: &Json, schema: &Json, value: &Json, at: &str, found: &mut Vec<String>) {
    let empty = Map::new();
    for (word, says) in schema.as_object().unwrap_or(&empty) {
        let mut fail = |why: String| found.push(format!("{at}: {why}"));
        match word.as_str() {
            "$ref" => check(root, resolved(root, schema), value, at, found),
            "type" => {
                let kinds: Vec<&str> = match says {
                    Json::Array(kinds) => kinds.iter().filter_map(Json::as_str).collect(),
                    one => one.as_str().into_iter().collect(),
                };
                let fits = kinds.contains(&kind(value)) || kinds.contains(&"number") && kind(value) == "integer";
                if !fits {
                    fail(format!("{value} is not {kinds:?}"));
                }
            }
            "enum" => {
                if !says.as_array().is_some_and(|values| values.contains(value)) {
                    fail(format!("{value} is not one of {says}"));
                }
            }
            "pattern" => {
                let pattern = Regex::new(says.as_str().expect("a pattern")).expect("a pattern");
                if value.as_str().is_some_and(|text| !pattern.is_match(text)) {
                    fail(format!("{value} does not look like {says}"));
                }
            }
            "format" => {
                if value.as_str().is_some_and(|text| !is_formed(says.as_str().unwrap_or(""), text)) {
                    fail(format!("{value} is no {says}"));
                }
            }
            "minLength" | "maxLength" => {
                let (length, limit) = (value.as_str().map(|text| text.chars().count() as u64), says.as_u64().unwrap());
                if length.is_some_and(|length| if word == "minLength" { length < limit } else { limit < length }) {
                    fail(format!("a text of {length:?} letters, {word} is {limit}"));
                }
            }
            "minimum" | "maximum" => {
                let (number, limit) = (value.as_i64(), says.as_i64().unwrap());
                if number.is_some_and(|number| if word == "minimum" { number < limit } else { limit < number }) {
                    fail(format!("{value}, {word} is {limit}"));
                }
            }
            "minItems" | "maxItems" => {
                let (length, limit) = (value.as_array().map(|list| list.len() as u64), says.as_u64().unwrap());
                if length.is_some_and(|length| if word == "minItems" { length < limit } else { limit < length }) {
                    fail(format!("{length:?} items, {word} is {limit}"));
                }
            }
            "required" => {
                for name in says.as_array().into_iter().flatten().filter_map(Json::as_str) {
                    if value.as_object().is_some_and(|parts| !parts.contains_key(name)) {
                        fail(format!("{name} is missing"));
                    }
                }
            }
            "properties" => {
                for (name, schema) in says.as_object().unwrap_or(&empty) {
                    if let Some(part) = value.get(name) {
                        check(root, schema, part, &format!("{at}/{name}"), found);
                    }
                }
            }
            "additionalProperties" => {
                for (name, part) in value.as_object().unwrap_or(&empty) {
                    if !schema["properties"].as_object().is_some_and(|known| known.contains_key(name)) {
                        match says {
                            Json::Bool(false) => found.push(format!("{at}: {name} is not described")),
                            schema => check(root, schema, part, &format!("{at}/{name}"), found),
                        }
                    }
                }
            }
            "items" => {
                for (number, item) in value.as_array().into_iter().flatten().enumerate() {
                    check(root, says, item, &format!("{at}/{number}"), found);
                }
            }
            "allOf" => says.as_array().into_iter().flatten().for_each(|one| check(root, one, value, at, found)),
            "oneOf" => {
                let ways = says.as_array().expect("a list");
                let fitting = ways.iter().filter(|one| fits(root, one, value)).count();
                if fitting != 1 {
                    let why: Vec<Vec<String>> = ways.iter().map(|one| wrong(root, one, value)).collect();
                    fail(format!("fits {fitting} of {} ways: {why:?}", ways.len()));
                }
            }
            "anyOf" => {
                let ways = says.as_array().expect("a list");
                if !ways.iter().any(|one| fits(root, one, value)) {
                    let why: Vec<Vec<String>> = ways.iter().map(|one| wrong(root, one, value)).collect();
                    fail(format!("fits none of {} ways: {why:?}", ways.len()));
                }
            }
            word if TOLD.contains(&word) => {}
            unknown => panic!("the checker does not know {unknown:?} in {schema}"),
        }
    }
}

fn is_formed(format: &str, text: &str) -> bool {
    match format {
        "date" => kernel::Date::parse(text).is_some(),
        "date-time" => kernel::Instant::parse(text).is_some(),
        "decimal" => text.trim_start_matches('-').chars().all(|sign| sign.is_ascii_digit() || sign == '.'),
        "email" => text.contains('@'),
        "uri" => text.contains("://"),
        "int64" => true,
        unknown => panic!("the checker does not know the format {unknown}"),
    }
}

#[test]
fn the_checker_finds_what_is_wrong() {
    use serde_json::json;
    let root = json!({ "parts": { "Id": { "type": "string", "pattern": "^a_[0-9]+$" } } });
    let schema = json!({
        "type": "object", "required": ["id"], "additionalProperties": false,
        "properties": {
            "id": { "$ref": "#/parts/Id" }, "on": { "type": ["string", "null"], "format": "date" },
            "rows": { "type": "array", "minItems": 1, "items": { "type": "integer", "minimum": 1 } },
            "kind": { "oneOf": [{ "type": "string", "enum": ["x"] }, { "type": "null" }] },
        },
    });
    let fine = json!({ "id": "a_1", "on": null, "rows": [1], "kind": "x" });
    assert_eq!(wrong(&root, &schema, &fine), Vec::<String>::new());
    for (name, bad) in [
        ("id", json!("b_1")),
        ("id", json!(1)),
        ("on", json!("2026-02-30")),
        ("rows", json!([])),
        ("rows", json!([0])),
        ("rows", json!(["1"])),
        ("kind", json!("y")),
        ("more", json!(1)),
    ] {
        let mut value = fine.clone();
        value[name] = bad;
        assert_eq!(wrong(&root, &schema, &value).len(), 1, "{value}");
    }
    assert_eq!(wrong(&root, &schema, &json!({})), [": id is missing"]);
    assert_eq!(wrong(&root, &schema, &json!([])).len(), 1);
}
