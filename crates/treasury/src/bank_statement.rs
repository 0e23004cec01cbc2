//! Statements: what the bank said, as it said it. They are read, never typed.
#![allow(missing_docs, reason = "a field without a comment is explained by its label")]

use books::{AttachmentId, CompanyId};
use kernel::{Amount, Currency, Date, Id, Refusal};
use meta::{Choice, Document, Effects, Entity, Reader, Transition, Trouble, Want, life};

use crate::bank_account::BankAccount;
use crate::incoming::Incoming;

/// What the bank said of an account over some days; read from its file.
/// 银行对账单，由银行文件读取生成。
#[derive(Entity, Clone, Debug)]
#[entity(
    prefix = "bs",
    zh = "银行对账单",
    title = "number",
    list = "number,bank_account,bank_number,from_on,to_on,opening,closing,line_count,stage",
    sort = "-to_on",
    number = "BST-{year}-{seq:05}",
    index = "company,bank_account,to_on",
    actions = "Action",
    stages = "Stage"
)]
pub struct BankStatement {
    pub id: Id<BankStatement>,
    #[field(zh = "公司")]
    pub company: CompanyId,
    #[field(zh = "编号", readonly, search, optional)]
    pub number: String,
    #[field(zh = "银行账户", readonly, search, group)]
    pub bank_account: Id<BankAccount>,
    /// As the bank counts its statements.
    /// 银行对账单号。
    #[field(zh = "银行单号", label = "Number of the bank", readonly, search, optional)]
    pub bank_number: String,
    #[field(zh = "起始日", label = "From", readonly)]
    pub from_on: Date,
    #[field(zh = "截止日", label = "To", readonly, group)]
    pub to_on: Date,
    #[field(zh = "币种", readonly)]
    pub currency: Currency,
    /// What was there before; without bookings that were read before.
    /// 期初余额（不含此前已读取的交易）。
    #[field(zh = "期初余额", readonly, currency = "currency")]
    pub opening: Option<Amount>,
    #[field(zh = "收入合计", readonly, optional, currency = "currency")]
    pub money_in: Amount,
    #[field(zh = "支出合计", readonly, optional, currency = "currency")]
    pub money_out: Amount,
    #[field(zh = "期末余额", readonly, currency = "currency")]
    pub closing: Option<Amount>,
    #[field(zh = "交易笔数", label = "Bookings", readonly, optional)]
    pub line_count: i64,
    /// Bookings of the file that were read before, with another file.
    /// 文件中此前已读取的交易笔数。
    #[field(zh = "已读取笔数", label = "Known before", readonly, optional)]
    pub known_count: i64,
    /// The file it was read from.
    /// 读取来源文件。
    #[field(zh = "文件", readonly)]
    pub file: AttachmentId,
    #[field(zh = "交易", owned)]
    pub lines: Vec<BankStatementLine>,
    #[field(zh = "状态", state, group)]
    pub stage: Stage,
}

/// Money that came or went.
/// 一笔银行交易。
#[derive(Entity, Clone, Debug)]
#[entity(
    prefix = "bl",
    parent = "bank_statement.lines",
    zh = "银行交易",
    list = "booked_on,party_name,narrative,reference,party_account,amount"
)]
pub struct BankStatementLine {
    pub id: Id<BankStatementLine>,
    #[field(zh = "记账日", readonly)]
    pub booked_on: Date,
    /// What came in; below zero what went out.
    /// 收入为正，支出为负。
    #[field(zh = "金额", computed, currency = "parent.currency")]
    pub amount: Amount,
    /// Who paid, or was paid.
    /// 付款方或收款方。
    #[field(zh = "对方户名", label = "Other side", readonly, optional, max = 300)]
    pub party_name: String,
    #[field(zh = "摘要", readonly, optional, max = 2000)]
    pub narrative: String,
    #[field(zh = "凭证号", readonly, optional, max = 200)]
    pub reference: String,
    #[field(zh = "端到端标识", label = "End-to-end id", readonly, optional, max = 100)]
    pub end_to_end: String,
    #[field(zh = "对方账号", label = "Their account", readonly, optional, max = 100)]
    pub party_account: String,
    #[field(zh = "对方行号", label = "Their bank", readonly, optional, max = 200)]
    pub party_bank: String,
    #[field(zh = "起息日", label = "Value day", readonly)]
    pub value_on: Date,
    #[field(zh = "交易类型", readonly, optional, max = 100)]
    pub kind: String,
    /// By what the booking is known when it comes again.
    /// 用于识别重复交易的标识。
    #[field(zh = "识别码", readonly, hidden, max = 300)]
    pub identity: String,
}

