//! How what a thing cost is spread over its life. Pure: terms and a day give what is due.
//!
//! ```text
//! due(through) = what is to be charged from the start of the terms to the end of a day
//! a charge     = due(through) − what was charged already
//! ```
//!
//! Every charge is a difference of two sums, so the charges of a life sum to exactly
//! net − residual whatever was rounded on the way. Methods of whole years (declining, sum of
//! years) round each year half up to the minor unit, and the last year takes the rest; within a
//! year the sum grows evenly by month or by day, rounded half up.
#![allow(missing_docs, reason = "a choice without a comment is explained by its label")]

#[cfg(test)]
mod tests;

use kernel::{Amount, Date, Rate};
use meta::Choice;

/// A millionth is the last digit of a rate.
const ONE: i128 = 1_000_000;
/// The longest life there is, in months.
pub const LIFE_MAX: i64 = 1_200;

/// How the cost is spread.
#[derive(Choice, Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// The same every month.
    #[choice(zh = "年限平均法（直线法）")]
    StraightLine,
    /// A rate of what is left, each year.
    #[choice(zh = "余额递减法")]
    Declining,
    /// Twice the straight rate of what is left, each year.
    #[choice(zh = "双倍余额递减法")]
    DoubleDeclining,
    /// The rate that leads from the cost to the residual value.
    #[choice(zh = "折余价值法", label = "Written-down value")]
    WrittenDown,
    /// More in the first years: weighted by the years that remain.
    #[choice(zh = "年数总和法", label = "Sum of years' digits")]
    SumOfYears,
    /// By what it made, or the shifts it ran.
    #[choice(zh = "工作量法", label = "Units of production")]
    Units,
    /// What is typed in the run.
    #[choice(zh = "手工")]
    Manual,
}

/// From when to when it is charged.
#[derive(Choice, Clone, Copy, Debug, PartialEq, Eq)]
pub enum Convention {
    /// From the month after it is put to use to the month it is disposed of, as in China.
    #[choice(zh = "次月起计提", label = "From the next month")]
    NextMonth,
    /// From the month it is put to use to the month before it is disposed of.
    #[choice(zh = "当月起计提", label = "By month")]
    ByMonth,
    /// By days.
    #[choice(zh = "按天")]
    ByDay,
    /// The first year as a whole, whenever in it it was put to use.
    #[choice(zh = "首年按全年", label = "Full first year")]
    FullYear,
    /// Half a year in the first year.
    #[choice(zh = "首年按半年", label = "Half first year")]
    HalfYear,
}

/// When a declining method goes over to equal parts.
#[derive(Choice, Clone, Copy, Debug, PartialEq, Eq)]
pub enum Switch {
    /// Never: the last year takes the rest.
    #[choice(zh = "不转换")]
    Never,
    /// As soon as equal parts are more.
    #[choice(zh = "直线法较高时转换", label = "When equal parts are more")]
    WhenHigher,
    /// In the last two years, as Chinese standards say.
    #[choice(zh = "最后两年平均摊销", label = "In the last two years")]
    LastTwoYears,
}

/// All that a plan depends on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Terms {
    pub method: Method,
    pub convention: Convention,
    pub switch: Switch,
    /// When it was put to use, or the day from which what remains is spread anew.
    pub start: Date,
    /// Life from there on, in months.
    pub life_months: i64,
    /// Of declining methods, for a year; zero to derive it.
    pub rate: Rate,
    /// What it is worth at the start: cost less what was depreciated before.
    pub net: Amount,
    /// What it will be worth at the end.
    pub residual: Amount,
}

/// A time since the start, as a fraction of months.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Age {
    months: i128,
    of: i128,
}

fn month(day: Date) -> i64 {
    i64::from(day.year()) * 12 + i64::from(day.month()) - 1
}

/// A part of a whole, rounded half up; neither is negative.
fn part(whole: i64, number: i128, of: i128) -> i64 {
    if of <= 0 {
        return whole;
    }
    let exact = i128::from(whole) * number;
    i64::try_from((2 * exact + of) / (2 * of)).unwrap_or(whole)
}

/// The day terms start when what remains is spread anew from a day on: the first month charged
/// is that of the day.
pub fn start_anew(convention: Convention, from: Date) -> Date {
    match convention {
        Convention::NextMonth => from.start_of_month().add_days(-1),
        _ => from,
    }
}

