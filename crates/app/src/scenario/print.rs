//! A scenario as a page of the manual.

use std::collections::BTreeMap;

use kernel::{Label, Lang};
use meta::{EntityMeta, FieldKind, Registry};

use super::{Below, Pair, Scenario, Step};

/// What columns of reports are called: they are known to the report only when it is made.
const COLUMNS: &[(&str, Label)] = &[
    ("not_due", Label::new("not due", "未到期")),
    ("to_30", Label::new("up to 30 days", "30 天内")),
    ("to_60", Label::new("31 to 60 days", "31–60 天")),
    ("on_hand", Label::new("on hand", "现有")),
    ("reserved", Label::new("reserved", "已预留")),
    ("free", Label::new("free", "可用")),
    ("closing", Label::new("balance", "期末余额")),
    ("total", Label::new("total", "合计")),
    ("value", Label::new("value", "金额")),
    ("qty", Label::new("quantity", "数量")),
];

/// A page being written, in one language.
struct Page<'a> {
    registry: &'a Registry,
    lang: Lang,
    /// Which entity a name of the scenario is of.
    names: BTreeMap<&'a str, &'a str>,
    who: &'a str,
    text: String,
}

/// Prints a scenario for readers of one language.
pub fn page(scenario: &Scenario, registry: &Registry, lang: Lang) -> String {
    let mut page = Page { registry, lang, names: BTreeMap::new(), who: "", text: String::new() };
    let title = page.pick(&scenario.title.0, &scenario.title.1).to_owned();
    let made_of = page.pick(
        "This page is printed from a scenario that is carried out on every change of the program, so what it says is so.",
        "本页由场景脚本生成；程序每次修改都会实际执行该场景，因此内容与程序一致。",
    );
    page.text = format!("# {title}\n\n{made_of}\n");
    for (_, step) in &scenario.steps {
        page.step(step);
    }
    page.text
}

impl<'a> Page<'a> {
    fn pick<'b>(&self, en: &'b str, zh: &'b str) -> &'b str {
        match self.lang {
            Lang::En => en,
            Lang::Zh => zh,
        }
    }

