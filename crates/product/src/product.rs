//! Products: what is sold and kept.

use books::{CompanyId, TaxId, UnitId};
use kernel::{Id, Price, Qty, Rate, Refusal};
use meta::{Choice, Document, Effects, Entity, Reader, Trouble, Value, Want};
use org::keeping::{self, Keeping};

use crate::product_category::Valued;
use crate::unit::FACTOR_MAX;
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
    /// Further units it is traded in, such as a box of 12. What stands here goes before what the unit says of itself.
    /// 交易使用的其他单位，如一箱 12 件；此处的换算优先于单位自身的换算。
    #[field(label = "Further units", zh = "其他单位", owned)]
    pub units: Vec<ProductUnit>,
    /// The codes of its further units, so that they are found.
    /// 其他单位的条码，供搜索。
    #[field(zh = "单位条码", computed, hidden, search, optional, max = 4000)]
    pub unit_barcodes: String,
    /// Price of one unit, in the company's currency, unless a price list says otherwise.
    /// 单价（本位币）；价目表可另行指定。
    #[field(zh = "销售单价", optional, section(en = "Sales", zh = "销售"))]
    pub sales_price: Price,
    /// The unit sales begin with; the product's own unless another is chosen. Prices are converted.
    /// 销售单据默认使用的单位，留空则用产品单位；价格自动换算。
    #[field(label = "Sold in", zh = "销售单位")]
    pub sales_unit: Option<UnitId>,
    /// The tax on sales; empty for the category's. A new product is offered the company's where its category has none.
    /// 销售税；留空则采用类别的税。类别未指定时，新产品带出公司默认的税。
    #[field(zh = "销售税", group, only = r#"["on_purchases","=",false]"#)]
    pub sales_tax: Option<TaxId>,
    #[field(zh = "带出的销售税", label = "Tax that was offered", hidden)]
    pub tax_offered: Option<TaxId>,
    /// By what part a delivery may be more than what was ordered; empty for what the company allows.
    /// 发货可超出订购数量的比例；留空则按公司设置。
    #[field(label = "Over-delivery allowed", zh = "允许超交")]
    pub over_delivery: Option<Rate>,
    /// By what part an invoice may be more than what was ordered; empty for what the company allows.
    /// 开票可超出订购数量的比例；留空则按公司设置。
    #[field(label = "Over-invoicing allowed", zh = "允许超开票")]
    pub over_invoicing: Option<Rate>,
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

