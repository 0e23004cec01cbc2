//! Goods: moves, their value, and the entry that ties both books together.
//!
//! A move at the end of its product's history needs the open layers only. A back-dated
//! one replays the history of that product; what was posted stays, and the differences
//! are posted beside it: on the day of the move they concern, or on the first open day
//! after a closed period.

use std::collections::BTreeMap;

use books::{CostMethod, Entry, EntryLine, Move, MoveKind};
use books::{Costing, Flow, FlowKind, Layer, Left, Shortage, Valued, apply, replay};
use kernel::{Amount, Date, Id, Label, Price, ProblemKind, Qty, Refusal};
use meta::{Fault, FieldType, Row, Trouble, Value};

use super::{Doc, entries, locks, promises};
use crate::facts::{Tx, places};

/// A flow as it is kept: what moved, what it is worth, and where that is posted.
#[derive(Clone)]
pub(super) struct Kept {
    pub flow: Flow,
    pub value: Amount,
    pub variance: Amount,
    pub stock_account: i64,
    pub against: i64,
    pub variance_account: i64,
    pub returned: Left,
}

/// A change of stock value to be posted.
pub(super) struct Worth {
    pub product: i64,
    pub stock_move: i64,
    pub on: Date,
    pub qty: Qty,
    pub value: Amount,
    pub variance: Amount,
    pub kind: &'static str,
    pub stock_account: i64,
    pub against: i64,
    pub variance_account: i64,
}

/// The state of one product's value.
pub(super) struct Product {
    pub costing: Costing,
    pub last_on: Option<Date>,
    /// The highest id of its flows on that day.
    pub last_id: i64,
    /// What is there, layer by layer; none when it has to be read again.
    pub layers: Option<Vec<Layer>>,
}

/// Writes moves, values them and posts what they are worth.
pub(super) fn insert(tx: &Tx, doc: Doc, moves: &[Move]) -> Result<(), Trouble> {
    if moves.is_empty() {
        return Ok(());
    }
    let mut worths = Vec::new();
    let mut kept: BTreeMap<(i64, i64), [i64; 4]> = BTreeMap::new();
    let mut products = products(tx, moves)?;
    for one in moves {
        if one.qty.raw() <= 0 {
            return Err(Fault::new("a move of nothing").into());
        }
        locks::check(tx, one.moved_on, "stock")?;
        let mut product = match one.kind {
            MoveKind::Within => None,
            MoveKind::In | MoveKind::Out => Some(known(tx, one, &mut products)),
        };
        if let Some(product) = &mut product
            && product.costing.method == CostMethod::Standard
            && product.costing.standard != one.standard
        {
            reprice(tx, doc, one, product, &mut worths)?;
        }
        let (id, kind) = match &mut product {
            None => (tx.id()?, None),
            Some(product) => {
                let kind = flow_kind(tx, one)?;
                (flow_id(tx, product, one.moved_on, kind)?, Some(kind))
            }
        };
        write_move(tx, doc, id, one, None);
        kept.entry((one.product.raw(), one.from.raw())).or_default()[0] -= one.qty.raw();
        kept.entry((one.product.raw(), one.to.raw())).or_default()[0] += one.qty.raw();
        if let (Some(product), Some(kind)) = (product, kind) {
            let flow = Flow { id, on: one.moved_on, kind, qty: one.qty };
            value(tx, doc, flow, one, product, &mut worths)?;
        }
    }
    promises::keep(tx, kept.into_iter().map(|((product, place), sums)| (product, place, sums)).collect());
    post(tx, doc, worths, None)
}

/// The id of a flow that is to come after what its day has seen, and after what it gives
/// back. Histories are in the order of days and ids, and another server may have written
/// with higher ids than ours; those between are left out.
pub(super) fn flow_id(tx: &Tx, product: &mut Product, on: Date, kind: FlowKind) -> Result<i64, Fault> {
    let before = match kind {
        FlowKind::Back { of } => of,
        FlowKind::In { .. } | FlowKind::Out | FlowKind::Revalue { .. } | FlowKind::Standard { .. } => 0,
    };
    let before = if product.last_on == Some(on) { before.max(product.last_id) } else { before };
    loop {
        let id = tx.id()?;
        if before < id {
            product.last_id = product.last_id.max(id);
            return Ok(id);
        }
    }
}

