//! Cases as their viewer may see them. No customer text except masked, and in the clear only where it is allowed.

use chayan_domain::case::{
    ActionOffer, Callback, CallbackResult, CaseState, ComplaintTerm, LegalDates, Level, Starter, TimerName,
};
use chayan_domain::directory::Line;
use chayan_domain::evidence::{Receipt, ReportTime};
use chayan_domain::ids::{CaseId, CommandId, ComplaintNo, PersonId, RuleVersion, UnitId};
use chayan_domain::report::{Channel, FieldName, Private};
use chayan_domain::rules::EffectiveRules;
use chayan_domain::time::Timestamp;
use serde::{Deserialize, Serialize};

use crate::Known;
use crate::facts::FactsView;
use crate::rounds::{DepartmentChoice, RoundView};

/// A list that a role works from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ts_rs::TS, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum CaseView {
    /// 我的报告: newest first.
    Mine,
    /// 团队看板: what waits for me and my team's running clocks, most urgent first.
    Team,
    /// 首次回访: by remaining time.
    Callback,
    /// 待转办, and what came back from a department.
    ToDispatch,
    /// 归口认定: disputes of the units below mine.
    Rulings,
    /// 承办: what my department leads or assists in, most urgent first.
    Handling,
    /// 复访, most urgent first.
    Recall,
    /// 督办: what was brought before me.
    Escalated,
    /// 复开: archived cases that a linked complaint opened again, the last one first.
    Reopened,
    /// 查找: every case that I may see, newest first.
    All,
}

/// `GET /v1/cases?view=…&after=…&limit=…`
#[derive(Debug, Clone, Serialize, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct CaseListQuery {
    /// Which list.
    pub view: CaseView,
    /// Continue after this page mark.
    pub after: Option<String>,
    /// 1 to 200; 50 if absent.
    pub limit: Option<u32>,
}

/// One page of a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS, utoipa::ToSchema)]
pub struct CaseList {
    /// In the list's order.
    pub cases: Vec<CaseSummary>,
    /// Mark of the next page; `None` at the end.
    pub next: Option<String>,
    /// The centre's clock, for the countdowns.
    pub server_time: Timestamp,
}

/// The clock that matters now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS, utoipa::ToSchema)]
pub struct CaseClock {
    /// Which timer.
    pub name: Known<TimerName>,
    /// Ladder level; 0 where it has none.
    pub level: u8,
    /// When it runs out (or ran out).
    pub due_at: Timestamp,
    /// Its whole length in milliseconds.
    pub span: chayan_domain::time::Span,
}

/// A person by number and name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS, utoipa::ToSchema)]
pub struct PersonRef {
    /// 工号
    pub person_id: PersonId,
    /// 姓名
    pub name: String,
}

/// A unit by code and name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS, utoipa::ToSchema)]
pub struct UnitRef {
    /// 机构代码
    pub unit_id: UnitId,
    /// 名称
    pub name: String,
}

/// Where a case belongs, in the tree of the day on which it began: a later reorganisation changes none of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS, utoipa::ToSchema)]
pub struct CasePlace {
    /// From the root down to the reporter's unit.
    pub units: Vec<UnitRef>,
    /// 直接领导 of the reporter; `None` at the top of a chain.
    pub direct_leader: Option<PersonRef>,
}

/// One row of a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS, utoipa::ToSchema)]
pub struct CaseSummary {
    /// 案件编号
    pub case_id: CaseId,
    /// Number of events; a higher one is newer.
    pub version: u32,
    /// 状态
    pub state: Known<CaseState>,
    /// 报告人; `None` where the viewer may not know.
    pub reporter: Option<PersonRef>,
    /// 机构
    pub unit_id: UnitId,
    /// Its name on the day on which the case began.
    pub unit_name: String,
    /// 条线
    pub line: Known<Line>,
    /// What happened, without the customer.
    pub facts: FactsView,
    /// 发现时间
    pub found_at: Timestamp,
    /// When the last event happened.
    pub changed_at: Timestamp,
    /// The clock that matters now.
    pub clock: Option<CaseClock>,
    /// Current ladder level; 0 when not on the ladder.
    pub level: u8,
    /// Who has it at the moment (leader, agent).
    pub holder: Option<PersonRef>,
    /// Fields still 待补.
    pub missing: Vec<Known<FieldName>>,
    /// The report's time as evidence, once there is one.
    pub report_time: Option<ReportTime>,
    /// The last callback result.
    pub callback_result: Option<Known<CallbackResult>>,
}

/// One line of what happened, in data; the words are the screen's.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS, utoipa::ToSchema)]
pub struct TimelineEntry {
    /// Position in the case, from 1.
    pub sequence: u32,
    /// The centre's clock.
    pub at: Timestamp,
    /// The event's `kind` word.
    pub kind: String,
    /// Who acted; `None` for 系统自动, and for a reporter whom the viewer may not know.
    pub actor: Option<PersonRef>,
    /// The reporter acted, and the viewer may not know who that is.
    #[serde(default)]
    pub actor_hidden: bool,
    /// For whom, where somebody acted for another.
    pub acting_for: Option<PersonRef>,
    /// Ladder level, where it has one.
    pub level: Option<u8>,
    /// The other person it is about (leader, deputy).
    pub about: Option<PersonRef>,
    /// A word that belongs to it (result, starter, end, field, timer name).
    pub word: Option<String>,
    /// How late the system noticed, in milliseconds; 0 when on time.
    pub late: chayan_domain::time::Span,
    /// The rule version it was decided under.
    pub rule_version: RuleVersion,
    /// 录音 of the call that it tells of, where there is one and the viewer may know.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub recording: Option<Private>,
}

