//! A case as the matching sees it: its keys, its evidence, and when it was open.

use serde::{Deserialize, Serialize};

use crate::case::VoidReason;
use crate::evidence::ReportTime;
use crate::ids::{CaseId, PersonId};
use crate::time::Timestamp;

use super::key::Key;

/// One case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CaseRecord {
    /// 案件编号
    pub case_id: CaseId,
    /// Whether it counts at all.
    pub standing: Standing,
    /// The surviving case after 并案: one matter with it from then on.
    pub merged_into: Option<CaseId>,
    /// Everything by which it may be found.
    pub keys: Vec<CaseKey>,
    /// From when to when it was open; several spans after 复开.
    pub open: Vec<OpenSpan>,
    /// What it proves. A timer or a draft alone proves nothing.
    pub evidence: Vec<Evidence>,
}

/// Whether a case counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Standing {
    /// It does, also after 撤回.
    Counts,
    /// 误触取消
    Discarded,
    /// 作废: 误触 and 测试 never count; 重复并案 does, where it was made.
    Voided(VoidReason),
}

impl Standing {
    pub(super) const fn counts(self) -> bool {
        !matches!(self, Self::Discarded | Self::Voided(VoidReason::Accidental | VoidReason::Test))
    }
}

/// A key of a case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CaseKey {
    /// The key.
    pub key: Key,
    /// A later supplement brought it: it counts, and the reason says so.
    pub supplemented: bool,
}

/// Half-open `[from, to)`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OpenSpan {
    /// First moment.
    pub from: Timestamp,
    /// First moment after; `None` while it is open.
    pub to: Option<Timestamp>,
}

/// One piece of evidence. Each keeps its kind and its time through every merge.
#[derive(
    Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ts_rs::TS, utoipa::ToSchema,
)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Evidence {
    /// 流程 jsk.22
    Flow {
        /// Effective report time.
        time: ReportTime,
    },
    /// 报直接领导 through the system, one for each level.
    Notice {
        /// From 1.
        level: u8,
        /// When the centre received it, or the interval of an offline one.
        sent: ReportTime,
        /// First delivery to the leader or the deputy, by the centre's clock.
        delivered_at: Option<Timestamp>,
    },
    /// 口头报告
    Verbal {
        /// From 1.
        level: u8,
        /// Effective time of the clerk's record.
        claimed: ReportTime,
        /// The leader's proof; `None` where it was refused or never given.
        countersign: Option<Countersign>,
    },
    /// 已当场化解·留痕
    Spot {
        /// Effective time.
        time: ReportTime,
    },
    /// 隔离: refused by the centre, of whatever kind.
    Quarantined {
        /// Effective time.
        time: ReportTime,
    },
}

/// A leader's countersign.
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
pub struct Countersign {
    /// When it was given.
    pub signed_at: Timestamp,
    /// When the leader says to have been told; it holds over the clerk's time.
    pub told_at: Timestamp,
}

/// 手工关联: somebody said that a case belongs to this complaint or to one that is the same. The reason is stored
/// beside it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// Which case.
    pub case_id: CaseId,
    /// Who said so.
    pub by: PersonId,
}

impl Evidence {
    /// The effective time by which a case comes near a complaint.
    pub(super) const fn time(&self) -> &ReportTime {
        match self {
            Self::Flow { time } | Self::Spot { time } | Self::Quarantined { time } => time,
            Self::Notice { sent, .. } => sent,
            Self::Verbal { claimed, .. } => claimed,
        }
    }
}
