//! Chores of the house: `cargo xtask regen | tidy | new | ci | bench`.

mod new;
mod tidy;

use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("xtask lies in the project").to_path_buf()
}

fn run(program: &str, args: &[&str]) -> bool {
    let status = Command::new(program).args(args).current_dir(root()).status();
    status.is_ok_and(|status| status.success())
}

/// Rewrites what is generated from the descriptions, then the web client's types when it keeps any.
fn regen() -> bool {
    if !run("cargo", &["run", "-q", "-p", "app", "--", "regen", "--root", "."]) {
        return false;
    }
    let manifest = std::fs::read_to_string(root().join("web/package.json")).unwrap_or_default();
    let json: serde_json::Value = serde_json::from_str(&manifest).unwrap_or_default();
    // Where the web client's libraries are not installed, `npm run types` will tell that they are due.
    if json["scripts"]["types:api"].is_null() || !root().join("web/node_modules/openapi-typescript").is_dir() {
        return true;
    }
    run("npm", &["--prefix", "web", "run", "--silent", "types:api"])
}

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = args.iter().map(String::as_str).collect();
    let done = match words.as_slice() {
        ["regen"] => regen(),
        ["tidy"] => tidy::run(&root()),
        ["ci"] => run("bash", &["scripts/test.sh"]),
        ["bench"] => run("bash", &["scripts/bench.sh"]),
        ["new", "document", module, name] => new::document(&root(), module, name),
        ["new", "module", name] => new::module(&root(), name),
        _ => {
            eprintln!("cargo xtask regen                      rewrite what is generated");
            eprintln!("cargo xtask tidy                       check the rules of the house");
            eprintln!("cargo xtask new document MODULE NAME   begin a document");
            eprintln!("cargo xtask new module NAME            begin a module");
            eprintln!("cargo xtask ci | bench                 what the server runs");
            false
        }
    };
    if done { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