/// Writes one move.
pub(super) fn write_move(tx: &Tx, doc: Doc, id: i64, one: &Move, reverses: Option<i64>) {
    let kind = match one.kind {
        MoveKind::In => "in",
        MoveKind::Out => "out",
        MoveKind::Within => "within",
    };
    tx.push(
        "insert into stock_move (id, company, product, qty, from_place, to_place, moved_on, recorded_at, kind,
         doc_entity, doc_id, doc_line, reverses)
         values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)",
        vec![
            id.into(),
            tx.context.company.into(),
            one.product.raw().into(),
            one.qty.raw().into(),
            one.from.raw().into(),
            one.to.raw().into(),
            one.moved_on.into(),
            tx.context.now.micros().into(),
            kind.into(),
            doc.name.entity.into(),
            doc.name.id.into(),
            one.doc_line.into(),
            reverses.into(),
        ],
    );
    tx.moves.borrow_mut().push(id);
}

fn value(
    tx: &Tx,
    doc: Doc,
    flow: Flow,
    one: &Move,
    product: &mut Product,
    worths: &mut Vec<Worth>,
) -> Result<(), Trouble> {
    let costing = Costing { standard: one.standard, ..product.costing };
    let is_last = product.last_on.is_none_or(|last| last <= one.moved_on);
    let valued = if is_last {
        at_the_end(tx, &costing, one, &flow, &mut product.layers)?
    } else {
        product.layers = None;
        in_between(tx, &product.costing, one, &flow, worths)?
    };
    product.last_on = product.last_on.max(Some(one.moved_on));
    keep_flow(tx, doc, one, &flow, &valued);
    if let FlowKind::Back { of } = flow.kind {
        tx.push(
            "update stock_flow set returned_qty = returned_qty + ?1, returned_value = returned_value + ?2 where id = ?3",
            vec![one.qty.raw().into(), (valued.value + valued.variance).raw().into(), of.into()],
        );
    }
    raise_value(tx, one.product.raw(), signed_qty(&flow), valued.value, one.moved_on);
    worths.push(Worth {
        product: one.product.raw(),
        stock_move: flow.id,
        on: one.moved_on,
        qty: signed_qty(&flow),
        value: valued.value,
        variance: valued.variance,
        kind: "move",
        stock_account: one.stock_account.raw(),
        against: one.against.raw(),
        variance_account: one.variance_account.raw(),
    });
    Ok(())
}

fn signed_qty(flow: &Flow) -> Qty {
    match flow.kind {
        FlowKind::Out => -flow.qty,
        FlowKind::In { .. } | FlowKind::Back { .. } => flow.qty,
        FlowKind::Revalue { .. } | FlowKind::Standard { .. } => Qty::ZERO,
    }
}

