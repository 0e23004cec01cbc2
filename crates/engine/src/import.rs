//! Files: which field a column is, and what a row of it asks for.
//!
//! A column is the name of a field. Of one column the name may carry a mark: its values tell which
//! record a row is of. `=code`: a row of a known code changes that record; `!code`: it is passed over.

use std::sync::Arc;

use kernel::{Label, Param, Refusal, id_parse, id_text};
use meta::{EntityMeta, FieldKind, Trouble, Value};
use serde_json::{Map, Value as Json, json};

use crate::bulk::invalid;
use crate::write::Ask;
use crate::{Actor, Engine, gone};

/// How many rows one file may have.
pub const IMPORT_MAX: usize = 200_000;

/// What becomes of a row whose record is known already.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Known {
    /// The record is changed.
    Changes,
    /// The row is passed over.
    Stays,
}

/// The mark of a column, and its field.
fn marked(column: &str) -> (Option<Known>, &str) {
    match (column.strip_prefix('='), column.strip_prefix('!')) {
        (Some(name), _) => (Some(Known::Changes), name),
        (_, Some(name)) => (Some(Known::Stays), name),
        _ => (None, column),
    }
}

fn at_field(trouble: Trouble, name: &str) -> Trouble {
    match trouble {
        Trouble::Refused(mut refusal) => {
            for problem in &mut refusal.problems {
                problem.field.get_or_insert_with(|| name.to_owned());
            }
            Trouble::Refused(refusal)
        }
        other => other,
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
        let (mut created, mut changed, mut failed) = (0, 0, Vec::new());
        for (number, cells) in rows.iter().enumerate() {
            // Looked up when the rows before are written: one may name another, or be of the same record.
            let outcome = self.row_ask(actor, meta, &columns, cells).and_then(|ask| {
                let Some(ask) = ask else { return Ok(None) };
                let is_new = matches!(ask, Ask::Create { .. });
                if dry {
                    self.rehearse(actor, vec![ask])?
                } else {
                    self.write(actor, ask, None).map(|_| ())?
                }
                Ok(Some(is_new))
            });
            match outcome {
                Ok(Some(true)) => created += 1,
                Ok(Some(false)) => changed += 1,
                Ok(None) => {}
                Err(trouble) => failed.push((number, trouble)),
            }
            done();
        }
        let failed = failed.into_iter().map(|(number, trouble)| {
            let mut told = self.row_trouble(actor, trouble);
            told["row"] = json!(number);
            // As a spreadsheet counts: the heading is line 1.
            told["line"] = json!(number + 2);
            told
        });
        Ok(json!({
            "rows": rows.len(), "created": created, "changed": changed, "dry": dry,
            "failed": failed.collect::<Vec<_>>(),
        }))
    }

    pub(crate) fn row_ask(
        &self,
        actor: &Actor,
        meta: &'static EntityMeta,
        columns: &[String],
        cells: &[String],
    ) -> Result<Option<Ask>, Trouble> {
        if cells.iter().all(|cell| cell.trim().is_empty()) {
            return Ok(None);
        }
        let mut body = Map::new();
        let mut key = None;
        for (column, cell) in columns.iter().zip(cells) {
            let (mark, name) = marked(column);
            // What our export put an apostrophe before, gets it taken away again.
            let text = match cell.strip_prefix('\'') {
                Some(rest)
                    if rest
                        .trim_start_matches('\'')
                        .starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠', '\t', '\r']) =>
                {
                    rest
                }
                _ => cell.as_str(),
            };
            if name.is_empty() || text.trim().is_empty() && name != "id" {
                continue;
            }
            if let Some(mark) = mark {
                key = Some((mark, name));
            }
            if let Some(FieldKind::Ref(target)) = meta.field(name).map(|field| field.kind) {
                let found = self.find_ref(actor, target, text.trim()).map_err(|trouble| at_field(trouble, name))?;
                body.insert(name.to_owned(), Json::String(found));
                continue;
            }
            body.insert(name.to_owned(), Json::String(text.to_owned()));
        }
        if let Some((mark, name)) = key {
            return self.keyed_ask(actor, meta, mark, name, body);
        }
        let id = body.remove("id").and_then(|id| id.as_str().and_then(|text| id_parse(meta.prefix, text.trim())));
        if let Some(id) = id {
            let sql = format!("select version from \"{}\" where id = ?1", meta.name);
            let version = self.database.read(|conn| Ok(conn.query(&sql, &[id.into()])?))?;
            let version = version.first().map(|row| row.int(0)).ok_or_else(|| gone(meta))?;
            return Ok(Some(Ask::Change { meta, id, version, body }));
        }
        match body.get("external_id").and_then(Json::as_str).map(str::to_owned) {
            Some(external) => self.upsert_ask(actor, meta, &external, body).map(Some),
            None => Ok(Some(Ask::Create { meta, body, trusted: false })),
        }
    }

    /// A reference in a file may be an id, an external id, a code or a name.
    fn find_ref(&self, actor: &Actor, target: &str, text: &str) -> Result<String, Trouble> {
        let meta = self.entity(target)?;
        if id_parse(meta.prefix, text).is_some() {
            return Ok(text.to_owned());
        }
        let mut ways: Vec<&str> = vec!["external_id"];
        ways.extend(["code", "number", "login", "name"].into_iter().filter(|name| meta.field(name).is_some()));
        let rows = self.known_by(actor, meta, &ways, Value::from(text))?;
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

fn several(meta: &EntityMeta, text: &str) -> Refusal {
    Refusal::new(
        "not_one",
        Label::new("Several {what} are called “{text}”. Use the id.", "有多个名为“{text}”的{what}，请使用编号。"),
    )
    .with("what", Param::Label(meta.label))
    .with("text", text.chars().take(80).collect::<String>())
}

/// Whether records can be told apart by such a field.
fn is_key(kind: FieldKind) -> bool {
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

/// Which field each column is, by name or label in either language.
pub(crate) fn columns(meta: &EntityMeta, head: &[String]) -> Result<Vec<String>, Trouble> {
    let mut problems = Vec::new();
    let found = head.iter().map(|cell| {
        let cell = cell.trim().trim_start_matches('\u{feff}');
        if matches!(cell, "" | "id" | "Id" | "编号" | "external_id" | "version") {
            return match cell {
                "Id" | "编号" if meta.field("number").is_none_or(|field| field.label.zh != "编号") => {
                    "id".to_owned()
                }
                "version" => String::new(),
                other => other.to_owned(),
            };
        }
        let known = meta
            .fields
            .iter()
            .find(|field| field.name == cell || field.label.zh == cell || field.label.en.eq_ignore_ascii_case(cell));
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
    if problems.is_empty() { Ok(found) } else { Err(Refusal::merge(problems).into()) }
}

/// Columns that were told by the names of fields, one of them perhaps marked: all must be writable.
pub(crate) fn known_columns(meta: &EntityMeta, columns: &[String]) -> Result<(), Trouble> {
    let mut marks = 0;
    for (at, column) in columns.iter().enumerate() {
        let (mark, name) = marked(column);
        marks += usize::from(mark.is_some());
        let field = meta.field(name);
        let is_known = matches!(name, "" | "id" | "external_id")
            || field.is_some_and(|field| {
                !field.readonly && !field.computed && !matches!(field.kind, FieldKind::Owned(_) | FieldKind::Id)
            });
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
        let twice = columns[..at].iter().any(|other| !name.is_empty() && marked(other).1 == name);
        if twice || 1 < marks {
            return Err(invalid(Label::new(
                "“{name}” is filled by two columns. Leave one out.",
                "有两列对应“{name}”，请去掉一列。",
            ))
            .with("name", name.to_owned())
            .field("columns")
            .into());
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
