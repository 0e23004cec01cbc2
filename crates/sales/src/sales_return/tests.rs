use std::collections::BTreeMap;

use books::CommitmentKind;
use kernel::{Amount, Id, Qty};
use meta::{Document, Entity, Record};

use super::{Action, DeliveredLine, Facts, SalesReturn, SalesReturnLine, Stage};
use crate::committed::Far;
use crate::read::{Open, OpenCommitment};
use crate::testing::{self, text};

/// Delivery D1: line 91 is 3 mugs of order line 71, of which 2.00 are not invoiced yet.
fn facts() -> Facts {
    let delivered = DeliveredLine {
        order_line: Some(Id::new(71)),
        product: Id::new(7),
        description: "Mug".into(),
        unit: Id::new(1),
        qty: Qty::whole(3),
        product_qty: Qty::whole(3),
        returned_qty: Qty::ZERO,
        stocked: true,
    };
    // Half of what it is worth is invoiced already.
    let far = Far {
        qty: Qty::whole(3),
        worth: Amount::new(1000),
        is_open: true,
        delivered: Qty::whole(3),
        returned: Qty::ZERO,
        invoiced: Qty::parse("1.5").unwrap(),
    };
    let owed =
        OpenCommitment { line: 71, party: Id::new(30), kind: CommitmentKind::Delivered, amount: Amount::new(500) };
    Facts {
        is_shipped: true,
        shipped_on: testing::day(),
        number: "D1".into(),
        customer: Id::new(3),
        owner: None,
        place: Id::new(1),
        lines: BTreeMap::from([(91, delivered)]),
        open: Open { promises: Vec::new(), commitments: vec![owed] },
        own: Vec::new(),
        far: BTreeMap::from([(71, far)]),
        legal: Id::new(30),
        measures: testing::measures(),
        costing: testing::costing(),
        today: testing::day(),
    }
}

fn check_on(lines: &[(i64, &str)], stage: Stage, action: Action, facts: &Facts, expected: &str) {
    let mut doc = SalesReturn::from_record(&Record::empty(SalesReturn::meta())).unwrap();
    for (row, (of, qty)) in lines.iter().enumerate() {
        let mut line = SalesReturnLine::from_record(&Record::empty(SalesReturnLine::meta())).unwrap();
        line.id = Id::new(101 + row as i64);
        line.delivery_line = Id::new(*of);
        line.qty = Qty::parse(qty).unwrap();
        doc.lines.push(line);
    }
    let decided = SalesReturn::complete(&mut doc, facts).and_then(|()| {
        doc.stage = stage;
        SalesReturn::decide(&doc, &action, facts)
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

fn check(lines: &[(i64, &str)], expected: &str) {
    check_on(lines, Stage::Draft, Action::Receive, &facts(), expected);
}

#[test]
fn goods_come_back_at_the_value_they_left_with() {
    check(
        &[(91, "1")],
        "
        done
        move 1 of #7 from #2 to #1 as line 91 left against 5000
        commit #30 Delivered -3.33 for line 71
        progress returned_qty of line 91 by 1
        progress returned_qty of line 71 by 1
    ",
    );
}

#[test]
fn what_was_invoiced_stays_owed_until_a_credit_note() {
    check(
        &[(91, "2")],
        "
        done
        move 2 of #7 from #2 to #1 as line 91 left against 5000
        commit #30 Delivered -5.00 for line 71
        progress returned_qty of line 91 by 2
        progress returned_qty of line 71 by 2
    ",
    );
}

#[test]
fn more_than_the_customer_has_does_not_come_back() {
    let expected = "refused: Only 3 of #7 are still with the customer. Reduce the quantity.";
    check(&[(91, "4")], expected);
    let expected = "refused: Only 1 of #7 are still with the customer. Reduce the quantity.";
    check(&[(91, "2"), (91, "2")], expected);
    let mut facts = facts();
    facts.lines.get_mut(&91).unwrap().returned_qty = Qty::whole(3);
    let expected = "refused: Only 0 of #7 are still with the customer. Reduce the quantity.";
    check_on(&[(91, "1")], Stage::Draft, Action::Receive, &facts, expected);
}

#[test]
fn a_return_names_lines_of_its_delivery_and_a_quantity() {
    check(&[(92, "1")], "refused: This line does not belong to the delivery. Take the lines from the delivery.");
    check(&[(91, "0")], "refused: The quantity must be more than zero. Correct it, or remove the line.");
}

#[test]
fn what_was_not_shipped_does_not_come_back() {
    let facts = Facts { is_shipped: false, ..facts() };
    let expected = "refused: D1 is not shipped, so nothing comes back. Ship it first, or cancel it.";
    check_on(&[(91, "1")], Stage::Draft, Action::Receive, &facts, expected);
}

#[test]
fn parts_that_come_back_sum_to_what_left() {
    let mut facts = facts();
    let mut sum = Qty::ZERO;
    // Three of a unit that does not divide evenly into the product's own.
    facts.lines.get_mut(&91).unwrap().product_qty = Qty::parse("1").unwrap();
    for _ in 0..3 {
        let mut doc = SalesReturn::from_record(&Record::empty(SalesReturn::meta())).unwrap();
        let mut line = SalesReturnLine::from_record(&Record::empty(SalesReturnLine::meta())).unwrap();
        line.delivery_line = Id::new(91);
        line.qty = Qty::whole(1);
        doc.lines.push(line);
        SalesReturn::complete(&mut doc, &facts).unwrap();
        let (_, effects) = SalesReturn::decide(&doc, &Action::Receive, &facts).unwrap();
        sum += effects.posting.moves[0].qty;
        assert_eq!(effects.posting.moves[0].qty, doc.lines[0].product_qty);
        facts.lines.get_mut(&91).unwrap().returned_qty += Qty::whole(1);
    }
    assert_eq!(sum, Qty::whole(1));
}

#[test]
fn cancelling_sends_the_goods_out_again() {
    let mut received = facts();
    received.far.get_mut(&71).unwrap().returned = Qty::whole(1);
    let own = received.open.commitments[0];
    received.own = vec![OpenCommitment { amount: Amount::new(-333), ..own }];
    received.open.commitments[0].amount = Amount::new(167);
    check_on(
        &[(91, "1")],
        Stage::Done,
        Action::Cancel,
        &received,
        "
        cancelled
        undo
    ",
    );
    let mut credited = SalesReturn::from_record(&Record::empty(SalesReturn::meta())).unwrap();
    let mut line = SalesReturnLine::from_record(&Record::empty(SalesReturnLine::meta())).unwrap();
    (credited.stage, line.credited_qty) = (Stage::Done, Qty::whole(1));
    credited.lines.push(line);
    let refused = SalesReturn::decide(&credited, &Action::Cancel, &facts()).err().unwrap();
    assert_eq!(refused.to_string(), "Some of what came back is credited. Cancel the credit note first.");
    let late = "refused: This is in stage Cancelled, where Receive is not possible. Load it again to see what is.";
    check_on(&[(91, "1")], Stage::Cancelled, Action::Receive, &facts(), late);
}

#[test]
fn half_a_piece_does_not_come_back() {
    let mut facts = facts();
    facts.measures.units.get_mut(&1).unwrap().whole = true;
    let refused = "refused: 0.5 of the unit #1 is no whole number. Enter one, choose a smaller unit, or let the unit be \
                   divided: clear “Whole numbers only” under Units of measure.";
    check_on(&[(91, "0.5")], Stage::Draft, Action::Receive, &facts, refused);
}
