//! Files: found out what they are, kept in chunks, the same content once.

use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use kernel::{Label, ProblemKind, Refusal, id_text};
use meta::{Fault, Record, Trouble, Value};
use serde_json::Value as Json;
use sha2::{Digest, Sha256};

use crate::facts::Tx;
use crate::write::{Posted, fresh, insert, remember, replayed};
use crate::{Actor, Engine, Key, gone};

/// The largest file.
pub const FILE_MAX: usize = 25 * 1024 * 1024;
/// How much of a file one row holds; rows hold text, so it takes a third more.
const CHUNK: usize = 192 * 1024;
/// The longest name, in characters.
const NAME_MAX: usize = 200;

/// A file as it was sent.
#[derive(Clone, Debug)]
pub struct Upload {
    /// What the sender calls it.
    pub name: String,
    /// What is in it.
    pub bytes: Vec<u8>,
    /// The raw note it was sent with.
    pub note: Option<i64>,
}

/// A file as it is given back.
#[derive(Clone, Debug)]
pub struct Content {
    /// What it is called.
    pub name: String,
    /// What it is.
    pub media_type: String,
    /// The SHA-256 of the content, in hex.
    pub sha256: String,
    /// What is in it.
    pub bytes: Vec<u8>,
}

impl Content {
    /// Whether a browser may show it in place: pictures and PDF, which run nothing of ours.
    pub fn is_shown(&self) -> bool {
        self.media_type.starts_with("image/") || self.media_type == "application/pdf"
    }
}

/// What a file is, by what is in it and not by what it is called.
fn media_type(bytes: &[u8]) -> &'static str {
    let is_webp = bytes.len() >= 12 && bytes.starts_with(b"RIFF") && &bytes[8..12] == b"WEBP";
    match bytes {
        _ if bytes.starts_with(b"\x89PNG\r\n\x1a\n") => "image/png",
        _ if bytes.starts_with(b"\xff\xd8\xff") => "image/jpeg",
        _ if bytes.starts_with(b"GIF87a") || bytes.starts_with(b"GIF89a") => "image/gif",
        _ if is_webp => "image/webp",
        _ if bytes.starts_with(b"%PDF-") => "application/pdf",
        _ if is_text(bytes) => "text/plain",
        _ => "application/octet-stream",
    }
}

fn is_text(bytes: &[u8]) -> bool {
    let control = |sign: char| sign.is_control() && !matches!(sign, '\n' | '\r' | '\t');
    std::str::from_utf8(bytes).is_ok_and(|text| !text.contains(control))
}

