//! Rows of a CSV file or of a sheet, by a mapping of their columns.
//!
//! Banks write some lines of their own before the headings and after the bookings; the newest
//! booking may stand first. Where there is a column of balances it is checked line by line.

use std::collections::BTreeMap;

use kernel::{Amount, Currency, Date, Label};

use super::scalar::{AMOUNT, DAY, account, amount, currency, unreadable, words};
use super::{Balance, LINES_MAX, Line, NotRead, Statement};

/// What a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Column {
    /// When it was booked.
    Booked,
    /// The value day.
    Value,
    /// The amount, with its sign or with a column [`Column::Direction`].
    Amount,
    /// What came in.
    In,
    /// What went out.
    Out,
    /// Which way the amount goes: D/C, 借/贷, in/out.
    Direction,
    /// What was there afterwards.
    Balance,
    /// The currency, where lines of several stand together.
    Currency,
    /// Who paid or was paid.
    PartyName,
    /// Their account.
    PartyAccount,
    /// Their bank.
    PartyBank,
    /// A reference.
    Reference,
    /// The end-to-end reference.
    EndToEnd,
    /// What it was for; several columns may be.
    Narrative,
    /// The bank's own name for the line.
    BankId,
    /// The sort of booking.
    Kind,
}

impl Column {
    /// Every one, with its name in files of ours, its label, and how banks head it, in lower case.
    pub const ALL: [(Column, &'static str, Label, &'static [&'static str]); 16] = [
        (
            Column::Booked,
            "booked_on",
            DAY,
            &[
                "交易日期",
                "交易日",
                "记账日期",
                "入账日期",
                "交易时间",
                "日期",
                "booking date",
                "booked on",
                "date",
                "transaction date",
                "posting date",
                "buchungstag",
                "buchungsdatum",
            ],
        ),
        (
            Column::Value,
            "value_on",
            Label::new("the value day", "起息日"),
            &["起息日", "起息日期", "value date", "valuta", "valutadatum", "wertstellung"],
        ),
        (Column::Amount, "amount", AMOUNT, &["交易金额", "发生额", "金额", "amount", "transaction amount", "betrag"]),
        (
            Column::In,
            "money_in",
            Label::new("money in", "收入"),
            &[
                "收入",
                "收入金额",
                "贷方发生额",
                "贷方金额",
                "贷方发生额(收入)",
                "贷方发生额/元(收入)",
                "贷方",
                "存入",
                "credit",
                "credit amount",
                "paid in",
                "money in",
                "deposit",
                "haben",
            ],
        ),
        (
            Column::Out,
            "money_out",
            Label::new("money out", "支出"),
            &[
                "支出",
                "支出金额",
                "借方发生额",
                "借方金额",
                "借方发生额(支取)",
                "借方发生额/元(支取)",
                "借方",
                "支取",
                "debit",
                "debit amount",
                "paid out",
                "money out",
                "withdrawal",
                "soll",
            ],
        ),
        (
            Column::Direction,
            "direction",
            Label::new("credit or debit", "借贷标志"),
            &[
                "借贷标志",
                "借贷",
                "借贷方向",
                "收支",
                "收/支",
                "收支方向",
                "debit/credit",
                "credit/debit",
                "dr/cr",
                "direction",
            ],
        ),
        (
            Column::Balance,
            "balance",
            Label::new("the balance", "余额"),
            &["余额", "账户余额", "当前余额", "账面余额", "balance", "running balance", "saldo"],
        ),
        (Column::Currency, "currency", Label::new("the currency", "币种"), &["币种", "币别", "currency", "währung"]),
        (
            Column::PartyName,
            "party_name",
            Label::new("the other side", "对方户名"),
            &[
                "对方户名",
                "对方名称",
                "对方账户名称",
                "对方单位",
                "对方单位名称",
                "收(付)方名称",
                "对手户名",
                "counterparty",
                "counterparty name",
                "payee",
                "name",
                "beguenstigter/zahlungspflichtiger",
                "begünstigter/zahlungspflichtiger",
            ],
        ),
        (
            Column::PartyAccount,
            "party_account",
            Label::new("their account", "对方账号"),
            &[
                "对方账号",
                "对方帐号",
                "对方账户",
                "收(付)方账号",
                "counterparty account",
                "account number",
                "iban",
                "kontonummer/iban",
            ],
        ),
        (
            Column::PartyBank,
            "party_bank",
            Label::new("their bank", "对方行名"),
            &["对方行名", "对方开户行", "对方开户机构", "对方银行", "counterparty bank", "bic"],
        ),
        (
            Column::Reference,
            "reference",
            Label::new("the reference", "凭证号"),
            &[
                "凭证号",
                "凭证号码",
                "凭证编号",
                "企业流水号",
                "业务编号",
                "reference",
                "customer reference",
                "check number",
                "kundenreferenz",
            ],
        ),
        (
            Column::EndToEnd,
            "end_to_end",
            Label::new("the end-to-end reference", "端到端标识"),
            &["端到端标识", "end-to-end id", "end to end id", "endtoend", "kundenreferenz (end-to-end)"],
        ),
        (
            Column::Narrative,
            "narrative",
            Label::new("what it was for", "摘要"),
            &[
                "摘要",
                "用途",
                "附言",
                "备注",
                "交易摘要",
                "交易附言",
                "description",
                "details",
                "memo",
                "narrative",
                "remittance information",
                "verwendungszweck",
            ],
        ),
        (
            Column::BankId,
            "bank_id",
            Label::new("the bank's id", "银行流水号"),
            &[
                "交易流水号",
                "银行流水号",
                "流水号",
                "账户明细编号-交易流水号",
                "交易流水",
                "transaction id",
                "bank id",
                "fitid",
            ],
        ),
        (
            Column::Kind,
            "kind",
            Label::new("the sort of booking", "交易类型"),
            &["交易类型", "业务类型", "交易种类", "type", "transaction type", "buchungstext"],
        ),
    ];

    /// What users call it.
    pub fn label(self) -> Label {
        Column::ALL.iter().find(|(one, ..)| *one == self).map(|(_, _, label, _)| *label).expect("all are there")
    }

    /// By its name in files of ours.
    pub fn parse(name: &str) -> Option<Column> {
        Column::ALL.iter().find(|(_, known, ..)| *known == name).map(|(one, ..)| *one)
    }
}

/// In which order a day is written with digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DayOrder {
    /// 2024-03-05, 20240305, 2024年3月5日
    YearFirst,
    /// 05.03.2024
    DayFirst,
    /// 03/05/2024
    MonthFirst,
}

/// Which column is what, and how days and amounts are written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mapping {
    /// What each column holds, by its place from 0.
    pub columns: BTreeMap<usize, Column>,
    /// The line of the headings, from 1.
    pub head: usize,
    /// How days are written.
    pub days: DayOrder,
    /// The mark before the decimals.
    pub decimal: char,
}

