//! Lists, groups and reports as files: CSV any program reads, XLSX with typed cells.

use axum::body::Body;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use engine::{Actor, Engine, FileColumn, RowWriter, Shape};
use kernel::{Amount, Currency, Date, Instant, Label, Lang, format_decimal};
use meta::{Cell, Column, EntityMeta, FieldKind, ListQuery, Table, Trouble, Value};
use rust_xlsxwriter::{ExcelDateTime, Format, Workbook, Worksheet, XlsxError};
use serde_json::Value as Json;

/// The most rows a sheet of XLSX holds, without the heading.
const SHEET_ROWS_MAX: usize = 1_048_575;
/// Digits a spreadsheet keeps of a number; longer ones are written as text.
const DIGITS_MAX: usize = 15;
/// The widest column, in characters.
const COLUMN_WIDTH_MAX: u32 = 480;

/// What follows the heading of an amount, over the currency it is in.
const CURRENCY_OF: Label = Label::new(" (currency)", "（币种）");

/// The format of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum FileFormat {
    Csv,
    Xlsx,
}

impl FileFormat {
    pub fn parse(name: &str) -> Option<FileFormat> {
        match name {
            "csv" => Some(FileFormat::Csv),
            "xlsx" => Some(FileFormat::Xlsx),
            _ => None,
        }
    }
}

/// One cell of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Item {
    Empty,
    Text(String),
    /// A plain decimal, as in JSON.
    Number(String),
    Day(Date),
    Moment(Instant),
    Bool(bool),
}

/// Rows under headings.
#[derive(Clone, Debug, Default)]
pub(crate) struct Sheet {
    pub title: String,
    pub heads: Vec<String>,
    pub rows: Vec<Vec<Item>>,
}

impl Sheet {
    /// A report or list as a sheet. Headings are in the reader's language.
    pub fn of_table(title: &str, table: &Table, currency: Currency, lang: Lang) -> Sheet {
        // A column with money of other currencies than the company's has another beside it, which says of which.
        let money = |at: usize| table.rows.iter().any(|row| matches!(row.cells.get(at), Some(Cell::Money(_))));
        let columns: Vec<(&Column, bool)> =
            table.columns.iter().enumerate().map(|(at, column)| (column, money(at))).collect();
        let heads = columns.iter().flat_map(|(column, is_mixed)| {
            let label = column.label.get(lang);
            let beside = is_mixed.then(|| format!("{label}{}", CURRENCY_OF.get(lang)));
            [Some(label.to_owned()), beside].into_iter().flatten()
        });
        let rows = table.rows.iter().map(|row| {
            let cells = row.cells.iter().zip(&columns);
            let told = cells.flat_map(|(cell, (column, is_mixed))| {
                let of = is_mixed.then(|| currency_of(cell, currency));
                [Some(item(cell, column.kind, currency, lang)), of].into_iter().flatten()
            });
            told.collect()
        });
        Sheet { title: title.to_owned(), heads: heads.collect(), rows: rows.collect() }
    }

    /// The groups of a list, as answered, as a sheet.
    pub fn of_groups(title: &str, keys: &[String], groups: &Json) -> Sheet {
        let mut sheet = Sheet { title: title.to_owned(), heads: keys.to_vec(), rows: Vec::new() };
        sheet.heads.push("count".to_owned());
        for group in groups.as_array().into_iter().flatten() {
            let key = group["key"].as_array().into_iter().flatten();
            let mut row: Vec<Item> = key.map(plain).collect();
            row.push(Item::Number(group["count"].to_string()));
            for figure in ["sum", "min", "max", "filled", "unique"] {
                for (field, value) in group[figure].as_object().into_iter().flatten() {
                    if sheet.rows.is_empty() {
                        sheet.heads.push(format!("{figure} {field}"));
                    }
                    row.push(match value.as_str() {
                        Some(text) if is_decimal(text) => Item::Number(text.to_owned()),
                        _ if value.is_null() => in_currencies(&group["by_currency"], figure, field),
                        _ => plain(value),
                    });
                }
            }
            sheet.rows.push(row);
        }
        sheet
    }
}

/// The currency of a cell with money.
fn currency_of(cell: &Cell, company: Currency) -> Item {
    match cell {
        Cell::Money(money) => Item::Text(money.currency.code().to_owned()),
        Cell::Empty | Cell::Value(Value::Null) => Item::Empty,
        _ => Item::Text(company.code().to_owned()),
    }
}

