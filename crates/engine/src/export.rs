//! Lists as files: the rows of a list one by one, with their lines where these are wanted.
//!
//! A file with lines has a row for each line. What is said of the record stands in its first row; the rows
//! after it repeat the id and what the record is called by, so that an import knows whose lines they are and
//! nobody adds up a total twice. [`crate::import`] takes such a file back.

use std::collections::{BTreeSet, HashMap};

use kernel::{Amount, Currency, Label, Lang};
use meta::json::Currencies;
use meta::{Cell, EntityMeta, FieldKind, FieldMeta, ListQuery, Record, Table, Trouble, Value};
use store::Conn;

use crate::import::is_fillable;
use crate::write::outer;
use crate::{Actor, Engine};

/// How many records are read at a time.
const PAGE: usize = 1_000;
/// How many names one question is about.
const NAMES_MAX: usize = 500;

/// Which rows and columns a file has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// A row for each record.
    Records,
    /// A row for each line of a record.
    Lines,
    /// Only what an import can fill, with one record to show how.
    Example,
}

/// A column of a file.
#[derive(Clone, Debug)]
pub struct FileColumn {
    /// The field whose lines it is of, if it is of lines.
    pub of: Option<Label>,
    /// What it says.
    pub label: Label,
    /// What its cells hold.
    pub kind: FieldKind,
}

/// What takes the rows of a file, one by one.
pub trait RowWriter {
    /// Hears of the columns, before any row.
    fn begin(&mut self, columns: &[FileColumn]) -> Result<(), Trouble>;
    /// Takes a row: a cell for each column.
    fn row(&mut self, cells: Vec<Cell>) -> Result<(), Trouble>;
}

impl RowWriter for Table {
    fn begin(&mut self, _: &[FileColumn]) -> Result<(), Trouble> {
        Ok(())
    }

    fn row(&mut self, cells: Vec<Cell>) -> Result<(), Trouble> {
        self.push(cells)?;
        Ok(())
    }
}

/// The columns of one entity in a file.
struct Part {
    /// The position of the owned field; none for the record itself.
    owned: Option<usize>,
    meta: &'static EntityMeta,
    has_id: bool,
    fields: Vec<(usize, &'static FieldMeta)>,
}

type Labels = HashMap<(String, i64), String>;

impl Engine {
    /// All rows of a list as a table. The right to export is needed.
    pub fn table(&self, actor: &Actor, entity: &str, query: &ListQuery) -> Result<Table, Trouble> {
        let meta = self.entity(entity)?;
        let shown = self.part(actor, meta, None, query, Shape::Records);
        let id = meta::Column { name: "id", label: Label::new("Id", "编号"), kind: FieldKind::Text };
        let column =
            |(_, field): &(usize, &FieldMeta)| meta::Column { name: field.name, label: field.label, kind: field.kind };
        let mut table = Table::new(std::iter::once(id).chain(shown.fields.iter().map(column)).collect());
        self.export(actor, entity, query, Shape::Records, None, &mut table)?;
        Ok(table)
    }

