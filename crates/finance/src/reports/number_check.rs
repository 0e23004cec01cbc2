//! Numbers that are missing, and numbers whose days go backwards.

use std::collections::BTreeMap;

use kernel::{Date, Label};
use meta::{Cell, FieldKind, FieldMeta, NumberPattern, Opens, Reader, ReportMeta, RowStyle, Table, Trouble, Value};

use super::{AS_OF, KNOWN_AT, column, day};

static PARAMS: &[FieldMeta] = &[AS_OF, KNOWN_AT];

/// Whether numbers given at posting are without gaps and in the order of days.
///
/// A number is never missing, because it is given in the transaction that posts; this is the
/// proof an auditor asks for. Days may go backwards, because back-dating is allowed in open
/// periods: each such number is told.
pub static NUMBER_CHECK: ReportMeta = ReportMeta {
    name: "number_check",
    label: Label::new("Check of numbers", "编号检查"),
    help: Label::new(
        "Invoices, payments and journal entries: which numbers are missing, and which stand after one of a later day.",
        "检查发票、收付款与凭证的编号：哪些断号，哪些编号靠后但日期更早。",
    ),
    params: PARAMS,
    run,
};

/// Documents whose numbers are given when they are posted, and their days.
const NUMBERED: [(&str, &str, Label); 3] = [
    ("invoice", "issued_on", Label::new("Invoice", "发票")),
    ("payment", "paid_on", Label::new("Payment", "收付款")),
    ("journal_entry", "posted_on", Label::new("Journal entry", "记账凭证")),
];

/// How the numbers of one kind of document are written.
struct Written {
    pattern: String,
    /// The short code of the company.
    code: String,
}

impl Written {
    fn read(entity: &str, company: &Value, reader: &dyn Reader) -> Result<Written, Trouble> {
        let own = reader.rows(
            "select pattern from number_series where company = ?1 and entity = ?2",
            &[company.clone(), entity.into()],
        )?;
        let usual = reader.entities().into_iter().find(|meta| meta.name == entity).map_or("", |meta| meta.number);
        let pattern = own.first().map_or(usual, |row| row.text(0)).to_owned();
        let code = match NumberPattern(&pattern).names("company") {
            false => Vec::new(),
            true => reader.rows("select code from company where id = ?1", std::slice::from_ref(company))?,
        };
        Ok(Written { pattern, code: code.first().map_or(String::new(), |row| row.text(0).to_owned()) })
    }

    /// A number taken apart: the series it belongs to, and the counter. Numbers of an earlier
    /// pattern are taken apart where their digits say how.
    fn parts(&self, number: &str, on: Date) -> Option<(String, u64)> {
        let pattern = NumberPattern(&self.pattern);
        match pattern.read(number, on, &self.code).map(u64::try_from) {
            Some(Ok(counter)) => {
                let (before, after) = pattern.around(on, &self.code);
                Some((format!("{before}#{after}"), counter))
            }
            _ => parts(number, runs_after(&self.pattern)),
        }
    }
}

/// A number taken apart by its runs of digits.
fn parts(number: &str, runs_after: usize) -> Option<(String, u64)> {
    let mut end = number.len();
    for run in 0..=runs_after {
        end = number[..end].rfind(|letter: char| letter.is_ascii_digit())? + 1;
        let start = number[..end]
            .rfind(|letter: char| !letter.is_ascii_digit())
            .map_or(0, |at| at + number[at..].chars().next().map_or(1, char::len_utf8));
        if run == runs_after {
            let counter = number[start..end].parse().ok()?;
            return Some((format!("{}#{}", &number[..start], &number[end..]), counter));
        }
        end = start;
    }
    None
}

/// How many runs of digits stand after the counter in a pattern.
fn runs_after(pattern: &str) -> usize {
    let tail = pattern.rsplit_once("{seq").and_then(|(_, tail)| tail.split_once('}')).map_or("", |(_, tail)| tail);
    let tail =
        ["{year}", "{year2}", "{month}", "{day}"].iter().fold(tail.to_owned(), |tail, part| tail.replace(part, "0"));
    tail.split(|letter: char| !letter.is_ascii_digit()).filter(|run| !run.is_empty()).count()
}

/// The documents of a series by their counters: which, and of what day.
type Series = BTreeMap<u64, (i64, Date)>;

/// What is wrong with a series.
#[derive(Debug, Default, PartialEq, Eq)]
struct Wrong {
    /// Counters that are not there, from one to another.
    missing: Vec<(u64, u64)>,
    /// Counters that stand after one of a later day, and that day.
    backwards: Vec<(u64, Date)>,
}

fn wrong(series: &Series) -> Wrong {
    let Wrong { mut missing, mut backwards } = Wrong::default();
    let (mut before, mut latest) = (0, Date::MIN);
    for (counter, (_, on)) in series {
        if before + 1 < *counter {
            missing.push((before + 1, counter - 1));
        }
        if *on < latest {
            backwards.push((*counter, latest));
        }
        (before, latest) = (*counter, latest.max(*on));
    }
    Wrong { missing, backwards }
}

