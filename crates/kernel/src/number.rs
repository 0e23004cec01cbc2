//! Amounts, quantities, prices and rates as integers, and every rounding there is.
//!
//! ```text
//! Amount   minor units of a currency      12.34 EUR = 1234
//! Qty      millionths of a unit           1.5 kg    = 1_500_000
//! Price    millionths of a currency unit, for one unit of quantity
//! Rate     millionths                     20 %      = 200_000
//! ```
//!
//! Products are taken in `i128` and rounded once, at the end. The operators panic on
//! overflow, which is a fault of ours; what a user's numbers can overflow returns `Option`.

use std::fmt;
use std::iter::Sum;
use std::ops::{Add, AddAssign, Neg, Sub, SubAssign};

use crate::currency::Currency;

/// How many steps of [`Qty`], [`Price`] and [`Rate`] make one whole.
pub const SCALE: i64 = 1_000_000;

/// Decimals of [`Qty`], [`Price`] and [`Rate`].
const SCALE_DECIMALS: u32 = 6;

/// Most decimals a number in `i64` can have.
const DECIMALS_MAX: u32 = 18;

macro_rules! number {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(i64);

        impl $name {
            /// Nothing.
            pub const ZERO: $name = $name(0);

            /// The value of this many steps.
            pub const fn new(raw: i64) -> $name {
                $name(raw)
            }

            /// How many steps this is, as stored in the database.
            pub const fn raw(self) -> i64 {
                self.0
            }

            /// Whether this is exactly zero.
            pub const fn is_zero(self) -> bool {
                self.0 == 0
            }

            /// Whether this is below zero.
            pub const fn is_negative(self) -> bool {
                self.0 < 0
            }

            /// The same without its sign. Panics for the smallest value, which has no opposite.
            pub const fn abs(self) -> $name {
                $name(self.0.checked_abs().expect(concat!(stringify!($name), " overflows")))
            }

            /// The sum; `None` when it does not fit.
            pub const fn checked_add(self, other: $name) -> Option<$name> {
                match self.0.checked_add(other.0) {
                    Some(raw) => Some($name(raw)),
                    None => None,
                }
            }

            /// The difference; `None` when it does not fit.
            pub const fn checked_sub(self, other: $name) -> Option<$name> {
                match self.0.checked_sub(other.0) {
                    Some(raw) => Some($name(raw)),
                    None => None,
                }
            }
        }

        impl Add for $name {
            type Output = $name;
            fn add(self, other: $name) -> $name {
                self.checked_add(other).expect(concat!(stringify!($name), " overflows in a sum"))
            }
        }

        impl Sub for $name {
            type Output = $name;
            fn sub(self, other: $name) -> $name {
                self.checked_sub(other)
                    .expect(concat!(stringify!($name), " overflows in a difference"))
            }
        }

        impl Neg for $name {
            type Output = $name;
            fn neg(self) -> $name {
                $name(self.0.checked_neg().expect(concat!(stringify!($name), " overflows")))
            }
        }

        impl AddAssign for $name {
            fn add_assign(&mut self, other: $name) {
                *self = *self + other;
            }
        }

        impl SubAssign for $name {
            fn sub_assign(&mut self, other: $name) {
                *self = *self - other;
            }
        }

        impl Sum for $name {
            fn sum<I: Iterator<Item = $name>>(items: I) -> $name {
                items.fold($name::ZERO, Add::add)
            }
        }

        impl<'a> Sum<&'a $name> for $name {
            fn sum<I: Iterator<Item = &'a $name>>(items: I) -> $name {
                items.copied().sum()
            }
        }
    };
}

