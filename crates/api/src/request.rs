//! What every handler needs of a request: who asks, what was sent, and the machinery to ask.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::extract::{ConnectInfo, FromRequestParts};
use axum::http::request::Parts;
use axum::http::{HeaderMap, Method, header};
use engine::{Actor, Engine, Key};
use kernel::{Label, Lang, id_parse};
use meta::Trouble;
use serde_json::{Map, Value as Json, json};
use sha2::{Digest, Sha256};

use crate::problem::{INVALID, NOT_PERMITTED, NOT_SIGNED_IN, NOT_UNDERSTOOD, OURS, Problem, TOO_LARGE};
use crate::{App, notes};

/// The largest body.
pub(crate) const BODY_MAX: usize = 10 * 1024 * 1024;
/// The largest file to import.
pub(crate) const FILE_MAX: usize = 50 * 1024 * 1024;
/// How long a body may take to arrive.
const BODY_SECONDS: u64 = 60;
/// The longest idempotency key.
const KEY_MAX: usize = 200;
/// The name of the session's cookie.
pub(crate) const COOKIE: &str = "heyi_session";

/// Who asks, and how they proved it.
pub(crate) struct Who {
    pub actor: Actor,
    /// The token of the session, when it was a cookie.
    pub token: Option<String>,
}

/// The token in the cookie header, if there is one.
pub(crate) fn cookie(headers: &HeaderMap) -> Option<String> {
    let pairs = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    let mut pairs = pairs.flat_map(|value| value.split(';')).filter_map(|pair| pair.trim().split_once('='));
    let token = pairs.find(|(name, _)| *name == COOKIE)?.1;
    (token.len() == 64 && token.bytes().all(|byte| byte.is_ascii_hexdigit())).then(|| token.to_owned())
}

/// The key of a program, if one is sent.
fn bearer(headers: &HeaderMap) -> Option<String> {
    let value = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, key) = value.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| key.trim().to_owned())
}

/// Whether the request shows that it does not come from a foreign site.
pub(crate) fn is_ours(headers: &HeaderMap) -> bool {
    headers.get("x-heyi").is_some_and(|value| value == "1")
}

/// The address a request came from, for the patience with wrong guesses.
pub(crate) fn remote(app: &App, parts: &Parts) -> String {
    let forwarded = parts.headers.get("x-forwarded-for").and_then(|value| value.to_str().ok());
    // The last one was written by our own proxy; those before it by whoever wanted to.
    match forwarded.and_then(|list| list.split(',').next_back()) {
        Some(address) if app.config.behind_proxy => address.trim().to_owned(),
        _ => match parts.extensions.get::<ConnectInfo<SocketAddr>>() {
            Some(ConnectInfo(address)) => address.ip().to_string(),
            None => "-".to_owned(),
        },
    }
}

fn company(headers: &HeaderMap, engine: &Engine) -> Result<Option<i64>, Problem> {
    let Some(text) = headers.get("x-company") else { return Ok(None) };
    let prefix = engine.registry().entity("company").map_or("co", |meta| meta.prefix);
    match text.to_str().ok().and_then(|text| id_parse(prefix, text)) {
        Some(raw) => Ok(Some(raw)),
        None => Err(Problem::not_understood(
            "The header X-Company must hold the id of a company, such as co_1.",
            "请求头 X-Company 必须是公司编号，如 co_1。",
        )),
    }
}

impl FromRequestParts<Arc<App>> for Who {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Who, Problem> {
        let reads = matches!(parts.method, Method::GET | Method::HEAD | Method::OPTIONS);
        let wanted = notes::accepted(&parts.headers);
        let company = company(&parts.headers, &app.engine)?;
        let (key, token) = (bearer(&parts.headers), cookie(&parts.headers));
        if key.is_none() && token.is_none() {
            return Err(app.not_signed_in().await);
        }
        if key.is_none() && !reads && !is_ours(&parts.headers) {
            return Err(Problem::new(&NOT_PERMITTED).because(Label::new(
                "Writes with a cookie must carry the header X-Heyi: 1.",
                "使用 Cookie 的写操作必须带有请求头 X-Heyi: 1。",
            )));
        }
        let by_token = if key.is_some() { None } else { token.clone() };
        let found = app
            .ask(notes::lang(), move |engine| {
                let session = match (&key, &by_token) {
                    (Some(key), _) => engine.key(key)?,
                    (None, Some(token)) => engine.session(token)?,
                    (None, None) => None,
                };
                let Some(session) = session else { return Ok(None) };
                let chosen = company.or(session.company);
                let actor = match engine.actor(session.user, chosen, wanted.or(session.lang)) {
                    // The company chosen last time may have been taken away since.
                    Err(Trouble::Refused(_)) if company.is_none() && chosen.is_some() => {
                        engine.actor(session.user, None, wanted.or(session.lang))?
                    }
                    other => other?,
                };
                Ok(Some(match session.role {
                    Some(role) => engine.narrowed(&actor, role)?,
                    None => actor,
                }))
            })
            .await?;
        let Some(actor) = found else { return Err(app.not_signed_in().await) };
        notes::is_by(actor.user, actor.lang);
        let token = if parts.headers.contains_key(header::AUTHORIZATION) { None } else { token };
        Ok(Who { actor, token })
    }
}

