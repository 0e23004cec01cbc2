//! What records of an earlier version lack: what is kept since, such as amounts in company currency.
//!
//! ```text
//! net_base of an invoice line   its part of what the invoice posted to income; a draft's of what its net is worth
//! amount_base of a payment      its amount at its own rate, as it was posted
//! on_purchases of a tax         whether it, or a tax of the group, stands on an account of input tax
//! ```
//!
//! Done once, in steps: whoever dies goes on with the next start, since only what is empty is filled.

use std::collections::BTreeMap;

use kernel::{Amount, Currency, Rate};
use meta::{Row, Trouble, Value};
use sales::invoice::shared;
use store::{Conn, Database};

/// Names what is filled by now; another word when something is added.
const DONE: &str = "invoice_line.net_base payment.amount_base tax.on_purchases";
/// How many documents are filled in one transaction.
const BATCH: i64 = 500;

const TAXES: &str = "
    update tax set on_purchases = case when exists (
        select 1 from tax t join account a on a.id = t.account
        where a.used_for = 'purchase_tax'
          and (t.id = tax.id or t.id in (select p.tax from tax_part p where p.parent = tax.id))) then 1 else 0 end
    where on_purchases is null";

/// Fills what is empty, unless that was done.
pub fn run(database: &Database) -> Result<(), Trouble> {
    let known = database.read(|conn| Ok(conn.query("select digest from seeds where id = 2", &[])?))?;
    if known.first().is_some_and(|row| row.text(0) == DONE) {
        return Ok(());
    }
    for (table, to, from, currency) in [
        (
            "invoice_line",
            "net_base",
            "net",
            "select 1 from invoice i join company c on c.id = i.company
            where i.id = invoice_line.parent and i.currency = c.currency",
        ),
        (
            "payment",
            "amount_base",
            "amount",
            "select 1 from company c where c.id = payment.company
            and payment.currency = c.currency",
        ),
    ] {
        let sql = format!("update {table} set {to} = {from} where {to} is null and exists ({currency})");
        database.write(move |conn| Ok(conn.execute(&sql, &[])?))?;
    }
    database.write(|conn| Ok(conn.execute(TAXES, &[])?))?;
    for fill in [payments, invoices] {
        let mut after = Some(0);
        while let Some(last) = after {
            after = database.write(move |conn| fill(conn, last))?;
        }
    }
    database.write(|conn| {
        let sql =
            "insert into seeds (id, digest, subjects) values (2, ?1, '') on conflict (id) do update set digest = ?1";
        Ok(conn.execute(sql, &[DONE.into()]).map(|_| ())?)
    })
}

/// Both currencies and the rate of a document, which stand in a row from a column on.
fn base(row: &Row, at: usize) -> impl Fn(Amount) -> Option<Amount> {
    let currencies = (Currency::parse(row.text(at)), Currency::parse(row.text(at + 1)));
    let rate = Rate::new(row.int(at + 2));
    move |amount: Amount| amount.convert(currencies.0?, currencies.1?, rate)
}

/// Fills payments in other currencies behind an id; the last of them, where there may be more.
fn payments(conn: &dyn Conn, after: i64) -> Result<Option<i64>, Trouble> {
    let rows = conn.query(
        "select p.id, p.amount, p.currency, c.currency, p.rate from payment p join company c on c.id = p.company
         where p.id > ?1 and p.amount_base is null order by p.id limit ?2",
        &[after.into(), BATCH.into()],
    )?;
    for row in &rows {
        // What could not be converted could not be posted.
        let amount = base(row, 2)(Amount::new(row.int(1))).unwrap_or(Amount::ZERO);
        conn.execute("update payment set amount_base = ?2 where id = ?1", &[row.int(0).into(), amount.raw().into()])?;
    }
    Ok(rows.last().map(|row| row.int(0)))
}