/// A customer field as the viewer may see it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS, utoipa::ToSchema)]
pub struct ShownField {
    /// Which.
    pub field: FieldName,
    /// Masked, or in the clear where the viewer may see it so.
    pub text: String,
    /// Shown masked.
    pub masked: bool,
    /// The viewer may ask to see it, with a reason.
    pub revealable: bool,
}

/// jsk.22 as shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS, utoipa::ToSchema)]
pub struct FlowView {
    /// When the centre received it.
    pub received_at: Timestamp,
    /// The report's time as evidence.
    pub report_time: ReportTime,
    /// Who started it.
    pub starter: Known<Starter>,
    /// The person; `None` for the system.
    pub started_by: Option<PersonRef>,
    /// 报告渠道
    pub channel: Known<Channel>,
}

/// 转投诉 as shown: from here on the law's dates count, and there is no way back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS, utoipa::ToSchema)]
pub struct ConversionView {
    /// Who converted it; `None` where the viewer may not know.
    pub by: Option<PersonRef>,
    /// When.
    pub at: Timestamp,
    /// 投诉编号, once there is one.
    pub complaint_no: Option<ComplaintNo>,
    /// The term that holds.
    pub term: Known<ComplaintTerm>,
    /// Every term's date: 15, 30 and 60 days of China after the day of receipt.
    pub dates: LegalDates,
    /// The date that holds.
    pub decide_by: Timestamp,
}

/// `GET /v1/cases/{case_id}`
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS, utoipa::ToSchema)]
pub struct CaseDetail {
    /// The head.
    pub summary: CaseSummary,
    /// Where it belongs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub place: Option<CasePlace>,
    /// What happened, oldest first.
    pub timeline: Vec<TimelineEntry>,
    /// 逐级报告.
    pub ladder: Vec<Level>,
    /// Names of the people in ladder, callback and timeline.
    pub people: Vec<PersonRef>,
    /// jsk.22
    pub flow: Option<FlowView>,
    /// 首次回访
    pub callback: Callback,
    /// 转办 and 重办, oldest first.
    #[serde(default)]
    pub rounds: Vec<RoundView>,
    /// Where it could go, for whoever may send it on; the nearest first.
    #[serde(default)]
    pub departments: Vec<DepartmentChoice>,
    /// 转投诉, once it was.
    #[serde(default)]
    pub conversion: Option<ConversionView>,
    /// The customer's fields.
    pub customer: Vec<ShownField>,
    /// 重复不满: the cases of the same customer that it was found to be like, as far as the viewer may see them.
    #[serde(default)]
    pub similar: Vec<CaseSummary>,
    /// How many more there are.
    #[serde(default)]
    pub similar_hidden: u32,
    /// What the viewer may do now, each with the reason when it is not possible.
    #[serde(deserialize_with = "crate::readable::items")]
    pub actions: Vec<ActionOffer>,
    /// The numbers that bind the case, with their origin.
    #[serde(deserialize_with = "crate::readable::rules")]
    pub rules: EffectiveRules,
    /// 报告回执, to the reporter and leaders.
    pub receipts: Vec<Receipt>,
    /// The viewer may take the evidence along.
    #[serde(default)]
    pub may_take_evidence: bool,
    /// The viewer may save its 报告回执.
    #[serde(default)]
    pub may_take_receipts: bool,
    /// The viewer may print its 督办单.
    #[serde(default)]
    pub may_print_notice: bool,
    /// When the customer's fields were removed because their time was over.
    #[serde(default)]
    pub customer_removed_at: Option<Timestamp>,
    /// The centre's clock.
    pub server_time: Timestamp,
}

/// `POST /v1/cases/{case_id}/reveal`
#[derive(Debug, Clone, Serialize, Deserialize, ts_rs::TS, utoipa::ToSchema)]
pub struct RevealRequest {
    /// Idempotency key.
    pub command_id: CommandId,
    /// Which field.
    pub field: FieldName,
    /// Why, 2 to 200 characters.
    pub reason: String,
}

/// The field in the clear.
#[derive(Debug, Clone, Serialize, Deserialize, ts_rs::TS, utoipa::ToSchema)]
pub struct Revealed {
    /// Which field.
    pub field: FieldName,
    /// Its text.
    pub text: chayan_domain::report::Private,
}

/// `GET /v1/callbacks/figures`: today in Asia/Shanghai; rates as numerator and denominator.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS, utoipa::ToSchema)]
pub struct CallbackFigures {
    /// 等待中
    pub waiting: u32,
    /// When the oldest waiting flow was received.
    pub oldest_received_at: Option<Timestamp>,
    /// 拨出及时率: first dials within T3 ÷ first dials due.
    pub dialled_in_time: Share,
    /// 接通率: connected ÷ dialled.
    pub connected: Share,
    /// 回访无不满 ÷ connected.
    pub not_dissatisfied: Share,
    /// The centre's clock.
    pub server_time: Timestamp,
}

/// `GET /v1/callbacks/wallboard`: what everybody in the room may read. No case and no customer is named.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS, utoipa::ToSchema)]
pub struct Wallboard {
    /// The figures of today.
    pub figures: CallbackFigures,
    /// The next ten calls, the one with the least time left first.
    pub next: Vec<WallboardCall>,
}

/// A call that is to be made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS, utoipa::ToSchema)]
pub struct WallboardCall {
    /// Its clock.
    pub clock: CaseClock,
    /// 机构
    pub unit_name: String,
    /// 条线
    pub line: Known<Line>,
    /// 状态
    pub state: Known<CaseState>,
    /// Who has claimed it.
    pub holder: Option<String>,
}

/// A rate, always with both its numbers.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS, utoipa::ToSchema)]
pub struct Share {
    /// Numerator.
    pub part: u32,
    /// Denominator.
    pub whole: u32,
}
