//! Parties: everyone we deal with.
//!
//! One record is customer, supplier and person as the case may be, so that what one owes and
//! is owed can be set against each other, and nobody is kept twice.
#![allow(missing_docs, reason = "a field without a comment is explained by its label")]

pub mod legal_entity;
pub mod letterhead;
pub mod party;

use kernel::Label;
use meta::{Entity, Grant, MenuItem, Module, Plain, Rows, Typed};

pub use party::{AddressKind, Party, PartyAddress, PartyContact};

const KEEP: &str = "see add edit remove import export archive restore";

/// What restrains those who sell is not written by them: how much a customer may owe, and until when. The number a tax
/// office knows stays theirs: they hear it from the customer first.
const OF_FINANCE: &str = "credit_limit terms tax_position";
/// Whose credit limit counts is as good as the limit: a new customer is put under a head office, one that is there is
/// not moved to another.
const KEPT_BY_FINANCE: &str = "credit_limit terms tax_position parent";

static GRANTS: &[Grant] = &[
    Grant::new("manager", "party", KEEP),
    Grant::new("sales_manager", "party", "see add import export").read_only(OF_FINANCE),
    Grant::new("sales_manager", "party", "edit remove archive restore").rows(Rows::Team).read_only(KEPT_BY_FINANCE),
    // Everybody who sells sees all customers, so that none is visited twice; they change their own.
    Grant::new("sales_rep", "party", "see add").read_only(OF_FINANCE),
    Grant::new("sales_rep", "party", "edit archive restore export").rows(Rows::Own).read_only(KEPT_BY_FINANCE),
    Grant::new("accountant", "party", "see add edit import export archive restore"),
    Grant::new("warehouse", "party", "see"),
];

/// What this room brings.
pub fn module() -> Module {
    Module {
        name: "party",
        label: Label::new("Parties", "往来单位"),
        icon: "party",
        menu: &[MenuItem::Entity("party")],
        entities: vec![
            (Party::meta(), const { &Typed::<Party>::new() }),
            (PartyAddress::meta(), &Plain),
            (PartyContact::meta(), &Plain),
        ],
        reports: Vec::new(),
        roles: &[],
        grants: GRANTS,
        laws: &[],
    }
}
