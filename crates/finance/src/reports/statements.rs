//! Balance sheet and income statement, account by account under their kinds.

use std::collections::BTreeMap;

use kernel::{Date, Label};
use meta::{Cell, Choice, FieldKind, FieldMeta, Reader, ReportMeta, RowStyle, Table, Trouble, Value};

use super::balances::{self, AccountRow, Sums};
use super::trial_balance::ledger;
use super::{AS_OF, FROM, KNOWN_AT, column, day, param};

static SHEET_PARAMS: &[FieldMeta] = &[AS_OF, KNOWN_AT];
static INCOME_PARAMS: &[FieldMeta] = &[
    FROM,
    AS_OF,
    KNOWN_AT,
    param("compare", FieldKind::Choice(<Compare as Choice>::META), Label::new("Compare with", "对比期间"), ""),
];

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
        "What the company has, what it owes, and what belongs to its owners, on a day. Both sides are equal.",
        "公司在某日的资产、负债与所有者权益，两边相等。",
    ),
    params: SHEET_PARAMS,
    run: sheet,
};

/// What was earned and spent.
pub static INCOME_STATEMENT: ReportMeta = ReportMeta {
    name: "income_statement",
    label: Label::new("Income statement", "利润表"),
    help: Label::new(
        "What was earned and what was spent from one day to another, beside the time before or the year before if wanted.",
        "某期间的收入、费用与利润，可与上期或上年同期对比。",
    ),
    params: INCOME_PARAMS,
    run: income,
};

fn columns(compares: bool) -> Vec<meta::Column> {
    let mut columns = vec![
        column("account", FieldKind::Ref("account"), Label::new("Account", "项目")),
        column("amount", FieldKind::Amount, Label::new("Amount", "金额")),
    ];
    if compares {
        columns.push(column("compared", FieldKind::Amount, Label::new("Compared with", "对比金额")));
        columns.push(column("difference", FieldKind::Amount, Label::new("Difference", "增减额")));
    }
    columns
}

/// A figure, and the one of the time it is compared with.
type Figures = [i64; 2];

/// A statement being written.
struct Statement {
    table: Table,
    accounts: Vec<AccountRow>,
    days: (Date, Date),
    compares: bool,
}

impl Statement {
    fn new(accounts: Vec<AccountRow>, days: (Date, Date), compares: bool) -> Statement {
        Statement { table: Table::new(columns(compares)), accounts, days, compares }
    }

    fn row(&mut self, first: Cell, [amount, compared]: Figures) -> Result<&mut meta::ReportRow, Trouble> {
        let mut cells = vec![first, Cell::from(amount)];
        if self.compares {
            cells.extend([Cell::from(compared), Cell::from(amount - compared)]);
        }
        Ok(self.table.push(cells)?)
    }

    /// Adds the accounts of a kind. Gives their sum.
    fn section(&mut self, head: Label, kind: &str, figures_of: &dyn Fn(i64) -> Figures) -> Result<Figures, Trouble> {
        let mut cells = vec![Cell::Label(head)];
        cells.resize_with(self.table.columns.len(), Cell::default);
        self.table.push(cells)?.style = RowStyle::Head;
        let mut sum = [0; 2];
        let of_kind = |account: &&AccountRow| account.kind == kind && !account.is_group;
        let accounts: Vec<AccountRow> = self.accounts.iter().filter(of_kind).cloned().collect();
        for account in accounts {
            let figures = figures_of(account.id);
            if figures == [0, 0] {
                continue;
            }
            sum = add(sum, figures);
            let label = format!("{} {}", account.code, account.name);
            let days = self.days;
            let row = self.row(Cell::Ref { entity: "account", id: account.id, label }, figures)?;
            row.level = 1;
            row.opens = Some(ledger(account.id, days.0, days.1));
        }
        Ok(sum)
    }

    fn total(&mut self, label: Label, figures: Figures) -> Result<(), Trouble> {
        self.row(Cell::Label(label), figures)?.style = RowStyle::Total;
        Ok(())
    }
}

fn add(left: Figures, right: Figures) -> Figures {
    [left[0] + right[0], left[1] + right[1]]
}

fn net(sums: &BTreeMap<i64, Sums>, account: i64) -> i64 {
    sums.get(&account).copied().unwrap_or_default().net()
}

fn sheet(values: &[Value], reader: &dyn Reader) -> Result<Table, Trouble> {
    let to = day(BALANCE_SHEET.param(values, "as_of"));
    let sums = balances::up_to(to, BALANCE_SHEET.param(values, "known_at").int(), reader)?;
    let from = Date::new(to.year(), 1, 1).unwrap_or(to);
    let mut sheet = Statement::new(balances::accounts(reader)?, (from, to), false);
    let has = |id: i64| [net(&sums, id), 0];
    let owes = |id: i64| [-net(&sums, id), 0];
    let assets = sheet.section(Label::new("Assets", "资产"), "asset", &has)?;
    sheet.total(Label::new("Total assets", "资产总计"), assets)?;
    let debts = sheet.section(Label::new("Liabilities", "负债"), "liability", &owes)?;
    sheet.total(Label::new("Total liabilities", "负债合计"), debts)?;
    let own = sheet.section(Label::new("Equity", "所有者权益"), "equity", &owes)?;
    let of_result = |account: &&AccountRow| matches!(account.kind.as_str(), "income" | "expense") && !account.is_group;
    let earned = sheet.accounts.iter().filter(of_result).map(|account| owes(account.id)).fold([0; 2], add);
    let row = sheet.row(Cell::Label(Label::new("Profit not yet closed", "未结转利润")), earned)?;
    row.level = 1;
    row.opens = Some(meta::Opens::Report("income_statement", vec![("as_of", to.to_string())]));
    let own = add(own, earned);
    sheet.total(Label::new("Total equity", "所有者权益合计"), own)?;
    sheet.total(Label::new("Liabilities and equity", "负债和所有者权益总计"), add(debts, own))?;
    Ok(sheet.table)
}

fn income(values: &[Value], reader: &dyn Reader) -> Result<Table, Trouble> {
    let (from, to) = (day(INCOME_STATEMENT.param(values, "from")), day(INCOME_STATEMENT.param(values, "as_of")));
    let from = from.min(to);
    let known_at = INCOME_STATEMENT.param(values, "known_at").int();
    let compare = INCOME_STATEMENT.param(values, "compare").text().and_then(Compare::of).unwrap_or(Compare::Nothing);
    let sums = balances::between(from, to, known_at, reader)?;
    let other = compare.days(from, to);
    let before = match other {
        Some((from, to)) => balances::between(from, to, known_at, reader)?,
        None => BTreeMap::new(),
    };
    let mut statement = Statement::new(balances::accounts(reader)?, (from, to), other.is_some());
    let spent = |id: i64| [net(&sums, id), net(&before, id)];
    let earned = |id: i64| spent(id).map(|amount| -amount);
    let income = statement.section(Label::new("Income", "收入"), "income", &earned)?;
    statement.total(Label::new("Total income", "收入合计"), income)?;
    let expenses = statement.section(Label::new("Expenses", "费用"), "expense", &spent)?;
    statement.total(Label::new("Total expenses", "费用合计"), expenses)?;
    statement.total(Label::new("Profit", "净利润"), add(income, expenses.map(|amount| -amount)))?;
    Ok(statement.table)
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
