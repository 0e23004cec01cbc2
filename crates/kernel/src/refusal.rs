//! Saying no in a way the user can act on.
//!
//! A [`Refusal`] is the only error a business function returns. It carries data, not a
//! sentence, so the rim can say it in the user's language and with the names of records.

use std::fmt;

use crate::currency::Currency;
use crate::date::Date;
use crate::label::{Label, Lang};
use crate::number::{Amount, Qty};

/// Why something was not done: one problem or several, never none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// What is wrong, in the order found.
    pub problems: Vec<Problem>,
}

/// One thing that is wrong, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// Which sort of problem, for the caller.
    pub kind: ProblemKind,
    /// Which problem exactly, for programs: stable, never shown.
    pub code: &'static str,
    /// The sentence for the user, with parameters as `{name}`.
    pub text: Label,
    /// The parameters of the sentence.
    pub params: Vec<(&'static str, Param)>,
    /// The field it concerns, as a path such as `lines.qty`.
    pub field: Option<String>,
    /// The row of the owned list, or of the imported file, counted from 0.
    pub row: Option<usize>,
}

/// Sorts of problem. The API turns each into its status code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ProblemKind {
    /// What was given is wrong.
    Invalid,
    /// This user may not.
    NotAllowed,
    /// There is no such record, or this user cannot see it.
    NotFound,
    /// Not in the present stage; perhaps later or after another action.
    NotNow,
    /// It contradicts something already recorded, such as a number in use.
    Conflict,
    /// More than there is, or more than a limit allows.
    TooMuch,
}

/// A value inside the sentence of a problem.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Param {
    /// Text as it is.
    Text(String),
    /// A record, shown by its name.
    Ref {
        /// Name of the entity, as in `sales_order`.
        entity: &'static str,
        /// Number of the record.
        id: i64,
    },
    /// A quantity.
    Qty(Qty),
    /// An amount of a currency.
    Amount(Amount, Currency),
    /// A day.
    Date(Date),
    /// A count.
    Int(i64),
    /// Words of the product, such as the label of a stage.
    Label(Label),
}

impl Refusal {
    /// A refusal for one problem, of kind [`ProblemKind::Invalid`] until said otherwise.
    pub fn new(code: &'static str, text: Label) -> Refusal {
        let problem = Problem { kind: ProblemKind::Invalid, code, text, params: Vec::new(), field: None, row: None };
        Refusal { problems: vec![problem] }
    }

    /// Sets the kind of every problem held.
    pub fn kind(self, kind: ProblemKind) -> Refusal {
        self.each(|problem| problem.kind = kind)
    }

    /// Gives every problem held a parameter: what `{name}` stands for.
    pub fn with(self, name: &'static str, value: impl Into<Param>) -> Refusal {
        let value = value.into();
        self.each(|problem| problem.params.push((name, value.clone())))
    }

    /// Says which field every problem held is about.
    pub fn field(self, path: impl Into<String>) -> Refusal {
        let path = path.into();
        self.each(|problem| problem.field = Some(path.clone()))
    }

    /// Says which row every problem held is about, counted from 0.
    pub fn row(self, row: usize) -> Refusal {
        self.each(|problem| problem.row = Some(row))
    }

    /// One refusal with the problems of all, in order.
    ///
    /// # Panics
    /// When there are none: nothing was refused then.
    pub fn merge(refusals: Vec<Refusal>) -> Refusal {
        let problems: Vec<Problem> = refusals.into_iter().flat_map(|refusal| refusal.problems).collect();
        assert!(!problems.is_empty(), "a refusal has a problem");
        Refusal { problems }
    }

    /// This refusal with the problems of the other after its own.
    pub fn and(mut self, other: Refusal) -> Refusal {
        self.problems.extend(other.problems);
        self
    }

    fn each(mut self, change: impl Fn(&mut Problem)) -> Refusal {
        self.problems.iter_mut().for_each(change);
        self
    }
}

impl fmt::Display for Refusal {
    /// The sentences in English, for logs and tests; records are shown as `#7`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sentences: Vec<String> =
            self.problems.iter().map(|problem| problem.render(Lang::En, &|_, _| None)).collect();
        f.write_str(&sentences.join(" "))
    }
}

impl std::error::Error for Refusal {}

