//! Changing the rules: what a draft would change from a date on, or every reason why it cannot.
//!
//! An overlay stays stricter than what holds without it. Our defaults may be set to anything usable; what is the rule's
//! own is locked. Nothing takes effect in the past.

use serde::{Deserialize, Serialize};

use crate::directory::Directory;
use crate::ids::UnitId;
use crate::time::{Span, Timestamp};

use super::{
    LimitName, NumberName, Origin, Overlay, OverlayLimit, RuleContent, RuleEntry, RuleFault, RuleHistory,
    RuleSet, SwitchName,
};

/// How long a reason is, in characters.
pub const REASON: std::ops::RangeInclusive<usize> = 2..=200;
/// No clock of ours needs more than a year; only a keeping does.
pub const LONGEST: Span = Span::minutes(366 * 24 * 60);

/// Any setting of a rule set.
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
#[serde(tag = "kind", content = "name", rename_all = "snake_case")]
pub enum SettingName {
    /// A span, in milliseconds.
    Limit(LimitName),
    /// A count or a percentage.
    Number(NumberName),
    /// 1 when it is on, 0 when it is off.
    Switch(SwitchName),
}

/// A setting with a value for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS, utoipa::ToSchema)]
pub struct SettingValue {
    /// Which.
    pub name: SettingName,
    /// Milliseconds, a number, or 1 and 0 for on and off.
    pub value: i64,
}

/// A setting as it binds one unit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Setting {
    /// Which.
    pub name: SettingName,
    /// See [`SettingValue::value`].
    pub value: i64,
    /// Whose value it is.
    pub origin: Origin,
    /// The article of the rule it stands in, where it does.
    pub article: Option<u8>,
    /// The unit whose overlay it comes from.
    pub set_by: Option<UnitId>,
    /// What would hold without the unit's own overlay: a new one has to be stricter.
    pub without_own: i64,
}

/// One value that becomes another.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SettingChange {
    /// For this unit and what lies below it; `None`: for all.
    pub unit_id: Option<UnitId>,
    /// Which.
    pub name: SettingName,
    /// Until then.
    pub old: i64,
    /// From then on.
    pub new: i64,
}

/// What somebody wants the rules to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RuleDraft {
    /// The unit's whole 实施细则; without limits it is withdrawn.
    Overlay {
        /// The unit.
        unit_id: UnitId,
        /// Its stricter limits, all of them.
        limits: Vec<OverlayLimit>,
    },
    /// Some of the settings that are ours.
    Defaults {
        /// Those that become another value.
        settings: Vec<SettingValue>,
    },
}

/// A draft that can be stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Amended {
    /// What is to be stored.
    pub content: RuleContent,
    /// What becomes different with it.
    pub changes: Vec<SettingChange>,
}

impl RuleHistory {
    /// What a draft would change if it held from a moment on.
    ///
    /// # Errors
    /// Every reason why it cannot.
    pub fn amend(
        &self,
        draft: &RuleDraft,
        (from, now): (Timestamp, Timestamp),
        directory: &Directory,
    ) -> Result<Amended, Vec<RuleFault>> {
        let content = match draft {
            RuleDraft::Overlay { unit_id, limits } => RuleContent::Overlay(Overlay {
                unit_id: unit_id.clone(),
                edition: self.edition(unit_id).saturating_add(1),
                limits: limits.clone(),
            }),
            RuleDraft::Defaults { settings } => RuleContent::Defaults { settings: settings.clone() },
        };
        let mut faults = self.named_faults(draft, from, directory);
        let earliest = self.earliest(draft, now);
        if from < earliest {
            faults.push(RuleFault::TooEarly { earliest });
        }
        let entry = RuleEntry {
            version: String::new(),
            effective_from: from,
            added_at: now,
            content: content.clone(),
        };
        let after = self.with(entry);
        // What comes into force later must do with it as well.
        let later = self.entries().iter().map(|entry| entry.effective_from).filter(|moment| *moment > from);
        for moment in [from].into_iter().chain(later) {
            let known = self.at(moment).check(directory).err().unwrap_or_default();
            let found = after.at(moment).check(directory).err().unwrap_or_default();
            for fault in found {
                if !known.contains(&fault) && !faults.contains(&fault) && !draft.leaves(&fault) {
                    faults.push(fault);
                }
            }
        }
        let changes = changes(&self.at(from), &after.at(from), directory);
        if faults.is_empty() && changes.is_empty() {
            faults.push(RuleFault::NothingChanged);
        }
        if faults.is_empty() { Ok(Amended { content, changes }) } else { Err(faults) }
    }

