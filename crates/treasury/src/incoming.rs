//! What a file of the bank brings to an account: all that is read for it, and what is new of it.

use std::collections::BTreeSet;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use books::AttachmentId;
use kernel::{Amount, Date, Refusal};
use meta::{Fault, Reader, Trouble};

use crate::bank_account::{BankAccount, NotAnAccount, own_columns, plain};
use crate::formats::{self, Line, NotRead, Statement};

/// The most bookings of one statement: as many lines as any document has.
pub(crate) const STATEMENT_LINES_MAX: usize = 2_000;

/// A statement of a file, without what was read before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Incoming {
    /// The bank's number of it.
    pub(crate) number: String,
    /// The first and the last day.
    pub(crate) from_on: Date,
    pub(crate) to_on: Date,
    pub(crate) opening: Option<Amount>,
    pub(crate) closing: Option<Amount>,
    /// New lines with the names they are known by.
    pub(crate) lines: Vec<(String, Line)>,
    /// How many lines were known.
    pub(crate) known: usize,
}

/// What was read last of an account, with what it ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Before {
    pub on: Date,
    pub closing: Amount,
}

/// Reads a file that hangs on an account.
pub(crate) fn of(
    account: &BankAccount,
    file: AttachmentId,
    gap_meant: bool,
    reader: &dyn Reader,
) -> Result<Result<Vec<Incoming>, Refusal>, Trouble> {
    let Some(bytes) = content(account, file, reader)? else { return Ok(Err(NotAnAccount::OtherFile.into())) };
    let statements = match statements(account, &bytes) {
        Ok(statements) => statements,
        Err(why) => return Ok(Err(why)),
    };
    let days = statements.iter().flat_map(|one| one.lines.iter().map(|line| line.booked_on));
    let known = match (days.clone().min(), days.max()) {
        (Some(first), Some(last)) => known(account, first, last, reader)?,
        _ => BTreeSet::new(),
    };
    let last = statements.iter().filter_map(|one| one.closing).map(|closing| closing.on).min();
    let before = match last {
        Some(on) => before(account, on, reader)?,
        None => None,
    };
    let numbers = numbers(account, reader)?;
    Ok(new_of(account, statements, known, &numbers, before, gap_meant))
}

/// The statements of a file that tell of this account.
fn statements(account: &BankAccount, bytes: &[u8]) -> Result<Vec<Statement>, Refusal> {
    let text = formats::text(bytes)?;
    let all = match formats::format_of(&text) {
        Some(_) => formats::read(&text)?.statements,
        None => {
            let rows = formats::table_rows(&text)?;
            let mapping = formats::guess(&rows, &own_columns(&account.table_columns)?).ok_or(NotRead::NoFormat)?;
            vec![formats::read_table(&rows, &mapping, &account.account_number, account.currency)?]
        }
    };
    let told = all.first().map_or(String::new(), |one| one.account.clone());
    let ours: Vec<Statement> = all.into_iter().filter(|one| is_same(&one.account, &account.account_number)).collect();
    let Some(first) = ours.first() else {
        return Err(NotAnAccount::OtherAccount { is: told, wanted: account.account_number.clone() }.into());
    };
    if first.currency != account.currency {
        let code = |one: kernel::Currency| one.code().to_owned();
        return Err(NotAnAccount::OtherMoney { is: code(first.currency), wanted: code(account.currency) }.into());
    }
    if ours.iter().any(|one| STATEMENT_LINES_MAX < one.lines.len()) {
        return Err(NotAnAccount::TooLong { most: STATEMENT_LINES_MAX as i64 }.into());
    }
    Ok(ours.into_iter().filter(|one| one.currency == account.currency).collect())
}

/// The fewest signs that name an account when they are the end of a longer number.
const END_MIN: usize = 6;

/// Whether two numbers name one account: the same, or one is the end of the other, as the number
/// of an account is of its IBAN. Banks write their own code before a stroke.
fn is_same(told: &str, ours: &str) -> bool {
    let signs = |text: &str| plain(text).chars().filter(char::is_ascii_alphanumeric).collect::<String>();
    let ends = |long: &str, short: &str| END_MIN <= short.len() && long.ends_with(short);
    let (told_all, ours_all) = (signs(told), signs(ours));
    let alone = |text: &str| signs(text.rsplit('/').next().unwrap_or(text)).trim_start_matches('0').to_owned();
    told_all == ours_all
        || ends(&told_all, &ours_all)
        || ends(&ours_all, &told_all)
        || ends(&ours_all, &alone(told))
        || ends(&told_all, &alone(ours))
}

