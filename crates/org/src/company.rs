//! Companies: legal entities that share one database, their settings and closed periods.

use books::{CostMethod, PriceListId, TaxId};
use kernel::{Amount, Currency, Date, Id, Rate, Refusal};
use meta::{Choice, Document, Effects, Entity, Hint, Reader, Tone, Trouble, Want};

use crate::{NoAction, TimeZone, WorkingCalendar, tax_number};

/// One legal entity with books of its own. Several companies may share one database.
/// 一个独立核算的法人实体。多家公司可共用一个数据库。
#[derive(Entity, Clone, Debug)]
#[entity(
    prefix = "co",
    kind = "setting",
    steady,
    zh = "公司",
    plural = "Companies",
    title = "name",
    list = "name,currency,country,chart,books_locked_until",
    sort = "name"
)]
pub struct Company {
    pub id: Id<Company>,
    #[field(zh = "名称", search, unique)]
    pub name: String,
    /// The currency its books are kept in. It stays once something is posted.
    /// 记账本位币；一旦过账便不能更改。
    #[field(zh = "本位币", group, default = "CNY")]
    pub currency: Currency,
    /// Where it is: its taxes and working days follow from it.
    /// 所在国家或地区：税与工作日历由此而定。
    #[field(zh = "国家", group, country, default = "CN")]
    pub country: String,
    /// By its clocks a day begins: which day documents, reports and reminders take for today. A new company whose
    /// country has one only gets that. Empty: the server's.
    /// 按该时区判断“今天”是哪一天（单据、报表、提醒）。新建公司时若未填，且所在国家只有一个时区，则自动采用；留空则按服务器时区。
    #[field(zh = "时区", group)]
    pub time_zone: Option<TimeZone>,
    /// The chart of accounts and the form of its statements. It stays once something is posted.
    /// 会计科目表及报表格式；一旦过账便不能更改。
    #[field(zh = "会计科目表", group, default = "small_business_cn")]
    pub chart: Chart,
    /// Stands in the numbers of documents whose series say {company}: two or three letters, for example.
    /// 公司简码：编号规则中 {company} 处的文字，例如两三个字母。
    #[field(label = "Short code", zh = "简码", optional, max = 12)]
    pub code: String,
    /// Unified social credit code, VAT number, or whatever invoices must show.
    /// 统一社会信用代码或增值税号，显示在发票上。
    #[field(zh = "税号", search, optional, max = 40)]
    pub tax_number: String,
    /// Province, state or county.
    /// 省、自治区、直辖市，或国外的州、地区。
    #[field(zh = "省/州", optional, max = 100, section(en = "Letterhead", zh = "抬头信息"))]
    pub region: String,
    #[field(zh = "城市", optional, max = 100)]
    pub city: String,
    /// Part of the city, where addresses have one.
    /// 区、县或县级市。
    #[field(zh = "区/县", optional, max = 100)]
    pub district: String,
    /// Street, house, floor; or all of it, as it is to be printed.
    /// 街道、门牌、楼层；也可填写完整地址，照此打印。
    #[field(zh = "地址", long, optional)]
    pub address: String,
    #[field(zh = "电话", phone, optional, max = 40)]
    pub phone: String,
    #[field(zh = "电子邮箱", email, optional)]
    pub email: String,
    /// Bank, account number and whatever customers need in order to pay; printed on invoices.
    /// 开户行、账号等客户付款所需信息；打印在发票上。
    #[field(zh = "开户行及账号", long, optional)]
    pub bank_details: String,
    /// Where the tax of a document is rounded: on every line, or once for each tax.
    /// 税额在哪里舍入：逐行舍入，或每个税种整单舍入一次。
    #[field(zh = "税额舍入", default = "per_line", section(en = "Rules", zh = "规则"))]
    pub tax_rounding: TaxRounding,
    /// How goods are valued unless their category says otherwise.
    /// 存货计价方法；产品类别可另行指定。
    #[field(zh = "计价方法", default = "average")]
    pub cost_method: CostMethod,
    /// What happens when an order takes a customer beyond the credit limit.
    /// 订单使客户超出信用额度时如何处理。
    #[field(zh = "信用检查", default = "block")]
    pub credit_check: CreditCheck,
    /// The credit limit of a new customer where whoever makes them says none; empty for no limit.
    /// 新客户的信用额度（建立时未填写的）；留空表示不限。
    #[field(label = "Credit limit of new customers", zh = "新客户的信用额度", currency = "currency")]
    pub default_credit_limit: Option<Amount>,
    /// When goods are reserved for sales orders.
    /// 何时为销售订单预留库存。
    #[field(zh = "预留库存", default = "at_confirm")]
    pub reserve: Reserve,
    /// How many days before the wanted day, where that is when goods are reserved.
    /// 提前多少天预留（按要求交期）。
    #[field(label = "Days before", zh = "提前天数", optional)]
    pub reserve_days: i64,
    /// By what part a delivery may be more than what was ordered, such as 5 % of bulk goods; nothing for not
    /// at all. A product may say otherwise.
    /// 发货可超出订购数量的比例，如散装货 5%；留空为不允许。产品可另行指定。
    #[field(label = "Over-delivery allowed", zh = "允许超交", optional)]
    pub over_delivery: Rate,
    /// By what part an invoice may be more than what was ordered. What was delivered may be invoiced in any
    /// case. A product may say otherwise.
    /// 开票可超出订购数量的比例；已交货的数量总可开票。产品可另行指定。
    #[field(label = "Over-invoicing allowed", zh = "允许超开票", optional)]
    pub over_invoicing: Rate,
    /// Prices for customers whose own price list does not say.
    /// 客户自己的价目表没有的价格从此表查找。
    #[field(label = "Standard price list", zh = "默认价目表")]
    pub price_list: Option<PriceListId>,
    /// The tax new products are sold with, unless their category has one.
    /// 新产品默认的销售税；所属类别另有指定的除外。
    #[field(
        label = "Sales tax of new products",
        zh = "新产品的销售税",
        only = r#"["and",["active","=",true],["on_purchases","=",false]]"#
    )]
    pub sales_tax: Option<TaxId>,
    /// Which days are worked. Empty: the calendar of the company's country, or Monday to Friday if there is none.
    /// 工作日安排。留空则使用公司所在国家的工作日历；没有日历时为周一至周五。
    #[field(zh = "工作日历")]
    pub working_calendar: Option<Id<WorkingCalendar>>,
    /// Nothing is posted on this day or before. An accountant may open it again.
    /// 该日及之前不能再过账；会计可以反结账。
    #[field(label = "Books closed until", zh = "账簿关账至", section(en = "Closed periods", zh = "结账"))]
    pub books_locked_until: Option<Date>,
    /// No sales invoice is posted on this day or before.
    /// 该日及之前不能再过账销售发票。
    #[field(label = "Sales closed until", zh = "销售关账至")]
    pub sales_locked_until: Option<Date>,
    /// No bill of a supplier is posted on this day or before.
    /// 该日及之前不能再过账采购发票。
    #[field(label = "Purchases closed until", zh = "采购关账至")]
    pub purchases_locked_until: Option<Date>,
    /// Nothing with tax is posted on this day or before: the tax is declared.
    /// 该日及之前不能再过账含税业务（已申报纳税）。
    #[field(label = "Tax closed until", zh = "税务关账至")]
    pub tax_locked_until: Option<Date>,
    /// Closed for good: this day never moves back, for nobody.
    /// 永久关账：该日期任何人都不能往回调。
    #[field(label = "Closed for good until", zh = "永久关账至")]
    pub hard_locked_until: Option<Date>,
}

