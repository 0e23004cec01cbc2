use meta::Trouble;
use store::{Column, Dialect, Index, Kind, Migration, Step, Table, diff, migrate};

use crate::world::{REGISTRY, first, number, on_both, run};

fn changed(tables: &[Table]) -> Vec<Table> {
    let mut tables = tables.to_vec();
    let party = tables.iter_mut().find(|table| table.name == "party").unwrap();
    party.columns.push(Column { name: "phone".into(), kind: Kind::Text, not_null: false, default: None });
    party.columns.push(Column { name: "grade".into(), kind: Kind::Int, not_null: true, default: Some("3".into()) });
    party.indexes.retain(|index| index.name != "party_by_company_owner");
    party.indexes.push(Index::of("party", &["company", "phone"], false));
    tables
}

#[test]
fn tables_follow_from_descriptions() {
    let tables = store::tables(&REGISTRY);
    let of = |name: &str| tables.iter().find(|table| table.name == name).unwrap();
    let names = |table: &Table| table.indexes.iter().map(|index| index.name.clone()).collect::<Vec<_>>();
    assert_eq!(
        names(of("order")),
        [
            "order_by_company_external_id",
            "order_by_company_number",
            "order_by_company_customer",
            "order_by_company_ordered_on_id"
        ]
    );
    assert_eq!(names(of("order_line")), ["order_line_by_parent_position"]);
    assert!(of("party").indexes.iter().any(|index| index.name == "party_by_company_code" && index.unique));
    let sql = store::create_sql(of("order_line"), Dialect::Postgres).join(";");
    assert!(sql.contains("\"product\" text collate \"C\"") && sql.contains("on delete cascade"), "{sql}");
    assert!(store::create_sql(of("order_line"), Dialect::Sqlite)[0].ends_with("strict"));
    let long = store::index_name("a_table_with_a_long_name", &["a_column_with_a_long_name", "another_column"]);
    assert_eq!(long.len(), 63);
}

#[test]
fn a_schema_replayed_is_the_schema_printed() {
    let old = store::tables(&REGISTRY);
    let new = changed(&old);
    let all = [first(diff(&[], &old)), Migration { number: 2, name: "phones".into(), steps: diff(&old, &new) }];
    let texts: Vec<Migration> = all.iter().map(|one| Migration::from_text(&one.to_text()).unwrap()).collect();
    assert_eq!(texts, all, "as text and back");
    assert!(diff(&store::migrate::replay(&all), &new).is_empty());
    assert!(diff(&new, &store::migrate::replay(&all)).is_empty());
    assert!(Migration::from_text("{\"number\":1,\"name\":\"x\",\"steps\":[{}]}").is_err());
}

#[test]
fn migrations_are_applied_once_and_newer_databases_are_refused() {
    on_both(|db| {
        let old = store::tables(&REGISTRY);
        let new = changed(&old);
        let one = first(diff(&[], &old));
        let two = Migration { number: 2, name: "phones".into(), steps: diff(&old, &new) };
        assert_eq!(migrate(&db, std::slice::from_ref(&one), &|_| {}).unwrap(), [1]);
        run(&db, "insert into party (id, company, name) values (1, 1, 'Blue')");
        assert_eq!(migrate(&db, &[one.clone(), two.clone()], &|_| {}).unwrap(), [2]);
        assert_eq!(migrate(&db, &[one.clone(), two], &|_| {}).unwrap(), [0_i64; 0]);
        assert_eq!(number(&db, "select grade from party where phone is null"), 3);
        let refused = migrate(&db, &[one], &|_| {});
        assert!(
            matches!(&refused, Err(Trouble::Refused(why)) if why.problems[0].code == "database_is_newer"),
            "{refused:?}"
        );
    });
}

#[test]
fn a_migration_that_fails_leaves_nothing_behind() {
    on_both(|db| {
        let steps = diff(&[], &store::tables(&REGISTRY));
        let bad = Step::CreateIndex {
            table: "party".into(),
            index: Index::of("party", &["no_such_column"], false),
            nullable: vec![],
        };
        let mut broken = steps.clone();
        broken.push(bad);
        assert!(migrate(&db, &[first(broken)], &|_| {}).is_err());
        assert_eq!(migrate(&db, &[first(steps)], &|_| {}).unwrap(), [1]);
    });
}

#[test]
fn a_database_made_between_two_versions_gets_what_it_lacks() {
    on_both(|db| {
        let old = store::tables(&REGISTRY);
        let mut early = old.clone();
        let party = early.iter_mut().find(|table| table.name == "party").unwrap();
        party.columns.retain(|column| column.name != "owner");
        party.indexes.retain(|index| !index.columns.iter().any(|column| column == "owner"));
        early.retain(|table| table.name != "order_line");
        assert_eq!(migrate(&db, &[first(diff(&[], &early))], &|_| {}).unwrap(), [1]);
        run(&db, "insert into party (id, company, name) values (1, 1, 'Blue')");
        let whole = first(diff(&[], &old));
        let told = std::cell::RefCell::new(Vec::new());
        let tell = |step: &str| told.borrow_mut().push(step.to_owned());
        assert_eq!(migrate(&db, std::slice::from_ref(&whole), &tell).unwrap(), [0_i64; 0]);
        assert!(told.borrow().contains(&"+ party.owner".to_owned()), "{told:?}");
        assert_eq!(number(&db, "select count(*) from party where owner is null"), 1);
        assert_eq!(number(&db, "select count(*) from order_line"), 0);
        told.borrow_mut().clear();
        migrate(&db, &[whole], &tell).unwrap();
        assert!(told.borrow().is_empty(), "all there: {told:?}");
    });
}
