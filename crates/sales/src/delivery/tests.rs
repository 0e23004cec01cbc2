use std::collections::BTreeMap;

use books::{CommitmentKind, PromiseKind};
use kernel::{Amount, Currency, Id, Price, Qty, Rate};
use meta::{Document, Entity, Record};

use super::facts::{Agreed, Before, Paid};
use super::{Action, Delivery, DeliveryLine, Facts, OrderLine, Stage};
use crate::read::{Open, OpenCommitment, OpenPromise};
use crate::sales_order::{SalesOrder, SalesOrderLine, Stage as OrderStage};
use crate::testing::{self, text};

/// Order S1 (#70): line 71 is 3 mugs, 2 of them reserved and 1 still needed.
fn facts() -> Facts {
    let ordered = OrderLine {
        order: 70,
        number: "S1".into(),
        legal: 30,
        price: Some(Price::whole(10)),
        discount: Rate::ZERO,
        tax: Some(20),
        is_open: true,
        is_approved: false,
        product: 7,
        unit: 1,
        whole: false,
        qty: Qty::whole(3),
        product_qty: Qty::whole(3),
        delivered_qty: Qty::ZERO,
        invoiced_qty: Qty::ZERO,
        returned_qty: Qty::ZERO,
        over_delivery: Rate::ZERO,
        over_invoicing: Rate::ZERO,
        total: (Amount::new(1000), Currency::EUR),
        rate: Rate::ONE,
        discount_share: Amount::ZERO,
        discount_part: Amount::ZERO,
        invoiced_discount: Amount::ZERO,
        total_base: Amount::new(1000),
        worth: Amount::new(1000),
    };
    let promise =
        |kind, qty| OpenPromise { line: 71, product: Id::new(7), place: Id::new(1), kind, qty: Qty::whole(qty) };
    let amount = Amount::new(1000);
    Facts {
        header: testing::header(),
        lines: testing::lines(),
        order_lines: BTreeMap::from([(71, ordered)]),
        open: Open {
            promises: vec![promise(PromiseKind::Reserved, 2), promise(PromiseKind::Demand, 1)],
            commitments: vec![OpenCommitment { line: 71, party: Id::new(30), kind: CommitmentKind::Ordered, amount }],
        },
        kept: BTreeMap::new(),
        own: Vec::new(),
        before: Before::default(),
        sets_prices: true,
        costing: testing::costing(),
        letterhead: None,
    }
}

/// Lines such as `2 of 7 for 71; 1 of 8`, numbered from 91.
fn delivery(lines: &str) -> Delivery {
    let mut doc = Delivery::from_record(&Record::empty(Delivery::meta())).unwrap();
    doc.number = "D1".into();
    doc.customer = Id::new(3);
    for (row, text) in lines.split(';').enumerate() {
        let words: Vec<&str> = text.split_whitespace().collect();
        let mut line = DeliveryLine::from_record(&Record::empty(DeliveryLine::meta())).unwrap();
        line.id = Id::new(91 + row as i64);
        line.qty = Qty::parse(words[0]).unwrap();
        line.product = Id::new(words[2].parse().unwrap());
        line.order_line = words.get(4).map(|id| Id::new(id.parse().unwrap()));
        if line.order_line.is_some() {
            doc.sales_order = Some(Id::new(70));
        }
        doc.lines.push(line);
    }
    doc
}

fn check_on(mut doc: Delivery, stage: Stage, action: Action, facts: &Facts, expected: &str) {
    let decided = Delivery::complete(&mut doc, facts).and_then(|()| {
        doc.stage = stage;
        Delivery::decide(&doc, &action, facts)
    });
    let told = match decided {
        Err(refusal) => vec![format!("refused: {refusal}")],
        Ok((stage, effects)) => {
            let mut told = vec![stage.to_owned()];
            told.extend(testing::told(&effects));
            told
        }
    };
    assert_eq!(told, text(expected));
}

fn ship() -> Action {
    Action::Ship { override_reason: None }
}

fn check(lines: &str, expected: &str) {
    check_on(delivery(lines), Stage::Draft, ship(), &facts(), expected);
}

