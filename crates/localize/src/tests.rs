use std::collections::BTreeSet;

use kernel::{Amount, Label, Rate};

use super::*;

fn is_bilingual(label: Label) -> bool {
    let is_chinese = |letter: char| ('\u{4e00}'..='\u{9fff}').contains(&letter);
    !label.en.is_empty() && !label.en.chars().any(is_chinese) && label.zh.chars().any(is_chinese)
}

fn charts() -> impl Iterator<Item = (&'static str, &'static [AccountSeed], Statements)> {
    CHARTS.iter().map(|code| (*code, chart(code).unwrap(), statements(code).unwrap()))
}

#[test]
fn every_account_is_known_once_in_both_languages() {
    for (name, accounts, _) in charts() {
        let codes: BTreeSet<&str> = accounts.iter().map(|account| account.code).collect();
        assert_eq!(codes.len(), accounts.len(), "{name}");
        for account in accounts {
            assert!(is_bilingual(account.name), "{name} {account:?}");
            assert!(KINDS.contains(&account.kind), "{name} {account:?}");
        }
    }
}

#[test]
fn names_are_told_apart() {
    for (name, accounts, _) in charts() {
        for pick in [|label: Label| label.en, |label: Label| label.zh] {
            let mut seen = BTreeSet::new();
            for account in accounts {
                let key = (account.parent, pick(account.name));
                assert!(seen.insert(key), "{name} {key:?}");
            }
        }
    }
}

#[test]
fn what_the_program_posts_has_one_account_each() {
    for (name, accounts, _) in charts() {
        for used_for in USES {
            let found: Vec<&AccountSeed> = accounts.iter().filter(|account| account.used_for == *used_for).collect();
            assert_eq!(found.len(), 1, "{name} {used_for}");
            assert!(!found[0].is_group, "{name} {used_for}");
        }
        let is_known = |account: &AccountSeed| account.used_for == "none" || USES.contains(&account.used_for);
        assert!(accounts.iter().all(is_known), "{name}");
    }
}

#[test]
fn parents_are_groups_of_the_same_kind_and_stand_before() {
    for (name, accounts, _) in charts() {
        for (place, account) in accounts.iter().enumerate().filter(|(_, account)| !account.parent.is_empty()) {
            let parent = accounts[..place].iter().find(|parent| parent.code == account.parent);
            let parent = parent.unwrap_or_else(|| panic!("{name}: {} has no parent", account.code));
            assert!(parent.is_group && parent.kind == account.kind, "{name} {account:?}");
        }
        for group in accounts.iter().filter(|account| account.is_group) {
            assert!(accounts.iter().any(|account| account.parent == group.code), "{name} {group:?}");
        }
    }
}

#[test]
fn the_chinese_chart_has_all_accounts_of_the_standard() {
    let accounts = chart("small_business_cn").unwrap();
    let of_standard = accounts.iter().filter(|account| account.code.len() == 4 && account.code != "3999");
    assert_eq!(of_standard.count(), 66);
    let named = |code: &str| accounts.iter().find(|account| account.code == code).unwrap().name.zh;
    assert_eq!(named("1001"), "库存现金");
    assert_eq!(named("5801"), "所得税费用");
}

/// Figures no two sums of which are equal by chance.
fn balances(accounts: &[AccountSeed]) -> Vec<(&'static str, Amount)> {
    let mut next = 1_234_567_i64;
    let mut balances = Vec::new();
    for account in accounts.iter().filter(|account| !account.is_group) {
        next = (next * 48_271) % 2_147_483_647;
        balances.push((account.code, Amount::new(next - 1_000_000_000)));
    }
    let off: Amount = balances.iter().map(|(_, amount)| *amount).sum();
    balances[0].1 -= off;
    balances
}

fn figure(lines: &[StatementLine], figures: &[Option<Amount>], number: i32) -> Amount {
    let place = lines.iter().position(|line| line.number == number).unwrap();
    figures[place].unwrap()
}

#[test]
fn whatever_is_posted_the_balance_sheet_balances() {
    for (name, accounts, layout) in charts() {
        let found = figures(layout.balance_sheet, &balances(accounts));
        let total = |number| figure(layout.balance_sheet, &found, number);
        assert_eq!(total(layout.totals.0), total(layout.totals.1), "{name}");
    }
}

#[test]
fn the_profit_is_all_income_less_all_expense() {
    for (name, accounts, layout) in charts() {
        let balances = balances(accounts);
        let is_result = |code: &str| {
            let kind = accounts.iter().find(|account| account.code == code).unwrap().kind;
            kind == "income" || kind == "expense"
        };
        let result: Amount = balances.iter().filter(|(code, _)| is_result(code)).map(|(_, amount)| *amount).sum();
        let found = figures(layout.income_statement, &balances);
        assert_eq!(figure(layout.income_statement, &found, layout.profit), -result, "{name}");
    }
}

#[test]
fn statements_are_numbered_and_named() {
    for (name, _, layout) in charts() {
        for lines in [layout.balance_sheet, layout.income_statement] {
            let numbers: Vec<i32> = lines.iter().map(|line| line.number).filter(|number| *number != 0).collect();
            assert_eq!(numbers, (1..=numbers.len() as i32).collect::<Vec<i32>>(), "{name}");
            assert!(lines.iter().all(|line| is_bilingual(line.label)), "{name}");
        }
    }
}

#[test]
fn the_chinese_income_statement_is_the_published_form() {
    //
    let lines = statements("small_business_cn").unwrap().income_statement;
    assert_eq!(lines.len(), 32);
    assert_eq!(lines[20].formula, Formula::Lines(&[1, -2, -3, -11, -14, -18, 20]));
    assert_eq!(lines[29].formula, Formula::Lines(&[21, 22, -24]));
    assert_eq!(lines[31].formula, Formula::Lines(&[30, -31]));
    for line in lines.iter().filter(|line| line.label.zh.starts_with("其中")) {
        assert!(line.is_memo, "{line:?}");
    }
    let memo: Vec<i32> = lines.iter().filter(|line| line.is_memo).map(|line| line.number).collect();
    for line in lines {
        if let Formula::Lines(numbers) = line.formula {
            assert!(numbers.iter().all(|number| !memo.contains(&number.abs())));
        }
    }
}

#[test]
fn seeds_are_complete() {
    for country in ["CN", "DE"] {
        for tax in taxes(country) {
            assert!(is_bilingual(tax.name) && !tax.rate.is_negative() && USES.contains(&tax.account), "{tax:?}");
        }
    }
    assert_eq!(taxes("CN")[0].rate, Rate::parse("0.13").unwrap());
    for term in payment_terms() {
        assert!(is_bilingual(term.name), "{term:?}");
        assert_eq!(term.lines.iter().map(|line| line.share_rate).sum::<Rate>(), Rate::ONE, "{term:?}");
    }
    for unit in units() {
        assert!(is_bilingual(unit.name) && 0 < unit.numerator && 0 < unit.denominator, "{unit:?}");
        let is_base = |other: &&UnitSeed| other.category == unit.category && other.numerator == other.denominator;
        assert_eq!(units().iter().filter(is_base).count(), 1, "{unit:?}");
    }
    for place in places() {
        assert!(is_bilingual(place.name), "{place:?}");
        assert!(place.warehouse.is_empty() || places().iter().any(|other| other.code == place.warehouse));
    }
}
