//! Chores of the house: regen, tidy, new, ci, bench.
fn main() {}
