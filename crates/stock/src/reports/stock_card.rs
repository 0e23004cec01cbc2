//! The history of one product: every move, what it was worth, and what was left.

use kernel::{Date, Label};
use meta::report::{AS_OF, KNOWN_AT, column, param};
use meta::{Cell, FieldKind, FieldMeta, Opens, Reader, ReportMeta, RowStyle, Table, Trouble, Value};

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
        "Every change of how much of a product we own and what it is worth, with the balance after each.",
        "某一产品数量与价值的每次变动及变动后的结存。",
    ),
    params: PARAMS,
    run,
};

const BEFORE: &str = "
    select sum(qty), sum(value)
    from stock_value
    where company = ?1 and product = ?2 and moved_on < ?3 and recorded_at <= ?4";

const CHANGES: &str = "
    select v.moved_on, v.kind, v.qty, v.value, m.doc_entity, m.doc_id, f.name, t.name
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
    let known = Value::Int(STOCK_CARD.param(values, "known_at").int().unwrap_or(i64::MAX));
    let before = reader.rows(BEFORE, &[company.clone(), product.clone(), from.into(), known.clone()])?;
    let (mut qty, mut value) = before.first().map_or((0, 0), |row| (row.int(0), row.int(1)));
    let mut table = Table::new(vec![
        column("moved_on", FieldKind::Date, Label::new("Day", "日期")),
        column("what", FieldKind::Text, Label::new("What", "摘要")),
        column("qty", FieldKind::Qty, Label::new("Quantity", "数量")),
        column("value", FieldKind::Amount, Label::new("Value", "价值")),
        column("qty_after", FieldKind::Qty, Label::new("Quantity after", "结存数量")),
        column("value_after", FieldKind::Amount, Label::new("Value after", "结存价值")),
    ]);
    let opening = Label::new("Brought forward", "期初结存");
    let cells = vec![Cell::Empty, Cell::Label(opening), Cell::Empty, Cell::Empty, qty.into(), value.into()];
    table.push(cells)?.style = RowStyle::Head;
    let rows = reader.rows(CHANGES, &[company, product, from.into(), to.into(), known])?;
    for row in rows.iter().take(CHANGES_MAX) {
        qty += row.int(2);
        value += row.int(3);
        let what = match row.text(6) {
            "" => Cell::Label(kind_label(row.text(1))),
            from => format!("{from} → {}", row.text(7)).into(),
        };
        let cells =
            vec![Cell::Value(row.0[0].clone()), what, row.int(2).into(), row.int(3).into(), qty.into(), value.into()];
        let line = table.push(cells)?;
        line.opens = row.maybe_int(5).map(|id| Opens::Record(row.text(4).to_owned(), id));
    }
    if rows.len() > CHANGES_MAX {
        table.notes.push(Label::new(
            "Only the first 5,000 changes are shown. Choose a shorter time.",
            "仅显示前 5,000 条变动，请缩短时间范围。",
        ));
    }
    let total = vec![
        Cell::Empty,
        Cell::Label(Label::new("Carried forward", "期末结存")),
        Cell::Empty,
        Cell::Empty,
        qty.into(),
        value.into(),
    ];
    table.push(total)?.style = RowStyle::Total;
    Ok(table)
}

fn kind_label(code: &str) -> Label {
    let kind = <crate::ledger::ValueKind as meta::Choice>::of(code);
    kind.map_or(Label::new("", ""), meta::stages::choice_label)
}
