//! Long work: every row once, whoever dies; stopped, taken up again, and with nobody else's rights.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use crate::common::{World, key, no, on_both, raw, said, text};
use engine::{Actor, Step};
use kernel::ProblemKind::{Conflict, Invalid, NotAllowed, NotFound, NotNow, TooMuch};
use meta::ListQuery;
use serde_json::{Value as Json, json};

/// A file of customers; the rows named are wrong.
fn file(rows: usize, wrong: &[usize]) -> Vec<Vec<String>> {
    let head = ["code", "name", "is_customer", "external_id"].map(str::to_owned).to_vec();
    let row = |number: usize| {
        let is = if wrong.contains(&number) { "perhaps" } else { "true" };
        [format!("C{number:04}"), format!("Customer {number}"), is.to_owned(), format!("x{number}")].to_vec()
    };
    std::iter::once(head).chain((0..rows).map(row)).collect()
}

fn start(world: &World, actor: &Actor, rows: usize, wrong: &[usize]) -> (String, i64) {
    let job = world.engine.start_import(actor, "party", file(rows, wrong), false, None).unwrap();
    assert_eq!((&job["state"], &job["rows"]), (&json!("waiting"), &json!(rows)));
    let id = text(&job["id"]);
    let number = raw(&world.engine, "job", &id);
    (id, number)
}

fn customers(world: &World) -> i64 {
    world.number("select count(*) from party where code like 'C%'", &[])
}

fn state(world: &World, job: i64) -> String {
    let rows =
        world.engine.database().read(|conn| Ok(conn.query("select state from job where id = ?1", &[job.into()])?));
    rows.unwrap()[0].text(0).to_owned()
}

#[test]
fn a_job_goes_on_where_a_dead_worker_left_it_and_the_undead_write_nothing() {
    on_both(|world| {
        let boss = world.actor("boss", "administrator");
        let wrong = [3, 51, 52, 119];
        let (_, job) = start(world, &boss, 120, &wrong);
        let other = world.second();
        let mut dead = world.engine.claim_job("first").unwrap().unwrap();
        assert_eq!(world.engine.job_step(&mut dead).unwrap(), Step::More);
        assert_eq!((dead.done, customers(world)), (50, 49), "one of the first fifty was refused, for itself");
        assert!(other.claim_job("second").unwrap().is_none(), "it is at work");
        world.days_pass(1);
        let mut heir = other.claim_job("second").unwrap().expect("thought dead by now");
        assert_eq!(heir.done, 50);
        assert_eq!(other.job_step(&mut heir).unwrap(), Step::More);
        // It wakes up and goes on where it stood: nothing of it counts.
        assert_eq!(world.engine.job_step(&mut dead).unwrap(), Step::Over);
        while other.job_step(&mut heir).unwrap() == Step::More {}
        assert_eq!(customers(world), 116);
        let twice = "select count(*) from (select code from party group by code having count(*) > 1) as t";
        assert_eq!(world.number(twice, &[]), 0);
        let told = world.engine.job_result(&boss, job, -1).unwrap();
        assert_eq!(
            [&told["state"], &told["done"], &told["created"], &told["changed"], &told["refused"]],
            [&json!("done"), &json!(120), &json!(116), &json!(0), &json!(4)]
        );
        let failed = told["failed"].as_array().unwrap();
        let rows: Vec<_> = failed.iter().map(|row| row["row"].as_u64().unwrap() as usize).collect();
        assert_eq!(rows, wrong);
        assert_eq!((&failed[0]["line"], &failed[0]["problems"][0]["field"]), (&json!(5), &json!("is_customer")));
        let after = world.engine.job_result(&boss, job, 51).unwrap();
        assert_eq!(after["failed"].as_array().unwrap().len(), 2);
        assert_eq!(world.number("select count(*) from job_part", &[]), 0, "the file is not kept");
        // The same file again changes what is there.
        let (_, job) = start(world, &boss, 120, &[]);
        while other.work_once("second", &AtomicBool::new(false)).unwrap() {}
        let told = world.engine.job_result(&boss, job, -1).unwrap();
        assert_eq!((&told["created"], &told["changed"]), (&json!(4), &json!(116)));
        // Two rows of one record in one file are two writes of it, whichever way it is loaded.
        let mut twice = file(2, &[]);
        for (number, row) in twice.iter_mut().enumerate().skip(1) {
            *row = [format!("T{number}"), format!("Twin {number}"), "true".into(), "twin".into()].to_vec();
        }
        let job = world.engine.start_import(&boss, "party", twice.clone(), false, None).unwrap();
        assert!(other.work_once("second", &AtomicBool::new(false)).unwrap());
        let told = world.engine.job_result(&boss, raw(&world.engine, "job", job["id"].as_str().unwrap()), -1).unwrap();
        assert_eq!((&told["created"], &told["changed"], &told["refused"]), (&json!(1), &json!(1), &json!(0)), "{told}");
        for row in twice.iter_mut().skip(1) {
            row[3] = "other twin".to_owned();
            row[0].push('x');
        }
        let told = world.engine.import(&boss, "party", &twice, false, &|| ()).unwrap();
        assert_eq!((&told["created"], &told["changed"], &told["failed"]), (&json!(1), &json!(1), &json!([])));
        world.verified("jobs");
    });
}

