//! What is posted of an asset, and how its books go on.

use std::collections::BTreeMap;

use books::{AccountId, Clearing, CompanyId, Entry, EntryLine, Posting, Progress};
use kernel::{Amount, Currency, Date, Id, Instant, Rate, Refusal};
use meta::{DocId, Effects, Entity, Fault, FieldType, NewDoc, Reader, Trouble, Want};

use super::{Action, Asset, AssetBook, Book, NotAnAsset, Stage};
use crate::asset_category::AssetCategory;
use crate::asset_move::{AssetMove, MoveKind};
use crate::read;
use crate::schedule::{self, Convention, LIFE_MAX};

/// What deciding needs to know.
#[derive(Clone, Debug)]
pub struct Facts {
    /// The category it is in.
    pub category: Option<AssetCategory>,
    /// The category it goes to, when it is transferred.
    pub other: Option<AssetCategory>,
    /// Accounts by what they are used for.
    pub uses: BTreeMap<String, AccountId>,
    /// An account was named that cannot stand on the other side.
    pub is_wrong_account: bool,
    /// What was done to it by its own actions and is not mirrored.
    pub moves: Vec<AssetMove>,
    /// Runs have charged it.
    pub is_charged: bool,
    /// The company's.
    pub currency: Currency,
    /// Whose it is.
    pub company: CompanyId,
    /// The business day.
    pub today: Date,
    /// The moment.
    pub now: Instant,
}

/// Why an account cannot stand on the other side of what assets post.
const WRONG: &str = "
    select 1 from account a
    where a.company = ?1 and a.id = ?2
      and (a.is_group = 1 or a.active = 0
        or a.used_for in ('receivable', 'payable', 'advance_received', 'advance_paid', 'stock')
        or exists (select 1 from product_category p where p.company = ?1 and p.stock_account = ?2)
        or exists (select 1 from asset_category c
                   where c.company = ?1 and (c.asset_account = ?2 or c.accumulated_account = ?2)))";

pub(super) fn facts(doc: &Asset, want: &Want<Action>, reader: &dyn Reader) -> Result<Facts, Trouble> {
    let context = *reader.context();
    let category = match want {
        Want::Typing if doc.category.raw() == 0 => None,
        _ => Some(meta::need(reader, doc.category, "category")?),
    };
    let mut known = Facts {
        category,
        other: None,
        uses: BTreeMap::new(),
        is_wrong_account: false,
        moves: Vec::new(),
        is_charged: false,
        currency: context.currency,
        company: Id::new(context.company),
        today: context.today,
        now: context.now,
    };
    let Want::Act(action) = want else { return Ok(known) };
    known.uses = read::accounts(reader)?;
    let named = match action {
        Action::Capitalise { against, .. } => *against,
        Action::Dispose { account, .. } => *account,
        _ => None,
    };
    if let Some(account) = named {
        let wrong = reader.rows(WRONG, &[context.company.into(), account.raw().into()])?;
        known.is_wrong_account = !wrong.is_empty();
    }
    match action {
        Action::Transfer { category: Some(other), .. } => {
            known.other = Some(meta::need(reader, *other, "category")?);
        }
        Action::Cancel => {
            known.moves = read::moves_of("asset", doc.id.raw(), reader)?;
            known.is_charged = is_charged(doc.id, reader)?;
        }
        _ => {}
    }
    Ok(known)
}

fn is_charged(asset: Id<Asset>, reader: &dyn Reader) -> Result<bool, Fault> {
    let rows = reader.rows(
        "select book from asset_move where asset = ?1 and doc_entity = 'depreciation_run'
         group by book having sum(accumulated) <> 0",
        &[asset.raw().into()],
    )?;
    Ok(!rows.is_empty())
}

/// What one action does, gathered step by step.
struct Doing<'a> {
    doc: &'a Asset,
    category: &'a AssetCategory,
    facts: &'a Facts,
    on: Date,
    /// The books as they are after each step.
    books: Vec<AssetBook>,
    lines: Vec<EntryLine>,
    moves: Vec<AssetMove>,
}

