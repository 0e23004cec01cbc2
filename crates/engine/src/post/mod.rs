//! The books' writer: the only code that inserts into them.

mod entries;
mod goods;
mod locks;
mod promises;
mod undo;

use books::{DocRef, Posting};
use meta::{Record, Trouble, Value};

use crate::facts::{Tx, places};

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
    for entry in &posting.entries {
        locks::check(tx, entry.posted_on(), entry.journal())?;
        entries::insert(tx, doc, entry, None)?;
    }
    promises::commit(tx, doc, &posting.commitments)?;
    promises::promise(tx, doc, &posting.promises)?;
    goods::insert(tx, doc, &posting.moves)?;
    promises::check(tx, posting)?;
    advance(tx, doc, &posting.progress)?;
    taxes(tx, doc, &posting.taxes)?;
    Ok(())
}

fn taxes(tx: &Tx, doc: Doc, taxes: &[books::TaxLine]) -> Result<(), Trouble> {
    if taxes.is_empty() {
        return Ok(());
    }
    let mut args = Vec::new();
    for line in taxes {
        args.extend([
            tx.id()?.into(),
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
    let mut touched: Vec<(&'static str, i64)> = Vec::new();
    for step in progress {
        let meta = tx.engine.entity(step.entity)?;
        let lines = meta.fields.iter().find_map(|field| match field.kind {
            meta::FieldKind::Owned(line) if line().field(step.field).is_some() => Some(line()),
            _ => None,
        });
        let line = lines.ok_or_else(|| meta::Fault::new(format!("no line of {} has {}", step.entity, step.field)))?;
        let parent = tx.query(&format!("select parent from {} where id = ?1", line.name), &[step.line.into()])?;
        let Some(parent) = parent.first().map(|row| row.int(0)) else {
            return Err(meta::Fault::new(format!("{} {} is gone", line.name, step.line)).into());
        };
        tx.push(
            format!("update {0} set {1} = coalesce({1}, 0) + ?1 where id = ?2", line.name, step.field),
            vec![step.by.into(), step.line.into()],
        );
        tx.push(
            "insert into progress (id, doc_entity, doc_id, entity, line, field, amount, recorded_at)
             values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
            vec![
                tx.id()?.into(),
                doc.name.entity.into(),
                doc.name.id.into(),
                step.entity.into(),
                step.line.into(),
                step.field.into(),
                step.by.into(),
                tx.context.now.micros().into(),
            ],
        );
        if !touched.contains(&(meta.name, parent)) {
            touched.push((meta.name, parent));
        }
    }
    for (entity, id) in touched {
        settle(tx, entity, id)?;
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
