//! Long work: asked for at once, done row by row in the background, taken up again after a crash.
//!
//! ```text
//! start  the rows, in parts, and a record of `job`         one transaction
//! claim  one worker of all servers gets it, for a while     one conditional update
//! step   some rows, and how far the job is                  one transaction: never lost, never twice
//! ```
//!
//! A worker that is slower than its claim finds its step refused: the update that moves the
//! job on names the worker and the row it stands at.

mod work;

use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::Duration;

use kernel::{Label, ProblemKind, Refusal, id_text};
use meta::{EntityMeta, Trouble, Value};
use serde_json::{Value as Json, json};

use crate::facts::Tx;
use crate::import::{IMPORT_MAX, Row, together};
use crate::twice::{Twice, twice};
use crate::write::{Posted, remember, replayed};
use crate::{Actor, Engine, Event, Key, gone};

pub use work::{Claim, Step};

/// How many rows are written in one transaction, if none of them is refused.
pub(crate) const PART_ROWS: usize = 50;
/// How many jobs one user may have waiting or running.
const OPEN_MAX: i64 = 20;
/// How many refused rows one answer tells.
const TOLD_MAX: usize = 1_000;
/// How many rows that look like others one answer tells.
const ALIKE_MAX: usize = 100;
/// How long what a job did can be undone: 30 days.
const KEPT_MILLIS: i64 = 30 * 86_400_000;
/// Who may stop the work of others.
const ADMINISTRATOR: &str = "administrator";

/// Wakes a worker when there is something to do.
#[derive(Default)]
pub(crate) struct Bell(Mutex<bool>, Condvar);

impl Bell {
    pub fn ring(&self) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = true;
        self.1.notify_all();
    }

    /// Waits for the bell, but not for ever: another server may have been asked.
    pub fn wait(&self, patience: Duration) {
        let rung = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (mut rung, _) =
            self.1.wait_timeout_while(rung, patience, |rung| !*rung).unwrap_or_else(PoisonError::into_inner);
        *rung = false;
    }
}

/// The rows of a job: a record each, with the rows that add lines to it and what of it stands further up.
fn records(meta: &EntityMeta, columns: &[String], rows: impl IntoIterator<Item = Row>) -> Vec<Json> {
    let row = |(line, cells): Row| json!({ "line": line, "cells": cells });
    let record = |(rows, twice): (Vec<Row>, Option<Twice>)| {
        let mut rows = rows.into_iter().map(row);
        let mut first = rows.next().unwrap_or_default();
        let more: Vec<Json> = rows.collect();
        if !more.is_empty() {
            first["more"] = Json::Array(more);
        }
        if let Some(twice) = twice {
            first["twice"] = twice.json();
        }
        first
    };
    let records = together(columns, rows);
    let twice = twice(meta, columns, &records);
    records.into_iter().zip(twice).map(record).collect()
}

impl Engine {
    /// Loads a file in the background; rows as for [`Engine::import`]. Answers with the job.
    pub fn start_import(
        self: &Arc<Self>,
        actor: &Actor,
        entity: &str,
        rows: Vec<Vec<String>>,
        dry: bool,
        key: Option<&Key>,
    ) -> Result<Json, Trouble> {
        let meta = self.entity(entity)?;
        self.permit(actor, meta, "import")?;
        let mut rows = rows.into_iter();
        let head = rows.next().unwrap_or_default();
        let columns = crate::import::columns(meta, &head)?;
        // As a spreadsheet counts: the heading is line 1.
        let rows = records(meta, &columns, rows.enumerate().map(|(number, cells)| (number + 2, cells)));
        self.start(actor, "import", meta.name, &json!(columns), &rows, dry, key)
    }

    /// The same for columns that were told, as in [`crate::import`], and rows with their line in the file.
    pub fn start_planned_import(
        self: &Arc<Self>,
        actor: &Actor,
        entity: &str,
        columns: &[String],
        rows: Vec<(usize, Vec<String>)>,
        dry: bool,
        key: Option<&Key>,
    ) -> Result<Json, Trouble> {
        let meta = self.entity(entity)?;
        self.permit(actor, meta, "import")?;
        crate::import::known_columns(meta, columns)?;
        let rows = records(meta, columns, rows);
        self.start(actor, "import", meta.name, &json!(columns), &rows, dry, key)
    }

