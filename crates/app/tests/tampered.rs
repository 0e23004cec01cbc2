//! Whoever changes a document or the books in the database itself is found by `heyi verify`, whatever column it is.

use std::collections::BTreeSet;

use crate::common::{self, World, on_both};
use meta::{EntityKind, EntityMeta, FieldKind, Value};
use serde_json::json;

/// Columns that may say something else and are not found, and why.
const EXEMPT: &[(&str, &str)] = &[
    ("commitment.recorded_at", "when a promise was made; the sums of promises are proved"),
    ("commitment.doc_entity", "of which document a promise is; the sums of promises are proved"),
    ("commitment.doc_id", "of which document a promise is; the sums of promises are proved"),
    ("commitment.doc_line", "of which line a promise is; the sums of promises are proved"),
    ("promise.recorded_at", "when a promise was made; the sums of promises are proved"),
    ("promise.doc_entity", "of which document a promise is; the sums of promises are proved"),
    ("promise.doc_id", "of which document a promise is; the sums of promises are proved"),
    ("promise.doc_line", "of which line a promise is; the sums of promises are proved"),
    ("promise.due_on", "when it is due; the sums of promises are proved"),
];

/// Ledgers of the books; the others hold jobs and notices.
const LEDGERS: &[&str] = &[
    "entry",
    "entry_line",
    "open_item",
    "clearing",
    "tax_entry",
    "stock_move",
    "stock_value",
    "commitment",
    "promise",
];

fn write(world: &World, sql: String, args: Vec<Value>) {
    world.engine.database().write(move |conn| Ok(conn.execute(&sql, &args)?)).unwrap();
}

/// What falsifies a value: another one of the same kind.
fn other(kind: FieldKind, value: &Value) -> Value {
    match (kind, value) {
        (FieldKind::Bool, Value::Int(one)) => Value::Int(1 - one),
        (_, Value::Int(number)) => Value::Int(number + 1),
        (FieldKind::Date, Value::Text(_)) => Value::from("2001-01-01"),
        (_, Value::Text(text)) => Value::from(format!("{text}x")),
        (kind, Value::Null) if kind.is_number() => Value::Int(1),
        (FieldKind::Date, Value::Null) => Value::from("2001-01-01"),
        (_, Value::Null) => Value::from("x"),
    }
}

/// Falsifies each column of one row, one after the other; gives those that nobody found.
fn unfound(world: &World, meta: &'static EntityMeta, id: i64, names: &[String]) -> Vec<String> {
    let mut unfound = Vec::new();
    for field in meta.fields.iter().filter(|field| field.kind.is_column()) {
        let sql = format!("select \"{}\" from \"{}\" where id = ?1", field.name, meta.name);
        let value = world.engine.database().read(|conn| Ok(conn.query(&sql, &[id.into()])?)).unwrap()[0].0[0].clone();
        let set = format!("update \"{}\" set \"{}\" = ?1 where id = ?2", meta.name, field.name);
        write(world, set.clone(), vec![other(field.kind, &value), id.into()]);
        let broken = world.engine.verify(&|_| {}).unwrap().broken;
        let is_named = broken.iter().any(|one| names.is_empty() || names.iter().any(|name| one.what.contains(name)));
        if !is_named {
            unfound.push(format!("{}.{}", meta.name, field.name));
        }
        write(world, set, vec![value, id.into()]);
    }
    unfound
}

/// The last row of an entity, and of those with a stage the furthest.
fn a_row(world: &World, sql: &str) -> Option<i64> {
    world.engine.database().read(|conn| Ok(conn.query(sql, &[])?)).unwrap().first().map(|row| row.int(0))
}

