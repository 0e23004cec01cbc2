//! The home page: what the day is judged by.

use engine::{Chart, Figure, Home, Special, Worked};
use kernel::{Date, Label, Rate};
use meta::{FieldKind, Opens, Reader, Trouble, Value};

/// How many months the charts look back.
const MONTHS: i32 = 6;
/// How many customers the chart of the best shows.
const BEST: usize = 8;

/// How many days ahead something is due soon.
const SOON: i32 = 7;
/// Which days most figures speak of.
const NOW: Label = Label::new("Now", "当前");
const TODAY: Label = Label::new("Today", "截至今日");
/// What balances are compared with: those of the same day of last month.
const MONTH_AGO: Label = Label::new("month ago", "上月同日");
/// How many orders whose goods are missing are counted: more are not looked through one by one.
const SHORT_MAX: usize = 200;

/// Which days are worked in the company of whoever asks.
pub fn worked(reader: &dyn Reader) -> Result<Worked, Trouble> {
    let days = org::working_calendar::days(reader, reader.context().company)?;
    let special = days.special.into_iter().map(|one| Special {
        first: one.first,
        last: one.last,
        is_worked: one.is_worked,
        name: one.name,
        name_zh: one.name_zh,
    });
    Ok(Worked { calendar: days.name, week: days.week, special: special.collect() })
}

