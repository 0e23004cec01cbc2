//! What an invoice comes to: its taxes, and how coins can pay it. Pure.

use finance::cash_rounding::Coins;
use finance::tax_rules::{TaxableAmount, TaxedDocument, TooLarge, line_amount, tax_amounts_less};
use kernel::{Amount, Id, Price, Qty, Refusal};

use super::decide::signed;
use super::facts::Credited;
use super::not_invoiced::NotInvoiced;
use super::{Facts, Invoice, Stage};

/// The terms bring their rounding, unless somebody chose; it is of the document's currency.
fn choose_rounding(doc: &mut Invoice, facts: &Facts) -> Result<(), Refusal> {
    let known = facts.roundings;
    if doc.stage == Stage::Draft && doc.rounded_for != doc.terms {
        if doc.rounded_for.is_some() || doc.cash_rounding.is_none() {
            let fitting = known.of_terms.filter(|(_, coins)| coins.currency == doc.currency);
            doc.cash_rounding = fitting.map(|(id, _)| Id::new(id));
        }
        doc.rounded_for = doc.terms;
    }
    match coins(doc, facts) {
        Some((id, coins)) if coins.currency != doc.currency => Err(NotInvoiced::OtherCoins {
            rounding: ("cash_rounding", id),
            coins: coins.currency.code().to_owned(),
            currency: doc.currency.code().to_owned(),
        }
        .into()),
        _ => Ok(()),
    }
}

/// The rounding the document names.
pub(super) fn coins(doc: &Invoice, facts: &Facts) -> Option<(i64, Coins)> {
    let id = doc.cash_rounding?.raw();
    [facts.roundings.named, facts.roundings.of_terms].into_iter().flatten().find(|(known, _)| *known == id)
}

/// The total as coins can pay it; where a tax carries the difference, so does its line.
pub(super) fn round(doc: &mut Invoice, exact_base: Amount, facts: &Facts) -> Result<(), Refusal> {
    choose_rounding(doc, facts)?;
    let (taxed, extra) = rounded(doc, facts)?;
    (doc.tax_amount, doc.rounding_amount, doc.total) = (taxed.tax, extra, taxed.gross + extra);
    let total_base = doc.total.convert(doc.currency, facts.header.company_currency, doc.rate);
    let total_base = total_base.ok_or(NotInvoiced::TooLarge)?;
    doc.total_base = signed(doc, total_base);
    for (line, taxed) in doc.lines.iter_mut().zip(&taxed.lines).filter(|(line, taxed)| line.total != taxed.gross) {
        line.total_base += total_base - exact_base;
        (line.tax_amount, line.total) = (taxed.tax, taxed.gross);
    }
    Ok(())
}

/// The document with its taxes.
fn taxed(doc: &Invoice, facts: &Facts) -> Result<TaxedDocument, Refusal> {
    let lines = doc.lines.iter().map(|line| {
        let price = line.price.unwrap_or(Price::ZERO);
        let amount = line_amount(line.qty, price, line.discount, doc.currency)?;
        let taxes = facts.lines.taxes.rules(line.tax);
        Ok(TaxableAmount { amount: amount - line.discount_share, qty: line.qty, taxes })
    });
    let lines: Vec<TaxableAmount> = lines.collect::<Result<_, TooLarge>>()?;
    Ok(tax_amounts_less(&lines, facts.lines.tax_less, doc.currency, facts.lines.rounding)?)
}

/// What is left of an invoice for the credit note that gives back the last of its goods: parts are rounded apart, and
/// what that leaves would stay open for ever. None where more is left than rounding: some was given back for less.
fn last(doc: &Invoice, taxed: &TaxedDocument, coins: &Coins, facts: &Facts) -> Option<Amount> {
    let given = facts.given_back.as_ref()?;
    if doc.stage != Stage::Draft {
        return Some(doc.total);
    }
    let is_whole = |(id, one): (&i64, &Credited)| {
        let mine = doc.lines.iter().filter(|line| line.credited_line.is_some_and(|line| line.raw() == *id));
        one.credited_qty + mine.map(|line| line.qty).sum::<Qty>() == one.qty
    };
    let rest = facts.credited_total - given.back_total;
    let rounded = coins.coin.raw().saturating_mul(given.notes + 1);
    let is_rounding = (rest - taxed.gross).abs().raw() <= rounded;
    (0 < given.notes && is_rounding && facts.credited.iter().all(is_whole)).then_some(rest)
}

/// The document with its taxes as coins can pay it, and what a line of its own adds to that.
pub(super) fn rounded(doc: &Invoice, facts: &Facts) -> Result<(TaxedDocument, Amount), Refusal> {
    let taxed = taxed(doc, facts)?;
    match coins(doc, facts) {
        Some((_, coins)) => match last(doc, &taxed, &coins, facts) {
            Some(rest) => Ok(coins.carry(taxed.clone(), rest - taxed.gross)),
            None => Ok(coins.round(taxed)?),
        },
        None => Ok((taxed, Amount::ZERO)),
    }
}
