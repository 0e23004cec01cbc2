//! The chart of accounts.
#![allow(missing_docs, reason = "a field without a comment is explained by its label")]

use books::{AccountId, CompanyId, Entry, EntryLine, Posting};
use kernel::{Amount, Currency, Date, Id, Refusal};
use meta::{Choice, Document, Effects, Entity, Fault, Reader, Trouble, Want};

/// An account of the ledger; what it is used for decides where documents post.
/// 会计科目；“用途”决定单据的过账科目。
#[derive(Entity)]
#[entity(
    prefix = "ac",
    kind = "master",
    steady,
    zh = "会计科目",
    title = "code,name",
    list = "code,name,kind,used_for,is_group,active",
    sort = "code",
    actions = "Action",
    index = "unique:company,code;company,used_for"
)]
pub struct Account {
    pub id: Id<Account>,
    #[field(zh = "公司")]
    pub company: CompanyId,
    #[field(zh = "科目编码", search, max = 20)]
    pub code: String,
    #[field(zh = "科目名称", search)]
    pub name: String,
    #[field(zh = "类别", group)]
    pub kind: AccountKind,
    /// What documents use it for; one account a company for each, but for bank and cash.
    /// 单据过账的用途；除银行、现金外，每个公司每种用途仅一个科目。
    #[field(zh = "用途", group)]
    pub used_for: UsedFor,
    /// The account it is summed up in.
    /// 上级科目。
    #[field(zh = "上级科目")]
    pub parent: Option<AccountId>,
    /// Sums up others; nothing is posted to it.
    /// 汇总科目，不可直接过账。
    #[field(zh = "汇总科目")]
    pub is_group: bool,
    /// Only for bank accounts kept in a foreign currency.
    /// 仅用于外币银行账户。
    #[field(zh = "币种")]
    pub currency: Option<Currency>,
    #[field(zh = "启用", default = "true")]
    pub active: bool,
    /// The account that took over what this one held, when the two were merged.
    /// 合并后接收本科目余额的科目。
    #[field(zh = "并入科目", readonly)]
    pub merged_into: Option<AccountId>,
}

/// What may be done with an account.
#[derive(meta::Action, Clone, Debug, PartialEq, Eq)]
pub enum Action {
    /// Moves what it holds to another account by an entry, and takes it out of use. What was
    /// posted stays where it was posted.
    /// 用一张凭证将余额转入另一科目并停用本科目；已过账的分录保持不变。
    #[action(zh = "并入其他科目", label = "Merge into another account", danger)]
    Merge {
        /// The account that takes over.
        /// 接收余额的科目。
        #[field(zh = "并入", label = "Into", only = r#"["is_group","=",false]"#)]
        into: AccountId,
        /// The day of the entry.
        /// 凭证日期。
        #[field(zh = "日期", label = "On", default = "today")]
        posted_on: Date,
    },
}

/// Where an account stands in the statements.
#[derive(Choice, Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum AccountKind {
    /// What we have.
    #[choice(zh = "资产")]
    Asset,
    /// What we owe.
    #[choice(zh = "负债")]
    Liability,
    /// What belongs to the owners.
    #[choice(zh = "所有者权益")]
    Equity,
    /// What we earn.
    #[choice(zh = "收入", tone = "good")]
    Income,
    /// What we spend.
    #[choice(zh = "费用", tone = "warn")]
    Expense,
}

