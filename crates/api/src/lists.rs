//! Lists, reports, search and home: everything that is read by parameters.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::Json as JsonBody;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use engine::Shape;
use kernel::{Label, Refusal};
use meta::{Aggregate, Filter, Group, ListQuery, Part, Sort, Trouble};
use serde_json::Value as Json;

use crate::App;
use crate::files::{self, FileFormat, Sheet};
use crate::problem::Problem;
use crate::request::{Params, Who};

/// The most rows of one page.
const LIMIT_MAX: usize = 1_000;
/// The most fields, sorts or groups of one list.
const NAMES_MAX: usize = 100;
/// The most hits of a search.
const HITS_MAX: usize = 50;

fn wrong(name: &str) -> Refusal {
    // The code tells the rim that the request, not a record, is wrong.
    Refusal::new(
        "filter_not_understood",
        Label::new(
            "The parameter “{name}” is not understood. See /api/docs for what a list can be asked.",
            "无法识别参数“{name}”，可用参数见 /api/docs。",
        ),
    )
    .with("name", name.chars().take(60).collect::<String>())
    .field(name)
}

fn names<'a>(params: &'a Params, name: &str) -> Result<Vec<&'a str>, Refusal> {
    let names: Vec<&str> = params.text(name).split(',').map(str::trim).filter(|text| !text.is_empty()).collect();
    if names.len() <= NAMES_MAX { Ok(names) } else { Err(wrong(name)) }
}

fn group(text: &str) -> Option<Group> {
    let (field, part) = match text.split_once(':') {
        None => (text, None),
        Some((field, "day")) => (field, Some(Part::Day)),
        Some((field, "week")) => (field, Some(Part::Week)),
        Some((field, "month")) => (field, Some(Part::Month)),
        Some((field, "quarter")) => (field, Some(Part::Quarter)),
        Some((field, "year")) => (field, Some(Part::Year)),
        Some(_) => return None,
    };
    Some(Group { field: field.to_owned(), part })
}

const KNOWN: [&str; 17] = [
    "filter", "search", "exact", "sort", "limit", "cursor", "count", "fields", "group", "sum", "min", "max", "filled",
    "unique", "format", "lines", "example",
];

/// What a list is asked, read off the address.
pub(crate) fn query(params: &Params) -> Result<ListQuery, Refusal> {
    if let Some(unknown) = params.0.keys().find(|name| !KNOWN.contains(&name.as_str())) {
        return Err(wrong(unknown));
    }
    if let Some(strange) = ["exact", "count", "lines", "example"].into_iter().find(|name| params.says(name).is_none()) {
        return Err(wrong(strange));
    }
    let says = |name: &str| params.says(name) == Some(true);
    let sort = names(params, "sort")?.into_iter().map(|text| {
        let field = text.trim_start_matches('-');
        Sort { field: field.to_owned(), descending: field.len() < text.len() }
    });
    let limit = match params.text("limit") {
        "" => ListQuery::default().limit,
        text => {
            text.parse::<usize>().ok().filter(|limit| (1..=LIMIT_MAX).contains(limit)).ok_or_else(|| wrong("limit"))?
        }
    };
    let group = names(params, "group")?.into_iter().map(|text| group(text).ok_or_else(|| wrong("group")));
    let mut aggregates: Vec<Aggregate> = Vec::new();
    aggregates.extend(names(params, "sum")?.into_iter().map(|field| Aggregate::Sum(field.to_owned())));
    aggregates.extend(names(params, "min")?.into_iter().map(|field| Aggregate::Min(field.to_owned())));
    aggregates.extend(names(params, "max")?.into_iter().map(|field| Aggregate::Max(field.to_owned())));
    aggregates.extend(names(params, "filled")?.into_iter().map(|field| Aggregate::Filled(field.to_owned())));
    aggregates.extend(names(params, "unique")?.into_iter().map(|field| Aggregate::Unique(field.to_owned())));
    Ok(ListQuery {
        filter: Filter::parse_text(params.text("filter"))?,
        search: params.text("search").trim().chars().take(200).collect(),
        exact: says("exact"),
        sort: sort.collect(),
        limit,
        cursor: Some(params.text("cursor")).filter(|text| !text.is_empty()).map(str::to_owned),
        count: says("count"),
        fields: names(params, "fields")?.into_iter().map(str::to_owned).collect(),
        group: group.collect::<Result<_, _>>()?,
        aggregates,
    })
}

fn format(params: &Params) -> Result<Option<FileFormat>, Refusal> {
    match params.text("format") {
        "" | "json" => Ok(None),
        name => FileFormat::parse(name).map(Some).ok_or_else(|| wrong("format")),
    }
}

/// Which rows and columns the file of a list has.
fn shape(params: &Params) -> Shape {
    let says = |name: &str| params.says(name) == Some(true);
    match (says("example"), says("lines")) {
        (true, _) => Shape::Example,
        (false, true) => Shape::Lines,
        (false, false) => Shape::Records,
    }
}

enum Found {
    Rows(Json),
    File(FileFormat, Vec<u8>),
}

