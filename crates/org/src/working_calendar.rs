//! Which days are worked: the week of a company, its holidays and make-up days (调休).
//!
//! [`of_company`] gives the calendar everything counts by: due dates, deliveries, production, people.

use kernel::{Calendar, Date, Id, Refusal};
use meta::{Choice, Document, Effects, Entity, Reader, Row, Trouble, Want};

use crate::NoAction;

/// The days of the week that are worked; holidays and make-up days hang on it. Companies of its country
/// follow it unless they choose another one; without any, Monday to Friday is worked.
/// 每周的工作日；节假日和调休日挂在日历上。该国家的公司默认使用此日历，也可另行选择；没有日历时周一至周五为工作日。
#[derive(Entity, Clone, Debug)]
#[entity(
    prefix = "wc",
    kind = "setting",
    steady,
    zh = "工作日历",
    title = "name",
    list = "name,country,monday,tuesday,wednesday,thursday,friday,saturday,sunday",
    sort = "name"
)]
pub struct WorkingCalendar {
    pub id: Id<WorkingCalendar>,
    #[field(zh = "名称", search, unique, max = 80)]
    pub name: String,
    /// Companies of that country follow this calendar unless they choose another one. Empty for one that is only
    /// chosen.
    /// 该国家的公司默认使用此日历。留空表示仅供选用。
    #[field(zh = "国家", unique, optional, country)]
    pub country: String,
    #[field(zh = "周一", default = "true", section(en = "Worked days of the week", zh = "每周工作日"))]
    pub monday: bool,
    #[field(zh = "周二", default = "true")]
    pub tuesday: bool,
    #[field(zh = "周三", default = "true")]
    pub wednesday: bool,
    #[field(zh = "周四", default = "true")]
    pub thursday: bool,
    #[field(zh = "周五", default = "true")]
    pub friday: bool,
    #[field(zh = "周六")]
    pub saturday: bool,
    #[field(zh = "周日")]
    pub sunday: bool,
}

/// One or several days on end that are not as the week says: a holiday, or days worked to make up for one.
/// 与每周安排不同的一天或连续几天：放假，或为调休而上班。
#[derive(Entity, Clone, Debug)]
#[entity(
    prefix = "sy",
    kind = "setting",
    steady,
    label = "Holiday or make-up day",
    plural = "Holidays and make-up days",
    zh = "节假日与调休",
    title = "name,first_on",
    title_zh = "name_zh",
    list = "first_on,last_on,kind,name,name_zh,calendar",
    sort = "-first_on",
    index = "unique:calendar,first_on"
)]
pub struct SpecialDay {
    pub id: Id<SpecialDay>,
    #[field(zh = "工作日历", group)]
    pub calendar: Id<WorkingCalendar>,
    #[field(label = "From", zh = "开始日期", group)]
    pub first_on: Date,
    /// The last of the days; the first one if left empty.
    /// 最后一天；留空表示只有一天。
    #[field(label = "Until", zh = "结束日期", optional, not_before = "first_on")]
    pub last_on: Date,
    /// Whether these days are off or worked, whatever the day of the week.
    /// 无论星期几，这些天放假还是上班。
    #[field(zh = "类型", group)]
    pub kind: DayKind,
    #[field(zh = "名称", search, max = 80)]
    pub name: String,
    #[field(label = "Chinese name", zh = "中文名称", search, optional, max = 80)]
    pub name_zh: String,
}

/// Whether special days are off or worked.
#[derive(Choice, Clone, Copy, Debug, PartialEq, Eq)]
pub enum DayKind {
    /// Nobody works.
    #[choice(label = "Off", zh = "休", tone = "good")]
    Rest,
    /// Worked to make up for a holiday.
    #[choice(label = "Worked", zh = "班", tone = "warn")]
    Work,
}

/// Why a calendar or its days are not saved.
#[derive(meta::Refusal)]
pub enum NotACalendar {
    /// Some day of the week must be worked, or nothing would ever be due. Tick one at least.
    ///
    /// 每周至少要有一个工作日，否则无法推算到期日。请至少勾选一天。
    #[refusal(kind = "Invalid", field = "monday")]
    NothingWorked,
    /// Special days are {most} on end at most. Choose an earlier last day, or change the days of the week.
    ///
    /// 连续天数最多 {most} 天。请选择更早的结束日期，或修改每周工作日。
    #[refusal(kind = "Invalid", field = "last_on")]
    TooLong {
        /// The most.
        most: i64,
    },
    /// The calendar says already what {first} to {last} are. Change that record, or choose other days.
    ///
    /// 日历中 {first} 至 {last} 已有安排。请修改原记录，或选择其他日期。
    #[refusal(kind = "Conflict", field = "first_on")]
    SaidAlready {
        /// The first of the days there are.
        first: Date,
        /// Their last.
        last: Date,
    },
}

