//! When a document is due, in which parts, and what paying early saves.
//!
//! Everything mirrors: the parts and the discount of a credit note are the opposites of those
//! of the invoice it credits, so fixed amounts are written without sign.

use kernel::{Amount, Currency, Date, Rate, Rounding, SCALE, div_round, split};

/// How much of the total is due at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Share {
    /// A part of the total, rounded half up.
    Percent(Rate),
    /// An amount.
    Amount(Amount),
    /// What the other instalments leave; several share it equally.
    Rest,
}

/// One part of a payment term: how much, and when.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Instalment {
    /// How much of the total.
    pub share: Share,
    /// Months after the day of issue.
    pub months: i32,
    /// Days after that; negative to come before a closing day.
    pub days: i32,
    /// Whether to go on to the last day of the month then reached.
    pub end_of_month: bool,
    /// Days after all that: 10 after the end of a month is the 10th of the next.
    pub days_after: i32,
}

/// A part of kept payment terms: an amount is in a currency of its own, whatever the document is in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Part {
    /// How much, and when.
    pub instalment: Instalment,
    /// Of the amount, where it is one.
    pub currency: Currency,
}

/// What a document is in: its currency, what one unit of it is worth in the company's, and that.
#[derive(Clone, Copy, Debug)]
pub struct Worth {
    /// The document's.
    pub currency: Currency,
    /// What one unit of it is worth in the company's.
    pub rate: Rate,
    /// The company's.
    pub company: Currency,
}

/// Why terms do not fit a document.
#[derive(meta::Refusal)]
pub enum TermsDoNotFit {
    /// These payment terms have an amount in {currency}. Choose terms in {document} or in the company's currency.
    /// 该付款条件含有 {currency} 金额，请选择 {document} 或本位币的付款条件。
    #[refusal(kind = "Invalid", field = "terms")]
    OtherCurrency {
        /// Of the amount.
        currency: String,
        /// The document's.
        document: String,
    },
}

/// The parts in the currency of a document. An amount in the company's is converted at its rate.
pub fn in_currency_of(document: Worth, parts: &[Part]) -> Result<Vec<Instalment>, TermsDoNotFit> {
    let Worth { currency, rate, company } = document;
    let convert = |part: &Part| {
        let Share::Amount(amount) = part.instalment.share else { return Ok(part.instalment) };
        let there = match part.currency {
            same if same == currency => Some(amount),
            of_company if of_company == company => amount.convert_inverse(company, currency, rate),
            _ => {
                let (currency, document) = (part.currency.code().to_owned(), currency.code().to_owned());
                return Err(TermsDoNotFit::OtherCurrency { currency, document });
            }
        };
        // An amount beyond all amounts is no less than the total.
        let share = Share::Amount(there.unwrap_or(Amount::new(i64::MAX)));
        Ok(Instalment { share, ..part.instalment })
    };
    parts.iter().map(convert).collect()
}

/// The fewest days from the day of issue to the day an instalment is due, whenever it is issued;
/// below zero when it could be due before that.
pub fn fewest_days(instalment: &Instalment) -> i32 {
    // Four years hold every month there is, and none of the years it reaches into is another kind.
    let first = Date::new(2024, 1, 1).expect("a day");
    let issued = (0..4 * 365 + 1).map(|after| first.add_days(after));
    issued.map(|on| due_on(instalment, on).days_since(on)).min().unwrap_or(0)
}

/// The day an instalment is due: the day of issue plus months, plus days, then the end of that
/// month if asked for, then the days after.
pub fn due_on(instalment: &Instalment, issued_on: Date) -> Date {
    let counted = issued_on.add_months(instalment.months).add_days(instalment.days);
    let closed = match instalment.end_of_month {
        true => counted.end_of_month(),
        false => counted,
    };
    closed.add_days(instalment.days_after)
}

