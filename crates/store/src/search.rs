//! Search: text becomes tokens that both databases index alike.
//!
//! ```text
//! 蓝轮 Wheel DN50     蓝轮 蓝 轮 · lanlun lun ll l · wheel · dn50 dn 50
//! ```
//!
//! Most Chinese words have two characters, which the databases' own indexes of trigrams
//! or words do not find; overlapping pairs do. Pinyin and initials are kept from each
//! character on, so that the beginning of any word is found while it is typed.

use meta::{Fault, FieldKind, Record, Row, Value};
use pinyin::ToPinyin;

use crate::{Conn, Dialect, Statement};

/// The longest token; a longer word is cut into several.
const TOKEN_MAX: usize = 64;
/// How many tokens one record has at most.
const TOKENS_MAX: usize = 2_000;
/// How many characters of a text get pinyin: names do, novels need not.
const PINYIN_MAX: usize = 64;
/// How many syllables are written together.
const SYLLABLES_MAX: usize = 8;
/// How many words of a question are looked at.
const WORDS_MAX: usize = 12;
/// Of which length a word is forgiven a slip.
const SLIP_LETTERS: std::ops::RangeInclusive<usize> = 4..=14;
/// From how many Chinese characters on one of them may be wrong.
const SLIP_CHARACTERS: usize = 3;
/// In how many words of a question.
const SLIP_WORDS: usize = 2;
/// How many finds are weighed; beyond that, the newest are good enough.
const WEIGHED_MAX: usize = 500;

/// A run of letters of one sort.
enum Run {
    Chinese(Vec<char>),
    Word(String),
}

fn is_chinese(letter: char) -> bool {
    matches!(letter, '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3134f}')
}

/// Lower case, and full-width letters as the usual ones.
fn plain(text: &str) -> impl Iterator<Item = char> + '_ {
    let narrow = |letter: char| match letter {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(letter as u32 - 0xfee0).unwrap_or(letter),
        other => other,
    };
    text.chars().map(narrow).flat_map(char::to_lowercase)
}

fn runs(text: &str) -> Vec<Run> {
    let mut runs = Vec::new();
    let mut is_open = false;
    for letter in plain(text) {
        let is_letter = letter.is_alphanumeric();
        match runs.last_mut() {
            Some(Run::Chinese(run)) if is_open && is_chinese(letter) => run.push(letter),
            Some(Run::Word(run)) if is_open && is_letter && !is_chinese(letter) && run.chars().count() < TOKEN_MAX => {
                run.push(letter);
            }
            _ if is_chinese(letter) => runs.push(Run::Chinese(vec![letter])),
            _ if is_letter => runs.push(Run::Word(letter.to_string())),
            _ => {}
        }
        is_open = is_letter;
    }
    runs
}

/// The tokens of a text, in order, without doubles.
pub fn tokens(text: &str) -> Vec<String> {
    let mut tokens = Tokens::default();
    let mut spelled = 0;
    for run in runs(text) {
        match run {
            Run::Word(word) => tokens.word(&word),
            Run::Chinese(run) => {
                run.windows(2).for_each(|pair| tokens.add(pair.iter().collect()));
                run.iter().for_each(|letter| tokens.add(letter.to_string()));
                let left = PINYIN_MAX.saturating_sub(spelled).min(run.len());
                tokens.pinyin(&run[..left]);
                spelled += left;
            }
        }
    }
    tokens.list
}

#[derive(Default)]
struct Tokens {
    list: Vec<String>,
    known: std::collections::HashSet<String>,
}

impl Tokens {
    fn add(&mut self, token: String) {
        if self.list.len() < TOKENS_MAX && self.known.insert(token.clone()) {
            self.list.push(token);
        }
    }

    /// A word, its parts of letters and of digits, and its numbers without leading zeros.
    fn word(&mut self, word: &str) {
        self.add(word.to_owned());
        let letters: Vec<char> = word.chars().collect();
        for part in letters.chunk_by(|a, b| a.is_numeric() == b.is_numeric()) {
            let part: String = part.iter().collect();
            let short = part.trim_start_matches('0').to_owned();
            self.add(part);
            if !short.is_empty() {
                self.add(short);
            }
        }
    }

