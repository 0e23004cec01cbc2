//! Who may do what.

use kernel::Label;

/// A verb every entity knows; actions are verbs too, by their name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Verb {
    /// Read.
    See,
    /// Create.
    Add,
    /// Change.
    Edit,
    /// Delete.
    Remove,
    /// Load many from a file.
    Import,
    /// Take many away in a file.
    Export,
}

impl Verb {
    /// The name in grants.
    pub fn name(self) -> &'static str {
        match self {
            Verb::See => "see",
            Verb::Add => "add",
            Verb::Edit => "edit",
            Verb::Remove => "remove",
            Verb::Import => "import",
            Verb::Export => "export",
        }
    }
}

/// Every verb and every action.
pub const ALL: &str = "*";

/// Which rows a grant reaches.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rows {
    /// All of the companies the user works for.
    All,
    /// Those whose `owner` is the user.
    Own,
    /// Those whose `owner` is the user or someone below.
    Team,
}

impl Rows {
    /// The name in grants.
    pub fn name(self) -> &'static str {
        match self {
            Rows::All => "all",
            Rows::Own => "own",
            Rows::Team => "team",
        }
    }
}

/// A role as a module seeds it.
#[derive(Clone, Copy, Debug)]
pub struct Role {
    /// Its code.
    pub code: &'static str,
    /// What it is called.
    pub label: Label,
}

/// What a role may do with an entity or a report.
#[derive(Clone, Copy, Debug)]
pub struct Grant {
    /// The role's code.
    pub role: &'static str,
    /// The entity or report.
    pub on: &'static str,
    /// Verbs and actions, separated by blanks; [`ALL`] for everything.
    pub verbs: &'static str,
    /// Which rows.
    pub rows: Rows,
}

impl Grant {
    /// A grant over all rows.
    pub const fn new(role: &'static str, on: &'static str, verbs: &'static str) -> Grant {
        Grant { role, on, verbs, rows: Rows::All }
    }

    /// The same over other rows.
    pub const fn rows(self, rows: Rows) -> Grant {
        Grant { rows, ..self }
    }
}
