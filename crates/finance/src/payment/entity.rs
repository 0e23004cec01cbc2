//! What a payment says.
#![allow(missing_docs, reason = "a field without a comment is explained by its label")]

use books::{AccountId, CompanyId, InvoiceId, ItemId, PartyId, UserId};
use kernel::{Amount, Currency, Date, Id, Rate};
use meta::{Choice, Entity, life};

use crate::settlement::Target;

/// Money that came in or went out, and what it pays.
/// 收到或付出的款项及其核销的单据。
#[derive(Entity)]
#[entity(
    prefix = "pm",
    zh = "收付款",
    title = "number",
    list = "number,direction,party,paid_on,amount,unallocated,stage",
    sort = "-paid_on",
    number = "PAY-{year}-{seq:05}",
    number_at = "post",
    number_by = "direction",
    index = "company,party",
    actions = "Action",
    stages = "Stage"
)]
pub struct Payment {
    pub id: Id<Payment>,
    #[field(zh = "公司")]
    pub company: CompanyId,
    #[field(zh = "编号", readonly, search, optional)]
    pub number: String,
    #[field(zh = "方向", group)]
    pub direction: Direction,
    /// Who paid, or is paid.
    /// 付款方或收款方。
    #[field(zh = "往来单位", search, group)]
    pub party: PartyId,
    #[field(zh = "日期", default = "today", index)]
    pub paid_on: Date,
    /// The bank or cash account.
    /// 银行或现金科目。
    #[field(zh = "账户", label = "Bank account", only = r#"["is_group","=",false]"#)]
    pub account: AccountId,
    #[field(zh = "币种")]
    pub currency: Currency,
    /// What one unit is worth in company currency on the day of the payment.
    /// 付款日汇率（一单位折合本位币）。
    #[field(zh = "汇率", label = "Exchange rate")]
    pub rate: Rate,
    /// Tick it when a rate that is far from the one of the day is meant: more than 20 % off, by
    /// itself or by what a line pays of an invoice in another currency.
    /// 汇率与当日汇率相差超过 20%（包括核销外币发票所隐含的汇率）时，勾选以确认无误。
    #[field(zh = "确认异常汇率", label = "Rate is meant")]
    pub rate_meant: bool,
    #[field(zh = "金额", currency = "currency", less = "direction=out")]
    pub amount: Amount,
    /// The amount in company currency at the payment's rate, as it is posted: money of several currencies has a sum there.
    /// 按付款汇率折合的本位币金额，与入账金额一致；不同币种的收付款可据此合计。
    #[field(
        zh = "金额（本位币）",
        label = "Amount in company currency",
        computed,
        currency = "company.currency",
        less = "direction=out"
    )]
    pub amount_base: Amount,
    #[field(zh = "核销", owned)]
    pub lines: Vec<PaymentLine>,
    /// What pays nothing yet: an advance.
    /// 未核销金额，作为预收款。
    #[field(zh = "未核销", computed, currency = "currency", less = "direction=out")]
    pub unallocated: Amount,
    #[field(zh = "银行流水号", search)]
    pub bank_reference: Option<String>,
    #[field(zh = "经办人")]
    pub owner: Option<UserId>,
    #[field(zh = "备注", long, optional)]
    pub note: String,
    #[field(zh = "状态", state, group)]
    pub stage: Stage,
    /// Names and addresses of both sides, as they were when the document left the house; a copy printed later shows them.
    /// 单据发出时双方的名称、地址和税号；以后补打的副本以此为准。
    #[field(zh = "抬头", readonly, hidden, optional, json, max = 60000)]
    pub letterhead: String,
    #[field(zh = "汇率来源币种", hidden)]
    pub rate_of: Option<Currency>,
}

