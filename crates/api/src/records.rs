//! Records: read, written, acted on; every entity of the registry alike.

use std::sync::Arc;

use axum::Json as JsonBody;
use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use engine::{Actor, Engine};
use kernel::{Label, ProblemKind, Refusal, id_parse};
use meta::{EntityKind, Trouble};
use serde_json::Value as Json;

use crate::problem::{NOT_ALLOWED, Problem};
use crate::request::{NoParams, Params, Who, need_version, object, version};
use crate::{App, jobs};

/// The most rows of one batch.
const BATCH_MAX: usize = 5_000;

type Shared = State<Arc<App>>;

fn not_found() -> Trouble {
    Refusal::new(
        "not_found",
        Label::new("There is no such record, or it is not yours to see.", "没有该记录，或您无权查看。"),
    )
    .kind(ProblemKind::NotFound)
    .into()
}

/// The raw id behind its text; what cannot be an id names no record.
pub(crate) fn raw(engine: &Engine, entity: &str, id: &str) -> Result<i64, Trouble> {
    let meta = engine.entity(entity)?;
    id_parse(meta.prefix, id).ok_or_else(not_found)
}

/// A record as an answer, with its version as a tag.
pub(crate) fn shown(status: StatusCode, record: Json) -> Response {
    let version = record["record"]["version"].as_i64();
    let mut answer = (status, JsonBody(record)).into_response();
    if let Some(tag) = version.and_then(|version| HeaderValue::from_str(&format!("\"{version}\"")).ok()) {
        answer.headers_mut().insert(header::ETAG, tag);
    }
    answer
}

/// `GET /api/{entity}/{id}`
pub(crate) async fn get(
    State(app): Shared,
    who: Who,
    _: NoParams,
    Path((entity, id)): Path<(String, String)>,
) -> Result<Response, Problem> {
    let read = move |engine: &Arc<Engine>, actor: &Actor| engine.get(actor, &entity, raw(engine, &entity, &id)?);
    app.ask_as(&who.actor, read).await.map(|record| shown(StatusCode::OK, record))
}

/// The books are written by the system, and lines with what they belong to: they can only be read here.
fn writable(app: &App, entity: &str) -> Result<(), Problem> {
    match app.engine.registry().entity(entity).map(|meta| meta.kind) {
        Some(EntityKind::Ledger) => Err(Label::new(
            "This is written by the system only; it can be read here.",
            "该对象只能由系统生成，此处仅可读取。",
        )),
        Some(EntityKind::Owned) => Err(Label::new(
            "Lines are written with the record they belong to; they can be read here.",
            "明细随其所属记录一并保存，此处仅可读取。",
        )),
        _ => Ok(()),
    }
    .map_err(|why| Problem::new(&NOT_ALLOWED).because(why).allow("GET, HEAD"))
}

