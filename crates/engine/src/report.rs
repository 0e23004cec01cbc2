//! Reports: made on a snapshot, for the rows their reader may see, with the names of what they
//! speak of.

use std::collections::{BTreeMap, BTreeSet};

use kernel::{Amount, Currency, Label, Lang, Param, Refusal, id_text};
use meta::json::{Currencies, Writer};
use meta::{Cell, EntityMeta, FieldKind, FieldMeta, Opens, ReportMeta, RowStyle, Table, Trouble, Value};
use serde_json::{Map, Value as Json, json};
use store::Conn;

use crate::answer::ReportTitle;
use crate::check::too_early;
use crate::{Actor, Engine};

impl Engine {
    /// Makes a report from its parameters as they stand in a URL.
    pub fn report(
        &self,
        actor: &Actor,
        name: &str,
        params: &BTreeMap<String, String>,
    ) -> Result<(ReportTitle, Table), Trouble> {
        let report = self
            .registry
            .report(name)
            .ok_or_else(|| crate::not_found(Label::new("There is no such report.", "没有该报表。")))?;
        self.permit_report(actor, report)?;
        let values = self.report_values(actor, report, params)?;
        self.database.read(|conn| {
            let reader = self.narrowed_reader(conn, actor);
            let mut table = (report.run)(&values, &reader)?;
            self.name_cells(conn, &mut table, actor.lang)?;
            Ok((report.label, table))
        })
    }

    fn report_values(
        &self,
        actor: &Actor,
        report: &ReportMeta,
        params: &BTreeMap<String, String>,
    ) -> Result<Vec<Value>, Trouble> {
        let mut problems = Vec::new();
        for name in params.keys() {
            if !report.params.iter().any(|param| param.name == name) {
                problems.push(
                    Refusal::new(
                        "unknown_parameter",
                        Label::new(
                            "This report does not ask for “{name}”. Remove it.",
                            "该报表没有参数“{name}”，请删除。",
                        ),
                    )
                    .with("name", name.chars().take(60).collect::<String>())
                    .field(name.as_str()),
                );
            }
        }
        let mut values = Vec::new();
        for param in report.params {
            let text = params.get(param.name).map_or("", String::as_str);
            let text = match self.referred(actor, param, text.trim()) {
                Ok(text) => text,
                Err(Trouble::Refused(refusal)) => {
                    problems.push(refusal);
                    values.push(Value::Null);
                    continue;
                }
                Err(other) => return Err(other),
            };
            match meta::json::read_value(param, &Json::String(text), actor.currency, &self.registry) {
                Ok(Value::Null) => values.push(match (param.kind, param.default) {
                    (FieldKind::Date, "today") => self.today_of(actor).into(),
                    (FieldKind::Date, "month_start") => self.today_of(actor).start_of_month().into(),
                    (FieldKind::Date, "year_start") => {
                        kernel::Date::new(self.today_of(actor).year(), 1, 1).expect("January 1st exists").into()
                    }
                    (_, "") if param.required => {
                        problems.push(
                            Refusal::new(
                                "missing",
                                Label::new("“{field}” is missing. Fill it in.", "请填写“{field}”。"),
                            )
                            .with("field", Param::Label(param.label))
                            .field(param.name),
                        );
                        Value::Null
                    }
                    (_, "") => Value::Null,
                    (_, default) => Value::from(default),
                }),
                Ok(value) => values.push(value),
                Err(refusal) => problems.push(refusal),
            }
        }
        // A day that nobody chose gives way: the year's beginning does not stop a look at the year before.
        let chosen = |name: &str| match params.get(name).is_some_and(|text| !text.is_empty()) {
            true => report.param(&values, name).clone(),
            false => Value::Null,
        };
        if problems.is_empty() {
            problems.extend(report.params.iter().filter_map(|param| too_early(report.params, param, chosen)));
        }
        if problems.is_empty() { Ok(values) } else { Err(Refusal::merge(problems).into()) }
    }

    /// What a parameter says; of a reference the id, where its code, its number or its name is said. A record
    /// that is not there, or not for them to see, is refused.
    fn referred(&self, actor: &Actor, param: &FieldMeta, text: &str) -> Result<String, Trouble> {
        let FieldKind::Ref(entity) = param.kind else { return Ok(text.to_owned()) };
        let is_id_of_another = self.registry.doc(text).is_some_and(|(meta, _)| meta.name != entity);
        if text.is_empty() || is_id_of_another || !actor.access.may(entity, "see") {
            return Ok(text.to_owned());
        }
        let meta = self.entity(entity)?;
        let found = self.find_ref(actor, entity, text).and_then(|found| {
            let id = kernel::id_parse(meta.prefix, &found).unwrap_or(0);
            self.get(actor, entity, id).map(|_| found)
        });
        found.map_err(|why| match why {
            // Whoever may not see it is told the same.
            Trouble::Refused(_) => no_such(param, meta, text).into(),
            other => other,
        })
    }

