//! What a line is about, under one name.
#![allow(missing_docs, reason = "a field without a comment is explained by its label")]

use std::collections::BTreeMap;

use books::{CompanyId, DimensionId, DimensionValueId};
use kernel::{Id, Rate, Refusal};
use meta::{Document, Effects, Entity, Reader, Trouble, Want};
use org::NoAction;

/// How many values a set may have.
const PARTS_MAX: usize = 40;

/// Values of dimensions, each with its share. The same values always make the same set, so it never changes.
/// 一组维度值及其比例；相同的组合即同一组，建立后不可更改。
#[derive(Entity)]
#[entity(
    prefix = "ds",
    kind = "master",
    label = "Dimension set",
    zh = "辅助核算组合",
    title = "name",
    list = "name",
    sort = "name",
    index = "unique:company,key"
)]
pub struct DimensionSet {
    pub id: Id<DimensionSet>,
    #[field(zh = "公司")]
    pub company: CompanyId,
    /// The codes of its values.
    /// 由各维度值代码组成。
    #[field(zh = "名称", search, computed, optional)]
    pub name: String,
    /// The same for the same values.
    /// 组合标识，相同的组合其标识相同。
    #[field(zh = "标识", computed, optional, hidden, max = 2000)]
    pub key: String,
    #[field(zh = "维度值", owned, at_least = 1)]
    pub parts: Vec<DimensionPart>,
}

/// A value and its share.
/// 一个维度值及其比例。
#[derive(Entity)]
#[entity(prefix = "dt", parent = "dimension_set.parts", zh = "组合明细", index = "value")]
pub struct DimensionPart {
    pub id: Id<DimensionPart>,
    #[field(zh = "核算维度", computed)]
    pub dimension: Option<DimensionId>,
    #[field(zh = "维度值", only = r#"["active","=",true]"#)]
    pub value: DimensionValueId,
    /// Which part of the line: 1 for all of it, 0.4 for 40 %. Those of one dimension sum to 1.
    /// 占金额的比例：全部填 1，40% 填 0.4；同一维度合计须为 1。
    #[field(zh = "比例", default = "1")]
    pub share: Rate,
}