    fn label(&self, label: Label) -> &'static str {
        label.get(self.lang)
    }

    fn entity(&self, name: &str) -> Option<&'static EntityMeta> {
        self.registry.entity(name)
    }

    fn entity_label(&self, name: &str) -> String {
        self.entity(name).map_or_else(|| name.to_owned(), |meta| self.label(meta.label).to_owned())
    }

    /// The label of a field, through lines: `lines.1.qty`.
    fn field(&self, meta: Option<&'static EntityMeta>, path: &str) -> String {
        let (name, rest) = path.split_once('.').unwrap_or((path, ""));
        let Some(field) = meta.and_then(|meta| meta.field(name)) else { return format!("`{path}`") };
        let label = self.label(field.label);
        match (field.kind, rest.split_once('.')) {
            (FieldKind::Owned(line), Some((number, rest))) => {
                format!("{label} {number} {}", self.field(Some(line()), rest))
            }
            _ => label.to_owned(),
        }
    }

    fn value(&self, meta: Option<&'static EntityMeta>, path: &str, value: &str) -> String {
        let name = path.rsplit('.').next().unwrap_or(path);
        let field = meta.and_then(|meta| meta.field(name));
        if let Some(FieldKind::Choice(choice)) = field.map(|field| field.kind)
            && let Some(value) = choice.value(value)
        {
            return self.label(value.label).to_owned();
        }
        match value {
            "" => self.pick("nothing", "空").to_owned(),
            "true" => self.pick("yes", "是").to_owned(),
            "false" => self.pick("no", "否").to_owned(),
            _ => match value.strip_prefix("today") {
                Some("") => self.pick("today", "今天").to_owned(),
                Some(days) if days.starts_with('+') => match self.lang {
                    Lang::En => format!("in {} days", &days[1..]),
                    Lang::Zh => format!("{} 天后", &days[1..]),
                },
                Some(days) => match self.lang {
                    Lang::En => format!("{} days ago", days.trim_start_matches('-')),
                    Lang::Zh => format!("{} 天前", days.trim_start_matches('-')),
                },
                None => value.to_owned(),
            },
        }
    }

    fn list(&self, meta: Option<&'static EntityMeta>, pairs: &[Pair]) -> String {
        let one = |(name, value): &Pair| {
            let (name, value) = (self.field(meta, name), self.value(meta, name, value));
            format!("{name}{}{value}", self.pick(" ", "："))
        };
        pairs.iter().map(one).collect::<Vec<_>>().join(self.pick(", ", "，"))
    }

    /// A column of a report: of what its rows are, or a figure.
    fn column(&self, name: &str) -> String {
        match COLUMNS.iter().find(|(known, _)| *known == name) {
            Some((_, label)) => self.label(*label).to_owned(),
            None => self.entity_label(name),
        }
    }

    /// Adds a sentence with what stands between its parts.
    fn say(&mut self, en: &str, zh: &str, told: &[&str]) {
        let mut text = self.pick(en, zh).to_owned();
        for part in told {
            text = text.replacen("{}", part, 1);
        }
        let text = if self.lang == Lang::En && self.who.is_empty() { capital(&text) } else { text };
        self.text.push_str(&format!("\n- {text}"));
    }

    fn lines(&mut self, meta: Option<&'static EntityMeta>, lines: &[Below]) {
        for below in lines {
            let line = match meta.and_then(|meta| meta.field(&below.of)).map(|field| field.kind) {
                Some(FieldKind::Owned(line)) => Some(line()),
                _ => None,
            };
            let number = if below.number == 0 { String::new() } else { format!("{}: ", below.number) };
            let told = self.list(line, &below.pairs);
            self.text.push_str(&format!("\n  - {number}{told}"));
        }
    }

    fn step(&mut self, step: &'a Step) {
        let who = if self.who.is_empty() { self.pick("the system", "系统") } else { self.who };
        match step {
            Step::Part(en, zh) => {
                let head = self.pick(en, zh).to_owned();
                self.text.push_str(&format!("\n\n## {head}\n"));
            }
            Step::Say(en, zh) => {
                let text = self.pick(en, zh).to_owned();
                self.text.push_str(&format!("\n\n{text}\n"));
            }
            Step::User(login, _) => self.who = login,
            Step::Days(days) => self.say("{} days pass.", "过了 {} 天。", &[&days.to_string()]),
            Step::Create(entity, name, from, pairs, lines) => {
                self.names.insert(name, entity);
                let meta = self.entity(entity);
                let label = self.entity_label(entity);
                let told = self.list(meta, pairs);
                let colon = if told.is_empty() { "" } else { self.pick(": ", "：") };
                let rest = format!("{colon}{told}");
                let end = self.pick(".", "。");
                match from {
                    Some(from) => self.say(
                        "**{}** makes of **{}**: {} **{}**{}{}",
                        "**{}** 由 **{}** 生成{} **{}**{}{}",
                        &[who, from, &label, name, &rest, end],
                    ),
                    None => self.say(
                        "**{}** makes: {} **{}**{}{}",
                        "**{}** 新建{} **{}**{}{}",
                        &[who, &label, name, &rest, end],
                    ),
                }
                self.lines(meta, lines);
            }
            Step::Change(name, pairs) => {
                let meta = self.names.get(name.as_str()).and_then(|entity| self.entity(entity));
                let told = self.list(meta, pairs);
                self.say("**{}** changes **{}**: {}.", "**{}** 修改 **{}**：{}。", &[who, name, &told]);
            }
            Step::Act(name, action, args, makes) => {
                let meta = self.names.get(name.as_str()).and_then(|entity| self.entity(entity));
                let known = meta.and_then(|meta| meta.action(action));
                let label = known.map_or(action.as_str(), |action| self.label(action.label)).to_owned();
                let mut told = String::new();
                if !args.is_empty() {
                    let list: Vec<String> = args
                        .iter()
                        .map(|(arg, value)| {
                            let field = known.and_then(|known| known.args.iter().find(|one| one.name == arg));
                            let name = field.map_or(arg.as_str(), |field| self.label(field.label));
                            format!("{name} {}", self.value(None, arg, value))
                        })
                        .collect();
                    told = format!("{}{}", self.pick(": ", "："), list.join(self.pick(", ", "，")));
                }
                if let Some((entity, made)) = makes {
                    self.names.insert(made, entity);
                    let label = self.entity_label(entity);
                    let arrow = self.pick("; it makes", "，生成");
                    told.push_str(&format!("{arrow} {label} **{made}**"));
                }
                let end = self.pick(".", "。");
                self.say(
                    "**{}** presses *{}* on **{}**{}{}",
                    "**{}** 点击“{}”：**{}**{}{}",
                    &[who, &label, name, &told, end],
                );
            }
            Step::Expect(name, pairs) => {
                let meta = self.names.get(name.as_str()).and_then(|entity| self.entity(entity));
                let told = self.list(meta, pairs);
                self.say("✓ **{}** shows: {}.", "✓ **{}** 显示：{}。", &[name, &told]);
            }
            Step::Report(name, params, rows) => {
                let report = self.registry.report(name);
                let label = report.map_or(name.as_str(), |report| self.label(report.label)).to_owned();
                let told: Vec<String> = params
                    .iter()
                    .map(|(name, value)| {
                        let param = report.and_then(|report| report.params.iter().find(|one| one.name == name));
                        let label = param.map_or(name.as_str(), |param| self.label(param.label));
                        let chosen = match param.map(|param| param.kind) {
                            Some(FieldKind::Choice(choice)) => choice.value(value),
                            _ => None,
                        };
                        let told = match chosen {
                            Some(chosen) => self.label(chosen.label).to_owned(),
                            None => self.value(None, name, value),
                        };
                        format!("{label} {told}")
                    })
                    .collect();
                let told = if told.is_empty() { String::new() } else { format!(" ({})", told.join(", ")) };
                self.say("✓ Report *{}*{}:", "✓ 报表《{}》{}：", &[&label, &told]);
                for row in rows {
                    let told = row.pairs.iter().map(|(name, value)| format!("{} {value}", self.column(name)));
                    let told: Vec<String> = told.collect();
                    let told = told.join(self.pick(", ", "，"));
                    self.text.push_str(&format!("\n  - {told}"));
                }
            }
            Step::Refused(code, inner) => {
                self.step(inner);
                let text = self.pick("✗ This is refused", "✗ 被拒绝").to_owned();
                self.text.push_str(&format!("\n  - {text} (`{code}`)"));
            }
        }
    }
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or(String::new(), |first| first.to_uppercase().chain(letters).collect())
}
