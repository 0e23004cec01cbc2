//! The built web client, inside the binary.

use axum::body::Body;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use rust_embed::{EmbeddedFile, RustEmbed};

use crate::problem::{NOT_ALLOWED, NOT_FOUND, Problem};

#[derive(RustEmbed)]
#[folder = "../../web/dist"]
#[allow_missing = true]
struct Client;

const UNBUILT: &str = "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>Heyi</title>\
<p>The web client is not built into this program: run <code>npm run build</code> in <code>web</code>, then build again.\
<p>The API is at <a href=\"/api/docs\">/api/docs</a>.";

/// How files are packed, and the ends of their names: the smallest first.
const PACKINGS: [(&str, &str); 2] = [("br", "br"), ("gzip", "gz")];

fn accepts(packing: &str, headers: &HeaderMap) -> bool {
    let accepted = headers.get(header::ACCEPT_ENCODING).and_then(|value| value.to_str().ok()).unwrap_or("");
    accepted.split(',').any(|part| {
        let (name, weight) = part.split_once(';').unwrap_or((part, ""));
        (name.trim() == packing || name.trim() == "*") && !matches!(weight.trim(), "q=0" | "q=0.0")
    })
}

fn tag(file: &EmbeddedFile) -> String {
    let hash = file.metadata.sha256_hash();
    let short: String = hash[..12].iter().map(|byte| format!("{byte:02x}")).collect();
    format!("\"{short}\"")
}

/// Whatever no route of the API is for.
pub(crate) async fn fallback(method: Method, uri: Uri, headers: HeaderMap) -> Response {
    let path = uri.path();
    if path == "/api" || path.starts_with("/api/") {
        return Problem::new(&NOT_FOUND).into_response();
    }
    if method != Method::GET && method != Method::HEAD {
        return Problem::new(&NOT_ALLOWED).into_response();
    }
    let name = path.trim_start_matches('/');
    let is_asset = name.starts_with("assets/");
    match Client::get(name).filter(|_| !name.is_empty()) {
        Some(file) => serve(name, file, is_asset, &headers),
        // An asset of another version must not be answered with a page; and what looks
        // like a file is none of the client's addresses.
        None if is_asset || name.rsplit('/').next().is_some_and(|last| last.contains('.')) => {
            (StatusCode::NOT_FOUND, [(header::CACHE_CONTROL, "no-store")]).into_response()
        }
        None => match Client::get("index.html") {
            Some(file) => serve("index.html", file, false, &headers),
            None => ([(header::CONTENT_TYPE, "text/html; charset=utf-8")], UNBUILT).into_response(),
        },
    }
}

fn serve(name: &str, file: EmbeddedFile, is_asset: bool, headers: &HeaderMap) -> Response {
    let kind = match file.metadata.mimetype() {
        kind if kind.starts_with("text/") => format!("{kind}; charset=utf-8"),
        kind => kind.to_owned(),
    };
    let tag = tag(&file);
    let mut packings = PACKINGS.into_iter().filter(|(packing, _)| accepts(packing, headers));
    let packed = packings.find_map(|(packing, end)| Some((packing, Client::get(&format!("{name}.{end}"))?)));
    // Names of assets hold the hash of what is in them, so they never change.
    let cache = if is_asset { "public, max-age=31536000, immutable" } else { "no-cache" };
    let known = headers.get(header::IF_NONE_MATCH).and_then(|value| value.to_str().ok());
    let is_known = known.is_some_and(|tags| tags.split(',').any(|known| known.trim().trim_start_matches("W/") == tag));
    let mut answer = match (is_known, &packed) {
        (true, _) => StatusCode::NOT_MODIFIED.into_response(),
        (false, Some((_, packed))) => Body::from(packed.data.clone().into_owned()).into_response(),
        (false, None) => Body::from(file.data.into_owned()).into_response(),
    };
    let mut put = |name: header::HeaderName, value: &str| {
        if let Ok(value) = HeaderValue::from_str(value) {
            answer.headers_mut().insert(name, value);
        }
    };
    put(header::CONTENT_TYPE, &kind);
    put(header::CACHE_CONTROL, cache);
    put(header::ETAG, &format!("W/{tag}"));
    put(header::VARY, "accept-encoding");
    if let Some((packing, _)) = packed.filter(|_| !is_known) {
        put(header::CONTENT_ENCODING, packing);
    }
    answer
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn packed_files_go_only_to_those_who_take_them() {
        for (accepted, gzip, brotli) in [
            ("gzip, deflate, br", true, true),
            ("br;q=1.0, gzip;q=0.8", true, true),
            ("*", true, true),
            ("gzip;q=0", false, false),
            ("br", false, true),
            ("gzip, br;q=0", true, false),
            ("", false, false),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(header::ACCEPT_ENCODING, HeaderValue::from_static(accepted));
            assert_eq!((accepts("gzip", &headers), accepts("br", &headers)), (gzip, brotli), "{accepted}");
        }
    }
}