/// Why values make no set.
#[derive(meta::Refusal)]
pub enum NotASet {
    /// The shares of {dimension} sum to {sum}. Make them sum to 1.
    /// {dimension} 的比例合计为 {sum}，须等于 1。
    #[refusal(kind = "Invalid", field = "parts.share")]
    NotWhole {
        /// The axis.
        dimension: (&'static str, i64),
        /// What they sum to.
        sum: String,
    },
    /// A share lies above 0 and is 1 at most. Write 0.4 for 40 %.
    /// 比例须大于 0 且不超过 1，40% 请填 0.4。
    #[refusal(kind = "Invalid", field = "parts.share")]
    StrangeShare,
    /// {value} stands here twice. Put it into one line.
    /// {value} 重复，请合并为一行。
    #[refusal(kind = "Invalid", field = "parts.value")]
    Twice {
        /// The value.
        value: (&'static str, i64),
    },
    /// A set has at most 40 values. Remove some.
    /// 最多 40 个维度值，请减少。
    #[refusal(kind = "TooMuch", field = "parts")]
    TooMany,
    /// Lines may name this set already, so it stays as it is. Make another.
    /// 该组合可能已被使用，不可更改，请另建。
    #[refusal(kind = "NotNow", field = "parts")]
    Stays,
    /// There is such a set: {set}. Use that one.
    /// 已有相同的组合 {set}，请直接使用。
    #[refusal(kind = "Conflict", field = "parts")]
    IsThere {
        /// The other one.
        set: (&'static str, i64),
    },
}

/// What making a set needs to know.
#[derive(Clone, Debug, Default)]
pub struct Facts {
    /// Axis and code of each value.
    values: BTreeMap<i64, (i64, String)>,
    /// The codes of the axes.
    axes: BTreeMap<i64, String>,
    /// Its own key as it is kept.
    kept: Option<String>,
    /// Another one of the same values.
    same: Option<i64>,
}

/// The values in their order, with their shares: the same text for the same set.
fn key_of(doc: &DimensionSet) -> String {
    let mut parts: Vec<(i64, i64)> = doc.parts.iter().map(|part| (part.value.raw(), part.share.raw())).collect();
    parts.sort_unstable();
    parts.iter().map(|(value, share)| format!("{value}:{share}")).collect::<Vec<_>>().join(",")
}

impl Document for DimensionSet {
    type Facts = Facts;
    type Action = NoAction;

    fn facts(doc: &Self, _: &Want<NoAction>, reader: &dyn Reader) -> Result<Facts, Trouble> {
        let company = reader.context().company;
        let mut facts = Facts::default();
        let values = doc.parts.iter().take(PARTS_MAX).map(|part| part.value.raw().to_string());
        let values = values.collect::<Vec<_>>().join(", ");
        if !values.is_empty() {
            let sql =
                format!("select id, dimension, code from dimension_value where company = ?1 and id in ({values})");
            let rows = reader.rows(&sql, &[company.into()])?;
            facts.values = rows.iter().map(|row| (row.int(0), (row.int(1), row.text(2).to_owned()))).collect();
        }
        let axes = reader.steady_rows("select id, code from dimension where company = ?1", &[company.into()])?;
        facts.axes = axes.iter().map(|row| (row.int(0), row.text(1).to_owned())).collect();
        let kept = reader.rows("select key from dimension_set where id = ?1", &[doc.id.raw().into()])?;
        facts.kept = kept.first().map(|row| row.text(0).to_owned());
        let same = reader.rows(
            "select id from dimension_set where company = ?1 and key = ?2 and id <> ?3",
            &[company.into(), key_of(doc).into(), doc.id.raw().into()],
        )?;
        facts.same = same.first().map(|row| row.int(0));
        Ok(facts)
    }

    fn complete(doc: &mut Self, facts: &Facts) -> Result<(), Refusal> {
        if PARTS_MAX < doc.parts.len() {
            return Err(NotASet::TooMany.into());
        }
        for (row, part) in doc.parts.iter().enumerate() {
            if part.share <= Rate::ZERO || Rate::ONE < part.share {
                return Err(Refusal::from(NotASet::StrangeShare).row(row));
            }
            if doc.parts[..row].iter().any(|other| other.value == part.value) {
                return Err(Refusal::from(NotASet::Twice { value: ("dimension_value", part.value.raw()) }).row(row));
            }
        }
        let mut sums: BTreeMap<i64, i64> = BTreeMap::new();
        for part in &mut doc.parts {
            // A value that is none of this company is told by the engine.
            let Some((axis, _)) = facts.values.get(&part.value.raw()) else { continue };
            part.dimension = Some(Id::new(*axis));
            *sums.entry(*axis).or_default() += part.share.raw();
        }
        if let Some((axis, sum)) = sums.iter().find(|(_, sum)| **sum != Rate::ONE.raw()) {
            let sum = Rate::new(*sum).to_string();
            return Err(NotASet::NotWhole { dimension: ("dimension", *axis), sum }.into());
        }
        doc.key = key_of(doc);
        if facts.kept.as_ref().is_some_and(|kept| *kept != doc.key) {
            return Err(NotASet::Stays.into());
        }
        if let Some(same) = facts.same {
            return Err(NotASet::IsThere { set: ("dimension_set", same) }.into());
        }
        doc.name = name_of(doc, facts);
        Ok(())
    }

    fn decide(_: &Self, action: &NoAction, _: &Facts) -> Result<(&'static str, Effects), Refusal> {
        match *action {}
    }

    fn ready(_: &Self, action: &NoAction) -> Result<(), Refusal> {
        match *action {}
    }
}

/// The codes of its values, axis by axis: `BUILD 60% + SELL 40%, SPRING`.
fn name_of(doc: &DimensionSet, facts: &Facts) -> String {
    let known = doc.parts.iter().filter_map(|part| {
        let (axis, code) = facts.values.get(&part.value.raw())?;
        let of = facts.axes.get(axis).map_or("", String::as_str);
        Some((of, *axis, std::cmp::Reverse(part.share), code.as_str()))
    });
    let mut known: Vec<_> = known.collect();
    known.sort_unstable();
    let axes = known.chunk_by(|one, next| one.1 == next.1).map(|parts| {
        let part = |(.., share, code): &(_, _, std::cmp::Reverse<Rate>, &str)| match share.0 {
            Rate::ONE => (*code).to_owned(),
            share => format!("{code} {}%", Rate::new(share.raw() * 100)),
        };
        parts.iter().map(part).collect::<Vec<_>>().join(" + ")
    });
    axes.collect::<Vec<_>>().join(", ").chars().take(200).collect()
}
