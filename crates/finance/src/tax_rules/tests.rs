//! Taxes against published figures, then the laws they obey; a test of a conformance case names it.

use kernel::{format_decimal, parse_decimal};
use proptest::prelude::*;

use super::TaxRounding::{PerDocument, PerLine};
use super::*;

/// A rule as text: number, kind, rate, then any of `included`, `raises`, `unaffected`.
fn rule(text: &str) -> TaxRule {
    let words: Vec<&str> = text.split_whitespace().collect();
    TaxRule {
        id: words[0].parse().unwrap(),
        kind: match words[1] {
            "percent" => TaxKind::Percent,
            "fixed" => TaxKind::Fixed,
            "division" => TaxKind::Division,
            kind => panic!("no such kind: {kind}"),
        },
        rate: Rate::parse(words[2]).unwrap(),
        included: words.contains(&"included"),
        raises_base: words.contains(&"raises"),
        base_affected: !words.contains(&"unaffected"),
    }
}

/// Taxes lines such as `8 x 15.55 less 0.1 | 1 percent 0.08 included; 2 fixed 0.05`.
fn taxed(rounding: TaxRounding, decimals: u32, lines: &[&str]) -> Option<TaxedDocument> {
    let parsed: Vec<(Qty, Price, Rate, Vec<TaxRule>)> = lines
        .iter()
        .map(|line| {
            let (product, rules) = line.split_once(" | ").unwrap();
            let (product, discount) = product.split_once(" less ").unwrap_or((product, "0"));
            let (qty, price) = product.split_once(" x ").unwrap_or(("1", product));
            (
                Qty::parse(qty).unwrap(),
                Price::parse(price).unwrap(),
                Rate::parse(discount).unwrap(),
                rules.split("; ").map(rule).collect(),
            )
        })
        .collect();
    let lines: Vec<TaxableLine> = parsed
        .iter()
        .map(|(qty, price, discount, taxes)| TaxableLine { qty: *qty, price: *price, discount: *discount, taxes })
        .collect();
    taxed_lines(&lines, decimals, rounding)
}

/// `net + tax = gross` and then `#tax base amount` of each tax.
fn figures(net: Amount, tax: Amount, gross: Amount, taxes: &[LineTax], decimals: u32) -> String {
    let text = |amount: Amount| format_decimal(amount.raw(), decimals, false);
    let mut figures = format!("{} + {} = {}", text(net), text(tax), text(gross));
    for tax in taxes {
        figures += &format!(" #{} {} {}", tax.tax, text(tax.base), text(tax.amount));
    }
    figures
}

fn shown(document: &TaxedDocument, decimals: u32) -> String {
    let TaxedDocument { net, tax, gross, taxes, .. } = document;
    figures(*net, *tax, *gross, taxes, decimals)
}

fn shown_lines(document: &TaxedDocument) -> Vec<String> {
    let lines = document.lines.iter();
    lines.map(|line| figures(line.net, line.tax, line.gross, &line.taxes, 2)).collect()
}

fn check(rounding: TaxRounding, lines: &[&str], expected: &str) {
    let document = taxed(rounding, 2, lines).expect("fits");
    assert_eq!(shown(&document, 2), expected, "{rounding:?}");
}

fn check_both(lines: &[&str], expected: &str) {
    check(PerLine, lines, expected);
    check(PerDocument, lines, expected);
}

fn eur(text: &str) -> Amount {
    Amount::new(parse_decimal(text, 2).unwrap())
}

fn all_eur(texts: &[&str]) -> Vec<Amount> {
    texts.iter().map(|text| eur(text)).collect()
}

#[test]
fn a_008_tiny_lines_leave_no_phantom_cent() {
    let line = "0.0035 | 1 percent 0.10";
    check_both(&[line, line], "0.00 + 0.00 = 0.00 #1 0.00 0.00");
}

