//! Filling and checking what is typed of an asset.

use kernel::{Amount, Id, Rate, Refusal};

use super::{Asset, AssetBook, Book, Facts, NotAnAsset, Stage};
use crate::asset_category::AssetCategory;
use crate::schedule::{LIFE_MAX, Method};

/// Fills what the category says and checks the rest; what is in the books is only summed up.
pub(super) fn complete(doc: &mut Asset, facts: &Facts) -> Result<(), Refusal> {
    if doc.stage != Stage::Draft {
        settle(doc);
        return Ok(());
    }
    if let Some(category) = &facts.category {
        if doc.books.is_empty() {
            doc.books.push(blank());
        }
        let cost = doc.cost;
        doc.books.iter_mut().for_each(|book| fill(book, category, cost));
    }
    settle(doc);
    let mut problems = Vec::new();
    if doc.cost <= Amount::ZERO {
        problems.push(NotAnAsset::NoCost.into());
    }
    if doc.already_depreciated.is_negative() || doc.cost < doc.already_depreciated {
        problems.push(NotAnAsset::StrangeOpening.into());
    }
    for (row, book) in doc.books.iter().enumerate() {
        let is_twice = doc.books[..row].iter().any(|other| other.book == book.book);
        let told = if is_twice { Err(NotAnAsset::BookTwice.into()) } else { check(book, doc) };
        problems.extend(told.map_err(|why| why.row(row)).err());
    }
    if problems.is_empty() { Ok(()) } else { Err(Refusal::merge(problems)) }
}

/// The sums of the accounting book stand on the asset itself.
pub(super) fn settle(doc: &mut Asset) {
    let is_draft = doc.stage == Stage::Draft;
    for book in &mut doc.books {
        book.net = if is_draft { doc.cost - doc.already_depreciated } else { book.cost - book.accumulated };
    }
    let first = doc.books.iter().find(|book| book.book == Book::Accounting).or(doc.books.first());
    (doc.accumulated, doc.net) = match first {
        Some(book) if !is_draft => (book.accumulated, book.net),
        _ => (doc.already_depreciated, doc.cost - doc.already_depreciated),
    };
}

/// What is in the books is changed by actions only.
pub(super) fn check_change(old: &Asset, new: &Asset) -> Result<(), Refusal> {
    let is_same = old.category == new.category
        && old.cost == new.cost
        && old.acquired_on == new.acquired_on
        && old.in_service_on == new.in_service_on
        && old.already_depreciated == new.already_depreciated
        && old.taken_over_on == new.taken_over_on
        && old.books == new.books;
    if old.stage == Stage::Draft || is_same { Ok(()) } else { Err(NotAnAsset::InTheBooks.into()) }
}

fn blank() -> AssetBook {
    AssetBook {
        id: Id::new(0),
        book: Book::Accounting,
        method: None,
        convention: None,
        switch: None,
        life_months: 0,
        residual: None,
        rate: Rate::ZERO,
        total_units: kernel::Qty::ZERO,
        cost: Amount::ZERO,
        accumulated: Amount::ZERO,
        net: Amount::ZERO,
        used_units: kernel::Qty::ZERO,
        life_by: 0,
        residual_by: Amount::ZERO,
        base_net: Amount::ZERO,
        base_units: kernel::Qty::ZERO,
        base_day: 0,
        begun_anew: 0,
    }
}

fn fill(book: &mut AssetBook, category: &AssetCategory, cost: Amount) {
    let method = *book.method.get_or_insert(category.method);
    book.convention.get_or_insert(category.convention);
    book.switch.get_or_insert(category.switch);
    if book.life_months == 0 {
        book.life_months = category.life_months;
    }
    if book.residual.is_none() && !cost.is_zero() {
        book.residual = cost.of_rate(category.residual_rate);
    }
    if book.rate.is_zero() && method == category.method {
        book.rate = category.rate;
    }
}

fn check(book: &AssetBook, doc: &Asset) -> Result<(), Refusal> {
    let residual = book.residual.unwrap_or(Amount::ZERO);
    if residual.is_negative() || doc.cost < residual {
        return Err(NotAnAsset::StrangeResidual.into());
    }
    if doc.cost - doc.already_depreciated < residual {
        return Err(NotAnAsset::StrangeOpening.into());
    }
    let by_time = !matches!(book.method(), Method::Units | Method::Manual);
    if !(i64::from(by_time)..=LIFE_MAX).contains(&book.life_months) {
        return Err(NotAnAsset::NoLife.into());
    }
    let is_derived = match book.method() {
        Method::Declining => false,
        Method::WrittenDown => Amount::ZERO < residual,
        _ => true,
    };
    if book.rate.is_negative() || Rate::ONE < book.rate || (book.rate.is_zero() && !is_derived) {
        return Err(NotAnAsset::NoRate.into());
    }
    if book.total_units.is_negative() || (book.method() == Method::Units && book.total_units.is_zero()) {
        return Err(NotAnAsset::NoUnits.into());
    }
    Ok(())
}
