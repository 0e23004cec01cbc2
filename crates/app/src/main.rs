//! `heyi`: one program in which a whole company runs.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use app::open::Place;
use clap::{Parser, Subcommand, ValueEnum};
use engine::Engine;
use indicatif::{ProgressBar, ProgressStyle};
use meta::Trouble;

/// Many threads ask for memory at once; the usual allocator makes them wait for each other.
#[global_allocator]
static MEMORY: mimalloc::MiMalloc = mimalloc::MiMalloc;

#[derive(Parser)]
#[command(name = "heyi", version, about = "Heyi 合一: one system for a whole company")]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Clone, Copy, ValueEnum)]
enum Format {
    Json,
    Csv,
    Xlsx,
}

#[derive(Subcommand)]
enum Command {
    /// Serves the browser and the API.
    Serve {
        #[command(flatten)]
        place: Place,
        /// Where to listen.
        #[arg(long, default_value = "127.0.0.1:8360")]
        listen: SocketAddr,
        /// Offers the demo users on the sign-in page. Never for real data.
        #[arg(long)]
        demo: bool,
        /// Lets the names of webhooks lead to addresses inside the house.
        #[arg(long, env = "HEYI_WEBHOOKS_INSIDE")]
        webhooks_inside: bool,
        /// A proxy of ours stands before it: where requests come from is read from the last address of
        /// X-Forwarded-For. Without a proxy anybody could write that header, so it is not believed.
        #[arg(long, env = "HEYI_BEHIND_PROXY")]
        behind_proxy: bool,
    },
    /// Makes the demo companies: half a year of a small maker and seller of bicycles, and of its branch in Europe.
    Demo {
        #[command(flatten)]
        place: Place,
        /// Another seed makes another half year.
        #[arg(long, default_value_t = 1)]
        seed: u64,
    },
    /// Loads a file: `online-retail FILE`, or the name of an entity and a CSV or XLSX file. Exit code 1 when rows
    /// were refused; the others are loaded.
    Import {
        /// What the file holds.
        kind: String,
        /// The file.
        file: PathBuf,
        #[command(flatten)]
        place: Place,
        /// The company it is loaded into, by its name; the first one unless said.
        #[arg(long)]
        company: Option<String>,
        /// Only says what would happen.
        #[arg(long)]
        dry: bool,
    },
    /// Prints a report.
    Report {
        /// Its name, such as trial_balance.
        name: String,
        #[command(flatten)]
        place: Place,
        /// The business day it speaks of; today unless said.
        #[arg(long)]
        as_of: Option<String>,
        /// What was known at that moment (RFC 3339); all unless said.
        #[arg(long)]
        known_at: Option<String>,
        /// Another parameter, as name=value.
        #[arg(long = "set", value_name = "NAME=VALUE")]
        set: Vec<String>,
        /// How to print it.
        #[arg(long, value_enum, default_value = "json")]
        format: Format,
        /// The company, by its name; the first one unless said.
        #[arg(long)]
        company: Option<String>,
    },
    /// Proves the books from nothing; exit code 1 when a law is broken.
    Verify {
        #[command(flatten)]
        place: Place,
    },
    /// Brings a database up to date.
    Migrate {
        #[command(flatten)]
        place: Place,
    },
    /// Makes a company with its chart of accounts, taxes, units and places.
    Company {
        /// Its name.
        name: String,
        #[command(flatten)]
        place: Place,
        /// Its currency.
        #[arg(long, default_value = "CNY")]
        currency: String,
        /// Its chart of accounts: small_business_cn or ifrs_generic.
        #[arg(long, default_value = "small_business_cn")]
        chart: String,
        /// Its country, such as DE. It comes with the taxes of that country; where we know none, with one of 0 %.
        #[arg(long)]
        country: Option<String>,
    },
    /// Makes a user, or sets a password. The password is read from standard input.
    User {
        /// The name to sign in with.
        login: String,
        #[command(flatten)]
        place: Place,
        /// What the person is called.
        #[arg(long)]
        name: Option<String>,
        /// Roles to give, separated by commas.
        #[arg(long, default_value = "")]
        roles: String,
        /// Takes the second factor of a user away who lost it, and leaves the password as it is.
        #[arg(long, conflicts_with_all = ["name", "roles"])]
        drop_second_factor: bool,
    },
    /// Shows settings.
    Config {
        #[command(subcommand)]
        what: ConfigCommand,
    },
    /// Prints the OpenAPI document, the same for every database.
    Openapi {
        #[command(flatten)]
        place: Place,
    },
    /// Measures speed, beside the same work in plain SQL.
    Bench {
        #[command(flatten)]
        place: Place,
        /// Reads are measured a second time after so many more movements of money and goods, spread over ten years.
        #[arg(long, default_value_t = 0)]
        movements: u64,
    },
    /// Rewrites what is generated from the descriptions. For developers.
    #[command(hide = true)]
    Regen {
        /// The root of the project.
        #[arg(long, default_value = ".")]
        root: PathBuf,
    },
}

