//! What a module knows of a document, and how the engine reaches it.

use std::marker::PhantomData;
use std::sync::Arc;

use kernel::{Currency, Date, Id, Instant, Label, Lang, Param, Refusal};

use crate::{Action, Effects, Entity, EntityMeta, Fault, Record, Row, Trouble, Value};

/// Who asks, for which company, and when.
#[derive(Clone, Copy, Debug)]
pub struct Context {
    /// The raw company.
    pub company: i64,
    /// The raw user; 0 for the system itself.
    pub user: i64,
    /// The company's currency.
    pub currency: Currency,
    /// The business day.
    pub today: Date,
    /// The moment.
    pub now: Instant,
    /// The language of the answer.
    pub lang: Lang,
}

/// Reads facts, on the same snapshot the decision is taken on.
pub trait Reader {
    /// A record with its lines, whatever company it is of; `None` when there is none.
    fn record(&self, meta: &'static EntityMeta, id: i64) -> Result<Option<Record>, Fault>;
    /// Any record, by the name of its entity; `None` when there is none. Without its lines.
    fn doc(&self, _entity: &str, _id: i64) -> Result<Option<Record>, Fault> {
        Ok(None)
    }
    /// The names of all reports there are in this program.
    fn reports(&self) -> Vec<&'static str> {
        Vec::new()
    }
    /// All kinds of records there are in this program.
    fn entities(&self) -> Vec<&'static EntityMeta> {
        Vec::new()
    }
    /// Rows of a plain query, valid in both databases; parameters are `?1`, `?2` ….
    fn rows(&self, sql: &str, args: &[Value]) -> Result<Vec<Row>, Fault>;
    /// Rows of a query on steady entities and nothing else: settings, accounts, places, taxes.
    /// They are answered from memory until one of them changes, so the text and the
    /// parameters should be few: ask for all of a company and choose among them.
    fn steady_rows(&self, sql: &str, args: &[Value]) -> Result<Arc<Vec<Row>>, Fault> {
        self.rows(sql, args).map(Arc::new)
    }
    /// Who asks, for which company, and when.
    fn context(&self) -> &Context;
    /// Whether whoever asks may see all rows of an entity; figures kept for the whole company
    /// are only for them. What documents decide by is never narrowed.
    fn sees_all(&self, _entity: &str) -> bool {
        true
    }
    /// Whether whoever asks may do something with an entity, on some rows at least: for fields whose
    /// value needs a right of its own.
    fn may(&self, _entity: &str, _verb: &str) -> bool {
        true
    }
    /// Whether whoever asks is shown a field of an entity: what a document decides by is never
    /// narrowed, but no refusal tells the figures of a field that is kept back.
    fn shows(&self, _entity: &str, _field: &str) -> bool {
        true
    }
    /// Whether whoever asks may change a field of an entity, on some rows at least: who may say more on a
    /// document than its master says is who may change the master.
    fn writes(&self, _entity: &str, _field: &str) -> bool {
        true
    }
}

/// Loads a document, if it exists.
pub fn load<T: Entity>(reader: &dyn Reader, id: Id<T>) -> Result<Option<T>, Fault> {
    if id.raw() == 0 {
        return Ok(None);
    }
    reader.record(T::meta(), id.raw())?.as_ref().map(T::from_record).transpose()
}

/// Loads a document that must exist and, if it belongs to a company, to this one.
pub fn need<T: Entity>(reader: &dyn Reader, id: Id<T>, field: &str) -> Result<T, Trouble> {
    let record = match id.raw() {
        0 => None,
        raw => reader.record(T::meta(), raw)?,
    };
    let Some(record) = record.filter(|found| found.company().is_none_or(|c| c == reader.context().company)) else {
        return Err(Refusal::new(
            "no_such_record",
            Label::new(
                "There is no such {what} in this company. Choose one from the list.",
                "本公司没有该{what}，请从列表中选择。",
            ),
        )
        .with("what", Param::Label(T::meta().label))
        .field(field)
        .into());
    };
    Ok(T::from_record(&record)?)
}

/// How a hint looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tone {
    /// Good to know.
    Info,
    /// All is well.
    Good,
    /// Look at it.
    Warn,
}

/// Something worth knowing while typing; it stops nobody.
#[derive(Clone, Debug)]
pub struct Hint {
    /// How it looks.
    pub tone: Tone,
    /// The words and their parameters, row and field: a refusal that refuses nothing.
    pub about: Refusal,
}