/// Which chart of accounts a company uses.
#[derive(Choice, Clone, Copy, Debug, PartialEq, Eq)]
pub enum Chart {
    /// The accounting standard for small enterprises of China.
    #[choice(label = "China, small enterprises", zh = "小企业会计准则")]
    SmallBusinessCn,
    /// A short chart in the manner of IFRS.
    #[choice(label = "International (IFRS)", zh = "国际通用（IFRS）")]
    IfrsGeneric,
}

/// Where the tax of a document is rounded.
#[derive(Choice, Clone, Copy, Debug, PartialEq, Eq)]
pub enum TaxRounding {
    /// On every line; the document is the sum.
    #[choice(label = "On every line", zh = "逐行")]
    PerLine,
    /// Once for each tax.
    #[choice(label = "Once per document", zh = "整单")]
    PerDocument,
}

/// What happens beyond the credit limit.
#[derive(Choice, Clone, Copy, Debug, PartialEq, Eq)]
pub enum CreditCheck {
    /// Nothing.
    #[choice(label = "No check", zh = "不检查")]
    Off,
    /// The user is told.
    #[choice(zh = "提醒", tone = "warn")]
    Warn,
    /// The order is refused.
    #[choice(zh = "阻止", tone = "bad")]
    Block,
}

/// When goods are reserved for sales orders.
#[derive(Choice, Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reserve {
    /// As soon as an order is confirmed.
    #[choice(label = "When confirmed", zh = "确认时")]
    AtConfirm,
    /// Some days before the goods are wanted.
    #[choice(label = "Days before wanted", zh = "交期前若干天")]
    DaysBefore,
    /// When somebody says so.
    #[choice(label = "By hand", zh = "手工")]
    ByHand,
}

