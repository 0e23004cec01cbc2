//! What stock is worth: receipts become layers of value, issues take from them.
//!
//! ```text
//! Fifo      in ▶ [10 worth 100][5 worth 75] ▶ out       one layer a receipt, the oldest leaves first
//! Average   in ▶ [15 worth 175]             ▶ out       one pool, everything in it costs the same
//! Standard  in ▶ [15 × standard]            ▶ out       one pool, always worth qty × standard
//! ```
//!
//! One *history* is all flows of one product in one company, ordered by (day, id). [`apply`]
//! adds a flow at its end and needs the open layers only; [`replay`] values a whole history,
//! which a back-dated flow asks for, and [`differences`] says what that changes. What is
//! posted stays posted: the differences are posted beside it.
//!
//! Every flow is posted the same way, whatever its kind and method, and so always balances:
//!
//! ```text
//! dr stock      value                  what our stock is worth more (less, when negative)
//! dr variance   variance               what was asked for and cannot be stock value
//! cr against    value + variance       paid for a receipt, cost of sales of an issue
//! ```
//!
//! Stock is never negative, in quantity or in value: an issue of more than there is, is a
//! [`Shortage`].
//!
//! Rounding happens in three places: a part of a layer or of a return is rounded half up
//! (`Amount::scale`), the standard value of all stock is rounded half up (`Price::times`), a
//! revaluation is shared without rest (`split`). No rest is ever left behind, because a part
//! is taken of what is *left*: the last part is all of it.

use std::collections::BTreeMap;

use kernel::{Amount, Currency, Date, Price, Qty, split};

use crate::CostMethod;

/// The layer that average and standard cost keep everything in.
const POOL: i64 = 0;

/// How a product is valued.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Costing {
    /// Which layer an issue takes, and at what value.
    pub method: CostMethod,
    /// What one unit is worth under [`CostMethod::Standard`], before the flows to be valued;
    /// not used by the other methods.
    pub standard: Price,
    /// The company's currency.
    pub currency: Currency,
}

/// What happens to the stock of a product.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FlowKind {
    /// Goods are received.
    In {
        /// What they cost.
        value: Amount,
    },
    /// Goods leave: to a customer, to production, back to a supplier, lost.
    Out,
    /// Goods that had left come back, at the value they left with.
    Back {
        /// The [`FlowKind::Out`] that comes back.
        of: i64,
    },
    /// The goods we hold are worth more or less than we thought: freight billed later, a write-down.
    Revalue {
        /// How much more; less when negative.
        by: Amount,
    },
    /// From now on one unit is worth this much. Only means something under standard cost.
    Standard {
        /// The new standard cost.
        price: Price,
    },
}

impl FlowKind {
    /// As it is kept in `stock_flow`: its word, its cost (a value, or the price of a standard) and the flow that comes back.
    pub fn kept(kind: &str, cost: i64, back_of: i64) -> FlowKind {
        match kind {
            "in" => FlowKind::In { value: Amount::new(cost) },
            "out" => FlowKind::Out,
            "back" => FlowKind::Back { of: back_of },
            "revalue" => FlowKind::Revalue { by: Amount::new(cost) },
            _ => FlowKind::Standard { price: Price::new(cost) },
        }
    }
}

/// One step in the history of a product. The history is ordered by (`on`, `id`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Flow {
    /// Who it is; positive and unique in the history.
    pub id: i64,
    /// The business day.
    pub on: Date,
    /// What happens.
    pub kind: FlowKind,
    /// How much; positive for `In`, `Out` and `Back`, not looked at for the others.
    pub qty: Qty,
}

/// What is left of a receipt. A layer that is used up is gone.
///
/// Average and standard cost have at most one, the pool, with flow 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Layer {
    /// The receipt, or 0 for the pool.
    pub flow: i64,
    /// The day of the receipt; the pool's is the day of the receipt that found it empty.
    pub on: Date,
    /// How much is left, always positive.
    pub qty: Qty,
    /// What that is worth, never negative.
    pub value: Amount,
}

/// What an issue took from a layer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Use {
    /// The flow of the layer.
    pub layer: i64,
    /// How much was taken, positive.
    pub qty: Qty,
    /// What that was worth, not negative.
    pub value: Amount,
}

