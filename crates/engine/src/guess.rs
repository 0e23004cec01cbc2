//! Which field a column of a file probably is.

mod words;

use std::collections::BTreeSet;

use kernel::{folded, likeness};
use meta::{EntityKind, EntityMeta, FieldKind, FieldMeta};

use crate::import::{is_fillable, is_fillable_line, is_id, is_key};
pub use words::Values;
use words::{fit, is_word_for};

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
/// From here on the names are the same. A field of lines needs it: a record's own fields are meant more often.
const SURE_SAME: u32 = 90;

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

/// What the number of a record is called elsewhere, alone or after what the record is: `No.`, `客户编号`.
const NUMBERS: [&str; 11] = ["编号", "编码", "代码", "代号", "号码", "单号", "号", "number", "code", "nr", "no"];
/// Words of trade for the same.
const SAME: [&[&str]; 3] = [
    &["customer", "client", "客户", "顾客"],
    &["supplier", "vendor", "供应商", "供货商"],
    &["product", "item", "article", "产品", "商品", "货品", "物料", "存货"],
];

/// How sure it is that the number of another system is the code of a record, and where there is none the id it is
/// known by elsewhere: then the next file changes the same records.
const SURE_NUMBER: u32 = 92;

/// How sure it is that a word of trade for a field is that field: less than its own name.
const SURE_WORD: u32 = 91;

/// What a heading says before a word for number; nothing if there is none at its end.
fn before_number(head: &str) -> Option<String> {
    let head = folded(head);
    NUMBERS.iter().find_map(|word| head.strip_suffix(word)).map(str::to_owned)
}

/// What records of an entity are called: by its own name, or by what they can be, as a party can be a customer.
fn is_called(meta: &EntityMeta, text: &str) -> bool {
    let can_be = meta.fields.iter().filter(|field| matches!(field.kind, FieldKind::Bool)).map(|field| field.label);
    let own: Vec<String> = can_be.chain([meta.label]).flat_map(|label| [folded(label.en), folded(label.zh)]).collect();
    let is_same =
        |words: &&&[&str]| words.contains(&text) && words.iter().any(|word| own.iter().any(|one| one == word));
    // “Order no.” of a sales order.
    let ends = |one: &String| meta.kind == EntityKind::Document && LAST_WORD < text.len() && one.ends_with(text);
    own.iter().any(|one| one == text || ends(one)) || SAME.iter().any(|words| is_same(&words))
}

/// From how many bytes on the end of a name stands for it: two Chinese signs.
const LAST_WORD: usize = 4;

/// Whether a heading is the number that other systems give a record of this entity.
fn is_number(meta: &EntityMeta, head: &str) -> bool {
    let head = folded(head);
    // “单号” is a word, and of “订单号” the first is “订单”.
    let mut befores = NUMBERS.iter().filter_map(|word| head.strip_suffix(word));
    befores.any(|before| before.is_empty() || is_called(meta, before))
}

/// The field of a record that holds a number of another system, if a file can fill one.
fn number_field(meta: &EntityMeta) -> Option<&'static FieldMeta> {
    let settable = |name: &&str| meta.field(name).filter(|field| is_fillable(field) && is_key(field.kind));
    ["code", "number"].iter().find_map(settable)
}

/// How many cells of a row are names of fields: of a heading most are.
pub fn known_heads(meta: &EntityMeta, cells: &[String]) -> usize {
    let mut names: BTreeSet<String> = ["id", "external_id", "外部编号"].map(folded).into();
    let mut add = |field: &FieldMeta| names.extend([field.name, field.label.en, field.label.zh].map(folded));
    for field in meta.fields {
        add(field);
        if let FieldKind::Owned(of) = field.kind {
            of().fields.iter().for_each(&mut add);
        }
    }
    for field in meta.fields {
        let FieldKind::Owned(of) = field.kind else { continue };
        for inner in of().fields {
            names.insert(folded(&format!("{}{}", field.name, inner.name)));
            names.insert(folded(&format!("{}{}", field.label.en, inner.label.en)));
            names.insert(folded(&format!("{}{}", field.label.zh, inner.label.zh)));
        }
    }
    let found = cells.iter().filter(|cell| names.contains(&folded(cell)) || is_number(meta, cell));
    found.map(|cell| folded(cell)).collect::<BTreeSet<_>>().len()
}

/// The columns of a file and the fields they probably are: each field once, the surest first served.
///
/// Names and labels in both languages are compared; letter case, blanks and signs do not count. A heading such as
/// `编号` may be that of our ids or of the numbers of another system: `has_ids` tells whether there are ids of ours
/// in a column, and nothing of an empty one. A guess that does not fit the values of its column is none.
pub fn guess(
    meta: &EntityMeta,
    heads: &[String],
    has_ids: &dyn Fn(usize) -> Option<bool>,
    values: &dyn Fn(usize) -> Values,
) -> Vec<Option<Guess>> {
    let some_ids = (0..heads.len()).any(|column| has_ids(column) == Some(true));
    let mut pairs: Vec<(Guess, usize)> = Vec::new();
    for (column, head) in heads.iter().enumerate() {
        let here = Head { meta, text: head.trim(), has_ids: has_ids(column), some_ids, values: values(column) };
        pairs.extend(here.fields().into_iter().map(|likely| (likely, column)));
    }
    let is_line = |field: &str| field.contains('.');
    pairs.sort_by(|(left, at), (right, to)| {
        right.sure.cmp(&left.sure).then(is_line(&left.field).cmp(&is_line(&right.field))).then(at.cmp(to))
    });
    let mut guesses: Vec<Option<Guess>> = vec![None; heads.len()];
    let mut taken = Vec::new();
    for (likely, column) in pairs {
        if guesses[column].is_none() && !taken.contains(&likely.field) {
            taken.push(likely.field.clone());
            guesses[column] = Some(likely);
        }
    }
    guesses
}

