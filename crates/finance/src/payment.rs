//! Payments: money in or out, what it pays, and what is left over.
//!
//! ```text
//! dr bank           the payment, at its own rate
//! dr write-off      what is given up
//! cr receivable     what is paid, at the rate it was owed at
//! cr advance        what pays nothing yet
//! dr/cr exchange    the difference between the two rates
//! ```
#![allow(missing_docs, reason = "a field without a comment is explained by its label")]

use std::collections::BTreeMap;

use books::{
    AccountId, Clearing, Commitment, CommitmentKind, CompanyId, DocRef, Entry, EntryLine, InvoiceId, PartyId, Posting,
    Progress, UserId,
};
use kernel::{Amount, Currency, Date, Id, Rate, Refusal, split};
use meta::{Change, Choice, Document, Effects, Entity, NO_CURRENCY, Reader, Record, Trouble, Want, life};

use crate::journal_entry::{label_of, not_now};
use crate::read::{self, Accounts, Open};

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
    #[field(zh = "金额", currency = "currency")]
    pub amount: Amount,
    #[field(zh = "核销", owned)]
    pub lines: Vec<PaymentLine>,
    /// What pays nothing yet: an advance.
    /// 未核销金额，作为预收款。
    #[field(zh = "未核销", computed, currency = "currency")]
    pub unallocated: Amount,
    #[field(zh = "银行流水号", search)]
    pub bank_reference: Option<String>,
    #[field(zh = "经办人")]
    pub owner: Option<UserId>,
    #[field(zh = "备注", long, optional)]
    pub note: String,
    #[field(zh = "状态", state, group)]
    pub stage: Stage,
    #[field(zh = "汇率来源币种", hidden)]
    pub rate_of: Option<Currency>,
}

/// What a payment pays of one invoice.
/// 对一张发票的核销。
#[derive(Entity)]
#[entity(prefix = "pv", parent = "payment.lines", zh = "核销行")]
pub struct PaymentLine {
    pub id: Id<PaymentLine>,
    #[field(zh = "发票", only = r#"["stage","=","posted"]"#)]
    pub invoice: InvoiceId,
    /// Of the payment, in its currency.
    /// 占用的付款金额（付款币种）。
    #[field(zh = "付款金额", currency = "parent.currency")]
    pub amount: Option<Amount>,
    /// The invoice's currency.
    /// 发票币种。
    #[field(zh = "发票币种", label = "Invoice currency")]
    pub currency: Option<Currency>,
    /// Off the invoice, in its currency.
    /// 核销的发票金额（发票币种）。
    #[field(zh = "核销金额", currency = "currency")]
    pub invoice_amount: Option<Amount>,
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
    /// Uses what is left over for an invoice.
    /// 将未核销金额用于发票。
    #[action(zh = "核销")]
    Allocate {
        /// Which invoice.
        /// 发票。
        #[field(zh = "发票", only = r#"["stage","=","posted"]"#)]
        invoice: InvoiceId,
        /// How much, in the payment's currency; all that fits unless said.
        /// 金额（付款币种）；留空则尽量核销。
        #[field(zh = "金额", currency = "currency")]
        amount: Option<Amount>,
    },
    /// Takes it back: what it paid is open again.
    /// 取消付款，恢复未结金额。
    #[action(zh = "取消", danger)]
    Cancel,
}

impl Stage {
    /// The whole life cycle.
    pub fn after(self, action: &Action) -> Option<Stage> {
        match (self, action) {
            (Stage::Draft, Action::Post) => Some(Stage::Posted),
            (Stage::Posted, Action::Allocate { .. }) => Some(Stage::Posted),
            (Stage::Posted, Action::Cancel) => Some(Stage::Cancelled),
            _ => None,
        }
    }

    fn transitions() -> Vec<meta::Transition> {
        life(&[Action::Post, Action::Allocate { invoice: Id::new(0), amount: None }, Action::Cancel], Stage::after)
    }
}

