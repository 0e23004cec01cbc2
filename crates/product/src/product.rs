//! Products: what is sold and kept.

use books::{CompanyId, TaxId, UnitId};
use kernel::{Id, Price, Qty, Refusal};
use meta::{Choice, Document, Effects, Entity, Reader, Trouble, Want};
use org::keeping::{self, Keeping};

use crate::product_category::Valued;
use crate::{ProductCategory, barcode};

/// Something we sell, buy or keep: goods or a service.
/// 我们销售、采购或存放的商品或服务。
#[derive(Entity, Clone, Debug)]
#[entity(
    prefix = "pr",
    kind = "master",
    zh = "产品",
    title = "code,name",
    list = "code,name,kind,category,unit,sales_price,sales_tax,active",
    sort = "code",
    index = "unique:company,code;unique:company,barcode",
    actions = "Keeping"
)]
pub struct Product {
    pub id: Id<Product>,
    #[field(zh = "公司")]
    pub company: CompanyId,
    /// A short code, as printed on documents.
    /// 简短编码，打印在单据上。
    #[field(zh = "编码", search, unique, max = 40)]
    pub code: String,
    #[field(zh = "名称", search)]
    pub name: String,
    /// Goods are counted in stock, a service is not.
    /// 商品进行库存管理，服务不进行。
    #[field(zh = "类型", group, default = "stocked")]
    pub kind: ProductKind,
    #[field(zh = "类别", group)]
    pub category: Option<Id<ProductCategory>>,
    /// The unit its quantities are kept in. It stays once goods have moved.
    /// 库存数量的计量单位；一旦有出入库便不能更改。
    #[field(zh = "单位", group)]
    pub unit: UnitId,
    /// Price of one unit, in the company's currency, unless a price list says otherwise.
    /// 单价（本位币）；价目表可另行指定。
    #[field(zh = "销售单价", optional, section(en = "Sales", zh = "销售"))]
    pub sales_price: Price,
    /// The tax on sales; empty for the category's.
    /// 销售税；留空则采用类别的税。
    #[field(zh = "销售税", group)]
    pub sales_tax: Option<TaxId>,
    /// Offered on sales documents.
    /// 可在销售单据中选择。
    #[field(label = "Sold", zh = "可销售", default = "true", group)]
    pub sold: bool,
    /// What one unit is worth under standard cost; of use as a first guess elsewhere.
    /// 标准成本法下一单位的成本；其他方法下作为初始参考。
    #[field(zh = "标准成本", section(en = "Stock", zh = "库存"))]
    pub standard_cost: Option<Price>,
    /// EAN-8, EAN-13, or a code of our own.
    /// EAN-8、EAN-13 或自定义条码。
    #[field(zh = "条码", search, barcode, optional, unique, max = 60)]
    pub barcode: String,
    #[field(label = "Weight (g)", zh = "重量（克）")]
    pub weight_grams: Option<Qty>,
    /// What customers read on quotations.
    /// 报价单上显示给客户的说明。
    #[field(zh = "描述", long, optional, search)]
    pub description: String,
    /// What is archived is not offered any more.
    /// 已归档的产品不再供选择。
    #[field(zh = "启用", readonly, default = "true")]
    pub active: bool,
}

/// Whether a product is counted.
#[derive(Choice, Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProductKind {
    /// Goods in stock.
    #[choice(label = "Goods", zh = "商品", tone = "info")]
    Stocked,
    /// Work and other things nobody counts.
    #[choice(zh = "服务")]
    Service,
}

/// Why a product is not saved or archived.
#[derive(meta::Refusal)]
pub enum NotAProduct {
    /// A price is not below zero. Correct it.
    ///
    /// 价格不能小于零，请更正。
    #[refusal(kind = "Invalid", field = "sales_price")]
    NegativePrice,
    /// A cost is not below zero. Correct it.
    ///
    /// 成本不能小于零，请更正。
    #[refusal(kind = "Invalid", field = "standard_cost")]
    NegativeCost,
    /// A weight is not below zero. Correct it.
    ///
    /// 重量不能小于零，请更正。
    #[refusal(kind = "Invalid", field = "weight_grams")]
    NegativeWeight,
    /// A service is not kept in stock and has no cost of its own. Leave the standard cost empty, or make it goods.
    ///
    /// 服务不计库存，没有标准成本。请清空标准成本，或改为商品。
    #[refusal(kind = "Invalid", field = "standard_cost")]
    ServiceHasNoCost,
    /// The last digit of this bar code does not fit the others. Scan or type it again.
    ///
    /// 条码校验位不正确，请重新扫描或输入。
    #[refusal(kind = "Invalid", field = "barcode")]
    WrongBarcode,
    /// Goods have moved already, so kind and unit stay. Make another product.
    ///
    /// 已有出入库记录，类型和单位不能更改。请新建产品。
    #[refusal(kind = "Conflict", field = "unit")]
    HasMoved,
    /// {on_hand} are in stock, and their value stands on the stock account of the present category. Take them out first, or choose a category with the same account.
    ///
    /// 现有库存 {on_hand}，其价值记在当前类别的存货科目上。请先出库，或选择存货科目相同的类别。
    #[refusal(kind = "Conflict", field = "category")]
    StockInAccount {
        /// How much.
        on_hand: Qty,
    },
    /// Goods have moved already, so they stay valued as they are. Choose a category with the same cost method, or make another product.
    ///
    /// 已有出入库记录，计价方法不能更改。请选择计价方法相同的类别，或新建产品。
    #[refusal(kind = "Conflict", field = "category")]
    MethodStays,
    /// {on_hand} are still in stock. Sell them or take them out first.
    ///
    /// 仍有库存 {on_hand}，请先售出或出库。
    #[refusal(kind = "NotNow")]
    StillInStock {
        /// How much.
        on_hand: Qty,
    },
}

