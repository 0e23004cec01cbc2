//! Taxes against published figures; each test names its conformance case.

use proptest::prelude::*;

use super::*;

fn percent(rate: &str) -> TaxRule {
    TaxRule {
        id: 1,
        kind: TaxKind::Percent,
        rate: Rate::parse(rate).unwrap(),
        included: false,
        raises_base: false,
        base_affected: true,
    }
}

fn included(rate: &str) -> TaxRule {
    TaxRule { included: true, ..percent(rate) }
}

fn one(qty: &str, price: &str, taxes: &[TaxRule], currency: Currency) -> (String, String, String) {
    let line =
        TaxableLine { qty: Qty::parse(qty).unwrap(), price: Price::parse(price).unwrap(), discount: Rate::ZERO, taxes };
    let taxed = tax_document(&[line], currency, TaxRounding::PerLine).unwrap();
    (taxed.net.text(currency), taxed.tax.text(currency), taxed.gross.text(currency))
}

fn net_and_tax(gross: &str, rate: &str, currency: Currency) -> (String, String) {
    let (net, tax, _) = one("1", gross, &[included(rate)], currency);
    (net, tax)
}

fn pair(a: &str, b: &str) -> (String, String) {
    (a.to_owned(), b.to_owned())
}

#[test]
fn a_008_tiny_lines_leave_no_phantom_cent() {
    let taxes = [percent("0.1")];
    let line =
        || TaxableLine { qty: Qty::ONE, price: Price::parse("0.0035").unwrap(), discount: Rate::ZERO, taxes: &taxes };
    let taxed = tax_document(&[line(), line()], Currency::EUR, TaxRounding::PerLine).unwrap();
    assert!(taxed.net.is_zero() && taxed.tax.is_zero() && taxed.gross.is_zero());
    assert!(taxed.taxes.iter().all(|tax| tax.base.is_zero()));
}

#[test]
fn a_071_tax_in_the_price() {
    assert_eq!(net_and_tax("7.00", "0.21", Currency::EUR), pair("5.79", "1.21"));
    assert_eq!(net_and_tax("399.99", "0.20", Currency::EUR), pair("333.33", "66.66"));
    assert_eq!(net_and_tax("52.50", "0.12", Currency::EUR), pair("46.88", "5.62"));
    let (net, tax, gross) = one("8", "15.55", &[included("0.08")], Currency::EUR);
    assert_eq!((net.as_str(), tax.as_str(), gross.as_str()), ("115.19", "9.21", "124.40"));
}

#[test]
fn a_073_tax_that_is_a_part_of_the_gross() {
    let division = |is_included| TaxRule { kind: TaxKind::Division, included: is_included, ..percent("0.1") };
    let (net, tax, _) = one("1", "200", &[division(true)], Currency::EUR);
    assert_eq!((net.as_str(), tax.as_str()), ("180.00", "20.00"));
    let (_, tax, gross) = one("1", "180", &[division(false)], Currency::EUR);
    assert_eq!((tax.as_str(), gross.as_str()), ("20.00", "200.00"));
    let fixed = TaxRule { id: 2, kind: TaxKind::Fixed, rate: Rate::whole(10), ..percent("0") };
    let third = TaxRule { id: 3, ..percent("0.1") };
    let (_, _, gross) = one("1", "200", &[division(false), fixed, third], Currency::EUR);
    assert_eq!(gross, "252.22");
}

#[test]
fn a_078_a_currency_without_decimals() {
    let clp = Currency::parse("CLP").unwrap();
    assert_eq!(net_and_tax("27000", "0.19", clp), pair("22689", "4311"));
    assert_eq!(net_and_tax("10920", "0.19", clp), pair("9176", "1744"));
}

#[test]
fn a_080_a_tax_that_raises_the_base_but_is_not_raised_itself() {
    let taxes = [
        TaxRule { raises_base: true, ..percent("0.06") },
        TaxRule { id: 2, raises_base: true, base_affected: false, ..percent("0.06") },
        TaxRule { id: 3, ..percent("0.1") },
    ];
    let line = TaxableLine { qty: Qty::ONE, price: Price::whole(100), discount: Rate::ZERO, taxes: &taxes };
    let taxed = tax_document(&[line], Currency::EUR, TaxRounding::PerLine).unwrap();
    let lines: Vec<(i64, i64)> = taxed.lines[0].taxes.iter().map(|tax| (tax.base.raw(), tax.amount.raw())).collect();
    assert_eq!(lines, [(10_000, 600), (10_000, 600), (11_200, 1_120)]);
    assert_eq!(taxed.gross.raw(), 12_320);
}

