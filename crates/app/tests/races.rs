//! People who do the same thing at the same instant, at two servers on PostgreSQL.

use std::sync::Barrier;

use crate::common::{World, id_of, key, map, no, on_both, raw, said, text};
use kernel::ProblemKind::{Conflict, TooMuch};
use meta::Trouble;
use serde_json::{Value as Json, json};

const PASSWORD: &str = "lamps are fine";

/// How often a race of two is run.
const ROUNDS: usize = 4;

/// Lets as many people as there are `asks` act at the same instant, in turn at one server and the other.
fn at_once<T: Sync>(
    world: &World,
    asks: &[T],
    act: impl Fn(&std::sync::Arc<engine::Engine>, &T) -> Result<Json, Trouble> + Sync,
) -> Vec<Result<Json, Trouble>> {
    let servers = [world.engine.clone(), world.second()];
    let start = Barrier::new(asks.len());
    std::thread::scope(|scope| {
        let people: Vec<_> = asks
            .iter()
            .enumerate()
            .map(|(index, ask)| {
                let (server, start, act) = (&servers[index % 2], &start, &act);
                scope.spawn(move || {
                    start.wait();
                    act(server, ask)
                })
            })
            .collect();
        people.into_iter().map(|person| person.join().unwrap()).collect()
    })
}

fn takes(world: &World, entity: &'static str, ids: &[String], action: &'static str) -> Vec<Result<Json, Trouble>> {
    at_once(world, ids, |server, id| {
        server.act(&world.desk.actor, entity, raw(server, entity, id), action, None, &map(json!({})), None)
    })
}

fn split(answers: Vec<Result<Json, Trouble>>) -> (Vec<Json>, Vec<Result<Json, Trouble>>) {
    let (done, refused): (Vec<_>, Vec<_>) = answers.into_iter().partition(Result::is_ok);
    (done.into_iter().map(Result::unwrap).collect(), refused)
}

#[test]
fn the_last_piece_is_reserved_once_and_leaves_once() {
    on_both(|world| {
        let customers = [world.customer("BLUE", "EUR"), world.customer("RED", "EUR")];
        for round in 0..ROUNDS {
            let lamp = world.product(&format!("L{round}"), "fifo", "30");
            world.receive(&world.day(-1), &lamp, "1", "10");
            let orders = [world.order(&customers[0], &lamp, "1"), world.order(&customers[1], &lamp, "1")];
            let (confirmed, _) = split(takes(world, "sales_order", &orders, "confirm"));
            assert_eq!(confirmed.len(), 2, "both are sold; one waits for goods");
            let sql = "select reserved from stock_balance where product = ?1 and place = ?2";
            let kept = [raw(&world.engine, "product", &lamp).into(), raw(&world.engine, "place", &world.place).into()];
            assert_eq!(world.number(sql, &kept), 1_000_000, "one is reserved");
            let deliveries =
                orders.clone().map(|order| world.made_of("delivery", ("sales_order", &order), None, json!({})));
            let (shipped, refused) = split(takes(world, "delivery", &deliveries, "ship"));
            assert_eq!((shipped.len(), refused.len()), (1, 1), "{refused:?}");
            for answer in refused {
                assert_eq!(said(answer).kind, Conflict);
            }
            assert_eq!(world.on_hand(&lamp, &[]), "0");
        }
        world.verified("the races for the last piece");
    });
}

#[test]
fn the_last_of_a_credit_limit_is_given_once() {
    on_both(|world| {
        let lamp = world.product("L1", "fifo", "100");
        world.receive(&world.day(-1), &lamp, "100", "10");
        for round in 0..ROUNDS {
            let customer = world.customer_with(&format!("C{round}"), json!({ "credit_limit": "150.00" }));
            let orders = [world.order(&customer, &lamp, "1"), world.order(&customer, &lamp, "1")];
            let (confirmed, refused) = split(takes(world, "sales_order", &orders, "confirm"));
            assert_eq!((confirmed.len(), refused.len()), (1, 1));
            for answer in refused {
                assert_eq!(said(answer), no(TooMuch, "over_limit", "override_reason"));
            }
        }
        world.verified("the races for credit");
    });
}