#[test]
fn shipping_a_part_takes_its_part_of_goods_and_credit() {
    check(
        "1 of 7 for 71",
        "
        done
        move 1 of #7 from #1 to #2 against 5000
        commit #30 Ordered -3.33 for line 71
        commit #30 Delivered 3.33 for line 71
        promise Reserved -1 of #7 in #1 for line 71
        progress delivered_qty of line 71 by 1
    ",
    );
}

#[test]
fn the_last_part_takes_what_is_left() {
    check(
        "3 of 7 for 71",
        "
        done
        move 3 of #7 from #1 to #2 against 5000
        commit #30 Ordered -10.00 for line 71
        commit #30 Delivered 10.00 for line 71
        promise Reserved -2 of #7 in #1 for line 71
        promise Demand -1 of #7 in #1 for line 71
        progress delivered_qty of line 71 by 3
    ",
    );
}

#[test]
fn several_lines_may_fulfil_one_and_sum_to_it() {
    check(
        "2 of 7 for 71; 1 of 7 for 71",
        "
        done
        move 2 of #7 from #1 to #2 against 5000
        move 1 of #7 from #1 to #2 against 5000
        commit #30 Ordered -10.00 for line 71
        commit #30 Delivered 10.00 for line 71
        promise Reserved -2 of #7 in #1 for line 71
        promise Demand -1 of #7 in #1 for line 71
        progress delivered_qty of line 71 by 2
        progress delivered_qty of line 71 by 1
    ",
    );
}

#[test]
fn goods_nobody_ordered_are_owed_as_delivered() {
    check(
        "2 of 8",
        "
        done
        move 2 of #8 from #1 to #2 against 5000
        commit #30 Delivered 24.00 for line 91
    ",
    );
}

#[test]
fn more_than_ordered_is_refused() {
    let refused = |left: &str| {
        format!(
            "refused: Only {left} of #7 may still be delivered on S1, where 3 are ordered. Reduce the quantity, change \
             the order, or allow more under “Over-delivery allowed” of the product or the company."
        )
    };
    check("4 of 7 for 71", &refused("3"));
    check("2 of 7 for 71; 2 of 7 for 71", &refused("1"));
    let mut facts = facts();
    facts.order_lines.get_mut(&71).unwrap().over_delivery = Rate::parse("0.4").unwrap();
    check_on(delivery("4.3 of 7 for 71"), Stage::Draft, ship(), &facts, &refused("4.2"));
    check_on(delivery("4 of 7 for 71; 0.3 of 7 for 71"), Stage::Draft, ship(), &facts, &refused("0.2"));
}

#[test]
fn a_surplus_within_the_allowance_takes_no_promise_and_is_owed_at_the_prices_of_the_order() {
    let mut facts = facts();
    facts.order_lines.get_mut(&71).unwrap().over_delivery = Rate::parse("0.4").unwrap();
    let shipped = "
        done
        move 4 of #7 from #1 to #2 against 5000
        commit #30 Ordered -10.00 for line 71
        commit #30 Delivered 13.33 for line 71
        promise Reserved -2 of #7 in #1 for line 71
        promise Demand -1 of #7 in #1 for line 71
        progress delivered_qty of line 71 by 4
    ";
    check_on(delivery("4 of 7 for 71"), Stage::Draft, ship(), &facts, shipped);
    let in_two = "
        done
        move 2 of #7 from #1 to #2 against 5000
        move 2 of #7 from #1 to #2 against 5000
        commit #30 Ordered -10.00 for line 71
        commit #30 Delivered 13.33 for line 71
        promise Reserved -2 of #7 in #1 for line 71
        promise Demand -1 of #7 in #1 for line 71
        progress delivered_qty of line 71 by 2
        progress delivered_qty of line 71 by 2
    ";
    check_on(delivery("2 of 7 for 71; 2 of 7 for 71"), Stage::Draft, ship(), &facts, in_two);
    // All was delivered before: nothing is promised any more, and what was invoiced in advance is owed already.
    facts.open = Open::default();
    let ordered = facts.order_lines.get_mut(&71).unwrap();
    (ordered.delivered_qty, ordered.invoiced_qty) = (Qty::whole(3), Qty::parse("3.5").unwrap());
    let more = "
        done
        move 1 of #7 from #1 to #2 against 5000
        commit #30 Delivered 1.67 for line 71
        progress delivered_qty of line 71 by 1
    ";
    check_on(delivery("1 of 7 for 71"), Stage::Draft, ship(), &facts, more);
}