impl Doing<'_> {
    fn line(&mut self, account: AccountId, amount: Amount) {
        self.lines.push(EntryLine::plain(account, amount, self.facts.currency));
    }

    /// Writes down what happened to a book; the accounting book also posts it.
    fn moved(&mut self, at: usize, kind: MoveKind, cost: Amount, accumulated: Amount) {
        if cost.is_zero() && accumulated.is_zero() {
            return;
        }
        let book = self.books[at].book;
        self.moves.push(self.row(self.category, book, kind, cost, accumulated));
        if book == Book::Accounting && kind != MoveKind::TakenOver {
            self.line(self.category.asset_account, cost);
            self.line(self.category.accumulated_account, -accumulated);
        }
    }

    fn row(
        &self,
        category: &AssetCategory,
        book: Book,
        kind: MoveKind,
        cost: Amount,
        accumulated: Amount,
    ) -> AssetMove {
        AssetMove {
            id: Id::new(0),
            company: self.facts.company,
            asset: self.doc.id,
            category: category.id,
            book,
            kind,
            moved_on: self.on,
            recorded_at: self.facts.now,
            cost,
            accumulated,
            asset_account: category.asset_account,
            accumulated_account: category.accumulated_account,
            doc_entity: Asset::NAME.to_owned(),
            doc_id: DocId(self.doc.id.raw()),
        }
    }

    /// Charges what is due to the end of a day and was not charged yet.
    fn charge(&mut self, at: usize, through: Date) {
        let owing = self.books[at].owing(through);
        self.books[at].accumulated += owing;
        self.moved(at, MoveKind::Depreciation, Amount::ZERO, owing);
        if self.books[at].book == Book::Accounting {
            self.line(self.category.expense_account, owing);
        }
    }

    fn done(self) -> Result<Effects, Refusal> {
        let steps = self.books.iter().zip(&self.doc.books).flat_map(|(after, before)| after.steps(before));
        let progress: Vec<Progress> = steps.collect();
        let mut posting = Posting { progress, ..Posting::default() };
        if self.lines.iter().any(|line| !line.amount.is_zero()) {
            let memo: String = format!("{} {}", self.doc.number, self.doc.name).chars().take(120).collect();
            posting.entries.push(Entry::balanced("general", self.on, memo, self.lines)?);
        }
        let create = self.moves.iter().map(|one| NewDoc { record: one.to_record(), then: None }).collect();
        Ok(Effects { posting, create, ..Effects::none() })
    }
}

/// The last day charged before something else happens to an asset on a day.
fn charged_through(convention: Convention, on: Date, is_disposal: bool) -> Date {
    match convention {
        Convention::NextMonth if is_disposal => on.end_of_month(),
        Convention::ByDay if is_disposal => on,
        Convention::ByDay => on.add_days(-1),
        _ => on.start_of_month().add_days(-1),
    }
}

pub(super) fn decide(doc: &Asset, action: &Action, next: Stage, facts: &Facts) -> Result<(Stage, Effects), Refusal> {
    let Some(category) = &facts.category else { return Err(NotAnAsset::NoBook.into()) };
    let on = match action {
        Action::Capitalise { posted_on, .. }
        | Action::Revalue { posted_on, .. }
        | Action::Dispose { posted_on, .. }
        | Action::Transfer { posted_on, .. } => *posted_on,
        Action::Revise { from, .. } => *from,
        Action::TakeOver => doc.taken_over_on.unwrap_or(doc.in_service_on),
        Action::Cancel => facts.today,
    };
    let books = doc.books.clone();
    let doing = Doing { doc, category, facts, on, books, lines: Vec::new(), moves: Vec::new() };
    let is_begun = !matches!(action, Action::Capitalise { .. } | Action::TakeOver | Action::Cancel);
    if is_begun && on < doc.in_service_on {
        return Err(NotAnAsset::TooEarly { from: doc.in_service_on }.into());
    }
    let effects = match action {
        Action::Capitalise { against, .. } => capitalise(doing, *against)?,
        Action::TakeOver => take_over(doing)?,
        Action::Revise { book, life_months, residual, .. } => revise(doing, *book, *life_months, *residual)?,
        Action::Revalue { net, .. } => revalue(doing, *net)?,
        Action::Dispose { proceeds, account, share, .. } => {
            let share = share.filter(|share| *share != Rate::ONE);
            if share.is_some_and(|share| share <= Rate::ZERO || Rate::ONE < share) {
                return Err(NotAnAsset::StrangeShare.into());
            }
            let effects = dispose(doing, proceeds.unwrap_or(Amount::ZERO), *account, share)?;
            return Ok((if share.is_some() { Stage::InUse } else { next }, effects));
        }
        Action::Transfer { location, custodian, .. } => {
            let mut set = Vec::new();
            set.extend(location.as_ref().map(|place| ("location", place.as_str().into())));
            set.extend(custodian.map(|user| ("custodian", user.to_value())));
            transfer(doing, set)?
        }
        Action::Cancel => cancel(facts)?,
    };
    Ok((next, effects))
}