    /// Does what [`Engine::batch`] does, each row for itself, in the background. Answers with the job.
    pub fn start_batch(
        self: &Arc<Self>,
        actor: &Actor,
        entity: &str,
        rows: &[Json],
        key: Option<&Key>,
    ) -> Result<Json, Trouble> {
        let meta = self.entity(entity)?;
        self.permit(actor, meta, "see")?;
        self.start(actor, "batch", meta.name, &json!([]), rows, false, key)
    }

    fn start(
        self: &Arc<Self>,
        actor: &Actor,
        kind: &'static str,
        entity: &'static str,
        columns: &Json,
        rows: &[Json],
        dry: bool,
        key: Option<&Key>,
    ) -> Result<Json, Trouble> {
        self.entity("job")?;
        if rows.is_empty() || IMPORT_MAX < rows.len() {
            return Err(Refusal::new(
                "rows_of_a_job",
                Label::new("A job has 1 to 200,000 rows. Send it in parts.", "后台任务须有 1 至 20 万行，请分批提交。"),
            )
            .field("rows")
            .into());
        }
        let parts: Vec<String> = rows.chunks(PART_ROWS).map(|part| json!(part).to_string()).collect();
        let (total, columns, key) = (rows.len() as i64, columns.to_string(), key.cloned());
        let id = self.transact(actor, move |tx| {
            if let Some(known) = replayed(tx, key.as_ref())? {
                return Ok(known.id);
            }
            let open = "select count(*) from job where owner = ?1 and state in ('waiting', 'running')";
            if OPEN_MAX <= tx.query(open, &[tx.actor.user.into()])?.first().map_or(0, |row| row.int(0)) {
                return Err(too_many().into());
            }
            let id = tx.id()?;
            insert(tx, id, kind, entity, &columns, total, dry);
            let parts = parts.iter().map(String::as_str);
            begun(tx, id, parts, key.as_ref());
            Ok(id)
        })?;
        self.bell.ring();
        self.job_shown(actor, id)
    }

    /// Undoes what a job did, from its last row to its first, as a job of its own. Answers with that.
    pub fn undo_job(self: &Arc<Self>, actor: &Actor, id: i64, key: Option<&Key>) -> Result<Json, Trouble> {
        self.get(actor, "job", id)?;
        let key = key.cloned();
        let entities: Vec<&'static str> = self.registry.entities().map(|meta| meta.name).collect();
        let undoing = self.transact(actor, move |tx| {
            if let Some(known) = replayed(tx, key.as_ref())? {
                return Ok(known.id);
            }
            let rows = tx.query("select owner, company, entity, state from job where id = ?1", &[id.into()])?;
            let job = rows.first().ok_or_else(|| gone(tx.engine.registry.entity("job").expect("there is a job")))?;
            if job.int(0) != tx.actor.user && !tx.actor.roles.iter().any(|role| role == ADMINISTRATOR) {
                return Err(of_another().into());
            }
            if job.int(1) != tx.context.company {
                return Err(Refusal::new(
                    "other_company",
                    Label::new(
                        "This job worked for another of your companies. Switch to that company first.",
                        "该任务属于您的另一家公司，请先切换公司。",
                    ),
                )
                .into());
            }
            if matches!(job.text(3), "waiting" | "running") {
                return Err(Refusal::new(
                    "job_runs",
                    Label::new("It is still at work. Cancel it first.", "任务仍在执行，请先取消。"),
                )
                .kind(ProblemKind::NotNow)
                .into());
            }
            let name = job.text(2);
            let entity = entities.iter().copied().find(|entity| *entity == name);
            let entity = entity.ok_or_else(nothing_to_undo)?;
            let done = "select doc, version, kind, action, changes from job_done where job = ?1 order by row desc";
            let done = tx.query(done, &[id.into()])?;
            if done.is_empty() {
                return Err(nothing_to_undo().into());
            }
            let told = |row: &meta::Row| {
                let changes: Json = serde_json::from_str(row.text(4)).unwrap_or_default();
                json!({
                    "doc": row.int(0), "version": row.int(1), "kind": row.text(2), "action": row.text(3),
                    "changes": changes,
                })
            };
            let parts: Vec<String> = done
                .chunks(PART_ROWS)
                .map(|part| json!(part.iter().map(told).collect::<Vec<_>>()).to_string())
                .collect();
            // Once: what was undone is not undone again.
            tx.push("delete from job_done where job = ?1", vec![id.into()]);
            let new = tx.id()?;
            insert(tx, new, "undo", entity, "[]", done.len() as i64, false);
            begun(tx, new, parts.iter().map(String::as_str), key.as_ref());
            Ok(new)
        })?;
        self.bell.ring();
        self.job_shown(actor, undoing)
    }

