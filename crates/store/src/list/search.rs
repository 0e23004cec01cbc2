//! Words typed above a list.

use kernel::Refusal;
use meta::{EntityKind, FieldKind, Op};

use super::build::Builder;
use crate::search;

impl Builder<'_> {
    /// Rows found by words: themselves, or by what their refs marked for search are called.
    pub fn words(&mut self, text: &str) -> Result<String, Refusal> {
        let mut ways = Vec::new();
        let meta = self.meta;
        let is_indexed = !matches!(meta.kind, EntityKind::Ledger | EntityKind::Owned)
            && meta.fields.iter().any(|field| field.search);
        if is_indexed {
            ways.extend(search::condition(self.dialect, "t0.id", meta.name, text, &mut self.args));
        }
        for field in meta.fields {
            let is_wanted = field.search || meta.title.contains(&field.name);
            match field.kind {
                FieldKind::Ref(entity) if field.search => {
                    let column = format!("t0.{}", crate::conn::quoted(field.name));
                    ways.extend(search::condition(self.dialect, &column, entity, text, &mut self.args));
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
