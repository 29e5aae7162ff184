//! Where the database is and how hard the store may work.

use std::path::PathBuf;
use std::str::FromStr;
use std::sync::Arc;

use chayan_runtime::{Clock, SystemClock};

use crate::error::StoreError;

/// A database address: `postgres://…`, `sqlite:PATH`, or a bare path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    /// One file on this machine; made when it is missing.
    Sqlite(PathBuf),
    /// A PostgreSQL database by its URL. `Debug` of the store's configuration never shows it: it may hold a password.
    Postgres(String),
}

impl FromStr for Target {
    type Err = StoreError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if text.starts_with("postgres://") || text.starts_with("postgresql://") {
            return Ok(Self::Postgres(text.to_owned()));
        }
        let path = text.strip_prefix("sqlite://").or_else(|| text.strip_prefix("sqlite:")).unwrap_or(text);
        if path.is_empty() || path.contains("://") || path == ":memory:" {
            return Err(StoreError::BadUrl);
        }
        Ok(Self::Sqlite(PathBuf::from(path)))
    }
}

/// Asked before every commit to the disk; an error counts as a failed `fsync`. For fault tests.
pub type CommitProbe = Arc<dyn Fn() -> std::io::Result<()> + Send + Sync>;

/// Asked before every transaction on SQLite: more pages than this find no room, as on a full disk. For fault tests.
pub type PageLimit = Arc<dyn Fn() -> u32 + Send + Sync>;

/// How to open a store.
#[derive(Clone)]
pub struct StoreConfig {
    /// Where the database is.
    pub target: Target,
    /// Make missing migrations while opening; otherwise a database that lacks some is refused.
    pub migrate: bool,
    /// Connections for reading.
    pub readers: u32,
    /// Transactions that may run at once on PostgreSQL; SQLite always has one writer.
    pub writers: u32,
    /// Commits that may wait; more are answered with [`StoreError::Unavailable`].
    pub queue: usize,
    /// Commits that may share one transaction.
    pub batch: usize,
    /// Fault injection of tests; `None` in the product.
    pub commit_probe: Option<CommitProbe>,
    /// Fault injection of tests; `None` in the product.
    pub page_limit: Option<PageLimit>,
    /// Waits between attempts to come back. It decides nothing: callers bring their own moments.
    pub clock: Arc<dyn Clock>,
}

impl StoreConfig {
    /// The usual settings for `target`.
    #[must_use]
    pub fn new(target: Target) -> Self {
        Self {
            target,
            migrate: true,
            readers: 8,
            writers: 2,
            queue: 4_096,
            batch: 256,
            commit_probe: None,
            page_limit: None,
            clock: Arc::new(SystemClock),
        }
    }
}

impl std::fmt::Debug for StoreConfig {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let target = match &self.target {
            Target::Sqlite(path) => path.display().to_string(),
            Target::Postgres(_) => "postgres://…".to_owned(),
        };
        f.debug_struct("StoreConfig")
            .field("target", &target)
            .field("migrate", &self.migrate)
            .finish_non_exhaustive()
    }
}
