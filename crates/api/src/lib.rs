//! The rim: HTTP over the machinery. Nothing here knows a particular entity.
//!
//! ```text
//! request ─ number, language, log line ─ headers ─ catch panics ─ route
//!           who asks (cookie or key) ─ body within limits ─ engine, on a thread that may wait
//!           JSON, CSV, XLSX or a problem in the user's language
//! ```
//!
//! The contract is `docs/api.md`; [`openapi`] is the same, read off the registry.

mod docs;
mod files;
pub mod hooks;
mod import;
mod intake;
mod jobs;
mod lists;
mod live;
mod mass;
mod notes;
mod openapi;
mod plan;
mod problem;
mod records;
mod request;
mod second;
mod sessions;
mod together;
mod web;

use std::future::Future;
use std::net::SocketAddr;
use std::sync::Arc;

use axum::Router;
use axum::extract::{Request, State};
use axum::http::{HeaderValue, header};
use axum::middleware::{Next, from_fn, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::{delete, get, post, put};
use engine::session::Throttle;
use engine::{Actor, Engine};
use kernel::Label;
use meta::{Registry, Table, Trouble};
use tokio::net::TcpListener;
use tokio::sync::{Semaphore, watch};
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;

use crate::files::{FileFormat, Sheet};
use crate::problem::{NOT_ALLOWED, OURS, Problem};

/// How many passwords are hashed at once; each takes some 19 MiB.
const HASHING_MAX: usize = 4;

/// How the rim behaves.
#[derive(Clone, Debug)]
pub struct Config {
    /// Tells whoever is not signed in which users there are to try it with.
    pub demo: bool,
    /// The password all users of the demo have.
    pub demo_password: String,
    /// Where it listens.
    pub listen: SocketAddr,
    /// Always set cookies for https only, whatever a proxy says.
    pub secure: bool,
    /// A proxy of ours stands before us and says where requests come from.
    pub behind_proxy: bool,
}

impl Default for Config {
    fn default() -> Config {
        let listen = SocketAddr::from(([127, 0, 0, 1], 8080));
        Config { demo: false, demo_password: "heyi-demo".to_owned(), listen, secure: false, behind_proxy: false }
    }
}

/// The description of the API, OpenAPI 3.1, as text.
pub fn openapi(registry: &Registry) -> String {
    serde_json::to_string_pretty(&openapi::describe(registry)).unwrap_or_default()
}

/// The rows of a file as the import over HTTP reads them: CSV in the usual encodings, or XLSX; the heading first.
pub fn file_rows(bytes: &[u8]) -> Result<Vec<Vec<String>>, Trouble> {
    intake::rows(bytes).map_err(|problem| meta::Fault::new(problem.reason(kernel::Lang::En)).into())
}

/// A table as CSV, in the language and currency of an actor.
pub fn csv(actor: &Actor, table: &Table) -> Result<Vec<u8>, Trouble> {
    files::made(&Sheet::of_table("", table, actor.currency, actor.lang), FileFormat::Csv)
}

/// A table as XLSX, in the language and currency of an actor.
pub fn xlsx(actor: &Actor, title: Label, table: &Table) -> Result<Vec<u8>, Trouble> {
    files::made(&Sheet::of_table(title.get(actor.lang), table, actor.currency, actor.lang), FileFormat::Xlsx)
}

/// What every request reaches.
pub(crate) struct App {
    engine: Arc<Engine>,
    config: Config,
    throttle: Arc<Throttle>,
    hashing: Semaphore,
    closing: watch::Receiver<bool>,
    openapi: String,
}

/// All routes over one machinery.
pub fn router(engine: Arc<Engine>, config: Config) -> Router {
    let (never, closing) = watch::channel(false);
    // Kept alive as long as the program: this router never closes by itself.
    std::mem::forget(never);
    routes(engine, config, closing)
}

fn routes(engine: Arc<Engine>, config: Config, closing: watch::Receiver<bool>) -> Router {
    let openapi = openapi::describe(engine.registry()).to_string();
    let hashing = Semaphore::new(HASHING_MAX);
    let app = Arc::new(App { engine, config, throttle: Arc::default(), hashing, closing, openapi });
    let session = get(sessions::show).post(sessions::sign_in).delete(sessions::sign_out).patch(sessions::change);
    let record = get(records::get).patch(records::change).delete(records::remove);
    Router::new()
        .route("/api/session", session)
        .route("/api/session/password", put(sessions::password))
        .route("/api/meta", get(lists::metadata))
        .route("/api/home", get(lists::home))
        .route("/api/working_days", get(lists::working_days))
        .route("/api/search", get(lists::search))
        .route("/api/live", get(live::live))
        .route("/api/openapi.json", get(description))
        .route("/api/docs", get(docs::page))
        .route("/api/docs.css", get(docs::style))
        .route("/api/report/{name}", get(lists::report))
        .route("/api/user/{id}/password", put(sessions::give_password))
        .route("/api/user/{id}/second_factor", delete(second::reset))
        .route("/api/session/second_factor", post(second::begin).put(second::confirm).delete(second::remove))
        .route("/api/api_key/{id}/issue", post(sessions::issue_key))
        .route("/api/webhook/{id}/issue", post(hooks::issue))
        .route("/api/webhook/{id}/deliveries", get(hooks::deliveries))
        .route("/api/webhook/{id}/retry", post(hooks::retry))
        .route("/api/inbox", get(together::inbox))
        .route("/api/inbox/unread", get(together::unread))
        .route("/api/inbox/read", post(together::read))
        .route("/api/inbox/settings", get(together::settings).put(together::set_settings))
        .route("/api/recent", get(together::recent).post(together::looked_at))
        .route("/api/activity/next", post(together::next))
        .route("/api/attachment/{id}/content", get(together::content))
        .route("/api/job/{id}/cancel", post(jobs::cancel))
        .route("/api/job/{id}/resume", post(jobs::resume))
        .route("/api/job/{id}/result", get(jobs::result))
        .route("/api/job/{id}/undo", post(mass::undo))
        .route("/api/{entity}", get(lists::list).post(records::create))
        .route("/api/{entity}/new", get(records::blank))
        .route("/api/{entity}/preview", post(records::preview))
        .route("/api/{entity}/batch", post(records::batch))
        .route("/api/{entity}/import", post(import::import))
        .route("/api/{entity}/import/look", post(import::look))
        .route("/api/{entity}/mass", post(mass::mass))
        .route("/api/{entity}/bin", get(mass::bin))
        .route("/api/{entity}/{id}/restore", post(mass::restore))
        .route("/api/{entity}/by/{external}", put(records::upsert))
        .route("/api/{entity}/{id}", record)
        .route("/api/{entity}/{id}/timeline", get(together::timeline))
        .route("/api/{entity}/{id}/together", get(together::together))
        .route("/api/{entity}/{id}/attachment", post(together::attach))
        .route(
            "/api/{entity}/{id}/follow",
            get(together::followers).post(together::add_follower).put(together::follow).delete(together::unfollow),
        )
        .route("/api/{entity}/{id}/links", get(records::links))
        .route("/api/{entity}/{id}/books", get(records::books))
        .route("/api/{entity}/{id}/settled", get(records::settled))
        .route("/api/{entity}/{id}/note", post(together::note))
        .route("/api/{entity}/{id}/{action}", post(records::act))
        .route("/api/{entity}/{id}/{action}/rehearse", post(records::rehearse))
        .fallback(web::fallback)
        .method_not_allowed_fallback(async || Problem::new(&NOT_ALLOWED))
        .layer(CatchPanicLayer::custom(panicked))
        .layer(CompressionLayer::new())
        .layer(from_fn_with_state(app.clone(), guard))
        .layer(from_fn(notes::note))
        .with_state(app)
}

/// Answers requests until `shutdown` comes; those under way are finished.
pub async fn serve(
    engine: Arc<Engine>,
    config: Config,
    listener: TcpListener,
    shutdown: impl Future<Output = ()> + Send + 'static,
) -> std::io::Result<()> {
    let (close, closing) = watch::channel(false);
    let service = routes(engine, config, closing).into_make_service_with_connect_info::<SocketAddr>();
    let shutdown = async move {
        shutdown.await;
        // Live connections never end by themselves.
        let _ = close.send(true);
    };
    axum::serve(listener, service).with_graceful_shutdown(shutdown).await
}

async fn description(State(app): State<Arc<App>>) -> Response {
    ([(header::CONTENT_TYPE, "application/json")], app.openapi.clone()).into_response()
}

fn panicked(panic: Box<dyn std::any::Any + Send>) -> Response {
    let text = panic.downcast_ref::<String>().map(String::as_str).or(panic.downcast_ref::<&str>().copied());
    tracing::error!(fault = text.unwrap_or("without words"), "a request panicked");
    Problem::new(&OURS).into_response()
}

const POLICY: &str = "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; \
object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'";

/// Headers that keep browsers from doing what nobody wants.
async fn guard(State(app): State<Arc<App>>, request: Request, next: Next) -> Response {
    let is_api = request.uri().path().starts_with("/api");
    let is_secure = sessions::is_secure(&app, request.headers());
    let mut answer = next.run(request).await;
    let headers = answer.headers_mut();
    // A file of somebody's has a stricter one.
    headers.entry(header::CONTENT_SECURITY_POLICY).or_insert(HeaderValue::from_static(POLICY));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("same-origin"));
    headers.insert("cross-origin-opener-policy", HeaderValue::from_static("same-origin"));
    headers.insert("cross-origin-resource-policy", HeaderValue::from_static("same-origin"));
    if is_secure {
        headers.insert(header::STRICT_TRANSPORT_SECURITY, HeaderValue::from_static("max-age=31536000"));
    }
    if is_api {
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    }
    answer
}