#[test]
fn a_071_taxes_included_in_the_price() {
    for (decimals, line, expected) in [
        (2, "7.00 | 1 percent 0.21 included", "5.79 + 1.21 = 7.00 #1 5.79 1.21"),
        (2, "399.99 | 1 percent 0.20 included", "333.33 + 66.66 = 399.99 #1 333.33 66.66"),
        (2, "52.50 | 1 percent 0.12 included", "46.88 + 5.62 = 52.50 #1 46.88 5.62"),
        (
            2,
            "8 x 15.55 | 1 percent 0.08 included; 2 percent 0 included",
            "115.19 + 9.21 = 124.40 #1 115.19 9.21 #2 115.19 0.00",
        ),
        (6, "399.999999 | 1 percent 0.20 included", "333.333333 + 66.666666 = 399.999999 #1 333.333333 66.666666"),
        (6, "7.0 | 1 percent 0.21 included", "5.785124 + 1.214876 = 7.000000 #1 5.785124 1.214876"),
    ] {
        for rounding in [PerLine, PerDocument] {
            let document = taxed(rounding, decimals, &[line]).unwrap();
            assert_eq!(shown(&document, decimals), expected, "{rounding:?}");
        }
    }
}

#[test]
fn a_073_a_division_tax_is_a_part_of_the_gross() {
    check_both(&["200.00 | 1 division 0.10 included"], "180.00 + 20.00 = 200.00 #1 180.00 20.00");
    check_both(&["180.00 | 1 division 0.10"], "180.00 + 20.00 = 200.00 #1 180.00 20.00");
    check_both(
        &["200.00 | 1 division 0.10; 2 fixed 10; 3 percent 0.10"],
        "200.00 + 52.22 = 252.22 #1 200.00 22.22 #2 200.00 10.00 #3 200.00 20.00",
    );
}

#[test]
fn neighbouring_division_taxes_share_one_gross() {
    let expected = "64.00 + 36.00 = 100.00 #1 64.00 18.00 #2 64.00 9.00 #3 64.00 9.00";
    check_both(&["100.00 | 1 division 0.18 included; 2 division 0.09 included; 3 division 0.09 included"], expected);
    check_both(&["64.00 | 1 division 0.18; 2 division 0.09; 3 division 0.09"], expected);
    // The second is taken on the first: 64 is 80 % of 80, and 80 is 80 % of 100.
    check_both(
        &["64.00 | 1 division 0.2 raises; 2 division 0.2"],
        "64.00 + 36.00 = 100.00 #1 64.00 16.00 #2 80.00 20.00",
    );
}

#[test]
fn a_078_an_included_tax_in_a_currency_without_decimals() {
    for (line, expected) in [
        ("27000 | 1 percent 0.19 included", "22689 + 4311 = 27000 #1 22689 4311"),
        ("10920 | 1 percent 0.19 included", "9176 + 1744 = 10920 #1 9176 1744"),
        ("9176 | 1 percent 0.19", "9176 + 1743 = 10919 #1 9176 1743"),
    ] {
        let document = taxed(PerLine, Currency::JPY.decimals(), &[line]).unwrap();
        assert_eq!(shown(&document, 0), expected);
    }
}

#[test]
fn a_080_a_tax_may_raise_the_base_without_being_affected() {
    check_both(
        &["100.00 | 1 percent 0.06 raises; 2 percent 0.06 raises unaffected; 3 percent 0.10"],
        "100.00 + 23.20 = 123.20 #1 100.00 6.00 #2 100.00 6.00 #3 112.00 11.20",
    );
    check_both(
        &["123.20 | 1 percent 0.06 raises included; 2 percent 0.06 raises unaffected included; \
           3 percent 0.10 included"],
        "100.00 + 23.20 = 123.20 #1 100.00 6.00 #2 100.00 6.00 #3 112.00 11.20",
    );
}

#[test]
fn a_082_a_fixed_tax_is_included_even_in_a_free_line() {
    check_both(&["2 x 100 | 1 fixed 10 included"], "180.00 + 20.00 = 200.00 #1 180.00 20.00");
    check_both(
        &["0.00 | 1 fixed 0.05 included raises; 2 fixed 0.25 included raises"],
        "-0.30 + 0.30 = 0.00 #1 -0.30 0.05 #2 -0.25 0.25",
    );
}

