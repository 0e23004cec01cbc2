//! Open orders: which are late, and why.

use std::collections::{BTreeMap, BTreeSet};

use kernel::{Amount, Date, Label};
use meta::report::{AS_OF, KNOWN_AT, column, param};
use meta::{
    Cell, Choice, Fault, FieldKind, FieldMeta, Opens, Reader, ReportMeta, Row, RowStyle, Table, Trouble, Value,
};
use party::legal_entity;

use super::known;
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
        "Confirmed orders that are not fully delivered or invoiced, the most urgent first: what is still to be delivered and to be invoiced, tax included and as credit counts it, and what holds them up. You see the orders you may see.",
        "尚未完全交货或开票的已确认订单，按紧急程度排列：待交货与待开票金额（含税，按信用口径），以及受阻原因。仅包含您有权查看的订单。",
    ),
    params: PARAMS,
    run,
};

/// How many orders are shown.
const ORDERS_MAX: usize = 2000;
/// How many orders are asked for at once.
const IDS: usize = 500;

/// What is read of an order; `{which}` says of which orders.
const ORDERS: &str = "
    select o.id, o.number, o.customer, o.wanted_on, o.delivery_state, o.invoice_state, o.credit_approved_by,
      o.reservation_released
    from sales_order o
    where o.company = ?1 and {which} and {rows sales_order o}";

/// Orders that are not done, by what is kept of each; those that are done are not looked at.
const OPEN: &str = "
      select s.id from sales_order s
      where s.company = ?1 and s.stage = 'confirmed' and s.delivery_state in ('none', 'partial')
        and {rows sales_order s}
      union
      select s.id from sales_order s
      where s.company = ?1 and s.stage = 'confirmed' and s.invoice_state in ('none', 'partial')
        and {rows sales_order s}";

const OPEN_NOW: &str = "
    o.id in ({open}) and (?2 = 0 or o.customer = ?2) and o.wanted_on <= ?3";

const MOST_URGENT: &str = "
    order by o.wanted_on, o.number
    limit 2001";

const PROMISED: &str = "
    select l.parent, p.kind, sum(p.qty)
    from sales_order o
    join sales_order_line l on l.parent = o.id
    join promise p on p.doc_line = l.id
    where o.company = ?1 and {which} and p.company = ?1 and p.kind in ('reserved', 'demand')
      and {rows sales_order o}
    group by l.parent, p.kind";

const COMMITTED: &str = "
    select l.parent, m.kind, l.stocked, sum(m.amount)
    from sales_order o
    join sales_order_line l on l.parent = o.id
    join commitment m on m.doc_line = l.id
    where o.company = ?1 and {which} and m.company = ?1 and m.kind in ('ordered', 'delivered')
      and {rows sales_order o}
    group by l.parent, m.kind, l.stocked";

const INVOICED_AHEAD: &str = "
    select l.parent, l.stocked, l.qty, l.total_base, l.delivered_qty, l.invoiced_qty
    from sales_order o
    join sales_order_line l on l.parent = o.id
    where o.company = ?1 and {which} and l.stocked = 1 and l.delivered_qty < l.invoiced_qty
      and {rows sales_order o}";

// Of another day or another knowledge, what was open is read from the signed rows that orders,
// deliveries and invoices left: those written down by then, of documents dated by then. Only of orders that are open
// now, or were touched since: what was done then and is not looked at since was not open.
const TOUCHED: &str = "{open}
      union
      select l.parent from commitment m join sales_order_line l on l.id = m.doc_line
      where m.company = ?1 and m.recorded_at > ?3
      union
      select l.parent from promise p join sales_order_line l on l.id = p.doc_line
      where p.company = ?1 and p.recorded_at > ?3
      {of deliveries}{of invoices}{of returns}";

/// Those a document dated later stands for: `{its}` is its table, `{day}` its day. The few documents come first, then
/// what they wrote: `cross join` is what SQLite keeps the order of.
const TOUCHED_BY: &str = "
      union
      select l.parent from (select 1 as one) x
      join {its} t on t.company = ?1 and t.{day} > ?2
      cross join commitment m
      join sales_order_line l on l.id = m.doc_line
      where m.doc_entity = '{its}' and m.doc_id = t.id
      union
      select l.parent from (select 1 as one) x
      join {its} t on t.company = ?1 and t.{day} > ?2
      cross join promise p
      join sales_order_line l on l.id = p.doc_line
      where p.doc_entity = '{its}' and p.doc_id = t.id";

