//! What the headers of quotations, orders and deliveries have in common. Pure.

use books::{PartyId, PaymentTermId, PlaceId, PriceListId, TaxPositionId, UserId};
use finance::read::DatedRate;
use kernel::{Amount, Currency, Date, Label, Rate, Refusal};
use meta::{Hint, NO_CURRENCY, Tone};

use crate::credit::Credit;
use crate::position_rules::Positions;

/// What is known of a customer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CustomerFacts {
    /// Who.
    pub id: PartyId,
    /// Whether we still deal with them.
    pub is_active: bool,
    /// Whether they are a customer at all.
    pub is_customer: bool,
    /// The legal entity: the parent, or themselves.
    pub legal: PartyId,
    /// The currency they pay in, if it is not ours.
    pub currency: Option<Currency>,
    /// When they pay.
    pub terms: Option<PaymentTermId>,
    /// Their price list.
    pub price_list: Option<PriceListId>,
    /// Their tax position: the one typed, or else the one that fits their country and tax number.
    pub tax_position: Option<TaxPositionId>,
    /// How much their legal entity may owe, if that is limited.
    pub credit_limit: Option<Amount>,
}

/// What completing a header needs to know.
#[derive(Clone, Copy, Debug)]
pub struct HeaderFacts {
    /// The customer; none while nobody is chosen.
    pub customer: Option<CustomerFacts>,
    /// Their credit.
    pub credit: Credit,
    /// The company's currency.
    pub company_currency: Currency,
    /// What one unit of the document's currency is worth in company currency, as far as it is known.
    pub dated: Option<DatedRate>,
    /// Who asks.
    pub user: Option<UserId>,
    /// Today.
    pub today: Date,
    /// The place goods are taken from unless said otherwise.
    pub home_place: Option<PlaceId>,
    /// Whether the terms are longer than any that were agreed, and whoever asks does not say what terms a customer has.
    pub terms_too_long: bool,
}

impl HeaderFacts {
    /// What one unit of the document's currency is worth in company currency, of whichever day.
    pub fn rate(&self) -> Option<Rate> {
        self.dated.map(|known| known.rate)
    }
}

/// What a header says so far.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Header {
    /// Who buys.
    pub customer: PartyId,
    /// The customer that currency, terms and price list were filled for: when it changes, they do.
    pub filled_for: Option<PartyId>,
    /// The document's currency.
    pub currency: Currency,
    /// The currency the rate was filled for.
    pub rate_of: Option<Currency>,
    /// What one unit of it is worth in company currency.
    pub rate: Rate,
    /// Whether that was agreed, however far it is from the one of the day.
    pub rate_meant: bool,
    /// When they pay.
    pub terms: Option<PaymentTermId>,
    /// The price list.
    pub price_list: Option<PriceListId>,
    /// The tax position, and the one the taxes of the lines were proposed for.
    pub positions: Positions,
    /// Whose sale it is.
    pub owner: Option<UserId>,
}

