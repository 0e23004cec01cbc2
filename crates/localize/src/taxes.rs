//! The taxes a company begins with: what its country charges on sales.
//!
//! Rates as the authors knew them in force in the first half of 2026. Sources: for the European Union the table of the
//! European Commission (“VAT rates applied in the Member States”, Taxes in Europe Database) with the changes since:
//! Slovakia and Estonia 2025, Romania August 2025, Finland and Lithuania January 2026; for China 增值税法 and the rates
//! of 财政部 税务总局 海关总署公告 2019 年第 39 号; for India the notifications of 2025-09-22; for Vietnam Resolution
//! 204/2025/QH15 (8 % until the end of 2026); for Indonesia PMK 131/2024; for the others what the tax office of the
//! country publishes. Rates change: who sets a company up looks at them, and changes or adds what is needed.
//!
//! ```text
//! taxes("DE")   VAT19 VAT7 VAT0 VAT0EU   VAT19I VAT7I (in the price)   VAT19P VAT7P (on purchases)
//! taxes("US")   VAT0, and tax_advice("US") says that the states have taxes of their own
//! ```

use kernel::{Label, Rate, SCALE};

/// A tax on sales or purchases.
#[derive(Clone, Debug)]
pub struct TaxSeed {
    /// Its code; no two of a country are the same.
    pub code: String,
    /// What it is called in English.
    pub en: String,
    /// What it is called in Chinese.
    pub zh: String,
    /// The rate; 13 % is 0.13.
    pub rate: Rate,
    /// Whether prices contain it.
    pub is_included: bool,
    /// What the account it is posted on is used for: `sales_tax` or `purchase_tax`.
    pub account: &'static str,
}

/// A kind of tax: what its codes begin with and what it is called.
struct Sort {
    code: &'static str,
    name: Label,
}

const fn sort(code: &'static str, en: &'static str, zh: &'static str) -> Sort {
    Sort { code, name: Label::new(en, zh) }
}

const VAT: Sort = sort("VAT", "VAT", "增值税");
const GST: Sort = sort("GST", "GST", "商品及服务税");
const HST: Sort = sort("HST", "HST", "统一销售税");
const CONSUMPTION: Sort = sort("CT", "Consumption tax", "消费税");
const BUSINESS: Sort = sort("VAT", "Business tax", "营业税");
const SALES: Sort = sort("ST", "Sales tax", "销售税");
const SERVICE: Sort = sort("SVT", "Service tax", "服务税");