#[derive(Subcommand)]
enum ConfigCommand {
    /// Says what each setting is, where it comes from, and how to change it.
    Explain {
        #[command(flatten)]
        place: Place,
    },
}

fn main() -> ExitCode {
    let command = Cli::parse().command;
    // A server tells of every request; figures of a bench would drown in that.
    let usual = if matches!(command, Command::Bench { .. }) { "warn" } else { "info" };
    let filter = app::log::filter(&std::env::var("HEYI_LOG").unwrap_or_else(|_| usual.to_owned()));
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).init();
    match run(command) {
        Ok(code) => code,
        Err(trouble) => {
            eprintln!("heyi: {trouble}");
            ExitCode::FAILURE
        }
    }
}

fn run(command: Command) -> Result<ExitCode, Trouble> {
    match command {
        Command::Serve { place, listen, demo, webhooks_inside, behind_proxy } => {
            let config = api::Config { demo, listen, behind_proxy, ..api::Config::default() };
            serve(&place, config, webhooks_inside)?;
        }
        Command::Demo { place, seed } => {
            let hands = app::demo::Hands::at(app::open::now());
            let engine = app::open::open_with(&place.target()?, place.key().vault()?, hands.clock())?;
            app::demo::make(&engine, &hands, seed, &bar())?;
        }
        Command::Import { kind, file, place, company, dry } => {
            return import(&place, &kind, &file, company.as_deref(), dry);
        }
        Command::Report { name, place, as_of, known_at, set, format, company } => {
            let mut params = BTreeMap::new();
            params.extend(as_of.map(|day| ("as_of".to_owned(), day)));
            params.extend(known_at.map(|at| ("known_at".to_owned(), at)));
            for pair in set {
                let (key, value) = pair.split_once('=').ok_or_else(|| meta::Fault::new("write --set name=value"))?;
                params.insert(key.to_owned(), value.to_owned());
            }
            report(&place, &name, &params, format, company.as_deref())?;
        }
        Command::Verify { place } => return verify(&place),
        Command::Migrate { place } => {
            let database = store::Database::open(&place.target()?)?;
            app::migrations::migrate(&database, &|step| println!("{step}"))?;
            println!("The database is up to date.");
        }
        Command::Company { name, place, currency, chart, country } => {
            let country = country.or_else(|| (chart == "small_business_cn").then(|| "CN".to_owned()));
            let country = country
                .ok_or_else(|| meta::Fault::new("say in which country the company is, for example --country DE"))?;
            let country = kernel::Country::find(&country).map(kernel::Country::code).ok_or_else(|| {
                meta::Fault::new(format!("there is no country {country}; write two letters such as DE, or its name"))
            })?;
            let engine = place.open()?;
            let currency = kernel::Currency::parse(&currency).filter(|one| one.name().is_some()).ok_or_else(|| {
                meta::Fault::new(format!("there is no currency {currency}; write a code such as CNY"))
            })?;
            let plan =
                app::setup::Plan { name: &name, currency, chart: &chart, country, ..app::setup::Plan::default() };
            let company = app::setup::company(&engine, &plan)?;
            println!("{}", kernel::id_text("co", company));
            if let Some(advice) = localize::tax_advice(country) {
                eprintln!("{}", advice.en);
            }
        }
        Command::User { login, place, drop_second_factor: true, .. } => {
            let engine = place.open_existing()?;
            let user = app::setup::raw_user(&engine, &login)?;
            engine.forget_second_factor(&engine.system(0)?, user)?;
            println!("{login} can sign in with the password alone.");
        }
        Command::User { login, place, name, roles, .. } => {
            let engine = place.open_existing()?;
            let mut password = String::new();
            std::io::stdin().read_line(&mut password).map_err(|why| meta::Fault::new(why.to_string()))?;
            let roles: Vec<&str> = roles.split(',').map(str::trim).filter(|role| !role.is_empty()).collect();
            app::setup::user(&engine, &login, name.as_deref().unwrap_or(&login), password.trim(), &roles, "en")?;
            println!("{login} can sign in.");
        }
        Command::Config { what: ConfigCommand::Explain { place } } => explain(&place),
        Command::Openapi { .. } => print(format!("{}\n", api::openapi(&app::modules::registry())).as_bytes())?,
        Command::Bench { place, movements } => app::bench::run(&place, movements, &bar())?,
        Command::Regen { root } => app::regen::run(&root)?,
    }
    Ok(ExitCode::SUCCESS)
}

