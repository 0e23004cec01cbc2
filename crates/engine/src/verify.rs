//! Proves the books from nothing: recomputes every kept sum and every law from the raw
//! movements, and names the first document that breaks one.

use std::collections::BTreeMap;

use meta::{Fault, Law, Trouble, Value};
use store::Conn;

use crate::Engine;
use crate::seal::{contents, next_hash};

/// A law that does not hold, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Broken {
    /// The law.
    pub law: &'static str,
    /// The first thing that breaks it.
    pub what: String,
}

/// What was checked.
#[derive(Clone, Debug, Default)]
pub struct Verified {
    /// Each law and how many things it was checked on.
    pub laws: Vec<(&'static str, i64)>,
    /// The laws that do not hold.
    pub broken: Vec<Broken>,
}

const LAWS: &[Law] = &[
    Law {
        name: "debit equals credit in every entry",
        breaks: "select e.doc_entity, e.doc_id, e.id, sum(l.amount) from entry e join entry_line l on l.entry = e.id
                 group by e.doc_entity, e.doc_id, e.id having sum(l.amount) <> 0 order by e.id limit 1",
        counts: "select count(*) from entry",
    },
    Law {
        name: "the register of assets is what assets posted",
        breaks: "select 'account', k.account, k.company, sum(k.amount) from (
                   select company, asset_account as account, cost as amount from asset_move
                   where book = 'accounting' and kind <> 'taken_over'
                   union all
                   select company, accumulated_account, -accumulated from asset_move
                   where book = 'accounting' and kind <> 'taken_over'
                   union all
                   select l.company, l.account, -l.amount from entry_line l join entry e on e.id = l.entry
                   where e.doc_entity in ('asset', 'depreciation_run')
                     and l.account in (select asset_account from asset_move union select accumulated_account from asset_move)
                 ) k group by k.company, k.account having sum(k.amount) <> 0 order by 2 limit 1",
        counts: "select count(*) from asset_move",
    },
    Law {
        name: "every line has its entry, and the same day and company",
        breaks: "select 'entry_line', l.id, l.entry, 0 from entry_line l left join entry e on e.id = l.entry
                 where e.id is null or e.posted_on <> l.posted_on or e.company <> l.company or e.recorded_at <> l.recorded_at
                 order by l.id limit 1",
        counts: "select count(*) from entry_line",
    },
    Law {
        name: "daily balances are the sums of the lines",
        breaks: "select 'account', k.account, k.start, sum(k.d) - sum(k.c) from (
                   select company, account, currency, start, debit as d, 0 as c, currency_debit as cd, 0 as cc, credit as x, 0 as y,
                          currency_credit as cx, 0 as cy from balance where grain = 'd'
                   union all
                   select company, account, currency, posted_on, 0, case when amount > 0 then amount else 0 end, 0,
                          case when currency_amount > 0 then currency_amount else 0 end, 0,
                          case when amount < 0 then -amount else 0 end, 0,
                          case when currency_amount < 0 then -currency_amount else 0 end from entry_line
                 ) k group by k.company, k.account, k.currency, k.start
                 having sum(k.d) <> sum(k.c) or sum(k.x) <> sum(k.y) or sum(k.cd) <> sum(k.cc) or sum(k.cx) <> sum(k.cy)
                 order by 2, 3 limit 1",
        counts: "select count(*) from balance where grain = 'd'",
    },
    Law {
        name: "monthly balances are the sums of the daily ones",
        breaks: "select 'account', k.account, k.month, sum(k.debit) from (
                   select company, account, currency, substr(start, 1, 7) as month, debit, credit, currency_debit, currency_credit
                   from balance where grain = 'm'
                   union all
                   select company, account, currency, substr(start, 1, 7), -debit, -credit, -currency_debit, -currency_credit
                   from balance where grain = 'd'
                 ) k group by k.company, k.account, k.currency, k.month
                 having sum(k.debit) <> 0 or sum(k.credit) <> 0 or sum(k.currency_debit) <> 0 or sum(k.currency_credit) <> 0
                 order by 2, 3 limit 1",
        counts: "select count(*) from balance where grain = 'm'",
    },
    Law {
        name: "on each dimension the parts of a line sum to it",
        breaks: "select e.doc_entity, e.doc_id, l.id, sum(d.amount) - l.amount from dimension_line d
                 join entry_line l on l.id = d.entry_line join entry e on e.id = l.entry
                 group by e.doc_entity, e.doc_id, l.id, l.amount, d.dimension having sum(d.amount) <> l.amount
                 union all
                 select e.doc_entity, e.doc_id, l.id, 0 from dimension_line d
                 join entry_line l on l.id = d.entry_line join entry e on e.id = l.entry
                 where d.account <> l.account or d.posted_on <> l.posted_on or d.company <> l.company
                 order by 3 limit 1",
        counts: "select count(*) from dimension_line",
    },
    Law {
        name: "balances by dimension are the sums of its lines, by day and by month",
        breaks: "select 'dimension', k.dimension, k.start, sum(k.d) from (
                   select company, dimension, account, value, grain, start, debit as d, credit as c from dimension_balance
                   union all
                   select company, dimension, account, value, 'd', posted_on, case when amount > 0 then -amount else 0 end,
                          case when amount < 0 then amount else 0 end from dimension_line
                   union all
                   select company, dimension, account, value, 'm', substr(posted_on, 1, 7) || '-01',
                          case when amount > 0 then -amount else 0 end, case when amount < 0 then amount else 0 end
                   from dimension_line
                 ) k group by k.company, k.dimension, k.account, k.value, k.grain, k.start
                 having sum(k.d) <> 0 or sum(k.c) <> 0 order by 2, 3 limit 1",
        counts: "select count(*) from dimension_balance",
    },
    Law {
        name: "what is open of an item is what was owed and not cleared",
        breaks: "select o.doc_entity, o.doc_id, o.id, o.open_amount from open_item o
                 left join (select item, sum(amount) as a, sum(currency_amount) as c from clearing group by item) k on k.item = o.id
                 where o.open_amount <> o.amount + coalesce(k.a, 0)
                    or o.open_currency_amount <> o.currency_amount + coalesce(k.c, 0) order by o.id limit 1",
        counts: "select count(*) from open_item",
    },
    Law {
        name: "open items make up the balance of their control account",
        breaks: "select 'account', k.account, k.company, sum(k.amount) from (
                   select company, account, open_amount as amount from open_item
                   union all
                   select l.company, l.account, -l.amount from entry_line l
                   where l.account in (select id from account where used_for in ('receivable', 'payable', 'advance_received', 'advance_paid'))
                 ) k where k.account in (select id from account where used_for in ('receivable', 'payable', 'advance_received', 'advance_paid'))
                 group by k.account, k.company having sum(k.amount) <> 0 order by 2 limit 1",
        counts: "select count(*) from account where used_for in ('receivable', 'payable', 'advance_received', 'advance_paid')",
    },
    Law {
        name: "open items and what clears them are their control account, day by day",
        breaks: "select 'account', k.account, k.on_day, sum(k.amount) from (
                   select company, account, posted_on as on_day, amount from open_item
                   union all
                   select o.company, o.account, c.cleared_on, c.amount from clearing c join open_item o on o.id = c.item
                   union all
                   select company, account, start, credit - debit from balance
                   where grain = 'd' and account in (select id from account where used_for in ('receivable', 'payable', 'advance_received', 'advance_paid'))
                 ) k where k.account in (select id from account where used_for in ('receivable', 'payable', 'advance_received', 'advance_paid'))
                 group by k.company, k.account, k.on_day having sum(k.amount) <> 0 order by 2, 3 limit 1",
        counts: "select count(*) from clearing",
    },
    Law {
        name: "what customers owe us is what their exposure says is invoiced",
        breaks: "select 'company', k.company, 0, sum(k.amount) from (
                   select company, amount from commitment where kind = 'invoiced'
                   union all
                   select o.company, -o.open_amount from open_item o join account a on a.id = o.account
                   where a.used_for = 'receivable'
                 ) k group by k.company having sum(k.amount) <> 0 order by 2 limit 1",
        counts: "select count(*) from commitment where kind = 'invoiced'",
    },
    Law {
        name: "stock on hand is the sum of the moves, and none of ours is negative",
        breaks: "select 'product', k.product, k.place, sum(k.qty) from (
                   select company, product, place, on_hand as qty from stock_balance
                   union all select company, product, to_place, -qty from stock_move
                   union all select company, product, from_place, qty from stock_move
                 ) k group by k.company, k.product, k.place having sum(k.qty) <> 0
                 union all
                 select 'product', b.product, b.place, b.on_hand from stock_balance b join place p on p.id = b.place
                 where p.kind in ('stock', 'warehouse', 'transit') and b.on_hand < 0
                 limit 1",
        counts: "select count(*) from stock_move",
    },
    Law {
        name: "reservations, demand and supply are the sums of the promises, and no more is reserved than there is",
        breaks: "select 'product', k.product, k.place, sum(k.r) from (
                   select company, product, place, reserved as r, demand as d, supply as s from stock_balance
                   union all
                   select company, product, place, case when kind = 'reserved' then -qty else 0 end,
                          case when kind = 'demand' then -qty else 0 end, case when kind = 'supply' then -qty else 0 end from promise
                 ) k group by k.company, k.product, k.place having sum(k.r) <> 0 or sum(k.d) <> 0 or sum(k.s) <> 0
                 union all
                 select 'product', b.product, b.place, b.reserved from stock_balance b
                 where b.reserved < 0 or (b.reserved > 0 and b.reserved > b.on_hand)
                 limit 1",
        counts: "select count(*) from promise",
    },
    Law {
        name: "no more is reserved than is there on any day to come",
        breaks: "with coming as (
                   select company, product, to_place as place, moved_on, qty from stock_move where moved_on > '{day}'
                   union all
                   select company, product, from_place, moved_on, -qty from stock_move where moved_on > '{day}'
                 ), days as (
                   select company, product, place, '{day}' as day from coming
                   union select company, product, place, moved_on from coming
                 )
                 select 'product', b.product, b.place, b.reserved
                 from days d
                 join stock_balance b on b.company = d.company and b.product = d.product and b.place = d.place
                 join place p on p.id = b.place
                 join coming c on c.company = d.company and c.product = d.product and c.place = d.place and c.moved_on > d.day
                 where p.kind in ('stock', 'warehouse', 'transit')
                 group by b.company, b.product, b.place, b.on_hand, b.reserved, d.day
                 having b.on_hand - sum(c.qty) < b.reserved
                 limit 1",
        counts: "select count(*) from stock_balance where reserved > 0",
    },
    Law {
        name: "the value of a product is the sum of its value rows, and of its layers",
        breaks: "select 'product', k.product, k.company, sum(k.value) from (
                   select company, product, qty, value from product_value
                   union all select company, product, -qty, -value from stock_value
                 ) k group by k.company, k.product having sum(k.value) <> 0 or sum(k.qty) <> 0
                 union all
                 select 'product', k.product, k.company, sum(k.value) from (
                   select company, product, qty, value from product_value
                   union all select company, product, -qty, -value from stock_layer
                 ) k group by k.company, k.product having sum(k.value) <> 0 or sum(k.qty) <> 0
                 limit 1",
        counts: "select count(*) from stock_value",
    },
    Law {
        name: "stock value equals the stock accounts",
        breaks: "select 'company', k.company, 0, sum(k.amount) from (
                   select company, value as amount from product_value
                   union all
                   select e.company, -l.amount from entry_line l join entry e on e.id = l.entry
                   where (e.journal = 'stock' or e.doc_entity = 'journal_entry') and l.account in (select stock_account from stock_flow)
                 ) k group by k.company having sum(k.amount) <> 0 order by 2 limit 1",
        counts: "select count(*) from product_value",
    },
    Law {
        name: "each stock account holds the value of its goods, and of no goods less than nothing",
        breaks: "select 'account', k.account, k.company, sum(k.amount) from (
                   select company, stock_account as account, value as amount from stock_flow where annulled = 0
                   union all
                   select e.company, l.account, -l.amount from entry_line l join entry e on e.id = l.entry
                   where (e.journal = 'stock' or e.doc_entity = 'journal_entry') and l.account in (select stock_account from stock_flow)
                 ) k group by k.company, k.account having sum(k.amount) <> 0
                 union all
                 select 'product', f.product, f.stock_account, sum(f.value) from stock_flow f where f.annulled = 0
                 group by f.company, f.product, f.stock_account having sum(f.value) < 0
                 limit 1",
        counts: "select count(*) from stock_flow",
    },
    Law {
        name: "quantity on hand in our places is the quantity that is valued",
        breaks: "select 'product', k.product, k.company, sum(k.qty) from (
                   select company, product, qty from product_value
                   union all
                   select b.company, b.product, -b.on_hand from stock_balance b join place p on p.id = b.place
                   where p.kind in ('stock', 'warehouse', 'transit')
                 ) k group by k.company, k.product having sum(k.qty) <> 0 order by 2 limit 1",
        counts: "select count(*) from product_value",
    },
    Law {
        name: "credit exposure is the sum of the commitments",
        breaks: "select 'party', k.party, k.kind, sum(k.amount) from (
                   select company, party, kind, amount from exposure
                   union all select company, party, kind, -amount from commitment
                 ) k group by k.company, k.party, k.kind having sum(k.amount) <> 0 order by 2 limit 1",
        counts: "select count(*) from commitment",
    },
];

