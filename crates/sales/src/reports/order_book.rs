//! Open orders: which are late, and why.

use std::collections::{BTreeMap, BTreeSet};

use kernel::{Date, Label};
use meta::report::{AS_OF, KNOWN_AT, column, param};
use meta::{Cell, Choice, FieldKind, FieldMeta, Opens, Reader, ReportMeta, Row, RowStyle, Table, Trouble, Value};
use party::legal_entity;

use crate::sales_order::Fulfilment;

static PARAMS: &[FieldMeta] = &[
    param("customer", FieldKind::Ref("party"), Label::new("Customer", "客户"), ""),
    param("until", FieldKind::Date, Label::new("Wanted until", "交期截至"), ""),
    AS_OF,
    KNOWN_AT,
];

/// Orders that are not delivered or not invoiced: which are late, and why.
pub static ORDER_BOOK: ReportMeta = ReportMeta {
    name: "order_book",
    label: Label::new("Order book", "在手订单"),
    help: Label::new(
        "Confirmed orders that are not fully delivered or invoiced, the most urgent first, with what holds them up. You see the orders you may see.",
        "尚未完全交货或开票的已确认订单，按紧急程度排列，并说明受阻原因。仅包含您有权查看的订单。",
    ),
    params: PARAMS,
    run,
};

/// How many orders are shown.
const ORDERS_MAX: usize = 2000;

const ORDERS: &str = "
    select o.id, o.number, o.customer, c.name, o.wanted_on, o.total_base, o.delivery_state, o.invoice_state,
      o.credit_approved_by, {legal c.id}, o.reservation_released
    from sales_order o
    join party c on c.id = o.customer
    where o.company = ?1 and o.stage = 'confirmed' and (o.delivery_state in ('none', 'partial') or o.invoice_state <> 'full')
      and (?2 = 0 or o.customer = ?2) and o.wanted_on <= ?3 and {rows sales_order o}
    order by o.wanted_on, o.number
    limit 2001";

const PROMISED: &str = "
    select l.parent, p.kind, sum(p.qty)
    from sales_order o
    join sales_order_line l on l.parent = o.id
    join promise p on p.doc_line = l.id
    where o.company = ?1 and o.stage = 'confirmed' and p.company = ?1 and p.kind in ('reserved', 'demand')
      and {rows sales_order o}
    group by l.parent, p.kind";

const ABOVE_LIMIT: &str = "
    select l.id
    from exposure e
    join party l on l.id = {legal e.party}
    join company o on o.id = e.company
    where e.company = ?1 and o.credit_check = 'block' and l.credit_limit is not null
    group by l.id, l.credit_limit
    having sum(e.amount) > l.credit_limit";

// Of another day or another knowledge, what was open is read from the signed rows that orders,
// deliveries and invoices left: those written down by then, of documents dated by then.
const ORDERS_THEN: &str = "
    select o.id, o.number, o.customer, c.name, o.wanted_on, o.total_base,
      case when o.delivery_state = 'nothing' then 'nothing'
           when sum(case when m.kind = 'ordered' then m.amount else 0 end) = 0 then 'full'
           when sum(case when m.kind = 'ordered' and m.doc_entity <> 'sales_order' then m.amount else 0 end) < 0
             then 'partial'
           else 'none' end,
      case when sum(case when m.doc_entity = 'invoice' then m.amount else 0 end) = 0 then 'none' else 'partial' end,
      o.credit_approved_by, {legal c.id}, 0
    from commitment m
    join sales_order_line l on l.id = m.doc_line
    join sales_order o on o.id = l.parent
    join party c on c.id = o.customer
    left join delivery d on m.doc_entity = 'delivery' and d.id = m.doc_id
    left join invoice i on m.doc_entity = 'invoice' and i.id = m.doc_id
    left join sales_return r on m.doc_entity = 'sales_return' and r.id = m.doc_id
    where m.company = ?1 and m.kind in ('ordered', 'delivered') and m.recorded_at <= ?5
      and coalesce(d.shipped_on, i.issued_on, r.received_on, o.ordered_on) <= ?4
      and (?2 = 0 or o.customer = ?2) and o.wanted_on <= ?3 and {rows sales_order o}
    group by o.id, o.number, o.customer, c.name, o.wanted_on, o.total_base, o.delivery_state, o.credit_approved_by, c.id
    having sum(m.amount) <> 0
    order by o.wanted_on, o.number
    limit 2001";

