//! Which taxes are on what is bought: they stand on an account of input tax.

use std::collections::BTreeSet;

use books::TaxId;
use kernel::Id;
use meta::{Fault, Reader, Record, Want};

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

/// Whether a record begins to sell with a tax on what is bought: it is new or being typed, or had another tax.
pub fn sells_with_bought_tax<A>(tax: Option<TaxId>, want: &Want<A>, reader: &dyn Reader) -> Result<bool, Fault> {
    let had = |old: &&Record| old.get("sales_tax").int() == tax.map(Id::raw);
    match (tax, want) {
        (None, _) => Ok(false),
        (_, Want::Save(Some(old))) if had(old) => Ok(false),
        (Some(tax), _) => {
            let sql = "select 1 from tax t join account a on a.id = t.account
                where a.used_for = 'purchase_tax'
                  and (t.id = ?1 or t.id in (select p.tax from tax_part p where p.parent = ?1))";
            Ok(!reader.steady_rows(sql, &[tax.raw().into()])?.is_empty())
        }
    }
}