/// `GET /api/{entity}`
pub(crate) async fn list(
    State(app): State<Arc<App>>,
    who: Who,
    Path(entity): Path<String>,
    params: Params,
) -> Result<Response, Problem> {
    let name = entity.clone();
    let found = app
        .ask_as(&who.actor, move |engine, actor| {
            let meta = engine.entity(&entity)?;
            let (asked, format) = (query(&params)?, format(&params)?);
            let Some(format) = format else {
                return Ok(Found::Rows(engine.list(actor, meta.name, &asked)?));
            };
            if asked.group.is_empty() && asked.aggregates.is_empty() {
                // A file has all records there are, unless somebody says how many.
                let most = Some(asked.limit).filter(|_| !params.text("limit").is_empty());
                let bytes = files::of_list(engine, actor, meta, &asked, shape(&params), most, format)?;
                return Ok(Found::File(format, bytes));
            }
            let keys: Vec<String> = names(&params, "group")?.into_iter().map(str::to_owned).collect();
            let groups = engine.list(actor, meta.name, &asked)?;
            let sheet = Sheet::of_groups(meta.plural.get(actor.lang), &keys, &groups["groups"]);
            Ok(Found::File(format, files::made(&sheet, format)?))
        })
        .await?;
    Ok(match found {
        Found::Rows(rows) => JsonBody(rows).into_response(),
        Found::File(format, bytes) => files::answer(&name, format, bytes),
    })
}

/// `GET /api/report/{name}`
pub(crate) async fn report(
    State(app): State<Arc<App>>,
    who: Who,
    Path(name): Path<String>,
    params: Params,
) -> Result<Response, Problem> {
    let saved = name.clone();
    let found = app
        .ask_as(&who.actor, move |engine, actor| {
            let format = format(&params)?;
            let asked: BTreeMap<String, String> = params.0.into_iter().filter(|(name, _)| name != "format").collect();
            let (title, table) = engine.report(actor, &name, &asked)?;
            match format {
                None => Ok(Found::Rows(engine.table_json(actor, title, &table))),
                Some(format) => {
                    let sheet = Sheet::of_table(title.get(actor.lang), &table, actor.currency, actor.lang);
                    Ok(Found::File(format, files::made(&sheet, format)?))
                }
            }
        })
        .await?;
    Ok(match found {
        Found::Rows(rows) => JsonBody(rows).into_response(),
        Found::File(format, bytes) => files::answer(&saved, format, bytes),
    })
}

/// `GET /api/search`
pub(crate) async fn search(State(app): State<Arc<App>>, who: Who, params: Params) -> Result<JsonBody<Json>, Problem> {
    params.only(&["q", "limit"])?;
    let asked = app.ask_as(&who.actor, move |engine, actor| {
        let limit = match params.text("limit") {
            "" => 10,
            text => {
                text.parse::<usize>().ok().filter(|limit| 0 < *limit).ok_or_else(|| Trouble::from(wrong("limit")))?
            }
        };
        let words: String = params.text("q").chars().take(200).collect();
        engine.search(actor, &words, limit.min(HITS_MAX))
    });
    asked.await.map(JsonBody)
}

/// `GET /api/home`
pub(crate) async fn home(State(app): State<Arc<App>>, who: Who) -> Result<JsonBody<Json>, Problem> {
    app.ask_as(&who.actor, |engine, actor| engine.home(actor)).await.map(JsonBody)
}

/// `GET /api/working_days`
pub(crate) async fn working_days(State(app): State<Arc<App>>, who: Who) -> Result<JsonBody<Json>, Problem> {
    app.ask_as(&who.actor, |engine, actor| engine.worked(actor)).await.map(JsonBody)
}

/// `GET /api/meta`
pub(crate) async fn metadata(State(app): State<Arc<App>>, who: Who) -> Result<JsonBody<Json>, Problem> {
    app.ask_as(&who.actor, |engine, actor| Ok(engine.meta_json(actor))).await.map(JsonBody)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn params(pairs: &[(&str, &str)]) -> Params {
        Params(pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect())
    }

    #[test]
    fn a_list_is_asked_by_its_address() {
        let asked = query(&params(&[
            ("filter", r#"["stage","=","draft"]"#),
            ("sort", "-ordered_on, number"),
            ("limit", "5"),
            ("count", "true"),
            ("fields", "number,customer.phone"),
            ("group", "customer,ordered_on:month"),
            ("sum", "total"),
        ]))
        .unwrap();
        assert_eq!(asked.sort[0], Sort { field: "ordered_on".into(), descending: true });
        assert_eq!(asked.sort[1], Sort { field: "number".into(), descending: false });
        assert_eq!((asked.limit, asked.count), (5, true));
        assert_eq!(asked.fields, ["number", "customer.phone"]);
        assert_eq!(asked.group[1], Group { field: "ordered_on".into(), part: Some(Part::Month) });
        assert_eq!(asked.aggregates, [Aggregate::Sum("total".into())]);
    }

    #[test]
    fn nonsense_in_an_address_is_named() {
        for (name, value) in
            [("limit", "0"), ("limit", "many"), ("limit", "1001"), ("group", "a:hour"), ("page", "2"), ("filter", "[")]
        {
            assert!(query(&params(&[(name, value)])).is_err(), "{name}={value}");
        }
        assert!(format(&params(&[("format", "pdf")])).is_err());
        assert_eq!(format(&params(&[("format", "csv")])).unwrap(), Some(FileFormat::Csv));
    }
}
