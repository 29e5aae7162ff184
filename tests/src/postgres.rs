//! A private PostgreSQL for tests: the real server, in a temporary folder, on a port of this machine only.
//!
//! `cargo xtask test` starts one for the whole run and names it in `CHAYAN_TEST_POSTGRES`; without that the first
//! test that asks starts one for its process. Every caller gets a database of its own. `fsync` is on, because what
//! is tested is that an answer comes after it.

use std::net::Ipv4Addr;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use anyhow::{Context, Result, anyhow, bail};
use rustix::process::Signal;
use tempfile::TempDir;

use crate::desktop::free_port;
use crate::process::{Program, Undertaker};
use crate::wait::{self, PATIENCE};

/// Names a running cluster: `postgres://user@host:port`, without a database.
pub const VARIABLE: &str = "CHAYAN_TEST_POSTGRES";

/// The superuser of the private cluster. It has no password: only this machine reaches the port.
const USER: &str = "chayan";

/// Another program may take a free port before the server does; then the next one is tried.
const ATTEMPTS: u32 = 3;

/// The address of a new, empty database on the shared cluster. `hint` is a part of its name.
///
/// # Errors
/// When PostgreSQL is not installed or does not come up.
pub fn database(hint: &str) -> Result<String> {
    static SHARED: OnceLock<std::result::Result<PrivatePostgres, String>> = OnceLock::new();
    if let Ok(cluster) = std::env::var(VARIABLE) {
        return create(&binaries()?, &cluster, hint);
    }
    match SHARED.get_or_init(|| PrivatePostgres::start().map_err(|error| format!("{error:#}"))) {
        Ok(cluster) => cluster.create_database(hint),
        Err(error) => Err(anyhow!("{error}")),
    }
}

/// A cluster that ends with this value, or with the program that holds it.
pub struct PrivatePostgres {
    // Ends before its folder is removed.
    server: Program,
    port: u16,
    binaries: PathBuf,
    _folder: TempDir,
}

impl PrivatePostgres {
    /// A cluster in the machine's temporary folder.
    ///
    /// # Errors
    /// When PostgreSQL is not installed or does not come up.
    pub fn start() -> Result<Self> {
        Self::start_in(&std::env::temp_dir())
    }

    /// A cluster below a given folder, which the account `postgres` must be able to enter.
    ///
    /// # Errors
    /// When PostgreSQL is not installed or does not come up.
    pub fn start_in(parent: &Path) -> Result<Self> {
        let binaries = binaries()?;
        let folder = tempfile::Builder::new().prefix("chayan-pg-").tempdir_in(parent)?;
        let undertaker = Undertaker::start()?;
        undertaker.remove_at_end(folder.path());
        let owner = Owner::of_this_process()?;
        owner.prepare(folder.path())?;
        initialise(&binaries, folder.path(), &owner)?;
        let mut last = anyhow!("never tried");
        for _ in 0..ATTEMPTS {
            let port = free_port()?;
            match serve(&binaries, folder.path(), &owner, port, &undertaker) {
                Ok(server) => return Ok(Self { server, port, binaries, _folder: folder }),
                Err(error) => last = error,
            }
        }
        Err(last.context("PostgreSQL did not come up"))
    }

    /// The cluster's address without a database, as [`VARIABLE`] holds it.
    pub fn url(&self) -> String {
        format!("postgres://{USER}@{}:{}", Ipv4Addr::LOCALHOST, self.port)
    }

    /// The address of a new, empty database. `hint` is a part of its name.
    ///
    /// # Errors
    /// When the server does not answer.
    pub fn create_database(&self, hint: &str) -> Result<String> {
        create(&self.binaries, &self.url(), hint)
    }

    /// Stops the server as a power cut would: nothing is written any more.
    pub fn kill(&mut self) {
        self.server.kill();
    }
}

impl Drop for PrivatePostgres {
    fn drop(&mut self) {
        // SIGINT is PostgreSQL's fast stop; SIGTERM would wait for clients to leave.
        self.server.signal(Signal::INT);
        wait::blocking(Duration::from_secs(5), || self.server.ended().is_some());
    }
}