/// The home page.
pub fn page(reader: &dyn Reader) -> Result<Home, Trouble> {
    let context = *reader.context();
    let today = context.today;
    let month = today.start_of_month();
    let before = month.add_months(-1);
    // Of last month as much as has passed of this one, so that like is compared with like.
    let before_end = before.add_days(today.days_since(month)).min(before.end_of_month());
    // What lies ahead is not in any figure: they are those of the balance sheet of today.
    let (owed, overdue) = finance::owed_to_us(today, reader)?;
    // Balances know every day for nothing, but not whose customers they are.
    let owed_before = match reader.sees_all("invoice") {
        true => Some((MONTH_AGO, held(reader, "'receivable'", before_end)?)),
        false => None,
    };
    let figures = vec![
        Figure {
            name: "sales_this_month",
            label: Label::new("Sales this month", "本月销售额"),
            period: Label::new("To date", "本月至今"),
            kind: FieldKind::Amount,
            value: sales(reader, month, today)?,
            before: Some((Label::new("before", "上月同期"), sales(reader, before, before_end)?)),
            opens: Some(Opens::List(
                "invoice",
                r#"["and",["stage","=","posted"],["issued_on","within","this_month"]]"#.to_owned(),
            )),
            needs: "invoice",
            first_for: &["sales_rep", "sales_manager", "manager"],
        },
        Figure {
            name: "orders_open",
            label: Label::new("Orders to deliver", "待发货订单"),
            period: NOW,
            kind: FieldKind::Int,
            value: one(
                reader,
                "select count(*) from sales_order o
                 where o.company = ?1 and o.stage = 'confirmed' and o.delivery_state in ('none', 'partial') and {rows sales_order o}",
            )?,
            before: None,
            opens: Some(Opens::List(
                "sales_order",
                r#"["and",["stage","=","confirmed"],["delivery_state","in",["none","partial"]]]"#.to_owned(),
            )),
            needs: "sales_order",
            first_for: &["warehouse"],
        },
        Figure {
            name: "quotations_open",
            label: Label::new("Quotations waiting", "待确认报价"),
            period: NOW,
            kind: FieldKind::Int,
            value: one(
                reader,
                "select count(*) from quotation q
                 where q.company = ?1 and q.stage in ('draft', 'sent') and {rows quotation q}",
            )?,
            before: None,
            opens: Some(Opens::List("quotation", r#"["stage","in",["draft","sent"]]"#.to_owned())),
            needs: "quotation",
            first_for: &["sales_rep", "sales_manager"],
        },
        Figure {
            name: "orders_late",
            label: Label::new("Orders past their day", "逾期未发订单"),
            period: TODAY,
            kind: FieldKind::Int,
            value: first(
                reader,
                "select count(*) from sales_order o
                 where o.company = ?1 and o.stage = 'confirmed' and o.delivery_state in ('none', 'partial') and o.wanted_on < ?2
                   and {rows sales_order o}",
                &[context.company.into(), today.into()],
            )?,
            before: None,
            opens: Some(Opens::List(
                "sales_order",
                format!(
                    r#"["and",["stage","=","confirmed"],["delivery_state","in",["none","partial"]],["wanted_on","<","{today}"]]"#
                ),
            )),
            needs: "sales_order",
            first_for: &["warehouse", "sales_manager"],
        },
        Figure {
            name: "orders_today",
            label: Label::new("Orders to deliver today", "今日应发订单"),
            period: TODAY,
            kind: FieldKind::Int,
            value: first(
                reader,
                "select count(*) from sales_order o
                 where o.company = ?1 and o.stage = 'confirmed' and o.delivery_state in ('none', 'partial') and o.wanted_on = ?2
                   and {rows sales_order o}",
                &[context.company.into(), today.into()],
            )?,
            before: None,
            opens: Some(Opens::List(
                "sales_order",
                format!(
                    r#"["and",["stage","=","confirmed"],["delivery_state","in",["none","partial"]],["wanted_on","=","{today}"]]"#
                ),
            )),
            needs: "sales_order",
            first_for: &["warehouse"],
        },
        orders_short(reader, today)?,
        Figure {
            name: "quotations_ending",
            label: Label::new("Quotations ending soon", "一周内到期报价"),
            period: Label::new("Next 7 days", "未来 7 天内"),
            kind: FieldKind::Int,
            value: first(
                reader,
                "select count(*) from quotation q
                 where q.company = ?1 and q.stage in ('draft', 'sent') and q.valid_until >= ?2 and q.valid_until <= ?3
                   and {rows quotation q}",
                &[context.company.into(), today.into(), today.add_days(SOON).into()],
            )?,
            before: None,
            opens: Some(Opens::List(
                "quotation",
                format!(
                    r#"["and",["stage","in",["draft","sent"]],["valid_until","between",["{today}","{}"]]]"#,
                    today.add_days(SOON)
                ),
            )),
            needs: "quotation",
            first_for: &["sales_rep"],
        },
        Figure {
            name: "invoices_overdue",
            label: Label::new("Invoices past their day", "逾期发票"),
            period: TODAY,
            kind: FieldKind::Int,
            value: first(
                reader,
                "select count(*) from invoice i
                 where i.company = ?1 and i.stage = 'posted' and i.open_amount <> 0 and i.due_on < ?2 and {rows invoice i}",
                &[context.company.into(), today.into()],
            )?,
            before: None,
            opens: Some(Opens::List(
                "invoice",
                format!(r#"["and",["stage","=","posted"],["open_amount","!=","0"],["due_on","<","{today}"]]"#),
            )),
            needs: "invoice",
            first_for: &["accountant", "sales_rep"],
        },
        Figure {
            name: "quotations_won",
            label: Label::new("Quotations won", "报价成交率"),
            period: Label::new("Last 90 days", "近 90 天"),
            kind: FieldKind::Rate,
            value: won(reader, today.add_days(-90), today)?,
            before: Some((
                Label::new("before", "前 90 天"),
                won(reader, today.add_days(-181), today.add_days(-91))?,
            )),
            opens: Some(Opens::List(
                "quotation",
                r#"["and",["stage","in",["accepted","lost"]],["quoted_on","within","last_90_days"]]"#.to_owned(),
            )),
            needs: "quotation",
            first_for: &["sales_rep", "sales_manager"],
        },
        Figure {
            name: "invoices_to_post",
            label: Label::new("Invoices to post", "待过账发票"),
            period: NOW,
            kind: FieldKind::Int,
            value: one(
                reader,
                "select count(*) from invoice i where i.company = ?1 and i.stage = 'draft' and {rows invoice i}",
            )?,
            before: None,
            opens: Some(Opens::List("invoice", r#"["stage","=","draft"]"#.to_owned())),
            needs: "invoice",
            first_for: &["accountant"],
        },
        Figure {
            name: "receivable",
            label: Label::new("Customers owe us", "应收账款"),
            period: TODAY,
            kind: FieldKind::Amount,
            value: Value::Int(owed.raw()),
            before: owed_before,
            opens: Some(Opens::Report("aged_receivables", Vec::new())),
            needs: "aged_receivables",
            first_for: &["accountant", "manager"],
        },
        Figure {
            name: "overdue",
            label: Label::new("Of this overdue", "其中逾期"),
            period: TODAY,
            kind: FieldKind::Amount,
            value: Value::Int(overdue.raw()),
            before: None,
            opens: Some(Opens::Report("aged_receivables", Vec::new())),
            needs: "aged_receivables",
            first_for: &["accountant"],
        },
        Figure {
            name: "cash",
            label: Label::new("Cash and bank", "货币资金"),
            period: TODAY,
            kind: FieldKind::Amount,
            value: held(reader, "'bank', 'cash'", today)?,
            before: Some((MONTH_AGO, held(reader, "'bank', 'cash'", before_end)?)),
            opens: Some(Opens::Report("cash_book", Vec::new())),
            needs: "cash_book",
            first_for: &["accountant", "manager"],
        },
        Figure {
            name: "stock_value",
            label: Label::new("Stock value", "库存金额"),
            period: TODAY,
            kind: FieldKind::Amount,
            value: in_stock(reader, today)?,
            before: Some((MONTH_AGO, in_stock(reader, before_end)?)),
            opens: Some(Opens::Report("stock_valuation", Vec::new())),
            needs: "stock_valuation",
            first_for: &["accountant"],
        },
    ];
    let charts = vec![by_month(reader, month)?, best_customers(reader, today)?];
    Ok(Home { figures, charts })
}

fn first(reader: &dyn Reader, sql: &str, args: &[Value]) -> Result<Value, Trouble> {
    Ok(Value::Int(reader.rows(sql, args)?.first().map_or(0, |row| row.int(0))))
}

/// What the accounts of some uses hold on a day.
fn held(reader: &dyn Reader, uses: &str, on: Date) -> Result<Value, Trouble> {
    first(
        reader,
        &format!(
            "select coalesce(sum(b.debit - b.credit), 0) from balance b join account a on a.id = b.account
             where b.company = ?1 and a.used_for in ({uses})
               and (b.grain = 'm' and b.start < ?2 or b.grain = 'd' and b.start >= ?2 and b.start <= ?3)"
        ),
        &[reader.context().company.into(), on.start_of_month().into(), on.into()],
    )
}

/// What the goods are worth on a day.
fn in_stock(reader: &dyn Reader, on: Date) -> Result<Value, Trouble> {
    first(
        reader,
        "select coalesce(sum(k.value), 0) from (
           select value from product_value where company = ?1
           union all
           select -value from stock_value where company = ?1 and moved_on > ?2
         ) k",
        &[reader.context().company.into(), on.into()],
    )
}

fn one(reader: &dyn Reader, sql: &str) -> Result<Value, Trouble> {
    first(reader, sql, &[reader.context().company.into()])
}

/// Orders that are due within a week, or were, and whose goods are not all there.
fn orders_short(reader: &dyn Reader, today: Date) -> Result<Figure, Trouble> {
    let rows = reader.rows(
        &format!(
            "select o.id from sales_order o
             where o.company = ?1 and o.stage = 'confirmed' and o.delivery_state in ('none', 'partial') and o.wanted_on <= ?2
               and (select coalesce(sum(p.qty), 0) from promise p
                    where p.doc_entity = 'sales_order' and p.doc_id = o.id and p.kind = 'demand') > 0
               and {{rows sales_order o}}
             order by o.wanted_on, o.id limit {SHORT_MAX}"
        ),
        &[reader.context().company.into(), today.add_days(SOON).into()],
    )?;
    let ids: Vec<String> = rows.iter().map(|row| format!("\"{}\"", kernel::id_text("so", row.int(0)))).collect();
    Ok(Figure {
        name: "orders_short",
        label: Label::new("Due soon, goods missing", "一周内应发但缺货"),
        period: Label::new("Due within 7 days", "7 天内到期"),
        kind: FieldKind::Int,
        value: Value::Int(i64::try_from(ids.len()).unwrap_or(i64::MAX)),
        before: None,
        opens: Some(Opens::List("sales_order", format!(r#"["id","in",[{}]]"#, ids.join(",")))),
        needs: "sales_order",
        first_for: &["warehouse"],
    })
}

/// Of the quotations of some days that came to an end, the part that was accepted; nothing where none did.
fn won(reader: &dyn Reader, from: Date, to: Date) -> Result<Value, Trouble> {
    let rows = reader.rows(
        "select sum(case when q.stage = 'accepted' then 1 else 0 end), count(*) from quotation q
         where q.company = ?1 and q.stage in ('accepted', 'lost') and q.quoted_on >= ?2 and q.quoted_on <= ?3
           and {rows quotation q}",
        &[reader.context().company.into(), from.into(), to.into()],
    )?;
    let (won, ended) = rows.first().map_or((0, 0), |row| (row.int(0), row.int(1)));
    Ok(if ended == 0 { Value::Null } else { Value::Int(won * Rate::ONE.raw() / ended) })
}

/// Invoiced less credited, without tax: from the balances of income accounts or, for whoever
/// may see only some invoices, from those.
fn sales(reader: &dyn Reader, from: Date, to: Date) -> Result<Value, Trouble> {
    let context = reader.context();
    if !reader.sees_all("invoice") {
        return first(
            reader,
            "select coalesce(sum(case when i.kind = 'credit_note' then -l.net_base else l.net_base end), 0)
             from invoice i join invoice_line l on l.parent = i.id
             where i.company = ?1 and i.stage = 'posted' and i.issued_on >= ?2 and i.issued_on <= ?3
               and {rows invoice i}",
            &[context.company.into(), from.into(), to.into()],
        );
    }
    first(
        reader,
        &format!(
            "select coalesce(sum(b.credit - b.debit), 0) from balance b join account a on a.id = b.account
             where b.company = ?1 and b.grain = 'd' and b.start >= ?2 and b.start <= ?3 and {IS_SALES}"
        ),
        &[reader.context().company.into(), from.into(), to.into()],
    )
}

/// Accounts `a` that hold what is sold: the usual one, and those of categories; `?1` is the company.
const IS_SALES: &str =
    "(a.used_for = 'sales' or a.id in (select sales_account from product_category where company = ?1))";
/// Those that hold what it cost.
const IS_COST: &str =
    "(a.used_for = 'cost_of_sales' or a.id in (select cost_account from product_category where company = ?1))";

fn by_month(reader: &dyn Reader, month: Date) -> Result<Chart, Trouble> {
    let from = month.add_months(1 - MONTHS);
    let rows = reader.rows(
        &format!(
            "select substr(b.start, 1, 7),
                    sum(case when {IS_SALES} then b.credit - b.debit else 0 end),
                    sum(case when {IS_COST} then b.debit - b.credit else 0 end)
             from balance b join account a on a.id = b.account
             where b.company = ?1 and b.grain = 'm' and b.start >= ?2 and ({IS_SALES} or {IS_COST})
             group by substr(b.start, 1, 7)"
        ),
        &[reader.context().company.into(), from.into()],
    )?;
    let months: Vec<String> = (0..MONTHS).map(|ahead| from.add_months(ahead).to_string()[..7].to_owned()).collect();
    let column = |index: usize| {
        let value = |month: &String| rows.iter().find(|row| row.text(0) == month).map_or(0, |row| row.int(index));
        months.iter().map(|month| Value::Int(value(month))).collect::<Vec<_>>()
    };
    Ok(Chart {
        name: "sales_by_month",
        label: Label::new("Sales and what they cost, 6 months", "近 6 个月销售额与销售成本"),
        kind: "bar",
        series: vec![
            (Label::new("Sales", "销售额"), FieldKind::Amount, column(1)),
            (Label::new("Cost of sales", "销售成本"), FieldKind::Amount, column(2)),
        ],
        categories: months,
        opens: Some(Opens::Report("income_statement", Vec::new())),
        needs: "income_statement",
    })
}

fn best_customers(reader: &dyn Reader, today: Date) -> Result<Chart, Trouble> {
    let rows = reader.rows(
        &format!(
            "select p.name, sum(i.total_base)
             from invoice i join party p on p.id = i.customer
             where i.company = ?1 and i.stage = 'posted' and i.issued_on >= ?2 and {{rows invoice i}}
             group by p.id, p.name order by 2 desc limit {BEST}"
        ),
        &[reader.context().company.into(), today.add_days(-90).into()],
    )?;
    Ok(Chart {
        name: "best_customers",
        label: Label::new("Best customers, last 90 days", "近 90 天最佳客户"),
        kind: "bar",
        categories: rows.iter().map(|row| row.text(0).to_owned()).collect(),
        series: vec![(
            Label::new("Invoiced", "开票金额"),
            FieldKind::Amount,
            rows.iter().map(|row| Value::Int(row.int(1))).collect(),
        )],
        opens: Some(Opens::Report("sales_by", vec![("group", "customer".to_owned())])),
        needs: "sales_by",
    })
}
