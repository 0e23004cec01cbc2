//! Payment terms: when an invoice is due, in one part or several.
#![allow(missing_docs, reason = "a field without a comment is explained by its label")]

use books::CompanyId;
use kernel::{Amount, Currency, Id, Rate, Refusal};
use meta::{Choice, Document, Effects, Entity, Fault, Reader, Trouble, Want};
use org::NoAction;

use crate::cash_rounding::CashRounding;
use crate::term_rules::{self, Instalment, Part, Share};

/// How many parts a due amount may have.
const PARTS_MAX: usize = 60;

/// When an invoice is due, in one part or several.
/// 付款条件：一次或分期到期。
#[derive(Entity)]
#[entity(
    prefix = "pt",
    kind = "master",
    steady,
    label = "Payment terms",
    plural = "Payment terms",
    zh = "付款条件",
    title = "name",
    list = "name,discount_rate,discount_days",
    sort = "name"
)]
pub struct PaymentTerm {
    pub id: Id<PaymentTerm>,
    #[field(zh = "公司")]
    pub company: CompanyId,
    #[field(zh = "名称", search)]
    pub name: String,
    /// What it is called on papers in English; empty: its name.
    /// 英文单据上的名称；留空则用名称。
    #[field(zh = "英文名称", label = "Name in English", optional, max = 80)]
    pub name_en: String,
    /// What it is called on papers in Chinese; empty: its name.
    /// 中文单据上的名称；留空则用名称。
    #[field(zh = "中文名称", label = "Name in Chinese", optional, max = 80)]
    pub name_zh: String,
    /// Taken off when paid early.
    /// 提前付款折扣率。
    #[field(zh = "现金折扣率", optional)]
    pub discount_rate: Rate,
    /// An amount taken off instead of a part, no more than the invoice comes to; only invoices
    /// in its currency have it.
    /// 以固定金额代替折扣率，最多减至零；仅适用于同币种的发票。
    #[field(zh = "现金折扣金额", currency = "discount_currency", optional)]
    pub discount_amount: Amount,
    /// Of the amount; the company's unless said.
    /// 折扣金额的币种；留空为本位币。
    #[field(zh = "折扣币种")]
    pub discount_currency: Option<Currency>,
    /// Within so many days.
    /// 折扣有效天数。
    #[field(zh = "折扣天数", optional)]
    pub discount_days: i64,
    /// Whether the discount is taken of the total, so that less tax is owed when it is paid early;
    /// of the net, so that the tax stays; or of the net with the lower tax in any case.
    /// 折扣按含税总额计算（同时减少税额），或仅按未税金额计算。
    #[field(zh = "折扣基数", default = "total")]
    pub discount_of: DiscountOf,
    /// How totals of invoices with these terms are rounded to what coins can pay.
    /// 使用该条件的发票合计如何舍入为现金可付金额。
    #[field(zh = "现金舍入", only = r#"["active","=",true]"#)]
    pub cash_rounding: Option<Id<CashRounding>>,
    #[field(zh = "分期", owned, at_least = 1)]
    pub lines: Vec<PaymentTermLine>,
}

/// What an early discount is taken of.
#[derive(Choice, Clone, Copy, Debug, PartialEq, Eq)]
pub enum DiscountOf {
    /// The total: the tax is lowered, too.
    #[choice(zh = "含税总额")]
    Total,
    /// The net: the tax stays as invoiced.
    #[choice(zh = "未税金额")]
    Net,
    /// The net, and the invoice carries the lower tax from the start, whenever it is paid.
    #[choice(label = "Net, with the lower tax from the start", zh = "未税金额，开票时即按减后金额计税")]
    Mixed,
}

