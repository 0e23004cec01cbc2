//! How the numbers of documents are written. The counters are the engine's.

use std::collections::BTreeMap;
use std::sync::{Mutex, OnceLock, PoisonError};

use kernel::{Id, Label, Refusal};
use meta::number::PARTS;
use meta::{ChoiceValue, Document, Effects, Entity, EntityMeta, NumberPattern, Reader, Row, Trouble, Want};

use crate::{Company, NoAction};

/// How the numbers of a document, or of one kind of it, are written in this company.
/// 本公司某类单据（或其中一种）的编号规则。
#[derive(Entity, Clone, Debug)]
#[entity(
    prefix = "ns",
    kind = "setting",
    steady,
    label = "Number series",
    plural = "Number series",
    zh = "编号规则",
    title = "entity,kind",
    list = "entity,kind,pattern,in_order",
    sort = "entity,kind",
    index = "unique:company,entity,kind"
)]
pub struct NumberSeries {
    pub id: Id<NumberSeries>,
    #[field(zh = "公司")]
    pub company: Id<Company>,
    /// The documents it numbers, such as sales order or sales_order.
    /// 适用的单据，如销售订单或 sales_order。
    #[field(label = "Document", zh = "单据", group, max = 60)]
    pub entity: String,
    /// Only one kind of the document, such as credit note of invoice, or paid out of payment; empty for all that have no series of their own.
    /// 仅适用于其中一种，如发票中的红字发票、收付款中的付款；留空则适用于其余所有。
    #[field(zh = "种类", group, max = 60)]
    pub kind: Option<String>,
    /// Text with {year} or {year2}, {month}, {day}, {company} for the short code of the company, and the counter {seq} or, with zeros, {seq:05}. It starts again with every year, month or day, whichever is the smallest in the pattern; without one it never does.
    /// 可含 {year} 或 {year2}、{month}、{day}、公司简码 {company}，以及流水号 {seq} 或补零的 {seq:05}。流水号按格式中最小的周期（年、月或日）重新从 1 开始；没有周期则一直累加。
    #[field(zh = "格式", max = 60)]
    pub pattern: String,
    /// Whether a document must not be dated before the last one numbered, as some tax offices demand.
    /// 单据日期不得早于上一张已编号单据（部分税务机关要求）。
    #[field(label = "Dates in order", zh = "日期须按顺序")]
    pub in_order: bool,
}

/// Why a series is not saved.
#[derive(meta::Refusal)]
pub enum NotASeries {
    /// The counter must stand exactly once. Put {open}seq:05{close} where it belongs.
    ///
    /// 流水号必须且只能出现一次，请在相应位置写入 {open}seq:05{close}。
    #[refusal(kind = "Invalid", field = "pattern")]
    NoCounter {
        /// An opening brace, which a sentence cannot contain.
        open: &'static str,
        /// A closing one.
        close: &'static str,
    },
    /// “{part}” is not known. Use year, year2, month, day, company and seq only.
    ///
    /// 不支持“{part}”，只能使用 year、year2、month、day、company 和 seq。
    #[refusal(kind = "Invalid", field = "pattern")]
    UnknownPart {
        /// What stands in the braces.
        part: String,
    },
    /// The same numbers would come again every year. Write {open}year{close} too.
    ///
    /// 每年会出现相同的编号，请同时写入 {open}year{close}。
    #[refusal(kind = "Invalid", field = "pattern")]
    NoYear {
        /// An opening brace, which a sentence cannot contain.
        open: &'static str,
        /// A closing one.
        close: &'static str,
    },
    /// The same numbers would come again every month. Write {open}month{close} too.
    ///
    /// 每月会出现相同的编号，请同时写入 {open}month{close}。
    #[refusal(kind = "Invalid", field = "pattern")]
    NoMonth {
        /// An opening brace, which a sentence cannot contain.
        open: &'static str,
        /// A closing one.
        close: &'static str,
    },
    /// The company has no short code. Give it one in its settings, or take the code out of the pattern.
    ///
    /// 公司没有简码，请先在公司设置中填写，或从格式中去掉简码。
    #[refusal(kind = "Invalid", field = "pattern")]
    NoCode,
    /// “{entity}” has no numbers. Choose one of these: {known}.
    ///
    /// “{entity}”没有编号，请选择以下之一：{known}。
    #[refusal(kind = "Invalid", field = "entity")]
    NotNumbered {
        /// What was written.
        entity: String,
        /// What has numbers.
        known: Label,
    },
    /// “{kind}” is no kind of {what}. Choose one of these, or leave it empty: {known}.
    ///
    /// {what}没有“{kind}”这一种，请选择以下之一或留空：{known}。
    #[refusal(kind = "Invalid", field = "kind")]
    UnknownKind {
        /// What was written.
        kind: String,
        /// The document.
        what: Label,
        /// Its kinds.
        known: Label,
    },
    /// {what} is numbered alike, whatever it is. Leave the kind empty.
    ///
    /// {what}不分种类编号，请将种类留空。
    #[refusal(kind = "Invalid", field = "kind")]
    NoKinds {
        /// The document.
        what: Label,
    },
    /// There is a number series for that already: {pattern}. Change that one.
    ///
    /// 已有相应的编号规则：{pattern}，请修改该规则。
    #[refusal(kind = "Invalid", field = "entity")]
    AnotherSeries {
        /// The pattern of the other one.
        pattern: String,
    },
    /// {pattern} would write the same numbers for other kinds of {what}. Begin this one with other letters.
    ///
    /// {what}的其他种类使用 {pattern}，会出现相同的编号。请换用不同的字头。
    #[refusal(kind = "Invalid", field = "pattern")]
    SameNumbers {
        /// The pattern of the other one.
        pattern: String,
        /// The document.
        what: Label,
    },
}