/// The most days on end that are special.
pub const DAYS_MAX: i32 = 366;

impl WorkingCalendar {
    fn week(&self) -> [bool; 7] {
        [self.monday, self.tuesday, self.wednesday, self.thursday, self.friday, self.saturday, self.sunday]
    }
}

impl Document for WorkingCalendar {
    type Facts = ();
    type Action = NoAction;

    fn facts(_: &Self, _: &Want<NoAction>, _: &dyn Reader) -> Result<(), Trouble> {
        Ok(())
    }

    fn complete(doc: &mut Self, (): &()) -> Result<(), Refusal> {
        match doc.week().contains(&true) {
            true => Ok(()),
            false => Err(NotACalendar::NothingWorked.into()),
        }
    }

    fn decide(_: &Self, action: &NoAction, (): &()) -> Result<(&'static str, Effects), Refusal> {
        match *action {}
    }

    fn ready(_: &Self, action: &NoAction) -> Result<(), Refusal> {
        match *action {}
    }
}

/// Days of the same calendar that share one with those asked for, from `?3` to `?4`.
///
/// No special days last longer than [`DAYS_MAX`], so only those that begin that long before are read.
const SHARED: &str = "
    select first_on, last_on
    from special_day
    where calendar = ?1 and id <> ?2 and first_on between ?5 and ?4 and last_on >= ?3
    order by first_on
    limit 1";

impl Document for SpecialDay {
    /// Days of the calendar that share one with these.
    type Facts = Option<(Date, Date)>;
    type Action = NoAction;

    fn facts(doc: &Self, _: &Want<NoAction>, reader: &dyn Reader) -> Result<Self::Facts, Trouble> {
        let last = doc.last_on.max(doc.first_on);
        let args = [
            doc.calendar.raw().into(),
            doc.id.raw().into(),
            doc.first_on.into(),
            last.into(),
            doc.first_on.add_days(-DAYS_MAX).into(),
        ];
        let shared = reader.rows(SHARED, &args)?;
        Ok(shared.first().and_then(|row| Some((row.date(0)?, row.date(1)?))))
    }

    fn complete(doc: &mut Self, shared: &Self::Facts) -> Result<(), Refusal> {
        if doc.last_on == Date::MIN {
            doc.last_on = doc.first_on;
        }
        match (*shared, doc.last_on.days_since(doc.first_on)) {
            (_, days) if DAYS_MAX <= days => Err(NotACalendar::TooLong { most: DAYS_MAX.into() }.into()),
            (Some((first, last)), _) => Err(NotACalendar::SaidAlready { first, last }.into()),
            (None, _) => Ok(()),
        }
    }

    fn decide(_: &Self, action: &NoAction, _: &Self::Facts) -> Result<(&'static str, Effects), Refusal> {
        match *action {}
    }

    fn ready(_: &Self, action: &NoAction) -> Result<(), Refusal> {
        match *action {}
    }
}

/// Special days as they are told: from, until, and whether they are worked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Special {
    /// The first day.
    pub first: Date,
    /// The last one.
    pub last: Date,
    /// Worked, not off.
    pub is_worked: bool,
    /// What they are called, in English and in Chinese.
    pub name: String,
    /// In Chinese; empty where it is the same.
    pub name_zh: String,
}

/// A calendar with all its days.
#[derive(Clone, Debug, Default)]
pub struct Days {
    /// What it is called; nothing when Monday to Friday is worked for want of a calendar.
    pub name: Option<String>,
    /// Which days of the week are worked, Monday first.
    pub week: [bool; 7],
    /// Its special days, the earliest first.
    pub special: Vec<Special>,
}

impl Days {
    /// What is counted with.
    pub fn calendar(&self) -> Calendar {
        let of = |worked: bool| {
            let special = self.special.iter().filter(move |one| one.is_worked == worked);
            special.flat_map(|one| (one.first.days()..=one.last.days()).filter_map(Date::from_days))
        };
        Calendar::new(self.week).with_holidays(of(false)).with_make_up_days(of(true))
    }
}