/// Why a payment is not accepted.
#[derive(meta::Refusal)]
pub enum NotPaid {
    /// The amount must be more than zero. Correct it.
    /// 金额必须大于零，请更正。
    #[refusal(kind = "Invalid", field = "amount")]
    NoAmount,
    /// There is no exchange rate of {currency} for {on}. Add one, or type it.
    /// 没有 {currency} 在 {on} 的汇率，请新增或直接填写。
    #[refusal(kind = "Invalid", field = "rate")]
    NoRate {
        /// The currency.
        currency: String,
        /// The day.
        on: Date,
    },
    /// Of {invoice} only {open} is open. Reduce the amount.
    /// {invoice} 仅剩 {open} 未结，请减少金额。
    #[refusal(kind = "Conflict", field = "lines.invoice_amount")]
    MoreThanOpen {
        /// The invoice.
        invoice: (&'static str, i64),
        /// What is open.
        open: (Amount, Currency),
    },
    /// The lines use more than the payment: {over} too much. Reduce them.
    /// 核销合计超出付款金额 {over}，请减少。
    #[refusal(kind = "Invalid", field = "lines.amount")]
    MoreThanPaid {
        /// By how much.
        over: (Amount, Currency),
    },
    /// {invoice} belongs to someone else. Choose an invoice of this party.
    /// {invoice} 不属于该往来单位，请选择其发票。
    #[refusal(kind = "Invalid", field = "lines.invoice")]
    OtherParty {
        /// The invoice.
        invoice: (&'static str, i64),
    },
    /// {invoice} stands here twice. Put it into one line.
    /// {invoice} 重复，请合并为一行。
    #[refusal(kind = "Invalid", field = "lines.invoice")]
    Twice {
        /// The invoice.
        invoice: (&'static str, i64),
    },
    /// This invoice is in {currency}. Correct the currency of the line.
    /// 该发票币种为 {currency}，请更正。
    #[refusal(kind = "Invalid", field = "lines.currency")]
    OtherCurrency {
        /// The invoice's.
        currency: String,
    },
    /// Payment and invoice are both in {currency}, so this line must take off as much as it pays: {amount}. Put a difference into the write-off.
    /// 付款与发票币种同为 {currency}，核销金额须等于付款金额 {amount}；差额请填入尾差核销。
    #[refusal(kind = "Invalid", field = "lines.invoice_amount")]
    NotTheSame {
        /// The currency of both.
        currency: String,
        /// What is paid.
        amount: (Amount, Currency),
    },
    /// A line that pays takes something off, in the same direction. Correct its amounts.
    /// 有付款即须有核销，且方向一致，请更正金额。
    #[refusal(kind = "Invalid", field = "lines.amount")]
    OtherWay,
    /// The rate {rate} of {currency} is far from {usual}, that of the day. Correct the rate or the amounts, or tick “Rate is meant”.
    /// {currency} 的汇率 {rate} 与当日汇率 {usual} 相差过大。请更正汇率或金额，或勾选“确认异常汇率”。
    #[refusal(kind = "Invalid", field = "rate_meant")]
    FarRate {
        /// Of which currency.
        currency: String,
        /// What it comes to.
        rate: String,
        /// What it usually is.
        usual: String,
    },
    /// Nothing of this payment is left over. Use another payment.
    /// 该付款没有剩余可核销金额，请使用其他付款。
    #[refusal(kind = "NotNow")]
    NothingLeft,
    /// The account must be a bank or cash account. Choose one from the list.
    /// 科目须为银行或现金科目，请从列表选择。
    #[refusal(kind = "Invalid", field = "account")]
    NotMoney,
}

/// What is known of an invoice to be paid.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InvoiceFacts {
    /// Whose it is.
    pub party: PartyId,
    /// The legal entity whose credit it uses.
    pub legal: PartyId,
    /// Its currency.
    pub currency: Currency,
    /// Its day.
    pub issued_on: Date,
    /// What is open of it, by when it is due.
    pub open: Vec<Open>,
    /// Its total, negative for a credit note.
    pub total: Amount,
    /// What one unit of its currency is worth on the day of the payment.
    pub rate: Option<Rate>,
    /// What this payment has settled of it already, with the sign of what was open.
    pub settled: Amount,
    /// Its lines that invoice a line of an order: which, and what they come to.
    pub order_lines: Vec<(i64, Amount)>,
    /// What its other lines come to.
    pub other: Amount,
}

impl InvoiceFacts {
    fn open(&self) -> Amount {
        self.open.iter().map(|item| item.currency_amount).sum()
    }
}

/// What completing and deciding need to know.
#[derive(Clone, Debug)]
pub struct Facts {
    /// The company's currency.
    pub company_currency: Currency,
    /// The business day.
    pub today: Date,
    /// Accounts by use.
    pub accounts: Accounts,
    /// Invoices by id.
    pub invoices: BTreeMap<i64, InvoiceFacts>,
    /// The rate of the payment's currency on its day, if known.
    pub rate: Option<Rate>,
    /// What is left of this payment as an advance.
    pub advance: Vec<Open>,
    /// Whether the account holds money; its own currency.
    pub is_money: bool,
    /// The party's currency.
    pub party_currency: Option<Currency>,
}

impl Document for Payment {
    type Facts = Facts;
    type Action = Action;

    fn facts(doc: &Self, want: &Want<Action>, reader: &dyn Reader) -> Result<Facts, Trouble> {
        let context = reader.context();
        let on = day_of(doc, context.today);
        let mut wanted: Vec<i64> = doc.lines.iter().map(|line| line.invoice.raw()).collect();
        if let Want::Act(Action::Allocate { invoice, .. }) = want {
            wanted.push(invoice.raw());
        }
        if let Want::Act(Action::Cancel) = want {
            wanted.extend(settled_invoices(doc, reader)?);
        }
        let mut invoices = BTreeMap::new();
        for id in wanted {
            if let Some(facts) = invoice(id, doc, on, reader)? {
                invoices.insert(id, facts);
            }
        }
        let accounts = reader.rows("select used_for from account where id = ?1", &[doc.account.raw().into()])?;
        let party = reader.rows("select currency from party where id = ?1", &[doc.party.raw().into()])?;
        Ok(Facts {
            company_currency: context.currency,
            today: context.today,
            accounts: read::accounts(reader)?,
            invoices,
            rate: read::rate(doc.currency, on, reader)?,
            advance: if doc.id.raw() == 0 { Vec::new() } else { read::open_of("payment", doc.id.raw(), reader)? },
            is_money: accounts.first().is_some_and(|row| matches!(row.text(0), "bank" | "cash")),
            party_currency: party.first().and_then(|row| Currency::parse(row.text(0))),
        })
    }

    fn complete(doc: &mut Self, facts: &Facts) -> Result<(), Refusal> {
        complete(doc, facts)
    }

    fn ready(doc: &Self, action: &Action) -> Result<(), Refusal> {
        if doc.stage.after(action).is_none() {
            return Err(not_now(label_of(doc.stage), meta::Action::name(action)));
        }
        match action {
            Action::Allocate { .. } if doc.unallocated.is_zero() => Err(NotPaid::NothingLeft.into()),
            _ => Ok(()),
        }
    }

    fn decide(doc: &Self, action: &Action, facts: &Facts) -> Result<(&'static str, Effects), Refusal> {
        let next = doc.stage.after(action).ok_or_else(|| not_now(label_of(doc.stage), meta::Action::name(action)))?;
        let effects = match action {
            Action::Post => post(doc, facts)?,
            Action::Allocate { invoice, amount } => allocate(doc, *invoice, *amount, facts)?,
            Action::Cancel => {
                let change = facts.invoices.iter().flat_map(|(id, invoice)| reopened(*id, invoice)).collect();
                Effects { change, ..Effects::undo() }
            }
        };
        Ok((next.code(), effects))
    }

    fn sources() -> &'static [&'static str] {
        &["invoice"]
    }

    fn prefill(from: &Record, reader: &dyn Reader) -> Result<Option<Self>, Trouble> {
        prefill(from, reader)
    }
}

fn settled_invoices(doc: &Payment, reader: &dyn Reader) -> Result<Vec<i64>, Trouble> {
    let rows = reader.rows(
        "select distinct o.doc_id from clearing c
         join entry_line l on l.id = c.entry_line
         join entry e on e.id = l.entry
         join open_item o on o.id = c.item
         where e.doc_entity = 'payment' and e.doc_id = ?1 and o.doc_entity = 'invoice'",
        &[doc.id.raw().into()],
    )?;
    Ok(rows.iter().map(|row| row.int(0)).collect())
}

fn invoice(id: i64, doc: &Payment, on: Date, reader: &dyn Reader) -> Result<Option<InvoiceFacts>, Trouble> {
    let rows = reader.rows(
        "select i.customer, i.currency, i.kind, i.total, coalesce(p.parent, p.id), i.issued_on
         from invoice i join party p on p.id = i.customer
         where i.id = ?1 and i.company = ?2 and i.stage = 'posted'",
        &[id.into(), reader.context().company.into()],
    )?;
    let Some(row) = rows.first() else { return Ok(None) };
    let currency = Currency::parse(row.text(1)).unwrap_or(reader.context().currency);
    let settled = reader.rows(
        "select coalesce(sum(c.currency_amount), 0) from clearing c
         join open_item o on o.id = c.item
         join entry_line l on l.id = c.entry_line
         join entry e on e.id = l.entry
         where o.doc_entity = 'invoice' and o.doc_id = ?1 and e.doc_entity = 'payment' and e.doc_id = ?2",
        &[id.into(), doc.id.raw().into()],
    )?;
    let lines = reader.rows(
        "select order_line, sum(total) from invoice_line where parent = ?1 group by order_line order by order_line",
        &[id.into()],
    )?;
    let total = Amount::new(row.int(3));
    Ok(Some(InvoiceFacts {
        party: Id::new(row.int(0)),
        legal: Id::new(row.int(4)),
        currency,
        issued_on: row.date(5).unwrap_or(on),
        open: read::open_of("invoice", id, reader)?,
        total: if row.text(2) == "credit_note" { -total } else { total },
        rate: read::rate(currency, on, reader)?,
        settled: -Amount::new(settled.first().map_or(0, |row| row.int(0))),
        order_lines: lines.iter().filter_map(|row| Some((row.maybe_int(0)?, Amount::new(row.int(1))))).collect(),
        other: lines.iter().filter(|row| row.maybe_int(0).is_none()).map(|row| Amount::new(row.int(1))).sum(),
    }))
}

/// Its day; today while none is typed.
fn day_of(doc: &Payment, today: Date) -> Date {
    if doc.paid_on == Date::MIN { today } else { doc.paid_on }
}

fn sign(direction: Direction) -> i64 {
    match direction {
        Direction::In => 1,
        Direction::Out => -1,
    }
}

fn signed(amount: Amount, sign: i64) -> Amount {
    if sign < 0 { -amount } else { amount }
}

fn complete(doc: &mut Payment, facts: &Facts) -> Result<(), Refusal> {
    if doc.currency == NO_CURRENCY {
        let first = doc.lines.first().and_then(|line| facts.invoices.get(&line.invoice.raw()));
        doc.currency = first.map(|one| one.currency).or(facts.party_currency).unwrap_or(facts.company_currency);
    }
    if doc.currency == facts.company_currency {
        doc.rate = Rate::ONE;
    } else if doc.rate.raw() <= 0 || doc.rate_of != Some(doc.currency) && doc.rate_of.is_some() {
        let currency = doc.currency.code().to_owned();
        doc.rate = facts.rate.ok_or(NotPaid::NoRate { currency, on: day_of(doc, facts.today) })?;
    }
    doc.rate_of = Some(doc.currency);
    if let Some(usual) = facts.rate.filter(|_| doc.stage == Stage::Draft && !doc.rate_meant) {
        near(doc.currency, doc.rate, usual)?;
    }
    if doc.account.raw() == 0 {
        doc.account = facts.accounts.used_for("bank")?;
    } else if !facts.is_money {
        return Err(NotPaid::NotMoney.into());
    }
    if doc.amount <= Amount::ZERO {
        return Err(NotPaid::NoAmount.into());
    }
    let mut left = doc.amount;
    let (party, currency, rate, direction) = (doc.party, doc.currency, doc.rate, doc.direction);
    let is_checked = doc.stage == Stage::Draft && !doc.rate_meant;
    let on = day_of(doc, facts.today);
    let mut seen = Vec::new();
    let mut problems = Vec::new();
    for (row, line) in doc.lines.iter_mut().enumerate() {
        if seen.contains(&line.invoice) {
            problems.push(Refusal::from(NotPaid::Twice { invoice: ("invoice", line.invoice.raw()) }).row(row));
            continue;
        }
        seen.push(line.invoice);
        let Some(invoice) = facts.invoices.get(&line.invoice.raw()) else { continue };
        let filled = fill(line, invoice, party, currency, rate, direction, left, on, facts);
        let told = filled.and_then(|used| {
            if is_checked { fair(line, invoice, currency, rate, facts) } else { Ok(()) }.map(|()| used)
        });
        match told {
            Ok(used) => left -= used,
            Err(refusal) => problems.push(refusal.row(row)),
        }
    }
    if !problems.is_empty() {
        return Err(Refusal::merge(problems));
    }
    if left.is_negative() {
        return Err(NotPaid::MoreThanPaid { over: (-left, currency) }.into());
    }
    if doc.stage == Stage::Draft {
        doc.unallocated = left;
    }
    Ok(())
}

/// By how much a rate may differ from that of the day, in parts of a hundred.
const FAR_PERCENT: i128 = 20;

/// Refuses a rate far from the usual one: a slip would pass for an exchange gain or loss.
fn near(currency: Currency, rate: Rate, usual: Rate) -> Result<(), Refusal> {
    let (is, should) = (i128::from(rate.raw()), i128::from(usual.raw()));
    match (is - should).abs() * 100 <= should * FAR_PERCENT {
        true => Ok(()),
        false => Err(NotPaid::FarRate {
            currency: currency.code().to_owned(),
            rate: rate.to_string(),
            usual: usual.to_string(),
        }
        .into()),
    }
}

/// What a line pays of an invoice in another currency is worth about what it takes off.
fn fair(
    line: &PaymentLine,
    invoice: &InvoiceFacts,
    currency: Currency,
    rate: Rate,
    facts: &Facts,
) -> Result<(), Refusal> {
    let (paid, there) = (line.amount.unwrap_or_default(), line.invoice_amount.unwrap_or_default());
    let (Some(usual), false, false) = (invoice.rate, currency == invoice.currency, there.is_zero()) else {
        return Ok(());
    };
    let company = facts.company_currency;
    let Some(base) = paid.convert(currency, company, rate) else { return Ok(()) };
    let expected = there.convert(invoice.currency, company, usual).unwrap_or_default();
    // A few of the smallest coins are a matter of rounding, whatever part they are of the amount.
    if (base - expected).abs() <= Amount::new(ROUNDING_MAX) || expected.is_zero() {
        return Ok(());
    }
    let implied = Amount::new(usual.raw()).scale(base.raw(), expected.raw()).map_or(usual, |raw| Rate::new(raw.raw()));
    near(invoice.currency, implied, usual).map_err(|why| why.field("lines.invoice_amount"))
}

/// How many of the smallest coins a conversion there and back may be off.
const ROUNDING_MAX: i64 = 100;

#[allow(clippy::too_many_arguments)]
fn fill(
    line: &mut PaymentLine,
    invoice: &InvoiceFacts,
    party: PartyId,
    currency: Currency,
    rate: Rate,
    direction: Direction,
    left: Amount,
    on: Date,
    facts: &Facts,
) -> Result<Amount, Refusal> {
    let named = ("invoice", line.invoice.raw());
    if invoice.party != party {
        return Err(NotPaid::OtherParty { invoice: named }.into());
    }
    if line.currency.is_some_and(|said| said != invoice.currency) {
        return Err(NotPaid::OtherCurrency { currency: invoice.currency.code().to_owned() }.into());
    }
    line.currency = Some(invoice.currency);
    let invoice_rate = || -> Result<Rate, Refusal> {
        let code = invoice.currency.code().to_owned();
        invoice.rate.ok_or_else(|| NotPaid::NoRate { currency: code, on }.into())
    };
    let company = facts.company_currency;
    let to_invoice = |amount: Amount| -> Result<Amount, Refusal> {
        if currency == invoice.currency {
            return Ok(amount);
        }
        let base = amount.convert(currency, company, rate);
        let there = invoice_rate()?;
        base.and_then(|base| base.convert_inverse(company, invoice.currency, there))
            .ok_or_else(|| NotPaid::NoAmount.into())
    };
    let to_payment = |amount: Amount| -> Result<Amount, Refusal> {
        if currency == invoice.currency {
            return Ok(amount);
        }
        let base = amount.convert(invoice.currency, company, invoice_rate()?);
        base.and_then(|base| base.convert_inverse(company, currency, rate)).ok_or_else(|| NotPaid::NoAmount.into())
    };
    let open = signed(invoice.open(), sign(direction));
    match (line.amount, line.invoice_amount) {
        (Some(_), Some(_)) => {}
        (Some(amount), None) => {
            // What is left of the invoice by less than the rounding of a conversion is paid in full.
            let there = to_invoice(amount)?;
            line.invoice_amount = Some(there);
        }
        (None, Some(there)) => line.amount = Some(to_payment(there)?),
        (None, None) => {
            let needed = to_payment(open - line.write_off)?;
            if needed <= left {
                (line.amount, line.invoice_amount) = (Some(needed), Some(open - line.write_off));
            } else {
                (line.amount, line.invoice_amount) = (Some(left), Some(to_invoice(left)?));
            }
        }
    }
    let (paid, there) = (line.amount.unwrap_or_default(), line.invoice_amount.unwrap_or_default());
    // Without this a cent could clear any invoice, and the rest would pass for an exchange loss.
    if currency == invoice.currency && paid != there {
        return Err(NotPaid::NotTheSame { currency: currency.code().to_owned(), amount: (paid, currency) }.into());
    }
    // Nothing on one side is right only where the conversion rounds to nothing.
    let one_sided = match (paid.is_zero(), there.is_zero()) {
        (true, true) => false,
        (true, false) => !to_payment(there)?.is_zero(),
        (false, true) => !to_invoice(paid)?.is_zero(),
        (false, false) => paid.is_negative() != there.is_negative(),
    };
    if one_sided {
        return Err(NotPaid::OtherWay.into());
    }
    let settled = there + line.write_off;
    let beyond = open.abs() < settled.abs() || (!settled.is_zero() && settled.is_negative() != open.is_negative());
    if beyond || line.write_off.is_negative() != settled.is_negative() && !line.write_off.is_zero() {
        return Err(NotPaid::MoreThanOpen { invoice: named, open: (open, invoice.currency) }.into());
    }
    Ok(paid)
}

/// The state of an invoice when so much of it is open.
pub fn payment_state(total: Amount, open: Amount) -> &'static str {
    if open.is_zero() {
        "full"
    } else if open == total {
        "none"
    } else {
        "partial"
    }
}

