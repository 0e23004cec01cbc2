//! Bar codes: the check digit of EAN-8 and EAN-13.

/// Whether a text is a bar code as far as that can be told: eight or thirteen digits must end
/// with the right check digit; other codes are the user's own.
pub fn is_plausible(text: &str) -> bool {
    let is_number = text.bytes().all(|sign| sign.is_ascii_digit());
    match text.len() {
        8 | 13 if is_number => has_check_digit(text.as_bytes()),
        _ => true,
    }
}

/// From the right, digits count once and three times in turn, and all together make tens.
fn has_check_digit(digits: &[u8]) -> bool {
    let value = |(place, digit): (usize, &u8)| u32::from(digit - b'0') * if place % 2 == 0 { 1 } else { 3 };
    digits.iter().rev().enumerate().map(value).sum::<u32>() % 10 == 0
}

#[cfg(test)]
mod tests {
    use super::is_plausible;

    #[test]
    fn a_typo_in_a_bar_code_is_seen() {
        for good in ["4006381333931", "96385074", "6901234567892", "SHELF-7", "123", ""] {
            assert!(is_plausible(good), "{good}");
        }
        for bad in ["4006381333932", "4006381333913", "96385075"] {
            assert!(!is_plausible(bad), "{bad}");
        }
    }
}
