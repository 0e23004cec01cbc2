//! Decisions about assets, without a database.

use std::collections::BTreeMap;

use kernel::{Amount, Currency, Date, Id, Instant, Rate};
use meta::{Document, Entity, Record};

use super::*;
use crate::schedule::{Convention, Method};

fn day(text: &str) -> Date {
    Date::parse(text).unwrap()
}

fn category() -> AssetCategory {
    let mut record = Record::empty(AssetCategory::meta());
    record.set("name", "Machines").set("life_months", 60i64).set("residual_rate", 100_000i64);
    record.set("convention", "next_month");
    for (field, account) in [
        ("asset_account", 1i64),
        ("accumulated_account", 2),
        ("expense_account", 3),
        ("gain_account", 4),
        ("loss_account", 5),
        ("disposal_account", 6),
    ] {
        record.set(field, account);
    }
    AssetCategory::from_record(&record).unwrap()
}

fn facts() -> Facts {
    Facts {
        category: Some(category()),
        other: None,
        uses: BTreeMap::new(),
        is_wrong_account: false,
        moves: Vec::new(),
        is_charged: false,
        currency: Currency::CNY,
        company: Id::new(1),
        today: day("2026-03-16"),
        now: Instant::from_micros(0),
    }
}

/// 1,200.00 put to use on 10 January, half a year depreciated in a straight line.
fn asset() -> Asset {
    let mut record = Record::empty(Asset::meta());
    record
        .set("name", "Lathe")
        .set("cost", 120_000i64)
        .set("acquired_on", "2026-01-10")
        .set("in_service_on", "2026-01-10");
    let mut asset = Asset::from_record(&record).unwrap();
    Asset::complete(&mut asset, &facts()).unwrap();
    asset
}

fn in_use(accumulated: i64) -> Asset {
    let mut asset = asset();
    asset.stage = Stage::InUse;
    let book = &mut asset.books[0];
    (book.cost, book.accumulated) = (asset.cost, Amount::new(accumulated));
    (book.base_net, book.base_day) = (asset.cost, i64::from(asset.in_service_on.days()));
    complete::settle(&mut asset);
    asset
}

/// What an action posts: account and amount of each line.
fn posted(asset: &Asset, action: &Action) -> Vec<(i64, i64)> {
    let (_, effects) = Asset::decide(asset, action, &facts()).unwrap();
    let lines = effects.posting.entries.iter().flat_map(|entry| entry.lines().to_vec());
    lines.map(|line| (line.account.raw(), line.amount.raw())).collect()
}

fn refused(asset: &Asset, action: &Action) -> &'static str {
    Asset::decide(asset, action, &facts()).unwrap_err().problems[0].code
}

#[test]
fn the_category_says_how_it_is_depreciated() {
    let asset = asset();
    let book = &asset.books[0];
    assert_eq!((book.method(), book.convention(), book.life_months), (Method::StraightLine, Convention::NextMonth, 60));
    assert_eq!((book.residual, asset.net), (Some(Amount::new(12_000)), Amount::new(120_000)));
}

#[test]
fn what_makes_no_sense_is_told_by_line() {
    let mut asset = asset();
    asset.cost = Amount::ZERO;
    asset.books.push(asset.books[0].clone());
    let refused = Asset::complete(&mut asset, &facts()).unwrap_err();
    let told: Vec<_> = refused.problems.iter().map(|one| (one.code, one.row)).collect();
    assert_eq!(told, [("no_cost", None), ("strange_residual", Some(0)), ("book_twice", Some(1))]);
}

#[test]
fn capitalising_needs_another_side() {
    let on = day("2026-01-10");
    assert_eq!(refused(&asset(), &Action::Capitalise { posted_on: on, against: None }), "no_against");
    let bank = Action::Capitalise { posted_on: on, against: Some(Id::new(9)) };
    assert_eq!(posted(&asset(), &bank), [(1, 120_000), (9, -120_000)]);
}

