//! What a line is about in the end: what its document says, what rules add, and whether it may be so.

use std::cmp::Reverse;

use books::{DimensionShare, Dimensions};
use kernel::{Date, Id, Rate, Refusal};

use super::rule::Need;

/// A rule as it is applied.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rule {
    /// The axis.
    pub dimension: i64,
    /// How the codes of its accounts begin.
    pub accounts: String,
    /// Only for this product.
    pub product: Option<i64>,
    /// Only for this party.
    pub party: Option<i64>,
    /// Whether something has to be said.
    pub need: Need,
    /// What is meant where nobody says.
    pub value: Option<i64>,
}

/// A value, as far as deciding needs it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Value {
    /// In use.
    pub active: bool,
    /// The first and the last day it may be posted to.
    pub valid: (Option<Date>, Option<Date>),
}

/// What rules look at.
#[derive(Clone, Copy, Debug)]
pub struct Line<'a> {
    /// The raw id of its account, for refusals.
    pub account: i64,
    /// The code of its account.
    pub code: &'a str,
    /// What it concerns.
    pub product: Option<i64>,
    /// Whom it concerns.
    pub party: Option<i64>,
}

/// Why a line is not about what its document says.
#[derive(meta::Refusal)]
pub enum About {
    /// {account} needs a value of {dimension}. Choose one.
    /// {account} 须填写{dimension}，请选择。
    #[refusal(kind = "Invalid", field = "lines.dimensions")]
    Needed {
        /// The account.
        account: (&'static str, i64),
        /// The axis.
        dimension: (&'static str, i64),
    },
    /// {account} takes no value of {dimension}. Remove it.
    /// {account} 不允许填写{dimension}，请去掉。
    #[refusal(kind = "Invalid", field = "lines.dimensions")]
    Forbidden {
        /// The account.
        account: (&'static str, i64),
        /// The axis.
        dimension: (&'static str, i64),
    },
    /// {value} is out of use on {on}. Choose another value, or change its days.
    /// {value} 在 {on} 不可用，请选择其他值或调整其有效期。
    #[refusal(kind = "Invalid", field = "lines.dimensions")]
    OutOfUse {
        /// The value.
        value: (&'static str, i64),
        /// The day.
        on: Date,
    },
}

impl Rule {
    fn fits(&self, line: &Line) -> bool {
        line.code.starts_with(&self.accounts)
            && self.product.is_none_or(|product| line.product == Some(product))
            && self.party.is_none_or(|party| line.party == Some(party))
    }

    /// The more a rule says of a line, the earlier it is asked.
    fn weight(&self) -> Reverse<(bool, bool, usize)> {
        Reverse((self.product.is_some(), self.party.is_some(), self.accounts.len()))
    }
}

/// What a line posted on a day is about: what is `said`, what rules add where nothing is said, in the order of ids.
pub fn about(
    said: &Dimensions,
    line: &Line,
    on: Date,
    rules: &[Rule],
    value: &dyn Fn(i64) -> Option<Value>,
) -> Result<Dimensions, Refusal> {
    let mut shares = said.shares.clone();
    let mut fitting: Vec<&Rule> = rules.iter().filter(|rule| rule.fits(line)).collect();
    fitting.sort_by_key(|rule| (rule.dimension, rule.weight()));
    for of_axis in fitting.chunk_by(|one, next| one.dimension == next.dimension) {
        let axis = of_axis[0].dimension;
        let is_said = shares.iter().any(|share| share.dimension.raw() == axis);
        let (account, dimension) = (("account", line.account), ("dimension", axis));
        match of_axis[0].need {
            Need::Forbidden if is_said => return Err(About::Forbidden { account, dimension }.into()),
            Need::Forbidden => continue,
            Need::Optional | Need::Required => {}
        }
        let usual = of_axis.iter().take_while(|rule| rule.need != Need::Forbidden).find_map(|rule| rule.value);
        match usual {
            _ if is_said => {}
            Some(usual) => {
                shares.push(DimensionShare { dimension: Id::new(axis), value: Id::new(usual), share: Rate::ONE })
            }
            None if of_axis[0].need == Need::Required => return Err(About::Needed { account, dimension }.into()),
            None => {}
        }
    }
    shares.sort_by_key(|share| (share.dimension.raw(), share.value.raw()));
    for share in &shares {
        let is_usable = value(share.value.raw()).is_some_and(|value| {
            let (from, until) = value.valid;
            value.active && from.is_none_or(|from| from <= on) && until.is_none_or(|until| on <= until)
        });
        if !is_usable {
            return Err(About::OutOfUse { value: ("dimension_value", share.value.raw()), on }.into());
        }
    }
    Ok(Dimensions { set: said.set, shares })
}

#[cfg(test)]
mod tests {
    use super::*;

    const COST_CENTRE: i64 = 1;
    const PROJECT: i64 = 2;

    fn rule(dimension: i64, accounts: &str, need: Need, value: Option<i64>) -> Rule {
        Rule { dimension, accounts: accounts.to_owned(), product: None, party: None, need, value }
    }

    fn day() -> Date {
        Date::new(2026, 3, 31).unwrap()
    }

    /// What a line on an account is about: axis and value of each share, or the code of the refusal.
    fn told(said: &[(i64, i64)], code: &str, rules: &[Rule]) -> Result<Vec<(i64, i64)>, &'static str> {
        let shares = said.iter().map(|(axis, value)| DimensionShare {
            dimension: Id::new(*axis),
            value: Id::new(*value),
            share: Rate::ONE,
        });
        let said = Dimensions { set: Some(Id::new(7)), shares: shares.collect() };
        let line = Line { account: 5, code, product: Some(30), party: Some(40) };
        // Value 99 is out of use, 98 from tomorrow.
        let value =
            |id: i64| Some(Value { active: id != 99, valid: (Some(day().add_days(1)).filter(|_| id == 98), None) });
        match about(&said, &line, day(), rules, &value) {
            Ok(known) => Ok(known.shares.iter().map(|share| (share.dimension.raw(), share.value.raw())).collect()),
            Err(refused) => Err(refused.problems[0].code),
        }
    }

    #[test]
    fn what_an_account_needs_is_said_or_usual_or_missing() {
        let needs = [rule(COST_CENTRE, "66", Need::Required, None)];
        assert_eq!(told(&[(COST_CENTRE, 11)], "6602", &needs), Ok(vec![(COST_CENTRE, 11)]));
        assert_eq!(told(&[], "6602", &needs), Err("needed"));
        assert_eq!(told(&[], "1002", &needs), Ok(vec![]));
        let usual = [rule(COST_CENTRE, "66", Need::Required, Some(12))];
        assert_eq!(told(&[], "6602", &usual), Ok(vec![(COST_CENTRE, 12)]));
        assert_eq!(told(&[(COST_CENTRE, 11)], "6602", &usual), Ok(vec![(COST_CENTRE, 11)]));
    }

    #[test]
    fn the_rule_that_says_most_holds() {
        let rules = [
            rule(COST_CENTRE, "", Need::Optional, Some(10)),
            rule(COST_CENTRE, "6602", Need::Required, Some(11)),
            rule(COST_CENTRE, "10", Need::Forbidden, None),
            Rule { party: Some(40), ..rule(PROJECT, "", Need::Optional, Some(20)) },
            Rule { product: Some(30), ..rule(PROJECT, "66", Need::Optional, Some(21)) },
            Rule { product: Some(31), ..rule(PROJECT, "66", Need::Required, Some(22)) },
        ];
        assert_eq!(told(&[], "6602", &rules), Ok(vec![(COST_CENTRE, 11), (PROJECT, 21)]));
        assert_eq!(
            told(&[], "6401", &rules),
            Ok(vec![(COST_CENTRE, 10), (PROJECT, 21)]
                .into_iter()
                .map(|(axis, value)| if value == 21 { (axis, 20) } else { (axis, value) })
                .collect())
        );
        assert_eq!(told(&[], "1002", &rules), Ok(vec![(PROJECT, 20)]), "forbidden: nothing is added");
        assert_eq!(told(&[(COST_CENTRE, 11)], "1002", &rules), Err("forbidden"));
    }

    #[test]
    fn what_is_out_of_use_on_the_day_is_refused() {
        assert_eq!(told(&[(COST_CENTRE, 99)], "6602", &[]), Err("out_of_use"));
        assert_eq!(told(&[(COST_CENTRE, 98)], "6602", &[]), Err("out_of_use"));
        assert_eq!(told(&[], "6602", &[rule(COST_CENTRE, "", Need::Optional, Some(99))]), Err("out_of_use"));
    }
}
