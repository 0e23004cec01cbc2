//! The one way in: permit, load, decide, check, write.

use kernel::{Label, Param, ProblemKind, Refusal, id_text};
use meta::json::{self, Currencies};
use meta::{EntityKind, EntityMeta, Fault, FieldKind, FieldMeta, Record, Trouble, Value};
use serde_json::{Map, Value as Json, json};
use store::{Conn, Stamp};

use crate::check::missing;
use crate::decide::decide_and_check;
use crate::facts::Tx;
use crate::given::written_by_us;
use crate::{Actor, Engine, back, gone, post};

/// Makes a request that is repeated in one company give the same answer instead of doing it again.
#[derive(Clone, Debug)]
pub struct Key {
    /// What the client calls the request.
    pub key: String,
    /// The hash of what was asked: another request under the same key is noticed.
    pub body_hash: [u8; 32],
}

impl Key {
    fn hash_text(&self) -> String {
        self.body_hash.iter().map(|byte| format!("{byte:02x}")).collect()
    }

    fn name(&self, tx: &Tx) -> String {
        format!("{}:{}", tx.context.company, self.key)
    }
}

/// What a write did.
#[derive(Clone, Debug, Default)]
pub struct Posted {
    /// The record; 0 when it was deleted.
    pub id: i64,
    /// Entries posted.
    pub entries: Vec<i64>,
    /// Moves posted.
    pub moves: Vec<i64>,
    /// Documents made.
    pub created: Vec<(String, i64)>,
}

impl Posted {
    fn to_json(&self) -> Json {
        json!({ "id": self.id, "entries": self.entries, "moves": self.moves, "created": self.created })
    }

    fn of_json(text: &str) -> Posted {
        let json: Json = serde_json::from_str(text).unwrap_or_default();
        let ints = |name: &str| json[name].as_array().into_iter().flatten().filter_map(Json::as_i64).collect();
        let created = json["created"].as_array().into_iter().flatten();
        let created = created.filter_map(|pair| Some((pair[0].as_str()?.to_owned(), pair[1].as_i64()?)));
        Posted {
            id: json["id"].as_i64().unwrap_or(0),
            entries: ints("entries"),
            moves: ints("moves"),
            created: created.collect(),
        }
    }
}

/// How deep follow-up documents may lead to follow-up documents.
const DEPTH_MAX: usize = 4;

/// One write, as asked for.
#[derive(Clone)]
pub(crate) enum Ask {
    Create {
        meta: &'static EntityMeta,
        body: Map<String, Json>,
        trusted: bool,
    },
    Change {
        meta: &'static EntityMeta,
        id: i64,
        version: i64,
        body: Map<String, Json>,
    },
    Remove {
        meta: &'static EntityMeta,
        id: i64,
        version: Option<i64>,
    },
    Act {
        meta: &'static EntityMeta,
        id: i64,
        action: String,
        version: Option<i64>,
        body: Map<String, Json>,
    },
    /// Fields get the values back they had: `{field: [before, after]}`.
    PutBack {
        meta: &'static EntityMeta,
        id: i64,
        changes: Map<String, Json>,
    },
    /// Out of the bin.
    Restore {
        meta: &'static EntityMeta,
        id: i64,
    },
}

impl Engine {
    /// Runs writes in one transaction; tells others after the commit.
    pub(crate) fn transact<T: Send + 'static>(
        self: &std::sync::Arc<Self>,
        actor: &Actor,
        mut work: impl FnMut(&Tx) -> Result<T, Trouble> + Send + 'static,
    ) -> Result<T, Trouble> {
        let engine = self.clone();
        let actor = actor.clone();
        let (done, events) = self.database.write_for(Some(actor.company), move |conn: &dyn Conn| {
            let tx = Tx::new(&engine, &actor, conn);
            let done = work(&tx)?;
            tx.flush()?;
            let events = std::mem::take(&mut *tx.events.borrow_mut());
            Ok((done, events))
        })?;
        self.publish(events);
        Ok(done)
    }

    pub(crate) fn write(
        self: &std::sync::Arc<Self>,
        actor: &Actor,
        ask: Ask,
        key: Option<&Key>,
    ) -> Result<Posted, Trouble> {
        let key = key.cloned();
        self.transact(actor, move |tx| {
            if let Some(known) = replayed(tx, key.as_ref())? {
                return Ok(known);
            }
            let posted = perform(tx, &ask)?;
            remember(tx, key.as_ref(), &posted);
            Ok(posted)
        })
    }
}

