//! What an order does.

use books::{Posting, PromiseKind};
use kernel::{Amount, Date, Qty, Refusal};
use meta::stages::{not_now, only_drafts};
use meta::{Choice, Document, Effects, Entity, Hint, Reader, Record, Trouble, Want};
use party::letterhead;

use super::align::{Aim, align, far, left};
use super::{Action, Facts, Fulfilment, SalesOrder, SalesOrderLine, Stage, facts};
use crate::discount_rules::Discount;
use crate::header_rules::{self, active_customer};
use crate::line_rules::{self, Line, Need, Priced, Terms};
use crate::position_rules::Positions;
use crate::quotation::Quotation;

/// Why an order is not cancelled.
#[derive(meta::Refusal)]
pub enum NotCancelled {
    /// {number} has been shipped; make a return instead
    ///
    /// {number} 已发货，请改做退货
    #[refusal(kind = "NotNow")]
    Shipped {
        /// Its number.
        number: String,
    },
    /// {number} has been invoiced; cancel the invoice or make a credit note first
    ///
    /// {number} 已开票，请先取消发票或开具红字发票
    #[refusal(kind = "NotNow")]
    Invoiced {
        /// Its number.
        number: String,
    },
}

/// Why stock is not reserved.
#[derive(meta::Refusal)]
pub enum NotReserved {
    /// Nothing more is free for {number}. Receive goods first, or take them from another place.
    ///
    /// 没有更多可供 {number} 预留的库存，请先入库或更换库位。
    #[refusal(kind = "NotNow")]
    NothingFree {
        /// Its number.
        number: String,
    },
}

/// Why there is nothing to reserve or to release.
#[derive(meta::Refusal)]
pub enum NothingToHold {
    /// No goods of {number} are left to deliver, so there is nothing to reserve or to release.
    ///
    /// {number} 已没有待交付的货物，无需预留或释放。
    #[refusal(kind = "NotNow")]
    NothingLeft {
        /// Its number.
        number: String,
    },
}

/// Why nothing is released.
#[derive(meta::Refusal)]
pub enum NotReleased {
    /// Nothing is reserved for {number}. Release another order, or receive goods.
    ///
    /// {number} 没有已预留的库存，请释放其他订单的预留或先入库。
    #[refusal(kind = "NotNow")]
    NothingReserved {
        /// Its number.
        number: String,
    },
}

/// Why a confirmed order is not changed.
#[derive(meta::Refusal)]
pub enum NotChanged {
    /// The customer and the currency of a confirmed order stay. Cancel it and make a new one.
    ///
    /// 已确认订单的客户和币种不可更改，请取消后重新创建。
    #[refusal(kind = "NotNow", field = "customer")]
    OtherCustomer,
    /// {fulfilled} of {product} are delivered or invoiced already. Order at least as much.
    ///
    /// {product} 已交货或开票 {fulfilled}，订购数量不能低于此数。
    #[refusal(kind = "TooMuch", field = "lines.qty")]
    BelowFulfilled {
        /// What.
        product: (&'static str, i64),
        /// How much is delivered or invoiced.
        fulfilled: Qty,
    },
    /// {product} is delivered or invoiced in part, so its product and unit stay. Add another line.
    ///
    /// {product} 已部分交货或开票，产品和单位不可更改，请另加一行。
    #[refusal(kind = "NotNow", field = "lines.product")]
    OtherProduct {
        /// What.
        product: (&'static str, i64),
    },
}

impl Document for SalesOrder {
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
        if !matches!(doc.stage, Stage::Draft | Stage::Confirmed) {
            return Vec::new();
        }
        let needs: Vec<Need> = doc
            .lines
            .iter()
            .enumerate()
            .filter(|(_, line)| line.stocked)
            .map(|(row, line)| {
                let reserved = facts.open.reserved(line.id.raw());
                Need { row, product: line.product, unit: line.unit, qty: left(line), reserved }
            })
            .collect();
        let mut hints = line_rules::availability(&needs, doc.wanted_on, &facts.lines);
        let priced = doc.lines.iter().enumerate().map(|(row, line)| {
            let (product, unit, product_qty, tax) = (line.product, line.unit, line.product_qty, line.tax);
            (row, Priced { product, unit, product_qty, tax }, line.price)
        });
        hints.extend(line_rules::proposals(priced, &terms(doc), &facts.lines));
        hints.extend(header_rules::rate_hint(doc.currency, doc.rate, &facts.header));
        hints.extend(facts.header.credit.hint(added(doc, facts)));
        hints
    }

    fn check_change(old: &Self, new: &Self, facts: &Facts) -> Result<(), Refusal> {
        match old.stage {
            Stage::Draft => Ok(()),
            Stage::Confirmed => {
                // One that was agreed to when the order was confirmed stays, whatever the day says since.
                if (old.rate, old.rate_meant) != (new.rate, new.rate_meant) {
                    header_rules::fair_rate(new.currency, new.rate, new.rate_meant, &facts.header)?;
                }
                check_confirmed(old, new)
            }
            Stage::Done | Stage::Cancelled => Err(only_drafts(old.stage)),
        }
    }

    fn saved(_: Option<&Self>, new: &Self, facts: &Facts) -> Result<Effects, Refusal> {
        if new.stage != Stage::Confirmed {
            return Ok(Effects::none());
        }
        let added = added(new, facts);
        // What makes the order smaller is never refused, even when the customer owes too much.
        let approved = match Amount::ZERO < added {
            true => facts.header.credit.check(added, Some(&new.override_reason))?,
            false => None,
        };
        Ok(with_approval(Effects::post(align(new, facts, aim(new, facts))), approved, facts))
    }

    fn open_stages() -> &'static [&'static str] {
        &["draft", "confirmed"]
    }

