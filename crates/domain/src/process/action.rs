//! 动作: what a person can ask of a case.

use serde::{Deserialize, Serialize};

/// 动作 that a person can ask for; the commands of [`crate::case::Command`] without the machine's own.
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
#[serde(rename_all = "snake_case")]
pub enum Action {
    /// 开始计时
    StartTiming,
    /// 误触取消
    Discard,
    /// 报直接领导
    NotifyLeader,
    /// 口头报告
    ReportVerbally,
    /// 启动流程
    StartFlow,
    /// 代登记
    RegisterAsAgent,
    /// 已当场化解·留痕
    ResolveOnSpot,
    /// 补充
    Supplement,
    /// 确认接手
    TakeOver,
    /// 已化解
    ResolveAsLeader,
    /// 上报
    Escalate,
    /// 代启动流程
    StartFlowAsLeader,
    /// 会签
    Countersign,
    /// 否认口头报告
    RefuseCountersign,
    /// 投诉已发生
    NoteComplaint,
    /// 涉事人员
    NameInvolved,
    /// 撤回
    Withdraw,
    /// 领取
    ClaimCallback,
    /// 放回
    ReleaseCallback,
    /// 记录拨出
    LogDial,
    /// 回访结果
    RecordCallback,
    /// 转入待转办
    SendToDispatch,
    /// 转办
    Dispatch,
    /// 归口认定
    Rule,
    /// 签收
    Sign,
    /// 退回
    Return,
    /// 指派
    AssignHandler,
    /// 联系客户
    LogContact,
    /// 要协办
    AskAssistance,
    /// 协办意见
    Assist,
    /// 办理结果
    WriteResult,
    /// 审批通过
    ApproveResult,
    /// 审批退回
    RejectResult,
    /// 领取复访
    ClaimRecall,
    /// 放回复访
    ReleaseRecall,
    /// 复访拨出
    LogRecallDial,
    /// 复访结果
    RecordRecall,
    /// 重办
    OrderRework,
    /// 归档·未化解
    ArchiveUnresolved,
    /// 催办
    Urge,
    /// 督办
    Supervise,
    /// 确认督办
    AcknowledgeEscalation,
    /// 点评
    Comment,
    /// 转投诉
    Convert,
    /// 延长办理期限
    ExtendTerm,
    /// 复开
    Reopen,
    /// 作废 / 并案
    Void,
    /// 显示客户信息
    RevealField,
}

impl Action {
    /// Every action, in the order of the table.
    pub const ALL: &'static [Self] = &[
        Self::StartTiming,
        Self::Discard,
        Self::NotifyLeader,
        Self::ReportVerbally,
        Self::StartFlow,
        Self::RegisterAsAgent,
        Self::ResolveOnSpot,
        Self::Supplement,
        Self::TakeOver,
        Self::ResolveAsLeader,
        Self::Escalate,
        Self::StartFlowAsLeader,
        Self::Countersign,
        Self::RefuseCountersign,
        Self::NoteComplaint,
        Self::NameInvolved,
        Self::Withdraw,
        Self::ClaimCallback,
        Self::ReleaseCallback,
        Self::LogDial,
        Self::RecordCallback,
        Self::SendToDispatch,
        Self::Dispatch,
        Self::Rule,
        Self::Sign,
        Self::Return,
        Self::AssignHandler,
        Self::LogContact,
        Self::AskAssistance,
        Self::Assist,
        Self::WriteResult,
        Self::ApproveResult,
        Self::RejectResult,
        Self::ClaimRecall,
        Self::ReleaseRecall,
        Self::LogRecallDial,
        Self::RecordRecall,
        Self::OrderRework,
        Self::ArchiveUnresolved,
        Self::Urge,
        Self::Supervise,
        Self::AcknowledgeEscalation,
        Self::Comment,
        Self::Convert,
        Self::ExtendTerm,
        Self::Reopen,
        Self::Void,
        Self::RevealField,
    ];

    /// Whether it decides about the matter, so that nobody who is involved in it may do it (回避).
    #[must_use]
    pub const fn decides(self) -> bool {
        matches!(
            self,
            Self::Dispatch
                | Self::Rule
                | Self::Sign
                | Self::Return
                | Self::AssignHandler
                | Self::LogContact
                | Self::AskAssistance
                | Self::Assist
                | Self::WriteResult
                | Self::ApproveResult
                | Self::RejectResult
                | Self::ClaimRecall
                | Self::LogRecallDial
                | Self::RecordRecall
                | Self::OrderRework
                | Self::ArchiveUnresolved
                | Self::Convert
                | Self::Reopen
        )
    }
}
