//! Business days and moments. Neither asks the clock: both arrive as arguments.
//!
//! Days follow the Gregorian calendar, also before its introduction, from year 1 to 9999.
//! Arithmetic stops at the ends of that range instead of failing, because 9999-12-31 is
//! how people write "for ever" and "for ever plus 30 days" is still for ever.

use std::fmt;

/// A business day: no hour, no time zone.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date(i32);

impl Date {
    /// The first day there is, 0001-01-01.
    pub const MIN: Date = Date(days_from_civil(1, 1, 1));
    /// The last day there is, 9999-12-31.
    pub const MAX: Date = Date(days_from_civil(9999, 12, 31));

    /// The day; `None` when there is no such day or the year is not 1 to 9999.
    pub const fn new(year: i32, month: u32, day: u32) -> Option<Date> {
        let exists =
            1 <= year && year <= 9999 && 1 <= month && month <= 12 && 1 <= day && day <= days_in_month(year, month);
        match exists {
            true => Some(Date(days_from_civil(year, month, day))),
            false => None,
        }
    }

    /// The day this many days after 1970-01-01; `None` outside the years 1 to 9999.
    pub const fn from_days(days: i32) -> Option<Date> {
        match Date::MIN.0 <= days && days <= Date::MAX.0 {
            true => Some(Date(days)),
            false => None,
        }
    }

    /// How many days after 1970-01-01 this is; negative before.
    pub const fn days(self) -> i32 {
        self.0
    }

    /// Reads ISO 8601 `2026-01-31`, ten characters exactly; `None` for anything else.
    pub fn parse(text: &str) -> Option<Date> {
        match text.as_bytes() {
            [y @ .., b'-', m1, m2, b'-', d1, d2] if y.len() == 4 => {
                Date::new(digits(y)? as i32, digits(&[*m1, *m2])?, digits(&[*d1, *d2])?)
            }
            _ => None,
        }
    }

    /// Year, 1 to 9999.
    pub const fn year(self) -> i32 {
        civil_from_days(self.0).0
    }

    /// Month, 1 to 12.
    pub const fn month(self) -> u32 {
        civil_from_days(self.0).1
    }

    /// Day of the month, 1 to 31.
    pub const fn day(self) -> u32 {
        civil_from_days(self.0).2
    }

    /// Quarter of the year, 1 to 4.
    pub const fn quarter(self) -> u32 {
        self.month().div_ceil(3)
    }

    /// Day of the week, Monday 1 to Sunday 7, as ISO 8601 counts.
    pub const fn weekday(self) -> u32 {
        // 1970-01-01 was a Thursday.
        (self.0 + 3).rem_euclid(7) as u32 + 1
    }

    /// Year and week of ISO 8601. The year is the one the week's Thursday lies in, so it may
    /// differ from [`Date::year`] around New Year: 2027-01-01 is in (2026, 53).
    pub const fn iso_week(self) -> (i32, u32) {
        let thursday = self.add_days(4 - self.weekday() as i32);
        let year = thursday.year();
        let day_of_year = thursday.0 - days_from_civil(year, 1, 1);
        (year, day_of_year as u32 / 7 + 1)
    }

    /// Year and month as one sortable number, 202601 for January 2026.
    pub const fn month_key(self) -> i32 {
        let (year, month, _) = civil_from_days(self.0);
        year * 100 + month as i32
    }

    /// This many days later, earlier when negative; stops at [`Date::MIN`] and [`Date::MAX`].
    pub const fn add_days(self, days: i32) -> Date {
        clamped(self.0 as i64 + days as i64)
    }

    /// The same day this many months later, or the last of that month when it is shorter:
    /// one month after 31 January is 28 or 29 February. Stops at [`Date::MIN`] and [`Date::MAX`].
    pub const fn add_months(self, months: i32) -> Date {
        let (year, month, day) = civil_from_days(self.0);
        let since_year_0 = year as i64 * 12 + month as i64 - 1 + months as i64;
        let (year, month) = (since_year_0.div_euclid(12), since_year_0.rem_euclid(12));
        if year < 1 {
            return Date::MIN;
        }
        if 9999 < year {
            return Date::MAX;
        }
        let (year, month) = (year as i32, month as u32 + 1);
        let last = days_in_month(year, month);
        Date(days_from_civil(year, month, if day < last { day } else { last }))
    }

    /// The first of the month.
    pub const fn start_of_month(self) -> Date {
        let (year, month, _) = civil_from_days(self.0);
        Date(days_from_civil(year, month, 1))
    }

