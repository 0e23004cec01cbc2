//! What a return does.

use std::collections::BTreeMap;

use books::{
    Commitment, Move, MoveKind, PartyId, PlaceId, Posting, ProductId, Progress, SalesOrderLineId, UnitId, UserId,
};
use kernel::{Date, Id, Qty, Refusal};
use meta::stages::{not_now, only_drafts};
use meta::{Choice, Document, Effects, Entity, Fault, Reader, Record, Trouble, Want};
use party::legal_entity;
use product::measure::{Measures, measures};
use stock::costing::{self, Costing, Movement};
use stock::place::PlaceKind;

use super::{Action, SalesReturn, SalesReturnLine, Stage};
use crate::committed::{Far, towards};
use crate::delivery::{self, Delivery, DeliveryLine, Stage as DeliveryStage};
use crate::read::{self, Open, OpenCommitment};
use crate::sales_order::{SalesOrder, part};

/// A line of a delivery, as far as taking it back needs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeliveredLine {
    /// The line of the order it fulfilled.
    pub order_line: Option<SalesOrderLineId>,
    /// What was delivered.
    pub product: ProductId,
    /// What it was called.
    pub description: String,
    /// In which unit.
    pub unit: UnitId,
    /// How much.
    pub qty: Qty,
    /// The same in the product's own unit.
    pub product_qty: Qty,
    /// How much came back.
    pub returned_qty: Qty,
    /// Whether goods moved.
    pub stocked: bool,
}

/// What deciding about a return needs to know.
pub struct Facts {
    /// Whether the delivery is shipped.
    pub is_shipped: bool,
    /// The day of the delivery.
    pub shipped_on: Date,
    /// The number of the delivery.
    pub number: String,
    /// The customer of the delivery.
    pub customer: PartyId,
    /// Whose sale it was.
    pub owner: Option<UserId>,
    /// The place the goods left.
    pub place: PlaceId,
    /// The lines of the delivery.
    pub lines: BTreeMap<i64, DeliveredLine>,
    /// What those have committed now.
    pub open: Open,
    /// What the return took of that, when it is to be taken back.
    pub own: Vec<OpenCommitment>,
    /// How far what commits it is: lines of orders, or of the delivery without one.
    pub far: BTreeMap<i64, Far>,
    /// The legal entity of the customer.
    pub legal: PartyId,
    /// What the products are measured in.
    pub measures: Measures,
    /// How goods are valued.
    pub costing: Costing,
    /// Today.
    pub today: Date,
}

/// Why goods are not taken back.
#[derive(meta::Refusal)]
pub enum NotReturned {
    /// Choose the delivery the goods left with.
    ///
    /// 请选择原发货单。
    #[refusal(kind = "Invalid", field = "delivery")]
    NoDelivery,
    /// {number} is not shipped, so nothing comes back. Ship it first, or cancel it.
    ///
    /// {number} 尚未发货，无法退货。请先发货或直接取消。
    #[refusal(kind = "NotNow", field = "delivery")]
    NotShipped {
        /// The delivery.
        number: String,
    },
    /// {number} was shipped on {shipped_on}, so nothing came back before. Choose that day or a later one.
    ///
    /// {number} 的发货日期为 {shipped_on}，此前不可能退货。请选择该日或之后的日期。
    #[refusal(kind = "Invalid", field = "received_on")]
    BeforeDelivery {
        /// The delivery.
        number: String,
        /// Its day.
        shipped_on: Date,
    },
    /// This line does not belong to the delivery. Take the lines from the delivery.
    ///
    /// 该行不属于此发货单，请从发货单带入明细。
    #[refusal(kind = "Invalid", field = "lines.delivery_line")]
    OtherDelivery,
    /// The quantity must be more than zero. Correct it, or remove the line.
    ///
    /// 数量必须大于零，请更正或删除该行。
    #[refusal(kind = "Invalid", field = "lines.qty")]
    NoQuantity,
    /// Some of what came back is credited. Cancel the credit note first.
    ///
    /// 退回的货物已开具红字发票，请先取消红字发票。
    #[refusal(kind = "NotNow")]
    Credited,
    /// Only {left} of {product} are still with the customer. Reduce the quantity.
    ///
    /// 客户处仅剩 {left} 件 {product} 可退，请减少数量。
    #[refusal(kind = "TooMuch", field = "lines.qty")]
    MoreThanDelivered {
        /// What.
        product: (&'static str, i64),
        /// How much can come back.
        left: Qty,
    },
}

impl Document for SalesReturn {
    type Facts = Facts;
    type Action = Action;

