//! What users keep for themselves: views of lists, and keys of their programs.

use kernel::{Id, Instant, Refusal};
use meta::{ALL, Document, Effects, Entity, Reader, Trouble, Value, Want};

use crate::{NoAction, Role, User};

/// A list as a user likes it: filter, columns, grouping and order under a name.
/// 用户保存的列表视图：筛选、列、分组和排序。
#[derive(Entity, Clone, Debug)]
#[entity(
    prefix = "sv",
    kind = "setting",
    zh = "保存的视图",
    title = "name",
    list = "name,entity,owner,shared,is_default,for_role",
    sort = "entity,name",
    index = "entity,owner"
)]
pub struct SavedView {
    pub id: Id<SavedView>,
    /// Whose view it is.
    /// 视图的所有者。
    #[field(label = "User", zh = "用户", group)]
    pub owner: Id<User>,
    /// The list it is of, such as sales_order.
    /// 所属列表，如 sales_order。
    #[field(label = "List", zh = "列表", group, max = 60)]
    pub entity: String,
    #[field(zh = "名称", search, max = 80)]
    pub name: String,
    /// Filter, columns, grouping and order, as in the address of the list.
    /// 筛选、列、分组和排序，与列表网址中的一致。
    #[field(zh = "查询", json)]
    pub query: String,
    /// Whether colleagues see it, too.
    /// 是否与同事共享。
    #[field(zh = "共享")]
    pub shared: bool,
    /// Whether the list opens with it for its owner.
    /// 视图所有者打开列表时是否默认使用。
    #[field(label = "Opens first", zh = "默认")]
    pub is_default: bool,
    /// The code of the role whose people the list opens with it for, * for everybody; such a one is shared.
    /// Who has chosen a view for themselves opens with that.
    /// 默认为该角色（代码）的用户打开，* 表示所有人；设置后自动共享。用户自选的默认视图优先。
    #[field(label = "Opens for", zh = "默认适用于", max = 60)]
    pub for_role: Option<String>,
}

/// Why a view is not saved.
#[derive(meta::Refusal)]
pub enum NotAView {
    /// There is no role “{role}”. Choose one of the roles, or * for everybody.
    ///
    /// 没有代码为“{role}”的角色，请选择已有角色，或以 * 表示所有人。
    #[refusal(kind = "Invalid", field = "for_role")]
    NoRole {
        /// What was asked for.
        role: String,
    },
    /// What lists open with for others is set by who may see the roles. Ask an administrator.
    ///
    /// 只有可查看角色的用户才能设置他人的默认视图，请联系管理员。
    #[refusal(kind = "NotAllowed", field = "for_role")]
    NotForOthers,
    /// The list opens with “{view}” for them already. Let that one open for nobody first.
    ///
    /// 该列表已默认使用“{view}”，请先取消其默认设置。
    #[refusal(kind = "Invalid", field = "for_role")]
    OpensAlready {
        /// The other one.
        view: String,
    },
    /// You open this list with “{view}” already. Take that from it first.
    ///
    /// 您已将“{view}”设为该列表的默认视图，请先取消。
    #[refusal(kind = "Invalid", field = "is_default")]
    OpensFirstAlready {
        /// The other one.
        view: String,
    },
}

/// What is known of a view that is to open for somebody; nothing of one that does so already.
#[derive(Clone, Debug, Default)]
pub struct Facts {
    /// Whether who saves it may say what others open with; asked for when that changes.
    pub may_choose: Option<bool>,
    /// Whether there is no such role.
    pub lacks_role: bool,
    /// The view that opens for those already.
    pub for_others: Option<String>,
    /// The view the owner opens with already.
    pub for_owner: Option<String>,
}

const FOR_OWNER: &str = "
    select name from saved_view where entity = ?1 and id <> ?2 and owner = ?3 and is_default = 1 order by id limit 1";
