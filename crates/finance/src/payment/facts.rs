//! What completing and deciding need to know of a payment: all that is read.

use books::{AccountId, DocRef, ItemId, PartyId, TaxId};
use kernel::{Amount, Currency, Date, Id, Rate};
use meta::{Choice, Entity, Reader, Record, Trouble, Want};
use party::letterhead;

use super::complete::currency_of;
use super::{Action, Direction, Payment, PaymentLine, Stage, day_of};
use crate::read::{self, Accounts, DatedRate, Open};
use crate::settlement::{self, Target, Targets};

/// What completing and deciding need to know.
#[derive(Clone, Debug)]
pub struct Facts {
    /// The company's currency.
    pub company_currency: Currency,
    /// The business day.
    pub today: Date,
    /// Accounts by use.
    pub accounts: Accounts,
    /// What it pays, or is to pay.
    pub targets: Targets,
    /// The rate of the payment's currency on its day, if known.
    pub rate: Option<Rate>,
    /// The same with the day it is of, where that is long ago.
    pub dated: Option<DatedRate>,
    /// What the account it goes out of holds at the end of its day: told while typing, to who may see the cash book.
    pub held: Option<Held>,
    /// What is left of this payment as an advance.
    pub advance: Vec<Open>,
    /// Whether the account holds money; its own currency.
    pub is_money: bool,
    /// The party's currency.
    pub party_currency: Option<Currency>,
    /// What it has settled, to be taken back.
    pub settled: Settled,
    /// Names and addresses of both sides, where the document is about to leave the house.
    pub letterhead: Option<String>,
}

/// What an account holds: in company currency and, of the payment's currency, in that.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Held {
    /// All of it, in company currency.
    pub base: Amount,
    /// What is kept in the currency of the payment; nothing where the account has never held any.
    pub own: Option<Amount>,
}

/// What a payment has done beside moving money: net, so that what was taken back is not there.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Settled {
    /// How much of it, in its currency.
    pub amount: Amount,
    /// What it posted to other accounts than the bank's and the advance's.
    pub lines: Vec<SettledLine>,
    /// How far it paid lines of orders.
    pub order_lines: Vec<(i64, Amount)>,
    /// By how much it lowered what somebody owes: the legal entity and the amount.
    pub credit: Vec<(PartyId, Amount)>,
    /// By how much it lowered taxes: which, their base and the amount.
    pub taxes: Vec<(TaxId, Amount, Amount)>,
}

/// What a payment posted to one account, or settled of one item.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SettledLine {
    /// The account.
    pub account: AccountId,
    /// The item it settled; none for exchange differences and what was given up.
    pub item: Option<ItemId>,
    /// Whom it concerns.
    pub party: Option<PartyId>,
    /// In which currency.
    pub currency: Currency,
    /// Debit positive, in company currency.
    pub amount: Amount,
    /// The same in its currency.
    pub currency_amount: Amount,
}

/// Reads them.
pub(super) fn read(doc: &Payment, want: &Want<Action>, reader: &dyn Reader) -> Result<Facts, Trouble> {
    let context = reader.context();
    let on = day_of(doc, context.today);
    let by = DocRef { entity: "payment", id: doc.id.raw() };
    let mut wanted: Vec<Target> = doc.lines.iter().filter_map(PaymentLine::target).collect();
    match want {
        Want::Act(Action::Allocate { invoice, item, .. }) => wanted.extend(Target::of(*invoice, *item)),
        Want::Act(Action::Cancel | Action::Release) => wanted.extend(settlement::settled_by(by, reader)?),
        Want::Act(Action::Post) | Want::Typing | Want::Save(_) => {}
    }
    let targets = targets(wanted, by, on, reader)?;
    let accounts = reader.steady_rows("select used_for from account where id = ?1", &[doc.account.raw().into()])?;
    let party_currency = party_currency(doc.party, reader)?;
    let currency = currency_of(doc, &targets, party_currency, context.currency);
    let is_money = accounts.first().is_some_and(|row| matches!(row.text(0), "bank" | "cash"));
    let dated = read::dated_rate(currency, on, reader)?;
    Ok(Facts {
        company_currency: context.currency,
        today: context.today,
        accounts: read::accounts(reader)?,
        targets,
        rate: dated.map(|known| known.rate),
        dated,
        held: match want {
            Want::Typing if is_money && doc.direction == Direction::Out && doc.stage == Stage::Draft => {
                held(doc.account, currency, on, reader)?
            }
            _ => None,
        },
        advance: if doc.id.raw() == 0 { Vec::new() } else { read::open_of("payment", doc.id.raw(), reader)? },
        is_money,
        party_currency,
        settled: match want {
            Want::Act(Action::Release) => settled(doc, reader)?,
            _ => Settled::default(),
        },
        letterhead: match want {
            Want::Act(Action::Post) => letterhead::of(doc.party, reader)?,
            Want::Act(_) | Want::Typing | Want::Save(_) => None,
        },
    })
}

