//! Money: entries, their lines, open items and kept balances.

use std::collections::BTreeMap;

use books::{Clearing, Entry, EntryLine};
use kernel::{Label, ProblemKind, Refusal};
use meta::{Row, Trouble, Value};

use super::{Doc, dimensions, text_or_null};
use crate::facts::{Tx, maybe, places};

/// Writes an entry. Gives its raw id.
pub(super) fn insert(tx: &Tx, doc: Doc, entry: &Entry, reverses: Option<i64>) -> Result<i64, Trouble> {
    let (id, company, now) = (tx.id()?, tx.context.company, tx.context.now.micros());
    let chain = format!("entry:{company}:{}", entry.journal());
    tx.push(
        "insert into entry (id, company, journal, posted_on, recorded_at, memo, doc_entity, doc_id, reverses, number)
         values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
        vec![
            id.into(),
            company.into(),
            entry.journal().into(),
            entry.posted_on().into(),
            now.into(),
            text_or_null(entry.memo()),
            doc.name.entity.into(),
            doc.name.id.into(),
            reverses.into(),
            text_or_null(doc.number),
        ],
    );
    tx.push("insert into unsealed (id, chain) values (?1, ?2)", vec![id.into(), chain.into()]);
    let mut args = Vec::new();
    let mut line_ids = Vec::new();
    for (line_no, line) in entry.lines().iter().enumerate() {
        let line_id = tx.id()?;
        line_ids.push(line_id);
        args.extend([
            line_id.into(),
            company.into(),
            id.into(),
            Value::Int(line_no as i64 + 1),
            line.account.raw().into(),
            entry.posted_on().into(),
            now.into(),
            line.amount.raw().into(),
            line.currency.code().into(),
            line.currency_amount.raw().into(),
            maybe(line.party),
            maybe(line.product),
            line.due_on.into(),
            text_or_null(&line.memo),
            line.doc_line.into(),
            maybe(line.dimensions.set),
        ]);
    }
    let sql = format!(
        "insert into entry_line (id, company, entry, line_no, account, posted_on, recorded_at, amount, currency,
         currency_amount, party, product, due_on, memo, doc_line, dimensions) values {}",
        places(entry.lines().len(), 16)
    );
    tx.push(sql, args);
    balances(tx, entry);
    dimensions::insert(tx, doc, entry, &line_ids)?;
    for (line, line_id) in entry.lines().iter().zip(line_ids) {
        let row = clear(tx, doc, entry, id, line, line_id)?;
        // A document is mirrored as a whole: what one entry opens, another closes. It is looked at in the end.
        if reverses.is_none() && row.is_some_and(|row| !fits(&row)) {
            return Err(already_settled());
        }
    }
    tx.entries.borrow_mut().push(id);
    Ok(id)
}

