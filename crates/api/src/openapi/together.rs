//! What hangs on records, and what is one's own: notes, files, followers, notices, recent records.

use serde_json::{Map, Value as Json, json};

use super::common::{list, maybe, object, text};
use super::{Operation, answer, answers, body, put, schema, with_tag};

/// Parameters of these operations.
pub(super) fn parameters() -> Vec<(&'static str, Json)> {
    let query = |name: &str, schema: Json, about: &str| json!({ "name": name, "in": "query", "required": false, "schema": schema, "description": about });
    vec![
        ("Before", query("before", text(), "`next` of the page before.")),
        (
            "TimelineKind",
            query(
                "kind",
                json!({ "type": "string", "enum": ["note", "changes"] }),
                "Only what was said, or only changes.",
            ),
        ),
        ("PageLimit", query("limit", json!({ "type": "integer", "minimum": 1, "maximum": 200 }), "How many at most.")),
        ("Unread", query("unread", json!({ "type": "boolean" }), "Only what was not read.")),
        ("Inline", query("inline", json!({ "type": "boolean" }), "Show pictures and PDF in place.")),
    ]
}

/// Shapes of these operations.
pub(super) fn schemas() -> Vec<(&'static str, Json)> {
    let nullable = || json!({ "type": ["string", "null"] });
    let count = || json!({ "type": "integer", "minimum": 0 });
    let moment = || json!({ "type": "string", "format": "date-time" });
    let choice = |codes: &[&str]| json!({ "type": "string", "enum": codes });
    let delivery = || choice(&["now", "digest", "never"]);
    let item = object(
        json!({
            "at": moment(), "by": maybe(schema("Ref")),
            "kind": choice(&["note", "created", "changed", "action", "posted", "removed", "attachment", "activity"]),
            "text": nullable(),
            "changes": list(object(json!({ "field": text(), "old": {}, "new": {} }), &["field"])),
            "note": object(
                json!({ "id": text(), "version": count(), "kind": choice(&["log", "message"]), "edited": { "type": "boolean" }, "mine": { "type": "boolean" } }),
                &["id", "version", "kind", "edited", "mine"],
            ),
            "attachment": object(json!({ "id": text(), "media_type": text(), "size": count() }), &["id", "media_type", "size"]),
            "activity": object(json!({ "id": text(), "result": nullable() }), &["id"]),
        }),
        &["at", "kind"],
    );
    let settled = object(
        json!({
            "how": choice(&["payment", "advance", "discount", "write_off", "document"]),
            "on": text(), "amount": text(), "document": maybe(schema("Named")),
        }),
        &["how", "on", "amount"],
    );
    let notice = object(
        json!({
            "id": text(), "at": moment(), "kind": choice(&["mention", "assignment", "follow", "note", "stage", "job", "due"]),
            "by": maybe(schema("Ref")), "about": maybe(schema("Named")), "text": text(), "read": { "type": "boolean" },
        }),
        &["id", "at", "kind", "by", "about", "text", "read"],
    );
    vec![
        ("Settled", object(json!({ "currency": text(), "settled": list(settled) }), &["currency", "settled"])),
        (
            "NoteText",
            object(
                json!({ "text": { "type": "string", "minLength": 1, "maxLength": 10000 }, "kind": choice(&["log", "message"]) }),
                &["text"],
            ),
        ),
        ("Timeline", object(json!({ "items": list(item), "next": nullable() }), &["items", "next"])),
        ("Named", object(json!({ "entity": text(), "id": text(), "label": text() }), &["entity", "id", "label"])),
        (
            "Together",
            object(
                json!({
                    "notes": count(), "attachments": count(), "followers": count(), "following": { "type": "boolean" },
                    "activities": object(json!({ "overdue": count(), "today": count(), "planned": count() }), &["overdue", "today", "planned"]),
                    "favourite": maybe(object(json!({ "id": text(), "version": count() }), &["id", "version"])),
                }),
                &["notes", "activities", "attachments", "followers", "following", "favourite"],
            ),
        ),
        (
            "Followers",
            object(
                json!({ "following": { "type": "boolean" }, "followers": list(schema("Ref")) }),
                &["following", "followers"],
            ),
        ),
        (
            "Inbox",
            object(
                json!({ "items": list(notice), "unread": count(), "next": nullable() }),
                &["items", "unread", "next"],
            ),
        ),
        ("Unread", object(json!({ "unread": count() }), &["unread"])),
        (
            "NoticeSettings",
            object(
                json!({
                    "mention": delivery(), "assignment": delivery(), "note": delivery(), "stage": delivery(), "job": delivery(),
                    "quiet_from": nullable(), "quiet_to": nullable(),
                }),
                &[],
            ),
        ),
        (
            "Recent",
            object(
                json!({ "items": list(object(json!({ "entity": text(), "id": text(), "label": text(), "at": moment() }), &["entity", "id", "label", "at"])) }),
                &["items"],
            ),
        ),
        (
            "NextAsked",
            object(
                json!({ "entity": text(), "ids": { "type": "array", "items": text(), "maxItems": 500 } }),
                &["entity", "ids"],
            ),
        ),
        ("NextActivities", object(json!({ "next": { "type": "object" } }), &["next"])),
    ]
}

fn operation<'a>(
    id: &str,
    tag: &'a str,
    summary: &str,
    parameters: &'a [&'a str],
    sent: Option<Json>,
    responses: Json,
) -> Operation<'a> {
    let summary = summary.to_owned();
    Operation { id: id.to_owned(), tag, summary, about: String::new(), parameters, body: sent, responses }
}