    /// The rows of a list for a file: first its columns, then row by row, all on one snapshot. The right to
    /// export is needed; of `most` records at most, if that is said; an example needs the right to import, and shows a record to those who may export.
    pub fn export(
        &self,
        actor: &Actor,
        entity: &str,
        query: &ListQuery,
        shape: Shape,
        most: Option<usize>,
        file: &mut dyn RowWriter,
    ) -> Result<(), Trouble> {
        let meta = self.entity(entity)?;
        self.permit(actor, meta, "see")?;
        let shows_rows = match shape {
            Shape::Records | Shape::Lines => self.permit(actor, meta, "export").map(|()| true)?,
            Shape::Example => {
                self.permit(actor, meta, "import").map(|()| self.permit(actor, meta, "export").is_ok())?
            }
        };
        let is_column = |name: &str| {
            name == "id"
                || meta.field(name).is_some_and(|field| field.kind.is_column() && self.visible(actor, meta, field))
        };
        if let Some(name) = query.fields.iter().find(|name| shape == Shape::Records && !is_column(name)) {
            return Err(store::unknown_field(meta, name).into());
        }
        let mut parts = vec![self.part(actor, meta, None, query, shape)];
        if shape != Shape::Records {
            let owned = meta.owned_fields_meta().filter(|(index, _)| {
                let field = &meta.fields[*index];
                let taken = shape != Shape::Example || !field.readonly;
                !field.hidden && taken && self.visible(actor, meta, field)
            });
            parts.extend(owned.map(|(index, line)| self.part(actor, line, Some(index), query, shape)));
        }
        file.begin(&parts.iter().flat_map(|part| part.columns(meta)).collect::<Vec<_>>())?;
        if !shows_rows {
            return Ok(());
        }
        let rules = self.rules(actor, meta, "export");
        let keeps = meta.name != "company" || self.database.read(|conn| self.keeps_all(conn, actor))?;
        let visible = |entity: &EntityMeta, field: &FieldMeta| {
            actor.access.may_see(entity)
                && self.visible(actor, entity, field)
                && self.is_told(actor, entity, field.name, keeps)
        };
        let scope = self.scope(actor, &visible);
        let owned = parts.iter().filter_map(|part| part.owned.map(|index| meta.fields[index].name.to_owned()));
        let mut left = if shape == Shape::Example { 1 } else { most.unwrap_or(usize::MAX) };
        let mut page_query = ListQuery { count: false, group: Vec::new(), fields: owned.collect(), ..query.clone() };
        self.database.read(|conn| {
            loop {
                page_query.limit = left.min(PAGE);
                let page = store::list(conn, &self.registry, meta, &page_query, &rules, &scope)?;
                let mut labels = self.labels_of(conn, &page.rows, Lang::En)?.names;
                if shape != Shape::Example {
                    self.forget_namesakes(conn, actor, &mut labels)?;
                }
                for record in &page.rows {
                    for row in 0..height(&parts, record) {
                        file.row(
                            parts
                                .iter()
                                .flat_map(|part| part.cells(self, record, row, actor.currency, &labels))
                                .collect(),
                        )?;
                    }
                }
                left -= page.rows.len().min(left);
                match page.next {
                    Some(next) if left != 0 => page_query.cursor = Some(next),
                    Some(_) | None => return Ok(()),
                }
            }
        })
    }

    /// What others are called, too, is written by its id: by its name an import could not tell which one is meant.
    fn forget_namesakes(&self, conn: &dyn Conn, actor: &Actor, labels: &mut Labels) -> Result<(), Trouble> {
        let entities: BTreeSet<String> = labels.keys().map(|(entity, _)| entity.clone()).collect();
        for entity in entities {
            let Some(meta) = self.registry.entity(&entity) else { continue };
            // Only of what is called by a name alone: two may have the same.
            let &["name"] = meta.title else { continue };
            let names: BTreeSet<&String> =
                labels.iter().filter(|((of, _), _)| *of == entity).map(|(_, name)| name).collect();
            let names: Vec<Value> = names.into_iter().map(|name| Value::from(name.as_str())).collect();
            for names in names.chunks(NAMES_MAX) {
                let marks: Vec<String> = (1..=names.len()).map(|at| format!("?{at}")).collect();
                let mut args = names.to_vec();
                let mut sql = format!("select name from \"{entity}\" where name in ({})", marks.join(", "));
                if meta.has_company() {
                    args.push(actor.company.into());
                    sql.push_str(&format!(" and company = ?{}", args.len()));
                }
                sql.push_str(" group by name having count(*) > 1");
                let shared: BTreeSet<String> =
                    conn.query(&sql, &args)?.iter().map(|row| row.text(0).to_owned()).collect();
                labels.retain(|(of, _), name| *of != entity || !shared.contains(name));
            }
        }
        Ok(())
    }

