//! The side of a job that works: claiming one, and moving it on step by step.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use kernel::Lang;
use meta::{Fault, Trouble, Value};
use serde_json::{Value as Json, json};
use store::{Conn, Dialect};

use super::PART_ROWS;
use crate::import::{Row, row_of, with_lines};
use crate::twice::Twice;
use crate::write::{Ask, perform};
use crate::{Actor, Engine, Event};

/// How long a claim holds without a sign of life. A step takes a fraction of it.
const CLAIM_MILLIS: i64 = 30_000;
/// The first wait after a fault, doubled by every further one.
const WAIT_MILLIS: i64 = 5_000;
/// The longest wait.
const WAIT_MILLIS_MAX: i64 = 3_600_000;
/// How often a job is begun without getting on before it is given up.
const TRIES_MAX: i64 = 10;
/// After so many tries the row that fails is told as failed, and the job goes on without it.
const TRIES_OF_A_ROW: i64 = 3;
/// How often a server looks for work that another was asked for.
const LOOK_EVERY: Duration = Duration::from_secs(2);

/// A job that a worker has, for a while.
#[derive(Clone, Debug)]
pub struct Claim {
    /// The raw job.
    pub job: i64,
    /// At which row it stands.
    pub done: i64,
    worker: String,
    company: i64,
    owner: i64,
    only_role: i64,
    lang: Option<Lang>,
    kind: String,
    entity: String,
    columns: Vec<String>,
    total: i64,
    dry: bool,
    tries: i64,
}

/// Whether a job goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// There is more to do.
    More,
    /// It is done, or no longer this worker's.
    Over,
}

/// What is told of a row of a job, and where that is kept.
struct Told {
    sql: &'static str,
    row: i64,
    text: String,
}

const TELL_REFUSED: &str = "insert into job_refusal (job, row, told) values (?1, ?2, ?3)";
const TELL_ALIKE: &str = "insert into job_alike (job, row, told) values (?1, ?2, ?3)";

/// What some rows were turned into.
#[derive(Clone, Copy, Default)]
struct Counts {
    rows: i64,
    created: i64,
    changed: i64,
    failed: i64,
}

impl Engine {
    /// Works until told to stop. Several servers may do so on one database.
    pub fn work(self: &Arc<Self>, stop: &AtomicBool) {
        let name = crate::session::new_token().unwrap_or_else(|_| format!("worker {:p}", Arc::as_ptr(self)));
        let name: String = name.chars().take(16).collect();
        if let Err(trouble) = self.take_back_jobs() {
            tracing::error!(fault = %trouble, "jobs of before were not taken back");
        }
        while !stop.load(Ordering::SeqCst) {
            match self.work_once(&name, stop) {
                Ok(true) => {}
                Ok(false) => self.bell.wait(LOOK_EVERY),
                Err(trouble) => {
                    tracing::error!(fault = %trouble, "looking for a job failed");
                    self.bell.wait(LOOK_EVERY);
                }
            }
        }
    }

    /// Wakes workers, so that they see that they are to stop.
    pub fn wake_workers(&self) {
        self.bell.ring();
    }

    /// Claims a job and does it to its end, or until told to stop; false when there is none.
    pub fn work_once(self: &Arc<Self>, worker: &str, stop: &AtomicBool) -> Result<bool, Trouble> {
        let Some(mut claim) = self.claim_job(worker)? else { return Ok(false) };
        if TRIES_MAX < claim.tries {
            // Those who had it died, time and again.
            self.job_troubled(&claim, Fault::new("its workers do not survive it").into())?;
            return Ok(true);
        }
        loop {
            if stop.load(Ordering::SeqCst) {
                // Given back, so that whoever comes next need not wait for the claim to end.
                self.end_job(&claim, "waiting", None, self.now().micros())?;
                return Ok(true);
            }
            match self.job_step(&mut claim) {
                Ok(Step::More) => {}
                Ok(Step::Over) => return Ok(true),
                Err(trouble) => {
                    self.job_troubled(&claim, trouble)?;
                    return Ok(true);
                }
            }
        }
    }

