//! Makes what an order has promised and committed what it should be: posts the difference.
//!
//! Confirming, changing, reserving later, closing and reopening are all this one step towards
//! another aim, so none of them can forget or count twice what another did.

use std::collections::BTreeMap;

use books::{Commitment, PlaceId, Posting, ProductId, Promise, PromiseKind};
use kernel::{Qty, Rounding, div_round};

use crate::committed::{Far, towards};
use crate::header_rules::at_risk;

use super::{Facts, SalesOrder, SalesOrderLine};

/// What an order should have promised and committed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Aim {
    /// All that is not delivered yet, reserved as far as it is free.
    Everything,
    /// All that is not delivered yet; no more is reserved than is already.
    Promised,
    /// All that is not delivered yet; nothing of it is reserved.
    Released,
    /// Nothing any more.
    Nothing,
}

/// The part of a quantity, rounded half up; all of it is all.
pub(crate) fn part(whole: Qty, qty: Qty, of: Qty) -> Qty {
    if qty == of || of.is_zero() {
        return whole;
    }
    let exact = i128::from(whole.raw()) * i128::from(qty.raw());
    let raw = div_round(exact, i128::from(of.raw()), Rounding::HalfUp);
    Qty::new(i64::try_from(raw).expect("a part is not larger than the whole"))
}

/// What a line still owes the customer, in the product's own unit.
pub(super) fn left(line: &SalesOrderLine) -> Qty {
    let undelivered = line.qty - line.delivered_qty;
    match line.stocked && Qty::ZERO < undelivered {
        true => part(line.product_qty, undelivered, line.qty),
        false => Qty::ZERO,
    }
}

/// How far a line is, and what it is worth to credit.
pub(super) fn far(line: &SalesOrderLine, order: &SalesOrder, facts: &Facts, is_open: bool) -> Far {
    Far {
        qty: line.qty,
        worth: at_risk((line.total, order.currency), line.total_base, order.rate, &facts.header),
        is_open,
        delivered: line.delivered_qty,
        returned: line.returned_qty,
        invoiced: line.invoiced_qty,
    }
}

type PromiseKey = (i64, ProductId, PlaceId, u8);

fn rank(kind: PromiseKind) -> u8 {
    u8::from(kind != PromiseKind::Reserved)
}

pub(super) fn align(order: &SalesOrder, facts: &Facts, aim: Aim) -> Posting {
    Posting { commitments: commitments(order, facts, aim), promises: promises(order, facts, aim), ..Posting::default() }
}

fn commitments(order: &SalesOrder, facts: &Facts, aim: Aim) -> Vec<Commitment> {
    let far = |line: &SalesOrderLine| (line.id.raw(), far(line, order, facts, aim != Aim::Nothing));
    let mut aims: BTreeMap<i64, Far> = order.lines.iter().map(far).collect();
    // Lines that were removed have committed nothing any more.
    for one in &facts.open.commitments {
        aims.entry(one.line).or_insert(Far::NOTHING);
    }
    towards(&aims, facts.header.credit.legal, facts.open.commitments.iter().copied())
}

fn promises(order: &SalesOrder, facts: &Facts, aim: Aim) -> Vec<Promise> {
    let mut due: BTreeMap<PromiseKey, Qty> = BTreeMap::new();
    for one in &facts.open.promises {
        *due.entry((one.line, one.product, one.place, rank(one.kind))).or_default() -= one.qty;
    }
    if aim != Aim::Nothing {
        let mut free: BTreeMap<i64, Qty> =
            facts.lines.stock.iter().map(|(product, balance)| (*product, balance.free())).collect();
        for line in order.lines.iter().filter(|line| line.stocked) {
            let key = |kind| (line.id.raw(), line.product, order.place, rank(kind));
            let free = free.entry(line.product.raw()).or_default();
            let kept = -due.get(&key(PromiseKind::Reserved)).copied().unwrap_or_default();
            let most = match aim {
                Aim::Everything => kept + *free,
                Aim::Promised => kept,
                Aim::Released | Aim::Nothing => Qty::ZERO,
            };
            let reserved = left(line).min(most);
            // What is given up here may be kept by a later line only after this is posted.
            *free -= (reserved - kept).max(Qty::ZERO);
            *due.entry(key(PromiseKind::Reserved)).or_default() += reserved;
            *due.entry(key(PromiseKind::Demand)).or_default() += left(line) - reserved;
        }
    }
    due.into_iter()
        .filter(|(_, qty)| !qty.is_zero())
        .map(|((line, product, place, rank), qty)| Promise {
            product,
            place,
            kind: if rank == 0 { PromiseKind::Reserved } else { PromiseKind::Demand },
            qty,
            due_on: order.wanted_on,
            doc_line: line,
        })
        .collect()
}