fn changed(id: i64, invoice: &InvoiceFacts, open: Amount) -> [Change; 2] {
    let doc = DocRef { entity: "invoice", id };
    [
        Change { doc, field: "open_amount", value: open.raw().into() },
        Change { doc, field: "payment_state", value: payment_state(invoice.total, open).into() },
    ]
}

fn reopened(id: i64, invoice: &InvoiceFacts) -> Vec<Change> {
    match invoice.settled.is_zero() {
        true => Vec::new(),
        false => changed(id, invoice, invoice.open() + invoice.settled).into(),
    }
}

/// What the lines of orders are paid further when so much is settled: each has its share of
/// what is settled of the invoice, to the cent, and all of it in the end.
fn paid(invoice: &InvoiceFacts, settled: Amount) -> Vec<Progress> {
    let mut weights: Vec<i64> = invoice.order_lines.iter().map(|(_, total)| total.raw()).collect();
    weights.push(invoice.other.raw());
    if invoice.order_lines.is_empty() || weights.iter().sum::<i64>() <= 0 {
        return Vec::new();
    }
    let before = invoice.total - invoice.open();
    let (now, then) = (split(before + settled, &weights), split(before, &weights));
    let steps = invoice.order_lines.iter().zip(now.iter().zip(&then)).map(|((line, _), (now, then))| Progress {
        entity: "sales_order",
        line: *line,
        field: "paid_amount",
        by: (*now - *then).raw(),
    });
    steps.filter(|step| step.by != 0).collect()
}

