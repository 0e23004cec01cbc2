//! What users keep for themselves: views of lists, and keys of their programs.

use kernel::{Id, Instant};
use meta::Entity;

use crate::{Role, User};

/// A list as a user likes it: filter, columns, grouping and order under a name.
/// 用户保存的列表视图：筛选、列、分组和排序。
#[derive(Entity, Clone, Debug)]
#[entity(
    prefix = "sv",
    kind = "setting",
    zh = "保存的视图",
    title = "name",
    list = "name,entity,owner,shared,is_default",
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
    /// Whether the list opens with it.
    /// 打开列表时是否默认使用。
    #[field(label = "Opens first", zh = "默认")]
    pub is_default: bool,
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
