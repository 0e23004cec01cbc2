use finance::tax_rules::TaxRule;
use kernel::SCALE;
use product::price_rules::PriceLine;
use proptest::prelude::*;

use super::*;
use crate::testing;

#[derive(Clone, Default)]
struct Typed {
    product: i64,
    qty: Qty,
    discount: Rate,
    description: String,
    unit: i64,
    price: Option<Price>,
    priced_unit: Option<UnitId>,
    priced_at: Option<Price>,
    tax: Option<TaxId>,
    filled_for: Option<ProductId>,
}

/// Completes lines; one text for each: `description qty unit price net tax total base margin`.
fn completed(typed: &[Typed], currency: Currency, rate: Rate) -> Result<(Vec<String>, Totals), Refusal> {
    completed_with(typed, currency, rate, &testing::lines())
}

fn completed_with(
    typed: &[Typed],
    currency: Currency,
    rate: Rate,
    facts: &LineFacts,
) -> Result<(Vec<String>, Totals), Refusal> {
    completed_at(typed, currency, rate, Positions::default(), facts)
}

fn completed_at(
    typed: &[Typed],
    currency: Currency,
    rate: Rate,
    positions: Positions,
    facts: &LineFacts,
) -> Result<(Vec<String>, Totals), Refusal> {
    let mut typed = typed.to_vec();
    let mut out = vec![(Qty::ZERO, false, [Amount::ZERO; 6], Id::new(0)); typed.len()];
    let totals = {
        let mut lines: Vec<Line> = typed
            .iter_mut()
            .zip(&mut out)
            .map(
                |(
                    typed,
                    (product_qty, stocked, [net, tax_amount, total, total_base, margin, discount_share], unit),
                )| {
                    *unit = Id::new(typed.unit);
                    Line {
                        product: Id::new(typed.product),
                        qty: typed.qty,
                        discount: typed.discount,
                        agreed_discount: None,
                        gives_back: false,
                        discount_share,
                        description: &mut typed.description,
                        unit,
                        price: &mut typed.price,
                        priced_unit: &mut typed.priced_unit,
                        priced_at: &mut typed.priced_at,
                        tax: &mut typed.tax,
                        filled_for: &mut typed.filled_for,
                        product_qty,
                        stocked,
                        net,
                        tax_amount,
                        total,
                        total_base,
                        margin,
                    }
                },
            )
            .collect();
        complete(&mut lines, &Discount::default(), &Terms { on: testing::day(), currency, rate, positions }, facts)?
    };
    let texts = typed.iter().zip(&out).map(|(line, (product_qty, _, amounts, unit))| {
        let amounts: Vec<String> = amounts[..5].iter().map(|amount| amount.text(Currency::EUR)).collect();
        let price = line.price.unwrap_or_default().text();
        format!("{} {} of unit {} at {price}: {}", line.description, product_qty.text(), unit.raw(), amounts.join(" "))
    });
    Ok((texts.collect(), totals))
}

fn check(line: Typed, expected: &str) {
    let text = match completed(&[line], Currency::EUR, Rate::ONE) {
        Ok((texts, _)) => texts[0].clone(),
        Err(refusal) => refusal.to_string(),
    };
    assert_eq!(text, expected);
}

fn mugs(qty: i64) -> Typed {
    Typed { product: 7, qty: Qty::whole(qty), ..Typed::default() }
}

#[test]
fn the_product_fills_the_line() {
    check(mugs(2), "Mug 2 of unit 1 at 10: 20.00 4.00 24.00 24.00 8.00");
}

#[test]
fn what_the_user_said_stays() {
    let line = Typed {
        description: "Red mug".into(),
        price: Some(Price::whole(9)),
        discount: Rate::parse("0.1").unwrap(),
        ..mugs(2)
    };
    check(line, "Red mug 2 of unit 1 at 9: 16.20 3.24 19.44 19.44 4.20");
}

