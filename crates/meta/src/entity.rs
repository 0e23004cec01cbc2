//! Entities: masters, documents, their lines and the books.

use kernel::Label;

use crate::{Fault, FieldKind, FieldMeta, Record, Value};

/// What sort of thing an entity is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EntityKind {
    /// Lives long and is referred to: a customer, a product.
    Master,
    /// Has stages and posts: an order, an invoice.
    Document,
    /// Lines owned by another entity.
    Owned,
    /// Written by the engine only: entries, moves.
    Ledger,
    /// Set up once, by administrators.
    Setting,
}

impl EntityKind {
    /// The name in metadata.
    pub fn name(self) -> &'static str {
        match self {
            EntityKind::Master => "master",
            EntityKind::Document => "document",
            EntityKind::Owned => "owned",
            EntityKind::Ledger => "ledger",
            EntityKind::Setting => "setting",
        }
    }
}

/// A group of fields on a form.
#[derive(Clone, Copy, Debug)]
pub struct Section {
    /// Its heading.
    pub label: Label,
    /// The first field that stands under it; the fields after it follow.
    pub first: &'static str,
}

/// The description of an entity, emitted by `#[derive(Entity)]`.
#[derive(Debug)]
pub struct EntityMeta {
    /// Folder, table, URL, JSON key, type, permission: one name.
    pub name: &'static str,
    /// How its ids begin.
    pub prefix: &'static str,
    /// What sort of thing it is.
    pub kind: EntityKind,
    /// What one is called.
    pub label: Label,
    /// What many are called.
    pub plural: Label,
    /// What it is for.
    pub help: Label,
    /// Its fields, `id` first.
    pub fields: &'static [FieldMeta],
    /// The fields that name a record.
    pub title: &'static [&'static str],
    /// The field with its Chinese name, where the first of `title` is the English one: a record is called
    /// by it in Chinese, unless it is empty. What has names for papers in both languages needs none.
    pub title_zh: Option<&'static str>,
    /// The columns a list shows at first.
    pub list: &'static [&'static str],
    /// How a list is sorted at first; `-` for descending.
    pub sort: &'static [&'static str],
    /// How a form is laid out.
    pub sections: &'static [Section],
    /// The pattern of its number, such as `SO-{year}-{seq:05}`; empty for none.
    pub number: &'static str,
    /// When the number is given: `create`, or the name of an action.
    pub number_at: &'static str,
    /// The choice whose values may have a number series of their own, such as `kind` of an invoice;
    /// empty where all records are numbered alike.
    pub number_by: &'static str,
    /// The field that holds the stage.
    pub stage_field: Option<&'static str>,
    /// Few rows that rarely change, and that nearly every document asks for: they are read
    /// once and remembered until one of them changes, see [`crate::Reader::steady_rows`].
    pub steady: bool,
    /// Everybody sees and changes their own rows only, whatever else their roles allow; rows
    /// that are `shared` are seen by all.
    pub personal: bool,
    /// The entity that owns these lines, and by which field.
    pub parent: Option<(&'static str, &'static str)>,
    /// Indexes over several columns, each a comma-separated list; `unique:` before it for a unique one.
    pub indexes: &'static [&'static str],
    /// What a user may ask for.
    pub actions: fn() -> &'static [ActionMeta],
    /// The life cycle: which action leads from where to where.
    pub transitions: fn() -> Vec<Transition>,
}