macro_rules! scaled {
    ($name:ident) => {
        impl $name {
            /// Exactly one.
            pub const ONE: $name = $name(SCALE);

            /// This many wholes. Panics when it does not fit.
            pub const fn whole(wholes: i64) -> $name {
                $name(wholes.checked_mul(SCALE).expect(concat!(stringify!($name), " overflows")))
            }

            /// Reads a decimal such as `1.5` with at most six decimals; see [`parse_decimal`].
            pub fn parse(text: &str) -> Result<$name, NumberError> {
                parse_decimal(text, SCALE_DECIMALS).map($name)
            }

            /// The decimal without trailing zeros, as in `1.5`.
            pub fn text(self) -> String {
                format_decimal(self.0, SCALE_DECIMALS, true)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(&self.text())
            }
        }
    };
}

number! {
    /// Money inside one document, in minor units of the document's currency: cents, fen, yen.
    Amount
}
number! {
    /// How much of something, in millionths of its unit of measure.
    Qty
}
number! {
    /// What one unit costs, in millionths of the currency's unit, so finer than a cent.
    Price
}
number! {
    /// A factor in millionths: a tax rate (20 % is 200 000), a discount, an exchange rate.
    Rate
}
scaled!(Qty);
scaled!(Price);
scaled!(Rate);

/// What happens to the part that does not fit.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Rounding {
    /// To the nearest; exactly half goes away from zero, as on an invoice. The default
    /// everywhere: 0.5 → 1, −0.5 → −1, so a credit note mirrors its invoice.
    #[default]
    HalfUp,
    /// To the nearest; exactly half goes to the even neighbour.
    HalfEven,
    /// Towards zero: the rest is dropped.
    Down,
    /// Away from zero: any rest counts as a whole.
    Up,
}

/// The quotient, rounded. Signs of both numbers are respected.
///
/// # Panics
/// When `divisor` is zero.
pub const fn div_round(number: i128, divisor: i128, mode: Rounding) -> i128 {
    assert!(divisor != 0, "division by zero");
    let quotient = number / divisor;
    let rest = (number % divisor).unsigned_abs();
    if rest == 0 {
        return quotient;
    }
    // Compared with what is missing, not doubled: doubling could overflow.
    let missing = divisor.unsigned_abs() - rest;
    let away = match mode {
        Rounding::HalfUp => missing <= rest,
        Rounding::HalfEven => missing < rest || (missing == rest && quotient % 2 != 0),
        Rounding::Down => false,
        Rounding::Up => true,
    };
    let step = if (number < 0) == (divisor < 0) { 1 } else { -1 };
    if away { quotient + step } else { quotient }
}

/// The quotient rounded as the product does everywhere; `None` when it does not fit.
fn quotient(number: i128, divisor: i128) -> Option<i64> {
    i64::try_from(div_round(number, divisor, Rounding::HalfUp)).ok()
}

const fn ten_to(decimals: u32) -> i128 {
    10i128.pow(decimals)
}

impl Amount {
    /// This share of the amount, such as the tax at a rate, rounded half up.
    /// `None` when it does not fit.
    pub fn of_rate(self, rate: Rate) -> Option<Amount> {
        self.scale(rate.0, SCALE)
    }

    /// The amount × `num` / `den`, rounded half up.
    /// `None` when `den` is zero or the result does not fit.
    pub fn scale(self, num: i64, den: i64) -> Option<Amount> {
        if den == 0 {
            return None;
        }
        quotient(i128::from(self.0) * i128::from(num), i128::from(den)).map(Amount)
    }

    /// This amount of `from`, expressed in `to`, rounded half up to the minor unit of `to`.
    ///
    /// `rate` is how many units of `to` one unit of `from` is worth: 100 EUR at 7.8 is 780 CNY.
    /// `None` when the rate is not positive or the result does not fit.
    pub fn convert(self, from: Currency, to: Currency, rate: Rate) -> Option<Amount> {
        if rate.0 <= 0 {
            return None;
        }
        // The powers of ten are settled first: the product of two i64 leaves no room for more.
        let divisor = ten_to(SCALE_DECIMALS + from.decimals() - to.decimals());
        quotient(i128::from(self.0) * i128::from(rate.0), divisor).map(Amount)
    }

