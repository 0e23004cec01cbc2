//! Roles: what may be done, and who has them.

use kernel::{Id, Refusal};
use meta::{ALL, Choice, Document, Effects, Entity, EntityMeta, Reader, Trouble, Want};

use crate::{Company, NoAction, User, text};

/// What a group of users may do.
/// 一组用户的权限。
#[derive(Entity, Clone, Debug)]
#[entity(
    prefix = "ro",
    kind = "setting",
    steady,
    zh = "角色",
    title = "name",
    title_zh = "name_zh",
    list = "name,name_zh,code,note",
    sort = "code"
)]
pub struct Role {
    pub id: Id<Role>,
    /// A word in small letters by which programs know the role.
    /// 程序识别角色的小写英文编码。
    #[field(zh = "编码", unique, max = 60)]
    pub code: String,
    #[field(zh = "名称", search)]
    pub name: String,
    #[field(label = "Chinese name", zh = "中文名称", search, optional)]
    pub name_zh: String,
    #[field(zh = "说明", long, optional)]
    pub note: String,
    /// What the role allows. Nothing is allowed that is not written here.
    /// 该角色允许的操作；未列出的一律不允许。
    #[field(zh = "权限", owned)]
    pub grants: Vec<RoleGrant>,
}

/// One thing a role allows.
/// 角色的一项权限。
#[derive(Entity, Clone, Debug)]
#[entity(prefix = "rg", parent = "role.grants", label = "Grant", zh = "权限", title = "subject")]
pub struct RoleGrant {
    pub id: Id<RoleGrant>,
    /// The entity or report it is about; * for everything.
    /// 针对的单据、资料或报表；* 表示全部。
    #[field(label = "On", zh = "对象", max = 60)]
    pub subject: String,
    /// What may be done, separated by blanks: see add edit remove import export and actions; * for everything.
    /// 允许的操作，以空格分隔：see add edit remove import export 及各动作；* 表示全部。
    #[field(zh = "操作", max = 400)]
    pub verbs: String,
    /// Which records: all, one's own, or those of one's team.
    /// 范围：全部、本人负责的、本团队负责的。
    #[field(label = "Rows", zh = "范围")]
    pub row_rule: RowRule,
    /// Fields of them that are not shown, in no list, form, filter, file or answer, separated by
    /// blanks; `lines.margin` for a field of their lines. Who has another role that shows a
    /// field sees it.
    /// 不显示的字段（列表、表单、筛选、导出和接口中均不出现），以空格分隔；明细行字段写作 lines.margin。若另一角色可见该字段，则仍可见。
    #[field(label = "Without fields", zh = "隐藏字段", optional, max = 400)]
    pub hides: String,
    /// Fields of them that are shown and not changed, separated by blanks, such as credit_limit.
    /// Who has another role that may change a field changes it.
    /// 只能查看、不能修改的字段，以空格分隔，例如 credit_limit。若另一角色可修改该字段，则仍可修改。
    #[field(label = "Read-only fields", zh = "只读字段", optional, max = 400)]
    pub read_only: String,
}

/// Which records a grant reaches.
#[derive(Choice, Clone, Copy, Debug, PartialEq, Eq)]
pub enum RowRule {
    /// Every record of the company.
    #[choice(label = "All", zh = "全部")]
    All,
    /// Those one owns.
    #[choice(label = "Own", zh = "本人")]
    Own,
    /// Those one owns or someone below.
    #[choice(label = "Team", zh = "团队")]
    Team,
}

/// Says that a user has a role, in one company or in all.
/// 用户在某公司（或全部公司）拥有的角色。
#[derive(Entity, Clone, Debug)]
#[entity(
    prefix = "ur",
    kind = "setting",
    steady,
    label = "Role of a user",
    plural = "Roles of users",
    zh = "用户角色",
    title = "user,role",
    list = "user,role,only_company",
    index = "unique:user,role,only_company"
)]
pub struct UserRole {
    pub id: Id<UserRole>,
    #[field(zh = "用户", group)]
    pub user: Id<User>,
    #[field(zh = "角色", group)]
    pub role: Id<Role>,
    /// Empty for all companies.
    /// 留空表示全部公司。
    #[field(zh = "公司", group, optional)]
    pub only_company: Option<Id<Company>>,
}

