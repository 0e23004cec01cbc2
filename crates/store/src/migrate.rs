//! Migrations as data: one numbered list for both databases.

use std::collections::BTreeSet;
use std::fmt;

use kernel::{Label, ProblemKind, Refusal};
use meta::{Fault, Trouble, Value};
use serde_json::{Value as Json, json};

use crate::conn::quoted;
use crate::schema::{column_sql, index_sql};
use crate::sqlite::plans;
use crate::{Column, Conn, Database, Dialect, ForeignKey, Index, Kind, Table, create_sql};

/// One change of the schema. Nothing is ever taken away but indexes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// A new table with its indexes.
    CreateTable(Table),
    /// A new column.
    AddColumn {
        /// Of which table.
        table: String,
        /// The column.
        column: Column,
    },
    /// A new index.
    CreateIndex {
        /// Of which table.
        table: String,
        /// The index.
        index: Index,
        /// Those of its columns that may be empty.
        nullable: Vec<String>,
    },
    /// An index that is no longer wanted.
    DropIndex {
        /// Its name.
        name: String,
    },
}

/// Steps that belong together, applied in one transaction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Migration {
    /// Its place in the list, from 1.
    pub number: i64,
    /// What it is for.
    pub name: String,
    /// Its steps.
    pub steps: Vec<Step>,
}

/// The steps from one schema to another.
pub fn diff(old: &[Table], new: &[Table]) -> Vec<Step> {
    let mut steps = Vec::new();
    for table in in_order_of_owners(new) {
        match old.iter().find(|known| known.name == table.name) {
            None => steps.push(Step::CreateTable(table.clone())),
            Some(known) => steps.extend(changes(known, table)),
        }
    }
    steps
}

/// Tables after those they belong to.
fn in_order_of_owners(tables: &[Table]) -> Vec<&Table> {
    let mut ordered: Vec<&Table> = Vec::with_capacity(tables.len());
    let mut waiting: Vec<&Table> = tables.iter().collect();
    while !waiting.is_empty() {
        let before = ordered.len();
        waiting.retain(|table| {
            let owner = table.foreign_key.as_ref().map(|key| key.table.as_str());
            let is_ready = owner.is_none_or(|owner| {
                owner == table.name
                    || ordered.iter().any(|known| known.name == owner)
                    || !tables.iter().any(|known| known.name == owner)
            });
            if is_ready {
                ordered.push(table);
            }
            !is_ready
        });
        if ordered.len() == before {
            // Tables that own each other in a circle: a typo, told by the database.
            ordered.append(&mut waiting);
        }
    }
    ordered
}

fn changes(old: &Table, new: &Table) -> Vec<Step> {
    let mut steps = Vec::new();
    for column in new.columns.iter().filter(|column| old.columns.iter().all(|known| known.name != column.name)) {
        // Rows that are already there have nothing to put into it.
        let not_null = column.not_null && column.default.is_some();
        steps.push(Step::AddColumn { table: new.name.clone(), column: Column { not_null, ..column.clone() } });
    }
    for index in &old.indexes {
        if !new.indexes.contains(index) {
            steps.push(Step::DropIndex { name: index.name.clone() });
        }
    }
    for index in new.indexes.iter().filter(|index| !old.indexes.contains(index)) {
        let is_nullable = |name: &&String| new.columns.iter().any(|column| column.name == **name && !column.not_null);
        let nullable = index.columns.iter().filter(is_nullable).cloned().collect();
        steps.push(Step::CreateIndex { table: new.name.clone(), index: index.clone(), nullable });
    }
    steps
}

/// The schema after migrations, as they describe it.
pub fn replay(migrations: &[Migration]) -> Vec<Table> {
    let mut tables: Vec<Table> = Vec::new();
    for step in migrations.iter().flat_map(|migration| &migration.steps) {
        match step {
            Step::CreateTable(table) => tables.push(table.clone()),
            Step::AddColumn { table, column } => {
                if let Some(table) = tables.iter_mut().find(|known| known.name == *table) {
                    table.columns.push(column.clone());
                }
            }
            Step::CreateIndex { table, index, .. } => {
                if let Some(table) = tables.iter_mut().find(|known| known.name == *table) {
                    table.indexes.push(index.clone());
                }
            }
            Step::DropIndex { name } => {
                for table in &mut tables {
                    table.indexes.retain(|index| index.name != *name);
                }
            }
        }
    }
    tables
}

impl fmt::Display for Step {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Step::CreateTable(table) => write!(out, "+ {}", table.name),
            Step::AddColumn { table, column } => write!(out, "+ {table}.{}", column.name),
            Step::CreateIndex { index, .. } => write!(out, "+ {}", index.name),
            Step::DropIndex { name } => write!(out, "- {name}"),
        }
    }
}

