//! Between our values and PostgreSQL's types. A whole number fits any number type, a text
//! any text type; what does not fit exactly is a fault, never rounded.

use std::error::Error;

use meta::Value;
use tokio_postgres::types::private::BytesMut;
use tokio_postgres::types::{FromSql, IsNull, ToSql, Type, to_sql_checked};

type Anything = Box<dyn Error + Sync + Send>;

/// A value to be bound.
#[derive(Debug)]
pub(crate) struct Arg<'a>(pub &'a Value);

impl ToSql for Arg<'_> {
    fn to_sql(&self, ty: &Type, out: &mut BytesMut) -> Result<IsNull, Anything> {
        match self.0 {
            Value::Null => return Ok(IsNull::Yes),
            Value::Int(number) => match *ty {
                Type::INT8 => out.extend_from_slice(&number.to_be_bytes()),
                Type::INT4 => out.extend_from_slice(&i32::try_from(*number)?.to_be_bytes()),
                Type::INT2 => out.extend_from_slice(&i16::try_from(*number)?.to_be_bytes()),
                Type::BOOL => out.extend_from_slice(&[u8::from(*number != 0)]),
                Type::NUMERIC => put_numeric(*number, out),
                ref ty if is_text(ty) => out.extend_from_slice(number.to_string().as_bytes()),
                ref ty => return Err(format!("a number for a parameter of type {ty}").into()),
            },
            Value::Text(text) => match *ty {
                ref ty if is_text(ty) => out.extend_from_slice(text.as_bytes()),
                ref ty => return Err(format!("a text for a parameter of type {ty}").into()),
            },
        }
        Ok(IsNull::No)
    }

    fn accepts(_: &Type) -> bool {
        true
    }

    to_sql_checked!();
}

fn is_text(ty: &Type) -> bool {
    matches!(*ty, Type::TEXT | Type::VARCHAR | Type::BPCHAR | Type::NAME | Type::UNKNOWN | Type::JSON)
}

/// The value of a column.
pub(crate) struct Cell(pub Value);

impl<'a> FromSql<'a> for Cell {
    fn from_sql(ty: &Type, raw: &'a [u8]) -> Result<Cell, Anything> {
        let value = match *ty {
            Type::INT8 => Value::Int(i64::from_be_bytes(raw.try_into()?)),
            Type::INT4 => Value::Int(i32::from_be_bytes(raw.try_into()?).into()),
            Type::INT2 => Value::Int(i16::from_be_bytes(raw.try_into()?).into()),
            Type::OID => Value::Int(u32::from_be_bytes(raw.try_into()?).into()),
            Type::BOOL => Value::Int((raw != [0]).into()),
            Type::NUMERIC => Value::Int(numeric(raw)?),
            ref ty if is_text(ty) => Value::Text(std::str::from_utf8(raw)?.to_owned()),
            ref ty => return Err(format!("a column of type {ty} is neither a whole number nor text").into()),
        };
        Ok(Cell(value))
    }

    fn from_sql_null(_: &Type) -> Result<Cell, Anything> {
        Ok(Cell(Value::Null))
    }

    fn accepts(_: &Type) -> bool {
        true
    }
}

const NEGATIVE: u16 = 0x4000;
const POSITIVE: u16 = 0;

/// The exact whole number of a `numeric`: what `sum` of a bigint column is.
///
/// Four head words (digits, weight, sign, scale), then digits to the base 10,000.
fn numeric(raw: &[u8]) -> Result<i64, Anything> {
    let words: Vec<u16> = raw.chunks_exact(2).map(|pair| u16::from_be_bytes([pair[0], pair[1]])).collect();
    let (Some(&[count, weight, sign, _]), true) = (words.first_chunk::<4>(), raw.len().is_multiple_of(2)) else {
        return Err("a numeric is cut off".into());
    };
    let (digits, weight) = (&words[4..], weight as i16);
    if digits.len() != usize::from(count) || !matches!(sign, POSITIVE | NEGATIVE) {
        return Err("a numeric is not a number".into());
    }
    let mut whole: i128 = 0;
    for (at, digit) in digits.iter().enumerate() {
        let power = i32::from(weight) - at as i32;
        match (u32::try_from(power), digit) {
            (_, 0) => {}
            (Err(_), _) => return Err("a numeric has a fraction".into()),
            (Ok(power), digit) => {
                let part = 10_000_i128.checked_pow(power).and_then(|unit| unit.checked_mul((*digit).into()));
                whole = part.and_then(|part| whole.checked_add(part)).ok_or("a numeric is too large")?;
            }
        }
    }
    let whole = if sign == NEGATIVE { -whole } else { whole };
    Ok(i64::try_from(whole).map_err(|_| "a numeric is too large")?)
}

fn put_numeric(number: i64, out: &mut BytesMut) {
    let mut digits = Vec::new();
    let mut rest = number.unsigned_abs();
    while rest > 0 {
        digits.push((rest % 10_000) as u16);
        rest /= 10_000;
    }
    let count = digits.len() as u16;
    let sign = if number < 0 { NEGATIVE } else { POSITIVE };
    let head = [count, count.saturating_sub(1), sign, 0];
    for word in head.into_iter().chain(digits.into_iter().rev()) {
        out.extend_from_slice(&word.to_be_bytes());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_numeric_is_read_exactly_or_not_at_all() {
        for number in [0, 1, -1, 9_999, 10_000, -10_000, 120_000_000, i64::MAX, i64::MIN] {
            let mut raw = BytesMut::new();
            put_numeric(number, &mut raw);
            assert_eq!(numeric(&raw).unwrap(), number);
        }
        let words = |words: &[u16]| words.iter().flat_map(|word| word.to_be_bytes()).collect::<Vec<_>>();
        // 1.5, not a number, ten to the 20, cut off
        for raw in [words(&[2, 0, 0, 1, 1, 5_000]), words(&[0, 0, 0xC000, 0]), words(&[1, 5, 0, 0, 1]), vec![0]] {
            assert!(numeric(&raw).is_err());
        }
        // Digits behind the point that are all zero are no fraction: 1.00
        assert_eq!(numeric(&words(&[2, 0, 0, 2, 1, 0])).unwrap(), 1);
    }
}
