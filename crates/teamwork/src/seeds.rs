//! The types of activities every company begins with.

use kernel::Label;

/// A type of activity to begin with.
pub struct TypeSeed {
    /// Its code, and its icon.
    pub code: &'static str,
    /// What it is called.
    pub name: Label,
    /// By when it is due, in days.
    pub default_days: i64,
    /// The code of what is suggested when it is done, and after how many days; empty for nothing.
    pub next: (&'static str, i64),
}

const fn seed(
    code: &'static str,
    en: &'static str,
    zh: &'static str,
    default_days: i64,
    next: (&'static str, i64),
) -> TypeSeed {
    TypeSeed { code, name: Label::new(en, zh), default_days, next }
}

/// The types, those that others name first.
pub static TYPES: &[TypeSeed] = &[
    seed("todo", "To-do", "待办", 1, ("", 0)),
    seed("mail", "E-mail", "邮件", 1, ("", 0)),
    seed("call", "Call", "电话", 2, ("", 0)),
    seed("visit", "Visit", "拜访", 7, ("call", 3)),
    seed("meeting", "Meeting", "会议", 7, ("mail", 1)),
];
