//! What an invoice does.

use std::collections::BTreeMap;

use books::{AccountId, Clearing, DocRef, Entry, EntryLine, Move, MoveKind, Posting, Progress, TaxLine};
use finance::settlement::payment_state;
use finance::tax_rules::TaxedDocument;
use finance::term_rules::{Worth, in_currency_of, instalments};
use kernel::{Amount, Date, Id, Label, Price, Qty, Refusal, split};
use meta::stages::{not_now, only_drafts};
use meta::{Change, Choice, Document, Effects, Entity, Hint, Reader, Record, Trouble, Want};
use party::letterhead;
use stock::costing::Movement;
use stock::place::PlaceKind;

use super::not_invoiced::NotInvoiced;
use super::worth::{Part, worth};
use super::{Action, Facts, Invoice, InvoiceKind, InvoiceLine, Stage, belongs, credit, facts, prefill, total, worth};
use crate::discount_rules::{Discount, Left};
use crate::header_rules;
use crate::line_rules::{self, Line, Terms};
use crate::sales_order::SalesOrder;

impl Document for Invoice {
    type Facts = Facts;
    type Action = Action;

    fn facts(doc: &Self, want: &Want<Action>, reader: &dyn Reader) -> Result<Facts, Trouble> {
        Ok(facts::read(doc, want, reader)?)
    }

    fn currencies(doc: &mut Self, reader: &dyn Reader) -> Result<(), Trouble> {
        doc.currency = crate::read::currency(&super::facts::header(doc), reader)?;
        Ok(())
    }

    fn complete(doc: &mut Self, facts: &Facts) -> Result<(), Refusal> {
        complete(doc, facts)
    }

    fn hints(doc: &Self, facts: &Facts) -> Vec<Hint> {
        let is_draft = doc.stage == Stage::Draft;
        let far = header_rules::rate_hint(doc.currency, doc.rate, &facts.header);
        let above = facts.header.credit.hint(credit::added(doc, facts));
        far.into_iter().chain(above).filter(|_| is_draft).collect()
    }

    fn check_change(old: &Self, _: &Self, _: &Facts) -> Result<(), Refusal> {
        if old.stage == Stage::Draft { Ok(()) } else { Err(only_drafts(old.stage)) }
    }

    fn ready(doc: &Self, action: &Action) -> Result<(), Refusal> {
        if doc.stage.after(action).is_none() {
            return Err(not_now(doc.stage, action));
        }
        let whole = if doc.kind == InvoiceKind::CreditNote { -doc.total } else { doc.total };
        let touched = doc.kind == InvoiceKind::Invoice && (doc.open_amount != whole || is_credited(doc));
        match action {
            Action::Cancel if touched => Err(NotInvoiced::Settled { number: doc.number.clone() }.into()),
            _ => Ok(()),
        }
    }

    fn decide(doc: &Self, action: &Action, facts: &Facts) -> Result<(&'static str, Effects), Refusal> {
        let next = doc.stage.after(action).ok_or_else(|| not_now(doc.stage, action))?;
        let mut effects = match action {
            Action::Post { override_reason } => post(doc, override_reason.as_deref(), facts)?,
            // Of a credit note, too: what it left open may have been paid out since.
            Action::Cancel if facts.is_settled || is_credited(doc) => {
                return Err(NotInvoiced::Settled { number: doc.number.clone() }.into());
            }
            Action::Cancel => {
                fits_again(doc, facts)?;
                cancel(doc, facts)
            }
        };
        effects.set.extend(letterhead::set(facts.letterhead.clone()));
        Ok((next.code(), effects))
    }

    fn sources() -> &'static [&'static str] {
        &["sales_order", "delivery", "invoice", "sales_return"]
    }

    fn made_label(source: &str) -> Option<Label> {
        let kind = matches!(source, "invoice" | "sales_return").then_some(InvoiceKind::CreditNote)?;
        InvoiceKind::META.value(kind.code()).map(|value| value.label)
    }

    fn prefill(from: &Record, reader: &dyn Reader) -> Result<Option<Self>, Trouble> {
        prefill::of(from, reader)
    }
}

