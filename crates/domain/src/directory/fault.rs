//! Why an import is refused. Stable codes with the codes of the units and people concerned.

use serde::{Deserialize, Serialize};

use crate::ids::{PersonId, UnitId};
use crate::time::Timestamp;

use super::Line;

/// One fault of an import.
#[derive(
    Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error, ts_rs::TS, utoipa::ToSchema,
)]
#[serde(tag = "code", rename_all = "snake_case")]
pub enum DirectoryFault {
    /// Two units with one code.
    #[error("unit {unit_id} is listed twice")]
    DuplicateUnit {
        /// Which.
        unit_id: UnitId,
    },
    /// Two people with one number.
    #[error("person {person_id} is listed twice")]
    DuplicatePerson {
        /// Which.
        person_id: PersonId,
    },
    /// A unit's parent does not exist.
    #[error("parent {parent} of unit {unit_id} is unknown")]
    UnknownParent {
        /// The unit.
        unit_id: UnitId,
        /// What it names.
        parent: UnitId,
    },
    /// The units above these lead back to themselves.
    #[error("units form a cycle")]
    UnitCycle {
        /// The cycle, beginning with its first unit in the list.
        unit_ids: Vec<UnitId>,
    },
    /// More than one unit has no parent.
    #[error("several roots")]
    SeveralRoots {
        /// All of them.
        unit_ids: Vec<UnitId>,
    },
    /// A person's unit does not exist.
    #[error("unit {unit_id} of {person_id} is unknown")]
    UnknownUnit {
        /// The person.
        person_id: PersonId,
        /// What it names.
        unit_id: UnitId,
    },
    /// A person's direct leader does not exist.
    #[error("leader {leader} of {person_id} is unknown")]
    UnknownLeader {
        /// The person.
        person_id: PersonId,
        /// Whom it names.
        leader: PersonId,
    },
    /// A person's deputy does not exist.
    #[error("deputy {deputy} of {person_id} is unknown")]
    UnknownDeputy {
        /// The person.
        person_id: PersonId,
        /// Whom it names.
        deputy: PersonId,
    },
    /// A person stands in for themselves.
    #[error("{person_id} is their own deputy")]
    SelfDeputy {
        /// Which.
        person_id: PersonId,
    },
    /// The direct leaders lead back to themselves.
    #[error("leaders form a cycle")]
    LeaderCycle {
        /// The cycle, beginning with its first person in the list.
        person_ids: Vec<PersonId>,
    },
    /// A chain ends at somebody below province level.
    #[error("the chain ends at {person_id}, below province level")]
    Orphan {
        /// The person without a leader.
        person_id: PersonId,
    },
    /// An absence of nobody we know.
    #[error("absence of unknown {person_id}")]
    UnknownAbsentee {
        /// Whom it names.
        person_id: PersonId,
    },
    /// An absence that ends before it begins, or at once.
    #[error("absence of {person_id} is empty")]
    EmptyAbsence {
        /// Whose.
        person_id: PersonId,
        /// First moment away.
        from: Timestamp,
        /// First moment back.
        to: Timestamp,
    },
    /// Somebody is named to stand in for an absent person whom nobody knows, or who is that person.
    #[error("stand-in {deputy} of absent {person_id} will not do")]
    UnknownStandIn {
        /// Whose absence.
        person_id: PersonId,
        /// Whom it names.
        deputy: PersonId,
    },
    /// A 分管领导 is named for a unit that does not exist.
    #[error("a line leader is named for unknown unit {unit_id}")]
    UnknownLineUnit {
        /// What it names.
        unit_id: UnitId,
        /// The line.
        line: Line,
    },
    /// A 分管领导 does not exist.
    #[error("line leader {person_id} is unknown")]
    UnknownLineLeader {
        /// The unit.
        unit_id: UnitId,
        /// The line.
        line: Line,
        /// Whom it names.
        person_id: PersonId,
    },
    /// A department has two 分管领导.
    #[error("{unit_id} has several line leaders")]
    SeveralLineLeaders {
        /// The unit.
        unit_id: UnitId,
        /// The line.
        line: Line,
    },
}

/// A refused import with all its faults; what deserialising a bad directory ends with.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("directory refused: {} faults, the first: {}", .0.len(), .0.first().map_or_else(String::new, ToString::to_string))]
pub struct DirectoryRefused(pub Vec<DirectoryFault>);
