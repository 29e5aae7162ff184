//! The feed: what listeners should know, per topic, in an order in which nothing is skipped.
//!
//! Sequence numbers do not commit in order. SQLite has one writer, so its order is the order of commits. On PostgreSQL
//! a reader sees only rows of transactions older than the oldest that still runs, ordered by transaction and number.

use std::str::FromStr;
use std::sync::Arc;

use chayan_domain::ids::{AlertId, CaseId, EventId, PersonId};
use chayan_domain::time::Timestamp;
use serde::{Deserialize, Serialize};

use crate::error::StoreError;

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
