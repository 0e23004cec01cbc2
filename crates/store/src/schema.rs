//! Tables, read off the descriptions of entities.
//!
//! Only whole numbers and text, the same in both databases. A default list sort has an
//! index that gives its rows in order; every ref has one, the company first.

use meta::{EntityMeta, FieldKind, FieldMeta, Registry};

use crate::Dialect;
use crate::conn::quoted;

/// The longest name PostgreSQL keeps.
const NAME_MAX: usize = 63;

/// What a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A whole number.
    Int,
    /// Text.
    Text,
}

/// A column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    /// Its name.
    pub name: String,
    /// What it holds.
    pub kind: Kind,
    /// Must be filled.
    pub not_null: bool,
    /// What it holds when nothing is said, as an SQL literal.
    pub default: Option<String>,
}

/// An index.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Index {
    /// Its name, see [`index_name`].
    pub name: String,
    /// Its columns, in order.
    pub columns: Vec<String>,
    /// No two rows may be alike.
    pub unique: bool,
    /// Only rows for which this is true.
    pub partial: Option<String>,
}

impl Index {
    /// An index that is named after its table and columns.
    pub fn of(table: &str, columns: &[&str], unique: bool) -> Index {
        let columns: Vec<String> = columns.iter().map(|name| (*name).to_owned()).collect();
        Index { name: index_name(table, &columns), columns, unique, partial: None }
    }
}

/// A column that names a row of another table and is deleted with it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ForeignKey {
    /// The column.
    pub column: String,
    /// The other table, by its `id`.
    pub table: String,
}

/// A table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Table {
    /// Its name.
    pub name: String,
    /// Its columns, in order.
    pub columns: Vec<Column>,
    /// The columns of its primary key.
    pub primary_key: Vec<String>,
    /// Its indexes.
    pub indexes: Vec<Index>,
    /// For lines: who owns them.
    pub foreign_key: Option<ForeignKey>,
}

/// The name of an index: `party_by_company_code`. A name too long for PostgreSQL keeps its
/// beginning and gets a number that depends on the rest.
pub fn index_name(table: &str, columns: &[impl AsRef<str>]) -> String {
    let columns: Vec<&str> = columns.iter().map(AsRef::as_ref).collect();
    let name = format!("{table}_by_{}", columns.join("_"));
    if name.len() <= NAME_MAX {
        return name;
    }
    let hash = name.bytes().fold(0x811c_9dc5_u32, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193));
    format!("{}_{hash:08x}", &name[..NAME_MAX - 9])
}

/// The tables of all entities.
pub fn tables(registry: &Registry) -> Vec<Table> {
    registry.entities().map(table).collect()
}

fn int(name: &str, default: Option<i64>) -> Column {
    let default = default.map(|number| number.to_string());
    Column { name: name.to_owned(), kind: Kind::Int, not_null: default.is_some(), default }
}

fn table(meta: &'static EntityMeta) -> Table {
    let mut columns = vec![Column { name: "id".into(), kind: Kind::Int, not_null: true, default: None }];
    match meta.parent {
        Some(_) => {
            columns.push(Column { name: "parent".into(), kind: Kind::Int, not_null: true, default: None });
            columns.push(int("position", Some(0)));
        }
        None => {
            columns.push(int("version", Some(1)));
            columns.push(Column { name: "external_id".into(), kind: Kind::Text, not_null: false, default: None });
            columns.extend(["created_at", "created_by", "changed_at", "changed_by"].map(|name| int(name, Some(0))));
        }
    }
    let own = meta.fields.iter().filter(|field| field.kind.is_column());
    columns.extend(own.map(|field| Column {
        name: field.name.to_owned(),
        kind: if field.kind.is_number() { Kind::Int } else { Kind::Text },
        not_null: field.name == "company" && field.required,
        default: None,
    }));
    Table {
        name: meta.name.to_owned(),
        columns,
        primary_key: vec!["id".into()],
        indexes: indexes(meta),
        foreign_key: meta.parent.map(|(owner, _)| ForeignKey { column: "parent".into(), table: owner.to_owned() }),
    }
}

fn indexes(meta: &'static EntityMeta) -> Vec<Index> {
    let mut indexes: Vec<Index> = Vec::new();
    let mut add = |index: Index| match indexes.iter_mut().find(|known| known.name == index.name) {
        // The stricter wish wins where two ask for the same columns.
        Some(known) => {
            known.unique |= index.unique;
            known.partial = known.partial.take().filter(|_| index.partial.is_some());
        }
        None => indexes.push(index),
    };
    // Columns after the company, where there is one.
    let scoped = |columns: &[&str], unique: bool| {
        let company = meta.has_company() && columns.first() != Some(&"company");
        let all: Vec<&str> = company.then_some("company").into_iter().chain(columns.iter().copied()).collect();
        Index::of(meta.name, &all, unique)
    };
    if meta.parent.is_some() {
        add(Index::of(meta.name, &["parent", "position"], false));
    } else {
        add(Index { partial: Some("external_id is not null".into()), ..scoped(&["external_id"], true) });
    }
    for field in meta.fields.iter().filter(|field| field.kind.is_column()) {
        if field.unique {
            add(scoped(&[field.name], true));
        } else if wants_index(field) || meta.stage_field == Some(field.name) {
            // A ref that is mostly empty costs nothing where it is.
            let may_be_empty = matches!(field.kind, FieldKind::Ref(_)) && !field.required;
            let partial = may_be_empty.then(|| format!("{} is not null", quoted(field.name)));
            add(Index { partial, ..scoped(&[field.name], false) });
        }
    }
    let sort: Vec<&str> = meta.sort.iter().map(|name| name.trim_start_matches('-')).collect();
    let is_plain = |name: &&str| meta.field(name).is_some_and(is_sorted_by_column);
    if meta.parent.is_none() && sort.iter().all(is_plain) {
        let columns: Vec<&str> = sort.into_iter().chain(["id"]).collect();
        if columns.len() > 1 || meta.has_company() {
            add(scoped(&columns, false));
        }
    }
    for text in meta.indexes {
        let unique = text.starts_with("unique:");
        let columns: Vec<&str> = text.trim_start_matches("unique:").split(',').map(str::trim).collect();
        add(Index::of(meta.name, &columns, unique));
    }
    without_beginnings(indexes)
}

