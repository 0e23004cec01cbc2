//! Webhooks: sent by a client that does one thing only, and looked at over HTTP.
//!
//! It sends one POST to one address, looks up the name itself, speaks to no number inside the
//! house, follows nothing, and reads no more of the answer than its first line.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream, ToSocketAddrs};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use axum::Json as JsonBody;
use axum::extract::{Path, State};
use engine::{Actor, Engine, Hook, Notice, Outcome};
use kernel::{Lang, WebAddress, is_inside};
use meta::Trouble;
use rustls::pki_types::ServerName;
use serde_json::{Value as Json, json};

use crate::App;
use crate::problem::Problem;
use crate::records::raw;
use crate::request::Who;

type Shared = State<Arc<App>>;

/// How long one delivery may take, from the first word to the last.
const PATIENCE: Duration = Duration::from_secs(10);
/// How much of an answer is read, to find its status.
const ANSWER_MAX: usize = 4_096;
/// How often it is looked for something to tell.
const LOOK_EVERY: Duration = Duration::from_millis(500);

/// Why nothing was delivered; nothing of it comes from the other side.
const NO_ADDRESS: &str = "not an address";
const NOT_FOUND: &str = "the name leads nowhere";
const INSIDE: &str = "the name leads inside the house";
const NO_CONNECTION: &str = "no connection";
const NO_ENCRYPTION: &str = "no trusted encryption";
const NO_ANSWER: &str = "no answer in time";
const REFUSED: &str = "refused";
const NO_SECRET: &str = "the server has lost the key of the secret: make a new secret";

/// What they are called in Chinese.
const IN_CHINESE: [(&str, &str); 8] = [
    (NO_ADDRESS, "网址无效"),
    (NOT_FOUND, "域名无法解析"),
    (INSIDE, "域名指向内部网络"),
    (NO_CONNECTION, "无法连接"),
    (NO_ENCRYPTION, "加密连接不受信任"),
    (NO_ANSWER, "未及时响应"),
    (REFUSED, "对方拒绝"),
    (NO_SECRET, "服务器已没有该签名密钥的加密密钥，请重新生成签名密钥"),
];

/// Tells webhooks what happens, until told to stop. `may_inside` lets names lead inside the house.
pub fn tell(engine: &Arc<Engine>, may_inside: bool, stop: &AtomicBool) {
    let worker = format!("{:x}-{:p}", std::process::id(), Arc::as_ptr(engine));
    while !stop.load(Ordering::SeqCst) {
        match tell_one(engine, &worker, may_inside, stop) {
            Ok(true) => {}
            Ok(false) => std::thread::sleep(LOOK_EVERY),
            Err(trouble) => {
                tracing::error!(fault = %trouble, "telling webhooks failed");
                std::thread::sleep(LOOK_EVERY);
            }
        }
    }
}

/// Tells one webhook what it was not told yet; false when there is nothing to tell.
pub fn tell_one(engine: &Arc<Engine>, worker: &str, may_inside: bool, stop: &AtomicBool) -> Result<bool, Trouble> {
    let Some(mut hook) = engine.claim_hook(worker)? else { return Ok(false) };
    for notice in engine.notices(&hook)? {
        if stop.load(Ordering::SeqCst) {
            break;
        }
        let outcome = deliver(engine, &hook, &notice, may_inside)?;
        if !engine.noticed(&mut hook, &notice, &outcome)? {
            // It waits for another try, or is no longer ours.
            return Ok(true);
        }
    }
    engine.release_hook(&hook)?;
    Ok(true)
}

fn deliver(engine: &Engine, hook: &Hook, notice: &Notice, may_inside: bool) -> Result<Outcome, Trouble> {
    let seconds = engine.now().micros().div_euclid(1_000_000);
    let Some(secret) = &hook.secret else { return Ok(Outcome { status: 0, error: Some(NO_SECRET) }) };
    let signature = engine::signature(secret, seconds, &notice.body)?;
    let headers = [
        ("X-Heyi-Event", notice.event.to_string()),
        ("X-Heyi-Timestamp", seconds.to_string()),
        ("X-Heyi-Signature", signature),
    ];
    Ok(match post(&hook.url, &headers, &notice.body, may_inside) {
        Ok(status) if (200..300).contains(&status) => Outcome { status, error: None },
        Ok(status) => Outcome { status, error: Some(REFUSED) },
        Err(error) => Outcome { status: 0, error: Some(error) },
    })
}

