//! What an invoice means to credit: what it asks for anew, and what was committed before. Pure.

use std::collections::BTreeMap;

use books::{Commitment, CommitmentKind, Posting};
use kernel::{Amount, Qty};

use super::decide::signed;
use super::{Facts, Invoice, InvoiceKind, InvoiceLine};
use crate::committed::{Far, towards};
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

/// What its lines commit, and what the customer owes by it instead.
pub(super) fn commit(doc: &Invoice, owed_base: Amount, facts: &Facts, posting: &mut Posting) {
    posting.commitments.extend(of_lines(doc, 1, facts));
    // What a credit note settles of an invoice was committed with that invoice, and what it
    // leaves open we owe: both lower what the customer may come to owe us.
    if !owed_base.is_zero() {
        posting.commitments.push(Commitment {
            party: facts.header.credit.legal,
            kind: CommitmentKind::Invoiced,
            amount: owed_base,
            doc_line: None,
        });
    }
}

/// What the lines of orders, and of deliveries without one, commit once so much more of them is invoiced. A credit
/// note gives back, and what the customer keeps is to be invoiced again; with `sign` -1 all of that is taken back.
pub(super) fn of_lines(doc: &Invoice, sign: i64, facts: &Facts) -> Vec<Commitment> {
    let mut aims: BTreeMap<i64, Far> = BTreeMap::new();
    for line in &doc.lines {
        let by = Qty::new(sign * signed(doc, Amount::new(line.qty.raw())).raw());
        let ordered = line.order_line.and_then(|id| Some((id.raw(), facts.order_lines.get(&id.raw())?.far())));
        let delivered = || line.delivery_line.and_then(|id| Some((id.raw(), facts.delivered.get(&id.raw())?.far)));
        if let Some((id, far)) = ordered.or_else(|| delivered().filter(|_| line.order_line.is_none())) {
            aims.entry(id).or_insert(far).invoiced += by;
        }
    }
    towards(&aims, facts.header.credit.legal, facts.open.without(&facts.own))
}
