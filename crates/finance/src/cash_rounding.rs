//! Cash rounding: totals that coins can pay.
//!
//! ```text
//! 10.02 CHF, coins of 0.05   → 10.00, a line of −0.02 to the account of losses
//!                            or 10.00, the biggest tax 0.02 less
//! ```
#![allow(missing_docs, reason = "a field without a comment is explained by its label")]

use books::{AccountId, CompanyId};
use kernel::{Amount, Currency, Id, Refusal, Rounding};
use meta::{Choice, Document, Effects, Entity, Fault, NO_CURRENCY, Reader, Trouble, Want};
use org::NoAction;

use crate::tax_rules::{TaxedDocument, TooLarge, cash_rounding};

/// How a total becomes one that coins can pay: Swiss francs by 0.05, for example. Terms bring
/// it to invoices, or it is chosen there.
/// 现金舍入：把合计舍入到可用硬币支付的金额，例如瑞士法郎 0.05；可由付款条件带出，也可在发票上选择。
#[derive(Entity)]
#[entity(
    prefix = "cr",
    kind = "master",
    steady,
    zh = "现金舍入",
    label = "Cash rounding",
    plural = "Cash roundings",
    title = "name",
    list = "name,currency,coin,method,strategy,active",
    sort = "name"
)]
pub struct CashRounding {
    pub id: Id<CashRounding>,
    #[field(zh = "公司")]
    pub company: CompanyId,
    #[field(zh = "名称", search)]
    pub name: String,
    /// The currency of the coins; documents in another are not rounded by it.
    /// 硬币的币种；其他币种的单据不使用。
    #[field(zh = "币种", group)]
    pub currency: Currency,
    /// The smallest coin in use, such as 0.05: totals become multiples of it.
    /// 流通的最小硬币，如 0.05；合计舍入为其整数倍。
    #[field(zh = "最小硬币", label = "Smallest coin", currency = "currency")]
    pub coin: Amount,
    #[field(zh = "舍入方法", default = "half_up")]
    pub method: Method,
    /// Where the difference goes.
    /// 舍入差额的去向。
    #[field(zh = "差额处理", default = "extra_line")]
    pub strategy: Strategy,
    /// Where what the customer pays more is posted, if not to the account used for rounding differences.
    /// 客户多付部分的科目；留空则用“尾差”科目。
    #[field(zh = "收益科目", label = "Account of gains", only = r#"["is_group","=",false]"#)]
    pub gain_account: Option<AccountId>,
    /// Where what the customer pays less is posted, if not to the account used for rounding differences.
    /// 客户少付部分的科目；留空则用“尾差”科目。
    #[field(zh = "损失科目", label = "Account of losses", only = r#"["is_group","=",false]"#)]
    pub loss_account: Option<AccountId>,
    #[field(zh = "启用", default = "true")]
    pub active: bool,
}

/// To which multiple of the coin a total is rounded.
#[derive(Choice, Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// To the nearest; exactly half goes up.
    #[choice(label = "Nearest, half up", zh = "四舍五入")]
    HalfUp,
    /// To the nearest; exactly half goes to the even multiple.
    #[choice(label = "Nearest, half to even", zh = "四舍六入五成双")]
    HalfEven,
    /// To the next above.
    #[choice(zh = "向上")]
    Up,
    /// To the next below.
    #[choice(zh = "向下")]
    Down,
}

/// Where the difference goes.
#[derive(Choice, Clone, Copy, Debug, PartialEq, Eq)]
pub enum Strategy {
    /// A line of its own below the tax, posted as a gain or a loss.
    #[choice(label = "A line of its own", zh = "单列舍入行")]
    ExtraLine,
    /// The biggest tax; a document without tax gets a line of its own.
    #[choice(label = "The biggest tax", zh = "并入最大税额")]
    BiggestTax,
}

/// Why a rounding cannot be saved like this.
#[derive(meta::Refusal)]
pub enum RoundingWrong {
    /// A coin is worth more than nothing. Type the smallest one in use, such as 0.05.
    /// 硬币金额须大于零，请填写流通的最小硬币，如 0.05。
    #[refusal(kind = "Invalid", field = "coin")]
    NoCoin,
    /// Something is posted to the account {account} only through the accounts below it. Choose one of those.
    /// 科目 {account} 为汇总科目，请选择其下级科目。
    #[refusal(kind = "Invalid", field = "gain_account")]
    GroupAccount {
        /// Which.
        account: (&'static str, i64),
    },
}

/// What a document needs to know of a rounding.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Coins {
    /// Their currency.
    pub currency: Currency,
    /// The smallest.
    pub coin: Amount,
    /// To which multiple.
    pub mode: Rounding,
    /// Where the difference goes.
    pub strategy: Strategy,
    /// Where gains are posted, if not to the usual account.
    pub gain_account: Option<AccountId>,
    /// Where losses are posted, if not to the usual account.
    pub loss_account: Option<AccountId>,
}

