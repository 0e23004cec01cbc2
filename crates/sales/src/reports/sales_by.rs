//! What was sold, by whatever the reader wants to know.

use std::collections::BTreeMap;

use kernel::{Amount, Date, Label, Qty};
use meta::report::{AS_OF, KNOWN_AT, column, param};
use meta::{Cell, Choice, FieldKind, FieldMeta, Opens, Reader, ReportMeta, Row, RowStyle, Table, Trouble, Value};

use super::sales_axis::{GroupBy, Source};

static PARAMS: &[FieldMeta] = &[
    param("group", FieldKind::Choice(<GroupBy as Choice>::META), Label::new("By", "统计维度"), ""),
    param("then", FieldKind::Choice(<GroupBy as Choice>::META), Label::new("Then by", "再按"), ""),
    param("from", FieldKind::Date, Label::new("From", "起始日期"), ""),
    AS_OF,
    KNOWN_AT,
];

/// What was sold, from what invoices and credit notes have posted: a cancelled one counts until
/// the day its mirror was posted, as it does on the accounts.
pub static SALES_BY: ReportMeta = ReportMeta {
    name: "sales_by",
    label: Label::new("Sales analysis", "销售分析"),
    help: Label::new(
        "What was invoiced less what was credited, without tax and in company currency, by any of its dimensions, or by two of them at once; and what is left of it when the goods are paid for, at what they cost when it was written. Quantities are in the product's own unit. You see the invoices you may see.",
        "按任一维度或同时按两个维度统计的开票净额（扣除红字，不含税，本位币）及按开票时成本计算的毛利，数量按产品自身单位。仅包含您有权查看的发票。",
    ),
    params: PARAMS,
    run,
};

/// What one group comes to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Sum {
    invoices: i64,
    qty: Qty,
    net: Amount,
    margin: Amount,
}

impl std::ops::AddAssign for Sum {
    fn add_assign(&mut self, other: Sum) {
        self.invoices += other.invoices;
        self.qty += other.qty;
        self.net += other.net;
        self.margin += other.margin;
    }
}

/// How many rows are shown.
const ROWS_MAX: usize = 10_000;

/// One group, or one of two: the key and the name of each.
type Key = Vec<(i64, String)>;

fn run(values: &[Value], reader: &dyn Reader) -> Result<Table, Trouble> {
    let context = reader.context();
    let by = |name| SALES_BY.param(values, name).text().and_then(GroupBy::of);
    let mut groups = vec![by("group").unwrap_or(GroupBy::Customer)];
    groups.extend(by("then").filter(|then| *then != groups[0]));
    let day = |name| SALES_BY.param(values, name).text().and_then(Date::parse);
    let days = (day("from"), day("as_of").unwrap_or(context.today));
    let known = SALES_BY.param(values, "known_at").int().unwrap_or(i64::MAX);
    let from = days.0.unwrap_or(Date::MIN);
    let rows = reader.rows(&query(&groups), &[context.company.into(), from.into(), days.1.into(), known.into()])?;
    let margin = reader.shows("invoice", "margin") && reader.shows("invoice_line", "margin");
    Ok(table(&groups, sums(&rows, groups.len()), days, margin)?)
}

// Lines say what was posted of them in company currency: whatever groups them comes to what the ledger says.
// A mirror counts against what it takes back.
fn query(groups: &[GroupBy]) -> String {
    let sources: Vec<Source> = groups.iter().map(|group| group.source()).collect();
    let mut joins: Vec<&str> = Vec::new();
    for join in sources.iter().flat_map(|source| source.joins) {
        if !joins.contains(join) {
            joins.push(join);
        }
    }
    let columns: Vec<String> = sources.iter().map(|source| format!("{}, {}", source.key, source.name)).collect();
    let (columns, joins) = (columns.join(", "), joins.join(" "));
    format!(
        "select {columns},
           count(distinct case when e.reverses is null then i.id end)
             - count(distinct case when e.reverses is not null then i.id end),
           sum(case when (i.kind = 'credit_note') = (e.reverses is null) then -l.product_qty else l.product_qty end),
           sum(case when (i.kind = 'credit_note') = (e.reverses is null) then -l.net_base else l.net_base end),
           sum(case when (i.kind = 'credit_note') = (e.reverses is null) then -l.margin else l.margin end)
         from entry e
         join invoice i on i.id = e.doc_id
         join invoice_line l on l.parent = i.id
         {joins}
         where e.company = ?1 and e.doc_entity = 'invoice' and e.journal = 'sales'
           and e.posted_on >= ?2 and e.posted_on <= ?3 and e.recorded_at <= ?4 and {{rows invoice i}}
         group by {columns}"
    )
}

fn sums(rows: &[Row], groups: usize) -> BTreeMap<Key, Sum> {
    let mut sums: BTreeMap<Key, Sum> = BTreeMap::new();
    for row in rows {
        let figure = |at: usize| row.int(2 * groups + at);
        let key = (0..groups).map(|at| (row.int(2 * at), row.text(2 * at + 1).to_owned())).collect();
        let sum = sums.entry(key).or_default();
        *sum += Sum {
            invoices: figure(0),
            qty: Qty::new(figure(1)),
            net: Amount::new(figure(2)),
            margin: Amount::new(figure(3)),
        };
    }
    sums
}

