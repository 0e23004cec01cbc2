//! Product categories: how their products are valued, posted and taxed.

use books::{AccountId, CompanyId, CostMethod, TaxId};
use kernel::{Id, Refusal};
use meta::{Document, Effects, Entity, FieldType, Reader, Trouble, Want};
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
    /// What this one leaves empty is as there says.
    /// 本类别留空的项目沿用上级类别的设置。
    #[field(zh = "上级类别", group)]
    pub parent: Option<Id<ProductCategory>>,
    /// How its products are valued; empty for the method of the category above, or the company's.
    /// 存货计价方法；留空则采用上级类别的方法，均未指定时采用公司的方法。
    #[field(zh = "计价方法", group, section(en = "Accounting", zh = "核算"))]
    pub cost_method: Option<CostMethod>,
    /// Where sales are posted; empty for that of the category above, or the usual account.
    /// 销售收入科目；留空则采用上级类别的科目，均未指定时采用默认科目。
    #[field(zh = "收入科目", only = r#"["and",["kind","=","income"],["is_group","=",false]]"#)]
    pub sales_account: Option<AccountId>,
    /// Where the cost of what is sold is posted; empty for that of the category above, or the usual account.
    /// 销售成本科目；留空则采用上级类别的科目，均未指定时采用默认科目。
    #[field(zh = "成本科目", only = r#"["and",["kind","=","expense"],["is_group","=",false]]"#)]
    pub cost_account: Option<AccountId>,
    /// Where its stock is kept in the books; empty for that of the category above, or the usual account.
    /// 存货科目；留空则采用上级类别的科目，均未指定时采用默认科目。
    #[field(zh = "存货科目", only = r#"["and",["kind","=","asset"],["is_group","=",false]]"#)]
    pub stock_account: Option<AccountId>,
    /// The tax on sales, unless the product says otherwise; empty for that of the category above.
    /// 销售税；产品可另行指定。留空则采用上级类别的税。
    #[field(zh = "销售税", only = r#"["on_purchases","=",false]"#)]
    pub sales_tax: Option<TaxId>,
}

/// Why a category is not saved.
#[derive(meta::Refusal)]
pub enum NotACategory {
    /// Goods of {category} have moved, and stay valued as they are. Name their method in that category, or make another category for new products.
    ///
    /// “{category}”的产品已有出入库记录，计价方法不能更改。请在该类别中指定原计价方法，或为新产品另建类别。
    #[refusal(kind = "Conflict", field = "cost_method")]
    MethodStays {
        /// Of which the goods are: this one, or one below.
        category: String,
    },
    /// Goods of {category} are in stock, and their value stands on its stock account. Change it when they are gone, name the account in that category, or make another category.
    ///
    /// “{category}”尚有库存，其价值记在该类别的存货科目上。请在库存清零后更改，或在该类别中指定原科目，或新建类别。
    #[refusal(kind = "Conflict", field = "stock_account")]
    StockIsValued {
        /// Of which the goods are: this one, or one below.
        category: String,
    },
    /// {tax} is a tax on what is bought. Choose a tax on sales, or clear it.
    ///
    /// {tax} 是进项税，请选择销售税或清空。
    #[refusal(kind = "Invalid", field = "sales_tax")]
    PurchaseTax {
        /// Which.
        tax: (&'static str, i64),
    },
}

/// What the value of goods hangs on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Valued {
    /// How they are valued.
    pub method: Option<CostMethod>,
    /// The account that holds their value.
    pub account: Option<i64>,
}

