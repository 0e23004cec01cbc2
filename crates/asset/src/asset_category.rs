//! Categories of assets: where they stand in the books, and how they are usually depreciated.
#![allow(missing_docs, reason = "a field without a comment is explained by its label")]

use std::collections::BTreeMap;

use books::{AccountId, CompanyId};
use kernel::{Id, Rate, Refusal};
use meta::{Document, Effects, Entity, Reader, Trouble, Want};
use org::NoAction;

use crate::read;
use crate::schedule::{Convention, LIFE_MAX, Method, Switch};

/// Assets that stand on the same accounts and are depreciated alike, unless one says otherwise.
/// 资产类别：决定记账科目和默认的折旧方法。
#[derive(Entity, Clone, Debug)]
#[entity(
    prefix = "fc",
    kind = "master",
    steady,
    zh = "资产类别",
    plural = "Asset categories",
    title = "name",
    list = "name,method,life_months,residual_rate,convention,asset_account",
    sort = "name",
    index = "unique:company,name"
)]
pub struct AssetCategory {
    pub id: Id<AssetCategory>,
    #[field(zh = "公司")]
    pub company: CompanyId,
    #[field(zh = "名称", search, unique)]
    pub name: String,
    #[field(zh = "折旧方法", group, section(en = "Depreciation", zh = "折旧"))]
    pub method: Method,
    /// From when to when it is charged.
    /// 折旧起止规则。
    #[field(zh = "起止规则")]
    pub convention: Convention,
    /// Of declining methods.
    /// 用于递减法。
    #[field(zh = "转直线法")]
    pub switch: Switch,
    /// How long such a thing is used, in months.
    /// 使用年限（月）。
    #[field(zh = "使用期限（月）", optional)]
    pub life_months: i64,
    /// What is left at the end, as a part of the cost: 0.05 for 5 %.
    /// 预计净残值率，5% 填 0.05。
    #[field(zh = "残值率", optional)]
    pub residual_rate: Rate,
    /// For a year, of declining methods; 0 to derive it.
    /// 递减法的年折旧率；填 0 则自动计算。
    #[field(zh = "年折旧率", optional)]
    pub rate: Rate,
    /// Where the cost stands; the usual account if empty.
    /// 资产原值科目；留空采用默认科目。
    #[field(
        zh = "资产科目",
        only = r#"["and",["kind","=","asset"],["is_group","=",false]]"#,
        section(en = "Accounts", zh = "科目")
    )]
    pub asset_account: AccountId,
    /// Where depreciation is collected.
    /// 累计折旧科目。
    #[field(zh = "累计折旧科目", only = r#"["and",["kind","=","asset"],["is_group","=",false]]"#)]
    pub accumulated_account: AccountId,
    /// Where the monthly charge is posted.
    /// 折旧费用科目。
    #[field(zh = "折旧费用科目", only = r#"["is_group","=",false]"#)]
    pub expense_account: AccountId,
    /// Where gains of disposals are posted.
    /// 处置收益科目。
    #[field(zh = "处置收益科目", only = r#"["is_group","=",false]"#)]
    pub gain_account: AccountId,
    /// Where losses of disposals and impairments are posted.
    /// 处置损失与减值科目。
    #[field(zh = "处置损失科目", only = r#"["is_group","=",false]"#)]
    pub loss_account: AccountId,
    /// Where proceeds are collected unless a disposal names another account.
    /// 处置所得的默认科目（固定资产清理）。
    #[field(zh = "清理科目", only = r#"["is_group","=",false]"#)]
    pub disposal_account: AccountId,
    /// Where an asset is worth more: a reserve of equity. Empty: it is never revalued upwards.
    /// 重估增值计入的权益科目；留空则不允许上调价值。
    #[field(zh = "重估增值科目", only = r#"["is_group","=",false]"#)]
    pub surplus_account: Option<AccountId>,
}