/// The currencies nobody said: of the payment, and of what each line pays.
pub(super) fn currencies(doc: &mut Payment, reader: &dyn Reader) -> Result<(), Trouble> {
    let on = day_of(doc, reader.context().today);
    let by = DocRef { entity: "payment", id: doc.id.raw() };
    let targets = targets(doc.lines.iter().filter_map(PaymentLine::target), by, on, reader)?;
    for line in &mut doc.lines {
        let target = line.target().and_then(|one| targets.get(&one));
        line.currency = line.currency.or(target.map(|target| target.currency));
    }
    let party = party_currency(doc.party, reader)?;
    doc.currency = currency_of(doc, &targets, party, reader.context().currency);
    Ok(())
}

fn targets(
    wanted: impl IntoIterator<Item = Target>,
    by: DocRef,
    on: Date,
    reader: &dyn Reader,
) -> Result<Targets, Trouble> {
    let mut targets = Targets::new();
    for one in wanted {
        if let Some(facts) = settlement::target(one, by, on, reader)? {
            targets.insert(one, facts);
        }
    }
    Ok(targets)
}

fn party_currency(party: PartyId, reader: &dyn Reader) -> Result<Option<Currency>, Trouble> {
    let rows = reader.rows("select currency from party where id = ?1", &[party.raw().into()])?;
    Ok(rows.first().and_then(|row| Currency::parse(row.text(0))))
}

/// What an account holds at the end of a day, from what is kept of each month and day.
fn held(account: AccountId, currency: Currency, on: Date, reader: &dyn Reader) -> Result<Option<Held>, Trouble> {
    if !reader.may("cash_book", "see") {
        return Ok(None);
    }
    let context = reader.context();
    let rows = reader.rows(
        "select currency, sum(debit - credit), sum(currency_debit - currency_credit) from balance
         where company = ?1 and account = ?2
           and ((grain = 'm' and start < ?3) or (grain = 'd' and start >= ?3 and start <= ?4))
         group by currency",
        &[context.company.into(), account.raw().into(), on.start_of_month().into(), on.into()],
    )?;
    let own = rows.iter().find(|row| currency != context.currency && row.text(0) == currency.code());
    Ok(Some(Held {
        base: rows.iter().map(|row| Amount::new(row.int(1))).sum(),
        own: own.map(|row| Amount::new(row.int(2))),
    }))
}

