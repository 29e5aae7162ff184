//! The words of an event: what happened, one variant each. No customer text: only commitments to it.

use serde::{Deserialize, Serialize};

use crate::directory::Department;
use crate::evidence::{Commitment, ReportTime};
use crate::ids::{CaseId, ComplaintNo, PersonId};
use crate::report::{Channel, FieldName, RiskTag};
use crate::time::{Span, Timestamp};

use super::callback::CallbackResult;
use super::clock::Clock;
use super::command::{ReportSheet, Submission, VoidReason};
use super::complaint::{ComplaintTerm, Conversion};
use super::event::Opening;
use super::ladder::LevelEnd;
use super::merge::MergedCase;
use super::oversight::UrgeKind;
use super::round::{HandlingResult, RecallResult, ReturnReason};
use super::state::Starter;
use super::timer::TimerName;

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
        channel: Channel,
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
    /// 重复不满: other cases name the same customer.
    SimilarFound {
        /// Which, the newest first.
        cases: Vec<CaseId>,
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
    /// 口头报告: T1 is answered, the leader is asked to countersign.
    VerballyReported {
        /// The leader's level.
        level: u8,
        /// The leader.
        leader: PersonId,
        /// The deputy on duty, who is asked too.
        deputy: Option<PersonId>,
        /// When, as the clerk says.
        told_at: Timestamp,
        /// The time of the claim, as evidence.
        report_time: ReportTime,
    },
    /// 会签: T2 of this level runs from the confirmed time.
    Countersigned {
        /// Which level.
        level: u8,
        /// Leader or deputy.
        person_id: PersonId,
        /// The time that holds.
        confirmed_for: Timestamp,
    },
    /// The leader was never told.
    CountersignRefused {
        /// Which level.
        level: u8,
        /// Leader or deputy.
        person_id: PersonId,
        /// Nothing else has answered T1: it is overdue at once.
        overdue: bool,
        /// Their words.
        note: Option<Commitment>,
    },
    /// 投诉已发生.
    ComplaintNoted {
        /// When.
        complained_at: Timestamp,
    },
    /// 涉事人员 were named.
    InvolvedNamed {
        /// Who.
        people: Vec<PersonId>,
    },
    /// 风险标签 that must be known at once.
    RiskFlagged {
        /// Which.
        tags: Vec<RiskTag>,
        /// Who is told.
        to: Vec<PersonId>,
        /// The 分管领导 who are told.
        leaders: Vec<PersonId>,
    },
    /// A clock of working time began; its moments stand here for good.
    ClockStarted {
        /// The clock.
        clock: Clock,
    },
    /// The next attempt after 未接通 was planned.
    RetryPlanned {
        /// When it is due.
        due_at: Timestamp,
    },
    /// 转入待转办 without a first callback.
    SentToDispatch {
        /// Who.
        person_id: PersonId,
        /// Why.
        note: Option<Commitment>,
    },
    /// 转办: a round begins.
    Dispatched {
        /// Its number.
        round: u16,
        /// Who dispatched.
        person_id: PersonId,
        /// 主办
        lead: Department,
        /// 协办
        assisting: Vec<Department>,
        /// What was proposed for the lead.
        proposed: Option<Department>,
        /// A 归口认定, which binds.
        binding: bool,
        /// What is asked, or why it was ruled so.
        note: Option<Commitment>,
    },
    /// 签收
    Signed {
        /// Who.
        person_id: PersonId,
        /// 承办人 from now on.
        handler: PersonId,
    },
    /// 退回: the first of a case to the complaint group, a later one to a ruling.
    DispatchReturned {
        /// Who.
        person_id: PersonId,
        /// Why.
        reason: ReturnReason,
        /// In words.
        note: Option<Commitment>,
    },
    /// 指派 or 改派
    HandlerAssigned {
        /// By whom.
        person_id: PersonId,
        /// To whom.
        handler: PersonId,
    },
    /// 联系客户
    ContactLogged {
        /// Who.
        person_id: PersonId,
        /// Whether the customer was reached.
        reached: bool,
        /// In words.
        note: Option<Commitment>,
    },
    /// 要协办
    AssistanceAsked {
        /// By whom.
        person_id: PersonId,
        /// Of whom.
        department: Department,
        /// For what.
        note: Option<Commitment>,
    },
    /// 协办意见
    Assisted {
        /// Who.
        person_id: PersonId,
        /// For which department.
        department: Department,
        /// In words.
        note: Commitment,
    },
    /// 办理结果 written.
    ResultWritten {
        /// Who.
        person_id: PersonId,
        /// What came of it.
        result: HandlingResult,
        /// In words.
        note: Option<Commitment>,
        /// Who may approve it.
        approvers: Vec<PersonId>,
    },
    /// 审批通过
    ResultApproved {
        /// Who.
        person_id: PersonId,
    },
    /// 审批退回
    ResultRejected {
        /// Who.
        person_id: PersonId,
        /// Why.
        note: Commitment,
    },
    /// 领取复访
    RecallClaimed {
        /// Who.
        person_id: PersonId,
    },
    /// 放回复访
    RecallReleased {
        /// Who.
        person_id: PersonId,
    },
    /// 复访拨出
    RecallDialled {
        /// Who.
        person_id: PersonId,
    },
    /// 复访结果: stops T9.
    RecallRecorded {
        /// Who.
        person_id: PersonId,
        /// What came of it.
        result: RecallResult,
        /// The agreed moment.
        appointment_at: Option<Timestamp>,
        /// 通话摘要
        note: Option<Commitment>,
    },
    /// The next attempt of the second callback is due.
    RecallDue {
        /// How late it was noticed.
        late: Span,
    },
    /// 重办: case#n.m begins.
    ReworkOrdered {
        /// Who.
        person_id: PersonId,
        /// Why.
        note: Option<Commitment>,
    },
    /// 归档·未化解
    ArchivedUnresolved {
        /// Who approved it.
        person_id: PersonId,
        /// Why.
        reason: Commitment,
    },
    /// 催办 or 督办, by the system step by step or by hand.
    Urged {
        /// What kind.
        urge: UrgeKind,
        /// The clock that brought it about; `None` by hand.
        clock: Option<TimerName>,
        /// Who has to act.
        to: Vec<PersonId>,
        /// The 分管领导 who are told.
        leaders: Vec<PersonId>,
        /// In words.
        note: Option<Commitment>,
        /// How late the system noticed; 0 by hand.
        late: Span,
    },
    /// Somebody who was urged saw it.
    UrgeSeen {
        /// Which one.
        number: u16,
        /// Who.
        person_id: PersonId,
    },
    /// A 分管领导 acknowledged.
    EscalationAcknowledged {
        /// Who.
        person_id: PersonId,
    },
    /// 点评
    Commented {
        /// Who.
        person_id: PersonId,
        /// Their words.
        note: Commitment,
    },
    /// 转投诉, with the dates that the law sets.
    ConvertedToComplaint {
        /// What was decided.
        conversion: Conversion,
        /// Why.
        note: Option<Commitment>,
    },
    /// A longer legal term.
    TermExtended {
        /// Who approved it.
        person_id: PersonId,
        /// The term from now on.
        term: ComplaintTerm,
        /// Why.
        reason: Commitment,
    },
    /// 复开
    Reopened {
        /// Who.
        person_id: PersonId,
        /// The complaint.
        complaint_no: ComplaintNo,
        /// Why.
        note: Option<Commitment>,
    },
    /// 并案: what another case gave.
    Absorbed {
        /// What it gave.
        merged: MergedCase,
    },
}
