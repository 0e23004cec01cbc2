//! What goods are worth, computed once more, in the plainest way: from the first move on.

use std::collections::BTreeMap;

/// One step in the history of a product.
#[derive(Clone, Debug)]
pub(crate) struct Step {
    /// The move, or the change of standard.
    pub id: i64,
    /// The day.
    pub on: String,
    /// What happens.
    pub what: What,
    /// How much.
    pub qty: i128,
}

/// What happens in a step.
#[derive(Clone, Copy, Debug)]
pub(crate) enum What {
    /// Goods arrive and cost this much.
    Arrive(i128),
    /// Goods leave.
    Leave,
    /// Goods of an earlier step come back.
    Return(i64),
    /// One unit is worth this much from now on.
    Standard(i128),
    /// All of it together is worth so much more.
    Worth(i128),
}

/// What is left of an arrival.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Pile {
    pub of: i64,
    pub on: String,
    pub qty: i128,
    pub value: i128,
}

/// The end of a history.
#[derive(Clone, Debug, Default)]
pub(crate) struct Outcome {
    pub piles: Vec<Pile>,
    /// What each step added to the value of stock.
    pub values: BTreeMap<i64, i128>,
}

/// Half is rounded up, away from nothing.
pub(crate) fn rounded(above: i128, below: i128) -> i128 {
    let (negative, above) = ((above < 0) != (below < 0), above.abs());
    let below = below.abs();
    let whole = (above * 2 + below) / (below * 2);
    if negative { -whole } else { whole }
}

/// Walks a history from its beginning. Steps must be in the order of their days and ids.
pub(crate) fn walk(method: &str, standard: i128, per_unit: i128, steps: &[Step]) -> Result<Outcome, String> {
    let mut end = Outcome::default();
    let mut standard = standard;
    // What has not come back of each step that left: quantity and value.
    let mut away: BTreeMap<i64, (i128, i128)> = BTreeMap::new();
    let at_standard = |qty: i128, standard: i128| rounded(qty * standard, per_unit);
    for step in steps {
        let before: i128 = end.piles.iter().map(|pile| pile.value).sum();
        match step.what {
            What::Arrive(cost) => arrive(&mut end.piles, method, step, cost),
            What::Return(of) => {
                let Some((qty, value)) = away.get_mut(&of) else {
                    return Err(format!("move {} returns {of}, which never left", step.id));
                };
                if *qty < step.qty {
                    return Err(format!("move {} returns more than is away of {of}", step.id));
                }
                let part = if *qty == step.qty { *value } else { rounded(*value * step.qty, *qty) };
                *qty -= step.qty;
                *value -= part;
                arrive(&mut end.piles, method, step, part);
            }
            What::Leave => {
                if method == "standard" {
                    end.piles.iter_mut().for_each(|pile| pile.value = at_standard(pile.qty, standard));
                }
                let held: i128 = end.piles.iter().map(|pile| pile.value).sum();
                leave(&mut end.piles, step)?;
                if method == "standard" {
                    end.piles.iter_mut().for_each(|pile| pile.value = at_standard(pile.qty, standard));
                }
                let now: i128 = end.piles.iter().map(|pile| pile.value).sum();
                away.insert(step.id, (step.qty, held - now));
            }
            What::Standard(price) => standard = price,
            What::Worth(by) => share(&mut end.piles, by),
        }
        if method == "standard" {
            end.piles.iter_mut().for_each(|pile| pile.value = at_standard(pile.qty, standard));
        }
        let after: i128 = end.piles.iter().map(|pile| pile.value).sum();
        end.values.insert(step.id, after - before);
    }
    Ok(end)
}

fn arrive(piles: &mut Vec<Pile>, method: &str, step: &Step, value: i128) {
    match piles.first_mut() {
        Some(pool) if method != "fifo" => {
            pool.qty += step.qty;
            pool.value += value;
        }
        _ => {
            let of = if method == "fifo" { step.id } else { 0 };
            piles.push(Pile { of, on: step.on.clone(), qty: step.qty, value });
        }
    }
}

/// Every pile has its part of a change in value: the whole coins first, then one coin each to
/// those that miss most of one.
fn share(piles: &mut [Pile], by: i128) {
    let weight = |pile: &Pile, by_value: bool| if by_value { pile.value } else { pile.qty };
    let by_value = piles.iter().any(|pile| pile.value != 0);
    let whole: i128 = piles.iter().map(|pile| weight(pile, by_value)).sum();
    if whole <= 0 {
        return;
    }
    // Goods are never worth less than nothing: what they cannot lose is lost elsewhere.
    let by = by.max(-piles.iter().map(|pile| pile.value).sum::<i128>());
    let size = by.abs();
    let mut parts: Vec<(usize, i128, i128)> = piles
        .iter()
        .enumerate()
        .map(|(at, pile)| (at, size * weight(pile, by_value) / whole, size * weight(pile, by_value) % whole))
        .collect();
    let mut left = size - parts.iter().map(|part| part.1).sum::<i128>();
    parts.sort_by_key(|part| (-part.2, part.0));
    for (at, coins, _) in parts {
        let more = i128::from(0 < left);
        left -= more;
        piles[at].value += by.signum() * (coins + more);
    }
}

fn leave(piles: &mut Vec<Pile>, step: &Step) -> Result<(), String> {
    let mut missing = step.qty;
    while missing > 0 {
        let Some(first) = piles.first_mut() else {
            return Err(format!("move {} on {} takes {missing} more than there was", step.id, step.on));
        };
        if first.qty <= missing {
            missing -= first.qty;
            piles.remove(0);
        } else {
            first.value -= rounded(first.value * missing, first.qty);
            first.qty -= missing;
            missing = 0;
        }
    }
    Ok(())
}
