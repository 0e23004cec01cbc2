//! Files: which field a column is, and what a row of it asks for.
//!
//! A column is the name of a field. Of one column the name may carry a mark: its values tell which
//! record a row is of. `=code`: a row of a known code changes that record; `!code`: it is passed over.
//!
//! `lines.product` is a field of the lines of a record. Then a row after the first adds a line to the
//! same record if what it says of the record itself is empty or the same.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use kernel::{Label, Lang, Param, Refusal, id_parse, id_text};
use meta::{EntityMeta, FieldKind, FieldMeta, Trouble, Value};
use serde_json::{Map, Value as Json, json};

use crate::bulk::invalid;
use crate::twice::twice;
use crate::write::Ask;
use crate::{Actor, Engine, gone};

/// A row of a file: its line, as a spreadsheet counts, and its cells.
pub(crate) type Row = (usize, Vec<String>);

/// How many rows one file may have.
pub const IMPORT_MAX: usize = 200_000;

/// How many blanks of a name are tried as the end of its first part.
const TITLE_BLANKS_MAX: usize = 8;

/// What becomes of a row whose record is known already.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Known {
    /// The record is changed.
    Changes,
    /// The row is passed over.
    Stays,
}

/// The mark of a column, and its field.
pub(crate) fn marked(column: &str) -> (Option<Known>, &str) {
    match (column.strip_prefix('='), column.strip_prefix('!')) {
        (Some(name), _) => (Some(Known::Changes), name),
        (_, Some(name)) => (Some(Known::Stays), name),
        _ => (None, column),
    }
}

/// The owned field a column fills a field of, and that field: `lines.product`.
fn within(name: &str) -> Option<(&str, &str)> {
    name.split_once('.')
}

/// Rows that are of one record, in the order of the file.
pub(crate) fn together(columns: &[String], rows: impl IntoIterator<Item = Row>) -> Vec<Vec<Row>> {
    let marks = |name: &&String| marked(name).0.is_some() || matches!(name.as_str(), "id" | "external_id");
    let own = |name: &str| !name.is_empty() && within(name).is_none();
    let has_lines = columns.iter().any(|name| within(marked(name).1).is_some());
    let key = columns.iter().position(|name| marks(&name));
    let mut records: Vec<Vec<Row>> = Vec::new();
    for (line, cells) in rows {
        let says = |at: usize| cells.get(at).map_or("", |cell| cell.trim());
        let goes_on = |first: &Row| {
            let there = |at: usize| first.1.get(at).map_or("", |cell| cell.trim());
            let agrees = |at: usize| says(at).is_empty() || says(at) == there(at);
            match key {
                Some(key) if !says(key).is_empty() => says(key) == there(key),
                _ => (0..columns.len()).filter(|at| own(marked(&columns[*at]).1)).all(agrees),
            }
        };
        match records.last_mut() {
            Some(record) if has_lines && goes_on(&record[0]) => record.push((line, cells)),
            _ => records.push(vec![(line, cells)]),
        }
    }
    records
}

/// Whether a row says something of the lines of a record.
fn adds_to(owned: &str, columns: &[String], cells: &[String]) -> bool {
    columns
        .iter()
        .zip(cells)
        .any(|(name, cell)| !cell.trim().is_empty() && within(marked(name).1).is_some_and(|(lines, _)| lines == owned))
}

/// The row of the file that a problem is of.
pub(crate) fn row_of<'a>(columns: &[String], rows: &'a [Row], field: &str, line: Option<usize>) -> &'a Row {
    let owned = within(field).map_or(field, |(owned, _)| owned);
    let mut adding = rows.iter().filter(|(_, cells)| adds_to(owned, columns, cells));
    line.and_then(|line| adding.nth(line)).unwrap_or(&rows[0])
}

fn at_field(mut refusal: Refusal, name: &str, line: Option<usize>) -> Refusal {
    for problem in &mut refusal.problems {
        problem.field.get_or_insert_with(|| name.to_owned());
        problem.row = problem.row.or(line);
    }
    refusal
}

