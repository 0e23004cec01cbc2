//! Journal entries written by hand, and opening balances.
#![allow(missing_docs, reason = "a field without a comment is explained by its label")]

mod settle;

use std::collections::{BTreeMap, BTreeSet};

use books::{AccountId, Clearing, CompanyId, DimensionSetId, DocRef, Entry, EntryLine, ItemId, PartyId, Posting};
use kernel::{Amount, Currency, Date, Id, Refusal};
use meta::stages::not_now;
use meta::{Choice, Document, Effects, Entity, Reader, Trouble, Want, life};
use party::legal_entity;

use crate::dimension;
use crate::read::Open;
use crate::settlement::{self, Target, Targets};

/// An entry written by hand: lines of debit and credit that balance.
/// 手工凭证：借贷平衡的分录。
#[derive(Entity)]
#[entity(
    prefix = "je",
    zh = "手工凭证",
    plural = "Journal entries",
    title = "number",
    list = "number,posted_on,journal,memo,debit,stage",
    sort = "-posted_on",
    number = "JE-{year}-{seq:05}",
    number_at = "post",
    number_by = "journal",
    actions = "Action",
    stages = "Stage"
)]
pub struct JournalEntry {
    pub id: Id<JournalEntry>,
    #[field(zh = "公司")]
    pub company: CompanyId,
    #[field(zh = "编号", readonly, search, optional)]
    pub number: String,
    /// The business day.
    /// 业务日期。
    #[field(zh = "日期", default = "today", index)]
    pub posted_on: Date,
    #[field(zh = "日记账", group)]
    pub journal: Journal,
    #[field(zh = "摘要", search)]
    pub memo: Option<String>,
    #[field(zh = "分录", owned, at_least = 2)]
    pub lines: Vec<JournalEntryLine>,
    #[field(zh = "借方合计", computed, currency = "company.currency")]
    pub debit: Amount,
    #[field(zh = "贷方合计", computed, currency = "company.currency")]
    pub credit: Amount,
    #[field(zh = "状态", state, group)]
    pub stage: Stage,
}

/// One side of an entry.
/// 凭证的一行。
#[derive(Entity)]
#[entity(prefix = "jl", parent = "journal_entry.lines", zh = "凭证行")]
pub struct JournalEntryLine {
    pub id: Id<JournalEntryLine>,
    #[field(zh = "科目", only = r#"["is_group","=",false]"#)]
    pub account: AccountId,
    /// Needed for receivables and payables.
    /// 应收应付科目必填。
    #[field(zh = "往来单位")]
    pub party: Option<PartyId>,
    /// What else it is about, such as a cost centre.
    /// 辅助核算，如成本中心。
    #[field(zh = "辅助核算")]
    pub dimensions: Option<DimensionSetId>,
    #[field(zh = "借方", currency = "company.currency", optional)]
    pub debit: Amount,
    #[field(zh = "贷方", currency = "company.currency", optional)]
    pub credit: Amount,
    /// If it is owed in another currency.
    /// 若以外币计价。
    #[field(zh = "原币")]
    pub currency: Option<Currency>,
    /// The same in that currency, without sign.
    /// 原币金额（不带符号）。
    #[field(zh = "原币金额", currency = "currency", optional)]
    pub currency_amount: Amount,
    #[field(zh = "到期日")]
    pub due_on: Option<Date>,
    /// The open item this line pays or takes off, on the opposite side; account, party and
    /// amount follow from it unless said.
    /// 本行所核销的未清项（方向相反）；科目、往来单位和金额可自动带出。
    #[field(
        zh = "核销未清项",
        label = "Settles",
        only = r#"["open_currency_amount","!=","0"]"#,
        along = "party=party"
    )]
    pub settles: Option<ItemId>,
    #[field(zh = "摘要")]
    pub memo: Option<String>,
}

/// Which journal it belongs to.
#[derive(Choice, Clone, Copy, Debug, PartialEq, Eq)]
pub enum Journal {
    /// All else.
    #[choice(zh = "总账")]
    General,
    /// What was there at the beginning.
    #[choice(zh = "期初")]
    Opening,
    /// Money.
    #[choice(zh = "资金")]
    Bank,
}

