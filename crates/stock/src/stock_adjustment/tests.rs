use std::collections::BTreeMap;

use books::CostMethod;
use kernel::{Amount, Currency, Date, Id, Price, Qty};
use meta::{Document, Entity, Record};
use product::UnitCategory;
use product::measure::Measures;
use product::unit_rules::UnitFactor;

use super::{Action, Facts, Kind, Stage, StockAdjustment, StockAdjustmentLine};
use crate::costing::{Costing, Goods};

/// Product 7 is a mug that costs 6.00, 10 of which are in place 1. Product 8 is new, 9 is a service.
fn facts() -> Facts {
    let goods = |is_stocked, unit_cost| Goods {
        is_stocked,
        method: CostMethod::Fifo,
        standard: None,
        unit_cost,
        stock_account: None,
        cost_account: None,
    };
    let used = [("stock", 1400), ("stock_input", 2100), ("stock_loss", 6700), ("stock_gain", 6600), ("opening", 3999)];
    let places = [("stock", 1), ("customer", 2), ("supplier", 3), ("loss", 4)];
    Facts {
        shows_cost: true,
        costing: Costing {
            goods: BTreeMap::from([
                (7, goods(true, Some(Price::whole(6)))),
                (8, goods(true, None)),
                (9, goods(false, Some(Price::whole(1)))),
            ]),
            accounts: used.into_iter().map(|(name, id)| (name.to_owned(), Id::new(id))).collect(),
            places: places.into_iter().map(|(name, id)| (name.to_owned(), Id::new(id))).collect(),
        },
        measures: Measures::default(),
        expected: BTreeMap::from([(7, Qty::whole(10))]),
        currency: Currency::EUR,
        today: Date::new(2026, 11, 25).unwrap(),
        home_place: Some(Id::new(1)),
        held: BTreeMap::new(),
    }
}

#[test]
fn what_is_there_is_worth_something_else_and_the_rest_is_gain_or_loss() {
    let mut known = facts();
    let held = |method| super::facts::Held { qty: Qty::whole(4), value: Amount::new(70_000), method };
    known.held = BTreeMap::from([(7, held(CostMethod::Average))]);
    let worth = |known: &Facts, cost: &str| {
        let mut doc = adjustment(Kind::Revaluation, &format!("7 at {cost}"));
        let told = StockAdjustment::complete(&mut doc, known)
            .and_then(|()| StockAdjustment::decide(&doc, &Action::Post, known));
        match told {
            Err(refusal) => refusal.problems[0].code.to_owned(),
            Ok((_, effects)) => {
                let one = &effects.posting.revaluations[0];
                let change: Vec<&str> = effects.change.iter().map(|change| change.field).collect();
                format!("{:?} against {} {}", one.worth, one.against.raw(), change.join(" "))
            }
        }
    };
    assert_eq!(worth(&known, "140"), "By(Amount(-14000)) against 6700 ");
    assert_eq!(worth(&known, "200"), "By(Amount(10000)) against 6600 ");
    assert_eq!(worth(&known, "-1"), "cost_below_zero");
    assert_eq!(worth(&facts(), "140"), "nothing_held");
    known.costing.accounts.insert("price_variance".to_owned(), Id::new(5050));
    known.held = BTreeMap::from([(7, held(CostMethod::Standard))]);
    assert_eq!(worth(&known, "15"), "Standard(Price(15000000)) against 5050 standard_cost");
    let mut posted = adjustment(Kind::Revaluation, "7 at 15");
    posted.stage = Stage::Posted;
    let refused = StockAdjustment::decide(&posted, &Action::Cancel, &known).unwrap_err();
    assert_eq!(refused.problems[0].code, "standard_stays");
}

#[test]
fn goods_that_moved_meanwhile_are_not_valued_by_an_old_count() {
    let mut known = facts();
    let held = |qty| super::facts::Held { qty: Qty::whole(qty), value: Amount::new(100), method: CostMethod::Fifo };
    known.held = BTreeMap::from([(7, held(4))]);
    let mut doc = adjustment(Kind::Revaluation, "7 at 1");
    StockAdjustment::complete(&mut doc, &known).unwrap();
    known.held = BTreeMap::from([(7, held(5))]);
    let refused = StockAdjustment::decide(&doc, &Action::Post, &known).unwrap_err();
    assert_eq!(refused.problems[0].code, "held_changed");
}

/// Lines such as `7 counted 8`, `7 qty 2`, `8 qty 2 at 3.50`.
fn adjustment(kind: Kind, lines: &str) -> StockAdjustment {
    let mut doc = StockAdjustment::from_record(&Record::empty(StockAdjustment::meta())).unwrap();
    doc.kind = kind;
    for (row, text) in lines.split(';').enumerate() {
        let words: Vec<&str> = text.split_whitespace().collect();
        let mut line = StockAdjustmentLine::from_record(&Record::empty(StockAdjustmentLine::meta())).unwrap();
        line.id = Id::new(row as i64 + 1);
        line.product = Id::new(words[0].parse().unwrap());
        for pair in words[1..].chunks(2) {
            match pair[0] {
                "counted" => line.counted_qty = Some(Qty::parse(pair[1]).unwrap()),
                "qty" => line.qty = Qty::parse(pair[1]).unwrap(),
                _ => line.unit_cost = Some(Price::parse(pair[1]).unwrap()),
            }
        }
        doc.lines.push(line);
    }
    doc
}

