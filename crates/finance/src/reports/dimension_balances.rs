//! Balances by the values of a dimension, from what is kept.

use std::collections::BTreeMap;

use kernel::{Date, Label, id_text};
use meta::{Cell, Fault, FieldKind, FieldMeta, Opens, Reader, ReportMeta, RowStyle, Table, Trouble, Value};

use super::balances::{self, AccountRow, Sums};
use super::trial_balance::{Period, ledger};
use super::{AS_OF, FROM, KNOWN_AT, column, day, param};

static PARAMS: &[FieldMeta] =
    &[param("dimension", FieldKind::Ref("dimension"), Label::new("Dimension", "核算维度"), ""), FROM, AS_OF, KNOWN_AT];

/// What stands on every value of a dimension, and what of income and expenses stands on none.
pub static DIMENSION_BALANCES: ReportMeta = ReportMeta {
    name: "dimension_balances",
    label: Label::new("Balances by dimension", "辅助核算余额表"),
    help: Label::new(
        "What every value of a dimension, such as a cost centre, had at the beginning, what came and went, and what it has at the end, by account; a value holds those below it. At the end what of income and expenses has no value, so that nothing is missing.",
        "按维度值（如成本中心）和科目列示期初余额、本期发生额与期末余额，上级包含下级；最后列示未填写维度值的收入与费用，确保完整。",
    ),
    params: PARAMS,
    run,
};

/// Opening, debit, credit of an account.
type Figures = [i64; 3];

fn add(sum: &mut Figures, more: &Figures) {
    sum.iter_mut().zip(more).for_each(|(sum, part)| *sum += part);
}

/// A value and where it stands.
struct ValueRow {
    label: String,
    parent: Option<i64>,
}

/// Sums by value and account over all days up to one, that day included.
fn up_to(
    dimension: i64,
    on: Date,
    known_at: Option<i64>,
    reader: &dyn Reader,
) -> Result<BTreeMap<(i64, i64), Sums>, Fault> {
    let company = Value::Int(reader.context().company);
    let rows = reader.rows(
        "select value, account, sum(debit), sum(credit) from dimension_balance
         where company = ?1 and dimension = ?2
           and ((grain = 'm' and start < ?3) or (grain = 'd' and start >= ?3 and start <= ?4))
         group by value, account",
        &[company.clone(), dimension.into(), on.start_of_month().into(), on.into()],
    )?;
    let mut sums: BTreeMap<(i64, i64), Sums> = BTreeMap::new();
    for row in rows {
        sums.insert((row.int(0), row.int(1)), Sums { debit: row.int(2), credit: row.int(3) });
    }
    if let Some(at) = known_at {
        let later = reader.rows(
            // By what was written down since, as the balances of accounts.
            "select value + 0, account + 0, sum(case when amount > 0 then amount else 0 end),
                    sum(case when amount < 0 then -amount else 0 end)
             from dimension_line
             where company = ?1 and recorded_at > ?2 and dimension + 0 = ?3 and posted_on || '' <= ?4
             group by value + 0, account + 0",
            &[company, at.into(), dimension.into(), on.into()],
        )?;
        for row in later {
            let sum = sums.entry((row.int(0), row.int(1))).or_default();
            sum.debit -= row.int(2);
            sum.credit -= row.int(3);
        }
    }
    Ok(sums)
}

struct Page<'a> {
    dimension: i64,
    values: BTreeMap<i64, ValueRow>,
    below: BTreeMap<Option<i64>, Vec<i64>>,
    accounts: &'a [AccountRow],
    figures: BTreeMap<i64, BTreeMap<i64, Figures>>,
    period: Period,
    table: Table,
}

impl Page<'_> {
    /// What a value holds, with those below it.
    fn held(&self, value: i64) -> Figures {
        let mut sum = Figures::default();
        self.figures.get(&value).into_iter().flat_map(BTreeMap::values).for_each(|part| add(&mut sum, part));
        for child in self.below.get(&Some(value)).into_iter().flatten() {
            add(&mut sum, &self.held(*child));
        }
        sum
    }

    fn is_empty(&self, value: i64) -> bool {
        self.figures.get(&value).is_none_or(BTreeMap::is_empty)
            && self.below.get(&Some(value)).into_iter().flatten().all(|child| self.is_empty(*child))
    }

    fn push(
        &mut self,
        what: Cell,
        [opening, debit, credit]: Figures,
        level: usize,
    ) -> Result<&mut meta::ReportRow, Fault> {
        let closing = opening + debit - credit;
        let row = self.table.push(vec![what, opening.into(), debit.into(), credit.into(), closing.into()])?;
        row.level = level;
        Ok(row)
    }

    fn value(&mut self, value: i64, level: usize) -> Result<(), Fault> {
        if self.is_empty(value) {
            return Ok(());
        }
        let label = self.values[&value].label.clone();
        let held = self.held(value);
        let row = self.push(Cell::Ref { entity: "dimension_value", id: value, label }, held, level)?;
        row.style = RowStyle::Head;
        let of_accounts = self.figures.get(&value).cloned().unwrap_or_default();
        for account in self.accounts {
            let Some(figures) = of_accounts.get(&account.id) else { continue };
            let opens = self.lines(value, account.id);
            self.push(account_cell(account), *figures, level + 1)?.opens = Some(opens);
        }
        for child in self.below.get(&Some(value)).cloned().unwrap_or_default() {
            self.value(child, level + 1)?;
        }
        Ok(())
    }

    /// The way from a figure to the lines it is made of.
    fn lines(&self, value: i64, account: i64) -> Opens {
        let (value, account) = (id_text("dv", value), id_text("ac", account));
        let (dimension, from, to) = (id_text("dm", self.dimension), self.period.from, self.period.to);
        Opens::List(
            "dimension_line",
            format!(
                r#"["and",["dimension","=","{dimension}"],["value","=","{value}"],["account","=","{account}"],["posted_on","between",["{from}","{to}"]]]"#
            ),
        )
    }
}

