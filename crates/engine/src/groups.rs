//! Groups of a list as the API tells them. Money of several currencies is never one sum.

use std::collections::{BTreeMap, BTreeSet};

use kernel::Currency;
use meta::json::{Currencies, Writer};
use meta::{Aggregate, EntityMeta, FieldKind, FieldMeta, Group, ListQuery, Registry, Trouble, Value};
use serde_json::{Map, Value as Json, json};
use store::{Conn, GroupRow, Scope};

use crate::{Actor, Engine};

/// The groups of one list, told apart by a currency as well: what each has in every currency.
type Apart = BTreeMap<Vec<Value>, Vec<(Option<Currency>, Vec<Value>)>>;

/// How the figure of an aggregate is money.
enum Money {
    /// It is none, or of the company's own currency.
    Own,
    /// Of the currency that stands at this place of each group's key.
    Keyed(usize),
    /// Of whatever currency stands in the field of this path.
    Of(String),
}

impl Engine {
    /// The groups of a list. A figure over money whose currency is the record's own is told where the whole
    /// group has one currency; where it has several it is empty, and `by_currency` has it for each.
    pub(crate) fn groups(
        &self,
        conn: &dyn Conn,
        actor: &Actor,
        meta: &'static EntityMeta,
        query: &ListQuery,
        rules: &meta::Filter,
        scope: &Scope,
    ) -> Result<Json, Trouble> {
        let groups = store::groups(conn, &self.registry, meta, query, rules, scope)?;
        let moneys: Vec<Money> =
            query.aggregates.iter().map(|one| money(&self.registry, meta, one, &query.group)).collect();
        let paths: BTreeSet<&str> = moneys.iter().filter_map(Money::path).collect();
        let mut apart: BTreeMap<&str, Apart> = BTreeMap::new();
        for path in paths {
            let figures = query.aggregates.iter().zip(&moneys).filter(|(_, money)| money.path() == Some(path));
            let mut more = ListQuery { aggregates: figures.map(|(one, _)| one.clone()).collect(), ..query.clone() };
            more.group.push(Group { field: path.to_owned(), part: None });
            let rows = store::groups(conn, &self.registry, meta, &more, rules, scope)?;
            apart.insert(path, by_currency(rows, query.group.len()));
        }
        let mut wanted: BTreeMap<&str, BTreeSet<i64>> = BTreeMap::new();
        for group in &groups {
            for (kind, value) in group.kinds.iter().zip(&group.key) {
                if let (FieldKind::Ref(entity), Value::Int(id)) = (kind, value) {
                    wanted.entry(entity).or_default().insert(*id);
                }
            }
        }
        let labels = store::labels(conn, &self.registry, &wanted, actor.lang)?;
        let names = |entity: &str, id: i64| labels.get(&(entity.to_owned(), id)).cloned();
        let writer = Writer {
            registry: &self.registry,
            currencies: Currencies { company: actor.currency, parent: actor.currency },
            labels: &names,
            docs: &|_| None,
            visible: &|_, _| true,
        };
        let told = groups.iter().map(|group| {
            let key =
                group.kinds.iter().zip(&group.key).map(|(kind, value)| writer.value(*kind, value, actor.currency));
            let mut one = json!({ "key": key.collect::<Vec<_>>(), "count": group.count });
            let mut currencies: BTreeMap<String, Json> = BTreeMap::new();
            for (at, (aggregate, money)) in query.aggregates.iter().zip(&moneys).enumerate() {
                let (Some(kind), Some(value)) = (group.value_kinds.get(at), group.values.get(at)) else { break };
                let told = match money {
                    Money::Own => writer.value(*kind, value, actor.currency),
                    Money::Keyed(place) => {
                        writer.value(*kind, value, currency(group.key.get(*place)).unwrap_or(actor.currency))
                    }
                    Money::Of(path) => {
                        let parts = apart.get(path.as_str()).and_then(|apart| apart.get(&group.key));
                        let parts = parts.map_or(&[][..], Vec::as_slice);
                        // Its place among the figures that were asked for once more.
                        let place = moneys[..at].iter().filter(|other| other.path() == Some(path)).count();
                        for (of, values) in parts {
                            let of = of.unwrap_or(actor.currency);
                            let value = values.get(place).unwrap_or(&Value::Null);
                            let into = currencies
                                .entry(of.code().to_owned())
                                .or_insert_with(|| json!({ "currency": of.code() }));
                            into[aggregate.name()][aggregate.field()] = writer.value(*kind, value, of);
                        }
                        match parts {
                            [] => writer.value(*kind, value, actor.currency),
                            [(of, _)] => writer.value(*kind, value, of.unwrap_or(actor.currency)),
                            _ => Json::Null,
                        }
                    }
                };
                let figures = one.as_object_mut().expect("just made").entry(aggregate.name());
                let figures = figures.or_insert_with(|| Json::Object(Map::new()));
                figures[aggregate.field()] = told;
            }
            if !apart.is_empty() {
                one["by_currency"] = currencies.into_values().collect();
            }
            one
        });
        Ok(json!({ "groups": told.collect::<Vec<_>>() }))
    }
}

impl Money {
    fn path(&self) -> Option<&str> {
        match self {
            Money::Of(path) => Some(path),
            Money::Own | Money::Keyed(_) => None,
        }
    }
}

/// The currency a value names; none where it is empty.
fn currency(value: Option<&Value>) -> Option<Currency> {
    value.and_then(Value::text).and_then(Currency::parse)
}

/// Rows whose key ends with their currency, brought together by the rest of it.
fn by_currency(rows: Vec<GroupRow>, keys: usize) -> Apart {
    let mut apart = Apart::new();
    for mut row in rows {
        let of = currency(row.key.get(keys));
        row.key.truncate(keys);
        apart.entry(row.key).or_default().push((of, row.values));
    }
    apart
}

/// Whether a figure is of money, and where its currency stands.
fn money(registry: &Registry, meta: &'static EntityMeta, aggregate: &Aggregate, keys: &[Group]) -> Money {
    let is_value = matches!(aggregate, Aggregate::Sum(_) | Aggregate::Min(_) | Aggregate::Max(_));
    let path = aggregate.field();
    let before = path.rsplit_once('.').map_or("", |(before, _)| before);
    let Some(field) =
        field_at(registry, meta, path).filter(|field| is_value && matches!(field.kind, FieldKind::Amount))
    else {
        return Money::Own;
    };
    if matches!(field.currency, "" | "company.currency") {
        return Money::Own;
    }
    let of = if before.is_empty() { field.currency.to_owned() } else { format!("{before}.{}", field.currency) };
    let is_known = field_at(registry, meta, &of).is_some_and(|field| matches!(field.kind, FieldKind::Currency));
    match keys.iter().position(|key| key.field == of) {
        Some(place) => Money::Keyed(place),
        None if is_known => Money::Of(of),
        None => Money::Own,
    }
}

/// The field at the end of a path, which follows refs and, of a line, what it belongs to.
fn field_at(registry: &Registry, meta: &'static EntityMeta, path: &str) -> Option<&'static FieldMeta> {
    let Some((first, rest)) = path.split_once('.') else { return meta.field(path) };
    let entity = match (meta.field(first).map(|field| field.kind), meta.parent) {
        (Some(FieldKind::Ref(entity)), _) => entity,
        (None, Some((owner, _))) if first == "parent" => owner,
        _ => return None,
    };
    field_at(registry, registry.entity(entity)?, rest)
}