#[test]
fn credit_is_looked_at_for_a_surplus() {
    let mut facts = facts();
    facts.header.credit.exposure = Amount::new(99_700);
    let ordered = facts.order_lines.get_mut(&71).unwrap();
    (ordered.over_delivery, ordered.is_approved) = (Rate::ONE, true);
    let refused = "refused: #30 would owe 1,000.33 EUR, which is 0.33 EUR above the credit limit of 1,000.00 EUR. \
                   Ask for a payment, or let a manager go on with a reason.";
    check_on(delivery("4 of 7 for 71"), Stage::Draft, ship(), &facts, refused);
}

#[test]
fn only_open_orders_are_delivered() {
    let mut facts = facts();
    facts.order_lines.get_mut(&71).unwrap().is_open = false;
    let expected = "refused: S1 is closed or not confirmed. Confirm or reopen it first.";
    check_on(delivery("1 of 7 for 71"), Stage::Draft, ship(), &facts, expected);
}

#[test]
fn lines_say_what_the_order_says() {
    let other = "refused: This line does not belong to the order. Take the lines from the order.";
    check("1 of 7 for 99", other);
    let mut doc = delivery("1 of 7 for 71");
    doc.sales_order = Some(Id::new(69));
    check_on(doc, Stage::Draft, ship(), &facts(), other);
    let product = "refused: The order says another product or unit. Take the line as it was ordered.";
    check("1 of 8 for 71", product);
}

#[test]
fn lines_of_a_named_order_are_found_and_the_rest_is_refused() {
    let mut doc = delivery("2 of 7; 1 of 7");
    doc.sales_order = Some(Id::new(70));
    Delivery::complete(&mut doc, &facts()).unwrap();
    let found: Vec<_> = doc.lines.iter().map(|line| (line.order_line.map(Id::raw), line.unit.raw())).collect();
    assert_eq!(found, [(Some(71), 1), (Some(71), 1)]);
    let refused = |lines: &str, facts: &Facts| {
        let mut doc = delivery(lines);
        doc.sales_order = Some(Id::new(70));
        let why = Delivery::complete(&mut doc, facts).unwrap_err();
        (why.problems[0].code, why.problems[0].row)
    };
    assert_eq!(refused("3 of 7; 1 of 7", &facts()), ("not_on_order", Some(1)), "all of it is asked for already");
    assert_eq!(refused("1 of 8", &facts()), ("not_on_order", Some(0)));
    let mut others = facts();
    others.order_lines.get_mut(&71).unwrap().legal = 31;
    assert_eq!(refused("1 of 7 for 71", &others), ("other_customer", Some(0)));
}

#[test]
fn credit_is_looked_at_again_when_goods_leave() {
    let mut facts = facts();
    facts.header.credit.exposure = Amount::new(120_000);
    let refused = "refused: #30 would owe 1,200.00 EUR, which is 200.00 EUR above the credit limit of 1,000.00 EUR. \
                   Ask for a payment, or let a manager go on with a reason.";
    check_on(delivery("1 of 7 for 71"), Stage::Draft, ship(), &facts, refused);
    facts.order_lines.get_mut(&71).unwrap().is_approved = true;
    let shipped = "
        done
        move 1 of #7 from #1 to #2 against 5000
        commit #30 Ordered -3.33 for line 71
        commit #30 Delivered 3.33 for line 71
        promise Reserved -1 of #7 in #1 for line 71
        progress delivered_qty of line 71 by 1
    ";
    check_on(delivery("1 of 7 for 71"), Stage::Draft, ship(), &facts, shipped);
    facts.header.credit.may_override = true;
    let reason = Action::Ship { override_reason: Some("paid today".into()) };
    check_on(
        delivery("1 of 8"),
        Stage::Draft,
        reason,
        &facts,
        "
        done
        move 1 of #8 from #1 to #2 against 5000
        commit #30 Delivered 12.00 for line 91
        set override_reason to paid today
    ",
    );
}

