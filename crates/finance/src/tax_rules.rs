//! How much tax a document bears: taxes on top of and inside prices, and where a cent goes.
//!
//! ```text
//! line amount = round(qty × price × (1 − discount))         once, half up
//!             = net + the taxes included in the price
//! gross       = line amount + the taxes on top = net + tax
//! ```
//!
//! The rules of a line apply in their order; a tax on top of the price is rounded half up. A
//! tax included in the price is rounded to the nearest with the exact half left to the net, and
//! the net is what remains: with one tax that is net = round(gross ÷ (1 + rate)) and
//! tax = gross − net, and two included taxes of one rate are always equal.
//!
//! Line amounts are rounded in both ways of [`TaxRounding`]: a document shows them, and their
//! sum is what is taxed.

mod ratio;

use std::cmp::Reverse;
use std::collections::BTreeMap;

use kernel::{Amount, Currency, Label, Price, ProblemKind, Qty, Rate, Refusal, Rounding, SCALE, div_round, split};

use ratio::Ratio;

/// Decimals of quantity, price and discount together.
const LINE_DECIMALS: u32 = 18;
/// Decimals of a price.
const PRICE_DECIMALS: u32 = 6;

/// What the rate of a tax is a rate of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TaxKind {
    /// Of the base: 20 % on 100.00 is 20.00.
    Percent,
    /// Not a rate but an amount for each unit of quantity; negative with the quantity.
    Fixed,
    /// Of the base with the tax in it: 10 % on 180.00 is 20.00, which is 10 % of 200.00.
    ///
    /// Neighbours of this kind share one gross, each taking its part of it, unless the former
    /// raises the base of the latter.
    Division,
}

/// One tax as it applies to a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TaxRule {
    /// Which tax; amounts are summed by it.
    pub id: i64,
    /// What the rate is a rate of.
    pub kind: TaxKind,
    /// The rate; for a fixed tax the amount for one unit, in millionths of the currency's unit.
    pub rate: Rate,
    /// Whether the price contains the tax already.
    pub included: bool,
    /// Whether the taxes after this one are taken on it, too.
    pub raises_base: bool,
    /// Whether earlier taxes that raise the base raise it for this one.
    pub base_affected: bool,
}

/// Where the tax of a document is rounded.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum TaxRounding {
    /// On every line; the document is the sum. A tax on top is taken on its rounded base, so
    /// every figure shown can be checked with a pocket calculator.
    #[default]
    PerLine,
    /// Once for each tax, on what all lines together come to exactly. The cents by which the
    /// lines then miss the document go to the largest lines, at most a cent or so each.
    PerDocument,
}

/// A line as it was agreed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TaxableLine<'a> {
    /// How much; negative for what is given back.
    pub qty: Qty,
    /// What one unit costs.
    pub price: Price,
    /// What is taken off, 0.1 for 10 %.
    pub discount: Rate,
    /// The taxes, in the order they apply.
    pub taxes: &'a [TaxRule],
}

/// A line of which the amount is settled, for instance after a discount on the document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TaxableAmount<'a> {
    /// The amount: net, or with the taxes included in the price.
    pub amount: Amount,
    /// How much it is for; matters to fixed taxes only.
    pub qty: Qty,
    /// The taxes, in the order they apply.
    pub taxes: &'a [TaxRule],
}

/// One tax on a line or on a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LineTax {
    /// Which tax.
    pub tax: i64,
    /// What the tax was taken on.
    pub base: Amount,
    /// The tax.
    pub amount: Amount,
}

/// A line with its taxes: net + tax = gross.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TaxedLine {
    /// Without tax.
    pub net: Amount,
    /// All taxes together.
    pub tax: Amount,
    /// With tax.
    pub gross: Amount,
    /// Each tax, in the order of the rules.
    pub taxes: Vec<LineTax>,
}

/// A document with its taxes: every figure is the sum of the lines.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TaxedDocument {
    /// The lines, in the order given.
    pub lines: Vec<TaxedLine>,
    /// Without tax.
    pub net: Amount,
    /// All taxes together.
    pub tax: Amount,
    /// With tax.
    pub gross: Amount,
    /// Each tax once, summed, in the order of first appearance.
    pub taxes: Vec<LineTax>,
}

