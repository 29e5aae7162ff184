//! The rows of the process table: who may ask for what, in which states, and where it leads.

use crate::case::{CaseState, TimerName};

use super::{Action, Relation, Verdict};
use CaseState as S;
use Relation as R;

/// One row. An action has as many as it takes to say where each of its states leads.
pub(super) struct Row {
    pub(super) action: Action,
    pub(super) by: &'static [Relation],
    /// May begin a case.
    pub(super) begins: bool,
    pub(super) from: &'static [CaseState],
    /// The states that it can lead to; none where the case stays in its own.
    pub(super) to: &'static [CaseState],
    /// States that name a reason of their own for a refusal.
    pub(super) reasons: &'static [(&'static [CaseState], Verdict)],
}

impl Row {
    const fn new(action: Action, by: &'static [Relation], from: &'static [CaseState]) -> Self {
        Self { action, by, begins: false, from, to: &[], reasons: &[] }
    }

    const fn beginning(mut self) -> Self {
        self.begins = true;
        self
    }

    const fn to(mut self, to: &'static [CaseState]) -> Self {
        self.to = to;
        self
    }

    const fn reasons(mut self, reasons: &'static [(&'static [CaseState], Verdict)]) -> Self {
        self.reasons = reasons;
        self
    }
}

/// What leads on without a person: a clock that ran out, or the desk that sends what it sealed.
pub(super) struct OwnMove {
    pub(super) by: Mover,
    pub(super) from: CaseState,
    pub(super) to: CaseState,
}

/// Who moves a case on by itself.
#[derive(Debug, Clone, Copy)]
pub(super) enum Mover {
    /// The centre, when this timer comes due.
    Timer(TimerName),
    /// The desk.
    Desk,
}

const BEFORE_REPORT: &[CaseState] = &[S::Timing, S::Draft];
const LADDER: &[CaseState] = &[S::LeaderNotified, S::LeaderHandling];
const BEFORE_DISPATCH: &[CaseState] = &[
    S::Timing,
    S::Draft,
    S::LeaderNotified,
    S::LeaderHandling,
    S::Submitted,
    S::Calling,
    S::NotReached,
    S::ToDispatch,
];
/// A flow that a leader or the system started does not shut out the reporter's own words that were under way.
const OPEN: &[CaseState] = &[
    S::Timing,
    S::Draft,
    S::LeaderNotified,
    S::LeaderHandling,
    S::Sealed,
    S::Quarantined,
    S::Submitted,
    S::Calling,
    S::NotReached,
    S::ToDispatch,
    S::Dispatched,
    S::Returned,
    S::Ruling,
    S::Handling,
    S::Replied,
    S::Recalling,
    S::Rework,
];
/// 督办 lies over these.
const IN_HAND: &[CaseState] =
    &[S::ToDispatch, S::Dispatched, S::Returned, S::Ruling, S::Handling, S::Replied, S::Recalling, S::Rework];
