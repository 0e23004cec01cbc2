//! What does not depend on entities: sessions, parameters, problems, shapes of answers.

use serde_json::{Map, Value as Json, json};

use super::schema;
use crate::problem::SORTS;

pub(super) const ABOUT: &str = "One API for the browser, for other programs and for tests.

Amounts, quantities, prices and rates are decimal strings; days are ISO days; ids are text with the entity's prefix. `null` means empty.

Programs send `Authorization: Bearer KEY`. Writes with a cookie carry the header `X-Heyi: 1`. Every write accepts `Idempotency-Key`: the same key and body give the same answer again.

浏览器、其他程序与测试共用同一套接口。金额、数量、单价与比率均为十进制字符串。";

pub(super) const ABOUT_VERSION: &str = "The body's `version` or the header `If-Match` is required; a stale one is answered with 412 and the present record.";

pub(super) fn text() -> Json {
    json!({ "type": "string" })
}

pub(super) fn list(items: Json) -> Json {
    json!({ "type": "array", "items": items })
}

pub(super) fn object(properties: Json, required: &[&str]) -> Json {
    json!({ "type": "object", "properties": properties, "required": required })
}

/// Which days the company works.
fn working_days() -> Json {
    object(
        json!({
            "calendar": maybe(text()),
            "week": { "type": "array", "items": { "type": "boolean" }, "minItems": 7, "maxItems": 7, "description": "Which days of the week are worked, Monday first." },
            "days": list(object(
                json!({
                    "first_on": { "type": "string", "format": "date" }, "last_on": { "type": "string", "format": "date" },
                    "kind": { "type": "string", "enum": ["rest", "work"] }, "label": schema("Text"),
                }),
                &["first_on", "last_on", "kind", "label"],
            )),
        }),
        &["calendar", "week", "days"],
    )
}

pub(super) fn maybe(schema: Json) -> Json {
    json!({ "oneOf": [schema, { "type": "null" }] })
}

/// Parameters used by many operations.
pub(super) fn parameters() -> Json {
    let mut all = shared_parameters();
    for (name, parameter) in super::together::parameters() {
        all[name] = parameter;
    }
    all
}

fn shared_parameters() -> Json {
    let query = |name: &str, schema: Json, about: &str| json!({ "name": name, "in": "query", "required": false, "schema": schema, "description": about });
    let head = |name: &str, about: &str| json!({ "name": name, "in": "header", "required": false, "schema": text(), "description": about });
    json!({
        "Language": head("Accept-Language", "`en` or `zh`, else the user's."),
        "Company": head("X-Company", "The company worked for, else the session's."),
        "Key": {
            "name": "Idempotency-Key", "in": "header", "required": false,
            "schema": { "type": "string", "minLength": 1, "maxLength": 200 },
            "description": "The same key and body give the same answer again, for a week; the same key with another body is refused (409).",
        },
        "Ours": head("X-Heyi", "`1`; needed when a cookie is sent."),
        "IfMatch": head("If-Match", "The version that was seen, as in `ETag`; a stale one is answered with 412."),
        "IfNoneMatch": head("If-None-Match", "The `ETag` of the file one has: the same file is answered with 304 and nothing more."),
        "Id": { "name": "id", "in": "path", "required": true, "schema": text() },
        "External": { "name": "external", "in": "path", "required": true, "schema": text() },
        "Filter": query("filter", text(), "JSON: [field, operator, value], [\"and\", …], [\"or\", …] or [\"not\", …]."),
        "Search": query("search", text(), "Words to look for. Where no record of the kind has them, what nearly does is found, and `near` is true."),
        "Exact": query("exact", json!({ "type": "boolean", "default": false }), "Only what has the words of `search` as they are written."),
        "Sort": query("sort", text(), "Fields, `-` before one for the largest first."),
        "Limit": query("limit", json!({ "type": "integer", "minimum": 1, "maximum": 1000, "default": 80 }), "How many rows at most; a file has all of them unless it is said."),
        "Cursor": query("cursor", text(), "`next` of the page before."),
        "Count": query("count", json!({ "type": "boolean" }), "Count all rows."),
        "Fields": query("fields", text(), "Which fields; `customer.phone` follows a ref, `lines` gives the lines with all of theirs."),
        "Group": query("group", text(), "Fields to group by; `ordered_on:month` for a part of a day: day week month quarter year."),
        "Sum": query("sum", text(), "Fields to sum over groups. Money of several currencies is not added: see `by_currency` of the answer."),
        "Min": query("min", text(), "Fields to take the smallest of; money of several currencies apart, as in `by_currency`."),
        "Max": query("max", text(), "Fields to take the largest of; money of several currencies apart, as in `by_currency`."),
        "Filled": query("filled", text(), "Fields to count where they are filled in."),
        "Unique": query("unique", text(), "Fields to count the different values of; not by weeks or quarters."),
        "Format": query("format", json!({ "type": "string", "enum": ["json", "csv", "xlsx"] }), "The same rows as a file."),
        "Lines": query("lines", json!({ "type": "boolean" }), "Of a file: a row for each line of a record, as an import takes it."),
        "Example": query("example", json!({ "type": "boolean" }), "Of a file: only the columns an import can fill, with one record to show how."),
        "From": query("from", text(), "The record to make it of: `sales_order:so_2`."),
        "Dry": query("dry", json!({ "type": "boolean" }), "Only tell what would happen."),
        "As": query("as", json!({ "type": "string", "enum": ["job"] }), "`job`: do it in the background; the answer is 202 with the job."),
        "Sheet": query("sheet", json!({ "type": "integer", "minimum": 0, "maximum": 999, "default": 0 }), "Which sheet of a workbook."),
        "Head": query("head", json!({ "type": "integer", "minimum": 0, "maximum": 999 }), "The line of the headings; without it they are looked for."),
        "After": query("after", json!({ "type": "integer", "minimum": 0, "maximum": 200_000 }), "The refused rows after this one."),
    })
}

