//! Rewrites what is generated: migration step, OpenAPI, permissions, life cycles.

use std::path::Path;

use meta::{Fault, Rows, Trouble};
use store::Migration;

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
            lines.push(format!("{:<16} {:<24} {}{rows}", grant.role, grant.on, grant.verbs));
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

/// Rewrites everything below the root.
pub fn run(root: &Path) -> Result<(), Trouble> {
    let snapshots = root.join("tests/snapshots");
    write(&snapshots.join("openapi.json"), &(api::openapi(&crate::modules::registry()) + "\n"))?;
    write(&snapshots.join("permissions.txt"), &permissions())?;
    write(&snapshots.join("life_cycles.txt"), &life_cycles())?;
    let folder = root.join("crates/app/migrations");
    // While no version is released, the first migration is the whole schema, made anew.
    let steps = store::diff(&[], &crate::migrations::tables());
    let first = Migration { number: 1, name: "spine".to_owned(), steps };
    write(&folder.join("0001.json"), &first.to_text())?;
    Ok(())
}