/// Tells of each problem of a refused record in which line of the file it is.
pub(crate) fn with_lines(told: &mut Json, columns: &[String], rows: &[Row]) {
    for problem in told["problems"].as_array_mut().into_iter().flatten() {
        let at = problem["row"].as_u64().and_then(|at| usize::try_from(at).ok());
        let (line, _) = row_of(columns, rows, problem["field"].as_str().unwrap_or(""), at);
        // Jobs of earlier versions do not know the lines of their rows.
        if 0 < *line {
            problem["line"] = json!(line);
        }
    }
}

impl Engine {
    /// The entity, if the actor may load files of it.
    pub fn importable(&self, actor: &Actor, entity: &str) -> Result<&'static EntityMeta, Trouble> {
        let meta = self.entity(entity)?;
        self.permit(actor, meta, "import")?;
        Ok(meta)
    }

    /// Loads the rows of a file; the first row names the fields (by name or label).
    ///
    /// Good rows are written in groups, bad ones are told by their number and written
    /// nowhere: the file of the bad rows can be mended and loaded again. An `id` or
    /// `external_id` column makes known rows change instead of being created again. `done` hears
    /// of every row.
    pub fn import(
        self: &Arc<Self>,
        actor: &Actor,
        entity: &str,
        rows: &[Vec<String>],
        dry: bool,
        done: &dyn Fn(),
    ) -> Result<Json, Trouble> {
        let meta = self.entity(entity)?;
        self.permit(actor, meta, "import")?;
        let Some((head, rows)) = rows.split_first().filter(|(_, rows)| rows.len() <= IMPORT_MAX) else {
            return Err(invalid(Label::new(
                "The file needs a first row with the names of the fields, and at most 200,000 rows.",
                "文件首行须为字段名称，且不超过 20 万行。",
            ))
            .into());
        };
        let columns = columns(meta, head)?;
        let (mut created, mut changed, mut failed, mut alike) = (0, 0, Vec::new(), Vec::new());
        let mut refused = BTreeSet::new();
        // As a spreadsheet counts: the heading is line 1.
        let lines = rows.iter().enumerate().map(|(number, cells)| (number + 2, cells.clone()));
        let records = together(&columns, lines);
        let twice = twice(meta, &columns, &records);
        for (row, (record, twice)) in records.into_iter().zip(twice).enumerate() {
            let made = twice.filter(|twice| !refused.contains(&twice.row));
            // Looked up when the rows before are written: one may name another, or be of the same record.
            let asked = match &made {
                Some(twice) if dry => self.second_ask(actor, meta, &columns, &record, twice),
                _ => self.row_ask(actor, meta, &columns, &record).map(|ask| (ask, false)),
            };
            let outcome = asked.and_then(|(ask, is_second)| {
                let Some(ask) = ask else { return Ok(None) };
                let is_new = matches!(ask, Ask::Create { .. }) && !is_second;
                let done = match dry {
                    true => self.rehearse(actor, vec![ask.clone()]),
                    false => self.write(actor, ask.clone(), None).map(|_| ()),
                };
                match done {
                    Ok(()) => {
                        if dry {
                            alike.extend(self.alike(actor, &ask, &record, row, made.as_ref())?);
                        }
                        Ok(Some(is_new))
                    }
                    Err(Trouble::Refused(refusal)) => Err(self.all_faults(actor, &ask, refusal).into()),
                    Err(other) => Err(other),
                }
            });
            match outcome {
                Ok(Some(true)) => created += 1,
                Ok(Some(false)) => changed += 1,
                Ok(None) => {}
                Err(trouble) => {
                    refused.insert(row);
                    let mut told = self.row_trouble(actor, trouble);
                    with_lines(&mut told, &columns, &record);
                    told["row"] = json!(record[0].0 - 2);
                    told["line"] = json!(record[0].0);
                    failed.push(told);
                }
            }
            record.iter().for_each(|_| done());
        }
        Ok(json!({
            "rows": rows.len(), "created": created, "changed": changed, "dry": dry, "failed": failed,
            "duplicates": alike.len(), "alike": alike,
        }))
    }

    /// What the rows of one record ask for; nothing if they are empty. Refused with all that is wrong with them.
    pub(crate) fn row_ask(
        &self,
        actor: &Actor,
        meta: &'static EntityMeta,
        columns: &[String],
        rows: &[Row],
    ) -> Result<Option<Ask>, Trouble> {
        let is_empty = |cells: &[String]| cells.iter().all(|cell| cell.trim().is_empty());
        if rows.iter().all(|(_, cells)| is_empty(cells)) {
            return Ok(None);
        }
        let (mut body, mut wrong) = (Map::new(), surplus(columns, rows));
        let mut key = None;
        for (column, cell) in columns.iter().zip(&rows[0].1) {
            let (mark, name) = marked(column);
            let text = bare(cell);
            if name.is_empty() || within(name).is_some() || text.trim().is_empty() && name != "id" {
                continue;
            }
            if let Some(mark) = mark {
                key = Some((mark, name));
            }
            match self.cell(actor, meta, name, text) {
                Ok(value) => drop(body.insert(name.to_owned(), value)),
                Err(Trouble::Refused(refusal)) => wrong.push(at_field(refusal, name, None)),
                Err(other) => return Err(other),
            }
        }
        for (owned, lines) in self.row_lines(actor, meta, columns, rows, &mut wrong)? {
            body.insert(owned, Json::Array(lines));
        }
        let ask = self.ask_of(actor, meta, key, body);
        if wrong.is_empty() {
            return ask;
        }
        let wrong = Refusal::merge(wrong);
        Err(match ask {
            Ok(Some(ask)) => self.all_faults(actor, &ask, wrong),
            Err(Trouble::Refused(refusal)) => wrong.and(refusal),
            Ok(None) => wrong,
            Err(other) => return Err(other),
        }
        .into())
    }

    /// Whether what was read makes a record or changes one.
    fn ask_of(
        &self,
        actor: &Actor,
        meta: &'static EntityMeta,
        key: Option<(Known, &str)>,
        mut body: Map<String, Json>,
    ) -> Result<Option<Ask>, Trouble> {
        if let Some((mark, name)) = key {
            return Ok(self.keyed_ask(actor, meta, mark, name, body)?.map(with_new_lines));
        }
        let id = body.remove("id").and_then(|id| id.as_str().and_then(|text| id_parse(meta.prefix, text.trim())));
        if let Some(id) = id {
            let sql = format!("select version from \"{}\" where id = ?1", meta.name);
            let version = self.database.read(|conn| Ok(conn.query(&sql, &[id.into()])?))?;
            let version = version.first().map(|row| row.int(0)).ok_or_else(|| gone(meta))?;
            return Ok(Some(Ask::Change { meta, id, version, body }));
        }
        match body.get("external_id").and_then(Json::as_str).map(str::to_owned) {
            Some(external) => Ok(Some(with_new_lines(self.upsert_ask(actor, meta, &external, body)?))),
            None => Ok(Some(with_new_lines(Ask::Create { meta, body, trusted: false }))),
        }
    }

    /// The lines that the rows of a record add, by the field they are lines of, and what is wrong with them.
    fn row_lines(
        &self,
        actor: &Actor,
        meta: &EntityMeta,
        columns: &[String],
        rows: &[Row],
        wrong: &mut Vec<Refusal>,
    ) -> Result<BTreeMap<String, Vec<Json>>, Trouble> {
        let mut all: BTreeMap<String, Vec<Json>> = BTreeMap::new();
        for (_, cells) in rows {
            let mut of_row: BTreeMap<&str, Map<String, Json>> = BTreeMap::new();
            for (name, cell) in columns.iter().zip(cells) {
                let text = bare(cell);
                let Some((owned, inner)) = within(name).filter(|_| !text.trim().is_empty()) else { continue };
                let line = all.get(owned).map_or(0, Vec::len);
                let of_line = of_row.entry(owned).or_default();
                match self.cell(actor, meta, name, text) {
                    Ok(value) => drop(of_line.insert(inner.to_owned(), value)),
                    Err(Trouble::Refused(refusal)) => wrong.push(at_field(refusal, name, Some(line))),
                    Err(other) => return Err(other),
                }
            }
            for (owned, line) in of_row {
                all.entry(owned.to_owned()).or_default().push(Json::Object(line));
            }
        }
        Ok(all)
    }

    /// What a cell says for a field: of a reference the id, of anything else its text, or what that describes.
    fn cell(&self, actor: &Actor, meta: &EntityMeta, name: &str, text: &str) -> Result<Json, Trouble> {
        match meta.within(name).map(|(_, field)| field.kind) {
            Some(FieldKind::Ref(target)) => self.find_ref(actor, target, text.trim()).map(Json::String),
            Some(FieldKind::Json) => Ok(serde_json::from_str(text).unwrap_or_else(|_| Json::from(text))),
            _ => Ok(Json::from(text)),
        }
    }

    /// A reference in a file may be an id, an external id, a code or a name.
    pub(crate) fn find_ref(&self, actor: &Actor, target: &str, text: &str) -> Result<String, Trouble> {
        let meta = self.entity(target)?;
        if id_parse(meta.prefix, text).is_some() {
            return Ok(text.to_owned());
        }
        let mut ways: Vec<&str> = vec!["external_id"];
        ways.extend(["code", "number", "login", "name"].into_iter().filter(|name| meta.field(name).is_some()));
        let mut rows = self.known_by(actor, meta, &ways, Value::from(text))?;
        if rows.is_empty() {
            rows = self.known_as(actor, meta, text)?;
        }
        match rows.as_slice() {
            [one] => Ok(id_text(meta.prefix, one.int(0))),
            [] => Err(Refusal::new(
                "not_one",
                Label::new(
                    "There is no {what} called “{text}”. Create it first.",
                    "没有名为“{text}”的{what}，请先新建。",
                ),
            )
            .with("what", Param::Label(meta.label))
            .with("text", text.chars().take(80).collect::<String>())
            .into()),
            _ => Err(several(meta, text).into()),
        }
    }

    /// The record that lists and files call so, in either language: where a name is made of several fields, such as
    /// `2202 Accounts payable`, by the first of them.
    fn known_as(&self, actor: &Actor, meta: &EntityMeta, text: &str) -> Result<Vec<meta::Row>, Trouble> {
        if let Some(zh) = meta.title_zh {
            return self.known_by(actor, meta, &[zh], Value::from(text));
        }
        let [first, .., _] = meta.title else { return Ok(Vec::new()) };
        if !meta.field(first).is_some_and(|field| matches!(field.kind, FieldKind::Text)) {
            return Ok(Vec::new());
        }
        // The first part may hold blanks itself.
        for (at, _) in text.match_indices(' ').take(TITLE_BLANKS_MAX) {
            let rows = self.known_by(actor, meta, &[first], Value::from(&text[..at]))?;
            let [one] = rows.as_slice() else { continue };
            let wanted = BTreeMap::from([(meta.name, BTreeSet::from([one.int(0)]))]);
            let labels = self.database.read(|conn| Ok(store::labels(conn, &self.registry, &wanted, Lang::En)?))?;
            if labels.get(&(meta.name.to_owned(), one.int(0))).is_some_and(|label| label == text) {
                return Ok(rows);
            }
        }
        Ok(Vec::new())
    }

    /// Id and version of the records of the actor's company one of whose columns says so; two tell that it is not one.
    fn known_by(
        &self,
        actor: &Actor,
        meta: &EntityMeta,
        ways: &[&str],
        value: Value,
    ) -> Result<Vec<meta::Row>, Trouble> {
        if matches!(&value, Value::Text(text) if text.contains('\0')) {
            // No record has it, and PostgreSQL does not take it.
            return Ok(Vec::new());
        }
        let conditions: Vec<String> = ways.iter().map(|way| format!("\"{way}\" = ?1")).collect();
        let mut sql = format!("select id, version from \"{}\" where ({})", meta.name, conditions.join(" or "));
        let mut args = vec![value];
        if meta.has_company() {
            sql.push_str(" and company = ?2");
            args.push(actor.company.into());
        }
        sql.push_str(" order by id limit 2");
        self.database.read(|conn| Ok(conn.query(&sql, &args)?))
    }

    /// A row of a file whose record is known by one of its fields.
    fn keyed_ask(
        &self,
        actor: &Actor,
        meta: &'static EntityMeta,
        known: Known,
        name: &str,
        mut body: Map<String, Json>,
    ) -> Result<Option<Ask>, Trouble> {
        let text = body.get(name).and_then(Json::as_str).unwrap_or("").trim().to_owned();
        let value = match (name, meta.field(name)) {
            ("id", _) => id_parse(meta.prefix, &text).map(Value::Int).ok_or_else(|| gone(meta))?,
            ("external_id", _) => Value::from(text.as_str()),
            (_, Some(field)) if is_key(field.kind) && !field.secret => Value::from(text.as_str()),
            _ => return Err(not_a_key(name).into()),
        };
        let rows = self.known_by(actor, meta, &[name], value)?;
        body.remove("id");
        match rows.as_slice() {
            [] if name == "id" => Err(gone(meta)),
            [] => Ok(Some(Ask::Create { meta, body, trusted: false })),
            [_] if known == Known::Stays => Ok(None),
            [row] => Ok(Some(Ask::Change { meta, id: row.int(0), version: row.int(1), body })),
            _ => Err(several(meta, &text).field(name).into()),
        }
    }
}