fn decided(kind: Kind, lines: &str, stage: Stage, action: Action) -> String {
    let (mut doc, facts) = (adjustment(kind, lines), facts());
    if let Err(refusal) = StockAdjustment::complete(&mut doc, &facts) {
        return format!("refused: {refusal}");
    }
    doc.stage = stage;
    match StockAdjustment::decide(&doc, &action, &facts) {
        Err(refusal) => format!("refused: {refusal}"),
        Ok((stage, effects)) => {
            let mut text = vec![stage.to_owned()];
            text.extend(effects.undo.then(|| "undo".to_owned()));
            text.extend(effects.posting.moves.iter().map(|m| {
                let worth = m.value.map_or(String::new(), |value| format!(" worth {}", value.text(Currency::EUR)));
                let (from, to, against) = (m.from.raw(), m.to.raw(), m.against.raw());
                format!("move {} of #{} from #{from} to #{to}{worth} against {against}", m.qty.text(), m.product.raw())
            }));
            text.join("\n")
        }
    }
}

fn check(kind: Kind, lines: &str, expected: &str) {
    let expected: Vec<&str> = expected.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    assert_eq!(decided(kind, lines, Stage::Draft, Action::Post), expected.join("\n"));
}

#[test]
fn a_count_posts_the_difference() {
    check(
        Kind::Count,
        "7 counted 8",
        "
        posted
        move 2 of #7 from #1 to #4 against 6700
    ",
    );
    check(
        Kind::Count,
        "7 counted 11",
        "
        posted
        move 1 of #7 from #4 to #1 worth 6.00 against 6600
    ",
    );
}

#[test]
fn a_count_that_agrees_posts_nothing() {
    check(Kind::Count, "7 counted 10", "posted");
}

#[test]
fn what_is_not_counted_is_asked_for() {
    check(Kind::Count, "7", "refused: Say how many of #7 were counted.");
    check(Kind::Count, "7 counted -1", "refused: A counted quantity is zero or more. Correct it.");
    check(Kind::Count, "7 counted 1; 7 counted 2", "refused: #7 appears twice. Keep one line for it.");
}

#[test]
fn lost_goods_leave_at_the_cost_the_method_says() {
    check(
        Kind::Loss,
        "7 qty 2",
        "
        posted
        move 2 of #7 from #1 to #4 against 6700
    ",
    );
}

#[test]
fn found_goods_enter_at_the_present_cost() {
    check(
        Kind::Found,
        "7 qty 2",
        "
        posted
        move 2 of #7 from #4 to #1 worth 12.00 against 6600
    ",
    );
}

#[test]
fn opening_stock_and_receipts_say_their_cost() {
    check(
        Kind::Opening,
        "8 qty 4 at 2.50",
        "
        posted
        move 4 of #8 from #4 to #1 worth 10.00 against 3999
    ",
    );
    check(
        Kind::Receipt,
        "8 qty 4 at 2.50; 7 qty 1",
        "
        posted
        move 4 of #8 from #3 to #1 worth 10.00 against 2100
        move 1 of #7 from #3 to #1 worth 6.00 against 2100
    ",
    );
    check(Kind::Receipt, "8 qty 4", "refused: Say what one unit of #8 costs; nothing is known yet.");
    check(Kind::Receipt, "8 qty 4 at -1", "refused: A unit cost is zero or more. Correct it.");
    check(Kind::Receipt, "8 qty 9000000000 at 9000000000", "refused: Quantity times cost is too large. Check both.");
}

#[test]
fn nothing_or_less_does_not_move() {
    let nothing = "refused: The quantity must be more than zero. Correct it, or remove the line.";
    check(Kind::Loss, "7 qty 0", nothing);
    check(Kind::Found, "7 qty -2", nothing);
}

#[test]
fn services_are_not_kept_in_stock() {
    check(Kind::Found, "9 qty 1", "refused: #9 is a service and is not kept in stock. Choose a stocked product.");
}

#[test]
fn a_missing_account_is_named() {
    let mut facts = facts();
    facts.costing.accounts.remove("stock_loss");
    let mut doc = adjustment(Kind::Loss, "7 qty 1");
    StockAdjustment::complete(&mut doc, &facts).unwrap();
    let refusal = StockAdjustment::decide(&doc, &Action::Post, &facts).unwrap_err();
    assert_eq!(
        refusal.to_string(),
        "No account is set up for stock losses. Name one in the chart of accounts (\"used for\")."
    );
}

#[test]
fn cancelling_undoes_what_was_posted_and_nothing_follows() {
    assert_eq!(decided(Kind::Loss, "7 qty 1", Stage::Posted, Action::Cancel), "cancelled\nundo");
    assert_eq!(
        decided(Kind::Loss, "7 qty 1", Stage::Cancelled, Action::Post),
        "refused: This is in stage Cancelled, where Post is not possible. Load it again to see what is."
    );
}