const COMMITTED_THEN: &str = "
    select l.parent, m.kind, l.stocked, sum(m.amount)
    from sales_order o
    join sales_order_line l on l.parent = o.id
    join commitment m on m.doc_line = l.id
    left join delivery d on m.doc_entity = 'delivery' and d.id = m.doc_id
    left join invoice i on m.doc_entity = 'invoice' and i.id = m.doc_id
    left join sales_return r on m.doc_entity = 'sales_return' and r.id = m.doc_id
    where o.company = ?1 and m.company = ?1 and m.kind in ('ordered', 'delivered') and m.recorded_at <= ?3
      and coalesce(d.shipped_on, i.issued_on, r.received_on, o.ordered_on) <= ?2 and {which} and {rows sales_order o}
    group by l.parent, m.kind, l.stocked
    having sum(m.amount) <> 0";

const PROMISED_THEN: &str = "
    select l.parent, p.kind, sum(p.qty), l.id
    from sales_order o
    join sales_order_line l on l.parent = o.id
    join promise p on p.doc_line = l.id
    left join delivery d on p.doc_entity = 'delivery' and d.id = p.doc_id
    where o.company = ?1 and p.company = ?1 and p.kind in ('reserved', 'demand') and p.recorded_at <= ?3
      and coalesce(d.shipped_on, o.ordered_on) <= ?2 and {which} and {rows sales_order o}
    group by l.parent, l.id, p.kind
    having sum(p.qty) <> 0";

const PROGRESS_THEN: &str = "
    select l.parent, l.stocked, l.qty, l.total_base,
      sum(case when p.field = 'delivered_qty' then p.amount else 0 end),
      sum(case when p.field = 'invoiced_qty' then p.amount else 0 end), l.id, l.product_qty
    from sales_order o
    join sales_order_line l on l.parent = o.id
    join progress p on p.line = l.id and p.entity = 'sales_order'
    left join delivery d on p.doc_entity = 'delivery' and d.id = p.doc_id
    left join invoice i on p.doc_entity = 'invoice' and i.id = p.doc_id
    left join sales_return r on p.doc_entity = 'sales_return' and r.id = p.doc_id
    where o.company = ?1 and p.recorded_at <= ?3
      and coalesce(d.shipped_on, i.issued_on, r.received_on, o.ordered_on) <= ?2 and {which} and {rows sales_order o}
    group by l.parent, l.id, l.stocked, l.qty, l.total_base, l.product_qty";

// Of lines that were changed since: what of them was still ordered, and what of them deliveries and invoices took over.
const LINES_THEN: &str = "
    select m.doc_line, sum(m.amount), sum(case when m.doc_entity = 'sales_order' then 0 else -m.amount end)
    from sales_order o
    join sales_order_line l on l.parent = o.id
    join commitment m on m.doc_line = l.id
    left join delivery d on m.doc_entity = 'delivery' and d.id = m.doc_id
    left join invoice i on m.doc_entity = 'invoice' and i.id = m.doc_id
    where o.company = ?1 and m.company = ?1 and m.kind = 'ordered' and m.recorded_at <= ?3
      and coalesce(d.shipped_on, i.issued_on, o.ordered_on) <= ?2 and {which} and {rows sales_order o}
    group by m.doc_line";

const EXPOSED: &str = "
    select l.id, l.credit_limit, sum(e.amount)
    from exposure e
    join party l on l.id = {legal e.party}
    where e.company = ?1
    group by l.id, l.credit_limit";

const EXPOSED_THEN: &str = "
    select l.id, l.credit_limit, sum(m.amount)
    from (
      select k.party as party, sum(k.amount) as amount
      from (
        select party, amount from exposure where company = ?1
        union all
        select party, -amount from commitment where company = ?1 and recorded_at > ?2
      ) k
      group by k.party
    ) m
    join party l on l.id = {legal m.party}
    group by l.id, l.credit_limit";

const CHECKED: &str = "select credit_check from company where id = ?1";

// Customers are joined for their names, whoever may see the order.
const CUSTOMERS: &str = "
    select c.id, c.name, {legal c.id}
    from (select 1 as one) x
    join party c on {which}";