/// Whether somebody pays later under some terms than under others: on some day less of the whole is due, on whichever
/// day of the year the document is issued. Amounts within the terms are taken of a large whole.
pub fn is_longer(asked: &[Instalment], agreed: &[Instalment], from: Date) -> bool {
    const WHOLE: Amount = Amount::new(100_000_000);
    const DAYS: i32 = 366;
    let due = |parts: &[(Date, Amount)], day: Date| -> Amount {
        parts.iter().filter(|(due_on, _)| *due_on <= day).map(|(_, part)| *part).sum()
    };
    asked != agreed
        && (0..DAYS).map(|after| from.add_days(after)).any(|issued_on| {
            let [asked, agreed] = [asked, agreed].map(|terms| instalments(WHOLE, terms, issued_on));
            agreed.iter().any(|(day, _)| due(&asked, *day) < due(&agreed, *day))
        })
}

/// What is due when, in the order of the terms, summing to the total exactly.
///
/// Percentages and amounts are taken in order and never exceed what is left; without a
/// [`Share::Rest`] the last instalment takes what is left. Instalments of nothing are dropped
/// as long as another remains. Without terms everything is due on the day of issue.
pub fn instalments(total: Amount, terms: &[Instalment], issued_on: Date) -> Vec<(Date, Amount)> {
    let Some(last) = terms.last() else {
        return vec![(issued_on, total)];
    };
    let mut parts: Vec<(Date, Amount)> = terms
        .iter()
        .map(|term| due_on(term, issued_on))
        .zip(shares(total, terms))
        .filter(|(_, part)| !part.is_zero())
        .collect();
    if parts.is_empty() {
        parts.push((due_on(last, issued_on), total));
    }
    parts
}

fn shares(total: Amount, terms: &[Instalment]) -> Vec<Amount> {
    let mut left = total;
    let mut parts: Vec<Amount> = terms
        .iter()
        .map(|term| {
            let part = match term.share {
                Share::Percent(rate) => part_of(total, rate, left),
                Share::Amount(amount) => towards(left, i128::from(amount.raw())),
                Share::Rest => Amount::ZERO,
            };
            left -= part;
            part
        })
        .collect();
    let mut takes_rest: Vec<i64> = terms.iter().map(|term| i64::from(term.share == Share::Rest)).collect();
    if !takes_rest.contains(&1)
        && let Some(last) = takes_rest.last_mut()
    {
        *last = 1;
    }
    for (part, rest) in parts.iter_mut().zip(split(left, &takes_rest)) {
        *part += rest;
    }
    parts
}

/// The rate of the whole, rounded half up, but no more than the limit and never less than
/// nothing. The limit has the sign of the whole, or is zero.
fn part_of(whole: Amount, rate: Rate, limit: Amount) -> Amount {
    let size = i128::from(whole.raw()).abs() * i128::from(rate.raw());
    towards(limit, div_round(size, i128::from(SCALE), Rounding::HalfUp))
}

/// As much as `size`, with the sign of the limit and not beyond it.
fn towards(limit: Amount, size: i128) -> Amount {
    let limit = i128::from(limit.raw());
    let part = size.clamp(0, limit.abs()) * limit.signum();
    Amount::new(part as i64) // Not beyond the limit, which fits.
}

/// What is taken off for paying early.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reduction {
    /// A part of the total with tax, or of the net where the tax stays: see [`DiscountTax`].
    Percent(Rate),
    /// An amount, no more than what a percentage would be taken of.
    Fixed(Amount),
}

/// What a discount for paying early does to the tax.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DiscountTax {
    /// The discount is on the total: paying early lowers the tax, too.
    Included,
    /// The discount is on the net: the tax stays as invoiced.
    Excluded,
    /// The discount is on the net, and the invoice carries the lower tax from the start,
    /// whenever it is paid.
    Mixed,
}

/// A discount for paying early.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EarlyDiscount {
    /// What is taken off.
    pub reduction: Reduction,
    /// How many days after issue it still applies; the last of them counts.
    pub days: i32,
    /// What it does to the tax.
    pub treatment: DiscountTax,
}

/// How an invoice paid early is settled: pay + discount = gross, income + taxes = discount.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EarlyPayment {
    /// What is to be paid.
    pub pay: Amount,
    /// What is let off.
    pub discount: Amount,
    /// The part of the discount that lowers the income, or the expense of a bill.
    pub income: Amount,
    /// The part that lowers each tax, in the order given.
    pub taxes: Vec<Amount>,
}

