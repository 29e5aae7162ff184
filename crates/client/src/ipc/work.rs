//! Working on cases: alerts, lists, acts.

use chayan_api::alerts::Alert;
use chayan_api::cases::{CaseSummary, CaseView};
use chayan_api::commands::CaseAction;
use chayan_api::rules::AmendmentDraft;
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