impl EntityMeta {
    /// The field of that name.
    pub fn field(&self, name: &str) -> Option<&'static FieldMeta> {
        self.fields.iter().find(|field| field.name == name)
    }

    /// A field and the entity it is of: one's own, or one of one's lines, as in `lines.product`.
    pub fn within<'a>(&'a self, name: &str) -> Option<(&'a EntityMeta, &'static FieldMeta)> {
        let Some((lines, inner)) = name.split_once('.') else { return Some((self, self.field(name)?)) };
        match self.field(lines)?.kind {
            FieldKind::Owned(line) => Some((line(), line().field(inner)?)),
            _ => None,
        }
    }

    /// The position of a field. Panics when there is none: a typo of ours.
    pub fn index(&self, name: &str) -> usize {
        self.fields
            .iter()
            .position(|field| field.name == name)
            .unwrap_or_else(|| panic!("{} has no field {name}", self.name))
    }

    /// The owned fields: their positions and the entities of their lines.
    pub fn owned_fields_meta(&self) -> impl Iterator<Item = (usize, &'static EntityMeta)> + use<> {
        let fields = self.fields;
        fields.iter().enumerate().filter_map(|(index, field)| match field.kind {
            crate::FieldKind::Owned(line) => Some((index, line())),
            _ => None,
        })
    }

    /// Whether a role can keep back a field of its records: what a record is called and filed under it cannot,
    /// nor what each must have to be found by.
    pub fn may_hide(&self, field: &FieldMeta) -> bool {
        let needed = ["id", "company", "owner", "currency", "rate"];
        let is_found_by = field.search && field.required;
        !is_found_by
            && self.stage_field != Some(field.name)
            && !needed.contains(&field.name)
            && !self.title.contains(&field.name)
    }

    /// The kinds of its records that may have a number series of their own; none for most.
    pub fn numbered_kinds(&self) -> &'static [ChoiceValue] {
        match self.field(self.number_by).map(|field| field.kind) {
            Some(FieldKind::Choice(choice)) => choice.values,
            _ => &[],
        }
    }

    /// True when its records hang on any record: they name it by `about_entity` and `about_doc`.
    pub fn is_about(&self) -> bool {
        self.field("about_doc").is_some()
    }

    /// True when its records belong to one company.
    pub fn has_company(&self) -> bool {
        self.field("company").is_some()
    }

    /// The action of that name.
    pub fn action(&self, name: &str) -> Option<&'static ActionMeta> {
        (self.actions)().iter().find(|action| action.name == name)
    }
}

/// One step of a life cycle.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Transition {
    /// Code of the stage it starts from.
    pub from: &'static str,
    /// Name of the action.
    pub action: &'static str,
    /// Code of the stage it leads to.
    pub to: &'static str,
}

/// One value of a choice.
#[derive(Clone, Copy, Debug)]
pub struct ChoiceValue {
    /// As stored and sent.
    pub code: &'static str,
    /// As shown.
    pub label: Label,
    /// How it looks: neutral, info, good, warn, bad.
    pub tone: &'static str,
}

/// A list of codes.
#[derive(Debug)]
pub struct ChoiceMeta {
    /// Its name; the registry prefixes the entity where it belongs to one.
    pub name: &'static str,
    /// Its values, in order.
    pub values: &'static [ChoiceValue],
}

impl ChoiceMeta {
    /// The value of that code.
    pub fn value(&self, code: &str) -> Option<&'static ChoiceValue> {
        self.values.iter().find(|value| value.code == code)
    }
}

/// What a user may ask for: a button, an endpoint and a permission.
#[derive(Debug)]
pub struct ActionMeta {
    /// Its name: URL and permission.
    pub name: &'static str,
    /// The word on the button.
    pub label: Label,
    /// What it does.
    pub help: Label,
    /// What must be said with it.
    pub args: &'static [FieldMeta],
    /// Asks before it is done.
    pub danger: bool,
    /// The usual next step.
    pub primary: bool,
    /// May be done to many records at once.
    pub many: bool,
}

/// A Rust struct that is a business object. Derived.
pub trait Entity: Sized + Send + Sync + 'static {
    /// Its one name.
    const NAME: &'static str;
    /// Its description.
    fn meta() -> &'static EntityMeta;
    /// From values. Empty required fields become the zero of their type.
    fn from_record(record: &Record) -> Result<Self, Fault>;
    /// To values.
    fn to_record(&self) -> Record;
}

/// A Rust enum that is a list of codes. Derived.
pub trait Choice: Sized + Copy + Send + Sync + 'static {
    /// Its description.
    const META: &'static ChoiceMeta;
    /// The code of this value.
    fn code(self) -> &'static str;
    /// The value of a code.
    fn of(code: &str) -> Option<Self>;
    /// All values, in order.
    fn all() -> &'static [Self];
}

/// A Rust enum of the actions of a document. Derived.
pub trait Action: Sized + Send + Sync + 'static {
    /// The descriptions, in order.
    fn metas() -> &'static [ActionMeta];
    /// The name of this action.
    fn name(&self) -> &'static str;
    /// From a name and its arguments' values, in the order of [`ActionMeta::args`].
    fn of(name: &str, args: &[Value]) -> Result<Option<Self>, Fault>;
}

/// The transitions of a life cycle, read off the function that says what comes after what.
pub fn life<S: Choice, A: Action>(actions: &[A], after: impl Fn(S, &A) -> Option<S>) -> Vec<Transition> {
    let steps = S::all().iter().flat_map(|stage| actions.iter().map(move |action| (*stage, action)));
    steps
        .filter_map(|(stage, action)| {
            after(stage, action).map(|next| Transition { from: stage.code(), action: action.name(), to: next.code() })
        })
        .collect()
}