impl Coins {
    /// The document as coins can pay it, and what a line of its own adds to that; nothing where
    /// a tax carries the difference.
    pub fn round(&self, taxed: TaxedDocument) -> Result<(TaxedDocument, Amount), TooLarge> {
        let difference = cash_rounding(taxed.gross, self.coin, self.mode)?;
        Ok(self.carry(taxed, difference))
    }

    /// The document with so much more, where coins pay it: carried as [`Coins::round`] says.
    pub fn carry(&self, taxed: TaxedDocument, difference: Amount) -> (TaxedDocument, Amount) {
        if difference.is_zero() || self.strategy == Strategy::ExtraLine {
            return (taxed, difference);
        }
        match taxed.clone().round_biggest_tax(difference) {
            Some(carried) => (carried, Amount::ZERO),
            None => (taxed, difference),
        }
    }

    /// Where a difference is posted: what the customer pays more is a gain.
    pub fn account(&self, difference: Amount) -> Option<AccountId> {
        if difference.is_negative() { self.loss_account } else { self.gain_account }
    }
}

/// The rounding a document names, and the one its terms bring: each with its id.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Roundings {
    /// Named on the document.
    pub named: Option<(i64, Coins)>,
    /// Brought by the terms.
    pub of_terms: Option<(i64, Coins)>,
}

/// Reads them.
pub fn roundings(named: Option<i64>, terms: Option<i64>, reader: &dyn Reader) -> Result<Roundings, Fault> {
    if named.is_none() && terms.is_none() {
        return Ok(Roundings::default());
    }
    let (named, terms) = (named.unwrap_or(0), terms.unwrap_or(0));
    let rows = reader.steady_rows("select cash_rounding from payment_term where id = ?1", &[terms.into()])?;
    let of_terms = rows.first().and_then(|row| row.maybe_int(0)).unwrap_or(0);
    let one = |id: i64| -> Result<Option<(i64, Coins)>, Fault> {
        let sql = "select currency, coin, method, strategy, gain_account, loss_account from cash_rounding
            where id = ?1 and company = ?2";
        if id == 0 {
            return Ok(None);
        }
        let rows = reader.steady_rows(sql, &[id.into(), reader.context().company.into()])?;
        Ok(rows.first().map(|row| (id, coins(row))))
    };
    Ok(Roundings { named: one(named)?, of_terms: one(of_terms)? })
}

fn coins(row: &meta::Row) -> Coins {
    Coins {
        currency: Currency::parse(row.text(0)).unwrap_or(NO_CURRENCY),
        coin: Amount::new(row.int(1).max(1)),
        mode: match Method::of(row.text(2)) {
            Some(Method::HalfEven) => Rounding::HalfEven,
            Some(Method::Up) => Rounding::Up,
            Some(Method::Down) => Rounding::Down,
            Some(Method::HalfUp) | None => Rounding::HalfUp,
        },
        strategy: Strategy::of(row.text(3)).unwrap_or(Strategy::ExtraLine),
        gain_account: row.maybe_int(4).map(Id::new),
        loss_account: row.maybe_int(5).map(Id::new),
    }
}

/// What saving a rounding needs to know.
#[derive(Clone, Copy, Debug)]
pub struct Facts {
    company_currency: Currency,
    /// An account that only sums up others, and whether it is the one of gains.
    group: Option<(AccountId, bool)>,
}

impl Document for CashRounding {
    type Facts = Facts;
    type Action = NoAction;

    fn facts(doc: &Self, _: &Want<NoAction>, reader: &dyn Reader) -> Result<Facts, Trouble> {
        let mut group = None;
        for (account, is_gain) in [(doc.gain_account, true), (doc.loss_account, false)] {
            let Some(account) = account else { continue };
            let sql = "select 1 from account where id = ?1 and is_group = 1";
            if !reader.rows(sql, &[account.raw().into()])?.is_empty() {
                group = Some((account, is_gain));
            }
        }
        Ok(Facts { company_currency: reader.context().currency, group })
    }

    fn complete(doc: &mut Self, facts: &Facts) -> Result<(), Refusal> {
        if doc.currency == NO_CURRENCY {
            doc.currency = facts.company_currency;
        }
        if doc.coin <= Amount::ZERO {
            return Err(RoundingWrong::NoCoin.into());
        }
        if let Some((account, is_gain)) = facts.group {
            let refusal = Refusal::from(RoundingWrong::GroupAccount { account: ("account", account.raw()) });
            return Err(refusal.field(if is_gain { "gain_account" } else { "loss_account" }));
        }
        Ok(())
    }