#[test]
fn of_many_workers_one_gets_a_job() {
    on_both(|world| {
        let boss = world.actor("boss", "administrator");
        let second = world.second();
        for _ in 0..5 {
            let (_, job) = start(world, &boss, 3, &[]);
            let got: usize = std::thread::scope(|scope| {
                let engines = [&world.engine, &second, &world.engine, &second];
                let claims = engines.into_iter().enumerate().map(|(name, engine)| {
                    scope.spawn(move || engine.claim_job(&format!("w{name}")).unwrap().map_or(0, |_| 1))
                });
                claims.collect::<Vec<_>>().into_iter().map(|claim| claim.join().unwrap()).sum()
            });
            assert_eq!((got, state(world, job).as_str()), (1, "running"));
            world.engine.cancel_job(&boss, job).unwrap();
        }
    });
}

#[test]
fn a_batch_in_the_background_posts_what_can_be_posted() {
    on_both(|world| {
        let lamp = world.product("L1", "fifo", "30");
        let customer = world.customer("BLUE", "EUR");
        let orders: Vec<String> = (0..60).map(|_| world.order(&customer, &lamp, "1")).collect();
        world.act("sales_order", &orders[7], "confirm");
        world.act("sales_order", &orders[7], "cancel");
        let boss = world.actor("boss", "administrator");
        let rows: Vec<Json> = orders.iter().map(|order| json!({ "op": "confirm", "id": order })).collect();
        let once = key("once", 1);
        let job = world.engine.start_batch(&boss, "sales_order", &rows, Some(&once)).unwrap();
        let again = world.engine.start_batch(&boss, "sales_order", &rows, Some(&once)).unwrap();
        assert_eq!(job["id"], again["id"], "the same request is one job");
        let other = world.engine.start_batch(&boss, "sales_order", &rows, Some(&key("once", 2)));
        assert_eq!(said(other), no(Conflict, "key_used", ""));
        assert!(world.engine.work_once("w", &AtomicBool::new(false)).unwrap());
        let confirmed = world.number("select count(*) from sales_order where stage = 'confirmed'", &[]);
        assert_eq!(confirmed, 59);
        let told = world.engine.job_result(&boss, raw(&world.engine, "job", job["id"].as_str().unwrap()), -1).unwrap();
        assert_eq!((&told["state"], &told["changed"], &told["refused"]), (&json!("done"), &json!(59), &json!(1)));
        assert_eq!((&told["failed"][0]["row"], &told["failed"][0]["status"]), (&json!(7), &json!(409)));
        world.verified("a batch in the background");
    });
}

