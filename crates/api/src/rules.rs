//! 规则与参数: what binds a unit and why, what it was before, and the way to change it.

use chayan_domain::ids::{AmendmentId, RuleVersion, UnitId};
use chayan_domain::rules::{Origin, OverlayLimit, SettingName, SettingValue};
use chayan_domain::time::Timestamp;
use serde::{Deserialize, Serialize};

use crate::Known;
use crate::cases::{PersonRef, UnitRef};

/// `GET /v1/rules?unit=…`
#[derive(Debug, Clone, Default, Serialize, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct RuleQuery {
    /// The unit whose rules are asked for. Absent: the caller's.
    pub unit: Option<UnitId>,
}

/// The rules as they bind one unit, and how they came to be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS, utoipa::ToSchema)]
pub struct RuleBook {
    /// The number of the last change; a change says on which one it is based.
    pub revision: u32,
    /// Whose rules these are.
    pub unit: UnitRef,
    /// The version in force for this unit.
    pub version: RuleVersion,
    /// 文号 of the rule.
    pub document_number: String,
    /// Since when the rule holds.
    pub effective_from: Timestamp,
    /// What it replaced.
    pub supersedes: Option<String>,
    /// Every setting, as it binds the unit now.
    #[serde(deserialize_with = "crate::readable::items")]
    pub settings: Vec<SettingView>,
    /// Every stored version, the one that comes into force last first.
    #[serde(deserialize_with = "crate::readable::items")]
    pub versions: Vec<RuleVersionView>,
    /// Every change, the newest first.
    #[serde(deserialize_with = "crate::readable::items")]
    pub amendments: Vec<AmendmentView>,
    /// The own text of the unit and of those above it, the province's first.
    #[serde(default)]
    pub texts: Vec<BranchTextView>,
    /// Units whose 实施细则 the caller may change.
    pub units: Vec<UnitRef>,
    /// The caller may set what is 系统默认.
    pub may_set_defaults: bool,
    /// The centre's clock.
    pub server_time: Timestamp,
}

/// What a setting counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ts_rs::TS, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum SettingMeasure {
    /// Milliseconds by the clock on the wall.
    WallClock,
    /// Milliseconds of working time.
    WorkingTime,
    /// Milliseconds in whole days; the longer is the stricter.
    Days,
    /// Percent of a limit.
    Percent,
    /// Times.
    Count,
    /// 1 on, 0 off.
    Switch,
}

/// One setting with where it comes from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS, utoipa::ToSchema)]
pub struct SettingView {
    /// Which.
    pub name: SettingName,
    /// How much.
    pub value: i64,
    /// Of what.
    pub measure: SettingMeasure,
    /// 制度规定, 系统默认 or 实施细则
    pub origin: Origin,
    /// The article of the rule it stands in, where it does.
    pub article: Option<u8>,
    /// Whose 实施细则 it comes from.
    pub set_by: Option<UnitRef>,
    /// What would hold without the unit's own 实施细则: its limit has to be stricter.
    pub without_own: i64,
    /// Whether the longer is the stricter.
    pub longer_is_stricter: bool,
}

/// What a version or a change is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ts_rs::TS, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum AmendmentKind {
    /// A whole rule set, from a file.
    RulesImported,
    /// 实施细则 of a unit.
    OverlayAmended,
    /// 实施细则 of a unit, withdrawn.
    OverlayWithdrawn,
    /// Some of our defaults.
    DefaultsSet,
    /// The text of a unit's 实施细则.
    TextAttached,
}

/// A stored version.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS, utoipa::ToSchema)]
pub struct RuleVersionView {
    /// Its name.
    pub version: String,
    /// What it is of.
    pub kind: AmendmentKind,
    /// Whose, for 实施细则.
    pub unit: Option<UnitRef>,
    /// 第几版, for 实施细则; 0 for other versions.
    pub edition: u32,
    /// First moment at which it holds.
    pub effective_from: Timestamp,
    /// First moment at which its successor holds, where there is one.
    pub effective_to: Option<Timestamp>,
    /// The version that it replaces.
    pub supersedes: Option<String>,
}

/// One value that became another.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS, utoipa::ToSchema)]
pub struct ChangeView {
    /// For this unit and those below it; `None`: for all.
    pub unit: Option<UnitRef>,
    /// Which.
    pub name: SettingName,
    /// Of what.
    pub measure: SettingMeasure,
    /// Until then.
    pub old: i64,
    /// From then on.
    pub new: i64,
}

/// One change: what, who, when, why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS, utoipa::ToSchema)]
pub struct AmendmentView {
    /// Position in the chain, from 1.
    pub number: u32,
    /// The centre's clock.
    pub at: Timestamp,
    /// Who; `None` for the administrator at the machine itself.
    pub person: Option<PersonRef>,
    /// Why.
    pub reason: String,
    /// First moment at which it holds.
    pub effective_from: Timestamp,
    /// What it is of.
    pub kind: Known<AmendmentKind>,
    /// Whose, for 实施细则.
    pub unit: Option<UnitRef>,
    /// 第几版, for 实施细则; 0 for other changes.
    pub edition: u32,
    /// What was, and what is.
    pub changes: Vec<ChangeView>,
    /// The hash that chains it to the one before.
    pub hash: String,
}

/// A branch's own text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS, utoipa::ToSchema)]
pub struct BranchTextView {
    /// Whose.
    pub unit: UnitRef,
    /// 第几版
    pub edition: u32,
    /// Its title.
    pub title: String,
    /// Its words.
    pub text: String,
    /// First moment at which it holds.
    pub effective_from: Timestamp,
    /// Who attached it.
    pub person: Option<PersonRef>,
    /// When.
    pub at: Timestamp,
}

/// What is to be changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS, utoipa::ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum AmendmentDraft {
    /// The unit's 实施细则: all its stricter limits; none: it is withdrawn.
    Overlay {
        /// The unit.
        unit_id: UnitId,
        /// Its limits.
        limits: Vec<OverlayLimit>,
    },
    /// Settings that are 系统默认.
    Defaults {
        /// Those that become another value.
        settings: Vec<SettingValue>,
    },
    /// The text of the unit's 实施细则.
    Text {
        /// The unit.
        unit_id: UnitId,
        /// Its title.
        title: String,
        /// Its words.
        text: String,
    },
}

/// `POST /v1/rules/amendments`
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS, utoipa::ToSchema)]
pub struct AmendRequest {
    /// Idempotency key.
    pub amendment_id: AmendmentId,
    /// The [`RuleBook::revision`] that the person saw.
    pub based_on: u32,
    /// The first day on which it holds, in Asia/Shanghai (`2026-12-01`); today: from now on.
    pub effective_on: String,
    /// Why, 2 to 200 characters; not asked for in a preview.
    pub reason: String,
    /// What.
    pub draft: AmendmentDraft,
    /// Only look what it would change: nothing is stored.
    pub preview: bool,
}

/// What a change changes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS, utoipa::ToSchema)]
pub struct AmendOutcome {
    /// Its position in the chain; `None` for a preview.
    pub number: Option<u32>,
    /// First moment at which it holds.
    pub effective_from: Timestamp,
    /// What was, and what is.
    pub changes: Vec<ChangeView>,
}
