//! What only the system gives: the id and the version of a record, and what the books hold.

use kernel::{Label, Param, ProblemKind, Refusal, id_parse};
use meta::{EntityMeta, Record, Trouble};
use serde_json::{Map, Value as Json};

fn said<'a>(body: &'a Map<String, Json>, name: &str) -> Option<&'a Json> {
    body.get(name).filter(|said| !said.is_null() && said.as_str() != Some(""))
}

/// A new record has neither: one that was meant to be changed would be there twice.
pub(crate) fn nothing(body: &Map<String, Json>) -> Result<(), Trouble> {
    let given = |name: &str, text: Label| said(body, name).map(|_| Refusal::new("given_by_us", text).field(name));
    let id = given(
        "id",
        Label::new(
            "A new record gets its id from the system. Leave “id” out; to change a record, send the change to its address; an id of yours goes into “external_id”.",
            "新记录的 id 由系统给出，请去掉“id”。要修改已有记录，请发送到该记录的地址；贵方的编号请填入“external_id”。",
        ),
    );
    let version = given(
        "version",
        Label::new("A new record has no version yet. Leave “version” out.", "新记录还没有版本号，请去掉“version”。"),
    );
    let problems: Vec<Refusal> = id.into_iter().chain(version).collect();
    if problems.is_empty() { Ok(()) } else { Err(Refusal::merge(problems).into()) }
}

/// A change may say which record it is of: that one.
pub(crate) fn the_same(meta: &EntityMeta, record: &Record, body: &Map<String, Json>) -> Result<(), Trouble> {
    let Some(id) = said(body, "id") else { return Ok(()) };
    if id.as_str().and_then(|id| id_parse(meta.prefix, id)) == Some(record.id) {
        return Ok(());
    }
    let text = Label::new(
        "The “id” in the body is not that of the record it is sent to. Leave it out, or send it to the other record.",
        "内容中的“id”与所修改的记录不符。请去掉，或发送到另一条记录的地址。",
    );
    Err(Refusal::new("another_id", text).kind(ProblemKind::Conflict).field("id").into())
}

/// What the books hold is not written by anybody.
pub(crate) fn written_by_us(meta: &EntityMeta) -> Trouble {
    Refusal::new("written_by_us", Label::new("{what} is written by the system only.", "{what}只能由系统生成。"))
        .with("what", Param::Label(meta.label))
        .kind(ProblemKind::NotAllowed)
        .into()
}
