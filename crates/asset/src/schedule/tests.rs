use kernel::{Amount, Date, Rate};
use proptest::prelude::*;

use super::*;

fn day(text: &str) -> Date {
    Date::parse(text).unwrap()
}

fn terms(method: Method, net: i64, residual: i64, life_months: i64) -> Terms {
    Terms {
        method,
        convention: Convention::ByMonth,
        switch: Switch::Never,
        start: day("2030-01-01"),
        life_months,
        rate: Rate::ZERO,
        net: Amount::new(net),
        residual: Amount::new(residual),
    }
}

/// What is due in each calendar year.
fn by_year(terms: &Terms) -> Vec<i64> {
    let (mut year, mut before, mut years) = (terms.start.year(), 0, Vec::new());
    while before < terms.depreciable().raw() {
        let due = terms.due(Date::new(year, 12, 31).unwrap()).raw();
        years.push(due - before);
        (year, before) = (year + 1, due);
    }
    years
}

#[test]
fn straight_line_of_full_years_is_the_published_one() {
    //
    assert_eq!(by_year(&terms(Method::StraightLine, 10_000_000, 1_000_000, 36)), [3_000_000; 3]);
}

#[test]
fn declining_with_a_stored_rate_is_the_published_one() {
    // A-022, and the same asset taken over after its first year.
    let new = Terms { rate: Rate::new(666_670), ..terms(Method::Declining, 10_000_000, 1_000_000, 36) };
    assert_eq!(by_year(&new), [6_666_700, 2_222_211, 111_089]);
    let old = Terms { net: Amount::new(5_000_000), life_months: 24, start: day("2031-01-01"), ..new };
    assert_eq!(by_year(&old), [3_333_350, 666_650]);
}

#[test]
fn the_written_down_value_derives_its_rate() {
    //
    let terms = terms(Method::WrittenDown, 10_000_000, 1_250_000, 36);
    assert_eq!(terms.yearly_rate(), Rate::new(500_000));
    assert_eq!(by_year(&terms), [5_000_000, 2_500_000, 1_250_000]);
}

#[test]
fn in_china_the_month_after_is_the_first() {
    //
    let terms = Terms {
        convention: Convention::NextMonth,
        start: day("2024-03-10"),
        ..terms(Method::StraightLine, 12_000_000, 0, 60)
    };
    assert_eq!(terms.of_month(day("2024-03-31")), Amount::ZERO);
    assert_eq!(terms.of_month(day("2024-04-30")), Amount::new(200_000));
    assert_eq!(terms.due(day("2025-08-31")), Amount::new(3_400_000));
    assert_eq!(terms.ends_on(), day("2029-03-31"));
}

#[test]
fn double_declining_ends_with_two_equal_years() {
    let terms = Terms { switch: Switch::LastTwoYears, ..terms(Method::DoubleDeclining, 10_000_000, 400_000, 60) };
    assert_eq!(by_year(&terms), [4_000_000, 2_400_000, 1_440_000, 880_000, 880_000]);
}

#[test]
fn declining_switches_when_equal_parts_are_more() {
    let terms = Terms { switch: Switch::WhenHigher, ..terms(Method::DoubleDeclining, 1_000_000, 0, 60) };
    assert_eq!(by_year(&terms), [400_000, 240_000, 144_000, 108_000, 108_000]);
}

#[test]
fn years_are_weighted_by_those_that_remain() {
    assert_eq!(
        by_year(&terms(Method::SumOfYears, 1_600_000, 100_000, 60)),
        [500_000, 400_000, 300_000, 200_000, 100_000]
    );
}

#[test]
fn the_first_year_counts_whole_or_half() {
    let bought =
        |convention| Terms { convention, start: day("2030-10-05"), ..terms(Method::StraightLine, 120_000, 0, 36) };
    assert_eq!(by_year(&bought(Convention::FullYear)), [40_000, 40_000, 40_000]);
    assert_eq!(by_year(&bought(Convention::HalfYear)), [20_000, 40_000, 40_000, 20_000]);
    assert_eq!(bought(Convention::HalfYear).ends_on(), day("2033-06-30"));
    let digits = Terms { method: Method::SumOfYears, ..bought(Convention::HalfYear) };
    assert_eq!(by_year(&digits), [30_000, 50_000, 30_000, 10_000]);
}

#[test]
fn days_are_counted() {
    let terms =
        Terms { convention: Convention::ByDay, start: day("2030-01-17"), ..terms(Method::StraightLine, 36_500, 0, 12) };
    assert_eq!(terms.due(day("2030-01-16")), Amount::ZERO);
    assert_eq!(terms.due(day("2030-01-31")), Amount::new(1_500));
    assert_eq!(terms.due(day("2031-01-15")), Amount::new(36_400));
    assert_eq!(terms.due(day("2031-01-16")), Amount::new(36_500));
}

#[test]
fn units_take_their_share_and_the_last_the_rest() {
    let whole = Amount::new(100_000);
    assert_eq!(of_units(whole, 1, 3), Amount::new(33_333));
    assert_eq!(of_units(whole, 2, 3), Amount::new(66_667));
    assert_eq!(of_units(whole, 4, 3), whole);
}

const METHODS: [Method; 5] =
    [Method::StraightLine, Method::Declining, Method::DoubleDeclining, Method::WrittenDown, Method::SumOfYears];
const CONVENTIONS: [Convention; 5] =
    [Convention::NextMonth, Convention::ByMonth, Convention::ByDay, Convention::FullYear, Convention::HalfYear];
const SWITCHES: [Switch; 3] = [Switch::Never, Switch::WhenHigher, Switch::LastTwoYears];

proptest! {
    #[test]
    fn whatever_the_terms_the_charges_sum_to_cost_less_residual(
        how in (0usize..5, 0usize..5, 0usize..3), net in 1i64..1_000_000_000, residual in 0i64..2_000_000,
        life in 1i64..260, begin in 0i32..3_000, rate in 1i64..1_000_000
    ) {
        let start = day("2020-01-01").add_days(begin);
        let terms = Terms {
            method: METHODS[how.0], convention: CONVENTIONS[how.1], switch: SWITCHES[how.2], start, rate: Rate::new(rate),
            ..terms(Method::StraightLine, net, residual, life)
        };
        let (mut sum, mut on) = (0, start.add_months(-2));
        while on <= terms.ends_on() {
            let charge = terms.of_month(on).raw();
            prop_assert!(0 <= charge, "{on} {charge}");
            sum += charge;
            on = on.add_months(1);
        }
        prop_assert_eq!(sum, terms.depreciable().raw());
        prop_assert_eq!(terms.of_month(start.add_months(-1)), Amount::ZERO);
    }
}
