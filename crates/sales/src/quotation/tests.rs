use kernel::{Currency, Id, Price, Qty};
use meta::{Document, Entity, Record};

use super::{Action, Facts, Quotation, QuotationLine, Stage};
use crate::sales_order::SalesOrder;
use crate::testing::{self, text};

fn facts() -> Facts {
    Facts { header: testing::header(), lines: testing::lines(), letterhead: None, order: None }
}

/// Two mugs for Blue.
fn quotation() -> Quotation {
    let mut doc = Quotation::from_record(&Record::empty(Quotation::meta())).unwrap();
    doc.id = Id::new(50);
    doc.number = "Q1".into();
    doc.customer = Id::new(3);
    let mut line = QuotationLine::from_record(&Record::empty(QuotationLine::meta())).unwrap();
    line.product = Id::new(7);
    line.qty = Qty::whole(2);
    doc.lines.push(line);
    Quotation::complete(&mut doc, &facts()).unwrap();
    doc
}

fn check_on(doc: &Quotation, action: Action, facts: &Facts, expected: &str) {
    let told = match Quotation::decide(doc, &action, facts) {
        Err(refusal) => vec![format!("refused: {refusal}")],
        Ok((stage, effects)) => {
            let mut told = vec![stage.to_owned()];
            told.extend(testing::told(&effects));
            told
        }
    };
    assert_eq!(told, text(expected));
}

fn check(stage: Stage, action: Action, expected: &str) {
    check_on(&Quotation { stage, ..quotation() }, action, &facts(), expected);
}

#[test]
fn it_is_filled_from_customer_and_product() {
    let doc = quotation();
    let euro = |amount: kernel::Amount| amount.text(Currency::EUR);
    assert_eq!((euro(doc.net), euro(doc.total), euro(doc.margin)), ("20.00".into(), "24.00".into(), "8.00".into()));
    assert_eq!(doc.valid_until.to_string(), "2026-12-25");
}

#[test]
fn sending_posts_nothing() {
    check(Stage::Draft, Action::Send, "sent");
}

#[test]
fn accepting_makes_an_order_at_the_prices_offered() {
    check(
        Stage::Sent,
        Action::Accept,
        "
        accepted
        create sales_order
    ",
    );
    let mut offered = quotation();
    offered.lines[0].price = Some(Price::whole(9));
    let (_, effects) = Quotation::decide(&offered, &Action::Accept, &facts()).unwrap();
    let order = SalesOrder::from_record(&effects.create[0].record).unwrap();
    assert_eq!(order.lines[0].price, Some(Price::whole(9)));
    assert_eq!((order.quotation, order.customer), (Some(Id::new(50)), Id::new(3)));
}

#[test]
fn an_offer_that_has_run_out_is_not_accepted() {
    let mut doc = quotation();
    doc.valid_until = testing::day().add_days(-1);
    let expected = "refused: Q1 was valid until 2026-11-24. Reopen it and set a later day.";
    check_on(&doc, Action::Accept, &facts(), expected);
}

#[test]
fn nobody_sells_to_a_customer_we_left() {
    let mut facts = facts();
    facts.header.customer.as_mut().unwrap().is_active = false;
    let expected = "refused: We do not deal with #3 any more. Make them active again first.";
    check_on(&quotation(), Action::Accept, &facts, expected);
}

#[test]
fn losing_asks_why_and_reopening_forgets() {
    let lose = |reason: &str| Action::Lose { reason: reason.into() };
    check(Stage::Sent, lose(" "), "refused: Say why the customer does not buy.");
    check(
        Stage::Sent,
        lose("too dear"),
        "
        lost
        set lost_reason to too dear
    ",
    );
    check(
        Stage::Lost,
        Action::Reopen,
        "
        draft
        set lost_reason to nothing
    ",
    );
}

#[test]
fn an_accepted_quotation_is_reopened_when_its_order_is_cancelled() {
    let accepted = Quotation { stage: Stage::Accepted, ..quotation() };
    let ordered = Facts { order: Some(Id::new(70)), ..facts() };
    let expected = "refused: Q1 was made into the order #70. Cancel that first, then the quotation can be reopened.";
    check_on(&accepted, Action::Reopen, &ordered, expected);
    check(
        Stage::Accepted,
        Action::Reopen,
        "
        draft
        set lost_reason to nothing
    ",
    );
}

#[test]
fn an_accepted_quotation_stays() {
    let late = "refused: This is in stage Accepted, where Cancel is not possible. Load it again to see what is.";
    check(Stage::Accepted, Action::Cancel, late);
    let sent = Quotation { stage: Stage::Sent, ..quotation() };
    assert_eq!(
        Quotation::check_change(&sent, &quotation(), &facts()).unwrap_err().to_string(),
        "This is in stage Sent, and only drafts are changed. Cancel it and make a new one."
    );
}

#[test]
fn stock_and_credit_are_hinted_while_typing() {
    let mut doc = quotation();
    doc.lines[0].qty = Qty::whole(90);
    Quotation::complete(&mut doc, &facts()).unwrap();
    let hints: Vec<String> = Quotation::hints(&doc, &facts()).iter().map(|hint| hint.about.to_string()).collect();
    assert_eq!(hints, ["Only 4 of #7 are free; 86 short.", "#30 would be 180.00 EUR above the credit limit."]);
}
