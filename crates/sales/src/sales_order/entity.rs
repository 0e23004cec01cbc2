//! What a sales order says.
#![allow(missing_docs, reason = "a field without a comment is explained by its label")]

use books::{CompanyId, PartyId, PaymentTermId, PlaceId, PriceListId, ProductId, TaxId, TaxPositionId, UnitId, UserId};
use kernel::{Amount, Currency, Date, Id, Price, Qty, Rate};
use meta::{Choice, Entity, Transition, life};

use crate::quotation::Quotation;

/// What a customer ordered, at which prices, and how far we are with it.
/// 客户订购的内容、价格及执行进度。
#[derive(Entity)]
#[entity(
    prefix = "so",
    zh = "销售订单",
    number = "SO-{year}-{seq:05}",
    title = "number",
    list = "number,customer,ordered_on,wanted_on,total,delivery_state,invoice_state,stage",
    sort = "-ordered_on",
    index = "company,customer;company,stage,ordered_on;company,stage,delivery_state;company,stage,invoice_state",
    actions = "Action",
    stages = "Stage"
)]
pub struct SalesOrder {
    pub id: Id<SalesOrder>,
    #[field(zh = "公司")]
    pub company: CompanyId,
    #[field(zh = "编号", readonly, search, optional)]
    pub number: String,
    /// Who buys, and will owe us the money.
    /// 购买并付款的客户。
    #[field(zh = "客户", search, group, only = r#"["is_customer","=",true]"#)]
    pub customer: PartyId,
    /// The number of the customer's own order.
    /// 客户自己的订单号。
    #[field(zh = "客户订单号", search, optional)]
    pub customer_reference: String,
    #[field(zh = "订购日期", group, index)]
    pub ordered_on: Date,
    /// When the customer wants the goods.
    /// 客户要求的交货日期。
    #[field(zh = "要求交期", group, not_before = "ordered_on")]
    pub wanted_on: Date,
    /// The place the goods are taken from.
    /// 发货库位。
    #[field(zh = "发货库位", group, only = r#"["kind","=","stock"]"#)]
    pub place: PlaceId,
    #[field(zh = "明细", owned, at_least = 1, section(en = "Lines", zh = "明细"))]
    pub lines: Vec<SalesOrderLine>,
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
    /// Whose sale it is.
    /// 负责的销售人员。
    #[field(zh = "业务员", label = "Salesperson", group)]
    pub owner: Option<UserId>,
    /// The quotation it came from.
    /// 来源报价单。
    #[field(zh = "报价单")]
    pub quotation: Option<Id<Quotation>>,
    /// Why a manager lets the order go beyond the credit limit.
    /// 经理批准超出信用额度的理由。
    #[field(zh = "超额放行理由", label = "Reason to go beyond the limit", optional)]
    pub override_reason: String,
    #[field(zh = "超额批准人", label = "Credit approved by", readonly)]
    pub credit_approved_by: Option<UserId>,
    #[field(zh = "交货状态", readonly, group, optional)]
    pub delivery_state: Fulfilment,
    #[field(zh = "开票状态", readonly, group, optional)]
    pub invoice_state: Fulfilment,
    #[field(zh = "收款状态", readonly, group, optional)]
    pub payment_state: Fulfilment,
    /// Somebody released what was reserved: nothing is reserved for this order until somebody asks for it.
    /// 预留已手工释放：重新点“预留库存”之前，不再为本订单预留。
    #[field(label = "Reservation released", zh = "预留已释放", readonly, group)]
    pub reservation_released: bool,
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

/// One product of a sales order, with how much is delivered, invoiced and returned.
/// 销售订单行，含已交、已开票、已退数量。
#[derive(Entity)]
#[entity(prefix = "sl", zh = "销售订单行", title = "description", parent = "sales_order.lines")]
pub struct SalesOrderLine {
    pub id: Id<SalesOrderLine>,
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
    #[field(zh = "已交数量", readonly, optional)]
    pub delivered_qty: Qty,
    #[field(zh = "已开票数量", readonly, optional)]
    pub invoiced_qty: Qty,
    #[field(zh = "已退数量", readonly, optional)]
    pub returned_qty: Qty,
    /// What the customer paid for this line, in the document's currency.
    /// 该行已收款（单据币种）。
    #[field(zh = "已收款", readonly, optional, currency = "parent.currency")]
    pub paid_amount: Amount,
    /// What the line bears of the document's discount; its net is without it.
    /// 本行分摊的整单折扣，未税金额已扣除。
    #[field(zh = "分摊折扣", label = "Share of the discount", computed, currency = "parent.currency")]
    pub discount_share: Amount,
    /// What of it is on posted invoices.
    /// 已开票部分分摊的折扣。
    #[field(zh = "已开票折扣", readonly, hidden, optional, currency = "parent.currency")]
    pub invoiced_discount: Amount,
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

/// How much of a document is done.
#[derive(Choice, Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fulfilment {
    /// Nothing yet.
    #[choice(zh = "未开始", label = "Not started")]
    None,
    /// A part.
    #[choice(zh = "部分完成", tone = "warn")]
    Partial,
    /// All.
    #[choice(zh = "全部完成", tone = "good")]
    Full,
    /// There is nothing to do: services are not delivered.
    #[choice(zh = "无需", label = "Not needed")]
    Nothing,
}

/// How far an order is.
#[derive(Choice, Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// Being written.
    #[choice(zh = "草稿")]
    Draft,
    /// Agreed; goods and credit are committed.
    #[choice(zh = "已确认", tone = "info")]
    Confirmed,
    /// Nothing more will happen.
    #[choice(zh = "已完成", tone = "good")]
    Done,
    /// Taken back.
    #[choice(zh = "已取消", tone = "bad")]
    Cancelled,
}

