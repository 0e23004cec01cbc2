use books::{CompanyId, PaymentTermId, PriceListId, TaxPositionId, UserId};
use kernel::{Amount, Currency, Id};
use meta::{Choice, Entity};
use org::keeping::Keeping;

/// Someone we deal with: a customer, a supplier, a person, or several of these at once.
/// 与我们往来的单位或个人：客户、供应商、联系人，可同时兼有多种身份。
#[derive(Entity, Clone, Debug)]
#[entity(
    prefix = "pa",
    kind = "master",
    zh = "往来单位",
    plural = "Parties",
    title = "name",
    list = "code,name,is_customer,is_supplier,phone,owner,tags,active",
    sort = "code",
    index = "unique:company,code;company,name;company,tax_number",
    actions = "Keeping"
)]
pub struct Party {
    pub id: Id<Party>,
    #[field(zh = "公司")]
    pub company: CompanyId,
    /// A short code, as printed on documents.
    /// 简短编码，打印在单据上。
    #[field(zh = "编码", search, unique, max = 40)]
    pub code: String,
    #[field(zh = "名称", search)]
    pub name: String,
    /// Buys from us.
    /// 向我们采购。
    #[field(label = "Customer", zh = "客户", group)]
    pub is_customer: bool,
    /// Sells to us.
    /// 向我们供货。
    #[field(label = "Supplier", zh = "供应商", group)]
    pub is_supplier: bool,
    /// A human being, such as the buyer of a company.
    /// 自然人，例如某公司的采购联系人。
    #[field(label = "Person", zh = "个人", group)]
    pub is_person: bool,
    /// The legal entity it belongs to: the head office of a branch, the employer of a person.
    /// 所属法人：分支机构的总部，或个人所在的单位。
    #[field(label = "Belongs to", zh = "上级单位", group)]
    pub parent: Option<Id<Party>>,
    /// Who looks after them.
    /// 负责人。
    #[field(zh = "负责人", group)]
    pub owner: Option<UserId>,
    /// Words to find and group by, separated by commas.
    /// 用于查找和分组的标签，以逗号分隔。
    #[field(zh = "标签", search, optional, group)]
    pub tags: String,
    #[field(zh = "电话", search, phone, optional, max = 40, section(en = "Contact", zh = "联系方式"))]
    pub phone: String,
    #[field(zh = "电子邮箱", search, email, optional)]
    pub email: String,
    #[field(zh = "网站", url, optional)]
    pub website: String,
    /// The language of documents they receive: zh or en.
    /// 发给对方的单据使用的语言。
    #[field(zh = "语言")]
    pub language: Option<org::Language>,
    /// Where they are: taxes, the way of addresses and the look of telephone numbers follow from it.
    /// 所在国家或地区：税、地址和电话的写法由此而定。
    #[field(zh = "国家", group, optional, country)]
    pub country: String,
    /// Unified social credit code or VAT number.
    /// 统一社会信用代码或增值税号。
    #[field(zh = "税号", search, optional, max = 40, section(en = "Trade", zh = "交易条件"))]
    pub tax_number: String,
    /// The currency of new documents; the company's unless another is chosen.
    /// 新单据的币种；默认为本位币。
    #[field(zh = "币种", group, optional)]
    pub currency: Currency,
    #[field(label = "Payment terms", zh = "付款条件", group)]
    pub terms: Option<PaymentTermId>,
    #[field(zh = "价目表", group)]
    pub price_list: Option<PriceListId>,
    /// Which taxes are charged instead of the usual ones, whatever their country and tax number say; empty: what these
    /// say.
    /// 改用哪些税；留空则按国家和税号自动判断。
    #[field(zh = "税务方案", group, only = r#"["active","=",true]"#)]
    pub tax_position: Option<TaxPositionId>,
    /// How much they may owe us at most, in the company's currency; empty for no limit.
    /// 最高欠款额（本位币）；留空表示不限。
    #[field(zh = "信用额度", currency = "company.currency")]
    pub credit_limit: Option<Amount>,
    /// What is archived is not offered any more.
    /// 已归档的记录不再供选择。
    #[field(zh = "启用", readonly, default = "true")]
    pub active: bool,
    #[field(zh = "备注", long, optional)]
    pub note: String,
    #[field(zh = "地址", owned, section(en = "Addresses and contacts", zh = "地址与联系人"))]
    pub addresses: Vec<PartyAddress>,
    /// The persons we speak to.
    /// 我们的联系人。
    #[field(zh = "联系人", owned)]
    pub contacts: Vec<PartyContact>,
}

/// Where a party can be reached, or goods and invoices are sent.
/// 往来单位的地址：收货、开票等。
#[derive(Entity, Clone, Debug)]
#[entity(
    prefix = "pd",
    parent = "party.addresses",
    label = "Address",
    plural = "Addresses",
    zh = "地址",
    title = "line,city",
    list = "kind,region,city,district,line,postcode,country,is_default"
)]
pub struct PartyAddress {
    pub id: Id<PartyAddress>,
    /// What it is for.
    /// 用途。
    #[field(zh = "类型")]
    pub kind: AddressKind,
    /// Province, state or county.
    /// 省、自治区、直辖市，或国外的州、地区。
    #[field(zh = "省/州", optional, max = 100)]
    pub region: String,
    #[field(zh = "城市", optional, max = 100)]
    pub city: String,
    /// Part of the city, where addresses have one.
    /// 区、县或县级市。
    #[field(zh = "区/县", optional, max = 100)]
    pub district: String,
    /// Street, house, floor.
    /// 街道、门牌、楼层。
    #[field(label = "Street", zh = "详细地址", max = 400)]
    pub line: String,
    #[field(zh = "邮编", optional, max = 20)]
    pub postcode: String,
    /// The party's unless another is given.
    /// 默认与往来单位相同。
    #[field(zh = "国家", optional, country)]
    pub country: String,
    /// The one that documents take; one at most.
    /// 单据默认使用的地址，最多一个。
    #[field(label = "Usual", zh = "默认")]
    pub is_default: bool,
}

/// What an address is for.
#[derive(Choice, Clone, Copy, Debug, PartialEq, Eq)]
pub enum AddressKind {
    /// Anything.
    #[choice(label = "General", zh = "通用")]
    General,
    /// Invoices.
    #[choice(zh = "开票")]
    Invoice,
    /// Goods.
    #[choice(zh = "收货")]
    Delivery,
}

/// A person we speak to at a party.
/// 往来单位的联系人。
#[derive(Entity, Clone, Debug)]
#[entity(
    prefix = "pc",
    parent = "party.contacts",
    label = "Contact",
    zh = "联系人",
    title = "role",
    list = "person,role,inactive"
)]
pub struct PartyContact {
    pub id: Id<PartyContact>,
    #[field(zh = "个人", only = r#"["is_person","=",true]"#)]
    pub person: Id<Party>,
    /// What they do there, such as buyer or bookkeeper.
    /// 职务，如采购、会计。
    #[field(zh = "职务", optional, max = 80)]
    pub role: String,
    /// Has left or is no longer to be contacted.
    /// 已离职或不再联系。
    #[field(label = "Left", zh = "已离职")]
    pub inactive: bool,
}
