//! What is described is complete: in both languages, naming what is there, and of use to someone.

use std::collections::BTreeSet;
use std::path::Path;

use crate::common::{self, on_both};
use app::modules;
use kernel::Label;
use meta::{EntityKind, EntityMeta, FieldKind, FieldMeta, Group, ListQuery, MenuItem, Part, Sort, Trouble};
use serde_json::{Map, json};

fn is_chinese(text: &str) -> bool {
    text.chars().any(|sign| ('\u{4e00}'..='\u{9fff}').contains(&sign))
}

/// What is wrong with a label.
fn label(what: &str, label: Label, wrong: &mut Vec<String>) {
    if label.en.trim().is_empty() || is_chinese(label.en) {
        wrong.push(format!("{what} has no English name: {label:?}"));
    }
    if label.zh.trim().is_empty() || !is_chinese(label.zh) {
        wrong.push(format!("{what} has no Chinese name: {label:?}"));
    }
}

/// What is wrong with a text that may be missing in both languages, but not in one.
fn help(what: &str, help: Label, wrong: &mut Vec<String>) {
    if help.en.is_empty() != help.zh.is_empty() {
        wrong.push(format!("{what} is explained in one language only: {help:?}"));
    }
}

fn field(of: &str, field: &FieldMeta, wrong: &mut Vec<String>) {
    let what = format!("{of}.{}", field.name);
    label(&what, field.label, wrong);
    help(&what, field.help, wrong);
    if let FieldKind::Choice(choice) = field.kind {
        for value in choice.values {
            label(&format!("{what}={}", value.code), value.label, wrong);
        }
    }
    for word in field.name.split('_') {
        if word.is_empty() || !word.chars().all(|sign| sign.is_ascii_lowercase() || sign.is_ascii_digit()) {
            wrong.push(format!("{what} is no name in small letters"));
        }
    }
}

