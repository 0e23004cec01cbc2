//! Files to import as rows of text: CSV in the encodings of the world, and XLSX.

use std::collections::BTreeMap;
use std::io::{Cursor, Read};

use calamine::{Data, Reader, Xlsx};
use encoding_rs::{Encoding, GB18030, UTF_8, WINDOWS_1252};

use serde_json::json;

use crate::problem::{Problem, TOO_LARGE};

/// The most rows one import may have.
const ROWS_MAX: usize = 200_000;
/// The most columns.
const COLUMNS_MAX: usize = 500;
/// The most bytes a workbook may unpack to.
const UNPACKED_MAX: u64 = 512 * 1024 * 1024;
/// How far into a part of a workbook its first element must stand.
const HEAD_MAX: u64 = 64 * 1024;

/// A sheet of a file: rows with some text, each with its line as a spreadsheet counts.
pub(crate) struct Table {
    /// The names of all sheets of a workbook; empty for CSV.
    pub sheets: Vec<String>,
    pub rows: Vec<(usize, Vec<String>)>,
}

/// The rows of the first sheet of a file, the heading first; rows without any text are left out.
pub(crate) fn rows(bytes: &[u8]) -> Result<Vec<Vec<String>>, Problem> {
    Ok(table(bytes, 0)?.rows.into_iter().map(|(_, cells)| cells).collect())
}

/// One sheet of a file.
pub(crate) fn table(bytes: &[u8], sheet: usize) -> Result<Table, Problem> {
    if MARKS.iter().any(|mark| bytes.starts_with(mark)) {
        return Err(no_table());
    }
    let mut table = if bytes.starts_with(b"PK\x03\x04") { workbook_table(bytes, sheet)? } else { csv_table(bytes)? };
    table.rows.retain(|(_, row)| row.iter().any(|text| !text.trim().is_empty()));
    match table.rows.first() {
        Some((_, heads)) if heads.len() <= COLUMNS_MAX => Ok(table),
        Some(_) => Err(Problem::new(&TOO_LARGE)),
        None => Err(Problem::not_understood(
            "The file is empty. Its first row must name the fields.",
            "文件为空。第一行必须是字段名。",
        )),
    }
}

/// The text of a file: UTF-8 or what its mark says, else the Chinese encoding or, where that is not what the bytes
/// look like, the one of western Europe.
fn text(bytes: &[u8]) -> Result<String, Problem> {
    let (encoding, mark) = Encoding::for_bom(bytes).unwrap_or((UTF_8, 0));
    let bytes = &bytes[mark..];
    let others: &[&Encoding] = if is_chinese(bytes) { &[GB18030] } else { &[WINDOWS_1252, GB18030] };
    for encoding in std::iter::once(encoding).chain(others.iter().copied()) {
        let text = encoding.decode_without_bom_handling_and_without_replacement(bytes);
        let is_western = encoding == WINDOWS_1252;
        let is_text = |text: &str| match is_western {
            // Every byte is a letter of it: what holds other signs than a text has is none.
            true => !text.chars().any(|sign| sign.is_control() && !matches!(sign, '\t' | '\r' | '\n')),
            false => !text.contains('\0'),
        };
        if let Some(text) = text.filter(|text| is_text(text)) {
            return Ok(text.into_owned());
        }
    }
    Err(no_table())
}

/// How files begin that are no tables, whatever signs they hold: a PDF may be plain text throughout.
const MARKS: [&[u8]; 9] = [
    b"%PDF-",
    b"{\\rtf",
    b"%!PS",
    b"\x89PNG",
    b"GIF8",
    b"\xff\xd8\xff",
    // Workbooks of before 2007.
    b"\xd0\xcf\x11\xe0",
    b"Rar!",
    b"\x1f\x8b",
];

fn no_table() -> Problem {
    Problem::not_understood(
        "The file is neither text nor a workbook. Save it as CSV (UTF-8) or XLSX.",
        "文件既不是文本也不是工作簿。请另存为 CSV（UTF-8）或 XLSX。",
    )
}

