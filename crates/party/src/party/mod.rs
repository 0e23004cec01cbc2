//! One record for each customer, supplier and person, whatever we do with them.

mod entity;
mod rules;
#[cfg(test)]
mod tests;

pub use entity::{AddressKind, Party, PartyAddress, PartyContact};
pub use rules::{Facts, NotAParty};
