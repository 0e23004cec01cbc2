//! Balance sheet and income statement, line by line as the official form has them.
//!
//! Which accounts make which line is data of the country (`localize`); every line opens to its
//! accounts, those to their entries, and these to the documents.

use std::collections::BTreeMap;

use kernel::{Amount, Date, Label};
use localize::{Formula, StatementLine, Statements};
use meta::{Cell, Choice, Fault, FieldKind, FieldMeta, Opens, Reader, ReportMeta, RowStyle, Table, Trouble, Value};

use super::balances::{self, AccountRow, Sums};
use super::trial_balance::{Period, ledger};
use super::{AS_OF, FROM, KNOWN_AT, column, day, param};

static SHEET_PARAMS: &[FieldMeta] = &[AS_OF, KNOWN_AT];
static INCOME_PARAMS: &[FieldMeta] = &[
    FROM,
    AS_OF,
    KNOWN_AT,
    param("compare", FieldKind::Choice(<Compare as Choice>::META), Label::new("Compare with", "对比期间"), ""),
];

/// The two statements.
#[derive(Choice, Clone, Copy, Debug, PartialEq, Eq)]
pub enum StatementKind {
    /// What we have, what we owe, and what belongs to the owners.
    #[choice(zh = "资产负债表")]
    BalanceSheet,
    /// What was earned and spent.
    #[choice(zh = "利润表")]
    IncomeStatement,
}

impl StatementKind {
    fn of(self, statements: &Statements) -> localize::Statement {
        match self {
            StatementKind::BalanceSheet => statements.balance_sheet,
            StatementKind::IncomeStatement => statements.income_statement,
        }
    }
}

/// With which time an income statement is compared.
#[derive(Choice, Clone, Copy, Debug, PartialEq, Eq)]
pub enum Compare {
    /// With none.
    #[choice(zh = "不对比")]
    Nothing,
    /// As many whole months, or days, just before.
    #[choice(zh = "上期", label = "The time before")]
    Before,
    /// The same days of the year before.
    #[choice(zh = "上年同期", label = "The year before")]
    YearBefore,
}

impl Compare {
    /// The days to compare with.
    fn days(self, from: Date, to: Date) -> Option<(Date, Date)> {
        let whole_months = from == from.start_of_month() && to == to.end_of_month();
        match self {
            Compare::Nothing => None,
            Compare::Before if whole_months => {
                let months = 12 * (to.year() - from.year()) + to.month() as i32 - from.month() as i32 + 1;
                Some((from.add_months(-months), from.add_days(-1)))
            }
            Compare::Before => Some((from.add_days(from.days_since(to) - 1), from.add_days(-1))),
            Compare::YearBefore => {
                let (from, last) = (from.add_months(-12), to.add_months(-12));
                // The last of February is the 28th or the 29th.
                Some((from, if to == to.end_of_month() { last.end_of_month() } else { last }))
            }
        }
    }
}

/// What we have, what we owe, and what belongs to the owners.
pub static BALANCE_SHEET: ReportMeta = ReportMeta {
    name: "balance_sheet",
    label: Label::new("Balance sheet", "资产负债表"),
    help: Label::new(
        "What the company has, what it owes, and what belongs to its owners, on a day and at the beginning of its year, in the lines of the official form. Click a line for its accounts.",
        "按官方报表行次列示公司在某日及年初的资产、负债与所有者权益。点击任一行可查看其科目。",
    ),
    params: SHEET_PARAMS,
    run: sheet,
};

/// What was earned and spent.
pub static INCOME_STATEMENT: ReportMeta = ReportMeta {
    name: "income_statement",
    label: Label::new("Income statement", "利润表"),
    help: Label::new(
        "What was earned and what was spent from one day to another and in the last month of it, or beside the time before or the year before, in the lines of the official form. Click a line for its accounts.",
        "按官方报表行次列示某期间及其最后一月的收入、费用与利润，可与上期或上年同期对比。点击任一行可查看其科目。",
    ),
    params: INCOME_PARAMS,
    run: income,
};

/// How the statements of the company's chart are laid out.
fn layout(reader: &dyn Reader) -> Result<Statements, Fault> {
    let rows = reader.rows("select chart from company where id = ?1", &[reader.context().company.into()])?;
    let chart = rows.first().map_or("", |row| row.text(0));
    localize::statements(chart).ok_or_else(|| Fault::new(format!("there are no statements for the chart “{chart}”")))
}

/// The accounts that stand in each line of a statement.
struct Standings {
    by_line: BTreeMap<i32, Vec<i64>>,
    /// Accounts no line names, which stand with the others of their kind.
    strangers: Vec<i64>,
}