/// What stands in cells that no column has: where a cell slipped to the side, all after it say something else.
fn surplus(columns: &[String], rows: &[Row]) -> Vec<Refusal> {
    let beyond = rows.iter().filter_map(|(line, cells)| {
        let at = (columns.len()..cells.len()).find(|at| !cells[*at].trim().is_empty())?;
        let told = Refusal::new(
            "surplus_cell",
            Label::new(
                "Line {line} has a cell that no heading stands above: “{text}” in column {column}. Remove it, or name its column.",
                "第 {line} 行有单元格没有对应的列名：第 {column} 列的“{text}”。请删除，或填写该列的列名。",
            ),
        );
        let text: String = cells[at].trim().chars().take(80).collect();
        Some(told.with("line", *line as i64).with("text", text).with("column", at as i64 + 1))
    });
    beyond.collect()
}

/// Lines of a new record are new, whatever record the file had them from.
fn with_new_lines(mut ask: Ask) -> Ask {
    if let Ask::Create { meta, body, .. } = &mut ask {
        for (index, _) in meta.owned_fields_meta() {
            for line in body.get_mut(meta.fields[index].name).and_then(Json::as_array_mut).into_iter().flatten() {
                line.as_object_mut().map(|line| line.remove("id"));
            }
        }
    }
    ask
}