/// An amount has more digits than we can keep.
///
/// Also when taxes leave nothing for the net: at 100 % of the gross, no gross is large enough.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TooLarge;

impl From<TooLarge> for Refusal {
    fn from(_: TooLarge) -> Refusal {
        let text = Label::new(
            "An amount is too large. Check quantities, prices and tax rates.",
            "金额过大。请检查数量、单价和税率。",
        );
        Refusal::new("too_large", text).kind(ProblemKind::TooMuch)
    }
}

/// Quantity × price × (1 − discount), rounded once, half up.
pub fn line_amount(qty: Qty, price: Price, discount: Rate, currency: Currency) -> Result<Amount, TooLarge> {
    rounded_line(qty, price, discount, currency.decimals()).ok_or(TooLarge)
}

/// Taxes the lines of one document.
pub fn tax_document(
    lines: &[TaxableLine],
    currency: Currency,
    rounding: TaxRounding,
) -> Result<TaxedDocument, TooLarge> {
    taxed_lines(lines, currency.decimals(), rounding).ok_or(TooLarge)
}

/// Taxes the lines of one document of which the amounts are settled.
pub fn tax_amounts(
    lines: &[TaxableAmount],
    currency: Currency,
    rounding: TaxRounding,
) -> Result<TaxedDocument, TooLarge> {
    taxed_amounts(lines, currency.decimals(), rounding).ok_or(TooLarge)
}

/// The price of one unit under other taxes such that the net of one stays what it was: a tax that the price
/// contained and that is not charged any more is taken out, one that it contains from now on put in.
///
/// Exact in between and rounded once, half up, to a millionth. A price that contains no tax before or after stays.
/// `None` where the price is too large, or taxes leave nothing for the net.
pub fn price_under(price: Price, before: &[TaxRule], after: &[TaxRule]) -> Option<Price> {
    let contains = |rules: &[TaxRule]| rules.iter().any(|rule| rule.included);
    if !contains(before) && !contains(after) {
        return Some(price);
    }
    let included = |rules: &[TaxRule], taxes: Vec<Ratio>| {
        let parts = rules.iter().zip(taxes).filter(|(rule, _)| rule.included);
        parts.map(|(_, tax)| tax).try_fold(Ratio::ZERO, Ratio::plus)
    };
    let one = i128::from(Qty::whole(1).raw());
    let gross = i128::from(price.raw());
    let taken = included(before, exact_taxes(before, &scales(before, one, PRICE_DECIMALS)?, gross)?)?;
    let net = Ratio::whole(gross).minus(taken)?;
    let scales = scales(after, one, PRICE_DECIMALS)?;
    let taxes = walk(after, net, &|place, base| scales[place].on(base))?;
    let put = included(after, taxes.into_iter().map(|(_, tax)| tax).collect())?;
    i64::try_from(net.plus(put)?.half_up()).ok().map(Price::new)
}

/// What must be added to the total to make it a multiple of the step: what coins allow.
///
/// Post it as an extra line, or pass it to [`TaxedDocument::round_biggest_tax`].
///
/// # Panics
/// When the step is not positive.
pub fn cash_rounding(total: Amount, step: Amount, mode: Rounding) -> Result<Amount, TooLarge> {
    assert!(0 < step.raw(), "coins have a value");
    let (total, step) = (i128::from(total.raw()), i128::from(step.raw()));
    let rounded = amount(div_round(total, step, mode) * step).ok_or(TooLarge)?;
    // Less than a step, so it fits.
    Ok(Amount::new((i128::from(rounded.raw()) - total) as i64))
}

