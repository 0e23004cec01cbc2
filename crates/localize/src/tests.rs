use std::collections::{BTreeMap, BTreeSet};

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

/// The 66 accounts of the standard, in its order, with their codes (财会〔2011〕17 号, 附录).
const OF_THE_STANDARD: &str = "
    1001 库存现金 1002 银行存款 1012 其他货币资金 1101 短期投资 1121 应收票据 1122 应收账款 1123 预付账款
    1131 应收股利 1132 应收利息 1221 其他应收款 1401 材料采购 1402 在途物资 1403 原材料 1404 材料成本差异
    1405 库存商品 1407 商品进销差价 1408 委托加工物资 1411 周转材料 1421 消耗性生物资产 1501 长期债券投资
    1511 长期股权投资 1601 固定资产 1602 累计折旧 1604 在建工程 1605 工程物资 1606 固定资产清理
    1621 生产性生物资产 1622 生产性生物资产累计折旧 1701 无形资产 1702 累计摊销 1801 长期待摊费用
    1901 待处理财产损溢
    2001 短期借款 2201 应付票据 2202 应付账款 2203 预收账款 2211 应付职工薪酬 2221 应交税费 2231 应付利息
    2232 应付利润 2241 其他应付款 2401 递延收益 2501 长期借款 2701 长期应付款
    3001 实收资本 3002 资本公积 3101 盈余公积 3103 本年利润 3104 利润分配
    4001 生产成本 4101 制造费用 4301 研发支出 4401 工程施工 4403 机械作业
    5001 主营业务收入 5051 其他业务收入 5111 投资收益 5301 营业外收入 5401 主营业务成本 5402 其他业务成本
    5403 税金及附加 5601 销售费用 5602 管理费用 5603 财务费用 5711 营业外支出 5801 所得税费用";

#[test]
fn the_chinese_chart_has_the_accounts_of_the_standard_in_its_order() {
    let accounts = chart("small_business_cn").unwrap();
    let of_standard = accounts.iter().filter(|account| account.code.len() == 4 && account.code != "3999");
    let ours: Vec<&str> = of_standard.flat_map(|account| [account.code, account.name.zh]).collect();
    assert_eq!(ours, OF_THE_STANDARD.split_whitespace().collect::<Vec<_>>());
    assert_eq!(ours.len(), 2 * 66);
}

/// The codes of an account and of those above it.
fn path(accounts: &[AccountSeed], account: &AccountSeed) -> Vec<&'static str> {
    let mut path = vec![account.code];
    while let Some(above) = accounts.iter().find(|above| {
        let of = accounts.iter().find(|one| Some(&one.code) == path.last()).unwrap();
        above.code == of.parent
    }) {
        path.push(above.code);
    }
    path
}

/// Debits less credits by line; figures no two sums of which are equal by chance.
fn sums(
    accounts: &[AccountSeed],
    statement: &Statement,
    posted: &[(Vec<&str>, &str, Amount)],
) -> BTreeMap<i32, Amount> {
    let mut sums: BTreeMap<i32, Amount> = BTreeMap::new();
    let of_chart = balances(accounts);
    let of_chart = of_chart.iter().map(|(account, amount)| (path(accounts, account), account.kind, *amount));
    for (codes, kind, amount) in of_chart.chain(posted.iter().cloned()) {
        for line in statement.standing(&codes, kind).into_iter().flat_map(|standing| standing.lines) {
            *sums.entry(line).or_default() += amount;
        }
    }
    sums
}

fn balances(accounts: &[AccountSeed]) -> Vec<(&AccountSeed, Amount)> {
    let mut next = 1_234_567_i64;
    let mut balances = Vec::new();
    for account in accounts.iter().filter(|account| !account.is_group) {
        next = (next * 48_271) % 2_147_483_647;
        balances.push((account, Amount::new(next - 1_000_000_000)));
    }
    let off: Amount = balances.iter().map(|(_, amount)| *amount).sum();
    balances[0].1 -= off;
    balances
}

fn figure(statement: &Statement, figures: &[Option<Amount>], number: i32) -> Amount {
    let place = statement.lines.iter().position(|line| line.number == number).unwrap();
    figures[place].unwrap()
}

/// Accounts a company might add, with codes no chart thought of; together they balance.
fn strangers() -> Vec<(Vec<&'static str>, &'static str, Amount)> {
    let one = |code, kind, amount| (vec![code], kind, Amount::new(amount));
    vec![
        one("1999", "asset", 1_000),
        one("X7", "liability", -300),
        one("5602", "equity", -50),
        one("0001", "income", -900),
        one("1122", "expense", 250),
    ]
}