#[test]
fn another_product_fills_the_line_anew() {
    let line = Typed {
        description: "Plate".into(),
        price: Some(Price::whole(3)),
        unit: 1,
        filled_for: Some(Id::new(8)),
        ..mugs(1)
    };
    check(line, "Mug 1 of unit 1 at 10: 10.00 2.00 12.00 12.00 4.00");
}

#[test]
fn a_tax_taken_away_stays_away() {
    check(Typed { filled_for: Some(Id::new(7)), ..mugs(1) }, "Mug 1 of unit 1 at 10: 10.00 0.00 10.00 10.00 4.00");
}

#[test]
fn a_dozen_costs_twelve_times() {
    check(Typed { unit: 12, ..mugs(1) }, "Mug 12 of unit 12 at 120: 120.00 24.00 144.00 144.00 48.00");
}

#[test]
fn a_box_holds_what_the_product_says() {
    check(Typed { unit: 24, ..mugs(2) }, "Mug 48 of unit 24 at 240: 480.00 96.00 576.00 576.00 192.00");
    let half = Typed { unit: 24, qty: Qty::parse("0.5").unwrap(), ..mugs(0) };
    check(half, "Mug 12 of unit 24 at 240: 120.00 24.00 144.00 144.00 48.00");
}

#[test]
fn a_price_follows_its_unit_unless_somebody_typed_another() {
    let (price, known) = (Some(Price::whole(9)), Some(Id::new(7)));
    let line = |unit, priced_unit: i64, priced_at| Typed {
        unit,
        price,
        priced_unit: Some(Id::new(priced_unit)),
        priced_at,
        filled_for: known,
        ..mugs(1)
    };
    check(line(24, 1, price), "Mug 24 of unit 24 at 216: 216.00 0.00 216.00 216.00 72.00");
    check(line(12, 24, price), "Mug 12 of unit 12 at 4.5: 4.50 0.00 4.50 4.50 -67.50");
    check(line(24, 1, Some(Price::whole(8))), "Mug 24 of unit 24 at 9: 9.00 0.00 9.00 9.00 -135.00");
}

#[test]
fn sales_begin_with_the_unit_they_are_made_in() {
    let mut facts = testing::lines();
    facts.products.get_mut(&7).unwrap().sales_unit = Some(Id::new(24));
    let (texts, _) = completed_with(&[mugs(1)], Currency::EUR, Rate::ONE, &facts).unwrap();
    assert_eq!(texts, ["Mug 24 of unit 24 at 240: 240.00 48.00 288.00 288.00 96.00"]);
}

#[test]
fn what_is_free_is_told_in_the_products_own_unit() {
    let facts = testing::lines();
    let boxes = Need { row: 0, product: Id::new(7), unit: Id::new(24), qty: Qty::whole(48), reserved: Qty::ZERO };
    let hints = availability(&[boxes], Date::MIN, &facts);
    assert!(hints[0].about.to_string().contains(" pc "), "{}", hints[0].about);
}

#[test]
fn prices_are_converted_into_the_currency_of_the_document() {
    let (texts, totals) = completed(&[mugs(2)], Currency::USD, Rate::parse("0.8").unwrap()).unwrap();
    assert_eq!(texts, ["Mug 2 of unit 1 at 12.5: 25.00 5.00 30.00 24.00 8.00"]);
    assert_eq!(totals.total_base, Amount::new(2400));
}

#[test]
fn a_service_takes_something_off_the_whole_document() {
    let discount = Typed { product: 9, price: Some(Price::whole(-3)), ..mugs(1) };
    let (texts, totals) = completed(&[mugs(2), discount], Currency::EUR, Rate::ONE).unwrap();
    assert_eq!(texts[1], "Advice 1 of unit 3 at -3: -3.00 0.00 -3.00 -3.00 -3.00");
    assert_eq!((totals.net, totals.total), (Amount::new(1700), Amount::new(2100)));
}