/// A figure that is of several currencies, in each of them: `CNY 5.00; EUR 12.50`.
fn in_currencies(parts: &Json, figure: &str, field: &str) -> Item {
    let parts = parts.as_array().into_iter().flatten();
    let told = parts.filter_map(|one| Some(format!("{} {}", one["currency"].as_str()?, one[figure][field].as_str()?)));
    let told = told.collect::<Vec<_>>().join("; ");
    if told.is_empty() { Item::Empty } else { Item::Text(told) }
}

fn is_decimal(text: &str) -> bool {
    let digits = text.strip_prefix('-').unwrap_or(text);
    !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.')
}

fn plain(value: &Json) -> Item {
    match value {
        Json::Null => Item::Empty,
        Json::String(text) => Date::parse(text).map_or_else(|| Item::Text(text.clone()), Item::Day),
        Json::Object(parts) => match parts.get("label").and_then(Json::as_str) {
            Some(label) => Item::Text(label.to_owned()),
            None => plain(parts.get("id").unwrap_or(&Json::Null)),
        },
        Json::Number(number) => Item::Number(number.to_string()),
        Json::Bool(yes) => Item::Bool(*yes),
        Json::Array(_) => Item::Text(value.to_string()),
    }
}

fn item(cell: &Cell, kind: FieldKind, currency: Currency, lang: Lang) -> Item {
    match cell {
        Cell::Empty => Item::Empty,
        Cell::Money(money) => Item::Number(money.amount.text(money.currency)),
        Cell::Label(label) => Item::Text(label.get(lang).to_owned()),
        Cell::Ref { label, .. } if !label.is_empty() => Item::Text(label.clone()),
        Cell::Ref { id, .. } => Item::Text(format!("#{id}")),
        Cell::Value(value) => stored(value, kind, currency),
    }
}

fn stored(value: &Value, kind: FieldKind, currency: Currency) -> Item {
    match (kind, value) {
        (_, Value::Null) => Item::Empty,
        (FieldKind::Amount, Value::Int(raw)) => Item::Number(Amount::new(*raw).text(currency)),
        (FieldKind::Qty | FieldKind::Price | FieldKind::Rate, Value::Int(raw)) => {
            Item::Number(format_decimal(*raw, 6, true))
        }
        (FieldKind::Bool, Value::Int(raw)) => Item::Bool(*raw != 0),
        (FieldKind::Instant, Value::Int(raw)) => Item::Moment(Instant::from_micros(*raw)),
        (FieldKind::Date, Value::Text(text)) => Date::parse(text).map_or_else(|| Item::Text(text.clone()), Item::Day),
        (_, Value::Int(raw)) => Item::Number(raw.to_string()),
        (_, Value::Text(text)) => Item::Text(text.clone()),
    }
}

/// Letters a spreadsheet takes for the start of a formula, also in their full-width forms.
const FORMULA_STARTS: [char; 10] = ['=', '+', '-', '@', '\t', '\r', '＝', '＋', '－', '＠'];

/// Whether a text, after any apostrophes, would be taken for a formula.
fn is_dangerous(text: &str) -> bool {
    text.trim_start_matches('\'').starts_with(FORMULA_STARTS)
}

/// A text no spreadsheet takes for a formula: one apostrophe before it where it would.
pub(crate) fn guarded(text: &str) -> String {
    if is_dangerous(text) { format!("'{text}") } else { text.to_owned() }
}

fn csv_text(item: &Item) -> String {
    match item {
        Item::Empty => String::new(),
        Item::Text(text) => guarded(text),
        Item::Number(number) => number.clone(),
        Item::Day(date) => date.to_string(),
        Item::Moment(at) => at.to_string(),
        Item::Bool(yes) => yes.to_string(),
    }
}

/// A file that is being written, row by row.
pub(crate) enum Writing {
    /// With the mark that tells spreadsheets it is UTF-8.
    Csv(Box<csv::Writer<Vec<u8>>>),
    /// Numbers are numbers, days are days, text is never a formula.
    Xlsx { page: Box<Worksheet>, formats: Box<Formats>, rows: u32 },
}

fn broken(why: impl std::fmt::Display) -> Trouble {
    meta::Fault::new(format!("a file could not be made: {why}")).into()
}

