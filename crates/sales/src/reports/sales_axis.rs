//! What sales can be grouped by: where it is read, and which invoices it leads to.

use finance::payment_term::PaymentTerm;
use finance::tax::Tax;
use kernel::{Country, Date, Label};
use meta::{Cell, Choice, Entity, EntityMeta, FieldKind, Value};
use org::user::User;
use party::Party;
use product::price_list::PriceList;
use product::product::{Product, ProductKind};
use product::product_category::ProductCategory;
use stock::place::Place;

/// What sales are grouped by.
#[derive(Choice, Clone, Copy, Debug, PartialEq, Eq)]
pub enum GroupBy {
    /// Who bought.
    #[choice(zh = "客户")]
    Customer,
    /// What the customer belongs to, or the customer itself.
    #[choice(label = "Customer group", zh = "客户集团")]
    CustomerGroup,
    /// What was bought.
    #[choice(zh = "产品")]
    Product,
    /// Which sort of product.
    #[choice(zh = "产品类别")]
    Category,
    /// Goods or services.
    #[choice(label = "Goods or services", zh = "商品或服务")]
    ProductKind,
    /// The day it counts for.
    #[choice(zh = "日期")]
    Day,
    /// When.
    #[choice(zh = "月份")]
    Month,
    /// The quarter of the year.
    #[choice(zh = "季度")]
    Quarter,
    /// The year.
    #[choice(zh = "年度")]
    Year,
    /// Who sold.
    #[choice(zh = "业务员")]
    Salesperson,
    /// Whom the salesperson works for.
    #[choice(label = "Team (manager)", zh = "团队（主管）")]
    Team,
    /// Where the customer is.
    #[choice(zh = "国家/地区")]
    Country,
    /// The province or state of the customer's usual address.
    #[choice(label = "Province or state", zh = "省/州")]
    Region,
    /// The place the goods left.
    #[choice(label = "Warehouse or place", zh = "仓库/库位")]
    Place,
    /// What was invoiced in.
    #[choice(zh = "币种")]
    Currency,
    /// The tax of the line.
    #[choice(zh = "税")]
    Tax,
    /// The payment terms.
    #[choice(label = "Payment terms", zh = "付款条件")]
    Terms,
    /// The price list.
    #[choice(label = "Price list", zh = "价目表")]
    PriceList,
}

const CUSTOMER: &str = "join party c on c.id = i.customer";
const GROUP: &str = "left join party h on h.id = c.parent";
// Whoever has addresses has one usual one.
const ADDRESS: &str = "left join party_address a on a.parent = c.id and a.is_default = 1";
const PRODUCT: &str = "left join product p on p.id = l.product";
const CATEGORY: &str = "left join product_category g on g.id = p.category";
const SELLER: &str = "left join \"user\" u on u.id = i.owner";
const MANAGER: &str = "left join \"user\" m on m.id = u.manager";
// Goods that come back count where they left: with their invoice, its delivery, or its order.
const PLACE: &str = "left join invoice_line f on f.id = l.credited_line
    left join invoice v on v.id = f.parent
    left join delivery_line dl on dl.id = coalesce(l.delivery_line, f.delivery_line)
    left join delivery d on d.id = dl.parent
    left join sales_order_line ol on ol.id = coalesce(l.order_line, f.order_line)
    left join sales_order o on o.id = ol.parent
    left join place w on w.id = coalesce(i.ship_from, v.ship_from, d.place, o.place)";
const TAX: &str = "left join tax x on x.id = l.tax";
const TERMS: &str = "left join payment_term k on k.id = i.terms";
const PRICE_LIST: &str = "left join price_list r on r.id = i.price_list";

/// Where a group is read: its key, its name, and what must be joined for them.
pub(super) struct Source {
    /// Of a record, its id; else the company's, which says nothing.
    pub key: &'static str,
    /// What it is called, or its code.
    pub name: &'static str,
    /// In the order they need each other.
    pub joins: &'static [&'static str],
}

impl GroupBy {
    /// Where it is read, beside an entry `e`, its invoice `i` and a line `l` of that.
    pub(super) fn source(self) -> Source {
        let of = |key, name, joins| Source { key, name, joins };
        match self {
            GroupBy::Customer => of("c.id", "c.name", &[CUSTOMER]),
            GroupBy::CustomerGroup => of("coalesce(c.parent, c.id)", "coalesce(h.name, c.name)", &[CUSTOMER, GROUP]),
            GroupBy::Product => of("p.id", "p.name", &[PRODUCT]),
            GroupBy::Category => of("g.id", "g.name", &[PRODUCT, CATEGORY]),
            GroupBy::ProductKind => of("i.company", "p.kind", &[PRODUCT]),
            GroupBy::Day => of("i.company", "e.posted_on", &[]),
            GroupBy::Month => of("i.company", "substr(e.posted_on, 1, 7)", &[]),
            GroupBy::Quarter => of(
                "i.company",
                "substr(e.posted_on, 1, 4) || '-Q' || ((cast(substr(e.posted_on, 6, 2) as integer) + 2) / 3)",
                &[],
            ),
            GroupBy::Year => of("i.company", "substr(e.posted_on, 1, 4)", &[]),
            GroupBy::Salesperson => of("u.id", "u.name", &[SELLER]),
            GroupBy::Team => of("m.id", "m.name", &[SELLER, MANAGER]),
            GroupBy::Country => of("i.company", "c.country", &[CUSTOMER]),
            GroupBy::Region => of("i.company", "a.region", &[CUSTOMER, ADDRESS]),
            GroupBy::Place => of("w.id", "w.name", &[PLACE]),
            GroupBy::Currency => of("i.company", "i.currency", &[]),
            GroupBy::Tax => of("x.id", "x.name", &[TAX]),
            GroupBy::Terms => of("k.id", "k.name", &[TERMS]),
            GroupBy::PriceList => of("r.id", "r.name", &[PRICE_LIST]),
        }
    }