/// Lines being collected for one entry.
struct Lines<'a> {
    lines: Vec<EntryLine>,
    progress: Vec<Progress>,
    commitments: Vec<Commitment>,
    facts: &'a Facts,
    doc: &'a Payment,
}

impl Lines<'_> {
    fn add(&mut self, account: AccountId, amount: Amount) {
        if !amount.is_zero() {
            let line = EntryLine::plain(account, amount, self.facts.company_currency);
            self.lines.push(EntryLine { party: Some(self.doc.party), ..line });
        }
    }

    /// The difference between the rates: a debit is a loss.
    fn exchange(&mut self, amount: Amount) -> Result<(), Refusal> {
        if amount.is_zero() {
            return Ok(());
        }
        let which = if amount.is_negative() { "exchange_gain" } else { "exchange_loss" };
        let account = self.facts.accounts.used_for(which)?;
        self.add(account, amount);
        Ok(())
    }

    /// Takes an amount off an invoice. Gives what that is in company currency.
    fn settle(&mut self, id: i64, invoice: &InvoiceFacts, amount: Amount) -> Result<Amount, Refusal> {
        let open = (invoice.open(), invoice.currency);
        let taken =
            read::take(&invoice.open, amount).ok_or(NotPaid::MoreThanOpen { invoice: ("invoice", id), open })?;
        let mut whole = Amount::ZERO;
        for (item, part, base) in taken {
            whole += base;
            self.lines.push(EntryLine {
                currency: item.currency,
                currency_amount: -part,
                party: item.party,
                clearing: Clearing::Settles(item.item),
                ..EntryLine::plain(item.account, -base, self.facts.company_currency)
            });
        }
        self.progress.extend(paid(invoice, amount));
        self.commitments.push(Commitment {
            party: invoice.legal,
            kind: CommitmentKind::Invoiced,
            amount: -whole,
            doc_line: None,
        });
        Ok(whole)
    }
}