impl Problem {
    /// The sentence in this language.
    ///
    /// `names` gives the name of a record by entity and number; one it does not know, or that
    /// the reader may not see, is shown as `#7`. A `{name}` without a parameter stays as it is.
    pub fn render(&self, lang: Lang, names: &dyn Fn(&'static str, i64) -> Option<String>) -> String {
        // One pass, so that braces inside a value, which a user typed, are never replaced.
        let mut sentence = String::new();
        let mut rest = self.text.get(lang);
        while let Some((before, after)) = rest.split_once('{') {
            sentence.push_str(before);
            let found = after.split_once('}').and_then(|(name, after)| Some((self.param(name)?, after)));
            match found {
                Some((param, after)) => {
                    sentence.push_str(&param.render(lang, names));
                    rest = after;
                }
                None => {
                    sentence.push('{');
                    rest = after;
                }
            }
        }
        sentence + rest
    }

    fn param(&self, name: &str) -> Option<&Param> {
        let (_, param) = self.params.iter().find(|(known, _)| *known == name)?;
        Some(param)
    }
}

impl Param {
    fn render(&self, lang: Lang, names: &dyn Fn(&'static str, i64) -> Option<String>) -> String {
        match self {
            Param::Text(text) => text.clone(),
            Param::Ref { entity, id } => names(entity, *id).unwrap_or_else(|| format!("#{id}")),
            Param::Qty(qty) => qty.text(),
            Param::Amount(amount, currency) => format!("{} {currency}", amount.grouped(*currency)),
            Param::Date(date) => date.to_string(),
            Param::Int(number) => number.to_string(),
            Param::Label(label) => label.get(lang).to_owned(),
        }
    }
}

impl From<String> for Param {
    fn from(text: String) -> Param {
        Param::Text(text)
    }
}
impl From<&str> for Param {
    fn from(text: &str) -> Param {
        Param::Text(text.to_owned())
    }
}
impl From<(&'static str, i64)> for Param {
    /// A record by the name of its entity and its number.
    fn from((entity, id): (&'static str, i64)) -> Param {
        Param::Ref { entity, id }
    }
}
impl From<Qty> for Param {
    fn from(qty: Qty) -> Param {
        Param::Qty(qty)
    }
}
impl From<(Amount, Currency)> for Param {
    fn from((amount, currency): (Amount, Currency)) -> Param {
        Param::Amount(amount, currency)
    }
}
impl From<Date> for Param {
    fn from(date: Date) -> Param {
        Param::Date(date)
    }
}
impl From<i64> for Param {
    fn from(number: i64) -> Param {
        Param::Int(number)
    }
}
impl From<Label> for Param {
    fn from(label: Label) -> Param {
        Param::Label(label)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn too_few() -> Refusal {
        let text = Label::new("Only {available} of {product} are free.", "{product}仅有{available}可用。");
        Refusal::new("too_few", text)
            .kind(ProblemKind::TooMuch)
            .with("available", Qty::whole(2))
            .with("product", ("product", 7))
    }

    #[test]
    fn the_user_reads_names_in_their_language() {
        let names = |entity: &'static str, id| Some(format!("{entity} mug {id}"));
        let problem = &too_few().problems[0];
        assert_eq!(problem.render(Lang::Zh, &names), "product mug 7仅有2可用。");
        assert_eq!(too_few().to_string(), "Only 2 of #7 are free.");
    }

    #[test]
    fn every_sort_of_value_has_a_text() {
        let text = Label::new("{a} {b} {c} {d} {e}", "");
        let refusal = Refusal::new("all", text)
            .with("a", "text")
            .with("b", (Amount::new(123_450), Currency::EUR))
            .with("c", Date::new(2026, 1, 31).unwrap())
            .with("d", 5)
            .with("e", Label::new("Draft", "草稿"));
        assert_eq!(refusal.to_string(), "text 1,234.50 EUR 2026-01-31 5 Draft");
    }

    #[test]
    fn braces_typed_by_a_user_are_left_alone() {
        let render = |text, value: &str| {
            Refusal::new("x", Label::new(text, "")).with("a", value).with("b", "secret").to_string()
        };
        assert_eq!(render("<{a}>", "{b}"), "<{b}>");
        assert_eq!(render("{unknown} {a", "1"), "{unknown} {a");
        assert_eq!(render("{x {a}}", "1"), "{x 1}");
    }

    #[test]
    fn problems_are_told_together_and_say_where() {
        let missing = Refusal::new("missing", Label::new("Say who.", "请填写。")).field("customer");
        let both = missing.clone().and(too_few().field("lines.qty").row(2));
        assert_eq!(both.to_string(), "Say who. Only 2 of #7 are free.");
        assert_eq!(both.problems[0].kind, ProblemKind::Invalid);
        assert_eq!(both.problems[0].field.as_deref(), Some("customer"));
        assert_eq!(both.problems[1].kind, ProblemKind::TooMuch);
        assert_eq!(both.problems[1].row, Some(2));
        let merged = Refusal::merge(vec![missing, too_few().field("lines.qty").row(2)]);
        assert_eq!(merged, both);
    }
}