    /// The last of the month.
    pub const fn end_of_month(self) -> Date {
        let (year, month, _) = civil_from_days(self.0);
        Date(days_from_civil(year, month, days_in_month(year, month)))
    }

    /// Days from `other` to this day; negative when `other` is later.
    pub const fn days_since(self, other: Date) -> i32 {
        self.0 - other.0
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (year, month, day) = civil_from_days(self.0);
        f.pad(&format!("{year:04}-{month:02}-{day:02}"))
    }
}

impl fmt::Debug for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

const SECOND: i64 = 1_000_000;
const MINUTE: i64 = 60 * SECOND;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;

/// A moment, in microseconds of UTC since 1970, without leap seconds.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Instant(i64);

impl Instant {
    /// The first moment of [`Date::MIN`] in UTC.
    pub const MIN: Instant = Instant(Date::MIN.0 as i64 * DAY);
    /// The last microsecond of [`Date::MAX`] in UTC.
    pub const MAX: Instant = Instant((Date::MAX.0 as i64 + 1) * DAY - 1);

    /// The moment this many microseconds after 1970-01-01T00:00:00Z; stops at
    /// [`Instant::MIN`] and [`Instant::MAX`], so that every moment can be written.
    pub const fn from_micros(micros: i64) -> Instant {
        match micros {
            early if early < Instant::MIN.0 => Instant::MIN,
            late if Instant::MAX.0 < late => Instant::MAX,
            micros => Instant(micros),
        }
    }

    /// Microseconds since 1970-01-01T00:00:00Z.
    pub const fn micros(self) -> i64 {
        self.0
    }

    /// Reads RFC 3339, as in `2026-01-31T08:00:00.5+08:00`, with `Z` or an offset.
    ///
    /// `None` for anything else, for the second 60 and for moments outside the years 1 to
    /// 9999 in UTC. Digits beyond the microsecond are dropped.
    pub fn parse(text: &str) -> Option<Instant> {
        let (date, rest) = text.split_at_checked(10)?;
        let date = Date::parse(date)?;
        let [b'T' | b't', h1, h2, b':', m1, m2, b':', s1, s2, rest @ ..] = rest.as_bytes() else {
            return None;
        };
        let hour = below(24, *h1, *h2)?;
        let minute = below(60, *m1, *m2)?;
        let second = below(60, *s1, *s2)?;
        let (fraction, zone) = match rest {
            [b'.', rest @ ..] => {
                let count = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
                let (fraction, zone) = rest.split_at(count);
                (micros_of(fraction)?, zone)
            }
            zone => (0, zone),
        };
        let offset = match zone {
            b"Z" | b"z" => 0,
            [sign @ (b'+' | b'-'), h1, h2, b':', m1, m2] => {
                let ahead = below(24, *h1, *h2)? * HOUR + below(60, *m1, *m2)? * MINUTE;
                if *sign == b'+' { ahead } else { -ahead }
            }
            _ => return None,
        };
        let local = i64::from(date.0) * DAY + hour * HOUR + minute * MINUTE + second * SECOND + fraction;
        let moment = Instant(local - offset);
        (Instant::MIN <= moment && moment <= Instant::MAX).then_some(moment)
    }

    /// The day on a wall calendar where clocks are this many minutes ahead of UTC.
    pub const fn date_at(self, offset_minutes: i32) -> Date {
        clamped((self.0 + offset_minutes as i64 * MINUTE).div_euclid(DAY))
    }

    /// This many milliseconds later, earlier when negative; stops at [`Instant::MIN`] and
    /// [`Instant::MAX`].
    pub const fn plus_millis(self, millis: i64) -> Instant {
        Instant::from_micros(self.0.saturating_add(millis.saturating_mul(1_000)))
    }
}

impl fmt::Display for Instant {
    /// RFC 3339 in UTC, as in `2026-01-31T00:00:00.5Z`; trailing zeros are left out.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (date, time) = (self.date_at(0), self.0.rem_euclid(DAY));
        let (hour, minute) = (time / HOUR, time % HOUR / MINUTE);
        let (second, micros) = (time % MINUTE / SECOND, time % SECOND);
        let fraction = match micros {
            0 => String::new(),
            micros => format!(".{micros:06}").trim_end_matches('0').to_owned(),
        };
        write!(f, "{date}T{hour:02}:{minute:02}:{second:02}{fraction}Z")
    }
}

impl fmt::Debug for Instant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// Every name [`relative_range`] knows.
pub const RELATIVE_RANGES: [&str; 19] = [
    "today",
    "yesterday",
    "tomorrow",
    "this_week",
    "last_week",
    "next_week",
    "this_month",
    "last_month",
    "next_month",
    "this_quarter",
    "last_quarter",
    "this_year",
    "last_year",
    "last_7_days",
    "last_30_days",
    "last_90_days",
    "last_365_days",
    "next_7_days",
    "next_30_days",
];

