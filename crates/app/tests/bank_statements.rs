//! A file of the bank becomes a statement: once, whole, and where the one before ended.

use crate::common::bank::{account, clerk, file, read, read_again, statements};
use crate::common::{self, no, on_both, said, text};
use kernel::ProblemKind::{Conflict, Invalid, NotAllowed, NotNow};
use serde_json::json;

/// A statement of the account 12345678/99 from one day to the next.
fn mt940(number: &str, day: u32, opening: &str, lines: &[(&str, &str)], closing: &str) -> String {
    let lines: Vec<String> = lines
        .iter()
        .map(|(amount, words)| {
            let (mark, amount) = amount.strip_prefix('-').map_or(('C', *amount), |amount| ('D', amount));
            format!(":61:2603{day:02}{mark}{amount},NTRFNONREF\n:86:{words}\n")
        })
        .collect();
    let lines = lines.concat();
    format!(
        ":20:S\n:25:12345678/99\n:28C:{number}\n:60F:C2603{day:02}EUR{opening},\n{lines}:62F:C2603{day:02}EUR{closing},\n"
    )
}

#[test]
fn a_statement_is_read_once_and_the_next_begins_where_it_ended() {
    on_both(|world| {
        let giro = account(world, "1234 5678 / 99", json!({}));
        assert_eq!(world.get("bank_account", &giro)["account_number"], "12345678/99");
        let first = mt940("1", 2, "100", &[("50", "Invoice 7"), ("-5", "Fee"), ("-5", "Fee")], "140");
        let made = read(world, &giro, first.as_bytes()).unwrap();
        let [one] = &made[..] else { panic!("one statement: {made:?}") };
        let told = ["opening", "money_in", "money_out", "closing", "bank_number", "from_on", "to_on", "stage"]
            .map(|name| text(&one[name]));
        assert_eq!(told, ["100.00", "50.00", "10.00", "140.00", "1", "2026-03-02", "2026-03-02", "read"]);
        assert_eq!((&one["line_count"], &one["known_count"]), (&json!(3), &json!(0)));
        assert_eq!(one["lines"][0]["narrative"], "Invoice 7");
        assert_eq!(one["lines"][1]["amount"], "-5.00");
        // Once is enough, by the same file or another of the same words.
        let sent = text(&one["file"]["id"]);
        assert_eq!(said(read_again(world, &giro, json!({ "file": sent }))), no(Conflict, "already_read", "file"));
        let spaced = first.replace("Invoice 7", "Invoice\n7");
        assert_eq!(said(read(world, &giro, spaced.as_bytes())), no(Conflict, "already_read", "file"));
        // Days are missing in between, unless that is meant.
        let third = mt940("3", 4, "150", &[("1", "x")], "151");
        assert_eq!(said(read(world, &giro, third.as_bytes())), no(Conflict, "gap", "gap_meant"));
        assert_eq!(statements(world, &giro).len(), 1, "a refusal writes nothing");
        // Two statements in a file, the first of them known; the second follows it.
        let both = first.clone() + &mt940("2", 3, "140", &[("10", "Blue")], "150") + &third;
        let made = read(world, &giro, both.as_bytes()).unwrap();
        let told: Vec<String> = made.iter().map(|one| text(&one["closing"])).collect();
        assert_eq!(told, ["150.00", "151.00"]);
        let ninth = mt940("9", 9, "500", &[("1", "x")], "501");
        let sent = file(world, &clerk(world), &giro, ninth.as_bytes()).unwrap();
        let made = read_again(world, &giro, json!({ "file": sent, "gap_meant": true })).unwrap();
        assert_eq!(made[0]["opening"], "500.00");
        // What is known of a longer period is left out, and what is new follows what was there.
        let long = mt940("L", 9, "500", &[("1", "x"), ("2", "y")], "503");
        let made = read(world, &giro, long.as_bytes()).unwrap();
        assert_eq!((&made[0]["line_count"], &made[0]["known_count"]), (&json!(1), &json!(1)));
        assert_eq!(made[0]["opening"], "501.00");
        world.verified("statements were read");
    });
}

#[test]
fn the_last_statement_can_be_discarded_and_read_again() {
    on_both(|world| {
        let giro = account(world, "12345678/99", json!({}));
        let first = mt940("1", 2, "100", &[("50", "a")], "150");
        let second = mt940("2", 3, "150", &[("1", "b")], "151");
        for text in [&first, &second] {
            read(world, &giro, text.as_bytes()).unwrap();
        }
        let ids = statements(world, &giro);
        assert_eq!(world.refused("bank_statement", &ids[0], "discard"), no(Conflict, "others_follow", ""));
        world.act("bank_statement", &ids[1], "discard");
        assert_eq!(world.refused("bank_statement", &ids[1], "discard"), no(NotNow, "already", ""));
        let made = read(world, &giro, second.as_bytes()).unwrap();
        assert_eq!((&made[0]["stage"], &made[0]["opening"]), (&json!("read"), &json!("150.00")));
    });
}

