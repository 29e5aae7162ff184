//! 转办 rounds: every dispatch is one, and every rework of it another; each with what its department did.

use serde::{Deserialize, Serialize};

use crate::directory::Department;
use crate::evidence::Commitment;
use crate::ids::PersonId;
use crate::time::Timestamp;

/// 退回原因.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ts_rs::TS, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ReturnReason {
    /// 非本条线
    NotOurLine,
    /// 非本机构
    NotOurUnit,
    /// 重复
    Duplicate,
    /// 信息不足
    InsufficientInformation,
}

/// 办理结果.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ts_rs::TS, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum HandlingResult {
    /// 已化解-解释认可
    ResolvedExplained,
    /// 已化解-业务补办
    ResolvedRemedied,
    /// 已化解-致歉/慰问
    ResolvedApologised,
    /// 部分化解
    PartlyResolved,
    /// 未化解
    Unresolved,
    /// 转投诉
    ToComplaint,
    /// 无法联系
    Unreachable,
}

/// 复访结果, of the second callback.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ts_rs::TS, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum RecallResult {
    /// 满意 → archived as resolved
    Satisfied,
    /// 不满意 → rework
    Dissatisfied,
    /// 提请归档·未化解: the customer-service department decides
    Unresolved,
    /// 未接通
    NotReached,
    /// 拒访
    Refused,
    /// 号码错误
    WrongNumber,
    /// 要求改期 (an appointment is given)
    Appointment,
    /// 已投诉 → to complaint
    Complained,
}

/// Who did something, and when.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS, utoipa::ToSchema)]
pub struct Stamp {
    /// Who.
    pub person_id: PersonId,
    /// When.
    pub at: Timestamp,
}

/// 退回 of a dispatch. The first one of a case goes back to the complaint group, the next one to a ruling.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS, utoipa::ToSchema)]
pub struct Returned {
    /// Who, and when.
    pub by: Stamp,
    /// Why.
    pub reason: ReturnReason,
    /// Their words.
    pub note: Option<Commitment>,
}

/// 协办: a department that was asked to help.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS, utoipa::ToSchema)]
pub struct Assistance {
    /// Which.
    pub department: Department,
    /// Since when.
    pub asked_at: Timestamp,
    /// What it contributed last.
    pub answered: Option<Stamp>,
}

/// 首次联系.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS, utoipa::ToSchema)]
pub struct Contact {
    /// Who, and when.
    pub by: Stamp,
    /// Whether the customer was reached. An attempt stops T6 all the same.
    pub reached: bool,
}

/// 办理结果 as written, before and after its approval.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS, utoipa::ToSchema)]
pub struct Reply {
    /// Who wrote it, and when.
    pub by: Stamp,
    /// What came of it.
    pub result: HandlingResult,
    /// What was done, in words.
    pub note: Option<Commitment>,
    /// Who may approve it: the heads who have no part in it, or else the 分管领导.
    pub approvers: Vec<PersonId>,
    /// Its approval.
    pub approved: Option<Stamp>,
}

/// One dial of the second callback.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS, utoipa::ToSchema)]
pub struct RecallDial {
    /// Who dialled, and when.
    pub by: Stamp,
    /// What came of it, once recorded.
    pub result: Option<RecallResult>,
}

/// 第二次回访 of a round.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS, utoipa::ToSchema)]
pub struct Recall {
    /// The one person who holds it.
    pub claimed_by: Option<PersonId>,
    /// Every dial in order.
    pub dials: Vec<RecallDial>,
    /// The next attempt: agreed, or planned.
    pub appointment_at: Option<Timestamp>,
    /// 提请归档·未化解.
    pub unresolved: Option<Stamp>,
}

/// One round: a dispatch (case#n) or a rework of it (case#n.m).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS, utoipa::ToSchema)]
pub struct Round {
    /// n, from 1.
    pub number: u16,
    /// m; 0 for the dispatch itself.
    pub rework: u16,
    /// 主办: exactly one, the department that directly caused the dissatisfaction.
    pub lead: Department,
    /// 协办, any number.
    pub assisting: Vec<Assistance>,
    /// What was proposed for the lead; `None` where nothing could be.
    pub proposed: Option<Department>,
    /// When it began.
    pub dispatched_at: Timestamp,
    /// 归口认定: a decision of the customer-service department, which cannot be returned.
    pub binding: bool,
    /// 承办人.
    pub handler: Option<PersonId>,
    /// 签收.
    pub signed: Option<Stamp>,
    /// 首次联系; of a rework the first one after it.
    pub first_contact: Option<Contact>,
    /// 退回.
    pub returned: Option<Returned>,
    /// 办理结果.
    pub reply: Option<Reply>,
    /// How often a result was sent back by the head.
    pub rejections: u16,
    /// 第二次回访.
    pub recall: Recall,
}

impl Round {
    /// `n`, or `n.m` for a rework.
    #[must_use]
    pub fn label(&self) -> String {
        if self.rework == 0 { self.number.to_string() } else { format!("{}.{}", self.number, self.rework) }
    }

    /// The numbers of the label.
    #[must_use]
    pub const fn numbers(&self) -> (u16, u16) {
        (self.number, self.rework)
    }

    /// A result that waits for its approval.
    #[must_use]
    pub fn waiting(&self) -> Option<&Reply> {
        self.reply.as_ref().filter(|reply| reply.approved.is_none())
    }

    /// Whether some second callback of this round has a result.
    #[must_use]
    pub fn recalled(&self) -> bool {
        self.recall.dials.iter().any(|dial| dial.result.is_some())
    }

    /// Lead and assisting departments, the lead first.
    pub fn departments(&self) -> impl Iterator<Item = &Department> {
        std::iter::once(&self.lead).chain(self.assisting.iter().map(|assistance| &assistance.department))
    }
}

impl RecallResult {
    /// Whether the call brought no answer, so that another one is needed.
    #[must_use]
    pub const fn is_open(self) -> bool {
        matches!(self, Self::NotReached | Self::Refused | Self::WrongNumber | Self::Appointment)
    }
}
