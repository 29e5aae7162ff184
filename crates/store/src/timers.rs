//! Armed timers, as the engine reads them.

use std::sync::Arc;

use chayan_domain::case::Timer;
use chayan_domain::ids::CaseId;
use chayan_domain::time::Timestamp;

use crate::Store;
use crate::error::StoreError;
use crate::sql::{Link, Param, Row, fetch_by_keys, int};
use crate::words::{from_word, word};

macro_rules! columns {
    () => {
        "SELECT case_id, name, level, due_at FROM timers WHERE "
    };
}

/// A timer of a case.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TimerRow {
    /// The case.
    pub case_id: CaseId,
    /// Name, level and moment.
    pub timer: Timer,
}

/// Timers changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TimerChange {
    /// These are all the timers that the case now has.
    Case {
        /// The case.
        case_id: CaseId,
        /// In no particular order; empty when none is armed.
        timers: Arc<[Timer]>,
    },
    /// Perhaps, somewhere (another node): read the table.
    Unknown,
}

impl Store {
    /// Timers due at or before `moment`, earliest first.
    ///
    /// # Errors
    /// [`StoreError::Backend`], [`StoreError::Corrupt`].
    pub async fn timers_due_before(
        &self,
        moment: Timestamp,
        limit: u32,
    ) -> Result<Vec<TimerRow>, StoreError> {
        let sql = concat!(columns!(), "due_at <= $1 ORDER BY due_at, timer_key LIMIT $2");
        let rows = self.fetch(sql, vec![int(moment.0), int(i64::from(limit))]).await?;
        rows.iter().map(read).collect()
    }

    /// The next timers, earliest first.
    ///
    /// # Errors
    /// [`StoreError::Backend`], [`StoreError::Corrupt`].
    pub async fn next_timers(&self, limit: u32) -> Result<Vec<TimerRow>, StoreError> {
        self.timers_due_before(Timestamp(i64::MAX), limit).await
    }
}

/// Timers of these cases.
pub(crate) async fn of_cases(link: &mut Link, ids: &[Param]) -> Result<Vec<TimerRow>, StoreError> {
    let rows = fetch_by_keys(link, concat!(columns!(), "case_id {in keys}"), ids).await?;
    rows.iter().map(read).collect()
}

/// One timer of one case, whatever its moment.
pub(crate) fn key(case_id: CaseId, timer: &Timer) -> String {
    format!("{case_id}/{}/{}", word(timer.name), timer.level)
}

fn read(row: &Row) -> Result<TimerRow, StoreError> {
    const WHAT: &str = "timer";
    Ok(TimerRow {
        case_id: row.parse(0, WHAT)?,
        timer: Timer {
            name: from_word(row.text(1)?, WHAT)?,
            level: u8::try_from(row.int(2)?).map_err(|_| StoreError::Corrupt { what: WHAT })?,
            due_at: Timestamp(row.int(3)?),
        },
    })
}
