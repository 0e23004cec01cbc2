//! Which days are worked: the week, holidays, and make-up days (调休).
//!
//! One calendar serves delivery, production, SLA and HR.

use std::collections::BTreeSet;

use crate::date::Date;

/// Working days of a company or a place.
///
/// A make-up day is worked whatever the weekday and even when it is listed as a holiday:
/// it is the later, more particular announcement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Calendar {
    weekly: [bool; 7],
    holidays: BTreeSet<Date>,
    make_up_days: BTreeSet<Date>,
}

impl Calendar {
    /// The calendar that works the given days of the week, Monday first, without holidays.
    ///
    /// # Panics
    /// When no day of the week is worked: counting working days would never end.
    pub fn new(weekly: [bool; 7]) -> Calendar {
        assert!(weekly.contains(&true), "some day of the week is worked");
        Calendar { weekly, holidays: BTreeSet::new(), make_up_days: BTreeSet::new() }
    }

    /// The calendar that works Monday to Friday, without holidays.
    pub fn monday_to_friday() -> Calendar {
        Calendar::new([true, true, true, true, true, false, false])
    }

    /// Adds days that are not worked.
    pub fn with_holidays(mut self, days: impl IntoIterator<Item = Date>) -> Calendar {
        self.holidays.extend(days);
        self
    }

    /// Adds days that are worked although the week says otherwise (调休).
    pub fn with_make_up_days(mut self, days: impl IntoIterator<Item = Date>) -> Calendar {
        self.make_up_days.extend(days);
        self
    }

    /// Whether this day is worked.
    pub fn is_working(&self, date: Date) -> bool {
        let in_week = self.weekly[date.weekday() as usize - 1];
        self.make_up_days.contains(&date) || (in_week && !self.holidays.contains(&date))
    }

    /// The day itself when it is worked, otherwise the next one that is. Stops at [`Date::MAX`].
    pub fn next_working(&self, date: Date) -> Date {
        match self.is_working(date) {
            true => date,
            false => self.add_working_days(date, 1),
        }
    }

    /// The `days`-th working day after the date, before it when negative; the date itself,
    /// worked or not, for zero. Stops at [`Date::MIN`] and [`Date::MAX`].
    pub fn add_working_days(&self, date: Date, days: i32) -> Date {
        let (mut date, mut left) = (date, days.unsigned_abs());
        let (step, end) = match 0 < days {
            true => (1, Date::MAX),
            false => (-1, Date::MIN),
        };
        while 0 < left && date != end {
            date = date.add_days(step);
            left -= u32::from(self.is_working(date));
        }
        date
    }

    /// How many working days after `from` the day `to` is: `from` is not counted, `to` is
    /// when worked. Negative when `to` is earlier. Undoes [`Calendar::add_working_days`].
    pub fn working_days_between(&self, from: Date, to: Date) -> i32 {
        match from <= to {
            true => self.count(from.days() + 1..=to.days()),
            false => -self.count(to.days()..=from.days() - 1),
        }
    }

    fn count(&self, days: std::ops::RangeInclusive<i32>) -> i32 {
        days.filter_map(Date::from_days).filter(|&date| self.is_working(date)).count() as i32
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn day(text: &str) -> Date {
        Date::parse(text).unwrap()
    }

    /// National day 2025: off 1 to 8 October, worked on Sunday 28 September and Saturday 11 October.
    fn national_day_2025() -> Calendar {
        let first = day("2025-10-01");
        Calendar::monday_to_friday()
            .with_holidays((0..8).map(|days| first.add_days(days)))
            .with_make_up_days([day("2025-09-28"), day("2025-10-11")])
    }

    #[test]
    fn holidays_are_off_and_make_up_days_are_worked() {
        let calendar = national_day_2025();
        for (text, worked) in [
            ("2025-09-26", true),
            ("2025-09-27", false),
            ("2025-09-28", true),
            ("2025-10-01", false),
            ("2025-10-08", false),
            ("2025-10-09", true),
            ("2025-10-11", true),
            ("2025-10-12", false),
        ] {
            assert_eq!(calendar.is_working(day(text)), worked, "{text}");
        }
        let both = calendar.with_holidays([day("2025-10-11")]);
        assert!(both.is_working(day("2025-10-11")));
    }

    #[test]
    fn a_lead_time_skips_the_holidays() {
        let calendar = national_day_2025();
        for (from, days, to) in [
            ("2025-09-30", 1, "2025-10-09"),
            ("2025-09-30", 3, "2025-10-11"),
            ("2025-10-04", 1, "2025-10-09"),
            ("2025-10-09", -1, "2025-09-30"),
            ("2025-09-29", -1, "2025-09-28"),
            ("2025-10-04", 0, "2025-10-04"),
            ("9999-12-30", 5, "9999-12-31"),
            ("0001-01-02", -5, "0001-01-01"),
        ] {
            assert_eq!(calendar.add_working_days(day(from), days), day(to), "{from} {days}");
        }
        let between = calendar.working_days_between(day("2025-09-30"), day("2025-10-12"));
        assert_eq!(between, 3);
        assert_eq!(calendar.working_days_between(Date::MAX, Date::MAX), 0);
    }

    #[test]
    #[should_panic(expected = "some day of the week is worked")]
    fn a_week_without_work_is_no_calendar() {
        Calendar::new([false; 7]);
    }

    proptest! {
        #[test]
        fn counting_undoes_adding(start in 20_000i32..21_000, days in -300i32..300) {
            let calendar = national_day_2025();
            let from = Date::from_days(start).unwrap();
            let to = calendar.add_working_days(from, days);
            prop_assert!(days == 0 || calendar.is_working(to));
            prop_assert_eq!(calendar.working_days_between(from, to), days);
        }

        #[test]
        fn working_days_add_up(start in 20_000i32..21_000, one in 0i32..200, more in 0i32..200) {
            let calendar = national_day_2025();
            let from = Date::from_days(start).unwrap();
            let step_by_step = calendar.add_working_days(calendar.add_working_days(from, one), more);
            prop_assert_eq!(step_by_step, calendar.add_working_days(from, one + more));
            let back = calendar.working_days_between(step_by_step, from);
            prop_assert!(back == -(one + more) || !calendar.is_working(from));
        }

        #[test]
        fn the_next_working_day_is_the_first_of_them(start in 20_000i32..21_000) {
            let calendar = national_day_2025();
            let from = Date::from_days(start).unwrap();
            let next = calendar.next_working(from);
            prop_assert!(from <= next && calendar.is_working(next));
            prop_assert_eq!(calendar.next_working(next), next);
            for between in from.days()..next.days() {
                prop_assert!(!calendar.is_working(Date::from_days(between).unwrap()));
            }
        }
    }
}
