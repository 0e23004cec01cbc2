//! The demo: half a year of a small maker and seller of bicycles, dated relative to today.
//!
//! It is made by the program itself, through the same doors a user has, from a seed:
//! the same seed and day make the same company.

use std::collections::BTreeMap;
use std::sync::Arc;

use engine::Engine;
use indicatif::ProgressBar;
use kernel::{Currency, Date};
use meta::Trouble;
use serde_json::{Value as Json, json};

use crate::driver::Driver;
use crate::setup::{self, Plan};

/// How many days back the business begins.
const DAYS: i32 = 182;
/// The password of every demo user.
pub const PASSWORD: &str = "heyi-demo";

/// The users: login, name, role, language, whose manager.
pub const USERS: [(&str, &str, &str, &str, Option<&str>); 8] = [
    ("admin", "周敏 Zhou Min", "administrator", "zh", None),
    ("manager", "王丽 Wang Li", "manager", "zh", None),
    ("sales.lead", "李强 Li Qiang", "sales_manager", "zh", Some("manager")),
    ("sales", "陈静 Chen Jing", "sales_rep", "zh", Some("sales.lead")),
    ("sales2", "Anna Berg", "sales_rep", "en", Some("sales.lead")),
    ("warehouse", "赵刚 Zhao Gang", "warehouse", "zh", Some("manager")),
    ("accountant", "刘洋 Liu Yang", "accountant", "zh", Some("manager")),
    ("auditor", "Emma Stone", "auditor", "en", None),
];

/// A small generator of numbers that look random: SplitMix64.
struct Dice(u64);

impl Dice {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// From 0 to below `end`.
    fn below(&mut self, end: u64) -> u64 {
        self.next() % end
    }

    fn chance(&mut self, percent: u64) -> bool {
        self.below(100) < percent
    }

    fn pick<'a, T>(&mut self, all: &'a [T]) -> &'a T {
        &all[self.below(all.len() as u64) as usize]
    }
}

/// Code, name, category, price, cost, opening quantity.
const PRODUCTS: [(&str, &str, &str, &str, &str, &str); 16] = [
    ("BK-C100", "城市自行车 C100 City bike", "bikes", "1880", "1050", "60"),
    ("BK-C200", "城市自行车 C200 City bike, step-through", "bikes", "2180", "1210", "50"),
    ("BK-M300", "山地自行车 M300 Mountain bike", "bikes", "3280", "1890", "40"),
    ("BK-M500", "山地自行车 M500 Mountain bike, full suspension", "bikes", "5980", "3520", "24"),
    ("BK-R700", "公路自行车 R700 Road bike", "bikes", "7480", "4380", "20"),
    ("BK-E900", "电助力自行车 E900 E-bike", "bikes", "9980", "6100", "18"),
    ("BK-K050", "儿童自行车 K050 Children's bike", "bikes", "780", "410", "80"),
    ("AC-HELM", "头盔 Helmet", "accessories", "268", "118", "220"),
    ("AC-LOCK", "车锁 Lock", "accessories", "128", "46", "260"),
    ("AC-LAMP", "车灯套装 Light set", "accessories", "158", "62", "240"),
    ("AC-BELL", "车铃 Bell", "accessories", "38", "9.5", "400"),
    ("AC-PUMP", "打气筒 Pump", "accessories", "98", "37", "160"),
    ("PT-TUBE", "内胎 Inner tube", "parts", "28", "8.6", "600"),
    ("PT-TYRE", "外胎 Tyre", "parts", "118", "52", "300"),
    ("PT-CHAIN", "链条 Chain", "parts", "138", "58", "180"),
    ("SV-TUNE", "保养服务 Tune-up service", "services", "180", "0", "0"),
];

/// Code, name, currency, country, city, credit limit.
type Customer = (&'static str, &'static str, &'static str, &'static str, &'static str, Option<&'static str>);

