//! The engine's own tables: kept balances, chains, numbers, audit, outbox.
//!
//! The books' append-only tables (`entry`, `entry_line`, `open_item`, `clearing`,
//! `stock_move`, `stock_value`, `tax_entry`, `commitment`, `promise`) are described as
//! entities by their modules, so that they can be listed; these are the rest. *Kept*
//! means: could be recomputed from them, and `heyi verify` does.

use store::{Column, Index, Kind, Table};

struct Spec {
    name: &'static str,
    /// `name:i` a number, `name:t` a text, `?` after it: may be empty.
    columns: &'static str,
    key: &'static str,
    indexes: &'static [&'static str],
}

const SPECS: &[Spec] = &[
    Spec {
        name: "balance",
        columns: "company:i account:i currency:t grain:t start:t slot:i debit:i credit:i currency_debit:i currency_credit:i",
        key: "company account grain start currency slot",
        indexes: &["company,grain,start"],
    },
    Spec {
        name: "dimension_balance",
        columns: "company:i account:i dimension:i value:i grain:t start:t slot:i debit:i credit:i",
        key: "company dimension account value grain start slot",
        indexes: &["company,dimension,grain,start"],
    },
    Spec {
        name: "stock_balance",
        columns: "company:i product:i place:i on_hand:i reserved:i demand:i supply:i",
        key: "company product place",
        indexes: &["company,place"],
    },
    Spec {
        name: "product_value",
        columns: "company:i product:i qty:i value:i method:t standard:i last_on:t",
        key: "company product",
        indexes: &[],
    },
    Spec {
        name: "stock_layer",
        columns: "company:i product:i flow:i received_on:t qty:i value:i",
        key: "company product received_on flow",
        indexes: &[],
    },
    Spec {
        name: "stock_flow",
        columns: "id:i company:i product:i moved_on:t kind:t qty:i cost:i back_of:i? value:i variance:i annulled:i \
                  stock_account:i against:i variance_account:i doc_entity:t doc_id:i doc_line:i returned_qty:i returned_value:i",
        key: "id",
        indexes: &["company,product,moved_on,id", "doc_entity,doc_line"],
    },
    Spec { name: "exposure", columns: "company:i party:i kind:t amount:i", key: "company party kind", indexes: &[] },
    Spec {
        name: "progress",
        columns: "id:i doc_entity:t doc_id:i entity:t line:i field:t amount:i recorded_at:i",
        key: "id",
        indexes: &["doc_entity,doc_id", "line"],
    },
    Spec {
        name: "doc_link",
        columns: "from_entity:t from_id:i to_entity:t to_id:i kind:t",
        key: "from_entity from_id to_entity to_id kind",
        indexes: &["to_entity,to_id"],
    },
    // `year` is any period: 2026, 202611, 20261126, or 0. `begins` is where it began, if not with 1.
    Spec {
        name: "number_counter",
        columns: "company:i entity:t year:i next:i last_on:t begins:i?",
        key: "company entity year",
        indexes: &[],
    },
    Spec { name: "steady_version", columns: "id:i version:i", key: "id", indexes: &[] },
    Spec { name: "unsealed", columns: "id:i chain:t", key: "id", indexes: &[] },
    // `version`: which content was sealed, see `seal::contents`; empty for the first.
    Spec {
        name: "seal",
        columns: "chain:t seq:i row_id:i previous:t hash:t sealed_at:i version:i?",
        key: "chain seq",
        indexes: &["unique:row_id"],
    },
    // `record_hash`: the version a document then had, and the hash of all it said; see `proof`.
    Spec {
        name: "audit",
        columns: "id:i recorded_at:i recorded_by:i company:i entity:t doc:i kind:t action:t changes:t record_hash:t?",
        key: "id",
        indexes: &["entity,doc,id", "company,recorded_at"],
    },
    Spec {
        name: "outbox",
        columns: "id:i recorded_at:i company:i entity:t doc:i version:i kind:t was_owner:i?",
        key: "id",
        indexes: &["recorded_at"],
    },
    Spec {
        name: "idempotency",
        columns: "actor:i key:t body_hash:t entity:t doc:i answer:t recorded_at:i",
        key: "actor key",
        indexes: &["recorded_at"],
    },
    Spec {
        name: "hook_state",
        columns: "hook:i secret:t since:i due_at:i claimed_by:t claimed_until:i",
        key: "hook",
        indexes: &[],
    },
    Spec {
        name: "hook_delivery",
        columns: "hook:i event:i state:t tries:i status:i error:t sent_at:i",
        key: "hook event",
        indexes: &["hook,state,event"],
    },
    Spec { name: "content_chunk", columns: "sha256:t part:i bytes:t", key: "sha256 part", indexes: &[] },
    Spec { name: "recent", columns: "owner:i entity:t doc:i at:i", key: "owner entity doc", indexes: &["owner,at"] },
    Spec {
        name: "bin",
        columns: "entity:t doc:i company:i removed_at:i removed_by:i label:t record:t",
        key: "entity doc",
        indexes: &["entity,company,removed_at", "removed_at"],
    },
    Spec {
        name: "job_done",
        columns: "job:i row:i entity:t doc:i version:i kind:t action:t changes:t",
        key: "job row",
        indexes: &[],
    },
    Spec { name: "job_part", columns: "job:i part:i rows:t", key: "job part", indexes: &[] },
    // Which seeds of the program the roles and companies were given last; one row.
    Spec { name: "seeds", columns: "id:i digest:t subjects:t", key: "id", indexes: &[] },
    Spec { name: "job_alike", columns: "job:i row:i told:t", key: "job row", indexes: &[] },
    Spec { name: "job_refusal", columns: "job:i row:i told:t", key: "job row", indexes: &[] },
];

fn table(spec: &Spec) -> Table {
    let columns = spec.columns.split_whitespace().map(|text| {
        let (name, kind) = text.split_once(':').expect("name:kind");
        let kind_is = if kind.starts_with('i') { Kind::Int } else { Kind::Text };
        Column { name: name.to_owned(), kind: kind_is, not_null: !kind.ends_with('?'), default: None }
    });
    let split = |text: &str| text.split([' ', ',']).map(str::to_owned).collect::<Vec<_>>();
    let indexes = spec.indexes.iter().map(|text| {
        let unique = text.starts_with("unique:");
        let columns = split(text.trim_start_matches("unique:"));
        Index { name: format!("{}_by_{}", spec.name, columns.join("_")), columns, unique, partial: None }
    });
    Table {
        name: spec.name.to_owned(),
        columns: columns.collect(),
        primary_key: split(spec.key),
        indexes: indexes.collect(),
        foreign_key: None,
    }
}

/// The engine's own tables.
pub fn tables() -> Vec<Table> {
    SPECS.iter().map(table).chain(crate::session::tables()).collect()
}
