//! A random company trades, pays, returns, closes; crashes; an independent auditor agrees.
//!
//! `HEYI_SIM_STEPS` (1,500) and `HEYI_SIM_SEED` choose how long and which. PostgreSQL is
//! simulated too when `HEYI_TEST_PG` names one.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use store::Target;
use testkit::world::{Tally, World, day_of};

fn number(name: &str, usual: u64) -> u64 {
    std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(usual)
}

fn steps() -> u64 {
    number("HEYI_SIM_STEPS", 1_500)
}

fn seed() -> u64 {
    number("HEYI_SIM_SEED", 20_261_125)
}

/// A folder of our own, gone when the test ends well.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Folder {
        let folder = std::env::temp_dir().join(format!("heyi-simulation-{name}-{}", std::process::id()));
        let _ = std::fs::remove_dir_all(&folder);
        std::fs::create_dir_all(&folder).expect("a folder for the test");
        Folder(folder)
    }

    fn file(&self) -> PathBuf {
        self.0.join("heyi.db")
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        if !std::thread::panicking() {
            let _ = std::fs::remove_dir_all(&self.0);
        }
    }
}

fn fail(world: &World, step: u64, why: &str) -> ! {
    let story = world.story.iter().rev().take(25).rev().map(|line| line.chars().take(700).collect::<String>());
    panic!(
        "HEYI_SIM_SEED={} step {step} on {}:\n{why}\n--- what happened before:\n{}",
        seed(),
        day_of(world.now()),
        story.collect::<Vec<_>>().join("\n")
    );
}

fn run(world: &mut World, from: u64, steps: u64, every: u64) {
    for step in from..from + steps {
        if let Err(why) = world.step() {
            fail(world, step, &why);
        }
        if step % every == every - 1 {
            whole(world, step);
        }
    }
}

fn whole(world: &mut World, step: u64) {
    if let Err(why) = world.auditor.whole(&world.engine.clone()) {
        fail(world, step, &why);
    }
}

fn told(name: &str, steps: u64, tally: &Tally, started: std::time::Instant) {
    let (accepted, refused, failed) = tally.sums();
    println!(
        "{name}: seed {}, {steps} steps, {accepted} accepted, {refused} refused, {failed} failed, {:?}",
        seed(),
        started.elapsed()
    );
    println!("accepted: {:?}", tally.accepted);
    println!("refused: {:?}", tally.refused);
}

/// Steps in four stretches; between them the program is closed and opened again.
fn simulate(name: &str, target: &Target, steps: u64) -> (i64, u64) {
    let started = std::time::Instant::now();
    let every = (steps / 10).clamp(50, 20_000);
    let mut world = World::new(target.clone(), seed(), steps).expect("the companies are set up");
    whole(&mut world, 0);
    let stretch = (steps / 4).max(1);
    for part in 0..4 {
        run(&mut world, part * stretch, stretch, every);
        whole(&mut world, (part + 1) * stretch);
        let auditor = std::mem::take(&mut world.auditor);
        let (target, at, tally, dice) = world.close();
        world = World::resume(target, dice.0, steps, at).expect("the database opens again");
        world.tally = tally;
        world.auditor = auditor;
        // What was known before the restart is still there.
        whole(&mut world, (part + 1) * stretch);
    }
    told(name, steps, &world.tally, started);
    let (_, at, _, dice) = world.close();
    (at, dice.0)
}

/// Several people at once, without an auditor between them; afterwards everything is compared.
fn crowd(world: &mut World, steps: u64) {
    std::thread::scope(|scope| {
        for person in 0..4 {
            let mut other = world.beside(seed() + 1000 + person).expect("another user");
            other.is_rough = world.is_rough;
            scope.spawn(move || {
                for step in 0..steps {
                    if let Err(why) = other.step() {
                        fail(&other, step, &why);
                    }
                }
            });
        }
    });
    world.auditor.forget();
    whole(world, steps);
}

const CHILD: &str = "HEYI_SIM_CHILD";

/// Not a test of its own: what the killed process does.
#[test]
fn the_child_that_is_killed() {
    let Ok(text) = std::env::var(CHILD) else { return };
    let mut parts = text.splitn(3, ';');
    let dice = parts.next().and_then(|part| part.parse().ok()).expect("dice");
    let at = parts.next().and_then(|part| part.parse().ok()).expect("a moment");
    let file = PathBuf::from(parts.next().expect("a file"));
    let mut world = World::resume(Target::Sqlite(file), dice, steps(), at).expect("the database opens");
    world.is_watched = false;
    println!("ready");
    loop {
        if let Err(why) = world.step() {
            panic!("{why}");
        }
    }
}