    /// The columns of an entity that may be seen.
    fn part(
        &self,
        actor: &Actor,
        meta: &'static EntityMeta,
        owned: Option<usize>,
        query: &ListQuery,
        shape: Shape,
    ) -> Part {
        let wanted = |field: &FieldMeta| {
            owned.is_some()
                || shape != Shape::Records
                || query.fields.is_empty()
                || query.fields.iter().any(|name| {
                    // Money says of which currency it is.
                    let is_money =
                        |one: &FieldMeta| matches!(one.kind, FieldKind::Amount) && one.currency == field.name;
                    name == field.name || meta.field(name).is_some_and(is_money)
                })
        };
        let shown = |field: &FieldMeta| {
            !field.hidden && field.kind.is_column() && self.visible(actor, meta, field) && wanted(field)
        };
        let filled = |field: &FieldMeta| shape != Shape::Example || is_fillable(field);
        let fields = meta.fields.iter().enumerate().filter(|(_, field)| shown(field) && filled(field));
        // The company of a record is that of its reader.
        let fields = fields.filter(|(_, field)| shape == Shape::Records || field.name != "company");
        Part { owned, meta, has_id: shape != Shape::Example, fields: fields.collect() }
    }
}

/// How many rows a record takes: as many as its longest lines, one at least.
fn height(parts: &[Part], record: &Record) -> usize {
    parts.iter().filter_map(|part| Some(record.owned_at(part.owned?).len())).max().unwrap_or(1).max(1)
}

impl Part {
    fn columns(&self, meta: &'static EntityMeta) -> Vec<FileColumn> {
        let of = self.owned.map(|index| meta.fields[index].label);
        // Documents have a number that is called the same in Chinese.
        let has_number = self.meta.fields.iter().any(|field| field.label.zh == "编号");
        let label = Label::new("Id", if has_number { "Id" } else { "编号" });
        let id = self.has_id.then_some(FileColumn { of, label, kind: FieldKind::Text });
        let fields = self.fields.iter().map(|(_, field)| FileColumn { of, label: field.label, kind: field.kind });
        id.into_iter().chain(fields).collect()
    }

    /// What it says in one row of a record.
    fn cells(&self, engine: &Engine, record: &Record, row: usize, company: Currency, labels: &Labels) -> Vec<Cell> {
        let (from, parent) = match self.owned {
            None => (Some(record), company),
            Some(index) => {
                let currency = record.meta.field("currency").and_then(|_| record.get("currency").text());
                (record.owned_at(index).get(row), currency.and_then(Currency::parse).unwrap_or(company))
            }
        };
        let currencies = Currencies { company, parent };
        let is_told = |field: &FieldMeta| self.owned.is_some() || row == 0 || self.meta.title.contains(&field.name);
        let id = self.has_id.then(|| from.map_or(Cell::Empty, |one| Cell::from(outer(self.meta, one.id))));
        let fields = self.fields.iter().map(|(index, field)| match from.filter(|_| is_told(field)) {
            Some(one) => cell(engine, field, one, *index, currencies, labels),
            None => Cell::Empty,
        });
        id.into_iter().chain(fields).collect()
    }
}

fn cell(
    engine: &Engine,
    field: &FieldMeta,
    record: &Record,
    index: usize,
    currencies: Currencies,
    labels: &Labels,
) -> Cell {
    match (field.kind, record.at(index)) {
        (_, Value::Null) => Cell::Empty,
        (FieldKind::Ref(entity), Value::Int(id)) => {
            let label = labels.get(&(entity.to_owned(), *id)).cloned().unwrap_or_default();
            match engine.registry.entity(entity) {
                // A line, or a draft without a number, is known by its id only.
                Some(target) if label.is_empty() || target.parent.is_some() => Cell::from(outer(target, *id)),
                Some(_) | None => Cell::Ref { entity, id: *id, label },
            }
        }
        (FieldKind::Amount, Value::Int(raw)) => {
            let currency = meta::json::currency_of(field, record, currencies);
            if currency == currencies.company {
                Cell::Value(Value::Int(*raw))
            } else {
                Cell::Money(kernel::Money::new(Amount::new(*raw), currency))
            }
        }
        (FieldKind::Doc, Value::Int(id)) => {
            let entity = meta::json::entity_beside(record, field).unwrap_or("").to_owned();
            Cell::from(labels.get(&(entity, *id)).cloned().unwrap_or_default())
        }
        (FieldKind::Choice(choice), Value::Text(code)) => {
            choice.value(code).map_or(Cell::Value(Value::from(code.as_str())), |value| Cell::Label(value.label))
        }
        (FieldKind::Country, Value::Text(code)) => kernel::Country::find(code)
            .map_or(Cell::Value(Value::from(code.as_str())), |country| Cell::Label(country.name)),
        (_, value) => Cell::Value(value.clone()),
    }
}
