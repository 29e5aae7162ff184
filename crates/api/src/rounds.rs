//! 转办 as its viewer may see it: which department had the case, and what became of it there.

use chayan_domain::case::{HandlingResult, RecallResult, ReturnReason};
use chayan_domain::directory::{Department, Line};
use chayan_domain::ids::UnitId;
use chayan_domain::time::Timestamp;
use serde::{Deserialize, Serialize};

use crate::Known;
use crate::cases::PersonRef;

/// A department by unit and line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS, utoipa::ToSchema)]
pub struct DepartmentRef {
    /// 机构
    pub unit_id: UnitId,
    /// Its name.
    pub unit_name: String,
    /// 条线
    pub line: Known<Line>,
}

/// A department to which the case could go.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS, utoipa::ToSchema)]
pub struct DepartmentChoice {
    /// As it is named in a command.
    pub department: Department,
    /// Its unit's name.
    pub unit_name: String,
    /// What 业务环节 and 机构 suggest. At most one of the list.
    pub proposed: bool,
}

/// A department that was asked to help.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS, utoipa::ToSchema)]
pub struct AssistanceView {
    /// Which.
    pub department: DepartmentRef,
    /// When it contributed last.
    pub answered_at: Option<Timestamp>,
}

/// One step of a round: who, and when.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS, utoipa::ToSchema)]
pub struct StepView {
    /// Who; `None` where the viewer may not know.
    pub by: Option<PersonRef>,
    /// When.
    pub at: Timestamp,
}

/// 退回.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS, utoipa::ToSchema)]
pub struct ReturnView {
    /// Who, and when.
    pub step: StepView,
    /// Why.
    pub reason: Known<ReturnReason>,
}

/// 办理结果.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS, utoipa::ToSchema)]
pub struct ReplyView {
    /// Who wrote it, and when.
    pub written: StepView,
    /// What came of it.
    pub result: Known<HandlingResult>,
    /// Who may approve it.
    pub approvers: Vec<PersonRef>,
    /// Its approval.
    pub approved: Option<StepView>,
}

/// One dial of the second callback.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS, utoipa::ToSchema)]
pub struct RecallView {
    /// Who dialled, and when.
    pub step: StepView,
    /// What came of it, once recorded.
    pub result: Option<Known<RecallResult>>,
}

/// One dispatch, or one rework of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS, utoipa::ToSchema)]
pub struct RoundView {
    /// `2` for the second dispatch, `2.1` for its first rework.
    pub label: String,
    /// 主办
    pub lead: DepartmentRef,
    /// 协办
    pub assisting: Vec<AssistanceView>,
    /// When it began.
    pub dispatched_at: Timestamp,
    /// 归口认定: it cannot be returned.
    pub binding: bool,
    /// 承办人
    pub handler: Option<PersonRef>,
    /// 签收
    pub signed: Option<StepView>,
    /// 首次联系
    pub contacted: Option<StepView>,
    /// Whether the customer was reached then.
    pub reached: bool,
    /// 退回
    pub returned: Option<ReturnView>,
    /// 办理结果
    pub reply: Option<ReplyView>,
    /// How often a result was sent back.
    pub rejections: u16,
    /// 复访
    pub recalls: Vec<RecallView>,
}
