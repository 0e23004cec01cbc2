//! Tax positions: which taxes are charged instead of the usual ones, by who buys and where it goes.
//!
//! ```text
//! seller in DE, VAT 19% on the product
//!   to a customer in DE                           none           VAT 19%
//!   to a business in FR, with its tax number      EU business    reverse charge 0%
//!   to somebody in FR without one                 EU private     VAT 19%
//!   to a customer in CN                           export         0%
//! ```
#![allow(missing_docs, reason = "a field without a comment is explained by its label")]

use std::collections::{BTreeMap, BTreeSet};

use books::{CompanyId, TaxId, TaxPositionId};
use kernel::{Id, Refusal};
use meta::{Choice, Document, Effects, Entity, Fault, Reader, Trouble, Want};
use org::NoAction;

/// How many taxes one position may replace.
const LINES_MAX: usize = 200;

/// Which taxes are charged instead of the products' own, such as on exports. A customer has one by their country
/// and tax number, or the one typed on them; documents take it from the customer.
/// 税务方案：按客户和目的地改用其他税，例如出口。按国家和税号自动判断，或在客户上指定；单据由客户带出。
#[derive(Entity)]
#[entity(
    prefix = "to",
    kind = "master",
    steady,
    zh = "税务方案",
    title = "name",
    list = "sequence,name,automatic,area,country,tax_number,active",
    sort = "sequence",
    index = "company,sequence"
)]
pub struct TaxPosition {
    pub id: Id<TaxPosition>,
    #[field(zh = "公司")]
    pub company: CompanyId,
    #[field(zh = "名称", search)]
    pub name: String,
    #[field(zh = "启用", default = "true")]
    pub active: bool,
    /// Customers it fits have it without anybody choosing it. Otherwise it is chosen on a customer or a document.
    /// 符合条件的客户自动适用；否则须在客户或单据上选择。
    #[field(zh = "自动适用", default = "true", section(en = "When it applies", zh = "适用条件"))]
    pub automatic: bool,
    /// Where the goods go: the country of the customer's delivery address, or else of the customer.
    /// 货物去向：客户收货地址所在国家，未填则为客户所在国家。
    #[field(zh = "去向", label = "Goods go", default = "anywhere")]
    pub area: Area,
    /// The one country, where the goods go to one only.
    /// 去向为“指定国家”时填写。
    #[field(zh = "国家", optional, country)]
    pub country: String,
    /// Whether the customer has a tax number. Within the European Union it tells a business from a private person.
    /// 客户是否有税号。欧盟内以此区分企业和个人。
    #[field(zh = "客户税号", label = "Tax number of the customer", default = "either")]
    pub tax_number: TaxNumber,
    /// Of several that fit, the one with the lowest number applies.
    /// 多个方案符合时，取序号最小者。
    #[field(zh = "序号", default = "10")]
    pub sequence: i64,
    /// Taxes it does not name stay as they are.
    /// 未列出的税保持不变。
    #[field(zh = "改用税", owned, section(en = "Taxes", zh = "税"))]
    pub lines: Vec<TaxPositionLine>,
    /// Printed below the totals of papers in English: why this tax is charged, or none.
    /// 印在英文单据合计下方，说明计税或免税的依据。
    #[field(
        zh = "英文说明",
        label = "Note in English",
        optional,
        max = 400,
        section(en = "On papers", zh = "单据说明")
    )]
    pub note_en: String,
    /// Printed below the totals of papers in Chinese.
    /// 印在中文单据合计下方。
    #[field(zh = "中文说明", label = "Note in Chinese", optional, max = 400)]
    pub note_zh: String,
}

/// A tax, and what is charged instead.
/// 原税及改用的税。
#[derive(Entity)]
#[entity(prefix = "tr", parent = "tax_position.lines", zh = "改用税", list = "replaces,charges")]
pub struct TaxPositionLine {
    pub id: Id<TaxPositionLine>,
    /// The tax of the product.
    /// 产品原来的税。
    #[field(zh = "原税", only = r#"["and",["active","=",true],["on_purchases","=",false]]"#)]
    pub replaces: TaxId,
    /// What is charged instead; empty: no tax.
    /// 改用的税；留空则不计税。
    #[field(zh = "改用", only = r#"["and",["active","=",true],["on_purchases","=",false]]"#)]
    pub charges: Option<TaxId>,
}

