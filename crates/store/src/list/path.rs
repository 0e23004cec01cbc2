//! From the path of a field, such as `customer.country`, to a column and its joins.

use kernel::{Label, Param, Refusal};
use meta::{ChoiceMeta, ChoiceValue, EntityMeta, FieldKind, FieldMeta};

use super::build::Builder;
use crate::conn::quoted;

/// How many refs a path may follow.
const HOPS_MAX: usize = 3;
/// How many tables one list may join.
const JOINS_MAX: usize = 12;

/// A field that was found.
#[derive(Clone)]
pub(super) struct Found {
    /// As asked for.
    pub path: String,
    /// Its column with the name of its table in the query.
    pub column: String,
    /// Its description.
    pub field: FieldMeta,
    /// The entity it belongs to.
    pub meta: &'static EntityMeta,
    /// The database itself keeps it from being empty.
    pub is_strict: bool,
    /// It is never empty in a saved record.
    pub is_full: bool,
}

/// The refusal for a field that does not exist, or that this user must not know of.
pub fn unknown(meta: &EntityMeta, path: &str) -> Refusal {
    Refusal::new(
        "unknown_field",
        Label::new(
            "{what} has no field “{name}”. Remove it or correct its name.",
            "{what}没有字段“{name}”，请删除或更正。",
        ),
    )
    .with("what", Param::Label(meta.label))
    .with("name", path.chars().take(60).collect::<String>())
    .field(path.chars().take(60).collect::<String>())
}

/// Columns every record has beside its fields.
fn system_field(meta: &'static EntityMeta, name: &str) -> Option<FieldMeta> {
    let make = |name: &'static str, kind: FieldKind, en: &'static str, zh: &'static str| FieldMeta {
        required: true,
        readonly: true,
        hidden: true,
        ..FieldMeta::plain(name, kind, Label::new(en, zh))
    };
    Some(match (name, meta.parent) {
        ("id", _) => make("id", FieldKind::Id, "Id", "编号"),
        ("parent", Some((owner, _))) => make("parent", FieldKind::Ref(owner), "Belongs to", "所属单据"),
        ("position", Some(_)) => make("position", FieldKind::Int, "Position", "行序"),
        ("version", None) => make("version", FieldKind::Int, "Version", "版本"),
        ("external_id", None) => make("external_id", FieldKind::Text, "External id", "外部编号"),
        ("created_at", None) => make("created_at", FieldKind::Instant, "Created at", "创建时间"),
        ("created_by", None) => make("created_by", FieldKind::Ref("user"), "Created by", "创建人"),
        ("changed_at", None) => make("changed_at", FieldKind::Instant, "Changed at", "修改时间"),
        ("changed_by", None) => make("changed_by", FieldKind::Ref("user"), "Changed by", "修改人"),
        _ => return None,
    })
}

const fn due(code: &'static str, en: &'static str, zh: &'static str, tone: &'static str) -> ChoiceValue {
    ChoiceValue { code, label: Label::new(en, zh), tone }
}

/// How what is planned for a day stands to today.
static DUE: ChoiceMeta = ChoiceMeta {
    name: "due_state",
    values: &[
        due("overdue", "Overdue", "已逾期", "bad"),
        due("today", "Today", "今天", "warn"),
        due("planned", "Planned", "已计划", "good"),
        due("done", "Done", "已完成", "neutral"),
        due("cancelled", "Cancelled", "已取消", "neutral"),
    ],
};

