//! Taxes, and groups of them.
#![allow(missing_docs, reason = "a field without a comment is explained by its label")]

use books::{AccountId, CompanyId, TaxId};
use kernel::{Id, Rate, Refusal};
use meta::{Choice, Document, Effects, Entity, Reader, Trouble, Want};
use org::NoAction;

/// A tax on what is sold. A group charges several, in order.
/// 销售税种；税组按顺序计征多个税。
#[derive(Entity)]
#[entity(
    prefix = "tx",
    kind = "master",
    steady,
    zh = "税",
    plural = "Taxes",
    title = "name",
    list = "code,name,kind,rate,included,active",
    sort = "code",
    index = "unique:company,code"
)]
pub struct Tax {
    pub id: Id<Tax>,
    #[field(zh = "公司")]
    pub company: CompanyId,
    #[field(zh = "代码", search, max = 40)]
    pub code: String,
    #[field(zh = "名称", search)]
    pub name: String,
    /// What it is called on papers in English; empty: its name.
    /// 英文单据上的名称；留空则用名称。
    #[field(zh = "英文名称", label = "Name in English", optional, max = 80)]
    pub name_en: String,
    /// What it is called on papers in Chinese; empty: its name.
    /// 中文单据上的名称；留空则用名称。
    #[field(zh = "中文名称", label = "Name in Chinese", optional, max = 80)]
    pub name_zh: String,
    #[field(zh = "类型")]
    pub kind: Kind,
    /// 13 % is 0.13; of a fixed tax, the amount for one unit.
    /// 13% 填 0.13；定额税填每单位金额。
    #[field(zh = "税率", optional)]
    pub rate: Rate,
    /// Prices hold it already.
    /// 价内税（价格已含税）。
    #[field(zh = "价格含税")]
    pub included: bool,
    /// Taxes after it in a group are charged on it, too.
    /// 计入后续税种的税基。
    #[field(zh = "计入税基")]
    pub raises_base: bool,
    /// It is charged on taxes before it that raise the base.
    /// 受前序税种影响。
    #[field(zh = "受前税影响", default = "true")]
    pub base_affected: bool,
    /// Where it is posted, if not to the account used for sales tax.
    /// 过账科目；留空则用“销项税额”科目。
    #[field(zh = "科目", only = r#"["is_group","=",false]"#)]
    pub account: Option<AccountId>,
    /// It is on what is bought: it, or a tax of the group, is posted to an account of input tax. It is not offered on sales.
    /// 采购所用的税：该税或税组成员过账到“进项税额”科目；销售时不可选用。
    #[field(zh = "进项税", label = "On purchases", computed)]
    pub on_purchases: bool,
    #[field(zh = "启用", default = "true")]
    pub active: bool,
    #[field(zh = "税组成员", owned)]
    pub parts: Vec<TaxPart>,
}

/// A tax of a group.
/// 税组中的一个税。
#[derive(Entity)]
#[entity(prefix = "tp", parent = "tax.parts", zh = "税组成员")]
pub struct TaxPart {
    pub id: Id<TaxPart>,
    #[field(zh = "税", only = r#"["active","=",true]"#)]
    pub tax: TaxId,
}

/// How a tax is computed.
#[derive(Choice, Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A part of the net amount.
    #[choice(zh = "比例")]
    Percent,
    /// An amount for each unit.
    #[choice(zh = "定额")]
    Fixed,
    /// A part of the gross amount.
    #[choice(zh = "内含比例", label = "Part of the gross")]
    Division,
    /// Several taxes.
    #[choice(zh = "税组")]
    Group,
}

/// Why a tax cannot be saved like this.
#[derive(meta::Refusal)]
pub enum TaxWrong {
    /// A group needs the taxes it charges. Add them, or choose another kind.
    /// 税组须包含成员税，请添加或更改类型。
    #[refusal(kind = "Invalid", field = "parts")]
    EmptyGroup,
    /// Only a group charges other taxes. Remove them, or make it a group.
    /// 只有税组才能包含其他税。
    #[refusal(kind = "Invalid", field = "parts")]
    NotAGroup,
    /// A group cannot hold groups. Name the taxes themselves.
    /// 税组不能嵌套税组，请直接选择税。
    #[refusal(kind = "Invalid", field = "parts")]
    Nested,
    /// The rate of a tax lies between 0 and 1 (100 %). Write 0.13 for 13 %.
    /// 税率须在 0 到 1 之间，13% 请填 0.13。
    #[refusal(kind = "Invalid", field = "rate")]
    StrangeRate,
    /// The code {code} is taken by another tax. Choose another.
    /// 代码 {code} 已被使用，请更换。
    #[refusal(kind = "Conflict", field = "code")]
    CodeTaken {
        /// The code.
        code: String,
    },
}

