//! The feed: what listeners should know, per topic, in an order in which nothing is skipped.
//!
//! Sequence numbers do not commit in order. SQLite has one writer, so its order is the order of commits. On PostgreSQL
//! a reader sees only rows of transactions older than the oldest that still runs, ordered by transaction and number.

use std::str::FromStr;
use std::sync::Arc;

use chayan_domain::ids::{AlertId, CaseId, EventId, PersonId};
use chayan_domain::time::Timestamp;
use serde::{Deserialize, Serialize};

use crate::Store;
use crate::error::StoreError;
use crate::sql::{Dialect, Param, Row, int, keyed, text};
use crate::words::from_word;

/// Who should know: `person:<工号>`, `role:CMP`, `unit:<机构代码>`, `all`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Topic(String);

impl Topic {
    /// Everybody.
    #[must_use]
    pub fn all() -> Self {
        Self("all".to_owned())
    }

    /// One person.
    #[must_use]
    pub fn person(person_id: &PersonId) -> Self {
        Self(format!("person:{person_id}"))
    }

    /// Everybody with this role word, for example `CMP`.
    #[must_use]
    pub fn role(role: &str) -> Self {
        Self(format!("role:{role}"))
    }

    /// Everybody who watches this unit.
    #[must_use]
    pub fn unit(unit_id: &str) -> Self {
        Self(format!("unit:{unit_id}"))
    }

    /// Nobody's desk: the nodes of the centre tell one another that absences changed.
    #[must_use]
    pub fn nodes() -> Self {
        Self("nodes".to_owned())
    }

    /// The topic as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    pub(crate) fn stored(text: String) -> Self {
        Self(text)
    }
}

/// What a feed row says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FeedKind {
    /// A case is at a new version.
    CaseChanged,
    /// A new alert.
    AlertRaised,
    /// An alert changed.
    AlertChanged,
    /// An alert is over.
    AlertEnded,
    /// Directory or rules are at a new version.
    ReferenceChanged,
    /// A session was ended; `detail` names it.
    SessionEnded,
}

/// A row to be appended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FeedDraft {
    /// Who should know.
    pub topic: Topic,
    /// The same event under two topics has one id.
    pub event_id: EventId,
    /// The centre's clock.
    pub at: Timestamp,
    /// What it says.
    pub kind: FeedKind,
    /// About which case.
    pub case_id: Option<CaseId>,
    /// About which alert.
    pub alert_id: Option<AlertId>,
    /// What the kind needs beside them; no customer data.
    pub detail: Option<String>,
}

/// A place in the feed. As text it travels to clients and back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Cursor {
    pub(crate) transaction: i64,
    pub(crate) sequence: i64,
}

impl std::fmt::Display for Cursor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}-{}", self.transaction, self.sequence)
    }
}

impl FromStr for Cursor {
    type Err = BadCursor;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (transaction, sequence) = text.split_once('-').ok_or(BadCursor)?;
        let number =
            |digits: &str| digits.parse::<u64>().ok().and_then(|n| i64::try_from(n).ok()).ok_or(BadCursor);
        Ok(Self { transaction: number(transaction)?, sequence: number(sequence)? })
    }
}

/// A text that is no cursor of any feed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a feed cursor")]
pub struct BadCursor;

/// One row as read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FeedRow {
    /// Where to go on from after this row.
    pub cursor: Cursor,
    /// What was appended.
    pub event: FeedDraft,
}

/// Rows in order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FeedPage {
    /// At most as many as asked for.
    pub rows: Vec<FeedRow>,
    /// Where to go on from, also when there are no rows.
    pub cursor: Cursor,
    /// More is waiting.
    pub more: bool,
}

/// The feed has new rows that can be read now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FeedChange {
    /// Under these topics.
    Topics(Arc<[Topic]>),
    /// Perhaps, somewhere: look.
    Unknown,
}

/// Rows that nothing can still slip in before, after a place, under some topics.
macro_rules! page {
    ($readable:literal, $order:literal) => {
        concat!(
            "SELECT xid, seq, topic, event_id, at, kind, case_id, alert_id, detail FROM feed WHERE ",
            $readable,
            " AND topic {in keys} ORDER BY ",
            $order,
            " LIMIT $3"
        )
    };
}

