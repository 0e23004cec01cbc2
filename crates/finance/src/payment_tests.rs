//! What payments post, in the words of the ledger.

use super::*;
use crate::read::Open;

const NAMES: [&str; 7] =
    ["bank", "receivable", "advance_received", "exchange_gain", "exchange_loss", "write_off", "sales"];

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
    let one = InvoiceFacts {
        party: Id::new(5),
        legal: Id::new(5),
        currency: invoice,
        open: vec![item],
        total: Amount::new(open),
        rate: Rate::parse(rate).ok(),
        settled: Amount::ZERO,
        order_lines: Vec::new(),
        other: Amount::new(open),
    };
    Facts {
        company_currency: company,
        accounts: Accounts { by_use },
        invoices: [(9, one)].into_iter().collect(),
        rate: Rate::parse(rate).ok(),
        advance: Vec::new(),
        is_money: true,
        party_currency: None,
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
            invoice: Id::new(9),
            amount: amount.map(Amount::new),
            currency: None,
            invoice_amount: there.map(Amount::new),
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
    facts.invoices.get_mut(&9).unwrap().party = Id::new(6);
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
fn a_currency_without_a_rate_is_refused_by_name() {
    let mut facts = facts(Currency::CNY, Currency::EUR, 100_000, 780_000, "7.9");
    facts.rate = None;
    check(payment(Currency::USD, 100, None), &facts, "refused no_rate");
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