/// One part and when it is due.
/// 一期及其到期规则。
#[derive(Entity)]
#[entity(prefix = "pi", parent = "payment_term.lines", zh = "付款期次")]
pub struct PaymentTermLine {
    pub id: Id<PaymentTermLine>,
    /// Which part of the total: 0.5 for half. The last part takes the rest.
    /// 占总额比例，一半填 0.5；最后一期取余额。
    #[field(zh = "比例", optional)]
    pub share_rate: Rate,
    /// An amount instead of a share, no more than is left of the total. The last part without an
    /// amount takes the rest.
    /// 以固定金额代替比例，不超过剩余金额；最后一个未填金额的期次取余额。
    #[field(zh = "金额", currency = "currency", optional)]
    pub amount: Amount,
    /// Of the amount; the company's unless said. Invoices in another currency have an amount of the
    /// company's at their rate.
    /// 金额的币种；留空为本位币。其他币种的发票按其汇率折算本位币金额。
    #[field(zh = "币种")]
    pub currency: Option<Currency>,
    #[field(zh = "月数", optional)]
    pub months: i64,
    #[field(zh = "天数", optional)]
    pub days: i64,
    /// Moved to the end of the month reached.
    /// 推至当月月末。
    #[field(zh = "月末")]
    pub end_of_month: bool,
    /// Days after that.
    /// 月末后再加天数。
    #[field(zh = "其后天数", optional)]
    pub days_after: i64,
}

/// Why terms cannot be saved like this.
#[derive(meta::Refusal)]
pub enum TermsWrong {
    /// The parts come to more than the whole. Make their shares sum to 1 or less; the last takes the rest.
    /// 各期比例之和超过 1，请调整；最后一期取余额。
    #[refusal(kind = "Invalid", field = "lines.share_rate")]
    MoreThanAll,
    /// Days and months lie between -366 and 3660. Correct them.
    /// 天数或月数超出范围（-366 至 3660），请更正。
    #[refusal(kind = "Invalid", field = "lines.days")]
    TooFar,
    /// This part could be due {days} days before the invoice's own day. Raise its months or days.
    /// 该期最早会在开票日之前 {days} 天到期，请增加月数或天数。
    #[refusal(kind = "Invalid", field = "lines.days")]
    BeforeItsDay {
        /// How many days too early.
        days: i64,
    },
    /// A part is a share or an amount, not both. Clear one of them.
    /// 每期只能填比例或金额之一，请清除其中一项。
    #[refusal(kind = "Invalid", field = "lines.amount")]
    ShareAndAmount,
    /// An amount is not below zero. Correct it.
    /// 金额不能为负，请更正。
    #[refusal(kind = "Invalid", field = "lines.amount")]
    AmountBelowZero,
    /// Amounts alone leave out what is more. Leave the amount of one part empty: it takes the rest.
    /// 每期都填金额会漏掉其余部分，请留空其中一期的金额，由其取余额。
    #[refusal(kind = "Invalid", field = "lines.amount")]
    NothingTakesTheRest,
    /// A discount lies between 0 and 1 (100 %). Write 0.02 for 2 %.
    /// 折扣率须在 0 到 1 之间，2% 请填 0.02。
    #[refusal(kind = "Invalid", field = "discount_rate")]
    StrangeDiscount,
    /// A discount is a part or an amount, not both. Clear one of them.
    /// 现金折扣只能是比例或金额之一，请清除其中一项。
    #[refusal(kind = "Invalid", field = "discount_amount")]
    PartAndAmount,
    /// A discount is not below zero. Correct it.
    /// 折扣金额不能为负，请更正。
    #[refusal(kind = "Invalid", field = "discount_amount")]
    BelowZero,
    /// A discount is given within 0 to 366 days. Correct the days.
    /// 折扣天数须在 0 到 366 之间，请更正。
    #[refusal(kind = "Invalid", field = "discount_days")]
    StrangeDays,
    /// Terms have at most 60 parts. Remove some.
    /// 最多 60 期，请减少。
    #[refusal(kind = "TooMuch", field = "lines")]
    TooMany,
}

/// When a part is due; how much of the total is not looked at.
fn dated(line: &PaymentTermLine) -> Instalment {
    Instalment {
        share: Share::Rest,
        months: line.months as i32,
        days: line.days as i32,
        end_of_month: line.end_of_month,
        days_after: line.days_after as i32,
    }
}