fn standings(statement: &localize::Statement, accounts: &[AccountRow]) -> Standings {
    let by_id: BTreeMap<i64, &AccountRow> = accounts.iter().map(|account| (account.id, account)).collect();
    let mut standings = Standings { by_line: BTreeMap::new(), strangers: Vec::new() };
    for account in accounts.iter().filter(|account| !account.is_group) {
        let mut codes = vec![account.code.as_str()];
        let mut above = account.parent.and_then(|parent| by_id.get(&parent));
        // A chart is not as deep as it has accounts; a ring of parents ends here.
        while let Some(parent) = above.filter(|_| codes.len() <= accounts.len()) {
            codes.push(&parent.code);
            above = parent.parent.and_then(|parent| by_id.get(&parent));
        }
        let Some(standing) = statement.standing(&codes, &account.kind) else { continue };
        if !standing.is_named {
            standings.strangers.push(account.id);
        }
        for line in standing.lines {
            standings.by_line.entry(line).or_default().push(account.id);
        }
    }
    standings
}

/// The accounts that stand in one line of a statement.
pub(super) fn accounts_of(kind: StatementKind, line: i64, reader: &dyn Reader) -> Result<Vec<i64>, Fault> {
    let standings = standings(&kind.of(&layout(reader)?), &balances::accounts(reader)?);
    let line = i32::try_from(line).unwrap_or(0);
    Ok(standings.by_line.get(&line).cloned().unwrap_or_default())
}

/// One column: a figure for each line, none for headings.
type Figures = Vec<Option<Amount>>;

/// A statement being written: its lines beside several columns of figures.
struct Form {
    kind: StatementKind,
    statement: localize::Statement,
    standings: Standings,
    /// Where a line leads: the accounts over this time.
    period: Period,
    columns: Vec<meta::Column>,
    /// Sums of accounts, a map for each column of figures.
    sums: Vec<BTreeMap<i64, Sums>>,
}

impl Form {
    fn new(kind: StatementKind, period: Period, reader: &dyn Reader) -> Result<(Form, Statements), Fault> {
        let layout = layout(reader)?;
        let statement = kind.of(&layout);
        let standings = standings(&statement, &balances::accounts(reader)?);
        let columns = vec![
            column("account", FieldKind::Text, Label::new("Item", "项目")),
            column("line", FieldKind::Int, Label::new("Line", "行次")),
        ];
        Ok((Form { kind, statement, standings, period, columns, sums: Vec::new() }, layout))
    }

    fn column(&mut self, name: &'static str, label: Label, sums: BTreeMap<i64, Sums>) {
        self.columns.push(column(name, FieldKind::Amount, label));
        self.sums.push(sums);
    }

    /// The figures of one column, in the order of the lines.
    fn figures(&self, sums: &BTreeMap<i64, Sums>) -> Figures {
        let sum = |accounts: &Vec<i64>| accounts.iter().map(|account| Amount::new(net(sums, *account))).sum();
        let by_line = self.standings.by_line.iter().map(|(line, accounts)| (*line, sum(accounts))).collect();
        self.statement.figures(&by_line)
    }

    /// Where a line leads: to its account, or to its accounts.
    fn opens(&self, line: &StatementLine) -> Option<Opens> {
        let is_there = |account: &&i64| self.sums.iter().any(|sums| sums.contains_key(account));
        let accounts: Vec<i64> = self.standings.by_line.get(&line.number)?.iter().filter(is_there).copied().collect();
        match accounts.as_slice() {
            [] => None,
            [one] => Some(ledger(*one, &self.period)),
            _ => {
                let mut params = vec![("statement", self.kind.code().to_owned()), ("line", line.number.to_string())];
                params.extend(self.period.params());
                Some(Opens::Report("trial_balance", params))
            }
        }
    }

    /// The finished form, with the figures by column.
    fn table(self, compares: bool) -> Result<(Table, Vec<Figures>), Fault> {
        let figures: Vec<Figures> = self.sums.iter().map(|sums| self.figures(sums)).collect();
        let mut table = Table::new(self.columns.clone());
        for (at, line) in self.statement.lines.iter().enumerate() {
            let number = if line.number == 0 { Cell::Empty } else { Cell::from(i64::from(line.number)) };
            let mut cells = vec![Cell::Label(line.label), number];
            let amounts: Vec<Option<Amount>> = figures.iter().map(|column| column[at]).collect();
            cells.extend(amounts.iter().map(|amount| amount.map_or(Cell::Empty, |amount| Cell::from(amount.raw()))));
            if let (true, [Some(now), Some(then)]) = (compares, amounts.as_slice()) {
                cells.push(Cell::from((*now - *then).raw()));
            }
            cells.resize_with(table.columns.len(), Cell::default);
            let row = table.push(cells)?;
            (row.style, row.level) = match line.formula {
                Formula::Head => (RowStyle::Head, 0),
                Formula::Lines(_) => (RowStyle::Total, 0),
                Formula::Debit(_) | Formula::Credit(_) => (RowStyle::Plain, if line.is_memo { 2 } else { 1 }),
            };
            row.opens = self.opens(line);
        }
        if self.standings.strangers.iter().any(|account| self.sums.iter().any(|sums| sums.contains_key(account))) {
            table.notes.push(Label::new(
                "Some accounts are named by no line of this form and stand with the others of their kind. Give them an account above (“parent”) to place them.",
                "部分科目未列入本表任何一行，已并入同类的其他项目。为其设置上级科目即可归入相应行次。",
            ));
        }
        Ok((table, figures))
    }
}

