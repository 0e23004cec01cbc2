//! Who follows a record, and what people are told.

use books::CompanyId;
use kernel::{Id, Instant, Refusal};
use meta::{Choice, DocId, Document, Effects, Entity, Reader, Trouble, Want};
use org::{NoAction, User};

/// Somebody who wants to be told of a record's messages and stages.
/// 关注者：会收到该记录的消息和阶段变化通知。
#[derive(Entity, Clone, Debug)]
#[entity(
    prefix = "fw",
    kind = "ledger",
    plural = "Followers",
    label = "Follower",
    zh = "关注者",
    title = "owner",
    list = "about_doc,owner",
    sort = "id",
    index = "unique:about_entity,about_doc,owner"
)]
pub struct Follow {
    pub id: Id<Follow>,
    #[field(zh = "公司")]
    pub company: CompanyId,
    #[field(label = "Kind of record", zh = "记录类型", group, max = 60)]
    pub about_entity: String,
    #[field(label = "About", zh = "关联记录")]
    pub about_doc: DocId,
    /// Who follows.
    /// 关注人。
    #[field(label = "User", zh = "用户", group)]
    pub owner: Id<User>,
}

/// Something somebody was told.
/// 发给某人的通知。
#[derive(Entity, Clone, Debug)]
#[entity(
    prefix = "nf",
    kind = "ledger",
    personal,
    zh = "通知",
    title = "text",
    list = "shown_at,kind,about_doc,text,by_user,read_at",
    sort = "-shown_at",
    index = "owner,read_at,shown_at;owner,shown_at"
)]
pub struct Notification {
    pub id: Id<Notification>,
    #[field(zh = "公司")]
    pub company: CompanyId,
    /// Who is told.
    /// 接收人。
    #[field(label = "User", zh = "用户")]
    pub owner: Id<User>,
    #[field(zh = "类型", group)]
    pub kind: NotificationKind,
    #[field(label = "Kind of record", zh = "记录类型", group, max = 60)]
    pub about_entity: Option<String>,
    #[field(label = "About", zh = "关联记录")]
    pub about_doc: Option<DocId>,
    /// Whose doing it was.
    /// 触发人。
    #[field(label = "By", zh = "触发人", group)]
    pub by_user: Option<Id<User>>,
    /// The words of a note, a summary or the name of a stage.
    /// 备注内容、摘要或阶段名称。
    #[field(zh = "内容", max = 400)]
    pub text: Option<String>,
    /// From when on it is shown: at once, when quiet hours end, or with the digest of the morning.
    /// 显示时间：立即、静默时段结束时或次日早晨汇总。
    #[field(zh = "显示时间", group)]
    pub shown_at: Instant,
    #[field(zh = "已读时间")]
    pub read_at: Option<Instant>,
    /// The activity a reminder is of: with it the reminder goes, moves and comes back.
    /// 提醒所对应的活动。
    #[field(label = "Reminder of", zh = "提醒的活动", hidden, index)]
    pub reminds_of: Option<i64>,
}

/// What somebody is told of.
#[derive(Choice, Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotificationKind {
    /// Somebody mentions one.
    #[choice(zh = "提及", tone = "warn")]
    Mention,
    /// Something is given to one.
    #[choice(zh = "分派", tone = "info")]
    Assignment,
    /// Somebody has one follow a record.
    #[choice(zh = "关注", tone = "info")]
    Follow,
    /// A message about what one follows.
    #[choice(label = "Message", zh = "消息", tone = "info")]
    Note,
    /// What one follows goes on.
    #[choice(label = "Stage", zh = "阶段")]
    Stage,
    /// Long work is over.
    #[choice(label = "Job", zh = "后台任务")]
    Job,
    /// Something one is to do today.
    #[choice(label = "Reminder", zh = "到期提醒", tone = "warn")]
    Due,
}

/// When somebody is told.
#[derive(Choice, Clone, Copy, Debug, PartialEq, Eq)]
pub enum Delivery {
    /// At once.
    #[choice(label = "At once", zh = "立即")]
    Now,
    /// Next morning, all together.
    #[choice(label = "Daily digest", zh = "每日汇总")]
    Digest,
    /// Not at all.
    #[choice(zh = "从不")]
    Never,
}