/// Whether most signs beyond ASCII are pairs of two high bytes, as common Chinese characters are in GB 18030. In a
/// western text a letter with an accent is one high byte, mostly between plain letters.
fn is_chinese(bytes: &[u8]) -> bool {
    let (mut pairs, mut alone, mut at) = (0, 0, 0);
    while at < bytes.len() {
        let is_high = |at: usize| bytes.get(at).is_some_and(|byte| *byte >= 0xa1);
        match (bytes[at] >= 0x80, is_high(at) && is_high(at + 1)) {
            (_, true) => (pairs, at) = (pairs + 1, at + 2),
            (true, false) => (alone, at) = (alone + 1, at + 1),
            (false, false) => at += 1,
        }
    }
    pairs >= alone
}

/// How many lines are looked at for the separator.
const SEPARATED_LINES: usize = 20;

/// The separator that most lines have equally many of: above the heading there may be a title with signs of its own.
fn separator(text: &str) -> u8 {
    let lines: Vec<&str> = text.lines().filter(|line| !line.trim().is_empty()).take(SEPARATED_LINES).collect();
    let fits = |mark: u8| {
        let mut times: BTreeMap<usize, usize> = BTreeMap::new();
        for line in &lines {
            *times.entry(unquoted(line, mark)).or_default() += 1;
        }
        times.into_iter().filter(|(count, _)| 0 < *count).map(|(count, lines)| (lines, count)).max().unwrap_or((0, 0))
    };
    // Of equals the last is taken: the comma.
    [b'|', b'\t', b';', b','].into_iter().max_by_key(|mark| fits(*mark)).expect("there are four")
}

/// How often a sign stands in a line outside of quotation marks.
fn unquoted(line: &str, mark: u8) -> usize {
    let mut quoted = false;
    let mut count = 0;
    for byte in line.bytes() {
        quoted ^= byte == b'"';
        count += usize::from(!quoted && byte == mark);
    }
    count
}

fn csv_table(bytes: &[u8]) -> Result<Table, Problem> {
    // One sign ends a line, the last one, too: then the lines of records can be counted.
    let mut text = text(bytes)?.replace("\r\n", "\n").replace('\r', "\n");
    text.push('\n');
    if let Some(line) = kernel::unended(&text, separator(&text)) {
        return Err(Problem::not_understood(
            "In line {line} a cell begins with a quotation mark (\") that no other ends. End it, or remove it.",
            "第 {line} 行有单元格以引号（\"）开头却没有结束的引号，请补上或删除该引号。",
        )
        .with("line", json!(line)));
    }
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(separator(&text))
        .from_reader(text.as_bytes());
    let (mut rows, mut inner, mut record) = (Vec::new(), 0, csv::StringRecord::new());
    while reader.read_record(&mut record).map_err(|_| {
        Problem::not_understood("The file is not valid CSV. Save it again.", "文件不是有效的 CSV，请重新保存。")
    })? {
        if ROWS_MAX < rows.len() {
            return Err(Problem::new(&TOO_LARGE));
        }
        // Lines of text inside cells make no row of a spreadsheet.
        inner += record.iter().map(|cell| cell.matches('\n').count()).sum::<usize>();
        let line = (reader.position().line() as usize).saturating_sub(1 + inner);
        rows.push((line, record.iter().map(str::to_owned).collect()));
    }
    Ok(Table { sheets: Vec::new(), rows })
}

fn workbook_table(bytes: &[u8], sheet: usize) -> Result<Table, Problem> {
    let wrong = || {
        Problem::not_understood(
            "The workbook cannot be read. Save it as XLSX again, or as CSV.",
            "无法读取该工作簿，请重新另存为 XLSX 或 CSV。",
        )
    };
    match unpacked_size(bytes) {
        None => return Err(wrong()),
        Some(size) if UNPACKED_MAX < size => return Err(Problem::new(&TOO_LARGE)),
        Some(_) => {}
    }
    if has_document_type(bytes).ok_or_else(wrong)? {
        return Err(wrong());
    }
    let mut book = Xlsx::new(Cursor::new(bytes)).map_err(|_| wrong())?;
    let sheets = book.sheet_names();
    let range = book.worksheet_range_at(sheet).ok_or_else(wrong)?.map_err(|_| wrong())?;
    let (height, width) = range.get_size();
    if ROWS_MAX < height || COLUMNS_MAX < width {
        return Err(Problem::new(&TOO_LARGE));
    }
    let first = range.start().map_or(0, |(row, _)| row as usize) + 1;
    // A sheet whose first column is empty begins at the second: columns keep their places.
    let before = range.start().map_or(0, |(_, column)| column as usize);
    let cells = |row: &[Data]| vec![String::new(); before].into_iter().chain(row.iter().map(cell_text)).collect();
    Ok(Table { sheets, rows: range.rows().enumerate().map(|(at, row)| (first + at, cells(row))).collect() })
}

