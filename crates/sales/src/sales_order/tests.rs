use books::{CommitmentKind, PromiseKind};
use kernel::{Amount, Currency, Id, Price, Qty};
use meta::{Document, Effects, Entity, Record};
use proptest::prelude::*;

use super::{Action, Facts, Fulfilment, Reserving, SalesOrder, SalesOrderLine, Stage};
use crate::read::{Open, OpenCommitment, OpenPromise};
use crate::testing::{self, text};

fn facts() -> Facts {
    Facts {
        header: testing::header(),
        lines: testing::lines(),
        open: Open::default(),
        reserving: Reserving::AtConfirm,
        letterhead: None,
    }
}

/// Lines such as `3 of 7; 1 of 9`: products of the shop in `testing`, lines numbered from 71.
fn order(lines: &str) -> SalesOrder {
    let mut doc = SalesOrder::from_record(&Record::empty(SalesOrder::meta())).unwrap();
    doc.id = Id::new(70);
    doc.number = "S1".into();
    doc.customer = Id::new(3);
    for (row, line) in lines.split(';').enumerate() {
        let (qty, product) = line.trim().split_once(" of ").unwrap();
        let mut line = SalesOrderLine::from_record(&Record::empty(SalesOrderLine::meta())).unwrap();
        line.id = Id::new(71 + row as i64);
        line.product = Id::new(product.parse().unwrap());
        line.qty = Qty::parse(qty).unwrap();
        doc.lines.push(line);
    }
    SalesOrder::complete(&mut doc, &facts()).unwrap();
    doc
}

fn confirmed(lines: &str) -> SalesOrder {
    SalesOrder { stage: Stage::Confirmed, ..order(lines) }
}

/// The open facts after effects were posted on top of them.
fn after(open: &Open, effects: &Effects) -> Open {
    let mut open = open.clone();
    for one in &effects.posting.promises {
        let same =
            |known: &&mut OpenPromise| (known.line, known.place, known.kind) == (one.doc_line, one.place, one.kind);
        match open.promises.iter_mut().find(same) {
            Some(known) => known.qty += one.qty,
            None => open.promises.push(OpenPromise {
                line: one.doc_line,
                product: one.product,
                place: one.place,
                kind: one.kind,
                qty: one.qty,
            }),
        }
    }
    for one in &effects.posting.commitments {
        let line = one.doc_line.unwrap();
        match open.commitments.iter_mut().find(|known| (known.line, known.kind) == (line, one.kind)) {
            Some(known) => known.amount += one.amount,
            None => {
                open.commitments.push(OpenCommitment { line, party: one.party, kind: one.kind, amount: one.amount })
            }
        }
    }
    open
}

/// Facts of an order that was confirmed with three mugs.
fn facts_after_three_mugs() -> Facts {
    let effects = SalesOrder::decide(&order("3 of 7"), &confirm(), &facts()).unwrap().1;
    let mut facts = facts();
    facts.open = after(&Open::default(), &effects);
    facts.lines.stock.get_mut(&7).unwrap().reserved += Qty::whole(3);
    facts
}

fn confirm() -> Action {
    Action::Confirm { override_reason: None }
}

