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

/// An account of our own, below the one for office expenses, costs what 4 does.
const ACCOUNTS: &[(i64, &str, &str, Option<i64>)] = &[
    (1, "1020", "asset", None),
    (2, "2010", "liability", None),
    (3, "4000", "income", None),
    (4, "TEA", "expense", Some(5)),
    (5, "6050", "expense", None),
];

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
        if sql.contains("from company") {
            return Ok(vec![Row(vec!["ifrs_generic".into()])]);
        }
        if sql.contains("from account") {
            let row = |(id, code, kind, parent): &(i64, &str, &str, Option<i64>)| {
                Row(vec![(*id).into(), (*code).into(), (*code).into(), (*kind).into(), 0.into(), (*parent).into()])
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

/// The rows that begin so.
fn lines(table: &Table, begins: &[&str]) -> Vec<String> {
    let told = told(table);
    let line = |begin: &&str| told.iter().find(|row| row.starts_with(*begin)).unwrap_or_else(|| panic!("no {begin}"));
    begins.iter().map(|begin| line(begin).clone()).collect()
}

const RESULT: [&str; 3] = ["Revenue", "Other operating expenses", "Profit for the period"];

#[test]
fn a_month_is_compared_with_the_month_before() {
    let mut params = march();
    params.push(("compare", "before".into()));
    let told = lines(&table(&INCOME_STATEMENT, &params), &RESULT);
    assert_eq!(
        told,
        ["Revenue 1 1070 500 570", "Other operating expenses 8 400 0 400", "Profit for the period 14 670 500 170"]
    );
}

#[test]
fn a_month_is_compared_with_the_same_of_the_year_before() {
    let mut params = march();
    params.push(("compare", "year_before".into()));
    let told = lines(&table(&INCOME_STATEMENT, &params), &["Revenue", "Profit for the period"]);
    assert_eq!(told, ["Revenue 1 1070 300 770", "Profit for the period 14 670 300 370"]);
}

#[test]
fn a_year_stands_beside_its_last_month() {
    let year = [("from", "2026-01-01".into()), ("as_of", "2026-03-31".into())];
    let table = table(&INCOME_STATEMENT, &year);
    assert_eq!(
        lines(&table, &RESULT),
        ["Revenue 1 1570 1070", "Other operating expenses 8 400 400", "Profit for the period 14 1170 670"]
    );
    let heads: Vec<&str> = table.columns.iter().map(|column| column.label.zh).collect();
    assert_eq!(heads, ["项目", "行次", "本年累计金额", "本月金额"]);
}

#[test]
fn what_was_written_down_later_was_not_known_then() {
    let mut params = march();
    params.push(("known_at", 5.into()));
    let told = lines(&table(&INCOME_STATEMENT, &params), &["Profit for the period"]);
    assert_eq!(told, ["Profit for the period 14 600 600"]);
}

#[test]
fn both_sides_of_the_sheet_are_equal_on_any_day() {
    for as_of in ["2025-01-01", "2025-12-31", "2026-03-02", "2026-03-31"] {
        let table = table(&BALANCE_SHEET, &[("as_of", as_of.into())]);
        let figures = |name| lines(&table, &[name])[0].rsplit(' ').take(2).map(str::to_owned).collect::<Vec<_>>();
        assert_eq!(figures("Total assets"), figures("Total liabilities and equity"), "on {as_of}");
        assert_eq!(figures("Check"), ["0", "0"], "on {as_of}");
    }
}

#[test]
fn the_sheet_shows_the_day_beside_the_beginning_of_the_year() {
    let table = table(&BALANCE_SHEET, &[("as_of", "2026-03-31".into())]);
    let told = lines(&table, &["Cash and cash equivalents", "Trade payables", "Retained earnings"]);
    assert_eq!(
        told,
        ["Cash and cash equivalents 1 1870 300", "Trade payables 15 400 0", "Retained earnings 30 1470 300"]
    );
}

/// Where the row that begins so leads.
fn way(table: &Table, begins: &str) -> String {
    let at = told(table).iter().position(|row| row.starts_with(begins)).unwrap();
    match &table.rows[at].opens {
        Some(meta::Opens::Report(name, params)) => {
            let params: Vec<String> = params.iter().map(|(name, value)| format!("{name}={value}")).collect();
            format!("{name} {}", params.join(" "))
        }
        other => format!("{other:?}"),
    }
}

#[test]
fn a_line_leads_to_its_account_or_to_its_accounts_as_known_then() {
    let table = table(&BALANCE_SHEET, &[("as_of", "2026-03-31".into()), ("known_at", 9.into())]);
    let days = "from=2026-01-01 as_of=2026-03-31 known_at=1970-01-01T00:00:00.000009Z";
    assert_eq!(way(&table, "Trade payables"), format!("general_ledger account=ac_2 {days}"));
    assert_eq!(way(&table, "Retained earnings"), format!("trial_balance statement=balance_sheet line=30 {days}"));
    assert_eq!(way(&table, "Goodwill"), "None");
}

#[test]
fn the_accounts_of_a_line_are_those_of_the_trial_balance() {
    let mut params = march();
    params.extend([("statement", "income_statement".into()), ("line", 8.into())]);
    check(&TRIAL_BALANCE, &params, "TEA 0 400 0 400\nTotal 0 400 0 400");
}

#[test]
fn the_trial_balance_opens_with_what_was_before_and_sums_to_nothing() {
    check(
        &TRIAL_BALANCE,
        &march(),
        "
        1020 800 1070 0 1870
        2010 0 0 400 -400
        4000 -800 0 1070 -1870
        TEA 0 400 0 400
        Total 0 1470 1470 0
    ",
    );
}
