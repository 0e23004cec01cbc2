//! How a file is to be read: which column is which field, how it writes days and numbers, which of
//! its values mean which of ours, and what was mended by hand.

use std::collections::{BTreeMap, BTreeSet};

use engine::Values;
use kernel::Date;
use meta::{EntityMeta, FieldKind};
use serde::Deserialize;
use serde_json::{Value as Json, json};

use crate::intake::Table;

/// How many rows of a file are shown before it is loaded.
const SAMPLE_ROWS: usize = 20;
/// How many different values of a column are shown.
const SAMPLE_VALUES: usize = 12;
/// How many rows are looked at to find out how days and numbers are written.
const LOOKED_AT: usize = 2_000;
/// How many rows at the top may be the heading.
const HEAD_ROWS: usize = 20;
/// How many letters of a cell, and how many cells of a row, show which row of the top it is.
const HEAD_SHOWN: (usize, usize) = (40, 8);

/// The order of a day's parts in a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum DayOrder {
    Ymd,
    Dmy,
    Mdy,
}

impl DayOrder {
    fn name(self) -> &'static str {
        match self {
            DayOrder::Ymd => "ymd",
            DayOrder::Dmy => "dmy",
            DayOrder::Mdy => "mdy",
        }
    }
}

/// What becomes of a row whose record is known by this column.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Known {
    Change,
    Skip,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Column {
    pub field: String,
    /// Rows are told apart by this column.
    #[serde(default)]
    pub known: Option<Known>,
    #[serde(default)]
    pub days: Option<DayOrder>,
    /// The sign between whole and part: `.` or `,`.
    #[serde(default)]
    pub decimal: Option<char>,
    /// What stands in the file, and what is meant.
    #[serde(default)]
    pub values: BTreeMap<String, String>,
}

fn first() -> usize {
    1
}

/// How a file is to be read.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Plan {
    #[serde(default)]
    pub sheet: usize,
    /// The line of the headings.
    #[serde(default = "first")]
    pub head: usize,
    /// By place; empty for a column that is left out.
    pub columns: Vec<Option<Column>>,
    /// Fields that get the same value in every row.
    #[serde(default)]
    pub same: BTreeMap<String, String>,
    /// Cells mended by hand: by line, then by column.
    #[serde(default)]
    pub cells: BTreeMap<usize, BTreeMap<usize, String>>,
    /// Lines that are left out.
    #[serde(default)]
    pub skip: BTreeSet<usize>,
}

/// Columns by the names of fields, as [`engine::Engine::start_planned_import`] takes them, and rows with their lines.
pub(crate) type Planned = (Vec<String>, Vec<(usize, Vec<String>)>);

impl Plan {
    /// The rows of a file as planned.
    ///
    /// With a line that is left out go those after it that say nothing of the record themselves: they are its lines.
    pub fn apply(&self, meta: &EntityMeta, table: Table) -> Planned {
        let kept: Vec<(usize, &Column)> =
            self.columns.iter().enumerate().filter_map(|(at, column)| Some((at, column.as_ref()?))).collect();
        let name = |column: &Column| {
            let mark = match column.known {
                Some(Known::Change) => "=",
                Some(Known::Skip) => "!",
                None => "",
            };
            format!("{mark}{}", column.field)
        };
        let names: Vec<String> = kept.iter().map(|(_, column)| name(column)).chain(self.same.keys().cloned()).collect();
        let own: Vec<usize> =
            kept.iter().filter(|(_, column)| !column.field.contains('.')).map(|(at, _)| *at).collect();
        let has_lines = own.len() < kept.len();
        let says_nothing =
            |cells: &[String]| own.iter().all(|at| cells.get(*at).is_none_or(|cell| cell.trim().is_empty()));
        let mut is_left_out = false;
        let rows = table.rows.into_iter().filter(|(line, cells)| {
            let goes_on = has_lines && is_left_out && says_nothing(cells);
            let begins = has_lines && !says_nothing(cells);
            let is_skipped = self.skip.contains(line);
            is_left_out = goes_on || is_skipped && begins;
            self.head < *line && !is_skipped && !goes_on
        });
        let rows = rows.map(|(line, cells)| {
            let mended = self.cells.get(&line);
            let mapped = kept.iter().map(|(at, column)| {
                let text = mended.and_then(|mended| mended.get(at)).or(cells.get(*at)).map_or("", String::as_str);
                let kind = meta.within(&column.field).map(|(_, field)| field.kind);
                column.read(text.trim(), kind)
            });
            // Cells of columns the plan says nothing of are refused with their row.
            let beyond = cells.get(self.columns.len()..).unwrap_or_default();
            let beyond = if beyond.iter().all(|cell| cell.trim().is_empty()) { &[] } else { beyond };
            (line, mapped.chain(self.same.values().cloned()).chain(beyond.iter().cloned()).collect())
        });
        (names, rows.collect())
    }
}