fn told(decided: Result<(&'static str, Effects), kernel::Refusal>) -> Vec<String> {
    match decided {
        Err(refusal) => vec![format!("refused: {refusal}")],
        Ok((stage, effects)) => {
            let mut told = vec![stage.to_owned()];
            told.extend(testing::told(&effects));
            told
        }
    }
}

fn check_on(doc: &SalesOrder, action: Action, facts: &Facts, expected: &str) {
    assert_eq!(told(SalesOrder::decide(doc, &action, facts)), text(expected));
}

#[test]
fn confirming_commits_credit_and_reserves_what_is_free() {
    check_on(
        &order("3 of 7; 2 of 9"),
        confirm(),
        &facts(),
        "
        confirmed
        commit #30 Ordered 36.00 for line 71
        commit #30 Ordered 20.00 for line 72
        promise Reserved 3 of #7 in #1 for line 71
    ",
    );
}

#[test]
fn goods_may_be_reserved_some_days_before_they_are_wanted_or_by_hand() {
    let reserving = |days| Facts { reserving: Reserving::DaysBefore(days), ..facts() };
    let promised = |facts: &Facts, wanted_in: i32| {
        let doc = SalesOrder { wanted_on: facts.header.today.add_days(wanted_in), ..order("3 of 7") };
        told(SalesOrder::decide(&doc, &confirm(), facts)).pop().unwrap()
    };
    let (reserved, demand) = ("promise Reserved 3 of #7 in #1 for line 71", "promise Demand 3 of #7 in #1 for line 71");
    assert_eq!(promised(&reserving(4), 4), reserved);
    assert_eq!(promised(&reserving(4), 5), demand);
    assert_eq!(promised(&Facts { reserving: Reserving::ByHand, ..facts() }, 0), demand);
    // Whoever asks for it gets it at any time, and a later change keeps it.
    let confirmed =
        SalesOrder { stage: Stage::Confirmed, wanted_on: facts().header.today.add_days(9), ..order("3 of 7") };
    let mut later = reserving(4);
    later.open = after(&Open::default(), &SalesOrder::decide(&order("3 of 7"), &confirm(), &reserving(-9)).unwrap().1);
    let effects = SalesOrder::decide(&confirmed, &Action::Reserve, &later).unwrap().1;
    assert!(testing::told(&effects).contains(&reserved.to_owned()));
    let kept = Facts { open: facts_after_three_mugs().open, ..reserving(4) };
    assert_eq!(testing::told(&SalesOrder::saved(None, &confirmed, &kept).unwrap()), Vec::<String>::new());
}

#[test]
fn what_is_not_free_is_demand_and_earlier_lines_come_first() {
    check_on(
        &order("3 of 7; 3 of 7; 1 of 8"),
        confirm(),
        &facts(),
        "
        confirmed
        commit #30 Ordered 36.00 for line 71
        commit #30 Ordered 36.00 for line 72
        commit #30 Ordered 12.00 for line 73
        promise Reserved 3 of #7 in #1 for line 71
        promise Reserved 1 of #7 in #1 for line 72
        promise Demand 2 of #7 in #1 for line 72
        promise Demand 1 of #8 in #1 for line 73
    ",
    );
}

#[test]
fn more_than_the_credit_limit_is_refused() {
    check_on(&order("80 of 7"), confirm(), &facts(), "
        refused: #30 would owe 1,060.00 EUR, which is 60.00 EUR above the credit limit of 1,000.00 EUR. Ask for a payment, or let a manager go on with a reason.
    ");
    let reason = || Action::Confirm { override_reason: Some("paid today".into()) };
    check_on(
        &order("80 of 7"),
        reason(),
        &facts(),
        "
        refused: Only a manager may go beyond the credit limit of #30. Ask one to do this step.
    ",
    );
    let mut facts = facts();
    facts.header.credit.may_override = true;
    check_on(
        &order("80 of 7"),
        reason(),
        &facts,
        "
        confirmed
        commit #30 Ordered 960.00 for line 71
        promise Reserved 4 of #7 in #1 for line 71
        promise Demand 76 of #7 in #1 for line 71
        set override_reason to paid today
        set credit_approved_by to 1
    ",
    );
}

#[test]
fn nobody_sells_to_a_customer_we_left() {
    let mut facts = facts();
    facts.header.customer.as_mut().unwrap().is_active = false;
    check_on(
        &order("1 of 7"),
        confirm(),
        &facts,
        "
        refused: We do not deal with #3 any more. Make them active again first.
    ",
    );
}

fn check_change(new: &SalesOrder, facts: &Facts, expected: &str) {
    let told = match SalesOrder::saved(None, new, facts) {
        Err(refusal) => vec![format!("refused: {refusal}")],
        Ok(effects) => testing::told(&effects),
    };
    assert_eq!(told, text(expected));
}

#[test]
fn changing_a_confirmed_order_posts_the_difference() {
    let facts = facts_after_three_mugs();
    check_change(&confirmed("3 of 7"), &facts, "");
    check_change(
        &confirmed("5 of 7"),
        &facts,
        "
        commit #30 Ordered 24.00 for line 71
        promise Reserved 1 of #7 in #1 for line 71
        promise Demand 1 of #7 in #1 for line 71
    ",
    );
    check_change(
        &confirmed("2 of 7"),
        &facts,
        "
        commit #30 Ordered -12.00 for line 71
        promise Reserved -1 of #7 in #1 for line 71
    ",
    );
    let mut elsewhere = confirmed("3 of 7");
    elsewhere.place = Id::new(5);
    check_change(
        &elsewhere,
        &Facts { lines: crate::line_rules::LineFacts { stock: Default::default(), ..testing::lines() }, ..facts },
        "
        promise Reserved -3 of #7 in #1 for line 71
        promise Demand 3 of #7 in #5 for line 71
    ",
    );
}

#[test]
fn a_line_taken_away_takes_its_promises_along() {
    let facts = facts_after_three_mugs();
    let mut other = confirmed("1 of 9");
    other.lines[0].id = Id::new(99);
    check_change(
        &other,
        &facts,
        "
        commit #30 Ordered -36.00 for line 71
        commit #30 Ordered 10.00 for line 99
        promise Reserved -3 of #7 in #1 for line 71
    ",
    );
}

#[test]
fn growing_beyond_the_limit_is_refused_and_shrinking_never() {
    let mut facts = facts_after_three_mugs();
    facts.header.credit.exposure = Amount::new(99_000);
    check_change(&confirmed("4 of 7"), &facts, "
        refused: #30 would owe 1,002.00 EUR, which is 2.00 EUR above the credit limit of 1,000.00 EUR. Ask for a payment, or let a manager go on with a reason.
    ");
    facts.header.credit.exposure = Amount::new(200_000);
    check_change(
        &confirmed("2 of 7"),
        &facts,
        "
        commit #30 Ordered -12.00 for line 71
        promise Reserved -1 of #7 in #1 for line 71
    ",
    );
}

#[test]
fn drafts_post_nothing_when_saved() {
    check_change(&order("3 of 7"), &facts(), "");
}

fn check_allowed(change: impl Fn(&mut SalesOrder), expected: &str) {
    let mut old = confirmed("3 of 7; 1 of 9");
    old.lines[0].delivered_qty = Qty::whole(2);
    let mut new = confirmed("3 of 7; 1 of 9");
    change(&mut new);
    let told = SalesOrder::check_change(&old, &new, &facts()).map_or_else(|why| why.to_string(), |()| "fine".into());
    assert_eq!(told, expected);
}

#[test]
fn what_is_delivered_cannot_be_changed_away() {
    check_allowed(|_| {}, "fine");
    check_allowed(|new| new.lines[0].qty = Qty::whole(2), "fine");
    check_allowed(|new| drop(new.lines.remove(1)), "fine");
    let below = "2 of #7 are delivered or invoiced already. Order at least as much.";
    check_allowed(|new| new.lines[0].qty = Qty::whole(1), below);
    check_allowed(|new| drop(new.lines.remove(0)), below);
    let other = "#7 is delivered or invoiced in part, so its product and unit stay. Add another line.";
    check_allowed(|new| new.lines[0].product = Id::new(8), other);
    let customer = "The customer and the currency of a confirmed order stay. Cancel it and make a new one.";
    check_allowed(|new| new.customer = Id::new(4), customer);
    check_allowed(|new| new.currency = Currency::USD, customer);
}

#[test]
fn an_order_that_went_beyond_is_changed_like_any_other() {
    let beyond = || {
        let mut order = confirmed("3 of 7");
        (order.lines[0].delivered_qty, order.lines[0].invoiced_qty) = (Qty::whole(4), Qty::whole(4));
        order
    };
    let (old, change) = (beyond(), |qty| {
        let (old, mut new) = (beyond(), beyond());
        new.lines[0].qty = Qty::whole(qty);
        SalesOrder::check_change(&old, &new, &facts()).is_ok()
    });
    assert_eq!([2, 3, 4, 9].map(change), [false, true, true, true]);
    // What is beyond the order promises and commits nothing, also nothing less than nothing.
    check_change(&old, &facts(), "");
}

#[test]
fn closed_orders_are_not_changed() {
    let old = SalesOrder { stage: Stage::Done, ..order("1 of 7") };
    assert_eq!(
        SalesOrder::check_change(&old, &order("1 of 7"), &facts()).unwrap_err().to_string(),
        "This is in stage Done, and only drafts are changed. Cancel it and make a new one."
    );
}

#[test]
fn what_has_become_free_can_be_reserved_later() {
    let mut facts = facts();
    let effects = SalesOrder::decide(&order("6 of 7"), &confirm(), &facts).unwrap().1;
    facts.open = after(&Open::default(), &effects);
    facts.lines.stock.get_mut(&7).unwrap().reserved = Qty::whole(5);
    check_on(
        &confirmed("6 of 7"),
        Action::Reserve,
        &facts,
        "
        refused: Nothing more is free for S1. Receive goods first, or take them from another place.
    ",
    );
    facts.lines.stock.get_mut(&7).unwrap().on_hand = Qty::whole(6);
    check_on(
        &confirmed("6 of 7"),
        Action::Reserve,
        &facts,
        "
        confirmed
        promise Reserved 1 of #7 in #1 for line 71
        promise Demand -1 of #7 in #1 for line 71
    ",
    );
}

#[test]
fn an_order_with_no_goods_left_to_deliver_offers_no_reservation() {
    let mut order = confirmed("3 of 7");
    let told = |order: &SalesOrder| {
        [Action::Reserve, Action::Release]
            .map(|action| SalesOrder::ready(order, &action).map_err(|why| why.to_string()))
    };
    assert_eq!(told(&order), [Ok(()), Ok(())]);
    order.lines[0].delivered_qty = Qty::whole(2);
    assert_eq!(told(&order), [Ok(()), Ok(())], "one is left");
    order.lines[0].delivered_qty = Qty::whole(3);
    let why = "No goods of S1 are left to deliver, so there is nothing to reserve or to release.";
    assert_eq!(told(&order), [Err(why.to_owned()), Err(why.to_owned())]);
    order.lines[0].delivered_qty = Qty::whole(4);
    assert!(told(&order).iter().all(Result::is_err), "more than ordered was delivered");
}

#[test]
fn what_is_released_stays_needed_and_is_reserved_only_when_somebody_asks() {
    let mut facts = facts_after_three_mugs();
    let release = SalesOrder::decide(&confirmed("3 of 7"), &Action::Release, &facts).unwrap().1;
    let told = ["promise Reserved -3 of #7 in #1 for line 71", "promise Demand 3 of #7 in #1 for line 71"];
    assert_eq!(testing::told(&release), [told[0], told[1], "set reservation_released to 1"]);
    facts.open = after(&facts.open, &release);
    facts.lines.stock.get_mut(&7).unwrap().reserved = Qty::whole(1);
    let released = |lines: &str| SalesOrder { reservation_released: true, ..confirmed(lines) };
    check_on(
        &released("3 of 7"),
        Action::Release,
        &facts,
        "
        refused: Nothing is reserved for S1. Release another order, or receive goods.
    ",
    );
    // A company that reserves when it confirms does not take it back when the order is changed.
    check_change(
        &released("4 of 7"),
        &facts,
        "
        commit #30 Ordered 12.00 for line 71
        promise Demand 1 of #7 in #1 for line 71
    ",
    );
    check_on(
        &released("3 of 7"),
        Action::Reserve,
        &facts,
        "
        confirmed
        promise Reserved 3 of #7 in #1 for line 71
        promise Demand -3 of #7 in #1 for line 71
        set reservation_released to 0
    ",
    );
    check_on(
        &SalesOrder { stage: Stage::Done, ..released("3 of 7") },
        Action::Reopen { override_reason: None },
        &super::tests::facts(),
        "
        confirmed
        commit #30 Ordered 36.00 for line 71
        promise Reserved 3 of #7 in #1 for line 71
        set reservation_released to 0
    ",
    );
    let late =
        "refused: This is in stage Draft, where Release reservation is not possible. Load it again to see what is.";
    check_on(&order("3 of 7"), Action::Release, &facts, late);
}

#[test]
fn closing_releases_what_is_left() {
    check_on(
        &confirmed("3 of 7"),
        Action::Close,
        &facts_after_three_mugs(),
        "
        done
        commit #30 Ordered -36.00 for line 71
        promise Reserved -3 of #7 in #1 for line 71
    ",
    );
}

#[test]
fn reopening_commits_again_what_is_not_delivered() {
    let mut closed = order("3 of 7");
    closed.stage = Stage::Done;
    closed.lines[0].delivered_qty = Qty::whole(1);
    let reopen = || Action::Reopen { override_reason: None };
    let mut facts = facts();
    let (kind, amount) = (CommitmentKind::Delivered, Amount::new(1200));
    facts.open.commitments.push(OpenCommitment { line: 71, party: Id::new(30), kind, amount });
    check_on(
        &closed,
        reopen(),
        &facts,
        "
        confirmed
        commit #30 Ordered 24.00 for line 71
        promise Reserved 2 of #7 in #1 for line 71
    ",
    );
    facts.header.credit.exposure = Amount::new(99_000);
    check_on(&closed, reopen(), &facts, "
        refused: #30 would owe 1,014.00 EUR, which is 14.00 EUR above the credit limit of 1,000.00 EUR. Ask for a payment, or let a manager go on with a reason.
    ");
    check_on(&SalesOrder { stage: Stage::Cancelled, ..order("3 of 7") }, reopen(), &facts, "draft");
}

#[test]
fn cancelling_undoes_all_as_long_as_nothing_left_the_house() {
    check_on(
        &confirmed("3 of 7"),
        Action::Cancel,
        &facts_after_three_mugs(),
        "
        cancelled
        commit #30 Ordered -36.00 for line 71
        promise Reserved -3 of #7 in #1 for line 71
    ",
    );
    let mut shipped = confirmed("3 of 7");
    shipped.lines[0].delivered_qty = Qty::whole(1);
    check_on(&shipped, Action::Cancel, &facts(), "refused: S1 has been shipped; make a return instead");
    assert!(SalesOrder::ready(&shipped, &Action::Cancel).is_err());
    let mut invoiced = confirmed("3 of 7");
    invoiced.lines[0].invoiced_qty = Qty::whole(1);
    check_on(
        &invoiced,
        Action::Cancel,
        &facts(),
        "
        refused: S1 has been invoiced; cancel the invoice or make a credit note first
    ",
    );
    let late = "refused: This is in stage Done, where Cancel is not possible. Load it again to see what is.";
    check_on(&SalesOrder { stage: Stage::Done, ..order("1 of 7") }, Action::Cancel, &facts(), late);
}

#[test]
fn its_state_is_read_off_its_lines() {
    let mut doc = confirmed("3 of 7; 1 of 9");
    SalesOrder::settle(&mut doc);
    let state = |doc: &SalesOrder| (doc.delivery_state, doc.invoice_state, doc.payment_state);
    assert_eq!(state(&doc), (Fulfilment::None, Fulfilment::None, Fulfilment::None));
    doc.lines[0].delivered_qty = Qty::whole(3);
    doc.lines[0].invoiced_qty = Qty::whole(3);
    doc.lines[0].paid_amount = doc.total;
    SalesOrder::settle(&mut doc);
    assert_eq!(state(&doc), (Fulfilment::Full, Fulfilment::Partial, Fulfilment::Full));
    doc.lines[1].invoiced_qty = Qty::whole(1);
    SalesOrder::settle(&mut doc);
    assert_eq!(doc.invoice_state, Fulfilment::Full);
    // A surplus is delivered, too, and is to be invoiced as far as it was kept.
    doc.lines[0].delivered_qty = Qty::whole(5);
    SalesOrder::settle(&mut doc);
    assert_eq!((doc.delivery_state, doc.invoice_state), (Fulfilment::Full, Fulfilment::Partial));
    doc.lines[0].returned_qty = Qty::whole(2);
    SalesOrder::settle(&mut doc);
    assert_eq!((doc.delivery_state, doc.invoice_state), (Fulfilment::Full, Fulfilment::Full));
    // What is not kept in stock is not delivered: nobody waits for it.
    doc.lines.iter_mut().for_each(|line| line.stocked = false);
    SalesOrder::settle(&mut doc);
    assert_eq!(doc.delivery_state, Fulfilment::Nothing);
}

#[test]
fn typing_is_warned_of_missing_goods() {
    let doc = order("3 of 7; 3 of 7");
    let hints: Vec<String> = SalesOrder::hints(&doc, &facts()).iter().map(|hint| hint.about.to_string()).collect();
    assert_eq!(hints, ["4 free", "Only 1 of #7 are free; 2 short."]);
    assert_eq!(doc.lines[0].price, Some(Price::whole(10)));
}

proptest! {
    #[test]
    fn whatever_happens_promises_and_credit_are_what_is_not_delivered(
        quantities in proptest::collection::vec((1i64..20, 0i64..20), 1..6),
    ) {
        let mut facts = facts();
        facts.header.credit.limit = None;
        let mut doc = order("1 of 7");
        for (qty, delivered) in quantities {
            doc.stage = Stage::Confirmed;
            doc.lines[0].qty = Qty::whole(qty);
            doc.lines[0].delivered_qty = Qty::whole(delivered.min(qty));
            SalesOrder::complete(&mut doc, &facts).unwrap();
            let effects = SalesOrder::saved(None, &doc, &facts).unwrap();
            facts.open = after(&facts.open, &effects);
            let kept: Qty = facts.open.promises.iter().map(|one| one.qty).sum();
            prop_assert_eq!(kept, doc.lines[0].qty - doc.lines[0].delivered_qty);
            let owed = facts.open.committed(71, CommitmentKind::Ordered);
            prop_assert_eq!(owed.raw(), 1200 * (qty - delivered.min(qty)));
            let reserved = facts.open.promises.iter().filter(|one| one.kind == PromiseKind::Reserved);
            prop_assert!(reserved.clone().all(|one| !one.qty.is_negative()));
        }
        let (_, effects) = SalesOrder::decide(&doc, &Action::Close, &facts).unwrap();
        facts.open = after(&facts.open, &effects);
        prop_assert!(facts.open.promises.iter().all(|one| one.qty.is_zero()));
        prop_assert!(facts.open.committed(71, CommitmentKind::Ordered).is_zero());
        let delivered = facts.open.committed(71, CommitmentKind::Delivered).raw();
        prop_assert_eq!(delivered, 1200 * doc.lines[0].delivered_qty.raw() / 1_000_000, "what was delivered is owed");
    }
}