/// A cell without the apostrophe our export puts before what a spreadsheet would take for a formula.
fn bare(cell: &str) -> &str {
    const SIGNS: [char; 10] = ['=', '+', '-', '@', '＝', '＋', '－', '＠', '\t', '\r'];
    cell.strip_prefix('\'').filter(|rest| rest.trim_start_matches('\'').starts_with(SIGNS)).unwrap_or(cell)
}

fn several(meta: &EntityMeta, text: &str) -> Refusal {
    Refusal::new(
        "not_one",
        Label::new("Several {what} are called “{text}”. Use the id.", "有多个名为“{text}”的{what}，请使用编号。"),
    )
    .with("what", Param::Label(meta.label))
    .with("text", text.chars().take(80).collect::<String>())
}

/// Whether records can be told apart by such a field.
pub(crate) fn is_key(kind: FieldKind) -> bool {
    matches!(kind, FieldKind::Text | FieldKind::Email | FieldKind::Phone | FieldKind::Barcode)
}

fn not_a_key(name: &str) -> Refusal {
    invalid(Label::new(
        "Rows cannot be told apart by “{name}”. Choose a field of text, such as a code.",
        "不能用“{name}”识别记录，请选择代码等文本字段。",
    ))
    .with("name", name.chars().take(60).collect::<String>())
    .field(name)
}

