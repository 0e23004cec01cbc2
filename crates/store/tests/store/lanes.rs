use std::collections::HashSet;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Barrier, Mutex};
use std::thread;

use kernel::{Label, Refusal};
use meta::{Fault, Trouble, Value};
use store::{Conn, Database, Dialect, Statement};

use crate::world::{number, on_both, run};

fn accounts(db: &Database) {
    run(
        db,
        "create table account (id bigint primary key, amount bigint not null)".replace("bigint", kind(db)).as_str(),
    );
    run(db, "insert into account (id, amount) values (1, 0), (2, 0)");
}

fn kind(db: &Database) -> &'static str {
    if db.dialect() == Dialect::Sqlite { "integer" } else { "bigint" }
}

fn fault<T: std::fmt::Debug>(result: Result<T, Trouble>) -> Fault {
    match result {
        Err(Trouble::Fault(fault)) => fault,
        other => panic!("no fault: {other:?}"),
    }
}

#[test]
fn a_bad_job_is_rolled_back_alone() {
    on_both(|db| {
        accounts(&db);
        let start = Arc::new(Barrier::new(12));
        let threads: Vec<_> = (0..12)
            .map(|at| {
                let (db, start) = (db.clone(), start.clone());
                thread::spawn(move || {
                    start.wait();
                    for _ in 0..10 {
                        let result = db.write(move |conn| {
                            conn.execute("update account set amount = amount + 1 where id = ?1", &[Value::Int(1)])?;
                            match at % 4 {
                                0 => Err(Refusal::new("no", Label::new("No.", "不。")).into()),
                                1 => panic!("a bug"),
                                _ => Ok(()),
                            }
                        });
                        match at % 4 {
                            0 => assert!(matches!(result, Err(Trouble::Refused(_))), "{result:?}"),
                            1 => assert!(fault(result).what.contains("a bug")),
                            _ => result.unwrap(),
                        }
                    }
                })
            })
            .collect();
        threads.into_iter().for_each(|thread| thread.join().unwrap());
        assert_eq!(number(&db, "select amount from account where id = 1"), 60);
    });
}

/// Several writes of one company share a transaction, and on PostgreSQL what nobody waits
/// for is sent with what somebody does: each must still stand or fall alone.
#[test]
fn a_group_keeps_what_went_well_and_nothing_of_the_rest() {
    on_both(|db| {
        accounts(&db);
        let raise = || Statement::new("update account set amount = amount + 1 where id = 1", vec![]);
        let twice = || Statement::new("insert into account (id, amount) values (2, 5)", vec![]);
        let threads: Vec<_> = (0..16)
            .map(|at| {
                let db = db.clone();
                thread::spawn(move || {
                    for _ in 0..10 {
                        let result = db.write_for(Some(7), move |conn| {
                            if at % 2 == 0 {
                                conn.query("select amount from account where id = 1", &[])?;
                            }
                            match at % 4 {
                                0 => conn.batch(&[raise()])?,
                                1 => conn.batch(&[raise(), twice()])?,
                                2 => {
                                    conn.batch(&[raise(), twice()])?;
                                    conn.query("select amount from account where id = 1", &[])?;
                                }
                                _ => {
                                    conn.batch(&[raise()])?;
                                    return Err(Refusal::new("no", Label::new("No.", "不。")).into());
                                }
                            }
                            Ok(())
                        });
                        match at % 4 {
                            0 => result.unwrap(),
                            3 => assert!(matches!(result, Err(Trouble::Refused(_))), "{result:?}"),
                            _ => assert!(fault(result).unique.is_some()),
                        }
                    }
                })
            })
            .collect();
        threads.into_iter().for_each(|thread| thread.join().unwrap());
        assert_eq!(number(&db, "select amount from account where id = 1"), 40);
        assert_eq!(number(&db, "select amount from account where id = 2"), 0);
    });
}

#[test]
fn nothing_is_lost_when_all_write_the_same_row() {
    on_both(|db| {
        accounts(&db);
        let threads: Vec<_> = (0..8)
            .map(|_| {
                let db = db.clone();
                thread::spawn(move || {
                    for _ in 0..25 {
                        db.write(|conn| {
                            let amount = conn.query("select amount from account where id = 1", &[])?[0].int(0);
                            conn.batch(&[
                                Statement::new(
                                    "update account set amount = ?1 where id = 1",
                                    vec![Value::Int(amount + 1)],
                                ),
                                Statement::new("update account set amount = amount - 1 where id = 2", vec![]),
                            ])?;
                            Ok(())
                        })
                        .unwrap();
                        let both = db
                            .read(|conn| {
                                let one = conn.query("select amount from account where id = 1", &[])?[0].int(0);
                                thread::yield_now();
                                Ok((one, conn.query("select amount from account where id = 2", &[])?[0].int(0)))
                            })
                            .unwrap();
                        assert_eq!(both.0, -both.1, "a read sees one state");
                    }
                })
            })
            .collect();
        threads.into_iter().for_each(|thread| thread.join().unwrap());
        assert_eq!(number(&db, "select amount from account where id = 1"), 200);
    });
}