#[test]
fn of_twenty_payments_of_one_invoice_one_is_taken() {
    on_both(|world| {
        let lamp = world.product("L1", "fifo", "100");
        world.receive(&world.day(-1), &lamp, "10", "10");
        let (.., invoice) = world.sale(&world.customer("BLUE", "EUR"), &lamp, "2");
        let draft = |_| {
            let body = world.desk.prefilled("payment", ("invoice", &invoice)).unwrap();
            world.desk.create("payment", Json::Object(body)).unwrap()
        };
        let payments: Vec<String> = (0..20).map(draft).collect();
        let (posted, refused) = split(takes(world, "payment", &payments, "post"));
        assert_eq!((posted.len(), refused.len()), (1, 19));
        for answer in refused {
            assert_eq!(said(answer).kind, Conflict);
        }
        assert_eq!(world.balances().get("1020").map(String::as_str), Some("240.00"), "once in the bank");
        assert_eq!(world.get("invoice", &invoice)["payment_state"], "full");
        assert_eq!(text(&posted[0]["record"]["number"]), "PAY-2026-00001");
        world.verified("the race of payments");
    });
}

#[test]
fn a_request_sent_twenty_times_under_one_key_is_done_once() {
    on_both(|world| {
        let lamp = world.product("L1", "fifo", "100");
        world.receive(&world.day(-1), &lamp, "10", "10");
        let (.., invoice) = world.sale(&world.customer("BLUE", "EUR"), &lamp, "2");
        let body = world.desk.prefilled("payment", ("invoice", &invoice)).unwrap();
        let answers = at_once(world, &[(); 20], |server, ()| {
            server.create(&world.desk.actor, "payment", &body, Some(&key("pay", 1)))
        });
        let ids: Vec<String> = answers.into_iter().map(|answer| id_of(&answer.unwrap())).collect();
        assert!(ids.iter().all(|id| *id == ids[0]), "{ids:?}");
        assert_eq!(world.number("select count(*) from payment", &[]), 1);
        let payment = raw(&world.engine, "payment", &ids[0]);
        let answers = at_once(world, &[(); 20], |server, ()| {
            server.act(&world.desk.actor, "payment", payment, "post", None, &map(json!({})), Some(&key("post", 1)))
        });
        assert!(answers.iter().all(Result::is_ok), "all get the same answer");
        assert_eq!(world.number("select count(*) from entry where doc_entity = 'payment'", &[]), 1);
        world.verified("the repeated requests");
    });
}

#[test]
fn of_two_changes_of_the_same_version_the_second_is_told_it_is_stale() {
    on_both(|world| {
        let customer = world.customer("BLUE", "EUR");
        let id = raw(&world.engine, "party", &customer);
        for version in 1..=ROUNDS {
            let notes = ["first".to_owned(), "second".to_owned()];
            let answers = at_once(world, &notes, |server, note| {
                let body = map(json!({ "note": format!("{note} {version}") }));
                server.change(&world.desk.actor, "party", id, version as i64, &body, None)
            });
            let (done, refused) = split(answers);
            assert_eq!((done.len(), refused.len()), (1, 1));
            let current = version as i64 + 1;
            assert!(matches!(refused[0], Err(Trouble::Stale { entity: "party", current: now, .. }) if now == current));
            assert_eq!(done[0]["record"]["version"], current);
            assert_eq!(world.get("party", &customer)["note"], done[0]["record"]["note"], "what was saved stays");
        }
    });
}

#[test]
fn numbers_have_no_gaps_even_when_some_are_refused() {
    on_both(|world| {
        let customer = world.customer("BLUE", "EUR");
        let lamp = world.product_with("S1", "average", "10", json!({ "kind": "service" }));
        let draft = |index: usize| {
            // Every fourth is dated in a closed period.
            let on = if index % 4 == 3 { world.day(-30) } else { world.day(0) };
            let body = json!({ "kind": "invoice", "customer": customer, "issued_on": on, "lines": [{ "product": lamp, "qty": "1" }] });
            world.desk.create("invoice", body).unwrap()
        };
        let invoices: Vec<String> = (0..16).map(draft).collect();
        let company = kernel::id_text("co", world.company);
        world.change(&world.desk.actor, "company", &company, json!({ "books_locked_until": world.day(-10) })).unwrap();
        let (posted, refused) = split(takes(world, "invoice", &invoices, "post"));
        assert_eq!((posted.len(), refused.len()), (12, 4));
        let mut numbers: Vec<String> = posted.iter().map(|answer| text(&answer["record"]["number"])).collect();
        numbers.sort();
        let wanted: Vec<String> = (1..=12).map(|number| format!("INV-2026-{number:05}")).collect();
        assert_eq!(numbers, wanted);
        world.verified("the race for numbers");
    });
}