/// What it has settled and not taken back.
fn settled(doc: &Payment, reader: &dyn Reader) -> Result<Settled, Trouble> {
    let company = reader.context().currency;
    let this = [doc.id.raw().into(), doc.account.raw().into()];
    let lines = reader.rows(
        "select l.account, c.item, l.party, l.currency, sum(l.amount), sum(l.currency_amount)
         from entry_line l
         join entry e on e.id = l.entry
         left join open_item own on own.entry_line = l.id
         left join clearing c on c.entry_line = l.id
         left join open_item o on o.id = c.item
         where e.doc_entity = 'payment' and e.doc_id = ?1 and l.account <> ?2 and own.id is null
           and (o.id is null or o.doc_entity <> 'payment' or o.doc_id <> ?1)
         group by l.account, c.item, l.party, l.currency
         having sum(l.amount) <> 0 or sum(l.currency_amount) <> 0
         order by l.account, c.item, l.party, l.currency",
        &this,
    )?;
    let advance = reader.rows(
        "select coalesce(sum(l.currency_amount), 0)
         from entry_line l
         join entry e on e.id = l.entry
         left join open_item own on own.entry_line = l.id
         left join clearing c on c.entry_line = l.id
         left join open_item o on o.id = c.item
         where e.doc_entity = 'payment' and e.doc_id = ?1
           and (own.id is not null or (o.doc_entity = 'payment' and o.doc_id = ?1))",
        &this[..1],
    )?;
    let order_lines = reader.rows(
        "select line, sum(amount) from progress
         where doc_entity = 'payment' and doc_id = ?1 and entity = 'sales_order' and field = 'paid_amount'
         group by line having sum(amount) <> 0 order by line",
        &this[..1],
    )?;
    let credit = reader.rows(
        "select party, sum(amount) from commitment where doc_entity = 'payment' and doc_id = ?1 and kind = 'invoiced'
         group by party having sum(amount) <> 0 order by party",
        &this[..1],
    )?;
    let taxes = reader.rows(
        "select tax, sum(base), sum(tax_amount) from tax_entry where doc_entity = 'payment' and doc_id = ?1
         group by tax having sum(base) <> 0 or sum(tax_amount) <> 0 order by tax",
        &this[..1],
    )?;
    let line = |row: &meta::Row| SettledLine {
        account: Id::new(row.int(0)),
        item: row.maybe_int(1).map(Id::new),
        party: row.maybe_int(2).map(Id::new),
        currency: Currency::parse(row.text(3)).unwrap_or(company),
        amount: Amount::new(row.int(4)),
        currency_amount: Amount::new(row.int(5)),
    };
    Ok(Settled {
        amount: doc.amount - Amount::new(advance.first().map_or(0, |row| row.int(0))).abs(),
        lines: lines.iter().map(line).collect(),
        order_lines: order_lines.iter().map(|row| (row.int(0), Amount::new(row.int(1)))).collect(),
        credit: credit.iter().map(|row| (Id::new(row.int(0)), Amount::new(row.int(1)))).collect(),
        taxes: taxes
            .iter()
            .map(|row| (Id::new(row.int(0)), Amount::new(row.int(1)), Amount::new(row.int(2))))
            .collect(),
    })
}

pub(super) fn prefill(from: &Record, reader: &dyn Reader) -> Result<Option<Payment>, Trouble> {
    if from.meta.name != "invoice" || from.stage() != Some("posted") {
        return Ok(None);
    }
    let open: Amount = read::open_of("invoice", from.id, reader)?.iter().map(|item| item.currency_amount).sum();
    if open.is_zero() {
        return Ok(None);
    }
    let currency = from.get("currency").text().and_then(Currency::parse);
    let today = reader.context().today;
    let mut record = Record::empty(Payment::meta());
    let direction = if open.is_negative() { Direction::Out } else { Direction::In };
    record.set("direction", direction.code()).set("party", from.get("customer").clone());
    record.set("currency", currency.map(|one| one.code().to_owned())).set("paid_on", today);
    record.set("stage", Stage::Draft.code());
    let mut payment = Payment::from_record(&record)?;
    let by = DocRef { entity: "payment", id: 0 };
    let known = settlement::target(Target::Invoice(from.id), by, today, reader)?;
    // In time, the discount is offered; whoever pays in full says so by taking it away.
    let early = known.and_then(|known| known.early).filter(|early| today <= early.until && early.most < open);
    let discount = early.map_or(Amount::ZERO, |early| early.most);
    let amount = open.abs() - discount;
    payment.amount = amount;
    payment.lines = vec![PaymentLine {
        id: Id::new(0),
        invoice: Some(Id::new(from.id)),
        item: None,
        amount: Some(amount),
        currency,
        invoice_amount: Some(amount),
        discount,
        write_off: Amount::ZERO,
    }];
    Ok(Some(payment))
}
