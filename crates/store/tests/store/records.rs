use std::collections::{BTreeMap, BTreeSet};

use meta::Entity;
use store::{delete, insert, labels, load, load_many, update};

use crate::world::{Order, Party, REGISTRY, STAMP, line, number, on_both_with_tables, order, party, save};

#[test]
fn a_record_comes_back_as_it_went_with_its_lines_in_order() {
    on_both_with_tables(|db| {
        let mut saved = order(1, 1, "2026-11-25", 2400);
        saved.external_id = Some("web-7".into());
        saved.set("note", "多行\n'quoted' \"and\" \\ ;--");
        saved.set_owned("lines", vec![line(11, "mug", 2), line(12, "杯子", 3), line(13, "cup", 4)]);
        save(&db, vec![saved.clone(), order(2, 1, "2026-11-26", 1)]);
        let loaded = db.read(|conn| Ok(load(conn, Order::meta(), 1)?)).unwrap().unwrap();
        assert_eq!(loaded, saved);
        assert_eq!((loaded.version, loaded.external_id.as_deref()), (1, Some("web-7")));

        let mut changed = loaded.clone();
        changed.set("total", 99_i64);
        let lines = loaded.owned("lines");
        let mut cup = lines[2].clone();
        cup.set("qty", 40_i64);
        changed.set_owned("lines", vec![cup, line(14, "new", 1), lines[0].clone()]);
        let steps = update(&loaded, &changed, &STAMP);
        db.write(move |conn| {
            assert_eq!(conn.execute(&steps.first.sql, &steps.first.args)?, 1);
            Ok(conn.batch(&steps.rest)?)
        })
        .unwrap();
        let again = db.read(|conn| Ok(load(conn, Order::meta(), 1)?)).unwrap().unwrap();
        assert_eq!(again, changed);
        assert_eq!(again.version, 2);

        let stale = update(&loaded, &changed, &STAMP);
        let touched = db.write(move |conn| Ok(conn.execute(&stale.first.sql, &stale.first.args)?)).unwrap();
        assert_eq!(touched, 0, "somebody was faster");

        let steps = delete(&again);
        db.write(move |conn| Ok(conn.batch(&steps)?)).unwrap();
        assert_eq!(number(&db, "select count(*) from order_line"), 0, "lines go with their owner");
    });
}

#[test]
fn many_lines_fit_into_few_statements() {
    on_both_with_tables(|db| {
        let mut big = order(1, 1, "2026-01-01", 0);
        big.set_owned("lines", (0..5000).map(|at| line(100 + at, "mug", at)).collect());
        assert!(insert(Order::meta(), &big, &STAMP).len() < 6);
        save(&db, vec![big.clone()]);
        assert_eq!(db.read(|conn| Ok(load(conn, Order::meta(), 1)?)).unwrap().unwrap(), big);
    });
}

#[test]
fn many_are_loaded_in_the_order_asked_for() {
    on_both_with_tables(|db| {
        save(&db, (1..=1100).map(|id| party(id, 1, &format!("P{id}"))).collect());
        let ids: Vec<i64> = (1..=1100).rev().chain([9999]).collect();
        let found = db.read(|conn| Ok(load_many(conn, Party::meta(), &ids)?)).unwrap();
        assert!(found.iter().map(|record| record.id).eq((1..=1100).rev()));
    });
}

#[test]
fn labels_are_titles_or_ids() {
    on_both_with_tables(|db| {
        let mut nameless = order(3, 1, "2026-01-01", 1);
        nameless.set("number", None::<String>);
        save(&db, vec![party(1, 1, "Blue"), nameless]);
        let wanted = BTreeMap::from([("party", BTreeSet::from([1, 2])), ("order", BTreeSet::from([3]))]);
        let found = db.read(|conn| Ok(labels(conn, &REGISTRY, &wanted, kernel::Lang::En)?)).unwrap();
        assert_eq!(found[&("party".to_owned(), 1)], "C1 Blue");
        assert_eq!(found[&("order".to_owned(), 3)], kernel::id_text("or", 3));
        assert_eq!(found.len(), 2);
    });
}
