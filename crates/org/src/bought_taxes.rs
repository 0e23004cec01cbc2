//! Which taxes are on what is bought: they stand on an account of input tax.

use std::collections::BTreeSet;

use meta::{Fault, Reader};

/// The taxes of the company on what is bought. A group is, when a part of it is.
pub fn bought_taxes(reader: &dyn Reader) -> Result<BTreeSet<i64>, Fault> {
    let sql = "select t.id from tax t
        join account a on a.id = t.account
        where t.company = ?1 and a.used_for = 'purchase_tax'
        union
        select p.parent from tax_part p
        join tax t on t.id = p.tax
        join account a on a.id = t.account
        where t.company = ?1 and a.used_for = 'purchase_tax'";
    let rows = reader.steady_rows(sql, &[reader.context().company.into()])?;
    Ok(rows.iter().map(|row| row.int(0)).collect())
}