#[test]
fn cancelling_brings_back_what_was_not_invoiced() {
    let mut facts = facts();
    facts.order_lines.get_mut(&71).unwrap().delivered_qty = Qty::whole(2);
    facts.open.promises.remove(0);
    facts.kept = BTreeMap::from([(71, Qty::whole(2))]);
    let doc = || delivery("2 of 7 for 71");
    check_on(
        doc(),
        Stage::Done,
        Action::Cancel,
        &facts,
        "
        cancelled
        undo
    ",
    );
    facts.order_lines.get_mut(&71).unwrap().invoiced_qty = Qty::whole(1);
    check_on(doc(), Stage::Done, Action::Cancel, &facts, "refused: D1 has been invoiced; make a return instead");
    let mut invoiced = doc();
    invoiced.lines[0].invoiced_qty = Qty::whole(1);
    check_on(invoiced, Stage::Done, Action::Cancel, &facts, "refused: D1 has been invoiced; make a return instead");
    let mut returned = doc();
    returned.lines[0].returned_qty = Qty::whole(1);
    let expected = "refused: Some of D1 came back already; cancel the return first";
    check_on(returned, Stage::Done, Action::Cancel, &facts, expected);
    let late = "refused: This is in stage Cancelled, where Ship is not possible. Load it again to see what is.";
    check_on(doc(), Stage::Cancelled, ship(), &facts, late);
}

#[test]
fn what_went_beyond_the_order_is_taken_back_before_what_was_ordered() {
    let mut facts = facts();
    facts.open.promises.clear();
    let mut cancel = |delivered: i64, qty: i64, kept: i64, expected: &str| {
        facts.order_lines.get_mut(&71).unwrap().delivered_qty = Qty::whole(delivered);
        facts.kept = BTreeMap::from([(71, Qty::whole(kept))]);
        let one = |kind, amount| {
            let amount = Amount::new(amount);
            OpenCommitment { line: 71, party: Id::new(30), kind, amount }
        };
        facts.open.commitments = vec![one(CommitmentKind::Delivered, 1333)];
        facts.own = match kept {
            0 => vec![one(CommitmentKind::Delivered, 333)],
            _ => vec![one(CommitmentKind::Ordered, -1000), one(CommitmentKind::Delivered, 1333)],
        };
        check_on(delivery(&format!("{qty} of 7 for 71")), Stage::Done, Action::Cancel, &facts, expected);
    };
    let undone = "
        cancelled
        undo
    ";
    cancel(4, 4, 3, undone);
    cancel(4, 1, 0, undone);
    let refused = "refused: More than ordered was delivered on S1, so this delivery does not stand alone. Cancel the one \
                   that went beyond the order first, or make a return instead.";
    cancel(4, 3, 3, refused);
}

#[test]
fn an_order_fills_its_delivery_with_what_waits() {
    let mut order = SalesOrder::from_record(&Record::empty(SalesOrder::meta())).unwrap();
    order.id = Id::new(70);
    order.customer = Id::new(3);
    order.stage = OrderStage::Confirmed;
    for (id, qty, delivered, stocked) in [(71, 3, 1, true), (72, 2, 2, true), (73, 1, 0, false)] {
        let mut line = SalesOrderLine::from_record(&Record::empty(SalesOrderLine::meta())).unwrap();
        line.id = Id::new(id);
        line.product = Id::new(7);
        line.qty = Qty::whole(qty);
        line.delivered_qty = Qty::whole(delivered);
        line.stocked = stocked;
        order.lines.push(line);
    }
    let delivery = super::prefill::of_order(&order).unwrap();
    assert_eq!(delivery.sales_order, Some(Id::new(70)));
    let lines: Vec<_> = delivery.lines.iter().map(|line| (line.order_line.unwrap().raw(), line.qty.text())).collect();
    assert_eq!(lines, [(71, "2".to_owned())]);
    order.stage = OrderStage::Draft;
    assert!(super::prefill::of_order(&order).is_none(), "nothing is delivered before it is agreed");
    order.stage = OrderStage::Confirmed;
    order.lines.remove(0);
    assert!(super::prefill::of_order(&order).is_none(), "what is left is delivered, or a service");
}