#[test]
fn strange_lines_are_refused() {
    check(Typed::default(), "Choose a product.");
    check(mugs(0), "The quantity must be more than zero. Correct it, or remove the line.");
    check(Typed { product: 10, ..mugs(1) }, "#10 is not sold any more. Choose another product.");
    check(Typed { unit: 3, ..mugs(1) }, "#7 is not measured in this unit. Choose a unit of the same category.");
    check(Typed { discount: Rate::new(SCALE + 1), ..mugs(1) }, "A discount lies between 0 and 100 %. Correct it.");
    let rebate = Typed { price: Some(Price::whole(-1)), ..mugs(1) };
    check(
        rebate,
        "The price of #7 is below zero. Use the discount for goods; only a service, such as “Discount”, can take something off.",
    );
    let alone = Typed { product: 9, price: Some(Price::whole(-1)), ..mugs(1) };
    check(alone, "The document comes to less than nothing. Make a credit note for what is given back.");
    let huge = Typed { price: Some(Price::new(i64::MAX)), ..mugs(1_000_000) };
    check(huge, "An amount is too large. Check quantities, prices and tax rates.");
}

#[test]
fn a_tax_on_purchases_is_not_charged_on_sales() {
    let mut facts = testing::lines();
    facts.taxes.bought.insert(20);
    let told = completed_with(&[mugs(1)], Currency::EUR, Rate::ONE, &facts).map(|(lines, _)| lines);
    let problem = &told.unwrap_err().problems[0];
    assert_eq!((problem.code, problem.field.as_deref(), problem.row), ("purchase_tax", Some("lines.tax"), Some(0)));
}

#[test]
fn no_price_anywhere_is_asked_for() {
    let mut facts = testing::lines();
    facts.products.get_mut(&7).unwrap().sales_price = None;
    let known = facts.products[&7].clone();
    let (mut unit, mut price, mut tax, mut filled_for) = (Id::new(1), None, None, None);
    let (mut priced_unit, mut priced_at) = (None, None);
    let (mut description, mut product_qty, mut stocked) = (String::new(), Qty::ZERO, false);
    let [mut share, mut a, mut b, mut c, mut d, mut e] = [Amount::ZERO; 6];
    let line = Line {
        product: Id::new(7),
        qty: Qty::whole(1),
        discount: Rate::ZERO,
        agreed_discount: None,
        gives_back: false,
        discount_share: &mut share,
        description: &mut description,
        unit: &mut unit,
        price: &mut price,
        priced_unit: &mut priced_unit,
        priced_at: &mut priced_at,
        tax: &mut tax,
        filled_for: &mut filled_for,
        product_qty: &mut product_qty,
        stocked: &mut stocked,
        net: &mut a,
        tax_amount: &mut b,
        total: &mut c,
        total_base: &mut d,
        margin: &mut e,
    };
    let terms = Terms { on: testing::day(), currency: Currency::EUR, rate: Rate::ONE, positions: Positions::default() };
    let refusal = complete(&mut [line], &Discount::default(), &terms, &facts).unwrap_err();
    assert_eq!(refusal.to_string(), "Nothing says what #7 costs the customer. Type a price.");
    assert_eq!(known.name, "Mug");
}

