//! What a delivery does.

use std::collections::BTreeMap;

use books::{Commitment, CommitmentKind, Move, MoveKind, Posting, Progress, Promise, PromiseKind};
use kernel::{Amount, Date, Id, Qty, Rate, Refusal};
use meta::stages::{not_now, only_drafts};
use meta::{Choice, Document, Effects, Entity, Hint, Reader, Record, Trouble, Want};
use party::letterhead;
use stock::costing::Movement;
use stock::place::PlaceKind;

use super::{Action, Delivery, DeliveryLine, Facts, OrderLine, Stage, facts, listed, prefill};
use crate::committed::{Far, towards};
use crate::discount_rules::{Discount, Left};
use crate::header_rules::{self, active_customer};
use crate::line_rules::{self, Line, Need, Terms};
use crate::sales_order::{SalesOrder, part};

/// Why goods do not leave, or do not come back this way.
#[derive(meta::Refusal)]
pub enum NotShipped {
    /// Only {left} of {product} may still be delivered on {number}, where {ordered} are ordered. Reduce the quantity, change the order, or allow more under “Over-delivery allowed” of the product or the company.
    ///
    /// {number} 的 {product} 订购 {ordered}，仅可再交 {left}。请减少数量、修改订单，或在产品或公司的“允许超交”中放宽。
    #[refusal(kind = "TooMuch", field = "lines.qty")]
    MoreThanOrdered {
        /// What.
        product: (&'static str, i64),
        /// How much is ordered.
        ordered: Qty,
        /// How much may still be delivered.
        left: Qty,
        /// The order.
        number: String,
    },
    /// {number} is closed or not confirmed. Confirm or reopen it first.
    ///
    /// {number} 已关闭或未确认，请先确认或重新打开。
    #[refusal(kind = "NotNow", field = "sales_order")]
    OrderNotOpen {
        /// The order.
        number: String,
    },
    /// This line does not belong to the order. Take the lines from the order.
    ///
    /// 该行不属于此订单，请从订单带入明细。
    #[refusal(kind = "Invalid", field = "lines.order_line")]
    OtherOrder,
    /// {number} is of another customer. Choose that customer, one of the same legal entity, or an order of this one.
    ///
    /// {number} 属于其他客户。请选择该客户或同一法人单位的客户，或改选本客户的订单。
    #[refusal(kind = "Invalid", field = "customer")]
    OtherCustomer {
        /// The order.
        number: String,
    },
    /// {product} is not on the order, or all of it is delivered. Leave the order away for what was not ordered, or add it to the order.
    ///
    /// 订单没有 {product}，或已全部交货。未订购的货物请不要填写订单，或先加入订单。
    #[refusal(kind = "Invalid", field = "lines.product")]
    NotOnOrder {
        /// What.
        product: (&'static str, i64),
    },
    /// The order says another product or unit. Take the line as it was ordered.
    ///
    /// 产品或单位与订单不符，请按订单填写。
    #[refusal(kind = "Invalid", field = "lines.product")]
    OtherProduct,
    /// {number} sells {product} at {price}. A delivery takes the price of its order: leave it, or change the order.
    ///
    /// {number} 的 {product} 单价为 {price}。发货单沿用订单单价：请保持不变，或修改订单。
    #[refusal(kind = "NotAllowed", field = "lines.price")]
    OtherPrice {
        /// The order.
        number: String,
        /// What.
        product: (&'static str, i64),
        /// At what.
        price: String,
    },
    /// {number} says another discount for {product}. A delivery takes the discount of its order: leave it, or change the order.
    ///
    /// {number} 的 {product} 折扣与此不同。发货单沿用订单折扣：请保持不变，或修改订单。
    #[refusal(kind = "NotAllowed", field = "lines.discount")]
    OtherDiscount {
        /// The order.
        number: String,
        /// What.
        product: (&'static str, i64),
    },
    /// {number} says another tax for {product}. A delivery takes the tax of its order: leave it, or change the order.
    ///
    /// {number} 的 {product} 税率与此不同。发货单沿用订单税率：请保持不变，或修改订单。
    #[refusal(kind = "NotAllowed", field = "lines.tax")]
    OtherTax {
        /// The order.
        number: String,
        /// What.
        product: (&'static str, i64),
    },
    /// {number} is in {currency}. A delivery is in the currency of its order: choose that one.
    ///
    /// {number} 的币种为 {currency}。发货单沿用订单币种，请选择该币种。
    #[refusal(kind = "NotAllowed", field = "currency")]
    OtherCurrency {
        /// The order.
        number: String,
        /// Its currency.
        currency: String,
    },
    /// {number} has been invoiced; make a return instead
    ///
    /// {number} 已开票，请改做退货
    #[refusal(kind = "NotNow")]
    Invoiced {
        /// Its number.
        number: String,
    },
    /// More than ordered was delivered on {number}, so this delivery does not stand alone. Cancel the one that went beyond the order first, or make a return instead.
    ///
    /// {number} 的交货已超出订购数量，本单不能单独撤销。请先取消超交的发货单，或改做退货。
    #[refusal(kind = "NotNow")]
    BeyondOrder {
        /// The order.
        number: String,
    },
    /// Some of {number} came back already; cancel the return first
    ///
    /// {number} 已有退货，请先取消退货
    #[refusal(kind = "NotNow")]
    Returned {
        /// Its number.
        number: String,
    },
}

impl Document for Delivery {
    type Facts = Facts;
    type Action = Action;

    fn facts(doc: &Self, want: &Want<Action>, reader: &dyn Reader) -> Result<Facts, Trouble> {
        Ok(facts::read(doc, want, reader)?)
    }

    fn complete(doc: &mut Self, facts: &Facts) -> Result<(), Refusal> {
        complete(doc, facts)
    }

    fn hints(doc: &Self, facts: &Facts) -> Vec<Hint> {
        if doc.stage != Stage::Draft {
            return Vec::new();
        }
        let stocked = doc.lines.iter().enumerate().filter(|(_, line)| line.stocked);
        let need = |(row, line): (usize, &DeliveryLine)| {
            let reserved = line.order_line.map_or(Qty::ZERO, |line| facts.open.reserved(line.raw()));
            Need {
                row,
                product: line.product,
                unit: line.unit,
                qty: line.product_qty,
                reserved: reserved.min(line.product_qty),
            }
        };
        let mut hints = line_rules::availability(&stocked.map(need).collect::<Vec<_>>(), Date::MIN, &facts.lines);
        hints.extend(facts.header.credit.hint(added(doc, facts)));
        hints
    }

    fn check_change(old: &Self, _: &Self, _: &Facts) -> Result<(), Refusal> {
        if old.stage == Stage::Draft { Ok(()) } else { Err(only_drafts(old.stage)) }
    }

    fn ready(doc: &Self, action: &Action) -> Result<(), Refusal> {
        if doc.stage.after(action).is_none() {
            return Err(not_now(doc.stage, action));
        }
        match action {
            Action::Ship { .. } => Ok(()),
            Action::Cancel => untouched(doc),
        }
    }

    fn decide(doc: &Self, action: &Action, facts: &Facts) -> Result<(&'static str, Effects), Refusal> {
        let next = doc.stage.after(action).ok_or_else(|| not_now(doc.stage, action))?;
        let mut effects = match action {
            Action::Ship { override_reason } => ship(doc, override_reason.as_deref(), facts)?,
            Action::Cancel => {
                cancellable(doc, facts)?;
                // What has not left has committed nothing.
                let commitments = if doc.stage == Stage::Done { commitments(doc, -1, facts) } else { Vec::new() };
                Effects { posting: Posting { commitments, ..Posting::default() }, ..Effects::undo() }
            }
        };
        effects.set.extend(letterhead::set(facts.letterhead.clone()));
        Ok((next.code(), effects))
    }

    fn sources() -> &'static [&'static str] {
        &["sales_order"]
    }

    fn prefill(from: &Record, _: &dyn Reader) -> Result<Option<Self>, Trouble> {
        if from.meta.name != SalesOrder::NAME {
            return Ok(None);
        }
        Ok(prefill::of_order(&SalesOrder::from_record(from)?))
    }
}

fn complete(doc: &mut Delivery, facts: &Facts) -> Result<(), Refusal> {
    if doc.shipped_on == Date::MIN {
        doc.shipped_on = facts.header.today;
    }
    if let (0, Some(place)) = (doc.place.raw(), facts.header.home_place) {
        doc.place = place;
    }
    let header = header_rules::complete(facts::header(doc), doc.shipped_on, &facts.header)?;
    (doc.filled_for, doc.currency, doc.rate_of) = (header.filled_for, header.currency, header.rate_of);
    (doc.rate, doc.terms, doc.owner) = (header.rate, header.terms, header.owner);
    // What an order says was looked at there.
    if doc.stage == Stage::Draft && doc.sales_order.is_none() {
        header_rules::fair_rate(doc.currency, doc.rate, doc.rate_meant, &facts.header)?;
    }
    if doc.stage == Stage::Draft {
        find(doc, facts)?;
        agree(doc, facts)?;
    }
    (doc.tax_position, doc.taxed_for) = (header.positions.now, header.positions.now);
    // The taxes of an order are agreed: another position on its delivery changes what paper says, not what is charged.
    let positions = if doc.sales_order.is_some() { header.positions.settled() } else { header.positions };
    let terms = Terms { on: doc.shipped_on, currency: doc.currency, rate: doc.rate, positions };
    let mut left: BTreeMap<i64, Left> =
        facts.order_lines.iter().map(|(id, ordered)| (*id, ordered.to_deliver())).collect();
    let agreed = |shipped: &DeliveryLine, left: &mut BTreeMap<i64, Left>| {
        Some(left.get_mut(&shipped.order_line?.raw())?.take(shipped.qty))
    };
    let mut lines: Vec<Line> = doc
        .lines
        .iter_mut()
        .map(|shipped| Line { agreed_discount: agreed(shipped, &mut left), ..line(shipped) })
        .collect();
    let totals = line_rules::complete(&mut lines, &Discount::default(), &terms, &facts.lines)?;
    (doc.net, doc.tax_amount) = (totals.net, totals.tax_amount);
    (doc.total, doc.total_base) = (totals.total, totals.total_base);
    if doc.stage == Stage::Draft && !facts.sets_prices && doc.sales_order.is_none() {
        listed::check(doc, &terms, facts)?;
    }
    let told = doc.lines.iter().enumerate().map(|(row, line)| fits(doc, line, facts).map_err(|why| why.row(row)));
    let problems: Vec<Refusal> = told.filter_map(Result::err).collect();
    if problems.is_empty() { Ok(()) } else { Err(Refusal::merge(problems)) }
}

/// What of the named order is open takes the lines of its goods, where the user did not say which.
fn find(doc: &mut Delivery, facts: &Facts) -> Result<(), Refusal> {
    let Some(order) = doc.sales_order else { return Ok(()) };
    let mut asked: BTreeMap<i64, Qty> = BTreeMap::new();
    for line in &doc.lines {
        if let Some(id) = line.order_line {
            *asked.entry(id.raw()).or_default() += line.qty;
        }
    }
    let mut problems = Vec::new();
    for (row, line) in doc.lines.iter_mut().enumerate().filter(|(_, line)| line.order_line.is_none()) {
        let is_open = |(id, one): &(&i64, &OrderLine)| {
            let is_same = one.product == line.product.raw() && (line.unit.raw() == 0 || line.unit.raw() == one.unit);
            is_same && one.order == order.raw() && asked.get(id).copied().unwrap_or_default() < one.may_deliver()
        };
        let Some((id, one)) = facts.order_lines.iter().find(is_open) else {
            let product = ("product", line.product.raw());
            problems.push(Refusal::from(NotShipped::NotOnOrder { product }).row(row));
            continue;
        };
        *asked.entry(*id).or_default() += line.qty;
        (line.order_line, line.unit) = (Some(Id::new(*id)), Id::new(one.unit));
    }
    if problems.is_empty() { Ok(()) } else { Err(Refusal::merge(problems)) }
}

/// What a line is sold at is what its order says, be it left empty or as it was; other words are refused. So who ships
/// goods sells them at no other price than was agreed, also where the order was changed since.
fn agree(doc: &mut Delivery, facts: &Facts) -> Result<(), Refusal> {
    let mut problems = Vec::new();
    for (row, line) in doc.lines.iter_mut().enumerate() {
        let Some(ordered) = line.order_line.and_then(|id| facts.order_lines.get(&id.raw())) else { continue };
        // A line of another product or order is refused for that.
        if (ordered.product, doc.sales_order.map(Id::raw)) != (line.product.raw(), Some(ordered.order)) {
            continue;
        }
        let (number, product) = (ordered.number.clone(), ("product", ordered.product));
        let before = facts.before.lines.get(&line.id.raw()).copied().unwrap_or_default();
        let tax = ordered.tax.map(Id::new);
        if line.price.is_some() && ![ordered.price, before.price].contains(&line.price) {
            let price = ordered.price.map_or_else(String::new, |price| price.text());
            problems.push(Refusal::from(NotShipped::OtherPrice { number: number.clone(), product, price }).row(row));
        }
        if ![Rate::ZERO, ordered.discount, before.discount].contains(&line.discount) {
            problems.push(Refusal::from(NotShipped::OtherDiscount { number: number.clone(), product }).row(row));
        }
        if line.tax.is_some() && ![tax, before.tax].contains(&line.tax) {
            problems.push(Refusal::from(NotShipped::OtherTax { number: number.clone(), product }).row(row));
        }
        let currency = ordered.total.1;
        if currency != doc.currency {
            problems.push(NotShipped::OtherCurrency { number, currency: currency.code().to_owned() }.into());
        }
        (line.price, line.discount, line.tax) = (ordered.price, ordered.discount, tax);
        (line.priced_unit, line.priced_at) = (ordered.price.map(|_| line.unit), ordered.price);
        line.filled_for = Some(line.product);
        if line.unit.raw() == 0 {
            line.unit = Id::new(ordered.unit);
        }
    }
    if problems.is_empty() { Ok(()) } else { Err(Refusal::merge(problems)) }
}

/// A line says what its order says.
fn fits(doc: &Delivery, line: &DeliveryLine, facts: &Facts) -> Result<(), Refusal> {
    let Some(order_line) = line.order_line else { return Ok(()) };
    let Some(ordered) = facts.order_lines.get(&order_line.raw()) else {
        return Err(NotShipped::OtherOrder.into());
    };
    if doc.sales_order.map(|order| order.raw()) != Some(ordered.order) {
        return Err(NotShipped::OtherOrder.into());
    }
    if ordered.legal != facts.header.credit.legal.raw() {
        return Err(NotShipped::OtherCustomer { number: ordered.number.clone() }.into());
    }
    match (ordered.product, ordered.unit) == (line.product.raw(), line.unit.raw()) {
        true => Ok(()),
        false => Err(NotShipped::OtherProduct.into()),
    }
}

fn line(line: &mut DeliveryLine) -> Line<'_> {
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

/// What a line is worth to credit.
fn at_risk(doc: &Delivery, line: &DeliveryLine, facts: &Facts) -> Amount {
    header_rules::at_risk((line.total, doc.currency), line.total_base, doc.rate, &facts.header)
}

/// By how much the customer's exposure grows: by what nobody had ordered, be it a line or a surplus.
fn added(doc: &Delivery, facts: &Facts) -> Amount {
    let unordered = doc.lines.iter().filter(|line| line.order_line.is_none());
    unordered.map(|line| at_risk(doc, line, facts)).chain(surplus(doc, facts)).sum()
}

/// What the customer comes to owe on each line for goods beyond its order.
fn surplus(doc: &Delivery, facts: &Facts) -> Vec<Amount> {
    let mut delivered: BTreeMap<i64, Qty> = BTreeMap::new();
    let of_line = |line: &DeliveryLine| {
        let id = line.order_line?.raw();
        let ordered = facts.order_lines.get(&id)?;
        let before = delivered.entry(id).or_default();
        let surplus = ordered.surplus(*before, line.qty, &facts.header);
        *before += line.qty;
        Some(surplus)
    };
    doc.lines.iter().map(of_line).map(Option::unwrap_or_default).collect()
}

fn ship(doc: &Delivery, reason: Option<&str>, facts: &Facts) -> Result<Effects, Refusal> {
    active_customer(&facts.header)?;
    let mut effects = Effects::none();
    // What a manager let pass when it was ordered passes here, too.
    let orders = || doc.lines.iter().filter_map(|line| facts.order_lines.get(&line.order_line?.raw()));
    let added = added(doc, facts);
    let is_approved = added.is_zero() && orders().all(|line| line.is_approved) && orders().next().is_some();
    if !is_approved {
        let reason = reason.filter(|reason| !reason.trim().is_empty()).unwrap_or(&doc.override_reason);
        if let Some(reason) = facts.header.credit.check(added, Some(reason))? {
            effects.set.push(("override_reason", reason.into()));
        }
    }
    effects.posting = posting(doc, facts)?;
    Ok(effects)
}

fn posting(doc: &Delivery, facts: &Facts) -> Result<Posting, Refusal> {
    let mut posting = Posting::default();
    let mut shipping = Shipping { delivered: BTreeMap::new(), promised: facts.open.promises.clone() };
    for (row, line) in doc.lines.iter().enumerate() {
        let placed = |refusal: Refusal| refusal.row(row);
        if line.stocked {
            posting.moves.push(moved(doc, line, facts).map_err(placed)?);
        }
        match line.order_line.and_then(|id| Some((id.raw(), facts.order_lines.get(&id.raw())?))) {
            Some((id, ordered)) => {
                shipping.fulfil(doc, line, id, ordered, &mut posting).map_err(placed)?;
            }
            None if line.order_line.is_some() => return Err(placed(NotShipped::OtherOrder.into())),
            None => posting.commitments.push(delivered(at_risk(doc, line, facts), line.id.raw(), facts)),
        }
    }
    posting.commitments.retain(|one| !one.amount.is_zero());
    posting.commitments.extend(commitments(doc, 1, facts));
    Ok(posting)
}

/// What the lines of its order commit once so much more of them is delivered, or less where that is taken back.
fn commitments(doc: &Delivery, sign: i64, facts: &Facts) -> Vec<Commitment> {
    let mut aims: BTreeMap<i64, Far> = BTreeMap::new();
    for line in &doc.lines {
        let Some((id, ordered)) = line.order_line.and_then(|id| Some((id.raw(), facts.order_lines.get(&id.raw())?)))
        else {
            continue;
        };
        aims.entry(id).or_insert_with(|| ordered.far()).delivered += Qty::new(sign * line.qty.raw());
    }
    towards(&aims, facts.header.credit.legal, facts.open.without(&facts.own))
}

/// What the customer owes for goods that nobody had ordered.
fn delivered(amount: Amount, line: i64, facts: &Facts) -> Commitment {
    let party = facts.header.credit.legal;
    Commitment { party, kind: CommitmentKind::Delivered, amount, doc_line: Some(line) }
}

fn moved(doc: &Delivery, line: &DeliveryLine, facts: &Facts) -> Result<Move, Refusal> {
    let movement = Movement {
        product: line.product,
        qty: line.product_qty,
        from: doc.place,
        to: facts.costing.place(PlaceKind::Customer)?,
        moved_on: doc.shipped_on,
        kind: MoveKind::Out,
        doc_line: line.id.raw(),
    };
    facts.costing.movement(movement, facts.costing.cost_account(line.product)?)
}

/// What earlier lines of the same delivery have taken from the lines of its order.
struct Shipping {
    delivered: BTreeMap<i64, Qty>,
    promised: Vec<crate::read::OpenPromise>,
}

impl Shipping {
    fn fulfil(
        &mut self,
        doc: &Delivery,
        line: &DeliveryLine,
        id: i64,
        ordered: &OrderLine,
        posting: &mut Posting,
    ) -> Result<(), Refusal> {
        let number = ordered.number.clone();
        if !ordered.is_open {
            return Err(NotShipped::OrderNotOpen { number }.into());
        }
        let before = self.delivered.get(&id).copied().unwrap_or_default();
        let most = (ordered.may_deliver() - before).max(Qty::ZERO);
        if most < line.qty {
            let product = ("product", line.product.raw());
            return Err(NotShipped::MoreThanOrdered { product, ordered: ordered.qty, left: most, number }.into());
        }
        self.delivered.insert(id, before + line.qty);
        let left = (ordered.left() - before).max(Qty::ZERO);
        let is_last = left <= line.qty;
        posting.progress.push(Progress {
            entity: SalesOrder::NAME,
            line: id,
            field: "delivered_qty",
            by: line.qty.raw(),
        });
        self.release(doc, line, id, is_last, &mut posting.promises);
        Ok(())
    }

    /// Goods that were kept for the line are kept no longer; the rest was needed.
    fn release(&mut self, doc: &Delivery, line: &DeliveryLine, id: i64, is_last: bool, promises: &mut Vec<Promise>) {
        let mut left = line.product_qty;
        let order =
            |one: &crate::read::OpenPromise| (one.kind != PromiseKind::Reserved, one.place != doc.place, one.place);
        self.promised.sort_by_key(order);
        for one in self.promised.iter_mut().filter(|one| one.line == id) {
            // With the last goods go the rounding of units and whatever else is left.
            let qty = if is_last { one.qty } else { one.qty.min(left) };
            left = (left - qty).max(Qty::ZERO);
            one.qty -= qty;
            if !qty.is_zero() {
                promises.push(Promise {
                    product: one.product,
                    place: one.place,
                    kind: one.kind,
                    qty: -qty,
                    due_on: doc.shipped_on,
                    doc_line: id,
                });
            }
        }
    }
}

/// Nothing of it was invoiced or came back, as far as its own lines say.
fn untouched(doc: &Delivery) -> Result<(), Refusal> {
    let number = || doc.number.clone();
    if doc.lines.iter().any(|line| Qty::ZERO < line.returned_qty) {
        return Err(NotShipped::Returned { number: number() }.into());
    }
    if doc.lines.iter().any(|line| !line.invoiced_qty.is_zero()) {
        return Err(NotShipped::Invoiced { number: number() }.into());
    }
    Ok(())
}

/// By how many millionths of the product's own unit the promises of a line may differ from what it owes:
/// parts of another unit are rounded.
const ROUNDED: i64 = 2;

/// Whether the order would promise what it then owes: what a surplus took from no promise does not come back.
fn restores(id: i64, qty: Qty, ordered: &OrderLine, facts: &Facts) -> bool {
    let promised: Qty = facts.open.promises.iter().filter(|one| one.line == id).map(|one| one.qty).sum();
    let promised = promised + facts.kept.get(&id).copied().unwrap_or_default();
    let left = (ordered.qty - ordered.delivered_qty + qty).max(Qty::ZERO);
    let owed = part(ordered.product_qty, left, ordered.qty);
    (promised - owed).abs() <= Qty::new(ROUNDED)
}

/// The order would not be invoiced further than it is delivered, and would promise what is then left of it.
fn cancellable(doc: &Delivery, facts: &Facts) -> Result<(), Refusal> {
    untouched(doc)?;
    if doc.stage != Stage::Done {
        return Ok(());
    }
    let mut taken: BTreeMap<i64, Qty> = BTreeMap::new();
    for line in &doc.lines {
        if let Some(id) = line.order_line {
            // A closed order keeps no goods and no credit: what came back would be kept for ever.
            let closed = facts.order_lines.get(&id.raw()).filter(|ordered| !ordered.is_open);
            if let Some(ordered) = closed {
                return Err(NotShipped::OrderNotOpen { number: ordered.number.clone() }.into());
            }
            *taken.entry(id.raw()).or_default() += line.qty;
        }
    }
    let is_invoiced = |(id, qty): (&i64, &Qty)| {
        let ordered = facts.order_lines.get(id);
        ordered.is_some_and(|line| line.delivered_qty - *qty < line.invoiced_qty && !line.invoiced_qty.is_zero())
    };
    if taken.iter().any(is_invoiced) {
        return Err(NotShipped::Invoiced { number: doc.number.clone() }.into());
    }
    let breaks = |(id, qty): (&i64, &Qty)| {
        let ordered = facts.order_lines.get(id)?;
        (!restores(*id, *qty, ordered, facts)).then(|| ordered.number.clone())
    };
    match taken.iter().find_map(breaks) {
        Some(number) => Err(NotShipped::BeyondOrder { number }.into()),
        None => Ok(()),
    }
}