/// Does what is asked, in a transaction.
pub(crate) fn perform(tx: &Tx, ask: &Ask) -> Result<Posted, Trouble> {
    let id = match ask {
        Ask::Create { meta, body, trusted } => create(tx, meta, body, *trusted)?,
        Ask::Change { meta, id, version, body } => change(tx, meta, *id, *version, body)?,
        Ask::Remove { meta, id, version } => remove(tx, meta, *id, *version)?,
        Ask::Act { meta, id, action, version, body } => act(tx, meta, *id, action, *version, body)?,
        Ask::PutBack { meta, id, changes } => back::put_back(tx, meta, *id, changes)?,
        Ask::Restore { meta, id } => back::restore(tx, meta, *id)?,
    };
    Ok(Posted {
        id,
        entries: std::mem::take(&mut *tx.entries.borrow_mut()),
        moves: std::mem::take(&mut *tx.moves.borrow_mut()),
        created: std::mem::take(&mut *tx.created.borrow_mut()).into_iter().map(|(e, i)| (e.to_owned(), i)).collect(),
    })
}

pub(crate) fn replayed(tx: &Tx, key: Option<&Key>) -> Result<Option<Posted>, Trouble> {
    let Some(key) = key else { return Ok(None) };
    let rows = tx.query(
        "select body_hash, answer from idempotency where actor = ?1 and key = ?2",
        &[tx.actor.user.into(), key.name(tx).into()],
    )?;
    match rows.first() {
        None => Ok(None),
        Some(row) if row.text(0) == key.hash_text() => Ok(Some(Posted::of_json(row.text(1)))),
        Some(_) => Err(Refusal::new(
            "key_used",
            Label::new(
                "This idempotency key was used for another request. Use a new key.",
                "该幂等键已用于其他请求，请使用新的键。",
            ),
        )
        .kind(ProblemKind::Conflict)
        .into()),
    }
}

pub(crate) fn remember(tx: &Tx, key: Option<&Key>, posted: &Posted) {
    let Some(key) = key else { return };
    tx.push(
        "insert into idempotency (actor, key, body_hash, entity, doc, answer, recorded_at) values (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        vec![
            tx.actor.user.into(),
            key.name(tx).into(),
            key.hash_text().into(),
            "".into(),
            posted.id.into(),
            posted.to_json().to_string().into(),
            tx.context.now.micros().into(),
        ],
    );
}

pub(crate) fn stamp(tx: &Tx) -> Stamp {
    Stamp { at: tx.context.now.micros(), by: tx.actor.user }
}

pub(crate) fn currencies(tx: &Tx) -> Currencies {
    Currencies { company: tx.context.currency, parent: tx.context.currency }
}

/// A new record with what every new record has.
pub(crate) fn fresh(meta: &'static EntityMeta, actor: &Actor, today: kernel::Date) -> Record {
    let mut record = Record::empty(meta);
    for (index, field) in meta.fields.iter().enumerate() {
        match (field.name, field.kind, field.default) {
            ("company", ..) => record.put(index, actor.company.into()),
            ("owner", ..) if actor.user != 0 => record.put(index, actor.user.into()),
            (_, FieldKind::Date, "today") => record.put(index, today.into()),
            (_, FieldKind::Bool, "true") | (_, FieldKind::Bool, "1") => record.put(index, Value::Int(1)),
            (_, _, "") => {}
            (_, kind, text) if kind.is_number() => record.put(index, text.parse().map_or(Value::Null, Value::Int)),
            (_, _, text) => record.put(index, Value::from(text)),
        }
    }
    if let Some(field) = meta.stage_field {
        let index = meta.index(field);
        if let (FieldKind::Choice(choice), true) = (meta.fields[index].kind, record.at(index).is_null()) {
            record.put(index, Value::from(choice.values[0].code));
        }
    }
    record
}