impl Valued {
    /// What holds for the products of a category: each from the nearest that names it, else
    /// from the company.
    pub(crate) fn of(category: Option<i64>, reader: &dyn Reader) -> Result<Valued, Trouble> {
        let (mut found, mut next) = (Valued::default(), category);
        for _ in 0..=tree::LEVELS_MAX {
            let Some(id) = next else { break };
            let sql = "select cost_method, stock_account, parent from product_category where id = ?1";
            let rows = reader.steady_rows(sql, &[id.into()])?;
            let Some(row) = rows.first() else { break };
            let method: Option<CostMethod> = FieldType::from_value(&row.0[0])?;
            found.method = found.method.or(method);
            found.account = found.account.or(row.maybe_int(1));
            next = row.maybe_int(2);
        }
        let company = [reader.context().company.into()];
        if found.method.is_none() {
            let rows = reader.steady_rows("select cost_method from company where id = ?1", &company)?;
            found.method = rows.first().map(|row| FieldType::from_value(&row.0[0])).transpose()?;
        }
        if found.account.is_none() {
            let usual = "select id from account where company = ?1 and used_for = 'stock'";
            found.account = reader.steady_rows(usual, &company)?.first().map(|row| row.int(0));
        }
        Ok(found)
    }
}

/// A category of the company, as it is kept.
#[derive(Clone, Debug, Default)]
pub struct Kept {
    id: i64,
    name: String,
    parent: Option<i64>,
    valued: Valued,
    /// Whether goods of it are in stock.
    has_stock: bool,
    /// Whether goods of it have ever moved.
    has_moved: bool,
}

/// What is known of a category.
#[derive(Clone, Debug, Default)]
pub struct Facts {
    /// The categories above, nearest first.
    pub above: Vec<i64>,
    /// All categories of the company: those below take over what they do not name.
    pub all: Vec<Kept>,
    /// What holds where no category says anything.
    pub usual: Valued,
    /// Whether its products begin to be sold with a tax on what is bought.
    pub has_bought_tax: bool,
}

const ALL: &str = "
    select g.id, g.name, g.parent, g.cost_method, g.stock_account,
      case when exists (select 1 from product p join product_value v on v.product = p.id and v.company = p.company
                        where p.category = g.id and (v.qty <> 0 or v.value <> 0)) then 1 else 0 end,
      case when exists (select 1 from product p join product_value v on v.product = p.id and v.company = p.company
                        where p.category = g.id) then 1 else 0 end
    from product_category g
    where g.company = ?1";

/// What holds for a category: of each thing, what the nearest says that names it.
fn valued(all: &[Kept], id: i64) -> Valued {
    let (mut found, mut next) = (Valued::default(), Some(id));
    for _ in 0..=tree::LEVELS_MAX {
        let Some(one) = next.and_then(|id| all.iter().find(|one| one.id == id)) else { break };
        found.method = found.method.or(one.valued.method);
        found.account = found.account.or(one.valued.account);
        next = one.parent;
    }
    found
}

impl ProductCategory {
    fn kept(&self, has_stock: bool, has_moved: bool) -> Kept {
        Kept {
            id: self.id.raw(),
            name: self.name.clone(),
            parent: self.parent.map(Id::raw),
            valued: Valued { method: self.cost_method, account: self.stock_account.map(Id::raw) },
            has_stock,
            has_moved,
        }
    }
}

impl Document for ProductCategory {
    type Facts = Facts;
    type Action = NoAction;

    fn facts(doc: &Self, want: &Want<NoAction>, reader: &dyn Reader) -> Result<Facts, Trouble> {
        let above = tree::above(reader, "product_category", "parent", doc.parent.map(Id::raw))?;
        // Only a change may reach goods that are in stock.
        let rows = match want {
            Want::Save(Some(_)) => reader.rows(ALL, &[doc.company.raw().into()])?,
            _ => Vec::new(),
        };
        let kept = |row: &meta::Row| -> Result<Kept, Trouble> {
            Ok(Kept {
                id: row.int(0),
                name: row.text(1).to_owned(),
                parent: row.maybe_int(2),
                valued: Valued { method: FieldType::from_value(&row.0[3])?, account: row.maybe_int(4) },
                has_stock: row.int(5) == 1,
                has_moved: row.int(6) == 1,
            })
        };
        let usual = if rows.is_empty() { Valued::default() } else { Valued::of(None, reader)? };
        let has_bought_tax = org::sells_with_bought_tax(doc.sales_tax, want, reader)?;
        Ok(Facts { above, all: rows.iter().map(kept).collect::<Result<_, _>>()?, usual, has_bought_tax })
    }