    /// An SQLite file has one server: what it left running when it died is taken up at once.
    fn take_back_jobs(&self) -> Result<(), Trouble> {
        if self.database.dialect() != Dialect::Sqlite || self.registry.entity("job").is_none() {
            return Ok(());
        }
        self.database.write(|conn: &dyn Conn| {
            conn.execute("update job set claimed_until = 0 where state = 'running'", &[])?;
            Ok(())
        })
    }

    /// Gets the job that has waited longest, or one whose worker is thought dead.
    pub fn claim_job(&self, worker: &str) -> Result<Option<Claim>, Trouble> {
        if self.registry.entity("job").is_none() {
            return Ok(None);
        }
        let now = self.now();
        let until = now.plus_millis(CLAIM_MILLIS).micros();
        let waits = "(state = 'waiting' and due_at <= ?1) or (state = 'running' and claimed_until <= ?1)";
        let look = format!("select id from job where {waits} order by due_at, id limit 1");
        let now = Value::Int(now.micros());
        // Nothing to do is seen without a write.
        let some = self.database.read(|conn| Ok(conn.query(&look, std::slice::from_ref(&now))?))?;
        if some.is_empty() {
            return Ok(None);
        }
        let worker = worker.to_owned();
        let claim = format!(
            "update job set state = 'running', claimed_by = ?3, claimed_until = ?4, tries = tries + 1,
             started_at = coalesce(started_at, ?1), changed_at = ?1, version = version + 1
             where id = ?2 and ({waits})
             returning version, company, owner, only_role, lang, kind, entity, columns, total, dry, tries, done"
        );
        let found = self.database.write(move |conn: &dyn Conn| {
            let Some(id) = conn.query(&look, std::slice::from_ref(&now))?.first().map(|row| row.int(0)) else {
                return Ok(None);
            };
            let args = [now.clone(), id.into(), worker.as_str().into(), until.into()];
            let rows = conn.query(&claim, &args)?;
            Ok(rows.first().map(|row| {
                let claim = Claim {
                    job: id,
                    done: row.int(11),
                    worker: worker.clone(),
                    company: row.int(1),
                    owner: row.int(2),
                    only_role: row.int(3),
                    lang: Lang::parse(row.text(4)),
                    kind: row.text(5).to_owned(),
                    entity: row.text(6).to_owned(),
                    columns: serde_json::from_str(row.text(7)).unwrap_or_default(),
                    total: row.int(8),
                    dry: row.int(9) != 0,
                    tries: row.int(10),
                };
                (claim, row.int(0))
            }))
        })?;
        let Some((claim, version)) = found else { return Ok(None) };
        self.publish(vec![Event {
            entity: "job",
            id: claim.job,
            version,
            company: claim.company,
            out: 0,
            only: 0,
            was: 0,
        }]);
        Ok(Some(claim))
    }

    /// Does the next rows. They and how far the job is are written in the same transaction.
    pub fn job_step(self: &Arc<Self>, claim: &mut Claim) -> Result<Step, Trouble> {
        if claim.done >= claim.total {
            self.end_job(claim, "done", None, 0)?;
            return Ok(Step::Over);
        }
        let actor = self.job_actor(claim)?;
        if claim.kind == "import" {
            self.permit(&actor, self.entity(&claim.entity)?, "import")?;
        }
        let part = claim.done / PART_ROWS as i64;
        let rows = self.database.read(|conn| {
            let sql = "select rows from job_part where job = ?1 and part = ?2";
            Ok(conn.query(sql, &[claim.job.into(), part.into()])?)
        })?;
        let text = rows.first().ok_or_else(|| Fault::new(format!("job {} has no part {part}", claim.job)))?.text(0);
        let rows: Vec<Json> = serde_json::from_str(text).map_err(|why| Fault::new(why.to_string()))?;
        let rows = rows.get((claim.done % PART_ROWS as i64) as usize..).unwrap_or_default();
        // What is of the same record is looked up when the row before is written.
        if rows.len() > 1 && rows.iter().all(|row| row["twice"].is_null()) {
            let asks = rows.iter().map(|row| self.job_ask(&actor, claim, row)).collect::<Result<Vec<_>, _>>();
            match asks.and_then(|asks| self.job_rows(&actor, claim, rows, asks)) {
                Ok(step) => return Ok(step),
                Err(Trouble::Fault(fault)) if fault.unique.is_none() && claim.tries < TRIES_OF_A_ROW => {
                    return Err(fault.into());
                }
                // One of them cannot be, or two are of the same record: each for itself.
                Err(_) => {}
            }
        }
        for row in rows {
            let outcome = self.job_ask(&actor, claim, row).and_then(|ask| {
                let done = self.job_rows(&actor, claim, std::slice::from_ref(row), vec![ask.clone()]);
                match (done, ask) {
                    (Err(Trouble::Refused(refusal)), (Some(ask), _)) if claim.kind == "import" => {
                        Err(self.all_faults(&actor, &ask, refusal).into())
                    }
                    (done, _) => done,
                }
            });
            let step = match outcome {
                Ok(step) => step,
                Err(Trouble::Fault(fault)) if claim.tries < TRIES_OF_A_ROW => return Err(fault.into()),
                Err(trouble) => self.job_row_refused(&actor, claim, row, trouble)?,
            };
            if step == Step::Over {
                return Ok(Step::Over);
            }
        }
        Ok(Step::More)
    }

