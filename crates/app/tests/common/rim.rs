//! Requests to the whole program without a network, as a browser or a program sends them.

use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::http::{HeaderMap, Request};
use serde_json::Value as Json;
use tower::ServiceExt;

use super::World;

/// The rim of a world.
pub struct Rim {
    router: Router,
    runtime: tokio::runtime::Runtime,
}

/// An answer, read to its end.
pub struct Answer {
    /// The status.
    pub status: u16,
    /// The headers.
    pub headers: HeaderMap,
    /// The body.
    pub bytes: Vec<u8>,
}

impl Answer {
    /// The body as JSON; null when it is none.
    pub fn json(&self) -> Json {
        serde_json::from_slice(&self.bytes).unwrap_or_default()
    }

    /// The body as text.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.bytes).into_owned()
    }

    /// A header; empty when it is not there.
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap_or(""))
    }

    /// The cookie that is set, as a browser sends it back.
    pub fn cookie(&self) -> String {
        self.header("set-cookie").split(';').next().unwrap_or("").to_owned()
    }
}

/// The password all users of these tests have.
pub const PASSWORD: &str = "lamps are fine";

impl Rim {
    /// The rim of a world.
    pub fn of(world: &World) -> Rim {
        Rim::with(world, api::Config::default())
    }

    /// The rim of a world, with settings.
    pub fn with(world: &World, config: api::Config) -> Rim {
        Rim::over(world.engine.clone(), config)
    }

    /// The rim of a server.
    pub fn over(engine: Arc<engine::Engine>, config: api::Config) -> Rim {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        Rim { router: api::router(engine, config), runtime }
    }

    /// Sends a request.
    pub fn send(&self, method: &str, uri: &str, headers: &[(&str, &str)], body: impl Into<Body>) -> Answer {
        let mut request = Request::builder().method(method).uri(uri);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let request = request.body(body.into()).unwrap_or_else(|why| panic!("{method} {uri}: {why}"));
        self.runtime.block_on(async {
            let answer = self.router.clone().oneshot(request).await.unwrap();
            let (status, headers) = (answer.status().as_u16(), answer.headers().clone());
            let bytes = axum::body::to_bytes(answer.into_body(), usize::MAX).await.unwrap();
            Answer { status, headers, bytes: bytes.to_vec() }
        })
    }

    /// Sends JSON as somebody signed in by a cookie.
    pub fn json(&self, cookie: &str, method: &str, uri: &str, body: &Json) -> Answer {
        let headers = [("cookie", cookie), ("x-heyi", "1"), ("content-type", "application/json")];
        let body = if body.is_null() { String::new() } else { body.to_string() };
        self.send(method, uri, &headers, body)
    }

    /// Asks as somebody signed in by a cookie.
    pub fn get(&self, cookie: &str, uri: &str) -> Answer {
        self.send("GET", uri, &[("cookie", cookie)], "")
    }

    /// Tries to sign in.
    pub fn try_in(&self, login: &str, password: &str) -> Answer {
        let body = serde_json::json!({ "login": login, "password": password }).to_string();
        self.send("POST", "/api/session", &[("content-type", "application/json")], body)
    }

    /// Signs in a user with a role, made when there is none; gives the cookie.
    pub fn signed_in(&self, world: &World, login: &str, role: &str) -> String {
        let user = world.user(login, role);
        world.engine.set_password(user, PASSWORD).unwrap();
        let answer = self.try_in(login, PASSWORD);
        assert_eq!(answer.status, 200, "{}", answer.text());
        answer.cookie()
    }
}