impl Builder<'_> {
    /// Of what is planned for a day, how it stands to today: never stored, for tomorrow it is another.
    fn due_state(&self, path: &str, table: &str, meta: &'static EntityMeta) -> Option<Found> {
        let stage = meta.field(meta.stage_field?)?;
        let FieldKind::Choice(stages) = stage.kind else { return None };
        if path.rsplit('.').next() != Some(DUE.name) || meta.field("due_on").is_none() {
            return None;
        }
        let planned = stages.values.first()?.code;
        let (stage, due_on) = (format!("{table}.{}", quoted(stage.name)), format!("{table}.\"due_on\""));
        let today = self.scope.today;
        let field = FieldMeta {
            kind: FieldKind::Choice(&DUE),
            label: Label::new("State", "状态"),
            group: true,
            ..system_field(meta, "id")?
        };
        Some(Found {
            path: path.to_owned(),
            column: format!(
                "case when {stage} <> '{planned}' then {stage} when {due_on} < '{today}' then 'overdue' \
                 when {due_on} = '{today}' then 'today' else 'planned' end"
            ),
            field: FieldMeta { name: DUE.name, ..field },
            meta,
            is_strict: false,
            is_full: false,
        })
    }

    /// A field this user may see.
    pub(super) fn visible(&mut self, path: &str) -> Result<Found, Refusal> {
        self.find(path, false)
    }

    /// A field named by ourselves: in a rule or a default.
    pub(super) fn trusted(&mut self, path: &str) -> Result<Found, Refusal> {
        self.find(path, true)
    }

    fn find(&mut self, path: &str, is_trusted: bool) -> Result<Found, Refusal> {
        let start = self.meta;
        let refuse = || unknown(start, path);
        let names: Vec<&str> = path.split('.').collect();
        if names.len() > HOPS_MAX + 1 {
            return Err(refuse());
        }
        let (mut meta, mut table, mut walked) = (start, "t0".to_owned(), String::new());
        for (at, name) in names.iter().enumerate() {
            if at + 1 == names.len()
                && let Some(found) = self.due_state(path, &table, meta)
            {
                return Ok(found);
            }
            let field = match meta.field(name) {
                Some(field) => Some(*field).filter(|field| is_trusted || (self.scope.visible)(meta, field)),
                None => system_field(meta, name),
            };
            let field = field.ok_or_else(refuse)?;
            if at + 1 == names.len() {
                return Ok(self.found(path, &table, field, meta));
            }
            let FieldKind::Ref(entity) = field.kind else { return Err(refuse()) };
            let Some(target) = self.registry.entity(entity) else { return Err(refuse()) };
            walked = format!("{walked}.{name}");
            table = self.join(&walked, &table, field.name, target).ok_or_else(refuse)?;
            meta = target;
        }
        Err(refuse())
    }

    fn found(&self, path: &str, table: &str, field: FieldMeta, meta: &'static EntityMeta) -> Found {
        let is_own = table == "t0";
        let is_system = meta.field(field.name).is_none() || field.name == "id";
        let is_company = field.name == "company" && field.required;
        let is_strict = is_own && ((is_system && field.name != "external_id") || is_company);
        let is_kept = field.required && !field.readonly && !field.computed;
        Found {
            path: path.to_owned(),
            column: format!("{table}.{}", quoted(field.name)),
            field,
            meta,
            is_strict,
            is_full: is_strict || (is_own && is_kept),
        }
    }

    /// The name of a joined table; the same path is joined once.
    pub(super) fn join(
        &mut self,
        walked: &str,
        table: &str,
        column: &str,
        target: &'static EntityMeta,
    ) -> Option<String> {
        if let Some(at) = self.joined.iter().position(|(known, _)| known == walked) {
            return Some(format!("t{}", at + 1));
        }
        if self.joined.len() == JOINS_MAX {
            return None;
        }
        let name = format!("t{}", self.joined.len() + 1);
        let sql = format!("\nleft join {} {name} on {name}.id = {table}.{}", quoted(target.name), quoted(column));
        self.joined.push((walked.to_owned(), sql));
        Some(name)
    }

    /// For a ref, what the record it names is called: people sort and look for names.
    pub(super) fn named(&mut self, found: Found) -> Result<Found, Refusal> {
        let FieldKind::Ref(entity) = found.field.kind else { return Ok(found) };
        let title = self.registry.entity(entity).and_then(|meta| meta.field(meta.title.first()?));
        match title {
            Some(title) if title.kind.is_column() && !matches!(title.kind, FieldKind::Ref(_)) => {
                let path = format!("{}.{}", found.path, title.name);
                match path.split('.').count() <= HOPS_MAX + 1 {
                    true => self.trusted(&path),
                    false => Ok(found),
                }
            }
            _ => Ok(found),
        }
    }
}