/// One rate: hundredths of a percent, and what it is for where that is to be told.
struct Charged(&'static Sort, i64, Option<Label>);

const fn vat(hundredths: i64) -> Charged {
    Charged(&VAT, hundredths, None)
}

const fn gst(hundredths: i64) -> Charged {
    Charged(&GST, hundredths, None)
}

const fn noted(sort: &'static Sort, hundredths: i64, en: &'static str, zh: &'static str) -> Charged {
    Charged(sort, hundredths, Some(Label::new(en, zh)))
}

/// The rates of each country, the usual one first. All have a rate of zero besides.
const RATES: &[(&str, &[Charged])] = &[
    // Where 3 % and 1 % are, input tax is not deducted by who charges them; who buys from them may.
    (
        "CN",
        &[
            vat(1300),
            vat(900),
            vat(600),
            noted(&VAT, 300, "simplified", "简易计税"),
            noted(&VAT, 100, "small-scale relief", "小规模优惠"),
        ],
    ),
    // The European Union.
    ("AT", &[vat(2000), vat(1300), vat(1000)]),
    ("BE", &[vat(2100), vat(1200), vat(600)]),
    ("BG", &[vat(2000), vat(900)]),
    ("CY", &[vat(1900), vat(900), vat(500), vat(300)]),
    ("CZ", &[vat(2100), vat(1200)]),
    ("DE", &[vat(1900), vat(700)]),
    ("DK", &[vat(2500)]),
    ("EE", &[vat(2400), vat(1300), vat(900)]),
    ("ES", &[vat(2100), vat(1000), vat(400)]),
    ("FI", &[vat(2550), vat(1350), vat(1000)]),
    ("FR", &[vat(2000), vat(1000), vat(550), vat(210)]),
    ("GR", &[vat(2400), vat(1300), vat(600)]),
    ("HR", &[vat(2500), vat(1300), vat(500)]),
    ("HU", &[vat(2700), vat(1800), vat(500)]),
    ("IE", &[vat(2300), vat(1350), vat(900), vat(480)]),
    ("IT", &[vat(2200), vat(1000), vat(500), vat(400)]),
    ("LT", &[vat(2100), vat(1200), vat(500)]),
    ("LU", &[vat(1700), vat(1400), vat(800), vat(300)]),
    ("LV", &[vat(2100), vat(1200), vat(500)]),
    ("MT", &[vat(1800), vat(1200), vat(700), vat(500)]),
    ("NL", &[vat(2100), vat(900)]),
    ("PL", &[vat(2300), vat(800), vat(500)]),
    ("PT", &[vat(2300), vat(1300), vat(600)]),
    ("RO", &[vat(2100), vat(1100)]),
    ("SE", &[vat(2500), vat(1200), vat(600)]),
    ("SI", &[vat(2200), vat(950), vat(500)]),
    ("SK", &[vat(2300), vat(1900), vat(500)]),
    // The rest of Europe.
    ("CH", &[vat(810), vat(380), vat(260)]),
    ("GB", &[vat(2000), vat(500)]),
    ("LI", &[vat(810), vat(380), vat(260)]),
    ("NO", &[vat(2500), vat(1500), vat(1200)]),
    // Asia and the Pacific.
    ("AE", &[vat(500)]),
    ("AU", &[gst(1000)]),
    ("HK", &[]),
    (
        "ID",
        &[
            noted(&VAT, 1100, "12% on 11/12 of the price", "按价格的 11/12 计征 12%"),
            noted(&VAT, 1200, "luxury goods", "奢侈品"),
        ],
    ),
    ("IN", &[gst(1800), gst(500), noted(&GST, 4000, "luxuries and tobacco", "奢侈品及烟草")]),
    ("JP", &[Charged(&CONSUMPTION, 1000, None), noted(&CONSUMPTION, 800, "food", "食品")]),
    ("KR", &[vat(1000)]),
    ("MO", &[]),
    (
        "MY",
        &[
            Charged(&SALES, 1000, None),
            Charged(&SALES, 500, None),
            Charged(&SERVICE, 800, None),
            noted(&SERVICE, 600, "food, telecommunications, parking, logistics", "餐饮、电信、停车、物流"),
        ],
    ),
    ("NZ", &[gst(1500)]),
    ("PH", &[vat(1200)]),
    ("SA", &[vat(1500)]),
    ("SG", &[gst(900)]),
    ("TH", &[vat(700)]),
    ("TW", &[Charged(&BUSINESS, 500, None)]),
    ("VN", &[vat(1000), noted(&VAT, 800, "until the end of 2026", "至 2026 年底"), vat(500)]),
    // Africa and America.
    ("BR", &[]),
    (
        "CA",
        &[
            gst(500),
            noted(&HST, 1300, "Ontario", "安大略"),
            noted(&HST, 1400, "Nova Scotia", "新斯科舍"),
            noted(&HST, 1500, "New Brunswick, Newfoundland, Prince Edward Island", "新不伦瑞克、纽芬兰、爱德华王子岛"),
        ],
    ),
    ("MX", &[vat(1600), noted(&VAT, 800, "border regions", "边境地区")]),
    ("US", &[]),
    ("ZA", &[vat(1500)]),
];

/// The members of the European Union: what one sells to a business in another is not taxed by the seller.
const UNION: &[&str] = &[
    "AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR", "HU", "IE", "IT", "LT", "LU", "LV",
    "MT", "NL", "PL", "PT", "RO", "SE", "SI", "SK",
];

/// Whether a country is a member of the European Union.
pub fn is_in_union(country: &str) -> bool {
    UNION.contains(&country)
}

fn rates(country: &str) -> Option<&'static [Charged]> {
    RATES.iter().find(|(known, _)| *known == country).map(|(_, rates)| *rates)
}

/// 2550 is 25.5.
fn figure(hundredths: i64) -> String {
    let text = format!("{}.{:02}", hundredths / 100, hundredths % 100);
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// On top of prices, in them, or on what is bought.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Way {
    OnTop,
    Included,
    Bought,
}

