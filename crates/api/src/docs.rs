//! `/api/docs`: the description of the API as a page, made on the server, without a script.

use std::fmt::Write as _;
use std::sync::Arc;

use axum::extract::State;
use axum::http::header;
use axum::response::{Html, IntoResponse, Response};
use serde_json::Value as Json;

use crate::App;

const STYLE: &str = include_str!("docs.css");

/// `GET /api/docs.css`
pub(crate) async fn style() -> Response {
    ([(header::CONTENT_TYPE, "text/css; charset=utf-8")], STYLE).into_response()
}

/// `GET /api/docs`
pub(crate) async fn page(State(app): State<Arc<App>>) -> Html<String> {
    let api: Json = serde_json::from_str(&app.openapi).unwrap_or_default();
    Html(write(&api))
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

/// The page of a description.
fn write(api: &Json) -> String {
    let mut html = String::from(
        "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\
         <title>Heyi API</title><link rel=\"stylesheet\" href=\"/api/docs.css\"></head><body><header><h1>Heyi API</h1>",
    );
    paragraphs(&mut html, api["info"]["description"].as_str().unwrap_or(""));
    html.push_str("<p><a href=\"/api/openapi.json\">openapi.json</a></p></header><nav><ul>");
    for tag in api["tags"].as_array().into_iter().flatten() {
        let name = escaped(tag["name"].as_str().unwrap_or(""));
        let label = escaped(tag["description"].as_str().unwrap_or("").lines().next().unwrap_or(""));
        let _ = write!(html, "<li><a href=\"#{name}\">{name}</a> <small>{label}</small></li>");
    }
    html.push_str("</ul></nav><main>");
    for tag in api["tags"].as_array().into_iter().flatten() {
        section(&mut html, api, tag);
    }
    html.push_str("</main></body></html>");
    html
}

fn paragraphs(html: &mut String, text: &str) {
    for part in text.split("\n\n").filter(|part| !part.is_empty()) {
        let _ = write!(html, "<p>{}</p>", escaped(part).replace('\n', "<br>"));
    }
}

fn section(html: &mut String, api: &Json, tag: &Json) {
    let name = tag["name"].as_str().unwrap_or("");
    let _ = write!(html, "<section id=\"{0}\"><h2>{0}</h2>", escaped(name));
    paragraphs(html, tag["description"].as_str().unwrap_or(""));
    for (path, methods) in api["paths"].as_object().into_iter().flatten() {
        for (method, operation) in methods.as_object().into_iter().flatten() {
            if operation["tags"][0].as_str() == Some(name) {
                one(html, path, method, operation);
            }
        }
    }
    for half in ["", "Write"] {
        let schema = format!("{}{half}", crate::openapi::pascal(name));
        if let Some(fields) = api["components"]["schemas"][&schema]["properties"].as_object() {
            let required = &api["components"]["schemas"][&schema]["required"];
            table(html, &schema, fields, required);
        }
    }
    html.push_str("</section>");
}

fn one(html: &mut String, path: &str, method: &str, operation: &Json) {
    let summary = operation["summary"].as_str().unwrap_or("");
    let _ = write!(
        html,
        "<details><summary><b class=\"{method}\">{}</b> <code>{}</code> {}</summary>",
        method.to_uppercase(),
        escaped(path),
        escaped(summary)
    );
    paragraphs(html, operation["description"].as_str().unwrap_or(""));
    let parameters = operation["parameters"].as_array().into_iter().flatten();
    let own: Vec<&Json> = parameters.filter(|parameter| parameter.get("name").is_some()).collect();
    if !own.is_empty() {
        html.push_str("<table>");
        for parameter in own {
            let _ = write!(
                html,
                "<tr><td><code>{}</code></td><td>{}</td><td>{}</td></tr>",
                escaped(parameter["name"].as_str().unwrap_or("")),
                kind(&parameter["schema"]),
                escaped(parameter["description"].as_str().unwrap_or(""))
            );
        }
        html.push_str("</table>");
    }
    html.push_str("<ul>");
    for (status, answer) in operation["responses"].as_object().into_iter().flatten() {
        if let Some(text) = answer["description"].as_str() {
            let _ = write!(html, "<li><code>{}</code> {}</li>", escaped(status), escaped(text));
        }
    }
    html.push_str("</ul></details>");
}

fn table(html: &mut String, name: &str, fields: &serde_json::Map<String, Json>, required: &Json) {
    let _ = write!(html, "<details><summary>{}</summary><table>", escaped(name));
    for (field, schema) in fields {
        let must = required.as_array().into_iter().flatten().any(|name| name == field.as_str());
        let _ = write!(
            html,
            "<tr><td><code>{}</code>{}</td><td>{}</td><td>{}</td></tr>",
            escaped(field),
            if must { " *" } else { "" },
            kind(schema),
            escaped(schema["description"].as_str().unwrap_or("")).replace('\n', "<br>")
        );
    }
    html.push_str("</table></details>");
}

fn kind(schema: &Json) -> String {
    if let Some(name) = schema["$ref"].as_str().and_then(|path| path.rsplit('/').next()) {
        return escaped(name);
    }
    for join in ["anyOf", "oneOf", "allOf"] {
        if let Some(parts) = schema[join].as_array() {
            return parts.iter().map(kind).collect::<Vec<_>>().join(" | ");
        }
    }
    if schema["type"] == "array" {
        return format!("{}[]", kind(&schema["items"]));
    }
    let name = match &schema["type"] {
        Json::Array(parts) => parts.iter().filter_map(Json::as_str).collect::<Vec<_>>().join(" | "),
        other => other.as_str().unwrap_or("any").to_owned(),
    };
    let codes: Vec<&str> = schema["enum"].as_array().into_iter().flatten().filter_map(Json::as_str).collect();
    if codes.is_empty() { escaped(&name) } else { escaped(&codes.join(" | ")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_tells_every_operation_and_escapes_what_it_tells() {
        let api = serde_json::json!({
            "info": {"description": "One <API>."},
            "tags": [{"name": "mug", "description": "Mugs & more"}],
            "paths": {"/api/mug": {"get": {"tags": ["mug"], "summary": "List", "responses": {"200": {"description": "Fine"}}}}},
            "components": {"schemas": {"Mug": {"properties": {"name": {"type": "string"}}, "required": ["name"]}}},
        });
        let html = write(&api);
        assert!(html.contains("One &lt;API&gt;.") && html.contains("Mugs &amp; more"));
        assert!(html.contains("/api/mug") && html.contains("<code>name</code> *"));
        assert!(!html.contains("<script"));
    }
}