    fn facts(doc: &Self, want: &Want<Action>, reader: &dyn Reader) -> Result<Facts, Trouble> {
        let found: Option<Delivery> = meta::load(reader, Id::<Delivery>::new(doc.delivery.raw()))?;
        let company = reader.context().company;
        match found.filter(|delivery| delivery.company.raw() == company) {
            Some(delivery) => Ok(facts(doc, &delivery, want, reader)?),
            None => Err(Refusal::from(NotReturned::NoDelivery).into()),
        }
    }

    fn complete(doc: &mut Self, facts: &Facts) -> Result<(), Refusal> {
        if doc.received_on == Date::MIN {
            doc.received_on = facts.today;
        }
        let is_early = facts.is_shipped && doc.received_on < facts.shipped_on;
        if doc.stage == Stage::Draft && is_early {
            let (number, shipped_on) = (facts.number.clone(), facts.shipped_on);
            return Err(NotReturned::BeforeDelivery { number, shipped_on }.into());
        }
        if doc.place.raw() == 0 {
            doc.place = facts.place;
        }
        doc.customer = facts.customer;
        doc.owner = doc.owner.or(facts.owner);
        let told = doc.lines.iter_mut().enumerate().map(|(row, line)| fill(line, facts).map_err(|why| why.row(row)));
        let problems: Vec<Refusal> = told.filter_map(Result::err).collect();
        if problems.is_empty() { Ok(()) } else { Err(Refusal::merge(problems)) }
    }

    fn check_change(old: &Self, _: &Self, _: &Facts) -> Result<(), Refusal> {
        if old.stage == Stage::Draft { Ok(()) } else { Err(only_drafts(old.stage)) }
    }

    fn ready(doc: &Self, action: &Action) -> Result<(), Refusal> {
        doc.stage.after(action).ok_or_else(|| not_now(doc.stage, action))?;
        match action {
            Action::Cancel if doc.lines.iter().any(|line| !line.credited_qty.is_zero()) => {
                Err(NotReturned::Credited.into())
            }
            Action::Cancel | Action::Receive => Ok(()),
        }
    }

    fn decide(doc: &Self, action: &Action, facts: &Facts) -> Result<(&'static str, Effects), Refusal> {
        Self::ready(doc, action)?;
        let next = doc.stage.after(action).ok_or_else(|| not_now(doc.stage, action))?;
        let effects = match action {
            Action::Receive => Effects::post(receive(doc, facts)?),
            Action::Cancel => {
                let commitments = if doc.stage == Stage::Done { commitments(doc, -1, facts) } else { Vec::new() };
                Effects { posting: Posting { commitments, ..Posting::default() }, ..Effects::undo() }
            }
        };
        Ok((next.code(), effects))
    }

    fn sources() -> &'static [&'static str] {
        &["delivery"]
    }

    fn prefill(from: &Record, _: &dyn Reader) -> Result<Option<Self>, Trouble> {
        if from.meta.name != Delivery::NAME {
            return Ok(None);
        }
        let delivery = Delivery::from_record(from)?;
        if delivery.stage != DeliveryStage::Done {
            return Err(Refusal::from(NotReturned::NotShipped { number: delivery.number }).into());
        }
        Ok(Some(of_delivery(&delivery)).filter(|made| !made.lines.is_empty()))
    }
}