impl Column {
    fn read(&self, text: &str, kind: Option<FieldKind>) -> String {
        if let Some(meant) = self.values.get(text) {
            return meant.clone();
        }
        let read = match kind {
            Some(FieldKind::Date) => self.days.and_then(|order| day(text, order)),
            Some(FieldKind::Amount | FieldKind::Qty | FieldKind::Price | FieldKind::Rate | FieldKind::Int) => {
                number(text, self.decimal.unwrap_or('.'))
            }
            _ => None,
        };
        // What cannot be read stays as it is, and is refused with its own text.
        read.unwrap_or_else(|| text.to_owned())
    }
}

/// The three numbers of a day.
fn parts(text: &str) -> Option<[u32; 3]> {
    // A time of day after it says nothing here.
    let day = text.split(['T', ' ']).next().unwrap_or(text);
    let numbers: Vec<&str> = day.split(|sign: char| !sign.is_ascii_digit()).filter(|part| !part.is_empty()).collect();
    let signs = day.chars().filter(|sign| !sign.is_ascii_digit());
    let usual = signs.clone().all(|sign| matches!(sign, '-' | '/' | '.' | '年' | '月' | '日'));
    match numbers.as_slice() {
        [one, two, three] if usual => Some([one.parse().ok()?, two.parse().ok()?, three.parse().ok()?]),
        [all] if all.len() == 8 && usual && signs.count() == 0 => {
            Some([all[..4].parse().ok()?, all[4..6].parse().ok()?, all[6..].parse().ok()?])
        }
        _ => None,
    }
}

/// A day as ISO 8601 writes it; two figures of a year are of this century.
fn day(text: &str, order: DayOrder) -> Option<String> {
    let [one, two, three] = parts(text)?;
    let (year, month, day) = match order {
        DayOrder::Ymd => (one, two, three),
        DayOrder::Dmy => (three, two, one),
        DayOrder::Mdy => (three, one, two),
    };
    let year = if year < 100 { 2000 + year } else { year };
    Date::new(year as i32, month, day).map(|date| date.to_string())
}

/// A number without signs of thousands, of money and of percent, negative in brackets as accountants do.
fn number(text: &str, decimal: char) -> Option<String> {
    let negative = (text.starts_with('(') && text.ends_with(')')) || text.contains(['-', '−']);
    let percent = text.contains(['%', '％']);
    let thousands = if decimal == ',' { '.' } else { ',' };
    let mut plain = String::new();
    for sign in text.chars() {
        match sign {
            '0'..='9' => plain.push(sign),
            '.' | ',' | '，' if sign == decimal => plain.push('.'),
            '\'' | ' ' | '\u{a0}' | '\u{202f}' | '(' | ')' | '-' | '−' | '+' | '%' | '％' | '¥' | '￥' | '$' | '€'
            | '£' => {}
            _ if sign == thousands || sign == '，' => {}
            _ => return None,
        }
    }
    if !plain.contains(|sign: char| sign.is_ascii_digit()) || 1 < plain.matches('.').count() {
        return None;
    }
    if percent {
        plain = hundredth(&plain);
    }
    Some(if negative { format!("-{plain}") } else { plain })
}

/// A decimal divided by a hundred: its point two places to the left.
fn hundredth(plain: &str) -> String {
    let (whole, part) = plain.split_once('.').unwrap_or((plain, ""));
    let whole = format!("{whole:0>3}");
    let (whole, moved) = whole.split_at(whole.len() - 2);
    format!("{whole}.{moved}{part}")
}

