//! The two companies, and what each begins with: products, customers, suppliers, prices.

use std::collections::BTreeMap;
use std::sync::Arc;

use engine::Engine;
use kernel::Currency;
use meta::{Trouble, Value};
use serde_json::json;

use crate::driver::Driver;
use crate::setup::{self, Plan};

/// Code, name, category, price, cost, how many are usually there: none of what is no goods.
type Good = (&'static str, &'static str, &'static str, &'static str, &'static str, &'static str);

const GOODS_CN: [Good; 16] = [
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

const GOODS_EU: [Good; 10] = [
    ("BK-C100", "城市自行车 C100 City bike", "bikes", "449", "262", "24"),
    ("BK-M300", "山地自行车 M300 Mountain bike", "bikes", "699", "431", "18"),
    ("BK-E900", "电助力自行车 E900 E-bike", "bikes", "1890", "1215", "12"),
    ("BK-K050", "儿童自行车 K050 Children's bike", "bikes", "179", "98", "30"),
    ("AC-HELM", "头盔 Helmet", "accessories", "49.9", "21", "120"),
    ("AC-LOCK", "车锁 Lock", "accessories", "24.9", "9.6", "140"),
    ("AC-LAMP", "车灯套装 Light set", "accessories", "32.5", "13.2", "120"),
    ("PT-TUBE", "内胎 Inner tube", "parts", "6.5", "2.1", "300"),
    ("PT-TYRE", "外胎 Tyre", "parts", "27.9", "12.4", "160"),
    ("SV-TUNE", "保养服务 Tune-up service", "services", "55", "0", "0"),
];

/// Code, name, currency, country, city, credit limit, VAT number.
type Client =
    (&'static str, &'static str, &'static str, &'static str, &'static str, Option<&'static str>, &'static str);

const CLIENTS_CN: [Client; 14] = [
    ("C001", "杭州骑行俱乐部 Hangzhou Riders", "CNY", "CN", "杭州", Some("200000"), ""),
    ("C002", "上海单车行 Shanghai Bike House", "CNY", "CN", "上海", Some("300000"), ""),
    ("C003", "北京绿行商贸 Beijing Green Ride", "CNY", "CN", "北京", Some("250000"), ""),
    ("C004", "成都山野户外 Chengdu Outdoor", "CNY", "CN", "成都", Some("150000"), ""),
    ("C005", "深圳捷达物流 Shenzhen Jieda Logistics", "CNY", "CN", "深圳", Some("400000"), ""),
    ("C006", "广州童乐玩具 Guangzhou Tongle", "CNY", "CN", "广州", Some("120000"), ""),
    ("C007", "苏州水乡租赁 Suzhou Rentals", "CNY", "CN", "苏州", Some("260000"), ""),
    ("C008", "南京大学后勤 Nanjing Campus Services", "CNY", "CN", "南京", Some("180000"), ""),
    ("C009", "青岛海风自行车 Qingdao Seabreeze", "CNY", "CN", "青岛", Some("160000"), ""),
    ("C010", "武汉江城车行 Wuhan River City", "CNY", "CN", "武汉", None, ""),
    ("C011", "Blue Wheel GmbH", "EUR", "DE", "Berlin", Some("300000"), ""),
    ("C012", "Fietsenhuis Utrecht BV", "EUR", "NL", "Utrecht", Some("250000"), ""),
    ("C013", "Bay Area Cycles Inc.", "USD", "US", "Oakland", Some("350000"), ""),
    ("C014", "London Spokes Ltd", "GBP", "GB", "London", Some("200000"), ""),
];

const CLIENTS_EU: [Client; 7] = [
    ("K001", "Radhaus Hamburg GmbH", "EUR", "DE", "Hamburg", Some("40000"), "DE000000101"),
    ("K002", "Stadtrad Leipzig eG", "EUR", "DE", "Leipzig", Some("30000"), "DE000000102"),
    ("K003", "Bergfex Verleih München", "EUR", "DE", "München", Some("35000"), "DE000000103"),
    ("K004", "Vélo Lyon SARL", "EUR", "FR", "Lyon", Some("30000"), "FR00000000104"),
    ("K005", "Rijwielhandel De Wit BV", "EUR", "NL", "Rotterdam", Some("30000"), "NL000000105B01"),
    ("K006", "Donauradler KG", "EUR", "AT", "Linz", Some("25000"), "ATU00000106"),
    ("K007", "Velowerk Zürich AG", "EUR", "CH", "Zürich", None, "CHE-000.000.107"),
];

/// Something that lasts: name, category, cost, how many days after the founding it is bought.
pub(super) struct Lasting {
    pub name: &'static str,
    pub category: &'static str,
    pub cost: &'static str,
    pub after: i32,
}

const ASSETS_CN: [Lasting; 3] = [
    Lasting {
        name: "数控弯管机 Tube bending machine", category: "机器设备 Machinery", cost: "86000.00", after: 3
    },
    Lasting { name: "送货车 Delivery van", category: "运输工具 Vehicles", cost: "128000.00", after: 4 },
    Lasting { name: "收银电脑 Till computer", category: "电子设备 Electronics", cost: "7200.00", after: 68 },
];

/// Name, method, months of life, when a declining method goes over to equal parts.
const ASSET_CATEGORIES: [(&str, &str, i64, &str); 3] = [
    ("机器设备 Machinery", "straight_line", 120, "never"),
    ("运输工具 Vehicles", "double_declining", 48, "last_two_years"),
    ("电子设备 Electronics", "straight_line", 36, "never"),
];

/// How a company does its business.
pub(super) struct Business {
    goods: &'static [Good],
    clients: &'static [Client],
    /// Code and name.
    suppliers: &'static [(&'static str, &'static str)],
    /// What the owners pay in, in cents, and on which account it stands.
    pub capital: i64,
    pub capital_account: &'static str,
    pub assets: &'static [Lasting],
    /// What other currencies are worth, one rate after the other.
    pub rates: &'static [(&'static str, [&'static str; 3])],
    /// What a month costs: the accounts of wages, rent and so on, and the cents.
    pub expenses: &'static [(&'static str, i64)],
    pub sellers: &'static [&'static str],
    /// With what chances a day brings deals, in percent.
    pub deals: &'static [u64],
    /// Percent of tax on what is bought.
    pub input_tax: i64,
    /// What a line of a deal holds at most: bikes, services, other goods beside two.
    pub most: [u64; 3],
}

