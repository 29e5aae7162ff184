//! What can be asked of a case. No customer text in it: only commitments to what is stored beside it.

use serde::{Deserialize, Serialize};

use crate::calendar::Calendars;
use crate::directory::{Department, Directory, Line};
use crate::evidence::{Commitment, ReportTime};
use crate::ids::{CaseId, ComplaintNo, DeviceId, PersonId};
use crate::report::{Channel, FieldName, ReportFacts};
use crate::rules::EffectiveRules;
use crate::time::Timestamp;

use super::callback::CallbackResult;
use super::event::Actor;
use super::merge::MergedCase;
use super::round::{HandlingResult, RecallResult, ReturnReason};
use super::timer::TimerName;

/// What a decision may look at. Nothing else exists for it.
#[derive(Debug, Clone, Copy)]
pub struct Context<'a> {
    /// The deciding clock: the centre's, or the desk's for the local part.
    pub now: Timestamp,
    /// Who acts.
    pub actor: &'a Actor,
    /// The device acted from.
    pub device: Option<DeviceId>,
    /// The numbers that bind the case.
    pub rules: &'a EffectiveRules,
    /// The organisation of today.
    pub directory: &'a Directory,
    /// The working time of its units. Only T4 to T9 look at it.
    pub calendars: &'a Calendars,
}

/// A filled form, seen without the customer.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReportSheet {
    /// What happened.
    pub facts: ReportFacts,
    /// Customer fields that were given (names only).
    pub given: Vec<FieldName>,
    /// Fields that a flow needs and that are missing.
    pub missing: Vec<FieldName>,
    /// Commitment to the customer fields; `None` when none was given.
    pub commitment: Option<Commitment>,
}

/// The first words about a case: who found it, when, how it is proven.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Submission {
    /// The case as the desk named it.
    pub case_id: CaseId,
    /// 报告人 and where they work.
    pub reporter: PersonId,
    /// 条线 of the reporter.
    pub line: Line,
    /// 发现时间
    pub found_at: Timestamp,
    /// When the timer was started; `None` without one.
    pub timing_started_at: Option<Timestamp>,
    /// 报告渠道
    pub channel: Channel,
    /// The report's time as evidence.
    pub report_time: ReportTime,
    /// The settled case that flared up again as this one, where that is what happened.
    #[serde(default)]
    pub episode_of: Option<CaseId>,
    /// The form.
    pub sheet: ReportSheet,
}

