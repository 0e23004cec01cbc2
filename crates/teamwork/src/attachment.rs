//! Files that hang on records.

use books::CompanyId;
use kernel::Id;
use meta::{DocId, Entity};
use org::User;

use crate::Note;

/// A file that hangs on a record. What is in it is kept in the database, the same content once.
/// 记录的附件；内容保存在数据库中，相同内容只存一份。
#[derive(Entity, Clone, Debug)]
#[entity(
    prefix = "af",
    kind = "master",
    zh = "附件",
    title = "name",
    list = "name,about_doc,media_type,size,owner",
    sort = "-id",
    index = "about_entity,about_doc"
)]
pub struct Attachment {
    pub id: Id<Attachment>,
    #[field(zh = "公司")]
    pub company: CompanyId,
    /// Of what sort the record is.
    /// 所关联记录的类型。
    #[field(label = "Kind of record", zh = "记录类型", readonly, group, max = 60)]
    pub about_entity: String,
    /// The record it hangs on. Whoever may see that one sees the file.
    /// 所关联的记录；有权查看该记录者可见此附件。
    #[field(label = "About", zh = "关联记录", readonly)]
    pub about_doc: DocId,
    /// Who brought it.
    /// 上传人。
    #[field(label = "Brought by", zh = "上传人", readonly, group)]
    pub owner: Id<User>,
    #[field(zh = "名称", readonly, search, max = 200)]
    pub name: String,
    /// What it is, found out from its content.
    /// 依据内容识别的文件类型。
    #[field(label = "Sort of file", zh = "文件类型", readonly, group, max = 100)]
    pub media_type: String,
    /// In bytes.
    /// 字节数。
    #[field(zh = "大小", readonly)]
    pub size: i64,
    /// The content, by its SHA-256.
    /// 内容的 SHA-256 校验值。
    #[field(zh = "校验值", readonly, hidden, index, max = 64)]
    pub sha256: String,
    /// The note it was sent with.
    /// 随附的备注。
    #[field(zh = "备注", readonly)]
    pub note: Option<Id<Note>>,
}