#[test]
fn a_job_is_stopped_by_its_owner_and_taken_up_again() {
    on_both(|world| {
        let boss = world.actor("boss", "administrator");
        let clerk = world.actor("clara", "accountant");
        let (_, job) = start(world, &boss, 120, &[]);
        let mut claim = world.engine.claim_job("w").unwrap().unwrap();
        assert_eq!(world.engine.job_step(&mut claim).unwrap(), Step::More);
        assert_eq!(said(world.engine.cancel_job(&clerk, job)).kind, NotFound, "it is not hers to see");
        let manager = world.actor("mia", "manager");
        assert_eq!(said(world.engine.cancel_job(&manager, job)), no(NotAllowed, "job_of_another", ""));
        let cancelled = world.engine.cancel_job(&boss, job).unwrap();
        assert_eq!((&cancelled["state"], &cancelled["done"]), (&json!("cancelled"), &json!(50)));
        assert_eq!(world.engine.job_step(&mut claim).unwrap(), Step::Over);
        assert_eq!(customers(world), 50, "what was done stays, nothing is added");
        assert_eq!(said(world.engine.cancel_job(&boss, job)), no(NotNow, "job_is_over", ""));
        assert!(world.engine.claim_job("w").unwrap().is_none());
        world.engine.resume_job(&boss, job).unwrap();
        // A server that is told to stop gives the job back.
        assert!(world.engine.work_once("w", &AtomicBool::new(true)).unwrap());
        assert_eq!(state(world, job), "waiting");
        assert!(world.engine.work_once("w", &AtomicBool::new(false)).unwrap());
        assert_eq!((customers(world), state(world, job).as_str()), (120, "done"));
        assert_eq!(said(world.engine.resume_job(&boss, job)), no(NotNow, "job_is_over", ""));
        // Lists show one's own; managers see everybody's.
        let count = |actor: &Actor| {
            let query = ListQuery { limit: 10, count: true, ..ListQuery::default() };
            world.engine.list(actor, "job", &query).unwrap()["count"].as_i64().unwrap()
        };
        assert_eq!((count(&clerk), count(&manager), count(&boss)), (0, 1, 1));
        let sent = world.create(&boss, "job", json!({}));
        assert_eq!(said(sent), no(NotAllowed, "written_by_us", ""));
    });
}

#[test]
fn a_job_has_the_rights_its_owner_has_now_and_no_more() {
    on_both(|world| {
        let boss = world.actor("boss", "administrator");
        let sam = world.actor("sam", "sales_rep");
        let refused =
            world.engine.start_import(&sam, "account", vec![vec!["code".into()], vec!["1".into()]], false, None);
        assert_eq!(said(refused).kind, NotAllowed);
        // The key of a program that is narrowed to a role stays narrow in the background.
        let role = world.number("select id from role where code = 'auditor'", &[]);
        let narrow = world.engine.narrowed(&boss, role).unwrap();
        let rows = [json!({ "op": "create", "record": { "code": "C1", "name": "C", "is_customer": true } })];
        let job = world.engine.start_batch(&narrow, "party", &rows, None).unwrap();
        assert!(world.engine.work_once("w", &AtomicBool::new(false)).unwrap());
        let number = raw(&world.engine, "job", job["id"].as_str().unwrap());
        let told = world.engine.job_result(&boss, number, -1).unwrap();
        assert_eq!((&told["refused"], &told["failed"][0]["status"]), (&json!(1), &json!(403)));
        assert_eq!(customers(world), 0);
        // Whoever is no longer with us has no jobs done.
        let (_, job) = start(world, &boss, 60, &[]);
        let user = kernel::id_text("us", boss.user);
        world.user("root", "administrator");
        world.act("user", &user, "archive");
        assert!(world.engine.work_once("w", &AtomicBool::new(false)).unwrap());
        assert_eq!((state(world, job).as_str(), customers(world)), ("failed", 0));
    });
}

#[test]
fn a_fault_lets_a_job_wait_longer_and_longer_until_it_is_given_up() {
    on_both(|world| {
        let boss = world.actor("boss", "administrator");
        let (_, job) = start(world, &boss, 10, &[]);
        let lost = "delete from job_part where job = ?1";
        world.engine.database().write(move |conn| Ok(conn.execute(lost, &[job.into()])?)).unwrap();
        let mut waits = Vec::new();
        loop {
            let before = world.engine.now().micros();
            assert!(world.engine.work_once("w", &AtomicBool::new(false)).unwrap());
            if state(world, job) == "failed" {
                break;
            }
            let due = world.number("select due_at from job where id = ?1", &[job.into()]);
            waits.push((due - before) / 1_000_000);
            assert!(!world.engine.work_once("w", &AtomicBool::new(false)).unwrap(), "not before then");
            world.days_pass(1);
        }
        assert_eq!(waits, [5, 10, 20, 40, 80, 160, 320, 640, 1280]);
        let told = world.engine.job_result(&boss, job, -1).unwrap();
        assert!(told["error"].as_str().unwrap().contains("our side"), "{told}");
        // One that kills whoever does it is given up, too.
        let (_, job) = start(world, &boss, 10, &[]);
        for _ in 0..10 {
            assert!(world.engine.claim_job("dies at once").unwrap().is_some());
            world.days_pass(1);
        }
        assert!(world.engine.work_once("w", &AtomicBool::new(false)).unwrap());
        assert_eq!((state(world, job).as_str(), customers(world)), ("failed", 0));
    });
}