impl Engine {
    /// How many laws [`Engine::verify`] checks.
    pub fn laws(&self) -> usize {
        // Those that are more than one query: progress, documents, moves, chains, numbers.
        LAWS.len() + crate::proof::LAWS.len() + self.registry.laws().count() + 5
    }

    /// Proves the books. `progress` hears of each law as it is begun.
    pub fn verify(&self, progress: &dyn Fn(&str)) -> Result<Verified, Trouble> {
        self.database.write(|conn| Ok(crate::seal::seal_waiting(conn)?))?;
        self.database.read(|conn| {
            let mut verified = Verified::default();
            // A day that has begun wherever a company is.
            let day = self.today().add_days(1).to_string();
            for law in LAWS.iter().chain(crate::proof::LAWS).chain(self.registry.laws()) {
                progress(law.name);
                let count = crate::number(conn, law.counts, &[])?.unwrap_or(0);
                verified.laws.push((law.name, count));
                if let Some(row) = conn.query(&law.breaks.replace("{day}", &day), &[])?.first() {
                    verified.broken.push(Broken { law: law.name, what: self.say(conn, row)? });
                }
            }
            progress("every measure of a line is the sum of its progress");
            self.progress_law(conn, &mut verified)?;
            progress(crate::proof::LAW);
            self.documents_law(conn, &mut verified)?;
            progress("the hash chains are whole");
            chains(self, conn, &mut verified)?;
            progress("no number is missing");
            numbers(conn, &mut verified)?;
            Ok(verified)
        })
    }

