//! Statements: which accounts make which line.
//!
//! ```text
//! account ─ its code, or that of an account above it, begins as a line says ─▶ that line
//!         └ no line names it ─▶ the line for others of its kind
//! line    = debits less credits of its accounts, or credits less debits, or a sum of lines
//! ```
//!
//! Every account of a statement stands in exactly one line that is added up. So whatever a
//! company adds to its chart, both sides of the balance sheet stay equal.

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

    fn names(&self, codes: &[&str]) -> bool {
        codes.iter().any(|code| self.accounts().iter().any(|start| code.starts_with(start)))
    }
}

/// The lines accounts of one kind may stand in.
#[derive(Clone, Copy, Debug)]
pub struct KindLines {
    /// The kind of account.
    pub kind: &'static str,
    /// The first and the last line.
    pub within: (i32, i32),
    /// The line of those that no line names.
    pub others: i32,
}

pub(crate) const fn kind(kind: &'static str, within: (i32, i32), others: i32) -> KindLines {
    KindLines { kind, within, others }
}

/// A statement: its lines, and where accounts of each kind stand. Kinds that are not listed
/// are not on it.
#[derive(Clone, Copy, Debug)]
pub struct Statement {
    /// Its lines, in order.
    pub lines: &'static [StatementLine],
    /// Where accounts stand, by kind.
    pub kinds: &'static [KindLines],
}

/// Where an account stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standing {
    /// The line it is added to, and the "of which" lines that tell of it.
    pub lines: Vec<i32>,
    /// False when no line names it, so that it stands with the others of its kind.
    pub is_named: bool,
}

impl Statement {
    /// Where an account stands; `None` when it is not on this statement.
    ///
    /// `codes` are its own code and those of the accounts above it, nearest first.
    pub fn standing(&self, codes: &[&str], account_kind: &str) -> Option<Standing> {
        let kind = self.kinds.iter().find(|kind| kind.kind == account_kind)?;
        let may_stand = |line: &&StatementLine| (kind.within.0..=kind.within.1).contains(&line.number);
        let named = |code: &&str| {
            let mut lines = self.lines.iter().filter(may_stand).filter(|line| !line.is_memo);
            lines.find(|line| line.names(std::slice::from_ref(code))).map(|line| line.number)
        };
        // The nearest code that is named decides: an account of one's own stands where the one above does.
        let line = codes.iter().find_map(named);
        let memo = self.lines.iter().filter(may_stand).filter(|memo| memo.is_memo && memo.names(codes));
        let mut lines = vec![line.unwrap_or(kind.others)];
        lines.extend(memo.map(|memo| memo.number));
        Some(Standing { lines, is_named: line.is_some() })
    }

    /// The figures of all lines, in order; `None` for headings. `sums` are debits less credits
    /// of the accounts that stand in each line.
    pub fn figures(&self, sums: &BTreeMap<i32, Amount>) -> Vec<Option<Amount>> {
        let mut known: BTreeMap<i32, Amount> = BTreeMap::new();
        let mut figures = Vec::with_capacity(self.lines.len());
        for line in self.lines {
            let of_accounts = sums.get(&line.number).copied().unwrap_or_default();
            let figure = match line.formula {
                Formula::Head => None,
                Formula::Debit(_) => Some(of_accounts),
                Formula::Credit(_) => Some(-of_accounts),
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

    /// The line with a number.
    pub fn line(&self, number: i32) -> Option<&'static StatementLine> {
        self.lines.iter().find(|line| line.number == number && number != 0)
    }
}
