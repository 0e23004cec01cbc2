//! Cases are histories as text, one flow a line, numbered from 1, a day apart:
//! `flow = value`, then what the layers are at the end.

use super::*;
use kernel::{NumberError, Rounding, SCALE, div_round};
use proptest::prelude::*;

const FIFO: Costing = costing(CostMethod::Fifo);
const AVERAGE: Costing = costing(CostMethod::Average);
const STANDARD: Costing = costing(CostMethod::Standard);

/// In yuan; the standard is 10.
const fn costing(method: CostMethod) -> Costing {
    Costing { method, standard: Price::whole(10), currency: Currency::CNY }
}

fn day(after: usize) -> Date {
    Date::new(2026, 1, 1).unwrap().add_days(after as i32)
}

fn qty(text: &str) -> Qty {
    Qty::parse(text).unwrap()
}

fn amount(text: &str) -> Amount {
    Amount::parse(text, Currency::CNY).unwrap()
}

fn flow(place: usize, line: &str) -> Flow {
    let words: Vec<&str> = line.split_whitespace().collect();
    let (kind, moved) = match words[..] {
        ["in", moved, "for", value] => {
            let value = amount(value);
            (FlowKind::In { value }, qty(moved))
        }
        ["out", moved] => (FlowKind::Out, qty(moved)),
        ["back", moved, "of", of] => {
            let of = of.parse().unwrap();
            (FlowKind::Back { of }, qty(moved))
        }
        ["revalue", by] => (FlowKind::Revalue { by: amount(by) }, Qty::ZERO),
        ["standard", price] => {
            let price = Price::parse(price).unwrap();
            (FlowKind::Standard { price }, Qty::ZERO)
        }
        _ => panic!("not a flow: {line}"),
    };
    Flow { id: place as i64 + 1, on: day(place), kind, qty: moved }
}

/// The flows of a case: whatever follows `=`, and the layers, are answers.
fn flows(case: &str) -> Vec<Flow> {
    case.lines()
        .map(str::trim)
        .filter(|line| !line.is_empty() && !line.starts_with("layer"))
        .enumerate()
        .map(|(place, line)| flow(place, line.split('=').next().unwrap()))
        .collect()
}

fn answer(valued: &Valued) -> String {
    let text = |amount: Amount| amount.text(Currency::CNY);
    match valued.variance.is_zero() {
        true => text(valued.value),
        false => format!("{} variance {}", text(valued.value), text(valued.variance)),
    }
}

#[track_caller]
fn check(costing: &Costing, case: &str) {
    let (history, layers) = replay(costing, &flows(case)).unwrap();
    let lines: Vec<&str> = case.lines().map(str::trim).filter(|l| !l.is_empty()).collect();
    let said = lines.iter().map(|line| line.split('=').next().unwrap().trim());
    let mut answers: Vec<String> =
        said.zip(&history).map(|(flow, valued)| format!("{flow} = {}", answer(valued))).collect();
    answers.extend(layers.iter().map(|layer| {
        let value = layer.value.text(Currency::CNY);
        format!("layer {}: {} worth {value}", layer.flow, layer.qty)
    }));
    assert_eq!(answers.join("\n"), lines.join("\n"));
}

#[track_caller]
fn check_shortage(costing: &Costing, case: &str, flow: i64, missing: &str) {
    let missing = qty(missing);
    assert_eq!(replay(costing, &flows(case)).unwrap_err(), Shortage { flow, missing });
}

/// Quantity and value at the end.
fn stock(costing: &Costing, case: &str) -> (Qty, Amount) {
    let (_, layers) = replay(costing, &flows(case)).unwrap();
    total(&layers)
}

fn total(layers: &[Layer]) -> (Qty, Amount) {
    (layers.iter().map(|layer| layer.qty).sum(), layers.iter().map(|layer| layer.value).sum())
}

/// What one unit costs after each flow, to four decimals as the published cases have it.
fn unit_costs(costing: &Costing, case: &str) -> Vec<String> {
    let flows = flows(case);
    (1..=flows.len())
        .map(|count| {
            let (_, layers) = replay(costing, &flows[..count]).unwrap();
            let (qty, value) = total(&layers);
            let price = Price::per_unit(value, qty, costing.currency).unwrap();
            let rounded = div_round(i128::from(price.raw()), 100, Rounding::HalfUp);
            kernel::format_decimal(rounded as i64, 4, false)
        })
        .collect()
}

