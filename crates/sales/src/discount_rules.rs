//! A discount on a whole document: how much it is, and what each line bears of it. Pure.
//!
//! ```text
//! lines at their prices × rate + amount  → the discount
//! spread by amount, to the cent          → what each line bears, before tax
//! order → delivery, invoice → credit note  a line bears its part of what was agreed there;
//!                                          the last takes the rest, so the parts sum to it
//! ```

use finance::tax_rules::{TooLarge, spread_discount};
use kernel::{Amount, Currency, Qty, Rate, Refusal, SCALE};

/// What is taken off a whole document.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Discount {
    /// A part of what the lines come to at their prices.
    pub rate: Rate,
    /// An amount, beside the part.
    pub amount: Amount,
}

/// Why nothing like this is taken off.
#[derive(meta::Refusal)]
pub enum NotTakenOff {
    /// A discount lies between 0 and 100 %. Correct it.
    ///
    /// 折扣须在 0 到 100% 之间，请更正。
    #[refusal(kind = "Invalid", field = "discount_rate")]
    StrangeRate,
    /// A discount is not below zero. Correct it, or add a line for what costs more.
    ///
    /// 折扣金额不能为负，请更正；如需加价请另加一行。
    #[refusal(kind = "Invalid", field = "discount_amount")]
    BelowZero,
    /// The lines come to {most}, so {discount} cannot be taken off. Reduce the discount.
    ///
    /// 明细合计仅 {most}，无法减去 {discount}，请减少折扣。
    #[refusal(kind = "TooMuch", field = "discount_amount")]
    MoreThanLines {
        /// What the lines come to.
        most: (Amount, Currency),
        /// What was to be taken off.
        discount: (Amount, Currency),
    },
    /// These lines bear the discount that was agreed on their order or invoice. Change it there, or use the discounts of the lines.
    ///
    /// 这些明细已按原订单或原发票分摊整单折扣，请在原单修改，或使用行折扣。
    #[refusal(kind = "Invalid", field = "discount_amount")]
    NobodyBears,
}

/// A line that is to bear a part.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bearer {
    /// What it comes to at its price.
    pub amount: Amount,
    /// What it bears of a discount agreed elsewhere; then it bears nothing of this one.
    pub agreed: Option<Amount>,
}

impl Discount {
    /// What each line bears.
    pub fn borne(&self, lines: &[Bearer], currency: Currency) -> Result<Vec<Amount>, Refusal> {
        if self.rate.is_negative() || Rate::ONE < self.rate {
            return Err(NotTakenOff::StrangeRate.into());
        }
        if self.amount.is_negative() {
            return Err(NotTakenOff::BelowZero.into());
        }
        let own: Vec<Amount> =
            lines.iter().map(|line| if line.agreed.is_some() { Amount::ZERO } else { line.amount }).collect();
        let agreed = || lines.iter().map(|line| line.agreed.unwrap_or_default()).collect();
        if *self == Discount::default() {
            return Ok(agreed());
        }
        if lines.iter().all(|line| line.agreed.is_some()) {
            return Err(NotTakenOff::NobodyBears.into());
        }
        let most = own.iter().try_fold(Amount::ZERO, |sum, one| sum.checked_add(*one)).ok_or(TooLarge)?;
        let part = most.scale(self.rate.raw(), SCALE).ok_or(TooLarge)?;
        let discount = part.checked_add(self.amount).ok_or(TooLarge)?;
        if most < discount {
            let (most, discount) = ((most, currency), (discount, currency));
            return Err(NotTakenOff::MoreThanLines { most, discount }.into());
        }
        if discount.is_zero() {
            return Ok(agreed());
        }
        let borne = spread_discount(&own, discount).ok_or(TooLarge)?;
        Ok(lines.iter().zip(borne).map(|(line, own)| line.agreed.unwrap_or(own)).collect())
    }
}

/// What is left of a line to be delivered, invoiced or given back, and of the discount it bears.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Left {
    /// How much.
    pub qty: Qty,
    /// The discount on that.
    pub discount: Amount,
    /// The discount on what is beyond it.
    pub beyond: Beyond,
}

/// The discount on goods beyond what was agreed: what so much of them bears.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Beyond {
    /// So much.
    pub qty: Qty,
    /// Bears this.
    pub discount: Amount,
}

impl Beyond {
    fn of(self, qty: Qty) -> Amount {
        match Qty::ZERO < qty && Qty::ZERO < self.qty {
            true => self.discount.scale(qty.raw(), self.qty.raw()).unwrap_or(Amount::ZERO),
            false => Amount::ZERO,
        }
    }
}

