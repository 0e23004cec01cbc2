//! What the parts of an invoice are worth in company currency, as they are posted. Pure.
//!
//! ```text
//! total × rate → parts: net by account, each tax, rounding     sums to the total, to the cent
//! net of an account → its lines                                 sums to the account, to the cent
//! ```
//!
//! Whatever adds up lines then comes to what the ledger says, however it groups them.

use std::collections::BTreeMap;

use books::AccountId;
use finance::tax_rules::TaxedDocument;
use kernel::{Amount, Id, Refusal};

use super::not_invoiced::NotInvoiced;
use super::{Facts, Invoice, total};
use crate::line_rules::in_base;

/// What a part of the total is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Part {
    /// The net of some lines.
    Net,
    /// What coins cannot pay.
    Rounding,
    /// A tax, by its id.
    Tax(i64),
}

/// What an invoice is worth in company currency.
pub(super) struct Worth {
    /// By account: in currency, and in company currency.
    pub parts: BTreeMap<(AccountId, Part), (Amount, Amount)>,
    /// The net of each line.
    pub nets: Vec<Amount>,
}

/// Shares what the total is worth among its parts, and what stands on each account among its lines.
pub(super) fn worth(
    doc: &Invoice,
    taxed: &TaxedDocument,
    used_for: &dyn Fn(&str) -> Result<AccountId, Refusal>,
    facts: &Facts,
) -> Result<Worth, Refusal> {
    let accounts: Vec<AccountId> = doc
        .lines
        .iter()
        .map(|line| facts.sales_accounts.get(&line.product.raw()).copied().map_or_else(|| used_for("sales"), Ok))
        .collect::<Result<_, Refusal>>()?;
    let mut parts: BTreeMap<(AccountId, Part), Amount> = BTreeMap::new();
    for (account, taxed) in accounts.iter().zip(&taxed.lines) {
        *parts.entry((*account, Part::Net)).or_default() += taxed.net;
    }
    for tax in &taxed.taxes {
        let account = facts.tax_accounts.get(&tax.tax).copied().map_or_else(|| used_for("sales_tax"), Ok)?;
        *parts.entry((account, Part::Tax(tax.tax))).or_default() += tax.amount;
    }
    if !doc.rounding_amount.is_zero() {
        let own = total::coins(doc, facts).and_then(|(_, coins)| coins.account(doc.rounding_amount));
        let account = own.map_or_else(|| used_for("rounding"), Ok)?;
        *parts.entry((account, Part::Rounding)).or_default() += doc.rounding_amount;
    }
    let base = |amount: Amount| amount.convert(doc.currency, facts.header.company_currency, doc.rate);
    let amounts: Vec<Amount> = parts.values().copied().collect();
    let shares = in_base(&amounts, &base).ok_or(NotInvoiced::TooLarge)?;
    let parts: BTreeMap<(AccountId, Part), (Amount, Amount)> =
        parts.into_iter().zip(shares).map(|((key, amount), share)| (key, (amount, share))).collect();
    let mut nets = vec![Amount::ZERO; accounts.len()];
    for ((account, _), whole) in parts.iter().filter(|((_, part), _)| *part == Part::Net) {
        let rows: Vec<usize> = (0..accounts.len()).filter(|row| accounts[*row] == *account).collect();
        let own: Vec<Amount> = rows.iter().map(|row| taxed.lines[*row].net).collect();
        for (row, share) in rows.into_iter().zip(shared(*whole, &own, &base).ok_or(NotInvoiced::TooLarge)?) {
            nets[row] = share;
        }
    }
    Ok(Worth { parts, nets })
}

/// Lines of an account in company currency; they sum to what stands there.
pub fn shared(
    (whole, worth): (Amount, Amount),
    lines: &[Amount],
    base: &dyn Fn(Amount) -> Option<Amount>,
) -> Option<Vec<Amount>> {
    in_base(lines, &|amount| if amount == whole { Some(worth) } else { base(amount) })
}

/// What the lines are worth in company currency, and earn.
pub(super) fn fill(doc: &mut Invoice, facts: &Facts) -> Result<(), Refusal> {
    let (taxed, _) = total::rounded(doc, facts)?;
    // A draft may be saved before all accounts are there; to post it is refused then.
    let used_for = |what: &str| Ok(facts.accounts.used_for(what).unwrap_or(Id::new(0)));
    let nets = worth(doc, &taxed, &used_for, facts)?.nets;
    let (currency, company, rate) = (doc.currency, facts.header.company_currency, doc.rate);
    let mut more = Amount::ZERO;
    for (line, net) in doc.lines.iter_mut().zip(nets) {
        let alone = line.net.convert(currency, company, rate).ok_or(NotInvoiced::TooLarge)?;
        line.net_base = net;
        line.margin += net - alone;
        more += net - alone;
    }
    doc.margin += super::decide::signed(doc, more);
    Ok(())
}