#[test]
fn only_drafts_are_changed() {
    let (mut old, new) = (adjustment(Kind::Loss, "7 qty 1"), adjustment(Kind::Loss, "7 qty 2"));
    assert!(StockAdjustment::check_change(&old, &new, &facts()).is_ok());
    old.stage = Stage::Posted;
    assert_eq!(
        StockAdjustment::check_change(&old, &new, &facts()).unwrap_err().to_string(),
        "This is in stage Posted, and only drafts are changed. Cancel it and make a new one."
    );
}

/// Mugs are kept in pieces (#1, whole); a box (#24) of them holds 24, a dozen (#12) is 12 of anything.
fn measured() -> Facts {
    let factor = |numerator, whole| UnitFactor { category: UnitCategory::Count, numerator, denominator: 1, whole };
    let units = BTreeMap::from([(1, factor(1, true)), (12, factor(12, false)), (24, factor(1, true))]);
    let products = BTreeMap::from([(7, (Id::new(1), vec![(Id::new(24), 24, 1)]))]);
    Facts { measures: Measures { products, units }, ..facts() }
}

/// What a line in a unit comes to: unit, quantity, cost, value, and how many pieces move.
fn told(kind: Kind, line: &str, unit: i64) -> String {
    let mut doc = adjustment(kind, line);
    doc.lines[0].unit = Id::new(unit);
    match StockAdjustment::complete(&mut doc, &measured()) {
        Err(why) => format!("{} at {}", why.problems[0].code, why.problems[0].field.as_deref().unwrap_or("")),
        Ok(()) => {
            let line = &doc.lines[0];
            let (cost, value) = (line.unit_cost.map_or("-".into(), Price::text), line.value.text(Currency::EUR));
            format!("#{}: {} at {cost} is {value}, moves {}", line.unit.raw(), line.qty.text(), line.moves().text())
        }
    }
}

#[test]
fn a_line_says_its_goods_and_their_cost_in_any_unit_of_the_product() {
    assert_eq!(told(Kind::Receipt, "7 qty 2", 0), "#1: 2 at 6 is 12.00, moves 2");
    assert_eq!(told(Kind::Receipt, "7 qty 2", 24), "#24: 2 at 144 is 288.00, moves 48");
    assert_eq!(told(Kind::Receipt, "7 qty 2 at 120", 24), "#24: 2 at 120 is 240.00, moves 48");
    assert_eq!(told(Kind::Loss, "7 qty 0.5", 12), "#12: 0.5 at - is 0.00, moves 6");
    assert_eq!(told(Kind::Loss, "7 qty 0.5", 24), "not_whole at lines.qty");
    assert_eq!(told(Kind::Loss, "7 qty 1", 99), "other_unit at lines.unit");
}

#[test]
fn a_count_in_boxes_posts_the_difference_to_the_piece() {
    // The books say 10 pieces: 0.833333 of a dozen.
    assert_eq!(told(Kind::Count, "7 counted 1", 12), "#12: 0.166667 at 72 is 12.00, moves 2");
    assert_eq!(told(Kind::Count, "7 counted 0.5", 12), "#12: -0.333333 at - is 0.00, moves -4");
    assert_eq!(told(Kind::Count, "7 counted 0.5", 24), "not_whole at lines.counted_qty");
}

#[test]
fn a_cost_follows_its_unit_unless_somebody_typed_another() {
    let mut doc = adjustment(Kind::Receipt, "7 qty 2");
    let mut cost_in = |unit: i64, typed: Option<Price>| {
        doc.lines[0].unit = Id::new(unit);
        doc.lines[0].unit_cost = typed.or(doc.lines[0].unit_cost);
        StockAdjustment::complete(&mut doc, &measured()).unwrap();
        doc.lines[0].unit_cost.unwrap().text()
    };
    assert_eq!([cost_in(1, None), cost_in(24, None), cost_in(12, None)], ["6", "144", "72"]);
    assert_eq!([cost_in(24, Some(Price::whole(120))), cost_in(1, None)], ["120", "5"]);
}

#[test]
fn another_product_begins_anew() {
    let mut doc = adjustment(Kind::Receipt, "7 qty 2 at 120");
    (doc.lines[0].unit, doc.lines[0].filled_for) = (Id::new(24), Some(Id::new(8)));
    StockAdjustment::complete(&mut doc, &measured()).unwrap();
    assert_eq!((doc.lines[0].unit, doc.lines[0].unit_cost), (Id::new(1), Some(Price::whole(6))));
}

#[test]
fn what_was_saved_before_lines_had_a_unit_still_moves() {
    let mut doc = adjustment(Kind::Loss, "7 qty 2");
    (doc.moved_on, doc.place) = (measured().today, Id::new(1));
    let effects = StockAdjustment::decide(&doc, &Action::Post, &measured()).unwrap().1;
    assert_eq!(effects.posting.moves[0].qty, Qty::whole(2));
}
