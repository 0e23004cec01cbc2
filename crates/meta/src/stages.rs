//! What every document with a life cycle says when something is not possible now.

use kernel::{Label, ProblemKind, Refusal};

use crate::{Action, Choice};

/// The label of a value of a choice.
pub fn choice_label<C: Choice>(value: C) -> Label {
    C::META.value(value.code()).map_or(Label::new("", ""), |known| known.label)
}

/// The label of an action.
pub fn action_label<A: Action>(action: &A) -> Label {
    let meta = A::metas().iter().find(|known| known.name == action.name());
    meta.map_or(Label::new("", ""), |known| known.label)
}

/// This action is not possible in this stage.
pub fn not_now<S: Choice, A: Action>(stage: S, action: &A) -> Refusal {
    Refusal::new(
        "not_now",
        Label::new(
            "This is in stage {stage}, where {action} is not possible. Load it again to see what is.",
            "当前状态为“{stage}”，无法执行“{action}”。请刷新后查看可用操作。",
        ),
    )
    .kind(ProblemKind::NotNow)
    .with("stage", choice_label(stage))
    .with("action", action_label(action))
}

/// Only drafts are changed.
pub fn only_drafts<S: Choice>(stage: S) -> Refusal {
    Refusal::new(
        "only_drafts",
        Label::new(
            "This is in stage {stage}, and only drafts are changed. Cancel it and make a new one.",
            "当前状态为“{stage}”，只有草稿可以修改。请取消后重新创建。",
        ),
    )
    .kind(ProblemKind::NotNow)
    .with("stage", choice_label(stage))
}