fn touched() -> String {
    let by = |its, day| TOUCHED_BY.replace("{its}", its).replace("{day}", day);
    TOUCHED
        .replace("{open}", OPEN)
        .replace("{of deliveries}", &by("delivery", "shipped_on"))
        .replace("{of invoices}", &by("invoice", "issued_on"))
        .replace("{of returns}", &by("sales_return", "received_on"))
}

/// `{legal X}` stands for the legal entity of party X.
fn with_legal(sql: &str) -> String {
    ["c.id", "e.party", "m.party"]
        .iter()
        .fold(sql.to_owned(), |sql, party| sql.replace(&format!("{{legal {party}}}"), &legal_entity::of(party)))
}

/// The rows of a query that asks for many ids, some of them at a time.
fn for_ids(
    reader: &dyn Reader,
    sql: &str,
    column: &str,
    ids: impl Iterator<Item = i64>,
    args: &[Value],
) -> Result<Vec<Row>, Fault> {
    let ids: Vec<String> = ids.map(|id| id.to_string()).collect();
    let mut rows = Vec::new();
    for some in ids.chunks(IDS) {
        let which = format!("{column} in ({})", some.join(", "));
        rows.extend(reader.rows(&sql.replace("{which}", &which), args)?);
    }
    Ok(rows)
}

/// An order as it was known.
#[derive(Clone, Debug)]
struct Order {
    id: i64,
    number: String,
    customer: i64,
    wanted_on: Date,
    delivery_state: String,
    invoice_state: String,
    is_approved: bool,
    is_released: bool,
}

/// What of an order is still to be done.
#[derive(Clone, Copy, Debug, Default)]
struct Open {
    reserved: i64,
    missing: i64,
    to_deliver: Amount,
    to_invoice: Amount,
    is_begun: bool,
    is_invoiced: bool,
}

/// What is open, by order.
type ByOrder = BTreeMap<i64, Open>;

/// Who a customer is: the name, and the id of the legal entity that owes.
type Customers = BTreeMap<i64, (String, i64)>;

impl Order {
    fn read(row: &Row) -> Order {
        Order {
            id: row.int(0),
            number: row.text(1).to_owned(),
            customer: row.int(2),
            wanted_on: row.date(3).unwrap_or(Date::MAX),
            delivery_state: row.text(4).to_owned(),
            invoice_state: row.text(5).to_owned(),
            is_approved: row.maybe_int(6).is_some(),
            is_released: row.int(7) != 0,
        }
    }

    /// What it said before it was changed.
    fn set(&mut self, field: &str, value: &Value) {
        match field {
            "customer" => self.customer = value.int().unwrap_or(self.customer),
            "wanted_on" => self.wanted_on = value.text().and_then(Date::parse).unwrap_or(self.wanted_on),
            "credit_approved_by" => self.is_approved = !value.is_null(),
            "reservation_released" => self.is_released = value.int() == Some(1),
            _ => {}
        }
    }

    /// How far it was, from what was open.
    fn come_to(&mut self, open: &Open) {
        let delivery = match (open.reserved + open.missing, open.is_begun) {
            _ if self.delivery_state == "nothing" => "nothing",
            (0, _) => "full",
            (_, true) => "partial",
            (_, false) => "none",
        };
        let invoice = match (open.is_invoiced, open.to_invoice.is_zero()) {
            (true, true) => "full",
            (true, false) => "partial",
            (false, _) => "none",
        };
        (self.delivery_state, self.invoice_state) = (delivery.to_owned(), invoice.to_owned());
    }
}

/// Fields of an order that may have said something else when it was known.
const CHANGED: &[&str] = &["customer", "wanted_on", "credit_approved_by", "reservation_released", LINES];
/// Of the lines the audit tells that they were changed, not what they said.
const LINES: &str = "lines";

/// How far lines were, with the quantity and the value that those of some orders had then.
fn lines_then(
    reader: &dyn Reader,
    done: Vec<Row>,
    promised: &[Row],
    orders: &BTreeSet<i64>,
    then: &[Value],
) -> Result<Vec<Row>, Fault> {
    let worth = for_ids(reader, LINES_THEN, "o.id", orders.iter().copied(), then)?;
    let worth: BTreeMap<i64, Row> = worth.into_iter().map(|row| (row.int(0), row)).collect();
    // Reserved or not: how much of a line was still to be delivered.
    let mut left: BTreeMap<i64, i64> = BTreeMap::new();
    for row in promised {
        *left.entry(row.int(3)).or_default() += row.int(2);
    }
    let row = |row: Row| match worth.get(&row.int(6)) {
        Some(worth) if orders.contains(&row.int(0)) => {
            let left = left.get(&row.int(6)).copied().unwrap_or_default();
            line_then(row, left, Amount::new(worth.int(1)), Amount::new(worth.int(2)))
        }
        _ => row,
    };
    Ok(done.into_iter().map(row).collect())
}

