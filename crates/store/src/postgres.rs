//! What only PostgreSQL needs: locks per case, and a notifier that tells all nodes of commits.
//!
//! `NOTIFY` inside the storing transaction would take a lock that all commits share, so a task announces afterwards on
//! its own connection, many commits at once, and only when their feed rows can be read.

use std::collections::BTreeSet;
use std::sync::Arc;

use chayan_domain::ids::CaseId;
use chayan_domain::time::Span;
use chayan_runtime::Clock;
use serde::{Deserialize, Serialize};
use sqlx::ConnectOptions;
use sqlx::postgres::{PgConnectOptions, PgListener, PgPool, PgPoolOptions};
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;
use tracing::warn;

use crate::announce::{Announcer, Committed};
use crate::database::Database;
use crate::error::StoreError;
use crate::feed::{FeedChange, Topic};
use crate::sql::{Column, Dialect, Link, Param, text};
use crate::timers::TimerChange;

const CHANNEL: &str = "chayan_feed";
/// PostgreSQL takes payloads of less than 8,000 bytes; longer ones become "look everywhere".
const LONGEST_PAYLOAD: usize = 7_900;
/// Rows of a commit may be hidden behind an older transaction: looked at again after this pause.
const HIDDEN_PAUSE: Span = Span::millis(2);
/// A lost notification is made up for this soon.
const FALLBACK_POLL: Span = Span::seconds(5);
const RECONNECT_PAUSE: Span = Span::millis(500);

/// What waits, and what ends the waiting.
type Pace = (Arc<dyn Clock>, CancellationToken);

pub(crate) fn tuned(options: PgConnectOptions) -> PgConnectOptions {
    options.statement_cache_capacity(512).application_name("chayan").disable_statement_logging()
}

pub(crate) fn readers(options: PgConnectOptions, count: u32) -> PgPool {
    PgPoolOptions::new().max_connections(count.max(1)).connect_lazy_with(options)
}

pub(crate) async fn writer(options: &PgConnectOptions) -> Result<Link, StoreError> {
    let mut link = Link::Postgres(Box::new(options.connect().await?));
    // An answered report is on the disk, whatever the cluster's default says.
    link.execute("SET synchronous_commit = on", Vec::new()).await?;
    // It looks everything up by key. A plan that was made while a table was small is kept, and would go on reading all of it.
    link.execute("SET enable_seqscan = off", Vec::new()).await?;
    Ok(link)
}

/// Makes commits to one case follow one another, also those that begin it. In one order, so that nobody deadlocks.
pub(crate) async fn lock_cases(link: &mut Link, case_ids: &BTreeSet<CaseId>) -> Result<(), StoreError> {
    if link.dialect() == Dialect::Sqlite || case_ids.is_empty() {
        return Ok(());
    }
    let keys: BTreeSet<i64> = case_ids.iter().map(lock_key).collect();
    let keys = Column::Ints(keys.into_iter().map(Some).collect());
    // One row per key, locked in the order of the list.
    let sql = "SELECT pg_advisory_xact_lock(k) IS NULL FROM UNNEST($1::bigint[]) AS keys (k)";
    link.fetch(sql, vec![Param::Column(keys)]).await?;
    Ok(())
}

/// The random end of the id: ids born together differ there.
pub(crate) fn lock_key(case_id: &CaseId) -> i64 {
    let (_, low) = case_id.0.as_u64_pair();
    i64::from_be_bytes(low.to_be_bytes())
}

#[derive(Debug, Default, Serialize, Deserialize)]
struct Announcement {
    /// Which node speaks; it has told its own process already.
    node: String,
    /// Topics with new rows; `None`: look everywhere.
    topics: Option<BTreeSet<String>>,
    /// Timers changed.
    timers: bool,
}

