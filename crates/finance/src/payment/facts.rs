//! What completing and deciding need to know of a payment: all that is read.

use std::collections::BTreeMap;

use books::{AccountId, ItemId, PartyId, TaxId};
use kernel::{Amount, Currency, Date, Id, Rate};
use meta::{Choice, Entity, Reader, Record, Trouble, Want};

use super::{Action, Direction, Payment, PaymentLine, Stage, day_of};
use crate::payment_term::DiscountOf;
use crate::read::{self, Accounts, Open};
use crate::term_rules::{DiscountTax, EarlyDiscount, Reduction};

/// What is known of an invoice to be paid.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InvoiceFacts {
    /// Whose it is.
    pub party: PartyId,
    /// The legal entity whose credit it uses.
    pub legal: PartyId,
    /// Its currency.
    pub currency: Currency,
    /// Its day.
    pub issued_on: Date,
    /// What is open of it, by when it is due.
    pub open: Vec<Open>,
    /// Its total, negative for a credit note.
    pub total: Amount,
    /// What one unit of its currency is worth on the day of the payment.
    pub rate: Option<Rate>,
    /// What this payment has settled of it already, with the sign of what was open.
    pub settled: Amount,
    /// Its lines that invoice a line of an order: which, and what they come to.
    pub order_lines: Vec<(i64, Amount)>,
    /// What its other lines come to.
    pub other: Amount,
    /// What may be let off for paying early.
    pub early: Option<Early>,
}

/// What an invoice lets off when it is paid in time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Early {
    /// The last day of it.
    pub until: Date,
    /// How much at most, in the invoice's currency.
    pub most: Amount,
    /// The taxes that are lowered with it; none where the discount is of the net.
    pub taxes: Vec<EarlyTax>,
    /// What was invoiced without them, in company currency.
    pub net: Amount,
}

/// A tax of an invoice, in company currency.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EarlyTax {
    /// Which.
    pub tax: TaxId,
    /// Where it is posted; the usual account unless it has its own.
    pub account: Option<AccountId>,
    /// What it was taken of.
    pub base: Amount,
    /// How much it is.
    pub amount: Amount,
}

impl InvoiceFacts {
    pub(super) fn open(&self) -> Amount {
        self.open.iter().map(|item| item.currency_amount).sum()
    }
}

/// What completing and deciding need to know.
#[derive(Clone, Debug)]
pub struct Facts {
    /// The company's currency.
    pub company_currency: Currency,
    /// The business day.
    pub today: Date,
    /// Accounts by use.
    pub accounts: Accounts,
    /// Invoices by id.
    pub invoices: BTreeMap<i64, InvoiceFacts>,
    /// The rate of the payment's currency on its day, if known.
    pub rate: Option<Rate>,
    /// What is left of this payment as an advance.
    pub advance: Vec<Open>,
    /// Whether the account holds money; its own currency.
    pub is_money: bool,
    /// The party's currency.
    pub party_currency: Option<Currency>,
    /// What it has settled, to be taken back.
    pub settled: Settled,
}

/// What a payment has done beside moving money: net, so that what was taken back is not there.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Settled {
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
    let mut wanted: Vec<i64> = doc.lines.iter().map(|line| line.invoice.raw()).collect();
    if let Want::Act(Action::Allocate { invoice, .. }) = want {
        wanted.push(invoice.raw());
    }
    if let Want::Act(Action::Cancel | Action::Release) = want {
        wanted.extend(settled_invoices(doc, reader)?);
    }
    let mut invoices = BTreeMap::new();
    for id in wanted {
        if let Some(facts) = invoice(id, doc, on, reader)? {
            invoices.insert(id, facts);
        }
    }
    let accounts = reader.steady_rows("select used_for from account where id = ?1", &[doc.account.raw().into()])?;
    let party = reader.rows("select currency from party where id = ?1", &[doc.party.raw().into()])?;
    Ok(Facts {
        company_currency: context.currency,
        today: context.today,
        accounts: read::accounts(reader)?,
        invoices,
        rate: read::rate(doc.currency, on, reader)?,
        advance: if doc.id.raw() == 0 { Vec::new() } else { read::open_of("payment", doc.id.raw(), reader)? },
        is_money: accounts.first().is_some_and(|row| matches!(row.text(0), "bank" | "cash")),
        party_currency: party.first().and_then(|row| Currency::parse(row.text(0))),
        settled: match want {
            Want::Act(Action::Release) => settled(doc, reader)?,
            _ => Settled::default(),
        },
    })
}

/// What it has settled and not taken back.
fn settled(doc: &Payment, reader: &dyn Reader) -> Result<Settled, Trouble> {
    let company = reader.context().currency;
    let this = [doc.id.raw().into(), doc.account.raw().into()];
    let lines = reader.rows(
        "select l.account, c.item, l.party, l.currency, sum(l.amount), sum(l.currency_amount)
         from entry_line l
         join entry e on e.id = l.entry
         join account a on a.id = l.account
         left join clearing c on c.entry_line = l.id
         where e.doc_entity = 'payment' and e.doc_id = ?1 and l.account <> ?2 and a.used_for <> 'advance_received'
         group by l.account, c.item, l.party, l.currency
         having sum(l.amount) <> 0 or sum(l.currency_amount) <> 0
         order by l.account, c.item, l.party, l.currency",
        &this,
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
        lines: lines.iter().map(line).collect(),
        order_lines: order_lines.iter().map(|row| (row.int(0), Amount::new(row.int(1)))).collect(),
        credit: credit.iter().map(|row| (Id::new(row.int(0)), Amount::new(row.int(1)))).collect(),
        taxes: taxes
            .iter()
            .map(|row| (Id::new(row.int(0)), Amount::new(row.int(1)), Amount::new(row.int(2))))
            .collect(),
    })
}

