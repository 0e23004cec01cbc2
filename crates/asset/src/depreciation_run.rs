//! The charge of a month: previewed line by line, posted once, mirrored when cancelled.
#![allow(missing_docs, reason = "a field without a comment is explained by its label")]

use std::collections::BTreeMap;

use books::{AccountId, CompanyId, Entry, EntryLine, Posting, Progress};
use kernel::{Amount, Currency, Date, Id, Instant, Label, Qty, Refusal};
use meta::{
    Choice, DocId, Document, Effects, Entity, Fault, FieldType, Hint, NewDoc, Reader, Tone, Trouble, Want, life,
};

use crate::asset::{Asset, AssetBook, Book};
use crate::asset_category::AssetCategory;
use crate::asset_move::{AssetMove, MoveKind};
use crate::read;
use crate::schedule::Method;

/// How many assets one run charges.
const ASSETS_MAX: usize = 2_000;

/// The depreciation of one month in one book. What it will post is shown before it is posted.
/// 某账簿一个月的折旧；过账前可预览。
#[derive(Entity, Clone, Debug)]
#[entity(
    prefix = "dr",
    zh = "折旧单",
    plural = "Depreciation runs",
    title = "number,month",
    list = "number,month,book,total,stage",
    sort = "-month",
    number = "DEP-{year}-{seq:04}",
    number_at = "post",
    actions = "Action",
    stages = "Stage",
    index = "unique:company,period"
)]
pub struct DepreciationRun {
    pub id: Id<DepreciationRun>,
    #[field(zh = "公司")]
    pub company: CompanyId,
    #[field(zh = "编号", readonly, search, optional)]
    pub number: String,
    /// Any day of the month; it is posted on the last one.
    /// 当月任意一天，按月末日期过账。
    #[field(zh = "月份", default = "today", group)]
    pub month: Date,
    #[field(zh = "账簿", group)]
    pub book: Book,
    /// Charges what was forgotten in months before, too.
    /// 同时补提以前月份漏提的折旧。
    #[field(zh = "补提以前月份", default = "true")]
    pub catch_up: bool,
    #[field(zh = "状态", state, group)]
    pub stage: Stage,
    /// What each asset is charged. Only units used and amounts of the manual method are typed.
    /// 各项资产的折旧额；仅工作量法的工作量和手工法的金额需要填写。
    #[field(zh = "折旧明细", owned)]
    pub lines: Vec<DepreciationRunLine>,
    #[field(zh = "合计", computed, currency = "company.currency")]
    pub total: Amount,
    /// Book and month once it is posted: each is posted once.
    /// 过账后的账簿与月份，每期仅一次。
    #[field(zh = "期间", readonly, hidden)]
    pub period: Option<String>,
}

