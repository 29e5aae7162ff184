//! Who is told what: the changes of alerts that follow from events.

use serde::{Deserialize, Serialize};

use crate::ids::PersonId;
use crate::time::Timestamp;

/// What an alert asks for. Decides window, sound and words.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    Deserialize,
    ts_rs::TS,
    utoipa::ToSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum AlertKind {
    /// To the leader (or the deputy standing in): please take over. Interrupts.
    LeaderNotice,
    /// To the clerk: 领导未送达,建议直接启动流程. Interrupts.
    Undelivered,
    /// To the clerk and the lower levels: it has climbed. Informs.
    Climbed,
    /// To the complaint group: a flow waits for its first callback. Interrupts.
    CallbackDue,
    /// To group, head or department: T3 overdue. Interrupts.
    CallbackOverdue,
    /// To the reporter: the number is wrong, give another. Interrupts.
    NumberNeeded,
    /// To the reporter: what became of it. Informs.
    Outcome,
}

/// A change of alerts that follows from events. To be carried out in order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AlertChange {
    /// Tell this person.
    Raise {
        /// Whom.
        person_id: PersonId,
        /// What is asked.
        kind: AlertKind,
        /// The ladder level; for [`AlertKind::CallbackOverdue`] the step 1, 2, 3; otherwise 0. A [`AlertKind::Climbed`]
        /// names the level it climbed to, 0 when the system started the flow above the top.
        level: u8,
        /// Until when, where a clock runs.
        due_at: Option<Timestamp>,
    },
    /// The clock of alerts already raised has begun to run (T2 at the first delivery): they show this moment from now.
    Clock {
        /// Which kind.
        kind: AlertKind,
        /// Which level.
        level: u8,
        /// Until when.
        due_at: Timestamp,
    },
    /// What was asked is no longer needed from this person (`None`: from anybody).
    Close {
        /// From whom.
        person_id: Option<PersonId>,
        /// Which kind (`None`: every kind that asks for something).
        kind: Option<AlertKind>,
        /// Why, for the person who still looks at it.
        reason: AlertEnd,
    },
}

/// Why an alert is over.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    Deserialize,
    ts_rs::TS,
    utoipa::ToSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum AlertEnd {
    /// This person acknowledged it (on any device).
    Acknowledged,
    /// Somebody else took it.
    TakenByOther,
    /// It climbed to the next level.
    Climbed,
    /// It was settled.
    Settled,
    /// The flow was started.
    FlowStarted,
    /// The case was withdrawn or voided.
    CaseEnded,
}
