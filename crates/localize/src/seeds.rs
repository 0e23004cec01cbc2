//! Payment terms, units and places a new company starts with.

use kernel::{Label, Rate, SCALE};

const fn percent(rate: i64) -> Rate {
    Rate::new(rate * SCALE / 100)
}

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