/// What is new of the statements, each following the one before.
pub(crate) fn new_of(
    account: &BankAccount,
    statements: Vec<Statement>,
    mut known: BTreeSet<String>,
    numbers: &BTreeSet<(String, Date)>,
    mut before: Option<Before>,
    gap_meant: bool,
) -> Result<Vec<Incoming>, Refusal> {
    let mut brought = Vec::new();
    for one in statements {
        let names = one.identities();
        let total = one.lines.len();
        let days: Vec<Date> = one.lines.iter().map(|line| line.booked_on).collect();
        let lines: Vec<(String, Line)> =
            names.into_iter().zip(one.lines).filter(|(name, _)| !known.contains(name)).collect();
        let ends = one.closing.map(|closing| closing.on);
        // Without bookings it says that nothing happened: once.
        let to_on = ends.into_iter().chain(days.iter().max().copied()).max();
        let from_on = [one.opening.map(|opening| opening.on), days.iter().min().copied()].into_iter().flatten().min();
        let (Some(from_on), Some(to_on)) = (from_on.or(to_on), to_on) else { continue };
        let told_before = total == 0 && numbers.contains(&(one.number.clone(), to_on));
        if told_before || total != 0 && lines.is_empty() {
            before = one.closing.map(|closing| Before { on: to_on, closing: closing.amount }).or(before);
            continue;
        }
        let sum: Option<Amount> = lines.iter().try_fold(Amount::ZERO, |sum, (_, line)| sum.checked_add(line.amount));
        let sum = sum.ok_or_else(|| NotRead::TooMuchMoney { statement: one.number.clone() })?;
        // Lines that were known are in the balance before already: what is left begins there.
        let opening = match one.closing {
            Some(closing) => closing.amount.checked_sub(sum),
            None => None,
        };
        if let (Some(before), Some(opening), false) = (before, opening, gap_meant)
            && before.closing != opening
        {
            let number = if one.number.is_empty() { to_on.to_string() } else { one.number.clone() };
            return Err(NotAnAccount::Gap {
                statement: number,
                on: before.on,
                wanted: (before.closing, account.currency),
                is: (opening, account.currency),
            }
            .into());
        }
        before = one.closing.map(|closing| Before { on: to_on, closing: closing.amount });
        known.extend(lines.iter().map(|(name, _)| name.clone()));
        brought.push(Incoming {
            number: one.number,
            from_on: from_on.min(to_on),
            to_on,
            opening,
            closing: one.closing.map(|closing| closing.amount),
            known: total - lines.len(),
            lines,
        });
    }
    if brought.is_empty() { Err(NotAnAccount::AlreadyRead.into()) } else { Ok(brought) }
}

/// What is in a file that hangs on this account; none where it hangs on another record.
fn content(account: &BankAccount, file: AttachmentId, reader: &dyn Reader) -> Result<Option<Vec<u8>>, Fault> {
    let found = reader.rows(
        "select sha256 from attachment where id = ?1 and company = ?2 and about_entity = 'bank_account' and about_doc = ?3",
        &[file.raw().into(), reader.context().company.into(), account.id.raw().into()],
    )?;
    let Some(found) = found.first() else { return Ok(None) };
    let rows =
        reader.rows("select bytes from content_chunk where sha256 = ?1 order by part", &[found.text(0).into()])?;
    let mut bytes = Vec::new();
    for row in &rows {
        BASE64.decode_vec(row.text(0), &mut bytes).map_err(|why| Fault::new(why.to_string()))?;
    }
    Ok(Some(bytes))
}

/// By what lines of some days are known.
fn known(account: &BankAccount, first: Date, last: Date, reader: &dyn Reader) -> Result<BTreeSet<String>, Fault> {
    let rows = reader.rows(
        "select l.identity from bank_statement s
         join bank_statement_line l on l.parent = s.id
         where s.company = ?1 and s.bank_account = ?2 and s.stage = 'read' and s.from_on <= ?4 and ?3 <= s.to_on
           and l.booked_on between ?3 and ?4",
        &[reader.context().company.into(), account.id.raw().into(), first.into(), last.into()],
    )?;
    Ok(rows.iter().map(|row| row.text(0).to_owned()).collect())
}

/// What ended last, at that day or before it.
fn before(account: &BankAccount, on: Date, reader: &dyn Reader) -> Result<Option<Before>, Fault> {
    let rows = reader.rows(
        "select to_on, closing from bank_statement
         where company = ?1 and bank_account = ?2 and stage = 'read' and to_on <= ?3
         order by to_on desc, id desc limit 1",
        &[reader.context().company.into(), account.id.raw().into(), on.into()],
    )?;
    // A table without balances tells nothing of what follows it.
    let found = rows.first().and_then(|row| Some(Before { on: row.date(0)?, closing: Amount::new(row.maybe_int(1)?) }));
    Ok(found)
}

/// The statements without bookings: their numbers and last days.
fn numbers(account: &BankAccount, reader: &dyn Reader) -> Result<BTreeSet<(String, Date)>, Fault> {
    let rows = reader.rows(
        "select bank_number, to_on from bank_statement
         where company = ?1 and bank_account = ?2 and stage = 'read' and line_count = 0",
        &[reader.context().company.into(), account.id.raw().into()],
    )?;
    Ok(rows.iter().filter_map(|row| Some((row.text(0).to_owned(), row.date(1)?))).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_account_is_known_by_its_iban_its_number_or_with_the_code_of_its_bank() {
        for (told, ours) in [
            ("DE89370400440532013000", "DE89 3704 0044 0532 0130 00"),
            ("37040044/0532013000", "DE89370400440532013000"),
            ("532013000", "DE89370400440532013000"),
            ("10020030/1234567", "1234567"),
            ("62220001", "6222 0001"),
        ] {
            assert!(is_same(told, ours), "{told} is {ours}");
        }
        for (told, ours) in
            [("123", "999123"), ("62220001", "62220002"), ("", "62220001"), ("10020030/1", "10020031/1")]
        {
            assert!(!is_same(told, ours), "{told} is not {ours}");
        }
    }
}
