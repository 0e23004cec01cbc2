//! Assets: one thing each, from the day it is bought to the day it is gone.
#![allow(missing_docs, reason = "a field without a comment is explained by its label")]

mod book;
mod complete;
mod decide;
mod refusal;
#[cfg(test)]
mod tests;

use books::{AccountId, CompanyId, PartyId, UserId};
use kernel::{Amount, Date, Id, Rate, Refusal};
use meta::stages::not_now;
use meta::{Choice, Document, Effects, Entity, Reader, Trouble, Want, life};

pub use book::{AssetBook, Book};
pub use decide::Facts;
pub use refusal::NotAnAsset;

use crate::asset_category::AssetCategory;

/// Something the company keeps and uses for years: a machine, a car, a building.
/// 长期使用的固定资产，如设备、车辆、房屋。
#[derive(Entity, Clone, Debug)]
#[entity(
    prefix = "fa",
    zh = "固定资产",
    plural = "Assets",
    title = "number,name",
    list = "number,name,category,in_service_on,cost,accumulated,net,stage",
    sort = "-number",
    number = "FA-{year}-{seq:05}",
    actions = "Action",
    stages = "Stage",
    index = "company,stage"
)]
pub struct Asset {
    pub id: Id<Asset>,
    #[field(zh = "公司")]
    pub company: CompanyId,
    #[field(zh = "资产编号", readonly, search, optional)]
    pub number: String,
    #[field(zh = "资产名称", search)]
    pub name: String,
    #[field(zh = "类别", group)]
    pub category: Id<AssetCategory>,
    #[field(zh = "状态", state, group)]
    pub stage: Stage,
    #[field(zh = "购置日期", default = "today")]
    pub acquired_on: Date,
    /// From when on it is used; depreciation begins by the convention of each book.
    /// 投入使用日期，折旧起点由各账簿的起止规则决定。
    #[field(zh = "启用日期", default = "today", group, not_before = "acquired_on")]
    pub in_service_on: Date,
    #[field(zh = "序列号", search)]
    pub serial_number: Option<String>,
    #[field(zh = "存放地点", search, group)]
    pub location: Option<String>,
    /// Who has it.
    /// 保管人。
    #[field(zh = "保管人", group)]
    pub custodian: Option<UserId>,
    /// Who sold it to us; owed to them unless capitalising names another account.
    /// 供应商；入账时未指定对方科目则计入应付账款。
    #[field(zh = "供应商", only = r#"["is_supplier","=",true]"#)]
    pub supplier: Option<PartyId>,
    #[field(zh = "原值", currency = "company.currency", section(en = "Worth", zh = "价值"))]
    pub cost: Amount,
    /// In the accounting book.
    /// 会计账簿的累计折旧。
    #[field(zh = "累计折旧", readonly, optional, currency = "company.currency")]
    pub accumulated: Amount,
    /// In the accounting book: cost less accumulated depreciation.
    /// 会计账簿的账面净值。
    #[field(zh = "账面净值", readonly, optional, currency = "company.currency")]
    pub net: Amount,
    /// What was depreciated before this program kept it; for taking over.
    /// 接管前已计提的折旧，仅用于期初接管。
    #[field(zh = "接管前已提折旧", currency = "company.currency", optional)]
    pub already_depreciated: Amount,
    /// The first day depreciation is kept here; the life of its books counts from then.
    /// 在本系统开始计提折旧的日期，各账簿的期限从该日起算。
    #[field(zh = "接管日期", not_before = "in_service_on")]
    pub taken_over_on: Option<Date>,
    #[field(zh = "处置日期", readonly)]
    pub disposed_on: Option<Date>,
    /// One for each way of looking at it; only accounting posts. Empty: one by the terms of the category.
    /// 每种账簿一行，仅会计账簿过账；留空则按类别默认值建立会计账簿。
    #[field(zh = "折旧账簿", owned)]
    pub books: Vec<AssetBook>,
}

/// Where it stands.
#[derive(Choice, Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// Not in the books yet.
    #[choice(zh = "草稿")]
    Draft,
    /// In the books and depreciated.
    #[choice(zh = "使用中", tone = "good")]
    InUse,
    /// Sold or scrapped.
    #[choice(zh = "已处置")]
    Disposed,
    /// Mirrored: it never was.
    #[choice(zh = "已撤销", tone = "bad")]
    Cancelled,
}