/// What a flow does to the value of our stock.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Valued {
    /// Which flow.
    pub flow: i64,
    /// By how much the stock is worth more; less when negative.
    pub value: Amount,
    /// What was asked for less `value`: the part of the cost, of the value that came back or of
    /// the revaluation that cannot be stock value. Under standard cost that is whatever differs
    /// from the standard. Under the others only what would make stock worth less than nothing,
    /// or revalues stock we do not have.
    pub variance: Amount,
    /// For an issue, what it took: the values sum to −(`value` + `variance`).
    pub uses: Vec<Use>,
}

/// What has not come back yet of an [`FlowKind::Out`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Left {
    /// How much.
    pub qty: Qty,
    /// What that was worth when it left.
    pub value: Amount,
}

/// A flow takes more than there is, of the stock or of what may still come back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shortage {
    /// The first flow that finds too little: after back-dating, perhaps a later one than the new.
    pub flow: i64,
    /// How much it lacks.
    pub missing: Qty,
}

impl Costing {
    /// How the product is valued once this flow has happened.
    pub fn after(self, flow: &Flow) -> Costing {
        match flow.kind {
            FlowKind::Standard { price } => Costing { standard: price, ..self },
            _ => self,
        }
    }

    /// What all of the stock is worth under standard cost, rounded half up.
    fn at_standard(&self, qty: Qty) -> Amount {
        self.standard.times(qty, self.currency).expect("the standard value of the stock overflows")
    }
}

impl Left {
    /// What an issue left with, before anything has come back.
    pub fn after_out(flow: &Flow, out: &Valued) -> Left {
        Left { qty: flow.qty, value: -out.asked() }
    }

    /// What is left when a part has come back.
    pub fn after_back(self, flow: &Flow, back: &Valued) -> Left {
        Left { qty: self.qty - flow.qty, value: self.value - back.asked() }
    }
}

impl Valued {
    fn new(flow: &Flow, asked: Amount, value: Amount) -> Valued {
        Valued { flow: flow.id, value, variance: asked - value, uses: Vec::new() }
    }

    /// What the other side of the posting carries.
    fn asked(&self) -> Amount {
        self.value + self.variance
    }
}

/// Values a flow that comes after everything that made these layers.
///
/// `layers` are the open ones, ordered by (`on`, `flow`); they become those after the flow, and
/// stay as they are when it is refused. `left` is needed for a [`FlowKind::Back`]: what of its
/// `Out` has not come back yet (see [`Left::after_out`] and [`Left::after_back`]); `None` when
/// there is no such `Out`.
///
/// # Panics
/// When goods move in a quantity that is not positive, or when a value does not fit 64 bits.
pub fn apply(costing: &Costing, layers: &mut Vec<Layer>, left: Option<Left>, flow: &Flow) -> Result<Valued, Shortage> {
    debug_assert!(layers.is_sorted_by_key(|layer| (layer.on, layer.flow)), "the oldest layer comes first");
    match flow.kind {
        FlowKind::In { value } => Ok(enter(costing, layers, flow, value)),
        FlowKind::Back { .. } => {
            let value = part_left(left.unwrap_or_default(), flow)?;
            Ok(enter(costing, layers, flow, value))
        }
        FlowKind::Out => leave(costing, layers, flow),
        FlowKind::Revalue { by } => Ok(revalue(costing, layers, flow, by)),
        FlowKind::Standard { .. } => {
            let value = reprice(&costing.after(flow), layers);
            Ok(Valued::new(flow, value, value))
        }
    }
}

/// Values a whole history, ordered by (`on`, `id`); also gives the layers at its end.
///
/// The same as [`apply`] of each flow in turn. `costing` is the one before the first flow.
///
/// # Panics
/// When the flows are not in order, and as [`apply`] does.
pub fn replay(costing: &Costing, flows: &[Flow]) -> Result<(Vec<Valued>, Vec<Layer>), Shortage> {
    assert!(flows.is_sorted_by_key(|flow| (flow.on, flow.id)), "a history is ordered by day and id");
    let mut costing = *costing;
    let mut layers = Vec::new();
    let mut outs: BTreeMap<i64, Left> = BTreeMap::new();
    let mut history = Vec::with_capacity(flows.len());
    for flow in flows {
        let left = match flow.kind {
            FlowKind::Back { of } => outs.get(&of).copied(),
            _ => None,
        };
        let valued = apply(&costing, &mut layers, left, flow)?;
        keep_what_is_left(&mut outs, flow, &valued);
        costing = costing.after(flow);
        history.push(valued);
    }
    Ok((history, layers))
}

