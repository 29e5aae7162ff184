//! Why a command is refused. Stable codes: each has a Chinese sentence in the catalogues that says what to do.

use serde::{Deserialize, Serialize};

use crate::directory::Department;
use crate::ids::PersonId;
use crate::report::FieldFault;
use crate::time::Timestamp;

use super::state::CaseState;

/// A named refusal. Nothing has changed.
#[derive(
    Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error, ts_rs::TS, utoipa::ToSchema,
)]
#[serde(tag = "code", rename_all = "snake_case")]
pub enum Refusal {
    /// The case does not exist for this command.
    #[error("unknown case")]
    UnknownCase,
    /// The case exists already and this command would begin it again.
    #[error("case already begun")]
    AlreadyBegun,
    /// Not in this state.
    #[error("not possible in state {state:?}")]
    WrongState {
        /// The state it is in.
        state: CaseState,
    },
    /// Not with this role or relation to the case.
    #[error("not allowed for this person")]
    NotAllowed,
    /// Another agent holds it.
    #[error("claimed by another")]
    ClaimedByOther {
        /// Who.
        person_id: PersonId,
    },
    /// The agent must hold it first.
    #[error("not claimed")]
    NotClaimed,
    /// A result needs a dial before it.
    #[error("no dial logged")]
    NoDial,
    /// 要求改期 needs a moment in the future.
    #[error("appointment missing or past")]
    AppointmentNeeded,
    /// 误触 is possible only within the set time.
    #[error("too late to discard")]
    TooLateToDiscard,
    /// Nobody above in the chain.
    #[error("no leader above")]
    NoLeaderAbove,
    /// 发现时间 may only be moved earlier, never after the start of the timer.
    #[error("found later than known")]
    FoundLater,
    /// The form does not do.
    #[error("form faults")]
    Form {
        /// Every fault.
        faults: Vec<FieldFault>,
    },
    /// 已受理 (a callback was claimed): no withdrawal any more.
    #[error("already accepted")]
    AlreadyAccepted,
    /// A merge needs another, living case.
    #[error("merge target unusable")]
    MergeTarget,
    /// A flare-up is a new case; it cannot be an episode of itself.
    #[error("episode of itself")]
    EpisodeTarget,
    /// 号码不通 needs more attempts (or a refusal of the customer) before it goes to dispatch.
    #[error("{made} of {needed} attempts made")]
    AttemptsLeft {
        /// Dials without a connection so far.
        made: u32,
        /// How many are needed.
        needed: u32,
    },
    /// 主办 or 协办 cannot be this department.
    #[error("department does not do: {fault:?}")]
    DepartmentUnusable {
        /// Which.
        department: Department,
        /// Why.
        fault: DepartmentFault,
    },
    /// 回避: this person is involved in what the customer complains of.
    #[error("{person_id} is involved")]
    Recused {
        /// Who.
        person_id: PersonId,
    },
    /// 归口认定 binds: it cannot be returned.
    #[error("the ruling is binding")]
    Binding,
    /// Another person of the department handles it.
    #[error("handled by another")]
    HandledByOther {
        /// Who.
        person_id: PersonId,
    },
    /// The person does not work in the department that leads the case.
    #[error("{person_id} is not of the lead department")]
    NotInDepartment {
        /// Who.
        person_id: PersonId,
    },
    /// A result needs a logged contact with the customer before it.
    #[error("no contact logged")]
    NoContact,
    /// There is no result to approve or to send back.
    #[error("no result waits")]
    NoResult,
    /// A result waits for its approval already.
    #[error("a result waits already")]
    ResultWaits,
    /// Nobody approves what they handled themselves.
    #[error("own result")]
    OwnResult,
    /// A head of the department can approve, so the 分管领导 need not.
    #[error("the head decides")]
    HeadDecides,
    /// The second callback has no result yet.
    #[error("no second callback recorded")]
    NoRecall,
    /// 催办 again only after a while.
    #[error("urged too recently")]
    TooSoon {
        /// From when on.
        earliest: Timestamp,
    },
    /// The 分管领导 has acknowledged it already.
    #[error("already acknowledged")]
    AlreadyAcknowledged,
    /// The law gives no more time.
    #[error("no longer term")]
    TermEnds,
    /// 复开 needs the number of the complaint.
    #[error("complaint number missing or malformed")]
    ComplaintNeeded,
    /// No verbal report waits for this person's word.
    #[error("no verbal report waits")]
    NothingToCountersign,
    /// The named person is no leader above the reporter.
    #[error("{person_id} is no leader above the reporter")]
    NotALeader {
        /// Who.
        person_id: PersonId,
    },
    /// A moment that lies ahead was given where only a past one can be.
    #[error("a moment ahead")]
    TimeAhead,
    /// A list that names nobody, or somebody unknown.
    #[error("nobody, or somebody unknown, is named")]
    UnknownPerson,
    /// A call is registered soon after it, or not at all.
    #[error("the call was too long ago")]
    CallTooOld {
        /// The earliest beginning of a call that can still be registered.
        earliest: Timestamp,
    },
    /// 发现时间 lies before the call that tells of it.
    #[error("found after the call")]
    FoundAfterCall,
    /// Nobody registers by telephone for themselves.
    #[error("one's own report")]
    OwnReport,
}

/// Why a department cannot lead or assist.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ts_rs::TS, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum DepartmentFault {
    /// Nobody there can take a case.
    Unstaffed,
    /// It leads the case already: there is exactly one 主办.
    Leads,
    /// It is named twice, or assists already.
    Twice,
}
