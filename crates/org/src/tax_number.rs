//! Tax numbers: China's unified social credit code, by GB 32100-2015.

use kernel::Refusal;

/// The signs of the code in the order of their values; I, O, S, V and Z are left out
/// because they are mistaken for digits.
const SIGNS: &[u8] = b"0123456789ABCDEFGHJKLMNPQRTUWXY";

/// Powers of 3 modulo 31, one for each of the first 17 signs.
const WEIGHTS: [usize; 17] = [1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28];

/// What is odd about a tax number; it stops nobody, because old 15-digit numbers still occur.
#[derive(meta::Refusal)]
pub enum OddTaxNumber {
    /// The tax number is not a unified social credit code: 18 letters and digits with a check sign. Compare it with the business licence.
    ///
    /// 该税号不是有效的统一社会信用代码（18 位字母数字，含校验位），请与营业执照核对。
    #[refusal(kind = "Invalid", field = "tax_number")]
    NotACreditCode,
}

/// Whether a text is a unified social credit code with the right check sign.
pub fn is_credit_code(text: &str) -> bool {
    let values: Option<Vec<usize>> = text.bytes().map(|sign| SIGNS.iter().position(|known| *known == sign)).collect();
    let Some(values) = values.filter(|values| values.len() == 18) else { return false };
    let sum: usize = values.iter().zip(WEIGHTS).map(|(value, weight)| value * weight).sum();
    (31 - sum % 31) % 31 == values[17]
}

/// What is odd about the tax number of someone in that country, if anything.
pub fn oddity(country: &str, tax_number: &str) -> Option<Refusal> {
    let is_odd = country == "CN" && !tax_number.is_empty() && !is_credit_code(tax_number);
    is_odd.then(|| OddTaxNumber::NotACreditCode.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_check_sign_tells_a_typo() {
        // Published examples of the standard and of public companies.
        for good in ["91350100M000100Y43", "91110000600037341L", "914403001922038216"] {
            assert!(is_credit_code(good), "{good}");
        }
        for bad in ["91350100M000100Y44", "91350100M000100Y4", "91350100MO00100Y43", "91350100m000100y43", ""] {
            assert!(!is_credit_code(bad), "{bad}");
        }
    }

    #[test]
    fn only_chinese_numbers_are_looked_at() {
        assert!(oddity("CN", "123").is_some());
        assert!(oddity("CN", "").is_none());
        assert!(oddity("DE", "DE123456789").is_none());
    }
}
