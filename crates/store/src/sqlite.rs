//! What only SQLite needs: how its connections are opened, which versions are safe, how a file is verified, and how the
//! write-ahead log is kept short.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use sqlx::ConnectOptions;
use sqlx::sqlite::{
    SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteSynchronous,
};
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;
use tracing::warn;

use crate::error::StoreError;
use crate::sql::Link;

/// Older versions can damage a write-ahead log when two connections write and checkpoint at once.
const SAFE_VERSION: [u32; 3] = [3, 51, 3];

fn options(path: &Path) -> SqliteConnectOptions {
    SqliteConnectOptions::new()
        .filename(path)
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        // FULL: a commit returns after the log is on the disk. Less could lose answered reports.
        .synchronous(SqliteSynchronous::Full)
        .foreign_keys(true)
        .busy_timeout(std::time::Duration::from_secs(10))
        .pragma("cache_size", "-65536")
        // What was removed is overwritten: a file that is read past its tables holds no trace of a customer's key.
        .pragma("secure_delete", "ON")
        // What a statement would need to be undone stays in memory: long ones would write every page a third time.
        .pragma("temp_store", "MEMORY")
        // The writer's own checkpoint: what `keep_log_short` has left to do, so that the log does not grow without end.
        .pragma("wal_autocheckpoint", "16000")
        .statement_cache_capacity(512)
        .disable_statement_logging()
}

/// The one writing connection, after the library's version is found safe.
pub(crate) async fn writer(path: &Path) -> Result<Link, StoreError> {
    let mut link = Link::Sqlite(Box::new(options(path).connect().await?));
    let rows = link.fetch("SELECT sqlite_version()", Vec::new()).await?;
    let found = rows.first().map_or_else(|| Ok(String::new()), |row| row.text(0))?;
    if is_safe(&found) { Ok(link) } else { Err(StoreError::OldSqlite { found }) }
}

/// A writing connection to a file that SQLite itself finds sound.
pub(crate) async fn verified_writer(path: &Path) -> Result<Link, StoreError> {
    let mut link = writer(path).await?;
    let rows = link.fetch("PRAGMA quick_check(1)", Vec::new()).await?;
    let verdict = rows.first().map_or_else(|| Ok(String::new()), |row| row.text(0))?;
    if verdict == "ok" { Ok(link) } else { Err(StoreError::Corrupt { what: "database file" }) }
}

/// Connections for reading.
pub(crate) fn readers(path: &Path, count: u32) -> SqlitePool {
    let options = options(path).create_if_missing(false).pragma("query_only", "1");
    // A file does not go away as a server does: a query before every query would double their number.
    SqlitePoolOptions::new()
        .max_connections(count.max(1))
        .test_before_acquire(false)
        .connect_lazy_with(options)
}

/// Connections for migrating.
pub(crate) async fn migrating_pool(path: &Path) -> Result<SqlitePool, StoreError> {
    Ok(SqlitePoolOptions::new().max_connections(1).connect_with(options(path)).await?)
}

/// After so many jobs the log is worth a checkpoint.
const LONG_LOG: usize = 256;

/// Counts what was committed since the last checkpoint.
#[derive(Debug, Default)]
pub(crate) struct Log {
    jobs: AtomicUsize,
    long: Notify,
}

impl Log {
    pub(crate) fn committed(&self, jobs: usize) {
        if self.jobs.fetch_add(jobs, Ordering::Relaxed) + jobs >= LONG_LOG {
            self.jobs.store(0, Ordering::Relaxed);
            self.long.notify_one();
        }
    }
}

/// Moves the log into the file beside the writer, who would otherwise stand still for all of it at once. Ends with `stop`.
pub(crate) async fn keep_log_short(path: PathBuf, log: Arc<Log>, stop: CancellationToken) {
    let mut link = None;
    while stop.run_until_cancelled(log.long.notified()).await.is_some() {
        if let Err(failure) = checkpoint(&path, &mut link).await {
            warn!(error = ?failure, "a checkpoint failed: the writer makes up for it");
            link = None;
        }
    }
    if let Some(link) = link {
        link.close().await.ok();
    }
}

async fn checkpoint(path: &Path, link: &mut Option<Link>) -> Result<(), StoreError> {
    let link = match link {
        Some(link) => link,
        None => link.insert(Link::Sqlite(Box::new(options(path).connect().await?))),
    };
    // Passive: it waits for nobody and nobody waits for it.
    link.fetch("PRAGMA wal_checkpoint(PASSIVE)", Vec::new()).await?;
    Ok(())
}

fn is_safe(version: &str) -> bool {
    let mut parts = version.split('.').map(|part| part.parse::<u32>().unwrap_or(0));
    let parts = [(); 3].map(|()| parts.next().unwrap_or(0));
    parts >= SAFE_VERSION
}

#[cfg(test)]
mod tests {
    use super::is_safe;

    #[test]
    fn versions_before_the_repair_of_the_log_are_refused() {
        for (version, safe) in [
            ("3.51.3", true),
            ("3.51.2", false),
            ("3.52.0", true),
            ("3.9.99", false),
            ("4.0.0", true),
            ("", false),
        ] {
            assert_eq!(is_safe(version), safe, "{version}");
        }
    }
}
