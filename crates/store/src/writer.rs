//! The writers: each takes what waits, runs it in one transaction, commits, and only then answers.
//!
//! SQLite has exactly one. A commit that fails leaves open what is on the disk, so the connection is thrown away,
//! the store takes no work, and it goes on only when a fresh connection has verified the file.
//!
//! A full disk is no such failure: SQLite rolls back, wholly or in part, and what it rolled back the old connection may
//! not know. So that connection goes too, but the file is sound; work is tried on, and the first commit that finds room
//! ends the state.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use chayan_domain::time::Span;
use chayan_runtime::Clock;
use sqlx::AssertSqlSafe;
use tokio::sync::{Mutex, mpsc};
use tokio_util::sync::CancellationToken;
use tracing::{error, info, warn};

use crate::announce::Announcer;
use crate::batch;
use crate::config::{CommitProbe, PageLimit};
use crate::database::Database;
use crate::error::{StoreError, transient_backend};
use crate::job::Work;
use crate::sql::{Dialect, Link};
use crate::sqlite::Log;
use crate::vault::Vault;

/// A job alone that loses against another node is tried so many times.
const TRIES: u32 = 8;
/// Pause between attempts to come back after a failed commit.
const RECOVERY_PAUSE: Span = Span::millis(100);

/// What all writers of a store share.
pub(crate) struct Shared {
    pub(crate) database: Database,
    pub(crate) vault: Vault,
    pub(crate) announcer: Announcer,
    pub(crate) available: AtomicBool,
    /// Set when the callers are gone and recovery is not worth waiting for.
    pub(crate) stop: CancellationToken,
    /// Set while the last commit found the disk full.
    pub(crate) full: AtomicBool,
    pub(crate) commit_probe: Option<CommitProbe>,
    pub(crate) page_limit: Option<PageLimit>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) batch: usize,
    /// SQLite's, kept short by a task of its own.
    pub(crate) log: Arc<Log>,
}

/// Why a transaction did not come through.
enum Failure {
    /// Rolled back: nothing of it is stored.
    RolledBack(StoreError),
    /// No room: nothing of it is stored, and the connection cannot be used any more.
    Full,
    /// The commit itself or the disk failed: what is stored is unknown.
    Poisoned(StoreError),
}

/// Runs until the queue is closed and empty.
pub(crate) async fn run(shared: Arc<Shared>, queue: Arc<Mutex<mpsc::Receiver<Work>>>, mut link: Link) {
    let mut works = Vec::new();
    loop {
        let taken = queue.lock().await.recv_many(&mut works, shared.batch).await;
        if taken == 0 {
            break;
        }
        if let Err(poison) = serve(&shared, &mut link, std::mem::take(&mut works)).await {
            // It may still hold locks.
            drop(link);
            let Some(fresh) = replace(&shared, &queue, &poison).await else { return };
            link = fresh;
        }
    }
    if let Err(failure) = link.close().await {
        warn!(error = %failure, "the writer's connection did not close in order");
    }
}

/// A connection in the place of one that cannot be used any more; `None` when the store stops meanwhile.
async fn replace(shared: &Shared, queue: &Mutex<mpsc::Receiver<Work>>, poison: &StoreError) -> Option<Link> {
    if matches!(poison, StoreError::Full)
        && let Ok(fresh) = shared.database.writer().await
    {
        return Some(fresh);
    }
    error!(error = ?poison, "a commit failed: the store takes no work until it has verified the database");
    shared.available.store(false, Ordering::SeqCst);
    recover(shared, queue).await
}

/// Commits all works together, or each alone when that fails. The error is a poisoned connection.
async fn serve(shared: &Shared, link: &mut Link, mut works: Vec<Work>) -> Result<(), StoreError> {
    match transact(shared, link, &mut works).await {
        Ok(outcomes) => {
            works.into_iter().zip(outcomes).for_each(|(work, outcome)| work.answer(outcome));
            Ok(())
        }
        Err(Failure::Poisoned(poison)) => {
            shared.available.store(false, Ordering::SeqCst);
            works.into_iter().for_each(|work| work.answer(Err(StoreError::Unavailable)));
            Err(poison)
        }
        Err(Failure::Full) => {
            note_full(shared);
            works.into_iter().for_each(|work| work.answer(Err(StoreError::Full)));
            Err(StoreError::Full)
        }
        Err(Failure::RolledBack(failure)) => {
            if works.len() > 1 {
                info!(error = %failure, jobs = works.len(), "a shared transaction failed; each job runs alone");
            }
            let mut left = works.into_iter();
            while let Some(work) = left.next() {
                if let Err(poison) = serve_alone(shared, link, work).await {
                    let refusal = || {
                        if matches!(poison, StoreError::Full) {
                            StoreError::Full
                        } else {
                            StoreError::Unavailable
                        }
                    };
                    left.for_each(|work| work.answer(Err(refusal())));
                    return Err(poison);
                }
            }
            Ok(())
        }
    }
}