fn create(tx: &Tx, meta: &'static EntityMeta, body: &Map<String, Json>, trusted: bool) -> Result<i64, Trouble> {
    tx.engine.permit(tx.actor, meta, "add")?;
    if matches!(meta.kind, EntityKind::Ledger | EntityKind::Owned) {
        return Err(written_by_us(meta));
    }
    crate::given::nothing(body)?;
    let mut record = fresh(meta, tx.actor, tx.context.today);
    crate::access::unseen(tx, meta, body, "")?;
    let blank = record.clone();
    crate::currency::take(tx, body, &mut record, trusted)?;
    keep_read_only(tx, &blank, &record, "add")?;
    insert(tx, record)
}

/// Saves a new record, whoever made it.
pub(crate) fn insert(tx: &Tx, mut record: Record) -> Result<i64, Trouble> {
    let meta = record.meta;
    record.id = tx.id()?;
    record.version = 1;
    give_line_ids(tx, &mut record)?;
    let effects = decide_and_check(tx, &mut record, None)?;
    if meta.number_at == "create" {
        crate::numbers::give(tx, &mut record, tx.context.today)?;
    }
    for (field, value) in &effects.set {
        record.set(field, value.clone());
    }
    tx.push_all(store::insert(meta, &record, &stamp(tx)));
    written(tx, &record, "created", "", &Json::Null)?;
    apply(tx, &mut record, effects)?;
    Ok(record.id)
}

pub(crate) fn give_line_ids(tx: &Tx, record: &mut Record) -> Result<(), Trouble> {
    for (index, _) in record.owned_fields() {
        for line in record.owned_at_mut(index) {
            if line.id == 0 {
                line.id = tx.id()?;
            }
        }
    }
    Ok(())
}

/// Loads a record the actor may do something with; others do not exist for them.
pub(crate) fn mine(tx: &Tx, meta: &'static EntityMeta, id: i64, verb: &str) -> Result<Record, Trouble> {
    let record = tx.load(meta, id)?.ok_or_else(|| gone(meta))?;
    if !tx.engine.reaches_on(tx.conn, tx.actor, &record, "see")? {
        return Err(gone(meta));
    }
    tx.engine.permit(tx.actor, meta, verb)?;
    if !tx.engine.reaches(tx.actor, &record, verb) {
        return Err(Refusal::new(
            "not_yours",
            Label::new(
                "This {what} belongs to someone else. Ask its owner or a manager.",
                "该{what}由他人负责，请联系负责人或经理。",
            ),
        )
        .with("what", Param::Label(meta.label))
        .kind(ProblemKind::NotAllowed)
        .into());
    }
    crate::reach::may_hand_on(tx, &record)?;
    Ok(record)
}

/// A document is worked on for the company it belongs to, whichever the actor looks at.
pub(crate) fn same_company(tx: &Tx, record: &Record) -> Result<(), Trouble> {
    match record.company() {
        Some(company) if company != tx.context.company => Err(Refusal::new(
            "other_company",
            Label::new(
                "This {what} belongs to another of your companies. Switch to that company first.",
                "该{what}属于您的另一家公司，请先切换公司。",
            ),
        )
        .with("what", Param::Label(record.meta.label))
        .into()),
        _ => Ok(()),
    }
}

fn fresh_enough(record: &Record, version: Option<i64>) -> Result<(), Trouble> {
    match version {
        Some(version) if version != record.version => {
            Err(Trouble::Stale { entity: record.meta.name, id: record.id, current: record.version })
        }
        _ => Ok(()),
    }
}

fn change(tx: &Tx, meta: &'static EntityMeta, id: i64, version: i64, body: &Map<String, Json>) -> Result<i64, Trouble> {
    let old = mine(tx, meta, id, "edit")?;
    same_company(tx, &old)?;
    fresh_enough(&old, Some(version))?;
    if meta.kind == EntityKind::Ledger {
        return Err(written_by_us(meta));
    }
    still_open(tx, &old)?;
    crate::given::the_same(meta, &old, body)?;
    let mut new = old.clone();
    crate::access::unseen(tx, meta, body, "")?;
    crate::currency::take(tx, body, &mut new, false)?;
    keep_read_only(tx, &old, &new, "edit")?;
    change_to(tx, &old, new)?;
    Ok(id)
}

/// What the actor's roles show only is left as it was.
fn keep_read_only(tx: &Tx, old: &Record, new: &Record, verb: &str) -> Result<(), Trouble> {
    let wrong = crate::access::untouched(&tx.actor.access, old, new, verb);
    if wrong.is_empty() { Ok(()) } else { Err(Refusal::merge(wrong).into()) }
}