fn facts(doc: &SalesReturn, delivery: &Delivery, want: &Want<Action>, reader: &dyn Reader) -> Result<Facts, Fault> {
    // Without an order, what was delivered is committed under the delivery's own line.
    let committed = |line: &DeliveryLine| line.order_line.map_or(line.id.raw(), |order| order.raw());
    Ok(Facts {
        is_shipped: delivery.stage == DeliveryStage::Done,
        shipped_on: delivery.shipped_on,
        number: delivery.number.clone(),
        customer: delivery.customer,
        owner: delivery.owner,
        place: delivery.place,
        lines: delivery.lines.iter().map(|line| (line.id.raw(), delivered(line))).collect(),
        open: read::open_of_lines(delivery.lines.iter().map(committed), reader)?,
        own: match (want, doc.stage) {
            (Want::Act(_), Stage::Done) => read::own_commitments("sales_return", doc.id.raw(), reader)?,
            (_, _) => Vec::new(),
        },
        far: far(delivery, reader)?,
        legal: legal(delivery, reader)?,
        measures: measures(
            delivery.lines.iter().map(|line| line.product.raw()),
            delivery.lines.iter().map(|line| line.unit.raw()),
            reader,
        )?,
        costing: costing::read(delivery.lines.iter().map(|line| line.product.raw()), reader)?,
        today: reader.context().today,
    })
}

/// How far what the lines of a delivery commit is, by the line that commits it.
fn far(delivery: &Delivery, reader: &dyn Reader) -> Result<BTreeMap<i64, Far>, Fault> {
    let ordered = delivery.lines.iter().filter_map(|line| line.order_line).map(Id::raw);
    let ordered = delivery::order_lines(ordered, 0, reader)?;
    let unordered = delivery.lines.iter().filter(|line| line.order_line.is_none()).map(|line| {
        let far = Far {
            qty: line.qty,
            worth: line.total_base,
            is_open: false,
            delivered: line.qty,
            returned: line.returned_qty,
            invoiced: line.invoiced_qty,
        };
        (line.id.raw(), far)
    });
    Ok(ordered.iter().map(|(id, line)| (*id, line.far())).chain(unordered).collect())
}

fn legal(delivery: &Delivery, reader: &dyn Reader) -> Result<PartyId, Fault> {
    let sql = format!("select {} from party c where c.id = ?1", legal_entity::of("c.id"));
    let rows = reader.rows(&sql, &[delivery.customer.raw().into()])?;
    Ok(rows.first().map_or(delivery.customer, |row| Id::new(row.int(0))))
}

fn delivered(line: &DeliveryLine) -> DeliveredLine {
    DeliveredLine {
        order_line: line.order_line,
        product: line.product,
        description: line.description.clone(),
        unit: line.unit,
        qty: line.qty,
        product_qty: line.product_qty,
        returned_qty: line.returned_qty,
        stocked: line.stocked,
    }
}

fn fill(line: &mut SalesReturnLine, facts: &Facts) -> Result<(), Refusal> {
    let Some(delivered) = facts.lines.get(&line.delivery_line.raw()) else {
        return Err(NotReturned::OtherDelivery.into());
    };
    line.order_line = delivered.order_line;
    line.product = delivered.product;
    line.description.clone_from(&delivered.description);
    line.unit = delivered.unit;
    if line.qty <= Qty::ZERO {
        return Err(NotReturned::NoQuantity.into());
    }
    if delivered.qty < line.qty {
        return Err(too_much(delivered, delivered.qty - delivered.returned_qty));
    }
    // Rounded as a difference, so that the parts that come back sum to what left.
    let after = part(delivered.product_qty, delivered.returned_qty + line.qty, delivered.qty);
    line.product_qty = after - part(delivered.product_qty, delivered.returned_qty, delivered.qty);
    let Some(measure) = facts.measures.of(line.product) else { return Ok(()) };
    measure.whole(line.qty, line.unit)?;
    measure.whole(line.product_qty, measure.own)
}

fn too_much(delivered: &DeliveredLine, left: Qty) -> Refusal {
    NotReturned::MoreThanDelivered { product: ("product", delivered.product.raw()), left: left.max(Qty::ZERO) }.into()
}

