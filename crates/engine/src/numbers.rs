//! Numbers of documents: one counter a company, entity and year, raised in the same
//! transaction as the document is written, so that no number is ever missing.

use meta::{Fault, Reader, Record, Value};

use crate::facts::Tx;

/// Gives a record its number, if it has none yet.
pub(crate) fn give(tx: &Tx, record: &mut Record, year: i32) -> Result<(), Fault> {
    let meta = record.meta;
    if meta.number.is_empty() || !record.get("number").is_null() {
        return Ok(());
    }
    let company = record.company().unwrap_or(0);
    let own = tx.steady_rows(
        "select pattern from number_series where company = ?1 and entity = ?2",
        &[Value::Int(company), Value::from(meta.name)],
    )?;
    let pattern = own.first().map_or(meta.number.to_owned(), |row| row.text(0).to_owned());
    let counted = if pattern.contains("{year}") { i64::from(year) } else { 0 };
    let rows = tx.query(
        "insert into number_counter (company, entity, year, next) values (?1, ?2, ?3, 2)
         on conflict (company, entity, year) do update set next = number_counter.next + 1
         returning next - 1",
        &[Value::Int(company), Value::from(meta.name), Value::Int(counted)],
    )?;
    let sequence = rows.first().map_or(1, |row| row.int(0));
    record.set("number", write(&pattern, year, sequence));
    Ok(())
}

/// Writes a number by its pattern: `{year}`, `{year2}`, `{seq}`, `{seq:05}`.
pub(crate) fn write(pattern: &str, year: i32, sequence: i64) -> String {
    let mut text = pattern.replace("{year}", &year.to_string()).replace("{year2}", &format!("{:02}", year % 100));
    if let Some(start) = text.find("{seq") {
        let end = text[start..].find('}').map_or(text.len(), |at| start + at + 1);
        let width: usize = text[start..end].trim_matches(['{', '}']).trim_start_matches("seq:").parse().unwrap_or(1);
        text.replace_range(start..end, &format!("{sequence:0width$}"));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::write;

    #[test]
    fn a_pattern_says_how_a_number_is_written() {
        assert_eq!(write("SO-{year}-{seq:05}", 2026, 7), "SO-2026-00007");
        assert_eq!(write("{year2}/{seq}", 2026, 123_456), "26/123456");
        assert_eq!(write("X", 2026, 1), "X");
    }
}