/// Why a company is not saved.
#[derive(meta::Refusal)]
pub enum NotACompany {
    /// A credit limit is not below zero. Enter 0 for no credit at all, or leave it empty for no limit.
    ///
    /// 信用额度不能小于零。填 0 表示不赊销，留空表示不限。
    #[refusal(kind = "Invalid", field = "default_credit_limit")]
    NegativeLimit,
    /// The books are closed for good until {until}; that day never moves back. Choose it or a later one.
    ///
    /// 账簿已永久关账至 {until}，该日期不能往回调。请选择该日或之后的日期。
    #[refusal(kind = "NotAllowed", field = "hard_locked_until")]
    HardLockMovesBack {
        /// Until when they are closed.
        until: Date,
    },
    /// What is closed for good must be closed first: close the books until {until} or later.
    ///
    /// 永久关账前须先关账：请将“账簿关账至”设为 {until} 或之后。
    #[refusal(kind = "Invalid", field = "books_locked_until")]
    NotClosedYet {
        /// Until when they are to be closed for good.
        until: Date,
    },
    /// Something is posted in {currency} already. Make another company for another currency.
    ///
    /// 已有以 {currency} 记账的凭证。如需其他本位币，请新建公司。
    #[refusal(kind = "Conflict", field = "currency")]
    PostedInCurrency {
        /// The currency of the books.
        currency: String,
    },
    /// Something is posted with this chart of accounts already. Make another company for another chart.
    ///
    /// 已有使用该科目表的凭证。如需其他科目表，请新建公司。
    #[refusal(kind = "Conflict", field = "chart")]
    PostedInChart,
    /// Goods have moved and stay valued by the present method. Set another method on the category of new products.
    ///
    /// 已有出入库记录，存货沿用当前计价方法。请在新产品的类别上另设方法。
    #[refusal(kind = "Conflict", field = "cost_method")]
    StockIsValued,
    /// Goods are reserved 0 to 366 days before they are wanted. Correct the days.
    ///
    /// 提前预留天数须在 0 到 366 之间，请更正。
    #[refusal(kind = "Invalid", field = "reserve_days")]
    StrangeDays,
    /// An allowance lies between 0 and 100 %. Correct it.
    ///
    /// 允许超交的比例须在 0 到 100% 之间，请更正。
    #[refusal(kind = "Invalid", field = "over_delivery")]
    StrangeOverDelivery,
    /// An allowance lies between 0 and 100 %. Correct it.
    ///
    /// 允许超开票的比例须在 0 到 100% 之间，请更正。
    #[refusal(kind = "Invalid", field = "over_invoicing")]
    StrangeOverInvoicing,
    /// A short code has no blanks or braces. Write letters and digits.
    ///
    /// 简码不能包含空格或花括号，请使用字母和数字。
    #[refusal(kind = "Invalid", field = "code")]
    StrangeCode,
    /// Numbers of documents contain the short code. Write one, or take it out of the number series first.
    ///
    /// 单据编号含有简码，请填写简码，或先在编号规则中去掉。
    #[refusal(kind = "Conflict", field = "code")]
    CodeInNumbers,
    /// This price list is another company's. Choose one of this company.
    ///
    /// 该价目表属于其他公司，请选择本公司的价目表。
    #[refusal(kind = "Invalid", field = "price_list")]
    PricesOfAnother,
    /// This tax is another company's. Choose one of this company.
    ///
    /// 该税种属于其他公司，请选择本公司的税种。
    #[refusal(kind = "Invalid", field = "sales_tax")]
    TaxOfAnother,
    /// {tax} is a tax on what is bought. Choose a tax on sales, or clear it.
    ///
    /// {tax} 是进项税，请选择销售税或清空。
    #[refusal(kind = "Invalid", field = "sales_tax")]
    PurchaseTax {
        /// Which.
        tax: (&'static str, i64),
    },
    /// No tax with a rate is there, and those of this country are not known here. Add them under Finance › Taxes.
    ///
    /// 尚无任何税率，且系统不知该国家或地区（或其各州）的税率。请在“财务 › 税”中添加。
    #[refusal(kind = "Invalid", field = "country")]
    RatesUnknown,
}

/// What is known of a company.
#[derive(Clone, Copy, Debug, Default)]
pub struct Facts {
    /// Whether anything is posted.
    pub has_entries: bool,
    /// Whether it has goods.
    pub has_stock: bool,
    /// Whether the price list is of this company, or there is none.
    pub owns_price_list: bool,
    /// Whether the tax of new products is of this company, or there is none.
    pub owns_tax: bool,
    /// Whether that begins to be one on what is bought.
    pub has_bought_tax: bool,
    /// Whether a series of numbers contains its short code.
    pub is_in_numbers: bool,
    /// Whether any of its taxes has a rate.
    pub has_rates: bool,
    /// Whether it is being made.
    pub is_new: bool,
}

impl Document for Company {
    type Facts = Facts;
    type Action = NoAction;

