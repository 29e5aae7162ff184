//! 删除记录: that customer data was removed when its time was over, as evidence, chained to the removal before it.

use serde::{Deserialize, Serialize};

use super::Hash;
use crate::ids::{CaseId, RuleVersion, UnitId};
use crate::time::{Span, Timestamp};

/// One removal. Appended, never altered; it says nothing of what the data was.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Removal {
    /// Position in the chain, from 1.
    pub number: u32,
    /// Whose customer data.
    pub case_id: CaseId,
    /// 机构 of the case.
    pub unit_id: UnitId,
    /// The centre's clock.
    pub at: Timestamp,
    /// The last thing that happened to the case: the time was counted from here.
    pub over_at: Timestamp,
    /// How long it had to be kept.
    pub keep: Span,
    /// The rules that say so.
    pub rule_version: RuleVersion,
    /// The case's last event: what was kept for events up to it is gone.
    pub event: u32,
    /// That event's hash.
    pub event_hash: Hash,
    /// Encrypted rows that were removed.
    pub rows: u32,
    /// Keyed digests that were removed.
    pub digests: u32,
    /// The rows' bytes as they were stored, hashed one after the other.
    pub content: Hash,
    /// The hash of the removal before it; zero for the first.
    pub prev_hash: Hash,
}
