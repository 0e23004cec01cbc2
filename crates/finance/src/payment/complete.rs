//! Fills what the user did not say, and refuses what cannot be paid.

use books::PartyId;
use kernel::{Amount, Currency, Date, Rate, Refusal};
use meta::NO_CURRENCY;

use super::facts::Facts;
use super::{Direction, Payment, PaymentLine, Stage, day_of, sign, signed};
use crate::settlement::{Target, TargetFacts, Targets};

/// Why a payment is not accepted.
#[derive(meta::Refusal)]
pub enum NotPaid {
    /// The amount must be more than zero, unless every line gives something up. Correct it, or fill in the write-offs.
    /// 金额必须大于零；仅当每行都填写尾差核销（坏账）时可以为零。请更正。
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
    /// What is used must be above zero. Enter how much, or leave it empty for all that fits.
    /// 核销金额必须大于零。请更正，或留空以尽量核销。
    #[refusal(kind = "Invalid", field = "amount")]
    UsesNothing,
    /// Of {invoice} only {open} is open. Reduce the amount.
    /// {invoice} 仅剩 {open} 未结，请减少金额。
    #[refusal(kind = "Conflict", field = "lines.invoice_amount")]
    MoreThanOpen {
        /// The invoice.
        invoice: Target,
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
    /// This line names neither an invoice nor an open item, or both. Choose one.
    /// 该行须填写发票或未清项之一，且不能同时填写。
    #[refusal(kind = "Invalid", field = "lines.invoice")]
    OneTarget,
    /// {invoice} is not open here: it was not posted, or it belongs to an invoice. Name the invoice, or choose from the list.
    /// {invoice} 不可在此核销：尚未过账，或属于某张发票。请填写发票，或从列表选择。
    #[refusal(kind = "Invalid", field = "lines.item")]
    NoTarget {
        /// What was named.
        invoice: Target,
    },
    /// {invoice} belongs to someone else. Choose an invoice of this party.
    /// {invoice} 不属于该往来单位，请选择其发票。
    #[refusal(kind = "Invalid", field = "lines.invoice")]
    OtherParty {
        /// The invoice.
        invoice: Target,
    },
    /// {invoice} stands here twice. Put it into one line.
    /// {invoice} 重复，请合并为一行。
    #[refusal(kind = "Invalid", field = "lines.invoice")]
    Twice {
        /// The invoice.
        invoice: Target,
    },
    /// This invoice is in {currency}. Correct the currency of the line.
    /// 该发票币种为 {currency}，请更正。
    #[refusal(kind = "Invalid", field = "lines.currency")]
    OtherCurrency {
        /// The invoice's.
        currency: String,
    },
    /// This payment is in {paid} and what is left of it settles only what is in {paid}; this is in {currency}. Choose one in {paid}, or cancel the payment and post it again with a line that says both amounts.
    /// 该付款币种为 {paid}，剩余金额只能核销 {paid} 的单据，所选单据币种为 {currency}。请另选，或取消付款后重录，在明细中填写两种币种的金额。
    #[refusal(kind = "Invalid", field = "invoice")]
    NotInItsCurrency {
        /// Of the payment.
        paid: String,
        /// Of the invoice.
        currency: String,
    },
    /// This item is in {currency}, and this payment in {paid}: what is left of it settles only what is in {paid}. Choose one in {paid}, or cancel the payment and post it again with a line that says both amounts.
    /// 所选未清项币种为 {currency}，该付款币种为 {paid}，只能核销 {paid} 的未清项。请另选，或取消付款后重录，在明细中填写两种币种的金额。
    #[refusal(kind = "Invalid", field = "item")]
    ItemNotInItsCurrency {
        /// Of the payment.
        paid: String,
        /// Of the item.
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
    /// {on} is still to come, and money counts when it is there. Post the payment on that day, or correct the day.
    /// {on} 尚未到来，款项到账后才能入账。请在当日过账，或更正日期。
    #[refusal(kind = "NotNow", field = "paid_on")]
    NotYet {
        /// The day of the payment.
        on: Date,
    },
    /// Nothing of this payment is left over. Use another payment.
    /// 该付款没有剩余可核销金额，请使用其他付款。
    #[refusal(kind = "NotNow")]
    NothingLeft,
    /// What this payment left over has been used already. Take that back first.
    /// 该款项的未核销部分已被使用，请先撤销其使用。
    #[refusal(kind = "Conflict")]
    UsedUp,
    /// This payment has paid nothing yet, so there is nothing to take it off.
    /// 该付款尚未核销任何单据，无需解除。
    #[refusal(kind = "NotNow")]
    NothingPaid,
    /// {invoice} lets off {most} at most when all of it is paid until {until}. Correct the discount, or use the write-off.
    /// {invoice} 须在 {until} 前全额付清，最多可享现金折扣 {most}。请更正折扣，或使用尾差核销。
    #[refusal(kind = "Invalid", field = "lines.discount")]
    NotEarly {
        /// The invoice.
        invoice: Target,
        /// How much at most.
        most: (Amount, Currency),
        /// The last day.
        until: Date,
    },
    /// The terms of {invoice} give no discount for paying early. Remove it, or use the write-off.
    /// {invoice} 的付款条件没有现金折扣，请删除，或使用尾差核销。
    #[refusal(kind = "Invalid", field = "lines.discount")]
    NoDiscount {
        /// The invoice.
        invoice: Target,
    },
    /// The account must be a bank or cash account. Choose one from the list.
    /// 科目须为银行或现金科目，请从列表选择。
    #[refusal(kind = "Invalid", field = "account")]
    NotMoney,
}

/// The currency a payment is in, named or not: then that of what it pays first, of the party, of the company.
pub(super) fn currency_of(doc: &Payment, targets: &Targets, party: Option<Currency>, company: Currency) -> Currency {
    if doc.currency != NO_CURRENCY {
        return doc.currency;
    }
    let first = doc.lines.first().and_then(PaymentLine::target).and_then(|one| targets.get(&one));
    first.map(|one| one.currency).or(party).unwrap_or(company)
}

pub(super) fn complete(doc: &mut Payment, facts: &Facts) -> Result<(), Refusal> {
    doc.currency = currency_of(doc, &facts.targets, facts.party_currency, facts.company_currency);
    let follows = recount(doc);
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
    // Without money something can be given up, and nothing else.
    let gives_up = !doc.lines.is_empty() && doc.lines.iter().all(|line| !line.write_off.is_zero());
    if doc.amount.is_negative() || doc.amount.is_zero() && !gives_up {
        return Err(NotPaid::NoAmount.into());
    }
    let mut left = doc.amount;
    let (party, currency, rate, direction) = (doc.party, doc.currency, doc.rate, doc.direction);
    let is_checked = doc.stage == Stage::Draft && !doc.rate_meant;
    let on = day_of(doc, facts.today);
    let mut seen = Vec::new();
    let mut problems = Vec::new();
    for (row, line) in doc.lines.iter_mut().enumerate() {
        let both = line.invoice.is_some() && line.item.is_some();
        let Some(target) = line.target().filter(|_| !both) else {
            problems.push(Refusal::from(NotPaid::OneTarget).row(row));
            continue;
        };
        if seen.contains(&target) {
            problems.push(Refusal::from(NotPaid::Twice { invoice: target }).row(row));
            continue;
        }
        seen.push(target);
        let Some(invoice) = facts.targets.get(&target) else {
            if let Target::Item(_) = target {
                problems.push(Refusal::from(NotPaid::NoTarget { invoice: target }).row(row));
            }
            continue;
        };
        let filled = fill(line, target, invoice, party, currency, rate, direction, left, on, facts);
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
    if follows {
        doc.amount = paid_by(&doc.lines);
        left = Amount::ZERO;
    }
    if left.is_negative() {
        return Err(NotPaid::MoreThanPaid { over: (-left, currency) }.into());
    }
    if doc.stage == Stage::Draft {
        doc.unallocated = left;
    }
    Ok(())
}

fn paid_by(lines: &[PaymentLine]) -> Amount {
    lines.iter().filter_map(|line| line.amount).sum()
}

/// A payment that is said to be in another currency: what its lines use of it is told anew where it is the number
/// of the currency before, so that none passes from one to the other. What a line says of both currencies stays.
/// Says whether the amount was what its lines use, and follows them.
fn recount(doc: &mut Payment) -> bool {
    let Some(before) = doc.rate_of.filter(|before| *before != doc.currency && doc.stage == Stage::Draft) else {
        return false;
    };
    // The same number, by the decimals of both currencies.
    let number = |amount: Option<Amount>, of: Currency| {
        amount.map(|amount| i128::from(amount.raw()) * 10_i128.pow(9 - of.decimals()))
    };
    let is_carried = |line: &PaymentLine| {
        let same = number(line.amount, doc.currency) == number(line.invoice_amount, before);
        line.currency.is_some_and(|own| own != before || same)
    };
    if doc.lines.is_empty() || !doc.lines.iter().all(is_carried) {
        return false;
    }
    let follows = paid_by(&doc.lines) == doc.amount;
    for line in &mut doc.lines {
        line.amount = None;
        if !follows {
            // The amount was typed: it pays what it can.
            line.invoice_amount = None;
        }
    }
    follows
}

/// Refuses a rate far from the usual one: a slip would pass for an exchange gain or loss.
fn near(currency: Currency, rate: Rate, usual: Rate) -> Result<(), Refusal> {
    match crate::read::is_far(rate, usual) {
        false => Ok(()),
        true => Err(NotPaid::FarRate {
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
    invoice: &TargetFacts,
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
    named: Target,
    invoice: &TargetFacts,
    party: PartyId,
    currency: Currency,
    rate: Rate,
    direction: Direction,
    left: Amount,
    on: Date,
    facts: &Facts,
) -> Result<Amount, Refusal> {
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
            let off = line.write_off + line.discount;
            let needed = to_payment(open - off)?;
            if needed <= left {
                (line.amount, line.invoice_amount) = (Some(needed), Some(open - off));
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
    let settled = there + line.write_off + line.discount;
    if !line.discount.is_zero() {
        let early = invoice.early.as_ref().ok_or(NotPaid::NoDiscount { invoice: named })?;
        let is_early =
            on <= early.until && settled == open && Amount::ZERO < line.discount && line.discount <= early.most;
        if !is_early {
            let most = (early.most, invoice.currency);
            return Err(NotPaid::NotEarly { invoice: named, most, until: early.until }.into());
        }
    }
    let beyond = open.abs() < settled.abs() || (!settled.is_zero() && settled.is_negative() != open.is_negative());
    if beyond || line.write_off.is_negative() != settled.is_negative() && !line.write_off.is_zero() {
        return Err(NotPaid::MoreThanOpen { invoice: named, open: (open, invoice.currency) }.into());
    }
    Ok(paid)
}
