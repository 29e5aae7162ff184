//! The local store: the only place of this crate with SQL.
//!
//! One SQLite file, one connection, every change an fsynced transaction. A store of a newer program is refused and left
//! alone; a damaged one is set aside under a name with the time and a new one begun. Nothing here talks to windows.

mod alerts;
mod drafts;
mod kept;
mod record_words;
mod records;
mod schema;
mod timers;
mod vault;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use chayan_domain::time::Timestamp;
use chayan_runtime::Entropy;
use sqlx::sqlite::{
    SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteSynchronous,
};
use sqlx::{ConnectOptions, Row, Sqlite, SqliteConnection, Transaction};
use tokio::sync::RwLock;

pub(crate) use alerts::Intake;
pub(crate) use drafts::{DraftRow, DraftState};
pub(crate) use record_words::RecordKind;
pub(crate) use records::{NewRecord, QueueItem, RecordRow, Sealed};
pub(crate) use timers::{TimerEnd, TimerRow};
pub(crate) use vault::StoreKey;
use vault::Vault;

use crate::ipc::{DeskFault, DeskFaultCode};

/// Why the store did not do it.
#[derive(Debug, thiserror::Error)]
pub(crate) enum StoreFault {
    #[error("disk full")]
    Full,
    #[error("store is from a newer program")]
    Newer,
    #[error("store is damaged")]
    Damaged,
    #[error("store is still locked")]
    NoKey,
    #[error("a record cannot be opened with this key")]
    Unreadable,
    #[error("a sealed record cannot be changed")]
    SealedRecord,
    #[error("nothing by that id")]
    UnknownId,
    #[error("store failed: {0}")]
    Failed(String),
}

pub(crate) type Result<T> = std::result::Result<T, StoreFault>;

/// SQLite's primary result codes that a person hears about.
const SQLITE_CORRUPT: i32 = 11;
const SQLITE_FULL: i32 = 13;
const SQLITE_NOTADB: i32 = 26;

impl From<sqlx::Error> for StoreFault {
    fn from(fault: sqlx::Error) -> Self {
        let code = fault.as_database_error().and_then(|e| e.code()).and_then(|code| code.parse::<i32>().ok());
        match code.map(|code| code & 0xff) {
            Some(SQLITE_FULL) => Self::Full,
            Some(SQLITE_CORRUPT | SQLITE_NOTADB) => Self::Damaged,
            _ => Self::Failed(fault.to_string()),
        }
    }
}

impl From<StoreFault> for DeskFault {
    fn from(fault: StoreFault) -> Self {
        let code = match &fault {
            StoreFault::Full => DeskFaultCode::DiskFull,
            StoreFault::Newer => DeskFaultCode::StoreNewer,
            StoreFault::Damaged => DeskFaultCode::StoreDamaged,
            StoreFault::SealedRecord => DeskFaultCode::SealedRecord,
            StoreFault::UnknownId => DeskFaultCode::UnknownId,
            StoreFault::NoKey => DeskFaultCode::KeyringLocked,
            StoreFault::Unreadable | StoreFault::Failed(_) => DeskFaultCode::StoreFailed,
        };
        if matches!(code, DeskFaultCode::StoreFailed | DeskFaultCode::DiskFull | DeskFaultCode::StoreDamaged)
        {
            tracing::error!(%fault, "local store");
        }
        Self::new(code)
    }
}

/// Why a store was set aside; part of its file name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum AsideReason {
    Damaged,
    KeyLost,
}

impl AsideReason {
    const fn word(self) -> &'static str {
        match self {
            Self::Damaged => "damaged",
            Self::KeyLost => "keylost",
        }
    }
}

/// The local store of one installation.
pub(crate) struct Store {
    path: PathBuf,
    pool: RwLock<SqlitePool>,
    vault: Vault,
}

impl Store {
    /// Opens the store in `folder`, making both where they are missing. The second value is true when a damaged one
    /// was set aside.
    pub(crate) async fn open(
        folder: &Path,
        entropy: Arc<dyn Entropy>,
        now: Timestamp,
    ) -> Result<(Self, bool)> {
        make_folder(folder)?;
        let path = folder.join("desk.db");
        let mut was_damaged = false;
        let pool = match connect(&path).await {
            Err(StoreFault::Damaged) => {
                was_damaged = true;
                set_aside(&path, AsideReason::Damaged, now)?;
                connect(&path).await?
            }
            other => other?,
        };
        Ok((Self { path, pool: RwLock::new(pool), vault: Vault::new(entropy) }, was_damaged))
    }

    /// Puts the present file aside and begins a new one.
    pub(crate) async fn begin_anew(&self, reason: AsideReason, now: Timestamp) -> Result<()> {
        let mut pool = self.pool.write().await;
        pool.close().await;
        set_aside(&self.path, reason, now)?;
        *pool = connect(&self.path).await?;
        Ok(())
    }

    /// Ends every use of the file.
    pub(crate) async fn close(&self) {
        self.pool.read().await.close().await;
    }