/// What each line bears of a discount on all of them, by its amount, summing to it exactly.
///
/// Subtract it from the lines and tax the rest with [`tax_amounts`]. `None` when the lines sum
/// to nothing, or so nearly that a part would not fit.
pub fn spread_discount(net_lines: &[Amount], discount: Amount) -> Option<Vec<Amount>> {
    let total: i128 = net_lines.iter().map(|line| i128::from(line.raw())).sum();
    // A credit note is spread like its invoice.
    let sign = i64::try_from(total.signum()).ok()?;
    let weights: Option<Vec<i64>> = net_lines.iter().map(|line| line.raw().checked_mul(sign)).collect();
    let fits = |line: &Amount| {
        let part = i128::from(discount.raw()) * i128::from(line.raw()) / total;
        part.abs() < i128::from(i64::MAX)
    };
    match sign != 0 && net_lines.iter().all(fits) {
        true => Some(split(discount, &weights?)),
        false => None,
    }
}

/// What is let off and not taxed in any case.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LetOff {
    /// A part of every line.
    Part(Rate),
    /// An amount off a net; no more than the net.
    Amount {
        /// How much.
        off: Amount,
        /// The net it is off; that of the document itself when `None`. A credit note names that
        /// of its invoice, so that it gives back its part of what was not taxed there.
        net: Option<Amount>,
    },
}

impl LetOff {
    /// How much of a sum that has this net.
    fn of(self, sum: Amount, net: Amount) -> Option<Amount> {
        let (off, net) = match self {
            LetOff::Part(rate) => return sum.scale(rate.raw(), kernel::SCALE),
            LetOff::Amount { off, net: of } => (off, of.unwrap_or(net)),
        };
        match Amount::ZERO < net {
            true => sum.scale(off.min(net).raw(), net.raw()),
            false => Some(Amount::ZERO),
        }
    }
}

/// Taxes the lines of one document as if a part of each were let off, which the nets do not
/// show: the lower tax from the start of [`DiscountTax::Mixed`](crate::term_rules::DiscountTax).
///
/// Source: the treatment of early-payment discounts in Belgium, where VAT is due on the
/// discounted base whether or not the discount is taken.
pub fn tax_amounts_less(
    lines: &[TaxableAmount],
    less: Option<LetOff>,
    currency: Currency,
    rounding: TaxRounding,
) -> Result<TaxedDocument, TooLarge> {
    let mut whole = tax_amounts(lines, currency, rounding)?;
    let Some(less) = less else { return Ok(whole) };
    let amounts: Vec<Amount> = lines.iter().map(|line| line.amount).collect();
    let sum = amounts.iter().try_fold(Amount::ZERO, |sum, amount| sum.checked_add(*amount)).ok_or(TooLarge)?;
    let let_off = less.of(sum, whole.net).ok_or(TooLarge)?;
    let Some(parts) = spread_discount(&amounts, let_off) else { return Ok(whole) };
    let reduced = lines.iter().zip(&parts).map(|(line, part)| TaxableAmount { amount: line.amount - *part, ..*line });
    let reduced = tax_amounts(&reduced.collect::<Vec<_>>(), currency, rounding)?;
    (whole.tax, whole.taxes) = (reduced.tax, reduced.taxes);
    whole.gross = whole.net.checked_add(whole.tax).ok_or(TooLarge)?;
    for (line, lower) in whole.lines.iter_mut().zip(reduced.lines) {
        (line.tax, line.taxes) = (lower.tax, lower.taxes);
        line.gross = line.net.checked_add(line.tax).ok_or(TooLarge)?;
    }
    Ok(whole)
}

impl TaxedDocument {
    /// Puts the cents of a [`cash_rounding`] into the biggest tax, and there into the line that
    /// bears most of it; the earlier of equals. Net and bases stay.
    ///
    /// `None` when there is no tax to carry it, or it does not fit: use an extra line then.
    pub fn round_biggest_tax(mut self, difference: Amount) -> Option<TaxedDocument> {
        let whole = biggest(&mut self.taxes, &|_| true)?;
        let id = whole.tax;
        whole.amount = whole.amount.checked_add(difference)?;
        let carrier = self.lines.iter_mut().min_by_key(|line| {
            let borne = line.taxes.iter().filter(|tax| tax.tax == id);
            Reverse(borne.map(size).max())
        })?;
        let part = biggest(&mut carrier.taxes, &|tax| tax.tax == id)?;
        part.amount = part.amount.checked_add(difference)?;
        for total in [&mut carrier.tax, &mut carrier.gross, &mut self.tax, &mut self.gross] {
            *total = total.checked_add(difference)?;
        }
        Some(self)
    }

