//! The description of the API (OpenAPI 3.1), read off the registry: a new entity has it at once.

mod common;
mod metadata;
mod schemas;
mod together;

use kernel::Label;
use meta::{EntityKind, EntityMeta, Registry, ReportMeta};
use serde_json::{Map, Value as Json, json};

/// The name of a schema: `sales_order` is `SalesOrder`.
pub(crate) fn pascal(name: &str) -> String {
    let capital = |word: &str| {
        let mut letters = word.chars();
        letters.next().map_or(String::new(), |first| first.to_uppercase().chain(letters).collect())
    };
    name.split('_').map(capital).collect()
}

/// Both languages, one a line; the same text only once.
pub(crate) fn both(label: Label) -> String {
    match (label.en, label.zh) {
        (en, "") => en.to_owned(),
        (en, zh) if en == zh => en.to_owned(),
        (en, zh) => format!("{en}\n{zh}"),
    }
}

/// Describes all there is, whoever asks: what one may do is in `/api/meta`.
pub(crate) fn describe(registry: &Registry) -> Json {
    let mut paths = common::paths();
    let mut schemas = common::schemas();
    schemas.insert("WouldPost".into(), common::would_post());
    schemas.insert("OutOfSight".into(), common::out_of_sight());
    schemas.extend(metadata::shapes());
    schemas.extend(together::schemas().into_iter().map(|(name, shape)| (name.to_owned(), shape)));
    together::paths(&mut paths);
    let mut tags = vec![json!({ "name": "session", "description": "Signing in, and who one is.\n登录与会话。" })];
    tags.push(json!({ "name": "everywhere", "description": "Metadata, search, home, live updates.\n元数据、搜索、首页、实时更新。" }));
    for meta in registry.entities() {
        schemas::entity(registry, meta, &mut schemas);
        if meta.kind == EntityKind::Owned {
            continue;
        }
        let help = if meta.help.en.is_empty() { meta.label } else { meta.help };
        tags.push(json!({ "name": meta.name, "description": format!("{} / {}\n\n{}", meta.plural.en, meta.plural.zh, both(help)) }));
        entity_paths(registry, meta, &mut paths);
    }
    tags.push(json!({ "name": "report", "description": "Reports.\n报表。" }));
    for report in registry.reports() {
        report_path(registry, report, &mut paths);
    }
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Heyi",
            "version": env!("CARGO_PKG_VERSION"),
            "license": { "name": "AGPL-3.0-only", "identifier": "AGPL-3.0-only" },
            "description": common::ABOUT,
        },
        "servers": [{ "url": "/" }],
        "security": [{ "key": [] }, { "cookie": [] }],
        "tags": tags,
        "paths": paths,
        "components": {
            "schemas": schemas,
            "parameters": common::parameters(),
            "responses": common::responses(),
            "headers": common::headers(),
            "securitySchemes": {
                "key": { "type": "http", "scheme": "bearer", "description": "A key of a program." },
                "cookie": { "type": "apiKey", "in": "cookie", "name": crate::request::COOKIE },
            },
        },
    })
}

/// A reference to a part of the description.
pub(crate) fn part(kind: &str, name: &str) -> Json {
    json!({ "$ref": format!("#/components/{kind}/{name}") })
}

pub(crate) fn schema(name: &str) -> Json {
    part("schemas", name)
}

/// A body of JSON.
fn body(schema: Json, required: bool) -> Json {
    json!({ "required": required, "content": { "application/json": { "schema": schema } } })
}

/// A good answer of JSON.
fn answer(text: &str, schema: Json) -> Json {
    json!({ "description": text, "content": { "application/json": { "schema": schema } } })
}

/// An answer that tells the version of its record in a header, too.
pub(crate) fn with_tag(mut answer: Json) -> Json {
    answer["headers"] = json!({ "ETag": part("headers", "ETag") });
    answer
}

/// A good answer of JSON, or the same as a file.
fn file_or(text: &str, schema: Json) -> Json {
    json!({
        "description": text,
        "content": {
            "application/json": { "schema": schema },
            "text/csv": { "schema": { "type": "string" } },
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet":
                { "schema": { "type": "string", "contentMediaType": "application/octet-stream" } },
        },
    })
}

/// The answers every request may get, with those of its own.
fn answers(own: &[(&str, Json)], others: &[&str]) -> Json {
    let mut all = Map::new();
    for (status, answer) in own {
        all.insert((*status).to_owned(), answer.clone());
    }
    for status in ["400", "401", "403"].iter().chain(others).chain(&["500"]) {
        all.insert((*status).to_owned(), part("responses", &format!("Problem{status}")));
    }
    Json::Object(all)
}

struct Operation<'a> {
    id: String,
    tag: &'a str,
    summary: String,
    about: String,
    parameters: &'a [&'a str],
    body: Option<Json>,
    responses: Json,
}