#[test]
fn a_084_cash_rounding_goes_to_the_biggest_tax_or_to_an_extra_line() {
    let lines = ["378 | 15 percent 0.15", "100 | 10 percent 0.10"];
    let document = taxed(PerLine, 2, &lines).unwrap();
    assert_eq!(document.gross, eur("544.70"));
    let extra = cash_rounding(document.gross, eur("1.00"), Rounding::HalfUp).unwrap();
    assert_eq!(extra, eur("0.30"));
    let rounded = document.round_biggest_tax(extra).unwrap();
    assert_eq!(shown(&rounded, 2), "478.00 + 67.00 = 545.00 #15 378.00 57.00 #10 100.00 10.00");
    assert_eq!(
        shown_lines(&rounded),
        ["378.00 + 57.00 = 435.00 #15 378.00 57.00", "100.00 + 10.00 = 110.00 #10 100.00 10.00"]
    );
    assert_eq!(TaxedDocument::default().round_biggest_tax(extra), None);
}

#[test]
fn a_087_five_lines_are_taxed_once() {
    let lines: Vec<String> =
        ["84", "54", "288", "144", "430"].iter().map(|qty| format!("{qty} x 4.60 | 1 percent 0.19")).collect();
    let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
    check(PerDocument, &lines, "4600.00 + 874.00 = 5474.00 #1 4600.00 874.00");
    // Line by line a cent is gained, and the largest line gives it back above.
    check(PerLine, &lines, "4600.00 + 874.01 = 5474.01 #1 4600.00 874.01");
    let taxes: Vec<Amount> = taxed(PerDocument, 2, &lines).unwrap().lines.iter().map(|line| line.tax).collect();
    assert_eq!(taxes, all_eur(&["73.42", "47.20", "251.71", "125.86", "375.81"]));
}

#[test]
fn a_087_a_discount_on_the_net_is_spread_before_tax() {
    let nets = all_eur(&["75", "500", "200", "100", "50", "50"]);
    assert_eq!(nets.iter().sum::<Amount>(), eur("975.00"));
    let parts = spread_discount(&nets, eur("75")).unwrap();
    assert_eq!(parts, all_eur(&["5.77", "38.46", "15.38", "7.69", "3.85", "3.85"]));
    let taxes = [rule("1 percent 0.24")];
    let lines: Vec<TaxableAmount> = nets
        .iter()
        .zip(parts)
        .map(|(&net, part)| TaxableAmount { amount: net - part, qty: Qty::ONE, taxes: &taxes })
        .collect();
    let document = tax_amounts(&lines, Currency::EUR, PerDocument).unwrap();
    assert_eq!(shown(&document, 2), "900.00 + 216.00 = 1116.00 #1 900.00 216.00");
}

#[test]
fn a_discount_on_a_credit_note_mirrors_and_nothing_cannot_carry_one() {
    let nets = all_eur(&["-10.00", "-20.00"]);
    let parts = spread_discount(&nets, eur("-1.00"));
    assert_eq!(parts, Some(all_eur(&["-0.33", "-0.67"])));
    assert_eq!(spread_discount(&all_eur(&["5.00", "-5.00"]), eur("1.00")), None);
    assert_eq!(spread_discount(&[], eur("1.00")), None);
    let nearly_cancel = [Amount::new(i64::MAX), Amount::new(1 - i64::MAX)];
    assert_eq!(spread_discount(&nearly_cancel, eur("1.00")), None);
}

#[test]
fn a_089_a_total_is_rounded_after_its_cash_discount() {
    let total = eur("14960.66") - eur("1.00");
    assert_eq!(total, eur("14959.66"));
    let adjustment = cash_rounding(total, eur("1.00"), Rounding::HalfUp).unwrap();
    assert_eq!(adjustment, eur("0.34"));
    assert_eq!(total + adjustment, eur("14960.00"));
}

#[test]
fn coins_may_be_of_five_cents_and_a_refund_mirrors() {
    for (total, mode, adjustment) in [
        ("10.02", Rounding::HalfUp, "-0.02"),
        ("10.03", Rounding::HalfUp, "0.02"),
        ("-10.03", Rounding::HalfUp, "-0.02"),
        ("10.04", Rounding::Down, "-0.04"),
        ("10.01", Rounding::Up, "0.04"),
        ("10.05", Rounding::Up, "0.00"),
    ] {
        let found = cash_rounding(eur(total), eur("0.05"), mode);
        assert_eq!(found, Ok(eur(adjustment)), "{total}");
    }
    let huge = cash_rounding(Amount::new(i64::MAX), eur("0.05"), Rounding::Up);
    assert_eq!(huge, Err(TooLarge));
}

