//! What banks send, read into one kind of value: statements with their lines.
//!
//! ```text
//! bytes ─ text (marks, declared and guessed encodings) ─ which format
//!         mt940     fields between colons, field 86 structured the German or the Dutch way, or free
//!         camt053   ISO 20022 XML: several statements, batches opened where their parts add up
//!         ofx       1 (SGML, ends of elements left out) and 2 (XML)
//!         table     rows of a CSV or a sheet, by a mapping of columns
//!         → BankFile
//! ```
//!
//! All of it is pure. A file that is not whole, or that does not add up, is refused with the line
//! and the reason: a statement that is read halfway would be believed.

mod broken;
mod camt053;
mod encoding;
mod mt940;
mod narrative;
mod ofx;
mod scalar;
pub(crate) mod table;
mod xml;

use std::collections::BTreeMap;

use kernel::{Amount, Currency, Date};
use sha2::{Digest, Sha256};

pub use broken::NotRead;
pub use encoding::text;
pub use table::{Column, DayOrder, Mapping, Row, guess, read_table, table_rows};

/// The most bytes a file may have; what banks send of a busy month is a tenth of it.
pub const FILE_MAX: usize = 32 * 1024 * 1024;
/// The most lines all statements of a file may have together.
pub const LINES_MAX: usize = 200_000;

/// The formats that say by themselves what they are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// SWIFT MT940, also without its envelope.
    Mt940,
    /// ISO 20022 camt.053, any version.
    Camt053,
    /// OFX 1 and 2: accounts and credit cards.
    Ofx,
}

/// What a file holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BankFile {
    /// In which format it came.
    pub format: Format,
    /// Its statements, in the order of the file.
    pub statements: Vec<Statement>,
}

/// What the bank says of one account over some days.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Statement {
    /// The IBAN or number of the account as the bank writes it, without spaces.
    pub account: String,
    /// The code of the bank, where it is told: BIC, clearing number.
    pub bank: String,
    /// The number of the statement; empty where the format has none.
    pub number: String,
    /// The currency of the account, and of every amount here.
    pub currency: Currency,
    /// What was there before the first line.
    pub opening: Option<Balance>,
    /// What was there after the last.
    pub closing: Option<Balance>,
    /// Whether the opening is the closing less the lines, because the format tells no opening.
    pub opening_is_implied: bool,
    /// What came and went, in the order of the file.
    pub lines: Vec<Line>,
}

/// What is on an account at the end of a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Balance {
    /// The day.
    pub on: Date,
    /// Below zero when the account is overdrawn.
    pub amount: Amount,
}

/// Money that came or went.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// When the bank booked it.
    pub booked_on: Date,
    /// From when it bears interest.
    pub value_on: Date,
    /// What came in; below zero what went out.
    pub amount: Amount,
    /// The bank's sort of transaction, in its own code, such as `TRF`.
    pub kind: String,
    /// Who paid, or was paid.
    pub party_name: String,
    /// Their account.
    pub party_account: String,
    /// The code of their bank.
    pub party_bank: String,
    /// The reference of who ordered it, or the number of a cheque.
    pub reference: String,
    /// The end-to-end reference of a transfer.
    pub end_to_end: String,
    /// What it was for, in words.
    pub narrative: String,
    /// The bank's own name for the line where it is one of a kind for the account; else empty.
    pub bank_id: String,
}

impl Line {
    /// A line with nothing but a day and an amount.
    fn new(booked_on: Date, value_on: Date, amount: Amount) -> Line {
        let text = String::new;
        Line {
            booked_on,
            value_on,
            amount,
            kind: text(),
            party_name: text(),
            party_account: text(),
            party_bank: text(),
            reference: text(),
            end_to_end: text(),
            narrative: text(),
            bank_id: text(),
        }
    }
}

impl Statement {
    /// What came and went together; `None` beyond 64 bits.
    pub fn sum(&self) -> Option<Amount> {
        self.lines.iter().try_fold(Amount::ZERO, |sum, line| sum.checked_add(line.amount))
    }

