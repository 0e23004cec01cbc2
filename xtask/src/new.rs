//! Beginnings: a document, a module.

use std::fs;
use std::path::Path;

fn pascal(name: &str) -> String {
    let words = name.split('_').map(|word| {
        let mut letters = word.chars();
        letters.next().map(|first| first.to_uppercase().collect::<String>() + letters.as_str()).unwrap_or_default()
    });
    words.collect()
}

fn is_name(name: &str) -> bool {
    !name.is_empty() && name.chars().all(|letter| letter.is_ascii_lowercase() || letter == '_')
}

fn write(path: &Path, text: &str) -> bool {
    if path.exists() {
        eprintln!("{} exists already", path.display());
        return false;
    }
    let made = path.parent().is_some_and(|folder| fs::create_dir_all(folder).is_ok()) && fs::write(path, text).is_ok();
    println!("{} {}", if made { "wrote" } else { "could not write" }, path.display());
    made
}

const DOCUMENT: &str = r#"//! What a {name} is for, in one sentence.
#![allow(missing_docs, reason = "a field without a comment is explained by its label")]

use books::CompanyId;
use kernel::{Date, Id, Refusal};
use meta::{Choice, Document, Effects, Entity, Reader, Trouble, Want, life};

/// What a user reads about it.
/// 用户看到的说明。
#[derive(Entity)]
#[entity(
    prefix = "{prefix}",
    zh = "中文名称",
    title = "number",
    list = "number,dated_on,stage",
    sort = "-dated_on",
    number = "{upper}-{year}-{seq:05}",
    actions = "Action",
    stages = "Stage"
)]
pub struct {Name} {
    pub id: Id<{Name}>,
    #[field(zh = "公司")]
    pub company: CompanyId,
    #[field(zh = "编号", readonly, search, optional)]
    pub number: String,
    #[field(zh = "日期", default = "today")]
    pub dated_on: Date,
    #[field(zh = "状态", state, group)]
    pub stage: Stage,
}

/// Where it stands.
#[derive(Choice, Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// Being written.
    #[choice(zh = "草稿")]
    Draft,
    /// Done.
    #[choice(zh = "已完成", tone = "good")]
    Done,
}

/// What may be done with it.
#[derive(meta::Action, Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// Finishes it.
    /// 完成。
    #[action(zh = "完成", primary)]
    Finish,
}

impl Stage {
    /// The whole life cycle.
    pub fn after(self, action: &Action) -> Option<Stage> {
        match (self, action) {
            (Stage::Draft, Action::Finish) => Some(Stage::Done),
            (Stage::Done, Action::Finish) => None,
        }
    }

    fn transitions() -> Vec<meta::Transition> {
        life(&[Action::Finish], Stage::after)
    }
}

/// Why it is not finished.
#[derive(meta::Refusal)]
pub enum NotFinished {
    /// It is finished already. Nothing is to be done.
    /// 已完成，无需操作。
    Already,
}

impl Document for {Name} {
    type Facts = ();
    type Action = Action;

    fn facts(_: &Self, _: &Want<Action>, _: &dyn Reader) -> Result<(), Trouble> {
        Ok(())
    }

    fn complete(_: &mut Self, (): &()) -> Result<(), Refusal> {
        Ok(())
    }

    fn ready(doc: &Self, action: &Action) -> Result<(), Refusal> {
        doc.stage.after(action).map(|_| ()).ok_or_else(|| NotFinished::Already.into())
    }

    fn decide(doc: &Self, action: &Action, (): &()) -> Result<(&'static str, Effects), Refusal> {
        let next = doc.stage.after(action).ok_or(NotFinished::Already)?;
        Ok((next.code(), Effects::none()))
    }
}
"#;

/// Begins a document: one file, to be split when it grows.
pub fn document(root: &Path, module: &str, name: &str) -> bool {
    if !is_name(module) || !is_name(name) || !root.join("crates").join(module).exists() {
        eprintln!("usage: cargo xtask new document MODULE NAME, both in snake_case, the module an existing one");
        return false;
    }
    let prefix: String = name.split('_').filter_map(|word| word.chars().next()).collect();
    let text = DOCUMENT
        .replace("{Name}", &pascal(name))
        .replace("{name}", &name.replace('_', " "))
        .replace("{upper}", &prefix.to_uppercase())
        .replace("{prefix}", &prefix);
    let done = write(&root.join(format!("crates/{module}/src/{name}.rs")), &text);
    println!("Now, in crates/{module}/src/lib.rs (and names in Chinese and sentences where the file asks for them):");
    println!("  pub mod {name};");
    println!("  entities  ({name}::{0}::meta(), const {{ &Typed::<{name}::{0}>::new() }}),", pascal(name));
    println!("  menu      MenuItem::Entity(\"{name}\"),");
    println!("  GRANTS    Grant::new(\"manager\", \"{name}\", \"see add edit remove import export finish\"),");
    println!("  use meta::{{Entity, Grant, MenuItem, Module, Typed}};");
    println!("then `cargo xtask regen`, and read the difference.");
    done
}

const MODULE: &str = r#"//! What the room `{name}` is for, and what it reads of other rooms.

use kernel::Label;
use meta::{Grant, Module};

static GRANTS: &[Grant] = &[];

/// What this room brings.
pub fn module() -> Module {
    Module {
        name: "{name}",
        label: Label::new("{Name}", "中文名称"),
        icon: "{name}",
        menu: &[],
        entities: vec![],
        reports: vec![],
        roles: &[],
        grants: GRANTS,
        laws: &[],
    }
}
"#;

/// Begins a module.
pub fn module(root: &Path, name: &str) -> bool {
    if !is_name(name) {
        eprintln!("usage: cargo xtask new module NAME, in snake_case");
        return false;
    }
    let folder = root.join("crates").join(name);
    let manifest = format!(
        "[package]\nname = \"{name}\"\nversion.workspace = true\nedition.workspace = true\npublish.workspace = true\n\n\
         [dependencies]\nkernel.workspace = true\nbooks.workspace = true\nmeta.workspace = true\n\n[lints]\nworkspace = true\n"
    );
    let code = MODULE.replace("{name}", name).replace("{Name}", &pascal(name));
    let done = write(&folder.join("Cargo.toml"), &manifest) && write(&folder.join("src/lib.rs"), &code);
    println!("Now:");
    println!("  Cargo.toml                 {name} = {{ path = \"crates/{name}\" }}   under [workspace.dependencies]");
    println!("  crates/app/Cargo.toml      {name}.workspace = true");
    println!("  crates/app/src/modules.rs  {name}::module(),");
    println!("  docs/architecture.md       | `{name}` | kernel, books, meta | what it is for |");
    println!("then `cargo xtask new document {name} NAME` and `cargo xtask regen`.");
    done
}
