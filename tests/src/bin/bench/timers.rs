//! Lateness of the engine: 10,000 timers that run out over ten seconds, in a real server.
//!
//! Clerks who noticed a customer almost five minutes ago start their timers now; each is due one millisecond after the
//! one before. How late each was decided stands in its event.

use std::path::Path;
use std::sync::Arc;

use anyhow::{Context, Result, ensure};
use chayan_api::commands::CaseAction;
use chayan_domain::case::{CaseEvent, EventBody};
use chayan_domain::ids::CaseId;
use chayan_domain::rules::{LimitName, RuleSet};
use chayan_domain::time::{Span, Timestamp};
use chayan_runtime::{Clock, SystemClock};
use chayan_tests::stopwatch::Sample;
use chayan_tests::world::{Database, SignedIn};

use crate::crowd::{Crowd, SENDERS};
use crate::figures::{Figures, Target};
use crate::reports::open;

const TIMERS: usize = 10_000;
/// From now to the first one that runs out: long enough to start them all, warnings included.
const LEAD: Span = Span::seconds(45);
/// After the last one is due.
const AFTER: Span = Span::seconds(5);

/// Starts them, waits, and reads the events.
pub(crate) async fn run(folder: &Path, figures: &mut Figures) -> Result<()> {
    let mut crowd = Crowd::gather(folder, &Database::Sqlite).await?;
    let first = SystemClock.now().plus(LEAD);
    let cases = start_all(&crowd.clerks, first).await?;
    let spare = first.since(SystemClock.now());
    ensure!(spare.0 > 0, "starting them took longer than the lead");
    let last = first.plus(Span::millis(i64::try_from(TIMERS)?));
    SystemClock.sleep_until(last.plus(AFTER)).await;
    crowd.centre.stop().await?;
    let store = open(&crowd.centre).await?;
    let mut late = Sample::default();
    for (case_id, due_at) in cases {
        let events = store.events(case_id).await?;
        for event in &events {
            let event: CaseEvent = serde_json::from_slice(&event.bytes).context("an event")?;
            if matches!(event.body, EventBody::TimingOverdue { .. }) {
                late.add(event.at.since(due_at).0 as f64);
            }
        }
    }
    store.shutdown().await;
    let fired = late.count();
    let name = |what: &str| format!("10,000 timers over 10 s: {what}");
    figures.add(&name("lateness, p50"), late.percentile(50), "ms", Target::None);
    figures.add(&name("lateness, p99"), late.percentile(99), "ms", Target::AtMost(50.0));
    figures.add(&name("lateness, max"), late.max(), "ms", Target::None);
    ensure!(fired == TIMERS, "{fired} of {TIMERS} fired");
    Ok(())
}

async fn start_all(clerks: &[SignedIn], first: Timestamp) -> Result<Vec<(CaseId, Timestamp)>> {
    let limits = RuleSet::standard().limits;
    let t1 = limits.iter().find(|limit| limit.name == LimitName::T1).context("T1")?.span;
    let next = Arc::new(std::sync::atomic::AtomicUsize::new(0));
    let starters = clerks.iter().take(SENDERS).map(|clerk| {
        let (clerk, next) = (clerk.clone(), next.clone());
        tokio::spawn(async move {
            let mut started = Vec::new();
            loop {
                let number = next.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
                if number >= TIMERS {
                    return anyhow::Ok(started);
                }
                let due_at = first.plus(Span::millis(i64::try_from(number)?));
                let case_id = SignedIn::new_case();
                clerk.act(case_id, CaseAction::StartTiming { found_at: due_at.minus(t1) }).await?;
                started.push((case_id, due_at));
            }
        })
    });
    let mut all = Vec::new();
    for starter in starters.collect::<Vec<_>>() {
        all.extend(starter.await.context("a clerk ended early")??);
    }
    Ok(all)
}