/// What a user may ask for.
#[derive(meta::Action, Clone, Debug, PartialEq, Eq)]
pub enum Action {
    /// Commits credit, reserves what is free in stock and notes what is missing.
    /// 确认订单：占用信用、预留可用库存并登记缺口。
    #[action(zh = "确认", primary, many)]
    Confirm {
        /// Why a manager lets the order go beyond the credit limit.
        /// 经理批准超出信用额度的理由。
        #[field(zh = "超额放行理由", label = "Reason to go beyond the limit")]
        override_reason: Option<String>,
    },
    /// Reserves what has become free since.
    /// 预留之后变为可用的库存。
    #[action(zh = "预留库存", label = "Reserve stock", many)]
    Reserve,
    /// Gives what is reserved to others. The order still needs the goods; reserve stock takes them again.
    /// 把已预留的库存让给其他单据；订单需求不变，可再次“预留库存”。
    #[action(zh = "释放预留", label = "Release reservation", many)]
    Release,
    /// Nothing more will be delivered: releases goods and credit.
    /// 不再继续交货：释放库存和信用。
    #[action(zh = "关闭", many)]
    Close,
    /// Goes on with a closed order, or starts a cancelled one again.
    /// 重新打开已关闭或已取消的订单。
    #[action(zh = "重新打开")]
    Reopen {
        /// Why a manager lets the order go beyond the credit limit.
        /// 经理批准超出信用额度的理由。
        #[field(zh = "超额放行理由", label = "Reason to go beyond the limit")]
        override_reason: Option<String>,
    },
    /// Takes the order back as long as nothing was shipped or invoiced.
    /// 未发货且未开票时撤销订单。
    #[action(zh = "取消", danger)]
    Cancel,
}

impl Stage {
    /// The whole life cycle.
    pub fn after(self, action: &Action) -> Option<Stage> {
        match (self, action) {
            (Stage::Draft, Action::Confirm { .. }) => Some(Stage::Confirmed),
            (Stage::Confirmed, Action::Reserve | Action::Release) => Some(Stage::Confirmed),
            (Stage::Confirmed, Action::Close) => Some(Stage::Done),
            (Stage::Done, Action::Reopen { .. }) => Some(Stage::Confirmed),
            (Stage::Cancelled, Action::Reopen { .. }) => Some(Stage::Draft),
            (Stage::Draft | Stage::Confirmed, Action::Cancel) => Some(Stage::Cancelled),
            _ => None,
        }
    }

    /// The life cycle as data.
    pub fn transitions() -> Vec<Transition> {
        let (confirm, reopen) = (Action::Confirm { override_reason: None }, Action::Reopen { override_reason: None });
        life(&[confirm, Action::Reserve, Action::Release, Action::Close, reopen, Action::Cancel], Stage::after)
    }
}
