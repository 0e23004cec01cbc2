//! What a return says.
#![allow(missing_docs, reason = "a field without a comment is explained by its label")]

use books::{CompanyId, DeliveryId, DeliveryLineId, PartyId, PlaceId, ProductId, SalesOrderLineId, UnitId, UserId};
use kernel::{Date, Id, Qty};
use meta::{Choice, Entity, Transition, life};

/// Goods of a delivery that the customer gives back.
/// 客户退回的货物。
#[derive(Entity)]
#[entity(
    prefix = "sr",
    zh = "销售退货",
    number = "SR-{year}-{seq:05}",
    title = "number",
    list = "number,customer,delivery,received_on,place,stage",
    sort = "-received_on",
    index = "company,customer;company,stage,received_on",
    actions = "Action",
    stages = "Stage"
)]
pub struct SalesReturn {
    pub id: Id<SalesReturn>,
    #[field(zh = "公司")]
    pub company: CompanyId,
    #[field(zh = "编号", readonly, search, optional)]
    pub number: String,
    /// The delivery the goods left with.
    /// 原发货单。
    #[field(zh = "发货单", only = r#"["stage","=","done"]"#)]
    pub delivery: DeliveryId,
    /// Who gives the goods back: the customer of the delivery.
    /// 退货客户，即发货单的客户。
    #[field(zh = "客户", search, group, computed)]
    pub customer: PartyId,
    #[field(zh = "收货日期", group, index)]
    pub received_on: Date,
    /// The place the goods come back to.
    /// 退回库位。
    #[field(zh = "退回库位", group, only = r#"["kind","=","stock"]"#)]
    pub place: PlaceId,
    /// Why the goods come back.
    /// 退货原因。
    #[field(zh = "退货原因", optional)]
    pub reason: String,
    #[field(zh = "明细", owned, at_least = 1)]
    pub lines: Vec<SalesReturnLine>,
    /// Whose sale it was.
    /// 负责的销售人员。
    #[field(zh = "业务员", label = "Salesperson", group)]
    pub owner: Option<UserId>,
    #[field(zh = "备注", long, optional)]
    pub note: String,
    #[field(zh = "状态", state, group)]
    pub stage: Stage,
}

/// One product of a return.
/// 销售退货行。
#[derive(Entity)]
#[entity(
    prefix = "sn",
    zh = "销售退货行",
    title = "description",
    parent = "sales_return.lines",
    index = "delivery_line"
)]
pub struct SalesReturnLine {
    pub id: Id<SalesReturnLine>,
    /// The line of the delivery that comes back.
    /// 所退回的发货单行。
    #[field(zh = "发货单行")]
    pub delivery_line: DeliveryLineId,
    #[field(zh = "订单行", computed)]
    pub order_line: Option<SalesOrderLineId>,
    #[field(zh = "产品", computed)]
    pub product: ProductId,
    #[field(zh = "描述", computed, max = 500)]
    pub description: String,
    /// How much comes back, in the unit of the delivery.
    /// 退回数量，以发货单位计。
    #[field(zh = "数量")]
    pub qty: Qty,
    #[field(zh = "单位", computed)]
    pub unit: UnitId,
    /// How much of it is on credit notes made of this return.
    /// 由本退货单开具的红字发票已冲减的数量。
    #[field(zh = "已冲减数量", readonly, optional)]
    pub credited_qty: Qty,
    /// The quantity in the product's own unit.
    /// 以产品自身单位计的数量。
    #[field(zh = "基本数量", computed, hidden)]
    pub product_qty: Qty,
}

/// How far a return is.
#[derive(Choice, Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// Announced.
    #[choice(zh = "草稿")]
    Draft,
    /// The goods are back.
    #[choice(zh = "已收货", label = "Received", tone = "good")]
    Done,
    /// Taken back.
    #[choice(zh = "已取消", tone = "bad")]
    Cancelled,
}

/// What a user may ask for.
#[derive(meta::Action, Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// The goods are back in stock, at the value they left with.
    /// 退货入库，按原出库成本计价。
    #[action(zh = "收货", primary, many)]
    Receive,
    /// Takes it back.
    /// 撤销退货。
    #[action(zh = "取消", danger)]
    Cancel,
}

impl Stage {
    /// The whole life cycle.
    pub fn after(self, action: &Action) -> Option<Stage> {
        match (self, action) {
            (Stage::Draft, Action::Receive) => Some(Stage::Done),
            (Stage::Draft | Stage::Done, Action::Cancel) => Some(Stage::Cancelled),
            _ => None,
        }
    }

    /// The life cycle as data.
    pub fn transitions() -> Vec<Transition> {
        life(&[Action::Receive, Action::Cancel], Stage::after)
    }
}
