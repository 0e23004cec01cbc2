//! What invoices and credit notes post, in the words of the ledger.

use std::collections::BTreeMap;

use books::{Clearing, CommitmentKind};
use finance::cash_rounding::{Coins, Roundings, Strategy};
use finance::read::{Accounts, DatedRate, Open as OpenItem};
use finance::term_rules::{Instalment, Part, Share};
use kernel::{Amount, Currency, Date, Id, Price, Qty, Rate, Rounding};
use meta::{Choice, Document, Effects, Entity, Record};

use super::facts::{CameBack, Credited, Returned};
use super::{Action, Facts, Invoice, InvoiceKind, InvoiceLine, Stage};
use crate::delivery::OrderLine;
use crate::read::{Open, OpenCommitment};
use crate::testing::{self, text};

/// Order S1 (#70): line 71 is 3 mugs, delivered and not invoiced. Invoice #60 was 24.00 EUR
/// for 2 mugs that left with it (line 61) and is open with all of it as item 90.
pub(super) fn facts() -> Facts {
    let ordered = OrderLine {
        order: 70,
        number: "S1".into(),
        legal: 30,
        price: Some(Price::whole(10)),
        discount: Rate::ZERO,
        tax: Some(20),
        is_open: true,
        is_approved: false,
        product: 7,
        unit: 1,
        whole: false,
        qty: Qty::whole(3),
        product_qty: Qty::whole(3),
        delivered_qty: Qty::whole(3),
        invoiced_qty: Qty::ZERO,
        returned_qty: Qty::ZERO,
        over_delivery: Rate::ZERO,
        over_invoicing: Rate::ZERO,
        total: (Amount::new(3600), Currency::EUR),
        rate: Rate::ONE,
        discount_share: Amount::ZERO,
        discount_part: Amount::ZERO,
        invoiced_discount: Amount::ZERO,
        total_base: Amount::new(3600),
        worth: Amount::new(3600),
    };
    let (party, amount) = (Id::new(30), Amount::new(3600));
    let committed = OpenCommitment { line: 71, party, kind: CommitmentKind::Delivered, amount };
    let uses =
        [("receivable", 1200), ("sales", 4000), ("sales_tax", 2200), ("exchange_gain", 7100), ("exchange_loss", 6100)];
    let credited = Credited {
        qty: Qty::whole(2),
        credited_qty: Qty::ZERO,
        product: 7,
        unit: 1,
        price: Some(Price::whole(10)),
        discount: Rate::ZERO,
        tax: Some(20),
        order_line: None,
        delivery_line: None,
        shipped: true,
        discount_share: Amount::ZERO,
        credited_discount: Amount::ZERO,
    };
    let returned = Returned { qty: Qty::whole(1), credited_qty: Qty::ZERO, product: 7 };
    Facts {
        named: Vec::new(),
        delivered: BTreeMap::new(),
        given_back: None,
        header: testing::header(),
        lines: testing::lines(),
        order_lines: BTreeMap::from([(71, ordered)]),
        open: Open { promises: Vec::new(), commitments: vec![committed] },
        own: Vec::new(),
        costing: testing::costing(),
        accounts: Accounts { by_use: uses.map(|(name, id)| (name.to_owned(), Id::new(id))).into() },
        sales_accounts: BTreeMap::new(),
        tax_accounts: BTreeMap::new(),
        roundings: Roundings::default(),
        terms: Vec::new(),
        credited_open: vec![item(2400, 2400)],
        not_credited: None,
        credited_total: Amount::new(2400),
        credited: BTreeMap::from([(61, credited)]),
        came_back: CameBack { not_received: None, lines: BTreeMap::from([(51, returned)]) },
        is_settled: false,
        letterhead: None,
    }
}

fn item(amount: i64, currency_amount: i64) -> OpenItem {
    OpenItem {
        item: Id::new(90),
        account: Id::new(1200),
        party: Some(Id::new(3)),
        currency: Currency::EUR,
        amount: Amount::new(amount),
        currency_amount: Amount::new(currency_amount),
    }
}