/// For what facts are wanted.
pub enum Want<'a, A> {
    /// To complete a record that is being typed.
    Typing,
    /// To save it; the record as it was, when it is changed.
    Save(Option<&'a Record>),
    /// To decide about an action.
    Act(&'a A),
}

/// What a module knows of a document. All pure, but for the reads of `facts`.
pub trait Document: Entity {
    /// What completing and deciding need to know.
    type Facts;
    /// What a user may ask for.
    type Action: Action;

    /// Reads what is needed. The only place that reads.
    fn facts(doc: &Self, want: &Want<Self::Action>, reader: &dyn Reader) -> Result<Self::Facts, Trouble>;

    /// Fills the currencies nobody said, so that amounts are read in them. Asked before amounts are read, of a
    /// record that may not be whole yet.
    fn currencies(_doc: &mut Self, _reader: &dyn Reader) -> Result<(), Trouble> {
        Ok(())
    }

    /// Fills defaults and computed fields.
    fn complete(doc: &mut Self, facts: &Self::Facts) -> Result<(), Refusal>;

    /// What is worth knowing while typing.
    fn hints(_doc: &Self, _facts: &Self::Facts) -> Vec<Hint> {
        Vec::new()
    }

    /// Checks a change of a saved document: `old` is what it was.
    fn check_change(_old: &Self, _new: &Self, _facts: &Self::Facts) -> Result<(), Refusal> {
        Ok(())
    }

    /// What follows from saving it, beside the record itself. Nothing for most.
    fn saved(_old: Option<&Self>, _new: &Self, _facts: &Self::Facts) -> Result<Effects, Refusal> {
        Ok(Effects::none())
    }

    /// Decides what an action does: the stage it leads to, and the effects.
    fn decide(doc: &Self, action: &Self::Action, facts: &Self::Facts) -> Result<(&'static str, Effects), Refusal>;

    /// Whether an action makes sense now, without looking at facts; used to grey out buttons.
    fn ready(doc: &Self, action: &Self::Action) -> Result<(), Refusal>;

    /// Recomputes what is derived from lines after others made progress on them.
    fn settle(_doc: &mut Self) {}

    /// The stages in which a saved document may still be changed.
    fn open_stages() -> &'static [&'static str] {
        &["draft"]
    }

    /// The entities a new record can be prefilled from.
    fn sources() -> &'static [&'static str] {
        &[]
    }

    /// What a record made from that source is called where its own label would mislead, as a
    /// credit note is no invoice.
    fn made_label(_source: &str) -> Option<Label> {
        None
    }

    /// A new, unsaved record prefilled from another document.
    fn prefill(_from: &Record, _reader: &dyn Reader) -> Result<Option<Self>, Trouble> {
        Ok(None)
    }
}

/// A decision, as values.
pub struct Decision {
    /// The stage it leads to.
    pub stage: &'static str,
    /// What else it does.
    pub effects: Effects,
}

/// What the engine calls; [`Typed`] makes one of every [`Document`].
pub trait Behaviour: Send + Sync {
    /// Fills the currencies nobody said, before amounts are read in them.
    fn currencies(&self, record: &mut Record, reader: &dyn Reader) -> Result<(), Trouble>;
    /// Completes a record being typed. The refusal says what is still wrong.
    fn complete(&self, record: &mut Record, reader: &dyn Reader) -> Result<(Vec<Hint>, Option<Refusal>), Trouble>;
    /// Completes and checks a record to be saved; gives what follows from saving it.
    fn save(&self, record: &mut Record, old: Option<&Record>, reader: &dyn Reader) -> Result<Effects, Trouble>;
    /// Decides about an action.
    fn act(&self, record: &Record, action: &str, args: &[Value], reader: &dyn Reader) -> Result<Decision, Trouble>;
    /// Whether an action makes sense now.
    fn ready(&self, record: &Record, action: &str) -> Result<Option<Refusal>, Fault>;
    /// Recomputes what is derived from lines.
    fn settle(&self, record: &mut Record) -> Result<(), Fault>;
    /// The stages in which a saved document may still be changed.
    fn open_stages(&self) -> &'static [&'static str] {
        &["draft"]
    }
    /// The entities a new record can be prefilled from.
    fn sources(&self) -> &'static [&'static str] {
        &[]
    }
    /// What a record made from that source is called, where its own label would mislead.
    fn made_label(&self, _source: &str) -> Option<Label> {
        None
    }
    /// A new record prefilled from another.
    fn prefill(&self, from: &Record, reader: &dyn Reader) -> Result<Option<Record>, Trouble>;
}

/// The behaviour of a document that is a Rust struct.
pub struct Typed<T>(PhantomData<fn() -> T>);

impl<T> Typed<T> {
    /// For the registry.
    pub const fn new() -> Typed<T> {
        Typed(PhantomData)
    }
}

impl<T> Default for Typed<T> {
    fn default() -> Self {
        Typed::new()
    }
}

