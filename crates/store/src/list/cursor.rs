//! Where a page ended, as text for the next question.
//!
//! It holds the sort values of the last row and nothing else; whoever makes one up gets
//! another part of the same list, never more.

use kernel::{Label, Refusal};
use meta::{FieldKind, Value};
use serde_json::Value as Json;

/// The longest cursor.
const TEXT_MAX: usize = 20_000;

fn refused() -> Refusal {
    Refusal::new(
        "cursor_not_understood",
        Label::new(
            "This page mark is of another list or another order. Start again from the first page.",
            "该分页标记不属于当前列表或排序，请从第一页重新开始。",
        ),
    )
    .field("cursor")
}

/// The cursor after a row with these sort values.
pub(super) fn write(signature: &str, values: &[Value]) -> String {
    let values = values.iter().map(|value| match value {
        Value::Null => Json::Null,
        Value::Int(number) => Json::from(*number),
        Value::Text(text) => Json::from(text.as_str()),
    });
    let all: Vec<Json> = std::iter::once(Json::from(signature)).chain(values).collect();
    Json::Array(all).to_string().bytes().map(|byte| format!("{byte:02x}")).collect()
}

/// The sort values of a cursor of this list in this order.
pub(super) fn read(text: &str, signature: &str, kinds: &[FieldKind]) -> Result<Vec<Value>, Refusal> {
    if text.len() > TEXT_MAX || !text.len().is_multiple_of(2) || !text.is_ascii() {
        return Err(refused());
    }
    let pairs = text.as_bytes().chunks_exact(2).map(|pair| {
        let pair = std::str::from_utf8(pair).ok()?;
        u8::from_str_radix(pair, 16).ok()
    });
    let bytes: Vec<u8> = pairs.collect::<Option<_>>().ok_or_else(refused)?;
    let json: Json = serde_json::from_slice(&bytes).map_err(|_| refused())?;
    let Json::Array(all) = json else { return Err(refused()) };
    let Some((first, values)) = all.split_first() else { return Err(refused()) };
    if first.as_str() != Some(signature) || values.len() != kinds.len() {
        return Err(refused());
    }
    let value = |(json, kind): (&Json, &FieldKind)| {
        let is_number = kind.is_number() || matches!(kind, FieldKind::Id);
        match json {
            Json::Null => Ok(Value::Null),
            Json::Number(number) if is_number => number.as_i64().map(Value::Int).ok_or_else(refused),
            Json::String(text) if !is_number && !text.contains('\0') => Ok(Value::Text(text.clone())),
            _ => Err(refused()),
        }
    };
    values.iter().zip(kinds).map(value).collect()
}