/// Headers of answers.
pub(super) fn headers() -> Json {
    json!({
        "ETag": { "description": "The version of the record, or the hash of the file, in quotation marks.", "schema": { "type": "string", "examples": ["\"3\""] } },
    })
}

/// Answers that are problems.
pub(super) fn responses() -> Json {
    let mut all = Map::new();
    for sort in SORTS {
        let code = sort.status.as_u16();
        let told = all.entry(format!("Problem{code}")).or_insert_with(
            || json!({ "description": "", "content": { "application/problem+json": { "schema": schema("Problem") } } }),
        );
        let before = told["description"].as_str().unwrap_or("");
        let gap = if before.is_empty() { "" } else { " " };
        told["description"] = json!(format!("{before}{gap}`{}` {}", sort.code, sort.title.en));
    }
    Json::Object(all)
}

/// One thing that is wrong.
fn problem_item() -> Json {
    object(
        json!({
            "code": text(), "field": { "type": ["string", "null"] }, "row": { "type": ["integer", "null"] },
            "message": text(), "line": { "type": "integer", "description": "Of a file: the line it is in." },
        }),
        &["code", "message"],
    )
}

/// A record that another one names.
fn reference() -> Json {
    object(
        json!({
            "id": text(), "label": { "type": ["string", "null"] },
            "entity": { "type": "string", "description": "Of what it is a record, where the field takes any." },
        }),
        &["id"],
    )
}

/// A record that was written and that its writer does not see any more.
pub(super) fn out_of_sight() -> Json {
    let record = object(json!({ "id": text(), "version": { "type": "integer" } }), &["id", "version"]);
    let more = object(
        json!({ "record": record, "out_of_sight": { "type": "boolean", "enum": [true] } }),
        &["record", "label", "out_of_sight"],
    );
    json!({ "allOf": [schema("Shown"), more] })
}

