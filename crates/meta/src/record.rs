//! A document as values.

use crate::EntityMeta;

/// One stored value. Databases see only whole numbers and text, alike in both.
///
/// | field kind | value |
/// | --- | --- |
/// | amount, qty, price, rate, int, bool, id, ref, instant | `Int` |
/// | text, choice, currency, date (ISO), json | `Text` |
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum Value {
    /// Empty.
    #[default]
    Null,
    /// A whole number.
    Int(i64),
    /// Text.
    Text(String),
}

impl Value {
    /// The number, if it is one.
    pub fn int(&self) -> Option<i64> {
        match self {
            Value::Int(number) => Some(*number),
            _ => None,
        }
    }

    /// The text, if it is one.
    pub fn text(&self) -> Option<&str> {
        match self {
            Value::Text(text) => Some(text),
            _ => None,
        }
    }

    /// True when empty.
    pub fn is_null(&self) -> bool {
        matches!(self, Value::Null)
    }
}

impl From<i64> for Value {
    fn from(number: i64) -> Value {
        Value::Int(number)
    }
}

impl From<bool> for Value {
    fn from(yes: bool) -> Value {
        Value::Int(yes as i64)
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Value {
        Value::Text(text.to_owned())
    }
}

impl From<String> for Value {
    fn from(text: String) -> Value {
        Value::Text(text)
    }
}

impl From<kernel::Date> for Value {
    fn from(date: kernel::Date) -> Value {
        Value::Text(date.to_string())
    }
}

impl<T: Into<Value>> From<Option<T>> for Value {
    fn from(value: Option<T>) -> Value {
        value.map_or(Value::Null, Into::into)
    }
}

/// A row of a query: values in the order of the selected columns.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Row(pub Vec<Value>);

impl Row {
    /// The number in a column; an empty one counts as 0, as in `sum` over nothing.
    pub fn int(&self, column: usize) -> i64 {
        self.0[column].int().unwrap_or(0)
    }

    /// The number in a column, if there is one.
    pub fn maybe_int(&self, column: usize) -> Option<i64> {
        self.0[column].int()
    }

    /// The text in a column; an empty one counts as "".
    pub fn text(&self, column: usize) -> &str {
        self.0[column].text().unwrap_or("")
    }

    /// The day in a column.
    pub fn date(&self, column: usize) -> Option<kernel::Date> {
        self.0[column].text().and_then(kernel::Date::parse)
    }
}

/// A document as values, in the order of its entity's fields.
#[derive(Clone, Debug)]
pub struct Record {
    /// What it is.
    pub meta: &'static EntityMeta,
    /// Its id; 0 while it is not saved.
    pub id: i64,
    /// Raised by every write; 0 while it is not saved.
    pub version: i64,
    /// The id another system knows it by.
    pub external_id: Option<String>,
    values: Vec<Value>,
    owned: Vec<Vec<Record>>,
}

impl Record {
    /// An empty record.
    pub fn empty(meta: &'static EntityMeta) -> Record {
        let owned = meta.fields.iter().map(|_| Vec::new()).collect();
        Record { meta, id: 0, version: 0, external_id: None, values: vec![Value::Null; meta.fields.len()], owned }
    }

    /// The value of a field. Panics when the entity has no such field: a typo of ours.
    pub fn get(&self, field: &str) -> &Value {
        &self.values[self.meta.index(field)]
    }

    /// The value of a field by its position.
    pub fn at(&self, index: usize) -> &Value {
        &self.values[index]
    }

    /// Sets a field by its position.
    pub fn put(&mut self, index: usize, value: Value) {
        self.values[index] = value;
    }

    /// Sets a field. Panics when the entity has no such field.
    pub fn set(&mut self, field: &str, value: impl Into<Value>) -> &mut Self {
        let index = self.meta.index(field);
        self.values[index] = value.into();
        self
    }

    /// The lines a record owns.
    pub fn owned(&self, field: &str) -> &[Record] {
        &self.owned[self.meta.index(field)]
    }

    /// The lines a record owns, by the field's position.
    pub fn owned_at(&self, index: usize) -> &[Record] {
        &self.owned[index]
    }

    /// The lines a record owns, to be changed.
    pub fn owned_at_mut(&mut self, index: usize) -> &mut Vec<Record> {
        &mut self.owned[index]
    }

    /// Replaces the lines a record owns.
    pub fn set_owned(&mut self, field: &str, lines: Vec<Record>) -> &mut Self {
        let index = self.meta.index(field);
        self.owned[index] = lines;
        self
    }

    /// The raw company, if the entity belongs to one.
    pub fn company(&self) -> Option<i64> {
        self.meta.field("company").and_then(|_| self.get("company").int())
    }

    /// The code of the stage, if the entity has a life cycle.
    pub fn stage(&self) -> Option<&str> {
        self.meta.stage_field.and_then(|field| self.get(field).text())
    }

    /// What the record is called: its title fields, joined by a blank.
    pub fn label(&self) -> String {
        let parts: Vec<&str> = self.meta.title.iter().filter_map(|field| self.get(field).text()).collect();
        parts.join(" ")
    }

    /// Positions of the owned fields.
    pub fn owned_fields(&self) -> impl Iterator<Item = (usize, &'static EntityMeta)> + use<> {
        self.meta.owned_fields_meta()
    }
}

impl PartialEq for Record {
    fn eq(&self, other: &Record) -> bool {
        self.meta.name == other.meta.name
            && self.id == other.id
            && self.values == other.values
            && self.owned == other.owned
    }
}
