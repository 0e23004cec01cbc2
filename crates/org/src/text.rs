//! Small checks of text that several masters share.

use kernel::Refusal;

/// Why a text is not accepted.
#[derive(meta::Refusal)]
pub enum NotAText {
    /// A country is its two-letter code, such as CN or DE. Correct it.
    ///
    /// 国家须为两位字母代码，如 CN、DE，请更正。
    #[refusal(kind = "Invalid", field = "country")]
    NotACountry,
    /// A code begins with a small letter and has only small letters, digits and underscores, such as sales_rep. Correct it.
    ///
    /// 编码须以小写字母开头，仅含小写字母、数字和下划线，如 sales_rep，请更正。
    #[refusal(kind = "Invalid", field = "code")]
    NotACode,
}

/// Writes a country's code in capitals and refuses what is none. Empty stays empty.
pub fn country(text: &mut str) -> Result<(), Refusal> {
    text.make_ascii_uppercase();
    match text.is_empty() || (text.len() == 2 && text.bytes().all(|letter| letter.is_ascii_uppercase())) {
        true => Ok(()),
        false => Err(NotAText::NotACountry.into()),
    }
}

/// Refuses what is no lower-case code.
pub fn code(text: &str) -> Result<(), Refusal> {
    let first = text.bytes().next().is_some_and(|letter| letter.is_ascii_lowercase());
    let rest = text.bytes().all(|sign| sign.is_ascii_lowercase() || sign.is_ascii_digit() || sign == b'_');
    match first && rest {
        true => Ok(()),
        false => Err(NotAText::NotACode.into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_country_is_two_letters() {
        let mut text = "cn".to_owned();
        country(&mut text).unwrap();
        assert_eq!(text, "CN");
        assert!(country(&mut String::new()).is_ok());
        assert!(country(&mut "CHN".to_owned()).is_err());
        assert!(country(&mut "中".to_owned()).is_err());
    }

    #[test]
    fn a_code_is_small_letters() {
        assert!(code("sales_rep").is_ok());
        for bad in ["", "Sales", "1a", "a b", "销售"] {
            assert!(code(bad).is_err(), "{bad}");
        }
    }
}