/// Whether a credit note gives some of it back: that may leave all of it open, when the invoice
/// had been paid before and the payment was taken back since.
fn is_credited(doc: &Invoice) -> bool {
    doc.lines.iter().any(|line| !line.credited_qty.is_zero())
}

fn complete(doc: &mut Invoice, facts: &Facts) -> Result<(), Refusal> {
    if doc.issued_on == Date::MIN {
        doc.issued_on = facts.header.today;
    }
    if doc.kind == InvoiceKind::Invoice && doc.credits.is_some() {
        return Err(NotInvoiced::NotACreditNote.into());
    }
    if doc.kind == InvoiceKind::Invoice && doc.sales_return.is_some() {
        return Err(NotInvoiced::NoNoteOfReturn.into());
    }
    let header = header_rules::complete(facts::header(doc), doc.issued_on, &facts.header)?;
    (doc.filled_for, doc.currency, doc.rate_of) = (header.filled_for, header.currency, header.rate_of);
    (doc.rate, doc.terms, doc.owner, doc.price_list) = (header.rate, header.terms, header.owner, header.price_list);
    if doc.stage == Stage::Draft {
        header_rules::fair_rate(doc.currency, doc.rate, doc.rate_meant, &facts.header)?;
    }
    if doc.stage == Stage::Draft {
        if let Some(given) = facts.given_back.as_ref().filter(|given| given.currency != doc.currency) {
            return Err(NotInvoiced::OtherCurrency { currency: given.currency.code().to_owned() }.into());
        }
        if let Some(given) = facts.given_back.as_ref().filter(|given| doc.issued_on < given.issued_on) {
            return Err(NotInvoiced::BeforeInvoice { issued_on: given.issued_on }.into());
        }
        belongs::find(doc, facts)?;
    }
    // A credit note gives back the taxes of its invoice.
    let positions = if doc.credits.is_some() { header.positions.settled() } else { header.positions };
    (doc.tax_position, doc.taxed_for) = (positions.now, positions.now);
    let terms = Terms { on: doc.issued_on, currency: doc.currency, rate: doc.rate, positions };
    let agreed = agreed_discounts(doc, facts);
    let mut lines: Vec<Line> =
        doc.lines.iter_mut().zip(agreed).map(|(one, agreed)| Line { agreed_discount: agreed, ..line(one) }).collect();
    let discount = Discount { rate: doc.discount_rate, amount: doc.discount_amount };
    let totals = line_rules::complete(&mut lines, &discount, &terms, &facts.lines)?;
    doc.discount_total = totals.discount;
    (doc.net, doc.margin) = (totals.net, signed(doc, totals.margin));
    total::round(doc, totals.total_base, facts)?;
    worth::fill(doc, facts)?;
    if doc.stage == Stage::Draft {
        let due = due(doc, facts)?;
        doc.due_on = due.iter().map(|(on, _)| *on).max();
    }
    let told = doc.lines.iter().enumerate().map(|(row, line)| fits(doc, line, facts).map_err(|why| why.row(row)));
    let problems: Vec<Refusal> = told.filter_map(Result::err).collect();
    if problems.is_empty() { Ok(()) } else { Err(Refusal::merge(problems)) }
}

/// What each line bears of the discount of the invoice it gives back, or of its order.
fn agreed_discounts(doc: &Invoice, facts: &Facts) -> Vec<Option<Amount>> {
    let mut credited: BTreeMap<i64, Left> = facts.credited.iter().map(|(id, one)| (*id, one.left())).collect();
    let mut ordered: BTreeMap<i64, Left> = facts.order_lines.iter().map(|(id, one)| (*id, one.to_invoice())).collect();
    let agreed = |line: &InvoiceLine| {
        let left = match (doc.kind, line.credited_line, line.order_line) {
            (InvoiceKind::CreditNote, Some(id), _) => credited.get_mut(&id.raw()),
            (InvoiceKind::Invoice, _, Some(id)) => ordered.get_mut(&id.raw()),
            (_, _, _) => None,
        };
        left.map(|left| left.take(line.qty))
    };
    doc.lines.iter().map(agreed).collect()
}

