//! Laws that `heyi verify` proves from the raw movements.

/// A law as a query that finds what breaks it. Nothing found: the law holds.
#[derive(Clone, Copy, Debug)]
pub struct Law {
    /// The law, as a sentence.
    pub name: &'static str,
    /// Finds what breaks it, the first one first: an entity and an id, what it is about, and by how much it is off, in
    /// the smallest units (null where it is not a matter of how much).
    pub breaks: &'static str,
    /// How many things it holds for.
    pub counts: &'static str,
}
