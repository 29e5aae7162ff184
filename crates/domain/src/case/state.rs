//! What a case is at one moment: state, ladder, flow, callback, timers.

use serde::{Deserialize, Serialize};

use crate::directory::Line;
use crate::evidence::{Commitment, Hash, ReportTime};
use crate::ids::{CaseId, PersonId, RuleVersion, UnitId};
use crate::report::{Channel, FieldName, ReportFacts};
use crate::rules::CaseLimits;
use crate::time::Timestamp;

use super::timer::TimerName;

/// 状态. The part on the device (`DRAFT`, `SEALED`, `QUARANTINED`) and the part at the centre are one machine.
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
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum CaseState {
    /// 计时中
    Timing,
    /// 误触取消
    Discarded,
    /// 已当场化解·留痕
    SpotResolved,
    /// 已报直接领导
    LeaderNotified,
    /// 领导介入处理
    LeaderHandling,
    /// 领导已化解
    LeaderResolved,
    /// 草稿
    Draft,
    /// 已封存待发送
    Sealed,
    /// 隔离待处理
    Quarantined,
    /// 已送达·待回访
    Submitted,
    /// 撤回
    Withdrawn,
    /// 首次回访中
    Calling,
    /// 未接通 / 拒访 / 号码错误 / 要求改期
    NotReached,
    /// 归档·无不满
    ArchivedNoDissatisfaction,
    /// 待转办
    ToDispatch,
    /// 转投诉
    ToComplaint,
    /// 作废 / 并案
    Void,
}

/// 发起人 of a flow.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ts_rs::TS, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Starter {
    /// 本人
    Reporter,
    /// 领导代启动
    Leader,
    /// 坐席代登记
    Agent,
    /// 系统
    System,
}

/// How a ladder level ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ts_rs::TS, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum LevelEnd {
    /// 化解
    Resolved,
    /// 上报 by a person
    Escalated,
    /// 流程 started (by anyone)
    FlowStarted,
    /// T2 ran out; the system climbed
    RanOut,
    /// Not delivered in time; the system climbed
    Undelivered,
    /// Leader and deputies all absent: never notified
    SkippedAbsent,
}

/// One level of the ladder (逐级报告). Level 1 is the reporter's direct leader.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS, utoipa::ToSchema)]
pub struct Level {
    /// From 1 upward.
    pub level: u8,
    /// The leader of this level.
    pub leader: PersonId,
    /// The deputy who was alerted too (absence or non-delivery), the latest one.
    pub deputy: Option<PersonId>,
    /// Everybody who got the notice at this level: the leader, then deputies in order. Empty for a skipped level.
    pub alerted: Vec<PersonId>,
    /// When the notice was sent.
    pub notified_at: Timestamp,
    /// First delivery to a device of the leader or of the deputy; T2 runs from here.
    pub delivered_at: Option<Timestamp>,
    /// Whether the delivery check already told the clerk (once).
    pub undelivered_told: bool,
    /// First display.
    pub shown_at: Option<Timestamp>,
    /// First acknowledgement, and by whom.
    pub acknowledged_at: Option<Timestamp>,
    /// Who took it over (确认接手).
    pub taken_over_by: Option<PersonId>,
    /// When this level ended and how.
    pub ended_at: Option<Timestamp>,
    /// How it ended.
    pub end: Option<LevelEnd>,
}

/// The flow jsk.22 of the case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS, utoipa::ToSchema)]
pub struct Flow {
    /// When the centre received it: T3 runs from here.
    pub received_at: Timestamp,
    /// The report's time as evidence.
    pub report_time: ReportTime,
    /// Who started it.
    pub starter: Starter,
    /// The person who started it; `None` for the system.
    pub started_by: Option<PersonId>,
    /// 报告渠道
    pub channel: Channel,
    /// Fields still 待补.
    pub missing: Vec<FieldName>,
}

/// 回访结果.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ts_rs::TS, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum CallbackResult {
    /// 无不满 → archived
    NotDissatisfied,
    /// 有不满 → to dispatch
    Dissatisfied,
    /// 未接通
    NotReached,
    /// 拒访
    Refused,
    /// 号码错误 (asks the reporter for another number)
    WrongNumber,
    /// 要求改期 (an appointment is given)
    Appointment,
    /// 已投诉 → to complaint
    Complained,
}