const PROMISED_THEN: &str = "
    select l.parent, p.kind, sum(p.qty)
    from promise p
    join sales_order_line l on l.id = p.doc_line
    join sales_order o on o.id = l.parent
    left join delivery d on p.doc_entity = 'delivery' and d.id = p.doc_id
    where p.company = ?1 and p.kind in ('reserved', 'demand') and p.recorded_at <= ?3
      and coalesce(d.shipped_on, o.ordered_on) <= ?2 and {rows sales_order o}
    group by l.parent, p.kind";

const ABOVE_LIMIT_THEN: &str = "
    select l.id
    from (
      select company, party, sum(amount) as amount from commitment
      where company = ?1 and recorded_at <= ?2 group by company, party
    ) m
    join party l on l.id = {legal m.party}
    join company o on o.id = m.company
    where o.credit_check = 'block' and l.credit_limit is not null
    group by l.id, l.credit_limit
    having sum(m.amount) > l.credit_limit";

/// `{legal X}` stands for the legal entity of party X.
fn with_legal(sql: &str) -> String {
    ["c.id", "e.party", "m.party"]
        .iter()
        .fold(sql.to_owned(), |sql, party| sql.replace(&format!("{{legal {party}}}"), &legal_entity::of(party)))
}

fn run(values: &[Value], reader: &dyn Reader) -> Result<Table, Trouble> {
    let context = reader.context();
    let company = Value::Int(context.company);
    let customer = Value::Int(ORDER_BOOK.param(values, "customer").int().unwrap_or(0));
    let day = |name| ORDER_BOOK.param(values, name).text().and_then(Date::parse);
    let (until, as_of) = (day("until").unwrap_or(Date::MAX), day("as_of").unwrap_or(context.today));
    let known_at = ORDER_BOOK.param(values, "known_at").int();
    let (orders, promises, above) = if as_of == context.today && known_at.is_none() {
        let orders = reader.rows(&with_legal(ORDERS), &[company.clone(), customer, until.into()])?;
        let promises = reader.rows(PROMISED, std::slice::from_ref(&company))?;
        (orders, promises, reader.rows(&with_legal(ABOVE_LIMIT), &[company])?)
    } else {
        let known = Value::Int(known_at.unwrap_or(i64::MAX));
        let orders = reader
            .rows(&with_legal(ORDERS_THEN), &[company.clone(), customer, until.into(), as_of.into(), known.clone()])?;
        let promises = reader.rows(PROMISED_THEN, &[company.clone(), as_of.into(), known.clone()])?;
        (orders, promises, reader.rows(&with_legal(ABOVE_LIMIT_THEN), &[company, known])?)
    };
    let mut promised: BTreeMap<i64, (i64, i64)> = BTreeMap::new();
    for row in promises {
        let entry = promised.entry(row.int(0)).or_default();
        match row.text(1) {
            "reserved" => entry.0 += row.int(2),
            _ => entry.1 += row.int(2),
        }
    }
    let above: BTreeSet<i64> = above.iter().map(|row| row.int(0)).collect();
    Ok(table(&orders, &promised, &above, as_of)?)
}