/// The numbers a host stands for, unless one of them is inside: a name that leads to both is a trick.
fn numbers(at: &WebAddress, may_inside: bool) -> Result<Vec<SocketAddr>, &'static str> {
    let found: Vec<SocketAddr> = (at.host.as_str(), at.port).to_socket_addrs().map_err(|_| NOT_FOUND)?.collect();
    match found.is_empty() {
        true => Err(NOT_FOUND),
        false if !may_inside && found.iter().any(|one| is_inside(one.ip())) => Err(INSIDE),
        false => Ok(found),
    }
}

/// A stream that gives up when the whole delivery takes too long.
struct Patient {
    stream: TcpStream,
    until: Instant,
}

impl Patient {
    fn left(&self) -> std::io::Result<Duration> {
        let left = self.until.saturating_duration_since(Instant::now());
        if left.is_zero() { Err(std::io::ErrorKind::TimedOut.into()) } else { Ok(left) }
    }
}

impl Read for Patient {
    fn read(&mut self, into: &mut [u8]) -> std::io::Result<usize> {
        self.stream.set_read_timeout(Some(self.left()?))?;
        self.stream.read(into)
    }
}

impl Write for Patient {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.stream.set_write_timeout(Some(self.left()?))?;
        self.stream.write(bytes)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        self.stream.flush()
    }
}

/// Sends a body; the status of the answer.
fn post(url: &str, headers: &[(&str, String)], body: &str, may_inside: bool) -> Result<u16, &'static str> {
    let at = WebAddress::parse(url).ok_or(NO_ADDRESS)?;
    let until = Instant::now() + PATIENCE;
    // Spoken to is the number that was looked at: the name is not looked up again.
    let numbers = numbers(&at, may_inside)?;
    let stream = numbers.iter().find_map(|one| TcpStream::connect_timeout(one, PATIENCE / 3).ok());
    let mut plain = Patient { stream: stream.ok_or(NO_CONNECTION)?, until };
    let host = if at.host.contains(':') { format!("[{}]", at.host) } else { at.host.clone() };
    let usual = if at.is_secure { 443 } else { 80 };
    let port = if at.port == usual { String::new() } else { format!(":{}", at.port) };
    let mut request = format!(
        "POST {} HTTP/1.1\r\nHost: {host}{port}\r\nUser-Agent: Heyi\r\nConnection: close\r\n\
         Content-Type: application/json\r\nContent-Length: {}\r\n",
        at.path,
        body.len()
    );
    for (name, value) in headers {
        request.push_str(&format!("{name}: {value}\r\n"));
    }
    request.push_str("\r\n");
    request.push_str(body);
    if !at.is_secure {
        return asked(&mut plain, &request, NO_CONNECTION);
    }
    let name = ServerName::try_from(at.host.clone()).map_err(|_| NO_ADDRESS)?;
    let roots = rustls::RootCertStore::from_iter(webpki_roots::TLS_SERVER_ROOTS.iter().cloned());
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = rustls::ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|_| NO_ENCRYPTION)?
        .with_root_certificates(roots)
        .with_no_client_auth();
    let session = rustls::ClientConnection::new(Arc::new(config), name).map_err(|_| NO_ENCRYPTION)?;
    asked(&mut rustls::StreamOwned::new(session, plain), &request, NO_ENCRYPTION)
}

