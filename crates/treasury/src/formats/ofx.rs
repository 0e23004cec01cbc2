//! OFX: what banks of North America send. Version 1 is SGML, in which ends of elements may be
//! left out; version 2 is XML.

use kernel::{Currency, Date, Label};

use super::scalar::{ACCOUNT, AMOUNT, DAY, Lines, account, amount, compact_day, currency, mark_of, unreadable, words};
use super::xml::{self, DEPTH_MAX, Node};
use super::{Balance, Line, NotRead, Statement};

/// The statements of accounts and credit cards.
pub(super) fn read(text: &str) -> Result<Vec<Statement>, NotRead> {
    let root = if text.trim_start().starts_with("<?") { xml::tree(text)? } else { sgml(text)? };
    let mut found = Vec::new();
    root.deep(&["STMTRS", "CCSTMTRS"], &mut found);
    found.into_iter().map(statement).collect()
}

fn statement(one: &Node) -> Result<Statement, NotRead> {
    let money = currency(one.text("CURDEF"), one.line)?;
    let of = one.at("BANKACCTFROM|CCACCTFROM").ok_or(NotRead::Missing { line: one.line, what: ACCOUNT })?;
    let number = account(of.text("ACCTID"));
    if number.is_empty() {
        return Err(NotRead::Missing { line: of.line, what: ACCOUNT });
    }
    let list = one.at("BANKTRANLIST");
    let mut lines = Vec::new();
    for told in list.into_iter().flat_map(|list| list.all("STMTTRN")) {
        lines.push(entry(told, money)?);
    }
    let mut statement = Statement {
        account: number,
        bank: of.text("BANKID").to_owned(),
        number: String::new(),
        currency: money,
        opening: None,
        closing: None,
        opening_is_implied: true,
        lines,
    };
    if let Some(ledger) = one.at("LEDGERBAL") {
        let at = ledger.line;
        let size = ledger.text("BALAMT");
        let size = amount(size, mark_of(size), money).ok_or_else(|| unreadable(at, AMOUNT, size))?;
        let on = day(ledger, "DTASOF", at)?;
        statement.closing = Some(Balance { on, amount: size });
        let sum = statement.sum().and_then(|sum| size.checked_sub(sum));
        let first = list.and_then(|list| compact_day(list.text("DTSTART"))).unwrap_or(on);
        statement.opening = sum.map(|amount| Balance { on: first, amount });
    }
    Ok(statement)
}

/// A day at the bank: what follows its eight digits is a time, and a zone.
fn day(of: &Node, name: &str, line: i64) -> Result<Date, NotRead> {
    let text = of.text(name);
    if text.is_empty() {
        return Err(NotRead::Missing { line, what: DAY });
    }
    compact_day(text).ok_or_else(|| unreadable(line, DAY, text))
}

fn entry(told: &Node, money: Currency) -> Result<Line, NotRead> {
    let line = told.line;
    let size = told.text("TRNAMT");
    if size.is_empty() {
        return Err(NotRead::Missing { line, what: AMOUNT });
    }
    let size = amount(size, mark_of(size), money).ok_or_else(|| unreadable(line, AMOUNT, size))?;
    let booked_on = day(told, "DTPOSTED", line)?;
    let value_on = if told.text("DTAVAIL").is_empty() { booked_on } else { day(told, "DTAVAIL", line)? };
    let bank_id = told.text("FITID");
    if bank_id.is_empty() {
        return Err(NotRead::Missing { line, what: Label::new("the bank's id (FITID)", "银行流水号（FITID）") });
    }
    let first = |paths: [&str; 2]| paths.into_iter().map(|path| told.text(path)).find(|text| !text.is_empty());
    Ok(Line {
        kind: told.text("TRNTYPE").to_owned(),
        party_name: words(first(["NAME", "PAYEE/NAME"]).unwrap_or("")),
        party_account: account(told.text("BANKACCTTO|CCACCTTO/ACCTID")),
        party_bank: told.text("BANKACCTTO/BANKID").to_owned(),
        reference: first(["CHECKNUM", "REFNUM"]).unwrap_or("").to_owned(),
        narrative: words(told.text("MEMO")),
        bank_id: bank_id.to_owned(),
        ..Line::new(booked_on, value_on, size)
    })
}

/// The tree of OFX 1: an element with text needs no end; one without text, that another element
/// or its parent's end follows, was empty.
fn sgml(text: &str) -> Result<Node, NotRead> {
    let begin = text.find('<').ok_or(NotRead::NoFormat)?;
    let mut open = vec![Node::default()];
    let mut ended_by_itself = String::new();
    let (mut at, mut lines) = (begin, Lines::of(text));
    while at < text.len() {
        let line = lines.at(at);
        let malformed = || NotRead::Malformed { line };
        let rest = &text[at..];
        let end = rest.find('>').ok_or_else(malformed)?;
        let tag = &rest[1..end];
        let next = rest[end..].find('<').map_or(text.len(), |found| at + end + found);
        if tag.starts_with('!') {
            return Err(NotRead::Outside { line });
        }
        if let Some(name) = tag.strip_prefix('/') {
            let name = name.trim().to_uppercase();
            match open.iter().rposition(|node| node.name == name) {
                Some(place) if 0 < place => close(&mut open, place),
                _ if ended_by_itself == name => {}
                _ => return Err(malformed()),
            }
            ended_by_itself.clear();
        } else if !tag.starts_with('?') {
            let is_name =
                !tag.is_empty() && tag.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"._".contains(&byte));
            if !is_name || DEPTH_MAX < open.len() {
                return Err(malformed());
            }
            let words = plain(&text[at + end + 1..next]);
            let node = Node { name: tag.to_uppercase(), line, text: words, ..Node::default() };
            if node.text.is_empty() {
                ended_by_itself.clear();
                open.push(node);
            } else {
                ended_by_itself.clone_from(&node.name);
                open.last_mut().expect("the root stays").children.push(node);
            }
        }
        at = next;
    }
    // The end of the document itself may not be left out: a file that is cut off lacks it.
    match open.len() {
        1 => Ok(open.remove(0)),
        _ => Err(NotRead::Malformed { line: lines.at(text.len()) }),
    }
}

/// Ends the element at a place. What is still open within it was empty: what seems to stand in
/// that follows it.
fn close(open: &mut Vec<Node>, place: usize) {
    while place + 1 < open.len() {
        let mut empty = open.pop().expect("there is more than the place");
        let within = std::mem::take(&mut empty.children);
        let parent = open.last_mut().expect("the place is there");
        parent.children.push(empty);
        parent.children.extend(within);
    }
    let ended = open.pop().expect("the place is there");
    open.last_mut().expect("the root stays").children.push(ended);
}

/// Text with the signs that have names.
fn plain(text: &str) -> String {
    let text = text.trim();
    let mut parts = text.split('&');
    let mut plain = parts.next().unwrap_or("").to_owned();
    for part in parts {
        let named = part.split_once(';').filter(|(name, _)| name.len() <= 8);
        let sign = named.and_then(|(name, _)| match name {
            "nbsp" => Some(' '),
            _ => match name.strip_prefix('#') {
                Some(number) => number.parse().ok().and_then(char::from_u32),
                None => xml::predefined(name),
            },
        });
        match (sign, named) {
            (Some(sign), Some((_, rest))) => {
                plain.push(sign);
                plain.push_str(rest);
            }
            // Many banks write the sign itself.
            _ => {
                plain.push('&');
                plain.push_str(part);
            }
        }
    }
    plain.trim().to_owned()
}