/// What may be done with it.
#[derive(meta::Action, Clone, Debug, PartialEq, Eq)]
pub enum Action {
    /// Posts what it cost and takes it into use.
    /// 按原值入账并投入使用。
    #[action(zh = "入账", primary)]
    Capitalise {
        #[field(zh = "日期", label = "On", default = "today")]
        posted_on: Date,
        /// What it was paid from, such as a bank or construction in progress; empty: owed to its supplier.
        /// 对方科目（如银行、在建工程）；留空则计入供应商应付账款。
        #[field(zh = "对方科目", only = r#"["is_group","=",false]"#)]
        against: Option<AccountId>,
    },
    /// Takes it into use with what was depreciated before. Nothing is posted: it stands in the opening balances.
    /// 按期初余额接管：不产生凭证，原值与已提折旧已包含在期初余额中。
    #[action(zh = "期初接管")]
    TakeOver,
    /// Gives it another life or residual value from a day on; what remains is spread anew.
    /// 自某日起调整使用期限或残值，余额按新条件重新分摊。
    #[action(zh = "调整折旧")]
    Revise {
        #[field(zh = "账簿")]
        book: Option<Book>,
        /// What is due up to the month before is charged at once.
        /// 此前各月应提未提的折旧将一并计提。
        #[field(zh = "自", label = "From", default = "today")]
        from: Date,
        /// Months that remain from then on.
        /// 自该日起的剩余月数。
        #[field(zh = "剩余月数")]
        life_months: i64,
        #[field(zh = "残值", currency = "company.currency")]
        residual: Option<Amount>,
    },
    /// Sets what it is worth in the accounting book: an impairment, or more than the plan says.
    /// 重估会计账簿净值：减值或增值。
    #[action(zh = "重估／减值")]
    Revalue {
        #[field(zh = "日期", label = "On", default = "today")]
        posted_on: Date,
        /// What it is worth from then on.
        /// 重估后的账面净值。
        #[field(zh = "重估后净值", currency = "company.currency")]
        net: Amount,
    },
    /// Sells or scraps it, or a share of it. What is due up to then is charged first.
    /// 出售或报废（可部分处置），先补提至处置时的折旧。
    #[action(zh = "处置", danger)]
    Dispose {
        #[field(zh = "日期", label = "On", default = "today")]
        posted_on: Date,
        /// What was got for it; empty when it is scrapped.
        /// 处置所得；报废则留空。
        #[field(zh = "处置所得", currency = "company.currency")]
        proceeds: Option<Amount>,
        /// Where the proceeds are; empty: the disposal account of the category.
        /// 所得计入的科目；留空采用类别的清理科目。
        #[field(zh = "所得科目", only = r#"["is_group","=",false]"#)]
        account: Option<AccountId>,
        /// Which part: 0.5 for half; empty for all.
        /// 处置比例，一半填 0.5；留空为全部。
        #[field(zh = "处置比例")]
        share: Option<Rate>,
    },
    /// Moves it to another place, person or category.
    /// 调拨到其他地点、保管人或类别。
    #[action(zh = "调拨")]
    Transfer {
        #[field(zh = "日期", label = "On", default = "today")]
        posted_on: Date,
        #[field(zh = "存放地点")]
        location: Option<String>,
        #[field(zh = "保管人")]
        custodian: Option<UserId>,
        #[field(zh = "类别")]
        category: Option<Id<AssetCategory>>,
    },
    /// Takes back all that was posted of it, as long as no run has charged it.
    /// 冲销该资产的全部凭证（尚未计提折旧时）。
    #[action(zh = "撤销", danger)]
    Cancel,
}

impl Stage {
    /// The whole life cycle; disposing of a share leaves the rest in use.
    pub fn after(self, action: &Action) -> Option<Stage> {
        match (self, action) {
            (Stage::Draft, Action::Capitalise { .. } | Action::TakeOver) => Some(Stage::InUse),
            (Stage::InUse, Action::Revise { .. } | Action::Revalue { .. } | Action::Transfer { .. }) => {
                Some(Stage::InUse)
            }
            (Stage::InUse, Action::Dispose { .. }) => Some(Stage::Disposed),
            (Stage::InUse | Stage::Disposed, Action::Cancel) => Some(Stage::Cancelled),
            _ => None,
        }
    }

    fn transitions() -> Vec<meta::Transition> {
        let on = Date::MIN;
        let all = [
            Action::Capitalise { posted_on: on, against: None },
            Action::TakeOver,
            Action::Revise { book: None, from: on, life_months: 1, residual: None },
            Action::Revalue { posted_on: on, net: Amount::ZERO },
            Action::Dispose { posted_on: on, proceeds: None, account: None, share: None },
            Action::Transfer { posted_on: on, location: None, custodian: None, category: None },
            Action::Cancel,
        ];
        life(&all, Stage::after)
    }
}

impl Document for Asset {
    type Facts = Facts;
    type Action = Action;

    fn facts(doc: &Self, want: &Want<Action>, reader: &dyn Reader) -> Result<Facts, Trouble> {
        decide::facts(doc, want, reader)
    }

    fn complete(doc: &mut Self, facts: &Facts) -> Result<(), Refusal> {
        complete::complete(doc, facts)
    }

    fn check_change(old: &Self, new: &Self, _: &Facts) -> Result<(), Refusal> {
        complete::check_change(old, new)
    }

    fn ready(doc: &Self, action: &Action) -> Result<(), Refusal> {
        doc.stage.after(action).map(|_| ()).ok_or_else(|| not_now(doc.stage, action))
    }

    fn decide(doc: &Self, action: &Action, facts: &Facts) -> Result<(&'static str, Effects), Refusal> {
        let next = doc.stage.after(action).ok_or_else(|| not_now(doc.stage, action))?;
        let (stage, effects) = decide::decide(doc, action, next, facts)?;
        Ok((stage.code(), effects))
    }

    fn settle(doc: &mut Self) {
        complete::settle(doc);
    }

    fn open_stages() -> &'static [&'static str] {
        &["draft", "in_use"]
    }
}