static CHINA: Business = Business {
    goods: &GOODS_CN,
    clients: &CLIENTS_CN,
    suppliers: &[
        ("S001", "天津车架厂 Tianjin Frames"),
        ("S002", "宁波配件 Ningbo Components"),
        ("S003", "昆山轮胎 Kunshan Tyres"),
    ],
    capital: 150_000_000,
    capital_account: "3001",
    assets: &ASSETS_CN,
    rates: &[("EUR", ["7.78", "7.85", "7.91"]), ("USD", ["7.16", "7.12", "7.09"]), ("GBP", ["9.12", "9.2", "9.31"])],
    expenses: &[("560204", 3_200_000), ("560206", 1_150_000), ("560209", 250_000)],
    sellers: &["sales", "sales2"],
    deals: &[100, 50],
    input_tax: 13,
    most: [4, 3, 10],
};

static EUROPE: Business = Business {
    goods: &GOODS_EU,
    clients: &CLIENTS_EU,
    suppliers: &[("L001", "Nordteile Großhandel GmbH")],
    capital: 12_000_000,
    capital_account: "3010",
    assets: &[],
    rates: &[],
    expenses: &[("6010", 260_000), ("6020", 52_000), ("6030", 95_000), ("6040", 13_000)],
    sellers: &["sales2"],
    deals: &[60],
    input_tax: 19,
    most: [3, 3, 12],
};

/// A product of a company.
pub(super) struct Product {
    pub id: String,
    pub raw: i64,
    pub category: &'static str,
    /// In cents.
    pub cost: i64,
    pub usual: u64,
}

/// A customer of a company. The tax on what they buy follows from their country and tax number.
#[derive(Clone)]
pub(super) struct Customer {
    pub id: String,
    pub currency: &'static str,
}

/// A company at work.
pub(super) struct Firm {
    pub business: &'static Business,
    pub desk: Driver,
    people: BTreeMap<&'static str, Driver>,
    pub place: String,
    pub bank: String,
    pub products: Vec<Product>,
    pub customers: Vec<Customer>,
    pub suppliers: Vec<String>,
    /// The type of an activity, by its code.
    pub kinds: BTreeMap<String, String>,
    pub asset_categories: BTreeMap<&'static str, String>,
    /// How many invoices there were, and whether one was delivered in parts and one given back yet.
    pub invoices: u32,
    pub had_part: bool,
    pub had_return: bool,
}