/// How the days of a column are written, and whether it could not be otherwise. None where they are no days.
fn day_order(values: &[&str]) -> Option<(DayOrder, bool)> {
    let parts: Vec<[u32; 3]> = values.iter().map(|text| parts(text)).collect::<Option<_>>()?;
    let fits = |order| values.iter().all(|text| day(text, order).is_some());
    if parts.iter().any(|[one, ..]| 31 < *one) {
        return fits(DayOrder::Ymd).then_some((DayOrder::Ymd, true));
    }
    match (fits(DayOrder::Dmy), fits(DayOrder::Mdy)) {
        (true, true) => Some((DayOrder::Dmy, parts.iter().all(|[one, two, _]| one == two))),
        (true, false) => Some((DayOrder::Dmy, true)),
        (false, true) => Some((DayOrder::Mdy, true)),
        (false, false) => None,
    }
}

/// Which sign stands before the part of the numbers of a column. None where they are no numbers.
fn decimal_sign(values: &[&str]) -> Option<char> {
    let reads = |sign| values.iter().all(|text| number(text, sign).is_some());
    // The sign that stands last is the decimal one, unless three figures follow it everywhere.
    let commas = values.iter().filter(|text| {
        text.rfind(',').is_some_and(|at| {
            text.rfind('.').is_none_or(|point| point < at)
                && text[at + 1..].chars().take_while(char::is_ascii_digit).count() != 3
        })
    });
    match commas.count() {
        0 if reads('.') => Some('.'),
        0 => None,
        _ if reads(',') => Some(','),
        _ => None,
    }
}

/// What the values of a column are.
fn values_of(values: &[&str]) -> Values {
    let are_days = !values.is_empty() && day_order(values).is_some();
    let are_figures = values.iter().all(|text| text.chars().all(|sign| sign.is_ascii_digit()));
    match are_days {
        _ if values.is_empty() => Values::Empty,
        true if are_figures => Values::Figures,
        true => Values::Days,
        false if decimal_sign(values).is_some() => Values::Numbers,
        false => Values::Texts,
    }
}

/// The line of the headings: above them there may be a title, and rows that say who made the file and when.
///
/// It is the first row of the top most cells of which are names of fields. Where no names are known it is the
/// first that is filled as rows of this file are.
fn heading(meta: &EntityMeta, table: &Table) -> usize {
    let top = &table.rows[..table.rows.len().min(HEAD_ROWS)];
    let filled = |cells: &[String]| {
        let texts: BTreeSet<&str> = cells.iter().map(|cell| cell.trim()).filter(|cell| !cell.is_empty()).collect();
        texts.len()
    };
    let widest = top.iter().map(|(_, cells)| filled(cells)).max().unwrap_or(0);
    let usual = top.iter().position(|(_, cells)| widest <= 2 * filled(cells)).unwrap_or(0);
    let known: Vec<usize> = top.iter().map(|(_, cells)| engine::known_heads(meta, cells)).collect();
    let best = known.iter().copied().max().unwrap_or(0);
    // One name alone may stand in any row: a customer whose kind is “customer”.
    let least = if widest == 1 { 1 } else { 2 };
    let at = if least <= best { known.iter().position(|one| *one == best).unwrap_or(usual) } else { usual };
    top.get(at).map_or(1, |(line, _)| *line)
}