/// Lines such as `2 of 7 for 71; 1 of 8; 1 of 7 back 61`, numbered from 91.
pub(super) fn invoice(kind: InvoiceKind, lines: &str) -> Invoice {
    let mut doc = Invoice::from_record(&Record::empty(Invoice::meta())).unwrap();
    (doc.kind, doc.number, doc.customer) = (kind, "I1".into(), Id::new(3));
    doc.credits = (kind == InvoiceKind::CreditNote).then(|| Id::new(60));
    for (row, words) in lines.split(';').enumerate() {
        let words: Vec<&str> = words.split_whitespace().collect();
        let mut line = InvoiceLine::from_record(&Record::empty(InvoiceLine::meta())).unwrap();
        line.id = Id::new(91 + row as i64);
        line.qty = Qty::parse(words[0]).unwrap();
        line.product = Id::new(words[2].parse().unwrap());
        match words.get(3) {
            Some(&"for") => line.order_line = Some(Id::new(words[4].parse().unwrap())),
            Some(&"back") => line.credited_line = Some(Id::new(words[4].parse().unwrap())),
            _ => {}
        }
        doc.lines.push(line);
    }
    doc
}

/// The entry and all else, one line each. Amounts of an invoice in another currency are told in both.
fn told(effects: &Effects, company: Currency) -> Vec<String> {
    let mut told = Vec::new();
    for line in effects.posting.entries.iter().flat_map(books::Entry::lines) {
        let side = if line.amount.is_negative() { "cr" } else { "dr" };
        let foreign = match line.currency == company {
            true => String::new(),
            false => format!(" ({})", line.currency_amount.abs().text(line.currency)),
        };
        let clears = match line.clearing {
            Clearing::None => String::new(),
            Clearing::Opens => format!(" due {}", line.due_on.map_or("never".to_owned(), |on| on.to_string())),
            Clearing::Settles(item) => format!(" settles {}", item.raw()),
        };
        let amount = line.amount.abs().text(company);
        told.push(format!("{side} {} {amount}{foreign}{clears}", line.account.raw()));
    }
    for tax in &effects.posting.taxes {
        told.push(format!("tax #{} {} on {}", tax.tax.raw(), tax.tax_amount.text(company), tax.base.text(company)));
    }
    told.extend(testing::told(effects).into_iter().filter(|line| !line.starts_with("set ")));
    for change in &effects.change {
        let value = change
            .value
            .int()
            .map_or_else(|| change.value.text().unwrap_or("nothing").to_owned(), |raw| Amount::new(raw).text(company));
        told.push(format!("{} #{} {} is {value}", change.doc.entity, change.doc.id, change.field));
    }
    told
}

pub(super) fn decided(doc: &mut Invoice, facts: &Facts) -> Result<Effects, kernel::Refusal> {
    Invoice::complete(doc, facts)?;
    Ok(Invoice::decide(doc, &posted(None), facts)?.1)
}

fn check_on(mut doc: Invoice, facts: &Facts, expected: &str) {
    let told = match decided(&mut doc, facts) {
        Err(refusal) => vec![format!("refused: {refusal}")],
        Ok(effects) => told(&effects, facts.header.company_currency),
    };
    assert_eq!(told, text(expected));
}

fn check(lines: &str, expected: &str) {
    check_on(invoice(InvoiceKind::Invoice, lines), &facts(), expected);
}

#[test]
fn an_invoice_is_posted_once_and_cancelled_once() {
    assert_eq!(Stage::Draft.after(&posted(None)), Some(Stage::Posted));
    assert_eq!(Stage::Posted.after(&posted(None)), None);
    assert_eq!(Stage::Posted.after(&Action::Cancel), Some(Stage::Cancelled));
    assert_eq!(Stage::Cancelled.after(&Action::Cancel), None);
    assert_eq!(Stage::Draft.after(&Action::Cancel), None);
}