/// Both companies of the demo have one day, wherever they are: that of the machine which made it.
const DEMO_ZONE: &str = "UTC";

/// Both companies with their users and masters.
pub(super) fn found(engine: &Arc<Engine>) -> Result<Vec<Firm>, Trouble> {
    let china = Plan {
        name: "合一自行车 Heyi Bikes",
        currency: Currency::CNY,
        chart: "small_business_cn",
        country: "CN",
        time_zone: DEMO_ZONE,
        address: "浙江省杭州市余杭区骑行路 18 号 · 18 Cycling Road, Hangzhou",
        phone: "+86 571 8888 0018",
        email: "hello@heyi.example",
        tax_number: "",
        bank_details: "中国银行杭州分行 Bank of China Hangzhou · 3333 0000 1818",
    };
    let europe = Plan {
        name: "Heyi Bikes Europe GmbH",
        currency: Currency::EUR,
        chart: "ifrs_generic",
        country: "DE",
        time_zone: DEMO_ZONE,
        address: "Radweg 18, 20457 Hamburg",
        phone: "+49 40 5550 0018",
        email: "hallo@heyi.example",
        tax_number: "DE000000018",
        bank_details: "Hafenbank Hamburg · DE00 0000 0000 0000 1818 00",
    };
    let china = setup::company(engine, &china)?;
    let europe = setup::company(engine, &europe)?;
    super::users(engine)?;
    Ok(vec![masters(engine, china, &CHINA)?, masters(engine, europe, &EUROPE)?])
}

fn masters(engine: &Arc<Engine>, company: i64, business: &'static Business) -> Result<Firm, Trouble> {
    let desk = Driver::system(engine, company)?;
    let mut people = BTreeMap::new();
    for login in ["sales.lead", "sales", "sales2", "warehouse", "accountant"] {
        let mut actor = engine.system(company)?;
        actor.user = setup::raw_user(engine, login)?;
        people.insert(login, Driver { engine: engine.clone(), actor });
    }
    let mut kinds = BTreeMap::new();
    for seed in teamwork::seeds::TYPES {
        let sql = "select id from activity_type where code = ?1";
        let found = engine.database().read(|conn| Ok(conn.query(sql, &[seed.code.into()])?))?;
        if let Some(row) = found.first() {
            kinds.insert(seed.code.to_owned(), kernel::id_text(engine.entity("activity_type")?.prefix, row.int(0)));
        }
    }
    let products = products(&desk, business)?;
    if !business.assets.is_empty() {
        departments(&desk)?;
    }
    let lists = export_prices(&desk, business, &products)?;
    let mut asset_categories = BTreeMap::new();
    for (name, method, life, switch) in ASSET_CATEGORIES.into_iter().filter(|_| !business.assets.is_empty()) {
        let body = json!({ "name": name, "method": method, "life_months": life, "switch": switch,
            "convention": "next_month", "residual_rate": "0.05" });
        asset_categories.insert(name, desk.create("asset_category", body)?);
    }
    let mut suppliers = Vec::new();
    for (code, name) in business.suppliers {
        suppliers.push(desk.create("party", json!({ "code": code, "name": name, "is_supplier": true }))?);
    }
    let customers = customers(&desk, business, &lists)?;
    let place = setup::stock_place(engine, company)?;
    let bank = setup::account(engine, company, "bank")?;
    let (invoices, had_part, had_return) = (0, false, false);
    Ok(Firm {
        business,
        desk,
        people,
        place,
        bank,
        products,
        customers,
        suppliers,
        kinds,
        asset_categories,
        invoices,
        had_part,
        had_return,
    })
}

fn products(desk: &Driver, business: &Business) -> Result<Vec<Product>, Trouble> {
    let (engine, company) = (&desk.engine, desk.actor.company);
    let piece = setup::find(engine, company, "unit", "name_zh", "件")?.or(setup::first(engine, company, "unit")?);
    let tax = setup::default_tax(engine, company)?;
    let mut categories = BTreeMap::new();
    for (code, name, method) in [
        ("bikes", "整车 Bicycles", "fifo"),
        ("accessories", "配件 Accessories", "average"),
        ("parts", "零件 Parts", "average"),
        ("services", "服务 Services", "average"),
    ] {
        let id = desk.create("product_category", json!({ "name": name, "cost_method": method, "sales_tax": tax }))?;
        categories.insert(code, id);
    }
    let prefix = engine.entity("product")?.prefix;
    let mut products = Vec::new();
    for (code, name, category, price, cost, usual) in business.goods {
        let kind = if *usual == "0" { "service" } else { "stocked" };
        let body = json!({
            "code": code, "name": name, "kind": kind, "category": categories.get(category), "unit": piece,
            "sales_price": price, "sales_tax": tax,
        });
        let id = desk.create("product", body)?;
        let raw = kernel::id_parse(prefix, &id).unwrap_or_default();
        let cost = (cost.parse::<f64>().unwrap_or(0.0) * 100.0).round() as i64;
        products.push(Product { id, raw, category, cost, usual: usual.parse().unwrap_or(0) });
    }
    Ok(products)
}