const ARCHIVED: &[CaseState] = &[S::ArchivedNoDissatisfaction, S::ArchivedResolved, S::ArchivedUnresolved];
/// A verbal report may be proven, or denied, as long as somebody may ask for it.
const CLAIMABLE: &[CaseState] = &[
    S::LeaderHandling,
    S::LeaderResolved,
    S::Submitted,
    S::Withdrawn,
    S::Calling,
    S::NotReached,
    S::ArchivedNoDissatisfaction,
    S::ToDispatch,
    S::Dispatched,
    S::Returned,
    S::Ruling,
    S::Handling,
    S::Replied,
    S::Recalling,
    S::Rework,
    S::ArchivedResolved,
    S::ArchivedUnresolved,
    S::ToComplaint,
];
const ESCALATED: &[CaseState] = &[
    S::Timing,
    S::SpotResolved,
    S::LeaderNotified,
    S::LeaderHandling,
    S::LeaderResolved,
    S::Submitted,
    S::Calling,
    S::NotReached,
    S::ArchivedNoDissatisfaction,
    S::ToDispatch,
    S::Dispatched,
    S::Returned,
    S::Ruling,
    S::Handling,
    S::Replied,
    S::Recalling,
    S::Rework,
    S::ArchivedResolved,
    S::ArchivedUnresolved,
    S::ToComplaint,
];
const VOIDABLE: &[CaseState] = &[
    S::Timing,
    S::SpotResolved,
    S::LeaderNotified,
    S::LeaderHandling,
    S::LeaderResolved,
    S::Draft,
    S::Sealed,
    S::Quarantined,
    S::Submitted,
    S::Calling,
    S::NotReached,
    S::ToDispatch,
    S::Dispatched,
    S::Returned,
    S::Ruling,
    S::Handling,
    S::Replied,
    S::Recalling,
    S::Rework,
];
const WITH_FLOW: &[CaseState] = &[
    S::Submitted,
    S::Withdrawn,
    S::Calling,
    S::NotReached,
    S::ArchivedNoDissatisfaction,
    S::ToDispatch,
    S::Dispatched,
    S::Returned,
    S::Ruling,
    S::Handling,
    S::Replied,
    S::Recalling,
    S::Rework,
    S::ArchivedResolved,
    S::ArchivedUnresolved,
    S::ToComplaint,
];
const CONVERTIBLE: &[CaseState] =
    &[S::ToDispatch, S::Dispatched, S::Returned, S::Ruling, S::Handling, S::Recalling, S::Rework];
const ACCEPTED: &[CaseState] = &[
    S::Calling,
    S::NotReached,
    S::ArchivedNoDissatisfaction,
    S::ToDispatch,
    S::Dispatched,
    S::Returned,
    S::Ruling,
    S::Handling,
    S::Replied,
    S::Recalling,
    S::Rework,
    S::ArchivedResolved,
    S::ArchivedUnresolved,
    S::ToComplaint,
];
const BEGUN: &[(&[CaseState], Verdict)] = &[(S::ALL, Verdict::AlreadyBegun)];
const TOO_LATE: &[(&[CaseState], Verdict)] = &[(ACCEPTED, Verdict::AlreadyAccepted)];
const UNCLAIMED: &[(&[CaseState], Verdict)] = &[(&[S::Submitted, S::NotReached], Verdict::NotClaimed)];
const NO_RECALL: &[(&[CaseState], Verdict)] = &[(&[S::Replied], Verdict::NotClaimed)];

const UNIT: &[Relation] = &[R::Handler, R::DeptHead];
const APPROVERS: &[Relation] = &[R::DeptHead, R::LineLeader];
const RECALLERS: &[Relation] = &[R::ComplaintGroup, R::CustomerServiceDept];
const WITNESSES: &[Relation] = &[R::Leader, R::PassedLeader, R::Deputy];

