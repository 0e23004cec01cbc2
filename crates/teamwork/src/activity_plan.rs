//! Plans: several activities that are planned together, such as the visits after a sale.

use kernel::{Date, Id, Refusal};
use meta::{Choice, DocId, Document, Effects, Entity, NewDoc, Reader, Trouble, Want};
use org::User;

use crate::activity::Stage;
use crate::activity_type::{Counting, DAYS_MAX};
use crate::{Activity, ActivityType};

/// Several activities that are planned on a record together.
/// 活动计划：一次为某条记录安排多个活动。
#[derive(Entity, Clone, Debug)]
#[entity(
    prefix = "ap",
    kind = "setting",
    zh = "活动计划",
    title = "name",
    list = "name,for_entity,active",
    sort = "name",
    actions = "Action"
)]
pub struct ActivityPlan {
    pub id: Id<ActivityPlan>,
    #[field(zh = "名称", search, unique, max = 80)]
    pub name: String,
    /// The sort of record it is for, such as sales_order; empty for any.
    /// 适用的记录类型，如 sales_order；留空适用于所有。
    #[field(label = "For", zh = "适用对象", max = 60)]
    pub for_entity: Option<String>,
    #[field(zh = "启用", default = "true")]
    pub active: bool,
    /// The days of its steps are working days, as the company's working calendar has them.
    /// 步骤的天数按工作日计（按公司的工作日历）。
    #[field(label = "Working days", zh = "按工作日计")]
    pub in_working_days: bool,
    #[field(zh = "步骤", owned, at_least = 1)]
    pub steps: Vec<ActivityPlanStep>,
}

/// One activity of a plan.
/// 计划中的一个活动。
#[derive(Entity, Clone, Debug)]
#[entity(prefix = "as", parent = "activity_plan.steps", zh = "计划步骤", title = "summary")]
pub struct ActivityPlanStep {
    pub id: Id<ActivityPlanStep>,
    #[field(label = "Type", zh = "类型")]
    pub activity_type: Id<ActivityType>,
    #[field(zh = "摘要", optional, max = 200)]
    pub summary: String,
    /// So many days after the plan is begun.
    /// 自计划开始之日起的天数。
    #[field(label = "After days", zh = "间隔天数", optional)]
    pub offset_days: i64,
    #[field(zh = "负责人规则", default = "me")]
    pub responsible: Responsible,
    /// Who, when it is always the same person.
    /// 固定负责人。
    #[field(zh = "用户")]
    pub user: Option<Id<User>>,
}

/// Who is to do a step.
#[derive(Choice, Clone, Copy, Debug, PartialEq, Eq)]
pub enum Responsible {
    /// Who begins the plan.
    #[choice(label = "Who begins it", zh = "启动人")]
    Me,
    /// The owner of the record; who begins the plan where it has none.
    #[choice(label = "Owner of the record", zh = "记录负责人")]
    Owner,
    /// Always the same person.
    #[choice(label = "A certain person", zh = "指定用户")]
    User,
}

/// What a user may ask for.
#[derive(meta::Action, Clone, Debug, PartialEq, Eq)]
pub enum Action {
    /// Plans all its activities on a record.
    /// 在某条记录上安排计划中的所有活动。
    #[action(zh = "启动", primary)]
    Launch {
        /// Of what sort the record is, such as sales_order.
        /// 记录类型，如 sales_order。
        #[field(label = "Kind of record", zh = "记录类型", max = 60)]
        about_entity: String,
        /// The record.
        /// 记录。
        #[field(label = "About", zh = "关联记录")]
        about_doc: DocId,
        /// The day its offsets count from; today if left empty.
        /// 起算日；留空为今天。
        #[field(label = "Begins on", zh = "开始日期")]
        start_on: Option<Date>,
    },
}

/// Why a plan is not saved or begun.
#[derive(meta::Refusal)]
pub enum NotLaunched {
    /// This plan is for another sort of record, or out of use. Choose another plan.
    ///
    /// 该计划不适用于此类记录或已停用，请另选计划。
    #[refusal(kind = "Invalid", field = "about_doc")]
    NotForThis,
    /// Days are whole numbers from 0 to {most}. Correct them.
    ///
    /// 天数须为 0 至 {most} 的整数，请更正。
    #[refusal(kind = "Invalid", field = "steps")]
    NotDays {
        /// The most.
        most: i64,
    },
    /// A step that is always for the same person needs that person. Choose them.
    ///
    /// “指定用户”的步骤必须选择用户。
    #[refusal(kind = "Invalid", field = "steps")]
    ForNobody,
}

/// What beginning a plan needs to know.
pub struct Facts {
    today: Date,
    user: i64,
    company: i64,
    /// Whose record it is; 0 for nobody's.
    owner: i64,
    /// Names of the types, in the order of the steps.
    names: Vec<String>,
    /// How the days of its steps are counted.
    counting: Counting,
}

impl Document for ActivityPlan {
    type Facts = Facts;
    type Action = Action;

