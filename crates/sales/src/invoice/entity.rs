//! What an invoice says.
#![allow(missing_docs, reason = "a field without a comment is explained by its label")]

use books::{
    CompanyId, DeliveryId, DeliveryLineId, InvoiceId, InvoiceLineId, PartyId, PaymentTermId, PlaceId, PriceListId,
    ProductId, SalesOrderId, SalesOrderLineId, TaxId, TaxPositionId, UnitId, UserId,
};
use finance::cash_rounding::CashRounding;
use kernel::{Amount, Currency, Date, Id, Price, Qty, Rate};
use meta::{Choice, Entity, Transition, life};

use crate::sales_return::{SalesReturn, SalesReturnLine};

/// What a customer owes us for goods and services, or, as a credit note, gets back.
/// 客户应付的货款；红字发票则为应退的货款。
#[derive(Entity)]
#[entity(
    prefix = "iv",
    zh = "销售发票",
    label = "Invoice",
    title = "number",
    list = "number,kind,customer,issued_on,due_on,total_base,open_amount,payment_state,stage",
    sort = "-issued_on",
    number = "INV-{year}-{seq:05}",
    number_at = "post",
    number_by = "kind",
    index = "company,customer;company,stage,issued_on",
    actions = "Action",
    stages = "Stage"
)]
pub struct Invoice {
    pub id: Id<Invoice>,
    #[field(zh = "公司")]
    pub company: CompanyId,
    #[field(zh = "编号", readonly, search, optional)]
    pub number: String,
    #[field(zh = "类型", group)]
    pub kind: InvoiceKind,
    /// Who owes us the money.
    /// 付款的客户。
    #[field(zh = "客户", search, group, only = r#"["is_customer","=",true]"#)]
    pub customer: PartyId,
    #[field(zh = "开票日期", group, index)]
    pub issued_on: Date,
    /// When the last part is due.
    /// 最后一期的到期日。
    #[field(zh = "到期日", group, computed)]
    pub due_on: Option<Date>,
    /// The order it invoices.
    /// 所开票的销售订单。
    #[field(zh = "销售订单")]
    pub sales_order: Option<SalesOrderId>,
    /// The delivery it invoices.
    /// 所开票的发货单。
    #[field(zh = "发货单")]
    pub delivery: Option<DeliveryId>,
    /// The invoice a credit note gives back.
    /// 红字发票所冲减的发票。
    #[field(zh = "冲减发票", label = "Credits invoice", only = r#"["stage","=","posted"]"#)]
    pub credits: Option<InvoiceId>,
    /// The goods that came back, which a credit note is made for.
    /// 红字发票所对应的销售退货。
    #[field(zh = "销售退货", only = r#"["stage","=","done"]"#)]
    pub sales_return: Option<Id<SalesReturn>>,
    #[field(zh = "明细", owned, at_least = 1, section(en = "Lines", zh = "明细"))]
    pub lines: Vec<InvoiceLine>,
    /// All that is taken off the whole document; the net is without it.
    /// 整单折扣合计，未税金额已扣除。
    #[field(
        zh = "整单折扣",
        label = "Document discount",
        computed,
        optional,
        currency = "currency",
        less = "kind=credit_note"
    )]
    pub discount_total: Amount,
    #[field(zh = "未税金额", computed, currency = "currency", less = "kind=credit_note")]
    pub net: Amount,
    #[field(zh = "税额", computed, currency = "currency", less = "kind=credit_note")]
    pub tax_amount: Amount,
    /// What makes the total one that coins can pay; below zero when it is rounded down.
    /// 使合计成为现金可付金额的舍入差额；向下舍入时为负。
    #[field(
        zh = "现金舍入差额",
        label = "Rounding",
        computed,
        optional,
        currency = "currency",
        less = "kind=credit_note"
    )]
    pub rounding_amount: Amount,
    #[field(zh = "合计", computed, currency = "currency", less = "kind=credit_note")]
    pub total: Amount,
    /// The total in company currency; negative for a credit note, so that lists sum up.
    /// 合计（本位币）；红字发票为负，便于汇总。
    #[field(zh = "合计（本位币）", label = "Total (company currency)", computed, currency = "company.currency")]
    pub total_base: Amount,
    /// Net less what the goods cost at present; negative for a credit note, so that lists sum up.
    /// 未税金额减去当前成本；红字发票为负，便于汇总。
    #[field(zh = "毛利", computed, currency = "company.currency")]
    pub margin: Amount,
    /// What is not paid yet; negative when we owe it.
    /// 未结金额；负数表示我方应退。
    #[field(zh = "未结金额", readonly, currency = "currency", optional)]
    pub open_amount: Amount,
    #[field(zh = "收款状态", readonly, group, optional)]
    pub payment_state: PaymentState,
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
    /// How the total is rounded to what coins can pay; the terms bring it.
    /// 合计如何舍入为现金可付金额；由付款条件带出。
    #[field(zh = "现金舍入", only = r#"["active","=",true]"#, along = "currency=currency")]
    pub cash_rounding: Option<Id<CashRounding>>,
    #[field(zh = "价格表")]
    pub price_list: Option<PriceListId>,
    /// Which taxes are charged instead of the products' own: the customer's, by country and tax number, unless another is
    /// chosen. With another one, taxes nobody chose change, and prices that contain them.
    /// 改用哪些税：按客户的国家和税号带出，可更改。更改后，未手工选择的税及含税单价随之调整。
    #[field(zh = "税务方案", only = r#"["active","=",true]"#)]
    pub tax_position: Option<TaxPositionId>,
    /// Taken off the whole document, as a part of what its lines come to at their prices; the
    /// lines bear it by their amounts, before tax. Lines of an order, or of an invoice
    /// that is given back, bear what was agreed there.
    /// 整单折扣率：按明细合计计算，税前按金额分摊到各行。来自订单或原发票的明细按原单分摊。
    #[field(zh = "整单折扣率", label = "Discount on the document", optional)]
    pub discount_rate: Rate,
    /// An amount taken off the whole document, beside the part.
    /// 整单折扣金额，可与折扣率同时使用。
    #[field(zh = "整单折扣金额", label = "Amount off the document", currency = "currency", optional)]
    pub discount_amount: Amount,
    /// Set when the goods leave with the invoice, without order or delivery.
    /// 无订单、无发货单的随票出库库位。
    #[field(zh = "随票出库", label = "Goods leave from", only = r#"["kind","=","stock"]"#)]
    pub ship_from: Option<PlaceId>,
    #[field(zh = "业务员", label = "Salesperson", group)]
    pub owner: Option<UserId>,
    /// Why a manager lets what was not ordered go beyond the credit limit.
    /// 经理批准未经订单的销售超出信用额度的理由。
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
    #[field(zh = "舍入来源条件", hidden)]
    pub rounded_for: Option<PaymentTermId>,
}

