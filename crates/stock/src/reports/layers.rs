//! What each issue of a product took: from which receipts, and at what cost.
//!
//! Nothing of it is kept. First in is first out, so what lies in stock on a day is what came last before it, and what
//! an issue took follows from there:
//!
//! ```text
//! … in 5 │ in 8 · out 6 · in 4 ‖ out 3 · in 2 · out 7        ‖ the first day of the card, 9 held
//!        └ the receipts that make up the 9: 5 of the 8, and the 4
//! ```
//!
//! So the flows of the card are read, and those before it back to the oldest receipt of which something was left, not
//! the history before that. A revaluation in between divides its amount over what was open then, so one goes
//! back to what was held before it.

use std::collections::BTreeMap;

use books::{CostMethod, Costing, Flow, FlowKind, Layer, Use, apply};
use kernel::{Amount, Date, Price, Qty};
use meta::{Fault, FieldType, Reader, Row, Value};

/// How many flows of a card are looked at: more than it shows.
const WINDOW_MAX: usize = 10_000;
/// How many flows before a card are read at once.
const BACK_STEP: usize = 100;
/// How many flows before a card one goes back through; only a product that is revalued all the time needs so many.
const BACK_MAX: usize = 20_000;

/// Where a layer comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Receipt {
    /// The day of the receipt.
    pub on: Date,
    /// Its document: the entity and the id.
    pub doc: (String, i64),
}

/// What the issues of one product took.
#[derive(Debug, Default)]
pub(super) struct Taken {
    /// By the move of the issue, from the oldest layer on.
    pub uses: BTreeMap<i64, Vec<Use>>,
    /// By the move of the receipt.
    pub receipts: BTreeMap<i64, Receipt>,
}

/// The days of a card, and what was known.
#[derive(Clone, Copy, Debug)]
pub(super) struct Window {
    pub from: Date,
    pub to: Date,
    pub known_at: Option<i64>,
}

/// What a product's history says of one flow, as it was known.
#[derive(Clone, Debug)]
struct Known {
    /// Whatever came in, also what came back, is a receipt at its value.
    flow: Flow,
    value: Amount,
    doc: (String, i64),
}

/// What is written down of a flow after it was known how the card is to know it.
#[derive(Clone, Debug, Default)]
struct Later {
    /// The flow itself.
    is_new: bool,
    /// That it is taken back.
    is_undone: bool,
    /// By how much more it is worth.
    by: i64,
    /// The flow as it is now.
    row: Row,
}

/// What is read of a flow, in this order.
const COLUMNS: &str = "f.id, f.moved_on, f.kind, f.qty, f.cost, f.value, f.annulled, f.doc_entity, f.doc_id";

const WINDOW: &str = "
    select {columns}
    from stock_flow f
    where f.company = ?1 and f.product = ?2 and f.moved_on >= ?3 and f.moved_on <= ?4
    order by f.moved_on, f.id
    limit ?5";

const EARLIER: &str = "
    select {columns}
    from stock_flow f
    where f.company = ?1 and f.product = ?2 and (f.moved_on, f.id) < (?3, ?4)
    order by f.moved_on desc, f.id desc
    limit ?5";

/// What is held now, less all that flowed from a day on.
const HELD: &str = "
    select sum(qty), sum(value)
    from (
      select qty, value from product_value where company = ?1 and product = ?2
      union all
      select case kind when 'out' then qty else -qty end, -value
      from stock_flow
      where company = ?1 and product = ?2 and annulled = 0 and moved_on >= ?3
    ) k";

// By what was written down since, of all products: the sum is no column of an index, so the history of the product
// is not read for it.
const LATER: &str = "
    select {columns}, v.kind, v.value, m.reverses
    from stock_value v
    left join stock_move m on m.id = v.stock_move
    join stock_flow f on f.id = coalesce(m.reverses, v.stock_move)
    where v.company = ?1 and v.product + 0 = ?2 and v.recorded_at > ?3";

fn with_columns(sql: &str) -> String {
    sql.replace("{columns}", COLUMNS)
}

/// What the issues of a product took in some days, as it was known. None where no layers are
/// kept, because all of the product costs the same, or where it was revalued too often to be found.
pub(super) fn taken(reader: &dyn Reader, product: i64, window: Window) -> Result<Option<Taken>, Fault> {
    let own = [Value::Int(reader.context().company), product.into()];
    let method = reader.rows("select method from product_value where company = ?1 and product = ?2", &own)?;
    let Some(row) = method.first() else { return Ok(None) };
    if CostMethod::from_value(&row.0[0])? != CostMethod::Fifo {
        return Ok(None);
    }
    let later = match window.known_at {
        Some(at) => later(reader, &own, at)?,
        None => BTreeMap::new(),
    };
    let Some(mut walk) = begin(reader, &own, window.from, &later)? else { return Ok(None) };
    let mut layers = walk.layers();
    let mut receipts = walk.receipts;
    walk.after.reverse();
    let args = [&own[..], &[window.from.into(), window.to.into(), (WINDOW_MAX as i64).into()]].concat();
    let rows = reader.rows(&with_columns(WINDOW), &args)?;
    let flows = walk.after.into_iter().chain(rows.iter().filter_map(|row| as_known(row, &later)));
    let costing = Costing { method: CostMethod::Fifo, standard: Price::ZERO, currency: reader.context().currency };
    let mut taken = Taken::default();
    for known in flows {
        let valued = apply(&costing, &mut layers, None, &known.flow)
            .map_err(|short| Fault::new(format!("the history of product {product} is short at flow {}", short.flow)))?;
        if !valued.uses.is_empty() {
            taken.uses.insert(valued.flow, valued.uses);
        }
        if matches!(known.flow.kind, FlowKind::In { .. }) {
            receipts.push(known);
        }
    }
    taken.receipts = receipts.into_iter().map(|one| (one.flow.id, Receipt { on: one.flow.on, doc: one.doc })).collect();
    Ok(Some(taken))
}

