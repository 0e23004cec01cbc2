//! Activities: what is to be done about a record, when and by whom.

use books::CompanyId;
use kernel::{Date, Id, Refusal};
use meta::{
    Choice, DocId, Document, Effects, Entity, NewDoc, Reader, Record, Transition, Trouble, Value, Want, life, load,
};
use org::User;

use crate::ActivityType;
use crate::activity_type::{Chain, Counting};

/// Something to be done, about a record or just so, by somebody on a day.
/// 待办活动：由某人在某日完成，可关联任意记录。
#[derive(Entity, Clone, Debug)]
#[entity(
    prefix = "av",
    kind = "master",
    plural = "Activities",
    zh = "活动",
    title = "summary",
    list = "due_on,activity_type,summary,about_doc,assigned_to,stage",
    sort = "due_on",
    index = "about_entity,about_doc,stage,due_on;company,assigned_to,stage,due_on;company,due_on",
    actions = "Action",
    stages = "Stage"
)]
pub struct Activity {
    pub id: Id<Activity>,
    #[field(zh = "公司")]
    pub company: CompanyId,
    /// Of what sort the record is.
    /// 所关联记录的类型。
    #[field(label = "Kind of record", zh = "记录类型", computed, group, max = 60)]
    pub about_entity: Option<String>,
    /// The record it is about; without one, only who planned it and who is to do it see it.
    /// 所关联的记录；未关联时仅计划人和负责人可见。
    #[field(label = "About", zh = "关联记录")]
    pub about_doc: Option<DocId>,
    #[field(label = "Type", zh = "类型", group, only = r#"["active","=",true]"#)]
    pub activity_type: Id<ActivityType>,
    /// What is to be done, in one line; the type's name if left empty.
    /// 一句话说明要做什么；留空则取类型名称。
    #[field(zh = "摘要", search, optional, max = 200)]
    pub summary: String,
    #[field(zh = "说明", long, max = 10000)]
    pub note: Option<String>,
    /// By when. Left empty, the type says so.
    /// 到期日；留空则按类型的默认天数。
    #[field(label = "Due", zh = "到期日", group, optional)]
    pub due_on: Date,
    /// Who is to do it.
    /// 负责完成的人。
    #[field(label = "Assigned to", zh = "负责人", group, optional)]
    pub assigned_to: Id<User>,
    /// Who planned it.
    /// 计划人。
    #[field(label = "Planned by", zh = "计划人", readonly, group, optional)]
    pub owner: Id<User>,
    #[field(zh = "阶段", state, group)]
    pub stage: Stage,
    /// What came of it.
    /// 完成结果。
    #[field(zh = "结果", readonly, long, max = 10000)]
    pub result: Option<String>,
    #[field(label = "Done on", zh = "完成日期", readonly, group)]
    pub done_on: Option<Date>,
    #[field(label = "Done by", zh = "完成人", readonly, group)]
    pub done_by: Option<Id<User>>,
}

/// How far an activity is. How it stands to today is `due_state`.
#[derive(Choice, Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// To be done.
    #[choice(zh = "已计划", tone = "info")]
    Planned,
    /// It was done.
    #[choice(zh = "已完成", tone = "good")]
    Done,
    /// It is not to be done any more.
    #[choice(zh = "已取消")]
    Cancelled,
}

/// What a user may ask for.
#[derive(meta::Action, Clone, Debug, PartialEq, Eq)]
pub enum Action {
    /// Notes that it was done, and what came of it.
    /// 标记为已完成并记录结果。
    #[action(zh = "完成", primary, many)]
    Done {
        /// What came of it.
        /// 完成结果。
        #[field(zh = "结果", long, max = 10000)]
        result: Option<String>,
    },
    /// It is not to be done any more.
    /// 不再需要完成。
    #[action(zh = "取消", many)]
    Cancel,
    /// It is to be done, after all.
    /// 恢复为待完成。
    #[action(zh = "重新打开")]
    Reopen,
}

impl Stage {
    /// The whole life cycle.
    pub fn after(self, action: &Action) -> Option<Stage> {
        match (self, action) {
            (Stage::Planned, Action::Done { .. }) => Some(Stage::Done),
            (Stage::Planned, Action::Cancel) => Some(Stage::Cancelled),
            (Stage::Done | Stage::Cancelled, Action::Reopen) => Some(Stage::Planned),
            _ => None,
        }
    }