/// One product of an invoice.
/// 发票行。
#[derive(Entity)]
#[entity(
    prefix = "il",
    zh = "发票行",
    title = "description",
    list = "product,description,qty,unit,price,discount,tax,net",
    parent = "invoice.lines"
)]
pub struct InvoiceLine {
    pub id: Id<InvoiceLine>,
    #[field(zh = "产品", index)]
    pub product: ProductId,
    #[field(zh = "描述", max = 500)]
    pub description: String,
    #[field(zh = "数量", less = "parent.kind=credit_note")]
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
    #[field(zh = "未税金额", computed, currency = "parent.currency", less = "parent.kind=credit_note")]
    pub net: Amount,
    #[field(zh = "税额", computed, currency = "parent.currency", less = "parent.kind=credit_note")]
    pub tax_amount: Amount,
    #[field(zh = "合计", computed, currency = "parent.currency", less = "parent.kind=credit_note")]
    pub total: Amount,
    #[field(zh = "合计（本位币）", computed, hidden, currency = "company.currency")]
    pub total_base: Amount,
    /// The net in company currency as it is posted: all lines of an account sum to what stands there.
    /// 入账的未税金额（本位币）：同一科目各行之和等于该科目的入账金额。
    #[field(
        zh = "未税金额（本位币）",
        label = "Net in company currency",
        computed,
        hidden,
        currency = "company.currency",
        less = "parent.kind=credit_note"
    )]
    pub net_base: Amount,
    #[field(zh = "毛利", computed, hidden, currency = "company.currency")]
    pub margin: Amount,
    /// Of a credit note that takes goods back without naming the invoice they left with: what one
    /// of the product's own unit is worth; the present cost unless said.
    /// 未指明原发票的退货红字发票：单位成本，留空则按当前成本。
    #[field(zh = "单位成本")]
    pub unit_cost: Option<Price>,
    /// The line of the order it invoices.
    /// 所开票的订单行。
    #[field(zh = "订单行", hidden)]
    pub order_line: Option<SalesOrderLineId>,
    #[field(zh = "发货行", hidden)]
    pub delivery_line: Option<DeliveryLineId>,
    /// The line of the invoice a credit note gives back.
    /// 红字发票所冲减的发票行。
    #[field(zh = "冲减发票行", hidden)]
    pub credited_line: Option<InvoiceLineId>,
    /// The line of the return a credit note is made for.
    /// 红字发票所对应的退货行。
    #[field(zh = "退货行", hidden)]
    pub return_line: Option<Id<SalesReturnLine>>,
    #[field(zh = "已冲减数量", readonly, hidden, optional)]
    pub credited_qty: Qty,
    /// What the line bears of the document's discount; its net is without it.
    /// 本行分摊的整单折扣，未税金额已扣除。
    #[field(zh = "分摊折扣", label = "Share of the discount", computed, currency = "parent.currency")]
    pub discount_share: Amount,
    /// What of it is given back.
    /// 已冲减部分分摊的折扣。
    #[field(zh = "已冲减折扣", readonly, hidden, optional, currency = "parent.currency")]
    pub credited_discount: Amount,
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

