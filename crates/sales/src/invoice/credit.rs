//! What an invoice means to credit: what it asks for anew, and what was committed before. Pure.

use std::collections::BTreeMap;

use books::{Commitment, CommitmentKind, Posting};
use kernel::{Amount, Qty};

use super::{Facts, Invoice, InvoiceKind, InvoiceLine};
use crate::delivery::OrderLine;
use crate::header_rules;

/// What a line is worth to credit.
fn at_risk(doc: &Invoice, line: &InvoiceLine, facts: &Facts) -> Amount {
    header_rules::at_risk((line.total, doc.currency), line.total_base, doc.rate, &facts.header)
}

/// What the customer comes to owe that no order and no delivery has committed, in company currency.
pub(super) fn added(doc: &Invoice, facts: &Facts) -> Amount {
    if doc.kind == InvoiceKind::CreditNote {
        return Amount::ZERO;
    }
    let mut asked: BTreeMap<i64, Qty> = BTreeMap::new();
    let uncommitted = |line: &InvoiceLine| {
        let whole = at_risk(doc, line, facts);
        let ordered = line.order_line.and_then(|id| Some((id.raw(), facts.order_lines.get(&id.raw())?)));
        let Some((id, ordered)) = ordered else {
            return if line.order_line.is_none() { whole } else { Amount::ZERO };
        };
        let before = asked.entry(id).or_default();
        let beyond = |asked: Qty| (ordered.invoiced_qty + asked - ordered.billable()).max(Qty::ZERO);
        let more = beyond(*before + line.qty) - beyond(*before);
        *before += line.qty;
        if more.is_zero() {
            return Amount::ZERO;
        }
        whole.scale(more.raw(), line.qty.raw()).unwrap_or(whole)
    };
    doc.lines.iter().map(uncommitted).sum()
}

/// What was committed as ordered or delivered is committed as invoiced: in proportion to the
/// quantity, the last takes the rest.
pub(super) fn commit(doc: &Invoice, owed_base: Amount, facts: &Facts, posting: &mut Posting) {
    let legal = facts.header.credit.legal;
    if doc.kind == InvoiceKind::Invoice {
        let mut open = facts.open.commitments.clone();
        // What was delivered is owed before what is only ordered.
        open.sort_by_key(|one| one.kind != CommitmentKind::Delivered);
        let mut asked: BTreeMap<i64, Qty> = BTreeMap::new();
        for line in &doc.lines {
            let Some((id, ordered)) =
                line.order_line.and_then(|id| Some((id.raw(), facts.order_lines.get(&id.raw())?)))
            else {
                continue;
            };
            let before = asked.entry(id).or_default();
            let mut release = released(id, ordered, *before + line.qty, facts) - released(id, ordered, *before, facts);
            *before += line.qty;
            for one in open.iter_mut().filter(|one| one.line == id) {
                let part = release.min(one.amount);
                (release, one.amount) = (release - part, one.amount - part);
                let (party, kind) = (one.party, one.kind);
                posting.commitments.push(Commitment { party, kind, amount: -part, doc_line: Some(id) });
            }
        }
    }
    // What a credit note settles of an invoice was committed with that invoice, and what it
    // leaves open we owe: both lower what the customer may come to owe us.
    posting.commitments.push(Commitment {
        party: legal,
        kind: CommitmentKind::Invoiced,
        amount: owed_base,
        doc_line: None,
    });
    posting.commitments.retain(|one| !one.amount.is_zero());
}

/// How much of what a line of an order has committed is owed by invoice once so much of it is invoiced.
fn released(id: i64, ordered: &OrderLine, qty: Qty, facts: &Facts) -> Amount {
    let kinds = [CommitmentKind::Delivered, CommitmentKind::Ordered];
    let whole: Amount = kinds.iter().map(|kind| facts.open.committed(id, *kind)).sum();
    let left = ordered.billable() - ordered.invoiced_qty;
    match left <= qty {
        true => whole,
        false => whole.scale(qty.raw(), left.raw()).unwrap_or(Amount::ZERO),
    }
}