const CUSTOMERS: [Customer; 14] = [
    ("C001", "杭州骑行俱乐部 Hangzhou Riders", "CNY", "CN", "杭州", Some("200000")),
    ("C002", "上海单车行 Shanghai Bike House", "CNY", "CN", "上海", Some("300000")),
    ("C003", "北京绿行商贸 Beijing Green Ride", "CNY", "CN", "北京", Some("250000")),
    ("C004", "成都山野户外 Chengdu Outdoor", "CNY", "CN", "成都", Some("150000")),
    ("C005", "深圳捷达物流 Shenzhen Jieda Logistics", "CNY", "CN", "深圳", Some("400000")),
    ("C006", "广州童乐玩具 Guangzhou Tongle", "CNY", "CN", "广州", Some("120000")),
    ("C007", "苏州水乡租赁 Suzhou Rentals", "CNY", "CN", "苏州", Some("260000")),
    ("C008", "南京大学后勤 Nanjing Campus Services", "CNY", "CN", "南京", Some("180000")),
    ("C009", "青岛海风自行车 Qingdao Seabreeze", "CNY", "CN", "青岛", Some("160000")),
    ("C010", "武汉江城车行 Wuhan River City", "CNY", "CN", "武汉", None),
    ("C011", "Blue Wheel GmbH", "EUR", "DE", "Berlin", Some("300000")),
    ("C012", "Fietsenhuis Utrecht BV", "EUR", "NL", "Utrecht", Some("250000")),
    ("C013", "Bay Area Cycles Inc.", "USD", "US", "Oakland", Some("350000")),
    ("C014", "London Spokes Ltd", "GBP", "GB", "London", Some("200000")),
];

const WHY_LOST: [&str; 4] = ["价格 Price", "交期 Delivery time", "竞争对手 Competitor", "取消采购 No budget"];

struct Company {
    desk: Driver,
    sellers: Vec<Driver>,
    place: String,
    products: Vec<String>,
    customers: Vec<(String, &'static str)>,
    bank: String,
    today: Date,
}

/// Makes the demo, unless the database has a company already.
pub fn make(engine: &Arc<Engine>, seed: u64, bar: &ProgressBar) -> Result<(), Trouble> {
    let known = engine.database().read(|conn| Ok(conn.query("select id from company limit 1", &[])?))?;
    if !known.is_empty() {
        println!("The database has a company already; the demo is left as it is.");
        return Ok(());
    }
    bar.set_length(DAYS as u64 + 12);
    bar.set_message("setting up");
    let company = setup::company(engine, &plan("合一自行车 Heyi Bikes", Currency::CNY, "small_business_cn", "CN"))?;
    let europe = Plan {
        address: "Radweg 18, 20457 Hamburg",
        phone: "+49 40 5550 0018",
        email: "hallo@heyi.example",
        bank_details: "Hafenbank Hamburg · DE00 0000 0000 0000 1818 00",
        ..plan("Heyi Bikes Europe GmbH", Currency::EUR, "ifrs_generic", "DE")
    };
    setup::company(engine, &europe)?;
    users(engine)?;
    bar.inc(4);
    let mut here = masters(engine, company)?;
    bar.inc(8);
    let mut dice = Dice(seed);
    opening(&here)?;
    assets(&here)?;
    bar.set_message("half a year of business");
    for day in 0..DAYS {
        let on = here.today.add_days(day - DAYS + 1);
        business(&mut here, &mut dice, day, on)?;
        bar.inc(1);
    }
    bar.finish_and_clear();
    println!("The demo company is ready.");
    Ok(())
}

fn plan<'a>(name: &'a str, currency: Currency, chart: &'a str, country: &'a str) -> Plan<'a> {
    Plan {
        name,
        currency,
        chart,
        country,
        address: "浙江省杭州市余杭区骑行路 18 号 · 18 Cycling Road, Hangzhou",
        phone: "+86 571 8888 0018",
        email: "hello@heyi.example",
        tax_number: "",
        bank_details: "中国银行杭州分行 Bank of China Hangzhou · 3333 0000 1818",
    }
}

/// What abroad costs, a hundredth of a unit of ours for one of theirs.
const EXPORT: [(&str, u64); 3] = [("EUR", 791), ("USD", 709), ("GBP", 931)];

/// A price list for each currency we export in, with prices one can say: in full tenths.
fn export_prices(desk: &Driver, products: &[String]) -> Result<BTreeMap<&'static str, String>, Trouble> {
    let mut lists = BTreeMap::new();
    for (currency, rate) in EXPORT {
        let line = |(product, row): (&String, &(&str, &str, &str, &str, &str, &str))| {
            let tenths = (row.3.parse::<u64>().unwrap_or(0) * 1000 + rate / 2) / rate;
            json!({ "product": product, "price": format!("{}.{}", tenths / 10, tenths % 10) })
        };
        let lines: Vec<_> = products.iter().zip(&PRODUCTS).map(line).collect();
        let name = format!("出口价 Export {currency}");
        lists.insert(
            currency,
            desk.create("price_list", json!({ "name": name, "currency": currency, "lines": lines }))?,
        );
    }
    Ok(lists)
}