    /// The document of these lines; `None` when a sum does not fit.
    fn of(lines: Vec<TaxedLine>) -> Option<TaxedDocument> {
        let mut document = TaxedDocument::default();
        for line in &lines {
            document.net = document.net.checked_add(line.net)?;
            document.tax = document.tax.checked_add(line.tax)?;
            document.gross = document.gross.checked_add(line.gross)?;
            for tax in &line.taxes {
                document.add(tax)?;
            }
        }
        Some(TaxedDocument { lines, ..document })
    }

    fn add(&mut self, tax: &LineTax) -> Option<()> {
        let known = self.taxes.iter_mut().find(|known| known.tax == tax.tax);
        match known {
            Some(sum) => {
                sum.base = sum.base.checked_add(tax.base)?;
                sum.amount = sum.amount.checked_add(tax.amount)?;
            }
            None => self.taxes.push(*tax),
        }
        Some(())
    }
}

fn size(tax: &LineTax) -> u64 {
    tax.amount.raw().unsigned_abs()
}

/// The biggest tax, the first of equals.
fn biggest<'a>(taxes: &'a mut [LineTax], is_meant: &dyn Fn(&LineTax) -> bool) -> Option<&'a mut LineTax> {
    let meant = taxes.iter_mut().filter(|tax| is_meant(tax));
    meant.min_by_key(|tax| Reverse(size(tax)))
}

fn amount(minor: i128) -> Option<Amount> {
    i64::try_from(minor).ok().map(Amount::new)
}

fn rounded_line(qty: Qty, price: Price, discount: Rate, decimals: u32) -> Option<Amount> {
    let full = i128::from(qty.raw()) * i128::from(price.raw());
    let kept = i128::from(SCALE) - i128::from(discount.raw());
    let divisor = 10i128.pow(LINE_DECIMALS - decimals);
    amount(div_round(full.checked_mul(kept)?, divisor, Rounding::HalfUp))
}

fn taxed_lines(lines: &[TaxableLine], decimals: u32, rounding: TaxRounding) -> Option<TaxedDocument> {
    let amounts: Option<Vec<TaxableAmount>> = lines
        .iter()
        .map(|line| {
            Some(TaxableAmount {
                amount: rounded_line(line.qty, line.price, line.discount, decimals)?,
                qty: line.qty,
                taxes: line.taxes,
            })
        })
        .collect();
    taxed_amounts(&amounts?, decimals, rounding)
}

fn taxed_amounts(lines: &[TaxableAmount], decimals: u32, rounding: TaxRounding) -> Option<TaxedDocument> {
    let taxes = match rounding {
        TaxRounding::PerLine => lines.iter().map(|line| taxes_rounded_in_turn(line, decimals)).collect(),
        TaxRounding::PerDocument => taxes_rounded_once(lines, decimals),
    };
    let lines = lines.iter().zip(taxes?);
    let lines: Option<Vec<TaxedLine>> = lines.map(|(line, taxes)| taxed_line(line, &taxes)).collect();
    TaxedDocument::of(lines?)
}

/// The line when its taxes are known: included ones leave the net, others come on top.
fn taxed_line(line: &TaxableAmount, taxes: &[i128]) -> Option<TaxedLine> {
    let net = net_of(line, taxes);
    let parts = walk(line.taxes, Ratio::whole(net), &|place, _| Some(Ratio::whole(taxes[place])))?;
    let parts: Option<Vec<LineTax>> = line
        .taxes
        .iter()
        .zip(parts)
        .map(|(rule, (base, tax))| {
            Some(LineTax { tax: rule.id, base: amount(base.half_up())?, amount: amount(tax.half_up())? })
        })
        .collect();
    let tax: i128 = taxes.iter().sum();
    Some(TaxedLine { net: amount(net)?, tax: amount(tax)?, gross: amount(net + tax)?, taxes: parts? })
}