    /// The first moment at which a draft may take effect: not in the past, and not before what it builds on.
    fn earliest(&self, draft: &RuleDraft, now: Timestamp) -> Timestamp {
        let builds_on = self.entries().iter().filter(|entry| match (&entry.content, draft) {
            (RuleContent::Set(_), _) => true,
            (RuleContent::Overlay(overlay), RuleDraft::Overlay { unit_id, .. }) => {
                overlay.unit_id == *unit_id
            }
            (RuleContent::Defaults { .. }, RuleDraft::Defaults { .. }) => true,
            _ => false,
        });
        builds_on.map(|entry| entry.effective_from).fold(now, Timestamp::max)
    }

    /// What can be said of a draft without laying it over anything.
    fn named_faults(&self, draft: &RuleDraft, from: Timestamp, directory: &Directory) -> Vec<RuleFault> {
        match draft {
            RuleDraft::Overlay { unit_id, limits } => {
                let unknown = limits.is_empty() && directory.unit(unit_id).is_none();
                unknown.then(|| RuleFault::UnknownUnit { unit_id: unit_id.clone() }).into_iter().collect()
            }
            RuleDraft::Defaults { settings } => {
                let (limits, _, _) = self.at(from).completed();
                let fault = |setting: &SettingValue| {
                    let SettingName::Limit(name) = setting.name else { return None };
                    let locked =
                        limits.iter().any(|limit| limit.name == name && limit.origin == Origin::Rule);
                    if locked {
                        Some(RuleFault::Locked { name })
                    } else {
                        let longest = name.longest();
                        (setting.value > longest.0).then_some(RuleFault::TooLong { name, longest })
                    }
                };
                settings.iter().filter_map(fault).collect()
            }
        }
    }
}

impl RuleDraft {
    /// A stricter number above makes another unit's overlay idle, not wrong: of two the stricter one holds.
    fn leaves(&self, fault: &RuleFault) -> bool {
        match (fault, self) {
            (RuleFault::NotStricter { unit_id, .. }, Self::Overlay { unit_id: own, .. }) => unit_id != own,
            (RuleFault::NotStricter { .. }, Self::Defaults { .. }) => true,
            _ => false,
        }
    }
}

impl RuleSet {
    /// Every setting as it binds a unit.
    #[must_use]
    pub fn settings(&self, unit: &UnitId, directory: &Directory) -> Vec<Setting> {
        let (with, without) =
            (self.effective(unit, directory), self.without(unit).effective(unit, directory));
        let limits = LimitName::ALL.iter().filter_map(|name| {
            let limit = with.limits.iter().find(|limit| limit.name == *name)?;
            let overlaid = limit.origin == Origin::Overlay;
            Some(Setting {
                name: SettingName::Limit(*name),
                value: limit.span.0,
                origin: limit.origin,
                article: limit.article,
                set_by: if overlaid { self.source(unit, *name, directory) } else { None },
                without_own: without.span(*name).0,
            })
        });
        let plain = |name, value, origin| Setting {
            name,
            value,
            origin,
            article: None,
            set_by: None,
            without_own: value,
        };
        let numbers = with
            .numbers
            .iter()
            .map(|one| plain(SettingName::Number(one.name), i64::from(one.value), one.origin));
        let switches = with
            .switches
            .iter()
            .map(|one| plain(SettingName::Switch(one.name), i64::from(one.on), one.origin));
        limits.chain(numbers).chain(switches).collect()
    }

    /// What is different in another set: for all, and for each unit whose overlay is another.
    #[must_use]
    pub fn changes_to(&self, after: &Self, directory: &Directory) -> Vec<SettingChange> {
        changes(self, after, directory)
    }
}

fn changes(before: &RuleSet, after: &RuleSet, directory: &Directory) -> Vec<SettingChange> {
    let base = |rules: &RuleSet| RuleSet { overlays: Vec::new(), ..rules.clone() };
    let nowhere = UnitId::from("");
    let mut found = compared(None, (&base(before), &base(after)), &nowhere, directory);
    let overlay = |rules: &RuleSet, unit: &UnitId| {
        rules.overlays.iter().find(|overlay| overlay.unit_id == *unit).map(|overlay| overlay.limits.clone())
    };
    let mut units: Vec<&UnitId> =
        before.overlays.iter().chain(&after.overlays).map(|overlay| &overlay.unit_id).collect();
    units.sort_unstable();
    units.dedup();
    for unit in units {
        if overlay(before, unit) != overlay(after, unit) {
            found.extend(compared(Some(unit), (before, after), unit, directory));
        }
    }
    found
}

fn compared(
    of: Option<&UnitId>,
    (before, after): (&RuleSet, &RuleSet),
    unit: &UnitId,
    directory: &Directory,
) -> Vec<SettingChange> {
    let old = before.settings(unit, directory);
    let new = after.settings(unit, directory);
    let change = |setting: &Setting| {
        let old = old.iter().find(|old| old.name == setting.name)?.value;
        (old != setting.value).then(|| SettingChange {
            unit_id: of.cloned(),
            name: setting.name,
            old,
            new: setting.value,
        })
    };
    new.iter().filter_map(change).collect()
}
