//! Who may do what.

use kernel::Label;

use crate::EntityMeta;

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

    /// The word a user reads.
    pub fn label(self) -> Label {
        match self {
            Verb::See => Label::new("see", "查看"),
            Verb::Add => Label::new("add", "新增"),
            Verb::Edit => Label::new("edit", "修改"),
            Verb::Remove => Label::new("delete", "删除"),
            Verb::Import => Label::new("import", "导入"),
            Verb::Export => Label::new("export", "导出"),
        }
    }

    /// The verb of that name; none for an action.
    pub fn of(name: &str) -> Option<Verb> {
        let all = [Verb::See, Verb::Add, Verb::Edit, Verb::Remove, Verb::Import, Verb::Export];
        all.into_iter().find(|verb| verb.name() == name)
    }
}

/// What a verb or an action is called on screens; none for what neither is.
pub fn verb_label(meta: Option<&EntityMeta>, name: &str) -> Option<Label> {
    let of_action = || meta?.action(name).map(|action| action.label);
    Verb::of(name).map(Verb::label).or_else(of_action)
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
    /// Fields that are kept back, separated by blanks; `lines.margin` for one of a line.
    pub hides: &'static str,
    /// Fields that are shown and not written, named in the same way.
    pub read_only: &'static str,
}

impl Grant {
    /// A grant over all rows.
    pub const fn new(role: &'static str, on: &'static str, verbs: &'static str) -> Grant {
        Grant { role, on, verbs, rows: Rows::All, hides: "", read_only: "" }
    }

    /// The same over other rows.
    pub const fn rows(self, rows: Rows) -> Grant {
        Grant { rows, ..self }
    }

    /// The same without these fields.
    pub const fn hides(self, hides: &'static str) -> Grant {
        Grant { hides, ..self }
    }

    /// The same, but these fields are not written.
    pub const fn read_only(self, read_only: &'static str) -> Grant {
        Grant { read_only, ..self }
    }
}