#[test]
fn fifo_issues_the_oldest_at_what_it_cost() {
    check(
        &FIFO,
        "in 10 for 100.00 = 100.00
         in 10 for 200.00 = 200.00
         out 4 = -40.00
         out 10 = -140.00
         in 1 for 30.00 = 30.00
         layer 2: 6 worth 120.00
         layer 5: 1 worth 30.00",
    );
}

#[test]
fn the_last_of_a_layer_takes_the_odd_cent() {
    let case = "in 3 for 10.00 = 10.00
         out 1 = -3.33
         out 1 = -3.34
         out 1 = -3.33";
    check(&FIFO, case);
    check(&AVERAGE, case);
}

#[test]
fn an_average_issue_costs_its_part_of_the_pool() {
    check(
        &AVERAGE,
        "in 10 for 100.00 = 100.00
         in 5 for 75.00 = 75.00
         out 4 = -46.67
         in 1 for 0.00 = 0.00
         layer 0: 12 worth 128.33",
    );
}

#[test]
fn standard_cost_keeps_what_differs_from_it_as_variance() {
    check(
        &STANDARD,
        "in 10 for 103.50 = 100.00 variance 3.50
         out 4 = -40.00
         standard 12 = 12.00
         back 1 of 2 = 12.00 variance -2.00
         revalue 5.00 = 0.00 variance 5.00
         out 7 = -84.00",
    );
}

#[test]
fn a_standard_below_a_cent_leaves_no_rest() {
    let finer = Costing { standard: Price::parse("0.333333").unwrap(), ..STANDARD };
    check(
        &finer,
        "in 1 for 0.33 = 0.33
         in 1 for 0.33 = 0.34 variance -0.01
         in 1 for 0.33 = 0.33
         out 2 = -0.67
         out 1 = -0.33",
    );
}

#[test]
fn a_standard_that_changed_unannounced_is_variance() {
    let mut layers = vec![Layer { flow: POOL, on: day(0), qty: qty("5"), value: amount("40.00") }];
    let out = apply(&STANDARD, &mut layers, None, &flow(1, "out 1")).unwrap();
    assert_eq!(out.value, amount("0.00"));
    assert_eq!(out.variance, amount("-10.00"));
    assert_eq!(Left::after_out(&flow(1, "out 1"), &out).value, amount("10.00"));
    assert_eq!(total(&layers), (qty("4"), amount("40.00")));
}

#[test]
fn what_comes_back_is_worth_what_it_left_with() {
    check(
        &FIFO,
        "in 3 for 10.00 = 10.00
         out 3 = -10.00
         in 1 for 9.00 = 9.00
         back 1 of 2 = 3.33
         back 2 of 2 = 6.67
         layer 3: 1 worth 9.00
         layer 4: 1 worth 3.33
         layer 5: 2 worth 6.67",
    );
    check(
        &AVERAGE,
        "in 3 for 10.00 = 10.00
         out 3 = -10.00
         in 1 for 9.00 = 9.00
         back 1 of 2 = 3.33
         layer 0: 2 worth 12.33",
    );
}

#[test]
fn a_revaluation_is_shared_by_value_and_what_has_no_goods_is_variance() {
    check(
        &FIFO,
        "revalue 1.00 = 0.00 variance 1.00
         in 1 for 0.00 = 0.00
         in 2 for 0.00 = 0.00
         revalue 1.00 = 1.00
         revalue 2.00 = 2.00
         revalue -0.10 = -0.10
         layer 2: 1 worth 0.96
         layer 3: 2 worth 1.94",
    );
    check(
        &AVERAGE,
        "in 2 for 5.00 = 5.00
         revalue -7.00 = -5.00 variance -2.00
         layer 0: 2 worth 0.00",
    );
}

#[test]
fn goods_we_are_paid_to_take_are_worth_nothing() {
    let case = "in 1 for -5.00 = 0.00 variance -5.00";
    check(&FIFO, &format!("{case}\nlayer 1: 1 worth 0.00"));
    check(&AVERAGE, &format!("{case}\nlayer 0: 1 worth 0.00"));
}

#[test]
fn nobody_takes_more_than_there_is() {
    for costing in [FIFO, AVERAGE, STANDARD] {
        check_shortage(&costing, "out 1", 1, "1");
        check_shortage(&costing, "in 2 for 5.00\nin 1 for 5.00\nout 3.5", 3, "0.5");
        check_shortage(&costing, "in 2 for 5.00\nback 1 of 1", 2, "1");
        let twice = "in 2 for 5.00\nout 2\nback 1 of 2\nback 2 of 2";
        check_shortage(&costing, twice, 4, "1");
    }
}