impl Writing {
    /// An empty file with headings.
    pub fn new(format: FileFormat, title: &str, heads: &[String]) -> Result<Writing, Trouble> {
        match format {
            FileFormat::Csv => {
                let start = "\u{feff}".as_bytes().to_vec();
                let mut writer = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(start);
                writer.write_record(heads.iter().map(|head| guarded(head))).map_err(broken)?;
                Ok(Writing::Csv(Box::new(writer)))
            }
            FileFormat::Xlsx => {
                let mut page = Worksheet::new();
                page.set_name(sheet_name(title)).map_err(broken)?;
                let head = Format::new().set_bold();
                for (column, text) in heads.iter().enumerate() {
                    page.write_string_with_format(0, column as u16, text, &head).map_err(broken)?;
                }
                page.set_freeze_panes(1, 0).map_err(broken)?;
                Ok(Writing::Xlsx { page: Box::new(page), formats: Box::new(Formats::new()), rows: 0 })
            }
        }
    }

    /// Adds a row.
    pub fn row(&mut self, items: &[Item]) -> Result<(), Trouble> {
        match self {
            Writing::Csv(writer) => writer.write_record(items.iter().map(csv_text)).map_err(broken),
            Writing::Xlsx { rows, .. } if SHEET_ROWS_MAX <= *rows as usize => Err(too_many_rows()),
            Writing::Xlsx { page, formats, rows } => {
                *rows += 1;
                let mut cells = items.iter().enumerate();
                cells.try_for_each(|(column, item)| write(page, *rows, column as u16, item, formats)).map_err(broken)
            }
        }
    }

    /// The file as bytes.
    pub fn bytes(self) -> Result<Vec<u8>, Trouble> {
        match self {
            Writing::Csv(writer) => writer.into_inner().map_err(|why| broken(why.into_error())),
            Writing::Xlsx { mut page, .. } => {
                page.set_autofit_max_row(200).set_autofit_max_width(COLUMN_WIDTH_MAX).autofit();
                let mut workbook = Workbook::new();
                workbook.push_worksheet(*page);
                workbook.save_to_buffer().map_err(broken)
            }
        }
    }
}

fn too_many_rows() -> Trouble {
    kernel::Refusal::new(
        "too_many_rows",
        kernel::Label::new(
            "A sheet holds at most {max} rows. Choose fewer rows, or the format csv.",
            "工作表最多 {max} 行，请减少行数或改用 csv 格式。",
        ),
    )
    .with("max", SHEET_ROWS_MAX as i64)
    .kind(kernel::ProblemKind::TooMuch)
    .into()
}

pub(crate) struct Formats {
    day: Format,
    moment: Format,
    /// By the number of decimals.
    numbers: Vec<Format>,
}

impl Formats {
    fn new() -> Formats {
        let decimals = (0..=6).map(|count| match count {
            0 => Format::new().set_num_format("#,##0"),
            count => Format::new().set_num_format(format!("#,##0.{}", "0".repeat(count))),
        });
        Formats {
            day: Format::new().set_num_format("yyyy-mm-dd"),
            moment: Format::new().set_num_format("yyyy-mm-dd hh:mm:ss"),
            numbers: decimals.collect(),
        }
    }
}

fn write(page: &mut Worksheet, row: u32, column: u16, item: &Item, formats: &Formats) -> Result<(), XlsxError> {
    match item {
        Item::Empty => {}
        Item::Text(text) => {
            // A cell holds 32,767 letters at most.
            let text: String = text.chars().take(32_767).collect();
            page.write_string(row, column, text)?;
        }
        Item::Number(number) => {
            let digits = number.bytes().filter(u8::is_ascii_digit).count();
            let decimals = number.split_once('.').map_or(0, |(_, rest)| rest.len()).min(6);
            // The file format knows only floating point: beyond its digits the text is truer.
            match number.parse::<f64>() {
                Ok(value) if digits <= DIGITS_MAX => {
                    page.write_number_with_format(row, column, value, &formats.numbers[decimals])?
                }
                _ => page.write_string(row, column, number)?,
            };
        }
        Item::Day(date) => match ExcelDateTime::from_ymd(date.year() as u16, date.month() as u8, date.day() as u8) {
            Ok(day) => {
                page.write_datetime_with_format(row, column, day, &formats.day)?;
            }
            // Spreadsheets know no day before 1900.
            Err(_) => {
                page.write_string(row, column, date.to_string())?;
            }
        },
        Item::Moment(at) => match ExcelDateTime::from_timestamp(at.micros().div_euclid(1_000_000)) {
            Ok(moment) => {
                page.write_datetime_with_format(row, column, moment, &formats.moment)?;
            }
            Err(_) => {
                page.write_string(row, column, at.to_string())?;
            }
        },
        Item::Bool(yes) => {
            page.write_boolean(row, column, *yes)?;
        }
    }
    Ok(())
}

