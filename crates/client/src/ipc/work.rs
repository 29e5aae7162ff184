//! Working on cases: alerts, lists, acts.

use chayan_api::alerts::Alert;
use chayan_api::cases::{CaseSummary, CaseView};
use chayan_api::commands::CaseAction;
use chayan_api::rules::AmendmentDraft;
use chayan_api::search::{CaseFilter, ExportFormat};
use chayan_domain::ids::{AlertId, CaseId, UnitId};
use chayan_domain::report::FieldName;
use serde::{Deserialize, Serialize};

/// Open alerts, most urgent first, and what a gap brought.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
pub struct AlertBoard {
    /// Alerts that ask for something.
    pub open: Vec<Alert>,
    /// Alerts that ended while their window was open, for a moment's explanation.
    pub ended: Vec<Alert>,
    /// One summary instead of a flood: how many things happened while the desk was away.
    pub missed: u32,
}

/// Names alerts.
#[derive(Debug, Clone, Serialize, Deserialize, ts_rs::TS)]
pub struct AlertRefs {
    /// Which.
    pub alert_ids: Vec<AlertId>,
}

/// Names an alert.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, ts_rs::TS)]
pub struct AlertRef {
    /// Which.
    pub alert_id: AlertId,
}

/// Arguments of `cases`.
#[derive(Debug, Clone, Serialize, Deserialize, ts_rs::TS)]
pub struct CaseListArgs {
    /// Which list.
    pub view: CaseView,
    /// Page mark.
    pub after: Option<String>,
    /// What of the list; all of it when it is left out.
    #[serde(default)]
    #[ts(optional)]
    pub filter: Option<CaseFilter>,
}

/// Arguments of `export_cases`.
#[derive(Debug, Clone, Serialize, Deserialize, ts_rs::TS)]
pub struct ExportArgs {
    /// Which list.
    pub view: CaseView,
    /// What of it.
    pub filter: CaseFilter,
    /// In which form.
    pub format: ExportFormat,
    /// The name that the dialog proposes.
    pub file_name: String,
}

/// Arguments of `export_pack`.
#[derive(Debug, Clone, Serialize, Deserialize, ts_rs::TS)]
pub struct PackArgs {
    /// Which case.
    pub case_id: CaseId,
    /// The name that the dialog proposes.
    pub file_name: String,
}

/// A page of a case that people print.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[serde(rename_all = "snake_case")]
pub enum CasePaper {
    /// 报告回执
    Receipts,
    /// 督办单
    Notice,
}

/// Arguments of `export_paper`.
#[derive(Debug, Clone, Serialize, Deserialize, ts_rs::TS)]
pub struct PaperArgs {
    /// Which case.
    pub case_id: CaseId,
    /// Which of its pages.
    pub paper: CasePaper,
    /// The name that the dialog proposes.
    pub file_name: String,
}

/// A file that the person saved, or not.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
pub struct FileSaved {
    /// Its name; `None` when the person thought better of it: then nothing was fetched.
    pub name: Option<String>,
    /// Rows of a list.
    pub rows: u32,
    /// Whether they are all.
    pub complete: bool,
}

/// A file as the centre made it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FetchedFile {
    /// Its content.
    pub bytes: Vec<u8>,
    /// Rows of a list.
    pub rows: u32,
    /// Whether they are all.
    pub complete: bool,
}

/// Arguments of `find_units`.
#[derive(Debug, Clone, Serialize, Deserialize, ts_rs::TS)]
pub struct FindArgs {
    /// The beginning of a code, or a part of a name.
    pub text: String,
}

/// Arguments of `act`.
#[derive(Debug, Clone, Serialize, Deserialize, ts_rs::TS)]
pub struct ActArgs {
    /// Which case.
    pub case_id: CaseId,
    /// What to do.
    pub action: CaseAction,
}

/// What an act led to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
pub struct ActOutcome {
    /// The case now.
    pub case: CaseSummary,
}

/// Arguments of `rule_book`.
#[derive(Debug, Clone, Serialize, Deserialize, ts_rs::TS)]
pub struct RuleBookArgs {
    /// Which unit; `None`: the person's.
    pub unit_id: Option<UnitId>,
}

/// Arguments of `amend_rules`.
#[derive(Debug, Clone, Serialize, Deserialize, ts_rs::TS)]
pub struct AmendArgs {
    /// The revision that the person saw.
    pub based_on: u32,
    /// The first day on which it holds (`2026-12-01`).
    pub effective_on: String,
    /// Why, 2 to 200 characters; not asked for in a preview.
    pub reason: String,
    /// What.
    pub draft: AmendmentDraft,
    /// Only look.
    pub preview: bool,
}

/// Arguments of `reveal`.
#[derive(Debug, Clone, Serialize, Deserialize, ts_rs::TS)]
pub struct RevealArgs {
    /// Which case.
    pub case_id: CaseId,
    /// Which field.
    pub field: FieldName,
    /// Why, 2 to 200 characters.
    pub reason: String,
}