impl App {
    /// Asks the machinery, on a thread that may wait.
    pub async fn ask<T: Send + 'static>(
        &self,
        lang: Lang,
        question: impl FnOnce(&Arc<Engine>) -> Result<T, Trouble> + Send + 'static,
    ) -> Result<T, Problem> {
        let engine = self.engine.clone();
        self.wait(move || question(&engine).map_err(|trouble| Problem::of(&engine, trouble, lang, |_, _| None))).await
    }

    /// The same for an actor; a stale record is answered with the present one.
    pub async fn ask_as<T: Send + 'static>(
        &self,
        actor: &Actor,
        question: impl FnOnce(&Arc<Engine>, &Actor) -> Result<T, Trouble> + Send + 'static,
    ) -> Result<T, Problem> {
        let (engine, actor) = (self.engine.clone(), actor.clone());
        self.wait(move || {
            question(&engine, &actor).map_err(|trouble| {
                Problem::of(&engine, trouble, actor.lang, |entity, id| engine.get(&actor, entity, id).ok())
            })
        })
        .await
    }

    /// Waits for work that blocks.
    pub async fn wait<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> Result<T, Problem> + Send + 'static,
    ) -> Result<T, Problem> {
        match tokio::task::spawn_blocking(work).await {
            Ok(result) => result,
            Err(broken) => {
                tracing::error!(fault = %broken, "a request panicked");
                Err(Problem::new(&OURS))
            }
        }
    }

    async fn not_signed_in(&self) -> Problem {
        let mut problem = Problem::new(&NOT_SIGNED_IN);
        let missing = self.ask(notes::lang(), |engine| engine.to_begin()).await.unwrap_or_default();
        if !missing.is_empty() {
            problem = problem.with("to_begin", json!(missing));
        }
        if !self.config.demo {
            return problem;
        }
        let password = self.config.demo_password.clone();
        match self.ask(notes::lang(), move |engine| engine.demo_users(&password)).await {
            Ok(users) => problem.with("demo_users", users),
            Err(_) => problem,
        }
    }
}

/// The whole body, if it is not too large.
pub(crate) async fn bytes(headers: &HeaderMap, body: Body, max: usize) -> Result<Bytes, Problem> {
    let announced = headers.get(header::CONTENT_LENGTH).and_then(|value| value.to_str().ok()?.parse::<usize>().ok());
    if announced.is_some_and(|length| max < length) {
        return Err(Problem::new(&TOO_LARGE));
    }
    let read = axum::body::to_bytes(body, max);
    match tokio::time::timeout(Duration::from_secs(BODY_SECONDS), read).await {
        Ok(Ok(bytes)) => Ok(bytes),
        Ok(Err(why)) if is_too_long(&why) => Err(Problem::new(&TOO_LARGE)),
        Ok(Err(_)) | Err(_) => Err(Problem::not_understood(
            "The body did not arrive completely. Send it again.",
            "请求内容未能完整送达，请重新发送。",
        )),
    }
}

fn is_too_long(why: &axum::Error) -> bool {
    let mut source: Option<&dyn std::error::Error> = Some(why);
    while let Some(error) = source {
        if error.to_string().contains("length limit") {
            return true;
        }
        source = error.source();
    }
    false
}

/// A body that is an object, and the hash of what was sent.
pub(crate) struct Sent {
    pub body: Map<String, Json>,
    hash: [u8; 32],
    key: Option<String>,
}

impl Sent {
    /// The key of a repeatable write, if one was sent.
    pub fn key(&self) -> Option<Key> {
        self.key.as_ref().map(|key| Key { key: key.clone(), body_hash: self.hash })
    }
}