    fn decide(_: &Self, action: &NoAction, _: &Facts) -> Result<(&'static str, Effects), Refusal> {
        match *action {}
    }

    fn ready(_: &Self, action: &NoAction) -> Result<(), Refusal> {
        match *action {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tax_rules::{TaxKind, TaxRounding, TaxRule, TaxableAmount, tax_amounts};
    use kernel::{Qty, Rate};

    /// `net + tax + line = total` of one amount at 15 %, or without tax.
    fn rounded(amount: &str, rate: &str, coin: &str, mode: Rounding, strategy: Strategy) -> String {
        let eur = |text| Amount::parse(text, Currency::EUR).unwrap();
        let tax = TaxRule {
            id: 1,
            kind: TaxKind::Percent,
            rate: Rate::parse(rate).unwrap(),
            included: false,
            raises_base: false,
            base_affected: false,
        };
        let taxes = if rate == "0" { Vec::new() } else { vec![tax] };
        let lines = [TaxableAmount { amount: eur(amount), qty: Qty::whole(1), taxes: &taxes }];
        let taxed = tax_amounts(&lines, Currency::EUR, TaxRounding::PerLine).unwrap();
        let (gain_account, loss_account) = (Some(Id::new(1)), Some(Id::new(2)));
        let coins = Coins { currency: Currency::EUR, coin: eur(coin), mode, strategy, gain_account, loss_account };
        let (taxed, line) = coins.round(taxed).unwrap();
        let told = [taxed.net, taxed.tax, line, taxed.gross + line].map(|one| one.text(Currency::EUR));
        format!("{} + {} + {} = {}", told[0], told[1], told[2], told[3])
    }

    #[test]
    fn a_line_or_the_biggest_tax_carries_the_difference() {
        use Strategy::{BiggestTax, ExtraLine};
        for (amount, rate, strategy, expected) in [
            ("10.02", "0", ExtraLine, "10.02 + 0.00 + -0.02 = 10.00"),
            ("10.03", "0", ExtraLine, "10.03 + 0.00 + 0.02 = 10.05"),
            ("10.00", "0.15", ExtraLine, "10.00 + 1.50 + 0.00 = 11.50"),
            ("10.02", "0.15", ExtraLine, "10.02 + 1.50 + -0.02 = 11.50"),
            ("10.02", "0.15", BiggestTax, "10.02 + 1.48 + 0.00 = 11.50"),
            ("10.02", "0", BiggestTax, "10.02 + 0.00 + -0.02 = 10.00"),
        ] {
            assert_eq!(rounded(amount, rate, "0.05", Rounding::HalfUp, strategy), expected, "{amount} {rate}");
        }
    }

    #[test]
    fn every_method_goes_its_way() {
        for (mode, amount, total) in [
            (Rounding::HalfUp, "10.50", "11.00"),
            (Rounding::HalfEven, "10.50", "10.00"),
            (Rounding::Up, "10.01", "11.00"),
            (Rounding::Down, "10.99", "10.00"),
        ] {
            let told = rounded(amount, "0", "1.00", mode, Strategy::ExtraLine);
            assert!(told.ends_with(&format!("= {total}")), "{mode:?}: {told}");
        }
    }

    fn told(coin: i64, group: Option<(AccountId, bool)>) -> Result<Currency, (&'static str, String)> {
        let mut record = meta::Record::empty(CashRounding::meta());
        record.set("name", "coins").set("coin", coin);
        let mut doc = CashRounding::from_record(&record).unwrap();
        let facts = Facts { company_currency: Currency::EUR, group };
        CashRounding::complete(&mut doc, &facts)
            .map(|()| doc.currency)
            .map_err(|why| (why.problems[0].code, why.problems[0].field.clone().unwrap_or_default()))
    }

    #[test]
    fn a_coin_is_worth_something_and_groups_take_no_postings() {
        assert_eq!(told(5, None), Ok(Currency::EUR));
        assert_eq!(told(0, None), Err(("no_coin", "coin".to_owned())));
        assert_eq!(told(-5, None), Err(("no_coin", "coin".to_owned())));
        let group = |is_gain| told(5, Some((Id::new(9), is_gain)));
        assert_eq!(group(true), Err(("group_account", "gain_account".to_owned())));
        assert_eq!(group(false), Err(("group_account", "loss_account".to_owned())));
    }
}