#[test]
fn everything_a_user_sees_is_called_something_in_english_and_in_chinese() {
    let registry = modules::registry();
    let mut wrong = Vec::new();
    for meta in registry.entities() {
        label(meta.name, meta.label, &mut wrong);
        label(&format!("the plural of {}", meta.name), meta.plural, &mut wrong);
        help(meta.name, meta.help, &mut wrong);
        meta.fields.iter().for_each(|one| field(meta.name, one, &mut wrong));
        meta.sections.iter().for_each(|section| label(meta.name, section.label, &mut wrong));
        for action in (meta.actions)() {
            label(&format!("{} {}", meta.name, action.name), action.label, &mut wrong);
            help(&format!("{} {}", meta.name, action.name), action.help, &mut wrong);
            action.args.iter().for_each(|arg| field(&format!("{} {}", meta.name, action.name), arg, &mut wrong));
        }
    }
    for module in modules::modules() {
        label(module.name, module.label, &mut wrong);
        module.roles.iter().for_each(|role| label(role.code, role.label, &mut wrong));
        for report in &module.reports {
            label(report.name, report.label, &mut wrong);
            label(&format!("the help of {}", report.name), report.help, &mut wrong);
            report.params.iter().for_each(|param| field(report.name, param, &mut wrong));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn titles_lists_sorts_sections_and_currencies_name_fields_that_are_there() {
    let registry = modules::registry();
    let mut wrong = Vec::new();
    for meta in registry.entities() {
        let mut named = |part: &str, name: &str| {
            let name = name.trim_start_matches('-');
            if !matches!(name, "id" | "created_at" | "changed_at") && meta.field(name).is_none() {
                wrong.push(format!("{part} of {} names {name}", meta.name));
            }
        };
        meta.title.iter().for_each(|name| named("the title", name));
        meta.list.iter().for_each(|name| named("the list", name));
        meta.sort.iter().for_each(|name| named("the sort", name));
        meta.sections.iter().for_each(|section| named("a section", section.first));
        meta.stage_field.iter().for_each(|name| named("the stage", name));
        for one in meta.fields.iter().filter(|one| matches!(one.kind, FieldKind::Amount)) {
            match one.currency.split_once('.') {
                None => named("an amount", one.currency),
                Some(("company" | "parent", "currency")) => {}
                Some(_) => named("an amount", one.currency),
            }
        }
        if meta.title.is_empty() && meta.kind != EntityKind::Owned && meta.kind != EntityKind::Ledger {
            wrong.push(format!("{} has no title", meta.name));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

fn subjects(meta: &EntityMeta) -> [&'static str; 2] {
    [meta.name, "*"]
}

#[test]
fn every_entity_report_and_action_is_granted_to_someone_and_nothing_else_is() {
    let registry = modules::registry();
    let modules = modules::modules();
    let grants: Vec<_> = modules.iter().flat_map(|module| module.grants).collect();
    let mut wrong = Vec::new();
    let given = |subjects: &[&str], verb: &str| {
        let by_name = |grant: &&&meta::Grant| grant.role != "administrator" && subjects.contains(&grant.on);
        grants.iter().filter(by_name).any(|grant| grant.verbs.split_whitespace().any(|one| one == verb || one == "*"))
    };
    for meta in registry.entities().filter(|meta| meta.kind != EntityKind::Owned) {
        if !given(&subjects(meta), "see") {
            wrong.push(format!("nobody sees {}", meta.name));
        }
        for action in (meta.actions)() {
            if meta.kind == EntityKind::Document && !given(&[meta.name], action.name) {
                wrong.push(format!("nobody but an administrator may {} a {}", action.name, meta.name));
            }
        }
    }
    let verbs = ["see", "add", "edit", "remove", "import", "export", "*"];
    let roles: BTreeSet<&str> = modules.iter().flat_map(|module| module.roles).map(|role| role.code).collect();
    for grant in &grants {
        let entity = registry.entity(grant.on);
        if grant.on != "*" && entity.is_none() && registry.report(grant.on).is_none() {
            wrong.push(format!("{} is granted {}, which is nothing", grant.role, grant.on));
        }
        if !roles.contains(grant.role) {
            wrong.push(format!("there is no role {}", grant.role));
        }
        for verb in grant.verbs.split_whitespace() {
            let acts = entity.is_some_and(|meta| meta.action(verb).is_some());
            if !acts && !verbs.contains(&verb) && !verb.starts_with("field.") {
                wrong.push(format!("{} may {verb} {}, which is nothing", grant.role, grant.on));
            }
        }
    }
    for module in &modules {
        for item in module.menu {
            let known = match item {
                MenuItem::Entity(name) => registry.entity(name).is_some(),
                MenuItem::Report(name) => registry.report(name).is_some(),
                // The end of the menu is no place for a heading.
                MenuItem::Section(_) => !matches!(module.menu.last(), Some(MenuItem::Section(_))),
            };
            if !known {
                wrong.push(format!("the menu of {} leads nowhere: {item:?}", module.name));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn every_stage_of_a_document_can_be_reached_and_every_action_taken() {
    let registry = modules::registry();
    let mut wrong = Vec::new();
    let mut documents = 0;
    for meta in registry.entities() {
        let steps = (meta.transitions)();
        let Some(stage) = meta.stage_field.and_then(|name| meta.field(name)) else { continue };
        let FieldKind::Choice(choice) = stage.kind else { panic!("the stage of {} is no choice", meta.name) };
        documents += 1;
        let mut reached = BTreeSet::from([choice.values[0].code]);
        while let Some(step) = steps.iter().find(|step| reached.contains(step.from) && !reached.contains(step.to)) {
            reached.insert(step.to);
        }
        for value in choice.values.iter().filter(|value| !reached.contains(value.code)) {
            wrong.push(format!("{} never gets {}", meta.name, value.code));
        }
        for action in (meta.actions)().iter().filter(|action| !steps.iter().any(|step| step.action == action.name)) {
            wrong.push(format!("{} can never be done to a {}", action.name, meta.name));
        }
        for step in &steps {
            if choice.value(step.from).is_none()
                || choice.value(step.to).is_none()
                || meta.action(step.action).is_none()
            {
                wrong.push(format!("{}: {step:?}", meta.name));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert!(documents >= 8);
}

#[test]
fn the_migrations_make_the_tables_that_are_described() {
    let steps = store::diff(&app::regen::released_tables().unwrap(), &app::migrations::tables());
    assert!(steps.is_empty(), "run `cargo xtask regen`: {steps:#?}");
}

#[test]
fn the_snapshots_are_current() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/snapshots");
    let openapi = api::openapi(&modules::registry()) + "\n";
    for (name, now) in [
        ("permissions.txt", app::regen::permissions()),
        ("life_cycles.txt", app::regen::life_cycles()),
        ("openapi.json", openapi),
    ] {
        let kept = std::fs::read_to_string(folder.join(name)).unwrap_or_default();
        assert!(kept == now, "{name} is out of date: run `cargo xtask regen` and look at what changed");
    }
    let proposed = std::fs::read_to_string(folder.join("../../web/src/fields/countries.txt")).unwrap_or_default();
    assert!(proposed == kernel::COUNTRIES, "the client proposes other countries than the server knows: run regen");
}

/// A fault is ours; a refusal is an answer.
fn no_fault<T>(what: &str, answer: Result<T, Trouble>) {
    if let Err(Trouble::Fault(fault)) = answer {
        panic!("{what}: {fault:?}");
    }
}

#[test]
fn every_entity_is_listed_grouped_searched_exported_and_typed_without_a_fault() {
    on_both(|world| {
        let lamp = world.product("L1", "fifo", "30");
        world.receive(&world.day(-1), &lamp, "4", "10");
        let (order, _, invoice) = world.sale(&world.customer("BLUE", "USD"), &lamp, "2");
        world.paid(&invoice, json!({}));
        world.order(&world.customer("RED", "EUR"), &lamp, "1");
        let (engine, actor) = (&world.engine, &world.desk.actor);
        for meta in engine.registry().entities().filter(|meta| meta.kind != EntityKind::Owned) {
            let name = meta.name;
            let query = ListQuery { limit: 2, count: true, ..ListQuery::default() };
            let page = engine.list(actor, name, &query).unwrap_or_else(|why| panic!("{name}: {why:?}"));
            assert!(page["count"].is_number(), "{name}");
            for one in meta.fields.iter().filter(|one| one.kind.is_column() && !one.hidden && !one.secret) {
                for descending in [false, true] {
                    let sort = vec![Sort { field: one.name.to_owned(), descending }];
                    let query = ListQuery { limit: 2, sort, ..ListQuery::default() };
                    no_fault(&format!("{name} by {}", one.name), engine.list(actor, name, &query));
                }
                if one.group {
                    let part = matches!(one.kind, FieldKind::Date).then_some(Part::Month);
                    let group = vec![Group { field: one.name.to_owned(), part }];
                    let query = ListQuery { limit: 10, group, ..ListQuery::default() };
                    let groups =
                        engine.list(actor, name, &query).unwrap_or_else(|why| panic!("{name} {}: {why:?}", one.name));
                    assert!(groups["groups"].is_array());
                }
            }
            let query = ListQuery { limit: 5, search: "BLUE ltd 灯".to_owned(), ..ListQuery::default() };
            no_fault(name, engine.list(actor, name, &query));
            no_fault(name, engine.table(actor, name, &ListQuery { limit: 5, ..ListQuery::default() }));
            no_fault(name, engine.preview(actor, name, &Map::new()));
            no_fault(name, engine.new_from(actor, name, None));
            no_fault(name, engine.create(actor, name, &Map::new(), None));
            for (from, id) in [("sales_order", &order), ("invoice", &invoice)] {
                let from = (from, common::raw(engine, from, id));
                no_fault(name, engine.new_from(actor, name, Some(from)));
            }
            for row in page["rows"].as_array().into_iter().flatten() {
                let id = common::raw(engine, name, row["id"].as_str().unwrap());
                assert_eq!(engine.get(actor, name, id).unwrap()["record"]["id"], row["id"]);
                no_fault(name, engine.timeline(actor, name, id, "", "", None));
                no_fault(name, engine.links(actor, name, id));
                no_fault(name, engine.books_of(actor, name, id));
            }
        }
        world.verified("all that");
    });
}

#[test]
fn every_report_is_made_for_today_and_for_another_day() {
    on_both(|world| {
        let lamp = world.product("L1", "fifo", "30");
        world.receive(&world.day(-1), &lamp, "4", "10");
        let (.., invoice) = world.sale(&world.customer("BLUE", "USD"), &lamp, "1");
        world.paid(&invoice, json!({ "amount": "20.00", "lines": [{ "invoice": invoice }] }));
        world.confirmed(&world.customer("RED", "USD"), &lamp, "1");
        for module in modules::modules() {
            for report in &module.reports {
                let must = report.params.iter().filter(|param| param.required && param.name == "product");
                let must: Vec<(&str, &str)> = must.map(|param| (param.name, lamp.as_str())).collect();
                let today = world.report(report.name, &must);
                assert!(!today["rows"].as_array().unwrap().is_empty(), "{} is empty", report.name);
                let has = |name: &str| report.params.iter().any(|param| param.name == name);
                let day = world.day(-1);
                let params =
                    [("as_of", day.as_str()), ("known_at", "2026-03-15T00:00:00Z"), ("product", lamp.as_str())];
                let params: Vec<(&str, &str)> = params.into_iter().filter(|(name, _)| has(name)).collect();
                world.report(report.name, &params);
            }
        }
        let empty = world.elsewhere();
        for module in modules::modules() {
            for report in &module.reports {
                no_fault(report.name, world.engine.report(&empty.actor, report.name, &Default::default()));
            }
        }
    });
}