/// Reads the state of all products that are moved: two queries, however many there are.
pub(super) fn products(tx: &Tx, moves: &[Move]) -> Result<BTreeMap<i64, Product>, Fault> {
    let mut ids: Vec<i64> =
        moves.iter().filter(|one| one.kind != MoveKind::Within).map(|one| one.product.raw()).collect();
    ids.sort_unstable();
    ids.dedup();
    let mut products = BTreeMap::new();
    if ids.is_empty() {
        return Ok(products);
    }
    let ids = ids.iter().map(i64::to_string).collect::<Vec<_>>().join(", ");
    let company = Value::Int(tx.context.company);
    let sql = format!(
        "select v.product, v.method, v.standard, v.last_on,
           (select max(f.id) from stock_flow f
            where f.company = v.company and f.product = v.product and f.moved_on = v.last_on)
         from product_value v where v.company = ?1 and v.product in ({ids})"
    );
    for row in tx.query(&sql, std::slice::from_ref(&company))? {
        // The method of a product's history is the one it began with.
        let method = CostMethod::from_value(&row.0[1])?;
        let costing = Costing { method, standard: Price::new(row.int(2)), currency: tx.context.currency };
        let product = Product { costing, last_on: row.date(3), last_id: row.int(4), layers: Some(Vec::new()) };
        products.insert(row.int(0), product);
    }
    let sql = format!(
        "select flow, received_on, qty, value, product from stock_layer where company = ?1 and product in ({ids})
         order by product, received_on, flow"
    );
    for row in tx.query(&sql, &[company])? {
        let layers = products.get_mut(&row.int(4)).and_then(|product| product.layers.as_mut());
        layers.ok_or_else(|| Fault::new("a layer of a product without a value"))?.push(layer(&row));
    }
    Ok(products)
}

/// The state of the product of a move; begun when it is the first.
pub(super) fn known<'a>(tx: &Tx, one: &Move, products: &'a mut BTreeMap<i64, Product>) -> &'a mut Product {
    products.entry(one.product.raw()).or_insert_with(|| {
        tx.push(
            "insert into product_value (company, product, qty, value, method, standard, last_on)
             values (?1, ?2, 0, 0, ?3, ?4, ?5)",
            vec![
                tx.context.company.into(),
                one.product.raw().into(),
                one.method.to_value(),
                one.standard.raw().into(),
                one.moved_on.into(),
            ],
        );
        let costing = Costing { method: one.method, standard: one.standard, currency: tx.context.currency };
        Product { costing, last_on: None, last_id: 0, layers: Some(Vec::new()) }
    })
}

fn flow_kind(tx: &Tx, one: &Move) -> Result<FlowKind, Trouble> {
    match (one.kind, one.returns) {
        (MoveKind::Out, _) => Ok(FlowKind::Out),
        (MoveKind::In, Some(line)) => {
            let rows = tx.query(
                "select id from stock_flow where doc_line = ?1 and kind = 'out' and annulled = 0 and company = ?2
                 order by id limit 1",
                &[line.into(), tx.context.company.into()],
            )?;
            match rows.first() {
                Some(row) => Ok(FlowKind::Back { of: row.int(0) }),
                None => Err(Fault::new(format!("nothing went out by line {line}")).into()),
            }
        }
        (_, _) => match one.value {
            Some(value) => Ok(FlowKind::In { value }),
            None => Err(Fault::new("goods came in without a value").into()),
        },
    }
}

/// What an out flow has left to come back.
fn left_of(tx: &Tx, of: i64) -> Result<Option<Left>, Fault> {
    let rows = tx.query(
        "select qty, value, variance, returned_qty, returned_value from stock_flow where id = ?1",
        &[of.into()],
    )?;
    Ok(rows.first().map(|row| Left {
        qty: Qty::new(row.int(0) - row.int(3)),
        value: Amount::new(-(row.int(1) + row.int(2)) - row.int(4)),
    }))
}

pub(super) fn at_the_end(
    tx: &Tx,
    costing: &Costing,
    one: &Move,
    flow: &Flow,
    known: &mut Option<Vec<Layer>>,
) -> Result<Valued, Trouble> {
    let before = match known.take() {
        Some(layers) => layers,
        None => {
            let rows = tx.query(
                "select flow, received_on, qty, value from stock_layer where company = ?1 and product = ?2
                 order by received_on, flow",
                &[tx.context.company.into(), one.product.raw().into()],
            )?;
            rows.iter().map(layer).collect()
        }
    };
    let mut layers = before.clone();
    let left = match flow.kind {
        FlowKind::Back { of } => left_of(tx, of)?,
        _ => None,
    };
    let valued = apply(costing, &mut layers, left, flow).map_err(|short| shortage(one.product.raw(), flow, short))?;
    write_layers(tx, one.product.raw(), &before, &layers);
    *known = Some(layers);
    Ok(valued)
}