/// Whether a part of a workbook begins with a document type: no program writes one, and what
/// it defines could grow without end or name files of ours. `None` when it cannot be read.
fn has_document_type(bytes: &[u8]) -> Option<bool> {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).ok()?;
    for number in 0..archive.len() {
        let part = archive.by_index(number).ok()?;
        let name = part.name().ok()?.to_lowercase();
        if !name.ends_with(".xml") && !name.ends_with(".rels") {
            continue;
        }
        let mut head = Vec::new();
        part.take(HEAD_MAX).read_to_end(&mut head).ok()?;
        if begins_with_document_type(&head) {
            return Some(true);
        }
    }
    Some(false)
}

/// What stands before the first element of a document; too much of it counts as a document type.
fn begins_with_document_type(head: &[u8]) -> bool {
    let element = head.windows(2).position(|pair| pair[0] == b'<' && pair[1].is_ascii_alphabetic());
    match element {
        Some(at) => head[..at].windows(3).any(|signs| signs.starts_with(b"<!") && signs[2] != b'-'),
        None => HEAD_MAX <= head.len() as u64 || head.windows(2).any(|pair| pair == b"<!"),
    }
}

/// What the parts of a zip file say they unpack to, by its directory.
fn unpacked_size(bytes: &[u8]) -> Option<u64> {
    let short = |at: usize| Some(u16::from_le_bytes(bytes.get(at..at + 2)?.try_into().ok()?));
    let long = |at: usize| Some(u32::from_le_bytes(bytes.get(at..at + 4)?.try_into().ok()?));
    // The end record stands within the last 64 KB.
    let from = bytes.len().saturating_sub(65_557);
    let end = from + bytes[from..].windows(4).rposition(|mark| mark == b"PK\x05\x06")?;
    let (count, mut at) = (short(end + 10)?, long(end + 16)? as usize);
    let mut size = 0;
    for _ in 0..count {
        if bytes.get(at..at + 4)? != b"PK\x01\x02" {
            return None;
        }
        size += u64::from(long(at + 24)?);
        at += 46 + usize::from(short(at + 28)?) + usize::from(short(at + 30)?) + usize::from(short(at + 32)?);
    }
    Some(size)
}

fn cell_text(cell: &Data) -> String {
    match cell {
        Data::Empty | Data::Error(_) => String::new(),
        Data::String(text) | Data::DateTimeIso(text) | Data::DurationIso(text) => text.clone(),
        Data::Int(number) => number.to_string(),
        Data::Float(number) => number_text(*number),
        Data::Bool(yes) => yes.to_string(),
        Data::DateTime(at) if at.is_datetime() => {
            let (year, month, day, hour, minute, second, _) = at.to_ymd_hms_milli();
            match (hour, minute, second) {
                (0, 0, 0) => format!("{year:04}-{month:02}-{day:02}"),
                _ => format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}Z"),
            }
        }
        Data::DateTime(at) => number_text(at.as_f64()),
        // Newer kinds of cells carry nothing we know how to read.
        #[allow(unreachable_patterns)]
        _ => String::new(),
    }
}