#[test]
fn a_back_dated_receipt_changes_what_later_issues_cost() {
    let mut history = flows("in 10 for 100.00\nin 10 for 200.00\nout 10");
    let (before, _) = replay(&FIFO, &history).unwrap();
    let late = Flow { id: 4, on: day(0).add_days(-1), ..flow(3, "in 4 for 20.00") };
    history.insert(0, late);
    let (after, _) = replay(&FIFO, &history).unwrap();
    assert_eq!(differences(&before, &after), [(3, amount("20.00"))]);
    assert_eq!(differences(&before, &before), []);
}

// Published cases, `shared/conformance/A-finance`.

/// Quantities arrive here in the product's unit: 2000 g are 2 kg, 0.025 a gram is 25 a kg.
#[test]
fn a_031_fifo_across_units_of_measure() {
    let case = "in 4 for 40.00 = 40.00
         in 2 for 50.00 = 50.00
         out 3 = -30.00
         out 1 = -10.00
         out 1 = -25.00
         layer 2: 1 worth 25.00";
    check(&FIFO, case);
    let costs = unit_costs(&FIFO, case);
    assert_eq!(costs, ["10.0000", "15.0000", "20.0000", "25.0000", "25.0000"]);
}

/// The revaluations, × 0.8 and × 1.1, arrive as amounts.
#[test]
fn a_032_moving_average_and_revaluations() {
    let case = "in 1 for 100.00
         in 1 for 200.00
         in 1 for 200.00
         in 1 for 200.00
         revalue -140.00
         revalue 56.00";
    let costs = unit_costs(&AVERAGE, case);
    assert_eq!(costs, ["100.0000", "150.0000", "166.6667", "175.0000", "140.0000", "154.0000"]);
    assert_eq!(stock(&AVERAGE, case), (qty("4"), amount("616.00")));
}

/// The target receives what the source gave, so nothing is rounded twice.
#[test]
fn a_045_a_transfer_moves_exactly_the_value_it_removes() {
    let receipt = Price::parse("156526").unwrap();
    let value = receipt.times(qty("20"), Currency::CNY).unwrap();
    let source = format!("in 20000 for {}\nout 1728", value.text(Currency::CNY));
    let (history, _) = replay(&AVERAGE, &flows(&source)).unwrap();
    let removed = history[1].value;
    assert_eq!(removed, amount("-270476.93"));

    let target = format!("in 1728 for {}", (-removed).text(Currency::CNY));
    assert_eq!(stock(&AVERAGE, &target), (qty("1728"), amount("270476.93")));
}

/// A-046, the first three of five.
///
/// The third leaves a billionth behind and calls it zero; here such a quantity cannot be written,
/// so nothing needs to be called zero. The last two start with a layer of −5: we refuse the
/// issue that would make it (see `nobody_takes_more_than_there_is`), as its cost is not known
/// yet and would have to be guessed.
#[test]
fn a_046_fifo_queue() {
    let across = "in 1 for 10.00\nin 2 for 40.00\nin 1 for 20.00\nin 5 for 100.00\nout 4";
    assert_eq!(stock(&FIFO, across), (qty("5"), amount("100.00")));

    let one_by_one = "in 1 for 10.00\nin 2 for 26.00\nin 1 for 17.00
         out 1\nout 1\nout 1
         in 5 for 85.00\nin 8 for 88.00";
    assert_eq!(stock(&FIFO, one_by_one), (qty("14"), amount("190.00")));

    let billionth = Qty::parse("0.999999999");
    assert_eq!(billionth, Err(NumberError::TooManyDecimals));
    let all = stock(&FIFO, "in 1 for 1.00\nout 1");
    assert_eq!(all, (Qty::ZERO, Amount::ZERO));
}

/// A posted receipt is corrected by a flow beside it.
#[test]
fn a_047_standard_cost_and_corrections() {
    for (correction, quantity, value) in
        [("", "5", "50.00"), ("in 5 for 50.00", "10", "100.00"), ("out 5", "0", "0.00"), ("standard 15", "5", "75.00")]
    {
        let case = format!("in 10 for 100.00\nin 10 for 100.00\nout 15\n{correction}");
        let expected = (qty(quantity), amount(value));
        assert_eq!(stock(&STANDARD, &case), expected, "{correction}");
    }
}

/// A supplier return is an `Out` like others; its own return is a `Back`.
#[test]
fn a_052_fifo_returns() {
    for (case, quantity, value) in [
        ("in 10 for 100.00\nout 10\nin 10 for 200.00\nback 10 of 2", "20", "300.00"),
        ("in 10 for 100.00\nin 10 for 200.00\nout 2", "18", "280.00"),
        ("in 1 for 10.00\nin 1 for 20.00\nout 1\nout 1\nback 1 of 4", "1", "20.00"),
    ] {
        let expected = (qty(quantity), amount(value));
        assert_eq!(stock(&FIFO, case), expected, "{case}");
    }
}