#[test]
fn what_cannot_be_a_job_is_said_at_once() {
    on_both(|world| {
        let boss = world.actor("boss", "administrator");
        let before = world.counts();
        let engine = &world.engine;
        let unknown = engine.start_import(&boss, "party", vec![vec!["colour".into()], vec!["red".into()]], false, None);
        assert_eq!(said(unknown), no(Invalid, "unknown_field", "colour"));
        assert_eq!(said(engine.start_import(&boss, "party", file(0, &[]), false, None)).code, "rows_of_a_job");
        assert_eq!(said(engine.start_batch(&boss, "nothing", &[json!({})], None)).kind, NotFound);
        assert_eq!(world.counts(), before);
        for _ in 0..20 {
            start(world, &boss, 1, &[]);
        }
        assert_eq!(said(engine.start_batch(&boss, "party", &[json!({})], None)), no(TooMuch, "too_many_jobs", ""));
        // A rehearsal keeps nothing.
        while engine.work_once("w", &AtomicBool::new(false)).unwrap() {}
        let parties = customers(world);
        let job = engine.start_import(&boss, "party", file(60, &[5]), true, None).unwrap();
        let done = world.number("select count(*) from audit", &[]);
        assert!(engine.work_once("w", &AtomicBool::new(false)).unwrap());
        let told = engine.job_result(&boss, raw(engine, "job", job["id"].as_str().unwrap()), -1).unwrap();
        assert_eq!((&told["state"], &told["done"], &told["refused"]), (&json!("done"), &json!(60), &json!(1)));
        assert_eq!((customers(world), world.number("select count(*) from audit", &[])), (parties, done));
    });
}

// ---- the real program, killed ----------------------------------------------------

/// A server that is killed when the test ends.
struct Server(Child, String);

impl Server {
    fn start(data: &std::path::Path) -> Server {
        let mut child = Command::new(env!("CARGO_BIN_EXE_heyi"))
            .args(["serve", "--listen", "127.0.0.1:0", "--data"])
            .arg(data)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let out = BufReader::new(child.stdout.take().unwrap());
        let line = out.lines().map_while(Result::ok).find(|line| line.contains("http://")).expect("it says where");
        let address = line.split("http://").nth(1).unwrap().trim().to_owned();
        Server(child, address)
    }