/// Where goods go, seen from the company.
#[derive(Choice, Clone, Copy, Debug, PartialEq, Eq)]
pub enum Area {
    /// Wherever.
    #[choice(zh = "任意")]
    Anywhere,
    /// Within the company's own country.
    #[choice(label = "Within the country", zh = "国内")]
    Domestic,
    /// To another member of the European Union.
    #[choice(label = "Elsewhere in the EU", zh = "其他欧盟国家")]
    Union,
    /// Abroad, and not into the European Union.
    #[choice(label = "Abroad, outside the EU", zh = "国外（欧盟以外）")]
    Outside,
    /// To any other country.
    #[choice(zh = "国外")]
    Abroad,
    /// To one country.
    #[choice(label = "To one country", zh = "指定国家")]
    Country,
}

/// Whether a customer has a tax number.
#[derive(Choice, Clone, Copy, Debug, PartialEq, Eq)]
pub enum TaxNumber {
    /// With or without.
    #[choice(label = "With or without", zh = "有无均可")]
    Either,
    /// It has one.
    #[choice(label = "Has one", zh = "有")]
    Required,
    /// It has none.
    #[choice(label = "Has none", zh = "无")]
    Without,
}

/// Why a position cannot be saved like this.
#[derive(meta::Refusal)]
pub enum PositionWrong {
    /// Say which country the goods go to, or choose where else they go.
    /// 请填写国家，或更改去向。
    #[refusal(kind = "Invalid", field = "country")]
    NoCountry,
    /// The tax {tax} is replaced twice. Remove one of the lines.
    /// {tax} 重复，请删除其中一行。
    #[refusal(kind = "Invalid", field = "lines.replaces")]
    ReplacedTwice {
        /// Which.
        tax: (&'static str, i64),
    },
    /// The tax {tax} would be replaced by itself. Remove the line: what is not named stays as it is.
    /// {tax} 的改用税就是它本身，请删除该行；未列出的税保持不变。
    #[refusal(kind = "Invalid", field = "lines.charges")]
    ReplacedByItself {
        /// Which.
        tax: (&'static str, i64),
    },
    /// {tax} is a tax on what is bought. Choose a tax on sales.
    /// {tax} 是进项税，请选择销售税。
    #[refusal(kind = "Invalid", field = "lines.replaces")]
    PurchaseTax {
        /// Which.
        tax: (&'static str, i64),
    },
    /// A position replaces at most 200 taxes. Remove some.
    /// 最多 200 行，请减少。
    #[refusal(kind = "TooMuch", field = "lines")]
    TooMany,
}

/// What saving a position needs to know: which of its taxes are on what is bought.
#[derive(Clone, Debug, Default)]
pub struct Facts {
    bought: BTreeSet<i64>,
}

impl Document for TaxPosition {
    type Facts = Facts;
    type Action = NoAction;

    fn facts(doc: &Self, _: &Want<NoAction>, reader: &dyn Reader) -> Result<Facts, Trouble> {
        if doc.lines.is_empty() {
            return Ok(Facts::default());
        }
        Ok(Facts { bought: org::bought_taxes(reader)? })
    }

    fn complete(doc: &mut Self, facts: &Facts) -> Result<(), Refusal> {
        match (doc.area, doc.country.is_empty()) {
            (Area::Country, true) => return Err(PositionWrong::NoCountry.into()),
            (Area::Country, false) => {}
            (_, _) => doc.country.clear(),
        }
        if LINES_MAX < doc.lines.len() {
            return Err(PositionWrong::TooMany.into());
        }
        let told =
            doc.lines.iter().enumerate().map(|(row, line)| check(doc, row, line, facts).map_err(|why| why.row(row)));
        let problems: Vec<Refusal> = told.filter_map(Result::err).collect();
        if problems.is_empty() { Ok(()) } else { Err(Refusal::merge(problems)) }
    }

    fn decide(_: &Self, action: &NoAction, _: &Facts) -> Result<(&'static str, Effects), Refusal> {
        match *action {}
    }

    fn ready(_: &Self, action: &NoAction) -> Result<(), Refusal> {
        match *action {}
    }
}

fn check(doc: &TaxPosition, row: usize, line: &TaxPositionLine, facts: &Facts) -> Result<(), Refusal> {
    let (replaced, charged) = (line.replaces, line.charges);
    let named = |tax: TaxId| ("tax", tax.raw());
    if doc.lines[..row].iter().any(|other| other.replaces == replaced) {
        return Err(PositionWrong::ReplacedTwice { tax: named(replaced) }.into());
    }
    if charged == Some(replaced) {
        return Err(PositionWrong::ReplacedByItself { tax: named(replaced) }.into());
    }
    let is_bought = |tax: &TaxId| facts.bought.contains(&tax.raw());
    if is_bought(&replaced) {
        return Err(PositionWrong::PurchaseTax { tax: named(replaced) }.into());
    }
    match charged.filter(is_bought) {
        Some(tax) => Err(Refusal::from(PositionWrong::PurchaseTax { tax: named(tax) }).field("lines.charges")),
        None => Ok(()),
    }
}

/// What of a customer decides which position fits.
#[derive(Clone, Copy, Debug)]
pub struct Buyer<'a> {
    /// The position typed on the customer, or on whom it belongs to.
    pub typed: Option<TaxPositionId>,
    /// Where goods go, by two letters; empty when nobody says.
    pub country: &'a str,
    /// Whether there is a tax number.
    pub has_number: bool,
}

/// Whether goods that go from one country to another go to an area. Where nobody says, they go nowhere in particular.
fn goes(area: Area, home: &str, to: &str, named: &str) -> bool {
    let (from, into) = (localize::tax_territory(home), localize::tax_territory(to));
    let is_known = !home.is_empty() && !to.is_empty();
    let is_abroad = is_known && from != into;
    match area {
        Area::Anywhere => true,
        Area::Domestic => is_known && !is_abroad,
        Area::Union => is_abroad && localize::is_in_union(into),
        Area::Outside => is_abroad && !localize::is_in_union(into),
        Area::Abroad => is_abroad,
        Area::Country => to == named,
    }
}

fn numbered(wanted: TaxNumber, has_number: bool) -> bool {
    match wanted {
        TaxNumber::Either => true,
        TaxNumber::Required => has_number,
        TaxNumber::Without => !has_number,
    }
}

/// The position a customer has: the one typed, or else the first that fits. One out of use is nobody's.
pub fn position_of(buyer: &Buyer, reader: &dyn Reader) -> Result<Option<TaxPositionId>, Fault> {
    let sql = "select p.id, p.automatic, p.area, p.country, p.tax_number, c.country
        from tax_position p
        join company c on c.id = p.company
        where p.company = ?1 and p.active = 1
        order by p.sequence, p.id";
    let rows = reader.steady_rows(sql, &[reader.context().company.into()])?;
    let typed = buyer.typed.filter(|typed| rows.iter().any(|row| row.int(0) == typed.raw()));
    let fits = |row: &&meta::Row| {
        let (Some(area), Some(number)) = (Area::of(row.text(2)), TaxNumber::of(row.text(4))) else {
            return false;
        };
        row.int(1) != 0 && goes(area, row.text(5), buyer.country, row.text(3)) && numbered(number, buyer.has_number)
    };
    Ok(typed.or_else(|| rows.iter().find(fits).map(|row| Id::new(row.int(0)))))
}

/// What each position charges instead of a tax, for all positions of the company: one answer to remember.
pub type Replaced = BTreeMap<(i64, i64), Option<TaxId>>;

/// Reads what each position charges instead of which tax.
pub fn replaced(reader: &dyn Reader) -> Result<Replaced, Fault> {
    let sql = "select l.parent, l.replaces, l.charges
        from tax_position_line l
        join tax_position p on p.id = l.parent
        where p.company = ?1";
    let rows = reader.steady_rows(sql, &[reader.context().company.into()])?;
    Ok(rows.iter().map(|row| ((row.int(0), row.int(1)), row.maybe_int(2).map(Id::new))).collect())
}

/// What is printed of a position, in English and Chinese; empty where it says nothing.
pub fn note_of(position: Option<TaxPositionId>, reader: &dyn Reader) -> Result<[String; 2], Fault> {
    let Some(id) = position else { return Ok(Default::default()) };
    let sql = "select id, note_en, note_zh from tax_position where company = ?1";
    let rows = reader.steady_rows(sql, &[reader.context().company.into()])?;
    let found = rows.iter().find(|row| row.int(0) == id.raw());
    Ok(found.map(|row| [row.text(1).to_owned(), row.text(2).to_owned()]).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn goods_go_where_their_country_lies_seen_from_home() {
        let areas = [Area::Anywhere, Area::Domestic, Area::Union, Area::Outside, Area::Abroad, Area::Country];
        let check = |home: &str, to: &str, expected: &str| {
            let found = areas.iter().filter(|area| goes(**area, home, to, "JP")).map(|area| area.code());
            assert_eq!(found.collect::<Vec<_>>().join(" "), expected, "{home} → {to}");
        };
        check("DE", "DE", "anywhere domestic");
        check("DE", "FR", "anywhere union abroad");
        check("DE", "US", "anywhere outside abroad");
        check("DE", "JP", "anywhere outside abroad country");
        check("CN", "DE", "anywhere union abroad");
        check("CN", "HK", "anywhere outside abroad");
        // To the tax office Monaco is France, Man is Britain and Liechtenstein is Switzerland.
        check("FR", "MC", "anywhere domestic");
        check("DE", "MC", "anywhere union abroad");
        check("GB", "IM", "anywhere domestic");
        check("CH", "LI", "anywhere domestic");
        check("DE", "", "anywhere");
        check("", "FR", "anywhere");
    }

    fn saved(area: &str, country: &str, lines: &[(i64, Option<i64>)]) -> Result<String, (&'static str, Option<usize>)> {
        let mut record = meta::Record::empty(TaxPosition::meta());
        record.set("name", "Export").set("area", area).set("tax_number", "either");
        if !country.is_empty() {
            record.set("country", country);
        }
        let line = |(replaces, charges): &(i64, Option<i64>)| {
            let mut line = meta::Record::empty(TaxPositionLine::meta());
            line.set("replaces", *replaces).set("charges", *charges);
            line
        };
        record.set_owned("lines", lines.iter().map(line).collect());
        let mut doc = TaxPosition::from_record(&record).unwrap();
        let facts = Facts { bought: BTreeSet::from([90]) };
        let told = TaxPosition::complete(&mut doc, &facts);
        told.map(|()| doc.country).map_err(|refused| (refused.problems[0].code, refused.problems[0].row))
    }

    #[test]
    fn a_tax_is_replaced_once_and_by_another_on_sales() {
        assert_eq!(saved("abroad", "", &[(1, Some(2)), (3, None)]), Ok(String::new()));
        assert_eq!(saved("abroad", "", &[(1, Some(2)), (1, None)]), Err(("replaced_twice", Some(1))));
        assert_eq!(saved("abroad", "", &[(1, Some(1))]), Err(("replaced_by_itself", Some(0))));
        assert_eq!(saved("abroad", "", &[(90, None)]), Err(("purchase_tax", Some(0))));
        assert_eq!(saved("abroad", "", &[(1, None), (2, Some(90))]), Err(("purchase_tax", Some(1))));
    }

    #[test]
    fn a_country_is_named_where_goods_go_to_one_only() {
        assert_eq!(saved("country", "JP", &[]), Ok("JP".to_owned()));
        assert_eq!(saved("country", "", &[]), Err(("no_country", None)));
        assert_eq!(saved("abroad", "JP", &[]), Ok(String::new()), "what says nothing is not kept");
    }
}
