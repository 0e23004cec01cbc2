//! The chain of documents: which came from which.

use std::collections::{BTreeMap, BTreeSet};

use meta::{EntityKind, Fault, FieldKind, Record, Value};
use store::Conn;

use crate::Engine;
use crate::facts::Tx;

/// How many documents one picture shows.
const NODES_MAX: usize = 200;

/// A document in a chain.
pub(crate) type Node = (String, i64);
/// From one document to the one made of it.
pub(crate) type Edge = (Node, Node);

/// Documents a record names, itself or on its lines: it came from them.
fn sources(engine: &Engine, record: &Record) -> BTreeSet<(&'static str, i64)> {
    let mut found = BTreeSet::new();
    let is_document =
        |entity: &str| engine.registry.entity(entity).is_some_and(|meta| meta.kind == EntityKind::Document);
    for (index, field) in record.meta.fields.iter().enumerate() {
        match (field.kind, record.at(index)) {
            (FieldKind::Ref(entity), Value::Int(id)) if is_document(entity) => {
                found.insert((entity, *id));
            }
            (FieldKind::Owned(_), _) => {
                for line in record.owned_at(index) {
                    found.extend(sources(engine, line));
                }
            }
            _ => {}
        }
    }
    found.remove(&(record.meta.name, record.id));
    found
}

/// Remembers what a saved record came from.
pub(crate) fn remember(tx: &Tx, record: &Record) {
    for (entity, id) in sources(tx.engine, record) {
        tx.push(
            "insert into doc_link (from_entity, from_id, to_entity, to_id, kind) values (?1, ?2, ?3, ?4, ?5)
             on conflict do nothing",
            vec![entity.into(), id.into(), record.meta.name.into(), record.id.into(), record.meta.name.into()],
        );
    }
}

/// The documents connected with one, and how.
pub(crate) fn connected(conn: &dyn Conn, start: Node) -> Result<(Vec<Node>, Vec<Edge>), Fault> {
    let mut nodes: BTreeMap<Node, usize> = BTreeMap::from([(start.clone(), 0)]);
    let mut edges = BTreeSet::new();
    let mut waiting = vec![start];
    while let Some(node) = waiting.pop() {
        let rows = conn.query(
            "select from_entity, from_id, to_entity, to_id from doc_link
             where (from_entity = ?1 and from_id = ?2)
             union
             select from_entity, from_id, to_entity, to_id from doc_link
             where (to_entity = ?1 and to_id = ?2)",
            &[Value::from(node.0.as_str()), Value::Int(node.1)],
        )?;
        for row in rows {
            let from = (row.text(0).to_owned(), row.int(1));
            let to = (row.text(2).to_owned(), row.int(3));
            edges.insert((from.clone(), to.clone()));
            for next in [from, to] {
                if nodes.len() < NODES_MAX && !nodes.contains_key(&next) {
                    nodes.insert(next.clone(), nodes.len());
                    waiting.push(next);
                }
            }
        }
    }
    let edges = edges.into_iter().filter(|(from, to)| nodes.contains_key(from) && nodes.contains_key(to));
    let edges: Vec<Edge> = edges.collect();
    let mut ordered: Vec<(Node, usize)> = nodes.into_iter().collect();
    ordered.sort_by_key(|(_, order)| *order);
    Ok((ordered.into_iter().map(|(node, _)| node).collect(), edges))
}