fn named<'a>(meta: &'a EntityMeta, name: &str) -> Option<&'a FieldMeta> {
    let is =
        |field: &&FieldMeta| field.name == name || field.label.zh == name || field.label.en.eq_ignore_ascii_case(name);
    meta.fields.iter().find(is)
}

/// Whether the heading of a column says that it holds ids; documents have a number that is called the same in Chinese.
pub(crate) fn is_id(meta: &EntityMeta, head: &str) -> bool {
    matches!(head, "id" | "Id") || head == "编号" && meta.fields.iter().all(|field| field.label.zh != "编号")
}

/// Whether a file can fill it in the lines of a record; the id tells which of the lines a row is.
pub(crate) fn is_fillable_line(field: &FieldMeta) -> bool {
    is_fillable(field) || matches!(field.kind, FieldKind::Id)
}

/// Whether a file can fill it.
pub(crate) fn is_fillable(field: &FieldMeta) -> bool {
    !field.readonly && !field.computed && !matches!(field.kind, FieldKind::Owned(_) | FieldKind::Id)
}

/// Which field each column is, by name or label in either language; of lines with that of their field before it, as in
/// `Lines / Product`.
pub(crate) fn columns(meta: &EntityMeta, head: &[String]) -> Result<Vec<String>, Trouble> {
    let mut problems = Vec::new();
    let found = head.iter().map(|cell| {
        let cell = cell.trim().trim_start_matches('\u{feff}');
        match cell {
            "" | "version" => return String::new(),
            "external_id" => return cell.to_owned(),
            _ if is_id(meta, cell) => return "id".to_owned(),
            _ => {}
        }
        let known = named(meta, cell);
        let line = cell.split_once(['.', '/', '／']).filter(|_| known.is_none()).and_then(|(owned, inner)| {
            let owned = named(meta, owned.trim())?;
            let FieldKind::Owned(of) = owned.kind else { return None };
            let inner = if is_id(of(), inner.trim()) { "id" } else { inner.trim() };
            Some((owned, named(of(), inner)?))
        });
        if let Some((owned, inner)) = line {
            let can = is_fillable_line(inner) && !owned.readonly;
            return if can { format!("{}.{}", owned.name, inner.name) } else { String::new() };
        }
        match known {
            // What the server fills is in our exports; it is read over.
            Some(field) if field.readonly || field.computed => String::new(),
            Some(field) => field.name.to_owned(),
            None => {
                problems.push(
                    Refusal::new(
                        "unknown_field",
                        Label::new(
                            "{what} has no field “{name}”. Rename or remove the column.",
                            "{what}没有字段“{name}”，请更正或删除该列。",
                        ),
                    )
                    .with("what", Param::Label(meta.label))
                    .with("name", cell.chars().take(60).collect::<String>())
                    .field(cell),
                );
                String::new()
            }
        }
    });
    let found: Vec<String> = found.collect();
    problems.extend(
        (0..found.len()).filter(|at| is_twice(&found, *at)).map(|at| filled_twice(&found[at]).field(&found[at])),
    );
    if problems.is_empty() { Ok(found) } else { Err(Refusal::merge(problems).into()) }
}

