//! What a file says twice, and what looks like a record that is there already: told before it is loaded.
//!
//! Two rows of one key are two writes of one record: the second changes what the first made. A rehearsal keeps
//! nothing, so it counts by what the first row would have left.

use std::collections::HashMap;

use kernel::{Label, Refusal};
use meta::{EntityMeta, Trouble};
use serde_json::{Value as Json, json};

use crate::facts::Snapshot;
use crate::import::{Known, Row, is_key, marked};
use crate::write::Ask;
use crate::{Actor, Engine};

/// The code of the hint that a record may be one that is there already.
const KNOWN_ALREADY: &str = "known_already";
/// What tells that two records are one, if they are of an entity that has a tax number.
const TELLING: [&str; 2] = ["tax_number", "name"];

/// What of a record of a file stands further up in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Twice {
    pub field: String,
    /// The line of the first of them, as a spreadsheet counts.
    pub line: usize,
    /// Which record of the file it is of.
    pub row: usize,
    pub how: How,
    /// The first row of the record as it stands after both; empty for those that only look alike.
    pub cells: Vec<String>,
}

/// In what way two records of a file are the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum How {
    /// By what tells records apart: the second is a change of the first.
    Key,
    /// By what no two records may share: the second is refused.
    Unique,
    /// By a name or a tax number: both are made.
    Alike,
}

impl Twice {
    pub fn json(&self) -> Json {
        let how = match self.how {
            How::Key => "key",
            How::Unique => "unique",
            How::Alike => "alike",
        };
        json!({ "field": self.field, "line": self.line, "row": self.row, "how": how, "cells": self.cells })
    }

    pub fn read(told: &Json) -> Option<Twice> {
        let number = |name: &str| told[name].as_u64().and_then(|number| usize::try_from(number).ok());
        let how = match told["how"].as_str()? {
            "key" => How::Key,
            "unique" => How::Unique,
            _ => How::Alike,
        };
        let cells = told["cells"].as_array().into_iter().flatten();
        Some(Twice {
            field: told["field"].as_str()?.to_owned(),
            line: number("line")?,
            row: number("row")?,
            how,
            cells: cells.map(|cell| cell.as_str().unwrap_or("").to_owned()).collect(),
        })
    }

    /// What is told of it.
    pub fn refusal(&self) -> Refusal {
        Refusal::new(
            "twice_in_file",
            Label::new("Line {line} of the file says the same here.", "与文件第 {line} 行相同。"),
        )
        .with("line", self.line as i64)
        .field(&self.field)
    }
}

/// Of each record of a file, what of it stands further up.
pub(crate) fn twice(meta: &EntityMeta, columns: &[String], records: &[Vec<Row>]) -> Vec<Option<Twice>> {
    let is_unique = |name: &str| {
        let mut indexes = meta.indexes.iter();
        meta.field(name).is_some_and(|field| is_key(field.kind))
            && (meta.field(name).is_some_and(|field| field.unique)
                || indexes.any(|index| {
                    let of = index.strip_prefix("unique:");
                    of.is_some_and(|of| of.strip_prefix("company,").unwrap_or(of) == name)
                }))
    };
    let how = |column: &String| match marked(column) {
        (Some(_), _) | (None, "id" | "external_id") => Some(How::Key),
        (None, name) if is_unique(name) => Some(How::Unique),
        (None, name) if meta.field(TELLING[0]).is_some() && TELLING.contains(&name) => Some(How::Alike),
        _ => None,
    };
    let mut looked: Vec<(usize, How)> =
        columns.iter().enumerate().filter_map(|(at, column)| Some((at, how(column)?))).collect();
    looked.sort_by_key(|(_, how)| *how as u8);
    // By column and text: the first record that says so, and the last.
    let mut met: HashMap<(usize, String), (usize, usize)> = HashMap::new();
    let mut found: Vec<Option<Twice>> = Vec::with_capacity(records.len());
    for (row, record) in records.iter().enumerate() {
        let cells = record.first().map_or(&[][..], |(_, cells)| cells.as_slice());
        let mut here = None;
        for (at, how) in &looked {
            let text = cells.get(*at).map_or("", |cell| cell.trim());
            if text.is_empty() {
                continue;
            }
            let (first, last) = *met.entry((*at, text.to_owned())).or_insert((row, row));
            if first == row || here.is_some() {
                continue;
            }
            let after = match how {
                How::Key => after(
                    cells,
                    found[last]
                        .as_ref()
                        .map(|twice| &twice.cells)
                        .filter(|cells| !cells.is_empty())
                        .unwrap_or(&records[last][0].1),
                ),
                How::Unique | How::Alike => Vec::new(),
            };
            let field = marked(&columns[*at]).1.to_owned();
            here = Some(Twice { field, line: records[first][0].0, row: first, how: *how, cells: after });
            if *how == How::Key {
                met.insert((*at, text.to_owned()), (first, row));
            }
        }
        found.push(here);
    }
    found
}

