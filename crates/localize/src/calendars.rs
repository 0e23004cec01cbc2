//! Which days are worked, country by country, as the governments arranged them.

use kernel::Label;

/// Special days: from, until, whether they are worked, and what they are called.
pub struct DaysSeed {
    /// The first day, as text.
    pub first: &'static str,
    /// The last one.
    pub last: &'static str,
    /// Worked to make up for a holiday; otherwise off.
    pub is_worked: bool,
    /// What they are called.
    pub name: Label,
}

/// A calendar to begin with. Monday to Friday is worked but for its special days.
pub struct CalendarSeed {
    /// Two letters.
    pub country: &'static str,
    /// What it is called.
    pub name: Label,
    /// Its special days, the earliest first.
    pub days: &'static [DaysSeed],
}

const fn off(first: &'static str, last: &'static str, en: &'static str, zh: &'static str) -> DaysSeed {
    DaysSeed { first, last, is_worked: false, name: Label::new(en, zh) }
}

const fn worked(day: &'static str, en: &'static str, zh: &'static str) -> DaysSeed {
    DaysSeed { first: day, last: day, is_worked: true, name: Label::new(en, zh) }
}

/// As announced by the General Office of the State Council for each year.
static CHINA: CalendarSeed = CalendarSeed {
    country: "CN",
    name: Label::new("China", "中国"),
    days: &[
        off("2025-01-01", "2025-01-01", "New Year", "元旦"),
        worked("2025-01-26", "Spring Festival make-up day", "春节调休"),
        off("2025-01-28", "2025-02-04", "Spring Festival", "春节"),
        worked("2025-02-08", "Spring Festival make-up day", "春节调休"),
        off("2025-04-04", "2025-04-06", "Qingming Festival", "清明节"),
        worked("2025-04-27", "Labour Day make-up day", "劳动节调休"),
        off("2025-05-01", "2025-05-05", "Labour Day", "劳动节"),
        off("2025-05-31", "2025-06-02", "Dragon Boat Festival", "端午节"),
        worked("2025-09-28", "National Day make-up day", "国庆节调休"),
        off("2025-10-01", "2025-10-08", "National Day and Mid-Autumn", "国庆节、中秋节"),
        worked("2025-10-11", "National Day make-up day", "国庆节调休"),
        off("2026-01-01", "2026-01-03", "New Year", "元旦"),
        worked("2026-01-04", "New Year make-up day", "元旦调休"),
        worked("2026-02-14", "Spring Festival make-up day", "春节调休"),
        off("2026-02-15", "2026-02-23", "Spring Festival", "春节"),
        worked("2026-02-28", "Spring Festival make-up day", "春节调休"),
        off("2026-04-04", "2026-04-06", "Qingming Festival", "清明节"),
        off("2026-05-01", "2026-05-05", "Labour Day", "劳动节"),
        worked("2026-05-09", "Labour Day make-up day", "劳动节调休"),
        off("2026-06-19", "2026-06-21", "Dragon Boat Festival", "端午节"),
        worked("2026-09-20", "National Day make-up day", "国庆节调休"),
        off("2026-09-25", "2026-09-27", "Mid-Autumn Festival", "中秋节"),
        off("2026-10-01", "2026-10-07", "National Day", "国庆节"),
        worked("2026-10-10", "National Day make-up day", "国庆节调休"),
    ],
};

/// The calendar of a country, if we know one.
pub fn calendar(country: &str) -> Option<&'static CalendarSeed> {
    (country == CHINA.country).then_some(&CHINA)
}

#[cfg(test)]
mod tests {
    use super::*;
    use kernel::{Calendar, Date};

    fn days(is_worked: bool) -> Vec<Date> {
        let chosen = CHINA.days.iter().filter(move |one| one.is_worked == is_worked);
        chosen
            .flat_map(|one| {
                let [first, last] = [one.first, one.last].map(|text| Date::parse(text).expect("a day"));
                (first.days()..=last.days()).filter_map(Date::from_days)
            })
            .collect()
    }

    fn worked_in(year: i32) -> i32 {
        let calendar = Calendar::monday_to_friday().with_holidays(days(false)).with_make_up_days(days(true));
        let before = Date::new(year - 1, 12, 31).expect("a day");
        calendar.working_days_between(before, Date::new(year, 12, 31).expect("a day"))
    }

    /// Both years have 261 weekdays and 13 holidays by law; what else is off on a weekday is made up for.
    #[test]
    fn the_years_of_china_have_the_working_days_the_state_council_counts() {
        assert_eq!((worked_in(2025), worked_in(2026)), (248, 248));
        assert_eq!((days(false).len(), days(true).len()), (28 + 33, 5 + 6));
    }

    #[test]
    fn days_are_said_once_and_in_order_and_make_up_days_are_of_weekends() {
        for pair in CHINA.days.windows(2) {
            assert!(pair[0].first <= pair[0].last && pair[0].last < pair[1].first, "{}", pair[1].first);
        }
        assert!(days(true).iter().all(|day| 5 < day.weekday()));
    }

    #[test]
    fn a_country_we_do_not_know_has_none() {
        assert!(calendar("CN").is_some() && calendar("US").is_none());
    }
}