/// The process table. Every action at least once, in the order of [`Action::ALL`].
pub(super) const TABLE: &[Row] = &[
    Row::new(Action::StartTiming, &[R::Reporter], &[]).beginning().to(&[S::Timing]).reasons(BEGUN),
    Row::new(Action::Discard, &[R::Reporter], &[S::Timing]).to(&[S::Discarded]),
    Row::new(Action::NotifyLeader, &[R::Reporter], BEFORE_REPORT)
        .beginning()
        .to(&[S::LeaderNotified, S::Submitted]),
    Row::new(Action::NotifyLeader, &[R::Reporter], &[S::Submitted, S::Calling]),
    Row::new(Action::ReportVerbally, &[R::Reporter], BEFORE_REPORT).beginning().to(&[S::LeaderNotified]),
    Row::new(Action::ReportVerbally, &[R::Reporter], &[S::Submitted, S::Calling]),
    Row::new(Action::StartFlow, &[R::Reporter], &[S::Timing, S::Draft, S::LeaderNotified, S::LeaderHandling])
        .beginning()
        .to(&[S::Submitted]),
    Row::new(Action::StartFlow, &[R::Reporter], &[S::Submitted, S::Calling, S::NotReached]),
    Row::new(Action::RegisterAsAgent, &[R::Agent, R::ComplaintGroup], &[])
        .beginning()
        .to(&[S::Submitted])
        .reasons(BEGUN),
    Row::new(Action::ResolveOnSpot, &[R::Reporter], BEFORE_REPORT)
        .beginning()
        .to(&[S::SpotResolved, S::Submitted]),
    Row::new(Action::Supplement, &[R::Reporter, R::Agent, R::ComplaintGroup], OPEN),
    Row::new(Action::TakeOver, &[R::Leader], &[S::LeaderNotified]).to(&[S::LeaderHandling]),
    Row::new(Action::ResolveAsLeader, &[R::Leader, R::PassedLeader], LADDER).to(&[S::LeaderResolved]),
    Row::new(Action::Escalate, &[R::Leader], LADDER).to(&[S::LeaderNotified, S::Submitted]),
    Row::new(Action::StartFlowAsLeader, &[R::Leader, R::PassedLeader], LADDER).to(&[S::Submitted]),
    Row::new(Action::Countersign, WITNESSES, &[S::LeaderNotified]),
    Row::new(Action::Countersign, WITNESSES, CLAIMABLE),
    Row::new(Action::RefuseCountersign, WITNESSES, &[S::LeaderNotified]).to(&[S::LeaderNotified, S::Timing]),
    Row::new(Action::RefuseCountersign, WITNESSES, CLAIMABLE),
    Row::new(
        Action::NoteComplaint,
        &[R::Reporter, R::Leader, R::ComplaintGroup, R::CustomerServiceDept],
        BEFORE_DISPATCH,
    ),
    Row::new(
        Action::NameInvolved,
        &[R::Reporter, R::Leader, R::ComplaintGroup, R::CustomerServiceDept, R::DeptHead],
        OPEN,
    ),
    Row::new(Action::Withdraw, &[R::Reporter], &[S::Submitted]).to(&[S::Withdrawn]).reasons(TOO_LATE),
    Row::new(Action::ClaimCallback, &[R::ComplaintGroup], &[S::Submitted, S::NotReached, S::Calling])
        .to(&[S::Calling]),
    Row::new(Action::ReleaseCallback, &[R::ComplaintGroup], &[S::Calling])
        .to(&[S::Submitted, S::NotReached])
        .reasons(UNCLAIMED),
    Row::new(Action::LogDial, &[R::ComplaintGroup], &[S::Calling]).reasons(UNCLAIMED),
    Row::new(Action::RecordCallback, &[R::ComplaintGroup], &[S::Calling])
        .to(&[S::ArchivedNoDissatisfaction, S::ToDispatch, S::NotReached, S::ToComplaint])
        .reasons(UNCLAIMED),
    Row::new(Action::SendToDispatch, &[R::ComplaintGroup], &[S::NotReached]).to(&[S::ToDispatch]),
    Row::new(Action::Dispatch, &[R::ComplaintGroup], &[S::ToDispatch, S::Returned]).to(&[S::Dispatched]),
    Row::new(Action::Rule, &[R::CustomerServiceDept], &[S::Ruling]).to(&[S::Dispatched]),
    Row::new(Action::Sign, UNIT, &[S::Dispatched, S::Rework]).to(&[S::Handling]),
    Row::new(Action::Return, UNIT, &[S::Dispatched]).to(&[S::Returned, S::Ruling]),
    Row::new(Action::AssignHandler, &[R::DeptHead], &[S::Dispatched, S::Handling, S::Rework]),
    Row::new(Action::LogContact, UNIT, &[S::Handling]),
    Row::new(Action::AskAssistance, UNIT, &[S::Handling]),
    Row::new(Action::Assist, &[R::Assisting], &[S::Dispatched, S::Handling, S::Rework]),
    Row::new(Action::WriteResult, UNIT, &[S::Handling]),
    Row::new(Action::ApproveResult, APPROVERS, &[S::Handling]).to(&[S::Replied]),
    Row::new(Action::RejectResult, APPROVERS, &[S::Handling]),
    Row::new(Action::ClaimRecall, RECALLERS, &[S::Replied, S::Recalling]).to(&[S::Recalling]),
    Row::new(Action::ReleaseRecall, RECALLERS, &[S::Recalling])
        .to(&[S::Recalling, S::Replied])
        .reasons(NO_RECALL),
    Row::new(Action::LogRecallDial, RECALLERS, &[S::Recalling]).reasons(NO_RECALL),
    Row::new(Action::RecordRecall, RECALLERS, &[S::Recalling])
        .to(&[S::Recalling, S::ArchivedResolved, S::Rework, S::ToComplaint])
        .reasons(NO_RECALL),
    Row::new(Action::OrderRework, RECALLERS, &[S::Recalling]).to(&[S::Rework]),
    Row::new(Action::ArchiveUnresolved, &[R::CustomerServiceDept], &[S::Recalling])
        .to(&[S::ArchivedUnresolved]),
    Row::new(Action::Urge, &[R::ComplaintGroup], &[S::Dispatched, S::Ruling, S::Handling, S::Rework]),
    Row::new(Action::Supervise, RECALLERS, IN_HAND),
    Row::new(Action::AcknowledgeEscalation, &[R::LineLeader], ESCALATED),
    Row::new(Action::Comment, &[R::LineLeader], ESCALATED),
    Row::new(Action::Convert, &[R::ComplaintGroup], CONVERTIBLE).to(&[S::ToComplaint]),
    Row::new(Action::ExtendTerm, &[R::CustomerServiceDept], &[S::ToComplaint]),
    Row::new(Action::Reopen, RECALLERS, ARCHIVED).to(&[S::ToDispatch]),
    Row::new(Action::Void, RECALLERS, VOIDABLE).to(&[S::Void]),
    Row::new(Action::RevealField, &[R::ComplaintGroup], WITH_FLOW),
    Row::new(Action::RevealField, UNIT, &[S::Dispatched, S::Handling, S::Rework]),
    Row::new(Action::RevealField, &[R::CustomerServiceDept], &[S::Ruling, S::Replied, S::Recalling]),
];

