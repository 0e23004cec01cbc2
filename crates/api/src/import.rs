//! Files over HTTP: looked at, read by a plan, rehearsed and loaded.

use std::sync::Arc;

use axum::Json as JsonBody;
use axum::body::{Body, Bytes};
use axum::extract::{Path, State};
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Response};
use engine::{Actor, Engine, Key};
use serde_json::Value as Json;

use crate::plan::{self, Plan};
use crate::problem::Problem;
use crate::request::{self, FILE_MAX, Params, Who};
use crate::{App, intake, jobs};

type Shared = State<Arc<App>>;

/// What a form puts around its parts, the plan among them.
const AROUND: usize = 4 * 1024 * 1024;

fn number(params: &Params, name: &str) -> Result<Option<usize>, Problem> {
    match params.text(name) {
        "" => Ok(None),
        text => text.parse().ok().filter(|number| *number < 1_000).map(Some).ok_or_else(|| {
            Problem::not_understood(
                "“sheet” counts from 0 and “head” is the line of the headings.",
                "“sheet”从 0 开始，“head”为标题所在行。",
            )
        }),
    }
}

/// `POST /api/{entity}/import/look?sheet=0&head=1`; without `head` the headings are found.
pub(crate) async fn look(
    State(app): Shared,
    who: Who,
    Path(entity): Path<String>,
    params: Params,
    headers: HeaderMap,
    body: Body,
) -> Result<JsonBody<Json>, Problem> {
    params.only(&["sheet", "head"])?;
    let bytes = request::bytes(&headers, body, FILE_MAX).await?;
    let (sheet, head) = (number(&params, "sheet")?.unwrap_or(0), number(&params, "head")?);
    let meta = app.ask_as(&who.actor, move |engine, actor| engine.importable(actor, &entity)).await?;
    let told = app.wait(move || Ok(plan::look(meta, &intake::table(&bytes, sheet)?, sheet, head))).await?;
    Ok(JsonBody(told))
}

fn no_plan() -> Problem {
    Problem::not_understood(
        "Send the file itself, or multipart/form-data with the parts “plan” (JSON, see /api/docs) and “file”.",
        "请直接发送文件，或以 multipart/form-data 发送“plan”（JSON，见 /api/docs）与“file”两部分。",
    )
}

async fn parts(bytes: Bytes, border: String) -> Result<(Vec<u8>, Plan, Vec<u8>), Problem> {
    let stream = futures_util::stream::iter([Ok::<_, std::convert::Infallible>(bytes)]);
    let mut form = multer::Multipart::new(stream, border);
    let (mut file, mut plan) = (None, None);
    while let Some(field) = form.next_field().await.map_err(|_| no_plan())? {
        let wanted = match field.name() {
            Some("file") if file.is_none() => &mut file,
            Some("plan") if plan.is_none() => &mut plan,
            _ => return Err(no_plan()),
        };
        *wanted = Some(field.bytes().await.map_err(|_| no_plan())?.to_vec());
    }
    let (file, plan) = (file.ok_or_else(no_plan)?, plan.ok_or_else(no_plan)?);
    let read = serde_json::from_slice(&plan).map_err(|_| no_plan())?;
    Ok((file, read, plan))
}

/// `POST /api/{entity}/import?dry=true&as=job`
pub(crate) async fn import(
    State(app): Shared,
    who: Who,
    Path(entity): Path<String>,
    params: Params,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Problem> {
    params.only(&["as", "dry"])?;
    let (as_job, dry) = (jobs::wanted(&params)?, params.yes("dry")?);
    let bytes = request::bytes(&headers, body, FILE_MAX + AROUND).await?;
    let about = format!("import {entity} {dry}");
    let key = request::idempotency_key(&headers)?;
    let kind = headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or("");
    if let Ok(border) = multer::parse_boundary(kind) {
        if !as_job {
            return Err(Problem::not_understood(
                "A file with a plan is loaded in the background: add “as=job”.",
                "带有计划的文件须在后台导入，请加上“as=job”。",
            ));
        }
        let (file, plan, text) = parts(bytes, border).await?;
        // Borders differ from one try to the next: the same file by the same plan is the same request.
        let about = format!("{about} {}", String::from_utf8_lossy(&text));
        let key = key.map(|key| Key { key, body_hash: request::hash(&about, &file) });
        let name = entity.clone();
        let meta = app.ask_as(&who.actor, move |engine, actor| engine.importable(actor, &name)).await?;
        let planned = app.wait(move || Ok(plan.apply(meta, intake::table(&file, plan.sheet)?)));
        let (columns, rows) = planned.await?;
        let start = move |engine: &Arc<Engine>, actor: &Actor| {
            engine.start_planned_import(actor, &entity, &columns, rows, dry, key.as_ref())
        };
        return app.ask_as(&who.actor, start).await.map(jobs::accepted);
    }
    if FILE_MAX < bytes.len() {
        return Err(Problem::new(&crate::problem::TOO_LARGE));
    }
    if as_job {
        let key = key.map(|key| Key { key, body_hash: request::hash(&about, &bytes) });
        let rows = app.wait(move || intake::rows(&bytes)).await?;
        let start =
            move |engine: &Arc<Engine>, actor: &Actor| engine.start_import(actor, &entity, rows, dry, key.as_ref());
        return app.ask_as(&who.actor, start).await.map(jobs::accepted);
    }
    let rows = app.wait(move || intake::rows(&bytes)).await?;
    let write = move |engine: &Arc<Engine>, actor: &Actor| engine.import(actor, &entity, &rows, dry, &|| ());
    app.ask_as(&who.actor, write).await.map(|told| JsonBody(told).into_response())
}