    fn ready(doc: &Self, action: &Action) -> Result<(), Refusal> {
        if doc.stage.after(action).is_none() {
            return Err(not_now(doc.stage, action));
        }
        match action {
            Action::Cancel => cancellable(doc),
            Action::Reserve | Action::Release if !has_goods_left(doc) => {
                Err(NothingToHold::NothingLeft { number: doc.number.clone() }.into())
            }
            _ => Ok(()),
        }
    }

    fn decide(doc: &Self, action: &Action, facts: &Facts) -> Result<(&'static str, Effects), Refusal> {
        let next = doc.stage.after(action).ok_or_else(|| not_now(doc.stage, action))?;
        let mut effects = match action {
            Action::Confirm { override_reason } => commit(doc, override_reason.as_deref(), facts)?,
            Action::Reopen { override_reason } if next == Stage::Confirmed => {
                commit(doc, override_reason.as_deref(), facts)?
            }
            Action::Reopen { .. } => Effects::none(),
            Action::Reserve => reserve(doc, facts)?,
            Action::Release => release(doc, facts)?,
            Action::Close => Effects::post(align(doc, facts, Aim::Nothing)),
            Action::Cancel => {
                cancellable(doc)?;
                // What others took from it, such as an invoice that was credited again, stays taken.
                Effects::post(align(doc, facts, Aim::Nothing))
            }
        };
        effects.set.extend(letterhead::set(facts.letterhead.clone()));
        Ok((next.code(), effects))
    }

    fn settle(doc: &mut Self) {
        let mut stocked = doc.lines.iter().filter(|line| line.stocked).peekable();
        doc.delivery_state = match (stocked.peek(), doc.lines.is_empty()) {
            (None, false) => Fulfilment::Nothing,
            _ => fulfilment(stocked.map(|line| (line.delivered_qty.raw(), line.qty.raw()))),
        };
        // What was delivered beyond the order is to be invoiced as well.
        let due = |line: &SalesOrderLine| (line.qty.max(line.delivered_qty) - line.returned_qty).max(Qty::ZERO);
        // Where all of it came back before it was invoiced, nothing is, until more is delivered.
        let is_idle =
            |line: &SalesOrderLine| Qty::ZERO < line.returned_qty && line.invoiced_qty.is_zero() && due(line).is_zero();
        doc.invoice_state = match !doc.lines.is_empty() && doc.lines.iter().all(is_idle) {
            true => Fulfilment::Nothing,
            false => fulfilment(doc.lines.iter().map(|line| (line.invoiced_qty.raw(), due(line).raw()))),
        };
        let paid: Amount = doc.lines.iter().map(|line| line.paid_amount).sum();
        doc.payment_state = fulfilment([(paid.raw(), doc.total.raw())].into_iter());
    }

    fn sources() -> &'static [&'static str] {
        &["quotation"]
    }

    fn prefill(from: &Record, _: &dyn Reader) -> Result<Option<Self>, Trouble> {
        if from.meta.name != Quotation::NAME {
            return Ok(None);
        }
        Ok(Some(of_quotation(&Quotation::from_record(from)?)))
    }
}