/// What a payment pays of one invoice, or of one open item of a journal entry or an advance.
/// 对一张发票，或对手工凭证、预收预付款一条未清项的核销。
#[derive(Entity)]
#[entity(prefix = "pv", parent = "payment.lines", zh = "核销行")]
pub struct PaymentLine {
    pub id: Id<PaymentLine>,
    #[field(zh = "发票", only = r#"["stage","=","posted"]"#, along = "customer=parent.party")]
    pub invoice: Option<InvoiceId>,
    /// Instead of an invoice: what a journal entry, an opening balance or an advance left open.
    /// 代替发票：手工凭证、期初余额或预收预付款形成的未清项。
    #[field(
        zh = "未清项",
        label = "Open item",
        only = r#"["and",["doc_entity","in",["journal_entry","payment"]],["open_currency_amount","!=","0"]]"#,
        along = "party=parent.party"
    )]
    pub item: Option<ItemId>,
    /// Of the payment, in its currency.
    /// 占用的付款金额（付款币种）。
    #[field(zh = "付款金额", currency = "parent.currency")]
    pub amount: Option<Amount>,
    /// The currency of what is paid.
    /// 所核销发票或未清项的币种。
    #[field(zh = "发票币种", label = "Invoice currency")]
    pub currency: Option<Currency>,
    /// Off the invoice or item, in its currency.
    /// 核销的金额（发票或未清项币种）。
    #[field(zh = "核销金额", currency = "currency")]
    pub invoice_amount: Option<Amount>,
    /// Let off for paying early, in the invoice's currency: at most what the terms say.
    /// 现金折扣（发票币种），不超过付款条件所允许的金额。
    #[field(zh = "现金折扣", currency = "currency", optional)]
    pub discount: Amount,
    /// Given up, in the invoice's currency.
    /// 核销尾差（发票币种）。
    #[field(zh = "尾差核销", currency = "currency", optional)]
    pub write_off: Amount,
}

/// Which way the money goes.
#[derive(Choice, Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// To us.
    #[choice(zh = "收款", label = "Received", tone = "good")]
    In,
    /// From us.
    #[choice(zh = "付款", label = "Paid out", tone = "warn")]
    Out,
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
#[derive(meta::Action, Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// Puts it into the books.
    /// 过账到账簿。
    #[action(zh = "过账", primary, many)]
    Post,
    /// Uses what is left over for an invoice, or for an open item.
    /// 将未核销金额用于发票或未清项。
    #[action(zh = "核销")]
    Allocate {
        /// Which invoice.
        /// 发票。
        #[field(zh = "发票", only = r#"["stage","=","posted"]"#, along = "customer=party")]
        invoice: Option<InvoiceId>,
        /// Instead of an invoice: what a journal entry or another payment left open.
        /// 代替发票：手工凭证或其他收付款形成的未清项。
        #[field(
            zh = "未清项",
            label = "Open item",
            only = r#"["and",["doc_entity","in",["journal_entry","payment"]],["open_currency_amount","!=","0"]]"#,
            along = "party=party"
        )]
        item: Option<ItemId>,
        /// How much, in the payment's currency; all that fits unless said.
        /// 金额（付款币种）；留空则尽量核销。
        #[field(zh = "金额", currency = "currency")]
        amount: Option<Amount>,
    },
    /// Takes it off all that it paid: the invoices are open again, the money is kept as an advance.
    /// 解除全部核销：发票恢复未结，款项保留为预收款。
    #[action(zh = "解除核销", danger)]
    Release,
    /// Takes it back: what it paid is open again.
    /// 取消付款，恢复未结金额。
    #[action(zh = "取消", danger)]
    Cancel,
}

impl PaymentLine {
    /// What it pays.
    pub fn target(&self) -> Option<Target> {
        Target::of(self.invoice, self.item)
    }
}

impl Stage {
    /// The whole life cycle.
    pub fn after(self, action: &Action) -> Option<Stage> {
        match (self, action) {
            (Stage::Draft, Action::Post) => Some(Stage::Posted),
            (Stage::Posted, Action::Allocate { .. }) => Some(Stage::Posted),
            (Stage::Posted, Action::Release) => Some(Stage::Posted),
            (Stage::Posted, Action::Cancel) => Some(Stage::Cancelled),
            _ => None,
        }
    }

    fn transitions() -> Vec<meta::Transition> {
        let allocate = Action::Allocate { invoice: None, item: None, amount: None };
        life(&[Action::Post, allocate, Action::Release, Action::Cancel], Stage::after)
    }
}
