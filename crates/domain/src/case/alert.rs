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
    /// To a leader (or the deputy standing in): were you told by word of mouth? Interrupts.
    CountersignNeeded,
    /// To the clerk: the leader says that nothing was told; T1 is overdue. Interrupts.
    CountersignRefused,
    /// To the complaint group: a case waits for its dispatch. Interrupts.
    DispatchNeeded,
    /// To the customer-service department: a dispute waits for its ruling. Interrupts.
    RulingNeeded,
    /// To the lead department: a case waits for its signing. Interrupts.
    SignNeeded,
    /// To an assisting department: its help is asked. Informs.
    AssistanceAsked,
    /// To the handler: it is yours; also when a result was sent back. Interrupts.
    Assigned,
    /// To the heads: the case has no handler any more. Interrupts.
    HandlerNeeded,
    /// To who may approve: a result waits. Interrupts.
    ApprovalNeeded,
    /// To the complaint group: the second callback waits. Interrupts.
    RecallDue,
    /// To the customer-service department: 归档·未化解 is asked for. Interrupts.
    ArchiveApproval,
    /// To the handler or the department: it has to be done again. Interrupts.
    ReworkNeeded,
    /// 预警, 催办 or 督办 to who has to act. Interrupts.
    Urged,
    /// 督办 brought before a 分管领导. Interrupts.
    Escalated,
    /// A risk that must be known at once. Interrupts.
    Risk,
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
        /// names the level it climbed to, 0 when the system started the flow above the top. [`AlertKind::Urged`] and
        /// [`AlertKind::Escalated`] name the step of supervision, 5 for a 督办单.
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
