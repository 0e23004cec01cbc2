//! Goods that nobody ordered, shipped by somebody who does not sell: they are sold at what the price lists say.

use kernel::{Price, Rate, Refusal};

use super::facts::Paid;
use super::{Delivery, DeliveryLine, Facts};
use crate::line_rules::{self, Priced, Terms};

/// Why goods that nobody ordered are not sold this way.
#[derive(meta::Refusal)]
pub enum NotOfSales {
    /// The price of {product} is {price} here. Leave it empty to take that, or ask who sells for an order.
    ///
    /// {product} 的价目表单价为 {price}。请留空以采用该价，或请销售人员下订单。
    #[refusal(kind = "NotAllowed", field = "lines.price")]
    NotListedPrice {
        /// What.
        product: (&'static str, i64),
        /// At what.
        price: String,
    },
    /// No price list says what {product} costs the customer. Ask who sells for a price or an order.
    ///
    /// 没有 {product} 的价目表单价，请联系销售人员定价或下订单。
    #[refusal(kind = "NotAllowed", field = "lines.price")]
    NoListedPrice {
        /// What.
        product: (&'static str, i64),
    },
    /// A discount on {product} is given by who sells. Leave it empty, or ask them for an order.
    ///
    /// {product} 的折扣由销售人员给出。请留空，或请其下订单。
    #[refusal(kind = "NotAllowed", field = "lines.discount")]
    DiscountOfSales {
        /// What.
        product: (&'static str, i64),
    },
    /// Another tax on {product} is chosen by who sells. Take the usual one, or ask them for an order.
    ///
    /// {product} 改用其他税须由销售人员决定。请沿用默认税，或请其下订单。
    #[refusal(kind = "NotAllowed", field = "lines.tax")]
    TaxOfSales {
        /// What.
        product: (&'static str, i64),
    },
    /// In what a customer pays for goods that nobody ordered is said by who sells. Take the usual currency, or ask them for an order.
    ///
    /// 无订单发货的币种由销售人员决定。请沿用默认币种，或请其下订单。
    #[refusal(kind = "NotAllowed", field = "currency")]
    CurrencyOfSales,
    /// The exchange rate of goods that nobody ordered is said by who sells. Take that of the day, or ask them for an order.
    ///
    /// 无订单发货的汇率由销售人员约定。请沿用当日汇率，或请其下订单。
    #[refusal(kind = "NotAllowed", field = "rate")]
    RateOfSales,
    /// The tax position of goods that nobody ordered is chosen by who sells. Take the customer's, or ask them for an order.
    ///
    /// 无订单发货的税务方案由销售人员决定。请沿用客户的方案，或请其下订单。
    #[refusal(kind = "NotAllowed", field = "tax_position")]
    PositionOfSales,
}

/// What was proposed or stood there before is left as it is.
pub(super) fn check(doc: &Delivery, terms: &Terms, facts: &Facts) -> Result<(), Refusal> {
    let mut problems = header(doc, facts);
    let is_same_customer = facts.before.header.is_some_and(|(customer, _)| customer == doc.customer);
    for (row, line) in doc.lines.iter().enumerate() {
        problems
            .extend(of_line(line, is_same_customer, terms, facts).into_iter().map(|why| Refusal::from(why).row(row)));
    }
    if problems.is_empty() { Ok(()) } else { Err(Refusal::merge(problems)) }
}

fn header(doc: &Delivery, facts: &Facts) -> Vec<Refusal> {
    let Some(customer) = facts.header.customer else { return Vec::new() };
    let now = Paid::of(doc);
    let usual = Paid {
        currency: customer.currency.unwrap_or(facts.header.company_currency),
        rate: facts.header.rate().filter(|_| now.currency != facts.header.company_currency).unwrap_or(Rate::ONE),
        rate_meant: false,
        tax_position: customer.tax_position,
    };
    let before = facts.before.header.filter(|(who, _)| *who == doc.customer).map_or(usual, |(_, paid)| paid);
    let mut problems: Vec<Refusal> = Vec::new();
    if ![usual.currency, before.currency].contains(&now.currency) {
        problems.push(NotOfSales::CurrencyOfSales.into());
    }
    let is_told = |one: &Paid| (one.rate, one.rate_meant) == (now.rate, now.rate_meant);
    if ![usual, before].iter().any(is_told) {
        problems.push(NotOfSales::RateOfSales.into());
    }
    if ![usual.tax_position, before.tax_position].contains(&now.tax_position) {
        problems.push(NotOfSales::PositionOfSales.into());
    }
    problems
}

fn of_line(line: &DeliveryLine, is_same_customer: bool, terms: &Terms, facts: &Facts) -> Vec<NotOfSales> {
    let product = ("product", line.product.raw());
    let sold = (line.product.raw(), line.unit.raw());
    let before = facts.before.lines.get(&line.id.raw()).filter(|one| is_same_customer && one.sold == sold);
    let priced = Priced { product: line.product, unit: line.unit, product_qty: line.product_qty, tax: line.tax };
    let (price, tax) = line_rules::listed(&priced, terms, &facts.lines);
    let mut problems = Vec::new();
    if line.price != price && before.is_none_or(|one| one.price != line.price) {
        problems.push(match price.map(Price::text) {
            Some(price) => NotOfSales::NotListedPrice { product, price },
            None => NotOfSales::NoListedPrice { product },
        });
    }
    if !line.discount.is_zero() && before.is_none_or(|one| one.discount != line.discount) {
        problems.push(NotOfSales::DiscountOfSales { product });
    }
    if line.tax != tax && before.is_none_or(|one| one.tax != line.tax) {
        problems.push(NotOfSales::TaxOfSales { product });
    }
    problems
}