/// A line with the quantity and the value it had, from what was left to deliver in the product's own unit, what was
/// still ordered of it, and what deliveries and invoices had taken over.
fn line_then(mut row: Row, left: i64, ordered: Amount, taken_over: Amount) -> Row {
    let (delivered, invoiced) = (row.int(4), row.int(5));
    let left = Amount::new(left).scale(row.int(2), row.int(7)).map_or(0, Amount::raw);
    let qty = delivered + left;
    let open = qty - delivered.max(invoiced);
    // What is open says what all of it was worth; where nothing is, all of it was taken over at what it was worth.
    let worth = if 0 < open { ordered.scale(qty, open).unwrap_or(ordered) } else { taken_over };
    (row.0[2], row.0[3]) = (qty.into(), worth.raw().into());
    row
}

/// What is still open, from rows of what was promised, of what was committed, and of what lines are done.
fn opens(promised: &[Row], committed: &[Row], done: &[Row]) -> ByOrder {
    let mut opens = ByOrder::new();
    for row in promised {
        let open = opens.entry(row.int(0)).or_default();
        match row.text(1) {
            "reserved" => open.reserved += row.int(2),
            _ => open.missing += row.int(2),
        }
    }
    for row in committed {
        let (open, amount) = (opens.entry(row.int(0)).or_default(), Amount::new(row.int(3)));
        open.to_invoice += amount;
        if row.text(1) == "ordered" && row.int(2) != 0 {
            open.to_deliver += amount;
        }
    }
    for row in done {
        let open = opens.entry(row.int(0)).or_default();
        let (qty, delivered, invoiced) = (row.int(2), row.int(4), row.int(5));
        open.is_begun |= delivered != 0 && row.int(1) != 0;
        open.is_invoiced |= invoiced != 0;
        // What is invoiced already is committed no more, and still to be delivered.
        let ahead = invoiced.min(qty) - delivered;
        if row.int(1) != 0 && 0 < ahead {
            open.to_deliver += Amount::new(row.int(3)).scale(ahead, qty).unwrap_or(Amount::ZERO);
        }
    }
    opens
}