    /// Begins a change; dropped without a commit, it never happened.
    async fn begin(&self) -> Result<Transaction<'static, Sqlite>> {
        const BEGIN: &str = "BEGIN IMMEDIATE";
        let pool = self.pool().await;
        if let Ok(change) = pool.begin_with(BEGIN).await {
            return Ok(change);
        }
        // A full disk makes SQLite roll back by itself, and the driver then believes for ever that the change is still
        // open: a new connection knows better.
        pool.acquire().await?.close().await?;
        Ok(pool.begin_with(BEGIN).await?)
    }

    async fn pool(&self) -> SqlitePool {
        self.pool.read().await.clone()
    }

    pub(crate) fn key(&self) -> Option<StoreKey> {
        self.vault.key()
    }

    /// From now on records are sealed and opened with this key.
    pub(crate) fn set_key(&self, key: StoreKey) {
        self.vault.set_key(key);
    }

    /// Makes the disk full at `pages` pages.
    #[cfg(test)]
    pub(crate) async fn limit_pages(&self, pages: u32) {
        let statement = format!("PRAGMA max_page_count = {pages}");
        let pool = self.pool().await;
        let row = sqlx::query(sqlx::AssertSqlSafe(statement)).fetch_one(&pool).await.unwrap();
        let _limit: i64 = row.get(0);
    }

    /// How many pages the file has.
    #[cfg(test)]
    pub(crate) async fn pages(&self) -> u32 {
        let pool = self.pool().await;
        let row = sqlx::query("PRAGMA page_count").fetch_one(&pool).await.unwrap();
        row.get::<u32, _>(0)
    }

    /// Runs any statement, as a hand that reaches into the file would.
    #[cfg(test)]
    pub(crate) async fn tamper(&self, statement: &'static str) {
        let pool = self.pool().await;
        sqlx::query(statement).execute(&pool).await.unwrap();
    }
}

fn make_folder(folder: &Path) -> Result<()> {
    std::fs::create_dir_all(folder).map_err(|fault| StoreFault::Failed(fault.to_string()))?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        // Other logins of the machine have no business here; a file system without rights is not a reason to stop.
        let _unsupported = std::fs::set_permissions(folder, std::fs::Permissions::from_mode(0o700));
    }
    Ok(())
}

async fn connect(path: &Path) -> Result<SqlitePool> {
    let options = SqliteConnectOptions::new()
        .filename(path)
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .busy_timeout(Duration::from_secs(5))
        // What is replaced or removed is overwritten, not only unlinked.
        .pragma("secure_delete", "ON")
        .disable_statement_logging();
    let pool = SqlitePoolOptions::new()
        .max_connections(1)
        .idle_timeout(None)
        .max_lifetime(None)
        .test_before_acquire(false)
        .connect_with(options)
        .await?;
    match prepare(&pool).await {
        Ok(()) => Ok(pool),
        Err(fault) => {
            pool.close().await;
            Err(fault)
        }
    }
}

async fn prepare(pool: &SqlitePool) -> Result<()> {
    let mut connection = pool.acquire().await?;
    match version(&mut connection).await? {
        0 => create(&mut connection).await,
        schema::VERSION => check(&mut connection).await,
        _ => Err(StoreFault::Newer),
    }
}

async fn version(connection: &mut SqliteConnection) -> Result<i64> {
    Ok(sqlx::query("PRAGMA user_version").fetch_one(connection).await?.try_get(0)?)
}

async fn create(connection: &mut SqliteConnection) -> Result<()> {
    use sqlx::Connection;
    let mut change = connection.begin().await?;
    sqlx::raw_sql(schema::CREATE).execute(&mut *change).await?;
    sqlx::raw_sql("PRAGMA user_version = 1").execute(&mut *change).await?;
    Ok(change.commit().await?)
}

async fn check(connection: &mut SqliteConnection) -> Result<()> {
    let verdict: String = sqlx::query("PRAGMA quick_check(1)").fetch_one(connection).await?.try_get(0)?;
    if verdict == "ok" { Ok(()) } else { Err(StoreFault::Damaged) }
}

/// Renames the file and what SQLite keeps beside it.
fn set_aside(path: &Path, reason: AsideReason, now: Timestamp) -> Result<()> {
    let aside = path.with_file_name(format!("desk-{}-{}.db", reason.word(), now.0));
    tracing::error!(reason = reason.word(), to = %aside.display(), "local store set aside, a new one is begun");
    for suffix in ["", "-wal", "-shm"] {
        let (from, to) = (with_suffix(path, suffix), with_suffix(&aside, suffix));
        match std::fs::rename(&from, &to) {
            Ok(()) => {}
            Err(fault) if fault.kind() == std::io::ErrorKind::NotFound => {}
            Err(fault) => return Err(StoreFault::Failed(fault.to_string())),
        }
    }
    Ok(())
}

fn with_suffix(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    PathBuf::from(name)
}

/// An id or word as it stands in a column.
fn parsed<T: std::str::FromStr>(text: &str) -> Result<T> {
    text.parse().map_err(|_| StoreFault::Damaged)
}

#[cfg(test)]
mod tests;
