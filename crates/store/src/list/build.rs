//! A query under construction: its joins, its conditions, its values.

use kernel::Refusal;
use meta::{EntityMeta, FieldKind, Filter, ListQuery, Registry, Trouble, Value};

use super::{Key, Scope};
use crate::Dialect;
use crate::search::Closeness;

/// A query under construction.
pub(super) struct Builder<'a> {
    pub dialect: Dialect,
    pub registry: &'a Registry,
    pub meta: &'static EntityMeta,
    pub scope: &'a Scope<'a>,
    /// Paths that were joined, with the SQL; the first is `t1`.
    pub joined: Vec<(String, String)>,
    /// Values of `?1`, `?2` ….
    pub args: Vec<Value>,
    pub(super) conditions: Vec<String>,
    /// How closely words are looked for.
    pub(super) closeness: Closeness,
}

impl<'a> Builder<'a> {
    pub fn new(dialect: Dialect, registry: &'a Registry, meta: &'static EntityMeta, scope: &'a Scope<'a>) -> Self {
        Builder {
            dialect,
            registry,
            meta,
            scope,
            joined: Vec::new(),
            args: Vec::new(),
            conditions: Vec::new(),
            closeness: Closeness::Exact,
        }
    }

    /// Binds a value and gives its place.
    pub fn bind(&mut self, value: Value) -> String {
        self.args.push(value);
        format!("?{}", self.args.len())
    }

    /// Binds values and gives their places, separated by commas.
    pub fn bind_all(&mut self, values: impl IntoIterator<Item = Value>) -> String {
        let places: Vec<String> = values.into_iter().map(|value| self.bind(value)).collect();
        places.join(", ")
    }

    pub fn joins(&self) -> String {
        self.joined.iter().map(|(_, sql)| sql.as_str()).collect()
    }

    pub fn condition(&self) -> String {
        match self.conditions.is_empty() {
            true => "1 = 1".to_owned(),
            false => self.conditions.join("\n  and "),
        }
    }

    /// Which rows: of the user's companies, by the rules, by the filter, by words.
    pub fn add_conditions(&mut self, query: &ListQuery, rules: &Filter) -> Result<(), Trouble> {
        self.add_company()?;
        self.add_about()?;
        if !is_everything(rules) {
            let rules = self.filter(rules, true)?;
            self.conditions.push(rules);
        }
        if !is_everything(&query.filter) {
            let filter = self.filter(&query.filter, false)?;
            self.conditions.push(filter);
        }
        let can_be_archived = self.meta.field("active").is_some_and(|field| matches!(field.kind, FieldKind::Bool));
        if can_be_archived && !mentions(&query.filter, "active") {
            self.conditions.push("t0.\"active\" = 1".to_owned());
        }
        if !query.search.trim().is_empty() {
            let words = self.words(&query.search)?;
            self.conditions.push(words);
        }
        Ok(())
    }

    /// Records of the scope's companies; for lines, of their owner's. A record without a
    /// company, where the entity allows that, is everybody's.
    fn add_company(&mut self) -> Result<(), Refusal> {
        let (mut meta, mut path) = (self.meta, String::new());
        while !meta.has_company() {
            let owner = meta.parent.and_then(|(owner, _)| self.registry.entity(owner));
            let Some(owner) = owner.filter(|_| path.len() < 20) else { return Ok(()) };
            path += "parent.";
            meta = owner;
        }
        let found = self.trusted(&format!("{path}company"))?;
        let ids: Vec<Value> = self.scope.companies.iter().map(|id| Value::Int(*id)).collect();
        let places = self.bind_all(ids);
        let column = &found.column;
        let condition = match self.scope.companies.len() {
            0 => "1 = 0".to_owned(),
            1 => format!("{column} = {places}"),
            _ => format!("{column} in ({places})"),
        };
        self.conditions.push(match found.field.required {
            true => condition,
            false => format!("({condition} or {column} is null)"),
        });
        Ok(())
    }

    /// Only rows after the one the last page ended with.
    pub fn after(&mut self, keys: &[Key], values: Vec<Value>) {
        // Said again by the condition below; but from this one an index can start.
        if let (Some(key), Some(value)) = (keys.first(), values.first())
            && key.found.is_full
            && !value.is_null()
            && keys.len() > 1
        {
            let place = self.bind(value.clone());
            let sign = if key.descending { "<=" } else { ">=" };
            self.conditions.push(format!("{} {sign} {place}", key.found.column));
        }
        let condition = self.after_keys(keys, &values);
        self.conditions.push(condition);
    }

    /// Empty values are the smallest, in both databases and both directions.
    fn after_keys(&mut self, keys: &[Key], values: &[Value]) -> String {
        let ([key, keys @ ..], [value, values @ ..]) = (keys, values) else { return "1 = 0".to_owned() };
        let column = &key.found.column;
        let (beyond, same) = match (value, key.descending) {
            (Value::Null, false) => (format!("{column} is not null"), format!("{column} is null")),
            (Value::Null, true) => ("1 = 0".to_owned(), format!("{column} is null")),
            (value, descending) => {
                let place = self.bind(value.clone());
                let same = format!("{column} = {place}");
                match (descending, key.found.is_strict) {
                    (false, _) => (format!("{column} > {place}"), same),
                    (true, true) => (format!("{column} < {place}"), same),
                    (true, false) => (format!("({column} < {place} or {column} is null)"), same),
                }
            }
        };
        if keys.is_empty() {
            return beyond;
        }
        let rest = self.after_keys(keys, values);
        format!("({beyond} or ({same} and {rest}))")
    }
}

/// Whether a filter lets everything through.
pub(super) fn is_everything(filter: &Filter) -> bool {
    matches!(filter, Filter::And(parts) if parts.iter().all(is_everything))
}

fn mentions(filter: &Filter, name: &str) -> bool {
    match filter {
        Filter::And(parts) | Filter::Or(parts) => parts.iter().any(|part| mentions(part, name)),
        Filter::Not(part) => mentions(part, name),
        Filter::Is { field, .. } => field == name,
    }
}