// Laws, over many histories.

/// A step of a random history: which kind, how much, at what value, how many days later.
type Step = (u8, i64, i64, u8);

fn any_costing() -> impl Strategy<Value = Costing> {
    (
        prop::sample::select(vec![CostMethod::Fifo, CostMethod::Average, CostMethod::Standard]),
        0i64..20 * SCALE,
        prop::sample::select(vec![Currency::CNY, Currency::JPY]),
    )
        .prop_map(|(method, standard, currency)| Costing { method, standard: Price::new(standard), currency })
}

/// Whole and broken quantities, so that parts come out even and odd.
fn any_qty() -> impl Strategy<Value = i64> {
    prop_oneof![1i64..5_000_000, (1i64..6).prop_map(|wholes| wholes * SCALE)]
}

fn any_step() -> impl Strategy<Value = Step> {
    (0u8..10, any_qty(), -50i64..3000, 0u8..3)
}

fn any_steps() -> impl Strategy<Value = Vec<Step>> {
    prop::collection::vec(any_step(), 1..40)
}

/// The flow of a step, after these.
fn step_flow(past: &[Flow], (kind, qty, value, _): Step, id: i64, on: Date) -> Flow {
    let outs: Vec<i64> = past.iter().filter(|flow| flow.kind == FlowKind::Out).map(|flow| flow.id).collect();
    let value_amount = Amount::new(value);
    let kind = match kind {
        0..4 => FlowKind::In { value: value_amount },
        4..7 => FlowKind::Out,
        7 if !outs.is_empty() => FlowKind::Back { of: outs[qty as usize % outs.len()] },
        8 => FlowKind::Standard { price: Price::new(value.abs() * 7_001) },
        _ => FlowKind::Revalue { by: value_amount },
    };
    Flow { id, on, kind, qty: Qty::new(qty) }
}

/// What is left of an `Out` by looking at all that was valued: the slow, obvious way.
fn left_of(flows: &[Flow], history: &[Valued], kind: FlowKind) -> Option<Left> {
    let FlowKind::Back { of } = kind else {
        return None;
    };
    let mut left = None;
    for (flow, valued) in flows.iter().zip(history) {
        match flow.kind {
            FlowKind::Out if flow.id == of => left = Some(Left::after_out(flow, valued)),
            FlowKind::Back { of: other } if other == of => {
                left = left.map(|left| left.after_back(flow, valued));
            }
            _ => {}
        }
    }
    left
}

/// A history with what is known after each flow.
struct Run {
    flows: Vec<Flow>,
    history: Vec<Valued>,
    layers: Vec<Layer>,
    costing: Costing,
}

/// Applies the steps that are not refused, and asks `law` after each.
fn run(
    costing: Costing,
    steps: &[Step],
    mut law: impl FnMut(&Run) -> Result<(), TestCaseError>,
) -> Result<Run, TestCaseError> {
    let mut run = Run { flows: Vec::new(), history: Vec::new(), layers: Vec::new(), costing };
    let mut on = day(0);
    for (place, &step) in steps.iter().enumerate() {
        on = on.add_days(i32::from(step.3));
        let flow = step_flow(&run.flows, step, place as i64 + 1, on);
        let left = left_of(&run.flows, &run.history, flow.kind);
        let before = run.layers.clone();
        match apply(&run.costing, &mut run.layers, left, &flow) {
            Err(_) => prop_assert_eq!(&run.layers, &before, "a refusal changes nothing"),
            Ok(valued) => {
                run.costing = run.costing.after(&flow);
                run.flows.push(flow);
                run.history.push(valued);
                law(&run)?;
            }
        }
    }
    Ok(run)
}

fn signed_qty(flow: &Flow) -> Qty {
    match flow.kind {
        FlowKind::In { .. } | FlowKind::Back { .. } => flow.qty,
        FlowKind::Out => -flow.qty,
        FlowKind::Revalue { .. } | FlowKind::Standard { .. } => Qty::ZERO,
    }
}

fn value(history: &[Valued]) -> Amount {
    history.iter().map(|valued| valued.value).sum()
}