/// Where it stands.
#[derive(Choice, Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// It holds.
    #[choice(zh = "已读取", tone = "good")]
    Read,
    /// As if it had never been read.
    #[choice(zh = "已作废", tone = "bad")]
    Discarded,
}

/// What may be done with it.
#[derive(meta::Action, Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// As if it had never been read: its file can be read again.
    /// 作废后视同未读取，文件可重新读取。
    #[action(zh = "作废", danger)]
    Discard,
}

impl Stage {
    /// The whole life cycle.
    pub fn after(self, action: &Action) -> Option<Stage> {
        match (self, action) {
            (Stage::Read, Action::Discard) => Some(Stage::Discarded),
            (Stage::Discarded, Action::Discard) => None,
        }
    }

    fn transitions() -> Vec<Transition> {
        life(&[Action::Discard], Stage::after)
    }
}

/// Why a statement is not discarded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, meta::Refusal)]
pub enum NotDiscarded {
    /// It is discarded already. Nothing is to be done.
    /// 已作废，无需操作。
    Already,
    /// Statements up to {until} follow it and begin where it ends. Discard the last one first.
    /// 其后至 {until} 的对账单以本单期末为期初，请先作废最后一份。
    #[refusal(kind = "Conflict")]
    OthersFollow {
        /// The last day of the last.
        until: Date,
    },
    /// Statements are read from files, not typed. Hang the file on the bank account and choose “Read statement”.
    /// 对账单由文件读取，不能手工录入。请将文件上传到银行账户后选择“读取对账单”。
    #[refusal(kind = "NotAllowed", field = "file")]
    NotTyped,
}

/// A text cut to what a column holds.
fn cut(text: &str, most: usize) -> String {
    text.chars().take(most).collect()
}

/// The statement that a file brings.
pub(crate) fn of(account: &BankAccount, file: AttachmentId, told: &Incoming) -> BankStatement {
    let amounts = || told.lines.iter().map(|(_, line)| line.amount);
    BankStatement {
        id: Id::new(0),
        company: account.company,
        number: String::new(),
        bank_account: account.id,
        bank_number: cut(&told.number, 200),
        from_on: told.from_on,
        to_on: told.to_on,
        currency: account.currency,
        opening: told.opening,
        money_in: amounts().filter(|amount| !amount.is_negative()).sum(),
        money_out: amounts().filter(|amount| amount.is_negative()).map(Amount::abs).sum(),
        closing: told.closing,
        line_count: told.lines.len() as i64,
        known_count: told.known as i64,
        file,
        lines: told
            .lines
            .iter()
            .map(|(identity, line)| BankStatementLine {
                id: Id::new(0),
                booked_on: line.booked_on,
                amount: line.amount,
                party_name: cut(&line.party_name, 300),
                narrative: cut(&line.narrative, 2000),
                reference: cut(&line.reference, 200),
                end_to_end: cut(&line.end_to_end, 100),
                party_account: cut(&line.party_account, 100),
                party_bank: cut(&line.party_bank, 200),
                value_on: line.value_on,
                kind: cut(&line.kind, 100),
                identity: cut(identity, 300),
            })
            .collect(),
        stage: Stage::Read,
    }
}

impl Document for BankStatement {
    /// The last day of the statements that follow it.
    type Facts = Option<Date>;
    type Action = Action;

    fn facts(doc: &Self, want: &Want<Action>, reader: &dyn Reader) -> Result<Option<Date>, Trouble> {
        let Want::Act(Action::Discard) = want else { return Ok(None) };
        let rows = reader.rows(
            "select to_on from bank_statement
             where company = ?1 and bank_account = ?2 and stage = 'read' and (?3 < to_on or to_on = ?3 and ?4 < id)
             order by to_on desc limit 1",
            &[reader.context().company.into(), doc.bank_account.raw().into(), doc.to_on.into(), doc.id.raw().into()],
        )?;
        Ok(rows.first().and_then(|row| row.date(0)))
    }

    fn complete(doc: &mut Self, _: &Option<Date>) -> Result<(), Refusal> {
        if doc.file.raw() == 0 { Err(NotDiscarded::NotTyped.into()) } else { Ok(()) }
    }

    fn ready(doc: &Self, action: &Action) -> Result<(), Refusal> {
        doc.stage.after(action).map(|_| ()).ok_or_else(|| NotDiscarded::Already.into())
    }

    fn decide(doc: &Self, action: &Action, follow: &Option<Date>) -> Result<(&'static str, Effects), Refusal> {
        let next = doc.stage.after(action).ok_or(NotDiscarded::Already)?;
        match *follow {
            Some(until) => Err(NotDiscarded::OthersFollow { until }.into()),
            None => Ok((next.code(), Effects::none())),
        }
    }

    fn open_stages() -> &'static [&'static str] {
        &[]
    }
}
