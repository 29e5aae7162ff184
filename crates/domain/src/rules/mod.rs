//! Rule sets: every number with its origin, and branch overlays (实施细则) that may only be stricter.

mod amend;
mod amendment;
mod check;
mod effective;
mod history;

use serde::{Deserialize, Serialize};

use crate::ids::{RuleVersion, UnitId};
use crate::time::{Span, Timestamp};

pub use amend::{Amended, LONGEST, REASON, RuleDraft, Setting, SettingChange, SettingName, SettingValue};
pub use amendment::{Amendment, AmendmentSubject, SealedAmendment};
pub use check::RuleFault;
pub use history::{RuleContent, RuleEntry, RuleHistory};

/// Three years in whole days, one of them with a 29th of February.
const THREE_YEARS: Span = Span::minutes((3 * 365 + 1) * 24 * 60);
/// Thirty years with every 29th of February that they can have.
const THIRTY_YEARS: Span = Span::minutes((30 * 365 + 8) * 24 * 60);

/// Where a setting comes from. Shown beside every number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ts_rs::TS, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Origin {
    /// 制度规定: the rule's own number; only a new rule version changes it.
    Rule,
    /// 系统默认: ours, because the rule is silent; a setting.
    Default,
    /// 实施细则: a branch's stricter number.
    Overlay,
}

/// The clocks and shares that a rule set names. Wire and settings name them in `snake_case`.
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
pub enum LimitName {
    /// T1: the clerk's time to settle it (article 8, 5 min).
    T1,
    /// T2: each leader's time (article 8, 10 min).
    T2,
    /// T3: from receipt of the flow to the first dial (article 12, 5 min).
    T3,
    /// How long before T1's end the one warning comes (系统默认 60 s; half of T1 where T1 is 120 s or less).
    T1Warning,
    /// Undelivered for this long: the deputy is alerted and the clerk told (系统默认 60 s).
    DeliveryDeputy,
    /// Undelivered for this long: it climbs to the next level (系统默认 120 s).
    DeliveryClimb,
    /// T3 overdue: the group's head is told, at this span after receipt (系统默认 150 % of T3).
    T3Head,
    /// T3 overdue: the customer-service department is told (系统默认 200 % of T3).
    T3Department,
    /// A timer younger than this may be discarded as 误触 (系统默认 30 s).
    DiscardWithin,
    /// 同一客户 reports within this span prompt 并案 (系统默认 24 h).
    MergePrompt,
    /// 在线实报: the receipt answers an attempt begun this soon after sealing (系统默认 5 s).
    OnlineWithin,
    /// T4: from 待转办, 退回 or 归口认定中 to the dispatch (系统默认 10 min of working time).
    T4,
    /// T5: from the dispatch to its signing or return (系统默认 30 min of working time).
    T5,
    /// T6: from signing to the first contact (系统默认 2 h of working time).
    T6,
    /// T7: from signing, or from a rework, to the approved reply (系统默认 24 h of working time: three days of 8 h).
    T7,
    /// T9: from the approved reply to the second callback (系统默认 24 h of working time).
    T9,
    /// The least time between two 催办 by hand of one unit (系统默认 30 min).
    UrgeGap,
    /// A verbal report that its leader has neither confirmed nor refused for this long climbs (系统默认 10 min).
    Countersign,
    /// 未接通: the next attempt is due after this long (系统默认 30 min).
    CallbackRetry,
    /// 代登记: a call can be registered for this long after it began (系统默认 24 h).
    CallWithin,
    /// 重复不满: other cases of the same customer count for this long (系统默认 30 days).
    SimilarWithin,
    /// 保存期限: customer data of a settled case is kept for this long (系统默认 three years, which is also the least).
    Retention,
}

impl LimitName {
    /// Every name, in the order of the settings screen.
    pub const ALL: &'static [Self] = &[
        Self::T1,
        Self::T2,
        Self::T3,
        Self::T1Warning,
        Self::DeliveryDeputy,
        Self::DeliveryClimb,
        Self::T3Head,
        Self::T3Department,
        Self::DiscardWithin,
        Self::MergePrompt,
        Self::OnlineWithin,
        Self::T4,
        Self::T5,
        Self::T6,
        Self::T7,
        Self::T9,
        Self::UrgeGap,
        Self::Countersign,
        Self::CallbackRetry,
        Self::CallWithin,
        Self::SimilarWithin,
        Self::Retention,
    ];

    /// Whether the longer is the stricter: of what says for how long something counts or is kept. Of a clock the shorter is.
    #[must_use]
    pub const fn longer_is_stricter(self) -> bool {
        matches!(self, Self::MergePrompt | Self::CallWithin | Self::SimilarWithin | Self::Retention)
    }

    /// Whether a span is stricter than another.
    #[must_use]
    pub fn is_stricter(self, span: Span, than: Span) -> bool {
        if self.longer_is_stricter() { span > than } else { span < than }
    }

    /// The least that the law allows, where it says so.
    #[must_use]
    pub const fn least(self) -> Option<Span> {
        match self {
            Self::Retention => Some(THREE_YEARS),
            _ => None,
        }
    }

    /// The longest that a setting of ours needs.
    #[must_use]
    pub const fn longest(self) -> Span {
        match self {
            Self::Retention => THIRTY_YEARS,
            _ => LONGEST,
        }
    }
}

/// Numbers of a rule set that are no spans: shares of a clock in percent, and counts.
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
pub enum NumberName {
    /// 预警: this share of T4–T9 (系统默认 80 %).
    WarnPercent,
    /// The unit's head is told at this share (系统默认 150 %).
    HeadPercent,
    /// The 分管领导 is told at this share (系统默认 200 %).
    LeaderPercent,
    /// After so many dials without a connection a case may go to dispatch (系统默认 3).
    CallbackAttempts,
}