async fn serve_alone(shared: &Shared, link: &mut Link, mut work: Work) -> Result<(), StoreError> {
    let mut tries = 0;
    loop {
        tries += 1;
        match transact(shared, link, std::slice::from_mut(&mut work)).await {
            Ok(mut outcomes) => {
                work.answer(outcomes.pop().unwrap_or(Ok(())));
                return Ok(());
            }
            Err(Failure::RolledBack(failure)) if tries < TRIES && worth_repeating(link, &failure) => {}
            Err(Failure::RolledBack(failure)) => {
                work.answer(Err(failure));
                return Ok(());
            }
            Err(Failure::Full) => {
                note_full(shared);
                work.answer(Err(StoreError::Full));
                return Err(StoreError::Full);
            }
            Err(Failure::Poisoned(poison)) => {
                shared.available.store(false, Ordering::SeqCst);
                work.answer(Err(StoreError::Unavailable));
                return Err(poison);
            }
        }
    }
}

fn note_full(shared: &Shared) {
    if !shared.full.swap(true, Ordering::SeqCst) {
        error!("the disk of the database is full: nothing can be stored until there is room");
    }
}

/// With several writers a conflict may come from another's commit, which the next attempt will see.
fn worth_repeating(link: &Link, failure: &StoreError) -> bool {
    link.dialect() == Dialect::Postgres && (failure.is_transient() || matches!(failure, StoreError::Conflict))
}

async fn transact(
    shared: &Shared,
    link: &mut Link,
    works: &mut [Work],
) -> Result<Vec<Result<(), StoreError>>, Failure> {
    let begin = match link.dialect() {
        Dialect::Sqlite => "BEGIN IMMEDIATE",
        Dialect::Postgres => "BEGIN",
    };
    limit_pages(shared, link).await.map_err(broken)?;
    link.execute(begin, Vec::new()).await.map_err(|failure| broken(failure.into()))?;
    match batch::run(link, &shared.vault, works).await {
        Ok((effects, outcomes)) => {
            commit(shared, link).await.map_err(broken)?;
            shared.announcer.committed(effects);
            shared.log.committed(works.len());
            Ok(outcomes)
        }
        Err(failure) if is_poison(&failure) => Err(broken(failure)),
        Err(failure) => match link.execute("ROLLBACK", Vec::new()).await {
            Ok(_) => Err(Failure::RolledBack(failure)),
            Err(poison) => Err(Failure::Poisoned(poison.into())),
        },
    }
}

/// A failure after which the connection cannot be used any more.
fn broken(failure: StoreError) -> Failure {
    if matches!(failure, StoreError::Full) { Failure::Full } else { Failure::Poisoned(failure) }
}

/// The limit belongs to the connection, so it is said anew each time.
async fn limit_pages(shared: &Shared, link: &mut Link) -> Result<(), StoreError> {
    if let Some(limit) = shared.page_limit.as_ref().filter(|_| link.dialect() == Dialect::Sqlite) {
        let sql = format!("PRAGMA max_page_count = {}", limit());
        link.fetch(AssertSqlSafe(sql), Vec::new()).await?;
    }
    Ok(())
}

async fn commit(shared: &Shared, link: &mut Link) -> Result<(), StoreError> {
    if let Some(probe) = &shared.commit_probe {
        probe().map_err(|fault| StoreError::Backend(sqlx::Error::Io(fault)))?;
    }
    link.execute("COMMIT", Vec::new()).await?;
    if shared.full.swap(false, Ordering::SeqCst) {
        info!("there is room again: the store works as before");
    }
    Ok(())
}

/// Errors after which the state of the connection or of the file is unknown.
fn is_poison(failure: &StoreError) -> bool {
    let StoreError::Backend(source) = failure else { return matches!(failure, StoreError::Full) };
    match source {
        sqlx::Error::Database(refusal) => refusal
            .try_downcast_ref::<sqlx::sqlite::SqliteError>()
            .and_then(|_| refusal.code())
            .and_then(|code| code.parse::<u32>().ok())
            // Input/output error, damaged file, cannot open, no database: by their primary codes.
            .is_some_and(|code| matches!(code & 0xff, 10 | 11 | 14 | 26)),
        _ => transient_backend(source),
    }
}

/// Refuses work until a fresh connection has verified the database; `None` when the store stops meanwhile.
async fn recover(shared: &Shared, queue: &Mutex<mpsc::Receiver<Work>>) -> Option<Link> {
    loop {
        refuse_waiting(queue);
        match shared.database.verified_writer().await {
            Ok(link) => {
                shared.available.store(true, Ordering::SeqCst);
                info!("the database is verified: the store takes work again");
                return Some(link);
            }
            Err(failure) => error!(error = ?failure, "the database cannot be verified yet"),
        }
        tokio::select! {
            () = shared.stop.cancelled() => {
                refuse_waiting(queue);
                return None;
            }
            () = shared.clock.sleep(RECOVERY_PAUSE) => {}
        }
    }
}

fn refuse_waiting(queue: &Mutex<mpsc::Receiver<Work>>) {
    // Another writer may hold the queue while it waits for work; then there is nothing to refuse.
    if let Ok(mut queue) = queue.try_lock() {
        while let Ok(work) = queue.try_recv() {
            work.answer(Err(StoreError::Unavailable));
        }
    }
}