proptest! {
    #[test]
    fn layers_hold_what_flowed_and_are_never_negative(costing in any_costing(), steps in any_steps()) {
        run(costing, &steps, |run| {
            let flowed = run.flows.iter().map(signed_qty).sum();
            prop_assert_eq!(total(&run.layers), (flowed, value(&run.history)));
            for layer in &run.layers {
                prop_assert!(Qty::ZERO < layer.qty && !layer.value.is_negative());
            }
            if costing.method != CostMethod::Fifo {
                prop_assert!(run.layers.len() <= 1);
                prop_assert!(run.layers.iter().all(|pool| pool.flow == POOL));
            }
            if costing.method == CostMethod::Standard {
                prop_assert_eq!(value(&run.history), run.costing.at_standard(flowed));
            }
            Ok(())
        })?;
    }

    #[test]
    fn the_other_side_carries_what_was_asked(costing in any_costing(), steps in any_steps()) {
        run(costing, &steps, |run| {
            let (flow, valued) = (run.flows.last().unwrap(), run.history.last().unwrap());
            let used: Amount = valued.uses.iter().map(|used| used.value).sum();
            match flow.kind {
                FlowKind::In { value } => prop_assert_eq!(valued.asked(), value),
                FlowKind::Revalue { by } => prop_assert_eq!(valued.asked(), by),
                FlowKind::Standard { .. } => prop_assert!(valued.variance.is_zero()),
                FlowKind::Back { .. } => prop_assert!(!valued.asked().is_negative()),
                FlowKind::Out => {
                    prop_assert_eq!(valued.uses.iter().map(|used| used.qty).sum::<Qty>(), flow.qty);
                    prop_assert!(valued.uses.iter().all(|used| !used.value.is_negative()));
                    prop_assert!(valued.variance.is_zero());
                    prop_assert_eq!(valued.value, -used);
                }
            }
            Ok(())
        })?;
    }

    #[test]
    fn when_all_is_gone_so_is_the_value(costing in any_costing(), steps in any_steps()) {
        let mut run = run(costing, &steps, |_| Ok(()))?;
        let (qty, worth) = total(&run.layers);
        prop_assume!(!qty.is_zero());
        let all = Flow { id: 1000, on: Date::MAX, kind: FlowKind::Out, qty };
        let out = apply(&run.costing, &mut run.layers, None, &all).unwrap();
        prop_assert_eq!(out.value, -worth);
        prop_assert!(run.layers.is_empty());
        run.history.push(out);
        prop_assert!(value(&run.history).is_zero());
    }

    #[test]
    fn all_that_comes_back_brings_all_it_left_with(
        costing in any_costing(),
        received in any_qty(),
        cost in 0i64..3000,
        parts in prop::collection::vec(1i64..100, 1..6),
    ) {
        let received = Qty::new(received.max(100));
        let cost = Amount::new(cost);
        let flow = |id: i64, kind, qty| Flow { id, on: day(id as usize), kind, qty };
        let mut flows = vec![
            flow(1, FlowKind::In { value: cost }, received),
            flow(2, FlowKind::Out, received),
        ];
        let parts = kernel::split_qty(received, &parts);
        for (id, &part) in (3..).zip(parts.iter().filter(|part| !part.is_zero())) {
            flows.push(flow(id, FlowKind::Back { of: 2 }, part));
        }
        let (history, layers) = replay(&costing, &flows).unwrap();
        let came_back: Amount = history[2..].iter().map(Valued::asked).sum();
        prop_assert_eq!(came_back, -history[1].value);
        prop_assert_eq!(total(&layers), (received, history[0].value));
    }

    #[test]
    fn replaying_is_applying_in_order(costing in any_costing(), steps in any_steps()) {
        let run = run(costing, &steps, |_| Ok(()))?;
        prop_assert_eq!(replay(&costing, &run.flows), Ok((run.history, run.layers)));
    }

    #[test]
    fn what_was_posted_plus_differences_plus_the_late_flow_is_the_replay(
        costing in any_costing(),
        steps in any_steps(),
        late in any_step(),
        days in 0i32..60,
    ) {
        let run = run(costing, &steps, |_| Ok(()))?;
        let late = step_flow(&run.flows, late, 1000, day(0).add_days(days));
        let mut flows = run.flows.clone();
        flows.push(late);
        flows.sort_by_key(|flow| (flow.on, flow.id));
        if let Ok((after, layers)) = replay(&costing, &flows) {
            let corrected: Amount = differences(&run.history, &after).iter().map(|(_, by)| *by).sum();
            let own = after.iter().find(|valued| valued.flow == late.id).unwrap().value;
            prop_assert_eq!(value(&run.history) + corrected + own, value(&after));
            prop_assert_eq!(value(&after), total(&layers).1);
        } else {
            // More goods never hurt; taking some away may leave a later issue without.
            let takes = matches!(late.kind, FlowKind::Out | FlowKind::Back { .. });
            prop_assert!(takes);
        }
    }
}
