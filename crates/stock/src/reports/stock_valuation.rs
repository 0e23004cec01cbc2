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

/// What is kept is of all days, as it is known now: what came after the day is taken off again, and what was written
/// down later than known.
const KEPT: &str = "
    select k.product, p.code, p.name, sum(k.qty), sum(k.value)
    from (
      select product, qty, value from product_value where company = ?1
      union all
      select product, -qty, -value from stock_value where company = ?1 and moved_on > ?2
      {later}
    ) k
    join product p on p.id = k.product
    group by k.product, p.code, p.name
    having sum(k.qty) <> 0 or sum(k.value) <> 0
    order by p.code";

// The day is in no index so: what was written down since is few, what is dated by then is nearly all.
const LATER: &str = "
      union all
      select product, -qty, -value from stock_value
      where company = ?1 and recorded_at > ?3 and moved_on || '' <= ?2";

fn run(values: &[Value], reader: &dyn Reader) -> Result<Table, Trouble> {
    let context = reader.context();
    let as_of = STOCK_VALUATION.param(values, "as_of").text().and_then(Date::parse).unwrap_or(context.today);
    let known_at = STOCK_VALUATION.param(values, "known_at").int();
    let mut args = vec![context.company.into(), as_of.into()];
    args.extend(known_at.map(Value::Int));
    let rows = reader.rows(&KEPT.replace("{later}", known_at.map_or("", |_| LATER)), &args)?;
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