impl EarlyDiscount {
    /// The last day on which the discount applies.
    pub fn until(&self, issued_on: Date) -> Date {
        issued_on.add_days(self.days)
    }

    /// What the tax of an invoice with this net is taken on when it is issued.
    ///
    /// Less than the net only for [`DiscountTax::Mixed`]: spread the difference over the lines
    /// with [`spread_discount`](crate::tax_rules::spread_discount) and tax what remains.
    pub fn taxed_net(&self, net: Amount) -> Amount {
        match self.treatment {
            DiscountTax::Included | DiscountTax::Excluded => net,
            DiscountTax::Mixed => net - self.discount_on(net),
        }
    }

    /// How an invoice is settled in time, given its net and each of its taxes as invoiced.
    ///
    /// Where the tax is lowered, the discount is shared by net and taxes in proportion, to the
    /// cent, the rest by largest remainder.
    pub fn early_payment(&self, net: Amount, taxes: &[Amount]) -> EarlyPayment {
        let gross = net + taxes.iter().sum();
        let (discount, income, taxes) = match self.treatment {
            DiscountTax::Included => {
                let discount = self.discount_on(gross);
                let mut parts = shared(discount, net, taxes);
                let income = parts.remove(0);
                (discount, income, parts)
            }
            DiscountTax::Excluded | DiscountTax::Mixed => {
                let discount = self.discount_on(net);
                (discount, discount, vec![Amount::ZERO; taxes.len()])
            }
        };
        EarlyPayment { pay: gross - discount, discount, income, taxes }
    }

    /// What is to be paid on this day: less until the last day of the discount, all later.
    pub fn pay_on(&self, paid_on: Date, issued_on: Date, net: Amount, taxes: &[Amount]) -> Amount {
        match paid_on <= self.until(issued_on) {
            true => self.early_payment(net, taxes).pay,
            false => net + taxes.iter().sum(),
        }
    }

    fn discount_on(&self, base: Amount) -> Amount {
        match self.reduction {
            Reduction::Percent(rate) => part_of(base, rate, base),
            Reduction::Fixed(amount) => towards(base, i128::from(amount.raw())),
        }
    }
}

/// The discount shared by the net and the taxes, whose sum it has the sign of.
fn shared(discount: Amount, net: Amount, taxes: &[Amount]) -> Vec<Amount> {
    let whole: Vec<Amount> = std::iter::once(net).chain(taxes.iter().copied()).collect();
    if discount.is_zero() {
        return vec![Amount::ZERO; whole.len()];
    }
    let sign = discount.raw().signum();
    let weights: Vec<i64> = whole.iter().map(|part| part.raw() * sign).collect();
    // No part exceeds its weight, because the discount does not exceed the whole.
    split(discount, &weights)
}

#[cfg(test)]
mod tests {
    use super::*;
    use kernel::Currency;
    use proptest::prelude::*;

    fn day(text: &str) -> Date {
        Date::parse(text).unwrap()
    }

    fn eur(text: &str) -> Amount {
        Amount::parse(text, Currency::EUR).unwrap()
    }

    /// A term as text, as in `30% 1 month, 10 days, end, 15 after`; what is missing is zero.
    fn term(text: &str) -> Instalment {
        let (share, when) = text.split_once(' ').unwrap_or((text, ""));
        let share = match (share, share.strip_suffix('%')) {
            ("rest", _) => Share::Rest,
            (_, Some(percent)) => Share::Percent(Rate::new(Rate::parse(percent).unwrap().raw() / 100)),
            (amount, None) => Share::Amount(eur(amount)),
        };
        let count =
            |unit: &str| when.split(", ").find_map(|part| part.strip_suffix(unit)?.trim().parse().ok()).unwrap_or(0);
        Instalment {
            share,
            months: count("month"),
            days: count("days"),
            end_of_month: when.contains("end"),
            days_after: count("after"),
        }
    }