/// How somebody wants to be told.
/// 个人的通知设置。
#[derive(Entity, Clone, Debug)]
#[entity(
    prefix = "nx",
    kind = "setting",
    personal,
    zh = "通知设置",
    title = "owner",
    list = "owner,mention,assignment,note,stage,job,due,quiet_from,quiet_to",
    sort = "id",
    index = "unique:owner"
)]
pub struct NotificationSetting {
    pub id: Id<NotificationSetting>,
    #[field(label = "User", zh = "用户", readonly, optional)]
    pub owner: Id<User>,
    #[field(label = "Mentions", zh = "提及", default = "now")]
    pub mention: Delivery,
    #[field(label = "Assignments", zh = "分派", default = "now")]
    pub assignment: Delivery,
    #[field(label = "Messages", zh = "消息", default = "now")]
    pub note: Delivery,
    #[field(label = "Stages", zh = "阶段", default = "digest")]
    pub stage: Delivery,
    #[field(label = "Jobs", zh = "后台任务", default = "now")]
    pub job: Delivery,
    /// In the morning of the day an activity is due.
    /// 活动到期当日早晨提醒。
    #[field(label = "Reminders", zh = "到期提醒", default = "now")]
    pub due: Delivery,
    /// Quiet hours begin, such as 22:00. What comes in them is shown when they end.
    /// 静默时段开始，如 22:00；其间的通知在结束时显示。
    #[field(label = "Quiet from", zh = "静默开始", max = 5)]
    pub quiet_from: Option<String>,
    /// Quiet hours end, such as 07:00.
    /// 静默时段结束，如 07:00。
    #[field(label = "Quiet to", zh = "静默结束", max = 5)]
    pub quiet_to: Option<String>,
}

/// Why settings are not saved.
#[derive(meta::Refusal)]
pub enum NotQuiet {
    /// Quiet hours are two times of the day such as 22:00 and 07:00. Give both, or neither.
    ///
    /// 静默时段须为两个时间，如 22:00 和 07:00；请同时填写或同时留空。
    #[refusal(kind = "Invalid", field = "quiet_from")]
    NotTimes,
}

/// Minutes since midnight of `22:00`.
pub fn minutes(text: &str) -> Option<i64> {
    let (hours, minutes) = text.split_once(':')?;
    let digits = |text: &str| text.len() == 2 && text.bytes().all(|sign| sign.is_ascii_digit());
    if !digits(hours) || !digits(minutes) {
        return None;
    }
    let (hours, minutes): (i64, i64) = (hours.parse().ok()?, minutes.parse().ok()?);
    (hours < 24 && minutes < 60).then_some(hours * 60 + minutes)
}

impl Document for NotificationSetting {
    type Facts = ();
    type Action = NoAction;

    fn facts(_: &Self, _: &Want<NoAction>, _: &dyn Reader) -> Result<(), Trouble> {
        Ok(())
    }

    fn complete(doc: &mut Self, (): &()) -> Result<(), Refusal> {
        let both = (doc.quiet_from.as_deref().map(minutes), doc.quiet_to.as_deref().map(minutes));
        match both {
            (None, None) | (Some(Some(_)), Some(Some(_))) => Ok(()),
            _ => Err(NotQuiet::NotTimes.into()),
        }
    }

    fn decide(_: &Self, action: &NoAction, (): &()) -> Result<(&'static str, Effects), Refusal> {
        match *action {}
    }

    fn ready(_: &Self, action: &NoAction) -> Result<(), Refusal> {
        match *action {}
    }
}

#[cfg(test)]
mod tests {
    use super::minutes;

    #[test]
    fn times_of_the_day_are_written_with_four_digits() {
        assert_eq!(minutes("22:05"), Some(1325));
        for wrong in ["24:00", "7:00", "07:60", "0700", "-1:00", "07:0x", ""] {
            assert_eq!(minutes(wrong), None, "{wrong}");
        }
    }
}
