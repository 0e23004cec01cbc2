//! What deciding about an adjustment needs to know.

use std::collections::BTreeMap;

use books::CostMethod;
use kernel::{Amount, Currency, Date, Id, Qty};
use meta::{Fault, FieldType, Reader};
use product::measure::{Measures, measures};

use super::{Kind, StockAdjustment, StockAdjustmentLine};
use crate::costing::{self, Costing, id_list};

/// What deciding about an adjustment needs to know.
pub struct Facts {
    /// How goods are valued, accounts, outside places.
    pub costing: Costing,
    /// What the products are measured in.
    pub measures: Measures,
    /// What the books say was in the place on the day, by product.
    pub expected: BTreeMap<i64, Qty>,
    /// The company's currency.
    pub currency: Currency,
    /// Today.
    pub today: Date,
    /// The place a new document takes.
    pub home_place: Option<books::PlaceId>,
    /// For a revaluation: what is in stock and what it is worth, by product.
    pub held: BTreeMap<i64, Held>,
    /// Whether whoever writes it is shown what goods cost.
    pub shows_cost: bool,
}

/// What is held of a product, in all places together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Held {
    /// How much.
    pub qty: Qty,
    /// What it is worth.
    pub value: Amount,
    /// How it is valued: the way its history began with.
    pub method: CostMethod,
}

pub(super) fn read(doc: &StockAdjustment, reader: &dyn Reader) -> Result<Facts, Fault> {
    let products: Vec<i64> = doc.lines.iter().map(|line| line.product.raw()).collect();
    let context = reader.context();
    Ok(Facts {
        costing: costing::read(products.iter().copied(), reader)?,
        measures: measures(products.iter().copied(), doc.lines.iter().flat_map(units_of), reader)?,
        expected: expected(doc, &products, reader)?,
        currency: context.currency,
        today: context.today,
        home_place: costing::home_place(reader)?,
        held: match doc.kind {
            Kind::Revaluation => held(&products, reader)?,
            _ => BTreeMap::new(),
        },
        shows_cost: reader.shows("stock_adjustment_line", "unit_cost"),
    })
}

/// The unit of a line, and the one its cost was for.
fn units_of(line: &StockAdjustmentLine) -> impl Iterator<Item = i64> + use<> {
    [line.unit.raw()].into_iter().chain(line.costed_unit.map(Id::raw))
}

fn held(products: &[i64], reader: &dyn Reader) -> Result<BTreeMap<i64, Held>, Fault> {
    let sql = format!(
        "select product, qty, value, method from product_value where company = ?1 and product in ({})",
        id_list(products.iter().copied())
    );
    let held = |row: &meta::Row| -> Result<(i64, Held), Fault> {
        let method = CostMethod::from_value(&row.0[3])?;
        Ok((row.int(0), Held { qty: Qty::new(row.int(1)), value: Amount::new(row.int(2)), method }))
    };
    reader.rows(&sql, &[reader.context().company.into()])?.iter().map(held).collect()
}

/// What is there on the day: what there will be when all days have passed, less what moves after it.
fn expected(doc: &StockAdjustment, products: &[i64], reader: &dyn Reader) -> Result<BTreeMap<i64, Qty>, Fault> {
    let now = costing::balances(products.iter().copied(), doc.place, reader)?;
    let mut expected: BTreeMap<i64, Qty> = now.iter().map(|(product, balance)| (*product, balance.on_hand)).collect();
    let on = if doc.moved_on == Date::MIN { reader.context().today } else { doc.moved_on };
    let sql = format!(
        "select product, sum(case when to_place = ?2 then qty else -qty end) from stock_move
         where company = ?1 and moved_on > ?3 and (to_place = ?2 or from_place = ?2) and to_place <> from_place
           and product in ({})
         group by product",
        id_list(products.iter().copied())
    );
    let args = [reader.context().company.into(), doc.place.raw().into(), on.into()];
    for row in reader.rows(&sql, &args)? {
        *expected.entry(row.int(0)).or_default() -= Qty::new(row.int(1));
    }
    Ok(expected)
}