impl NumberName {
    /// Every name, in the order of the settings screen.
    pub const ALL: &'static [Self] =
        &[Self::WarnPercent, Self::HeadPercent, Self::LeaderPercent, Self::CallbackAttempts];
}

/// Settings of a rule set that are on or off.
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
pub enum SwitchName {
    /// The department that handles a case sees who reported it (系统默认 off: who is named for reporting stops reporting).
    ReporterOpen,
    /// 已当场化解·留痕 is called back too (系统默认 off: it is a record and nothing else).
    SpotCallback,
}

impl SwitchName {
    /// Every name, in the order of the settings screen.
    pub const ALL: &'static [Self] = &[Self::ReporterOpen, Self::SpotCallback];
}

/// One such setting.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS, utoipa::ToSchema)]
pub struct Switch {
    /// Which.
    pub name: SwitchName,
    /// Whether it is on.
    pub on: bool,
    /// Whose setting it is.
    pub origin: Origin,
}

/// One such number with its reason.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS, utoipa::ToSchema)]
#[ts(rename = "RuleNumber")]
#[schema(as = RuleNumber)]
pub struct Number {
    /// Which.
    pub name: NumberName,
    /// How many, or how many percent.
    pub value: u32,
    /// Whose number it is.
    pub origin: Origin,
}

/// One number with its article or reason.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS, utoipa::ToSchema)]
pub struct Limit {
    /// Which.
    pub name: LimitName,
    /// How long, in milliseconds.
    pub span: Span,
    /// Whose number it is.
    pub origin: Origin,
    /// The article of the rule it stands in, where it does.
    pub article: Option<u8>,
}

/// 制度版本.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS, utoipa::ToSchema)]
pub struct RuleSet {
    /// Version, for example `2018-1`.
    pub version: RuleVersion,
    /// 文号 or other number of the document.
    pub document_number: String,
    /// First moment it holds.
    pub effective_from: Timestamp,
    /// The version it replaces.
    pub supersedes: Option<String>,
    /// Every span, each name exactly once.
    pub limits: Vec<Limit>,
    /// Every other number, each name exactly once; what an older set does not name yet is the standard one's.
    #[serde(default)]
    pub numbers: Vec<Number>,
    /// Every setting that is on or off, each name exactly once; the same holds for an older set.
    #[serde(default)]
    pub switches: Vec<Switch>,
    /// 实施细则 of branches.
    pub overlays: Vec<Overlay>,
}

/// 实施细则 of one unit and everything below it: stricter limits only.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS, utoipa::ToSchema)]
pub struct Overlay {
    /// The unit whose subtree it binds.
    pub unit_id: UnitId,
    /// 第几版: how often it was amended; 0 for one that came with its rule set.
    #[serde(default)]
    pub edition: u32,
    /// The stricter numbers.
    pub limits: Vec<OverlayLimit>,
}

/// One stricter number.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS, utoipa::ToSchema)]
pub struct OverlayLimit {
    /// Which.
    pub name: LimitName,
    /// How long, in milliseconds; stricter than what it overlays.
    pub span: Span,
}

/// The numbers that bind one case: the rule set with the overlays of the case's unit applied.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS, utoipa::ToSchema)]
pub struct EffectiveRules {
    /// Version, with `+unit` for each overlay that applied, and `@n` for its n-th edition.
    pub version: RuleVersion,
    /// Every span, each name exactly once.
    pub limits: Vec<Limit>,
    /// Every other number, each name exactly once.
    #[serde(default)]
    pub numbers: Vec<Number>,
    /// Every setting that is on or off, each name exactly once.
    #[serde(default)]
    pub switches: Vec<Switch>,
}

/// The spans that a case needs, as they were when it began. Stored with its first event (H3: old cases keep old timers).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS, utoipa::ToSchema)]
pub struct CaseLimits {
    /// See [`LimitName::T1`].
    pub t1: Span,
    /// See [`LimitName::T1Warning`].
    pub t1_warning: Span,
    /// See [`LimitName::T2`].
    pub t2: Span,
    /// See [`LimitName::DeliveryDeputy`].
    pub delivery_deputy: Span,
    /// See [`LimitName::DeliveryClimb`].
    pub delivery_climb: Span,
    /// See [`LimitName::T3`].
    pub t3: Span,
    /// See [`LimitName::T3Head`].
    pub t3_head: Span,
    /// See [`LimitName::T3Department`].
    pub t3_department: Span,
    /// See [`LimitName::DiscardWithin`].
    pub discard_within: Span,
    /// The numbers of dispatch, handling and supervision. A case that began before they were kept has the standard ones.
    #[serde(default)]
    pub handling: HandlingLimits,
}

/// The part of [`CaseLimits`] for the way from 待转办 to the archive.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS, utoipa::ToSchema)]
pub struct HandlingLimits {
    /// See [`LimitName::T4`].
    pub t4: Span,
    /// See [`LimitName::T5`].
    pub t5: Span,
    /// See [`LimitName::T6`].
    pub t6: Span,
    /// See [`LimitName::T7`].
    pub t7: Span,
    /// See [`LimitName::T9`].
    pub t9: Span,
    /// See [`LimitName::UrgeGap`].
    pub urge_gap: Span,
    /// See [`LimitName::Countersign`].
    pub countersign: Span,
    /// See [`LimitName::CallbackRetry`].
    pub callback_retry: Span,
    /// See [`NumberName::WarnPercent`].
    pub warn_percent: u32,
    /// See [`NumberName::HeadPercent`].
    pub head_percent: u32,
    /// See [`NumberName::LeaderPercent`].
    pub leader_percent: u32,
    /// See [`NumberName::CallbackAttempts`].
    pub callback_attempts: u32,
}