#[test]
fn a_131_china_splits_prices_with_tax() {
    for (gross, rate, net, tax) in [
        ("113.00", "0.13", "100.00", "13.00"),
        ("500.00", "0.13", "442.48", "57.52"),
        ("109.00", "0.09", "100.00", "9.00"),
        ("1000.00", "0.06", "943.40", "56.60"),
        ("1030.00", "0.03", "1000.00", "30.00"),
        ("9999.99", "0.01", "9900.98", "99.01"),
    ] {
        check_both(
            &[&format!("{gross} | 1 percent {rate} included")],
            &format!("{net} + {tax} = {gross} #1 {net} {tax}"),
        );
    }
}

#[test]
fn the_discount_is_taken_before_the_one_rounding() {
    check_both(&["3 x 3.335 less 0.333333 | 1 percent 0.2"], "6.67 + 1.33 = 8.00 #1 6.67 1.33");
    let amount = |discount| {
        let (qty, price) = (Qty::whole(1), Price::parse("0.005").unwrap());
        line_amount(qty, price, Rate::new(discount), Currency::EUR)
    };
    assert_eq!(amount(0), Ok(eur("0.01")));
    assert_eq!(amount(1), Ok(eur("0.00")));
}

#[test]
fn per_line_a_tax_on_top_is_taken_on_the_net_shown_and_per_document_on_the_exact_one() {
    // 50 % of the net shown, 0.91, is 0.455; of the exact net, 0.9082…, it is 0.4541…
    let lines = ["0.99 | 1 percent 0.09 included; 2 percent 0.5"];
    check(PerLine, &lines, "0.91 + 0.54 = 1.45 #1 0.91 0.08 #2 0.91 0.46");
    check(PerDocument, &lines, "0.91 + 0.53 = 1.44 #1 0.91 0.08 #2 0.91 0.45");
}

#[test]
fn two_included_taxes_of_one_rate_are_equal() {
    check_both(
        &["10.00 | 1 percent 0.05 included; 2 percent 0.05 included"],
        "9.10 + 0.90 = 10.00 #1 9.10 0.45 #2 9.10 0.45",
    );
}

#[test]
fn included_taxes_rounded_once_keep_the_lines_in_step() {
    // 0.1666… each: a half in all, which the net keeps.
    let cent = "0.01 | 1 percent 0.20 included";
    check(PerDocument, &[cent, cent, cent], "0.03 + 0.00 = 0.03 #1 0.03 0.00");
    let lines = ["1.00 | 1 percent 0.21 included"; 3];
    check(PerLine, &lines, "2.49 + 0.51 = 3.00 #1 2.49 0.51");
    check(PerDocument, &lines, "2.48 + 0.52 = 3.00 #1 2.48 0.52");
    let document = taxed(PerDocument, 2, &lines).unwrap();
    assert_eq!(
        shown_lines(&document),
        ["0.82 + 0.18 = 1.00 #1 0.82 0.18", "0.83 + 0.17 = 1.00 #1 0.83 0.17", "0.83 + 0.17 = 1.00 #1 0.83 0.17",]
    );
}

#[test]
fn a_tax_in_several_combinations_is_still_rounded_once() {
    // 0.0247 + 0.0247 of tax 1 is 0.05 in all, though each line shows 0.02.
    let lines = ["0.13 | 1 percent 0.19", "0.13 | 1 percent 0.19; 2 fixed 0.10"];
    check(PerLine, &lines, "0.26 + 0.14 = 0.40 #1 0.26 0.04 #2 0.13 0.10");
    check(PerDocument, &lines, "0.26 + 0.15 = 0.41 #1 0.26 0.05 #2 0.13 0.10");
    // Included on one line and on top of the other: both kinds are kept apart.
    let lines = ["0.03 | 1 percent 0.20 included", "0.03 | 1 percent 0.20"];
    check(PerDocument, &lines, "0.06 + 0.01 = 0.07 #1 0.06 0.01");
}