fn layer(row: &Row) -> Layer {
    Layer {
        flow: row.int(0),
        on: row.date(1).unwrap_or(Date::MIN),
        qty: Qty::new(row.int(2)),
        value: Amount::new(row.int(3)),
    }
}

fn write_layers(tx: &Tx, product: i64, before: &[Layer], after: &[Layer]) {
    let company = tx.context.company;
    for old in before {
        if !after.iter().any(|new| new.flow == old.flow && new.on == old.on) {
            tx.push(
                "delete from stock_layer where company = ?1 and product = ?2 and received_on = ?3 and flow = ?4",
                vec![company.into(), product.into(), old.on.into(), old.flow.into()],
            );
        }
    }
    let changed: Vec<&Layer> = after.iter().filter(|new| !before.contains(new)).collect();
    if changed.is_empty() {
        return;
    }
    let args = changed.iter().flat_map(|new| {
        [company.into(), product.into(), new.flow.into(), new.on.into(), new.qty.raw().into(), new.value.raw().into()]
    });
    let sql = format!(
        "insert into stock_layer (company, product, flow, received_on, qty, value) values {}
         on conflict (company, product, received_on, flow) do update set qty = excluded.qty, value = excluded.value",
        places(changed.len(), 6)
    );
    tx.push(sql, args.collect());
}

/// Loads the history of a product, without what was annulled.
pub(super) fn history(tx: &Tx, product: i64) -> Result<Vec<Kept>, Fault> {
    let rows = tx.query(
        "select id, moved_on, kind, qty, cost, back_of, value, variance, stock_account, against, variance_account,
                returned_qty, returned_value
         from stock_flow where company = ?1 and product = ?2 and annulled = 0
         order by moved_on, id",
        &[tx.context.company.into(), product.into()],
    )?;
    let kept = rows.iter().map(|row| Kept {
        flow: Flow {
            id: row.int(0),
            on: row.date(1).unwrap_or(Date::MIN),
            qty: Qty::new(row.int(3)),
            kind: FlowKind::kept(row.text(2), row.int(4), row.int(5)),
        },
        value: Amount::new(row.int(6)),
        variance: Amount::new(row.int(7)),
        stock_account: row.int(8),
        against: row.int(9),
        variance_account: row.int(10),
        returned: Left { qty: Qty::new(row.int(11)), value: Amount::new(row.int(12)) },
    });
    Ok(kept.collect())
}

/// The costing a history began with: the standard before the first change of it.
fn first_costing(tx: &Tx, costing: &Costing, product: i64) -> Result<Costing, Fault> {
    let rows = tx.query(
        "select returned_value from stock_flow where company = ?1 and product = ?2 and kind = 'standard' and annulled = 0
         order by moved_on, id limit 1",
        &[tx.context.company.into(), product.into()],
    )?;
    Ok(match rows.first() {
        // A change of standard remembers the standard it replaced here.
        Some(row) => Costing { standard: Price::new(row.int(0)), ..*costing },
        None => *costing,
    })
}

fn in_between(tx: &Tx, costing: &Costing, one: &Move, flow: &Flow, worths: &mut Vec<Worth>) -> Result<Valued, Trouble> {
    let mut kept = history(tx, one.product.raw())?;
    let at = kept.partition_point(|old| (old.flow.on, old.flow.id) < (flow.on, flow.id));
    let new = Kept {
        flow: *flow,
        value: Amount::ZERO,
        variance: Amount::ZERO,
        stock_account: one.stock_account.raw(),
        against: one.against.raw(),
        variance_account: one.variance_account.raw(),
        returned: Left { qty: Qty::ZERO, value: Amount::ZERO },
    };
    kept.insert(at, new);
    revalue(tx, costing, one.product.raw(), &kept, Some(flow.id), worths)
}

