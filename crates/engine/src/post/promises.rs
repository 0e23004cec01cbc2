//! Credit and promises: signed rows, and the sums that are kept of them.

use std::collections::BTreeMap;

use books::{Commitment, CommitmentKind, Posting, Promise, PromiseKind};
use kernel::{Date, Label, ProblemKind, Qty, Refusal};
use meta::{Fault, Reader, Trouble};

use super::Doc;
use crate::facts::{Tx, places};

/// The name of a kind of commitment, as stored.
pub(super) fn commitment_name(kind: CommitmentKind) -> &'static str {
    match kind {
        CommitmentKind::Ordered => "ordered",
        CommitmentKind::Delivered => "delivered",
        CommitmentKind::Invoiced => "invoiced",
    }
}

/// The kind of a stored name.
pub(super) fn commitment_kind(name: &str) -> CommitmentKind {
    match name {
        "ordered" => CommitmentKind::Ordered,
        "delivered" => CommitmentKind::Delivered,
        _ => CommitmentKind::Invoiced,
    }
}

/// The name of a kind of promise, as stored.
pub(super) fn promise_name(kind: PromiseKind) -> &'static str {
    match kind {
        PromiseKind::Reserved => "reserved",
        PromiseKind::Demand => "demand",
        PromiseKind::Supply => "supply",
    }
}

/// The kind of a stored name.
pub(super) fn promise_kind(name: &str) -> PromiseKind {
    match name {
        "reserved" => PromiseKind::Reserved,
        "demand" => PromiseKind::Demand,
        _ => PromiseKind::Supply,
    }
}

