//! All that exists, module by module.

use std::collections::BTreeMap;

use kernel::Label;

use crate::{Behaviour, ChoiceMeta, EntityMeta, FieldKind, Grant, Law, ReportMeta, Role};

/// A place in the menu.
#[derive(Clone, Copy, Debug)]
pub enum MenuItem {
    /// The list of an entity.
    Entity(&'static str),
    /// A report.
    Report(&'static str),
    /// The heading over what follows, up to the next one; a long menu is folded by them.
    Section(Label),
}

/// What a module brings.
pub struct Module {
    /// Its one name.
    pub name: &'static str,
    /// What it is called.
    pub label: Label,
    /// The name of its icon.
    pub icon: &'static str,
    /// Its menu, in order.
    pub menu: &'static [MenuItem],
    /// Its entities with what it knows of them; owned ones too.
    pub entities: Vec<(&'static EntityMeta, &'static dyn Behaviour)>,
    /// Its reports.
    pub reports: Vec<&'static ReportMeta>,
    /// Roles it seeds.
    pub roles: &'static [Role],
    /// What roles may do.
    pub grants: &'static [Grant],
    /// What `heyi verify` proves of its documents, beside the laws of the books.
    pub laws: &'static [Law],
}

/// All modules of one program.
pub struct Registry {
    modules: Vec<Module>,
    entities: BTreeMap<&'static str, (&'static EntityMeta, &'static dyn Behaviour)>,
    reports: BTreeMap<&'static str, &'static ReportMeta>,
}

impl Registry {
    /// Joins modules. Panics on a name used twice or a ref to nowhere: typos of ours,
    /// found by the first test that starts.
    pub fn new(modules: Vec<Module>) -> Registry {
        let mut entities = BTreeMap::new();
        let mut reports = BTreeMap::new();
        let mut prefixes = BTreeMap::new();
        for module in &modules {
            for (meta, behaviour) in &module.entities {
                let twice = entities.insert(meta.name, (*meta, *behaviour));
                assert!(twice.is_none(), "two entities are called {}", meta.name);
                let twice = prefixes.insert(meta.prefix, meta.name);
                assert!(twice.is_none(), "{} and {twice:?} share the prefix {}", meta.name, meta.prefix);
            }
            for report in &module.reports {
                let twice = reports.insert(report.name, *report);
                assert!(twice.is_none(), "two reports are called {}", report.name);
            }
        }
        let registry = Registry { modules, entities, reports };
        registry.check();
        registry
    }

    fn check(&self) {
        for (meta, _) in self.entities.values() {
            let is_titled = meta.title_zh.is_none_or(|zh| meta.field(zh).is_some() && !meta.title.is_empty());
            assert!(is_titled, "{} is called in Chinese by a field that is not there", meta.name);
            for field in meta.fields {
                match field.kind {
                    FieldKind::Ref(entity) => assert!(
                        self.entities.contains_key(entity),
                        "{}.{} refers to {entity}, which does not exist",
                        meta.name,
                        field.name
                    ),
                    FieldKind::Owned(line) => assert!(
                        self.entities.contains_key(line().name),
                        "{} is owned by {} but not registered",
                        line().name,
                        meta.name
                    ),
                    _ => {}
                }
                assert!(
                    self.is_choice(meta, field.less),
                    "{}.{} is less where {:?}",
                    meta.name,
                    field.name,
                    field.less
                );
            }
        }
    }

    /// Whether `kind=credit_note` names a choice of an entity, or `parent.kind=…` one of what its lines belong to.
    fn is_choice(&self, meta: &EntityMeta, said: &str) -> bool {
        let Some((path, code)) = said.split_once('=') else { return said.is_empty() };
        let field = match (path.strip_prefix("parent."), meta.parent) {
            (Some(name), Some((owner, _))) => self.entity(owner).and_then(|owner| owner.field(name)),
            (Some(_), None) => None,
            (None, _) => meta.field(path),
        };
        field.is_some_and(|field| matches!(field.kind, FieldKind::Choice(choice) if choice.value(code).is_some()))
    }

    /// The laws of all modules.
    pub fn laws(&self) -> impl Iterator<Item = &'static Law> + '_ {
        self.modules.iter().flat_map(|module| module.laws)
    }

    /// The modules, in order.
    pub fn modules(&self) -> &[Module] {
        &self.modules
    }

    /// All entities by name.
    pub fn entities(&self) -> impl Iterator<Item = &'static EntityMeta> + '_ {
        self.entities.values().map(|(meta, _)| *meta)
    }

    /// The entity of that name.
    pub fn entity(&self, name: &str) -> Option<&'static EntityMeta> {
        self.entities.get(name).map(|(meta, _)| *meta)
    }

    /// The entity and raw id behind the outer form of any record's id.
    pub fn doc(&self, id: &str) -> Option<(&'static EntityMeta, i64)> {
        let (prefix, _) = id.split_once('_')?;
        let meta = self.entities().find(|meta| meta.prefix == prefix && meta.parent.is_none())?;
        kernel::id_parse(meta.prefix, id).map(|raw| (meta, raw))
    }

    /// The entity and raw id behind the outer form of the id of a line.
    pub fn line(&self, id: &str) -> Option<(&'static EntityMeta, i64)> {
        let (prefix, _) = id.split_once('_')?;
        let meta = self.entities().find(|meta| meta.prefix == prefix && meta.parent.is_some())?;
        kernel::id_parse(meta.prefix, id).map(|raw| (meta, raw))
    }

    /// What a module knows of an entity. Panics for an unregistered one.
    pub fn behaviour(&self, name: &str) -> &'static dyn Behaviour {
        self.entities.get(name).unwrap_or_else(|| panic!("{name} is not registered")).1
    }

    /// The report of that name.
    pub fn report(&self, name: &str) -> Option<&'static ReportMeta> {
        self.reports.get(name).copied()
    }

    /// All reports by name.
    pub fn reports(&self) -> impl Iterator<Item = &'static ReportMeta> + '_ {
        self.reports.values().copied()
    }

    /// The module an entity or report belongs to.
    pub fn module_of(&self, name: &str) -> Option<&Module> {
        self.modules.iter().find(|module| {
            module.entities.iter().any(|(meta, _)| meta.name == name)
                || module.reports.iter().any(|report| report.name == name)
        })
    }

    /// All choices by their public name, `entity.field` for fields of entities.
    pub fn choices(&self) -> BTreeMap<String, &'static ChoiceMeta> {
        let mut choices = BTreeMap::new();
        for meta in self.entities() {
            for field in meta.fields {
                if let FieldKind::Choice(choice) = field.kind {
                    choices.insert(format!("{}.{}", meta.name, field.name), choice);
                }
            }
        }
        choices
    }
}