    fn facts(doc: &Self, want: &Want<NoAction>, reader: &dyn Reader) -> Result<Facts, Trouble> {
        let any = |sql: &str| reader.rows(sql, &[doc.id.raw().into()]).map(|rows| !rows.is_empty());
        let owns = |entity: &str, named: Option<i64>| match named {
            None => Ok(true),
            Some(named) => {
                let sql = format!("select 1 from {entity} where id = ?1 and company = ?2");
                reader.rows(&sql, &[named.into(), doc.id.raw().into()]).map(|rows| !rows.is_empty())
            }
        };
        Ok(Facts {
            has_entries: any("select 1 from entry where company = ?1 limit 1")?,
            has_stock: any("select 1 from product_value where company = ?1 limit 1")?,
            is_in_numbers: any(
                "select 1 from number_series where company = ?1 and pattern like '%{company}%' limit 1",
            )?,
            owns_price_list: owns("price_list", doc.price_list.map(Id::raw))?,
            owns_tax: owns("tax", doc.sales_tax.map(Id::raw))?,
            has_bought_tax: crate::sells_with_bought_tax(doc.sales_tax, want, reader)?,
            has_rates: any("select 1 from tax where company = ?1 and rate > 0 limit 1")?,
            is_new: matches!(want, Want::Save(None)),
        })
    }