    /// The life cycle as data.
    pub fn transitions() -> Vec<Transition> {
        life(&[Action::Done { result: None }, Action::Cancel, Action::Reopen], Stage::after)
    }
}

/// What an activity needs to know.
pub struct Facts {
    today: Date,
    user: i64,
    /// How its type counts days.
    counting: Counting,
    /// Its type, and that of what follows it.
    kind: Option<ActivityType>,
    next: Option<ActivityType>,
}

/// Why an activity is not saved or goes no further.
#[derive(meta::Refusal)]
pub enum NotPlanned {
    /// It is over. Reopen it, then change it.
    ///
    /// 该活动已结束，请先重新打开再修改。
    #[refusal(kind = "NotNow", field = "stage")]
    IsOver,
    /// It is over already, or not over yet. Look at its present state.
    ///
    /// 活动当前状态不支持此操作，请查看最新状态。
    #[refusal(kind = "NotNow", field = "stage")]
    NotInThisState,
}

impl Document for Activity {
    type Facts = Facts;
    type Action = Action;

    fn facts(doc: &Self, _: &Want<Action>, reader: &dyn Reader) -> Result<Facts, Trouble> {
        let kind: Option<ActivityType> = load(reader, doc.activity_type)?;
        let counting = Counting::of(kind.as_ref().is_some_and(|kind| kind.in_working_days), reader)?;
        let next = match kind.as_ref().and_then(|kind| kind.next_type) {
            Some(next) => load(reader, next)?,
            None => None,
        };
        let context = reader.context();
        Ok(Facts { today: context.today, user: context.user, counting, kind, next })
    }

    fn complete(doc: &mut Self, facts: &Facts) -> Result<(), Refusal> {
        if let Some(kind) = &facts.kind {
            if doc.summary.trim().is_empty() {
                doc.summary.clone_from(&kind.name);
            }
            if doc.due_on == Date::MIN {
                doc.due_on = facts.counting.after(facts.today, kind.default_days);
            }
        }
        if doc.assigned_to.raw() == 0 {
            doc.assigned_to = Id::new(facts.user);
        }
        Ok(())
    }

    fn check_change(old: &Self, _: &Self, _: &Facts) -> Result<(), Refusal> {
        if old.stage == Stage::Planned { Ok(()) } else { Err(NotPlanned::IsOver.into()) }
    }

    fn ready(doc: &Self, action: &Action) -> Result<(), Refusal> {
        doc.stage.after(action).map(|_| ()).ok_or_else(|| NotPlanned::NotInThisState.into())
    }

    fn decide(doc: &Self, action: &Action, facts: &Facts) -> Result<(&'static str, Effects), Refusal> {
        let next = doc.stage.after(action).ok_or(NotPlanned::NotInThisState)?;
        let (result, done_on, by) = match action {
            Action::Done { result } => (
                result.as_deref().map(str::trim).filter(|text| !text.is_empty()).map_or(Value::Null, Value::from),
                facts.today.into(),
                if facts.user == 0 { Value::Null } else { facts.user.into() },
            ),
            Action::Cancel | Action::Reopen => (Value::Null, Value::Null, Value::Null),
        };
        let set = vec![("result", result), ("done_on", done_on), ("done_by", by)];
        let follows = facts.kind.as_ref().is_some_and(|kind| kind.chain == Chain::Trigger);
        let create = match (action, follows) {
            (Action::Done { .. }, true) => successor(doc, facts).into_iter().collect(),
            _ => Vec::new(),
        };
        let create = create.into_iter().map(|next: Activity| NewDoc { record: next.to_record(), then: None });
        Ok((next.code(), Effects { set, create: create.collect(), ..Effects::none() }))
    }

    fn sources() -> &'static [&'static str] {
        &["activity"]
    }

    fn prefill(from: &Record, reader: &dyn Reader) -> Result<Option<Self>, Trouble> {
        if from.meta.name != Activity::NAME {
            return Ok(None);
        }
        let done = Activity::from_record(from)?;
        let facts = Activity::facts(&done, &Want::Typing, reader)?;
        let offered = facts.kind.as_ref().is_some_and(|kind| kind.chain == Chain::Suggest);
        Ok(if offered { successor(&done, &facts) } else { None })
    }
}