/// A document is changed while its stage is open.
pub(crate) fn still_open(tx: &Tx, old: &Record) -> Result<(), Trouble> {
    let meta = old.meta;
    let behaviour = tx.engine.registry.behaviour(meta.name);
    if let Some(stage) = old.stage()
        && meta.kind == EntityKind::Document
        && !behaviour.open_stages().contains(&stage)
    {
        return Err(Refusal::new(
            "not_open",
            Label::new(
                "This {what} is {stage} and can no longer be changed. Cancel it, or make a new one.",
                "该{what}处于“{stage}”状态，不能再修改。请取消后重建。",
            ),
        )
        .with("what", Param::Label(meta.label))
        .with("stage", stage_label(meta, stage))
        .kind(ProblemKind::NotNow)
        .into());
    }
    Ok(())
}

/// Completes, decides, checks and writes a changed record.
pub(crate) fn change_to(tx: &Tx, old: &Record, mut new: Record) -> Result<(), Trouble> {
    give_line_ids(tx, &mut new)?;
    let effects = decide_and_check(tx, &mut new, Some(old))?;
    for (field, value) in &effects.set {
        new.set(field, value.clone());
    }
    let mut new = store_change(tx, old, new)?;
    apply(tx, &mut new, effects)
}

fn stage_label(meta: &EntityMeta, stage: &str) -> Param {
    let field = meta.stage_field.and_then(|name| meta.field(name));
    match field.map(|field| field.kind) {
        Some(FieldKind::Choice(choice)) => {
            choice.value(stage).map_or(Param::Text(stage.to_owned()), |value| Param::Label(value.label))
        }
        _ => Param::Text(stage.to_owned()),
    }
}

/// Writes a changed record with the next version, its audit row and its search words.
pub(crate) fn store_change(tx: &Tx, old: &Record, new: Record) -> Result<Record, Trouble> {
    store_step(tx, old, new, "")
}

/// The same for an action, which is told in the audit even when it changed no field.
fn store_step(tx: &Tx, old: &Record, mut new: Record, action: &str) -> Result<Record, Trouble> {
    let changes = differences(old, &new);
    let kind = if action.is_empty() { "changed" } else { "action" };
    if changes.as_object().is_some_and(Map::is_empty) {
        let told = if action.is_empty() { Ok(()) } else { written(tx, &new, kind, action, &changes) };
        return Ok(told.map(|()| new)?);
    }
    new.version = old.version + 1;
    tx.flush()?;
    let update = store::update(old, &new, &stamp(tx));
    if tx.conn.execute(&update.first.sql, &update.first.args)? != 1 {
        return Err(Trouble::Stale { entity: old.meta.name, id: old.id, current: old.version + 1 });
    }
    tx.push_all(update.rest);
    written(tx, &new, kind, action, &changes)?;
    crate::reach::still_administered(tx, old)?;
    Ok(new)
}

/// A stored value, as the audit keeps it.
pub(crate) fn plain(value: &Value) -> Json {
    match value {
        Value::Null => Json::Null,
        Value::Int(number) => Json::from(*number),
        Value::Text(text) => Json::String(text.clone()),
    }
}

/// What differs, for the audit: `{field: [old, new]}`.
fn differences(old: &Record, new: &Record) -> Json {
    let mut map = Map::new();
    for (index, field) in old.meta.fields.iter().enumerate() {
        if let FieldKind::Owned(_) = field.kind {
            if old.owned_at(index) != new.owned_at(index) {
                map.insert(field.name.into(), json!([old.owned_at(index).len(), new.owned_at(index).len()]));
            }
        } else if old.at(index) != new.at(index) {
            map.insert(field.name.into(), json!([plain(old.at(index)), plain(new.at(index))]));
        }
    }
    if old.external_id != new.external_id {
        map.insert("external_id".into(), json!([old.external_id, new.external_id]));
    }
    Json::Object(map)
}