fn killed(file: &Path, dice: u64, at: i64, patience: u64) {
    let program = std::env::current_exe().expect("this program");
    let mut child = Command::new(program)
        .args(["--exact", "the_child_that_is_killed", "--nocapture", "--test-threads=1"])
        .env(CHILD, format!("{dice};{at};{}", file.display()))
        .stdout(Stdio::piped())
        .spawn()
        .expect("a child");
    let mut lines = std::io::BufRead::lines(std::io::BufReader::new(child.stdout.take().expect("its output")));
    while let Some(Ok(line)) = lines.next() {
        if line.contains("ready") {
            break;
        }
    }
    std::thread::sleep(Duration::from_millis(patience));
    assert!(child.try_wait().expect("a child").is_none(), "the child ended by itself");
    child.kill().expect("the child is killed");
    child.wait().expect("the child is gone");
}

#[test]
fn sqlite_agrees_with_the_auditor_at_every_step() {
    if std::env::var(CHILD).is_ok() {
        return;
    }
    let folder = Folder::new("steps");
    let target = Target::Sqlite(folder.file());
    simulate("SQLite", &target, steps());
}

#[test]
fn sqlite_survives_being_killed_and_crowds() {
    if std::env::var(CHILD).is_ok() {
        return;
    }
    let folder = Folder::new("killed");
    let target = Target::Sqlite(folder.file());
    let steps = (steps() / 10).clamp(100, 2_000);
    let (mut at, mut dice) = simulate("SQLite before being killed", &target, steps);
    for round in 0..6 {
        killed(&folder.file(), dice, at, 60 + 140 * round);
        at += 40 * 86_400_000_000;
        dice = dice.wrapping_add(round + 1);
        let mut world = World::resume(target.clone(), dice, 3_000, at).expect("the database opens after the crash");
        whole(&mut world, round);
        run(&mut world, 0, 15, 15);
    }
    let mut world = World::resume(target, dice + 77, 3_000, at).expect("the database opens");
    crowd(&mut world, steps / 4);
}

#[test]
fn postgres_agrees_with_the_auditor_at_every_step() {
    if std::env::var(CHILD).is_ok() {
        return;
    }
    let Ok(url) = std::env::var("HEYI_TEST_PG") else { return };
    let schema = format!("simulation_{}", std::process::id());
    let own = store::postgres_schema(&url, &schema).expect("a schema");
    let own = format!("{own}&application_name={schema}");
    let one = Target::Postgres { url: own.clone(), lanes: 1 };
    let steps = steps();
    let (at, dice) = simulate("PostgreSQL", &one, steps);
    // Four lanes, four people, and somebody who cuts their lines.
    let many = Target::Postgres { url: own, lanes: 4 };
    let mut world = World::resume(many, dice, 3_000, at).expect("the database opens");
    let people = (steps / 20).clamp(40, 500);
    crowd(&mut world, people);
    world.is_rough = true;
    let is_over = std::sync::atomic::AtomicBool::new(false);
    std::thread::scope(|scope| {
        let (is_over, url, schema) = (&is_over, &url, &schema);
        scope.spawn(move || {
            let cutter = store::Database::open(&Target::Postgres { url: url.clone(), lanes: 1 }).expect("a cutter");
            while !is_over.load(std::sync::atomic::Ordering::SeqCst) {
                std::thread::sleep(Duration::from_millis(150));
                let name = schema.clone();
                let cut = cutter.write(move |conn| {
                    let sql = "select cast(sum(case when pg_terminate_backend(pid) then 1 else 0 end) as bigint)
                        from pg_stat_activity where application_name = ?1";
                    Ok(conn.query(sql, &[name.as_str().into()])?)
                });
                cut.expect("lines are cut");
            }
        });
        let crowded = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| rough_crowd(&world, people)));
        is_over.store(true, std::sync::atomic::Ordering::SeqCst);
        crowded.expect("the crowd goes home");
    });
    world.is_rough = false;
    world.auditor.forget();
    whole(&mut world, people);
    drop(world);
    let base = store::Database::open(&Target::Postgres { url, lanes: 1 }).expect("the database");
    base.write(move |conn| Ok(conn.execute(&format!("drop schema {schema} cascade"), &[])?)).expect("it is removed");
}

/// As [`crowd`], while lines are cut; compared later.
fn rough_crowd(world: &World, steps: u64) {
    std::thread::scope(|scope| {
        for person in 0..4 {
            let mut other = world.beside(seed() + 2000 + person);
            // The line may be cut while the user signs in.
            while other.is_err() {
                other = world.beside(seed() + 2000 + person);
            }
            let mut other = other.expect("another user");
            other.is_rough = true;
            scope.spawn(move || {
                for step in 0..steps {
                    if let Err(why) = other.step() {
                        fail(&other, step, &why);
                    }
                }
            });
        }
    });
}