    #[test]
    fn terms_are_longer_where_less_is_due_on_some_day() {
        let is_longer = |asked: &[&str], agreed: &[&str]| {
            let [asked, agreed] = [asked, agreed].map(|terms| terms.iter().map(|text| term(text)).collect::<Vec<_>>());
            is_longer(&asked, &agreed, day("2026-01-15"))
        };
        let month = ["rest 30 days"];
        assert!(is_longer(&month, &[]) && !is_longer(&[], &month));
        assert!(is_longer(&["rest 60 days"], &month) && !is_longer(&["rest 14 days"], &month));
        assert!(is_longer(&["50% 0 days", "rest 60 days"], &month));
        assert!(!is_longer(&["50% 0 days", "rest 30 days"], &month));
        assert!(is_longer(&month, &["100.00 0 days", "rest 30 days"]));
        // The end of the month is later than 30 days on most days of issue and not on all.
        assert!(is_longer(&["rest 30 days, end"], &month) && !is_longer(&month, &["rest 30 days, end"]));
    }

    /// Checks what is due when on a document issued on 2026-01-15.
    fn check(total: &str, terms: &[&str], expected: &str) {
        let terms: Vec<Instalment> = terms.iter().map(|text| term(text)).collect();
        let parts: Vec<String> = instalments(eur(total), &terms, day("2026-01-15"))
            .into_iter()
            .map(|(due_on, part)| format!("{due_on} {}", part.text(Currency::EUR)))
            .collect();
        assert_eq!(parts.join(", "), expected);
    }

    #[test]
    fn a_116_due_dates_of_end_of_month_terms() {
        for (text, issued_on, expected) in [
            ("rest end, 15 after", "2019-01-01", "2019-02-15"),
            ("rest end, 1 after", "2019-01-31", "2019-02-01"),
            ("rest 30 days", "2022-01-15", "2022-02-14"),
            ("rest 30 days, end", "2022-01-15", "2022-02-28"),
            ("rest 1 month, end", "2022-01-31", "2022-02-28"),
            ("rest 90 days, end, 10 after", "2022-01-01", "2022-05-10"),
            ("rest 3 month, end, 10 after", "2022-01-31", "2022-05-10"),
            ("rest -10 days, end, 10 after", "2022-01-10", "2022-01-10"),
        ] {
            assert_eq!(due_on(&term(text), day(issued_on)), day(expected), "{text}");
        }
    }

    #[test]
    fn a_deposit_is_due_now_and_the_rest_later() {
        check("1000.00", &["30%", "rest 30 days"], "2026-01-15 300.00, 2026-02-14 700.00");
        check("-1000.00", &["30%", "rest 30 days"], "2026-01-15 -300.00, 2026-02-14 -700.00");
        check("1000.00", &["rest 30 days", "250.00"], "2026-02-14 750.00, 2026-01-15 250.00");
        check("-1000.00", &["250.00", "rest 1 month"], "2026-01-15 -250.00, 2026-02-15 -750.00");
    }

    #[test]
    fn the_cents_of_thirds_go_to_the_last_or_to_the_first_that_share_the_rest() {
        check(
            "100.00",
            &["33.3333%", "33.3333% 1 month", "33.3333% 2 month"],
            "2026-01-15 33.33, 2026-02-15 33.33, 2026-03-15 33.34",
        );
        check(
            "100.00",
            &["rest", "rest 1 month", "rest 2 month"],
            "2026-01-15 33.34, 2026-02-15 33.33, 2026-03-15 33.33",
        );
    }

    #[test]
    fn no_instalment_takes_more_than_is_left() {
        check("200.00", &["250.00", "rest 30 days"], "2026-01-15 200.00");
        check("100.00", &["60%", "60% 30 days", "rest 1 month"], "2026-01-15 60.00, 2026-02-14 40.00");
        check("100.00", &["-5%", "-5.00", "rest 30 days"], "2026-02-14 100.00");
        check("0.00", &["50%", "rest 30 days"], "2026-02-14 0.00");
        check("100.00", &[], "2026-01-15 100.00");
        check("100.00", &["50%", "10.00 30 days"], "2026-01-15 50.00, 2026-02-14 50.00");
    }