    /// By what each line is known when it comes again, in the same file or another: the bank's own
    /// name for it, else what it says. Lines that say the very same are counted, so that two
    /// equal fees of one day stay two.
    pub fn identities(&self) -> Vec<String> {
        let mut seen: BTreeMap<String, u32> = BTreeMap::new();
        let names = self.lines.iter().map(|line| {
            let name = line.identity();
            let nth = seen.entry(name.clone()).or_default();
            *nth += 1;
            if *nth == 1 { name } else { format!("{name}#{nth}") }
        });
        names.collect()
    }

    /// Its number, or its account where it has none.
    fn name(&self) -> String {
        if self.number.is_empty() { self.account.clone() } else { self.number.clone() }
    }

    /// Refuses a statement whose lines do not lead from its opening to its closing.
    fn check(&self) -> Result<(), NotRead> {
        let sum = self.sum().ok_or_else(|| NotRead::TooMuchMoney { statement: self.name() })?;
        let (Some(opening), Some(closing)) = (self.opening, self.closing) else { return Ok(()) };
        match opening.amount.checked_add(sum) {
            Some(end) if end == closing.amount => Ok(()),
            _ => Err(NotRead::DoesNotAddUp {
                statement: self.name(),
                opening: (opening.amount, self.currency),
                sum: (sum, self.currency),
                closing: (closing.amount, self.currency),
            }),
        }
    }
}

impl Line {
    fn identity(&self) -> String {
        if !self.bank_id.is_empty() {
            // Banks give such names within a day; with the amount, one that was given twice is told apart.
            return format!("{}:{}:{}", self.bank_id, self.booked_on, self.amount.raw());
        }
        let mut hash = Sha256::new();
        let told =
            [&self.kind, &self.party_name, &self.party_account, &self.reference, &self.end_to_end, &self.narrative];
        hash.update(format!("{} {} {}", self.booked_on, self.value_on, self.amount.raw()));
        for text in told {
            // Spaces and line breaks are what banks change first.
            let text: String = text.split_whitespace().collect();
            hash.update([0]);
            hash.update(text);
        }
        hash.finalize().iter().take(16).map(|byte| format!("{byte:02x}")).collect()
    }
}

/// Which format a text is in; `None` for a table, or for something else.
pub fn format_of(text: &str) -> Option<Format> {
    let head: String = text.chars().take(4_000).collect();
    let upper = head.to_uppercase();
    if upper.contains("OFXHEADER") || upper.contains("<OFX>") {
        return Some(Format::Ofx);
    }
    if head.trim_start().starts_with('<') {
        return Some(Format::Camt053);
    }
    let is_mt940 = head.lines().any(|line| line.starts_with(":20:") || line.starts_with(":25:"));
    (is_mt940 || head.trim_start().starts_with("{1:")).then_some(Format::Mt940)
}

/// The statements of a file in a format that says what it is.
///
/// # Errors
/// [`NotRead::NoFormat`] for anything else, a table among them: that is read with a [`Mapping`].
pub fn read(text: &str) -> Result<BankFile, NotRead> {
    if FILE_MAX < text.len() {
        return Err(NotRead::TooLong { most: (FILE_MAX / 1024 / 1024) as i64 });
    }
    let format = format_of(text).ok_or(NotRead::NoFormat)?;
    let statements = match format {
        Format::Mt940 => mt940::read(text)?,
        Format::Camt053 => camt053::read(text)?,
        Format::Ofx => ofx::read(text)?,
    };
    if statements.is_empty() {
        return Err(NotRead::NoStatement);
    }
    if LINES_MAX < statements.iter().map(|one| one.lines.len()).sum() {
        return Err(NotRead::TooManyLines { most: LINES_MAX as i64 });
    }
    statements.iter().try_for_each(Statement::check)?;
    Ok(BankFile { format, statements })
}

#[cfg(test)]
mod tests;