#[test]
fn whatever_is_posted_the_balance_sheet_balances() {
    for (name, accounts, layout) in charts() {
        let sheet = &layout.balance_sheet;
        let found = sheet.figures(&sums(accounts, sheet, &strangers()));
        let total = |number| figure(sheet, &found, number);
        assert_eq!(total(layout.totals.0), total(layout.totals.1), "{name}");
    }
}

#[test]
fn the_profit_is_all_income_less_all_expense() {
    for (name, accounts, layout) in charts() {
        let is_result = |kind: &str| kind == "income" || kind == "expense";
        let of_chart = balances(accounts).into_iter().map(|(account, amount)| (account.kind, amount));
        let of_strangers = strangers().into_iter().map(|(_, kind, amount)| (kind, amount));
        let result: Amount =
            of_chart.chain(of_strangers).filter(|(kind, _)| is_result(kind)).map(|(_, amount)| amount).sum();
        let income = &layout.income_statement;
        let found = income.figures(&sums(accounts, income, &strangers()));
        assert_eq!(figure(income, &found, layout.profit), -result, "{name}");
    }
}

#[test]
fn every_account_of_a_chart_is_named_by_the_statements_of_its_kind() {
    for (name, accounts, layout) in charts() {
        for account in accounts.iter().filter(|account| !account.is_group) {
            let standing = layout.balance_sheet.standing(&path(accounts, account), account.kind).unwrap();
            assert!(standing.is_named, "{name} {account:?}");
            let income = layout.income_statement.standing(&path(accounts, account), account.kind);
            let is_result = matches!(account.kind, "income" | "expense");
            assert_eq!(income.map(|standing| standing.is_named), is_result.then_some(true), "{name} {account:?}");
        }
    }
}

#[test]
fn an_account_of_ones_own_stands_where_the_one_above_it_does() {
    let layout = statements("small_business_cn").unwrap();
    let lines = |codes: &[&str], kind| layout.income_statement.standing(codes, kind).map(|standing| standing.lines);
    assert_eq!(lines(&["TEA", "560202", "5602"], "expense"), Some(vec![14, 16]));
    assert_eq!(lines(&["TEA"], "expense"), Some(vec![14]));
    assert_eq!(lines(&["1001"], "asset"), None);
}

#[test]
fn statements_are_numbered_and_named() {
    for (name, _, layout) in charts() {
        for statement in [layout.balance_sheet, layout.income_statement] {
            let lines = statement.lines;
            let numbers: Vec<i32> = lines.iter().map(|line| line.number).filter(|number| *number != 0).collect();
            assert_eq!(numbers, (1..=numbers.len() as i32).collect::<Vec<i32>>(), "{name}");
            assert!(lines.iter().all(|line| is_bilingual(line.label)), "{name}");
            for kind in statement.kinds {
                let others = statement.line(kind.others).unwrap();
                assert!(!others.is_total() && !others.is_memo, "{name} {kind:?}");
                assert!((kind.within.0..=kind.within.1).contains(&kind.others), "{name} {kind:?}");
            }
        }
    }
}

#[test]
fn the_chinese_balance_sheet_has_the_lines_of_the_form() {
    let sheet = statements("small_business_cn").unwrap().balance_sheet;
    let named = |number| sheet.line(number).unwrap().label.zh;
    let told = [1, 9, 15, 20, 29, 30, 41, 46, 47, 51, 52].map(named);
    assert_eq!(
        told.join(" "),
        "货币资金 存货 流动资产合计 固定资产账面价值 非流动资产合计 资产总计 流动负债合计 非流动负债合计 负债合计 \
         未分配利润 所有者权益（或股东权益）合计"
    );
    assert_eq!(sheet.lines.iter().filter(|line| line.number != 0).count(), 53);
}

