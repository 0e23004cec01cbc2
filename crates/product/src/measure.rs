//! In which units a product is measured: what a line says in one of them, in the product's own unit,
//! exactly or not at all.

use std::collections::BTreeMap;

use books::{ProductId, UnitId};
use kernel::{Id, Price, Qty, Refusal, SCALE};
use meta::{Fault, FieldType, Reader, Row};

use crate::UnitCategory;
use crate::unit_rules::{UnitFactor, convert, convert_near, convert_price};

/// Units a product is traded in beside its own: numerator and denominator of what each holds of that.
pub type FurtherUnits = Vec<(UnitId, i64, i64)>;

/// Why a quantity is not accepted in a unit.
#[derive(meta::Refusal)]
pub enum NotMeasured {
    /// {product} is not measured in this unit. Choose a unit of the same category.
    ///
    /// {product} 不以该单位计量，请选择同类单位。
    #[refusal(kind = "Invalid", field = "lines.unit")]
    OtherUnit {
        /// The product.
        product: (&'static str, i64),
    },
    /// {qty} of the unit {unit} is no whole number. Enter one, choose a smaller unit, or let the unit be divided: clear “Whole numbers only” under Units of measure.
    ///
    /// 单位 {unit} 只能取整数，{qty} 不是整数。请填写整数、选择更小的单位，或在计量单位中取消“仅整数”。
    #[refusal(kind = "Invalid", field = "lines.qty")]
    NotWhole {
        /// The unit.
        unit: (&'static str, i64),
        /// What is no whole number of it.
        qty: Qty,
    },
}

/// What one product is measured in.
#[derive(Clone, Copy, Debug)]
pub struct Measure<'a> {
    /// The product.
    pub product: ProductId,
    /// Its own unit.
    pub own: UnitId,
    /// Further units it is traded in.
    pub further: &'a [(UnitId, i64, i64)],
    /// Units by id.
    pub units: &'a BTreeMap<i64, UnitFactor>,
}

impl Measure<'_> {
    /// A unit, and the product's own: what the product says of a unit goes before what the unit says.
    pub fn factors(&self, unit: UnitId) -> Option<(UnitFactor, UnitFactor)> {
        let own = *self.units.get(&self.own.raw())?;
        let of_own = |numerator, denominator| UnitFactor { numerator, denominator, ..own };
        if unit == self.own {
            return Some((own, own));
        }
        match self.further.iter().find(|(further, _, _)| *further == unit) {
            Some((_, numerator, denominator)) => Some((of_own(*numerator, *denominator), of_own(1, 1))),
            None => Some((*self.units.get(&unit.raw())?, own)),
        }
    }

    /// A quantity of a unit as one of the product's own: exactly, and whole where units are not divided.
    pub fn own_qty(&self, qty: Qty, unit: UnitId) -> Result<Qty, Refusal> {
        self.whole(qty, unit)?;
        if unit == self.own {
            return Ok(qty);
        }
        let product = ("product", self.product.raw());
        let Some((from, own)) = self.factors(unit).filter(|(from, own)| from.category == own.category) else {
            return Err(NotMeasured::OtherUnit { product }.into());
        };
        let own_qty = convert(qty, &from, &own).map_err(|why| Refusal::from(why).field("lines.qty"))?;
        self.whole(own_qty, self.own)?;
        Ok(own_qty)
    }

    /// A quantity of the product's own unit as another says it, rounded half up: to be looked at, not booked.
    pub fn shown(&self, own_qty: Qty, unit: UnitId) -> Qty {
        self.factors(unit).and_then(|(to, own)| convert_near(own_qty, &own, &to).ok()).unwrap_or(own_qty)
    }

    /// The price of one of a unit as that of one of another.
    pub fn price(&self, price: Price, from: UnitId, to: UnitId) -> Option<Price> {
        let ((from, own), (to, _)) = (self.factors(from)?, self.factors(to)?);
        let price = convert_price(price, &from, &own).ok()?;
        convert_price(price, &own, &to).ok()
    }

    /// Refuses a fraction of a unit that is not divided.
    pub fn whole(&self, qty: Qty, unit: UnitId) -> Result<(), Refusal> {
        match self.units.get(&unit.raw()).is_some_and(|known| known.whole) && qty.raw() % SCALE != 0 {
            true => Err(NotMeasured::NotWhole { unit: ("unit", unit.raw()), qty }.into()),
            false => Ok(()),
        }
    }
}

/// What several products are measured in.
#[derive(Clone, Debug, Default)]
pub struct Measures {
    /// The own and the further units of products.
    pub products: BTreeMap<i64, (UnitId, FurtherUnits)>,
    /// Units by id.
    pub units: BTreeMap<i64, UnitFactor>,
}

impl Measures {
    /// What one of them is measured in.
    pub fn of(&self, product: ProductId) -> Option<Measure<'_>> {
        let (own, further) = self.products.get(&product.raw())?;
        Some(Measure { product, own: *own, further, units: &self.units })
    }
}

