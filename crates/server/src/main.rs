//! `chayan-server`: reads flags and settings, calls the library, prints sentences, sets the exit code.
#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a command-line program answers on its terminal"
)]

use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use chayan_domain::ids::PersonId;
use chayan_domain::report::Private;
use chayan_domain::time::Timestamp;
use chayan_runtime::{Clock as _, SystemClock, SystemEntropy};
use chayan_server::commands::{self, Account, Failed, HealthTarget};
use chayan_server::config::Config;
use chayan_server::history::Plan;
use chayan_server::signing::Signer;
use chayan_server::{App, CentreParts, logs, openapi_json};
use clap::{Args, Parser, Subcommand};

/// Many short-lived texts on several threads: the system's allocator takes a tenth of the processor under load.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// The centre of 察言.
#[derive(Parser)]
#[command(name = "chayan-server", version)]
struct Cli {
    #[command(flatten)]
    settings: Settings,
    #[command(subcommand)]
    command: What,
}

#[derive(Args)]
struct Settings {
    /// Settings file (TOML); every key is explained in chayan-server.toml.
    #[arg(long, global = true, env = "CHAYAN_CONFIG")]
    config: Option<PathBuf>,
    /// Address and port.
    #[arg(long, global = true)]
    listen: Option<String>,
    /// SQLite path or postgres:// URL.
    #[arg(long, global = true)]
    store: Option<String>,
    /// Certificate chain (PEM).
    #[arg(long, global = true)]
    tls_cert: Option<String>,
    /// Private key (PEM).
    #[arg(long, global = true)]
    tls_key: Option<String>,
    /// Key file for customer data.
    #[arg(long, global = true)]
    master_key_file: Option<String>,
    /// Key file for receipts and anchors.
    #[arg(long, global = true)]
    signing_key_file: Option<String>,
    /// text or json.
    #[arg(long, global = true)]
    log_format: Option<String>,
    /// What is logged, for example `info` or `chayan_server=debug`.
    #[arg(long, global = true)]
    log_filter: Option<String>,
}

#[derive(Subcommand)]
enum What {
    /// Serves until SIGTERM or Ctrl-C.
    Serve,
    /// Makes missing migrations.
    Migrate,
    /// Imports reference data.
    #[command(subcommand)]
    Import(Import),
    /// Accounts.
    #[command(subcommand)]
    User(User),
    /// Checks every event, case and commitment; exits 1 and names what does not hold.
    VerifyAudit,
    /// Checks an evidence pack, without store and centre; exits 1 and names the first thing that does not hold.
    VerifyPack {
        file: PathBuf,
        /// The centre's public key, where it is known from elsewhere (64 hexadecimal digits).
        #[arg(long)]
        key: Option<String>,
    },
    /// Checks a file of 报告回执, without store and centre; exits 1 and names the first thing that does not hold.
    VerifyReceipt {
        file: PathBuf,
        /// The centre's public key, where it is known from elsewhere (64 hexadecimal digits).
        #[arg(long)]
        key: Option<String>,
    },
    /// Prints the OpenAPI document.
    Openapi,
    /// Exits 0 when the server is well, 1 when not.
    Healthcheck {
        /// http://host:port or https://host:port; the server of the settings if absent.
        #[arg(long)]
        url: Option<String>,
        /// The authority, or the server's own certificate (PEM); that of the settings if absent.
        #[arg(long)]
        ca: Option<PathBuf>,
    },
    /// Fills an empty store with a made-up province and its history.
    Demo {
        /// Decides everything: the same seed and days write the same history.
        #[arg(long, default_value_t = 1)]
        seed: u64,
        /// Months of thirty days.
        #[arg(long, default_value_t = 1)]
        months: u32,
        /// Cases that begin on a working day.
        #[arg(long, default_value_t = 60)]
        per_day: u32,
        /// The day before which it stops, such as 2026-11-01 (Asia/Shanghai); now if absent.
        #[arg(long, value_parser = day)]
        until: Option<Timestamp>,
    },
    /// Serves a training on this machine until standard input ends; prints where, in one line of JSON. Takes no setting.
    Training {
        /// Where it keeps everything; empty.
        #[arg(long)]
        folder: PathBuf,
    },
    /// Writes the CSV files of a made-up province.
    DemoDirectory {
        /// Cities and counties (CSV).
        #[arg(long)]
        divisions: PathBuf,
        /// Surnames and given names (JSON).
        #[arg(long)]
        names: Option<PathBuf>,
        /// Folder to write into.
        #[arg(long)]
        out: PathBuf,
    },
}

