//! The book of credit, to look at. Only the engine writes it.
#![allow(missing_docs, reason = "a field without a comment is explained by its label")]

use books::{CompanyId, PartyId};
use kernel::{Amount, Id, Instant};
use meta::{Choice, DocId, Entity};

/// An amount by which what a customer owes or will owe us grows or shrinks. The sum is the exposure.
/// 客户欠款或将欠款的增减，合计即信用占用。
#[derive(Entity)]
#[entity(
    prefix = "cm",
    kind = "ledger",
    zh = "信用占用",
    list = "recorded_at,party,kind,amount,doc_entity",
    sort = "-recorded_at",
    index = "company,party,kind;doc_entity,doc_id;doc_line"
)]
pub struct Commitment {
    pub id: Id<Commitment>,
    #[field(zh = "公司")]
    pub company: CompanyId,
    /// The legal entity that owes.
    /// 欠款的法律主体。
    #[field(zh = "客户", group)]
    pub party: PartyId,
    #[field(zh = "类型", group)]
    pub kind: CommitmentKind,
    /// In company currency; negative when it is less.
    /// 本位币金额，减少为负。
    #[field(zh = "金额", currency = "company.currency")]
    pub amount: Amount,
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
    /// The line of the order it concerns, or of the delivery where there is no order.
    /// 所涉及的订单行；无订单时为发货单行。
    #[field(zh = "单据行", hidden)]
    pub doc_line: Option<DocId>,
}

/// Why a customer owes or will owe us.
#[derive(Choice, Clone, Copy, Debug, PartialEq, Eq)]
pub enum CommitmentKind {
    /// Ordered, not delivered.
    #[choice(zh = "已订购", tone = "info")]
    Ordered,
    /// Delivered, not invoiced.
    #[choice(zh = "已交货", tone = "warn")]
    Delivered,
    /// Invoiced; negative when paid.
    #[choice(zh = "已开票")]
    Invoiced,
}
