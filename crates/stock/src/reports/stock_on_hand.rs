//! What is in which place.

use std::collections::BTreeMap;

use kernel::{Date, Label, Qty};
use meta::report::{AS_OF, KNOWN_AT, column, param};
use meta::{Cell, Fault, FieldKind, FieldMeta, Reader, ReportMeta, Row, Table, Trouble, Value};

use super::{called, card};
use crate::costing;

static PARAMS: &[FieldMeta] =
    &[AS_OF, KNOWN_AT, param("place", FieldKind::Ref("place"), Label::new("Place or warehouse", "库位或仓库"), "")];

/// What is in which place, on a day, as known at a moment.
pub static STOCK_ON_HAND: ReportMeta = ReportMeta {
    name: "stock_on_hand",
    label: Label::new("Stock on hand", "现有库存"),
    help: Label::new(
        "How much of every product is in every place of ours, and how much of it is free. For an earlier day it is what was there then; what is reserved is only known for today.",
        "各库位各产品的数量及可用量。选择以前的日期则显示当日数量；预留量仅在查看当前库存时提供。",
    ),
    params: PARAMS,
    run,
};

/// Of a place with all that is below it, in the order one walks through it; of all places, product by product. What
/// is kept is of all days, as it is known now: what moved after the day is taken off again, and what was written down
/// later than known. What is free is free today and stays free: not what comes later, nor what is to leave.
const KEPT: &str = "
    select k.product, p.code, p.name, k.place, w.name,
      sum(k.on_hand), sum(k.reserved), sum(k.demand), sum(k.supply), sum(k.lasting)
    from (
      select product, place, on_hand, reserved, demand, supply, on_hand as lasting
      from stock_balance where company = ?1
      union all
      select product, to_place, -qty, 0, 0, 0, 0 from stock_move where company = ?1 and moved_on > ?3
      union all
      select product, from_place, qty, 0, 0, 0, 0 from stock_move where company = ?1 and moved_on > ?3
      {later}
    ) k
    join product p on p.id = k.product
    join place w on w.id = k.place
    where w.kind in ('stock', 'warehouse', 'transit')
      and (?2 = 0 or k.place in (
        with recursive within(id) as (
          select id from place where company = ?1 and id = ?2
          union select b.id from place b join within a on b.parent = a.id or b.warehouse = a.id)
        select id from within))
    group by k.product, p.code, p.name, k.place, w.name, w.code, w.pick_order
    having sum(k.on_hand) <> 0 or sum(k.reserved) <> 0 or sum(k.demand) <> 0 or sum(k.supply) <> 0
    order by case when ?2 = 0 then p.code else '' end,
      case when coalesce(w.pick_order, 0) = 0 then 1 else 0 end, w.pick_order, w.code, p.code";

// The day is in no index so: what was written down since is few, what is dated by then is nearly all.
const LATER: &str = "
      union all
      select product, to_place, -qty, 0, 0, 0, 0 from stock_move
      where company = ?1 and recorded_at > ?4 and moved_on || '' <= ?3
      union all
      select product, from_place, qty, 0, 0, 0, 0 from stock_move
      where company = ?1 and recorded_at > ?4 and moved_on || '' <= ?3";

fn run(values: &[Value], reader: &dyn Reader) -> Result<Table, Trouble> {
    let context = reader.context();
    let place = Value::Int(STOCK_ON_HAND.param(values, "place").int().unwrap_or(0));
    let as_of = STOCK_ON_HAND.param(values, "as_of").text().and_then(kernel::Date::parse).unwrap_or(context.today);
    let known_at = STOCK_ON_HAND.param(values, "known_at").int();
    let is_now = known_at.is_none() && as_of == context.today;
    let mut args = vec![context.company.into(), place, as_of.into()];
    args.extend(known_at.map(Value::Int));
    let rows = reader.rows(&KEPT.replace("{later}", known_at.map_or("", |_| LATER)), &args)?;
    let mut rows = rows.to_vec();
    if !is_now {
        // Promised, and not there: that is told of today only.
        rows.retain(|row| row.int(5) != 0);
    }
    let to_come = if is_now { costing::to_come(reader)? } else { BTreeMap::new() };
    let mut table = table(&rows, is_now, &to_come, (as_of, known_at))?;
    if !is_now {
        table.notes.push(Label::new(
            "What is reserved, free, needed and expected is told of today only, as it is known now.",
            "已预留、可用、需求与预计到货仅在查看当天、按当前所知时提供。",
        ));
    }
    Ok(table)
}

fn table(
    rows: &[Row],
    is_now: bool,
    to_come: &BTreeMap<(i64, i64), Qty>,
    (as_of, known_at): (Date, Option<i64>),
) -> Result<Table, Fault> {
    let mut columns = vec![
        column("product", FieldKind::Ref("product"), Label::new("Product", "产品")),
        column("place", FieldKind::Ref("place"), Label::new("Place", "库位")),
        column("on_hand", FieldKind::Qty, Label::new("On hand", "现有量")),
    ];
    if is_now {
        columns.extend([
            column("reserved", FieldKind::Qty, Label::new("Reserved", "已预留")),
            column("free", FieldKind::Qty, Label::new("Free", "可用")),
            column("demand", FieldKind::Qty, Label::new("Needed", "需求")),
            column("supply", FieldKind::Qty, Label::new("Expected", "预计到货")),
        ]);
    }
    let mut table = Table::new(columns);
    for row in rows {
        let label = called(row.text(1), row.text(2));
        let mut cells = vec![
            Cell::Ref { entity: "product", id: row.int(0), label },
            Cell::Ref { entity: "place", id: row.int(3), label: row.text(4).to_owned() },
            row.int(5).into(),
        ];
        if is_now {
            let to_come = to_come.get(&(row.int(0), row.int(3))).copied().unwrap_or_default();
            let (lasting, reserved) = (row.int(9) - to_come.raw(), row.int(6));
            cells.extend([reserved.into(), (lasting - reserved).into(), row.int(7).into(), row.int(8).into()]);
        }
        table.push(cells)?.opens = Some(card(row.int(0), as_of, known_at));
    }
    Ok(table)
}
