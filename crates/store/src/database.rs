//! The database behind a store: how connections are had, and how its schema is brought up to date.

use std::path::PathBuf;
use std::str::FromStr;

use sqlx::migrate::{MigrateError, Migrator};
use sqlx::postgres::PgConnectOptions;
use sqlx::{PgPool, SqlitePool};

use crate::config::Target;
use crate::error::StoreError;
use crate::sql::{Dialect, Link};
use crate::{postgres, sqlite};

static SQLITE_MIGRATIONS: Migrator = sqlx::migrate!("./migrations/sqlite");
static POSTGRES_MIGRATIONS: Migrator = sqlx::migrate!("./migrations/postgres");

/// One of the two databases with its connections for reading.
#[derive(Clone)]
pub(crate) enum Database {
    Sqlite { path: PathBuf, readers: SqlitePool },
    Postgres { options: Box<PgConnectOptions>, readers: PgPool },
}

impl Database {
    pub(crate) fn new(target: &Target, readers: u32) -> Result<Self, StoreError> {
        Ok(match target {
            Target::Sqlite(path) => {
                Self::Sqlite { path: path.clone(), readers: sqlite::readers(path, readers) }
            }
            Target::Postgres(url) => {
                let options = PgConnectOptions::from_str(url).map_err(|_| StoreError::BadUrl)?;
                let options = postgres::tuned(options);
                Self::Postgres {
                    readers: postgres::readers(options.clone(), readers),
                    options: Box::new(options),
                }
            }
        })
    }

    /// A connection for reading.
    pub(crate) async fn reader(&self) -> Result<Link, StoreError> {
        Ok(match self {
            Self::Sqlite { readers, .. } => Link::PooledSqlite(readers.acquire().await?),
            Self::Postgres { readers, .. } => Link::PooledPostgres(readers.acquire().await?),
        })
    }

    /// A connection for writing.
    pub(crate) async fn writer(&self) -> Result<Link, StoreError> {
        match self {
            Self::Sqlite { path, .. } => sqlite::writer(path).await,
            Self::Postgres { options, .. } => postgres::writer(options).await,
        }
    }

    /// A connection for writing after something went wrong.
    pub(crate) async fn verified_writer(&self) -> Result<Link, StoreError> {
        match self {
            Self::Sqlite { path, .. } => sqlite::verified_writer(path).await,
            Self::Postgres { options, .. } => postgres::writer(options).await,
        }
    }

    pub(crate) async fn close(&self) {
        match self {
            Self::Sqlite { readers, .. } => readers.close().await,
            Self::Postgres { readers, .. } => readers.close().await,
        }
    }
}

/// Makes missing migrations; returns their numbers.
pub(crate) async fn migrate(target: &Target) -> Result<Vec<i64>, StoreError> {
    match target {
        Target::Sqlite(path) => {
            let pool = sqlite::migrating_pool(path).await?;
            let before = applied(&mut Link::PooledSqlite(pool.acquire().await?)).await;
            let outcome = SQLITE_MIGRATIONS.run(&pool).await;
            pool.close().await;
            made(&SQLITE_MIGRATIONS, before, outcome)
        }
        Target::Postgres(url) => {
            let options = PgConnectOptions::from_str(url).map_err(|_| StoreError::BadUrl)?;
            let pool = postgres::readers(options, 1);
            let before = applied(&mut Link::PooledPostgres(pool.acquire().await?)).await;
            let outcome = POSTGRES_MIGRATIONS.run(&pool).await;
            pool.close().await;
            made(&POSTGRES_MIGRATIONS, before, outcome)
        }
    }
}

/// Refuses a database that lacks migrations or has more than the program knows.
pub(crate) async fn check_schema(link: &mut Link) -> Result<(), StoreError> {
    let migrations = match link.dialect() {
        Dialect::Sqlite => &SQLITE_MIGRATIONS,
        Dialect::Postgres => &POSTGRES_MIGRATIONS,
    };
    let (found, known) = (applied(link).await, newest(migrations));
    match found.cmp(&known) {
        std::cmp::Ordering::Less => Err(StoreError::OlderSchema { found, known }),
        std::cmp::Ordering::Equal => Ok(()),
        std::cmp::Ordering::Greater => Err(StoreError::NewerSchema { found, known }),
    }
}

fn made(
    migrations: &Migrator,
    before: i64,
    outcome: Result<(), MigrateError>,
) -> Result<Vec<i64>, StoreError> {
    let known = newest(migrations);
    match outcome {
        Ok(()) => Ok(migrations.iter().map(|one| one.version).filter(|version| *version > before).collect()),
        Err(MigrateError::VersionMissing(_)) if before > known => {
            Err(StoreError::NewerSchema { found: before, known })
        }
        Err(MigrateError::VersionMissing(version) | MigrateError::VersionMismatch(version)) => {
            Err(StoreError::ChangedMigration { version })
        }
        Err(MigrateError::Execute(source) | MigrateError::ExecuteMigration(source, _)) => Err(source.into()),
        Err(other) => Err(StoreError::Backend(sqlx::Error::Migrate(Box::new(other)))),
    }
}

fn newest(migrations: &Migrator) -> i64 {
    migrations.iter().map(|one| one.version).max().unwrap_or(0)
}

/// The highest migration in the database; 0 where there is none yet, which is also what a missing table means.
async fn applied(link: &mut Link) -> i64 {
    let rows = link.fetch("SELECT COALESCE(MAX(version), 0) FROM _sqlx_migrations", Vec::new()).await;
    rows.ok().and_then(|rows| rows.first().and_then(|row| row.int(0).ok())).unwrap_or(0)
}