#[test]
fn an_error_that_a_job_swallows_is_not_taken_for_success() {
    on_both(|db| {
        accounts(&db);
        let result = db.write(|conn| {
            conn.execute("insert into account (id, amount) values (3, 3)", &[])?;
            let _ = conn.execute("insert into account (id, amount) values (1, 1)", &[]);
            Ok(())
        });
        let rows = number(&db, "select count(*) from account");
        assert_eq!(rows == 3, result.is_ok(), "told as it is");
    });
}

#[test]
fn ids_are_never_given_twice() {
    on_both(|db| {
        let all = Arc::new(Mutex::new(HashSet::new()));
        let threads: Vec<_> = (0..6)
            .map(|at| {
                let (db, all) = (db.clone(), all.clone());
                thread::spawn(move || {
                    for round in 0..40 {
                        let mut ids = Vec::new();
                        let inner = db.clone();
                        if at % 2 == 0 {
                            ids.extend((0..60).map(|_| db.next_id().unwrap()));
                        } else {
                            let more = db.write(move |_| {
                                let some: Result<Vec<i64>, Fault> = (0..60).map(|_| inner.next_id()).collect();
                                // Ids of a write that fails are gone, not free.
                                if round % 3 == 0 {
                                    return Err(Fault::new("on purpose").into());
                                }
                                Ok(some?)
                            });
                            ids.extend(more.unwrap_or_default());
                        }
                        let mut all = all.lock().unwrap();
                        ids.into_iter().for_each(|id| assert!(all.insert(id), "{id} twice"));
                    }
                })
            })
            .collect();
        threads.into_iter().for_each(|thread| thread.join().unwrap());
        let most = *all.lock().unwrap().iter().max().unwrap();
        run(&db, "create table touched (id bigint primary key)".replace("bigint", kind(&db)).as_str());
        assert!(most < number(&db, "select next from id_block"), "and the database knows of them");
    });
}

#[test]
fn hooks_run_after_writes_and_their_failure_harms_nobody() {
    on_both(|db| {
        accounts(&db);
        let calls = Arc::new(AtomicUsize::new(0));
        let counted = calls.clone();
        db.at_group_end(Box::new(move |conn: &dyn Conn| {
            if counted.fetch_add(1, Ordering::SeqCst).is_multiple_of(2) {
                conn.execute("update account set amount = 77 where id = 2", &[])?;
                return Err(Fault::new("on purpose"));
            }
            conn.execute("update account set amount = (select amount from account where id = 1) where id = 2", &[])?;
            Ok(())
        }));
        for _ in 0..2 {
            run(&db, "update account set amount = amount + 5 where id = 1");
            let _ = db.settle();
        }
        // On PostgreSQL the background may have had its turn too, so ask until it is done.
        for _ in 0..20 {
            let _ = db.settle();
            if number(&db, "select amount from account where id = 2") == 10 {
                return;
            }
        }
        panic!("the hook never had its way");
    });
}

#[test]
fn sums_are_exact_and_fractions_are_faults() {
    on_both(|db| {
        accounts(&db);
        run(&db, "insert into account (id, amount) values (3, 9007199254740993), (4, 9007199254740993), (5, -1)");
        let row = db.read(|conn| {
            let sql = "select sum(amount), max(amount), min(amount), count(*), sum(amount) > ?1, ?2 || '' from account";
            Ok(conn.query(sql, &[Value::Int(7), Value::from("七")])?.remove(0))
        });
        let row = row.unwrap();
        let numbers: Vec<i64> = (0..5).map(|at| row.int(at)).collect();
        assert_eq!(numbers, [18_014_398_509_481_985, 9_007_199_254_740_993, -1, 5, 1]);
        assert_eq!(row.text(5), "七");
        let nothing =
            db.read(|conn| Ok(conn.query("select sum(amount) from account where id > ?1", &[Value::Int(9)])?));
        assert_eq!(nothing.unwrap()[0].maybe_int(0), None);
        let half = db.read(|conn| Ok(conn.query("select avg(amount) / 7.5 from account where id < 5", &[])?));
        assert!(half.is_err());
    });
}

