//! What lines of entries are about, as the auditor sees it: parts that sum to their line, and what is kept of them.

use std::collections::{BTreeMap, BTreeSet};

use meta::{Row, Trouble};
use store::Conn;

use crate::auditor::{Finding, big, text};

/// Company, account, dimension, value, day.
type Key = (i64, i64, i64, i64, String);

/// The parts seen so far.
#[derive(Clone, Default)]
pub(crate) struct About {
    /// By line and dimension.
    lines: BTreeMap<(i64, i64), i128>,
    days: BTreeMap<Key, [i128; 2]>,
}

impl About {
    /// The columns of `dimension_line` it looks at.
    pub const COLUMNS: &str = "id, company, entry_line, dimension, value, account, posted_on, amount";

    /// Takes a part in; gives the line it is of.
    pub fn take(&mut self, row: &Row) -> i64 {
        let (line, dimension, amount) = (row.int(2), row.int(3), big(row, 7));
        *self.lines.entry((line, dimension)).or_default() += amount;
        let key = (row.int(1), row.int(5), dimension, row.int(4), text(row, 6));
        self.days.entry(key).or_default()[usize::from(amount < 0)] += amount.abs();
        line
    }

    /// On each dimension the parts of these lines sum to them.
    pub fn whole(&self, conn: &dyn Conn, lines: &BTreeSet<i64>, found: &mut Vec<Finding>) -> Result<(), Trouble> {
        for line in lines {
            let rows = conn.query("select amount from entry_line where id = ?1", &[(*line).into()])?;
            let amount = rows.first().map(|row| big(row, 0));
            let of_line = self.lines.range((*line, i64::MIN)..=(*line, i64::MAX));
            let wrong = of_line.filter(|(_, sum)| Some(**sum) != amount);
            found.extend(wrong.map(|((_, dimension), sum)| {
                format!("line {line} is {amount:?}, its parts on dimension {dimension} come to {sum}")
            }));
        }
        Ok(())
    }

    /// What is kept is what the parts come to, and nothing else is kept.
    pub fn kept(&self, conn: &dyn Conn, found: &mut Vec<Finding>) -> Result<(), Trouble> {
        for grain in ["d", "m"] {
            let mut own: BTreeMap<Key, [i128; 2]> = BTreeMap::new();
            for ((company, account, dimension, value, day), sums) in &self.days {
                let start = if grain == "d" { day.clone() } else { format!("{}-01", &day[..7]) };
                let sum = own.entry((*company, *account, *dimension, *value, start)).or_default();
                (0..2).for_each(|at| sum[at] += sums[at]);
            }
            let rows = conn.query(
                "select company, account, dimension, value, start, sum(debit), sum(credit) from dimension_balance
                 where grain = ?1 group by company, account, dimension, value, start",
                &[grain.into()],
            )?;
            for row in rows {
                let key = (row.int(0), row.int(1), row.int(2), row.int(3), text(&row, 4));
                let kept = [big(&row, 5), big(&row, 6)];
                if own.remove(&key).unwrap_or_default() != kept {
                    found.push(format!("dimension balance {grain} of {key:?} is {kept:?}"));
                }
            }
            found.extend(own.keys().map(|key| format!("no dimension balance {grain} of {key:?}")));
        }
        Ok(())
    }
}
