//! What can go wrong in the store, by what the caller can do about it.

use std::path::PathBuf;

/// A failure of the store. Its text is for logs and holds no customer data.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StoreError {
    /// Not now: the store is stopping, its queue is full, or it verifies itself after a failed commit.
    /// Whether a commit that was under way took place is unknown: repeat it with the same command id.
    #[error("the store does not take work at the moment")]
    Unavailable,
    /// The disk of the database is full. Nothing of the call is stored; it may be repeated when there is room again.
    #[error("the disk of the database is full")]
    Full,
    /// The write contradicts what is stored (the same id for something else) and was not made.
    #[error("the write contradicts what is stored")]
    Conflict,
    /// What is stored cannot be what was written.
    #[error("stored {what} cannot be read")]
    Corrupt {
        /// Which kind of row.
        what: &'static str,
    },
    /// A newer program has changed the database.
    #[error("the database has schema {found}, this program knows up to {known}")]
    NewerSchema {
        /// Highest migration in the database.
        found: i64,
        /// Highest migration of this program.
        known: i64,
    },
    /// The database lacks migrations of this program and was opened without making them.
    #[error("the database has schema {found}, this program needs {known}")]
    OlderSchema {
        /// Highest migration in the database; 0 for an empty one.
        found: i64,
        /// Highest migration of this program.
        known: i64,
    },
    /// A migration in the database has the number but not the text of the program's.
    #[error("migration {version} in the database differs from the program's")]
    ChangedMigration {
        /// Its number.
        version: i64,
    },
    /// The SQLite library can damage a shared write-ahead log.
    #[error("SQLite {found} is too old, 3.51.3 is needed")]
    OldSqlite {
        /// Its version.
        found: String,
    },
    /// The address names no database that the program knows.
    #[error("not a database address")]
    BadUrl,
    /// The database was filled under another master key.
    #[error("the master key is not the one of this database")]
    WrongMasterKey,
    /// The file of the master key cannot be read or made, or others may read it.
    #[error("the master key file {path} cannot be used")]
    MasterKeyFile {
        /// Where it is.
        path: PathBuf,
        /// Why not.
        #[source]
        source: std::io::Error,
    },
    /// The deciding function panicked; nothing was written for it.
    #[error("the deciding function panicked")]
    DeciderPanicked,
    /// The database refused or failed.
    #[error("the database failed")]
    Backend(#[source] sqlx::Error),
}

impl StoreError {
    /// Whether repeating the same call may succeed.
    #[must_use]
    pub fn is_transient(&self) -> bool {
        match self {
            Self::Unavailable | Self::Full => true,
            Self::Backend(source) => transient_backend(source),
            _ => false,
        }
    }
}

/// `SQLITE_FULL`, and `disk_full` of PostgreSQL.
const DISK_FULL: [&str; 2] = ["13", "53100"];

/// Lost connections, timeouts, serialization failures, deadlocks, busy or interrupted databases.
pub(crate) fn transient_backend(source: &sqlx::Error) -> bool {
    match source {
        sqlx::Error::Io(_)
        | sqlx::Error::PoolTimedOut
        | sqlx::Error::PoolClosed
        | sqlx::Error::WorkerCrashed => true,
        sqlx::Error::Database(refusal) => refusal.code().is_some_and(|code| {
            matches!(
                code.as_ref(),
                "40001" | "40P01" | "55P03" | "57P01" | "57P02" | "57P03" | "5" | "6" | "9"
            )
        }),
        _ => false,
    }
}

impl From<sqlx::Error> for StoreError {
    fn from(source: sqlx::Error) -> Self {
        match &source {
            sqlx::Error::Database(refusal)
                if refusal.is_unique_violation() || refusal.is_foreign_key_violation() =>
            {
                Self::Conflict
            }
            sqlx::Error::Database(refusal)
                if refusal.code().is_some_and(|code| DISK_FULL.contains(&code.as_ref())) =>
            {
                Self::Full
            }
            _ => Self::Backend(source),
        }
    }
}
