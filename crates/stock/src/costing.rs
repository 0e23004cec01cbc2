//! How goods are valued and where their value is posted: facts that every document that moves goods needs.

use std::collections::BTreeMap;

use books::{AccountId, CostMethod, DocLine, Move, MoveKind, PlaceId, ProductId};
use kernel::{Currency, Date, Id, Label, Price, Qty, Refusal};
use meta::{Fault, FieldType, Reader};

/// How one product is valued.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Goods {
    /// False for services, which are never moved.
    pub is_stocked: bool,
    /// How it is valued.
    pub method: CostMethod,
    /// The standard cost of one unit, if there is one.
    pub standard: Option<Price>,
    /// What one unit costs at present, by the valuation method; none while nobody knows.
    pub unit_cost: Option<Price>,
    /// Account of the category that holds its value.
    pub stock_account: Option<AccountId>,
    /// Account of the category that bears its cost when sold.
    pub cost_account: Option<AccountId>,
}

impl Goods {
    /// Of a product: what is held of it, and what its category says.
    pub fn new(
        is_stocked: bool,
        method: CostMethod,
        standard: Option<Price>,
        held: (Qty, kernel::Amount),
        currency: Currency,
        rules: CategoryRules,
    ) -> Goods {
        let CategoryRules { stock_account, cost_account, .. } = rules;
        let unit_cost = unit_cost(method, standard, held, currency);
        Goods { is_stocked, method, standard, unit_cost, stock_account, cost_account }
    }
}

/// How goods are valued and where their value is posted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Costing {
    /// By product.
    pub goods: BTreeMap<i64, Goods>,
    /// Accounts of the company by what they are used for.
    pub accounts: BTreeMap<String, AccountId>,
    /// The first place in use of each kind.
    pub places: BTreeMap<String, PlaceId>,
}

/// Why goods cannot be valued.
#[derive(meta::Refusal)]
pub enum NotValued {
    /// No account is set up for {what}. Name one in the chart of accounts ("used for").
    ///
    /// 尚未设置“{what}”科目，请在会计科目的“用途”中指定。
    #[refusal(kind = "NotNow")]
    NoAccount {
        /// What for.
        what: Label,
    },
    /// There is no place of the kind {kind}. Add one to the places.
    ///
    /// 没有类型为“{kind}”的库位，请先新增。
    #[refusal(kind = "NotNow")]
    NoPlace {
        /// Which kind.
        kind: Label,
    },
    /// {product} is a service and is not kept in stock. Choose a stocked product.
    ///
    /// {product} 是服务，不作库存管理，请选择库存产品。
    #[refusal(kind = "Invalid", field = "lines.product")]
    NotStocked {
        /// The product.
        product: (&'static str, i64),
    },
}

/// One movement to be made of [`Costing`].
#[derive(Clone, Copy, Debug)]
pub struct Movement {
    /// What moves.
    pub product: ProductId,
    /// How much, in the product's own unit.
    pub qty: Qty,
    /// Where it leaves.
    pub from: PlaceId,
    /// Where it arrives.
    pub to: PlaceId,
    /// The business day.
    pub moved_on: Date,
    /// What it is for the value of our stock.
    pub kind: MoveKind,
    /// The line it comes from.
    pub doc_line: DocLine,
}

fn account_label(used_for: &str) -> Label {
    match used_for {
        "stock" => Label::new("stock", "库存商品"),
        "cost_of_sales" => Label::new("cost of sales", "主营业务成本"),
        "stock_input" => Label::new("goods received", "暂估入库"),
        "stock_loss" => Label::new("stock losses", "存货盘亏"),
        "stock_gain" => Label::new("stock gains", "存货盘盈"),
        "opening" => Label::new("opening balances", "期初余额"),
        _ => Label::new("price variances", "成本差异"),
    }
}

impl Costing {
    /// The account used for something.
    pub fn account(&self, used_for: &str) -> Result<AccountId, Refusal> {
        let found = self.accounts.get(used_for).copied();
        found.ok_or_else(|| NotValued::NoAccount { what: account_label(used_for) }.into())
    }

    /// The place of a kind outside our stock.
    pub fn place(&self, kind: crate::place::PlaceKind) -> Result<PlaceId, Refusal> {
        let found = self.places.get(meta::Choice::code(kind)).copied();
        found.ok_or_else(|| NotValued::NoPlace { kind: meta::stages::choice_label(kind) }.into())
    }

    /// How a product is valued.
    pub fn of(&self, product: ProductId) -> Option<&Goods> {
        self.goods.get(&product.raw())
    }

    /// Whether a product is kept in stock.
    pub fn is_stocked(&self, product: ProductId) -> bool {
        self.of(product).is_some_and(|goods| goods.is_stocked)
    }

    /// The account that bears the cost of a product when it is sold.
    pub fn cost_account(&self, product: ProductId) -> Result<AccountId, Refusal> {
        match self.of(product).and_then(|goods| goods.cost_account) {
            Some(account) => Ok(account),
            None => self.account("cost_of_sales"),
        }
    }

