//! The real server: seeded through its own commands, started, stopped and started again on the same port and data.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use chayan_domain::ids::{RuleVersion, UnitId};
use chayan_domain::rules::{LimitName, Overlay, OverlayLimit, RuleSet};
use chayan_domain::time::Span;

use super::{Account, Tempo};
use crate::process::{Program, Undertaker};
use crate::wait::{self, PATIENCE};
use crate::{desktop, programs};

/// The branch of the demo accounts: its overlay shortens the limits of their cases.
const BRANCH: &str = "320508";
/// What the server prints when it accepts requests, before its address.
const READY: &str = "listening on ";

/// Where the server keeps its cases.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Database {
    /// One file in the server's folder.
    Sqlite,
    /// A database by URL.
    Url(String),
}

/// A server with its data.
pub struct CentreProcess {
    folder: PathBuf,
    store: String,
    port: u16,
    settings: Vec<(String, String)>,
    running: Option<Program>,
    undertaker: Undertaker,
}

impl CentreProcess {
    /// Makes the province and imports it; does not start the server.
    ///
    /// # Errors
    /// When a command of the server refuses.
    pub fn seed(folder: &Path, database: &Database, undertaker: &Undertaker) -> Result<Self> {
        let centre = Self::empty(folder, database, undertaker)?;
        let province = folder.join("province");
        let divisions = programs::workspace().join("data/jiangsu-divisions.csv");
        let shown = |path: &Path| path.display().to_string();
        centre.run(&["demo-directory", "--divisions", &shown(&divisions), "--out", &shown(&province)])?;
        centre.run(&["import", "directory", &shown(&province)])?;
        Ok(centre)
    }

    /// Makes the province and lets it live through `months` until now; does not start the server.
    ///
    /// # Errors
    /// When the command of the server refuses.
    pub fn with_history(
        folder: &Path,
        database: &Database,
        undertaker: &Undertaker,
        months: u32,
        per_day: u32,
    ) -> Result<Self> {
        let centre = Self::empty(folder, database, undertaker)?;
        centre.run(&["demo", "--months", &months.to_string(), "--per-day", &per_day.to_string()])?;
        Ok(centre)
    }

    fn empty(folder: &Path, database: &Database, undertaker: &Undertaker) -> Result<Self> {
        std::fs::create_dir_all(folder)?;
        let store = match database {
            Database::Sqlite => folder.join("chayan.db").display().to_string(),
            Database::Url(url) => url.clone(),
        };
        Ok(Self {
            folder: folder.to_path_buf(),
            store,
            port: desktop::free_port()?,
            settings: Vec::new(),
            running: None,
            undertaker: undertaker.clone(),
        })
    }

    /// Puts a stricter overlay of the demo branch in force; what is not shorter than the standard stays out of it.
    ///
    /// # Errors
    /// When the server refuses it.
    pub fn shorten(&self, tempo: &Tempo) -> Result<()> {
        let mut rules = RuleSet::standard();
        let tempo = [
            (LimitName::T1, tempo.t1),
            (LimitName::T2, tempo.t2),
            (LimitName::T3, tempo.t3),
            (LimitName::DeliveryDeputy, tempo.delivery_deputy),
            (LimitName::DeliveryClimb, tempo.delivery_climb),
        ];
        let shorter = |name: LimitName, span: Span| {
            rules.limits.iter().any(|limit| limit.name == name && span < limit.span)
        };
        let limits: Vec<OverlayLimit> = tempo
            .into_iter()
            .map(|(name, millis)| OverlayLimit { name, span: Span::millis(millis) })
            .filter(|limit| shorter(limit.name, limit.span))
            .collect();
        if limits.is_empty() {
            return Ok(());
        }
        rules.version = RuleVersion(format!("{}-demo", rules.version.as_str()));
        rules.overlays = vec![Overlay { unit_id: UnitId::from(BRANCH), edition: 0, limits }];
        self.import_rules(&rules)
    }

    /// Imports a rule set.
    ///
    /// # Errors
    /// When the server refuses it.
    pub fn import_rules(&self, rules: &RuleSet) -> Result<()> {
        let file = self.folder.join("rules.json");
        std::fs::write(&file, serde_json::to_vec_pretty(rules)?)?;
        self.run(&["import", "rules", &file.display().to_string()]).map(drop)
    }

