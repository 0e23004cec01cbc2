//! Trial balance.

use kernel::Label;
use meta::{Cell, FieldKind, FieldMeta, Opens, Reader, ReportMeta, RowStyle, Table, Trouble, Value};

use super::{AS_OF, FROM, KNOWN_AT, balances, column, day};

static PARAMS: &[FieldMeta] = &[FROM, AS_OF, KNOWN_AT];

/// What every account had, what came and went, and what it has.
pub static TRIAL_BALANCE: ReportMeta = ReportMeta {
    name: "trial_balance",
    label: Label::new("Trial balance", "科目余额表"),
    help: Label::new(
        "What every account had at the beginning, what came and went, and what it has at the end. Debits equal credits.",
        "各科目的期初余额、本期发生额与期末余额，借贷相等。",
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
    let mut total = [0i64; 4];
    for account in balances::accounts(reader)?.iter().filter(|account| !account.is_group) {
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
        row.opens = Some(ledger(account.id, from, to));
    }
    let cells = total.map(Cell::from);
    let mut row = vec![Cell::Label(Label::new("Total", "合计"))];
    row.extend(cells);
    table.push(row)?.style = RowStyle::Total;
    Ok(table)
}

/// The way from a figure to the lines it is made of.
pub(super) fn ledger(account: i64, from: kernel::Date, to: kernel::Date) -> Opens {
    let id = kernel::id_text("ac", account);
    Opens::Report("general_ledger", vec![("account", id), ("from", from.to_string()), ("as_of", to.to_string())])
}