    /// Who asked, with the rights they have now.
    fn job_actor(&self, claim: &Claim) -> Result<Actor, Trouble> {
        if claim.owner == 0 {
            return self.system(claim.company);
        }
        let actor = self.actor(claim.owner, Some(claim.company), claim.lang)?;
        if claim.only_role == 0 { Ok(actor) } else { self.narrowed(&actor, claim.only_role) }
    }

    /// What a row asks for, and whether a rehearsal counts it as a change of what a row before would have made.
    fn job_ask(&self, actor: &Actor, claim: &Claim, row: &Json) -> Result<(Option<Ask>, bool), Trouble> {
        let meta = self.entity(&claim.entity)?;
        let ask = match claim.kind.as_str() {
            "batch" => self.ask(actor, meta, row).map(Some),
            "undo" => crate::back::undoing(meta, row).map(Some),
            _ => match self.kept_before(claim, row)? {
                Some(twice) => return self.second_ask(actor, meta, &claim.columns, &rows_of(row), &twice),
                None => self.row_ask(actor, meta, &claim.columns, &rows_of(row)),
            },
        };
        Ok((ask?, false))
    }

    /// Of a rehearsed row, the one before that says the same and was not refused.
    fn kept_before(&self, claim: &Claim, row: &Json) -> Result<Option<Twice>, Trouble> {
        let Some(twice) = Twice::read(&row["twice"]).filter(|_| claim.dry) else { return Ok(None) };
        let sql = "select 1 from job_refusal where job = ?1 and row = ?2";
        let args = [claim.job.into(), (twice.row as i64).into()];
        let refused = self.database.read(|conn| Ok(conn.query(sql, &args)?))?;
        Ok(Some(twice).filter(|_| refused.is_empty()))
    }

    /// What is told of rehearsed rows that look like others, or like records that are there.
    fn job_alike(
        &self,
        actor: &Actor,
        claim: &Claim,
        rows: &[Json],
        asks: &[(Option<Ask>, bool)],
    ) -> Result<Vec<Told>, Trouble> {
        let mut told = Vec::new();
        for (at, (row, (ask, _))) in rows.iter().zip(asks).enumerate() {
            let Some(ask) = ask else { continue };
            let number = claim.done + at as i64;
            let twice = self.kept_before(claim, row)?;
            let alike = self.alike(actor, ask, &rows_of(row), number as usize, twice.as_ref())?;
            told.extend(alike.map(|alike| Told { sql: TELL_ALIKE, row: number, text: alike.to_string() }));
        }
        Ok(told)
    }

    /// Writes rows, all or none, and how far the job is.
    fn job_rows(
        self: &Arc<Self>,
        actor: &Actor,
        claim: &mut Claim,
        rows: &[Json],
        asks: Vec<(Option<Ask>, bool)>,
    ) -> Result<Step, Trouble> {
        let is_new = |(ask, is_second): &&(Option<Ask>, bool)| matches!(ask, Some(Ask::Create { .. })) && !is_second;
        let new = asks.iter().filter(is_new).count() as i64;
        let all = asks.iter().filter(|(ask, _)| ask.is_some()).count() as i64;
        let counts = Counts { rows: asks.len() as i64, created: new, changed: all - new, failed: 0 };
        let alike = match claim.dry && claim.kind == "import" {
            true => self.job_alike(actor, claim, rows, &asks)?,
            false => Vec::new(),
        };
        let asks: Vec<Ask> = asks.into_iter().filter_map(|(ask, _)| ask).collect();
        if claim.dry {
            self.rehearse(actor, asks)?;
            return self.job_moves_on(actor, claim, counts, Vec::new(), alike);
        }
        self.job_moves_on(actor, claim, counts, asks, alike)
    }

