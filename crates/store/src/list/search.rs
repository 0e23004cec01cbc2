//! Words typed above a list.

use kernel::Refusal;
use meta::{EntityKind, EntityMeta, Fault, FieldKind, ListQuery, Op, Registry};

use super::build::Builder;
use super::filter::is_text;
use crate::{Conn, search};

/// How many words are looked for again in the fields that are shown.
const WORDS_MAX: usize = 12;

/// Whether records of an entity are in the index themselves.
fn is_indexed(meta: &EntityMeta) -> bool {
    !matches!(meta.kind, EntityKind::Ledger | EntityKind::Owned) && meta.fields.iter().any(|field| field.search)
}

/// Whether words that found nothing are looked for nearly: they may be mistyped, for no record of
/// the kind has them, nor anything it is found by. What a filter left out was not.
pub(super) fn is_mistyped(
    conn: &dyn Conn,
    registry: &Registry,
    meta: &'static EntityMeta,
    query: &ListQuery,
    companies: &[i64],
) -> Result<bool, Fault> {
    if query.exact || query.search.trim().is_empty() || !is_indexed(meta) {
        return Ok(false);
    }
    let refs = meta.fields.iter().filter(|field| field.search).filter_map(|field| match field.kind {
        FieldKind::Ref(entity) => registry.entity(entity).map(|target| target.name),
        _ => None,
    });
    let entities: Vec<&str> = std::iter::once(meta.name).chain(refs).collect();
    Ok(!search::has(conn, companies, &entities, &query.search)?)
}

impl Builder<'_> {
    /// Found by the index. It was made of all fields: who is not shown some of them finds only where
    /// each word stands in one they are shown.
    fn indexed(&mut self, column: &str, path: &str, of: &EntityMeta, text: &str) -> Result<Option<String>, Refusal> {
        let Some(mut found) = search::condition(self.dialect, column, of.name, text, self.closeness, &mut self.args)
        else {
            return Ok(None);
        };
        let visible = self.scope.visible;
        if of.fields.iter().all(|field| !field.search || visible(of, field)) {
            return Ok(Some(found));
        }
        for word in text.split_whitespace().take(WORDS_MAX) {
            let mut shown = Vec::new();
            for field in of.fields.iter().filter(|field| field.search || of.title.contains(&field.name)) {
                if is_text(field.kind) && visible(of, field) {
                    let named = self.trusted(&format!("{path}{}", field.name))?;
                    shown.push(self.like(named, Op::Contains, word)?);
                }
            }
            let shown = if shown.is_empty() { "1 = 0".to_owned() } else { shown.join(" or ") };
            found += &format!(" and ({shown})");
        }
        Ok(Some(format!("({found})")))
    }

    /// Rows found by words: themselves, or by what their refs marked for search are called.
    pub fn words(&mut self, text: &str) -> Result<String, Refusal> {
        let mut ways = Vec::new();
        let meta = self.meta;
        let is_indexed = is_indexed(meta);
        if is_indexed {
            ways.extend(self.indexed("t0.id", "", meta, text)?);
        }
        for field in meta.fields {
            let is_wanted = field.search || meta.title.contains(&field.name);
            match field.kind {
                FieldKind::Ref(entity) if field.search => {
                    let column = format!("t0.{}", crate::conn::quoted(field.name));
                    let Some(target) = self.registry.entity(entity) else { continue };
                    ways.extend(self.indexed(&column, &format!("{}.", field.name), target, text)?);
                }
                // Lines and the books are not in the index: there are too many of them.
                FieldKind::Text | FieldKind::LongText | FieldKind::Barcode if is_wanted && !is_indexed => {
                    let found = self.trusted(field.name)?;
                    let text: String = text.trim().chars().take(200).collect();
                    ways.push(self.like(found, Op::Contains, &text)?);
                }
                _ => {}
            }
        }
        Ok(if ways.is_empty() { "(1 = 0)".to_owned() } else { format!("({})", ways.join(" or ")) })
    }
}
