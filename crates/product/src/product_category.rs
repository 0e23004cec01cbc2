//! Product categories: how their products are valued, posted and taxed.

use books::{AccountId, CompanyId, CostMethod, TaxId};
use kernel::{Id, Refusal};
use meta::{Document, Effects, Entity, Reader, Trouble, Want};
use org::{NoAction, tree};

/// Products that are valued, posted and taxed alike.
/// 计价、记账和计税方式相同的一类产品。
#[derive(Entity, Clone, Debug)]
#[entity(
    prefix = "pg",
    kind = "master",
    steady,
    zh = "产品类别",
    plural = "Product categories",
    title = "name",
    list = "name,parent,cost_method,sales_account,cost_account,stock_account,sales_tax",
    sort = "name",
    index = "unique:company,name"
)]
pub struct ProductCategory {
    pub id: Id<ProductCategory>,
    #[field(zh = "公司")]
    pub company: CompanyId,
    #[field(zh = "名称", search, unique)]
    pub name: String,
    #[field(zh = "上级类别", group)]
    pub parent: Option<Id<ProductCategory>>,
    /// How its products are valued; empty for the company's method.
    /// 存货计价方法；留空则采用公司的方法。
    #[field(zh = "计价方法", group, section(en = "Accounting", zh = "核算"))]
    pub cost_method: Option<CostMethod>,
    /// Where sales are posted; empty for the usual account.
    /// 销售收入科目；留空则采用默认科目。
    #[field(zh = "收入科目", only = r#"["and",["kind","=","income"],["is_group","=",false]]"#)]
    pub sales_account: Option<AccountId>,
    /// Where the cost of what is sold is posted; empty for the usual account.
    /// 销售成本科目；留空则采用默认科目。
    #[field(zh = "成本科目", only = r#"["and",["kind","=","expense"],["is_group","=",false]]"#)]
    pub cost_account: Option<AccountId>,
    /// Where its stock is kept in the books; empty for the usual account.
    /// 存货科目；留空则采用默认科目。
    #[field(zh = "存货科目", only = r#"["and",["kind","=","asset"],["is_group","=",false]]"#)]
    pub stock_account: Option<AccountId>,
    /// The tax on sales, unless the product says otherwise.
    /// 销售税；产品可另行指定。
    #[field(zh = "销售税")]
    pub sales_tax: Option<TaxId>,
}

/// Why a category is not saved.
#[derive(meta::Refusal)]
pub enum NotACategory {
    /// Goods of this category are in stock, and their value hangs on the method and the account. Change it when they are gone, or make another category.
    ///
    /// 该类别尚有库存，其价值取决于计价方法和存货科目。请在库存清零后更改，或新建类别。
    #[refusal(kind = "Conflict", field = "cost_method")]
    StockIsValued,
}

/// What is known of a category.
#[derive(Clone, Debug, Default)]
pub struct Facts {
    /// The categories above, nearest first.
    pub above: Vec<i64>,
    /// Whether goods of it are in stock.
    pub has_stock: bool,
}

const STOCK: &str = "
    select 1
    from product p
    join product_value v on v.product = p.id and v.company = p.company
    where p.category = ?1 and v.qty <> 0
    limit 1";

impl Document for ProductCategory {
    type Facts = Facts;
    type Action = NoAction;

    fn facts(doc: &Self, _: &Want<NoAction>, reader: &dyn Reader) -> Result<Facts, Trouble> {
        Ok(Facts {
            above: tree::above(reader, "product_category", "parent", doc.parent.map(Id::raw))?,
            has_stock: !reader.rows(STOCK, &[doc.id.raw().into()])?.is_empty(),
        })
    }

    fn complete(doc: &mut Self, facts: &Facts) -> Result<(), Refusal> {
        tree::check(doc.id.raw(), &facts.above, "parent")
    }

    fn check_change(old: &Self, new: &Self, facts: &Facts) -> Result<(), Refusal> {
        let differs = old.cost_method != new.cost_method || old.stock_account != new.stock_account;
        match facts.has_stock && differs {
            true => Err(NotACategory::StockIsValued.into()),
            false => Ok(()),
        }
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
    use meta::Record;

    #[test]
    fn goods_in_stock_keep_their_method() {
        let old = ProductCategory::from_record(&Record::empty(ProductCategory::meta())).unwrap();
        let new = ProductCategory { cost_method: Some(CostMethod::Fifo), ..old.clone() };
        let stocked = Facts { has_stock: true, ..Facts::default() };
        assert!(ProductCategory::check_change(&old, &new, &stocked).is_err());
        assert!(ProductCategory::check_change(&old, &new, &Facts::default()).is_ok());
        assert!(ProductCategory::check_change(&old, &old, &stocked).is_ok());
    }
}
