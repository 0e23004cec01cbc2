//! The book of money, to look at. Only the engine writes it.
#![allow(missing_docs, reason = "a field without a comment is explained by its label")]

use books::{AccountId, CompanyId, DimensionId, DimensionSetId, DimensionValueId, ItemId, PartyId, ProductId, TaxId};
use kernel::{Amount, Currency, Date, Id, Instant, Rate};
use meta::{Choice, DocId, Entity};

/// Dated, balanced lines. Never changed: to undo is to post the mirror.
/// 一张借贷平衡的凭证。不可更改：撤销即过账镜像凭证。
#[derive(Entity)]
#[entity(
    prefix = "en",
    kind = "ledger",
    zh = "凭证",
    plural = "Entries",
    title = "number",
    list = "posted_on,number,journal,memo,doc_entity",
    sort = "-posted_on",
    index = "company,posted_on;doc_entity,doc_id;reverses"
)]
pub struct Entry {
    pub id: Id<Entry>,
    #[field(zh = "公司")]
    pub company: CompanyId,
    #[field(zh = "日记账", group)]
    pub journal: Journal,
    #[field(zh = "业务日期", group)]
    pub posted_on: Date,
    /// When it was written down.
    /// 登记时间。
    #[field(zh = "登记时间")]
    pub recorded_at: Instant,
    #[field(zh = "摘要")]
    pub memo: Option<String>,
    #[field(zh = "来源单据类型", group)]
    pub doc_entity: String,
    #[field(zh = "来源单据", hidden)]
    pub doc_id: DocId,
    /// The entry it takes back, if it does.
    /// 所冲销的凭证（如有）。
    #[field(zh = "冲销")]
    pub reverses: Option<Id<Entry>>,
    #[field(zh = "单据编号")]
    pub number: Option<String>,
}

/// A journal: the sort of thing that happened.
#[derive(Choice, Clone, Copy, Debug, PartialEq, Eq)]
pub enum Journal {
    /// Sales.
    #[choice(zh = "销售")]
    Sales,
    /// Goods.
    #[choice(zh = "存货")]
    Stock,
    /// Money.
    #[choice(zh = "资金")]
    Bank,
    /// All else.
    #[choice(zh = "总账")]
    General,
    /// What was there at the beginning.
    #[choice(zh = "期初")]
    Opening,
}

/// One line of an entry. Debits are positive, credits negative.
/// 凭证分录；借方为正，贷方为负。
#[derive(Entity)]
#[entity(
    prefix = "el",
    kind = "ledger",
    zh = "分录",
    list = "posted_on,account,amount,party,memo",
    sort = "-posted_on",
    index = "entry,line_no;company,account,posted_on;company,recorded_at"
)]
pub struct EntryLine {
    pub id: Id<EntryLine>,
    #[field(zh = "公司")]
    pub company: CompanyId,
    #[field(zh = "凭证")]
    pub entry: Id<Entry>,
    #[field(zh = "行号")]
    pub line_no: i64,
    #[field(zh = "科目", group)]
    pub account: AccountId,
    #[field(zh = "业务日期", group)]
    pub posted_on: Date,
    #[field(zh = "登记时间")]
    pub recorded_at: Instant,
    #[field(zh = "金额", currency = "company.currency")]
    pub amount: Amount,
    #[field(zh = "原币")]
    pub currency: Currency,
    #[field(zh = "原币金额", currency = "currency")]
    pub currency_amount: Amount,
    #[field(zh = "往来单位", group)]
    pub party: Option<PartyId>,
    #[field(zh = "产品", group)]
    pub product: Option<ProductId>,
    #[field(zh = "到期日")]
    pub due_on: Option<Date>,
    #[field(zh = "摘要")]
    pub memo: Option<String>,
    #[field(zh = "来源单据行", hidden)]
    pub doc_line: Option<DocId>,
    /// What else it is about, such as a cost centre.
    /// 辅助核算，如成本中心。
    #[field(zh = "辅助核算")]
    pub dimensions: Option<DimensionSetId>,
}

/// The part of a line that belongs to one value of a dimension. Those of one dimension sum to the line.
/// 分录在某一核算维度上的份额；同一维度各份额之和等于分录金额。
#[derive(Entity)]
#[entity(
    prefix = "da",
    kind = "ledger",
    label = "Dimension line",
    zh = "辅助明细",
    list = "posted_on,dimension,value,account,amount,party,doc_entity",
    sort = "-posted_on",
    index = "entry_line;company,dimension,value,posted_on;company,recorded_at"
)]
pub struct DimensionLine {
    pub id: Id<DimensionLine>,
    #[field(zh = "公司")]
    pub company: CompanyId,
    #[field(zh = "分录")]
    pub entry_line: Id<EntryLine>,
    #[field(zh = "核算维度", group)]
    pub dimension: DimensionId,
    #[field(zh = "维度值", group)]
    pub value: DimensionValueId,
    /// Which part of the line: 1 for all of it.
    /// 占分录的比例，1 表示全部。
    #[field(zh = "比例")]
    pub share: Rate,
    #[field(zh = "科目", group)]
    pub account: AccountId,
    #[field(zh = "业务日期", group)]
    pub posted_on: Date,
    #[field(zh = "登记时间")]
    pub recorded_at: Instant,
    #[field(zh = "金额", currency = "company.currency")]
    pub amount: Amount,
    #[field(zh = "往来单位", group)]
    pub party: Option<PartyId>,
    #[field(zh = "产品", group)]
    pub product: Option<ProductId>,
    #[field(zh = "来源单据类型", group)]
    pub doc_entity: String,
    #[field(zh = "来源单据", hidden)]
    pub doc_id: DocId,
}

