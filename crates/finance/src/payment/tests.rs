//! What payments post, in the words of the ledger.

use books::{AccountId, Clearing, DocRef};
use kernel::{Currency, Id, Rate};
use meta::Entity;

use super::*;
use crate::read::{Accounts, Open};
use crate::settlement::TargetFacts;

const NAMES: [&str; 8] =
    ["bank", "receivable", "advance_received", "advance_paid", "exchange_gain", "exchange_loss", "write_off", "sales"];

fn account(name: &str) -> AccountId {
    Id::new(NAMES.iter().position(|known| *known == name).unwrap() as i64 + 1)
}

fn facts(company: Currency, invoice: Currency, open: i64, base: i64, rate: &str) -> Facts {
    let by_use = NAMES.iter().map(|name| ((*name).to_owned(), account(name))).collect();
    let item = Open {
        item: Id::new(70),
        account: account("receivable"),
        party: Some(Id::new(5)),
        currency: invoice,
        amount: Amount::new(base),
        currency_amount: Amount::new(open),
    };
    let one = TargetFacts {
        doc: DocRef { entity: "invoice", id: 9 },
        is_receivable: true,
        beside: Amount::ZERO,
        party: Id::new(5),
        legal: Id::new(5),
        currency: invoice,
        issued_on: Date::new(2026, 1, 15).unwrap(),
        open: vec![item],
        total: Amount::new(open),
        rate: Rate::parse(rate).ok(),
        settled: Amount::ZERO,
        order_lines: Vec::new(),
        other: Amount::new(open),
        early: None,
    };
    Facts {
        company_currency: company,
        today: Date::new(2026, 2, 1).unwrap(),
        accounts: Accounts { by_use },
        targets: [(Target::Invoice(9), one)].into_iter().collect(),
        rate: Rate::parse(rate).ok(),
        dated: None,
        held: None,
        advance: Vec::new(),
        is_money: true,
        party_currency: None,
        settled: facts::Settled::default(),
        letterhead: None,
    }
}

fn payment(currency: Currency, amount: i64, line: Option<(Option<i64>, Option<i64>, i64)>) -> Payment {
    let mut record = Record::empty(Payment::meta());
    record.set("direction", "in").set("party", 5).set("account", account("bank").raw());
    record.set("currency", currency.code()).set("amount", amount).set("paid_on", "2026-02-01");
    let mut payment = Payment::from_record(&record).unwrap();
    payment.lines = line
        .map(|(amount, there, write_off)| PaymentLine {
            id: Id::new(1),
            invoice: Some(Id::new(9)),
            item: None,
            amount: amount.map(Amount::new),
            currency: None,
            invoice_amount: there.map(Amount::new),
            discount: Amount::ZERO,
            write_off: Amount::new(write_off),
        })
        .into_iter()
        .collect();
    payment
}

/// Completes and posts, and compares what is posted: `dr`/`cr`, account, amount in cents.
fn check(mut doc: Payment, facts: &Facts, expected: &str) {
    let told = match Payment::complete(&mut doc, facts).and_then(|()| Payment::decide(&doc, &Action::Post, facts)) {
        Err(refusal) => format!("refused {}", refusal.problems[0].code),
        Ok((_, effects)) => {
            let lines = effects.posting.entries[0].lines().iter().map(|line| {
                let side = if line.amount.is_negative() { "cr" } else { "dr" };
                format!("{side} {} {}", NAMES[line.account.raw() as usize - 1], line.amount.abs().raw())
            });
            lines.collect::<Vec<_>>().join("\n")
        }
    };
    let expected = expected.lines().map(str::trim).filter(|line| !line.is_empty()).collect::<Vec<_>>().join("\n");
    assert_eq!(told, expected);
}

#[test]
fn a_payment_in_full_clears_the_invoice() {
    let facts = facts(Currency::CNY, Currency::CNY, 11_300, 11_300, "1");
    check(payment(Currency::CNY, 11_300, Some((None, None, 0))), &facts, "dr bank 11300 \n cr receivable 11300");
}

#[test]
fn a_euro_invoice_paid_at_another_rate_gains_what_the_case_a_101_says() {
    // 400 EUR at 1.20 EUR per USD are owed as 333.33 USD; paid at 1.10 they bring 363.64 USD.
    let facts = facts(Currency::USD, Currency::EUR, 40_000, 33_333, "0.909091");
    check(
        payment(Currency::EUR, 40_000, Some((None, None, 0))),
        &facts,
        "dr bank 36364 \n cr receivable 33333 \n cr exchange_gain 3031",
    );
}

