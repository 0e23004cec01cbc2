//! The second factor over HTTP: set up, confirmed, taken away.

use std::sync::Arc;

use axum::Json as JsonBody;
use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use kernel::Label;
use serde_json::{Value as Json, json};

use crate::App;
use crate::problem::{NOT_PERMITTED, Problem};
use crate::records::raw;
use crate::request::{Who, object};
use crate::sessions::{set_cookie, text};

type Shared = State<Arc<App>>;

/// Only for people at a screen: the key of a program is no second factor's business.
fn by_person(who: &Who) -> Result<(), Problem> {
    if who.token.is_some() {
        return Ok(());
    }
    Err(Problem::new(&NOT_PERMITTED).because(Label::new(
        "Sign in as a person for this; a key cannot do it.",
        "此操作需由本人登录后进行，不能使用接口密钥。",
    )))
}

/// `POST /api/session/second_factor`
pub(crate) async fn begin(
    State(app): Shared,
    who: Who,
    headers: HeaderMap,
    body: Body,
) -> Result<JsonBody<Json>, Problem> {
    by_person(&who)?;
    let sent = object(&headers, body, "begin second factor").await?;
    let password = text(&sent.body, "password")?;
    let turn = app.hashing.acquire().await;
    let told = app.ask_as(&who.actor, move |engine, actor| {
        let secret = engine.begin_second_factor(actor.user, &password)?;
        let login = engine.session_json(actor)?["user"]["login"].as_str().unwrap_or_default().to_owned();
        // Logins may hold signs that addresses do not.
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte);
        let login: String = login
            .bytes()
            .map(|byte| if plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") })
            .collect();
        let uri = format!("otpauth://totp/Heyi:{login}?secret={secret}&issuer=Heyi&algorithm=SHA1&digits=6&period=30");
        Ok(json!({ "secret": secret, "uri": uri }))
    });
    let told = told.await;
    drop(turn);
    told.map(JsonBody)
}

/// `PUT /api/session/second_factor`
pub(crate) async fn confirm(
    State(app): Shared,
    who: Who,
    headers: HeaderMap,
    body: Body,
) -> Result<JsonBody<Json>, Problem> {
    by_person(&who)?;
    let sent = object(&headers, body, "confirm second factor").await?;
    let code = text(&sent.body, "code")?;
    let codes = app.ask_as(&who.actor, move |engine, actor| engine.confirm_second_factor(actor, &code)).await?;
    Ok(JsonBody(json!({ "recovery_codes": codes })))
}

/// `DELETE /api/session/second_factor`
pub(crate) async fn remove(State(app): Shared, who: Who, headers: HeaderMap, body: Body) -> Result<Response, Problem> {
    by_person(&who)?;
    let sent = object(&headers, body, "drop second factor").await?;
    let (password, code) = (text(&sent.body, "password")?, text(&sent.body, "code")?);
    let turn = app.hashing.acquire().await;
    let done = app.ask_as(&who.actor, move |engine, actor| engine.drop_second_factor(actor, &password, &code)).await;
    drop(turn);
    done?;
    let mut answer = StatusCode::NO_CONTENT.into_response();
    set_cookie(&app, &headers, "", &mut answer);
    Ok(answer)
}

/// `DELETE /api/user/{id}/second_factor`: an administrator helps somebody who lost phone and paper.
pub(crate) async fn reset(State(app): Shared, who: Who, Path(id): Path<String>) -> Result<StatusCode, Problem> {
    let write = move |engine: &Arc<engine::Engine>, actor: &engine::Actor| {
        engine.reset_second_factor(actor, raw(engine, "user", &id)?)
    };
    app.ask_as(&who.actor, write).await.map(|()| StatusCode::NO_CONTENT)
}
