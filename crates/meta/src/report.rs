//! Reports: a table with a way into its sources.
//!
//! The row rules of an entity are joined to every query of a report where its SQL says
//! `{rows invoice i}`: the rows of `invoice`, called `i` in this query, that the reader may see.
//! A report that reads from an entity without saying so fails for whoever may not see all of it.

use kernel::{Date, Label};

use crate::{Fault, FieldKind, FieldMeta, Reader, Trouble, Value};

/// A report: what it is called, what it asks for, and how it is made.
pub struct ReportMeta {
    /// Its name: URL and permission.
    pub name: &'static str,
    /// What it is called.
    pub label: Label,
    /// What it tells.
    pub help: Label,
    /// What it asks for. `as_of` and `known_at` are the two clocks.
    pub params: &'static [FieldMeta],
    /// Makes it; the values are in the order of `params`, checked by kind.
    pub run: fn(&[Value], &dyn Reader) -> Result<Table, Trouble>,
}

impl std::fmt::Debug for ReportMeta {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "report {}", self.name)
    }
}

impl ReportMeta {
    /// The value of a parameter. Panics when the report has no such parameter: a typo of ours.
    pub fn param<'a>(&self, values: &'a [Value], name: &str) -> &'a Value {
        let index = self.params.iter().position(|param| param.name == name);
        &values[index.unwrap_or_else(|| panic!("{} has no parameter {name}", self.name))]
    }
}

/// A parameter of a report that is asked for, and what is taken where it is left empty.
pub const fn param(name: &'static str, kind: FieldKind, label: Label, default: &'static str) -> FieldMeta {
    FieldMeta { default, ..FieldMeta::plain(name, kind, label) }
}

/// The day a parameter names; the last there is where it names none.
pub fn day(value: &Value) -> Date {
    value.text().and_then(Date::parse).unwrap_or(Date::MAX)
}

/// The business day up to which a report tells, not before the one it tells from where it has one.
pub const AS_OF: FieldMeta =
    FieldMeta { not_before: "from", ..param("as_of", FieldKind::Date, Label::new("As of", "截至日期"), "today") };
/// The business day from which a report tells.
pub const FROM: FieldMeta = param("from", FieldKind::Date, Label::new("From", "起始日期"), "year_start");
/// The moment whose knowledge a report tells.
pub const KNOWN_AT: FieldMeta = param("known_at", FieldKind::Instant, Label::new("As known at", "按当时所知"), "");

/// A column of a report.
pub const fn column(name: &'static str, kind: FieldKind, label: Label) -> Column {
    Column { name, kind, label }
}

/// A column of a report.
#[derive(Clone, Debug)]
pub struct Column {
    /// Its name in JSON and files.
    pub name: &'static str,
    /// Its heading.
    pub label: Label,
    /// What it holds; amounts are in company currency unless the cell says otherwise.
    pub kind: FieldKind,
}

/// One cell.
#[derive(Clone, Debug, Default)]
pub enum Cell {
    /// Empty.
    #[default]
    Empty,
    /// A stored value of the column's kind.
    Value(Value),
    /// Money in a currency of its own.
    Money(kernel::Money),
    /// A text in both languages.
    Label(Label),
    /// A record, shown by its label.
    Ref {
        /// Its entity.
        entity: &'static str,
        /// Its id.
        id: i64,
        /// Its label, where known.
        label: String,
    },
}

impl<T: Into<Value>> From<T> for Cell {
    fn from(value: T) -> Cell {
        Cell::Value(value.into())
    }
}

/// Where a row leads.
#[derive(Clone, Debug)]
pub enum Opens {
    /// Another report with these parameters (as they appear in a URL).
    Report(&'static str, Vec<(&'static str, String)>),
    /// A record.
    Record(String, i64),
    /// A list with a filter, as JSON text.
    List(&'static str, String),
}

/// How a row looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum RowStyle {
    /// Like any other.
    #[default]
    Plain,
    /// A heading.
    Head,
    /// A sum.
    Total,
}

/// One row.
#[derive(Clone, Debug, Default)]
pub struct ReportRow {
    /// In the order of the columns.
    pub cells: Vec<Cell>,
    /// How far it is indented.
    pub level: usize,
    /// How it looks.
    pub style: RowStyle,
    /// Where it leads.
    pub opens: Option<Opens>,
}

/// A finished report.
#[derive(Clone, Debug, Default)]
pub struct Table {
    /// Its columns.
    pub columns: Vec<Column>,
    /// Its rows.
    pub rows: Vec<ReportRow>,
    /// What the reader should know.
    pub notes: Vec<Label>,
}

impl Table {
    /// An empty table with these columns.
    pub fn new(columns: Vec<Column>) -> Table {
        Table { columns, rows: Vec::new(), notes: Vec::new() }
    }

    /// The same without some columns: what they hold is kept from the reader.
    pub fn without(mut self, names: &[&str]) -> Table {
        let kept: Vec<bool> = self.columns.iter().map(|column| !names.contains(&column.name)).collect();
        let mut at = kept.iter();
        self.columns.retain(|_| *at.next().expect("one for each column"));
        for row in &mut self.rows {
            let mut at = kept.iter();
            row.cells.retain(|_| *at.next().expect("one for each cell"));
        }
        self
    }

    /// Adds a row.
    pub fn push(&mut self, cells: Vec<Cell>) -> Result<&mut ReportRow, Fault> {
        if cells.len() != self.columns.len() {
            return Err(Fault::new(format!("a row of {} cells for {} columns", cells.len(), self.columns.len())));
        }
        self.rows.push(ReportRow { cells, ..ReportRow::default() });
        Ok(self.rows.last_mut().expect("a row was just pushed"))
    }
}

/// The stored value a field had before a change, as the audit tells it (`{"field": [old, new]}`); nothing when the
/// change was not of this field.
pub fn was(changes: &str, field: &str) -> Option<Value> {
    let changes: serde_json::Value = serde_json::from_str(changes).ok()?;
    Some(match changes.get(field)?.get(0)? {
        serde_json::Value::Number(number) => Value::Int(number.as_i64()?),
        serde_json::Value::String(text) => Value::Text(text.clone()),
        _ => Value::Null,
    })
}
