//! The history of one product: every move, what it was worth, and what was left.

use kernel::{Amount, Date, Label, Price, Qty};
use meta::report::{AS_OF, KNOWN_AT, column, param};
use meta::{Cell, Fault, FieldKind, FieldMeta, Opens, Reader, ReportMeta, RowStyle, Table, Trouble, Value};

use super::layers::{self, Taken, Window};

static PARAMS: &[FieldMeta] = &[
    FieldMeta { required: true, ..param("product", FieldKind::Ref("product"), Label::new("Product", "产品"), "") },
    param("from", FieldKind::Date, Label::new("From", "起始日期"), ""),
    AS_OF,
    KNOWN_AT,
];

/// Every change of the quantity and the value of one product.
pub static STOCK_CARD: ReportMeta = ReportMeta {
    name: "stock_card",
    label: Label::new("Stock card", "库存台账"),
    help: Label::new(
        "Every change of how much of a product we own and what it is worth, with the balance after each. Below an issue of a product valued first in, first out stands what it took: how much of which receipt, at what cost.",
        "某一产品数量与价值的每次变动及变动后的结存。先进先出的产品，出库下方列明取自哪些入库、数量和成本。",
    ),
    params: PARAMS,
    run,
};

/// What is held now, less what changed from a day on and, of the days before, what was written down later than known.
/// The sum is no column of an index: what was written down since is few, the history is not.
const BEFORE: &str = "
    select sum(qty), sum(value)
    from (
      select qty, value from product_value where company = ?1 and product = ?2
      union all
      select -qty, -value from stock_value where company = ?1 and product = ?2 and moved_on >= ?3
      {later}
    ) k";

const LATER: &str = "
      union all
      select -qty, -value from stock_value
      where company = ?1 and product + 0 = ?2 and moved_on < ?3 and recorded_at > ?4";

const CHANGES: &str = "
    select v.moved_on, v.kind, v.qty, v.value, m.doc_entity, m.doc_id, f.name, t.name, v.stock_move
    from stock_value v
    left join stock_move m on m.id = v.stock_move
    left join place f on f.id = m.from_place
    left join place t on t.id = m.to_place
    where v.company = ?1 and v.product = ?2 and v.moved_on >= ?3 and v.moved_on <= ?4
      and v.recorded_at <= ?5
    order by v.moved_on, v.id
    limit 5001";

/// How many changes one card shows.
const CHANGES_MAX: usize = 5000;

