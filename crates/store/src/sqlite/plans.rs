//! What SQLite is to think of the tables when it plans a query: that they are large and
//! belong to few companies.
//!
//! Without figures it takes every first column of an index to name ten rows; most of ours
//! begin with the company, and it would read a whole company to find one line. Figures
//! measured in a young database would make it scan tables that are large a year later. So
//! they are set, not measured, and plans are the same on every day of a database's life.

use meta::{Fault, Value};

use crate::{Conn, Table};

/// How many rows a table is said to have.
const ROWS: u64 = 1_000_000;
/// Columns that hold few different values.
const FEW: &[&str] = &[
    "active",
    "annulled",
    "company",
    "currency",
    "direction",
    "doc_entity",
    "entity",
    "from_entity",
    "grain",
    "journal",
    "kind",
    "slot",
    "stage",
    "to_entity",
    "used_for",
    "year",
];
/// Columns that hold some dozens of them.
const SOME: &[&str] = &[
    "account",
    "category",
    "chain",
    "from_place",
    "owner",
    "place",
    "price_list",
    "tax",
    "terms",
    "to_place",
    "unit",
    "user",
    "warehouse",
];
/// Columns that name one row, or nearly so.
const ONE: &[&str] = &["id", "code", "number", "external_id", "row_id", "entry_line", "doc_line"];

/// Sets the figures of tables. Connections that are open know them from their next look at
/// the schema on.
pub(crate) fn set(conn: &dyn Conn, tables: &[Table]) -> Result<(), Fault> {
    // Makes the table of figures, which cannot be made by hand.
    conn.execute("analyze sqlite_schema", &[])?;
    conn.execute("delete from sqlite_stat1", &[])?;
    for table in tables {
        // Rows of a table with a key of several columns live in that key, which is called as the table.
        if table.primary_key.len() > 1 {
            put(conn, &table.name, &table.name, &figures(&table.primary_key, true))?;
        }
        for index in &table.indexes {
            put(conn, &table.name, &index.name, &figures(&index.columns, index.unique))?;
        }
    }
    conn.execute("analyze sqlite_schema", &[]).map(|_| ())
}

fn put(conn: &dyn Conn, table: &str, index: &str, figures: &str) -> Result<(), Fault> {
    let args = [table, index, figures].map(Value::from);
    conn.execute("insert into sqlite_stat1 (tbl, idx, stat) values (?1, ?2, ?3)", &args).map(|_| ())
}

/// How many rows there are, and how many share the first column, the first two, and so on.
fn figures(columns: &[String], is_unique: bool) -> String {
    let mut text = ROWS.to_string();
    let mut share = ROWS;
    for (at, column) in columns.iter().enumerate() {
        share = match column.as_str() {
            _ if is_unique && at + 1 == columns.len() => 1,
            name if ONE.contains(&name) => 2,
            name if FEW.contains(&name) => share / 4,
            name if SOME.contains(&name) => share / 20,
            _ => share.isqrt() / 20,
        };
        share = share.max(1);
        text.push(' ');
        text.push_str(&share.to_string());
    }
    text
}

#[cfg(test)]
mod tests {
    use super::figures;

    #[test]
    fn a_company_is_many_rows_and_a_number_one() {
        let text = |columns: &[&str], is_unique| {
            figures(&columns.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>(), is_unique)
        };
        assert_eq!(text(&["company", "number"], false), "1000000 250000 2");
        assert_eq!(text(&["company", "party", "kind"], false), "1000000 250000 25 6");
        assert_eq!(text(&["doc_line"], false), "1000000 2");
        assert_eq!(text(&["chain", "seq"], true), "1000000 50000 1");
    }
}
