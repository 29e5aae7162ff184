//! 规则与参数 as everybody may read them: the settings of a unit, the versions, the changes.

use chayan_api::cases::{PersonRef, UnitRef};
use chayan_api::error::ErrorCode;
use chayan_api::rules::{
    AmendmentKind, AmendmentView, BranchTextView, ChangeView, RuleBook, RuleQuery, RuleVersionView,
    SettingMeasure, SettingView,
};
use chayan_domain::directory::{Directory, UnitLevel};
use chayan_domain::ids::{PersonId, UnitId};
use chayan_domain::rules::{
    Amendment, AmendmentSubject, LimitName, NumberName, RuleContent, RuleEntry, RuleHistory, RuleSet,
    SealedAmendment, Setting, SettingChange, SettingName,
};
use chayan_domain::time::Timestamp;
use chayan_domain::visibility::{RulePart, may_amend};
use chayan_store::ReferenceKind;
use serde::{Deserialize, Serialize};

use crate::auth::Caller;
use crate::centre::{Centre, read_rules};
use crate::problem::{ApiError, ApiResult};

/// A branch's own text as it is stored.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct BranchText {
    pub(crate) unit_id: UnitId,
    pub(crate) edition: u32,
    pub(crate) title: String,
    pub(crate) text: String,
}

/// What binds a unit, and how it came to be.
pub(crate) async fn book(centre: &Centre, caller: &Caller, asked: &RuleQuery) -> ApiResult<RuleBook> {
    let directory = &caller.organisation.directory;
    let unit = asked.unit.as_ref().unwrap_or(&caller.person.unit_id);
    if directory.unit(unit).is_none() {
        return Err(ErrorCode::NotFound.into());
    }
    let now = centre.clock.now();
    let amendments = centre.store.amendments().await?;
    let history = read_rules(&centre.store).await.map_err(ApiError::unreadable)?;
    let rules = history.at(now);
    Ok(RuleBook {
        revision: revision(&amendments),
        unit: named(unit, directory),
        version: rules.effective(unit, directory).version,
        document_number: rules.document_number.clone(),
        effective_from: rules.effective_from,
        supersedes: rules.supersedes.clone(),
        settings: rules.settings(unit, directory).iter().map(|one| setting(one, directory)).collect(),
        versions: versions(&history, directory),
        amendments: amendments.iter().rev().filter_map(|one| amendment(one, directory)).collect(),
        texts: texts(centre, unit, (directory, now), &amendments).await?,
        units: amendable(caller, now),
        may_set_defaults: may_amend(caller.id(), RulePart::Defaults, directory),
        server_time: now,
    })
}

/// The number of the last change of the rules: an import of the directory stands in nobody's way.
pub(crate) fn revision(amendments: &[SealedAmendment]) -> u32 {
    let of_rules = amendments.iter().rev().find(|one| one.amendment.subject.is_of_rules());
    of_rules.map_or(0, |last| last.amendment.number)
}

/// What was and what is, with names.
pub(crate) fn change(change: &SettingChange, directory: &Directory) -> ChangeView {
    ChangeView {
        unit: change.unit_id.as_ref().map(|unit| named(unit, directory)),
        name: change.name,
        measure: measure(change.name),
        old: change.old,
        new: change.new,
    }
}

fn setting(setting: &Setting, directory: &Directory) -> SettingView {
    SettingView {
        name: setting.name,
        value: setting.value,
        measure: measure(setting.name),
        origin: setting.origin,
        article: setting.article,
        set_by: setting.set_by.as_ref().map(|unit| named(unit, directory)),
        without_own: setting.without_own,
        longer_is_stricter: matches!(setting.name, SettingName::Limit(name) if name.longer_is_stricter()),
    }
}

const fn measure(name: SettingName) -> SettingMeasure {
    match name {
        SettingName::Limit(LimitName::T4 | LimitName::T5 | LimitName::T6 | LimitName::T7 | LimitName::T9) => {
            SettingMeasure::WorkingTime
        }
        SettingName::Limit(LimitName::Retention) => SettingMeasure::Days,
        SettingName::Limit(_) => SettingMeasure::WallClock,
        SettingName::Number(NumberName::CallbackAttempts) => SettingMeasure::Count,
        SettingName::Number(_) => SettingMeasure::Percent,
        SettingName::Switch(_) => SettingMeasure::Switch,
    }
}

/// The last one first. The rule of 2018 holds until the first whole set.
fn versions(history: &RuleHistory, directory: &Directory) -> Vec<RuleVersionView> {
    let standard = RuleSet::standard();
    let first = RuleEntry {
        version: standard.version.to_string(),
        effective_from: standard.effective_from,
        added_at: standard.effective_from,
        content: RuleContent::Set(Box::new(standard)),
    };
    let all: Vec<&RuleEntry> = [&first].into_iter().chain(history.entries()).collect();
    let mut views: Vec<RuleVersionView> = all
        .iter()
        .enumerate()
        .map(|(at, entry)| {
            let next = all.iter().skip(at + 1).find(|later| replaces(later, entry));
            let before = all.iter().take(at).rev().find(|earlier| same_part(earlier, entry));
            let (kind, unit, edition) = match &entry.content {
                RuleContent::Set(_) => (AmendmentKind::RulesImported, None, 0),
                RuleContent::Overlay(overlay) if overlay.limits.is_empty() => {
                    (AmendmentKind::OverlayWithdrawn, Some(&overlay.unit_id), overlay.edition)
                }
                RuleContent::Overlay(overlay) => {
                    (AmendmentKind::OverlayAmended, Some(&overlay.unit_id), overlay.edition)
                }
                RuleContent::Defaults { .. } => (AmendmentKind::DefaultsSet, None, 0),
            };
            let named_by_itself = match &entry.content {
                RuleContent::Set(set) if before.is_none() => set.supersedes.clone(),
                _ => None,
            };
            RuleVersionView {
                version: entry.version.clone(),
                kind,
                unit: unit.map(|unit| named(unit, directory)),
                edition,
                effective_from: entry.effective_from,
                effective_to: next.map(|next| next.effective_from),
                supersedes: named_by_itself.or_else(|| before.map(|before| before.version.clone())),
            }
        })
        .collect();
    views.reverse();
    views
}