#[test]
fn a_082_a_fixed_tax_in_the_price() {
    let fixed = |id, rate: &str, raises_base| TaxRule {
        id,
        kind: TaxKind::Fixed,
        included: true,
        raises_base,
        ..percent(rate)
    };
    let (net, tax, gross) = one("2", "100", &[fixed(1, "10", false)], Currency::EUR);
    assert_eq!((net.as_str(), tax.as_str(), gross.as_str()), ("180.00", "20.00", "200.00"));
    let (net, tax, gross) = one("1", "0", &[fixed(1, "0.05", true), fixed(2, "0.25", true)], Currency::EUR);
    assert_eq!((net.as_str(), tax.as_str(), gross.as_str()), ("-0.30", "0.30", "0.00"));
}

#[test]
fn a_084_and_a_089_rounding_to_a_coin() {
    let step = Amount::new(100);
    assert_eq!(cash_rounding(Amount::new(54_470), step, Rounding::HalfUp).unwrap().raw(), 30);
    assert_eq!(cash_rounding(Amount::new(1_495_966), step, Rounding::HalfUp).unwrap().raw(), 34);
}

#[test]
fn a_087_lines_and_a_discount_on_the_net_total() {
    let taxes = [percent("0.19")];
    let lines: Vec<TaxableLine> = ["84", "54", "288", "144", "430"]
        .iter()
        .map(|qty| TaxableLine {
            qty: Qty::parse(qty).unwrap(),
            price: Price::parse("4.60").unwrap(),
            discount: Rate::ZERO,
            taxes: &taxes,
        })
        .collect();
    let taxed = tax_document(&lines, Currency::EUR, TaxRounding::PerDocument).unwrap();
    assert_eq!((taxed.net.raw(), taxed.tax.raw(), taxed.gross.raw()), (460_000, 87_400, 547_400));
    let nets: Vec<Amount> = [7_500, 50_000, 20_000, 10_000, 5_000, 5_000].map(Amount::new).to_vec();
    let spread = spread_discount(&nets, Amount::new(7_500)).unwrap();
    assert_eq!(spread.iter().map(|amount| amount.raw()).sum::<i64>().abs(), 7_500);
}

#[test]
fn a_131_the_rates_of_china_in_the_price() {
    for (gross, rate, net, tax) in [
        ("113", "0.13", "100.00", "13.00"),
        ("500", "0.13", "442.48", "57.52"),
        ("109", "0.09", "100.00", "9.00"),
        ("1000", "0.06", "943.40", "56.60"),
        ("1030", "0.03", "1000.00", "30.00"),
        ("9999.99", "0.01", "9900.98", "99.01"),
    ] {
        assert_eq!(net_and_tax(gross, rate, Currency::CNY), pair(net, tax), "{gross} at {rate}");
    }
}

proptest! {
    #[test]
    fn lines_sum_to_the_document_and_net_and_tax_to_the_gross(
        lines in proptest::collection::vec((1i64..500_000_000, 0i64..900_000_000, 0i64..1_000_000), 1..12),
        rate in 0i64..400_000,
        is_included in any::<bool>(),
        per_document in any::<bool>(),
    ) {
        let taxes = [TaxRule { rate: Rate::new(rate), included: is_included, ..percent("0") }];
        let lines: Vec<TaxableLine> = lines
            .iter()
            .map(|(qty, price, discount)| TaxableLine {
                qty: Qty::new(*qty),
                price: Price::new(*price),
                discount: Rate::new(*discount),
                taxes: &taxes,
            })
            .collect();
        let rounding = if per_document { TaxRounding::PerDocument } else { TaxRounding::PerLine };
        let taxed = tax_document(&lines, Currency::CNY, rounding).unwrap();
        prop_assert_eq!(taxed.net + taxed.tax, taxed.gross);
        prop_assert_eq!(taxed.lines.iter().map(|line| line.net).sum::<Amount>(), taxed.net);
        prop_assert_eq!(taxed.lines.iter().map(|line| line.tax).sum::<Amount>(), taxed.tax);
        for line in &taxed.lines {
            prop_assert_eq!(line.net + line.tax, line.gross);
        }
    }
}