impl Left {
    /// The discount on the next part; all that is left on the last one, and then on what is beyond it.
    pub fn take(&mut self, qty: Qty) -> Amount {
        let beyond = self.beyond.of(qty - self.qty);
        let part = match self.qty <= qty {
            true => self.discount,
            // Less than the whole, so it fits.
            false => self.discount.scale(qty.raw(), self.qty.raw()).unwrap_or(self.discount),
        };
        self.qty = (self.qty - qty).max(Qty::ZERO);
        self.discount -= part;
        part + beyond
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn eur(text: &str) -> Amount {
        Amount::parse(text, Currency::EUR).unwrap()
    }

    /// Amounts of lines, `100=5` for one that bears 5.00 already.
    fn told(lines: &str, rate: &str, amount: &str) -> String {
        let bearer = |text: &str| match text.split_once('=') {
            Some((amount, agreed)) => Bearer { amount: eur(amount), agreed: Some(eur(agreed)) },
            None => Bearer { amount: eur(text), agreed: None },
        };
        let lines: Vec<Bearer> = lines.split_whitespace().map(bearer).collect();
        let discount = Discount { rate: Rate::parse(rate).unwrap(), amount: eur(amount) };
        match discount.borne(&lines, Currency::EUR) {
            Ok(borne) => borne.iter().map(|one| one.text(Currency::EUR)).collect::<Vec<_>>().join(" "),
            Err(refusal) => refusal.to_string(),
        }
    }

    #[test]
    fn a_part_and_an_amount_are_spread_over_the_lines() {
        assert_eq!(told("75 500 200 100 50 50", "0", "75"), "5.77 38.46 15.38 7.69 3.85 3.85");
        assert_eq!(told("100 50", "0.1", "0"), "10.00 5.00");
        assert_eq!(told("100 50", "0.1", "15"), "20.00 10.00");
        assert_eq!(told("100 50", "0", "0"), "0.00 0.00");
        assert_eq!(told("100 -20", "0.1", "0"), "10.00 -2.00");
        assert_eq!(told("0 0", "0.5", "0"), "0.00 0.00");
    }

    #[test]
    fn lines_of_an_order_bear_what_was_agreed_there() {
        assert_eq!(told("100=7 50", "0.1", "0"), "7.00 5.00");
        assert_eq!(told("100=7", "0", "0"), "7.00");
        assert!(told("100=7", "0.1", "0").starts_with("These lines bear the discount that was agreed"));
    }

    #[test]
    fn what_cannot_be_taken_off_is_refused() {
        assert_eq!(told("100", "1.01", "0"), "A discount lies between 0 and 100 %. Correct it.");
        assert!(told("100", "0", "-1").starts_with("A discount is not below zero."));
        let expected = "The lines come to 100.00 EUR, so 110.00 EUR cannot be taken off. Reduce the discount.";
        assert_eq!(told("100", "0.1", "100"), expected);
        assert_eq!(told("100", "1", "0"), "100.00");
        assert_eq!(
            told("0", "0", "1"),
            "The lines come to 0.00 EUR, so 1.00 EUR cannot be taken off. Reduce the discount."
        );
    }

    #[test]
    fn what_is_beyond_the_order_bears_what_was_agreed_as_a_part() {
        let taken = |discount, part| {
            let beyond = Beyond { qty: Qty::whole(10), discount: eur(part) };
            let mut left = Left { qty: Qty::whole(10), discount: eur(discount), beyond };
            [8, 4, 1].map(|qty| left.take(Qty::whole(qty)).text(Currency::EUR)).join(" ")
        };
        assert_eq!(taken("10", "10"), "8.00 4.00 1.00");
        assert_eq!(taken("10", "0"), "8.00 2.00 0.00");
    }

    proptest! {
        #[test]
        fn parts_of_a_line_bear_together_what_the_line_bears(
            discount in -1_000_000i64..1_000_000,
            parts in prop::collection::vec(1i64..100_000_000, 1..10),
        ) {
            let qty = parts.iter().map(|part| Qty::new(*part)).sum();
            let mut left = Left { qty, discount: Amount::new(discount), beyond: Beyond::default() };
            let taken: Amount = parts.iter().map(|part| left.take(Qty::new(*part))).sum();
            prop_assert_eq!(taken, Amount::new(discount));
            prop_assert_eq!((left.qty, left.discount), (Qty::ZERO, Amount::ZERO));
        }
    }
}