/// Why a category is not saved.
#[derive(meta::Refusal)]
pub enum NotACategory {
    /// Assets of this category are in the books: its accounts stay. Make another category and transfer them.
    /// 该类别已有资产入账，科目不可更改。请新建类别并将资产调拨过去。
    #[refusal(kind = "NotNow", field = "asset_account")]
    HasAssets,
    /// Cost, accumulated depreciation and all else stand on accounts of their own. Choose different accounts.
    /// 资产原值、累计折旧与其他用途须使用不同科目，请更换。
    #[refusal(kind = "Invalid", field = "accumulated_account")]
    SameAccount,
    /// A life has 0 to 1200 months. Correct it.
    /// 使用期限须在 0 到 1200 个月之间，请更正。
    #[refusal(kind = "Invalid", field = "life_months")]
    StrangeLife,
    /// A rate lies between 0 and 1 (100 %). Write 0.05 for 5 %.
    /// 比率须在 0 到 1 之间，5% 请填 0.05。
    #[refusal(kind = "Invalid", field = "residual_rate")]
    StrangeRate,
}

/// What is known of a category.
#[derive(Clone, Debug, Default)]
pub struct Facts {
    uses: BTreeMap<String, AccountId>,
    has_assets: bool,
}

impl AssetCategory {
    fn all_accounts(&self) -> [AccountId; 6] {
        [
            self.asset_account,
            self.accumulated_account,
            self.expense_account,
            self.gain_account,
            self.loss_account,
            self.disposal_account,
        ]
    }
}

impl Document for AssetCategory {
    type Facts = Facts;
    type Action = NoAction;

    fn facts(doc: &Self, want: &Want<NoAction>, reader: &dyn Reader) -> Result<Facts, Trouble> {
        let uses = read::accounts(reader)?;
        let has_assets = matches!(want, Want::Save(Some(_))) && read::is_moved(doc.id, reader)?;
        Ok(Facts { uses, has_assets })
    }

    fn complete(doc: &mut Self, facts: &Facts) -> Result<(), Refusal> {
        let fill = |account: &mut AccountId, what: &str| {
            if account.raw() == 0 {
                *account = facts.uses.get(what).copied().unwrap_or(*account);
            }
        };
        fill(&mut doc.asset_account, "fixed_asset");
        fill(&mut doc.accumulated_account, "accumulated_depreciation");
        fill(&mut doc.expense_account, "depreciation");
        fill(&mut doc.gain_account, "disposal_gain");
        fill(&mut doc.loss_account, "disposal_loss");
        fill(&mut doc.disposal_account, "asset_disposal");
        let (asset, accumulated) = (doc.asset_account, doc.accumulated_account);
        let mut others = doc.all_accounts()[2..].to_vec();
        others.extend(doc.surplus_account);
        let twice = |account: AccountId| account.raw() != 0 && others.contains(&account);
        if (asset.raw() != 0 && asset == accumulated) || twice(asset) || twice(accumulated) {
            return Err(NotACategory::SameAccount.into());
        }
        if !(0..=LIFE_MAX).contains(&doc.life_months) {
            return Err(NotACategory::StrangeLife.into());
        }
        let is_strange = |rate: Rate| rate.is_negative() || Rate::ONE < rate;
        if is_strange(doc.residual_rate) || is_strange(doc.rate) {
            return Err(NotACategory::StrangeRate.into());
        }
        Ok(())
    }

    fn check_change(old: &Self, new: &Self, facts: &Facts) -> Result<(), Refusal> {
        let changed = old.all_accounts()[..2] != new.all_accounts()[..2];
        if facts.has_assets && changed { Err(NotACategory::HasAssets.into()) } else { Ok(()) }
    }

    fn decide(_: &Self, action: &NoAction, _: &Facts) -> Result<(&'static str, Effects), Refusal> {
        match *action {}
    }

    fn ready(_: &Self, action: &NoAction) -> Result<(), Refusal> {
        match *action {}
    }
}