impl Step {
    /// The statements of the step.
    pub fn sql(&self, dialect: Dialect) -> Vec<String> {
        match self {
            Step::CreateTable(table) => create_sql(table, dialect),
            Step::AddColumn { table, column } => {
                vec![format!("alter table {} add column {}", quoted(table), column_sql(column, dialect))]
            }
            Step::CreateIndex { table, index, nullable } => {
                let column = |name: &String| Column {
                    name: name.clone(),
                    kind: Kind::Int,
                    not_null: !nullable.contains(name),
                    default: None,
                };
                let table = Table {
                    name: table.clone(),
                    columns: index.columns.iter().map(column).collect(),
                    primary_key: Vec::new(),
                    indexes: Vec::new(),
                    foreign_key: None,
                };
                vec![index_sql(&table, index, dialect)]
            }
            Step::DropIndex { name } => vec![format!("drop index {}", quoted(name))],
        }
    }
}

/// Brings a database up to date; the numbers of what was applied.
///
/// A database that knows migrations this program does not is refused: it was written by a
/// newer version, whose rules we would break. What a database made between two versions
/// lacks of the last migration is added.
pub fn migrate(db: &Database, migrations: &[Migration], progress: &dyn Fn(&str)) -> Result<Vec<i64>, Trouble> {
    let known = db.read(|conn| Ok(conn.query("select number, name from migration order by number", &[])?))?;
    for row in &known {
        let ours = migrations.iter().find(|migration| migration.number == row.int(0));
        if ours.is_none_or(|ours| ours.name != row.text(1)) {
            return Err(newer(row.int(0), row.text(1)).into());
        }
    }
    let mut applied = Vec::new();
    for migration in migrations {
        if known.iter().any(|row| row.int(0) == migration.number) {
            continue;
        }
        progress(&format!("{} {}", migration.number, migration.name));
        let own = migration.clone();
        let is_new = db.write(move |conn| apply(conn, &own))?;
        if is_new {
            applied.push(migration.number);
        }
    }
    let tables = replay(migrations);
    let wanted = tables.clone();
    let is_whole = db.read(|conn| Ok(diff(&as_it_is(conn, &wanted)?, &wanted).is_empty()))?;
    if !is_whole {
        let added = db.write(move |conn| mend(conn, &wanted))?;
        added.iter().for_each(|step| progress(&step.to_string()));
    }
    if !(applied.is_empty() && is_whole) && db.dialect() == Dialect::Sqlite {
        db.write(move |conn| Ok(plans::set(conn, &tables)?))?;
        db.forget_readers();
    }
    Ok(applied)
}

/// Adds what a database lacks of the tables.
fn mend(conn: &dyn Conn, wanted: &[Table]) -> Result<Vec<Step>, Trouble> {
    let steps = diff(&as_it_is(conn, wanted)?, wanted);
    for sql in steps.iter().flat_map(|step| step.sql(conn.dialect())) {
        conn.execute(&sql, &[])?;
    }
    Ok(steps)
}

/// What there is of the tables in the database. The last migration grows until a version is
/// handed out, so a database made between two versions may know an earlier form of it.
fn as_it_is(conn: &dyn Conn, wanted: &[Table]) -> Result<Vec<Table>, Fault> {
    let (columns, indexes) = match conn.dialect() {
        Dialect::Sqlite => (
            "select m.name, c.name from sqlite_master m join pragma_table_info(m.name) c where m.type = 'table'",
            "select name from sqlite_master where type = 'index'",
        ),
        Dialect::Postgres => (
            "select table_name, column_name from information_schema.columns where table_schema = current_schema()",
            "select indexname from pg_indexes where schemaname = current_schema()",
        ),
    };
    let rows = conn.query(columns, &[])?;
    let columns: BTreeSet<(&str, &str)> = rows.iter().map(|row| (row.text(0), row.text(1))).collect();
    let rows = conn.query(indexes, &[])?;
    let indexes: BTreeSet<&str> = rows.iter().map(|row| row.text(0)).collect();
    let there = wanted.iter().map(|table| {
        let mut table = table.clone();
        table.columns.retain(|column| columns.contains(&(table.name.as_str(), column.name.as_str())));
        table.indexes.retain(|index| indexes.contains(index.name.as_str()));
        table
    });
    Ok(there.filter(|table| !table.columns.is_empty()).collect())
}

fn apply(conn: &dyn Conn, migration: &Migration) -> Result<bool, Trouble> {
    // Another program may have been faster since we looked.
    let number = Value::Int(migration.number);
    if !conn.query("select name from migration where number = ?1", std::slice::from_ref(&number))?.is_empty() {
        return Ok(false);
    }
    for sql in migration.steps.iter().flat_map(|step| step.sql(conn.dialect())) {
        conn.execute(&sql, &[])?;
    }
    // When, for people who look into the table; nothing depends on it.
    let now = match conn.dialect() {
        Dialect::Sqlite => "cast(strftime('%s', 'now') as integer) * 1000000",
        Dialect::Postgres => "cast(extract(epoch from now()) * 1000000 as bigint)",
    };
    conn.execute(
        &format!("insert into migration (number, name, applied_at) values (?1, ?2, {now})"),
        &[number, Value::from(migration.name.as_str())],
    )?;
    Ok(true)
}

