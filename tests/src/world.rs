//! A small world of its own: a seeded province, a real server, and real desktop programs of its people.
//!
//! Demo, pictures, desktop tests and benchmarks share it. Everything happens through the doors that a person or an
//! administrator has: the server's own commands, the tray, the windows, keyboard and mouse, the HTTP contract.

mod accounts;
mod centre;
mod person;
mod search;
mod workplace;

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use tokio::sync::{Mutex, MutexGuard};

pub use accounts::{Account, Accounts};
pub use centre::{CentreProcess, Database};
pub use person::{SignedIn, http_client};
pub use search::Found;
pub use workplace::{Told, Workplace, title};

use crate::process::Undertaker;
use crate::programs;

/// The limits of the demo's branch, in milliseconds: stricter than the rule, as a branch may be (实施细则).
#[derive(Debug, Clone, Copy)]
pub struct Tempo {
    /// The clerk's five minutes.
    pub t1: i64,
    /// Each leader's ten minutes.
    pub t2: i64,
    /// The callback's five minutes.
    pub t3: i64,
    /// Undelivered: the deputy is alerted.
    pub delivery_deputy: i64,
    /// Undelivered: it climbs.
    pub delivery_climb: i64,
}

impl Tempo {
    /// Short enough to watch, long enough for programs that start on a busy machine.
    pub const DEMO: Self =
        Self { t1: 50_000, t2: 25_000, t3: 120_000, delivery_deputy: 6_000, delivery_climb: 8_000 };
    /// As in force everywhere.
    pub const STANDARD: Self =
        Self { t1: 300_000, t2: 600_000, t3: 300_000, delivery_deputy: 60_000, delivery_climb: 120_000 };
    /// Only the clerk's own timer is short; nothing climbs while a test takes its time.
    pub const CALM: Self = Self { t1: 60_000, ..Self::STANDARD };
}

/// A folder with a seeded province and its server.
pub struct World {
    folder: PathBuf,
    centre: CentreProcess,
    accounts: Accounts,
    undertaker: Undertaker,
}

impl World {
    /// A world below `target/desktop-tests`, for a test that has the machine to itself while it holds the guard: a
    /// desktop wants one.
    ///
    /// # Errors
    /// As [`World::found`].
    pub async fn alone(name: &str, tempo: Tempo) -> Result<(MutexGuard<'static, ()>, Self)> {
        static ONE_AT_A_TIME: Mutex<()> = Mutex::const_new(());
        let guard = ONE_AT_A_TIME.lock().await;
        let folder = programs::workspace().join("target/desktop-tests").join(name);
        Ok((guard, Self::found(&folder, tempo).await?))
    }

    /// Seeds the province in `folder` (emptied first), makes the demo accounts and starts the server.
    ///
    /// # Errors
    /// When a command of the server refuses; the message shows what it printed.
    pub async fn found(folder: &Path, tempo: Tempo) -> Result<Self> {
        if folder.exists() {
            std::fs::remove_dir_all(folder).with_context(|| format!("cannot empty {}", folder.display()))?;
        }
        std::fs::create_dir_all(folder)?;
        let folder = folder.canonicalize()?;
        let undertaker = Undertaker::start()?;
        let accounts = Accounts::read()?;
        let mut centre = CentreProcess::seed(&folder.join("centre"), &Database::Sqlite, &undertaker)?;
        centre.shorten(&tempo)?;
        centre.create_accounts(accounts.all())?;
        centre.start().await?;
        Ok(Self { folder, centre, accounts, undertaker })
    }

    /// The folder of everything that this world keeps.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// The server.
    pub fn centre(&mut self) -> &mut CentreProcess {
        &mut self.centre
    }

    /// Where the server answers, such as `http://127.0.0.1:40123`.
    pub fn server(&self) -> String {
        self.centre.address()
    }

    /// A demo account by its key, such as `clerk`.
    ///
    /// # Errors
    /// When there is none by that key.
    pub fn account(&self, key: &str) -> Result<&Account> {
        self.accounts.get(key)
    }

    /// Every demo account.
    pub fn accounts(&self) -> &[Account] {
        self.accounts.all()
    }

    /// Signs a person in over HTTP, to look at what the centre tells them.
    ///
    /// # Errors
    /// When the centre refuses.
    pub async fn sign_in(&self, key: &str) -> Result<SignedIn> {
        SignedIn::sign_in(&self.server(), self.account(key)?).await
    }

    /// Ends the programs of this world when its owner disappears.
    pub fn undertaker(&self) -> &Undertaker {
        &self.undertaker
    }

    /// Everything below the world's folder that holds one of these texts in the clear.
    ///
    /// # Errors
    /// When a file cannot be read.
    pub fn files_with(&self, texts: &[&str]) -> Result<Vec<Found>> {
        search::below(&self.folder, texts)
    }
}