/// What is in a file.
fn file_look() -> Json {
    let nullable = || json!({ "type": ["string", "null"] });
    object(
        json!({
            "sheets": list(text()), "sheet": { "type": "integer" }, "head": { "type": "integer" }, "rows": { "type": "integer" },
            "columns": list(object(
                json!({
                    "name": text(), "values": list(text()), "field": nullable(),
                    "sure": { "type": "integer", "description": "From 1 to 100; 0 where there is no guess." },
                    "days": { "enum": ["ymd", "dmy", "mdy", null] }, "days_sure": { "type": "boolean" }, "decimal": nullable(),
                }),
                &["name", "values", "field", "sure", "days", "days_sure", "decimal"],
            )),
            "sample": list(object(json!({ "line": { "type": "integer" }, "cells": list(text()) }), &["line", "cells"])),
            "top": list(object(json!({ "line": { "type": "integer" }, "cells": list(text()) }), &["line", "cells"])),
        }),
        &["sheets", "sheet", "head", "rows", "columns", "sample", "top"],
    )
}

/// Shapes used by many operations.
pub(super) fn schemas() -> Map<String, Json> {
    let codes: Vec<&str> = SORTS.iter().map(|sort| sort.code).collect();
    let posted = object(
        json!({ "entries": list(text()), "moves": list(text()), "created": list(object(json!({ "entity": text(), "id": text(), "label": text() }), &["entity", "id", "label"])) }),
        &["entries", "moves", "created"],
    );
    let tone = json!({ "type": "string", "enum": ["neutral", "info", "good", "warn", "bad"] });
    let nullable = json!({ "type": ["string", "null"] });
    let number = json!({ "type": ["integer", "null"] });
    let country = json!({
        "type": "string", "examples": ["CN"], "maxLength": 80,
        "description": "A country of ISO 3166: told by its two letters; its names in English and Chinese and its three letters are understood, too.\n\nISO 3166 国家或地区：返回两位字母代码，也接受中英文名称和三位字母代码。",
    });
    let figures = || json!({ "type": "object", "additionalProperties": {} });
    let mut by_currency = list(object(
        json!({ "currency": text(), "sum": figures(), "min": figures(), "max": figures() }),
        &["currency"],
    ));
    by_currency["description"] = json!(
        "Where a figure is money in the currency of each record and the currency is not grouped by: that figure for every currency. The figure itself is `null` when there are several."
    );
    let shapes = json!({
        "Text": object(json!({ "en": text(), "zh": text() }), &["en", "zh"]),
        "Ref": reference(),
        "ProblemItem": problem_item(),
        "CurrencyCode": {
            "type": "string", "description": "A currency of ISO 4217.\n\nISO 4217 货币代码。", "examples": ["CNY"],
            "enum": kernel::currencies::CURRENCIES.iter().map(|(currency, _)| currency.code()).collect::<Vec<_>>(),
        },
        "Problem": object(
            json!({
                "type": text(), "title": text(), "status": { "type": "integer" },
                "code": { "type": "string", "enum": codes }, "detail": text(),
                "request": { "type": "string", "description": "Quote it when you ask for help." },
                "problems": list(schema("ProblemItem")),
                "current": { "description": "The present record, when the version sent is stale." },
                "to_begin": list(json!({ "type": "string", "enum": ["company", "user"] })),
                "demo_users": list(object(json!({ "login": text(), "name": text(), "role": schema("Text"), "password": text() }), &["login", "name", "role", "password"])),
            }),
            &["type", "title", "status", "code", "detail", "request", "problems"],
        ),
        "Hint": object(json!({ "row": number, "field": nullable, "tone": tone, "text": text() }), &["tone", "text"]),
        "Posted": posted,
        "Shown": object(
            json!({
                "can": object(
                    json!({ "edit": { "type": "boolean" }, "remove": { "type": "boolean" }, "because": { "type": "object", "additionalProperties": text() } }),
                    &["edit", "remove"],
                ),
                "actions": list(object(
                    json!({ "name": text(), "allowed": { "type": "boolean" }, "because": nullable }),
                    &["name", "allowed"],
                )),
                "posted": schema("Posted"),
                "out_of_sight": { "type": "boolean", "description": "It was written and now belongs to somebody whose records you do not see: only its id, version and label are told." },
                "label": text(),
            }),
            &["can", "actions"],
        ),
        "Groups": object(
            json!({ "groups": list(object(
                json!({
                    "key": list(json!({})), "count": { "type": "integer" },
                    "sum": { "type": "object", "additionalProperties": {} },
                    "min": { "type": "object", "additionalProperties": {} },
                    "max": { "type": "object", "additionalProperties": {} },
                    "filled": { "type": "object", "additionalProperties": { "type": "integer" } },
                    "unique": { "type": "object", "additionalProperties": { "type": "integer" } },
                    "by_currency": by_currency,
                }),
                &["key", "count"],
            )) }),
            &["groups"],
        ),
        "BatchResults": object(
            json!({ "results": list(object(
                json!({ "status": { "type": "integer" }, "id": text(), "problems": list(schema("ProblemItem")) }),
                &["status"],
            )) }),
            &["results"],
        ),
        "Imported": object(
            json!({
                "rows": { "type": "integer" }, "created": { "type": "integer" }, "changed": { "type": "integer" }, "dry": { "type": "boolean" },
                "failed": list(object(json!({ "row": { "type": "integer" }, "line": { "type": "integer", "description": "As a spreadsheet counts, the heading being line 1." }, "problems": list(schema("ProblemItem")) }), &["row", "line", "problems"])),
                "duplicates": { "type": "integer", "description": "Of a rehearsal: how many rows say what another says, or look like a record that is there." },
                "alike": list(schema("Alike")),
            }),
            &["rows", "created", "changed", "failed", "duplicates", "alike"],
        ),
        "HookDeliveries": object(
            json!({
                "dead": { "type": "integer", "description": "How many were given up." },
                "deliveries": list(object(
                    json!({
                        "event": text(), "entity": text(), "id": text(), "state": { "type": "string", "enum": ["sent", "waiting", "dead"] },
                        "tries": { "type": "integer" }, "status": { "type": "integer", "description": "0 when nothing was answered." },
                        "error": text(), "at": { "type": "string", "format": "date-time" },
                    }),
                    &["event", "entity", "id", "state", "tries", "status", "error", "at"],
                )),
            }),
            &["dead", "deliveries"],
        ),
        "JobStarted": object(json!({ "job": schema("JobTold") }), &["job"]),
        "JobTold": job_told(json!({})),
        "JobResult": job_told(json!({
            "duplicates": { "type": "integer", "description": "Of a rehearsed file: how many rows say what another says, or look like a record that is there." },
            "alike": list(schema("Alike")),
            "more": { "type": "boolean", "description": "There are more refused rows; ask for those `after` the last." },
            "failed": list(object(
                json!({
                    "row": { "type": "integer" }, "line": { "type": "integer" }, "status": { "type": "integer" },
                    "problems": list(schema("ProblemItem")), "id": text(), "label": nullable,
                    "cells": { "type": "array", "items": text(), "description": "Of a file: what was read, in the order of its planned columns." },
                    "also": {
                        "type": "array", "description": "Of a file: the other rows of the same record.",
                        "items": object(json!({ "line": { "type": "integer" }, "cells": list(text()) }), &["line", "cells"]),
                    },
                }),
                &["row", "line", "status"],
            )),
        })),
        "MassPreview": object(
            json!({
                "count": { "type": "integer", "description": "How many records are meant." },
                "tried": { "type": "integer", "description": "How many of them, the first, were tried and taken back." },
                "accepted": { "type": "integer" },
                "refused": list(object(
                    json!({ "id": text(), "label": nullable, "status": { "type": "integer" }, "problems": list(schema("ProblemItem")) }),
                    &["id", "status", "problems"],
                )),
            }),
            &["count", "tried", "accepted", "refused"],
        ),
        "Bin": object(
            json!({ "items": list(object(
                json!({ "id": text(), "label": text(), "removed_at": { "type": "string", "format": "date-time" }, "removed_by": nullable }),
                &["id", "label", "removed_at", "removed_by"],
            )) }),
            &["items"],
        ),
        "FileLook": file_look(),
        "FilePlan": object(
            json!({
                "sheet": { "type": "integer", "default": 0 }, "head": { "type": "integer", "default": 1 },
                "columns": list(maybe(object(
                    json!({
                        "field": text(), "known": { "enum": ["change", "skip", null], "description": "Rows are told apart by this column." },
                        "days": { "enum": ["ymd", "dmy", "mdy", null] }, "decimal": nullable,
                        "values": { "type": "object", "additionalProperties": text() },
                    }),
                    &["field"],
                ))),
                "same": { "type": "object", "additionalProperties": text(), "description": "Fields that get the same value in every row." },
                "cells": { "type": "object", "additionalProperties": { "type": "object", "additionalProperties": text() }, "description": "What was mended, by line, then by column." },
                "skip": list(json!({ "type": "integer" })),
            }),
            &["columns"],
        ),
        "Links": object(
            json!({
                "nodes": list(object(
                    json!({ "entity": text(), "id": text(), "label": text(), "stage": nullable, "on": nullable, "total": nullable, "currency": nullable }),
                    &["entity", "id", "label"],
                )),
                "edges": list(object(json!({ "from": text(), "to": text(), "kind": text() }), &["from", "to", "kind"])),
            }),
            &["nodes", "edges"],
        ),
        "Books": object(
            json!({
                "entries": list(object(
                    json!({ "id": text(), "number": nullable, "posted_on": text(), "journal": text(), "lines": list(object(
                        json!({
                            "account": schema("Ref"), "debit": text(), "credit": text(),
                            "currency_amount": nullable, "currency": nullable, "party": maybe(schema("Ref")),
                            "product": maybe(schema("Ref")), "due_on": nullable, "memo": nullable,
                        }),
                        &["account", "debit", "credit"],
                    )) }),
                    &["id", "number", "posted_on", "journal", "lines"],
                )),
                "moves": list(object(
                    json!({
                        "id": text(), "product": schema("Ref"), "qty": text(), "from": schema("Ref"), "to": schema("Ref"),
                        "moved_on": text(), "value": nullable,
                    }),
                    &["id", "product", "qty", "from", "to", "moved_on", "value"],
                )),
                "document": maybe(object(json!({ "entity": text(), "id": text(), "label": text() }), &["entity", "id", "label"])),
            }),
            &["entries", "moves", "document"],
        ),
        "Open": {
            "description": "Where a figure leads.",
            "oneOf": [
                object(json!({ "report": text(), "params": { "type": "object", "additionalProperties": text() } }), &["report"]),
                object(json!({ "entity": text(), "id": text(), "filter": {} }), &["entity"]),
                { "type": "null" },
            ],
        },
        "ReportTable": object(
            json!({
                "title": text(),
                "columns": list(object(json!({ "name": text(), "label": text(), "kind": { "type": "string", "enum": super::metadata::KINDS } }), &["name", "label", "kind"])),
                "rows": list(object(
                    json!({
                        "cells": { "type": "object", "additionalProperties": {} }, "level": { "type": "integer" },
                        "style": { "type": "string", "enum": ["plain", "head", "total"] }, "open": schema("Open"),
                    }),
                    &["cells", "level", "style"],
                )),
                "notes": list(text()),
            }),
            &["title", "columns", "rows", "notes"],
        ),
        "Session": object(
            json!({
                "user": object(json!({ "id": text(), "name": text(), "login": text(), "language": text() }), &["id", "name", "login", "language"]),
                "company": schema("Company_"), "companies": list(schema("Company_")), "roles": list(text()),
                "today": { "type": "string", "format": "date" }, "demo": { "type": "boolean" }, "second_factor": { "type": "boolean" }, "modules": list(text()),
                "administrators": { "type": "array", "items": text(), "description": "Names of those who can give a right one lacks." },
            }),
            &["user", "company", "companies", "roles", "today", "demo", "modules", "administrators"],
        ),
        "Company_": object(json!({ "id": text(), "label": text(), "currency": text() }), &["id", "label", "currency"]),
        "Home": object(
            json!({
                "figures": list(object(
                    json!({
                        "name": text(), "label": schema("Text"), "value": { "type": ["string", "integer", "null"], "description": "A decimal string; an integer for what is counted." },
                        "kind": { "type": "string", "enum": ["amount", "int", "qty", "rate"] },
                        "period": schema("Text"), "before": { "type": ["string", "integer", "null"] },
                        "before_period": { "oneOf": [schema("Text"), { "type": "null" }] }, "open": schema("Open"),
                    }),
                    &["name", "label", "period", "value", "kind"],
                )),
                "charts": list(object(
                    json!({
                        "name": text(), "label": schema("Text"), "kind": { "type": "string", "enum": ["bar", "line", "pie"] },
                        "categories": list(text()),
                        "series": list(object(json!({ "label": schema("Text"), "values": list(text()), "kind": { "type": "string", "enum": super::metadata::KINDS } }), &["label", "values", "kind"])),
                        "open": schema("Open"),
                    }),
                    &["name", "label", "kind", "categories", "series"],
                )),
            }),
            &["figures", "charts"],
        ),
        "Hits": object(
            json!({ "hits": list(object(json!({ "entity": text(), "id": text(), "label": text(), "text": text() }), &["entity", "id", "label"])) }),
            &["hits"],
        ),
    });
    let Json::Object(mut shapes) = shapes else { return Map::new() };
    shapes.insert("WorkingDays".to_owned(), working_days());
    shapes.insert("Alike".to_owned(), alike());
    shapes.insert("CountryCode".to_owned(), country);
    shapes
}