fn run(values: &[Value], reader: &dyn Reader) -> Result<Table, Trouble> {
    let context = reader.context();
    let company = Value::Int(context.company);
    let customer = ORDER_BOOK.param(values, "customer").int().unwrap_or(0);
    let day = |name| ORDER_BOOK.param(values, name).text().and_then(Date::parse);
    let (until, as_of) = (day("until").unwrap_or(Date::MAX), day("as_of").unwrap_or(context.today));
    let known_at = ORDER_BOOK.param(values, "known_at").int();
    let own = std::slice::from_ref(&company);
    let (orders, opens, exposed) = if as_of == context.today && known_at.is_none() {
        let sql = ORDERS.replace("{which}", OPEN_NOW).replace("{open}", OPEN) + MOST_URGENT;
        let orders = reader.rows(&sql, &[company.clone(), customer.into(), until.into()])?;
        let orders: Vec<Order> = orders.iter().map(Order::read).collect();
        let of = |sql| for_ids(reader, sql, "o.id", orders.iter().map(|order| order.id), own);
        let opens = opens(&of(PROMISED)?, &of(COMMITTED)?, &of(INVOICED_AHEAD)?);
        (orders, opens, reader.rows(&with_legal(EXPOSED), own)?)
    } else {
        let then = [company.clone(), as_of.into(), Value::Int(known_at.unwrap_or(i64::MAX))];
        let touched = reader.rows(&touched(), &then)?;
        let of = |sql| for_ids(reader, sql, "o.id", touched.iter().map(|row| row.int(0)), &then);
        let (promised, committed) = (of(PROMISED_THEN)?, of(COMMITTED_THEN)?);
        let ids: BTreeSet<i64> = promised.iter().chain(&committed).map(|row| row.int(0)).collect();
        let before = known::before(reader, "sales_order", CHANGED, known_at)?;
        let is_changed = |id: &i64| before.contains_key(&(*id, LINES));
        let changed: BTreeSet<i64> = ids.iter().copied().filter(is_changed).collect();
        let done = for_ids(reader, PROGRESS_THEN, "o.id", ids.iter().copied(), &then)?;
        let done = lines_then(reader, done, &promised, &changed, &then)?;
        let opens = opens(&promised, &committed, &done);
        let orders = for_ids(reader, ORDERS, "o.id", ids.into_iter(), own)?;
        let mut orders: Vec<Order> = orders.iter().map(Order::read).collect();
        for order in &mut orders {
            for field in CHANGED {
                before.get(&(order.id, *field)).into_iter().for_each(|value| order.set(field, value));
            }
            order.come_to(&opens.get(&order.id).copied().unwrap_or_default());
        }
        orders.retain(|order| (customer == 0 || order.customer == customer) && order.wanted_on <= until);
        orders.sort_by(|a, b| (a.wanted_on, &a.number).cmp(&(b.wanted_on, &b.number)));
        (orders, opens, reader.rows(&with_legal(EXPOSED_THEN), &[company.clone(), then[2].clone()])?)
    };
    let shown: BTreeSet<i64> = orders.iter().take(ORDERS_MAX).map(|order| order.customer).collect();
    let customers = for_ids(reader, &with_legal(CUSTOMERS), "c.id", shown.into_iter(), &[])?;
    let customers = customers.iter().map(|row| (row.int(0), (row.text(1).to_owned(), row.int(2)))).collect();
    let above = above(reader, context.company, &exposed, known_at)?;
    Ok(table(&orders, &opens, &customers, &above, as_of)?)
}

/// Customers who owe more than they may, where the company minds.
fn above(reader: &dyn Reader, company: i64, exposed: &[Row], known_at: Option<i64>) -> Result<BTreeSet<i64>, Fault> {
    let checked = known::before(reader, "company", &["credit_check"], known_at)?;
    let checked = match checked.get(&(company, "credit_check")) {
        Some(before) => before.text() == Some("block"),
        None => reader.rows(CHECKED, &[company.into()])?.first().is_some_and(|row| row.text(0) == "block"),
    };
    if !checked {
        return Ok(BTreeSet::new());
    }
    let limits = known::before(reader, "party", &["credit_limit"], known_at)?;
    let is_above = |row: &&Row| {
        let limit = limits.get(&(row.int(0), "credit_limit")).map_or(row.maybe_int(1), Value::int);
        limit.is_some_and(|limit| limit < row.int(2))
    };
    Ok(exposed.iter().filter(is_above).map(|row| row.int(0)).collect())
}

