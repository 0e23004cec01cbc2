//! Filters as conditions.

use kernel::{Instant, Label, Param, Refusal, id_parse, relative_range};
use meta::{EntityMeta, FieldKind, FieldMeta, Filter, Op, Operand, Value, json};
use serde_json::Value as Json;

use super::build::Builder;
use super::path::{Found, unknown};

/// The longest text a filter compares with.
const TEXT_MAX: usize = 2_000;
/// Microseconds of a day.
const DAY: i64 = 86_400_000_000;

fn unfit(field: &FieldMeta) -> Refusal {
    Refusal::new(
        "filter_does_not_fit",
        Label::new(
            "“{field}” cannot be compared in this way. Choose another comparison.",
            "“{field}”不支持这种比较方式，请更换。",
        ),
    )
    .with("field", Param::Label(field.label))
    .field(field.name)
}

pub(super) fn is_text(kind: FieldKind) -> bool {
    use FieldKind::*;
    matches!(kind, Text | LongText | Email | Phone | Url | Barcode | Json)
}

impl Builder<'_> {
    /// The condition of a filter. One of our own rules may name any field.
    pub fn filter(&mut self, filter: &Filter, is_trusted: bool) -> Result<String, Refusal> {
        match filter {
            Filter::And(parts) => self.joined_by(parts, " and ", "1 = 1", is_trusted),
            Filter::Or(parts) => self.joined_by(parts, " or ", "1 = 0", is_trusted),
            // An empty field makes no condition true, so its opposite is.
            Filter::Not(part) => Ok(format!("not coalesce({}, false)", self.filter(part, is_trusted)?)),
            Filter::Is { field, op, operand } => {
                if let Some((line, rest)) = self.line_of(field, is_trusted) {
                    return self.has_line(line, rest, *op, operand, is_trusted);
                }
                let found = if is_trusted { self.trusted(field)? } else { self.visible(field)? };
                if let FieldKind::Owned(_) = found.field.kind {
                    return Err(unknown(self.meta, field));
                }
                self.compare(found, *op, operand)
            }
        }
    }

    /// The lines a path such as `lines.product` leads into, and what follows.
    fn line_of<'f>(&self, path: &'f str, is_trusted: bool) -> Option<(&'static EntityMeta, &'f str)> {
        let (own, rest) = path.split_once('.')?;
        let field = self.meta.field(own)?;
        let FieldKind::Owned(line) = field.kind else { return None };
        (is_trusted || (self.scope.visible)(self.meta, field)).then(|| (line(), rest))
    }

    /// Records with a line of which a comparison is true. One that denies is true where no line
    /// says the opposite: “product is not X” means an order without X.
    fn has_line(
        &mut self,
        line: &'static EntityMeta,
        path: &str,
        op: Op,
        operand: &Operand,
        is_trusted: bool,
    ) -> Result<String, Refusal> {
        let is_nothing = matches!(operand, Operand::One(Json::Null));
        let (op, denies) = match op {
            Op::Ne if is_nothing => (Op::NotEmpty, false),
            Op::Eq if is_nothing => (Op::NotEmpty, true),
            Op::Ne => (Op::Eq, true),
            Op::NotIn => (Op::In, true),
            Op::Empty => (Op::NotEmpty, true),
            other => (other, false),
        };
        // Values keep their places in the whole query; tables have names of their own in here.
        let mut inner = Builder::new(self.dialect, self.registry, line, self.scope);
        inner.args = std::mem::take(&mut self.args);
        let comparison = Filter::Is { field: path.to_owned(), op, operand: operand.clone() };
        let condition = inner.filter(&comparison, is_trusted);
        self.args = std::mem::take(&mut inner.args);
        let (condition, joins) = (condition?, inner.joins());
        let not = if denies { "not " } else { "" };
        Ok(format!(
            "(t0.id {not}in (select t0.\"parent\" from {} t0{joins} where {condition}))",
            crate::conn::quoted(line.name)
        ))
    }

    fn joined_by(&mut self, parts: &[Filter], word: &str, none: &str, is_trusted: bool) -> Result<String, Refusal> {
        let parts = parts.iter().map(|part| self.filter(part, is_trusted)).collect::<Result<Vec<_>, _>>()?;
        match parts.is_empty() {
            true => Ok(format!("({none})")),
            false => Ok(format!("({})", parts.join(word))),
        }
    }

    fn compare(&mut self, found: Found, op: Op, operand: &Operand) -> Result<String, Refusal> {
        let column = found.column.clone();
        match (op, operand) {
            (Op::Empty | Op::NotEmpty, _) => Ok(empty(&found, op == Op::Empty)),
            (Op::Eq, Operand::One(Json::Null)) => Ok(empty(&found, true)),
            (Op::Ne, Operand::One(Json::Null)) => Ok(empty(&found, false)),
            (Op::Contains | Op::Starts, Operand::One(Json::String(text))) => self.like(found, op, text),
            (Op::Within, Operand::One(Json::String(name))) => {
                let (first, last) = relative_range(name, self.scope.today).ok_or_else(|| unfit(&found.field))?;
                let (first, last) = match found.field.kind {
                    FieldKind::Date => (Value::from(first), Value::from(last)),
                    FieldKind::Instant => (start_of(first), end_of(last)),
                    _ => return Err(unfit(&found.field)),
                };
                Ok(self.between(&column, first, last))
            }
            (Op::Is, Operand::One(Json::String(who))) => {
                let FieldKind::Ref("user") = found.field.kind else { return Err(unfit(&found.field)) };
                let users = match who.as_str() {
                    "me" => vec![self.scope.user],
                    "my_team" => self.scope.team.clone(),
                    _ => return Err(unfit(&found.field)),
                };
                let places = self.bind_all(users.into_iter().map(Value::Int));
                Ok(if places.is_empty() { "(1 = 0)".to_owned() } else { format!("({column} in ({places}))") })
            }
            (Op::In | Op::NotIn, Operand::Many(many)) => self.among(&found, op == Op::In, many),
            (Op::Between, Operand::Many(ends)) => {
                let [first, last] = ends.as_slice() else { return Err(unfit(&found.field)) };
                let first = self.read(&found, first, false)?;
                let last = self.read(&found, last, true)?;
                Ok(self.between(&column, first, last))
            }
            (Op::Eq | Op::Ne | Op::Lt | Op::Le | Op::Gt | Op::Ge, Operand::One(one)) => self.one(&found, op, one),
            _ => Err(unfit(&found.field)),
        }
    }

    fn one(&mut self, found: &Found, op: Op, one: &Json) -> Result<String, Refusal> {
        let column = &found.column;
        let is_day =
            matches!(found.field.kind, FieldKind::Instant) && one.as_str().is_some_and(|text| text.len() == 10);
        if is_day && matches!(op, Op::Eq | Op::Ne) {
            let (first, last) = (self.read(found, one, false)?, self.read(found, one, true)?);
            let within = self.between(column, first, last);
            return Ok(if op == Op::Eq { within } else { format!("(not coalesce({within}, false))") });
        }
        let value = self.read(found, one, matches!(op, Op::Le | Op::Gt))?;
        // A yes-or-no that was never said is a no.
        let is_no = matches!(found.field.kind, FieldKind::Bool) && value == Value::Int(0);
        let place = self.bind(value);
        Ok(match op {
            Op::Eq if is_no => format!("({column} = {place} or {column} is null)"),
            Op::Ne if is_no => format!("({column} <> {place})"),
            Op::Eq => format!("({column} = {place})"),
            Op::Ne => format!("({column} <> {place} or {column} is null)"),
            Op::Lt => format!("({column} < {place})"),
            Op::Le => format!("({column} <= {place})"),
            Op::Gt => format!("({column} > {place})"),
            Op::Ge => format!("({column} >= {place})"),
            _ => return Err(unfit(&found.field)),
        })
    }

    fn between(&mut self, column: &str, first: Value, last: Value) -> String {
        let (first, last) = (self.bind(first), self.bind(last));
        format!("({column} between {first} and {last})")
    }

    fn among(&mut self, found: &Found, is_in: bool, many: &[Json]) -> Result<String, Refusal> {
        let column = &found.column;
        let mut values = Vec::with_capacity(many.len());
        let mut with_empty = false;
        for one in many {
            match self.read(found, one, false)? {
                Value::Null => with_empty = true,
                value => values.push(value),
            }
        }
        let places = self.bind_all(values);
        let among = if places.is_empty() { "1 = 0".to_owned() } else { format!("{column} in ({places})") };
        Ok(match (is_in, with_empty) {
            (true, false) => format!("({among})"),
            (true, true) => format!("({among} or {column} is null)"),
            (false, false) => format!("({column} is null or not ({among}))"),
            (false, true) => format!("({column} is not null and not ({among}))"),
        })
    }

    /// Text within text, letters of either case; `%`, `_` and `\` mean themselves.
    pub fn like(&mut self, found: Found, op: Op, text: &str) -> Result<String, Refusal> {
        let field = found.field;
        let found = self.named(found)?;
        // Views kept from when a country was any text look for its letters.
        let has_letters = is_text(found.field.kind) || matches!(found.field.kind, FieldKind::Country);
        if !has_letters || text.len() > TEXT_MAX {
            return Err(unfit(&field));
        }
        let start = if op == Op::Contains { "%" } else { "" };
        let mut pattern = String::from(start);
        for letter in text.chars() {
            if matches!(letter, '%' | '_' | '\\') {
                pattern.push('\\');
            }
            pattern.push(letter.to_ascii_lowercase());
        }
        pattern.push('%');
        let place = self.bind(Value::Text(without_nul(&pattern)));
        Ok(format!("(lower({}) like {place} escape '\\')", found.column))
    }

    /// A value of a filter, by the kind of its field. A day compared with a moment is its
    /// first microsecond or its last.
    fn read(&self, found: &Found, one: &Json, to_the_end: bool) -> Result<Value, Refusal> {
        let field = &found.field;
        match (field.kind, one) {
            (_, Json::Null) => Ok(Value::Null),
            (FieldKind::Id, Json::String(text)) => {
                id_parse(found.meta.prefix, text).map(Value::Int).ok_or_else(|| unfit(field))
            }
            (kind, Json::String(text)) if is_text(kind) && text.len() <= TEXT_MAX => Ok(Value::Text(without_nul(text))),
            (FieldKind::Instant, Json::String(text)) if text.len() == 10 => {
                let day = kernel::Date::parse(text).ok_or_else(|| unfit(field))?;
                Ok(if to_the_end { end_of(day) } else { start_of(day) })
            }
            (FieldKind::Doc, Json::String(text)) => {
                let named = match found.meta.field(&json::beside(field.name)) {
                    Some(_) => self.registry.doc(text),
                    None => self.registry.line(text),
                };
                named.map(|(_, raw)| Value::Int(raw)).ok_or_else(|| unfit(field))
            }
            (FieldKind::Doc, _) => Err(unfit(field)),
            (FieldKind::Id | FieldKind::Json | FieldKind::Owned(_), _) => Err(unfit(field)),
            (FieldKind::Ref(entity), _) if self.registry.entity(entity).is_none() => Err(unfit(field)),
            _ => json::read_value(field, one, self.scope.currency, self.registry),
        }
    }
}

/// PostgreSQL keeps no text with a zero character, so none is equal to this one either.
fn without_nul(text: &str) -> String {
    text.replace('\0', "\u{fffd}")
}

fn empty(found: &Found, is_empty: bool) -> String {
    let column = &found.column;
    match (is_empty, is_text(found.field.kind)) {
        (true, true) => format!("({column} is null or {column} = '')"),
        (false, true) => format!("({column} <> '')"),
        (true, false) => format!("({column} is null)"),
        (false, false) => format!("({column} is not null)"),
    }
}

fn start_of(day: kernel::Date) -> Value {
    Value::Int(i64::from(day.days()) * DAY)
}

fn end_of(day: kernel::Date) -> Value {
    let Value::Int(start) = start_of(day) else { return Value::Null };
    Value::Int(Instant::from_micros(start).micros() + DAY - 1)
}
