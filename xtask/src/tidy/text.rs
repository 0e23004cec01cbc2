//! What a file may hold, and how long it may be.

use std::path::Path;

/// The longest file that is still easy to enter.
const LINES_MAX: usize = 700;

/// Words nobody ships. Written so that this file does not hold them.
const UNFINISHED: [&str; 4] = ["TO\u{44}O", "FIX\u{4d}E", "unimplemente\u{64}!(", "tod\u{6f}!("];

/// Paths of somebody's machine.
const MACHINE: [&str; 5] = ["/\u{77}ork/main", "/\u{77}ork/shared", "/\u{72}oot/", "/\u{55}sers/", "/\u{68}ome/"];

/// Where libraries come from: the public registries, nobody's mirror.
const REGISTRIES: [&str; 2] = ["registry+https://github.com/rust-lang/crates.io-index", "https://registry.npmjs.org/"];

/// Checks one file.
pub fn check(root: &Path, name: &str, text: &str, long: &str, wrong: &mut Vec<String>) {
    let ending = name.rsplit('.').next().unwrap_or("");
    if name.ends_with(".lock") || name.ends_with("package-lock.json") {
        registries(name, text, wrong);
        return;
    }
    if name.ends_with(".npmrc") || name.ends_with(".cargo/config.toml") {
        let is_mirror = |line: &str| line.contains("registry=") || line.contains("registr") && line.contains("://");
        if text.lines().any(|line| is_mirror(line) || line.starts_with("[source")) {
            wrong.push(format!("{name} names a registry; that belongs to the machine, not to the project"));
        }
    }
    if matches!(ending, "rs" | "ts" | "tsx" | "mjs" | "sh") {
        words(name, text, &UNFINISHED, wrong);
    }
    if matches!(ending, "rs" | "ts" | "tsx" | "mjs" | "sh" | "md" | "toml" | "txt" | "css" | "html") {
        words(name, text, &MACHINE, wrong);
    }
    if ending == "rs" {
        rust(name, text, long, wrong);
    }
    if ending == "md" {
        links(root, name, text, wrong);
    }
}

fn words(name: &str, text: &str, banned: &[&str], wrong: &mut Vec<String>) {
    for word in banned {
        if let Some(line) = text.lines().position(|line| line.contains(word)) {
            wrong.push(format!("{name}:{} holds {word}", line + 1));
        }
    }
}

fn rust(name: &str, text: &str, long: &str, wrong: &mut Vec<String>) {
    let lines = text.lines().count();
    let max = limit(name, long);
    if max < lines {
        wrong.push(format!("{name} has {lines} lines; split it into rooms a reader finds ({max} at most)"));
    }
    let is_crate = name.ends_with("src/lib.rs") || name.ends_with("src/main.rs");
    if is_crate && !text.starts_with("//!") {
        wrong.push(format!("{name} does not say what it is for: begin with //!"));
    }
}

/// The limit of a file: its own in `xtask/long-files.txt`, or that of all.
fn limit(name: &str, long: &str) -> usize {
    let own = long.lines().filter_map(|line| line.rsplit_once(' ')).find(|(file, _)| *file == name);
    own.and_then(|(_, limit)| limit.parse().ok()).unwrap_or(LINES_MAX)
}

fn registries(name: &str, text: &str, wrong: &mut Vec<String>) {
    for (index, line) in text.lines().enumerate() {
        let line = line.trim_start();
        let value = line.strip_prefix("source = ").or_else(|| line.strip_prefix("\"resolved\": "));
        let Some(value) = value.map(|value| value.trim_start_matches('"')) else { continue };
        if !REGISTRIES.iter().any(|registry| value.starts_with(registry)) {
            wrong.push(format!("{name}:{} takes a library from somewhere else than the public registry", index + 1));
            return;
        }
    }
}

/// Every link to a file of ours leads to one; what stands between backticks is no link.
fn links(root: &Path, name: &str, text: &str, wrong: &mut Vec<String>) {
    let folder = root.join(name).parent().map(Path::to_path_buf).unwrap_or_default();
    let prose: String = text.split('`').step_by(2).collect();
    for piece in prose.split("](").skip(1) {
        let target = piece.split([')', '#', ' ']).next().unwrap_or("");
        if !target.is_empty() && !target.contains(':') && !folder.join(target).exists() {
            wrong.push(format!("{name} leads to {target}, which does not exist"));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn faults(name: &str, text: &str) -> Vec<String> {
        let mut wrong = Vec::new();
        check(Path::new("."), name, text, "crates/a/src/b.rs 800", &mut wrong);
        wrong
    }

    #[test]
    fn unfinished_work_and_machine_paths_are_named_with_their_line() {
        assert_eq!(faults("a.rs", &format!("fn a() {{\n    {}!()\n}}", "tod\u{6f}")), ["a.rs:2 holds tod\u{6f}!("]);
        assert_eq!(faults("a.sh", &format!("cd {}", MACHINE[0])).len(), 1);
        assert!(faults("a.rs", "fn a() {}").is_empty());
    }

    #[test]
    fn length_is_limited_and_the_list_allows_more() {
        assert_eq!(faults("crates/a/src/a.rs", &"\n".repeat(701)).len(), 1);
        assert!(faults("crates/a/src/b.rs", &"\n".repeat(800)).is_empty());
        assert_eq!(faults("crates/a/src/b.rs", &"\n".repeat(801)).len(), 1);
    }

    #[test]
    fn a_crate_says_what_it_is_for() {
        assert_eq!(faults("crates/a/src/lib.rs", "fn a() {}").len(), 1);
        assert!(faults("crates/a/src/lib.rs", "//! Values.").is_empty());
    }

    #[test]
    fn libraries_come_from_the_public_registries() {
        assert!(faults("Cargo.lock", &format!("source = \"{}\"", REGISTRIES[0])).is_empty());
        assert_eq!(faults("Cargo.lock", "source = \"registry+https://mirror.example/index\"").len(), 1);
        assert_eq!(faults("web/package-lock.json", "  \"resolved\": \"https://mirror.example/a.tgz\",").len(), 1);
        assert_eq!(faults("web/.npmrc", "registry=https://mirror.example/").len(), 1);
        assert!(faults("web/.npmrc", "omit-lockfile-registry-resolved=true").is_empty());
    }

    #[test]
    fn links_lead_somewhere() {
        assert!(faults("README.md", "[a](Cargo.toml) [b](https://example.com) [c](#here) `@[d](us_4)`").is_empty());
        assert_eq!(
            faults("README.md", "![a](no/picture.png)"),
            ["README.md leads to no/picture.png, which does not exist"]
        );
    }
}