#[test]
fn earlier_lines_leave_less_for_later_ones() {
    let need =
        |row, qty| Need { row, product: Id::new(7), unit: Id::new(1), qty: Qty::whole(qty), reserved: Qty::ZERO };
    let mut facts = testing::lines();
    let told = |needs: &[Need], day: u32, facts: &LineFacts| -> Vec<String> {
        let hints = availability(needs, Date::new(2026, 12, day).unwrap(), facts);
        hints
            .iter()
            .map(|hint| format!("{:?} {:?} {}", hint.tone, hint.about.problems[0].row.unwrap(), hint.about))
            .collect()
    };
    let both = [need(0, 3), need(1, 3)];
    assert_eq!(told(&both, 1, &facts), ["Good 0 4 free", "Warn 1 Only 1 of #7 are free; 2 short."]);
    let days = [(5, 1), (9, 4)].map(|(on, qty)| (Date::new(2026, 12, on).unwrap(), Qty::whole(qty)));
    facts.expected.insert(7, days.to_vec());
    let late = "Warn 1 Only 1 of #7 are free; 2 short until 2026-12-09.";
    assert_eq!(told(&both, 8, &facts), ["Good 0 4 free", late]);
    // What comes before the day it is wanted is as good as there.
    assert_eq!(told(&both, 9, &facts), ["Good 0 4 free", "Info 1 1 free, the other 2 by 2026-12-09"]);
    // What the first line lacks comes to it first.
    let more = [need(0, 5), need(1, 4)];
    let expected = ["Info 0 4 free, the other 1 by 2026-12-05", "Info 1 0 free, the other 4 by 2026-12-09"];
    assert_eq!(told(&more, 9, &facts), expected);
    let kept = Need { reserved: Qty::whole(3), ..need(1, 3) };
    assert_eq!(told(&[kept], 9, &facts), ["Good 1 3 reserved"], "what is reserved needs nothing");
    let some = Need { reserved: Qty::whole(1), ..need(1, 3) };
    assert_eq!(told(&[some], 9, &facts), ["Good 1 1 reserved", "Good 1 4 free"]);
}

#[test]
fn another_quantity_proposes_its_price_and_an_agreed_one_is_left_alone() {
    let tier = |min_qty, price| PriceLine {
        product: Some(Id::new(7)),
        category: None,
        min_qty: Qty::whole(min_qty),
        price: Price::whole(price),
        valid_from: None,
        valid_until: None,
    };
    let list = PriceList { currency: Currency::EUR, tax_included: false, lines: vec![tier(1, 9), tier(10, 8)] };
    let facts = LineFacts { prices: vec![list], ..testing::lines() };
    let terms = Terms { on: testing::day(), currency: Currency::EUR, rate: Rate::ONE, positions: Positions::default() };
    let told = |qty, price| {
        let line =
            Priced { product: Id::new(7), unit: Id::new(1), product_qty: Qty::whole(qty), tax: Some(Id::new(20)) };
        let hints = proposals([(2, line, Some(Price::whole(price)))].into_iter(), &terms, &facts);
        hints.first().map(|hint| (hint.about.problems[0].row, hint.about.to_string()))
    };
    assert_eq!(told(9, 9), None);
    assert_eq!(told(10, 8), None);
    let proposed = "For this quantity the list price of #7 is 8. Clear the price to take it.";
    assert_eq!(told(10, 9), Some((Some(2), proposed.to_owned())));
    assert_eq!(told(3, 8).map(|(_, text)| text.contains("is 9.")), Some(true));
    // The product's own price, for less than any list speaks of.
    assert_eq!(told(3, 10).map(|(_, text)| text.contains("is 9.")), Some(true));
    // Agreed on.
    assert_eq!(told(10, 7), None);
}

/// Mug #7 with 20 % in its price, which position 5 replaces by #0, and plate #8 with 20 % on top.
fn with_positions() -> LineFacts {
    let mut facts = testing::lines();
    let [rule] = facts.taxes.rules[&20][..] else { panic!("one rule") };
    facts.taxes.rules.insert(21, vec![TaxRule { id: 21, included: true, ..rule }]);
    facts.taxes.rules.insert(30, vec![TaxRule { id: 30, rate: Rate::ZERO, ..rule }]);
    facts.taxes.replaced = BTreeMap::from([((5, 21), Some(Id::new(30))), ((5, 20), Some(Id::new(30)))]);
    let mug = facts.products.get_mut(&7).unwrap();
    (mug.sales_tax, mug.sales_price) = (Some(Id::new(21)), Some(Price::whole(12)));
    facts
}

/// What a line of 1 mug bears: price, net, tax.
fn borne(line: Typed, now: Option<i64>, before: Option<i64>, facts: &LineFacts) -> String {
    let positions = Positions { now: now.map(Id::new), before: before.map(Id::new) };
    let (texts, _) = completed_at(&[line], Currency::EUR, Rate::ONE, positions, facts).unwrap();
    let words: Vec<&str> = texts[0].split(' ').collect();
    words[6..9].join(" ")
}

