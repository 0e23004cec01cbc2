//! Years of business more, so that what reads cost can be compared before and after.

use kernel::Date;
use meta::{Trouble, Value};

use super::{BEYOND, World};

/// The days of ten years, over which the movements are spread.
const DAYS: u16 = 3_650;

/// Adds so many movements, half of them lines of entries and half moves of goods, to the ten years before today, and
/// raises the kept balances by them.
///
/// They are copies: of the first posted entry, and of the first delivery, there and back, so that stock stays what it is.
pub fn grow(world: &World, movements: u64) -> Result<(), Trouble> {
    if movements == 0 {
        return Ok(());
    }
    let database = world.engine.database();
    let (entry, lines, moved) = database.read(|conn| {
        let entry = conn.query("select min(id) from entry where doc_entity = 'journal_entry'", &[])?[0].int(0);
        let lines = conn.query("select count(*) from entry_line where entry = ?1", &[entry.into()])?[0].int(0);
        let moved = conn.query("select min(id) from stock_move where doc_entity = 'delivery'", &[])?[0].int(0);
        Ok((entry, lines, moved))
    })?;
    let daily = i64::try_from(movements).unwrap_or(i64::MAX) / i64::from(DAYS) / 2;
    let entries = (daily / lines).max(1);
    world.begin("ten years of movements", DAYS.into());
    for day in 0..i32::from(DAYS) {
        let on = world.engine.today().add_days(day - i32::from(DAYS));
        let first = BEYOND + i64::from(day) * (daily + lines);
        let work = Day { on, first, entries, lines, moves: daily, entry, moved };
        database.write(move |conn| {
            for (sql, args) in work.statements() {
                conn.execute(&sql, &args)?;
            }
            Ok(())
        })?;
        world.bar.inc(1);
    }
    database.write(|conn| match conn.dialect() {
        store::Dialect::Postgres => ["entry", "entry_line", "stock_move", "balance"]
            .iter()
            .try_for_each(|table| conn.execute(&format!("analyze {table}"), &[]).map(|_| ()))
            .map_err(Into::into),
        store::Dialect::Sqlite => Ok(()),
    })
}

/// What is added on a day.
struct Day {
    on: Date,
    /// The first id of its rows, in each table.
    first: i64,
    entries: i64,
    /// Lines of an entry.
    lines: i64,
    moves: i64,
    /// The entry that is copied.
    entry: i64,
    /// The move that is copied.
    moved: i64,
}

impl Day {
    fn statements(&self) -> Vec<(String, Vec<Value>)> {
        let counted =
            "with recursive n (i) as (select cast(0 as bigint) union all select i + 1 from n where i + 1 < ?3)";
        let entries = format!(
            "insert into entry (id, company, journal, posted_on, recorded_at, memo, doc_entity, doc_id, reverses, number)
             {counted} select ?2 + n.i, company, journal, ?4, recorded_at, memo, doc_entity, doc_id, reverses, number
             from n, entry where entry.id = ?1"
        );
        let lines = format!(
            "insert into entry_line (id, company, entry, line_no, account, posted_on, recorded_at, amount, currency, currency_amount)
             {counted} select ?2 + n.i * ?5 + line_no, company, ?2 + n.i, line_no, account, ?4, recorded_at, amount, currency,
               currency_amount
             from n, entry_line l where l.entry = ?1"
        );
        // One there, one back.
        let moves = format!(
            "insert into stock_move (id, company, product, qty, from_place, to_place, moved_on, recorded_at, kind, doc_entity, doc_id)
             {counted} select ?2 + n.i, company, product, qty,
               case when n.i % 2 = 0 then from_place else to_place end, case when n.i % 2 = 0 then to_place else from_place end,
               ?4, recorded_at, case when n.i % 2 = 0 then 'out' else 'in' end, doc_entity, doc_id
             from n, stock_move m where m.id = ?1"
        );
        let on: Value = self.on.to_string().into();
        let mut all = vec![
            (entries, vec![self.entry.into(), self.first.into(), self.entries.into(), on.clone()]),
            (lines, vec![self.entry.into(), self.first.into(), self.entries.into(), on.clone(), self.lines.into()]),
            (moves, vec![self.moved.into(), self.first.into(), self.moves.into(), on]),
        ];
        for (grain, start) in [("d", self.on), ("m", self.on.start_of_month())] {
            all.push((
                "insert into balance (company, account, currency, grain, start, slot, debit, credit, currency_debit, currency_credit)
                 select company, account, currency, ?3, ?4, 0,
                   ?2 * sum(case when 0 < amount then amount else 0 end), ?2 * sum(case when amount < 0 then -amount else 0 end),
                   ?2 * sum(case when 0 < currency_amount then currency_amount else 0 end),
                   ?2 * sum(case when currency_amount < 0 then -currency_amount else 0 end)
                 from entry_line where entry = ?1 group by company, account, currency
                 on conflict (company, account, grain, start, currency, slot) do update set
                   debit = balance.debit + excluded.debit, credit = balance.credit + excluded.credit,
                   currency_debit = balance.currency_debit + excluded.currency_debit,
                   currency_credit = balance.currency_credit + excluded.currency_credit"
                    .to_owned(),
                vec![self.entry.into(), self.entries.into(), grain.into(), start.to_string().into()],
            ));
        }
        all
    }
}
