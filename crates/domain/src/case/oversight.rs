//! 督办: who was urged, who saw it, and what was brought before a 分管领导.

use serde::{Deserialize, Serialize};

use crate::evidence::Commitment;
use crate::ids::PersonId;
use crate::time::Timestamp;

use super::event::Actor;
use super::round::Stamp;
use super::timer::TimerName;

/// What kind of urging.
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
pub enum UrgeKind {
    /// 预警, step 1: the limit comes near
    Warning,
    /// 催办, step 2: the limit has passed; or by hand
    Urge,
    /// 督办, step 3: the unit's head
    Head,
    /// 督办, step 4: the 分管领导
    Leader,
    /// 督办单, by hand
    Supervision,
}

impl UrgeKind {
    /// The kind of a step of supervision.
    #[must_use]
    pub const fn of_step(step: u8) -> Option<Self> {
        match step {
            1 => Some(Self::Warning),
            2 => Some(Self::Urge),
            3 => Some(Self::Head),
            4 => Some(Self::Leader),
            _ => None,
        }
    }

    /// The step of supervision; a 督办单 stands above the steps as 5.
    #[must_use]
    pub const fn step(self) -> u8 {
        match self {
            Self::Warning => 1,
            Self::Urge => 2,
            Self::Head => 3,
            Self::Leader => 4,
            Self::Supervision => 5,
        }
    }
}

/// One urging, by the system or by hand.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS, utoipa::ToSchema)]
pub struct Urge {
    /// From 1, over the whole case.
    pub number: u16,
    /// What kind.
    pub kind: UrgeKind,
    /// The clock that brought it about; `None` by hand.
    pub clock: Option<TimerName>,
    /// The round it is about; 0 before the first dispatch.
    pub round: u16,
    /// Its rework.
    pub rework: u16,
    /// Who urged.
    pub by: Actor,
    /// When.
    pub at: Timestamp,
    /// Who has to act.
    pub to: Vec<PersonId>,
    /// The 分管领导 who are told.
    pub leaders: Vec<PersonId>,
    /// Who saw it, and when.
    pub seen: Vec<Stamp>,
}

/// 点评 of a 分管领导.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS, utoipa::ToSchema)]
pub struct Comment {
    /// When.
    pub at: Timestamp,
    /// Their words.
    pub note: Commitment,
}

/// A case that was brought before a 分管领导. From then on that person may see it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS, utoipa::ToSchema)]
pub struct Escalation {
    /// To whom.
    pub person_id: PersonId,
    /// When, the latest time.
    pub at: Timestamp,
    /// When it was acknowledged since.
    pub acknowledged_at: Option<Timestamp>,
    /// 点评, oldest first.
    pub comments: Vec<Comment>,
}