/// What somebody owes us, or we them, and how much of it is still open.
/// 往来未清项及其未结金额。
#[derive(Entity)]
#[entity(
    prefix = "oi",
    kind = "ledger",
    zh = "未清项",
    title = "number,due_on",
    list = "due_on,number,party,amount,open_amount,doc_entity",
    sort = "due_on",
    index = "company,account,party;company,due_on;company,open_amount,open_currency_amount;entry_line;doc_entity,doc_id"
)]
pub struct OpenItem {
    pub id: Id<OpenItem>,
    #[field(zh = "公司")]
    pub company: CompanyId,
    #[field(zh = "科目", group)]
    pub account: AccountId,
    #[field(zh = "往来单位", group)]
    pub party: Option<PartyId>,
    #[field(zh = "凭证")]
    pub entry: Id<Entry>,
    #[field(zh = "分录")]
    pub entry_line: Id<EntryLine>,
    #[field(zh = "业务日期", group)]
    pub posted_on: Date,
    #[field(zh = "登记时间")]
    pub recorded_at: Instant,
    #[field(zh = "到期日", group)]
    pub due_on: Date,
    #[field(zh = "原币", group)]
    pub currency: Currency,
    #[field(zh = "金额", currency = "company.currency")]
    pub amount: Amount,
    #[field(zh = "原币金额", currency = "currency")]
    pub currency_amount: Amount,
    #[field(zh = "未结金额", currency = "company.currency")]
    pub open_amount: Amount,
    #[field(zh = "未结原币金额", currency = "currency")]
    pub open_currency_amount: Amount,
    /// The number of the document it comes from.
    /// 来源单据的编号。
    #[field(zh = "单据编号")]
    pub number: Option<String>,
    #[field(zh = "来源单据类型", group)]
    pub doc_entity: String,
    #[field(zh = "来源单据", hidden)]
    pub doc_id: DocId,
}

/// What was taken off an open item, by which line.
/// 核销记录。
#[derive(Entity)]
#[entity(
    name = "clearing",
    label = "Clearing",
    prefix = "cl",
    kind = "ledger",
    zh = "核销",
    list = "cleared_on,item,amount",
    sort = "-cleared_on",
    index = "item;entry_line"
)]
pub struct ClearingRow {
    pub id: Id<ClearingRow>,
    #[field(zh = "公司")]
    pub company: CompanyId,
    #[field(zh = "未清项")]
    pub item: ItemId,
    #[field(zh = "分录")]
    pub entry_line: Id<EntryLine>,
    #[field(zh = "核销日期")]
    pub cleared_on: Date,
    #[field(zh = "登记时间")]
    pub recorded_at: Instant,
    #[field(zh = "金额", currency = "company.currency")]
    pub amount: Amount,
    /// In the currency of the item.
    /// 以未清项原币计。
    #[field(zh = "原币金额", currency = "company.currency", hidden)]
    pub currency_amount: Amount,
}

/// Tax that was charged: base and amount.
/// 税额明细：税基与税额。
#[derive(Entity)]
#[entity(
    prefix = "te",
    kind = "ledger",
    label = "Tax entry",
    plural = "Tax entries",
    zh = "税额明细",
    list = "posted_on,tax,base,tax_amount,doc_entity",
    sort = "-posted_on",
    index = "company,tax,posted_on;doc_entity,doc_id"
)]
pub struct TaxEntry {
    pub id: Id<TaxEntry>,
    #[field(zh = "公司")]
    pub company: CompanyId,
    #[field(zh = "税", group)]
    pub tax: TaxId,
    #[field(zh = "业务日期", group)]
    pub posted_on: Date,
    #[field(zh = "登记时间")]
    pub recorded_at: Instant,
    #[field(zh = "税基", currency = "company.currency")]
    pub base: Amount,
    #[field(zh = "税额", currency = "company.currency")]
    pub tax_amount: Amount,
    #[field(zh = "来源单据类型", group)]
    pub doc_entity: String,
    #[field(zh = "来源单据", hidden)]
    pub doc_id: DocId,
}