#[test]
fn both_kinds_have_names_in_both_languages() {
    assert!(InvoiceKind::META.values.iter().all(|value| !value.label.zh.is_empty() && !value.label.en.is_empty()));
}

#[test]
fn what_is_made_of_an_invoice_or_of_what_came_back_is_called_a_credit_note() {
    use meta::Document;
    let called = |source| Invoice::made_label(source).map(|label| (label.en, label.zh));
    assert_eq!(called("invoice"), Some(("Credit note", "红字发票")));
    assert_eq!(called("sales_return"), called("invoice"));
    assert_eq!(called("sales_order"), None);
}

#[test]
fn what_is_sold_is_owed_with_its_tax() {
    check(
        "2 of 7; 1 of 9",
        "
        dr 1200 34.00 due 2026-11-25
        cr 2200 4.00
        cr 4000 30.00
        tax #20 4.00 on 20.00
        commit #30 Invoiced 34.00 for line 0
    ",
    );
}

#[test]
fn a_line_of_an_order_turns_its_part_of_what_was_delivered_into_what_is_invoiced() {
    check(
        "1 of 7 for 71",
        "
        dr 1200 12.00 due 2026-11-25
        cr 2200 2.00
        cr 4000 10.00
        tax #20 2.00 on 10.00
        commit #30 Delivered -12.00 for line 71
        commit #30 Invoiced 12.00 for line 0
        progress invoiced_qty of line 71 by 1
    ",
    );
}

#[test]
fn more_than_ordered_is_not_invoiced_and_lines_say_what_the_order_says() {
    let refused = "refused: Only 3 of #7 may still be invoiced on S1, where 3 are ordered and 3 delivered. Reduce the \
                   quantity, or allow more under “Over-invoicing allowed” of the product or the company.";
    check("4 of 7 for 71", refused);
    check("2 of 7 for 71; 2 of 7 for 71", refused);
    let other = "refused: This line does not belong to the order or invoice it names. Take the lines from there.";
    check("1 of 7 for 99", other);
    check("1 of 8 for 71", other);
}

#[test]
fn what_was_delivered_beyond_the_order_and_kept_is_invoiced() {
    let mut facts = facts();
    let ordered = facts.order_lines.get_mut(&71).unwrap();
    (ordered.delivered_qty, ordered.returned_qty) = (Qty::whole(5), Qty::ONE);
    facts.open.commitments[0].amount = Amount::new(4800);
    let part = "
        dr 1200 36.00 due 2026-11-25
        cr 2200 6.00
        cr 4000 30.00
        tax #20 6.00 on 30.00
        commit #30 Delivered -36.00 for line 71
        commit #30 Invoiced 36.00 for line 0
        progress invoiced_qty of line 71 by 3
    ";
    check_on(invoice(InvoiceKind::Invoice, "3 of 7 for 71"), &facts, part);
    let refused = "refused: Only 4 of #7 may still be invoiced on S1, where 3 are ordered and 4 delivered. Reduce the \
                   quantity, or allow more under “Over-invoicing allowed” of the product or the company.";
    check_on(invoice(InvoiceKind::Invoice, "5 of 7 for 71"), &facts, refused);
}

#[test]
fn more_than_ordered_is_invoiced_within_the_allowance_and_asks_for_credit() {
    let mut facts = facts();
    facts.order_lines.get_mut(&71).unwrap().over_invoicing = Rate::parse("0.5").unwrap();
    // What was committed is released once, however many lines there are.
    let posted = "
        dr 1200 48.00 due 2026-11-25
        cr 2200 8.00
        cr 4000 40.00
        tax #20 8.00 on 40.00
        commit #30 Delivered -36.00 for line 71
        commit #30 Invoiced 48.00 for line 0
        progress invoiced_qty of line 71 by 2
        progress invoiced_qty of line 71 by 2
    ";
    check_on(invoice(InvoiceKind::Invoice, "2 of 7 for 71; 2 of 7 for 71"), &facts, posted);
    facts.header.credit.exposure = Amount::new(99_000);
    let refused = "refused: #30 would owe 1,002.00 EUR, which is 2.00 EUR above the credit limit of 1,000.00 EUR. Ask for \
                   a payment, or let a manager go on with a reason.";
    check_on(invoice(InvoiceKind::Invoice, "4 of 7 for 71"), &facts, refused);
}

