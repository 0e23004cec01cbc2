//! Exact conversion between units of measure.
//!
//! A factor is a ratio of whole numbers, never a decimal: a third of a pallet is 1/3. What
//! cannot be said exactly in millionths of the other unit is refused, because the residue of
//! a rounded quantity would stay in stock for ever.

use kernel::{Price, Qty, Refusal, Rounding, SCALE, div_round};

use crate::unit::{Unit, UnitCategory};

/// What one unit is in the base unit of its category: numerator / denominator.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UnitFactor {
    /// What it measures.
    pub category: UnitCategory,
    /// How many base units make `denominator` of this one.
    pub numerator: i64,
    /// See `numerator`.
    pub denominator: i64,
    /// Whether documents refuse fractions of it.
    pub whole: bool,
}

/// Why a quantity is not converted.
#[derive(meta::Refusal, Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotConverted {
    /// These units measure different things. Choose a unit of the same category.
    ///
    /// 这两个单位的类别不同，请选择同类别的单位。
    #[refusal(kind = "Invalid", field = "unit")]
    Incompatible,
    /// This quantity is no exact number of the other unit; rounded up it is {rounded_up}. Change the quantity, or take that.
    ///
    /// 该数量无法精确换算；向上取整为 {rounded_up}。请修改数量或采用该值。
    #[refusal(kind = "Invalid", field = "qty")]
    NotExact {
        /// The next larger quantity; see [`convert_up`].
        rounded_up: Qty,
    },
    /// The quantity is too large for the other unit. Enter a smaller one.
    ///
    /// 换算后的数量过大，请输入较小的数量。
    #[refusal(kind = "TooMuch", field = "qty")]
    TooLarge,
}

/// The exact ratio between two units, as a numerator and a denominator.
fn ratio(from: &UnitFactor, to: &UnitFactor) -> Result<(i128, i128), NotConverted> {
    if from.category != to.category {
        return Err(NotConverted::Incompatible);
    }
    let over = i128::from(from.numerator) * i128::from(to.denominator);
    let under = i128::from(from.denominator) * i128::from(to.numerator);
    assert!(0 < over && 0 < under, "a unit is some positive amount of another");
    Ok((over, under))
}

fn scaled(raw: i64, (over, under): (i128, i128), mode: Rounding) -> Result<i64, NotConverted> {
    let number = i128::from(raw).checked_mul(over).ok_or(NotConverted::TooLarge)?;
    i64::try_from(div_round(number, under, mode)).map_err(|_| NotConverted::TooLarge)
}

/// A quantity of one unit as the same quantity of another, exactly or not at all.
pub fn convert(qty: Qty, from: &UnitFactor, to: &UnitFactor) -> Result<Qty, NotConverted> {
    let ratio = ratio(from, to)?;
    let (down, up) = (scaled(qty.raw(), ratio, Rounding::Down)?, scaled(qty.raw(), ratio, Rounding::Up)?);
    if down == up {
        return Ok(Qty::new(up));
    }
    // Nobody opens a box for a millionth of a piece.
    let step = if to.category == UnitCategory::Count { SCALE } else { 1 };
    let steps = scaled(qty.raw(), (ratio.0, ratio.1 * i128::from(step)), Rounding::Up)?;
    let rounded_up = Qty::new(steps.checked_mul(step).ok_or(NotConverted::TooLarge)?);
    Err(NotConverted::NotExact { rounded_up })
}

/// The same, or the next larger quantity where there is none: whole units of what is counted,
/// millionths of what is measured. Away from zero, so that a return mirrors what was sold.
pub fn convert_up(qty: Qty, from: &UnitFactor, to: &UnitFactor) -> Result<Qty, NotConverted> {
    match convert(qty, from, to) {
        Err(NotConverted::NotExact { rounded_up }) => Ok(rounded_up),
        other => other,
    }
}

/// The same rounded half up, for what is only looked at.
pub fn convert_near(qty: Qty, from: &UnitFactor, to: &UnitFactor) -> Result<Qty, NotConverted> {
    Ok(Qty::new(scaled(qty.raw(), ratio(from, to)?, Rounding::HalfUp)?))
}