fn net(sums: &BTreeMap<i64, Sums>, account: i64) -> i64 {
    sums.get(&account).copied().unwrap_or_default().net()
}

fn sheet(values: &[Value], reader: &dyn Reader) -> Result<Table, Trouble> {
    let to = day(BALANCE_SHEET.param(values, "as_of"));
    let known_at = BALANCE_SHEET.param(values, "known_at").int();
    let year = Date::new(to.year(), 1, 1).unwrap_or(to);
    let period = Period { from: year, to, known_at };
    let (mut form, layout) = Form::new(StatementKind::BalanceSheet, period, reader)?;
    form.column("amount", Label::new("At the end", "期末余额"), balances::up_to(to, known_at, reader)?);
    let opening = balances::up_to(year.add_days(-1), known_at, reader)?;
    form.column("opening", Label::new("At the beginning of the year", "年初余额"), opening);
    let statement = form.statement;
    let (mut table, figures) = form.table(false)?;
    let place = |number| statement.lines.iter().position(|line| line.number == number);
    let (Some(left), Some(right)) = (place(layout.totals.0), place(layout.totals.1)) else {
        return Err(Fault::new("the balance sheet has no totals").into());
    };
    let mut cells = vec![
        Cell::Label(Label::new(
            "Check: assets less liabilities and equity, always zero",
            "校验：资产减负债和所有者权益，恒为零",
        )),
        Cell::Empty,
    ];
    let differs = |column: &Figures| column[left].unwrap_or_default() - column[right].unwrap_or_default();
    cells.extend(figures.iter().map(|column| Cell::from(differs(column).raw())));
    table.push(cells)?.level = 1;
    Ok(table)
}

fn income(values: &[Value], reader: &dyn Reader) -> Result<Table, Trouble> {
    let (from, to) = (day(INCOME_STATEMENT.param(values, "from")), day(INCOME_STATEMENT.param(values, "as_of")));
    let from = from.min(to);
    let known_at = INCOME_STATEMENT.param(values, "known_at").int();
    let compare = INCOME_STATEMENT.param(values, "compare").text().and_then(Compare::of).unwrap_or(Compare::Nothing);
    let (mut form, _) = Form::new(StatementKind::IncomeStatement, Period { from, to, known_at }, reader)?;
    let is_year = Date::new(to.year(), 1, 1) == Some(from);
    let label =
        if is_year { Label::new("This year", "本年累计金额") } else { Label::new("Amount", "本期金额") };
    form.column("amount", label, balances::between(from, to, known_at, reader)?);
    let other = compare.days(from, to);
    match other {
        Some((from, to)) => {
            let before = balances::between(from, to, known_at, reader)?;
            form.column("compared", Label::new("Compared with", "对比金额"), before);
            form.columns.push(column("difference", FieldKind::Amount, Label::new("Difference", "增减额")));
        }
        None => {
            let month = balances::between(to.start_of_month().max(from), to, known_at, reader)?;
            form.column("month", Label::new("This month", "本月金额"), month);
        }
    }
    Ok(form.table(other.is_some())?.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn days(compare: Compare, from: &str, to: &str) -> String {
        let (from, to) = compare.days(Date::parse(from).unwrap(), Date::parse(to).unwrap()).unwrap();
        format!("{from} {to}")
    }

    #[test]
    fn whole_months_are_compared_with_whole_months_and_days_with_days() {
        assert_eq!(days(Compare::Before, "2026-03-01", "2026-03-31"), "2026-02-01 2026-02-28");
        assert_eq!(days(Compare::Before, "2026-01-01", "2026-03-31"), "2025-10-01 2025-12-31");
        assert_eq!(days(Compare::Before, "2026-01-01", "2026-12-31"), "2025-01-01 2025-12-31");
        assert_eq!(days(Compare::Before, "2026-03-02", "2026-03-05"), "2026-02-26 2026-03-01");
        assert_eq!(days(Compare::Before, "2026-03-02", "2026-03-02"), "2026-03-01 2026-03-01");
    }

    #[test]
    fn the_year_before_ends_with_its_own_february() {
        assert_eq!(days(Compare::YearBefore, "2025-02-01", "2025-02-28"), "2024-02-01 2024-02-29");
        assert_eq!(days(Compare::YearBefore, "2024-02-01", "2024-02-29"), "2023-02-01 2023-02-28");
        assert_eq!(days(Compare::YearBefore, "2026-03-02", "2026-03-05"), "2025-03-02 2025-03-05");
    }
}
