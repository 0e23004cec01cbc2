//! Facts: what this room reads. Of other rooms: `account`, `company`.

use std::collections::BTreeMap;

use books::AccountId;
use kernel::{Date, Id, Instant};
use meta::{DocId, Entity, Fault, NewDoc, Reader};

use crate::asset_category::AssetCategory;
use crate::asset_move::AssetMove;

/// The accounts of the company by what they are used for.
pub fn accounts(reader: &dyn Reader) -> Result<BTreeMap<String, AccountId>, Fault> {
    let sql = "select used_for, min(id) from account
        where company = ?1 and used_for <> 'none' and is_group = 0 and active = 1 group by used_for";
    let rows = reader.steady_rows(sql, &[reader.context().company.into()])?;
    Ok(rows.iter().map(|row| (row.text(0).to_owned(), Id::new(row.int(1)))).collect())
}

/// Whether something of a category is in the books.
pub fn is_moved(category: Id<AssetCategory>, reader: &dyn Reader) -> Result<bool, Fault> {
    let rows = reader.rows("select 1 from asset_move where category = ?1 limit 1", &[category.raw().into()])?;
    Ok(!rows.is_empty())
}

/// What a document did to assets, taken together: rows it has not mirrored yet.
pub fn moves_of(entity: &str, doc: i64, reader: &dyn Reader) -> Result<Vec<AssetMove>, Fault> {
    let rows = reader.rows(
        "select asset, category, book, kind, asset_account, accumulated_account,
                sum(cost), sum(accumulated), max(moved_on)
         from asset_move where doc_entity = ?1 and doc_id = ?2
         group by asset, category, book, kind, asset_account, accumulated_account
         having sum(cost) <> 0 or sum(accumulated) <> 0
         order by asset, book, kind",
        &[entity.into(), doc.into()],
    )?;
    let row = |row: &meta::Row| -> Result<AssetMove, Fault> {
        Ok(AssetMove {
            id: Id::new(0),
            company: Id::new(reader.context().company),
            asset: Id::new(row.int(0)),
            category: Id::new(row.int(1)),
            book: meta::FieldType::from_value(&row.0[2])?,
            kind: meta::FieldType::from_value(&row.0[3])?,
            moved_on: row.date(8).unwrap_or(Date::MIN),
            recorded_at: reader.context().now,
            cost: kernel::Amount::new(row.int(6)),
            accumulated: kernel::Amount::new(row.int(7)),
            asset_account: Id::new(row.int(4)),
            accumulated_account: Id::new(row.int(5)),
            doc_entity: entity.to_owned(),
            doc_id: DocId(doc),
        })
    };
    rows.iter().map(row).collect()
}

/// The mirror of what a document did to assets, on the day its entries are mirrored: today, or
/// the day of the last of them if that lies ahead.
pub fn mirror(moves: &[AssetMove], today: Date, now: Instant) -> Vec<NewDoc> {
    let last = moves.iter().map(|one| one.moved_on).max().unwrap_or(today);
    let on = last.max(today);
    let opposite = |one: &AssetMove| AssetMove {
        cost: -one.cost,
        accumulated: -one.accumulated,
        moved_on: on,
        recorded_at: now,
        ..one.clone()
    };
    moves.iter().map(|one| NewDoc { record: opposite(one).to_record(), then: None }).collect()
}