    fn pinyin(&mut self, run: &[char]) {
        let syllables: Vec<&str> =
            run.iter().filter_map(|letter| letter.to_pinyin().map(|sound| sound.plain())).collect();
        for start in 0..syllables.len() {
            let some = &syllables[start..syllables.len().min(start + SYLLABLES_MAX)];
            let whole = some.concat();
            // Keyboards without ü write it as v, papers often as u.
            let spellings: &[&str] = if whole.contains('ü') { &["ü", "v", "u"] } else { &["ü"] };
            for letter in spellings {
                self.add(whole.replace('ü', letter).chars().take(TOKEN_MAX).collect());
                self.add(some[0].replace('ü', letter));
            }
            self.add(some.iter().filter_map(|sound| sound.chars().next()).collect());
        }
    }
}

/// A word of a question: must be there, as it is or as a beginning.
#[derive(Debug, PartialEq, Eq)]
struct Word {
    text: String,
    is_prefix: bool,
}

/// What a question asks for: all of these words; the last Latin one may be a beginning.
fn words(question: &str) -> Vec<Word> {
    let mut words = Vec::new();
    for run in runs(question) {
        match run {
            Run::Word(text) => words.push(Word { text, is_prefix: false }),
            Run::Chinese(run) if run.len() == 1 => words.push(Word { text: run.iter().collect(), is_prefix: false }),
            Run::Chinese(run) => {
                words.extend(run.windows(2).map(|pair| Word { text: pair.iter().collect(), is_prefix: false }))
            }
        }
    }
    words.truncate(WORDS_MAX);
    if let Some(last) = words.last_mut() {
        last.is_prefix = last.text.chars().all(|letter| !is_chinese(letter));
    }
    words
}

/// The question in the language of the index. Words are letters and digits only, each in
/// quotes, so nothing in them is ever an operator. `None` when there is nothing to ask.
fn matching(question: &str, dialect: Dialect) -> Option<String> {
    let words = words(question);
    if words.is_empty() {
        return None;
    }
    let one = |word: &Word| quoted(&word.text, word.is_prefix, dialect);
    Some(words.iter().map(one).collect::<Vec<_>>().join(if dialect == Dialect::Sqlite { " AND " } else { " & " }))
}

fn quoted(text: &str, is_prefix: bool, dialect: Dialect) -> String {
    match (dialect, is_prefix) {
        (Dialect::Sqlite, false) => format!("\"{text}\""),
        (Dialect::Sqlite, true) => format!("\"{text}\" *"),
        (Dialect::Postgres, false) => format!("'{text}'"),
        (Dialect::Postgres, true) => format!("'{text}':*"),
    }
}

/// All that is one slip of the fingers away from a word: a letter too many, too few, another, or
/// two the other way round. The first letter is thought to be right.
fn slips(word: &str) -> Vec<String> {
    let letters: Vec<char> = word.chars().collect();
    let mut all = Vec::new();
    let mut add = |change: &dyn Fn(&mut Vec<char>)| {
        let mut other = letters.clone();
        change(&mut other);
        all.push(other.into_iter().collect());
    };
    for at in 1..=letters.len() {
        for letter in 'a'..='z' {
            add(&|other| other.insert(at, letter));
            if at < letters.len() && letters[at] != letter {
                add(&|other| other[at] = letter);
            }
        }
        if at < letters.len() {
            add(&|other| {
                other.remove(at);
            });
            add(&|other| other.swap(at - 1, at));
        }
    }
    all
}

/// The parts of a condition in the language of the index.
fn joined(parts: Vec<String>, between: [&str; 2], dialect: Dialect) -> String {
    match parts.len() {
        1 => parts.concat(),
        _ => format!("({})", parts.join(if dialect == Dialect::Sqlite { between[0] } else { between[1] })),
    }
}
const OR: [&str; 2] = [" OR ", " | "];
const AND: [&str; 2] = [" AND ", " & "];

/// What else a run of Chinese characters may have been meant to be: another that sounds alike, or,
/// from three characters on, one that differs in a single character.
fn meant(run: &[char], dialect: Dialect) -> Vec<String> {
    let pairs = |from: usize, to: usize| {
        let part = run.get(from..to).unwrap_or_default();
        match part {
            [only] => vec![only.to_string()],
            part => part.windows(2).map(|pair| pair.iter().collect()).collect(),
        }
    };
    let mut all = Vec::new();
    let sounds: Option<Vec<&str>> = run.iter().map(|letter| letter.to_pinyin().map(|sound| sound.plain())).collect();
    if let Some(sounds) = sounds.filter(|sounds| sounds.len() <= SYLLABLES_MAX) {
        all.push(quoted(&sounds.concat(), true, dialect));
    }
    if run.len() >= SLIP_CHARACTERS {
        for wrong in 0..run.len() {
            let right: Vec<String> = [pairs(0, wrong), pairs(wrong + 1, run.len())].concat();
            let right = right.iter().map(|text| quoted(text, false, dialect)).collect();
            all.push(joined(right, AND, dialect));
        }
    }
    all
}

