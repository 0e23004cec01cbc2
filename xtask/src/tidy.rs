//! The rules of the house that a compiler does not know.

mod imports;
mod text;

use std::fs;
use std::path::{Path, PathBuf};

/// Folders that hold nothing written by hand.
const SKIPPED: [&str; 8] = ["target", "node_modules", "dist", "data", "tmp", "shots", ".git", "pictures"];

/// Checks everything; says what is wrong.
pub fn run(root: &Path) -> bool {
    let mut wrong = Vec::new();
    imports::check(root, &mut wrong);
    let mut files = Vec::new();
    walk(root, &mut files);
    files.sort();
    if files.is_empty() {
        wrong.push("no files were found".to_owned());
    }
    let long = fs::read_to_string(root.join("xtask/long-files.txt")).unwrap_or_default();
    for file in &files {
        // Pictures and the like are not text.
        let Ok(content) = fs::read_to_string(file) else { continue };
        let name = file.strip_prefix(root).unwrap_or(file).display().to_string();
        text::check(root, &name, &content, &long, &mut wrong);
    }
    for problem in &wrong {
        eprintln!("tidy: {problem}");
    }
    if wrong.is_empty() {
        println!("The house is tidy: {} files.", files.len());
    }
    wrong.is_empty()
}

/// Every file below a folder, whether git knows it yet or not.
fn walk(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        let name = entry.file_name();
        let Ok(kind) = entry.file_type() else { continue };
        if kind.is_dir() && !SKIPPED.iter().any(|skipped| name == *skipped) {
            walk(&path, files);
        } else if kind.is_file() {
            files.push(path);
        }
    }
}
