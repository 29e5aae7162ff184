//! Every version of the rules that was ever stored, and the rule set that they come to at a moment.
//!
//! A version is a whole rule set, or a change of a part of it: one unit's overlay, or some of our defaults. Parts have
//! dates of their own, so that one branch's change for next month stands in no other branch's way.

use serde::{Deserialize, Serialize};

use crate::ids::{RuleVersion, UnitId};
use crate::time::{Span, Timestamp};

use super::{Origin, Overlay, RuleSet, SettingName, SettingValue};

/// What a stored version says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum RuleContent {
    /// A whole set: from its date on nothing of the versions before it holds.
    Set(Box<RuleSet>),
    /// One unit's 实施细则 in place of the one before; without limits it has none any more.
    Overlay(Overlay),
    /// Other values for some of the settings that are ours.
    Defaults {
        /// Which, and how.
        settings: Vec<SettingValue>,
    },
}

/// A stored version with its date.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RuleEntry {
    /// Its name in the store.
    pub version: String,
    /// First moment at which it holds.
    pub effective_from: Timestamp,
    /// When it was stored.
    pub added_at: Timestamp,
    /// What it says.
    pub content: RuleContent,
}

/// Every stored version, in the order in which they come into force.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RuleHistory {
    entries: Vec<RuleEntry>,
}

impl RuleHistory {
    /// Of versions with one moment the one stored last comes last.
    #[must_use]
    pub fn new(mut entries: Vec<RuleEntry>) -> Self {
        entries.sort_by_key(|entry| entry.effective_from);
        Self { entries }
    }

    /// Every version, past and to come.
    #[must_use]
    pub fn entries(&self) -> &[RuleEntry] {
        &self.entries
    }

    /// The same with one more.
    #[must_use]
    pub fn with(&self, entry: RuleEntry) -> Self {
        Self::new(self.entries.iter().cloned().chain([entry]).collect())
    }

    /// The rules in force at a moment; before every version the rule of 2018.
    #[must_use]
    pub fn at(&self, moment: Timestamp) -> RuleSet {
        let (mut rules, mut changes) = (RuleSet::standard(), 0_u32);
        for entry in self.entries.iter().filter(|entry| entry.effective_from <= moment) {
            match &entry.content {
                RuleContent::Set(set) => (rules, changes) = (set.as_ref().clone(), 0),
                RuleContent::Overlay(overlay) => rules.put_overlay(overlay),
                RuleContent::Defaults { settings } => {
                    rules.set_defaults(settings);
                    changes = changes.saturating_add(1);
                }
            }
        }
        if changes > 0 {
            rules.version = RuleVersion(format!("{}~{changes}", rules.version));
        }
        rules
    }

    /// How often this unit's overlay was amended.
    #[must_use]
    pub fn edition(&self, unit: &UnitId) -> u32 {
        let of_unit = self.entries.iter().filter_map(|entry| match &entry.content {
            RuleContent::Overlay(overlay) if overlay.unit_id == *unit => Some(overlay.edition),
            _ => None,
        });
        of_unit.max().unwrap_or(0)
    }
}

impl RuleSet {
    fn put_overlay(&mut self, overlay: &Overlay) {
        self.overlays.retain(|other| other.unit_id != overlay.unit_id);
        if !overlay.limits.is_empty() {
            self.overlays.push(overlay.clone());
        }
    }

    /// What is the rule's own stays as it is, whatever the values say.
    fn set_defaults(&mut self, settings: &[SettingValue]) {
        (self.limits, self.numbers, self.switches) = self.completed();
        for setting in settings {
            match setting.name {
                SettingName::Limit(name) => {
                    let ours = self.limits.iter_mut().filter(|limit| limit.origin != Origin::Rule);
                    ours.filter(|limit| limit.name == name)
                        .for_each(|limit| limit.span = Span(setting.value));
                }
                SettingName::Number(name) => {
                    // What does not fit is 0, and refused as unusable.
                    let value = u32::try_from(setting.value).unwrap_or(0);
                    let named = self.numbers.iter_mut().filter(|number| number.name == name);
                    named.for_each(|number| number.value = value);
                }
                SettingName::Switch(name) => {
                    let named = self.switches.iter_mut().filter(|switch| switch.name == name);
                    named.for_each(|switch| switch.on = setting.value != 0);
                }
            }
        }
    }
}