const SQLITE_PAGE: &str = page!("seq > $2 AND $1 >= 0", "seq");
const POSTGRES_PAGE: &str = page!(
    "(xid, seq) > ($1, $2) AND xid < pg_snapshot_xmin(pg_current_snapshot())::text::bigint",
    "xid, seq"
);
/// The highest number ever given, also when its row was forgotten.
const SQLITE_TAIL: &str = "SELECT 0, COALESCE((SELECT seq FROM sqlite_sequence WHERE name = 'feed'), 0)";
/// Everything from the oldest running transaction on is still to come.
const POSTGRES_TAIL: &str =
    "SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint - 1, 9223372036854775807";

impl Store {
    /// Rows of any of `topics` after `cursor`, in order, at most `limit` (and at least one). Skips nothing: a row that
    /// is committed later comes after every row returned. More than 64 topics are the caller's mistake.
    ///
    /// # Errors
    /// [`StoreError::Backend`], [`StoreError::Corrupt`].
    pub async fn feed_after(
        &self,
        topics: &[Topic],
        cursor: Cursor,
        limit: u32,
    ) -> Result<FeedPage, StoreError> {
        let limit = limit.max(1);
        let mut rows = Vec::new();
        if !topics.is_empty() {
            let mut link = self.reader().await?;
            let template = match link.dialect() {
                Dialect::Sqlite => SQLITE_PAGE,
                Dialect::Postgres => POSTGRES_PAGE,
            };
            let topics: Vec<Param> = topics.iter().map(|topic| text(topic.as_str())).collect();
            let (sql, keys) = keyed(link.dialect(), template, &topics, 3);
            let mut params = vec![int(cursor.transaction), int(cursor.sequence), int(i64::from(limit) + 1)];
            params.extend(keys);
            rows = link.fetch(sql, params).await?.iter().map(read).collect::<Result<_, _>>()?;
        }
        let wanted = usize::try_from(limit).unwrap_or(usize::MAX);
        let more = rows.len() > wanted;
        rows.truncate(wanted);
        let cursor = rows.last().map_or(cursor, |row| row.cursor);
        Ok(FeedPage { rows, cursor, more })
    }

    /// The place after everything that can be read now.
    ///
    /// # Errors
    /// [`StoreError::Backend`].
    pub async fn feed_tail(&self) -> Result<Cursor, StoreError> {
        let mut link = self.reader().await?;
        let sql = match link.dialect() {
            Dialect::Sqlite => SQLITE_TAIL,
            Dialect::Postgres => POSTGRES_TAIL,
        };
        let rows = link.fetch(sql, Vec::new()).await?;
        let row = rows.first().ok_or(StoreError::Corrupt { what: "feed" })?;
        Ok(Cursor { transaction: row.int(0)?, sequence: row.int(1)? })
    }
}

fn read(row: &Row) -> Result<FeedRow, StoreError> {
    const WHAT: &str = "feed row";
    Ok(FeedRow {
        cursor: Cursor { transaction: row.int(0)?, sequence: row.int(1)? },
        event: FeedDraft {
            topic: Topic::stored(row.text(2)?),
            event_id: row.parse(3, WHAT)?,
            at: Timestamp(row.int(4)?),
            kind: from_word(row.text(5)?, WHAT)?,
            case_id: row.opt_parse(6, WHAT)?,
            alert_id: row.opt_parse(7, WHAT)?,
            detail: row.opt_text(8)?,
        },
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_survives_the_way_to_the_client_and_back_and_nothing_else_is_one() {
        for (transaction, sequence) in [(0, 0), (0, 7), (712, i64::MAX)] {
            let cursor = Cursor { transaction, sequence };
            assert_eq!(cursor.to_string().parse(), Ok(cursor));
        }
        for text in ["", "7", "-", "1-", "-1-2", "1-2-3", "1--2", "x-1", "99999999999999999999-1"] {
            assert_eq!(text.parse::<Cursor>(), Err(BadCursor), "{text}");
        }
    }
}
