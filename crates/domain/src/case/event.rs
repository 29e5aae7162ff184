//! What has happened to a case. Appended, never changed; holds no customer text.

use serde::{Deserialize, Serialize};

use crate::evidence::{Commitment, Hash, ReportTime};
use crate::ids::{CaseId, DeviceId, EventId, PersonId, RuleVersion, UnitId};
use crate::report::FieldName;
use crate::rules::CaseLimits;
use crate::time::{Span, Timestamp};

use super::command::{ReportSheet, Submission, VoidReason};
use super::state::{CallbackResult, CaseState, LevelEnd, Starter};
use super::timer::TimerName;

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

/// What happened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum EventBody {
    /// 开始计时
    TimingStarted {
        /// First words.
        submission: Submission,
        /// What binds the case from here on.
        opening: Opening,
        /// End of T1.
        due_at: Timestamp,
    },
    /// The one warning before T1 ends.
    TimingWarned {
        /// How late it was noticed.
        late: Span,
    },
    /// T1 ran out unanswered.
    TimingOverdue {
        /// How late it was noticed, in milliseconds (0 when on time; more after a restart).
        late: Span,
    },
    /// 误触取消
    Discarded,
    /// A report opened or continued the case with these words; precedes the event that says what it led to.
    Reported {
        /// The words.
        submission: Submission,
        /// What binds the case from here on; `None` for a case that had begun before.
        opening: Option<Opening>,
        /// End of T1, earlier than before where 发现时间 was moved earlier.
        due_at: Timestamp,
    },
    /// 已当场化解·留痕
    SpotResolved,
    /// 已报直接领导 (level 1) or climbed to a higher level.
    LeaderNotified {
        /// From 1.
        level: u8,
        /// The leader.
        leader: PersonId,
        /// The deputy on duty, alerted too because the leader is absent.
        deputy: Option<PersonId>,
    },
    /// A level was left out because leader and deputies are all absent.
    LevelSkipped {
        /// Which level.
        level: u8,
        /// Its leader.
        leader: PersonId,
    },
    /// A level ended without the case ending there.
    LevelEnded {
        /// Which level.
        level: u8,
        /// How.
        end: LevelEnd,
        /// How late the system noticed; 0 for a person's act.
        late: Span,
    },
    /// First delivery at this level: T2 starts.
    NoticeDelivered {
        /// Which level.
        level: u8,
        /// To whom.
        person_id: PersonId,
    },
    /// First display at this level.
    NoticeShown {
        /// Which level.
        level: u8,
        /// To whom.
        person_id: PersonId,
    },
    /// First acknowledgement at this level without 接手.
    NoticeAcknowledged {
        /// Which level.
        level: u8,
        /// By whom.
        person_id: PersonId,
    },
    /// Undelivered for 60 s (系统默认): the deputy is alerted (where there is one) and the clerk told.
    NoticeUndelivered {
        /// Which level.
        level: u8,
        /// The deputy who is alerted now.
        deputy: Option<PersonId>,
        /// How late the system noticed.
        late: Span,
    },
    /// 确认接手
    LeaderTookOver {
        /// Which level.
        level: u8,
        /// Leader or deputy.
        person_id: PersonId,
    },
    /// 领导已化解
    LeaderResolved {
        /// Which level.
        level: u8,
        /// Who.
        person_id: PersonId,
        /// Their words.
        note: Option<Commitment>,
    },
    /// 流程 jsk.22 started: T3 runs.
    FlowStarted {
        /// Who started it.
        starter: Starter,
        /// The person; `None` for the system.
        started_by: Option<PersonId>,
        /// 报告渠道
        channel: crate::report::Channel,
        /// The report's time as evidence.
        report_time: ReportTime,
        /// Fields still 待补.
        missing: Vec<FieldName>,
    },
    /// 补充
    Supplemented {
        /// What was added.
        sheet: ReportSheet,
    },
    /// 撤回
    Withdrawn {
        /// Why.
        note: Option<Commitment>,
    },
    /// 受理: claimed by one agent.
    CallbackClaimed {
        /// Who.
        person_id: PersonId,
        /// From whom it was taken over, after that claim had run out.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        taken_from: Option<PersonId>,
    },
    /// 放回
    CallbackReleased {
        /// Who.
        person_id: PersonId,
    },
    /// 拨出: stops T3.
    Dialled {
        /// Who.
        person_id: PersonId,
    },
    /// 回访结果; the state follows from it.
    CallbackRecorded {
        /// Who.
        person_id: PersonId,
        /// What came of it.
        result: CallbackResult,
        /// The agreed moment.
        appointment_at: Option<Timestamp>,
        /// 通话摘要
        note: Option<Commitment>,
    },
    /// T3 overdue without a dial, step by step.
    CallbackOverdue {
        /// T3, T3Head or T3Department.
        step: TimerName,
        /// How late it was noticed.
        late: Span,
    },
    /// An agreed moment came.
    AppointmentDue {
        /// How late it was noticed.
        late: Span,
    },
    /// 作废 / 并案
    Voided {
        /// Why.
        reason: VoidReason,
        /// The surviving case.
        merged_into: Option<CaseId>,
    },
    /// The sealed record that brought the event before does not follow the device's earlier records as the centre has
    /// them. The report stands; its time is 存疑.
    DeviceChainBroken {
        /// The record's position in the device's chain.
        sequence: u64,
    },
    /// A customer field was shown in the clear.
    FieldRevealed {
        /// To whom.
        person_id: PersonId,
        /// Which.
        field: FieldName,
        /// Why.
        reason: Commitment,
    },
}