fn net_of(line: &TaxableAmount, taxes: &[i128]) -> i128 {
    let rules = line.taxes.iter().zip(taxes);
    let included: i128 = rules.filter(|(rule, _)| rule.included).map(|(_, tax)| tax).sum();
    i128::from(line.amount.raw()) - included
}

/// The taxes of one line, each on top taken on the base as it is shown.
fn taxes_rounded_in_turn(line: &TaxableAmount, decimals: u32) -> Option<Vec<i128>> {
    let scales = scales(line.taxes, i128::from(line.qty.raw()), decimals)?;
    let exact = exact_taxes(line.taxes, &scales, i128::from(line.amount.raw()))?;
    let nearest: Vec<i128> = line.taxes.iter().zip(&exact).map(|(rule, &tax)| rounded(tax, rule.included)).collect();
    let net = Ratio::whole(net_of(line, &nearest));
    let taxes = walk(line.taxes, net, &|place, base| {
        let minor = match line.taxes[place].included {
            true => nearest[place],
            false => rounded(scales[place].on(base)?, false),
        };
        Some(Ratio::whole(minor))
    })?;
    Some(taxes.iter().map(|(_, tax)| tax.half_up()).collect())
}

/// The taxes of each line such that each tax, summed, is its exact sum rounded once.
fn taxes_rounded_once(lines: &[TaxableAmount], decimals: u32) -> Option<Vec<Vec<i128>>> {
    let mut taxes: Vec<Vec<i128>> = Vec::with_capacity(lines.len());
    // Lines with the same rules are taxed together: fewer fractions to add, with one divisor.
    let mut groups: BTreeMap<&[TaxRule], (i128, i128)> = BTreeMap::new();
    for line in lines {
        let (amount, qty) = (i128::from(line.amount.raw()), i128::from(line.qty.raw()));
        let exact = exact_taxes(line.taxes, &scales(line.taxes, qty, decimals)?, amount)?;
        let nearest = line.taxes.iter().zip(exact);
        taxes.push(nearest.map(|(rule, tax)| rounded(tax, rule.included)).collect());
        let (amounts, quantities) = groups.entry(line.taxes).or_default();
        (*amounts, *quantities) = (*amounts + amount, *quantities + qty);
    }

    // A tax may be included on one line and on top of another; the two halves round apart.
    let mut sums: BTreeMap<(i64, bool), Ratio> = BTreeMap::new();
    for (rules, (amount, qty)) in groups {
        let exact = exact_taxes(rules, &scales(rules, qty, decimals)?, amount)?;
        for (rule, tax) in rules.iter().zip(exact) {
            let sum = sums.entry((rule.id, rule.included)).or_insert(Ratio::ZERO);
            *sum = sum.plus(tax)?;
        }
    }

    let mut largest_first: Vec<usize> = (0..lines.len()).collect();
    largest_first.sort_by_key(|&line| Reverse(lines[line].amount.raw().unsigned_abs()));
    for ((id, included), exact) in sums {
        let is_meant = |rule: &TaxRule| rule.id == id && rule.included == included;
        let places: Vec<(usize, usize)> = largest_first
            .iter()
            .flat_map(|&line| (0..lines[line].taxes.len()).map(move |place| (line, place)))
            .filter(|&(line, place)| is_meant(&lines[line].taxes[place]))
            .collect();
        settle(&mut taxes, &places, rounded(exact, included));
    }
    Some(taxes)
}

/// Makes the taxes at these places sum to the total: what is missing goes round in their
/// order, a minor unit each.
fn settle(taxes: &mut [Vec<i128>], places: &[(usize, usize)], total: i128) {
    let sum: i128 = places.iter().map(|&(line, place)| taxes[line][place]).sum();
    let (missing, count) = (total - sum, places.len() as i128);
    let (each, rest) = (missing / count, missing % count);
    for (turn, &(line, place)) in places.iter().enumerate() {
        let extra = match (turn as i128) < rest.abs() {
            true => rest.signum(),
            false => 0,
        };
        taxes[line][place] += each + extra;
    }
}