/// What is known of a product.
#[derive(Clone, Copy, Debug, Default)]
pub struct Facts {
    /// Whether goods have ever moved.
    pub has_moved: bool,
    /// How much of it is ours.
    pub on_hand: Qty,
    /// Whether something of it is ours, or has value left.
    pub is_held: bool,
    /// How it was valued before a change, and is after it.
    pub valued: [Valued; 2],
}

impl Document for Product {
    type Facts = Facts;
    type Action = Keeping;

    fn facts(doc: &Self, want: &Want<Keeping>, reader: &dyn Reader) -> Result<Facts, Trouble> {
        if doc.id.raw() == 0 {
            return Ok(Facts::default());
        }
        let moved = reader.rows("select 1 from stock_move where product = ?1 limit 1", &[doc.id.raw().into()])?;
        let held = "select sum(qty), sum(value) from product_value where company = ?1 and product = ?2";
        let rows = reader.rows(held, &[doc.company.raw().into(), doc.id.raw().into()])?;
        let (qty, value) = rows.first().map_or((0, 0), |row| (row.int(0), row.int(1)));
        let valued = match want {
            Want::Save(Some(old)) => {
                let before = old.get("category").int();
                [Valued::of(before, reader)?, Valued::of(doc.category.map(Id::raw), reader)?]
            }
            Want::Save(None) | Want::Typing | Want::Act(_) => [Valued::default(); 2],
        };
        let is_held = qty != 0 || value != 0;
        Ok(Facts { has_moved: !moved.is_empty(), on_hand: Qty::new(qty), is_held, valued })
    }

    fn complete(doc: &mut Self, _: &Facts) -> Result<(), Refusal> {
        doc.code = doc.code.trim().to_owned();
        doc.barcode = doc.barcode.trim().to_owned();
        let why = match doc {
            _ if doc.sales_price.is_negative() => NotAProduct::NegativePrice,
            _ if doc.standard_cost.is_some_and(Price::is_negative) => NotAProduct::NegativeCost,
            _ if doc.weight_grams.is_some_and(Qty::is_negative) => NotAProduct::NegativeWeight,
            _ if doc.kind == ProductKind::Service && doc.standard_cost.is_some() => NotAProduct::ServiceHasNoCost,
            _ if !barcode::is_plausible(&doc.barcode) => NotAProduct::WrongBarcode,
            _ => return Ok(()),
        };
        Err(why.into())
    }

    fn check_change(old: &Self, new: &Self, facts: &Facts) -> Result<(), Refusal> {
        let [before, after] = facts.valued;
        match facts.has_moved {
            true if old.kind != new.kind || old.unit != new.unit => Err(NotAProduct::HasMoved.into()),
            true if before.method != after.method => Err(NotAProduct::MethodStays.into()),
            true if facts.is_held && before.account != after.account => {
                Err(NotAProduct::StockInAccount { on_hand: facts.on_hand }.into())
            }
            _ => Ok(()),
        }
    }

    fn decide(_: &Self, action: &Keeping, facts: &Facts) -> Result<(&'static str, Effects), Refusal> {
        match action {
            Keeping::Archive if !facts.on_hand.is_zero() => {
                Err(NotAProduct::StillInStock { on_hand: facts.on_hand }.into())
            }
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

    fn mug() -> Product {
        let mut mug = Product::from_record(&Record::empty(Product::meta())).unwrap();
        (mug.id, mug.code, mug.unit, mug.active) = (Id::new(7), " MUG ".to_owned(), Id::new(1), true);
        mug
    }

    fn save(change: impl FnOnce(&mut Product)) -> &'static str {
        let mut product = mug();
        change(&mut product);
        Product::complete(&mut product, &Facts::default()).map_or_else(|why| why.problems[0].code, |()| "saved")
    }

    #[test]
    fn prices_and_costs_are_not_below_zero() {
        assert_eq!(save(|_| ()), "saved");
        assert_eq!(save(|mug| mug.sales_price = Price::new(-1)), "negative_price");
        assert_eq!(save(|mug| mug.standard_cost = Some(Price::new(-1))), "negative_cost");
        assert_eq!(save(|mug| mug.weight_grams = Some(Qty::new(-1))), "negative_weight");
    }

    #[test]
    fn a_service_has_no_cost() {
        assert_eq!(save(|it| it.kind = ProductKind::Service), "saved");
        let costly = |it: &mut Product| (it.kind, it.standard_cost) = (ProductKind::Service, Some(Price::ONE));
        assert_eq!(save(costly), "service_has_no_cost");
    }

    #[test]
    fn a_bar_code_has_its_check_digit() {
        assert_eq!(save(|mug| mug.barcode = "4006381333931".to_owned()), "saved");
        assert_eq!(save(|mug| mug.barcode = "4006381333932".to_owned()), "wrong_barcode");
    }

    #[test]
    fn what_has_moved_keeps_its_unit() {
        let new = Product { unit: Id::new(2), ..mug() };
        let moved = Facts { has_moved: true, ..Facts::default() };
        assert!(Product::check_change(&mug(), &new, &Facts::default()).is_ok());
        assert_eq!(Product::check_change(&mug(), &new, &moved).unwrap_err().problems[0].code, "has_moved");
    }

    #[test]
    fn what_is_in_stock_is_not_archived() {
        let full = Facts { on_hand: Qty::whole(3), ..Facts::default() };
        let refused = Product::decide(&mug(), &Keeping::Archive, &full).unwrap_err();
        assert_eq!(refused.to_string(), "3 are still in stock. Sell them or take them out first.");
        assert!(Product::decide(&mug(), &Keeping::Archive, &Facts::default()).is_ok());
    }
}
