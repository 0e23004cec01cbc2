//! Not a test: figures, printed by `cargo test --release -p store speed -- --ignored --nocapture`.

use std::thread;
use std::time::Instant;

use meta::{Entity, Filter, ListQuery};

use crate::world::*;

#[test]
#[ignore = "prints figures"]
fn speed() {
    on_both_with_tables(|db| {
        for threads in [1, 32] {
            let start = Instant::now();
            let all: Vec<_> = (0..threads)
                .map(|_| {
                    let db = db.clone();
                    thread::spawn(move || {
                        for _ in 0..(2000 / threads) {
                            let inner = db.clone();
                            db.write(move |conn| {
                                let id = inner.next_id()?;
                                let mut one = order(id, 1, "2026-01-01", id);
                                one.set("number", format!("N{id}"));
                                let lines =
                                    (0..5)
                                        .map(|_| Ok(line(inner.next_id()?, "mug", 1)))
                                        .collect::<Result<_, meta::Fault>>()?;
                                one.set_owned("lines", lines);
                                let mut steps = store::insert(Order::meta(), &one, &STAMP);
                                steps.extend(store::index(conn.dialect(), &one));
                                Ok(conn.batch(&steps)?)
                            })
                            .unwrap();
                        }
                    })
                })
                .collect();
            all.into_iter().for_each(|one| one.join().unwrap());
            println!("{:?} {threads} threads: {:.0} documents/s", db.dialect(), 2000.0 / start.elapsed().as_secs_f64());
        }
        for id in 0..100 {
            save(
                &db,
                (0..1000)
                    .map(|at| {
                        order(
                            1_000_000 + id * 1000 + at,
                            1,
                            &format!("20{:02}-{:02}-{:02}", id % 30, at % 12 + 1, at % 28 + 1),
                            at,
                        )
                    })
                    .collect(),
            );
        }
        let scope = store::Scope {
            about: store::About::Everything,
            companies: vec![1],
            user: 1,
            team: vec![],
            today: kernel::Date::MIN,
            currency: kernel::Currency::CNY,
            visible: &|_, _| true,
        };
        let mut query = ListQuery::default();
        for page in 0..3 {
            let start = Instant::now();
            let found =
                db.read(|conn| store::list(conn, &REGISTRY, Order::meta(), &query, &Filter::all(), &scope)).unwrap();
            println!("{:?} page {page}: {:?}", db.dialect(), start.elapsed());
            query.cursor = found.next;
        }
        let start = Instant::now();
        db.read(|conn| {
            store::list(
                conn,
                &REGISTRY,
                Order::meta(),
                &ListQuery { count: true, search: "so 777".into(), ..ListQuery::default() },
                &Filter::all(),
                &scope,
            )
        })
        .unwrap();
        println!("{:?} search: {:?}", db.dialect(), start.elapsed());
        let start = Instant::now();
        for _ in 0..1000 {
            db.read(|conn| Ok(store::load(conn, Order::meta(), 1_000_500)?)).unwrap();
        }
        println!("{:?} load: {:?}", db.dialect(), start.elapsed() / 1000);
    });
}