/// A name a sheet may have.
fn sheet_name(title: &str) -> String {
    let name: String = title.chars().filter(|letter| !"[]:*?/\\'".contains(*letter)).take(31).collect();
    if name.trim().is_empty() { "Sheet1".to_owned() } else { name }
}

/// The sheet as bytes of a format. Blocks.
pub(crate) fn made(sheet: &Sheet, format: FileFormat) -> Result<Vec<u8>, Trouble> {
    let mut file = Writing::new(format, &sheet.title, &sheet.heads)?;
    for row in &sheet.rows {
        file.row(row)?;
    }
    file.bytes()
}

/// The rows of a list as they are written into a file.
struct ListFile {
    format: FileFormat,
    title: &'static str,
    lang: Lang,
    currency: Currency,
    kinds: Vec<FieldKind>,
    writing: Option<Writing>,
}

impl RowWriter for ListFile {
    fn begin(&mut self, columns: &[FileColumn]) -> Result<(), Trouble> {
        let head = |column: &FileColumn| match column.of {
            Some(of) => format!("{} / {}", of.get(self.lang), column.label.get(self.lang)),
            None => column.label.get(self.lang).to_owned(),
        };
        self.kinds = columns.iter().map(|column| column.kind).collect();
        self.writing = Some(Writing::new(self.format, self.title, &columns.iter().map(head).collect::<Vec<_>>())?);
        Ok(())
    }

    fn row(&mut self, cells: Vec<Cell>) -> Result<(), Trouble> {
        let items = cells.iter().zip(&self.kinds).map(|(cell, kind)| item(cell, *kind, self.currency, self.lang));
        let items: Vec<Item> = items.collect();
        self.writing.as_mut().map_or(Ok(()), |writing| writing.row(&items))
    }
}

/// The rows of a list as bytes of a format; they are never all there in another form. Blocks.
pub(crate) fn of_list(
    engine: &Engine,
    actor: &Actor,
    meta: &EntityMeta,
    query: &ListQuery,
    shape: Shape,
    most: Option<usize>,
    format: FileFormat,
) -> Result<Vec<u8>, Trouble> {
    let (title, lang, currency) = (meta.plural.get(actor.lang), actor.lang, actor.currency);
    let mut file = ListFile { format, title, lang, currency, kinds: Vec::new(), writing: None };
    engine.export(actor, meta.name, query, shape, most, &mut file)?;
    file.writing.map_or(Ok(Vec::new()), Writing::bytes)
}

