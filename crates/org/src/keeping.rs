//! Taking masters out of use and back: nothing that was ever used is deleted.

use kernel::Refusal;
use meta::Effects;

/// What may be done with a master that is no longer, or again, needed.
#[derive(meta::Action, Clone, Copy, Debug, PartialEq, Eq)]
pub enum Keeping {
    /// Takes it out of use; what refers to it stays as it is.
    /// 停用；已引用它的记录不受影响。
    #[action(zh = "归档", many)]
    Archive,
    /// Puts it to use again.
    /// 重新启用。
    #[action(zh = "恢复", many)]
    Restore,
}

/// Why nothing happens.
#[derive(meta::Refusal)]
pub enum NotKept {
    /// It is archived already. Restore it to use it again.
    ///
    /// 该记录已归档。如需使用请先恢复。
    ArchivedAlready,
    /// It is in use already. Nothing is to be done.
    ///
    /// 该记录正在使用，无需操作。
    InUseAlready,
}

/// Whether it makes sense: only what is in use is archived, only what is archived restored.
pub fn ready(active: bool, action: Keeping) -> Result<(), Refusal> {
    match (active, action) {
        (false, Keeping::Archive) => Err(NotKept::ArchivedAlready.into()),
        (true, Keeping::Restore) => Err(NotKept::InUseAlready.into()),
        (true, Keeping::Archive) | (false, Keeping::Restore) => Ok(()),
    }
}

/// The decision: no stage, only the field `active`.
pub fn decide(action: Keeping) -> (&'static str, Effects) {
    let active = action == Keeping::Restore;
    ("", Effects { set: vec![("active", active.into())], ..Effects::none() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn archiving_and_restoring_alternate() {
        assert!(ready(true, Keeping::Archive).is_ok());
        assert!(ready(false, Keeping::Restore).is_ok());
        assert_eq!(ready(false, Keeping::Archive).unwrap_err().problems[0].code, "archived_already");
        assert_eq!(ready(true, Keeping::Restore).unwrap_err().problems[0].code, "in_use_already");
        let (stage, effects) = decide(Keeping::Archive);
        assert_eq!((stage, effects.set), ("", vec![("active", meta::Value::Int(0))]));
    }
}