/// The parts of some terms, in their order; none where there are no such terms.
pub fn parts(terms: i64, reader: &dyn Reader) -> Result<Vec<Part>, Fault> {
    let rows = reader.steady_rows(
        "select share_rate, months, days, end_of_month, days_after, amount, currency
         from payment_term_line where parent = ?1 order by position",
        &[terms.into()],
    )?;
    let company = reader.context().currency;
    let amount = |row: &meta::Row| Amount::new(row.maybe_int(5).unwrap_or(0));
    let rest = rows.iter().rposition(|row| amount(row).is_zero());
    let part = |(index, row): (usize, &meta::Row)| Part {
        instalment: Instalment {
            share: match amount(row) {
                _ if rest == Some(index) => Share::Rest,
                Amount::ZERO => Share::Percent(Rate::new(row.int(0))),
                amount => Share::Amount(amount),
            },
            months: row.int(1) as i32,
            days: row.int(2) as i32,
            end_of_month: row.int(3) != 0,
            days_after: row.int(4) as i32,
        },
        currency: Currency::parse(row.text(6)).unwrap_or(company),
    };
    Ok(rows.iter().enumerate().map(part).collect())
}

/// Checks one part by itself and fills the currency of its amount.
fn check_part(line: &mut PaymentTermLine, company_currency: Currency) -> Result<(), TermsWrong> {
    let in_range = |number: i64| (-366..=3660).contains(&number);
    if !(in_range(line.months) && in_range(line.days) && in_range(line.days_after)) {
        return Err(TermsWrong::TooFar);
    }
    let early = term_rules::fewest_days(&dated(line));
    if early < 0 {
        return Err(TermsWrong::BeforeItsDay { days: i64::from(-early) });
    }
    if line.amount.is_negative() {
        return Err(TermsWrong::AmountBelowZero);
    }
    if !line.amount.is_zero() {
        if !line.share_rate.is_zero() {
            return Err(TermsWrong::ShareAndAmount);
        }
        line.currency.get_or_insert(company_currency);
    }
    Ok(())
}

impl Document for PaymentTerm {
    /// The company's currency.
    type Facts = Currency;
    type Action = NoAction;

    fn facts(_: &Self, _: &Want<NoAction>, reader: &dyn Reader) -> Result<Currency, Trouble> {
        Ok(reader.context().currency)
    }

    fn complete(doc: &mut Self, company_currency: &Currency) -> Result<(), Refusal> {
        if PARTS_MAX < doc.lines.len() {
            return Err(TermsWrong::TooMany.into());
        }
        for (row, line) in doc.lines.iter_mut().enumerate() {
            check_part(line, *company_currency).map_err(|why| Refusal::from(why).row(row))?;
        }
        if !doc.lines.is_empty() && doc.lines.iter().all(|line| !line.amount.is_zero()) {
            return Err(TermsWrong::NothingTakesTheRest.into());
        }
        let negative = doc.lines.iter().any(|line| line.share_rate.is_negative());
        let sum: i128 = doc.lines.iter().map(|line| i128::from(line.share_rate.raw())).sum();
        if negative || i128::from(Rate::ONE.raw()) < sum {
            return Err(TermsWrong::MoreThanAll.into());
        }
        if doc.discount_rate.is_negative() || Rate::ONE < doc.discount_rate {
            return Err(TermsWrong::StrangeDiscount.into());
        }
        if doc.discount_amount.is_negative() {
            return Err(TermsWrong::BelowZero.into());
        }
        if !doc.discount_amount.is_zero() {
            if !doc.discount_rate.is_zero() {
                return Err(TermsWrong::PartAndAmount.into());
            }
            doc.discount_currency.get_or_insert(*company_currency);
        }
        if !(0..=366).contains(&doc.discount_days) {
            return Err(TermsWrong::StrangeDays.into());
        }
        Ok(())
    }

    fn decide(_: &Self, action: &NoAction, _: &Currency) -> Result<(&'static str, Effects), Refusal> {
        match *action {}
    }

