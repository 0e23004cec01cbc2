//! The scenarios of `tests/scenarios`, followed on both databases; and the manual's pages of them.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use crate::common::{self, World, on_both, text};
use app::driver::Driver;
use app::scenario::{Below, Pair, Scenario, Step};
use app::setup;
use meta::Trouble;
use serde_json::{Map, Value as Json, json};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// A scenario under way.
struct Story<'a> {
    world: &'a World,
    who: Driver,
    /// Names of the scenario: entity and id.
    names: BTreeMap<String, (String, String)>,
}

impl<'a> Story<'a> {
    fn new(world: &'a World) -> Story<'a> {
        let of = |used_for| setup::account(&world.engine, world.company, used_for).unwrap();
        let (payable, opening) = (of("payable"), of("opening"));
        let names = [
            ("PAYABLE", "account", &payable),
            ("OPENING", "account", &opening),
            ("PIECE", "unit", &world.piece),
            ("TAX20", "tax", &world.tax),
            ("BANK", "account", &world.bank),
            ("STOCK", "place", &world.place),
        ];
        let names = names.map(|(name, entity, id)| (name.to_owned(), (entity.to_owned(), id.clone())));
        let company = ("COMPANY".to_owned(), ("company".to_owned(), kernel::id_text("co", world.company)));
        let desk = &world.desk;
        let who = Driver { engine: desk.engine.clone(), actor: desk.actor.clone() };
        Story { world, who, names: names.into_iter().chain([company]).collect() }
    }

    fn named(&self, name: &str) -> (String, String) {
        self.names.get(name).cloned().unwrap_or_else(|| panic!("nothing is called {name}"))
    }

    /// What a word of the scenario stands for: a record, a day, or itself.
    fn value(&self, word: &str) -> Json {
        if let Some((_, id)) = self.names.get(word) {
            return json!(id);
        }
        match (word, word.strip_prefix("today")) {
            ("", _) => Json::Null,
            ("true" | "false", _) => json!(word == "true"),
            (_, Some("")) => json!(self.world.day(0)),
            (_, Some(days)) => json!(self.world.day(days.trim_start_matches('+').parse().expect("today+7"))),
            _ => json!(word),
        }
    }

    fn body(&self, pairs: &[Pair]) -> Map<String, Json> {
        pairs.iter().map(|(name, value)| (name.clone(), self.value(value))).collect()
    }

    fn with_lines(&self, body: &mut Map<String, Json>, lines: &[Below]) {
        for below in lines {
            let all = body.entry(below.of.clone()).or_insert_with(|| json!([]));
            let all = all.as_array_mut().expect("a list of lines");
            let told = self.body(&below.pairs);
            match below.number {
                0 => all.push(Json::Object(told)),
                number => all[number - 1].as_object_mut().expect("a line").extend(told),
            }
        }
    }

    /// Does what is expected to be refused.
    fn try_to(&self, step: &Step) -> Result<(), Trouble> {
        match step {
            Step::Create(entity, _, from, pairs, lines) => {
                let mut body = match from {
                    Some(from) => {
                        let (source, id) = self.named(from);
                        self.who.prefilled(entity, (&source, &id))?
                    }
                    None => Map::new(),
                };
                body.extend(self.body(pairs));
                self.with_lines(&mut body, lines);
                self.world.create(&self.who.actor, entity, Json::Object(body)).map(|_| ())
            }
            Step::Change(name, pairs) => {
                let (entity, id) = self.named(name);
                self.world.change(&self.who.actor, &entity, &id, Json::Object(self.body(pairs))).map(|_| ())
            }
            Step::Act(name, action, args, _) => {
                let (entity, id) = self.named(name);
                self.world.try_act(&self.who.actor, &entity, &id, action, Json::Object(self.body(args))).map(|_| ())
            }
            other => panic!("{other:?} cannot be refused"),
        }
    }

    fn follow(&mut self, step: &Step) {
        let said = |trouble: Trouble| panic!("{trouble:?}");
        match step {
            Step::Part(..) | Step::Say(..) => {}
            Step::User(login, _) if login.is_empty() => {
                self.who = Driver { engine: self.world.engine.clone(), actor: self.world.desk.actor.clone() };
            }
            Step::User(login, role) => {
                self.who = self.world.as_user(login, role);
                let user = kernel::id_text("us", self.world.user(login, role));
                self.names.insert(login.clone(), ("user".to_owned(), user));
            }
            Step::Days(days) => self.world.days_pass(*days),
            Step::Create(entity, name, from, pairs, lines) => {
                let mut body = match from {
                    Some(from) => {
                        let (source, id) = self.named(from);
                        self.who.prefilled(entity, (&source, &id)).unwrap_or_else(said)
                    }
                    None => Map::new(),
                };
                if *entity == "payment" {
                    // The rate goes with the day and the currency that are said.
                    body.remove("rate");
                }
                body.extend(self.body(pairs));
                self.with_lines(&mut body, lines);
                let id = self.who.create(entity, Json::Object(body)).unwrap_or_else(|trouble| panic!("{trouble:?}"));
                self.names.insert(name.clone(), (entity.clone(), id));
            }
            Step::Change(name, pairs) => {
                let (entity, id) = self.named(name);
                self.who.change(&entity, &id, Json::Object(self.body(pairs))).unwrap_or_else(|why| panic!("{why:?}"));
            }
            Step::Act(name, action, args, makes) => {
                let (entity, id) = self.named(name);
                let told = self.who.act(&entity, &id, action, Json::Object(self.body(args)));
                let told = told.unwrap_or_else(|why| panic!("{why:?}"));
                if let Some((entity, name)) = makes {
                    let made = told["posted"]["created"].as_array().unwrap();
                    let made = made.iter().find(|one| one["entity"] == entity.as_str());
                    let id = text(&made.unwrap_or_else(|| panic!("no {entity} was made"))["id"]);
                    self.names.insert(name.clone(), (entity.clone(), id));
                }
            }
            Step::Expect(name, pairs) => {
                let (entity, id) = self.named(name);
                let shown = self.world.get(&entity, &id);
                for (path, value) in pairs {
                    let found = path.split('.').fold(&shown, |at, part| match part.parse::<usize>() {
                        Ok(number) => &at[number - 1],
                        Err(_) => &at[part],
                    });
                    assert!(self.is(found, value), "{name} shows {path} {found}, not {value}");
                }
            }
            Step::Report(name, params, rows) => {
                let params: Vec<(String, String)> =
                    params.iter().map(|(name, value)| (name.clone(), text(&self.value(value)))).collect();
                let told: Vec<(&str, &str)> = params.iter().map(|(a, b)| (a.as_str(), b.as_str())).collect();
                let report = self.world.report(name, &told);
                for row in rows {
                    self.row(&report, row);
                }
            }
            Step::Refused(code, inner) => {
                let before = self.world.counts();
                match self.try_to(inner) {
                    Err(Trouble::Refused(refusal)) => {
                        let codes: Vec<&str> = refusal.problems.iter().map(|problem| problem.code).collect();
                        assert!(codes.contains(&code.as_str()), "refused with {codes:?}, not {code}");
                    }
                    other => panic!("not refused with {code}: {other:?}"),
                }
                assert_eq!(self.world.counts(), before, "a refusal writes nothing");
            }
        }
    }

    /// Whether a cell or field is what the scenario says; a record is named by its name or label.
    fn is(&self, found: &Json, word: &str) -> bool {
        let wanted = self.value(word);
        match found {
            Json::Object(parts) => {
                let label = parts.get("label").and_then(Json::as_str).unwrap_or("");
                parts.get("id") == Some(&wanted) || label == word || label.starts_with(&format!("{word} "))
            }
            Json::Number(number) => number.to_string() == word,
            found => *found == wanted || found.as_str() == Some(word),
        }
    }

    /// A row whose first field is as said must show the others.
    fn row(&self, report: &Json, row: &Below) {
        let rows = report["rows"].as_array().unwrap();
        let (first, rest) = row.pairs.split_first().expect("a row is found by its first field");
        let found: Vec<&Json> = match row.of.as_str() {
            "total" => rows.iter().rev().take(1).collect(),
            _ => rows.iter().filter(|one| self.is(&one["cells"][&first.0], &first.1)).collect(),
        };
        let rest = if row.of == "total" { &row.pairs[..] } else { rest };
        let fits = found.iter().any(|one| rest.iter().all(|(name, value)| self.is(&one["cells"][name], value)));
        let cells: Vec<&Json> = rows.iter().map(|one| &one["cells"]).collect();
        assert!(fits, "no row with {:?}; rows of that name: {found:?}; all: {cells:?}", row.pairs);
    }
}

fn scenarios() -> Vec<(String, Scenario)> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(root().join("tests/scenarios")).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|end| end == "scn") {
            let name = path.file_stem().unwrap().to_string_lossy().into_owned();
            let text = std::fs::read_to_string(&path).unwrap();
            found.push((name.clone(), Scenario::parse(&text).unwrap_or_else(|why| panic!("{name}: {why}"))));
        }
    }
    found.sort_by(|one, other| one.0.cmp(&other.0));
    found
}

