//! What people do together on any record, and what is their own: over HTTP.

use std::sync::Arc;

use axum::Json as JsonBody;
use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use engine::{Actor, Content, Engine, FILE_MAX, Key, Upload};
use kernel::id_parse;
use meta::Trouble;
use serde_json::Value as Json;

use crate::App;
use crate::problem::{Problem, TOO_LARGE};
use crate::records::{raw, shown};
use crate::request::{self, Params, Who, object};

type Shared = State<Arc<App>>;
type Told = Result<JsonBody<Json>, Problem>;

/// What is sent around a file: names, borders, a note.
const AROUND: usize = 64 * 1024;
/// How many notices one page has, unless said.
const PAGE: usize = 50;

fn limit(params: &Params, usual: usize) -> Result<usize, Problem> {
    match params.text("limit") {
        "" => Ok(usual),
        text => text.parse().ok().filter(|limit| 0 < *limit).ok_or_else(|| {
            Problem::not_understood("“limit” must be a whole number above zero.", "“limit”必须是正整数。")
        }),
    }
}

/// Whether a body names nothing but these.
fn only(sent: &request::Sent, known: &[&str]) -> bool {
    sent.body.keys().all(|name| known.contains(&name.as_str()))
}

/// `GET /api/{entity}/{id}/timeline`
pub(crate) async fn timeline(
    State(app): Shared,
    who: Who,
    Path((entity, id)): Path<(String, String)>,
    params: Params,
) -> Told {
    params.only(&["limit", "kind", "before"])?;
    let limit = if params.text("limit").is_empty() { None } else { Some(limit(&params, PAGE)?) };
    let read = move |engine: &Arc<Engine>, actor: &Actor| {
        let id = raw(engine, &entity, &id)?;
        engine.timeline(actor, &entity, id, params.text("kind"), params.text("before"), limit)
    };
    app.ask_as(&who.actor, read).await.map(JsonBody)
}

/// `GET /api/{entity}/{id}/together`
pub(crate) async fn together(State(app): Shared, who: Who, Path((entity, id)): Path<(String, String)>) -> Told {
    let read = move |engine: &Arc<Engine>, actor: &Actor| engine.together(actor, &entity, raw(engine, &entity, &id)?);
    app.ask_as(&who.actor, read).await.map(JsonBody)
}

/// `POST /api/{entity}/{id}/note`
pub(crate) async fn note(
    State(app): Shared,
    who: Who,
    Path((entity, id)): Path<(String, String)>,
    headers: HeaderMap,
    body: Body,
) -> Result<(StatusCode, JsonBody<Json>), Problem> {
    let sent = object(&headers, body, &format!("note {entity} {id}")).await?;
    let wrong = || {
        Problem::not_understood(
            "A note is {\"text\": \"…\", \"kind\": \"log\" or \"message\"}.",
            "备注的格式是 {\"text\": \"…\", \"kind\": \"log\" 或 \"message\"}。",
        )
    };
    let text = sent.body.get("text").and_then(Json::as_str).map(str::to_owned).ok_or_else(wrong)?;
    let kind = match sent.body.get("kind") {
        None | Some(Json::Null) => String::new(),
        Some(Json::String(kind)) => kind.clone(),
        Some(_) => return Err(wrong()),
    };
    if !only(&sent, &["text", "kind"]) {
        return Err(wrong());
    }
    let write = move |engine: &Arc<Engine>, actor: &Actor| {
        let id = raw(engine, &entity, &id)?;
        engine.note(actor, &entity, id, &text, &kind, sent.key().as_ref())
    };
    let told = app.ask_as(&who.actor, write).await?;
    Ok((StatusCode::CREATED, JsonBody(told)))
}

/// `POST /api/activity/next`
pub(crate) async fn next(State(app): Shared, who: Who, headers: HeaderMap, body: Body) -> Told {
    let sent = object(&headers, body, "next activities").await?;
    let ids = sent.body.get("ids").and_then(Json::as_array);
    let ids: Option<Vec<String>> = ids.and_then(|ids| ids.iter().map(|id| id.as_str().map(str::to_owned)).collect());
    let entity = sent.body.get("entity").and_then(Json::as_str).map(str::to_owned);
    let (Some(entity), Some(ids), true) = (entity, ids, only(&sent, &["entity", "ids"])) else {
        return Err(Problem::not_understood(
            "Ask with {\"entity\": \"…\", \"ids\": [\"…\"]}.",
            "请求格式是 {\"entity\": \"…\", \"ids\": [\"…\"]}。",
        ));
    };
    let read = move |engine: &Arc<Engine>, actor: &Actor| engine.next_activities(actor, &entity, &ids);
    app.ask_as(&who.actor, read).await.map(JsonBody)
}