    fn complete(doc: &mut Self, facts: &Facts) -> Result<(), Refusal> {
        if facts.is_new && doc.time_zone.is_none() {
            doc.time_zone = TimeZone::of_country(&doc.country);
        }
        if !(0..=366).contains(&doc.reserve_days) {
            return Err(NotACompany::StrangeDays.into());
        }
        let is_part = |rate: Rate| (Rate::ZERO..=Rate::ONE).contains(&rate);
        if !is_part(doc.over_delivery) {
            return Err(NotACompany::StrangeOverDelivery.into());
        }
        if !is_part(doc.over_invoicing) {
            return Err(NotACompany::StrangeOverInvoicing.into());
        }
        if doc.default_credit_limit.is_some_and(Amount::is_negative) {
            return Err(NotACompany::NegativeLimit.into());
        }
        if doc.code.contains(|letter: char| letter.is_whitespace() || matches!(letter, '{' | '}')) {
            return Err(NotACompany::StrangeCode.into());
        }
        if doc.code.is_empty() && facts.is_in_numbers {
            return Err(NotACompany::CodeInNumbers.into());
        }
        if !facts.owns_price_list {
            return Err(NotACompany::PricesOfAnother.into());
        }
        if !facts.owns_tax {
            return Err(NotACompany::TaxOfAnother.into());
        }
        if let Some(tax) = doc.sales_tax.filter(|_| facts.has_bought_tax) {
            return Err(NotACompany::PurchaseTax { tax: ("tax", tax.raw()) }.into());
        }
        match (doc.hard_locked_until, doc.books_locked_until) {
            (Some(until), books) if books.is_none_or(|closed| closed < until) => {
                Err(NotACompany::NotClosedYet { until }.into())
            }
            _ => Ok(()),
        }
    }

    fn hints(doc: &Self, facts: &Facts) -> Vec<Hint> {
        let odd = tax_number::oddity(&doc.country, &doc.tax_number);
        let is_unknown = !facts.has_rates && localize::tax_advice(&doc.country).is_some();
        let unknown = is_unknown.then(|| NotACompany::RatesUnknown.into());
        odd.into_iter().chain(unknown).map(|about| Hint { tone: Tone::Warn, about }).collect()
    }

