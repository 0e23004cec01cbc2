//! The life of an invoice; what it posts is shown by the scenarios, which run the whole program.

use super::{Action, InvoiceKind, Stage};
use meta::Choice;

#[test]
fn an_invoice_is_posted_once_and_cancelled_once() {
    assert_eq!(Stage::Draft.after(&Action::Post), Some(Stage::Posted));
    assert_eq!(Stage::Posted.after(&Action::Post), None);
    assert_eq!(Stage::Posted.after(&Action::Cancel), Some(Stage::Cancelled));
    assert_eq!(Stage::Cancelled.after(&Action::Cancel), None);
    assert_eq!(Stage::Draft.after(&Action::Cancel), None);
}

#[test]
fn both_kinds_have_names_in_both_languages() {
    assert!(InvoiceKind::META.values.iter().all(|value| !value.label.zh.is_empty() && !value.label.en.is_empty()));
}