fn table(
    orders: &[Order],
    opens: &ByOrder,
    customers: &Customers,
    above: &BTreeSet<i64>,
    today: Date,
) -> Result<Table, Fault> {
    let mut table = Table::new(vec![
        column("order", FieldKind::Ref("sales_order"), Label::new("Order", "订单")),
        column("customer", FieldKind::Ref("party"), Label::new("Customer", "客户")),
        column("wanted_on", FieldKind::Date, Label::new("Wanted on", "要求交期")),
        column("days_late", FieldKind::Int, Label::new("Days late", "逾期天数")),
        column("delivery_state", FieldKind::Choice(<Fulfilment as Choice>::META), Label::new("Delivered", "交货")),
        column("invoice_state", FieldKind::Choice(<Fulfilment as Choice>::META), Label::new("Invoiced", "开票")),
        column("reserved", FieldKind::Qty, Label::new("Reserved", "已预留")),
        column("missing", FieldKind::Qty, Label::new("Missing", "缺货")),
        column("to_deliver", FieldKind::Amount, Label::new("To be delivered", "待交货")),
        column("to_invoice", FieldKind::Amount, Label::new("To be invoiced", "待开票")),
        column("why", FieldKind::Text, Label::new("What holds it up", "受阻原因")),
    ]);
    let (mut to_deliver, mut to_invoice) = (Amount::ZERO, Amount::ZERO);
    for order in orders.iter().take(ORDERS_MAX) {
        let is_delivered = matches!(order.delivery_state.as_str(), "full" | "nothing");
        let late = if is_delivered { 0 } else { i64::from(today.days_since(order.wanted_on)).max(0) };
        let open = opens.get(&order.id).copied().unwrap_or_default();
        let (name, legal) = customers.get(&order.customer).cloned().unwrap_or_default();
        let is_stopped = above.contains(&legal) && !order.is_approved;
        to_deliver += open.to_deliver;
        to_invoice += open.to_invoice;
        let cells = vec![
            Cell::Ref { entity: "sales_order", id: order.id, label: order.number.clone() },
            Cell::Ref { entity: "party", id: order.customer, label: name },
            order.wanted_on.into(),
            if late == 0 { Cell::Empty } else { late.into() },
            order.delivery_state.as_str().into(),
            order.invoice_state.as_str().into(),
            open.reserved.into(),
            open.missing.into(),
            open.to_deliver.raw().into(),
            open.to_invoice.raw().into(),
            Cell::Label(why(is_delivered, is_stopped, order.is_released, open.reserved, open.missing)),
        ];
        table.push(cells)?.opens = Some(Opens::Record("sales_order".to_owned(), order.id));
    }
    if orders.len() > ORDERS_MAX {
        table.notes.push(Label::new(
            "Only the 2,000 most urgent orders are shown. Choose a customer or an earlier day.",
            "仅显示最紧急的 2,000 张订单，请选择客户或更早的日期。",
        ));
    }
    let mut cells = vec![Cell::Label(Label::new("Total", "合计"))];
    cells.extend((0..7).map(|_| Cell::Empty));
    cells.extend([to_deliver.raw().into(), to_invoice.raw().into(), Cell::Empty]);
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

    fn order(id: i64, wanted: &str, delivered: &str) -> Order {
        Order {
            id,
            number: "S1".to_owned(),
            customer: 3,
            wanted_on: Date::parse(wanted).unwrap(),
            delivery_state: delivered.to_owned(),
            invoice_state: "none".to_owned(),
            is_approved: false,
            is_released: false,
        }
    }

    fn released(order: Order) -> Order {
        Order { is_released: true, ..order }
    }

    fn check(order: Order, (reserved, missing): (i64, i64), above: bool, late: Option<i64>, expected: &str) {
        let opens = BTreeMap::from([(order.id, Open { reserved, missing, ..Open::default() })]);
        let above = if above { BTreeSet::from([30]) } else { BTreeSet::new() };
        let customers = Customers::from([(3, ("Blue".to_owned(), 30))]);
        let today = Date::new(2026, 11, 25).unwrap();
        let table = table(&[order], &opens, &customers, &above, today).unwrap();
        let cells = &table.rows[0].cells;
        let Cell::Label(why) = &cells[10] else { panic!("why is a label") };
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

    #[test]
    fn what_is_invoiced_before_it_is_delivered_is_still_to_be_delivered() {
        let row = |values: Vec<Value>| Row(values);
        let promised = [row(vec![1.into(), "demand".into(), 3.into()])];
        // Ten pieces for 100: two delivered, seven invoiced; what neither is done is committed as ordered.
        let committed = [row(vec![1.into(), "ordered".into(), 1.into(), 30.into()])];
        let done = [row(vec![1.into(), 1.into(), 10.into(), 100.into(), 2.into(), 7.into()])];
        let open = opens(&promised, &committed, &done)[&1];
        assert_eq!((open.to_deliver.raw(), open.to_invoice.raw()), (80, 30));
        // Ten, at 10 each then: three still open at 10 each, or all taken over by invoices. Now they cost 20.
        let done = |left: i64, ordered: i64, taken: i64, invoiced: i64| {
            let line = vec![1.into(), 1.into(), 10.into(), 200.into(), 2.into(), invoiced.into(), 71.into(), 10.into()];
            line_then(row(line), left, Amount::new(ordered), Amount::new(taken))
        };
        assert_eq!(opens(&[], &[], &[done(8, 30, 70, 7)])[&1].to_deliver.raw(), 50);
        assert_eq!(opens(&[], &[], &[done(8, 0, 100, 10)])[&1].to_deliver.raw(), 80);
        // A service is invoiced only.
        let service = [row(vec![1.into(), "ordered".into(), 0.into(), 30.into()])];
        let open = opens(&[], &service, &[])[&1];
        assert_eq!((open.to_deliver.raw(), open.to_invoice.raw()), (0, 30));
    }
}