/// What follows every write of a record: audit, outbox, search, links, live.
pub(crate) fn written(tx: &Tx, record: &Record, kind: &str, action: &str, changes: &Json) -> Result<(), Fault> {
    tx.did.borrow_mut().see(record, kind, action, changes);
    let (now, company) = (tx.context.now.micros(), record.company().unwrap_or(0));
    if record.meta.steady && !tx.steady_changed.replace(true) {
        tx.push_all(vec![crate::steady::changed()?]);
    }
    let audit = tx.id()?;
    let text = if changes.is_null() { String::new() } else { changes.to_string() };
    tx.push(
        "insert into audit (id, recorded_at, recorded_by, company, entity, doc, kind, action, changes, record_hash)
         values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
        vec![
            audit.into(),
            now.into(),
            tx.actor.user.into(),
            company.into(),
            record.meta.name.into(),
            record.id.into(),
            kind.into(),
            action.into(),
            text.into(),
            crate::proof::told(record).into(),
        ],
    );
    tx.push("insert into unsealed (id, chain) values (?1, ?2)", vec![audit.into(), format!("audit:{company}").into()]);
    let (out, was) = crate::elsewhere::put_out(tx, record, kind, changes)?;
    if kind == "removed" {
        tx.push_all(store::unindex(tx.conn.dialect(), record));
        crate::together::tell(tx, record, kind, changes)?;
        tx.tell(record, 0, out, was);
        return Ok(());
    }
    let searched = record.meta.fields.iter().any(|field| field.search);
    if searched && (kind == "created" || changes.is_null() || touches_search(record.meta, changes)) {
        tx.push_all(store::index(tx.conn.dialect(), record));
    }
    if kind != "action" {
        crate::chain::remember(tx, record);
    }
    crate::together::tell(tx, record, kind, changes)?;
    tx.tell(record, record.version, out, was);
    Ok(())
}

fn touches_search(meta: &EntityMeta, changes: &Json) -> bool {
    meta.fields
        .iter()
        .any(|field| (field.search || meta.title.contains(&field.name)) && changes.get(field.name).is_some())
}

fn remove(tx: &Tx, meta: &'static EntityMeta, id: i64, version: Option<i64>) -> Result<i64, Trouble> {
    let record = mine(tx, meta, id, "remove")?;
    same_company(tx, &record)?;
    fresh_enough(&record, version)?;
    if let Some(why) = not_removable(&record) {
        return Err(why.into());
    }
    if let Some(user) = used_by(tx, meta, id)? {
        return Err(Refusal::new(
            "in_use",
            Label::new(
                "This {what} is used by a {user} and stays. Archive it instead.",
                "该{what}已被{user}引用，不能删除。可改为归档。",
            ),
        )
        .with("what", Param::Label(meta.label))
        .with("user", Param::Label(user.label))
        .kind(ProblemKind::NotNow)
        .into());
    }
    back::into_bin(tx, &record);
    tx.push_all(store::delete(&record));
    written(tx, &record, "removed", "", &json!({ "label": [record.label(), null] }))?;
    crate::reach::still_administered(tx, &record)?;
    Ok(0)
}

/// Why a record cannot be deleted, as far as it says itself.
pub(crate) fn not_removable(record: &Record) -> Option<Refusal> {
    let meta = record.meta;
    let first = match (meta.stage_field.and_then(|name| meta.field(name)).map(|field| field.kind), record.stage()) {
        (Some(FieldKind::Choice(choice)), Some(stage)) => choice.values[0].code == stage,
        _ => meta.kind != EntityKind::Ledger,
    };
    if !first {
        return Some(
            Refusal::new(
                "not_a_draft",
                Label::new(
                    "Only drafts can be deleted. Cancel this {what} instead.",
                    "只能删除草稿。请改为取消该{what}。",
                ),
            )
            .with("what", Param::Label(meta.label))
            .kind(ProblemKind::NotNow),
        );
    }
    None
}

/// The first entity whose records name this one.
fn used_by(tx: &Tx, meta: &EntityMeta, id: i64) -> Result<Option<&'static EntityMeta>, Trouble> {
    for other in tx.engine.registry.entities() {
        for field in other.fields {
            if !matches!(field.kind, FieldKind::Ref(entity) if entity == meta.name) {
                continue;
            }
            let sql = format!("select 1 from \"{}\" where \"{}\" = ?1 limit 1", other.name, field.name);
            if !tx.query(&sql, &[id.into()])?.is_empty() {
                return Ok(Some(other));
            }
        }
    }
    Ok(None)
}

