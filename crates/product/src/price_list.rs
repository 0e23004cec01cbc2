//! Price lists: what is agreed with a customer or a group of them.

use books::{CompanyId, ProductId};
use kernel::{Currency, Date, Id, Price, Qty, Refusal};
use meta::{Document, Effects, Entity, Fault, Reader, Trouble, Want};
use org::{NoAction, tree};

use crate::ProductCategory;
use crate::price_rules::PriceLine;

/// Prices for some customers, in one currency. What it does not say, its parent does.
/// 适用于部分客户的价格（同一币种）；本表未列的价格取自上级价目表。
#[derive(Entity, Clone, Debug)]
#[entity(
    prefix = "pl",
    kind = "master",
    zh = "价目表",
    title = "name",
    list = "name,currency,tax_included,parent",
    sort = "name",
    index = "unique:company,name"
)]
pub struct PriceList {
    pub id: Id<PriceList>,
    #[field(zh = "公司")]
    pub company: CompanyId,
    #[field(zh = "名称", search, unique)]
    pub name: String,
    #[field(zh = "币种", group)]
    pub currency: Currency,
    /// Whether its prices contain the tax.
    /// 价格是否含税。
    #[field(label = "Tax included", zh = "含税")]
    pub tax_included: bool,
    /// Where to look for what is not here.
    /// 本表没有的价格从哪个价目表查找。
    #[field(zh = "上级价目表", group)]
    pub parent: Option<Id<PriceList>>,
    #[field(zh = "价格", owned)]
    pub lines: Vec<PriceListLine>,
}

/// One price: of a product, or of all products of a category.
/// 一条价格：某产品或某类别全部产品的价格。
#[derive(Entity, Clone, Debug)]
#[entity(
    prefix = "pn",
    parent = "price_list.lines",
    label = "Price",
    zh = "价格",
    title = "id",
    list = "product,category,min_qty,price,valid_from,valid_until"
)]
pub struct PriceListLine {
    pub id: Id<PriceListLine>,
    #[field(zh = "产品")]
    pub product: Option<ProductId>,
    /// For all products of the category that have no line of their own.
    /// 适用于该类别中没有单独定价的产品。
    #[field(zh = "类别")]
    pub category: Option<Id<ProductCategory>>,
    /// The least quantity for this price, in the product's unit.
    /// 享受该价格的最小数量（产品单位）。
    #[field(label = "From quantity", zh = "起订量", optional)]
    pub min_qty: Qty,
    /// Price of one unit.
    /// 单价。
    #[field(zh = "单价")]
    pub price: Price,
    #[field(zh = "生效日期")]
    pub valid_from: Option<Date>,
    /// The last day it is valid.
    /// 最后有效日（含当日）。
    #[field(zh = "失效日期", not_before = "valid_from")]
    pub valid_until: Option<Date>,
}

/// Why a price list is not saved.
#[derive(meta::Refusal)]
pub enum NotAPriceList {
    /// A price is for a product or for a category. Choose one of them, not both.
    ///
    /// 价格须针对产品或类别，请选择其中之一。
    #[refusal(kind = "Invalid", field = "lines.product")]
    NotForOne,
    /// Prices and quantities are not below zero. Correct them.
    ///
    /// 价格和数量不能小于零，请更正。
    #[refusal(kind = "Invalid", field = "lines.price")]
    BelowZero,
    /// There are two prices for the same product, quantity and start. Remove one.
    ///
    /// 同一产品、起订量和生效日期有两个价格，请删除其一。
    #[refusal(kind = "Invalid", field = "lines.price")]
    TwoPrices,
    /// The parent has prices in {currency}. Choose a parent with the same currency and the same treatment of tax.
    ///
    /// 上级价目表的币种为 {currency}。请选择币种和含税方式相同的上级。
    #[refusal(kind = "Invalid", field = "parent")]
    OtherParent {
        /// The currency of the parent.
        currency: String,
    },
}

/// What is known of a price list.
#[derive(Clone, Debug, Default)]
pub struct Facts {
    /// The lists it falls back to, nearest first.
    pub above: Vec<i64>,
    /// Currency of its parent, and whether tax is included there.
    pub parent: Option<(String, bool)>,
}

impl Document for PriceList {
    type Facts = Facts;
    type Action = NoAction;