/// How far long work is, and more.
/// A row of a file that says what another says, or looks like a record that is there.
fn alike() -> Json {
    let whole = json!({ "type": "integer" });
    object(
        json!({ "row": whole, "line": whole, "cells": list(text()), "problems": list(schema("ProblemItem")) }),
        &["row", "line", "cells", "problems"],
    )
}

/// What an action would post.
pub(super) fn would_post() -> Json {
    let document = object(json!({ "entity": text(), "id": text(), "label": text() }), &["entity", "id", "label"]);
    let difference = object(
        json!({ "product": schema("Ref"), "moved_on": text(), "value": { "type": ["string", "null"] }, "document": maybe(document) }),
        &["product", "moved_on", "value", "document"],
    );
    let more = object(json!({ "differences": list(difference) }), &["differences"]);
    json!({ "allOf": [schema("Books"), more] })
}

fn job_told(more: Json) -> Json {
    let mut told = json!({
        "id": text(), "kind": { "type": "string", "enum": ["import", "batch", "undo"] }, "entity": text(), "company": text(),
        "state": { "type": "string", "enum": ["waiting", "running", "done", "failed", "cancelled"] },
        "error": { "type": ["string", "null"], "description": "Why it failed or waits." },
        "dry": { "type": "boolean" },
        "undo": { "type": "boolean", "description": "What it did can be undone." },
    });
    for name in ["version", "rows", "done", "created", "changed", "refused"] {
        told[name] = json!({ "type": "integer" });
    }
    let mut required = vec!["id", "kind", "entity", "state", "done", "rows", "created", "changed", "refused"];
    if let (Some(more), Some(told)) = (more.as_object(), told.as_object_mut()) {
        required.extend(more.keys().map(String::as_str));
        told.extend(more.clone());
    }
    object(told, &required)
}