/// The question with one slip allowed in some of its longer words; `None` where it has none.
fn nearly(question: &str, dialect: Dialect) -> Option<String> {
    let mut runs = runs(question);
    runs.truncate(WORDS_MAX);
    let last = runs.len().saturating_sub(1);
    let mut loose = 0;
    let one = |(at, run): (usize, &Run)| {
        let (own, others): (Vec<String>, Vec<String>) = match run {
            Run::Word(word) => {
                let is_short =
                    !SLIP_LETTERS.contains(&word.len()) || !word.bytes().all(|letter| letter.is_ascii_lowercase());
                let others = if is_short || loose == SLIP_WORDS { Vec::new() } else { slips(word) };
                let others = others.iter().map(|text| quoted(text, at == last, dialect));
                (vec![quoted(word, at == last, dialect)], others.collect())
            }
            Run::Chinese(run) => {
                let run = &run[..run.len().min(WORDS_MAX)];
                let own = match run {
                    [only] => vec![quoted(&only.to_string(), false, dialect)],
                    run => {
                        run.windows(2).map(|pair| quoted(&pair.iter().collect::<String>(), false, dialect)).collect()
                    }
                };
                let others = if run.len() < 2 || loose == SLIP_WORDS { Vec::new() } else { meant(run, dialect) };
                (own, others)
            }
        };
        loose += usize::from(!others.is_empty());
        let own = joined(own, AND, dialect);
        joined(std::iter::once(own).chain(others).collect(), OR, dialect)
    };
    let parts: Vec<String> = runs.iter().enumerate().map(one).collect();
    (loose > 0).then(|| parts.join(if dialect == Dialect::Sqlite { AND[0] } else { AND[1] }))
}

/// The tables of the search.
pub(crate) fn base(dialect: Dialect) -> Vec<String> {
    let all: &[&str] = match dialect {
        Dialect::Sqlite => &[
            "create table if not exists search (number integer primary key, company integer not null, \
             entity text not null, id integer not null, label text not null, unique (entity, id)) strict",
            "create virtual table if not exists search_index using fts5 (tokens, content='', contentless_delete=1, \
             tokenize='unicode61 remove_diacritics 0', prefix='1 2 3')",
        ],
        Dialect::Postgres => &[
            "create table if not exists search (company bigint not null, entity text collate \"C\" not null, \
             id bigint not null, label text collate \"C\" not null, tokens tsvector not null, primary key (entity, id))",
            "create index if not exists search_by_tokens on search using gin (tokens)",
        ],
    };
    all.iter().map(|sql| (*sql).to_owned()).collect()
}

/// The text of a record that is searched: its title and its fields marked so.
fn text_of(record: &Record) -> String {
    let meta = record.meta;
    let is_wanted = |name: &str| meta.title.contains(&name) || meta.field(name).is_some_and(|field| field.search);
    let mut parts: Vec<&str> = Vec::new();
    for (index, field) in meta.fields.iter().enumerate() {
        let is_text = !matches!(field.kind, FieldKind::Ref(_) | FieldKind::Owned(_) | FieldKind::Json);
        if is_text && is_wanted(field.name) {
            parts.extend(record.at(index).text());
        }
    }
    parts.extend(record.external_id.as_deref());
    parts.join("\n")
}

/// The statements that make a record found, as it is now.
pub fn index(dialect: Dialect, record: &Record) -> Vec<Statement> {
    let entity = Value::from(record.meta.name);
    let id = Value::Int(record.id);
    let company = Value::Int(record.company().unwrap_or(0));
    let label = Value::from(record.label());
    let tokens = Value::from(tokens(&text_of(record)).join(" "));
    match dialect {
        Dialect::Sqlite => vec![
            unindex(dialect, record).swap_remove(0),
            Statement::new(
                "insert into search (company, entity, id, label) values (?1, ?2, ?3, ?4)
                 on conflict (entity, id) do update set company = excluded.company, label = excluded.label",
                vec![company, entity.clone(), id.clone(), label],
            ),
            Statement::new(
                "insert into search_index (rowid, tokens) select number, ?3 from search where entity = ?1 and id = ?2",
                vec![entity, id, tokens],
            ),
        ],
        Dialect::Postgres => vec![Statement::new(
            "insert into search (company, entity, id, label, tokens)
             values (?1, ?2, ?3, ?4, array_to_tsvector(array_remove(string_to_array(cast(?5 as text), ' '), '')))
             on conflict (entity, id) do update
             set company = excluded.company, label = excluded.label, tokens = excluded.tokens",
            vec![company, entity, id, label, tokens],
        )],
    }
}