fn post(doc: &Payment, facts: &Facts) -> Result<Effects, Refusal> {
    let sign = sign(doc.direction);
    let base = doc.amount.convert(doc.currency, facts.company_currency, doc.rate).ok_or(NotPaid::NoAmount)?;
    let mut weights: Vec<i64> = doc.lines.iter().map(|line| line.amount.unwrap_or_default().raw()).collect();
    weights.push(doc.unallocated.raw());
    // The payment's value is shared over what it pays; the shares sum to it exactly.
    let shares = split(base, &weights);
    let mut lines = Lines { lines: Vec::new(), progress: Vec::new(), commitments: Vec::new(), facts, doc };
    lines.lines.push(EntryLine {
        currency: doc.currency,
        currency_amount: signed(doc.amount, sign),
        party: Some(doc.party),
        ..EntryLine::plain(doc.account, signed(base, sign), facts.company_currency)
    });
    let mut change = Vec::new();
    for (line, share) in doc.lines.iter().zip(&shares) {
        let id = line.invoice.raw();
        let Some(invoice) = facts.invoices.get(&id) else {
            return Err(NotPaid::MoreThanOpen { invoice: ("invoice", id), open: (Amount::ZERO, doc.currency) }.into());
        };
        let settled = signed(line.invoice_amount.unwrap_or_default() + line.write_off, sign);
        let whole = lines.settle(id, invoice, settled)?;
        let given_up = match line.write_off.is_zero() {
            true => Amount::ZERO,
            false => whole.scale(signed(line.write_off, sign).raw(), settled.raw()).ok_or(NotPaid::NoAmount)?,
        };
        if !given_up.is_zero() {
            lines.add(facts.accounts.used_for("write_off")?, given_up);
        }
        lines.exchange(whole - given_up - signed(*share, sign))?;
        change.extend(changed(id, invoice, invoice.open() - settled));
    }
    let rest = signed(*shares.last().unwrap_or(&Amount::ZERO), sign);
    if !doc.unallocated.is_zero() {
        lines.lines.push(EntryLine {
            currency: doc.currency,
            currency_amount: -signed(doc.unallocated, sign),
            party: Some(doc.party),
            due_on: Some(doc.paid_on),
            clearing: Clearing::Opens,
            ..EntryLine::plain(facts.accounts.used_for("advance_received")?, -rest, facts.company_currency)
        });
    }
    let entry = Entry::balanced("bank", doc.paid_on, doc.bank_reference.clone().unwrap_or_default(), lines.lines)?;
    let posting = Posting {
        entries: vec![entry],
        commitments: lines.commitments,
        progress: lines.progress,
        ..Posting::default()
    };
    Ok(Effects { posting, change, ..Effects::none() })
}