/// A bar with rate and time left.
fn bar() -> ProgressBar {
    let bar = ProgressBar::new(0);
    let style = ProgressStyle::with_template("{msg:32!} {wide_bar} {pos}/{len} {per_sec} {eta} left");
    bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
    bar
}

fn serve(place: &Place, config: api::Config, webhooks_inside: bool) -> Result<(), Trouble> {
    let engine = place.open()?;
    let users = engine.database().read(|conn| Ok(conn.query("select id from \"user\" limit 1", &[])?))?;
    if users.is_empty() {
        println!("Nobody can sign in yet. Make a company and a user first:");
        println!("  heyi company \"My company\" --currency CNY --chart small_business_cn");
        println!("  heyi user admin --roles administrator      (reads the password from standard input)");
    }
    let listen = config.listen;
    let worker = app::worker::Worker::start(&engine, webhooks_inside)?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    let runtime = runtime.map_err(|why| meta::Fault::new(why.to_string()))?;
    runtime.block_on(async {
        let listener = tokio::net::TcpListener::bind(listen)
            .await
            .map_err(|why| meta::Fault::new(format!("cannot listen on {listen}: {why}")))?;
        let address = listener.local_addr().unwrap_or(listen);
        println!("Heyi 合一 is ready: http://{address}");
        let stop = async {
            // Ctrl-C at a desk, SIGTERM from a service manager.
            let mut term = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()).ok();
            let terminated = async {
                match &mut term {
                    Some(term) => term.recv().await,
                    None => std::future::pending().await,
                }
            };
            tokio::select! {
                _ = tokio::signal::ctrl_c() => {}
                _ = terminated => {}
            }
        };
        api::serve(engine, config, listener, stop).await.map_err(|why| meta::Fault::new(why.to_string()))?;
        Ok::<(), Trouble>(())
    })?;
    worker.stop();
    Ok(())
}

fn actor(engine: &Engine, company: Option<&str>) -> Result<engine::Actor, Trouble> {
    let rows = engine.database().read(|conn| Ok(conn.query("select id, name from company order by id", &[])?))?;
    let found = match company {
        Some(name) => rows.iter().find(|row| row.text(1) == name),
        None => rows.first(),
    };
    let found = found.ok_or_else(|| {
        let names: Vec<&str> = rows.iter().map(|row| row.text(1)).collect();
        meta::Fault::new(match (company, names.is_empty()) {
            (Some(name), false) => format!("there is no company {name}. There are: {}", names.join(", ")),
            _ => "there is no company yet; make one with `heyi company NAME`".to_owned(),
        })
    })?;
    engine.system(found.int(0))
}

fn import(
    place: &Place,
    kind: &str,
    file: &std::path::Path,
    company: Option<&str>,
    dry: bool,
) -> Result<ExitCode, Trouble> {
    if kind == "online-retail" {
        let told = app::online_retail::import(&place.open()?, file, &bar())?;
        println!("{told}");
        return Ok(ExitCode::SUCCESS);
    }
    let engine = place.open_existing()?;
    let actor = actor(&engine, company)?;
    let bytes = std::fs::read(file).map_err(|why| meta::Fault::new(format!("cannot read the file: {why}")))?;
    let rows = api::file_rows(&bytes)?;
    let bar = bar();
    bar.set_length(rows.len().saturating_sub(1) as u64);
    bar.set_message(if dry { "trying rows" } else { "importing rows" });
    let told = engine.import(&actor, kind, &rows, dry, &|| bar.inc(1));
    bar.finish_and_clear();
    let told = told?;
    println!("{}", serde_json::to_string_pretty(&told).unwrap_or_default());
    let refused = told["failed"].as_array().map_or(0, Vec::len);
    if refused == 0 {
        return Ok(ExitCode::SUCCESS);
    }
    eprintln!("heyi: {refused} refused, of {} rows; what is wrong with each stands under “failed”", told["rows"]);
    Ok(ExitCode::FAILURE)
}

fn report(
    place: &Place,
    name: &str,
    params: &BTreeMap<String, String>,
    format: Format,
    company: Option<&str>,
) -> Result<(), Trouble> {
    let engine: Arc<Engine> = place.open_existing()?;
    if engine.registry().report(name).is_none() {
        let names: Vec<&str> = engine.registry().reports().map(|report| report.name).collect();
        return Err(meta::Fault::new(format!("there is no report {name}. There are: {}", names.join(", "))).into());
    }
    let actor = actor(&engine, company)?;
    let (title, table) = engine.report(&actor, name, params)?;
    let bytes = match format {
        Format::Json => {
            let json = engine.table_json(&actor, title, &table);
            serde_json::to_string_pretty(&json).unwrap_or_default().into_bytes()
        }
        Format::Csv => api::csv(&actor, &table)?,
        Format::Xlsx => api::xlsx(&actor, title, &table)?,
    };
    print(&bytes)
}