/// Goes back from a day until it is known what lay in stock; none when it is too far.
fn begin(
    reader: &dyn Reader,
    own: &[Value; 2],
    from: Date,
    later: &BTreeMap<i64, Later>,
) -> Result<Option<Walk>, Fault> {
    if from == Date::MIN {
        return Ok(Some(Walk::from((Qty::ZERO, Amount::ZERO))));
    }
    let held = reader.rows(HELD, &[&own[..], &[from.into()]].concat())?;
    let mut held = held.first().map_or((0, 0), |row| (row.int(0), row.int(1)));
    for one in later.values().filter(|one| one.row.date(1).is_some_and(|on| on < from)) {
        let (now, then) = (counted(&one.row, &BTreeMap::new()), counted(&one.row, later));
        held = (held.0 + then.0 - now.0, held.1 + then.1 - now.1);
    }
    let mut walk = Walk::from((Qty::new(held.0), Amount::new(held.1)));
    let mut before = (from, 0);
    for _ in 0..BACK_MAX / BACK_STEP {
        if walk.is_known() {
            return Ok(Some(walk));
        }
        let args = [&own[..], &[before.0.into(), before.1.into(), (BACK_STEP as i64).into()]].concat();
        let rows = reader.rows(&with_columns(EARLIER), &args)?;
        let Some(last) = rows.last() else {
            return Err(Fault::new("there is more of a product than ever came"));
        };
        before = (last.date(1).unwrap_or(Date::MIN), last.int(0));
        for known in rows.iter().filter_map(|row| as_known(row, later)) {
            if walk.is_known() {
                break;
            }
            walk.back(known);
        }
    }
    Ok(walk.is_known().then_some(walk))
}

/// What is written down of a product after a moment, by the flow it is about.
fn later(reader: &dyn Reader, own: &[Value; 2], at: i64) -> Result<BTreeMap<i64, Later>, Fault> {
    let mut found: BTreeMap<i64, Later> = BTreeMap::new();
    for row in reader.rows(&with_columns(LATER), &[&own[..], &[at.into()]].concat())? {
        let one = found.entry(row.int(0)).or_default();
        match row.text(9) {
            "difference" => one.by += row.int(10),
            "move" if row.maybe_int(11).is_some() => one.is_undone = true,
            "move" => one.is_new = true,
            // A revaluation that is taken back has a second row of its own.
            _ if row.int(6) != 0 && !one.is_undone => one.is_undone = true,
            _ => one.is_new = true,
        }
        one.row = row;
    }
    Ok(found)
}

/// A flow as it was known; none when it was not, or had been taken back.
fn as_known(row: &Row, later: &BTreeMap<i64, Later>) -> Option<Known> {
    let since = later.get(&row.int(0));
    let (is_new, is_undone) = since.map_or((false, false), |since| (since.is_new, since.is_undone));
    if is_new || (row.int(6) != 0 && !is_undone) {
        return None;
    }
    let value = Amount::new(row.int(5) - since.map_or(0, |since| since.by));
    let kind = match row.text(2) {
        "in" | "back" => FlowKind::In { value },
        kind => FlowKind::kept(kind, row.int(4), 0),
    };
    let flow = Flow { id: row.int(0), on: row.date(1).unwrap_or(Date::MIN), qty: Qty::new(row.int(3)), kind };
    Some(Known { flow, value, doc: (row.text(7).to_owned(), row.int(8)) })
}

/// By how much there is more with a flow, and by how much that is worth more.
fn counted(row: &Row, later: &BTreeMap<i64, Later>) -> (i64, i64) {
    as_known(row, later).map_or((0, 0), |known| (known.moved().raw(), known.value.raw()))
}

impl Known {
    fn moved(&self) -> Qty {
        match self.flow.kind {
            FlowKind::Out => -self.flow.qty,
            _ => self.flow.qty,
        }
    }
}

/// The way back from a moment to the receipts that made up what was held at it.
#[derive(Debug)]
struct Walk {
    /// What was held at the moment.
    held: (Qty, Amount),
    /// The receipts before it, the latest first.
    receipts: Vec<Known>,
    /// How much came with them.
    covered: Qty,
    /// What was passed on the way, the latest first.
    passed: Vec<Known>,
    /// What was held at the point one has come to.
    reached: (Qty, Amount),
    /// What came after the moment, the latest first, since one had to choose an earlier moment.
    after: Vec<Known>,
}