    fn ready(_: &Self, action: &NoAction) -> Result<(), Refusal> {
        match *action {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Parts such as `0.3 0 10; 0 1 0 2000`: share, months, days, and an amount in cents instead of a share.
    fn told(parts: &str, discount: &str) -> Result<(), &'static str> {
        completed(parts, discount, 0).map(|_| ())
    }

    /// The same with an amount in cents; gives its currency.
    fn completed(parts: &str, discount: &str, amount: i64) -> Result<Option<Currency>, &'static str> {
        let mut record = meta::Record::empty(PaymentTerm::meta());
        record.set("name", "terms").set("discount_rate", Rate::parse(discount).unwrap().raw());
        record.set("discount_amount", amount);
        let lines = parts.split(';').map(|part| {
            let words: Vec<&str> = part.split_whitespace().collect();
            let mut line = meta::Record::empty(PaymentTermLine::meta());
            line.set("share_rate", Rate::parse(words[0]).unwrap().raw());
            line.set("months", words[1].parse::<i64>().unwrap()).set("days", words[2].parse::<i64>().unwrap());
            line.set("amount", words.get(3).map_or(0, |cents| cents.parse::<i64>().unwrap()));
            line
        });
        record.set_owned("lines", lines.collect());
        let mut doc = PaymentTerm::from_record(&record).unwrap();
        let told = PaymentTerm::complete(&mut doc, &Currency::EUR);
        told.map(|()| doc.discount_currency).map_err(|refused| refused.problems[0].code)
    }

    #[test]
    fn a_discount_is_a_part_or_an_amount() {
        assert_eq!(completed("0 0 30", "0", 5000), Ok(Some(Currency::EUR)));
        assert_eq!(completed("0 0 30", "0.02", 0), Ok(None));
        assert_eq!(completed("0 0 30", "0.02", 5000), Err("part_and_amount"));
        assert_eq!(completed("0 0 30", "0", -1), Err("below_zero"));
    }

    #[test]
    fn parts_come_to_the_whole_at_most() {
        assert_eq!(told("0.3 0 0; 0 1 0", "0"), Ok(()));
        assert_eq!(told("0.5 0 0; 0.5 1 0", "0.02"), Ok(()));
        assert_eq!(told("0.6 0 0; 0.5 1 0", "0"), Err("more_than_all"));
        assert_eq!(told("-0.1 0 0; 0 1 0", "0"), Err("more_than_all"));
    }

    #[test]
    fn a_part_is_a_share_or_an_amount_and_one_takes_the_rest() {
        assert_eq!(told("0 0 0 30000; 0.5 0 30; 0 1 0", "0"), Ok(()));
        assert_eq!(told("0 0 30; 0 1 0 25000", "0"), Ok(()), "the first takes the rest");
        assert_eq!(told("0.3 0 0 30000; 0 1 0", "0"), Err("share_and_amount"));
        assert_eq!(told("0 0 0 -1; 0 1 0", "0"), Err("amount_below_zero"));
        assert_eq!(told("0 0 0 30000; 0 1 0 20000", "0"), Err("nothing_takes_the_rest"));
    }

    #[test]
    fn days_discounts_and_the_number_of_parts_have_limits() {
        assert_eq!(told("0 0 3661", "0"), Err("too_far"));
        assert_eq!(told("0 -367 0", "0"), Err("too_far"));
        assert_eq!(told("0 0 -1", "0"), Err("before_its_day"));
        assert_eq!(told("0 1 -28", "0"), Ok(()), "February is the shortest");
        assert_eq!(told("0 1 -29", "0"), Err("before_its_day"));
        assert_eq!(told("0 0 30", "1.01"), Err("strange_discount"));
        assert_eq!(told("0 0 30", "-0.01"), Err("strange_discount"));
        assert_eq!(told(&["0 0 1"; 61].join(";"), "0"), Err("too_many"));
        assert_eq!(told(&["0 0 1"; 60].join(";"), "0"), Ok(()));
    }
}