/// A file as part of a form.
fn form() -> Json {
    let file = json!({ "type": "string", "contentMediaType": "application/octet-stream" });
    let schema = object(json!({ "file": file, "note": text() }), &["file"]);
    json!({ "required": true, "content": { "multipart/form-data": { "schema": schema } } })
}

/// Operations that are not of one entity.
pub(super) fn paths(paths: &mut Map<String, Json>) {
    let told = |text: &str, shape: &str, more: &[&str]| answers(&[("200", answer(text, schema(shape)))], more);
    let at = |path: &str| format!("/api{path}");
    let tag = "everywhere";
    put(
        paths,
        at("/inbox"),
        "get",
        operation(
            "inbox",
            tag,
            "What one was told",
            &["PageLimit", "Before", "Unread"],
            None,
            told("Newest first.", "Inbox", &[]),
        ),
    );
    put(
        paths,
        at("/inbox/unread"),
        "get",
        operation("unread", tag, "How much one has not read", &[], None, told("The count.", "Unread", &[])),
    );
    let which = object(
        json!({ "ids": { "type": "array", "items": text(), "maxItems": 500 }, "all": { "type": "boolean" } }),
        &[],
    );
    put(
        paths,
        at("/inbox/read"),
        "post",
        operation(
            "read",
            tag,
            "Note what was read",
            &["Ours"],
            Some(body(which, true)),
            told("The count.", "Unread", &["413"]),
        ),
    );
    put(
        paths,
        at("/inbox/settings"),
        "get",
        operation(
            "notice_settings",
            tag,
            "How one wants to be told",
            &[],
            None,
            told("The settings.", "NoticeSettings", &[]),
        ),
    );
    let set = told("The settings.", "NoticeSettings", &["409", "412", "413", "422"]);
    put(
        paths,
        at("/inbox/settings"),
        "put",
        operation(
            "set_notice_settings",
            tag,
            "Say how one wants to be told",
            &["Ours"],
            Some(body(schema("NoticeSettings"), true)),
            set,
        ),
    );
    put(
        paths,
        at("/recent"),
        "get",
        operation(
            "recent",
            tag,
            "What one looked at lately",
            &["PageLimit"],
            None,
            told("Newest first.", "Recent", &[]),
        ),
    );
    let named = object(json!({ "entity": text(), "id": text() }), &["entity", "id"]);
    let noted = answers(&[("204", json!({ "description": "Remembered." }))], &["404", "413"]);
    put(
        paths,
        at("/recent"),
        "post",
        operation("looked_at", tag, "Remember that one looked at a record", &["Ours"], Some(body(named, true)), noted),
    );
    let next = told("The next open activity of each.", "NextActivities", &["404", "413", "422"]);
    put(
        paths,
        at("/activity/next"),
        "post",
        operation(
            "next_activity",
            "activity",
            "The next open activity of many records",
            &["Ours"],
            Some(body(schema("NextAsked"), true)),
            next,
        ),
    );
    let file = json!({ "description": "The file.", "content": { "*/*": { "schema": { "type": "string", "contentMediaType": "application/octet-stream" } } } });
    let known = json!({ "description": "It is the one you have." });
    let content = answers(&[("200", with_tag(file)), ("304", with_tag(known))], &["404"]);
    put(
        paths,
        at("/attachment/{id}/content"),
        "get",
        operation(
            "content_attachment",
            "attachment",
            "Download a file",
            &["Id", "Inline", "IfNoneMatch"],
            None,
            content,
        ),
    );
}

/// Operations of every record.
pub(super) fn record_paths(name: &'static str, label: &str, paths: &mut Map<String, Json>) {
    let told = |text: &str, shape: &str| answers(&[("200", answer(text, schema(shape)))], &["404"]);
    let at = |rest: &str| format!("/api/{name}/{{id}}/{rest}");
    let op = |verb: &str, text: &str, parameters, sent, responses| {
        operation(&format!("{verb}_{name}"), name, &format!("{text}: {label}"), parameters, sent, responses)
    };
    const TIMELINE: &[&str] = &["Id", "PageLimit", "Before", "TimelineKind"];
    let timeline = answers(&[("200", answer("Newest first.", schema("Timeline")))], &["404", "422"]);
    put(paths, at("timeline"), "get", op("timeline", "What happened to it", TIMELINE, None, timeline));
    put(
        paths,
        at("together"),
        "get",
        op("together", "What hangs on it, counted", &["Id"], None, told("Counts.", "Together")),
    );
    put(paths, at("follow"), "get", op("followers", "Who follows it", &["Id"], None, told("Who.", "Followers")));
    put(paths, at("follow"), "put", op("follow", "Follow it", &["Id", "Ours"], None, told("Who.", "Followers")));
    let colleague = body(object(json!({ "user": text() }), &["user"]), true);
    let had = answers(&[("200", answer("Who.", schema("Followers")))], &["404", "422"]);
    let add = op("add_follower", "Have a colleague follow it", &["Id", "Ours"], Some(colleague), had);
    put(paths, at("follow"), "post", add);
    put(
        paths,
        at("follow"),
        "delete",
        op("unfollow", "Follow it no longer", &["Id", "Ours"], None, told("Who.", "Followers")),
    );
    let noted = answers(&[("201", answer("The note.", json!({})))], &["404", "409", "413", "422"]);
    put(
        paths,
        at("note"),
        "post",
        op("note", "Write a note", &["Id", "Key", "Ours"], Some(body(schema("NoteText"), true)), noted),
    );
    let hung = answers(&[("201", with_tag(answer("The file.", json!({}))))], &["404", "409", "413", "422"]);
    put(paths, at("attachment"), "post", op("attach", "Hang a file on it", &["Id", "Key", "Ours"], Some(form()), hung));
}
