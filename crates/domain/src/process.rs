//! The one table: state × relation × action → allowed, or the reason why not.
//!
//! [`crate::case::decide`] consults it before anything else, and the actions that a screen offers come from it too.
//! What a table cannot know (who holds the claim, how old the timer is) follows in the guards of `decide`.

use serde::{Deserialize, Serialize};

use crate::case::{Case, CaseState, Refusal};
use crate::directory::{Directory, Role};
use crate::ids::PersonId;

/// 动作 that a person can ask for; the commands of [`crate::case::Command`] without the machine's own.
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
pub enum Action {
    /// 开始计时
    StartTiming,
    /// 误触取消
    Discard,
    /// 报直接领导
    NotifyLeader,
    /// 启动流程
    StartFlow,
    /// 已当场化解·留痕
    ResolveOnSpot,
    /// 补充
    Supplement,
    /// 确认接手
    TakeOver,
    /// 已化解
    ResolveAsLeader,
    /// 上报
    Escalate,
    /// 代启动流程
    StartFlowAsLeader,
    /// 撤回
    Withdraw,
    /// 领取
    ClaimCallback,
    /// 放回
    ReleaseCallback,
    /// 记录拨出
    LogDial,
    /// 回访结果
    RecordCallback,
    /// 作废 / 并案
    Void,
    /// 显示客户信息
    RevealField,
}

/// How somebody stands to a case. One person may stand in several ways.
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
pub enum Relation {
    /// 报告人
    Reporter,
    /// 95518 客服代表, who enters reports made by telephone for the reporter
    Agent,
    /// Leader or alerted deputy of the ladder's open level
    Leader,
    /// Leader or alerted deputy of a level that was climbed over
    PassedLeader,
    /// 95518 投诉组
    ComplaintGroup,
    /// 客户服务部门 of the case's unit or of one above it
    CustomerServiceDept,
    /// 审计
    Audit,
    /// 系统自动
    System,
    /// Nothing to do with it
    None,
}

/// What the table says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Verdict {
    /// Go on.
    Allowed,
    /// There is no such case yet.
    UnknownCase,
    /// The case has begun and cannot begin again.
    AlreadyBegun,
    /// 已受理: too late to withdraw.
    AlreadyAccepted,
    /// Nobody holds the callback.
    NotClaimed,
    /// Not in this state.
    WrongState,
    /// Never with this relation.
    NotAllowed,
}

use CaseState as S;
use Relation as R;

/// One row: who may ask for the action, in which states it is possible, and which states name a reason of their own.
struct Row {
    action: Action,
    by: &'static [Relation],
    /// May begin a case.
    begins: bool,
    from: &'static [CaseState],
    reasons: &'static [(CaseState, Verdict)],
}

impl Row {
    const fn new(action: Action, by: &'static [Relation], from: &'static [CaseState]) -> Self {
        Self { action, by, begins: false, from, reasons: &[] }
    }

    const fn beginning(mut self) -> Self {
        self.begins = true;
        self
    }

    const fn reasons(mut self, reasons: &'static [(CaseState, Verdict)]) -> Self {
        self.reasons = reasons;
        self
    }
}

