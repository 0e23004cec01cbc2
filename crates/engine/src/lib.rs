//! The machinery: one way in for reads, one for writes, over whatever the registry describes.
//!
//! ```text
//! read     access → list · get · report · search        on a snapshot
//! write    access → load → facts → DECIDE → check → books, record, audit, outbox   in one transaction
//! ```
//!
//! It knows no particular document. What it does know by name are the books' own tables
//! ([`tables`]) and the few columns of `company`, `user` and `role` that say who may do what.

mod access;
mod answer;
mod back;
mod bulk;
mod chain;
mod check;
mod currency;
mod decide;
mod describe;
mod elsewhere;
mod export;
mod facts;
mod faults;
mod given;
mod groups;
mod guess;
mod home;
mod hooks;
mod import;
mod jobs;
mod mass;
mod numbers;
mod post;
mod posted;
mod proof;
mod purge;
mod reach;
mod rehearse;
mod report;
mod rows;
mod seal;
pub mod session;
mod settled;
mod steady;
mod tables;
mod together;
mod twice;
mod vault;
mod verify;
mod write;
mod zone;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI64, AtomicU64, Ordering};

use kernel::{Currency, Date, Instant, Label, Lang, ProblemKind, Refusal};
use meta::{Context, EntityMeta, Fault, Registry, Trouble};
use store::{Conn, Database};

pub use access::Access;
pub use answer::ReportTitle;
pub use bulk::BATCH_MAX;
pub use export::{FileColumn, RowWriter, Shape};
pub use guess::{Guess, Values, guess, known_heads};
pub use home::{Chart, Figure, Home, Pages, Special, Worked};
pub use hooks::{Hook, Notice, Outcome, signature};
pub use import::IMPORT_MAX;
pub use jobs::{Claim, Step};
pub use mass::Mass;
pub use tables::tables;
pub use together::{Content, FILE_MAX, Upload};
pub use vault::{Resealed, Vault};
pub use verify::{Broken, Verified};
pub use write::{Key, Posted};
pub use zone::Zone;

/// Tells the time. Only `app` has a real one; tests have one that stands still.
pub type Clock = Arc<dyn Fn() -> Instant + Send + Sync>;

/// Something was changed; other screens want to know.
#[derive(Clone, Debug)]
pub struct Event {
    /// What.
    pub entity: &'static str,
    /// Which.
    pub id: i64,
    /// The version it has now; 0 when it is gone.
    pub version: i64,
    /// Of which company; 0 for none.
    pub company: i64,
    /// Its row of the outbox; 0 for what is told on this server only.
    pub out: i64,
    /// The only user it is news to; 0 for all who may see it.
    pub only: i64,
    /// Whose it was before somebody gave it away with this change; 0 when nobody did.
    pub was: i64,
}

/// How a change is heard.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Heard {
    /// As it is.
    Change,
    /// The last of a record that was theirs to see until somebody gave it away: that it is gone, and no more.
    OutOfSight,
    /// Not at all.
    Nothing,
}

/// Who asks.
#[derive(Clone, Debug)]
pub struct Actor {
    /// The raw user; 0 for the system itself.
    pub user: i64,
    /// The company that is worked for.
    pub company: i64,
    /// All companies the user may work for.
    pub companies: Vec<i64>,
    /// The language of answers.
    pub lang: Lang,
    /// The company's currency.
    pub currency: Currency,
    /// The company's clocks.
    pub zone: Zone,
    /// Codes of the roles the user has in this company.
    pub roles: Vec<String>,
    /// What the roles allow.
    pub access: Arc<Access>,
    /// The user and everyone below.
    pub team: Vec<i64>,
    /// The only role that counts, for the key of a program that is narrowed to one.
    pub only_role: Option<i64>,
}

/// The machinery over one database.
pub struct Engine {
    registry: Registry,
    database: Database,
    vault: Vault,
    clock: Clock,
    offset_minutes: i32,
    events: tokio::sync::broadcast::Sender<Event>,
    cache: access::Cache,
    steady: steady::Steady,
    generation: AtomicU64,
    /// The version of what is steady, rights among it, that was seen last.
    rights: AtomicI64,
    elsewhere: elsewhere::Elsewhere,
    bell: jobs::Bell,
    pages: Option<Pages>,
    /// Whether there was a company and somebody to work in it: there is one for ever after.
    begun: AtomicBool,
}

impl Engine {
    /// Opens the machinery. The database must be migrated.
    ///
    /// `offset_minutes` is how far the business day of companies without a time zone is ahead of UTC (480 in China).
    pub fn open(
        registry: Registry,
        database: Database,
        vault: Vault,
        clock: Clock,
        offset_minutes: i32,
        pages: Option<Pages>,
    ) -> Arc<Engine> {
        let (events, _) = tokio::sync::broadcast::channel(4096);
        database.at_group_end(Box::new(seal::seal_waiting));
        let cache = access::Cache::default();
        Arc::new(Engine {
            registry,
            database,
            vault,
            clock,
            offset_minutes,
            events,
            cache,
            steady: steady::Steady::default(),
            generation: AtomicU64::new(1),
            rights: AtomicI64::new(0),
            elsewhere: elsewhere::Elsewhere::default(),
            bell: jobs::Bell::default(),
            pages,
            begun: AtomicBool::new(false),
        })
    }