/// Reads a JSON object; nothing at all counts as an empty one. `about` joins the hash, so
/// that the same key on another address is told apart.
pub(crate) async fn object(headers: &HeaderMap, body: Body, about: &str) -> Result<Sent, Problem> {
    let bytes = bytes(headers, body, BODY_MAX).await?;
    let (key, hash) = (idempotency_key(headers)?, hash(about, &bytes));
    if bytes.iter().all(u8::is_ascii_whitespace) {
        return Ok(Sent { body: Map::new(), hash, key });
    }
    match serde_json::from_slice(&bytes) {
        Ok(Json::Object(body)) => Ok(Sent { body, hash, key }),
        Ok(_) => Err(Problem::not_understood("The body must be a JSON object.", "请求内容必须是 JSON 对象。")),
        Err(_) => Err(Problem::not_understood(
            "The body is not valid JSON, or nested too deeply.",
            "请求内容不是有效的 JSON，或嵌套过深。",
        )),
    }
}

pub(crate) fn hash(about: &str, bytes: &[u8]) -> [u8; 32] {
    let mut hasher = Sha256::new();
    hasher.update(about.as_bytes());
    hasher.update([0]);
    hasher.update(bytes);
    hasher.finalize().into()
}

pub(crate) fn idempotency_key(headers: &HeaderMap) -> Result<Option<String>, Problem> {
    let Some(value) = headers.get("idempotency-key") else { return Ok(None) };
    match value.to_str() {
        Ok(key) if !key.is_empty() && key.len() <= KEY_MAX => Ok(Some(key.to_owned())),
        _ => Err(Problem::not_understood(
            "The header Idempotency-Key must be 1 to 200 plain characters.",
            "请求头 Idempotency-Key 必须是 1 至 200 个普通字符。",
        )),
    }
}

/// The version the client has seen: `version` of the body (taken out of it) or `If-Match`. Who sends
/// both means the same one.
pub(crate) fn version(headers: &HeaderMap, body: &mut Map<String, Json>) -> Result<Option<i64>, Problem> {
    let wrong = || {
        Problem::not_understood(
            "The version must be a whole number, as it was sent to you.",
            "版本号必须是整数，请原样传回。",
        )
    };
    let written = match body.remove("version") {
        None | Some(Json::Null) => None,
        Some(version) => Some(version.as_i64().ok_or_else(wrong)?),
    };
    let matched = match headers.get(header::IF_MATCH).map(|value| value.to_str()) {
        None | Some(Ok("*")) => None,
        Some(Ok(tag)) => {
            let tag = tag.trim().trim_start_matches("W/").trim_matches('"');
            Some(tag.parse().map_err(|_| wrong())?)
        }
        Some(Err(_)) => return Err(wrong()),
    };
    match (written, matched) {
        (Some(written), Some(matched)) if written != matched => Err(Problem::not_understood(
            "“version” in the body and the header If-Match name different versions. Send the one you changed.",
            "请求内容中的“version”与请求头 If-Match 的版本不一致，请只发送您所修改的版本。",
        )),
        _ => Ok(written.or(matched)),
    }
}

/// The version, which must be there.
pub(crate) fn need_version(headers: &HeaderMap, body: &mut Map<String, Json>) -> Result<i64, Problem> {
    version(headers, body)?.ok_or_else(|| {
        Problem::new(&INVALID).because(Label::new(
            "Say which version you change: “version” in the body or the header If-Match.",
            "请说明所修改的版本：请求内容中的“version”或请求头 If-Match。",
        ))
    })
}

/// Parameters of the address, each at most once.
pub(crate) struct Params(pub std::collections::BTreeMap<String, String>);

impl<S: Send + Sync> FromRequestParts<S> for Params {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Params, Problem> {
        let pairs = axum::extract::Query::<Vec<(String, String)>>::from_request_parts(parts, state).await;
        let Ok(axum::extract::Query(pairs)) = pairs else { return Err(Problem::new(&NOT_UNDERSTOOD)) };
        let mut params = std::collections::BTreeMap::new();
        for (name, value) in pairs {
            if params.insert(name, value).is_some() {
                return Err(Problem::not_understood(
                    "A parameter of the address is given twice. Give it once.",
                    "地址中的参数重复，请只给出一次。",
                ));
            }
        }
        Ok(Params(params))
    }
}

impl Params {
    /// The text of a parameter; empty when it is not given.
    pub fn text(&self, name: &str) -> &str {
        self.0.get(name).map_or("", String::as_str)
    }

    /// Whether a parameter says yes; nothing where it says neither yes nor no.
    pub fn says(&self, name: &str) -> Option<bool> {
        match self.0.get(name).map(String::as_str) {
            None | Some("false" | "0" | "no") => Some(false),
            Some("true" | "1" | "yes") => Some(true),
            Some(_) => None,
        }
    }