#[test]
fn taxes_that_leave_nothing_and_numbers_beyond_64_bits_are_refused() {
    for line in [
        "100 | 1 division 1",
        "100 | 1 division 0.6 included; 2 division 0.6 included",
        "100 | 1 percent -1 included",
        "9000000000000 x 9000000000000 | 1 percent 0.1",
        "9000000000 x 10000000 | 1 percent 0.1",
    ] {
        for rounding in [PerLine, PerDocument] {
            assert_eq!(taxed(rounding, 2, &[line]), None, "{line}");
        }
    }
    let refusal = Refusal::from(TooLarge);
    assert_eq!(refusal.problems[0].kind, ProblemKind::TooMuch);
}

#[test]
fn a_document_without_lines_or_taxes_is_taxed_too() {
    let nothing = tax_document(&[], Currency::EUR, PerDocument).unwrap();
    assert_eq!(nothing, TaxedDocument::default());
    let line = TaxableLine { qty: Qty::whole(2), price: Price::whole(3), discount: Rate::ZERO, taxes: &[] };
    for rounding in [PerLine, PerDocument] {
        let document = tax_document(&[line], Currency::EUR, rounding).unwrap();
        assert_eq!(shown(&document, 2), "6.00 + 0.00 = 6.00");
    }
}

/// Rules as a company would have them: rates to a hundredth of a per cent.
fn any_rule() -> impl Strategy<Value = TaxRule> {
    let kind = prop::sample::select(vec![TaxKind::Percent, TaxKind::Fixed, TaxKind::Division]);
    let flags = (any::<bool>(), any::<bool>(), any::<bool>());
    (0i64..4, kind, 0i64..2_000, flags).prop_map(|(id, kind, rate, (included, raises_base, base_affected))| TaxRule {
        id,
        kind,
        rate: Rate::new(rate * 100),
        included,
        raises_base,
        base_affected,
    })
}

type AnyLine = (Qty, Price, Rate, Vec<TaxRule>);

fn any_lines() -> impl Strategy<Value = Vec<AnyLine>> {
    let rules = prop::collection::vec(any_rule(), 0..4);
    // Few combinations on many lines, as on a real invoice.
    prop::collection::vec(rules, 1..4).prop_flat_map(|combinations| {
        let line = (
            (-50_000i64..100_000).prop_map(|qty| Qty::new(qty * 1_000)),
            (0i64..10_000_000).prop_map(|price| Price::new(price * 100)),
            prop_oneof![Just(0), 0i64..1_000].prop_map(|discount| Rate::new(discount * 1_000)),
            prop::sample::select(combinations),
        );
        prop::collection::vec(line, 1..12)
    })
}

fn borrowed(lines: &[AnyLine]) -> Vec<TaxableLine<'_>> {
    let lines = lines.iter();
    lines
        .map(|(qty, price, discount, taxes)| TaxableLine { qty: *qty, price: *price, discount: *discount, taxes })
        .collect()
}

fn any_rounding() -> impl Strategy<Value = TaxRounding> {
    prop::sample::select(vec![PerLine, PerDocument])
}

/// Odoo's documented case of the mixed treatment: 100 at 21 %, 2 % for paying early, is taxed
/// on 98 whether or not it is paid early.
#[test]
fn a_part_let_off_may_be_left_out_of_the_tax() {
    let told = |less, rounding, rules: &str, amounts: &[i64]| {
        let rules: Vec<TaxRule> = rules.split("; ").map(rule).collect();
        let lines: Vec<TaxableAmount> = amounts
            .iter()
            .map(|amount| TaxableAmount { amount: Amount::new(amount * 100), qty: Qty::whole(1), taxes: &rules })
            .collect();
        let told = tax_amounts_less(&lines, Some(less), Currency::EUR, rounding).unwrap();
        assert_eq!(told.net + told.tax, told.gross);
        assert_eq!(told.lines.iter().map(|line| line.gross).sum::<Amount>(), told.gross);
        assert_eq!(told.lines.iter().map(|line| line.tax).sum::<Amount>(), told.tax);
        figures(told.net, told.tax, told.gross, &told.taxes, 2)
    };
    let part = LetOff::Part(Rate::parse("0.02").unwrap());
    let less = |rounding, rules: &str, amounts: &[i64]| told(part, rounding, rules, amounts);
    for rounding in [PerLine, PerDocument] {
        assert_eq!(less(rounding, "1 percent 0.21", &[100]), "100.00 + 20.58 = 120.58 #1 98.00 20.58");
        assert_eq!(less(rounding, "1 percent 0.21", &[40, 60]), "100.00 + 20.58 = 120.58 #1 98.00 20.58");
        // Prices with their tax: 121 is 100 and 21; of 118.58 the tax is 20.58.
        assert_eq!(less(rounding, "1 percent 0.21 included", &[121]), "100.00 + 20.58 = 120.58 #1 98.00 20.58");
        // The same as an amount: off the net, whatever the price contains, and no more than that.
        let off = |off, net| LetOff::Amount { off: Amount::new(off), net };
        for rules in ["1 percent 0.21", "1 percent 0.21 included"] {
            let whole = if rules.ends_with("included") { 121 } else { 100 };
            assert_eq!(told(off(200, None), rounding, rules, &[whole]), "100.00 + 20.58 = 120.58 #1 98.00 20.58");
            assert_eq!(told(off(20_000, None), rounding, rules, &[whole]), "100.00 + 0.00 = 100.00 #1 0.00 0.00");
        }
        // A credit note of the half gives back half of what was not taxed.
        let half = off(200, Some(Amount::new(10_000)));
        assert_eq!(told(half, rounding, "1 percent 0.21", &[50]), "50.00 + 10.29 = 60.29 #1 49.00 10.29");
    }
}

