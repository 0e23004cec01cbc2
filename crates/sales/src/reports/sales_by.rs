//! What was sold, by whatever the reader wants to know.

use std::collections::BTreeMap;

use kernel::{Amount, Country, Currency, Date, Label, Qty, Rate};
use meta::report::{AS_OF, KNOWN_AT, column, param};
use meta::{Cell, Choice, FieldKind, FieldMeta, Opens, Reader, ReportMeta, Row, RowStyle, Table, Trouble, Value};

/// What sales are grouped by.
#[derive(Choice, Clone, Copy, Debug, PartialEq, Eq)]
pub enum GroupBy {
    /// Who bought.
    #[choice(zh = "客户")]
    Customer,
    /// What was bought.
    #[choice(zh = "产品")]
    Product,
    /// Which sort of product.
    #[choice(zh = "产品类别")]
    Category,
    /// When.
    #[choice(zh = "月份")]
    Month,
    /// Who sold.
    #[choice(zh = "业务员")]
    Salesperson,
    /// Where the customer is.
    #[choice(zh = "国家/地区")]
    Country,
}

static PARAMS: &[FieldMeta] = &[
    param("group", FieldKind::Choice(<GroupBy as Choice>::META), Label::new("By", "统计维度"), ""),
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
        "What was invoiced less what was credited, without tax and in company currency, by customer, product, category, month, salesperson or country. You see the invoices you may see.",
        "按客户、产品、类别、月份、业务员或国家统计的开票净额（扣除红字，不含税，本位币）。仅包含您有权查看的发票。",
    ),
    params: PARAMS,
    run,
};

impl GroupBy {
    /// Key, name, and the joins they need. What is no record has the company for a key.
    fn sql(self) -> (&'static str, &'static str, &'static str) {
        match self {
            GroupBy::Customer => ("i.customer", "c.name", "join party c on c.id = i.customer"),
            GroupBy::Product => ("l.product", "p.name", "left join product p on p.id = l.product"),
            GroupBy::Category => (
                "p.category",
                "g.name",
                "left join product p on p.id = l.product left join product_category g on g.id = p.category",
            ),
            GroupBy::Month => ("i.company", "substr(e.posted_on, 1, 7)", ""),
            GroupBy::Salesperson => ("i.owner", "u.name", "left join \"user\" u on u.id = i.owner"),
            GroupBy::Country => ("i.company", "c.country", "join party c on c.id = i.customer"),
        }
    }

    fn entity(self) -> Option<&'static str> {
        match self {
            GroupBy::Customer => Some("party"),
            GroupBy::Product => Some("product"),
            GroupBy::Category => Some("product_category"),
            GroupBy::Salesperson => Some("user"),
            GroupBy::Month | GroupBy::Country => None,
        }
    }
}

/// What one group comes to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Sum {
    invoices: i64,
    qty: Qty,
    net: Amount,
}

fn run(values: &[Value], reader: &dyn Reader) -> Result<Table, Trouble> {
    let context = reader.context();
    let group = SALES_BY.param(values, "group").text().and_then(GroupBy::of).unwrap_or(GroupBy::Customer);
    let day = |name| SALES_BY.param(values, name).text().and_then(Date::parse);
    let days = (day("from"), day("as_of").unwrap_or(context.today));
    let known = SALES_BY.param(values, "known_at").int().unwrap_or(i64::MAX);
    let (key, name, joins) = group.sql();
    // Currencies and rates stay apart here: they meet in whole numbers, below. A mirror counts
    // against what it takes back.
    let sql = format!(
        "select {key}, {name}, i.currency, i.rate,
           count(distinct case when e.reverses is null then i.id end)
             - count(distinct case when e.reverses is not null then i.id end),
           sum(case when (i.kind = 'credit_note') = (e.reverses is null) then -l.qty else l.qty end),
           sum(case when (i.kind = 'credit_note') = (e.reverses is null) then -l.net else l.net end)
         from entry e
         join invoice i on i.id = e.doc_id
         join invoice_line l on l.parent = i.id
         {joins}
         where e.company = ?1 and e.doc_entity = 'invoice' and e.journal = 'sales'
           and e.posted_on >= ?2 and e.posted_on <= ?3 and e.recorded_at <= ?4 and {{rows invoice i}}
         group by {key}, {name}, i.currency, i.rate"
    );
    let from = days.0.unwrap_or(Date::MIN);
    let rows = reader.rows(&sql, &[context.company.into(), from.into(), days.1.into(), known.into()])?;
    let sums = sums(&rows, context.currency);
    Ok(table(group, sums, days)?)
}

fn sums(rows: &[Row], company_currency: Currency) -> BTreeMap<(i64, String), Sum> {
    let mut sums: BTreeMap<(i64, String), Sum> = BTreeMap::new();
    for row in rows {
        let currency = Currency::parse(row.text(2)).unwrap_or(company_currency);
        let net = Amount::new(row.int(6));
        let base = match currency == company_currency {
            true => net,
            false => net.convert(currency, company_currency, Rate::new(row.int(3))).unwrap_or(Amount::ZERO),
        };
        let sum = sums.entry((row.int(0), row.text(1).to_owned())).or_default();
        sum.invoices += row.int(4);
        sum.qty += Qty::new(row.int(5));
        sum.net += base;
    }
    sums
}