/// Where it stands.
#[derive(Choice, Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// Not in the books yet.
    #[choice(zh = "草稿")]
    Draft,
    /// In the books.
    #[choice(zh = "已过账", tone = "good")]
    Posted,
    /// Mirrored.
    #[choice(zh = "已冲销", tone = "bad")]
    Cancelled,
}

/// What may be done with it.
#[derive(meta::Action, Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// Puts it into the books.
    /// 过账到账簿。
    #[action(zh = "过账", primary, many)]
    Post,
    /// Posts the mirror image.
    /// 过账镜像凭证（冲销）。
    #[action(zh = "冲销", danger)]
    Cancel,
}

impl Stage {
    /// The whole life cycle.
    pub fn after(self, action: &Action) -> Option<Stage> {
        match (self, action) {
            (Stage::Draft, Action::Post) => Some(Stage::Posted),
            (Stage::Posted, Action::Cancel) => Some(Stage::Cancelled),
            _ => None,
        }
    }

    fn transitions() -> Vec<meta::Transition> {
        life(&[Action::Post, Action::Cancel], Stage::after)
    }
}

/// Why an entry is not accepted.
#[derive(meta::Refusal)]
pub enum NotAnEntry {
    /// A line has either a debit or a credit, greater than zero. Correct the line.
    /// 每行须填写借方或贷方之一，且大于零。
    #[refusal(kind = "Invalid", field = "lines.debit")]
    OneSide,
    /// {account} sums up others. Choose an account below it.
    /// {account} 为汇总科目，请选择其明细科目。
    #[refusal(kind = "Invalid", field = "lines.account")]
    Group {
        /// The account.
        account: (&'static str, i64),
    },
    /// {account} is out of use. Choose another account, or take it into use again.
    /// {account} 已停用，请选择其他科目或重新启用。
    #[refusal(kind = "Invalid", field = "lines.account")]
    OutOfUse {
        /// The account.
        account: (&'static str, i64),
    },
    /// Receivables and payables need to know whose they are. Name the party.
    /// 应收应付科目须填写往来单位。
    #[refusal(kind = "Invalid", field = "lines.party")]
    NoParty,
    /// {account} holds what goods are worth, which follows from their moves. Make a stock adjustment; “revaluation” changes the worth alone.
    /// {account} 反映库存价值，由库存移动自动形成；请使用库存调整单，仅调整价值时选“重估”。
    #[refusal(kind = "Invalid", field = "lines.account")]
    OfStock {
        /// The account.
        account: (&'static str, i64),
    },
    /// An amount in another currency is missing or has no currency. Fill both or neither.
    /// 原币与原币金额须同时填写或同时留空。
    #[refusal(kind = "Invalid", field = "lines.currency_amount")]
    HalfCurrency,
    /// {item} is not open in this company. Choose one from the list.
    /// {item} 在本公司没有未结金额，请从列表选择。
    #[refusal(kind = "Invalid", field = "lines.settles")]
    NotOpen {
        /// The item.
        item: (&'static str, i64),
    },
    /// {item} stands on {account} and belongs to {party}. Take both over, or choose another item.
    /// {item} 属于科目 {account}、往来单位 {party}，请保持一致，或选择其他未清项。
    #[refusal(kind = "Invalid", field = "lines.settles")]
    OtherItem {
        /// The item.
        item: (&'static str, i64),
        /// Its account.
        account: (&'static str, i64),
        /// Whose it is.
        party: (&'static str, i64),
    },
    /// Of {item} {open} is open. Take off no more than that, on the opposite side.
    /// {item} 未结 {open}，请在相反方向核销，且不超过该金额。
    #[refusal(kind = "Conflict", field = "lines.settles")]
    MoreThanOpen {
        /// The item.
        item: (&'static str, i64),
        /// What is open of it.
        open: (Amount, Currency),
    },
    /// {part} of {item} is kept as {amount} in the books. Enter that; an exchange difference is a line of its own.
    /// {item} 中的 {part} 账面为 {amount}，请按此填写；汇兑差额请另起一行。
    #[refusal(kind = "Invalid", field = "lines.debit")]
    NotItsRate {
        /// The item.
        item: (&'static str, i64),
        /// What is taken off.
        part: (Amount, Currency),
        /// What that is in the books.
        amount: (Amount, Currency),
    },
    /// {item} stands here twice. Put it into one line.
    /// {item} 重复，请合并为一行。
    #[refusal(kind = "Invalid", field = "lines.settles")]
    Twice {
        /// The item.
        item: (&'static str, i64),
    },
}

/// What is known of an account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccountFacts {
    /// What it is used for.
    pub used_for: String,
    /// Sums up others.
    pub is_group: bool,
    /// What goods are worth stands on it.
    pub is_stock: bool,
    /// May be posted to.
    pub is_active: bool,
}

/// What deciding needs to know.
#[derive(Clone, Debug)]
pub struct Facts {
    /// By account.
    pub accounts: BTreeMap<i64, AccountFacts>,
    /// The open items that lines name, and what each belongs to.
    pub items: BTreeMap<i64, (Target, Open)>,
    /// What they belong to.
    pub targets: Targets,
    /// The legal entities of the parties of lines.
    pub legal: BTreeMap<i64, PartyId>,
    /// What lines are about besides their accounts.
    pub about: dimension::Known,
    /// The company's.
    pub currency: Currency,
}

impl Facts {
    /// Whether customers owe what stands on an account: only then it uses credit.
    fn is_receivable(&self, account: AccountId) -> bool {
        self.accounts.get(&account.raw()).is_some_and(|account| account.used_for == "receivable")
    }

    fn of(currency: Currency) -> Facts {
        let (accounts, items) = (BTreeMap::new(), BTreeMap::new());
        let about = dimension::Known::default();
        Facts { accounts, items, targets: Targets::new(), legal: BTreeMap::new(), about, currency }
    }
}

impl Document for JournalEntry {
    type Facts = Facts;
    type Action = Action;

    fn facts(doc: &Self, want: &Want<Action>, reader: &dyn Reader) -> Result<Facts, Trouble> {
        facts(doc, want, reader)
    }

    fn complete(doc: &mut Self, facts: &Facts) -> Result<(), Refusal> {
        if doc.stage == Stage::Draft {
            doc.lines.iter_mut().for_each(|line| settle::fill(line, facts));
        }
        doc.debit = doc.lines.iter().map(|line| line.debit).sum();
        doc.credit = doc.lines.iter().map(|line| line.credit).sum();
        // What is posted already stays as it is; its cancelling mirrors it.
        let lines = doc.lines.iter().enumerate().filter(|_| doc.stage == Stage::Draft);
        let told = lines.map(|(row, line)| {
            let twice = doc.lines[..row].iter().any(|other| line.settles.is_some() && other.settles == line.settles);
            let about = || facts.about.about(&entry_line(line, facts), line.dimensions, doc.posted_on).map(drop);
            check(line, facts)
                .and_then(|()| settle::check(line, twice, facts))
                .and_then(|()| about())
                .map_err(|why| why.row(row))
        });
        let problems: Vec<Refusal> = told.filter_map(Result::err).collect();
        if problems.is_empty() { Ok(()) } else { Err(Refusal::merge(problems)) }
    }

    fn ready(doc: &Self, action: &Action) -> Result<(), Refusal> {
        match doc.stage.after(action) {
            Some(_) => Ok(()),
            None => Err(not_now(doc.stage, action)),
        }
    }

    fn decide(doc: &Self, action: &Action, facts: &Facts) -> Result<(&'static str, Effects), Refusal> {
        let next = doc.stage.after(action).ok_or_else(|| not_now(doc.stage, action))?;
        let effects = match action {
            Action::Post => post(doc, facts)?,
            Action::Cancel => {
                let change = settlement::reopened(&facts.targets);
                Effects { change, ..Effects::undo() }
            }
        };
        Ok((next.code(), effects))
    }
}

fn facts(doc: &JournalEntry, want: &Want<Action>, reader: &dyn Reader) -> Result<Facts, Trouble> {
    let (company, on) = (reader.context().company, doc.posted_on.max(reader.context().today));
    let by = DocRef { entity: "journal_entry", id: doc.id.raw() };
    let mut known = Facts::of(reader.context().currency);
    known.about = dimension::known(doc.lines.iter().filter_map(|line| line.dimensions), reader)?;
    let mut wanted = match want {
        Want::Act(Action::Cancel) => settlement::settled_by(by, reader)?,
        Want::Act(Action::Post) | Want::Typing | Want::Save(_) => Vec::new(),
    };
    for item in doc.lines.iter().filter_map(|line| line.settles) {
        if let Some((target, open)) = settlement::item_of(item, reader)? {
            known.items.insert(item.raw(), (target, open));
            wanted.push(target);
        }
    }
    for one in wanted {
        if let Some(facts) = settlement::target(one, by, on, reader)? {
            known.targets.insert(one, facts);
        }
    }
    let stock = "select stock_account from product_category where company = ?1 and stock_account is not null";
    let stock = reader.steady_rows(stock, &[company.into()])?;
    let of_items = known.items.values().map(|(_, open)| open.account.raw());
    let accounts: BTreeSet<i64> = doc.lines.iter().map(|line| line.account.raw()).chain(of_items).collect();
    for id in accounts {
        let rows = reader.steady_rows("select used_for, is_group, active from account where id = ?1", &[id.into()])?;
        if let Some(row) = rows.first() {
            let is_stock = row.text(0) == "stock" || stock.iter().any(|row| row.int(0) == id);
            let facts = AccountFacts {
                used_for: row.text(0).to_owned(),
                is_group: row.int(1) != 0,
                is_stock,
                is_active: row.int(2) != 0,
            };
            known.accounts.insert(id, facts);
        }
    }
    if let Want::Act(Action::Post) = want {
        let legal = format!("select {}", legal_entity::of("?1"));
        let owed = doc.lines.iter().filter(|line| known.is_receivable(line.account));
        for party in owed.filter_map(|line| line.party).collect::<BTreeSet<_>>() {
            let rows = reader.rows(&legal, &[party.raw().into()])?;
            let legal = rows.first().and_then(|row| row.maybe_int(0)).map_or(party, Id::new);
            known.legal.insert(party.raw(), legal);
        }
    }
    Ok(known)
}

fn check(line: &JournalEntryLine, facts: &Facts) -> Result<(), Refusal> {
    let sides = [line.debit, line.credit];
    if sides.iter().any(|side| side.is_negative()) || sides.iter().filter(|side| !side.is_zero()).count() != 1 {
        return Err(NotAnEntry::OneSide.into());
    }
    let half = match line.currency {
        Some(currency) if currency != facts.currency => line.currency_amount.is_zero(),
        Some(_) => false,
        None => !line.currency_amount.is_zero(),
    };
    if half || line.currency_amount.is_negative() {
        return Err(NotAnEntry::HalfCurrency.into());
    }
    let Some(account) = facts.accounts.get(&line.account.raw()) else { return Ok(()) };
    if account.is_group {
        return Err(NotAnEntry::Group { account: ("account", line.account.raw()) }.into());
    }
    if !account.is_active {
        return Err(NotAnEntry::OutOfUse { account: ("account", line.account.raw()) }.into());
    }
    if account.is_stock {
        return Err(NotAnEntry::OfStock { account: ("account", line.account.raw()) }.into());
    }
    if is_control(account) && line.party.is_none() {
        return Err(NotAnEntry::NoParty.into());
    }
    Ok(())
}

/// Accounts whose balance is made of open items.
fn is_control(account: &AccountFacts) -> bool {
    matches!(account.used_for.as_str(), "receivable" | "payable" | "advance_received" | "advance_paid")
}

/// A line as it is posted.
fn entry_line(line: &JournalEntryLine, facts: &Facts) -> EntryLine {
    let (amount, currency, currency_amount) = line.amounts(facts.currency);
    let control = facts.accounts.get(&line.account.raw()).is_some_and(is_control);
    EntryLine {
        currency,
        currency_amount,
        party: line.party,
        due_on: line.due_on,
        doc_line: Some(line.id.raw()),
        clearing: match line.settles {
            Some(item) => Clearing::Settles(item),
            None if control => Clearing::Opens,
            None => Clearing::None,
        },
        memo: line.memo.clone().unwrap_or_default(),
        ..EntryLine::plain(line.account, amount, facts.currency)
    }
}

fn post(doc: &JournalEntry, facts: &Facts) -> Result<Effects, Refusal> {
    let lines = doc.lines.iter().map(|line| {
        let posted = entry_line(line, facts);
        let dimensions = facts.about.about(&posted, line.dimensions, doc.posted_on)?;
        Ok(EntryLine { dimensions, ..posted })
    });
    let lines = lines.collect::<Result<Vec<_>, Refusal>>()?;
    let journal = match doc.journal {
        Journal::General => "general",
        Journal::Opening => "opening",
        Journal::Bank => "bank",
    };
    let memo = doc.memo.clone().unwrap_or_default();
    let balanced = Entry::balanced(journal, doc.posted_on, memo, lines);
    let entry = balanced.map_err(|why| why.told(facts.currency))?;
    let (change, progress) = settle::effects(doc, facts);
    let commitments = doc.lines.iter().filter_map(|line| {
        let party = line.party.filter(|_| facts.is_receivable(line.account));
        let legal = party.and_then(|party| facts.legal.get(&party.raw()));
        legal.map(|legal| settlement::owes(*legal, line.debit - line.credit))
    });
    let posting = Posting { entries: vec![entry], commitments: commitments.collect(), progress, ..Posting::default() };
    Ok(Effects { posting, change, ..Effects::none() })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(lines: &[(i64, i64, i64)]) -> JournalEntry {
        let mut record = meta::Record::empty(JournalEntry::meta());
        record.set("posted_on", "2026-01-31");
        let lines = lines.iter().map(|(account, debit, credit)| {
            let mut line = meta::Record::empty(JournalEntryLine::meta());
            line.set("account", *account).set("debit", *debit).set("credit", *credit);
            line
        });
        record.set_owned("lines", lines.collect());
        JournalEntry::from_record(&record).unwrap()
    }

    fn facts() -> Facts {
        let account = |used_for: &str, is_group| AccountFacts {
            used_for: used_for.to_owned(),
            is_group,
            is_stock: used_for == "stock",
            is_active: used_for != "rounding",
        };
        let accounts = [
            (1, account("bank", false)),
            (2, account("none", false)),
            (3, account("none", true)),
            (4, account("receivable", false)),
            (5, account("stock", false)),
            // Out of use.
            (6, account("rounding", false)),
        ];
        Facts { accounts: accounts.into_iter().collect(), ..Facts::of(Currency::CNY) }
    }

    #[test]
    fn a_balanced_entry_is_posted_as_it_stands() {
        let (stage, effects) =
            JournalEntry::decide(&entry(&[(1, 500, 0), (2, 0, 500)]), &Action::Post, &facts()).unwrap();
        assert_eq!(stage, "posted");
        let amounts: Vec<i64> = effects.posting.entries[0].lines().iter().map(|line| line.amount.raw()).collect();
        assert_eq!(amounts, [500, -500]);
    }

    #[test]
    fn what_goods_are_worth_and_what_is_out_of_use_is_not_written_by_hand() {
        let mut doc = entry(&[(5, 500, 0), (2, 0, 500)]);
        let refused = JournalEntry::complete(&mut doc, &facts()).unwrap_err();
        assert_eq!((refused.problems[0].code, refused.problems[0].row), ("of_stock", Some(0)));
        let mut doc = entry(&[(2, 500, 0), (6, 0, 500)]);
        let refused = JournalEntry::complete(&mut doc, &facts()).unwrap_err();
        assert_eq!((refused.problems[0].code, refused.problems[0].row), ("out_of_use", Some(1)));
    }

    #[test]
    fn a_cent_off_is_refused() {
        let refused = JournalEntry::decide(&entry(&[(1, 500, 0), (2, 0, 499)]), &Action::Post, &facts()).unwrap_err();
        assert_eq!(refused.problems[0].code, "not_balanced");
    }

    #[test]
    fn a_group_a_missing_party_and_two_sides_are_told_by_line() {
        let mut doc = entry(&[(3, 500, 0), (4, 0, 300), (1, 1, 1)]);
        let refused = JournalEntry::complete(&mut doc, &facts()).unwrap_err();
        let told: Vec<(&str, Option<usize>)> = refused.problems.iter().map(|one| (one.code, one.row)).collect();
        assert_eq!(told, [("group", Some(0)), ("no_party", Some(1)), ("one_side", Some(2))]);
    }

    #[test]
    fn an_amount_in_another_currency_names_it_and_has_no_sign() {
        let told = |currency: Option<Currency>, amount: i64| {
            let mut doc = entry(&[(1, 500, 0), (2, 0, 500)]);
            (doc.lines[0].currency, doc.lines[0].currency_amount) = (currency, Amount::new(amount));
            JournalEntry::complete(&mut doc, &facts()).map_err(|refused| refused.problems[0].code)
        };
        assert_eq!(told(Some(Currency::EUR), 60), Ok(()));
        assert_eq!(told(Some(Currency::CNY), 0), Ok(()));
        assert_eq!(told(None, 60), Err("half_currency"));
        assert_eq!(told(Some(Currency::EUR), 0), Err("half_currency"));
        assert_eq!(told(Some(Currency::EUR), -60), Err("half_currency"));
    }

    #[test]
    fn what_is_owed_opens_an_item_in_its_own_currency_and_with_its_sign() {
        let mut doc = entry(&[(2, 780, 0), (4, 0, 780)]);
        doc.lines[1].party = Some(Id::new(5));
        (doc.lines[1].currency, doc.lines[1].currency_amount) = (Some(Currency::EUR), Amount::new(100));
        JournalEntry::complete(&mut doc, &facts()).unwrap();
        let (_, effects) = JournalEntry::decide(&doc, &Action::Post, &facts()).unwrap();
        let lines = effects.posting.entries[0].lines();
        assert_eq!((lines[0].clearing.clone(), lines[1].clearing.clone()), (Clearing::None, Clearing::Opens));
        assert_eq!((lines[1].amount.raw(), lines[1].currency_amount.raw()), (-780, -100));
    }

    #[test]
    fn only_what_is_posted_is_cancelled_and_that_mirrors_it() {
        let mut doc = entry(&[(1, 500, 0), (2, 0, 500)]);
        let refused = JournalEntry::decide(&doc, &Action::Cancel, &facts()).unwrap_err();
        assert_eq!(refused.problems[0].code, "not_now");
        doc.stage = Stage::Posted;
        let (stage, effects) = JournalEntry::decide(&doc, &Action::Cancel, &facts()).unwrap();
        assert_eq!((stage, effects.undo, effects.posting.is_empty()), ("cancelled", true, true));
    }

    proptest::proptest! {
        #[test]
        fn only_lines_that_sum_to_nothing_are_posted(sides in proptest::collection::vec((1i64..1_000_000, 0u8..2), 2..9)) {
            let lines: Vec<(i64, i64, i64)> =
                sides.iter().map(|(amount, side)| if *side == 0 { (1, *amount, 0) } else { (2, 0, *amount) }).collect();
            let sum: i64 = lines.iter().map(|(_, debit, credit)| debit - credit).sum();
            let decided = JournalEntry::decide(&entry(&lines), &Action::Post, &facts());
            proptest::prop_assert_eq!(decided.is_ok(), sum == 0);
        }
    }
}
