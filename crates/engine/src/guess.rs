//! Which field a column of a file probably is.

use meta::{EntityMeta, FieldKind, FieldMeta};

use crate::import::{is_fillable, is_fillable_line, is_id};

/// A field a column may be, and how sure that is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Guess {
    /// The name of the field; `id`, `external_id` and fields of lines, such as `lines.qty`, among them.
    pub field: String,
    /// From 1 to 100; from 90 on the names are the same.
    pub sure: u32,
}

/// Less than this is no guess.
const SURE_MIN: u32 = 55;
/// The same for a field of lines: a record's own fields are meant more often.
const SURE_MIN_LINES: u32 = 90;

/// Letters and figures only, in lower case.
fn bare(text: &str) -> Vec<char> {
    text.chars().filter(|sign| sign.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// How many letters must be put in, taken out or replaced to make one of the other (Levenshtein).
fn distance(left: &[char], right: &[char]) -> usize {
    let mut row: Vec<usize> = (0..=right.len()).collect();
    for (at, sign) in left.iter().enumerate() {
        let mut diagonal = row[0];
        row[0] = at + 1;
        for (to, other) in right.iter().enumerate() {
            let next = (diagonal + usize::from(sign != other)).min(row[to] + 1).min(row[to + 1] + 1);
            diagonal = row[to + 1];
            row[to + 1] = next;
        }
    }
    row[right.len()]
}

/// How alike two names are, from 0 to 100.
fn likeness(head: &str, name: &str) -> u32 {
    if head == name {
        return 100;
    }
    let (left, right) = (bare(head), bare(name));
    if left.is_empty() || right.is_empty() {
        return 0;
    }
    if left == right {
        return 95;
    }
    let (short, long) = if left.len() < right.len() { (&left, &right) } else { (&right, &left) };
    // A Chinese word says much in two signs; a Latin one needs more to be meant.
    let enough = if short.iter().any(|sign| !sign.is_ascii()) { 2 } else { 4 };
    let part = short.len() >= enough && long.windows(short.len()).any(|window| window == short.as_slice());
    let inside = if part { 60 + 25 * short.len() / long.len() } else { 0 };
    let spelt = 85 * (long.len() - distance(&left, &right).min(long.len())) / long.len();
    inside.max(if short.len() < enough { 0 } else { spelt }) as u32
}

/// Whether a heading names exactly a field that only the server fills, and none that a file can fill: in our
/// exports there are such columns, and they are no misspelt others.
fn is_ours(meta: &EntityMeta, head: &str) -> bool {
    let names = |field: &FieldMeta| [field.name, field.label.en, field.label.zh].contains(&head);
    let of_lines = |owned: &FieldMeta, inner: &FieldMeta| {
        [(owned.label.en, inner.label.en), (owned.label.zh, inner.label.zh)]
            .iter()
            .any(|(owned, inner)| head.strip_prefix(owned).and_then(|rest| rest.strip_prefix(" / ")) == Some(*inner))
    };
    let mut is_ours = false;
    for field in meta.fields {
        match field.kind {
            FieldKind::Owned(of) => {
                let mut inner = of().fields.iter().filter(|inner| of_lines(field, inner));
                is_ours |= inner.any(|inner| field.readonly || !is_fillable_line(inner));
            }
            FieldKind::Id => {}
            _ if !names(field) => {}
            _ if is_fillable(field) => return false,
            _ => is_ours = true,
        }
    }
    is_ours
}

/// The columns of a file and the fields they probably are: each field once, the surest first served.
///
/// Names and labels in both languages are compared; letter case, blanks and signs do not count.
pub fn guess(meta: &EntityMeta, heads: &[String]) -> Vec<Option<Guess>> {
    let mut pairs: Vec<(u32, usize, String)> = Vec::new();
    for (column, head) in heads.iter().enumerate() {
        let head = head.trim();
        if is_ours(meta, head) {
            continue;
        }
        let mut see = |field: &str, names: &[&str], least: u32| {
            let sure = names.iter().map(|name| likeness(head, name)).max().unwrap_or(0);
            if least <= sure {
                pairs.push((sure, column, field.to_owned()));
            }
        };
        see("id", if is_id(meta, "编号") { &["id", "Id", "编号"] } else { &["id", "Id"] }, SURE_MIN);
        see("external_id", &["external_id", "External id", "外部编号"], SURE_MIN);
        for field in meta.fields {
            if let FieldKind::Owned(of) = field.kind
                && !field.readonly
            {
                for inner in of().fields.iter().filter(|inner| is_fillable_line(inner)) {
                    let name = format!("{}.{}", field.name, inner.name);
                    let (en, zh) = (
                        format!("{} / {}", field.label.en, inner.label.en),
                        format!("{} / {}", field.label.zh, inner.label.zh),
                    );
                    match inner.kind {
                        // “Id” alone is that of the record.
                        FieldKind::Id => see(
                            &name,
                            &[&name, &en, &format!("{} / Id", field.label.zh), &format!("{} / 编号", field.label.zh)],
                            SURE_MIN_LINES,
                        ),
                        _ => see(&name, &[&name, &en, &zh, inner.name, inner.label.en, inner.label.zh], SURE_MIN_LINES),
                    }
                }
            }
            if is_fillable(field) {
                see(field.name, &[field.name, field.label.en, field.label.zh], SURE_MIN);
            }
        }
    }
    let is_line = |field: &str| field.contains('.');
    pairs.sort_by(|left, right| {
        right.0.cmp(&left.0).then(is_line(&left.2).cmp(&is_line(&right.2))).then(left.1.cmp(&right.1))
    });
    let mut guesses: Vec<Option<Guess>> = vec![None; heads.len()];
    let mut taken = Vec::new();
    for (sure, column, field) in pairs {
        if guesses[column].is_none() && !taken.contains(&field) {
            taken.push(field.clone());
            guesses[column] = Some(Guess { field, sure });
        }
    }
    guesses
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_alike_in_spite_of_case_signs_and_slips() {
        assert_eq!(likeness("is_customer", "is_customer"), 100);
        assert_eq!(likeness("Is customer", "is_customer"), 95);
        assert!(likeness("Telephone", "Phone") >= SURE_MIN);
        assert!(likeness("客户名称", "名称") >= SURE_MIN);
        assert!(likeness("Adress", "Address") >= SURE_MIN);
        assert!(likeness("Colour", "Currency") < SURE_MIN);
        assert_eq!(likeness("", "name"), 0);
        assert_eq!(distance(&bare("kitten"), &bare("sitting")), 3);
    }
}
