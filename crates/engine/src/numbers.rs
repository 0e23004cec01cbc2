//! Numbers of documents: one counter a company, entity or kind of it, and period, raised in the same
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
    let series = Series::of(tx, record, &company)?;
    let pattern = NumberPattern(&series.pattern);
    let code = match pattern.names("company") {
        false => String::new(),
        true => {
            let rows = tx.steady_rows("select code from company where id = ?1", std::slice::from_ref(&company))?;
            rows.first().map_or(String::new(), |row| row.text(0).to_owned())
        }
    };
    let counter = [company, Value::from(series.counter), Value::Int(pattern.period(on))];
    if series.in_order {
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
    } else if series.has_sisters && is_given(tx, meta, &counter[0], pattern.write(on, &code, sequence))? {
        return Err(given_before(pattern.write(on, &code, sequence)).into());
    }
    record.set("number", pattern.write(on, &code, sequence));
    Ok(())
}

/// How the records like one are numbered.
struct Series {
    /// Under which its counters are kept: the entity, or with a kind, as in `invoice:credit_note`.
    counter: String,
    pattern: String,
    in_order: bool,
    /// Other records of the entity are numbered by other series.
    has_sisters: bool,
}

impl Series {
    /// The series of the record's kind, or the one of the entity, or what is usual.
    fn of(tx: &Tx, record: &Record, company: &Value) -> Result<Series, Trouble> {
        let meta = record.meta;
        let sql = "select pattern, in_order, kind from number_series where company = ?1 and entity = ?2";
        let rows = tx.steady_rows(sql, &[company.clone(), Value::from(meta.name)])?;
        let kind = match meta.number_by {
            "" => "",
            field => record.get(field).text().unwrap_or(""),
        };
        let has_sisters = rows.iter().any(|row| !row.text(2).is_empty());
        let of_kind = rows.iter().find(|row| !kind.is_empty() && row.text(2) == kind);
        let counter = match of_kind {
            Some(_) => format!("{}:{kind}", meta.name),
            None => meta.name.to_owned(),
        };
        let row = of_kind.or(rows.iter().find(|row| row.text(2).is_empty()));
        Ok(Series {
            counter,
            pattern: row.map_or(meta.number, |row| row.text(0)).to_owned(),
            in_order: row.is_some_and(|row| row.int(1) != 0),
            has_sisters,
        })
    }
}

fn is_given(tx: &Tx, meta: &EntityMeta, company: &Value, number: String) -> Result<bool, Fault> {
    let sql = format!("select 1 from {} where company = ?1 and number = ?2 limit 1", meta.name);
    Ok(!tx.query(&sql, &[company.clone(), number.into()])?.is_empty())
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
    if !is_given(tx, meta, &company, pattern.write(on, code, 1))? {
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

fn given_before(number: String) -> Refusal {
    let text = Label::new(
        "{number} was given before, by another number series. Give this series a pattern of its own.",
        "编号 {number} 已被另一条编号规则使用，请为本规则设置不同的格式。",
    );
    Refusal::new("number_given_before", text).with("number", number).kind(ProblemKind::NotNow)
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