    /// Whether a parameter says yes. What says neither is refused: who writes `dry=TRUE` means no real load.
    pub fn yes(&self, name: &str) -> Result<bool, Problem> {
        self.says(name).ok_or_else(|| {
            Problem::not_understood(
                "The parameter “{name}” can only be “true” or “false”.",
                "参数“{name}”只能为“true”或“false”。",
            )
            .with("name", json!(name))
        })
    }

    /// Refuses parameters that are none of these: a slip of the keys must not do something else.
    pub fn only(&self, known: &[&str]) -> Result<(), Problem> {
        let Some(name) = self.0.keys().find(|name| !known.contains(&name.as_str())) else { return Ok(()) };
        let name: String = name.chars().take(60).collect();
        let problem = match known {
            [] => Problem::not_understood(
                "This address takes no parameters, but “{name}” was sent. Remove it.",
                "该地址不接受参数，但收到了“{name}”，请删除。",
            ),
            _ => Problem::not_understood(
                "The parameter “{name}” is not known here. There are: {known}.",
                "此处没有参数“{name}”，可用参数：{known}。",
            )
            .with("known", json!(known.join(", "))),
        };
        Err(problem.with("name", json!(name)))
    }
}

/// An address without parameters.
pub(crate) struct NoParams;

impl<S: Send + Sync> FromRequestParts<S> for NoParams {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<NoParams, Problem> {
        Params::from_request_parts(parts, state).await?.only(&[]).map(|()| NoParams)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderValue;

    fn headers(pairs: &[(&'static str, &str)]) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for (name, value) in pairs {
            headers.append(*name, HeaderValue::from_str(value).unwrap());
        }
        headers
    }

    #[test]
    fn only_a_token_of_ours_is_taken_from_the_cookies() {
        let token = "0123456789abcdef".repeat(4);
        let line = format!("a=b; {COOKIE}={token}; c");
        assert_eq!(cookie(&headers(&[("cookie", &line)])), Some(token));
        assert_eq!(cookie(&headers(&[("cookie", "heyi_session=' or 1=1")])), None);
        assert_eq!(cookie(&headers(&[])), None);
    }

    #[test]
    fn the_version_is_read_from_the_body_or_the_header() {
        let both =
            |tag: &str| version(&headers(&[("if-match", tag)]), &mut Map::from_iter([("version".into(), json!(3))]));
        assert_eq!(both("\"3\"").ok().flatten(), Some(3));
        assert_eq!(both("*").ok().flatten(), Some(3));
        assert!(both("\"2\"").is_err());
        let mut body = json!({"version": 3, "name": "x"}).as_object().unwrap().clone();
        assert_eq!(version(&headers(&[]), &mut body).ok().flatten(), Some(3));
        assert!(!body.contains_key("version"));
        assert_eq!(version(&headers(&[("if-match", "W/\"2\"")]), &mut body).ok().flatten(), Some(2));
        assert_eq!(version(&headers(&[("if-match", "*")]), &mut body).ok().flatten(), None);
        assert!(version(&headers(&[("if-match", "old")]), &mut body).is_err());
        body.insert("version".into(), json!("3"));
        assert!(version(&headers(&[]), &mut body).is_err());
    }

    #[tokio::test]
    async fn what_is_not_an_object_is_not_understood() {
        for (text, fine) in
            [("", true), ("{}", true), ("[]", false), ("{", false), ("1", false), ("{\"a\":1e999}", false)]
        {
            assert_eq!(object(&headers(&[]), Body::from(text), "").await.is_ok(), fine, "{text}");
        }
        let deep = "{\"a\":".repeat(500) + "1" + &"}".repeat(500);
        assert!(object(&headers(&[]), Body::from(deep), "").await.is_err());
    }

    #[tokio::test]
    async fn too_much_is_refused_before_and_while_it_is_read() {
        assert!(bytes(&headers(&[("content-length", "11")]), Body::from("x"), 10).await.is_err());
        assert!(bytes(&headers(&[]), Body::from("12345678901"), 10).await.is_err());
        assert!(bytes(&headers(&[]), Body::from("1234567890"), 10).await.is_ok());
    }

    #[test]
    fn the_same_body_elsewhere_is_another_request() {
        assert_ne!(hash("POST /api/a", b"{}"), hash("POST /api/b", b"{}"));
        assert_eq!(hash("POST /api/a", b"{}"), hash("POST /api/a", b"{}"));
    }
}
