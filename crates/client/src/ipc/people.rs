//! People and their absences as a window asks for them.

use chayan_domain::directory::AbsenceKind;
use chayan_domain::ids::{AbsenceId, PersonId};
use chayan_domain::report::Private;
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

/// Arguments of `find_people`.
#[derive(Debug, Clone, Serialize, Deserialize, ts_rs::TS)]
pub struct FindPeopleArgs {
    /// The beginning of a staff number, a part of a name, or a whole telephone number.
    pub text: Private,
}

/// Names an absence.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, ts_rs::TS)]
pub struct AbsenceRef {
    /// Which.
    pub absence_id: AbsenceId,
}
