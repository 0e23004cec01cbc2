//! Taxes, payment terms, units and places a new company starts with.

use kernel::{Label, Rate, SCALE};

/// A tax on sales or purchases.
#[derive(Clone, Copy, Debug)]
pub struct TaxSeed {
    /// Its code.
    pub code: &'static str,
    /// What it is called.
    pub name: Label,
    /// The rate; 13 % is 0.13.
    pub rate: Rate,
    /// Whether prices contain it.
    pub is_included: bool,
    /// What the account it is posted on is used for: `sales_tax` or `purchase_tax`.
    pub account: &'static str,
}

const fn percent(rate: i64) -> Rate {
    Rate::new(rate * SCALE / 100)
}

const fn on_top(code: &'static str, zh: &'static str, en: &'static str, rate: i64) -> TaxSeed {
    TaxSeed { code, name: Label::new(en, zh), rate: percent(rate), is_included: false, account: "sales_tax" }
}

const fn included(code: &'static str, zh: &'static str, en: &'static str, rate: i64) -> TaxSeed {
    TaxSeed { is_included: true, ..on_top(code, zh, en, rate) }
}

const fn bought(code: &'static str, zh: &'static str, en: &'static str, rate: i64) -> TaxSeed {
    TaxSeed { account: "purchase_tax", ..on_top(code, zh, en, rate) }
}

pub(crate) static TAXES_CN: &[TaxSeed] = &[
    on_top("VAT13", "增值税 13%", "VAT 13%", 13),
    on_top("VAT9", "增值税 9%", "VAT 9%", 9),
    on_top("VAT6", "增值税 6%", "VAT 6%", 6),
    on_top("VAT3", "增值税 3%（简易计税）", "VAT 3% (simplified)", 3),
    on_top("VAT1", "增值税 1%（小规模优惠）", "VAT 1% (small-scale relief)", 1),
    on_top("VAT0", "增值税 0%（出口或免税）", "VAT 0% (export or exempt)", 0),
    included("VAT13I", "增值税 13%（价内）", "VAT 13% included", 13),
    included("VAT9I", "增值税 9%（价内）", "VAT 9% included", 9),
    included("VAT6I", "增值税 6%（价内）", "VAT 6% included", 6),
    included("VAT3I", "增值税 3%（价内，简易计税）", "VAT 3% included (simplified)", 3),
    included("VAT1I", "增值税 1%（价内，小规模优惠）", "VAT 1% included (small-scale relief)", 1),
    bought("VAT13P", "进项税 13%", "Input VAT 13%", 13),
    bought("VAT9P", "进项税 9%", "Input VAT 9%", 9),
    bought("VAT6P", "进项税 6%", "Input VAT 6%", 6),
    bought("VAT3P", "进项税 3%", "Input VAT 3%", 3),
    bought("VAT1P", "进项税 1%", "Input VAT 1%", 1),
];

pub(crate) static TAXES_GENERIC: &[TaxSeed] = &[
    on_top("T20", "销售税 20%", "Sales tax 20%", 20),
    on_top("T10", "销售税 10%", "Sales tax 10%", 10),
    on_top("T5", "销售税 5%", "Sales tax 5%", 5),
    on_top("T0", "零税率", "Zero rate", 0),
    included("T20I", "销售税 20%（价内）", "Sales tax 20% included", 20),
    included("T10I", "销售税 10%（价内）", "Sales tax 10% included", 10),
    included("T5I", "销售税 5%（价内）", "Sales tax 5% included", 5),
    bought("T20P", "进项税 20%", "Purchase tax 20%", 20),
    bought("T10P", "进项税 10%", "Purchase tax 10%", 10),
    bought("T5P", "进项税 5%", "Purchase tax 5%", 5),
];

/// When an invoice is to be paid.
#[derive(Clone, Copy, Debug)]
pub struct PaymentTermSeed {
    /// Its code.
    pub code: &'static str,
    /// What it is called.
    pub name: Label,
    /// The parts, in order.
    pub lines: &'static [PaymentTermLineSeed],
}

/// A part of what is to be paid.
#[derive(Clone, Copy, Debug)]
pub struct PaymentTermLineSeed {
    /// How much of the total; all parts of one term sum to 1.
    pub share_rate: Rate,
    /// Months after the day of issue.
    pub months: i64,
    /// Days after that.
    pub days: i64,
    /// Whether to go on to the end of that month.
    pub end_of_month: bool,
    /// Days after all that.
    pub days_after: i64,
}