/// Writes commitments and raises exposures.
pub(super) fn commit(tx: &Tx, doc: Doc, commitments: &[Commitment]) -> Result<(), Fault> {
    let real: Vec<&Commitment> = commitments.iter().filter(|one| !one.amount.is_zero()).collect();
    if real.is_empty() {
        return Ok(());
    }
    let (company, now) = (tx.context.company, tx.context.now.micros());
    let mut args = Vec::new();
    let mut sums: BTreeMap<(i64, &'static str), i64> = BTreeMap::new();
    for one in &real {
        let kind = commitment_name(one.kind);
        args.extend([
            tx.id()?.into(),
            company.into(),
            one.party.raw().into(),
            kind.into(),
            one.amount.raw().into(),
            now.into(),
            doc.name.entity.into(),
            doc.name.id.into(),
            one.doc_line.into(),
        ]);
        *sums.entry((one.party.raw(), kind)).or_default() += one.amount.raw();
    }
    let sql = format!(
        "insert into commitment (id, company, party, kind, amount, recorded_at, doc_entity, doc_id, doc_line) values {}",
        places(real.len(), 9)
    );
    tx.push(sql, args);
    let rows = sums.len();
    let args = sums
        .into_iter()
        .flat_map(|((party, kind), amount)| [company.into(), party.into(), kind.into(), amount.into()])
        .collect();
    let sql = format!(
        "insert into exposure (company, party, kind, amount) values {}
         on conflict (company, party, kind) do update set amount = exposure.amount + excluded.amount",
        places(rows, 4)
    );
    tx.push(sql, args);
    Ok(())
}

/// Writes promises and raises what is kept of them.
pub(super) fn promise(tx: &Tx, doc: Doc, promises: &[Promise]) -> Result<(), Fault> {
    let real: Vec<&Promise> = promises.iter().filter(|one| !one.qty.is_zero()).collect();
    if real.is_empty() {
        return Ok(());
    }
    let (company, now) = (tx.context.company, tx.context.now.micros());
    let mut args = Vec::new();
    let mut sums: BTreeMap<(i64, i64), [i64; 3]> = BTreeMap::new();
    for one in &real {
        args.extend([
            tx.id()?.into(),
            company.into(),
            one.product.raw().into(),
            one.place.raw().into(),
            promise_name(one.kind).into(),
            one.qty.raw().into(),
            one.due_on.into(),
            now.into(),
            doc.name.entity.into(),
            doc.name.id.into(),
            one.doc_line.into(),
        ]);
        let sum = sums.entry((one.product.raw(), one.place.raw())).or_default();
        sum[one.kind as usize] += one.qty.raw();
    }
    let sql = format!(
        "insert into promise (id, company, product, place, kind, qty, due_on, recorded_at, doc_entity, doc_id, doc_line)
         values {}",
        places(real.len(), 11)
    );
    tx.push(sql, args);
    let sums = sums
        .into_iter()
        .map(|((product, place), [reserved, demand, supply])| (product, place, [0, reserved, demand, supply]));
    keep(tx, sums.collect());
    Ok(())
}

/// Raises kept stock: on hand, reserved, demand, supply.
pub(super) fn keep(tx: &Tx, sums: Vec<(i64, i64, [i64; 4])>) {
    if sums.is_empty() {
        return;
    }
    let rows = sums.len();
    let mut args = Vec::new();
    for (product, place, measures) in sums {
        args.extend([tx.context.company.into(), product.into(), place.into()]);
        args.extend(measures.map(meta::Value::Int));
    }
    let sql = format!(
        "insert into stock_balance (company, product, place, on_hand, reserved, demand, supply) values {}
         on conflict (company, product, place) do update set
           on_hand = stock_balance.on_hand + excluded.on_hand,
           reserved = stock_balance.reserved + excluded.reserved,
           demand = stock_balance.demand + excluded.demand,
           supply = stock_balance.supply + excluded.supply",
        places(rows, 7)
    );
    tx.push(sql, args);
}

/// What is kept of a product in a place, and what moves on days to come.
#[derive(Default)]
struct Kept {
    on_hand: Qty,
    reserved: Qty,
    to_come: BTreeMap<Date, Qty>,
}

/// Checks the laws of kept stock for what a posting touched: never less than nothing on
/// hand in a place of ours, never more reserved than there is, today and on every day to come.
pub(super) fn check(tx: &Tx, posting: &Posting) -> Result<(), Trouble> {
    let mut touched: Vec<(i64, i64)> = Vec::new();
    for one in &posting.moves {
        touched.push((one.product.raw(), one.from.raw()));
        touched.push((one.product.raw(), one.to.raw()));
    }
    touched.extend(posting.promises.iter().map(|one| (one.product.raw(), one.place.raw())));
    check_places(tx, touched)
}

/// The same for products in places.
pub(super) fn check_places(tx: &Tx, mut touched: Vec<(i64, i64)>) -> Result<(), Trouble> {
    touched.sort_unstable();
    touched.dedup();
    if touched.is_empty() {
        return Ok(());
    }
    // Every product in every place touched: a few more than were touched, for which the laws
    // hold anyway.
    let list = |ids: Vec<i64>| ids.iter().map(i64::to_string).collect::<Vec<_>>().join(", ");
    let products = list(touched.iter().map(|(product, _)| *product).collect());
    let places = list(touched.iter().map(|(_, place)| *place).collect());
    let rows = tx.query(
        &format!(
            "select product, place, on_hand, reserved, '' as moved_on
             from stock_balance
             where company = ?1 and product in ({products}) and place in ({places})
             union all
             select product, to_place, qty, 0, moved_on
             from stock_move
             where company = ?1 and moved_on > ?2 and product in ({products}) and to_place in ({places})
             union all
             select product, from_place, -qty, 0, moved_on
             from stock_move
             where company = ?1 and moved_on > ?2 and product in ({products}) and from_place in ({places})"
        ),
        &[tx.context.company.into(), tx.context.today.into()],
    )?;
    let mut kept: BTreeMap<(i64, i64), Kept> = BTreeMap::new();
    for row in &rows {
        let one = kept.entry((row.int(0), row.int(1))).or_default();
        match row.date(4) {
            Some(on) => *one.to_come.entry(on).or_default() += Qty::new(row.int(2)),
            None => (one.on_hand, one.reserved) = (Qty::new(row.int(2)), Qty::new(row.int(3))),
        }
    }
    let mut problems = Vec::new();
    for ((product, place), one) in kept {
        let there = one.on_hand - books::still_to_come(&one.to_come);
        if Qty::ZERO <= one.reserved && one.reserved <= there {
            continue;
        }
        let kind = tx.steady_rows("select kind from place where id = ?1", &[place.into()])?;
        // Suppliers, customers and loss may owe goods; what is ours may not.
        if kind.first().is_some_and(|kind| matches!(kind.text(0), "stock" | "warehouse" | "transit")) {
            problems.push(short(product, place, there.raw(), one.reserved.raw()));
        }
    }
    if problems.is_empty() { Ok(()) } else { Err(Refusal::merge(problems).into()) }
}

fn short(product: i64, place: i64, on_hand: i64, reserved: i64) -> Refusal {
    if on_hand < 0 {
        return Refusal::new(
            "not_enough_stock",
            Label::new(
                "{place} is short of {product} by {missing}. Reduce the quantity, or receive goods first.",
                "{place} 的 {product} 缺少 {missing}。请减少数量，或先入库。",
            ),
        )
        .kind(ProblemKind::Conflict)
        .with("place", ("place", place))
        .with("product", ("product", product))
        .with("missing", Qty::new(-on_hand));
    }
    Refusal::new(
        "more_reserved_than_free",
        Label::new(
            "{missing} more of {product} in {place} is reserved for orders than is there. Release a reservation, or reduce the quantity.",
            "{place} 的 {product} 已被订单预留，超出 {missing}。请释放预留或减少数量。",
        ),
    )
    .kind(ProblemKind::Conflict)
    .with("place", ("place", place))
    .with("product", ("product", product))
    .with("missing", Qty::new((reserved - on_hand).max(0)))
}