/// One dial of the first callback.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS, utoipa::ToSchema)]
pub struct Dial {
    /// Who dialled.
    pub by: PersonId,
    /// When it was logged (the centre's clock).
    pub at: Timestamp,
    /// What came of it, once recorded.
    pub result: Option<CallbackResult>,
}

/// 首次回访.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS, utoipa::ToSchema)]
pub struct Callback {
    /// The one agent who holds it.
    pub claimed_by: Option<PersonId>,
    /// Since when.
    pub claimed_at: Option<Timestamp>,
    /// 受理: the first claim ever; from then on the reporter cannot withdraw.
    pub accepted_at: Option<Timestamp>,
    /// Every dial in order.
    pub dials: Vec<Dial>,
    /// Agreed next attempt (要求改期).
    pub appointment_at: Option<Timestamp>,
    /// 号码错误: the reporter was asked for another number and has not given one yet.
    pub number_needed: bool,
    /// T3 steps that already fired, as their timer names.
    pub overdue_told: Vec<TimerName>,
}

/// The clerk's five minutes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS, utoipa::ToSchema)]
pub struct Timing {
    /// 发现时间; may only be moved earlier.
    pub found_at: Timestamp,
    /// When the timer was started; `None` for a report without one.
    pub started_at: Option<Timestamp>,
    /// The end of T1.
    pub due_at: Timestamp,
    /// The one warning was given (or skipped because the limit was overdue too).
    pub warned: bool,
    /// T1 ran out unanswered.
    pub overdue: bool,
    /// What answered T1 (a notice, the flow, a spot trace, a discard), and when.
    pub answered_at: Option<Timestamp>,
}

/// 案件.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS, utoipa::ToSchema)]
pub struct Case {
    /// 案件编号
    pub case_id: CaseId,
    /// 状态
    pub state: CaseState,
    /// Number of events so far.
    pub version: u32,
    /// Hash of the last event.
    pub hash: Hash,
    /// 报告人
    pub reporter: PersonId,
    /// The person who entered it, where that is somebody else.
    pub submitter: Option<PersonId>,
    /// 机构 of the reporter when the case began.
    pub unit_id: UnitId,
    /// Its codes from the root down in the tree of that day: a later reorganisation moves no case.
    #[serde(default)]
    pub unit_path: Option<String>,
    /// 直接领导 of the reporter on that day.
    #[serde(default)]
    pub direct_leader: Option<PersonId>,
    /// 条线 of the reporter when the case began.
    pub line: Line,
    /// When the case came into being at the centre (or on the desk, for its local part).
    pub created_at: Timestamp,
    /// When the last event happened.
    pub changed_at: Timestamp,
    /// The rule version that binds the case: the one in force when it began.
    pub rule_version: RuleVersion,
    /// The spans of that version, kept so that a later rule set changes no running timer.
    pub limits: CaseLimits,
    /// 报告渠道 of its first words; a flow that the system starts takes it.
    pub channel: Channel,
    /// The clerk's five minutes.
    pub timing: Timing,
    /// What is known of the matter, without the customer.
    pub facts: ReportFacts,
    /// Fields still 待补.
    pub missing: Vec<FieldName>,
    /// Customer fields that were given (names only).
    pub given: Vec<FieldName>,
    /// Commitments to the customer fields, oldest first.
    pub commitments: Vec<Commitment>,
    /// The report's time of the first notice or trace, where one came before the flow.
    pub first_report_time: Option<ReportTime>,
    /// 逐级报告, level 1 first.
    pub ladder: Vec<Level>,
    /// jsk.22
    pub flow: Option<Flow>,
    /// 首次回访
    pub callback: Callback,
    /// Number of supplements.
    pub supplements: u32,
    /// Sealed records of this case that did not follow their device's chain.
    #[serde(default)]
    pub chain_breaks: u32,
    /// The surviving case after 并案.
    pub merged_into: Option<CaseId>,
}