/// The account that the server runs under: PostgreSQL refuses root.
enum Owner {
    ThisUser,
    Account { name: &'static str, user: u32, group: u32 },
}

impl Owner {
    fn of_this_process() -> Result<Self> {
        if !rustix::process::geteuid().is_root() {
            return Ok(Self::ThisUser);
        }
        let number = |flag| -> Result<u32> {
            let output = Command::new("id").args([flag, "postgres"]).output()?;
            String::from_utf8_lossy(&output.stdout).trim().parse().context("there is no account `postgres`")
        };
        Ok(Self::Account { name: "postgres", user: number("-u")?, group: number("-g")? })
    }

    fn prepare(&self, folder: &Path) -> Result<()> {
        if let Self::Account { user, group, .. } = self {
            std::os::unix::fs::chown(folder, Some(*user), Some(*group))?;
        }
        std::fs::set_permissions(folder, std::fs::Permissions::from_mode(0o700))?;
        Ok(())
    }

    fn command(&self, program: &Path) -> Command {
        let mut command = match self {
            Self::ThisUser => Command::new(program),
            Self::Account { name, .. } => {
                let mut command = Command::new("runuser");
                command.args(["-u", name, "--"]).arg(program);
                command
            }
        };
        // The account may not be able to enter the folder that the tests run in.
        command.current_dir("/").env("LC_ALL", "C.UTF-8");
        command
    }
}

/// The newest PostgreSQL of this machine.
fn binaries() -> Result<PathBuf> {
    let version = |folder: &Path| {
        folder.file_name().and_then(|name| name.to_string_lossy().parse::<u32>().ok()).unwrap_or_default()
    };
    let mut installed: Vec<PathBuf> = std::fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|folder| folder.join("bin/initdb").is_file())
        .collect();
    installed.sort_by_key(|folder| version(folder));
    match installed.pop() {
        Some(folder) => Ok(folder.join("bin")),
        None => bail!("PostgreSQL is not installed (Debian: apt-get install postgresql)"),
    }
}

fn initialise(binaries: &Path, folder: &Path, owner: &Owner) -> Result<()> {
    let mut initdb = owner.command(&binaries.join("initdb"));
    initdb.arg("--pgdata").arg(folder.join("data"));
    initdb.args(["--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync", "--username", USER]);
    let output = initdb.output().context("cannot start initdb")?;
    if !output.status.success() {
        bail!("initdb: {}", String::from_utf8_lossy(&output.stderr));
    }
    Ok(())
}

fn serve(
    binaries: &Path,
    folder: &Path,
    owner: &Owner,
    port: u16,
    undertaker: &Undertaker,
) -> Result<Program> {
    let mut command = owner.command(&binaries.join("postgres"));
    command.arg("-D").arg(folder.join("data")).arg("-p").arg(port.to_string());
    for setting in [
        "listen_addresses=127.0.0.1",
        "unix_socket_directories=",
        "fsync=on",
        "synchronous_commit=on",
        "max_connections=200",
        // Every database written here passes through the log; a run makes hundreds.
        "max_wal_size=128MB",
    ] {
        command.args(["-c", setting]);
    }
    let mut server = Program::start("postgres", command, &folder.join("server.log"), undertaker)?;
    let ready = || {
        let mut ask = Command::new(binaries.join("pg_isready"));
        ask.args(["-q", "-h", "127.0.0.1", "-p", &port.to_string()]);
        ask.status().is_ok_and(|status| status.success())
    };
    let answered = wait::blocking(PATIENCE, || server.ended().is_some() || ready());
    if !answered || server.ended().is_some() {
        bail!("postgres on port {port}:\n{}", server.log_tail());
    }
    Ok(server)
}

fn create(binaries: &Path, cluster: &str, hint: &str) -> Result<String> {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    let hint: String =
        hint.chars().filter(|letter| letter.is_ascii_alphanumeric() || *letter == '_').take(30).collect();
    let name = format!("t_{hint}_{}_{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
    let mut psql = Command::new(binaries.join("psql"));
    psql.args(["-X", "-q", "-v", "ON_ERROR_STOP=1", "-d", &format!("{cluster}/postgres")]);
    psql.arg("-c").arg(format!("CREATE DATABASE \"{name}\""));
    let output = psql.output().context("cannot start psql")?;
    if !output.status.success() {
        bail!("CREATE DATABASE {name}: {}", String::from_utf8_lossy(&output.stderr));
    }
    Ok(format!("{cluster}/{name}"))
}
