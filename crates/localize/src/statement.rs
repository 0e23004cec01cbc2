//! Statements: which accounts make which line.

use std::collections::BTreeMap;

use kernel::{Amount, Label};

/// How a line is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Formula {
    /// A heading without a figure.
    Head,
    /// Debits less credits of all accounts that begin so.
    Debit(&'static [&'static str]),
    /// Credits less debits of all accounts that begin so.
    Credit(&'static [&'static str]),
    /// The sum of other lines that stand before; a negative one is subtracted.
    Lines(&'static [i32]),
}

/// One line of a statement.
#[derive(Clone, Copy, Debug)]
pub struct StatementLine {
    /// Its number on the form; 0 for a heading.
    pub number: i32,
    /// What it is called.
    pub label: Label,
    /// How it is made.
    pub formula: Formula,
    /// True for "of which" lines: they are part of another line and never added.
    pub is_memo: bool,
}

pub(crate) const fn head(zh: &'static str, en: &'static str) -> StatementLine {
    StatementLine { number: 0, label: Label::new(en, zh), formula: Formula::Head, is_memo: false }
}

pub(crate) const fn debit(
    number: i32,
    zh: &'static str,
    en: &'static str,
    accounts: &'static [&'static str],
) -> StatementLine {
    StatementLine { number, label: Label::new(en, zh), formula: Formula::Debit(accounts), is_memo: false }
}

pub(crate) const fn credit(
    number: i32,
    zh: &'static str,
    en: &'static str,
    accounts: &'static [&'static str],
) -> StatementLine {
    StatementLine { number, label: Label::new(en, zh), formula: Formula::Credit(accounts), is_memo: false }
}

pub(crate) const fn sum(number: i32, zh: &'static str, en: &'static str, lines: &'static [i32]) -> StatementLine {
    StatementLine { number, label: Label::new(en, zh), formula: Formula::Lines(lines), is_memo: false }
}

impl StatementLine {
    pub(crate) const fn memo(self) -> StatementLine {
        StatementLine { is_memo: true, ..self }
    }

    /// True for lines that sum others.
    pub fn is_total(&self) -> bool {
        matches!(self.formula, Formula::Lines(_))
    }

    /// The beginnings of the accounts it is made of; none for headings and totals.
    pub fn accounts(&self) -> &'static [&'static str] {
        match self.formula {
            Formula::Debit(accounts) | Formula::Credit(accounts) => accounts,
            Formula::Head | Formula::Lines(_) => &[],
        }
    }
}

/// The figures of a statement, in the order of its lines; `None` for headings.
///
/// `balances` are debits less credits of accounts by their numbers: of all time for a balance
/// sheet, of a period for an income statement. An account may come several times.
pub fn figures(lines: &[StatementLine], balances: &[(&str, Amount)]) -> Vec<Option<Amount>> {
    let of = |accounts: &[&str]| -> Amount {
        let begins = |code: &str| accounts.iter().any(|start| code.starts_with(start));
        balances.iter().filter(|(code, _)| begins(code)).map(|(_, amount)| *amount).sum()
    };
    let mut known: BTreeMap<i32, Amount> = BTreeMap::new();
    let mut figures = Vec::with_capacity(lines.len());
    for line in lines {
        let figure = match line.formula {
            Formula::Head => None,
            Formula::Debit(accounts) => Some(of(accounts)),
            Formula::Credit(accounts) => Some(-of(accounts)),
            Formula::Lines(numbers) => {
                let part = |number: &i32| match number.is_negative() {
                    true => -known[&-number],
                    false => known[number],
                };
                Some(numbers.iter().map(part).sum())
            }
        };
        known.extend(figure.map(|figure| (line.number, figure)));
        figures.push(figure);
    }
    figures
}