    /// All that exists.
    pub fn registry(&self) -> &Registry {
        &self.registry
    }

    /// Where it is kept.
    pub fn database(&self) -> &Database {
        &self.database
    }

    /// The moment.
    pub fn now(&self) -> Instant {
        (self.clock)()
    }

    /// The day of the server's clocks; a company may have its own, see [`Engine::today_of`].
    pub fn today(&self) -> Date {
        self.now().date_at(self.offset_minutes)
    }

    /// Hears of every change.
    pub fn subscribe(&self) -> tokio::sync::broadcast::Receiver<Event> {
        self.events.subscribe()
    }

    /// Whether an actor may hear of a change.
    pub fn may_see(&self, actor: &Actor, event: &Event) -> bool {
        (event.only == 0 || event.only == actor.user)
            && (event.company == 0 || actor.companies.contains(&event.company))
            && actor.access.may(event.entity, "see")
    }

    /// Whether hearing of a change asks for a look at the record: the actor may see only some of them.
    pub fn must_look(&self, actor: &Actor, event: &Event) -> bool {
        let Some(meta) = self.registry.entity(event.entity).filter(|meta| !meta.personal) else { return false };
        !actor.access.has_all() && (meta.is_about() || self.rules(actor, meta, "see") != meta::Filter::all())
    }

    /// How an actor hears of a change, with a look at the record where their roles reach some
    /// only; what was deleted is looked at as it was.
    pub fn hears(&self, actor: &Actor, event: &Event) -> Result<Heard, Trouble> {
        if !self.may_see(actor, event) {
            return Ok(Heard::Nothing);
        }
        if !self.must_look(actor, event) {
            return Ok(Heard::Change);
        }
        let meta = self.entity(event.entity)?;
        self.database.read(|conn| {
            let record = match store::load_bare(conn, meta, event.id)? {
                None => back::binned(conn, meta, event.id)?,
                found => found,
            };
            let sees = match &record {
                Some(record) => self.reaches_on(conn, actor, record, "see")?,
                None => false,
            };
            let saw = || event.was != 0 && self.reaches_owner(actor, meta, "see", || event.was);
            Ok(match sees {
                true => Heard::Change,
                false if saw() => Heard::OutOfSight,
                false => Heard::Nothing,
            })
        })
    }

    /// Forgets who may do what when another program on the same database has changed it.
    fn rights_are_of(&self, version: i64) {
        if self.rights.swap(version, Ordering::SeqCst) != version {
            self.generation.fetch_add(1, Ordering::SeqCst);
        }
    }

    fn publish(&self, events: Vec<Event>) {
        self.elsewhere.own(&events, self.now());
        for event in events {
            if matches!(event.entity, "user" | "role" | "user_role" | "company") {
                self.generation.fetch_add(1, Ordering::SeqCst);
            }
            // Nobody listening is no fault.
            let _ = self.events.send(event);
        }
    }

    fn context(&self, actor: &Actor) -> Context {
        Context {
            company: actor.company,
            user: actor.user,
            currency: actor.currency,
            today: self.today_of(actor),
            now: self.now(),
            lang: actor.lang,
        }
    }

    /// The entity of that name, or the refusal a user understands.
    pub fn entity(&self, name: &str) -> Result<&'static EntityMeta, Trouble> {
        self.registry.entity(name).ok_or_else(|| {
            not_found(Label::new(
                "There is nothing of that name. See /api/docs for what there is.",
                "没有该名称的对象，可在 /api/docs 查看。",
            ))
        })
    }

    /// A refusal as the problems of an answer, with the names of what it speaks of.
    pub fn render(&self, refusal: &Refusal, lang: Lang) -> serde_json::Value {
        answer::problems(self, refusal, lang)
    }
}

fn not_found(text: Label) -> Trouble {
    Refusal::new("not_found", text).kind(ProblemKind::NotFound).into()
}

fn gone(meta: &EntityMeta) -> Trouble {
    Refusal::new(
        "not_found",
        Label::new("There is no such {what}, or it is not yours to see.", "没有该{what}，或您无权查看。"),
    )
    .with("what", kernel::Param::Label(meta.label))
    .kind(ProblemKind::NotFound)
    .into()
}

/// One number of a query.
fn number(conn: &dyn Conn, sql: &str, args: &[meta::Value]) -> Result<Option<i64>, Fault> {
    Ok(conn.query(sql, args)?.first().and_then(|row| row.maybe_int(0)))
}
