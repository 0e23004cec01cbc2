//! Credit: how far a customer may owe us, and who may go beyond.
//!
//! Exposure is a sum that is kept: invoiced and not paid, delivered and not invoiced, ordered
//! and not delivered, over the whole legal entity, in company currency.

use books::PartyId;
use kernel::{Amount, Currency, Label, Refusal};
use meta::{Hint, Tone};

/// What happens above the limit.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Policy {
    /// Nobody looks.
    Off,
    /// It is said, and stops nobody.
    Warn,
    /// It stops everybody but a manager with a reason.
    #[default]
    Block,
}

impl Policy {
    /// From the code on the company.
    pub fn of(code: &str) -> Policy {
        match code {
            "off" => Policy::Off,
            "block" => Policy::Block,
            _ => Policy::Warn,
        }
    }
}

/// What is known of a customer's credit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Credit {
    /// What happens above the limit.
    pub policy: Policy,
    /// Whose credit it is: the legal entity.
    pub legal: PartyId,
    /// The limit; none for no limit.
    pub limit: Option<Amount>,
    /// What the legal entity owes or will owe us already.
    pub exposure: Amount,
    /// Company currency.
    pub currency: Currency,
    /// Whether this user may go beyond the limit.
    pub may_override: bool,
    /// Whether this user is shown the limit, and so the figures that tell it.
    pub may_know: bool,
}

/// Why credit is not given.
#[derive(meta::Refusal)]
pub enum NotCredited {
    /// {customer} would owe {exposure}, which is {over} above the credit limit of {limit}. Ask for a payment, or let a manager go on with a reason.
    ///
    /// {customer} 的应收总额将达到 {exposure}，超出信用额度 {limit} 共 {over}。请先收款，或由经理填写理由后放行。
    #[refusal(kind = "TooMuch", field = "override_reason")]
    OverLimit {
        /// Who.
        customer: (&'static str, i64),
        /// What they would owe.
        exposure: (Amount, Currency),
        /// The limit.
        limit: (Amount, Currency),
        /// By how much it is too much.
        over: (Amount, Currency),
    },
    /// {customer} would owe more than the credit limit allows. Ask for a payment, or let a manager go on with a reason.
    ///
    /// {customer} 的应收总额将超出信用额度。请先收款，或由经理填写理由后放行。
    #[refusal(kind = "TooMuch", field = "override_reason")]
    OverLimitUntold {
        /// Who.
        customer: (&'static str, i64),
    },
    /// Only a manager may go beyond the credit limit of {customer}. Ask one to do this step.
    ///
    /// 只有经理可以超出 {customer} 的信用额度放行，请联系经理处理。
    #[refusal(kind = "NotAllowed", field = "override_reason")]
    NotAManager {
        /// Who.
        customer: (&'static str, i64),
    },
}

impl Credit {
    /// By how much the limit would be exceeded, if it would.
    fn over(&self, added: Amount) -> Option<Amount> {
        let over = self.exposure.checked_add(added)? - self.limit?;
        (self.policy != Policy::Off && Amount::ZERO < over).then_some(over)
    }

    /// Refuses what goes beyond the limit. Gives the reason that is to be kept when a manager let it pass.
    pub fn check<'a>(&self, added: Amount, reason: Option<&'a str>) -> Result<Option<&'a str>, Refusal> {
        let reason = reason.map(str::trim).filter(|reason| !reason.is_empty());
        let (Some(over), Policy::Block) = (self.over(added), self.policy) else {
            return Ok(None);
        };
        match (reason, self.may_override) {
            (Some(reason), true) => Ok(Some(reason)),
            (Some(_), false) => Err(NotCredited::NotAManager { customer: ("party", self.legal.raw()) }.into()),
            (None, _) => Err(self.over_limit(added, over)),
        }
    }

    fn over_limit(&self, added: Amount, over: Amount) -> Refusal {
        if !self.may_know {
            return NotCredited::OverLimitUntold { customer: ("party", self.legal.raw()) }.into();
        }
        let limit = self.limit.unwrap_or(Amount::ZERO);
        NotCredited::OverLimit {
            customer: ("party", self.legal.raw()),
            exposure: (self.exposure + added, self.currency),
            limit: (limit, self.currency),
            over: (over, self.currency),
        }
        .into()
    }

    /// What is worth knowing while typing.
    pub fn hint(&self, added: Amount) -> Option<Hint> {
        let over = self.over(added)?;
        let told = match self.may_know {
            true => {
                Label::new("{customer} would be {over} above the credit limit.", "{customer} 将超出信用额度 {over}。")
            }
            false => Label::new("{customer} would be above the credit limit.", "{customer} 将超出信用额度。"),
        };
        let about =
            Refusal::new("above_credit_limit", told).with("customer", ("party", self.legal.raw())).field("customer");
        let about = if self.may_know { about.with("over", (over, self.currency)) } else { about };
        Some(Hint { tone: Tone::Warn, about })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use kernel::Id;

    fn check(policy: Policy, may_override: bool, added: i64, reason: Option<&str>, expected: &str) {
        let credit = Credit {
            policy,
            legal: Id::new(3),
            limit: Some(Amount::new(100_000)),
            exposure: Amount::new(80_000),
            currency: Currency::EUR,
            may_override,
            may_know: true,
        };
        let text = match credit.check(Amount::new(added), reason) {
            Ok(None) => "fine".to_owned(),
            Ok(Some(reason)) => format!("because {reason}"),
            Err(refusal) => refusal.to_string(),
        };
        assert_eq!(text, expected);
    }

    #[test]
    fn up_to_the_limit_is_fine() {
        check(Policy::Block, false, 20_000, None, "fine");
    }

    #[test]
    fn a_cent_above_is_refused() {
        check(
            Policy::Block,
            true,
            20_001,
            None,
            "#3 would owe 1,000.01 EUR, which is 0.01 EUR above the credit limit of \
             1,000.00 EUR. Ask for a payment, or let a manager go on with a reason.",
        );
    }

    #[test]
    fn a_manager_goes_on_with_a_reason_and_nobody_else() {
        check(Policy::Block, true, 20_001, Some("paid today"), "because paid today");
        check(
            Policy::Block,
            false,
            20_001,
            Some("paid today"),
            "Only a manager may go beyond the credit limit of #3. Ask one to do this step.",
        );
        check(Policy::Block, true, 20_000, Some("paid today"), "fine");
    }

    #[test]
    fn companies_that_only_warn_stop_nobody() {
        check(Policy::Warn, false, 20_001, None, "fine");
        check(Policy::Off, false, 20_001, None, "fine");
    }

    #[test]
    fn no_limit_is_no_limit() {
        let credit = Credit {
            policy: Policy::Block,
            legal: Id::new(3),
            limit: None,
            exposure: Amount::new(i64::MAX / 2),
            currency: Currency::EUR,
            may_override: false,
            may_know: true,
        };
        assert_eq!(credit.check(Amount::new(1), None), Ok(None));
        assert!(credit.hint(Amount::new(1)).is_none());
    }
}