/// Whether nothing of an earlier version holds any more once the later one does. Values of ours add up instead.
fn replaces(later: &RuleEntry, earlier: &RuleEntry) -> bool {
    let adds_up = matches!(earlier.content, RuleContent::Defaults { .. });
    matches!(later.content, RuleContent::Set(_)) || (!adds_up && same_part(later, earlier))
}

fn same_part(one: &RuleEntry, other: &RuleEntry) -> bool {
    match (&one.content, &other.content) {
        (RuleContent::Overlay(one), RuleContent::Overlay(other)) => one.unit_id == other.unit_id,
        (RuleContent::Set(_), RuleContent::Set(_))
        | (RuleContent::Defaults { .. }, RuleContent::Defaults { .. }) => true,
        _ => false,
    }
}

/// Imports of directory and calendar are shown where those are.
fn amendment(sealed: &SealedAmendment, directory: &Directory) -> Option<AmendmentView> {
    let Amendment { number, at, person_id, reason, effective_from, subject, changes, .. } = &sealed.amendment;
    let (kind, unit, edition) = match subject {
        AmendmentSubject::RulesImported => (AmendmentKind::RulesImported, None, 0),
        AmendmentSubject::DefaultsSet => (AmendmentKind::DefaultsSet, None, 0),
        AmendmentSubject::OverlayAmended { unit_id, edition, withdrawn } => {
            let kind =
                if *withdrawn { AmendmentKind::OverlayWithdrawn } else { AmendmentKind::OverlayAmended };
            (kind, Some(unit_id), *edition)
        }
        AmendmentSubject::TextAttached { unit_id, edition } => {
            (AmendmentKind::TextAttached, Some(unit_id), *edition)
        }
        AmendmentSubject::DirectoryImported { .. } | AmendmentSubject::CalendarImported { .. } => {
            return None;
        }
    };
    Some(AmendmentView {
        number: *number,
        at: *at,
        person: person_id.as_ref().map(|person| person_ref(person, directory)),
        reason: reason.clone(),
        effective_from: *effective_from,
        kind: kind.into(),
        unit: unit.map(|unit| named(unit, directory)),
        edition,
        changes: changes.iter().map(|one| change(one, directory)).collect(),
        hash: sealed.hash.to_string(),
    })
}

/// The texts in force for a unit: its own, and those of the units above it, from the top.
async fn texts(
    centre: &Centre,
    unit: &UnitId,
    (directory, now): (&Directory, Timestamp),
    amendments: &[SealedAmendment],
) -> ApiResult<Vec<BranchTextView>> {
    let stored = centre.store.reference_versions(ReferenceKind::BranchText).await?;
    let mut found = Vec::new();
    for above in directory.unit_chain(unit).into_iter().rev() {
        for version in stored.iter().rev().filter(|version| version.effective_from <= now) {
            let text: BranchText = serde_json::from_str(&version.json).map_err(ApiError::internal)?;
            if text.unit_id != above.unit_id {
                continue;
            }
            let by = amendments.iter().find(|one| one.amendment.version == version.version);
            let person = by.and_then(|one| one.amendment.person_id.as_ref());
            found.push(BranchTextView {
                unit: named(&text.unit_id, directory),
                edition: text.edition,
                title: text.title,
                text: text.text,
                effective_from: version.effective_from,
                person: person.map(|person| person_ref(person, directory)),
                at: version.added_at,
            });
            break;
        }
    }
    Ok(found)
}

/// Units that have 实施细则, or could: outlets follow their branch.
fn amendable(caller: &Caller, now: Timestamp) -> Vec<UnitRef> {
    let directory = &caller.organisation.directory;
    let may = |unit: &UnitId| may_amend(caller.id(), RulePart::OfUnit(unit), directory);
    directory
        .units_at(now)
        .filter(|unit| unit.level != UnitLevel::Outlet && may(&unit.unit_id))
        .map(|unit| UnitRef { unit_id: unit.unit_id.clone(), name: unit.name.clone() })
        .collect()
}

fn named(unit: &UnitId, directory: &Directory) -> UnitRef {
    let name = directory.unit(unit).map_or_else(|| unit.to_string(), |unit| unit.name.clone());
    UnitRef { unit_id: unit.clone(), name }
}

fn person_ref(person: &PersonId, directory: &Directory) -> PersonRef {
    let name = directory.person(person).map_or_else(|| person.to_string(), |person| person.name.clone());
    PersonRef { person_id: person.clone(), name }
}
