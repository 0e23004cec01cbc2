//! Scenarios: business told in lines that a program can follow and a person can read.
//!
//! ```text
//! title Sold in two parts | 分两次交货的销售
//! user sam sales_rep
//! create sales_order O1 customer=BLUE ordered_on=today
//!   lines product=L1 qty=10
//! act O1 confirm
//! make delivery D1 from O1 shipped_on=today
//!   lines 1 qty=5
//! expect O1 delivery_state=partial
//! refused reserved act O1 cancel
//! report trial_balance as_of=today
//!   row account=1200 closing=162.00
//! ```
//!
//! `tests/scenarios/*.scn` are followed on both databases by `crates/app/tests/scenarios.rs`;
//! [`page`] prints each as a page of the manual, in both languages.

mod print;

pub use print::page;

/// A field and what it is given, or shows: `customer=BLUE`.
pub type Pair = (String, String);

/// A line below a statement: what it is about, which one, and its fields.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Below {
    /// The field of lines, or `row` of a report.
    pub of: String,
    /// Which one, from 1; 0 for a new one.
    pub number: usize,
    /// Its fields.
    pub pairs: Vec<Pair>,
}

/// One thing that is done or looked at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// A heading, in both languages.
    Part(String, String),
    /// A sentence for the reader, in both languages.
    Say(String, String),
    /// From now on somebody else works, with a role; nobody is the system.
    User(String, String),
    /// Days pass.
    Days(i64),
    /// A record is made: its entity, the name it has in the scenario, what it is made from.
    Create(String, String, Option<String>, Vec<Pair>, Vec<Below>),
    /// A record is changed.
    Change(String, Vec<Pair>),
    /// An action is taken; what it makes has an entity and a name.
    Act(String, String, Vec<Pair>, Option<Pair>),
    /// A record shows something.
    Expect(String, Vec<Pair>),
    /// A report shows rows.
    Report(String, Vec<Pair>, Vec<Below>),
    /// What would be done is refused, with this code.
    Refused(String, Box<Step>),
}

/// A scenario as it is written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Scenario {
    /// What it is called, in English and Chinese.
    pub title: (String, String),
    /// What is done, each with the number of its line.
    pub steps: Vec<(usize, Step)>,
}

/// The words of a line; what stands in quotation marks is one word, or part of one.
fn words(line: &str) -> Result<Vec<String>, String> {
    let (mut words, mut word, mut quoted, mut begun) = (Vec::new(), String::new(), false, false);
    for sign in line.chars() {
        match sign {
            '"' => (quoted, begun) = (!quoted, true),
            ' ' if !quoted => {
                if begun {
                    words.push(std::mem::take(&mut word));
                }
                begun = false;
            }
            sign => {
                word.push(sign);
                begun = true;
            }
        }
    }
    if begun {
        words.push(word);
    }
    if quoted { Err("a quotation mark is not closed".to_owned()) } else { Ok(words) }
}

fn pairs(words: &[String]) -> Result<Vec<Pair>, String> {
    let pair = |word: &String| {
        let (name, value) = word.split_once('=').ok_or_else(|| format!("{word:?} is no field=value"))?;
        Ok((name.to_owned(), value.to_owned()))
    };
    words.iter().map(pair).collect()
}

fn both(text: &str) -> Result<(String, String), String> {
    let (en, zh) = text.split_once(" | ").ok_or("write it in English | 中文")?;
    Ok((en.trim().to_owned(), zh.trim().to_owned()))
}

fn word(words: &[String], at: usize) -> Result<String, String> {
    words.get(at).cloned().ok_or_else(|| "something is missing at the end of the line".to_owned())
}

