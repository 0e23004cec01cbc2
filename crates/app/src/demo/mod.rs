//! The demo: two companies that make and sell bicycles, from the day they are founded, half a year and a month ago.
//!
//! It is made by the program itself, through the same doors a user has: the same seed and day make the same companies.
//! The program's clock is put to when each thing is done, so that what was known at a moment can be asked for. What is
//! to happen stands in an agenda; doing it may put more there.
//!
//! ```text
//! founded      capital in the bank, goods and tools bought of it          books.rs
//! every day    quotations → orders → deliveries → invoices → payments     selling.rs
//! Mondays      what sold is bought again; its bill comes and is paid      books.rs
//! each month   rent and wages, depreciation, the tax office               books.rs
//! ```

mod books;
mod firm;
mod selling;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use engine::Engine;
use indicatif::ProgressBar;
use kernel::{Date, Instant};
use meta::Trouble;

use crate::setup;
use firm::Firm;
use selling::Deal;

/// How many days back they begin to sell.
const DAYS: i32 = 182;
/// How many days before that they are founded.
const BEFORE: i32 = 28;
/// Microseconds of a minute.
const MINUTE: i64 = 60_000_000;
/// The password of every demo user.
pub const PASSWORD: &str = "heyi-demo";

/// The users: login, name, role, language, whose manager.
pub const USERS: [(&str, &str, &str, &str, Option<&str>); 8] = [
    ("admin", "周敏 Zhou Min", "administrator", "zh", None),
    ("manager", "王丽 Wang Li", "manager", "zh", None),
    ("sales.lead", "李强 Li Qiang", "sales_manager", "zh", Some("manager")),
    ("sales", "陈静 Chen Jing", "sales_rep", "zh", Some("sales.lead")),
    ("sales2", "Anna Berg", "sales_rep", "en", Some("sales.lead")),
    ("warehouse", "赵刚 Zhao Gang", "warehouse", "zh", Some("manager")),
    ("accountant", "刘洋 Liu Yang", "accountant", "zh", Some("manager")),
    ("auditor", "Emma Stone", "auditor", "en", None),
];

/// The hands of a clock: where they are put, it is for the program that reads it.
#[derive(Clone, Debug)]
pub struct Hands(Arc<AtomicI64>);

impl Hands {
    /// Hands that stand at a moment.
    pub fn at(moment: Instant) -> Hands {
        Hands(Arc::new(AtomicI64::new(moment.micros())))
    }

    /// The clock with these hands. With every look a millionth of a second passes: no two things are at once.
    pub fn clock(&self) -> engine::Clock {
        let hands = self.0.clone();
        Arc::new(move || Instant::from_micros(hands.fetch_add(1, Ordering::SeqCst)))
    }
}

/// A small generator of numbers that look random: SplitMix64.
struct Dice(u64);

impl Dice {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// From 0 to below `end`.
    fn below(&mut self, end: u64) -> u64 {
        self.next() % end
    }

    /// So many days, from `least` on.
    fn days(&mut self, least: i32, end: u64) -> i32 {
        least + self.below(end) as i32
    }

    fn chance(&mut self, percent: u64) -> bool {
        self.below(100) < percent
    }

    fn pick<'a, T>(&mut self, all: &'a [T]) -> &'a T {
        &all[self.below(all.len() as u64) as usize]
    }
}

/// What is done at a moment.
enum Step {
    /// A day begins: what it brings goes on the agenda.
    Morning,
    /// What a currency is worth from this day on.
    Rate(&'static str, &'static str),
    Capital,
    /// Something lasting is bought.
    Asset(usize),
    Expenses,
    Depreciation,
    TaxOffice,
    /// Goods that came on a day; all of the first stock, or what has sold.
    Goods {
        on: Date,
        is_first: bool,
    },
    /// The bill for goods of this value in cents, from a supplier.
    Bill {
        cents: i64,
        supplier: String,
    },
    PayBill {
        cents: i64,
        supplier: String,
        entry: String,
    },
    Quote,
    Send(Deal),
    Answer(Deal),
    Confirm(Deal),
    Ship {
        deal: Deal,
        delivery: Option<String>,
        tries: u32,
    },
    Invoice {
        deal: Deal,
        delivery: String,
    },
    GiveBack {
        delivery: String,
    },
    Pay {
        invoice: String,
    },
    /// Somebody calls a customer who has not paid.
    Remind {
        invoice: String,
    },
    /// A seller visits a customer.
    Visit {
        seller: &'static str,
    },
    /// Something that was to be done is done, by whom.
    Done {
        activity: String,
        who: &'static str,
        result: &'static str,
    },
}

