//! 逐级报告 as a case keeps it: its levels, and what was told by word of mouth.

use serde::{Deserialize, Serialize};

use crate::evidence::ReportTime;
use crate::ids::PersonId;
use crate::time::Timestamp;

use super::round::Stamp;

/// How a ladder level ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ts_rs::TS, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum LevelEnd {
    /// 化解
    Resolved,
    /// 上报 by a person
    Escalated,
    /// 流程 started (by anyone)
    FlowStarted,
    /// T2 ran out; the system climbed
    RanOut,
    /// Not delivered in time; the system climbed
    Undelivered,
    /// Leader and deputies all absent: never notified
    SkippedAbsent,
    /// A verbal report that the leader neither confirmed nor refused in time; the system climbed
    Unconfirmed,
    /// A verbal report that the leader says was never made
    Refused,
}

/// 口头报告: the clerk's claim to have told a leader, and what the leader says of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS, utoipa::ToSchema)]
pub struct VerbalClaim {
    /// When the clerk says it was.
    pub told_at: Timestamp,
    /// The time of the claim itself, as evidence.
    pub report_time: ReportTime,
    /// 会签: by whom and when; where the leader's time differs, the leader's holds.
    pub confirmed: Option<Stamp>,
    /// The time that the leader confirmed.
    pub confirmed_for: Option<Timestamp>,
    /// Who said that it was never made, and when.
    pub refused: Option<Stamp>,
}

impl VerbalClaim {
    /// Whether nobody has answered it yet.
    #[must_use]
    pub const fn is_open(&self) -> bool {
        self.confirmed.is_none() && self.refused.is_none()
    }
}

/// One level of the ladder (逐级报告). Level 1 is the reporter's direct leader.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS, utoipa::ToSchema)]
pub struct Level {
    /// From 1 upward.
    pub level: u8,
    /// The leader of this level.
    pub leader: PersonId,
    /// The deputy who was alerted too (absence or non-delivery), the latest one.
    pub deputy: Option<PersonId>,
    /// Everybody who got the notice at this level: the leader, then deputies in order. Empty for a skipped level.
    pub alerted: Vec<PersonId>,
    /// When the notice was sent.
    pub notified_at: Timestamp,
    /// First delivery to a device of the leader or of the deputy; T2 runs from here.
    pub delivered_at: Option<Timestamp>,
    /// Whether the delivery check already told the clerk (once).
    pub undelivered_told: bool,
    /// First display.
    pub shown_at: Option<Timestamp>,
    /// First acknowledgement, and by whom.
    pub acknowledged_at: Option<Timestamp>,
    /// Who took it over (确认接手).
    pub taken_over_by: Option<PersonId>,
    /// 口头报告: this level was told by word of mouth.
    #[serde(default)]
    pub verbal: Option<VerbalClaim>,
    /// When this level ended and how.
    pub ended_at: Option<Timestamp>,
    /// How it ended.
    pub end: Option<LevelEnd>,
}
