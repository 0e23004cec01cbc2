//! Aged receivables and payables.

use std::collections::BTreeMap;

use kernel::{Amount, Currency, Date, Label, Money};
use meta::{Cell, Choice, FieldKind, FieldMeta, Opens, Reader, ReportMeta, RowStyle, Table, Trouble, Value};

use super::{AS_OF, KNOWN_AT, column, day, param};

static PARAMS: &[FieldMeta] = &[
    AS_OF,
    KNOWN_AT,
    param("by", FieldKind::Choice(<AgedBy as Choice>::META), Label::new("Age since", "账龄起算"), "due_day"),
    param("money", FieldKind::Choice(<InMoney as Choice>::META), Label::new("In", "币种"), "company_currency"),
];

/// From which day on something is old.
#[derive(Choice, Clone, Copy, Debug, PartialEq, Eq)]
pub enum AgedBy {
    /// When it was to be paid.
    #[choice(zh = "到期日")]
    DueDay,
    /// When it was invoiced.
    #[choice(zh = "单据日期")]
    DocumentDay,
}

/// In whose money it is told.
#[derive(Choice, Clone, Copy, Debug, PartialEq, Eq)]
pub enum InMoney {
    /// Company currency.
    #[choice(zh = "本位币")]
    CompanyCurrency,
    /// What was invoiced in, a row for each currency.
    #[choice(zh = "原币")]
    OwnCurrency,
}

/// Who owes us, and since when.
///
/// Counts what was open on the chosen day; later payments are ignored, so last year's
/// list can be printed again. Whoever may see only some invoices is told of those.
pub static AGED_RECEIVABLES: ReportMeta = ReportMeta {
    name: "aged_receivables",
    label: Label::new("Aged receivables", "应收账龄"),
    help: Label::new(
        "Who owes us, and since when: what was open on the day, by how old it is since it was due or since it was invoiced, in company currency or in that of the invoices. You see what is owed on the invoices you may see.",
        "某日各客户的未收款及账龄，可按到期日或单据日期起算，以本位币或原币列示。仅包含您有权查看的发票。",
    ),
    params: PARAMS,
    run: |values, reader| run(Side::Receivable, values, reader),
};

/// Whom we owe, and since when, as of a day.
pub static AGED_PAYABLES: ReportMeta = ReportMeta {
    name: "aged_payables",
    label: Label::new("Aged payables", "应付账龄"),
    help: Label::new(
        "Whom we owe, and since when: what was open on the day, by how old it is since it was due or since it was posted, in company currency or in that of the documents. What was paid in advance stands with a minus.",
        "某日应付各往来单位的未付款及账龄，可按到期日或单据日期起算，以本位币或原币列示。预付款以负数显示。",
    ),
    params: PARAMS,
    run: |values, reader| run(Side::Payable, values, reader),
};

/// Which side of the books.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Side {
    /// What is owed to us.
    Receivable,
    /// What we owe.
    Payable,
}

impl Side {
    /// What its accounts are used for.
    fn used_for(self) -> &'static str {
        match self {
            Side::Receivable => "receivable",
            Side::Payable => "payable",
        }
    }
}

/// What was open on a day: what is open now, without what the books of the control accounts say
/// of later days, and, as known at a moment, what was written down after it. Costs what is open, and what came
/// since. What was paid before it was invoiced is there from the day it was paid.
///
/// `{used_for}` is the use of the accounts, `{sign}` turns what we owe into positive figures.
/// Of sales only the items of invoices the reader may see count.
const OPEN_ON: &str = "
    select o.party as party, o.currency as currency, o.due_on as due_on, o.posted_on as posted_on,
      {sign}sum(k.amount) as amount, {sign}sum(k.currency_amount) as currency_amount
    from (
      {open}
      select coalesce(c.item, own.id), -l.amount, -l.currency_amount
      from entry_line l
      left join clearing c on c.entry_line = l.id
      left join open_item own on own.entry_line = l.id
      where l.company = ?1 and l.posted_on > ?2
        and l.account in (select id from account where company = ?1 and used_for = '{used_for}')
      {later}
    ) k
    join open_item o on o.id = k.item
    left join invoice i on o.doc_entity = 'invoice' and i.id = o.doc_id
    where {seen}
    group by o.id, o.party, o.currency, o.due_on, o.posted_on
    having sum(k.amount) <> 0 or sum(k.currency_amount) <> 0
    order by o.party, o.due_on, o.id";

/// What is open now is found by being open: `{is_open}` is one way of it, and the account is in no index so.
const OPEN_NOW: &str = "
      select id as item, open_amount as amount, open_currency_amount as currency_amount
      from open_item
      where company = ?1 and {is_open}
        and account + 0 in (select id from account where company = ?1 and used_for = '{used_for}')
      union all";
const IS_OPEN: [&str; 4] = [
    "open_amount > 0",
    "open_amount < 0",
    "open_amount = 0 and open_currency_amount > 0",
    "open_amount = 0 and open_currency_amount < 0",
];

