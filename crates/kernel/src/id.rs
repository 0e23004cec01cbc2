//! Identity of a record: a number inside, text such as `so_2v9` outside.
//!
//! The text carries the entity's prefix, so an id in the wrong field is refused by its
//! look, and it is text, so JavaScript never rounds it.

use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::marker::PhantomData;

/// Identity of one `T`. An `Id<Party>` is not an `Id<Product>`.
///
/// The number is given by the engine before the insert and is always positive once stored.
pub struct Id<T> {
    raw: i64,
    // `fn() -> T` keeps the id Send and Sync whatever `T` is: it names a T, it holds none.
    entity: PhantomData<fn() -> T>,
}

impl<T> Id<T> {
    /// The id with this number.
    pub const fn new(raw: i64) -> Self {
        Id { raw, entity: PhantomData }
    }

    /// The number, as stored in the database.
    pub const fn raw(self) -> i64 {
        self.raw
    }
}

// Written out, because a derive would ask the same of `T`.
impl<T> Clone for Id<T> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<T> Copy for Id<T> {}
impl<T> PartialEq for Id<T> {
    fn eq(&self, other: &Self) -> bool {
        self.raw == other.raw
    }
}
impl<T> Eq for Id<T> {}
impl<T> PartialOrd for Id<T> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}
impl<T> Ord for Id<T> {
    fn cmp(&self, other: &Self) -> Ordering {
        self.raw.cmp(&other.raw)
    }
}
impl<T> Hash for Id<T> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.raw.hash(state);
    }
}
impl<T> fmt::Debug for Id<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "#{}", self.raw)
    }
}

/// Crockford's base 32 in lower case: no i, l, o, u, which are misread on paper and phone.
const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";

/// Digits of `i64::MAX` in base 32.
const DIGITS_MAX: usize = 13;

/// Text of an id: prefix, underscore, number in base 32, as in `so_2v9`.
///
/// # Panics
/// When `raw` is not positive or the prefix is not lower-case letters and digits starting
/// with a letter: such an id was never given out.
pub fn id_text(prefix: &str, raw: i64) -> String {
    assert!(0 < raw, "an id is positive, this one is {raw}");
    assert!(is_prefix(prefix), "{prefix:?} is not a prefix of an id");
    let mut digits = [0; DIGITS_MAX];
    let mut start = DIGITS_MAX;
    let mut rest = raw;
    while 0 < rest {
        start -= 1;
        digits[start] = ALPHABET[(rest % 32) as usize];
        rest /= 32;
    }
    let mut text = String::with_capacity(prefix.len() + 1 + DIGITS_MAX - start);
    text.push_str(prefix);
    text.push('_');
    text.extend(digits[start..].iter().map(|&digit| char::from(digit)));
    text
}

/// Number of an id written by [`id_text`] with the same prefix.
///
/// Only the one canonical text of a number is read: another prefix, a capital, a leading
/// zero, a letter outside the alphabet or a number beyond `i64` gives `None`.
pub fn id_parse(prefix: &str, text: &str) -> Option<i64> {
    let digits = text.strip_prefix(prefix)?.strip_prefix('_')?.as_bytes();
    if digits.is_empty() || DIGITS_MAX < digits.len() || digits[0] == b'0' {
        return None;
    }
    digits.iter().try_fold(0i64, |number, &digit| number.checked_mul(32)?.checked_add(value_of(digit)?))
}

/// Prefix of a well-formed id, which tells the entity it belongs to; `None` for other text.
pub fn id_prefix(text: &str) -> Option<&str> {
    let (prefix, _) = text.split_once('_')?;
    let well_formed = is_prefix(prefix) && id_parse(prefix, text).is_some();
    well_formed.then_some(prefix)
}

fn is_prefix(prefix: &str) -> bool {
    prefix.starts_with(|first: char| first.is_ascii_lowercase())
        && prefix.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())
}

fn value_of(digit: u8) -> Option<i64> {
    let place = ALPHABET.iter().position(|&known| known == digit)?;
    Some(place as i64)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn an_id_is_short_text_with_its_prefix() {
        assert_eq!(id_text("so", 1), "so_1");
        assert_eq!(id_text("so", 32), "so_10");
        assert_eq!(id_text("so", 2 * 1024 + 27 * 32 + 9), "so_2v9");
        assert_eq!(id_text("pa", i64::MAX), "pa_7zzzzzzzzzzzz");
    }

    #[test]
    fn only_the_canonical_text_is_read() {
        assert_eq!(id_parse("so", "so_2v9"), Some(2921));
        for text in [
            "",
            "so",
            "so_",
            "so_0",
            "so_02v9",
            "so_2V9",
            "SO_2v9",
            "pa_2v9",
            "so2v9",
            "so_2l9",
            "so_2v9 ",
            "so_-1",
            "so__1",
            "so_2é9",
            "so_8000000000000",
            "so_10000000000000",
        ] {
            assert_eq!(id_parse("so", text), None, "{text}");
        }
    }

    #[test]
    fn the_prefix_tells_the_entity() {
        assert_eq!(id_prefix("so_2v9"), Some("so"));
        for text in ["", "so", "_2v9", "so_", "sales_order", "so_0", "1so_2"] {
            assert_eq!(id_prefix(text), None, "{text}");
        }
    }

    #[test]
    fn an_id_needs_nothing_of_its_entity() {
        struct Plain;
        let (first, second) = (Id::<Plain>::new(1), Id::<Plain>::new(2));
        let copy = first;
        assert!(first == copy && first < second);
        assert_eq!(format!("{second:?}"), "#2");
    }

    proptest! {
        #[test]
        fn text_of_an_id_reads_back(raw in 1..=i64::MAX, small in 1i64..5_000) {
            for raw in [raw, small] {
                let text = id_text("so", raw);
                prop_assert_eq!(id_parse("so", &text), Some(raw));
                prop_assert_eq!(id_prefix(&text), Some("so"));
            }
        }

        #[test]
        fn whatever_is_read_is_written_the_same(text in "so_[0-9a-z]{1,14}") {
            if let Some(raw) = id_parse("so", &text) {
                prop_assert_eq!(id_text("so", raw), text);
            }
        }
    }
}
