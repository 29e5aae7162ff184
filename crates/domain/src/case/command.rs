//! What can be asked of a case. No customer text in it: only commitments to what is stored beside it.

use serde::{Deserialize, Serialize};

use crate::directory::{Directory, Line};
use crate::evidence::{Commitment, ReportTime};
use crate::ids::{CaseId, DeviceId, PersonId};
use crate::report::{Channel, FieldName, ReportFacts};
use crate::rules::EffectiveRules;
use crate::time::Timestamp;

use super::event::Actor;
use super::state::CallbackResult;
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
    /// 启动流程 jsk.22 by the reporter (or by an agent on the telephone for the reporter).
    StartFlow(Submission),
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