    fn job_row_refused(
        self: &Arc<Self>,
        actor: &Actor,
        claim: &mut Claim,
        row: &Json,
        trouble: Trouble,
    ) -> Result<Step, Trouble> {
        let mut told = self.row_trouble(actor, trouble);
        told["row"] = json!(claim.done);
        // As a spreadsheet counts: the heading is line 1.
        told["line"] = json!(claim.done + 2);
        if claim.kind == "import" {
            // To be mended where it stands; what else is of the record is told too.
            let rows = rows_of(row);
            with_lines(&mut told, &claim.columns, &rows);
            let problem = &told["problems"][0];
            let field = problem["field"].as_str().unwrap_or("");
            let at = problem["row"].as_u64().and_then(|at| usize::try_from(at).ok());
            let (line, cells) = row_of(&claim.columns, &rows, field, at);
            let also: Vec<Json> = rows
                .iter()
                .filter(|(other, _)| other != line)
                .map(|(line, cells)| json!({ "line": line, "cells": cells }))
                .collect();
            told["cells"] = json!(cells);
            if 0 < *line {
                told["line"] = json!(line);
            }
            if !also.is_empty() {
                told["also"] = Json::Array(also);
            }
        } else {
            let meta = self.entity(&claim.entity)?;
            let id = row["id"].as_str().map(str::to_owned);
            let id = id.or_else(|| row["doc"].as_i64().map(|raw| crate::write::outer(meta, raw)));
            if let Some(id) = id {
                told["label"] = json!(self.label_of(actor, meta, &id)?);
                told["id"] = json!(id);
            }
        }
        let counts = Counts { rows: 1, failed: 1, ..Counts::default() };
        let refused = Told { sql: TELL_REFUSED, row: claim.done, text: told.to_string() };
        self.job_moves_on(actor, claim, counts, Vec::new(), vec![refused])
    }

    /// One transaction: the job stands further on, and what it did on the way.
    fn job_moves_on(
        self: &Arc<Self>,
        actor: &Actor,
        claim: &mut Claim,
        counts: Counts,
        asks: Vec<Ask>,
        told: Vec<Told>,
    ) -> Result<Step, Trouble> {
        let now = self.now();
        let args: Vec<Value> = vec![
            claim.job.into(),
            claim.worker.as_str().into(),
            claim.done.into(),
            counts.rows.into(),
            counts.created.into(),
            counts.changed.into(),
            counts.failed.into(),
            now.plus_millis(CLAIM_MILLIS).micros().into(),
            now.micros().into(),
        ];
        let (job, company, at) = (claim.job, claim.company, claim.done);
        // What was undone is not undone in turn.
        let keeps = claim.kind != "undo";
        let goes_on = self.transact(actor, move |tx| {
            // Only the worker that has the job, and only from this row on.
            let moved = tx.conn.query(
                "update job set done = done + ?4, created = created + ?5, changed = changed + ?6, failed = failed + ?7,
                 claimed_until = ?8, tries = 0, error = null, changed_at = ?9, version = version + 1
                 where id = ?1 and state = 'running' and claimed_by = ?2 and done = ?3 returning version",
                &args,
            )?;
            let Some(version) = moved.first().map(|row| row.int(0)) else { return Ok(false) };
            for (row, ask) in (at..).zip(&asks) {
                tx.did.borrow_mut().begin();
                perform(tx, ask)?;
                let did = tx.did.borrow_mut().end();
                if let Some(did) = did.filter(|_| keeps) {
                    tx.push(
                        "insert into job_done (job, row, entity, doc, version, kind, action, changes)
                         values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
                        vec![
                            job.into(),
                            row.into(),
                            did.entity.into(),
                            did.id.into(),
                            did.version.into(),
                            did.kind.into(),
                            did.action.into(),
                            did.changes.to_string().into(),
                        ],
                    );
                }
            }
            for Told { sql, row, text } in &told {
                tx.push(*sql, vec![job.into(), (*row).into(), text.as_str().into()]);
            }
            tx.events.borrow_mut().push(Event { entity: "job", id: job, version, company, out: 0, only: 0, was: 0 });
            Ok(true)
        })?;
        if !goes_on {
            return Ok(Step::Over);
        }
        claim.done += counts.rows;
        claim.tries = 0;
        Ok(Step::More)
    }