#[test]
fn a_short_payment_with_a_write_off_closes_the_item_as_in_case_a_003() {
    let facts = facts(Currency::USD, Currency::USD, 6_800, 6_800, "1");
    check(
        payment(Currency::USD, 6_500, Some((Some(6_500), Some(6_500), 300))),
        &facts,
        "dr bank 6500 \n cr receivable 6800 \n dr write_off 300",
    );
}

#[test]
fn a_write_off_worth_nothing_in_company_currency_stands_in_its_own() {
    // 1.90 CNY are owed as 0.24 EUR; 0.03 CNY are no cent of these.
    let facts = facts(Currency::EUR, Currency::CNY, 190, 24, "0.13");
    let mut doc = payment(Currency::CNY, 187, Some((Some(187), Some(187), 3)));
    Payment::complete(&mut doc, &facts).unwrap();
    let (_, effects) = Payment::decide(&doc, &Action::Post, &facts).unwrap();
    let lines = effects.posting.entries[0].lines();
    assert_eq!(lines.iter().map(|line| line.amount.raw()).collect::<Vec<_>>(), [24, -24, 0]);
    assert_eq!(lines.iter().map(|line| line.currency_amount.raw()).collect::<Vec<_>>(), [187, -190, 3]);
    assert!(lines.iter().all(|line| line.currency == Currency::CNY));
}

#[test]
fn what_pays_nothing_is_an_advance() {
    let facts = facts(Currency::CNY, Currency::CNY, 10_000, 10_000, "1");
    check(
        payment(Currency::CNY, 15_000, Some((None, None, 0))),
        &facts,
        "dr bank 15000 \n cr receivable 10000 \n cr advance_received 5000",
    );
}

#[test]
fn more_than_is_open_is_refused() {
    let facts = facts(Currency::CNY, Currency::CNY, 10_000, 10_000, "1");
    check(payment(Currency::CNY, 15_000, Some((Some(15_000), None, 0))), &facts, "refused more_than_open");
}

#[test]
fn another_partys_invoice_is_refused() {
    let mut facts = facts(Currency::CNY, Currency::CNY, 10_000, 10_000, "1");
    facts.targets.get_mut(&Target::Invoice(9)).unwrap().party = Id::new(6);
    check(payment(Currency::CNY, 100, Some((None, None, 0))), &facts, "refused other_party");
}

#[test]
fn a_dollar_payment_pays_a_euro_invoice_in_part() {
    // The invoice: 1,000.00 EUR owed as 7,800.00 CNY. Paid: 500.00 USD at 7.10 = 3,550.00 CNY,
    // at 7.90 CNY for a euro that is 449.37 EUR, owed as 3,505.09 CNY: a gain of 44.91.
    let mut facts = facts(Currency::CNY, Currency::EUR, 100_000, 780_000, "7.9");
    facts.rate = Rate::parse("7.1").ok();
    check(
        payment(Currency::USD, 50_000, Some((Some(50_000), None, 0))),
        &facts,
        "dr bank 355000 \n cr receivable 350509 \n cr exchange_gain 4491",
    );
}

#[test]
fn no_number_passes_from_one_currency_to_another() {
    // 88.48 EUR of an invoice of 100 EUR, at 7.90; then the money turns out to be dollars, at 7.10.
    let mut facts = facts(Currency::CNY, Currency::EUR, 10_000, 79_000, "7.9");
    let seen = |doc: &Payment| {
        let line = &doc.lines[0];
        (doc.amount.raw(), line.amount.unwrap().raw(), line.invoice_amount.unwrap().raw())
    };
    let euros = |amount: i64| {
        let mut doc = payment(Currency::EUR, amount, Some((Some(8_848), Some(8_848), 0)));
        Payment::complete(&mut doc, &facts).unwrap();
        doc
    };
    let (mut follows, mut typed) = (euros(8_848), euros(9_000));
    facts.rate = Rate::parse("7.1").ok();
    // The amount was what the line uses: it follows. 88.48 × 7.90 / 7.10 = 98.45.
    follows.currency = Currency::USD;
    Payment::complete(&mut follows, &facts).unwrap();
    assert_eq!(seen(&follows), (9_845, 9_845, 8_848));
    // The amount was typed: it stays, and pays what it can. 90.00 × 7.10 / 7.90 = 80.89.
    typed.currency = Currency::USD;
    Payment::complete(&mut typed, &facts).unwrap();
    assert_eq!(seen(&typed), (9_000, 9_000, 8_089));
    // Said once, it stays as it is.
    let before = seen(&typed);
    Payment::complete(&mut typed, &facts).unwrap();
    assert_eq!(seen(&typed), before);
}