const BEFORE_REPORT: &[CaseState] = &[S::Timing, S::Draft];
const LADDER: &[CaseState] = &[S::LeaderNotified, S::LeaderHandling];
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
];
const WITH_FLOW: &[CaseState] = &[
    S::Submitted,
    S::Withdrawn,
    S::Calling,
    S::NotReached,
    S::ArchivedNoDissatisfaction,
    S::ToDispatch,
    S::ToComplaint,
];
const BEGUN: &[(CaseState, Verdict)] = &[
    (S::Timing, Verdict::AlreadyBegun),
    (S::Discarded, Verdict::AlreadyBegun),
    (S::SpotResolved, Verdict::AlreadyBegun),
    (S::LeaderNotified, Verdict::AlreadyBegun),
    (S::LeaderHandling, Verdict::AlreadyBegun),
    (S::LeaderResolved, Verdict::AlreadyBegun),
    (S::Draft, Verdict::AlreadyBegun),
    (S::Sealed, Verdict::AlreadyBegun),
    (S::Quarantined, Verdict::AlreadyBegun),
    (S::Submitted, Verdict::AlreadyBegun),
    (S::Withdrawn, Verdict::AlreadyBegun),
    (S::Calling, Verdict::AlreadyBegun),
    (S::NotReached, Verdict::AlreadyBegun),
    (S::ArchivedNoDissatisfaction, Verdict::AlreadyBegun),
    (S::ToDispatch, Verdict::AlreadyBegun),
    (S::ToComplaint, Verdict::AlreadyBegun),
    (S::Void, Verdict::AlreadyBegun),
];
const ACCEPTED: &[(CaseState, Verdict)] = &[
    (S::Calling, Verdict::AlreadyAccepted),
    (S::NotReached, Verdict::AlreadyAccepted),
    (S::ArchivedNoDissatisfaction, Verdict::AlreadyAccepted),
    (S::ToDispatch, Verdict::AlreadyAccepted),
    (S::ToComplaint, Verdict::AlreadyAccepted),
];
const UNCLAIMED: &[(CaseState, Verdict)] =
    &[(S::Submitted, Verdict::NotClaimed), (S::NotReached, Verdict::NotClaimed)];

/// The process table. Every action exactly once.
const TABLE: &[Row] = &[
    Row::new(Action::StartTiming, &[R::Reporter], &[]).beginning().reasons(BEGUN),
    Row::new(Action::Discard, &[R::Reporter], &[S::Timing]),
    Row::new(Action::NotifyLeader, &[R::Reporter], &[S::Timing, S::Draft, S::Submitted, S::Calling])
        .beginning(),
    Row::new(
        Action::StartFlow,
        &[R::Reporter, R::Agent],
        &[S::Timing, S::Draft, S::LeaderNotified, S::LeaderHandling, S::Submitted, S::Calling, S::NotReached],
    )
    .beginning(),
    Row::new(Action::ResolveOnSpot, &[R::Reporter], BEFORE_REPORT).beginning(),
    Row::new(Action::Supplement, &[R::Reporter, R::Agent, R::ComplaintGroup], OPEN),
    Row::new(Action::TakeOver, &[R::Leader], &[S::LeaderNotified]),
    Row::new(Action::ResolveAsLeader, &[R::Leader, R::PassedLeader], LADDER),
    Row::new(Action::Escalate, &[R::Leader], LADDER),
    Row::new(Action::StartFlowAsLeader, &[R::Leader, R::PassedLeader], LADDER),
    Row::new(Action::Withdraw, &[R::Reporter], &[S::Submitted]).reasons(ACCEPTED),
    Row::new(Action::ClaimCallback, &[R::ComplaintGroup], &[S::Submitted, S::NotReached, S::Calling]),
    Row::new(Action::ReleaseCallback, &[R::ComplaintGroup], &[S::Calling]).reasons(UNCLAIMED),
    Row::new(Action::LogDial, &[R::ComplaintGroup], &[S::Calling]).reasons(UNCLAIMED),
    Row::new(Action::RecordCallback, &[R::ComplaintGroup], &[S::Calling]).reasons(UNCLAIMED),
    Row::new(Action::Void, &[R::ComplaintGroup, R::CustomerServiceDept], VOIDABLE),
    Row::new(Action::RevealField, &[R::ComplaintGroup], WITH_FLOW),
];

impl Action {
    /// Every action, in the order of the table.
    pub const ALL: &'static [Self] = &[
        Self::StartTiming,
        Self::Discard,
        Self::NotifyLeader,
        Self::StartFlow,
        Self::ResolveOnSpot,
        Self::Supplement,
        Self::TakeOver,
        Self::ResolveAsLeader,
        Self::Escalate,
        Self::StartFlowAsLeader,
        Self::Withdraw,
        Self::ClaimCallback,
        Self::ReleaseCallback,
        Self::LogDial,
        Self::RecordCallback,
        Self::Void,
        Self::RevealField,
    ];
}

