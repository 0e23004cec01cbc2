//! Dimensions: what entries are about besides their accounts, such as cost centres and projects.
//!
//! ```text
//! dimension          an axis; as many as a company wants
//! dimension_value    a point on it, in a tree
//! dimension_set      what a line is about: values, each with its share; the shares of an axis sum to 1
//! dimension_rule     what accounts and documents need, may not have, or get by themselves
//! ```
//!
//! A line names a set. The same values always make the same set, so a set is never changed; who has
//! values gets theirs by `PUT /api/dimension_set/by/{key}`, whether it is there or not.

mod axis;
mod read;
mod rule;
mod rules;
mod set;

pub use axis::{Dimension, DimensionValue};
pub use read::{Known, known};
pub use rule::{DimensionRule, Need};
pub use rules::{About, Line, Rule, about};
pub use set::{DimensionPart, DimensionSet};