#[derive(Subcommand)]
enum Import {
    /// Units, people and absences: a folder, CSV files, or one JSON file.
    Directory {
        #[arg(required = true)]
        files: Vec<PathBuf>,
        /// First day on which it holds, such as 2026-01-01 (Asia/Shanghai); now if absent.
        #[arg(long, value_parser = day)]
        effective: Option<Timestamp>,
        /// Why it changes; kept with the version.
        #[arg(long)]
        reason: Option<String>,
    },
    /// A rule set, or stricter overlays over the one in force (JSON).
    Rules {
        file: PathBuf,
        /// Why the rules change; kept with the change.
        #[arg(long)]
        reason: Option<String>,
    },
    /// The working time of the province and of units that differ, with holidays year by year (JSON).
    Calendar {
        file: PathBuf,
        /// Why it changes; kept with the version.
        #[arg(long)]
        reason: Option<String>,
    },
}

#[derive(Subcommand)]
enum User {
    /// Makes an account, or all accounts of a file.
    Create {
        #[arg(long, required_unless_present = "from", conflicts_with = "from")]
        person: Option<String>,
        /// The password is the first line of standard input.
        #[arg(long, required_unless_present = "from")]
        password_stdin: bool,
        /// JSON file with many accounts.
        #[arg(long)]
        from: Option<PathBuf>,
    },
    /// Sets a password; every session of the person ends.
    SetPassword {
        #[arg(long)]
        person: String,
        /// The password is the first line of standard input.
        #[arg(long, required = true)]
        password_stdin: bool,
    },
    /// Forbids signing in; every session of the person ends.
    Lock {
        #[arg(long)]
        person: String,
    },
    /// Allows signing in again.
    Unlock {
        #[arg(long)]
        person: String,
    },
    /// Lists accounts.
    List,
}

fn main() -> ExitCode {
    let cli = Cli::parse();
    let runtime = match tokio::runtime::Runtime::new() {
        Ok(runtime) => runtime,
        Err(error) => {
            eprintln!("{error}");
            return ExitCode::FAILURE;
        }
    };
    match runtime.block_on(run(cli)) {
        Ok(sentence) => {
            if !sentence.is_empty() {
                println!("{sentence}");
            }
            ExitCode::SUCCESS
        }
        Err(failed) => {
            eprintln!("{failed}");
            ExitCode::FAILURE
        }
    }
}

async fn run(cli: Cli) -> Result<String, Failed> {
    match &cli.command {
        What::Openapi => return openapi_json().map_err(Failed::store),
        What::VerifyPack { file, key } => return commands::verify_pack(file, key.as_deref()),
        What::VerifyReceipt { file, key } => return commands::verify_receipt(file, key.as_deref()),
        What::DemoDirectory { divisions, names, out } => {
            return commands::write_demo_directory(divisions, names.as_deref(), out);
        }
        What::Training { folder } => return training(folder).await,
        _ => {}
    }
    let config = load(&cli.settings)?;
    match cli.command {
        What::Serve => serve(config).await,
        What::Migrate => commands::migrate(&config).await,
        What::Healthcheck { url, ca } => commands::healthcheck(&HealthTarget { url, ca }, &config).await,
        What::Demo { seed, months, per_day, until } => {
            let until = until.unwrap_or_else(|| SystemClock.now());
            let plan = Plan { seed, days: months.saturating_mul(30), until, per_day };
            commands::write_history(config, &plan).await
        }
        What::Import(import) => with_store(&config, Work::Import(import)).await,
        What::User(user) => with_store(&config, Work::User(user)).await,
        What::VerifyAudit => with_store(&config, Work::VerifyAudit).await,
        What::Openapi
        | What::VerifyPack { .. }
        | What::VerifyReceipt { .. }
        | What::DemoDirectory { .. }
        | What::Training { .. } => Ok(String::new()),
    }
}

fn load(settings: &Settings) -> Result<Config, Failed> {
    let flags = [
        ("listen", &settings.listen),
        ("store", &settings.store),
        ("tls_cert", &settings.tls_cert),
        ("tls_key", &settings.tls_key),
        ("master_key_file", &settings.master_key_file),
        ("signing_key_file", &settings.signing_key_file),
        ("log_format", &settings.log_format),
        ("log_filter", &settings.log_filter),
    ];
    let flags: Vec<_> = flags.into_iter().filter_map(|(key, value)| Some((key, value.clone()?))).collect();
    Config::load(settings.config.as_deref(), std::env::vars(), &flags)
        .map_err(|fault| Failed { sentence: commands::config_sentence(&fault), cause: Some(Box::new(fault)) })
}