fn step(line: &str) -> Result<Step, String> {
    let (verb, rest) = line.split_once(' ').unwrap_or((line, ""));
    let told = words(rest)?;
    Ok(match verb {
        "part" => both(rest).map(|(en, zh)| Step::Part(en, zh))?,
        "say" => both(rest).map(|(en, zh)| Step::Say(en, zh))?,
        "user" if rest == "system" => Step::User(String::new(), String::new()),
        "user" => Step::User(word(&told, 0)?, word(&told, 1)?),
        "days" => Step::Days(word(&told, 0)?.parse().map_err(|_| "days are a number")?),
        "create" => Step::Create(word(&told, 0)?, word(&told, 1)?, None, pairs(&told[2..])?, Vec::new()),
        "make" if told.get(2).is_some_and(|word| word == "from") => {
            let from = word(&told, 3)?;
            Step::Create(word(&told, 0)?, word(&told, 1)?, Some(from), pairs(&told[4..])?, Vec::new())
        }
        "change" => Step::Change(word(&told, 0)?, pairs(&told[1..])?),
        "act" => {
            let (name, action) = (word(&told, 0)?, word(&told, 1)?);
            let (args, makes) = match told.iter().position(|word| word == "makes") {
                Some(at) => (&told[2..at], Some((word(&told, at + 1)?, word(&told, at + 2)?))),
                None => (&told[2..], None),
            };
            Step::Act(name, action, pairs(args)?, makes)
        }
        "expect" => Step::Expect(word(&told, 0)?, pairs(&told[1..])?),
        "report" => Step::Report(word(&told, 0)?, pairs(&told[1..])?, Vec::new()),
        "refused" => {
            let (code, rest) = rest.split_once(' ').ok_or("refused CODE and what is refused")?;
            Step::Refused(code.to_owned(), Box::new(step(rest)?))
        }
        other => return Err(format!("there is no statement {other:?}")),
    })
}

fn below(line: &str, step: &mut Step) -> Result<(), String> {
    let told = words(line)?;
    let of = word(&told, 0)?;
    let number = told.get(1).and_then(|word| word.parse().ok());
    let pairs = pairs(&told[1 + usize::from(number.is_some())..])?;
    let below = Below { of, number: number.unwrap_or(0), pairs };
    match step {
        Step::Create(.., lines) | Step::Report(.., lines) => lines.push(below),
        Step::Refused(_, inner) => match &mut **inner {
            Step::Create(.., lines) => lines.push(below),
            _ => return Err("nothing stands below this".to_owned()),
        },
        _ => return Err("nothing stands below this".to_owned()),
    }
    Ok(())
}

impl Scenario {
    /// Reads a scenario; says in which line it cannot be read.
    pub fn parse(text: &str) -> Result<Scenario, String> {
        let mut scenario = Scenario::default();
        for (number, line) in text.lines().enumerate() {
            let at = |why: String| format!("line {}: {why}", number + 1);
            let (line, is_below) = (line.trim_end(), line.starts_with(' '));
            if line.trim().is_empty() || line.starts_with('#') {
                continue;
            }
            if let Some(title) = line.strip_prefix("title ") {
                scenario.title = both(title).map_err(at)?;
            } else if is_below {
                let (_, last) = scenario.steps.last_mut().ok_or_else(|| at("it stands below nothing".to_owned()))?;
                below(line.trim(), last).map_err(at)?;
            } else {
                scenario.steps.push((number + 1, step(line).map_err(at)?));
            }
        }
        if scenario.title.0.is_empty() { Err("it has no title".to_owned()) } else { Ok(scenario) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_read_is_told_with_its_line() {
        let wrong = |text: &str| Scenario::parse(&format!("title a | 一\n{text}")).unwrap_err();
        for text in [
            "sing a song",
            "say only English",
            "create party",
            "create party X name=\"open",
            "  lines a=1",
            "days many",
            "act O1 confirm makes sales_order",
            "expect O1 total",
        ] {
            assert!(wrong(text).starts_with("line 2: "), "{text}: {}", wrong(text));
        }
        assert!(Scenario::parse("say a | 一").is_err(), "without a title");
    }

    #[test]
    fn a_line_is_read_as_it_is_meant() {
        let text =
            "title a | 一\ncreate party X name=\"Blue Ltd\" code=\n  lines product=L\nrefused no act X stop by=1";
        let steps = Scenario::parse(text).unwrap().steps;
        let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        let lines = vec![Below { of: "lines".into(), number: 0, pairs: vec![pair("product", "L")] }];
        let pairs = vec![pair("name", "Blue Ltd"), pair("code", "")];
        assert_eq!(steps[0], (2, Step::Create("party".into(), "X".into(), None, pairs, lines)));
        let act = Step::Act("X".into(), "stop".into(), vec![pair("by", "1")], None);
        assert_eq!(steps[1], (4, Step::Refused("no".into(), Box::new(act))));
    }
}
