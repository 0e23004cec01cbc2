//! What a list is asked for.

use crate::Filter;

/// One thing to sort by.
#[derive(Clone, Debug, PartialEq)]
pub struct Sort {
    /// Path of the field.
    pub field: String,
    /// Largest first.
    pub descending: bool,
}

/// A part of a day to group by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// The day itself.
    Day,
    /// Monday of the week.
    Week,
    /// `2026-11`
    Month,
    /// `2026-Q4`
    Quarter,
    /// `2026`
    Year,
}

/// One thing to group by.
#[derive(Clone, Debug, PartialEq)]
pub struct Group {
    /// Path of the field.
    pub field: String,
    /// For days.
    pub part: Option<Part>,
}

/// A figure over the rows of a group.
#[derive(Clone, Debug, PartialEq)]
pub enum Aggregate {
    /// Sum of a field.
    Sum(String),
    /// Smallest value of a field.
    Min(String),
    /// Largest value of a field.
    Max(String),
    /// How many rows have a value.
    Filled(String),
    /// How many different values there are.
    Unique(String),
}

impl Aggregate {
    /// What the figure is called in requests and answers.
    pub fn name(&self) -> &'static str {
        match self {
            Aggregate::Sum(_) => "sum",
            Aggregate::Min(_) => "min",
            Aggregate::Max(_) => "max",
            Aggregate::Filled(_) => "filled",
            Aggregate::Unique(_) => "unique",
        }
    }

    /// The path of its field.
    pub fn field(&self) -> &str {
        let (Aggregate::Sum(path)
        | Aggregate::Min(path)
        | Aggregate::Max(path)
        | Aggregate::Filled(path)
        | Aggregate::Unique(path)) = self;
        path
    }
}

/// A list, as asked for. Row rules are joined by the engine, never by the caller.
#[derive(Clone, Debug, PartialEq)]
pub struct ListQuery {
    /// Which rows.
    pub filter: Filter,
    /// Words to look for.
    pub search: String,
    /// Only what has these words as they are written; else, where nothing has them, what nearly does.
    pub exact: bool,
    /// In which order; the id is always last.
    pub sort: Vec<Sort>,
    /// How many rows at most.
    pub limit: usize,
    /// Where the last page ended.
    pub cursor: Option<String>,
    /// Whether to count all matching rows.
    pub count: bool,
    /// Which fields; empty for all columns.
    pub fields: Vec<String>,
    /// What to group by; empty for plain rows.
    pub group: Vec<Group>,
    /// Figures over groups.
    pub aggregates: Vec<Aggregate>,
}

impl Default for ListQuery {
    fn default() -> Self {
        ListQuery {
            filter: Filter::all(),
            search: String::new(),
            exact: false,
            sort: Vec::new(),
            limit: 80,
            cursor: None,
            count: false,
            fields: Vec::new(),
            group: Vec::new(),
            aggregates: Vec::new(),
        }
    }
}