/// Fills invoices in other currencies behind an id; the last of them, where there may be more.
fn invoices(conn: &dyn Conn, after: i64) -> Result<Option<i64>, Trouble> {
    let rows = conn.query(
        "select i.id, i.kind, i.currency, c.currency, i.rate, coalesce(i.rounding_amount, 0)
         from invoice i join company c on c.id = i.company
         where i.id > ?1 and exists (select 1 from invoice_line l where l.parent = i.id and l.net_base is null)
         order by i.id limit ?2",
        &[after.into(), BATCH.into()],
    )?;
    let Some(last) = rows.last().map(|row| row.int(0)) else { return Ok(None) };
    let range: [Value; 2] = [rows[0].int(0).into(), last.into()];
    let lines = by_document(conn.query(
        "select parent, id, net from invoice_line where parent >= ?1 and parent <= ?2 order by parent, position",
        &range,
    )?);
    // What stands on income accounts, tax and coins: not what is owed, nor what exchange rates made of it.
    let posted = by_document(conn.query(
        "select e.doc_id, l.currency_amount, l.amount, case when a.used_for = 'sales' then 1 else 0 end
         from entry e join invoice i on i.id = e.doc_id join entry_line l on l.entry = e.id
           join account a on a.id = l.account
         where e.doc_entity = 'invoice' and e.journal = 'sales' and e.reverses is null and e.doc_id >= ?1 and e.doc_id <= ?2
           and l.currency = i.currency
           and not exists (select 1 from open_item o where o.entry_line = l.id)
           and not exists (select 1 from clearing c where c.entry_line = l.id)
         order by e.doc_id, l.line_no",
        &range,
    )?);
    let taxes = by_document(conn.query(
        // What was posted first: that of a cancelled one is mirrored later.
        "select t.doc_id, sum(t.tax_amount) from tax_entry t
         where t.doc_entity = 'invoice' and t.doc_id >= ?1 and t.doc_id <= ?2 and not exists (
           select 1 from tax_entry f where f.doc_entity = 'invoice' and f.doc_id = t.doc_id and f.tax = t.tax
             and (f.recorded_at < t.recorded_at or f.recorded_at = t.recorded_at and f.id < t.id))
         group by t.doc_id",
        &range,
    )?);
    for row in &rows {
        let of = |found: &BTreeMap<i64, Vec<Row>>| found.get(&row.int(0)).cloned().unwrap_or_default();
        let sign = if row.text(1) == "credit_note" { -1 } else { 1 };
        let (lines, posted) = (of(&lines), of(&posted));
        let base = base(row, 2);
        let nets: Vec<Amount> = lines.iter().map(|line| Amount::new(line.int(2))).collect();
        let net: Amount = nets.iter().copied().sum();
        let worth = match posted.is_empty() {
            true => base(net).unwrap_or(Amount::ZERO),
            false => {
                let coins = -sign * row.int(5);
                let is_coins = |line: &&Row| coins != 0 && line.int(1) == coins;
                let rounding =
                    posted.iter().filter(is_coins).min_by_key(|line| line.int(3)).map_or(0, |line| line.int(2));
                let all: i64 = posted.iter().map(|line| line.int(2)).sum();
                let tax: i64 = of(&taxes).iter().map(|line| line.int(1)).sum();
                Amount::new(sign * (rounding - all - tax))
            }
        };
        let shares = shared((net, worth), &nets, &base).unwrap_or_else(|| vec![Amount::ZERO; nets.len()]);
        for (line, share) in lines.iter().zip(shares) {
            let args = [line.int(1).into(), share.raw().into()];
            conn.execute("update invoice_line set net_base = ?2 where id = ?1", &args)?;
        }
    }
    Ok(Some(last))
}

/// Rows by the document in their first column.
fn by_document(rows: Vec<Row>) -> BTreeMap<i64, Vec<Row>> {
    let mut found: BTreeMap<i64, Vec<Row>> = BTreeMap::new();
    rows.into_iter().for_each(|row| found.entry(row.int(0)).or_default().push(row));
    found
}
