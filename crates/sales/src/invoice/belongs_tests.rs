//! What lines belong to, and what of it is refused.

use std::collections::BTreeMap;

use kernel::{Amount, Currency, Date, Id, Price, Rate};

use super::facts::{Delivered, GivenBack, Named};
use super::tests::{decided, facts, invoice};
use super::{Facts, Invoice, InvoiceKind};
use crate::committed::Far;

fn code(mut doc: Invoice, facts: &Facts) -> (&'static str, Option<usize>) {
    match decided(&mut doc, facts) {
        Ok(_) => ("posted", None),
        Err(why) => (why.problems[0].code, why.problems[0].row),
    }
}

#[test]
fn a_credit_note_finds_the_lines_of_its_invoice_and_gives_back_no_more_than_they_were() {
    let note = |lines| invoice(InvoiceKind::CreditNote, lines);
    let mut found = note("1 of 7; 1 of 7");
    decided(&mut found, &facts()).unwrap();
    assert!(found.lines.iter().all(|line| line.credited_line == Some(Id::new(61)) && line.unit.raw() == 1));
    assert_eq!(code(note("1 of 7; 2 of 7"), &facts()), ("more_than_invoiced", Some(0)));
    assert_eq!(code(note("2 of 7; 1 of 7"), &facts()), ("not_on_invoice", Some(1)));
    assert_eq!(code(note("1 of 7 back 61; 2 of 7 back 61"), &facts()), ("more_than_invoiced", Some(0)));
    assert_eq!(code(note("1 of 8"), &facts()), ("not_on_invoice", Some(0)));
    let priced = |price: &str, change: &dyn Fn(&mut Invoice)| {
        let mut doc = note("1 of 7 back 61");
        doc.lines[0].price = Some(Price::parse(price).unwrap());
        change(&mut doc);
        code(doc, &facts())
    };
    assert_eq!(priced("9.99", &|_| {}), ("posted", None));
    assert_eq!(priced("10.01", &|_| {}), ("above_price", Some(0)));
    assert_eq!(priced("20", &|doc| doc.lines[0].discount = Rate::parse("0.5").unwrap()), ("posted", None));
    assert_eq!(priced("5", &|doc| doc.lines[0].unit = Id::new(12)), ("other_document", Some(0)));
    assert_eq!(priced("5", &|doc| doc.lines[0].tax = Some(Id::new(21))), ("other_tax", Some(0)));
    // What was invoiced without tax is given back without.
    let mut untaxed = facts();
    untaxed.credited.get_mut(&61).unwrap().tax = None;
    let mut doc = note("1 of 7 back 61");
    doc.lines[0].price = Some(Price::whole(10));
    decided(&mut doc, &untaxed).unwrap();
    assert_eq!((doc.lines[0].tax, doc.total), (None, Amount::new(1000)));
    // All together is not more than what is left, however it was given back before.
    let mut facts = facts();
    let given = |net, back| {
        let (issued_on, currency) = (Date::new(2026, 11, 1).unwrap(), Currency::EUR);
        Some(GivenBack {
            issued_on,
            currency,
            net: Amount::new(net),
            back: Amount::new(back),
            notes: 1,
            back_total: Amount::new(back),
        })
    };
    facts.given_back = given(2000, 1000);
    assert_eq!(code(note("1 of 7 back 61"), &facts), ("posted", None));
    facts.given_back = given(2000, 1003);
    assert_eq!(code(note("1 of 7 back 61"), &facts), ("more_than_left", None));
    facts.given_back = facts.given_back.map(|given| GivenBack { currency: Currency::USD, ..given });
    assert_eq!(code(note("1 of 7 back 61"), &facts), ("other_currency", None));
    // Nor before its day.
    facts.given_back = given(2000, 0).map(|given| GivenBack { issued_on: crate::testing::day().add_days(1), ..given });
    assert_eq!(code(note("1 of 7 back 61"), &facts), ("before_invoice", None));
}

#[test]
fn what_is_named_is_of_the_same_customer_and_goods_of_an_order_are_found_in_it() {
    let named = |lines: &str| {
        let mut doc = invoice(InvoiceKind::Invoice, lines);
        doc.sales_order = Some(Id::new(70));
        doc
    };
    let mut found = named("2 of 7; 1 of 9");
    decided(&mut found, &facts()).unwrap();
    let of: Vec<_> = found.lines.iter().map(|line| line.order_line.map(Id::raw)).collect();
    assert_eq!(of, [Some(71), None], "a service may stand beside");
    assert_eq!(code(named("1 of 8"), &facts()), ("not_on_order", Some(0)));
    assert_eq!(code(named("3 of 7; 1 of 7"), &facts()), ("not_on_order", Some(1)));
    let mut elsewhere = named("1 of 7 for 71");
    elsewhere.sales_order = Some(Id::new(69));
    assert_eq!(code(elsewhere, &facts()), ("other_document", Some(0)));
    let mut facts = facts();
    facts.order_lines.get_mut(&71).unwrap().legal = 31;
    assert_eq!(code(named("1 of 7 for 71"), &facts), ("other_customer", Some(0)));
    facts.order_lines.get_mut(&71).unwrap().legal = 30;
    facts.named = vec![Named { number: "S9".into(), legal: 31 }];
    assert_eq!(code(invoice(InvoiceKind::Invoice, "1 of 9"), &facts), ("other_customer", None));
    facts.named.clear();
    let mut delivered = invoice(InvoiceKind::Invoice, "1 of 7");
    delivered.lines[0].delivery_line = Some(Id::new(81));
    let of = |legal| Delivered { number: "D1".into(), legal, product: 7, order_line: Some(71), far: Far::NOTHING };
    facts.delivered = BTreeMap::from([(81, of(31))]);
    assert_eq!(code(delivered, &facts), ("other_customer", Some(0)));
}
