//! 首次回访 as a case keeps it.

use serde::{Deserialize, Serialize};

use crate::ids::PersonId;
use crate::time::Timestamp;

use super::timer::TimerName;

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
