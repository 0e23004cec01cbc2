//! Field 86 of MT940: what a line was for, in words or in one of two orders.
//!
//! ```text
//! 051?00UEBERWEISUNG?20Gehalt?21Oktober?30BIC?31account?32name   the German way, marks within the purpose (EREF+ SVWZ+)
//! /TRTP/SEPA/IBAN/NL26…/BIC/…/NAME/…/REMI/…/EREF/…               the Dutch way
//! anything else                                                  words
//! ```

use super::Line;
use super::scalar::{account, words};

/// A purpose is cut into parts of 27 signs, a line of the file after 65: a full one goes on in the next without a space.
const PART_FULL: usize = 27;
const LINE_FULL: usize = 65;

/// Adds what field 86 says to its line.
pub(super) fn put(line: &mut Line, text: &str) {
    let bytes = text.as_bytes();
    let is_german = 4 < bytes.len()
        && bytes[..3].iter().all(u8::is_ascii_digit)
        && bytes[3].is_ascii_punctuation()
        && bytes[4].is_ascii_digit();
    let joined = joined(text);
    if is_german {
        german(line, &joined);
    } else if dutch_parts(&joined).len() > 1 {
        dutch(line, &joined);
    } else {
        more(line, &joined);
    }
}

/// The lines of a field as one; a mark of a part needs no space before it.
fn joined(text: &str) -> String {
    let mut whole = String::new();
    let mut is_full = true;
    for part in text.lines() {
        if !is_full && !part.starts_with(['?', '/']) {
            whole.push(' ');
        }
        whole.push_str(part);
        is_full = LINE_FULL <= part.chars().count();
    }
    whole
}

fn more(line: &mut Line, text: &str) {
    line.narrative = words(&format!("{} {text}", line.narrative));
}

fn german(line: &mut Line, text: &str) {
    let mark = text.as_bytes()[3] as char;
    let (mut purpose, mut is_full, mut title, mut name) = (String::new(), true, "", String::new());
    for part in text[4..].split(mark) {
        let (Some(number), Some(rest)) = (part.get(..2).and_then(|two| two.parse::<u8>().ok()), part.get(2..)) else {
            // A mark that stands in the text: no part begins there.
            purpose.push(mark);
            purpose.push_str(part);
            continue;
        };
        match number {
            0 => title = rest,
            20..=29 | 60..=63 => {
                if !is_full || label_at(rest).is_some() {
                    purpose.push(' ');
                }
                purpose.push_str(rest);
                is_full = PART_FULL <= rest.chars().count();
            }
            30 => line.party_bank = account(rest),
            31 => line.party_account = account(rest),
            32 | 33 => name.push_str(rest),
            _ => {}
        }
    }
    line.party_name = words(&name);
    let mut free = String::new();
    for (label, value) in labelled(&purpose) {
        match label {
            "EREF" if value != "NOTPROVIDED" => line.end_to_end = account(&value),
            "KREF" if line.reference.is_empty() => line.reference = value,
            "IBAN" if line.party_account.is_empty() => line.party_account = account(&value),
            "BIC" if line.party_bank.is_empty() => line.party_bank = account(&value),
            "ABWA" if line.party_name.is_empty() => line.party_name = value,
            "" | "SVWZ" => {
                free.push(' ');
                free.push_str(&value);
            }
            _ => {}
        }
    }
    let free = words(&free);
    // A fee often says what it is in its title only.
    more(line, if free.is_empty() { title } else { &free });
}

const LABELS: [&str; 12] =
    ["EREF", "KREF", "MREF", "CRED", "DEBT", "SVWZ", "ABWA", "ABWE", "IBAN", "BIC", "COAM", "OAMT"];

/// The label a text begins with, such as `EREF+`.
fn label_at(text: &str) -> Option<&'static str> {
    LABELS.into_iter().find(|label| text.strip_prefix(label).is_some_and(|rest| rest.starts_with('+')))
}

/// A purpose by its labels; what stands before the first has none.
fn labelled(purpose: &str) -> Vec<(&'static str, String)> {
    let mut parts = vec![("", String::new())];
    let mut begins = true;
    let mut at = 0;
    while let Some(sign) = purpose[at..].chars().next() {
        if let Some(label) = label_at(&purpose[at..]).filter(|_| begins) {
            parts.push((label, String::new()));
            at += label.len() + 1;
            continue;
        }
        begins = sign.is_whitespace();
        parts.last_mut().expect("there is one").1.push(sign);
        at += sign.len_utf8();
    }
    parts.into_iter().map(|(label, text)| (label, words(&text))).filter(|(_, text)| !text.is_empty()).collect()
}

const CODES: [&str; 20] = [
    "TRTP", "IBAN", "BIC", "NAME", "REMI", "EREF", "ORDP", "BENM", "CNTP", "MARF", "CSID", "PREF", "RTYP", "ISDT",
    "PURP", "ADDR", "ULTD", "ULTB", "RTRN", "ID",
];

/// The parts of the Dutch way: `/CODE/text`.
fn dutch_parts(text: &str) -> Vec<(&'static str, String)> {
    let mut parts: Vec<(&'static str, String)> = Vec::new();
    let mut rest = text;
    while !rest.is_empty() {
        let code = rest.strip_prefix('/').and_then(|rest| {
            CODES.into_iter().find(|code| rest.strip_prefix(code).is_some_and(|after| after.starts_with('/')))
        });
        match (code, parts.last_mut()) {
            (Some(code), _) => {
                parts.push((code, String::new()));
                rest = &rest[code.len() + 2..];
                // The mark before the next code may be the one that ended this.
                continue;
            }
            (None, None) => return Vec::new(),
            (None, Some((_, part))) => {
                let sign = rest.chars().next().expect("it is not empty");
                part.push(sign);
                rest = &rest[sign.len_utf8()..];
            }
        }
    }
    parts
}

fn dutch(line: &mut Line, text: &str) {
    for (code, value) in dutch_parts(text) {
        let value = words(value.trim_matches('/'));
        match code {
            "IBAN" => line.party_account = account(&value),
            "BIC" => line.party_bank = account(&value),
            "NAME" => line.party_name = value,
            "EREF" if value != "NOTPROVIDED" => line.end_to_end = account(&value),
            // /CNTP/account/bank/name/city///
            "CNTP" => {
                let mut parts = value.split('/').map(str::to_owned);
                line.party_account = parts.next().unwrap_or_default();
                line.party_bank = parts.next().unwrap_or_default();
                line.party_name = parts.next().unwrap_or_default();
            }
            // Remittance says how it is written before it says what.
            "REMI" => {
                let free = value.strip_prefix("USTD//").or(value.strip_prefix("STRD/CUR/")).unwrap_or(&value);
                more(line, free);
            }
            "TRTP" if line.kind.is_empty() => line.kind = value,
            "RTRN" => more(line, &value),
            _ => {}
        }
    }
}
