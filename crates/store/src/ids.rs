//! Ids, given before the insert out of blocks reserved in the database: several servers
//! never collide, and no insert waits for a sequence.

use std::sync::Mutex;

use meta::{Fault, Value};

use crate::Conn;
use crate::job::lock;

/// How many ids are reserved at once.
pub(crate) const BLOCK: i64 = 1_000;
/// The row of `id_block`; one for all entities, so that an id is of one record only.
const NAME: &str = "record";

/// Reserved ids, each block `next..end`.
#[derive(Default)]
pub(crate) struct Blocks(Mutex<Vec<(i64, i64)>>);

impl Blocks {
    /// The next reserved id, if any is left.
    pub fn take(&self) -> Option<i64> {
        let mut blocks = lock(&self.0);
        while let Some((next, end)) = blocks.last_mut() {
            if next < end {
                *next += 1;
                return Some(*next - 1);
            }
            blocks.pop();
        }
        None
    }

    /// Adds a reserved block.
    pub fn put(&self, block: (i64, i64)) {
        // Older blocks stay on top, so that ids rise as far as they can.
        lock(&self.0).insert(0, block);
    }
}

/// Reserves a block in the current transaction.
pub(crate) fn reserve(conn: &dyn Conn) -> Result<(i64, i64), Fault> {
    let rows = conn.query(
        "insert into id_block (name, next) values (?1, ?2)
         on conflict (name) do update set next = id_block.next + ?3
         returning next",
        &[Value::from(NAME), Value::Int(1 + BLOCK), Value::Int(BLOCK)],
    )?;
    let end = rows.first().and_then(|row| row.maybe_int(0)).ok_or_else(|| Fault::new("no block of ids"))?;
    Ok((end - BLOCK, end))
}

/// Raises what is reserved to at least this.
pub(crate) fn raise(conn: &dyn Conn, end: i64) -> Result<(), Fault> {
    conn.execute(
        "insert into id_block (name, next) values (?1, ?2)
         on conflict (name) do update set next = excluded.next where id_block.next < excluded.next",
        &[Value::from(NAME), Value::Int(end)],
    )?;
    Ok(())
}