/// The invoices of one group, as a list.
fn sources(group: GroupBy, id: i64, name: &str, (from, to): (Option<Date>, Date)) -> Option<Opens> {
    let mut filter = vec![r#"["stage","=","posted"]"#.to_owned(), format!(r#"["issued_on","<=","{to}"]"#)];
    filter.extend(from.map(|from| format!(r#"["issued_on",">=","{from}"]"#)));
    filter.push(match group {
        GroupBy::Customer if id != 0 => format!(r#"["customer","=","{}"]"#, kernel::id_text("pa", id)),
        GroupBy::Salesperson if id != 0 => format!(r#"["owner","=","{}"]"#, kernel::id_text("us", id)),
        GroupBy::Country if name.is_empty() => r#"["customer.country","empty"]"#.to_owned(),
        // Two letters, checked when the customer was saved.
        GroupBy::Country => format!(r#"["customer.country","=","{name}"]"#),
        GroupBy::Month => {
            let first = Date::parse(&format!("{name}-01"))?;
            format!(r#"["issued_on","between",["{first}","{}"]]"#, first.end_of_month())
        }
        GroupBy::Product if id != 0 => return Some(Opens::Record("product".to_owned(), id)),
        GroupBy::Category if id != 0 => return Some(Opens::Record("product_category".to_owned(), id)),
        _ => return None,
    });
    Some(Opens::List("invoice", format!(r#"["and",{}]"#, filter.join(","))))
}

fn table(group: GroupBy, sums: BTreeMap<(i64, String), Sum>, days: (Option<Date>, Date)) -> Result<Table, meta::Fault> {
    let kind = group.entity().map_or(FieldKind::Text, FieldKind::Ref);
    let mut table = Table::new(vec![
        column("group", kind, meta::stages::choice_label(group)),
        column("invoices", FieldKind::Int, Label::new("Invoices", "发票数")),
        column("qty", FieldKind::Qty, Label::new("Quantity", "数量")),
        column("net", FieldKind::Amount, Label::new("Net sales", "销售净额")),
        column("share", FieldKind::Rate, Label::new("Share", "占比")),
    ]);
    let total: Amount = sums.values().map(|sum| sum.net).sum();
    let invoices: i64 = sums.values().map(|sum| sum.invoices).sum();
    let mut rows: Vec<((i64, String), Sum)> = sums.into_iter().collect();
    match group {
        GroupBy::Month => rows.sort_by(|one, other| one.0.1.cmp(&other.0.1)),
        _ => rows.sort_by_key(|(_, sum)| std::cmp::Reverse(sum.net)),
    }
    for ((id, name), sum) in rows {
        let share = Amount::new(kernel::SCALE).scale(sum.net.raw(), total.raw()).unwrap_or(Amount::ZERO);
        let opens = sources(group, id, &name, days);
        let label = match (group.entity(), id) {
            (Some(entity), id) if id != 0 => Cell::Ref { entity, id, label: name },
            _ if name.is_empty() => Cell::Label(Label::new("None", "无")),
            _ if group == GroupBy::Country => match Country::find(&name) {
                Some(country) => Cell::Label(country.name),
                None => Cell::Value(Value::from(name)),
            },
            _ => Cell::Value(Value::from(name)),
        };
        let cells = vec![label, sum.invoices.into(), sum.qty.raw().into(), sum.net.raw().into(), share.raw().into()];
        table.push(cells)?.opens = opens;
    }
    let label = Cell::Label(Label::new("Total", "合计"));
    // An invoice has several products and categories, and pieces and kilograms have no sum.
    let invoices = match group {
        GroupBy::Product | GroupBy::Category => Cell::Empty,
        _ => invoices.into(),
    };
    table.push(vec![label, invoices, Cell::Empty, total.raw().into(), Cell::Empty])?.style = RowStyle::Total;
    Ok(table)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(key: i64, name: &str, currency: &str, rate: i64, net: i64) -> Row {
        Row(vec![key.into(), name.into(), currency.into(), rate.into(), 1.into(), 1_000_000.into(), net.into()])
    }

    #[test]
    fn currencies_meet_in_the_companys_own() {
        let rows = [row(3, "Blue", "EUR", 1_000_000, 1000), row(3, "Blue", "USD", 800_000, 1000)];
        let sums = sums(&rows, Currency::EUR);
        assert_eq!(sums[&(3, "Blue".to_owned())].net, Amount::new(1800));
    }

    #[test]
    fn every_group_leads_to_its_invoices() {
        let days = (Date::new(2026, 1, 1), Date::new(2026, 3, 31).unwrap());
        for (group, id, name) in [
            (GroupBy::Month, 1, "2026-02"),
            (GroupBy::Country, 1, "DE"),
            (GroupBy::Country, 1, ""),
            (GroupBy::Salesperson, 5, "Eva"),
        ] {
            let Some(Opens::List("invoice", filter)) = sources(group, id, name, days) else { panic!("{group:?}") };
            assert!(meta::Filter::parse_text(&filter).is_ok(), "{filter}");
        }
        assert!(matches!(sources(GroupBy::Product, 7, "Lamp", days), Some(Opens::Record(_, 7))));
    }

    #[test]
    fn the_largest_come_first_and_shares_are_of_the_total() {
        let rows = [row(3, "Blue", "EUR", 1_000_000, 1000), row(4, "Red", "EUR", 1_000_000, 3000)];
        let days = (None, Date::new(2026, 3, 31).unwrap());
        let table = table(GroupBy::Customer, sums(&rows, Currency::EUR), days).unwrap();
        assert!(matches!(&table.rows[0].cells[0], Cell::Ref { id: 4, .. }));
        assert!(matches!(&table.rows[0].cells[4], Cell::Value(Value::Int(750_000))));
        assert!(matches!(&table.rows[2].cells[3], Cell::Value(Value::Int(4000))));
        let Some(Opens::List("invoice", filter)) = &table.rows[0].opens else { panic!("{:?}", table.rows[0].opens) };
        assert!(meta::Filter::parse_text(filter).is_ok() && filter.contains(&kernel::id_text("pa", 4)), "{filter}");
    }
}