/// A name without the way to it, and without what cannot be seen.
fn plain_name(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or("");
    // Signs that turn the direction of writing make an .exe look like a .pdf.
    let hidden = |sign: char| {
        sign.is_control()
            || matches!(sign, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
    };
    let kept: String = last.chars().filter(|sign| !hidden(*sign)).take(NAME_MAX).collect();
    let kept = kept.trim().trim_matches('.').trim();
    if kept.is_empty() { "file".to_owned() } else { kept.to_owned() }
}

fn refused(code: &'static str, text: Label, kind: ProblemKind) -> Trouble {
    Refusal::new(code, text).kind(kind).field("file").into()
}

impl Engine {
    /// Hangs a file on a record.
    pub fn attach(
        self: &Arc<Self>,
        actor: &Actor,
        entity: &str,
        id: i64,
        upload: Upload,
        key: Option<&Key>,
    ) -> Result<Json, Trouble> {
        let (about, meta) = (self.entity(entity)?, self.entity("attachment")?);
        self.permit(actor, meta, "add")?;
        if upload.bytes.is_empty() {
            let text = Label::new("The file is empty. Choose another.", "文件为空，请重新选择。");
            return Err(refused("empty_file", text, ProblemKind::Invalid));
        }
        if FILE_MAX < upload.bytes.len() {
            let text = Label::new("A file may have 25 MB. Make it smaller.", "文件不能超过 25 MB，请压缩后再上传。");
            return Err(refused("too_large", text, ProblemKind::TooMuch));
        }
        let sha256: String = Sha256::digest(&upload.bytes).iter().map(|byte| format!("{byte:02x}")).collect();
        let (upload, key) = (Arc::new(upload), key.cloned());
        let posted = self.transact(actor, move |tx| {
            if let Some(known) = replayed(tx, key.as_ref())? {
                return Ok(known);
            }
            let whole = tx.engine.seen(tx.conn, tx.actor, about, id)?;
            let mut record = fresh(meta, tx.actor, tx.context.today);
            for (name, value) in [
                ("about_entity", Value::from(about.name)),
                ("about_doc", id.into()),
                ("name", plain_name(&upload.name).into()),
                ("media_type", media_type(&upload.bytes).into()),
                ("size", Value::Int(upload.bytes.len() as i64)),
                ("sha256", sha256.as_str().into()),
                ("note", upload.note.map_or(Value::Null, Value::Int)),
            ] {
                record.set(name, value);
            }
            if let Some(company) = whole.company() {
                record.set("company", company);
            }
            same_pair(tx, &record, upload.note)?;
            keep(tx, &sha256, &upload.bytes)?;
            let posted = Posted { id: insert(tx, record)?, ..Posted::default() };
            remember(tx, key.as_ref(), &posted);
            Ok(posted)
        })?;
        self.get(actor, meta.name, posted.id)
    }

    /// What is in a file.
    pub fn content(&self, actor: &Actor, id: i64) -> Result<Content, Trouble> {
        let meta = self.entity("attachment")?;
        self.database.read(|conn| {
            let record = self.seen(conn, actor, meta, id)?;
            let text = |name: &str| record.get(name).text().unwrap_or("").to_owned();
            let sha256 = text("sha256");
            let rows = conn
                .query("select bytes from content_chunk where sha256 = ?1 order by part", &[sha256.as_str().into()])?;
            let mut bytes = Vec::with_capacity(record.get("size").int().unwrap_or(0) as usize);
            for row in &rows {
                BASE64.decode_vec(row.text(0), &mut bytes).map_err(|why| Fault::new(why.to_string()))?;
            }
            if bytes.len() as i64 != record.get("size").int().unwrap_or(0) {
                return Err(Fault::new(format!("the content of {} is not whole", id_text(meta.prefix, id))).into());
            }
            Ok(Content { name: text("name"), media_type: text("media_type"), sha256, bytes })
        })
    }
}

/// A file is sent with a note about the same record.
fn same_pair(tx: &Tx, file: &Record, note: Option<i64>) -> Result<(), Trouble> {
    let Some(note) = note else { return Ok(()) };
    let meta = tx.engine.entity("note")?;
    let note = tx.load(meta, note)?;
    let same = |name: &str| note.as_ref().is_some_and(|note| note.get(name) == file.get(name));
    if same("about_entity") && same("about_doc") { Ok(()) } else { Err(gone(meta)) }
}

/// Keeps content, unless it is kept already.
fn keep(tx: &Tx, sha256: &str, bytes: &[u8]) -> Result<(), Trouble> {
    if !tx.query("select 1 from content_chunk where sha256 = ?1 and part = 0", &[sha256.into()])?.is_empty() {
        return Ok(());
    }
    for (part, chunk) in bytes.chunks(CHUNK).enumerate() {
        tx.push(
            "insert into content_chunk (sha256, part, bytes) values (?1, ?2, ?3)",
            vec![sha256.into(), (part as i64).into(), BASE64.encode(chunk).into()],
        );
    }
    Ok(())
}

/// Lets content go that no file has any more.
pub(super) fn let_go(tx: &Tx, record: &Record) {
    let sha256 = record.get("sha256").clone();
    tx.push(
        "delete from content_chunk where sha256 = ?1
         and not exists (select 1 from attachment where attachment.sha256 = ?1)",
        vec![sha256],
    );
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_what_is_in_it() {
        assert_eq!(media_type(b"\x89PNG\r\n\x1a\n...."), "image/png");
        assert_eq!(media_type(b"\xff\xd8\xff\xe0"), "image/jpeg");
        assert_eq!(media_type(b"RIFF\x01\x02\x03\x04WEBPVP8 "), "image/webp");
        assert_eq!(media_type(b"%PDF-1.7"), "application/pdf");
        assert_eq!(media_type(b"<html><script>alert(1)</script>"), "text/plain");
        assert_eq!(media_type(b"<svg onload=alert(1)>"), "text/plain");
        assert_eq!(media_type(b"MZ\x90\x00"), "application/octet-stream");
    }

    #[test]
    fn a_name_is_no_way_and_hides_nothing() {
        assert_eq!(plain_name("../../etc/passwd"), "passwd");
        assert_eq!(plain_name("C:\\temp\\报价.pdf"), "报价.pdf");
        assert_eq!(plain_name("a\u{202e}fdp.exe\n"), "afdp.exe");
        assert_eq!(plain_name(".."), "file");
        assert_eq!(plain_name(&"x".repeat(300)).len(), NAME_MAX);
    }
}