/// First and last day of a range named relative to today; `None` for an unknown name.
///
/// Weeks run Monday to Sunday. `last_7_days` is seven days ending today, `next_7_days` seven
/// days beginning today.
pub fn relative_range(name: &str, today: Date) -> Option<(Date, Date)> {
    let monday = today.add_days(1 - today.weekday() as i32);
    let first = today.start_of_month();
    let quarter = first.add_months(-((first.month() as i32 - 1) % 3));
    let january = first.add_months(1 - first.month() as i32);

    let week = |start: Date| (start, start.add_days(6));
    let months = |start: Date, count: i32| (start, start.add_months(count - 1).end_of_month());
    let days_until_today = |count: i32| (today.add_days(1 - count), today);
    let days_from_today = |count: i32| (today, today.add_days(count - 1));

    Some(match name {
        "today" => (today, today),
        "yesterday" => (today.add_days(-1), today.add_days(-1)),
        "tomorrow" => (today.add_days(1), today.add_days(1)),
        "this_week" => week(monday),
        "last_week" => week(monday.add_days(-7)),
        "next_week" => week(monday.add_days(7)),
        "this_month" => months(first, 1),
        "last_month" => months(first.add_months(-1), 1),
        "next_month" => months(first.add_months(1), 1),
        "this_quarter" => months(quarter, 3),
        "last_quarter" => months(quarter.add_months(-3), 3),
        "this_year" => months(january, 12),
        "last_year" => months(january.add_months(-12), 12),
        "last_7_days" => days_until_today(7),
        "last_30_days" => days_until_today(30),
        "last_90_days" => days_until_today(90),
        "last_365_days" => days_until_today(365),
        "next_7_days" => days_from_today(7),
        "next_30_days" => days_from_today(30),
        _ => return None,
    })
}

const fn clamped(days: i64) -> Date {
    match days {
        early if early < Date::MIN.0 as i64 => Date::MIN,
        late if (Date::MAX.0 as i64) < late => Date::MAX,
        days => Date(days as i32),
    }
}

/// Days since 1970-01-01. Howard Hinnant's algorithm: years begin in March, so the leap day
/// comes last. <https://howardhinnant.github.io/date_algorithms.html>
const fn days_from_civil(year: i32, month: u32, day: u32) -> i32 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let day_of_year = (153 * ((month as i32 + 9) % 12) + 2) / 5 + day as i32 - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    era * 146_097 + day_of_era - 719_468
}

/// Year, month and day; the inverse of [`days_from_civil`].
const fn civil_from_days(days: i32) -> (i32, u32, u32) {
    let days = days + 719_468;
    let era = days.div_euclid(146_097);
    let day_of_era = days.rem_euclid(146_097);
    let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_from_march = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
    let month = (month_from_march + 2) % 12 + 1;
    let year = year_of_era + era * 400 + if month <= 2 { 1 } else { 0 };
    (year, month as u32, day as u32)
}

const fn days_in_month(year: i32, month: u32) -> u32 {
    let is_leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    match month {
        4 | 6 | 9 | 11 => 30,
        2 if is_leap => 29,
        2 => 28,
        _ => 31,
    }
}

/// The number these few ASCII digits write.
fn digits(text: &[u8]) -> Option<u32> {
    text.iter().try_fold(0, |number, digit| match digit {
        b'0'..=b'9' => Some(number * 10 + u32::from(digit - b'0')),
        _ => None,
    })
}

fn below(limit: u32, tens: u8, ones: u8) -> Option<i64> {
    let number = digits(&[tens, ones])?;
    (number < limit).then_some(i64::from(number))
}