/// The price of one of the other unit, rounded half up to a millionth: prices are agreed, so
/// a document keeps the one it was made with.
pub fn convert_price(price: Price, from: &UnitFactor, to: &UnitFactor) -> Result<Price, NotConverted> {
    Ok(Price::new(scaled(price.raw(), ratio(to, from)?, Rounding::HalfUp)?))
}

impl From<&Unit> for UnitFactor {
    fn from(unit: &Unit) -> UnitFactor {
        let Unit { category, numerator, denominator, whole, .. } = *unit;
        UnitFactor { category, numerator, denominator, whole }
    }
}

/// Refuses what [`convert`] refuses, in the words of the user.
pub fn need(qty: Qty, from: &UnitFactor, to: &UnitFactor) -> Result<Qty, Refusal> {
    Ok(convert(qty, from, to)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn factor(category: UnitCategory, numerator: i64, denominator: i64) -> UnitFactor {
        UnitFactor { category, numerator, denominator, whole: false }
    }

    const GRAM: UnitFactor = factor(UnitCategory::Mass, 1, 1000);
    const KILO: UnitFactor = factor(UnitCategory::Mass, 1, 1);
    const PIECE: UnitFactor = factor(UnitCategory::Count, 1, 1);
    const DOZEN: UnitFactor = factor(UnitCategory::Count, 12, 1);
    const THIRD: UnitFactor = factor(UnitCategory::Count, 1, 3);

    fn qty(text: &str) -> Qty {
        Qty::parse(text).unwrap()
    }

    fn said(text: &str, from: &UnitFactor, to: &UnitFactor) -> String {
        match convert(qty(text), from, to) {
            Ok(found) => found.text(),
            Err(NotConverted::NotExact { rounded_up }) => format!("not exact, up {rounded_up}"),
            Err(NotConverted::Incompatible) => "incompatible".to_owned(),
            Err(NotConverted::TooLarge) => "too large".to_owned(),
        }
    }

    #[test]
    fn kilograms_and_grams_are_the_same_goods() {
        // 4 kg at 10 and 2000 g at 0.025 are layers of 4 and 2 kg at 10 and 25.
        assert_eq!(said("2000", &GRAM, &KILO), "2");
        assert_eq!(said("1000", &GRAM, &KILO), "1");
        assert_eq!(said("3", &KILO, &GRAM), "3000");
        let price = convert_price(Price::parse("0.025").unwrap(), &GRAM, &KILO).unwrap();
        assert_eq!(price.text(), "25");
    }

    #[test]
    fn what_leaves_a_residue_is_refused_and_the_next_exact_quantity_offered() {
        assert_eq!(said("24", &PIECE, &DOZEN), "2");
        assert_eq!(said("7", &PIECE, &DOZEN), "not exact, up 1");
        assert_eq!(said("-7", &PIECE, &DOZEN), "not exact, up -1");
        assert_eq!(said("1", &THIRD, &PIECE), "not exact, up 1");
        assert_eq!(said("3", &THIRD, &PIECE), "1");
        assert_eq!(said("6", &PIECE, &DOZEN), "0.5");
        assert_eq!(said("0.001", &GRAM, &KILO), "0.000001");
        assert_eq!(said("0.0001", &GRAM, &KILO), "not exact, up 0.000001");
    }

    #[test]
    fn apples_are_not_hours() {
        assert_eq!(said("1", &PIECE, &KILO), "incompatible");
    }

    #[test]
    fn what_is_converted_comes_back() {
        for raw in [1, 7, 12, 999_999, 1_000_000, 123_456_789] {
            let there = convert(Qty::new(raw), &DOZEN, &PIECE).unwrap();
            assert_eq!(convert(there, &PIECE, &DOZEN), Ok(Qty::new(raw)));
        }
    }

    #[test]
    fn too_much_is_refused_instead_of_overflowing() {
        assert_eq!(convert(Qty::new(i64::MAX), &DOZEN, &PIECE), Err(NotConverted::TooLarge));
    }
}
