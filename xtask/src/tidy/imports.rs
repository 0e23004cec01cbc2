//! What each crate may import, as the table in `docs/architecture.md` says.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::process::Command;

use serde_json::Value as Json;

/// Compares the table with `cargo metadata`, in both directions.
pub fn check(root: &Path, wrong: &mut Vec<String>) {
    let Ok(text) = std::fs::read_to_string(root.join("docs/architecture.md")) else {
        wrong.push("docs/architecture.md is missing".to_owned());
        return;
    };
    let output =
        Command::new("cargo").args(["metadata", "--no-deps", "--format-version", "1"]).current_dir(root).output();
    let json: Json = output.ok().and_then(|output| serde_json::from_slice(&output.stdout).ok()).unwrap_or_default();
    let packages = json["packages"].as_array().cloned().unwrap_or_default();
    if packages.is_empty() {
        wrong.push("cargo metadata names no crates".to_owned());
        return;
    }
    compare(&table(&text), &packages, wrong);
}

fn compare(allowed: &BTreeMap<String, BTreeSet<String>>, packages: &[Json], wrong: &mut Vec<String>) {
    let ours: BTreeSet<&str> = packages.iter().filter_map(|package| package["name"].as_str()).collect();
    for name in allowed.keys().filter(|name| !ours.contains(name.as_str())) {
        wrong.push(format!("docs/architecture.md has a row for {name}, which is no crate"));
    }
    for package in packages {
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
fn table(text: &str) -> BTreeMap<String, BTreeSet<String>> {
    let rows = text.lines().filter(|line| line.starts_with("| `"));
    let row = |line: &str| {
        let cells: Vec<&str> = line.split('|').map(str::trim).collect();
        let names = cells.get(2)?.split([',', ' ']).map(|word| word.trim_matches('`').to_owned());
        Some((cells.get(1)?.trim_matches('`').to_owned(), names.filter(|word| !word.is_empty()).collect()))
    };
    rows.filter_map(row).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const TABLE: &str = "| crate | may import |\n| --- | --- |\n| `kernel` | nothing |\n| `books` | kernel |\n";

    fn faults(books_imports: &str, kind: Json) -> Vec<String> {
        let packages = [
            serde_json::json!({ "name": "kernel", "dependencies": [] }),
            serde_json::json!({ "name": "books", "dependencies": [{ "name": books_imports, "kind": kind }] }),
            serde_json::json!({ "name": "api", "dependencies": [] }),
        ];
        let mut wrong = Vec::new();
        let table = TABLE.to_owned() + "| `api` | kernel |\n";
        compare(&super::table(&table), &packages, &mut wrong);
        wrong
    }

    #[test]
    fn what_the_table_allows_passes() {
        assert!(faults("kernel", Json::Null).is_empty());
        assert!(faults("serde", Json::Null).is_empty(), "libraries are not ours");
        assert!(faults("api", "dev".into()).is_empty(), "tests may import more");
    }

    #[test]
    fn what_it_does_not_allow_is_named() {
        assert_eq!(faults("api", Json::Null), ["books imports api, which docs/architecture.md does not allow"]);
    }

    #[test]
    fn crates_and_rows_match() {
        let mut wrong = Vec::new();
        compare(&table(TABLE), &[serde_json::json!({ "name": "api", "dependencies": [] })], &mut wrong);
        assert_eq!(wrong.len(), 3, "two rows without a crate, one crate without a row: {wrong:?}");
    }
}