    /// Ends a claim: the job is done, failed, or waits for another try.
    fn end_job(
        self: &Arc<Self>,
        claim: &Claim,
        state: &'static str,
        error: Option<String>,
        due_at: i64,
    ) -> Result<(), Trouble> {
        let now = self.now().micros();
        let (job, over) = (claim.job, state != "waiting");
        let args: Vec<Value> = vec![
            job.into(),
            claim.worker.as_str().into(),
            state.into(),
            error.map_or(Value::Null, |text| text.as_str().into()),
            due_at.into(),
            now.into(),
            if over { now.into() } else { Value::Null },
        ];
        // Whoever rehearses looks on.
        let (engine, owner, company, dry) = (self.clone(), claim.owner, claim.company, claim.dry);
        let ended = self.database.write(move |conn: &dyn Conn| {
            let ended = conn.query(
                "update job set state = ?3, error = ?4, due_at = ?5, finished_at = ?7, claimed_by = '', claimed_until = 0,
                 changed_at = ?6, version = version + 1
                 where id = ?1 and state = 'running' and claimed_by = ?2 returning version",
                &args,
            )?;
            if state == "done" && !ended.is_empty() {
                conn.execute("delete from job_part where job = ?1", &[job.into()])?;
            }
            let version = ended.first().map(|row| row.int(0));
            let told = match version.filter(|_| over && !dry) {
                Some(_) => crate::together::job_is_over(&engine, conn, job, owner, company)?,
                None => None,
            };
            Ok((version, told))
        })?;
        let (version, told) = ended;
        self.publish(told.into_iter().collect());
        let event = version.map(|version| Event {
            entity: "job",
            id: job,
            version,
            company: claim.company,
            out: 0,
            only: 0,
            was: 0,
        });
        self.publish(event.into_iter().collect());
        Ok(())
    }

    /// What becomes of a job that could not go on: a refusal ends it, a fault lets it wait.
    fn job_troubled(self: &Arc<Self>, claim: &Claim, trouble: Trouble) -> Result<(), Trouble> {
        let lang = claim.lang.unwrap_or_default();
        match trouble {
            Trouble::Refused(refusal) => {
                let problems = self.render(&refusal, lang);
                let text = problems[0]["message"].as_str().unwrap_or_default().to_owned();
                self.end_job(claim, "failed", Some(text), 0)
            }
            Trouble::Stale { .. } | Trouble::Fault(_) => {
                tracing::error!(job = claim.job, tries = claim.tries, fault = %trouble, "a job was interrupted");
                let given_up = TRIES_MAX <= claim.tries;
                let text = match (lang, given_up) {
                    (Lang::En, false) => "Something went wrong on our side. It will be tried again.",
                    (Lang::Zh, false) => "系统出错，稍后将自动重试。",
                    (Lang::En, true) => {
                        "Something went wrong on our side, again and again. Ask an administrator, then take it up again."
                    }
                    (Lang::Zh, true) => "系统多次出错。请联系管理员，然后继续该任务。",
                };
                let wait = (WAIT_MILLIS << (claim.tries.clamp(1, 20) - 1)).min(WAIT_MILLIS_MAX);
                let due = self.now().plus_millis(wait).micros();
                self.end_job(claim, if given_up { "failed" } else { "waiting" }, Some(text.to_owned()), due)
            }
        }
    }
}

/// The rows of a file that are of one record.
fn rows_of(row: &Json) -> Vec<Row> {
    let one = |row: &Json| {
        // A job that an earlier version began has nothing but cells.
        let cells = row["cells"].as_array().or(row.as_array()).into_iter().flatten();
        let line = row["line"].as_u64().and_then(|line| usize::try_from(line).ok()).unwrap_or(0);
        (line, cells.map(|cell| cell.as_str().unwrap_or("").to_owned()).collect())
    };
    std::iter::once(row).chain(row["more"].as_array().into_iter().flatten()).map(one).collect()
}
