//! How the numbers of documents are written. The counters are the engine's.

use kernel::{Id, Refusal};
use meta::{Document, Effects, Entity, Reader, Trouble, Want};

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
    /// The documents it numbers, such as sales_order.
    /// 适用的单据，如 sales_order。
    #[field(label = "Document", zh = "单据", group, max = 60)]
    pub entity: String,
    /// Text with {year}, {year2} and the counter {seq} or, with zeros, {seq:05}.
    /// 可含 {year}、{year2} 和流水号 {seq} 或补零的 {seq:05}。
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
    /// “{part}” is not known. Use year, year2 and seq only.
    ///
    /// 不支持“{part}”，只能使用 year、year2 和 seq。
    #[refusal(kind = "Invalid", field = "pattern")]
    UnknownPart {
        /// What stands in the braces.
        part: String,
    },
}

/// The parts in braces, in order.
fn parts(pattern: &str) -> impl Iterator<Item = &str> {
    pattern.split('{').skip(1).map(|rest| rest.split_once('}').map_or(rest, |(part, _)| part))
}

/// Whether a part is the counter, with a width people can read.
fn is_counter(part: &str) -> bool {
    let width = part.strip_prefix("seq:");
    part == "seq" || width.is_some_and(|text| matches!(text.parse::<u32>(), Ok(1..=18)))
}

impl Document for NumberSeries {
    type Facts = ();
    type Action = NoAction;

    fn facts(_: &Self, _: &Want<NoAction>, _: &dyn Reader) -> Result<(), Trouble> {
        Ok(())
    }

    fn complete(doc: &mut Self, (): &()) -> Result<(), Refusal> {
        let unknown = |part: &&str| !is_counter(part) && !matches!(*part, "year" | "year2");
        if let Some(part) = parts(&doc.pattern).find(unknown) {
            return Err(NotASeries::UnknownPart { part: part.to_owned() }.into());
        }
        match parts(&doc.pattern).filter(|part| is_counter(part)).count() {
            1 => Ok(()),
            _ => Err(NotASeries::NoCounter { open: "{", close: "}" }.into()),
        }
    }

    fn decide(_: &Self, action: &NoAction, (): &()) -> Result<(&'static str, Effects), Refusal> {
        match *action {}
    }

    fn ready(_: &Self, action: &NoAction) -> Result<(), Refusal> {
        match *action {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn save(pattern: &str) -> String {
        let mut doc = NumberSeries {
            id: Id::new(0),
            company: Id::new(1),
            entity: "invoice".to_owned(),
            pattern: pattern.to_owned(),
            in_order: false,
        };
        NumberSeries::complete(&mut doc, &())
            .map_or_else(|why| why.problems[0].code.to_owned(), |()| "saved".to_owned())
    }

    #[test]
    fn a_pattern_counts_once() {
        assert_eq!(save("IV-{year}-{seq:05}"), "saved");
        assert_eq!(save("{year2}/{seq}"), "saved");
        assert_eq!(save("IV"), "no_counter");
        assert_eq!(save("{seq}-{seq}"), "no_counter");
        assert_eq!(save("{month}-{seq}"), "unknown_part");
        assert_eq!(save("{seq:x}"), "unknown_part");
    }
}