/// How much of several (done, whole) is done.
fn fulfilment(parts: impl Iterator<Item = (i64, i64)>) -> Fulfilment {
    let (mut any, mut all, mut some) = (false, true, false);
    for (done, whole) in parts {
        some = true;
        any |= done != 0;
        all &= whole <= done;
    }
    match (some && all && any, any) {
        (true, _) => Fulfilment::Full,
        (false, true) => Fulfilment::Partial,
        (false, false) => Fulfilment::None,
    }
}

fn complete(doc: &mut SalesOrder, facts: &Facts) -> Result<(), Refusal> {
    if doc.ordered_on == Date::MIN {
        doc.ordered_on = facts.header.today;
    }
    if doc.wanted_on == Date::MIN {
        doc.wanted_on = doc.ordered_on;
    }
    if let (0, Some(place)) = (doc.place.raw(), facts.header.home_place) {
        doc.place = place;
    }
    let header = header_rules::complete(facts::header(doc), doc.ordered_on, &facts.header)?;
    (doc.filled_for, doc.currency, doc.rate_of) = (header.filled_for, header.currency, header.rate_of);
    (doc.rate, doc.terms, doc.price_list, doc.owner) = (header.rate, header.terms, header.price_list, header.owner);
    if doc.stage == Stage::Draft {
        header_rules::fair_rate(doc.currency, doc.rate, doc.rate_meant, &facts.header)?;
    }
    (doc.tax_position, doc.taxed_for) = (header.positions.now, header.positions.now);
    let terms = Terms { positions: header.positions, ..terms(doc) };
    let mut lines: Vec<Line> = doc.lines.iter_mut().map(line).collect();
    let discount = Discount { rate: doc.discount_rate, amount: doc.discount_amount };
    let totals = line_rules::complete(&mut lines, &discount, &terms, &facts.lines)?;
    doc.discount_total = totals.discount;
    (doc.net, doc.tax_amount, doc.total) = (totals.net, totals.tax_amount, totals.total);
    (doc.total_base, doc.margin) = (totals.total_base, totals.margin);
    // A change of a quantity changes how much of the order is done.
    SalesOrder::settle(doc);
    Ok(())
}

fn terms(doc: &SalesOrder) -> Terms {
    let positions = Positions { now: doc.tax_position, before: doc.taxed_for };
    Terms { on: doc.ordered_on, currency: doc.currency, rate: doc.rate, positions }
}

