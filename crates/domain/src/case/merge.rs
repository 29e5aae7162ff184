//! 并案: what a case gives to the one that survives it. The keys are pooled; each piece of evidence keeps its kind and
//! time, and stays there when the surviving case is voided later.

use serde::{Deserialize, Serialize};

use crate::evidence::{Commitment, ReportTime};
use crate::ids::{CaseId, PersonId};
use crate::report::FieldName;
use crate::time::Timestamp;

use super::ladder::Level;
use super::state::{Case, CaseState, Flow, Starter};

/// What a piece of evidence is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ts_rs::TS, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum EvidenceKind {
    /// 流程 jsk.22
    Flow,
    /// 报直接领导
    Notice,
    /// 口头报告
    Verbal,
    /// 已当场化解·留痕
    Spot,
}

/// One piece of evidence that something was reported.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS, utoipa::ToSchema)]
pub struct EvidencePiece {
    /// Which kind.
    pub kind: EvidenceKind,
    /// When it was made.
    pub time: ReportTime,
    /// Of a notice: when the leader or the deputy had it. Of a verbal report: when it was countersigned.
    pub proven_at: Option<Timestamp>,
}

/// What a merged case gives to the surviving one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS, utoipa::ToSchema)]
pub struct MergedCase {
    /// The case that was merged.
    pub case_id: CaseId,
    /// Its reporter.
    pub reporter: PersonId,
    /// Its 发现时间.
    pub found_at: Timestamp,
    /// Its evidence, oldest first.
    pub pieces: Vec<EvidencePiece>,
    /// Its customer fields (names only).
    pub given: Vec<FieldName>,
    /// Its commitments to them.
    pub commitments: Vec<Commitment>,
}

impl Case {
    /// Its own evidence; what it took over from merged cases stands in [`Case::merged`].
    #[must_use]
    pub fn evidence(&self) -> Vec<EvidencePiece> {
        let called_back = self.calls_a_trace_back();
        let joined = self.flow.as_ref().and_then(|flow| flow.joined);
        let told = if called_back { joined } else { self.first_report_time };
        let notices = self.ladder.iter().filter_map(|level| piece_of(level, told));
        // Words that led to no notice and to no flow of their own were a spot trace.
        let traced = self.first_report_time.filter(|_| called_back || self.ladder.is_empty());
        let trace = traced.map(|time| EvidencePiece { kind: EvidenceKind::Spot, time, proven_at: None });
        // The flow that calls a trace back was started by nobody: only words that joined it report something.
        let report = if called_back {
            joined.filter(|_| self.ladder.is_empty()).map(|time| (time, Some(time.latest)))
        } else {
            self.flow.as_ref().map(|flow| (flow.report_time, Some(flow.received_at)))
        };
        let flow = report.map(|(time, at)| EvidencePiece { kind: EvidenceKind::Flow, time, proven_at: at });
        let mut pieces: Vec<EvidencePiece> = trace.into_iter().chain(notices).chain(flow).collect();
        pieces.sort_by_key(|piece| piece.time.latest);
        pieces
    }

    /// What it gives when it is merged into another.
    #[must_use]
    pub fn as_merged(&self) -> MergedCase {
        MergedCase {
            case_id: self.case_id,
            reporter: self.reporter.clone(),
            found_at: self.timing.found_at,
            pieces: self.evidence(),
            given: self.given.clone(),
            commitments: self.commitments.clone(),
        }
    }

    /// Whether another case may be merged into this one: it lives, and has not ended as something else.
    #[must_use]
    pub const fn survives(&self) -> bool {
        !matches!(self.state, CaseState::Void | CaseState::Discarded | CaseState::Withdrawn)
    }

    /// Whether its flow only calls a spot trace back: the system started it before anybody was told.
    fn calls_a_trace_back(&self) -> bool {
        let told = |flow: &Flow| self.ladder.iter().any(|level| level.notified_at <= flow.received_at);
        self.flow.as_ref().is_some_and(|flow| flow.starter == Starter::System && !told(flow))
    }
}

/// The notice of a level; `first` is when the words were given that told the first one.
fn piece_of(level: &Level, first: Option<ReportTime>) -> Option<EvidencePiece> {
    if let Some(claim) = &level.verbal {
        let proven_at = claim.confirmed.as_ref().map(|stamp| stamp.at);
        return Some(EvidencePiece { kind: EvidenceKind::Verbal, time: claim.report_time, proven_at });
    }
    // A level that was left out was never told. Above the first one the centre itself sent the notice.
    let time = match (level.alerted.is_empty(), level.level, first) {
        (true, ..) => return None,
        (_, 1, Some(first)) => first,
        _ => ReportTime::online(level.notified_at),
    };
    Some(EvidencePiece { kind: EvidenceKind::Notice, time, proven_at: level.delivered_at })
}