impl Walk {
    fn from(held: (Qty, Amount)) -> Walk {
        let (receipts, passed, after) = (Vec::new(), Vec::new(), Vec::new());
        Walk { held, receipts, covered: Qty::ZERO, passed, reached: held, after }
    }

    /// Whether the receipts make up what was held.
    fn is_known(&self) -> bool {
        self.held.0 <= self.covered
    }

    /// One step back.
    fn back(&mut self, earlier: Known) {
        self.reached = (self.reached.0 - earlier.moved(), self.reached.1 - earlier.value);
        match earlier.flow.kind {
            FlowKind::Revalue { .. } => {
                self.after.append(&mut self.passed);
                self.after.push(earlier);
                *self = Walk { after: std::mem::take(&mut self.after), ..Walk::from(self.reached) };
            }
            FlowKind::In { .. } => {
                self.covered += earlier.flow.qty;
                self.receipts.push(earlier.clone());
                self.passed.push(earlier);
            }
            FlowKind::Out | FlowKind::Back { .. } | FlowKind::Standard { .. } => self.passed.push(earlier),
        }
    }

    /// What of the receipts lay there, the oldest first: all of the later ones, the rest of the oldest.
    fn layers(&self) -> Vec<Layer> {
        let mut left = self.held;
        let mut layers: Vec<Layer> = Vec::new();
        for Known { flow, value, .. } in &self.receipts {
            let (qty, value) = if left.0 <= flow.qty { left } else { (flow.qty, *value) };
            left = (left.0 - qty, left.1 - value);
            if Qty::ZERO < qty {
                layers.push(Layer { flow: flow.id, on: flow.on, qty, value });
            }
        }
        layers.reverse();
        layers
    }
}

#[cfg(test)]
mod tests {
    use books::replay;
    use kernel::Currency;

    use super::*;

    fn costing() -> Costing {
        Costing {
            method: CostMethod::Fifo,
            standard: Price::ZERO,
            currency: Currency::parse("EUR").expect("a currency"),
        }
    }

    /// A history that never takes more than there is, with returns and revaluations.
    fn history(seed: u64) -> Vec<Flow> {
        let mut dice = seed;
        let mut roll = |most: u64| {
            dice = dice.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            i64::try_from((dice >> 33) % most).expect("small")
        };
        let (mut flows, mut held, mut out): (Vec<Flow>, i64, Vec<(i64, i64)>) = (Vec::new(), 0, Vec::new());
        for id in 1..=80 {
            let on = Date::new(2026, 1, 1).expect("a day").add_days(i32::try_from(id / 3).expect("small"));
            let (kind, qty) = match (roll(10), out.last().copied()) {
                (0, _) if 0 < held => (FlowKind::Revalue { by: Amount::new(roll(400) - 150) }, 0),
                (1, Some((of, qty))) => (FlowKind::Back { of }, roll(qty as u64) + 1),
                (2..6, _) if 0 < held => (FlowKind::Out, roll(held as u64) + 1),
                _ => (FlowKind::In { value: Amount::new(roll(1000)) }, roll(9) + 1),
            };
            match kind {
                FlowKind::Out => {
                    held -= qty;
                    out.push((id, qty));
                }
                FlowKind::Back { .. } => {
                    held += qty;
                    out.pop();
                }
                _ => held += qty,
            }
            flows.push(Flow { id, on, kind, qty: Qty::new(qty) });
        }
        flows
    }

    #[test]
    fn from_any_day_on_issues_take_what_the_whole_history_says() {
        let mut gone_back = 0;
        for seed in 1..=40 {
            let flows = history(seed);
            let (valued, _) = replay(&costing(), &flows).expect("never short");
            let known = |at: usize| {
                let kind = match flows[at].kind {
                    FlowKind::Back { .. } => FlowKind::In { value: valued[at].value },
                    kind => kind,
                };
                Known { flow: Flow { kind, ..flows[at] }, value: valued[at].value, doc: (String::new(), 0) }
            };
            for cut in 0..flows.len() {
                let before = |sum: (Qty, Amount), at| (sum.0 + known(at).moved(), sum.1 + known(at).value);
                let mut walk = Walk::from((0..cut).fold((Qty::ZERO, Amount::ZERO), before));
                let mut earlier = (0..cut).rev();
                while !walk.is_known() {
                    walk.back(known(earlier.next().expect("what is held once came")));
                }
                gone_back += walk.after.len();
                let mut layers = walk.layers();
                walk.after.reverse();
                for one in walk.after.into_iter().chain((cut..flows.len()).map(known)) {
                    let found = apply(&costing(), &mut layers, None, &one.flow).expect("never short");
                    let whole = valued.iter().find(|whole| whole.flow == found.flow).expect("of the history");
                    assert_eq!((&found.uses, found.value), (&whole.uses, whole.value), "seed {seed}, from {cut}");
                }
            }
        }
        assert!(0 < gone_back, "some had to go back beyond a revaluation");
    }
}
