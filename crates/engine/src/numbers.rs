//! Numbers of documents: one counter a company, entity and year, raised in the same
//! transaction as the document is written, so that no number is ever missing. Where a series
//! wants it, dates rise with the numbers.

use kernel::{Date, Label, Param, ProblemKind, Refusal};
use meta::{Reader, Record, Trouble, Value};

use crate::facts::Tx;

/// Gives a record of this date its number, if it has none yet.
pub(crate) fn give(tx: &Tx, record: &mut Record, on: Date) -> Result<(), Trouble> {
    let (meta, year) = (record.meta, on.year());
    if meta.number.is_empty() || !record.get("number").is_null() {
        return Ok(());
    }
    let company = record.company().unwrap_or(0);
    let own = tx.steady_rows(
        "select pattern, in_order from number_series where company = ?1 and entity = ?2",
        &[Value::Int(company), Value::from(meta.name)],
    )?;
    let pattern = own.first().map_or(meta.number.to_owned(), |row| row.text(0).to_owned());
    let counted = if pattern.contains("{year}") { i64::from(year) } else { 0 };
    let counter = [Value::Int(company), Value::from(meta.name), Value::Int(counted)];
    if own.first().is_some_and(|row| row.int(1) != 0) {
        let sql = "select last_on from number_counter where company = ?1 and entity = ?2 and year = ?3";
        let last = tx.query(sql, &counter)?.first().and_then(|row| row.date(0));
        if let Some(last) = last.filter(|last| on < *last) {
            return Err(before_the_last(record, last).into());
        }
    }
    let [company, entity, counted] = counter;
    let rows = tx.query(
        "insert into number_counter (company, entity, year, next, last_on) values (?1, ?2, ?3, 2, ?4)
         on conflict (company, entity, year) do update set next = number_counter.next + 1,
           last_on = case when number_counter.last_on > excluded.last_on then number_counter.last_on else excluded.last_on end
         returning next - 1",
        &[company, entity, counted, on.into()],
    )?;
    let sequence = rows.first().map_or(1, |row| row.int(0));
    record.set("number", write(&pattern, year, sequence));
    Ok(())
}

fn before_the_last(record: &Record, last: Date) -> Refusal {
    let text = Label::new(
        "The last {what} was dated {last}, and numbers follow the dates. Use that date or a later one, or let the number series take any.",
        "上一张{what}的日期为 {last}，编号须与日期顺序一致。请使用该日或之后的日期，或在编号规则中取消此要求。",
    );
    Refusal::new("date_before_the_last", text)
        .with("what", Param::Label(record.meta.label))
        .with("last", last)
        .kind(ProblemKind::NotNow)
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
