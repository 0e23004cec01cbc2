//! What is known of the request being answered, for its log line and its problems.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU8, Ordering};
use std::time::Instant;

use axum::extract::{MatchedPath, Request};
use axum::http::{HeaderMap, HeaderValue, header};
use axum::middleware::Next;
use axum::response::Response;
use kernel::Lang;

tokio::task_local! {
    static NOTES: Arc<Notes>;
}

struct Notes {
    request: String,
    user: AtomicI64,
    lang: AtomicU8,
}

/// The number of the request, which the user quotes and the log holds.
pub(crate) fn request() -> String {
    NOTES.try_with(|notes| notes.request.clone()).unwrap_or_default()
}

/// The language of the answer.
pub(crate) fn lang() -> Lang {
    match NOTES.try_with(|notes| notes.lang.load(Ordering::Relaxed)) {
        Ok(1) => Lang::Zh,
        _ => Lang::En,
    }
}

/// Remembers who asks.
pub(crate) fn is_by(user: i64, lang: Lang) {
    let _ = NOTES.try_with(|notes| {
        notes.user.store(user, Ordering::Relaxed);
        notes.lang.store(u8::from(lang == Lang::Zh), Ordering::Relaxed);
    });
}

/// The language a client prefers among ours; none when it names no other.
pub(crate) fn accepted(headers: &HeaderMap) -> Option<Lang> {
    let tags = headers.get(header::ACCEPT_LANGUAGE)?.to_str().ok()?;
    let mut best: Option<(u32, Lang)> = None;
    for part in tags.split(',').take(20) {
        let (tag, weight) = part.split_once(';').unwrap_or((part, "q=1"));
        let Some(lang) = Lang::parse(tag.trim()) else { continue };
        let weight = thousandths(weight.trim().trim_start_matches("q="));
        // The first of equals wins.
        if weight > 0 && best.is_none_or(|(most, _)| most < weight) {
            best = Some((weight, lang));
        }
    }
    best.map(|(_, lang)| lang)
}

/// `1`, `0.8`, `0.85` as thousandths.
fn thousandths(weight: &str) -> u32 {
    let (whole, rest) = weight.split_once('.').unwrap_or((weight, ""));
    let digits: String = rest.chars().chain("000".chars()).take(3).collect();
    let part: u32 = digits.parse().unwrap_or(0);
    if whole == "0" { part } else { 1000 }
}

/// Only what can be the name of an entity goes into the log, not whatever was asked for.
fn is_name(text: &str) -> bool {
    text.len() <= 40 && text.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_')
}

fn number() -> String {
    let mut bytes = [0; 8];
    // Without random numbers the request still gets its answer, only unnamed.
    let _ = getrandom::fill(&mut bytes);
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Names the request, answers it, and writes the one line about it.
pub(crate) async fn note(request: Request, next: Next) -> Response {
    let lang = accepted(request.headers()).unwrap_or_default();
    let notes =
        Arc::new(Notes { request: number(), user: AtomicI64::new(0), lang: AtomicU8::new(u8::from(lang == Lang::Zh)) });
    let method = request.method().clone();
    // The pattern, not the path: a path may hold names, and patterns can be counted.
    let path = request.extensions().get::<MatchedPath>().map_or("-", |path| path.as_str()).to_owned();
    let entity = request.uri().path().split('/').nth(2).filter(|name| path.contains("{entity}") && is_name(name));
    let entity = entity.unwrap_or("").to_owned();
    let started = Instant::now();
    let mut answer = NOTES.scope(notes.clone(), next.run(request)).await;
    let status = answer.status().as_u16();
    let (user, ms) = (notes.user.load(Ordering::Relaxed), started.elapsed().as_millis() as u64);
    let number = &notes.request;
    if path != "-" || status >= 400 {
        tracing::info!(request = %number, %method, path, entity, status, ms, user, "{method} {path} {status}");
    }
    if let Ok(value) = HeaderValue::from_str(number) {
        answer.headers_mut().insert("x-request-id", value);
    }
    answer
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_language_wanted_most_is_spoken() {
        for (tags, lang) in [
            ("zh", Some(Lang::Zh)),
            ("zh-CN,zh;q=0.9,en;q=0.8", Some(Lang::Zh)),
            ("de-DE,en;q=0.7,zh;q=0.75", Some(Lang::Zh)),
            ("en-GB", Some(Lang::En)),
            ("en;q=0,zh;q=0.1", Some(Lang::Zh)),
            ("fr", None),
            ("", None),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(header::ACCEPT_LANGUAGE, HeaderValue::from_str(tags).unwrap());
            assert_eq!(accepted(&headers), lang, "{tags}");
        }
    }
}
