//! Facts: the only place of this room that reads. Reads of other rooms: `invoice`, `currency_rate`.

use std::collections::BTreeMap;

use books::{AccountId, ItemId, PartyId};
use kernel::{Amount, Currency, Date, Id, Label, ProblemKind, Rate, Refusal};
use meta::{Fault, Hint, Reader, Tone, Value};

/// Accounts of the company by what they are used for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Accounts {
    /// By the code of [`crate::account::UsedFor`].
    pub by_use: BTreeMap<String, AccountId>,
}

impl Accounts {
    /// The account used for something.
    pub fn used_for(&self, what: &str) -> Result<AccountId, Refusal> {
        self.by_use.get(what).copied().ok_or_else(|| {
            let label = <crate::account::UsedFor as meta::Choice>::META.value(what).map(|value| value.label);
            Refusal::new(
                "no_account",
                Label::new(
                    "No account is set up for {what}. Name one in the chart of accounts (“used for”).",
                    "尚未设置“{what}”科目，请在会计科目的“用途”中指定。",
                ),
            )
            .kind(ProblemKind::NotNow)
            .with("what", label.map_or(kernel::Param::Text(what.to_owned()), kernel::Param::Label))
        })
    }
}

/// Reads the accounts documents post to.
pub fn accounts(reader: &dyn Reader) -> Result<Accounts, Fault> {
    let sql = "select used_for, min(id) from account
        where company = ?1 and used_for <> 'none' and is_group = 0 and active = 1 group by used_for";
    let rows = reader.steady_rows(sql, &[reader.context().company.into()])?;
    Ok(Accounts { by_use: rows.iter().map(|row| (row.text(0).to_owned(), Id::new(row.int(1)))).collect() })
}

/// What one unit of a currency is worth in company currency on a day, as far as it is known.
pub fn rate(currency: Currency, on: Date, reader: &dyn Reader) -> Result<Option<Rate>, Fault> {
    Ok(dated_rate(currency, on, reader)?.map(|known| known.rate))
}

/// A rate, and since when it is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DatedRate {
    /// What one unit is worth in company currency.
    pub rate: Rate,
    /// The day it is of, where it is so much older than the document that it is worth saying.
    pub old_since: Option<Date>,
}

impl DatedRate {
    /// One whose day need not be told.
    pub fn of(rate: Rate) -> DatedRate {
        DatedRate { rate, old_since: None }
    }
}

/// After how many days a rate is old: who keeps one a month has a new one by then.
const OLD_DAYS: i32 = 31;

/// The rate of a currency on a day, and of when it is.
pub fn dated_rate(currency: Currency, on: Date, reader: &dyn Reader) -> Result<Option<DatedRate>, Fault> {
    let context = reader.context();
    if currency == context.currency {
        return Ok(Some(DatedRate::of(Rate::ONE)));
    }
    let sql = "select rate, valid_on from currency_rate
        where company = ?1 and currency = ?2 and valid_on <= ?3 order by valid_on desc limit 1";
    let rows = reader.rows(sql, &[context.company.into(), currency.code().into(), on.into()])?;
    let Some((rate, since)) = rows.first().and_then(|row| Some((row.maybe_int(0)?, row.date(1)?))) else {
        return Ok(None);
    };
    let old_since = Some(since).filter(|since| since.add_days(OLD_DAYS) < on);
    Ok(Some(DatedRate { rate: Rate::new(rate), old_since }))
}

/// Says that the rate a document uses is one of long ago.
pub fn old_rate_hint(currency: Currency, rate: Rate, known: Option<DatedRate>) -> Option<Hint> {
    let known = known.filter(|known| known.rate == rate)?;
    let text = Label::new(
        "The rate of {currency} used is that of {since}. Add a newer one, or type it, if the day matters.",
        "所用 {currency} 汇率为 {since} 的汇率。如需当日汇率，请新增或直接填写。",
    );
    let about = Refusal::new("old_rate", text).with("currency", currency.code()).with("since", known.old_since?);
    Some(Hint { tone: Tone::Info, about: about.field("rate") })
}

/// By how much a rate may differ from that of the day, in parts of a hundred.
const FAR_PERCENT: i128 = 20;