/// A row with its line, as an editor or a spreadsheet counts.
pub type Row = (usize, Vec<String>);

/// The rows of a CSV text, whatever its separator; rows without any text are left out.
///
/// # Errors
/// A quotation mark that nothing ends, and more rows than are accepted.
pub fn table_rows(text: &str) -> Result<Vec<Row>, NotRead> {
    // Headings tell the separator, whatever the bank wrote before them: the most in any of the first lines.
    let count = |mark: u8| text.lines().take(30).map(|line| line.bytes().filter(|byte| *byte == mark).count()).max();
    let separator = [b'|', b'\t', b';', b','].into_iter().max_by_key(|mark| count(*mark)).expect("there are four");
    if let Some(line) = kernel::unended(text, separator) {
        return Err(NotRead::Malformed { line: line as i64 });
    }
    let mut reader =
        csv::ReaderBuilder::new().has_headers(false).flexible(true).delimiter(separator).from_reader(text.as_bytes());
    let (mut rows, mut record) = (Vec::new(), csv::StringRecord::new());
    loop {
        let line = reader.position().line() as i64;
        if !reader.read_record(&mut record).map_err(|_| NotRead::Malformed { line })? {
            return Ok(rows);
        }
        let line = record.position().map_or(line as usize, |at| at.line() as usize);
        // A cell that goes over many lines is one whose quotation mark nothing ends.
        if record.iter().any(|cell| CELL_LINES_MAX < cell.matches('\n').count()) {
            return Err(NotRead::Malformed { line: line as i64 });
        }
        if 2 * LINES_MAX < rows.len() {
            return Err(NotRead::TooManyLines { most: LINES_MAX as i64 });
        }
        // Tabs around numbers keep spreadsheets from spoiling long ones.
        let cells: Vec<String> = record.iter().map(|cell| cell.trim().trim_matches('\u{feff}').to_owned()).collect();
        if cells.iter().any(|cell| !cell.is_empty()) {
            rows.push((line, cells));
        }
    }
}

