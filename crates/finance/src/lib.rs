//! Money owed and money moved: how a document is taxed and when it is due.

pub mod tax_rules;
pub mod term_rules;