fn followed(name: &str) {
    let text = std::fs::read_to_string(root().join(format!("tests/scenarios/{name}.scn"))).unwrap();
    let scenario = Scenario::parse(&text).unwrap();
    on_both(|world| {
        let mut story = Story::new(world);
        for (line, step) in &scenario.steps {
            let here = std::panic::AssertUnwindSafe(|| story.follow(step));
            if let Err(why) = std::panic::catch_unwind(here) {
                eprintln!("{name}.scn, line {line}, on {}", world.on);
                std::panic::resume_unwind(why);
            }
        }
        world.verified(name);
    });
}

macro_rules! follow {
    ($($name:ident)*) => {
        $(#[test] fn $name() { followed(stringify!($name)); })*
        #[test]
        fn every_scenario_is_followed_and_looks_at_something() {
            let told: Vec<&str> = vec![$(stringify!($name)),*];
            let mut found = 0;
            for (name, scenario) in scenarios() {
                assert!(told.contains(&name.as_str()), "{name}.scn is not followed: name it here");
                let looks = scenario.steps.iter().filter(|(_, step)| {
                    matches!(step, Step::Expect(..) | Step::Report(..) | Step::Refused(..))
                });
                assert!(looks.count() >= 3, "{name}.scn looks at nothing");
                found += 1;
            }
            assert_eq!(found, told.len());
        }
    };
}

follow! {
    sold_in_parts
    returned_and_credited
    paid_in_another_currency
    beyond_the_credit_limit
    a_receipt_that_came_to_light_late
    a_closed_period
    price_lists_and_prices_with_tax
    an_advance_and_what_it_pays
    what_we_owe_and_since_when
}

#[test]
fn the_pages_of_the_manual_are_current() {
    let folder = root().join("docs/manual/scenarios");
    let pages = app::regen::scenario_pages(&root()).unwrap();
    for (name, text) in &pages {
        let kept = std::fs::read_to_string(folder.join(name)).unwrap_or_default();
        assert!(kept == *text, "{name} is not current: run `cargo xtask regen`");
    }
    let kept = std::fs::read_dir(&folder).unwrap().count();
    assert_eq!(kept, pages.len(), "a page is left of a scenario that is gone");
    // Every word a reader sees of a record has a label in the language of the page.
    for (name, text) in pages.iter().filter(|(name, _)| name.ends_with(".zh.md")) {
        let english = text.lines().filter(|line| line.trim_start().starts_with("- ") && line.is_ascii()).count();
        assert_eq!(english, 0, "{name} has lines without Chinese");
    }
}

#[test]
fn a_scenario_that_says_something_wrong_fails() {
    on_both(|world| {
        let text = "title a | 一\ncreate party BLUE code=BLUE name=Blue is_customer=true\n";
        for (line, fails) in [
            ("expect BLUE name=Blue", false),
            ("expect BLUE name=Red", true),
            ("refused not_there change BLUE name=Red", true),
            ("refused readonly_field change BLUE id=pa_1", true),
            ("report trial_balance as_of=today\n  row account=1200 closing=5.00", true),
            ("act BLUE fly", true),
        ] {
            let scenario = Scenario::parse(&format!("{text}{line}")).unwrap();
            let mut story = Story::new(world);
            let run = std::panic::AssertUnwindSafe(|| scenario.steps.iter().for_each(|(_, step)| story.follow(step)));
            let failed = std::panic::catch_unwind(run).is_err();
            assert_eq!(failed, fails, "{line}");
            let id = story.names.get("BLUE").cloned();
            if let Some((_, id)) = id {
                let raw = common::raw(&world.engine, "party", &id);
                let _ = world.engine.remove(&world.desk.actor, "party", raw, None, None);
            }
        }
    });
}