    /// A movement with all its accounts; its value and what it brings back are still to be said.
    pub fn movement(&self, what: Movement, against: AccountId) -> Result<Move, Refusal> {
        let goods = self.of(what.product).filter(|goods| goods.is_stocked);
        let Some(goods) = goods else {
            return Err(NotValued::NotStocked { product: ("product", what.product.raw()) }.into());
        };
        let stock_account = match goods.stock_account {
            Some(account) => account,
            None => self.account("stock")?,
        };
        // Only standard cost has variances; other companies need no such account.
        let variance_account = match (self.accounts.get("price_variance"), goods.method) {
            (Some(account), _) => *account,
            (None, CostMethod::Standard) => self.account("price_variance")?,
            (None, _) => against,
        };
        let standard = match goods.method {
            CostMethod::Standard => goods.standard.unwrap_or(Price::ZERO),
            CostMethod::Fifo | CostMethod::Average => Price::ZERO,
        };
        Ok(Move {
            product: what.product,
            qty: what.qty,
            from: what.from,
            to: what.to,
            moved_on: what.moved_on,
            kind: what.kind,
            value: None,
            returns: None,
            stock_account,
            against,
            variance_account,
            method: goods.method,
            standard,
            doc_line: what.doc_line,
        })
    }
}

/// Ids for an `in (…)`: `0` when there are none, which no record has.
pub fn id_list(ids: impl IntoIterator<Item = i64>) -> String {
    let mut ids: Vec<i64> = ids.into_iter().collect();
    ids.sort_unstable();
    ids.dedup();
    match ids.is_empty() {
        true => "0".to_owned(),
        false => ids.iter().map(i64::to_string).collect::<Vec<_>>().join(", "),
    }
}

/// What one unit costs at present, of what is in stock or of the standard.
pub fn unit_cost(
    method: CostMethod,
    standard: Option<Price>,
    held: (Qty, kernel::Amount),
    currency: Currency,
) -> Option<Price> {
    let (qty, value) = held;
    match method {
        CostMethod::Standard => standard,
        CostMethod::Fifo | CostMethod::Average if Qty::ZERO < qty => Price::per_unit(value, qty, currency).or(standard),
        CostMethod::Fifo | CostMethod::Average => standard,
    }
}

/// What a category, or the nearest above it that names it, says of its products.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CategoryRules {
    /// How its products are valued, when not as the company says.
    pub method: Option<CostMethod>,
    /// The account that holds their value.
    pub stock_account: Option<AccountId>,
    /// The account that bears their cost when sold.
    pub cost_account: Option<AccountId>,
    /// The account of income from them.
    pub sales_account: Option<AccountId>,
    /// Their sales tax, by its raw id.
    pub sales_tax: Option<i64>,
}

/// Reads what a category says of its products, each thing from the nearest that names it; nothing when there is none.
pub fn category_rules(category: Option<i64>, reader: &dyn Reader) -> Result<CategoryRules, Fault> {
    let sql = "select cost_method, stock_account, cost_account, sales_account, sales_tax, parent
        from product_category where id = ?1";
    let (mut rules, mut next) = (CategoryRules::default(), category);
    for _ in 0..=org::tree::LEVELS_MAX {
        let Some(id) = next else { break };
        let rows = reader.steady_rows(sql, &[id.into()])?;
        let Some(row) = rows.first() else { break };
        let method: Option<CostMethod> = FieldType::from_value(&row.0[0])?;
        rules = CategoryRules {
            method: rules.method.or(method),
            stock_account: rules.stock_account.or(row.maybe_int(1).map(Id::new)),
            cost_account: rules.cost_account.or(row.maybe_int(2).map(Id::new)),
            sales_account: rules.sales_account.or(row.maybe_int(3).map(Id::new)),
            sales_tax: rules.sales_tax.or(row.maybe_int(4)),
        };
        next = row.maybe_int(5);
    }
    Ok(rules)
}

/// How the company values what its categories say nothing of.
pub fn company_method(reader: &dyn Reader) -> Result<CostMethod, Fault> {
    let rows =
        reader.steady_rows("select cost_method from company where id = ?1", &[reader.context().company.into()])?;
    let row = rows.first().ok_or_else(|| Fault::new("the company is gone"))?;
    CostMethod::from_value(&row.0[0])
}

/// Reads how products are valued, the accounts, and the outside places.
pub fn read(products: impl IntoIterator<Item = i64>, reader: &dyn Reader) -> Result<Costing, Fault> {
    let company = reader.context().company.into();
    let of_company = company_method(reader)?;
    let mut goods = BTreeMap::new();
    let sql = format!(
        "select p.id, p.kind, p.standard_cost, p.category, v.qty, v.value
         from product p
         left join product_value v on v.company = ?1 and v.product = p.id
         where p.id in ({})",
        id_list(products)
    );
    for row in reader.rows(&sql, &[company])? {
        let rules = category_rules(row.maybe_int(3), reader)?;
        let held = (Qty::new(row.int(4)), kernel::Amount::new(row.int(5)));
        let (is_stocked, standard) = (row.text(1) == "stocked", row.maybe_int(2).map(Price::new));
        let method = rules.method.unwrap_or(of_company);
        let currency = reader.context().currency;
        goods.insert(row.int(0), Goods::new(is_stocked, method, standard, held, currency, rules));
    }
    with_goods(goods, reader)
}