impl Relation {
    /// Every relation.
    pub const ALL: &'static [Self] = &[
        Self::Reporter,
        Self::Agent,
        Self::Leader,
        Self::PassedLeader,
        Self::ComplaintGroup,
        Self::CustomerServiceDept,
        Self::Audit,
        Self::System,
        Self::None,
    ];
}

/// What the table says; `state` is `None` before the case exists.
#[must_use]
pub fn verdict(state: Option<CaseState>, relation: Relation, action: Action) -> Verdict {
    let Some(row) = TABLE.iter().find(|row| row.action == action) else { return Verdict::NotAllowed };
    if !row.by.contains(&relation) {
        return Verdict::NotAllowed;
    }
    let Some(state) = state else {
        return if row.begins { Verdict::Allowed } else { Verdict::UnknownCase };
    };
    if row.from.contains(&state) {
        return Verdict::Allowed;
    }
    row.reasons.iter().find(|(named, _)| *named == state).map_or(Verdict::WrongState, |(_, reason)| *reason)
}

/// Whether the table knows this action for one of these relations at all.
#[must_use]
pub fn knows(relations: &[Relation], action: Action) -> bool {
    TABLE.iter().any(|row| row.action == action && row.by.iter().any(|by| relations.contains(by)))
}

/// How a person stands to an existing case; [`Relation::None`] where nothing else applies.
#[must_use]
pub fn relations(case: &Case, person: &PersonId, directory: &Directory) -> Vec<Relation> {
    let mut found = Vec::new();
    if case.reporter == *person {
        found.push(R::Reporter);
    }
    let alerted = |open: bool| {
        case.ladder.iter().any(|level| level.is_open() == open && level.alerted.contains(person))
    };
    if alerted(true) {
        found.push(R::Leader);
    } else if alerted(false) {
        found.push(R::PassedLeader);
    }
    found.extend(relations_by_role(person, directory));
    let answers_for_unit = directory.person(person).is_some_and(|found| {
        found.roles.contains(&Role::Csd) && directory.is_within(&case.unit_id, &found.unit_id)
    });
    if answers_for_unit {
        found.push(R::CustomerServiceDept);
    }
    if found.is_empty() {
        found.push(R::None);
    }
    found
}

/// How a person stands to a case that `reporter` is about to begin.
#[must_use]
pub fn relations_before(reporter: &PersonId, person: &PersonId, directory: &Directory) -> Vec<Relation> {
    let mut found = Vec::new();
    if reporter == person && directory.person(person).is_some() {
        found.push(R::Reporter);
    }
    found.extend(relations_by_role(person, directory));
    if found.is_empty() {
        found.push(R::None);
    }
    found
}

fn relations_by_role(person: &PersonId, directory: &Directory) -> impl Iterator<Item = Relation> {
    [(Role::Agt, R::Agent), (Role::Cmp, R::ComplaintGroup), (Role::Aud, R::Audit)]
        .into_iter()
        .filter(|(role, _)| directory.has_role(person, *role))
        .map(|(_, relation)| relation)
}

/// The table's answer for somebody who stands in several ways: allowed if one of them allows it, otherwise the most
/// telling reason (a state before a missing right).
///
/// # Errors
/// The named refusal.
pub fn consult(state: Option<CaseState>, relations: &[Relation], action: Action) -> Result<(), Refusal> {
    let best = relations.iter().map(|relation| verdict(state, *relation, action)).min();
    match (best.unwrap_or(Verdict::NotAllowed), state) {
        (Verdict::Allowed, _) => Ok(()),
        (Verdict::AlreadyBegun, _) => Err(Refusal::AlreadyBegun),
        (Verdict::AlreadyAccepted, _) => Err(Refusal::AlreadyAccepted),
        (Verdict::NotClaimed, _) => Err(Refusal::NotClaimed),
        (Verdict::WrongState, Some(state)) => Err(Refusal::WrongState { state }),
        (Verdict::UnknownCase, _) | (Verdict::WrongState, None) => Err(Refusal::UnknownCase),
        (Verdict::NotAllowed, _) => Err(Refusal::NotAllowed),
    }
}
