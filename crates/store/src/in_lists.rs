//! `in (17, 23, 99)` becomes `in (?4, ?5, ?6, ?7)`: queries that differ in nothing but the
//! ids they ask for are one text, and so are prepared once and planned once.
//!
//! Lists are filled up to a power of two with their last id, so that few texts remain.

use meta::Value;

/// The longest list that is bound; longer ones stay in the text.
const BOUND_MAX: usize = 1024;

/// The text with its lists of ids bound, and the values; `None` when there are none.
pub(crate) fn bound(sql: &str, args: &[Value]) -> Option<(String, Vec<Value>)> {
    let mut rest = sql;
    let mut text = String::new();
    let mut values: Vec<Value> = Vec::new();
    while let Some(at) = rest.find("in (") {
        let start = at + "in (".len();
        let Some(length) = rest[start..].find(')') else { break };
        let list = &rest[start..start + length];
        match numbers(list) {
            Some(ids) => {
                if values.is_empty() {
                    values.extend_from_slice(args);
                }
                text.push_str(&rest[..start]);
                bind(&ids, &mut text, &mut values);
                rest = &rest[start + length..];
            }
            None => {
                text.push_str(&rest[..start]);
                rest = &rest[start..];
            }
        }
    }
    if values.is_empty() {
        return None;
    }
    text.push_str(rest);
    Some((text, values))
}

/// The ids of a list that holds nothing else.
fn numbers(list: &str) -> Option<Vec<i64>> {
    if list.is_empty() || list == "0" || !list.bytes().all(|byte| byte.is_ascii_digit() || byte == b',' || byte == b' ')
    {
        return None;
    }
    let ids: Option<Vec<i64>> = list.split(',').map(|part| part.trim().parse().ok()).collect();
    ids.filter(|ids| ids.len() <= BOUND_MAX)
}

fn bind(ids: &[i64], text: &mut String, values: &mut Vec<Value>) {
    let last = ids[ids.len() - 1];
    let padded = ids.iter().copied().chain(std::iter::repeat(last)).take(ids.len().next_power_of_two());
    for (index, id) in padded.enumerate() {
        if index > 0 {
            text.push_str(", ");
        }
        values.push(Value::Int(id));
        text.push('?');
        text.push_str(&values.len().to_string());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_bound_after_what_is_bound_already() {
        let (sql, values) = bound("select 1 from a where b = ?1 and c in (17, 23, 99)", &[Value::Int(5)]).unwrap();
        assert_eq!(sql, "select 1 from a where b = ?1 and c in (?2, ?3, ?4, ?5)");
        assert_eq!(values, [5, 17, 23, 99, 99].map(Value::Int));
    }

    #[test]
    fn texts_and_queries_in_lists_stay_as_they_are() {
        for sql in ["select 1 where a in ('x', 'y')", "select 1 where a in (select b from c)", "select 1", "a in (0)"] {
            assert!(bound(sql, &[]).is_none(), "{sql}");
        }
        let (sql, values) = bound("x in ('a') and y in (10, 20) and z in (select 1)", &[]).unwrap();
        assert_eq!(sql, "x in ('a') and y in (?1, ?2) and z in (select 1)");
        assert_eq!(values.len(), 2);
    }
}