/// 动作 on a case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Command {
    /// 开始计时, told to the centre when online; without customer data.
    StartTiming(Submission),
    /// 误触: within 30 s (系统默认).
    Discard,
    /// 报直接领导.
    NotifyLeader(Submission),
    /// 启动流程 jsk.22 by the reporter.
    StartFlow(Submission),
    /// 代登记: an agent starts it for the reporter who telephones.
    RegisterAsAgent {
        /// First words, with the start of the call as the report's time.
        submission: Submission,
        /// When the call began, as the agent says.
        called_at: Timestamp,
    },
    /// 已当场化解·留痕.
    ResolveOnSpot(Submission),
    /// 补充: changes no time.
    Supplement {
        /// What was added.
        sheet: ReportSheet,
    },
    /// A device of `person` received the notice (not an act: no state change).
    NoteDelivery {
        /// The person whose device it is.
        person_id: PersonId,
        /// The level whose notice it was: one person may be told at two, as deputy of both.
        level: u8,
    },
    /// The notice was displayed there.
    NoteShown {
        /// The person whose device it is.
        person_id: PersonId,
        /// The level whose notice it was.
        level: u8,
    },
    /// The person said there that they know of it, without taking the case over.
    NoteAcknowledged {
        /// The person whose device it is.
        person_id: PersonId,
        /// The level whose notice it was.
        level: u8,
    },
    /// A device of the person showed what they were urged to do.
    NoteUrgeSeen {
        /// The person whose device it is.
        person_id: PersonId,
    },
    /// 确认接手: acknowledges and takes over.
    TakeOver,
    /// 已化解 by a leader.
    ResolveAsLeader {
        /// The leader's words, stored encrypted.
        note: Option<Commitment>,
    },
    /// 上报 to the next leader.
    Escalate,
    /// 代启动流程 by a leader of the ladder.
    StartFlowAsLeader,
    /// 撤回, only before acceptance.
    Withdraw {
        /// Why, stored encrypted.
        note: Option<Commitment>,
    },
    /// 领取 (受理): one agent holds it.
    ClaimCallback,
    /// 放回 to the queue.
    ReleaseCallback,
    /// 记录拨出: stops T3.
    LogDial,
    /// 回访结果.
    RecordCallback {
        /// What came of the last dial.
        result: CallbackResult,
        /// 要求改期: the agreed moment.
        appointment_at: Option<Timestamp>,
        /// 通话摘要, stored encrypted.
        note: Option<Commitment>,
    },
    /// 作废 / 并案 by the complaint group or the customer-service department.
    Void {
        /// Why.
        reason: VoidReason,
        /// The surviving case, for a merge.
        merged_into: Option<CaseId>,
    },
    /// 显示 a customer field: needs a reason, is an event.
    RevealField {
        /// Which field.
        field: FieldName,
        /// Why, stored encrypted.
        reason: Commitment,
    },
    /// 口头报告: the clerk told a leader by word of mouth; the leader is asked to countersign.
    ReportVerbally {
        /// First words.
        submission: Submission,
        /// Whom.
        leader: PersonId,
        /// When, as the clerk says.
        told_at: Timestamp,
    },
    /// 会签 of a verbal report, by the named leader or the deputy on duty.
    Countersign {
        /// When they were told; this time holds.
        told_at: Timestamp,
    },
    /// The leader was never told.
    RefuseCountersign {
        /// Their words, stored encrypted.
        note: Option<Commitment>,
    },
    /// 投诉已发生: the customer has complained formally. The report is due all the same.
    NoteComplaint {
        /// When.
        at: Timestamp,
    },
    /// 涉事人员: who is involved in what the customer complains of.
    NameInvolved {
        /// Who.
        people: Vec<PersonId>,
    },
    /// After n attempts, or a refusal, without a first callback: 转入待转办.
    SendToDispatch {
        /// Why, stored encrypted.
        note: Option<Commitment>,
    },
    /// 转办 to the one department that directly caused it.
    Dispatch {
        /// 主办
        lead: Department,
        /// 协办
        assisting: Vec<Department>,
        /// What is asked, stored encrypted.
        note: Option<Commitment>,
    },
    /// 归口认定: binding.
    Rule {
        /// 主办
        lead: Department,
        /// 协办
        assisting: Vec<Department>,
        /// Why, stored encrypted.
        reason: Commitment,
    },
    /// 签收, also of a rework.
    Sign,
    /// 退回: the first time to the complaint group, from then on to a ruling.
    Return {
        /// Why.
        reason: ReturnReason,
        /// In words, stored encrypted.
        note: Option<Commitment>,
    },
    /// 指派 or 改派 inside the department.
    AssignHandler {
        /// To whom.
        handler: PersonId,
    },
    /// 联系客户; the first one stops T6.
    LogContact {
        /// Whether the customer was reached.
        reached: bool,
        /// In words, stored encrypted.
        note: Option<Commitment>,
    },
    /// 要协办.
    AskAssistance {
        /// Whom.
        department: Department,
        /// For what, stored encrypted.
        note: Option<Commitment>,
    },
    /// 协办意见.
    Assist {
        /// In words, stored encrypted.
        note: Commitment,
    },
    /// 办理结果, to be approved by the head.
    WriteResult {
        /// What came of it.
        result: HandlingResult,
        /// What was done, stored encrypted.
        note: Option<Commitment>,
    },
    /// 审批通过.
    ApproveResult,
    /// 审批退回.
    RejectResult {
        /// Why, stored encrypted.
        note: Commitment,
    },
    /// 领取复访.
    ClaimRecall,
    /// 放回复访.
    ReleaseRecall,
    /// 复访拨出.
    LogRecallDial,
    /// 复访结果.
    RecordRecall {
        /// What came of the last dial.
        result: RecallResult,
        /// 要求改期: the agreed moment.
        appointment_at: Option<Timestamp>,
        /// 通话摘要, stored encrypted.
        note: Option<Commitment>,
    },
    /// 重办.
    OrderRework {
        /// Why, stored encrypted.
        note: Commitment,
    },
    /// 归档·未化解, by the customer-service department alone.
    ArchiveUnresolved {
        /// Why, stored encrypted.
        reason: Commitment,
    },
    /// 催办 by hand.
    Urge {
        /// In words, stored encrypted.
        note: Option<Commitment>,
    },
    /// 督办单 by hand, told to the 分管领导 too.
    Supervise {
        /// In words, stored encrypted.
        note: Commitment,
    },
    /// A 分管领导 acknowledges what was brought before them.
    AcknowledgeEscalation,
    /// 点评 of a 分管领导.
    Comment {
        /// In words, stored encrypted.
        note: Commitment,
    },
    /// 转投诉: one-way.
    Convert {
        /// The circumstances are complex: 30 days instead of 15.
        complex: bool,
        /// 投诉编号, where there is one already.
        complaint_no: Option<ComplaintNo>,
        /// Why, stored encrypted.
        note: Option<Commitment>,
    },
    /// The next longer legal term: 15 → 30 → 60 days.
    ExtendTerm {
        /// Why, stored encrypted.
        reason: Commitment,
    },
    /// 复开 of an archived case by a complaint that is linked to it.
    Reopen {
        /// The complaint.
        complaint_no: ComplaintNo,
        /// Why, stored encrypted.
        note: Option<Commitment>,
    },
    /// 并案: this case takes in what another one gives. Only the system may say so, together with the other's void.
    Absorb {
        /// What the other gives.
        merged: MergedCase,
    },
    /// 重复不满: other cases of the last days name the same customer. Only the system may say so.
    NoteSimilar {
        /// Which, the newest first.
        cases: Vec<CaseId>,
    },
    /// The sealed record of the command before does not follow the device's chain. Only the system may say so.
    NoteChainBreak {
        /// The record's position in the device's chain.
        sequence: u64,
    },
    /// A timer came due. Only the system may say so; ignored when it is no longer armed.
    FireTimer {
        /// Which.
        name: TimerName,
        /// Its level; 0 where it has none.
        level: u8,
    },
}

/// 作废原因.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ts_rs::TS, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum VoidReason {
    /// 误触
    Accidental,
    /// 测试
    Test,
    /// 重复并案
    Duplicate,
}
