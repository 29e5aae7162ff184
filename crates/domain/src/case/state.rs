//! What a case is at one moment: state, ladder, flow, callback, timers.

use serde::{Deserialize, Serialize};

use crate::calendar::Calendar;
use crate::directory::Line;
use crate::evidence::{Commitment, Hash, ReportTime};
use crate::ids::{CaseId, PersonId, RuleVersion, UnitId};
use crate::report::{Channel, FieldName, ReportFacts, RiskTag};
use crate::rules::CaseLimits;
use crate::time::{Span, Timestamp};

use super::callback::Callback;
use super::clock::Clock;
use super::complaint::{Conversion, Reopening};
use super::ladder::Level;
use super::merge::MergedCase;
use super::oversight::{Escalation, Urge};
use super::round::Round;
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
    /// 已转办·待签收
    Dispatched,
    /// 退回
    Returned,
    /// 归口认定中
    Ruling,
    /// 承办中
    Handling,
    /// 已办复
    Replied,
    /// 复访中
    Recalling,
    /// 重办
    Rework,
    /// 归档·已化解
    ArchivedResolved,
    /// 归档·未化解
    ArchivedUnresolved,
    /// 转投诉
    ToComplaint,
    /// 作废 / 并案
    Void,
}

impl CaseState {
    /// Every state, in the order in which a case can come through them.
    pub const ALL: &'static [Self] = &[
        Self::Timing,
        Self::Discarded,
        Self::SpotResolved,
        Self::LeaderNotified,
        Self::LeaderHandling,
        Self::LeaderResolved,
        Self::Draft,
        Self::Sealed,
        Self::Quarantined,
        Self::Submitted,
        Self::Withdrawn,
        Self::Calling,
        Self::NotReached,
        Self::ArchivedNoDissatisfaction,
        Self::ToDispatch,
        Self::Dispatched,
        Self::Returned,
        Self::Ruling,
        Self::Handling,
        Self::Replied,
        Self::Recalling,
        Self::Rework,
        Self::ArchivedResolved,
        Self::ArchivedUnresolved,
        Self::ToComplaint,
        Self::Void,
    ];
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
    /// When the reporter's first own words joined a flow that the system had started.
    #[serde(default)]
    pub joined: Option<ReportTime>,
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
    /// 重复不满: other cases that named the same customer when this one did.
    #[serde(default)]
    pub similar: Vec<CaseId>,
    /// Sealed records of this case that did not follow their device's chain.
    #[serde(default)]
    pub chain_breaks: u32,
    /// The surviving case after 并案.
    pub merged_into: Option<CaseId>,
    /// The settled case that flared up again as this one.
    #[serde(default)]
    pub episode_of: Option<CaseId>,
    /// When the customer complained formally, where that happened before the case came so far by itself.
    #[serde(default)]
    pub complained_at: Option<Timestamp>,
    /// 涉事人员: they neither handle nor approve nor rule (回避).
    #[serde(default)]
    pub involved: Vec<PersonId>,
    /// 风险标签 that were brought before the people who must know at once.
    #[serde(default)]
    pub risks_told: Vec<RiskTag>,
    /// Who was told of a risk.
    #[serde(default)]
    pub risk_told: Vec<PersonId>,
    /// 转办 rounds and their reworks, oldest first; the last one is open or the last that was.
    #[serde(default)]
    pub rounds: Vec<Round>,
    /// T4 to T9, in the order in which they began.
    #[serde(default)]
    pub clocks: Vec<Clock>,
    /// 催办 and 督办, in order.
    #[serde(default)]
    pub urges: Vec<Urge>,
    /// What was brought before a 分管领导.
    #[serde(default)]
    pub escalations: Vec<Escalation>,
    /// 转投诉.
    #[serde(default)]
    pub conversion: Option<Conversion>,
    /// 复开.
    #[serde(default)]
    pub reopenings: Vec<Reopening>,
    /// What merged cases gave to this one.
    #[serde(default)]
    pub merged: Vec<MergedCase>,
}

impl Case {
    /// The round that is open, or the last one that was.
    #[must_use]
    pub fn round(&self) -> Option<&Round> {
        self.rounds.last()
    }

    /// How often a dispatch was disputed. The first dispute is a return, every later one a ruling.
    #[must_use]
    pub fn disputes(&self) -> usize {
        self.rounds.iter().filter(|round| round.returned.is_some()).count()
    }

    /// 重办 so far, over all dispatches.
    #[must_use]
    pub fn reworks(&self) -> usize {
        self.rounds.iter().filter(|round| round.rework > 0).count()
    }

    /// SUPERVISED(n) over a running clock; 0 where nothing was urged.
    #[must_use]
    pub fn supervised(&self) -> u8 {
        self.clocks.iter().filter(|clock| clock.runs()).map(Clock::supervised).max().unwrap_or(0)
    }

    /// The clock of this name that runs now.
    #[must_use]
    pub fn clock(&self, name: TimerName) -> Option<&Clock> {
        self.clocks.iter().rev().find(|clock| clock.name == name && clock.runs())
    }

    /// All working time that clocks of this name have measured so far, over every round: it restarts with each dispatch,
    /// and the total is kept.
    #[must_use]
    pub fn spent(&self, name: TimerName, calendar: &Calendar, now: Timestamp) -> Span {
        let clocks = self.clocks.iter().filter(|clock| clock.name == name);
        clocks.fold(Span(0), |total, clock| {
            let worked = calendar.worked(clock.started_at, clock.stopped_at.unwrap_or(now));
            Span(total.0.saturating_add(worked.0))
        })
    }

    /// What was brought before this person as 分管领导.
    #[must_use]
    pub fn escalation(&self, person: &PersonId) -> Option<&Escalation> {
        self.escalations.iter().find(|escalation| escalation.person_id == *person)
    }
}
