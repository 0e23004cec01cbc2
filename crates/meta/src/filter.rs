//! Filters: one form for lists, row rules, refs and reports.

use kernel::{Label, Refusal};
use serde_json::Value as Json;

/// How deep conditions may be nested.
const DEPTH_MAX: usize = 8;
/// How many conditions a filter may have.
const CONDITIONS_MAX: usize = 200;

/// A condition over the fields of a record.
#[derive(Clone, Debug, PartialEq)]
pub enum Filter {
    /// All of them.
    And(Vec<Filter>),
    /// One of them at least.
    Or(Vec<Filter>),
    /// Not this.
    Not(Box<Filter>),
    /// A field compared with something. The field may go through refs: `customer.country`.
    Is {
        /// Path of the field.
        field: String,
        /// The comparison.
        op: Op,
        /// What it is compared with, as JSON; read by the field's kind later.
        operand: Operand,
    },
}

/// What a field is compared with.
#[derive(Clone, Debug, PartialEq)]
pub enum Operand {
    /// Nothing, for `empty`.
    None,
    /// One value.
    One(Json),
    /// Several.
    Many(Vec<Json>),
}

/// A comparison.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Op {
    /// `=`
    Eq,
    /// `!=`
    Ne,
    /// `<`
    Lt,
    /// `<=`
    Le,
    /// `>`
    Gt,
    /// `>=`
    Ge,
    /// `in`
    In,
    /// `not_in`
    NotIn,
    /// `contains`, letters of either case
    Contains,
    /// `starts`, letters of either case
    Starts,
    /// `between`, both ends included
    Between,
    /// `empty`
    Empty,
    /// `not_empty`
    NotEmpty,
    /// `within`: a named range of days, such as `this_month`
    Within,
    /// `is`: `me` or `my_team`
    Is,
}

impl Op {
    fn parse(name: &str) -> Option<Op> {
        Some(match name {
            "=" => Op::Eq,
            "!=" => Op::Ne,
            "<" => Op::Lt,
            "<=" => Op::Le,
            ">" => Op::Gt,
            ">=" => Op::Ge,
            "in" => Op::In,
            "not_in" => Op::NotIn,
            "contains" => Op::Contains,
            "starts" => Op::Starts,
            "between" => Op::Between,
            "empty" => Op::Empty,
            "not_empty" => Op::NotEmpty,
            "within" => Op::Within,
            "is" => Op::Is,
            _ => return None,
        })
    }
}

fn not_understood(what: &str) -> Refusal {
    Refusal::new(
        "filter_not_understood",
        Label::new(
            "The filter is not understood near {near}. Write [field, operator, value] or [\"and\", …].",
            "无法识别筛选条件（{near} 附近）。请写成 [字段, 运算符, 值] 或 [\"and\", …]。",
        ),
    )
    .with("near", what.chars().take(80).collect::<String>())
}

impl Filter {
    /// The filter that lets everything through.
    pub fn all() -> Filter {
        Filter::And(Vec::new())
    }

    /// A comparison with one value.
    pub fn is(field: &str, op: Op, value: impl Into<Json>) -> Filter {
        Filter::Is { field: field.to_owned(), op, operand: Operand::One(value.into()) }
    }

    /// Both.
    pub fn and(self, other: Filter) -> Filter {
        match (self, other) {
            (Filter::And(mut some), Filter::And(more)) => {
                some.extend(more);
                Filter::And(some)
            }
            (Filter::And(mut some), one) => {
                some.push(one);
                Filter::And(some)
            }
            (one, Filter::And(mut more)) => {
                more.insert(0, one);
                Filter::And(more)
            }
            (one, other) => Filter::And(vec![one, other]),
        }
    }

    /// Reads the JSON form. Fields and values are checked later, against the entity.
    pub fn parse(json: &Json) -> Result<Filter, Refusal> {
        let mut left = CONDITIONS_MAX;
        parse(json, DEPTH_MAX, &mut left)
    }

    /// Reads the JSON form from text.
    pub fn parse_text(text: &str) -> Result<Filter, Refusal> {
        if text.trim().is_empty() {
            return Ok(Filter::all());
        }
        let json: Json = serde_json::from_str(text).map_err(|_| not_understood(text))?;
        Filter::parse(&json)
    }
}

fn parse(json: &Json, depth: usize, left: &mut usize) -> Result<Filter, Refusal> {
    let Json::Array(parts) = json else {
        return Err(not_understood(&json.to_string()));
    };
    if depth == 0 || *left == 0 {
        return Err(not_understood("too many conditions"));
    }
    *left -= 1;
    let Some(head) = parts.first() else {
        return Ok(Filter::all());
    };
    let Some(head) = head.as_str() else {
        return Err(not_understood(&json.to_string()));
    };
    let mut inner = || parts[1..].iter().map(|part| parse(part, depth - 1, left)).collect::<Result<Vec<_>, _>>();
    match head {
        "and" => Ok(Filter::And(inner()?)),
        "or" => Ok(Filter::Or(inner()?)),
        "not" if parts.len() == 2 => Ok(Filter::Not(Box::new(inner()?.remove(0)))),
        field => {
            let op = parts.get(1).and_then(Json::as_str).and_then(Op::parse);
            let Some(op) = op else {
                return Err(not_understood(&json.to_string()));
            };
            let operand = match (op, parts.get(2), parts.len()) {
                (Op::Empty | Op::NotEmpty, _, 2 | 3) => Operand::None,
                (Op::In | Op::NotIn | Op::Between, Some(Json::Array(many)), 3) if many.len() <= 1000 => {
                    Operand::Many(many.clone())
                }
                (Op::In | Op::NotIn | Op::Between, ..) => return Err(not_understood(&json.to_string())),
                (_, Some(one), 3) if !one.is_array() && !one.is_object() => Operand::One(one.clone()),
                _ => return Err(not_understood(&json.to_string())),
            };
            Ok(Filter::Is { field: field.to_owned(), op, operand })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn groups_nest_and_conditions_are_read() {
        let filter = Filter::parse_text(r#"["and",["stage","=","draft"],["or",["a.b","empty"],["n","in",[1,2]]]]"#);
        let Ok(Filter::And(parts)) = filter else { panic!("{filter:?}") };
        assert_eq!(parts.len(), 2);
    }

    #[test]
    fn nonsense_is_refused_not_guessed() {
        for text in ["{}", "[1]", r#"["a"]"#, r#"["a","like","b"]"#, r#"["a","=",{}]"#, "[", r#"["a","between",1]"#] {
            assert!(Filter::parse_text(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_bottomless_filter_is_refused() {
        let text = "[\"not\",".repeat(100) + "[\"a\",\"empty\"]" + &"]".repeat(100);
        assert!(Filter::parse_text(&text).is_err());
    }
}
