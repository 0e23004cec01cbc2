//! Trees: a record that names its parent must never become its own ancestor.

use kernel::Refusal;
use meta::{Fault, Reader};

/// How many levels a tree may have: deeper ones are not understood by people either.
pub const LEVELS_MAX: usize = 20;

/// Why a parent is not accepted.
#[derive(meta::Refusal)]
pub enum NotInTree {
    /// A record cannot stand above itself. Choose another one, or none.
    ///
    /// 记录不能成为自己的上级，请选择其他记录或留空。
    #[refusal(kind = "Invalid")]
    AboveItself,
    /// There would be more than {levels} levels. Choose one that stands higher.
    ///
    /// 层级将超过 {levels} 级，请选择更高一级的记录。
    #[refusal(kind = "TooMuch")]
    TooDeep {
        /// How many there may be.
        levels: i64,
    },
}

/// The records above one: its parent, the parent's parent, and so on. Nearest first.
///
/// Follows at most one more than [`LEVELS_MAX`], so that a circle ends, too.
pub fn above(reader: &dyn Reader, table: &str, field: &str, parent: Option<i64>) -> Result<Vec<i64>, Fault> {
    let sql = format!("select \"{field}\" from \"{table}\" where id = ?1");
    let mut found = Vec::new();
    let mut next = parent.filter(|id| *id != 0);
    while let (Some(id), true) = (next, found.len() <= LEVELS_MAX) {
        found.push(id);
        next = reader.rows(&sql, &[id.into()])?.first().and_then(|row| row.maybe_int(0));
    }
    Ok(found)
}

/// Refuses a record that would stand above itself, or too deep.
pub fn check(id: i64, above: &[i64], field: &'static str) -> Result<(), Refusal> {
    let why = match above {
        _ if id != 0 && above.contains(&id) => NotInTree::AboveItself,
        _ if LEVELS_MAX < above.len() => NotInTree::TooDeep { levels: LEVELS_MAX as i64 },
        _ => return Ok(()),
    };
    Err(Refusal::from(why).field(field))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_stands_above_themselves() {
        assert!(check(7, &[3, 2], "parent").is_ok());
        assert!(check(0, &[3, 2], "parent").is_ok());
        let refused = check(7, &[3, 7], "parent").unwrap_err();
        assert_eq!(refused.problems[0].code, "above_itself");
        assert_eq!(refused.problems[0].field.as_deref(), Some("parent"));
    }

    #[test]
    fn a_tree_has_a_limit() {
        assert!(check(99, &[1; LEVELS_MAX], "parent").is_ok());
        assert_eq!(check(99, &[1; LEVELS_MAX + 1], "parent").unwrap_err().problems[0].code, "too_deep");
    }
}
