//! The books of an asset: one way each of looking at what it is worth.

use books::Progress;
use kernel::{Amount, Date, Id, Qty, Rate};
use meta::{Choice, Entity};

use crate::schedule::{self, Convention, Method, Switch, Terms};

/// Who looks at it.
#[derive(Choice, Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Book {
    /// The one that posts to the ledger.
    #[choice(zh = "会计")]
    Accounting,
    /// As the tax office sees it.
    #[choice(zh = "税务")]
    Tax,
    /// As management sees it.
    #[choice(zh = "管理")]
    Management,
}

/// How an asset is depreciated in one book, and how far it is.
/// 资产在某一账簿中的折旧方法与进度。
#[derive(Entity, Clone, Debug, PartialEq, Eq)]
#[entity(prefix = "fb", parent = "asset.books", zh = "折旧账簿")]
pub struct AssetBook {
    pub id: Id<AssetBook>,
    #[field(zh = "账簿")]
    pub book: Book,
    /// Empty: as the category says; so are the others.
    /// 留空则采用类别的默认值，其余字段相同。
    #[field(zh = "折旧方法")]
    pub method: Option<Method>,
    #[field(zh = "起止规则")]
    pub convention: Option<Convention>,
    #[field(zh = "转直线法")]
    pub switch: Option<Switch>,
    /// Months from the start; of an asset taken over, those that remain.
    /// 自启用起的月数；接管的资产为剩余月数。
    #[field(zh = "期限（月）", optional)]
    pub life_months: i64,
    #[field(zh = "残值", currency = "company.currency")]
    pub residual: Option<Amount>,
    /// For a year, of declining methods.
    /// 递减法的年折旧率。
    #[field(zh = "年折旧率", optional)]
    pub rate: Rate,
    /// All it will make in its life, for units of production.
    /// 工作量法的总工作量。
    #[field(zh = "总工作量", optional)]
    pub total_units: Qty,
    #[field(zh = "原值", currency = "company.currency", readonly, optional)]
    pub cost: Amount,
    #[field(zh = "累计折旧", currency = "company.currency", readonly, optional)]
    pub accumulated: Amount,
    #[field(zh = "账面净值", currency = "company.currency", computed)]
    pub net: Amount,
    #[field(zh = "已用工作量", readonly, optional)]
    pub used_units: Qty,
    /// By how much its life was revised.
    /// 期限的调整数。
    #[field(zh = "期限调整", readonly, optional)]
    pub life_by: i64,
    /// By how much its residual value was revised.
    /// 残值的调整额。
    #[field(zh = "残值调整", currency = "company.currency", readonly, optional)]
    pub residual_by: Amount,
    /// What it was worth when its terms began.
    /// 折旧起算时的净值。
    #[field(zh = "起算净值", currency = "company.currency", readonly, hidden, optional)]
    pub base_net: Amount,
    /// The units used when its terms began.
    /// 折旧起算时的已用工作量。
    #[field(zh = "起算工作量", readonly, hidden, optional)]
    pub base_units: Qty,
    /// The day its terms began, as a number.
    /// 折旧起算日（序数）。
    #[field(zh = "起算日序数", readonly, hidden, optional)]
    pub base_day: i64,
    /// How often it was begun anew.
    /// 重新起算次数。
    #[field(zh = "重算次数", readonly, hidden, optional)]
    pub begun_anew: i64,
}

impl AssetBook {
    pub fn method(&self) -> Method {
        self.method.unwrap_or(Method::StraightLine)
    }

    pub fn convention(&self) -> Convention {
        self.convention.unwrap_or(Convention::NextMonth)
    }

    /// The terms its plan follows.
    pub fn terms(&self) -> Terms {
        let convention = match self.convention() {
            // What remains is spread over the months that remain; the first year is over.
            Convention::FullYear | Convention::HalfYear if 0 < self.begun_anew => Convention::ByMonth,
            other => other,
        };
        Terms {
            method: self.method(),
            convention,
            switch: self.switch.unwrap_or(Switch::Never),
            start: i32::try_from(self.base_day).ok().and_then(Date::from_days).unwrap_or(Date::MIN),
            life_months: self.life_months + self.life_by,
            rate: self.rate,
            net: self.base_net,
            residual: self.residual_now(),
        }
    }

    pub fn residual_now(&self) -> Amount {
        self.residual.unwrap_or(Amount::ZERO) + self.residual_by
    }

    /// What was charged since its terms began.
    pub fn charged(&self) -> Amount {
        self.base_net - (self.cost - self.accumulated)
    }

    /// What is due to the end of a day and not charged yet.
    pub fn owing(&self, through: Date) -> Amount {
        (self.terms().due(through) - self.charged()).max(Amount::ZERO)
    }

    /// What is due for units used now, in addition to those before.
    pub fn owing_of_units(&self, units: Qty) -> Amount {
        let used = self.used_units + units - self.base_units;
        let due =
            schedule::of_units(self.terms().depreciable(), used.raw(), self.total_units.raw() - self.base_units.raw());
        (due - self.charged()).max(Amount::ZERO)
    }

    /// Begins anew on a day with what is left.
    pub fn begin_anew(&mut self, from: Date) {
        let convention = self.terms().convention;
        self.base_net = self.cost - self.accumulated;
        self.base_units = self.used_units;
        self.base_day = i64::from(schedule::start_anew(convention, from).days());
        self.begun_anew += 1;
    }

    /// What differs from how it was, as measures that are raised.
    pub fn steps(&self, before: &AssetBook) -> Vec<Progress> {
        let step = |field, after: i64, before: i64| Progress {
            entity: "asset",
            line: self.id.raw(),
            field,
            by: after - before,
        };
        let all = [
            step("cost", self.cost.raw(), before.cost.raw()),
            step("accumulated", self.accumulated.raw(), before.accumulated.raw()),
            step("used_units", self.used_units.raw(), before.used_units.raw()),
            step("life_by", self.life_by, before.life_by),
            step("residual_by", self.residual_by.raw(), before.residual_by.raw()),
            step("base_net", self.base_net.raw(), before.base_net.raw()),
            step("base_units", self.base_units.raw(), before.base_units.raw()),
            step("base_day", self.base_day, before.base_day),
            step("begun_anew", self.begun_anew, before.begun_anew),
        ];
        all.into_iter().filter(|step| step.by != 0).collect()
    }
}