/// Why a role is not given.
#[derive(meta::Refusal)]
pub enum NotGiven {
    /// {user} has the role {role} for the same company already. Change that line, or leave it as it is.
    ///
    /// {user} 在同一公司范围内已有角色 {role}，请修改原有记录，或保持不变。
    #[refusal(kind = "Conflict", field = "role")]
    Already {
        /// Who has it.
        user: (&'static str, i64),
        /// Which.
        role: (&'static str, i64),
    },
}

impl Document for UserRole {
    /// Whether the user has the role already, for the same company or for all.
    type Facts = bool;
    type Action = NoAction;

    fn facts(doc: &Self, _: &Want<NoAction>, reader: &dyn Reader) -> Result<bool, Trouble> {
        // The unique index does not see it: for a database nothing is ever equal to nothing.
        let sql =
            "select 1 from user_role where \"user\" = ?1 and role = ?2 and coalesce(only_company, 0) = ?3 and id <> ?4";
        let only = doc.only_company.map_or(0, Id::raw);
        let args = [doc.user.raw().into(), doc.role.raw().into(), only.into(), doc.id.raw().into()];
        Ok(!reader.rows(sql, &args)?.is_empty())
    }

    fn complete(doc: &mut Self, has_it: &bool) -> Result<(), Refusal> {
        if *has_it {
            let (user, role) = ((User::NAME, doc.user.raw()), (Role::NAME, doc.role.raw()));
            return Err(NotGiven::Already { user, role }.into());
        }
        Ok(())
    }

    fn decide(_: &Self, action: &NoAction, _: &bool) -> Result<(&'static str, Effects), Refusal> {
        match *action {}
    }

    fn ready(_: &Self, action: &NoAction) -> Result<(), Refusal> {
        match *action {}
    }
}

/// Why a role is not saved.
#[derive(meta::Refusal)]
pub enum NotARole {
    /// This line names no verb that is known by its form. Write verbs in small letters, separated by blanks.
    ///
    /// 该行的操作格式不正确，请用小写英文书写并以空格分隔。
    #[refusal(kind = "Invalid", field = "grants.verbs")]
    NotVerbs,
    /// There is no {subject} in this program. Write the name of an entity or a report as its address has it, or * for everything.
    ///
    /// 程序中没有“{subject}”。请填写单据、资料或报表在网址中的名称，或以 * 表示全部。
    #[refusal(kind = "Invalid", field = "grants.subject")]
    NoSubject {
        /// What was written.
        subject: String,
    },
    /// {verb} is nothing that can be done with {subject}. Known are: {known}.
    ///
    /// {subject} 没有操作“{verb}”。可用：{known}。
    #[refusal(kind = "Invalid", field = "grants.verbs")]
    NoVerb {
        /// What it is about.
        subject: String,
        /// What was written.
        verb: String,
        /// What there is.
        known: String,
    },
    /// {name} is no field of {subject} that can be kept back. What a record is called and filed by, and what it must have to be found, is always shown.
    ///
    /// {subject} 没有可隐藏的字段“{name}”。名称、归属字段及必填的搜索字段始终显示。
    #[refusal(kind = "Invalid", field = "grants.hides")]
    NoField {
        /// What it is about.
        subject: String,
        /// What was written.
        name: String,
    },
    /// {subject} has no field {name} that a role could write. Write the name of a field as its address has it.
    ///
    /// {subject} 没有可由用户填写的字段“{name}”，请填写字段名称。
    #[refusal(kind = "Invalid", field = "grants.read_only")]
    NoWrittenField {
        /// What it is about.
        subject: String,
        /// What was written.
        name: String,
    },
    /// {subject} stands here twice for the same rows. Put the verbs into one line.
    ///
    /// {subject} 在相同范围内重复，请合并为一行。
    #[refusal(kind = "Invalid", field = "grants.subject")]
    Twice {
        /// What it is about.
        subject: String,
    },
    /// The role administrator must keep its code and the right to everything, or nobody could mend it. Leave the line * *.
    ///
    /// 管理员角色必须保留编码和全部权限（* *），否则将无人可以修复。请保留该行。
    #[refusal(kind = "NotAllowed", field = "grants")]
    AdministratorKeepsAll,
}

const ADMINISTRATOR: &str = "administrator";

fn is_word(text: &str) -> bool {
    text == ALL || !text.is_empty() && text.bytes().all(|sign| sign.is_ascii_lowercase() || b"_.".contains(&sign))
}

fn allows_all(role: &Role) -> bool {
    role.grants.iter().any(|one| one.subject == ALL && one.verbs == ALL && one.row_rule == RowRule::All)
}

/// What there is to be allowed.
#[derive(Clone, Debug, Default)]
pub struct Subjects {
    /// Kinds of records; none where they are not known, which checks nothing.
    pub entities: Vec<&'static EntityMeta>,
    /// Reports.
    pub reports: Vec<&'static str>,
}

/// What every kind of record knows; actions come to it.
const VERBS: [&str; 6] = ["see", "add", "edit", "remove", "import", "export"];

impl Subjects {
    fn check(&self, grant: &RoleGrant) -> Result<(), Refusal> {
        let subject = grant.subject.clone();
        if self.entities.is_empty() {
            return Ok(());
        }
        if subject == ALL {
            return match (grant.hides.is_empty(), grant.read_only.is_empty()) {
                (true, true) => Ok(()),
                (false, _) => Err(NotARole::NoField { subject, name: grant.hides.clone() }.into()),
                (true, false) => Err(NotARole::NoWrittenField { subject, name: grant.read_only.clone() }.into()),
            };
        }
        let entity = self.entities.iter().find(|meta| meta.name == subject && meta.parent.is_none());
        let known: Vec<&str> = match entity {
            Some(meta) => VERBS.into_iter().chain((meta.actions)().iter().map(|action| action.name)).collect(),
            None if self.reports.contains(&subject.as_str()) => vec!["see", "export"],
            None => return Err(NotARole::NoSubject { subject }.into()),
        };
        let is_known = |verb: &str| verb == ALL || known.contains(&verb) || verb.starts_with("field.");
        if let Some(verb) = grant.verbs.split_whitespace().find(|verb| !is_known(verb)) {
            return Err(NotARole::NoVerb { subject, verb: verb.to_owned(), known: known.join(" ") }.into());
        }
        let kept = grant.hides.split_whitespace().find(|name| !entity.is_some_and(|meta| may_hide(meta, name)));
        if let Some(name) = kept {
            return Err(NotARole::NoField { subject, name: name.to_owned() }.into());
        }
        match grant.read_only.split_whitespace().find(|name| !entity.is_some_and(|meta| is_written(meta, name))) {
            Some(name) => Err(NotARole::NoWrittenField { subject, name: name.to_owned() }.into()),
            None => Ok(()),
        }
    }
}

/// Whether a role can keep back the field of that name, `lines.margin` for one of a line.
fn may_hide(meta: &EntityMeta, name: &str) -> bool {
    meta.within(name).is_some_and(|(of, field)| of.may_hide(field))
}

/// Whether users write the field of that name, `lines.price` for one of a line.
fn is_written(meta: &EntityMeta, name: &str) -> bool {
    meta.within(name).is_some_and(|(_, field)| !field.readonly && !field.computed && field.name != "id")
}

impl Document for Role {
    type Facts = Subjects;
    type Action = NoAction;

    fn facts(_: &Self, _: &Want<NoAction>, reader: &dyn Reader) -> Result<Subjects, Trouble> {
        Ok(Subjects { entities: reader.entities(), reports: reader.reports() })
    }

    fn complete(doc: &mut Self, facts: &Subjects) -> Result<(), Refusal> {
        text::code(&doc.code)?;
        for (row, grant) in doc.grants.iter_mut().enumerate() {
            let words: Vec<&str> = grant.verbs.split_whitespace().collect();
            if words.is_empty() || !words.iter().all(|word| is_word(word)) {
                return Err(Refusal::from(NotARole::NotVerbs).row(row));
            }
            grant.verbs = words.join(" ");
            grant.hides = grant.hides.split_whitespace().collect::<Vec<_>>().join(" ");
            grant.read_only = grant.read_only.split_whitespace().collect::<Vec<_>>().join(" ");
            grant.subject = grant.subject.trim().to_owned();
            facts.check(grant).map_err(|why| why.row(row))?;
        }
        for (row, grant) in doc.grants.iter().enumerate() {
            let same = |other: &RoleGrant| other.subject == grant.subject && other.row_rule == grant.row_rule;
            if doc.grants[..row].iter().any(same) {
                return Err(Refusal::from(NotARole::Twice { subject: grant.subject.clone() }).row(row));
            }
        }
        match doc.code == ADMINISTRATOR && !allows_all(doc) {
            true => Err(NotARole::AdministratorKeepsAll.into()),
            false => Ok(()),
        }
    }

    fn check_change(old: &Self, new: &Self, _: &Subjects) -> Result<(), Refusal> {
        match old.code == ADMINISTRATOR && new.code != ADMINISTRATOR {
            true => Err(NotARole::AdministratorKeepsAll.into()),
            false => Ok(()),
        }
    }

    fn decide(_: &Self, action: &NoAction, _: &Subjects) -> Result<(&'static str, Effects), Refusal> {
        match *action {}
    }

    fn ready(_: &Self, action: &NoAction) -> Result<(), Refusal> {
        match *action {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn role(code: &str, grants: &[(&str, &str)]) -> Role {
        let grant = |(subject, verbs): &(&str, &str)| RoleGrant {
            id: Id::new(0),
            subject: (*subject).to_owned(),
            verbs: (*verbs).to_owned(),
            row_rule: RowRule::All,
            hides: String::new(),
            read_only: String::new(),
        };
        Role {
            id: Id::new(1),
            code: code.to_owned(),
            name: code.to_owned(),
            name_zh: String::new(),
            note: String::new(),
            grants: grants.iter().map(grant).collect(),
        }
    }

    fn save(code: &str, grants: &[(&str, &str)]) -> String {
        let mut role = role(code, grants);
        match Role::complete(&mut role, &Subjects::default()) {
            Ok(()) => role.grants.iter().map(|one| one.verbs.clone()).collect::<Vec<_>>().join(", "),
            Err(why) => why.problems[0].code.to_owned(),
        }
    }

    #[test]
    fn verbs_are_words_separated_by_blanks() {
        assert_eq!(save("clerk", &[("party", " see   edit "), ("product", "*")]), "see edit, *");
        assert_eq!(save("clerk", &[("party", "")]), "not_verbs");
        assert_eq!(save("clerk", &[("party", "see;edit")]), "not_verbs");
        assert_eq!(save("clerk", &[("party", "see"), ("party", "edit")]), "twice");
    }

    #[test]
    fn the_administrator_stays_one() {
        assert_eq!(save("administrator", &[("*", "*")]), "*");
        assert_eq!(save("administrator", &[("*", "see")]), "administrator_keeps_all");
        let (old, new) = (role("administrator", &[("*", "*")]), role("boss", &[("*", "*")]));
        assert!(Role::check_change(&old, &new, &Subjects::default()).is_err());
    }
}
