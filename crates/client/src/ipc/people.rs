//! Absences as a window asks for them.

use chayan_domain::directory::AbsenceKind;
use chayan_domain::ids::{AbsenceId, PersonId};
use chayan_domain::time::Timestamp;
use serde::{Deserialize, Serialize};

/// Arguments of `enter_absence`.
#[derive(Debug, Clone, Serialize, Deserialize, ts_rs::TS)]
pub struct EnterAbsenceArgs {
    /// Who will be away.
    pub person_id: PersonId,
    /// Why.
    pub kind: AbsenceKind,
    /// First moment away.
    pub from: Timestamp,
    /// First moment back.
    pub to: Timestamp,
    /// Who stands in.
    pub deputy: Option<PersonId>,
}

/// Names an absence.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, ts_rs::TS)]
pub struct AbsenceRef {
    /// Which.
    pub absence_id: AbsenceId,
}
