//! What accounts and documents need, may not have, or get by themselves.
#![allow(missing_docs, reason = "a field without a comment is explained by its label")]

use books::{CompanyId, DimensionId, DimensionValueId, PartyId, ProductId};
use kernel::{Id, Refusal};
use meta::{Choice, Document, Effects, Entity, Reader, Trouble, Want};
use org::NoAction;

/// What lines on some accounts, or about some product or party, need on a dimension, and what they get where
/// nobody says. The rule that says most about a line holds: of its product before its party before its account,
/// of a longer beginning of the account's code before a shorter one.
/// 规定科目、产品或往来单位在某维度上是否必填及其默认值。规定越具体越优先：产品先于往来单位，往来单位先于科目，科目前缀长者优先。
#[derive(Entity)]
#[entity(
    prefix = "du",
    kind = "master",
    steady,
    label = "Dimension rule",
    zh = "辅助核算规则",
    title = "dimension",
    list = "dimension,accounts,product,party,need,value,active",
    sort = "dimension"
)]
pub struct DimensionRule {
    pub id: Id<DimensionRule>,
    #[field(zh = "公司")]
    pub company: CompanyId,
    #[field(zh = "核算维度", group)]
    pub dimension: DimensionId,
    /// How the codes of the accounts begin; empty for all of them.
    /// 科目编码的开头；留空表示全部科目。
    #[field(zh = "科目前缀", label = "Accounts that begin with", max = 20)]
    pub accounts: Option<String>,
    #[field(zh = "产品", group)]
    pub product: Option<ProductId>,
    #[field(zh = "往来单位", group)]
    pub party: Option<PartyId>,
    #[field(zh = "要求", group, default = "optional")]
    pub need: Need,
    /// What a line gets where nobody says.
    /// 未填写时自动带出的维度值。
    #[field(zh = "默认值", label = "Usual value", along = "dimension=dimension")]
    pub value: Option<DimensionValueId>,
    #[field(zh = "启用", default = "true")]
    pub active: bool,
}

/// Whether a line has to say where it stands on a dimension.
#[derive(Choice, Clone, Copy, Debug, PartialEq, Eq)]
pub enum Need {
    /// It may.
    #[choice(zh = "可选")]
    Optional,
    /// It must.
    #[choice(zh = "必填", tone = "warn")]
    Required,
    /// It may not.
    #[choice(zh = "禁止", tone = "bad")]
    Forbidden,
}

/// Why a rule is not saved.
#[derive(meta::Refusal)]
pub enum NotARule {
    /// {value} is a value of another dimension. Choose one of this dimension.
    /// {value} 属于其他维度，请选择本维度的值。
    #[refusal(kind = "Invalid", field = "value")]
    OtherAxis {
        /// The value.
        value: (&'static str, i64),
    },
    /// What is forbidden cannot have a usual value. Remove one of both.
    /// 禁止填写时不能有默认值，请去掉其一。
    #[refusal(kind = "Invalid", field = "value")]
    ForbiddenValue,
}

impl Document for DimensionRule {
    /// The axis of the usual value.
    type Facts = Option<i64>;
    type Action = NoAction;

    fn facts(doc: &Self, _: &Want<NoAction>, reader: &dyn Reader) -> Result<Option<i64>, Trouble> {
        let Some(value) = doc.value else { return Ok(None) };
        let rows = reader.rows("select dimension from dimension_value where id = ?1", &[value.raw().into()])?;
        Ok(rows.first().map(|row| row.int(0)))
    }

    fn complete(doc: &mut Self, axis: &Option<i64>) -> Result<(), Refusal> {
        match doc.value {
            Some(_) if doc.need == Need::Forbidden => Err(NotARule::ForbiddenValue.into()),
            Some(value) if *axis != Some(doc.dimension.raw()) => {
                Err(NotARule::OtherAxis { value: ("dimension_value", value.raw()) }.into())
            }
            _ => Ok(()),
        }
    }

    fn decide(_: &Self, action: &NoAction, _: &Option<i64>) -> Result<(&'static str, Effects), Refusal> {
        match *action {}
    }

    fn ready(_: &Self, action: &NoAction) -> Result<(), Refusal> {
        match *action {}
    }
}