/// The invoices of a group, as a list.
fn sources(groups: &[GroupBy], key: &[(i64, String)], (from, to): (Option<Date>, Date)) -> Option<Opens> {
    let mut filter = vec![r#"["stage","=","posted"]"#.to_owned(), format!(r#"["issued_on","<=","{to}"]"#)];
    filter.extend(from.map(|from| format!(r#"["issued_on",">=","{from}"]"#)));
    for (group, (id, name)) in groups.iter().zip(key) {
        filter.push(group.filter(*id, name)?);
    }
    Some(Opens::List("invoice", format!(r#"["and",{}]"#, filter.join(","))))
}

/// What a group comes to, and the groups below it.
#[derive(Clone, Debug, Default)]
struct Group {
    key: Key,
    sum: Sum,
    below: Vec<Group>,
}

/// The groups in the order they are shown in.
fn groups(by: &[GroupBy], sums: BTreeMap<Key, Sum>) -> Vec<Group> {
    let mut found: Vec<Group> = Vec::new();
    // They come by their keys, so those of one group together.
    for (key, sum) in sums {
        let is_other = found.last().is_none_or(|last| last.key[0] != key[0]);
        if is_other {
            found.push(Group { key: key[..1].to_vec(), ..Group::default() });
        }
        let Some(group) = found.last_mut() else { continue };
        group.sum += sum;
        if 1 < key.len() {
            group.below.push(Group { key, sum, below: Vec::new() });
        }
    }
    sort(by[0], &mut found);
    if let Some(then) = by.get(1) {
        found.iter_mut().for_each(|group| sort(*then, &mut group.below));
    }
    found
}

fn sort(by: GroupBy, groups: &mut [Group]) {
    match by.is_in_time() {
        true => {
            groups.sort_by(|one, other| one.key.iter().map(|part| &part.1).cmp(other.key.iter().map(|part| &part.1)))
        }
        false => groups.sort_by_key(|group| std::cmp::Reverse(group.sum.net)),
    }
}

fn columns(by: &[GroupBy], margin: bool) -> Vec<meta::report::Column> {
    let group =
        |(group, name): (&GroupBy, &'static str)| column(name, group.kind(), meta::stages::choice_label(*group));
    let mut columns: Vec<meta::report::Column> = by.iter().zip(["group", "then"]).map(group).collect();
    columns.extend([
        column("invoices", FieldKind::Int, Label::new("Invoices", "发票数")),
        column("qty", FieldKind::Qty, Label::new("Quantity", "数量")),
        column("net", FieldKind::Amount, Label::new("Net sales", "销售净额")),
        column("share", FieldKind::Rate, Label::new("Share", "占比")),
    ]);
    if margin {
        columns.push(column("margin", FieldKind::Amount, Label::new("Margin", "毛利")));
        columns.push(column("margin_rate", FieldKind::Rate, Label::new("Margin rate", "毛利率")));
    }
    columns
}

/// So much of a whole, as a rate.
fn part(of: Amount, whole: Amount) -> Cell {
    Amount::new(kernel::SCALE).scale(of.raw(), whole.raw()).unwrap_or(Amount::ZERO).raw().into()
}

/// What is left of the net when the goods are paid for, where the reader may know it.
fn earned(sum: &Sum) -> [Cell; 2] {
    [sum.margin.raw().into(), if sum.net.is_zero() { Cell::Empty } else { part(sum.margin, sum.net) }]
}

fn table(
    by: &[GroupBy],
    sums: BTreeMap<Key, Sum>,
    days: (Option<Date>, Date),
    margin: bool,
) -> Result<Table, meta::Fault> {
    let mut table = Table::new(columns(by, margin));
    let mut total = Sum::default();
    sums.values().for_each(|sum| total += *sum);
    let found = groups(by, sums);
    let all = found.iter().flat_map(|group| std::iter::once(group).chain(&group.below));
    for group in all.take(ROWS_MAX) {
        let is_head = group.key.len() < by.len();
        let mut cells: Vec<Cell> = by.iter().zip(&group.key).map(|(by, (id, name))| by.label(*id, name)).collect();
        cells.extend(is_head.then_some(Cell::Empty));
        // An invoice has several products and taxes: below a head it would be counted once for each.
        let is_counted = !is_head || !by[1].is_by_line();
        cells.push(if is_counted { group.sum.invoices.into() } else { Cell::Empty });
        cells.extend([group.sum.qty.raw().into(), group.sum.net.raw().into(), part(group.sum.net, total.net)]);
        cells.extend(earned(&group.sum).into_iter().filter(|_| margin));
        let row = table.push(cells)?;
        row.opens = sources(by, &group.key, days);
        row.level = group.key.len() - 1;
        row.style = if is_head { RowStyle::Head } else { RowStyle::Plain };
    }
    if ROWS_MAX <= table.rows.len() {
        table.notes.push(Label::new(
            "No more than 10,000 rows are shown; the total is of all. Choose a shorter period or a coarser group.",
            "最多显示 10,000 行，合计为全部。请缩短期间或选择更粗的维度。",
        ));
    }
    let mut cells = vec![Cell::Label(Label::new("Total", "合计"))];
    cells.extend(by.iter().skip(1).map(|_| Cell::Empty));
    cells.push(if by.iter().any(|by| by.is_by_line()) { Cell::Empty } else { total.invoices.into() });
    // Pieces and kilograms have no sum.
    cells.extend([Cell::Empty, total.net.raw().into(), Cell::Empty]);
    cells.extend(earned(&total).into_iter().filter(|_| margin));
    table.push(cells)?.style = RowStyle::Total;
    Ok(table)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(keys: &[(i64, &str)], net: i64) -> Row {
        let mut cells: Vec<Value> = Vec::new();
        keys.iter().for_each(|(key, name)| cells.extend([Value::from(*key), Value::from(*name)]));
        cells.extend([1.into(), 1_000_000.into(), net.into(), (net / 4).into()]);
        Row(cells)
    }

    fn days() -> (Option<Date>, Date) {
        (Date::new(2026, 1, 1), Date::new(2026, 3, 31).unwrap())
    }

    #[test]
    fn every_group_leads_to_its_invoices() {
        for (group, id, name) in [
            (GroupBy::Day, 1, "2026-02-03"),
            (GroupBy::Month, 1, "2026-02"),
            (GroupBy::Quarter, 1, "2026-Q1"),
            (GroupBy::Year, 1, "2026"),
            (GroupBy::Country, 1, "DE"),
            (GroupBy::Country, 1, ""),
            (GroupBy::Currency, 1, "EUR"),
            (GroupBy::Salesperson, 5, "Eva"),
            (GroupBy::Salesperson, 0, ""),
            (GroupBy::Team, 5, "Eva"),
            (GroupBy::Customer, 5, "Blue"),
            (GroupBy::CustomerGroup, 5, "Blue"),
            (GroupBy::Product, 5, "Lamp"),
            (GroupBy::Category, 5, "Lamps"),
            (GroupBy::ProductKind, 1, "service"),
            (GroupBy::Place, 5, "Main"),
            (GroupBy::Tax, 5, "13 %"),
            (GroupBy::Terms, 5, "30 days"),
            (GroupBy::PriceList, 5, "Retail"),
        ] {
            let Some(Opens::List("invoice", filter)) = sources(&[group], &[(id, name.to_owned())], days()) else {
                panic!("{group:?}")
            };
            assert!(meta::Filter::parse_text(&filter).is_ok(), "{filter}");
        }
        let quarter = GroupBy::Quarter.filter(1, "2026-Q4").unwrap();
        assert_eq!(quarter, r#"["issued_on","between",["2026-10-01","2026-12-31"]]"#);
        assert!(sources(&[GroupBy::Category], &[(0, String::new())], days()).is_none());
    }

    #[test]
    fn the_largest_come_first_and_shares_are_of_the_total() {
        let rows = [row(&[(3, "Blue")], 1000), row(&[(4, "Red")], 3000)];
        let table = table(&[GroupBy::Customer], sums(&rows, 1), days(), true).unwrap();
        assert!(matches!(&table.rows[0].cells[0], Cell::Ref { id: 4, .. }));
        assert!(matches!(&table.rows[0].cells[4], Cell::Value(Value::Int(750_000))));
        assert!(matches!(&table.rows[2].cells[3], Cell::Value(Value::Int(4000))));
        assert!(matches!(&table.rows[0].cells[5..], [Cell::Value(Value::Int(750)), Cell::Value(Value::Int(250_000))]));
        assert!(matches!(&table.rows[2].cells[5..], [Cell::Value(Value::Int(1000)), Cell::Value(Value::Int(250_000))]));
        let Some(Opens::List("invoice", filter)) = &table.rows[0].opens else { panic!("{:?}", table.rows[0].opens) };
        assert!(meta::Filter::parse_text(filter).is_ok() && filter.contains(&kernel::id_text("pa", 4)), "{filter}");
    }

    #[test]
    fn a_second_group_stands_below_the_first_with_its_sum() {
        let (blue, red) = ((3, "Blue"), (4, "Red"));
        let rows =
            [row(&[blue, (1, "2026-02")], 1000), row(&[blue, (1, "2026-01")], 500), row(&[red, (1, "2026-01")], 4000)];
        let table = table(&[GroupBy::Customer, GroupBy::Month], sums(&rows, 2), days(), false).unwrap();
        let told: Vec<String> = table
            .rows
            .iter()
            .map(|row| {
                let Cell::Value(Value::Int(net)) = row.cells[4] else { panic!("{row:?}") };
                let then = match &row.cells[1] {
                    Cell::Value(Value::Text(month)) => month.as_str(),
                    _ => "",
                };
                format!("{} {then} {net}", row.level)
            })
            .collect();
        assert_eq!(told, ["0  4000", "1 2026-01 4000", "0  1500", "1 2026-01 500", "1 2026-02 1000", "0  5500"]);
        assert!(query(&[GroupBy::Product, GroupBy::Category]).matches("left join product p ").count() == 1);
    }
}