#[test]
fn a_credit_note_is_not_taken_back_once_all_was_invoiced_again() {
    let mut facts = facts();
    let mut cancelled = |invoiced: &str, returned: i64| {
        let ordered = facts.order_lines.get_mut(&71).unwrap();
        (ordered.invoiced_qty, ordered.returned_qty) = (Qty::parse(invoiced).unwrap(), Qty::whole(returned));
        let mut note = invoice(InvoiceKind::CreditNote, "1 of 7 for 71");
        Invoice::complete(&mut note, &facts).unwrap();
        note.stage = Stage::Posted;
        Invoice::decide(&note, &Action::Cancel, &facts).map_or_else(|why| why.problems[0].code, |(stage, _)| stage)
    };
    assert_eq!([cancelled("2", 0), cancelled("2", 3), cancelled("3", 0)], ["cancelled", "cancelled", "invoiced_again"]);
}

#[test]
fn instalments_are_owed_one_by_one_and_sum_to_the_total() {
    let mut facts = facts();
    let part = |share, days| Part {
        instalment: Instalment { share, months: 0, days, end_of_month: false, days_after: 0 },
        currency: Currency::EUR,
    };
    facts.terms = vec![part(Share::Percent(Rate::parse("0.3").unwrap()), 0), part(Share::Rest, 30)];
    check_on(
        invoice(InvoiceKind::Invoice, "1 of 7"),
        &facts,
        "
        dr 1200 3.60 due 2026-11-25
        dr 1200 8.40 due 2026-12-25
        cr 2200 2.00
        cr 4000 10.00
        tax #20 2.00 on 10.00
        commit #30 Invoiced 12.00 for line 0
    ",
    );
}

fn coins(id: i64, coin: i64, strategy: Strategy) -> (i64, Coins) {
    let (gain_account, loss_account) = (Some(Id::new(7150)), None);
    let (currency, coin, mode) = (Currency::EUR, Amount::new(coin), Rounding::HalfUp);
    (id, Coins { currency, coin, mode, strategy, gain_account, loss_account })
}

#[test]
fn a_total_is_rounded_to_coins_by_a_line_or_by_the_biggest_tax_and_given_back_alike() {
    let mut facts = facts();
    facts.accounts.by_use.insert("rounding".into(), Id::new(7155));
    let priced = |kind, lines, price| {
        let mut doc = invoice(kind, lines);
        doc.lines[0].price = Some(Price::parse(price).unwrap());
        doc.cash_rounding = Some(Id::new(5));
        doc
    };
    // 10.03 and 2.01 are 12.04.
    facts.roundings.named = Some(coins(5, 5, Strategy::ExtraLine));
    let up = "
        dr 1200 12.05 due 2026-11-25
        cr 2200 2.01
        cr 4000 10.03
        cr 7150 0.01
        tax #20 2.01 on 10.03
        commit #30 Invoiced 12.05 for line 0
    ";
    check_on(priced(InvoiceKind::Invoice, "1 of 7", "10.03"), &facts, up);
    // 10.01 and 2.00 are 12.01: what is lost goes to the usual account.
    let down = "
        dr 1200 12.00 due 2026-11-25
        dr 7155 0.01
        cr 2200 2.00
        cr 4000 10.01
        tax #20 2.00 on 10.01
        commit #30 Invoiced 12.00 for line 0
    ";
    let told = |doc| {
        let mut doc = doc;
        let mut told = told(&decided(&mut doc, &facts).unwrap(), Currency::EUR);
        told.sort_unstable();
        told
    };
    let mut down = text(down);
    down.sort_unstable();
    assert_eq!(told(priced(InvoiceKind::Invoice, "1 of 7", "10.01")), down);
    let note = "
        cr 1200 12.05 settles 90
        dr 2200 2.01
        dr 4000 10.03
        dr 7150 0.01
        tax #20 -2.01 on -10.03
        commit #30 Invoiced -12.05 for line 0
        progress credited_qty of line 61 by 1
        invoice #60 open_amount is 11.95
        invoice #60 payment_state is partial
    ";
    facts.credited.get_mut(&61).unwrap().price = Some(Price::parse("10.03").unwrap());
    check_on(priced(InvoiceKind::CreditNote, "1 of 7 back 61", "10.03"), &facts, note);
    facts.roundings.named = Some(coins(5, 5, Strategy::BiggestTax));
    let mut doc = priced(InvoiceKind::Invoice, "1 of 7", "10.03");
    let effects = decided(&mut doc, &facts).unwrap();
    assert_eq!((doc.rounding_amount, doc.tax_amount, doc.total), (Amount::ZERO, Amount::new(202), Amount::new(1205)));
    assert_eq!((doc.lines[0].tax_amount, doc.lines[0].total), (Amount::new(202), Amount::new(1205)));
    assert_eq!(effects.posting.taxes[0].tax_amount, Amount::new(202), "the tax return says what was charged");
}