/// What documents use an account for.
#[derive(Choice, Clone, Copy, Debug, PartialEq, Eq)]
pub enum UsedFor {
    /// Nothing in particular.
    #[choice(zh = "无")]
    None,
    /// Customers owe us.
    #[choice(zh = "应收账款")]
    Receivable,
    /// We owe suppliers.
    #[choice(zh = "应付账款")]
    Payable,
    /// Money in a bank.
    #[choice(zh = "银行存款")]
    Bank,
    /// Money in the drawer.
    #[choice(zh = "库存现金")]
    Cash,
    /// Sales.
    #[choice(zh = "销售收入")]
    Sales,
    /// Tax on sales.
    #[choice(zh = "销项税额")]
    SalesTax,
    /// Tax on purchases.
    #[choice(zh = "进项税额")]
    PurchaseTax,
    /// Cost of sales.
    #[choice(zh = "销售成本")]
    CostOfSales,
    /// Goods.
    #[choice(zh = "库存商品")]
    Stock,
    /// Goods received, not invoiced.
    #[choice(zh = "暂估入库", label = "Goods received")]
    StockInput,
    /// Goods lost.
    #[choice(zh = "存货损失")]
    StockLoss,
    /// Goods found.
    #[choice(zh = "存货盘盈")]
    StockGain,
    /// Paid before it was owed.
    #[choice(zh = "预收账款", label = "Advances received")]
    AdvanceReceived,
    /// Paid by us before we owed it.
    #[choice(zh = "预付账款", label = "Advances paid")]
    AdvancePaid,
    /// Exchange gains.
    #[choice(zh = "汇兑收益")]
    ExchangeGain,
    /// Exchange losses.
    #[choice(zh = "汇兑损失")]
    ExchangeLoss,
    /// Small differences given up.
    #[choice(zh = "坏账与尾差核销", label = "Write-off")]
    WriteOff,
    /// Let off for paying early.
    #[choice(zh = "现金折扣", label = "Early discounts")]
    EarlyDiscount,
    /// The other side of opening balances.
    #[choice(zh = "期初余额", label = "Opening balances")]
    Opening,
    /// Cost that differs from the standard.
    #[choice(zh = "成本差异", label = "Cost variances")]
    PriceVariance,
    /// Profits kept.
    #[choice(zh = "未分配利润")]
    RetainedEarnings,
    /// Rounding differences.
    #[choice(zh = "舍入差异")]
    Rounding,
    /// Income not yet earned.
    #[choice(zh = "递延收入")]
    Deferred,
    /// What assets cost.
    #[choice(zh = "固定资产")]
    FixedAsset,
    /// What is depreciated of them.
    #[choice(zh = "累计折旧")]
    AccumulatedDepreciation,
    /// The charge of a month.
    #[choice(zh = "折旧费")]
    Depreciation,
    /// What is got for assets that leave.
    #[choice(zh = "固定资产清理", label = "Disposal of assets")]
    AssetDisposal,
    /// Sold for more than they were worth.
    #[choice(zh = "资产处置收益", label = "Gains of disposals")]
    DisposalGain,
    /// Sold for less, scrapped or impaired.
    #[choice(zh = "资产处置损失", label = "Losses of disposals")]
    DisposalLoss,
}

impl UsedFor {
    /// Whether a company may have several accounts of this use.
    pub fn may_be_many(self) -> bool {
        matches!(self, UsedFor::None | UsedFor::Bank | UsedFor::Cash)
    }
}

/// Why an account cannot be saved like this.
#[derive(meta::Refusal)]
pub enum AccountWrong {
    /// The code {code} is taken by another account. Choose another.
    /// 科目编码 {code} 已被使用，请更换。
    #[refusal(kind = "Conflict", field = "code")]
    CodeTaken {
        /// The code.
        code: String,
    },
    /// Another account is used for this already. Change that one first.
    /// 已有其他科目使用该用途，请先修改原科目。
    #[refusal(kind = "Conflict", field = "used_for")]
    UseTaken,
    /// Entries are posted to this account: its kind and use stay, and it cannot become a group.
    /// 该科目已有发生额，类别与用途不可更改，也不能改为汇总科目。
    #[refusal(kind = "NotNow", field = "kind")]
    HasEntries,
}