/// The heading of a column, and what is known of its values.
struct Head<'a> {
    meta: &'a EntityMeta,
    text: &'a str,
    has_ids: Option<bool>,
    /// Whether some column of the file has ids of ours: then numbers are not what tells records apart.
    some_ids: bool,
    values: Values,
}

impl Head<'_> {
    /// The fields it may mean.
    fn fields(&self) -> Vec<Guess> {
        let mut found = Vec::new();
        let is_number = is_number(self.meta, self.text) && self.has_ids != Some(true);
        if is_number && !self.some_ids {
            let field = number_field(self.meta).map_or("external_id", |field| field.name);
            found.push(Guess { field: field.to_owned(), sure: SURE_NUMBER });
        }
        if is_ours(self.meta, self.text) {
            return found;
        }
        // “客户编号” is no misspelt “客户”.
        let least = if is_number { SURE_SAME } else { SURE_MIN };
        let like = |names: &[&str]| names.iter().map(|name| likeness(self.text, name)).max().unwrap_or(0);
        let mut see = |field: &str, sure: u32, least: u32| {
            if least <= sure {
                found.push(Guess { field: field.to_owned(), sure });
            }
        };
        match self.has_ids {
            // Ids of another system.
            Some(false) if SURE_SAME <= like(&["id"]) => see("external_id", SURE_NUMBER, least),
            Some(false) if is_number => {}
            _ if is_id(self.meta, "编号") => see("id", like(&["id", "Id", "编号"]), least),
            _ => see("id", like(&["id", "Id"]), least),
        }
        see("external_id", like(&["external_id", "External id", "外部编号"]), least);
        for field in self.meta.fields {
            match field.kind {
                FieldKind::Owned(of) if !field.readonly => {
                    for inner in of().fields.iter().filter(|inner| is_fillable_line(inner)) {
                        let name = format!("{}.{}", field.name, inner.name);
                        see(&name, self.weighed(&name, inner, self.like_line(field, inner)), SURE_SAME);
                    }
                }
                _ if is_fillable(field) => {
                    let sure = like(&[field.name, field.label.en, field.label.zh]).max(self.like_number_of(field));
                    see(field.name, self.weighed(field.name, field, sure), least);
                }
                _ => {}
            }
        }
        found
    }

    /// How sure it is when words of trade and the values of the column are thought of, too.
    fn weighed(&self, name: &str, field: &FieldMeta, sure: u32) -> u32 {
        match sure {
            SURE_SAME.. => sure,
            _ if !fit(self.values, field) => 0,
            _ if is_word_for(self.meta, name, self.text) => SURE_WORD,
            _ => sure,
        }
    }

    /// How sure it is that it means a field of lines.
    fn like_line(&self, owned: &FieldMeta, inner: &FieldMeta) -> u32 {
        let name = format!("{}.{}", owned.name, inner.name);
        let en = format!("{} / {}", owned.label.en, inner.label.en);
        let zh = format!("{} / {}", owned.label.zh, inner.label.zh);
        let whole = match inner.kind {
            // “Id” alone is that of the record.
            FieldKind::Id => {
                vec![name, en, format!("{} / Id", owned.label.zh), format!("{} / 编号", owned.label.zh)]
            }
            _ => vec![name, en, zh, inner.name.to_owned(), inner.label.en.to_owned(), inner.label.zh.to_owned()],
        };
        let sure = whole.iter().map(|name| likeness(self.text, name)).max().unwrap_or(0);
        sure.max(self.like_number_of(inner))
    }

    /// The same for the number of what a field names: `产品编号` of an order is its product.
    fn like_number_of(&self, field: &FieldMeta) -> u32 {
        let names = |before: String| {
            !before.is_empty() && [folded(field.label.en), folded(field.label.zh), folded(field.name)].contains(&before)
        };
        let is_ref = matches!(field.kind, FieldKind::Ref(_));
        if is_ref && before_number(self.text).is_some_and(names) { SURE_SAME } else { 0 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stands_before_a_word_for_number_says_whose_it_is() {
        for (head, before) in
            [("No.", ""), ("编号", ""), ("客户编号", "客户"), ("Customer no.", "customer"), ("Product code", "product")]
        {
            assert_eq!(before_number(head).as_deref(), Some(before), "{head}");
        }
        assert_eq!(before_number("Name"), None);
    }
}
