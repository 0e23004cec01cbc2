//! Exceptions from closed periods: for a while, with a reason, and on the record.

use kernel::{Date, Id, Instant, Refusal};
use meta::{Choice, Document, Effects, Entity, Reader, Trouble, Want};

use crate::{Company, NoAction, User};

/// Opens a closed period for a while, for one user or for all. It stays on the record: it can be
/// ended early, and nothing else of it changes.
/// 在一段时间内为某用户或所有人放开已关账期间。记录永久保留，只能提前结束。
#[derive(Entity, Clone, Debug)]
#[entity(
    prefix = "lx",
    kind = "setting",
    label = "Period exception",
    zh = "关账例外",
    title = "lock,opens_from",
    list = "lock,opens_from,for_user,ends_at,reason",
    sort = "-ends_at",
    index = "company,ends_at"
)]
pub struct LockException {
    pub id: Id<LockException>,
    #[field(zh = "公司")]
    pub company: Id<Company>,
    /// Which closed period is opened. What is closed for good is never opened.
    /// 放开哪一项关账；永久关账不可放开。
    #[field(zh = "关账类型", group)]
    pub lock: Lock,
    /// The first day that may be posted to.
    /// 可过账的最早日期。
    #[field(zh = "放开起始日")]
    pub opens_from: Date,
    /// For whom; empty for everybody.
    /// 适用用户；留空表示所有人。
    #[field(label = "For", zh = "适用用户", group)]
    pub for_user: Option<Id<User>>,
    /// Until when it holds.
    /// 有效期至。
    #[field(zh = "有效期至")]
    pub ends_at: Instant,
    /// Why the period is opened once more; the auditor reads it.
    /// 放开原因，供审计查阅。
    #[field(zh = "原因", max = 400, search)]
    pub reason: String,
}

/// A closed period that can be opened for a while.
#[derive(Choice, Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lock {
    /// The books.
    #[choice(zh = "账簿关账")]
    Books,
    /// Sales.
    #[choice(zh = "销售关账")]
    Sales,
    /// Purchases.
    #[choice(zh = "采购关账")]
    Purchases,
    /// Tax.
    #[choice(zh = "税务关账")]
    Tax,
}

/// Why an exception is not saved.
#[derive(meta::Refusal)]
pub enum NotAnException {
    /// An exception lasts 31 days at most. Choose an earlier end.
    ///
    /// 例外最长 31 天，请选择更早的结束时间。
    #[refusal(kind = "Invalid", field = "ends_at")]
    TooLong,
    /// An exception can only be ended early: everything else of it stays on the record. Make another one.
    ///
    /// 关账例外只能提前结束，其余内容须保留。请另建一条。
    #[refusal(kind = "NotAllowed", field = "ends_at")]
    OnTheRecord,
}

/// The longest time an exception holds, in microseconds.
const LONGEST: i64 = 31 * 86_400_000_000;

impl Document for LockException {
    /// The moment it is saved.
    type Facts = Instant;
    type Action = NoAction;

    fn facts(_: &Self, _: &Want<NoAction>, reader: &dyn Reader) -> Result<Instant, Trouble> {
        Ok(reader.context().now)
    }

    fn complete(doc: &mut Self, now: &Instant) -> Result<(), Refusal> {
        match doc.ends_at.micros().saturating_sub(now.micros()) {
            lasts if LONGEST < lasts => Err(NotAnException::TooLong.into()),
            _ => Ok(()),
        }
    }

    fn check_change(old: &Self, new: &Self, _: &Instant) -> Result<(), Refusal> {
        let same = (old.lock, old.opens_from, old.for_user, &old.reason)
            == (new.lock, new.opens_from, new.for_user, &new.reason);
        if same && new.ends_at <= old.ends_at { Ok(()) } else { Err(NotAnException::OnTheRecord.into()) }
    }

    fn decide(_: &Self, action: &NoAction, _: &Instant) -> Result<(&'static str, Effects), Refusal> {
        match *action {}
    }

    fn ready(_: &Self, action: &NoAction) -> Result<(), Refusal> {
        match *action {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn until(micros: i64) -> LockException {
        LockException {
            id: Id::new(1),
            company: Id::new(1),
            lock: Lock::Books,
            opens_from: Date::new(2026, 3, 1).unwrap(),
            for_user: None,
            ends_at: Instant::from_micros(micros),
            reason: "A forgotten bill".to_owned(),
        }
    }

    fn code(result: Result<(), Refusal>) -> &'static str {
        result.map_or_else(|why| why.problems[0].code, |()| "saved")
    }

    #[test]
    fn it_lasts_a_month_at_most_and_is_only_ended_early() {
        let now = Instant::from_micros(0);
        assert_eq!(code(LockException::complete(&mut until(LONGEST), &now)), "saved");
        assert_eq!(code(LockException::complete(&mut until(LONGEST + 1), &now)), "too_long");
        let change = |new: LockException| code(LockException::check_change(&until(500), &new, &now));
        assert_eq!(change(until(100)), "saved");
        assert_eq!(change(until(501)), "on_the_record");
        assert_eq!(change(LockException { reason: "Another".to_owned(), ..until(500) }), "on_the_record");
        assert_eq!(change(LockException { lock: Lock::Tax, ..until(500) }), "on_the_record");
    }
}