/// Uses an advance: nothing moves in the bank, the advance and the invoice clear each other.
fn allocate(doc: &Payment, invoice: InvoiceId, amount: Option<Amount>, facts: &Facts) -> Result<Effects, Refusal> {
    let named = ("invoice", invoice.raw());
    let Some(target) = facts.invoices.get(&invoice.raw()) else {
        return Err(NotPaid::MoreThanOpen { invoice: named, open: (Amount::ZERO, doc.currency) }.into());
    };
    if target.party != doc.party {
        return Err(NotPaid::OtherParty { invoice: named }.into());
    }
    if target.currency != doc.currency {
        return Err(NotPaid::OtherCurrency { currency: target.currency.code().to_owned() }.into());
    }
    let sign = sign(doc.direction);
    let left = doc.unallocated;
    let open = signed(target.open(), sign);
    let amount = amount.unwrap_or(left.min(open));
    if amount <= Amount::ZERO || open < amount {
        return Err(NotPaid::MoreThanOpen { invoice: named, open: (open, target.currency) }.into());
    }
    if left < amount {
        return Err(NotPaid::MoreThanPaid { over: (amount - left, doc.currency) }.into());
    }
    let mut lines = Lines { lines: Vec::new(), progress: Vec::new(), commitments: Vec::new(), facts, doc };
    let taken = read::take(&facts.advance, -signed(amount, sign)).ok_or(NotPaid::NothingLeft)?;
    let mut used = Amount::ZERO;
    for (item, part, base) in taken {
        used += base;
        lines.lines.push(EntryLine {
            currency: item.currency,
            currency_amount: -part,
            party: item.party,
            clearing: Clearing::Settles(item.item),
            ..EntryLine::plain(item.account, -base, facts.company_currency)
        });
    }
    let whole = lines.settle(invoice.raw(), target, signed(amount, sign))?;
    lines.exchange(whole + used)?;
    // The day it is used, not the day it was paid: that may lie before the invoice, or in closed books.
    let on = facts.today.max(doc.paid_on).max(target.issued_on);
    let entry = Entry::balanced("bank", on, "", lines.lines)?;
    let posting = Posting {
        entries: vec![entry],
        commitments: lines.commitments,
        progress: lines.progress,
        ..Posting::default()
    };
    let change = changed(invoice.raw(), target, target.open() - signed(amount, sign)).into();
    let set = vec![("unallocated", (left - amount).raw().into())];
    Ok(Effects { posting, change, set, ..Effects::none() })
}

fn prefill(from: &Record, reader: &dyn Reader) -> Result<Option<Payment>, Trouble> {
    if from.meta.name != "invoice" || from.stage() != Some("posted") {
        return Ok(None);
    }
    let open: Amount = read::open_of("invoice", from.id, reader)?.iter().map(|item| item.currency_amount).sum();
    if open.is_zero() {
        return Ok(None);
    }
    let currency = from.get("currency").text().and_then(Currency::parse);
    let mut record = Record::empty(Payment::meta());
    let direction = if open.is_negative() { Direction::Out } else { Direction::In };
    record.set("direction", direction.code()).set("party", from.get("customer").clone());
    record.set("currency", currency.map(|one| one.code().to_owned())).set("amount", open.abs().raw());
    record.set("paid_on", reader.context().today).set("stage", Stage::Draft.code());
    let mut payment = Payment::from_record(&record)?;
    payment.lines = vec![PaymentLine {
        id: Id::new(0),
        invoice: Id::new(from.id),
        amount: Some(open.abs()),
        currency,
        invoice_amount: Some(open.abs()),
        write_off: Amount::ZERO,
    }];
    Ok(Some(payment))
}

#[cfg(test)]
#[path = "payment_tests.rs"]
mod tests;
