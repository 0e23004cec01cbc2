//! What deciding about dimensions needs to know.

use std::collections::{BTreeMap, BTreeSet};

use books::{DimensionSetId, DimensionShare, Dimensions, EntryLine};
use kernel::{Date, Id, Rate, Refusal};
use meta::{Fault, FieldType, Reader};

use super::rule::Need;
use super::rules::{self, Line, Rule};

/// The rules of a company, and what the sets of a document hold.
#[derive(Clone, Debug, Default)]
pub struct Known {
    rules: Vec<Rule>,
    sets: BTreeMap<i64, Vec<DimensionShare>>,
    values: BTreeMap<i64, rules::Value>,
    /// The codes of the accounts; empty where a company has no dimensions.
    codes: BTreeMap<i64, String>,
}

/// Reads what the lines of a document need that name these sets.
pub fn known(sets: impl Iterator<Item = DimensionSetId>, reader: &dyn Reader) -> Result<Known, Fault> {
    let company = reader.context().company;
    let sets: BTreeSet<i64> = sets.map(Id::raw).collect();
    let rules = reader.steady_rows(
        "select dimension, accounts, product, party, need, value from dimension_rule
         where company = ?1 and active = 1 order by id",
        &[company.into()],
    )?;
    if rules.is_empty() && sets.is_empty() {
        return Ok(Known::default());
    }
    let rule = |row: &meta::Row| {
        Ok(Rule {
            dimension: row.int(0),
            accounts: row.text(1).to_owned(),
            product: row.maybe_int(2),
            party: row.maybe_int(3),
            need: Need::from_value(&row.0[4])?,
            value: row.maybe_int(5),
        })
    };
    let mut known = Known { rules: rules.iter().map(rule).collect::<Result<_, Fault>>()?, ..Known::default() };
    let list = |ids: &mut dyn Iterator<Item = i64>| ids.map(|id| id.to_string()).collect::<Vec<_>>().join(", ");
    if !sets.is_empty() {
        let sql = format!(
            "select p.parent, p.dimension, p.value, p.share from dimension_part p join dimension_set s on s.id = p.parent
             where s.company = ?1 and s.id in ({}) order by p.parent, p.dimension, p.value",
            list(&mut sets.iter().copied())
        );
        for row in reader.rows(&sql, &[company.into()])? {
            known.sets.entry(row.int(0)).or_default().push(DimensionShare {
                dimension: Id::new(row.int(1)),
                value: Id::new(row.int(2)),
                share: Rate::new(row.int(3)),
            });
        }
    }
    let named = known.sets.values().flatten().map(|share| share.value.raw());
    let values: BTreeSet<i64> = named.chain(known.rules.iter().filter_map(|rule| rule.value)).collect();
    if !values.is_empty() {
        let sql = format!(
            "select id, active, valid_from, valid_until from dimension_value where company = ?1 and id in ({})",
            list(&mut values.into_iter())
        );
        for row in reader.rows(&sql, &[company.into()])? {
            let value = rules::Value { active: row.int(1) != 0, valid: (row.date(2), row.date(3)) };
            known.values.insert(row.int(0), value);
        }
    }
    let codes = reader.steady_rows("select id, code from account where company = ?1", &[company.into()])?;
    known.codes = codes.iter().map(|row| (row.int(0), row.text(1).to_owned())).collect();
    Ok(known)
}

impl Known {
    /// What a line is about that names a set, or none.
    pub fn about(&self, line: &EntryLine, set: Option<DimensionSetId>, on: Date) -> Result<Dimensions, Refusal> {
        let shares = set.and_then(|set| self.sets.get(&set.raw())).cloned().unwrap_or_default();
        let code = self.codes.get(&line.account.raw()).map_or("", String::as_str);
        let seen = Line {
            account: line.account.raw(),
            code,
            product: line.product.map(Id::raw),
            party: line.party.map(Id::raw),
        };
        rules::about(&Dimensions { set, shares }, &seen, on, &self.rules, &|id| self.values.get(&id).cloned())
    }
}