    /// The first thing that breaks a law: `invoice INV-2026-00012 (inv_2v9), posted: off by 100 smallest units`.
    pub(crate) fn say(&self, conn: &dyn Conn, row: &meta::Row) -> Result<String, Fault> {
        let name = row.text(0);
        let plain = |value: &Value| match value {
            Value::Null => String::new(),
            Value::Int(number) => number.to_string(),
            Value::Text(text) => text.clone(),
        };
        let id = match self.registry.entity(name) {
            Some(meta) if row.int(1) > 0 => {
                let id = kernel::id_text(meta.prefix, row.int(1));
                let title = meta.title.iter().find(|title| meta.field(title).is_some());
                let title = match title {
                    Some(title) => {
                        let sql = format!("select \"{title}\" from \"{name}\" where id = ?1");
                        conn.query(&sql, &[row.int(1).into()])?.first().map_or(String::new(), |row| plain(&row.0[0]))
                    }
                    None => String::new(),
                };
                if title.is_empty() { id } else { format!("{title} ({id})") }
            }
            _ => plain(&row.0[1]),
        };
        let at = plain(&row.0[2]);
        let at = if at.is_empty() { at } else { format!(", {at}") };
        let off = row.maybe_int(3).filter(|off| *off != 0);
        let off = off.map_or(String::new(), |off| format!(": off by {off} smallest units"));
        Ok(format!("{name} {id}{at}{off}"))
    }