#[test]
fn a_price_keeps_its_net_under_other_taxes() {
    let under = |price: &str, before: &str, after: &str| {
        let rules = |text: &str| -> Vec<TaxRule> { text.split("; ").filter(|one| !one.is_empty()).map(rule).collect() };
        price_under(Price::parse(price).unwrap(), &rules(before), &rules(after)).map(|price| price.text())
    };
    let told = |price: &str| Some(price.to_owned());
    let nineteen = "1 percent 0.19 included";
    assert_eq!(under("119", nineteen, "2 percent 0"), told("100"));
    assert_eq!(under("119", nineteen, ""), told("100"));
    assert_eq!(under("99.99", nineteen, "2 percent 0"), told("84.02521"), "once, to a millionth");
    assert_eq!(under("119", nineteen, "2 percent 0.25 included"), told("125"));
    assert_eq!(under("100", "1 percent 0.19", "2 percent 0.07"), told("100"), "what is on top is not in the price");
    assert_eq!(under("100", "1 percent 0.19", "2 percent 0.07 included"), told("107"));
    // One tax on another, an amount of a unit, and a part of the gross are taken out like any.
    assert_eq!(under("121", "1 percent 0.1 included raises; 2 percent 0.1 included", "3 percent 0"), told("100"));
    assert_eq!(under("7.5", "1 fixed 2.5 included", "2 percent 0"), told("5"));
    assert_eq!(under("200", "1 division 0.1 included", "2 percent 0"), told("180"));
    assert_eq!(under("100", "1 percent 0", "2 division 1 included"), None, "nothing is left for the net");
}