/// How many lines a cell may go over.
const CELL_LINES_MAX: usize = 20;
/// How many lines of its own a bank may write before the headings.
const BEFORE_MAX: usize = 40;

/// A mapping by the headings banks use, and by `own` ones in lower case, which go first: the first
/// row that names a day and an amount; `None` when no row does.
pub fn guess(rows: &[Row], own: &[(String, Column)]) -> Option<Mapping> {
    let (head, columns) = rows.iter().take(BEFORE_MAX).find_map(|(line, cells)| {
        let mut columns = BTreeMap::new();
        for (at, cell) in cells.iter().enumerate() {
            let heading = heading(cell);
            let ours = own.iter().find(|(head, _)| *head == heading).map(|(_, column)| *column);
            let usual =
                || Column::ALL.iter().find(|(_, name, _, heads)| *name == heading || heads.contains(&&*heading));
            let known = ours.or_else(|| usual().map(|(column, ..)| *column));
            let is_free = |one: &Column| *one == Column::Narrative || !columns.values().any(|held| held == one);
            if let Some(column) = known.filter(is_free) {
                columns.insert(at, column);
            }
        }
        let has = |wanted: Column| columns.values().any(|held| *held == wanted);
        let is_head = has(Column::Booked) && (has(Column::Amount) || has(Column::In) && has(Column::Out));
        is_head.then_some((*line, columns))
    })?;
    let mut mapping = Mapping { columns, head, days: DayOrder::YearFirst, decimal: '.' };
    let cells = |wanted: &[Column]| -> Vec<&str> {
        let places: Vec<usize> =
            mapping.columns.iter().filter(|(_, held)| wanted.contains(held)).map(|(at, _)| *at).collect();
        let body = rows.iter().filter(|(line, _)| head < *line);
        body.flat_map(|(_, row)| places.iter().filter_map(|at| row.get(*at)).map(String::as_str)).collect()
    };
    let days = day_order(&cells(&[Column::Booked, Column::Value]));
    let decimal = decimal_of(&cells(&[Column::Amount, Column::In, Column::Out, Column::Balance]));
    (mapping.days, mapping.decimal) = (days, decimal);
    Some(mapping)
}

/// A heading as it is compared: lower case, half-width brackets, without a unit.
pub(crate) fn heading(cell: &str) -> String {
    let text: String = cell
        .trim()
        .chars()
        .map(|sign| match sign {
            '（' => '(',
            '）' => ')',
            '／' => '/',
            other => other,
        })
        .collect();
    let text = text.trim_end_matches("(元)").trim_end_matches("(yuan)").trim();
    text.to_lowercase()
}

/// The order all days of a column can be read in; day before month where both would do and a point or a dash parts them.
fn day_order(texts: &[&str]) -> DayOrder {
    let told: Vec<&&str> = texts.iter().filter(|text| text.starts_with(|sign: char| sign.is_ascii_digit())).collect();
    let reads = |order: DayOrder| {
        !told.is_empty() && told.iter().filter(|text| day(text, order).is_some()).count() * 2 >= told.len()
    };
    let all = |order: DayOrder| {
        told.iter().all(|text| {
            day(text, order).is_some() || day(text, DayOrder::DayFirst).or(day(text, DayOrder::MonthFirst)).is_none()
        })
    };
    if reads(DayOrder::YearFirst) {
        return DayOrder::YearFirst;
    }
    let is_slashed = told.iter().any(|text| text.contains('/'));
    match (all(DayOrder::DayFirst), all(DayOrder::MonthFirst)) {
        (true, false) => DayOrder::DayFirst,
        (false, true) => DayOrder::MonthFirst,
        _ if is_slashed => DayOrder::MonthFirst,
        _ => DayOrder::DayFirst,
    }
}

/// The mark before decimals in a column: what stands last where both occur, or with other than three digits behind it.
fn decimal_of(texts: &[&str]) -> char {
    for text in texts {
        let last = text.rfind([',', '.']);
        let Some(at) = last else { continue };
        let mark = text[at..].chars().next().unwrap_or('.');
        let other = if mark == ',' { '.' } else { ',' };
        let behind = text[at + 1..].chars().filter(char::is_ascii_digit).count();
        if text.contains(other) || behind != 3 && text.matches(mark).count() == 1 {
            return mark;
        }
    }
    '.'
}

