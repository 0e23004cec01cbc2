//! General ledger and cash book: the lines of an account with a running balance.

use kernel::{Date, Label};
use meta::{Cell, FieldKind, FieldMeta, Opens, Reader, ReportMeta, RowStyle, Table, Trouble, Value};

use super::{AS_OF, FROM, KNOWN_AT, column, day, param};

/// How many lines one page of a ledger shows.
const LINES_MAX: usize = 5_000;

static LEDGER_PARAMS: &[FieldMeta] =
    &[param("account", FieldKind::Ref("account"), Label::new("Account", "科目"), ""), FROM, AS_OF, KNOWN_AT];
static CASH_PARAMS: &[FieldMeta] = &[FROM, AS_OF, KNOWN_AT];

/// The lines of an account, or of all, with a running balance.
pub static GENERAL_LEDGER: ReportMeta = ReportMeta {
    name: "general_ledger",
    label: Label::new("General ledger", "明细账"),
    help: Label::new(
        "Every line of an account with the balance after it. Click a line to open its document.",
        "科目的每笔发生额及余额，点击可打开来源单据。",
    ),
    params: LEDGER_PARAMS,
    run: |values, reader| {
        let account = GENERAL_LEDGER.param(values, "account").int();
        let accounts: Vec<i64> = match account {
            Some(one) => vec![one],
            None => super::balances::accounts(reader)?.iter().filter(|a| !a.is_group).map(|a| a.id).collect(),
        };
        let (from, to) = (day(GENERAL_LEDGER.param(values, "from")), day(GENERAL_LEDGER.param(values, "as_of")));
        lines(&accounts, from.min(to), to, GENERAL_LEDGER.param(values, "known_at").int(), reader)
    },
};

/// The lines of all bank and cash accounts.
pub static CASH_BOOK: ReportMeta = ReportMeta {
    name: "cash_book",
    label: Label::new("Cash book", "资金日记账"),
    help: Label::new(
        "What came into and went out of every bank and cash account, with the balance after it.",
        "各银行与现金账户的收支明细及余额。",
    ),
    params: CASH_PARAMS,
    run: |values, reader| {
        let rows = reader.rows(
            "select id from account where company = ?1 and used_for in ('bank', 'cash') and is_group = 0 order by code",
            &[reader.context().company.into()],
        )?;
        let accounts: Vec<i64> = rows.iter().map(|row| row.int(0)).collect();
        let (from, to) = (day(CASH_BOOK.param(values, "from")), day(CASH_BOOK.param(values, "as_of")));
        lines(&accounts, from.min(to), to, CASH_BOOK.param(values, "known_at").int(), reader)
    },
};

const LINES: &str = "
    select l.posted_on, e.number, l.party, coalesce(l.memo, e.memo), l.amount, e.doc_entity, e.doc_id
    from entry_line l
    join entry e on e.id = l.entry
    where l.company = ?1 and l.account = ?2 and l.posted_on >= ?3 and l.posted_on <= ?4 and l.recorded_at <= ?5
    order by l.posted_on, l.id";

fn lines(accounts: &[i64], from: Date, to: Date, known_at: Option<i64>, reader: &dyn Reader) -> Result<Table, Trouble> {
    let company = Value::Int(reader.context().company);
    let before = super::balances::up_to(from.add_days(-1), known_at, reader)?;
    let mut table = Table::new(vec![
        column("posted_on", FieldKind::Date, Label::new("Date", "日期")),
        column("number", FieldKind::Text, Label::new("Number", "单据编号")),
        column("party", FieldKind::Ref("party"), Label::new("Party", "往来单位")),
        column("memo", FieldKind::Text, Label::new("Memo", "摘要")),
        column("debit", FieldKind::Amount, Label::new("Debit", "借方")),
        column("credit", FieldKind::Amount, Label::new("Credit", "贷方")),
        column("balance", FieldKind::Amount, Label::new("Balance", "余额")),
    ]);
    for account in accounts {
        let known = known_at.unwrap_or(i64::MAX);
        let rows = reader.rows(
            &format!("{LINES} limit {LINES_MAX}"),
            &[company.clone(), (*account).into(), from.into(), to.into(), known.into()],
        )?;
        let opening = before.get(account).copied().unwrap_or_default().net();
        if rows.is_empty() && opening == 0 {
            continue;
        }
        let name = reader.rows("select code, name from account where id = ?1", &[(*account).into()])?;
        let name = name.first().map_or(String::new(), |row| format!("{} {}", row.text(0), row.text(1)));
        let mut head = vec![Cell::Empty, Cell::from(name), Cell::Empty, Cell::Label(Label::new("Opening", "期初余额"))];
        head.extend([Cell::Empty, Cell::Empty, Cell::from(opening)]);
        table.push(head)?.style = RowStyle::Head;
        let mut balance = opening;
        for row in &rows {
            let amount = row.int(4);
            balance += amount;
            let side = |shown: bool, value: i64| if shown { Cell::from(value) } else { Cell::Empty };
            let party = row.maybe_int(2).map_or(Cell::Empty, Cell::from);
            let cells = vec![
                Cell::Value(row.0[0].clone()),
                Cell::Value(row.0[1].clone()),
                party,
                Cell::Value(row.0[3].clone()),
                side(amount > 0, amount),
                side(amount < 0, -amount),
                Cell::from(balance),
            ];
            let line = table.push(cells)?;
            line.level = 1;
            line.opens = Some(Opens::Record(row.text(5).to_owned(), row.int(6)));
        }
        if rows.len() == LINES_MAX {
            table.notes.push(Label::new(
                "Only the first 5,000 lines of an account are shown. Choose a shorter time.",
                "每个科目仅显示前 5000 行，请缩短时间范围。",
            ));
            // The lines end here, the account does not: its balance is the kept one.
            balance = super::balances::up_to(to, known_at, reader)?.get(account).copied().unwrap_or_default().net();
        }
        let mut total = vec![Cell::Empty, Cell::Empty, Cell::Empty, Cell::Label(Label::new("Closing", "期末余额"))];
        total.extend([Cell::Empty, Cell::Empty, Cell::from(balance)]);
        table.push(total)?.style = RowStyle::Total;
    }
    Ok(table)
}
