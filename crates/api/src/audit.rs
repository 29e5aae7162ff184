//! 审计: whether the chains hold, who saw what, and which customer data was removed when its time was over.

use chayan_domain::evidence::Hash;
use chayan_domain::ids::{CaseId, RuleVersion};
use chayan_domain::time::{Span, Timestamp};
use serde::{Deserialize, Serialize};

use crate::Known;
use crate::cases::UnitRef;

/// `GET /v1/audit`: what the last walk over all chains found, and whether one is under way. `POST` begins one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS, utoipa::ToSchema)]
pub struct AuditState {
    /// The walk that is under way.
    pub running: Option<AuditRunning>,
    /// The last one that ended, since the centre was started.
    pub last: Option<AuditView>,
    /// The last one could not read the database.
    pub failed: bool,
    /// The centre's clock.
    pub server_time: Timestamp,
}

/// A walk under way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS, utoipa::ToSchema)]
pub struct AuditRunning {
    /// When it began.
    pub since: Timestamp,
    /// Events read so far.
    pub events: u32,
}

/// What a walk found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS, utoipa::ToSchema)]
pub struct AuditView {
    /// When it began.
    pub at: Timestamp,
    /// How long it took.
    pub took: Span,
    /// Cases read.
    pub cases: u32,
    /// Events read.
    pub events: u32,
    /// Changes of rules, directory and calendar read.
    pub amendments: u32,
    /// Accesses read.
    pub accesses: u32,
    /// Removals read.
    pub removals: u32,
    /// What does not hold: at most two hundred places.
    pub faults: Vec<AuditFaultView>,
    /// How many places there are.
    pub fault_count: u32,
}

/// A chain of evidence.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ts_rs::TS, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum AuditChain {
    /// The events of a case.
    Case,
    /// 变更记录
    Amendment,
    /// 查阅记录
    Access,
    /// 删除记录
    Removal,
}

/// A place that does not hold.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS, utoipa::ToSchema)]
pub struct AuditFaultView {
    /// In which chain.
    pub chain: Known<AuditChain>,
    /// The case as its number stands in the database.
    pub case_no: Option<String>,
    /// The event, or the number in the chain; `None` where the fault is of the case as a whole.
    pub place: Option<u32>,
    /// What is wrong: a stable word.
    pub code: String,
}

/// `GET /v1/removals?before=`
#[derive(Debug, Clone, Default, Serialize, Deserialize, ts_rs::TS, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct RemovalQuery {
    /// Only those before this number.
    pub before: Option<u32>,
}

/// Removals of customer data, newest first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS, utoipa::ToSchema)]
pub struct RemovalList {
    /// At most a hundred.
    pub removals: Vec<RemovalView>,
}

/// Customer data of a case that was removed when its time was over.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS, utoipa::ToSchema)]
pub struct RemovalView {
    /// From 1, without gap.
    pub number: u32,
    /// When.
    pub at: Timestamp,
    /// Whose.
    pub case_id: CaseId,
    /// 机构 of the case.
    pub unit: UnitRef,
    /// The last thing that happened to the case.
    pub over_at: Timestamp,
    /// How long it had to be kept.
    pub keep: Span,
    /// The rules that say so.
    pub rule_version: RuleVersion,
    /// Encrypted rows that were removed.
    pub rows: u32,
    /// Hash of what was removed.
    pub content: Hash,
    /// Its place in the chain.
    pub hash: Hash,
}