/// An exact half of a tax goes up when on top, and to the net when included, so that the net
/// is rounded half up.
fn rounded(tax: Ratio, included: bool) -> i128 {
    match included {
        true => tax.half_down(),
        false => tax.half_up(),
    }
}

/// A tax as a function of its base: base × factor + fixed, in minor units.
#[derive(Clone, Copy)]
struct Scale {
    factor: Ratio,
    fixed: Ratio,
}

impl Scale {
    fn on(self, base: Ratio) -> Option<Ratio> {
        base.times(self.factor)?.plus(self.fixed)
    }
}

fn scales(rules: &[TaxRule], qty: i128, decimals: u32) -> Option<Vec<Scale>> {
    let share = |rate: i128| Ratio::new(rate, i128::from(SCALE));
    let scale = |place: usize| {
        let rule = &rules[place];
        let rate = i128::from(rule.rate.raw());
        let (factor, fixed) = match rule.kind {
            TaxKind::Percent => (share(rate)?, Ratio::ZERO),
            TaxKind::Fixed => {
                let minor = 10i128.pow(2 * 6 - decimals);
                (Ratio::ZERO, Ratio::new(rate.checked_mul(qty)?, minor)?)
            }
            TaxKind::Division => {
                let left = Ratio::ONE.minus(share(taken_of_gross(rules, place))?)?;
                let factor = left.is_positive().then(|| share(rate)?.over(left));
                (factor??, Ratio::ZERO)
            }
        };
        Some(Scale { factor, fixed })
    };
    (0..rules.len()).map(scale).collect()
}

/// The rates of the division taxes that share one gross with the one at this place, summed.
fn taken_of_gross(rules: &[TaxRule], place: usize) -> i128 {
    let share_gross = |former: &TaxRule, latter: &TaxRule| {
        former.kind == TaxKind::Division
            && latter.kind == TaxKind::Division
            && former.included == latter.included
            && former.base_affected == latter.base_affected
            && !(former.raises_base && latter.base_affected)
    };
    let mut start = 0;
    for run in rules.chunk_by(share_gross) {
        if place < start + run.len() {
            return run.iter().map(|rule| i128::from(rule.rate.raw())).sum();
        }
        start += run.len();
    }
    unreachable!("every place lies in a run")
}

/// The taxes on a line amount, not rounded.
///
/// The amount grows with the net along a straight line, whichever taxes it includes; two
/// points of the line tell which net belongs to this amount.
fn exact_taxes(rules: &[TaxRule], scales: &[Scale], amount: i128) -> Option<Vec<Ratio>> {
    let taxes = |net| walk(rules, net, &|place, base| scales[place].on(base));
    let amount_of = |net: Ratio| {
        let mut amount = net;
        for (rule, (_, tax)) in rules.iter().zip(taxes(net)?) {
            if rule.included {
                amount = amount.plus(tax)?;
            }
        }
        Some(amount)
    };
    let at_zero: Ratio = amount_of(Ratio::ZERO)?;
    let slope = amount_of(Ratio::ONE)?.minus(at_zero)?;
    if !slope.is_positive() {
        return None;
    }
    let net = Ratio::whole(amount).minus(at_zero)?.over(slope)?;
    Some(taxes(net)?.into_iter().map(|(_, tax)| tax).collect())
}

/// Base and tax of each rule in turn, where `tax_on` says what the rule at a place takes on
/// its base.
fn walk(rules: &[TaxRule], net: Ratio, tax_on: &dyn Fn(usize, Ratio) -> Option<Ratio>) -> Option<Vec<(Ratio, Ratio)>> {
    let mut raised = net;
    let mut taxes = Vec::with_capacity(rules.len());
    for (place, rule) in rules.iter().enumerate() {
        let base = match rule.base_affected {
            true => raised,
            false => net,
        };
        let tax = tax_on(place, base)?;
        if rule.raises_base {
            raised = raised.plus(tax)?;
        }
        taxes.push((base, tax));
    }
    Some(taxes)
}

#[cfg(test)]
mod tests;
