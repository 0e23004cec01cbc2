//! Words a user sees, in both languages of the product.

/// A language of the product.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Lang {
    /// English.
    #[default]
    En,
    /// Simplified Chinese.
    Zh,
}

impl Lang {
    /// Every language, in the order they are offered.
    pub const ALL: [Lang; 2] = [Lang::En, Lang::Zh];

    /// The ISO 639 code, `en` or `zh`.
    pub const fn code(self) -> &'static str {
        match self {
            Lang::En => "en",
            Lang::Zh => "zh",
        }
    }

    /// Reads a language tag such as `zh`, `zh-CN` or `en_US`; only its first part counts.
    /// `None` for other languages.
    pub fn parse(tag: &str) -> Option<Lang> {
        let first = tag.split(['-', '_']).next()?;
        Lang::ALL.into_iter().find(|lang| lang.code().eq_ignore_ascii_case(first))
    }
}

/// One text in every language, fixed at compile time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Label {
    /// In English.
    pub en: &'static str,
    /// In simplified Chinese.
    pub zh: &'static str,
}

impl Label {
    /// The label with these texts.
    pub const fn new(en: &'static str, zh: &'static str) -> Label {
        Label { en, zh }
    }

    /// The text in this language.
    pub const fn get(self, lang: Lang) -> &'static str {
        match lang {
            Lang::En => self.en,
            Lang::Zh => self.zh,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_language_is_known_by_the_first_part_of_its_tag() {
        for (tag, lang) in [
            ("zh", Some(Lang::Zh)),
            ("zh-CN", Some(Lang::Zh)),
            ("ZH_hans", Some(Lang::Zh)),
            ("en-US", Some(Lang::En)),
            ("de", None),
            ("", None),
            ("english", None),
        ] {
            assert_eq!(Lang::parse(tag), lang, "{tag}");
        }
    }

    #[test]
    fn a_label_speaks_both_languages() {
        let label = Label::new("Customer", "客户");
        assert_eq!(label.get(Lang::En), "Customer");
        assert_eq!(label.get(Lang::Zh), "客户");
    }
}