#[test]
fn terms_bring_their_rounding_and_what_was_chosen_or_cleared_stays() {
    let mut facts = facts();
    (facts.roundings.named, facts.roundings.of_terms) =
        (Some(coins(5, 100, Strategy::ExtraLine)), Some(coins(6, 5, Strategy::ExtraLine)));
    let completed = |change: &dyn Fn(&mut Invoice)| {
        let mut doc = invoice(InvoiceKind::Invoice, "1 of 7");
        change(&mut doc);
        Invoice::complete(&mut doc, &facts).map(|()| doc.cash_rounding.map(Id::raw)).map_err(|why| why.to_string())
    };
    assert_eq!(completed(&|_| {}), Ok(Some(6)));
    assert_eq!(completed(&|doc| doc.cash_rounding = Some(Id::new(5))), Ok(Some(5)));
    assert_eq!(completed(&|doc| doc.rounded_for = Some(Id::new(5))), Ok(None), "cleared under these terms");
    assert_eq!(completed(&|doc| doc.rounded_for = Some(Id::new(4))), Ok(Some(6)), "other terms");
    let foreign = |doc: &mut Invoice| {
        (doc.currency, doc.rate_of, doc.rate) = (Currency::USD, Some(Currency::USD), Rate::parse("0.8").unwrap());
    };
    assert_eq!(completed(&foreign), Ok(None), "no coins of that currency");
    let chosen = completed(&|doc| {
        foreign(doc);
        doc.cash_rounding = Some(Id::new(5));
    });
    assert_eq!(
        chosen.unwrap_err(),
        "#5 rounds amounts in EUR, this document is in USD. Choose another rounding, or none."
    );
}

#[test]
fn a_total_that_is_another_than_was_saved_is_not_posted() {
    let mut facts = facts();
    facts.accounts.by_use.insert("rounding".into(), Id::new(7155));
    facts.roundings.named = Some(coins(5, 100, Strategy::ExtraLine));
    let mut doc = invoice(InvoiceKind::Invoice, "1 of 7");
    (doc.cash_rounding, doc.lines[0].price) = (Some(Id::new(5)), Some(Price::parse("10.10").unwrap()));
    Invoice::complete(&mut doc, &facts).unwrap();
    facts.roundings.named = Some(coins(5, 5, Strategy::ExtraLine));
    let refused = Invoice::decide(&doc, &posted(None), &facts).err().unwrap();
    assert_eq!(refused.problems[0].code, "other_total");
}