/// What is still to happen, in its order, and by which clock.
struct World {
    dice: Dice,
    agenda: BTreeMap<(Date, u32, u64), (usize, Step)>,
    serial: u64,
    hands: Hands,
    now: Instant,
    today: Date,
    /// The day before the first on which they sell.
    before: Date,
    /// Minutes the clocks of the companies are ahead of UTC.
    ahead: i64,
}

impl World {
    /// Puts something on the agenda, at a minute of the day.
    fn plan(&mut self, firm: usize, on: Date, minute: u32, step: Step) {
        self.serial += 1;
        self.agenda.insert((on, minute, self.serial), (firm, step));
    }

    /// The same at some time of a working day, that day or the next.
    fn at_work(&mut self, firm: usize, on: Date, step: Step) {
        let minute = 545 + self.dice.below(480) as u32;
        self.plan(firm, working(on), minute, step);
    }

    /// Puts the clock to a minute of a day; today's minutes all lie before now.
    fn put(&self, on: Date, minute: u32) {
        let midnight = i64::from(on.days()) * 1440 * MINUTE - self.ahead * MINUTE;
        let at = match on == self.today {
            true => midnight + (self.now.micros() - midnight) / 1440 * i64::from(minute),
            false => midnight + i64::from(minute) * MINUTE,
        };
        self.hands.0.fetch_max(at, Ordering::SeqCst);
    }
}

/// That day, or the Monday after it.
fn working(on: Date) -> Date {
    on.add_days(match on.weekday() {
        6 => 2,
        7 => 1,
        _ => 0,
    })
}

/// Cents as the API writes them.
fn money(cents: i64) -> String {
    format!("{}.{:02}", cents / 100, cents % 100)
}

/// Makes the demo, unless the database has a company already. The engine's clock has these hands, which stand at the
/// present; they stand there again when it is made.
pub fn make(engine: &Arc<Engine>, hands: &Hands, seed: u64, bar: &ProgressBar) -> Result<(), Trouble> {
    make_days(engine, hands, seed, DAYS, bar)
}

/// The same of fewer days.
pub fn make_days(engine: &Arc<Engine>, hands: &Hands, seed: u64, days: i32, bar: &ProgressBar) -> Result<(), Trouble> {
    let known = engine.database().read(|conn| Ok(conn.query("select id from company limit 1", &[])?))?;
    if !known.is_empty() {
        println!("The database has a company already; the demo is left as it is.");
        return Ok(());
    }
    let (now, today) = (engine.now(), engine.today());
    let before = today.add_days(-days);
    let founded = working(before.add_days(-BEFORE));
    let ahead = i64::from(crate::open::offset_minutes()?);
    let agenda = BTreeMap::new();
    let mut world = World { dice: Dice(seed), agenda, serial: 0, hands: hands.clone(), now, today, before, ahead };
    bar.set_length((days + BEFORE) as u64);
    bar.set_message("founding");
    let midnight = i64::from(founded.days()) * 1440 * MINUTE - ahead * MINUTE;
    hands.0.store(midnight + 540 * MINUTE, Ordering::SeqCst);
    let mut firms = firm::found(engine)?;
    for (at, firm) in firms.iter().enumerate() {
        firm.begin(at, founded, &mut world);
    }
    bar.set_message("half a year of business");
    while let Some(((on, minute, _), (at, step))) = world.agenda.pop_first() {
        if on > today {
            break;
        }
        world.put(on, minute);
        if at == 0 && matches!(step, Step::Morning) {
            bar.inc(1);
        }
        firms[at].step(at, on, step, &mut world)?;
    }
    hands.0.fetch_max(now.micros(), Ordering::SeqCst);
    bar.finish_and_clear();
    println!("The demo companies are ready.");
    Ok(())
}

