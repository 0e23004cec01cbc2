//! Balance sheet and income statement, account by account under their kinds.

use kernel::{Date, Label};
use meta::{Cell, FieldKind, FieldMeta, Reader, ReportMeta, RowStyle, Table, Trouble, Value};

use super::balances::{self, AccountRow};
use super::trial_balance::ledger;
use super::{AS_OF, FROM, KNOWN_AT, column, day};

static SHEET_PARAMS: &[FieldMeta] = &[AS_OF, KNOWN_AT];
static INCOME_PARAMS: &[FieldMeta] = &[FROM, AS_OF, KNOWN_AT];

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
    help: Label::new("What was earned and what was spent from one day to another.", "某期间的收入、费用与利润。"),
    params: INCOME_PARAMS,
    run: income,
};

fn columns() -> Vec<meta::Column> {
    vec![
        column("account", FieldKind::Ref("account"), Label::new("Account", "项目")),
        column("amount", FieldKind::Amount, Label::new("Amount", "金额")),
    ]
}

/// Adds the accounts of a kind and their sum. Gives the sum.
fn section(
    table: &mut Table,
    head: Label,
    accounts: &[AccountRow],
    kind: &str,
    amount_of: &dyn Fn(i64) -> i64,
    days: (Date, Date),
) -> Result<i64, Trouble> {
    table.push(vec![Cell::Label(head), Cell::Empty])?.style = RowStyle::Head;
    let mut sum = 0;
    for account in accounts.iter().filter(|account| account.kind == kind && !account.is_group) {
        let amount = amount_of(account.id);
        if amount == 0 {
            continue;
        }
        sum += amount;
        let label = format!("{} {}", account.code, account.name);
        let row = table.push(vec![Cell::Ref { entity: "account", id: account.id, label }, Cell::from(amount)])?;
        row.level = 1;
        row.opens = Some(ledger(account.id, days.0, days.1));
    }
    Ok(sum)
}

fn total(table: &mut Table, label: Label, amount: i64) -> Result<(), Trouble> {
    table.push(vec![Cell::Label(label), Cell::from(amount)])?.style = RowStyle::Total;
    Ok(())
}

fn sheet(values: &[Value], reader: &dyn Reader) -> Result<Table, Trouble> {
    let to = day(BALANCE_SHEET.param(values, "as_of"));
    let sums = balances::up_to(to, BALANCE_SHEET.param(values, "known_at").int(), reader)?;
    let accounts = balances::accounts(reader)?;
    let net = |id: i64| sums.get(&id).copied().unwrap_or_default().net();
    let owed = |id: i64| -net(id);
    let from = Date::new(to.year(), 1, 1).unwrap_or(to);
    let days = (from, to);
    let mut table = Table::new(columns());
    let assets = section(&mut table, Label::new("Assets", "资产"), &accounts, "asset", &net, days)?;
    total(&mut table, Label::new("Total assets", "资产总计"), assets)?;
    let debts = section(&mut table, Label::new("Liabilities", "负债"), &accounts, "liability", &owed, days)?;
    total(&mut table, Label::new("Total liabilities", "负债合计"), debts)?;
    let own = section(&mut table, Label::new("Equity", "所有者权益"), &accounts, "equity", &owed, days)?;
    let earned: i64 = accounts
        .iter()
        .filter(|account| matches!(account.kind.as_str(), "income" | "expense") && !account.is_group)
        .map(|account| owed(account.id))
        .sum();
    let label = Label::new("Profit not yet closed", "未结转利润");
    let row = table.push(vec![Cell::Label(label), Cell::from(earned)])?;
    row.level = 1;
    row.opens = Some(meta::Opens::Report("income_statement", vec![("as_of", to.to_string())]));
    total(&mut table, Label::new("Total equity", "所有者权益合计"), own + earned)?;
    total(&mut table, Label::new("Liabilities and equity", "负债和所有者权益总计"), debts + own + earned)?;
    Ok(table)
}

fn income(values: &[Value], reader: &dyn Reader) -> Result<Table, Trouble> {
    let (from, to) = (day(INCOME_STATEMENT.param(values, "from")), day(INCOME_STATEMENT.param(values, "as_of")));
    let from = from.min(to);
    let sums = balances::between(from, to, INCOME_STATEMENT.param(values, "known_at").int(), reader)?;
    let accounts = balances::accounts(reader)?;
    let net = |id: i64| sums.get(&id).copied().unwrap_or_default().net();
    let earned = |id: i64| -net(id);
    let mut table = Table::new(columns());
    let income = section(&mut table, Label::new("Income", "收入"), &accounts, "income", &earned, (from, to))?;
    total(&mut table, Label::new("Total income", "收入合计"), income)?;
    let expenses = section(&mut table, Label::new("Expenses", "费用"), &accounts, "expense", &net, (from, to))?;
    total(&mut table, Label::new("Total expenses", "费用合计"), expenses)?;
    total(&mut table, Label::new("Profit", "净利润"), income - expenses)?;
    Ok(table)
}