fn posted(reason: Option<&str>) -> Action {
    Action::Post { override_reason: reason.map(str::to_owned) }
}

#[test]
fn what_was_not_ordered_is_held_against_the_credit_limit() {
    let mut facts = facts();
    facts.header.credit.exposure = Amount::new(99_000);
    let mut ordered = invoice(InvoiceKind::Invoice, "1 of 7 for 71");
    assert!(decided(&mut ordered, &facts).is_ok(), "an order was looked at when it was made");
    let mut doc = invoice(InvoiceKind::Invoice, "1 of 7");
    let refused = decided(&mut doc, &facts).err().unwrap();
    assert_eq!(
        (refused.problems[0].code, refused.problems[0].field.as_deref()),
        ("over_limit", Some("override_reason"))
    );
    assert_eq!(Invoice::hints(&doc, &facts).len(), 1);
    let refused = Invoice::decide(&doc, &posted(Some("an old friend")), &facts).err().unwrap();
    assert_eq!(refused.problems[0].code, "not_a_manager");
    facts.header.credit.may_override = true;
    let (_, effects) = Invoice::decide(&doc, &posted(Some("an old friend")), &facts).unwrap();
    assert!(testing::told(&effects).contains(&"set override_reason to an old friend".to_owned()));
    facts.header.credit.may_override = false;
    let mut note = invoice(InvoiceKind::CreditNote, "1 of 7 back 61");
    assert!(decided(&mut note, &facts).is_ok(), "a credit note lowers what is owed");
}

#[test]
fn what_was_ordered_neither_leaves_with_the_invoice_nor_comes_back_with_the_credit_note() {
    let mut doc = invoice(InvoiceKind::Invoice, "1 of 7 for 71");
    doc.ship_from = Some(Id::new(1));
    let refused = decided(&mut doc, &facts()).err().unwrap();
    assert_eq!((refused.problems[0].code, refused.problems[0].row), ("leaves_with_delivery", Some(0)));
    let mut note = invoice(InvoiceKind::CreditNote, "1 of 7 for 71");
    note.ship_from = Some(Id::new(1));
    let refused = decided(&mut note, &facts()).err().unwrap();
    assert_eq!((refused.problems[0].code, refused.problems[0].row), ("comes_with_return", Some(0)));
}

#[test]
fn goods_that_leave_with_the_invoice_are_moved_but_services_are_not() {
    let mut doc = invoice(InvoiceKind::Invoice, "2 of 7; 1 of 9");
    doc.ship_from = Some(Id::new(1));
    let mut facts = facts();
    let effects = decided(&mut doc, &facts).unwrap();
    let moves: Vec<String> = testing::told(&effects).into_iter().filter(|line| line.starts_with("move")).collect();
    assert_eq!(moves, ["move 2 of #7 from #1 to #2 against 5000"]);
    facts.costing.places.remove("customer");
    let refused = decided(&mut doc, &facts).err().unwrap();
    assert_eq!((refused.problems[0].code, refused.problems[0].row), ("no_place", Some(0)));
}

#[test]
fn a_credit_note_takes_off_what_is_open_and_goods_come_back_as_they_left() {
    let mut doc = invoice(InvoiceKind::CreditNote, "1 of 7 back 61");
    doc.ship_from = Some(Id::new(1));
    check_on(
        doc,
        &facts(),
        "
        cr 1200 12.00 settles 90
        dr 2200 2.00
        dr 4000 10.00
        tax #20 -2.00 on -10.00
        move 1 of #7 from #2 to #1 as line 61 left against 5000
        commit #30 Invoiced -12.00 for line 0
        progress credited_qty of line 61 by 1
        invoice #60 open_amount is 12.00
        invoice #60 payment_state is partial
    ",
    );
}

