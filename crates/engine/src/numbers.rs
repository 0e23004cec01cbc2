//! Numbers of documents: one counter a company, entity and period, raised in the same
//! transaction as the document is written, so that no number is ever missing. The period is the
//! smallest that the pattern names. Where a series wants it, dates rise with the numbers.

use kernel::{Date, Label, Param, ProblemKind, Refusal};
use meta::{EntityMeta, Fault, NumberPattern, Reader, Record, Trouble, Value};

use crate::facts::Tx;

/// Gives a record of this date its number, if it has none yet.
pub(crate) fn give(tx: &Tx, record: &mut Record, on: Date) -> Result<(), Trouble> {
    let meta = record.meta;
    if meta.number.is_empty() || !record.get("number").is_null() {
        return Ok(());
    }
    let company = Value::Int(record.company().unwrap_or(0));
    let own = tx.steady_rows(
        "select pattern, in_order from number_series where company = ?1 and entity = ?2",
        &[company.clone(), Value::from(meta.name)],
    )?;
    let pattern = NumberPattern(own.first().map_or(meta.number, |row| row.text(0)));
    let code = match pattern.names("company") {
        false => String::new(),
        true => {
            let rows = tx.steady_rows("select code from company where id = ?1", std::slice::from_ref(&company))?;
            rows.first().map_or(String::new(), |row| row.text(0).to_owned())
        }
    };
    let counter = [company, Value::from(meta.name), Value::Int(pattern.period(on))];
    if own.first().is_some_and(|row| row.int(1) != 0) {
        let sql = "select last_on from number_counter where company = ?1 and entity = ?2 and year = ?3";
        let last = tx.query(sql, &counter)?.first().and_then(|row| row.date(0));
        if let Some(last) = last.filter(|last| on < *last) {
            return Err(before_the_last(record, on, last).into());
        }
    }
    let [company, entity, period] = counter.clone();
    let rows = tx.query(
        "insert into number_counter (company, entity, year, next, last_on) values (?1, ?2, ?3, 2, ?4)
         on conflict (company, entity, year) do update set next = number_counter.next + 1,
           last_on = case when number_counter.last_on > excluded.last_on then number_counter.last_on else excluded.last_on end
         returning next - 1",
        &[company, entity, period, on.into()],
    )?;
    let mut sequence = rows.first().map_or(1, |row| row.int(0));
    if sequence == 1 {
        sequence = first_free(tx, meta, &counter, pattern, (on, &code))?;
    }
    record.set("number", pattern.write(on, &code, sequence));
    Ok(())
}

/// Where a counter that was just made begins: with 1, unless an earlier pattern of the series
/// wrote the same numbers.
fn first_free(
    tx: &Tx,
    meta: &EntityMeta,
    counter: &[Value; 3],
    pattern: NumberPattern,
    (on, code): (Date, &str),
) -> Result<i64, Fault> {
    let [company, entity, period] = counter.clone();
    let sql = format!("select 1 from {} where company = ?1 and number = ?2 limit 1", meta.name);
    if tx.query(&sql, &[company.clone(), pattern.write(on, code, 1).into()])?.is_empty() {
        return Ok(1);
    }
    let (before, _) = pattern.around(on, code);
    let sql = format!(
        "select number from {} where company = ?1 and substr(number, 1, {}) = ?2",
        meta.name,
        before.chars().count()
    );
    let taken = tx.query(&sql, &[company.clone(), before.into()])?;
    let last = taken.iter().filter_map(|row| pattern.read(row.text(0), on, code)).max().unwrap_or(0);
    tx.push(
        "update number_counter set begins = ?4, next = ?5 where company = ?1 and entity = ?2 and year = ?3",
        vec![company, entity, period, (last + 1).into(), (last + 2).into()],
    );
    Ok(last + 1)
}

fn before_the_last(record: &Record, on: Date, last: Date) -> Refusal {
    let text = Label::new(
        "The last {what} was dated {last}, and numbers follow the dates. Use that date or a later one, or let the number series take any.",
        "上一张{what}的日期为 {last}，编号须与日期顺序一致。请使用该日或之后的日期，或在编号规则中取消此要求。",
    );
    Refusal::new("date_before_the_last", text)
        .with("what", Param::Label(record.meta.label))
        .with("on", on)
        .with("last", last)
        .kind(ProblemKind::NotNow)
}
