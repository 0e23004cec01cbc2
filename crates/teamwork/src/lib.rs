//! Working together: what people write, plan and keep about any record.
//!
//! ```text
//! note                          what was said about a record
//! activity, activity_type       what is to be done about it, and what follows
//! activity_plan                 several activities at once
//! attachment                    files
//! follow, notification          who wants to be told, and what they were told
//! notification_setting          how somebody wants to be told
//! favourite, dashboard          what people arrange for themselves
//! ```
//!
//! Such a record hangs on any other by the pair `about_entity`, `about_doc`; the engine shows
//! it to whoever may see that record (see docs/decisions/0003).
#![allow(missing_docs, reason = "a field without a comment is explained by its label")]

pub mod activity;
pub mod activity_plan;
pub mod activity_type;
pub mod attachment;
pub mod dashboard;
pub mod favourite;
pub mod follow;
pub mod note;
pub mod seeds;

use kernel::Label;
use meta::{Entity, Grant, MenuItem, Module, Plain, Rows, Typed};

pub use activity::Activity;
pub use activity_plan::{ActivityPlan, ActivityPlanStep};
pub use activity_type::ActivityType;
pub use attachment::Attachment;
pub use dashboard::Dashboard;
pub use favourite::Favourite;
pub use follow::{Follow, Notification, NotificationSetting};
pub use note::Note;

macro_rules! grants {
    ($($role:literal),* $(,)?) => {
        &[$(
            Grant::new($role, "note", "see add export"),
            Grant::new($role, "note", "edit remove").rows(Rows::Own),
            Grant::new($role, "activity", "see add edit remove import export done cancel reopen"),
            Grant::new($role, "attachment", "see add export"),
            Grant::new($role, "attachment", "remove").rows(Rows::Own),
            Grant::new($role, "follow", "see"),
            Grant::new($role, "notification", "see"),
            Grant::new($role, "notification_setting", "see add edit"),
            Grant::new($role, "favourite", "see add edit remove"),
            Grant::new($role, "dashboard", "see add edit remove"),
        )*]
    };
}

/// Everybody works together; who looks on looks at what hangs on records, too, and keeps their own.
static GRANTS: &[Grant] = grants!["manager", "sales_rep", "sales_manager", "warehouse", "accountant"];

const PLANNER: &str = "see add edit remove import export launch";

static OTHERS: &[Grant] = &[
    Grant::new("manager", "activity_type", "see add edit remove import export"),
    Grant::new("manager", "activity_plan", PLANNER),
    Grant::new("sales_manager", "activity_type", "see"),
    Grant::new("sales_manager", "activity_plan", PLANNER),
    Grant::new("sales_rep", "activity_type", "see"),
    Grant::new("sales_rep", "activity_plan", "see launch"),
    Grant::new("warehouse", "activity_type", "see"),
    Grant::new("warehouse", "activity_plan", "see launch"),
    Grant::new("accountant", "activity_type", "see"),
    Grant::new("accountant", "activity_plan", "see launch"),
    Grant::new("auditor", "favourite", "add edit remove"),
    Grant::new("auditor", "dashboard", "add edit remove"),
    Grant::new("auditor", "notification_setting", "add edit"),
];

/// What this room brings.
pub fn module() -> Module {
    Module {
        name: "teamwork",
        label: Label::new("Working together", "协作"),
        icon: "team",
        menu: &[
            MenuItem::Entity("activity"),
            MenuItem::Entity("note"),
            MenuItem::Entity("attachment"),
            MenuItem::Entity("dashboard"),
            MenuItem::Entity("activity_plan"),
            MenuItem::Entity("activity_type"),
        ],
        entities: vec![
            (Note::meta(), const { &Typed::<Note>::new() }),
            (Activity::meta(), const { &Typed::<Activity>::new() }),
            (ActivityType::meta(), const { &Typed::<ActivityType>::new() }),
            (ActivityPlan::meta(), const { &Typed::<ActivityPlan>::new() }),
            (ActivityPlanStep::meta(), &Plain),
            (Attachment::meta(), &Plain),
            (Follow::meta(), &Plain),
            (Notification::meta(), &Plain),
            (NotificationSetting::meta(), const { &Typed::<NotificationSetting>::new() }),
            (Favourite::meta(), const { &Typed::<Favourite>::new() }),
            (Dashboard::meta(), const { &Typed::<Dashboard>::new() }),
        ],
        reports: Vec::new(),
        roles: &[],
        grants: all_grants(),
        laws: &[],
    }
}

fn all_grants() -> &'static [Grant] {
    static ALL: std::sync::LazyLock<Vec<Grant>> =
        std::sync::LazyLock::new(|| GRANTS.iter().chain(OTHERS).copied().collect());
    &ALL
}