#[test]
fn what_was_shipped_is_not_changed() {
    let old = Delivery { stage: Stage::Done, ..delivery("1 of 7") };
    assert_eq!(
        Delivery::check_change(&old, &delivery("2 of 7"), &facts()).unwrap_err().to_string(),
        "This is in stage Shipped, and only drafts are changed. Cancel it and make a new one."
    );
}

/// What is refused of a delivery nobody ordered to who does not sell: the fields.
fn kept_back(before: Before, change: impl FnOnce(&mut Delivery)) -> Vec<String> {
    let mut doc = delivery("1 of 7");
    change(&mut doc);
    let facts = Facts { before, sets_prices: false, ..facts() };
    match Delivery::complete(&mut doc, &facts) {
        Ok(()) => Vec::new(),
        Err(refusal) => refusal.problems.into_iter().filter_map(|problem| problem.field).collect(),
    }
}

#[test]
fn who_ships_goods_nobody_ordered_takes_the_listed_price() {
    let fresh = |change: fn(&mut Delivery)| kept_back(Before::default(), change);
    let mut listed = delivery("1 of 7");
    Delivery::complete(&mut listed, &facts()).unwrap();
    let (price, tax) = (listed.lines[0].price, listed.lines[0].tax);
    assert!(price.is_some() && tax == Some(Id::new(20)));
    assert!(fresh(|_| ()).is_empty());
    assert!(kept_back(Before::default(), |doc| (doc.lines[0].price, doc.lines[0].tax) = (price, tax)).is_empty());
    assert_eq!(fresh(|doc| doc.lines[0].price = Some(Price::whole(1))), ["lines.price"]);
    assert_eq!(fresh(|doc| doc.lines[0].discount = Rate::new(100_000)), ["lines.discount"]);
    assert_eq!(fresh(|doc| doc.lines[0].tax = Some(Id::new(21))), ["lines.tax"]);
    assert_eq!(fresh(|doc| doc.lines[0].filled_for = Some(Id::new(7))), ["lines.tax"]);
    assert_eq!(fresh(|doc| doc.currency = Currency::USD), ["currency"]);
    assert_eq!(fresh(|doc| doc.rate_meant = true), ["rate"]);
    assert_eq!(fresh(|doc| doc.tax_position = Some(Id::new(9))), ["tax_position"]);
}

#[test]
fn what_who_sells_wrote_is_left_alone_by_who_ships() {
    let before = |doc: &Delivery| Before {
        header: Some((doc.customer, Paid::of(doc))),
        lines: BTreeMap::from([(91, Agreed::of(&doc.lines[0]))]),
    };
    let mut agreed = delivery("1 of 7");
    (agreed.lines[0].price, agreed.lines[0].discount) = (Some(Price::whole(3)), Rate::new(100_000));
    Delivery::complete(&mut agreed, &facts()).unwrap();
    let changed = |change: fn(&mut Delivery)| {
        kept_back(before(&agreed), |doc| {
            *doc = Delivery::from_record(&agreed.to_record()).unwrap();
            (doc.id, doc.lines[0].id) = (Id::new(90), Id::new(91));
            change(doc);
        })
    };
    assert!(changed(|doc| doc.lines[0].qty = Qty::whole(2)).is_empty());
    // The price of a dozen is not that of a piece, whatever is said of the unit it was for.
    assert_eq!(changed(|doc| doc.lines[0].priced_unit = Some(Id::new(12))), ["lines.price"]);
    assert_eq!(changed(|doc| doc.lines[0].unit = Id::new(12)), ["lines.price", "lines.discount"]);
    assert_eq!(changed(|doc| doc.customer = Id::new(4)), ["lines.price", "lines.discount"]);
}