// ---- following and being told -------------------------------------------------------

/// `GET /api/{entity}/{id}/follow`
pub(crate) async fn followers(State(app): Shared, who: Who, Path((entity, id)): Path<(String, String)>) -> Told {
    let read = move |engine: &Arc<Engine>, actor: &Actor| engine.followers(actor, &entity, raw(engine, &entity, &id)?);
    app.ask_as(&who.actor, read).await.map(JsonBody)
}

async fn followed(app: &App, who: &Who, (entity, id): (String, String), begins: bool) -> Told {
    let write = move |engine: &Arc<Engine>, actor: &Actor| {
        let id = raw(engine, &entity, &id)?;
        engine.follow(actor, &entity, id, begins)
    };
    app.ask_as(&who.actor, write).await.map(JsonBody)
}

/// `PUT /api/{entity}/{id}/follow`
pub(crate) async fn follow(State(app): Shared, who: Who, Path(which): Path<(String, String)>) -> Told {
    followed(&app, &who, which, true).await
}

/// `POST /api/{entity}/{id}/follow`
pub(crate) async fn add_follower(
    State(app): Shared,
    who: Who,
    Path((entity, id)): Path<(String, String)>,
    headers: HeaderMap,
    body: Body,
) -> Told {
    let sent = object(&headers, body, &format!("follow {entity} {id}")).await?;
    let user = sent.body.get("user").and_then(Json::as_str).map(str::to_owned);
    let Some(user) = user.filter(|_| only(&sent, &["user"])) else {
        return Err(Problem::not_understood(
            "Name the colleague: {\"user\": \"us_…\"}.",
            "请指明同事：{\"user\": \"us_…\"}。",
        ));
    };
    let write = move |engine: &Arc<Engine>, actor: &Actor| {
        let (id, user) = (raw(engine, &entity, &id)?, raw(engine, "user", &user)?);
        engine.add_follower(actor, &entity, id, user)
    };
    app.ask_as(&who.actor, write).await.map(JsonBody)
}

/// `DELETE /api/{entity}/{id}/follow`
pub(crate) async fn unfollow(State(app): Shared, who: Who, Path(which): Path<(String, String)>) -> Told {
    followed(&app, &who, which, false).await
}

/// `GET /api/inbox`
pub(crate) async fn inbox(State(app): Shared, who: Who, params: Params) -> Told {
    params.only(&["limit", "before", "unread"])?;
    let (limit, unread) = (limit(&params, PAGE)?, params.yes("unread")?);
    let read = move |engine: &Arc<Engine>, actor: &Actor| engine.inbox(actor, params.text("before"), limit, unread);
    app.ask_as(&who.actor, read).await.map(JsonBody)
}

/// `GET /api/inbox/unread`
pub(crate) async fn unread(State(app): Shared, who: Who) -> Told {
    app.ask_as(&who.actor, |engine, actor| engine.unread(actor)).await.map(JsonBody)
}

/// `POST /api/inbox/read`
pub(crate) async fn read(State(app): Shared, who: Who, headers: HeaderMap, body: Body) -> Told {
    let sent = object(&headers, body, "read notices").await?;
    let wrong = || {
        Problem::not_understood(
            "Say which: {\"ids\": [\"nf_…\"]}, 500 at most, or {\"all\": true}.",
            "请说明范围：{\"ids\": [\"nf_…\"]}（最多 500 个）或 {\"all\": true}。",
        )
    };
    if !only(&sent, &["ids", "all"]) {
        return Err(wrong());
    }
    let ids = match (sent.body.get("ids"), sent.body.get("all")) {
        (None, Some(Json::Bool(true))) => None,
        (Some(Json::Array(ids)), None) if ids.len() <= 500 => {
            let raws = ids.iter().map(|id| id.as_str().and_then(|id| id_parse("nf", id)));
            Some(raws.collect::<Option<Vec<i64>>>().ok_or_else(wrong)?)
        }
        _ => return Err(wrong()),
    };
    app.ask_as(&who.actor, move |engine, actor| engine.read_notices(actor, ids)).await.map(JsonBody)
}

