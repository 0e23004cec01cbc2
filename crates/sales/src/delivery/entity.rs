//! What a delivery says.
#![allow(missing_docs, reason = "a field without a comment is explained by its label")]

use books::{
    CompanyId, PartyId, PaymentTermId, PlaceId, ProductId, SalesOrderId, SalesOrderLineId, TaxId, TaxPositionId,
    UnitId, UserId,
};
use kernel::{Amount, Currency, Date, Id, Price, Qty, Rate};
use meta::{Choice, Entity, Transition, life};

/// Goods that go to a customer.
/// 发给客户的货物。
#[derive(Entity)]
#[entity(
    prefix = "dl",
    zh = "发货单",
    plural = "Deliveries",
    number = "DL-{year}-{seq:05}",
    title = "number",
    list = "number,customer,sales_order,shipped_on,place,stage",
    sort = "-shipped_on",
    index = "company,customer;company,stage,shipped_on",
    actions = "Action",
    stages = "Stage"
)]
pub struct Delivery {
    pub id: Id<Delivery>,
    #[field(zh = "公司")]
    pub company: CompanyId,
    #[field(zh = "编号", readonly, search, optional)]
    pub number: String,
    /// Who gets the goods.
    /// 收货客户。
    #[field(zh = "客户", search, group, only = r#"["is_customer","=",true]"#)]
    pub customer: PartyId,
    /// The order that is delivered; none for goods that nobody ordered in writing.
    /// 所交付的订单；无订单发货则留空。
    #[field(zh = "销售订单")]
    pub sales_order: Option<SalesOrderId>,
    #[field(zh = "发货日期", group, index)]
    pub shipped_on: Date,
    /// The place the goods leave.
    /// 发货库位。
    #[field(zh = "发货库位", group, only = r#"["kind","=","stock"]"#)]
    pub place: PlaceId,
    #[field(zh = "明细", owned, at_least = 1, section(en = "Lines", zh = "明细"))]
    pub lines: Vec<DeliveryLine>,
    #[field(zh = "未税金额", computed, currency = "currency")]
    pub net: Amount,
    #[field(zh = "税额", computed, currency = "currency")]
    pub tax_amount: Amount,
    #[field(zh = "合计", computed, currency = "currency")]
    pub total: Amount,
    #[field(zh = "合计（本位币）", label = "Total (company currency)", computed, currency = "company.currency")]
    pub total_base: Amount,
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
    /// Which taxes are charged instead of the products' own: the customer's, by country and tax number, unless another is
    /// chosen. With another one, taxes nobody chose change, and prices that contain them.
    /// 改用哪些税：按客户的国家和税号带出，可更改。更改后，未手工选择的税及含税单价随之调整。
    #[field(zh = "税务方案", only = r#"["active","=",true]"#)]
    pub tax_position: Option<TaxPositionId>,
    /// How the goods travel, and the number the carrier gave.
    /// 承运方式及运单号。
    #[field(zh = "运单号", search, optional)]
    pub tracking: String,
    /// Whose sale it is.
    /// 负责的销售人员。
    #[field(zh = "业务员", label = "Salesperson", group)]
    pub owner: Option<UserId>,
    /// Why a manager lets the goods go beyond the credit limit.
    /// 经理批准超出信用额度的理由。
    #[field(zh = "超额放行理由", label = "Reason to go beyond the limit", optional)]
    pub override_reason: String,
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

/// One product of a delivery.
/// 发货单行。
#[derive(Entity)]
#[entity(prefix = "dn", zh = "发货单行", title = "description", parent = "delivery.lines", index = "order_line")]
pub struct DeliveryLine {
    pub id: Id<DeliveryLine>,
    /// The line of the order that is fulfilled.
    /// 所履行的订单行。
    #[field(zh = "订单行")]
    pub order_line: Option<SalesOrderLineId>,
    #[field(zh = "产品", only = r#"["kind","=","stocked"]"#)]
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
    #[field(zh = "毛利", computed, hidden, currency = "company.currency")]
    pub margin: Amount,
    #[field(zh = "已退数量", readonly, optional)]
    pub returned_qty: Qty,
    #[field(zh = "已开票数量", readonly, optional)]
    pub invoiced_qty: Qty,
    /// What the line bears of the document's discount; its net is without it.
    /// 本行分摊的整单折扣，未税金额已扣除。
    #[field(zh = "分摊折扣", label = "Share of the discount", computed, hidden, currency = "parent.currency")]
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

/// How far a delivery is.
#[derive(Choice, Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// Being picked.
    #[choice(zh = "草稿")]
    Draft,
    /// The goods are gone.
    #[choice(zh = "已发货", label = "Shipped", tone = "good")]
    Done,
    /// Taken back.
    #[choice(zh = "已取消", tone = "bad")]
    Cancelled,
}

/// What a user may ask for.
#[derive(meta::Action, Clone, Debug, PartialEq, Eq)]
pub enum Action {
    /// The goods leave: takes them from stock with their cost.
    /// 发货出库并结转成本。
    #[action(zh = "发货", primary, many)]
    Ship {
        /// Why a manager lets the goods go beyond the credit limit.
        /// 经理批准超出信用额度的理由。
        #[field(zh = "超额放行理由", label = "Reason to go beyond the limit")]
        override_reason: Option<String>,
    },
    /// Takes it back as long as nothing was invoiced or returned.
    /// 未开票且未退货时撤销发货。
    #[action(zh = "取消", danger)]
    Cancel,
}

impl Stage {
    /// The whole life cycle.
    pub fn after(self, action: &Action) -> Option<Stage> {
        match (self, action) {
            (Stage::Draft, Action::Ship { .. }) => Some(Stage::Done),
            (Stage::Draft | Stage::Done, Action::Cancel) => Some(Stage::Cancelled),
            _ => None,
        }
    }

    /// The life cycle as data.
    pub fn transitions() -> Vec<Transition> {
        life(&[Action::Ship { override_reason: None }, Action::Cancel], Stage::after)
    }
}
