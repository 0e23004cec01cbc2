//! What an adjustment does.

use books::{AccountId, Move, MoveKind, PlaceId, Posting};
use kernel::{Amount, Date, Price, Qty, Refusal};
use meta::{Choice, Document, Effects, Reader, Trouble, Want};

use super::{Action, Facts, Kind, Stage, StockAdjustment, StockAdjustmentLine, facts};
use crate::costing::Movement;
use crate::life::{not_now, only_drafts};
use crate::place::PlaceKind;

/// Why stock is not adjusted.
#[derive(meta::Refusal)]
pub enum NotAdjusted {
    /// Say how many of {product} were counted.
    ///
    /// 请填写 {product} 的实盘数量。
    #[refusal(kind = "Invalid", field = "lines.counted_qty")]
    NotCounted {
        /// The product.
        product: (&'static str, i64),
    },
    /// A counted quantity is zero or more. Correct it.
    ///
    /// 实盘数量不能为负，请更正。
    #[refusal(kind = "Invalid", field = "lines.counted_qty")]
    CountedBelowZero,
    /// The quantity must be more than zero. Correct it, or remove the line.
    ///
    /// 数量必须大于零，请更正或删除该行。
    #[refusal(kind = "Invalid", field = "lines.qty")]
    NothingMoves,
    /// {product} appears twice. Keep one line for it.
    ///
    /// {product} 重复出现，请只保留一行。
    #[refusal(kind = "Invalid", field = "lines.product")]
    CountedTwice {
        /// The product.
        product: (&'static str, i64),
    },
    /// Say what one unit of {product} costs; nothing is known yet.
    ///
    /// 尚不知 {product} 的成本，请填写单位成本。
    #[refusal(kind = "Invalid", field = "lines.unit_cost")]
    CostUnknown {
        /// The product.
        product: (&'static str, i64),
    },
    /// A unit cost is zero or more. Correct it.
    ///
    /// 单位成本不能为负，请更正。
    #[refusal(kind = "Invalid", field = "lines.unit_cost")]
    CostBelowZero,
    /// Quantity times cost is too large. Check both.
    ///
    /// 数量乘以成本过大，请检查。
    #[refusal(kind = "TooMuch", field = "lines.unit_cost")]
    TooLarge,
}

impl Document for StockAdjustment {
    type Facts = Facts;
    type Action = Action;

    fn facts(doc: &Self, _: &Want<Action>, reader: &dyn Reader) -> Result<Facts, Trouble> {
        Ok(facts::read(doc, reader)?)
    }

    fn complete(doc: &mut Self, facts: &Facts) -> Result<(), Refusal> {
        if doc.moved_on == Date::MIN {
            doc.moved_on = facts.today;
        }
        if let (0, Some(place)) = (doc.place.raw(), facts.home_place) {
            doc.place = place;
        }
        let mut problems = Vec::new();
        for row in 0..doc.lines.len() {
            if doc.kind == Kind::Count && doc.lines[..row].iter().any(|line| line.product == doc.lines[row].product) {
                let product = ("product", doc.lines[row].product.raw());
                problems.push(Refusal::from(NotAdjusted::CountedTwice { product }).row(row));
            }
            if let Err(problem) = complete_line(&mut doc.lines[row], doc.kind, facts) {
                problems.push(problem.row(row));
            }
        }
        doc.value = doc.lines.iter().map(|line| line.value).sum();
        if problems.is_empty() { Ok(()) } else { Err(Refusal::merge(problems)) }
    }

    fn check_change(old: &Self, _: &Self, _: &Facts) -> Result<(), Refusal> {
        if old.stage == Stage::Draft { Ok(()) } else { Err(only_drafts(old.stage)) }
    }

    fn ready(doc: &Self, action: &Action) -> Result<(), Refusal> {
        doc.stage.after(action).map(|_| ()).ok_or_else(|| not_now(doc.stage, action))
    }

    fn decide(doc: &Self, action: &Action, facts: &Facts) -> Result<(&'static str, Effects), Refusal> {
        let next = doc.stage.after(action).ok_or_else(|| not_now(doc.stage, action))?;
        let effects = match action {
            Action::Post => post(doc, facts)?,
            Action::Cancel => Effects::undo(),
        };
        Ok((next.code(), effects))
    }
}

fn complete_line(line: &mut StockAdjustmentLine, kind: Kind, facts: &Facts) -> Result<(), Refusal> {
    let product = ("product", line.product.raw());
    line.expected_qty = facts.expected.get(&line.product.raw()).copied().unwrap_or_default();
    match (kind, line.counted_qty) {
        (Kind::Count, None) => return Err(NotAdjusted::NotCounted { product }.into()),
        (Kind::Count, Some(counted)) if counted.is_negative() => return Err(NotAdjusted::CountedBelowZero.into()),
        (Kind::Count, Some(counted)) => line.qty = counted - line.expected_qty,
        (_, _) if line.qty <= Qty::ZERO => return Err(NotAdjusted::NothingMoves.into()),
        (_, _) => line.counted_qty = None,
    }
    if kind == Kind::Loss || line.qty <= Qty::ZERO {
        line.value = Amount::ZERO;
        return Ok(());
    }
    let known = facts.costing.of(line.product).and_then(|goods| goods.unit_cost);
    let Some(cost) = line.unit_cost.or(known) else {
        return Err(NotAdjusted::CostUnknown { product }.into());
    };
    if cost < Price::ZERO {
        return Err(NotAdjusted::CostBelowZero.into());
    }
    line.unit_cost = Some(cost);
    line.value = cost.times(line.qty, facts.currency).ok_or(NotAdjusted::TooLarge)?;
    Ok(())
}

fn post(doc: &StockAdjustment, facts: &Facts) -> Result<Effects, Refusal> {
    let moves: Result<Vec<Move>, Refusal> = doc
        .lines
        .iter()
        .enumerate()
        .filter(|(_, line)| !line.qty.is_zero())
        .map(|(row, line)| moved(doc, line, facts).map_err(|refusal| refusal.row(row)))
        .collect();
    Ok(Effects::post(Posting { moves: moves?, ..Posting::default() }))
}

fn moved(doc: &StockAdjustment, line: &StockAdjustmentLine, facts: &Facts) -> Result<Move, Refusal> {
    let comes_in = doc.kind != Kind::Loss && !line.qty.is_negative();
    let (outside, against) = other_side(doc, comes_in, facts)?;
    let (from, to, kind) = match comes_in {
        true => (outside, doc.place, MoveKind::In),
        false => (doc.place, outside, MoveKind::Out),
    };
    let qty = line.qty.abs();
    let doc_line = line.id.raw();
    let movement = Movement { product: line.product, qty, from, to, moved_on: doc.moved_on, kind, doc_line };
    let moved = facts.costing.movement(movement, against)?;
    Ok(Move { value: comes_in.then_some(line.value), ..moved })
}

/// Where goods come from or go to, and the account that bears their value.
fn other_side(doc: &StockAdjustment, comes_in: bool, facts: &Facts) -> Result<(PlaceId, AccountId), Refusal> {
    let (place, used_for) = match (doc.kind, comes_in) {
        (Kind::Receipt, _) => (PlaceKind::Supplier, "stock_input"),
        (Kind::Opening, _) => (PlaceKind::Loss, "opening"),
        (Kind::Count | Kind::Found | Kind::Loss, true) => (PlaceKind::Loss, "stock_gain"),
        (Kind::Count | Kind::Found | Kind::Loss, false) => (PlaceKind::Loss, "stock_loss"),
    };
    let against = match doc.against {
        Some(account) => account,
        None => facts.costing.account(used_for)?,
    };
    Ok((facts.costing.place(place)?, against))
}