#[test]
fn the_chinese_income_statement_is_the_published_form() {
    //
    let lines = statements("small_business_cn").unwrap().income_statement.lines;
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
    for term in payment_terms() {
        assert!(is_bilingual(term.name), "{term:?}");
        assert_eq!(term.lines.iter().map(|line| line.share_rate).sum::<Rate>(), Rate::ONE, "{term:?}");
    }
    for unit in units() {
        assert!(is_bilingual(unit.name) && 0 < unit.numerator && 0 < unit.denominator, "{unit:?}");
        let is_base = |other: &&UnitSeed| other.category == unit.category && other.numerator == other.denominator;
        assert_eq!(units().iter().filter(is_base).count(), 1, "{unit:?}");
        assert_eq!(unit.whole, unit.category == "count", "{unit:?}: pieces are not divided, what is measured is");
    }
    for place in places() {
        assert!(is_bilingual(place.name), "{place:?}");
        assert!(place.warehouse.is_empty() || places().iter().any(|other| other.code == place.warehouse));
    }
}

/// The countries whose rates we know, some we know to have none, and one nobody knows.
const COUNTRIES: &str = "AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK
    CN CH GB LI NO AE AU HK ID IN JP KR MO MY NZ PH SA SG TH TW VN BR CA MX US ZA XX";

#[test]
fn the_taxes_of_every_country_are_whole() {
    for country in COUNTRIES.split_whitespace() {
        let taxes = taxes(country);
        let codes: BTreeSet<&str> = taxes.iter().map(|tax| tax.code.as_str()).collect();
        let names: BTreeSet<&str> = taxes.iter().flat_map(|tax| [tax.en.as_str(), tax.zh.as_str()]).collect();
        assert_eq!((codes.len(), names.len()), (taxes.len(), 2 * taxes.len()), "{country}: told apart");
        assert!(taxes.iter().any(|tax| tax.rate.is_zero()), "{country}: something may be free of tax");
        for tax in &taxes {
            let is_chinese = |letter: char| ('\u{4e00}'..='\u{9fff}').contains(&letter);
            assert!(!tax.en.chars().any(is_chinese) && tax.zh.chars().any(is_chinese), "{country} {tax:?}");
            assert!(!tax.rate.is_negative() && tax.rate < Rate::parse("0.5").unwrap(), "{country} {tax:?}");
            assert!(USES.contains(&tax.account) && tax.code.len() <= 40 && tax.en.len() <= 80, "{country} {tax:?}");
        }
        let is_odd = matches!(country, "US" | "BR" | "CA" | "XX");
        assert_eq!(tax_advice(country).is_some_and(is_bilingual), is_odd, "{country}");
    }
}

#[test]
fn a_country_charges_its_own_rates() {
    let of = |country: &str, account: &str, is_included: bool| {
        let taxes = taxes(country).into_iter();
        let taxes = taxes.filter(|tax| tax.account == account && tax.is_included == is_included);
        taxes.map(|tax| format!("{} {}", tax.code, tax.rate)).collect::<Vec<_>>().join(", ")
    };
    assert_eq!(of("DE", "sales_tax", false), "VAT19 0.19, VAT7 0.07, VAT0 0, VAT0EU 0");
    assert_eq!(of("DE", "sales_tax", true), "VAT19I 0.19, VAT7I 0.07");
    assert_eq!(of("DE", "purchase_tax", false), "VAT19P 0.19, VAT7P 0.07");
    assert_eq!(of("CH", "sales_tax", false), "VAT8.1 0.081, VAT3.8 0.038, VAT2.6 0.026, VAT0 0");
    assert_eq!(of("CN", "sales_tax", false), "VAT13 0.13, VAT9 0.09, VAT6 0.06, VAT3 0.03, VAT1 0.01, VAT0 0");
    assert_eq!(of("IN", "sales_tax", false), "GST18 0.18, GST5 0.05, GST40 0.4, GST0 0");
    assert_eq!(of("JP", "purchase_tax", false), "CT10P 0.1, CT8P 0.08");
    for none in ["HK", "MO", "US", "BR", "XX"] {
        assert_eq!(taxes(none).len(), 1, "{none}");
        assert_eq!(of(none, "sales_tax", false), "TAX0 0");
    }
    let named = |country: &str, code: &str| {
        taxes(country).into_iter().find(|tax| tax.code == code).map(|tax| format!("{} | {}", tax.zh, tax.en))
    };
    let cases = [
        ("CN", "VAT3I", "增值税 3%（价内，简易计税） | VAT 3% included (simplified)"),
        ("CN", "VAT3P", "进项税 3% | Input VAT 3%"),
        ("FI", "VAT25.5", "增值税 25.5% | VAT 25.5%"),
        ("CA", "HST13", "统一销售税 13%（安大略） | HST 13% (Ontario)"),
    ];
    for (country, code, name) in cases {
        assert_eq!(named(country, code).as_deref(), Some(name), "{country} {code}");
    }
}
