//! The local store: the only place of this crate with SQL.
//!
//! One SQLite file, one connection, every change an fsynced transaction. A store of a newer program is refused and left
//! alone; a damaged one is set aside under a name with the time and a new one begun; a row that no key opens stays and is
//! counted. Nothing here talks to windows.

mod alerts;
mod drafts;
mod kept;
mod record_words;
mod records;
mod schema;
mod timers;
mod unreadable;
mod vault;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use chayan_domain::evidence::Elapsed;
use chayan_domain::time::{Span, Timestamp};
use chayan_runtime::Entropy;
use sqlx::sqlite::{
    SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteSynchronous,
};
use sqlx::{ConnectOptions, Row, Sqlite, SqliteConnection, Transaction};

pub(crate) use alerts::Intake;
pub(crate) use drafts::{DraftRow, DraftState};
pub(crate) use record_words::RecordKind;
pub(crate) use records::{Counts, NewRecord, QueueItem, RecordRow, Sealed};
pub(crate) use timers::{TimerEnd, TimerRow};
pub(crate) use vault::StoreKey;
use vault::Vault;

use crate::ipc::{DeskFault, DeskFaultCode};
use crate::moment::Moment;

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
    #[error("a record cannot be opened")]
    Unreadable,
    #[error("a record was sealed with another key")]
    OtherKey,
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

impl From<std::io::Error> for StoreFault {
    fn from(fault: std::io::Error) -> Self {
        match fault.kind() {
            std::io::ErrorKind::StorageFull | std::io::ErrorKind::QuotaExceeded => Self::Full,
            _ => Self::Failed(fault.to_string()),
        }
    }
}

impl StoreFault {
    /// What a person is told of it.
    pub(crate) const fn code(&self) -> DeskFaultCode {
        match self {
            Self::Full => DeskFaultCode::DiskFull,
            Self::Newer => DeskFaultCode::StoreNewer,
            Self::Damaged => DeskFaultCode::StoreDamaged,
            Self::SealedRecord => DeskFaultCode::SealedRecord,
            // What another key sealed is not there for whoever asks now; it is counted.
            Self::UnknownId | Self::OtherKey => DeskFaultCode::UnknownId,
            Self::NoKey => DeskFaultCode::KeyringUnavailable,
            Self::Unreadable | Self::Failed(_) => DeskFaultCode::StoreFailed,
        }
    }
}

impl From<StoreFault> for DeskFault {
    fn from(fault: StoreFault) -> Self {
        let code = fault.code();
        if matches!(code, DeskFaultCode::StoreFailed | DeskFaultCode::DiskFull | DeskFaultCode::StoreDamaged)
        {
            tracing::error!(%fault, "local store");
        }
        Self::new(code)
    }
}

/// The local store of one installation.
pub(crate) struct Store {
    pool: SqlitePool,
    vault: Vault,
    #[cfg(test)]
    full: std::sync::atomic::AtomicBool,
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
                set_aside(&path, now)?;
                connect(&path).await?
            }
            other => other?,
        };
        let store = Self {
            pool,
            vault: Vault::new(entropy),
            #[cfg(test)]
            full: std::sync::atomic::AtomicBool::new(false),
        };
        Ok((store, was_damaged))
    }

    /// Ends every use of the file.
    pub(crate) async fn close(&self) {
        self.pool.close().await;
    }

    /// Begins a change; dropped without a commit, it never happened.
    async fn begin(&self) -> Result<Transaction<'static, Sqlite>> {
        const BEGIN: &str = "BEGIN IMMEDIATE";
        #[cfg(test)]
        if self.full.load(std::sync::atomic::Ordering::SeqCst) {
            return Err(StoreFault::Full);
        }
        if let Ok(change) = self.pool.begin_with(BEGIN).await {
            return Ok(change);
        }
        // A full disk makes SQLite roll back by itself, and the driver then believes for ever that the change is still
        // open: a new connection knows better.
        self.pool.acquire().await?.close().await?;
        Ok(self.pool.begin_with(BEGIN).await?)
    }

    pub(crate) fn key(&self) -> Option<StoreKey> {
        self.vault.key()
    }

    /// From now on records are sealed and opened with this key.
    pub(crate) fn set_key(&self, key: StoreKey) {
        self.vault.set_key(key);
    }

    /// From now on the disk takes no change, or takes them again.
    #[cfg(test)]
    pub(crate) fn fill_disk(&self, full: bool) {
        self.full.store(full, std::sync::atomic::Ordering::SeqCst);
    }

    /// Makes the disk full at `pages` pages.
    #[cfg(test)]
    pub(crate) async fn limit_pages(&self, pages: u32) {
        let statement = format!("PRAGMA max_page_count = {pages}");
        let row = sqlx::query(sqlx::AssertSqlSafe(statement)).fetch_one(&self.pool).await.unwrap();
        let _limit: i64 = row.get(0);
    }

    /// How many pages the file has.
    #[cfg(test)]
    pub(crate) async fn pages(&self) -> u32 {
        let row = sqlx::query("PRAGMA page_count").fetch_one(&self.pool).await.unwrap();
        row.get::<u32, _>(0)
    }

    /// Runs any statement, as a hand that reaches into the file would.
    #[cfg(test)]
    pub(crate) async fn tamper(&self, statement: &'static str) {
        sqlx::query(statement).execute(&self.pool).await.unwrap();
    }
}

pub(crate) fn make_folder(folder: &Path) -> Result<()> {
    std::fs::create_dir_all(folder)?;
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
fn set_aside(path: &Path, now: Timestamp) -> Result<()> {
    let aside = path.with_file_name(format!("desk-damaged-{}.db", now.0));
    tracing::error!(to = %aside.display(), "damaged store set aside, a new one is begun");
    for suffix in ["", "-wal", "-shm"] {
        let (from, to) = (with_suffix(path, suffix), with_suffix(&aside, suffix));
        match std::fs::rename(&from, &to) {
            Ok(()) => {}
            Err(fault) if fault.kind() == std::io::ErrorKind::NotFound => {}
            Err(fault) => return Err(fault.into()),
        }
    }
    Ok(())
}

fn with_suffix(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    PathBuf::from(name)
}

/// A moment from its three columns.
fn moment_of(at: i64, boot_id: Option<String>, since_boot: Option<i64>) -> Moment {
    let elapsed = boot_id.zip(since_boot);
    let elapsed = elapsed.map(|(boot_id, at)| Elapsed { boot_id, since_boot: Span(at) });
    Moment { at: Timestamp(at), elapsed }
}

/// An id or word as it stands in a column.
fn parsed<T: std::str::FromStr>(text: &str) -> Result<T> {
    text.parse().map_err(|_| StoreFault::Damaged)
}

#[cfg(test)]
mod tests;