/// A line says what its order, or the invoice it gives back, says.
fn fits(doc: &Invoice, line: &InvoiceLine, facts: &Facts) -> Result<(), Refusal> {
    if doc.stage != Stage::Draft {
        return Ok(());
    }
    if line.unit_cost.is_some_and(|cost| cost < Price::ZERO) {
        return Err(NotInvoiced::CostBelowZero.into());
    }
    if doc.ship_from.is_some() && line.stocked {
        match doc.kind {
            InvoiceKind::Invoice if line.order_line.is_some() => return Err(NotInvoiced::LeavesWithDelivery.into()),
            InvoiceKind::CreditNote if line.order_line.is_some() || line.delivery_line.is_some() => {
                return Err(NotInvoiced::ComesWithReturn.into());
            }
            _ => {}
        }
    }
    if let Some(id) = line.order_line {
        let ordered = facts.order_lines.get(&id.raw()).ok_or(NotInvoiced::OtherDocument)?;
        let is_other = doc.sales_order.is_some_and(|order| order.raw() != ordered.order);
        if is_other || ordered.product != line.product.raw() || ordered.unit != line.unit.raw() {
            return Err(NotInvoiced::OtherDocument.into());
        }
        if ordered.legal != facts.header.credit.legal.raw() {
            return Err(NotInvoiced::OtherCustomer { number: ordered.number.clone() }.into());
        }
    }
    if let Some(id) = line.delivery_line {
        let delivered = facts.delivered.get(&id.raw()).ok_or(NotInvoiced::OtherDocument)?;
        if delivered.product != line.product.raw() {
            return Err(NotInvoiced::OtherDocument.into());
        }
        if delivered.legal != facts.header.credit.legal.raw() {
            return Err(NotInvoiced::OtherCustomer { number: delivered.number.clone() }.into());
        }
    }
    if let Some(id) = line.credited_line {
        let credited = facts.credited.get(&id.raw()).ok_or(NotInvoiced::OtherDocument)?;
        if credited.product != line.product.raw() {
            return Err(NotInvoiced::OtherDocument.into());
        }
    }
    if let Some(id) = line.return_line {
        let returned = facts.came_back.lines.get(&id.raw()).ok_or(NotInvoiced::OtherDocument)?;
        if returned.product != line.product.raw() {
            return Err(NotInvoiced::OtherDocument.into());
        }
    }
    Ok(())
}

fn line(line: &mut InvoiceLine) -> Line<'_> {
    Line {
        product: line.product,
        qty: line.qty,
        discount: line.discount,
        agreed_discount: None,
        gives_back: line.credited_line.is_some(),
        description: &mut line.description,
        unit: &mut line.unit,
        price: &mut line.price,
        priced_unit: &mut line.priced_unit,
        priced_at: &mut line.priced_at,
        tax: &mut line.tax,
        filled_for: &mut line.filled_for,
        product_qty: &mut line.product_qty,
        stocked: &mut line.stocked,
        discount_share: &mut line.discount_share,
        net: &mut line.net,
        tax_amount: &mut line.tax_amount,
        total: &mut line.total,
        total_base: &mut line.total_base,
        margin: &mut line.margin,
    }
}