/// What is known of a series.
#[derive(Default)]
pub struct Facts {
    /// All that has numbers.
    pub numbered: Vec<&'static EntityMeta>,
    /// The short code of the company; empty for none.
    pub code: String,
    /// The other series of the company.
    pub others: Vec<Other>,
}

/// Another series of the company.
pub struct Other {
    /// What it numbers.
    pub entity: String,
    /// Which kind of it; empty for all.
    pub kind: String,
    /// How.
    pub pattern: String,
}

/// What has numbers, as it is called. It is the same as long as the program runs.
fn known(numbered: &[&'static EntityMeta]) -> Label {
    static KNOWN: OnceLock<[String; 2]> = OnceLock::new();
    let [en, zh] = KNOWN.get_or_init(|| {
        let called =
            |name: fn(&Label) -> &'static str| numbered.iter().map(|meta| name(&meta.label)).collect::<Vec<_>>();
        [called(|label| label.en).join(", "), called(|label| label.zh).join("、")]
    });
    Label::new(en, zh)
}

/// The kind of document that somebody means: by its name, or as it is called.
fn meant(text: &str, numbered: &[&'static EntityMeta]) -> Option<&'static EntityMeta> {
    let text = text.trim();
    let is_it = |meta: &&&EntityMeta| {
        meta.name.eq_ignore_ascii_case(text) || meta.label.en.eq_ignore_ascii_case(text) || meta.label.zh == text
    };
    numbered.iter().find(is_it).copied()
}

/// The kinds of a document, as they are called. They are put together once: a label lives as long as the program.
fn kinds_of(meta: &EntityMeta) -> Label {
    static KNOWN: Mutex<BTreeMap<&str, Label>> = Mutex::new(BTreeMap::new());
    let called = |name: fn(&Label) -> &'static str, between: &str| {
        let kinds = meta.numbered_kinds().iter().map(|kind| name(&kind.label)).collect::<Vec<_>>().join(between);
        Box::leak(kinds.into_boxed_str())
    };
    let mut known = KNOWN.lock().unwrap_or_else(PoisonError::into_inner);
    *known
        .entry(meta.name)
        .or_insert_with(|| Label::new(called(|label| label.en, ", "), called(|label| label.zh, "、")))
}

/// The code of a kind that somebody means: by its code, or as it is called. Empty for none.
fn kind_meant(text: &str, meta: &EntityMeta) -> Result<&'static str, NotASeries> {
    let (text, what) = (text.trim(), meta.label);
    if text.is_empty() {
        return Ok("");
    }
    if meta.numbered_kinds().is_empty() {
        return Err(NotASeries::NoKinds { what });
    }
    let is_it = |kind: &&ChoiceValue| {
        kind.code.eq_ignore_ascii_case(text) || kind.label.en.eq_ignore_ascii_case(text) || kind.label.zh == text
    };
    let found = meta.numbered_kinds().iter().find(is_it);
    found.map(|kind| kind.code).ok_or_else(|| NotASeries::UnknownKind {
        kind: text.to_owned(),
        what,
        known: kinds_of(meta),
    })
}

/// Checks that no other series numbers the same documents, or would give them the same numbers.
fn check_others(doc: &NumberSeries, meta: &EntityMeta, facts: &Facts) -> Result<(), NotASeries> {
    let kind = doc.kind.as_deref().unwrap_or("");
    let others = || facts.others.iter().filter(|other| other.entity == meta.name);
    if let Some(other) = others().find(|other| other.kind == kind) {
        return Err(NotASeries::AnotherSeries { pattern: other.pattern.clone() });
    }
    // What is usual has been in force, and is again when the series without a kind is removed.
    let usual = Some(meta.number).filter(|_| !kind.is_empty());
    let patterns = others().map(|other| other.pattern.as_str()).chain(usual);
    let met = patterns.into_iter().find(|other| NumberPattern(other).meets(NumberPattern(&doc.pattern), &facts.code));
    met.map_or(Ok(()), |pattern| Err(NotASeries::SameNumbers { pattern: pattern.to_owned(), what: meta.label }))
}

fn check_pattern(pattern: NumberPattern, has_code: bool) -> Result<(), NotASeries> {
    let (open, close) = ("{", "}");
    let unknown = |part: &&str| !NumberPattern::is_counter(part) && !PARTS.contains(part);
    if let Some(part) = pattern.parts().find(unknown) {
        return Err(NotASeries::UnknownPart { part: part.to_owned() });
    }
    if pattern.parts().filter(|part| NumberPattern::is_counter(part)).count() != 1 {
        return Err(NotASeries::NoCounter { open, close });
    }
    if pattern.names("day") && !pattern.names("month") {
        return Err(NotASeries::NoMonth { open, close });
    }
    if pattern.names("month") && !pattern.names("year") && !pattern.names("year2") {
        return Err(NotASeries::NoYear { open, close });
    }
    if pattern.names("company") && !has_code {
        return Err(NotASeries::NoCode);
    }
    Ok(())
}

impl Document for NumberSeries {
    type Facts = Facts;
    type Action = NoAction;

    fn facts(doc: &Self, _: &Want<NoAction>, reader: &dyn Reader) -> Result<Facts, Trouble> {
        let company = reader.context().company;
        let code = reader.rows("select code from company where id = ?1", &[company.into()])?;
        let others = reader.rows(
            "select entity, kind, pattern from number_series where company = ?1 and id <> ?2 order by id",
            &[company.into(), doc.id.raw().into()],
        )?;
        let other = |row: &Row| Other {
            entity: row.text(0).to_owned(),
            kind: row.text(1).to_owned(),
            pattern: row.text(2).to_owned(),
        };
        Ok(Facts {
            numbered: reader.entities().into_iter().filter(|meta| !meta.number.is_empty()).collect(),
            code: code.first().map_or(String::new(), |row| row.text(0).to_owned()),
            others: others.iter().map(other).collect(),
        })
    }

    fn complete(doc: &mut Self, facts: &Facts) -> Result<(), Refusal> {
        check_pattern(NumberPattern(&doc.pattern), !facts.code.is_empty())?;
        let Some(meta) = meant(&doc.entity, &facts.numbered) else {
            let known = known(&facts.numbered);
            return Err(NotASeries::NotNumbered { entity: doc.entity.clone(), known }.into());
        };
        doc.entity = meta.name.to_owned();
        let kind = kind_meant(doc.kind.as_deref().unwrap_or(""), meta)?;
        doc.kind = Some(kind.to_owned()).filter(|kind| !kind.is_empty());
        Ok(check_others(doc, meta, facts)?)
    }

    fn decide(_: &Self, action: &NoAction, _: &Facts) -> Result<(&'static str, Effects), Refusal> {
        match *action {}
    }

    fn ready(_: &Self, action: &NoAction) -> Result<(), Refusal> {
        match *action {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn save_of(entity: &str, pattern: &str, has_code: bool) -> String {
        let mut doc = NumberSeries {
            id: Id::new(0),
            company: Id::new(1),
            entity: entity.to_owned(),
            kind: None,
            pattern: pattern.to_owned(),
            in_order: false,
        };
        let code = if has_code { "HZ" } else { "" }.to_owned();
        let facts = Facts { numbered: vec![Company::meta()], code, others: Vec::new() };
        NumberSeries::complete(&mut doc, &facts).map_or_else(|why| why.problems[0].code.to_owned(), |()| doc.entity)
    }

    fn save(pattern: &str) -> String {
        save_of("company", pattern, false)
    }

    #[test]
    fn a_pattern_counts_once() {
        assert_eq!(save("IV-{year}-{seq:05}"), "company");
        assert_eq!(save("{year2}/{seq}"), "company");
        assert_eq!(save("IV"), "no_counter");
        assert_eq!(save("{seq}-{seq}"), "no_counter");
        assert_eq!(save("{week}-{seq}"), "unknown_part");
        assert_eq!(save("{seq:x}"), "unknown_part");
    }

    #[test]
    fn no_number_comes_again() {
        assert_eq!(save("{year2}{month}{seq:04}"), "company");
        assert_eq!(save("{year}{month}{day}{seq:04}"), "company");
        assert_eq!(save("{month}-{seq}"), "no_year");
        assert_eq!(save("{year}-{day}-{seq}"), "no_month");
    }

    #[test]
    fn the_code_of_the_company_must_be_there() {
        assert_eq!(save_of("company", "{company}{seq}", false), "no_code");
        assert_eq!(save_of("company", "{company}{seq}", true), "company");
    }

    #[test]
    fn only_what_has_numbers_is_numbered_by_its_name_or_as_it_is_called() {
        assert_eq!(save_of("公司", "{seq}", false), "company");
        assert_eq!(save_of(" Company", "{seq}", false), "company");
        assert_eq!(save_of("compny", "{seq}", false), "not_numbered");
    }
}