/// Whether a rate is so far from that of the day that it looks like a slip.
pub fn is_far(rate: Rate, usual: Rate) -> bool {
    let (is, should) = (i128::from(rate.raw()), i128::from(usual.raw()));
    should * FAR_PERCENT < (is - should).abs() * 100
}

/// An open item of a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Open {
    /// Which.
    pub item: ItemId,
    /// Its account.
    pub account: AccountId,
    /// Whom it concerns.
    pub party: Option<PartyId>,
    /// Its currency.
    pub currency: Currency,
    /// Open in company currency; negative when we owe.
    pub amount: Amount,
    /// Open in its own currency; negative when we owe.
    pub currency_amount: Amount,
}

fn read_open(reader: &dyn Reader, condition: &str, args: &[Value]) -> Result<Vec<Open>, Fault> {
    let sql = format!(
        "select o.id, o.account, o.party, o.currency, o.open_amount, o.open_currency_amount from open_item o
         where o.company = ?1 and {condition} order by o.due_on, o.id"
    );
    let rows = reader.rows(&sql, args)?;
    let open = rows.iter().map(|row| Open {
        item: Id::new(row.int(0)),
        account: Id::new(row.int(1)),
        party: row.maybe_int(2).map(Id::new),
        currency: Currency::parse(row.text(3)).unwrap_or(reader.context().currency),
        amount: Amount::new(row.int(4)),
        currency_amount: Amount::new(row.int(5)),
    });
    Ok(open.collect())
}

/// What is open of a document, by when it is due.
pub fn open_of(doc_entity: &str, doc: i64, reader: &dyn Reader) -> Result<Vec<Open>, Fault> {
    let args = [reader.context().company.into(), Value::from(doc_entity), doc.into()];
    read_open(
        reader,
        "o.doc_entity = ?2 and o.doc_id = ?3 and (o.open_currency_amount <> 0 or o.open_amount <> 0)",
        &args,
    )
}

/// One open item, however much is still open.
pub fn open_item(item: ItemId, reader: &dyn Reader) -> Result<Option<Open>, Fault> {
    let args = [reader.context().company.into(), item.raw().into()];
    Ok(read_open(reader, "o.id = ?2", &args)?.into_iter().next())
}

/// The part of an item's company amount that goes with a part of its own amount: in
/// proportion, rounded half up; all of it takes all of it.
pub fn base_part(open: &Open, part: Amount) -> Option<Amount> {
    if part == open.currency_amount {
        return Some(open.amount);
    }
    open.amount.scale(part.raw(), open.currency_amount.raw())
}

/// Takes an amount off items, the oldest first. Gives what is taken of each: in its own
/// and in company currency. `None` when they do not hold that much.
pub fn take(items: &[Open], mut amount: Amount) -> Option<Vec<(Open, Amount, Amount)>> {
    let mut taken = Vec::new();
    for open in items {
        if amount.is_zero() {
            break;
        }
        if open.currency_amount.is_zero() || open.currency_amount.is_negative() != amount.is_negative() {
            continue;
        }
        let part = if open.currency_amount.abs() < amount.abs() { open.currency_amount } else { amount };
        taken.push((*open, part, base_part(open, part)?));
        amount -= part;
    }
    amount.is_zero().then_some(taken)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn open(id: i64, amount: i64, currency_amount: i64) -> Open {
        Open {
            item: Id::new(id),
            account: Id::new(1),
            party: None,
            currency: Currency::EUR,
            amount: Amount::new(amount),
            currency_amount: Amount::new(currency_amount),
        }
    }

    #[test]
    fn the_oldest_is_paid_first_and_the_last_takes_the_rest() {
        let items = [open(1, 780, 100), open(2, 1560, 200)];
        let taken = take(&items, Amount::new(150)).unwrap();
        assert_eq!(taken.len(), 2);
        assert_eq!((taken[0].1.raw(), taken[0].2.raw()), (100, 780));
        assert_eq!((taken[1].1.raw(), taken[1].2.raw()), (50, 390));
        assert!(take(&items, Amount::new(301)).is_none());
    }

    #[test]
    fn what_we_owe_is_taken_with_its_own_sign() {
        let items = [open(1, -780, -100)];
        assert!(take(&items, Amount::new(50)).is_none());
        assert_eq!(take(&items, Amount::new(-50)).unwrap()[0].2.raw(), -390);
    }
}
