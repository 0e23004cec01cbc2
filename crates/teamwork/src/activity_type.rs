//! Sorts of activities, and what follows one that is done.

use kernel::{Calendar, Date, Id, Refusal};
use meta::{Choice, Document, Effects, Entity, Reader, Trouble, Want};
use org::{NoAction, working_calendar};

/// A sort of activity, such as a call or a visit, and what usually follows it.
/// 活动类型，如电话、拜访，以及完成后的后续活动。
#[derive(Entity, Clone, Debug)]
#[entity(
    prefix = "at",
    kind = "setting",
    zh = "活动类型",
    title = "name",
    list = "name,code,default_days,chain,next_type,next_days,in_working_days,active",
    sort = "name"
)]
pub struct ActivityType {
    pub id: Id<ActivityType>,
    #[field(zh = "名称", search, max = 60)]
    pub name: String,
    /// A short name for programs, such as call.
    /// 供程序使用的代码，如 call。
    #[field(zh = "代码", unique, max = 40)]
    pub code: String,
    #[field(zh = "图标", default = "todo")]
    pub icon: ActivityIcon,
    /// So many days after it is planned it is due, unless another day is chosen.
    /// 未指定日期时，自计划之日起的到期天数。
    #[field(zh = "默认天数", optional)]
    pub default_days: i64,
    /// What happens when one is done.
    /// 完成后如何处理后续活动。
    #[field(label = "When done", zh = "完成后", default = "none", group)]
    pub chain: Chain,
    /// What follows.
    /// 后续活动的类型。
    #[field(label = "Then", zh = "后续类型")]
    pub next_type: Option<Id<ActivityType>>,
    /// So many days after this one is done.
    /// 本活动完成后的天数。
    #[field(label = "After days", zh = "间隔天数", optional)]
    pub next_days: i64,
    /// Both numbers of days count working days only, as the company's working calendar has them.
    /// 以上两项天数只计工作日（按公司的工作日历）。
    #[field(label = "Working days", zh = "按工作日计")]
    pub in_working_days: bool,
    #[field(zh = "启用", default = "true")]
    pub active: bool,
}

/// What a type is drawn as.
#[derive(Choice, Clone, Copy, Debug, PartialEq, Eq)]
pub enum ActivityIcon {
    /// A telephone.
    #[choice(zh = "电话")]
    Call,
    /// A letter.
    #[choice(zh = "邮件")]
    Mail,
    /// People at a table.
    #[choice(zh = "会议")]
    Meeting,
    /// A tick.
    #[choice(label = "To-do", zh = "待办")]
    Todo,
    /// A place on a map.
    #[choice(zh = "拜访")]
    Visit,
}

/// What happens when an activity is done.
#[derive(Choice, Clone, Copy, Debug, PartialEq, Eq)]
pub enum Chain {
    /// Nothing.
    #[choice(label = "Nothing", zh = "无")]
    None,
    /// The next one is offered.
    #[choice(label = "Suggest the next", zh = "建议后续活动", tone = "info")]
    Suggest,
    /// The next one is planned at once.
    #[choice(label = "Plan the next", zh = "自动安排后续活动", tone = "good")]
    Trigger,
}

/// The longest offset, in days.
pub const DAYS_MAX: i64 = 3_650;

/// How days are counted: all of them, or those that a calendar works.
#[derive(Clone, Debug)]
pub struct Counting(Option<Calendar>);

impl Counting {
    /// Counting of one's company, by working days or by all.
    pub fn of(in_working_days: bool, reader: &dyn Reader) -> Result<Counting, Trouble> {
        Ok(Counting(in_working_days.then(|| working_calendar::of_company(reader)).transpose()?))
    }

    /// Every day counts.
    pub const fn all() -> Counting {
        Counting(None)
    }

    /// Only days that this calendar works count.
    pub const fn working(calendar: Calendar) -> Counting {
        Counting(Some(calendar))
    }

    /// The day so many days later, [`DAYS_MAX`] at most. Of working days even the 0th is worked: what is due
    /// at once on a holiday is due when work begins again.
    pub fn after(&self, day: Date, days: i64) -> Date {
        let days = i32::try_from(days.clamp(0, DAYS_MAX)).unwrap_or(0);
        match &self.0 {
            None => day.add_days(days),
            Some(calendar) if days == 0 => calendar.next_working(day),
            Some(calendar) => calendar.add_working_days(day, days),
        }
    }
}

/// Why a type is not saved.
#[derive(meta::Refusal)]
pub enum NotAType {
    /// Days are whole numbers from 0 to {most}. Correct them.
    ///
    /// 天数须为 0 至 {most} 的整数，请更正。
    #[refusal(kind = "Invalid", field = "next_days")]
    NotDays {
        /// The most.
        most: i64,
    },
    /// Say what follows, or that nothing does.
    ///
    /// 请选择后续类型，或将“完成后”改为“无”。
    #[refusal(kind = "Invalid", field = "next_type")]
    NothingFollows,
}

impl Document for ActivityType {
    type Facts = ();
    type Action = NoAction;

    fn facts(_: &Self, _: &Want<NoAction>, _: &dyn Reader) -> Result<(), Trouble> {
        Ok(())
    }

    fn complete(doc: &mut Self, (): &()) -> Result<(), Refusal> {
        let fine = 0..=DAYS_MAX;
        if !fine.contains(&doc.next_days) || !fine.contains(&doc.default_days) {
            return Err(NotAType::NotDays { most: DAYS_MAX }.into());
        }
        match (doc.chain, doc.next_type) {
            (Chain::Suggest | Chain::Trigger, None) => Err(NotAType::NothingFollows.into()),
            _ => Ok(()),
        }
    }

    fn decide(_: &Self, action: &NoAction, (): &()) -> Result<(&'static str, Effects), Refusal> {
        match *action {}
    }

    fn ready(_: &Self, action: &NoAction) -> Result<(), Refusal> {
        match *action {}
    }
}
