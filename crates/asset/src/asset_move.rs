//! What happened to the worth of assets: rows that only grow, from which registers are summed.
#![allow(missing_docs, reason = "a field without a comment is explained by its label")]

use books::{AccountId, CompanyId};
use kernel::{Amount, Date, Id, Instant};
use meta::{Choice, DocId, Entity};

use crate::asset::{Asset, Book};
use crate::asset_category::AssetCategory;

/// A change of what an asset cost or of what is depreciated of it, in one of its books.
/// 资产原值或累计折旧的一次变动。
#[derive(Entity, Clone, Debug)]
#[entity(
    prefix = "fm",
    kind = "ledger",
    zh = "资产变动",
    plural = "Asset journal",
    label = "Asset journal line",
    list = "moved_on,asset,book,kind,cost,accumulated",
    sort = "-moved_on",
    index = "company,book,moved_on;company,recorded_at;asset,book;doc_entity,doc_id"
)]
pub struct AssetMove {
    pub id: Id<AssetMove>,
    #[field(zh = "公司")]
    pub company: CompanyId,
    #[field(zh = "资产")]
    pub asset: Id<Asset>,
    #[field(zh = "类别", group)]
    pub category: Id<AssetCategory>,
    #[field(zh = "账簿", group)]
    pub book: Book,
    #[field(zh = "变动类型", group)]
    pub kind: MoveKind,
    #[field(zh = "业务日期", group)]
    pub moved_on: Date,
    #[field(zh = "登记时间")]
    pub recorded_at: Instant,
    /// What was added to the cost; negative: taken off.
    /// 原值增加额（负数为减少）。
    #[field(zh = "原值变动", currency = "company.currency")]
    pub cost: Amount,
    /// What was added to accumulated depreciation; negative: taken off.
    /// 累计折旧增加额（负数为减少）。
    #[field(zh = "累计折旧变动", currency = "company.currency")]
    pub accumulated: Amount,
    #[field(zh = "资产科目")]
    pub asset_account: AccountId,
    #[field(zh = "累计折旧科目")]
    pub accumulated_account: AccountId,
    #[field(zh = "来源单据类型", group)]
    pub doc_entity: String,
    #[field(zh = "来源单据", hidden)]
    pub doc_id: DocId,
}

/// Why it changed.
#[derive(Choice, Clone, Copy, Debug, PartialEq, Eq)]
pub enum MoveKind {
    /// Bought or made.
    #[choice(zh = "新增")]
    Addition,
    /// Was there before; posted elsewhere.
    #[choice(zh = "期初接管")]
    TakenOver,
    /// Charged.
    #[choice(zh = "折旧")]
    Depreciation,
    /// Worth less or more than the plan says.
    #[choice(zh = "重估与减值")]
    Revaluation,
    /// Sold or scrapped.
    #[choice(zh = "处置")]
    Disposal,
    /// From one category to another.
    #[choice(zh = "类别调拨")]
    Transfer,
}