    /// The records it groups by, where it does by records.
    fn entity(self) -> Option<&'static EntityMeta> {
        match self {
            GroupBy::Customer | GroupBy::CustomerGroup => Some(Party::meta()),
            GroupBy::Product => Some(Product::meta()),
            GroupBy::Category => Some(ProductCategory::meta()),
            GroupBy::Salesperson | GroupBy::Team => Some(User::meta()),
            GroupBy::Place => Some(Place::meta()),
            GroupBy::Tax => Some(Tax::meta()),
            GroupBy::Terms => Some(PaymentTerm::meta()),
            GroupBy::PriceList => Some(PriceList::meta()),
            GroupBy::ProductKind
            | GroupBy::Day
            | GroupBy::Month
            | GroupBy::Quarter
            | GroupBy::Year
            | GroupBy::Country
            | GroupBy::Region
            | GroupBy::Currency => None,
        }
    }

    /// What its column holds.
    pub(super) fn kind(self) -> FieldKind {
        self.entity().map_or(FieldKind::Text, |meta| FieldKind::Ref(meta.name))
    }

    /// An invoice has several of them: it is in several groups.
    pub(super) fn is_by_line(self) -> bool {
        matches!(self, GroupBy::Product | GroupBy::Category | GroupBy::ProductKind | GroupBy::Tax | GroupBy::Place)
    }

    /// Its groups follow each other; those of the others are sorted by what they come to.
    pub(super) fn is_in_time(self) -> bool {
        matches!(self, GroupBy::Day | GroupBy::Month | GroupBy::Quarter | GroupBy::Year)
    }

    /// What a group is called.
    pub(super) fn label(self, id: i64, name: &str) -> Cell {
        let words = match self {
            GroupBy::Country => Country::find(name).map(|country| country.name),
            GroupBy::ProductKind => ProductKind::of(name).map(meta::stages::choice_label),
            _ => None,
        };
        match (self.entity(), words) {
            (Some(meta), _) if id != 0 => Cell::Ref { entity: meta.name, id, label: name.to_owned() },
            (_, Some(words)) => Cell::Label(words),
            _ if name.is_empty() => Cell::Label(Label::new("None", "无")),
            _ => Cell::Value(Value::from(name)),
        }
    }

    /// Which invoices have a group, as a filter; none where a list cannot tell.
    pub(super) fn filter(self, id: i64, name: &str) -> Option<String> {
        let record = self.entity().filter(|_| id != 0).map(|meta| kernel::id_text(meta.prefix, id));
        let equal = |field: &str| match &record {
            Some(id) => format!(r#"["{field}","=","{id}"]"#),
            None => format!(r#"["{field}","empty"]"#),
        };
        // What no line has is not told from what another line has.
        let of_line = |field: &str| record.as_ref().map(|_| equal(field));
        let between =
            |first: &str, last: Date| Some(format!(r#"["issued_on","between",["{}","{last}"]]"#, Date::parse(first)?));
        match self {
            GroupBy::Customer => Some(equal("customer")),
            GroupBy::CustomerGroup => Some(format!(
                r#"["or",{},["and",{},["customer.parent","empty"]]]"#,
                equal("customer.parent"),
                equal("customer")
            )),
            GroupBy::Salesperson => Some(equal("owner")),
            GroupBy::Team => Some(equal("owner.manager")),
            GroupBy::Terms => Some(equal("terms")),
            GroupBy::PriceList => Some(equal("price_list")),
            GroupBy::Product => of_line("lines.product"),
            GroupBy::Category => of_line("lines.product.category"),
            GroupBy::Tax => of_line("lines.tax"),
            GroupBy::ProductKind => {
                ProductKind::of(name).map(|kind| format!(r#"["lines.product.kind","=","{}"]"#, kind.code()))
            }
            GroupBy::Place => record.as_ref().map(|_| {
                let places = ["ship_from", "lines.delivery_line.parent.place", "lines.order_line.parent.place"];
                format!(r#"["or",{}]"#, places.map(equal).join(","))
            }),
            GroupBy::Country if name.is_empty() => Some(r#"["customer.country","empty"]"#.to_owned()),
            // Two letters, checked when the customer was saved; a currency has three.
            GroupBy::Country => Some(format!(r#"["customer.country","=","{name}"]"#)),
            GroupBy::Currency => Some(format!(r#"["currency","=","{name}"]"#)),
            // An address is no field of the invoice, and a list looks into its own lines only.
            GroupBy::Region => None,
            GroupBy::Day => between(name, Date::parse(name)?),
            GroupBy::Month => {
                let first = format!("{name}-01");
                between(&first, Date::parse(&first)?.end_of_month())
            }
            GroupBy::Quarter => {
                let (year, quarter) = name.split_once("-Q")?;
                let first = Date::new(year.parse().ok()?, quarter.parse::<u32>().ok()? * 3 - 2, 1)?;
                between(&first.to_string(), first.add_months(2).end_of_month())
            }
            GroupBy::Year => {
                let first = format!("{name}-01-01");
                between(&first, Date::parse(&first)?.add_months(11).end_of_month())
            }
        }
    }
}