/// How a telephone number begins there.
fn dialled(country: &str) -> &'static str {
    match country {
        "DE" => "+49 30 5550",
        "NL" => "+31 30 555",
        "US" => "+1 510 555",
        "GB" => "+44 20 5550",
        _ => "+86 138 0000",
    }
}

/// A street as it is written there.
fn street(country: &str, city: &str, number: usize) -> String {
    match country {
        "DE" => format!("Radweg {number}"),
        "NL" => format!("Fietspad {number}"),
        "US" => format!("{number} Bay Trail"),
        "GB" => format!("{number} Towpath Lane"),
        _ => format!("{city} 中心路 {number} 号"),
    }
}

fn users(engine: &Arc<Engine>) -> Result<(), Trouble> {
    for (login, name, role, language, _) in USERS {
        setup::user(engine, login, name, PASSWORD, &[role], language)?;
    }
    for (login, .., manager) in USERS {
        if let Some(manager) = manager {
            setup::managed_by(engine, login, manager)?;
        }
    }
    Ok(())
}

fn masters(engine: &Arc<Engine>, company: i64) -> Result<Company, Trouble> {
    let desk = Driver::system(engine, company)?;
    let today = engine.today();
    let from = today.add_days(-DAYS - 30);
    for (currency, rates) in
        [("EUR", ["7.78", "7.85", "7.91"]), ("USD", ["7.16", "7.12", "7.09"]), ("GBP", ["9.12", "9.2", "9.31"])]
    {
        for (index, rate) in rates.iter().enumerate() {
            let on = from.add_days(index as i32 * 70);
            desk.create("currency_rate", json!({ "currency": currency, "valid_on": on.to_string(), "rate": rate }))?;
        }
    }
    let piece = setup::find(engine, company, "unit", "name", "件")?.or(setup::first(engine, company, "unit")?);
    let mut categories = Vec::new();
    for (code, name, method) in [
        ("bikes", "整车 Bicycles", "fifo"),
        ("accessories", "配件 Accessories", "average"),
        ("parts", "零件 Parts", "average"),
        ("services", "服务 Services", "average"),
    ] {
        let tax = setup::default_tax(engine, company)?;
        let id = desk.create("product_category", json!({ "name": name, "cost_method": method, "sales_tax": tax }))?;
        categories.push((code, id));
    }
    let mut products = Vec::new();
    for (code, name, category, price, _, opening) in PRODUCTS {
        let category = categories.iter().find(|(known, _)| *known == category).map(|(_, id)| id.clone());
        let kind = if opening == "0" { "service" } else { "stocked" };
        let body = json!({
            "code": code, "name": name, "kind": kind, "category": category, "unit": piece,
            "sales_price": price, "sales_tax": setup::default_tax(engine, company)?,
        });
        products.push(desk.create("product", body)?);
    }
    departments(&desk)?;
    let lists = export_prices(&desk, &products)?;
    let terms = setup::find(engine, company, "payment_term", "name", "30")?;
    let mut customers = Vec::new();
    for (index, (code, name, currency, country, city, limit)) in CUSTOMERS.iter().enumerate() {
        let owner = setup::user_id(engine, if index % 3 == 1 || index > 9 { "sales2" } else { "sales" })?;
        let mut body = json!({
            "code": code, "name": name, "is_customer": true, "currency": currency, "country": country,
            "owner": owner, "phone": format!("{} {:04}", dialled(country), index * 37 + 11),
            "addresses": [{ "kind": "delivery", "line": street(country, city, index + 1), "city": city, "country": country, "is_default": true }],
            "price_list": lists.get(currency),
        });
        if let Some(terms) = &terms {
            body["terms"] = json!(terms);
        }
        if let Some(limit) = limit {
            body["credit_limit"] = json!(limit);
        }
        customers.push((desk.create("party", body)?, *currency));
    }
    let sellers = ["sales", "sales2"].iter().map(|login| {
        let user = setup::raw_user(engine, login)?;
        let mut actor = engine.system(company)?;
        actor.user = user;
        Ok(Driver { engine: engine.clone(), actor })
    });
    let sellers = sellers.collect::<Result<Vec<_>, Trouble>>()?;
    let place = setup::stock_place(engine, company)?;
    let bank = setup::account(engine, company, "bank")?;
    Ok(Company { desk, sellers, place, products, customers, bank, today })
}