proptest! {
    #[test]
    fn lines_sum_to_the_document_and_net_and_tax_to_the_gross(
        lines in any_lines(),
        rounding in any_rounding(),
        currency in prop::sample::select(vec![Currency::EUR, Currency::JPY, Currency::of(b"KWD")]),
    ) {
        let document = tax_document(&borrowed(&lines), currency, rounding).unwrap();
        let sum = |part: fn(&TaxedLine) -> Amount| document.lines.iter().map(part).sum::<Amount>();
        prop_assert_eq!(sum(|line| line.net), document.net);
        prop_assert_eq!(sum(|line| line.tax), document.tax);
        prop_assert_eq!(sum(|line| line.gross), document.gross);
        prop_assert_eq!(document.net + document.tax, document.gross);
        let taxes: Amount = document.taxes.iter().map(|tax| tax.amount).sum();
        prop_assert_eq!(taxes, document.tax);
        for (line, (qty, price, discount, rules)) in document.lines.iter().zip(&lines) {
            prop_assert_eq!(line.net + line.tax, line.gross);
            let taxes: Amount = line.taxes.iter().map(|tax| tax.amount).sum();
            prop_assert_eq!(taxes, line.tax);
            let amount = line_amount(*qty, *price, *discount, currency).unwrap();
            let included = rules.iter().zip(&line.taxes).filter(|(rule, _)| rule.included);
            let included: Amount = included.map(|(_, tax)| tax.amount).sum();
            prop_assert_eq!(line.net + included, amount);
        }
    }

    #[test]
    fn an_included_tax_leaves_the_gross_unchanged(
        mut lines in any_lines(),
        rounding in any_rounding(),
    ) {
        let mut gross = Amount::ZERO;
        for (qty, price, discount, rules) in &mut lines {
            rules.iter_mut().for_each(|rule| rule.included = true);
            gross += line_amount(*qty, *price, *discount, Currency::EUR).unwrap();
        }
        let document = tax_document(&borrowed(&lines), Currency::EUR, rounding).unwrap();
        prop_assert_eq!(document.gross, gross);
    }

    #[test]
    fn a_credit_note_mirrors_its_invoice(mut lines in any_lines(), rounding in any_rounding()) {
        let invoice = tax_document(&borrowed(&lines), Currency::EUR, rounding).unwrap();
        lines.iter_mut().for_each(|line| line.0 = -line.0);
        let mut note = tax_document(&borrowed(&lines), Currency::EUR, rounding).unwrap();
        let flip = |amount: &mut Amount| *amount = -*amount;
        let flip_taxes = |taxes: &mut Vec<LineTax>| {
            for tax in taxes {
                flip(&mut tax.base);
                flip(&mut tax.amount);
            }
        };
        for line in &mut note.lines {
            flip(&mut line.net);
            flip(&mut line.tax);
            flip(&mut line.gross);
            flip_taxes(&mut line.taxes);
        }
        flip(&mut note.net);
        flip(&mut note.tax);
        flip(&mut note.gross);
        flip_taxes(&mut note.taxes);
        prop_assert_eq!(note, invoice);
    }

    #[test]
    fn one_included_tax_leaves_the_rounded_quotient_as_net(
        gross in -1_000_000_000i64..1_000_000_000,
        rate in 0i64..1_000_000,
        rounding in any_rounding(),
    ) {
        let taxes = [TaxRule { rate: Rate::new(rate), ..rule("1 percent 0 included") }];
        let line = TaxableAmount { amount: Amount::new(gross), qty: Qty::ONE, taxes: &taxes };
        let document = tax_amounts(&[line], Currency::EUR, rounding).unwrap();
        prop_assert_eq!(Some(document.net), Amount::new(gross).scale(SCALE, SCALE + rate));
    }

    #[test]
    fn a_tax_on_top_per_document_is_the_rate_of_the_summed_net(
        nets in prop::collection::vec(-100_000i64..1_000_000, 1..30),
        rate in 0i64..1_000_000,
    ) {
        let taxes = [TaxRule { rate: Rate::new(rate), ..rule("1 percent 0") }];
        let lines: Vec<TaxableAmount> = nets
            .iter()
            .map(|&net| TaxableAmount { amount: Amount::new(net), qty: Qty::ONE, taxes: &taxes })
            .collect();
        let document = tax_amounts(&lines, Currency::EUR, PerDocument).unwrap();
        prop_assert_eq!(Some(document.tax), document.net.of_rate(Rate::new(rate)));
    }

    #[test]
    fn any_numbers_are_taxed_or_refused(
        lines in prop::collection::vec(
            (any::<i64>(), any::<i64>(), any::<i64>(), any::<i64>(), any_rule()), 1..5,
        ),
        rounding in any_rounding(),
    ) {
        let lines: Vec<AnyLine> = lines
            .into_iter()
            .map(|(qty, price, discount, rate, rule)| {
                let rule = TaxRule { rate: Rate::new(rate), ..rule };
                (Qty::new(qty), Price::new(price), Rate::new(discount), vec![rule, rule])
            })
            .collect();
        let _ = tax_document(&borrowed(&lines), Currency::EUR, rounding);
    }

    #[test]
    fn a_discount_is_spread_without_a_rest(
        nets in prop::collection::vec(-100i64..100_000, 1..20),
        discount in -10_000i64..10_000,
    ) {
        let nets: Vec<Amount> = nets.into_iter().map(Amount::new).collect();
        let parts = spread_discount(&nets, Amount::new(discount));
        prop_assert_eq!(parts.is_none(), nets.iter().sum::<Amount>().is_zero());
        if let Some(parts) = parts {
            prop_assert_eq!(parts.iter().sum::<Amount>(), Amount::new(discount));
        }
    }
}