    fn send(&self, method: &str, path: &str, key: &str, body: &str) -> Json {
        let mut stream = TcpStream::connect(&self.1).unwrap();
        let request = format!(
            "{method} {path} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {key}\r\nconnection: close\r\ncontent-length: {}\r\n\r\n{body}",
            body.len()
        );
        stream.write_all(request.as_bytes()).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        let body = answer.split_once("\r\n\r\n").map_or("", |(_, body)| body);
        serde_json::from_str(body).unwrap_or_else(|_| panic!("{answer}"))
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[test]
fn the_program_is_killed_again_and_again_and_every_row_is_there_once() {
    const ROWS: usize = 6_000;
    let data = std::env::temp_dir().join(format!("heyi-killed-{}", std::process::id()));
    std::fs::create_dir_all(&data).unwrap();
    let place = app::open::Place { data: Some(data.clone()), ..Default::default() };
    let key = {
        let engine = place.open().unwrap();
        let plan = app::setup::Plan { name: "Acme", ..app::setup::Plan::default() };
        let company = app::setup::company(&engine, &plan).unwrap();
        let user = app::setup::user(&engine, "ada", "Ada", "long enough", &["administrator"], "en").unwrap();
        let desk = app::driver::Driver::system(&engine, company).unwrap();
        let body = json!({ "name": "loader", "user": kernel::id_text("us", user), "active": true });
        let id = desk.create("api_key", body).unwrap();
        engine.issue_key(&engine.actor(user, None, None).unwrap(), raw(&engine, "api_key", &id)).unwrap()
    };
    let rows = file(ROWS, &[77]);
    let csv: Vec<String> = rows.iter().map(|row| row.join(",")).collect();
    let mut server = Server::start(&data);
    let job = server.send("POST", "/api/party/import?as=job", &key, &csv.join("\n"));
    let path = format!("/api/job/{}/result", job["job"]["id"].as_str().unwrap());
    let (mut kills, mut seen) = (0, 0);
    let told = loop {
        let told = server.send("GET", &path, &key, "");
        let done = told["done"].as_u64().unwrap();
        assert!(seen <= done, "it never goes back");
        if told["state"] == "done" {
            break told;
        }
        assert_ne!(told["state"], "failed", "{told}");
        if kills < 4 && seen < done {
            // Somewhere in the middle of a step.
            std::thread::sleep(Duration::from_millis(7 + 11 * kills));
            drop(server);
            server = Server::start(&data);
            kills += 1;
        }
        seen = done;
        std::thread::sleep(Duration::from_millis(5));
    };
    assert!(kills >= 2, "killed {kills} times");
    assert_eq!((&told["created"], &told["refused"]), (&json!(ROWS - 1), &json!(1)));
    drop(server);
    let engine = place.open().unwrap();
    let [all, different] = ["count(*)", "count(distinct code)"].map(|what| {
        let sql = format!("select {what} from party where code like 'C%'");
        engine.database().read(|conn| Ok(conn.query(&sql, &[])?[0].int(0))).unwrap()
    });
    assert_eq!((all, different), (ROWS as i64 - 1, ROWS as i64 - 1));
    assert!(engine.verify(&|_| {}).unwrap().broken.is_empty());
    drop(engine);
    let _ = std::fs::remove_file(data.with_extension("key"));
    let _ = std::fs::remove_dir_all(&data);
}

#[test]
fn a_file_on_the_command_line_is_read_as_one_that_is_sent_and_its_faults_are_the_exit_code() {
    let data = std::env::temp_dir().join(format!("heyi-loaded-{}", std::process::id()));
    std::fs::create_dir_all(&data).unwrap();
    let place = app::open::Place { data: Some(data.clone()), ..Default::default() };
    let plan = app::setup::Plan { name: "Acme", ..app::setup::Plan::default() };
    app::setup::company(&place.open().unwrap(), &plan).unwrap();
    let load = |bytes: &[u8]| {
        let file = data.join("file.csv");
        std::fs::write(&file, bytes).unwrap();
        let done = Command::new(env!("CARGO_BIN_EXE_heyi"))
            .args(["import", "party"])
            .arg(&file)
            .arg("--data")
            .arg(&data)
            .output()
            .unwrap();
        let (out, err) = (String::from_utf8(done.stdout).unwrap(), String::from_utf8(done.stderr).unwrap());
        (done.status.code(), serde_json::from_str::<Json>(&out).unwrap_or_default(), err)
    };
    let chinese = encoding_rs::GB18030.encode("编码;名称;客户\nA;杯子;是\nB;茶壶;是\n").0.into_owned();
    let (code, told, _) = load(&chinese);
    assert_eq!((code, &told["created"]), (Some(0), &json!(2)), "{told}");
    let (code, told, err) = load("code,name,is_customer\nC,Gamma,yes\nD,Delta,perhaps\n".as_bytes());
    assert_eq!((code, &told["created"], &told["failed"][0]["line"]), (Some(1), &json!(1), &json!(3)), "{told}");
    assert!(err.contains("1 refused, of 2 rows"), "{err}");
    let (code, told, err) = load(b"code,name,is_customer\nE,\"Epsilon,yes\nF,Phi,yes\n");
    assert_eq!((code, told), (Some(1), Json::Null));
    assert!(err.contains("In line 2 a cell begins with a quotation mark"), "{err}");
    std::fs::remove_dir_all(&data).unwrap();
}
