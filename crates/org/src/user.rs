//! Users: who signs in. Passwords are not here but in the engine's own table.

use books::PartyId;
use kernel::{Id, Refusal};
use meta::{Choice, Document, Effects, Entity, Reader, Trouble, Want};

use crate::keeping::{self, Keeping};
use crate::tree;

/// Someone who signs in.
/// 登录系统的用户。
#[derive(Entity, Clone, Debug)]
#[entity(
    prefix = "us",
    kind = "setting",
    steady,
    zh = "用户",
    title = "name",
    list = "name,login,email,manager,language,active",
    sort = "name",
    actions = "Keeping"
)]
pub struct User {
    pub id: Id<User>,
    /// The short name used to sign in.
    /// 登录时使用的短名。
    #[field(zh = "登录名", search, unique, max = 60)]
    pub login: String,
    #[field(zh = "姓名", search)]
    pub name: String,
    #[field(zh = "邮箱", search, email, optional)]
    pub email: String,
    #[field(zh = "语言", group)]
    pub language: Language,
    /// Who sees what this user owns, too.
    /// 直属上级，可查看该用户负责的记录。
    #[field(zh = "上级", group)]
    pub manager: Option<Id<User>>,
    /// The same person as a party, for expenses and the like.
    /// 该用户对应的往来单位（个人）。
    #[field(zh = "往来单位", only = r#"["is_person","=",true]"#)]
    pub party: Option<PartyId>,
    /// Who is archived cannot sign in.
    /// 已归档的用户不能登录。
    #[field(zh = "启用", readonly, default = "true")]
    pub active: bool,
}

/// A language of screens, answers and printed documents.
#[derive(Choice, Clone, Copy, Debug, PartialEq, Eq)]
pub enum Language {
    /// Chinese.
    #[choice(label = "Chinese", zh = "中文")]
    Zh,
    /// English.
    #[choice(label = "English", zh = "英文")]
    En,
}

/// Why a user is not saved or archived.
#[derive(meta::Refusal)]
pub enum NotAUser {
    /// A login has no blanks and at least two characters. Choose another.
    ///
    /// 登录名至少两个字符且不含空格，请更换。
    #[refusal(kind = "Invalid", field = "login")]
    NotALogin,
    /// You cannot archive yourself. Ask another administrator.
    ///
    /// 不能归档自己，请联系其他管理员。
    #[refusal(kind = "NotAllowed")]
    Oneself,
    /// Nobody else could administer the system. Give another user the role of administrator first.
    ///
    /// 归档后将没有管理员。请先为其他用户分配管理员角色。
    #[refusal(kind = "NotNow")]
    LastAdministrator,
}

/// What is known of a user.
#[derive(Clone, Debug)]
pub struct Facts {
    /// Who stands above, nearest first.
    pub above: Vec<i64>,
    /// Who asks.
    pub me: i64,
    /// Whether this is an administrator of all companies, and nobody else who may sign in is.
    pub is_last_administrator: bool,
}

const ADMINISTRATORS: &str = "
    select distinct u.id
    from \"user\" u
    join user_role a on a.\"user\" = u.id
    join role r on r.id = a.role
    where r.code = 'administrator' and u.active = 1 and a.only_company is null";

impl Document for User {
    type Facts = Facts;
    type Action = Keeping;

    fn facts(doc: &Self, _: &Want<Keeping>, reader: &dyn Reader) -> Result<Facts, Trouble> {
        let administrators = reader.rows(ADMINISTRATORS, &[])?;
        Ok(Facts {
            above: tree::above(reader, "user", "manager", doc.manager.map(Id::raw))?,
            me: reader.context().user,
            is_last_administrator: matches!(&administrators[..], [only] if only.int(0) == doc.id.raw()),
        })
    }

    fn complete(doc: &mut Self, facts: &Facts) -> Result<(), Refusal> {
        doc.login = doc.login.trim().to_lowercase();
        if doc.login.chars().count() < 2 || doc.login.chars().any(char::is_whitespace) {
            return Err(NotAUser::NotALogin.into());
        }
        tree::check(doc.id.raw(), &facts.above, "manager")
    }

    fn decide(doc: &Self, action: &Keeping, facts: &Facts) -> Result<(&'static str, Effects), Refusal> {
        match action {
            Keeping::Archive if doc.id.raw() == facts.me => Err(NotAUser::Oneself.into()),
            Keeping::Archive if facts.is_last_administrator => Err(NotAUser::LastAdministrator.into()),
            Keeping::Archive | Keeping::Restore => Ok(keeping::decide(*action)),
        }
    }

    fn ready(doc: &Self, action: &Keeping) -> Result<(), Refusal> {
        keeping::ready(doc.active, *action)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use meta::Record;

    fn li() -> User {
        let mut li = User::from_record(&Record::empty(User::meta())).unwrap();
        (li.id, li.login, li.active) = (Id::new(7), "Li ".to_owned(), true);
        li
    }

    fn facts() -> Facts {
        Facts { above: vec![], me: 1, is_last_administrator: false }
    }

    fn archive(facts: &Facts) -> &'static str {
        User::decide(&li(), &Keeping::Archive, facts).map_or_else(|why| why.problems[0].code, |_| "archived")
    }

    #[test]
    fn a_login_is_short_and_small() {
        let mut user = li();
        User::complete(&mut user, &facts()).unwrap();
        assert_eq!(user.login, "li");
        user.login = "li wei".to_owned();
        assert_eq!(User::complete(&mut user, &facts()).unwrap_err().problems[0].code, "not_a_login");
    }

    #[test]
    fn nobody_is_their_own_manager() {
        let facts = Facts { above: vec![3, 7], ..facts() };
        assert_eq!(User::complete(&mut li(), &facts).unwrap_err().problems[0].code, "above_itself");
    }

    #[test]
    fn somebody_can_always_administer() {
        assert_eq!(archive(&facts()), "archived");
        assert_eq!(archive(&Facts { me: 7, ..facts() }), "oneself");
        assert_eq!(archive(&Facts { is_last_administrator: true, ..facts() }), "last_administrator");
    }
}
