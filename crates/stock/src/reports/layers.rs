//! What each issue of a product took: from which receipts, and at what cost.
//!
//! Nothing of it is kept. Which layer an issue takes follows from the history that is kept, also when something
//! is back-dated or taken back, so it is found by going through that history again.

use std::collections::BTreeMap;

use books::{CostMethod, Costing, Flow, FlowKind, Use, replay};
use kernel::{Date, Price, Qty};
use meta::{Fault, FieldType, Reader, Row, Value};

/// How long a history may be that is gone through for a report.
const FLOWS_MAX: usize = 200_000;

/// Where a layer comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Receipt {
    /// The day of the receipt.
    pub on: Date,
    /// Its document: the entity and the id.
    pub doc: (String, i64),
}

/// What the issues of one product took.
#[derive(Debug, Default)]
pub(super) struct Taken {
    /// By the move of the issue, from the oldest layer on.
    pub uses: BTreeMap<i64, Vec<Use>>,
    /// By the move of the receipt.
    pub receipts: BTreeMap<i64, Receipt>,
}

const FLOWS: &str = "
    select f.id, f.moved_on, f.kind, f.qty, f.cost, f.back_of, f.doc_entity, f.doc_id
    from stock_flow f
    where f.company = ?1 and f.product = ?2 and f.annulled = 0 and f.moved_on <= ?3
    order by f.moved_on, f.id
    limit ?4";

/// What the issues of a product took up to a day, as it is known now. None where no layers are
/// kept, because all of the product costs the same, or where its history is too long.
pub(super) fn taken(reader: &dyn Reader, product: i64, to: Date) -> Result<Option<Taken>, Fault> {
    let company = Value::Int(reader.context().company);
    let method = "select method from product_value where company = ?1 and product = ?2";
    let method = reader.rows(method, &[company.clone(), product.into()])?;
    let Some(row) = method.first() else { return Ok(None) };
    if CostMethod::from_value(&row.0[0])? != CostMethod::Fifo {
        return Ok(None);
    }
    let rows = reader.rows(FLOWS, &[company, product.into(), to.into(), (FLOWS_MAX as i64 + 1).into()])?;
    if FLOWS_MAX < rows.len() {
        return Ok(None);
    }
    let costing = Costing { method: CostMethod::Fifo, standard: Price::ZERO, currency: reader.context().currency };
    let flows: Vec<Flow> = rows.iter().map(flow).collect();
    let (valued, _) = replay(&costing, &flows)
        .map_err(|short| Fault::new(format!("the history of product {product} is short at flow {}", short.flow)))?;
    let receipt =
        |row: &Row| Receipt { on: row.date(1).unwrap_or(Date::MIN), doc: (row.text(6).to_owned(), row.int(7)) };
    Ok(Some(Taken {
        uses: valued.into_iter().filter(|one| !one.uses.is_empty()).map(|one| (one.flow, one.uses)).collect(),
        receipts: rows.iter().map(|row| (row.int(0), receipt(row))).collect(),
    }))
}

fn flow(row: &Row) -> Flow {
    Flow {
        id: row.int(0),
        on: row.date(1).unwrap_or(Date::MIN),
        qty: Qty::new(row.int(3)),
        kind: FlowKind::kept(row.text(2), row.int(4), row.int(5)),
    }
}
