//! What hangs on records is seen by whoever sees the record: a condition of every query.

use kernel::Refusal;
use meta::EntityMeta;

use super::About;
use super::build::{Builder, is_everything};
use crate::conn::quoted;

/// Whether something can hang on records of an entity.
pub fn can_carry(meta: &EntityMeta) -> bool {
    meta.parent.is_none() && !meta.is_about() && !meta.personal
}

impl Builder<'_> {
    /// Only rows about records that may be seen, and one's own that are about none.
    pub(super) fn add_about(&mut self) -> Result<(), Refusal> {
        let About::Seen(seen) = self.scope.about else { return Ok(()) };
        if !self.meta.is_about() || self.meta.personal {
            return Ok(());
        }
        let (mut whole, mut some) = (Vec::new(), vec![self.of_nothing()]);
        for meta in self.registry.entities().filter(|meta| can_carry(meta)) {
            match seen.rules(meta) {
                None => {}
                Some(rules) if is_everything(&rules) => whole.push(format!("'{}'", meta.name)),
                Some(rules) => {
                    let mut inner = Builder::new(self.dialect, self.registry, meta, self.scope);
                    inner.args = std::mem::take(&mut self.args);
                    let condition = inner.filter(&rules, true)?;
                    let (table, joins) = (quoted(meta.name), inner.joins());
                    self.args = std::mem::take(&mut inner.args);
                    some.push(format!(
                        "(t0.about_entity = '{}' and t0.about_doc in (select t0.id from {table} t0{joins} where {condition}))",
                        meta.name
                    ));
                }
            }
        }
        if !whole.is_empty() {
            some.push(format!("t0.about_entity in ({})", whole.join(", ")));
        }
        self.conditions.push(format!("({})", some.join("\n    or ")));
        Ok(())
    }

    /// Rows about nothing are of whom they name.
    fn of_nothing(&mut self) -> String {
        let user = self.scope.user;
        let named = ["owner", "assigned_to"].into_iter().filter(|name| self.meta.field(name).is_some());
        let named: Vec<&str> = named.collect();
        let whose: Vec<String> =
            named.into_iter().map(|name| format!("t0.{} = {}", quoted(name), self.bind(user.into()))).collect();
        match whose.is_empty() {
            true => "1 = 0".to_owned(),
            false => format!("(t0.about_doc is null and ({}))", whose.join(" or ")),
        }
    }
}