    fn progress_law(&self, conn: &dyn Conn, verified: &mut Verified) -> Result<(), Fault> {
        const LAW: &str = "every measure of a line is the sum of its progress";
        verified.laws.push((LAW, crate::number(conn, "select count(*) from progress", &[])?.unwrap_or(0)));
        let documents = crate::proof::MEASURED.iter().filter_map(|name| self.registry.entity(name));
        let lines = documents.flat_map(|meta| meta.owned_fields_meta().map(move |(_, line)| (meta.name, line)));
        let measures = lines.flat_map(|(entity, line)| {
            let measures = line.fields.iter().filter(move |field| crate::proof::is_measure(entity, field));
            measures.map(move |field| (entity, line, field.name))
        });
        for (entity, line, field) in measures {
            let sql = format!(
                "select ?1, l.parent, l.id, coalesce(l.{field}, 0) - coalesce(p.amount, 0) from {line} l
                 left join (select line, sum(amount) as amount from progress where entity = ?1 and field = ?2 group by line) p
                   on p.line = l.id
                 where coalesce(l.{field}, 0) <> coalesce(p.amount, 0) order by l.id limit 1",
                line = line.name
            );
            if let Some(row) = conn.query(&sql, &[entity.into(), field.into()])?.first() {
                verified.broken.push(Broken { law: LAW, what: self.say(conn, row)? });
            }
        }
        Ok(())
    }
}

