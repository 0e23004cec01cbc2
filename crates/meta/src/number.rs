//! How the numbers of documents are written: `SO-{year}-{seq:05}`, and read again.

use kernel::Date;

/// A pattern of numbers: text in which parts in braces stand for the day, the company and the
/// counter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NumberPattern<'a>(pub &'a str);

/// The parts that may stand in braces beside the counter.
pub const PARTS: [&str; 5] = ["year", "year2", "month", "day", "company"];

/// How many zeros a counter may be filled with.
const WIDTH_MAX: usize = 18;

impl<'a> NumberPattern<'a> {
    /// What stands in braces, in order.
    pub fn parts(self) -> impl Iterator<Item = &'a str> {
        self.0.split('{').skip(1).map(|rest| rest.split_once('}').map_or(rest, |(part, _)| part))
    }

    /// Whether a part stands in it.
    pub fn names(self, part: &str) -> bool {
        self.parts().any(|one| one == part)
    }

    /// Whether a part is the counter, with a width people can read.
    pub fn is_counter(part: &str) -> bool {
        let width = part.strip_prefix("seq:").map(str::parse);
        part == "seq" || matches!(width, Some(Ok(1..=WIDTH_MAX)))
    }

    /// What one counter counts: the smallest period in the pattern, written 2026, 202611 or
    /// 20261126; 0 where there is none, for numbers that never start again.
    pub fn period(self, on: Date) -> i64 {
        let (year, month, day) = (i64::from(on.year()), i64::from(on.month()), i64::from(on.day()));
        if self.names("day") {
            (year * 100 + month) * 100 + day
        } else if self.names("month") {
            year * 100 + month
        } else if self.names("year") || self.names("year2") {
            year
        } else {
            0
        }
    }

    /// The texts before and after the counter, on a day, in the company of that code.
    pub fn around(self, on: Date, code: &str) -> (String, String) {
        let (before, after) = match self.0.split_once("{seq") {
            None => (self.0, ""),
            Some((before, rest)) => (before, rest.split_once('}').map_or("", |(_, after)| after)),
        };
        let filled = |text: &str| {
            text.replace("{year}", &on.year().to_string())
                .replace("{year2}", &format!("{:02}", on.year() % 100))
                .replace("{month}", &format!("{:02}", on.month()))
                .replace("{day}", &format!("{:02}", on.day()))
                .replace("{company}", code)
        };
        (filled(before), filled(after))
    }

    /// A number of a day, in the company of that code.
    pub fn write(self, on: Date, code: &str, counter: i64) -> String {
        let (before, after) = self.around(on, code);
        let Some(part) = self.parts().find(|part| part.starts_with("seq")) else { return before };
        let width = part.strip_prefix("seq:").and_then(|width| width.parse().ok()).unwrap_or(1).min(WIDTH_MAX);
        format!("{before}{counter:0width$}{after}")
    }

    /// The counter in a number of that day; nothing when the number was written by another pattern.
    pub fn read(self, number: &str, on: Date, code: &str) -> Option<i64> {
        let (before, after) = self.around(on, code);
        let counter = number.strip_prefix(before.as_str())?.strip_suffix(after.as_str())?;
        counter.bytes().all(|sign| sign.is_ascii_digit()).then(|| counter.parse().ok())?
    }

    /// Whether another pattern could write one of its numbers, on whatever day, in the company of
    /// that code.
    pub fn meets(self, other: NumberPattern, code: &str) -> bool {
        let (ours, theirs) = (self.signs(code), other.signs(code));
        // Whether what is left of both from here may be the same text, from the last signs to the first.
        let mut below = vec![false; theirs.len() + 1];
        for own in (0..=ours.len()).rev() {
            let mut row = vec![false; theirs.len() + 1];
            for its in (0..=theirs.len()).rev() {
                row[its] = match (ours.get(own), theirs.get(its)) {
                    (None, None) => true,
                    (Some(Sign::Digits), Some(sign)) if sign.is_digit() => below[its] || row[its + 1],
                    (Some(Sign::Digits), _) => below[its],
                    (Some(sign), Some(Sign::Digits)) if sign.is_digit() => row[its + 1] || below[its],
                    (_, Some(Sign::Digits)) => row[its + 1],
                    (Some(sign), Some(other)) => sign.may_be(*other) && below[its + 1],
                    _ => false,
                };
            }
            below = row;
        }
        below[0]
    }

    /// What its numbers consist of, sign by sign.
    fn signs(self, code: &str) -> Vec<Sign> {
        let literal = |text: &str| text.chars().map(Sign::This).collect::<Vec<_>>();
        let part = |part: &str| match part {
            "year" => vec![Sign::Digit; 4],
            "year2" | "month" | "day" => vec![Sign::Digit; 2],
            "company" => literal(code),
            counter => {
                let width = counter.strip_prefix("seq:").and_then(|width| width.parse().ok()).unwrap_or(1);
                let mut signs = vec![Sign::Digit; std::cmp::min(width, WIDTH_MAX)];
                signs.push(Sign::Digits);
                signs
            }
        };
        let mut pieces = self.0.split('{');
        let mut signs = literal(pieces.next().unwrap_or(""));
        for piece in pieces {
            let (inner, after) = piece.split_once('}').unwrap_or((piece, ""));
            signs.extend(part(inner));
            signs.extend(literal(after));
        }
        signs
    }
}