    /// This amount of `from`, expressed in `to`, where the rate is quoted the other way round.
    ///
    /// `rate` is how many units of `from` one unit of `to` is worth: 780 CNY at 7.8 is 100 EUR.
    /// It undoes `convert(to, from, rate)` to within the rounding of both. `None` when the
    /// rate is not positive or the result does not fit.
    pub fn convert_inverse(self, from: Currency, to: Currency, rate: Rate) -> Option<Amount> {
        if rate.0 <= 0 {
            return None;
        }
        let number = i128::from(self.0) * ten_to(SCALE_DECIMALS + to.decimals());
        let divisor = i128::from(rate.0) * ten_to(from.decimals());
        quotient(number, divisor).map(Amount)
    }

    /// Reads a decimal with at most the decimals of the currency; see [`parse_decimal`].
    pub fn parse(text: &str, currency: Currency) -> Result<Amount, NumberError> {
        parse_decimal(text, currency.decimals()).map(Amount)
    }

    /// The decimal with all decimals of the currency, as in `24.00`, without its sign or code.
    pub fn text(self, currency: Currency) -> String {
        format_decimal(self.0, currency.decimals(), false)
    }
}

impl Price {
    /// What the quantity costs, rounded half up to the minor unit of the currency.
    /// `None` when it does not fit.
    pub fn times(self, qty: Qty, currency: Currency) -> Option<Amount> {
        let divisor = ten_to(2 * SCALE_DECIMALS - currency.decimals());
        quotient(i128::from(self.0) * i128::from(qty.0), divisor).map(Amount)
    }

    /// The price of one unit when the quantity costs this amount, rounded half up to a
    /// millionth. `None` when the quantity is zero or the price does not fit.
    pub fn per_unit(amount: Amount, qty: Qty, currency: Currency) -> Option<Price> {
        if qty.is_zero() {
            return None;
        }
        let number = i128::from(amount.0) * ten_to(2 * SCALE_DECIMALS);
        let divisor = i128::from(qty.0) * ten_to(currency.decimals());
        quotient(number, divisor).map(Price)
    }
}

/// Shares the whole by weight so that the parts sum to it exactly.
///
/// Every part is within one minor unit of its exact share: what rounding down leaves over
/// goes to the largest remainders, the earlier of equals first. A weight of zero gets
/// nothing, a negative one a part of the opposite sign, and the parts of a negative whole
/// are the opposites of the parts of the positive one.
///
/// # Panics
/// When the weights do not sum to more than zero, or when mixed signs blow a part beyond `i64`.
pub fn split(whole: Amount, weights: &[i64]) -> Vec<Amount> {
    shares(whole.0, weights).into_iter().map(Amount).collect()
}

/// Shares a quantity by weight, to the millionth, under the rules of [`split`].
pub fn split_qty(whole: Qty, weights: &[i64]) -> Vec<Qty> {
    shares(whole.0, weights).into_iter().map(Qty).collect()
}

fn shares(whole: i64, weights: &[i64]) -> Vec<i64> {
    let total: i128 = weights.iter().copied().map(i128::from).sum();
    assert!(0 < total, "somebody must carry the amount");
    let (size, sign) = (i128::from(whole).abs(), i128::from(whole).signum());
    let exact = |place: usize| size * i128::from(weights[place]);

    let mut parts: Vec<i128> = (0..weights.len()).map(|place| exact(place).div_euclid(total)).collect();
    let mut by_remainder: Vec<usize> = (0..weights.len()).collect();
    by_remainder.sort_by_key(|&place| (-exact(place).rem_euclid(total), place));
    // The remainders sum to `left × total` and each is below `total`, so more than `left`
    // places have one, or none is left: a weight of zero is never reached.
    let left = (size - parts.iter().sum::<i128>()) as usize;
    for &place in &by_remainder[..left] {
        parts[place] += 1;
    }
    parts.into_iter().map(|part| i64::try_from(sign * part).expect("a part overflows: weights nearly cancel")).collect()
}

/// Why a text is not a number we can keep.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NumberError {
    /// Something other than a sign, digits and one point.
    NotANumber,
    /// A digit other than zero beyond the decimals allowed.
    TooManyDecimals,
    /// Beyond what 64 bits hold.
    TooLarge,
}