/// Writes to standard output. Who stops listening, as `head` does, is no fault.
fn print(bytes: &[u8]) -> Result<(), Trouble> {
    use std::io::Write;
    match std::io::stdout().write_all(bytes) {
        Err(why) if why.kind() != std::io::ErrorKind::BrokenPipe => Err(meta::Fault::new(why.to_string()).into()),
        _ => Ok(()),
    }
}

fn verify(place: &Place) -> Result<ExitCode, Trouble> {
    let engine = place.open_existing()?;
    let bar = bar();
    bar.set_length(engine.laws() as u64);
    let begun = std::cell::Cell::new(0);
    let verified = engine.verify(&|law| {
        // Without a terminal nobody sees a bar, and whoever reads the log wants to know where it stands.
        if bar.is_hidden() {
            eprintln!("checking: {law}");
        }
        bar.set_position(begun.replace(begun.get() + 1));
        bar.set_message(law.to_owned());
    });
    bar.finish_and_clear();
    let verified = verified?;
    let mut told: Vec<String> = verified.laws.iter().map(|(law, count)| format!("{count:>12}  {law}")).collect();
    told.extend(verified.broken.iter().map(|broken| format!("BROKEN: {}: {}", broken.law, broken.what)));
    if verified.broken.is_empty() {
        told.push("All laws hold.".to_owned());
    }
    // Who reads the first lines only still learns by the exit code whether the laws hold.
    let _ = std::io::Write::write_all(&mut std::io::stdout(), (told.join("\n") + "\n").as_bytes());
    Ok(if verified.broken.is_empty() { ExitCode::SUCCESS } else { ExitCode::from(1) })
}

fn explain(place: &Place) {
    let said = |value: Option<String>, otherwise: &str| match value {
        Some(value) => format!("{value} (from the environment)"),
        None => format!("{otherwise} (not set)"),
    };
    // A flag goes before the variable.
    let flagged = |variable: &str, value: Option<String>, otherwise: &str| match value {
        Some(value) if std::env::var(variable).is_ok_and(|set| set == value) => {
            format!("{value} (from the environment)")
        }
        Some(value) => format!("{value} (from the command line)"),
        None => format!("{otherwise} (not set)"),
    };
    let data = place.data.as_ref().map(|folder| folder.display().to_string());
    let unused = if place.database_url.is_some() { "; not used, PostgreSQL is" } else { "" };
    println!(
        "HEYI_DATA / --data              folder of the SQLite database: {}{unused}",
        flagged("HEYI_DATA", data, "data")
    );
    let address = place.database_url.as_deref().map(without_password);
    println!(
        "HEYI_DATABASE_URL / --database-url  PostgreSQL instead of SQLite: {}",
        match &place.database_url {
            Some(url) => flagged("HEYI_DATABASE_URL", Some(url.clone()), "").replace(url, &address.unwrap_or_default()),
            None => "none (not set)".to_owned(),
        }
    );
    println!(
        "--listen                        where `heyi serve` listens: 127.0.0.1:8360 unless said on the command line"
    );
    println!(
        "--demo                          `heyi serve` offers the demo users on the sign-in page: false unless said"
    );
    println!(
        "HEYI_SECRET_KEY_FILE / --secret-key-file  file of the key secrets are sealed with: {}",
        place.key().explained()
    );
    println!(
        "HEYI_UTC_OFFSET_MINUTES         minutes ahead of UTC, for companies without a time zone: {}",
        said(std::env::var("HEYI_UTC_OFFSET_MINUTES").ok(), "0")
    );
    println!(
        "HEYI_WEBHOOKS_INSIDE / --webhooks-inside  names of webhooks may lead inside the house: {}",
        said(std::env::var("HEYI_WEBHOOKS_INSIDE").ok(), "false")
    );
    println!(
        "HEYI_BEHIND_PROXY / --behind-proxy  addresses of requests are read from X-Forwarded-For: {}",
        said(std::env::var("HEYI_BEHIND_PROXY").ok(), "false")
    );
    println!("HEYI_LOG                        what is logged: {}", said(std::env::var("HEYI_LOG").ok(), "info"));
}

/// The address of a database as it may be shown: `postgres://user:…@host/name`.
fn without_password(url: &str) -> String {
    let Some((scheme, rest)) = url.split_once("://") else { return url.to_owned() };
    match rest.rsplit_once('@') {
        Some((who, host)) => {
            let user = who.split_once(':').map_or(who.to_owned(), |(user, _)| format!("{user}:…"));
            format!("{scheme}://{user}@{host}")
        }
        None => url.to_owned(),
    }
}
