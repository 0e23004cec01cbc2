//! The home page: the figures a person is judged by. What they are, the app says.

use kernel::{Date, Label};
use meta::{FieldKind, Opens, Reader, Trouble, Value};
use serde_json::{Value as Json, json};

use crate::{Actor, Engine};

/// A figure of the day.
#[derive(Clone, Debug)]
pub struct Figure {
    /// Its name.
    pub name: &'static str,
    /// What it is called.
    pub label: Label,
    /// What it holds.
    pub kind: FieldKind,
    /// What it is now.
    pub value: Value,
    /// Which days it speaks of.
    pub period: Label,
    /// When it is compared with, and what it was then.
    pub before: Option<(Label, Value)>,
    /// Where it leads.
    pub opens: Option<Opens>,
    /// The entity or report one must be allowed to see.
    pub needs: &'static str,
    /// Codes of the roles whose people are judged by it: it stands first for them.
    pub first_for: &'static [&'static str],
}

/// A picture of some figures.
#[derive(Clone, Debug)]
pub struct Chart {
    /// Its name.
    pub name: &'static str,
    /// What it is called.
    pub label: Label,
    /// `bar`, `line` or `pie`.
    pub kind: &'static str,
    /// What stands along the axis.
    pub categories: Vec<String>,
    /// Named rows of values of one kind.
    pub series: Vec<(Label, FieldKind, Vec<Value>)>,
    /// Where it leads.
    pub opens: Option<Opens>,
    /// The entity or report one must be allowed to see.
    pub needs: &'static str,
}

/// What the home page shows.
#[derive(Clone, Debug, Default)]
pub struct Home {
    /// Figures, in order.
    pub figures: Vec<Figure>,
    /// Pictures, in order.
    pub charts: Vec<Chart>,
}

/// Days that are not as the week says.
#[derive(Clone, Debug)]
pub struct Special {
    /// The first of them.
    pub first: Date,
    /// The last.
    pub last: Date,
    /// Worked, not off.
    pub is_worked: bool,
    /// What they are called.
    pub name: String,
    /// In Chinese.
    pub name_zh: String,
}

/// Which days the company works.
#[derive(Clone, Debug)]
pub struct Worked {
    /// What the calendar is called, if there is one.
    pub calendar: Option<String>,
    /// Which days of the week are worked, Monday first.
    pub week: [bool; 7],
    /// Other days, in order.
    pub special: Vec<Special>,
}

/// What the app says of the day: the engine knows no particular module.
#[derive(Clone, Copy)]
pub struct Pages {
    /// Makes the home page of a person.
    pub home: fn(&dyn Reader) -> Result<Home, Trouble>,
    /// Says which days are worked.
    pub worked: fn(&dyn Reader) -> Result<Worked, Trouble>,
}

impl Engine {
    /// The home page, as far as an actor may see it.
    pub fn home(&self, actor: &Actor) -> Result<Json, Trouble> {
        let Some(pages) = self.pages else { return Ok(json!({ "figures": [], "charts": [] })) };
        let home = self.database.read(|conn| (pages.home)(&self.narrowed_reader(conn, actor)))?;
        let none = |_: &str, _: i64| None;
        let writer = meta::json::Writer {
            registry: &self.registry,
            currencies: meta::json::Currencies { company: actor.currency, parent: actor.currency },
            labels: &none,
            docs: &|_| None,
            visible: &|_, _| true,
        };
        let label = |text: Label| json!({ "en": text.en, "zh": text.zh });
        let mut figures: Vec<&Figure> =
            home.figures.iter().filter(|figure| actor.access.may(figure.needs, "see")).collect();
        // The order stays but for what one's own roles are judged by.
        figures.sort_by_key(|figure| !actor.roles.iter().any(|role| figure.first_for.contains(&role.as_str())));
        let figures = figures.into_iter().map(|figure| {
            json!({
                "name": figure.name, "label": label(figure.label), "kind": figure.kind.name(),
                "value": writer.value(figure.kind, &figure.value, actor.currency),
                "period": label(figure.period),
                "before": figure.before.as_ref().map(|(_, before)| writer.value(figure.kind, before, actor.currency)),
                "before_period": figure.before.as_ref().map(|(then, _)| label(*then)),
                "open": self.opens_json(figure.opens.as_ref()),
            })
        });
        let charts = home.charts.iter().filter(|chart| actor.access.may(chart.needs, "see")).map(|chart| {
            let series = chart.series.iter().map(|(text, kind, values)| {
                let values = values.iter().map(|value| writer.value(*kind, value, actor.currency));
                json!({ "label": label(*text), "kind": kind.name(), "values": values.collect::<Vec<_>>() })
            });
            json!({
                "name": chart.name, "label": label(chart.label), "kind": chart.kind,
                "categories": chart.categories, "series": series.collect::<Vec<_>>(),
                "open": self.opens_json(chart.opens.as_ref()),
            })
        });
        Ok(json!({ "figures": figures.collect::<Vec<_>>(), "charts": charts.collect::<Vec<_>>() }))
    }

    /// Which days the company of an actor works. No secret: everybody who signs in is told.
    pub fn worked(&self, actor: &Actor) -> Result<Json, Trouble> {
        let monday_to_friday =
            Worked { calendar: None, week: [true, true, true, true, true, false, false], special: Vec::new() };
        let worked = match self.pages {
            Some(pages) => self.database.read(|conn| (pages.worked)(&self.narrowed_reader(conn, actor)))?,
            None => monday_to_friday,
        };
        let days = worked.special.iter().map(|one| {
            let name_zh = if one.name_zh.is_empty() { &one.name } else { &one.name_zh };
            json!({
                "first_on": one.first.to_string(), "last_on": one.last.to_string(),
                "kind": if one.is_worked { "work" } else { "rest" }, "label": { "en": one.name, "zh": name_zh },
            })
        });
        Ok(json!({ "calendar": worked.calendar, "week": worked.week, "days": days.collect::<Vec<_>>() }))
    }
}
