//! Favourites: ways to records and lists that somebody keeps at hand.

use kernel::{Id, Refusal};
use meta::{DocId, Document, Effects, Entity, Reader, Trouble, Want};
use org::{NoAction, User};

/// A way to a record or a list that somebody keeps at hand.
/// 收藏：常用的记录或列表。
#[derive(Entity, Clone, Debug)]
#[entity(
    prefix = "fv",
    kind = "setting",
    personal,
    zh = "收藏",
    title = "name",
    list = "folder,position,name,about_doc,query",
    sort = "folder,position",
    index = "owner,folder,position"
)]
pub struct Favourite {
    pub id: Id<Favourite>,
    #[field(label = "User", zh = "用户", readonly, optional)]
    pub owner: Id<User>,
    #[field(zh = "名称", max = 120)]
    pub name: String,
    #[field(zh = "文件夹", max = 60)]
    pub folder: Option<String>,
    /// Its place in the folder.
    /// 在文件夹中的顺序。
    #[field(zh = "位置", optional)]
    pub position: i64,
    #[field(label = "Kind of record", zh = "记录类型", computed, max = 60)]
    pub about_entity: Option<String>,
    /// The record it leads to, or else a query.
    /// 指向的记录；与“查询”二选一。
    #[field(label = "About", zh = "关联记录")]
    pub about_doc: Option<DocId>,
    /// An address inside the program, such as /sales_order?filter=….
    /// 系统内的地址，如 /sales_order?filter=…。
    #[field(zh = "查询", max = 4000)]
    pub query: Option<String>,
}

/// Why a favourite is not saved.
#[derive(meta::Refusal)]
pub enum NotAFavourite {
    /// A favourite leads to a record or to an address inside the program that begins with “/”. Give one of them.
    ///
    /// 收藏须指向一条记录，或以“/”开头的系统内地址，二者选一。
    #[refusal(kind = "Invalid", field = "query")]
    LeadsNowhere,
}

impl Document for Favourite {
    type Facts = ();
    type Action = NoAction;

    fn facts(_: &Self, _: &Want<NoAction>, _: &dyn Reader) -> Result<(), Trouble> {
        Ok(())
    }

    fn complete(doc: &mut Self, (): &()) -> Result<(), Refusal> {
        // `//host` and `/\host` lead out of the house.
        let inside = |text: &str| text.starts_with('/') && !text[1..].starts_with(['/', '\\']);
        match (&doc.about_doc, doc.query.as_deref()) {
            (Some(_), None) => Ok(()),
            (None, Some(query)) if inside(query) => Ok(()),
            _ => Err(NotAFavourite::LeadsNowhere.into()),
        }
    }

    fn decide(_: &Self, action: &NoAction, (): &()) -> Result<(&'static str, Effects), Refusal> {
        match *action {}
    }

    fn ready(_: &Self, action: &NoAction) -> Result<(), Refusal> {
        match *action {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_favourite_leads_somewhere_inside() {
        let saved = |about: Option<DocId>, query: Option<&str>| {
            let mut doc = Favourite {
                id: Id::new(0),
                owner: Id::new(1),
                name: "x".into(),
                folder: None,
                position: 0,
                about_entity: None,
                about_doc: about,
                query: query.map(str::to_owned),
            };
            Favourite::complete(&mut doc, &()).is_ok()
        };
        assert!(saved(Some(DocId(1)), None));
        assert!(saved(None, Some("/sales_order?filter=[]")));
        for query in ["//evil.example", "https://evil.example", "javascript:alert(1)", "", "/\\evil.example"] {
            assert!(!saved(None, Some(query)), "{query}");
        }
        assert!(!saved(None, None));
        assert!(!saved(Some(DocId(1)), Some("/x")));
    }
}