#[test]
fn a_tax_position_replaces_the_tax_and_what_the_price_contains_of_it() {
    let facts = with_positions();
    assert_eq!(borne(mugs(1), None, None, &facts), "12: 10.00 2.00");
    assert_eq!(borne(mugs(1), Some(5), Some(5), &facts), "10: 10.00 0.00");
    let filled = |tax: i64, price: i64| Typed {
        tax: Some(Id::new(tax)),
        price: Some(Price::whole(price)),
        filled_for: Some(Id::new(7)),
        unit: 1,
        ..mugs(1)
    };
    // Chosen later, and taken away again.
    assert_eq!(borne(filled(21, 12), Some(5), None, &facts), "10: 10.00 0.00");
    assert_eq!(borne(filled(30, 10), None, Some(5), &facts), "12: 10.00 2.00");
    // Nothing changes where the position stays, or somebody chose another tax.
    assert_eq!(borne(filled(21, 12), Some(5), Some(5), &facts), "12: 10.00 2.00");
    assert_eq!(borne(filled(20, 12), Some(5), None, &facts), "12: 12.00 2.40");
}

#[test]
fn a_price_of_a_list_with_tax_is_told_without_a_tax_that_is_replaced() {
    let line = |price| PriceLine {
        product: Some(Id::new(7)),
        category: None,
        min_qty: Qty::ZERO,
        price: Price::whole(price),
        valid_from: None,
        valid_until: None,
    };
    let with = |tax_included, price| {
        let list = PriceList { currency: Currency::EUR, tax_included, lines: vec![line(price)] };
        LineFacts { prices: vec![list], ..with_positions() }
    };
    assert_eq!(borne(mugs(1), None, None, &with(true, 24)), "24: 20.00 4.00");
    assert_eq!(borne(mugs(1), Some(5), None, &with(true, 24)), "20: 20.00 0.00");
    assert_eq!(borne(mugs(1), Some(5), None, &with(false, 20)), "20: 20.00 0.00");
}

proptest! {
    #[test]
    fn lines_sum_to_the_document_in_both_currencies(
        lines in proptest::collection::vec((1i64..50_000_000, 0i64..1_000_000_000, 0i64..SCALE), 1..12),
        rate in 1i64..20_000_000,
    ) {
        let typed: Vec<Typed> = lines
            .iter()
            .map(|(qty, price, discount)| Typed {
                qty: Qty::new(*qty),
                price: Some(Price::new(*price)),
                discount: Rate::new(*discount),
                ..mugs(1)
            })
            .collect();
        let (texts, totals) = completed(&typed, Currency::USD, Rate::new(rate)).unwrap();
        prop_assert_eq!(totals.net + totals.tax_amount, totals.total);
        let sum = |column: usize| -> Amount {
            texts.iter().map(|text| {
                let amounts = text.split(": ").nth(1).unwrap();
                Amount::parse(amounts.split(' ').nth(column).unwrap(), Currency::EUR).unwrap()
            }).sum()
        };
        prop_assert_eq!(sum(2), totals.total);
        prop_assert_eq!(sum(3), totals.total_base);
        prop_assert_eq!(sum(4), totals.margin);
    }

    #[test]
    fn amounts_that_nearly_cancel_are_worth_what_they_are_at_the_rate(
        parts in proptest::collection::vec(-1_000_000i64..1_000_000, 1..8),
        rate in 1i64..20_000_000,
    ) {
        let parts: Vec<Amount> = parts.into_iter().map(Amount::new).collect();
        let base = |amount: Amount| amount.convert(Currency::USD, Currency::EUR, Rate::new(rate));
        let shares = in_base(&parts, &base).unwrap();
        prop_assert_eq!(shares.iter().copied().sum::<Amount>(), base(parts.iter().copied().sum()).unwrap());
        for (part, share) in parts.iter().zip(shares) {
            prop_assert!((share - base(*part).unwrap()).abs() <= Amount::new(2), "{part:?} {share:?}");
        }
    }
}