fn newer(number: i64, name: &str) -> Refusal {
    Refusal::new(
        "database_is_newer",
        Label::new(
            "The database has been changed by a newer version of the program (step {number}, {name}). \
             Start that version, or restore an older backup.",
            "数据库已被更新版本的程序升级（第 {number} 步：{name}）。请启动新版本，或恢复较早的备份。",
        ),
    )
    .kind(ProblemKind::Conflict)
    .with("number", number)
    .with("name", name)
}

impl Migration {
    /// As text to be kept in a file.
    pub fn to_text(&self) -> String {
        let steps: Vec<Json> = self.steps.iter().map(step_json).collect();
        let json = json!({ "number": self.number, "name": self.name, "steps": steps });
        serde_json::to_string_pretty(&json).unwrap_or_default() + "\n"
    }

    /// From the text of a file.
    pub fn from_text(text: &str) -> Result<Migration, Fault> {
        let wrong = |what: &str| Fault::new(format!("a migration is not understood: {what}"));
        let json: Json = serde_json::from_str(text).map_err(|error| wrong(&error.to_string()))?;
        let read = || {
            let steps = json["steps"].as_array()?.iter().map(step_read).collect::<Option<_>>()?;
            Some(Migration { number: json["number"].as_i64()?, name: json["name"].as_str()?.to_owned(), steps })
        };
        read().ok_or_else(|| wrong(&text.chars().take(200).collect::<String>()))
    }
}

fn step_json(step: &Step) -> Json {
    match step {
        Step::CreateTable(table) => json!({ "create_table": table.name,
            "columns": table.columns.iter().map(column_json).collect::<Vec<_>>(),
            "primary_key": table.primary_key,
            "indexes": table.indexes.iter().map(index_json).collect::<Vec<_>>(),
            "owner": table.foreign_key.as_ref().map(|key| json!({ "column": key.column, "table": key.table })) }),
        Step::AddColumn { table, column } => json!({ "add_column": table, "column": column_json(column) }),
        Step::CreateIndex { table, index, nullable } => {
            json!({ "create_index": table, "index": index_json(index), "nullable": nullable })
        }
        Step::DropIndex { name } => json!({ "drop_index": name }),
    }
}

/// `qty int`, `name text not null`, `version int not null default 1`.
fn column_json(column: &Column) -> Json {
    let kind = if column.kind == Kind::Int { "int" } else { "text" };
    let not_null = if column.not_null { " not null" } else { "" };
    let default = column.default.as_ref().map_or(String::new(), |text| format!(" default {text}"));
    Json::String(format!("{} {kind}{not_null}{default}", column.name))
}

fn index_json(index: &Index) -> Json {
    json!({ "name": index.name, "columns": index.columns, "unique": index.unique, "where": index.partial })
}

fn step_read(json: &Json) -> Option<Step> {
    if let Some(name) = json["create_table"].as_str() {
        let owner = &json["owner"];
        let foreign_key = match owner.is_null() {
            true => None,
            false => Some(ForeignKey { column: text(&owner["column"])?, table: text(&owner["table"])? }),
        };
        return Some(Step::CreateTable(Table {
            name: name.to_owned(),
            columns: json["columns"].as_array()?.iter().map(column_read).collect::<Option<_>>()?,
            primary_key: texts(&json["primary_key"])?,
            indexes: json["indexes"].as_array()?.iter().map(index_read).collect::<Option<_>>()?,
            foreign_key,
        }));
    }
    if let Some(table) = json["add_column"].as_str() {
        return Some(Step::AddColumn { table: table.to_owned(), column: column_read(&json["column"])? });
    }
    if let Some(table) = json["create_index"].as_str() {
        let (index, nullable) = (index_read(&json["index"])?, texts(&json["nullable"])?);
        return Some(Step::CreateIndex { table: table.to_owned(), index, nullable });
    }
    Some(Step::DropIndex { name: text(&json["drop_index"])? })
}

fn column_read(json: &Json) -> Option<Column> {
    let (rest, default) = match json.as_str()?.split_once(" default ") {
        Some((rest, default)) => (rest, Some(default.to_owned())),
        None => (json.as_str()?, None),
    };
    let (name, kind) = rest.split_once(' ')?;
    let (kind, not_null) = match kind.strip_suffix(" not null") {
        Some(kind) => (kind, true),
        None => (kind, false),
    };
    let kind = match kind {
        "int" => Kind::Int,
        "text" => Kind::Text,
        _ => return None,
    };
    Some(Column { name: name.to_owned(), kind, not_null, default })
}

fn index_read(json: &Json) -> Option<Index> {
    Some(Index {
        name: text(&json["name"])?,
        columns: texts(&json["columns"])?,
        unique: json["unique"].as_bool()?,
        partial: json["where"].as_str().map(str::to_owned),
    })
}

fn text(json: &Json) -> Option<String> {
    json.as_str().map(str::to_owned)
}

fn texts(json: &Json) -> Option<Vec<String>> {
    json.as_array()?.iter().map(text).collect()
}