/// Raises the kept balances of the day and the month.
fn balances(tx: &Tx, entry: &Entry) {
    let on = entry.posted_on();
    let mut sums: BTreeMap<(i64, &'static str, String, String), [i64; 4]> = BTreeMap::new();
    for line in entry.lines() {
        for (grain, start) in [("d", on.to_string()), ("m", on.start_of_month().to_string())] {
            let key = (line.account.raw(), grain, start, line.currency.code().to_owned());
            let sum = sums.entry(key).or_default();
            // Each amount stands on the side of its own sign; a line may have only one of both.
            let side = usize::from(line.amount.is_negative());
            let other = 2 + usize::from(line.currency_amount.is_negative());
            sum[side] += line.amount.abs().raw();
            sum[other] += line.currency_amount.abs().raw();
        }
    }
    let rows = sums.len();
    let mut args = Vec::new();
    for ((account, grain, start, currency), [debit, credit, currency_debit, currency_credit]) in sums {
        args.extend([
            tx.context.company.into(),
            account.into(),
            currency.into(),
            grain.into(),
            start.into(),
            tx.conn.lane().into(),
            debit.into(),
            credit.into(),
            currency_debit.into(),
            currency_credit.into(),
        ]);
    }
    let sql = format!(
        "insert into balance (company, account, currency, grain, start, slot, debit, credit, currency_debit, currency_credit)
         values {}
         on conflict (company, account, grain, start, currency, slot) do update set
           debit = balance.debit + excluded.debit,
           credit = balance.credit + excluded.credit,
           currency_debit = balance.currency_debit + excluded.currency_debit,
           currency_credit = balance.currency_credit + excluded.currency_credit",
        places(rows, 10)
    );
    tx.push(sql, args);
}

fn clear(
    tx: &Tx,
    doc: Doc,
    entry: &Entry,
    entry_id: i64,
    line: &EntryLine,
    line_id: i64,
) -> Result<Option<Row>, Trouble> {
    let now = tx.context.now.micros();
    match &line.clearing {
        Clearing::None => Ok(None),
        Clearing::Opens => {
            tx.push(
                "insert into open_item (id, company, account, party, entry, entry_line, posted_on, recorded_at, due_on,
                 currency, amount, currency_amount, open_amount, open_currency_amount, doc_entity, doc_id, number)
                 values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?11, ?12, ?13, ?14, ?15)",
                vec![
                    tx.id()?.into(),
                    tx.context.company.into(),
                    line.account.raw().into(),
                    maybe(line.party),
                    entry_id.into(),
                    line_id.into(),
                    entry.posted_on().into(),
                    now.into(),
                    line.due_on.unwrap_or(entry.posted_on()).into(),
                    line.currency.code().into(),
                    line.amount.raw().into(),
                    line.currency_amount.raw().into(),
                    doc.name.entity.into(),
                    doc.name.id.into(),
                    text_or_null(doc.number),
                ],
            );
            Ok(None)
        }
        Clearing::Settles(item) => {
            tx.push(
                "insert into clearing (id, company, item, entry_line, cleared_on, recorded_at, amount, currency_amount)
                 values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
                vec![
                    tx.id()?.into(),
                    tx.context.company.into(),
                    item.raw().into(),
                    line_id.into(),
                    entry.posted_on().into(),
                    now.into(),
                    line.amount.raw().into(),
                    line.currency_amount.raw().into(),
                ],
            );
            let rows = tx.query(
                "update open_item set open_amount = open_amount + ?1, open_currency_amount = open_currency_amount + ?2
                 where id = ?3 and company = ?4 and account = ?5
                 returning currency_amount, open_currency_amount, amount, open_amount",
                &[
                    line.amount.raw().into(),
                    line.currency_amount.raw().into(),
                    item.raw().into(),
                    tx.context.company.into(),
                    line.account.raw().into(),
                ],
            )?;
            match rows.into_iter().next() {
                Some(row) => Ok(Some(row)),
                None => Err(meta::Fault::new(format!("open item {} is gone", item.raw())).into()),
            }
        }
    }
}

/// Whether no more of an item is settled than it was: of its whole and what is open, in its currency and the company's.
fn fits(row: &Row) -> bool {
    let within = |whole: i64, open: i64| open == 0 || (open.signum() == whole.signum() && open.abs() <= whole.abs());
    // What is settled in its own currency is settled: the law is checked in both.
    let is_rest = row.int(1) == 0 && row.int(3) != 0;
    within(row.int(0), row.int(1)) && within(row.int(2), row.int(3)) && !is_rest
}

/// Refuses a mirror that leaves more settled of an item than there was, be it one the document opened or one it settled.
pub(super) fn check_mirrored(tx: &Tx, doc: Doc) -> Result<(), Trouble> {
    let rows = tx.query(
        "select currency_amount, open_currency_amount, amount, open_amount from open_item
         where id in (
           select c.item from entry e join entry_line l on l.entry = e.id join clearing c on c.entry_line = l.id
           where e.doc_entity = ?1 and e.doc_id = ?2)",
        &[doc.name.entity.into(), doc.name.id.into()],
    )?;
    if rows.iter().all(fits) { Ok(()) } else { Err(already_settled()) }
}

fn already_settled() -> Trouble {
    Refusal::new(
        "already_settled",
        Label::new(
            "This was paid or settled meanwhile, by this much or more. Load the page again to see what is still open.",
            "该款项已被支付或核销，剩余金额不足。请刷新页面查看未结金额。",
        ),
    )
    .kind(ProblemKind::Conflict)
    .into()
}