    #[test]
    fn an_amount_is_converted_into_the_currency_of_the_document() {
        let part = |text: &str, currency| Part { instalment: term(text), currency };
        let usd = Worth { currency: Currency::USD, rate: Rate::parse("0.8").unwrap(), company: Currency::EUR };
        let shares = |parts: &[Part]| {
            let parts = in_currency_of(usd, parts).map_err(|why| kernel::Refusal::from(why).to_string())?;
            Ok(parts.iter().map(|part| part.share).collect::<Vec<_>>())
        };
        let own = shares(&[part("250.00", Currency::USD), part("rest 1 month", Currency::EUR)]);
        assert_eq!(own, Ok(vec![Share::Amount(eur("250.00")), Share::Rest]));
        assert_eq!(shares(&[part("250.00", Currency::EUR)]), Ok(vec![Share::Amount(eur("312.50"))]));
        let refused = shares(&[part("250.00", Currency::CNY)]);
        let expected = "These payment terms have an amount in CNY. \
                        Choose terms in USD or in the company's currency.";
        assert_eq!(refused, Err(expected.to_owned()));
    }

    #[test]
    fn terms_are_due_no_sooner_than_so_many_days() {
        for (text, days) in [
            ("rest", 0),
            ("rest 30 days", 30),
            ("rest 1 month", 28),
            ("rest 3 month, -5 days", 84),
            ("rest -10 days, end, 10 after", 0),
            ("rest end, -5 after", -5),
            ("rest -1 days", -1),
        ] {
            assert_eq!(fewest_days(&term(text)), days, "{text}");
        }
    }

    fn early(reduction: Reduction, treatment: DiscountTax) -> EarlyDiscount {
        EarlyDiscount { reduction, days: 10, treatment }
    }

    fn ten_percent(treatment: DiscountTax) -> EarlyDiscount {
        early(Reduction::Percent(Rate::new(100_000)), treatment)
    }

    /// `pay discount income taxes…` of an invoice settled in time.
    fn settled(discount: EarlyDiscount, net: &str, taxes: &[&str]) -> String {
        let taxes: Vec<Amount> = taxes.iter().map(|text| eur(text)).collect();
        let payment = discount.early_payment(eur(net), &taxes);
        let mut parts = vec![payment.pay, payment.discount, payment.income];
        parts.extend(payment.taxes);
        let texts: Vec<String> = parts.iter().map(|part| part.text(Currency::EUR)).collect();
        texts.join(" ")
    }

    #[test]
    fn a_110_an_early_discount_is_split_over_income_and_tax() {
        let percent = ten_percent(DiscountTax::Included);
        assert_eq!(settled(percent, "200.00", &["36.00"]), "212.40 23.60 20.00 3.60");
        let fixed = early(Reduction::Fixed(eur("50.00")), DiscountTax::Included);
        assert_eq!(settled(fixed, "200.00", &["36.00"]), "186.00 50.00 42.37 7.63");

        let (issued_on, net, taxes) = (day("2026-01-15"), eur("200.00"), [eur("36.00")]);
        let pay = |paid_on| percent.pay_on(day(paid_on), issued_on, net, &taxes);
        assert_eq!(pay("2026-01-25"), eur("212.40"), "the last day counts");
        assert_eq!(pay("2026-01-26"), eur("236.00"));
    }

    #[test]
    fn a_113_one_payment_for_two_invoices_under_the_three_policies() {
        for (treatment, taxed, tax, gross, pay) in [
            (DiscountTax::Included, "1000.00", "0.00", "3000.00", "2700.00"),
            (DiscountTax::Excluded, "1000.00", "150.00", "3150.00", "2850.00"),
            (DiscountTax::Mixed, "900.00", "135.00", "3135.00", "2835.00"),
        ] {
            let discount = ten_percent(treatment);
            assert_eq!(discount.taxed_net(eur("1000.00")), eur(taxed), "{treatment:?}");
            let first = discount.early_payment(eur("1000.00"), &[eur(tax)]);
            let second = discount.early_payment(eur("2000.00"), &[]);
            assert_eq!(first.pay + second.pay, eur(pay), "{treatment:?}");
            assert_eq!(first.discount + second.discount, eur("300.00"), "{treatment:?}");
            let both = first.pay + second.pay + first.discount + second.discount;
            assert_eq!(both, eur(gross), "{treatment:?}");
        }
    }