    fn name_cells(&self, conn: &dyn Conn, table: &mut Table, lang: Lang) -> Result<(), Trouble> {
        let mut wanted: BTreeMap<&str, BTreeSet<i64>> = BTreeMap::new();
        let kinds: Vec<FieldKind> = table.columns.iter().map(|column| column.kind).collect();
        for row in &mut table.rows {
            for (cell, kind) in row.cells.iter_mut().zip(&kinds) {
                if let (Cell::Value(Value::Int(id)), FieldKind::Ref(entity)) = (&*cell, kind) {
                    *cell = Cell::Ref { entity, id: *id, label: String::new() };
                }
                if let Cell::Ref { entity, id, label } = cell
                    && label.is_empty()
                {
                    wanted.entry(*entity).or_default().insert(*id);
                }
            }
        }
        if wanted.is_empty() {
            return Ok(());
        }
        let labels = store::labels(conn, &self.registry, &wanted, lang)?;
        for row in &mut table.rows {
            for cell in &mut row.cells {
                if let Cell::Ref { entity, id, label } = cell
                    && label.is_empty()
                {
                    *label = labels.get(&((*entity).to_owned(), *id)).cloned().unwrap_or_default();
                }
            }
        }
        Ok(())
    }

    /// A report as JSON, in one language.
    pub fn table_json(&self, actor: &Actor, title: Label, table: &Table) -> Json {
        let lang = actor.lang;
        let none = |_: &str, _: i64| None;
        let writer = Writer {
            registry: &self.registry,
            currencies: Currencies { company: actor.currency, parent: actor.currency },
            labels: &none,
            docs: &|_| None,
            visible: &|_, _| true,
        };
        let columns = table
            .columns
            .iter()
            .map(|column| json!({ "name": column.name, "label": column.label.get(lang), "kind": column.kind.name() }));
        let rows = table.rows.iter().map(|row| {
            let mut cells = Map::new();
            for (column, cell) in table.columns.iter().zip(&row.cells) {
                let value = match cell {
                    Cell::Empty => Json::Null,
                    Cell::Value(value) => writer.value(column.kind, value, actor.currency),
                    Cell::Money(money) => json!(money_text(money.amount, money.currency)),
                    Cell::Label(label) => json!(label.get(lang)),
                    Cell::Ref { entity, id, label } => {
                        let prefix = self.registry.entity(entity).map_or("x", |meta| meta.prefix);
                        let id = if *id > 0 { id_text(prefix, *id) } else { String::new() };
                        json!({ "entity": entity, "id": id, "label": label })
                    }
                };
                cells.insert(column.name.into(), value);
            }
            let style = match row.style {
                RowStyle::Plain => "plain",
                RowStyle::Head => "head",
                RowStyle::Total => "total",
            };
            json!({ "cells": cells, "level": row.level, "style": style, "open": self.opens_json(row.opens.as_ref()) })
        });
        json!({
            "title": title.get(lang),
            "columns": columns.collect::<Vec<_>>(),
            "rows": rows.collect::<Vec<_>>(),
            "notes": table.notes.iter().map(|note| note.get(lang)).collect::<Vec<_>>(),
        })
    }

    pub(crate) fn opens_json(&self, opens: Option<&Opens>) -> Json {
        match opens {
            None => Json::Null,
            Some(Opens::Report(name, params)) => {
                let params: Map<String, Json> = params.iter().map(|(k, v)| ((*k).to_owned(), json!(v))).collect();
                json!({ "report": name, "params": params })
            }
            Some(Opens::Record(entity, id)) => match self.registry.entity(entity) {
                Some(meta) if *id > 0 => json!({ "entity": entity, "id": id_text(meta.prefix, *id) }),
                _ => Json::Null,
            },
            Some(Opens::List(entity, filter)) => {
                json!({ "entity": entity, "filter": serde_json::from_str::<Json>(filter).unwrap_or(Json::Null) })
            }
        }
    }
}

fn no_such(param: &FieldMeta, meta: &EntityMeta, text: &str) -> Refusal {
    Refusal::new(
        "no_such_record",
        Label::new(
            "For “{field}” there is no {what} “{text}”, or there are several. Name one by its code, its number or its id.",
            "“{field}”所指的{what}“{text}”不存在，或有多个。请填写其代码、编号或系统编号。",
        ),
    )
    .with("field", Param::Label(param.label))
    .with("what", Param::Label(meta.label))
    .with("text", text.chars().take(80).collect::<String>())
    .field(param.name)
}

fn money_text(amount: Amount, currency: Currency) -> String {
    format!("{} {}", amount.text(currency), currency.code())
}
