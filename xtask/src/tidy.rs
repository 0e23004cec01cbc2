//! The rules of the house that a compiler does not know.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value as Json;

/// The longest file that is still easy to enter.
const LINES_MAX: usize = 800;

/// Words nobody ships.
const UNFINISHED: [&str; 4] = ["TO\u{44}O", "FIX\u{4d}E", "unimplemente\u{64}!(", "tod\u{6f}!("];

/// Checks everything; says what is wrong.
pub fn run(root: &Path) -> bool {
    let mut wrong = Vec::new();
    imports(root, &mut wrong);
    for file in sources(root) {
        let Ok(text) = std::fs::read_to_string(&file) else { continue };
        let name = file.strip_prefix(root).unwrap_or(&file).display().to_string();
        check_file(&name, &text, &mut wrong);
    }
    for problem in &wrong {
        eprintln!("tidy: {problem}");
    }
    if wrong.is_empty() {
        println!("The house is tidy.");
    }
    wrong.is_empty()
}

fn check_file(name: &str, text: &str, wrong: &mut Vec<String>) {
    for word in UNFINISHED {
        if let Some(line) = text.lines().position(|line| line.contains(word)) {
            wrong.push(format!("{name}:{} holds {word}", line + 1));
        }
    }
    let lines = text.lines().count();
    if LINES_MAX < lines {
        wrong.push(format!("{name} has {lines} lines; split it into rooms a reader finds ({LINES_MAX} at most)"));
    }
    let is_crate = name.ends_with("/lib.rs") || name.ends_with("/main.rs");
    if is_crate && !text.starts_with("//!") {
        wrong.push(format!("{name} does not say what it is for: begin with //!"));
    }
}

fn sources(root: &Path) -> Vec<PathBuf> {
    let listed = Command::new("git").args(["ls-files", "*.rs"]).current_dir(root).output();
    let text = listed.map(|output| String::from_utf8_lossy(&output.stdout).into_owned()).unwrap_or_default();
    text.lines().map(|line| root.join(line)).collect()
}

/// Compares what each crate imports with the table in `docs/architecture.md`.
fn imports(root: &Path, wrong: &mut Vec<String>) {
    let Ok(text) = std::fs::read_to_string(root.join("docs/architecture.md")) else {
        wrong.push("docs/architecture.md is missing".to_owned());
        return;
    };
    let allowed = allowed(&text);
    let output =
        Command::new("cargo").args(["metadata", "--no-deps", "--format-version", "1"]).current_dir(root).output();
    let json: Json = output.ok().and_then(|output| serde_json::from_slice(&output.stdout).ok()).unwrap_or_default();
    let packages = json["packages"].as_array().cloned().unwrap_or_default();
    let ours: BTreeSet<&str> = packages.iter().filter_map(|package| package["name"].as_str()).collect();
    for package in &packages {
        let name = package["name"].as_str().unwrap_or("");
        let Some(may) = allowed.get(name) else {
            wrong.push(format!("docs/architecture.md does not say what {name} may import"));
            continue;
        };
        for dependency in package["dependencies"].as_array().into_iter().flatten() {
            let to = dependency["name"].as_str().unwrap_or("");
            let is_test = dependency["kind"].as_str() == Some("dev");
            if ours.contains(to) && !is_test && !may.contains("everything") && !may.contains(to) {
                wrong.push(format!("{name} imports {to}, which docs/architecture.md does not allow"));
            }
        }
    }
}

/// The rows of the table: `| crate | may import | …`.
fn allowed(text: &str) -> BTreeMap<String, BTreeSet<String>> {
    let rows = text.lines().filter(|line| line.starts_with("| `"));
    let row = |line: &str| {
        let cells: Vec<&str> = line.split('|').map(str::trim).collect();
        let names = cells.get(2)?.split([',', ' ']).map(|word| word.trim_matches('`').to_owned());
        Some((cells.get(1)?.trim_matches('`').to_owned(), names.filter(|word| !word.is_empty()).collect()))
    };
    rows.filter_map(row).collect()
}