#[test]
fn a_currency_without_a_rate_is_refused_by_name() {
    let mut facts = facts(Currency::CNY, Currency::EUR, 100_000, 780_000, "7.9");
    facts.rate = None;
    check(payment(Currency::USD, 100, None), &facts, "refused no_rate");
}

/// The first problem of a line that pays `amount` for `there` and gives up `write_off`.
fn refused(currency: Currency, amount: i64, there: i64, write_off: i64, facts: &Facts) -> Option<&'static str> {
    let mut doc = payment(currency, 10_000, Some((Some(amount), Some(there), write_off)));
    Payment::complete(&mut doc, facts).err().map(|refusal| refusal.problems[0].code)
}

#[test]
fn in_one_currency_a_line_takes_off_what_it_pays() {
    let facts = facts(Currency::CNY, Currency::CNY, 10_000, 10_000, "1");
    assert_eq!(refused(Currency::CNY, 1, 10_000, 0, &facts), Some("not_the_same"));
    assert_eq!(refused(Currency::CNY, 10_000, 1, 0, &facts), Some("not_the_same"));
    assert_eq!(refused(Currency::CNY, -100, 100, 0, &facts), Some("not_the_same"));
    assert_eq!(refused(Currency::CNY, 9_900, 9_900, 100, &facts), None);
    assert_eq!(refused(Currency::CNY, 0, 0, 100, &facts), None);
}

#[test]
fn in_two_currencies_nothing_is_cleared_for_nothing() {
    let mut facts = facts(Currency::CNY, Currency::EUR, 100_000, 780_000, "7.9");
    facts.rate = Rate::parse("7.1").ok();
    assert_eq!(refused(Currency::USD, 0, 100, 0, &facts), Some("other_way"));
    assert_eq!(refused(Currency::USD, 100, 0, 0, &facts), Some("other_way"));
    assert_eq!(refused(Currency::USD, -100, 90, 0, &facts), Some("other_way"));
    assert_eq!(refused(Currency::USD, 100, 88, 0, &facts), None);
}

#[test]
fn a_write_off_reaches_no_further_than_what_is_open() {
    let facts = facts(Currency::CNY, Currency::CNY, 10_000, 10_000, "1");
    assert_eq!(refused(Currency::CNY, 9_900, 9_900, 101, &facts), Some("more_than_open"));
    assert_eq!(refused(Currency::CNY, 9_900, 9_900, -50, &facts), Some("more_than_open"));
}

#[test]
fn lines_pay_no_more_than_the_payment_holds() {
    let facts = facts(Currency::CNY, Currency::CNY, 20_000, 20_000, "1");
    assert_eq!(refused(Currency::CNY, 10_001, 10_001, 0, &facts), Some("more_than_paid"));
}

#[test]
fn an_invoice_stands_in_one_line_and_in_its_own_currency() {
    let facts = facts(Currency::CNY, Currency::CNY, 10_000, 10_000, "1");
    let mut doc = payment(Currency::CNY, 10_000, Some((Some(10), Some(10), 0)));
    doc.lines.extend(payment(Currency::CNY, 10, Some((Some(10), Some(10), 0))).lines);
    let told = Payment::complete(&mut doc, &facts).unwrap_err();
    assert_eq!((told.problems[0].code, told.problems[0].row), ("twice", Some(1)));
    let mut doc = payment(Currency::CNY, 10_000, Some((None, None, 0)));
    doc.lines[0].currency = Some(Currency::USD);
    assert_eq!(Payment::complete(&mut doc, &facts).unwrap_err().problems[0].code, "other_currency");
}

#[test]
fn money_goes_through_an_account_that_holds_money_and_is_more_than_nothing() {
    let mut facts = facts(Currency::CNY, Currency::CNY, 10_000, 10_000, "1");
    check(payment(Currency::CNY, 0, None), &facts, "refused no_amount");
    check(payment(Currency::CNY, -5, None), &facts, "refused no_amount");
    facts.is_money = false;
    check(payment(Currency::CNY, 5, None), &facts, "refused not_money");
}

#[test]
fn what_is_not_posted_has_nothing_to_pay() {
    let mut facts = facts(Currency::CNY, Currency::CNY, 10_000, 10_000, "1");
    facts.targets.clear();
    check(payment(Currency::CNY, 100, Some((None, None, 0))), &facts, "refused more_than_open");
}

