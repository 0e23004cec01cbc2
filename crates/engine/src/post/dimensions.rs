//! What lines of entries are about: their parts by axis and value, and kept balances of these.

use std::collections::BTreeMap;

use books::{DimensionShare, Entry};
use kernel::{Id, Rate};
use meta::{Fault, Trouble};

use super::Doc;
use crate::facts::{Tx, maybe, places};

/// How many parts one statement inserts.
const AT_ONCE: usize = 500;

/// Writes the parts of the lines of an entry, and raises the balances of the day and the month.
pub(super) fn insert(tx: &Tx, doc: Doc, entry: &Entry, line_ids: &[i64]) -> Result<(), Trouble> {
    let (company, on, now) = (tx.context.company, entry.posted_on(), tx.context.now.micros());
    let mut parts = Vec::new();
    let mut sums: BTreeMap<(i64, i64, i64), [i64; 2]> = BTreeMap::new();
    for (line, line_id) in entry.lines().iter().zip(line_ids) {
        let about = &line.dimensions;
        for (share, (dimension, value, amount)) in about.shares.iter().zip(about.spread(line.amount)) {
            let sum = sums.entry((dimension.raw(), line.account.raw(), value.raw())).or_default();
            sum[usize::from(amount.is_negative())] += amount.abs().raw();
            parts.push(vec![
                tx.id()?.into(),
                company.into(),
                (*line_id).into(),
                dimension.raw().into(),
                value.raw().into(),
                share.share.raw().into(),
                line.account.raw().into(),
                on.into(),
                now.into(),
                amount.raw().into(),
                maybe(line.party),
                maybe(line.product),
                doc.name.entity.into(),
                doc.name.id.into(),
            ]);
        }
    }
    for some in parts.chunks(AT_ONCE) {
        let sql = format!(
            "insert into dimension_line (id, company, entry_line, dimension, value, share, account, posted_on, recorded_at,
             amount, party, product, doc_entity, doc_id) values {}",
            places(some.len(), 14)
        );
        tx.push(sql, some.concat());
    }
    let mut rows = Vec::new();
    for ((dimension, account, value), [debit, credit]) in sums {
        for (grain, start) in [("d", on), ("m", on.start_of_month())] {
            rows.push(vec![
                company.into(),
                account.into(),
                dimension.into(),
                value.into(),
                grain.into(),
                start.into(),
                tx.conn.lane().into(),
                debit.into(),
                credit.into(),
            ]);
        }
    }
    for some in rows.chunks(AT_ONCE) {
        let sql = format!(
            "insert into dimension_balance (company, account, dimension, value, grain, start, slot, debit, credit) values {}
             on conflict (company, dimension, account, value, grain, start, slot) do update set
               debit = dimension_balance.debit + excluded.debit,
               credit = dimension_balance.credit + excluded.credit",
            places(some.len(), 9)
        );
        tx.push(sql, some.concat());
    }
    Ok(())
}

/// What the lines of an entry are about, as it was when they were written, by line.
pub(super) fn of_entry(tx: &Tx, entry: i64) -> Result<BTreeMap<i64, Vec<DimensionShare>>, Fault> {
    let rows = tx.query(
        "select d.entry_line, d.dimension, d.value, d.share from dimension_line d
         join entry_line l on l.id = d.entry_line where l.entry = ?1 order by d.dimension, d.value",
        &[entry.into()],
    )?;
    let mut about: BTreeMap<i64, Vec<DimensionShare>> = BTreeMap::new();
    for row in rows {
        about.entry(row.int(0)).or_default().push(DimensionShare {
            dimension: Id::new(row.int(1)),
            value: Id::new(row.int(2)),
            share: Rate::new(row.int(3)),
        });
    }
    Ok(about)
}