const fn part(share_percent: i64, days: i64) -> PaymentTermLineSeed {
    PaymentTermLineSeed { share_rate: percent(share_percent), months: 0, days, end_of_month: false, days_after: 0 }
}

const fn term(
    code: &'static str,
    zh: &'static str,
    en: &'static str,
    lines: &'static [PaymentTermLineSeed],
) -> PaymentTermSeed {
    PaymentTermSeed { code, name: Label::new(en, zh), lines }
}

pub(crate) static PAYMENT_TERMS: &[PaymentTermSeed] = &[
    term("immediate", "立即付款", "Immediate payment", &[part(100, 0)]),
    term("15_days", "15 天", "15 days", &[part(100, 15)]),
    term("30_days", "30 天", "30 days", &[part(100, 30)]),
    term("60_days", "60 天", "60 days", &[part(100, 60)]),
    term(
        "30_days_end_of_month",
        "30 天后月结",
        "30 days, end of month",
        &[PaymentTermLineSeed { end_of_month: true, ..part(100, 30) }],
    ),
    term("half_now_half_30_days", "预付 50%，30 天付 50%", "50% now, 50% in 30 days", &[part(50, 0), part(50, 30)]),
];

/// A unit of measure: numerator / denominator of its category's base.
#[derive(Clone, Copy, Debug)]
pub struct UnitSeed {
    /// Its code.
    pub code: &'static str,
    /// What it is called.
    pub name: Label,
    /// `count`, `mass`, `length`, `area`, `volume` or `time`.
    pub category: &'static str,
    /// How many base units make `denominator` of it.
    pub numerator: i64,
    /// See `numerator`.
    pub denominator: i64,
    /// Whether documents refuse fractions of it.
    pub whole: bool,
}

/// What is counted by the piece is not divided.
const fn counted(code: &'static str, zh: &'static str, en: &'static str, pieces: i64) -> UnitSeed {
    UnitSeed { whole: true, ..unit(code, zh, en, "count", (pieces, 1)) }
}

const fn unit(
    code: &'static str,
    zh: &'static str,
    en: &'static str,
    category: &'static str,
    factor: (i64, i64),
) -> UnitSeed {
    UnitSeed { code, name: Label::new(en, zh), category, numerator: factor.0, denominator: factor.1, whole: false }
}

pub(crate) static UNITS: &[UnitSeed] = &[
    counted("pcs", "件", "pcs", 1),
    counted("box12", "箱（12 件）", "box of 12", 12),
    unit("kg", "千克", "kg", "mass", (1, 1)),
    unit("g", "克", "g", "mass", (1, 1000)),
    unit("t", "吨", "t", "mass", (1000, 1)),
    unit("m", "米", "m", "length", (1, 1)),
    unit("cm", "厘米", "cm", "length", (1, 100)),
    unit("m2", "平方米", "m²", "area", (1, 1)),
    unit("l", "升", "l", "volume", (1, 1)),
    unit("ml", "毫升", "ml", "volume", (1, 1000)),
    unit("hour", "小时", "hour", "time", (1, 1)),
    unit("day", "天（8 小时）", "day (8 hours)", "time", (8, 1)),
];

/// A place goods can be in.
#[derive(Clone, Copy, Debug)]
pub struct PlaceSeed {
    /// Its code.
    pub code: &'static str,
    /// What it is called.
    pub name: Label,
    /// `warehouse`, `stock`, `customer`, `supplier`, `loss`, `production` or `transit`.
    pub kind: &'static str,
    /// The code of the warehouse it stands in; empty for none.
    pub warehouse: &'static str,
}

const fn place(
    code: &'static str,
    zh: &'static str,
    en: &'static str,
    kind: &'static str,
    warehouse: &'static str,
) -> PlaceSeed {
    PlaceSeed { code, name: Label::new(en, zh), kind, warehouse }
}

// Opening stock comes out of the place of losses, against opening balances, so it needs no
// place of its own.
pub(crate) static PLACES: &[PlaceSeed] = &[
    place("WH", "主仓库", "Main warehouse", "warehouse", ""),
    place("STOCK", "主仓库/库存", "Main stock", "stock", "WH"),
    place("CUSTOMERS", "客户", "Customers", "customer", ""),
    place("SUPPLIERS", "供应商", "Suppliers", "supplier", ""),
    place("LOSS", "损耗", "Loss", "loss", ""),
];