/// A day in digits, whatever parts them, with or without a time behind it.
fn day(text: &str, order: DayOrder) -> Option<Date> {
    let text = text.trim();
    let first = text.split([' ', 'T']).next()?;
    let is_all_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if first.len() == 8 && is_all_digits(first) {
        return match order {
            DayOrder::YearFirst => {
                Date::new(first[..4].parse().ok()?, first[4..6].parse().ok()?, first[6..].parse().ok()?)
            }
            DayOrder::DayFirst => {
                Date::new(first[4..].parse().ok()?, first[2..4].parse().ok()?, first[..2].parse().ok()?)
            }
            DayOrder::MonthFirst => {
                Date::new(first[4..].parse().ok()?, first[..2].parse().ok()?, first[2..4].parse().ok()?)
            }
        };
    }
    let parts: Vec<&str> = first.split(['-', '/', '.', '年', '月', '日']).filter(|part| !part.is_empty()).collect();
    let [one, two, three] = parts[..] else { return None };
    if ![one, two, three].iter().all(|part| is_all_digits(part)) {
        return None;
    }
    let (year, month, day) = match order {
        DayOrder::YearFirst => (one, two, three),
        DayOrder::DayFirst => (three, two, one),
        DayOrder::MonthFirst => (three, one, two),
    };
    let year = match year.len() {
        4 => year.parse().ok()?,
        2 if order != DayOrder::YearFirst => 2000 + year.parse::<i32>().ok()?,
        _ => return None,
    };
    if 2 < month.len() || 2 < day.len() {
        return None;
    }
    Date::new(year, month.parse().ok()?, day.parse().ok()?)
}

/// Reads rows as the statement of one account.
///
/// `number` is the account, which tables rarely name; `money` its currency.
///
/// # Errors
/// A column that is needed and not mapped, a cell that cannot be read, a balance that does not
/// follow from the one before: each with its line.
pub fn read_table(rows: &[Row], mapping: &Mapping, number: &str, money: Currency) -> Result<Statement, NotRead> {
    let has = |wanted: Column| mapping.columns.values().any(|held| *held == wanted);
    if !has(Column::Booked) {
        return Err(NotRead::NoColumn { what: Column::Booked.label() });
    }
    let has_amount = has(Column::Amount) || has(Column::In) && has(Column::Out);
    if !has_amount {
        return Err(NotRead::NoColumn { what: Column::Amount.label() });
    }
    let mut told = Vec::new();
    for (line, cells) in rows.iter().filter(|(line, _)| mapping.head < *line) {
        // Sums and remarks after the bookings have no day.
        let dated =
            mapping.columns.iter().find(|(_, held)| **held == Column::Booked).and_then(|(at, _)| cells.get(*at));
        let begins = dated.is_some_and(|text| text.starts_with(|sign: char| sign.is_ascii_digit()));
        if begins {
            told.push(row(*line as i64, cells, mapping, money)?);
        }
    }
    if LINES_MAX < told.len() {
        return Err(NotRead::TooManyLines { most: LINES_MAX as i64 });
    }
    if told.is_empty() {
        return Err(NotRead::NoStatement);
    }
    if is_newest_first(&told) {
        told.reverse();
    }
    let (opening, closing) = balances(&told, money)?;
    let statement = Statement {
        account: account(number),
        bank: String::new(),
        number: String::new(),
        currency: money,
        opening,
        closing,
        opening_is_implied: false,
        lines: told.into_iter().map(|told| told.line).collect(),
    };
    statement.check()?;
    Ok(statement)
}

/// A row that was read, with the balance after it.
struct Told {
    at: i64,
    line: Line,
    balance: Option<Amount>,
}