    fn facts(doc: &Self, want: &Want<Action>, reader: &dyn Reader) -> Result<Facts, Trouble> {
        let context = *reader.context();
        let (mut owner, mut names) = (0, Vec::new());
        if let Want::Act(Action::Launch { about_entity, about_doc, .. }) = want {
            let record = reader.doc(about_entity, about_doc.0)?;
            let of = record.as_ref().filter(|record| record.meta.field("owner").is_some());
            owner = of.and_then(|record| record.get("owner").int()).unwrap_or(0);
            for step in &doc.steps {
                let kind = meta::load(reader, step.activity_type)?;
                names.push(kind.map(|kind: ActivityType| kind.name).unwrap_or_default());
            }
        }
        let counting = Counting::of(doc.in_working_days, reader)?;
        Ok(Facts { today: context.today, user: context.user, company: context.company, owner, names, counting })
    }

    fn complete(doc: &mut Self, _: &Facts) -> Result<(), Refusal> {
        if doc.steps.iter().any(|step| !(0..=DAYS_MAX).contains(&step.offset_days)) {
            return Err(NotLaunched::NotDays { most: DAYS_MAX }.into());
        }
        match doc.steps.iter().any(|step| step.responsible == Responsible::User && step.user.is_none()) {
            true => Err(NotLaunched::ForNobody.into()),
            false => Ok(()),
        }
    }

    fn ready(_: &Self, _: &Action) -> Result<(), Refusal> {
        Ok(())
    }

    fn decide(doc: &Self, action: &Action, facts: &Facts) -> Result<(&'static str, Effects), Refusal> {
        let Action::Launch { about_entity, about_doc, start_on } = action;
        if !doc.active || doc.for_entity.as_ref().is_some_and(|only| only != about_entity) {
            return Err(NotLaunched::NotForThis.into());
        }
        let start = start_on.unwrap_or(facts.today);
        let made = doc.steps.iter().zip(&facts.names).map(|(step, name)| {
            let who = match step.responsible {
                Responsible::Owner if facts.owner != 0 => Id::new(facts.owner),
                Responsible::Me | Responsible::Owner => Id::new(facts.user),
                Responsible::User => step.user.unwrap_or(Id::new(facts.user)),
            };
            let summary = if step.summary.trim().is_empty() { name.clone() } else { step.summary.clone() };
            let activity = Activity {
                id: Id::new(0),
                company: Id::new(facts.company),
                about_entity: Some(about_entity.clone()),
                about_doc: Some(*about_doc),
                activity_type: step.activity_type,
                summary,
                note: None,
                due_on: facts.counting.after(start, step.offset_days),
                assigned_to: who,
                owner: Id::new(facts.user),
                stage: Stage::Planned,
                result: None,
                done_on: None,
                done_by: None,
            };
            NewDoc { record: activity.to_record(), then: None }
        });
        Ok(("", Effects { create: made.collect(), ..Effects::none() }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn step(days: i64, responsible: Responsible, user: Option<i64>) -> ActivityPlanStep {
        ActivityPlanStep {
            id: Id::new(0),
            activity_type: Id::new(1),
            summary: String::new(),
            offset_days: days,
            responsible,
            user: user.map(Id::new),
        }
    }

    fn plan(steps: Vec<ActivityPlanStep>) -> ActivityPlan {
        ActivityPlan {
            id: Id::new(1),
            name: "After a sale".into(),
            for_entity: Some("sales_order".into()),
            active: true,
            in_working_days: false,
            steps,
        }
    }

    fn facts() -> Facts {
        let today = Date::parse("2026-11-25").unwrap();
        let names = vec!["Call".into(), "Visit".into(), "Mail".into()];
        Facts { today, user: 3, company: 1, owner: 8, names, counting: Counting::all() }
    }

    fn launch(entity: &str) -> Action {
        Action::Launch { about_entity: entity.into(), about_doc: DocId(5), start_on: None }
    }

    #[test]
    fn a_plan_gives_every_step_its_day_and_its_person() {
        let plan = plan(vec![
            step(0, Responsible::Me, None),
            step(7, Responsible::Owner, None),
            step(30, Responsible::User, Some(9)),
        ]);
        let (_, effects) = ActivityPlan::decide(&plan, &launch("sales_order"), &facts()).unwrap();
        let made: Vec<String> = effects
            .create
            .iter()
            .map(|new| Activity::from_record(&new.record).unwrap())
            .map(|one| format!("{} {} {}", one.due_on, one.assigned_to.raw(), one.summary))
            .collect();
        assert_eq!(made, ["2026-11-25 3 Call", "2026-12-02 8 Visit", "2026-12-25 9 Mail"]);
    }

    #[test]
    fn a_plan_in_working_days_leaves_out_weekends() {
        let plan = plan(vec![step(0, Responsible::Me, None), step(5, Responsible::Me, None)]);
        let counting = Counting::working(kernel::Calendar::monday_to_friday());
        let (_, effects) = ActivityPlan::decide(&plan, &launch("sales_order"), &Facts { counting, ..facts() }).unwrap();
        let due = |at: usize| Activity::from_record(&effects.create[at].record).unwrap().due_on.to_string();
        assert_eq!((due(0), due(1)), ("2026-11-25".to_owned(), "2026-12-02".to_owned()));
    }

    #[test]
    fn a_plan_is_only_begun_on_what_it_is_for() {
        let plan = plan(vec![step(0, Responsible::Me, None)]);
        assert!(ActivityPlan::decide(&plan, &launch("invoice"), &facts()).is_err());
    }
}