/// What leads on by itself.
pub(super) const OWN_MOVES: &[OwnMove] = &[
    own(Mover::Timer(TimerName::DeliveryClimb), S::LeaderNotified, S::LeaderNotified),
    own(Mover::Timer(TimerName::DeliveryClimb), S::LeaderNotified, S::Submitted),
    own(Mover::Timer(TimerName::Countersign), S::LeaderNotified, S::LeaderNotified),
    own(Mover::Timer(TimerName::Countersign), S::LeaderNotified, S::Submitted),
    own(Mover::Timer(TimerName::T2), S::LeaderNotified, S::LeaderNotified),
    own(Mover::Timer(TimerName::T2), S::LeaderNotified, S::Submitted),
    own(Mover::Timer(TimerName::T2), S::LeaderHandling, S::LeaderNotified),
    own(Mover::Timer(TimerName::T2), S::LeaderHandling, S::Submitted),
    own(Mover::Desk, S::Timing, S::Draft),
    own(Mover::Desk, S::Draft, S::Sealed),
    own(Mover::Desk, S::Sealed, S::Submitted),
    own(Mover::Desk, S::Sealed, S::LeaderNotified),
    own(Mover::Desk, S::Sealed, S::SpotResolved),
    own(Mover::Desk, S::Sealed, S::Quarantined),
    own(Mover::Desk, S::Quarantined, S::Sealed),
];

const fn own(by: Mover, from: CaseState, to: CaseState) -> OwnMove {
    OwnMove { by, from, to }
}
