//! The engine: fires every durable timer at its moment, once.
//!
//! It keeps the next timers in memory, sleeps until the first is due and is woken by commits; nothing polls while it
//! sleeps (on PostgreSQL, another node's timers are looked for now and then). It decides nothing: a due timer becomes a
//! command of the system like any other, and the commit that carries it out checks that the timer is still armed. So a
//! timer that two nodes fire, or that was answered a moment ago, leads to nothing.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use chayan_domain::ids::CaseId;
use chayan_domain::time::{Span, Timestamp};
use chayan_store::{Target, TimerChange, TimerRow};
use tokio::sync::broadcast::error::RecvError;
use tokio::sync::{Semaphore, mpsc};
use tracing::{debug, info, warn};

use crate::centre::Centre;
use crate::service::fire;

/// Timers kept in memory; later ones are read when their time comes nearer.
const KEPT: u32 = 50_000;
/// Waits after failures: one second, doubled each time, at most this, plus up to a quarter at random.
const LONGEST_BACKOFF: Span = Span::seconds(30);
/// A timer noticed later than this is worth a log line.
const LATE: Span = Span::seconds(1);

/// Runs until it is dropped.
pub(crate) async fn run(centre: Centre) {
    let (failed, failures) = mpsc::unbounded_channel();
    let turns = Arc::new(Semaphore::new(usize::try_from(centre.config.engine_concurrency).unwrap_or(1)));
    let engine = Engine { centre, turns, failed, waiting: Waiting::default(), horizon: None };
    engine.run(failures).await;
}

/// What is armed, by moment and by case.
#[derive(Default)]
struct Waiting {
    by_moment: BTreeSet<(Timestamp, TimerRow)>,
    by_case: HashMap<CaseId, Vec<(Timestamp, TimerRow)>>,
}

impl Waiting {
    fn put(&mut self, at: Timestamp, row: TimerRow) {
        if self.by_moment.insert((at, row)) {
            self.by_case.entry(row.case_id).or_default().push((at, row));
        }
    }

    /// Forgets the timers of a case.
    fn clear(&mut self, case_id: CaseId) {
        for entry in self.by_case.remove(&case_id).unwrap_or_default() {
            self.by_moment.remove(&entry);
        }
    }

    fn next(&self) -> Option<Timestamp> {
        self.by_moment.first().map(|(at, _)| *at)
    }

    fn take_due(&mut self, now: Timestamp) -> Option<TimerRow> {
        let entry = *self.by_moment.first().filter(|(at, _)| *at <= now)?;
        self.by_moment.remove(&entry);
        if let Some(of_case) = self.by_case.get_mut(&entry.1.case_id) {
            of_case.retain(|other| *other != entry);
            if of_case.is_empty() {
                self.by_case.remove(&entry.1.case_id);
            }
        }
        Some(entry.1)
    }
}

/// A timer that could not be fired, and how often it was tried.
struct Failure {
    row: TimerRow,
    tries: u32,
}

struct Engine {
    centre: Centre,
    turns: Arc<Semaphore>,
    failed: mpsc::UnboundedSender<Failure>,
    waiting: Waiting,
    /// Later timers than this were not read; `None` when all were.
    horizon: Option<Timestamp>,
}

impl Engine {
    async fn run(mut self, mut failures: mpsc::UnboundedReceiver<Failure>) {
        let mut changes = self.centre.store.timer_changes();
        let mut retries: HashMap<TimerRow, u32> = HashMap::new();
        let mut reread = self.read().await;
        loop {
            self.fire_due(&mut retries);
            let clock = Arc::clone(&self.centre.clock);
            let wake_at = [self.waiting.next(), self.horizon, reread].into_iter().flatten().min();
            let sleep = async {
                match wake_at {
                    Some(moment) => clock.sleep_until(moment).await,
                    None => std::future::pending().await,
                }
            };
            tokio::select! {
                change = changes.recv() => match change {
                    Ok(TimerChange::Case { case_id, timers }) => {
                        self.waiting.clear(case_id);
                        for timer in timers.iter() {
                            self.waiting.put(timer.due_at, TimerRow { case_id, timer: *timer });
                        }
                    }
                    Ok(TimerChange::Unknown) | Err(RecvError::Lagged(_)) => reread = self.read().await,
                    Err(RecvError::Closed) => return,
                },
                Some(failure) = failures.recv() => {
                    let wait = self.backoff(failure.tries);
                    retries.insert(failure.row, failure.tries);
                    self.waiting.put(self.centre.clock.now().plus(wait), failure.row);
                }
                () = sleep => {
                    let now = self.centre.clock.now();
                    if self.horizon.is_some_and(|horizon| horizon <= now) || reread.is_some_and(|at| at <= now) {
                        reread = self.read().await;
                    }
                }
            }
        }
    }

    /// Reads what is armed; answers when to read again although nobody says so.
    async fn read(&mut self) -> Option<Timestamp> {
        let now = self.centre.clock.now();
        match self.centre.store.next_timers(KEPT).await {
            Ok(rows) => {
                let full = u32::try_from(rows.len()).is_ok_and(|count| count >= KEPT);
                self.horizon = rows.last().filter(|_| full).map(|row| row.timer.due_at);
                self.waiting = Waiting::default();
                for row in rows {
                    self.waiting.put(row.timer.due_at, row);
                }
                let shared = matches!(self.centre.config.store.parse(), Ok(Target::Postgres(_)));
                shared.then(|| now.plus(Span::seconds(self.centre.config.engine_poll_seconds.into())))
            }
            Err(error) => {
                warn!(cause = ?error, "timers cannot be read");
                Some(now.plus(self.backoff(1)))
            }
        }
    }

    /// Starts whatever is due. Each waits for its turn in a task of its own, so the engine goes on listening.
    fn fire_due(&mut self, retries: &mut HashMap<TimerRow, u32>) {
        let now = self.centre.clock.now();
        while let Some(row) = self.waiting.take_due(now) {
            let tries = retries.remove(&row).unwrap_or(0);
            let (centre, turns, failed) = (self.centre.clone(), Arc::clone(&self.turns), self.failed.clone());
            self.centre.tasks.spawn_finishing("timer", async move {
                let Ok(_turn) = turns.acquire_owned().await else { return };
                if let Err(error) = fire_one(&centre, row).await {
                    warn!(case_id = %row.case_id, timer = ?row.timer.name, tries, cause = ?error, "timer not fired");
                    // Nobody listens only when the engine has stopped; the timer is durable and fires at the next start.
                    let _stopped = failed.send(Failure { row, tries: tries + 1 }).is_err();
                }
            });
        }
    }

    fn backoff(&self, tries: u32) -> Span {
        let doubled = Span::seconds(1_i64.checked_shl(tries.saturating_sub(1)).unwrap_or(i64::MAX))
            .min(LONGEST_BACKOFF);
        let jitter = self.centre.entropy.up_to(doubled.0.unsigned_abs() / 4);
        Span(doubled.0.saturating_add(i64::try_from(jitter).unwrap_or(0)))
    }
}

async fn fire_one(centre: &Centre, row: TimerRow) -> Result<(), chayan_store::StoreError> {
    let fired = fire::fire(centre, row).await?;
    // Taken now: what the timer led to is durable.
    let late = centre.clock.now().since(row.timer.due_at);
    if fired && late > LATE {
        info!(case_id = %row.case_id, timer = ?row.timer.name, late_ms = late.0, "timer fired late");
    } else if fired {
        debug!(case_id = %row.case_id, timer = ?row.timer.name, late_ms = late.0, "timer fired");
    }
    Ok(())
}