impl Operation<'_> {
    fn json(self) -> Json {
        let parameters: Vec<Json> =
            ["Language", "Company"].iter().chain(self.parameters).map(|name| part("parameters", name)).collect();
        let mut json = json!({
            "operationId": self.id, "tags": [self.tag], "summary": self.summary, "parameters": parameters,
            "responses": self.responses,
        });
        if !self.about.is_empty() {
            json["description"] = json!(self.about);
        }
        if let Some(body) = self.body {
            json["requestBody"] = body;
        }
        json
    }
}

/// Puts an operation at its place.
fn put(paths: &mut Map<String, Json>, path: String, method: &str, operation: Operation) {
    let at = paths.entry(path).or_insert_with(|| json!({}));
    at[method] = operation.json();
}

const WRITES: [&str; 2] = ["Key", "Ours"];

/// Whether documents of an entity are owed or owing, and settled by others.
fn is_settled(meta: &EntityMeta) -> bool {
    meta.kind == EntityKind::Document && meta.field("open_amount").is_some()
}

fn entity_paths(registry: &Registry, meta: &EntityMeta, paths: &mut Map<String, Json>) {
    let (name, label, shape) = (meta.name, meta.label.en, pascal(meta.name));
    let plural = meta.plural.en;
    let shown = || schema(&format!("{shape}Shown"));
    // Who gives a record away may not see it any more.
    let written = |text: &str| with_tag(answer(text, json!({ "anyOf": [shown(), schema("OutOfSight")] })));
    let write = || schema(&format!("{shape}Write"));
    let at = |rest: &str| format!("/api/{name}{rest}");
    let operation = |verb: &str, summary: String, parameters, body, responses| Operation {
        id: format!("{verb}_{name}"),
        tag: name,
        summary,
        about: String::new(),
        parameters,
        body,
        responses,
    };
    let page = json!({ "oneOf": [schema(&format!("{shape}Page")), schema("Groups")] });
    let list = file_or("A page, groups when `group` is given, or a file.", page);
    const LIST: &[&str] = &[
        "Filter", "Search", "Exact", "Sort", "Limit", "Cursor", "Count", "Fields", "Group", "Sum", "Min", "Max",
        "Filled", "Unique", "Format", "Lines", "Example",
    ];
    put(
        paths,
        at(""),
        "get",
        operation("list", format!("List {plural}"), LIST, None, answers(&[("200", list)], &["422"])),
    );
    let one = answers(&[("200", with_tag(answer("The record.", shown())))], &["404"]);
    put(paths, at("/{id}"), "get", operation("get", format!("Read one: {label}"), &["Id"], None, one));
    for (what, shape, text) in
        [("links", "Links", "The chain of documents around it"), ("books", "Books", "What it posted")]
    {
        let told = answers(&[("200", answer(text, schema(shape)))], &["404"]);
        let operation = operation(what, format!("{text}: {label}"), &["Id"], None, told);
        put(paths, at(&format!("/{{id}}/{what}")), "get", operation);
    }
    if is_settled(meta) {
        let told = answers(&[("200", answer("What settled it.", schema("Settled")))], &["404"]);
        let operation = operation("settled", format!("What settled it: {label}"), &["Id"], None, told);
        put(paths, at("/{id}/settled"), "get", operation);
    }
    together::record_paths(name, label, paths);
    if meta.kind == EntityKind::Ledger {
        return;
    }
    let required = schemas::required(meta);
    let new = json!({ "allOf": [write(), { "type": "object", "required": required }] });
    let made = answers(&[("201", written("The new record."))], &["409", "413", "422"]);
    let create = operation("create", format!("Create: {label}"), &WRITES, Some(body(new.clone(), true)), made);
    put(paths, at(""), "post", create);
    let changed = answers(&[("200", written("The changed record."))], &["404", "409", "412", "413", "422"]);
    let change = operation(
        "change",
        format!("Change: {label}"),
        &["Id", "IfMatch", "Key", "Ours"],
        Some(body(write(), true)),
        changed,
    );
    put(paths, at("/{id}"), "patch", Operation { about: common::ABOUT_VERSION.to_owned(), ..change });
    let removed = answers(&[("204", json!({ "description": "It is gone." }))], &["404", "409", "412", "422"]);
    let remove = operation("remove", format!("Delete: {label}"), &["Id", "IfMatch", "Key", "Ours"], None, removed);
    put(paths, at("/{id}"), "delete", remove);
    let fresh = || json!({ "type": "object", "required": ["record"], "properties": { "record": schema(&format!("{shape}Draft")) } });
    let blank = answers(&[("200", answer("A record to be filled in, not saved.", fresh()))], &["404", "409"]);
    put(paths, at("/new"), "get", operation("new", format!("Prefill: {label}"), &["From"], None, blank));
    let seen = answers(&[("200", answer("What it would be.", schema(&format!("{shape}Preview"))))], &["413"]);
    let preview =
        operation("preview", format!("Compute while typing: {label}"), &["Ours"], Some(body(write(), true)), seen);
    put(paths, at("/preview"), "post", Operation { about: "Saves nothing.".to_owned(), ..preview });
    let accepted = || ("202", answer("It is done in the background; look at the job.", schema("JobStarted")));
    let done = answer("What became of every row.", schema("BatchResults"));
    let done = answers(&[("200", done), accepted()], &["404", "409", "413", "422"]);
    let sent = Some(body(common::batch(write()), true));
    let batch = operation("batch", format!("Write many: {plural}"), &["As", "Key", "Ours"], sent, done);
    put(paths, at("/batch"), "post", batch);
    let loaded = answer("What became of the rows.", schema("Imported"));
    let loaded = answers(&[("200", loaded), accepted()], &["409", "413", "422"]);
    let sent = Some(common::file());
    let import =
        operation("import", format!("Load from a file: {plural}"), &["Dry", "As", "Key", "Ours"], sent, loaded);
    put(paths, at("/import"), "post", import);
    let looked = answers(&[("200", answer("What is in it.", schema("FileLook")))], &["413"]);
    let sent = Some(common::raw_file());
    let look = operation("look_at_file", format!("Look at a file: {plural}"), &["Sheet", "Head", "Ours"], sent, looked);
    put(paths, at("/import/look"), "post", look);
    let told = answer("What would come of it.", schema("MassPreview"));
    let told = answers(&[("200", told), accepted()], &["404", "409", "413", "422"]);
    let sent = Some(body(common::mass(write()), true));
    let mass = operation("mass", format!("Do one thing to many: {plural}"), &["Key", "Ours"], sent, told);
    put(paths, at("/mass"), "post", mass);
    let bin = answers(&[("200", answer("What was deleted lately.", schema("Bin")))], &[]);
    put(paths, at("/bin"), "get", operation("bin", format!("Deleted: {plural}"), &[], None, bin));
    let back = answers(&[("200", written("The record, back again."))], &["404", "409", "412", "422"]);
    let restore = operation("restore", format!("Restore: {label}"), &["Id", "Key", "Ours"], None, back);
    put(paths, at("/{id}/restore"), "post", restore);
    let kept = answers(
        &[("200", written("The changed record.")), ("201", written("The new record."))],
        &["409", "413", "422"],
    );
    let upsert = operation(
        "upsert",
        format!("Create or change by another system's id: {label}"),
        &["External", "Key", "Ours"],
        Some(body(new, true)),
        kept,
    );
    put(paths, at("/by/{external}"), "put", upsert);
    for action in (meta.actions)() {
        let done = answers(&[("200", written("The record after it."))], &["404", "409", "412", "422"]);
        // Verbs of every entity keep their names.
        let taken = paths.values().any(|methods| {
            let operations = methods.as_object().into_iter().flatten();
            operations.into_iter().any(|(_, one)| one["operationId"] == format!("{}_{name}", action.name).as_str())
        });
        let verb = if taken { format!("do_{}", action.name) } else { action.name.to_owned() };
        let summary = format!("{}: {label}", action.label.en);
        let sent = body(schemas::args(registry, meta, action), false);
        let operation = operation(&verb, summary, &["Id", "IfMatch", "Key", "Ours"], Some(sent), done);
        let about = both(if action.help.en.is_empty() { action.label } else { action.help });
        put(paths, at(&format!("/{{id}}/{}", action.name)), "post", Operation { about, ..operation });
        let told =
            answers(&[("200", answer("What it would post.", schema("WouldPost")))], &["404", "409", "413", "422"]);
        let rehearse = Operation {
            id: format!("rehearse_{}_{name}", action.name),
            tag: name,
            summary: format!("What it would post: {} {label}", action.label.en),
            about: "Writes nothing.".to_owned(),
            parameters: &["Id", "Ours"],
            body: Some(body(schemas::args(registry, meta, action), false)),
            responses: told,
        };
        put(paths, at(&format!("/{{id}}/{}/rehearse", action.name)), "post", rehearse);
    }
}

fn report_path(registry: &Registry, report: &ReportMeta, paths: &mut Map<String, Json>) {
    let table = file_or("The report, or a file of it.", schema("ReportTable"));
    let operation = Operation {
        id: format!("report_{}", report.name),
        tag: "report",
        summary: report.label.en.to_owned(),
        about: both(if report.help.en.is_empty() { report.label } else { report.help }),
        parameters: &["Format"],
        body: None,
        responses: answers(&[("200", table)], &["404", "422"]),
    };
    let mut json = operation.json();
    let own = report.params.iter().map(|param| {
        json!({
            "name": param.name, "in": "query", "required": param.required && param.default.is_empty(),
            "schema": schemas::sent(registry, report.name, param),
            "description": both(if param.help.en.is_empty() { param.label } else { param.help }),
        })
    });
    if let Some(parameters) = json["parameters"].as_array_mut() {
        parameters.extend(own);
    }
    paths.insert(format!("/api/report/{}", report.name), json!({ "get": json }));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_schemas_are_words_joined() {
        assert_eq!(pascal("sales_order_line"), "SalesOrderLine");
        assert_eq!(pascal("user"), "User");
    }
}