    /// Makes accounts.
    ///
    /// # Errors
    /// When the server refuses one.
    pub fn create_accounts(&self, accounts: &[Account]) -> Result<()> {
        let file = self.folder.join("accounts.json");
        std::fs::write(&file, serde_json::to_vec(&serde_json::json!({ "accounts": accounts }))?)?;
        self.run(&["user", "create", "--from", &file.display().to_string()]).map(drop)
    }

    /// A setting of the server (a key of `chayan-server.toml`), from the next start on.
    pub fn set(&mut self, key: &str, value: &str) {
        self.settings.push((format!("CHAYAN_{}", key.to_uppercase()), value.to_owned()));
    }

    /// Starts the server and waits until it accepts requests; a later start uses the same port.
    ///
    /// # Errors
    /// When it ends or does not say that it listens.
    pub async fn start(&mut self) -> Result<()> {
        let log = self.log();
        let before = std::fs::metadata(&log).map_or(0, |meta| meta.len());
        let mut command = self.command(&["serve"]);
        command.env("CHAYAN_LISTEN", format!("127.0.0.1:{}", self.port));
        let mut program = Program::start("chayan-server", command, &log, &self.undertaker)?;
        let ready = wait::until("the server to accept requests", PATIENCE, async || {
            let said = std::fs::read(&log).unwrap_or_default();
            let said =
                String::from_utf8_lossy(said.get(usize::try_from(before).unwrap_or(0)..).unwrap_or_default())
                    .into_owned();
            if said.contains(READY) {
                return Ok(());
            }
            Err(program
                .ended()
                .map_or_else(|| "it is silent".to_owned(), |status| format!("it ended: {status}")))
        })
        .await;
        ready.with_context(|| program.log_tail())?;
        self.running = Some(program);
        Ok(())
    }

    /// Asks the server to end, and waits until it has.
    ///
    /// # Errors
    /// When it does not run or does not end.
    pub async fn stop(&mut self) -> Result<()> {
        let mut program = self.running.take().context("the server does not run")?;
        program.signal(rustix::process::Signal::TERM);
        program.wait_for_end(Duration::from_secs(20)).await.map(drop)
    }

    /// Where it answers.
    pub fn address(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// The process id, while it runs.
    pub fn id(&self) -> Option<u32> {
        self.running.as_ref().map(Program::id)
    }

    /// Its folder: data, keys, log.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Where its cases are, in the words of the setting `store`.
    pub fn store(&self) -> &str {
        &self.store
    }

    /// The file that the key above all keys lies in.
    pub fn master_key_file(&self) -> PathBuf {
        self.folder.join("master.key")
    }

    /// What the server wrote, of every run.
    pub fn log(&self) -> PathBuf {
        self.folder.join("server.log")
    }

    /// What `chayan-server verify-audit` says of its cases.
    ///
    /// # Errors
    /// When something does not verify; the message shows what it printed.
    pub fn verify_audit(&self) -> Result<String> {
        self.run(&["verify-audit"])
    }

    fn run(&self, words: &[&str]) -> Result<String> {
        let output = self.command(words).output().context("cannot start chayan-server")?;
        if !output.status.success() {
            let said = [output.stdout, output.stderr].concat();
            bail!("chayan-server {}: {}\n{}", words.join(" "), output.status, String::from_utf8_lossy(&said));
        }
        Ok(String::from_utf8_lossy(&output.stdout).into_owned())
    }

    fn command(&self, words: &[&str]) -> Command {
        let program = programs::path("chayan-server").unwrap_or_else(|_| PathBuf::from("chayan-server"));
        let mut command = Command::new(program);
        command.env_clear().current_dir(&self.folder).args(words);
        command.env("CHAYAN_STORE", &self.store);
        command.env("CHAYAN_MASTER_KEY_FILE", self.master_key_file());
        command.env("CHAYAN_SIGNING_KEY_FILE", self.folder.join("signing.key"));
        command.envs(self.settings.iter().map(|(name, value)| (name, value)));
        command
    }
}
