//! The home page: the figures a person is judged by. What they are, the app says.

use kernel::Label;
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
    /// What it was a period ago.
    pub before: Option<Value>,
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

/// Makes the home page of a person.
pub type HomePage = fn(&dyn Reader) -> Result<Home, Trouble>;

impl Engine {
    /// The home page, as far as an actor may see it.
    pub fn home(&self, actor: &Actor) -> Result<Json, Trouble> {
        let Some(page) = self.home_page else { return Ok(json!({ "figures": [], "charts": [] })) };
        let home = self.database.read(|conn| page(&self.narrowed_reader(conn, actor)))?;
        let none = |_: &str, _: i64| None;
        let writer = meta::json::Writer {
            registry: &self.registry,
            currencies: meta::json::Currencies { company: actor.currency, parent: actor.currency },
            labels: &none,
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
                "before": figure.before.as_ref().map(|before| writer.value(figure.kind, before, actor.currency)),
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
}