impl Terms {
    /// What is spread.
    pub fn depreciable(&self) -> Amount {
        Amount::new((self.net.raw() - self.residual.raw()).max(0))
    }

    /// Whether time alone says what is due.
    pub fn is_planned(&self) -> bool {
        !matches!(self.method, Method::Units | Method::Manual) && 0 < self.life_months
    }

    /// What is to be charged from the start to the end of a day. Months count as a whole but for
    /// the convention by day.
    pub fn due(&self, through: Date) -> Amount {
        if !self.is_planned() {
            return Amount::ZERO;
        }
        let whole = self.depreciable();
        let age = self.age(through);
        let life = i128::from(self.life_months) * age.of;
        if life <= age.months {
            return whole;
        }
        if age.months <= 0 {
            return Amount::ZERO;
        }
        let due = match self.method {
            Method::StraightLine if self.convention == Convention::ByDay => {
                let days = through.add_days(1).days_since(self.start);
                part(whole.raw(), i128::from(days), i128::from(self.end().days_since(self.start)))
            }
            Method::StraightLine => part(whole.raw(), age.months, life),
            _ => self.within_years(age),
        };
        Amount::new(due.clamp(0, whole.raw()))
    }

    /// What is due in the month of a day.
    pub fn of_month(&self, day: Date) -> Amount {
        self.due(day.end_of_month()) - self.due(day.start_of_month().add_days(-1))
    }

    /// The first day after its life, by days.
    fn end(&self) -> Date {
        self.start.add_months(i32::try_from(self.life_months).unwrap_or(0))
    }

    /// The last month in which something is due.
    pub fn ends_on(&self) -> Date {
        let months = match self.convention {
            Convention::NextMonth => self.life_months,
            Convention::ByMonth => self.life_months - 1,
            Convention::ByDay => return self.end().add_days(-1).end_of_month(),
            Convention::FullYear => self.months_by_years(12) - 1,
            Convention::HalfYear => self.months_by_years(6) - 1,
        };
        let last = self.start.start_of_month().add_months(i32::try_from(months.max(0)).unwrap_or(0));
        last.end_of_month()
    }

    /// Calendar months until its life is over, when the first calendar year counts as so many.
    fn months_by_years(&self, first: i64) -> i64 {
        let in_first = i64::from(13 - self.start.month());
        match self.life_months <= first {
            true => (self.life_months * in_first + first - 1) / first,
            false => in_first + self.life_months - first,
        }
    }

    /// Whole months of its life that are over at the end of a day.
    pub fn months_over(&self, through: Date) -> i64 {
        let age = self.age(through);
        i64::try_from(age.months.max(0) / age.of).unwrap_or(0).min(self.life_months)
    }

    fn age(&self, through: Date) -> Age {
        let passed = month(through) - month(self.start);
        let by_months = |months: i64| Age { months: i128::from(months.max(0)), of: 1 };
        match self.convention {
            Convention::NextMonth => by_months(passed),
            Convention::ByMonth => by_months(passed + 1),
            Convention::ByDay => self.age_by_days(through),
            Convention::FullYear => self.age_by_years(through, 12),
            Convention::HalfYear => self.age_by_years(through, 6),
        }
    }

    fn age_by_days(&self, through: Date) -> Age {
        let after = through.add_days(1);
        if after <= self.start {
            return Age { months: 0, of: 1 };
        }
        if self.end() <= after {
            return Age { months: i128::from(self.life_months), of: 1 };
        }
        let mut years = (after.year() - self.start.year()).max(0);
        if after < self.start.add_months(12 * years) {
            years -= 1;
        }
        let (from, to) = (self.start.add_months(12 * years), self.start.add_months(12 * (years + 1)).min(self.end()));
        // The last year of a life may be shorter than twelve months.
        let months = (self.life_months - 12 * i64::from(years)).min(12);
        let (days, of) = (i128::from(after.days_since(from)), i128::from(to.days_since(from)).max(1));
        Age { months: i128::from(years) * 12 * of + i128::from(months) * days, of }
    }