/// Replays a history and posts what differs from what was posted. Gives the value of the
/// flow that is new.
pub(super) fn revalue(
    tx: &Tx,
    costing: &Costing,
    product: i64,
    kept: &[Kept],
    new: Option<i64>,
    worths: &mut Vec<Worth>,
) -> Result<Valued, Trouble> {
    let costing = first_costing(tx, costing, product)?;
    let flows: Vec<Flow> = kept.iter().map(|old| old.flow).collect();
    let (valued, layers) = replay(&costing, &flows).map_err(|short| {
        let flow = flows.iter().find(|flow| flow.id == short.flow).expect("the shortage is of a flow");
        shortage(product, flow, short)
    })?;
    let mut found = None;
    for (old, now) in kept.iter().zip(&valued) {
        if Some(old.flow.id) == new {
            found = Some(now.clone());
            continue;
        }
        let (value, variance) = (now.value - old.value, now.variance - old.variance);
        if value.is_zero() && variance.is_zero() {
            continue;
        }
        tx.push(
            "update stock_flow set value = ?1, variance = ?2 where id = ?3",
            vec![now.value.raw().into(), now.variance.raw().into(), old.flow.id.into()],
        );
        if let FlowKind::Back { of } = old.flow.kind {
            tx.push(
                "update stock_flow set returned_value = returned_value + ?1 where id = ?2",
                vec![(value + variance).raw().into(), of.into()],
            );
        }
        raise_value(tx, product, Qty::ZERO, value, old.flow.on);
        worths.push(Worth {
            product,
            stock_move: old.flow.id,
            on: locks::first_open(tx, old.flow.on, "stock")?,
            qty: Qty::ZERO,
            value,
            variance,
            kind: "difference",
            stock_account: old.stock_account,
            against: old.against,
            variance_account: old.variance_account,
        });
    }
    tx.push(
        "delete from stock_layer where company = ?1 and product = ?2",
        vec![tx.context.company.into(), product.into()],
    );
    write_layers(tx, product, &[], &layers);
    Ok(found.unwrap_or(Valued { flow: 0, value: Amount::ZERO, variance: Amount::ZERO, uses: Vec::new() }))
}

/// A new standard cost revalues what is there, before the move that brings it.
pub(super) fn reprice(
    tx: &Tx,
    doc: Doc,
    one: &Move,
    product: &mut Product,
    worths: &mut Vec<Worth>,
) -> Result<(), Trouble> {
    // Dated at the end of the history, so that nothing posted before is touched.
    let on = product.last_on.map_or(one.moved_on, |last| last.max(one.moved_on));
    let kind = FlowKind::Standard { price: one.standard };
    let id = flow_id(tx, product, on, kind)?;
    let flow = Flow { id, on, kind, qty: Qty::ZERO };
    let valued = at_the_end(tx, &product.costing, one, &flow, &mut product.layers)?;
    keep_flow(tx, doc, one, &flow, &valued);
    tx.push(
        "update stock_flow set returned_value = ?1 where id = ?2",
        vec![product.costing.standard.raw().into(), id.into()],
    );
    product.costing.standard = one.standard;
    tx.push(
        "update product_value set standard = ?1, value = value + ?2 where company = ?3 and product = ?4",
        vec![one.standard.raw().into(), valued.value.raw().into(), tx.context.company.into(), one.product.raw().into()],
    );
    worths.push(Worth {
        product: one.product.raw(),
        stock_move: id,
        on: locks::first_open(tx, on, "stock")?,
        qty: Qty::ZERO,
        value: valued.value,
        // A revaluation is booked against the variance account alone.
        variance: -valued.value,
        kind: "revaluation",
        stock_account: one.stock_account.raw(),
        against: one.against.raw(),
        variance_account: one.variance_account.raw(),
    });
    Ok(())
}