fn capitalise(mut doing: Doing, against: Option<AccountId>) -> Result<Effects, Refusal> {
    let (doc, facts) = (doing.doc, doing.facts);
    if !doc.already_depreciated.is_zero() || doc.taken_over_on.is_some() {
        return Err(NotAnAsset::IsTakenOver.into());
    }
    begin(&mut doing, doc.in_service_on, MoveKind::Addition);
    if !doing.lines.is_empty() {
        let other = match (against, doc.supplier) {
            (Some(account), _) if facts.is_wrong_account => {
                return Err(NotAnAsset::WrongAccount { account: ("account", account.raw()) }.into());
            }
            (Some(account), _) => EntryLine::plain(account, -doc.cost, facts.currency),
            (None, Some(supplier)) => {
                let payable = *facts.uses.get("payable").ok_or(NotAnAsset::NoPayable)?;
                EntryLine {
                    party: Some(supplier),
                    due_on: Some(doing.on),
                    clearing: Clearing::Opens,
                    ..EntryLine::plain(payable, -doc.cost, facts.currency)
                }
            }
            (None, None) => return Err(NotAnAsset::NoAgainst.into()),
        };
        doing.lines.push(other);
    }
    doing.done()
}

fn take_over(mut doing: Doing) -> Result<Effects, Refusal> {
    let from = match doing.doc.taken_over_on {
        // What remains is spread from that day on, whatever the convention says of new assets.
        Some(on) => schedule::start_anew(doing.books[0].convention(), on),
        None => doing.doc.in_service_on,
    };
    begin(&mut doing, from, MoveKind::TakenOver);
    doing.done()
}

/// The terms of all books begin.
fn begin(doing: &mut Doing, from: Date, kind: MoveKind) {
    let doc = doing.doc;
    for at in 0..doing.books.len() {
        let book = &mut doing.books[at];
        (book.cost, book.accumulated) = (doc.cost, doc.already_depreciated);
        book.base_net = doc.cost - doc.already_depreciated;
        book.base_day = i64::from(from.days());
        doing.moved(at, kind, doc.cost, doc.already_depreciated);
    }
}

fn revise(mut doing: Doing, book: Option<Book>, life: i64, residual: Option<Amount>) -> Result<Effects, Refusal> {
    let wanted = book.unwrap_or(Book::Accounting);
    let at = doing.books.iter().position(|book| book.book == wanted).ok_or(NotAnAsset::NoBook)?;
    if !(1..=LIFE_MAX).contains(&life) {
        return Err(NotAnAsset::StrangeLife.into());
    }
    let on = doing.on;
    doing.charge(at, charged_through(doing.books[at].convention(), on, false));
    let currency = doing.facts.currency;
    let book = &mut doing.books[at];
    let net = book.cost - book.accumulated;
    let residual = residual.unwrap_or(book.residual_now());
    if residual.is_negative() || net < residual {
        return Err(NotAnAsset::MoreThanNet { net: (net, currency) }.into());
    }
    book.begin_anew(on);
    book.life_by = life - book.life_months;
    book.residual_by = residual - book.residual.unwrap_or(Amount::ZERO);
    doing.done()
}

