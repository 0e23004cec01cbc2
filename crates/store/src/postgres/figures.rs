//! The figures PostgreSQL plans by, renewed while a database is young.
//!
//! Autovacuum takes them once a minute. Until then nothing is known of a new table: one index looks as good as another,
//! and a lane keeps the plan it made for a statement. So while something is written, what has grown by half is looked
//! at every few seconds: of a table that grows for ever, ever more rarely. That the figures are new is what makes every
//! session plan anew.

use meta::Fault;

use super::Session;
use crate::conn::Conn;

/// Takes figures of the tables that have grown.
pub(super) fn renew(session: &Session) -> Result<(), Fault> {
    let sql = "select quote_ident(c.relname) from pg_class c join pg_stat_user_tables s on s.relid = c.oid
        where s.schemaname = current_schema() and 100 < s.n_live_tup and 1.5 * greatest(c.reltuples, 0) < s.n_live_tup";
    for row in session.query(sql, &[])? {
        session.execute(&format!("analyze {}", row.text(0)), &[])?;
    }
    Ok(())
}