/// Writes a struct back into the record it came from, keeping what the struct does not know.
fn put<T: Entity>(record: &mut Record, doc: &T) {
    let Record { id, version, external_id, .. } = record.clone();
    *record = doc.to_record();
    record.id = id;
    record.version = version;
    record.external_id = external_id;
}

fn no_such_action(meta: &EntityMeta, action: &str) -> Fault {
    Fault::new(format!("{} has no action {action}", meta.name))
}

impl<T: Document> Behaviour for Typed<T> {
    fn currencies(&self, record: &mut Record, reader: &dyn Reader) -> Result<(), Trouble> {
        let mut doc = T::from_record(record)?;
        T::currencies(&mut doc, reader)?;
        put(record, &doc);
        Ok(())
    }

    fn complete(&self, record: &mut Record, reader: &dyn Reader) -> Result<(Vec<Hint>, Option<Refusal>), Trouble> {
        let mut doc = T::from_record(record)?;
        let facts = match T::facts(&doc, &Want::Typing, reader) {
            Ok(facts) => facts,
            Err(Trouble::Refused(refusal)) => return Ok((Vec::new(), Some(refusal))),
            Err(other) => return Err(other),
        };
        let refusal = T::complete(&mut doc, &facts).err();
        let hints = T::hints(&doc, &facts);
        put(record, &doc);
        Ok((hints, refusal))
    }

    fn save(&self, record: &mut Record, old: Option<&Record>, reader: &dyn Reader) -> Result<Effects, Trouble> {
        let mut doc = T::from_record(record)?;
        let facts = T::facts(&doc, &Want::Save(old), reader)?;
        T::complete(&mut doc, &facts)?;
        let old = old.map(T::from_record).transpose()?;
        if let Some(old) = &old {
            T::check_change(old, &doc, &facts)?;
        }
        let effects = T::saved(old.as_ref(), &doc, &facts)?;
        put(record, &doc);
        Ok(effects)
    }

    fn act(&self, record: &Record, action: &str, args: &[Value], reader: &dyn Reader) -> Result<Decision, Trouble> {
        let doc = T::from_record(record)?;
        let action = T::Action::of(action, args)?.ok_or_else(|| no_such_action(T::meta(), action))?;
        T::ready(&doc, &action)?;
        let facts = T::facts(&doc, &Want::Act(&action), reader)?;
        let (stage, effects) = T::decide(&doc, &action, &facts)?;
        Ok(Decision { stage, effects })
    }

    fn ready(&self, record: &Record, action: &str) -> Result<Option<Refusal>, Fault> {
        let doc = T::from_record(record)?;
        let args = vec![Value::Null; T::meta().action(action).map_or(0, |meta| meta.args.len())];
        let action = T::Action::of(action, &args)?.ok_or_else(|| no_such_action(T::meta(), action))?;
        Ok(T::ready(&doc, &action).err())
    }

    fn settle(&self, record: &mut Record) -> Result<(), Fault> {
        let mut doc = T::from_record(record)?;
        T::settle(&mut doc);
        put(record, &doc);
        Ok(())
    }

    fn open_stages(&self) -> &'static [&'static str] {
        T::open_stages()
    }

    fn sources(&self) -> &'static [&'static str] {
        T::sources()
    }

    fn made_label(&self, source: &str) -> Option<Label> {
        T::made_label(source)
    }

    fn prefill(&self, from: &Record, reader: &dyn Reader) -> Result<Option<Record>, Trouble> {
        Ok(T::prefill(from, reader)?.map(|doc| doc.to_record()))
    }
}

/// The behaviour of an entity that is only kept: no computed fields, no actions.
pub struct Plain;

impl Behaviour for Plain {
    fn currencies(&self, _record: &mut Record, _reader: &dyn Reader) -> Result<(), Trouble> {
        Ok(())
    }

    fn complete(&self, _: &mut Record, _: &dyn Reader) -> Result<(Vec<Hint>, Option<Refusal>), Trouble> {
        Ok((Vec::new(), None))
    }
    fn save(&self, _: &mut Record, _: Option<&Record>, _: &dyn Reader) -> Result<Effects, Trouble> {
        Ok(Effects::none())
    }
    fn act(&self, record: &Record, action: &str, _: &[Value], _: &dyn Reader) -> Result<Decision, Trouble> {
        Err(no_such_action(record.meta, action).into())
    }
    fn ready(&self, record: &Record, action: &str) -> Result<Option<Refusal>, Fault> {
        Err(no_such_action(record.meta, action))
    }
    fn settle(&self, _: &mut Record) -> Result<(), Fault> {
        Ok(())
    }
    fn prefill(&self, _: &Record, _: &dyn Reader) -> Result<Option<Record>, Trouble> {
        Ok(None)
    }
}