fn post(doc: &Invoice, reason: Option<&str>, facts: &Facts) -> Result<Effects, Refusal> {
    if doc.total.is_zero() && doc.net.is_zero() {
        return Err(NotInvoiced::Nothing.into());
    }
    if let Some(number) = &facts.not_credited {
        return Err(NotInvoiced::NotPosted { number: number.clone() }.into());
    }
    if let Some(number) = &facts.came_back.not_received {
        return Err(NotInvoiced::NotReceived { number: number.clone() }.into());
    }
    let mut set = Vec::new();
    // What was ordered was looked at when it was ordered, and again when it left.
    let added = credit::added(doc, facts);
    if Amount::ZERO < added {
        let reason = reason.filter(|reason| !reason.trim().is_empty()).unwrap_or(&doc.override_reason);
        if let Some(reason) = facts.header.credit.check(added, Some(reason))? {
            set.push(("override_reason", reason.into()));
        }
    }
    let mut posting = Posting::default();
    let (taxed, extra) = total::rounded(doc, facts)?;
    if extra != doc.rounding_amount || taxed.gross + extra != doc.total {
        return Err(NotInvoiced::OtherTotal.into());
    }
    let Money { lines, settled, owed_base, taxes, nets } = money(doc, &taxed, facts)?;
    posting.entries.push(Entry::balanced(
        "sales",
        doc.issued_on,
        doc.note.chars().take(120).collect::<String>(),
        lines,
    )?);
    posting.taxes = tax_lines(doc, &taxed, &taxes, facts)?;
    for ((row, line), agreed) in doc.lines.iter().enumerate().zip(agreed_discounts(doc, facts)) {
        fulfil(doc, line, facts, &mut posting).map_err(|why| why.row(row))?;
        if agreed.is_some_and(|agreed| agreed != line.discount_share) {
            return Err(Refusal::from(NotInvoiced::OtherDiscount).row(row));
        }
        posting.progress.extend(discounted(doc, line));
    }
    // A category may have got another account since the draft was saved.
    for (line, net) in doc.lines.iter().zip(nets).filter(|(line, net)| line.net_base != *net) {
        let by = (net - line.net_base).raw();
        posting.progress.push(Progress { entity: Invoice::NAME, line: line.id.raw(), field: "net_base", by });
    }
    belongs::within(doc, facts)?;
    credit::commit(doc, owed_base, facts, &mut posting);
    if let Some(place) = doc.ship_from {
        for (row, line) in doc.lines.iter().enumerate().filter(|(_, line)| leaves(line)) {
            posting.moves.push(moved(doc, line, place, facts).map_err(|why| why.row(row))?);
        }
    }
    let whole = signed(doc, doc.total);
    let open = whole + settled;
    set.push(("open_amount", open.raw().into()));
    set.push(("payment_state", if open.is_zero() { "full" } else { payment_state(whole, open) }.into()));
    let mut change = Vec::new();
    if let (Some(id), false) = (doc.credits, settled.is_zero()) {
        let left: Amount = facts.credited_open.iter().map(|item| item.currency_amount).sum::<Amount>() - settled;
        change.extend(invoice_state(id.raw(), facts.credited_total, left));
    }
    Ok(Effects { posting, set, change, ..Effects::none() })
}

/// The state of another invoice when so much of it is open.
fn invoice_state(id: i64, total: Amount, open: Amount) -> [Change; 2] {
    let doc = DocRef { entity: "invoice", id };
    [
        Change { doc, field: "open_amount", value: open.raw().into() },
        Change { doc, field: "payment_state", value: payment_state(total, open).into() },
    ]
}

fn cancel(doc: &Invoice, facts: &Facts) -> Effects {
    let mut change = Vec::new();
    if let Some(id) = doc.credits {
        // What the credit note had settled of the invoice is open again.
        let settled = doc.total + doc.open_amount;
        let open: Amount = facts.credited_open.iter().map(|item| item.currency_amount).sum();
        change.extend(invoice_state(id.raw(), facts.credited_total, open + settled));
    }
    let set = vec![("open_amount", 0.into()), ("payment_state", "none".into())];
    let posting = Posting { commitments: credit::of_lines(doc, -1, facts), ..Posting::default() };
    Effects { posting, change, set, ..Effects::undo() }
}