fn account_cell(account: &AccountRow) -> Cell {
    Cell::Ref { entity: "account", id: account.id, label: format!("{} {}", account.code, account.name) }
}

fn columns() -> Vec<meta::Column> {
    vec![
        column("what", FieldKind::Text, Label::new("Value and account", "维度值与科目")),
        column("opening", FieldKind::Amount, Label::new("Opening", "期初余额")),
        column("debit", FieldKind::Amount, Label::new("Debit", "本期借方")),
        column("credit", FieldKind::Amount, Label::new("Credit", "本期贷方")),
        column("closing", FieldKind::Amount, Label::new("Closing", "期末余额")),
    ]
}

/// The dimension that is asked for, else the first there is.
fn asked(dimension: Option<i64>, reader: &dyn Reader) -> Result<Option<i64>, Fault> {
    if dimension.is_some() {
        return Ok(dimension);
    }
    let rows = reader.rows(
        "select id from dimension where company = ?1 and active = 1 order by code limit 1",
        &[reader.context().company.into()],
    )?;
    Ok(rows.first().map(|row| row.int(0)))
}

fn run(values: &[Value], reader: &dyn Reader) -> Result<Table, Trouble> {
    let report = &DIMENSION_BALANCES;
    let asked = asked(report.param(values, "dimension").int(), reader)?;
    let dimension = asked.unwrap_or(0);
    let to = day(report.param(values, "as_of"));
    let from = day(report.param(values, "from")).min(to);
    let known_at = report.param(values, "known_at").int();
    let company = reader.context().company;
    let rows = reader.rows(
        "select id, code, name, parent from dimension_value where company = ?1 and dimension = ?2 order by code",
        &[company.into(), dimension.into()],
    )?;
    let mut below: BTreeMap<Option<i64>, Vec<i64>> = BTreeMap::new();
    let mut known = BTreeMap::new();
    for row in rows {
        let (id, parent) = (row.int(0), row.maybe_int(3));
        below.entry(parent).or_default().push(id);
        known.insert(id, ValueRow { label: format!("{} {}", row.text(1), row.text(2)), parent });
    }
    let (before, end) =
        (up_to(dimension, from.add_days(-1), known_at, reader)?, up_to(dimension, to, known_at, reader)?);
    let mut figures: BTreeMap<i64, BTreeMap<i64, Figures>> = BTreeMap::new();
    let mut said: BTreeMap<i64, Figures> = BTreeMap::new();
    for ((value, account), sums) in end {
        let was = before.get(&(value, account)).copied().unwrap_or_default();
        let figure = [was.net(), sums.debit - was.debit, sums.credit - was.credit];
        if figure != Figures::default() {
            figures.entry(value).or_default().insert(account, figure);
            add(said.entry(account).or_default(), &figure);
        }
    }
    let accounts = balances::accounts(reader)?;
    let mut page = Page {
        dimension,
        values: known,
        below,
        accounts: &accounts,
        figures,
        period: Period { from, to, known_at },
        table: Table::new(columns()),
    };
    let is_root = |id: &i64| page.values[id].parent.is_none_or(|parent| !page.values.contains_key(&parent));
    let roots: Vec<i64> = page.below.values().flatten().copied().filter(is_root).collect();
    for root in roots {
        page.value(root, 0)?;
    }
    if asked.is_none() {
        page.table.notes.push(Label::new(
            "There is no dimension yet. Make one, such as cost centres.",
            "尚无核算维度，请先新建，如成本中心。",
        ));
    }
    unsaid(&mut page, &said, reader)?;
    Ok(page.table)
}

/// What of income and expenses stands on no value.
fn unsaid(page: &mut Page, said: &BTreeMap<i64, Figures>, reader: &dyn Reader) -> Result<(), Fault> {
    let period = page.period;
    let before = balances::up_to(period.from.add_days(-1), period.known_at, reader)?;
    let moved = balances::between(period.from, period.to, period.known_at, reader)?;
    let mut rows = Vec::new();
    let mut total = Figures::default();
    for account in page.accounts.iter().filter(|account| matches!(account.kind.as_str(), "income" | "expense")) {
        let sums = moved.get(&account.id).copied().unwrap_or_default();
        let opening = before.get(&account.id).copied().unwrap_or_default().net();
        let [of_opening, of_debit, of_credit] = said.get(&account.id).copied().unwrap_or_default();
        let left = [opening - of_opening, sums.debit - of_debit, sums.credit - of_credit];
        if left != Figures::default() {
            add(&mut total, &left);
            rows.push((account, left));
        }
    }
    if rows.is_empty() {
        return Ok(());
    }
    page.push(Cell::Label(Label::new("Without a value", "未填写")), total, 0)?.style = RowStyle::Head;
    for (account, left) in rows {
        let opens = ledger(account.id, &period);
        page.push(account_cell(account), left, 1)?.opens = Some(opens);
    }
    Ok(())
}