    /// A job as its owner sees it, whatever else they may see.
    fn job_shown(&self, actor: &Actor, id: i64) -> Result<Json, Trouble> {
        self.database.read(|conn| {
            let rows = conn.query(
                "select kind, entity, state, done, total, created, changed, failed, dry, error, version from job where id = ?1",
                &[id.into()],
            )?;
            let undo = conn.query("select 1 from job_done where job = ?1 limit 1", &[id.into()])?;
            let meta = self.entity("job")?;
            let row = rows.first().ok_or_else(|| gone(meta))?;
            let error = Some(row.text(9)).filter(|text| !text.is_empty());
            Ok(json!({
                "id": id_text(meta.prefix, id), "kind": row.text(0), "entity": row.text(1), "state": row.text(2),
                "done": row.int(3), "rows": row.int(4), "created": row.int(5), "changed": row.int(6),
                "refused": row.int(7), "dry": row.int(8) != 0, "error": error, "version": row.int(10),
                "company": id_text("co", actor.company),
                "undo": !undo.is_empty() && !matches!(row.text(2), "waiting" | "running"),
            }))
        })
    }

    /// What became of a job: its counts, and the refused rows after a row, each with what was wrong.
    pub fn job_result(&self, actor: &Actor, id: i64, after: i64) -> Result<Json, Trouble> {
        self.get(actor, "job", id)?;
        let mut told = self.job_shown(actor, id)?;
        let (rows, alike, duplicates) = self.database.read(|conn| {
            let sql =
                format!("select told from job_refusal where job = ?1 and row > ?2 order by row limit {}", TOLD_MAX + 1);
            let alike = format!("select told from job_alike where job = ?1 order by row limit {ALIKE_MAX}");
            let count = conn.query("select count(*) from job_alike where job = ?1", &[id.into()])?;
            let rows = conn.query(&sql, &[id.into(), after.into()])?;
            Ok((rows, conn.query(&alike, &[id.into()])?, count.first().map_or(0, |row| row.int(0))))
        })?;
        let alike: Vec<Json> = alike.iter().map(|row| serde_json::from_str(row.text(0)).unwrap_or_default()).collect();
        told["duplicates"] = json!(duplicates);
        told["alike"] = Json::Array(alike);
        let failed: Vec<Json> =
            rows.iter().take(TOLD_MAX).map(|row| serde_json::from_str(row.text(0)).unwrap_or_default()).collect();
        told["more"] = json!(TOLD_MAX < rows.len());
        told["failed"] = Json::Array(failed);
        Ok(told)
    }

    /// Stops a job; what it did stays done.
    pub fn cancel_job(&self, actor: &Actor, id: i64) -> Result<Json, Trouble> {
        self.turn(
            actor,
            id,
            "update job set state = 'cancelled', finished_at = ?2, changed_at = ?2, version = version + 1
             where id = ?1 and state in ('waiting', 'running') returning version",
            Label::new("It is over already; there is nothing to stop.", "任务已结束，无需取消。"),
        )
    }

    /// Takes a job up again that was given up or stopped, at the row it stands at.
    pub fn resume_job(&self, actor: &Actor, id: i64) -> Result<Json, Trouble> {
        let told = self.turn(
            actor,
            id,
            "update job set state = 'waiting', tries = 0, due_at = ?2, finished_at = null, error = null,
             changed_at = ?2, version = version + 1
             where id = ?1 and state in ('failed', 'cancelled') returning version",
            Label::new(
                "Only a job that failed or was cancelled can be taken up again.",
                "只有失败或已取消的任务才能继续。",
            ),
        );
        self.bell.ring();
        told
    }

