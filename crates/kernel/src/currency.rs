//! Currencies by their ISO 4217 code.

use std::fmt;

use crate::Label;
use crate::currencies::CURRENCIES;

/// A currency, known by its three capital letters.
///
/// Any three capitals make one, so that whatever stands in the books can be read; what people
/// enter must have a [`name`](Currency::name).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Currency([u8; 3]);

impl Currency {
    /// Chinese yuan.
    pub const CNY: Currency = Currency::of(b"CNY");
    /// Euro.
    pub const EUR: Currency = Currency::of(b"EUR");
    /// United States dollar.
    pub const USD: Currency = Currency::of(b"USD");
    /// Pound sterling.
    pub const GBP: Currency = Currency::of(b"GBP");
    /// Japanese yen.
    pub const JPY: Currency = Currency::of(b"JPY");

    /// The currency with this code, for codes written in the source.
    ///
    /// # Panics
    /// When the code is not three ASCII capitals; in a constant, compilation fails.
    pub const fn of(code: &[u8; 3]) -> Currency {
        assert!(is_code(code), "a currency is three capital letters");
        Currency(*code)
    }

    /// The currency with this code; `None` unless it is exactly three ASCII capitals.
    pub fn parse(code: &str) -> Option<Currency> {
        let code: [u8; 3] = code.as_bytes().try_into().ok()?;
        is_code(&code).then_some(Currency(code))
    }

    /// The three letters, as in `EUR`.
    pub fn code(&self) -> &str {
        str::from_utf8(&self.0).expect("three ASCII capitals")
    }

    /// What it is called; `None` when ISO 4217 knows no such currency.
    pub fn name(self) -> Option<Label> {
        CURRENCIES.binary_search_by_key(&self, |(currency, _)| *currency).ok().map(|at| CURRENCIES[at].1)
    }

    /// How many decimals an amount in this currency has: the minor unit of ISO 4217.
    pub const fn decimals(self) -> u32 {
        match &self.0 {
            b"BIF" | b"CLP" | b"DJF" | b"GNF" | b"ISK" | b"JPY" | b"KMF" | b"KRW" | b"PYG" | b"RWF" | b"UGX"
            | b"UYI" | b"VND" | b"VUV" | b"XAF" | b"XOF" | b"XPF" => 0,
            b"BHD" | b"IQD" | b"JOD" | b"KWD" | b"LYD" | b"OMR" | b"TND" => 3,
            // Index units of Chile and Uruguay.
            b"CLF" | b"UYW" => 4,
            _ => 2,
        }
    }

    /// The sign people write, as in `€`; the code where there is no common one.
    ///
    /// The yuan and the yen share `¥`: where both may appear, show the code.
    pub fn symbol(&self) -> &str {
        match &self.0 {
            b"CNY" | b"JPY" => "¥",
            b"EUR" => "€",
            b"GBP" => "£",
            b"USD" => "$",
            b"AUD" => "A$",
            b"BRL" => "R$",
            b"CAD" => "C$",
            b"HKD" => "HK$",
            b"ILS" => "₪",
            b"INR" => "₹",
            b"KRW" => "₩",
            b"MXN" => "MX$",
            b"NGN" => "₦",
            b"NZD" => "NZ$",
            b"PHP" => "₱",
            b"PLN" => "zł",
            b"RUB" => "₽",
            b"SGD" => "S$",
            b"THB" => "฿",
            b"TRY" => "₺",
            b"TWD" => "NT$",
            b"UAH" => "₴",
            b"VND" => "₫",
            _ => self.code(),
        }
    }
}

impl fmt::Display for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.code())
    }
}

impl fmt::Debug for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

const fn is_code(code: &[u8; 3]) -> bool {
    code[0].is_ascii_uppercase() && code[1].is_ascii_uppercase() && code[2].is_ascii_uppercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_three_capitals() {
        assert_eq!(Currency::parse("EUR"), Some(Currency::EUR));
        assert_eq!(Currency::EUR.code(), "EUR");
        for code in ["", "EU", "EURO", "eur", "E1R", "€", "人"] {
            assert_eq!(Currency::parse(code), None, "{code}");
        }
    }

    #[test]
    fn every_currency_has_a_name_in_two_languages() {
        assert!(CURRENCIES.is_sorted_by(|one, next| one.0 < next.0), "found by halving");
        let is_chinese = |text: &str| text.chars().any(|letter| ('\u{4e00}'..='\u{9fff}').contains(&letter));
        for (currency, name) in CURRENCIES {
            assert!(!name.en.is_empty() && !is_chinese(name.en) && is_chinese(name.zh), "{currency}");
            assert_eq!(currency.name(), Some(*name));
        }
        assert_eq!(Currency::CNY.name().map(|name| name.zh), Some("人民币"));
        for code in ["XXX", "XTS", "ABC", "RMB", "ZZZ"] {
            assert_eq!(Currency::parse(code).and_then(Currency::name), None, "{code}");
        }
    }

    #[test]
    fn decimals_follow_iso_4217() {
        let decimals = |code| Currency::parse(code).map(Currency::decimals);
        assert_eq!(decimals("CNY"), Some(2));
        assert_eq!(decimals("JPY"), Some(0));
        assert_eq!(decimals("KWD"), Some(3));
        assert_eq!(decimals("CLF"), Some(4));
    }

    #[test]
    fn a_currency_without_a_sign_shows_its_code() {
        assert_eq!(Currency::CNY.symbol(), "¥");
        assert_eq!(Currency::of(b"CHF").symbol(), "CHF");
    }
}
