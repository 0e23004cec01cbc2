//! Trial balance.

use kernel::{Date, Instant, Label};
use meta::{Cell, Choice, FieldKind, FieldMeta, Opens, Reader, ReportMeta, RowStyle, Table, Trouble, Value};

use super::statements::{StatementKind, accounts_of};
use super::{AS_OF, FROM, KNOWN_AT, balances, column, day, param};

static PARAMS: &[FieldMeta] = &[
    FROM,
    AS_OF,
    KNOWN_AT,
    param("statement", FieldKind::Choice(<StatementKind as Choice>::META), Label::new("Accounts of", "报表"), ""),
    param("line", FieldKind::Int, Label::new("Line", "报表行次"), ""),
];

/// What every account had, what came and went, and what it has.
pub static TRIAL_BALANCE: ReportMeta = ReportMeta {
    name: "trial_balance",
    label: Label::new("Trial balance", "科目余额表"),
    help: Label::new(
        "What every account had at the beginning, what came and went, and what it has at the end. Debits equal credits. With a statement and a line of it, only the accounts of that line.",
        "各科目的期初余额、本期发生额与期末余额，借贷相等。选择报表及行次时，仅列示该行的科目。",
    ),
    params: PARAMS,
    run,
};

fn run(values: &[Value], reader: &dyn Reader) -> Result<Table, Trouble> {
    let (from, to) = (day(TRIAL_BALANCE.param(values, "from")), day(TRIAL_BALANCE.param(values, "as_of")));
    let from = from.min(to);
    let known_at = TRIAL_BALANCE.param(values, "known_at").int();
    let before = balances::up_to(from.add_days(-1), known_at, reader)?;
    let period = balances::between(from, to, known_at, reader)?;
    let mut table = Table::new(vec![
        column("account", FieldKind::Ref("account"), Label::new("Account", "科目")),
        column("opening", FieldKind::Amount, Label::new("Opening", "期初余额")),
        column("debit", FieldKind::Amount, Label::new("Debit", "本期借方")),
        column("credit", FieldKind::Amount, Label::new("Credit", "本期贷方")),
        column("closing", FieldKind::Amount, Label::new("Closing", "期末余额")),
    ]);
    let period_of = Period { from, to, known_at };
    let statement = TRIAL_BALANCE.param(values, "statement").text().and_then(StatementKind::of);
    let only = match (statement, TRIAL_BALANCE.param(values, "line").int()) {
        (Some(statement), Some(line)) => Some(accounts_of(statement, line, reader)?),
        _ => None,
    };
    let is_wanted = |id: i64| only.as_ref().is_none_or(|only| only.contains(&id));
    let mut total = [0i64; 4];
    let accounts = balances::accounts(reader)?;
    for account in accounts.iter().filter(|account| !account.is_group && is_wanted(account.id)) {
        let opening = before.get(&account.id).copied().unwrap_or_default().net();
        let sums = period.get(&account.id).copied().unwrap_or_default();
        let closing = opening + sums.net();
        if opening == 0 && sums.debit == 0 && sums.credit == 0 {
            continue;
        }
        for (sum, part) in total.iter_mut().zip([opening, sums.debit, sums.credit, closing]) {
            *sum += part;
        }
        let label = format!("{} {}", account.code, account.name);
        let row = table.push(vec![
            Cell::Ref { entity: "account", id: account.id, label },
            Cell::from(opening),
            Cell::from(sums.debit),
            Cell::from(sums.credit),
            Cell::from(closing),
        ])?;
        row.opens = Some(ledger(account.id, &period_of));
    }
    let cells = total.map(Cell::from);
    let mut row = vec![Cell::Label(Label::new("Total", "合计"))];
    row.extend(cells);
    table.push(row)?.style = RowStyle::Total;
    Ok(table)
}

/// The days a figure speaks of, and what was known.
#[derive(Clone, Copy, Debug)]
pub(super) struct Period {
    pub from: Date,
    pub to: Date,
    pub known_at: Option<i64>,
}

impl Period {
    /// As they stand in a URL.
    pub fn params(&self) -> Vec<(&'static str, String)> {
        let mut params = vec![("from", self.from.to_string()), ("as_of", self.to.to_string())];
        params.extend(self.known_at.map(|at| ("known_at", Instant::from_micros(at).to_string())));
        params
    }
}

/// The way from a figure to the lines it is made of.
pub(super) fn ledger(account: i64, period: &Period) -> Opens {
    let mut params = vec![("account", kernel::id_text("ac", account))];
    params.extend(period.params());
    Opens::Report("general_ledger", params)
}