/// Who uses how much of what is paid for all.
fn departments(desk: &Driver) -> Result<(), Trouble> {
    let axis = desk.create("dimension", json!({ "code": "DEP", "name": "部门 Departments" }))?;
    let mut parts = Vec::new();
    for (code, name, share) in
        [("SALES", "销售部 Sales", "0.3"), ("WORK", "车间 Workshop", "0.5"), ("OFFICE", "管理部 Office", "0.2")]
    {
        let value = desk.create("dimension_value", json!({ "dimension": axis, "code": code, "name": name }))?;
        parts.push(json!({ "value": value, "share": share }));
    }
    desk.create("dimension_set", json!({ "parts": parts }))?;
    Ok(())
}

/// What was there before the first day: goods on the shelf and money in the bank.
fn opening(here: &Company) -> Result<(), Trouble> {
    let on = here.today.add_days(-DAYS).to_string();
    let lines: Vec<Json> = PRODUCTS
        .iter()
        .zip(&here.products)
        .filter(|(product, _)| product.5 != "0")
        .map(|(product, id)| json!({ "product": id, "qty": product.5, "unit_cost": product.4 }))
        .collect();
    let id = here.desk.create(
        "stock_adjustment",
        json!({ "moved_on": on, "kind": "opening", "place": here.place, "lines": lines }),
    )?;
    here.desk.act("stock_adjustment", &id, "post", json!({}))?;
    let engine = &here.desk.engine;
    let company = here.desk.actor.company;
    let equity = setup::account(engine, company, "opening")?;
    let entry = json!({
        "posted_on": on, "journal": "opening", "memo": "期初余额 Opening balance",
        "lines": [
            { "account": here.bank, "debit": "380000.00" },
            { "account": equity, "credit": "380000.00" },
        ],
    });
    let id = here.desk.create("journal_entry", entry)?;
    here.desk.act("journal_entry", &id, "post", json!({}))?;
    Ok(())
}

/// What the shop works with: name, category, cost, how many days before the first day it was bought.
const ASSETS: [(&str, &str, &str, i32); 3] = [
    ("数控弯管机 Tube bending machine", "机器设备 Machinery", "86000.00", 20),
    ("送货车 Delivery van", "运输工具 Vehicles", "128000.00", 20),
    ("收银电脑 Till computer", "电子设备 Electronics", "7200.00", -40),
];

/// Name, method, months of life, when a declining method goes over to equal parts.
const ASSET_CATEGORIES: [(&str, &str, i64, &str); 3] = [
    ("机器设备 Machinery", "straight_line", 120, "never"),
    ("运输工具 Vehicles", "double_declining", 48, "last_two_years"),
    ("电子设备 Electronics", "straight_line", 36, "never"),
];

/// Categories, and what was bought before or soon after the first day.
fn assets(here: &Company) -> Result<(), Trouble> {
    let mut categories = BTreeMap::new();
    for (name, method, life, switch) in ASSET_CATEGORIES {
        let body = json!({ "name": name, "method": method, "life_months": life, "switch": switch,
            "convention": "next_month", "residual_rate": "0.05" });
        categories.insert(name, here.desk.create("asset_category", body)?);
    }
    for (name, category, cost, before) in ASSETS {
        let on = here.today.add_days(-DAYS - before).to_string();
        let body = json!({ "name": name, "category": categories[category], "cost": cost,
            "acquired_on": on, "in_service_on": on, "location": "余杭车间 Yuhang workshop" });
        let id = here.desk.create("asset", body)?;
        here.desk.act("asset", &id, "capitalise", json!({ "posted_on": on, "against": here.bank }))?;
    }
    Ok(())
}

/// The depreciation of the month before.
fn depreciation(here: &Company, on: Date) -> Result<(), Trouble> {
    let run = here.desk.create("depreciation_run", json!({ "month": on.add_days(-1).to_string() }))?;
    here.desk.act("depreciation_run", &run, "post", json!({}))?;
    Ok(())
}