/// A unit one product is traded in, as an exact number of the product's own unit.
/// 某一产品的交易单位，以产品自身单位精确表示。
#[derive(Entity, Clone, Debug)]
#[entity(
    prefix = "pu",
    parent = "product.units",
    label = "Unit of the product",
    plural = "Units of the product",
    zh = "产品单位",
    title = "barcode",
    list = "unit,numerator,denominator,barcode",
    index = "barcode"
)]
pub struct ProductUnit {
    pub id: Id<ProductUnit>,
    #[field(zh = "单位")]
    pub unit: UnitId,
    /// How many of the product's own unit it is: 12 for a box of 12 pieces.
    /// 等于多少个产品单位：一箱 12 件则为 12。
    #[field(label = "Contains", zh = "含数量")]
    pub numerator: i64,
    /// By what that is divided: 3 when three of them make the number before; 1 unless said.
    /// 除数：若三个才等于前述数量，则为 3；留空为 1。
    #[field(label = "Divided by", zh = "除以", optional)]
    pub denominator: i64,
    /// What is printed on the box: EAN-8, EAN-13, or a code of our own.
    /// 外包装上的条码：EAN-8、EAN-13 或自定义条码。
    #[field(zh = "条码", barcode, optional, max = 60)]
    pub barcode: String,
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
    /// An allowance lies between 0 and 100 %. Correct it, or leave it empty for what the company allows.
    ///
    /// 允许超交的比例须在 0 到 100% 之间，请更正，或留空按公司设置。
    #[refusal(kind = "Invalid", field = "over_delivery")]
    StrangeOverDelivery,
    /// An allowance lies between 0 and 100 %. Correct it, or leave it empty for what the company allows.
    ///
    /// 允许超开票的比例须在 0 到 100% 之间，请更正，或留空按公司设置。
    #[refusal(kind = "Invalid", field = "over_invoicing")]
    StrangeOverInvoicing,
    /// {tax} is a tax on what is bought. Choose a tax on sales, or clear it.
    ///
    /// {tax} 是进项税，请选择销售税或清空。
    #[refusal(kind = "Invalid", field = "sales_tax")]
    PurchaseTax {
        /// Which.
        tax: (&'static str, i64),
    },
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
    /// Goods have moved or are promised, so a unit they are traded in keeps its number. Use another unit.
    ///
    /// 已有出入库或已承诺，该单位的换算不能更改或删除。请另设单位。
    #[refusal(kind = "Conflict", field = "units")]
    UnitInUse,
    /// A number of pieces is a whole number from 1 to {most}. Correct it.
    ///
    /// 换算数须为 1 到 {most} 的整数，请更正。
    #[refusal(kind = "Invalid", field = "units.numerator")]
    NotAFactor {
        /// The largest.
        most: i64,
    },
    /// This is the product's own unit. Choose another one.
    ///
    /// 这是产品自身的单位，请选择其他单位。
    #[refusal(kind = "Invalid", field = "units.unit")]
    OwnUnit,
    /// This unit stands here twice. Remove one of the lines.
    ///
    /// 该单位重复，请删除其中一行。
    #[refusal(kind = "Invalid", field = "units.unit")]
    UnitTwice,
    /// The product is not traded in this unit. Choose its own, one of its further units, or one that measures the same.
    ///
    /// 该产品不以此单位交易。请选择产品单位、其他单位之一或同类单位。
    #[refusal(kind = "Invalid", field = "sales_unit")]
    StrangeSalesUnit,
    /// The last digit of this bar code does not fit the others. Scan or type it again.
    ///
    /// 条码校验位不正确，请重新扫描或输入。
    #[refusal(kind = "Invalid", field = "units.barcode")]
    WrongUnitBarcode,
    /// Another product or unit has this bar code already. Each has its own.
    ///
    /// 其他产品或单位已使用该条码，条码不可重复。
    #[refusal(kind = "Conflict", field = "units.barcode")]
    BarcodeTwice,
    /// A box of another product has this bar code already. Each has its own.
    ///
    /// 其他产品的包装已使用该条码，条码不可重复。
    #[refusal(kind = "Conflict", field = "barcode")]
    BarcodeOfABox,
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
#[derive(Clone, Debug, Default)]
pub struct Facts {
    /// Whether goods have ever moved.
    pub has_moved: bool,
    /// Whether it has been promised to somebody.
    pub is_promised: bool,
    /// How much of it is ours.
    pub on_hand: Qty,
    /// Whether something of it is ours, or has value left.
    pub is_held: bool,
    /// How it was valued before a change, and is after it.
    pub valued: [Valued; 2],
    /// Whether the unit sales begin with measures the same as its own.
    pub sells_in_kind: bool,
    /// Which of its bar codes others have.
    pub taken: Vec<String>,
    /// The tax a new product is offered.
    pub tax: Option<TaxId>,
    /// Whether it begins to be sold with a tax on what is bought.
    pub has_bought_tax: bool,
}

impl Document for Product {
    type Facts = Facts;
    type Action = Keeping;

    fn facts(doc: &Self, want: &Want<Keeping>, reader: &dyn Reader) -> Result<Facts, Trouble> {
        let (id, company) = (Value::from(doc.id.raw()), Value::from(reader.context().company));
        let any = |sql: &str| reader.rows(sql, std::slice::from_ref(&id)).map(|rows| !rows.is_empty());
        let has_bought_tax = org::sells_with_bought_tax(doc.sales_tax, want, reader)?;
        let mut facts = Facts { sells_in_kind: same_kind(doc, reader)?, has_bought_tax, ..Facts::default() };
        let codes = doc.units.iter().map(|unit| unit.barcode.as_str()).chain([doc.barcode.as_str()]);
        for code in codes.map(str::trim).filter(|code| !code.is_empty()) {
            if !reader.rows(TAKEN, &[company.clone(), id.clone(), code.into()])?.is_empty() {
                facts.taken.push(code.to_owned());
            }
        }
        if doc.id.raw() == 0 {
            facts.tax = offered_tax(doc, reader)?;
            return Ok(facts);
        }
        facts.has_moved = any("select 1 from stock_move where product = ?1 limit 1")?;
        facts.is_promised = any("select 1 from promise where product = ?1 limit 1")?;
        let held = "select sum(qty), sum(value) from product_value where company = ?1 and product = ?2";
        let rows = reader.rows(held, &[company, id])?;
        let (qty, value) = rows.first().map_or((0, 0), |row| (row.int(0), row.int(1)));
        (facts.on_hand, facts.is_held) = (Qty::new(qty), qty != 0 || value != 0);
        if let Want::Save(Some(old)) = want {
            let before = old.get("category").int();
            facts.valued = [Valued::of(before, reader)?, Valued::of(doc.category.map(Id::raw), reader)?];
        }
        Ok(facts)
    }

    fn complete(doc: &mut Self, facts: &Facts) -> Result<(), Refusal> {
        doc.code = doc.code.trim().to_owned();
        doc.barcode = doc.barcode.trim().to_owned();
        // What was chosen, or cleared, since it was offered is left alone.
        if doc.id.raw() == 0 && doc.sales_tax == doc.tax_offered {
            (doc.sales_tax, doc.tax_offered) = (facts.tax, facts.tax);
        }
        complete_units(doc, facts)?;
        if let Some(tax) = doc.sales_tax.filter(|_| facts.has_bought_tax) {
            return Err(NotAProduct::PurchaseTax { tax: ("tax", tax.raw()) }.into());
        }
        let is_strange = |rate: Option<Rate>| rate.is_some_and(|rate| !(Rate::ZERO..=Rate::ONE).contains(&rate));
        let why = match doc {
            _ if is_strange(doc.over_delivery) => NotAProduct::StrangeOverDelivery,
            _ if is_strange(doc.over_invoicing) => NotAProduct::StrangeOverInvoicing,
            _ if doc.sales_price.is_negative() => NotAProduct::NegativePrice,
            _ if doc.standard_cost.is_some_and(Price::is_negative) => NotAProduct::NegativeCost,
            _ if doc.weight_grams.is_some_and(Qty::is_negative) => NotAProduct::NegativeWeight,
            _ if doc.kind == ProductKind::Service && doc.standard_cost.is_some() => NotAProduct::ServiceHasNoCost,
            _ if !barcode::is_plausible(&doc.barcode) => NotAProduct::WrongBarcode,
            _ if facts.taken.contains(&doc.barcode) => NotAProduct::BarcodeOfABox,
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
            moved if (moved || facts.is_promised) && !keeps_units(old, new) => Err(NotAProduct::UnitInUse.into()),
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

/// Another product of the company, or one of its units, that has a bar code.
const TAKEN: &str = "
    select 1
    from product
    where company = ?1 and id <> ?2 and barcode = ?3
    union all
    select 1
    from product_unit u
    join product p on p.id = u.parent
    where p.company = ?1 and p.id <> ?2 and u.barcode = ?3";

/// How deep categories are followed.
const LEVELS_MAX: usize = 20;

/// The company's tax of new products, where no category of the product names one.
fn offered_tax(doc: &Product, reader: &dyn Reader) -> Result<Option<TaxId>, Trouble> {
    let mut category = doc.category.map(Id::raw);
    for _ in 0..LEVELS_MAX {
        let Some(id) = category else { break };
        let rows = reader.steady_rows("select sales_tax, parent from product_category where id = ?1", &[id.into()])?;
        if rows.first().is_some_and(|row| row.maybe_int(0).is_some()) {
            return Ok(None);
        }
        category = rows.first().and_then(|row| row.maybe_int(1));
    }
    let sql = "select t.id from company c join tax t on t.id = c.sales_tax where c.id = ?1 and t.active = 1";
    let rows = reader.steady_rows(sql, &[reader.context().company.into()])?;
    Ok(rows.first().map(|row| Id::new(row.int(0))))
}

/// Whether the unit sales begin with measures the same as the product's own.
fn same_kind(doc: &Product, reader: &dyn Reader) -> Result<bool, Trouble> {
    let Some(sales_unit) = doc.sales_unit else { return Ok(true) };
    let category = |unit: UnitId| {
        let rows = reader.steady_rows("select category from unit where id = ?1", &[unit.raw().into()])?;
        Ok::<_, Trouble>(rows.first().map(|row| row.text(0).to_owned()))
    };
    Ok(category(sales_unit)? == category(doc.unit)?)
}

/// Checks the further units; all that is wrong is told together.
fn complete_units(doc: &mut Product, facts: &Facts) -> Result<(), Refusal> {
    for unit in &mut doc.units {
        unit.barcode = unit.barcode.trim().to_owned();
        // Nobody is asked by what twelve is divided.
        unit.denominator = if unit.denominator == 0 { 1 } else { unit.denominator };
    }
    let problems: Vec<Refusal> =
        (0..doc.units.len()).filter_map(|row| Some(Refusal::from(wrong_unit(doc, row, facts)?).row(row))).collect();
    if !problems.is_empty() {
        return Err(Refusal::merge(problems));
    }
    let is_own = |unit: UnitId| unit == doc.unit || doc.units.iter().any(|one| one.unit == unit);
    if doc.sales_unit.is_some_and(|unit| !is_own(unit) && !facts.sells_in_kind) {
        return Err(NotAProduct::StrangeSalesUnit.into());
    }
    let codes = doc.units.iter().map(|unit| unit.barcode.as_str()).filter(|code| !code.is_empty());
    doc.unit_barcodes = codes.collect::<Vec<_>>().join(" ");
    Ok(())
}

fn wrong_unit(doc: &Product, row: usize, facts: &Facts) -> Option<NotAProduct> {
    let unit = &doc.units[row];
    let is_factor = |number: i64| (1..=FACTOR_MAX).contains(&number);
    let has_code = |other: &ProductUnit| other.barcode == unit.barcode;
    let is_taken =
        || facts.taken.contains(&unit.barcode) || doc.barcode == unit.barcode || doc.units[..row].iter().any(has_code);
    match unit {
        _ if !is_factor(unit.numerator) || !is_factor(unit.denominator) => {
            Some(NotAProduct::NotAFactor { most: FACTOR_MAX })
        }
        _ if unit.unit == doc.unit => Some(NotAProduct::OwnUnit),
        _ if doc.units[..row].iter().any(|other| other.unit == unit.unit) => Some(NotAProduct::UnitTwice),
        _ if !barcode::is_plausible(&unit.barcode) => Some(NotAProduct::WrongUnitBarcode),
        _ if !unit.barcode.is_empty() && is_taken() => Some(NotAProduct::BarcodeTwice),
        _ => None,
    }
}

/// Whether every unit of before is there and says the same: 24/2 is 12/1.
fn keeps_units(old: &Product, new: &Product) -> bool {
    let ratio = |top: &ProductUnit, under: &ProductUnit| i128::from(top.numerator) * i128::from(under.denominator);
    let same =
        |one: &ProductUnit, other: &ProductUnit| one.unit == other.unit && ratio(one, other) == ratio(other, one);
    old.units.iter().all(|before| new.units.iter().any(|after| same(before, after)))
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
    fn an_allowance_is_a_part_of_what_was_ordered_or_is_left_to_the_company() {
        let rate = |text: &str| Rate::parse(text).unwrap();
        assert_eq!(save(|mug| mug.over_delivery = Some(Rate::ZERO)), "saved");
        assert_eq!(save(|mug| mug.over_delivery = Some(rate("1.1"))), "strange_over_delivery");
        assert_eq!(save(|mug| mug.over_invoicing = Some(rate("-0.1"))), "strange_over_invoicing");
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
    fn a_new_product_is_offered_the_companys_tax_and_keeps_what_is_chosen_or_cleared() {
        let tax = |id: i64| Some(Id::new(id));
        let offer = |doc: &mut Product, offered: Option<TaxId>| {
            Product::complete(doc, &Facts { tax: offered, ..Facts::default() }).unwrap();
            doc.sales_tax
        };
        let mut new = Product { id: Id::new(0), ..mug() };
        assert_eq!(offer(&mut new, tax(20)), tax(20));
        assert_eq!(offer(&mut new, None), None, "its category has one now");
        assert_eq!(offer(&mut new, tax(20)), tax(20));
        new.sales_tax = None;
        assert_eq!(offer(&mut new, tax(20)), None, "it was cleared");
        new.sales_tax = tax(10);
        assert_eq!(offer(&mut new, tax(20)), tax(10), "another was chosen");
        assert_eq!(offer(&mut mug(), tax(20)), None, "it is there already");
    }

    #[test]
    fn what_has_moved_keeps_its_unit() {
        let new = Product { unit: Id::new(2), ..mug() };
        let moved = Facts { has_moved: true, ..Facts::default() };
        assert!(Product::check_change(&mug(), &new, &Facts::default()).is_ok());
        assert_eq!(Product::check_change(&mug(), &new, &moved).unwrap_err().problems[0].code, "has_moved");
    }

    fn boxed(unit: i64, numerator: i64, barcode: &str) -> ProductUnit {
        ProductUnit { id: Id::new(0), unit: Id::new(unit), numerator, denominator: 1, barcode: barcode.to_owned() }
    }

    #[test]
    fn further_units_are_told_apart_and_have_codes_of_their_own() {
        assert_eq!(save(|mug| mug.units = vec![boxed(2, 12, "96385074"), boxed(3, 144, "")]), "saved");
        assert_eq!(save(|mug| mug.units = vec![boxed(1, 12, "")]), "own_unit");
        assert_eq!(save(|mug| mug.units = vec![boxed(2, 12, ""), boxed(2, 10, "")]), "unit_twice");
        assert_eq!(save(|mug| mug.units = vec![boxed(2, 0, "")]), "not_a_factor");
        assert_eq!(save(|mug| mug.units = vec![boxed(2, 12, "96385075")]), "wrong_unit_barcode");
        assert_eq!(save(|mug| mug.units = vec![boxed(2, 12, "A"), boxed(3, 6, "A")]), "barcode_twice");
        let mut mug = Product { units: vec![boxed(2, 12, " A "), boxed(3, 6, "B")], ..mug() };
        let taken = Facts { taken: vec!["B".to_owned()], ..Facts::default() };
        let why = Product::complete(&mut mug.clone(), &taken).unwrap_err();
        assert_eq!((why.problems[0].code, why.problems[0].row), ("barcode_twice", Some(1)));
        Product::complete(&mut mug, &Facts::default()).unwrap();
        assert_eq!(mug.unit_barcodes, "A B");
    }

    #[test]
    fn sales_begin_with_a_unit_of_the_product() {
        let in_boxes = |mug: &mut Product| mug.sales_unit = Some(Id::new(2));
        assert_eq!(save(in_boxes), "strange_sales_unit");
        assert_eq!(save(|mug| (in_boxes(mug), mug.units.push(boxed(2, 12, ""))).0), "saved");
        let kind = Facts { sells_in_kind: true, ..Facts::default() };
        assert!(Product::complete(&mut Product { sales_unit: Some(Id::new(2)), ..mug() }, &kind).is_ok());
    }

    #[test]
    fn a_unit_that_is_promised_keeps_its_number() {
        let old = Product { units: vec![boxed(2, 12, "")], ..mug() };
        let new = |units: Vec<ProductUnit>| Product { units, ..mug() };
        let promised = Facts { is_promised: true, ..Facts::default() };
        let code = |new: Product, facts: &Facts| {
            Product::check_change(&old, &new, facts).map_or_else(|why| why.problems[0].code, |()| "saved")
        };
        assert_eq!(code(new(vec![boxed(2, 10, "")]), &promised), "unit_in_use");
        assert_eq!(code(new(vec![]), &promised), "unit_in_use");
        assert_eq!(code(new(vec![boxed(2, 10, "")]), &Facts::default()), "saved");
        let same = ProductUnit { denominator: 2, ..boxed(2, 24, "B") };
        assert_eq!(code(new(vec![boxed(3, 6, ""), same]), &promised), "saved");
    }

    #[test]
    fn what_is_in_stock_is_not_archived() {
        let full = Facts { on_hand: Qty::whole(3), ..Facts::default() };
        let refused = Product::decide(&mug(), &Keeping::Archive, &full).unwrap_err();
        assert_eq!(refused.to_string(), "3 are still in stock. Sell them or take them out first.");
        assert!(Product::decide(&mug(), &Keeping::Archive, &Facts::default()).is_ok());
    }
}