    #[test]
    fn a_credit_note_mirrors_the_discount_and_a_small_invoice_limits_it() {
        let fixed = early(Reduction::Fixed(eur("50.00")), DiscountTax::Included);
        assert_eq!(settled(fixed, "-200.00", &["-36.00"]), "-186.00 -50.00 -42.37 -7.63");
        assert_eq!(settled(fixed, "20.00", &["2.00", "1.00"]), "0.00 23.00 20.00 2.00 1.00");
        assert_eq!(settled(fixed, "0.00", &["0.00"]), "0.00 0.00 0.00 0.00");
        // A withheld tax is negative, and so is its part of the discount.
        let percent = ten_percent(DiscountTax::Included);
        assert_eq!(settled(percent, "100.00", &["20.00", "-10.00"]), "99.00 11.00 10.00 2.00 -1.00");
    }

    fn any_instalment() -> impl Strategy<Value = Instalment> {
        let share = prop_oneof![
            (-100_000i64..1_500_000).prop_map(|rate| Share::Percent(Rate::new(rate))),
            (-100i64..1_000_000).prop_map(|amount| Share::Amount(Amount::new(amount))),
            Just(Share::Rest),
        ];
        (share, 0i32..36, -31i32..120, any::<bool>(), 0i32..31).prop_map(
            |(share, months, days, end_of_month, days_after)| Instalment {
                share,
                months,
                days,
                end_of_month,
                days_after,
            },
        )
    }

    proptest! {
        #[test]
        fn instalments_sum_to_the_total_and_mirror(
            total in prop_oneof![-2_000_000i64..2_000_000, -i64::MAX..=i64::MAX],
            terms in prop::collection::vec(any_instalment(), 0..6),
        ) {
            let issued_on = day("2026-01-15");
            let parts = instalments(Amount::new(total), &terms, issued_on);
            prop_assert!(!parts.is_empty());
            let sum: i128 = parts.iter().map(|(_, part)| i128::from(part.raw())).sum();
            prop_assert_eq!(sum, i128::from(total));
            prop_assert!(parts.iter().all(|(_, part)| part.raw().signum() == total.signum()));
            let mirrored: Vec<(Date, Amount)> = instalments(Amount::new(-total), &terms, issued_on)
                .into_iter()
                .map(|(due_on, part)| (due_on, -part))
                .collect();
            prop_assert_eq!(parts, mirrored);
        }

        #[test]
        fn no_terms_are_longer_than_themselves_nor_is_paying_at_once(
            terms in prop::collection::vec(any_instalment(), 0..4),
            more in 1..90i32,
        ) {
            let from = day("2026-01-15");
            prop_assert!(!is_longer(&terms, &terms, from));
            let later: Vec<Instalment> =
                terms.iter().map(|part| Instalment { days_after: part.days_after + more, ..*part }).collect();
            prop_assert_eq!(is_longer(&later, &terms, from), !terms.is_empty());
            prop_assert!(!is_longer(&terms, &later, from));
        }

        #[test]
        fn a_discount_is_shared_without_a_rest(
            net in -1_000_000i64..1_000_000,
            taxes in prop::collection::vec(-200_000i64..200_000, 0..4),
            percent: bool,
            size in -10i64..2_000_000,
            treatment in prop::sample::select(vec![
                DiscountTax::Included, DiscountTax::Excluded, DiscountTax::Mixed,
            ]),
        ) {
            let taxes: Vec<Amount> = taxes.into_iter().map(Amount::new).collect();
            let gross = Amount::new(net) + taxes.iter().sum();
            let reduction = match percent {
                true => Reduction::Percent(Rate::new(size)),
                false => Reduction::Fixed(Amount::new(size)),
            };
            let payment = early(reduction, treatment).early_payment(Amount::new(net), &taxes);
            prop_assert_eq!(payment.pay + payment.discount, gross);
            prop_assert_eq!(payment.income + payment.taxes.iter().sum(), payment.discount);
        }
    }
}