fn revalue(mut doing: Doing, net: Amount) -> Result<Effects, Refusal> {
    let at = doing.books.iter().position(|book| book.book == Book::Accounting).ok_or(NotAnAsset::NoBook)?;
    let (on, currency) = (doing.on, doing.facts.currency);
    let through = charged_through(doing.books[at].convention(), on, false);
    doing.charge(at, through);
    let book = &mut doing.books[at];
    let before = book.cost - book.accumulated;
    if net == before {
        return Err(NotAnAsset::SameWorth { net: (net, currency) }.into());
    }
    if net.is_negative() || net < book.residual_now() {
        return Err(NotAnAsset::BelowResidual.into());
    }
    let more = net - before;
    // What was written down comes back first; only then the asset costs more than it did.
    let written = if more.is_negative() { more } else { more.min(book.accumulated) };
    book.accumulated -= written;
    book.cost += more - written;
    let terms = book.terms();
    if terms.is_planned() {
        let left = (terms.life_months - terms.months_over(through)).max(1);
        book.life_by = left - book.life_months;
    }
    book.begin_anew(on);
    let category = doing.category;
    doing.moved(at, MoveKind::Revaluation, more - written, -written);
    let other = match category.surplus_account {
        _ if more.is_negative() => category.loss_account,
        Some(surplus) => surplus,
        None => return Err(NotAnAsset::NoSurplus.into()),
    };
    doing.line(other, -more);
    doing.done()
}

fn dispose(
    mut doing: Doing,
    proceeds: Amount,
    account: Option<AccountId>,
    share: Option<Rate>,
) -> Result<Effects, Refusal> {
    let (on, category, facts) = (doing.on, doing.category, doing.facts);
    if proceeds.is_negative() {
        return Err(NotAnAsset::NegativeProceeds.into());
    }
    if let Some(account) = account.filter(|_| facts.is_wrong_account) {
        let wrong: Refusal = NotAnAsset::WrongAccount { account: ("account", account.raw()) }.into();
        return Err(wrong.field("account"));
    }
    let part = |amount: Amount| share.map_or(Some(amount), |share| amount.of_rate(share)).unwrap_or(amount);
    for at in 0..doing.books.len() {
        doing.charge(at, charged_through(doing.books[at].convention(), on, true));
        let book = &mut doing.books[at];
        let (cost, accumulated) = (part(book.cost), part(book.accumulated));
        let residual = part(book.residual_now());
        book.cost -= cost;
        book.accumulated -= accumulated;
        book.base_net -= part(book.base_net);
        book.residual_by -= residual;
        let is_ledger = book.book == Book::Accounting;
        doing.moved(at, MoveKind::Disposal, -cost, -accumulated);
        if is_ledger {
            let gain = proceeds - (cost - accumulated);
            doing.line(account.unwrap_or(category.disposal_account), proceeds);
            let result = if gain.is_negative() { category.loss_account } else { category.gain_account };
            doing.line(result, -gain);
        }
    }
    let mut effects = doing.done()?;
    if share.is_none() {
        effects.set.push(("disposed_on", on.to_value()));
    }
    Ok(effects)
}

fn transfer(mut doing: Doing, mut set: Vec<(&'static str, meta::Value)>) -> Result<Effects, Refusal> {
    let (from, other) = (doing.category, doing.facts.other.as_ref());
    if let Some(to) = other.filter(|to| to.id != from.id) {
        set.push(("category", to.id.to_value()));
        for at in 0..doing.books.len() {
            let (book, cost, accumulated) = (doing.books[at].book, doing.books[at].cost, doing.books[at].accumulated);
            doing.moved(at, MoveKind::Transfer, -cost, -accumulated);
            let row = doing.row(to, book, MoveKind::Transfer, cost, accumulated);
            doing.moves.push(row);
            if book == Book::Accounting {
                doing.line(to.asset_account, cost);
                doing.line(to.accumulated_account, -accumulated);
            }
        }
        // Between categories on the same accounts nothing changes in the ledger.
        if from.asset_account == to.asset_account && from.accumulated_account == to.accumulated_account {
            doing.lines.clear();
        }
    }
    if set.is_empty() {
        return Err(NotAnAsset::NothingMoved.into());
    }
    let mut effects = doing.done()?;
    effects.set.extend(set);
    Ok(effects)
}

fn cancel(facts: &Facts) -> Result<Effects, Refusal> {
    if facts.is_charged {
        return Err(NotAnAsset::Charged.into());
    }
    let create = read::mirror(&facts.moves, facts.today, facts.now);
    Ok(Effects { create, ..Effects::undo() })
}