#[test]
fn what_a_credit_note_gives_beyond_what_is_open_we_owe() {
    let mut facts = facts();
    facts.credited_open = vec![item(500, 500)];
    check_on(
        invoice(InvoiceKind::CreditNote, "1 of 7 back 61"),
        &facts,
        "
        cr 1200 5.00 settles 90
        cr 1200 7.00 due 2026-11-25
        dr 2200 2.00
        dr 4000 10.00
        tax #20 -2.00 on -10.00
        commit #30 Invoiced -12.00 for line 0
        progress credited_qty of line 61 by 1
        invoice #60 open_amount is 0.00
        invoice #60 payment_state is full
    ",
    );
}

#[test]
fn no_more_is_credited_than_was_invoiced_and_only_by_a_credit_note() {
    let note = |lines| invoice(InvoiceKind::CreditNote, lines);
    check_on(note("3 of 7 back 61"), &facts(), "refused: Only 2 of #7 are left to credit. Reduce the quantity.");
    let strange = "refused: #7 is not on the invoice, or all of it is credited. Choose a line of the invoice, or make a \
                   credit note without an invoice for an allowance.";
    check_on(note("1 of 7 back 99"), &facts(), strange);
    let other = "refused: This line does not belong to the order or invoice it names. Take the lines from there.";
    check_on(note("1 of 8 back 61"), &facts(), other);
    let mut doc = invoice(InvoiceKind::Invoice, "1 of 7");
    doc.credits = Some(Id::new(60));
    let kind =
        "refused: Only a credit note gives back an invoice. Choose the kind “credit note”, or remove the invoice.";
    check_on(doc, &facts(), kind);
}

#[test]
fn what_came_back_is_credited_once_and_its_goods_do_not_move_again() {
    let of_return = |lines: &str| {
        let mut doc = invoice(InvoiceKind::CreditNote, lines);
        (doc.sales_return, doc.ship_from) = (Some(Id::new(50)), Some(Id::new(1)));
        doc.lines.iter_mut().for_each(|line| line.return_line = Some(Id::new(51)));
        doc
    };
    check_on(
        of_return("1 of 7 back 61"),
        &facts(),
        "
        cr 1200 12.00 settles 90
        dr 2200 2.00
        dr 4000 10.00
        tax #20 -2.00 on -10.00
        commit #30 Invoiced -12.00 for line 0
        progress credited_qty of line 61 by 1
        progress credited_qty of line 51 by 1
        invoice #60 open_amount is 12.00
        invoice #60 payment_state is partial
    ",
    );
    let twice = "refused: Only 1 of the #7 that came back are left to credit. Reduce the quantity.";
    check_on(of_return("1 of 7 back 61; 1 of 7 back 61"), &facts(), twice);
    let mut gone = facts();
    gone.came_back.not_received = Some("R1".into());
    let told =
        "refused: R1 is not received, or not any more, so nothing came back. Receive it first, or clear the return.";
    check_on(of_return("1 of 7 back 61"), &gone, told);
    let mut plain = invoice(InvoiceKind::Invoice, "1 of 7");
    plain.sales_return = Some(Id::new(50));
    let kind = "refused: Only a credit note is made of a return. Choose the kind “credit note”, or clear the return.";
    check_on(plain, &facts(), kind);
}

#[test]
fn nothing_is_not_invoiced_and_a_missing_account_is_named() {
    let mut free = invoice(InvoiceKind::Invoice, "1 of 9");
    (free.lines[0].price, free.lines[0].filled_for) = (Some(Price::ZERO), Some(Id::new(9)));
    free.lines[0].unit = Id::new(3);
    free.lines[0].description = "Advice".into();
    check_on(free, &facts(), "refused: The lines come to nothing. Enter a price, or remove the document.");
    let mut facts = facts();
    facts.accounts.by_use.remove("sales");
    let refused = decided(&mut invoice(InvoiceKind::Invoice, "1 of 7"), &facts).err().unwrap();
    assert_eq!(refused.problems[0].code, "no_account");
}