fn table(
    orders: &[Row],
    promised: &BTreeMap<i64, (i64, i64)>,
    above: &BTreeSet<i64>,
    today: Date,
) -> Result<Table, meta::Fault> {
    let mut table = Table::new(vec![
        column("order", FieldKind::Ref("sales_order"), Label::new("Order", "订单")),
        column("customer", FieldKind::Ref("party"), Label::new("Customer", "客户")),
        column("wanted_on", FieldKind::Date, Label::new("Wanted on", "要求交期")),
        column("days_late", FieldKind::Int, Label::new("Days late", "逾期天数")),
        column("delivery_state", FieldKind::Choice(<Fulfilment as Choice>::META), Label::new("Delivered", "交货")),
        column("invoice_state", FieldKind::Choice(<Fulfilment as Choice>::META), Label::new("Invoiced", "开票")),
        column("reserved", FieldKind::Qty, Label::new("Reserved", "已预留")),
        column("missing", FieldKind::Qty, Label::new("Missing", "缺货")),
        column("total", FieldKind::Amount, Label::new("Total", "合计")),
        column("why", FieldKind::Text, Label::new("What holds it up", "受阻原因")),
    ]);
    let mut total = 0;
    for row in orders.iter().take(ORDERS_MAX) {
        let wanted_on = row.date(4).unwrap_or(Date::MAX);
        let is_delivered = matches!(row.text(6), "full" | "nothing");
        let late = if is_delivered { 0 } else { i64::from(today.days_since(wanted_on)).max(0) };
        let (reserved, missing) = promised.get(&row.int(0)).copied().unwrap_or_default();
        let is_stopped = above.contains(&row.int(9)) && row.maybe_int(8).is_none();
        total += row.int(5);
        let cells = vec![
            Cell::Ref { entity: "sales_order", id: row.int(0), label: row.text(1).to_owned() },
            Cell::Ref { entity: "party", id: row.int(2), label: row.text(3).to_owned() },
            wanted_on.into(),
            if late == 0 { Cell::Empty } else { late.into() },
            row.text(6).into(),
            row.text(7).into(),
            reserved.into(),
            missing.into(),
            row.int(5).into(),
            Cell::Label(why(is_delivered, is_stopped, row.int(10) != 0, reserved, missing)),
        ];
        table.push(cells)?.opens = Some(Opens::Record("sales_order".to_owned(), row.int(0)));
    }
    if orders.len() > ORDERS_MAX {
        table.notes.push(Label::new(
            "Only the 2,000 most urgent orders are shown. Choose a customer or an earlier day.",
            "仅显示最紧急的 2,000 张订单，请选择客户或更早的日期。",
        ));
    }
    let mut cells = vec![Cell::Label(Label::new("Total", "合计"))];
    cells.extend((0..7).map(|_| Cell::Empty));
    cells.extend([total.into(), Cell::Empty]);
    table.push(cells)?.style = RowStyle::Total;
    Ok(table)
}

/// The first thing that must happen next.
fn why(is_delivered: bool, is_stopped: bool, is_released: bool, reserved: i64, missing: i64) -> Label {
    match (is_delivered, is_stopped) {
        (true, _) => Label::new("To be invoiced", "待开票"),
        (false, true) => Label::new("Credit limit exceeded", "超出信用额度"),
        (false, false) if 0 < missing && is_released => Label::new("Reservation released", "预留已释放"),
        (false, false) if 0 < missing && 0 < reserved => Label::new("Partly not in stock", "部分缺货"),
        (false, false) if 0 < missing => Label::new("Not reserved: not in stock", "未预留：缺货"),
        (false, false) if 0 < reserved => Label::new("Reserved, not shipped", "已预留，待发货"),
        (false, false) => Label::new("To be invoiced", "待开票"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn order(id: i64, wanted: &str, delivered: &str) -> Row {
        Row(vec![
            id.into(),
            "S1".into(),
            3.into(),
            "Blue".into(),
            wanted.into(),
            1000.into(),
            delivered.into(),
            "none".into(),
            Value::Null,
            30.into(),
            false.into(),
        ])
    }

    fn released(mut order: Row) -> Row {
        order.0[10] = true.into();
        order
    }

    fn check(order: Row, promised: (i64, i64), above: bool, late: Option<i64>, expected: &str) {
        let promised = BTreeMap::from([(order.int(0), promised)]);
        let above = if above { BTreeSet::from([30]) } else { BTreeSet::new() };
        let today = Date::new(2026, 11, 25).unwrap();
        let table = table(&[order], &promised, &above, today).unwrap();
        let cells = &table.rows[0].cells;
        let Cell::Label(why) = &cells[9] else { panic!("why is a label") };
        assert_eq!(why.en, expected);
        match late {
            None => assert!(matches!(cells[3], Cell::Empty)),
            Some(late) => assert!(matches!(cells[3], Cell::Value(Value::Int(days)) if days == late)),
        }
    }

    #[test]
    fn an_order_says_what_holds_it_up() {
        check(order(1, "2026-11-20", "none"), (0, 5), false, Some(5), "Not reserved: not in stock");
        check(order(1, "2026-11-20", "partial"), (2, 3), false, Some(5), "Partly not in stock");
        check(released(order(1, "2026-11-25", "none")), (0, 5), false, None, "Reservation released");
        check(order(1, "2026-11-25", "none"), (5, 0), false, None, "Reserved, not shipped");
        check(order(1, "2026-11-20", "none"), (5, 0), true, Some(5), "Credit limit exceeded");
        check(order(1, "2026-11-20", "full"), (0, 0), true, None, "To be invoiced");
    }
}
