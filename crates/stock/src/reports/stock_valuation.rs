//! What our stock is worth.

use kernel::{Amount, Date, Label, Price, Qty};
use meta::report::{AS_OF, KNOWN_AT, column};
use meta::{Cell, FieldKind, FieldMeta, Reader, ReportMeta, RowStyle, Table, Trouble, Value};

use super::{called, card};

static PARAMS: &[FieldMeta] = &[AS_OF, KNOWN_AT];

/// What our stock is worth, product by product.
pub static STOCK_VALUATION: ReportMeta = ReportMeta {
    name: "stock_valuation",
    label: Label::new("Stock value", "库存价值"),
    help: Label::new(
        "How much of every product we own and what it is worth. The total is the balance of the stock accounts.",
        "各产品的数量与价值，合计等于存货科目余额。",
    ),
    params: PARAMS,
    run,
};

/// What is kept is of all days: what came after the day is taken off again.
const NOW: &str = "
    select k.product, p.code, p.name, sum(k.qty), sum(k.value)
    from (
      select product, qty, value from product_value where company = ?1
      union all
      select product, -qty, -value from stock_value where company = ?1 and moved_on > ?2
    ) k
    join product p on p.id = k.product
    group by k.product, p.code, p.name
    having sum(k.qty) <> 0 or sum(k.value) <> 0
    order by p.code";

const THEN: &str = "
    select v.product, p.code, p.name, sum(v.qty), sum(v.value)
    from stock_value v
    join product p on p.id = v.product
    where v.company = ?1 and v.moved_on <= ?2 and v.recorded_at <= ?3
    group by v.product, p.code, p.name
    having sum(v.qty) <> 0 or sum(v.value) <> 0
    order by p.code";

fn run(values: &[Value], reader: &dyn Reader) -> Result<Table, Trouble> {
    let context = reader.context();
    let as_of = STOCK_VALUATION.param(values, "as_of").text().and_then(Date::parse).unwrap_or(context.today);
    let known_at = STOCK_VALUATION.param(values, "known_at").int();
    let rows = match known_at {
        None => reader.rows(NOW, &[context.company.into(), as_of.into()])?,
        Some(at) => reader.rows(THEN, &[context.company.into(), as_of.into(), at.into()])?,
    };
    let mut table = Table::new(vec![
        column("product", FieldKind::Ref("product"), Label::new("Product", "产品")),
        column("qty", FieldKind::Qty, Label::new("Quantity", "数量")),
        column("unit_cost", FieldKind::Price, Label::new("Unit cost", "单位成本")),
        column("value", FieldKind::Amount, Label::new("Value", "价值")),
    ]);
    let mut total = Amount::ZERO;
    for row in &rows {
        let (qty, value) = (Qty::new(row.int(3)), Amount::new(row.int(4)));
        total += value;
        let cost = Price::per_unit(value, qty, context.currency).map_or(Cell::Empty, |cost| cost.raw().into());
        let label = called(row.text(1), row.text(2));
        let product = Cell::Ref { entity: "product", id: row.int(0), label };
        let line = table.push(vec![product, qty.raw().into(), cost, value.raw().into()])?;
        line.opens = Some(card(row.int(0), as_of, known_at));
    }
    let label = Cell::Label(Label::new("Total", "合计"));
    let cells = vec![label, Cell::Empty, Cell::Empty, Value::Int(total.raw()).into()];
    table.push(cells)?.style = RowStyle::Total;
    Ok(table)
}
