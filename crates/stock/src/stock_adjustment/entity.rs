//! What an adjustment says.
#![allow(missing_docs, reason = "a field without a comment is explained by its label")]

use books::{AccountId, CompanyId, PlaceId, ProductId, UnitId};
use kernel::{Amount, Date, Id, Price, Qty};
use meta::{Choice, Entity, Transition, life};

/// Stock that is not what the books say: counted, lost, found, taken over, received without an order, or worth something else.
/// 与账面不符的库存：盘点、报损、盘盈、期初、无订单入库或价值重估。
#[derive(Entity)]
#[entity(
    prefix = "sa",
    zh = "库存调整",
    number = "SA-{year}-{seq:05}",
    title = "number",
    list = "number,kind,place,moved_on,stage",
    sort = "-moved_on",
    actions = "Action",
    stages = "Stage"
)]
pub struct StockAdjustment {
    pub id: Id<StockAdjustment>,
    #[field(zh = "公司")]
    pub company: CompanyId,
    #[field(zh = "编号", readonly, search, optional)]
    pub number: String,
    /// Why stock is not what the books say.
    /// 调整原因。
    #[field(zh = "类型", group)]
    pub kind: Kind,
    /// The place that is counted, or that loses or gains.
    /// 被盘点或发生增减的库位。
    #[field(zh = "库位", group, only = r#"["kind","=","stock"]"#)]
    pub place: PlaceId,
    #[field(zh = "业务日期", group)]
    pub moved_on: Date,
    /// The account that bears the difference, instead of the usual one.
    /// 承担差异的科目，留空则用默认科目。
    #[field(zh = "对方科目", label = "Against account")]
    pub against: Option<AccountId>,
    /// What the stock gained or lost is worth, as far as it is known before posting.
    /// 本次入库或重估的价值（过账前已知部分）。
    #[field(zh = "入库价值", label = "Value received", computed, currency = "company.currency")]
    pub value: Amount,
    #[field(zh = "明细", owned, at_least = 1)]
    pub lines: Vec<StockAdjustmentLine>,
    #[field(zh = "备注", long, optional)]
    pub note: String,
    #[field(zh = "状态", state, group)]
    pub stage: Stage,
}

/// One product of an adjustment.
/// 库存调整中的一种产品。
#[derive(Entity)]
#[entity(prefix = "sk", zh = "库存调整行", parent = "stock_adjustment.lines")]
pub struct StockAdjustmentLine {
    pub id: Id<StockAdjustmentLine>,
    #[field(zh = "产品", only = r#"["kind","=","stocked"]"#)]
    pub product: ProductId,
    /// What the quantities and the cost of the line are said in; the product's own unit unless you choose another.
    /// 本行数量和成本所用的单位，默认为产品自身的单位。
    #[field(zh = "单位")]
    pub unit: UnitId,
    /// What the books say was in the place on that day.
    /// 当日账面数量。
    #[field(zh = "账面数量", computed)]
    pub expected_qty: Qty,
    /// What was counted; for counts only.
    /// 实盘数量，仅用于盘点。
    #[field(zh = "实盘数量")]
    pub counted_qty: Option<Qty>,
    /// How much; of a count the difference, less when negative; of a revaluation all that is in stock.
    /// 数量；盘点时为差异，盘亏为负；重估时为全部库存。
    #[field(zh = "数量", optional)]
    pub qty: Qty,
    /// What one unit that comes in costs, the present cost unless you say otherwise; of a revaluation what one unit is worth from now on.
    /// 入库单价，默认为当前成本；重估时为新的单位成本。
    #[field(zh = "单位成本")]
    pub unit_cost: Option<Price>,
    #[field(zh = "入库价值", label = "Value received", computed, currency = "company.currency")]
    pub value: Amount,
    /// The quantity that moves, in the product's own unit.
    /// 以产品自身单位计的变动数量。
    #[field(zh = "基本数量", computed, hidden)]
    pub product_qty: Qty,
    /// The unit the cost is for: with another unit it is converted.
    /// 成本所对应的单位；更换单位时自动换算。
    #[field(zh = "成本单位", hidden)]
    pub costed_unit: Option<UnitId>,
    #[field(zh = "换算前成本", hidden)]
    pub costed_at: Option<Price>,
    #[field(zh = "默认值来源产品", hidden)]
    pub filled_for: Option<ProductId>,
}

impl StockAdjustmentLine {
    /// How much moves, in the product's own unit.
    pub fn moves(&self) -> Qty {
        // Lines that were saved before they had a unit say it in the product's own.
        if self.unit.raw() == 0 { self.qty } else { self.product_qty }
    }
}

/// Why stock is adjusted.
#[derive(Choice, Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Goods were counted.
    #[choice(zh = "盘点", tone = "info")]
    Count,
    /// Goods are gone or spoilt.
    #[choice(zh = "报损", tone = "bad")]
    Loss,
    /// Goods turned up.
    #[choice(zh = "盘盈", tone = "good")]
    Found,
    /// Stock taken over from an earlier system.
    #[choice(zh = "期初", label = "Opening stock")]
    Opening,
    /// Goods arrived without an order.
    #[choice(zh = "其他入库", tone = "good")]
    Receipt,
    /// Nothing moves: what is there is worth more or less.
    #[choice(zh = "重估", label = "Revaluation", tone = "info")]
    Revaluation,
}

/// How far an adjustment is.
#[derive(Choice, Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// Being written.
    #[choice(zh = "草稿")]
    Draft,
    /// In the books.
    #[choice(zh = "已过账", tone = "good")]
    Posted,
    /// Taken back.
    #[choice(zh = "已取消", tone = "bad")]
    Cancelled,
}

/// What a user may ask for.
#[derive(meta::Action, Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// Puts the goods and their value into the books.
    /// 将货物及其价值过账。
    #[action(zh = "过账", primary, many)]
    Post,
    /// Takes back what was posted.
    /// 冲销已过账内容。
    #[action(zh = "取消", danger)]
    Cancel,
}

impl Stage {
    /// The whole life cycle.
    pub fn after(self, action: &Action) -> Option<Stage> {
        match (self, action) {
            (Stage::Draft, Action::Post) => Some(Stage::Posted),
            (Stage::Draft | Stage::Posted, Action::Cancel) => Some(Stage::Cancelled),
            _ => None,
        }
    }

    /// The life cycle as data.
    pub fn transitions() -> Vec<Transition> {
        life(&[Action::Post, Action::Cancel], Stage::after)
    }
}