/// What a credit note gave back still fits on its order: it was not invoiced again, nor ordered less.
fn fits_again(doc: &Invoice, facts: &Facts) -> Result<(), Refusal> {
    if doc.kind == InvoiceKind::Invoice {
        return Ok(());
    }
    for (row, line) in doc.lines.iter().enumerate() {
        let ordered = line.order_line.and_then(|id| facts.order_lines.get(&id.raw()));
        let same = doc.lines.iter().filter(|other| other.order_line == line.order_line);
        let back: Qty = same.map(|other| other.qty).sum();
        if let Some(ordered) = ordered.filter(|ordered| !ordered.takes_back(back)) {
            let (product, number) = (("product", line.product.raw()), ordered.number.clone());
            return Err(Refusal::from(NotInvoiced::InvoicedAgain { product, number }).row(row));
        }
    }
    Ok(())
}

/// Positive for what is owed to us, negative for what is given back.
pub(super) fn signed(doc: &Invoice, amount: Amount) -> Amount {
    match doc.kind {
        InvoiceKind::Invoice => amount,
        InvoiceKind::CreditNote => -amount,
    }
}

/// What an invoice does to the money book.
struct Money {
    /// The lines of its entry.
    lines: Vec<EntryLine>,
    /// How much of the credited invoice they settle, in currency.
    settled: Amount,
    /// What the customer owes us more, in company currency; less when negative.
    owed_base: Amount,
    /// Each tax in company currency, as it is posted.
    taxes: BTreeMap<i64, Amount>,
    /// The net of each line in company currency, as it is posted.
    nets: Vec<Amount>,
}

/// The lines of the entry.
///
/// The total is converted to company currency once; its parts share it ([`worth`]), so that the entry balances to
/// the cent.
fn money(doc: &Invoice, taxed: &TaxedDocument, facts: &Facts) -> Result<Money, Refusal> {
    let company = facts.header.company_currency;
    let total_base = doc.total.convert(doc.currency, company, doc.rate).ok_or(NotInvoiced::TooLarge)?;
    let worth = worth(doc, taxed, &|what| facts.accounts.used_for(what), facts)?;
    let party = Some(doc.customer);
    let mut lines = Vec::new();
    let settled = receivable(doc, total_base, facts, &mut lines)?;
    // What the customer owes more, at the rates it was and is owed at: exchange differences are not in it.
    let owing = |line: &&EntryLine| line.clearing != Clearing::None;
    let owed_base = lines.iter().filter(owing).map(|line| line.amount).sum();
    let mut taxes: BTreeMap<i64, Amount> = BTreeMap::new();
    for ((account, part), (amount, share)) in worth.parts {
        if let Part::Tax(tax) = part {
            *taxes.entry(tax).or_default() += share;
        }
        lines.push(EntryLine {
            currency: doc.currency,
            currency_amount: -signed(doc, amount),
            party,
            ..EntryLine::plain(account, -signed(doc, share), company)
        });
    }
    Ok(Money { lines, settled, owed_base, taxes, nets: worth.nets })
}

/// What the customer owes from now on, part by part; a credit note first takes off what is
/// open of the invoice it gives back. Gives how much that is, in currency.
fn receivable(doc: &Invoice, total_base: Amount, facts: &Facts, lines: &mut Vec<EntryLine>) -> Result<Amount, Refusal> {
    let company = facts.header.company_currency;
    let account = facts.accounts.used_for("receivable")?;
    let (mut left, mut left_base, mut settled) = (doc.total, total_base, Amount::ZERO);
    if doc.kind == InvoiceKind::CreditNote {
        let same = facts
            .credited_open
            .iter()
            .filter(|item| item.currency == doc.currency && Amount::ZERO < item.currency_amount);
        for item in same {
            let part = item.currency_amount.min(left);
            if part.is_zero() {
                break;
            }
            let base = finance::read::base_part(item, part).ok_or(NotInvoiced::TooLarge)?;
            let own = if part == left {
                left_base
            } else {
                total_base.scale(part.raw(), doc.total.raw()).ok_or(NotInvoiced::TooLarge)?
            };
            lines.push(EntryLine {
                currency: doc.currency,
                currency_amount: -part,
                party: item.party,
                clearing: Clearing::Settles(item.item),
                ..EntryLine::plain(item.account, -base, company)
            });
            // The credit note has a rate of its own: the difference is an exchange difference.
            let difference = base - own;
            if !difference.is_zero() {
                let which = if difference.is_negative() { "exchange_gain" } else { "exchange_loss" };
                lines.push(EntryLine::plain(facts.accounts.used_for(which)?, difference, company));
            }
            (left, left_base, settled) = (left - part, left_base - own, settled + part);
        }
        if !left.is_zero() || !left_base.is_zero() {
            lines.push(owed(doc, account, -left, -left_base, doc.issued_on, company));
        }
        return Ok(settled);
    }
    let due = due(doc, facts)?;
    let weights: Vec<i64> = due.iter().map(|(_, amount)| amount.raw()).collect();
    let shares = match doc.total.is_zero() {
        true => vec![Amount::ZERO; weights.len()],
        false => split(total_base, &weights),
    };
    for ((on, amount), base) in due.into_iter().zip(shares) {
        lines.push(owed(doc, account, amount, base, on, company));
    }
    Ok(settled)
}

