//! Running five-minute timers: durable, so that they live through a crash.

use chayan_domain::ids::CaseId;
use chayan_domain::time::Span;
use sqlx::sqlite::SqliteRow;
use sqlx::{Row, Sqlite, Transaction};

use super::{Result, Store, StoreFault, moment_of, parsed};
use crate::moment::Moment;

/// How a timer ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum TimerEnd {
    /// Answered: sealed by one of the exits.
    Answered,
    Discarded,
}

impl TimerEnd {
    const fn word(self) -> &'static str {
        match self {
            Self::Answered => "answered",
            Self::Discarded => "discarded",
        }
    }
}

/// One timer. Its moment is by the desk's clocks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct TimerRow {
    pub(crate) case_id: CaseId,
    pub(crate) owner: String,
    pub(crate) found: Moment,
    pub(crate) warn_after: Span,
    pub(crate) due_after: Span,
    pub(crate) discard_within: Span,
    pub(crate) warned: bool,
    pub(crate) overdue: bool,
    pub(crate) label: String,
}

impl Store {
    /// Writes a running timer. Without a label nothing of it is secret, so it needs no key.
    pub(crate) async fn put_timer(&self, timer: &TimerRow) -> Result<()> {
        let case_id = timer.case_id.to_string();
        let body = if timer.label.is_empty() {
            None
        } else {
            Some(self.vault.seal(&place(&case_id), &timer.label)?)
        };
        let mut change = self.begin().await?;
        sqlx::query(
            "INSERT INTO timers (case_id, owner, state, found_at, warn_after, due_after, discard_within, boot_id,
                                 since_boot, warned, overdue, body)
             VALUES ($1, $2, 'running', $3, $4, $5, $6, $7, $8, $9, $10, $11)
             ON CONFLICT (case_id) DO UPDATE SET owner = $2, warned = $9, overdue = $10, body = $11",
        )
        .bind(&case_id)
        .bind(&timer.owner)
        .bind(timer.found.at.0)
        .bind(timer.warn_after.0)
        .bind(timer.due_after.0)
        .bind(timer.discard_within.0)
        .bind(timer.found.elapsed.as_ref().map(|elapsed| elapsed.boot_id.clone()))
        .bind(timer.found.elapsed.as_ref().map(|elapsed| elapsed.since_boot.0))
        .bind(timer.warned)
        .bind(timer.overdue)
        .bind(body)
        .execute(&mut *change)
        .await?;
        Ok(change.commit().await?)
    }

    /// Every running timer, the oldest first.
    pub(crate) async fn running_timers(&self) -> Result<Vec<TimerRow>> {
        let rows = sqlx::query(
            "SELECT case_id, owner, found_at, warn_after, due_after, discard_within, boot_id, since_boot, warned,
                    overdue, body
             FROM timers WHERE state = 'running' ORDER BY found_at, case_id",
        )
        .fetch_all(&self.pool)
        .await?;
        rows.iter().map(|row| self.timer_of(row)).collect()
    }

    /// Notes that the warning or the end was said; each is said once.
    pub(crate) async fn mark_timer(&self, case_id: CaseId, overdue: bool) -> Result<()> {
        let mut change = self.begin().await?;
        sqlx::query("UPDATE timers SET warned = 1, overdue = max(overdue, $2) WHERE case_id = $1")
            .bind(case_id.to_string())
            .bind(overdue)
            .execute(&mut *change)
            .await?;
        Ok(change.commit().await?)
    }

    pub(crate) async fn end_timer(&self, case_id: CaseId, end: TimerEnd) -> Result<()> {
        let mut change = self.begin().await?;
        end_timer_in(&mut change, case_id, end).await?;
        Ok(change.commit().await?)
    }

    fn timer_of(&self, row: &SqliteRow) -> Result<TimerRow> {
        let case_id: String = row.try_get(0)?;
        let body: Option<Vec<u8>> = row.try_get(10)?;
        // A name that cannot be read (yet) is no reason to lose the timer.
        let label = body.and_then(|body| self.vault.open(&place(&case_id), &body).ok()).unwrap_or_default();
        Ok(TimerRow {
            case_id: parsed(&case_id)?,
            owner: row.try_get(1)?,
            found: moment_of(row.try_get(2)?, row.try_get(6)?, row.try_get(7)?),
            warn_after: Span(row.try_get(3)?),
            due_after: Span(row.try_get(4)?),
            discard_within: Span(row.try_get(5)?),
            warned: row.try_get(8)?,
            overdue: row.try_get(9)?,
            label,
        })
    }
}

pub(super) async fn end_timer_in(
    change: &mut Transaction<'_, Sqlite>,
    case_id: CaseId,
    end: TimerEnd,
) -> Result<()> {
    let done = sqlx::query("UPDATE timers SET state = $2 WHERE case_id = $1 AND state = 'running'")
        .bind(case_id.to_string())
        .bind(end.word())
        .execute(&mut **change)
        .await?;
    if done.rows_affected() == 0 && end == TimerEnd::Discarded {
        return Err(StoreFault::UnknownId);
    }
    Ok(())
}

fn place(case_id: &str) -> String {
    format!("timers.body/{case_id}")
}
