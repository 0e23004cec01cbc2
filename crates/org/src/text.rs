//! Small checks of text that several masters share.

use kernel::Refusal;

/// Why a text is not accepted.
#[derive(meta::Refusal)]
pub enum NotAText {
    /// A code begins with a small letter and has only small letters, digits and underscores, such as sales_rep. Correct it.
    ///
    /// 编码须以小写字母开头，仅含小写字母、数字和下划线，如 sales_rep，请更正。
    #[refusal(kind = "Invalid", field = "code")]
    NotACode,
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
    fn a_code_is_small_letters() {
        assert!(code("sales_rep").is_ok());
        for bad in ["", "Sales", "1a", "a b", "销售"] {
            assert!(code(bad).is_err(), "{bad}");
        }
    }
}