/// The statements that make a record found no more.
pub fn unindex(dialect: Dialect, record: &Record) -> Vec<Statement> {
    let args = vec![Value::from(record.meta.name), Value::Int(record.id)];
    let row = Statement::new("delete from search where entity = ?1 and id = ?2", args.clone());
    match dialect {
        Dialect::Sqlite => vec![
            Statement::new(
                "delete from search_index where rowid = (select number from search where entity = ?1 and id = ?2)",
                args,
            ),
            row,
        ],
        Dialect::Postgres => vec![row],
    }
}

/// How closely words are looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Closeness {
    /// As they are written.
    Exact,
    /// With a slip here and there: see [`find`].
    Near,
}

/// Whether any of these entities has these words, in these companies or outside of all. What asks
/// for nothing is had by all.
pub(crate) fn has(conn: &dyn Conn, companies: &[i64], entities: &[&str], text: &str) -> Result<bool, Fault> {
    match matching(text, conn.dialect()) {
        Some(question) => Ok(!rows(conn, companies, entities, question, 1)?.is_empty()),
        None => Ok(true),
    }
}

/// A condition on an id for a list: is among what the words find. Adds its values to `args`.
/// `None` where there is nothing to ask, or nothing in the words can have slipped.
pub(crate) fn condition(
    dialect: Dialect,
    column: &str,
    entity: &str,
    question: &str,
    closeness: Closeness,
    args: &mut Vec<Value>,
) -> Option<String> {
    let question = match closeness {
        Closeness::Exact => matching(question, dialect)?,
        Closeness::Near => nearly(question, dialect)?,
    };
    args.extend([Value::from(entity), Value::from(question)]);
    let (entity, question) = (args.len() - 1, args.len());
    Some(match dialect {
        Dialect::Sqlite => format!(
            "{column} in (select s.id from search_index f join search s on s.number = f.rowid \
             where search_index match ?{question} and s.entity = ?{entity})"
        ),
        Dialect::Postgres => format!(
            "{column} in (select s.id from search s \
             where s.tokens @@ cast(cast(?{question} as text) as tsquery) and s.entity = ?{entity})"
        ),
    })
}

/// Something found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hit {
    /// Which entity.
    pub entity: String,
    /// Which record.
    pub id: i64,
    /// How well it fits; the best has the most.
    pub score: i64,
    /// What it was called when it was indexed.
    pub label: String,
}

/// What the words find in these companies (and outside of all) among these entities. Where nothing
/// has them all, one slip of the fingers is forgiven in the longer Latin ones, and in Chinese ones
/// characters that sound alike or a single wrong one; what is most like them comes first.
pub fn find(
    conn: &dyn Conn,
    companies: &[i64],
    entities: &[&str],
    text: &str,
    limit: usize,
) -> Result<Vec<Hit>, Fault> {
    let Some(question) = matching(text, conn.dialect()) else { return Ok(Vec::new()) };
    if entities.is_empty() {
        return Ok(Vec::new());
    }
    let hits = ask(conn, companies, entities, text, question, limit, score)?;
    if !hits.is_empty() {
        return Ok(hits);
    }
    // Nothing has these words: perhaps they were mistyped.
    match nearly(text, conn.dialect()) {
        Some(question) => ask(conn, companies, entities, text, question, limit, likeness),
        None => Ok(hits),
    }
}

fn ask(
    conn: &dyn Conn,
    companies: &[i64],
    entities: &[&str],
    text: &str,
    question: String,
    limit: usize,
    weigh: fn(&str, &str) -> i64,
) -> Result<Vec<Hit>, Fault> {
    let rows = rows(conn, companies, entities, question, WEIGHED_MAX)?;
    let asked: String = plain(text.trim()).collect();
    let hits = rows.iter().map(|row| {
        let label = row.text(2).to_owned();
        Hit { entity: row.text(0).to_owned(), id: row.int(1), score: weigh(&label, &asked), label }
    });
    let mut hits: Vec<Hit> = hits.collect();
    hits.sort_by_key(|hit| (-hit.score, -hit.id));
    hits.truncate(limit);
    Ok(hits)
}

