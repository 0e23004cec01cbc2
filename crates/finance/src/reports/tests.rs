//! Reports over a small book: what they say on a day, and what they said then.

use kernel::{Currency, Date, Instant, Lang};
use meta::{Cell, Context, EntityMeta, Fault, Reader, Record, ReportMeta, Row, Table, Value};

use super::statements::{BALANCE_SHEET, INCOME_STATEMENT};
use super::trial_balance::TRIAL_BALANCE;

/// Account, business day, amount (debit positive), and when it was written down.
const BOOK: &[(i64, &str, i64, i64)] = &[
    (1, "2025-03-10", 300, 1),
    (3, "2025-03-10", -300, 1),
    (1, "2026-02-27", 500, 2),
    (3, "2026-02-27", -500, 2),
    (1, "2026-03-20", 1_000, 3),
    (3, "2026-03-20", -1_000, 3),
    (4, "2026-03-20", 400, 3),
    (2, "2026-03-20", -400, 3),
    // Written down later, for a day before.
    (1, "2026-03-02", 70, 9),
    (3, "2026-03-02", -70, 9),
];

const ACCOUNTS: &[(i64, &str, &str)] =
    &[(1, "1000", "asset"), (2, "2000", "liability"), (3, "4000", "income"), (4, "5000", "expense")];

struct Book(Context);

fn book() -> Book {
    let today = Date::new(2026, 3, 31).unwrap();
    let now = Instant::from_micros(100);
    Book(Context { company: 1, user: 1, currency: Currency::CNY, today, now, lang: Lang::En })
}

impl Reader for Book {
    fn record(&self, _: &'static EntityMeta, _: i64) -> Result<Option<Record>, Fault> {
        Ok(None)
    }

    fn rows(&self, sql: &str, args: &[Value]) -> Result<Vec<Row>, Fault> {
        if sql.contains("from account") {
            let row = |(id, code, kind): &(i64, &str, &str)| {
                Row(vec![(*id).into(), (*code).into(), (*code).into(), (*kind).into(), 0.into()])
            };
            return Ok(ACCOUNTS.iter().map(row).collect());
        }
        // Kept balances hold all that is written down; the lines are asked for what came later.
        let (on, later_than) =
            if sql.contains("from balance") { (&args[2], 0) } else { (&args[2], args[1].int().unwrap()) };
        let lines = BOOK.iter().filter(|line| line.1 <= on.text().unwrap() && later_than < line.3);
        Ok(lines.map(|line| Row(vec![line.0.into(), line.2.max(0).into(), (-line.2).max(0).into()])).fold(
            Vec::new(),
            |mut sums: Vec<Row>, line| {
                match sums.iter_mut().find(|sum| sum.int(0) == line.int(0)) {
                    Some(sum) => {
                        sum.0[1] = (sum.int(1) + line.int(1)).into();
                        sum.0[2] = (sum.int(2) + line.int(2)).into();
                    }
                    None => sums.push(line),
                }
                sums
            },
        ))
    }

    fn context(&self) -> &Context {
        &self.0
    }
}

fn table(report: &ReportMeta, params: &[(&str, Value)]) -> Table {
    let value = |name: &str| params.iter().find(|one| one.0 == name).map_or(Value::Null, |one| one.1.clone());
    let values: Vec<Value> = report.params.iter().map(|param| value(param.name)).collect();
    (report.run)(&values, &book()).unwrap()
}

/// One line a row: what it is about, and its figures.
fn told(table: &Table) -> Vec<String> {
    let cell = |cell: &Cell| match cell {
        Cell::Empty => String::new(),
        Cell::Value(value) => value.int().map_or_else(String::new, |number| number.to_string()),
        Cell::Label(label) => label.en.to_owned(),
        Cell::Ref { label, .. } => label.split(' ').next().unwrap_or("").to_owned(),
        Cell::Money(_) => "money".to_owned(),
    };
    let row = |cells: &[Cell]| cells.iter().map(cell).filter(|text| !text.is_empty()).collect::<Vec<_>>().join(" ");
    table.rows.iter().map(|one| row(&one.cells)).collect()
}

fn check(report: &ReportMeta, params: &[(&str, Value)], expected: &str) {
    let expected: Vec<&str> = expected.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    assert_eq!(told(&table(report, params)), expected);
}

fn march() -> Vec<(&'static str, Value)> {
    vec![("from", "2026-03-01".into()), ("as_of", "2026-03-31".into())]
}

#[test]
fn a_month_is_compared_with_the_month_before() {
    let mut params = march();
    params.push(("compare", "before".into()));
    check(
        &INCOME_STATEMENT,
        &params,
        "
        Income
        4000 1070 500 570
        Total income 1070 500 570
        Expenses
        5000 400 0 400
        Total expenses 400 0 400
        Profit 670 500 170
    ",
    );
}

#[test]
fn a_month_is_compared_with_the_same_of_the_year_before() {
    let mut params = march();
    params.push(("compare", "year_before".into()));
    let rows = told(&table(&INCOME_STATEMENT, &params));
    assert_eq!((rows[1].as_str(), rows.last().unwrap().as_str()), ("4000 1070 300 770", "Profit 670 300 370"));
}

#[test]
fn nothing_is_compared_unless_asked_for() {
    let rows = told(&table(&INCOME_STATEMENT, &march()));
    assert_eq!((rows[1].as_str(), rows.last().unwrap().as_str()), ("4000 1070", "Profit 670"));
    assert_eq!(table(&INCOME_STATEMENT, &march()).columns.len(), 2);
}

#[test]
fn what_was_written_down_later_was_not_known_then() {
    let mut params = march();
    params.push(("known_at", 5.into()));
    let rows = told(&table(&INCOME_STATEMENT, &params));
    assert_eq!(rows.last().unwrap(), "Profit 600");
}

#[test]
fn both_sides_of_the_sheet_are_equal_on_any_day() {
    for as_of in ["2025-01-01", "2025-12-31", "2026-03-02", "2026-03-31"] {
        let rows = told(&table(&BALANCE_SHEET, &[("as_of", as_of.into())]));
        let total = |name: &str| {
            let row = rows.iter().find(|row| row.starts_with(name)).unwrap();
            row.rsplit(' ').next().unwrap().to_owned()
        };
        assert_eq!(total("Total assets"), total("Liabilities and equity"), "on {as_of}");
    }
}

#[test]
fn the_trial_balance_opens_with_what_was_before_and_sums_to_nothing() {
    check(
        &TRIAL_BALANCE,
        &march(),
        "
        1000 800 1070 0 1870
        2000 0 0 400 -400
        4000 -800 0 1070 -1870
        5000 0 400 0 400
        Total 0 1470 1470 0
    ",
    );
}
