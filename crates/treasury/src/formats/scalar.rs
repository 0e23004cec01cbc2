//! Amounts, days and names as banks write them.

use kernel::{Amount, Currency, Date, Label};

use super::NotRead;

pub(super) const AMOUNT: Label = Label::new("the amount", "金额");
pub(super) const DAY: Label = Label::new("the day", "日期");
pub(super) const CURRENCY: Label = Label::new("the currency", "币种");
pub(super) const ACCOUNT: Label = Label::new("the account", "账号");

/// An amount whose decimals follow `mark`, with or without groups of thousands, with its sign
/// before or behind it, or in brackets; `None` when it is none, or has more decimals than its currency.
pub(super) fn amount(text: &str, mark: char, currency: Currency) -> Option<Amount> {
    let signs = |sign: &char| !sign.is_whitespace() && !matches!(sign, '\u{a0}' | '\'' | '¥' | '￥' | '€' | '$' | '£');
    let text: String = text.chars().filter(signs).collect();
    let (text, is_out) = match (text.strip_prefix('('), text.strip_suffix('-'), text.strip_prefix(['-', '−'])) {
        (Some(inner), _, _) => (inner.strip_suffix(')')?, true),
        (None, Some(rest), None) => (rest, true),
        (None, None, Some(rest)) => (rest, true),
        (None, None, None) => (text.strip_prefix('+').unwrap_or(&text), false),
        (None, Some(_), Some(_)) => return None,
    };
    let (whole, decimals) = text.split_once(mark).unwrap_or((text, ""));
    let group = if mark == ',' { '.' } else { ',' };
    let mut groups = whole.split(group);
    let first = groups.next()?;
    let rest: Vec<&str> = groups.collect();
    // Groups have three digits, the last one always; in India the others two.
    let is_grouped =
        rest.last().is_none_or(|last| last.len() == 3) && rest.iter().all(|one| matches!(one.len(), 2 | 3));
    let is_signed_again = first.starts_with(['-', '+']);
    if !is_grouped || is_signed_again || !rest.is_empty() && first.is_empty() {
        return None;
    }
    let amount = Amount::parse(&format!("{first}{}.{decimals}", rest.concat()), currency).ok()?;
    Some(if is_out { -amount } else { amount })
}

/// The mark before the decimals of one amount that stands alone: the last that occurs, a point where none does.
pub(super) fn mark_of(text: &str) -> char {
    text.chars().rev().find(|sign| matches!(sign, ',' | '.')).unwrap_or('.')
}

/// A day written as `20240305`, whatever follows it.
pub(super) fn compact_day(text: &str) -> Option<Date> {
    let digits = text.get(..8)?;
    if !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    Date::new(digits[..4].parse().ok()?, digits[4..6].parse().ok()?, digits[6..].parse().ok()?)
}

/// A currency of ISO 4217.
pub(super) fn currency(text: &str, line: i64) -> Result<Currency, NotRead> {
    Currency::parse(text.trim()).filter(|one| one.name().is_some()).ok_or_else(|| {
        if text.trim().is_empty() {
            NotRead::Missing { line, what: CURRENCY }
        } else {
            unreadable(line, CURRENCY, text)
        }
    })
}

/// What cannot be read, shortened to what fits a sentence.
pub(super) fn unreadable(line: i64, what: Label, text: &str) -> NotRead {
    NotRead::Unreadable { line, what, text: text.trim().chars().take(40).collect() }
}

/// The number of an account without the spaces people group it by.
pub(super) fn account(text: &str) -> String {
    text.split_whitespace().collect()
}

/// Words with one space between them.
pub(super) fn words(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Counts the lines of a text while somebody goes through it.
pub(super) struct Lines<'a> {
    text: &'a str,
    at: usize,
    line: i64,
}

impl<'a> Lines<'a> {
    pub fn of(text: &'a str) -> Lines<'a> {
        Lines { text, at: 0, line: 1 }
    }

    /// The line a place in bytes is in, counted from 1; places only grow.
    pub fn at(&mut self, at: usize) -> i64 {
        let at = at.min(self.text.len()).max(self.at);
        let passed = &self.text.as_bytes()[self.at..at];
        self.line += passed.iter().filter(|byte| **byte == b'\n').count() as i64;
        self.at = at;
        self.line
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn read(text: &str, mark: char) -> Option<i64> {
        amount(text, mark, Currency::EUR).map(Amount::raw)
    }

    #[test]
    fn amounts_are_read_as_banks_write_them() {
        for text in ["1234,5", "1.234,50", "1 234,50", "+1.234,500", "1'234,50", "€ 1.234,50"] {
            assert_eq!(read(text, ','), Some(123_450), "{text}");
        }
        for text in ["-1234.5", "1,234.50-", "(1,234.50)", "−1234.50", "¥-1234.50"] {
            assert_eq!(read(text, '.'), Some(-123_450), "{text}");
        }
        assert_eq!(read("800,", ','), Some(80_000));
        assert_eq!(read("12,34,567.00", '.'), Some(123_456_700));
        for text in ["", "-", "1,2.3", "1.234", "--1", "-1-", "(1", "1e3", "12,3456.00", ",123.00", "１２", "-+1"] {
            assert_eq!(read(text, '.'), None, "{text}");
        }
        assert_eq!(amount("800,", ',', Currency::JPY), Some(Amount::new(800)));
        assert_eq!(amount("800,5", ',', Currency::JPY), None);
    }

    proptest! {
        #[test]
        fn what_is_written_with_groups_is_read_back(raw in -1_000_000_000_000i64..1_000_000_000_000) {
            let plain = Amount::new(raw.abs()).text(Currency::EUR);
            let (whole, decimals) = plain.split_once('.').unwrap();
            let grouped: Vec<String> = whole.as_bytes().rchunks(3).rev().map(|part| String::from_utf8_lossy(part).into_owned()).collect();
            let sign = if raw < 0 { "-" } else { "" };
            prop_assert_eq!(read(&format!("{sign}{}.{decimals}", grouped.join(",")), '.'), Some(raw));
            prop_assert_eq!(read(&format!("{}, {decimals}{sign}", grouped.join(".")), ','), Some(raw));
        }

        #[test]
        fn no_text_makes_a_panic(text in "\\PC{0,24}") {
            let _ = (read(&text, '.'), read(&text, ','), compact_day(&text), mark_of(&text));
        }
    }
}