/// The body of a batch of these records.
pub(super) fn batch(record: Json) -> Json {
    let row = object(
        json!({
            "op": { "type": "string", "description": "create, change, delete, upsert or the name of an action." },
            "id": text(), "version": { "type": "integer" }, "external_id": text(), "record": record,
        }),
        &["op"],
    );
    object(
        json!({ "rows": { "type": "array", "items": row, "maxItems": 5000 }, "atomic": { "type": "boolean", "default": true } }),
        &["rows"],
    )
}

/// The body of an import.
pub(super) fn file() -> Json {
    json!({
        "required": true,
        "content": {
            "text/csv": { "schema": text() },
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet":
                { "schema": { "type": "string", "contentMediaType": "application/octet-stream" } },
            "multipart/form-data": { "schema": object(
                json!({ "plan": schema("FilePlan"), "file": { "type": "string", "contentMediaType": "application/octet-stream" } }),
                &["plan", "file"],
            ) },
        },
    })
}

/// A file as it is.
pub(super) fn raw_file() -> Json {
    let mut body = file();
    if let Some(kinds) = body["content"].as_object_mut() {
        kinds.remove("multipart/form-data");
    }
    body
}

/// What is done to many records.
pub(super) fn mass(record: Json) -> Json {
    object(
        json!({
            "op": { "type": "string", "description": "change, delete or the name of an action." },
            "ids": list(text()),
            "filter": { "description": "Instead of ids: all records it leaves; null for all there are." },
            "search": text(), "record": record,
            "near": { "type": "boolean", "default": false, "description": "Also what nearly has the words, where nothing has them, as a list shows it." }, "preview": { "type": "boolean", "default": false },
        }),
        &["op"],
    )
}

