//! Long work over HTTP: `?as=job` begins it, these look at it, stop it and take it up again.

use std::sync::Arc;

use axum::Json as JsonBody;
use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use engine::{Actor, Engine};
use meta::Trouble;
use serde_json::{Value as Json, json};

use crate::App;
use crate::problem::Problem;
use crate::records::raw;
use crate::request::{Params, Who, object};

type Shared = State<Arc<App>>;

/// Whether long work is asked for; anything but `job` is not understood.
pub(crate) fn wanted(params: &Params) -> Result<bool, Problem> {
    match params.0.get("as").map(String::as_str) {
        None => Ok(false),
        Some("job") => Ok(true),
        _ => Err(Problem::not_understood(
            "“as” can only be “job”: the work is then done in the background.",
            "“as”只能为“job”，表示在后台执行。",
        )),
    }
}

/// 202: where to look for what becomes of it.
pub(crate) fn accepted(job: Json) -> Response {
    let at = format!("/api/job/{}", job["id"].as_str().unwrap_or_default());
    let mut answer = (StatusCode::ACCEPTED, JsonBody(json!({ "job": job }))).into_response();
    if let Ok(at) = HeaderValue::from_str(&at) {
        answer.headers_mut().insert(header::LOCATION, at);
    }
    answer
}

async fn turned(
    app: &App,
    who: &Who,
    id: String,
    headers: &HeaderMap,
    body: Body,
    turn: fn(&Engine, &Actor, i64) -> Result<Json, Trouble>,
) -> Result<JsonBody<Json>, Problem> {
    object(headers, body, &id).await?;
    let write = move |engine: &Arc<Engine>, actor: &Actor| turn(engine, actor, raw(engine, "job", &id)?);
    app.ask_as(&who.actor, write).await.map(|job| JsonBody(json!({ "job": job })))
}

/// `POST /api/job/{id}/cancel`
pub(crate) async fn cancel(
    State(app): Shared,
    who: Who,
    Path(id): Path<String>,
    headers: HeaderMap,
    body: Body,
) -> Result<JsonBody<Json>, Problem> {
    turned(&app, &who, id, &headers, body, Engine::cancel_job).await
}

/// `POST /api/job/{id}/resume`
pub(crate) async fn resume(
    State(app): Shared,
    who: Who,
    Path(id): Path<String>,
    headers: HeaderMap,
    body: Body,
) -> Result<JsonBody<Json>, Problem> {
    turned(&app, &who, id, &headers, body, Engine::resume_job).await
}

/// `GET /api/job/{id}/result?after=ROW`
pub(crate) async fn result(
    State(app): Shared,
    who: Who,
    Path(id): Path<String>,
    params: Params,
) -> Result<JsonBody<Json>, Problem> {
    params.only(&["after"])?;
    let after = match params.text("after") {
        "" => -1,
        text => text
            .parse()
            .map_err(|_| Problem::not_understood("“after” must be the number of a row.", "“after”必须是行号。"))?,
    };
    let read = move |engine: &Arc<Engine>, actor: &Actor| engine.job_result(actor, raw(engine, "job", &id)?, after);
    app.ask_as(&who.actor, read).await.map(JsonBody)
}