/// What follows an activity that is done.
fn successor(done: &Activity, facts: &Facts) -> Option<Activity> {
    let (kind, next) = (facts.kind.as_ref()?, facts.next.as_ref()?);
    Some(Activity {
        id: Id::new(0),
        activity_type: next.id,
        summary: next.name.clone(),
        note: None,
        due_on: facts.counting.after(facts.today, kind.next_days),
        owner: Id::new(facts.user),
        stage: Stage::Planned,
        result: None,
        done_on: None,
        done_by: None,
        ..done.clone()
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::activity_type::ActivityIcon;

    fn kind(id: i64, chain: Chain, next: Option<i64>) -> ActivityType {
        ActivityType {
            id: Id::new(id),
            name: format!("kind {id}"),
            code: format!("k{id}"),
            icon: ActivityIcon::Call,
            default_days: 2,
            chain,
            next_type: next.map(Id::new),
            next_days: 7,
            in_working_days: false,
            active: true,
        }
    }

    fn activity(stage: Stage) -> Activity {
        Activity {
            id: Id::new(9),
            company: Id::new(1),
            about_entity: Some("party".into()),
            about_doc: Some(DocId(5)),
            activity_type: Id::new(1),
            summary: String::new(),
            note: Some("old".into()),
            due_on: Date::MIN,
            assigned_to: Id::new(0),
            owner: Id::new(3),
            stage,
            result: None,
            done_on: None,
            done_by: None,
        }
    }

    fn facts(chain: Chain) -> Facts {
        let today = Date::parse("2026-11-25").unwrap();
        let counting = Counting::all();
        Facts { today, user: 3, counting, kind: Some(kind(1, chain, Some(2))), next: Some(kind(2, Chain::None, None)) }
    }

    #[test]
    fn what_is_left_open_comes_from_the_type() {
        let mut doc = activity(Stage::Planned);
        Activity::complete(&mut doc, &facts(Chain::None)).unwrap();
        assert_eq!((doc.summary.as_str(), doc.due_on.to_string().as_str()), ("kind 1", "2026-11-27"));
        assert_eq!(doc.assigned_to.raw(), 3);
    }

    #[test]
    fn working_days_leave_out_the_weekend_and_what_is_due_at_once_waits_for_monday() {
        // Friday.
        let today = Date::parse("2026-11-27").unwrap();
        let due = |days: i64, from: i32| {
            let mut doc = activity(Stage::Planned);
            let mut kind = kind(1, Chain::None, None);
            kind.default_days = days;
            let counting = Counting::working(kernel::Calendar::monday_to_friday());
            let facts = Facts { today: today.add_days(from), user: 3, counting, kind: Some(kind), next: None };
            Activity::complete(&mut doc, &facts).unwrap();
            doc.due_on.to_string()
        };
        assert_eq!((due(2, 0).as_str(), due(0, 0).as_str()), ("2026-12-01", "2026-11-27"));
        assert_eq!((due(0, 1).as_str(), due(1, 1).as_str()), ("2026-11-30", "2026-11-30"));
    }

    #[test]
    fn a_type_that_triggers_plans_its_successor_about_the_same_record() {
        let done = Action::Done { result: Some(" blue ".into()) };
        let (stage, effects) = Activity::decide(&activity(Stage::Planned), &done, &facts(Chain::Trigger)).unwrap();
        assert_eq!(stage, "done");
        assert_eq!(effects.set[0], ("result", Value::from("blue")));
        let made = Activity::from_record(&effects.create[0].record).unwrap();
        assert_eq!((made.activity_type.raw(), made.due_on.to_string()), (2, "2026-12-02".to_owned()));
        assert_eq!((made.about_doc, made.note), (Some(DocId(5)), None));
        let (_, effects) = Activity::decide(&activity(Stage::Planned), &done, &facts(Chain::Suggest)).unwrap();
        assert!(effects.create.is_empty(), "what is suggested is not made");
    }

    #[test]
    fn what_is_over_is_reopened_before_it_is_changed() {
        let refused = |stage, action: &Action| Activity::ready(&activity(stage), action).is_err();
        assert!(refused(Stage::Done, &Action::Done { result: None }));
        assert!(refused(Stage::Planned, &Action::Reopen));
        assert!(!refused(Stage::Cancelled, &Action::Reopen));
        let old = activity(Stage::Done);
        assert!(Activity::check_change(&old, &old, &facts(Chain::None)).is_err());
    }
}