#[test]
fn the_rate_that_is_missing_is_asked_for_on_the_day_of_the_payment() {
    let mut facts = facts(Currency::CNY, Currency::EUR, 100_000, 780_000, "7.9");
    facts.targets.get_mut(&Target::Invoice(9)).unwrap().rate = None;
    facts.rate = Rate::parse("7.1").ok();
    let mut doc = payment(Currency::USD, 100, Some((None, None, 0)));
    let told = Payment::complete(&mut doc, &facts).unwrap_err();
    assert_eq!(told.problems[0].code, "no_rate");
    assert!(told.to_string().contains("2026-02-01"), "{told}");
}

#[test]
fn a_refund_pays_out_what_a_credit_note_left_open() {
    let facts = facts(Currency::CNY, Currency::CNY, -5_000, -5_000, "1");
    let mut doc = payment(Currency::CNY, 5_000, Some((None, None, 0)));
    doc.direction = Direction::Out;
    check(doc, &facts, "cr bank 5000 \n dr receivable 5000");
}

/// A posted payment of 2026-02-01 with `left` not used yet, and the invoice open with 10,000.
fn ahead(left: i64) -> (Payment, Facts) {
    let mut facts = facts(Currency::CNY, Currency::CNY, 10_000, 10_000, "1");
    facts.advance = vec![Open {
        item: Id::new(80),
        account: account("advance_received"),
        amount: Amount::new(-left),
        currency_amount: Amount::new(-left),
        ..facts.targets[&Target::Invoice(9)].open[0]
    }];
    let mut doc = payment(Currency::CNY, left.max(1), None);
    (doc.stage, doc.unallocated, doc.rate) = (Stage::Posted, Amount::new(left), Rate::ONE);
    (doc, facts)
}

fn allocated(doc: &Payment, amount: Option<i64>, facts: &Facts) -> Result<Effects, &'static str> {
    let action = Action::Allocate { invoice: Some(Id::new(9)), item: None, amount: amount.map(Amount::new) };
    Payment::decide(doc, &action, facts).map(|(_, effects)| effects).map_err(|refusal| refusal.problems[0].code)
}

#[test]
fn an_advance_is_used_on_the_day_it_is_used_and_both_items_clear() {
    let (doc, mut facts) = ahead(4_000);
    facts.targets.get_mut(&Target::Invoice(9)).unwrap().issued_on = Date::new(2026, 3, 5).unwrap();
    facts.today = Date::new(2026, 3, 9).unwrap();
    let effects = allocated(&doc, None, &facts).unwrap();
    let entry = &effects.posting.entries[0];
    assert_eq!(entry.posted_on(), facts.today);
    let told: Vec<(Clearing, i64)> =
        entry.lines().iter().map(|line| (line.clearing.clone(), line.amount.raw())).collect();
    assert_eq!(told, [(Clearing::Settles(Id::new(80)), 4_000), (Clearing::Settles(Id::new(70)), -4_000)]);
    assert_eq!(effects.set[0].1.int(), Some(0));
    assert_eq!(effects.change.iter().map(|one| one.field).collect::<Vec<_>>(), ["open_amount", "payment_state"]);
    assert_eq!(effects.change[1].value.text(), Some("partial"));
    facts.today = Date::new(2026, 2, 20).unwrap();
    let early = allocated(&doc, None, &facts).unwrap();
    assert_eq!(early.posting.entries[0].posted_on(), Date::new(2026, 3, 5).unwrap());
}

#[test]
fn an_advance_pays_no_more_than_is_left_and_no_more_than_is_open() {
    let (doc, mut facts) = ahead(4_000);
    assert_eq!(allocated(&doc, Some(4_001), &facts).unwrap_err(), "more_than_paid");
    assert_eq!(allocated(&doc, Some(0), &facts).unwrap_err(), "uses_nothing");
    assert_eq!(allocated(&doc, Some(-1), &facts).unwrap_err(), "uses_nothing");
    facts.targets.get_mut(&Target::Invoice(9)).unwrap().party = Id::new(6);
    assert_eq!(allocated(&doc, None, &facts).unwrap_err(), "other_party");
    let (doc, facts) = ahead(40_000);
    assert_eq!(allocated(&doc, Some(10_001), &facts).unwrap_err(), "more_than_open");
    let (doc, _) = ahead(0);
    let action = Action::Allocate { invoice: Some(Id::new(9)), item: None, amount: None };
    assert_eq!(Payment::ready(&doc, &action).unwrap_err().problems[0].code, "nothing_left");
}

