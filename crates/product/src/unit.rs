//! Units of measure.

use books::CompanyId;
use kernel::{Id, Refusal};
use meta::{Choice, Document, Effects, Entity, Reader, Trouble, Want};
use org::NoAction;

/// A unit of measure: how many base units of its category it is, as an exact ratio.
/// 计量单位：以精确比率表示等于多少个同类别的基本单位。
#[derive(Entity, Clone, Debug)]
#[entity(
    prefix = "un",
    kind = "master",
    steady,
    label = "Unit of measure",
    plural = "Units of measure",
    zh = "计量单位",
    title = "name",
    list = "name,category,numerator,denominator,whole",
    sort = "category,name",
    index = "unique:company,name"
)]
pub struct Unit {
    pub id: Id<Unit>,
    #[field(zh = "公司")]
    pub company: CompanyId,
    #[field(zh = "名称", search, unique, max = 40)]
    pub name: String,
    /// What it is called on papers in English; empty: its name.
    /// 英文单据上的名称；留空则用名称。
    #[field(zh = "英文名称", label = "Name in English", optional, max = 80)]
    pub name_en: String,
    /// What it is called on papers in Chinese; empty: its name.
    /// 中文单据上的名称；留空则用名称。
    #[field(zh = "中文名称", label = "Name in Chinese", optional, max = 80)]
    pub name_zh: String,
    /// What it measures. Only units of one category are converted into each other.
    /// 计量类别；只有同类别的单位可以互相换算。
    #[field(zh = "类别", group)]
    pub category: UnitCategory,
    /// How many base units it is: 12 for a dozen, 1 for a gram when the base is a kilogram.
    /// 等于多少基本单位的分子：一打为 12；基本单位为千克时，一克为 1。
    #[field(zh = "分子", default = "1")]
    pub numerator: i64,
    /// By what that is divided: 1 for a dozen, 1000 for a gram when the base is a kilogram.
    /// 分母：一打为 1；基本单位为千克时，一克为 1000。
    #[field(zh = "分母", default = "1")]
    pub denominator: i64,
    /// Nobody sells half a piece: lines of documents refuse fractions of it.
    /// 不可分割（如“件”）：单据明细不接受该单位的小数数量。
    #[field(label = "Whole numbers only", zh = "仅整数")]
    pub whole: bool,
}

/// What a unit measures.
#[derive(Choice, Clone, Copy, Debug, PartialEq, Eq)]
pub enum UnitCategory {
    /// Pieces; the base is one.
    #[choice(zh = "数量")]
    Count,
    /// The base is a kilogram.
    #[choice(zh = "重量")]
    Mass,
    /// The base is a metre.
    #[choice(zh = "长度")]
    Length,
    /// The base is a square metre.
    #[choice(zh = "面积")]
    Area,
    /// The base is a litre.
    #[choice(zh = "体积")]
    Volume,
    /// The base is an hour.
    #[choice(zh = "时间")]
    Time,
}

/// The largest numerator and denominator: with them, no quantity overflows on the way.
pub const FACTOR_MAX: i64 = 1_000_000_000;

/// Where quantities are said in units: a line that is begun is finished in what it began with.
const SAID_IN: [&str; 8] = [
    "product",
    "sales_order_line",
    "delivery_line",
    "invoice_line",
    "sales_return_line",
    "quotation_line",
    "stock_adjustment_line",
    "stock_transfer_line",
];

/// Why a unit is not saved.
#[derive(meta::Refusal)]
pub enum NotAUnit {
    /// Numerator and denominator are whole numbers from 1 to {most}. Correct them.
    ///
    /// 分子和分母须为 1 到 {most} 的整数，请更正。
    #[refusal(kind = "Invalid", field = "numerator")]
    NotAFactor {
        /// The largest.
        most: i64,
    },
    /// Products or documents say how much of this unit, so what it is stays. Make another unit.
    ///
    /// 已有产品或单据使用该单位，换算关系不能更改。请新建单位。
    #[refusal(kind = "Conflict", field = "numerator")]
    InUse,
}

impl Document for Unit {
    /// Whether products are kept in it, or documents say how much of it.
    type Facts = bool;
    type Action = NoAction;

    fn facts(doc: &Self, want: &Want<NoAction>, reader: &dyn Reader) -> Result<bool, Trouble> {
        // Only a change of what it is reaches what was said in it; that is rare, and looks at all lines.
        let kept = |old: &&meta::Record| {
            old.get("numerator").int() == Some(doc.numerator)
                && old.get("denominator").int() == Some(doc.denominator)
                && old.get("category").text() == Some(doc.category.code())
        };
        match want {
            Want::Save(Some(old)) if !kept(old) => {}
            Want::Save(_) | Want::Typing | Want::Act(_) => return Ok(false),
        }
        for table in SAID_IN {
            let sql = format!("select 1 from {table} where unit = ?1 limit 1");
            if !reader.rows(&sql, &[doc.id.raw().into()])?.is_empty() {
                return Ok(true);
            }
        }
        Ok(false)
    }

    fn complete(doc: &mut Self, _: &bool) -> Result<(), Refusal> {
        let fits = |number: i64| (1..=FACTOR_MAX).contains(&number);
        match fits(doc.numerator) && fits(doc.denominator) {
            true => Ok(()),
            false => Err(NotAUnit::NotAFactor { most: FACTOR_MAX }.into()),
        }
    }

    fn check_change(old: &Self, new: &Self, is_used: &bool) -> Result<(), Refusal> {
        // 2/2 is the same as 1/1.
        let same = i128::from(old.numerator) * i128::from(new.denominator)
            == i128::from(new.numerator) * i128::from(old.denominator);
        match *is_used && (old.category != new.category || !same) {
            true => Err(NotAUnit::InUse.into()),
            false => Ok(()),
        }
    }

    fn decide(_: &Self, action: &NoAction, _: &bool) -> Result<(&'static str, Effects), Refusal> {
        match *action {}
    }

    fn ready(_: &Self, action: &NoAction) -> Result<(), Refusal> {
        match *action {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn unit(numerator: i64, denominator: i64) -> Unit {
        Unit {
            id: Id::new(1),
            company: Id::new(1),
            name: "box".to_owned(),
            name_en: String::new(),
            name_zh: String::new(),
            category: UnitCategory::Count,
            numerator,
            denominator,
            whole: false,
        }
    }

    #[test]
    fn a_unit_is_some_positive_amount_of_its_base() {
        for (numerator, denominator, is_good) in
            [(12, 1, true), (1, 1000, true), (0, 1, false), (1, 0, false), (-1, 1, false)]
        {
            assert_eq!(Unit::complete(&mut unit(numerator, denominator), &false).is_ok(), is_good);
        }
        assert!(Unit::complete(&mut unit(FACTOR_MAX + 1, 1), &false).is_err());
    }

    #[test]
    fn goods_are_not_multiplied_by_editing_their_unit() {
        assert!(Unit::check_change(&unit(12, 1), &unit(10, 1), &true).is_err());
        assert!(Unit::check_change(&unit(12, 1), &unit(24, 2), &true).is_ok());
        assert!(Unit::check_change(&unit(12, 1), &unit(10, 1), &false).is_ok());
    }
}
