//! Balances of all accounts, from what is kept: months before, and days of the month.
//!
//! The cost does not grow with the number of entries. For *as known at*, what was written
//! down later is taken off again: the cost grows with what came since.

use std::collections::BTreeMap;

use kernel::Date;
use meta::{Fault, Reader, Value};

/// Debit and credit of one account, in company currency.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sums {
    /// All debits.
    pub debit: i64,
    /// All credits.
    pub credit: i64,
}

impl Sums {
    /// Debit less credit.
    pub fn net(self) -> i64 {
        self.debit - self.credit
    }
}

/// What is known of an account.
#[derive(Clone, Debug)]
pub struct AccountRow {
    pub id: i64,
    pub parent: Option<i64>,
    pub code: String,
    pub name: String,
    pub kind: String,
    pub is_group: bool,
}

/// All accounts of the company, by code.
pub fn accounts(reader: &dyn Reader) -> Result<Vec<AccountRow>, Fault> {
    let rows = reader.rows(
        "select id, code, name, kind, is_group, parent from account where company = ?1 order by code",
        &[reader.context().company.into()],
    )?;
    let account = |row: &meta::Row| AccountRow {
        id: row.int(0),
        code: row.text(1).to_owned(),
        name: row.text(2).to_owned(),
        kind: row.text(3).to_owned(),
        is_group: row.int(4) != 0,
        parent: row.maybe_int(5),
    };
    Ok(rows.iter().map(account).collect())
}

/// Sums of every account over all days up to one, that day included.
pub fn up_to(on: Date, known_at: Option<i64>, reader: &dyn Reader) -> Result<BTreeMap<i64, Sums>, Fault> {
    let company = Value::Int(reader.context().company);
    let month = on.start_of_month();
    let rows = reader.rows(
        "select account, sum(debit), sum(credit) from balance
         where company = ?1 and ((grain = 'm' and start < ?2) or (grain = 'd' and start >= ?2 and start <= ?3))
         group by account",
        &[company.clone(), month.into(), on.into()],
    )?;
    let mut sums: BTreeMap<i64, Sums> = BTreeMap::new();
    for row in rows {
        sums.insert(row.int(0), Sums { debit: row.int(1), credit: row.int(2) });
    }
    if let Some(at) = known_at {
        // Day and account are in no index so: what was written down since is few, what is dated by then is nearly all.
        let later = reader.rows(
            "select account + 0, sum(case when amount > 0 then amount else 0 end), sum(case when amount < 0 then -amount else 0 end)
             from entry_line where company = ?1 and recorded_at > ?2 and posted_on || '' <= ?3 group by account + 0",
            &[company, at.into(), on.into()],
        )?;
        for row in later {
            let sum = sums.entry(row.int(0)).or_default();
            sum.debit -= row.int(1);
            sum.credit -= row.int(2);
        }
    }
    Ok(sums)
}

/// Sums of every account over the days from one to another, both included.
pub fn between(from: Date, to: Date, known_at: Option<i64>, reader: &dyn Reader) -> Result<BTreeMap<i64, Sums>, Fault> {
    let mut sums = up_to(to, known_at, reader)?;
    for (account, before) in up_to(from.add_days(-1), known_at, reader)? {
        let sum = sums.entry(account).or_default();
        sum.debit -= before.debit;
        sum.credit -= before.credit;
    }
    Ok(sums)
}