/// Reads the accounts and the outside places, for products that are known.
pub fn with_goods(goods: BTreeMap<i64, Goods>, reader: &dyn Reader) -> Result<Costing, Fault> {
    let company = reader.context().company.into();
    let mut costing = Costing { goods, ..Costing::default() };
    let sql = "select used_for, id from account where company = ?1 and used_for in
        ('stock', 'cost_of_sales', 'stock_input', 'stock_loss', 'stock_gain', 'opening', 'price_variance')";
    for row in reader.steady_rows(sql, std::slice::from_ref(&company))?.iter() {
        costing.accounts.insert(row.text(0).to_owned(), Id::new(row.int(1)));
    }
    let sql = "select kind, min(id) from place where company = ?1 and active = 1 group by kind";
    for row in reader.steady_rows(sql, &[company])?.iter() {
        costing.places.insert(row.text(0).to_owned(), Id::new(row.int(1)));
    }
    Ok(costing)
}

/// On hand, reserved and more of one product in one place.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Balance {
    /// How much is there when all days have passed.
    pub on_hand: Qty,
    /// How much of that is still to come.
    pub to_come: Qty,
    /// How much of it is kept for someone.
    pub reserved: Qty,
    /// How much is needed and not reserved.
    pub demand: Qty,
    /// How much is expected.
    pub supply: Qty,
}

impl Balance {
    /// What is there today and on every day to come, and nobody has reserved; never negative.
    pub fn free(&self) -> Qty {
        (self.on_hand - self.to_come - self.reserved).max(Qty::ZERO)
    }
}

/// Reads kept stock of products in one place.
pub fn balances(
    products: impl IntoIterator<Item = i64>,
    place: PlaceId,
    reader: &dyn Reader,
) -> Result<BTreeMap<i64, Balance>, Fault> {
    let products = id_list(products);
    let sql = format!(
        "select product, on_hand, reserved, demand, supply, '' as moved_on
         from stock_balance
         where company = ?1 and place = ?2 and product in ({products})
         union all
         select product, case when to_place = ?2 then qty else -qty end, 0, 0, 0, moved_on
         from stock_move
         where company = ?1 and moved_on > ?3 and product in ({products}) and (to_place = ?2 or from_place = ?2)"
    );
    let context = reader.context();
    let mut found: BTreeMap<i64, Balance> = BTreeMap::new();
    let mut changes: BTreeMap<i64, BTreeMap<Date, Qty>> = BTreeMap::new();
    for row in reader.rows(&sql, &[context.company.into(), place.raw().into(), context.today.into()])? {
        if let Some(on) = row.date(5) {
            *changes.entry(row.int(0)).or_default().entry(on).or_default() += Qty::new(row.int(1));
            continue;
        }
        let balance = Balance {
            on_hand: Qty::new(row.int(1)),
            to_come: Qty::ZERO,
            reserved: Qty::new(row.int(2)),
            demand: Qty::new(row.int(3)),
            supply: Qty::new(row.int(4)),
        };
        found.insert(row.int(0), balance);
    }
    for (product, changes) in changes {
        found.entry(product).or_default().to_come = books::still_to_come(&changes);
    }
    Ok(found)
}

/// By product and place, how much of what will be there when all days have passed is still to come.
pub fn to_come(reader: &dyn Reader) -> Result<BTreeMap<(i64, i64), Qty>, Fault> {
    let sql = "select product, to_place, moved_on, qty from stock_move where company = ?1 and moved_on > ?2
        union all
        select product, from_place, moved_on, -qty from stock_move where company = ?1 and moved_on > ?2";
    let mut changes: BTreeMap<(i64, i64), BTreeMap<Date, Qty>> = BTreeMap::new();
    for row in reader.rows(sql, &[reader.context().company.into(), reader.context().today.into()])? {
        let day = changes.entry((row.int(0), row.int(1))).or_default();
        *day.entry(row.date(2).unwrap_or(Date::MAX)).or_default() += Qty::new(row.int(3));
    }
    Ok(changes.into_iter().map(|(key, changes)| (key, books::still_to_come(&changes))).collect())
}

/// The place a new document takes: the first stock place.
pub fn home_place(reader: &dyn Reader) -> Result<Option<PlaceId>, Fault> {
    let sql = "select min(id) from place where company = ?1 and kind = 'stock' and active = 1";
    let rows = reader.steady_rows(sql, &[reader.context().company.into()])?;
    Ok(rows.first().and_then(|row| row.maybe_int(0)).map(Id::new))
}