fn run(values: &[Value], reader: &dyn Reader) -> Result<Table, Trouble> {
    let company = Value::Int(reader.context().company);
    let product = Value::Int(STOCK_CARD.param(values, "product").int().unwrap_or(0));
    let day = |name| STOCK_CARD.param(values, name).text().and_then(Date::parse);
    let (from, to) = (day("from").unwrap_or(Date::MIN), day("as_of").unwrap_or(reader.context().today));
    let known_at = STOCK_CARD.param(values, "known_at").int();
    let (mut qty, mut value) = match day("from") {
        None => (0, 0),
        Some(from) => before(reader, &product, from, known_at)?,
    };
    let mut table = Table::new(vec![
        column("moved_on", FieldKind::Date, Label::new("Day", "日期")),
        column("what", FieldKind::Text, Label::new("What", "摘要")),
        column("qty", FieldKind::Qty, Label::new("Quantity", "数量")),
        column("unit_cost", FieldKind::Price, Label::new("Unit cost", "单位成本")),
        column("value", FieldKind::Amount, Label::new("Value", "价值")),
        column("qty_after", FieldKind::Qty, Label::new("Quantity after", "结存数量")),
        column("value_after", FieldKind::Amount, Label::new("Value after", "结存价值")),
    ]);
    let opening = Label::new("Brought forward", "期初结存");
    let cells =
        vec![Cell::Empty, Cell::Label(opening), Cell::Empty, Cell::Empty, Cell::Empty, qty.into(), value.into()];
    table.push(cells)?.style = RowStyle::Head;
    let taken = layers::taken(reader, product.int().unwrap_or(0), Window { from, to, known_at })?;
    let known = Value::Int(known_at.unwrap_or(i64::MAX));
    let rows = reader.rows(CHANGES, &[company, product.clone(), from.into(), to.into(), known])?;
    for row in rows.iter().take(CHANGES_MAX) {
        qty += row.int(2);
        value += row.int(3);
        let what = match row.text(6) {
            "" => Cell::Label(kind_label(row.text(1))),
            from => format!("{from} → {}", row.text(7)).into(),
        };
        let (moved, worth) = (Qty::new(row.int(2)), Amount::new(row.int(3)));
        let cells = vec![
            Cell::Value(row.0[0].clone()),
            what,
            moved.raw().into(),
            unit_cost(moved, worth, reader),
            worth.raw().into(),
            qty.into(),
            value.into(),
        ];
        let line = table.push(cells)?;
        line.opens = row.maybe_int(5).map(|id| Opens::Record(row.text(4).to_owned(), id));
        if let (Some(taken), "move", Some(issue)) = (&taken, row.text(1), row.maybe_int(8)) {
            push_layers(&mut table, taken, issue, reader)?;
        }
    }
    if taken.is_some() && rows.iter().any(|row| row.text(1) == "difference") {
        table.notes.push(Label::new(
            "Something was back-dated: below an issue stands what it takes by all that is known, and the difference to what was posted at first has a row of its own.",
            "存在倒填日期的业务：出库下方为按全部已知业务的取用情况，与最初过账的差额另列一行。",
        ));
    }
    if rows.len() > CHANGES_MAX {
        table.notes.push(Label::new(
            "Only the first 5,000 changes are shown. Choose a shorter time.",
            "仅显示前 5,000 条变动，请缩短时间范围。",
        ));
        // The rows end here, the history does not.
        (qty, value) = before(reader, &product, to.add_days(1), known_at)?;
    }
    let total = vec![
        Cell::Empty,
        Cell::Label(Label::new("Carried forward", "期末结存")),
        Cell::Empty,
        Cell::Empty,
        Cell::Empty,
        qty.into(),
        value.into(),
    ];
    table.push(total)?.style = RowStyle::Total;
    Ok(match reader.shows("product", "standard_cost") {
        true => table,
        // Who is not shown what a product costs reads it from no card.
        false => table.without(&["unit_cost", "value", "value_after"]),
    })
}

/// What there was before a day, and what it was worth.
fn before(reader: &dyn Reader, product: &Value, day: Date, known_at: Option<i64>) -> Result<(i64, i64), Fault> {
    let mut args = vec![reader.context().company.into(), product.clone(), day.into()];
    args.extend(known_at.map(Value::Int));
    let sql = BEFORE.replace("{later}", known_at.map_or("", |_| LATER));
    Ok(reader.rows(&sql, &args)?.first().map_or((0, 0), |row| (row.int(0), row.int(1))))
}

fn unit_cost(qty: Qty, value: Amount, reader: &dyn Reader) -> Cell {
    let cost = Price::per_unit(value, qty, reader.context().currency);
    cost.map_or(Cell::Empty, |cost| cost.raw().into())
}

/// What an issue took, layer by layer.
fn push_layers(table: &mut Table, taken: &Taken, issue: i64, reader: &dyn Reader) -> Result<(), Fault> {
    for one in taken.uses.get(&issue).into_iter().flatten() {
        let Some(receipt) = taken.receipts.get(&one.layer) else { continue };
        let (entity, id) = (&receipt.doc.0, receipt.doc.1);
        let known = reader.entities().into_iter().find(|meta| meta.name == entity);
        let document = known.map(|meta| Cell::Ref { entity: meta.name, id, label: String::new() });
        let line = table.push(vec![
            receipt.on.into(),
            document.unwrap_or(Cell::Empty),
            (-one.qty).raw().into(),
            unit_cost(one.qty, one.value, reader),
            (-one.value).raw().into(),
            Cell::Empty,
            Cell::Empty,
        ])?;
        line.level = 1;
        line.opens = Some(Opens::Record(entity.clone(), id));
    }
    Ok(())
}

fn kind_label(code: &str) -> Label {
    let kind = <crate::ledger::ValueKind as meta::Choice>::of(code);
    kind.map_or(Label::new("", ""), meta::stages::choice_label)
}