/// What a question of the index finds, the newest first: entity, id, label.
fn rows(
    conn: &dyn Conn,
    companies: &[i64],
    entities: &[&str],
    question: String,
    most: usize,
) -> Result<Vec<Row>, Fault> {
    let mut args = vec![Value::from(question)];
    let mut list = |values: Vec<Value>| {
        let from = args.len() + 1;
        args.extend(values);
        (from..=args.len()).map(|at| format!("?{at}")).collect::<Vec<_>>().join(", ")
    };
    let companies = list(std::iter::once(0).chain(companies.iter().copied()).map(Value::Int).collect());
    let entities = list(entities.iter().map(|name| Value::from(*name)).collect());
    let (from, order) = match conn.dialect() {
        Dialect::Sqlite => {
            ("search_index f join search s on s.number = f.rowid where search_index match ?1", "f.rowid desc")
        }
        Dialect::Postgres => ("search s where s.tokens @@ cast(cast(?1 as text) as tsquery)", "s.id desc"),
    };
    conn.query(
        &format!(
            "select s.entity, s.id, s.label from {from}
             and s.company in ({companies}) and s.entity in ({entities}) order by {order} limit {most}"
        ),
        &args,
    )
}

/// The name itself before names that begin so, before names that contain it.
fn score(label: &str, asked: &str) -> i64 {
    let label: String = plain(label).collect();
    match label.find(asked) {
        Some(_) if label == asked => 100,
        Some(0) => 80,
        Some(_) => 60,
        None => 40,
    }
}

/// How much of what was asked is in a name, in percent of its letters, and less than a name that has all of it.
fn likeness(label: &str, asked: &str) -> i64 {
    let label: Vec<char> = plain(label).collect();
    let asked: Vec<char> = asked.chars().filter(|letter| letter.is_alphanumeric()).collect();
    let shared = asked.iter().filter(|letter| label.contains(letter)).count();
    i64::try_from(shared * 40 / asked.len().max(1)).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn has(text: &str, wanted: &[&str]) {
        let found = tokens(text);
        for one in wanted {
            assert!(found.iter().any(|token| token == one), "{one} in {found:?}");
        }
    }

    #[test]
    fn texts_become_pairs_words_and_pinyin() {
        has("深圳鹏程", &["深圳", "圳鹏", "鹏程", "深", "程", "shenzhenpengcheng", "pengcheng", "szpc", "pc", "peng"]);
        has("SO-2026-00012 DN50", &["so", "2026", "00012", "12", "dn50", "dn", "50"]);
        has("绿源", &["lüyuan", "lvyuan", "luyuan", "lv", "ly"]);
        has("ＡＢＣ法兰Straße", &["abc", "法兰", "straße", "falan"]);
        assert_eq!(tokens(" -- '\"*:&|!() "), Vec::<String>::new());
    }

    #[test]
    fn a_wrong_character_is_forgiven_from_three_on_and_one_that_sounds_alike_always() {
        let nearly = |text: &str| nearly(text, Dialect::Postgres).unwrap_or_default();
        assert_eq!(nearly("朋程"), "('朋程' | 'pengcheng':*)");
        assert_eq!(nearly("深川轮"), "(('深川' & '川轮') | 'shenchuanlun':* | '川轮' | ('深' & '轮') | '深川')");
        assert_eq!(nearly("轮"), "");
        assert_eq!(nearly("王 12"), "");
        assert!(nearly("acme 朋程").ends_with("& ('朋程' | 'pengcheng':*)"), "Latin and Chinese words stand together");
    }

    #[test]
    fn questions_hold_only_quoted_words() {
        assert_eq!(
            matching("so' OR \"x\"* NEAR(a", Dialect::Sqlite).unwrap(),
            "\"so\" AND \"or\" AND \"x\" AND \"near\" AND \"a\" *"
        );
        assert_eq!(matching("a' | !b:*\\", Dialect::Postgres).unwrap(), "'a' & 'b':*");
        assert_eq!(matching("电子 flan", Dialect::Postgres).unwrap(), "'电子' & 'flan':*");
        assert_eq!(matching("王", Dialect::Sqlite).unwrap(), "\"王\"");
        assert_eq!(matching("'\"\\", Dialect::Sqlite), None);
    }
}