impl fmt::Display for NumberError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            NumberError::NotANumber => "not a number",
            NumberError::TooManyDecimals => "too many decimals",
            NumberError::TooLarge => "too large",
        })
    }
}

impl std::error::Error for NumberError {}

/// Reads a decimal as steps of 10^−`decimals`.
///
/// Accepts an optional sign, ASCII digits and one point (`5.` and `.5` too); no exponent, no
/// thousands separators, no spaces. Zeros beyond the decimals are ignored, other digits are
/// [`NumberError::TooManyDecimals`]: a number is never rounded unseen.
///
/// # Panics
/// When more than 18 decimals are asked for.
pub fn parse_decimal(text: &str, decimals: u32) -> Result<i64, NumberError> {
    assert!(decimals <= DECIMALS_MAX, "64 bits hold 18 decimals");
    let (sign, unsigned) = match text.as_bytes() {
        [b'-', ..] => (-1, &text[1..]),
        [b'+', ..] => (1, &text[1..]),
        _ => (1, text),
    };
    let (whole, fraction) = unsigned.split_once('.').unwrap_or((unsigned, ""));
    let all_digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    let any_digit = !whole.is_empty() || !fraction.is_empty();
    if !any_digit || !all_digits(whole) || !all_digits(fraction) {
        return Err(NumberError::NotANumber);
    }
    let fraction = fraction.trim_end_matches('0');
    if (decimals as usize) < fraction.len() {
        return Err(NumberError::TooManyDecimals);
    }
    let padding = decimals as usize - fraction.len();
    // Counted with its sign, because i64 reaches one further below zero than above.
    whole
        .bytes()
        .chain(fraction.bytes())
        .chain(std::iter::repeat_n(b'0', padding))
        .try_fold(0i64, |number, digit| number.checked_mul(10)?.checked_add(sign * i64::from(digit - b'0')))
        .ok_or(NumberError::TooLarge)
}