/// What of the total is due when.
fn due(doc: &Invoice, facts: &Facts) -> Result<Vec<(Date, Amount)>, Refusal> {
    let worth = Worth { currency: doc.currency, rate: doc.rate, company: facts.header.company_currency };
    Ok(instalments(doc.total, &in_currency_of(worth, &facts.terms)?, doc.issued_on))
}

fn owed(
    doc: &Invoice,
    account: AccountId,
    amount: Amount,
    base: Amount,
    due_on: Date,
    company: kernel::Currency,
) -> EntryLine {
    EntryLine {
        currency: doc.currency,
        currency_amount: amount,
        party: Some(doc.customer),
        due_on: Some(due_on),
        clearing: Clearing::Opens,
        ..EntryLine::plain(account, base, company)
    }
}

/// The taxes for the tax return: to the cent what is on their accounts, so that both agree in
/// any currency. Only the base is converted by itself.
fn tax_lines(
    doc: &Invoice,
    taxed: &TaxedDocument,
    posted: &BTreeMap<i64, Amount>,
    facts: &Facts,
) -> Result<Vec<TaxLine>, Refusal> {
    let company = facts.header.company_currency;
    let base = |amount: Amount| amount.convert(doc.currency, company, doc.rate).ok_or(NotInvoiced::TooLarge);
    let mut lines = Vec::new();
    for tax in &taxed.taxes {
        lines.push(TaxLine {
            tax: Id::new(tax.tax),
            posted_on: doc.issued_on,
            base: signed(doc, base(tax.base)?),
            tax_amount: signed(doc, posted.get(&tax.tax).copied().unwrap_or_default()),
        });
    }
    Ok(lines)
}

/// Says how far the lines of orders, deliveries and credited invoices are done.
fn fulfil(doc: &Invoice, line: &InvoiceLine, facts: &Facts, posting: &mut Posting) -> Result<(), Refusal> {
    let by = match doc.kind {
        InvoiceKind::Invoice => line.qty.raw(),
        InvoiceKind::CreditNote => -line.qty.raw(),
    };
    if let Some(id) = line.order_line {
        let ordered = facts.order_lines.get(&id.raw()).ok_or(NotInvoiced::OtherDocument)?;
        let same = doc.lines.iter().filter(|other| other.order_line == line.order_line);
        let asked: Qty = same.map(|other| other.qty).sum();
        let left = ordered.may_invoice();
        if doc.kind == InvoiceKind::Invoice && left < asked {
            let (product, number) = (("product", line.product.raw()), ordered.number.clone());
            let (ordered, delivered) = (ordered.qty, ordered.delivered_qty - ordered.returned_qty);
            return Err(NotInvoiced::MoreThanOrdered { product, ordered, delivered, left, number }.into());
        }
        posting.progress.push(Progress { entity: SalesOrder::NAME, line: id.raw(), field: "invoiced_qty", by });
    }
    if let Some(id) = line.delivery_line {
        posting.progress.push(Progress { entity: "delivery", line: id.raw(), field: "invoiced_qty", by });
    }
    if let Some(id) = line.credited_line {
        let credited = facts.credited.get(&id.raw()).ok_or(NotInvoiced::OtherDocument)?;
        let left = (credited.qty - credited.credited_qty).max(Qty::ZERO);
        let same = doc.lines.iter().filter(|other| other.credited_line == line.credited_line);
        if left < same.map(|other| other.qty).sum() {
            return Err(NotInvoiced::MoreThanInvoiced { product: ("product", line.product.raw()), left }.into());
        }
        posting.progress.push(Progress {
            entity: "invoice",
            line: id.raw(),
            field: "credited_qty",
            by: line.qty.raw(),
        });
    }
    posting.progress.extend(taken_back(doc, line, facts)?);
    Ok(())
}

