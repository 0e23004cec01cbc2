//! Descriptions as data: what a business object is, what may be done with it, and by whom.
//!
//! ```text
//! Entity     the Rust struct of a document, described by an [`EntityMeta`]
//! Record     the same document as values, as it travels between JSON, SQL and struct
//! Document   what a module knows of it: facts, complete, decide (all pure but facts' reads)
//! Effects    what a decision posts and changes
//! Registry   all entities, reports and roles of all modules
//! ```
//!
//! `#[derive(Entity)]` emits tables and two conversions, no behaviour: one engine
//! interprets them, so that a hundred entities cost little to compile.

mod access;
mod document;
mod effects;
mod entity;
mod fault;
mod field;
mod filter;
pub mod json;
mod law;
pub mod number;
mod query;
mod record;
mod registry;
pub mod report;
pub mod stages;

pub use access::{ALL, Grant, Role, Rows, Verb, verb_label};
pub use document::{Behaviour, Context, Decision, Document, Hint, Plain, Reader, Tone, Typed, Want, load, need};
pub use effects::{Change, Effects, NewDoc};
pub use entity::{
    Action, ActionMeta, Choice, ChoiceMeta, ChoiceValue, Entity, EntityKind, EntityMeta, Section, Transition, life,
};
pub use fault::{Fault, Trouble};
pub use field::{DocId, FieldKind, FieldMeta, FieldType, NO_CURRENCY};
pub use filter::{Filter, Op, Operand};
pub use kernel::Label;
pub use law::Law;
pub use meta_derive::{Action, Choice, Entity, Refusal};
pub use number::NumberPattern;
pub use query::{Aggregate, Group, ListQuery, Part, Sort};
pub use record::{Record, Row, Value};
pub use registry::{MenuItem, Module, Registry};
pub use report::{Cell, Column, Opens, ReportMeta, ReportRow, RowStyle, Table};
