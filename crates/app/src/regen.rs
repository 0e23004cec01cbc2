//! Rewrites what is generated: migration step, OpenAPI, permissions, life cycles.

use std::path::Path;

use kernel::Lang;
use meta::{Fault, Rows, Trouble};
use store::Migration;

use crate::scenario::Scenario;

fn write(path: &Path, text: &str) -> Result<(), Fault> {
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder).map_err(|why| Fault::new(why.to_string()))?;
    }
    if std::fs::read_to_string(path).is_ok_and(|old| old == text) {
        return Ok(());
    }
    println!("rewrote {}", path.display());
    std::fs::write(path, text).map_err(|why| Fault::new(why.to_string()))
}

/// The permissions of all roles, as text to be reviewed.
pub fn permissions() -> String {
    let mut lines: Vec<String> = Vec::new();
    for module in crate::modules::modules() {
        for grant in module.grants {
            let rows = if grant.rows == Rows::All { String::new() } else { format!(" ({} rows)", grant.rows.name()) };
            let fields = [("without", grant.hides), ("reads", grant.read_only)];
            let told = fields.iter().filter(|(_, names)| !names.is_empty());
            let fields: String = told.map(|(how, names)| format!(" [{how} {names}]")).collect();
            lines.push(format!("{:<16} {:<24} {}{rows}{fields}", grant.role, grant.on, grant.verbs));
        }
    }
    lines.sort();
    lines.dedup();
    lines.join("\n") + "\n"
}

/// The life cycles of all documents, as text to be reviewed.
pub fn life_cycles() -> String {
    let registry = crate::modules::registry();
    let mut text = String::new();
    for meta in registry.entities() {
        let steps = (meta.transitions)();
        if steps.is_empty() {
            continue;
        }
        text.push_str(&format!("{}\n", meta.name));
        for step in steps {
            text.push_str(&format!("  {} --{}--> {}\n", step.from, step.action, step.to));
        }
    }
    text
}

/// The tables that the released migrations make.
pub fn released_tables() -> Result<Vec<store::Table>, Fault> {
    Ok(store::migrate::replay(&crate::migrations::list()?))
}

/// The pages of the manual that are printed from scenarios: file below `docs/manual/scenarios`, text.
pub fn scenario_pages(root: &Path) -> Result<Vec<(String, String)>, Fault> {
    let registry = crate::modules::registry();
    let fault = |why: std::io::Error| Fault::new(why.to_string());
    let mut files: Vec<_> = std::fs::read_dir(root.join("tests/scenarios"))
        .map_err(fault)?
        .filter_map(|entry| entry.ok().map(|entry| entry.path()))
        .filter(|path| path.extension().is_some_and(|end| end == "scn"))
        .collect();
    files.sort();
    let mut pages = Vec::new();
    let mut lists = [
        ("en", Lang::En, "# Scenarios\n\nBusiness as it goes, step by step; every page is carried out on every change of the program.\n".to_owned()),
        ("zh", Lang::Zh, "# 场景\n\n按步骤讲述的业务；每一页在程序每次修改时都会实际执行。\n".to_owned()),
    ];
    for file in files {
        let text = std::fs::read_to_string(&file).map_err(fault)?;
        let name = file.file_stem().map_or(String::new(), |name| name.to_string_lossy().into_owned());
        let scenario = Scenario::parse(&text).map_err(|why| Fault::new(format!("{name}: {why}")))?;
        for (code, lang, list) in &mut lists {
            let title = if *lang == Lang::En { &scenario.title.0 } else { &scenario.title.1 };
            list.push_str(&format!("\n- [{title}]({name}.{code}.md)"));
            pages.push((format!("{name}.{code}.md"), crate::scenario::page(&scenario, &registry, *lang) + "\n"));
        }
    }
    pages.extend(lists.map(|(code, _, list)| (format!("index.{code}.md"), list + "\n")));
    Ok(pages)
}

/// Rewrites everything below the root.
pub fn run(root: &Path) -> Result<(), Trouble> {
    let snapshots = root.join("tests/snapshots");
    write(&snapshots.join("openapi.json"), &(api::openapi(&crate::modules::registry()) + "\n"))?;
    write(&snapshots.join("permissions.txt"), &permissions())?;
    write(&snapshots.join("life_cycles.txt"), &life_cycles())?;
    // The client proposes the countries the server understands.
    write(&root.join("web/src/fields/countries.txt"), kernel::COUNTRIES)?;
    for (name, text) in scenario_pages(root)? {
        write(&root.join("docs/manual/scenarios").join(name), &text)?;
    }
    let folder = root.join("crates/app/migrations");
    let kept: Vec<Migration> =
        crate::migrations::list()?.into_iter().filter(|one| one.number <= crate::migrations::RELEASED).collect();
    let steps = store::diff(&store::migrate::replay(&kept), &crate::migrations::tables());
    let number = crate::migrations::RELEASED + 1;
    let next = Migration { number, name: format!("since {}", crate::migrations::RELEASED), steps };
    write(&folder.join(format!("{number:04}.json")), &next.to_text())?;
    Ok(())
}