fn customers(
    desk: &Driver,
    business: &Business,
    lists: &BTreeMap<&'static str, String>,
) -> Result<Vec<Customer>, Trouble> {
    let (engine, company) = (&desk.engine, desk.actor.company);
    let terms = setup::find(engine, company, "payment_term", "name", "30")?;
    let mut customers = Vec::new();
    for (index, (code, name, currency, country, city, limit, tax_number)) in business.clients.iter().enumerate() {
        let owner = setup::user_id(engine, if index % 3 == 1 || index > 9 { "sales2" } else { business.sellers[0] })?;
        let mut body = json!({
            "code": code, "name": name, "is_customer": true, "currency": currency, "country": country,
            "owner": owner, "phone": format!("{} {:04}", dialled(country), index * 37 + 11), "tax_number": tax_number,
            "addresses": [{ "kind": "delivery", "line": street(country, city, index + 1), "city": city, "country": country, "is_default": true }],
            "price_list": lists.get(currency),
        });
        if let Some(terms) = &terms {
            body["terms"] = json!(terms);
        }
        if let Some(limit) = limit {
            body["credit_limit"] = json!(limit);
        }
        customers.push(Customer { id: desk.create("party", body)?, currency });
    }
    Ok(customers)
}

/// What abroad costs, a hundredth of a unit of ours for one of theirs.
const EXPORT: [(&str, u64); 3] = [("EUR", 791), ("USD", 709), ("GBP", 931)];

/// A price list for each currency we export in, with prices one can say: in full tenths.
fn export_prices(
    desk: &Driver,
    business: &Business,
    products: &[Product],
) -> Result<BTreeMap<&'static str, String>, Trouble> {
    let mut lists = BTreeMap::new();
    for (currency, rate) in EXPORT {
        if !business.rates.iter().any(|(known, _)| *known == currency) {
            continue;
        }
        let line = |(product, row): (&Product, &Good)| {
            let tenths = (row.3.parse::<u64>().unwrap_or(0) * 1000 + rate / 2) / rate;
            json!({ "product": product.id, "price": format!("{}.{}", tenths / 10, tenths % 10) })
        };
        let lines: Vec<_> = products.iter().zip(business.goods).map(line).collect();
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
        "AT" => "+43 732 555",
        "CH" => "+41 44 555",
        "DE" => "+49 30 5550",
        "FR" => "+33 4 5555",
        "NL" => "+31 30 555",
        "US" => "+1 510 555",
        "GB" => "+44 20 5550",
        _ => "+86 138 0000",
    }
}

/// A street as it is written there.
fn street(country: &str, city: &str, number: usize) -> String {
    match country {
        "AT" | "CH" | "DE" => format!("Radweg {number}"),
        "FR" => format!("{number} rue du Vélo"),
        "NL" => format!("Fietspad {number}"),
        "US" => format!("{number} Bay Trail"),
        "GB" => format!("{number} Towpath Lane"),
        _ => format!("{city} 中心路 {number} 号"),
    }
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

impl Firm {
    /// Somebody at work in this company.
    pub fn who(&self, login: &str) -> &Driver {
        self.people.get(login).unwrap_or(&self.desk)
    }

    /// The first number of the first row of an answer; `?1` is the company.
    pub fn number(&self, sql: &str, args: &[Value]) -> Result<i64, Trouble> {
        let all: Vec<Value> = [Value::Int(self.desk.actor.company)].into_iter().chain(args.iter().cloned()).collect();
        let rows = self.desk.engine.database().read(|conn| Ok(conn.query(sql, &all)?))?;
        Ok(rows.first().and_then(|row| row.maybe_int(0)).unwrap_or_default())
    }

    /// An account by what it is used for.
    pub fn account(&self, used_for: &str) -> Result<String, Trouble> {
        setup::account(&self.desk.engine, self.desk.actor.company, used_for)
    }
}
