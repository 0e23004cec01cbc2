//! What a decision does beside changing the stage.

use books::{DocRef, Posting};

use crate::{Record, Value};

/// A follow-up document to be made.
#[derive(Clone, Debug)]
pub struct NewDoc {
    /// The document, unsaved.
    pub record: Record,
    /// An action to be taken on it at once, with the same rights as this one.
    pub then: Option<&'static str>,
}

/// A field of another document to be set.
#[derive(Clone, Debug)]
pub struct Change {
    /// Which document.
    pub doc: DocRef,
    /// Which field.
    pub field: &'static str,
    /// To what.
    pub value: Value,
}

/// All that a decision does.
#[derive(Clone, Debug, Default)]
pub struct Effects {
    /// What goes into the books.
    pub posting: Posting,
    /// Follow-up documents.
    pub create: Vec<NewDoc>,
    /// Fields of this document to be set, beside the stage.
    pub set: Vec<(&'static str, Value)>,
    /// Fields of other documents to be set.
    pub change: Vec<Change>,
    /// Mirror all that this document has posted and not yet mirrored.
    pub undo: bool,
}

impl Effects {
    /// Nothing.
    pub fn none() -> Effects {
        Effects::default()
    }

    /// Mirrors all that this document has posted.
    pub fn undo() -> Effects {
        Effects { undo: true, ..Effects::default() }
    }

    /// Posts this.
    pub fn post(posting: Posting) -> Effects {
        Effects { posting, ..Effects::default() }
    }
}