const FOR_OTHERS: &str =
    "select name from saved_view where entity = ?1 and id <> ?2 and for_role = ?3 order by id limit 1";

impl Document for SavedView {
    type Facts = Facts;
    type Action = NoAction;

    fn facts(doc: &Self, _: &Want<NoAction>, reader: &dyn Reader) -> Result<Facts, Trouble> {
        let before: Option<SavedView> = meta::load(reader, doc.id)?.filter(|was: &SavedView| was.entity == doc.entity);
        let name_of = |sql: &str, whom: Value| -> Result<Option<String>, Trouble> {
            let rows = reader.rows(sql, &[doc.entity.as_str().into(), doc.id.raw().into(), whom])?;
            Ok(rows.first().map(|row| row.text(0).to_owned()))
        };
        let mut facts = Facts::default();
        if doc.is_default && !before.as_ref().is_some_and(|was| was.is_default && was.owner == doc.owner) {
            facts.for_owner = name_of(FOR_OWNER, doc.owner.raw().into())?;
        }
        if before.map_or_else(|| doc.for_role.is_none(), |was| was.for_role == doc.for_role) {
            return Ok(facts);
        }
        facts.may_choose = Some(reader.may("role", "see"));
        if let Some(role) = doc.for_role.as_deref() {
            facts.for_others = name_of(FOR_OTHERS, role.into())?;
            let known = reader.rows("select 1 from role where code = ?1 limit 1", &[role.into()])?;
            facts.lacks_role = role != ALL && known.is_empty();
        }
        Ok(facts)
    }

    fn complete(doc: &mut Self, facts: &Facts) -> Result<(), Refusal> {
        doc.shared |= doc.for_role.is_some();
        if facts.may_choose == Some(false) {
            return Err(NotAView::NotForOthers.into());
        }
        if facts.lacks_role {
            return Err(NotAView::NoRole { role: doc.for_role.clone().unwrap_or_default() }.into());
        }
        if let Some(view) = facts.for_others.clone() {
            return Err(NotAView::OpensAlready { view }.into());
        }
        match facts.for_owner.clone() {
            Some(view) => Err(NotAView::OpensFirstAlready { view }.into()),
            None => Ok(()),
        }
    }

    fn decide(_: &Self, action: &NoAction, _: &Facts) -> Result<(&'static str, Effects), Refusal> {
        match *action {}
    }

    fn ready(_: &Self, action: &NoAction) -> Result<(), Refusal> {
        match *action {}
    }
}

/// The key of a program that works for a user. The key itself is shown once, when it is made.
/// 代表用户工作的程序密钥。密钥本身只在创建时显示一次。
#[derive(Entity, Clone, Debug)]
#[entity(
    prefix = "ak",
    kind = "setting",
    label = "API key",
    zh = "接口密钥",
    title = "name",
    list = "name,user,role,last_used_at,active",
    sort = "name"
)]
pub struct ApiKey {
    pub id: Id<ApiKey>,
    /// What the program does, so that an unused key is recognised.
    /// 程序的用途，便于识别不再使用的密钥。
    #[field(zh = "名称", search, max = 80)]
    pub name: String,
    /// Who the program works for.
    /// 程序所代表的用户。
    #[field(zh = "用户", group)]
    pub user: Id<User>,
    /// Narrows what the program may do to one role; empty for all of the user's.
    /// 将程序的权限限制为某一角色；留空则与用户相同。
    #[field(zh = "角色", group)]
    pub role: Option<Id<Role>>,
    /// Only a hash of the key is kept.
    /// 只保存密钥的散列值。
    #[field(zh = "密钥散列", readonly, hidden, secret, index, optional)]
    pub key_hash: String,
    #[field(zh = "最后使用", readonly)]
    pub last_used_at: Option<Instant>,
    /// A key out of use opens nothing.
    /// 停用的密钥无效。
    #[field(zh = "启用", default = "true")]
    pub active: bool,
}
