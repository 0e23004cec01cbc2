//! What becomes due without anybody asking: goods that are to be reserved some days before they
//! are wanted, and what was kept long enough.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use engine::Engine;
use kernel::id_text;
use meta::Trouble;
use serde_json::json;

use crate::driver::Driver;

/// How often a server looks.
const LOOK_EVERY: Duration = Duration::from_secs(600);
/// How often it looks whether it is to stop.
const BREATH: Duration = Duration::from_millis(250);

/// Orders with goods that are due to be reserved and free, the most urgent first. Where somebody
/// released what was reserved, somebody reserves again.
const DUE: &str = "
    select o.id, o.wanted_on
    from stock_balance b
    join promise p on p.company = b.company and p.product = b.product and p.place = b.place
    join sales_order o on o.id = p.doc_id
    where b.company = ?1 and 0 < b.demand and b.reserved < b.on_hand
      and p.kind = 'demand' and p.doc_entity = 'sales_order' and o.stage = 'confirmed' and o.wanted_on <= ?2
      and coalesce(o.reservation_released, 0) = 0
    group by o.id, o.wanted_on, p.doc_line
    having 0 < sum(p.qty)
    order by o.wanted_on, o.id";

/// Looks again and again, until told to stop.
pub fn watch(engine: &Arc<Engine>, stop: &AtomicBool) {
    while !stop.load(Ordering::SeqCst) {
        if let Err(trouble) = reserve(engine) {
            tracing::error!(%trouble, "goods that are due are not reserved");
        }
        while !stop.load(Ordering::SeqCst) {
            match engine.purge() {
                Ok(true) => {}
                Ok(false) => break,
                Err(trouble) => {
                    tracing::error!(%trouble, "what was kept long enough is still there");
                    break;
                }
            }
        }
        let mut waited = Duration::ZERO;
        while waited < LOOK_EVERY && !stop.load(Ordering::SeqCst) {
            std::thread::sleep(BREATH);
            waited += BREATH;
        }
    }
}

/// Reserves what is due in every company that reserves some days before; how many orders got
/// goods. Two servers may do it at once: what is free is given once.
pub fn reserve(engine: &Arc<Engine>) -> Result<usize, Trouble> {
    let companies = engine.database().read(|conn| {
        Ok(conn.query("select id, reserve_days from company where reserve = 'days_before' order by id", &[])?)
    })?;
    let mut count = 0;
    for company in companies {
        let desk = Driver::system(engine, company.int(0))?;
        let until = engine.today_of(&desk.actor).add_days(i32::try_from(company.int(1)).unwrap_or(0));
        let args = [company.int(0).into(), until.into()];
        let mut orders: Vec<i64> = engine
            .database()
            .read(|conn| Ok(conn.query(DUE, &args)?.iter().map(|row| row.int(0)).collect::<Vec<_>>()))?;
        orders.dedup();
        for order in orders {
            match desk.act("sales_order", &id_text("so", order), "reserve", json!({})) {
                Ok(_) => count += 1,
                // Somebody else was faster with the goods, or with the order.
                Err(Trouble::Refused(_) | Trouble::Stale { .. }) => {}
                Err(trouble) => return Err(trouble),
            }
        }
    }
    Ok(count)
}
