//! Axes and the points on them.
#![allow(missing_docs, reason = "a field without a comment is explained by its label")]

use books::{CompanyId, DimensionId, DimensionValueId};
use kernel::{Date, Id, Refusal};
use meta::{Document, Effects, Entity, Reader, Trouble, Want};
use org::{NoAction, tree};

/// An axis on which entries are told apart, such as cost centres, projects or regions.
/// 核算维度，如成本中心、项目、区域。
#[derive(Entity)]
#[entity(
    prefix = "dm",
    kind = "master",
    steady,
    zh = "核算维度",
    title = "name",
    list = "code,name,active",
    sort = "code",
    index = "unique:company,code"
)]
pub struct Dimension {
    pub id: Id<Dimension>,
    #[field(zh = "公司")]
    pub company: CompanyId,
    #[field(zh = "代码", search, max = 40)]
    pub code: String,
    #[field(zh = "名称", search)]
    pub name: String,
    #[field(zh = "启用", default = "true")]
    pub active: bool,
}

/// A point on an axis, such as the workshop among the cost centres.
/// 维度值，如成本中心中的“车间”。
#[derive(Entity)]
#[entity(
    prefix = "dv",
    kind = "master",
    label = "Dimension value",
    zh = "维度值",
    title = "code,name",
    list = "dimension,code,name,parent,active",
    sort = "code",
    index = "unique:company,dimension,code"
)]
pub struct DimensionValue {
    pub id: Id<DimensionValue>,
    #[field(zh = "公司")]
    pub company: CompanyId,
    #[field(zh = "核算维度", group, only = r#"["active","=",true]"#)]
    pub dimension: DimensionId,
    #[field(zh = "代码", search, max = 40)]
    pub code: String,
    #[field(zh = "名称", search)]
    pub name: String,
    /// What it is summed up in.
    /// 上级维度值，用于汇总。
    #[field(zh = "上级", along = "dimension=dimension")]
    pub parent: Option<DimensionValueId>,
    /// The first day it may be posted to.
    /// 可使用的首日。
    #[field(zh = "生效日期")]
    pub valid_from: Option<Date>,
    /// The last day it may be posted to.
    /// 可使用的末日（含当日）。
    #[field(zh = "失效日期", not_before = "valid_from")]
    pub valid_until: Option<Date>,
    #[field(zh = "启用", default = "true")]
    pub active: bool,
}

/// Why a dimension or a value of it is not saved.
#[derive(meta::Refusal)]
pub enum NotAnAxis {
    /// The code {code} is taken. Choose another.
    /// 代码 {code} 已被使用，请更换。
    #[refusal(kind = "Conflict", field = "code")]
    CodeTaken {
        /// The code.
        code: String,
    },
    /// {parent} is a value of another dimension. Choose one of this dimension.
    /// {parent} 属于其他维度，请选择同一维度的上级。
    #[refusal(kind = "Invalid", field = "parent")]
    OtherAxis {
        /// The parent.
        parent: (&'static str, i64),
    },
    /// Lines name this value already: its dimension and code stay. Take it out of use and make another.
    /// 已有分录使用该维度值，维度与代码不可更改。请停用后另建。
    #[refusal(kind = "NotNow", field = "code")]
    InUse,
}

impl Document for Dimension {
    /// Whether the code is taken.
    type Facts = bool;
    type Action = NoAction;

    fn facts(doc: &Self, _: &Want<NoAction>, reader: &dyn Reader) -> Result<bool, Trouble> {
        let rows = reader.rows(
            "select 1 from dimension where company = ?1 and code = ?2 and id <> ?3",
            &[reader.context().company.into(), doc.code.as_str().into(), doc.id.raw().into()],
        )?;
        Ok(!rows.is_empty())
    }

    fn complete(doc: &mut Self, is_taken: &bool) -> Result<(), Refusal> {
        if *is_taken { Err(NotAnAxis::CodeTaken { code: doc.code.clone() }.into()) } else { Ok(()) }
    }

    fn decide(_: &Self, action: &NoAction, _: &bool) -> Result<(&'static str, Effects), Refusal> {
        match *action {}
    }

    fn ready(_: &Self, action: &NoAction) -> Result<(), Refusal> {
        match *action {}
    }
}

/// What saving a value needs to know.
#[derive(Clone, Debug, Default)]
pub struct ValueFacts {
    is_taken: bool,
    /// The values above it, nearest first.
    above: Vec<i64>,
    /// The axis of its parent.
    parent_axis: Option<i64>,
    /// Its axis and code as they are, once a set names it.
    kept: Option<(i64, String)>,
}

impl Document for DimensionValue {
    type Facts = ValueFacts;
    type Action = NoAction;

    fn facts(doc: &Self, _: &Want<NoAction>, reader: &dyn Reader) -> Result<ValueFacts, Trouble> {
        let (id, axis) = (doc.id.raw(), doc.dimension.raw());
        let taken = reader.rows(
            "select 1 from dimension_value where company = ?1 and dimension = ?2 and code = ?3 and id <> ?4",
            &[reader.context().company.into(), axis.into(), doc.code.as_str().into(), id.into()],
        )?;
        let parent_axis = match doc.parent {
            Some(parent) => {
                let rows =
                    reader.rows("select dimension from dimension_value where id = ?1", &[parent.raw().into()])?;
                rows.first().map(|row| row.int(0))
            }
            None => None,
        };
        let kept = reader.rows(
            "select v.dimension, v.code from dimension_value v
             where v.id = ?1 and exists (select 1 from dimension_part p where p.value = v.id)",
            &[id.into()],
        )?;
        Ok(ValueFacts {
            is_taken: !taken.is_empty(),
            above: tree::above(reader, "dimension_value", "parent", doc.parent.map(Id::raw))?,
            parent_axis,
            kept: kept.first().map(|row| (row.int(0), row.text(1).to_owned())),
        })
    }

    fn complete(doc: &mut Self, facts: &ValueFacts) -> Result<(), Refusal> {
        if facts.is_taken {
            return Err(NotAnAxis::CodeTaken { code: doc.code.clone() }.into());
        }
        tree::check(doc.id.raw(), &facts.above, "parent")?;
        if let (Some(parent), Some(axis)) = (doc.parent, facts.parent_axis)
            && axis != doc.dimension.raw()
        {
            return Err(NotAnAxis::OtherAxis { parent: ("dimension_value", parent.raw()) }.into());
        }
        if facts.kept.as_ref().is_some_and(|(axis, code)| *axis != doc.dimension.raw() || *code != doc.code) {
            return Err(NotAnAxis::InUse.into());
        }
        Ok(())
    }

    fn decide(_: &Self, action: &NoAction, _: &ValueFacts) -> Result<(&'static str, Effects), Refusal> {
        match *action {}
    }

    fn ready(_: &Self, action: &NoAction) -> Result<(), Refusal> {
        match *action {}
    }
}