// Day and account are in no index so: what was written down since is few, what is dated by then is nearly all.
const LATER: &str = "
      union all
      select coalesce(c.item, own.id), -l.amount, -l.currency_amount
      from entry_line l
      left join clearing c on c.entry_line = l.id
      left join open_item own on own.entry_line = l.id
      where l.company = ?1 and l.recorded_at > ?3 and l.posted_on || '' <= ?2
        and l.account + 0 in (select id from account where company = ?1 and used_for = '{used_for}')";

/// The query above, for one side.
fn query(side: Side, known_at: Option<i64>) -> String {
    let (sign, seen) = match side {
        Side::Receivable => ("", "{rows invoice i}"),
        Side::Payable => ("-", "1 = 1"),
    };
    let open: String = IS_OPEN.iter().map(|is_open| OPEN_NOW.replace("{is_open}", is_open)).collect();
    let template = OPEN_ON.replace("{open}", &open).replace("{later}", known_at.map_or("", |_| LATER));
    template.replace("{used_for}", side.used_for()).replace("{sign}", sign).replace("{seen}", seen)
}

/// What customers owe on a day, and what of it is overdue then: the total of aged receivables,
/// in company currency.
pub fn owed_to_us(on: Date, reader: &dyn Reader) -> Result<(Amount, Amount), Trouble> {
    let sql = format!(
        "select coalesce(sum(t.amount), 0), coalesce(sum(case when t.due_on < ?2 then t.amount else 0 end), 0)
         from ({}) t",
        query(Side::Receivable, None)
    );
    let rows = reader.rows(&sql, &[reader.context().company.into(), on.into()])?;
    Ok(rows.first().map_or((Amount::ZERO, Amount::ZERO), |row| (Amount::new(row.int(0)), Amount::new(row.int(1)))))
}

/// Days at which a column ends.
const BUCKETS: [i32; 4] = [0, 30, 60, 90];
const COLUMNS: usize = BUCKETS.len() + 1;

fn bucket(since: Date, as_of: Date) -> usize {
    let days = as_of.days_since(since);
    BUCKETS.iter().position(|end| days <= *end).unwrap_or(BUCKETS.len())
}

fn heads(by: AgedBy) -> [Label; COLUMNS] {
    match by {
        AgedBy::DueDay => [
            Label::new("Not due", "未到期"),
            Label::new("1–30 days", "逾期 1–30 天"),
            Label::new("31–60 days", "逾期 31–60 天"),
            Label::new("61–90 days", "逾期 61–90 天"),
            Label::new("Over 90 days", "逾期 90 天以上"),
        ],
        AgedBy::DocumentDay => [
            Label::new("That day", "当日"),
            Label::new("1–30 days", "1–30 天"),
            Label::new("31–60 days", "31–60 天"),
            Label::new("61–90 days", "61–90 天"),
            Label::new("Over 90 days", "90 天以上"),
        ],
    }
}

fn run(side: Side, values: &[Value], reader: &dyn Reader) -> Result<Table, Trouble> {
    let context = reader.context();
    let as_of = day(AGED_RECEIVABLES.param(values, "as_of"));
    let known_at = AGED_RECEIVABLES.param(values, "known_at").int();
    let by = AGED_RECEIVABLES.param(values, "by").text().and_then(AgedBy::of).unwrap_or(AgedBy::DueDay);
    let money = AGED_RECEIVABLES.param(values, "money").text().and_then(InMoney::of);
    let is_own = money == Some(InMoney::OwnCurrency);
    let mut args = vec![context.company.into(), as_of.into()];
    args.extend(known_at.map(Value::Int));
    let rows = reader.rows(&query(side, known_at), &args)?;
    let mut parties: BTreeMap<(i64, Currency), [i64; COLUMNS]> = BTreeMap::new();
    for row in &rows {
        let since = row.date(if by == AgedBy::DueDay { 2 } else { 3 }).unwrap_or(as_of);
        let currency = Currency::parse(row.text(1)).filter(|_| is_own).unwrap_or(context.currency);
        let amount = row.int(if is_own { 5 } else { 4 });
        parties.entry((row.int(0), currency)).or_default()[bucket(since, as_of)] += amount;
    }
    let sees_all = side == Side::Payable || reader.sees_all("invoice");
    let drill =
        Drill { side, as_of, known_at, is_own, sees_all, is_open_now: is_open_now(side, as_of, known_at, reader)? };
    Ok(table(&drill, &parties, by)?)
}

/// Whether what was open is what is open now: nothing was posted to the accounts since.
fn is_open_now(side: Side, as_of: Date, known_at: Option<i64>, reader: &dyn Reader) -> Result<bool, Trouble> {
    let sql = format!(
        "select 1 from entry_line where company = ?1 and posted_on > ?2
           and account in (select id from account where company = ?1 and used_for = '{}') limit 1",
        side.used_for()
    );
    Ok(known_at.is_none() && reader.rows(&sql, &[reader.context().company.into(), as_of.into()])?.is_empty())
}

/// What a row opens: what adds up to its total.
struct Drill {
    side: Side,
    as_of: Date,
    known_at: Option<i64>,
    is_own: bool,
    sees_all: bool,
    is_open_now: bool,
}