/// A number as its author saw it: spreadsheets keep 15 digits, the rest is noise.
fn number_text(number: f64) -> String {
    let rounded: f64 = format!("{number:.14e}").parse().unwrap_or(number);
    rounded.to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::files::{FileFormat, Item, Sheet, made};
    use kernel::Date;

    fn read(bytes: &[u8]) -> Vec<Vec<String>> {
        rows(bytes).ok().expect("readable")
    }

    #[test]
    fn csv_is_read_in_every_usual_encoding() {
        let wanted = vec![vec!["名称".to_owned(), "数量".to_owned()], vec!["杯子, 大".to_owned(), "2".to_owned()]];
        let text = "名称,数量\r\n\"杯子, 大\",2\r\n\r\n";
        assert_eq!(read(text.as_bytes()), wanted);
        assert_eq!(read(format!("\u{feff}{text}").as_bytes()), wanted);
        assert_eq!(read(&GB18030.encode(text).0), wanted);
        let utf16: Vec<u8> = "\u{feff}".encode_utf16().chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect();
        assert_eq!(read(&utf16), wanted);
        assert_eq!(read("名称;数量\n杯子, 大;2\n".as_bytes()), wanted);
        assert_eq!(read("名称\t数量\n杯子, 大\t2\n".as_bytes()), wanted);
    }

    #[test]
    fn what_excel_saves_in_europe_and_in_china_is_told_apart() {
        let western = "code,name\nLT1,Müller Straße\nLT2,Café à côté\nLT3,Søren Ågård – 5 €\n";
        assert_eq!(read(&WINDOWS_1252.encode(western).0), read(western.as_bytes()));
        let chinese = "编码,名称\nA1,上海镕基自行车有限公司\nA2,朱镕基 Müller\n";
        assert_eq!(read(&GB18030.encode(chinese).0), read(chinese.as_bytes()));
        assert!(table(b"\x89PNG\r\n\x1a\n\xe9\xff\x01", 0).is_err());
    }

    #[test]
    fn a_title_does_not_say_what_separates_the_cells() {
        let cells = |text: &str| read(text.as_bytes()).last().map_or(0, Vec::len);
        assert_eq!(cells("Acme Trading Co., Ltd.\n\nCode;Name;Limit\nA;B;1,50\n"), 3);
        assert_eq!(cells("客户名单\n\n编码,名称\nA,B\n"), 2);
        assert_eq!(cells("Code,Note\nA,\"x; y; z\"\n"), 2);
        assert_eq!(cells("a;b;c\n"), 3);
        assert_eq!(cells("Name\nA\n"), 1);
    }

    #[test]
    fn a_cell_that_never_ends_is_refused() {
        assert!(table(b"a;b\n1;\"x\n2;y\n", 0).is_err());
    }

    #[test]
    fn lines_are_counted_as_a_spreadsheet_does() {
        for end in ["\r\n", "\n", "\r"] {
            let text = ["a;b", "", "1;\"x", "y\"", "", "2;z"].join(end);
            let lines: Vec<usize> =
                table(text.as_bytes(), 0).ok().expect("readable").rows.iter().map(|(line, _)| *line).collect();
            assert_eq!(lines, [1, 3, 5], "{end:?}");
        }
    }

    #[test]
    fn what_was_exported_is_read_again() {
        let cells = vec![
            Item::Text("=1+1".into()),
            Item::Number("-24.10".into()),
            Item::Day(Date::new(2026, 1, 31).unwrap()),
            Item::Bool(false),
        ];
        let heads = ["a", "b", "c", "d"].map(str::to_owned).to_vec();
        let sheet = Sheet { title: "x".into(), heads, rows: vec![cells] };
        assert_eq!(read(&made(&sheet, FileFormat::Csv).unwrap())[1], ["'=1+1", "-24.10", "2026-01-31", "false"]);
        assert_eq!(read(&made(&sheet, FileFormat::Xlsx).unwrap())[1], ["=1+1", "-24.1", "2026-01-31", "false"]);
    }

    #[test]
    fn noise_of_floating_point_is_not_read() {
        assert_eq!(number_text(0.1 + 0.2), "0.3");
        assert_eq!(number_text(24.0), "24");
        assert_eq!(number_text(1_234_567.89), "1234567.89");
    }

    #[test]
    fn what_is_no_table_is_refused() {
        for bytes in [&b""[..], b"\n \n", b"PK\x03\x04garbage", b"\xff\xff\x00\x01\x80"] {
            assert!(rows(bytes).is_err(), "{bytes:?}");
        }
    }
}