    fn check_change(old: &Self, new: &Self, facts: &Facts) -> Result<(), Refusal> {
        if let Some(until) = old.hard_locked_until
            && new.hard_locked_until.is_none_or(|day| day < until)
        {
            return Err(NotACompany::HardLockMovesBack { until }.into());
        }
        if facts.has_entries && old.currency != new.currency {
            return Err(NotACompany::PostedInCurrency { currency: old.currency.code().to_owned() }.into());
        }
        if facts.has_entries && old.chart != new.chart {
            return Err(NotACompany::PostedInChart.into());
        }
        if facts.has_stock && old.cost_method != new.cost_method {
            return Err(NotACompany::StockIsValued.into());
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

    const FREE: Facts = Facts {
        has_entries: false,
        has_stock: false,
        owns_price_list: true,
        owns_tax: true,
        has_bought_tax: false,
        is_in_numbers: false,
        has_rates: true,
        is_new: false,
    };

    fn acme() -> Company {
        let mut acme = Company::from_record(&Record::empty(Company::meta())).unwrap();
        acme.currency = Currency::EUR;
        acme.country = "DE".to_owned();
        acme
    }

    fn closed(books: &str, hard: &str) -> Company {
        Company { books_locked_until: Date::parse(books), hard_locked_until: Date::parse(hard), ..acme() }
    }

    fn code(result: Result<(), Refusal>) -> &'static str {
        result.map_or_else(|why| why.problems[0].code, |()| "saved")
    }

    #[test]
    fn a_new_company_has_the_clocks_of_its_country_where_it_has_one_only() {
        let made = |country: &str, zone: Option<TimeZone>, is_new: bool| {
            let mut company = Company { country: country.to_owned(), time_zone: zone, ..acme() };
            Company::complete(&mut company, &Facts { is_new, ..FREE }).unwrap();
            company.time_zone
        };
        assert_eq!(made("CN", None, true), Some(TimeZone::AsiaShanghai));
        assert_eq!(made("DE", None, true), Some(TimeZone::EuropeBerlin));
        assert_eq!(made("US", None, true), None);
        assert_eq!(made("CN", Some(TimeZone::Utc), true), Some(TimeZone::Utc));
        // Who empties it later wants it empty.
        assert_eq!(made("CN", None, false), None);
    }

    #[test]
    fn what_is_closed_for_good_is_closed() {
        let save = |books, hard| code(Company::complete(&mut closed(books, hard), &FREE));
        assert_eq!(save("", ""), "saved");
        assert_eq!(save("2026-06-30", ""), "saved");
        assert_eq!(save("2026-06-30", "2026-06-30"), "saved");
        assert_eq!(save("2026-06-30", "2026-07-31"), "not_closed_yet");
        assert_eq!(save("", "2026-07-31"), "not_closed_yet");
    }

    #[test]
    fn closed_for_good_never_moves_back() {
        let old = closed("2026-06-30", "2026-06-30");
        let change = |hard| code(Company::check_change(&old, &closed("2026-12-31", hard), &FREE));
        assert_eq!(change("2026-06-30"), "saved");
        assert_eq!(change("2026-09-30"), "saved");
        assert_eq!(change("2026-05-31"), "hard_lock_moves_back");
        assert_eq!(change(""), "hard_lock_moves_back");
    }

    #[test]
    fn the_books_keep_their_currency() {
        let new = Company { currency: Currency::USD, ..acme() };
        let posted = Facts { has_entries: true, ..FREE };
        assert_eq!(code(Company::check_change(&acme(), &new, &FREE)), "saved");
        assert_eq!(code(Company::check_change(&acme(), &new, &posted)), "posted_in_currency");
    }

    #[test]
    fn prices_are_of_the_company_itself() {
        let mut new = Company { price_list: Some(kernel::Id::new(9)), ..acme() };
        assert_eq!(code(Company::complete(&mut new, &FREE)), "saved");
        assert_eq!(code(Company::complete(&mut new, &Facts { owns_price_list: false, ..FREE })), "prices_of_another");
        assert_eq!(code(Company::complete(&mut new, &Facts { owns_tax: false, ..FREE })), "tax_of_another");
    }

    #[test]
    fn the_code_in_numbers_is_there() {
        let save =
            |code: &str, facts| self::code(Company::complete(&mut Company { code: code.to_owned(), ..acme() }, facts));
        let used = Facts { is_in_numbers: true, ..FREE };
        assert_eq!(save("", &FREE), "saved");
        assert_eq!(save("", &used), "code_in_numbers");
        assert_eq!(save("HZ", &used), "saved");
        assert_eq!(save("H Z", &FREE), "strange_code");
        assert_eq!(save("{seq}", &FREE), "strange_code");
    }

    #[test]
    fn an_allowance_is_a_part_of_what_was_ordered() {
        let rate = |text: &str| Rate::parse(text).unwrap();
        let over = |delivery, invoicing| {
            let mut new = Company { over_delivery: rate(delivery), over_invoicing: rate(invoicing), ..acme() };
            code(Company::complete(&mut new, &FREE))
        };
        assert_eq!(over("0.05", "1"), "saved");
        assert_eq!(over("-0.01", "0"), "strange_over_delivery");
        assert_eq!(over("0", "1.01"), "strange_over_invoicing");
    }

    #[test]
    fn who_begins_without_rates_is_told() {
        let told = |country: &str, has_rates| {
            let new = Company { country: country.to_owned(), ..acme() };
            Company::hints(&new, &Facts { has_rates, ..FREE })
                .into_iter()
                .map(|hint| hint.about.problems[0].code)
                .collect::<Vec<_>>()
        };
        assert_eq!(told("US", false), ["rates_unknown"]);
        assert_eq!((told("US", true).len(), told("HK", false).len(), told("DE", false).len()), (0, 0, 0));
    }

    #[test]
    fn goods_keep_their_cost_method() {
        let new = Company { cost_method: CostMethod::Fifo, ..acme() };
        let stocked = Facts { has_entries: true, has_stock: true, ..FREE };
        assert_eq!(code(Company::check_change(&acme(), &new, &stocked)), "stock_is_valued");
    }
}