/// How many seals are checked at a time.
const SEALS_AT_ONCE: i64 = 500;

/// Of which document a sealed row is: `, invoice INV-2026-00012 (inv_2v9)`.
fn sealed(engine: &Engine, conn: &dyn Conn, id: i64) -> Result<String, Fault> {
    let rows = conn.query(
        "select doc_entity, doc_id, null, null from entry where id = ?1
         union all select doc_entity, doc_id, null, null from tax_entry where id = ?1
         union all select entity, doc, null, null from audit where id = ?1",
        &[id.into()],
    )?;
    rows.first().map_or(Ok(String::new()), |row| Ok(format!(", {}", engine.say(conn, row)?)))
}

fn chains(engine: &Engine, conn: &dyn Conn, verified: &mut Verified) -> Result<(), Fault> {
    const LAW: &str = "the hash chains are whole";
    verified.laws.push((LAW, crate::number(conn, "select count(*) from seal", &[])?.unwrap_or(0)));
    let unsealed = conn.query(
        "select 'entry', e.id, e.doc_entity, 0 from entry e left join seal s on s.row_id = e.id
         where s.row_id is null and not exists (select 1 from unsealed u where u.id = e.id) order by e.id limit 1",
        &[],
    )?;
    if let Some(row) = unsealed.first() {
        verified.broken.push(Broken { law: LAW, what: format!("entry {} has no seal", row.int(1)) });
    }
    for chain in conn.query("select distinct chain from seal order by chain", &[])? {
        let chain = chain.text(0).to_owned();
        let (mut expected, mut previous) = (1, String::new());
        loop {
            let seals = conn.query(
                &format!(
                    "select seq, row_id, previous, hash, version from seal where chain = ?1 and seq >= ?2 order by seq limit {SEALS_AT_ONCE}"
                ),
                &[chain.as_str().into(), expected.into()],
            )?;
            if seals.is_empty() {
                break;
            }
            let ids: Vec<i64> = seals.iter().map(|row| row.int(1)).collect();
            let wide = seals.iter().filter(|row| row.maybe_int(4).is_some()).map(|row| row.int(1)).collect();
            let contents = contents(conn, &ids, &wide)?;
            for seal in &seals {
                let content = contents.get(&seal.int(1)).map_or("", String::as_str);
                let right = seal.int(0) == expected
                    && seal.text(2) == previous
                    && seal.text(3) == next_hash(&previous, content);
                if !right {
                    let of = sealed(engine, conn, seal.int(1))?;
                    let what =
                        format!("{chain}, number {}: row {} was changed, or one is missing{of}", expected, seal.int(1));
                    verified.broken.push(Broken { law: LAW, what });
                    return Ok(());
                }
                previous = seal.text(3).to_owned();
                expected += 1;
            }
        }
    }
    Ok(())
}

fn numbers(conn: &dyn Conn, verified: &mut Verified) -> Result<(), Fault> {
    const LAW: &str = "no number is missing or given twice";
    // The counters of a kind, as invoice:credit_note, count the same records as those of their entity.
    let counters = conn.query("select company, entity, next - coalesce(begins, 1) from number_counter", &[])?;
    verified.laws.push((LAW, counters.len() as i64));
    let mut all = BTreeMap::new();
    for row in &counters {
        let entity = row.text(1).split(':').next().unwrap_or_default();
        *all.entry((row.int(0), entity)).or_insert(0) += row.int(2);
    }
    for ((company, entity), all) in all {
        // Every number given is on a document, unless a draft with one was deleted: that is in the audit.
        let sql =
            format!("select count(*), count(distinct number) from {entity} where company = ?1 and number is not null");
        let found = conn.query(&sql, &[company.into()])?;
        let [given, different] = [0, 1].map(|column| found.first().map_or(0, |row| row.int(column)));
        let deleted = crate::number(
            conn,
            "select count(*) from audit where company = ?1 and entity = ?2 and kind = 'removed'",
            &[company.into(), entity.into()],
        )?;
        let deleted = deleted.unwrap_or(0);
        if given > all || given + deleted < all {
            let what = format!("{entity} of company {company}: {all} numbers given, {given} found");
            verified.broken.push(Broken { law: LAW, what });
        }
        if different < given {
            let what = format!("{entity} of company {company}: {} numbers are on two documents", given - different);
            verified.broken.push(Broken { law: LAW, what });
        }
    }
    Ok(())
}