/// Says how far a line of a return is credited: all lines made of it together credit no more than came back.
fn taken_back(doc: &Invoice, line: &InvoiceLine, facts: &Facts) -> Result<Option<Progress>, Refusal> {
    let Some(id) = line.return_line else { return Ok(None) };
    let returned = facts.came_back.lines.get(&id.raw()).ok_or(NotInvoiced::OtherDocument)?;
    let left = (returned.qty - returned.credited_qty).max(Qty::ZERO);
    let asked: Qty =
        doc.lines.iter().filter(|other| other.return_line == line.return_line).map(|other| other.qty).sum();
    if left < asked {
        return Err(NotInvoiced::MoreThanReturned { product: ("product", line.product.raw()), left }.into());
    }
    Ok(Some(Progress { entity: "sales_return", line: id.raw(), field: "credited_qty", by: line.qty.raw() }))
}

/// Says how much of the discount of an order, or of an invoice that is given back, is used.
fn discounted(doc: &Invoice, line: &InvoiceLine) -> Vec<Progress> {
    let share = line.discount_share;
    let ordered = line.order_line.map(|id| Progress {
        entity: SalesOrder::NAME,
        line: id.raw(),
        field: "invoiced_discount",
        by: signed(doc, share).raw(),
    });
    let credited = line.credited_line.map(|id| Progress {
        entity: "invoice",
        line: id.raw(),
        field: "credited_discount",
        by: share.raw(),
    });
    ordered.into_iter().chain(credited).filter(|step| step.by != 0).collect()
}

/// Whether the goods of a line move with the document: not what a delivery or a return has moved.
fn leaves(line: &InvoiceLine) -> bool {
    line.stocked && line.delivery_line.is_none() && line.return_line.is_none()
}

/// Goods that leave, or come back, with the document itself.
fn moved(doc: &Invoice, line: &InvoiceLine, place: books::PlaceId, facts: &Facts) -> Result<Move, Refusal> {
    let outside = facts.costing.place(PlaceKind::Customer)?;
    let (from, to, kind) = match doc.kind {
        InvoiceKind::Invoice => (place, outside, MoveKind::Out),
        InvoiceKind::CreditNote => (outside, place, MoveKind::In),
    };
    let movement = Movement {
        product: line.product,
        qty: line.product_qty,
        from,
        to,
        moved_on: doc.issued_on,
        kind,
        doc_line: line.id.raw(),
    };
    let mut moved = facts.costing.movement(movement, facts.costing.cost_account(line.product)?)?;
    if doc.kind == InvoiceKind::CreditNote {
        let shipped = line.credited_line.filter(|id| facts.credited.get(&id.raw()).is_some_and(|one| one.shipped));
        match shipped {
            Some(id) => moved.returns = Some(id.raw()),
            // Without the invoice they left with, goods come back at what they cost at present.
            None => {
                let known = facts.costing.of(line.product).and_then(|goods| goods.unit_cost);
                let product = ("product", line.product.raw());
                let cost = line.unit_cost.or(known).ok_or(NotInvoiced::CostUnknown { product })?;
                let value = cost.times(line.product_qty, facts.header.company_currency).ok_or(NotInvoiced::TooLarge)?;
                moved.value = Some(value);
            }
        }
    }
    Ok(moved)
}
