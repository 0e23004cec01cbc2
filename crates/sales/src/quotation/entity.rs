//! What a quotation says.
#![allow(missing_docs, reason = "a field without a comment is explained by its label")]

use books::{CompanyId, PartyId, PaymentTermId, PlaceId, PriceListId, ProductId, TaxId, TaxPositionId, UnitId, UserId};
use kernel::{Amount, Currency, Date, Id, Price, Qty, Rate};
use meta::{Choice, Entity, Transition, life};

/// What we offer a customer, at which prices, and until when.
/// 向客户提供的报价及有效期。
#[derive(Entity)]
#[entity(
    prefix = "qt",
    zh = "报价单",
    number = "QT-{year}-{seq:05}",
    title = "number",
    list = "number,customer,quoted_on,valid_until,total,margin,stage",
    sort = "-quoted_on",
    index = "company,customer;company,stage,quoted_on",
    actions = "Action",
    stages = "Stage"
)]
pub struct Quotation {
    pub id: Id<Quotation>,
    #[field(zh = "公司")]
    pub company: CompanyId,
    #[field(zh = "编号", readonly, search, optional)]
    pub number: String,
    /// Who may buy.
    /// 报价对象。
    #[field(zh = "客户", search, group, only = r#"["is_customer","=",true]"#)]
    pub customer: PartyId,
    #[field(zh = "报价日期", group, index)]
    pub quoted_on: Date,
    /// The last day on which it can be accepted.
    /// 最后可接受日期。
    #[field(zh = "有效期至", group, not_before = "quoted_on")]
    pub valid_until: Date,
    #[field(zh = "明细", owned, at_least = 1, section(en = "Lines", zh = "明细"))]
    pub lines: Vec<QuotationLine>,
    /// All that is taken off the whole document; the net is without it.
    /// 整单折扣合计，未税金额已扣除。
    #[field(zh = "整单折扣", label = "Document discount", computed, optional, currency = "currency")]
    pub discount_total: Amount,
    #[field(zh = "未税金额", computed, currency = "currency")]
    pub net: Amount,
    #[field(zh = "税额", computed, currency = "currency")]
    pub tax_amount: Amount,
    #[field(zh = "合计", computed, currency = "currency")]
    pub total: Amount,
    /// The total in company currency.
    /// 合计（本位币）。
    #[field(zh = "合计（本位币）", label = "Total (company currency)", computed, currency = "company.currency")]
    pub total_base: Amount,
    /// Net less what the goods cost at present, in company currency.
    /// 未税金额减去当前成本（本位币）。
    #[field(zh = "毛利", computed, currency = "company.currency")]
    pub margin: Amount,
    #[field(zh = "币种", section(en = "Terms", zh = "条款"))]
    pub currency: Currency,
    /// What one unit of the currency is worth in company currency; fixed on the document.
    /// 汇率：一单位原币折合本位币，随单固定。
    #[field(zh = "汇率", label = "Exchange rate")]
    pub rate: Rate,
    /// Tick it when the rate is agreed with the customer: only then may it be more than 20 % off that
    /// of the day, and what is made of this document keeps it.
    /// 与客户约定的汇率请勾选：只有勾选后才可与当日汇率相差 20% 以上，由本单生成的单据也沿用该汇率。
    #[field(zh = "约定汇率", label = "Rate is agreed")]
    pub rate_meant: bool,
    #[field(zh = "付款条件", label = "Payment terms")]
    pub terms: Option<PaymentTermId>,
    #[field(zh = "价格表")]
    pub price_list: Option<PriceListId>,
    /// Which taxes are charged instead of the products' own: the customer's, by country and tax number, unless another is
    /// chosen. With another one, taxes nobody chose change, and prices that contain them.
    /// 改用哪些税：按客户的国家和税号带出，可更改。更改后，未手工选择的税及含税单价随之调整。
    #[field(zh = "税务方案", only = r#"["active","=",true]"#)]
    pub tax_position: Option<TaxPositionId>,
    /// Taken off the whole document, as a part of what its lines come to at their prices; the
    /// lines bear it by their amounts, before tax.
    /// 整单折扣率：按明细合计计算，税前按金额分摊到各行。
    #[field(zh = "整单折扣率", label = "Discount on the document", optional)]
    pub discount_rate: Rate,
    /// An amount taken off the whole document, beside the part.
    /// 整单折扣金额，可与折扣率同时使用。
    #[field(zh = "整单折扣金额", label = "Amount off the document", currency = "currency", optional)]
    pub discount_amount: Amount,
    /// The place whose stock is looked at.
    /// 查询库存的库位。
    #[field(zh = "库位", only = r#"["kind","=","stock"]"#)]
    pub place: Option<PlaceId>,
    /// Whose sale it is.
    /// 负责的销售人员。
    #[field(zh = "业务员", label = "Salesperson", group)]
    pub owner: Option<UserId>,
    /// Why the customer did not buy.
    /// 客户未成交的原因。
    #[field(zh = "丢单原因", readonly, optional, group)]
    pub lost_reason: String,
    #[field(zh = "备注", long, optional)]
    pub note: String,
    #[field(zh = "状态", state, group)]
    pub stage: Stage,
    /// Names and addresses of both sides, as they were when the document left the house; a copy printed later shows them.
    /// 单据发出时双方的名称、地址和税号；以后补打的副本以此为准。
    #[field(zh = "抬头", readonly, hidden, optional, json, max = 60000)]
    pub letterhead: String,
    #[field(zh = "条款来源客户", hidden)]
    pub filled_for: Option<PartyId>,
    #[field(zh = "汇率来源币种", hidden)]
    pub rate_of: Option<Currency>,
    #[field(zh = "税来源方案", hidden)]
    pub taxed_for: Option<TaxPositionId>,
}

