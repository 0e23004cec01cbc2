//! What an adjustment does.

use books::{AccountId, CostMethod, DocRef, Move, MoveKind, NewWorth, PlaceId, Posting, Revaluation, UnitId};
use kernel::{Amount, Date, Id, Price, Qty, Refusal};
use meta::{Change, Choice, Document, Effects, Reader, Trouble, Want};
use product::measure::Measure;

use super::facts::Held;
use super::{Action, Facts, Kind, Stage, StockAdjustment, StockAdjustmentLine, facts};
use crate::costing::Movement;
use crate::place::PlaceKind;
use meta::stages::{not_now, only_drafts};

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
    /// What {product} costs is not known, and your role is not shown costs. Ask accounting to give the product a standard cost, or to write this line.
    ///
    /// 尚不知 {product} 的成本，而您的角色不能查看成本。请财务为产品填写标准成本，或由财务录入本行。
    #[refusal(kind = "NotAllowed", field = "lines.product")]
    CostKeptBack {
        /// The product.
        product: (&'static str, i64),
    },
    /// A unit cost is zero or more. Correct it.
    ///
    /// 单位成本不能为负，请更正。
    #[refusal(kind = "Invalid", field = "lines.unit_cost")]
    CostBelowZero,
    /// There is no {product} in stock, so there is nothing to value anew. Remove the line.
    ///
    /// {product} 没有库存，无可重估，请删除该行。
    #[refusal(kind = "Conflict", field = "lines.product")]
    NothingHeld {
        /// The product.
        product: (&'static str, i64),
    },
    /// Say what one unit of {product} is worth from now on.
    ///
    /// 请填写 {product} 重估后的单位成本。
    #[refusal(kind = "Invalid", field = "lines.unit_cost")]
    NoNewCost {
        /// The product.
        product: (&'static str, i64),
    },
    /// The stock of {product} has changed since this was saved. Save it again to see what it comes to now.
    ///
    /// 保存之后 {product} 的库存已有变化，请重新保存以查看最新金额。
    #[refusal(kind = "Conflict", field = "lines.qty")]
    HeldChanged {
        /// The product.
        product: (&'static str, i64),
    },
    /// A new standard cost is in force. Set the former one with another revaluation.
    ///
    /// 新的标准成本已生效，如需恢复请再做一张重估单。
    #[refusal(kind = "NotNow")]
    StandardStays,
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
            let is_once = matches!(doc.kind, Kind::Count | Kind::Revaluation);
            if is_once && doc.lines[..row].iter().any(|line| line.product == doc.lines[row].product) {
                let product = ("product", doc.lines[row].product.raw());
                problems.push(Refusal::from(NotAdjusted::CountedTwice { product }).row(row));
            }
            // Once it is posted, the books say otherwise: what it said stays.
            if doc.kind == Kind::Revaluation && doc.stage != Stage::Draft {
                continue;
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
            Action::Post if doc.kind == Kind::Revaluation => revalue(doc, facts)?,
            Action::Post => post(doc, facts)?,
            Action::Cancel if doc.stage == Stage::Posted && sets_standard(doc, facts) => {
                return Err(NotAdjusted::StandardStays.into());
            }
            Action::Cancel => Effects::undo(),
        };
        Ok((next.code(), effects))
    }
}

/// All that is in stock, and by how much it is worth more.
fn complete_revaluation(line: &mut StockAdjustmentLine, facts: &Facts) -> Result<(), Refusal> {
    let product = ("product", line.product.raw());
    let held = facts.held.get(&line.product.raw()).filter(|held| !held.qty.is_zero());
    let held = held.ok_or(NotAdjusted::NothingHeld { product })?;
    let untold = || match facts.shows_cost {
        true => NotAdjusted::NoNewCost { product },
        false => NotAdjusted::CostKeptBack { product },
    };
    let cost = line.unit_cost.ok_or_else(untold)?;
    if cost < Price::ZERO {
        return Err(NotAdjusted::CostBelowZero.into());
    }
    // All of it is valued, in the unit it is kept in.
    if let Some(measure) = facts.measures.of(line.product) {
        recost(line, measure.own, &measure);
    }
    (line.expected_qty, line.qty, line.product_qty, line.counted_qty) = (held.qty, held.qty, held.qty, None);
    line.value = cost.times(held.qty, facts.currency).ok_or(NotAdjusted::TooLarge)? - held.value;
    Ok(())
}

/// A cost that was left alone while its unit was changed becomes that of the new unit.
fn recost(line: &mut StockAdjustmentLine, unit: UnitId, measure: &Measure) {
    line.unit = unit;
    let before = line.costed_unit.filter(|before| *before != unit && line.costed_at == line.unit_cost);
    if let (Some(before), Some(cost)) = (before, line.unit_cost) {
        line.unit_cost = measure.price(cost, before, unit).or(line.unit_cost);
    }
    (line.costed_unit, line.costed_at) = (line.unit_cost.map(|_| unit), line.unit_cost);
}

/// How much of the product's own unit moves: of a count what it differs by, exactly.
fn complete_qty(line: &mut StockAdjustmentLine, kind: Kind, facts: &Facts) -> Result<(), Refusal> {
    let product = ("product", line.product.raw());
    let expected = facts.expected.get(&line.product.raw()).copied().unwrap_or_default();
    let measure = facts.measures.of(line.product);
    if line.filled_for.is_some_and(|before| before != line.product) {
        // What was filled for another product says nothing of this one.
        (line.unit, line.unit_cost) = (Id::new(0), None);
    }
    line.filled_for = Some(line.product);
    if let Some(measure) = &measure {
        recost(line, if line.unit.raw() == 0 { measure.own } else { line.unit }, measure);
    }
    let own_qty = |qty: Qty| measure.map_or(Ok(qty), |measure| measure.own_qty(qty, line.unit));
    let shown = |qty: Qty| measure.map_or(qty, |measure| measure.shown(qty, line.unit));
    line.expected_qty = shown(expected);
    match (kind, line.counted_qty) {
        (Kind::Count, None) => return Err(NotAdjusted::NotCounted { product }.into()),
        (Kind::Count, Some(counted)) if counted.is_negative() => return Err(NotAdjusted::CountedBelowZero.into()),
        (Kind::Count, Some(counted)) => {
            let counted = own_qty(counted).map_err(|why| why.field("lines.counted_qty"))?;
            line.product_qty = counted - expected;
            line.qty = shown(line.product_qty);
        }
        (_, _) if line.qty <= Qty::ZERO => return Err(NotAdjusted::NothingMoves.into()),
        (_, _) => (line.product_qty, line.counted_qty) = (own_qty(line.qty)?, None),
    }
    Ok(())
}

fn complete_line(line: &mut StockAdjustmentLine, kind: Kind, facts: &Facts) -> Result<(), Refusal> {
    if kind == Kind::Revaluation {
        return complete_revaluation(line, facts);
    }
    complete_qty(line, kind, facts)?;
    let product = ("product", line.product.raw());
    if kind == Kind::Loss || line.product_qty <= Qty::ZERO {
        line.value = Amount::ZERO;
        return Ok(());
    }
    let known = facts.costing.of(line.product).and_then(|goods| goods.unit_cost);
    let known = match (known, facts.measures.of(line.product)) {
        (Some(cost), Some(measure)) => measure.price(cost, measure.own, line.unit),
        (known, _) => known,
    };
    let Some(cost) = line.unit_cost.or(known) else {
        return Err(match facts.shows_cost {
            true => NotAdjusted::CostUnknown { product }.into(),
            false => NotAdjusted::CostKeptBack { product }.into(),
        });
    };
    if cost < Price::ZERO {
        return Err(NotAdjusted::CostBelowZero.into());
    }
    line.unit_cost = Some(cost);
    (line.costed_unit, line.costed_at) = (Some(line.unit).filter(|unit| unit.raw() != 0), Some(cost));
    line.value = cost.times(line.qty, facts.currency).ok_or(NotAdjusted::TooLarge)?;
    Ok(())
}

fn post(doc: &StockAdjustment, facts: &Facts) -> Result<Effects, Refusal> {
    let moves: Result<Vec<Move>, Refusal> = doc
        .lines
        .iter()
        .enumerate()
        .filter(|(_, line)| !line.moves().is_zero())
        .map(|(row, line)| moved(doc, line, facts).map_err(|refusal| refusal.row(row)))
        .collect();
    Ok(Effects::post(Posting { moves: moves?, ..Posting::default() }))
}

/// Whether it gave a product a new standard cost.
fn sets_standard(doc: &StockAdjustment, facts: &Facts) -> bool {
    let is_standard = |held: &Held| held.method == CostMethod::Standard;
    doc.kind == Kind::Revaluation
        && doc.lines.iter().any(|line| facts.held.get(&line.product.raw()).is_some_and(is_standard))
}

/// Nothing moves: what is there is worth more or less.
fn revalue(doc: &StockAdjustment, facts: &Facts) -> Result<Effects, Refusal> {
    let mut effects = Effects::none();
    for (row, line) in doc.lines.iter().enumerate() {
        let (one, change) = revaluation(doc, line, facts).map_err(|refusal| refusal.row(row))?;
        effects.posting.revaluations.push(one);
        effects.change.extend(change);
    }
    Ok(effects)
}

/// One product; a new standard cost is that of the product from now on.
fn revaluation(
    doc: &StockAdjustment,
    line: &StockAdjustmentLine,
    facts: &Facts,
) -> Result<(Revaluation, Option<Change>), Refusal> {
    let product = ("product", line.product.raw());
    let held = facts.held.get(&line.product.raw()).ok_or(NotAdjusted::NothingHeld { product })?;
    let cost = line.unit_cost.ok_or(NotAdjusted::NoNewCost { product })?;
    let value = cost.times(held.qty, facts.currency).ok_or(NotAdjusted::TooLarge)? - held.value;
    if (held.qty, value) != (line.moves(), line.value) {
        return Err(NotAdjusted::HeldChanged { product }.into());
    }
    let is_standard = held.method == CostMethod::Standard;
    let usual = match (is_standard, line.value.is_negative()) {
        (true, _) => "price_variance",
        (false, true) => "stock_loss",
        (false, false) => "stock_gain",
    };
    let against = match doc.against {
        Some(account) => account,
        None => facts.costing.account(usual)?,
    };
    let stock_account = match facts.costing.of(line.product).and_then(|goods| goods.stock_account) {
        Some(account) => account,
        None => facts.costing.account("stock")?,
    };
    let worth = if is_standard { NewWorth::Standard(cost) } else { NewWorth::By(line.value) };
    let doc_line = line.id.raw();
    let one = Revaluation { product: line.product, on: doc.moved_on, worth, stock_account, against, doc_line };
    let target = DocRef { entity: "product", id: line.product.raw() };
    let change = Change { doc: target, field: "standard_cost", value: cost.raw().into() };
    Ok((one, is_standard.then_some(change)))
}

fn moved(doc: &StockAdjustment, line: &StockAdjustmentLine, facts: &Facts) -> Result<Move, Refusal> {
    let comes_in = doc.kind != Kind::Loss && !line.moves().is_negative();
    let (outside, against) = other_side(doc, comes_in, facts)?;
    let (from, to, kind) = match comes_in {
        true => (outside, doc.place, MoveKind::In),
        false => (doc.place, outside, MoveKind::Out),
    };
    let qty = line.moves().abs();
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
        // A revaluation moves nothing.
        (Kind::Count | Kind::Found | Kind::Loss | Kind::Revaluation, true) => (PlaceKind::Loss, "stock_gain"),
        (Kind::Count | Kind::Found | Kind::Loss | Kind::Revaluation, false) => (PlaceKind::Loss, "stock_loss"),
    };
    let against = match doc.against {
        Some(account) => account,
        None => facts.costing.account(used_for)?,
    };
    Ok((facts.costing.place(place)?, against))
}