/// Microseconds of the digits after the point; `None` when there are none.
fn micros_of(fraction: &[u8]) -> Option<i64> {
    let kept = &fraction[..fraction.len().min(6)];
    let padding = 10i64.pow(6 - kept.len() as u32);
    (!kept.is_empty()).then_some(i64::from(digits(kept)?) * padding)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn day(text: &str) -> Date {
        Date::parse(text).unwrap()
    }

    fn any_date() -> impl Strategy<Value = Date> {
        (Date::MIN.0..=Date::MAX.0).prop_map(Date)
    }

    #[test]
    fn the_epoch_and_the_ends_are_where_they_belong() {
        assert_eq!(day("1970-01-01").days(), 0);
        assert_eq!(day("2000-03-01").days(), 11_017);
        assert_eq!(Date::MIN.to_string(), "0001-01-01");
        assert_eq!(Date::MAX.to_string(), "9999-12-31");
        assert_eq!(Date::from_days(Date::MAX.days() + 1), None);
        assert_eq!(Date::from_days(i32::MIN), None);
    }

    #[test]
    fn only_days_that_exist_are_read() {
        assert_eq!(Date::new(2024, 2, 29), Some(day("2024-02-29")));
        for text in [
            "",
            "2026-02-29",
            "1900-02-29",
            "2026-13-01",
            "2026-00-01",
            "2026-04-31",
            "2026-01-00",
            "0000-01-01",
            "2026-1-31",
            "20260131",
            "2026/01/31",
            "2026-01-31 ",
            "+026-01-31",
            "2026-01-3é",
            "12026-01-31",
        ] {
            assert_eq!(Date::parse(text), None, "{text}");
        }
    }

    #[test]
    fn weeks_begin_on_monday_and_belong_to_the_year_of_their_thursday() {
        for (text, weekday, week) in [
            ("2026-01-01", 4, (2026, 1)),
            ("2024-12-30", 1, (2025, 1)),
            ("2027-01-01", 5, (2026, 53)),
            ("2023-01-01", 7, (2022, 52)),
            ("0001-01-01", 1, (1, 1)),
            ("9999-12-31", 5, (9999, 52)),
        ] {
            assert_eq!(day(text).weekday(), weekday, "{text}");
            assert_eq!(day(text).iso_week(), week, "{text}");
        }
    }

    #[test]
    fn months_are_added_to_the_same_day_or_the_last() {
        for (from, months, to) in [
            ("2026-01-31", 1, "2026-02-28"),
            ("2024-01-31", 1, "2024-02-29"),
            ("2024-02-29", 12, "2025-02-28"),
            ("2026-01-15", -1, "2025-12-15"),
            ("2026-12-15", 13, "2028-01-15"),
            ("9999-12-01", 1, "9999-12-31"),
            ("0001-01-15", -1, "0001-01-01"),
            ("2026-01-01", i32::MAX, "9999-12-31"),
            ("2026-01-01", i32::MIN, "0001-01-01"),
        ] {
            assert_eq!(day(from).add_months(months), day(to), "{from} {months}");
        }
    }

    #[test]
    fn a_month_has_a_start_an_end_a_quarter_and_a_key() {
        let date = day("2024-02-10");
        assert_eq!(date.start_of_month(), day("2024-02-01"));
        assert_eq!(date.end_of_month(), day("2024-02-29"));
        assert_eq!((date.quarter(), date.month_key()), (1, 202_402));
        assert_eq!(day("2024-04-01").quarter(), 2);
        assert_eq!(day("2024-12-31").quarter(), 4);
        assert_eq!(date.days_since(day("2024-01-31")), 10);
        assert_eq!(Date::MAX.add_days(30), Date::MAX);
        assert_eq!(Date::MIN.add_days(i32::MIN), Date::MIN);
    }

    #[test]
    fn a_moment_is_read_with_its_offset_and_written_in_utc() {
        for (text, utc) in [
            ("2026-01-31T08:00:00Z", "2026-01-31T08:00:00Z"),
            ("2026-01-31T08:00:00+08:00", "2026-01-31T00:00:00Z"),
            ("2026-01-31T08:00:00.500-05:30", "2026-01-31T13:30:00.5Z"),
            ("1969-12-31t23:59:59.999999z", "1969-12-31T23:59:59.999999Z"),
            ("2026-01-31T08:00:00.1234567891Z", "2026-01-31T08:00:00.123456Z"),
        ] {
            assert_eq!(Instant::parse(text).unwrap().to_string(), utc, "{text}");
        }
        for text in [
            "",
            "2026-01-31",
            "2026-01-31T08:00Z",
            "2026-01-31T08:00:00",
            "2026-01-31 08:00:00Z",
            "2026-01-31T24:00:00Z",
            "2026-01-31T08:00:60Z",
            "2026-01-31T08:00:00.Z",
            "2026-01-31T08:00:00+8:00",
            "2026-01-31T08:00:00+24:00",
            "2026-01-31T08:00:00Zulu",
            "0001-01-01T00:00:00+01:00",
            "9999-12-31T23:59:59-01:00",
            "2026-01-é1T08:00:00Z",
        ] {
            assert_eq!(Instant::parse(text), None, "{text}");
        }
    }

    #[test]
    fn the_business_day_depends_on_where_the_clock_hangs() {
        let moment = Instant::parse("2026-01-31T20:00:00Z").unwrap();
        assert_eq!(moment.date_at(0), day("2026-01-31"));
        assert_eq!(moment.date_at(8 * 60), day("2026-02-01"));
        assert_eq!(Instant::from_micros(-1).date_at(0), day("1969-12-31"));
        assert_eq!(Instant::MAX.date_at(60), Date::MAX);
        assert_eq!(moment.plus_millis(1_500).micros() - moment.micros(), 1_500_000);
        assert_eq!(moment.plus_millis(i64::MAX), Instant::MAX);
        assert_eq!(Instant::MIN.plus_millis(i64::MIN), Instant::MIN);
    }

    #[test]
    fn ranges_are_named_relative_to_today() {
        let range = |name| {
            let (first, last) = relative_range(name, day("2026-02-11")).unwrap();
            format!("{first} {last}")
        };
        assert_eq!(range("today"), "2026-02-11 2026-02-11");
        assert_eq!(range("yesterday"), "2026-02-10 2026-02-10");
        assert_eq!(range("tomorrow"), "2026-02-12 2026-02-12");
        assert_eq!(range("this_week"), "2026-02-09 2026-02-15");
        assert_eq!(range("last_week"), "2026-02-02 2026-02-08");
        assert_eq!(range("next_week"), "2026-02-16 2026-02-22");
        assert_eq!(range("this_month"), "2026-02-01 2026-02-28");
        assert_eq!(range("last_month"), "2026-01-01 2026-01-31");
        assert_eq!(range("next_month"), "2026-03-01 2026-03-31");
        assert_eq!(range("this_quarter"), "2026-01-01 2026-03-31");
        assert_eq!(range("last_quarter"), "2025-10-01 2025-12-31");
        assert_eq!(range("this_year"), "2026-01-01 2026-12-31");
        assert_eq!(range("last_year"), "2025-01-01 2025-12-31");
        assert_eq!(range("last_7_days"), "2026-02-05 2026-02-11");
        assert_eq!(range("last_30_days"), "2026-01-13 2026-02-11");
        assert_eq!(range("last_90_days"), "2025-11-14 2026-02-11");
        assert_eq!(range("last_365_days"), "2025-02-12 2026-02-11");
        assert_eq!(range("next_7_days"), "2026-02-11 2026-02-17");
        assert_eq!(range("next_30_days"), "2026-02-11 2026-03-12");
        assert_eq!(relative_range("some_day", day("2026-02-11")), None);
    }

    proptest! {
        #[test]
        fn a_day_reads_back_from_its_text_and_its_parts(date in any_date()) {
            prop_assert_eq!(Date::parse(&date.to_string()), Some(date));
            prop_assert_eq!(Date::new(date.year(), date.month(), date.day()), Some(date));
            prop_assert_eq!(Date::from_days(date.days()), Some(date));
        }

        #[test]
        fn the_next_day_is_the_next_number_or_the_first(date in any_date()) {
            let next = date.add_days(1);
            prop_assert!(next.day() == date.day() + 1 || next.day() == 1 || date == Date::MAX);
            prop_assert_eq!(next.day() == 1, date == date.end_of_month() && date != Date::MAX);
        }

        #[test]
        fn months_are_added_whole_and_clamped_to_the_end(date in any_date(), months in -600i32..600) {
            let later = date.add_months(months);
            prop_assume!(later != Date::MIN && later != Date::MAX);
            let count = |day: Date| day.year() * 12 + day.month() as i32;
            prop_assert_eq!(count(later) - count(date), months);
            prop_assert_eq!(later.day(), date.day().min(later.end_of_month().day()));
        }

        #[test]
        fn a_moment_reads_back(micros in Instant::MIN.0..=Instant::MAX.0) {
            let moment = Instant::from_micros(micros);
            prop_assert_eq!(moment.micros(), micros);
            prop_assert_eq!(Instant::parse(&moment.to_string()), Some(moment));
        }

        #[test]
        fn reading_any_text_never_panics(text in "\\PC*", close in "[0-9TZ:.+-]{0,30}") {
            for text in [text, close] {
                let _ = (Date::parse(&text), Instant::parse(&text));
            }
        }

        #[test]
        fn every_named_range_is_known_and_in_order(today in any_date()) {
            for name in RELATIVE_RANGES {
                let (first, last) = relative_range(name, today).unwrap();
                prop_assert!(first <= last, "{}", name);
                if name.starts_with("this_") || name.ends_with("_days") {
                    prop_assert!(first <= today && today <= last, "{}", name);
                }
            }
        }
    }
}
