//! The books' writer: the only code that inserts into them.

mod dimensions;
mod entries;
mod goods;
mod locks;
mod named;
mod promises;
mod undo;
mod worth;

use std::collections::{BTreeMap, BTreeSet};

use books::{DocRef, Posting};
use kernel::{Label, Refusal};
use meta::{EntityMeta, Record, Trouble, Value};

use crate::facts::{Tx, places};

pub(crate) use named::{Asked, named};
pub(crate) use undo::undo;

/// A document whose doings are written down.
#[derive(Clone, Copy)]
pub(crate) struct Doc<'a> {
    pub name: DocRef,
    pub number: &'a str,
}

/// Puts a posting into the books, after checking every law it could break.
pub(crate) fn post(tx: &Tx, record: &Record, posting: &Posting) -> Result<(), Trouble> {
    if posting.is_empty() {
        return Ok(());
    }
    let number = record.meta.field("number").map_or("", |_| record.get("number").text().unwrap_or(""));
    let doc = Doc { name: DocRef { entity: record.meta.name, id: record.id }, number };
    near(tx, posting)?;
    for entry in &posting.entries {
        locks::check(tx, entry.posted_on(), entry.journal())?;
        entries::insert(tx, doc, entry, None)?;
    }
    promises::commit(tx, doc, &posting.commitments)?;
    promises::promise(tx, doc, &posting.promises)?;
    goods::insert(tx, doc, &posting.moves)?;
    worth::insert(tx, doc, &posting.revaluations)?;
    promises::check(tx, posting)?;
    advance(tx, doc, &posting.progress)?;
    taxes(tx, doc, &posting.taxes)?;
    Ok(())
}

/// How many days ahead something may be posted: a year is a plan, what lies beyond a slip of the keys.
const AHEAD_MAX: i32 = 366;

/// Refuses days far ahead.
fn near(tx: &Tx, posting: &Posting) -> Result<(), Trouble> {
    let until = tx.context.today.add_days(AHEAD_MAX);
    let days = posting.entries.iter().map(books::Entry::posted_on);
    let days =
        days.chain(posting.moves.iter().map(|one| one.moved_on)).chain(posting.revaluations.iter().map(|one| one.on));
    match days.max().filter(|last| until < *last) {
        None => Ok(()),
        Some(on) => Err(Refusal::new(
            "day_far_ahead",
            Label::new(
                "{on} is more than a year ahead. Correct the day; what is booked lies at most at {until}.",
                "{on} 距今超过一年，请更正日期；记账日期最晚为 {until}。",
            ),
        )
        .with("on", on)
        .with("until", until)
        .into()),
    }
}

fn taxes(tx: &Tx, doc: Doc, taxes: &[books::TaxLine]) -> Result<(), Trouble> {
    if taxes.is_empty() {
        return Ok(());
    }
    let mut args = Vec::new();
    let days: BTreeSet<kernel::Date> = taxes.iter().map(|line| line.posted_on).collect();
    for on in days {
        locks::check(tx, on, locks::TAX)?;
    }
    for line in taxes {
        let id = tx.id()?;
        tx.push(
            "insert into unsealed (id, chain) values (?1, ?2)",
            vec![id.into(), format!("tax:{}", tx.context.company).into()],
        );
        args.extend([
            id.into(),
            tx.context.company.into(),
            line.tax.raw().into(),
            line.posted_on.into(),
            tx.context.now.micros().into(),
            line.base.raw().into(),
            line.tax_amount.raw().into(),
            doc.name.entity.into(),
            doc.name.id.into(),
        ]);
    }
    let sql = format!(
        "insert into tax_entry (id, company, tax, posted_on, recorded_at, base, tax_amount, doc_entity, doc_id) values {}",
        places(taxes.len(), 9)
    );
    tx.push(sql, args);
    Ok(())
}

/// Raises measures on lines of other documents, and lets those documents settle.
fn advance(tx: &Tx, doc: Doc, progress: &[books::Progress]) -> Result<(), Trouble> {
    let mut lines_of: BTreeMap<&'static str, (&'static EntityMeta, BTreeSet<i64>)> = BTreeMap::new();
    let mut args = Vec::new();
    for step in progress {
        let meta = tx.engine.entity(step.entity)?;
        let line = meta.owned_fields_meta().map(|(_, line)| line).find(|line| line.field(step.field).is_some());
        let line = line.ok_or_else(|| meta::Fault::new(format!("no line of {} has {}", step.entity, step.field)))?;
        lines_of.entry(line.name).or_insert_with(|| (meta, BTreeSet::new())).1.insert(step.line);
        tx.push(
            format!("update {0} set {1} = coalesce({1}, 0) + ?1 where id = ?2", line.name, step.field),
            vec![step.by.into(), step.line.into()],
        );
        args.extend([
            tx.id()?.into(),
            doc.name.entity.into(),
            doc.name.id.into(),
            step.entity.into(),
            step.line.into(),
            step.field.into(),
            step.by.into(),
            tx.context.now.micros().into(),
        ]);
    }
    if progress.is_empty() {
        return Ok(());
    }
    let sql = format!(
        "insert into progress (id, doc_entity, doc_id, entity, line, field, amount, recorded_at) values {}",
        places(progress.len(), 8)
    );
    tx.push(sql, args);
    for (line, (meta, ids)) in lines_of {
        let list = ids.iter().map(i64::to_string).collect::<Vec<_>>().join(", ");
        let rows = tx.query(&format!("select id, parent from {line} where id in ({list})"), &[])?;
        if rows.len() != ids.len() {
            return Err(meta::Fault::new(format!("a line of {line} is gone: {list}")).into());
        }
        let parents: BTreeSet<i64> = rows.iter().map(|row| row.int(1)).collect();
        for parent in parents {
            settle(tx, meta.name, parent)?;
        }
    }
    Ok(())
}

/// Recomputes what a document derives from its lines.
fn settle(tx: &Tx, entity: &str, id: i64) -> Result<(), Trouble> {
    let meta = tx.engine.entity(entity)?;
    let Some(old) = tx.load(meta, id)? else { return Ok(()) };
    let mut new = old.clone();
    tx.engine.registry.behaviour(entity).settle(&mut new)?;
    crate::write::store_change(tx, &old, new)?;
    Ok(())
}

/// A text value or nothing.
pub(crate) fn text_or_null(text: &str) -> Value {
    if text.is_empty() { Value::Null } else { Value::from(text) }
}
