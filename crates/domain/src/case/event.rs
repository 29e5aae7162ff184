//! What has happened to a case. Appended, never changed; holds no customer text.

use serde::{Deserialize, Serialize};

use crate::evidence::Hash;
use crate::ids::{CaseId, DeviceId, EventId, PersonId, RuleVersion, UnitId};
use crate::rules::CaseLimits;
use crate::time::Timestamp;

use super::body::EventBody;
use super::state::CaseState;

/// Who acted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS, utoipa::ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Actor {
    /// A signed-in person.
    Person {
        /// 工号
        person_id: PersonId,
    },
    /// 系统自动
    System,
}

/// One event with its envelope, as stored and hashed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CaseEvent {
    /// Its own id.
    pub event_id: EventId,
    /// Its case.
    pub case_id: CaseId,
    /// Position in the case, from 1.
    pub sequence: u32,
    /// The state before; `None` for the first event.
    pub from: Option<CaseState>,
    /// The state after.
    pub to: CaseState,
    /// Who acted.
    pub actor: Actor,
    /// For whom, where somebody acts for another (代启动, 代登记, deputy).
    pub acting_for: Option<PersonId>,
    /// From which device.
    pub device_id: Option<DeviceId>,
    /// The device's clock, as evidence.
    pub device_time: Option<Timestamp>,
    /// The deciding clock.
    pub at: Timestamp,
    /// The rule version it was decided under.
    pub rule_version: RuleVersion,
    /// Hash of the event before; all zero for the first.
    pub prev_hash: Hash,
    /// What happened.
    pub body: EventBody,
}

/// What binds a case from its first event on, whatever the directory and the rules become later.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Opening {
    /// 机构 of the reporter.
    pub unit_id: UnitId,
    /// Its codes from the root down in the tree of that day; `None` in events from before it was kept.
    #[serde(default)]
    pub unit_path: Option<String>,
    /// 直接领导 of the reporter on that day; `None` at the top of a chain.
    #[serde(default)]
    pub direct_leader: Option<PersonId>,
    /// The spans of the rule version of the first event.
    pub limits: CaseLimits,
}