impl Firm {
    /// The first things on the agenda.
    fn begin(&self, at: usize, founded: Date, world: &mut World) {
        world.plan(at, founded, 600, Step::Capital);
        for (index, asset) in self.business.assets.iter().enumerate() {
            world.at_work(at, founded.add_days(asset.after), Step::Asset(index));
        }
        for (currency, rates) in self.business.rates {
            for (index, rate) in rates.iter().enumerate() {
                // The first are known before anything is priced.
                world.plan(at, founded.add_days(index as i32 * 70), 545, Step::Rate(currency, rate));
            }
        }
        world.plan(
            at,
            working(founded.add_days(7)),
            640,
            Step::Goods { on: working(founded.add_days(7)), is_first: true },
        );
        world.plan(at, founded, 541, Step::Morning);
    }

    fn step(&mut self, at: usize, on: Date, step: Step, world: &mut World) -> Result<(), Trouble> {
        match step {
            Step::Morning => self.morning(at, on, world),
            Step::Rate(currency, rate) => self.rate(currency, on, rate)?,
            Step::Capital => self.capital(on)?,
            Step::Asset(index) => self.asset(index, on)?,
            Step::Expenses => self.expenses(on)?,
            Step::Depreciation => self.depreciation(on)?,
            Step::TaxOffice => self.tax_office(on)?,
            Step::Goods { on: came, is_first } => self.goods(at, on, came, is_first, world)?,
            Step::Bill { cents, supplier } => self.bill(at, on, cents, supplier, world)?,
            Step::PayBill { cents, supplier, entry } => self.pay_bill(on, cents, &supplier, &entry)?,
            Step::Quote => self.quote(at, on, world)?,
            Step::Send(deal) => self.send(at, on, deal, world)?,
            Step::Answer(deal) => self.answer(at, on, deal, world)?,
            Step::Confirm(deal) => self.confirm(at, on, deal, world)?,
            Step::Ship { deal, delivery, tries } => self.ship(at, on, deal, delivery, tries, world)?,
            Step::Invoice { deal, delivery } => self.invoice(at, on, deal, delivery, world)?,
            Step::GiveBack { delivery } => self.give_back(on, &delivery)?,
            Step::Pay { invoice } => self.pay(on, &invoice)?,
            Step::Remind { invoice } => self.remind(at, on, &invoice, world)?,
            Step::Visit { seller } => self.visit(at, on, seller, world)?,
            Step::Done { activity, who, result } => self.done(&activity, who, result)?,
        }
        Ok(())
    }

    /// What a day brings.
    fn morning(&mut self, at: usize, on: Date, world: &mut World) {
        world.plan(at, on.add_days(1), 541, Step::Morning);
        let is_open = world.before < on;
        if on.day() == 1 {
            // The first of a month may be a Sunday: what is due then is booked when people are back, for the first.
            world.plan(at, working(on), 570, Step::Expenses);
            world.plan(at, on, 560, Step::Depreciation);
        }
        if on.day() == 15 {
            world.at_work(at, on, Step::TaxOffice);
        }
        if !is_open || working(on) != on {
            return;
        }
        if on.weekday() == 1 {
            // Sometimes what came on Monday is put in the books a day late.
            let entered = on.add_days(i32::from(world.dice.chance(25)));
            world.plan(at, entered, 640, Step::Goods { on, is_first: false });
            for seller in self.business.sellers {
                world.at_work(at, on, Step::Visit { seller });
            }
            if at == 0 {
                world.at_work(at, on, Step::Visit { seller: "sales.lead" });
            }
        }
        for chance in self.business.deals {
            if world.dice.chance(*chance) {
                world.at_work(at, on, Step::Quote);
            }
        }
    }
}

fn users(engine: &Arc<Engine>) -> Result<(), Trouble> {
    for (login, name, role, language, _) in USERS {
        setup::user(engine, login, name, PASSWORD, &[role], language)?;
    }
    for (login, .., manager) in USERS {
        if let Some(manager) = manager {
            setup::managed_by(engine, login, manager)?;
        }
    }
    Ok(())
}
