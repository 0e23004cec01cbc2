//! One thing done to many records, and what takes things back: undo of a job, the bin.

use std::sync::Arc;

use axum::Json as JsonBody;
use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use engine::{Actor, Engine, Mass};
use meta::Filter;
use serde_json::{Map, Value as Json};

use crate::problem::Problem;
use crate::records::{raw, shown};
use crate::request::{Who, object, version};
use crate::{App, jobs};

type Shared = State<Arc<App>>;

fn no_mass() -> Problem {
    Problem::not_understood(
        "Mass work is {\"op\": \"change\", \"delete\" or an action, \"ids\": […] or \"filter\" and \"search\", \"record\": {…}, \"preview\": true or false}.",
        "批量操作的格式是 {\"op\": \"change\"、\"delete\" 或操作名称, \"ids\": […] 或 \"filter\" 与 \"search\", \"record\": {…}, \"preview\": true 或 false}。",
    )
}

/// Whom it is about; all records only when that is said, by a filter of `null`.
fn read(mut body: Map<String, Json>) -> Result<(Mass, bool), Problem> {
    let text = |json: Option<Json>| match json {
        None | Some(Json::Null) => Ok(String::new()),
        Some(Json::String(text)) => Ok(text),
        Some(_) => Err(no_mass()),
    };
    let op = text(body.remove("op"))?;
    let preview = match body.remove("preview") {
        None | Some(Json::Null | Json::Bool(false)) => false,
        Some(Json::Bool(true)) => true,
        Some(_) => return Err(no_mass()),
    };
    let record = match body.remove("record") {
        None | Some(Json::Null) => Map::new(),
        Some(Json::Object(record)) => record,
        Some(_) => return Err(no_mass()),
    };
    let search = text(body.remove("search"))?;
    let near = match body.remove("near") {
        None | Some(Json::Null | Json::Bool(false)) => false,
        Some(Json::Bool(true)) => true,
        Some(_) => return Err(no_mass()),
    };
    let (ids, filter) = match (body.remove("ids"), body.remove("filter")) {
        (Some(Json::Array(ids)), None) if !ids.is_empty() && search.is_empty() => {
            let ids = ids.iter().map(|id| id.as_str().map(str::to_owned)).collect::<Option<Vec<_>>>();
            (ids.ok_or_else(no_mass)?, Json::Null)
        }
        (None, Some(filter)) => (Vec::new(), filter),
        _ => return Err(no_mass()),
    };
    if op.is_empty() || !body.is_empty() {
        return Err(no_mass());
    }
    let filter = if filter.is_null() { String::new() } else { filter.to_string() };
    let filter = Filter::parse_text(&filter).map_err(|_| no_mass())?;
    Ok((Mass { ids, filter, search: search.trim().chars().take(200).collect(), near, op, record }, preview))
}

/// `POST /api/{entity}/mass`
pub(crate) async fn mass(
    State(app): Shared,
    who: Who,
    Path(entity): Path<String>,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Problem> {
    let mut sent = object(&headers, body, &format!("mass {entity}")).await?;
    let (mass, preview) = read(std::mem::take(&mut sent.body))?;
    if preview {
        let look = move |engine: &Arc<Engine>, actor: &Actor| engine.mass_preview(actor, &entity, &mass);
        return app.ask_as(&who.actor, look).await.map(|told| JsonBody(told).into_response());
    }
    let start =
        move |engine: &Arc<Engine>, actor: &Actor| engine.start_mass(actor, &entity, &mass, sent.key().as_ref());
    app.ask_as(&who.actor, start).await.map(jobs::accepted)
}

/// `POST /api/job/{id}/undo`
pub(crate) async fn undo(
    State(app): Shared,
    who: Who,
    Path(id): Path<String>,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Problem> {
    let sent = object(&headers, body, &format!("undo {id}")).await?;
    let write = move |engine: &Arc<Engine>, actor: &Actor| {
        engine.undo_job(actor, raw(engine, "job", &id)?, sent.key().as_ref())
    };
    app.ask_as(&who.actor, write).await.map(jobs::accepted)
}

/// `GET /api/{entity}/bin`
pub(crate) async fn bin(State(app): Shared, who: Who, Path(entity): Path<String>) -> Result<JsonBody<Json>, Problem> {
    app.ask_as(&who.actor, move |engine, actor| engine.bin(actor, &entity)).await.map(JsonBody)
}

/// `POST /api/{entity}/{id}/restore`
pub(crate) async fn restore(
    State(app): Shared,
    who: Who,
    Path((entity, id)): Path<(String, String)>,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Problem> {
    let mut sent = object(&headers, body, &format!("restore {entity} {id}")).await?;
    let version = version(&headers, &mut sent.body)?;
    let write = move |engine: &Arc<Engine>, actor: &Actor| {
        let known = engine.entity(&entity)?.action("restore").is_some();
        let id = raw(engine, &entity, &id)?;
        // What was archived is put to use again by the action of the same name.
        if known && !engine.is_in_bin(&entity, id)? {
            return engine.act(actor, &entity, id, "restore", version, &sent.body, sent.key().as_ref());
        }
        engine.restore(actor, &entity, id, sent.key().as_ref())
    };
    app.ask_as(&who.actor, write).await.map(|record| shown(StatusCode::OK, record))
}