/// One day: receipts on Mondays, orders on working days, rent at the start of a month.
fn business(here: &mut Company, dice: &mut Dice, day: i32, on: Date) -> Result<(), Trouble> {
    if on.day() == 1 {
        expenses(here, on)?;
        // The first month may have nothing due: what is new is charged from the next one on.
        if day > 31 {
            depreciation(here, on)?;
        }
    }
    if on.weekday() == 1 && day > 6 {
        receive(here, dice, on)?;
    }
    if on.weekday() > 5 {
        return Ok(());
    }
    for _ in 0..1 + dice.below(2) {
        deal(here, dice, on)?;
    }
    Ok(())
}

fn expenses(here: &Company, on: Date) -> Result<(), Trouble> {
    let engine = &here.desk.engine;
    let Some(rent) = setup::expense_account(engine, here.desk.actor.company)? else { return Ok(()) };
    let shared = setup::first(engine, here.desk.actor.company, "dimension_set")?;
    let entry = json!({
        "posted_on": on.to_string(), "journal": "general", "memo": "房租与工资 Rent and wages",
        "lines": [{ "account": rent, "debit": "46000.00", "dimensions": shared }, { "account": here.bank, "credit": "46000.00" }],
    });
    let id = here.desk.create("journal_entry", entry)?;
    here.desk.act("journal_entry", &id, "post", json!({}))?;
    Ok(())
}

fn receive(here: &Company, dice: &mut Dice, on: Date) -> Result<(), Trouble> {
    let mut lines = Vec::new();
    for (product, id) in PRODUCTS.iter().zip(&here.products).filter(|(product, _)| product.5 != "0") {
        if !dice.chance(45) {
            continue;
        }
        let usual: u64 = product.5.parse().unwrap_or(10);
        let qty = usual / 6 + dice.below(usual / 8 + 2) + 1;
        // Costs move a little: up to 4 % either way.
        let cost: f64 = product.4.parse().unwrap_or(1.0);
        let cost = (cost * (96.0 + dice.below(9) as f64)).round() / 100.0;
        lines.push(json!({ "product": id, "qty": qty.to_string(), "unit_cost": format!("{cost:.2}") }));
    }
    if lines.is_empty() {
        return Ok(());
    }
    let id = here.desk.create(
        "stock_adjustment",
        json!({ "moved_on": on.to_string(), "kind": "receipt", "place": here.place, "lines": lines }),
    )?;
    here.desk.act("stock_adjustment", &id, "post", json!({}))?;
    Ok(())
}

/// One deal, as far as it has come by today.
fn deal(here: &Company, dice: &mut Dice, on: Date) -> Result<(), Trouble> {
    let (customer, currency) = dice.pick(&here.customers).clone();
    let seller = &here.sellers[dice.below(here.sellers.len() as u64) as usize];
    let days_ago = here.today.days_since(on);
    let lines = lines(here, dice, currency);
    let quote = json!({
        "customer": customer, "quoted_on": on.to_string(), "valid_until": on.add_days(30).max(here.today.add_days(14)).to_string(),
        "currency": currency, "lines": lines,
    });
    let quotation = seller.create("quotation", quote)?;
    if days_ago < 2 {
        return Ok(());
    }
    seller.act("quotation", &quotation, "send", json!({}))?;
    if days_ago < 7 && dice.chance(60) {
        return Ok(());
    }
    if dice.chance(18) {
        seller.act("quotation", &quotation, "lose", json!({ "reason": *dice.pick(&WHY_LOST) }))?;
        return Ok(());
    }
    let accepted = seller.act("quotation", &quotation, "accept", json!({}))?;
    let order = accepted["posted"]["created"][0]["id"].as_str().unwrap_or("").to_owned();
    let wanted = on.add_days(4 + dice.below(10) as i32);
    seller.change("sales_order", &order, json!({ "ordered_on": on.to_string(), "wanted_on": wanted.to_string() }))?;
    if seller.act("sales_order", &order, "confirm", json!({})).is_err() {
        // Over the credit limit: the order waits as a draft, as in life.
        return Ok(());
    }
    if days_ago < 5 && dice.chance(60) {
        return Ok(());
    }
    deliver(here, dice, &order, on, days_ago)
}