/// Why a header is refused.
#[derive(meta::Refusal)]
pub enum NotAHeader {
    /// Choose a customer.
    ///
    /// 请选择客户。
    #[refusal(kind = "Invalid", field = "customer")]
    NoCustomer,
    /// {customer} is not one of our customers. Mark them as a customer first.
    ///
    /// {customer} 不是客户，请先将其标记为客户。
    #[refusal(kind = "Invalid", field = "customer")]
    NotACustomer {
        /// Who.
        customer: (&'static str, i64),
    },
    /// We do not deal with {customer} any more. Make them active again first.
    ///
    /// {customer} 已停用，请先启用。
    #[refusal(kind = "NotNow", field = "customer")]
    Inactive {
        /// Who.
        customer: (&'static str, i64),
    },
    /// {customer} pays later under these terms than was agreed. Take the customer's terms or shorter ones, or ask a manager.
    ///
    /// 该付款条件比与 {customer} 约定的更长。请使用客户的付款条件或更短的条件，或请经理处理。
    #[refusal(kind = "NotAllowed", field = "terms")]
    LongerTerms {
        /// Who.
        customer: (&'static str, i64),
    },
    /// There is no exchange rate of {currency} for {on}. Add one, or type it.
    ///
    /// 没有 {currency} 在 {on} 的汇率，请新增或直接填写。
    #[refusal(kind = "Invalid", field = "rate")]
    NoRate {
        /// The currency.
        currency: String,
        /// The day.
        on: Date,
    },
    /// The rate {rate} of {currency} is far from {usual}, that of the day. Correct it, or tick “Rate is agreed”.
    ///
    /// {currency} 的汇率 {rate} 与当日汇率 {usual} 相差过大。请更正，或勾选“约定汇率”。
    #[refusal(kind = "Invalid", field = "rate_meant")]
    FarRate {
        /// Of which currency.
        currency: String,
        /// What was typed.
        rate: String,
        /// What it usually is.
        usual: String,
    },
}

/// Refuses a rate far from that of the day unless it is agreed: with a slip of the keys an order
/// would pass below any credit limit, and the books would say what nobody is owed.
pub fn fair_rate(currency: Currency, rate: Rate, is_meant: bool, facts: &HeaderFacts) -> Result<(), Refusal> {
    match facts.rate().filter(|usual| !is_meant && finance::read::is_far(rate, *usual)) {
        None => Ok(()),
        Some(usual) => Err(NotAHeader::FarRate {
            currency: currency.code().to_owned(),
            rate: rate.to_string(),
            usual: usual.to_string(),
        }
        .into()),
    }
}

/// What an amount is worth to credit, in company currency: at the rate of the day where that is
/// higher than the document's own, so that no rate makes a debt small. `base` is what it is worth
/// at the document's.
pub fn at_risk(amount: (Amount, Currency), base: Amount, rate: Rate, facts: &HeaderFacts) -> Amount {
    worth(amount, base, rate, facts.rate(), facts.company_currency)
}

/// The same, at a `usual` rate to the company's `own` currency.
pub(crate) fn worth(
    amount: (Amount, Currency),
    base: Amount,
    rate: Rate,
    usual: Option<Rate>,
    own: Currency,
) -> Amount {
    match usual.filter(|usual| amount.1 != own && rate < *usual) {
        None => base,
        Some(usual) => amount.0.convert(amount.1, own, usual).unwrap_or(base),
    }
}

/// What the customer says where the user said nothing. Knows no rate yet, so that facts can
/// be read for the currency it settles on.
pub fn defaults(mut header: Header, customer: Option<&CustomerFacts>, company_currency: Currency) -> Header {
    let is_other = header.filled_for.is_some_and(|known| known != header.customer);
    let is_first = header.filled_for.is_none();
    if let Some(customer) = customer {
        if header.currency == NO_CURRENCY || is_other {
            header.currency = customer.currency.unwrap_or(company_currency);
        }
        if (header.terms.is_none() && is_first) || is_other {
            header.terms = customer.terms;
        }
        if (header.price_list.is_none() && is_first) || is_other {
            header.price_list = customer.price_list;
        }
        if (header.positions.now.is_none() && is_first) || is_other {
            header.positions.now = customer.tax_position;
        }
        if is_first {
            // What its lines say already was typed, or agreed elsewhere.
            header.positions = header.positions.settled();
        }
        header.filled_for = Some(customer.id);
    }
    if header.currency == NO_CURRENCY {
        header.currency = company_currency;
    }
    header
}

/// Fills the whole header.
pub fn complete(header: Header, on: Date, facts: &HeaderFacts) -> Result<Header, Refusal> {
    let mut header = defaults(header, facts.customer.as_ref(), facts.company_currency);
    header.owner = header.owner.or(facts.user);
    let is_other = header.rate_of.is_some_and(|known| known != header.currency);
    if header.currency == facts.company_currency {
        header.rate = Rate::ONE;
    } else if header.rate <= Rate::ZERO || is_other {
        let currency = header.currency.code().to_owned();
        header.rate = facts.rate().ok_or(NotAHeader::NoRate { currency, on })?;
    }
    header.rate_of = Some(header.currency);
    match facts.customer {
        None => Err(NotAHeader::NoCustomer.into()),
        Some(customer) if !customer.is_customer => {
            Err(NotAHeader::NotACustomer { customer: ("party", customer.id.raw()) }.into())
        }
        Some(customer) if facts.terms_too_long => {
            Err(NotAHeader::LongerTerms { customer: ("party", customer.id.raw()) }.into())
        }
        Some(_) => Ok(header),
    }
}

/// Says when the rate is far from that of the day: it may be a slip, or agreed on. Or when that of the day is of long ago.
pub fn rate_hint(currency: Currency, rate: Rate, facts: &HeaderFacts) -> Option<Hint> {
    far_rate(currency, rate, facts).or_else(|| finance::read::old_rate_hint(currency, rate, facts.dated))
}

fn far_rate(currency: Currency, rate: Rate, facts: &HeaderFacts) -> Option<Hint> {
    let usual = facts.rate().filter(|usual| Rate::ZERO < rate && finance::read::is_far(rate, *usual))?;
    let text = Label::new(
        "The rate {rate} of {currency} is far from {usual}, that of the day. Correct it unless it is meant.",
        "{currency} 的汇率 {rate} 与当日汇率 {usual} 相差较大；如非有意请更正。",
    );
    let about = Refusal::new("far_rate", text)
        .with("currency", currency.code())
        .with("rate", rate.to_string())
        .with("usual", usual.to_string());
    Some(Hint { tone: Tone::Warn, about: about.field("rate") })
}

/// A customer we still deal with.
pub fn active_customer(facts: &HeaderFacts) -> Result<CustomerFacts, Refusal> {
    match facts.customer {
        None => Err(NotAHeader::NoCustomer.into()),
        Some(customer) if !customer.is_active => {
            Err(NotAHeader::Inactive { customer: ("party", customer.id.raw()) }.into())
        }
        Some(customer) => Ok(customer),
    }
}

#[cfg(test)]
mod tests {
    use kernel::Id;

    use super::*;
    use crate::testing;

    fn blank() -> Header {
        Header {
            customer: Id::new(3),
            filled_for: None,
            currency: NO_CURRENCY,
            rate_of: None,
            rate: Rate::ZERO,
            terms: None,
            price_list: None,
            positions: Positions::default(),
            rate_meant: false,
            owner: None,
        }
    }

    #[test]
    fn the_customer_says_what_the_user_does_not() {
        let header = complete(blank(), testing::day(), &testing::header()).unwrap();
        assert_eq!((header.currency, header.rate, header.terms), (Currency::EUR, Rate::ONE, Some(Id::new(5))));
        assert_eq!((header.filled_for, header.owner), (Some(Id::new(3)), Some(Id::new(1))));
    }

    #[test]
    fn what_the_user_took_away_stays_away() {
        let taken = Header { filled_for: Some(Id::new(3)), currency: Currency::EUR, ..blank() };
        assert_eq!(complete(taken, testing::day(), &testing::header()).unwrap().terms, None);
    }

    #[test]
    fn longer_terms_than_agreed_are_refused() {
        let facts = HeaderFacts { terms_too_long: true, ..testing::header() };
        let refused = complete(blank(), testing::day(), &facts).unwrap_err();
        assert_eq!((refused.problems[0].code, refused.problems[0].field.as_deref()), ("longer_terms", Some("terms")));
    }

    #[test]
    fn another_customer_brings_other_terms() {
        let other = Header { filled_for: Some(Id::new(4)), terms: Some(Id::new(9)), ..blank() };
        assert_eq!(complete(other, testing::day(), &testing::header()).unwrap().terms, Some(Id::new(5)));
    }

    #[test]
    fn the_tax_position_is_the_customers_until_somebody_chooses() {
        let mut facts = testing::header();
        facts.customer.as_mut().unwrap().tax_position = Some(Id::new(7));
        let positions = |now: Option<i64>, before: Option<i64>, filled_for: Option<i64>| {
            let positions = Positions { now: now.map(Id::new), before: before.map(Id::new) };
            let header = Header { positions, filled_for: filled_for.map(Id::new), ..blank() };
            let settled = complete(header, testing::day(), &facts).unwrap().positions;
            (settled.now.map(Id::raw), settled.before.map(Id::raw))
        };
        assert_eq!(positions(None, None, None), (Some(7), Some(7)), "a new document has that of its customer");
        assert_eq!(positions(Some(8), None, None), (Some(8), Some(8)), "or the one that is typed");
        assert_eq!(positions(None, Some(7), Some(3)), (None, Some(7)), "what is taken away stays away");
        assert_eq!(positions(Some(8), Some(8), Some(4)), (Some(7), Some(8)), "another customer brings theirs");
    }

    #[test]
    fn a_foreign_currency_needs_a_rate() {
        let dollars = Header { currency: Currency::USD, ..blank() };
        let facts = HeaderFacts { dated: None, ..testing::header() };
        assert_eq!(
            complete(dollars, testing::day(), &facts).unwrap_err().to_string(),
            "There is no exchange rate of USD for 2026-11-25. Add one, or type it."
        );
        let typed = Header { rate: Rate::parse("0.9").unwrap(), ..dollars };
        assert_eq!(complete(typed, testing::day(), &facts).unwrap().rate, Rate::parse("0.9").unwrap());
        let stale = Header { rate_of: Some(Currency::GBP), ..typed };
        let facts = HeaderFacts { dated: Rate::parse("0.8").ok().map(DatedRate::of), ..testing::header() };
        assert_eq!(complete(stale, testing::day(), &facts).unwrap().rate, Rate::parse("0.8").unwrap());
    }

    #[test]
    fn only_customers_buy() {
        let none = HeaderFacts { customer: None, ..testing::header() };
        assert_eq!(complete(blank(), testing::day(), &none).unwrap_err().to_string(), "Choose a customer.");
        let mut supplier = testing::header();
        supplier.customer.as_mut().unwrap().is_customer = false;
        assert_eq!(
            complete(blank(), testing::day(), &supplier).unwrap_err().to_string(),
            "#3 is not one of our customers. Mark them as a customer first."
        );
        let mut gone = testing::header();
        gone.customer.as_mut().unwrap().is_active = false;
        assert_eq!(
            active_customer(&gone).unwrap_err().to_string(),
            "We do not deal with #3 any more. Make them active again first."
        );
    }
}