pub(super) fn keep_flow(tx: &Tx, doc: Doc, one: &Move, flow: &Flow, valued: &Valued) {
    let (kind, cost, back_of) = match flow.kind {
        FlowKind::In { value } => ("in", value.raw(), Value::Null),
        FlowKind::Out => ("out", 0, Value::Null),
        FlowKind::Back { of } => ("back", 0, Value::Int(of)),
        FlowKind::Standard { price } => ("standard", price.raw(), Value::Null),
        FlowKind::Revalue { by } => ("revalue", by.raw(), Value::Null),
    };
    tx.push(
        "insert into stock_flow (id, company, product, moved_on, kind, qty, cost, back_of, value, variance, annulled,
         stock_account, against, variance_account, doc_entity, doc_id, doc_line, returned_qty, returned_value)
         values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, 0, ?11, ?12, ?13, ?14, ?15, ?16, 0, 0)",
        vec![
            flow.id.into(),
            tx.context.company.into(),
            one.product.raw().into(),
            flow.on.into(),
            kind.into(),
            flow.qty.raw().into(),
            cost.into(),
            back_of,
            valued.value.raw().into(),
            valued.variance.raw().into(),
            one.stock_account.raw().into(),
            one.against.raw().into(),
            one.variance_account.raw().into(),
            doc.name.entity.into(),
            doc.name.id.into(),
            one.doc_line.into(),
        ],
    );
}

/// Raises what is kept of a product's value.
pub(super) fn raise_value(tx: &Tx, product: i64, qty: Qty, value: Amount, on: Date) {
    tx.push(
        "update product_value set qty = qty + ?1, value = value + ?2,
           last_on = case when last_on < ?3 then ?3 else last_on end
         where company = ?4 and product = ?5",
        vec![qty.raw().into(), value.raw().into(), on.into(), tx.context.company.into(), product.into()],
    );
}

/// Posts changes of value: one entry a day, and a row of `stock_value` each.
pub(super) fn post(tx: &Tx, doc: Doc, worths: Vec<Worth>, reverses: Option<i64>) -> Result<(), Trouble> {
    let mut days: BTreeMap<Date, Vec<Worth>> = BTreeMap::new();
    for worth in worths {
        days.entry(worth.on).or_default().push(worth);
    }
    for (on, worths) in days {
        let currency = tx.context.currency;
        let mut lines = Vec::new();
        for worth in &worths {
            let product = Some(Id::new(worth.product));
            let mut add = |account: i64, amount: Amount| {
                if !amount.is_zero() {
                    lines.push(EntryLine { product, ..EntryLine::plain(Id::new(account), amount, currency) });
                }
            };
            add(worth.stock_account, worth.value);
            add(worth.variance_account, worth.variance);
            add(worth.against, -(worth.value + worth.variance));
        }
        let entry = if lines.is_empty() {
            0
        } else {
            let entry = Entry::balanced("stock", on, doc.number, lines)
                .map_err(|why| Fault::new(format!("stock entry is not balanced: {why:?}")))?;
            entries::insert(tx, doc, &entry, reverses)?
        };
        for worth in worths {
            tx.push(
                "insert into stock_value (id, company, product, stock_move, moved_on, recorded_at, qty, value, kind, entry)
                 values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
                vec![
                    tx.id()?.into(),
                    tx.context.company.into(),
                    worth.product.into(),
                    worth.stock_move.into(),
                    on.into(),
                    tx.context.now.micros().into(),
                    worth.qty.raw().into(),
                    worth.value.raw().into(),
                    worth.kind.into(),
                    entry.into(),
                ],
            );
        }
    }
    Ok(())
}

fn shortage(product: i64, flow: &Flow, short: Shortage) -> Trouble {
    Refusal::new(
        "short_on_day",
        Label::new(
            "On {on} there was not enough of {product}: {missing} are missing. Reduce the quantity, or choose another day.",
            "{on} 当日 {product} 库存不足，缺少 {missing}。请减少数量或选择其他日期。",
        ),
    )
    .kind(ProblemKind::Conflict)
    .with("on", flow.on)
    .with("product", ("product", product))
    .with("missing", short.missing)
    .into()
}
