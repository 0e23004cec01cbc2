//! Notes: what was said about a record.

use books::CompanyId;
use kernel::{Id, Refusal, mentions};
use meta::{Choice, DocId, Document, Effects, Entity, Reader, Trouble, Want};
use org::{NoAction, User};

/// The longest note, in characters.
pub const BODY_MAX: usize = 10_000;

/// What somebody wrote about a record: for the file, or to all who follow it.
/// 对某条记录所写的备注：仅存档，或同时发给所有关注者。
#[derive(Entity, Clone, Debug)]
#[entity(
    prefix = "nt",
    kind = "master",
    zh = "备注",
    title = "body",
    list = "about_doc,body,kind,owner",
    sort = "-id",
    index = "about_entity,about_doc"
)]
pub struct Note {
    pub id: Id<Note>,
    #[field(zh = "公司")]
    pub company: CompanyId,
    /// Of what sort the record is.
    /// 所关联记录的类型。
    #[field(label = "Kind of record", zh = "记录类型", computed, group, max = 60)]
    pub about_entity: String,
    /// The record it is about. Whoever may see that one sees the note.
    /// 所关联的记录；有权查看该记录者可见此备注。
    #[field(label = "About", zh = "关联记录")]
    pub about_doc: DocId,
    /// Who wrote it.
    /// 撰写人。
    #[field(label = "Author", zh = "撰写人", readonly, group, optional)]
    pub owner: Id<User>,
    #[field(zh = "类型", group, default = "log")]
    pub kind: NoteKind,
    /// Plain text. @[name](us_…) mentions somebody, who is told.
    /// 纯文本；用 @[姓名](us_…) 提及某人，系统会通知对方。
    #[field(label = "Text", zh = "内容", long, search, max = 10000)]
    pub body: String,
    /// It was changed after it was written.
    /// 发布后修改过。
    #[field(zh = "已编辑", computed)]
    pub edited: bool,
}

/// To whom a note speaks.
#[derive(Choice, Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoteKind {
    /// Kept with the record.
    #[choice(label = "Note", zh = "备注")]
    Log,
    /// Sent to all who follow the record.
    #[choice(label = "Message", zh = "消息", tone = "info")]
    Message,
}

/// Why a note is not saved.
#[derive(meta::Refusal)]
pub enum NotANote {
    /// A note has 1 to {most} characters of text. Write something, or less.
    ///
    /// 备注须为 1 至 {most} 个文字。
    #[refusal(kind = "Invalid", field = "body")]
    NoText {
        /// The most.
        most: i64,
    },
    /// A mention names nobody who works here. Choose the colleague from the list.
    ///
    /// 所提及的人不存在或已停用，请从列表中选择同事。
    #[refusal(kind = "Invalid", field = "body")]
    NoSuchUser,
}

/// What saving a note needs to know.
pub struct Facts {
    /// How many of those mentioned work here.
    known: usize,
    /// How many are mentioned.
    mentioned: usize,
    /// It was saved before.
    is_change: bool,
}

impl Document for Note {
    type Facts = Facts;
    type Action = NoAction;

    fn facts(doc: &Self, want: &Want<NoAction>, reader: &dyn Reader) -> Result<Facts, Trouble> {
        let named = mentions(&doc.body);
        let mut known = 0;
        for user in &named {
            let sql = "select id from \"user\" where id = ?1 and active = 1";
            known += reader.rows(sql, &[(*user).into()])?.len();
        }
        let is_change = matches!(want, Want::Save(Some(_)));
        Ok(Facts { known, mentioned: named.len(), is_change })
    }

    fn complete(doc: &mut Self, facts: &Facts) -> Result<(), Refusal> {
        doc.edited |= facts.is_change;
        if doc.body.trim().is_empty() {
            return Err(NotANote::NoText { most: BODY_MAX as i64 }.into());
        }
        if facts.known < facts.mentioned { Err(NotANote::NoSuchUser.into()) } else { Ok(()) }
    }

    fn decide(_: &Self, action: &NoAction, _: &Facts) -> Result<(&'static str, Effects), Refusal> {
        match *action {}
    }

    fn ready(_: &Self, action: &NoAction) -> Result<(), Refusal> {
        match *action {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn saved(body: &str, known: usize, is_change: bool) -> Result<bool, &'static str> {
        let mut note = Note {
            id: Id::new(0),
            company: Id::new(1),
            about_entity: "party".into(),
            about_doc: DocId(5),
            owner: Id::new(1),
            kind: NoteKind::Log,
            body: body.into(),
            edited: false,
        };
        let facts = Facts { known, mentioned: mentions(body).len(), is_change };
        Note::complete(&mut note, &facts).map(|()| note.edited).map_err(|why| why.problems[0].code)
    }

    #[test]
    fn a_note_says_something_and_mentions_people_who_are_there() {
        assert_eq!(saved("Call back", 0, false), Ok(false));
        assert_eq!(saved("Call back", 0, true), Ok(true));
        assert_eq!(saved(" \n ", 0, false), Err("no_text"));
        assert_eq!(saved("@[Sam](us_4) call", 1, false), Ok(false));
        assert_eq!(saved("@[Sam](us_4) call", 0, false), Err("no_such_user"));
    }
}
