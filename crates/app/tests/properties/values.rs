//! Values a schema allows, and values nobody should send.

use std::collections::BTreeMap;

use serde_json::{Map, Value as Json, json};

use super::Dice;
use super::schema::resolved;

/// Ids of records that are there, by the prefix of their entity.
pub type Pool = BTreeMap<String, Vec<String>>;

/// An id of that prefix: mostly of a record, sometimes of none.
pub fn id(dice: &mut Dice, pool: &Pool, prefix: &str) -> String {
    match pool.get(prefix).filter(|ids| !ids.is_empty()) {
        Some(ids) if dice.chance(90) => dice.pick(ids).clone(),
        _ => format!("{prefix}_{}", ["1", "zzz", "0", "zzzzzzzzzzzzz", "", "-1"][dice.below(6)]),
    }
}

const WORDS: &[&str] =
    &["Lamp", "杭州骑行", "O'Hara", "100%_sure", "a,b;c", "🚲", "=1+1", "<b>x</b>", "\"quoted\"", " "];
const DECIMALS: &[&str] = &["1", "2", "0", "0.13", "2.50", "-1", "1000000", "0.000001", "12.345678", "99999999999.99"];
const DAYS: &[&str] = &["2026-03-16", "2026-03-01", "2026-12-31", "1999-01-01", "2100-02-28"];

/// A value the schema allows.
pub fn allowed(dice: &mut Dice, root: &Json, schema: &Json, pool: &Pool) -> Json {
    if let Some(of) = schema["x-entity"].as_str() {
        // Not every reference has to be there.
        let prefix = schema["pattern"].as_str().and_then(|text| text.split(['^', '_']).nth(1)).unwrap_or(of);
        return if dice.chance(90) { json!(id(dice, pool, prefix)) } else { Json::Null };
    }
    let schema = resolved(root, schema);
    if let Some(parts) = schema["allOf"].as_array() {
        let mut all = Map::new();
        for part in parts {
            let part = resolved(root, part);
            if let Json::Object(made) = allowed(dice, root, part, pool) {
                all.extend(made);
            }
        }
        let must: Vec<&str> = parts
            .iter()
            .flat_map(|part| part["required"].as_array().into_iter().flatten())
            .filter_map(Json::as_str)
            .collect();
        for name in must {
            let schema = parts.iter().map(|part| &resolved(root, part)["properties"][name]).find(|one| !one.is_null());
            if let (false, Some(schema)) = (all.contains_key(name), schema) {
                all.insert(name.to_owned(), allowed(dice, root, schema, pool));
            }
        }
        return Json::Object(all);
    }
    if let Some(ways) = schema["oneOf"].as_array() {
        let way = dice.below(ways.len());
        return allowed(dice, root, &ways[way], pool);
    }
    if let Some(values) = schema["enum"].as_array() {
        return dice.pick(values).clone();
    }
    let kinds: Vec<&str> = match &schema["type"] {
        Json::Array(kinds) => kinds.iter().filter_map(Json::as_str).collect(),
        one => one.as_str().into_iter().collect(),
    };
    if kinds.contains(&"null") && dice.chance(15) {
        return Json::Null;
    }
    match kinds.first().copied().unwrap_or("") {
        "string" => json!(text(dice, schema, pool)),
        "integer" => json!([0, 1, 2, 3, 30, 2026][dice.below(6)]),
        "boolean" => json!(dice.chance(50)),
        "array" => {
            let least = schema["minItems"].as_u64().unwrap_or(0) as usize;
            let many = least + dice.below(3);
            Json::Array((0..many).map(|_| allowed(dice, root, &schema["items"], pool)).collect())
        }
        "object" => {
            let required: Vec<&str> =
                schema["required"].as_array().into_iter().flatten().filter_map(Json::as_str).collect();
            let mut made = Map::new();
            for (name, part) in schema["properties"].as_object().into_iter().flatten() {
                if name == "version" || name == "id" {
                    continue;
                }
                if required.contains(&name.as_str()) || dice.chance(45) {
                    made.insert(name.clone(), allowed(dice, root, part, pool));
                }
            }
            Json::Object(made)
        }
        _ => odd(dice),
    }
}

fn text(dice: &mut Dice, schema: &Json, pool: &Pool) -> String {
    let pattern = schema["pattern"].as_str().unwrap_or("");
    match schema["format"].as_str().unwrap_or("") {
        "date" => return (*dice.pick(DAYS)).to_owned(),
        "date-time" => return format!("{}T08:00:00Z", dice.pick(DAYS)),
        "decimal" => return (*dice.pick(DECIMALS)).to_owned(),
        "email" => return "a@b.example".to_owned(),
        "uri" => return "https://b.example/x".to_owned(),
        _ => {}
    }
    match pattern {
        "" => {
            let text = format!("{} {}", dice.pick(WORDS), dice.below(100_000));
            let most = schema["maxLength"].as_u64().unwrap_or(100) as usize;
            text.chars().take(most).collect()
        }
        "^[A-Z]{3}$" => ["EUR", "CNY", "USD", "JPY", "XXX"][dice.below(5)].to_owned(),
        pattern => id(dice, pool, pattern.trim_start_matches('^').split('_').next().unwrap_or("")),
    }
}

/// Something nobody should send.
pub fn odd(dice: &mut Dice) -> Json {
    let all = [
        Json::Null,
        json!(""),
        json!("x".repeat(20_000)),
        json!(-1),
        json!(i64::MAX),
        json!(u64::MAX),
        json!(1.5),
        json!(1e300),
        json!(true),
        json!([]),
        json!({}),
        json!([[[[1]]]]),
        json!({ "id": {} }),
        json!("' or 1=1 --"),
        json!("\u{0}"),
        json!("\u{202e}\u{feff}"),
        json!("NaN"),
        json!("1e400"),
        json!("٣"),
        json!("99999999999999999999999999.9"),
        json!("9223372036854.775807"),
        json!("-0"),
        json!("2026-02-30"),
        json!("0000-00-00"),
        json!("9999-12-31"),
        json!("pa_1"),
        json!("../../etc/passwd"),
    ];
    dice.pick(&all).clone()
}

/// Makes a body wrong at one place.
pub fn spoilt(dice: &mut Dice, body: &mut Json) {
    match body {
        Json::Object(parts) if !parts.is_empty() => {
            let at = dice.below(parts.len());
            let (_, part) = parts.iter_mut().nth(at).expect("there are so many");
            if (part.is_array() || part.is_object()) && dice.chance(70) {
                spoilt(dice, part);
            } else {
                *part = odd(dice);
            }
        }
        Json::Array(items) if !items.is_empty() => {
            let at = dice.below(items.len());
            spoilt(dice, &mut items[at]);
        }
        other => *other = odd(dice),
    }
}