impl Drill {
    /// The open items, or the invoices of the reader, while they are what was open; else the lines that were
    /// posted until then, which add up to it. Of a reader who sees some invoices only nothing else does.
    fn opens(&self, party: i64, currency: Currency) -> Option<Opens> {
        let party = kernel::id_text("pa", party.max(1));
        let used_for = self.side.used_for();
        let own = if self.is_own { format!(r#",["currency","=","{currency}"]"#) } else { String::new() };
        match (self.is_open_now, self.sees_all) {
            (true, true) => Some(Opens::List(
                "open_item",
                format!(
                    r#"["and",["party","=","{party}"],["account.used_for","=","{used_for}"],["open_amount","!=","0"]{own}]"#
                ),
            )),
            (true, false) => Some(Opens::List(
                "invoice",
                format!(r#"["and",["customer","=","{party}"],["stage","=","posted"],["open_amount","!=","0"]{own}]"#),
            )),
            (false, true) => {
                let known =
                    self.known_at.map(|at| format!(r#",["recorded_at","<=","{}"]"#, kernel::Instant::from_micros(at)));
                Some(Opens::List(
                    "entry_line",
                    format!(
                        r#"["and",["party","=","{party}"],["account.used_for","=","{used_for}"],["posted_on","<=","{}"]{}{own}]"#,
                        self.as_of,
                        known.unwrap_or_default()
                    ),
                ))
            }
            (false, false) => None,
        }
    }
}

fn table(drill: &Drill, parties: &BTreeMap<(i64, Currency), [i64; COLUMNS]>, by: AgedBy) -> Result<Table, meta::Fault> {
    let names = ["not_due", "to_30", "to_60", "to_90", "over_90"];
    let whom = match drill.side {
        Side::Receivable => Label::new("Customer", "客户"),
        Side::Payable => Label::new("Supplier", "供应商"),
    };
    let mut columns = vec![column("party", FieldKind::Ref("party"), whom)];
    columns.extend(names.iter().zip(heads(by)).map(|(name, head)| column(name, FieldKind::Amount, head)));
    columns.push(column("total", FieldKind::Amount, Label::new("Total", "合计")));
    let mut table = Table::new(columns);
    let mut all: BTreeMap<Currency, [i64; COLUMNS]> = BTreeMap::new();
    let currencies = parties.keys().map(|(_, currency)| *currency).collect::<std::collections::BTreeSet<_>>();
    let cells = |first: Cell, currency: Currency, sums: &[i64; COLUMNS]| {
        let money = |raw: i64| match currencies.len() {
            // With one currency the figures are plain numbers, to be summed in a spreadsheet.
            0 | 1 => Cell::from(raw),
            _ => Cell::Money(Money { amount: Amount::new(raw), currency }),
        };
        let mut cells = vec![first];
        cells.extend(sums.iter().map(|raw| money(*raw)));
        cells.push(money(sums.iter().sum()));
        cells
    };
    for ((party, currency), sums) in parties {
        table.push(cells(Cell::from(*party), *currency, sums))?.opens = drill.opens(*party, *currency);
        for (whole, part) in all.entry(*currency).or_default().iter_mut().zip(sums) {
            *whole += part;
        }
    }
    if all.is_empty() {
        all.insert(meta::NO_CURRENCY, [0; COLUMNS]);
    }
    for (currency, sums) in &all {
        let label = Cell::Label(Label::new("Total", "合计"));
        table.push(cells(label, *currency, sums))?.style = RowStyle::Total;
    }
    Ok(table)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_late_is_overdue_and_thirty_days_still_the_first_column() {
        let as_of = Date::new(2026, 3, 31).unwrap();
        assert_eq!(bucket(as_of, as_of), 0);
        assert_eq!(bucket(as_of.add_days(-1), as_of), 1);
        assert_eq!(bucket(as_of.add_days(-30), as_of), 1);
        assert_eq!(bucket(as_of.add_days(-31), as_of), 2);
        assert_eq!(bucket(as_of.add_days(-91), as_of), 4);
    }

    #[test]
    fn currencies_are_not_added_up() {
        let sums = |to_30: i64| [0, to_30, 0, 0, 0];
        let parties = BTreeMap::from([
            ((3, Currency::EUR), sums(500)),
            ((3, Currency::USD), sums(700)),
            ((4, Currency::USD), sums(1)),
        ]);
        let drill = Drill {
            side: Side::Receivable,
            as_of: Date::new(2026, 3, 31).unwrap(),
            known_at: None,
            is_own: true,
            sees_all: true,
            is_open_now: true,
        };
        let told = table(&drill, &parties, AgedBy::DueDay).unwrap();
        let totals = told.rows.iter().filter(|row| row.style == RowStyle::Total);
        let money: Vec<String> = totals
            .map(|row| match &row.cells[6] {
                Cell::Money(money) => format!("{} {}", money.amount.text(money.currency), money.currency),
                other => format!("{other:?}"),
            })
            .collect();
        assert_eq!(money, ["5.00 EUR", "7.01 USD"]);
    }
}
