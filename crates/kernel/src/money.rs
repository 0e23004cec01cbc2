//! Money where currencies meet.

use std::fmt;

use crate::currency::Currency;
use crate::number::Amount;

/// An amount that says its currency. Inside a document, which has one, use [`Amount`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Money {
    /// How much, in minor units of the currency.
    pub amount: Amount,
    /// Of what.
    pub currency: Currency,
}

/// Why two sums of money have no sum.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MoneyError {
    /// They are of different currencies; convert one first.
    DifferentCurrency {
        /// Currency of the left side.
        left: Currency,
        /// Currency of the right side.
        right: Currency,
    },
    /// The result is beyond what 64 bits hold.
    TooLarge,
}

impl Money {
    /// This amount of this currency.
    pub const fn new(amount: Amount, currency: Currency) -> Money {
        Money { amount, currency }
    }

    /// The sum of two sums of the same currency; otherwise, or when it does not fit, why not.
    pub fn checked_add(self, other: Money) -> Result<Money, MoneyError> {
        self.combine(other, Amount::checked_add)
    }

    /// The difference of two sums of the same currency; otherwise, or when it does not fit,
    /// why not.
    pub fn checked_sub(self, other: Money) -> Result<Money, MoneyError> {
        self.combine(other, Amount::checked_sub)
    }

    fn combine(self, other: Money, how: fn(Amount, Amount) -> Option<Amount>) -> Result<Money, MoneyError> {
        if self.currency != other.currency {
            return Err(MoneyError::DifferentCurrency { left: self.currency, right: other.currency });
        }
        match how(self.amount, other.amount) {
            Some(amount) => Ok(Money { amount, ..self }),
            None => Err(MoneyError::TooLarge),
        }
    }
}

impl Amount {
    /// The decimal as people read it, with its thousands apart, as in `1,234.50`, without its sign or code.
    pub fn grouped(self, currency: Currency) -> String {
        let text = self.text(currency);
        let (sign, digits) = text.strip_prefix('-').map_or(("", text.as_str()), |digits| ("-", digits));
        let (whole, fraction) = digits.split_once('.').map_or((digits, None), |(whole, rest)| (whole, Some(rest)));
        let mut apart = String::new();
        for (at, digit) in whole.chars().enumerate() {
            if 0 < at && (whole.len() - at).is_multiple_of(3) {
                apart.push(',');
            }
            apart.push(digit);
        }
        match fraction {
            Some(fraction) => format!("{sign}{apart}.{fraction}"),
            None => format!("{sign}{apart}"),
        }
    }
}

impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.amount.text(self.currency), self.currency)
    }
}

impl fmt::Display for MoneyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            MoneyError::DifferentCurrency { left, right } => {
                write!(f, "{left} and {right} are different currencies")
            }
            MoneyError::TooLarge => f.write_str("the result is too large"),
        }
    }
}

impl std::error::Error for MoneyError {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_same_currency_adds_up() {
        let euro = |raw| Money::new(Amount::new(raw), Currency::EUR);
        assert_eq!(euro(100).checked_add(euro(20)), Ok(euro(120)));
        assert_eq!(euro(100).checked_sub(euro(120)), Ok(euro(-20)));
        assert_eq!(
            euro(1).checked_add(Money::new(Amount::new(1), Currency::USD)),
            Err(MoneyError::DifferentCurrency { left: Currency::EUR, right: Currency::USD })
        );
        assert_eq!(euro(i64::MAX).checked_add(euro(1)), Err(MoneyError::TooLarge));
        assert_eq!(euro(2400).to_string(), "24.00 EUR");
    }

    #[test]
    fn thousands_stand_apart_with_the_decimals_of_the_currency() {
        let told = |raw: i64, currency| Amount::new(raw).grouped(currency);
        assert_eq!(told(0, Currency::EUR), "0.00");
        assert_eq!(told(99_999, Currency::EUR), "999.99");
        assert_eq!(told(123_450, Currency::EUR), "1,234.50");
        assert_eq!(told(-123_456_789, Currency::EUR), "-1,234,567.89");
        assert_eq!(told(1_234_567, Currency::JPY), "1,234,567");
        assert_eq!(told(-1_234_567, Currency::of(b"KWD")), "-1,234.567");
        assert_eq!(told(100_000, Currency::JPY), "100,000");
    }
}
