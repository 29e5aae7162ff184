//! Commands to a case as they travel.
//!
//! The desk seals the exact bytes of a [`Payload`]; they travel and are stored as they are, so that every hash is over
//! the same bytes on both sides. What differs from attempt to attempt stands beside them in the [`Envelope`].

use chayan_domain::case::{CallbackResult, HandlingResult, RecallResult, ReturnReason, VoidReason};
use chayan_domain::directory::Department;
use chayan_domain::evidence::{Elapsed, Receipt, SealEvidence};
use chayan_domain::ids::{CaseId, CommandId, ComplaintNo, DeviceId, PersonId};
use chayan_domain::report::{Channel, Private, ReportForm};
use chayan_domain::time::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use crate::cases::CaseSummary;

/// Body of `PUT /v1/cases/{case_id}/commands/{command_id}`.
#[derive(Debug, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Envelope {
    /// The JSON of a [`Payload`], byte for byte as it was sealed.
    #[schema(value_type = Payload)]
    pub payload: Box<RawValue>,
    /// The device's evidence of time, for what was sealed; `None` for acts that are only possible online.
    pub seal: Option<SealEvidence>,
    /// This attempt, by the device's clocks.
    pub attempt: Attempt,
}

/// One attempt to send. Never part of what is hashed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Attempt {
    /// From 1.
    pub number: u32,
    /// The device's wall clock when the attempt began.
    pub began_at: Timestamp,
    /// Its elapsed clock at the same moment.
    pub began_elapsed: Option<Elapsed>,
}

/// What is sealed: who asks what of which case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Payload {
    /// The command; also its record in the device's chain.
    pub command_id: CommandId,
    /// The case.
    pub case_id: CaseId,
    /// The device.
    pub device_id: DeviceId,
    /// Who acts: must be the person of the token.
    pub person_id: PersonId,
    /// The device's wall clock when the person acted.
    pub device_time: Timestamp,
    /// What is asked.
    pub action: CaseAction,
}