#[test]
fn a_server_knows_at_once_what_another_changed_of_the_settings() {
    on_both(|world| {
        let other = world.second();
        let customer = world.customer("BLUE", "EUR");
        let lamp = world.product_with("S1", "average", "10", json!({ "kind": "service" }));
        let draft = || {
            let lines = json!([{ "product": lamp, "qty": "1" }]);
            let body = json!({ "kind": "invoice", "customer": customer, "issued_on": world.day(-30), "lines": lines });
            world.desk.create("invoice", body).unwrap()
        };
        let post = |server: &std::sync::Arc<engine::Engine>| {
            let id = raw(server, "invoice", &draft());
            server.act(&world.desk.actor, "invoice", id, "post", None, &map(json!({})), None)
        };
        // Both have read that the period is open, and remember it.
        post(&world.engine).unwrap();
        post(&other).unwrap();
        let company = kernel::id_text("co", world.company);
        world.change(&world.desk.actor, "company", &company, json!({ "books_locked_until": world.day(-10) })).unwrap();
        for server in [&world.engine, &other] {
            assert_eq!(said(post(server)), no(kernel::ProblemKind::Invalid, "period_closed", "issued_on"));
        }
        world.change(&world.desk.actor, "company", &company, json!({ "books_locked_until": null })).unwrap();
        post(&other).unwrap();
        world.verified("settings changed elsewhere");
    });
}

#[test]
fn what_two_servers_move_on_one_day_is_valued_in_the_order_it_was_done() {
    on_both(|world| {
        let lamp = world.product("F1", "fifo", "30");
        // Each server gives ids of its own, and the second one's are higher.
        let servers = [world.engine.clone(), world.second(), world.engine.clone()];
        let mut cost = 0;
        for server in &servers {
            cost += 10;
            let desk = app::driver::Driver { engine: server.clone(), actor: world.desk.actor.clone() };
            let lines = json!([{ "product": lamp, "qty": "1", "unit_cost": cost.to_string() }]);
            let body = json!({ "kind": "receipt", "moved_on": world.day(-3), "place": world.place, "lines": lines });
            let id = desk.create("stock_adjustment", body).unwrap();
            desk.act("stock_adjustment", &id, "post", json!({})).unwrap();
        }
        let customer = world.customer("BLUE", "EUR");
        world.sale(&customer, &lamp, "2");
        // The first two have left, whichever server wrote them.
        let left = "select sum(value) from stock_layer where product = ?1";
        assert_eq!(world.number(left, &[raw(&world.engine, "product", &lamp).into()]), 3_000);
        world.verified("a day of two servers");
    });
}

#[test]
fn a_right_taken_away_at_one_server_is_gone_at_the_other_at_once() {
    on_both(|world| {
        let sam = world.user("sam", "sales_rep");
        world.engine.set_password(sam, PASSWORD).unwrap();
        let other = world.second();
        let signed = other.sign_in(&engine::session::Throttle::default(), "sam", PASSWORD, "here").unwrap();
        // As every request does: who signed in, then what they may do.
        let may = || {
            let user = other.session(&signed.token).unwrap().expect("signed in").user;
            other.actor(user, None, None).is_ok_and(|actor| actor.access.may("sales_order", "see"))
        };
        assert!(may());
        let given = world.number("select id from user_role where \"user\" = ?1", &[sam.into()]);
        world.engine.remove(&world.desk.actor, "user_role", given, None, None).unwrap();
        assert!(!may());
    });
}

#[test]
fn who_listens_at_one_server_hears_of_what_another_wrote_once() {
    on_both(|world| {
        let other = world.second();
        let stop = std::sync::atomic::AtomicBool::new(false);
        std::thread::scope(|scope| {
            scope.spawn(|| other.hear_elsewhere(&stop));
            // Before it listens it has to have looked.
            std::thread::sleep(std::time::Duration::from_millis(300));
            let mut heard = other.subscribe();
            let customer = world.customer("BLUE", "EUR");
            let id = raw(&world.engine, "party", &customer);
            let mut found = 0;
            for _ in 0..40 {
                while let Ok(event) = heard.try_recv() {
                    found += usize::from(event.entity == "party" && event.id == id && event.version == 1);
                }
                std::thread::sleep(std::time::Duration::from_millis(50));
            }
            stop.store(true, std::sync::atomic::Ordering::SeqCst);
            assert_eq!(found, 1);
        });
    });
}