fn settled_invoices(doc: &Payment, reader: &dyn Reader) -> Result<Vec<i64>, Trouble> {
    let rows = reader.rows(
        "select distinct o.doc_id from clearing c
         join entry_line l on l.id = c.entry_line
         join entry e on e.id = l.entry
         join open_item o on o.id = c.item
         where e.doc_entity = 'payment' and e.doc_id = ?1 and o.doc_entity = 'invoice'",
        &[doc.id.raw().into()],
    )?;
    Ok(rows.iter().map(|row| row.int(0)).collect())
}

fn invoice(id: i64, doc: &Payment, on: Date, reader: &dyn Reader) -> Result<Option<InvoiceFacts>, Trouble> {
    let rows = reader.rows(
        "select i.customer, i.currency, i.kind, i.total, coalesce(p.parent, p.id), i.issued_on,
           i.net, i.tax_amount, i.total_base, t.discount_rate, t.discount_days, t.discount_of
         from invoice i
         join party p on p.id = i.customer
         left join payment_term t on t.id = i.terms
         where i.id = ?1 and i.company = ?2 and i.stage = 'posted'",
        &[id.into(), reader.context().company.into()],
    )?;
    let Some(row) = rows.first() else { return Ok(None) };
    let currency = Currency::parse(row.text(1)).unwrap_or(reader.context().currency);
    let settled = reader.rows(
        "select coalesce(sum(c.currency_amount), 0) from clearing c
         join open_item o on o.id = c.item
         join entry_line l on l.id = c.entry_line
         join entry e on e.id = l.entry
         where o.doc_entity = 'invoice' and o.doc_id = ?1 and e.doc_entity = 'payment' and e.doc_id = ?2",
        &[id.into(), doc.id.raw().into()],
    )?;
    let lines = reader.rows(
        "select order_line, sum(total) from invoice_line where parent = ?1 group by order_line order by order_line",
        &[id.into()],
    )?;
    let total = Amount::new(row.int(3));
    let early = match row.maybe_int(9) {
        Some(rate) if 0 < rate && row.text(2) == "invoice" => Some(early(id, row, Rate::new(rate), reader)?),
        _ => None,
    };
    Ok(Some(InvoiceFacts {
        early,
        party: Id::new(row.int(0)),
        legal: Id::new(row.int(4)),
        currency,
        issued_on: row.date(5).unwrap_or(on),
        open: read::open_of("invoice", id, reader)?,
        total: if row.text(2) == "credit_note" { -total } else { total },
        rate: read::rate(currency, on, reader)?,
        settled: -Amount::new(settled.first().map_or(0, |row| row.int(0))),
        order_lines: lines.iter().filter_map(|row| Some((row.maybe_int(0)?, Amount::new(row.int(1))))).collect(),
        other: lines.iter().filter(|row| row.maybe_int(0).is_none()).map(|row| Amount::new(row.int(1))).sum(),
    }))
}

/// What an invoice lets off: by the rules of its terms, from the columns of `invoice`.
fn early(id: i64, row: &meta::Row, rate: Rate, reader: &dyn Reader) -> Result<Early, Trouble> {
    let treatment = match DiscountOf::of(row.text(11)) {
        Some(DiscountOf::Net) => DiscountTax::Excluded,
        Some(DiscountOf::Mixed) => DiscountTax::Mixed,
        Some(DiscountOf::Total) | None => DiscountTax::Included,
    };
    let discount =
        EarlyDiscount { reduction: Reduction::Percent(rate), days: i32::try_from(row.int(10)).unwrap_or(0), treatment };
    let (net, tax) = (Amount::new(row.int(6)), Amount::new(row.int(7)));
    let taxes = match treatment {
        DiscountTax::Excluded | DiscountTax::Mixed => Vec::new(),
        DiscountTax::Included => reader.rows(
            "select e.tax, t.account, sum(e.base), sum(e.tax_amount) from tax_entry e join tax t on t.id = e.tax
             where e.doc_entity = 'invoice' and e.doc_id = ?1
             group by e.tax, t.account having sum(e.tax_amount) <> 0 order by e.tax",
            &[id.into()],
        )?,
    };
    let taxes: Vec<EarlyTax> = taxes
        .iter()
        .map(|tax| EarlyTax {
            tax: Id::new(tax.int(0)),
            account: tax.maybe_int(1).map(Id::new),
            base: Amount::new(tax.int(2)),
            amount: Amount::new(tax.int(3)),
        })
        .collect();
    Ok(Early {
        until: discount.until(row.date(5).unwrap_or(Date::MIN)),
        most: discount.early_payment(net, &[tax]).discount,
        net: Amount::new(row.int(8)) - taxes.iter().map(|tax| tax.amount).sum(),
        taxes,
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
    let known = invoice(from.id, &payment, today, reader)?;
    // In time, the discount is offered; whoever pays in full says so by taking it away.
    let early = known.and_then(|known| known.early).filter(|early| today <= early.until && early.most < open);
    let discount = early.map_or(Amount::ZERO, |early| early.most);
    let amount = open.abs() - discount;
    payment.amount = amount;
    payment.lines = vec![PaymentLine {
        id: Id::new(0),
        invoice: Id::new(from.id),
        amount: Some(amount),
        currency,
        invoice_amount: Some(amount),
        discount,
        write_off: Amount::ZERO,
    }];
    Ok(Some(payment))
}