/// 动作 as it travels; with the customer's data, which the centre separates and encrypts at once.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS, utoipa::ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum CaseAction {
    /// 开始计时: without customer data.
    StartTiming {
        /// 发现时间
        found_at: Timestamp,
    },
    /// 误触
    Discard,
    /// 报直接领导
    NotifyLeader {
        /// The report.
        report: Report,
    },
    /// 启动流程 jsk.22
    StartFlow {
        /// The report.
        report: Report,
    },
    /// 代登记: an agent of 95518 for whoever telephones.
    RegisterAsAgent {
        /// 报告人: who called.
        reporter: PersonId,
        /// When the call began.
        called_at: Timestamp,
        /// What they told; its channel is the telephone whatever it says.
        report: Report,
        /// 录音: a number or a link, at most 500 characters; may be empty.
        #[serde(default)]
        recording: Private,
    },
    /// 已当场化解·留痕
    ResolveOnSpot {
        /// The report.
        report: Report,
    },
    /// 补充
    Supplement {
        /// Only what is added or corrected.
        form: ReportForm,
    },
    /// 确认接手
    TakeOver,
    /// 已化解 by a leader
    ResolveAsLeader {
        /// 说明, at most 500 characters.
        note: Private,
    },
    /// 上报
    Escalate,
    /// 代启动流程
    StartFlowAsLeader,
    /// 撤回
    Withdraw {
        /// 原因, 1 to 500 characters.
        note: Private,
    },
    /// 领取
    ClaimCallback,
    /// 放回
    ReleaseCallback,
    /// 记录拨出
    LogDial,
    /// 回访结果
    RecordCallback {
        /// 结果
        result: CallbackResult,
        /// 要求改期: the agreed moment.
        appointment_at: Option<Timestamp>,
        /// 通话摘要, at most 500 characters.
        note: Private,
        /// 录音: a number or a link, at most 500 characters; may be empty.
        #[serde(default)]
        recording: Private,
    },
    /// 作废 / 并案
    Void {
        /// 原因
        reason: VoidReason,
        /// The surviving case.
        merged_into: Option<CaseId>,
    },
    /// 口头报告
    ReportVerbally {
        /// The report.
        report: Report,
        /// Who was told.
        leader: PersonId,
        /// When, as the clerk says.
        told_at: Timestamp,
    },
    /// 会签
    Countersign {
        /// When they were told; this time holds.
        told_at: Timestamp,
    },
    /// 否认口头报告
    RefuseCountersign {
        /// 说明, at most 500 characters.
        note: Private,
    },
    /// 投诉已发生
    NoteComplaint {
        /// When the customer complained.
        at: Timestamp,
    },
    /// 涉事人员
    NameInvolved {
        /// Who.
        people: Vec<PersonId>,
    },
    /// 转入待转办
    SendToDispatch {
        /// 说明, at most 500 characters.
        note: Private,
    },
    /// 转办
    Dispatch {
        /// 主办
        lead: Department,
        /// 协办
        assisting: Vec<Department>,
        /// 转办说明, at most 500 characters.
        note: Private,
    },
    /// 归口认定
    Rule {
        /// 主办
        lead: Department,
        /// 协办
        assisting: Vec<Department>,
        /// 认定理由, 1 to 500 characters.
        reason: Private,
    },
    /// 签收
    Sign,
    /// 退回
    Return {
        /// 退回原因
        reason: ReturnReason,
        /// 说明, at most 500 characters.
        note: Private,
    },
    /// 指派
    AssignHandler {
        /// 承办人
        handler: PersonId,
    },
    /// 联系客户
    LogContact {
        /// Whether the customer was reached.
        reached: bool,
        /// 联系情况, at most 500 characters.
        note: Private,
    },
    /// 要协办
    AskAssistance {
        /// Whom.
        department: Department,
        /// For what, at most 500 characters.
        note: Private,
    },
    /// 协办意见
    Assist {
        /// 意见, 1 to 500 characters.
        note: Private,
    },
    /// 办理结果
    WriteResult {
        /// 结果
        result: HandlingResult,
        /// 办理情况, at most 500 characters.
        note: Private,
    },
    /// 审批通过
    ApproveResult,
    /// 审批退回
    RejectResult {
        /// 原因, 1 to 500 characters.
        note: Private,
    },
    /// 领取复访
    ClaimRecall,
    /// 放回复访
    ReleaseRecall,
    /// 复访拨出
    LogRecallDial,
    /// 复访结果
    RecordRecall {
        /// 结果
        result: RecallResult,
        /// 要求改期: the agreed moment.
        appointment_at: Option<Timestamp>,
        /// 通话摘要, at most 500 characters.
        note: Private,
        /// 录音: a number or a link, at most 500 characters; may be empty.
        #[serde(default)]
        recording: Private,
    },
    /// 重办
    OrderRework {
        /// 原因, 1 to 500 characters.
        note: Private,
    },
    /// 归档·未化解
    ArchiveUnresolved {
        /// 理由, 1 to 500 characters.
        reason: Private,
    },
    /// 催办
    Urge {
        /// 说明, at most 500 characters.
        note: Private,
    },
    /// 督办
    Supervise {
        /// 督办意见, 1 to 500 characters.
        note: Private,
    },
    /// 确认督办
    AcknowledgeEscalation,
    /// 点评
    Comment {
        /// 点评, 1 to 500 characters.
        note: Private,
    },
    /// 转投诉
    Convert {
        /// The circumstances are complex: 30 days instead of 15.
        complex: bool,
        /// 投诉编号, where there is one already.
        complaint_no: Option<ComplaintNo>,
        /// 说明, at most 500 characters.
        note: Private,
    },
    /// 延长办理期限
    ExtendTerm {
        /// 理由, 1 to 500 characters.
        reason: Private,
    },
    /// 复开
    Reopen {
        /// 投诉编号
        complaint_no: ComplaintNo,
        /// 说明, at most 500 characters.
        note: Private,
    },
}

/// A report as it travels.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS, utoipa::ToSchema)]
pub struct Report {
    /// 发现时间
    pub found_at: Timestamp,
    /// When the timer was started; `None` without one.
    pub timing_started_at: Option<Timestamp>,
    /// 报告渠道
    pub channel: Channel,
    /// 报告表
    pub form: ReportForm,
}

/// Answer to an accepted command, and to every repetition of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Accepted {
    /// 报告回执, signed; the same bytes on every repetition.
    pub receipt: Receipt,
    /// The case as the sender may see it now.
    pub case: CaseSummary,
    /// The command had been stored before.
    pub replayed: bool,
}
