//! Numbers that are missing, and numbers whose days go backwards.

use std::collections::{BTreeMap, BTreeSet};

use kernel::{Date, Label};
use meta::{Cell, FieldKind, FieldMeta, NumberPattern, Opens, Reader, ReportMeta, RowStyle, Table, Trouble, Value};

use super::{AS_OF, FROM, KNOWN_AT, column, day};

static PARAMS: &[FieldMeta] = &[FROM, AS_OF, KNOWN_AT];

/// Whether numbers given at posting are without gaps and in the order of days.
///
/// A number is never missing, because it is given in the transaction that posts; this is the
/// proof an auditor asks for. Days may go backwards, because back-dating is allowed in open
/// periods: each such number is told. Only numbers of the period that is asked for are read, however
/// many there were before; one that seems to be missing is looked for among the earlier days.
pub static NUMBER_CHECK: ReportMeta = ReportMeta {
    name: "number_check",
    label: Label::new("Check of numbers", "编号检查"),
    help: Label::new(
        "Invoices, payments and journal entries of a period: which numbers are missing, and which stand after one of a later day.",
        "检查某期间内发票、收付款与凭证的编号：哪些断号，哪些编号靠后但日期更早。",
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

/// How many numbers that seem to be missing from a series are looked for among earlier days.
const LOOKED_FOR_MAX: usize = 1000;
/// How many are asked for at once.
const ASKED_MAX: usize = 200;

/// How the numbers of one kind of document are written: by the series of the company, those of its
/// kinds among them, and in the usual form.
struct Written {
    patterns: Vec<String>,
    /// The short code of the company.
    code: String,
}

/// A number taken apart.
#[derive(Debug, PartialEq, Eq)]
struct Parts {
    before: String,
    counter: u64,
    after: String,
    /// How many digits the counter has at least.
    width: usize,
    /// What it was written by; nothing where that is not known any more.
    pattern: Option<String>,
}

impl Written {
    fn read(entity: &str, company: &Value, reader: &dyn Reader) -> Result<Written, Trouble> {
        let own = reader.rows(
            "select pattern from number_series where company = ?1 and entity = ?2 order by kind",
            &[company.clone(), entity.into()],
        )?;
        let usual = reader.entities().into_iter().find(|meta| meta.name == entity).map_or("", |meta| meta.number);
        let own = own.iter().map(|row| row.text(0).to_owned());
        let patterns: Vec<String> = own.chain([usual.to_owned()]).collect();
        let code = match patterns.iter().any(|pattern| NumberPattern(pattern).names("company")) {
            false => Vec::new(),
            true => reader.rows("select code from company where id = ?1", std::slice::from_ref(company))?,
        };
        Ok(Written { patterns, code: code.first().map_or(String::new(), |row| row.text(0).to_owned()) })
    }

    /// A number taken apart: the series it belongs to, and the counter. Numbers of an earlier
    /// pattern are taken apart where their digits say how.
    fn parts(&self, number: &str, on: Date) -> Option<Parts> {
        let known = self.patterns.iter().find_map(|text| {
            let pattern = NumberPattern(text);
            let counter = u64::try_from(pattern.read(number, on, &self.code)?).ok()?;
            let (before, after) = pattern.around(on, &self.code);
            let width = pattern.write(on, &self.code, 0).len().saturating_sub(before.len() + after.len());
            Some(Parts { before, counter, after, width, pattern: Some(text.clone()) })
        });
        known.or_else(|| parts(number, self.patterns.first().map_or(0, |pattern| runs_after(pattern))))
    }
}

/// A number taken apart by its runs of digits.
fn parts(number: &str, runs_after: usize) -> Option<Parts> {
    let mut end = number.len();
    for run in 0..=runs_after {
        end = number[..end].rfind(|letter: char| letter.is_ascii_digit())? + 1;
        let start = number[..end]
            .rfind(|letter: char| !letter.is_ascii_digit())
            .map_or(0, |at| at + number[at..].chars().next().map_or(1, char::len_utf8));
        if run == runs_after {
            let counter = number[start..end].parse().ok()?;
            let (before, after) = (number[..start].to_owned(), number[end..].to_owned());
            return Some(Parts { before, counter, after, width: end - start, pattern: None });
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

/// The documents of a series in a period.
#[derive(Default)]
struct Series {
    before: String,
    after: String,
    width: usize,
    /// By their counters: which, and of what day.
    numbers: BTreeMap<u64, (i64, Date)>,
    /// Whether its first number must be in the period: the counter begins again with it or later.
    from_first: bool,
}

impl Series {
    fn name(&self) -> String {
        format!("{}#{}", self.before, self.after)
    }

    fn number(&self, counter: u64) -> String {
        let Series { before, after, width, .. } = self;
        format!("{before}{counter:0width$}{after}")
    }
}

/// What is wrong with a series.
#[derive(Debug, Default, PartialEq, Eq)]
struct Wrong {
    /// Counters that are not there, from one to another.
    missing: Vec<(u64, u64)>,
    /// Counters that stand after one of a later day, and that day.
    backwards: Vec<(u64, Date)>,
}

/// What is wrong with a series, but for the counters of earlier days.
fn wrong(series: &Series, earlier: &BTreeSet<u64>) -> Wrong {
    let Wrong { mut missing, mut backwards } = Wrong::default();
    let mut latest = Date::MIN;
    for gap in gaps(series) {
        // What is left of a gap, between those of earlier days.
        let mut first = gap.0;
        for there in earlier.range(gap.0..=gap.1) {
            if first < *there {
                missing.push((first, there - 1));
            }
            first = there + 1;
        }
        if first <= gap.1 {
            missing.push((first, gap.1));
        }
    }
    for (counter, (_, on)) in &series.numbers {
        if *on < latest {
            backwards.push((*counter, latest));
        }
        latest = latest.max(*on);
    }
    Wrong { missing, backwards }
}

/// The counters that are not among the documents of the period, from one to another.
fn gaps(series: &Series) -> Vec<(u64, u64)> {
    let first = series.numbers.keys().next().copied().unwrap_or(1);
    let mut before = if series.from_first { 0 } else { first.saturating_sub(1) };
    let mut gaps = Vec::new();
    for counter in series.numbers.keys() {
        if before + 1 < *counter {
            gaps.push((before + 1, counter - 1));
        }
        before = *counter;
    }
    gaps
}

/// What is asked for.
struct Asked {
    company: Value,
    from: Date,
    to: Date,
    /// In microseconds.
    known_at: i64,
}

/// Known from the first entry it posted.
fn posted(entity: &str) -> String {
    format!(
        "{{rows {entity} d}} and exists (select 1 from entry e
           where e.doc_entity = '{entity}' and e.doc_id = d.id and e.recorded_at <= ?3)"
    )
}

/// The series of one kind of document in a period.
fn series_of(entity: &str, day_field: &str, asked: &Asked, reader: &dyn Reader) -> Result<Vec<Series>, Trouble> {
    let written = Written::read(entity, &asked.company, reader)?;
    let sql = format!(
        "select d.id, d.number, d.{day_field} from {entity} d
         where d.company = ?1 and d.number is not null and d.{day_field} <= ?2 and d.{day_field} >= ?4 and {}",
        posted(entity)
    );
    let args = [asked.company.clone(), asked.to.into(), asked.known_at.into(), asked.from.into()];
    let mut all: BTreeMap<String, Series> = BTreeMap::new();
    for row in reader.rows(&sql, &args)? {
        let Some(on) = row.date(2) else { continue };
        let Some(Parts { before, counter, after, width, pattern }) = written.parts(row.text(1), on) else { continue };
        let series = all.entry(format!("{before}#{after}")).or_insert_with(|| {
            let from_first = asked.from == Date::MIN
                || pattern.is_some_and(|pattern| {
                    let pattern = NumberPattern(&pattern);
                    pattern.period(asked.from.add_days(-1)) != pattern.period(on)
                });
            Series { before, after, width, from_first, ..Series::default() }
        });
        series.width = series.width.min(width);
        series.numbers.insert(counter, (row.int(0), on));
    }
    Ok(all.into_values().collect())
}

/// Which of the counters that are not in the period stand on documents of earlier days.
fn earlier(
    series: &Series,
    (entity, day_field): (&str, &str),
    asked: &Asked,
    reader: &dyn Reader,
) -> Result<BTreeSet<u64>, Trouble> {
    let absent: Vec<u64> =
        gaps(series).into_iter().flat_map(|(first, last)| first..=last).take(LOOKED_FOR_MAX).collect();
    let mut found = BTreeSet::new();
    for some in absent.chunks(ASKED_MAX) {
        let by_number: BTreeMap<String, u64> = some.iter().map(|counter| (series.number(*counter), *counter)).collect();
        let places: Vec<String> = (4..4 + by_number.len()).map(|place| format!("?{place}")).collect();
        let sql = format!(
            "select d.number from {entity} d
             where d.company = ?1 and d.number in ({}) and d.{day_field} < ?2 and {}",
            places.join(", "),
            posted(entity)
        );
        let mut args = vec![asked.company.clone(), asked.from.into(), asked.known_at.into()];
        args.extend(by_number.keys().map(|number| Value::from(number.as_str())));
        let rows = reader.rows(&sql, &args)?;
        found.extend(rows.iter().filter_map(|row| by_number.get(row.text(0))));
    }
    Ok(found)
}

fn run(values: &[Value], reader: &dyn Reader) -> Result<Table, Trouble> {
    let asked = Asked {
        company: Value::Int(reader.context().company),
        from: NUMBER_CHECK.param(values, "from").text().and_then(Date::parse).unwrap_or(Date::MIN),
        to: day(NUMBER_CHECK.param(values, "as_of")),
        known_at: NUMBER_CHECK.param(values, "known_at").int().unwrap_or(i64::MAX),
    };
    let mut table = Table::new(vec![
        column("document", FieldKind::Text, Label::new("Document", "单据")),
        column("series", FieldKind::Text, Label::new("Series", "编号系列")),
        column("number", FieldKind::Text, Label::new("How many, or which", "数量或编号")),
        column("on", FieldKind::Date, Label::new("Day", "日期")),
        column("what", FieldKind::Text, Label::new("What is odd", "异常")),
        column("latest", FieldKind::Date, Label::new("Latest day before", "此前最晚日期")),
    ]);
    for (entity, day_field, label) in NUMBERED {
        for series in series_of(entity, day_field, &asked, reader)? {
            let earlier = earlier(&series, (entity, day_field), &asked, reader)?;
            let Wrong { missing, backwards } = wrong(&series, &earlier);
            let (name, numbers) = (series.name(), &series.numbers);
            let result = match missing.is_empty() && backwards.is_empty() {
                true => Label::new("All are there, in the order of days", "编号连续，且与日期顺序一致"),
                false => Label::new("See below", "见下"),
            };
            let count = numbers.len().to_string();
            let cells = vec![
                Cell::Label(label),
                name.as_str().into(),
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
                    name.as_str().into(),
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
                    name.as_str().into(),
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

    fn named(parts: Option<Parts>) -> Option<(String, u64)> {
        parts.map(|parts| (format!("{}#{}", parts.before, parts.after), parts.counter))
    }

    #[test]
    fn a_number_is_a_series_and_a_counter() {
        let parts = |number, runs_after| named(parts(number, runs_after));
        assert_eq!(parts("INV-2026-00017", 0), Some(("INV-2026-#".to_owned(), 17)));
        assert_eq!(parts("17/2026", runs_after("{seq}/{year}")), Some(("#/2026".to_owned(), 17)));
        assert_eq!(parts("票26年7号", runs_after("票{year2}年{seq}号")), Some(("票26年#号".to_owned(), 7)));
        assert_eq!(parts("none", 0), None);
        assert_eq!(parts("7", 1), None);
    }

    #[test]
    fn a_number_is_read_by_its_pattern_and_by_its_digits_where_the_pattern_was_another() {
        let patterns = ["{company}{year}{month}{seq:04}", "CN{seq}"].map(str::to_owned).to_vec();
        let written = Written { patterns, code: "HZ".to_owned() };
        let on = Date::new(2026, 3, 9).unwrap();
        let parts = |number| named(written.parts(number, on));
        assert_eq!(parts("HZ2026030012"), Some(("HZ202603#".to_owned(), 12)));
        assert_eq!(parts("CN7"), Some(("CN#".to_owned(), 7)));
        assert_eq!(parts("INV-2026-00017"), Some(("INV-2026-#".to_owned(), 17)));
        let none = Written { patterns: Vec::new(), code: String::new() };
        assert_eq!(named(none.parts("INV-2026-00017", on)), Some(("INV-2026-#".to_owned(), 17)));
    }

    fn series(days: &[(u64, u32)], from_first: bool) -> Series {
        let on = |day: u32| Date::new(2026, 3, day).unwrap();
        let numbers = days.iter().map(|(counter, day)| (*counter, (1, on(*day)))).collect();
        Series { before: "IV-".to_owned(), width: 3, numbers, from_first, ..Series::default() }
    }

    #[test]
    fn what_is_missing_and_what_goes_backwards_is_told() {
        let on = Date::new(2026, 3, 9).unwrap();
        let none = BTreeSet::new();
        let some = [(2, 5), (3, 9), (4, 7), (7, 9)];
        let told = Wrong { missing: vec![(1, 1), (5, 6)], backwards: vec![(4, on)] };
        assert_eq!(wrong(&series(&some, true), &none), told);
        let told = Wrong { missing: vec![(5, 6)], backwards: vec![(4, on)] };
        assert_eq!(wrong(&series(&some, false), &none), told, "1 is of an earlier period");
        assert_eq!(wrong(&series(&[(1, 5), (2, 5)], true), &none), Wrong::default());
        assert_eq!(series(&some, true).number(7), "IV-007");
    }

    #[test]
    fn a_number_of_an_earlier_day_is_not_missing() {
        let missing =
            |earlier: &[u64]| wrong(&series(&[(3, 5), (9, 5)], false), &earlier.iter().copied().collect()).missing;
        assert_eq!(missing(&[4, 6, 7]), [(5, 5), (8, 8)]);
        assert_eq!(missing(&[5]), [(4, 4), (6, 8)]);
        assert_eq!(missing(&[4, 5, 6, 7, 8]), []);
    }
}
