//! Reading the file: lines become documents.

use std::collections::{BTreeMap, HashMap};
use std::io::Read;
use std::path::Path;

use kernel::{Amount, Currency, Date, Price, Qty};
use meta::{Fault, Trouble};

/// What a document of the file is for us.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// A sale: an invoice with which the goods leave.
    Sale,
    /// Number beginning with C: a credit note with which the goods come back.
    CreditNote,
    /// Number beginning with A: bad debt, a journal entry.
    BadDebt,
    /// No line has a price and goods are gone: written off.
    WrittenOff,
    /// No line has a price and goods are there: found.
    Found,
}

/// One line.
#[derive(Clone, Debug)]
pub struct Line {
    /// Stock code.
    pub code: String,
    /// How many; never negative, the kind says which way they go.
    pub qty: Qty,
    /// Price of one; negative only for bad debt.
    pub price: Price,
}

/// One document.
#[derive(Clone, Debug)]
pub struct Doc {
    /// Its number in the file; lines of one number that go both ways are two documents.
    pub number: String,
    /// What it is.
    pub kind: Kind,
    /// The day.
    pub on: Date,
    /// The customer's number; empty when the file does not say.
    pub customer: String,
    /// Its lines.
    pub lines: Vec<Line>,
}

/// All of the file.
#[derive(Debug, Default)]
pub struct Contents {
    /// In the order of their days, then of the file.
    pub docs: Vec<Doc>,
    /// Name of every stock code.
    pub products: BTreeMap<String, String>,
    /// Country of every customer.
    pub customers: BTreeMap<String, String>,
    /// How many lines there are.
    pub lines: usize,
}

fn broken(line: u64, why: &str) -> Trouble {
    Fault::new(format!("line {line} of the file: {why}")).into()
}

/// Goods have a code that begins with a digit; postage, fees and discounts do not.
pub fn is_stocked(code: &str) -> bool {
    code.starts_with(|letter: char| letter.is_ascii_digit()) || code.starts_with("DCGS")
}

/// Reads a file, plain or gzipped.
pub fn read(file: &Path) -> Result<Contents, Trouble> {
    let opened =
        std::fs::File::open(file).map_err(|why| Fault::new(format!("cannot open {}: {why}", file.display())))?;
    let is_packed = file.extension().is_some_and(|ending| ending == "gz");
    match is_packed {
        true => parse(flate2::read::GzDecoder::new(opened)),
        false => parse(opened),
    }
}

/// Reads the lines.
pub fn parse(input: impl Read) -> Result<Contents, Trouble> {
    let mut reader = csv::Reader::from_reader(input);
    let mut contents = Contents::default();
    let mut numbers: HashMap<String, usize> = HashMap::new();
    let mut raw: Vec<(Doc, Vec<(Line, bool)>)> = Vec::new();
    for record in reader.records() {
        let record = record.map_err(|why| Fault::new(format!("the file: {why}")))?;
        let at = record.position().map_or(0, |position| position.line());
        let cell = |index: usize| record.get(index).unwrap_or("").trim();
        if record.len() != 8 {
            return Err(broken(at, "8 cells are expected"));
        }
        let (number, code) = (cell(0).to_owned(), cell(1).to_owned());
        let qty = Qty::parse(cell(3)).map_err(|_| broken(at, "the quantity is not a number"))?;
        let on = cell(4).get(..10).and_then(Date::parse).ok_or_else(|| broken(at, "the day is not a day"))?;
        let price = Price::parse(cell(5)).map_err(|_| broken(at, "the price is not a number"))?;
        if number.is_empty() || code.is_empty() {
            return Err(broken(at, "the number or the stock code is missing"));
        }
        contents.lines += 1;
        let name = contents.products.entry(code.clone()).or_default();
        if name.is_empty() && !price.is_zero() {
            *name = cell(2).chars().take(180).collect();
        }
        if !cell(6).is_empty() {
            contents.customers.entry(cell(6).to_owned()).or_insert_with(|| cell(7).to_owned());
        }
        let index = *numbers.entry(number.clone()).or_insert_with(|| {
            let customer = cell(6).to_owned();
            raw.push((Doc { number, kind: Kind::Sale, on, customer, lines: Vec::new() }, Vec::new()));
            raw.len() - 1
        });
        let line = Line { code, qty: qty.abs(), price };
        raw[index].1.push((line, qty.is_negative()));
    }
    for (doc, lines) in raw {
        contents.docs.extend(sorted(doc, lines));
    }
    // Stable: documents of one day stay in the order of the file.
    contents.docs.sort_by_key(|doc| doc.on);
    Ok(contents)
}

/// Says what a document is; one whose lines go both ways becomes two.
fn sorted(doc: Doc, lines: Vec<(Line, bool)>) -> Vec<Doc> {
    let letter = doc.number.chars().next().filter(|letter| letter.is_ascii_alphabetic());
    // What rounds to nothing is not a sale.
    let amount = |line: &Line| line.price.times(line.qty, Currency::GBP).unwrap_or(Amount::ZERO);
    let is_priced = lines.iter().any(|(line, _)| !amount(line).is_zero());
    let (back, out): (Vec<_>, Vec<_>) = lines.into_iter().partition(|(_, is_negative)| *is_negative);
    let kinds = match (letter, is_priced) {
        (Some('A'), _) => [Kind::BadDebt, Kind::BadDebt],
        (_, true) => [Kind::Sale, Kind::CreditNote],
        (_, false) => [Kind::Found, Kind::WrittenOff],
    };
    let mut made = Vec::new();
    for (kind, lines) in kinds.into_iter().zip([out, back]) {
        // Services without a price move nothing and cost nothing.
        let moves = |line: &Line| is_priced || is_stocked(&line.code);
        let counts = |line: &Line| !line.qty.is_zero() && moves(line);
        let lines: Vec<Line> = lines.into_iter().map(|(line, _)| line).filter(counts).collect();
        if !lines.is_empty() {
            let number = if made.is_empty() { doc.number.clone() } else { format!("{}-2", doc.number) };
            made.push(Doc { number, kind, lines, ..doc.clone() });
        }
    }
    made
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEAD: &str = "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country\n";

    #[test]
    fn letters_signs_and_prices_say_what_a_document_is() {
        let text = format!(
            "{HEAD}2,22,Mug,3,2010-12-02 08:00,2.55,7,France\nC1,22,Mug,-1,2010-12-01 08:00,2.55,7,France\n\
             3,22,lost,-4,2010-12-01 09:00,0.0,,United Kingdom\nA4,B,Adjust bad debt,1,2010-12-03 08:00,-11.06,,United Kingdom\n"
        );
        let contents = parse(text.as_bytes()).unwrap();
        let kinds: Vec<(&str, Kind)> = contents.docs.iter().map(|doc| (doc.number.as_str(), doc.kind)).collect();
        assert_eq!(
            kinds,
            [("C1", Kind::CreditNote), ("3", Kind::WrittenOff), ("2", Kind::Sale), ("A4", Kind::BadDebt)]
        );
        assert_eq!(contents.customers["7"], "France");
        assert_eq!(contents.products["22"], "Mug");
    }

    #[test]
    fn a_broken_line_is_named() {
        let text = format!("{HEAD}2,22,Mug,three,2010-12-02 08:00,2.55,7,France\n");
        assert!(parse(text.as_bytes()).unwrap_err().to_string().contains("line 2"));
    }
}