/// Reads what products are measured in, and the units that lines name beside.
pub fn measures(
    products: impl IntoIterator<Item = i64>,
    named: impl IntoIterator<Item = i64>,
    reader: &dyn Reader,
) -> Result<Measures, Fault> {
    let ids: Vec<i64> = products.into_iter().collect();
    let sql = format!("select id, unit from product where id in ({})", id_list(&ids));
    let own: Vec<(i64, i64)> = reader.rows(&sql, &[])?.iter().map(|row| (row.int(0), row.int(1))).collect();
    let named: Vec<i64> = named.into_iter().filter(|unit| *unit != 0).collect();
    // Most is said in the product's own unit.
    let in_others = named.iter().any(|unit| own.iter().any(|(_, own)| own != unit));
    let mut further = if in_others { further_units(&ids, reader)? } else { BTreeMap::new() };
    let units = units(named.into_iter().chain(own.iter().map(|(_, unit)| *unit)), reader)?;
    let of = |(id, unit): (i64, i64)| (id, (Id::new(unit), further.remove(&id).unwrap_or_default()));
    Ok(Measures { products: own.into_iter().map(of).collect(), units })
}

/// Units by id.
pub fn units(ids: impl IntoIterator<Item = i64>, reader: &dyn Reader) -> Result<BTreeMap<i64, UnitFactor>, Fault> {
    let mut units = BTreeMap::new();
    for id in ids.into_iter().filter(|id| *id != 0) {
        if units.contains_key(&id) {
            continue;
        }
        let sql = "select category, numerator, denominator, whole from unit where id = ?1";
        if let Some(row) = reader.steady_rows(sql, &[id.into()])?.first() {
            units.insert(id, factor(row)?);
        }
    }
    Ok(units)
}

fn factor(row: &Row) -> Result<UnitFactor, Fault> {
    Ok(UnitFactor {
        category: UnitCategory::from_value(&row.0[0])?,
        numerator: row.int(1),
        denominator: row.int(2),
        whole: row.int(3) != 0,
    })
}

/// The further units of products: how many of a product's own unit make how many of each.
pub fn further_units(ids: &[i64], reader: &dyn Reader) -> Result<BTreeMap<i64, FurtherUnits>, Fault> {
    let sql = format!(
        "select parent, unit, numerator, denominator from product_unit where parent in ({}) order by parent, position",
        id_list(ids)
    );
    let mut found: BTreeMap<i64, FurtherUnits> = BTreeMap::new();
    for row in reader.rows(&sql, &[])? {
        found.entry(row.int(0)).or_default().push((Id::new(row.int(1)), row.int(2), row.int(3)));
    }
    Ok(found)
}

/// Ids for an `in (…)`: `0` when there are none, which no record has.
fn id_list(ids: &[i64]) -> String {
    let ids: Vec<String> = ids.iter().map(i64::to_string).collect();
    if ids.is_empty() { "0".to_owned() } else { ids.join(", ") }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Unit 1 is the piece and not divided, 2 the dozen, 3 a box that holds 24 of this product, 4 the kilogram.
    fn measured<T>(told: impl Fn(Measure) -> T) -> T {
        let known = |category, numerator, whole| UnitFactor { category, numerator, denominator: 1, whole };
        let units = BTreeMap::from([
            (1, known(UnitCategory::Count, 1, true)),
            (2, known(UnitCategory::Count, 12, false)),
            (3, known(UnitCategory::Count, 1, true)),
            (4, known(UnitCategory::Mass, 1, false)),
        ]);
        let further = [(Id::new(3), 24, 1)];
        told(Measure { product: Id::new(7), own: Id::new(1), further: &further, units: &units })
    }

    fn said(qty: &str, unit: i64) -> String {
        match measured(|measure| measure.own_qty(Qty::parse(qty).unwrap(), Id::new(unit))) {
            Ok(qty) => qty.text(),
            Err(why) => format!("{}: {why}", why.problems[0].code),
        }
    }

    #[test]
    fn what_the_books_say_is_shown_in_any_unit_and_prices_follow_theirs() {
        let shown = |unit: i64| measured(|measure| measure.shown(Qty::whole(31), Id::new(unit))).text();
        assert_eq!([shown(1), shown(2), shown(3)], ["31", "2.583333", "1.291667"]);
        let price = |from: i64, to: i64| {
            measured(|measure| measure.price(Price::whole(12), Id::new(from), Id::new(to))).map(Price::text)
        };
        assert_eq!([price(1, 3), price(3, 2), price(1, 4)], [Some("288".into()), Some("6".into()), None]);
    }

    #[test]
    fn what_is_said_in_any_unit_is_so_much_of_the_own_unit() {
        assert_eq!([said("3", 1), said("2.5", 2), said("2", 3)], ["3", "30", "48"]);
        assert_eq!(said("1", 4), "other_unit: #7 is not measured in this unit. Choose a unit of the same category.");
    }

    #[test]
    fn pieces_are_not_divided_whatever_unit_a_line_says_them_in() {
        let refused = |qty: &str, unit: i64| {
            format!(
                "not_whole: {qty} of the unit #{unit} is no whole number. Enter one, choose a smaller unit, or let the \
                 unit be divided: clear “Whole numbers only” under Units of measure."
            )
        };
        assert_eq!(said("2.5", 1), refused("2.5", 1));
        assert_eq!(said("0.5", 3), refused("0.5", 3));
        assert_eq!(said("0.1", 2), refused("1.2", 1));
    }
}