/// Tells this process and all nodes of commits, until the store has stopped and every commit is told.
pub(crate) async fn notify(
    database: Database,
    node: String,
    announcer: Announcer,
    mut committed: mpsc::UnboundedReceiver<Committed>,
    (clock, stop): Pace,
) {
    let mut hidden: Vec<Committed> = Vec::new();
    loop {
        if hidden.is_empty() {
            let next = tokio::select! {
                next = committed.recv() => next,
                () = stop.cancelled() => None,
            };
            let Some(first) = next else { return };
            hidden.push(first);
        } else {
            tokio::select! {
                () = clock.sleep(HIDDEN_PAUSE) => {}
                () = stop.cancelled() => return,
            }
        }
        while let Ok(more) = committed.try_recv() {
            hidden.push(more);
        }
        let told = match tell(&database, &node, &announcer, &mut hidden).await {
            Ok(()) => continue,
            Err(failure) => failure,
        };
        warn!(error = ?told, "other nodes could not be told of a commit; they will find it themselves");
        announcer.feed.send(FeedChange::Unknown).ok();
        hidden.clear();
        tokio::select! {
            () = stop.cancelled() => return,
            () = clock.sleep(RECONNECT_PAUSE) => {}
        }
    }
}

/// Announces what can be read now and leaves the rest in `hidden`.
async fn tell(
    database: &Database,
    node: &str,
    announcer: &Announcer,
    hidden: &mut Vec<Committed>,
) -> Result<(), StoreError> {
    let mut link = database.reader().await?;
    let rows = link.fetch("SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint", Vec::new()).await?;
    let horizon = rows.first().map_or(Ok(0), |row| row.int(0))?;
    let (ready, waiting) =
        std::mem::take(hidden).into_iter().partition::<Vec<_>, _>(|one| one.transaction < horizon);
    *hidden = waiting;
    if ready.is_empty() {
        return Ok(());
    }
    let topics: BTreeSet<Topic> = ready.iter().flat_map(|one| one.topics.iter().cloned()).collect();
    if !topics.is_empty() {
        announcer.feed.send(FeedChange::Topics(topics.iter().cloned().collect())).ok();
    }
    let mut said = Announcement {
        node: node.to_owned(),
        topics: Some(topics.iter().map(|topic| topic.as_str().to_owned()).collect()),
        timers: ready.iter().any(|one| one.timers),
    };
    let mut payload = serde_json::to_string(&said).unwrap_or_default();
    if payload.len() > LONGEST_PAYLOAD {
        said.topics = None;
        payload = serde_json::to_string(&said).unwrap_or_default();
    }
    link.fetch("SELECT pg_notify($1, $2) IS NULL", vec![text(CHANNEL), text(payload)]).await?;
    Ok(())
}

/// Hears what other nodes say. After a lost connection, and now and then in any case, it says "look everywhere".
pub(crate) async fn listen(
    options: PgConnectOptions,
    node: String,
    announcer: Announcer,
    (clock, stop): Pace,
) {
    loop {
        tokio::select! {
            () = stop.cancelled() => return,
            failure = listen_once(&options, &node, &announcer, &*clock) => {
                if let Err(failure) = failure {
                    warn!(error = ?failure, "not listening to other nodes at the moment");
                }
            }
        }
        everything_may_have_changed(&announcer);
        tokio::select! {
            () = stop.cancelled() => return,
            () = clock.sleep(RECONNECT_PAUSE) => {}
        }
    }
}

async fn listen_once(
    options: &PgConnectOptions,
    node: &str,
    announcer: &Announcer,
    clock: &dyn Clock,
) -> Result<(), sqlx::Error> {
    let pool = readers(options.clone(), 1);
    let mut listener = PgListener::connect_with(&pool).await?;
    listener.listen(CHANNEL).await?;
    loop {
        let heard = tokio::select! {
            heard = listener.try_recv() => heard,
            () = clock.sleep(FALLBACK_POLL) => {
                everything_may_have_changed(announcer);
                continue;
            }
        };
        let Some(notification) = heard? else { return Ok(()) };
        let said: Announcement = serde_json::from_str(notification.payload()).unwrap_or_default();
        if said.node != node {
            repeat(announcer, said);
        }
    }
}

fn repeat(announcer: &Announcer, said: Announcement) {
    let change = said.topics.map_or(FeedChange::Unknown, |topics| {
        FeedChange::Topics(topics.into_iter().map(Topic::stored).collect())
    });
    if !matches!(&change, FeedChange::Topics(topics) if topics.is_empty()) {
        announcer.feed.send(change).ok();
    }
    if said.timers {
        announcer.timers.send(TimerChange::Unknown).ok();
    }
}

fn everything_may_have_changed(announcer: &Announcer) {
    announcer.feed.send(FeedChange::Unknown).ok();
    announcer.timers.send(TimerChange::Unknown).ok();
}