/// One product of a quotation.
/// 报价单行。
#[derive(Entity)]
#[entity(prefix = "ql", zh = "报价单行", title = "description", parent = "quotation.lines")]
pub struct QuotationLine {
    pub id: Id<QuotationLine>,
    #[field(zh = "产品", only = r#"["sold","=",true]"#)]
    pub product: ProductId,
    #[field(zh = "描述", max = 500)]
    pub description: String,
    #[field(zh = "数量")]
    pub qty: Qty,
    #[field(zh = "单位")]
    pub unit: UnitId,
    /// Of one unit, in the document's currency.
    /// 单价（单据币种）。
    #[field(zh = "单价")]
    pub price: Option<Price>,
    #[field(zh = "折扣", optional)]
    pub discount: Rate,
    /// Not said of a new line: the tax of the product. Null: none.
    /// 新行未填写时取产品的税；填 null 表示不计税。
    #[field(zh = "税", only = r#"["on_purchases","=",false]"#, may_be_none)]
    pub tax: Option<TaxId>,
    #[field(zh = "未税金额", computed, currency = "parent.currency")]
    pub net: Amount,
    #[field(zh = "税额", computed, currency = "parent.currency")]
    pub tax_amount: Amount,
    #[field(zh = "合计", computed, currency = "parent.currency")]
    pub total: Amount,
    #[field(zh = "合计（本位币）", computed, hidden, currency = "company.currency")]
    pub total_base: Amount,
    #[field(zh = "毛利", computed, currency = "company.currency")]
    pub margin: Amount,
    /// What the line bears of the document's discount; its net is without it.
    /// 本行分摊的整单折扣，未税金额已扣除。
    #[field(zh = "分摊折扣", label = "Share of the discount", computed, currency = "parent.currency")]
    pub discount_share: Amount,
    /// The quantity in the product's own unit.
    /// 以产品自身单位计的数量。
    #[field(zh = "基本数量", computed, hidden)]
    pub product_qty: Qty,
    #[field(zh = "库存产品", computed, hidden)]
    pub stocked: bool,
    /// The unit the price is for: with another unit it is converted.
    /// 单价所对应的单位；更换单位时自动换算。
    #[field(zh = "计价单位", hidden)]
    pub priced_unit: Option<UnitId>,
    #[field(zh = "换算前单价", hidden)]
    pub priced_at: Option<Price>,
    #[field(zh = "默认值来源产品", hidden)]
    pub filled_for: Option<ProductId>,
}

/// How far a quotation is.
#[derive(Choice, Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// Being written.
    #[choice(zh = "草稿")]
    Draft,
    /// The customer has it.
    #[choice(zh = "已发送", tone = "info")]
    Sent,
    /// The customer buys.
    #[choice(zh = "已接受", tone = "good")]
    Accepted,
    /// The customer does not buy.
    #[choice(zh = "已丢单", tone = "warn")]
    Lost,
    /// Taken back.
    #[choice(zh = "已取消", tone = "bad")]
    Cancelled,
}

/// What a user may ask for.
#[derive(meta::Action, Clone, Debug, PartialEq, Eq)]
pub enum Action {
    /// Notes that the customer has it.
    /// 标记为已发送给客户。
    #[action(zh = "发送", many)]
    Send,
    /// Makes a sales order of it, at the prices offered.
    /// 按报价生成销售订单。
    #[action(zh = "接受", primary)]
    Accept,
    /// Notes that the customer does not buy, and why.
    /// 标记为丢单并记录原因。
    #[action(zh = "丢单")]
    Lose {
        /// Why the customer did not buy.
        /// 客户未成交的原因。
        #[field(zh = "丢单原因")]
        reason: String,
    },
    /// Takes it back.
    /// 撤销报价。
    #[action(zh = "取消", danger)]
    Cancel,
    /// Makes it a draft again; an accepted one only when its order was cancelled.
    /// 恢复为草稿；已接受的报价单须先取消其订单。
    #[action(zh = "重新打开")]
    Reopen,
}

impl Stage {
    /// The whole life cycle.
    pub fn after(self, action: &Action) -> Option<Stage> {
        match (self, action) {
            (Stage::Draft, Action::Send) => Some(Stage::Sent),
            (Stage::Draft | Stage::Sent, Action::Accept) => Some(Stage::Accepted),
            (Stage::Draft | Stage::Sent, Action::Lose { .. }) => Some(Stage::Lost),
            (Stage::Draft | Stage::Sent, Action::Cancel) => Some(Stage::Cancelled),
            (Stage::Sent | Stage::Accepted | Stage::Lost | Stage::Cancelled, Action::Reopen) => Some(Stage::Draft),
            _ => None,
        }
    }

    /// The life cycle as data.
    pub fn transitions() -> Vec<Transition> {
        let lose = Action::Lose { reason: String::new() };
        life(&[Action::Send, Action::Accept, lose, Action::Cancel, Action::Reopen], Stage::after)
    }
}