#[test]
fn what_the_database_refuses_is_told_without_the_values() {
    on_both(|db| {
        run(&db, "create table secret (id bigint primary key, code text)".replace("bigint", kind(&db)).as_str());
        run(&db, "create unique index secret_by_code on secret (code)");
        let insert = |id: i64| {
            db.write(move |conn| {
                Ok(conn.execute("insert into secret (id, code) values (?1, ?2)", &[id.into(), "hunter2".into()])?)
            })
        };
        insert(1).unwrap();
        let twice = fault(insert(2));
        assert_eq!(twice.unique.as_deref(), Some("secret_by_code"));
        assert!(!twice.what.contains("hunter2"), "{twice}");
        let wrong =
            db.read(|conn| Ok(conn.query("select id from secret where id = ?1", &["hunter2".into(), 1.into()])?));
        assert!(!fault(wrong).what.contains("hunter2"));
        let nonsense = db.read(|conn| Ok(conn.query("select nothing from nowhere", &[])?));
        assert!(fault(nonsense).what.contains("nowhere"));
        assert!(db.read(|conn| Ok(conn.execute("delete from secret", &[])?)).is_err(), "a read does not write");
        assert_eq!(number(&db, "select count(*) from secret"), 1);
    });
}

#[test]
fn a_write_inside_a_write_is_refused_rather_than_waited_for() {
    on_both(|db| {
        let inner = db.clone();
        assert!(db.write(move |_| inner.write(|_| Ok(()))).is_err());
    });
}

#[test]
fn what_was_reserved_and_sealed_survives_closing() {
    let folder = std::env::temp_dir().join(format!("store_closing_{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let target = store::Target::Sqlite(folder.join("data.db"));
    let mut most = 0;
    for _ in 0..3 {
        let db = Database::open(&target).unwrap();
        let inner = db.clone();
        let id = db.write(move |_| Ok(inner.next_id()?)).unwrap();
        assert!(most < id, "{id} after {most}");
        most = id.max(db.next_id().unwrap());
        let copy = folder.join(format!("copy_{most}.db"));
        db.back_up(&copy).unwrap();
        let copy = Database::open(&store::Target::Sqlite(copy)).unwrap();
        assert!(most < number(&copy, "select next from id_block"));
    }
    assert!(!folder.join("data.db-wal").exists(), "one file is left");
    std::fs::remove_dir_all(&folder).unwrap();
}

#[test]
fn a_lost_connection_is_replaced() {
    on_both(|db| {
        if db.dialect() == Dialect::Sqlite {
            return;
        }
        accounts(&db);
        for _ in 0..3 {
            let raise = |conn: &dyn Conn| {
                let count = conn.execute("update account set amount = amount + 1 where id = 1", &[])?;
                // The lanes of this test only: all that stand in its schema.
                Ok((count, conn.query("select pg_backend_pid()", &[])?[0].int(0)))
            };
            let lanes: Vec<i64> = (0..8).map(|_| db.write(raise).unwrap().1).collect();
            let reader = db.read(|conn| Ok(conn.query("select pg_backend_pid()", &[])?[0].int(0))).unwrap();
            let victims: HashSet<i64> = lanes.into_iter().chain([reader]).collect();
            let server = std::env::var("HEYI_TEST_PG").unwrap();
            let other = Database::open(&store::Target::Postgres { url: server, lanes: 1 }).unwrap();
            for victim in victims {
                run(&other, &format!("select pg_terminate_backend({victim})"));
            }
            db.write(raise).unwrap();
            db.read(|conn| Ok(conn.query("select 1", &[])?)).unwrap();
        }
        assert_eq!(number(&db, "select amount from account where id = 1"), 27);
    });
}

#[test]
fn the_planner_learns_of_a_young_table_without_autovacuum() {
    on_both(|db| {
        // SQLite plans by figures of its own.
        if db.dialect() == Dialect::Sqlite {
            return;
        }
        accounts(&db);
        // What is counted of a write reaches the server's statistics a moment later, so writing goes on.
        let looked = (0..400_i64).any(|round| {
            db.write(move |conn| {
                let rows: Vec<String> = (0..10).map(|at| format!("({}, 0)", 10 + round * 10 + at)).collect();
                Ok(conn
                    .execute(&format!("insert into account (id, amount) values {}", rows.join(", ")), &[])
                    .map(|_| ())?)
            })
            .unwrap();
            thread::sleep(std::time::Duration::from_millis(50));
            let sql = "select analyze_count from pg_stat_user_tables
                where schemaname = current_schema() and relname = 'account'";
            0 < number(&db, sql)
        });
        assert!(looked, "nobody looked at what is in the table");
    });
}