#[test]
fn a_sale_charges_what_is_due_and_tells_the_result() {
    // (1200 − 120) ÷ 60 = 18.00 a month; February and March are due, nothing was charged.
    let sell = |proceeds| Action::Dispose {
        posted_on: day("2026-03-05"),
        proceeds: Some(Amount::new(proceeds)),
        account: Some(Id::new(9)),
        share: None,
    };
    assert_eq!(
        posted(&in_use(0), &sell(120_000)),
        [(2, -3_600), (3, 3_600), (1, -120_000), (2, 3_600), (9, 120_000), (4, -3_600)]
    );
    assert_eq!(posted(&in_use(3_600), &sell(100_000)), [(1, -120_000), (2, 3_600), (9, 100_000), (5, 16_400)]);
}

#[test]
fn a_share_goes_and_the_rest_is_depreciated_on() {
    let half = Action::Dispose {
        posted_on: day("2026-03-05"),
        proceeds: None,
        account: None,
        share: Some(Rate::new(500_000)),
    };
    let (stage, effects) = Asset::decide(&in_use(3_600), &half, &facts()).unwrap();
    assert_eq!(stage, "in_use");
    let by = |field: &str| effects.posting.progress.iter().find(|step| step.field == field).map(|step| step.by);
    assert_eq!(
        (by("cost"), by("accumulated"), by("base_net"), by("residual_by")),
        (Some(-60_000), Some(-1_800), Some(-60_000), Some(-6_000))
    );
    let mut rest = in_use(1_800);
    let book = &mut rest.books[0];
    (book.cost, book.base_net, book.residual_by) = (Amount::new(60_000), Amount::new(60_000), Amount::new(-6_000));
    assert_eq!(rest.books[0].owing(day("2026-04-30")), Amount::new(900));
}

#[test]
fn an_impairment_is_a_loss_and_what_is_left_is_spread_anew() {
    let less = Action::Revalue { posted_on: day("2026-04-10"), net: Amount::new(60_000) };
    let (_, effects) = Asset::decide(&in_use(3_600), &less, &facts()).unwrap();
    let by = |field: &str| effects.posting.progress.iter().find(|step| step.field == field).map(|step| step.by);
    assert_eq!((by("accumulated"), by("life_by")), (Some(56_400), Some(-2)));
    assert_eq!(posted(&in_use(3_600), &less), [(2, -56_400), (5, 56_400)]);
    assert_eq!(
        refused(&in_use(3_600), &Action::Revalue { posted_on: day("2026-04-10"), net: Amount::new(118_000) }),
        "no_surplus"
    );
    assert_eq!(
        refused(&in_use(3_600), &Action::Revalue { posted_on: day("2026-04-10"), net: Amount::new(100) }),
        "below_residual"
    );
}

#[test]
fn a_revised_life_spreads_the_rest() {
    let mut asset = in_use(3_600);
    let revise =
        Action::Revise { book: None, from: day("2026-04-01"), life_months: 10, residual: Some(Amount::new(6_400)) };
    let (_, effects) = Asset::decide(&asset, &revise, &facts()).unwrap();
    for step in &effects.posting.progress {
        let book = &mut asset.books[0];
        match step.field {
            "life_by" => book.life_by += step.by,
            "residual_by" => book.residual_by += Amount::new(step.by),
            "base_net" => book.base_net += Amount::new(step.by),
            "base_day" => book.base_day += step.by,
            "begun_anew" => book.begun_anew += step.by,
            other => panic!("{other}"),
        }
    }
    // 1164 − 64 over ten months.
    assert_eq!(asset.books[0].owing(day("2026-04-30")), Amount::new(11_000));
    assert_eq!(asset.books[0].owing(day("2027-01-31")), Amount::new(110_000));
}

#[test]
fn what_runs_charged_is_not_cancelled() {
    let charged = Facts { is_charged: true, ..facts() };
    let refused = Asset::decide(&in_use(3_600), &Action::Cancel, &charged).unwrap_err();
    assert_eq!(refused.problems[0].code, "charged");
}

#[test]
fn in_the_books_only_its_place_is_changed_by_hand() {
    let (old, mut moved, mut dearer) = (in_use(0), in_use(0), in_use(0));
    moved.location = Some("Hall 2".into());
    dearer.cost = Amount::new(1);
    assert!(Asset::check_change(&old, &moved, &facts()).is_ok());
    assert_eq!(Asset::check_change(&old, &dearer, &facts()).unwrap_err().problems[0].code, "in_the_books");
}