/// Writes steps of 10^−`decimals` as a decimal, as in `24.00`; with `trim` as in `24`.
///
/// [`parse_decimal`] with the same decimals reads it back exactly.
///
/// # Panics
/// When more than 18 decimals are asked for.
pub fn format_decimal(raw: i64, decimals: u32, trim: bool) -> String {
    assert!(decimals <= DECIMALS_MAX, "64 bits hold 18 decimals");
    let sign = if raw < 0 { "-" } else { "" };
    let one = 10u64.pow(decimals);
    let (whole, fraction) = (raw.unsigned_abs() / one, raw.unsigned_abs() % one);
    if decimals == 0 || (trim && fraction == 0) {
        return format!("{sign}{whole}");
    }
    let text = format!("{sign}{whole}.{fraction:0width$}", width = decimals as usize);
    match trim {
        true => text.trim_end_matches('0').to_owned(),
        false => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const KWD: Currency = Currency::of(b"KWD");

    fn qty(text: &str) -> Qty {
        Qty::parse(text).unwrap()
    }

    fn price(text: &str) -> Price {
        Price::parse(text).unwrap()
    }

    fn rate(text: &str) -> Rate {
        Rate::parse(text).unwrap()
    }

    fn eur(text: &str) -> Amount {
        Amount::parse(text, Currency::EUR).unwrap()
    }

    #[test]
    fn half_goes_away_from_zero_by_default() {
        let round = |number, mode| div_round(number, 10, mode);
        for (number, half_up, half_even, down, up) in [
            (0, 0, 0, 0, 0),
            (1, 0, 0, 0, 1),
            (5, 1, 0, 0, 1),
            (6, 1, 1, 0, 1),
            (15, 2, 2, 1, 2),
            (25, 3, 2, 2, 3),
            (-4, 0, 0, 0, -1),
            (-5, -1, 0, 0, -1),
            (-15, -2, -2, -1, -2),
            (-25, -3, -2, -2, -3),
        ] {
            assert_eq!(round(number, Rounding::default()), half_up, "{number}");
            assert_eq!(round(number, Rounding::HalfEven), half_even, "{number}");
            assert_eq!(round(number, Rounding::Down), down, "{number}");
            assert_eq!(round(number, Rounding::Up), up, "{number}");
        }
        assert_eq!(div_round(5, -10, Rounding::HalfUp), -1);
        assert_eq!(div_round(-5, -10, Rounding::HalfUp), 1);
        assert_eq!(div_round(i128::MAX, 2, Rounding::Up), i128::MAX / 2 + 1);
    }

    #[test]
    fn a_price_times_a_quantity_is_rounded_once() {
        let times = |p, q, currency| price(p).times(qty(q), currency).unwrap().text(currency);
        assert_eq!(times("10", "2", Currency::EUR), "20.00");
        assert_eq!(times("0.333333", "3", Currency::EUR), "1.00");
        assert_eq!(times("0.005", "1", Currency::EUR), "0.01");
        assert_eq!(times("0.005", "-1", Currency::EUR), "-0.01");
        assert_eq!(times("0.5", "1", Currency::JPY), "1");
        assert_eq!(times("1.2345", "1", KWD), "1.235");
        assert_eq!(Price::new(i64::MAX).times(Qty::new(i64::MAX), KWD), None);
        assert_eq!(Price::new(i64::MIN).times(Qty::new(i64::MIN), KWD), None);
    }

    #[test]
    fn the_price_of_one_unit_is_what_the_quantity_cost() {
        let per_unit = |a, q| Price::per_unit(eur(a), qty(q), Currency::EUR);
        assert_eq!(per_unit("20.00", "2"), Some(price("10")));
        assert_eq!(per_unit("1.00", "3"), Some(price("0.333333")));
        assert_eq!(per_unit("-1.00", "-4"), Some(price("0.25")));
        assert_eq!(per_unit("1.00", "0"), None);
        assert_eq!(Price::per_unit(Amount::new(i64::MAX), Qty::new(1), Currency::JPY), None);
    }

    #[test]
    fn tax_is_a_rate_of_the_amount() {
        assert_eq!(eur("20.00").of_rate(rate("0.2")), Some(eur("4.00")));
        assert_eq!(eur("0.05").of_rate(rate("0.1")), Some(eur("0.01")));
        assert_eq!(eur("-0.05").of_rate(rate("0.1")), Some(eur("-0.01")));
        assert_eq!(Amount::new(i64::MAX).of_rate(rate("1.1")), None);
    }

    #[test]
    fn an_amount_scales_by_a_fraction() {
        assert_eq!(eur("10.00").scale(1, 3), Some(eur("3.33")));
        assert_eq!(eur("10.00").scale(2, -3), Some(eur("-6.67")));
        assert_eq!(eur("10.00").scale(1, 0), None);
        assert_eq!(Amount::new(i64::MIN).scale(1, -1), None);
    }

    #[test]
    fn a_conversion_knows_the_decimals_of_both_currencies() {
        let hundred = eur("100.00");
        let yuan = hundred.convert(Currency::EUR, Currency::CNY, rate("7.8"));
        assert_eq!(yuan, Some(Amount::new(78_000)));
        let yen = hundred.convert(Currency::EUR, Currency::JPY, rate("160.255"));
        assert_eq!(yen, Some(Amount::new(16_026)));
        let dinar = Amount::new(1).convert(Currency::JPY, KWD, rate("0.002"));
        assert_eq!(dinar, Some(Amount::new(2)));
        let back = Amount::new(78_000).convert_inverse(Currency::CNY, Currency::EUR, rate("7.8"));
        assert_eq!(back, Some(hundred));
        for useless in [Rate::ZERO, rate("-1")] {
            assert_eq!(hundred.convert(Currency::EUR, Currency::CNY, useless), None);
            assert_eq!(hundred.convert_inverse(Currency::EUR, Currency::CNY, useless), None);
        }
    }

    #[test]
    fn what_is_left_over_goes_to_the_largest_remainder() {
        let parts = |whole, weights: &[i64]| -> Vec<i64> {
            split(Amount::new(whole), weights).into_iter().map(Amount::raw).collect()
        };
        assert_eq!(parts(100, &[1, 1, 1]), [34, 33, 33]);
        assert_eq!(parts(-100, &[1, 1, 1]), [-34, -33, -33]);
        assert_eq!(parts(10, &[0, 1, 2]), [0, 3, 7]);
        assert_eq!(parts(20, &[110, -10]), [22, -2]);
        assert_eq!(parts(0, &[3, 4]), [0, 0]);
        assert_eq!(parts(i64::MIN, &[0, i64::MAX]), [0, i64::MIN]);
        assert_eq!(split_qty(Qty::ONE, &[1, 3]), [qty("0.25"), qty("0.75")]);
    }

    #[test]
    #[should_panic(expected = "somebody must carry the amount")]
    fn somebody_must_carry_the_amount() {
        split(Amount::new(1), &[0, 0]);
    }

    #[test]
    #[should_panic(expected = "Amount overflows in a sum")]
    fn an_overflow_stops_instead_of_wrapping() {
        let _ = Amount::new(i64::MAX) + Amount::new(1);
    }

    #[test]
    fn numbers_add_up() {
        let amounts = [Amount::new(1), Amount::new(2)];
        assert_eq!(amounts.iter().sum::<Amount>(), Amount::new(3));
        assert_eq!(amounts.into_iter().sum::<Amount>(), Amount::new(3));
        let mut qty = Qty::whole(3);
        qty += Qty::ONE;
        qty -= Qty::whole(5);
        assert_eq!((qty, qty.abs()), (-Qty::ONE, Qty::ONE));
        assert!(qty.is_negative() && !qty.is_zero());
        assert_eq!(Qty::new(i64::MAX).checked_add(Qty::new(1)), None);
    }

    #[test]
    fn a_decimal_is_read_exactly_or_not_at_all() {
        use NumberError::*;
        for (text, decimals, expected) in [
            ("0", 2, Ok(0)),
            ("-0", 2, Ok(0)),
            ("12.3", 2, Ok(1230)),
            ("+12.34", 2, Ok(1234)),
            ("12.340000000000000000000000", 2, Ok(1234)),
            ("000000000000000000000000012", 0, Ok(12)),
            (".5", 2, Ok(50)),
            ("5.", 2, Ok(500)),
            ("5.0", 0, Ok(5)),
            ("9223372036854775807", 0, Ok(i64::MAX)),
            ("-9223372036854775808", 0, Ok(i64::MIN)),
            ("9223372036854775808", 0, Err(TooLarge)),
            ("99999999999999999", 2 + 1, Err(TooLarge)),
            ("12.345", 2, Err(TooManyDecimals)),
            ("5.1", 0, Err(TooManyDecimals)),
            ("", 2, Err(NotANumber)),
            (".", 2, Err(NotANumber)),
            ("-", 2, Err(NotANumber)),
            ("--1", 2, Err(NotANumber)),
            ("1.2.3", 2, Err(NotANumber)),
            ("1,000", 2, Err(NotANumber)),
            ("1e3", 2, Err(NotANumber)),
            (" 1", 2, Err(NotANumber)),
            ("١", 2, Err(NotANumber)),
            ("é1", 2, Err(NotANumber)),
        ] {
            assert_eq!(parse_decimal(text, decimals), expected, "{text}");
        }
    }

    #[test]
    fn an_amount_shows_its_decimals_and_a_quantity_only_what_matters() {
        assert_eq!(Amount::new(2400).text(Currency::EUR), "24.00");
        assert_eq!(Amount::new(-5).text(Currency::EUR), "-0.05");
        assert_eq!(Amount::new(24).text(Currency::JPY), "24");
        assert_eq!(qty("1.500000").to_string(), "1.5");
        assert_eq!(format!("{:>4}|", Qty::whole(100)), " 100|");
        assert_eq!(format_decimal(1200, 2, true), "12");
        assert_eq!(format_decimal(100, 0, true), "100");
        assert_eq!(format_decimal(i64::MIN, 18, false), "-9.223372036854775808");
    }

    proptest! {
        #[test]
        fn parts_always_sum_to_the_whole(
            whole: i64,
            weights in prop::collection::vec(prop_oneof![Just(0), 0..10i64, 0..=i64::MAX], 1..20),
        ) {
            prop_assume!(weights.iter().any(|&weight| 0 < weight));
            let whole = Amount::new(whole);
            let parts = split(whole, &weights);
            prop_assert_eq!(parts.iter().sum::<Amount>(), whole);
            let total: i128 = weights.iter().copied().map(i128::from).sum();
            for (part, &weight) in parts.iter().zip(&weights) {
                prop_assert!(weight != 0 || part.is_zero());
                let exact = i128::from(whole.raw()) * i128::from(weight);
                let low = div_round(exact, total, Rounding::Down);
                let high = div_round(exact, total, Rounding::Up);
                prop_assert!((low.min(high)..=low.max(high)).contains(&i128::from(part.raw())));
            }
        }

        #[test]
        fn parts_with_mixed_signs_sum_to_the_whole_too(
            whole in -1_000_000i64..1_000_000,
            weights in prop::collection::vec(-100i64..1000, 1..20),
        ) {
            prop_assume!(0 < weights.iter().sum::<i64>());
            let whole = Amount::new(whole);
            let parts = split(whole, &weights);
            prop_assert_eq!(parts.iter().sum::<Amount>(), whole);
            let opposite: Vec<Amount> = split(-whole, &weights).into_iter().map(Neg::neg).collect();
            prop_assert_eq!(parts, opposite);
        }

        #[test]
        fn what_is_written_reads_back(raw: i64, decimals in 0u32..=18, trim: bool) {
            let text = format_decimal(raw, decimals, trim);
            prop_assert_eq!(parse_decimal(&text, decimals), Ok(raw));
        }

        #[test]
        fn reading_any_text_never_panics(text in "\\PC*", digits in "[-+0-9.]{0,40}") {
            let _ = parse_decimal(&text, 6);
            let _ = parse_decimal(&digits, 6);
        }

        #[test]
        fn rounding_is_off_by_less_than_one_and_by_half_at_most_when_to_the_nearest(
            number in -1_000_000i128..1_000_000,
            divisor in prop_oneof![-1000i128..0, 1i128..1000],
        ) {
            for mode in [Rounding::HalfUp, Rounding::HalfEven, Rounding::Down, Rounding::Up] {
                let off = (div_round(number, divisor, mode) * divisor - number).abs();
                prop_assert!(off < divisor.abs());
                if matches!(mode, Rounding::HalfUp | Rounding::HalfEven) {
                    prop_assert!(2 * off <= divisor.abs());
                }
            }
        }

        #[test]
        fn converting_there_and_back_is_off_by_the_rounding_only(
            raw in -1_000_000_000_000i64..1_000_000_000_000,
            rate in 1_000i64..1_000_000_000,
            from in prop::sample::select(vec![Currency::EUR, Currency::JPY, KWD]),
            to in prop::sample::select(vec![Currency::CNY, Currency::JPY, KWD]),
        ) {
            let (amount, rate) = (Amount::new(raw), Rate::new(rate));
            let there = amount.convert(from, to, rate).unwrap();
            let back = there.convert_inverse(to, from, rate).unwrap();
            // Half a minor unit of `to`, worth `half` of `from`, and half a minor unit of `from`:
            // 2 × |back − amount| ≤ 1 ÷ ratio + 1, where ratio = rate × 10^(to − from) ÷ 10⁶.
            let off = i128::from((back - amount).abs().raw());
            let number = i128::from(rate.raw()) * ten_to(to.decimals());
            let divisor = i128::from(SCALE) * ten_to(from.decimals());
            prop_assert!((2 * off - 1) * number <= divisor);
        }
    }
}