/// What one asset is charged.
/// 一项资产的折旧。
#[derive(Entity, Clone, Debug, PartialEq, Eq)]
#[entity(prefix = "dw", parent = "depreciation_run.lines", zh = "折旧明细")]
pub struct DepreciationRunLine {
    pub id: Id<DepreciationRunLine>,
    #[field(zh = "资产")]
    pub asset: Id<Asset>,
    #[field(zh = "类别", readonly, optional)]
    pub category: Option<Id<AssetCategory>>,
    #[field(zh = "方法", readonly)]
    pub method: Option<Method>,
    /// Before this charge.
    /// 本次计提前。
    #[field(zh = "计提前净值", readonly, optional, currency = "company.currency")]
    pub net_before: Amount,
    /// Made or run this month, for units of production.
    /// 本月工作量（工作量法）。
    #[field(zh = "本月工作量", optional)]
    pub units: Qty,
    #[field(zh = "折旧额", optional, currency = "company.currency")]
    pub amount: Amount,
    /// How much of it is of months before.
    /// 其中补提以前月份。
    #[field(zh = "其中补提", label = "Of months before", readonly, optional, currency = "company.currency")]
    pub of_before: Amount,
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
    #[action(zh = "过账", primary)]
    Post,
    /// Posts the mirror image, so that the month may be run again.
    /// 过账镜像凭证（冲销），之后可重新计提该月。
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

/// Why a run is not saved or posted.
#[derive(meta::Refusal)]
pub enum NotARun {
    /// Depreciation of this month is posted already by {run}. Cancel that run first, or choose another month.
    /// 该月折旧已由 {run} 过账，请先冲销该单，或选择其他月份。
    #[refusal(kind = "Conflict", field = "month")]
    Twice {
        /// The other run.
        run: (&'static str, i64),
    },
    /// Nothing is due in this month. Choose another month, or tick “catch up”.
    /// 该月没有应提折旧，请选择其他月份，或勾选“补提以前月份”。
    #[refusal(kind = "NotNow", field = "month")]
    NothingDue,
    /// What is due has changed since this was saved. Save it again and look at the new amounts.
    /// 保存后应提折旧已变化，请重新保存并核对新金额。
    #[refusal(kind = "Conflict", field = "lines")]
    Changed,
    /// One run charges at most 2000 assets. Ask for help to split the company's assets.
    /// 一张折旧单最多包含 2000 项资产，请拆分处理。
    #[refusal(kind = "TooMuch", field = "lines")]
    TooMany,
    /// This is more than is left to depreciate, {left}, or less than nothing. Correct the amount.
    /// 折旧额不能为负，也不能超过尚可折旧的 {left}，请更正。
    #[refusal(kind = "Invalid", field = "lines.amount")]
    MoreThanLeft {
        /// What is left.
        left: (Amount, Currency),
    },
    /// Units are not negative. Correct them.
    /// 工作量不能为负，请更正。
    #[refusal(kind = "Invalid", field = "lines.units")]
    NegativeUnits,
    /// Something happened to {asset} afterwards. Cancel that first, the last first.
    /// {asset} 之后又有变动，请按从后到前的顺序先撤销后续业务。
    #[refusal(kind = "NotNow")]
    Later {
        /// The asset.
        asset: (&'static str, i64),
    },
}

/// An asset in use, in the book of the run.
#[derive(Clone, Debug)]
pub struct Due {
    pub asset: Id<Asset>,
    pub category: Id<AssetCategory>,
    pub asset_account: AccountId,
    pub accumulated_account: AccountId,
    pub expense_account: AccountId,
    pub book: AssetBook,
}

/// What deciding needs to know.
#[derive(Clone, Debug)]
pub struct Facts {
    /// What could be charged, by asset.
    pub due: Vec<Due>,
    /// The run that posted this month already.
    pub posted_by: Option<i64>,
    /// What this run did, when it is cancelled.
    pub moves: Vec<AssetMove>,
    /// An asset something happened to after this run.
    pub later: Option<i64>,
    pub currency: Currency,
    pub today: Date,
    pub now: Instant,
}

/// All assets in use with the terms of one of their books.
const DUE: &str = "
    select a.id, a.category, c.asset_account, c.accumulated_account, c.expense_account,
      b.id, b.method, b.convention, b.switch, b.life_months, b.residual, b.rate, b.total_units, b.cost, b.accumulated,
      b.used_units, b.life_by, b.residual_by, b.base_net, b.base_units, b.base_day, b.begun_anew
    from asset a
    join asset_book b on b.parent = a.id and b.book = ?2
    join asset_category c on c.id = a.category
    where a.company = ?1 and a.stage = 'in_use'
    order by a.number, a.id";

/// An asset of a run to which something happened later that is not taken back.
const LATER: &str = "
    select n.asset from asset_move n
    join (select asset, book, max(id) as id from asset_move
          where doc_entity = 'depreciation_run' and doc_id = ?1 group by asset, book) m
      on m.asset = n.asset and m.book = n.book and m.id < n.id
    group by n.asset, n.book, n.doc_entity, n.doc_id
    having sum(n.cost) <> 0 or sum(n.accumulated) <> 0
    order by n.asset limit 1";

fn due_of(row: &meta::Row, book: Book) -> Result<Due, Fault> {
    let cell = |at: usize| &row.0[at];
    Ok(Due {
        asset: Id::new(row.int(0)),
        category: Id::new(row.int(1)),
        asset_account: Id::new(row.int(2)),
        accumulated_account: Id::new(row.int(3)),
        expense_account: Id::new(row.int(4)),
        book: AssetBook {
            id: Id::new(row.int(5)),
            book,
            method: FieldType::from_value(cell(6))?,
            convention: FieldType::from_value(cell(7))?,
            switch: FieldType::from_value(cell(8))?,
            life_months: FieldType::from_value(cell(9))?,
            residual: FieldType::from_value(cell(10))?,
            rate: FieldType::from_value(cell(11))?,
            total_units: FieldType::from_value(cell(12))?,
            cost: FieldType::from_value(cell(13))?,
            accumulated: FieldType::from_value(cell(14))?,
            net: Amount::ZERO,
            used_units: FieldType::from_value(cell(15))?,
            life_by: FieldType::from_value(cell(16))?,
            residual_by: FieldType::from_value(cell(17))?,
            base_net: FieldType::from_value(cell(18))?,
            base_units: FieldType::from_value(cell(19))?,
            base_day: FieldType::from_value(cell(20))?,
            begun_anew: FieldType::from_value(cell(21))?,
        },
    })
}

impl DepreciationRun {
    /// The last day of its month: the day it is posted on.
    fn on(&self) -> Date {
        self.month.end_of_month()
    }

    fn period_key(&self) -> String {
        format!("{} {}-{:02}", self.book.code(), self.month.year(), self.month.month())
    }

    /// What each asset is charged; what was typed of units and amounts is kept.
    fn preview(&self, facts: &Facts) -> Vec<DepreciationRunLine> {
        let typed: BTreeMap<i64, &DepreciationRunLine> =
            self.lines.iter().map(|line| (line.asset.raw(), line)).collect();
        let lines = facts.due.iter().filter_map(|due| {
            let (book, old) = (&due.book, typed.get(&due.asset.raw()));
            let units = old.map_or(Qty::ZERO, |line| line.units);
            let (amount, of_before) = match book.method() {
                Method::Units => (book.owing_of_units(units), Amount::ZERO),
                Method::Manual => (old.map_or(Amount::ZERO, |line| line.amount), Amount::ZERO),
                _ => self.charge(book),
            };
            let is_typed = matches!(book.method(), Method::Units | Method::Manual);
            let left = book.cost - book.accumulated - book.residual_now();
            let is_shown = !amount.is_zero() || (is_typed && Amount::ZERO < left);
            is_shown.then(|| DepreciationRunLine {
                id: old.map_or(Id::new(0), |line| line.id),
                asset: due.asset,
                category: Some(due.category),
                method: Some(book.method()),
                net_before: book.cost - book.accumulated,
                units: if book.method() == Method::Units { units } else { Qty::ZERO },
                amount,
                of_before,
            })
        });
        lines.collect()
    }

    /// What is charged for this month, and how much of that is of months before.
    fn charge(&self, book: &AssetBook) -> (Amount, Amount) {
        let owing = book.owing(self.on());
        let of_month = book.terms().of_month(self.on()).min(owing);
        if self.catch_up { (owing, owing - of_month) } else { (of_month, Amount::ZERO) }
    }

    /// What was forgotten in months before, whether it is charged with this one or not.
    fn forgotten(&self, facts: &Facts) -> Amount {
        let before = self.month.start_of_month().add_days(-1);
        facts.due.iter().map(|due| due.book.owing(before)).sum()
    }
}

impl Document for DepreciationRun {
    type Facts = Facts;
    type Action = Action;

    fn facts(doc: &Self, want: &Want<Action>, reader: &dyn Reader) -> Result<Facts, Trouble> {
        let context = *reader.context();
        let is_cancel = matches!(want, Want::Act(Action::Cancel));
        let mut known = Facts {
            due: Vec::new(),
            posted_by: None,
            moves: Vec::new(),
            later: None,
            currency: context.currency,
            today: context.today,
            now: context.now,
        };
        if is_cancel {
            known.moves = read::moves_of("depreciation_run", doc.id.raw(), reader)?;
            known.later = reader.rows(LATER, &[doc.id.raw().into()])?.first().map(|row| row.int(0));
        } else if doc.stage == Stage::Draft {
            let rows = reader.rows(DUE, &[context.company.into(), doc.book.code().into()])?;
            known.due = rows.iter().map(|row| due_of(row, doc.book)).collect::<Result<_, _>>()?;
            let posted = reader.rows(
                "select id from depreciation_run where company = ?1 and period = ?2 and id <> ?3",
                &[context.company.into(), doc.period_key().into(), doc.id.raw().into()],
            )?;
            known.posted_by = posted.first().map(|row| row.int(0));
        }
        Ok(known)
    }

    fn complete(doc: &mut Self, facts: &Facts) -> Result<(), Refusal> {
        if doc.stage != Stage::Draft {
            return Ok(());
        }
        doc.month = doc.on();
        doc.lines = doc.preview(facts);
        doc.total = doc.lines.iter().map(|line| line.amount).sum();
        if let Some(run) = facts.posted_by {
            return Err(NotARun::Twice { run: ("depreciation_run", run) }.into());
        }
        if ASSETS_MAX < doc.lines.len() {
            return Err(NotARun::TooMany.into());
        }
        let problems: Vec<Refusal> = doc
            .lines
            .iter()
            .enumerate()
            .filter_map(|(row, line)| check(line, facts).err().map(|why| why.row(row)))
            .collect();
        if problems.is_empty() { Ok(()) } else { Err(Refusal::merge(problems)) }
    }

    fn hints(doc: &Self, facts: &Facts) -> Vec<Hint> {
        let forgotten = doc.forgotten(facts);
        if doc.stage != Stage::Draft || forgotten.is_zero() {
            return Vec::new();
        }
        let label = match doc.catch_up {
            true => Label::new(
                "{amount} of months before was not charged and is charged with this run.",
                "以前月份漏提 {amount}，将随本单一并补提。",
            ),
            false => Label::new(
                "{amount} of months before was not charged. Tick “catch up” to charge it with this run.",
                "以前月份漏提 {amount}，勾选“补提以前月份”可随本单补提。",
            ),
        };
        let about = Refusal::new("forgotten", label).with("amount", (forgotten, facts.currency)).field("catch_up");
        vec![Hint { tone: if doc.catch_up { Tone::Info } else { Tone::Warn }, about }]
    }

    fn ready(doc: &Self, action: &Action) -> Result<(), Refusal> {
        if doc.stage.after(action).is_some() {
            return Ok(());
        }
        Err(meta::stages::not_now(doc.stage, action))
    }

    fn decide(doc: &Self, action: &Action, facts: &Facts) -> Result<(&'static str, Effects), Refusal> {
        Self::ready(doc, action)?;
        match action {
            Action::Post => Ok((Stage::Posted.code(), post(doc, facts)?)),
            Action::Cancel => {
                if let Some(asset) = facts.later {
                    return Err(NotARun::Later { asset: ("asset", asset) }.into());
                }
                let create = read::mirror(&facts.moves, facts.today, facts.now);
                let set = vec![("period", meta::Value::Null)];
                Ok((Stage::Cancelled.code(), Effects { create, set, ..Effects::undo() }))
            }
        }
    }
}

fn check(line: &DepreciationRunLine, facts: &Facts) -> Result<(), Refusal> {
    let Some(due) = facts.due.iter().find(|due| due.asset == line.asset) else { return Ok(()) };
    if line.units.is_negative() {
        return Err(NotARun::NegativeUnits.into());
    }
    let left = (due.book.cost - due.book.accumulated - due.book.residual_now()).max(Amount::ZERO);
    if line.amount.is_negative() || left < line.amount {
        return Err(NotARun::MoreThanLeft { left: (left, facts.currency) }.into());
    }
    Ok(())
}

fn post(doc: &DepreciationRun, facts: &Facts) -> Result<Effects, Refusal> {
    if let Some(run) = facts.posted_by {
        return Err(NotARun::Twice { run: ("depreciation_run", run) }.into());
    }
    // What was seen is what is posted.
    if doc.preview(facts) != doc.lines {
        return Err(NotARun::Changed.into());
    }
    let by_asset: BTreeMap<i64, &Due> = facts.due.iter().map(|due| (due.asset.raw(), due)).collect();
    let (mut progress, mut create) = (Vec::new(), Vec::new());
    let mut charges: BTreeMap<(AccountId, AccountId), Amount> = BTreeMap::new();
    for line in &doc.lines {
        let Some(due) = by_asset.get(&line.asset.raw()) else { continue };
        let mut after = due.book.clone();
        after.accumulated += line.amount;
        after.used_units += line.units;
        progress.extend(after.steps(&due.book));
        if line.amount.is_zero() {
            continue;
        }
        *charges.entry((due.expense_account, due.accumulated_account)).or_default() += line.amount;
        create.push(NewDoc { record: moved(doc, due, line.amount, facts.now).to_record(), then: None });
    }
    if create.is_empty() {
        return Err(NotARun::NothingDue.into());
    }
    let set = vec![("period", doc.period_key().into())];
    Ok(Effects { posting: posting(doc, charges, progress, facts)?, create, set, ..Effects::none() })
}

/// Two lines for each pair of accounts; other books than accounting only keep their rows.
fn posting(
    doc: &DepreciationRun,
    charges: BTreeMap<(AccountId, AccountId), Amount>,
    progress: Vec<Progress>,
    facts: &Facts,
) -> Result<Posting, Refusal> {
    let mut posting = Posting { progress, ..Posting::default() };
    if doc.book == Book::Accounting {
        let line = |account, amount| EntryLine::plain(account, amount, facts.currency);
        let pair = |((expense, accumulated), amount)| [line(expense, amount), line(accumulated, -amount)];
        let lines = charges.into_iter().flat_map(pair).collect();
        posting.entries.push(Entry::balanced("general", doc.on(), doc.period_key(), lines)?);
    }
    Ok(posting)
}

fn moved(doc: &DepreciationRun, due: &Due, amount: Amount, now: Instant) -> AssetMove {
    AssetMove {
        id: Id::new(0),
        company: doc.company,
        asset: due.asset,
        category: due.category,
        book: doc.book,
        kind: MoveKind::Depreciation,
        moved_on: doc.on(),
        recorded_at: now,
        cost: Amount::ZERO,
        accumulated: amount,
        asset_account: due.asset_account,
        accumulated_account: due.accumulated_account,
        doc_entity: DepreciationRun::NAME.to_owned(),
        doc_id: DocId(doc.id.raw()),
    }
}
