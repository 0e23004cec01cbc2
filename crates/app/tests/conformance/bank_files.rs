//! What banks send: the published files say what the published figures are.

use serde_json::{Value as Json, json};
use treasury::formats::{BankFile, Statement, read};

use super::{case, same, text};
use crate::common::{bank, no, on_both, said};

/// Read through the doors a user has, on both databases: how many bookings, then none again.
fn through_the_door(number: &str, currency: &str, content: &str, wanted: &[(&str, &str, usize)]) {
    on_both(|world| {
        let account = bank::account(world, number, json!({ "currency": currency }));
        let made = bank::read(world, &account, content.as_bytes()).unwrap();
        assert_eq!(made.len(), wanted.len());
        for (one, (opening, closing, lines)) in made.iter().zip(wanted) {
            same("opening", &text(&one["opening"]), &json!(opening));
            same("closing", &text(&one["closing"]), &json!(closing));
            assert_eq!(one["line_count"], *lines);
        }
        let again = said(bank::read(world, &account, content.as_bytes()));
        assert_eq!(again, no(kernel::ProblemKind::Conflict, "already_read", "file"));
    });
}

fn file(case: &Json, part: &str) -> BankFile {
    read(case["input"][part].as_str().unwrap()).unwrap_or_else(|why| panic!("{why:?}"))
}

fn amount(statement: &Statement, amount: kernel::Amount) -> String {
    amount.text(statement.currency)
}

/// What is there when a file comes again: nothing new.
fn assert_known_again(case: &Json, part: &str) {
    let names = |file: &BankFile| -> Vec<String> { file.statements.iter().flat_map(Statement::identities).collect() };
    let (first, second) = (names(&file(case, part)), names(&file(case, part)));
    assert_eq!(first, second);
    let mut alone = first.clone();
    alone.sort();
    alone.dedup();
    assert_eq!(alone.len(), first.len(), "each line has a name of its own");
}

#[test]
fn f_020_mt940_with_a_structured_field_86() {
    let Some(case) = case("F-020") else { return };
    let wanted = &case["expected"];
    let file = file(&case, "mt940");
    let [one] = &file.statements[..] else { panic!("one statement") };
    assert_eq!((one.account.as_str(), one.number.as_str()), (wanted["account"].as_str().unwrap(), "5/1"));
    assert_eq!(wanted["statement"], one.number);
    for (balance, wanted) in [(one.opening, &wanted["opening"]), (one.closing, &wanted["closing"])] {
        let balance = balance.unwrap();
        assert_eq!(balance.on.to_string(), wanted[0]);
        assert_eq!(one.currency.code(), wanted[1]);
        same("balance", &amount(one, balance.amount), &wanted[2]);
    }
    let transactions = wanted["transactions"].as_array().unwrap();
    assert_eq!(one.lines.len(), transactions.len());
    for (line, wanted) in one.lines.iter().zip(transactions) {
        assert_eq!(line.value_on.to_string(), wanted["value_date"]);
        same("amount", &amount(one, line.amount), &wanted["amount"]);
        let told = [
            (&line.kind, "type"),
            (&line.narrative, "purpose"),
            (&line.party_bank, "bank"),
            (&line.party_account, "account"),
        ];
        for (is, name) in told {
            assert_eq!(*is, text(&wanted[name]), "{name}");
        }
        if let Some(name) = wanted["counterparty"].as_str() {
            assert_eq!(line.party_name, name);
        }
    }
    assert_known_again(&case, "mt940");
    let content = text(&case["input"]["mt940"]);
    through_the_door("10020030/1234567", "EUR", &content, &[("2187.95", "4387.95", 2)]);
}

#[test]
fn f_022_camt_053_with_two_statements() {
    let Some(case) = case("F-022") else { return };
    let wanted = &case["expected"];
    let file = file(&case, "xml");
    let statements = wanted["statements"].as_array().unwrap();
    assert_eq!(file.statements.len(), statements.len());
    for (one, told) in file.statements.iter().zip(statements) {
        assert_eq!(one.account, wanted["iban"].as_str().unwrap());
        assert_eq!(told["id"], one.number);
        same("opening", &amount(one, one.opening.unwrap().amount), &told["opening"]);
        same("closing", &amount(one, one.closing.unwrap().amount), &told["closing"]);
        let entries = told["entries"].as_array().unwrap();
        assert_eq!(one.lines.len(), entries.len());
        for (line, entry) in one.lines.iter().zip(entries) {
            same("amount", &amount(one, line.amount), &entry["amount"]);
            assert_eq!(line.end_to_end, text(&entry["end_to_end"]));
            for (day, name) in [(line.booked_on, "booked"), (line.value_on, "value")] {
                if let Some(wanted) = entry[name].as_str() {
                    assert_eq!(day.to_string(), wanted, "{name}");
                }
            }
        }
    }
    assert_known_again(&case, "xml");
    let (first, second) = (("18.15", "27.00", 1), ("27.00", "20.00", 1));
    through_the_door("NL26VAYB8060476890", "EUR", &text(&case["input"]["xml"]), &[first, second]);
}

#[test]
fn f_024_ofx_is_known_again_by_the_banks_id() {
    let Some(case) = case("F-024") else { return };
    let wanted = &case["expected"];
    let file = file(&case, "ofx");
    let [one] = &file.statements[..] else { panic!("one statement") };
    assert_eq!(one.account, text(&wanted["account"]));
    assert_eq!(one.currency.code(), wanted["currency"]);
    let transactions = wanted["transactions"].as_array().unwrap();
    assert_eq!(one.lines.len(), transactions.len());
    for (line, wanted) in one.lines.iter().zip(transactions) {
        assert_eq!(line.booked_on.to_string(), wanted[0]);
        same("amount", &amount(one, line.amount), &wanted[1]);
        assert_eq!(line.bank_id, text(&wanted[2]));
        assert_eq!(line.reference, wanted[3].as_str().unwrap_or(""));
    }
    same("ledger balance", &amount(one, one.closing.unwrap().amount), &wanted["ledger_balance"]);
    same("implied opening", &amount(one, one.opening.unwrap().amount), &wanted["implied_opening"]);
    assert!(one.opening_is_implied);
    assert_known_again(&case, "ofx");
    through_the_door("999988", "USD", &text(&case["input"]["ofx"]), &[("700.29", "200.29", 2)]);
}
