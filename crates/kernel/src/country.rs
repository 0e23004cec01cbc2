//! Countries by their ISO 3166 code, and what people call them.
//!
//! `countries.txt` has a line for each: code, three-letter code, English name, Chinese name, its pinyin, and
//! other names it goes by. The client reads the same file (`web/src/fields/countries.txt`, written by `regen`).

use std::collections::HashMap;
use std::sync::LazyLock;

use crate::Label;
use crate::likeness::{folded, likeness};

/// The file itself.
pub const COUNTRIES: &str = include_str!("countries.txt");

/// A country or territory with a code of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Country {
    code: &'static str,
    /// What it is called.
    pub name: Label,
}

/// Names less alike than this are not meant.
const NEAR_MIN: u32 = 60;

/// A country with all names it is found by.
type Named = (Country, Vec<&'static str>);

static ALL: LazyLock<Vec<Named>> = LazyLock::new(|| {
    let line = |text: &'static str| -> Option<Named> {
        let mut parts = text.split('\t');
        let (code, three, en, zh) = (parts.next()?, parts.next()?, parts.next()?, parts.next()?);
        let others = parts.nth(1)?.split('|').filter(|name| !name.is_empty());
        let country = Country { code, name: Label::new(en, zh) };
        Some((country, [code, three, en, zh].into_iter().chain(others).collect()))
    };
    COUNTRIES.lines().filter_map(line).collect()
});

static BY_NAME: LazyLock<HashMap<String, Country>> = LazyLock::new(|| {
    let names = ALL.iter().flat_map(|(country, names)| names.iter().map(|name| (folded(name), *country)));
    names.collect()
});

impl Country {
    /// The country that is called so: by either code, or by a name in English or Chinese.
    pub fn find(text: &str) -> Option<Country> {
        BY_NAME.get(&folded(text)).copied()
    }

    /// The two letters, as in `CN`.
    pub fn code(self) -> &'static str {
        self.code
    }

    /// Countries whose names are like a text, the most alike first.
    pub fn near(text: &str, most: usize) -> Vec<Country> {
        let alike = |names: &[&str]| names.iter().map(|name| likeness(text, name)).max().unwrap_or(0);
        let mut near: Vec<(u32, Country)> = ALL.iter().map(|(country, names)| (alike(names), *country)).collect();
        near.retain(|(alike, _)| NEAR_MIN <= *alike);
        near.sort_by_key(|(alike, _)| std::cmp::Reverse(*alike));
        near.into_iter().take(most).map(|(_, country)| country).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_country_is_found_by_whatever_people_call_it() {
        for (text, code) in [
            ("CN", "CN"),
            ("cn", "CN"),
            ("CHN", "CN"),
            ("中国", "CN"),
            ("China", "CN"),
            ("PRC", "CN"),
            ("P.R. China", "CN"),
            ("UK", "GB"),
            ("GBR", "GB"),
            ("英国", "GB"),
            ("United Kingdom", "GB"),
            ("great britain", "GB"),
            ("U.S.A.", "US"),
            ("美国", "US"),
            ("Deutschland", "DE"),
            ("Cote d'Ivoire", "CI"),
            ("Türkiye", "TR"),
            ("香港", "HK"),
            ("台湾", "TW"),
            ("Viet Nam", "VN"),
        ] {
            assert_eq!(Country::find(text).map(Country::code), Some(code), "{text}");
        }
        for text in ["", "XX", "Atlantis", "中"] {
            assert_eq!(Country::find(text), None, "{text}");
        }
    }

    #[test]
    fn no_name_is_of_two_countries() {
        let mut of = HashMap::new();
        for (country, names) in ALL.iter() {
            assert_eq!(country.code.len(), 2, "{country:?}");
            assert!(!country.name.en.is_empty() && !country.name.zh.is_empty(), "{country:?}");
            for name in names {
                let before = of.insert(folded(name), country.code);
                assert!(before.is_none_or(|before| before == country.code), "{name}: {before:?} and {}", country.code);
            }
        }
        assert_eq!(ALL.len(), 250);
    }

    #[test]
    fn near_names_are_proposed() {
        let near = |text: &str| Country::near(text, 3).first().map(|country| country.code());
        assert_eq!(near("Germny"), Some("DE"));
        assert_eq!(near("Austrlia"), Some("AU"));
        assert_eq!(near("中华人民"), Some("CN"));
        assert_eq!(near("qqqq"), None);
    }
}