/// Why two accounts are not merged.
#[derive(meta::Refusal)]
pub enum NotMerged {
    /// Choose another account to merge this one into.
    /// 请选择另一个科目。
    #[refusal(kind = "Invalid", field = "into")]
    Itself,
    /// {into} is of another kind or currency, sums up others, or is out of use. Choose an account like this one.
    /// {into} 的类别或币种不同，或为汇总科目、已停用。请选择同类科目。
    #[refusal(kind = "Invalid", field = "into")]
    NotAlike {
        /// The other one.
        into: (&'static str, i64),
    },
    /// Documents post to this account by themselves. Give its use to another account first.
    /// 单据会自动过账到该科目，请先将该用途改设到其他科目。
    #[refusal(kind = "NotNow")]
    InUse,
    /// {user} still names this account. Choose another account there first.
    /// {user} 仍在使用该科目，请先在该处更换科目。
    #[refusal(kind = "NotNow")]
    Named {
        /// What names it.
        user: (&'static str, i64),
    },
    /// It is merged already.
    /// 该科目已合并。
    #[refusal(kind = "NotNow")]
    Already,
}

/// What merging needs to know.
#[derive(Clone, Debug, Default)]
pub struct MergeFacts {
    /// Kind and currency of the other account, when it may be posted to.
    pub into: Option<(String, Option<String>)>,
    /// What this one holds, in company currency and in each currency it was posted in.
    pub held: Vec<(Currency, Amount, Amount)>,
    /// The first tax or category that names it.
    pub named_by: Option<(&'static str, i64)>,
    /// The company's currency.
    pub currency: Option<Currency>,
}

fn merge_facts(doc: &Account, into: AccountId, reader: &dyn Reader) -> Result<MergeFacts, Fault> {
    let (company, mine) = (reader.context().company, doc.id.raw());
    let other = reader.rows(
        "select kind, currency from account where company = ?1 and id = ?2 and is_group = 0 and active = 1",
        &[company.into(), into.raw().into()],
    )?;
    let held = reader.rows(
        "select currency, sum(debit - credit), sum(currency_debit - currency_credit) from balance
         where company = ?1 and account = ?2 and grain = 'm' group by currency
         having sum(debit - credit) <> 0 or sum(currency_debit - currency_credit) <> 0 order by currency",
        &[company.into(), mine.into()],
    )?;
    let taxes =
        reader.rows("select id from tax where company = ?1 and account = ?2", &[company.into(), mine.into()])?;
    let categories = reader.rows(
        "select id from product_category
         where company = ?1 and (sales_account = ?2 or cost_account = ?2 or stock_account = ?2)",
        &[company.into(), mine.into()],
    )?;
    let assets = reader.rows(
        "select id from asset_category where company = ?1 and (asset_account = ?2 or accumulated_account = ?2
           or expense_account = ?2 or gain_account = ?2 or loss_account = ?2 or disposal_account = ?2 or surplus_account = ?2)",
        &[company.into(), mine.into()],
    )?;
    let first = |name, rows: &[meta::Row]| rows.first().map(|row| (name, row.int(0)));
    Ok(MergeFacts {
        into: other.first().map(|row| (row.text(0).to_owned(), row.0[1].text().map(str::to_owned))),
        held: held
            .iter()
            .filter_map(|row| Some((Currency::parse(row.text(0))?, Amount::new(row.int(1)), Amount::new(row.int(2)))))
            .collect(),
        named_by: first("tax", &taxes).or(first("product_category", &categories)).or(first("asset_category", &assets)),
        currency: Some(reader.context().currency),
    })
}

fn merge(doc: &Account, into: AccountId, posted_on: Date, facts: &MergeFacts) -> Result<Effects, Refusal> {
    if into.raw() == doc.id.raw() {
        return Err(NotMerged::Itself.into());
    }
    let alike = (doc.kind.code().to_owned(), doc.currency.map(|currency| currency.code().to_owned()));
    if doc.is_group || facts.into.as_ref() != Some(&alike) {
        return Err(NotMerged::NotAlike { into: ("account", into.raw()) }.into());
    }
    if !doc.used_for.may_be_many() {
        return Err(NotMerged::InUse.into());
    }
    if let Some(user) = facts.named_by {
        return Err(NotMerged::Named { user }.into());
    }
    let company = facts.currency.unwrap_or(meta::NO_CURRENCY);
    let mine = AccountId::new(doc.id.raw());
    let moved = |account, sign: i64| {
        let line = move |(currency, amount, in_currency): &(Currency, Amount, Amount)| EntryLine {
            currency: *currency,
            currency_amount: Amount::new(sign * in_currency.raw()),
            ..EntryLine::plain(account, Amount::new(sign * amount.raw()), company)
        };
        facts.held.iter().map(line)
    };
    let mut posting = Posting::default();
    if !facts.held.is_empty() {
        let memo = format!("{} {}", doc.code, doc.name).chars().take(120).collect::<String>();
        posting.entries.push(Entry::balanced(
            "general",
            posted_on,
            memo,
            moved(mine, -1).chain(moved(into, 1)).collect(),
        )?);
    }
    let set = vec![("active", false.into()), ("merged_into", into.raw().into())];
    Ok(Effects { posting, set, ..Effects::none() })
}

/// What saving an account needs to know.
#[derive(Clone, Debug, Default)]
pub struct Facts {
    /// What merging needs to know, when it is asked for.
    pub merge: MergeFacts,
    /// Another account has the code.
    pub code_taken: bool,
    /// Another account has the use.
    pub use_taken: bool,
    /// Something is posted to it.
    pub has_entries: bool,
}

impl Document for Account {
    type Facts = Facts;
    type Action = Action;

    fn facts(doc: &Self, want: &Want<Action>, reader: &dyn Reader) -> Result<Facts, Trouble> {
        let company = reader.context().company;
        let mine = doc.id.raw();
        let code = reader.rows(
            "select 1 from account where company = ?1 and code = ?2 and id <> ?3",
            &[company.into(), doc.code.as_str().into(), mine.into()],
        )?;
        let used = reader.rows(
            "select 1 from account where company = ?1 and used_for = ?2 and id <> ?3",
            &[company.into(), doc.used_for.code().into(), mine.into()],
        )?;
        let entries = reader.rows(
            "select 1 from entry_line where company = ?1 and account = ?2 limit 1",
            &[company.into(), mine.into()],
        )?;
        let (code_taken, use_taken) = (!code.is_empty(), !used.is_empty());
        let merge = match want {
            Want::Act(Action::Merge { into, .. }) => merge_facts(doc, *into, reader)?,
            Want::Typing | Want::Save(_) => MergeFacts::default(),
        };
        Ok(Facts { merge, code_taken, use_taken, has_entries: !entries.is_empty() })
    }

    fn complete(doc: &mut Self, facts: &Facts) -> Result<(), Refusal> {
        if facts.code_taken {
            return Err(AccountWrong::CodeTaken { code: doc.code.clone() }.into());
        }
        if facts.use_taken && !doc.used_for.may_be_many() {
            return Err(AccountWrong::UseTaken.into());
        }
        Ok(())
    }

    fn check_change(old: &Self, new: &Self, facts: &Facts) -> Result<(), Refusal> {
        let changed = old.kind != new.kind || old.used_for != new.used_for || (new.is_group && !old.is_group);
        if facts.has_entries && changed { Err(AccountWrong::HasEntries.into()) } else { Ok(()) }
    }

    fn decide(doc: &Self, action: &Action, facts: &Facts) -> Result<(&'static str, Effects), Refusal> {
        let Action::Merge { into, posted_on } = action;
        Ok(("", merge(doc, *into, *posted_on, &facts.merge)?))
    }

    fn ready(doc: &Self, Action::Merge { .. }: &Action) -> Result<(), Refusal> {
        if doc.merged_into.is_some() {
            return Err(NotMerged::Already.into());
        }
        if doc.is_group || !doc.used_for.may_be_many() {
            return Err(NotMerged::InUse.into());
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn account(kind: &str) -> Account {
        let mut record = meta::Record::empty(Account::meta());
        record.set("code", "1001").set("name", "Cash").set("kind", kind).set("used_for", "receivable");
        Account::from_record(&record).unwrap()
    }

    #[test]
    fn a_use_belongs_to_one_account_but_banks_may_be_many() {
        let taken = Facts { use_taken: true, ..Facts::default() };
        assert!(Account::complete(&mut account("asset"), &taken).is_err());
        let mut bank = account("asset");
        bank.used_for = UsedFor::Bank;
        assert!(Account::complete(&mut bank, &taken).is_ok());
    }

    #[test]
    fn a_code_belongs_to_one_account() {
        let taken = Facts { code_taken: true, ..Facts::default() };
        let refused = Account::complete(&mut account("asset"), &taken).unwrap_err();
        assert_eq!((refused.problems[0].code, refused.problems[0].field.as_deref()), ("code_taken", Some("code")));
    }

    #[test]
    fn a_posted_account_keeps_its_use_and_takes_no_accounts_below() {
        let posted = Facts { has_entries: true, ..Facts::default() };
        let (mut sold, mut group, mut renamed) = (account("asset"), account("asset"), account("asset"));
        sold.used_for = UsedFor::Sales;
        group.is_group = true;
        renamed.name = "Till".into();
        assert!(Account::check_change(&account("asset"), &sold, &posted).is_err());
        assert!(Account::check_change(&account("asset"), &group, &posted).is_err());
        assert!(Account::check_change(&account("asset"), &renamed, &posted).is_ok());
    }

    #[test]
    fn the_kind_of_a_posted_account_stays() {
        let posted = Facts { has_entries: true, ..Facts::default() };
        assert!(Account::check_change(&account("asset"), &account("liability"), &posted).is_err());
        assert!(Account::check_change(&account("asset"), &account("liability"), &Facts::default()).is_ok());
    }
}
