//! The writers: each takes what waits, runs it in one transaction, commits, and only then answers.
//!
//! SQLite has exactly one. A commit that fails leaves open what is on the disk, so the connection is thrown away,
//! the store takes no work, and it goes on only when a fresh connection has verified the file.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use tokio::sync::{Mutex, mpsc};
use tokio_util::sync::CancellationToken;
use tracing::{error, info, warn};

use crate::announce::Announcer;
use crate::batch::{self, Effects};
use crate::config::CommitProbe;
use crate::database::Database;
use crate::error::{StoreError, transient_backend};
use crate::job::Work;
use crate::sql::{Dialect, Link};
use crate::vault::Vault;

/// A job alone that loses against another node is tried so many times.
const TRIES: u32 = 8;
/// How often a writer looks for more before it begins a transaction.
const GATHERINGS: u32 = 16;
/// Pause between attempts to come back after a failed commit.
const RECOVERY_PAUSE: Duration = Duration::from_millis(100);

/// What all writers of a store share.
pub(crate) struct Shared {
    pub(crate) database: Database,
    pub(crate) vault: Vault,
    pub(crate) announcer: Announcer,
    pub(crate) available: AtomicBool,
    /// Set when the callers are gone and recovery is not worth waiting for.
    pub(crate) stop: CancellationToken,
    pub(crate) commit_probe: Option<CommitProbe>,
    pub(crate) batch: usize,
}

/// Why a transaction did not come through.
enum Failure {
    /// Rolled back: nothing of it is stored.
    RolledBack(StoreError),
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
        gather(&queue, &mut works, shared.batch).await;
        if let Err(poison) = serve(&shared, &mut link, std::mem::take(&mut works)).await {
            error!(error = ?poison, "a commit failed: the store takes no work until it has verified the database");
            // It may still hold locks.
            drop(link);
            let Some(fresh) = recover(&shared, &queue).await else { return };
            link = fresh;
        }
    }
    if let Err(failure) = link.close().await {
        warn!(error = %failure, "the writer's connection did not close in order");
    }
}

/// Those who were just answered are about to ask again: as long as more comes at once, it may share the commit.
/// Without it two halves of the senders take turns, and each commit carries only one half.
async fn gather(queue: &Mutex<mpsc::Receiver<Work>>, works: &mut Vec<Work>, batch: usize) {
    for _ in 0..GATHERINGS {
        tokio::task::yield_now().await;
        let Ok(mut queue) = queue.try_lock() else { return };
        let before = works.len();
        while works.len() < batch {
            let Ok(work) = queue.try_recv() else { break };
            works.push(work);
        }
        if works.len() == before {
            return;
        }
    }
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
        Err(Failure::RolledBack(failure)) => {
            if works.len() > 1 {
                info!(error = %failure, jobs = works.len(), "a shared transaction failed; each job runs alone");
            }
            let mut left = works.into_iter();
            while let Some(work) = left.next() {
                if let Err(poison) = serve_alone(shared, link, work).await {
                    left.for_each(|work| work.answer(Err(StoreError::Unavailable)));
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
            Err(Failure::Poisoned(poison)) => {
                shared.available.store(false, Ordering::SeqCst);
                work.answer(Err(StoreError::Unavailable));
                return Err(poison);
            }
        }
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
    link.execute(begin, Vec::new()).await.map_err(|failure| Failure::Poisoned(failure.into()))?;
    match batch::run(link, &shared.vault, works).await {
        Ok((effects, outcomes)) => {
            commit(shared, link).await.map_err(Failure::Poisoned)?;
            publish(shared, effects);
            Ok(outcomes)
        }
        Err(failure) if is_poison(&failure) => Err(Failure::Poisoned(failure)),
        Err(failure) => match link.execute("ROLLBACK", Vec::new()).await {
            Ok(_) => Err(Failure::RolledBack(failure)),
            Err(poison) => Err(Failure::Poisoned(poison.into())),
        },
    }
}

async fn commit(shared: &Shared, link: &mut Link) -> Result<(), StoreError> {
    if let Some(probe) = &shared.commit_probe {
        probe().map_err(|fault| StoreError::Backend(sqlx::Error::Io(fault)))?;
    }
    link.execute("COMMIT", Vec::new()).await?;
    Ok(())
}

fn publish(shared: &Shared, effects: Effects) {
    shared.announcer.committed(effects);
}

/// Errors after which the state of the connection or of the file is unknown.
fn is_poison(failure: &StoreError) -> bool {
    let StoreError::Backend(source) = failure else { return false };
    match source {
        sqlx::Error::Database(refusal) => refusal
            .try_downcast_ref::<sqlx::sqlite::SqliteError>()
            .and_then(|_| refusal.code())
            .and_then(|code| code.parse::<u32>().ok())
            // Input/output error, damaged file, full disk, cannot open, no database: by their primary codes.
            .is_some_and(|code| matches!(code & 0xff, 10 | 11 | 13 | 14 | 26)),
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
            () = tokio::time::sleep(RECOVERY_PAUSE) => {}
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