#[test]
fn a_cancelled_payment_opens_its_invoices_again() {
    let (doc, mut facts) = ahead(4_000);
    let invoice = facts.targets.get_mut(&Target::Invoice(9)).unwrap();
    invoice.settled = Amount::new(2_500);
    invoice.total = Amount::new(12_500);
    let (stage, effects) = Payment::decide(&doc, &Action::Cancel, &facts).unwrap();
    assert_eq!((stage, effects.undo), ("cancelled", true));
    let told: Vec<_> = effects.change.iter().map(|one| (one.field, one.value.int(), one.value.text())).collect();
    assert_eq!(told, [("open_amount", Some(12_500), None), ("payment_state", None, Some("none"))]);
}

#[test]
fn the_last_payment_of_an_item_takes_the_exact_rest() {
    // 1.00 EUR owed as 7.83 CNY, paid in three parts of 0.33, 0.33 and 0.34.
    let (mut open, mut base, mut cleared) = (100, 783, 0);
    for part in [33, 33, 34] {
        let facts = facts(Currency::CNY, Currency::EUR, open, base, "7.83");
        let mut doc = payment(Currency::EUR, part, Some((None, None, 0)));
        Payment::complete(&mut doc, &facts).unwrap();
        let (_, effects) = Payment::decide(&doc, &Action::Post, &facts).unwrap();
        let lines = effects.posting.entries[0].lines();
        let line = lines.iter().find(|line| matches!(line.clearing, Clearing::Settles(_))).unwrap();
        (open, base) = (open + line.currency_amount.raw(), base + line.amount.raw());
        cleared -= line.amount.raw();
    }
    assert_eq!((open, base, cleared), (0, 0, 783));
}

proptest::proptest! {
    #[test]
    fn whatever_is_paid_the_entry_balances(open in 1i64..10_000_000, base in 1i64..90_000_000, part in 1i64..10_000_000, extra in 0i64..1_000_000, raw in 1i64..20_000_000) {
        let rate = Rate::new(raw);
        let mut facts = facts(Currency::CNY, Currency::EUR, open, base, "7.9");
        facts.rate = Some(rate);
        let part = part.min(open);
        let mut doc = payment(Currency::EUR, part + extra, Some((Some(part), Some(part), 0)));
        doc.rate = rate;
        if Payment::complete(&mut doc, &facts).is_ok() {
            let (_, effects) = Payment::decide(&doc, &Action::Post, &facts).unwrap();
            let sum: i64 = effects.posting.entries[0].lines().iter().map(|line| line.amount.raw()).sum();
            proptest::prop_assert_eq!(sum, 0);
        }
    }
}

#[test]
fn what_is_released_is_open_again_and_the_money_is_an_advance() {
    // 400 EUR were owed as 333.33 USD and paid with 363.64 USD; 3 EUR of 403 were given up.
    let mut facts = facts(Currency::USD, Currency::EUR, 0, 0, "0.909091");
    let line = |name: &str, item: Option<i64>, amount: i64, currency_amount: i64| facts::SettledLine {
        account: account(name),
        item: item.map(Id::new),
        party: Some(Id::new(5)),
        currency: if item.is_some() { Currency::EUR } else { Currency::USD },
        amount: Amount::new(amount),
        currency_amount: Amount::new(currency_amount),
    };
    facts.settled.amount = Amount::new(40_000);
    facts.settled.lines = vec![
        line("receivable", Some(70), -33_583, -40_300),
        line("write_off", None, 250, 250),
        line("exchange_gain", None, -3_031, -3_031),
    ];
    let mut doc = payment(Currency::EUR, 40_000, None);
    doc.stage = Stage::Posted;
    let (stage, effects) = Payment::decide(&doc, &Action::Release, &facts).unwrap();
    assert_eq!((stage, effects.set), ("posted", vec![("unallocated", 40_000.into())]));
    let told: Vec<(AccountId, i64, i64)> = effects.posting.entries[0]
        .lines()
        .iter()
        .map(|line| (line.account, line.amount.raw(), line.currency_amount.raw()))
        .collect();
    let wanted = [
        (account("receivable"), 33_583, 40_300),
        (account("write_off"), -250, -250),
        (account("exchange_gain"), 3_031, 3_031),
        (account("advance_received"), -36_364, -40_000),
    ];
    assert_eq!(told, wanted);
    doc.unallocated = doc.amount;
    assert_eq!(Payment::ready(&doc, &Action::Release).unwrap_err().problems[0].code, "nothing_paid");
}
