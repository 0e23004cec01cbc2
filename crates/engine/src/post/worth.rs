//! Goods that are worth more or less than the books say, without a move.
//!
//! Such a step stands at the end of the history of its product. What is posted before it later,
//! back-dated, is valued without it; it keeps its amount.

use books::{CostMethod, Flow, FlowKind, Move, MoveKind, NewWorth, Revaluation};
use kernel::{Amount, Date, Id, Label, Price, ProblemKind, Qty, Refusal};
use meta::{Fault, Trouble};

use super::goods::{self, Product, Worth};
use super::{Doc, locks};
use crate::facts::Tx;

/// Writes revaluations and posts what they change.
pub(super) fn insert(tx: &Tx, doc: Doc, revaluations: &[Revaluation]) -> Result<(), Trouble> {
    if revaluations.is_empty() {
        return Ok(());
    }
    let mut worths = Vec::new();
    let stand_ins: Vec<Move> = revaluations.iter().map(stand_in).collect();
    let mut products = goods::products(tx, &stand_ins)?;
    for (one, stand_in) in revaluations.iter().zip(&stand_ins) {
        locks::check(tx, one.on, "stock")?;
        let product = products.get_mut(&one.product.raw()).ok_or_else(|| nothing_held(one))?;
        if let Some(last) = product.last_on.filter(|last| one.on < *last) {
            return Err(later_moves(one, last));
        }
        match (one.worth, product.costing.method) {
            (NewWorth::Standard(_), CostMethod::Standard) => {
                goods::reprice(tx, doc, stand_in, product, &mut worths)?;
                // What comes later and is dated before this day is back-dated, and costs what it did then.
                goods::raise_value(tx, one.product.raw(), Qty::ZERO, Amount::ZERO, one.on);
            }
            (NewWorth::By(by), CostMethod::Fifo | CostMethod::Average) => {
                worths.push(by_amount(tx, doc, one, stand_in, product, by)?);
            }
            (_, method) => return Err(Fault::new(format!("such a revaluation is not for {method:?}")).into()),
        }
    }
    goods::post(tx, doc, worths, None)
}

fn by_amount(
    tx: &Tx,
    doc: Doc,
    one: &Revaluation,
    stand_in: &Move,
    product: &mut Product,
    by: Amount,
) -> Result<Worth, Trouble> {
    let kind = FlowKind::Revalue { by };
    let flow = Flow { id: goods::flow_id(tx, product, one.on, kind)?, on: one.on, kind, qty: Qty::ZERO };
    let valued = goods::at_the_end(tx, &product.costing, stand_in, &flow, &mut product.layers)?;
    if valued.value != by {
        return Err(nothing_held(one));
    }
    goods::keep_flow(tx, doc, stand_in, &flow, &valued);
    goods::raise_value(tx, one.product.raw(), Qty::ZERO, valued.value, one.on);
    Ok(Worth {
        product: one.product.raw(),
        stock_move: flow.id,
        on: one.on,
        qty: Qty::ZERO,
        value: valued.value,
        variance: Amount::ZERO,
        kind: "revaluation",
        stock_account: one.stock_account.raw(),
        against: one.against.raw(),
        variance_account: one.against.raw(),
    })
}

/// A move of nothing, for what is asked of moves: accounts, method and day.
fn stand_in(one: &Revaluation) -> Move {
    let (method, standard) = match one.worth {
        NewWorth::Standard(price) => (CostMethod::Standard, price),
        NewWorth::By(_) => (CostMethod::Average, Price::ZERO),
    };
    Move {
        product: one.product,
        qty: Qty::ZERO,
        from: Id::new(0),
        to: Id::new(0),
        moved_on: one.on,
        kind: MoveKind::In,
        value: None,
        returns: None,
        stock_account: one.stock_account,
        against: one.against,
        variance_account: one.against,
        method,
        standard,
        doc_line: one.doc_line,
    }
}

fn later_moves(one: &Revaluation, last: Date) -> Trouble {
    Refusal::new(
        "later_moves",
        Label::new(
            "{product} has moved on {last}. Choose that day or a later one.",
            "{product} 在 {last} 已有出入库，请选择该日或之后的日期。",
        ),
    )
    .kind(ProblemKind::Conflict)
    .with("product", ("product", one.product.raw()))
    .with("on", one.on)
    .with("last", last)
    .into()
}

fn nothing_held(one: &Revaluation) -> Trouble {
    Refusal::new(
        "nothing_to_revalue",
        Label::new(
            "There is no {product} in stock any more, so it has no value to change. Load the page again.",
            "{product} 已无库存，没有可调整的价值，请刷新页面。",
        ),
    )
    .kind(ProblemKind::Conflict)
    .with("product", ("product", one.product.raw()))
    .into()
}