/// Leaves out indexes that another one begins with, with or without the company: it finds
/// the same rows.
fn without_beginnings(indexes: Vec<Index>) -> Vec<Index> {
    let is_beginning = |index: &Index| {
        let own = index.columns.strip_prefix(&["company".to_owned()]).filter(|own| !own.is_empty());
        let longer = |other: &Index| {
            let begins = index.columns.len() < other.columns.len() && other.columns.starts_with(&index.columns);
            other.partial.is_none() && (begins || own.is_some_and(|own| other.columns.starts_with(own)))
        };
        !index.unique && indexes.iter().any(longer)
    };
    let kept: Vec<bool> = indexes.iter().map(|index| !is_beginning(index)).collect();
    indexes.into_iter().zip(kept).filter_map(|(index, kept)| kept.then_some(index)).collect()
}

fn wants_index(field: &FieldMeta) -> bool {
    match field.kind {
        // Every other index begins with the company.
        FieldKind::Ref(_) => field.name != "company",
        FieldKind::LongText | FieldKind::Json => false,
        _ => field.index || field.search,
    }
}

/// Refs are sorted by what they are called, which is another table's column.
fn is_sorted_by_column(field: &FieldMeta) -> bool {
    field.kind.is_column() && !matches!(field.kind, FieldKind::Ref(_))
}

/// The statements that make a table and its indexes.
pub fn create_sql(table: &Table, dialect: Dialect) -> Vec<String> {
    let mut parts: Vec<String> = table.columns.iter().map(|column| column_sql(column, dialect)).collect();
    parts.push(format!("primary key ({})", names(&table.primary_key)));
    if let Some(key) = &table.foreign_key {
        parts.push(format!(
            "foreign key ({}) references {} (id) on delete cascade",
            quoted(&key.column),
            quoted(&key.table)
        ));
    }
    let end = match dialect {
        // Rows of a table with a key of several columns live in the key itself.
        Dialect::Sqlite if table.primary_key.len() > 1 => " strict, without rowid",
        Dialect::Sqlite => " strict",
        Dialect::Postgres => "",
    };
    let create = format!("create table {} (\n  {}\n){end}", quoted(&table.name), parts.join(",\n  "));
    let indexes = table.indexes.iter().map(|index| index_sql(table, index, dialect));
    std::iter::once(create).chain(indexes).collect()
}

/// A column as it stands in a table.
pub(crate) fn column_sql(column: &Column, dialect: Dialect) -> String {
    let kind = match (column.kind, dialect) {
        (Kind::Int, Dialect::Sqlite) => "integer",
        (Kind::Int, Dialect::Postgres) => "bigint",
        (Kind::Text, Dialect::Sqlite) => "text",
        // Bytes are compared, as SQLite does, so that lists page alike in both.
        (Kind::Text, Dialect::Postgres) => "text collate \"C\"",
    };
    let not_null = if column.not_null { " not null" } else { "" };
    let default = column.default.as_ref().map_or(String::new(), |text| format!(" default {text}"));
    format!("{} {kind}{not_null}{default}", quoted(&column.name))
}

/// The statement that makes an index.
pub(crate) fn index_sql(table: &Table, index: &Index, dialect: Dialect) -> String {
    let column = |name: &String| {
        let is_nullable = table.columns.iter().any(|column| column.name == *name && !column.not_null);
        match dialect {
            // SQLite sorts empty values first; an index that does too gives lists in order.
            Dialect::Postgres if is_nullable => format!("{} nulls first", quoted(name)),
            _ => quoted(name),
        }
    };
    let columns: Vec<String> = index.columns.iter().map(column).collect();
    let partial = index.partial.as_ref().map_or(String::new(), |text| format!(" where {text}"));
    format!(
        "create {}index {} on {} ({}){partial}",
        if index.unique { "unique " } else { "" },
        quoted(&index.name),
        quoted(&table.name),
        columns.join(", ")
    )
}

fn names(columns: &[String]) -> String {
    columns.iter().map(|name| quoted(name)).collect::<Vec<_>>().join(", ")
}

/// What is there before any migration.
pub(crate) fn base(dialect: Dialect) -> Vec<String> {
    let (number, end) = match dialect {
        Dialect::Sqlite => ("integer", " strict"),
        Dialect::Postgres => ("bigint", ""),
    };
    let mut all = vec![
        format!("create table if not exists id_block (name text primary key, next {number} not null){end}"),
        format!(
            "create table if not exists migration \
             (number {number} primary key, name text not null, applied_at {number} not null){end}"
        ),
    ];
    all.extend(crate::search::base(dialect));
    all
}
