//! What documents of an earlier version have committed of credit, brought to what they should have: until then a credit
//! note that left the goods with the customer gave their credit back as well. Nothing is changed: what is missing is added.

use std::collections::BTreeMap;

use books::{CommitmentKind, PartyId};
use engine::Engine;
use kernel::{Amount, Id, Qty};
use meta::{Fault, Row, Trouble, Value};
use party::legal_entity;
use sales::committed::{Far, OpenCommitment, towards};
use store::Conn;

/// Which way of counting a database was counted by, so that another one counts once more.
pub const VERSION: u8 = 1;

/// Lines whose commitments are not what they should be. In another currency what they are worth follows the rate, and
/// was never less than at their own: there only what is too little, or of nothing, counts.
const WRONG: &str = "
    select k.entity, k.parent, k.id, k.company, k.customer, k.qty, k.total_base, k.is_open, k.delivered, k.returned, k.invoiced
    from (
      select w.*,
        case when w.is_open = 0 or w.qty <= w.delivered or w.qty <= w.invoiced then 0
          when w.delivered < w.invoiced then w.qty - w.invoiced else w.qty - w.delivered end
        + case when w.delivered - w.returned <= w.invoiced then 0
          else w.delivered - w.returned - w.invoiced end as waits,
        coalesce((select sum(m.amount) from commitment m
                  where m.doc_line = w.id and m.kind in ('ordered', 'delivered')), 0) as amount
      from (
        select 'sales_order' as entity, l.parent, l.id, o.company, o.customer, l.qty, l.total_base, o.currency,
          case when o.stage = 'confirmed' then 1 else 0 end as is_open, coalesce(l.delivered_qty, 0) as delivered,
          coalesce(l.returned_qty, 0) as returned, coalesce(l.invoiced_qty, 0) as invoiced
        from sales_order_line l join sales_order o on o.id = l.parent
        where o.stage in ('confirmed', 'done')
        union all
        select 'delivery', l.parent, l.id, d.company, d.customer, l.qty, l.total_base, d.currency,
          0, l.qty, coalesce(l.returned_qty, 0), coalesce(l.invoiced_qty, 0)
        from delivery_line l join delivery d on d.id = l.parent
        where d.stage = 'done' and l.order_line is null
      ) w
    ) k join company c on c.id = k.company
    where (k.waits = 0 and k.amount <> 0)
      or k.amount * 1.0 * k.qty < k.total_base * 1.0 * k.waits - k.qty
      or (k.currency = c.currency and k.total_base * 1.0 * k.waits + k.qty < k.amount * 1.0 * k.qty)
    order by k.id";

/// Adds what is missing; how many lines were wrong.
pub fn commitments(engine: &Engine) -> Result<usize, Trouble> {
    let now = engine.now().micros();
    let next = engine.database().clone();
    engine.database().write(move |conn: &dyn Conn| {
        let wrong = conn.query(WRONG, &[])?;
        for row in &wrong {
            let (company, line) = (row.int(3), row.int(2));
            for one in towards(&BTreeMap::from([(line, far(row))]), legal(row.int(4), conn)?, open(line, conn)?) {
                let (party, amount) = (one.party.raw(), one.amount.raw());
                let kind = if one.kind == CommitmentKind::Ordered { "ordered" } else { "delivered" };
                let shared: [Value; 4] = [company.into(), party.into(), kind.into(), amount.into()];
                let own = [next.next_id()?.into(), now.into(), row.text(0).into(), row.int(1).into(), line.into()];
                conn.execute(
                    "insert into commitment (company, party, kind, amount, id, recorded_at, doc_entity, doc_id, doc_line)
                     values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
                    &shared.iter().cloned().chain(own).collect::<Vec<_>>(),
                )?;
                conn.execute(
                    "insert into exposure (company, party, kind, amount) values (?1, ?2, ?3, ?4)
                     on conflict (company, party, kind) do update set amount = exposure.amount + excluded.amount",
                    &shared,
                )?;
            }
        }
        Ok(wrong.len())
    })
}

fn far(row: &Row) -> Far {
    let qty = |at| Qty::new(row.maybe_int(at).unwrap_or(0));
    Far {
        qty: qty(5),
        worth: Amount::new(row.maybe_int(6).unwrap_or(0)),
        is_open: row.int(7) == 1,
        delivered: qty(8),
        returned: qty(9),
        invoiced: qty(10),
    }
}

fn legal(customer: i64, conn: &dyn Conn) -> Result<PartyId, Fault> {
    let sql = format!("select {} from party c where c.id = ?1", legal_entity::of("c.id"));
    Ok(Id::new(conn.query(&sql, &[customer.into()])?.first().and_then(|row| row.maybe_int(0)).unwrap_or(customer)))
}

/// What a line has committed now.
fn open(line: i64, conn: &dyn Conn) -> Result<Vec<OpenCommitment>, Fault> {
    let sql = "select doc_line, party, kind, sum(amount) from commitment
        where doc_line = ?1 and kind in ('ordered', 'delivered') group by doc_line, party, kind";
    Ok(conn.query(sql, &[line.into()])?.iter().map(OpenCommitment::of_row).collect())
}