/// A file as an answer, to be saved under this name.
pub(crate) fn answer(name: &str, format: FileFormat, bytes: Vec<u8>) -> Response {
    let (kind, ending) = match format {
        FileFormat::Csv => ("text/csv; charset=utf-8", "csv"),
        FileFormat::Xlsx => ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "xlsx"),
    };
    // The name is that of an entity or report: letters and underscores.
    let saved = format!("attachment; filename=\"{name}.{ending}\"");
    ([(header::CONTENT_TYPE, kind.to_owned()), (header::CONTENT_DISPOSITION, saved)], Body::from(bytes)).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;
    use calamine::Reader;

    /// What an import does with a cell.
    fn unguarded(text: &str) -> &str {
        match text.strip_prefix('\'') {
            Some(rest) if is_dangerous(rest) => rest,
            _ => text,
        }
    }

    fn sheet() -> Sheet {
        let rows = vec![
            vec![Item::Text("=cmd|' /C calc'!A0".into()), Item::Number("-5.00".into()), Item::Bool(true)],
            vec![Item::Text("合一, \"quoted\"\nline".into()), Item::Day(Date::new(2026, 11, 25).unwrap()), Item::Empty],
        ];
        Sheet { title: "List: a/b".into(), heads: vec!["Name".into(), "Amount".into(), "-x".into()], rows }
    }

    #[test]
    fn no_text_in_a_csv_is_a_formula_and_numbers_stay_numbers() {
        let bytes = made(&sheet(), FileFormat::Csv).unwrap();
        let text = String::from_utf8(bytes).unwrap();
        assert!(text.starts_with("\u{feff}Name,Amount,'-x\r\n'=cmd|' /C calc'!A0,-5.00,true\r\n"), "{text}");
        assert!(text.contains("\"合一, \"\"quoted\"\"\nline\",2026-11-25,\r\n"), "{text}");
    }

    #[test]
    fn what_goes_out_guarded_comes_back_as_it_was() {
        for text in ["=1", "+49 30 1234", "-5", "@a", "\tx", "\rx", "＝1", "＋", "－", "＠", "'=1", "''=1"] {
            assert!(guarded(text).starts_with('\''), "{text}");
            assert_eq!(unguarded(&guarded(text)), text);
        }
        for text in ["", "a", "'a", "O'Neill", "5", "'", "a=b"] {
            assert_eq!(guarded(text), text);
            assert_eq!(unguarded(text), text);
        }
    }

    #[test]
    fn cells_of_a_workbook_are_typed() {
        let bytes = made(&sheet(), FileFormat::Xlsx).unwrap();
        let mut book = calamine::Xlsx::new(std::io::Cursor::new(bytes)).unwrap();
        let name = book.sheet_names()[0].clone();
        assert_eq!(name, "List ab");
        let range = book.worksheet_range(&name).unwrap();
        assert_eq!(range.get((1, 0)), Some(&calamine::Data::String("=cmd|' /C calc'!A0".into())));
        assert_eq!(range.get((1, 1)), Some(&calamine::Data::Float(-5.0)));
        assert!(matches!(range.get((2, 1)), Some(calamine::Data::DateTime(_))));
        assert_eq!(book.worksheet_formula(&name).unwrap().used_cells().count(), 0);
    }

    #[test]
    fn a_number_too_long_for_a_spreadsheet_keeps_its_digits() {
        let row = vec![Item::Number("12345678901234567.89".into())];
        let long = Sheet { title: String::new(), heads: vec!["n".into()], rows: vec![row] };
        let bytes = made(&long, FileFormat::Xlsx).unwrap();
        let mut book = calamine::Xlsx::new(std::io::Cursor::new(bytes)).unwrap();
        let range = book.worksheet_range("Sheet1").unwrap();
        assert_eq!(range.get((1, 0)), Some(&calamine::Data::String("12345678901234567.89".into())));
    }

    #[test]
    fn groups_make_a_sheet() {
        let groups = serde_json::json!([
            {"key": [{"id": "pa_1", "label": "Blue"}, "2026-11"], "count": 2, "sum": {"total": "12.50"}},
        ]);
        let sheet = Sheet::of_groups("x", &["customer".into(), "ordered_on:month".into()], &groups);
        assert_eq!(sheet.heads, ["customer", "ordered_on:month", "count", "sum total"]);
        let text = String::from_utf8(made(&sheet, FileFormat::Csv).unwrap()).unwrap();
        assert!(text.ends_with("Blue,2026-11,2,12.50\r\n"), "{text}");
    }

    #[test]
    fn money_of_other_currencies_says_of_which() {
        let column = |name, label, kind| Column { name, label: Label::new(label, label), kind };
        let mut table =
            Table::new(vec![column("open", "Open", FieldKind::Amount), column("base", "Base", FieldKind::Amount)]);
        let dollars = Cell::Money(kernel::Money::new(Amount::new(25_480), Currency::USD));
        table.push(vec![dollars, Cell::Value(Value::Int(180_000))]).unwrap();
        table.push(vec![Cell::Value(Value::Int(500)), Cell::Value(Value::Int(500))]).unwrap();
        table.push(vec![Cell::Empty, Cell::Empty]).unwrap();
        let sheet = Sheet::of_table("x", &table, Currency::CNY, Lang::En);
        let text = String::from_utf8(made(&sheet, FileFormat::Csv).unwrap()).unwrap();
        let rows: Vec<&str> = text.trim_start_matches('\u{feff}').lines().collect();
        assert_eq!(rows, ["Open,Open (currency),Base", "254.80,USD,1800.00", "5.00,CNY,5.00", ",,"]);
    }
}