const CALENDAR: &str = "
    select w.id, w.name, w.monday, w.tuesday, w.wednesday, w.thursday, w.friday, w.saturday, w.sunday
    from company c
    join working_calendar w on w.id = c.working_calendar or (c.working_calendar is null and w.country = c.country)
    where c.id = ?1
    order by w.id
    limit 1";

const SPECIAL: &str = "
    select first_on, last_on, kind, name, name_zh
    from special_day
    where calendar = ?1
    order by first_on";

/// The days of a company: of the calendar it chose, of that of its country, or Monday to Friday.
/// Answered from memory.
pub fn days(reader: &dyn Reader, company: i64) -> Result<Days, Trouble> {
    let found = reader.steady_rows(CALENDAR, &[company.into()])?;
    let Some(row) = found.first() else {
        return Ok(Days { week: [true, true, true, true, true, false, false], ..Days::default() });
    };
    let special = reader.steady_rows(SPECIAL, &[row.int(0).into()])?;
    let special = special.iter().filter_map(|row: &Row| {
        Some(Special {
            first: row.date(0)?,
            last: row.date(1)?,
            is_worked: row.text(2) == "work",
            name: row.text(3).to_owned(),
            name_zh: row.text(4).to_owned(),
        })
    });
    let week = std::array::from_fn(|day| row.int(day + 2) != 0);
    Ok(Days { name: Some(row.text(1).to_owned()), week, special: special.collect() })
}

/// What the company of whoever asks counts its days by.
pub fn of_company(reader: &dyn Reader) -> Result<Calendar, Trouble> {
    Ok(days(reader, reader.context().company)?.calendar())
}

#[cfg(test)]
mod tests {
    use super::*;
    use meta::Record;

    fn day(text: &str) -> Date {
        Date::parse(text).unwrap_or(Date::MIN)
    }

    fn save(first: &str, last: &str, shared: Option<(&str, &str)>) -> Result<String, &'static str> {
        let mut doc = SpecialDay {
            id: Id::new(0),
            calendar: Id::new(1),
            first_on: day(first),
            last_on: day(last),
            kind: DayKind::Rest,
            name: "Feast".to_owned(),
            name_zh: String::new(),
        };
        let shared = shared.map(|(first, last)| (day(first), day(last)));
        SpecialDay::complete(&mut doc, &shared).map(|()| doc.last_on.to_string()).map_err(|why| why.problems[0].code)
    }

    #[test]
    fn special_days_go_forward_and_are_said_once() {
        assert_eq!(save("2026-05-09", "", None).unwrap(), "2026-05-09");
        assert_eq!(save("2026-05-01", "2026-05-05", None).unwrap(), "2026-05-05");
        assert_eq!(save("2026-01-01", "2026-12-31", None).unwrap(), "2026-12-31");
        assert_eq!(save("2026-01-01", "2027-01-02", None), Err("too_long"));
        assert_eq!(save("2026-05-01", "2026-05-05", Some(("2026-05-05", "2026-05-06"))), Err("said_already"));
    }

    #[test]
    fn some_day_of_the_week_is_worked() {
        let mut doc = WorkingCalendar::from_record(&Record::empty(WorkingCalendar::meta())).unwrap();
        let code = |doc: &mut WorkingCalendar| WorkingCalendar::complete(doc, &()).map_err(|why| why.problems[0].code);
        assert_eq!(code(&mut doc), Err("nothing_worked"));
        doc.sunday = true;
        assert_eq!(code(&mut doc), Ok(()));
    }

    #[test]
    fn ranges_are_counted_day_by_day() {
        let special = |first: &str, last: &str, is_worked| Special {
            first: day(first),
            last: day(last),
            is_worked,
            name: String::new(),
            name_zh: String::new(),
        };
        let days = Days {
            name: None,
            week: [true, true, true, true, true, false, false],
            special: vec![special("2026-05-01", "2026-05-05", false), special("2026-05-09", "2026-05-09", true)],
        };
        let calendar = days.calendar();
        assert_eq!(calendar.add_working_days(day("2026-04-30"), 1), day("2026-05-06"));
        assert_eq!(calendar.add_working_days(day("2026-04-30"), 4), day("2026-05-09"));
        assert_eq!(calendar.next_working(day("2026-05-02")), day("2026-05-06"));
    }
}