/// What is in a file, and what each of its columns probably is. The heading is found where none is told.
pub(crate) fn look(meta: &EntityMeta, table: &Table, sheet: usize, head: Option<usize>) -> Json {
    let empty = Vec::new();
    let head = head.unwrap_or_else(|| heading(meta, table));
    let heads = table.rows.iter().find(|(line, _)| *line == head).map_or(&empty, |(_, cells)| cells);
    let rows: Vec<&(usize, Vec<String>)> = table.rows.iter().filter(|(line, _)| head < *line).collect();
    let has_ids = |at: usize| {
        let mut values = rows.iter().take(LOOKED_AT).filter_map(|(_, cells)| cells.get(at)).map(|cell| cell.trim());
        values.find(|cell| !cell.is_empty()).map(|first| kernel::id_parse(meta.prefix, first).is_some())
    };
    let texts = |at: usize| -> Vec<&str> {
        let cells = rows.iter().take(LOOKED_AT).filter_map(|(_, cells)| cells.get(at)).map(|cell| cell.trim());
        cells.filter(|cell| !cell.is_empty()).collect()
    };
    let guesses = engine::guess(meta, heads, &has_ids, &|at| values_of(&texts(at)));
    let width = rows.iter().map(|(_, cells)| cells.len()).chain([heads.len()]).max().unwrap_or(0);
    let columns = (0..width).map(|at| {
        let values = texts(at);
        let mut some: Vec<&str> = Vec::new();
        for value in &values {
            if some.len() < SAMPLE_VALUES && !some.contains(value) {
                some.push(value);
            }
        }
        let days = if values.is_empty() { None } else { day_order(&values) };
        let guess = guesses.get(at).and_then(Option::as_ref);
        json!({
            "name": heads.get(at).map_or("", |name| name.trim()), "values": some,
            "field": guess.map(|guess| guess.field.as_str()), "sure": guess.map_or(0, |guess| guess.sure),
            "days": days.map(|(order, _)| order.name()), "days_sure": days.is_none_or(|(_, sure)| sure),
            "decimal": if values.is_empty() { None } else { decimal_sign(&values).map(String::from) },
        })
    });
    let sample = rows.iter().take(SAMPLE_ROWS).map(|(line, cells)| json!({ "line": line, "cells": cells }));
    let top = table.rows.iter().take(HEAD_ROWS).map(|(line, cells)| {
        let (letters, most) = HEAD_SHOWN;
        let texts = cells.iter().map(|cell| cell.trim()).filter(|cell| !cell.is_empty());
        let texts = texts.take(most).map(|text| text.chars().take(letters).collect::<String>());
        json!({ "line": line, "cells": texts.collect::<Vec<_>>() })
    });
    json!({
        "sheets": table.sheets, "sheet": sheet, "head": head, "rows": rows.len(), "top": top.collect::<Vec<_>>(),
        "columns": columns.collect::<Vec<_>>(), "sample": sample.collect::<Vec<_>>(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_read_in_the_order_of_their_column() {
        assert_eq!(day("2026-1-5", DayOrder::Ymd).as_deref(), Some("2026-01-05"));
        assert_eq!(day("2026年11月25日", DayOrder::Ymd).as_deref(), Some("2026-11-25"));
        assert_eq!(day("20261125", DayOrder::Ymd).as_deref(), Some("2026-11-25"));
        assert_eq!(day("5.1.26", DayOrder::Dmy).as_deref(), Some("2026-01-05"));
        assert_eq!(day("1/25/2026 08:30", DayOrder::Mdy).as_deref(), Some("2026-01-25"));
        for wrong in ["", "tomorrow", "31.2.2026", "1-2", "12x3x2026"] {
            assert_eq!(day(wrong, DayOrder::Dmy), None, "{wrong}");
        }
        assert_eq!(day_order(&["1/2/2026", "25/2/2026"]), Some((DayOrder::Dmy, true)));
        assert_eq!(day_order(&["1/2/2026", "2/25/2026"]), Some((DayOrder::Mdy, true)));
        assert_eq!(day_order(&["1/2/2026", "3/4/2026"]), Some((DayOrder::Dmy, false)), "to be asked");
        assert_eq!(day_order(&["2026-01-02", "2026/1/3"]), Some((DayOrder::Ymd, true)));
        assert_eq!(day_order(&["2026-01-02", "soon"]), None);
    }

    #[test]
    fn numbers_are_read_as_their_column_writes_them() {
        for (text, decimal, read) in [
            ("1,234.50", '.', Some("1234.50")),
            ("1.234,50", ',', Some("1234.50")),
            ("¥ 1 234", '.', Some("1234")),
            ("(12.30)", '.', Some("-12.30")),
            ("-5", '.', Some("-5")),
            ("13%", '.', Some("0.13")),
            ("0.5%", '.', Some("0.005")),
            ("1.2.3", '.', None),
            ("12 pcs", '.', None),
            ("-", '.', None),
        ] {
            assert_eq!(number(text, decimal).as_deref(), read, "{text}");
        }
        assert_eq!(decimal_sign(&["1,234", "5"]), Some('.'), "three figures: thousands");
        assert_eq!(decimal_sign(&["1,23", "5"]), Some(','));
        assert_eq!(decimal_sign(&["a"]), None);
    }
}
