//! The tax positions a company begins with: which taxes stand in for the usual ones on exports and within the
//! European Union.
//!
//! Sources: Directive 2006/112/EC, articles 7 (Monaco, Isle of Man), 138 (goods to a business in another member state),
//! 146 (exports), 196 and 226 (11a) (services to one, and the words on the invoice); for Liechtenstein the customs
//! treaty with Switzerland of 1923 and the VAT treaty of 1994; for China 增值税法 article 10 (exports are taxed at 0 %).
//! Selling to private persons elsewhere in the Union beyond the threshold of article 59c, at the rates of their
//! countries (one-stop shop), is not among them.

use kernel::Label;

use crate::taxes::{TaxSeed, is_in_union, taxes};

/// A tax position.
#[derive(Clone, Debug)]
pub struct TaxPositionSeed {
    /// What it is called.
    pub name: Label,
    /// Whether customers it fits have it by themselves.
    pub is_automatic: bool,
    /// Where goods go: `anywhere`, `domestic`, `union`, `outside` or `abroad`.
    pub area: &'static str,
    /// Whether the customer has a tax number: `either`, `required` or `without`.
    pub tax_number: &'static str,
    /// The lowest that fits applies.
    pub sequence: i64,
    /// What papers say of it; may be empty.
    pub note: Label,
    /// Codes of taxes: each, and what is charged instead.
    pub lines: Vec<(String, String)>,
}

const NONE: Label = Label::new("", "");

/// To the tax office some countries are a part of another: the country whose taxes hold there.
pub fn tax_territory(country: &str) -> &str {
    match country {
        "IM" => "GB",
        "LI" => "CH",
        "MC" => "FR",
        _ => country,
    }
}

/// The tax positions of a country; none where there is no tax to stand in for. A country's own rules for services, or
/// for parts of it that count as abroad, are added by hand.
pub fn tax_positions(country: &str) -> Vec<TaxPositionSeed> {
    let taxes = taxes(country);
    let on_sales = |tax: &&TaxSeed| tax.account == "sales_tax" && !tax.rate.is_zero();
    let charged: Vec<&TaxSeed> = taxes.iter().filter(on_sales).collect();
    let Some(free) = taxes.iter().find(|tax| tax.rate.is_zero()).filter(|_| !charged.is_empty()) else {
        return Vec::new();
    };
    let by = |code: &str| charged.iter().map(|tax| (tax.code.clone(), code.to_owned())).collect();
    let seed = |name, area, tax_number, sequence, note, lines| TaxPositionSeed {
        name,
        is_automatic: true,
        area,
        tax_number,
        sequence,
        note,
        lines,
    };
    let domestic = TaxPositionSeed {
        is_automatic: false,
        ..seed(Label::new("Taxed as at home", "按国内计税"), "anywhere", "either", 90, NONE, Vec::new())
    };
    if !is_in_union(country) {
        let note = Label::new("Export: tax at 0%", "出口：税率 0%");
        let export = seed(Label::new("Export", "出口"), "abroad", "either", 30, note, by(&free.code));
        return vec![export, domestic];
    }
    let business = seed(
        Label::new("EU business (reverse charge)", "欧盟企业（反向征收）"),
        "union",
        "required",
        10,
        Label::new(
            "Goods: tax-exempt intra-Community supply. Services: reverse charge, the recipient is liable for the VAT (Articles 138 and 196, Directive 2006/112/EC).",
            "货物：欧盟内部供货，免税。服务：反向征收，由接收方缴纳增值税（指令 2006/112/EC 第 138、196 条）。",
        ),
        by("VAT0EU"),
    );
    let private = seed(
        Label::new("EU private (taxed as at home)", "欧盟个人（按国内计税）"),
        "union",
        "without",
        20,
        NONE,
        Vec::new(),
    );
    let export = seed(
        Label::new("Export outside the EU", "出口至欧盟以外"),
        "outside",
        "either",
        30,
        Label::new(
            "Export outside the EU, exempt from VAT (Article 146, Directive 2006/112/EC)",
            "出口至欧盟以外，免征增值税（指令 2006/112/EC 第 146 条）",
        ),
        by(&free.code),
    );
    vec![business, private, export, domestic]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(country: &str) -> Vec<String> {
        let one = |seed: &TaxPositionSeed| {
            let taxes: Vec<String> = seed.lines.iter().map(|(from, to)| format!("{from}→{to}")).collect();
            format!("{} {} {}: {}", seed.name.en, seed.area, seed.tax_number, taxes.join(" "))
        };
        tax_positions(country).iter().map(one).collect()
    }

    #[test]
    fn a_member_of_the_union_sells_to_businesses_in_others_without_tax() {
        assert_eq!(
            told("DE"),
            [
                "EU business (reverse charge) union required: VAT19→VAT0EU VAT7→VAT0EU VAT19I→VAT0EU VAT7I→VAT0EU",
                "EU private (taxed as at home) union without: ",
                "Export outside the EU outside either: VAT19→VAT0 VAT7→VAT0 VAT19I→VAT0 VAT7I→VAT0",
                "Taxed as at home anywhere either: ",
            ]
        );
    }

    #[test]
    fn others_export_without_tax_and_who_charges_none_has_nothing_to_replace() {
        assert_eq!(
            told("CH")[0],
            "Export abroad either: VAT8.1→VAT0 VAT3.8→VAT0 VAT2.6→VAT0 VAT8.1I→VAT0 VAT3.8I→VAT0 VAT2.6I→VAT0"
        );
        assert!(told("CN")[0].starts_with("Export abroad either: VAT13→VAT0 VAT9→VAT0 "));
        assert_eq!((told("US").len(), told("HK").len(), told("XX").len()), (0, 0, 0));
    }

    #[test]
    fn every_position_is_told_in_both_languages_and_names_taxes_there_are() {
        for country in ["AT", "CA", "CN", "DE", "FR", "GB", "ID", "IN", "JP", "MY", "TW", "VN"] {
            let codes: Vec<String> = taxes(country).into_iter().map(|tax| tax.code).collect();
            for seed in tax_positions(country) {
                assert!(!seed.name.en.is_empty() && !seed.name.zh.is_empty(), "{country}");
                assert_eq!(seed.note.en.is_empty(), seed.note.zh.is_empty(), "{country} {}", seed.name.en);
                for (from, to) in &seed.lines {
                    assert!(codes.contains(from) && codes.contains(to) && from != to, "{country} {from} {to}");
                }
            }
        }
    }
}