fn receive(doc: &SalesReturn, facts: &Facts) -> Result<Posting, Refusal> {
    if !facts.is_shipped {
        return Err(NotReturned::NotShipped { number: facts.number.clone() }.into());
    }
    let mut posting = Posting::default();
    let mut returned: BTreeMap<i64, Qty> = BTreeMap::new();
    for (row, line) in doc.lines.iter().enumerate() {
        let id = line.delivery_line.raw();
        let Some(delivered) = facts.lines.get(&id) else {
            return Err(Refusal::from(NotReturned::OtherDelivery).row(row));
        };
        let before = delivered.returned_qty + returned.get(&id).copied().unwrap_or_default();
        let left = delivered.qty - before;
        if left < line.qty {
            return Err(too_much(delivered, left).row(row));
        }
        *returned.entry(id).or_default() += line.qty;
        // Rounded as a difference, so that the parts that come back sum to what left.
        let upto = |qty: Qty| part(delivered.product_qty, qty, delivered.qty);
        if delivered.stocked {
            let qty = upto(before + line.qty) - upto(before);
            if qty.is_zero() {
                return Err(Refusal::from(NotReturned::NoQuantity).row(row));
            }
            posting.moves.push(moved(doc, line, qty, facts).map_err(|refusal| refusal.row(row))?);
        }
        posting.progress.extend(progress(line, delivered));
    }
    posting.commitments = commitments(doc, 1, facts);
    Ok(posting)
}

fn moved(doc: &SalesReturn, line: &SalesReturnLine, qty: Qty, facts: &Facts) -> Result<Move, Refusal> {
    let movement = Movement {
        product: line.product,
        qty,
        from: facts.costing.place(PlaceKind::Customer)?,
        to: doc.place,
        moved_on: doc.received_on,
        kind: MoveKind::In,
        doc_line: line.id.raw(),
    };
    let moved = facts.costing.movement(movement, facts.costing.cost_account(line.product)?)?;
    Ok(Move { returns: Some(line.delivery_line.raw()), ..moved })
}

fn progress(line: &SalesReturnLine, delivered: &DeliveredLine) -> Vec<Progress> {
    let by = line.qty.raw();
    let field = "returned_qty";
    let mut progress = vec![Progress { entity: Delivery::NAME, line: line.delivery_line.raw(), field, by }];
    progress.extend(delivered.order_line.map(|line| Progress {
        entity: SalesOrder::NAME,
        line: line.raw(),
        field,
        by,
    }));
    progress
}

/// What was delivered and not invoiced will not be owed, or is again where the return is taken back; what was invoiced
/// takes a credit note.
fn commitments(doc: &SalesReturn, sign: i64, facts: &Facts) -> Vec<Commitment> {
    let mut aims: BTreeMap<i64, Far> = BTreeMap::new();
    for line in &doc.lines {
        let id = line.order_line.map_or(line.delivery_line.raw(), |order| order.raw());
        if let Some(far) = facts.far.get(&id) {
            aims.entry(id).or_insert(*far).returned += Qty::new(sign * line.qty.raw());
        }
    }
    towards(&aims, facts.legal, facts.open.without(&facts.own))
}

fn of_delivery(delivery: &Delivery) -> SalesReturn {
    let record = Record::empty(SalesReturn::meta());
    let mut doc = SalesReturn::from_record(&record).expect("an empty record is an empty return");
    doc.company = delivery.company;
    doc.delivery = Id::new(delivery.id.raw());
    doc.customer = delivery.customer;
    doc.place = delivery.place;
    doc.owner = delivery.owner;
    let returnable = delivery.lines.iter().filter(|line| line.stocked && line.returned_qty < line.qty);
    doc.lines = returnable
        .map(|delivered| {
            let record = Record::empty(SalesReturnLine::meta());
            let mut line = SalesReturnLine::from_record(&record).expect("an empty record is an empty line");
            line.delivery_line = Id::new(delivered.id.raw());
            line.order_line = delivered.order_line;
            line.product = delivered.product;
            line.description.clone_from(&delivered.description);
            line.unit = delivered.unit;
            line.qty = delivered.qty - delivered.returned_qty;
            line
        })
        .collect();
    doc
}
