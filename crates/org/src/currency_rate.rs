//! Exchange rates, day by day.

use kernel::{Currency, Date, Id, Rate, Refusal};
use meta::{Document, Effects, Entity, Reader, Trouble, Want};

use crate::{Company, NoAction};

/// What one unit of a foreign currency is worth in the company's currency, from a day on.
/// 自某日起，一单位外币折合本位币的汇率。
#[derive(Entity, Clone, Debug)]
#[entity(
    prefix = "cx",
    kind = "setting",
    label = "Exchange rate",
    zh = "汇率",
    title = "currency,valid_on",
    list = "currency,valid_on,rate",
    sort = "-valid_on,currency",
    index = "unique:company,currency,valid_on"
)]
pub struct CurrencyRate {
    pub id: Id<CurrencyRate>,
    #[field(zh = "公司")]
    pub company: Id<Company>,
    #[field(zh = "币种", group)]
    pub currency: Currency,
    /// The first day it is valid; it stays valid until the next one.
    /// 生效日；在下一汇率生效前一直有效。
    #[field(zh = "生效日期", group, default = "today")]
    pub valid_on: Date,
    /// Company currency for one unit.
    /// 一单位外币折合的本位币。
    #[field(zh = "汇率")]
    pub rate: Rate,
}

/// Why a rate is not saved.
#[derive(meta::Refusal)]
pub enum NotARate {
    /// A rate is more than zero. Enter what one unit of {currency} is worth.
    ///
    /// 汇率必须大于零。请输入一单位 {currency} 折合的本位币。
    #[refusal(kind = "Invalid", field = "rate")]
    NotPositive {
        /// Of which currency.
        currency: String,
    },
    /// {currency} is the currency of the books and needs no rate. Choose a foreign one.
    ///
    /// {currency} 是记账本位币，无需汇率。请选择外币。
    #[refusal(kind = "Invalid", field = "currency")]
    OwnCurrency {
        /// Which currency.
        currency: String,
    },
}

impl Document for CurrencyRate {
    /// The company's currency.
    type Facts = Currency;
    type Action = NoAction;

    fn facts(_: &Self, _: &Want<NoAction>, reader: &dyn Reader) -> Result<Currency, Trouble> {
        Ok(reader.context().currency)
    }

    fn complete(doc: &mut Self, own: &Currency) -> Result<(), Refusal> {
        let currency = doc.currency.code().to_owned();
        match doc.rate {
            _ if doc.currency == *own => Err(NotARate::OwnCurrency { currency }.into()),
            rate if rate <= Rate::ZERO => Err(NotARate::NotPositive { currency }.into()),
            _ => Ok(()),
        }
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

    fn save(currency: Currency, rate: &str) -> &'static str {
        let mut doc = CurrencyRate {
            id: Id::new(0),
            company: Id::new(1),
            currency,
            valid_on: Date::MIN,
            rate: Rate::parse(rate).unwrap(),
        };
        CurrencyRate::complete(&mut doc, &Currency::CNY).map_or_else(|why| why.problems[0].code, |()| "saved")
    }

    #[test]
    fn a_rate_is_more_than_zero() {
        assert_eq!(save(Currency::EUR, "7.8"), "saved");
        assert_eq!(save(Currency::EUR, "0"), "not_positive");
        assert_eq!(save(Currency::EUR, "-1"), "not_positive");
        assert_eq!(save(Currency::CNY, "1"), "own_currency");
    }
}