#[test]
fn whatever_is_changed_in_the_database_is_found() {
    on_both(|world| {
        let blue = world.customer("BLUE", "EUR");
        let lamp = world.product("LAMP", "average", "10");
        world.receive(&world.day(-2), &lamp, "20", "4");
        let (_, delivery, invoice) = world.sale(&blue, &lamp, "5");
        world.paid(&invoice, json!({}));
        let back = world.made_of("sales_return", ("delivery", &delivery), Some("1"), json!({}));
        world.act("sales_return", &back, "receive");
        let note = world.made_of("invoice", ("invoice", &invoice), Some("1"), json!({ "issued_on": world.day(0) }));
        world.act("invoice", &note, "post");
        let lines = json!([{ "account": world.bank, "debit": "7.00" }, { "account": world.bank, "credit": "7.00" }]);
        let entry = json!({ "posted_on": world.day(0), "journal": "general", "lines": lines });
        let entry = world.desk.create("journal_entry", entry).unwrap();
        world.act("journal_entry", &entry, "post");
        let order = world.confirmed(&blue, &lamp, "2");
        world.shipped(&order, Some("1"));
        world.verified("a small company");

        let registry = app::modules::registry();
        let (mut found_nothing, mut kinds) = (BTreeSet::new(), BTreeSet::new());
        for meta in registry.entities().filter(|meta| meta.kind == EntityKind::Document) {
            let Some(stage) = meta.stage_field else { continue };
            let FieldKind::Choice(choice) = meta.field(stage).unwrap().kind else { continue };
            let draft = choice.values[0].code;
            // What is posted and left so, whether it came first or last.
            let sql = format!("select id from \"{}\" where \"{stage}\" <> '{draft}' order by id limit 1", meta.name);
            let Some(id) = a_row(world, &sql) else { continue };
            kinds.insert(meta.name);
            let name = vec![kernel::id_text(meta.prefix, id)];
            found_nothing.extend(unfound(world, meta, id, &name));
            for (_, line) in meta.owned_fields_meta() {
                let sql = format!("select id from \"{}\" where parent = {id} order by id limit 1", line.name);
                if let Some(line_id) = a_row(world, &sql) {
                    found_nothing.extend(unfound(world, line, line_id, &name));
                }
            }
        }
        for ledger in LEDGERS {
            let meta = registry.entity(ledger).unwrap();
            let id = a_row(world, &format!("select id from \"{ledger}\" order by id limit 1")).expect(ledger);
            found_nothing.extend(unfound(world, meta, id, &[]));
        }
        for kind in
            ["sales_order", "delivery", "invoice", "payment", "sales_return", "stock_adjustment", "journal_entry"]
        {
            assert!(kinds.contains(kind), "{kind} on {}", world.on);
        }
        let exempt: BTreeSet<String> = EXEMPT.iter().map(|(name, _)| (*name).to_owned()).collect();
        let missed: Vec<&String> = found_nothing.difference(&exempt).collect();
        assert_eq!(missed, [""; 0], "found by no law, on {}", world.on);
        world.verified("all of it was put back");
    });
}

#[test]
fn a_document_that_was_taken_away_or_a_seal_that_was_made_older_is_found() {
    on_both(|world| {
        let blue = world.customer("BLUE", "EUR");
        let lamp = world.product("LAMP", "average", "10");
        world.receive(&world.day(-2), &lamp, "20", "4");
        let (order, ..) = world.sale(&blue, &lamp, "5");
        world.verified("a sale");
        let laws =
            || -> Vec<&str> { world.engine.verify(&|_| {}).unwrap().broken.iter().map(|broken| broken.law).collect() };
        // A seal that claims to be of the first version does not fit what it sealed.
        write(world, "update seal set version = null where version = 2".to_owned(), Vec::new());
        assert_eq!(laws(), ["the hash chains are whole"], "{}", world.on);
        write(world, "update seal set version = 2".to_owned(), Vec::new());
        // What a document said is sealed with its audit.
        write(world, "update audit set record_hash = null where entity = 'sales_order'".to_owned(), Vec::new());
        assert!(laws().contains(&"the hash chains are whole"), "{}", world.on);
        let order = common::raw(&world.engine, "sales_order", &order);
        write(world, format!("delete from sales_order_line where parent = {order}"), Vec::new());
        write(world, format!("delete from sales_order where id = {order}"), Vec::new());
        assert!(laws().contains(&"no number is missing or given twice"), "{}", world.on);
    });
}