    /// The first calendar year counts as so many months, spread over those in which it is in use.
    fn age_by_years(&self, through: Date, first: i64) -> Age {
        let in_first = i64::from(13 - self.start.month());
        let passed = month(through) - month(self.start) + 1;
        if passed <= 0 {
            return Age { months: 0, of: 1 };
        }
        if passed <= in_first {
            return Age { months: i128::from(first * passed), of: i128::from(in_first) };
        }
        Age { months: i128::from(first + passed - in_first), of: 1 }
    }

    fn within_years(&self, age: Age) -> i64 {
        let years = self.years();
        let year = usize::try_from(age.months / (12 * age.of)).unwrap_or(0);
        let before: i64 = years.iter().take(year).sum();
        let Some(this) = years.get(year) else { return before };
        let months = i128::from((self.life_months - 12 * year as i64).min(12));
        before + part(*this, age.months - 12 * year as i128 * age.of, months * age.of)
    }

    /// What is due in each year of its life, the last perhaps shorter than twelve months.
    pub fn years(&self) -> Vec<i64> {
        let whole = self.depreciable().raw();
        let count = usize::try_from((self.life_months + 11) / 12).unwrap_or(0);
        let mut years = Vec::with_capacity(count);
        let mut left = whole;
        for year in 0..count {
            let before = 12 * year as i64;
            let due = match self.method {
                _ if year + 1 == count => left,
                Method::SumOfYears => {
                    let weight = |from: usize| i128::from(self.life_months - 12 * from as i64);
                    let months = |at: usize| i128::from((self.life_months - 12 * at as i64).min(12));
                    let sum = |to: usize| (0..to).map(|at| weight(at) * months(at)).sum::<i128>();
                    part(whole, sum(year + 1), sum(count)) - part(whole, sum(year), sum(count))
                }
                Method::Declining | Method::DoubleDeclining | Method::WrittenDown => self.declining(left, before),
                _ => {
                    part(whole, i128::from(before + 12), i128::from(self.life_months))
                        - part(whole, i128::from(before), i128::from(self.life_months))
                }
            };
            let due = due.clamp(0, left);
            left -= due;
            years.push(due);
        }
        years
    }

    /// A year of a declining method: a rate of the net value, or equal parts of what is left.
    fn declining(&self, left: i64, months_before: i64) -> i64 {
        let net = left + self.residual.raw();
        let remaining = self.life_months - months_before;
        let of_rate = match self.method {
            // Twice the straight rate: 2 × 12 ÷ life, not rounded.
            Method::DoubleDeclining if self.rate.is_zero() => part(net, 24, i128::from(self.life_months)),
            _ => part(net, i128::from(self.yearly_rate().raw()), ONE),
        };
        let equal = part(left, 12, i128::from(remaining.max(12)));
        match self.switch {
            Switch::Never => of_rate,
            Switch::WhenHigher => of_rate.max(equal),
            Switch::LastTwoYears if remaining <= 24 => equal,
            Switch::LastTwoYears => of_rate,
        }
    }

    /// The rate of a year. Derived for the written-down value, as 1 − (residual ÷ net)^(1 ÷ years),
    /// in hundredths of a percent, the nearest that does not write down below the residual value
    /// rounded up to the next.
    pub fn yearly_rate(&self) -> Rate {
        const STEPS: u128 = 10_000;
        const SCALE: u128 = 1_000_000_000_000_000_000;
        if !self.rate.is_zero() || self.method != Method::WrittenDown {
            return self.rate;
        }
        let (net, residual) = (self.net.raw().max(1).unsigned_abs(), self.residual.raw().max(0).unsigned_abs());
        let years = (self.life_months + 11) / 12;
        let kept = |keep: u128| (0..years).fold(SCALE, |left, _| left * keep / STEPS);
        let is_low = |keep: u128| kept(keep) * u128::from(net) <= u128::from(residual) * SCALE;
        let (mut low, mut high) = (0, STEPS);
        while low < high {
            let middle = (low + high).div_ceil(2);
            if is_low(middle) {
                low = middle;
            } else {
                high = middle - 1;
            }
        }
        Rate::new(i64::try_from((STEPS - low) * 100).unwrap_or(0))
    }
}

/// What is due of units: in proportion to all units it will make, never more than all.
pub fn of_units(whole: Amount, used: i64, total: i64) -> Amount {
    if total <= used {
        return whole;
    }
    Amount::new(part(whole.raw(), i128::from(used.max(0)), i128::from(total)))
}