fn seed(Charged(sort, hundredths, note): &Charged, way: Way) -> TaxSeed {
    let figure = figure(*hundredths);
    let (sign, before, included) = match way {
        Way::OnTop => ("", Label::new("", ""), Label::new("", "")),
        Way::Included => ("I", Label::new("", ""), Label::new("included", "价内")),
        Way::Bought => ("P", Label::new("Input ", "进项"), Label::new("", "")),
    };
    let note = note.filter(|_| way != Way::Bought).unwrap_or(Label::new("", ""));
    let zh = [included.zh, note.zh].into_iter().filter(|text| !text.is_empty()).collect::<Vec<_>>().join("，");
    let brackets = |text: &str, open: &str, close: &str| match text {
        "" => String::new(),
        text => format!("{open}{text}{close}"),
    };
    let zh_name = match way {
        Way::Bought if sort.code == VAT.code => "进项税".to_owned(),
        _ => format!("{}{}", before.zh, sort.name.zh),
    };
    TaxSeed {
        code: format!("{}{figure}{sign}", sort.code),
        en: format!(
            "{}{} {figure}%{}{}",
            before.en,
            sort.name.en,
            brackets(included.en, " ", ""),
            brackets(note.en, " (", ")")
        ),
        zh: format!("{zh_name} {figure}%{}", brackets(&zh, "（", "）")),
        rate: Rate::new(hundredths * SCALE / 10_000),
        is_included: way == Way::Included,
        account: if way == Way::Bought { "purchase_tax" } else { "sales_tax" },
    }
}

fn nothing(code: String, en: String, zh: String) -> TaxSeed {
    TaxSeed { code, en, zh, rate: Rate::ZERO, is_included: false, account: "sales_tax" }
}

/// The taxes of a country, the usual one first: on top of prices with one of 0 %, in prices, on purchases. A country
/// without a tax on sales, or one we do not know, has one of 0 % only; see [`tax_advice`].
pub fn taxes(country: &str) -> Vec<TaxSeed> {
    let rates = rates(country).unwrap_or(&[]);
    let Some(Charged(usual, ..)) = rates.first() else {
        return vec![nothing("TAX0".to_owned(), "No tax 0%".to_owned(), "不征税 0%".to_owned())];
    };
    let mut taxes: Vec<TaxSeed> = rates.iter().map(|rate| seed(rate, Way::OnTop)).collect();
    taxes.push(nothing(
        format!("{}0", usual.code),
        format!("{} 0% (export or exempt)", usual.name.en),
        format!("{} 0%（出口或免税）", usual.name.zh),
    ));
    if is_in_union(country) {
        let (en, zh) = ("VAT 0% (within the EU, reverse charge)", "增值税 0%（欧盟内供货，反向征收）");
        taxes.push(nothing("VAT0EU".to_owned(), en.to_owned(), zh.to_owned()));
    }
    taxes.extend(rates.iter().map(|rate| seed(rate, Way::Included)));
    taxes.extend(rates.iter().map(|rate| seed(rate, Way::Bought)));
    taxes
}

/// The taxes that companies outside China were given before the rates of their countries were known here.
pub fn former_taxes() -> Vec<TaxSeed> {
    let mut taxes = vec![nothing("T0".to_owned(), "Zero rate".to_owned(), "零税率".to_owned())];
    for percent in [20, 10, 5] {
        for (sign, en, zh, is_included, account) in [
            ("", format!("Sales tax {percent}%"), format!("销售税 {percent}%"), false, "sales_tax"),
            ("I", format!("Sales tax {percent}% included"), format!("销售税 {percent}%（价内）"), true, "sales_tax"),
            ("P", format!("Purchase tax {percent}%"), format!("进项税 {percent}%"), false, "purchase_tax"),
        ] {
            let rate = Rate::new(percent * SCALE / 100);
            taxes.push(TaxSeed { code: format!("T{percent}{sign}"), en, zh, rate, is_included, account });
        }
    }
    taxes
}

/// What who sets a company up is to know of its taxes, where those it begins with are not all there is.
pub fn tax_advice(country: &str) -> Option<Label> {
    match (country, rates(country)) {
        ("US" | "BR", _) => Some(Label::new(
            "No tax on sales is charged by the federation alike everywhere. Add those of your states and cities under Finance › Taxes.",
            "联邦层面没有统一的销售税，请在“财务 › 税”中添加所在州、市的税率。",
        )),
        ("CA", _) => Some(Label::new(
            "GST and HST are there. Add the taxes of British Columbia, Manitoba, Quebec and Saskatchewan under Finance › Taxes.",
            "已有 GST 与 HST；不列颠哥伦比亚、曼尼托巴、魁北克、萨斯喀彻温的省税请在“财务 › 税”中添加。",
        )),
        (_, None) => Some(Label::new(
            "The tax rates of this country are not known here, so there is one of 0 %. Add yours under Finance › Taxes.",
            "尚不知该国家或地区的税率，因此只有 0% 一种，请在“财务 › 税”中添加。",
        )),
        _ => None,
    }
}