/// Whether a column before this one fills the same field.
fn is_twice(columns: &[String], at: usize) -> bool {
    let name = marked(&columns[at]).1;
    !name.is_empty() && columns[..at].iter().any(|other| marked(other).1 == name)
}

fn filled_twice(name: &str) -> Refusal {
    invalid(Label::new("“{name}” is filled by two columns. Leave one out.", "有两列对应“{name}”，请去掉一列。"))
        .with("name", name.to_owned())
}

/// Columns that were told by the names of fields, one of them perhaps marked: all must be writable.
pub(crate) fn known_columns(meta: &EntityMeta, columns: &[String]) -> Result<(), Trouble> {
    let mut marks = 0;
    for (at, column) in columns.iter().enumerate() {
        let (mark, name) = marked(column);
        marks += usize::from(mark.is_some());
        let field = meta.field(name);
        let is_open = within(name).is_none_or(|(owned, _)| meta.field(owned).is_some_and(|owned| !owned.readonly));
        let is_known = matches!(name, "" | "id" | "external_id")
            || is_open
                && meta
                    .within(name)
                    .is_some_and(|(of, field)| is_fillable(field) || of.parent.is_some() && is_fillable_line(field));
        if !is_known {
            return Err(invalid(Label::new(
                "{what} has no field “{name}” that a file can fill.",
                "{what}没有可导入的字段“{name}”。",
            ))
            .with("what", Param::Label(meta.label))
            .with("name", name.chars().take(60).collect::<String>())
            .field("columns")
            .into());
        }
        if is_twice(columns, at) || 1 < marks {
            return Err(filled_twice(name).field("columns").into());
        }
        if mark.is_some()
            && !matches!(name, "id" | "external_id")
            && !field.is_some_and(|field| is_key(field.kind) && !field.secret)
        {
            return Err(not_a_key(name).into());
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The lines of the file that each record is made of.
    fn grouped(columns: &str, rows: &[&str]) -> Vec<Vec<usize>> {
        let cut = |text: &str| text.split(',').map(str::to_owned).collect::<Vec<_>>();
        let rows = rows.iter().enumerate().map(|(number, row)| (number + 2, cut(row)));
        let records = together(&cut(columns), rows);
        records.iter().map(|rows| rows.iter().map(|(line, _)| *line).collect()).collect()
    }

    #[test]
    fn rows_that_say_nothing_new_of_a_record_add_lines_to_it() {
        assert_eq!(grouped("number,lines.qty", &["A,1", ",2", "B,3", "B,4", "A,5"]), [vec![2, 3], vec![4, 5], vec![6]]);
        assert_eq!(grouped("number,qty", &["A,1", "A,2"]), [[2], [3]], "no lines: a row is a record");
        // A key tells records apart, whatever else the rows say of them.
        assert_eq!(grouped("=code,name,lines.qty", &["A,x,1", "A,y,2", "B,x,3"]), [vec![2, 3], vec![4]]);
        assert_eq!(grouped("name,lines.qty", &["x,1", "y,2"]), [[2], [3]]);
    }

    #[test]
    fn a_problem_of_a_line_is_of_the_row_that_added_it() {
        let columns: Vec<String> = ["number", "lines.qty", "taxes.tax"].map(str::to_owned).to_vec();
        let row = |line: usize, cells: [&str; 3]| (line, cells.map(str::to_owned).to_vec());
        let rows = [row(2, ["A", "", "x"]), row(3, ["", "1", ""]), row(4, ["", "2", "y"])];
        let line = |field: &str, at| row_of(&columns, &rows, field, at).0;
        assert_eq!([line("lines.qty", Some(1)), line("taxes.tax", Some(1)), line("number", None)], [4, 4, 2]);
        assert_eq!(line("lines", Some(9)), 2, "none of them");
    }
}