fn asked(stream: &mut (impl Read + Write), request: &str, otherwise: &'static str) -> Result<u16, &'static str> {
    stream.write_all(request.as_bytes()).and_then(|()| stream.flush()).map_err(|_| otherwise)?;
    let (mut answer, mut some) = (Vec::new(), [0; 512]);
    while !answer.contains(&b'\n') && answer.len() < ANSWER_MAX {
        match stream.read(&mut some) {
            Ok(0) | Err(_) => break,
            Ok(count) => answer.extend(&some[..count]),
        }
    }
    status(&answer).ok_or(NO_ANSWER)
}

/// The status in the first line of an answer.
fn status(answer: &[u8]) -> Option<u16> {
    let line = std::str::from_utf8(answer.split(|byte| *byte == b'\n').next()?).ok()?;
    let mut words = line.strip_prefix("HTTP/1.")?.split_ascii_whitespace();
    words.next()?;
    words.next()?.parse().ok().filter(|status| (100..600).contains(status))
}

/// `POST /api/webhook/{id}/issue`
pub(crate) async fn issue(State(app): Shared, who: Who, Path(id): Path<String>) -> Result<JsonBody<Json>, Problem> {
    let write =
        move |engine: &Arc<Engine>, actor: &Actor| engine.issue_hook_secret(actor, raw(engine, "webhook", &id)?);
    app.ask_as(&who.actor, write).await.map(|secret| JsonBody(json!({ "secret": secret })))
}

/// `GET /api/webhook/{id}/deliveries`
pub(crate) async fn deliveries(
    State(app): Shared,
    who: Who,
    Path(id): Path<String>,
) -> Result<JsonBody<Json>, Problem> {
    let read = move |engine: &Arc<Engine>, actor: &Actor| engine.hook_deliveries(actor, raw(engine, "webhook", &id)?);
    app.ask_as(&who.actor, read).await.map(|told| JsonBody(in_words(told, who.actor.lang)))
}

/// `POST /api/webhook/{id}/retry`
pub(crate) async fn retry(State(app): Shared, who: Who, Path(id): Path<String>) -> Result<JsonBody<Json>, Problem> {
    let write = move |engine: &Arc<Engine>, actor: &Actor| engine.retry_hook(actor, raw(engine, "webhook", &id)?);
    app.ask_as(&who.actor, write).await.map(|told| JsonBody(in_words(told, who.actor.lang)))
}

/// Deliveries with their reasons in the language of who reads them.
fn in_words(mut told: Json, lang: Lang) -> Json {
    for one in told["deliveries"].as_array_mut().into_iter().flatten() {
        let known = IN_CHINESE.iter().find(|(reason, _)| lang == Lang::Zh && one["error"] == *reason);
        if let Some((_, words)) = known {
            one["error"] = json!(words);
        }
    }
    told
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_lead_inside_are_refused_before_anything_is_said() {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        listener.set_nonblocking(true).unwrap();
        let port = listener.local_addr().unwrap().port();
        for (url, why) in [
            (format!("http://localhost:{port}/"), INSIDE),
            (format!("http://127.0.0.1:{port}/"), INSIDE),
            (format!("http://[::ffff:127.0.0.1]:{port}/"), INSIDE),
            (format!("https://localhost:{port}/"), INSIDE),
            ("http://169.254.169.254/latest/meta-data".to_owned(), INSIDE),
            (format!("http://0x7f000001:{port}/"), NO_ADDRESS),
            ("file:///etc/passwd".to_owned(), NO_ADDRESS),
            ("gopher://localhost".to_owned(), NO_ADDRESS),
            ("http://localhost:25/".to_owned(), NO_ADDRESS),
        ] {
            assert_eq!(post(&url, &[], "{}", false), Err(why), "{url}");
        }
        assert!(listener.accept().is_err(), "nobody came");
        // Where it is allowed, the same place is spoken to, but not as if it were encrypted.
        let serving = std::thread::spawn(move || {
            listener.set_nonblocking(false).unwrap();
            let (mut stream, _) = listener.accept().unwrap();
            let mut some = [0; 16];
            let count = stream.read(&mut some).unwrap();
            stream.write_all(b"no TLS here").unwrap();
            some[..count].to_vec()
        });
        assert_eq!(post(&format!("https://localhost:{port}/"), &[], "secret", true), Err(NO_ENCRYPTION));
        assert!(!serving.join().unwrap().starts_with(b"POST"), "nothing was said in the clear");
    }

    #[test]
    fn only_the_first_line_of_an_answer_is_read() {
        assert_eq!(status(b"HTTP/1.1 204 No Content\r\n\r\n"), Some(204));
        assert_eq!(status(b"HTTP/1.0 302 Found\r\nLocation: http://10.0.0.1/"), Some(302));
        for answer in [&b""[..], b"HTTP/2 200", b"HTTP/1.1 99999 x", b"HTTP/1.1", b"SSH-2.0-x", b"\xff\xff"] {
            assert_eq!(status(answer), None, "{answer:?}");
        }
    }
}