    fn turn(&self, actor: &Actor, id: i64, sql: &'static str, otherwise: Label) -> Result<Json, Trouble> {
        self.get(actor, "job", id)?;
        let (user, boss) = (actor.user, actor.roles.iter().any(|role| role == ADMINISTRATOR));
        let now = self.now().micros();
        let event = self.database.write(move |conn| {
            let rows = conn.query("select owner, company from job where id = ?1", &[id.into()])?;
            let Some(row) = rows.first() else { return Ok(None) };
            if row.int(0) != user && !boss {
                return Err(of_another().into());
            }
            let turned = conn.query(sql, &[id.into(), now.into()])?;
            let version = turned
                .first()
                .map(|row| row.int(0))
                .ok_or_else(|| Trouble::from(Refusal::new("job_is_over", otherwise).kind(ProblemKind::NotNow)))?;
            Ok(Some(Event { entity: "job", id, version, company: row.int(1), out: 0, only: 0, was: 0 }))
        })?;
        self.publish(event.into_iter().collect());
        self.job_shown(actor, id)
    }
}

fn of_another() -> Refusal {
    Refusal::new(
        "job_of_another",
        Label::new(
            "Someone else asked for this. Only they or an administrator can stop it, go on with it or undo it.",
            "该任务由他人发起，只有本人或管理员可以取消、继续或撤销。",
        ),
    )
    .kind(ProblemKind::NotAllowed)
}

fn nothing_to_undo() -> Refusal {
    Refusal::new(
        "nothing_to_undo",
        Label::new(
            "There is nothing to undo: it changed nothing, was undone already, or is older than 30 days.",
            "没有可撤销的内容：未作更改、已撤销或超过 30 天。",
        ),
    )
    .kind(ProblemKind::NotNow)
}

fn too_many() -> Refusal {
    Refusal::new(
        "too_many_jobs",
        Label::new(
            "You have {max} jobs waiting already. Let some of them end first.",
            "您已有 {max} 个任务在等待，请等部分任务结束后再试。",
        ),
    )
    .with("max", OPEN_MAX)
    .kind(ProblemKind::TooMuch)
}

/// The rows of a new job, and who hears of it. What jobs did a month ago is forgotten.
fn begun<'a>(tx: &Tx, id: i64, parts: impl Iterator<Item = &'a str>, key: Option<&Key>) {
    for (number, rows) in parts.enumerate() {
        tx.push(
            "insert into job_part (job, part, rows) values (?1, ?2, ?3)",
            vec![id.into(), (number as i64).into(), rows.into()],
        );
    }
    tx.push(
        "delete from job_done where job in (select id from job where finished_at < ?1)",
        vec![tx.context.now.plus_millis(-KEPT_MILLIS).micros().into()],
    );
    remember(tx, key, &Posted { id, ..Posted::default() });
    let company = tx.actor.company;
    tx.events.borrow_mut().push(Event { entity: "job", id, version: 1, company, out: 0, only: 0, was: 0 });
}

fn insert(tx: &Tx, id: i64, kind: &str, entity: &str, columns: &str, total: i64, dry: bool) {
    let (now, actor) = (tx.context.now.micros(), tx.actor);
    let mut values: Vec<(&str, Value)> = vec![("id", id.into()), ("version", 1.into())];
    values.extend(["created_at", "changed_at", "asked_at", "due_at"].map(|name| (name, Value::Int(now))));
    values.extend(["created_by", "changed_by", "owner"].map(|name| (name, Value::Int(actor.user))));
    values.extend(["done", "created", "changed", "failed", "tries", "claimed_until"].map(|name| (name, Value::Int(0))));
    values.extend([
        ("company", actor.company.into()),
        ("kind", kind.into()),
        ("entity", entity.into()),
        ("state", "waiting".into()),
        ("total", total.into()),
        ("dry", Value::Int(i64::from(dry))),
        ("claimed_by", "".into()),
        ("only_role", actor.only_role.unwrap_or(0).into()),
        ("lang", actor.lang.code().into()),
        ("columns", columns.into()),
    ]);
    let names: Vec<&str> = values.iter().map(|(name, _)| *name).collect();
    let places: Vec<String> = (1..=values.len()).map(|number| format!("?{number}")).collect();
    let sql = format!("insert into job ({}) values ({})", names.join(", "), places.join(", "));
    tx.push(sql, values.into_iter().map(|(_, value)| value).collect());
}