/// `GET /api/inbox/settings`
pub(crate) async fn settings(State(app): Shared, who: Who) -> Told {
    app.ask_as(&who.actor, |engine, actor| engine.notice_settings(actor)).await.map(JsonBody)
}

/// `PUT /api/inbox/settings`
pub(crate) async fn set_settings(State(app): Shared, who: Who, headers: HeaderMap, body: Body) -> Told {
    let sent = object(&headers, body, "notice settings").await?;
    app.ask_as(&who.actor, move |engine, actor| engine.set_notice_settings(actor, &sent.body)).await.map(JsonBody)
}

// ---- recent records -----------------------------------------------------------------

/// `GET /api/recent`
pub(crate) async fn recent(State(app): Shared, who: Who, params: Params) -> Told {
    params.only(&["limit"])?;
    let limit = limit(&params, 20)?;
    app.ask_as(&who.actor, move |engine, actor| engine.recent(actor, limit)).await.map(JsonBody)
}

/// `POST /api/recent`
pub(crate) async fn looked_at(
    State(app): Shared,
    who: Who,
    headers: HeaderMap,
    body: Body,
) -> Result<StatusCode, Problem> {
    let sent = object(&headers, body, "recent").await?;
    if !only(&sent, &["entity", "id"]) {
        return Err(Problem::not_understood(
            "What was looked at is {\"entity\": \"…\", \"id\": \"…\"}.",
            "格式是 {\"entity\": \"…\", \"id\": \"…\"}。",
        ));
    }
    let text = |name: &str| sent.body.get(name).and_then(Json::as_str).unwrap_or("").to_owned();
    let (entity, id) = (text("entity"), text("id"));
    let write = move |engine: &Arc<Engine>, actor: &Actor| {
        let id = raw(engine, &entity, &id)?;
        engine.looked_at(actor, &entity, id)
    };
    app.ask_as(&who.actor, write).await.map(|()| StatusCode::NO_CONTENT)
}

// ---- files --------------------------------------------------------------------------

fn no_file() -> Problem {
    Problem::not_understood(
        "Send the file as the part “file” of multipart/form-data; a part “note” may name the note it comes with.",
        "请以 multipart/form-data 的“file”部分上传文件；“note”部分可指定随附的备注。",
    )
}

