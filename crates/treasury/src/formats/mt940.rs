//! SWIFT MT940: fields that begin with a number between colons, one statement after the other.

use kernel::{Amount, Currency, Date, Label};

use super::narrative;
use super::scalar::{ACCOUNT, AMOUNT, DAY, account, amount, currency, unreadable};
use super::{Balance, Line, NotRead, Statement};

/// The fields there are; what else stands between colons is text that happens to look like it.
const FIELDS: [&str; 19] = [
    "13D", "20", "21", "25", "25P", "28", "28C", "34F", "60F", "60M", "61", "62F", "62M", "64", "65", "86", "90C",
    "90D", "NS",
];

/// A field with the lines it goes over.
struct Field<'a> {
    name: &'a str,
    text: String,
    /// The line it begins in, from 1.
    line: i64,
}

/// A statement being read.
#[derive(Default)]
struct Draft {
    account: String,
    number: String,
    opening: Option<(Balance, Currency)>,
    /// Whether it goes on with a page before it.
    goes_on: bool,
    lines: Vec<Line>,
    line: i64,
}

/// The statements of a file.
pub(super) fn read(text: &str) -> Result<Vec<Statement>, NotRead> {
    let mut statements: Vec<Statement> = Vec::new();
    let mut draft: Option<Draft> = None;
    // Field 86 after field 61 tells of that line, after the closing balance of the whole statement.
    let mut told_of_line = false;
    for field in fields(text)? {
        let line = field.line;
        let missing = |what| NotRead::Missing { line, what };
        if field.name == "20" {
            if let Some(unfinished) = draft {
                return Err(NotRead::Missing { line, what: closing_of(&unfinished) });
            }
            draft = Some(Draft { line, ..Draft::default() });
            told_of_line = false;
            continue;
        }
        // After its end, what a statement says more (value balances, remarks) says nothing we keep.
        let Some(open) = draft.as_mut() else {
            if matches!(field.name, "61" | "60F" | "60M") {
                return Err(missing(Label::new("the beginning of a statement (field 20)", "对账单开始（20 域）")));
            }
            continue;
        };
        match field.name {
            "25" | "25P" => open.account = account_of(&field.text),
            "28" | "28C" => open.number = field.text.trim().to_owned(),
            "60F" | "60M" => {
                open.opening = Some(balance(&field)?);
                open.goes_on = field.name == "60M";
            }
            "61" => {
                let money = open.opening.ok_or_else(|| missing(OPENING))?.1;
                open.lines.push(entry(&field, money)?);
            }
            "86" if told_of_line => {
                if let Some(last) = open.lines.last_mut() {
                    narrative::put(last, &field.text);
                }
            }
            "62F" | "62M" => {
                let (closing, money) = balance(&field)?;
                let done = draft.take().expect("looked at above");
                let (opening, opened_in) = done.opening.ok_or_else(|| missing(OPENING))?;
                if opened_in != money {
                    return Err(NotRead::currency(line, money, opened_in));
                }
                if done.account.is_empty() {
                    return Err(NotRead::Missing { line: done.line, what: ACCOUNT });
                }
                let page = Statement {
                    account: done.account,
                    bank: String::new(),
                    number: done.number,
                    currency: money,
                    opening: Some(opening),
                    closing: Some(closing),
                    opening_is_implied: false,
                    lines: done.lines,
                };
                turn(&mut statements, page, done.goes_on);
            }
            _ => {}
        }
        told_of_line = field.name == "61" || field.name == "86" && told_of_line;
    }
    match draft {
        Some(unfinished) => Err(NotRead::Missing { line: text.lines().count() as i64, what: closing_of(&unfinished) }),
        None => Ok(statements),
    }
}

const OPENING: Label = Label::new("the opening balance (field 60)", "期初余额（60 域）");

fn closing_of(draft: &Draft) -> Label {
    match draft.opening {
        None => OPENING,
        Some(_) => Label::new("the closing balance (field 62)", "期末余额（62 域）"),
    }
}

/// Adds a page: a statement of its own, or what goes on where the page before ended.
fn turn(statements: &mut Vec<Statement>, page: Statement, goes_on: bool) {
    match statements.last_mut() {
        Some(before)
            if goes_on
                && before.account == page.account
                && before.currency == page.currency
                && before.closing.map(|one| one.amount) == page.opening.map(|one| one.amount) =>
        {
            before.lines.extend(page.lines);
            before.closing = page.closing;
        }
        _ => statements.push(page),
    }
}