/// Addresses that are not of one entity.
pub(super) fn paths() -> Map<String, Json> {
    use super::{Operation, answer, answers, body, put};
    let mut paths = Map::new();
    let operation = |id: &str, tag, summary: &str, body, responses| Operation {
        id: id.to_owned(),
        tag,
        summary: summary.to_owned(),
        about: String::new(),
        parameters: &[],
        body,
        responses,
    };
    let session = || answer("Who one is.", schema("Session"));
    let nothing = || json!({ "description": "Done." });
    let at = || "/api/session".to_owned();
    put(
        &mut paths,
        at(),
        "get",
        operation("session", "session", "Who am I", None, answers(&[("200", session())], &[])),
    );
    let code = json!({ "type": ["string", "null"], "description": "Of the second factor, for those who have one: the app's, or one of the paper." });
    let pair = object(json!({ "login": text(), "password": text(), "code": code }), &["login", "password"]);
    let sign_in = operation(
        "sign_in",
        "session",
        "Sign in",
        Some(body(pair, true)),
        answers(&[("200", session())], &["409", "429"]),
    );
    put(&mut paths, at(), "post", sign_in);
    put(
        &mut paths,
        at(),
        "delete",
        operation("sign_out", "session", "Sign out", None, answers(&[("204", nothing())], &[])),
    );
    let wish = object(json!({ "company": text(), "language": { "type": "string", "enum": ["en", "zh"] } }), &[]);
    let change = operation(
        "change_session",
        "session",
        "Choose a company or language",
        Some(body(wish, true)),
        answers(&[("200", session())], &[]),
    );
    put(&mut paths, at(), "patch", change);
    let words = object(json!({ "old": text(), "new": text() }), &["old", "new"]);
    let password = operation(
        "change_password",
        "session",
        "Change one's password; ends all sessions",
        Some(body(words, true)),
        answers(&[("204", nothing())], &["409", "422"]),
    );
    put(&mut paths, "/api/session/password".to_owned(), "put", password);
    let word = object(json!({ "new": text() }), &["new"]);
    let given = answers(&[("204", nothing())], &["404", "422"]);
    let give = operation(
        "give_password",
        "session",
        "Give another user a password; ends all their sessions",
        Some(body(word, true)),
        given,
    );
    put(&mut paths, "/api/user/{id}/password".to_owned(), "put", Operation { parameters: &["Id", "Ours"], ..give });
    let factor = || "/api/session/second_factor".to_owned();
    let secret = object(json!({ "secret": text(), "uri": text() }), &["secret", "uri"]);
    let begun = answers(
        &[("200", answer("The secret, for the app of the phone; it counts once a code was shown.", secret))],
        &["409", "422"],
    );
    let word = object(json!({ "password": text() }), &["password"]);
    let begin = operation("begin_second_factor", "session", "Set up a second factor", Some(body(word, true)), begun);
    put(&mut paths, factor(), "post", begin);
    let codes = object(json!({ "recovery_codes": list(text()) }), &["recovery_codes"]);
    let confirmed =
        answers(&[("200", answer("Codes for paper, each opens once, shown this once.", codes))], &["409", "422"]);
    let word = object(json!({ "code": text() }), &["code"]);
    let confirm =
        operation("confirm_second_factor", "session", "Show that the app has it", Some(body(word, true)), confirmed);
    put(&mut paths, factor(), "put", confirm);
    let words = object(json!({ "password": text(), "code": text() }), &["password", "code"]);
    let gone = || answers(&[("204", nothing())], &["404", "409", "422"]);
    let drop =
        operation("drop_second_factor", "session", "Take it away; ends all sessions", Some(body(words, true)), gone());
    put(&mut paths, factor(), "delete", drop);
    let reset = operation("reset_second_factor", "session", "Take away another user's who lost it", None, gone());
    let at_user = "/api/user/{id}/second_factor".to_owned();
    put(&mut paths, at_user, "delete", Operation { parameters: &["Id", "Ours"], ..reset });
    let made =
        answers(&[("200", answer("The key, shown this once.", object(json!({ "key": text() }), &["key"])))], &["404"]);
    let issue = operation("issue_api_key", "session", "Make the secret of an API key", None, made);
    put(&mut paths, "/api/api_key/{id}/issue".to_owned(), "post", Operation { parameters: &["Id", "Ours"], ..issue });
    let secret = object(json!({ "secret": text() }), &["secret"]);
    let made = answers(&[("200", answer("What deliveries are signed with, shown this once.", secret))], &["404"]);
    let issue = operation("issue_webhook", "webhook", "Make the secret of a webhook", None, made);
    put(&mut paths, "/api/webhook/{id}/issue".to_owned(), "post", Operation { parameters: &["Id", "Ours"], ..issue });
    let told = || answers(&[("200", answer("The newest deliveries.", schema("HookDeliveries")))], &["404"]);
    let look = operation("deliveries_webhook", "webhook", "What a webhook was told", None, told());
    put(&mut paths, "/api/webhook/{id}/deliveries".to_owned(), "get", Operation { parameters: &["Id"], ..look });
    let again = operation("retry_webhook", "webhook", "Try dead deliveries again", None, told());
    put(&mut paths, "/api/webhook/{id}/retry".to_owned(), "post", Operation { parameters: &["Id", "Ours"], ..again });
    for (verb, summary) in
        [("cancel", "Stop long work; what was done stays"), ("resume", "Take stopped or failed work up again")]
    {
        let told = answers(&[("200", answer("How far it is.", schema("JobStarted")))], &["404", "409"]);
        let turn = operation(&format!("{verb}_job"), "job", summary, None, told);
        put(&mut paths, format!("/api/job/{{id}}/{verb}"), "post", Operation { parameters: &["Id", "Ours"], ..turn });
    }
    let begun = answers(
        &[("202", answer("It is undone in the background.", schema("JobStarted")))],
        &["404", "409", "413", "422"],
    );
    let undo = operation("undo_job", "job", "Undo what long work did, row by row from the last", None, begun);
    put(&mut paths, "/api/job/{id}/undo".to_owned(), "post", Operation { parameters: &["Id", "Key", "Ours"], ..undo });
    let told = answers(&[("200", answer("What became of every row.", schema("JobResult")))], &["404"]);
    let result = operation("result_job", "job", "What became of long work", None, told);
    put(&mut paths, "/api/job/{id}/result".to_owned(), "get", Operation { parameters: &["Id", "After"], ..result });
    for (path, id, summary, shape) in [
        ("/api/meta", "meta", "What there is", "Meta"),
        ("/api/home", "home", "Figures and charts of today", "Home"),
        ("/api/working_days", "working_days", "Which days the company works", "WorkingDays"),
    ] {
        let told = answers(&[("200", answer(summary, schema(shape)))], &[]);
        put(&mut paths, path.to_owned(), "get", operation(id, "everywhere", summary, None, told));
    }
    let hits = answers(&[("200", answer("What was found.", schema("Hits")))], &[]);
    let search = operation("search", "everywhere", "Search everything", None, hits);
    let mut search = search.json();
    if let Some(parameters) = search["parameters"].as_array_mut() {
        parameters.push(json!({ "name": "q", "in": "query", "required": true, "schema": text(), "description": "Chinese, pinyin, initials or English." }));
        parameters.push(json!({ "name": "limit", "in": "query", "required": false, "schema": { "type": "integer", "minimum": 1, "maximum": 50 }, "description": "How many." }));
    }
    paths.insert("/api/search".to_owned(), json!({ "get": search }));
    let stream = json!({ "description": "`event: change`, `data: {entity, id, version, company}`.", "content": { "text/event-stream": { "schema": text() } } });
    let live = operation("live", "everywhere", "Changes as they happen", None, answers(&[("200", stream)], &[]));
    put(&mut paths, "/api/live".to_owned(), "get", live);
    paths
}
