//! Signing in and out over HTTP.

use std::sync::Arc;

use axum::Json as JsonBody;
use axum::body::Body;
use axum::extract::{Path, Request, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use engine::Actor;
use engine::session::NotSignedIn;
use kernel::{Label, Lang, id_parse};
use serde_json::{Map, Value as Json, json};

use crate::problem::{CODE_NEEDED, NOT_PERMITTED, NOT_SIGNED_IN, Problem, TOO_MANY};
use crate::request::{self, COOKIE, Who, object};
use crate::{App, notes, records};

type Shared = State<Arc<App>>;

async fn session_of(app: &App, actor: &Actor) -> Result<Json, Problem> {
    let mut session = app.ask_as(actor, |engine, actor| engine.session_json(actor)).await?;
    let user = actor.user;
    session["second_factor"] = json!(app.ask_as(actor, move |engine, _| engine.has_second_factor(user)).await?);
    session["administrators"] = json!(app.ask_as(actor, |engine, actor| engine.administrators(actor)).await?);
    session["demo"] = json!(app.config.demo);
    let modules: Vec<&str> = app.engine.registry().modules().iter().map(|module| module.name).collect();
    session["modules"] = json!(modules);
    Ok(session)
}

/// Whether the client came by https, here or before the proxy.
pub(crate) fn is_secure(app: &App, headers: &HeaderMap) -> bool {
    app.config.secure || headers.get("x-forwarded-proto").is_some_and(|proto| proto.as_bytes().starts_with(b"https"))
}

pub(crate) fn set_cookie(app: &App, headers: &HeaderMap, token: &str, answer: &mut Response) {
    // Without a token it is taken away. A session has its end on the server; the cookie lives as long at most.
    let age = if token.is_empty() { 0 } else { 7 * 24 * 3600 };
    let secure = if is_secure(app, headers) { "; Secure" } else { "" };
    let cookie = format!("{COOKIE}={token}; HttpOnly; SameSite=Lax; Path=/; Max-Age={age}{secure}");
    if let Ok(value) = HeaderValue::from_str(&cookie) {
        answer.headers_mut().append(header::SET_COOKIE, value);
    }
}

/// `GET /api/session`
pub(crate) async fn show(State(app): Shared, who: Who) -> Result<JsonBody<Json>, Problem> {
    session_of(&app, &who.actor).await.map(JsonBody)
}

pub(crate) fn text(body: &Map<String, Json>, name: &str) -> Result<String, Problem> {
    match body.get(name).and_then(Json::as_str) {
        Some(text) => Ok(text.to_owned()),
        None => Err(Problem::not_understood(
            "Something is missing in the body. See /api/docs.",
            "请求内容缺少必填项，请查看 /api/docs。",
        )),
    }
}

/// `POST /api/session`
pub(crate) async fn sign_in(State(app): Shared, request: Request) -> Result<Response, Problem> {
    let (parts, body) = request.into_parts();
    let is_json =
        parts.headers.get(header::CONTENT_TYPE).is_some_and(|kind| kind.as_bytes().starts_with(b"application/json"));
    // A form of a foreign site can send neither; else it could sign someone in as another.
    if !is_json && !request::is_ours(&parts.headers) {
        return Err(Problem::new(&NOT_PERMITTED).because(Label::new(
            "Send JSON with the content type application/json.",
            "请以 application/json 类型发送 JSON。",
        )));
    }
    let sent = object(&parts.headers, body, "sign in").await?;
    let (login, password) = (text(&sent.body, "login")?, text(&sent.body, "password")?);
    let code = match sent.body.get("code") {
        None | Some(Json::Null) => String::new(),
        Some(_) => text(&sent.body, "code")?,
    };
    let remote = request::remote(&app, &parts);
    // Hashing takes memory on purpose: only so many at once.
    let turn = app.hashing.acquire().await;
    let (engine, throttle) = (app.engine.clone(), app.throttle.clone());
    let signed_in = app
        .wait(move || match engine.sign_in_with(&throttle, &login, &password, &code, &remote) {
            Ok(signed_in) => Ok(signed_in),
            Err(NotSignedIn::CodeNeeded) => Err(Problem::new(&CODE_NEEDED)),
            Err(NotSignedIn::Wrong) if !code.is_empty() => Err(Problem::new(&NOT_SIGNED_IN).because(Label::new(
                "Login, password and code do not belong together, or the code was used already. Type them again.",
                "账号、密码与验证码不匹配，或验证码已使用过，请重新输入。",
            ))),
            Err(NotSignedIn::Wrong) => Err(Problem::new(&NOT_SIGNED_IN).because(Label::new(
                "This login and password do not belong together. Type them again.",
                "账号或密码不正确，请重新输入。",
            ))),
            Err(NotSignedIn::TooMany { retry_after_s }) => Err(Problem::new(&TOO_MANY).retry_after(retry_after_s)),
            Err(NotSignedIn::Trouble(trouble)) => Err(Problem::of(&engine, trouble, notes::lang(), |_, _| None)),
        })
        .await?;
    drop(turn);
    // Whoever signs in anew leaves the session they had: tokens are never used twice.
    let before = request::cookie(&parts.headers);
    let wanted = notes::accepted(&parts.headers);
    let user = signed_in.user;
    let actor = app
        .ask(notes::lang(), move |engine| {
            if let Some(before) = before {
                engine.sign_out(&before)?;
            }
            engine.actor(user, None, wanted)
        })
        .await?;
    notes::is_by(actor.user, actor.lang);
    let mut answer = JsonBody(session_of(&app, &actor).await?).into_response();
    set_cookie(&app, &parts.headers, &signed_in.token, &mut answer);
    Ok(answer)
}

/// `DELETE /api/session`
pub(crate) async fn sign_out(State(app): Shared, headers: HeaderMap) -> Result<Response, Problem> {
    if let Some(token) = request::cookie(&headers) {
        if !request::is_ours(&headers) {
            return Err(Problem::new(&NOT_PERMITTED));
        }
        app.ask(notes::lang(), move |engine| engine.sign_out(&token)).await?;
    }
    let mut answer = StatusCode::NO_CONTENT.into_response();
    set_cookie(&app, &headers, "", &mut answer);
    Ok(answer)
}

/// `PATCH /api/session`
pub(crate) async fn change(
    State(app): Shared,
    who: Who,
    headers: HeaderMap,
    body: Body,
) -> Result<JsonBody<Json>, Problem> {
    let sent = object(&headers, body, "change session").await?;
    let wrong = || {
        Problem::not_understood(
            "Send {\"company\": an id} or {\"language\": \"en\" or \"zh\"}.",
            "请发送 {\"company\": 公司编号} 或 {\"language\": \"en\" 或 \"zh\"}。",
        )
    };
    if sent.body.keys().any(|name| !matches!(name.as_str(), "company" | "language")) {
        return Err(wrong());
    }
    let company = match sent.body.get("company") {
        None | Some(Json::Null) => None,
        Some(company) => Some(company.as_str().and_then(|text| id_parse("co", text)).ok_or_else(wrong)?),
    };
    let lang = match sent.body.get("language") {
        None | Some(Json::Null) => None,
        Some(lang) => Some(lang.as_str().and_then(Lang::parse).ok_or_else(wrong)?),
    };
    let token = who.token.clone();
    let actor = app
        .ask_as(&who.actor, move |engine, actor| {
            // Refused here, before it is kept, when the company is not theirs.
            let now = engine.actor(actor.user, company.or(Some(actor.company)), lang.or(Some(actor.lang)))?;
            if let Some(token) = token {
                engine.change_session(&token, company, lang)?;
            }
            Ok(now)
        })
        .await?;
    notes::is_by(actor.user, actor.lang);
    session_of(&app, &actor).await.map(JsonBody)
}

/// `PUT /api/session/password`
pub(crate) async fn password(
    State(app): Shared,
    who: Who,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Problem> {
    let sent = object(&headers, body, "change password").await?;
    let (old, new) = (text(&sent.body, "old")?, text(&sent.body, "new")?);
    let turn = app.hashing.acquire().await;
    app.ask_as(&who.actor, move |engine, actor| engine.change_password(actor.user, &old, &new)).await?;
    drop(turn);
    let mut answer = StatusCode::NO_CONTENT.into_response();
    set_cookie(&app, &headers, "", &mut answer);
    Ok(answer)
}

/// `PUT /api/user/{id}/password`: an administrator gives another user a password.
pub(crate) async fn give_password(
    State(app): Shared,
    who: Who,
    Path(id): Path<String>,
    headers: HeaderMap,
    body: Body,
) -> Result<StatusCode, Problem> {
    let sent = object(&headers, body, "give password").await?;
    let new = text(&sent.body, "new")?;
    let turn = app.hashing.acquire().await;
    let given = app.ask_as(&who.actor, move |engine, actor| {
        let id = records::raw(engine, "user", &id)?;
        engine.give_password(actor, id, &new)
    });
    given.await?;
    drop(turn);
    Ok(StatusCode::NO_CONTENT)
}

/// `POST /api/api_key/{id}/issue`: makes the secret of a key, and shows it this once.
pub(crate) async fn issue_key(State(app): Shared, who: Who, Path(id): Path<String>) -> Result<JsonBody<Json>, Problem> {
    let key = app.ask_as(&who.actor, move |engine, actor| {
        let id = records::raw(engine, "api_key", &id)?;
        engine.issue_key(actor, id)
    });
    key.await.map(|key| JsonBody(json!({ "key": key })))
}