/// `POST /api/{entity}`
pub(crate) async fn create(
    State(app): Shared,
    who: Who,
    _: NoParams,
    Path(entity): Path<String>,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Problem> {
    writable(&app, &entity)?;
    let sent = object(&headers, body, &format!("create {entity}")).await?;
    let write =
        move |engine: &Arc<Engine>, actor: &Actor| engine.create(actor, &entity, &sent.body, sent.key().as_ref());
    app.ask_as(&who.actor, write).await.map(|record| shown(StatusCode::CREATED, record))
}

/// `PATCH /api/{entity}/{id}`
pub(crate) async fn change(
    State(app): Shared,
    who: Who,
    _: NoParams,
    Path((entity, id)): Path<(String, String)>,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Problem> {
    writable(&app, &entity)?;
    let mut sent = object(&headers, body, &format!("change {entity} {id}")).await?;
    let version = need_version(&headers, &mut sent.body)?;
    // A form sends back what it was given; the address already says which record.
    sent.body.remove("id");
    let write = move |engine: &Arc<Engine>, actor: &Actor| {
        let id = raw(engine, &entity, &id)?;
        engine.change(actor, &entity, id, version, &sent.body, sent.key().as_ref())
    };
    app.ask_as(&who.actor, write).await.map(|record| shown(StatusCode::OK, record))
}

/// `DELETE /api/{entity}/{id}`
pub(crate) async fn remove(
    State(app): Shared,
    who: Who,
    _: NoParams,
    Path((entity, id)): Path<(String, String)>,
    headers: HeaderMap,
    body: Body,
) -> Result<StatusCode, Problem> {
    writable(&app, &entity)?;
    let mut sent = object(&headers, body, &format!("remove {entity} {id}")).await?;
    let version = version(&headers, &mut sent.body)?;
    let write = move |engine: &Arc<Engine>, actor: &Actor| {
        let id = raw(engine, &entity, &id)?;
        engine.remove(actor, &entity, id, version, sent.key().as_ref())
    };
    app.ask_as(&who.actor, write).await.map(|_| StatusCode::NO_CONTENT)
}

/// `POST /api/{entity}/{id}/{action}`
pub(crate) async fn act(
    State(app): Shared,
    who: Who,
    _: NoParams,
    Path((entity, id, action)): Path<(String, String, String)>,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Problem> {
    let mut sent = object(&headers, body, &format!("{action} {entity} {id}")).await?;
    let version = version(&headers, &mut sent.body)?;
    let write = move |engine: &Arc<Engine>, actor: &Actor| {
        let known = engine.entity(&entity)?.action(&action).is_some();
        let id = raw(engine, &entity, &id)?;
        if !known {
            return Err(not_found());
        }
        engine.act(actor, &entity, id, &action, version, &sent.body, sent.key().as_ref())
    };
    app.ask_as(&who.actor, write).await.map(|record| shown(StatusCode::OK, record))
}

/// `POST /api/{entity}/{id}/{action}/rehearse`
pub(crate) async fn rehearse(
    State(app): Shared,
    who: Who,
    _: NoParams,
    Path((entity, id, action)): Path<(String, String, String)>,
    headers: HeaderMap,
    body: Body,
) -> Result<JsonBody<Json>, Problem> {
    let mut sent = object(&headers, body, "rehearse").await?;
    sent.body.remove("version");
    let read = move |engine: &Arc<Engine>, actor: &Actor| {
        let known = engine.entity(&entity)?.action(&action).is_some();
        let id = raw(engine, &entity, &id)?;
        if !known {
            return Err(not_found());
        }
        engine.would_post(actor, &entity, id, &action, &sent.body)
    };
    app.ask_as(&who.actor, read).await.map(JsonBody)
}

/// `POST /api/{entity}/preview`
pub(crate) async fn preview(
    State(app): Shared,
    who: Who,
    _: NoParams,
    Path(entity): Path<String>,
    headers: HeaderMap,
    body: Body,
) -> Result<JsonBody<Json>, Problem> {
    let mut sent = object(&headers, body, "preview").await?;
    sent.body.remove("version");
    let read = move |engine: &Arc<Engine>, actor: &Actor| engine.preview(actor, &entity, &sent.body);
    app.ask_as(&who.actor, read).await.map(JsonBody)
}

/// `GET /api/{entity}/new?from=sales_order:so_2`
pub(crate) async fn blank(
    State(app): Shared,
    who: Who,
    Path(entity): Path<String>,
    params: Params,
) -> Result<JsonBody<Json>, Problem> {
    params.only(&["from"])?;
    let read = move |engine: &Arc<Engine>, actor: &Actor| match params.text("from") {
        "" => engine.new_from(actor, &entity, None),
        from => {
            let (source, id) = from.split_once(':').ok_or_else(not_found)?;
            let id = raw(engine, source, id)?;
            engine.new_from(actor, &entity, Some((source, id)))
        }
    };
    app.ask_as(&who.actor, read).await.map(JsonBody)
}

/// `POST /api/{entity}/batch`
pub(crate) async fn batch(
    State(app): Shared,
    who: Who,
    Path(entity): Path<String>,
    params: Params,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Problem> {
    params.only(&["as"])?;
    let as_job = jobs::wanted(&params)?;
    let mut sent = object(&headers, body, &format!("batch {entity}")).await?;
    let atomic = match sent.body.remove("atomic") {
        // Long work is never all or nothing.
        None | Some(Json::Null) => !as_job,
        Some(Json::Bool(atomic)) if !(atomic && as_job) => atomic,
        Some(_) => return Err(no_batch()),
    };
    let rows = sent.body.remove("rows").filter(Json::is_array).ok_or_else(no_batch)?;
    if !sent.body.is_empty() {
        return Err(no_batch());
    }
    if as_job {
        let start = move |engine: &Arc<Engine>, actor: &Actor| {
            engine.start_batch(actor, &entity, rows.as_array().map_or(&[], Vec::as_slice), sent.key().as_ref())
        };
        return app.ask_as(&who.actor, start).await.map(jobs::accepted);
    }
    if rows.as_array().is_some_and(|rows| BATCH_MAX < rows.len()) {
        return Err(Problem::new(&crate::problem::TOO_LARGE));
    }
    let write =
        move |engine: &Arc<Engine>, actor: &Actor| engine.batch(actor, &entity, &rows, atomic, sent.key().as_ref());
    app.ask_as(&who.actor, write).await.map(|told| JsonBody(told).into_response())
}

fn no_batch() -> Problem {
    Problem::not_understood(
        "A batch is {\"rows\": [{\"op\", …}], \"atomic\": true or false}; as a job it is not atomic.",
        "批量请求的格式是 {\"rows\": [{\"op\", …}], \"atomic\": true 或 false}；后台任务不支持整体原子。",
    )
}

/// `PUT /api/{entity}/by/{external_id}`
pub(crate) async fn upsert(
    State(app): Shared,
    who: Who,
    Path((entity, external)): Path<(String, String)>,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Problem> {
    writable(&app, &entity)?;
    let mut sent = object(&headers, body, &format!("upsert {entity} {external}")).await?;
    sent.body.remove("version");
    sent.body.remove("external_id");
    let write = move |engine: &Arc<Engine>, actor: &Actor| {
        engine.upsert(actor, &entity, &external, &sent.body, sent.key().as_ref())
    };
    let record = app.ask_as(&who.actor, write).await?;
    // A new record has its first version.
    let is_new = record["record"]["version"].as_i64() == Some(1);
    Ok(shown(if is_new { StatusCode::CREATED } else { StatusCode::OK }, record))
}

/// `GET /api/{entity}/{id}/links`
pub(crate) async fn links(
    State(app): Shared,
    who: Who,
    Path((entity, id)): Path<(String, String)>,
) -> Result<JsonBody<Json>, Problem> {
    let read = move |engine: &Arc<Engine>, actor: &Actor| engine.links(actor, &entity, raw(engine, &entity, &id)?);
    app.ask_as(&who.actor, read).await.map(JsonBody)
}

/// `GET /api/{entity}/{id}/settled`
pub(crate) async fn settled(
    State(app): Shared,
    who: Who,
    Path((entity, id)): Path<(String, String)>,
) -> Result<JsonBody<Json>, Problem> {
    let read = move |engine: &Arc<Engine>, actor: &Actor| engine.settled(actor, &entity, raw(engine, &entity, &id)?);
    app.ask_as(&who.actor, read).await.map(JsonBody)
}

/// `GET /api/{entity}/{id}/books`
pub(crate) async fn books(
    State(app): Shared,
    who: Who,
    Path((entity, id)): Path<(String, String)>,
) -> Result<JsonBody<Json>, Problem> {
    let read = move |engine: &Arc<Engine>, actor: &Actor| engine.books_of(actor, &entity, raw(engine, &entity, &id)?);
    app.ask_as(&who.actor, read).await.map(JsonBody)
}