#[test]
fn what_is_not_of_this_account_or_broken_is_refused() {
    on_both(|world| {
        let giro = account(world, "12345678/99", json!({}));
        let good = mt940("1", 2, "100", &[("50", "a")], "150");
        let refused = |text: &str| said(read(world, &giro, text.as_bytes()));
        assert_eq!(refused(&good.replace("12345678/99", "12345678/98")), no(Conflict, "other_account", "file"));
        assert_eq!(refused(&good.replace("EUR", "USD")), no(Conflict, "other_money", "file"));
        assert_eq!(refused(&good.replace("EUR150", "EUR151")), no(Invalid, "does_not_add_up", "file"));
        assert_eq!(refused(&good[..good.len() - 30]), no(Invalid, "missing", "file"));
        assert_eq!(refused("Dear customer"), no(Invalid, "no_format", "file"));
        assert_eq!(said(read(world, &giro, b"\x89PNG\r\n\x1a\n\0\0")), no(Invalid, "not_text", "file"));
        let long: Vec<(&str, &str)> = vec![("1", "x"); 2_001];
        let long = mt940("1", 2, "0", &long, "2001");
        assert_eq!(refused(&long).code, "too_long");
        // A file that hangs elsewhere, even on another bank account.
        let cash = app::setup::account(&world.engine, world.company, "cash").unwrap();
        let other = account(world, "777777", json!({ "name": "Other", "ledger_account": cash }));
        let theirs = file(world, &clerk(world), &other, good.as_bytes()).unwrap();
        let told = said(read_again(world, &giro, json!({ "file": theirs })));
        assert_eq!(told, no(Invalid, "other_file", "file"));
        world.change(&world.desk.actor, "bank_account", &giro, json!({ "active": false })).unwrap();
        assert_eq!(refused(&good), no(NotNow, "not_active", ""));
        assert!(statements(world, &giro).is_empty());
        // Statements are not typed.
        let typed = |body| said(world.create(&world.desk.actor, "bank_statement", body));
        assert_eq!(typed(json!({ "bank_number": "1" })).code, "readonly_field");
        assert_eq!(typed(json!({})), no(NotAllowed, "not_typed", "file"));
    });
}

#[test]
fn bank_accounts_have_a_number_and_a_ledger_account_of_their_own() {
    on_both(|world| {
        let giro = account(world, "DE89 3704 0044 0532 0130 00", json!({}));
        let cash = app::setup::account(&world.engine, world.company, "cash").unwrap();
        let sales = app::setup::account(&world.engine, world.company, "sales").unwrap();
        let refused = |number: &str, ledger: &str, more: serde_json::Value| {
            let mut body = json!({ "name": "B", "account_number": number, "ledger_account": ledger });
            common::merge(&mut body, more);
            said(world.create(&world.desk.actor, "bank_account", body))
        };
        assert_eq!(refused("DE89370400440532013000", &cash, json!({})), no(Conflict, "number_taken", "account_number"));
        assert_eq!(refused("DE89370400440532013001", &cash, json!({})), no(Invalid, "bad_iban", "account_number"));
        assert_eq!(refused("1", &world.bank, json!({})), no(Conflict, "ledger_taken", "ledger_account"));
        assert_eq!(refused("1", &sales, json!({})), no(Invalid, "not_money", "ledger_account"));
        let told = refused("1", &cash, json!({ "table_columns": "Posted=day" }));
        assert_eq!(told, no(Invalid, "bad_column", "table_columns"));
        // Once statements are there, number and currency stay.
        let text = mt940("1", 2, "100", &[("50", "a")], "150").replace("12345678/99", "DE89370400440532013000");
        read(world, &giro, text.as_bytes()).unwrap();
        let changed = world.change(&world.desk.actor, "bank_account", &giro, json!({ "account_number": "1" }));
        assert_eq!(said(changed), no(Conflict, "in_use", "account_number"));
        world.change(&world.desk.actor, "bank_account", &giro, json!({ "name": "Main" })).unwrap();
    });
}

#[test]
fn a_chinese_table_is_read_with_headings_of_the_banks_own() {
    on_both(|world| {
        let columns =
            json!({ "table_columns": "记账时间=booked_on\n进账=money_in\n出账=money_out", "currency": "EUR" });
        let giro = account(world, "62220001", columns);
        let table = "账号,62220001\n记账时间,进账,出账,余额,对方户名,摘要\n2026-03-02,\"1,130.00\",,2130.00,蓝天公司,货款\n\
                     2026-03-03,,30.00,2100.00,,手续费\n";
        let (gbk, _, _) = encoding_rs::GB18030.encode(table);
        let made = read(world, &giro, &gbk).unwrap();
        assert_eq!((&made[0]["opening"], &made[0]["closing"]), (&json!("1000.00"), &json!("2100.00")));
        assert_eq!(made[0]["lines"][0]["party_name"], "蓝天公司");
        let plain = account(
            world,
            "99999999",
            json!({ "name": "C", "ledger_account":
            app::setup::account(&world.engine, world.company, "cash").unwrap() }),
        );
        assert_eq!(said(read(world, &plain, &gbk)), no(Invalid, "no_format", "file"));
    });
}

#[test]
fn accountants_read_statements_and_others_do_not_see_them() {
    on_both(|world| {
        let giro = account(world, "12345678/99", json!({}));
        let clerk = clerk(world);
        let good = mt940("1", 2, "100", &[("50", "a")], "150");
        let id = file(world, &clerk, &giro, good.as_bytes()).unwrap();
        world.try_act(&clerk, "bank_account", &giro, "read_statement", json!({ "file": id })).unwrap();
        let statement = statements(world, &giro).remove(0);
        let raw = common::raw(&world.engine, "bank_statement", &statement);
        assert!(world.engine.get(&clerk, "bank_statement", raw).is_ok());
        let rep = world.actor("rep", "sales_rep");
        assert_eq!(said(world.engine.get(&rep, "bank_statement", raw)).kind, NotAllowed);
        let told = said(world.try_act(&rep, "bank_account", &giro, "read_statement", json!({ "file": id })));
        assert!(matches!(told.kind, NotAllowed | kernel::ProblemKind::NotFound), "{told:?}");
    });
}