fn act(
    tx: &Tx,
    meta: &'static EntityMeta,
    id: i64,
    name: &str,
    version: Option<i64>,
    body: &Map<String, Json>,
) -> Result<i64, Trouble> {
    let action = meta.action(name).ok_or_else(|| {
        Trouble::from(
            Refusal::new("no_such_action", Label::new("There is no such action.", "没有该操作。"))
                .kind(ProblemKind::NotFound),
        )
    })?;
    let record = mine(tx, meta, id, name)?;
    same_company(tx, &record)?;
    fresh_enough(&record, version)?;
    let args = read_args(tx, action.args, &record, body)?;
    let told = run(tx, &record, action.name, &args);
    told.map_err(|why| post::named(why, &post::Asked { record: &record, args: action.args, values: &args }))?;
    Ok(id)
}

fn read_args(tx: &Tx, fields: &[FieldMeta], record: &Record, body: &Map<String, Json>) -> Result<Vec<Value>, Trouble> {
    let mut problems = Vec::new();
    for name in body.keys() {
        if name != "version" && !fields.iter().any(|field| field.name == name) {
            problems.push(
                Refusal::new(
                    "unknown_field",
                    Label::new("This action does not ask for “{name}”. Remove it.", "该操作没有参数“{name}”，请删除。"),
                )
                .with("name", name.chars().take(60).collect::<String>())
                .field(name.as_str()),
            );
        }
    }
    let mut values = Vec::new();
    for field in fields {
        let currency = json::currency_of(field, record, currencies(tx));
        let value = json::read_value(field, body.get(field.name).unwrap_or(&Json::Null), currency, &tx.engine.registry);
        match value {
            Ok(Value::Null) if field.required && field.default == "today" => values.push(tx.context.today.into()),
            Ok(Value::Null) if field.required => problems.push(missing(field)),
            Ok(value) => values.push(value),
            Err(refusal) => problems.push(refusal),
        }
    }
    if problems.is_empty() { Ok(values) } else { Err(Refusal::merge(problems).into()) }
}

/// Decides, writes the stage and applies the effects.
fn run(tx: &Tx, old: &Record, action: &'static str, args: &[Value]) -> Result<(), Trouble> {
    let meta = old.meta;
    let decision = tx.engine.registry.behaviour(meta.name).act(old, action, args, tx)?;
    let mut new = old.clone();
    if let (Some(field), false) = (meta.stage_field, decision.stage.is_empty()) {
        new.set(field, decision.stage);
    }
    for (field, value) in &decision.effects.set {
        new.set(field, value.clone());
    }
    if meta.number_at == action {
        let on = decision.effects.posting.entries.first().map_or(tx.context.today, books::Entry::posted_on);
        crate::numbers::give(tx, &mut new, on)?;
    }
    let mut new = store_step(tx, old, new, action)?;
    apply(tx, &mut new, decision.effects)
}

/// Applies effects: books, other documents, follow-up documents.
fn apply(tx: &Tx, record: &mut Record, effects: meta::Effects) -> Result<(), Trouble> {
    if effects.undo {
        post::undo(tx, record)?;
    }
    post::post(tx, record, &effects.posting)?;
    for change in effects.change {
        let meta = tx.engine.entity(change.doc.entity)?;
        let Some(old) = tx.load(meta, change.doc.id)? else { return Err(gone(meta)) };
        let mut new = old.clone();
        new.set(change.field, change.value);
        store_change(tx, &old, new)?;
    }
    if effects.create.is_empty() {
        return Ok(());
    }
    if tx.depth.get() >= DEPTH_MAX {
        return Err(meta::Fault::new("follow-up documents follow each other without end").into());
    }
    tx.depth.set(tx.depth.get() + 1);
    for new in effects.create {
        let mut made = new.record;
        let meta = made.meta;
        let blank = fresh(meta, tx.actor, tx.context.today);
        for index in 0..meta.fields.len() {
            if made.at(index).is_null() && !blank.at(index).is_null() {
                made.put(index, blank.at(index).clone());
            }
        }
        let id = insert(tx, made)?;
        tx.created.borrow_mut().push((meta.name, id));
        if let Some(action) = new.then {
            let saved = tx.load(meta, id)?.ok_or_else(|| gone(meta))?;
            run(tx, &saved, action, &[])?;
        }
    }
    tx.depth.set(tx.depth.get() - 1);
    Ok(())
}

/// The outer form of an id.
pub(crate) fn outer(meta: &EntityMeta, id: i64) -> String {
    if id > 0 { id_text(meta.prefix, id) } else { String::new() }
}