/// Whether money is owed or given back.
#[derive(Choice, Clone, Copy, Debug, PartialEq, Eq)]
pub enum InvoiceKind {
    /// Owed to us.
    #[choice(zh = "发票")]
    Invoice,
    /// Given back.
    #[choice(zh = "红字发票", tone = "warn")]
    CreditNote,
}

/// How much of it is paid.
#[derive(Choice, Clone, Copy, Debug, PartialEq, Eq)]
pub enum PaymentState {
    /// Nothing yet.
    #[choice(zh = "未收款")]
    None,
    /// A part.
    #[choice(zh = "部分收款", tone = "warn")]
    Partial,
    /// All.
    #[choice(zh = "已收款", tone = "good")]
    Full,
}

/// Where it stands.
#[derive(Choice, Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// Not in the books yet.
    #[choice(zh = "草稿")]
    Draft,
    /// In the books.
    #[choice(zh = "已过账", tone = "good")]
    Posted,
    /// Mirrored.
    #[choice(zh = "已取消", tone = "bad")]
    Cancelled,
}

/// What may be done with it.
#[derive(meta::Action, Clone, Debug, PartialEq, Eq)]
pub enum Action {
    /// Puts it into the books: the customer owes it from now on.
    /// 过账：客户自此应付该款项。
    #[action(zh = "过账", primary, many)]
    Post {
        /// Why a manager lets what was not ordered go beyond the credit limit.
        /// 经理批准未经订单的销售超出信用额度的理由。
        #[field(zh = "超额放行理由", label = "Reason to go beyond the limit")]
        override_reason: Option<String>,
    },
    /// Takes it back as long as nothing was paid.
    /// 未收款时撤销发票。
    #[action(zh = "取消", danger)]
    Cancel,
}

impl Stage {
    /// The whole life cycle.
    pub fn after(self, action: &Action) -> Option<Stage> {
        match (self, action) {
            (Stage::Draft, Action::Post { .. }) => Some(Stage::Posted),
            (Stage::Posted, Action::Cancel) => Some(Stage::Cancelled),
            _ => None,
        }
    }

    pub(crate) fn transitions() -> Vec<Transition> {
        life(&[Action::Post { override_reason: None }, Action::Cancel], Stage::after)
    }
}