/// Notes what of each issue has not come back after this flow.
fn keep_what_is_left(outs: &mut BTreeMap<i64, Left>, flow: &Flow, valued: &Valued) {
    match flow.kind {
        FlowKind::Out => {
            outs.insert(flow.id, Left::after_out(flow, valued));
        }
        FlowKind::Back { of } => {
            outs.entry(of).and_modify(|left| *left = left.after_back(flow, valued));
        }
        FlowKind::In { .. } | FlowKind::Revalue { .. } | FlowKind::Standard { .. } => {}
    }
}

/// By how much flows that were valued before are worth more now, when not the same.
///
/// In the order of `before`. A flow that is only in `after`, such as the back-dated one, is no
/// difference: it is posted itself. So `before` + differences + new flows = `after`.
///
/// A difference goes where the flow's own counterpart went: of an issue, or of what came back of
/// it, to cost of sales; of a receipt or a revaluation to variance, because what was asked for
/// stays. Only stock value is compared: a *back-dated* change of standard may also divide the
/// other side of a later return otherwise between cost of sales and variance.
pub fn differences(before: &[Valued], after: &[Valued]) -> Vec<(i64, Amount)> {
    let now: BTreeMap<i64, Amount> = after.iter().map(|flow| (flow.flow, flow.value)).collect();
    before
        .iter()
        .map(|was| {
            let is = now.get(&was.flow).copied().unwrap_or_default();
            (was.flow, is - was.value)
        })
        .filter(|(_, by)| !by.is_zero())
        .collect()
}

/// What comes back of an issue: its part, rounded half up, of the value that is still outside.
fn part_left(left: Left, flow: &Flow) -> Result<Amount, Shortage> {
    if left.qty < flow.qty {
        let missing = flow.qty - left.qty;
        return Err(Shortage { flow: flow.id, missing });
    }
    Ok(part(left.value, flow.qty, left.qty))
}

/// `qty` of the `of` that are worth `value`, rounded half up. All of it is worth exactly `value`.
fn part(value: Amount, qty: Qty, of: Qty) -> Amount {
    value.scale(qty.raw(), of.raw()).expect("a part of something positive is not larger than it")
}

/// Goods that cost `asked` enter.
fn enter(costing: &Costing, layers: &mut Vec<Layer>, flow: &Flow, asked: Amount) -> Valued {
    assert!(Qty::ZERO < flow.qty, "goods enter in a positive quantity");
    // Somebody paid us to take them: that is income, not stock worth less than nothing.
    let cost = asked.max(Amount::ZERO);
    let value = match costing.method {
        CostMethod::Fifo => {
            add_layer(layers, flow, cost);
            cost
        }
        CostMethod::Average => {
            add_to_pool(layers, flow, cost);
            cost
        }
        CostMethod::Standard => {
            add_to_pool(layers, flow, Amount::ZERO);
            reprice(costing, layers)
        }
    };
    Valued::new(flow, asked, value)
}

fn add_layer(layers: &mut Vec<Layer>, flow: &Flow, value: Amount) {
    let place = layers.partition_point(|layer| (layer.on, layer.flow) <= (flow.on, flow.id));
    let layer = Layer { flow: flow.id, on: flow.on, qty: flow.qty, value };
    layers.insert(place, layer);
}

fn add_to_pool(layers: &mut Vec<Layer>, flow: &Flow, value: Amount) {
    match layers.first_mut() {
        Some(pool) => {
            pool.qty += flow.qty;
            pool.value += value;
        }
        None => layers.push(Layer { flow: POOL, on: flow.on, qty: flow.qty, value }),
    }
}

