//! Lateness of the engine: 10,000 timers that run out over ten seconds, in a real server.
//!
//! Clerks who noticed a customer almost five minutes ago start their timers now; each is due one millisecond after the
//! one before. The server's log says of each how late it was when what it led to was durable.

use std::collections::HashSet;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use anyhow::{Context, Result, ensure};
use chayan_api::commands::CaseAction;
use chayan_domain::case::TimerName;
use chayan_domain::ids::CaseId;
use chayan_domain::rules::{LimitName, RuleSet};
use chayan_domain::time::{Span, Timestamp};
use chayan_runtime::{Clock, SystemClock};
use chayan_tests::stopwatch::Sample;
use chayan_tests::world::{Database, SignedIn};
use serde::Deserialize;

use crate::crowd::{Crowd, SENDERS};
use crate::figures::{Figures, Target};

const TIMERS: usize = 10_000;
/// From now to the first one that runs out: long enough to start them all, warnings included.
const LEAD: Span = Span::seconds(45);
/// After the last one is due.
const AFTER: Span = Span::seconds(5);

/// A line that the engine writes for every timer.
#[derive(Deserialize)]
struct Fired {
    case_id: CaseId,
    timer: String,
    late_ms: f64,
}

/// Starts them, waits, and reads the log.
pub(crate) async fn run(folder: &Path, figures: &mut Figures) -> Result<()> {
    let mut crowd = Crowd::gather(folder, &Database::Sqlite, "warn,chayan_server::engine=debug").await?;
    let first = SystemClock.now().plus(LEAD);
    let started = start_all(&crowd.clerks, first).await?;
    let spare = first.since(SystemClock.now());
    ensure!(spare.0 > 0, "starting them took longer than the lead");
    let last = first.plus(Span::millis(i64::try_from(TIMERS)?));
    SystemClock.sleep_until(last.plus(AFTER)).await;
    crowd.centre.stop().await?;
    let log = std::fs::read_to_string(crowd.centre.log())?;
    let t1 = format!("{:?}", TimerName::T1);
    let (mut late, mut fired) = (Sample::default(), HashSet::new());
    for line in log.lines().filter_map(|line| serde_json::from_str::<Fired>(line).ok()) {
        if line.timer == t1 {
            late.add(line.late_ms);
            ensure!(fired.insert(line.case_id), "{} fired twice", line.case_id);
        }
    }
    let name = |what: &str| format!("10,000 timers over 10 s: {what}");
    figures.add(&name("lateness, p50"), late.percentile(50), "ms", Target::None);
    figures.add(&name("lateness, p99"), late.percentile(99), "ms", Target::AtMost(50.0));
    figures.add(&name("lateness, max"), late.max(), "ms", Target::None);
    ensure!(fired == started, "{} of {TIMERS} fired", fired.len());
    Ok(())
}

/// The cases whose timers run.
async fn start_all(clerks: &[SignedIn], first: Timestamp) -> Result<HashSet<CaseId>> {
    let limits = RuleSet::standard().limits;
    let t1 = limits.iter().find(|limit| limit.name == LimitName::T1).context("T1")?.span;
    let next = Arc::new(AtomicUsize::new(0));
    let starters = clerks.iter().take(SENDERS).map(|clerk| {
        let (clerk, next) = (clerk.clone(), next.clone());
        tokio::spawn(async move {
            let mut started = Vec::new();
            loop {
                let number = next.fetch_add(1, Ordering::Relaxed);
                if number >= TIMERS {
                    return anyhow::Ok(started);
                }
                let due_at = first.plus(Span::millis(i64::try_from(number)?));
                let case_id = SignedIn::new_case();
                clerk.act(case_id, CaseAction::StartTiming { found_at: due_at.minus(t1) }).await?;
                started.push(case_id);
            }
        })
    });
    let mut all = HashSet::new();
    for starter in starters.collect::<Vec<_>>() {
        all.extend(starter.await.context("a clerk ended early")??);
    }
    Ok(all)
}