fn line(line: &mut SalesOrderLine) -> Line<'_> {
    Line {
        product: line.product,
        qty: line.qty,
        discount: line.discount,
        agreed_discount: None,
        gives_back: false,
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

/// By how much the customer's exposure grows when the order is committed as it is.
fn added(doc: &SalesOrder, facts: &Facts) -> Amount {
    let committed: Amount = facts.open.commitments.iter().map(|one| one.amount).sum();
    let aimed = doc.lines.iter().flat_map(|line| far(line, doc, facts, true).committed());
    aimed.map(|(_, amount)| amount).sum::<Amount>() - committed
}

fn commit(doc: &SalesOrder, reason: Option<&str>, facts: &Facts) -> Result<Effects, Refusal> {
    active_customer(&facts.header)?;
    let reason = reason.filter(|reason| !reason.trim().is_empty()).unwrap_or(&doc.override_reason);
    let approved = facts.header.credit.check(added(doc, facts), Some(reason))?;
    // Whoever confirms or reopens begins anew: the company's rule says again when goods are reserved.
    Ok(with_approval(taking_back(doc, align(doc, facts, by_rule(doc, facts))), approved, facts))
}

/// What changing an order reserves: nothing more where somebody released it.
fn aim(doc: &SalesOrder, facts: &Facts) -> Aim {
    match doc.reservation_released {
        true => Aim::Promised,
        false => by_rule(doc, facts),
    }
}

/// Whether goods are reserved by confirming and changing, or only later.
fn by_rule(doc: &SalesOrder, facts: &Facts) -> Aim {
    match facts.reserving.reserves(doc.wanted_on, facts.header.today) {
        true => Aim::Everything,
        false => Aim::Promised,
    }
}

/// Keeps why, and by whom, the credit limit was exceeded.
fn with_approval(mut effects: Effects, approved: Option<&str>, facts: &Facts) -> Effects {
    if let Some(reason) = approved {
        effects.set.push(("override_reason", reason.into()));
        effects.set.push(("credit_approved_by", facts.header.user.map(|user| user.raw()).into()));
    }
    effects
}

/// Whether goods from stock are still to be delivered.
fn has_goods_left(doc: &SalesOrder) -> bool {
    doc.lines.iter().any(|line| line.stocked && Qty::ZERO < left(line))
}

fn reserve(doc: &SalesOrder, facts: &Facts) -> Result<Effects, Refusal> {
    let posting = align(doc, facts, Aim::Everything);
    let reserves = |one: &books::Promise| one.kind == PromiseKind::Reserved && Qty::ZERO < one.qty;
    match posting.promises.iter().any(reserves) {
        true => Ok(taking_back(doc, posting)),
        false => Err(NotReserved::NothingFree { number: doc.number.clone() }.into()),
    }
}

/// What is posted, and that the order is reserved for by the company's rule again.
fn taking_back(doc: &SalesOrder, posting: Posting) -> Effects {
    let mut effects = Effects::post(posting);
    if doc.reservation_released {
        effects.set.push(("reservation_released", false.into()));
    }
    effects
}

fn release(doc: &SalesOrder, facts: &Facts) -> Result<Effects, Refusal> {
    let posting = align(doc, facts, Aim::Released);
    if posting.promises.iter().all(|one| one.kind != PromiseKind::Reserved) {
        return Err(NotReleased::NothingReserved { number: doc.number.clone() }.into());
    }
    let mut effects = Effects::post(posting);
    effects.set.push(("reservation_released", true.into()));
    Ok(effects)
}

fn cancellable(doc: &SalesOrder) -> Result<(), Refusal> {
    let number = doc.number.clone();
    if doc.lines.iter().any(|line| Qty::ZERO < line.delivered_qty) {
        return Err(NotCancelled::Shipped { number }.into());
    }
    if doc.lines.iter().any(|line| !line.invoiced_qty.is_zero()) {
        return Err(NotCancelled::Invoiced { number }.into());
    }
    Ok(())
}

fn check_confirmed(old: &SalesOrder, new: &SalesOrder) -> Result<(), Refusal> {
    if (old.customer, old.currency) != (new.customer, new.currency) {
        return Err(NotChanged::OtherCustomer.into());
    }
    let mut problems: Vec<Refusal> = Vec::new();
    for before in &old.lines {
        // More than ordered may be delivered or invoiced; that does not make it ordered.
        let fulfilled = before.delivered_qty.max(before.invoiced_qty).min(before.qty);
        if fulfilled <= Qty::ZERO {
            continue;
        }
        let product = ("product", before.product.raw());
        let row = new.lines.iter().position(|line| line.id == before.id);
        match row.map(|row| (row, &new.lines[row])) {
            None => problems.push(NotChanged::BelowFulfilled { product, fulfilled }.into()),
            Some((row, after)) if after.qty < fulfilled => {
                problems.push(Refusal::from(NotChanged::BelowFulfilled { product, fulfilled }).row(row));
            }
            Some((row, after)) if (after.product, after.unit) != (before.product, before.unit) => {
                problems.push(Refusal::from(NotChanged::OtherProduct { product }).row(row));
            }
            Some(_) => {}
        }
    }
    if problems.is_empty() { Ok(()) } else { Err(Refusal::merge(problems)) }
}

/// The order a quotation becomes, at the prices that were offered.
pub(crate) fn of_quotation(quotation: &Quotation) -> SalesOrder {
    let record = Record::empty(SalesOrder::meta());
    let mut order = SalesOrder::from_record(&record).expect("an empty record is an empty order");
    order.company = quotation.company;
    order.customer = quotation.customer;
    order.currency = quotation.currency;
    // Only a rate that was agreed is kept; otherwise that of the day of the order counts.
    order.rate_meant = quotation.rate_meant;
    if quotation.rate_meant {
        order.rate = quotation.rate;
    }
    order.terms = quotation.terms;
    order.price_list = quotation.price_list;
    (order.tax_position, order.taxed_for) = (quotation.tax_position, quotation.taxed_for);
    order.owner = quotation.owner;
    (order.discount_rate, order.discount_amount) = (quotation.discount_rate, quotation.discount_amount);
    order.quotation = Some(quotation.id);
    order.filled_for = quotation.filled_for;
    order.rate_of = quotation.rate_of;
    order.lines = quotation.lines.iter().map(line_of_quotation).collect();
    order
}

fn line_of_quotation(quoted: &crate::quotation::QuotationLine) -> SalesOrderLine {
    let record = Record::empty(SalesOrderLine::meta());
    let mut line = SalesOrderLine::from_record(&record).expect("an empty record is an empty line");
    line.product = quoted.product;
    line.description.clone_from(&quoted.description);
    line.qty = quoted.qty;
    line.unit = quoted.unit;
    line.price = quoted.price;
    line.discount = quoted.discount;
    line.tax = quoted.tax;
    line.filled_for = quoted.filled_for;
    line
}