#[test]
fn a_paid_invoice_is_not_cancelled_and_another_is_mirrored() {
    let mut doc = invoice(InvoiceKind::Invoice, "1 of 7");
    Invoice::complete(&mut doc, &facts()).unwrap();
    doc.stage = Stage::Posted;
    doc.open_amount = doc.total;
    let (stage, effects) = Invoice::decide(&doc, &Action::Cancel, &facts()).unwrap();
    assert_eq!((stage, effects.undo), ("cancelled", true));
    let paid = Facts { is_settled: true, ..facts() };
    let refused = Invoice::decide(&doc, &Action::Cancel, &paid).err().unwrap();
    assert_eq!(refused.problems[0].code, "settled");
    doc.open_amount = Amount::new(1);
    assert_eq!(Invoice::ready(&doc, &Action::Cancel).unwrap_err().problems[0].code, "settled");
}

#[test]
fn a_refunded_credit_note_is_not_cancelled() {
    let mut doc = invoice(InvoiceKind::CreditNote, "1 of 7 back 61");
    Invoice::complete(&mut doc, &facts()).unwrap();
    doc.stage = Stage::Posted;
    let (_, effects) = Invoice::decide(&doc, &Action::Cancel, &facts()).unwrap();
    assert!(effects.undo);
    let refunded = Facts { is_settled: true, ..facts() };
    assert_eq!(Invoice::decide(&doc, &Action::Cancel, &refunded).err().unwrap().problems[0].code, "settled");
}

/// A company that keeps its books in yen, and an invoice in euro at a rate.
fn abroad(rate: i64, lines: &[(i64, i64, i64)]) -> (Invoice, Facts) {
    let mut facts = facts();
    facts.header.company_currency = Currency::parse("JPY").unwrap();
    facts.lines.company_currency = facts.header.company_currency;
    facts.header.dated = Some(DatedRate::of(Rate::new(rate)));
    let words: Vec<String> = lines.iter().map(|(product, ..)| format!("1 of {product}")).collect();
    let mut doc = invoice(InvoiceKind::Invoice, &words.join(";"));
    (doc.currency, doc.rate, doc.rate_of) = (Currency::EUR, Rate::new(rate), Some(Currency::EUR));
    doc.filled_for = Some(Id::new(3));
    for (line, (product, price, discount)) in doc.lines.iter_mut().zip(lines) {
        (line.filled_for, line.price) = (Some(Id::new(*product)), Some(Price::new(*price)));
        line.unit = Id::new(if *product == 9 { 3 } else { 1 });
        line.tax = (*product != 9).then(|| Id::new(20));
        (line.description, line.discount) = ("x".into(), Rate::new(*discount));
    }
    (doc, facts)
}

proptest::proptest! {
    #[test]
    fn whatever_is_invoiced_in_another_currency_balances_and_its_taxes_are_what_their_account_says(
        rate in 1i64..500_000_000,
        lines in proptest::collection::vec((7i64..10, 1i64..5_000_000_000, 0i64..1_000_000), 1..6),
    ) {
        let (mut doc, facts) = abroad(rate, &lines);
        if let Ok(effects) = decided(&mut doc, &facts) {
            let lines = effects.posting.entries[0].lines();
            let sum: i64 = lines.iter().map(|line| line.amount.raw()).sum();
            let foreign: i64 = lines.iter().map(|line| line.currency_amount.raw()).sum();
            proptest::prop_assert_eq!((sum, foreign), (0, 0));
            let on_account: i64 =
                lines.iter().filter(|line| line.account.raw() == 2200).map(|line| -line.amount.raw()).sum();
            let told: i64 = effects.posting.taxes.iter().map(|tax| tax.tax_amount.raw()).sum();
            proptest::prop_assert_eq!(told, on_account);
        }
    }
}

#[test]
fn an_invoice_without_a_day_is_of_today() {
    let mut doc = invoice(InvoiceKind::Invoice, "1 of 7");
    doc.issued_on = Date::MIN;
    Invoice::complete(&mut doc, &facts()).unwrap();
    assert_eq!(doc.issued_on, testing::day());
}