    fn facts(doc: &Self, _: &Want<NoAction>, reader: &dyn Reader) -> Result<Facts, Trouble> {
        let above = tree::above(reader, "price_list", "parent", doc.parent.map(Id::raw))?;
        let sql = "select currency, tax_included from price_list where id = ?1";
        let parent = match doc.parent {
            Some(parent) => reader.rows(sql, &[parent.raw().into()])?,
            None => Vec::new(),
        };
        let parent = parent.first().map(|row| (row.text(0).to_owned(), row.int(1) != 0));
        Ok(Facts { above, parent })
    }

    fn complete(doc: &mut Self, facts: &Facts) -> Result<(), Refusal> {
        tree::check(doc.id.raw(), &facts.above, "parent")?;
        if let Some((currency, tax_included)) = &facts.parent
            && (currency != doc.currency.code() || *tax_included != doc.tax_included)
        {
            return Err(NotAPriceList::OtherParent { currency: currency.clone() }.into());
        }
        for (row, line) in doc.lines.iter().enumerate() {
            check_line(line).map_err(|why| Refusal::from(why).row(row))?;
            let key = |line: &PriceListLine| (line.product, line.category, line.min_qty, line.valid_from);
            if doc.lines[..row].iter().any(|other| key(other) == key(line)) {
                return Err(Refusal::from(NotAPriceList::TwoPrices).row(row));
            }
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

fn check_line(line: &PriceListLine) -> Result<(), NotAPriceList> {
    if line.product.is_some() == line.category.is_some() {
        return Err(NotAPriceList::NotForOne);
    }
    if line.price.is_negative() || line.min_qty.is_negative() { Err(NotAPriceList::BelowZero) } else { Ok(()) }
}

const LINES: &str = "
    select product, category, min_qty, price, valid_from, valid_until
    from price_list_line
    where parent = ?1
    order by position";

/// The lines of a list and of those it falls back to, for [`crate::price_rules::price_in_chain`].
pub fn chain(reader: &dyn Reader, list: Id<PriceList>) -> Result<Vec<Vec<PriceLine>>, Fault> {
    let lists = tree::above(reader, "price_list", "parent", Some(list.raw()))?;
    let read = |list: &i64| -> Result<Vec<PriceLine>, Fault> {
        let rows = reader.rows(LINES, &[(*list).into()])?;
        let line = |row: &meta::Row| PriceLine {
            product: row.maybe_int(0).map(Id::new),
            category: row.maybe_int(1),
            min_qty: Qty::new(row.int(2)),
            price: Price::new(row.int(3)),
            valid_from: row.date(4),
            valid_until: row.date(5),
        };
        Ok(rows.iter().map(line).collect())
    };
    lists.iter().map(read).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use meta::Record;

    fn line(product: i64, min_qty: i64) -> PriceListLine {
        let mut line = PriceListLine::from_record(&Record::empty(PriceListLine::meta())).unwrap();
        (line.product, line.min_qty, line.price) = (Some(Id::new(product)), Qty::whole(min_qty), Price::ONE);
        line
    }

    fn save(lines: Vec<PriceListLine>, facts: &Facts) -> &'static str {
        let mut list = PriceList::from_record(&Record::empty(PriceList::meta())).unwrap();
        (list.id, list.currency, list.lines) = (Id::new(5), Currency::EUR, lines);
        PriceList::complete(&mut list, facts).map_or_else(|why| why.problems[0].code, |()| "saved")
    }

    #[test]
    fn a_line_is_for_one_thing_and_unlike_the_others() {
        let none = Facts::default();
        assert_eq!(save(vec![line(1, 0), line(1, 10), line(2, 0)], &none), "saved");
        assert_eq!(save(vec![line(1, 0), line(1, 0)], &none), "two_prices");
        assert_eq!(save(vec![PriceListLine { product: None, ..line(1, 0) }], &none), "not_for_one");
        assert_eq!(save(vec![PriceListLine { category: Some(Id::new(3)), ..line(1, 0) }], &none), "not_for_one");
        assert_eq!(save(vec![PriceListLine { price: Price::new(-1), ..line(1, 0) }], &none), "below_zero");
    }

    #[test]
    fn a_parent_speaks_the_same_currency() {
        let parent = |currency: &str, tax| Facts { above: vec![9], parent: Some((currency.to_owned(), tax)) };
        assert_eq!(save(vec![], &parent("EUR", false)), "saved");
        assert_eq!(save(vec![], &parent("USD", false)), "other_parent");
        assert_eq!(save(vec![], &parent("EUR", true)), "other_parent");
        assert_eq!(save(vec![], &Facts { above: vec![9, 5], parent: None }), "above_itself");
    }
}