/// Makes the pool worth its quantity at standard; gives the change.
fn reprice(costing: &Costing, layers: &mut [Layer]) -> Amount {
    match (costing.method, layers.first_mut()) {
        (CostMethod::Standard, Some(pool)) => {
            let before = pool.value;
            pool.value = costing.at_standard(pool.qty);
            pool.value - before
        }
        _ => Amount::ZERO,
    }
}

/// Goods leave.
fn leave(costing: &Costing, layers: &mut Vec<Layer>, flow: &Flow) -> Result<Valued, Shortage> {
    assert!(Qty::ZERO < flow.qty, "goods leave in a positive quantity");
    let last = last_layer_needed(layers, flow)?;
    // A standard that changed without a `Standard` flow is variance, not cost of these goods.
    let repriced = reprice(costing, layers);
    let uses = match costing.method {
        CostMethod::Fifo | CostMethod::Average => take(layers, last, flow.qty),
        CostMethod::Standard => take_at_standard(costing, layers, flow.qty),
    };
    let cost: Amount = uses.iter().map(|used| used.value).sum();
    let valued = Valued::new(flow, -cost, repriced - cost);
    Ok(Valued { uses, ..valued })
}

/// The place of the layer that completes the quantity. Looks no further, because a product may
/// have thousands of layers.
fn last_layer_needed(layers: &[Layer], flow: &Flow) -> Result<usize, Shortage> {
    let mut missing = flow.qty;
    for (place, layer) in layers.iter().enumerate() {
        if missing <= layer.qty {
            return Ok(place);
        }
        missing -= layer.qty;
    }
    Err(Shortage { flow: flow.id, missing })
}

/// Takes the quantity from the layers up to `last`: all of the earlier, the rest from that one.
fn take(layers: &mut Vec<Layer>, last: usize, qty: Qty) -> Vec<Use> {
    let mut missing = qty;
    let mut uses = Vec::with_capacity(last + 1);
    for layer in &mut layers[..=last] {
        let taken = missing.min(layer.qty);
        let value = part(layer.value, taken, layer.qty);
        uses.push(take_from(layer, taken, value));
        missing -= taken;
    }
    remove_used_up(layers, last);
    uses
}

/// Takes the quantity from a pool that is worth its standard, so that what remains is, too.
fn take_at_standard(costing: &Costing, layers: &mut Vec<Layer>, qty: Qty) -> Vec<Use> {
    let pool = &mut layers[0];
    let value = pool.value - costing.at_standard(pool.qty - qty);
    let uses = vec![take_from(pool, qty, value)];
    remove_used_up(layers, 0);
    uses
}

fn take_from(layer: &mut Layer, qty: Qty, value: Amount) -> Use {
    layer.qty -= qty;
    layer.value -= value;
    Use { layer: layer.flow, qty, value }
}

/// All layers before `last` are used up, and perhaps that one.
fn remove_used_up(layers: &mut Vec<Layer>, last: usize) {
    let used_up = last + usize::from(layers[last].qty.is_zero());
    layers.drain(..used_up);
}

/// The goods we hold are worth `by` more.
///
/// Standard cost cannot change the value of goods this way: it only catches up with its
/// standard, and the rest is variance.
fn revalue(costing: &Costing, layers: &mut [Layer], flow: &Flow, by: Amount) -> Valued {
    let value = match costing.method {
        CostMethod::Fifo | CostMethod::Average => spread(layers, by),
        CostMethod::Standard => reprice(costing, layers),
    };
    Valued::new(flow, by, value)
}

/// Spreads the amount over the layers by value, by quantity when all are worth nothing; gives
/// what could be: nothing when there are no goods, and at most all the value is taken away.
fn spread(layers: &mut [Layer], by: Amount) -> Amount {
    if layers.is_empty() {
        return Amount::ZERO;
    }
    let total: Amount = layers.iter().map(|layer| layer.value).sum();
    // No layer goes below zero then: a share rounded up is at most the whole number above it.
    let by = by.max(-total);
    let weights: Vec<i64> = match total.is_zero() {
        true => layers.iter().map(|layer| layer.qty.raw()).collect(),
        false => layers.iter().map(|layer| layer.value.raw()).collect(),
    };
    for (layer, share) in layers.iter_mut().zip(split(by, &weights)) {
        layer.value += share;
    }
    by
}

#[cfg(test)]
mod tests;
