//! Why a command is refused. Stable codes: each has a Chinese sentence in the catalogues that says what to do.

use serde::{Deserialize, Serialize};

use crate::ids::PersonId;
use crate::report::FieldFault;

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
}
