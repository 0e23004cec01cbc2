//! The three kinds of failure, told apart by type.

use kernel::Refusal;

/// Something that is ours to mend: a lost database, a broken invariant.
///
/// It is logged once, at the rim; the user sees a number to quote.
#[derive(Debug)]
pub struct Fault {
    /// What happened, for the log.
    pub what: String,
    /// True when the same work may be tried again at once: the database gave up a
    /// transaction because another one was faster.
    pub retry: bool,
    /// The unique index that was violated, as in `party_by_company_code`; `party_pkey`
    /// for a primary key.
    pub unique: Option<String>,
}

impl Fault {
    /// A fault that trying again does not mend.
    pub fn new(what: impl Into<String>) -> Fault {
        Fault { what: what.into(), retry: false, unique: None }
    }

    /// A fault that trying again mends.
    pub fn retry(what: impl Into<String>) -> Fault {
        Fault { what: what.into(), retry: true, unique: None }
    }
}

impl std::fmt::Display for Fault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.what)
    }
}

impl std::error::Error for Fault {}

/// Why a request did not succeed.
#[derive(Debug)]
pub enum Trouble {
    /// The user can act on it.
    Refused(Refusal),
    /// Someone was faster: the version that was sent is not the current one.
    Stale {
        /// The entity.
        entity: &'static str,
        /// The record.
        id: i64,
        /// The version it has now.
        current: i64,
    },
    /// Ours.
    Fault(Fault),
}

impl From<Refusal> for Trouble {
    fn from(refusal: Refusal) -> Trouble {
        Trouble::Refused(refusal)
    }
}

impl From<Fault> for Trouble {
    fn from(fault: Fault) -> Trouble {
        Trouble::Fault(fault)
    }
}

impl std::fmt::Display for Trouble {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Trouble::Refused(refusal) => write!(f, "{refusal}"),
            Trouble::Stale { entity, id, current } => write!(f, "{entity} {id} is stale, now at version {current}"),
            Trouble::Fault(fault) => write!(f, "{fault}"),
        }
    }
}

impl std::error::Error for Trouble {}
