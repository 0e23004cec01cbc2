//! The book of goods, to look at: moves, their value, and what is promised. Only the engine writes it.
#![allow(missing_docs, reason = "a field without a comment is explained by its label")]

use books::{CompanyId, PlaceId, ProductId};
use kernel::{Amount, Date, Id, Instant, Qty};
use meta::{Choice, DocId, Entity};

/// A quantity that went from one place to another. Never changed: to undo is to move back.
/// 从一个库位到另一个库位的数量。不可更改：撤销即反向移动。
#[derive(Entity)]
#[entity(
    prefix = "mv",
    kind = "ledger",
    zh = "库存移动",
    list = "moved_on,product,qty,from_place,to_place,kind,doc_entity",
    sort = "-moved_on",
    index = "company,product,moved_on;company,moved_on;company,recorded_at;doc_entity,doc_id"
)]
pub struct StockMove {
    pub id: Id<StockMove>,
    #[field(zh = "公司")]
    pub company: CompanyId,
    #[field(zh = "产品", group)]
    pub product: ProductId,
    /// In the product's own unit.
    /// 以产品自身单位计。
    #[field(zh = "数量")]
    pub qty: Qty,
    #[field(zh = "来源库位", group)]
    pub from_place: PlaceId,
    #[field(zh = "目标库位", group)]
    pub to_place: PlaceId,
    #[field(zh = "业务日期", group)]
    pub moved_on: Date,
    /// When it was written down.
    /// 登记时间。
    #[field(zh = "登记时间")]
    pub recorded_at: Instant,
    #[field(zh = "方向", group)]
    pub kind: Direction,
    /// The kind of document it comes from.
    /// 来源单据类型。
    #[field(zh = "来源单据", group)]
    pub doc_entity: String,
    #[field(zh = "来源单据编号", hidden)]
    pub doc_id: DocId,
    #[field(zh = "来源单据行", hidden)]
    pub doc_line: Option<DocId>,
    /// The move it takes back, if it does.
    /// 所冲销的移动（如有）。
    #[field(zh = "冲销")]
    pub reverses: Option<Id<StockMove>>,
}

/// What a move does to our stock.
#[derive(Choice, Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// Goods enter our stock.
    #[choice(zh = "入库", tone = "good")]
    In,
    /// Goods leave our stock.
    #[choice(zh = "出库", tone = "warn")]
    Out,
    /// Goods change their place inside our stock.
    #[choice(zh = "移库", tone = "info")]
    Within,
}

/// A change of what our stock is worth. Together with the moves it explains the stock account to the cent.
/// 库存价值的变动，与库存移动一起逐分解释存货科目。
#[derive(Entity)]
#[entity(
    prefix = "vl",
    kind = "ledger",
    zh = "库存价值变动",
    plural = "Stock values",
    list = "moved_on,product,qty,value,kind",
    sort = "-moved_on",
    index = "company,product,moved_on;company,moved_on;company,recorded_at"
)]
pub struct StockValue {
    pub id: Id<StockValue>,
    #[field(zh = "公司")]
    pub company: CompanyId,
    #[field(zh = "产品", group)]
    pub product: ProductId,
    /// The move that is valued; none for a revaluation.
    /// 被计价的移动；重估时为空。
    #[field(zh = "库存移动")]
    pub stock_move: Option<Id<StockMove>>,
    #[field(zh = "业务日期", group)]
    pub moved_on: Date,
    /// When it was written down.
    /// 登记时间。
    #[field(zh = "登记时间")]
    pub recorded_at: Instant,
    /// By how much there is more; less when negative.
    /// 数量变动，减少为负。
    #[field(zh = "数量")]
    pub qty: Qty,
    /// By how much stock is worth more, in company currency; less when negative.
    /// 价值变动（本位币），减少为负。
    #[field(zh = "价值", currency = "company.currency")]
    pub value: Amount,
    #[field(zh = "类型", group)]
    pub kind: ValueKind,
    #[field(zh = "凭证", hidden)]
    pub entry: Option<i64>,
}

/// Why stock is worth more or less.
#[derive(Choice, Clone, Copy, Debug, PartialEq, Eq)]
pub enum ValueKind {
    /// Goods moved.
    #[choice(zh = "移动")]
    Move,
    /// Something was back-dated, so later goods cost something else.
    #[choice(zh = "差异", tone = "info")]
    Difference,
    /// The goods we hold are worth more or less.
    #[choice(zh = "重估", tone = "warn")]
    Revaluation,
    /// Cost and standard cost differ.
    #[choice(zh = "成本差异", tone = "warn")]
    Variance,
}

/// A quantity kept for, needed by or expected from a document. The sum is what is promised now.
/// 为单据预留、所需或预计到货的数量，合计即当前承诺。
#[derive(Entity)]
#[entity(
    prefix = "ps",
    kind = "ledger",
    zh = "货物承诺",
    list = "product,place,kind,qty,due_on,doc_entity",
    sort = "-recorded_at",
    index = "company,product,place;doc_entity,doc_id;doc_line"
)]
pub struct Promise {
    pub id: Id<Promise>,
    #[field(zh = "公司")]
    pub company: CompanyId,
    #[field(zh = "产品", group)]
    pub product: ProductId,
    #[field(zh = "库位", group)]
    pub place: PlaceId,
    #[field(zh = "类型", group)]
    pub kind: PromiseKind,
    /// Positive promises, negative releases; in the product's own unit.
    /// 正数为承诺，负数为释放；以产品自身单位计。
    #[field(zh = "数量")]
    pub qty: Qty,
    #[field(zh = "到期日", group)]
    pub due_on: Date,
    /// When it was written down.
    /// 登记时间。
    #[field(zh = "登记时间")]
    pub recorded_at: Instant,
    /// The kind of document it comes from.
    /// 来源单据类型。
    #[field(zh = "来源单据", group)]
    pub doc_entity: String,
    #[field(zh = "来源单据编号", hidden)]
    pub doc_id: DocId,
    /// The line it serves.
    /// 所服务的单据行。
    #[field(zh = "单据行", hidden)]
    pub doc_line: Option<DocId>,
}

/// What a promise is.
#[derive(Choice, Clone, Copy, Debug, PartialEq, Eq)]
pub enum PromiseKind {
    /// On hand and kept for a line.
    #[choice(zh = "已预留", tone = "good")]
    Reserved,
    /// Needed and not reserved yet.
    #[choice(zh = "需求", tone = "warn")]
    Demand,
    /// Expected.
    #[choice(zh = "预计到货", tone = "info")]
    Supply,
}