/// The cells of a record when a later row has changed it: what that leaves empty stays.
fn after(cells: &[String], before: &[String]) -> Vec<String> {
    let stays = |at: usize| before.get(at).cloned().unwrap_or_default();
    (0..cells.len().max(before.len()))
        .map(|at| cells.get(at).filter(|cell| !cell.trim().is_empty()).cloned().unwrap_or_else(|| stays(at)))
        .collect()
}

impl Engine {
    /// What a rehearsed row asks for where another before it is kept: of the same record it is a change, which is
    /// told beside it, though nothing is there yet to be changed.
    pub(crate) fn second_ask(
        &self,
        actor: &Actor,
        meta: &'static EntityMeta,
        columns: &[String],
        rows: &[Row],
        twice: &Twice,
    ) -> Result<(Option<Ask>, bool), Trouble> {
        let ask = self.row_ask(actor, meta, columns, rows);
        let is_new = matches!(ask, Ok(Some(Ask::Create { .. })) | Err(_));
        match twice.how {
            How::Unique if is_new => Err(ask.err().unwrap_or_else(|| twice.refusal().into())),
            How::Key if is_new && columns.iter().any(|column| marked(column).0 == Some(Known::Stays)) => {
                ask.map(|_| (None, true))
            }
            How::Key if is_new => {
                let mut whole = rows.to_vec();
                whole[0].1.clone_from(&twice.cells);
                Ok((self.row_ask(actor, meta, columns, &whole)?, true))
            }
            _ => Ok((ask?, false)),
        }
    }

    /// What is told of a row that says what another says, or what a record that is there says; it stops nobody.
    pub(crate) fn alike(
        &self,
        actor: &Actor,
        ask: &Ask,
        rows: &[Row],
        row: usize,
        twice: Option<&Twice>,
    ) -> Result<Option<Json>, Trouble> {
        let is_new = matches!(ask, Ask::Create { .. });
        let why = match twice.filter(|twice| is_new || twice.how == How::Key) {
            Some(twice) => Some(twice.refusal()),
            None => self.known_already(actor, ask)?,
        };
        let Some(why) = why else { return Ok(None) };
        let problems = self.render(&why, actor.lang);
        Ok(Some(json!({ "row": row, "line": rows[0].0, "cells": rows[0].1, "problems": problems })))
    }

    /// Why a new record may be one that is there already.
    fn known_already(&self, actor: &Actor, ask: &Ask) -> Result<Option<Refusal>, Trouble> {
        let Ask::Create { meta, body, .. } = ask else { return Ok(None) };
        self.database.read(|conn| {
            let reader = Snapshot::new(self, actor, conn);
            let typed = self.typed(&reader, actor, meta, None, body.clone())?;
            let is_known = |about: &Refusal| about.problems.iter().any(|problem| problem.code == KNOWN_ALREADY);
            Ok(typed.hints.into_iter().map(|hint| hint.about).find(is_known))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_that_changes_another_leaves_what_it_does_not_say() {
        let cells = |text: &str| text.split(',').map(str::to_owned).collect::<Vec<_>>();
        assert_eq!(after(&cells("A,,9"), &cells("A,Ann,1")), cells("A,Ann,9"));
        let told = Twice { field: "code".into(), line: 3, row: 1, how: How::Key, cells: cells("A,b") };
        assert_eq!(Twice::read(&told.json()), Some(told));
        assert_eq!(Twice::read(&Json::Null), None);
    }
}