/// One sign of a number, or, at the end of a counter, as many digits as there are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Sign {
    This(char),
    Digit,
    Digits,
}

impl Sign {
    fn is_digit(self) -> bool {
        match self {
            Sign::This(sign) => sign.is_ascii_digit(),
            Sign::Digit | Sign::Digits => true,
        }
    }

    fn may_be(self, other: Sign) -> bool {
        match (self, other) {
            (Sign::This(one), Sign::This(two)) => one == two,
            (one, two) => one.is_digit() && two.is_digit(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn on() -> Date {
        Date::new(2026, 3, 9).unwrap()
    }

    fn check(pattern: &str, counter: i64, number: &str, period: i64) {
        let pattern = NumberPattern(pattern);
        assert_eq!(pattern.write(on(), "HZ", counter), number);
        assert_eq!(pattern.period(on()), period);
        assert_eq!(pattern.read(number, on(), "HZ"), Some(counter));
    }

    #[test]
    fn a_number_is_written_by_its_pattern_read_again_and_counted_by_the_smallest_period() {
        check("SO-{year}-{seq:05}", 7, "SO-2026-00007", 2026);
        check("{year2}/{seq}", 123_456, "26/123456", 2026);
        check("{company}{year}{month}{seq:04}", 12, "HZ2026030012", 202_603);
        check("{seq:02}号{day}日{month}月{year}", 100, "100号09日03月2026", 20_260_309);
        check("IV{seq}", 5, "IV5", 0);
    }

    #[test]
    fn a_number_of_another_day_or_pattern_is_not_read() {
        let read = |number| NumberPattern("IV{year2}{month}{seq:03}").read(number, on(), "");
        assert_eq!(read("IV2603007"), Some(7));
        assert_eq!(read("IV2602007"), None);
        assert_eq!(read("IV2603"), None);
        assert_eq!(read("IV2603x"), None);
        assert_eq!(NumberPattern("{seq}-{year}").read("2026", on(), ""), None);
    }

    #[test]
    fn two_patterns_that_could_write_the_same_number_are_told() {
        let meet = |one, two| {
            let (one, two) = (NumberPattern(one), NumberPattern(two));
            assert_eq!(one.meets(two, "HZ"), two.meets(one, "HZ"));
            one.meets(two, "HZ")
        };
        assert!(meet("INV-{year}-{seq:05}", "INV-{year}-{seq:05}"));
        assert!(meet("INV-{year}-{seq:05}", "INV-{year}-{seq}"), "INV-2026-12345");
        assert!(meet("{year}{seq}", "{year2}{month}{seq:03}"), "20261 and 2612 are 2026 and more");
        assert!(meet("{company}{seq}", "HZ{seq:02}"));
        assert!(meet("IV{seq}", "IV1{seq:02}"));
        assert!(!meet("INV-{year}-{seq:05}", "CN-{year}-{seq:05}"));
        assert!(!meet("INV-{year}-{seq}", "INV-{year2}-{seq}"));
        assert!(!meet("{seq}", "{seq}C"));
        assert!(!meet("IV{seq}", "IV{company}{seq}"));
    }

    #[test]
    fn a_counter_has_a_width_people_can_read() {
        let counters = ["seq", "seq:1", "seq:18", "seq:0", "seq:19", "seq:x", "year"];
        assert_eq!(counters.map(NumberPattern::is_counter), [true, true, true, false, false, false, false]);
    }
}