/// What saving a tax needs to know.
#[derive(Clone, Copy, Debug, Default)]
pub struct Facts {
    code_taken: bool,
    holds_groups: bool,
    on_purchases: bool,
}

impl Document for Tax {
    type Facts = Facts;
    type Action = NoAction;

    fn facts(doc: &Self, _: &Want<NoAction>, reader: &dyn Reader) -> Result<Facts, Trouble> {
        let company = reader.context().company;
        let taken = reader.rows(
            "select 1 from tax where company = ?1 and code = ?2 and id <> ?3",
            &[company.into(), doc.code.as_str().into(), doc.id.raw().into()],
        )?;
        let mut holds_groups = false;
        for part in &doc.parts {
            let rows = reader.rows("select 1 from tax where id = ?1 and kind = 'group'", &[part.tax.raw().into()])?;
            holds_groups |= !rows.is_empty();
        }
        let parts: Vec<String> = doc.parts.iter().map(|part| part.tax.raw().to_string()).collect();
        let parts = if parts.is_empty() { "0".to_owned() } else { parts.join(", ") };
        let sql = format!(
            "select 1 from account a where a.used_for = 'purchase_tax'
               and (a.id = ?1 or a.id in (select t.account from tax t where t.id in ({parts})))"
        );
        let on_purchases = !reader.rows(&sql, &[doc.account.map_or(0, Id::raw).into()])?.is_empty();
        Ok(Facts { code_taken: !taken.is_empty(), holds_groups, on_purchases })
    }

    fn complete(doc: &mut Self, facts: &Facts) -> Result<(), Refusal> {
        doc.on_purchases = facts.on_purchases;
        if facts.code_taken {
            return Err(TaxWrong::CodeTaken { code: doc.code.clone() }.into());
        }
        match (doc.kind, doc.parts.is_empty()) {
            (Kind::Group, true) => return Err(TaxWrong::EmptyGroup.into()),
            (Kind::Percent | Kind::Fixed | Kind::Division, false) => return Err(TaxWrong::NotAGroup.into()),
            (Kind::Group, false) if facts.holds_groups => return Err(TaxWrong::Nested.into()),
            _ => {}
        }
        let too_much = matches!(doc.kind, Kind::Percent | Kind::Division) && Rate::ONE < doc.rate;
        if doc.rate.is_negative() || too_much {
            return Err(TaxWrong::StrangeRate.into());
        }
        Ok(())
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

    fn told(kind: &str, rate: &str, parts: usize, facts: Facts) -> Result<(), &'static str> {
        let mut record = meta::Record::empty(Tax::meta());
        record.set("code", "V13").set("name", "VAT").set("kind", kind).set("rate", Rate::parse(rate).unwrap().raw());
        let part = |id: usize| {
            let mut part = meta::Record::empty(TaxPart::meta());
            part.set("tax", id as i64 + 1);
            part
        };
        record.set_owned("parts", (0..parts).map(part).collect());
        let mut doc = Tax::from_record(&record).unwrap();
        Tax::complete(&mut doc, &facts).map_err(|refused| refused.problems[0].code)
    }

    #[test]
    fn a_rate_is_a_part_of_one_but_a_fixed_tax_is_any_amount() {
        assert_eq!(told("percent", "0.13", 0, Facts::default()), Ok(()));
        assert_eq!(told("percent", "13", 0, Facts::default()), Err("strange_rate"));
        assert_eq!(told("division", "-0.1", 0, Facts::default()), Err("strange_rate"));
        assert_eq!(told("fixed", "2.5", 0, Facts::default()), Ok(()));
    }

    #[test]
    fn only_a_group_has_members_and_none_of_them_is_a_group() {
        let nested = Facts { holds_groups: true, ..Facts::default() };
        assert_eq!(told("group", "0", 2, Facts::default()), Ok(()));
        assert_eq!(told("group", "0", 0, Facts::default()), Err("empty_group"));
        assert_eq!(told("percent", "0.1", 1, Facts::default()), Err("not_a_group"));
        assert_eq!(told("group", "0", 2, nested), Err("nested"));
    }

    #[test]
    fn a_code_belongs_to_one_tax() {
        let taken = Facts { code_taken: true, ..Facts::default() };
        assert_eq!(told("percent", "0.13", 0, taken), Err("code_taken"));
    }
}