    fn complete(doc: &mut Self, facts: &Facts) -> Result<(), Refusal> {
        if let Some(tax) = doc.sales_tax.filter(|_| facts.has_bought_tax) {
            return Err(NotACategory::PurchaseTax { tax: ("tax", tax.raw()) }.into());
        }
        tree::check(doc.id.raw(), &facts.above, "parent")
    }

    fn check_change(_: &Self, new: &Self, facts: &Facts) -> Result<(), Refusal> {
        let after: Vec<Kept> = facts
            .all
            .iter()
            .map(|one| match one.id == new.id.raw() {
                true => new.kept(one.has_stock, one.has_moved),
                false => one.clone(),
            })
            .collect();
        let holds = |all: &[Kept], id: i64| {
            let said = valued(all, id);
            Valued { method: said.method.or(facts.usual.method), account: said.account.or(facts.usual.account) }
        };
        for one in &after {
            let (before, now) = (holds(&facts.all, one.id), holds(&after, one.id));
            if one.has_moved && before.method != now.method {
                return Err(NotACategory::MethodStays { category: one.name.clone() }.into());
            }
            if one.has_stock && before.account != now.account {
                return Err(NotACategory::StockIsValued { category: one.name.clone() }.into());
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

#[cfg(test)]
mod tests {
    use super::*;
    use meta::Record;

    fn category(id: i64, parent: Option<i64>, method: Option<CostMethod>) -> ProductCategory {
        let empty = ProductCategory::from_record(&Record::empty(ProductCategory::meta())).unwrap();
        ProductCategory { id: Id::new(id), parent: parent.map(Id::new), cost_method: method, ..empty }
    }

    /// Lamps 1 over desk lamps 2, of which there is stock, over small ones 3; and another, 4.
    fn facts(desk_lamps: Option<CostMethod>) -> Facts {
        let kept = |one: ProductCategory, has_stock| one.kept(has_stock, has_stock);
        let all = vec![
            kept(category(1, None, Some(CostMethod::Fifo)), false),
            kept(category(2, Some(1), desk_lamps), true),
            kept(category(3, Some(2), None), false),
            kept(category(4, None, Some(CostMethod::Average)), false),
        ];
        Facts { all, ..Facts::default() }
    }

    fn change(facts: &Facts, new: ProductCategory) -> bool {
        ProductCategory::check_change(&category(0, None, None), &new, facts).is_ok()
    }

    #[test]
    fn goods_in_stock_keep_their_method() {
        let facts = facts(None);
        assert!(!change(&facts, category(2, Some(1), Some(CostMethod::Average))));
        assert!(change(&facts, category(2, Some(1), Some(CostMethod::Fifo))), "the same, said by itself");
        assert!(!change(&facts, category(2, Some(4), None)), "under another it would have another");
        assert!(!change(&facts, category(1, None, Some(CostMethod::Average))), "nor is it changed from above");
        assert!(change(&facts, category(3, Some(2), Some(CostMethod::Average))), "of those below there are none");
        assert!(change(&facts, category(4, None, None)));
    }

    #[test]
    fn what_a_category_names_itself_does_not_hang_on_those_above() {
        let facts = facts(Some(CostMethod::Standard));
        assert!(change(&facts, category(1, None, Some(CostMethod::Average))));
        assert!(change(&facts, category(2, Some(4), Some(CostMethod::Standard))));
        let account = ProductCategory { stock_account: Some(Id::new(9)), ..category(1, None, Some(CostMethod::Fifo)) };
        assert!(!change(&facts, account), "the account comes from above still");
    }
}