fn row(at: i64, cells: &[String], mapping: &Mapping, money: Currency) -> Result<Told, NotRead> {
    let all = |wanted: Column| {
        let places = mapping.columns.iter().filter(move |(_, held)| **held == wanted).map(|(at, _)| *at);
        places.filter_map(|at| cells.get(at)).map(|cell| cell.trim()).filter(|cell| !cell.is_empty() && *cell != "-")
    };
    let one = |wanted: Column| all(wanted).next().unwrap_or("");
    let money_of = |wanted: Column| -> Result<Option<Amount>, NotRead> {
        match one(wanted) {
            "" => Ok(None),
            text => {
                let read = amount(text, mapping.decimal, money);
                read.map(Some).ok_or_else(|| unreadable(at, wanted.label(), text))
            }
        }
    };
    let day_of = |wanted: Column| match one(wanted) {
        "" => Ok(None),
        text => day(text, mapping.days).map(Some).ok_or_else(|| unreadable(at, wanted.label(), text)),
    };
    let booked_on = day_of(Column::Booked)?.ok_or(NotRead::Missing { line: at, what: DAY })?;
    if let text @ ("人民币" | "人民币元" | "RMB" | "CNY") = one(Column::Currency) {
        if money != Currency::CNY && !text.is_empty() {
            return Err(NotRead::currency(at, Currency::CNY, money));
        }
    } else if !one(Column::Currency).is_empty() {
        let is = currency(one(Column::Currency), at)?;
        if is != money {
            return Err(NotRead::currency(at, is, money));
        }
    }
    let whole = match (money_of(Column::Amount)?, one(Column::Direction)) {
        (Some(size), "") => size,
        (Some(size), told) => match is_out(told) {
            Some(true) => -size.abs(),
            Some(false) => size.abs(),
            None => return Err(unreadable(at, Column::Direction.label(), told)),
        },
        (None, _) => {
            // A zero beside an amount says nothing; money out may carry its own sign.
            let filled = |side: Option<Amount>| side.filter(|amount| !amount.is_zero());
            match (filled(money_of(Column::In)?), filled(money_of(Column::Out)?)) {
                (Some(size), None) => size,
                (None, Some(size)) => -size.abs(),
                _ => return Err(NotRead::InOrOut { line: at }),
            }
        }
    };
    let line = Line {
        kind: one(Column::Kind).to_owned(),
        party_name: words(one(Column::PartyName)),
        party_account: account(one(Column::PartyAccount)),
        party_bank: words(one(Column::PartyBank)),
        reference: words(one(Column::Reference)),
        end_to_end: account(one(Column::EndToEnd)),
        narrative: words(&all(Column::Narrative).collect::<Vec<_>>().join(" ")),
        bank_id: account(one(Column::BankId)),
        ..Line::new(booked_on, day_of(Column::Value)?.unwrap_or(booked_on), whole)
    };
    Ok(Told { at, line, balance: money_of(Column::Balance)? })
}

/// Whether a word says that money went out; from the view of the bank, its debit is our money out.
fn is_out(word: &str) -> Option<bool> {
    match word.to_lowercase().as_str() {
        "借" | "支出" | "支" | "转出" | "d" | "dr" | "dbit" | "debit" | "out" | "-" | "s" | "soll" => Some(true),
        "贷" | "收入" | "收" | "转入" | "c" | "cr" | "crdt" | "credit" | "in" | "+" | "h" | "haben" => {
            Some(false)
        }
        _ => None,
    }
}

/// Whether the newest booking stands first: by the days, within one day by the balances.
fn is_newest_first(told: &[Told]) -> bool {
    let (Some(first), Some(last)) = (told.first(), told.last()) else { return false };
    if first.line.booked_on != last.line.booked_on {
        return last.line.booked_on < first.line.booked_on;
    }
    let follows = |before: &Told, after: &Told| {
        before.balance.and_then(|balance| balance.checked_add(after.line.amount)) == after.balance
    };
    let pairs = || told.windows(2).filter(|pair| pair[0].balance.is_some() && pair[1].balance.is_some());
    0 < pairs().count()
        && !pairs().all(|pair| follows(&pair[0], &pair[1]))
        && pairs().all(|pair| follows(&pair[1], &pair[0]))
}

/// What was there before and after, where every row tells its balance; each must follow from the one before.
fn balances(told: &[Told], money: Currency) -> Result<(Option<Balance>, Option<Balance>), NotRead> {
    let (Some(first), Some(last)) = (told.first(), told.last()) else { return Ok((None, None)) };
    if told.iter().any(|one| one.balance.is_none()) {
        return Ok((None, None));
    }
    for pair in told.windows(2) {
        let wanted = pair[0].balance.and_then(|balance| balance.checked_add(pair[1].line.amount));
        if wanted != pair[1].balance {
            let balance = (pair[1].balance.unwrap_or_default(), money);
            return Err(NotRead::BalanceJumps { line: pair[1].at, balance });
        }
    }
    let before = first.balance.and_then(|balance| balance.checked_sub(first.line.amount));
    let opening = before.map(|amount| Balance { on: first.line.booked_on, amount });
    Ok((opening, last.balance.map(|amount| Balance { on: last.line.booked_on, amount })))
}