async fn serve(config: Config) -> Result<String, Failed> {
    logs::start(&config).map_err(Failed::store)?;
    let store = commands::open_store(&config).await.map_err(Failed::store)?;
    let signer = Signer::open(&config.signing_key_file, &SystemEntropy).map_err(Failed::store)?;
    let listener = tokio::net::TcpListener::bind(config.listen).await.map_err(Failed::store)?;
    let scheme = if config.tls_cert.is_some() { "https" } else { "http" };
    let (clock, entropy) = (Arc::new(SystemClock), Arc::new(SystemEntropy));
    let parts = CentreParts { store, clock, entropy, signer, config };
    let stop = told_to_stop().map_err(Failed::store)?;
    let app = App::start(parts, listener).await.map_err(Failed::store)?;
    // Scripts wait for this line; with port 0 it is the only place that names the port.
    println!("listening on {scheme}://{}", app.address());
    app.run_until(stop).await.map_err(Failed::store)?;
    Ok(String::new())
}

/// Whoever started it holds the other end of standard input: it ends with them, however they end.
async fn training(folder: &Path) -> Result<String, Failed> {
    logs::start(&Config { log_filter: "warn".to_owned(), ..Config::default() }).map_err(Failed::store)?;
    let training =
        chayan_server::training::start(folder, Arc::new(SystemClock), Arc::new(SystemEntropy)).await;
    let training = training.map_err(Failed::store)?;
    println!("{}", serde_json::to_string(&training.centre).map_err(Failed::store)?);
    let (leave, left) = tokio::sync::oneshot::channel();
    // A thread of its own: the runtime would wait for it when serving fails.
    std::thread::spawn(move || {
        let ended = std::io::copy(&mut std::io::stdin().lock(), &mut std::io::sink());
        leave.send(ended)
    });
    training.app.run_until(async { drop(left.await) }).await.map_err(Failed::store)?;
    Ok(String::new())
}

/// SIGTERM from the service manager, Ctrl-C from a person. Both are heard from this call on, not from the first poll.
fn told_to_stop() -> std::io::Result<impl Future<Output = ()> + Send> {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        let mut terminated = signal(SignalKind::terminate())?;
        let mut interrupted = signal(SignalKind::interrupt())?;
        Ok(async move {
            tokio::select! {
                _ = terminated.recv() => {}
                _ = interrupted.recv() => {}
            }
        })
    }
    #[cfg(not(unix))]
    Ok(async { drop(tokio::signal::ctrl_c().await) })
}

enum Work {
    Import(Import),
    User(User),
    VerifyAudit,
}

async fn with_store(config: &Config, work: Work) -> Result<String, Failed> {
    let store = commands::open_store(config).await.map_err(Failed::store)?;
    let (clock, entropy) = (&SystemClock, &SystemEntropy);
    let done = match work {
        Work::Import(Import::Directory { files, effective, reason }) => {
            commands::import_directory(&store, clock, entropy, &files, effective, reason.as_deref()).await
        }
        Work::Import(Import::Rules { file, reason }) => {
            commands::import_rules(&store, clock, entropy, &file, reason.as_deref()).await
        }
        Work::Import(Import::Calendar { file, reason }) => {
            commands::import_calendar(&store, clock, entropy, &file, reason.as_deref()).await
        }
        Work::User(user) => account(&store, user).await,
        Work::VerifyAudit => commands::verify_audit(&store).await,
    };
    store.shutdown().await;
    done
}

async fn account(store: &chayan_store::Store, user: User) -> Result<String, Failed> {
    let (clock, entropy) = (&SystemClock, &SystemEntropy);
    match user {
        User::Create { from: Some(path), .. } => {
            commands::create_from_file(store, clock, entropy, &path).await
        }
        User::Create { person, .. } => {
            commands::create(store, clock, entropy, &read_account(person.unwrap_or_default())?).await
        }
        User::SetPassword { person, .. } => {
            commands::set_password(store, clock, entropy, &read_account(person)?).await
        }
        User::Lock { person } => commands::set_allowed(store, clock, &PersonId(person), false).await,
        User::Unlock { person } => commands::set_allowed(store, clock, &PersonId(person), true).await,
        User::List => commands::list(store, clock).await,
    }
}

fn day(text: &str) -> Result<Timestamp, String> {
    commands::first_moment(text).ok_or_else(|| "not a day such as 2026-01-01".to_owned())
}

fn read_account(person: String) -> Result<Account, Failed> {
    let mut text = String::new();
    std::io::stdin().read_to_string(&mut text).map_err(Failed::store)?;
    let password = Private::new(text.lines().next().unwrap_or_default());
    Ok(Account { person_id: PersonId(person), password })
}
