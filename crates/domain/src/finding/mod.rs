//! Article 9 (投诉比对): which cases answer a complaint, whether they came in time, and what follows.
//!
//! Three steps, each pure: [`unite`] makes one matter of a complaint that came from several sources, [`find`] gathers
//! the cases that may belong to it and decides in the rule's order, [`change`] says what a later run found otherwise.
//! Every piece of evidence alone leads to one place in that order and the first place wins, so the order of cases does
//! not matter, and a case that arrives later can only move a finding towards 有效.
//!
//! Keys are only ever compared for equality, so a blind index serves as well as the customer's own; no key stands in
//! a [`Finding`]. To which unit a finding is charged, appeals and rulings are not decided here.

mod candidates;
mod complaint;
mod decide;
mod key;
mod merge;
mod record;
mod time;

use serde::{Deserialize, Serialize};

use crate::ids::{CaseId, ComplaintNo, PersonId};
use crate::time::Span;

pub use complaint::{Complaint, Matter, unite};
pub use decide::{change, find};
pub use key::{Key, KeyKind};
pub use record::{CaseKey, CaseRecord, Countersign, Evidence, Link, OpenSpan, Standing};
pub use time::{ComplaintTime, Precision, Timing};

/// The numbers of the matching; each is 系统默认.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS, utoipa::ToSchema)]
pub struct FindingRules {
    /// How far before and after the complaint a case with an equal key is looked at.
    pub window: Span,
    /// The finest precision at which times are compared, whatever finer one is known.
    pub finest: Precision,
}

impl Default for FindingRules {
    fn default() -> Self {
        Self { window: Span::minutes(30 * 24 * 60), finest: Precision::Minute }
    }
}

/// 认定: the first that fits wins. The order is the rule's own.
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
pub enum Decision {
    /// A flow in time → 有效.
    FlowInTime,
    /// A notice delivered, or a verbal claim countersigned, in time → 有效.
    LeaderInTime,
    /// Something that might have been in time → 待认定.
    Doubtful,
    /// A spot trace in time → 待认定.
    SpotTrace,
    /// Records, all of them later → 9-2.
    OnlyLater,
    /// A verbal claim that nobody countersigned → 9-3.
    Unproven,
    /// No record → 9-1.
    NoRecord,
}

/// 未报告类型, or why it is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ts_rs::TS, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// 有效报告
    Valid,
    /// 待认定
    Pending,
    /// 9-1 无报告记录
    NoRecord,
    /// 9-2 报告晚于投诉
    Late,
    /// 9-3 报领导无法举证
    Unproven,
}

impl Decision {
    /// What it means for the complaint.
    #[must_use]
    pub const fn verdict(self) -> Verdict {
        match self {
            Self::FlowInTime | Self::LeaderInTime => Verdict::Valid,
            Self::Doubtful | Self::SpotTrace => Verdict::Pending,
            Self::OnlyLater => Verdict::Late,
            Self::Unproven => Verdict::Unproven,
            Self::NoRecord => Verdict::NoRecord,
        }
    }
}

/// What one piece of evidence is good for.
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
pub enum Ground {
    /// A flow not later than the complaint.
    FlowInTime,
    /// A notice delivered not later than the complaint.
    DeliveredInTime,
    /// A verbal claim countersigned not later than the complaint.
    CountersignedInTime,
    /// Its time cannot be told from the complaint's.
    TimeUncertain,
    /// Sent in time and not delivered by then.
    NotDelivered,
    /// Countersigned after the complaint.
    CountersignedAfter,
    /// 隔离: refused by the centre, and perhaps a report all the same.
    Quarantined,
    /// 不同事项: another claim number, and perhaps the same matter all the same.
    DifferentMatter,
    /// A spot trace not later than the complaint.
    SpotTrace,
    /// Later than the complaint.
    Later,
    /// A verbal claim without countersign.
    NotCountersigned,
    /// Later, and of another matter: no record of this one.
    LaterDifferentMatter,
}

/// One piece of evidence and what it is good for.
#[derive(
    Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ts_rs::TS, utoipa::ToSchema,
)]
pub struct Weighed {
    /// What it is good for.
    pub ground: Ground,
    /// The case it belongs to; after 并案 still the one it was made for.
    pub case_id: CaseId,
    /// The piece itself.
    pub evidence: Evidence,
}

/// An equal key, by its kind.
#[derive(
    Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ts_rs::TS, utoipa::ToSchema,
)]
pub struct KeyMatch {
    /// Which.
    pub kind: KeyKind,
    /// Only a later supplement brought it.
    pub supplemented: bool,
}

/// A case that may belong to the complaint.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS, utoipa::ToSchema)]
pub struct Candidate {
    /// Which case.
    pub case_id: CaseId,
    /// Equal keys; empty for one that is only linked by hand.
    pub matched: Vec<KeyMatch>,
    /// Who linked it by hand.
    pub linked_by: Vec<PersonId>,
    /// 不同事项: both name claim numbers, none of them equal, and nobody linked it by hand.
    pub different_matter: bool,
}

/// 认定 of one complaint with its reason.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS, utoipa::ToSchema)]
pub struct Finding {
    /// The surviving complaint.
    pub complaint_no: ComplaintNo,
    /// What was found.
    pub verdict: Verdict,
    /// The place in the order that decided.
    pub decision: Decision,
    /// The evidence that decided; empty only for 9-1.
    pub evidence: Vec<Weighed>,
    /// What else was weighed.
    pub others: Vec<Weighed>,
    /// Every case that was looked at, by its number.
    pub candidates: Vec<Candidate>,
}

/// What a later run found otherwise.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS, utoipa::ToSchema)]
pub struct FindingChange {
    /// What had been found.
    pub from: Verdict,
    /// What is found now.
    pub to: Verdict,
    /// Evidence that is new, or good for something else now.
    pub gained: Vec<Weighed>,
    /// Evidence that is gone, or was good for something else.
    pub lost: Vec<Weighed>,
    /// Cases looked at for the first time, or for other reasons than before.
    pub joined: Vec<Candidate>,
    /// Cases not looked at any more, or for other reasons now.
    pub left: Vec<Candidate>,
}
