//! Reporting: timers, drafts, exits, sealed records.

use chayan_api::error::Problem;
use chayan_domain::evidence::{Receipt, SealKind};
use chayan_domain::ids::{CaseId, PersonId, RecordId};
use chayan_domain::report::{FieldFault, ReportForm};
use chayan_domain::time::Timestamp;
use serde::{Deserialize, Serialize};

/// Arguments of `start_timing`.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ts_rs::TS)]
pub struct StartTiming {
    /// A name for the person at the counter; local only.
    pub label: String,
}

/// Names a case.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, ts_rs::TS)]
pub struct CaseRef {
    /// Which.
    pub case_id: CaseId,
}

/// Arguments of `name_timer`.
#[derive(Debug, Clone, Serialize, Deserialize, ts_rs::TS)]
pub struct NameTimer {
    /// Which.
    pub case_id: CaseId,
    /// Its name; at most 20 characters.
    pub label: String,
}

/// A running five-minute timer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
pub struct TimerView {
    /// Its case.
    pub case_id: CaseId,
    /// Its name; empty when not named.
    pub label: String,
    /// Whose it is.
    pub person_id: Option<PersonId>,
    /// 发现时间
    pub found_at: Timestamp,
    /// When the warning comes.
    pub warn_at: Timestamp,
    /// When the five minutes end.
    pub due_at: Timestamp,
    /// The warning was given.
    pub warned: bool,
    /// It ran out.
    pub overdue: bool,
    /// May still be discarded as 误触 until then.
    pub discard_until: Timestamp,
}

/// What the quick report opens with.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
pub struct OpenReport {
    /// A timer's or draft's case; `None`: the newest unfinished draft or a new one.
    pub case_id: Option<CaseId>,
}

/// A draft as the quick report shows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
pub struct DraftView {
    /// Its case.
    pub case_id: CaseId,
    /// 发现时间
    pub found_at: Timestamp,
    /// Its timer, where one runs.
    pub timer: Option<TimerView>,
    /// What was typed so far.
    pub form: ReportForm,
    /// When it was last durable; `None`: never.
    pub saved_at: Option<Timestamp>,
    /// The refused record it corrects.
    pub corrects: Option<RecordId>,
    /// Why that one was refused.
    pub refused: Option<Problem>,
    /// 直接领导 has this report already: all that is left to do with the form is to start the flow.
    pub noticed: bool,
    /// What the flow of a noticed report still needs.
    pub asks: Vec<FieldFault>,
}

/// Arguments of `save_draft`.
#[derive(Debug, Clone, Serialize, Deserialize, ts_rs::TS)]
pub struct SaveDraft {
    /// Which case.
    pub case_id: CaseId,
    /// What was typed so far.
    pub form: ReportForm,
}

/// Saved: durable at this moment.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, ts_rs::TS)]
pub struct DraftSaved {
    /// The desk's clock.
    pub saved_at: Timestamp,
}

/// A way out of the quick report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ts_rs::TS)]
#[serde(rename_all = "snake_case")]
pub enum Exit {
    /// 报直接领导
    Leader,
    /// 启动流程 jsk.22
    Flow,
    /// 已当场化解·留痕
    Spot,
}

/// Arguments of `submit`: one exit, or leader and flow together.
#[derive(Debug, Clone, Serialize, Deserialize, ts_rs::TS)]
pub struct Submit {
    /// Which case.
    pub case_id: CaseId,
    /// What was typed.
    pub form: ReportForm,
    /// The exits.
    pub exits: Vec<Exit>,
}

/// What became of a submit: sealed and durable in any case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
pub struct Submitted {
    /// The records, in the order of the exits.
    pub records: Vec<RecordView>,
}

/// Where a sealed record stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ts_rs::TS)]
#[serde(rename_all = "snake_case")]
pub enum RecordState {
    /// 已封存待发送
    Sealed,
    /// 已送达: the centre's receipt is here.
    Delivered,
    /// 隔离待处理
    Quarantined,
    /// Corrected by a newer record, or voided.
    Superseded,
    /// Never confirmed, and the key that opens it is gone: it has to be reported again.
    Lost,
}

/// A sealed record on this desk.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
pub struct RecordView {
    /// Its id; also the command's.
    pub record_id: RecordId,
    /// Its case.
    pub case_id: CaseId,
    /// What it is.
    pub kind: SealKind,
    /// Where it stands.
    pub state: RecordState,
    /// When it was sealed.
    pub sealed_at: Timestamp,
    /// Attempts so far.
    pub attempts: u32,
    /// The centre's receipt.
    pub receipt: Option<Receipt>,
    /// Why the centre refused it.
    pub refused: Option<Problem>,
}

/// What lies on this desk for the signed-in person.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
pub struct LocalRecords {
    /// Unfinished drafts, newest first.
    pub drafts: Vec<DraftView>,
    /// Sealed and refused records, newest first; delivered ones of the last days too.
    pub records: Vec<RecordView>,
}

/// Names a record.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, ts_rs::TS)]
pub struct RecordRef {
    /// Which.
    pub record_id: RecordId,
}