fn lines(here: &Company, dice: &mut Dice, currency: &str) -> Vec<Json> {
    let count = 1 + dice.below(4);
    let mut used = Vec::new();
    let mut lines = Vec::new();
    for _ in 0..count {
        let index = dice.below(PRODUCTS.len() as u64) as usize;
        if used.contains(&index) {
            continue;
        }
        used.push(index);
        let qty = match PRODUCTS[index].2 {
            "bikes" => 1 + dice.below(4),
            "services" => 1 + dice.below(3),
            _ => 2 + dice.below(10),
        };
        let mut line = json!({ "product": here.products[index], "qty": qty.to_string() });
        if dice.chance(25) {
            line["discount"] = json!("0.05");
        }
        // Export is free of tax.
        if currency != "CNY" {
            line["tax"] = Json::Null;
        }
        lines.push(line);
    }
    lines
}

fn deliver(here: &Company, dice: &mut Dice, order: &str, on: Date, days_ago: i32) -> Result<(), Trouble> {
    let mut body = here.desk.prefilled("delivery", ("sales_order", order))?;
    let shipped = on.add_days(1 + dice.below(3) as i32).min(here.today);
    body.insert("shipped_on".into(), json!(shipped.to_string()));
    if dice.chance(15) {
        // A part now, the rest later.
        if let Some(first) = body.get_mut("lines").and_then(Json::as_array_mut).and_then(|lines| lines.first_mut()) {
            first["qty"] = json!("1");
        }
    }
    let has_goods = body.get("lines").and_then(Json::as_array).is_some_and(|lines| !lines.is_empty());
    let delivery = match has_goods {
        // Services alone need no delivery.
        false => String::new(),
        true => here.desk.create("delivery", Json::Object(body))?,
    };
    if has_goods && here.desk.act("delivery", &delivery, "ship", json!({})).is_err() {
        // Not enough on the shelf: it stays a draft until goods come.
        return Ok(());
    }
    if days_ago < 8 && dice.chance(50) {
        return Ok(());
    }
    let mut body = here.desk.prefilled("invoice", ("sales_order", order))?;
    let issued = shipped.add_days(dice.below(3) as i32).min(here.today);
    body.insert("issued_on".into(), json!(issued.to_string()));
    let invoice = here.desk.create("invoice", Json::Object(body))?;
    here.desk.act("invoice", &invoice, "post", json!({}))?;
    if has_goods && dice.chance(5) {
        give_back(here, &delivery, &invoice, issued.add_days(3).min(here.today))?;
        return Ok(());
    }
    pay(here, dice, &invoice, issued)
}

fn pay(here: &Company, dice: &mut Dice, invoice: &str, issued: Date) -> Result<(), Trouble> {
    let paid = issued.add_days(8 + dice.below(40) as i32);
    if paid > here.today || dice.chance(8) {
        return Ok(());
    }
    let mut body = here.desk.prefilled("payment", ("invoice", invoice))?;
    body.insert("paid_on".into(), json!(paid.to_string()));
    // The rate of the day it is paid, not of the invoice.
    body.remove("rate");
    let payment = here.desk.create("payment", Json::Object(body))?;
    here.desk.act("payment", &payment, "post", json!({}))?;
    Ok(())
}

/// One piece comes back, and is credited.
fn give_back(here: &Company, delivery: &str, invoice: &str, on: Date) -> Result<(), Trouble> {
    let mut body = here.desk.prefilled("sales_return", ("delivery", delivery))?;
    body.insert("received_on".into(), json!(on.to_string()));
    let stocked = body.get("lines").and_then(Json::as_array).is_some_and(|lines| !lines.is_empty());
    if !stocked {
        return Ok(());
    }
    if let Some(lines) = body.get_mut("lines").and_then(Json::as_array_mut) {
        lines.truncate(1);
        lines[0]["qty"] = json!("1");
    }
    let back = here.desk.create("sales_return", Json::Object(body))?;
    here.desk.act("sales_return", &back, "receive", json!({}))?;
    let mut body = here.desk.prefilled("invoice", ("invoice", invoice))?;
    body.insert("issued_on".into(), json!(on.to_string()));
    if let Some(lines) = body.get_mut("lines").and_then(Json::as_array_mut) {
        lines.truncate(1);
        lines[0]["qty"] = json!("1");
    }
    let note = here.desk.create("invoice", Json::Object(body))?;
    here.desk.act("invoice", &note, "post", json!({}))?;
    Ok(())
}