/// The fields of a file; lines that begin none go on with the one before.
fn fields(text: &str) -> Result<Vec<Field<'_>>, NotRead> {
    let mut fields: Vec<Field<'_>> = Vec::new();
    for (number, line) in text.lines().enumerate() {
        let line = line.trim_end_matches('\r');
        // The envelope of SWIFT: {1:…}{2:…}{4: before the fields, -} after them.
        let line = match line.rfind("{4:") {
            Some(at) if line.trim_start().starts_with('{') => &line[at + 3..],
            _ => line,
        };
        if line.starts_with("-}") || line == "-" || line.starts_with('{') && line.ends_with('}') {
            continue;
        }
        let named = line.strip_prefix(':').and_then(|rest| rest.split_once(':'));
        match (named.filter(|(name, _)| FIELDS.contains(name)), fields.last_mut()) {
            (Some((name, rest)), _) => {
                fields.push(Field { name, text: rest.to_owned(), line: number as i64 + 1 });
            }
            (None, Some(before)) => {
                before.text.push('\n');
                before.text.push_str(line);
            }
            (None, None) if line.trim().is_empty() => {}
            // What stands before the first field is the bank's own heading.
            (None, None) if number < 10 => {}
            (None, None) => return Err(NotRead::NoFormat),
        }
    }
    Ok(fields)
}

/// The account; some banks write its currency behind it.
fn account_of(text: &str) -> String {
    let mut parts: Vec<&str> = text.split_whitespace().collect();
    if 1 < parts.len() && parts.last().and_then(|last| Currency::parse(last)).is_some() {
        parts.pop();
    }
    account(&parts.concat())
}

/// A day as `021101`: from 1980 to 2079.
fn day(text: &str) -> Option<Date> {
    if text.len() != 6 || !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let year: i32 = text[..2].parse().ok()?;
    let century = if year < 80 { 2000 } else { 1900 };
    Date::new(century + year, text[2..4].parse().ok()?, text[4..].parse().ok()?)
}

/// The day of booking has no year: it is the one next to the value day.
fn booked(text: &str, value_on: Date) -> Option<Date> {
    let (month, day) = (text.get(..2)?.parse().ok()?, text.get(2..4)?.parse().ok()?);
    let year = value_on.year();
    [year - 1, year, year + 1]
        .into_iter()
        .filter_map(|year| Date::new(year, month, day))
        .min_by_key(|one| one.days_since(value_on).abs())
}

/// `C021101EUR2187,95`
fn balance(field: &Field<'_>) -> Result<(Balance, Currency), NotRead> {
    let (line, text) = (field.line, field.text.trim());
    let wrong = |what| unreadable(line, what, text);
    let is_out = match text.chars().next() {
        Some('C') => false,
        Some('D') => true,
        _ => return Err(wrong(AMOUNT)),
    };
    let on = text.get(1..7).and_then(day).ok_or_else(|| wrong(DAY))?;
    let money = currency(text.get(7..10).unwrap_or(""), line)?;
    let size = positive(text.get(10..).unwrap_or(""), money).ok_or_else(|| wrong(AMOUNT))?;
    Ok((Balance { on, amount: if is_out { -size } else { size } }, money))
}

/// An amount without a sign; its decimals follow a comma, which may stand alone.
fn positive(text: &str, money: Currency) -> Option<Amount> {
    text.starts_with(|sign: char| sign.is_ascii_digit())
        .then(|| amount(text, ',', money))?
        .filter(|one| !one.is_negative())
}

/// `0211011102DR800,NSTONONREF//55555`: value day, day of booking, direction, a letter of the
/// currency, amount, sort, references; then words on a line of their own.
fn entry(field: &Field<'_>, money: Currency) -> Result<Line, NotRead> {
    let (line, text) = (field.line, field.text.as_str());
    let wrong = |what| unreadable(line, what, text);
    let value_on = text.get(..6).and_then(day).ok_or_else(|| wrong(DAY))?;
    let mut rest = &text[6..];
    let mut booked_on = value_on;
    if let Some(digits) = rest.get(..4).filter(|four| four.bytes().all(|byte| byte.is_ascii_digit())) {
        booked_on = booked(digits, value_on).ok_or_else(|| wrong(DAY))?;
        rest = &rest[4..];
    }
    // What is taken back moves the other way: the return of a credit goes out.
    let directions = [("RC", true), ("RD", false), ("C", false), ("D", true)];
    let (mark, is_out) = directions
        .into_iter()
        .find(|(mark, _)| rest.starts_with(mark))
        .ok_or_else(|| wrong(Label::new("credit or debit", "借贷标志")))?;
    rest = &rest[mark.len()..];
    rest = rest.strip_prefix(|letter: char| letter.is_ascii_uppercase()).unwrap_or(rest);
    let end = rest.find(|sign: char| !sign.is_ascii_digit() && !matches!(sign, ',' | '.')).unwrap_or(rest.len());
    let size = positive(&rest[..end], money).ok_or_else(|| wrong(AMOUNT))?;
    rest = &rest[end..];
    let mut told = Line::new(booked_on, value_on, if is_out { -size } else { size });
    let (first, more) = rest.split_once('\n').unwrap_or((rest, ""));
    if let (Some(kind), Some(after)) = (first.get(1..4), first.get(4..)) {
        told.kind = kind.trim().to_owned();
        let (ours, theirs) = after.split_once("//").unwrap_or((after, ""));
        let said = |text: &&str| !text.is_empty() && *text != "NONREF";
        told.reference = [ours.trim(), theirs.trim()].into_iter().find(said).unwrap_or("").to_owned();
    }
    told.narrative = super::scalar::words(more);
    Ok(told)
}
