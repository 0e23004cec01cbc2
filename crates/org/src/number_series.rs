//! How the numbers of documents are written. The counters are the engine's.

use std::sync::OnceLock;

use kernel::{Id, Label, Refusal};
use meta::number::PARTS;
use meta::{Document, Effects, Entity, EntityMeta, NumberPattern, Reader, Trouble, Want};

use crate::{Company, NoAction};

/// How the numbers of one kind of document are written in this company.
/// 本公司某类单据的编号规则。
#[derive(Entity, Clone, Debug)]
#[entity(
    prefix = "ns",
    kind = "setting",
    steady,
    label = "Number series",
    plural = "Number series",
    zh = "编号规则",
    title = "entity",
    list = "entity,pattern,in_order",
    sort = "entity",
    index = "unique:company,entity"
)]
pub struct NumberSeries {
    pub id: Id<NumberSeries>,
    #[field(zh = "公司")]
    pub company: Id<Company>,
    /// The documents it numbers, such as sales order or sales_order.
    /// 适用的单据，如销售订单或 sales_order。
    #[field(label = "Document", zh = "单据", group, max = 60)]
    pub entity: String,
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
}

/// What is known of a series.
#[derive(Default)]
pub struct Facts {
    /// All that has numbers.
    pub numbered: Vec<&'static EntityMeta>,
    /// Whether the company has a short code.
    pub has_code: bool,
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

    fn facts(_: &Self, _: &Want<NoAction>, reader: &dyn Reader) -> Result<Facts, Trouble> {
        let code = reader.rows("select code from company where id = ?1", &[reader.context().company.into()])?;
        Ok(Facts {
            numbered: reader.entities().into_iter().filter(|meta| !meta.number.is_empty()).collect(),
            has_code: code.first().is_some_and(|row| !row.text(0).is_empty()),
        })
    }

    fn complete(doc: &mut Self, facts: &Facts) -> Result<(), Refusal> {
        check_pattern(NumberPattern(&doc.pattern), facts.has_code)?;
        let Some(meta) = meant(&doc.entity, &facts.numbered) else {
            let known = known(&facts.numbered);
            return Err(NotASeries::NotNumbered { entity: doc.entity.clone(), known }.into());
        };
        doc.entity = meta.name.to_owned();
        Ok(())
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
            pattern: pattern.to_owned(),
            in_order: false,
        };
        let facts = Facts { numbered: vec![Company::meta()], has_code };
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