fn run(values: &[Value], reader: &dyn Reader) -> Result<Table, Trouble> {
    let company = Value::Int(reader.context().company);
    let to = day(NUMBER_CHECK.param(values, "as_of"));
    let known = NUMBER_CHECK.param(values, "known_at").int().unwrap_or(i64::MAX);
    let mut table = Table::new(vec![
        column("document", FieldKind::Text, Label::new("Document", "单据")),
        column("series", FieldKind::Text, Label::new("Series", "编号系列")),
        column("number", FieldKind::Text, Label::new("How many, or which", "数量或编号")),
        column("on", FieldKind::Date, Label::new("Day", "日期")),
        column("what", FieldKind::Text, Label::new("What is odd", "异常")),
        column("latest", FieldKind::Date, Label::new("Latest day before", "此前最晚日期")),
    ]);
    for (entity, day_field, label) in NUMBERED {
        let written = Written::read(entity, &company, reader)?;
        // Known from the first entry it posted.
        let sql = format!(
            "select d.id, d.number, d.{day_field} from {entity} d
             where d.company = ?1 and d.number is not null and d.{day_field} <= ?2 and {{rows {entity} d}}
               and exists (select 1 from entry e where e.doc_entity = '{entity}' and e.doc_id = d.id and e.recorded_at <= ?3)"
        );
        let mut all: BTreeMap<String, Series> = BTreeMap::new();
        for row in reader.rows(&sql, &[company.clone(), to.into(), known.into()])? {
            let Some(on) = row.date(2) else { continue };
            if let Some((series, counter)) = written.parts(row.text(1), on) {
                all.entry(series).or_default().insert(counter, (row.int(0), on));
            }
        }
        for (series, numbers) in &all {
            let Wrong { missing, backwards } = wrong(numbers);
            let result = match missing.is_empty() && backwards.is_empty() {
                true => Label::new("All are there, in the order of days", "编号连续，且与日期顺序一致"),
                false => Label::new("See below", "见下"),
            };
            let count = numbers.len().to_string();
            let cells = vec![
                Cell::Label(label),
                series.as_str().into(),
                count.into(),
                Cell::Empty,
                Cell::Label(result),
                Cell::Empty,
            ];
            table.push(cells)?.style = RowStyle::Head;
            for (first, last) in missing {
                let which = if first == last { first.to_string() } else { format!("{first}–{last}") };
                let odd = Label::new("Missing: not posted, or dated later", "断号：未过账或日期在后");
                let cells = vec![
                    Cell::Label(label),
                    series.as_str().into(),
                    which.into(),
                    Cell::Empty,
                    Cell::Label(odd),
                    Cell::Empty,
                ];
                table.push(cells)?.level = 1;
            }
            for (counter, latest) in backwards {
                let (id, on) = numbers[&counter];
                let odd = Label::new("Dated before a lower number", "日期早于前面的编号");
                let cells = vec![
                    Cell::Label(label),
                    series.as_str().into(),
                    counter.to_string().into(),
                    on.into(),
                    Cell::Label(odd),
                    latest.into(),
                ];
                let row = table.push(cells)?;
                (row.level, row.opens) = (1, Some(Opens::Record(entity.to_owned(), id)));
            }
        }
    }
    Ok(table)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_a_series_and_a_counter() {
        assert_eq!(parts("INV-2026-00017", 0), Some(("INV-2026-#".to_owned(), 17)));
        assert_eq!(parts("17/2026", runs_after("{seq}/{year}")), Some(("#/2026".to_owned(), 17)));
        assert_eq!(parts("票26年7号", runs_after("票{year2}年{seq}号")), Some(("票26年#号".to_owned(), 7)));
        assert_eq!(parts("none", 0), None);
        assert_eq!(parts("7", 1), None);
    }

    #[test]
    fn a_number_is_read_by_its_pattern_and_by_its_digits_where_the_pattern_was_another() {
        let written = Written { pattern: "{company}{year}{month}{seq:04}".to_owned(), code: "HZ".to_owned() };
        let on = Date::new(2026, 3, 9).unwrap();
        assert_eq!(written.parts("HZ2026030012", on), Some(("HZ202603#".to_owned(), 12)));
        assert_eq!(written.parts("INV-2026-00017", on), Some(("INV-2026-#".to_owned(), 17)));
        let none = Written { pattern: String::new(), code: String::new() };
        assert_eq!(none.parts("INV-2026-00017", on), Some(("INV-2026-#".to_owned(), 17)));
    }

    #[test]
    fn what_is_missing_and_what_goes_backwards_is_told() {
        let on = |day: u32| Date::new(2026, 3, day).unwrap();
        let series = BTreeMap::from([(2, (1, on(5))), (3, (2, on(9))), (4, (3, on(7))), (7, (4, on(9)))]);
        assert_eq!(wrong(&series), Wrong { missing: vec![(1, 1), (5, 6)], backwards: vec![(4, on(9))] });
        assert_eq!(wrong(&BTreeMap::from([(1, (1, on(5))), (2, (2, on(5)))])), Wrong::default());
    }
}