/// `POST /api/{entity}/{id}/attachment`
pub(crate) async fn attach(
    State(app): Shared,
    who: Who,
    Path((entity, id)): Path<(String, String)>,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Problem> {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or("");
    let border = multer::parse_boundary(kind).map_err(|_| no_file())?;
    let bytes = request::bytes(&headers, body, FILE_MAX + AROUND).await?;
    let key = request::idempotency_key(&headers)?;
    let upload = parts(bytes.clone(), border).await?;
    if FILE_MAX < upload.bytes.len() {
        return Err(Problem::new(&TOO_LARGE));
    }
    // Borders differ from one try to the next: the same file is the same request.
    let about = format!("attach {entity} {id} {} {:?}", upload.name, upload.note);
    let key = key.map(|key| Key { key, body_hash: request::hash(&about, &upload.bytes) });
    let write = move |engine: &Arc<Engine>, actor: &Actor| {
        let id = raw(engine, &entity, &id)?;
        engine.attach(actor, &entity, id, upload, key.as_ref())
    };
    app.ask_as(&who.actor, write).await.map(|record| shown(StatusCode::CREATED, record))
}

async fn parts(bytes: axum::body::Bytes, border: String) -> Result<Upload, Problem> {
    let stream = futures_util::stream::iter([Ok::<_, std::convert::Infallible>(bytes)]);
    let mut form = multer::Multipart::new(stream, border);
    let (mut file, mut note) = (None, None);
    while let Some(field) = form.next_field().await.map_err(|_| no_file())? {
        match field.name() {
            Some("file") if file.is_none() => {
                let name = field.file_name().unwrap_or("").to_owned();
                file = Some((name, field.bytes().await.map_err(|_| no_file())?));
            }
            Some("note") if note.is_none() => {
                let id = field.text().await.map_err(|_| no_file())?;
                note = Some(id_parse("nt", id.trim()).ok_or_else(no_file)?);
            }
            _ => return Err(no_file()),
        }
    }
    let (name, bytes) = file.ok_or_else(no_file)?;
    Ok(Upload { name, bytes: bytes.to_vec(), note })
}

/// `GET /api/attachment/{id}/content`
pub(crate) async fn content(
    State(app): Shared,
    who: Who,
    Path(id): Path<String>,
    headers: HeaderMap,
    params: Params,
) -> Result<Response, Problem> {
    params.only(&["inline"])?;
    let inline = params.yes("inline")?;
    let read = move |engine: &Arc<Engine>, actor: &Actor| -> Result<Content, Trouble> {
        engine.content(actor, raw(engine, "attachment", &id)?)
    };
    let found = app.ask_as(&who.actor, read).await?;
    let tag = format!("\"{}\"", found.sha256);
    let is_known =
        headers.get(header::IF_NONE_MATCH).and_then(|tags| tags.to_str().ok()).is_some_and(|tags| tags.contains(&tag));
    let mut answer = match is_known {
        true => StatusCode::NOT_MODIFIED.into_response(),
        false => Body::from(found.bytes.clone()).into_response(),
    };
    let place = if inline && found.is_shown() { "inline" } else { "attachment" };
    let set = answer.headers_mut();
    for (name, value) in [
        (header::CONTENT_TYPE, found.media_type.clone()),
        (header::CONTENT_DISPOSITION, disposition(place, &found.name)),
        (header::ETAG, tag),
        // The guard keeps a policy that is set already: nothing in a file may run or load anything.
        (header::CONTENT_SECURITY_POLICY, policy(&found).to_owned()),
    ] {
        if let Ok(value) = HeaderValue::from_str(&value) {
            set.insert(name, value);
        }
    }
    Ok(answer)
}

/// Nothing in a file may run or load anything. Browsers show no PDF in a sandbox.
fn policy(found: &Content) -> &'static str {
    match found.media_type.as_str() {
        "application/pdf" => "default-src 'none'; style-src 'unsafe-inline'; object-src 'self'; frame-ancestors 'self'",
        _ => "sandbox; default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'",
    }
}

/// Names in plain letters for old programs, and as they are for others (RFC 6266).
fn disposition(place: &str, name: &str) -> String {
    let plain: String =
        name.chars()
            .map(|sign| {
                if sign.is_ascii_graphic() && !matches!(sign, '"' | '\\' | '%' | ';') || sign == ' ' {
                    sign
                } else {
                    '_'
                }
            })
            .collect();
    let coded: String = name
        .bytes()
        .map(|byte| match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'.' | b'-' | b'_' => (byte as char).to_string(),
            other => format!("%{other:02X}"),
        })
        .collect();
    format!("{place}; filename=\"{plain}\"; filename*=UTF-8''{coded}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_cannot_break_out_of_its_header() {
        assert_eq!(
            disposition("attachment", "a\"; filename=\"b.exe"),
            "attachment; filename=\"a__ filename=_b.exe\"; filename*=UTF-8''a%22%3B%20filename%3D%22b.exe"
        );
        assert_eq!(disposition("inline", "报.png"), "inline; filename=\"_.png\"; filename*=UTF-8''%E6%8A%A5.png");
    }

    #[tokio::test]
    async fn a_form_without_a_file_is_not_understood() {
        let form = |text: &str| parts(axum::body::Bytes::from(text.to_owned()), "b".to_owned());
        let file = "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.txt\"\r\n\r\nhello\r\n--b--\r\n";
        let sent = form(file).await.ok().unwrap();
        assert_eq!((sent.name.as_str(), sent.bytes.as_slice(), sent.note), ("a.txt", b"hello".as_slice(), None));
        for wrong in
            ["", "--b--\r\n", "--b\r\nContent-Disposition: form-data; name=\"note\"\r\n\r\nx\r\n--b--\r\n", "hello"]
        {
            assert!(form(wrong).await.is_err(), "{wrong:?}");
        }
    }
}
